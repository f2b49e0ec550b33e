/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/copy_place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support.h"

const char *place_below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place->disks->e, name);
}

bool place_there(struct place *place, const char *name)
{
	return access(place_below(place, name), F_OK) == 0;
}

int place_setup(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->disks = nt_disks(place);
	place->server = nt_open(place->disks);
	support_mkdir(place_below(place, "Bin"));
	*state = place;
	return 0;
}

int place_teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

void place_fill(struct place *place)
{
	static uint8_t big[PLACE_BIG];
	uint64_t seed = 7;

	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)support_random(&seed);
	support_write_text(place_below(place, "Bin/abc.txt"), "abc");
	support_write_text(place_below(place, "Bin/Empty"), "");
	support_mkdir(place_below(place, "Bin/Sub"));
	support_mkdir(place_below(place, "Bin/Sub/None"));
	support_write(place_below(place, "Bin/Sub/Big.dll"), big, sizeof big);
	support_write_text(place_below(place, "Bin/Sub/M\xc3\xbcller.txt"), "abc");
	assert_int_equal(chmod(place_below(place, "Bin/abc.txt"), 0640), 0);
	assert_int_equal(chmod(place_below(place, "Bin/Sub/Big.dll"), 0444), 0);
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
		{ .tv_sec = 899683200, .tv_nsec = 500 } };
	assert_int_equal(utimensat(AT_FDCWD, place_below(place, "Bin/abc.txt"), times, 0), 0);
}

int place_walk(struct place *place)
{
	return copy_walk(place->server, place, "E:\\bin", 1000, &place->list, &place->err);
}

int place_copy(struct place *place, const struct copy_progress *progress)
{
	int ret = place_walk(place);

	if (ret != 0)
		fail_msg("%s", place->err.text);
	return copy_tree(place->server, "E:\\Bin", "E:\\Bin.new", &place->list, progress,
		&place->err);
}

int place_remove(struct place *place)
{
	return copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err);
}
