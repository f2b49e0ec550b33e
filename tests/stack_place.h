/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk image on the spot, and what its stack of processes looks like from outside. */
#ifndef TESTS_STACK_PLACE_H
#define TESTS_STACK_PLACE_H

#include <sys/types.h>

#include "server/image_stack.h"
#include "tests/support.h"

enum { PART_SIZE = 4 << 20, FIRST = 63 * 512, SECOND = FIRST + PART_SIZE, DISK_SIZE = 9 << 20 };

/* One disk with two NTFS partitions; on each a file "who" that says which it is. */
struct place {
	char *folder, *raw;
	struct image_layer layers[1];
	struct image_stamp stamps[2];
	struct image_file file;
	struct stack_disk disk;
	const char *overlays[3]; /* room for them; disk.overlays */
	struct image_part *parts;
};

/* Skips where a program is missing. */
struct place *place_make(TALLOC_CTX *mem);
struct image_part *place_parts(TALLOC_CTX *mem);
/* The image is what lies at path; no overlays. */
void place_image(struct place *place, const char *path, enum image_format format);

/* What a foreign program says; it must not fail. */
char *place_run(TALLOC_CTX *mem, const char *const *argv);
#define RUN(...) place_run(place, (const char *const[]){ __VA_ARGS__, NULL })

/* Fails the test with the sentence where ret is not 0. */
void done(int ret, const struct error *err);
/* A file on a mounted part holds that text. */
void same_file(struct place *place, unsigned part, const char *name, const char *wanted);
/* The process of a program that another one started, or 0. */
pid_t child_of(pid_t parent, const char *program);
/* How a process has a file open: O_RDONLY..., or -1. */
int mode_of(pid_t pid, const char *path);

#endif
