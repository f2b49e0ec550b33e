/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole of a run in one word. It is REPAIRED only where every step was verified, or left by
 * decision. */
#include <string.h>

#include "base/i18n.h"
#include "report/report_internal.h"

static const struct {
	const char *word, *sentence;
} verdicts[] = {
	[VERDICT_REPAIRED] = { N_("REPAIRED"),
		N_("Looked at again from scratch: nothing is left to change that was not kept by decision, and mail flows.") },
	[VERDICT_RIGHT] = { N_("RIGHT"),
		N_("Looked at from scratch: nothing had to be changed, and mail flows.") },
	[VERDICT_KEPT] = { N_("KEPT"),
		N_("Nothing was changed: what is not right was kept by decision.") },
	[VERDICT_TO_STAGE] = { N_("TO A STAGE"),
		N_("Steps 1 to 4: nothing is left to change that was not kept by decision. Mail was seen to a stage, not end to end.") },
	[VERDICT_ATTESTED] = { N_("ATTESTED"),
		N_("Steps 1 to 4: nothing is left to change that was not kept by decision. That mail flows is a person's word.") },
	[VERDICT_UNKNOWN] = { N_("MAIL UNKNOWN"),
		N_("Steps 1 to 4: nothing is left to change that was not kept by decision. What was seen of a test message does not tell whether it arrived.") },
	[VERDICT_NOT_SEEN] = { N_("NOT SEEN"),
		N_("Steps 1 to 4: nothing is left to change that was not kept by decision. A test message was waited for and did not come.") },
	[VERDICT_NOT_TESTED] = { N_("NOT TESTED"),
		N_("Steps 1 to 4: nothing is left to change that was not kept by decision. Whether mail flows was not seen by this run.") },
	[VERDICT_FOLDER] = { N_("OPEN"),
		N_("Steps 1 to 5 are done. Step 6, the old folder, did not come to its end.") },
	[VERDICT_OPEN] = { N_("OPEN"),
		N_("Not everything was decided or carried out. What is left open is named in the report.") },
	[VERDICT_WRONG] = { N_("WRONG"),
		N_("Looked at again from scratch: something that was decided is not right. The report names it.") },
	[VERDICT_MAIL_FAILED] = { N_("MAIL FAILED"),
		N_("Somebody looked for a test message, and it did not arrive.") },
	[VERDICT_DELETION_CUT] = { N_("CUT OFF"),
		N_("Deleting the old folder was begun and did not come to its end. A part of it is gone.") },
	[VERDICT_UNDO_CUT] = { N_("UNDO CUT OFF"),
		N_("Resume it, or undo again, before the server is started.") },
	[VERDICT_UNFINISHED] = { N_("NOT FINISHED"), N_("The run did not come to its end.") },
	[VERDICT_UNCHANGED] = { N_("UNCHANGED"), N_("Nothing was changed by this run.") },
	[VERDICT_UNDONE] = { N_("PUT BACK"),
		N_("Every change of this run that can be undone was put back.") },
	[VERDICT_PARTLY_UNDONE] = { N_("PARTLY BACK"),
		N_("Some changes of this run were put back, others stand.") },
	[VERDICT_UNDO_WAITS] = { N_("UNDO WAITS"),
		N_("What was put back stands in an overlay that waits. Until it is committed or kept, the server's disks do not have it.") },
};

static bool kept_any(const struct report *report)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(report->survey, "rows"), i, row)
		if (entry_number(row, "step") < STEP_MAIL &&
			json_is_object(json_object_get(row, "kept")))
			return true;
	return report_total(report).kept;
}

static bool made_any(const struct report *report)
{
	return report_total(report).made;
}

/* Whether a row that is left is one that was decided and carried out, and not put back since. */
static bool carried_out(const struct report *report, const json_t *id)
{
	for (size_t i = 0; i < report->change_count; i++)
		if (json_is_string(id) && !strcmp(report->changes[i].id, json_string_value(id)))
			return report->changes[i].result > RESULT_NOT_MADE &&
				report->changes[i].result < RESULT_PUT_BACK;
	return false;
}

/* Of a run that is not all it was to be: otherwise, where nothing was put back. */
static enum verdict part_of(const struct report *report, enum verdict otherwise)
{
	struct report_step total = report_total(report);

	if (!total.put_back || total.open)
		return otherwise;
	return total.made ? VERDICT_PARTLY_UNDONE : VERDICT_UNDONE;
}

static enum verdict left(const struct report *report)
{
	const json_t *id;
	size_t i;

	json_array_foreach (json_object_get(report->surveyed, "left"), i, id)
		if (carried_out(report, id))
			return VERDICT_WRONG;
	return part_of(report, VERDICT_OPEN);
}

bool report_oldfolder_stands(const struct report *report)
{
	const json_t *row;
	size_t i;

	json_array_foreach (json_object_get(report->survey, "rows"), i, row)
		if (entry_number(row, "step") == STEP_OLDFOLDER)
			return !entry_says(row, "state", finding_state_name(FINDING_ABSENT));
	return true;
}

static enum verdict repaired(const struct report *report)
{
	static const enum verdict weak[] = {
		[MAIL_NOT_TESTED] = VERDICT_NOT_TESTED,
		[MAIL_NOT_SEEN] = VERDICT_NOT_SEEN,
		[MAIL_UNKNOWN] = VERDICT_UNKNOWN,
		[MAIL_ATTESTED] = VERDICT_ATTESTED,
		[MAIL_VERIFIED_TO] = VERDICT_TO_STAGE,
	};
	enum oldfolder_end old = report->old_folder->end;

	if (!made_any(report) && kept_any(report))
		return VERDICT_KEPT;
	if (report->weakest < MAIL_VERIFIED)
		return weak[report->weakest];
	if (old == OLDFOLDER_DECIDED ||
		(old == OLDFOLDER_NOT_REACHED && report_oldfolder_stands(report)))
		return VERDICT_FOLDER;
	return made_any(report) ? VERDICT_REPAIRED : VERDICT_RIGHT;
}

enum verdict report_verdict(const struct report *report)
{
	static const enum verdict others[] = {
		[END_NOTHING] = VERDICT_UNCHANGED,
		[END_UNDONE] = VERDICT_UNDONE,
		[END_PARTLY_UNDONE] = VERDICT_PARTLY_UNDONE,
	};

	if (report->undo)
		return VERDICT_UNDO_CUT;
	if (report_total(report).put_back && report_undo_waits(report))
		return VERDICT_UNDO_WAITS;
	if (report->end == END_NONE)
		return part_of(report, VERDICT_UNFINISHED);
	if (report->end != END_REPAIRED && report->end != END_LEFT)
		return others[report->end];
	if (report->old_folder->end == OLDFOLDER_CUT)
		return VERDICT_DELETION_CUT;
	if (report->weakest == MAIL_FAILED)
		return VERDICT_MAIL_FAILED;
	return report->end == END_LEFT ? left(report) : repaired(report);
}

const char *verdict_word(enum verdict verdict)
{
	return _(verdicts[verdict].word);
}

const char *verdict_sentence(enum verdict verdict)
{
	return _(verdicts[verdict].sentence);
}

char *report_result_sentence(TALLOC_CTX *mem, const struct report *report)
{
	enum verdict verdict = report_verdict(report);

	/* TRANSLATORS: the result in a word or two, and the sentence that explains it */
	return talloc_asprintf(mem, _("%s. %s"), verdict_word(verdict), verdict_sentence(verdict));
}
