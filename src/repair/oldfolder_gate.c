/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a gate of step 6 says. */
#include "repair/oldfolder_internal.h"

#include "base/i18n.h"
#include "base/text.h"

enum { NAMES_SHOWN = 10 };

void gate_no(struct gatekeeper *keeper, struct gate *gate, const char *why)
{
	char *shown = text_shown(keeper->gates, why);

	gate->answer = GATE_NO;
	gate->detail = gate->detail ? talloc_asprintf_append(gate->detail, "\n%s", shown) : shown;
}

void gate_weaken(struct gatekeeper *keeper, const char *why)
{
	if (keeper->gate->answer == GATE_NO)
		return;
	gate_no(keeper, keeper->gate, why);
	keeper->gate->answer = GATE_WEAK;
}

void gate_list(struct gatekeeper *keeper, struct gate *gate, const char *name)
{
	if (gate->listed++ < NAMES_SHOWN)
		gate_no(keeper, gate, name);
}

void gate_more(struct gatekeeper *keeper, struct gate *gate)
{
	if (gate->listed > NAMES_SHOWN)
		gate_no(keeper, gate,
			scan_print(&keeper->scan, _("and %zu more"), gate->listed - NAMES_SHOWN));
}
