/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the journal says was decided and done. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "run/engine_internal.h"

enum { ACT_LIMIT = 10000 };

/* ---- decisions ---- */

struct decided *engine_decided(const struct engine *engine, const char *id)
{
	for (size_t i = 0; i < engine->decided_count; i++)
		if (!strcmp(engine->decided[i].id, id))
			return &engine->decided[i];
	return NULL;
}

int decided_put(struct engine *engine, const char *id, enum decision decision,
	struct change *change, struct error *err)
{
	struct decided *at = engine_decided(engine, id);

	if (!at) {
		at = memory_more(engine, &engine->decided, engine->decided_count, sizeof *at);
		if (!at || !(at->id = talloc_strdup(engine, id)))
			return error_memory(err);
		engine->decided_count++;
	}
	at->decision = decision;
	at->change = change;
	return 0;
}

/* The change that the entry of that number decided. */
static int change_decided(TALLOC_CTX *mem, const struct journal *journal, size_t number,
	struct change **change, struct error *err)
{
	const json_t *entry = journal_entry(journal, number - 1);
	const char *id = json_string_value(json_object_get(entry, "id"));
	int ret = change_parse(mem, json_object_get(entry, "change"), change, err);

	if (ret)
		return ret;
	if (!id || strcmp((*change)->id, id) != 0)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("A decision on record is about another change than it says."));
	(*change)->record = number;
	return 0;
}

static int decision_read(struct engine *engine, size_t number, struct error *err)
{
	const json_t *entry = journal_entry(engine->journal, number - 1);
	const char *id = json_string_value(json_object_get(entry, "id"));
	struct change *change = NULL;
	enum decision decision;
	int ret = 0;

	if (!id ||
		!decision_parse(json_string_value(json_object_get(entry, "decision")), &decision))
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("A decision on record has no proper id or answer."));
	if (decision == DECISION_CHANGE)
		ret = change_decided(engine, engine->journal, number, &change, err);
	return ret ? ret : decided_put(engine, id, decision, change, err);
}

int decided_read(struct engine *engine, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < journal_count(engine->journal); i++)
		if (entry_is(journal_entry(engine->journal, i), JOURNAL_DECISION))
			ret = decision_read(engine, i + 1, err);
	return ret;
}

struct change **changes_decided(TALLOC_CTX *mem, const struct engine *engine, size_t *count)
{
	struct change **changes = memory_array(mem, sizeof *changes, engine->decided_count);

	*count = 0;
	for (size_t i = 0; changes && i < engine->decided_count; i++)
		if (engine->decided[i].change)
			changes[(*count)++] = engine->decided[i].change;
	return changes;
}

/* ---- acts ---- */

static struct act_record *act_find(const struct history *history, int number)
{
	for (size_t i = history->count; i-- > 0;)
		if (history->acts[i].number == number)
			return &history->acts[i];
	return NULL;
}

static int act_add(TALLOC_CTX *mem, struct history *history, size_t at, const json_t *entry,
	struct act_record **act, struct error *err)
{
	int number = entry_number(entry, "act"), step = entry_number(entry, "step");

	*act = act_find(history, number);
	if (*act)
		return 0;
	if (!number || step < STEP_BACKUP || step > 6 || history->count >= ACT_LIMIT)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("An act on record has no proper number or step."));
	*act = memory_more(mem, &history->acts, history->count, sizeof **act);
	if (!*act)
		return error_memory(err);
	history->count++;
	**act = (struct act_record){ .number = number,
		.step = step,
		.prepared = at,
		.free = json_is_true(json_object_get(entry, "free")),
		.undo = json_is_true(json_object_get(entry, "undo")) };
	return 0;
}

static int change_damaged(struct error *err)
{
	return error_set(err, TROUBLE_RECORD_DAMAGED,
		_("An act on record has no proper list of changes."));
}

/* name: the id of a change that was decided, by the entry of that number; else the change
 * itself. */
static int change_read(TALLOC_CTX *mem, const struct engine *engine, const json_t *name,
	json_int_t number, struct change **change, struct error *err)
{
	const char *id = json_string_value(name);
	const struct decided *decided = id ? engine_decided(engine, id) : NULL;
	int ret;

	if (!id)
		return change_parse(mem, name, change, err);
	if (!decided || number <= 0)
		return change_damaged(err);
	if (decided->change && decided->change->record == (size_t)number) {
		*change = decided->change;
		return 0;
	}
	ret = change_decided(mem, engine->journal, (size_t)number, change, err);
	return !ret && strcmp((*change)->id, id) != 0 ? change_damaged(err) : ret;
}

static int changes_read(TALLOC_CTX *mem, const struct engine *engine, const json_t *entry,
	struct act_record *act, struct error *err)
{
	const json_t *list = json_object_get(entry, "changes"),
		     *decided = json_object_get(entry, "decided");
	size_t count = json_array_size(list);
	int ret = json_is_array(list) ? 0 : change_damaged(err);

	act->changes = memory_array_zero(mem, sizeof *act->changes, count);
	if (!act->changes)
		return error_memory(err);
	for (act->count = 0; !ret && act->count < count; act->count++)
		ret = change_read(mem, engine, json_array_get(list, act->count),
			json_integer_value(json_array_get(decided, act->count)),
			&act->changes[act->count], err);
	act->begun = true;
	return ret;
}

/* An act of steps 2 to 4 went with its overlay; whatever was done of them since follows what was
 * decided. */
static void lost_read(struct history *history, const json_t *entry)
{
	int step = entry_number(entry, "step");
	bool undo = json_is_true(json_object_get(entry, "undo"));

	if (step < STEP_FILES || step > STEP_SHARE || undo)
		return;
	if (entry_says(entry, "what", "lost"))
		history->lost = true;
	else if (entry_is(entry, JOURNAL_DONE))
		history->lost = false;
}

static int history_entry(TALLOC_CTX *mem, const struct engine *engine, struct history *history,
	size_t number, struct error *err)
{
	const json_t *entry = journal_entry(engine->journal, number - 1);
	struct act_record *act = NULL;
	int ret = 0;

	if (entry_is(entry, JOURNAL_PREPARING) || entry_is(entry, JOURNAL_ACT) ||
		entry_is(entry, JOURNAL_DONE))
		ret = act_add(mem, history, number, entry, &act, err);
	if (!ret && entry_is(entry, JOURNAL_ACT))
		return changes_read(mem, engine, entry, act, err);
	if (!ret && entry_is(entry, JOURNAL_DONE)) {
		act->done = true;
		act->at = number;
	}
	lost_read(history, entry);
	if (entry_is(entry, JOURNAL_TRIAL) || entry_is(entry, JOURNAL_TRIED)) {
		history->tried = entry_is(entry, JOURNAL_TRIED);
		history->trial = history->tried ? NULL : entry;
	}
	if (entry_is(entry, JOURNAL_UNDO))
		history->undo = entry;
	if (entry_is(entry, JOURNAL_UNDO) || entry_is(entry, JOURNAL_END) ||
		json_is_true(json_object_get(entry, "left")) ||
		(entry_is(entry, JOURNAL_PAUSED) && json_is_true(json_object_get(entry, "undo"))))
		history->undoing = entry_is(entry, JOURNAL_UNDO);
	return ret;
}

int history_read(TALLOC_CTX *mem, const struct engine *engine, struct history *history,
	struct error *err)
{
	int ret = 0;

	*history = (struct history){ .state = journal_state(engine->journal),
		.entries = journal_count(engine->journal),
		.swept = true,
		.free = true };
	for (size_t i = 0; !ret && i < journal_count(engine->journal); i++)
		ret = history_entry(mem, engine, history, i + 1, err);
	for (size_t i = 0; i < history->count; i++) {
		history->swept &= history->acts[i].done;
		history->free &= history->acts[i].done || history->acts[i].free;
	}
	return ret;
}

const struct act_record *history_act(const struct history *history, const char *id, bool done)
{
	for (size_t i = history->count; i-- > 0;) {
		const struct act_record *act = &history->acts[i];

		for (size_t k = 0; (act->done || !done) && k < act->count; k++)
			if (!strcmp(act->changes[k]->id, id))
				return act;
	}
	return NULL;
}

bool history_cut(const struct history *history, const char *id)
{
	const struct act_record *act = history_act(history, id, false);

	return act && !act->done;
}

bool history_unsure(const struct history *history, const char *id)
{
	const struct act_record *act = history_act(history, id, false);

	return history_cut(history, id) && (act->step == STEP_VALUES || act->step == STEP_SHARE);
}

bool history_undone(const struct history *history, const char *id)
{
	const struct act_record *act = history_act(history, id, true);

	return act && act->undo;
}

bool history_taken_back(const struct history *history, const struct change *change)
{
	const struct act_record *act = history_act(history, change->id, true);

	return act && act->undo && change->record < act->at;
}

bool history_made(const struct history *history, const char *id)
{
	const struct act_record *act = history_act(history, id, true);

	return act && !act->undo;
}

struct record_tally history_tally(const struct engine *engine, const struct history *history)
{
	struct record_tally tally = { 0 };

	for (size_t i = 0; i < engine->decided_count; i++) {
		const struct change *change = engine->decided[i].change;

		if (!change || change->step < STEP_FILES || change->step > STEP_SHARE)
			continue;
		if (history_taken_back(history, change))
			tally.put_back++;
		else if (history_made(history, change->id))
			tally.made++;
		else
			tally.open++;
	}
	return tally;
}

int history_keep(struct engine *engine, const struct history *history, int ret,
	const struct error *err)
{
	struct journal *journal = engine->journal;
	const json_t *end = journal_last(journal, JOURNAL_END);
	bool ended = history->state == STATE_DONE || history->state == STATE_UNDONE;
	bool acted = !ret || ret == -TROUBLE_STOPPED || journal_count(journal) == history->entries;
	json_t *fields;

	for (size_t i = history->entries; i < journal_count(journal); i++)
		acted |= entry_is(journal_entry(journal, i), JOURNAL_ACT);
	if (acted)
		return ret;
	fields = ended ? json_pack("{s:O, s:O}", "result", json_object_get(end, "result"), "exit",
				 json_object_get(end, "exit"))
		       : json_pack("{s:s, s:b}", "text", err ? error_recorded(engine, err) : "",
				 "left", !history->undoing);
	(void)journal_add(journal,
		ended                                    ? JOURNAL_END
			: history->state == STATE_PAUSED ? JOURNAL_PAUSED
							 : JOURNAL_NOTE,
		fields, true, NULL);
	return ret;
}
