/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences of a report that screens show as well; they claim no more than was seen. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/report_internal.h"

struct told {
	struct report_word word;
	const char *sentence;
};

static const struct told mail[] = {
	[MAIL_FAILED] = { { "failed", N_("FAILED") },
		N_("FAILED. A test message came back as a non-delivery report, or somebody looked for it and it did not arrive.") },
	[MAIL_NOT_TESTED] = { { "not tested", N_("NOT TESTED") },
		N_("NOT TESTED. Whether mail flows was not seen by this run.") },
	[MAIL_NOT_SEEN] = { { "not seen", N_("NOT SEEN") },
		N_("NOT SEEN. A test message was waited for and did not come in that time; that proves nothing.") },
	[MAIL_UNKNOWN] = { { "outcome unknown", N_("OUTCOME UNKNOWN") },
		N_("OUTCOME UNKNOWN. What was seen cannot be told apart, or nothing could be looked at.") },
	[MAIL_ATTESTED] = { { "attested", N_("ATTESTED") },
		N_("ATTESTED by a person, not verified by this program.") },
	[MAIL_VERIFIED_TO] = { { "verified to a stage", N_("to a stage") },
		N_("VERIFIED TO A STAGE, not end to end.") },
	[MAIL_VERIFIED] = { { "verified", N_("VERIFIED") },
		N_("VERIFIED end to end, in both directions, through every PC MTA.") },
};

static const struct told old_folder[] = {
	[OLDFOLDER_NOT_REACHED] = { { "not reached", N_("not reached") },
		N_("Not reached. Nothing was done about it.") },
	[OLDFOLDER_LEFT] = { { "left", N_("left") }, N_("Left where it is, by decision.") },
	[OLDFOLDER_DECIDED] = { { "not finished", N_("not finished") },
		N_("It was decided to set it aside, and that did not come to its end.") },
	[OLDFOLDER_IS_ASIDE] = { { "set aside", N_("set aside") },
		N_("Set aside: renamed on its own drive. Undo renames it back.") },
	[OLDFOLDER_IS_BACK] = { { "put back", N_("put back") },
		N_("It had been set aside, and has its name again.") },
	[OLDFOLDER_CUT] = { { "deletion cut off", N_("cut off") },
		N_("Deleting it was begun and did not come to its end. A part of it is gone.") },
	[OLDFOLDER_DELETED] = { { "deleted", N_("DELETED") },
		N_("DELETED for good. This cannot be put back.") },
};

const struct report_word *report_mail_word(enum mail_grade weakest)
{
	return &mail[weakest].word;
}

const struct report_word *report_oldfolder_word(enum oldfolder_end end)
{
	return &old_folder[end].word;
}

static bool mail_examined(const struct report *report)
{
	for (size_t i = 0; i < report->mail->count; i++)
		if (report->mail->rows[i].grade != MAIL_NOT_TESTED)
			return true;
	return false;
}

/* Where nobody decided, the result says how many. */
static bool result_counts(const struct report_step *step)
{
	return !strcmp(step->result->name, "not decided");
}

static char *step_what(TALLOC_CTX *mem, const struct report *report, int number)
{
	const struct report_step *step = &report->steps[number - 1];
	const struct {
		json_int_t count;
		const char *format;
	} parts[] = { { step->kept, _("%lld kept") }, { step->put_back, _("%lld put back") },
		{ result_counts(step) ? 0 : step->undecided, _("%lld left open") } };
	char *what;

	if (number >= STEP_MAIL)
		return talloc_strdup(mem,
			number == STEP_OLDFOLDER ? _("see Old folder")
				: report->looked_before && mail_examined(report)
				? _("before the undo")
				: _("see Mail flow"));
	if (number == STEP_BACKUP)
		return talloc_asprintf(mem, _("%lld files, folders"), (long long)step->made);
	what = talloc_asprintf(mem, _("%lld made"), (long long)step->made);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i].count)
			what = talloc_asprintf_append(talloc_strdup_append(what, REPORT_COMMA),
				parts[i].format, (long long)parts[i].count);
	return what;
}

bool report_step_words(TALLOC_CTX *mem, const struct report *report, int number,
	const char **result, const char **what, const char **checked)
{
	const struct report_step *step = &report->steps[number - 1];

	*result = result_counts(step)
		? talloc_asprintf(mem, _("%lld left open"), (long long)step->undecided)
		: _(step->result->text);
	*what = step_what(mem, report, number);
	*checked = *step->checked ? _(step->checked) : "";
	return *result && *what;
}

char *report_mail_sentence(TALLOC_CTX *mem, const struct report *report)
{
	bool tested = report->weakest != MAIL_NOT_TESTED;
	const char *sentence = !tested && mail_examined(report)
		? _("NOT TESTED as a whole. Some lines were looked at, others were not.")
		: _(mail[report->weakest].sentence);

	return talloc_asprintf(mem, "%s%s%s",
		tested && report->looked_before ? _("BEFORE THE UNDO: ") : "",
		report->simulated && tested ? _("SIMULATED: ") : "", sentence);
}

const char *report_oldfolder_sentence(const struct report *report)
{
	return _(old_folder[report->old_folder->end].sentence);
}
