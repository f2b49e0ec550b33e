/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/board.h"

#include <string.h>
#include <sys/mman.h>

struct board *board_new(void)
{
	void *board = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return board != MAP_FAILED ? board : NULL;
}

/* Cut between two characters. */
static void text_put(char out[BOARD_TEXT], const char *text)
{
	size_t len = text ? strlen(text) : 0;

	if (len >= BOARD_TEXT)
		for (len = BOARD_TEXT - 1; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;
			len--)
			;
	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
}

static void note_write(struct note *note, const struct job_state *state, const char *badge)
{
	note->state = *state;
	if (note->state.part_count > BOARD_PARTS)
		note->state.part_count = BOARD_PARTS;
	text_put(note->what, state->what);
	text_put(note->now, state->now);
	text_put(note->badge, badge);
	for (size_t i = 0; i < note->state.part_count; i++) {
		note->parts[i] = state->parts[i];
		text_put(note->titles[i], state->parts[i].title);
	}
}

void board_write(struct board *board, const struct job_state *state, const char *badge)
{
	atomic_fetch_add(&board->writes, 1);
	note_write(&board->note, state, badge);
	atomic_fetch_add(&board->writes, 1);
}

bool board_read(const struct board *board, struct note *note)
{
	unsigned before = atomic_load(&board->writes);
	struct note copy = board->note;

	atomic_thread_fence(memory_order_seq_cst);
	if (before == 0 || before % 2 != 0 || atomic_load(&board->writes) != before)
		return false;
	*note = copy;
	note->state.what = note->what;
	note->state.now = note->now;
	note->state.parts = note->parts;
	for (size_t i = 0; i < note->state.part_count; i++)
		note->parts[i].title = note->titles[i];
	return true;
}
