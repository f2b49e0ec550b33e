/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: from the journal, and what the last look at the server saw. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/report_internal.h"

static int survey_take(struct report *report, struct runfolder *run, struct error *err)
{
	struct error why;
	int ret = report_survey(report, run, &why);
	json_t *row;
	size_t i;

	json_array_foreach (json_object_get(report->survey, "rows"), i, row)
		json_object_del(row, "decision");
	return report_unread(report, ret, &why, err);
}

/* Without it mail counts as not tested. */
static int mail_take(struct report *report, struct error *err)
{
	struct error why;
	int ret = evidence_read(report, report->journal, &report->mail, &why);

	if (ret) {
		report->mail = talloc_zero(report, struct evidence_list);
		if (!report->mail)
			return error_memory(err);
	}
	return report_unread(report, ret, &why, err);
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
		if (!entry_is(entry, JOURNAL_DONE))
			continue;
		json_object_foreach (json_object_get(entry, "looked"), id, state)
			undo ? json_object_set(since, id, state) : json_object_del(since, id);
	}
	json_object_foreach (since, id, state)
		json_array_append_new(ids, json_string(id));
	json_decref(since);
	return ids;
}

static int report_fill(struct report *report, struct runfolder *run, struct error *err)
{
	int ret = journal_open(report, run, &report->journal, err);

	if (!ret)
		ret = report_journal(report, err);
	if (!ret)
		ret = report_changes(report, err);
	if (!ret)
		ret = mail_take(report, err);
	if (!ret)
		ret = oldfolder_read(report, report->journal, &report->old_folder, err);
	if (ret)
		return ret;
	report->run = run;
	report->begun = journal_last(report->journal, JOURNAL_RUN);
	report->surveyed = journal_last(report->journal, JOURNAL_SURVEYED);
	report->simulated = json_is_true(json_object_get(report->begun, "simulated"));
	if (!report->undo) {
		report->ended = journal_last(report->journal, JOURNAL_END);
		report->end = journal_result(report->journal);
	}
	report->weakest = evidence_weakest(report->mail);
	report->undone_since = undone_since(report->journal);
	report->looked_before = report->undo || json_array_size(report->undone_since);
	ret = survey_take(report, run, err);
	if (ret)
		return ret;
	report_steps(report);
	return report_kept_files(report, run, err);
}

static int report_free(struct report *report)
{
	json_decref(report->survey);
	json_decref(report->words);
	json_decref(report->undone_since);
	return 0;
}

int report_read(TALLOC_CTX *mem, struct runfolder *run, const json_t *words, struct report **report,
	struct error *err)
{
	struct report *made = talloc_zero(mem, struct report);
	int ret;

	if (!made)
		return error_memory(err);
	talloc_set_destructor(made, report_free);
	made->words = words ? json_deep_copy(words) : json_object();
	ret = report_fill(made, run, err);
	if (ret)
		talloc_free(made);
	else
		*report = made;
	return ret;
}

const char *report_said(const struct report *report, const char *text)
{
	const char *shown = json_string_value(json_object_get(report->words, text));

	return shown ? shown : i18n_word(text);
}

const char *report_notice(const struct report *report, const char *id)
{
	const json_t *notices = json_object_get(report->survey, "notices"), *notice;
	size_t i;

	json_array_foreach (notices, i, notice)
		if (entry_says(notice, "id", id))
			return report_said(report, writing_said(notice, "text"));
	return NULL;
}
