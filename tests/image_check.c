/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image_check FOLDER: what image_server.test asks of the backend. FOLDER is bench_lab, and gets
 * committed.raw. */
#include "server/image.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "repair/survey.h"
#include "server/disks.h"
#include "tests/image_bench.h"
#include "tests/support.h"

#define SECOND "E:\\second.txt"

static bool there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int begin_try(struct bench *b)
{
	bench_must(b, b->ops->plan(b->server, b, BENCH_RUN, &b->overlay, &b->err));
	return b->ops->begin(b->server, b->overlay, &b->err);
}

/* What the survey finds there is what it finds in the folders that are in it. */
static void same_survey(struct bench *b)
{
	struct disks_options options = { .drives = talloc_asprintf(b, "C=%s/server/C,E=%s/server/E",
						 bench_lab, bench_lab) };
	const struct survey_options look = { 0 };
	const struct survey *off, *inside;
	struct server *server;

	bench_must(b, disks_open(b, &options, &server, &b->err));
	assert_string_equal(b->server->reach, "image");
	assert_true(b->server->caps & SERVER_WRITE);
	bench_must(b, survey_make(b, server, &look, &off, &b->err));
	bench_must(b, survey_make(b, b->server, &look, &inside, &b->err));
	assert_true(off->finding_count > 20);
	assert_int_equal(off->finding_count, inside->finding_count);
	assert_int_equal(off->changes_needed, inside->changes_needed);
	assert_false(inside->check_only);
	for (size_t i = 0; i < off->finding_count; i++) {
		assert_string_equal(off->findings[i].id, inside->findings[i].id);
		assert_int_equal(off->findings[i].state, inside->findings[i].state);
	}
}

static void a_disk_given_twice_is_refused(void **state)
{
	struct bench *b = *state;
	char *other = talloc_asprintf(b, "%s/other.raw", b->folder),
	     *files = talloc_asprintf(b, "%s,%s", b->one, other);

	assert_int_equal(link(b->one, other), 0);
	bench_wants(b, bench_try(b, &(struct image_spec){ .files = files }), TROUBLE_USAGE,
		"same disk");
	bench_wants(b, bench_try(b, &(struct image_spec){ .files = "" }), TROUBLE_USAGE,
		"sys.vmdk");
}

/* A rehearsal passes as if it could be written to, since it will be. */
static void what_reading_can_tell_is_told(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = BENCH_ADDED, .mtime = FILETIME_NONE };
	struct server_rehearsal rehearsal = { 0 };
	char *small = talloc_asprintf(b, "%s/small", b->folder);
	struct image_spec image = { .files = b->one, .letters = "C=1.1,E=1.2", .overlay = small };
	struct volume_traits traits;
	struct stage *stage;
	uint64_t room, drive = 0;

	bench_wants(b, bench_try(b, &image), TROUBLE_NO_RUN_FOLDER, small);
	support_mkdir(small);
	bench_must(b, bench_try(b, &image));
	bench_must(b, b->server->ops->reg_gate(b->server, &b->err));
	bench_must(b, b->server->ops->volume_traits(b->server, 'E', &traits, &b->err));
	assert_false(traits.read_only);
	b->server->rehearsing = &rehearsal;
	bench_must(b, b->server->ops->stage(b->server, b, &spec, &stage, &b->err));
	b->server->rehearsing = NULL;
	talloc_free(stage);
	bench_wants(b, b->server->ops->stage(b->server, b, &spec, &stage, &b->err),
		TROUBLE_READ_ONLY, "added.txt");

	bench_must(b, b->ops->plan(b->server, b, BENCH_RUN, &b->overlay, &b->err));
	assert_int_equal(b->overlay->count, 1);
	assert_string_equal(b->overlay->files[0].path,
		talloc_asprintf(b, "%s/one.raw.q240208-" BENCH_RUN ".qcow2", small));
	assert_int_equal(support_names(small), 0);
	support_write_text(b->overlay->files[0].path, "");
	bench_wants(b, b->ops->plan(b->server, b, BENCH_RUN, &b->overlay, &b->err), TROUBLE_MOVED,
		BENCH_RUN);
	bench_must(b, b->server->ops->room(b->server, "E:\\", &drive, &b->err));
	/* The namespace of the stack is this process's alone. */
	if (mount("none", small, "tmpfs", 0, "size=1m") != 0)
		support_skip("a small file system cannot be mounted");
	bench_wants(b, b->ops->plan(b->server, b, BENCH_RUN, &b->overlay, &b->err), TROUBLE_NO_ROOM,
		small);
	bench_must(b, b->server->ops->room(b->server, "E:\\", &room, &b->err));
	/* What was refused as a folder is not refused as a drive. */
	assert_true(drive > 1 << 20 && room == drive);
	(void)umount(small);
}

/* Whether the image is what it was. */
static int unmoved(struct bench *b, const struct image_stamp *then, size_t count)
{
	struct image_stamp *now;
	size_t now_count;

	bench_must(b, b->ops->stamps(b->server, b, &now, &now_count, &b->err));
	return image_stamps_same(then, count, now, now_count, &b->err);
}

static void a_repair_is_committed(void **state)
{
	struct bench *b = *state;
	char *before = bench_sum(b, b->one),
	     *committed = talloc_asprintf(b, "%s/committed.raw", bench_lab);
	const struct image_told *told;
	struct image_stamp *stamps;
	size_t count;

	bench_serve(b, false);
	same_survey(b);
	told = b->ops->told(b->server, &count);
	assert_int_equal(count, 1);
	assert_string_equal(told->path, b->one);
	assert_string_equal(told->format, image_format_name(IMAGE_RAW));
	assert_null(told->chain[0]);
	assert_int_equal(support_names(b->folder), 1);
	bench_must(b, b->ops->stamps(b->server, b, &stamps, &count, &b->err));
	assert_int_equal(count, 1);
	bench_written(b);
	bench_changed(b);
	bench_must(b, b->ops->go_on(b->server, b->overlay, &b->err));
	bench_add(b, SECOND);
	bench_must(b, b->ops->close(b->server, b->overlay, &b->err));
	assert_true(bench_has(b, SECOND));
	assert_string_equal(bench_sum(b, b->one), before);
	bench_must(b, unmoved(b, stamps, count));
	bench_must(b, b->ops->commit(b->server, b->overlay, &b->err));
	assert_string_not_equal(bench_sum(b, b->one), before);
	assert_int_equal(support_names(b->folder), 1);
	bench_changed(b);
	bench_wants(b, unmoved(b, stamps, count), TROUBLE_MOVED, b->one);
	/* The image is what the next one stands on. */
	bench_begin(b, BENCH_RUN "-2");
	TALLOC_FREE(b->server);
	assert_int_equal(rename(b->one, committed), 0);
}

/* The first disk was committed, by qemu-img itself, when it was cut. A comma in a name is "\,". */
static void a_commit_of_two_disks_is_repeated(void **state)
{
	struct bench *b = *state;
	char *c = talloc_asprintf(b, "%s/a, b.raw", b->folder), *e = bench_disk(b, "e.raw"), *gone;
	const struct overlay *over[] = { NULL, NULL };
	struct image_spec spec = { .files = talloc_asprintf(b, "%s/a\\, b.raw,%s", b->folder, e),
		.letters = "C=1.1,E=2.1",
		.over = over };

	assert_int_equal(rename(bench_disk(b, "c.raw"), c), 0);
	bench_must(b, bench_try(b, &spec));
	same_survey(b);
	bench_written(b);
	assert_int_equal(support_names(b->folder), 5);
	TALLOC_FREE(b->server);
	gone = b->overlay->files[0].path;
	bench_run(b, (const char *const[]){ "qemu-img", "commit", "-q", "-d", gone, NULL });
	assert_int_equal(unlink(gone), 0);
	over[0] = b->overlay;
	b->overlay->files[0].path = NULL;
	bench_must(b, bench_try(b, &spec));
	bench_changed(b);
	b->overlay->files[0].path = gone;
	bench_must(b, b->ops->commit(b->server, b->overlay, &b->err));
	assert_int_equal(support_names(b->folder), 3);
	bench_changed(b);
}

static void what_is_not_ours_is_seen(void **state)
{
	struct bench *b = *state;
	char *path, *kept = talloc_asprintf(b, "%s/kept", b->folder);
	bool ours;

	bench_serve(b, false);
	bench_written(b);
	bench_must(b, b->ops->ours(b->server, b->overlay, &ours, &b->err));
	assert_true(ours);
	TALLOC_FREE(b->server);
	path = b->overlay->files[0].path;
	bench_run(b,
		(const char *const[]){ "qemu-io", "-f", "qcow2", "-c", "write -P 1 2M 512", path,
			NULL });
	bench_serve(b, true);
	bench_must(b, b->ops->ours(b->server, b->overlay, &ours, &b->err));
	assert_false(ours);
	bench_wants(b, b->ops->go_on(b->server, b->overlay, &b->err), TROUBLE_MOVED, path);
	bench_changed(b);
	/* Nothing but an overlay of this disk is ever removed. */
	b->overlay->files[0].path = b->one;
	bench_wants(b, b->ops->drop(b->server, b->overlay, &b->err), TROUBLE_MOVED, b->one);
	b->overlay->files[0].path = path;
	assert_int_equal(rename(path, kept), 0);
	assert_int_equal(symlink("kept", path), 0);
	bench_wants(b, b->ops->drop(b->server, b->overlay, &b->err), TROUBLE_LINK, path);
	assert_int_equal(rename(kept, path), 0);
	bench_must(b, b->ops->drop(b->server, b->overlay, &b->err));
	assert_int_equal(support_names(b->folder), 1);
	bench_unchanged(b);
}

static void an_image_that_changed_is_not_written_over(void **state)
{
	struct bench *b = *state;
	int fd;

	bench_serve(b, false);
	fd = open(b->one, O_WRONLY);
	assert_int_equal(file_write(fd, "x", 1, 440 + 6), 0);
	close(fd);
	bench_wants(b, begin_try(b), TROUBLE_MOVED, b->one);
	assert_false(there(b->overlay->files[0].path));
	bench_unchanged(b);
}

static void who_comes_second_waits(void **state)
{
	struct bench *b = *state;
	struct image *image;
	int lock;

	bench_serve(b, false);
	lock = image_file_lock(b->one, false, &b->err);
	assert_true(lock >= 0);
	bench_wants(b, begin_try(b), TROUBLE_LOCKED, b->one);
	assert_false(there(b->overlay->files[0].path));
	bench_unchanged(b);
	close(lock);
	bench_begin(b, BENCH_RUN);
	bench_wants(b, image_open(b, &(struct image_spec){ .files = b->one }, &image, &b->err),
		TROUBLE_LOCKED, b->one);
}

/* A process of this program by name. */
static void kill_child(struct bench *b, const char *name)
{
	char *parent = talloc_asprintf(b, "%d", (int)getpid()), *output;

	if (support_run(b, (const char *const[]){ "pgrep", "-P", parent, "-n", name, NULL }, NULL,
		    &output) != 0)
		fail_msg("no %s of %s", name, parent);
	assert_int_equal(kill((pid_t)atoi(output), SIGKILL), 0);
}

static void a_torn_overlay_is_set_aside(void **state)
{
	struct bench *b = *state;
	bool found;
	char *path;

	bench_serve(b, false);
	bench_begin(b, BENCH_RUN);
	path = b->overlay->files[0].path;
	bench_add(b, BENCH_ADDED);
	/* The youngest serves E:. */
	kill_child(b, "ntfs-3g");
	bench_wants(b,
		b->server->ops->file_stat(b->server, b, BENCH_ADDED, &found, NULL, NULL, &b->err),
		TROUBLE_IO, "ntfs-3g");
	bench_wants(b, b->ops->close(b->server, b->overlay, &b->err), TROUBLE_IO, "ntfs-3g");
	bench_wants(b,
		b->server->ops->file_stat(b->server, b, BENCH_ADDED, &found, NULL, NULL, &b->err),
		TROUBLE_IO, "not open");
	bench_must(b, b->ops->set_aside(b->server, b->overlay, &b->err));
	assert_false(there(path));
	assert_string_equal(b->overlay->files[0].path, talloc_asprintf(b, "%s.torn", path));
	assert_true(there(b->overlay->files[0].path));
	bench_unchanged(b);
	/* Another, by a process that knows nothing of it. */
	bench_begin(b, BENCH_RUN "-2");
	TALLOC_FREE(b->server);
	bench_serve(b, false);
	path = b->overlay->files[0].path;
	bench_must(b, b->ops->set_aside(b->server, b->overlay, &b->err));
	assert_int_equal(support_names(b->folder), 3);
	/* Cut before that was on record: it is known where it is all the same. */
	b->overlay->files[0].path = path;
	bench_must(b, b->ops->set_aside(b->server, b->overlay, &b->err));
	assert_true(there(b->overlay->files[0].path));
}

#define IMAGE_TEST(test) cmocka_unit_test_setup_teardown(test, bench_setup, bench_teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IMAGE_TEST(a_disk_given_twice_is_refused),
		IMAGE_TEST(what_reading_can_tell_is_told),
		IMAGE_TEST(a_repair_is_committed),
		IMAGE_TEST(a_commit_of_two_disks_is_repeated),
		IMAGE_TEST(what_is_not_ours_is_seen),
		IMAGE_TEST(an_image_that_changed_is_not_written_over),
		IMAGE_TEST(who_comes_second_waits),
		IMAGE_TEST(a_torn_overlay_is_set_aside),
	};

	if (argc != 2)
		return 64;
	bench_lab = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
