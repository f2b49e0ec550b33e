/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/record share. */
#ifndef RECORD_INTERNAL_H
#define RECORD_INTERNAL_H

#include <sys/stat.h>

#include "record/runfolder.h"

#define RUN_NAME_MAX 40

int runfolder_fd(const struct runfolder *run);
/* Where writing len bytes failed for want of room: gives back that much of the reserve. False where
 * nothing can be given; else it is tried again. */
bool runfolder_give(struct runfolder *run, int sys, size_t len);

/* "20240131-094107" or "20240131-094107-2": what a run is called; never longer than
 * RUN_NAME_MAX. */
bool run_name_ok(const char *name);
/* Which of two runs is the newer one by its name, that is by this machine's clock: <0, 0, >0. */
int run_name_compare(const char *a, const char *b);
/* The number that the run called name got from the counter of its place when it was made: the one
 * with the higher number is newer, whatever the clock said. 0, older than all that have one: there
 * is none, or none that can be right. */
uint64_t run_number(int place, const char *name);
/* The number that a file of the folder dir holds; 0 if it holds none of ours. */
uint64_t run_number_read(int dir, const char *file);

/* The whole file name below the folder dir, at most limit bytes; *bytes NULL where there is
 * none. */
int run_file_read(TALLOC_CTX *mem, int dir, const char *name, size_t limit, uint8_t **bytes,
	size_t *len, struct error *err);
/* The file name below the folder dir: -1 with errno where it is no file (EINVAL) or, to be written
 * into, one that has another name as well, which may be anybody's (EMLINK). */
int run_file_open(int dir, const char *name, int flags, struct stat *st);
/* So that the names in it last. Non-zero: errno. */
int run_folder_sync(const char *path);

/* Whether another process lives in the run whose folder is dir. */
bool run_is_locked(int dir);

#endif
