/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in hand: how far all of it is, its parts, the last changes with how each was checked. What
 * moves is the bar, its count and that list; not a scrolling log. */
#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { HOW_FAR_AT = 20, PART_BAR = 14, SIDE_WIDEST = 16, WHAT_NARROWEST = 16, SIGN = 2, GAP = 2 };

/* A bar with its text in the middle, which stands in both halves. */
static void meter(struct screen *screen, size_t row, size_t column, size_t width, size_t full,
	const char *text)
{
	size_t used = layout_width(text), at = used < width ? (width - used) / 2 : 0;
	size_t inside = full > at ? full - at : 0, bytes;

	if (inside > used)
		inside = used;
	bytes = layout_bytes(text, inside);
	bar_put(screen, row, column, width, full, ROLE_GOOD);
	if (inside > 0)
		screen_put(screen, row, column + at, inside, talloc_strndup(screen, text, bytes),
			ROLE_GOOD);
	if (used > inside)
		screen_put(screen, row, column + at + inside, used - inside, text + bytes,
			ROLE_STRONG);
}

static size_t filled(size_t width, unsigned long long done, unsigned long long total)
{
	return done < total ? (size_t)((double)width * (double)done / (double)total) : width;
}

/* How fast is left out where there is no room for it. */
static char *bytes_told(struct screen *screen, const struct working *working, size_t room)
{
	const struct job_state *state = working->state;
	char *text = talloc_strdup(screen, "");
	const char *rate = "";

	if (state->bytes_total > 0)
		text = talloc_asprintf(screen, _("%.1f of %.1f MB"), (double)state->bytes / 1e6,
			(double)state->bytes_total / 1e6);
	if (working->rate > 0)
		rate = talloc_asprintf(screen, _("   %.1f MB/s"), working->rate / 1e6);
	return layout_width(text) + layout_width(rate) <= room
		? talloc_asprintf_append(text, "%s", rate)
		: text;
}

/* All changes of the job; where they are not counted, its bytes. */
static void whole_draw(struct pen *pen, const struct working *working)
{
	const struct job_state *state = working->state;
	size_t full = state->total > 0 ? filled(pen->width, state->done, state->total)
				       : filled(pen->width, state->bytes, state->bytes_total);
	const char *text = state->total > 0
		? talloc_asprintf(pen->screen,
			  P_(" %zu of %zu change ", " %zu of %zu changes ", state->total),
			  state->done, state->total)
		: talloc_asprintf(pen->screen, " %s ",
			  bytes_told(pen->screen, working, pen->width - 2));

	if (state->total == 0 && state->bytes_total == 0)
		return;
	meter(pen->screen, pen->row, pen->column, pen->width, full, text);
	pen->row += 2;
}

/* ---- The parts ---- */

static void part_draw(struct pen *pen, const struct working *working, const struct step_line *part)
{
	struct screen *screen = pen->screen;
	const struct job_state *state = working->state;
	size_t at = pen->column + HOW_FAR_AT, end = pen->column + pen->width;
	const char *count = part->count ? part->count : "";
	bool now = part->mark == MARK_NOW;
	enum role role = now ? ROLE_STRONG : part->mark == MARK_DONE ? ROLE_RIGHT : ROLE_QUIET;

	screen_put(screen, pen->row, pen->column, HOW_FAR_AT - 1,
		talloc_asprintf(screen, "%s %s", mark_sign(part->mark), part->title), role);
	if (now && state->bytes_total > 0) {
		meter(screen, pen->row, at, PART_BAR,
			filled(PART_BAR, state->bytes, state->bytes_total), count);
		at += PART_BAR + GAP;
		screen_put(screen, pen->row, at, end - at, bytes_told(screen, working, end - at),
			ROLE_TEXT);
	} else {
		screen_put(screen, pen->row, at, end - at, count, role);
	}
	pen->row++;
}

static void parts_draw(struct pen *pen, const struct working *working)
{
	const struct job_state *state = working->state;
	struct screen *screen = pen->screen;
	size_t row = pen->row;

	pen_rule(pen, "", "");
	screen_put(screen, row, pen->column + 1, layout_width(_(" What ")), _(" What "),
		ROLE_QUIET);
	screen_put(screen, row, pen->column + HOW_FAR_AT - 1, layout_width(_(" How far ")),
		_(" How far "), ROLE_QUIET);
	for (size_t i = 0; i < state->part_count; i++)
		part_draw(pen, working, &state->parts[i]);
}

/* ---- The last changes ---- */

/* Columns of each text of a change; what is left is for what it is about. */
struct sides {
	size_t what, before, after, checked;
};

static size_t widest(size_t width, const char *text)
{
	size_t own = layout_width(text ? text : "");

	own = own > SIDE_WIDEST ? SIDE_WIDEST : own;
	return own > width ? own : width;
}

static const char *checked_told(const struct change_line *change)
{
	return change->checked ? change->checked : _("writing");
}

static struct sides sides_of(const struct job_state *state, size_t width)
{
	struct sides sides = { 0 };
	size_t used;

	for (size_t i = 0; i < state->last_count; i++) {
		sides.before = widest(sides.before, state->last[i].before);
		sides.after = widest(sides.after, state->last[i].after);
		sides.checked = widest(sides.checked, checked_told(&state->last[i]));
	}
	used = SIGN + GAP + sides.before + SIGN + 1 + sides.after + GAP + sides.checked;
	if (used + WHAT_NARROWEST > width) {
		used -= sides.before + SIGN + 1;
		sides.before = 0;
	}
	sides.what = used < width ? width - used : 0;
	return sides;
}

static void change_draw(struct pen *pen, const struct change_line *change,
	const struct sides *sides)
{
	struct screen *screen = pen->screen;
	size_t row = pen->row++, at = pen->column + SIGN;
	bool done = change->checked != NULL;

	screen_put(screen, row, pen->column, 1, mark_sign(done ? MARK_DONE : MARK_NOW),
		done ? ROLE_RIGHT : ROLE_STRONG);
	screen_put(screen, row, at, sides->what,
		layout_fit(screen, change->what, sides->what, CUT_MIDDLE),
		done ? ROLE_TEXT : ROLE_STRONG);
	at += sides->what + GAP;
	if (sides->before > 0) {
		screen_put(screen, row, at, sides->before, change->before ? change->before : "",
			ROLE_QUIET);
		at += sides->before + 1;
		screen_put(screen, row, at, 1, theme_sign(SIGN_TO_RIGHT), ROLE_QUIET);
		at += SIGN;
	}
	screen_put(screen, row, at, sides->after, change->after ? change->after : "", ROLE_TEXT);
	screen_put(screen, row, at + sides->after + GAP, sides->checked, checked_told(change),
		done ? ROLE_RIGHT : ROLE_TEXT);
}

static void last_draw(struct pen *pen, const struct job_state *state)
{
	struct sides sides = sides_of(state, pen->width);
	size_t end = pen->screen->end - 1;

	if (state->last_count == 0 || pen->row + 2 > end)
		return;
	pen_rule(pen, _("Last changes"), "");
	for (size_t i = 0; i < state->last_count && pen->row < end; i++)
		change_draw(pen, &state->last[i], &sides);
}

/* ---- What can be done meanwhile ---- */

bool job_waits(const struct job_state *state)
{
	return state->waiting && *state->waiting != '\0';
}

static const char *work_sentence(const struct working *working)
{
	if (job_waits(working->state))
		return _("The server has not answered yet.");
	if (working->stopping)
		return _("Stopping after this change.");
	if (working->paused)
		return _("Paused. Space goes on.");
	return working->state->may_stop ? _("It is safe to stop between two changes.") : "";
}

static const char *stop_label(const struct job_state *state)
{
	if (job_waits(state))
		return _("Give up");
	return state->total > 0 || state->part_count > 0 ? _("Stop after this change") : _("Stop");
}

static void stop_draw(struct pen *pen, const struct working *working)
{
	struct screen *screen = pen->screen;
	const char *said = work_sentence(working);
	bool button = working->state->may_stop && (!working->stopping || job_waits(working->state));

	/* Without a button: on what is said, else on what is being done. */
	screen->cursor_row = button ? screen->end : *said ? screen->end + 1 : FRAME_TOP;
	screen->cursor_column = pen->column + (button ? 2 : 0);
	if (button)
		screen_say(screen, screen->end, pen->column,
			button_text(screen, stop_label(working->state), true), ROLE_FOCUS);
	frame_hint(pen, said);
}

/* Who waits has nothing to pause. */
size_t keys_work(const struct working *working, struct key_label keys[WORK_KEYS])
{
	bool waits = job_waits(working->state);
	size_t n = 0;

	keys[n++] = (struct key_label){ "F1 ?", _("Help") };
	if (!working->state->may_stop)
		return n;
	if (!waits)
		keys[n++] =
			(struct key_label){ _("Space"), working->paused ? _("Go on") : _("Pause") };
	keys[n++] = (struct key_label){ "s", stop_label(working->state) };
	keys[n++] = (struct key_label){ "F10 q", waits ? _("Give up") : _("Stop") };
	return n;
}

void compose_work(struct screen *screen, const struct page *page, const struct working *working)
{
	const struct job_state *state = working->state;
	struct pen pen = { screen, FRAME_TOP, 1, 0 };
	struct key_label keys[WORK_KEYS];
	size_t rail = rail_width(screen, page);

	if (screen->too_small)
		return;
	pen.column += rail;
	pen.width = screen->columns - pen.column - 1;
	frame_top(screen, page);
	if (rail > 0)
		rail_draw(screen, page, rail);
	pen_line(&pen, ROLE_STRONG, "%s", job_waits(state) ? state->waiting : working->title);
	pen.row++;
	whole_draw(&pen, working);
	if (state->part_count > 0)
		parts_draw(&pen, working);
	else
		pen_line(&pen, ROLE_TEXT, "%s", state->what);
	if (*state->now != '\0' && state->last_count == 0)
		pen_line(&pen, ROLE_QUIET, "%s %s", mark_sign(MARK_NOW),
			layout_fit(screen, state->now, pen.width - SIGN, CUT_MIDDLE));
	pen.row++;
	last_draw(&pen, state);
	stop_draw(&pen, working);
	frame_keys(screen, keys, keys_work(working, keys), 0);
}
