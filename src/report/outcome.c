/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/outcome.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"

/* ---- the PC MTAs by name ---- */

int mtas_read(TALLOC_CTX *mem, const json_t *entry, char ***names, size_t *count, struct error *err)
{
	const json_t *list = json_object_get(entry, "names"), *name;
	size_t i;

	*count = 0;
	*names = memory_array(mem, sizeof **names, json_array_size(list) + 1);
	if (!*names)
		return error_memory(err);
	json_array_foreach (list, i, name) {
		char *text =
			json_is_string(name) ? text_unpercent(mem, json_string_value(name)) : NULL;

		if (!text)
			return error_set(err, TROUBLE_RECORD_DAMAGED,
				_("The PC MTAs on record cannot be read."));
		(*names)[(*count)++] = text;
	}
	if (json_is_true(json_object_get(entry, "appletalk")))
		(*names)[(*count)++] = talloc_strdup(mem, ARTICLE_SERVICE_ATMTA);
	return 0;
}

/* ---- step 5 ---- */

static int evidence_entry(struct evidence_list *list, const json_t *entry, struct error *err)
{
	struct evidence row, *at;
	int ret = evidence_parse(list, entry, &row, err);

	if (ret)
		return ret;
	at = evidence_find(list, row.pcmta, row.direction);
	if (!at) {
		at = memory_more(list, &list->rows, list->count, sizeof *at);
		if (!at)
			return error_memory(err);
		list->count++;
	}
	*at = row;
	return 0;
}

/* What was said of an MTA that is gone counts for nothing, also when there is one of its name
 * again. */
static int mtas_entry(struct evidence_list *list, const json_t *entry, struct error *err)
{
	char **names;
	size_t count, kept = 0;
	int ret = mtas_read(list, entry, &names, &count, err);

	for (size_t i = 0; !ret && i < list->count; i++) {
		bool there = false;

		for (size_t k = 0; k < count && !there; k++)
			there = text_equal(names[k], list->rows[i].pcmta);
		if (there)
			list->rows[kept++] = list->rows[i];
	}
	list->count = ret ? list->count : kept;
	return ret;
}

int evidence_read(TALLOC_CTX *mem, const struct journal *journal, struct evidence_list **out,
	struct error *err)
{
	struct evidence_list *list = talloc_zero(mem, struct evidence_list);
	int ret = list ? 0 : error_memory(err);

	for (size_t i = 0; !ret && i < journal_count(journal); i++)
		if (entry_is(journal_entry(journal, i), JOURNAL_EVIDENCE))
			ret = evidence_entry(list, journal_entry(journal, i), err);
		else if (entry_is(journal_entry(journal, i), JOURNAL_PCMTAS))
			ret = mtas_entry(list, journal_entry(journal, i), err);
	if (ret)
		talloc_free(list);
	else
		*out = list;
	return ret;
}

/* ---- undo ---- */

const char *undo_way_text(const char *way)
{
	static const struct {
		const char *way, *text;
	} rows[] = {
		{ "whole", N_("The registry files go back as they were saved.") },
		{ "foreign",
			N_("Somebody else has written to the registry since it was saved: each value goes back by itself, and what they wrote stays.") },
		{ "untold",
			N_("It cannot be told whether somebody else has written to the registry since it was saved: each value goes back by itself.") },
	};

	for (size_t i = 0; way && i < ARRAY_SIZE(rows); i++)
		if (!strcmp(rows[i].way, way))
			return rows[i].text;
	return NULL;
}

/* ---- step 6 ---- */

static void told_by(struct oldfolder_record *record, const json_t *entry)
{
	record->operator_name = json_string_value(json_object_get(entry, "operator"));
	record->at = json_string_value(json_object_get(entry, "at"));
}

static void decision_told(struct oldfolder_record *record, const json_t *entry)
{
	const json_t *change = json_object_get(entry, "change");

	if (!entry_says(entry, "id", "oldfolder"))
		return;
	told_by(record, entry);
	record->end = change ? OLDFOLDER_DECIDED : OLDFOLDER_LEFT;
	if (!change)
		return;
	record->folder = path_of_json(record, change, "target");
	record->aside = path_of_json(record, change, "source");
}

static void act_told(struct oldfolder_record *record, const json_t *entry)
{
	if (entry_number(entry, "step") == STEP_OLDFOLDER)
		record->end = json_is_true(json_object_get(entry, "undo")) ? OLDFOLDER_IS_BACK
									   : OLDFOLDER_IS_ASIDE;
}

static void deletion_told(struct oldfolder_record *record, const json_t *entry)
{
	told_by(record, entry);
	record->end = entry_is(entry, JOURNAL_DELETED) ? OLDFOLDER_DELETED : OLDFOLDER_CUT;
	record->folder = path_of_json(record, entry, "folder");
	/* A deletion that is resumed finds only the rest. */
	if (!record->files) {
		record->files = json_integer_value(json_object_get(entry, "files"));
		record->bytes = json_integer_value(json_object_get(entry, "bytes"));
	}
	record->weak = json_is_true(json_object_get(entry, "weak"));
}

int oldfolder_read(TALLOC_CTX *mem, const struct journal *journal, struct oldfolder_record **record,
	struct error *err)
{
	*record = talloc_zero(mem, struct oldfolder_record);
	if (!*record)
		return error_memory(err);
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_DECISION))
			decision_told(*record, entry);
		else if (entry_is(entry, JOURNAL_DONE))
			act_told(*record, entry);
		else if (entry_is(entry, JOURNAL_DELETING) || entry_is(entry, JOURNAL_DELETED))
			deletion_told(*record, entry);
		/* Somebody has renamed it back before the undo did. */
		else if (entry_state(entry) == STATE_UNDONE && (*record)->end == OLDFOLDER_IS_ASIDE)
			(*record)->end = OLDFOLDER_IS_BACK;
	}
	return 0;
}
