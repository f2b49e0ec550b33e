/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report for programs. Members that are promised are null where there is nothing to say. */
#include "base/i18n.h"
#include "base/text.h"
#include "base/memory.h"
#include "repair/plan.h"
#include "report/report_internal.h"

static json_t *member(const json_t *from, const char *name)
{
	const json_t *found = json_object_get(from, name);

	return found ? json_deep_copy(found) : json_null();
}

/* Takes text; null for none. */
static json_t *taken(char *text)
{
	json_t *json = text ? json_string(text) : json_null();

	talloc_free(text);
	return json;
}

static json_t *shown(const char *text)
{
	return taken(text ? text_shown(NULL, text) : NULL);
}

static json_t *mail_json(const struct report *report)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < report->mail->count; i++) {
		json_t *row = evidence_json(&report->mail->rows[i]);

		json_object_set_new(row, "text",
			taken(evidence_text(NULL, &report->mail->rows[i])));
		json_object_set_new(row, "pcmta", shown(report->mail->rows[i].pcmta));
		json_array_append_new(rows, row);
	}
	return rows;
}

static json_t *oldfolder_json(const struct oldfolder_record *old)
{
	json_t *json = json_pack("{s:s}", "result", report_oldfolder_word(old->end)->name);

	if (old->end == OLDFOLDER_DELETED || old->end == OLDFOLDER_CUT) {
		json_object_set_new(json, "files", json_integer(old->files));
		json_object_set_new(json, "bytes", json_integer(old->bytes));
		json_object_set_new(json, "mail_was_weak", json_boolean(old->weak));
	}
	json_object_set_new(json, "folder", shown(old->folder));
	json_object_set_new(json, "aside", shown(old->aside));
	json_object_set_new(json, "operator", shown(old->operator_name));
	json_object_set_new(json, "at", shown(old->at));
	return json;
}

/* null where the server was not reached over the network. */
static json_t *network_json(const json_t *begun)
{
	static const char *const paths[] = { "host", "user", "dialect" };
	json_t *json = json_object_get(begun, "host") ? json_object() : json_null();

	for (size_t i = 0; json_is_object(json) && i < ARRAY_SIZE(paths); i++)
		json_object_set_new(json, paths[i], taken(entry_path_shown(NULL, begun, paths[i])));
	if (json_is_object(json)) {
		json_object_set_new(json, "port", member(begun, "port"));
		json_object_set_new(json, "nt4",
			json_boolean(json_is_true(json_object_get(begun, "nt4"))));
	}
	return json;
}

static void frame_put(json_t *json, const struct report *report)
{
	static const char *const plain[] = { "article", "version", "operator", "reach",
		"simulated" };
	static const char *const paths[] = { "exchange", "control_set", "default", "relocated",
		"bin", "backup" };
	static const char *const names[] = { "name", "product_id", "nt_folder", "nt_version",
		"product_type" };
	const json_t *server = json_object_get(report->begun, "server");
	json_t *who = json_object();

	json_object_set_new(json, "format", json_integer(DOCUMENT_FORMAT));
	json_object_set_new(json, "run", json_string(runfolder_name(report->run)));
	json_object_set_new(json, "state",
		json_string(run_state_name(journal_state(report->journal))));
	json_object_set_new(json, "started", member(report->begun, "at"));
	for (size_t i = 0; i < ARRAY_SIZE(plain); i++)
		json_object_set_new(json, plain[i], member(report->begun, plain[i]));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++)
		json_object_set_new(json, paths[i],
			taken(entry_path_shown(NULL, report->begun, paths[i])));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		json_object_set_new(who, names[i], taken(entry_path_shown(NULL, server, names[i])));
	if (!report_backup_kept(report))
		json_object_set_new(json, "backup", json_null());
	json_object_set_new(who, "install_date", member(server, "install_date"));
	json_object_set_new(json, "server", who);
	json_object_set_new(json, "network", network_json(report->begun));
	report_image_json(report, json);
	json_object_set_new(json, "saved",
		member(journal_last(report->journal, JOURNAL_SAVED), "files"));
}

static void end_put(json_t *json, const struct report *report)
{
	const json_t *end = report->ended;

	json_object_set_new(json, "ended", member(end, "at"));
	json_object_set_new(json, "result",
		report->undo ? json_string("undo cut off") : member(end, "result"));
	json_object_set_new(json, "exit", member(end, "exit"));
	json_object_set_new(json, "surveyed", member(report->surveyed, "at"));
	json_object_set_new(json, "needed", member(report->surveyed, "needed"));
	json_object_set_new(json, "left", member(report->surveyed, "left"));
	json_object_set(json, "undone_since", report->undone_since);
}

static json_t *steps_json(const struct report *report)
{
	json_t *steps = json_array();

	for (int number = STEP_BACKUP; number <= STEP_OLDFOLDER; number++) {
		const struct report_step *step = &report->steps[number - 1];

		json_array_append_new(steps,
			json_pack("{s:i, s:s, s:I, s:I, s:I, s:I, s:s}", "step", number, "result",
				step->result->name, "made", step->made, "kept", step->kept, "open",
				step->open, "undecided", step->undecided, "checked",
				step->checked));
	}
	return steps;
}

static json_t *change_row(const struct report_change *change)
{
	static const char *const about[] = { "step", "kind", "before", "after", "text" };
	static const char *const results[] = { "", "left", "not made", "begun", "verified",
		"undo begun", "put back", "as before", "removed" };
	const json_t *covers = report_covers(change), *decision = change->decision;
	json_t *row = json_pack("{s:s}", "id", change->id);

	if (decision) {
		json_object_set_new(row, "decision", member(decision, "decision"));
		json_object_set_new(row, "operator", member(decision, "operator"));
		json_object_set_new(row, "how", member(decision, "how"));
		json_object_set_new(row, "decided", member(decision, "at"));
	}
	for (size_t i = 0; i < ARRAY_SIZE(about); i++)
		if (json_object_get(covers, about[i]))
			json_object_set_new(row, about[i], member(covers, about[i]));
	json_object_set_new(row, "result", json_string(results[change->result]));
	if (change->checked)
		json_object_set_new(row, "checked", json_deep_copy(change->checked));
	if (change->items)
		json_object_set_new(row, "items", json_deep_copy(change->items));
	return row;
}

static json_t *changes_json(const struct report *report)
{
	json_t *changes = json_array();

	for (size_t i = 0; i < report->change_count; i++)
		json_array_append_new(changes, change_row(&report->changes[i]));
	return changes;
}

/* Notes, failures, pauses: what happened besides. */
static json_t *notes_json(const struct report *report)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < journal_count(report->journal); i++) {
		const json_t *entry = journal_entry(report->journal, i);
		char *said = entry_note(NULL, entry);

		if (said)
			json_array_append_new(notes,
				json_pack("{s:o, s:s, s:s, s:o}", "at", member(entry, "at"), "what",
					entry_what(entry), "text", said, "operator",
					member(entry, "operator")));
		talloc_free(said);
	}
	return notes;
}

json_t *report_json(const struct report *report)
{
	json_t *json = json_object(), *unread = json_array();
	bool english = i18n_english();

	json_object_set_new(json, "mail", mail_json(report));
	json_object_set_new(json, "mail_weakest", json_string(mail_grade_name(report->weakest)));
	json_object_set_new(json, "mail_look", report_mail_look(report));
	json_object_set_new(json, "old_folder", oldfolder_json(report->old_folder));
	frame_put(json, report);
	end_put(json, report);
	json_object_set_new(json, "steps", steps_json(report));
	json_object_set_new(json, "changes", changes_json(report));
	json_object_set_new(json, "notes", notes_json(report));
	for (size_t i = 0; i < report->unread_count; i++)
		json_array_append_new(unread, json_string(report->unread[i]));
	json_object_set_new(json, "unread", unread);
	json_object_set_new(json, "survey",
		report->survey ? json_deep_copy(report->survey) : json_null());
	i18n_shown(english);
	return json;
}
