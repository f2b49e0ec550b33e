/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/volume_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support.h"

const char *place_below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place->dir, name);
}

static struct place *place_make(bool by_steps)
{
	struct place *place = talloc_zero(NULL, struct place);

	assert_non_null(place);
	place->dir = support_folder(place);
	assert_int_equal(volume_open(place, 'E', place->dir, &place->volume, &place->err), 0);
	if (by_steps)
		place->volume->by_steps = true;
	return place;
}

int place_setup_openat2(void **state)
{
	*state = place_make(false);
	return 0;
}

int place_setup_steps(void **state)
{
	*state = place_make(true);
	return 0;
}

int place_teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

bool place_there(struct place *place, const char *path, struct file_meta *meta, char **real)
{
	struct file_meta ignored;
	bool found = false;

	place->err.text[0] = '\0';
	if (volume_stat(place->volume, place, path, &found, meta ? meta : &ignored, real,
		    &place->err) != 0)
		fail_msg("%s", place->err.text);
	return found;
}

int place_check(struct place *place, const char *path)
{
	bool found;

	return volume_stat(place->volume, place, path, &found, NULL, NULL, &place->err);
}

int place_opens(struct place *place, const char *path)
{
	int fd = volume_open_file(place->volume, path, NULL, &place->err);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}
