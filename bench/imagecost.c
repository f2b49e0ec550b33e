/* SPDX-License-Identifier: GPL-3.0-or-later */
/* imagecost IMAGE: what it takes to open an image with all its partitions, and to close it. */
#include <stdio.h>

#include "bench/inside.h"
#include "server/image.h"

int main(int argc, char **argv)
{
	struct image_spec spec = { .files = argc == 2 ? argv[1] : "" };
	struct image *image;
	struct error err;
	double begun = inside_now();

	if (image_open(NULL, &spec, &image, &err) != 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	talloc_free(image);
	inside_print(begun);
	return 0;
}
