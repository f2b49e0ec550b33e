/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages as lines. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
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

/* Lines ended by \n, each wrapped by itself; keep: those that begin with a blank stay whole. No
 * word is cut in the middle: a path or a command is copied from here. */
static void say(struct plain *plain, const char *text, bool keep)
{
	TALLOC_CTX *mem = talloc_new(plain);
	char *shown = layout_text(mem, text ? text : "");

	for (char *line; (line = strsep(&shown, "\n")) && (shown || *line);) {
		int indent = (int)strspn(line, " ");
		const char *first = talloc_asprintf(mem, "%*s", indent, "");

		fputs(keep && indent > 0
				? talloc_asprintf(mem, "%s\n", line)
				: text_wrap(mem, first, indent, PLAIN_COLUMNS, line + indent),
			plain->out);
	}
	talloc_free(mem);
}

void plain_say(struct plain *plain, const char *text)
{
	say(plain, text, false);
}

void plain_keep(struct plain *plain, const char *text)
{
	say(plain, text, true);
}

/* "" for none; without the sign before what a change leads to: the row's word says the same. */
static const char *cell_text(const struct page *page, const struct row *row, size_t column)
{
	const char *cell = row->cells[column] ? row->cells[column] : "";

	cell += strspn(cell, " ");
	if (page->marks && column + 1 == page->column_count &&
		(strncmp(cell, "→ ", strlen("→ ")) == 0 || strncmp(cell, "= ", 2) == 0))
		return strchr(cell, ' ') + 1;
	return strcmp(cell, "-") == 0 ? "" : cell;
}

/* A row as "  1. mark cell; Column: cell; Column: cell", of two columns "cell: cell". A number
 * alone says nothing to who does not see above it what it is. */
static void print_row(struct plain *plain, const struct page *page, size_t index)
{
	const struct row *row = &page->rows[index];
	char *text = row->selectable ? talloc_asprintf(plain, "  %zu. ", index + 1)
				     : talloc_strdup(plain, "  ");

	if (row->lamp)
		text = talloc_asprintf_append(text, "%s: ", row->lamp);
	/* The word of a row that is decided stands in its first cell. */
	if (page->marks && row->mark != MARK_NONE && row->mark != MARK_OPEN && row->mark < MARK_ASK)
		text = talloc_asprintf_append(text, "%s ", mark_word(row->mark));
	for (size_t i = 0; i < page->column_count; i++) {
		const char *cell = cell_text(page, row, i);
		bool number = cell[strspn(cell, "+-0123456789")] == '\0';
		bool named = i > 0 ? page->column_count != 2 || !row->lamp : number;

		if (*cell == '\0')
			continue;
		text = talloc_asprintf_append(text, "%s%s%s%s",
			i == 0          ? ""
				: named ? "; "
					: ": ",
			named ? page->columns[i].heading : "", named ? ": " : "", cell);
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
			plain_line(plain, row->group_note ? "%s: %s" : "%s", row->group,
				row->group_note);
		print_row(plain, page, i);
		for (size_t k = 0; k < row->detail_count; k++)
			if (row->details[k].kind == DETAIL_TOLD)
				print_detail(plain, &row->details[k]);
	}
	if (page->row_count > 0)
		put(plain, "");
}

/* "Server: MAIL1 (disks), looking only, ON DISKS." */
static void print_head(struct plain *plain, const struct page *page)
{
	const char *const parts[] = { page->badge, page->mode };
	char *text = talloc_strdup(plain, page->server);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (parts[i] && *parts[i] != '\0')
			text = talloc_asprintf(plain, _("%s, %s"), text, parts[i]);
	plain_line(plain, _("Server: %s."), text);
}

/* What is written large on a screen. */
static void print_verdict(struct plain *plain, const struct page *page)
{
	if (page->points)
		plain_line(plain, _("%d of %d points, %d are needed."), page->points->got,
			page->points->most, page->points->pass);
	if (page->verdict.text)
		plain_line(plain, _("Result: %s."), page->verdict.text);
	if (page->counts)
		plain_line(plain, _("%s."), page->counts);
}

static void print_drive(struct plain *plain, const struct drive *drive)
{
	char *text = talloc_asprintf(plain, "%s:", drive->name);

	for (size_t i = 0; i < DRIVE_LINES; i++)
		if (drive->lines[i].text)
			text = talloc_asprintf_append(text, "%s %s", i > 0 ? ";" : "",
				drive->lines[i].text);
	plain_say(plain, text);
	talloc_free(text);
}

static void print_drives(struct plain *plain, const struct drives *drives)
{
	print_drive(plain, &drives->left);
	print_drive(plain, &drives->right);
	for (size_t i = 0; i < drives->arrow_count; i++)
		plain_line(plain, _("To %s: %s."),
			drives->arrows[i].to_right ? drives->right.name : drives->left.name,
			drives->arrows[i].told.text);
}

void plain_print_why(struct plain *plain, const struct page *page)
{
	plain_say(plain, page->why);
	for (size_t i = 0; i < page->more_count; i++) {
		const struct more *more = &page->more[i];
		bool source = more->source && *more->source != '\0';

		put(plain, "");
		plain_line(plain, source ? "%s (%s)" : "%s", more->title, more->source);
		plain_say(plain, more->text);
	}
}

void plain_print_message(struct plain *plain, const struct page *page)
{
	char *text = talloc_asprintf(plain, page->message_bad ? _("Attention: %s") : "%s",
		page->message);

	plain_keep(plain, text);
	talloc_free(text);
}

void plain_print_page(struct plain *plain, const struct page *page)
{
	put(plain, "");
	plain_line(plain, "%s", page->title);
	print_head(plain, page);
	if (page->message && page->message_bad)
		plain_print_message(plain, page);
	print_verdict(plain, page);
	if (page->lead) {
		put(plain, "");
		plain_keep(plain, page->lead);
	}
	put(plain, "");
	if (page->drives) {
		print_drives(plain, page->drives);
		put(plain, "");
	}
	print_rows(plain, page);
	if (page->tail) {
		plain_keep(plain, page->tail);
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
	if (row->lamp)
		plain_line(plain, "%s", row->lamp);
	for (size_t i = 0; i < page->column_count; i++) {
		const char *heading = page->columns[i].heading, *cell = cell_text(page, row, i);

		if (*cell != '\0' && *heading != '\0')
			plain_line(plain, "%s: %s", heading, cell);
	}
	for (size_t i = 0; i < row->detail_count; i++)
		if (all || row->details[i].kind > DETAIL_FACT ||
			(row->decide && row->details[i].kind != DETAIL_FACT))
			print_detail(plain, &row->details[i]);
}

void plain_print_values(struct plain *plain, const struct page *page, size_t index)
{
	const struct row *row = index < page->row_count ? &page->rows[index] : NULL;

	for (size_t i = 0; row && i < row->detail_count; i++)
		if (row->details[i].kind >= DETAIL_BEFORE)
			print_detail(plain, &row->details[i]);
}

char plain_letter(const struct action *action)
{
	bool taken = action->of_row && action->key != '\0' && strchr("?wdabrulq", action->key);

	return taken ? '\0' : action->key;
}

bool plain_wants_word(const struct action *action)
{
	return action->writes && !action->ask;
}

void plain_print_actions(struct plain *plain, const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];
		const char *not_now = action->refused ? _(" (not now)") : "";

		if (plain_wants_word(action))
			plain_line(plain, _("  type the word %s  %s%s"), action->id, action->label,
				not_now);
		else if (plain_letter(action) != '\0')
			plain_line(plain, _("  %zu or %c  %s%s"), i + 1, action->key, action->label,
				not_now);
		else
			plain_line(plain, "  %zu  %s%s", i + 1, action->label, not_now);
	}
	plain_line(plain, "  ?  %s", _("Help"));
}
