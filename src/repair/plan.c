/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/plan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/stamps.h"

enum { FIRST_STEP = 1, LAST_STEP = 4 };

static const char *const decisions[] = { "undecided", "change", "keep" };

const char *decision_name(enum decision decision)
{
	return decisions[decision];
}

bool decision_parse(const char *name, enum decision *decision)
{
	size_t number = text_number(decisions, ARRAY_SIZE(decisions), name);

	if (number < ARRAY_SIZE(decisions))
		*decision = (enum decision)number;
	return number < ARRAY_SIZE(decisions);
}

static bool row_wanted(const struct finding *finding)
{
	bool backup = finding->kind == KIND_BACKUP;

	return finding->step >= FIRST_STEP && finding->step <= LAST_STEP &&
		(backup ? finding->can_change : finding->move != MOVE_NONE);
}

bool plan_row_changes(const struct plan_row *row)
{
	return row->finding->can_change || row->edited;
}

int plan_make(TALLOC_CTX *mem, const struct survey *survey, bool propose, struct plan **plan,
	struct error *err)
{
	struct plan *made = *plan = talloc_zero(mem, struct plan);

	if (made)
		made->rows = memory_array_zero(made, sizeof *made->rows, survey->finding_count);
	if (!made || !made->rows)
		return error_memory(err);
	made->survey = survey;
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (!row_wanted(finding))
			continue;
		made->rows[made->count].finding = finding;
		made->rows[made->count++].decision =
			propose && finding->needed ? DECISION_CHANGE : DECISION_UNDECIDED;
	}
	return 0;
}

struct plan_row *plan_find(struct plan *plan, const char *id)
{
	const struct finding *wanted = survey_finding(plan->survey, id);

	for (size_t i = 0; wanted && i < plan->count; i++)
		if (plan->rows[i].finding == wanted)
			return &plan->rows[i];
	return NULL;
}

size_t plan_count(const struct plan *plan, enum decision decision)
{
	size_t count = 0;

	for (size_t i = 0; i < plan->count; i++)
		count += plan->rows[i].decision == decision;
	return count;
}

/* ---- what the operator may put in place of the proposal ---- */

/* The text of a value and the paths in it. */
struct value_paths {
	char *text;
	struct path_span *spans;
	size_t count;
};

/* False if it is not text. */
static bool paths_of(TALLOC_CTX *mem, const struct survey *survey, const struct finding *finding,
	const struct reg_data *data, struct value_paths *paths)
{
	paths->text = regdata_string(mem, data);
	if (!paths->text)
		return false;
	paths->spans = path_spans(mem, paths->text, finding->form, survey_variables(survey, data),
		&paths->count);
	return paths->spans;
}

/* The bytes between two paths, or around them, must be the same. */
static bool gap_equal(const struct value_paths *a, const struct value_paths *b, size_t index)
{
	size_t from_a = index ? a->spans[index - 1].end : 0,
	       from_b = index ? b->spans[index - 1].end : 0;
	size_t to_a = index < a->count ? a->spans[index].begin : strlen(a->text);
	size_t to_b = index < b->count ? b->spans[index].begin : strlen(b->text);

	return to_a - from_a == to_b - from_b &&
		!memcmp(a->text + from_a, b->text + from_b, to_a - from_a);
}

static bool leads_in(const struct survey *survey, const char *text, const struct path_span *span)
{
	const struct path_folder relocated = { survey->relocated_msmcon, NULL };

	return span->full && path_under(span->full, survey->relocated_msmcon) &&
		path_prefix(text, span, &relocated) > 0;
}

static bool span_allowed(const struct survey *survey, const struct value_paths *before,
	const struct value_paths *after, size_t index)
{
	const struct path_span *was = &before->spans[index], *is = &after->spans[index];
	size_t len = is->end - is->begin;

	return (was->end - was->begin == len &&
		       !memcmp(before->text + was->begin, after->text + is->begin, len)) ||
		leads_in(survey, after->text, is);
}

/* Where there was no path, there must be one now, and nothing else but quotation marks. */
static bool first_path_allowed(const struct survey *survey, const struct value_paths *after)
{
	const struct path_span *is = after->spans;
	size_t len = strlen(after->text);

	if (after->count != 1 || !leads_in(survey, after->text, is))
		return false;
	return (is->begin == 0 && is->end == len) ||
		(is->begin == 1 && is->end + 2 == len && after->text[0] == '"' &&
			after->text[len - 1] == '"');
}

static bool paths_allowed(const struct survey *survey, const struct value_paths *before,
	const struct value_paths *after)
{
	bool allowed = before->count == after->count;

	if (before->count == 0)
		return first_path_allowed(survey, after);
	for (size_t i = 0; allowed && i < before->count; i++)
		allowed = gap_equal(before, after, i) && span_allowed(survey, before, after, i);
	return allowed && gap_equal(before, after, before->count);
}

/* Ends as the old data did: with or without NUL, and with the same bytes after it. */
static bool ending_kept(TALLOC_CTX *mem, const struct reg_data *before,
	const struct reg_data *after, const char *text)
{
	struct reg_data *expected = regdata_with_string(mem, before, text);

	return expected && regdata_equal(expected, after);
}

/* Why data may not be the new value: a sentence about the finding's id; NULL if it may. */
static const char *value_refusal(TALLOC_CTX *mem, const struct survey *survey,
	const struct finding *finding, const struct reg_data *data)
{
	const struct reg_data *was = finding->before.value.data;
	struct value_paths before, after;

	if (finding->kind != KIND_VALUE || !data)
		return _("%s is not a value that can be edited.");
	if (finding->can_change && regdata_equal(finding->after.value.data, data))
		return NULL;
	if (!was)
		return _("%s does not exist, and this program does not make values up.");
	if (data->type != was->type)
		return _("%s would get a different type. This program never changes a type.");
	if (!finding->can_change && regdata_equal(was, data))
		return _("%s would stay as it is. Then keep it, do not change it.");
	if (!paths_of(mem, survey, finding, was, &before) ||
		!paths_of(mem, survey, finding, data, &after))
		return _("The new value of %s is not text.");
	if (!paths_allowed(survey, &before, &after))
		return _(
			"%s would lead out of the relocated Msmcon, or change more than a path. This program never does that.");
	return ending_kept(mem, was, data, after.text)
		? NULL
		: _("%s would lose or change the bytes after its text.");
}

int plan_value_allowed(const struct survey *survey, const struct finding *finding,
	const struct reg_data *data, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *why = value_refusal(tmp, survey, finding, data);
	int ret = why
		? error_set(err, TROUBLE_PLAN_FOREIGN, why, finding_id_shown(tmp, finding->id))
		: 0;

	talloc_free(tmp);
	return ret;
}

int plan_edit_allowed(struct server *server, const struct survey *survey,
	const struct finding *finding, const struct reg_data *data, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct named_file named = { NAMED_RIGHT, NULL };
	int ret = plan_value_allowed(survey, finding, data, err);
	char *text = ret ? NULL : regdata_string(tmp, data);

	if (!ret)
		ret = text ? survey_named(tmp, server, survey, finding, text,
				     survey_variables(survey, data), &named, err)
			   : error_memory(err);
	if (!ret && named.fault > NAMED_COMES)
		ret = error_set(err, TROUBLE_PLAN_FOREIGN,
			_("%s would name %s, and there is no usable file of the right kind there."),
			finding_id_shown(tmp, finding->id),
			named.path ? text_shown(tmp, named.path) : "");
	talloc_free(tmp);
	return ret;
}

/* ---- as JSON ---- */

static json_t *edited_json(const struct plan_row *row)
{
	struct side side = row->finding->after;

	side.value.key = row->finding->before.value.key;
	side.value.name = row->finding->before.value.name;
	side.value.data = row->edited;
	return finding_side_json(KIND_VALUE, &side);
}

static bool row_put(json_t *json, const struct plan_row *row)
{
	bool decided = plan_row_changes(row) || row->decision != DECISION_UNDECIDED;

	return (!decided ||
		       !json_object_set_new(json, "decision",
			       json_string(decision_name(row->decision)))) &&
		(!row->edited || !json_object_set_new(json, "after", edited_json(row)));
}

json_t *plan_json(const struct plan *plan)
{
	json_t *json = survey_json(plan->survey), *rows = json_object_get(json, "rows");
	bool put = json;

	for (size_t i = 0; put && i < plan->count; i++)
		put = row_put(json_array_get(rows,
				      (size_t)(plan->rows[i].finding - plan->survey->findings)),
			&plan->rows[i]);
	if (put && plan->survey->stamp_count)
		put = !json_object_set_new(json, "image",
			stamps_json(plan->survey->stamps, plan->survey->stamp_count));
	if (put)
		return json;
	json_decref(json);
	return NULL;
}
