/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The saved registry files: whether they may be put back as a whole. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/regf.h"
#include "run/undo_internal.h"

enum { HIVE_LIMIT = 256 << 20 };

/* What may differ between the saved file and the one that is there now: our own changes, and
 * nothing else. */
struct ours {
	const struct undoing *undoing;
	bool only;
};

static bool item_is(const struct item *item, const char *key, const char *value)
{
	const char *own = item->change->before.value.key;

	if (item->change->kind == KIND_SHARE)
		return text_equal(value, item->change->target);
	return item->change->kind == KIND_VALUE &&
		text_equal(value, item->change->before.value.name) && strchr(own, '\\') &&
		text_equal(key, strchr(own, '\\') + 1);
}

static int ours_only(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	struct ours *ours = arg;

	(void)a, (void)b;
	for (size_t i = 0; value && i < ours->undoing->count; i++)
		if (item_is(&ours->undoing->items[i], key, value))
			return 0;
	ours->only = false;
	return 1;
}

struct comparing {
	const struct undoing *undoing;
	/* digests as the last act left them; NULL while that act came to no end */
	const json_t *left;
	bool same;
};

static const struct hive_image *image_of(const struct undoing *undoing, const char *name)
{
	for (size_t i = 0; i < undoing->image_count; i++)
		if (text_equal(undoing->images[i].name, name))
			return &undoing->images[i];
	return NULL;
}

static bool bytes_ours(const struct undoing *undoing, const struct hive_image *image,
	const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ours ours = { undoing, true };
	struct regf *was, *is;
	bool readable = !regf_open_bytes(tmp, image->name, image->bytes, image->len, &was, NULL) &&
		!regf_open_bytes(tmp, image->name, bytes, len, &is, NULL);
	bool same = readable ? regf_diff(was, is, ours_only, &ours, NULL) >= 0 && ours.only
			     : image->len == len && !memcmp(image->bytes, bytes, len);

	talloc_free(tmp);
	return same;
}

/* Between two acts of the run others may have written, and the later act left their changes with
 * its own: the digest alone does not tell. */
static int hive_compare(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err)
{
	struct comparing *comparing = arg;
	const struct hive_image *image = image_of(comparing->undoing, name);
	struct digest digest = digest_of(bytes, len);
	char hex[65];

	(void)err;
	if (text_equal(name, "SYSTEM.LOG"))
		return 0;
	digest_text(&digest, hex);
	comparing->same &= image && (!comparing->left || entry_says(comparing->left, name, hex)) &&
		bytes_ours(comparing->undoing, image, bytes, len);
	return 0;
}

/* A saved file as its digest in the journal says. */
static int image_read(struct undoing *undoing, const char *name, const char *saved,
	struct error *err)
{
	struct runfolder *run = undoing->engine->run;
	char *rel = talloc_asprintf(undoing, "before/%s", name), hex[65];
	struct digest digest;
	uint8_t *bytes;
	size_t len;
	int ret = runfolder_read(run, undoing, rel, HIVE_LIMIT, &bytes, &len, err);

	if (ret == -TROUBLE_NOT_THERE)
		return error_set(err, TROUBLE_NOT_THERE,
			_("%s of run %s is missing; nothing was put back."), rel,
			runfolder_name(run));
	if (ret)
		return ret;
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	if (strcmp(hex, saved) != 0)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("%s of run %s is not as it was saved."), rel, runfolder_name(run));
	undoing->images[undoing->image_count++] = (struct hive_image){ name, bytes, len };
	return 0;
}

/* ---- the saved files as a whole ---- */

/* Without any of them there is nothing to put back as a whole. */
static int images_read(struct undoing *undoing, struct error *err)
{
	static const char *const names[] = { "SYSTEM", "SYSTEM.ALT" };
	const json_t *files =
		json_object_get(journal_last(undoing->engine->journal, JOURNAL_SAVED), "files");

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *saved = json_string_value(json_object_get(files, names[i]));

		if (saved && image_read(undoing, names[i], saved, err))
			return error_advise(err, -(int)err->trouble,
				_("Put the registry back value by value, which needs no saved file: "
				  "msmcfix undo RUN --step 4, then --step 3; then the rest."));
	}
	return 0;
}

/* The digests that the last act on the registry files left, or NULL if it came to no end. */
static const json_t *hives_left(const struct undoing *undoing)
{
	const struct journal *journal = undoing->engine->journal;
	const json_t *left = NULL;

	for (size_t i = journal_count(journal); !left && !undoing->unsure && i-- > 0;)
		if (entry_is(journal_entry(journal, i), JOURNAL_DONE))
			left = json_object_get(journal_entry(journal, i), "hives");
	return left;
}

/* Byte for byte only when all of the registry goes back and nobody has written to it since. */
int images_judge(struct undoing *undoing, struct error *err)
{
	struct comparing comparing = { undoing, NULL, true };
	const struct undo_options *options = undoing->options;
	bool any = false;
	int ret;

	for (size_t i = 0; i < undoing->count; i++)
		any |= item_is_hive(&undoing->items[i]) && undoing->items[i].state == CHANGE_OLD;
	if (!any || options->step || options->change_id ||
		!(undoing->engine->server->caps & SERVER_HIVES))
		return 0;
	comparing.left = hives_left(undoing);
	ret = images_read(undoing, err);
	if (!ret && undoing->image_count)
		ret = undoing->engine->server->ops->reg_save(undoing->engine->server, hive_compare,
			&comparing, err);
	if (!comparing.same)
		undoing->image_count = 0;
	return ret;
}
