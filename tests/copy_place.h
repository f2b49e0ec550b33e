/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off, with a folder E:\Bin to be copied to E:\Bin.new, for the tests of the copy
 * engine. */
#ifndef TESTS_COPY_PLACE_H
#define TESTS_COPY_PLACE_H

#include "server/copy.h"
#include "tests/ntfolder.h"

#define PLACE_BIG (1024 * 1024 + 3)

struct place {
	struct nt_disks *disks;
	struct server *server;
	struct copy_list list;
	struct error err;
	/* For the callback: what it does when it is told the name. */
	const char *name;
	const char *folder, *outside, *file, *mode;
	unsigned told;
	uint64_t done, total;
};

/* cmocka's: *state is a struct place, with an empty Bin. */
int place_setup(void **state);
int place_teardown(void **state);
#define PLACE_TEST(test) cmocka_unit_test_setup_teardown(test, place_setup, place_teardown)

/* The path of this machine of what is on E:, owned by place; whether it is there. */
const char *place_below(struct place *place, const char *name);
bool place_there(struct place *place, const char *name);
/* Fills Bin with everything that may be in a tree. */
void place_fill(struct place *place);

/* Lists Bin; lists and copies it, where that it can be listed is not the question; takes the copy
 * away. 0 or the trouble. */
int place_walk(struct place *place);
int place_copy(struct place *place, const struct copy_progress *progress);
int place_remove(struct place *place);

#endif
