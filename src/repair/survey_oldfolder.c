/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: the old folder, what still names it, and what an earlier run left. */
#include "repair/leftover.h"
#include "repair/oldfolder_internal.h"
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"

static void oldfolder_text(struct look *look, struct finding *row)
{
	const struct survey *survey = look->survey;
	const struct maildata *old = &survey->maildata_default;

	look_say(look, row, _("There is a second Msmcon in %s%s."), look_shown(look, survey->default_msmcon),
		 old->present ? _(", with a postoffice in it") : "");
	if (old->present && survey->setup_time == 0)
		look_say(look, row, _("When the service pack ran is unknown, and so is whether mail came into it since: "
				      "only leave it."));
	if (old->after_setup)
		row->text = look_text(look, "%s%s", row->text,
				      look_print(look, _(" %zu mail files in it are newer than the service pack: only leave it."), old->after_setup));
	if (survey->live != LIVE_RELOCATED)
		look_say(look, row, _("It may hold the postoffice in use: only leave it."));
}

void look_oldfolder_row(struct look *look)
{
	const char *folder = look->survey->default_msmcon;
	struct finding *row = look_finding(look, KIND_OLDFOLDER, 6, "oldfolder", "");

	row->subject = look_text(look, "%s", look_shown(look, folder));
	row->target = look_text(look, "%s", folder);
	row->why = _("The article asks to remove it only if necessary. "
		     "Leaving it does no harm once nothing names it, and the next service pack may need it.");
	if (look_exists(look, folder, ENTRY_FOLDER)) {
		row->state = FINDING_UNKNOWN;
		oldfolder_text(look, row);
	} else {
		row->state = FINDING_ABSENT;
		row->move = MOVE_NONE;
		row->text = _("There is no second Msmcon on the default drive.");
	}
	look_notice(look, "next-service-pack",
		    _("The next service pack, or a hotfix for the connector, does the same again: "
		      "check the server afterwards."));
}

/* ---- values elsewhere ---- */

/* Values outside the article's list that name the default Msmcon, or may name it. */
struct named {
	struct look *look;
	struct look_names names;
};

static bool is_entry(struct look *look, const char *where)
{
	for (size_t i = 0; i < look->entry_count; i++)
		if (text_equal(where, look_path(look, look->entries[i].below, look->entries[i].entry->value)))
			return true;
	return false;
}

static int named_add(void *arg, const char *where, bool share, struct error *err)
{
	struct named *named = arg;

	(void)err;
	if (!share && !is_entry(named->look, where))
		look_name(named->look, &named->names, look_shown(named->look, where));
	return named->look->ret;
}

void look_elsewhere(struct look *look)
{
	struct named named = { .look = look };

	look->ret = names_find(look->server, look->survey, true, named_add, &named, look->err);
	if (named.names.count)
		look_notice(look, "named-elsewhere",
			    _("Values that the article does not list name the default Msmcon too (%zu): %s. "
			      "They are not changed. The old folder must stay as long as they name it."),
			    named.names.count, named.names.text);
}

/* ---- leftovers ---- */

static void leftovers_in(struct look *look, const char *folder)
{
	struct survey *survey = look->survey;

	if (look->ret == 0 && look_has_drive(look, folder))
		look->ret = leftover_list(look->server, survey, folder, &survey->leftovers, &survey->leftover_count, look->err);
}

/* Where an earlier run may have left something: the registry's folder, the relocated Msmcon, its Bin, the default Msmcon's parent. */
void look_leftovers(struct look *look)
{
	const struct survey *survey = look->survey;
	const char *bin = look->own_bin_path;

	leftovers_in(look, look_path(look, survey->id->nt_folder, "system32\\config"));
	leftovers_in(look, survey->relocated_msmcon);
	leftovers_in(look, bin);
	for (size_t i = 0; i < look->own_list.count; i++)
		if (look->own_list.items[i].meta.kind == ENTRY_FOLDER)
			leftovers_in(look, look_path(look, bin, look->own_list.items[i].rel));
	leftovers_in(look, look_parent(look, survey->default_msmcon));
}
