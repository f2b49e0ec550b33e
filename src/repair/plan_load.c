/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A saved plan compared with the server as it is now. Anybody may have edited the file: nothing in
 * it is trusted. */
#include "repair/plan.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/stamps.h"

enum { DIFFERENCES_LIMIT = 64 << 10, PLAN_ROW_LIMIT = 2 * BIN_NAMES_MOST };

struct loading {
	const struct survey *fresh;
	json_t *saved; /* the plan as it was saved */
	json_t *now;   /* the fresh survey as JSON */
	json_t *seen;  /* the ids of the saved rows */
	struct plan *plan;
	char *differences; /* NULL while there are none */
	bool only_lacks;   /* all of them are rows that the plan does not have */
	struct error *err;
};

static int loading_free(struct loading *loading)
{
	json_decref(loading->saved);
	json_decref(loading->now);
	json_decref(loading->seen);
	return 0;
}

static int damaged(struct error *err, const char *what)
{
	return error_set(err, TROUBLE_PLAN_DAMAGED, _("This is not a plan of msmcfix: %s."), what);
}

static int foreign(struct loading *loading, const char *id, const char *why)
{
	return error_set(loading->err, TROUBLE_PLAN_FOREIGN, "%s: %s", text_shown(loading, id),
		why);
}

/* ---- what differs, for a person ---- */

static char *side_text(TALLOC_CTX *mem, const json_t *side)
{
	const char *text = json_string_value(json_object_get(side, "text")),
		   *path = json_string_value(json_object_get(side, "path")),
		   *hash = json_string_value(json_object_get(side, "sha256"));

	if (!json_is_object(side))
		return talloc_strdup(mem, _("nothing"));
	if (path || text)
		return text_shown(mem, path ? path : text);
	return talloc_asprintf(mem, _("%lld bytes, SHA-256 %.16s"),
		(long long)json_integer_value(json_object_get(side, "size")), hash ? hash : "");
}

static int difference_add(struct loading *loading, char *line)
{
	if (!line)
		return error_memory(loading->err);
	if (!loading->differences)
		loading->differences = line;
	else if (talloc_get_size(loading->differences) < DIFFERENCES_LIMIT)
		loading->differences = talloc_strdup_append_buffer(loading->differences, line);
	return loading->differences ? 0 : error_memory(loading->err);
}

/* before: as the plan saw it; expected: what it wants; now: as it is. */
static int differs(struct loading *loading, const char *id, const json_t *before,
	const json_t *expected, const json_t *now)
{
	return difference_add(loading,
		talloc_asprintf(loading, _("%s: the plan saw: %s; wants: %s; now: %s\n"),
			text_shown(loading, id), side_text(loading, before),
			side_text(loading, expected), side_text(loading, now)));
}

/* ---- the frame: what kind of file, which server ---- */

static bool same_member(const json_t *a, const json_t *b, const char *name)
{
	const json_t *x = json_object_get(a, name), *y = json_object_get(b, name);

	return x && y ? json_equal(x, y) : x == y;
}

static int load_server(struct loading *loading)
{
	const json_t *was = json_object_get(loading->saved, "server"),
		     *is = json_object_get(loading->now, "server");
	const char *name = json_string_value(json_object_get(was, "name"));

	if (!name || !json_object_get(was, "id"))
		return damaged(loading->err, _("it names no server"));
	if (!same_member(was, is, "id") || !same_member(was, is, "name"))
		return error_set(loading->err, TROUBLE_OTHER_SERVER,
			_("This plan was made for another server, %s."), text_shown(loading, name));
	return 0;
}

/* One that was made on the server's disks says nothing of their image. */
static int load_image(struct loading *loading)
{
	const json_t *saved = json_object_get(loading->saved, "image");
	struct image_stamp *then;
	size_t count;
	int ret = saved ? stamps_parse(loading, saved, &then, &count, loading->err) : 0;

	return ret || !saved ? ret
			     : image_stamps_same(then, count, loading->fresh->stamps,
				       loading->fresh->stamp_count, loading->err);
}

/* A plan made for another control set or other folders was made for a different state of things. */
static int load_ground(struct loading *loading)
{
	static const char *const members[][2] = { { "server", "control_set" },
		{ "msmcon", "default" }, { "msmcon", "relocated" } };

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (!same_member(json_object_get(loading->saved, members[i][0]),
			    json_object_get(loading->now, members[i][0]), members[i][1]))
			return difference_add(loading,
				talloc_strdup(loading,
					_("The control set or one of the Msmcon folders is not the one the plan "
					  "was made for.\n")));
	return 0;
}

static int load_frame(struct loading *loading)
{
	const json_t *saved = loading->saved, *rows = json_object_get(saved, "rows");
	const char *article = json_string_value(json_object_get(saved, "article"));
	int ret;

	if (!json_is_object(saved))
		return damaged(loading->err, _("it is not a JSON object"));
	if (!article || strcmp(article, ARTICLE_NUMBER) != 0)
		return damaged(loading->err, _("it names another article"));
	if (!document_format_known(saved))
		return damaged(loading->err, _("its format number is unknown"));
	if (!json_is_array(rows) || json_array_size(rows) > PLAN_ROW_LIMIT)
		return damaged(loading->err, _("it has no rows, or too many"));
	ret = load_server(loading);
	return ret ? ret : load_ground(loading);
}

/* ---- the rows ---- */

/* The row of a finding as the fresh survey has it. */
static const json_t *row_now(const struct loading *loading, const struct finding *finding)
{
	return json_array_get(json_object_get(loading->now, "rows"),
		(size_t)(finding - loading->fresh->findings));
}

/* Puts a saved side as this program would write it: checked, and with its displayed text made
 * again. */
static int side_renew(struct loading *loading, const struct finding *finding, json_t *saved,
	const char *name)
{
	struct side side;
	int ret = finding_side_parse(loading, finding->kind, json_object_get(saved, name), &side,
		loading->err);

	if (!ret && json_object_set_new(saved, name, finding_side_json(finding->kind, &side)))
		ret = error_memory(loading->err);
	return ret;
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
	const struct value_fact *value = &row->finding->before.value;
	struct side side;
	int ret = finding_side_parse(loading->plan, KIND_VALUE, after, &side, loading->err);

	if (ret)
		return ret;
	if (!side.value.data || !side.value.key || !side.value.name ||
		strcmp(side.value.key, value->key) != 0 ||
		strcmp(side.value.name, value->name) != 0)
		return foreign(loading, row->finding->id,
			_("the plan asks for a different value, or for none."));
	row->edited = side.value.data;
	return plan_value_allowed(loading->fresh, row->finding, row->edited, loading->err);
}

/* The server is as it was, but the plan wants something other than what is proposed now. */
static int after_differs(struct loading *loading, struct plan_row *row, const json_t *before,
	const json_t *after, const json_t *proposed)
{
	if (row->finding->kind == KIND_VALUE)
		return edited_set(loading, row, after);
	if (row->finding->kind == KIND_FILE)
		return differs(loading, row->finding->id, before, after, proposed);
	return foreign(loading, row->finding->id,
		_("the plan asks for something that this program never does."));
}

static int row_sides(struct loading *loading, const struct finding *finding, struct plan_row *row,
	json_t *saved)
{
	const json_t *now = json_object_get(row_now(loading, finding), "before"),
		     *proposed = json_object_get(row_now(loading, finding), "after");
	const char *names = json_string_value(json_object_get(saved, "names"));
	const json_t *before, *after;
	int ret = side_renew(loading, finding, saved, "before");

	if (!ret)
		ret = side_renew(loading, finding, saved, "after");
	if (ret)
		return ret;
	before = json_object_get(saved, "before");
	after = json_object_get(saved, "after");
	/* If the same value now leads to something else, the decision was not about it. Plans of
	 * earlier versions do not say where it led. */
	if (!side_same(finding->kind, before, now) ||
		(names && strcmp(names, named_fault_name(finding->names)) != 0))
		return differs(loading, finding->id, before, after, now);
	if (side_same(finding->kind, after, proposed))
		return 0;
	if (row)
		return after_differs(loading, row, before, after, proposed);
	/* Setup's file went, or is the same by now. */
	return finding->kind == KIND_FILE && json_is_object(after)
		? differs(loading, finding->id, before, after, now)
		: 0;
}

static int row_decision(struct loading *loading, const struct finding *finding,
	struct plan_row *row, const json_t *saved)
{
	const json_t *decision = json_object_get(saved, "decision");
	enum decision decided = DECISION_UNDECIDED;

	if (decision && !decision_parse(json_string_value(decision), &decided))
		return damaged(loading->err, _("a decision is not one of change, keep, undecided"));
	if (row)
		row->decision = decided;
	if (decided != DECISION_CHANGE || loading->differences || (row && plan_row_changes(row)))
		return 0;
	return foreign(loading, finding->id,
		row ? _("the program has nothing to change it to: edit it, keep it, or fix it by hand.")
		    : _("the plan asks for a change, and there is none to make."));
}

/* A row that this server does not have: a file may have gone, but anything else this program never
 * proposed. */
static int row_unknown(struct loading *loading, const char *id, const char *kind,
	const json_t *saved)
{
	enum decision decided = DECISION_UNDECIDED;
	bool file = !strcmp(kind, finding_kind_name(KIND_FILE)) && !strncmp(id, "file/", 5);

	decision_parse(json_string_value(json_object_get(saved, "decision")), &decided);
	if (!file && decided == DECISION_CHANGE)
		return foreign(loading, id,
			_("the plan asks for a change that this program does not propose on this server."));
	return differs(loading, id, json_object_get(saved, "before"),
		json_object_get(saved, "after"), NULL);
}

static int row_load(struct loading *loading, json_t *saved)
{
	const char *id = json_string_value(json_object_get(saved, "id")),
		   *kind = json_string_value(json_object_get(saved, "kind"));
	const struct finding *finding = id ? survey_finding(loading->fresh, id) : NULL;
	struct plan_row *row;
	int ret;

	if (!id || !kind)
		return damaged(loading->err, _("a row has no id or no kind"));
	if (json_object_get(loading->seen, id))
		return error_advise(loading->err,
			foreign(loading, id, _("the plan has this row twice.")),
			_("Leave one of the two rows in the plan."));
	if (json_object_set_new(loading->seen, id, json_true()))
		return error_memory(loading->err);
	if (!finding)
		return row_unknown(loading, id, kind, saved);
	row = plan_find(loading->plan, id);
	if (strcmp(kind, finding_kind_name(finding->kind)) != 0 ||
		json_integer_value(json_object_get(saved, "step")) != finding->step)
		return foreign(loading, id, _("the plan gives it a different kind or step."));
	ret = row_sides(loading, finding, row, saved);
	return ret ? ret : row_decision(loading, finding, row, saved);
}

static int load_rows(struct loading *loading)
{
	json_t *row;
	size_t i;
	int ret = 0;

	json_array_foreach (json_object_get(loading->saved, "rows"), i, row)
		ret = ret ? ret : row_load(loading, row);
	/* What is not right now and not in the plan came after the plan. */
	loading->only_lacks = !loading->differences;
	for (i = 0; !ret && i < loading->plan->count; i++) {
		const struct finding *finding = loading->plan->rows[i].finding;

		if (!json_object_get(loading->seen, finding->id))
			ret = differs(loading, finding->id, NULL, NULL,
				json_object_get(row_now(loading, finding), "before"));
	}
	return ret;
}

static int load_text(struct loading *loading, const char *bytes, size_t len)
{
	json_error_t where;
	char line[64];
	int ret;

	if (len > PLAN_LIMIT)
		return damaged(loading->err, _("it is too large"));
	loading->saved = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &where);
	if (!loading->saved) {
		(void)snprintf(line, sizeof line, _("line %d cannot be read"), where.line);
		return damaged(loading->err, line);
	}
	loading->now = survey_json(loading->fresh);
	loading->seen = json_object();
	ret = loading->now && loading->seen ? load_frame(loading) : error_memory(loading->err);
	if (!ret)
		ret = load_image(loading);
	return ret || loading->differences ? ret : load_rows(loading);
}

int plan_load(TALLOC_CTX *mem, const char *bytes, size_t len, const struct survey *fresh,
	struct plan **plan, char **differences, struct error *err)
{
	struct loading *loading = talloc_zero(NULL, struct loading);
	int ret;

	*differences = NULL;
	if (!loading)
		return error_memory(err);
	talloc_set_destructor(loading, loading_free);
	loading->fresh = fresh;
	loading->err = err;
	ret = plan_make(loading, fresh, false, &loading->plan, err);
	if (!ret)
		ret = load_text(loading, bytes, len);
	/* A malformed side is the plan's fault, not that of a record. */
	if (ret == -TROUBLE_RECORD_DAMAGED) {
		ret = -TROUBLE_PLAN_DAMAGED;
		if (err)
			err->trouble = TROUBLE_PLAN_DAMAGED;
	}
	if (!ret && loading->differences) {
		*differences = talloc_steal(mem, loading->differences);
		ret = error_set(err, TROUBLE_MOVED, "%s",
			loading->only_lacks
				? _("The plan lacks rows that this server has. They were removed from the plan, or are new since.")
				: _("The server is not as it was when the plan was made."));
		if (loading->only_lacks)
			ret = error_advise(err, ret,
				_("To leave something as it is, decide \"keep\"; "
				  "do not remove its row. "
				  "Make a new plan and decide again."));
	}
	if (!ret)
		*plan = talloc_steal(mem, loading->plan);
	talloc_free(loading);
	return ret;
}
