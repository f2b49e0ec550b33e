/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/senses.h"

#include <stdarg.h>
#include <setjmp.h>
#include <string.h>
#include <regex.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "ui/wizard/compose.h"

/* ---- Seen without colours ---- */

/* What is written in a stretch, without blanks around it. */
static const char *text_of(const struct screen *screen, const struct stretch *stretch)
{
	const char *line = screen->lines[stretch->row];
	size_t from = layout_bytes(line, stretch->column);
	size_t to = layout_bytes(line, stretch->column + stretch->width);

	while (from < to && line[from] == ' ')
		from++;
	while (to > from && line[to - 1] == ' ')
		to--;
	return talloc_strndup((void *)screen, line + from, to - from);
}

static bool between(const char *text, const char *open, const char *close)
{
	size_t len = strlen(text), tail = strlen(close);

	return len > strlen(open) + tail && strncmp(text, open, strlen(open)) == 0 &&
		strcmp(text + len - tail, close) == 0;
}

/* Whether marks stand below the whole of a stretch. */
static bool marked_below(const struct screen *screen, const struct stretch *stretch)
{
	struct stretch below = *stretch;
	const char *marks;

	below.row++;
	marks = below.row < screen->rows ? text_of(screen, &below) : "";
	return strlen(marks) == stretch->width && strspn(marks, "^") == stretch->width;
}

/* What has a ground of its own where there are colours: a word, a filled bar, a sign. */
static bool says_it(const struct screen *screen, const struct stretch *stretch)
{
	const char *text = text_of(screen, stretch), *line = screen->lines[stretch->row];

	switch (stretch->role) {
	case ROLE_GOOD:
	case ROLE_WARN:
	case ROLE_DANGER:
	case ROLE_CALM:
		return *text != '\0';
	case ROLE_FOCUS:
		return between(text, "[>", "<]");
	case ROLE_CURSOR:
		return memchr(line, '>', layout_bytes(line, stretch->column + 1)) != NULL;
	case ROLE_COME:
		return marked_below(screen, stretch);
	default:
		return true;
	}
}

static const char *stretches_say_it(struct screen *screen)
{
	for (size_t i = 0; i < screen->stretch_count; i++) {
		const struct stretch *stretch = &screen->stretches[i];
		enum role top = sheet_role(screen, stretch->row, stretch->column);

		if (top == stretch->role && !says_it(screen, stretch))
			return talloc_asprintf(screen,
				"%zux%zu, role %d only by its colour: \"%s\" in %s",
				screen->columns, screen->rows, (int)stretch->role,
				text_of(screen, stretch), screen->lines[stretch->row]);
	}
	return NULL;
}

static bool same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Whether a tone says something: others only stand out. */
static bool means(enum tone tone)
{
	return tone != TONE_TEXT && tone != TONE_STRONG && tone != TONE_QUIET;
}

/* Two rows with another meaning in one column: the cell, the mark, the lamp or the state in the
 * first cell reads otherwise, too. */
static bool rows_read_apart(const struct row *a, const struct row *b, size_t column)
{
	return a->tones[column] == b->tones[column] ||
		(!means(a->tones[column]) && !means(b->tones[column])) ||
		!same(a->cells[column], b->cells[column]) || a->mark != b->mark ||
		!same(a->lamp, b->lamp) || !same(a->cells[0], b->cells[0]);
}

const char *senses_seen(TALLOC_CTX *mem, const struct page *page)
{
	static const size_t sizes[][2] = { { 24, 80 }, { 20, 60 }, { 36, 120 } };

	for (size_t a = 0; a < page->row_count; a++)
		for (size_t b = 0; b < a; b++)
			for (size_t c = 0; c < page->column_count; c++)
				if (!rows_read_apart(&page->rows[a], &page->rows[b], c))
					return talloc_asprintf(mem, "lines %zu and %zu, column %zu",
						b + 1, a + 1, c + 1);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(sizes); i++) {
		struct screen *screen = screen_new(mem, sizes[i / 2][0], sizes[i / 2][1]);
		struct view view = view_first(page);
		const char *why;

		view.on_table = i % 2 == 0 && page->row_count > 0 && page->rows[0].selectable;
		screen->tier = TIER_MONO;
		compose_page(screen, page, &view);
		why = stretches_say_it(screen);
		if (why)
			return why;
	}
	return NULL;
}

/* ---- Heard ---- */

static const struct heard {
	const char *pattern, *why;
} unheard[] = {
	{ "─|│|┌|┐|└|┘|░|■|\\^\\^", "something is drawn" },
	{ "(^|\n) *([0-9]+\\. )?([A-Z ]+: )?[-+]?[0-9]+(;|: )", "a number without a name" },
	{ ": (-|→|=)(;|\n| )", "a sign for a word" },
};

static const char *part_bad(TALLOC_CTX *mem, const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(unheard); i++) {
		regmatch_t at;
		regex_t regex;
		bool found;

		assert_int_equal(regcomp(&regex, unheard[i].pattern, REG_EXTENDED), 0);
		found = regexec(&regex, text, 1, &at, 0) == 0;
		regfree(&regex);
		if (found)
			return talloc_asprintf(mem, "%s: \"%.*s\"", unheard[i].why,
				(int)(at.rm_eo - at.rm_so), text + at.rm_so);
	}
	return NULL;
}

/* What can be answered stands between the last empty line and the prompt. */
static const char *unsaid(TALLOC_CTX *mem, const struct page *page, const char *text)
{
	const struct question *question = page->question;
	bool actions = strstr(text, "What now?") != NULL;

	for (size_t i = 0; i < page->row_count && !question && !actions; i++)
		if (page->rows[i].decide && !page->rows[i].decided)
			question = page->rows[i].decide;
	for (size_t i = 0; actions && i < page->action_count; i++)
		if (!strstr(strstr(text, "What now?"), page->actions[i].label))
			return talloc_asprintf(mem, "action %s is not said", page->actions[i].id);
	for (size_t i = 0; question && question->kind == ASK_CHOICE && i < question->answer_count;
		i++)
		if (!strstr(text, question->answers[i].label) &&
			!strstr(text, question->answers[i].id))
			return talloc_asprintf(mem, "answer %s is not said",
				question->answers[i].id);
	if (!question || question->kind == ASK_CHOICE)
		if (!strstr(text, "?  Help") && !strstr(text, "? help"))
			return "nothing says how to get help";
	return NULL;
}

const char *senses_heard(TALLOC_CTX *mem, const struct page *page, const char *text)
{
	const char *why = part_bad(mem, text);

	if (why)
		return why;
	if (!strstr(text, page->title) || strlen(text) < 3 ||
		strcmp(text + strlen(text) - 3, "> \n") != 0)
		return "no page before a prompt";
	return unsaid(mem, page, text);
}
