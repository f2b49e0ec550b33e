/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: from the journal, and what the last look at the server saw. */
#include "run/report_internal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/journal_internal.h"
#include "repair/document.h"

enum { SURVEY_LIMIT = 256 << 20 };

json_t *report_member(const json_t *from, const char *name)
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

/* ---- the whole ---- */

static void frame_put(json_t *report, struct runfolder *run, const struct journal *journal)
{
	static const char *const taken[] = { "article", "version", "operator", "reach", "simulated" };
	static const char *const paths[] = { "exchange", "control_set", "default", "relocated", "bin", "backup" };
	static const char *const names[] = { "name", "product_id", "nt_folder", "nt_version", "product_type" };
	const json_t *begun = journal_last(journal, "run"), *server = json_object_get(begun, "server");
	json_t *who = json_object();

	json_object_set_new(report, "format", json_integer(DOCUMENT_FORMAT));
	json_object_set_new(report, "run", json_string(runfolder_name(run)));
	json_object_set_new(report, "state", json_string(journal_state(journal)));
	json_object_set_new(report, "started", report_member(begun, "at"));
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		json_object_set_new(report, taken[i], report_member(begun, taken[i]));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
		json_object_set_new(report, paths[i], path_copy(begun, paths[i]));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		json_object_set_new(who, names[i], path_copy(server, names[i]));
	json_object_set_new(who, "install_date", report_member(server, "install_date"));
	json_object_set_new(report, "server", who);
	json_object_set_new(report, "saved", report_member(journal_last(journal, "saved"), "files"));
}

static void end_put(json_t *report, const struct journal *journal)
{
	const json_t *end = journal_last(journal, "end"), *surveyed = journal_last(journal, "surveyed");

	json_object_set_new(report, "ended", report_member(end, "at"));
	json_object_set_new(report, "result", report_member(end, "result"));
	json_object_set_new(report, "exit", report_member(end, "exit"));
	json_object_set_new(report, "surveyed", report_member(surveyed, "at"));
	json_object_set_new(report, "needed", report_member(surveyed, "needed"));
	json_object_set_new(report, "left", report_member(surveyed, "left"));
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
	json_array_append_new(notes, json_pack("{s:o, s:s, s:s, s:o}", "at", report_member(entry, "at"), "what", entry_what(entry), "text",
					       said ? said : "", "operator", report_member(entry, "operator")));
	talloc_free(said);
}

/* Notes, failures, pauses: what happened besides. */
static void notes_put(json_t *report, const struct journal *journal)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < journal_count(journal); i++)
		note_put(notes, journal_entry(journal, i));
	json_object_set_new(report, "notes", notes);
}

/* ---- what the last look saw ---- */

static void report_close_file(struct report *report)
{
	if (report->fd >= 0)
		close(report->fd);
	report->fd = -1;
	TALLOC_FREE(report->text.room);
}

static int survey_io(const struct report *report, const char *name, struct error *err)
{
	return error_system(err, TROUBLE_IO, report->text.sys, _("%s of the run cannot be read"), name);
}

/* Whether the file of that name, which is there, holds rows. */
static int survey_open(struct report *report, const char *name, bool *found, struct error *err)
{
	size_t len = 0;
	int line, result = runfolder_file(report->run, name, SURVEY_LIMIT, &report->fd, &len, err);

	*found = false;
	if (result || report->fd < 0)
		return result;
	if (document_text_file(report, report->fd, len, &report->text))
		return error_memory(err);
	*found = document_find(&report->text, "rows", &report->scan);
	if (*found) {
		report->survey = document_frame(&report->scan, &line);
		report->survey_count = report->survey ? document_count(&report->scan) : 0;
	}
	report->survey_name = name;
	return report->text.sys ? survey_io(report, name, err) : 0;
}

/* Of the end; of the beginning where there was none. */
static int survey_read(struct report *report, struct error *err)
{
	static const char *const places[] = { REPORT_SURVEY, "plan.json" };
	bool found = false;
	int result = 0;

	for (size_t i = 0; !result && !found && i < sizeof places / sizeof *places; i++) {
		report_close_file(report);
		if (runfolder_has(report->run, places[i]))
			result = survey_open(report, places[i], &found, err);
	}
	if (!found)
		report_close_file(report);
	return result;
}

/* Rows come in their order. One that is damaged is null; NULL where the disk does not give it. */
static json_t *survey_row_read(void *arg, size_t index)
{
	struct report *report = arg;
	json_t *row;

	if (report->final)
		return survey_row((void *)(uintptr_t)report->final, index);
	if (index == 0)
		report->scan.at = report->scan.begin + 1;
	row = document_next(&report->scan, NULL);
	if (report->text.sys) {
		json_decref(row);
		report->failed = survey_io(report, report->survey_name, &report->trouble);
		return NULL;
	}
	json_object_del(row, "decision");
	return row ? row : json_null();
}

static int survey_take(struct report *report, const struct survey *final, struct error *err)
{
	report->final = final;
	if (!final)
		return survey_read(report, err);
	report->survey = survey_frame(final);
	report->survey_count = final->finding_count;
	return report->survey ? 0 : error_memory(err);
}

/* ---- the whole ---- */

static int report_close(struct report *report)
{
	report_close_file(report);
	json_decref(report->frame);
	json_decref(report->survey);
	return 0;
}

static int frame_fill(struct report *report, struct error *err)
{
	json_t *json = report->frame;
	int result = json ? report_later(json, report->journal, err) : error_memory(err), failed;

	if (result)
		return result;
	frame_put(json, report->run, report->journal);
	end_put(json, report->journal);
	failed = json_object_set_new(json, "steps", fates_steps(report->fates, json)) || json_object_set_new(json, "changes", json_array());
	notes_put(json, report->journal);
	failed |= json_object_set(json, "survey", report->survey ? report->survey : json_null());
	return failed ? error_memory(err) : 0;
}

static int report_make(TALLOC_CTX *mem, struct runfolder *run, const struct survey *final, struct report **report, struct error *err)
{
	struct report *made = talloc_zero(mem, struct report);
	int result = made ? 0 : error_memory(err);

	if (result)
		return result;
	talloc_set_destructor(made, report_close);
	made->run = run;
	made->fd = -1;
	made->frame = json_object();
	result = journal_open(made, run, &made->journal, err);
	if (!result)
		result = survey_take(made, final, err);
	if (!result)
		result = fates_read(made, made->journal, &made->fates, err);
	if (!result)
		result = frame_fill(made, err);
	if (result)
		talloc_free(made);
	else
		*report = made;
	return result;
}

int report_open(TALLOC_CTX *mem, struct runfolder *run, const struct survey *final, struct report **report, struct error *err)
{
	return report_make(mem, run, final, report, err);
}

int report_brief(struct runfolder *run, json_t **json, struct error *err)
{
	struct report *report;
	int result = report_make(run, run, NULL, &report, err);

	if (result)
		return result;
	*json = json_incref(report->frame);
	talloc_free(report);
	return 0;
}

const char *report_notice(const json_t *report, const char *id)
{
	const json_t *notices = json_object_get(json_object_get(report, "survey"), "notices"), *notice;
	size_t i;

	json_array_foreach((json_t *)(uintptr_t)notices, i, notice)
		if (report_is(notice, "id", id))
			return json_string_value(json_object_get(notice, "text"));
	return NULL;
}

const json_t *report_frame(const struct report *report)
{
	return report->frame;
}

static json_t *change_row(void *arg, size_t index)
{
	struct report *report = arg;
	json_t *row;

	report->failed = fates_row(report->fates, report->journal, index, &row, &report->trouble);
	return row;
}

int report_trouble(const struct report *report, struct error *err)
{
	if (report->failed && err)
		*err = report->trouble;
	return report->failed;
}

void report_rows(struct report *report, struct document_rows *changes, struct document_rows *found)
{
	*changes = (struct document_rows){ "changes", 1, fates_count(report->fates), change_row, report };
	*found = (struct document_rows){ "rows", 2, report->survey_count, survey_row_read, report };
}

int report_write_json(struct report *report, FILE *to, int indent)
{
	struct document_rows rows[2];

	report_rows(report, &rows[0], &rows[1]);
	return document_write(to, report->frame, indent, rows, 2);
}

static int rows_append(json_t *list, const struct document_rows *rows)
{
	int failed = !list;

	for (size_t i = 0; !failed && i < rows->count; i++)
		failed = json_array_append_new(list, rows->row(rows->arg, i));      /* takes no NULL */
	return failed;
}

int report_json(struct runfolder *run, const struct survey *final, json_t **json, struct error *err)
{
	struct document_rows changes, found;
	struct report *report;
	int result = report_open(run, run, final, &report, err);

	if (result)
		return result;
	report_rows(report, &changes, &found);
	if (rows_append(json_object_get(report->frame, "changes"), &changes) ||
	    (report->survey && rows_append(json_object_get(report->survey, "rows"), &found)))
		result = report_trouble(report, err) ? report->failed : error_memory(err);
	else
		*json = json_incref(report->frame);
	talloc_free(report);
	return result;
}
