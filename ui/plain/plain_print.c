/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as lines. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/plain/plain_private.h"

static void put(struct plain *plain, const char *text)
{
	char *shown = layout_text(plain, text, plain->options.utf8);

	fprintf(plain->options.out, "%s\n", shown != NULL ? shown : "");
	talloc_free(shown);
}

void plain_line(struct plain *plain, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(plain, format, args);
	va_end(args);
	if (text != NULL)
		put(plain, text);
	talloc_free(text);
}

void plain_say(struct plain *plain, const char *text)
{
	struct lines lines = { 0 };
	TALLOC_CTX *mem = talloc_new(plain);

	if (text != NULL && layout_wrap(mem, text, plain->options.width, &lines) == 0)
		for (size_t i = 0; i < lines.count; i++)
			put(plain, lines.text[i]);
	talloc_free(mem);
}

/* A cell in words: a question mark alone is not read out. */
static const char *cell_text(const char *cell)
{
	cell += strspn(cell, " ");
	return strcmp(cell, "?") == 0 ? _("undecided") : cell;
}

/* A row as "mark cell; Column: cell; Column: cell". */
static char *row_text(TALLOC_CTX *mem, const struct page *page, const struct row *row)
{
	char *text = talloc_strdup(mem, "");

	if (page->marks && row->mark != MARK_NONE && row->mark != MARK_OPEN)
		text = talloc_asprintf(mem, "%s ", mark_word(row->mark));
	for (size_t i = 0; i < page->column_count && i < PAGE_COLUMNS; i++) {
		if (row->cells[i] == NULL || *row->cells[i] == '\0')
			continue;
		if (i == 0)
			text = talloc_asprintf_append(text, "%s", cell_text(row->cells[i]));
		else
			text = talloc_asprintf_append(text, "; %s: %s", page->columns[i].heading,
						      cell_text(row->cells[i]));
	}
	return text;
}

static void print_detail(struct plain *plain, const struct detail *detail)
{
	char *text = talloc_asprintf(plain, "%s: %s\n", detail->label, detail->text);

	plain_say(plain, text);
	talloc_free(text);
}

static void print_rows(struct plain *plain, const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		char *text = row_text(plain, page, &page->rows[i]);
		char *numbered = page->rows[i].selectable ? talloc_asprintf(plain, "  %zu. %s\n", i + 1, text)
							  : talloc_asprintf(plain, "  %s\n", text);

		plain_say(plain, numbered);
		for (size_t k = 0; k < page->rows[i].detail_count; k++)
			if (page->rows[i].details[k].kind == DETAIL_TOLD)
				print_detail(plain, &page->rows[i].details[k]);
		talloc_free(text);
		talloc_free(numbered);
	}
	if (page->row_count > 0)
		put(plain, "");
}

void plain_print_page(struct plain *plain, const struct page *page)
{
	put(plain, "");
	plain_line(plain, "%s", page->title);
	plain_line(plain, _("Server: %s. %s."), page->server, page->badge);
	if (page->lead != NULL) {
		put(plain, "");
		plain_say(plain, page->lead);
	}
	put(plain, "");
	print_rows(plain, page);
	if (page->tail != NULL) {
		plain_say(plain, page->tail);
		put(plain, "");
	}
}

void plain_print_row(struct plain *plain, const struct page *page, size_t index, bool all)
{
	const struct row *row = &page->rows[index];
	size_t open = 0;

	for (size_t i = 0; i < page->row_count; i++)
		open += page->rows[i].decide != NULL && page->rows[i].decided == NULL;
	put(plain, "");
	plain_line(plain, _("Line %zu of %zu, %zu still open."), index + 1, page->row_count, open);
	for (size_t i = 0; i < page->column_count && i < PAGE_COLUMNS; i++)
		if (row->cells[i] != NULL && *row->cells[i] != '\0' && *page->columns[i].heading != '\0')
			plain_line(plain, "%s: %s", page->columns[i].heading, cell_text(row->cells[i]));
	for (size_t i = 0; i < row->detail_count; i++)
		if (all || row->details[i].kind > DETAIL_TOLD || row->decide != NULL)
			print_detail(plain, &row->details[i]);
}

void plain_print_actions(struct plain *plain, const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (action->key != '\0')
			plain_line(plain, _("  %zu or %c  %s%s"), i + 1, action->key, action->label,
				   action->refused != NULL ? _(" (not now)") : "");
		else
			plain_line(plain, "  %zu  %s%s", i + 1, action->label,
				   action->refused != NULL ? _(" (not now)") : "");
	}
}
