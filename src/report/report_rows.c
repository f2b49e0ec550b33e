/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided about each id, and what became of it. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "repair/plan.h"
#include "report/report_internal.h"

#define BACKUP_ID "backup/Bin"

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

static int mark(struct report *report, const char *id, enum change_result result, const json_t *at)
{
	struct report_change *change = change_of(report, id);

	if (!change)
		return -1;
	change->result = result;
	change->undo = report->undo ? report->undo : change->undo;
	change->checked = at ? at : change->checked;
	return 0;
}

static bool undoes(const json_t *entry)
{
	return json_is_true(json_object_get(entry, "undo"));
}

/* What removes the backup names no change. */
static int read_act(struct report *report, const json_t *entry)
{
	enum change_result result = undoes(entry) ? RESULT_UNDOING : RESULT_BEGUN;
	const json_t *name;
	size_t i;

	report->undo_acted = true;
	json_array_foreach (json_object_get(entry, "changes"), i, name)
		if (mark(report,
			    json_string_value(
				    json_is_string(name) ? name : json_object_get(name, "id")),
			    result, NULL))
			return -1;
	return undoes(entry) && entry_number(entry, "step") == STEP_BACKUP
		? mark(report, BACKUP_ID, result, NULL)
		: 0;
}

/* What was looked at after it was switched in is verified; after an undo it is put back. */
static int read_done(struct report *report, const json_t *entry)
{
	enum change_result result = undoes(entry) ? RESULT_PUT_BACK : RESULT_VERIFIED;
	const json_t *items = json_object_get(entry, "items"), *at = json_object_get(entry, "at");
	json_t *state;
	const char *id;

	json_object_foreach (json_object_get(entry, "looked"), id, state) {
		if (mark(report, id, result, at))
			return -1;
		if (items)
			change_of(report, id)->items = items;
	}
	return json_object_get(entry, "removed") ? mark(report, BACKUP_ID, RESULT_REMOVED, at) : 0;
}

/* What was asked for and no act put back was as before already, as is, where all was, what was
 * decided and never made; what a cut kept from being looked at was put back before it. */
static void undo_ended(struct report *report, const json_t *at)
{
	bool deleting = journal_last(report->journal, JOURNAL_DELETING);
	const json_t *id = json_object_get(report->undo, "change");
	int step = entry_number(report->undo, "step");

	for (size_t i = 0; i < report->change_count; i++) {
		struct report_change *change = &report->changes[i];
		bool asked = id ? entry_says(report->undo, "change", change->id)
			: step  ? change->step == step
				: change->step > STEP_BACKUP &&
				!(deleting && change->step == STEP_OLDFOLDER);

		if (asked && change->result >= (id || step ? RESULT_BEGUN : RESULT_NOT_MADE) &&
			change->result <= RESULT_UNDOING) {
			change->result = change->result == RESULT_UNDOING ? RESULT_PUT_BACK
									  : RESULT_AS_BEFORE;
			change->undo = report->undo;
			change->checked = at;
		}
	}
}

/* As a history tells it; one that was refused came to no act. */
static int read_undo(struct report *report, const json_t *entry)
{
	bool ends =
		entry_is(entry, JOURNAL_END) || (entry_is(entry, JOURNAL_PAUSED) && undoes(entry));

	if (ends && (report->undo ? report->undo_acted : entry_state(entry) == STATE_UNDONE))
		undo_ended(report, json_object_get(entry, "at"));
	if (entry_is(entry, JOURNAL_UNDO)) {
		report->undo_acted &= report->undo != NULL;
		report->undo = entry;
	} else if (ends || json_is_true(json_object_get(entry, "left"))) {
		report->undo = NULL;
	}
	return 0;
}

static int read_entry(struct report *report, const json_t *entry)
{
	if (entry_is(entry, JOURNAL_DECISION))
		return read_decision(report, entry);
	if (entry_is(entry, JOURNAL_ACT))
		return read_act(report, entry);
	/* It was put back by throwing it away. */
	report->undo_acted |= entry_is(entry, JOURNAL_OVERLAY) && entry_says(entry, "end", "drop");
	return entry_is(entry, JOURNAL_DONE) ? read_done(report, entry) : read_undo(report, entry);
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

static const struct report_word *step_word(const struct report_step *step, const json_int_t *count)
{
	static const struct report_word open = { "not finished", N_("not finished") },
					done = { "done", N_("done") },
					part = { "partly undone", N_("partly undone") },
					put_back = { "put back", N_("put back") },
					removed = { "removed", N_("removed") },
					undecided = { "not decided", N_("not decided") },
					kept = { "kept", N_("kept") },
					nothing = { "nothing to do", N_("nothing to do") };

	if (step->open)
		return &open;
	if (step->put_back)
		return step->made ? &part : &put_back;
	if (count[RESULT_REMOVED])
		return &removed;
	if (step->undecided)
		return &undecided;
	if (step->made)
		return &done;
	return step->kept ? &kept : &nothing;
}

/* A decision may have been taken back, where it did not fit the server any more. */
static bool decided(const struct report_change *change)
{
	enum decision decision;

	return decision_parse(json_string_value(json_object_get(change->decision, "decision")),
		       &decision) &&
		decision != DECISION_UNDECIDED;
}

/* What was open when last seen, and nobody has decided about it. */
static bool undecided(const struct report *report, const json_t *row)
{
	bool open = json_is_null(json_object_get(row, "kept")) && !entry_says(row, "move", "none");

	for (size_t i = 0; open && i < report->change_count; i++)
		open = !entry_says(row, "id", report->changes[i].id) ||
			!decided(&report->changes[i]);
	return open;
}

/* Where there were registry files to save, what was written to them was read by two readers. */
static bool hives_saved(const struct report *report)
{
	const json_t *saved = journal_last(report->journal, JOURNAL_SAVED);

	return json_object_get(json_object_get(saved, "files"), "SYSTEM");
}

static void step_fill(struct report *report, int number)
{
	struct report_step *step = &report->steps[number - 1];
	json_int_t count[RESULT_REMOVED + 1] = { 0 }, items = 0;
	const json_t *row;
	size_t i;

	for (i = 0; i < report->change_count; i++) {
		const struct report_change *change = &report->changes[i];

		count[change->result] += change->step == number;
		step->kept += kept_in(change, number);
		items += json_integer_value(change->items);
	}
	json_array_foreach (json_object_get(report->survey, "rows"), i, row)
		step->undecided += number != STEP_BACKUP && entry_number(row, "step") == number &&
			undecided(report, row);
	step->made = count[RESULT_VERIFIED];
	step->put_back = count[RESULT_PUT_BACK] + count[RESULT_AS_BEFORE];
	step->open = count[RESULT_BEGUN] + count[RESULT_NOT_MADE] + count[RESULT_UNDOING];
	step->result = step_word(step, count);
	step->checked = !step->made    ? ""
		: number <= STEP_FILES ? N_("read back, SHA-256")
		: hives_saved(report)  ? N_("read back by two readers")
				       : N_("read back on the server");
	if (number == STEP_BACKUP && step->made)
		step->made = items;
}

void report_steps(struct report *report)
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

struct report_step report_total(const struct report *report)
{
	struct report_step total = { .checked = "" };

	for (int step = STEP_FILES; step <= STEP_SHARE; step++) {
		const struct report_step *one = &report->steps[step - 1];

		total.made += one->made;
		total.kept += one->kept;
		total.put_back += one->put_back;
		total.open += one->open;
		total.undecided += one->undecided;
	}
	return total;
}

int report_changes(struct report *report, struct error *err)
{
	for (size_t i = 0; i < journal_count(report->journal); i++)
		if (read_entry(report, journal_entry(report->journal, i)))
			return error_memory(err);
	return 0;
}
