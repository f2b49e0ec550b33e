/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happens while a tree is copied: it is stopped, files and folders change, a disk is full. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/copy_place.h"
#include "tests/support.h"

static int stop_at(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;

	place->told++;
	assert_true(done >= place->done && done <= total);
	place->done = done;
	place->total = total;
	return place->name && strstr(name, place->name) != NULL;
}

static void progress_is_told_and_stops(void **state)
{
	struct place *place = *state;
	struct copy_progress progress = { stop_at, place };

	place_fill(place);
	assert_int_equal(place_copy(place, &progress), 0);
	assert_true(place->done == place->total && place->total == 2 * (PLACE_BIG + 6));
	/* Both ways: four files begun, and 1 MiB in pieces of about 256 KiB. */
	assert_true(place->told >= 2 * (4 + 4));
	assert_int_equal(place_remove(place), 0);
	place->name = "Big.dll";
	place->done = 0;
	assert_int_equal(place_copy(place, &progress), -TROUBLE_STOPPED);
	assert_false(place_there(place, "Bin.new/Sub/Big.dll"));
	assert_int_equal(place_remove(place), 0);
	place->done = 0;
	assert_int_equal(copy_verify(place->server, "E:\\Bin", &place->list, &progress,
				 &place->err),
		-TROUBLE_STOPPED);
}

static int grow_file(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;
	FILE *file;

	(void)done;
	(void)total;
	if (!strstr(name, "Bin\\") || !strstr(name, place->name))
		return 0;
	file = fopen(place->file, place->mode);
	if (file) {
		fputs("x", file);
		fclose(file);
	}
	return 0;
}

static void a_file_that_changes_meanwhile_is_refused(void **state)
{
	struct place *place = *state;
	struct copy_progress progress = { grow_file, place };

	place_fill(place);
	place->name = "abc.txt";
	place->file = place_below(place, "Bin/abc.txt");
	place->mode = "r+";
	assert_int_equal(place_copy(place, &progress), -TROUBLE_VERIFY);
	assert_non_null(strstr(place->err.text, "abc.txt"));
	/* What it had when it was listed is as it was; there is more now. */
	assert_int_equal(place_remove(place), 0);
	place->mode = "a";
	assert_int_equal(place_copy(place, &progress), -TROUBLE_VERIFY);
	assert_non_null(strstr(place->err.text, "abc.txt"));
}

/* The folder goes away and a link to the outside takes its place. */
static int swap_folder(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;

	(void)done;
	(void)total;
	if (place->told > 0 || !strstr(name, place->name))
		return 0;
	place->told = 1;
	if (rename(place->folder, place_below(place, "aside")) != 0 ||
		symlink(place->outside, place->folder) != 0)
		fail_msg("%s: %s", place->folder, strerror(errno));
	return 0;
}

static void swap_case(struct place *place, const char *at, const char *folder)
{
	struct copy_progress progress = { swap_folder, place };
	char *outside = support_folder(place);
	char *secret = talloc_asprintf(place, "%s/Zed", outside);
	size_t len;

	support_mkdir(place_below(place, "Bin/Sub"));
	support_write_text(place_below(place, "Bin/Sub/Abc"), "abc");
	support_write_text(place_below(place, "Bin/Sub/Zed"), "inside");
	/* More than may be open already when the link comes. */
	for (int i = 0; i < 40; i++)
		support_write_text(place_below(place, talloc_asprintf(place, "Bin/Sub/N%d", i)),
			"inside");
	support_write_text(secret, "outside");
	place->name = at;
	place->folder = place_below(place, folder);
	place->outside = outside;
	assert_int_equal(place_copy(place, &progress), -TROUBLE_LINK);
	assert_int_equal(place->told, 1);
	/* Nothing out there was written, nothing of it was read into the copy. */
	assert_string_equal((char *)support_read(place, secret, &len), "outside");
	assert_int_not_equal(access(talloc_asprintf(place, "%s/Abc", outside), F_OK), 0);
	if (strcmp(folder, "Bin/Sub") == 0)
		assert_false(place_there(place, "Bin.new/Sub/Zed"));
}

static void a_source_folder_becomes_a_link_meanwhile(void **state)
{
	swap_case(*state, "Sub\\Abc", "Bin/Sub");
}

static void a_target_folder_becomes_a_link_meanwhile(void **state)
{
	swap_case(*state, "Sub\\Abc", "Bin.new/Sub");
}

static void a_target_becomes_a_link_before_reading_back(void **state)
{
	swap_case(*state, "Bin.new\\Sub\\Abc", "Bin.new/Sub");
}

static void a_full_disk_leaves_nothing_half(void **state)
{
	struct place *place = *state;
	struct rlimit was, small = { 300 * 1024, 300 * 1024 };
	struct stage *stage;
	struct digest digest;
	struct stage_spec spec = { .target = "E:\\Copy.dll",
		.traits_from = NULL,
		.mtime = FILETIME_NONE };

	place_fill(place);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int one = copy_stage(place->server, place, "E:\\Bin\\Sub\\Big.dll", &spec, &stage, &digest,
		NULL, &place->err);
	int all = place_copy(place, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(one, -TROUBLE_IO);
	assert_null(stage);
	assert_int_equal(all, -TROUBLE_IO);
	assert_false(place_there(place, "Copy.dll.q24"));
	assert_false(place_there(place, "Copy.dll"));
	assert_false(place_there(place, "Bin.new/Sub/Big.dll"));
	assert_int_equal(place_remove(place), 0);
}

static void no_room_is_said_before_the_first_byte(void **state)
{
	struct place *place = *state;
	char *drives = talloc_asprintf(place, "%s,F=%s", place->disks->drives,
		place_below(place, "small"));
	struct disks_options options = { .drives = drives };
	struct server *server = NULL;
	struct copy_list list;

	place_fill(place);
	support_mkdir(place_below(place, "small"));
	if (mount("none", place_below(place, "small"), "tmpfs", 0, "size=64k") != 0)
		skip();
	int opened = disks_open(place, &options, &server, &place->err);
	int ret =
		opened == 0 ? copy_walk(server, place, "E:\\Bin", 100, &list, &place->err) : opened;
	if (ret == 0)
		ret = copy_tree(server, "E:\\Bin", "F:\\Bin", &list, NULL, &place->err);
	int left = access(place_below(place, "small/Bin"), F_OK);
	talloc_free(server);
	assert_int_equal(umount(place_below(place, "small")), 0);
	assert_int_equal(opened, 0);
	assert_int_equal(ret, -TROUBLE_NO_ROOM);
	assert_int_not_equal(left, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(progress_is_told_and_stops),
		PLACE_TEST(a_file_that_changes_meanwhile_is_refused),
		PLACE_TEST(a_source_folder_becomes_a_link_meanwhile),
		PLACE_TEST(a_target_folder_becomes_a_link_meanwhile),
		PLACE_TEST(a_target_becomes_a_link_before_reading_back),
		PLACE_TEST(a_full_disk_leaves_nothing_half),
		PLACE_TEST(no_room_is_said_before_the_first_byte),
	};

	return cmocka_run_group_tests_name("copy: trouble", tests, NULL, NULL);
}
