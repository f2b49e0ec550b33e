/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PC MTAs: names are the administrator's own, so the list found in the registry is confirmed, added to, struck
 * from. */
#include <string.h>

#include "base/i18n.h"
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
		struct row *row = page_row(page, pcmta->name);

		row->cells[0] = text_shown(page, pcmta->name);
		row->cells[1] = pcmta->by_operator ? _("you named it") : text_shown(page, pcmta->signs);
		row_detail(page, row, DETAIL_TEXT, _("Because"), row->cells[1]);
	}
}

static void make(struct guide *guide, struct page *page)
{
	page->title = _("The PC MTAs of this server");
	page_lead(page, "%s\n",
		  _("Is this what the Connector MTAs tab of the MS Mail Connector shows in Exchange Administrator? "
		    "A name that is missing would stay broken."));
	page_columns(page, columns, sizeof columns / sizeof *columns);
	rows(guide, page);
	page->why = _("Each PC MTA is a Windows service of its own, under the name that was typed when it was made (up "
		      "to 30 letters and "
		      "blanks). Its service entry and its event source each hold paths that step 3 checks. Names: "
		      "Q168857, Q277831.\n");
	page->help = _("Continue confirms the list. Add takes the name of a service that was not found, Strike leaves "
		       "one out.\n");
	page_action(page, WORD_CONTINUE, _("Continue"), 'c', ACTION_FORWARD);
	page_action(page, WORD_ADD, _("Add"), '+', ACTION_OTHER)->ask =
		page_line(page, QUESTION_PCMTA_ADD, NULL, _("Name of the PC MTA"), _("Exactly as the Connector MTAs tab shows it.\n"));
	page_action(page, WORD_STRIKE, _("Strike"), '-', ACTION_OTHER)->ask =
		page_line(page, QUESTION_PCMTA_STRIKE, NULL, _("Name to strike"), _("Nothing of it will be looked at: its values stay as they are.\n"));
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

/* A NULL-ended list with one name more. */
static const char **with_name(TALLOC_CTX *mem, const char **list, const char *name)
{
	size_t count = 0;
	const char **grown;

	while (list != NULL && list[count] != NULL)
		count++;
	grown = talloc_zero_array(mem, const char *, (unsigned)count + 2);
	if (grown == NULL)
		return list;
	if (count > 0)
		memcpy(grown, list, count * sizeof *grown);
	grown[count] = talloc_strdup(grown, name);
	return grown;
}

static int reply(struct guide *guide, const struct input *input)
{
	const char **add = guide->options.pcmta_add, **strike = guide->options.pcmta_strike;

	if (input->text == NULL)
		return 0;
	if (input->action == WORD_ADD)
		guide->options.pcmta_add = with_name(guide, add, input->text);
	else if (input->action == WORD_STRIKE)
		guide->options.pcmta_strike = with_name(guide, strike, input->text);
	if (guide_work(guide, _("Looking again"), job_look) == 0)
		return 0;
	guide->options.pcmta_add = add;
	guide->options.pcmta_strike = strike;
	return guide_trouble(guide);
}

const struct guide_page page_pcmta = { make, reply };
