/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/board.h"

#include <string.h>
#include <sys/mman.h>

/* There are two notes, of which one is written to while the other can be read: so a writer that is kept from its work in
 * the middle of it, or dies there, keeps no reader. One that goes round twice while a note is copied has it read again. */
enum { NOTES = 2, TRIES = 8 };

struct note {
	size_t done, total;
	unsigned long long bytes, bytes_total;
	bool may_stop;
	size_t part_count;
	int numbers[BOARD_PARTS];
	enum mark marks[BOARD_PARTS];
	struct board_texts texts;
};

struct board {
	struct shared {
		atomic_uint newest;     /* the number of the note to be read, 0 before the first; it lies at number % NOTES */
		atomic_uint written;    /* the number of the note that is being written, or was last */
		struct note notes[NOTES];
		struct board_wish wish;
	} *shared;
};

static int board_free(struct board *board)
{
	return munmap(board->shared, sizeof *board->shared);
}

struct board *board_new(TALLOC_CTX *mem)
{
	struct board *board = talloc_zero(mem, struct board);

	if (board == NULL)
		return NULL;
	board->shared = mmap(NULL, sizeof *board->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board->shared == MAP_FAILED)
		TALLOC_FREE(board);
	else
		talloc_set_destructor(board, board_free);
	return board;
}

struct board_wish *board_wish(struct board *board)
{
	return &board->shared->wish;
}

/* Cut between two characters. */
static void text_put(char out[BOARD_TEXT], const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	if (len >= BOARD_TEXT)
		for (len = BOARD_TEXT - 1; len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80; len--)
			;
	if (len > 0)
		memcpy(out, text, len);
	out[len] = '\0';
}

static void note_write(struct note *note, const struct job_state *state, const char *badge)
{
	note->done = state->done;
	note->total = state->total;
	note->bytes = state->bytes;
	note->bytes_total = state->bytes_total;
	note->may_stop = state->may_stop;
	note->part_count = state->part_count < BOARD_PARTS ? state->part_count : BOARD_PARTS;
	text_put(note->texts.what, state->what);
	text_put(note->texts.now, state->now);
	text_put(note->texts.badge, badge);
	for (size_t i = 0; i < note->part_count; i++) {
		note->numbers[i] = state->parts[i].number;
		note->marks[i] = state->parts[i].mark;
		text_put(note->texts.titles[i], state->parts[i].title);
	}
}

void board_write(struct board *board, const struct job_state *state, const char *badge)
{
	struct shared *shared = board->shared;
	unsigned number = atomic_load_explicit(&shared->newest, memory_order_relaxed) + 1;

	atomic_store_explicit(&shared->written, number, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	note_write(&shared->notes[number % NOTES], state, badge);
	atomic_store_explicit(&shared->newest, number, memory_order_release);
}

/* A copy of the newest note, which nobody wrote to meanwhile. */
static bool note_read(const struct shared *shared, struct note *note)
{
	for (int i = 0; i < TRIES; i++) {
		unsigned number = atomic_load_explicit(&shared->newest, memory_order_acquire);

		*note = shared->notes[number % NOTES];
		atomic_thread_fence(memory_order_seq_cst);
		if (number != 0 && atomic_load_explicit(&shared->written, memory_order_relaxed) - number < NOTES)
			return true;
	}
	return false;
}

bool board_read(const struct board *board, struct board_view *view)
{
	struct note note;

	if (!note_read(board->shared, &note))
		return false;
	view->texts = note.texts;
	view->badge = view->texts.badge[0] != '\0' ? view->texts.badge : NULL;
	view->state = (struct job_state){ .what = view->texts.what,
					  .now = view->texts.now,
					  .done = note.done,
					  .total = note.total,
					  .bytes = note.bytes,
					  .bytes_total = note.bytes_total,
					  .parts = view->parts,
					  .part_count = note.part_count,
					  .may_stop = note.may_stop };
	for (size_t i = 0; i < note.part_count; i++)
		view->parts[i] = (struct step_line){ note.numbers[i], view->texts.titles[i], note.marks[i] };
	return true;
}
