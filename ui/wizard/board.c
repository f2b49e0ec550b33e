/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/board.h"

#include <string.h>
#include <sys/mman.h>

#include "base/text.h"

struct board *board_new(void)
{
	void *board = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return board != MAP_FAILED ? board : NULL;
}

static void text_put(char *out, size_t room, const char *text)
{
	const size_t len = text ? text_whole(text, room - 1) : 0;

	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
}

static void parts_write(struct note *note, const struct job_state *state)
{
	if (note->state.part_count > BOARD_PARTS)
		note->state.part_count = BOARD_PARTS;
	for (size_t i = 0; i < note->state.part_count; i++) {
		note->parts[i] = state->parts[i];
		text_put(note->titles[i], BOARD_TEXT, state->parts[i].title);
		text_put(note->counts[i], BOARD_SHORT, state->parts[i].count);
	}
}

static void last_write(struct note *note, const struct job_state *state)
{
	if (note->state.last_count > BOARD_LAST)
		note->state.last_count = BOARD_LAST;
	for (size_t i = 0; i < note->state.last_count; i++) {
		note->last[i] = state->last[i];
		text_put(note->changes[i].what, BOARD_SHORT, state->last[i].what);
		text_put(note->changes[i].before, BOARD_SHORT, state->last[i].before);
		text_put(note->changes[i].after, BOARD_SHORT, state->last[i].after);
		text_put(note->changes[i].checked, BOARD_SHORT, state->last[i].checked);
	}
}

void board_write(struct board *board, const struct job_state *state, const struct page *page)
{
	struct note *note = &board->note;

	atomic_fetch_add(&board->writes, 1);
	note->state = *state;
	note->alarm = page->alarm;
	text_put(note->what, BOARD_TEXT, state->what);
	text_put(note->now, BOARD_TEXT, state->now);
	text_put(note->waiting, BOARD_TEXT, state->waiting);
	text_put(note->badge, BOARD_TEXT, page->badge);
	parts_write(note, state);
	last_write(note, state);
	atomic_fetch_add(&board->writes, 1);
}

/* Pointers of the other process become those into the note; what was NULL stays it. */
static void note_point(struct note *note)
{
	note->state.what = note->what;
	note->state.now = note->now;
	note->state.waiting = note->state.waiting ? note->waiting : NULL;
	note->state.parts = note->parts;
	note->state.last = note->last;
	for (size_t i = 0; i < note->state.part_count; i++) {
		note->parts[i].title = note->titles[i];
		note->parts[i].count = note->parts[i].count ? note->counts[i] : NULL;
	}
	for (size_t i = 0; i < note->state.last_count; i++)
		note->last[i] = (struct change_line){ note->changes[i].what,
			note->changes[i].before, note->changes[i].after,
			note->last[i].checked ? note->changes[i].checked : NULL };
}

bool board_read(const struct board *board, struct note *note)
{
	unsigned before = atomic_load(&board->writes);
	struct note copy = board->note;

	atomic_thread_fence(memory_order_seq_cst);
	if (before == 0 || before % 2 != 0 || atomic_load(&board->writes) != before)
		return false;
	*note = copy;
	note_point(note);
	return true;
}
