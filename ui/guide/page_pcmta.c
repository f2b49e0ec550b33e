/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC MTAs: names are the administrator's own, so the list found in the registry is confirmed,
 * added to, struck from. */
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("PC MTA"), 30, CUT_END, false },
	{ N_("Taken for one because"), 44, CUT_END, false },
};

static void rows(struct guide *guide, struct page *page)
{
	for (size_t i = 0; i < guide->survey->pcmta_count; i++) {
		const struct pcmta *pcmta = &guide->survey->pcmtas[i];
		const char *why =
			pcmta->by_operator ? _("you named it") : text_shown(page, pcmta->signs);
		struct row *row =
			page_row(page, pcmta->name, text_shown(page, pcmta->name), why, NULL);

		row_detail(page, row, DETAIL_TEXT, _("Because"), why);
	}
}

static void make(struct guide *guide, struct page *page)
{
	/* Its decisions stand on this list. */
	const char *fixed = guide->engine
		? _("A run has begun with this list. To change the list, undo that run or end it, and begin again.")
		: NULL;
	struct action *action;

	page->title = _("The PC MTAs of this server");
	page_lead(page, "%s\n",
		_("Is this what the Connector MTAs tab of the MS Mail Connector shows in Exchange Administrator? "
		  "A name that is missing would stay broken."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	rows(guide, page);
	page->why = _(
		"Each PC MTA is a Windows service of its own, under the name that was typed when it was made (up "
		"to 30 letters and "
		"blanks). Its service entry and its event source each hold paths that step 3 checks. Names: "
		"Q168857, Q277831.\n");
	page->help = _(
		"Continue confirms the list. Add takes the name of a service that was not found, Exclude leaves "
		"one out.\n");
	page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
	action = page_action(page, WORD_ADD, _("Add"), '+', ACTION_OTHER);
	action->refused = fixed;
	action->ask = fixed ? NULL
			    : page_line(page, QUESTION_PCMTA_ADD, NULL, _("Name of the PC MTA"),
				      _("Exactly as the Connector MTAs tab shows it.\n"));
	action = page_action(page, WORD_EXCLUDE, _("Exclude"), '-', ACTION_OTHER);
	action->refused = fixed;
	action->ask = fixed
		? NULL
		: page_line(page, QUESTION_PCMTA_EXCLUDE, NULL, _("Name to exclude"),
			  _("Nothing of it will be looked at: its values stay as they are.\n"));
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

/* Looks again with one name more in a NULL-ended list; back to the list as it was if that cannot
 * be. */
static void survey_with(struct guide *guide, const char ***list, const char *name)
{
	const char **before = *list, **grown;
	size_t count = 0;

	while (before && before[count])
		count++;
	grown = talloc_zero_array(guide, const char *, (unsigned)count + 2);
	if (!grown)
		return;
	for (size_t i = 0; i < count; i++)
		grown[i] = before[i];
	grown[count] = talloc_strdup(grown, name);
	*list = grown;
	if (!guide_work(guide, _("Checking again"), job_survey))
		*list = before;
}

static void reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_ADD && input->text)
		survey_with(guide, &guide->options.pcmta_add, input->text);
	if (input->action == WORD_EXCLUDE && input->text)
		survey_with(guide, &guide->options.pcmta_exclude, input->text);
}

const struct guide_page page_pcmta = { .make = make,
	.reply = reply,
	.next = PAGE_READY,
	.step = -1,
	.steps = true };
