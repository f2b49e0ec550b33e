/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parts of a page. Each belongs to the page; want of memory leaves a part out, never the program: what has no place is filled in all the same,
 * and drawn by nobody.
 */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/guide/state.h"

static char *vtext(TALLOC_CTX *mem, const char *format, va_list args)
{
	char *text = talloc_vasprintf(mem, format, args);

	return text != NULL ? text : talloc_strdup(mem, "");
}

char *page_text(struct page *page, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = vtext(page, format, args);
	va_end(args);
	return text;
}

static char *appended(struct page *page, const char *before, const char *format, va_list args)
{
	return talloc_asprintf(page, "%s%s", before != NULL ? before : "", vtext(page, format, args));
}

void page_lead(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	page->lead = appended(page, page->lead, format, args);
	va_end(args);
}

void page_tail(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	page->tail = appended(page, page->tail, format, args);
	va_end(args);
}

void page_coach(struct page *page, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = vtext(page, format, args);
	va_end(args);
	page->coach = talloc_asprintf(page, "%s%s %s\n", page->coach != NULL ? page->coach : "", _("Coach:"), text);
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

	if (own == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		own[i].heading = _(own[i].heading);
	page->columns = own;
	page->column_count = count;
}

/* One more element at the end of an array that the page shows as const; rows may move, so a page is built row by row.
 */
static void *grow(struct page *page, const void *array, size_t *count, size_t size)
{
	char *grown = talloc_realloc_size(page, (void *)array, (*count + 1) * size);

	if (grown == NULL)
		return NULL;
	memset(grown + *count * size, 0, size);
	(*count)++;
	return grown;
}

struct row *page_row(struct page *page, const char *id)
{
	static struct row nowhere;
	struct row *rows = grow(page, page->rows, &page->row_count, sizeof *rows);

	nowhere = (struct row){ 0 };
	if (rows == NULL)
		return &nowhere;
	page->rows = rows;
	rows[page->row_count - 1].id = id != NULL ? talloc_strdup(page, id) : NULL;
	rows[page->row_count - 1].selectable = id != NULL;
	return &rows[page->row_count - 1];
}

void row_detail(struct page *page, struct row *row, enum detail_kind kind, const char *label, const char *text)
{
	struct detail *details = grow(page, row->details, &row->detail_count, sizeof *details);

	if (details == NULL)
		return;
	row->details = details;
	details[row->detail_count - 1] = (struct detail){ kind, label, text != NULL ? text : "" };
}

struct action *page_action(struct page *page, enum word_id id, const char *label, char key, enum action_kind kind)
{
	static struct action nowhere;
	struct action *actions = grow(page, page->actions, &page->action_count, sizeof *actions);

	if (actions == NULL)
		return &nowhere;
	page->actions = actions;
	actions[page->action_count - 1] = (struct action){ .id = word_name(id), .label = label, .key = key, .kind = kind };
	return &actions[page->action_count - 1];
}

struct question *page_question(struct page *page, enum question_id id, const char *row, enum question_kind kind,
			       const char *title)
{
	static struct question nowhere;
	struct question *question = talloc_zero(page, struct question);

	nowhere = (struct question){ 0 };
	if (question == NULL)
		question = &nowhere;
	question->id = row != NULL ? page_text(page, "%s:%s", question_name(id), row) : question_name(id);
	question->kind = kind;
	question->title = title;
	return question;
}

struct question *page_line(struct page *page, enum question_id id, const char *row, const char *title, const char *text)
{
	struct question *question = page_question(page, id, row, ASK_TEXT, title);

	question->text = text;
	question->min_length = 1;
	return question;
}

struct question *page_confirm(struct page *page, enum question_id id, const char *title, const char *text)
{
	struct question *question = page_question(page, id, NULL, ASK_CHOICE, title);

	question->text = text;
	question->writes = true;
	return question;
}

void question_answer(struct page *page, struct question *question, enum word_id id, const char *label, char key,
		     bool safe)
{
	struct answer *answers = grow(page, question->answers, &question->answer_count, sizeof *answers);

	if (answers == NULL)
		return;
	question->answers = answers;
	answers[question->answer_count - 1] = (struct answer){ word_name(id), label, key, safe };
}

void question_field(struct page *page, struct question *question, enum word_id id, const char *label, const char *value,
		    size_t min)
{
	struct field *fields = grow(page, question->fields, &question->field_count, sizeof *fields);

	if (fields == NULL)
		return;
	question->fields = fields;
	fields[question->field_count - 1] = (struct field){ word_name(id), label, value, min };
}
