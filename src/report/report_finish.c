/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 5 and 6 in the report for a person: what was seen of mail flow, and what became of the old
 * folder. */
#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "mail/stage.h"
#include "repair/step_mail.h"
#include "report/report_internal.h"

/* Of one line: who sent it, and each thing that was seen of it, with its source. */
static void row_told(struct writing *writing, const struct evidence *row)
{
	char *when =
		row->sent ? filetime_text(writing->mem, filetime_of(row->sent, 0), false) : NULL;

	if (row->sent)
		writing_field(writing, _("sent"), _("by %s, from %s to %s, %s"),
			writing_any(row->sent_by), writing_any(row->from), writing_any(row->to),
			writing_any(when));
	for (size_t i = 0; i < row->sighting_count; i++) {
		const struct mail_sighting *seen = &row->sightings[i];
		enum mail_stage stage = mail_stage_parse(seen->stage);

		writing_field(writing,
			stage == STAGE_NONE ? _("non-delivery report") : mail_stage_text(stage),
			"%s: %s", writing_any(seen->where), writing_any(seen->raw));
	}
}

/* What became of the messages that stood there before; false where that is not on record. */
static bool backlog_read(const json_t *entry, struct mail_backlog *backlog)
{
	const json_t *counts[] = { json_object_get(entry, "stood"), json_object_get(entry, "gone"),
		json_object_get(entry, "come") };

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		if (!json_is_integer(counts[i]) || json_integer_value(counts[i]) < 0)
			return false;
	backlog->since = json_integer_value(json_object_get(entry, "since"));
	backlog->stood = (size_t)json_integer_value(counts[0]);
	backlog->gone = (size_t)json_integer_value(counts[1]);
	backlog->come = (size_t)json_integer_value(counts[2]);
	return backlog->gone <= backlog->stood;
}

/* The number of a name that mail_place_name gives; MAIL_PLACES: none. */
static int place_number(const json_t *place)
{
	const char *name = json_string_value(json_object_get(place, "place"));
	int i = 0;

	while (name && i < MAIL_PLACES && strcmp(name, mail_place_name((enum mail_place)i)) != 0)
		i++;
	return name ? i : MAIL_PLACES;
}

/* A place that was not read, or not all of it. */
static void place_told(struct writing *writing, const struct report *report, const json_t *place)
{
	const char *why = json_string_value(json_object_get(place, "why"));
	int number = place_number(place);

	if (number < MAIL_PLACES && number != PLACE_MAILBOX &&
		(why || entry_says(place, "state", "absent")))
		writing_field(writing, _("not all seen"), "%s: %s",
			mail_place_text((enum mail_place)number),
			why ? report_said(report, why) : _("there is none."));
}

json_t *report_mail_look(const struct report *report)
{
	const json_t *entry = journal_last(report->journal, JOURNAL_MAIL_LOOK), *place;
	struct mail_backlog backlog;
	json_t *json, *places;
	size_t i;

	if (!entry || !backlog_read(entry, &backlog))
		return json_null();
	places = json_array();
	json_array_foreach (json_object_get(entry, "places"), i, place) {
		const char *state = writing_said(place, "state"), *why = writing_said(place, "why");
		char *shown = text_shown(NULL, why);

		if (place_number(place) < MAIL_PLACES)
			json_array_append_new(places,
				json_pack("{s:s, s:s, s:o}", "place",
					mail_place_name((enum mail_place)place_number(place)),
					"state", mail_place_state_name(mail_place_state(state)),
					"why", *why && shown ? json_string(shown) : json_null()));
		talloc_free(shown);
	}
	json = json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "at", writing_said(entry, "at"), "since",
		(json_int_t)backlog.since, "stood", (json_int_t)backlog.stood, "gone",
		(json_int_t)backlog.gone, "come", (json_int_t)backlog.come, "places", places);
	return json ? json : json_null();
}

static void look_told(struct writing *writing, const struct report *report)
{
	const json_t *entry = journal_last(report->journal, JOURNAL_MAIL_LOOK),
		     *places = json_object_get(entry, "places"), *place;
	struct mail_backlog backlog;
	size_t i;

	if (!entry)
		return;
	writing_put(writing, BLOCK_GAP, "", NULL);
	if (backlog_read(entry, &backlog))
		writing_field(writing, _("postoffice"), "%s",
			writing_any(mail_backlog_text(writing->mem, &backlog)));
	json_array_foreach (places, i, place)
		place_told(writing, report, place);
}

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
		row_told(writing, row);
	}
	look_told(writing, report);
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
	else if (report->weakest <= MAIL_UNKNOWN)
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
