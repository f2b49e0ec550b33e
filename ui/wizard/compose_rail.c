/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of steps at the left: where one is, what is done, what was left open. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "ui/wizard/compose_private.h"

enum { RAIL = 18, RAIL_ROOMY = 22, RAIL_TOP = 2, RAIL_FOOT = 5 };

size_t rail_width(const struct screen *screen, const struct page *page)
{
	if (!page->steps || screen->columns < SCREEN_WIDE)
		return 0;
	return screen->columns >= SCREEN_ROOMY ? RAIL_ROOMY : RAIL;
}

static enum role step_role(enum mark mark)
{
	static const enum role roles[] = {
		[MARK_NONE] = ROLE_RAIL,
		[MARK_DONE] = ROLE_RAIL_DONE,
		[MARK_NOW] = ROLE_HERE,
		[MARK_OPEN] = ROLE_RAIL,
		[MARK_LOCK] = ROLE_RAIL_QUIET,
		[MARK_WEAK] = ROLE_RAIL_OPEN,
		[MARK_ASK] = ROLE_RAIL_OPEN,
		[MARK_CHANGE] = ROLE_RAIL,
		[MARK_KEEP] = ROLE_RAIL_DONE,
		[MARK_RIGHT] = ROLE_RAIL_DONE,
	};

	return roles[mark];
}

/* As many whole words as there is room for, in a place where nothing can say that more follows. */
static const char *words_fit(TALLOC_CTX *mem, const char *text, size_t width)
{
	struct lines lines = { 0 };

	layout_wrap(mem, text, width, &lines);
	return lines.count > 0 ? lines.text[0] : "";
}

/* The step one is in runs into the page, where its ground can be told from the list's. */
static void step_draw(struct screen *screen, const struct step_line *step, size_t row, size_t width)
{
	const char *count = step->count ? step->count : "";
	enum role role = step_role(step->mark);
	size_t room = width - 2, used = layout_width(count), sign = step->number > 0 ? 3 : 1;
	const char *words;
	char *line = step->number > 0
		? talloc_asprintf(screen, "%s %d %s", mark_sign(step->mark), step->number,
			  step->title)
		: talloc_asprintf(screen, "%s %s", mark_sign(step->mark), step->title);

	if (role == ROLE_HERE)
		screen_put(screen, row, 0, screen->tier == TIER_256 ? width : width - 1, "", role);
	/* A word of Japanese cannot be cut in the middle as print does it: it stands without its
	 * count. */
	if (used > 0 && (layout_width(line) + used < room || !text_is_wide(step->title))) {
		screen_put(screen, row, width - 1 - used, used, count, role);
		room -= used + 1;
	}
	words = words_fit(screen, line, room);
	/* A long word is cut, as in print, where there would be none. */
	if (layout_width(words) <= sign)
		words = talloc_asprintf(screen, "%.*s.", (int)text_fit(line, room - 1), line);
	screen_put(screen, row, 1, room, words, role);
}

/* The name alone where that is all there is room for. */
static void run_draw(struct screen *screen, const char *name, size_t row, size_t width)
{
	char *run = talloc_asprintf(screen, _("Run %s"), name);

	screen_put(screen, row, 1, width - 2, layout_width(run) + 2 > width ? name : run,
		ROLE_RAIL_QUIET);
}

void rail_draw(struct screen *screen, const struct page *page, size_t width)
{
	size_t foot = screen->rows - RAIL_FOOT, row = RAIL_TOP;
	bool airy = screen->columns >= SCREEN_ROOMY && row + 2 * page->step_count < foot;

	for (size_t r = FRAME_TOP; r + 1 < screen->rows; r++) {
		screen_put(screen, r, 0, width, "", ROLE_RAIL);
		if (screen->tier != TIER_256)
			screen_put(screen, r, width - 1, 1, theme_sign(SIGN_VERTICAL),
				ROLE_RAIL_QUIET);
	}
	for (size_t i = 0; i < page->step_count && row < foot; i++, row += airy ? 2 : 1)
		step_draw(screen, &page->steps[i], row, width);
	if (page->run)
		run_draw(screen, page->run, foot, width);
	if (page->who)
		screen_put(screen, foot + 1, 1, width - 2, page->who, ROLE_RAIL_QUIET);
}
