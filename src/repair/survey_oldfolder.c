/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: the old folder, what still names it, and what an earlier run left. */
#include "repair/leftover.h"
#include "repair/oldfolder_internal.h"
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"

static void oldfolder_text(struct scan *scan, struct finding *row)
{
	const struct survey *survey = scan->survey;
	const struct maildata *old = &survey->maildata_default;

	status_say(scan, row, _("There is a second Msmcon in %s%s."),
		scan_shown(scan, survey->default_msmcon),
		old->present ? _(", with a postoffice in it") : "");
	if (old->present && survey->setup_time == 0)
		status_say(scan, row,
			_("When the service pack ran is unknown, and so is whether mail came into it since: "
			  "only leave it."));
	if (old->after_setup)
		status_say(scan, row,
			P_("%zu mail file in it is newer than the service pack: only leave it.",
				"%zu mail files in it are newer than the service pack: only leave it.",
				old->after_setup),
			old->after_setup);
	if (survey->live != LIVE_RELOCATED)
		status_say(scan, row, _("It may hold the postoffice in use: only leave it."));
}

void scan_oldfolder_row(struct scan *scan)
{
	const char *folder = scan->survey->default_msmcon;
	struct finding *row = scan_finding(scan, KIND_OLDFOLDER, 6, "oldfolder", "");

	row->subject = scan_text(scan, "%s", scan_shown(scan, folder));
	row->target = scan_text(scan, "%s", folder);
	row->why = _(
		"The article asks to remove it only if necessary. "
		"Leaving it does no harm once nothing names it, and the next service pack may need it.");
	if (scan_exists(scan, folder, ENTRY_FOLDER)) {
		row->state = FINDING_UNKNOWN;
		oldfolder_text(scan, row);
	} else {
		row->state = FINDING_ABSENT;
		row->move = MOVE_NONE;
		row->text = _("There is no second Msmcon on the default drive.");
	}
	scan_notice(scan, "next-service-pack",
		_("The next service pack, or a hotfix for the connector, does the same again: "
		  "check the server afterwards."));
}

/* ---- values elsewhere ---- */

/* Values outside the article's list that name the default Msmcon, or may name it. */
struct named {
	struct scan *scan;
	struct scan_names names;
};

static bool is_entry(struct scan *scan, const char *where)
{
	for (size_t i = 0; i < scan->entry_count; i++)
		if (text_equal(where,
			    scan_path(scan, scan->entries[i].below, scan->entries[i].entry->value)))
			return true;
	return false;
}

static int named_add(void *arg, const char *where, bool share, struct error *err)
{
	struct named *named = arg;

	(void)err;
	if (!share && !is_entry(named->scan, where))
		scan_name_add(named->scan, &named->names, scan_shown(named->scan, where));
	return named->scan->ret;
}

void scan_elsewhere(struct scan *scan)
{
	struct named named = { .scan = scan };

	scan->ret = names_find(scan->server, scan->survey, true, named_add, &named, scan->err);
	if (named.names.count)
		scan_notice(scan, "named-elsewhere",
			_("Values that the article does not list name the default Msmcon too (%zu): %s. "
			  "They are not changed. The old folder must stay as long as they name it."),
			named.names.count, named.names.text);
}

/* ---- leftovers ---- */

static void leftovers_in(struct scan *scan, const char *folder)
{
	struct survey *survey = scan->survey;

	if (scan->ret == 0 && scan_has_drive(scan, folder))
		scan->ret = leftover_list(scan->server, survey, folder, &survey->leftovers,
			&survey->leftover_count, scan->err);
}

/* Where an earlier run may have left something: the registry's folder, the relocated Msmcon, its
 * Bin, the default Msmcon's parent. */
void scan_leftovers(struct scan *scan)
{
	const struct survey *survey = scan->survey;
	const char *bin = scan->own_bin_path;

	leftovers_in(scan, scan_path(scan, survey->id->nt_folder, "system32\\config"));
	leftovers_in(scan, survey->relocated_msmcon);
	leftovers_in(scan, bin);
	for (size_t i = 0; i < scan->own_list.count; i++)
		if (scan->own_list.items[i].meta.kind == ENTRY_FOLDER)
			leftovers_in(scan, scan_path(scan, bin, scan->own_list.items[i].rel));
	leftovers_in(scan, scan_parent(scan, survey->default_msmcon));
}
