/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A volume over a folder of its own, for the tests of volumes. */
#ifndef TESTS_VOLUME_PLACE_H
#define TESTS_VOLUME_PLACE_H

#include "server/volume_internal.h"

struct place {
	char *dir;
	struct volume *volume;
	struct error err;
};

/* cmocka's: *state is a struct place. The second of the two ways down the tree is taken in the
 * second. */
int place_setup_openat2(void **state);
int place_setup_steps(void **state);
int place_teardown(void **state);

/* The path of this machine, owned by place. */
const char *place_below(struct place *place, const char *name);
/* Whether it is there; fails the test where that cannot be told. meta, real: NULL, or what
 * volume_stat says. */
bool place_there(struct place *place, const char *path, struct file_meta *meta, char **real);
/* What volume_stat and volume_open_file return: 0 or the trouble. */
int place_check(struct place *place, const char *path);
int place_opens(struct place *place, const char *path);

#define BOTH_WAYS(test) \
	cmocka_unit_test_setup_teardown(test, place_setup_openat2, place_teardown), \
	{ \
#test " (by steps)", test, place_setup_steps, place_teardown, NULL \
	}
#define ONE_WAY(test) cmocka_unit_test_setup_teardown(test, place_setup_openat2, place_teardown)

#endif
