/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the trainee says of the bare facts before the diagnosis is shown. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { FIRST_MARKED_LEVEL = 2, NAMED = 3 };

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

const struct lesson_mark *lesson_marked(const struct lesson *lesson, const char *id)
{
	return lesson_mark_find(lesson, id);
}

/* The one of a row, made where there is none; NULL with a sentence. */
static struct lesson_mark *mark_for(struct lesson *lesson, const struct mark_row *row,
	struct error *err)
{
	struct lesson_mark *mark = lesson_mark_find(lesson, row->id);

	if (mark)
		return mark;
	if (lesson->mark_count >= LESSON_MARKS_LIMIT || strlen(row->id) > LESSON_ID_LIMIT) {
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
