/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/later.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/services.h"

/* ---- step 5 ---- */

static int evidence_entry(struct evidence_list *list, const json_t *entry, struct error *err)
{
	struct evidence row, *known, *grown;
	int result = evidence_parse(list, entry, &row, err);

	if (result)
		return result;
	known = evidence_find(list, row.pcmta, row.direction);
	if (known) {
		*known = row;
		return 0;
	}
	grown = memory_array_grow(list, list->rows, sizeof *grown, list->count + 1);
	if (!grown)
		return error_memory(err);
	list->rows = grown;
	grown[list->count++] = row;
	return 0;
}

/* What was said of an MTA that is gone counts for nothing, also when there is one of its name again. */
static int mtas_entry(struct evidence_list *list, const json_t *entry, struct error *err)
{
	char **names;
	size_t count, kept = 0;
	int result = mtas_read(list, entry, &names, &count, err);

	for (size_t i = 0; !result && i < list->count; i++) {
		bool there = false;

		for (size_t k = 0; k < count && !there; k++)
			there = text_equal(names[k], list->rows[i].pcmta);
		if (there)
			list->rows[kept++] = list->rows[i];
	}
	list->count = result ? list->count : kept;
	return result;
}

int evidence_read(TALLOC_CTX *mem, const struct journal *journal, struct evidence_list **out, struct error *err)
{
	struct evidence_list *list = talloc_zero(mem, struct evidence_list);
	int result = list ? 0 : error_memory(err);

	for (size_t i = 0; !result && i < journal_count(journal); i++)
		if (entry_is(journal_entry(journal, i), "evidence"))
			result = evidence_entry(list, journal_entry(journal, i), err);
		else if (entry_is(journal_entry(journal, i), "pcmtas"))
			result = mtas_entry(list, journal_entry(journal, i), err);
	if (result)
		talloc_free(list);
	else
		*out = list;
	return result;
}

/* ---- step 6 ---- */

const char *oldfolder_end_name(enum oldfolder_end end)
{
	static const char *const names[] = {
		[OLDFOLDER_NOT_REACHED] = "not reached", [OLDFOLDER_LEFT] = "left",      [OLDFOLDER_DECIDED] = "not finished",
		[OLDFOLDER_IS_ASIDE] = "set aside",      [OLDFOLDER_IS_BACK] = "put back", [OLDFOLDER_CUT] = "deletion cut off",
		[OLDFOLDER_DELETED] = "deleted",
	};

	return names[end];
}

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

	if (entry_number(entry, "step") == STEP_OLDFOLDER && entry_is(entry, "done"))
		record->end = undo ? OLDFOLDER_IS_BACK : OLDFOLDER_IS_ASIDE;
}

static void deletion_told(struct oldfolder_record *record, const json_t *entry)
{
	told_by(record, entry);
	record->end = entry_is(entry, "deleted") ? OLDFOLDER_DELETED : OLDFOLDER_CUT;
	record->folder = path_of_json(record, entry, "folder");
	/* What a deletion that is gone on with finds is only the rest. */
	if (!record->files) {
		record->files = json_integer_value(json_object_get(entry, "files"));
		record->bytes = json_integer_value(json_object_get(entry, "bytes"));
	}
	record->weak = json_is_true(json_object_get(entry, "weak"));
}

int oldfolder_read(TALLOC_CTX *mem, const struct journal *journal, struct oldfolder_record **out, struct error *err)
{
	static const struct {
		const char *what;
		void (*tell)(struct oldfolder_record *, const json_t *);
	} told[] = {
		{ "decision", decision_told }, { "done", act_told }, { "deleting", deletion_told }, { "deleted", deletion_told },
	};
	struct oldfolder_record *record = talloc_zero(mem, struct oldfolder_record);

	for (size_t i = 0; record && i < journal_count(journal); i++)
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			if (entry_is(journal_entry(journal, i), told[k].what))
				told[k].tell(record, journal_entry(journal, i));
	*out = record;
	return record ? 0 : error_memory(err);
}
