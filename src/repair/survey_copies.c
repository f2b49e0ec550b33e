/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry's own copies: Last Known Good, SYSTEM.ALT. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* ---- Last Known Good ---- */

/* Whether a value leads to the default Msmcon, if only with one of its paths. */
static bool leads_back(struct scan *scan, const char *text, enum path_form form)
{
	enum path_leads leads = LEADS_NOWHERE;
	char *after;

	if (text &&
		path_relocate(scan->tmp, text, form, scan->survey->id->nt_folder, &scan->from,
			&scan->to, &leads, &after) != 0)
		scan_starved(scan);
	return leads == LEADS_DEFAULT || leads == LEADS_MIXED;
}

/* "Last Known Good" at the start of the server brings that control set back. */
static void last_known_good(struct scan *scan)
{
	const char *set = scan->other_count ? scan->other_sets[0] : "";
	size_t wrong = 0;

	if (!text_equal(set,
		    scan_print(scan, "ControlSet%03u", scan->survey->select_last_known_good)))
		return;
	for (size_t i = 0; i < scan->entry_count; i++)
		wrong += leads_back(scan, scan_other_text(scan, set, &scan->entries[i]),
			scan->entries[i].entry->form);
	wrong += scan_side(scan, scan_long(scan, scan_share_path(scan, set))) == LIVE_DEFAULT;
	if (wrong == 0)
		scan_notice(scan, "last-known-good-right",
			_("%s is the control set \"Last Known Good\". "
			  "None of its values leads to the default Msmcon. A repair leaves it as it is."),
			set);
	else
		scan_notice(scan, "last-known-good",
			P_("%zu value of %s, the control set \"Last Known Good\", leads to the default Msmcon. "
			   "Starting the server with it would bring it back.",
				"%zu values of %s, the control set \"Last Known Good\", lead to the default Msmcon. "
				"Starting the server with it would bring them back.",
				wrong),
			wrong, set);
}

/* ---- SYSTEM.ALT ---- */

/* What the second copy says differently, and what it has no key for. */
struct alt_count {
	size_t differ, without;
};

/* One value against the second copy; key is that of the first. */
static void alt_compare(struct scan *scan, const char *key, const char *name,
	const struct reg_data *own, struct alt_count *count)
{
	struct reg_key *there =
		scan_key(scan, scan_print(scan, "SYSTEM.ALT%s", key + strlen("SYSTEM")));
	const struct reg_value *value = scan_value(there, name);

	count->differ += !regdata_equal(own, value ? &value->data : NULL);
	count->without += own && !there;
}

static void alt_count(struct scan *scan, struct alt_count *count)
{
	const struct survey *survey = scan->survey;

	alt_compare(scan, scan_print(scan, "%s\\LanmanServer\\Shares", scan->services_key),
		ARTICLE_SHARE, scan->share ? scan->share->definition : NULL, count);
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct value_fact *fact = &survey->findings[i].before.value;

		if (survey->findings[i].kind == KIND_VALUE)
			alt_compare(scan, fact->key, fact->name, fact->data, count);
	}
}

/* What a repair would do about it depends on what there is to change. */
static void alt_says(struct scan *scan, const struct alt_count *count)
{
	const char *without = count->without
		? scan_print(scan, _(" It has no key for %zu of them."), count->without)
		: "";
	bool written = false;

	for (size_t i = 0; i < scan->survey->finding_count; i++) {
		const struct finding *row = &scan->survey->findings[i];

		written |= row->can_change && (row->kind == KIND_VALUE || row->kind == KIND_SHARE);
	}
	scan_notice(scan, "system-alt",
		_("The second copy of the registry, SYSTEM.ALT, differs in %zu of the values checked here.%s %s"),
		count->differ, without,
		written ? _("A repair writes its changes to both, as far as the keys exist.")
			: _("Nothing in SYSTEM needs changing, so a repair does not write to SYSTEM.ALT either. "
			    "Windows uses it only if SYSTEM is damaged. "
			    "To bring it in line, replace it with a copy of SYSTEM while Windows is off."));
}

/* Whatever is wrong with the second copy ends nothing: it is said. */
static void alt_scan(struct scan *scan)
{
	struct alt_count count = { 0 };
	struct error why, *err = scan->err;

	if (!(scan->server->caps & SERVER_HIVES) || scan->ret != 0)
		return;
	scan->err = &why;
	if (scan_key(scan, "SYSTEM.ALT"))
		alt_count(scan, &count);
	scan->err = err;
	if (scan->ret == -TROUBLE_MEMORY || scan->ret == -TROUBLE_STOPPED) {
		scan->ret = error_pass(err, &why);
	} else if (scan->ret != 0) {
		scan->ret = 0;
		scan_notice(scan, "system-alt",
			_("The second copy of the registry, SYSTEM.ALT, cannot be used: %s A repair leaves it "
			  "as it is."),
			why.text);
	} else if (count.differ) {
		alt_says(scan, &count);
	}
}

void scan_copies(struct scan *scan)
{
	last_known_good(scan);
	alt_scan(scan);
}
