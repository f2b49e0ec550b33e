/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of a walk against tests/pages: at 80x24, at 60x20, at 120x36 and in lines; below a
 * sheet stands where its cursor is, and which role each of its cells has. With
 * MSMCFIX_PAGES=write they are written anew. */
#ifndef TESTS_GALLERY_H
#define TESTS_GALLERY_H

#include "tests/walker.h"
#include "ui/wizard/compose.h"

struct gallery {
	const char *folder, *prefix; /* prefix of the names that gallery_seen gives */
	char *shown; /* names of the pages that were there already, each between blanks */
	size_t wrong;
};

/* The sheet without the blanks at the end of its lines, and where the cursor stands; and the same
 * with the role of each cell. SHEET_CHANGED: what libdialog marks in a box. */
enum { SHEET_CHANGED = ROLE_COUNT, SHEET_ROLES };
char *sheet_text(TALLOC_CTX *mem, const struct screen *screen);
char *sheet_whole(TALLOC_CTX *mem, const struct screen *screen);

/* The role that a cell is drawn in. */
enum role sheet_role(const struct screen *screen, size_t row, size_t column);

struct gallery *gallery_new(TALLOC_CTX *mem);
/* A text of that name against the one in the folder. */
void gallery_compare(struct gallery *gallery, TALLOC_CTX *mem, const char *name, const char *text);
/* A sheet of any kind. */
void gallery_sheet(struct gallery *gallery, const char *name, struct screen *screen);
/* Once per name; the page is made the same for every walk. */
void gallery_show(struct gallery *gallery, struct walker *walker, const struct page *page,
	const char *name);
/* Named by its id, whether it asks, and whether its last row is decided. */
void gallery_seen(struct gallery *gallery, struct walker *walker, const struct page *page);

#endif
