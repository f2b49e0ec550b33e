/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wrong.h"

#include "base/i18n.h"
#include "base/text.h"

/* What tells, and what about. */
struct telling {
	TALLOC_CTX *mem;
	const struct survey *survey;
	wrong_told *told;
	void *arg;
};

static size_t count_rows(const struct survey *survey, enum finding_kind kind, bool stale_only)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == kind && (!stale_only || finding_is_stale(&survey->findings[i]));
	return count;
}

size_t wrong_newer(const struct survey *survey)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == KIND_FILE && survey->findings[i].compare == FILE_NEWER && finding_is_open(&survey->findings[i]);
	return count;
}

static const char *plain_text(TALLOC_CTX *mem, const struct finding *finding)
{
	return talloc_asprintf(mem, "%s: %s", text_shown(mem, finding->subject), text_shown(mem, finding->text));
}

/* A finding of the later steps in one line; what exactly was found is told elsewhere. */
static const char *short_text(TALLOC_CTX *mem, const struct finding *finding)
{
	const char *subject = text_shown(mem, finding->subject);

	if (finding->kind == KIND_SHARE && finding->state == FINDING_ABSENT)
		return talloc_asprintf(mem, _("%s is no longer shared"), subject);
	if (finding->kind == KIND_SHARE && finding->state == FINDING_WRONG)
		return talloc_asprintf(mem, _("%s does not lead to the relocated Maildata"), subject);
	if (finding->kind == KIND_OLDFOLDER)
		return talloc_asprintf(mem, _("A second Msmcon stands in %s"), subject);
	return plain_text(mem, finding);
}

static void tell(const struct telling *telling, const char *text, const char *steps)
{
	telling->told(telling->arg, text != NULL ? text : "", steps);
}

/* What no plan puts right by itself comes before all else. */
static void persons(const struct telling *telling)
{
	const struct survey *survey = telling->survey;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding_is_open(finding) && finding->move >= MOVE_PERSON && (finding->kind != KIND_POSTOFFICE || survey_lives(survey)))
			tell(telling, plain_text(telling->mem, finding), talloc_asprintf(telling->mem, "%d", finding->step));
	}
}

static void later(const struct telling *telling, int step)
{
	const struct survey *survey = telling->survey;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding->step == step && (step > 4 ? finding->move != MOVE_NONE : finding_is_open(finding) && finding->move < MOVE_PERSON))
			tell(telling, short_text(telling->mem, finding), talloc_asprintf(telling->mem, "%d", step));
	}
	if (step == 5 && survey->open > 0)
		tell(telling, _("Mail flow has not been seen since the service pack"), "5");
}

void wrong_tell(TALLOC_CTX *mem, const struct survey *survey, wrong_told *told, void *arg)
{
	const struct telling telling = { mem, survey, told, arg };
	size_t files = count_rows(survey, KIND_FILE, true), values = count_rows(survey, KIND_VALUE, true);

	persons(&telling);
	if (files > 0)
		tell(&telling, talloc_asprintf(mem, _("%zu of %zu files in the relocated Bin are not setup's"), files,
					       count_rows(survey, KIND_FILE, false)), "1, 2");
	if (values > 0)
		tell(&telling, talloc_asprintf(mem, _("%zu of %zu registry values lead to the default Msmcon"), values,
					       count_rows(survey, KIND_VALUE, false)), "3");
	for (int step = 4; step <= 6; step++)
		later(&telling, step);
}
