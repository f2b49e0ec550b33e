/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wrong.h"

#include "base/i18n.h"
#include "base/text.h"

static size_t count_rows(const struct survey *survey, enum finding_kind kind, bool stale_only)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == kind &&
			(!stale_only || finding_is_stale(&survey->findings[i]));
	return count;
}

size_t wrong_newer(const struct survey *survey)
{
	size_t count = 0;

	for (size_t i = 0; i < survey->finding_count; i++)
		count += survey->findings[i].kind == KIND_FILE &&
			survey->findings[i].compare == FILE_NEWER &&
			finding_is_open(&survey->findings[i]);
	return count;
}

static const char *plain_text(TALLOC_CTX *mem, const struct finding *finding)
{
	return talloc_asprintf(mem, "%s: %s", text_shown(mem, finding->subject),
		text_shown(mem, finding->text));
}

const char *wrong_short(TALLOC_CTX *mem, const struct finding *finding)
{
	const char *subject = text_shown(mem, finding->subject);

	if (finding->kind == KIND_SHARE && finding->state == FINDING_ABSENT)
		return talloc_asprintf(mem, _("%s is no longer shared"), subject);
	if (finding->kind == KIND_SHARE && finding->state == FINDING_WRONG)
		return talloc_asprintf(mem, _("%s does not lead to the relocated Maildata"),
			subject);
	if (finding->kind == KIND_OLDFOLDER)
		return talloc_asprintf(mem, _("A second Msmcon stands in %s"), subject);
	return plain_text(mem, finding);
}

/* Whether it has a line among those of its step. What no plan puts right by itself has come before
 * all. */
static bool is_told(const struct finding *finding)
{
	return finding->step > 4 ? finding->move != MOVE_NONE
				 : finding_is_open(finding) && finding->move < MOVE_PERSON;
}

void wrong_tell(TALLOC_CTX *mem, const struct survey *survey, wrong_told *told, void *arg)
{
	size_t files = count_rows(survey, KIND_FILE, true),
	       values = count_rows(survey, KIND_VALUE, true);

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding_is_open(finding) && finding->move >= MOVE_PERSON &&
			(finding->kind != KIND_POSTOFFICE || survey_lives(survey)))
			told(arg, plain_text(mem, finding),
				talloc_asprintf(mem, "%d", finding->step));
	}
	if (files > 0)
		told(arg,
			talloc_asprintf(mem,
				_("%zu of %zu files in the relocated Bin are not setup's"), files,
				count_rows(survey, KIND_FILE, false)),
			"1, 2");
	if (values > 0)
		told(arg,
			talloc_asprintf(mem,
				_("%zu of %zu registry values lead to the default Msmcon"), values,
				count_rows(survey, KIND_VALUE, false)),
			"3");
	for (int step = 4; step <= 6; step++) {
		for (size_t i = 0; i < survey->finding_count; i++)
			if (survey->findings[i].step == step && is_told(&survey->findings[i]))
				told(arg, wrong_short(mem, &survey->findings[i]),
					talloc_asprintf(mem, "%d", step));
		if (step == 5 && survey->open > 0)
			told(arg, _("Mail flow has not been seen since the service pack"), "5");
	}
}
