/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lesson.json: what the journal of a run does not know. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { FORMAT = 1 };

static const char *const VERDICTS[] = {
	[LESSON_RIGHT] = "right",
	[LESSON_TYPE_ONLY_PART] = "only-part",
	[LESSON_WRONG_PATH] = "wrong-path",
	[LESSON_TOUCHED_MORE] = "touched-more",
	[LESSON_NOT_CHANGED] = "not-changed",
};

enum { VERDICT_COUNT = ARRAY_SIZE(VERDICTS) };

/* ---- writing ---- */

static json_t *lesson_json(const struct lesson *lesson)
{
	json_t *tips = json_array(), *proposals = json_array(), *marks = lesson_marks_json(lesson);
	int failed = 0;

	for (size_t i = 0; i < lesson->tip_count; i++) {
		const struct lesson_taken *tip = &lesson->tips[i];

		failed |= json_array_append_new(tips,
			json_pack("{s:s, s:s}", "id", tip->id, "text", tip->text));
	}
	for (size_t i = 0; i < lesson->proposal_count; i++) {
		const struct lesson_proposal *made = &lesson->proposals[i];

		failed |= json_array_append_new(proposals,
			json_pack("{s:s, s:s, s:s}", "id", made->id, "text", made->text, "verdict",
				VERDICTS[made->verdict]));
	}
	if (failed || !marks) {
		json_decref(marks);
		json_decref(tips);
		json_decref(proposals);
		return NULL;
	}
	return json_pack("{s:i, s:s, s:b, s:I, s:s, s:s, s:b, s:b, s:i, s:o, s:o, s:b, s:o}",
		"format", FORMAT, "case", lesson->name, "own", lesson->own, "seed",
		(json_int_t)lesson->seed, "seat", lesson->seat, "begun", lesson->begun, "exam",
		lesson->exam, "ended", lesson->ended, "chosen", lesson->chosen, "tips", tips,
		"proposals", proposals, "marked", lesson->marked, "marks", marks);
}

int lesson_save(struct lesson *lesson, struct error *err)
{
	json_t *json = lesson_json(lesson);
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	int ret = text ? lesson_file_write(lesson->fd, LESSON_JSON, text, strlen(text), err)
		       : error_memory(err);

	free(text);
	json_decref(json);
	return ret;
}

/* ---- reading ---- */

static bool tip_read(struct lesson *lesson, json_t *row)
{
	struct lesson_taken *tip =
		memory_more(lesson, &lesson->tips, lesson->tip_count, sizeof *tip);
	const char *id, *text;

	if (!tip || json_unpack(row, "{s:s, s:s}", "id", &id, "text", &text) != 0)
		return false;
	lesson->tip_count++;
	/* "" is the case as a whole. */
	tip->id =
		*id ? lesson_text_plain(lesson, id, LESSON_TEXT_LIMIT) : talloc_strdup(lesson, "");
	tip->text = lesson_text_plain(lesson, text, 4 * LESSON_TEXT_LIMIT);
	return tip->id && tip->text;
}

static bool proposal_read(struct lesson *lesson, json_t *row)
{
	struct lesson_proposal *made =
		memory_more(lesson, &lesson->proposals, lesson->proposal_count, sizeof *made);
	const char *id, *text, *verdict;
	size_t v;

	if (!made ||
		json_unpack(row, "{s:s, s:s, s:s}", "id", &id, "text", &text, "verdict",
			&verdict) != 0)
		return false;
	v = text_number(VERDICTS, VERDICT_COUNT, verdict);
	*made = (struct lesson_proposal){ lesson_text_plain(lesson, id, LESSON_TEXT_LIMIT),
		lesson_text_plain(lesson, text, LESSON_TEXT_LIMIT), (enum lesson_verdict)v };
	lesson->proposal_count++;
	return made->id && made->text && v < VERDICT_COUNT;
}

static bool rows_read(struct lesson *lesson, json_t *list, size_t limit,
	bool (*read)(struct lesson *, json_t *))
{
	bool good = json_is_array(list) && json_array_size(list) <= limit;

	for (size_t i = 0; good && i < json_array_size(list); i++)
		good = read(lesson, json_array_get(list, i));
	return good;
}

static bool json_read(struct lesson *lesson, json_t *json)
{
	const char *name, *seat, *begun;
	json_int_t format, seed, chosen;
	int own, exam, ended, marked = 0;
	json_t *tips, *proposals, *marks = NULL;
	int64_t time;

	/* One that was begun before there were marks has none. */
	if (json_unpack(json, "{s:I, s:s, s:b, s:I, s:s, s:s, s:b, s:b, s:I, s:o, s:o, s?b, s?o}",
		    "format", &format, "case", &name, "own", &own, "seed", &seed, "seat", &seat,
		    "begun", &begun, "exam", &exam, "ended", &ended, "chosen", &chosen, "tips",
		    &tips, "proposals", &proposals, "marked", &marked, "marks", &marks) != 0)
		return false;
	if (format != FORMAT || seed < 0 || chosen < -1 || chosen >= CASE_CHOICES ||
		strlen(begun) != FILETIME_STAMP - 1 || !filetime_parse(begun, &time) ||
		seat_name(lesson, seat, &lesson->seat, NULL) != 0)
		return false;
	memcpy(lesson->begun, begun, FILETIME_STAMP);
	lesson->name = talloc_strdup(lesson, name);
	lesson->own = own;
	lesson->seed = (uint64_t)seed;
	lesson->exam = exam;
	lesson->ended = ended;
	lesson->chosen = (int)chosen;
	lesson->marked = marked;
	return lesson->name && rows_read(lesson, tips, LESSON_TIPS_LIMIT, tip_read) &&
		rows_read(lesson, proposals, LESSON_PROPOSALS_LIMIT, proposal_read) &&
		(!marks || rows_read(lesson, marks, LESSON_MARKS_LIMIT, lesson_mark_read));
}

bool lesson_load(struct lesson *lesson)
{
	size_t len = 0;
	char *bytes = lesson_file_read(lesson, lesson->fd, LESSON_JSON, LESSON_FILE_LIMIT, &len);
	json_t *json = bytes ? json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const bool good = json_read(lesson, json);

	json_decref(json);
	talloc_free(bytes);
	return good;
}

bool lesson_bind(struct lesson *lesson)
{
	struct training_case *training = NULL, *bound = NULL;
	size_t len = 0;
	char *text = lesson->own
		? lesson_file_read(lesson, lesson->fd, LESSON_CASE, CASE_FILE_LIMIT, &len)
		: NULL;
	int ret = -TROUBLE_RECORD_DAMAGED;

	if (text)
		ret = case_parse(lesson, text, len, &training, NULL);
	else if (!lesson->own && case_named(lesson->name))
		ret = case_find(lesson, lesson->name, &training, NULL);
	if (ret != 0 || strcmp(training->name, lesson->name) != 0 ||
		case_bind(lesson, training, lesson->seed, &bound, NULL) != 0)
		return false;
	lesson->bound = bound;
	return lesson->chosen < (int)bound->choice_count;
}
