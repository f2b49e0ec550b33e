/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson.json: what the journal of a run does not know. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { FORMAT = 1 };

static const char *const VERDICTS[] = {
	[LESSON_RIGHT] = "right", [LESSON_TYPE_ONLY_PART] = "only-part", [LESSON_WRONG_PATH] = "wrong-path",
	[LESSON_TOUCHED_MORE] = "touched-more", [LESSON_NOT_CHANGED] = "not-changed",
};

enum { VERDICT_COUNT = sizeof VERDICTS / sizeof *VERDICTS };

/* ---- writing ---- */

/* Every list is of objects; a member that is not UTF-8 text makes the whole list NULL. */
static json_t *lesson_json(const struct lesson *lesson)
{
	json_t *tips = json_array(), *proposals = json_array();
	bool whole = true;

	for (size_t i = 0; i < lesson->tip_count; i++)
		whole = json_array_append_new(tips, json_pack("{s:s, s:s}", "id", lesson->tips[i].id, "text",
							      lesson->tips[i].text)) == 0 &&
			whole;
	for (size_t i = 0; i < lesson->proposal_count; i++) {
		const struct lesson_proposal *made = &lesson->proposals[i];

		whole = json_array_append_new(proposals, json_pack("{s:s, s:s, s:s}", "id", made->id, "text",
								   made->text, "verdict", VERDICTS[made->verdict])) ==
				0 &&
			whole;
	}
	if (!whole) {
		json_decref(tips);
		json_decref(proposals);
		return NULL;
	}
	return json_pack("{s:i, s:s, s:b, s:I, s:s, s:s, s:b, s:b, s:i, s:o, s:o}", "format", FORMAT, "case",
			 lesson->name, "own", lesson->own, "seed", (json_int_t)lesson->seed, "seat", lesson->seat,
			 "begun", lesson->begun, "exam", lesson->exam, "ended", lesson->ended, "chosen", lesson->chosen,
			 "tips", tips, "proposals", proposals);
}

int lesson_save(struct lesson *lesson, struct error *err)
{
	json_t *json = lesson_json(lesson);
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	bool taken;
	int ret = text ? lesson_file_write(lesson->fd, LESSON_JSON, text, strlen(text), false, &taken, err)
		       : error_memory(err);

	free(text);
	json_decref(json);
	return ret;
}

/* ---- reading ---- */

static int damaged(struct error *err, const char *member)
{
	return error_set(err, TROUBLE_RECORD_DAMAGED,
			 _("The record of the lesson is damaged: \"%s\" is not valid."), member);
}

/* A member that is a text of 1 to limit bytes, without control characters. */
static char *text_of(TALLOC_CTX *mem, const json_t *json, const char *name, size_t limit)
{
	const json_t *member = json_object_get(json, name);
	const char *text = json_string_value(member);
	char *shown = text && *text && strlen(text) == json_string_length(member) && strlen(text) <= limit
			      ? text_shown(mem, text)
			      : NULL;

	return shown && strcmp(shown, text) == 0 ? shown : NULL;
}

static int tips_read(struct lesson *lesson, const json_t *list, struct error *err)
{
	const size_t count = json_array_size(list);

	if (!json_is_array(list) || count > LESSON_TIPS_LIMIT)
		return damaged(err, "tips");
	lesson->tips = memory_array_zero(lesson, sizeof *lesson->tips, count);
	if (!lesson->tips)
		return error_memory(err);
	for (; lesson->tip_count < count; lesson->tip_count++) {
		struct lesson_taken *tip = &lesson->tips[lesson->tip_count];
		const json_t *row = json_array_get(list, lesson->tip_count), *id = json_object_get(row, "id");

		/* "" is the case as a whole. */
		tip->id = json_is_string(id) && json_string_length(id) == 0 ? talloc_strdup(lesson->tips, "") :
			  text_of(lesson->tips, row, "id", LESSON_TEXT_LIMIT);
		tip->text = text_of(lesson->tips, row, "text", 4 * LESSON_TEXT_LIMIT);
		if (!tip->id || !tip->text)
			return damaged(err, "tips");
	}
	return 0;
}

static bool verdict_parse(const char *name, enum lesson_verdict *verdict)
{
	for (size_t i = 0; name && i < VERDICT_COUNT; i++)
		if (strcmp(name, VERDICTS[i]) == 0) {
			*verdict = (enum lesson_verdict)i;
			return true;
		}
	return false;
}

static int proposals_read(struct lesson *lesson, const json_t *list, struct error *err)
{
	const size_t count = json_array_size(list);

	if (!json_is_array(list) || count > LESSON_PROPOSALS_LIMIT)
		return damaged(err, "proposals");
	lesson->proposals = memory_array_zero(lesson, sizeof *lesson->proposals, count);
	if (!lesson->proposals)
		return error_memory(err);
	for (; lesson->proposal_count < count; lesson->proposal_count++) {
		struct lesson_proposal *made = &lesson->proposals[lesson->proposal_count];
		const json_t *row = json_array_get(list, lesson->proposal_count);

		made->id = text_of(lesson->proposals, row, "id", LESSON_TEXT_LIMIT);
		made->text = text_of(lesson->proposals, row, "text", LESSON_TEXT_LIMIT);
		if (!made->id || !made->text ||
		    !verdict_parse(json_string_value(json_object_get(row, "verdict")), &made->verdict))
			return damaged(err, "proposals");
	}
	return 0;
}

bool lesson_flag(const json_t *json, const char *name, bool *flag)
{
	const json_t *member = json_object_get(json, name);

	*flag = json_is_true(member);
	return json_is_boolean(member);
}

bool lesson_number(const json_t *json, const char *name, json_int_t least, json_int_t most, json_int_t *number)
{
	const json_t *member = json_object_get(json, name);

	*number = json_integer_value(member);
	return json_is_integer(member) && *number >= least && *number <= most;
}

static int head_read(struct lesson *lesson, const json_t *json, struct error *err)
{
	json_int_t format, seed, chosen;
	char *begun, *seat;

	if (!lesson_number(json, "format", FORMAT, FORMAT, &format))
		return damaged(err, "format");
	lesson->name = text_of(lesson, json, "case", 64);
	seat = text_of(lesson, json, "seat", (size_t)4 * LESSON_SEAT_LIMIT);
	begun = text_of(lesson, json, "begun", LESSON_STAMP - 1);
	if (!lesson->name || !begun || strlen(begun) != LESSON_STAMP - 1)
		return damaged(err, lesson->name ? "begun" : "case");
	if (!seat || seat_name(lesson, seat, &lesson->seat, NULL) != 0)
		return damaged(err, "seat");
	if (!lesson_number(json, "seed", 0, INT64_MAX, &seed) || !lesson_number(json, "chosen", -1, CASE_CHOICES - 1, &chosen))
		return damaged(err, "seed");
	if (!lesson_flag(json, "own", &lesson->own) || !lesson_flag(json, "exam", &lesson->exam) ||
	    !lesson_flag(json, "ended", &lesson->ended))
		return damaged(err, "exam");
	memcpy(lesson->begun, begun, strlen(begun) + 1);
	lesson->seed = (uint64_t)seed;
	lesson->chosen = (int)chosen;
	return 0;
}

int lesson_load(struct lesson *lesson, struct error *err)
{
	json_t *json;
	char *bytes;
	size_t len = 0;
	int ret = lesson_file_read(lesson, lesson->fd, LESSON_JSON, LESSON_FILE_LIMIT, &bytes, &len, err);

	if (ret != 0)
		return ret;
	if (!bytes)
		return error_set(err, TROUBLE_NOT_THERE, _("There is no record of the lesson."));
	json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	ret = json_is_object(json) ? head_read(lesson, json, err) : damaged(err, LESSON_JSON);
	if (ret == 0)
		ret = tips_read(lesson, json_object_get(json, "tips"), err);
	if (ret == 0)
		ret = proposals_read(lesson, json_object_get(json, "proposals"), err);
	json_decref(json);
	talloc_free(bytes);
	return ret;
}

int lesson_bind(struct lesson *lesson, struct error *err)
{
	struct training_case *training = NULL, *bound = NULL;
	char *text = NULL;
	size_t len = 0;
	int ret;

	if (lesson->own)
		ret = lesson_file_read(lesson, lesson->fd, LESSON_CASE, CASE_FILE_LIMIT, &text, &len, err);
	else
		ret = case_known(lesson->name) ? case_find(lesson, lesson->name, &training, err) : damaged(err, "case");
	if (ret == 0 && lesson->own)
		ret = text ? case_parse(lesson, text, len, &training, err) : damaged(err, LESSON_CASE);
	if (ret == 0 && strcmp(training->name, lesson->name) != 0)
		ret = damaged(err, "case");
	if (ret == 0)
		ret = case_bind(lesson, training, lesson->seed, &bound, err);
	if (ret == 0 && lesson->chosen >= (int)bound->choice_count)
		ret = damaged(err, "chosen");
	lesson->bound = bound;
	return ret;
}
