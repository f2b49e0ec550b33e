/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before you begin: the registry warning, and what must be closed. Answered one by one, with what
 * was seen. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/guide/state.h"

static const struct column columns[] = {
	{ N_("What"), 22, CUT_END, false },
	{ N_("Why"), 34, CUT_END, false },
};

struct thing {
	const char *what, *why;
};

/* Q167635, Q173060, Q195919, Q175881, Q177221: what holds files of Bin open or comes in between. */
static const struct thing things[] = {
	{ N_("Performance Monitor"), N_("holds Mtperf.dll and Xtnperf.dll") },
	{ N_("SNMP service"), N_("loads the same counters") },
	{ N_("Virus scanners"), N_("hold files to be replaced") },
	{ N_("Server monitors"), N_("start services in the middle") },
	{ N_("Exchange Administrator"), N_("an open connector page locks it") },
	{ N_("Backup jobs"), N_("hold files, copy half a repair") },
};

static void make(struct guide *guide, struct page *page)
{
	bool running = (guide->server->caps & SERVER_SERVICES) != 0;
	const char *task = running
		? _("Close all of this, on the server and on every computer that watches it.")
		: _("The server is off, so none of this runs on it. When it is started, keep them closed until mail has flowed again (step 5).");
	char *list = page_text(page, "%s\n", _("To be closed, and why:"));

	page->title = _("Before you begin");
	page_lead(page, "%s\n", task);
	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(things); i++) {
		page_row(page, NULL, _(things[i].what), _(things[i].why), NULL);
		list = talloc_asprintf_append(list, "  %s: %s\n", _(things[i].what),
			_(things[i].why));
	}
	page_tail(page, "%s\n",
		server_runs(guide->server)
			? _("A wrong registry value can keep services from starting: step 1 saves their registry key first, as a .reg file.")
			: _("A wrong registry value can keep services from starting: step 1 saves the registry files first."));
	if (guide->running)
		page_tail(page,
			_("Services stopped just before writing, and started just after: %s.\n"),
			guide->running);
	page_tail(page, _("Operator: %s. From here on every decision goes on record.\n"),
		guide->operator_name);
	page->why = _(
		"Files that another program holds open cannot be replaced, also where it runs on another computer; a monitor that starts a "
		"service in the middle of a repair runs half old and half new files. "
		"The registry will be changed in step 3: its files are saved and checked before, and each value is shown before and after. "
		"(Q167635, Q173060, Q195919, Q175881, Q177221)\n");
	page->help = page_text(page, "%s\n%s", list, page->why);
	page_continue(page, _("Confirm all"));
}

const struct guide_page page_ready = { .make = make,
	.next = PAGE_BACKUP,
	.step = -1,
	.steps = true };
