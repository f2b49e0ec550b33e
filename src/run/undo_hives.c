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

/* ---- what the acts found and left ---- */

/* How the registry goes back (undo_way_text). */
static const char way_whole[] = "whole", way_foreign[] = "foreign", way_untold[] = "untold";

/* The digests that an act found, and those that it was to leave: the same once it came to its
 * end. */
struct link {
	const json_t *found, *left;
};

static bool digest_same(const json_t *a, const json_t *b, const char *name)
{
	const char *x = json_string_value(json_object_get(a, name)),
		   *y = json_string_value(json_object_get(b, name));

	return x && y ? !strcmp(x, y) : x == y;
}

/* Whether what was found is what the last act left. One that was cut off may have left either side,
 * or some sectors of each: then nothing else has changed if the act that follows is to leave the
 * same (a whole file put back leaves the same whatever was there, so it proves nothing). */
static bool link_holds(const struct link *last, const json_t *found, const json_t *leaves,
	const char *name)
{
	return digest_same(found, last->found, name) || digest_same(found, last->left, name) ||
		(leaves && last->found != last->left && digest_same(leaves, last->left, name));
}

static const char *link_way(const struct link *last, const json_t *found, const json_t *leaves)
{
	if (!found)
		return way_untold;
	if (link_holds(last, found, leaves, "SYSTEM") &&
		link_holds(last, found, leaves, "SYSTEM.ALT"))
		return way_whole;
	return last->found == last->left ? way_foreign : way_untold;
}

/* From the saved files through what each act found and left to those that are there now; now NULL:
 * as far as the record goes. */
static const char *chain_way(const struct journal *journal, const json_t *now)
{
	const json_t *saved = json_object_get(journal_last(journal, JOURNAL_SAVED), "files");
	struct link last = { saved, saved };

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i), *found, *leaves;
		int step = entry_number(entry, "step");
		const char *way;

		if (step != STEP_VALUES && step != STEP_SHARE)
			continue;
		if (entry_is(entry, JOURNAL_DONE))
			last.found = last.left;
		if (!entry_is(entry, JOURNAL_ACT))
			continue;
		found = json_object_get(entry, "found");
		leaves = json_object_get(entry, "leaves");
		way = link_way(&last, found, json_object_get(entry, "image") ? NULL : leaves);
		if (way != way_whole)
			return way;
		last = (struct link){ found, leaves };
	}
	return now ? link_way(&last, now, NULL) : way_whole;
}

bool hives_followed(const struct journal *journal, const json_t *now)
{
	return chain_way(journal, now) == way_whole;
}

/* ---- what is there now ---- */

struct comparing {
	const struct undoing *undoing;
	json_t *now;
	bool ours;
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

/* The record may be forged: the saved file may differ from the one that is there in our own values
 * only. */
static int hive_compare(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err)
{
	struct comparing *comparing = arg;
	const struct hive_image *image = image_of(comparing->undoing, name);

	if (text_equal(name, "SYSTEM.LOG"))
		return 0;
	comparing->ours =
		comparing->ours && image && bytes_ours(comparing->undoing, image, bytes, len);
	return hive_digest(comparing->now, name, bytes, len, err);
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
				  "%s undo RUN --step 4, then --step 3; then the rest."),
				text_call());
	}
	return 0;
}

/* Reads nothing where the record alone tells that there is a gap. */
static int hives_judge(struct undoing *undoing, struct error *err)
{
	const struct journal *journal = undoing->engine->journal;
	struct server *server = undoing->engine->server;
	struct comparing comparing = { undoing, json_object(), true };
	int ret = 0;

	undoing->way = chain_way(journal, NULL);
	if (undoing->way == way_whole) {
		ret = images_read(undoing, err);
		if (!ret)
			ret = server->ops->reg_save(server, hive_compare, &comparing, err);
		undoing->way = chain_way(journal, comparing.now);
	}
	if (undoing->way == way_whole && (!comparing.ours || !undoing->image_count))
		undoing->way = way_untold;
	if (undoing->way != way_whole)
		undoing->image_count = 0;
	json_decref(comparing.now);
	return ret;
}

/* Byte for byte only when all of the registry goes back and nobody else has written to it since it
 * was saved. */
int images_judge(struct undoing *undoing, struct error *err)
{
	const struct undo_options *options = undoing->options;
	bool any = false;

	for (size_t i = 0; i < undoing->count; i++)
		any |= item_is_hive(&undoing->items[i]) && undoing->items[i].state == CHANGE_OLD;
	if (!any || options->step || options->change_id ||
		!(undoing->engine->server->caps & SERVER_HIVES))
		return 0;
	return hives_judge(undoing, err);
}
