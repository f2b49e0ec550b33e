/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A double of server/image.c: a practice server, of which a copy is what an overlay is to an image.
 * The name of its image says how it behaves: "used" is open in a virtual machine, "two" has
 * partitions without a letter; any other opens.
 */
#ifndef TESTS_IMAGE_DOUBLE_H
#define TESTS_IMAGE_DOUBLE_H

#include "server/image.h"

struct image_double {
	const char *dir;         /* of the practice server: dir/C, dir/E */
	unsigned opened, closed; /* images */
	unsigned committed, dropped;
	char letters[32]; /* of the last server, "C=1.1 E=2.1" */
};
extern struct image_double image_double;

#endif
