/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What looks wrong, in lesson.json. */
#include <jansson.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

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

char *lesson_text_plain(TALLOC_CTX *mem, const char *text, size_t limit)
{
	char *shown = *text && strlen(text) <= limit ? text_shown(mem, text) : NULL;

	return shown && strcmp(shown, text) == 0 ? shown : NULL;
}

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

struct lesson_mark *lesson_mark_find(const struct lesson *lesson, const char *id)
{
	for (size_t i = 0; i < lesson->mark_count; i++)
		if (strcmp(lesson->marks[i].id, id) == 0)
			return &lesson->marks[i];
	return NULL;
}

bool lesson_mark_read(struct lesson *lesson, json_t *row)
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
		(s == SAYS_WRONG) != (*reason != '\0') || lesson_mark_find(lesson, id))
		return false;
	*mark = (struct lesson_mark){ .id = lesson_text_plain(lesson, id, LESSON_ID_LIMIT),
		.subject = lesson_text_plain(lesson, subject, LESSON_TEXT_LIMIT),
		.says = (enum mark_says)s,
		.reason = mark_reason_parse(reason),
		.outcome = (enum mark_outcome)o };
	lesson->mark_count++;
	return mark->id && mark->subject;
}
