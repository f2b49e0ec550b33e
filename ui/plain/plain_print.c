/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as lines. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/plain/plain_private.h"

static void put(struct plain *plain, const char *text)
{
	char *shown = layout_text(plain, text);

	fprintf(plain->out, "%s\n", shown);
	talloc_free(shown);
}

void plain_line(struct plain *plain, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(plain, format, args);
	va_end(args);
	put(plain, text);
	talloc_free(text);
}

void plain_say(struct plain *plain, const char *text)
{
	TALLOC_CTX *mem = talloc_new(plain);
	struct lines lines = { 0 };

	if (text)
		layout_wrap(mem, text, PLAIN_COLUMNS, &lines);
	for (size_t i = 0; i < lines.count; i++)
		put(plain, lines.text[i]);
	talloc_free(mem);
}

static const char *cell_text(const char *cell)
{
	return cell + strspn(cell, " ");
}

static bool is_empty(const struct row *row, size_t column)
{
	return !row->cells[column] || *row->cells[column] == '\0';
}

/* A row as "  1. mark cell; Column: cell; Column: cell". */
static void print_row(struct plain *plain, const struct page *page, size_t index)
{
	const struct row *row = &page->rows[index];
	char *text = row->selectable ? talloc_asprintf(plain, "  %zu. ", index + 1)
				     : talloc_strdup(plain, "  ");

	/* The word of a row that is decided stands in its first cell. */
	if (page->marks && row->mark != MARK_NONE && row->mark != MARK_OPEN && row->mark < MARK_ASK)
		text = talloc_asprintf_append(text, "%s ", mark_word(row->mark));
	for (size_t i = 0; i < page->column_count; i++) {
		if (is_empty(row, i))
			continue;
		if (i > 0)
			text = talloc_asprintf_append(text, "; %s: ", page->columns[i].heading);
		text = talloc_strdup_append(text, cell_text(row->cells[i]));
	}
	plain_say(plain, text);
	talloc_free(text);
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
		const struct row *row = &page->rows[i];

		if (row->group)
			plain_line(plain, "%s%s%s", row->group, row->group_note ? ": " : "",
				row->group_note ? row->group_note : "");
		print_row(plain, page, i);
		for (size_t k = 0; k < row->detail_count; k++)
			if (row->details[k].kind == DETAIL_TOLD)
				print_detail(plain, &row->details[k]);
	}
	if (page->row_count > 0)
		put(plain, "");
}

/* Which server, how it is reached, in what state of affairs: those of them that are known. */
static char *title_words(struct plain *plain, const struct page *page)
{
	const char *words[] = { page->mode, page->badge };
	char *text = talloc_strdup(plain, page->server);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i] && *words[i] != '\0')
			text = talloc_asprintf_append(text, ". %s", words[i]);
	return text;
}

void plain_print_page(struct plain *plain, const struct page *page)
{
	put(plain, "");
	plain_line(plain, "%s", page->title);
	plain_line(plain, _("Server: %s."), title_words(plain, page));
	if (page->counts)
		plain_line(plain, "%s.", page->counts);
	if (page->lead) {
		put(plain, "");
		plain_say(plain, page->lead);
	}
	put(plain, "");
	print_rows(plain, page);
	if (page->tail) {
		plain_say(plain, page->tail);
		put(plain, "");
	}
}

void plain_print_row(struct plain *plain, const struct page *page, size_t index, bool all)
{
	const struct row *row = &page->rows[index];
	size_t open = 0;

	for (size_t i = 0; i < page->row_count; i++)
		open += page->rows[i].decide != NULL && !page->rows[i].decided;
	put(plain, "");
	plain_line(plain, _("Line %zu of %zu, %zu still open."), index + 1, page->row_count, open);
	for (size_t i = 0; i < page->column_count; i++)
		if (!is_empty(row, i) && *page->columns[i].heading != '\0')
			plain_line(plain, "%s: %s", page->columns[i].heading,
				cell_text(row->cells[i]));
	for (size_t i = 0; i < row->detail_count; i++)
		if (all || row->details[i].kind > DETAIL_FACT ||
			(row->decide && row->details[i].kind != DETAIL_FACT))
			print_detail(plain, &row->details[i]);
}

char plain_letter(const struct action *action)
{
	bool taken = action->of_row && action->key != '\0' && strchr("?wdabrulq", action->key);

	return taken ? '\0' : action->key;
}

void plain_print_actions(struct plain *plain, const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];
		const char *not_now = action->refused ? _(" (not now)") : "";

		if (action->writes)
			plain_line(plain, _("  type the word %s  %s%s"), action->id, action->label,
				not_now);
		else if (plain_letter(action) != '\0')
			plain_line(plain, _("  %zu or %c  %s%s"), i + 1, action->key, action->label,
				not_now);
		else
			plain_line(plain, "  %zu  %s%s", i + 1, action->label, not_now);
	}
}
