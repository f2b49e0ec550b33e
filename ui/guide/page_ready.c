/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before you begin: the registry warning, and what must be closed. Answered one by one, with what
 * was seen. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What"), 26, CUT_END, false },
	{ N_("Why"), 48, CUT_END, false },
};

struct thing {
	const char *what, *why;
};

/* Q167635, Q173060, Q195919, Q175881, Q177221: what holds files of Bin open or comes in between. */
static const struct thing things[] = {
	{ N_("Performance Monitor"),
		N_("it keeps Mtperf.dll and Xtnperf.dll open, also from another computer") },
	{ N_("SNMP service"), N_("it loads the same counters") },
	{ N_("Virus scanners"), N_("they hold files that are to be replaced") },
	{ N_("Server monitors"), N_("they start services again in the middle") },
	{ N_("Exchange Administrator"), N_("an open connector page locks the postoffice") },
	{ N_("Backup jobs"), N_("they hold files and copy half a repair") },
};

static void make(struct guide *guide, struct page *page)
{
	bool running = (guide->server->caps & SERVER_SERVICES) != 0;

	page->title = _("Before you begin");
	page_lead(page, "%s\n%s\n%s\n",
		_("The registry is changed. A wrong value can keep services or the whole server from starting; so "
		  "the registry files are "
		  "saved and checked first, and each value is shown before and after."),
		"",
		running ? _("Close all of this, on the server and on every computer that watches it:")
			: _("The server is off, so none of this can run on it. Keep it closed when the server is "
			    "started again:"));
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(things); i++)
		page_row(page, NULL, _(things[i].what), _(things[i].why), NULL);
	page_tail(page, _("Operator: %s. From here on every decision goes on record.\n"),
		guide->operator_name);
	page->why = _(
		"Files that another program holds open cannot be replaced; a monitor that starts a service in "
		"the middle of a repair "
		"runs half old and half new files (Q167635, Q173060, Q195919, Q175881, Q177221).\n");
	page_continue(page, _("Confirm all"));
}

const struct guide_page page_ready = { .make = make, .next = PAGE_BACKUP, .steps = true };
