/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was decided about each id, and what became of it. Of thousands of changes only that is held; the rest is read from the journal, a row at a time. */
#include "run/report_internal.h"

#include <string.h>

#include "base/memory.h"
#include "run/engine_internal.h"

enum { LAST_CARRIED = 4, STEPS = 6 };

enum fate_end { FATE_NONE, FATE_LEFT, FATE_NOT_MADE, FATE_BEGUN, FATE_VERIFIED, FATE_BACK };

struct fate {
	char *id;
	const char *checked;       /* when it was looked at, or NULL */
	size_t decided;            /* number of the last decision about it, 0 for none */
	json_int_t items;          /* what the backup holds */
	enum fate_end end;
	short step;                /* 0 where no change was decided */
	bool keep;
};

struct fates {
	struct fate *list;
	size_t count;
	json_t *by_id;             /* while they are read: id -> its place in list */
};

static const char *end_name(enum fate_end end)
{
	static const char *const names[] = { "", "left", "not made", "begun", "verified", "put back" };

	return names[end];
}

static struct fate *fate_of(struct fates *fates, const char *id)
{
	const json_t *at = id ? json_object_get(fates->by_id, id) : NULL;
	struct fate *fate;

	if (!id || at)
		return at ? &fates->list[json_integer_value(at)] : NULL;
	fate = memory_more(fates, &fates->list, fates->count, sizeof *fate);
	if (!fate || json_object_set_new(fates->by_id, id, json_integer((json_int_t)fates->count)))
		return NULL;
	fate->id = talloc_strdup(fates, id);
	fates->count += fate->id != NULL;
	return fate->id ? fate : NULL;
}

static int fate_decided(struct fates *fates, const json_t *entry)
{
	const json_t *change = json_object_get(entry, "change");
	const char *decision = json_string_value(json_object_get(entry, "decision"));
	struct fate *fate = fate_of(fates, json_string_value(json_object_get(entry, "id")));

	if (!fate)
		return -1;
	fate->decided = (size_t)entry_number(entry, "n");
	fate->keep = decision && !strcmp(decision, "keep");
	fate->end = change ? FATE_NOT_MADE : FATE_LEFT;
	fate->step = change ? (short)entry_number(change, "step") : fate->step;
	return 0;
}

static int fate_act(struct fates *fates, const json_t *entry)
{
	const json_t *change;
	size_t i;
	int failed = 0;

	json_array_foreach(json_object_get(entry, "changes"), i, change) {
		struct fate *fate = fate_of(fates, json_string_value(json_is_string(change) ? change : json_object_get(change, "id")));

		failed |= !fate;
		if (fate)
			fate->end = FATE_BEGUN;
	}
	return failed;
}

/* What was looked at after it was switched in is verified; after an undo it is put back. */
static int fate_done(struct fates *fates, const json_t *entry)
{
	const char *at = json_string_value(json_object_get(entry, "at"));
	char *checked = at ? talloc_strdup(fates, at) : NULL;
	const json_t *state;
	const char *id;
	int failed = !checked;

	json_object_foreach((json_t *)(uintptr_t)json_object_get(entry, "looked"), id, state) {
		struct fate *fate = fate_of(fates, id);

		failed |= !fate;
		if (!fate)
			continue;
		fate->end = json_is_true(json_object_get(entry, "undo")) ? FATE_BACK : FATE_VERIFIED;
		fate->checked = checked;
		fate->items = json_object_get(entry, "items") ? json_integer_value(json_object_get(entry, "items")) : fate->items;
	}
	return failed;
}

static int fates_free(struct fates *fates)
{
	json_decref(fates->by_id);
	return 0;
}

static int fates_entry(struct fates *fates, const struct journal *journal, size_t index, struct error *err)
{
	static const struct {
		const char *what;
		int (*read)(struct fates *, const json_t *);
	} readers[] = {
		{ "decision", fate_decided }, { "act", fate_act }, { "done", fate_done },
	};
	const json_t *entry;
	int result = 0;

	for (size_t k = 0; !result && k < sizeof readers / sizeof *readers; k++) {
		if (!journal_is(journal, index, readers[k].what))
			continue;
		result = journal_fetch(journal, index, &entry, err);
		if (!result && readers[k].read(fates, entry))
			result = error_memory(err);
	}
	return result;
}

int fates_read(TALLOC_CTX *mem, const struct journal *journal, struct fates **fates, struct error *err)
{
	int result;

	*fates = talloc_zero(mem, struct fates);
	if (!*fates)
		return error_memory(err);
	talloc_set_destructor(*fates, fates_free);
	(*fates)->by_id = json_object();
	result = (*fates)->by_id ? 0 : error_memory(err);
	for (size_t i = 0; !result && i < journal_count(journal); i++)
		result = fates_entry(*fates, journal, i, err);
	json_decref((*fates)->by_id);
	(*fates)->by_id = NULL;
	return result;
}

size_t fates_count(const struct fates *fates)
{
	return fates->count;
}

/* ---- rows ---- */

static void row_decision(json_t *row, const json_t *entry)
{
	static const char *const taken[] = { "step", "kind", "before", "after", "text" };
	const json_t *change = json_object_get(entry, "change"), *kept = json_object_get(entry, "kept");
	const json_t *about = change ? change : kept;

	json_object_set_new(row, "decision", report_member(entry, "decision"));
	json_object_set_new(row, "operator", report_member(entry, "operator"));
	json_object_set_new(row, "how", report_member(entry, "how"));
	json_object_set_new(row, "decided", report_member(entry, "at"));
	for (size_t i = 0; about && i < sizeof taken / sizeof *taken; i++)
		if (json_object_get(about, taken[i]))
			json_object_set_new(row, taken[i], report_member(about, taken[i]));
}

int fates_row(const struct fates *fates, const struct journal *journal, size_t index, json_t **out, struct error *err)
{
	const struct fate *fate = &fates->list[index];
	const json_t *entry = NULL;
	json_t *row;
	int result = 0;

	*out = NULL;
	if (fate->decided && fate->decided <= journal_count(journal))
		result = journal_fetch(journal, fate->decided - 1, &entry, err);
	if (result)
		return result;
	row = json_pack("{s:s}", "id", fate->id);
	if (!row)
		return error_memory(err);
	if (entry)
		row_decision(row, entry);
	json_object_set_new(row, "result", json_string(end_name(fate->end)));
	if (fate->checked)
		json_object_set_new(row, "checked", json_string(fate->checked));
	if (fate->items)
		json_object_set_new(row, "items", json_integer(fate->items));
	*out = row;
	return 0;
}

/* ---- steps ---- */

static size_t fates_with(const struct fates *fates, int step, enum fate_end end)
{
	size_t count = 0;

	for (size_t i = 0; i < fates->count; i++)
		count += fates->list[i].step == step && fates->list[i].end == end;
	return count;
}

/* What was kept carries no change; its step is told by its id. */
static size_t fates_kept(const struct fates *fates, int step)
{
	static const char *const begins[] = { "", "backup/", "file/", "registry/", "share/" };
	size_t count = 0;

	for (size_t i = 0; i < fates->count; i++)
		count += fates->list[i].keep && !strncmp(fates->list[i].id, begins[step], strlen(begins[step]));
	return count;
}

/* What the backup holds. */
static json_int_t fates_items(const struct fates *fates)
{
	json_int_t items = 0;

	for (size_t i = 0; i < fates->count; i++)
		items += fates->list[i].items;
	return items;
}

static const char *step_result(size_t made, size_t back, size_t open, size_t kept)
{
	if (open)
		return "not finished";
	if (made)
		return "done";
	if (back)
		return "put back";
	return kept ? "kept" : "nothing to do";
}

static json_t *step_json(const struct fates *fates, int step)
{
	static const char *const checks[] = {
		"", "read back, SHA-256", "read back, SHA-256", "read back by two readers", "read back by two readers",
	};
	size_t made = fates_with(fates, step, FATE_VERIFIED), back = fates_with(fates, step, FATE_BACK), kept = fates_kept(fates, step);
	size_t open = fates_with(fates, step, FATE_BEGUN) + fates_with(fates, step, FATE_NOT_MADE);
	const char *result = step_result(made, back, open, kept);

	return json_pack("{s:i, s:s, s:I, s:I, s:I, s:s}", "step", step, "result", result, "made",
			 step == 1 && made ? fates_items(fates) : (json_int_t)made, "kept", (json_int_t)kept, "open", (json_int_t)open, "checked",
			 made ? checks[step] : "");
}

json_t *fates_steps(const struct fates *fates, const json_t *report)
{
	json_t *steps = json_array();

	for (int step = 1; steps && step <= STEPS; step++)
		json_array_append_new(steps, step <= LAST_CARRIED ? step_json(fates, step) : report_later_step(report, step));
	return steps;
}
