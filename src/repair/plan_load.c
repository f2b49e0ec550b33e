/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A saved plan compared with the server as it is now. Anybody may have edited the file: nothing in it is trusted. */
#include "repair/plan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { DIFFERENCES_LIMIT = 64 << 10, PLAN_ROW_LIMIT = 200000 };

struct loading {
	const struct survey *fresh;
	json_t *saved;             /* the plan as it was saved */
	json_t *now;               /* the fresh survey as JSON */
	bool *seen;                /* by finding: there is a saved row of its id */
	json_t *unknown;           /* ids of the saved rows that no finding has */
	struct plan *plan;
	char *differences;         /* NULL while there are none */
	bool only_lacks;           /* all of them are rows that the plan does not have */
	struct error *err;
};

static int loading_free(struct loading *loading)
{
	json_decref(loading->saved);
	json_decref(loading->now);
	json_decref(loading->unknown);
	return 0;
}

static int damaged(struct error *err, const char *what)
{
	return error_set(err, TROUBLE_PLAN_DAMAGED, _("This is not a plan of msmcfix: %s."), what);
}

static int foreign(struct loading *loading, const char *id, const char *format)
{
	char *shown = text_shown(NULL, id);
	int result = error_set(loading->err, TROUBLE_PLAN_FOREIGN, "%.100s: %s", shown ? shown : "", format);

	talloc_free(shown);
	return result;
}

/* ---- what differs, for a person ---- */

static char *side_text(TALLOC_CTX *mem, const json_t *side)
{
	const json_t *text = json_object_get(side, "text"), *path = json_object_get(side, "path"),
		     *hash = json_object_get(side, "sha256");

	if (!json_is_object(side))
		return talloc_strdup(mem, _("nothing"));
	if (json_is_string(text) && !path)
		return text_shown(mem, json_string_value(text));
	if (json_is_string(path))
		return text_shown(mem, json_string_value(path));
	return talloc_asprintf(mem, _("%lld bytes, SHA-256 %.16s"),
			       (long long)json_integer_value(json_object_get(side, "size")),
			       json_is_string(hash) ? json_string_value(hash) : "");
}

/* before: as the plan saw it; expected: what it wants; now: as it is. */
static int differs(struct loading *loading, const char *id, const json_t *before, const json_t *expected,
		   const json_t *now)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *shown = text_shown(tmp, id), *was = side_text(tmp, before), *wanted = side_text(tmp, expected),
	     *is = side_text(tmp, now);
	int result = 0;

	if (!shown || !was || !wanted || !is) {
		result = error_memory(loading->err);
	} else if (!loading->differences || talloc_get_size(loading->differences) < DIFFERENCES_LIMIT) {
		char *line =
			talloc_asprintf(tmp, _("%s: the plan saw: %s; wants: %s; now: %s\n"), shown, was, wanted, is);

		loading->differences = !line		      ? NULL
				       : loading->differences ? talloc_strdup_append_buffer(loading->differences, line)
							      : talloc_strdup(loading, line);
		if (!loading->differences)
			result = error_memory(loading->err);
	}
	talloc_free(tmp);
	return result;
}

/* ---- the frame: what kind of file, which server ---- */

static bool same_member(const json_t *a, const json_t *b, const char *name)
{
	const json_t *x = json_object_get(a, name), *y = json_object_get(b, name);

	return x && y ? json_equal(x, y) : x == y;
}

static int load_server(struct loading *loading, const json_t *saved)
{
	const json_t *was = json_object_get(saved, "server"), *is = json_object_get(loading->now, "server");
	const json_t *name = json_object_get(was, "name");

	if (!json_is_object(was) || !json_is_string(name) || !json_object_get(was, "id"))
		return damaged(loading->err, _("it names no server"));
	if (!same_member(was, is, "id") || !same_member(was, is, "name")) {
		char *shown = text_shown(loading, json_string_value(name));

		return error_set(loading->err, TROUBLE_OTHER_SERVER,
				 _("This plan was made for another server, %.100s."), shown ? shown : "");
	}
	return 0;
}

/* A plan made for another control set or other folders was made for a different state of things. */
static int load_ground(struct loading *loading, const json_t *saved)
{
	const json_t *was = json_object_get(saved, "msmcon"), *is = json_object_get(loading->now, "msmcon");
	const json_t *server = json_object_get(saved, "server"), *server_now = json_object_get(loading->now, "server");
	bool same = same_member(server, server_now, "control_set");
	static const char *const folders[] = { "default", "relocated" };
	char *line = NULL;

	for (size_t i = 0; same && i < sizeof folders / sizeof *folders; i++)
		same = same_member(was, is, folders[i]);
	if (same)
		return 0;
	line = talloc_strdup(loading,
			     _("The control set or one of the Msmcon folders is not the one the plan was made for.\n"));
	loading->differences = line;
	return line ? 0 : error_memory(loading->err);
}

static int load_frame(struct loading *loading, const json_t *saved)
{
	const char *article = json_string_value(json_object_get(saved, "article"));
	const json_t *rows = json_object_get(saved, "rows");
	int result;

	if (!json_is_object(saved))
		return damaged(loading->err, _("it is not a JSON object"));
	if (!article || strcmp(article, ARTICLE_NUMBER) != 0)
		return damaged(loading->err, _("it names another article"));
	if (!document_format_known(saved))
		return damaged(loading->err, _("its format number is unknown"));
	if (!json_is_array(rows) || json_array_size(rows) > PLAN_ROW_LIMIT)
		return damaged(loading->err, _("it has no rows, or too many"));
	result = load_server(loading, saved);
	return result ? result : load_ground(loading, saved);
}

/* ---- the rows ---- */

/* A saved side as this program would write it: checked, and with its displayed text made again. New reference. */
static int side_normal(struct loading *loading, const struct finding *finding, const json_t *saved, json_t **normal)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct side side;
	int result = finding_side_parse(tmp, finding->kind, saved, &side, loading->err);

	if (!result)
		*normal = finding_side_json(finding->kind, &side);
	if (!result && !*normal)
		result = error_memory(loading->err);
	talloc_free(tmp);
	return result;
}

/* Times of files are information; what they hold counts. */
static bool side_same(enum finding_kind kind, const json_t *a, const json_t *b)
{
	if (kind != KIND_FILE || !json_is_object(a) || !json_is_object(b))
		return json_equal(a, b);
	return same_member(a, b, "size") && same_member(a, b, "sha256");
}

static int edited_set(struct loading *loading, struct plan_row *row, const json_t *after)
{
	struct side side;
	int result = finding_side_parse(loading->plan, KIND_VALUE, after, &side, loading->err);
	const struct value_fact *value = &row->finding->before.value;

	if (!result && (!side.value.data || !side.value.key || !side.value.name ||
			strcmp(side.value.key, value->key) != 0 || strcmp(side.value.name, value->name) != 0))
		result = foreign(loading, row->finding->id, _("the plan asks for a different value, or for none."));
	if (!result)
		result = plan_value_allowed(loading->fresh, row->finding, side.value.data, loading->err);
	if (!result)
		row->edited = side.value.data;
	return result;
}

/* The server is as it was, but the plan wants something other than what is proposed now. */
static int after_differs(struct loading *loading, struct plan_row *row, const json_t *before, const json_t *after,
			 const json_t *proposed)
{
	if (row->finding->kind == KIND_VALUE)
		return edited_set(loading, row, after);
	if (row->finding->kind == KIND_FILE)
		return differs(loading, row->finding->id, before, after, proposed);
	return foreign(loading, row->finding->id, _("the plan asks for something that this program never does."));
}

static int row_sides(struct loading *loading, const struct finding *finding, struct plan_row *row, const json_t *saved)
{
	json_t *now = finding_side_json(finding->kind, &finding->before),
	       *proposed = finding_side_json(finding->kind, &finding->after);
	json_t *before = NULL, *after = NULL;
	const char *names = json_string_value(json_object_get(saved, "names"));
	int result = now && proposed ? side_normal(loading, finding, json_object_get(saved, "before"), &before)
				     : error_memory(loading->err);

	if (!result)
		result = side_normal(loading, finding, json_object_get(saved, "after"), &after);
	/* If the same value now leads to something else, the decision was not about it. Plans of earlier versions
	 * do not say where it led. */
	if (!result && (!side_same(finding->kind, before, now) || (names && strcmp(names, named_fault_name(finding->names)) != 0)))
		result = differs(loading, finding->id, before, after, now);
	else if (!result && row && !side_same(finding->kind, after, proposed))
		result = after_differs(loading, row, before, after, proposed);
	/* Setup's file went, or is the same by now. */
	else if (!result && !row && finding->kind == KIND_FILE && json_is_object(after) && !side_same(finding->kind, after, proposed))
		result = differs(loading, finding->id, before, after, now);
	json_decref(now);
	json_decref(proposed);
	json_decref(before);
	json_decref(after);
	return result;
}

static int row_decision(struct loading *loading, const struct finding *finding, struct plan_row *row,
			const json_t *saved)
{
	const json_t *decision = json_object_get(saved, "decision");
	enum decision decided = DECISION_UNDECIDED;

	if (decision && !decision_parse(json_string_value(decision), &decided))
		return damaged(loading->err, _("a decision is not one of change, keep, undecided"));
	if (row && decided == DECISION_CHANGE && !plan_row_changes(row) && !loading->differences)
		return foreign(loading, finding->id, _("the program has nothing to change it to: edit it, keep it, or fix it by hand."));
	if (row)
		row->decision = decided;
	else if (decided == DECISION_CHANGE && !loading->differences)
		return foreign(loading, finding->id, _("the plan asks for a change, and there is none to make."));
	return 0;
}

/* A row that this server does not have: a file may have gone, but anything else this program never proposed. */
static int row_unknown(struct loading *loading, const char *id, const json_t *saved)
{
	const char *kind = json_string_value(json_object_get(saved, "kind"));
	enum decision decided = DECISION_UNDECIDED;

	decision_parse(json_string_value(json_object_get(saved, "decision")), &decided);
	if (kind && !strcmp(kind, finding_kind_name(KIND_FILE)) && !strncmp(id, "file/", 5))
		return differs(loading, id, json_object_get(saved, "before"), json_object_get(saved, "after"), NULL);
	if (decided == DECISION_CHANGE)
		return foreign(loading, id,
			       _("the plan asks for a change that this program does not propose on this server."));
	return differs(loading, id, json_object_get(saved, "before"), json_object_get(saved, "after"), NULL);
}

static int row_load(struct loading *loading, const json_t *saved)
{
	const char *id = json_string_value(json_object_get(saved, "id")),
		   *kind = json_string_value(json_object_get(saved, "kind"));
	const struct finding *finding = id ? survey_finding(loading->fresh, id) : NULL;
	struct plan_row *row;
	int result;

	if (!id || !kind)
		return damaged(loading->err, _("a row has no id or no kind"));
	if (finding ? loading->seen[finding - loading->fresh->findings] : json_object_get(loading->unknown, id) != NULL)
		return error_advise(loading->err, foreign(loading, id, _("the plan has this row twice.")), _("Leave one of the two rows in the plan."));
	if (finding)
		loading->seen[finding - loading->fresh->findings] = true;
	else if (json_object_set_new(loading->unknown, id, json_true()))
		return error_memory(loading->err);
	if (!finding)
		return row_unknown(loading, id, saved);
	row = plan_find(loading->plan, id);
	if (strcmp(kind, finding_kind_name(finding->kind)) != 0 ||
	    json_integer_value(json_object_get(saved, "step")) != finding->step)
		return foreign(loading, id, _("the plan gives it a different kind or step."));
	result = row_sides(loading, finding, row, saved);
	return result ? result : row_decision(loading, finding, row, saved);
}

/* What is not right now and not in the plan came after the plan. */
static int rows_missing(struct loading *loading)
{
	int result = 0;

	loading->only_lacks = !loading->differences;
	for (size_t i = 0; !result && i < loading->plan->count; i++) {
		const struct finding *finding = loading->plan->rows[i].finding;

		if (!loading->seen[finding - loading->fresh->findings]) {
			json_t *now = finding_side_json(finding->kind, &finding->before);

			result = now ? differs(loading, finding->id, NULL, NULL, now) : error_memory(loading->err);
			json_decref(now);
		}
	}
	return result;
}

static int load_rows(struct loading *loading, const json_t *rows)
{
	const json_t *row;
	size_t i;
	int result = 0;

	json_array_foreach(rows, i, row) {
		result = row_load(loading, row);
		if (result)
			return result;
	}
	return rows_missing(loading);
}

static int load_text(struct loading *loading, const char *bytes, size_t len)
{
	json_error_t where;
	char line[64];
	int result;

	if (len > PLAN_LIMIT)
		return damaged(loading->err, _("it is too large"));
	loading->saved = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &where);
	if (!loading->saved) {
		(void)snprintf(line, sizeof line, _("line %d cannot be read"), where.line);
		return damaged(loading->err, line);
	}
	loading->now = survey_json(loading->fresh);
	loading->unknown = json_object();
	loading->seen = memory_array_zero(loading, sizeof *loading->seen, loading->fresh->finding_count);
	result = loading->now && loading->unknown && loading->seen ? load_frame(loading, loading->saved) : error_memory(loading->err);
	if (!result && !loading->differences)
		result = load_rows(loading, json_object_get(loading->saved, "rows"));
	return result;
}

int plan_load(TALLOC_CTX *mem, const char *bytes, size_t len, const struct survey *fresh, struct plan **plan,
	      char **differences, struct error *err)
{
	struct loading *loading = talloc_zero(NULL, struct loading);
	int result;

	*differences = NULL;
	if (!loading)
		return error_memory(err);
	talloc_set_destructor(loading, loading_free);
	loading->fresh = fresh;
	loading->err = err;
	result = plan_make(loading, fresh, false, &loading->plan, err);
	if (!result)
		result = load_text(loading, bytes, len);
	/* A malformed side is the plan's fault, not that of a record. */
	if (result == -TROUBLE_RECORD_DAMAGED) {
		result = -TROUBLE_PLAN_DAMAGED;
		if (err)
			err->trouble = TROUBLE_PLAN_DAMAGED;
	}
	if (!result && loading->differences) {
		*differences = talloc_steal(mem, loading->differences);
		result = error_set(err, TROUBLE_MOVED, "%s", loading->only_lacks ?
				   _("The plan lacks rows that this server has. They were removed from the plan, or are new since.") :
				   _("The server is not as it was when the plan was made."));
		if (loading->only_lacks)
			result = error_advise(err, result, _("To leave something as it is, decide \"keep\"; "
							     "do not remove its row. "
							     "Make a new plan and decide again."));
	}
	if (!result)
		*plan = talloc_steal(mem, loading->plan);
	talloc_free(loading);
	return result;
}
