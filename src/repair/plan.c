/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/document.h"

enum { FIRST_STEP = 1, LAST_STEP = 4 };

const char *decision_name(enum decision decision)
{
	static const char *const names[] = { "undecided", "change", "keep" };

	return names[decision];
}

bool decision_parse(const char *name, enum decision *decision)
{
	for (int i = DECISION_UNDECIDED; name && i <= DECISION_KEEP; i++) {
		if (strcmp(name, decision_name((enum decision)i)) != 0)
			continue;
		*decision = (enum decision)i;
		return true;
	}
	return false;
}

static bool row_wanted(const struct finding *finding)
{
	return finding->can_change && finding->step >= FIRST_STEP && finding->step <= LAST_STEP;
}

int plan_make(TALLOC_CTX *mem, const struct survey *survey, bool propose, struct plan **plan, struct error *err)
{
	struct plan *made = talloc_zero(mem, struct plan);

	if (!made)
		return error_memory(err);
	made->survey = survey;
	made->rows = memory_array_zero(made, sizeof *made->rows, survey->finding_count);
	if (!made->rows) {
		talloc_free(made);
		return error_memory(err);
	}
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (!row_wanted(finding))
			continue;
		made->rows[made->count].finding = finding;
		made->rows[made->count++].decision = propose && finding->needed ? DECISION_CHANGE : DECISION_UNDECIDED;
	}
	*plan = made;
	return 0;
}

static int row_order(const void *a, const void *b)
{
	const struct plan_row *one = a, *other = b;

	return one->finding < other->finding ? -1 : one->finding > other->finding;
}

/* Rows stand in the order of the survey's. */
struct plan_row *plan_find(struct plan *plan, const char *id)
{
	const struct plan_row wanted = { .finding = survey_finding(plan->survey, id) };

	return wanted.finding && plan->count ? bsearch(&wanted, plan->rows, plan->count, sizeof wanted, row_order) : NULL;
}

struct plan_counts plan_count(const struct plan *plan)
{
	struct plan_counts counts = { 0, 0, 0, 0 };

	for (size_t i = 0; i < plan->count; i++) {
		const struct plan_row *row = &plan->rows[i];

		counts.change += row->decision == DECISION_CHANGE;
		counts.keep += row->decision == DECISION_KEEP;
		counts.undecided += row->decision == DECISION_UNDECIDED;
		counts.needed_left += row->finding->needed && row->decision != DECISION_CHANGE;
	}
	return counts;
}

/* ---- what the operator may put in the place of what is proposed ---- */

/* The text of a value and the paths in it. */
struct value_paths {
	char *text;
	struct path_span *spans;
	size_t count;
};

static int paths_of(TALLOC_CTX *mem, const struct survey *survey, const struct finding *finding,
		    const struct reg_data *data, struct value_paths *paths, struct error *err)
{
	*paths = (struct value_paths){ NULL, NULL, 0 };
	paths->text = regdata_string(mem, data);
	if (!paths->text)
		return error_set(err, TROUBLE_PLAN_FOREIGN, _("The new value of %s is no text."), finding->id);
	paths->spans = path_spans(mem, paths->text, finding->form, survey->id->nt_folder, &paths->count);
	return paths->spans ? 0 : error_memory(err);
}

/* The bytes between two paths, or around them, must be the same. */
static bool gap_equal(const struct value_paths *a, const struct value_paths *b, size_t index)
{
	size_t from_a = index ? a->spans[index - 1].end : 0, from_b = index ? b->spans[index - 1].end : 0;
	size_t to_a = index < a->count ? a->spans[index].begin : strlen(a->text);
	size_t to_b = index < b->count ? b->spans[index].begin : strlen(b->text);

	return to_a - from_a == to_b - from_b && !memcmp(a->text + from_a, b->text + from_b, to_a - from_a);
}

static bool span_allowed(const struct survey *survey, const struct value_paths *before, const struct value_paths *after,
			 size_t index)
{
	const struct path_span *was = &before->spans[index], *is = &after->spans[index];
	struct path_folder relocated = { survey->relocated_msmcon, NULL };
	size_t len = is->end - is->begin;

	if (was->end - was->begin == len && !memcmp(before->text + was->begin, after->text + is->begin, len))
		return true;
	return is->full && path_under(is->full, survey->relocated_msmcon) &&
	       path_prefix(after->text, is, &relocated) > 0;
}

static bool paths_allowed(const struct survey *survey, const struct value_paths *before,
			  const struct value_paths *after)
{
	bool allowed = before->count == after->count;

	for (size_t i = 0; allowed && i < before->count; i++)
		allowed = gap_equal(before, after, i) && span_allowed(survey, before, after, i);
	return allowed && gap_equal(before, after, before->count);
}

/* Ends as the old data did: with or without NUL, and what stands behind it. */
static bool ending_kept(TALLOC_CTX *mem, const struct reg_data *before, const struct reg_data *after, const char *text)
{
	struct reg_data *expected = regdata_with_string(mem, before, text);

	return expected && regdata_equal(expected, after);
}

static int value_allowed(TALLOC_CTX *mem, const struct survey *survey, const struct finding *finding,
			 const struct reg_data *data, struct error *err)
{
	const struct reg_data *was = finding->before.value.data;
	struct value_paths before, after;
	int result;

	if (!was || data->type != was->type)
		return error_set(err, TROUBLE_PLAN_FOREIGN,
				 was ? _("%s would get another type, which this program never does.")
				     : _("%s does not exist, and this program does not invent values."),
				 finding->id);
	result = paths_of(mem, survey, finding, was, &before, err);
	if (!result)
		result = paths_of(mem, survey, finding, data, &after, err);
	if (result)
		return result;
	if (!paths_allowed(survey, &before, &after))
		return error_set(err, TROUBLE_PLAN_FOREIGN,
				 _("%s would lead out of the relocated Msmcon, or change more than a path; "
				   "this program never does that."),
				 finding->id);
	if (!ending_kept(mem, was, data, after.text))
		return error_set(err, TROUBLE_PLAN_FOREIGN, _("%s would not end as it does now."), finding->id);
	return 0;
}

int plan_value_allowed(const struct survey *survey, const struct finding *finding, const struct reg_data *data,
		       struct error *err)
{
	const struct reg_data *proposed = finding->after.value.data;
	TALLOC_CTX *tmp;
	int result;

	if (finding->kind != KIND_VALUE || !data)
		return error_set(err, TROUBLE_PLAN_FOREIGN, _("%s is no value that could be edited."), finding->id);
	if (proposed && regdata_equal(proposed, data))
		return 0;
	tmp = talloc_new(NULL);
	result = value_allowed(tmp, survey, finding, data, err);
	talloc_free(tmp);
	return result;
}

/* Whether step 2 leaves a file there. */
static bool comes_with_files(const struct survey *survey, const char *path)
{
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].kind == KIND_FILE && text_equal(survey->findings[i].target, path))
			return true;
	return false;
}

static int names_nothing(TALLOC_CTX *mem, struct server *server, const struct survey *survey, const char *path, bool *nothing,
			 struct error *err)
{
	struct file_meta meta;
	bool found = true;
	int result = comes_with_files(survey, path) ? 0 : server->ops->look(server, mem, path, &found, &meta, NULL, err);

	*nothing = result == 0 && !found;
	/* A drive that was not given, or a name that cannot be: nothing is known. */
	return result == -TROUBLE_NOT_THERE || result == -TROUBLE_NAME || result == -TROUBLE_LETTERS ? 0 : result;
}

int plan_value_missing(TALLOC_CTX *mem, struct server *server, const struct survey *survey, const struct finding *finding,
		       const struct reg_data *data, char **missing, struct error *err)
{
	struct value_paths paths;
	int result = paths_of(mem, survey, finding, data, &paths, err);

	*missing = NULL;
	for (size_t i = 0; !result && !*missing && i < paths.count; i++) {
		bool nothing = false;

		if (paths.spans[i].full)
			result = names_nothing(mem, server, survey, paths.spans[i].full, &nothing, err);
		if (nothing)
			*missing = paths.spans[i].full;
	}
	return result;
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

/* Rows of a survey and of its plan stand in the same order. */
struct plan_rows {
	const struct plan *plan;
	size_t next;
};

static json_t *row_json(void *arg, size_t index)
{
	struct plan_rows *rows = arg;
	const struct finding *finding = &rows->plan->survey->findings[index];
	const struct plan_row *row = rows->next < rows->plan->count ? &rows->plan->rows[rows->next] : NULL;
	json_t *json = finding_json(finding);

	if (!json || !row || row->finding != finding)
		return json;
	json_object_set_new(json, "decision", json_string(decision_name(row->decision)));
	if (row->edited)
		json_object_set_new(json, "after", edited_json(row));
	rows->next++;
	return json;
}

json_t *plan_json(const struct plan *plan)
{
	json_t *json = survey_frame(plan->survey), *list = json_object_get(json, "rows");
	struct plan_rows rows = { plan, 0 };

	for (size_t i = 0; i < plan->survey->finding_count; i++)
		json_array_append_new(list, row_json(&rows, i));
	return json;
}

int plan_write(const struct plan *plan, FILE *to, int indent)
{
	struct plan_rows state = { plan, 0 };
	struct document_rows rows = { "rows", 1, plan->survey->finding_count, row_json, &state };
	json_t *frame = survey_frame(plan->survey);
	int failed = frame ? document_write(to, frame, indent, &rows, 1) : -1;

	json_decref(frame);
	return failed;
}
