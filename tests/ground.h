/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A training ground for the tests of lessons; what fails here fails the running test. */
#ifndef TESTS_GROUND_H
#define TESTS_GROUND_H

#include "repair/survey.h"
#include "training/lesson.h"

#define GROUND_SEAT "A. Miller"

/* A ground of its own, with the folder that stands for TMPDIR beside it. */
struct ground {
	TALLOC_CTX *mem;
	char *top, *runs, *place;
	struct error err;
};

/* Of each test: *state is a ground. */
int ground_setup(void **state);
int ground_teardown(void **state);

/* A lesson of GROUND_SEAT, begun; one that was left, resumed. */
struct lesson *ground_begin(struct ground *ground, const char *name, uint64_t seed, bool exam);
struct lesson *ground_again(struct ground *ground, const char *name, const char *seat);

/* A look at the lesson's server, and one row of it. */
const struct survey *ground_stat(struct ground *ground, const struct lesson *lesson,
	struct server **server);
const struct finding *ground_row(const struct survey *survey, const char *id);

/* The lesson's own folder, a file in it, and a name below the ground's place. */
char *ground_folder(struct ground *ground, const struct lesson *lesson);
char *ground_file(struct ground *ground, const struct lesson *lesson, const char *name);
char *ground_below(struct ground *ground, const char *name);
/* Permissions. */
unsigned ground_mode(const char *path);

#endif
