/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of ids, and the words of marks. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/guide/ids.h"
#include "ui/guide/page.h"

#define PAGE_NAME(id, variable, name) name
#define NAME(id, name) name
static const char *const pages[] = { GUIDE_PAGES(PAGE_NAME) };
static const char *const questions[] = { "", GUIDE_QUESTIONS(NAME) };
static const char *const words[] = { "", GUIDE_WORDS(NAME) };

const char *page_name(enum page_id page)
{
	return pages[page];
}

const char *question_name(enum question_id question)
{
	return questions[question];
}

const char *word_name(enum word_id word)
{
	return words[word];
}

/* Its place in names, 0 if it is not there. */
static unsigned place_of(const char *const *names, size_t count, const char *text)
{
	size_t len = text ? strcspn(text, ":") : 0;

	for (unsigned i = 1; i < count; i++)
		if (strlen(names[i]) == len && strncmp(names[i], text, len) == 0)
			return i;
	return 0;
}

enum question_id question_of(const char *text)
{
	return place_of(questions, ARRAY_SIZE(questions), text);
}

enum word_id word_of(const char *text)
{
	return place_of(words, ARRAY_SIZE(words), text);
}

const char *mark_word(enum mark mark)
{
	static const char *const marks[] = {
		[MARK_NONE] = "      ",
		[MARK_DONE] = N_("[done]"),
		[MARK_NOW] = N_("[ now]"),
		[MARK_OPEN] = "[    ]",
		[MARK_LOCK] = N_("[lock]"),
		[MARK_WEAK] = N_("[weak]"),
		[MARK_ASK] = "[  ? ]",
		[MARK_CHANGE] = "[  > ]",
		[MARK_KEEP] = "[  - ]",
		[MARK_RIGHT] = "[  = ]",
	};

	return _(marks[mark]);
}
