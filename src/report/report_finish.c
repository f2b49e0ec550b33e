/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 5 and 6 in the report for a person: what was seen of mail flow, and what became of the old
 * folder. */
#include "base/i18n.h"
#include "base/text.h"
#include "report/report_internal.h"

void writing_mail(struct writing *writing, const struct report *report)
{
	const struct evidence_list *mail = report->mail;

	if (mail->count == 0)
		return;
	writing_put(writing, BLOCK_HEADING, _("Mail flow"), NULL);
	for (size_t i = 0; i < mail->count; i++) {
		const struct evidence *row = &mail->rows[i];

		writing_put(writing, BLOCK_MAIL,
			talloc_asprintf(writing->mem, "%s, %s, %s", writing_any(row->pcmta),
				mail_direction_text(row->direction), writing_any(row->token)),
			evidence_text(writing->mem, row));
	}
	writing_put(writing, BLOCK_PARAGRAPH,
		_("What is ATTESTED was said by a person and not verified by this program. The whole is as strong as its "
		  "weakest line."),
		NULL);
}

void writing_oldfolder(struct writing *writing, const struct report *report)
{
	const struct oldfolder_record *old = report->old_folder;
	bool deleted = old->end == OLDFOLDER_DELETED || old->end == OLDFOLDER_CUT;
	char *named = entry_path_shown(writing->mem, report->begun, "default");

	writing_put(writing, BLOCK_HEADING, _("Old folder"), NULL);
	writing_field(writing, _("Folder"), "%s", writing_any(old->folder ? old->folder : named));
	writing_field(writing, _("Result"), "%s", report_oldfolder_sentence(report));
	if (old->end == OLDFOLDER_IS_ASIDE || old->end == OLDFOLDER_DECIDED)
		writing_field(writing, _("Its name"), "%s", writing_any(old->aside));
	if (deleted)
		writing_field(writing, _("It held"), _("%lld files, %lld bytes"),
			(long long)old->files, (long long)old->bytes);
	if (deleted && old->weak)
		writing_field(writing, _("Mail flow"),
			_("had not been verified end to end, and that was confirmed"));
	if (old->operator_name && *old->operator_name)
		writing_field(writing, _("decided"), _("by %s, %s"), old->operator_name,
			writing_any(old->at));
}

const char *report_mail_advice(void)
{
	return _(
		"A test message did not arrive: look into the event log of the server, and whether the Interchange and "
		"every PC MTA run.");
}

void writing_mail_next(struct writing *writing, const struct report *report)
{
	if (report->weakest == MAIL_FAILED)
		writing_item(writing, "%s", report_mail_advice());
	else if (report->weakest == MAIL_NOT_TESTED || report->weakest == MAIL_NOT_SEEN)
		writing_item(writing,
			_("Start the server, then the Interchange, then the PC MTAs, and send mail in both directions: "
			  "step 5 of the article is not done as a whole."));
	if (report->weakest != MAIL_VERIFIED)
		writing_command(writing, report, _("To put down later what was seen:"), "resume");
}

void writing_oldfolder_next(struct writing *writing, const struct report *report)
{
	static const char *const next[] = {
		[OLDFOLDER_NOT_REACHED] = N_(
			"Step 6 was not reached: the old folder is where it was, which is a valid end. The next service pack "
			"may want it."),
		[OLDFOLDER_IS_ASIDE] = N_(
			"The old folder has another name now; it may stay so. The next service pack may want it."),
		[OLDFOLDER_CUT] = N_(
			"A part of the old folder is gone. Resume this run to delete the rest, or leave it."),
		[OLDFOLDER_DELETED] = N_(
			"The old folder is gone: put back, values and share would lead to a folder that is not there. "
			"The next service pack may want it."),
	};
	const char *text = next[report->old_folder->end];

	writing_item(writing, "%s",
		text ? _(text)
		     : _("The old folder was left, which is a valid end. The next service pack may want it."));
}
