/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .reg files of both forms: read and written again, and written and read again. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "tests/regfile_read.h"

static void values_same(const struct regfile_key *a, const struct regfile_key *b)
{
	must(!strcmp(a->path, b->path) && a->count == b->count, "keys come back as they were");
	for (size_t i = 0; i < a->count; i++) {
		const struct reg_value *x = &a->values[i], *y = &b->values[i];

		must(!strcmp(x->name, y->name), "names come back as they were");
		must(regdata_equal(&x->data, &y->data), "data come back as they were");
	}
}

/* False where the form cannot hold it. */
static bool round_trip(TALLOC_CTX *mem, const struct regfile *file)
{
	struct error err = { 0 };
	struct regfile *again;
	uint8_t *bytes;
	size_t len;

	if (regfile_write(mem, file, &bytes, &len, &err) != 0) {
		must_show(err.text);
		return false;
	}
	must(regfile_read(mem, bytes, len, &again, &err) == 0, "what was written can be read");
	must(again->version == file->version && again->count == file->count,
		"a file comes back as it was");
	for (size_t i = 0; i < file->count; i++)
		values_same(&file->keys[i], &again->keys[i]);
	return true;
}

int fuzz_regfile(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err = { 0 };
	struct regfile *file;

	if (regfile_read(mem, bytes, len, &file, &err) == 0) {
		must(round_trip(mem, file), "what was read can be written");
		file->version = file->version == REGFILE_4 ? REGFILE_5 : REGFILE_4;
		must(round_trip(mem, file) || file->version == REGFILE_4,
			"the newer form holds what the older one does");
	} else {
		must_show(err.text);
	}
	talloc_free(mem);
	return 0;
}

/* A file of one key with values as the bytes say. */
int fuzz_regwrite(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct reg_value values[8] = { 0 };
	struct regfile_key key = { NULL, values, 0 };
	struct regfile file = { feed_byte(&feed) & 1 ? REGFILE_5 : REGFILE_4, &key, 1 };
	char *path = feed_text(mem, &feed);

	key.path = talloc_asprintf(mem, "HKEY_LOCAL_MACHINE\\SYSTEM\\%s", path);
	while (feed.left && key.count < ARRAY_SIZE(values)) {
		struct reg_value *value = &values[key.count++];
		size_t size;

		value->name = feed_text(mem, &feed);
		value->data.type = feed_byte(&feed);
		size = feed_byte(&feed);
		value->data.bytes = (uint8_t *)(uintptr_t)feed_bytes(&feed, &size);
		value->data.len = size;
	}
	(void)round_trip(mem, &file);
	talloc_free(mem);
	return 0;
}
