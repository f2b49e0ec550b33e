/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/gallery.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/senses.h"
#include "tests/support.h"
#include "ui/plain/plain.h"
#include "ui/wizard/compose.h"

static bool writing(void)
{
	const char *request = getenv("MSMCFIX_PAGES");

	return request != NULL && strcmp(request, "write") == 0;
}

static const char *pages_folder(TALLOC_CTX *mem)
{
	const char *srcdir = getenv("srcdir"), *language = getenv("TEST_LANGUAGE");

	return talloc_asprintf(mem, "%s/tests/pages%s%s", srcdir != NULL ? srcdir : ".",
		language ? "/" : "", language ? language : "");
}

struct gallery *gallery_new(TALLOC_CTX *mem)
{
	struct gallery *gallery = talloc_zero(mem, struct gallery);

	gallery->folder = pages_folder(gallery);
	gallery->shown = talloc_strdup(gallery, " ");
	gallery->prefix = "";
	if (writing())
		mkdir(gallery->folder, 0755);
	return gallery;
}

char *sheet_text(TALLOC_CTX *mem, const struct screen *screen)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < screen->rows; i++) {
		size_t len = strlen(screen->lines[i]);

		assert_int_equal(layout_width(screen->lines[i]), screen->columns);
		while (len > 0 && screen->lines[i][len - 1] == ' ')
			len--;
		text = talloc_asprintf_append(text, "%.*s\n", (int)len, screen->lines[i]);
	}
	assert_true(screen->cursor_row < screen->rows && screen->cursor_column < screen->columns);
	return talloc_asprintf_append(text, "(cursor: line %zu, column %zu)\n",
		screen->cursor_row + 1, screen->cursor_column + 1);
}

enum role sheet_role(const struct screen *screen, size_t row, size_t column)
{
	for (size_t i = screen->stretch_count; i-- > 0;) {
		const struct stretch *stretch = &screen->stretches[i];

		if (stretch->row == row && column >= stretch->column &&
			column - stretch->column < stretch->width)
			return stretch->role;
	}
	return ROLE_TEXT;
}

/* Which role each cell has, line by line: "7: 1-18 rail, 20-79 strong"; what is only text is left
 * out. */
static char *sheet_roles(TALLOC_CTX *mem, const struct screen *screen)
{
	static const char *const names[SHEET_ROLES] = { "text", "strong", "quiet", "right", "open",
		"decided", "rail", "rail quiet", "rail done", "rail open", "here", "cursor",
		"focus", "bar", "gone", "danger", "come", "good", "warn", "calm", "key", "label",
		"box", "box title", "box focus", "shadow", "changed" };
	char *text = talloc_strdup(mem, "");

	for (size_t row = 0; row < screen->rows; row++) {
		char *line = talloc_strdup(mem, "");

		for (size_t c = 0, end; c < screen->columns; c = end) {
			enum role role = sheet_role(screen, row, c);

			for (end = c + 1;
				end < screen->columns && sheet_role(screen, row, end) == role;)
				end++;
			if (role != ROLE_TEXT)
				line = talloc_asprintf_append(line, "%s%zu-%zu %s",
					*line != '\0' ? ", " : "", c + 1, end, names[role]);
		}
		if (*line != '\0')
			text = talloc_asprintf_append(text, "%zu: %s\n", row + 1, line);
	}
	return text;
}

char *sheet_whole(TALLOC_CTX *mem, const struct screen *screen)
{
	return talloc_asprintf(mem, "%s%s", sheet_text(mem, screen), sheet_roles(mem, screen));
}

void gallery_compare(struct gallery *gallery, TALLOC_CTX *mem, const char *name, const char *text)
{
	char *path = talloc_asprintf(mem, "%s/%s.txt", gallery->folder, name);
	const char *golden;
	size_t len;

	if (writing()) {
		support_write_text(path, text);
		return;
	}
	if (access(path, R_OK) != 0) {
		print_error("there is no page %s\n", path);
		gallery->wrong++;
		return;
	}
	golden = (const char *)support_read(mem, path, &len);
	if (strcmp(golden, text) != 0) {
		print_error("page %s is:\n%s\nand should be:\n%s\n", name, text, golden);
		gallery->wrong++;
	}
}

void gallery_sheet(struct gallery *gallery, const char *name, struct screen *screen)
{
	gallery_compare(gallery, screen,
		talloc_asprintf(screen, "%s-%zux%zu", name, screen->columns, screen->rows),
		sheet_whole(screen, screen));
}

static void golden_sheet(struct gallery *gallery, TALLOC_CTX *mem, const char *name,
	const struct page *page, size_t rows, size_t columns)
{
	struct screen *screen = screen_new(mem, rows, columns);
	struct view view = view_first(page);

	compose_page(screen, page, &view);
	gallery_sheet(gallery, name, screen);
}

static void makes_sense(struct gallery *gallery, const char *name, const char *wrong)
{
	if (!wrong)
		return;
	print_error("page %s: %s\n", name, wrong);
	gallery->wrong++;
}

/* The same page in lines, up to its first prompt. */
static void golden_lines(struct gallery *gallery, TALLOC_CTX *mem, const char *name,
	const struct page *page)
{
	char *text = NULL;
	size_t len = 0;
	FILE *none = fopen("/dev/null", "r"), *out = open_memstream(&text, &len);
	struct reply reply;

	assert_int_equal(plain_ops.page(plain_new(mem, none, out), page, &reply), 0);
	assert_true(reply.kind == REPLY_LEAVE && reply.final);
	fclose(out);
	fclose(none);
	gallery_compare(gallery, mem, talloc_asprintf(mem, "%s-plain", name), text);
	makes_sense(gallery, name, senses_heard(mem, page, text));
	free(text);
}

/* In other languages the main pages only, on the two smaller screens. */
static bool is_main(const char *name)
{
	static const char pages[] = " diagnosis copy registry carry-decided mail oldfolder report ";

	return strstr(pages, name) != NULL;
}

void gallery_show(struct gallery *gallery, struct walker *walker, const struct page *page,
	const char *name)
{
	bool other = getenv("TEST_LANGUAGE") != NULL;

	if (strstr(gallery->shown, talloc_asprintf(walker, " %s ", name)) != NULL)
		return;
	gallery->shown = talloc_asprintf_append(gallery->shown, "%s ", name);
	walker_normalise(walker, (struct page *)page);
	if (other && !is_main(name))
		return;
	golden_sheet(gallery, walker, name, page, 24, 80);
	golden_sheet(gallery, walker, name, page, 20, 60);
	if (other)
		return;
	golden_sheet(gallery, walker, name, page, 36, 120);
	golden_lines(gallery, walker, name, page);
	makes_sense(gallery, name, senses_seen(walker, page));
}

void gallery_seen(struct gallery *gallery, struct walker *walker, const struct page *page)
{
	bool decided = page->row_count > 0 && page->rows[page->row_count - 1].decided != NULL;
	const char *what = page->question != NULL            ? "-question"
		: decided && strcmp(page->id, "report") != 0 ? "-decided"
							     : "";

	gallery_show(gallery, walker, page,
		talloc_asprintf(walker, "%s%s%s", gallery->prefix, page->id, what));
}
