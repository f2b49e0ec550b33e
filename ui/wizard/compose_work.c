/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in hand: what is done, what is being done, how far; counts, not a scrolling log. */
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "ui/wizard/compose_private.h"

enum { BAR = 28, BAR_NARROW = 12 };

static char *bar(TALLOC_CTX *mem, size_t done, size_t total, size_t length)
{
	size_t filled = total > 0 ? (done < total ? done * length / total : length) : 0;
	char text[BAR + 3];

	text[0] = '[';
	memset(text + 1, '.', length);
	memset(text + 1, '#', filled);
	text[length + 1] = ']';
	text[length + 2] = '\0';
	return talloc_strdup(mem, text);
}

static char *amount(const struct pen *pen, const struct job_state *state, double rate)
{
	TALLOC_CTX *mem = pen->screen;
	size_t length = pen->screen->columns < SCREEN_WIDE ? BAR_NARROW : BAR;
	char *text = talloc_strdup(mem, "");

	if (state->total > 0)
		text = talloc_asprintf(mem, _("%s  %zu of %zu"), bar(mem, state->done, state->total, length),
				       state->done, state->total);
	else if (state->bytes_total > 0)
		text = bar(mem, (size_t)(state->bytes * 1000 / state->bytes_total), 1000, length);
	if (rate > 0)
		text = talloc_asprintf_append(text, _("   %.1f MB/s"), rate / 1e6);
	return text;
}

static void parts_draw(struct pen *pen, const struct job_state *state, double rate)
{
	for (size_t i = 0; i < state->part_count; i++) {
		const struct step_line *part = &state->parts[i];
		char *line = talloc_asprintf(pen->screen, "  %s %-18s %s", mark_word(part->mark), part->title,
					     part->mark == MARK_NOW ? amount(pen, state, rate) : "");

		pen_line(pen, line);
	}
	if (state->part_count == 0) {
		pen_line(pen, talloc_asprintf(pen->screen, "  %s", state->what));
		pen_line(pen, talloc_asprintf(pen->screen, "  %s", amount(pen, state, rate)));
	}
}

static const char *work_sentence(const struct job_state *state, bool stopping, bool paused)
{
	if (stopping)
		return _("Stopping after this change ...");
	if (paused)
		return _("Paused. Space goes on.");
	return state->may_stop ? _("It is safe to stop between two changes.") : "";
}

int compose_work(TALLOC_CTX *mem, const struct page *page, const char *title, const struct job_state *state,
		 bool stopping, bool paused, double rate, size_t rows, size_t columns, bool utf8, struct screen **out)
{
	struct screen *screen = screen_new(mem, rows, columns);
	struct pen pen;

	*out = screen;
	if (screen == NULL)
		return error_memory(NULL);
	if (!screen_titled(screen, page, title, state->may_stop ? _("Space pause   s Stop after this change   F1 Help") : "", utf8, &pen))
		return 0;
	parts_draw(&pen, state, rate);
	pen.row++;
	if (state->now != NULL && *state->now != '\0')
		pen_line(&pen, talloc_asprintf(screen, _("  Now      %s"), state->now));
	pen.row++;
	pen_line(&pen, talloc_asprintf(screen, "  %s", work_sentence(state, stopping, paused)));
	screen->cursor_row = rows - 1;
	return 0;
}
