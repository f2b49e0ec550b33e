/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For image_check: a server in images that are copied for each test, and what is written to it. */
#ifndef TESTS_IMAGE_BENCH_H
#define TESTS_IMAGE_BENCH_H

#include "server/image.h"

/* A new file on E:, and what is in it. */
#define BENCH_ADDED "E:\\added.txt"
#define BENCH_RUN "19991122-0939"

struct bench {
	char *folder, *one; /* of this test, and its disk with both partitions */
	struct server *server;
	const struct overlay_ops *ops;
	struct overlay *overlay;
	struct error err;
};

/* The folder that holds server/C, server/E, one.raw, c.raw and e.raw. */
extern const char *bench_lab;

/* cmocka's: *state is a struct bench. */
int bench_setup(void **state);
int bench_teardown(void **state);

/* The call succeeds; it fails with that trouble, and its sentence has that word. */
void bench_must(struct bench *b, int ret);
void bench_wants(struct bench *b, int ret, enum trouble trouble, const char *word);
void bench_run(struct bench *b, const char *const *argv);
char *bench_sum(struct bench *b, const char *file);
/* A copy of one of the lab's disks. */
char *bench_disk(struct bench *b, const char *name);

/* Opens b->server, the one before is closed. */
int bench_try(struct bench *b, const struct image_spec *spec);
/* On one.raw; over: with b->overlay. */
void bench_serve(struct bench *b, bool over);

void bench_add(struct bench *b, const char *path);
/* Plans and begins an overlay; then writes a file and a value, and closes it. */
void bench_begin(struct bench *b, const char *name);
void bench_written(struct bench *b);
bool bench_has(struct bench *b, const char *path);
/* What bench_written writes is there; is not. */
void bench_changed(struct bench *b);
void bench_unchanged(struct bench *b);

#endif
