/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry's own copies: Last Known Good, SYSTEM.ALT. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* ---- Last Known Good ---- */

/* Whether a value leads to the default Msmcon, if only with one of its paths. */
static bool leads_back(struct look *look, const char *text, enum path_form form)
{
	enum path_leads leads = LEADS_NOWHERE;
	char *after;

	if (text && path_relocate(look->tmp, text, form, look->survey->id->nt_folder, &look->from, &look->to, &leads, &after) != 0)
		look_starved(look);
	return leads == LEADS_DEFAULT || leads == LEADS_MIXED;
}

/* "Last Known Good" at the start of the server brings that control set back. */
static void last_known_good(struct look *look)
{
	const char *set = look->other_count ? look->other_sets[0] : "";
	size_t wrong = 0;

	if (!text_equal(set, look_print(look, "ControlSet%03u", look->survey->select_last_known_good)))
		return;
	for (size_t i = 0; i < look->entry_count; i++)
		wrong += leads_back(look, look_other_text(look, set, &look->entries[i]), look->entries[i].entry->form);
	wrong += look_side(look, look_long(look, look_share_path(look, set))) == LIVE_DEFAULT;
	if (wrong == 0)
		look_notice(look, "last-known-good-right",
			    _("%s is the control set \"Last Known Good\". "
			      "None of its values leads to the default Msmcon. A repair leaves it as it is."),
			    set);
	else
		look_notice(look, "last-known-good",
			    _("%zu values of %s, the control set \"Last Known Good\", lead to the default Msmcon. "
			      "Starting the server with it would bring them back."),
			    wrong, set);
}

/* ---- SYSTEM.ALT ---- */

/* What the second copy says differently, and what it has no key for. */
struct alt_count {
	size_t differ, without;
};

/* One value against the second copy; key is that of the first. */
static void alt_compare(struct look *look, const char *key, const char *name, const struct reg_data *own, struct alt_count *count)
{
	struct reg_key *there = look_key(look, look_print(look, "SYSTEM.ALT%s", key + strlen("SYSTEM")));
	const struct reg_value *value = look_value(there, name);

	count->differ += !regdata_equal(own, value ? &value->data : NULL);
	count->without += own && !there;
}

static void alt_count(struct look *look, struct alt_count *count)
{
	const struct survey *survey = look->survey;

	alt_compare(look, look_print(look, "%s\\LanmanServer\\Shares", look->services_key), ARTICLE_SHARE,
		    look->share ? look->share->definition : NULL, count);
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct value_fact *fact = &survey->findings[i].before.value;

		if (survey->findings[i].kind == KIND_VALUE)
			alt_compare(look, fact->key, fact->name, fact->data, count);
	}
}

/* What a repair would do about it depends on what there is to change. */
static void alt_says(struct look *look, const struct alt_count *count)
{
	const char *without = count->without ? look_print(look, _(" It has no key for %zu of them."), count->without) : "";
	bool written = false;

	for (size_t i = 0; i < look->survey->finding_count; i++) {
		const struct finding *row = &look->survey->findings[i];

		written |= row->can_change && (row->kind == KIND_VALUE || row->kind == KIND_SHARE);
	}
	look_notice(look, "system-alt",
		    _("The second copy of the registry, SYSTEM.ALT, differs in %zu of the values checked here.%s %s"),
		    count->differ, without,
		    written ? _("A repair writes its changes to both, as far as the keys exist.") :
			      _("Nothing in SYSTEM needs changing, so a repair does not write to SYSTEM.ALT either. "
				"Windows uses it only if SYSTEM is damaged. "
				"To bring it in line, replace it with a copy of SYSTEM while Windows is off."));
}

/* Whatever is wrong with the second copy ends nothing: it is said. */
static void alt_look(struct look *look)
{
	struct alt_count count = { 0 };
	struct error why, *err = look->err;

	if (!(look->server->caps & SERVER_HIVES) || look->ret != 0)
		return;
	look->err = &why;
	if (look_key(look, "SYSTEM.ALT"))
		alt_count(look, &count);
	look->err = err;
	if (look->ret == -TROUBLE_MEMORY || look->ret == -TROUBLE_STOPPED) {
		look->ret = error_pass(err, &why);
	} else if (look->ret != 0) {
		look->ret = 0;
		look_notice(look, "system-alt",
			    _("The second copy of the registry, SYSTEM.ALT, cannot be used: %s A repair leaves it "
			      "as it is."),
			    why.text);
	} else if (count.differ) {
		alt_says(look, &count);
	}
}

void look_copies(struct look *look)
{
	last_known_good(look);
	alt_look(look);
}
