/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work in hand: what is done, what is being done, how far; counts, not a scrolling log. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/wizard/compose_private.h"

enum { BAR = 28, BAR_NARROW = 12 };

static char *bar(struct screen *screen, size_t done, size_t total)
{
	size_t length = screen->columns < SCREEN_WIDE ? BAR_NARROW : BAR;
	size_t filled = done < total ? done * length / total : length;
	char *text = layout_repeat(screen, '.', length);

	memset(text, '#', filled);
	return talloc_asprintf(screen, "[%s]", text);
}

static char *amount(struct screen *screen, const struct working *working)
{
	const struct job_state *state = working->state;
	char *text = talloc_strdup(screen, "");

	if (state->total > 0)
		text = talloc_asprintf(screen, _("%s  %zu of %zu"),
			bar(screen, state->done, state->total), state->done, state->total);
	else if (state->bytes_total > 0)
		text = bar(screen, (size_t)(state->bytes * 1000 / state->bytes_total), 1000);
	return working->rate > 0
		? talloc_asprintf_append(text, _("   %.1f MB/s"), working->rate / 1e6)
		: text;
}

static const char *work_sentence(const struct working *working)
{
	if (working->stopping)
		return _("Stopping after this change ...");
	if (working->paused)
		return _("Paused. Space resumes.");
	return working->state->may_stop ? _("It is safe to stop between two changes.") : "";
}

void compose_work(struct screen *screen, const struct page *page, const struct working *working)
{
	const struct key_label keys[] = { { "F1", _("Help") }, { "Space", _("Pause") },
		{ "s", _("Stop after this change") } };
	const struct job_state *state = working->state;
	struct pen pen;

	if (screen->too_small)
		return;
	pen = frame_titled(screen, page, working->title, keys,
		state->may_stop ? ARRAY_SIZE(keys) : 0);
	for (size_t i = 0; i < state->part_count; i++) {
		const struct step_line *part = &state->parts[i];
		const char *far = part->mark == MARK_NOW ? amount(screen, working) : "";

		pen_line(&pen, ROLE_TEXT, "  %s %-18s %s", mark_word(part->mark), part->title, far);
	}
	if (state->part_count == 0) {
		pen_line(&pen, ROLE_TEXT, "  %s", state->what);
		pen_line(&pen, ROLE_TEXT, "  %s", amount(screen, working));
	}
	pen.row++;
	if (*state->now != '\0')
		pen_line(&pen, ROLE_TEXT, _("  Now      %s"), state->now);
	pen.row++;
	pen_line(&pen, ROLE_TEXT, "  %s", work_sentence(working));
	screen->cursor_row = screen->rows - 1;
}
