/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a page. Each belongs to the page; want of memory leaves a part out, never the program. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/guide/guide_private.h"

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

/* Adds to what a page says. */
static void append(struct page *page, const char **to, const char *format, va_list args)
{
	char *more = vtext(page, format, args);

	*to = talloc_asprintf(page, "%s%s", *to != NULL ? *to : "", more);
}

void page_lead(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(page, &page->lead, format, args);
	va_end(args);
}

void page_tail(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	append(page, &page->tail, format, args);
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
	page->title = page_text(page, _("Step %d of 6: %s"), step, _(article_step(step)->title));
	page->why = page_text(page, "%s\n", _(article_step(step)->asks));
	page->help = page->why;
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

/* Rows may move when one is added, so a page is built row by row. */
struct row *page_row(struct page *page, const char *id)
{
	struct row *row = memory_more(page, &page->rows, page->row_count, sizeof *row);

	if (row == NULL)
		return NULL;
	page->row_count++;
	row->id = id != NULL ? talloc_strdup(page, id) : NULL;
	row->selectable = id != NULL;
	return row;
}

void row_detail(struct page *page, struct row *row, enum detail_kind kind, const char *label, const char *text)
{
	struct detail *detail = memory_more(page, &row->details, row->detail_count, sizeof *detail);

	if (detail == NULL)
		return;
	row->detail_count++;
	*detail = (struct detail){ kind, label, text != NULL ? text : "" };
}

struct action *page_action(struct page *page, const char *id, const char *label, char key, enum action_kind kind)
{
	struct action *action = memory_more(page, &page->actions, page->action_count, sizeof *action);

	if (action == NULL)
		return NULL;
	page->action_count++;
	*action = (struct action){ .id = id, .label = label, .key = key, .kind = kind };
	return action;
}

struct question *page_question(struct page *page, const char *id, const char *row, enum question_kind kind,
			       const char *title)
{
	struct question *question = talloc_zero(page, struct question);

	if (question == NULL)
		return NULL;
	question->id = row != NULL ? page_text(page, "%s:%s", id, row) : id;
	question->kind = kind;
	question->title = title;
	return question;
}

void question_answer(struct page *page, struct question *question, const char *id, const char *label, char key,
		     bool safe)
{
	struct answer *answer =
		question != NULL ? memory_more(page, &question->answers, question->answer_count, sizeof *answer) : NULL;

	if (answer == NULL)
		return;
	question->answer_count++;
	*answer = (struct answer){ id, label, key, safe };
}

void question_field(struct page *page, struct question *question, const char *id, const char *label, const char *value,
		    size_t min)
{
	struct field *field = question != NULL ? memory_more(page, &question->fields, question->field_count, sizeof *field) : NULL;

	if (field == NULL)
		return;
	question->field_count++;
	*field = (struct field){ id, label, value, min };
}
