/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/outcome.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"

/* ---- the PC MTAs by name ---- */

static int name_add(TALLOC_CTX *mem, const char *name, char ***names, size_t *count, struct error *err)
{
	char **more = memory_more(mem, names, *count, sizeof *more);

	if (more)
		*more = talloc_strdup(*names, name);
	if (!more || !*more)
		return error_memory(err);
	(*count)++;
	return 0;
}

int mtas_read(TALLOC_CTX *mem, const json_t *entry, char ***names, size_t *count, struct error *err)
{
	bool appletalk = json_is_true(json_object_get(entry, "appletalk"));
	const json_t *name;
	int result = 0;
	size_t i;

	*count = 0;
	*names = NULL;
	json_array_foreach(json_object_get(entry, "names"), i, name) {
		char *text = json_is_string(name) ? text_unpercent(mem, json_string_value(name)) : NULL;

		if (!result && !text)
			result = error_set(err, TROUBLE_RECORD_DAMAGED, _("The PC MTAs on record cannot be read."));
		if (!result)
			result = name_add(mem, text, names, count, err);
	}
	return result || !appletalk ? result : name_add(mem, ARTICLE_SERVICE_ATMTA, names, count, err);
}

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
		if (entry_is(journal_entry(journal, i), JOURNAL_EVIDENCE))
			result = evidence_entry(list, journal_entry(journal, i), err);
		else if (entry_is(journal_entry(journal, i), JOURNAL_PCMTAS))
			result = mtas_entry(list, journal_entry(journal, i), err);
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
