/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page on a screen: what stands where from top to bottom, and what gives way, in a fixed order,
 * where there is no room for all. */
#include "ui/wizard/compose.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { DETAILS_STEADY = 6, LETTERS_FROM = 24, MORE_LEAST = 3 };
enum { AIRY_TEXT = 1, AIRY_TABLE, AIRY_BUTTONS };

/* The parts of a body, from top to bottom. */
enum part_name {
	ALERT, /* a message that is bad: never cut */
	TITLE,
	VERDICT,
	NOTE, /* any other message */
	COUNTS,
	DRIVES,
	POINTS,
	LEAD,
	TABLE,
	DETAILS,
	TAIL,
	COACH,
	PARTS
};

struct parts {
	struct part {
		struct lines lines; /* wrapped; of what is only text */
		size_t wanted, shown;
		size_t extra; /* lines above those: headings */
		enum role role;
	} part[PARTS];
	const struct page *page;
	struct table *table;
	struct details *details;
	/* empty lines where text or a rule parts anyway: none, but above tables, but above the
	 * buttons, all */
	int airy;
	bool big; /* the verdict, or points, in big letters */
};

/* Whether an empty line is wanted above a part: always above text that follows something else; else
 * where there is room. */
static bool has_gap(const struct parts *parts, int i)
{
	const struct part *part = parts->part;
	bool first = true, head = true;

	for (int k = 0; k < i; k++) {
		first = first && part[k].shown == 0;
		head = head && (part[k].shown == 0 || k <= COUNTS);
	}
	if (first || part[i].shown == 0)
		return false;
	if (i == COACH || (i == TAIL && !head))
		return true;
	if (parts->airy < (i == TABLE ? AIRY_TABLE : AIRY_TEXT) || i == TITLE || i == NOTE ||
		i == DETAILS)
		return false;
	if (i == COUNTS)
		return part[VERDICT].shown > 0;
	return i != TABLE || !head || !parts->table->selectable;
}

static size_t parts_height(const struct parts *parts)
{
	size_t height = parts->airy >= AIRY_BUTTONS ? 1 : 0;

	for (int i = 0; i < PARTS; i++)
		if (parts->part[i].shown > 0)
			height += parts->part[i].shown + parts->part[i].extra + has_gap(parts, i);
	return height;
}

/*
 * What gives way, in this order, and how many lines must stay. A table that is only read is the
 * page's news and keeps its lines longest: for it the first ones of the order count, too. One that
 * is decided on needs some rows and what is told about the row under the cursor. F1 and F6 show all
 * that was cut.
 */
static void parts_shrink(struct parts *parts, size_t height)
{
	static const struct {
		enum part_name part;
		size_t least;
	} order[] = { { TAIL, 2 }, { LEAD, 3 }, { DRIVES, 0 }, { DETAILS, 6 }, { TABLE, 10 },
		{ COACH, 4 }, { TABLE, 8 }, { TAIL, 1 }, { DETAILS, 4 }, { LEAD, 2 }, { TABLE, 5 },
		{ COACH, 2 }, { LEAD, 1 }, { TABLE, 3 }, { TAIL, 0 }, { DRIVES, 0 }, { POINTS, 0 },
		{ NOTE, 1 }, { LEAD, 0 }, { DETAILS, 2 }, { COACH, 0 }, { COUNTS, 0 },
		{ DETAILS, 0 }, { TITLE, 1 }, { TABLE, 1 }, { NOTE, 0 }, { TITLE, 0 },
		{ ALERT, 1 } };
	enum { FOR_ONLY_READ = 3 };

	for (size_t i = parts->table->selectable ? FOR_ONLY_READ : 0; i < ARRAY_SIZE(order); i++) {
		struct part *part = &parts->part[order[i].part];
		bool whole = order[i].part == DRIVES || order[i].part == POINTS;
		size_t least = order[i].least;

		/* Before and after go as late as can be. */
		if (order[i].part == DETAILS && least > 2 && parts->details &&
			parts->details->pair > least)
			least = parts->details->pair;
		while (part->shown > least && parts_height(parts) > height)
			part->shown = whole ? 0 : part->shown - 1;
	}
}

static void parts_fit(struct parts *parts, size_t height)
{
	struct part *part = parts->part;

	for (int i = 0; i < PARTS; i++)
		part[i].shown = part[i].wanted;
	for (parts->airy = AIRY_BUTTONS; parts->airy > 0; parts->airy--)
		if (parts_height(parts) <= height)
			return;
	parts_shrink(parts, height);
	/* No empty line at the end of what is cut. */
	for (int i = LEAD; i < PARTS; i++)
		while (part[i].lines.count > 0 && part[i].shown > 1 &&
			*part[i].lines.text[part[i].shown - 1] == '\0')
			part[i].shown--;
}

/* ---- What a page has of each part, at a width ---- */

static void text_part(struct screen *screen, struct part *part, const char *text, size_t width,
	enum role role)
{
	part->role = role;
	if (text)
		layout_wrap(screen, text, width, &part->lines);
	part->wanted = part->lines.count;
}

/* Where there is no room for big letters, the word stands at the end of the title's line. */
static size_t title_lamp(const struct parts *parts)
{
	const char *word = parts->page->verdict.text;

	return word && !parts->big && !parts->page->points ? lamp_width(word) : 0;
}

/* The rows of the table stay where they are while the cursor moves over such as tell less, up to a
 * bound; lines that no row fills are not kept for any. */
static size_t details_wanted(struct screen *screen, const struct page *page,
	const struct view *view, size_t width, const struct details *details)
{
	size_t wanted = details_height(details);
	struct view each = *view;

	for (each.cursor = 0; details && wanted < DETAILS_STEADY && each.cursor < page->row_count;
		each.cursor++) {
		size_t height = details_height(details_new(screen, page, &each, width));

		if (height > wanted)
			wanted = height < DETAILS_STEADY ? height : DETAILS_STEADY;
	}
	return wanted;
}

static struct parts parts_make(struct screen *screen, const struct page *page,
	const struct view *view, size_t width, bool big)
{
	struct parts parts = { .page = page,
		.table = table_new(screen, page, width),
		.details = details_new(screen, page, view, width),
		.big = big };
	struct part *part = parts.part;
	size_t lamp = title_lamp(&parts);
	bool bad = page->message && page->message_bad;

	text_part(screen, &part[ALERT], bad ? talloc_asprintf(screen, "! %s", page->message) : NULL,
		width, ROLE_OPEN);
	text_part(screen, &part[TITLE], page->title, width - (lamp > 0 ? lamp + 1 : 0),
		ROLE_STRONG);
	text_part(screen, &part[NOTE], bad ? NULL : page->message, width, ROLE_RIGHT);
	text_part(screen, &part[COUNTS], page->counts, width, ROLE_TEXT);
	text_part(screen, &part[LEAD], page->lead, width, ROLE_TEXT);
	text_part(screen, &part[TAIL], page->tail, width, ROLE_TEXT);
	text_part(screen, &part[COACH], page->coach, width, ROLE_STRONG);
	part[VERDICT].wanted = big && page->verdict.text && !page->points ? LETTER_HEIGHT : 0;
	part[DRIVES].wanted = drives_height(screen, page, width);
	part[POINTS].wanted = points_height(page, big);
	part[TABLE].wanted = parts.table->count;
	part[TABLE].extra = TABLE_HEAD;
	part[DETAILS].wanted = details_wanted(screen, page, view, width, parts.details);
	part[DETAILS].extra = TABLE_HEAD;
	return parts;
}

/* Whether there is something to be written in big letters, and they have room. */
static bool can_be_big(const struct screen *screen, const struct page *page, size_t width)
{
	size_t letters = page->verdict.text ? letters_width(page->verdict.text) : 0;

	return screen->rows >= LETTERS_FROM && (page->points || (letters > 0 && letters <= width));
}

static bool is_cut(const struct parts *parts)
{
	for (int i = 0; i < PARTS; i++)
		if (parts->part[i].shown < parts->part[i].wanted)
			return true;
	return false;
}

/* Big letters only where nothing has to give way for them. */
static struct parts parts_new(struct screen *screen, const struct page *page,
	const struct view *view, size_t width, size_t height)
{
	bool big = can_be_big(screen, page, width);
	struct parts parts = parts_make(screen, page, view, width, big);

	parts_fit(&parts, height);
	if (big && is_cut(&parts)) {
		parts = parts_make(screen, page, view, width, false);
		parts_fit(&parts, height);
	}
	return parts;
}

/* ---- Drawing ---- */

static void text_draw(struct pen *pen, const struct part *part)
{
	for (size_t i = 0; i < part->shown; i++)
		pen_line(pen, part->role, "%s", part->lines.text[i]);
	if (part->shown > 0 && part->shown < part->lines.count)
		line_more(pen->screen, pen->row - 1, pen->column, pen->width,
			part->lines.text[part->shown - 1], part->role, "F1");
}

static void title_draw(struct pen *pen, const struct parts *parts)
{
	const struct told *verdict = &parts->page->verdict;
	size_t lamp = title_lamp(parts), row = pen->row;

	text_draw(pen, &parts->part[TITLE]);
	if (lamp > 0)
		lamp_put(pen->screen, row, pen->column + pen->width - lamp, lamp, verdict->text,
			verdict->tone);
}

static void verdict_draw(struct pen *pen, const struct told *verdict)
{
	letters_draw(pen->screen, pen->row,
		pen->column + (pen->width - letters_width(verdict->text)) / 2, verdict->text,
		verdict->tone);
	pen->row += LETTER_HEIGHT;
}

static void part_draw(struct pen *pen, const struct parts *parts, int i, struct view *view)
{
	size_t shown = parts->part[i].shown;

	if (i == TITLE)
		title_draw(pen, parts);
	else if (i == VERDICT)
		verdict_draw(pen, &parts->page->verdict);
	else if (i == DRIVES)
		drives_draw(pen, parts->page->drives);
	else if (i == POINTS)
		points_draw(pen, parts->page, parts->big);
	else if (i == TABLE)
		table_draw(pen, parts->table, view, shown);
	else if (i == DETAILS)
		details_draw(pen, parts->details, shown);
	else
		text_draw(pen, &parts->part[i]);
}

/* On a tall screen: what F2 or a button would open, as much as there is room for. */
static void more_draw(struct pen *pen, const struct page *page, size_t end)
{
	const struct more why = { _("Why"), "", page->why };
	const struct more *more = page->more_count > 0 ? page->more : &why;
	size_t count = page->more_count > 0 ? page->more_count : page->why ? 1 : 0;

	for (size_t i = 0; i < count; i++) {
		struct part part = { .role = ROLE_TEXT };

		text_part(pen->screen, &part, more[i].text, pen->width, ROLE_TEXT);
		if (part.wanted == 0 || pen->row + MORE_LEAST + 2 > end)
			continue;
		pen->row++;
		pen_rule(pen, more[i].title, more[i].source ? more[i].source : "");
		part.shown = end - pen->row < part.wanted ? end - pen->row : part.wanted;
		for (size_t k = 0; k < part.shown; k++)
			pen_line(pen, ROLE_TEXT, "%s", part.lines.text[k]);
		if (part.shown < part.wanted)
			line_more(pen->screen, pen->row - 1, pen->column, pen->width,
				part.lines.text[part.shown - 1], ROLE_TEXT,
				more[i].text == page->why ? "F2" : "");
	}
}

static void body_draw(struct pen *pen, const struct parts *parts, struct view *view)
{
	/* The coach speaks just above the buttons, wherever the page ends. */
	size_t coach = parts->part[COACH].shown, end = pen->screen->end - coach - (coach > 0);

	for (int i = 0; i < PARTS; i++) {
		if (i == COACH && pen->screen->rows >= SCREEN_TALL)
			more_draw(pen, parts->page, end - 1);
		if (parts->part[i].shown == 0)
			continue;
		pen->row += has_gap(parts, i);
		if (i == COACH && pen->row < end + 1)
			pen->row = end + 1;
		part_draw(pen, parts, i, view);
	}
}

/* With how often the page looks again by itself, in front of what it says there. */
static void top_draw(struct screen *screen, const struct page *page, const struct view *view)
{
	struct page top = *page;
	const char *sign = view->paused ? _("paused")
		: screen->columns >= SCREEN_WIDE
		? talloc_asprintf(screen, _("looking every %u s"), page->refresh)
		: talloc_asprintf(screen, _("every %u s"), page->refresh);

	if (page->refresh > 0)
		top.badge = talloc_asprintf(screen, "%s  %s", sign, page->badge ? page->badge : "");
	frame_top(screen, &top);
}

void compose_page(struct screen *screen, const struct page *page, struct view *view)
{
	struct pen pen = { screen, FRAME_TOP, 1, 0 };
	struct parts parts;
	size_t rail, count, must;
	struct key_label *keys;

	if (screen->too_small)
		return;
	rail = rail_width(screen, page);
	if (view->action >= page->action_count)
		view->action = 0;
	if (view->cursor >= page->row_count)
		view->cursor = page->row_count > 0 ? page->row_count - 1 : 0;
	pen.column += rail;
	pen.width = screen->columns - pen.column - 1;
	hint_place(&pen, page, view);
	buttons_place(&pen, page);
	parts = parts_new(screen, page, view, pen.width, screen->end - FRAME_TOP);
	top_draw(screen, page, view);
	screen->steps = rail > 0;
	if (rail > 0)
		rail_draw(screen, page, rail);
	screen->table_rows = parts.part[TABLE].shown;
	screen->last_seen = page->row_count == 0;
	view->scrolls = parts.part[TABLE].shown < parts.part[TABLE].wanted;
	body_draw(&pen, &parts, view);
	view->below = view->top + screen->table_rows < parts.part[TABLE].wanted;
	buttons_draw(&pen, page, view);
	frame_hint(&pen, hint_page(screen, page, view));
	keys = keybar_page(screen, page, view, &count, &must);
	frame_keys(screen, keys, count, must);
}

struct view view_first(const struct page *page)
{
	struct view view = { .cursor = page->cursor };

	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].focused)
			view.action = i;
	for (size_t i = page->row_count; i-- > 0;) {
		if (page->rows[i].decide && !page->rows[i].decided) {
			view.cursor = i;
			view.on_table = true;
		}
	}
	return view;
}

void compose_text(struct screen *screen, const struct page *page, const struct page_text *text,
	size_t *top)
{
	struct key_label keys[] = { { "Up Down", _("Line") }, { "PgUp PgDn", _("Page") },
		{ "/", _("Find") }, { "Esc q", _("Back") } };
	struct lines lines = { 0 };
	struct pen pen = { screen, FRAME_TOP, 1, screen->columns - 2 };
	size_t room, end;

	if (screen->too_small)
		return;
	frame_top(screen, page);
	frame_keys(screen, keys, ARRAY_SIZE(keys), 0);
	pen_line(&pen, ROLE_STRONG, "%s", text->title);
	pen.row++;
	layout_wrap(screen, text->text, pen.width, &lines);
	room = screen->end - pen.row;
	if (*top + room > lines.count)
		*top = lines.count > room ? lines.count - room : 0;
	end = *top + room < lines.count ? *top + room : lines.count;
	screen->table_rows = room;
	screen->text_width = pen.width;
	screen->cursor_row = pen.row;
	screen->cursor_column = 1;
	scroll_bar(screen, pen.row, room, *top, lines.count);
	for (size_t i = *top; i < end; i++)
		pen_line(&pen, ROLE_TEXT, "%s", lines.text[i]);
	frame_hint(&pen,
		talloc_asprintf(screen, _("Lines %zu to %zu of %zu"),
			lines.count > 0 ? *top + 1 : 0, end, lines.count));
}
