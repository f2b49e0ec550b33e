/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of a page. Each belongs to the page; want of memory leaves a part out, never the program:
 * what has no place is filled in all the same, and drawn by nobody.
 */
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/state.h"

char *page_text(struct page *page, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(page, format, args);
	va_end(args);
	return text;
}

const char *page_shown(struct page *page, const char *text)
{
	return text ? text_shown(page, text) : "";
}

void page_lead(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	page->lead = talloc_vasprintf_append(talloc_strdup(page, page->lead ? page->lead : ""),
		format, args);
	va_end(args);
}

void page_tail(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	page->tail = talloc_vasprintf_append(talloc_strdup(page, page->tail ? page->tail : ""),
		format, args);
	va_end(args);
}

void page_coach(struct page *page, const char *text)
{
	page->coach =
		page_text(page, "%s%s %s\n", page->coach ? page->coach : "", _("Coach:"), text);
}

void page_step(struct page *page, int step)
{
	const struct article_step *article = article_step(step);

	page->title = page_text(page, _("Step %d of 6: %s"), step, _(article->title));
	page->why = page_text(page, "%s\n", _(article->asks));
}

void page_columns(struct page *page, const struct column *columns, size_t count)
{
	struct column *own = talloc_memdup(page, columns, count * sizeof *columns);

	if (!own)
		return;
	for (size_t i = 0; i < count; i++)
		own[i].heading = _(own[i].heading);
	page->columns = own;
	page->column_count = count;
}

/* Rows may move when one is added, so a page is built row by row. */
struct row *page_row(struct page *page, const char *id, ...)
{
	static struct row nowhere;
	struct row *row = memory_more(page, &page->rows, page->row_count, sizeof *row);
	const char *cell;
	va_list cells;

	nowhere = (struct row){ 0 };
	if (!row)
		return &nowhere;
	page->row_count++;
	row->id = id ? talloc_strdup(page, id) : NULL;
	row->selectable = id;
	va_start(cells, id);
	for (size_t i = 0; i < PAGE_COLUMNS && (cell = va_arg(cells, const char *)); i++)
		row->cells[i] = cell;
	va_end(cells);
	return row;
}

void row_detail(struct page *page, struct row *row, enum detail_kind kind, const char *label,
	const char *text)
{
	struct detail *detail = memory_more(page, &row->details, row->detail_count, sizeof *detail);

	if (!detail)
		return;
	row->detail_count++;
	*detail = (struct detail){ kind, label, text };
}

void page_more(struct page *page, const char *title, const char *source, const char *text)
{
	struct more *more = memory_more(page, &page->more, page->more_count, sizeof *more);

	if (!more)
		return;
	page->more_count++;
	*more = (struct more){ title, source, text };
}

struct action *page_action(struct page *page, enum word_id id, const char *label, char key,
	enum action_kind kind)
{
	static struct action nowhere;
	struct action *action =
		memory_more(page, &page->actions, page->action_count, sizeof *action);

	if (!action)
		return &nowhere;
	page->action_count++;
	*action = (struct action){ .id = word_name(id), .label = label, .key = key, .kind = kind };
	return action;
}

void page_continue(struct page *page, const char *label)
{
	page_action(page, WORD_CONTINUE, label, 'c', ACTION_FORWARD);
	page_action(page, WORD_BACK, _("Back"), 0, ACTION_BACK);
}

struct question *page_question(struct page *page, enum question_id id, const char *row,
	enum question_kind kind, const char *title)
{
	static struct question nowhere;
	struct question *question = talloc_zero(page, struct question);

	nowhere = (struct question){ 0 };
	if (!question)
		question = &nowhere;
	question->id = row ? page_text(page, "%s:%s", question_name(id), row) : question_name(id);
	question->kind = kind;
	question->title = title;
	return question;
}

struct question *page_line(struct page *page, enum question_id id, const char *row,
	const char *title, const char *text)
{
	struct question *question = page_question(page, id, row, ASK_TEXT, title);

	question->text = text;
	question->min_length = 1;
	return question;
}

struct question *page_confirm(struct page *page, enum question_id id, const char *title,
	const char *text)
{
	struct question *question = page_question(page, id, NULL, ASK_CHOICE, title);

	question->text = text;
	question->writes = true;
	return question;
}

/* A yes or no is the letter of the reader's language. */
static char letter_here(char key)
{
	const char *letter;

	if (key != 'y' && key != 'n')
		return key;
	/* TRANSLATORS: the small letter that means yes, or no: one of a to z, and none of
	 * w b r d u l q s e t. */
	letter = key == 'y' ? C_("letter", "y") : C_("letter", "n");
	return *letter >= 'a' && *letter <= 'z' ? *letter : key;
}

void question_answer(struct page *page, struct question *question, enum word_id id,
	const char *label, char key, bool safe)
{
	struct answer *answer =
		memory_more(page, &question->answers, question->answer_count, sizeof *answer);

	if (!answer)
		return;
	question->answer_count++;
	*answer = (struct answer){ .id = word_name(id),
		.label = label,
		.key = letter_here(key),
		.safe = safe,
		.twin = key };
}

void question_hint(struct question *question, enum word_id id, const char *hint)
{
	struct answer *answers = (struct answer *)(uintptr_t)question->answers;

	for (size_t i = 0; i < question->answer_count; i++)
		if (strcmp(answers[i].id, word_name(id)) == 0)
			answers[i].hint = hint;
}

void question_field(struct page *page, struct question *question, enum word_id id,
	const char *label, const char *value, size_t min)
{
	struct field *field =
		memory_more(page, &question->fields, question->field_count, sizeof *field);

	if (!field)
		return;
	question->field_count++;
	*field = (struct field){ word_name(id), label, value, min };
}
