/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRAINING_LESSON_INTERNAL_H
#define TRAINING_LESSON_INTERNAL_H

#include <dirent.h>
#include <jansson.h>

#include "training/lesson.h"

enum {
	LESSON_SEAT_LIMIT = 40,   /* characters */
	LESSON_TEXT_LIMIT = 4096, /* bytes of a proposal */
	LESSON_TIPS_LIMIT = 500,
	LESSON_PROPOSALS_LIMIT = 500,
	LESSON_MARKS_LIMIT = 3000,
	LESSON_ID_LIMIT = 1000, /* bytes */
	LESSON_FILE_LIMIT = 1 << 22,
	LESSON_FOLDERS_LIMIT = 10000,
};

#define LESSON_JSON "lesson.json"
#define LESSON_LOCK "lock"
#define LESSON_CASE "case"
#define LESSONS_FOLDER "lessons"
#define RESULTS_FOLDER "results"

/* ---- lesson_place.c: folders and files; nothing is followed through a link ---- */

/* The folder name below the folder dir (AT_FDCWD and a full path for the place itself); made (0700)
 * if asked. -1 with errno. */
int lesson_folder(int dir, const char *name, bool make);
/* The same of a folder below the place. */
int lesson_folder_in(const char *place, const char *name, bool make);
/* The same, to be read; NULL with errno. */
DIR *lesson_listing(const char *place, const char *name);
/* All of a file, at most limit bytes and a NUL behind them; NULL where there is none that can be
 * read. */
char *lesson_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, size_t *len);
/* Written beside it first (0600), synced, renamed, the folder synced. */
int lesson_file_write(int dir, const char *name, const char *bytes, size_t len, struct error *err);
/* The same, but an existing one is left alone, and *taken says so. */
int lesson_file_add(int dir, const char *name, const char *bytes, size_t len, bool *taken,
	struct error *err);
/* Waits for the lock of a fresh lesson; of one that was left only tries. 0 or an errno: EWOULDBLOCK
 * while another process has it in hand. */
int lesson_lock(struct lesson *lesson, bool fresh);

/* ---- lesson.c ---- */

/* Removes the lessons of this seat that nobody has in hand; counts them. */
void lessons_clear(const char *place, const char *seat, size_t *removed);

/* ---- lesson_file.c: lesson.json ---- */

int lesson_save(struct lesson *lesson, struct error *err);
/* lesson_marks_file.c: its part. New reference, NULL for want of memory; one more mark, false if it
 * is none. */
json_t *lesson_marks_json(const struct lesson *lesson);
bool lesson_mark_read(struct lesson *lesson, json_t *row);
/* lesson_marked for who changes it. */
struct lesson_mark *lesson_mark_find(const struct lesson *lesson, const char *id);
/* A text of 1 to limit bytes without control characters, or NULL. */
char *lesson_text_plain(TALLOC_CTX *mem, const char *text, size_t limit);
/* What the folder's lesson.json says; hostile until it was read. False if it is none. */
bool lesson_load(struct lesson *lesson);
/* The case of name and seed, bound; of a teacher's case the text in the folder. False if there is
 * none. */
bool lesson_bind(struct lesson *lesson);

#endif
