/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided about each id, and what became of it. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "repair/plan.h"
#include "report/report_internal.h"

/* NULL: no id, or no memory. */
static struct report_change *change_of(struct report *report, const char *id)
{
	struct report_change *more;

	for (size_t i = 0; id && i < report->change_count; i++)
		if (!strcmp(report->changes[i].id, id))
			return &report->changes[i];
	more = id ? memory_more(report, &report->changes, report->change_count, sizeof *more)
		  : NULL;
	if (!more)
		return NULL;
	more->id = id;
	report->change_count++;
	return more;
}

static int read_decision(struct report *report, const json_t *entry)
{
	const json_t *decided = json_object_get(entry, "change");
	struct report_change *change =
		change_of(report, json_string_value(json_object_get(entry, "id")));

	if (!change)
		return -1;
	change->result = decided ? RESULT_NOT_MADE : RESULT_LEFT;
	change->decision = entry;
	if (decided)
		change->step = entry_number(decided, "step");
	return 0;
}

static int read_act(struct report *report, const json_t *entry)
{
	const json_t *name;
	size_t i;

	json_array_foreach (json_object_get(entry, "changes"), i, name) {
		struct report_change *change = change_of(report,
			json_string_value(
				json_is_string(name) ? name : json_object_get(name, "id")));

		if (!change)
			return -1;
		change->result = RESULT_BEGUN;
	}
	return 0;
}

/* What was looked at after it was switched in is verified; after an undo it is put back. */
static int read_done(struct report *report, const json_t *entry)
{
	bool undo = json_is_true(json_object_get(entry, "undo"));
	json_t *state, *items = json_object_get(entry, "items");
	const char *id;

	json_object_foreach (json_object_get(entry, "looked"), id, state) {
		struct report_change *change = change_of(report, id);

		if (!change)
			return -1;
		change->result = undo ? RESULT_PUT_BACK : RESULT_VERIFIED;
		change->checked = json_object_get(entry, "at");
		change->items = items ? items : change->items;
	}
	return 0;
}

static int read_entry(struct report *report, const json_t *entry)
{
	if (entry_is(entry, JOURNAL_DECISION))
		return read_decision(report, entry);
	if (entry_is(entry, JOURNAL_ACT))
		return read_act(report, entry);
	return entry_is(entry, JOURNAL_DONE) ? read_done(report, entry) : 0;
}

const json_t *report_covers(const struct report_change *change)
{
	const json_t *decided = json_object_get(change->decision, "change");

	return decided ? decided : json_object_get(change->decision, "kept");
}

/* ---- steps ---- */

bool report_kept(const struct report_change *change)
{
	return entry_says(change->decision, "decision", decision_name(DECISION_KEEP));
}

/* What was kept carries no change; its step is told by its id. */
static bool kept_in(const struct report_change *change, int step)
{
	static const char *const begins[] = { "", "backup/", "file/", "registry/", "share/" };

	return report_kept(change) && !strncmp(change->id, begins[step], strlen(begins[step]));
}

static const struct report_word *step_word(const struct report_step *step, json_int_t back)
{
	static const struct report_word open = { "not finished", N_("not finished") },
					done = { "done", N_("done") },
					put_back = { "put back", N_("put back") },
					kept = { "kept", N_("kept") },
					nothing = { "nothing to do", N_("nothing to do") };

	if (step->open)
		return &open;
	if (step->made)
		return &done;
	if (back)
		return &put_back;
	return step->kept ? &kept : &nothing;
}

static void step_fill(struct report *report, int number)
{
	static const char *const checks[] = {
		"",
		N_("read back, SHA-256"),
		N_("read back, SHA-256"),
		N_("read back by two readers"),
		N_("read back by two readers"),
	};
	struct report_step *step = &report->steps[number - 1];
	json_int_t back = 0, items = 0;

	for (size_t i = 0; i < report->change_count; i++) {
		const struct report_change *change = &report->changes[i];
		bool here = change->step == number;

		step->made += here && change->result == RESULT_VERIFIED;
		back += here && change->result == RESULT_PUT_BACK;
		step->open += here &&
			(change->result == RESULT_BEGUN || change->result == RESULT_NOT_MADE);
		step->kept += kept_in(change, number);
		items += json_integer_value(change->items);
	}
	step->result = step_word(step, back);
	step->checked = step->made ? checks[number] : "";
	if (number == STEP_BACKUP && step->made)
		step->made = items;
}

static void steps_fill(struct report *report)
{
	enum oldfolder_end end = report->old_folder->end;
	struct report_step *mail = &report->steps[STEP_MAIL - 1];

	for (int step = STEP_BACKUP; step <= STEP_SHARE; step++)
		step_fill(report, step);
	*mail = (struct report_step){ .result = report_mail_word(report->weakest), .checked = "" };
	for (size_t i = 0; i < report->mail->count; i++)
		mail->made += report->mail->rows[i].grade == MAIL_VERIFIED;
	report->steps[STEP_OLDFOLDER - 1] = (struct report_step){
		.result = report_oldfolder_word(end),
		.made = end == OLDFOLDER_IS_ASIDE || end == OLDFOLDER_DELETED,
		.checked = "",
	};
}

int report_changes(struct report *report, struct error *err)
{
	for (size_t i = 0; i < journal_count(report->journal); i++)
		if (read_entry(report, journal_entry(report->journal, i)))
			return error_memory(err);
	steps_fill(report);
	return 0;
}
