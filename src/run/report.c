/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: from the journal, and what the last look at the server saw. */
#include "run/report_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "run/journal_internal.h"

json_t *report_member(const json_t *from, const char *name)
{
	const json_t *member = json_object_get(from, name);

	return member ? json_deep_copy(member) : json_null();
}

/* A path as it was, made safe to show; NULL where there is none. */
static char *path_shown(const json_t *from, const char *name)
{
	const char *coded = json_string_value(json_object_get(from, name));
	char *path = coded ? text_unpercent(NULL, coded) : NULL, *shown = path ? text_shown(NULL, path) : NULL;

	talloc_free(path);
	return shown;
}

static json_t *path_copy(const json_t *from, const char *name)
{
	char *shown = path_shown(from, name);
	json_t *json = shown ? json_string(shown) : json_null();

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

/* The ids that were put back after the last look at the server and were not made again: of them it says what was. */
static json_t *undone_since(const struct journal *journal)
{
	json_t *since = json_object(), *ids = json_array(), *state;
	const char *id;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		bool undo = json_is_true(json_object_get(entry, "undo"));

		if (entry_is(entry, "surveyed"))
			json_object_clear(since);
		json_object_foreach(json_object_get(entry, "looked"), id, state)
			undo ? json_object_set(since, id, state) : json_object_del(since, id);
	}
	json_object_foreach(since, id, state)
		json_array_append_new(ids, json_string(id));
	json_decref(since);
	return ids;
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
	json_object_set_new(report, "undone_since", undone_since(journal));
}

/* "MSExchangeMSMI: stopped" */
static char *service_said(const json_t *entry)
{
	const char *to = json_string_value(json_object_get(entry, "to"));
	char *name = path_shown(entry, "name"), *said = name && to ? talloc_asprintf(NULL, "%s: %s", name, to) : NULL;

	talloc_free(name);
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

/* Of the end; of the beginning where there was none; NULL where neither can be read. */
static int survey_read(struct runfolder *run, json_t **survey, struct error *err)
{
	static const char *const places[] = { REPORT_SURVEY, "plan.json" };
	int result = 0;

	*survey = NULL;
	for (size_t i = 0; !result && !*survey && i < sizeof places / sizeof *places; i++) {
		if (runfolder_has(run, places[i]))
			result = runfolder_read_json(run, places[i], survey, err);
		if (result == -TROUBLE_RECORD_DAMAGED)
			result = 0;
		if (!json_is_array(json_object_get(*survey, "rows"))) {
			json_decref(*survey);
			*survey = NULL;
		}
	}
	return result;
}

static int survey_put(json_t *report, struct runfolder *run, const struct survey *final, struct error *err)
{
	json_t *survey = NULL, *row;
	int result = final ? 0 : survey_read(run, &survey, err);
	size_t i;

	if (result)
		return result;
	if (final && !(survey = survey_json(final)))
		return error_memory(err);
	json_array_foreach(json_object_get(survey, "rows"), i, row)
		json_object_del(row, "decision");
	return json_object_set_new(report, "survey", survey ? survey : json_null()) ? error_memory(err) : 0;
}

/* ---- the whole ---- */

static int report_fill(json_t *report, TALLOC_CTX *mem, struct runfolder *run, const struct survey *final, struct error *err)
{
	struct journal *journal;
	int result = journal_open(mem, run, &journal, err);

	if (!result)
		result = report_later(report, journal, err);
	if (result)
		return result;
	frame_put(report, run, journal);
	end_put(report, journal);
	if (report_changes(report, journal))
		return error_memory(err);
	notes_put(report, journal);
	return survey_put(report, run, final, err);
}

int report_json(struct runfolder *run, const struct survey *final, json_t **json, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	json_t *report = json_object();
	int result = tmp && report ? report_fill(report, tmp, run, final, err) : error_memory(err);

	talloc_free(tmp);
	if (result)
		json_decref(report);
	else
		*json = report;
	return result;
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
