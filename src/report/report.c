/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: from the journal, and what the last look at the server saw. */
#include <string.h>

#include "base/memory.h"
#include "report/report_internal.h"

/* Of the end; of the beginning where there was none; NULL where neither can be read. */
static int survey_read(struct runfolder *run, json_t **survey, struct error *err)
{
	static const char *const places[] = { REPORT_SURVEY, "plan.json" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int ret = runfolder_size(run, places[i]) >= 0
			? runfolder_read_json(run, places[i], survey, err)
			: 0;

		if (ret && ret != -TROUBLE_RECORD_DAMAGED)
			return ret;
		if (json_is_array(json_object_get(*survey, "rows")))
			return 0;
		json_decref(*survey);
		*survey = NULL;
	}
	return 0;
}

static int survey_take(struct report *report, struct runfolder *run, const struct survey *final,
	struct error *err)
{
	int ret = 0;
	json_t *row;
	size_t i;

	if (final)
		report->survey = survey_json(final);
	else
		ret = survey_read(run, &report->survey, err);
	json_array_foreach (json_object_get(report->survey, "rows"), i, row)
		json_object_del(row, "decision");
	return ret;
}

/* Of these the last look at the server says what was. */
static json_t *undone_since(const struct journal *journal)
{
	json_t *since = json_object(), *ids = json_array(), *state;
	const char *id;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		bool undo = json_is_true(json_object_get(entry, "undo"));

		if (entry_is(entry, JOURNAL_SURVEYED))
			json_object_clear(since);
		json_object_foreach (json_object_get(entry, "looked"), id, state)
			undo ? json_object_set(since, id, state) : json_object_del(since, id);
	}
	json_object_foreach (since, id, state)
		json_array_append_new(ids, json_string(id));
	json_decref(since);
	return ids;
}

static int report_fill(struct report *report, struct runfolder *run, const struct survey *final,
	struct error *err)
{
	int ret = journal_open(report, run, &report->journal, err);

	if (!ret)
		ret = evidence_read(report, report->journal, &report->mail, err);
	if (!ret)
		ret = oldfolder_read(report, report->journal, &report->old_folder, err);
	if (ret)
		return ret;
	report->run = run;
	report->begun = journal_last(report->journal, JOURNAL_RUN);
	report->surveyed = journal_last(report->journal, JOURNAL_SURVEYED);
	report->simulated = json_is_true(json_object_get(report->begun, "simulated"));
	report->end = journal_result(report->journal);
	report->weakest = evidence_weakest(report->mail);
	report->undone_since = undone_since(report->journal);
	ret = report_changes(report, err);
	return ret ? ret : survey_take(report, run, final, err);
}

static int report_free(struct report *report)
{
	json_decref(report->survey);
	json_decref(report->undone_since);
	return 0;
}

int report_read(TALLOC_CTX *mem, struct runfolder *run, const struct survey *final,
	struct report **report, struct error *err)
{
	struct report *made = talloc_zero(mem, struct report);
	int ret;

	if (!made)
		return error_memory(err);
	talloc_set_destructor(made, report_free);
	ret = report_fill(made, run, final, err);
	if (ret)
		talloc_free(made);
	else
		*report = made;
	return ret;
}

const char *report_notice(const struct report *report, const char *id)
{
	const json_t *notices = json_object_get(report->survey, "notices"), *notice;
	size_t i;

	json_array_foreach (notices, i, notice)
		if (entry_says(notice, "id", id))
			return json_string_value(json_object_get(notice, "text"));
	return NULL;
}
