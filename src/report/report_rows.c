/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided about each id, and what became of it. */
#include "report/report_internal.h"

#include <string.h>

enum { LAST_CARRIED = 4, STEPS = 6 };

/* Of each id, in the order they came: "result"; the last "entry" that decides about it; "step" where a change was decided; when it was
 * "checked"; "items" that the backup holds. */
static json_t *fate_of(json_t *fates, const char *id)
{
	json_t *fate = json_object_get(fates, id);

	if (fate || !id)
		return fate;
	return json_object_set_new(fates, id, json_pack("{s:s}", "result", "")) ? NULL : json_object_get(fates, id);
}

static int fate_end(json_t *fate, const char *result)
{
	return json_object_set_new(fate, "result", json_string(result));
}

static int fate_decided(json_t *fates, json_t *entry)
{
	const json_t *change = json_object_get(entry, "change");
	json_t *fate = fate_of(fates, json_string_value(json_object_get(entry, "id")));
	int failed = fate_end(fate, change ? "not made" : "left") || json_object_set(fate, "entry", entry);

	if (!failed && change)
		failed = json_object_set_new(fate, "step", json_integer(json_integer_value(json_object_get(change, "step"))));
	return failed;
}

static int fate_act(json_t *fates, json_t *entry)
{
	const json_t *change;
	size_t i;
	int failed = 0;

	json_array_foreach(json_object_get(entry, "changes"), i, change)
		failed |= fate_end(fate_of(fates, json_string_value(json_is_string(change) ? change : json_object_get(change, "id"))), "begun");
	return failed;
}

/* What was looked at after it was switched in is verified; after an undo it is put back. */
static int fate_done(json_t *fates, json_t *entry)
{
	json_t *state, *items = json_object_get(entry, "items");
	const char *id;
	int failed = 0;

	json_object_foreach(json_object_get(entry, "looked"), id, state) {
		json_t *fate = fate_of(fates, id);

		failed |= fate_end(fate, json_is_true(json_object_get(entry, "undo")) ? "put back" : "verified") ||
			  json_object_set(fate, "checked", json_object_get(entry, "at")) || (items && json_object_set(fate, "items", items));
	}
	return failed;
}

static int fates_entry(json_t *fates, json_t *entry)
{
	static const struct {
		enum journal_kind kind;
		int (*read)(json_t *, json_t *);
	} readers[] = {
		{ JOURNAL_DECISION, fate_decided }, { JOURNAL_ACT, fate_act }, { JOURNAL_DONE, fate_done },
	};
	int failed = 0;

	for (size_t k = 0; k < sizeof readers / sizeof *readers; k++)
		if (entry_is(entry, readers[k].kind))
			failed |= readers[k].read(fates, entry);
	return failed;
}

/* ---- rows ---- */

/* Members of from, in that order; those it has not are left out. */
static void taken_put(json_t *row, const json_t *from, const char *const *names)
{
	for (; *names; names++)
		if (json_object_get(from, *names))
			json_object_set_new(row, *names, report_member(from, *names));
}

static json_t *row_json(const char *id, const json_t *fate)
{
	static const char *const about[] = { "step", "kind", "before", "after", "text", NULL }, *const end[] = { "result", "checked", "items", NULL };
	const json_t *entry = json_object_get(fate, "entry"), *change = json_object_get(entry, "change");
	json_t *row = json_pack("{s:s}", "id", id);

	if (entry) {
		json_object_set_new(row, "decision", report_member(entry, "decision"));
		json_object_set_new(row, "operator", report_member(entry, "operator"));
		json_object_set_new(row, "how", report_member(entry, "how"));
		json_object_set_new(row, "decided", report_member(entry, "at"));
	}
	taken_put(row, change ? change : json_object_get(entry, "kept"), about);
	taken_put(row, fate, end);
	return row;
}

/* ---- steps ---- */

static json_int_t fates_with(json_t *fates, int step, const char *result)
{
	json_int_t count = 0;
	const char *id;
	json_t *fate;

	json_object_foreach(fates, id, fate)
		count += json_integer_value(json_object_get(fate, "step")) == step && report_is(fate, "result", result);
	return count;
}

/* What was kept carries no change; its step is told by its id. */
static json_int_t fates_kept(json_t *fates, int step)
{
	static const char *const begins[] = { "", "backup/", "file/", "registry/", "share/" };
	json_int_t count = 0;
	const char *id;
	json_t *fate;

	json_object_foreach(fates, id, fate)
		count += report_is(json_object_get(fate, "entry"), "decision", "keep") && !strncmp(id, begins[step], strlen(begins[step]));
	return count;
}

/* What the backup holds. */
static json_int_t fates_items(json_t *fates)
{
	json_int_t items = 0;
	const char *id;
	json_t *fate;

	json_object_foreach(fates, id, fate)
		items += json_integer_value(json_object_get(fate, "items"));
	return items;
}

static const char *step_result(json_int_t made, json_int_t back, json_int_t open, json_int_t kept)
{
	if (open)
		return "not finished";
	if (made)
		return "done";
	if (back)
		return "put back";
	return kept ? "kept" : "nothing to do";
}

static json_t *step_json(json_t *fates, int step)
{
	static const char *const checks[] = {
		"", "read back, SHA-256", "read back, SHA-256", "read back by two readers", "read back by two readers",
	};
	json_int_t made = fates_with(fates, step, "verified"), back = fates_with(fates, step, "put back"), kept = fates_kept(fates, step);
	json_int_t open = fates_with(fates, step, "begun") + fates_with(fates, step, "not made");
	const char *result = step_result(made, back, open, kept);

	return json_pack("{s:i, s:s, s:I, s:I, s:I, s:s}", "step", step, "result", result, "made", step == 1 && made ? fates_items(fates) : made,
			 "kept", kept, "open", open, "checked", made ? checks[step] : "");
}

int report_changes(json_t *report, const struct journal *journal)
{
	json_t *fates = json_object(), *steps = json_array(), *changes = json_array(), *fate;
	const char *id;
	int failed = json_object_set_new(report, "steps", steps) || json_object_set_new(report, "changes", changes);

	for (size_t i = 0; !failed && i < journal_count(journal); i++)
		failed = fates_entry(fates, (json_t *)(uintptr_t)journal_entry(journal, i));
	json_object_foreach(fates, id, fate)
		failed |= json_array_append_new(changes, row_json(id, fate));
	for (int step = 1; !failed && step <= STEPS; step++)
		failed = json_array_append_new(steps, step <= LAST_CARRIED ? step_json(fates, step) : report_later_step(report, step));
	json_decref(fates);
	return failed;
}
