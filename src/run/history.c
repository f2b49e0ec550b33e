/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal says was decided and done. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "run/engine_internal.h"

enum { ACT_LIMIT = 10000, CHANGES_LIMIT = 200000 };

static struct act_record *act_find(const struct history *history, int number)
{
	for (size_t i = history->count; i-- > 0;)
		if (history->acts[i].number == number)
			return &history->acts[i];
	return NULL;
}

static int act_add(TALLOC_CTX *mem, struct history *history, const json_t *entry, struct act_record **act,
		   struct error *err)
{
	int number = entry_number(entry, "act"), step = entry_number(entry, "step");

	*act = act_find(history, number);
	if (*act)
		return 0;
	if (!number || step < STEP_BACKUP || step > 6 || history->count >= ACT_LIMIT)
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("An act on record has no proper number or step."));
	*act = memory_more(mem, &history->acts, history->count, sizeof **act);
	if (!*act)
		return error_memory(err);
	history->count++;
	**act = (struct act_record){ .number = number,
				     .step = step,
				     .free = json_is_true(json_object_get(entry, "free")),
				     .undo = json_is_true(json_object_get(entry, "undo")) };
	return 0;
}

/* Where the changes of acts stand: with their decisions. */
struct source {
	TALLOC_CTX *mem;
	const struct journal *journal;
	struct change **by_record;     /* number of the decision -> its change; NULL: not read yet */
};

static int source_make(struct source *source, TALLOC_CTX *mem, const struct engine *engine, struct error *err)
{
	*source = (struct source){ mem, engine->journal, memory_array_zero(mem, sizeof *source->by_record, journal_count(engine->journal) + 1) };
	if (!source->by_record)
		return error_memory(err);
	for (size_t i = 0; i < engine->decided_count; i++)
		if (engine->decided[i].change && engine->decided[i].change->record <= journal_count(engine->journal))
			source->by_record[engine->decided[i].change->record] = engine->decided[i].change;
	return 0;
}

static int change_damaged(struct error *err)
{
	return error_set(err, TROUBLE_RECORD_DAMAGED, _("An act on record has no proper list of changes."));
}

/* name: the id of a change that was decided, as number says; else the change itself. */
static int change_read(struct source *source, const json_t *name, json_int_t number, struct change **change, struct error *err)
{
	size_t at = number > 0 && (size_t)number <= journal_count(source->journal) ? (size_t)number : 0;
	const json_t *entry = at ? journal_entry(source->journal, at - 1) : NULL;
	int result = 0;

	if (!json_is_string(name))
		return change_parse(source->mem, name, change, err);
	if (!at || !entry_is(entry, JOURNAL_DECISION))
		return change_damaged(err);
	if (!source->by_record[at]) {
		result = change_parse(source->mem, json_object_get(entry, "change"), &source->by_record[at], err);
		if (!result)
			source->by_record[at]->record = at;
	}
	*change = source->by_record[at];
	if (!result && strcmp((*change)->id, json_string_value(name)) != 0)
		result = change_damaged(err);
	return result;
}

static int changes_read(struct source *source, const json_t *entry, struct act_record *act, struct error *err)
{
	const json_t *list = json_object_get(entry, "changes"), *decided = json_object_get(entry, "decided");
	size_t count = json_array_size(list);
	int result = json_is_array(list) && count <= CHANGES_LIMIT ? 0 : change_damaged(err);

	act->changes = result ? NULL : memory_array_zero(source->mem, sizeof *act->changes, count);
	if (!result && !act->changes)
		result = error_memory(err);
	for (act->count = 0; !result && act->count < count; act->count++)
		result = change_read(source, json_array_get(list, act->count), json_integer_value(json_array_get(decided, act->count)),
				     &act->changes[act->count], err);
	act->begun = true;
	return result;
}

static int history_entry(struct source *source, struct history *history, const json_t *entry, struct error *err)
{
	struct act_record *act = NULL;
	int result = 0;

	if (entry_is(entry, JOURNAL_PREPARING) || entry_is(entry, JOURNAL_ACT) || entry_is(entry, JOURNAL_DONE))
		result = act_add(source->mem, history, entry, &act, err);
	if (!result && entry_is(entry, JOURNAL_ACT))
		return changes_read(source, entry, act, err);
	if (!result && entry_is(entry, JOURNAL_DONE))
		act->done = true;
	if (entry_is(entry, JOURNAL_TRIAL) || entry_is(entry, JOURNAL_TRIED)) {
		history->tried = entry_is(entry, JOURNAL_TRIED);
		history->trial = history->tried ? NULL : entry;
	}
	if (entry_is(entry, JOURNAL_UNDO))
		history->undo = entry;
	if (entry_is(entry, JOURNAL_UNDO) || entry_is(entry, JOURNAL_END) ||
	    (entry_is(entry, JOURNAL_PAUSED) && json_is_true(json_object_get(entry, "undo"))))
		history->undoing = entry_is(entry, JOURNAL_UNDO);
	return result;
}

int history_read(TALLOC_CTX *mem, const struct engine *engine, struct history *history, struct error *err)
{
	struct source source;
	int result = source_make(&source, mem, engine, err);

	*history = (struct history){ .swept = true, .free = true };
	for (size_t i = 0; !result && i < journal_count(engine->journal); i++)
		result = history_entry(&source, history, journal_entry(engine->journal, i), err);
	for (size_t i = 0; i < history->count; i++) {
		history->swept &= history->acts[i].done;
		history->free &= history->acts[i].done || history->acts[i].free;
	}
	return result;
}

bool history_hives_unsure(const struct history *history)
{
	for (size_t i = history->count; i-- > 0;)
		if (history->acts[i].begun &&
		    (history->acts[i].step == STEP_VALUES || history->acts[i].step == STEP_SHARE))
			return !history->acts[i].done;
	return false;
}

bool history_undone(const struct history *history, const char *id)
{
	for (size_t i = history->count; i-- > 0;) {
		const struct act_record *act = &history->acts[i];

		for (size_t k = 0; act->done && k < act->count; k++)
			if (!strcmp(act->changes[k]->id, id))
				return act->undo;
	}
	return false;
}

/* ---- decisions ---- */

static int decision_read(TALLOC_CTX *mem, const json_t *entry, struct decided *decided, struct error *err)
{
	const json_t *id = json_object_get(entry, "id"), *change = json_object_get(entry, "change");
	int result = 0;

	if (!json_is_string(id) ||
	    !decision_parse(json_string_value(json_object_get(entry, "decision")), &decided->decision))
		return error_set(err, TROUBLE_RECORD_DAMAGED, _("A decision on record has no proper id or answer."));
	decided->change = NULL;
	if (decided->decision == DECISION_CHANGE)
		result = change_parse(mem, change, &decided->change, err);
	if (!result && decided->change && strcmp(decided->change->id, json_string_value(id)) != 0)
		result = error_set(err, TROUBLE_RECORD_DAMAGED,
				   _("A decision on record is about another change than it says."));
	if (!result && !decided->id)
		decided->id = decided->change ? decided->change->id : talloc_strdup(mem, json_string_value(id));
	return result || decided->id ? result : error_memory(err);
}

/* The place of an id's decision: a later one takes the place of an earlier. */
static size_t decision_index(json_t *index, const char *id, size_t *count)
{
	const json_t *at = json_object_get(index, id);

	if (at)
		return (size_t)json_integer_value(at);
	json_object_set_new(index, id, json_integer((json_int_t)*count));
	return (*count)++;
}

int decided_read(TALLOC_CTX *mem, const struct journal *journal, struct decided **decided, size_t *count,
		 struct error *err)
{
	json_t *index = json_object();
	int result = index ? 0 : error_memory(err);

	*count = 0;
	*decided = memory_array_zero(mem, sizeof **decided, journal_count(journal));
	if (!*decided)
		result = error_memory(err);
	for (size_t i = 0; !result && i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		struct decided *at;
		const char *id;

		if (!entry_is(entry, JOURNAL_DECISION))
			continue;
		id = json_string_value(json_object_get(entry, "id"));
		at = &(*decided)[decision_index(index, id ? id : "", count)];
		result = decision_read(mem, entry, at, err);
		if (at->change)
			at->change->record = i + 1;
	}
	json_decref(index);
	return result;
}
