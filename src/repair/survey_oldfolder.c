/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: the Msmcon on the default drive, and what speaks against its removal. Nothing is changed here. */
#include "repair/survey_internal.h"

#include "base/i18n.h"

static int oldfolder_text(struct look *look, struct finding *row)
{
	const struct survey *survey = look->survey;
	const struct maildata *old = &survey->maildata_default;

	row->text = talloc_asprintf(look->survey, _("There is a second Msmcon in %s%s."),
				    look_shown(look, survey->default_msmcon),
				    old->present ? _(", with a postoffice in it") : "");
	if (row->text && old->present && survey->setup_time == 0)
		row->text = talloc_asprintf_append(row->text, " %s",
						   _("When the service pack ran is unknown, and so is whether mail came into it since: "
						     "only leave it."));
	if (row->text && old->after_setup)
		row->text = talloc_asprintf_append(row->text,
						   _(" %zu mail files in it are newer than the service pack: only leave it."),
						   old->after_setup);
	if (row->text && survey->live != LIVE_RELOCATED)
		row->text = talloc_asprintf_append(row->text, " %s",
						   _("It may hold the postoffice in use: only leave it."));
	return row->text ? 0 : error_memory(look->err);
}

int look_oldfolder_row(struct look *look)
{
	struct finding *row = look_finding(look, KIND_OLDFOLDER, 6, "oldfolder", "");
	bool there = false;
	int ret = row ? look_exists(look, look->survey->default_msmcon, ENTRY_FOLDER, &there) : error_memory(look->err);

	if (ret != 0)
		return ret;
	row->subject = talloc_strdup(look->survey, look_shown(look, look->survey->default_msmcon));
	row->target = talloc_strdup(look->survey, look->survey->default_msmcon);
	row->why = talloc_strdup(look->survey, _("The article asks to remove it only if necessary. "
						 "Leaving it does no harm once nothing names it, and the next service pack may need it."));
	if (!row->subject || !row->target || !row->why)
		return error_memory(look->err);
	if (there) {
		row->state = FINDING_UNKNOWN;
		ret = oldfolder_text(look, row);
	} else {
		row->state = FINDING_ABSENT;
		row->move = MOVE_NONE;
		row->text = talloc_strdup(look->survey, _("There is no second Msmcon on the default drive."));
		ret = row->text ? 0 : error_memory(look->err);
	}
	if (ret == 0)
		ret = look_notice(look, "next-service-pack",
				  _("The next service pack, or a hotfix for the connector, does the same again: "
				    "check the server afterwards."));
	return ret;
}
