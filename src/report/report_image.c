/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server in a disk image: image, overlay, and the end that was chosen. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "report/report_internal.h"

/* One of its overlays. */
struct overlay_told {
	const json_t *begun, *last;
	const json_t *decided; /* who chose its end, or NULL */
};

/* The next that was begun from entry *at on; false behind the last. */
static bool overlay_next(const struct report *report, size_t *at, struct overlay_told *found)
{
	*found = (struct overlay_told){ 0 };
	for (; *at < journal_count(report->journal); (*at)++) {
		const json_t *entry = journal_entry(report->journal, *at);

		if (!entry_is(entry, JOURNAL_OVERLAY))
			continue;
		if (entry_says(entry, "state", "begun")) {
			if (found->begun)
				break;
			found->begun = entry;
		}
		found->last = entry;
		if (json_object_get(entry, "operator"))
			found->decided = entry;
	}
	return found->begun;
}

static struct overlay_told overlay_last(const struct report *report)
{
	struct overlay_told found, last = { 0 };

	for (size_t at = 0; overlay_next(report, &at, &found);)
		last = found;
	return last;
}

static const char *end_word(const struct overlay_told *found)
{
	static const char *const ends[] = { "commit", "keep", "drop" };

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (entry_says(found->last, "end", ends[i]))
			return ends[i];
	return entry_says(found->last, "state", "torn")      ? "torn"
		: entry_says(found->last, "state", "closed") ? "waits"
							     : "open";
}

bool report_undo_waits(const struct report *report)
{
	struct overlay_told found;
	bool earlier = false, waits = false;

	for (size_t at = 0; overlay_next(report, &at, &found);) {
		waits = earlier && strcmp(end_word(&found), "waits") == 0;
		earlier |= entry_says(found.last, "end", "commit") ||
			entry_says(found.last, "end", "keep");
	}
	return waits && journal_last(report->journal, JOURNAL_UNDO);
}

static const char *end_text(const char *word)
{
	static const struct report_word words[] = {
		{ "commit", N_("committed into the image") },
		{ "below", N_("committed into the overlay that was kept before") },
		{ "keep", N_("kept: the server's disks are the image and this overlay") },
		{ "drop", N_("thrown away") },
		{ "waits", N_("waits to be committed, kept or thrown away") },
		{ "torn", N_("was cut off and set aside") },
		{ "open", N_("not closed") },
	};
	size_t i = 0;

	while (strcmp(words[i].name, word) != 0)
		i++;
	return _(words[i].text);
}

/* ---- for programs ---- */

/* Paths of a list of an entry, with what else is said of each. */
static json_t *rows_json(const json_t *list, const char *one, const char *other)
{
	json_t *rows = json_array();
	const json_t *from;
	size_t i;

	json_array_foreach (list, i, from) {
		char *path = entry_path_shown(NULL, from, "path");
		json_t *row = json_pack("{s:s?}", "path", path);

		if (one)
			json_object_set(row, one, json_object_get(from, one));
		if (other)
			json_object_set(row, other, json_object_get(from, other));
		json_array_append_new(rows, row);
		talloc_free(path);
	}
	return rows;
}

static json_t *overlay_json(const struct overlay_told *found)
{
	const json_t *named = entry_says(found->last, "state", "torn") ? found->last : found->begun;

	return json_pack("{s:o, s:s, s:O?, s:o}", "files",
		rows_json(json_object_get(named, "files"), NULL, NULL), "end", end_word(found),
		"by", json_object_get(found->decided, "operator"), "images",
		rows_json(json_object_get(found->last, "images"), "sha256", NULL));
}

void report_image_json(const struct report *report, json_t *json)
{
	struct overlay_told found, last = overlay_last(report);
	json_t *overlays = json_array();

	for (size_t at = 0; overlay_next(report, &at, &found);)
		json_array_append_new(overlays, overlay_json(&found));
	if (last.begun)
		json_object_set_new(json, "image",
			json_pack("{s:o, s:O}", "disks",
				rows_json(json_object_get(last.begun, "images"), "format", "chain"),
				"overlays", overlays));
	json_decref(overlays);
}

/* ---- for a person ---- */

/* Each path of a list under one label. */
static void put_paths(struct writing *writing, const char *label, const json_t *list,
	const char *member)
{
	const json_t *row;
	size_t i;

	json_array_foreach (list, i, row)
		writing_field(writing, i ? "" : label, "%s%s%s",
			member ? writing_said(row, member) : "", member ? "  " : "",
			writing_any(entry_path_shown(writing->mem, row, "path")));
}

/* The overlay that it is on, of what was looked at. */
static void put_chain(struct writing *writing, const json_t *images)
{
	const json_t *row, *below;
	size_t i, k;

	json_array_foreach (images, i, row) {
		json_array_foreach (json_object_get(row, "chain"), k, below) {
			char *path =
				text_unpercent(writing->mem, writing_any(json_string_value(below)));

			writing_field(writing, "", _("stands on %s"), writing_any(path));
		}
	}
}

void writing_image(struct writing *writing, const struct report *report)
{
	struct overlay_told found, last = overlay_last(report);
	bool kept = false;

	if (!last.begun)
		return;
	put_paths(writing, _("Disk image"), json_object_get(last.begun, "images"), "format");
	put_chain(writing, json_object_get(last.begun, "images"));
	for (size_t at = 0; overlay_next(report, &at, &found);) {
		const char *who = writing_said(found.decided, "operator"), *word = end_word(&found);
		bool torn = strcmp(word, "torn") == 0;

		put_paths(writing, _("Overlay"),
			json_object_get(torn ? found.last : found.begun, "files"), NULL);
		if (kept && strcmp(word, "commit") == 0)
			word = "below";
		kept |= strcmp(word, "keep") == 0;
		writing_field(writing, "", *who ? _("%s, by %s") : "%s%s", end_text(word), who);
		put_paths(writing, "SHA-256", json_object_get(found.last, "images"), "sha256");
	}
}

/* What each of its ends is, as a command; what was kept is what the machine is started from. */
void writing_image_next(struct writing *writing, const struct report *report)
{
	struct overlay_told found = overlay_last(report);
	const char *kept = reached_kept(writing->mem, report->journal);

	if (found.begun && strcmp(end_word(&found), "waits") == 0) {
		writing_command(writing, report,
			_("What was written stands in an overlay. To commit it, into what is below it:"),
			"commit");
		writing_command(writing, report, _("To keep it as a file over what is below it:"),
			"keep");
		writing_command(writing, report, _("To throw it away:"), "drop");
	} else if (kept) {
		writing_item(writing,
			_("Start the virtual machine from the overlay that was kept, never from the image: %s"),
			text_shown(writing->mem, kept));
	}
}
