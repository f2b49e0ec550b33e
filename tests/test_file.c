/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support.h"

struct place {
	char *folder;
	int dir;
};

static int setup(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->folder = support_folder(place);
	place->dir = open(place->folder, O_RDONLY | O_DIRECTORY);
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	struct place *place = *state;

	close(place->dir);
	talloc_free(place);
	return 0;
}

static int read_name(struct place *place, const char *name, size_t limit, uint8_t **bytes,
	size_t *len)
{
	int fd = openat(place->dir, name, O_RDONLY), sys = file_read(place, fd, limit, bytes, len);

	close(fd);
	return sys;
}

static void a_file_is_replaced_whole(void **state)
{
	struct place *place = *state;
	uint8_t *bytes;
	struct stat st;
	size_t len;

	assert_int_equal(file_replace(place->dir, "x", 0600, "first", 5), 0);
	/* What leads elsewhere under the name that is written first is not followed. */
	assert_int_equal(symlinkat("y", place->dir, "x.new"), 0);
	assert_int_equal(file_replace(place->dir, "x", 0600, "second\0", 7), 0);
	assert_int_equal(support_names(place->folder), 1);
	assert_int_equal(fstatat(place->dir, "x", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(read_name(place, "x", 7, &bytes, &len), 0);
	assert_int_equal(len, 7);
	assert_memory_equal(bytes, "second\0", 8);
	assert_int_equal(read_name(place, "x", 6, &bytes, &len), EFBIG);
	assert_int_equal(file_read(place, place->dir, 6, &bytes, &len), EFBIG);
}

static void what_cannot_be_replaced_leaves_nothing(void **state)
{
	struct place *place = *state;

	assert_int_equal(mkdirat(place->dir, "x", 0700), 0);
	assert_int_equal(file_replace(place->dir, "x", 0600, "", 0), EISDIR);
	assert_int_equal(support_names(place->folder), 1);
	assert_int_equal(file_replace(place->dir, "none/x", 0600, "", 0), ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_replaced_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_replaced_leaves_nothing, setup,
			teardown),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
