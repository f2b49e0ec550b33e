/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the trainee says of the bare facts before the diagnosis is shown. */
#include <jansson.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { FIRST_MARKED_LEVEL = 2, ID_LIMIT = 1000, NAMED = 3 };

static const char *const SAYS[] = {
	[SAYS_NOTHING] = "",
	[SAYS_WRONG] = "wrong",
	[SAYS_RIGHT] = "right",
	[SAYS_UNSURE] = "unsure",
};

static const char *const OUTCOMES[] = {
	[OUTCOME_OPEN] = "open",
	[OUTCOME_MET] = "met",
	[OUTCOME_MISSED] = "missed",
	[OUTCOME_FALSE] = "false",
	[OUTCOME_OTHER_REASON] = "other-reason",
	[OUTCOME_EITHER] = "either",
};

const char *mark_says_name(enum mark_says says)
{
	return SAYS[says];
}

enum mark_says mark_says_parse(const char *name)
{
	size_t says = text_number(SAYS, ARRAY_SIZE(SAYS), name);

	return says < ARRAY_SIZE(SAYS) ? (enum mark_says)says : SAYS_NOTHING;
}

/* A server that the program refuses is looked at by nobody. */
static bool marks_wanted(const struct lesson *lesson)
{
	return (lesson->exam || lesson->bound->level >= FIRST_MARKED_LEVEL) &&
		!case_refuses(lesson->bound);
}

bool lesson_marks_first(const struct lesson *lesson)
{
	return marks_wanted(lesson) && !lesson->marked;
}

static struct lesson_mark *mark_of(const struct lesson *lesson, const char *id)
{
	for (size_t i = 0; i < lesson->mark_count; i++)
		if (strcmp(lesson->marks[i].id, id) == 0)
			return &lesson->marks[i];
	return NULL;
}

const struct lesson_mark *lesson_marked(const struct lesson *lesson, const char *id)
{
	return mark_of(lesson, id);
}

/* The one of a row, made where there is none; NULL with a sentence. */
static struct lesson_mark *mark_for(struct lesson *lesson, const struct mark_row *row,
	struct error *err)
{
	struct lesson_mark *mark = mark_of(lesson, row->id);

	if (mark)
		return mark;
	if (lesson->mark_count >= LESSON_MARKS_LIMIT || strlen(row->id) > ID_LIMIT) {
		error_set(err, TROUBLE_USAGE, _("This lesson has reached its limit of marks."));
		return NULL;
	}
	mark = memory_more(lesson, &lesson->marks, lesson->mark_count, sizeof *mark);
	if (mark)
		*mark = (struct lesson_mark){ .id = talloc_strdup(lesson, row->id),
			.subject = talloc_strdup(lesson, row->subject) };
	if (!mark || !mark->id || !mark->subject) {
		error_memory(err);
		return NULL;
	}
	lesson->mark_count++;
	return mark;
}

int lesson_mark(struct lesson *lesson, const struct mark_row *row, enum mark_says says,
	enum mark_reason reason, struct error *err)
{
	struct lesson_mark *mark, before;
	int ret;

	if (lesson->marked)
		return error_set(err, TROUBLE_USAGE,
			_("What looks wrong was said before the diagnosis; that stays."));
	if ((says == SAYS_WRONG) != (reason != REASON_NONE) ||
		(reason != REASON_NONE && !(mark_reasons(row->kind) & 1u << reason)))
		return error_set(err, TROUBLE_USAGE, _("Say why it looks wrong."));
	mark = mark_for(lesson, row, err);
	if (!mark)
		return -(int)err->trouble;
	before = *mark;
	mark->says = says;
	mark->reason = reason;
	ret = lesson_save(lesson, err);
	if (ret != 0)
		*mark = before;
	return ret;
}

/* ---- all is said ---- */

static enum mark_outcome outcome_of(const struct lesson_mark *mark, const struct mark_row *row)
{
	if (row->truth == TRUTH_EITHER)
		return OUTCOME_EITHER;
	if (mark->says != SAYS_WRONG)
		return row->truth == TRUTH_WRONG ? OUTCOME_MISSED : OUTCOME_MET;
	if (row->truth == TRUTH_RIGHT)
		return OUTCOME_FALSE;
	return row->reasons & 1u << mark->reason ? OUTCOME_MET : OUTCOME_OTHER_REASON;
}

int lesson_marks_end(struct lesson *lesson, const struct mark_rows *rows, struct error *err)
{
	int ret = 0;

	if (lesson->marked)
		return 0;
	for (size_t i = 0; ret == 0 && i < rows->count; i++) {
		struct lesson_mark *mark = mark_for(lesson, &rows->rows[i], err);

		if (mark)
			mark->outcome = outcome_of(mark, &rows->rows[i]);
		else
			ret = -(int)err->trouble;
	}
	lesson->marked = ret == 0;
	if (ret == 0)
		ret = lesson_save(lesson, err);
	lesson->marked = ret == 0;
	return ret;
}

/* ", " and the name; the first few. */
static const char *named(const struct lesson *lesson, const char *names, const char *name,
	size_t count)
{
	if (count > NAMED)
		return names;
	return names ? talloc_asprintf(lesson, "%s, %s", names, name) : name;
}

struct score_marks lesson_marks_sum(const struct lesson *lesson)
{
	struct score_marks sum = { .wanted = marks_wanted(lesson), .said = lesson->marked };
	size_t missed = 0;

	for (size_t i = 0; i < lesson->mark_count; i++) {
		const struct lesson_mark *mark = &lesson->marks[i];

		sum.found += mark->outcome == OUTCOME_MET && mark->says == SAYS_WRONG;
		sum.reasons += mark->outcome == OUTCOME_OTHER_REASON;
		if (mark->outcome == OUTCOME_MISSED)
			sum.missed = named(lesson, sum.missed, mark->subject, ++missed);
		if (mark->outcome == OUTCOME_FALSE)
			sum.false_names =
				named(lesson, sum.false_names, mark->subject, ++sum.falsely);
	}
	sum.wrong = sum.found + sum.reasons + missed;
	return sum;
}

/* ---- the record ---- */

json_t *lesson_marks_json(const struct lesson *lesson)
{
	json_t *list = json_array();
	int failed = !list;

	for (size_t i = 0; !failed && i < lesson->mark_count; i++) {
		const struct lesson_mark *mark = &lesson->marks[i];

		failed = json_array_append_new(list,
			json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", mark->id, "subject",
				mark->subject, "says", SAYS[mark->says], "reason",
				mark_reason_name(mark->reason), "outcome",
				OUTCOMES[mark->outcome]));
	}
	if (!failed)
		return list;
	json_decref(list);
	return NULL;
}

static bool mark_read(struct lesson *lesson, json_t *row)
{
	const char *id, *subject, *says, *reason, *outcome;
	struct lesson_mark *mark;
	size_t s, o;

	if (json_unpack(row, "{s:s, s:s, s:s, s:s, s:s}", "id", &id, "subject", &subject, "says",
		    &says, "reason", &reason, "outcome", &outcome) != 0)
		return false;
	mark = memory_more(lesson, &lesson->marks, lesson->mark_count, sizeof *mark);
	s = text_number(SAYS, ARRAY_SIZE(SAYS), says);
	o = text_number(OUTCOMES, ARRAY_SIZE(OUTCOMES), outcome);
	if (!mark || s >= ARRAY_SIZE(SAYS) || o >= ARRAY_SIZE(OUTCOMES) ||
		(*reason && mark_reason_parse(reason) == REASON_NONE) ||
		(s == SAYS_WRONG) != (*reason != '\0') || mark_of(lesson, id))
		return false;
	*mark = (struct lesson_mark){ .id = lesson_text_plain(lesson, id, ID_LIMIT),
		.subject = lesson_text_plain(lesson, subject, LESSON_TEXT_LIMIT),
		.says = (enum mark_says)s,
		.reason = mark_reason_parse(reason),
		.outcome = (enum mark_outcome)o };
	lesson->mark_count++;
	return mark->id && mark->subject;
}

bool lesson_marks_read(struct lesson *lesson, json_t *list)
{
	bool good = json_is_array(list) && json_array_size(list) <= LESSON_MARKS_LIMIT;

	for (size_t i = 0; good && i < json_array_size(list); i++)
		good = mark_read(lesson, json_array_get(list, i));
	return good;
}
