/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/hand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "nt/regf_build.h"
#include "nt/regf_edit.h"
#include "tests/support.h"

#define TIME UINT64_C(0x01bf53eb256d4000) /* 2000-01-01 00:00 UTC */

/* In the header's unused part: no checksum covers it. */
enum { UNSEEN_AT = 0x800, UNSEEN_BYTE = 0x5a };

const char *const hand_names[HANDS] = {
	[HAND_OTHER_VALUE] = "another value",
	[HAND_OURS_OTHER] = "one of ours, other data",
	[HAND_OURS_SAME] = "one of ours, the same data",
	[HAND_NEW_KEY] = "a new key",
	[HAND_OTHER_FILE] = "another registry file",
	[HAND_ALT_ALONE] = "SYSTEM.ALT alone",
	[HAND_SYSTEM_ALONE] = "SYSTEM alone",
	[HAND_OURS_IN_ALT] = "one of ours in SYSTEM.ALT alone",
	[HAND_UNSEEN] = "a byte without meaning",
};

struct file {
	char *path;
	uint8_t *bytes;
	size_t len;
	struct regf *hive;
	struct error err;
};

static void must(int ret, const struct file *file)
{
	if (ret != 0)
		fail_msg("%s: %s", file->path, file->err.text);
}

static struct file *file_open(const char *dir, const char *name)
{
	struct file *file = talloc_zero(NULL, struct file);

	file->path = talloc_asprintf(file, "%s/" HAND_CONFIG "%s", dir, name);
	file->bytes = support_read(file, file->path, &file->len);
	must(regf_open_bytes(file, name, file->bytes, file->len, &file->hive, &file->err), file);
	must(regf_check(file->hive, &file->err), file);
	return file;
}

/* text NULL: what the value has. */
static void value_set(const char *dir, const char *name, const char *key, const char *value,
	const char *text)
{
	struct file *file = file_open(dir, name);
	struct reg_value *was = NULL;
	struct regf_edited edited;
	regf_key found;

	must(regf_find(file->hive, key, &found, &file->err), file);
	must(regf_value(file->hive, file, found, value, &was, &file->err), file);
	must(regf_edit(file, file->hive, file->bytes, file->len,
		     &(struct reg_edit){ key, value,
			     regdata_from_string(file, was ? was->data.type : REG_SZ, text) },
		     1, TIME, &edited, &file->err),
		file);
	support_write(file->path, edited.bytes, edited.len);
	talloc_free(file);
}

/* Through other data of another length, so that it lies elsewhere in the end. */
static void value_rewrite(const char *dir, const char *name, const char *key, const char *value)
{
	struct file *file = file_open(dir, name);
	struct reg_value *was = NULL;
	regf_key found;
	char *text;

	must(regf_find(file->hive, key, &found, &file->err), file);
	must(regf_value(file->hive, file, found, value, &was, &file->err), file);
	text = regdata_string(file, &was->data);
	assert_non_null(text);
	value_set(dir, name, key, value, talloc_asprintf(file, "%s and something longer", text));
	value_set(dir, name, key, value, text);
	talloc_free(file);
}

struct laying {
	struct file *file;
	struct regf_build *build;
};

static int laid(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct laying *laying = arg;
	const char *below = strchr(key, '\\');

	if (!below)
		return 0;
	return value ? regf_build_value(laying->build, below + 1, value->name, &value->data, err)
		     : regf_build_key(laying->build, below + 1, err);
}

/* The same keys and values laid out anew; new: and one key more. */
static void file_lay(const char *dir, const char *name, const char *new)
{
	struct file *file = file_open(dir, name);
	struct laying laying = { file, regf_build_new(file, "$$$PROTO.HIV", "SYSTEM", TIME) };
	uint8_t *bytes;
	size_t len;

	must(regf_walk(file->hive, regf_root(file->hive), "root", laid, &laying, &file->err), file);
	if (new)
		must(regf_build_value(laying.build, new, "Theirs",
			     regdata_from_string(file, REG_SZ, "theirs"), &file->err),
			file);
	must(regf_build_finish(laying.build, file, &bytes, &len, &file->err), file);
	support_write(file->path, bytes, len);
	talloc_free(file);
}

static void byte_set(const char *dir)
{
	struct file *file = file_open(dir, "SYSTEM");

	file->bytes[UNSEEN_AT] = UNSEEN_BYTE;
	support_write(file->path, file->bytes, file->len);
	talloc_free(file);
}

void hand_write(enum hand hand, const char *dir)
{
	static const char *const names[] = { "SYSTEM", "SYSTEM.ALT" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		switch (hand) {
		case HAND_OTHER_VALUE:
			value_set(dir, names[i], HAND_MSMI, "DisplayName", "theirs");
			break;
		case HAND_OURS_OTHER:
			value_set(dir, names[i], HAND_MSMI, "ImagePath", "D:\\elsewhere\\mt.exe");
			break;
		case HAND_OURS_SAME:
			value_rewrite(dir, names[i], HAND_MSMI, "ImagePath");
			break;
		case HAND_NEW_KEY:
			file_lay(dir, names[i], "ControlSet001\\Services\\Theirs");
			break;
		default:
			break;
		}
	if (hand == HAND_OTHER_FILE)
		value_set(dir, "SOFTWARE", "Microsoft\\Exchange\\Setup", "Theirs", "theirs");
	if (hand == HAND_ALT_ALONE || hand == HAND_SYSTEM_ALONE)
		value_set(dir, names[hand == HAND_ALT_ALONE], HAND_MSMI, "DisplayName", "theirs");
	if (hand == HAND_OURS_IN_ALT)
		value_set(dir, names[1], HAND_MSMI, "ImagePath", "D:\\elsewhere\\mt.exe");
	if (hand == HAND_UNSEEN)
		byte_set(dir);
}

bool hand_bytes_stand(enum hand hand, const char *dir, size_t len)
{
	struct file *file = file_open(dir, "SYSTEM");
	bool stand = hand == HAND_UNSEEN ? file->bytes[UNSEEN_AT] == UNSEEN_BYTE
					 : hand != HAND_OURS_SAME || file->len > len;

	talloc_free(file);
	return stand;
}

void hand_boot(const char *dir)
{
	char *log = talloc_asprintf(NULL, "%s/" HAND_CONFIG "SYSTEM.LOG", dir);

	file_lay(dir, "SYSTEM", NULL);
	file_lay(dir, "SYSTEM.ALT", NULL);
	support_write_text(log, "a log of Windows");
	talloc_free(log);
}
