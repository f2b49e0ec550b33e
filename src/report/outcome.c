/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/outcome.h"

#include <string.h>

#include "base/memory.h"
#include "repair/article.h"

/* ---- step 5 ---- */

static int evidence_entry(struct evidence_list *list, const json_t *entry, struct error *err)
{
	struct evidence row, *known, *more;
	int result = evidence_parse(list, entry, &row, err);

	if (result)
		return result;
	known = evidence_find(list, row.pcmta, row.direction);
	if (known) {
		*known = row;
		return 0;
	}
	more = memory_more(list, &list->rows, list->count, sizeof *more);
	if (!more)
		return error_memory(err);
	list->count++;
	*more = row;
	return 0;
}

int evidence_read(TALLOC_CTX *mem, const struct journal *journal, struct evidence_list **out, struct error *err)
{
	struct evidence_list *list = talloc_zero(mem, struct evidence_list);
	int result = list ? 0 : error_memory(err);

	for (size_t i = 0; !result && i < journal_count(journal); i++)
		if (entry_is(journal_entry(journal, i), JOURNAL_EVIDENCE))
			result = evidence_entry(list, journal_entry(journal, i), err);
	if (result)
		talloc_free(list);
	else
		*out = list;
	return result;
}

/* ---- step 6 ---- */

static void told_by(struct oldfolder_record *record, const json_t *entry)
{
	const char *name = json_string_value(json_object_get(entry, "operator")), *at = json_string_value(json_object_get(entry, "at"));

	talloc_free(record->operator_name);
	talloc_free(record->at);
	record->operator_name = name ? talloc_strdup(record, name) : NULL;
	record->at = at ? talloc_strdup(record, at) : NULL;
}

static void decision_told(struct oldfolder_record *record, const json_t *entry)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	const json_t *change = json_object_get(entry, "change");

	if (!id || strcmp(id, "oldfolder") != 0)
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
	bool undo = json_is_true(json_object_get(entry, "undo"));

	if (entry_number(entry, "step") == STEP_OLDFOLDER && entry_is(entry, JOURNAL_DONE))
		record->end = undo ? OLDFOLDER_IS_BACK : OLDFOLDER_IS_ASIDE;
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

int oldfolder_read(TALLOC_CTX *mem, const struct journal *journal, struct oldfolder_record **out, struct error *err)
{
	static const struct {
		enum journal_kind kind;
		void (*tell)(struct oldfolder_record *, const json_t *);
	} told[] = {
		{ JOURNAL_DECISION, decision_told }, { JOURNAL_DONE, act_told }, { JOURNAL_DELETING, deletion_told }, { JOURNAL_DELETED, deletion_told },
	};
	struct oldfolder_record *record = talloc_zero(mem, struct oldfolder_record);

	for (size_t i = 0; record && i < journal_count(journal); i++)
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			if (entry_is(journal_entry(journal, i), told[k].kind))
				told[k].tell(record, journal_entry(journal, i));
	*out = record;
	return record ? 0 : error_memory(err);
}
