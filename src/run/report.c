/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as JSON: from the journal, and what the last survey saw. */
#include "run/report_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/journal_internal.h"

enum { LAST_CARRIED = 4, STEPS = 6 };

/* What was decided about an id, and what became of it. */
struct fates {
	json_t *by_id;             /* id -> the row of the report */
	json_t *rows;
};

static json_t *member_copy(const json_t *from, const char *name)
{
	const json_t *member = json_object_get(from, name);

	return member ? json_deep_copy(member) : json_null();
}

/* A path as it was, made safe to show. */
static json_t *path_copy(const json_t *from, const char *name)
{
	const char *coded = json_string_value(json_object_get(from, name));
	char *path = coded ? text_unpercent(NULL, coded) : NULL, *shown = path ? text_shown(NULL, path) : NULL;
	json_t *json = shown ? json_string(shown) : json_null();

	talloc_free(path);
	talloc_free(shown);
	return json;
}

/* ---- decisions and acts ---- */

static json_t *fate_row(struct fates *fates, const char *id)
{
	json_t *row = json_object_get(fates->by_id, id);

	if (row)
		return row;
	row = json_pack("{s:s}", "id", id);
	if (!row || json_object_set(fates->by_id, id, row) || json_array_append_new(fates->rows, row))
		return NULL;
	return row;
}

static int fate_decided(struct fates *fates, const json_t *entry)
{
	static const char *const taken[] = { "step", "kind", "before", "after" };
	const char *id = json_string_value(json_object_get(entry, "id"));
	const json_t *change = json_object_get(entry, "change");
	json_t *row = id ? fate_row(fates, id) : NULL;

	if (!row)
		return -1;
	json_object_set_new(row, "decision", member_copy(entry, "decision"));
	json_object_set_new(row, "operator", member_copy(entry, "operator"));
	json_object_set_new(row, "how", member_copy(entry, "how"));
	json_object_set_new(row, "decided", member_copy(entry, "at"));
	for (size_t i = 0; change && i < sizeof taken / sizeof *taken; i++)
		json_object_set_new(row, taken[i], member_copy(change, taken[i]));
	return json_object_set_new(row, "result", json_string(change ? "not made" : "left"));
}

static int fate_act(struct fates *fates, const json_t *entry)
{
	const json_t *change;
	size_t i;
	int failed = 0;

	json_array_foreach(json_object_get(entry, "changes"), i, change) {
		const char *id = json_string_value(json_is_string(change) ? change : json_object_get(change, "id"));
		json_t *row = id ? fate_row(fates, id) : NULL;

		failed |= !row || json_object_set_new(row, "result", json_string("begun"));
	}
	return failed;
}

/* What was looked at after it was switched in is verified; after an undo it is put back. */
static int fate_done(struct fates *fates, const json_t *entry)
{
	bool undo = json_is_true(json_object_get(entry, "undo"));
	const char *id;
	const json_t *state;
	int failed = 0;

	json_object_foreach((json_t *)(uintptr_t)json_object_get(entry, "looked"), id, state) {
		json_t *row = fate_row(fates, id);

		failed |= !row || json_object_set_new(row, "result", json_string(undo ? "put back" : "verified")) ||
			  json_object_set_new(row, "checked", member_copy(entry, "at"));
		if (row && json_object_get(entry, "items"))
			json_object_set_new(row, "items", member_copy(entry, "items"));
	}
	return failed;
}

static int fates_read(struct fates *fates, const struct journal *journal)
{
	static const struct {
		const char *what;
		int (*read)(struct fates *, const json_t *);
	} readers[] = {
		{ "decision", fate_decided }, { "act", fate_act }, { "done", fate_done },
	};
	int failed = 0;

	for (size_t i = 0; !failed && i < journal_count(journal); i++)
		for (size_t k = 0; k < sizeof readers / sizeof *readers; k++)
			if (journal_is(journal, i, readers[k].what))
				failed |= readers[k].read(fates, journal_entry(journal, i));
	return failed;
}

/* ---- steps ---- */

static bool row_is(const json_t *row, const char *member, const char *value)
{
	const char *text = json_string_value(json_object_get(row, member));

	return text && !strcmp(text, value);
}

static size_t rows_with(const json_t *rows, int step, const char *result)
{
	const json_t *row;
	size_t i, count = 0;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row)
		count += json_integer_value(json_object_get(row, "step")) == step && row_is(row, "result", result);
	return count;
}

/* Rows that were kept carry no change; their step is told by their id. */
static size_t rows_kept(const json_t *rows, int step)
{
	static const char *const begins[] = { "", "backup/", "file/", "registry/", "share/" };
	const json_t *row;
	size_t i, count = 0;

	if (step >= (int)(sizeof begins / sizeof *begins))
		return 0;
	json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
		const char *id = json_string_value(json_object_get(row, "id"));

		count += row_is(row, "decision", "keep") && id && !strncmp(id, begins[step], strlen(begins[step]));
	}
	return count;
}

/* What the backup holds. */
static size_t rows_items(const json_t *rows)
{
	const json_t *row;
	size_t i, items = 0;

	json_array_foreach((json_t *)(uintptr_t)rows, i, row)
		items += (size_t)json_integer_value(json_object_get(row, "items"));
	return items;
}

static const char *step_result(size_t made, size_t back, size_t open, size_t kept)
{
	if (open)
		return "not finished";
	if (made)
		return "done";
	if (back)
		return "put back";
	return kept ? "kept" : "nothing to do";
}

static json_t *step_json(const json_t *rows, int step)
{
	static const char *const checks[] = {
		"", "read back, SHA-256", "read back, SHA-256", "read back by two readers", "read back by two readers",
	};
	size_t made = rows_with(rows, step, "verified"), back = rows_with(rows, step, "put back"),
	       kept = rows_kept(rows, step);
	size_t open = rows_with(rows, step, "begun") + rows_with(rows, step, "not made");
	const char *result = step_result(made, back, open, kept);

	if (step == 1 && made)
		made = rows_items(rows);
	return json_pack("{s:i, s:s, s:I, s:I, s:I, s:s}", "step", step, "result", result, "made", (json_int_t)made,
			 "kept", (json_int_t)kept, "open", (json_int_t)open, "checked", made ? checks[step] : "");
}

static json_t *steps_json(const json_t *report, const json_t *rows)
{
	json_t *steps = json_array();

	for (int step = 1; steps && step <= STEPS; step++)
		json_array_append_new(steps,
				      step <= LAST_CARRIED ? step_json(rows, step) : report_later_step(report, step));
	return steps;
}

/* ---- the whole ---- */

static void frame_put(json_t *report, struct runfolder *run, const struct journal *journal)
{
	static const char *const taken[] = { "article", "version", "operator", "reach", "simulated" };
	static const char *const paths[] = { "exchange", "control_set", "default", "relocated", "bin", "backup" };
	static const char *const names[] = { "name", "product_id", "nt_folder", "nt_version", "product_type" };
	const json_t *begun = journal_last(journal, "run"), *server = json_object_get(begun, "server");
	json_t *who = json_object();

	json_object_set_new(report, "format", json_integer(1));
	json_object_set_new(report, "run", json_string(runfolder_name(run)));
	json_object_set_new(report, "state", json_string(journal_state(journal)));
	json_object_set_new(report, "started", member_copy(begun, "at"));
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		json_object_set_new(report, taken[i], member_copy(begun, taken[i]));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		json_object_set_new(report, paths[i], path_copy(begun, paths[i]));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		json_object_set_new(who, names[i], path_copy(server, names[i]));
	json_object_set_new(who, "install_date", member_copy(server, "install_date"));
	json_object_set_new(report, "server", who);
	json_object_set_new(report, "saved", member_copy(journal_last(journal, "saved"), "files"));
}

static void end_put(json_t *report, const struct journal *journal)
{
	const json_t *end = journal_last(journal, "end"), *surveyed = journal_last(journal, "surveyed");

	json_object_set_new(report, "ended", member_copy(end, "at"));
	json_object_set_new(report, "result", member_copy(end, "result"));
	json_object_set_new(report, "exit", member_copy(end, "exit"));
	json_object_set_new(report, "surveyed", member_copy(surveyed, "at"));
	json_object_set_new(report, "needed", member_copy(surveyed, "needed"));
	json_object_set_new(report, "left", member_copy(surveyed, "left"));
}

/* "MSExchangeMSMI: stopped" */
static char *service_said(const json_t *entry)
{
	const char *coded = json_string_value(json_object_get(entry, "name")),
		   *to = json_string_value(json_object_get(entry, "to"));
	char *name = coded ? text_unpercent(NULL, coded) : NULL, *shown = name ? text_shown(NULL, name) : NULL;
	char *said = shown && to ? talloc_asprintf(NULL, "%s: %s", shown, to) : NULL;

	talloc_free(name);
	talloc_free(shown);
	return said;
}

static void note_put(json_t *notes, const json_t *entry)
{
	const char *note = json_string_value(json_object_get(entry, "note")), *text = json_string_value(json_object_get(entry, "text"));
	bool service = entry_is(entry, "service");
	bool told = service || entry_is(entry, "note") || entry_is(entry, "failed") || entry_is(entry, "paused") ||
		    entry_is(entry, "resumed") || entry_is(entry, "undo");
	char *said;

	if (!note && !told)
		return;
	said = service ? service_said(entry) : talloc_strdup(NULL, note ? note : text ? text : "");
	json_array_append_new(notes, json_pack("{s:o, s:s, s:s, s:o}", "at", member_copy(entry, "at"), "what", entry_what(entry), "text",
					       said ? said : "", "operator", member_copy(entry, "operator")));
	talloc_free(said);
}

/* Notes, failures, pauses: what happened besides. */
static void notes_put(json_t *report, const struct journal *journal)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < journal_count(journal); i++)
		if (!journal_is(journal, i, "decision") && !journal_is(journal, i, "act"))
			note_put(notes, journal_entry(journal, i));
	json_object_set_new(report, "notes", notes);
}

static void survey_put(json_t *report, struct runfolder *run, const struct survey *final)
{
	json_t *before = NULL;

	if (final)
		json_object_set_new(report, "survey", survey_json(final));
	else if (runfolder_has(run, "report.json") && !runfolder_read_json(run, "report.json", &before, NULL))
		json_object_set_new(report, "survey", member_copy(before, "survey"));
	else
		json_object_set_new(report, "survey", json_null());
	json_decref(before);
}

static int report_fill(json_t *report, struct runfolder *run, const struct journal *journal, const struct survey *final)
{
	struct fates fates = { json_object(), json_array() };
	int failed = !fates.by_id || !fates.rows || fates_read(&fates, journal) || report_later(report, journal);

	frame_put(report, run, journal);
	end_put(report, journal);
	if (!failed) {
		json_object_set_new(report, "steps", steps_json(report, fates.rows));
		json_object_set(report, "changes", fates.rows);
	}
	notes_put(report, journal);
	survey_put(report, run, final);
	json_decref(fates.by_id);
	json_decref(fates.rows);
	return failed;
}

int report_json(struct runfolder *run, const struct survey *final, json_t **json, struct error *err)
{
	struct journal *journal;
	int result = journal_open(run, run, &journal, err);

	if (result)
		return result;
	*json = json_object();
	if (!*json || report_fill(*json, run, journal, final))
		result = error_memory(err);
	if (result)
		json_decref(*json);
	talloc_free(journal);
	return result;
}
