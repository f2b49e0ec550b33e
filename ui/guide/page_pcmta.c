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

		if (row == NULL)
			return;
		row->cells[0] = text_shown(page, pcmta->name);
		row->cells[1] = pcmta->by_operator ? _("you named it") : text_shown(page, pcmta->signs);
		row_detail(page, row, DETAIL_TEXT, _("Because"), row->cells[1]);
	}
}

static struct question *name_question(struct page *page, const char *id, const char *title, const char *text)
{
	struct question *question = page_question(page, id, NULL, ASK_TEXT, title);

	if (question == NULL)
		return NULL;
	question->text = text;
	question->min_length = 1;
	return question;
}

static int make(struct guide *guide, struct page *page)
{
	struct action *action;

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
	page_action(page, "continue", _("Continue"), 'c', ACTION_FORWARD);
	action = page_action(page, "add", _("Add"), '+', ACTION_OTHER);
	if (action != NULL)
		action->ask = name_question(page, "pcmta.add", _("Name of the PC MTA"),
					    _("Exactly as the Connector MTAs tab shows it.\n"));
	action = page_action(page, "strike", _("Strike"), '-', ACTION_OTHER);
	if (action != NULL)
		action->ask = name_question(page, "pcmta.strike", _("Name to strike"),
					    _("Nothing of it will be looked at: its values stay as they are.\n"));
	page_action(page, "back", _("Back"), 0, ACTION_BACK);
	return 0;
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

static int reply(struct guide *guide, const struct reply *reply)
{
	const char **add = guide->pcmta_add, **strike = guide->pcmta_strike;

	if (reply_action(reply, "continue")) {
		guide_go(guide, PAGE_READY);
		return 0;
	}
	if (reply->text == NULL || *reply->text == '\0')
		return 0;
	if (reply_action(reply, "add"))
		guide->pcmta_add = with_name(guide, add, reply->text);
	else if (reply_action(reply, "strike"))
		guide->pcmta_strike = with_name(guide, strike, reply->text);
	if (guide_work(guide, _("Looking again"), job_look) == 0)
		return 0;
	guide->pcmta_add = add;
	guide->pcmta_strike = strike;
	return guide_trouble(guide);
}

const struct guide_page page_pcmta = { 0, make, reply };
