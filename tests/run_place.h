/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A place for runs, empty. */
#ifndef TESTS_RUN_PLACE_H
#define TESTS_RUN_PLACE_H

#include "tests/support.h"

struct place {
	char *dir;
	struct error err;
};

/* cmocka's setup; support_memory_free is the teardown. */
static inline int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->dir = support_folder(place);
	*state = place;
	return 0;
}

#endif
