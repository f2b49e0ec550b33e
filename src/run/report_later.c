/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 5 and 6 in the report: what was seen of mail flow, in words that claim no more, and what became of the old folder. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/later.h"
#include "run/report_internal.h"

/* ---- as JSON ---- */

static json_t *mail_row(TALLOC_CTX *mem, const struct evidence *row)
{
	json_t *json = evidence_json(row);
	char *text = evidence_text(mem, row), *pcmta = text_shown(mem, row->pcmta);

	if (!json || !text || !pcmta || json_object_set_new(json, "text", json_string(text)) ||
	    json_object_set_new(json, "pcmta", json_string(pcmta))) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static int mail_put(json_t *report, TALLOC_CTX *mem, const struct journal *journal, struct error *err)
{
	struct evidence_list *list;
	int result = evidence_read(mem, journal, &list, err), failed;
	json_t *rows = result ? NULL : json_array();

	if (result)
		return result;
	failed = !rows;
	for (size_t i = 0; !failed && i < list->count; i++)
		failed = json_array_append_new(rows, mail_row(mem, &list->rows[i]));
	if (failed)
		json_decref(rows);
	else
		failed = json_object_set_new(report, "mail", rows) ||
			 json_object_set_new(report, "mail_weakest", json_string(mail_grade_name(evidence_weakest(list))));
	return failed ? error_memory(err) : 0;
}

static int shown_put(json_t *json, TALLOC_CTX *mem, const char *member, const char *text)
{
	char *shown = text ? text_shown(mem, text) : NULL;

	return json_object_set_new(json, member, shown ? json_string(shown) : json_null());
}

static int oldfolder_json(json_t *report, TALLOC_CTX *mem, const struct oldfolder_record *record)
{
	json_t *json = json_pack("{s:s}", "result", oldfolder_end_name(record->end));

	if (!json || json_object_set_new(report, "old_folder", json))
		return -1;
	if (record->end == OLDFOLDER_DELETED || record->end == OLDFOLDER_CUT) {
		json_object_set_new(json, "files", json_integer(record->files));
		json_object_set_new(json, "bytes", json_integer(record->bytes));
		json_object_set_new(json, "mail_was_weak", json_boolean(record->weak));
	}
	return shown_put(json, mem, "folder", record->folder) || shown_put(json, mem, "aside", record->aside) ||
	       shown_put(json, mem, "operator", record->operator_name) || shown_put(json, mem, "at", record->at);
}

static int oldfolder_put(json_t *report, TALLOC_CTX *mem, const struct journal *journal, struct error *err)
{
	struct oldfolder_record *record;
	int result = oldfolder_read(mem, journal, &record, err);

	return result ? result : oldfolder_json(report, mem, record) ? error_memory(err) : 0;
}

int report_later(json_t *report, const struct journal *journal, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int result = mem ? mail_put(report, mem, journal, err) : error_memory(err);

	if (!result)
		result = oldfolder_put(report, mem, journal, err);
	talloc_free(mem);
	return result;
}

/* Of step 5 as a whole: never more than its weakest line. */
static const char *mail_result(const json_t *report)
{
	static const char *const words[][2] = {
		{ "failed", "failed" }, { "not-seen", "not seen" }, { "attested", "attested" }, { "verified-to", "verified to a stage" },
		{ "verified", "verified" },
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (report_is(report, "mail_weakest", words[i][0]))
			return words[i][1];
	return "not tested";
}

static size_t mail_count(const json_t *report, const char *grade)
{
	const json_t *row;
	size_t i, count = 0;

	json_array_foreach(json_object_get(report, "mail"), i, row)
		count += report_is(row, "grade", grade);
	return count;
}

json_t *report_later_step(const json_t *report, int step)
{
	const json_t *old = json_object_get(report, "old_folder");
	const char *result = step == 5 ? mail_result(report) : json_string_value(json_object_get(old, "result"));
	size_t made = step == 5 ? mail_count(report, "verified") : report_is(old, "result", "set aside") || report_is(old, "result", "deleted");

	return json_pack("{s:i, s:s, s:I, s:I, s:I, s:s}", "step", step, "result", result ? result : "", "made", (json_int_t)made, "kept",
			 (json_int_t)0, "open", (json_int_t)0, "checked", "");
}

/* ---- for a person ---- */

static const char *mail_sentence(const json_t *report)
{
	if (report_is(report, "mail_weakest", "verified"))
		return _("VERIFIED end to end, in both directions, through every PC MTA.");
	if (report_is(report, "mail_weakest", "verified-to"))
		return _("VERIFIED TO A STAGE, not end to end.");
	if (report_is(report, "mail_weakest", "attested"))
		return _("ATTESTED by a person, not verified by this program.");
	if (report_is(report, "mail_weakest", "not-seen"))
		return _("NOT SEEN. A test message was waited for and did not come in that time; that proves nothing.");
	if (report_is(report, "mail_weakest", "failed"))
		return _("FAILED. Somebody looked for a test message, and it did not arrive.");
	if (mail_count(report, "not-tested") < json_array_size(json_object_get(report, "mail")))
		return _("NOT TESTED as a whole. Some lines were looked at, others were not.");
	return _("NOT TESTED. Whether mail flows was not seen by this run.");
}

char *report_mail_sentence(TALLOC_CTX *mem, const json_t *report)
{
	bool tested = !report_is(report, "mail_weakest", "not-tested"), simulated = tested && json_is_true(json_object_get(report, "simulated"));
	bool undone = tested && json_array_size(json_object_get(report, "undone_since"));

	return talloc_asprintf(mem, "%s%s%s", undone ? _("BEFORE THE UNDO: ") : "", simulated ? _("SIMULATED: ") : "", mail_sentence(report));
}

void writing_mail_sentence(struct writing *writing, const json_t *report)
{
	char *text = report_mail_sentence(NULL, report);

	writing_field(writing, _("Mail flow"), "%s", text ? text : "");
	talloc_free(text);
}

static const char *direction_word(const json_t *row)
{
	return mail_direction_text(report_is(row, "direction", mail_direction_name(MAIL_TO_MSMAIL)) ? MAIL_TO_MSMAIL : MAIL_TO_EXCHANGE);
}

void writing_mail(struct writing *writing, const json_t *report)
{
	const json_t *rows = json_object_get(report, "mail"), *row;
	size_t i;

	if (json_array_size(rows) == 0)
		return;
	writing_heading(writing, _("Mail flow"));
	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		writing_put(writing, " %s, %s, %s\n", writing_shown(writing, row, "pcmta"), direction_word(row), writing_shown(writing, row, "token"));
		writing_put(writing, "   ");
		writing_wrapped(writing, 3, 5, writing_shown(writing, row, "text"));
	}
	writing_put(writing, " ");
	writing_wrapped(writing, 1, 1, _("What is ATTESTED was said by a person and not verified by this program. The whole is as strong as its "
			"weakest line."));
}

const char *report_oldfolder_sentence(const json_t *report)
{
	const json_t *old = json_object_get(report, "old_folder");
	static const char *const sentences[][2] = {
		{ "left", N_("Left where it is, by decision.") },
		{ "not finished", N_("It was decided to set it aside, and that did not come to its end.") },
		{ "set aside", N_("Set aside: renamed on its own drive. Undo renames it back.") },
		{ "put back", N_("It had been set aside, and has its name again.") },
		{ "deletion cut off", N_("Deleting it was begun and did not come to its end. A part of it is gone.") },
		{ "deleted", N_("DELETED for good. This cannot be put back.") },
	};

	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		if (report_is(old, "result", sentences[i][0]))
			return _(sentences[i][1]);
	return _("Not reached. Nothing was done about it.");
}

void writing_oldfolder(struct writing *writing, const json_t *report)
{
	const json_t *old = json_object_get(report, "old_folder");
	bool deleted = report_is(old, "result", "deleted") || report_is(old, "result", "deletion cut off");

	writing_heading(writing, _("Old folder"));
	writing_field(writing, _("Folder"), "%s", *writing_shown(writing, old, "folder") ? writing_shown(writing, old, "folder")
										   : writing_shown(writing, report, "default"));
	writing_field(writing, _("Result"), "%s", report_oldfolder_sentence(report));
	if (report_is(old, "result", "set aside") || report_is(old, "result", "not finished"))
		writing_field(writing, _("Its name"), "%s", writing_shown(writing, old, "aside"));
	if (deleted)
		writing_field(writing, _("It held"), _("%lld files, %lld bytes"), (long long)json_integer_value(json_object_get(old, "files")),
			      (long long)json_integer_value(json_object_get(old, "bytes")));
	if (deleted && json_is_true(json_object_get(old, "mail_was_weak")))
		writing_field(writing, _("Mail flow"), _("had not been verified end to end, and that was confirmed"));
	if (*writing_shown(writing, old, "operator"))
		writing_field(writing, _("decided"), _("by %s, %s"), writing_shown(writing, old, "operator"), writing_shown(writing, old, "at"));
}

void writing_mail_next(struct writing *writing, const json_t *report)
{
	if (report_is(report, "mail_weakest", "failed"))
		writing_item(writing, _("A test message did not arrive: look into the event log of the server, and whether the Interchange and "
					"every Connector MTA run."));
	else if (report_is(report, "mail_weakest", "not-tested") || report_is(report, "mail_weakest", "not-seen"))
		writing_item(writing, _("Start the server, then the Interchange, then the Connector MTAs, and send mail in both directions: "
					"step 5 of the article is not done as a whole."));
	if (report_is(report, "mail_weakest", "verified"))
		return;
	writing_put(writing, " * ");
	writing_put(writing, _("To put down later what was seen: msmcfix resume %s\n"), writing_shown(writing, report, "run"));
}

void writing_oldfolder_next(struct writing *writing, const json_t *report)
{
	const json_t *old = json_object_get(report, "old_folder");

	if (report_is(old, "result", "set aside"))
		writing_item(writing, _("The old folder has another name now; it may stay so. The next service pack may want it."));
	else if (report_is(old, "result", "deleted"))
		writing_item(writing, _("The old folder is gone: put back, values and share would lead to a folder that is not there. "
					"The next service pack may want it."));
	else if (report_is(old, "result", "deletion cut off"))
		writing_item(writing, _("A part of the old folder is gone. Go on with this run to delete the rest, or leave it."));
	else
		writing_item(writing, _("The old folder was left, which is a valid end. The next service pack may want it."));
}
