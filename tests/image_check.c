/* SPDX-License-Identifier: GPL-3.0-or-later */
/* image_check FOLDER: what image_server.test asks of the backend. FOLDER has a practice server as
 * folders (server/C, server/E) and in disks (one.raw; c.raw, e.raw), and gets committed.raw. */
#include "server/image.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "repair/survey.h"
#include "server/disks.h"
#include "tests/support.h"

#define SERVICE "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"
#define ADDED "E:\\added.txt"
#define TEXT "written into the overlay"
#define RUN "19991122-0939"

static const char *lab;

struct bench {
	char *folder, *one; /* of this test, and its disk with both partitions */
	struct server *server;
	const struct overlay_ops *ops;
	struct overlay *overlay;
	struct error err;
};

static void must(struct bench *b, int ret)
{
	if (ret != 0)
		fail_msg("%s (%s)", b->err.text, trouble_name(b->err.trouble));
}

static void wants(struct bench *b, int ret, enum trouble trouble, const char *word)
{
	if (ret != -(int)trouble || !strstr(b->err.text, word))
		fail_msg("wanted %s and '%s', got %d: %s", trouble_name(trouble), word, ret,
			b->err.text);
}

static void run(struct bench *b, const char *const *argv)
{
	char *output;

	if (support_run(b, argv, NULL, &output) != 0)
		fail_msg("%s: %s", argv[0], output);
}

static char *disk(struct bench *b, const char *name)
{
	char *to = talloc_asprintf(b, "%s/%s", b->folder, name),
	     *from = talloc_asprintf(b, "%s/%s", lab, name);

	run(b, (const char *const[]){ "cp", "--sparse=always", from, to, NULL });
	return to;
}

static int setup(void **state)
{
	struct bench *b = talloc_zero(NULL, struct bench);

	b->folder = support_folder(b);
	b->one = disk(b, "one.raw");
	*state = b;
	return 0;
}

/* The server goes before its images do. */
static int teardown(void **state)
{
	struct bench *b = *state;

	TALLOC_FREE(b->server);
	talloc_free(b);
	return 0;
}

static int try_image(struct bench *b, const struct image_spec *spec)
{
	struct image *image;
	int ret;

	TALLOC_FREE(b->server);
	ret = image_open(b, spec, &image, &b->err);
	if (ret == 0 && (ret = image_server(b, image, &b->server, &b->err)) != 0)
		talloc_free(image);
	b->ops = ret == 0 ? b->server->overlay : NULL;
	return ret;
}

static void serve(struct bench *b)
{
	must(b, try_image(b, &(struct image_spec){ .files = b->one, .letters = "C=1.1,E=1.2" }));
}

static void serve_over(struct bench *b)
{
	const struct overlay *over[] = { b->overlay, NULL };

	must(b,
		try_image(b,
			&(struct image_spec){ .files = b->one,
				.letters = "C=1.1,E=1.2",
				.over = over }));
}

static char *sum(struct bench *b, const char *file)
{
	char *output;

	assert_int_equal(support_run(b, (const char *const[]){ "sha256sum", file, NULL }, NULL,
				 &output),
		0);
	return talloc_strndup(b, output, 64);
}

/* ---- what is written, and seen of it ---- */

static void add_file(struct bench *b, const char *path)
{
	const struct server_ops *ops = b->server->ops;
	struct stage_spec spec = { .target = path, .mtime = FILETIME_NONE };
	struct stage *stage;

	must(b, ops->stage(b->server, b, &spec, &stage, &b->err));
	must(b, ops->stage_write(stage, TEXT, strlen(TEXT), &b->err));
	must(b, ops->stage_ready(stage, &b->err));
	must(b, ops->sync(b->server, 'E', &b->err));
	must(b, ops->stage_switch(stage, &b->err));
	talloc_free(stage);
	must(b, ops->sync_folder(b->server, "E:\\", &b->err));
}

static void disable(struct bench *b)
{
	uint8_t four[] = { 4, 0, 0, 0 };
	struct reg_data data = { .type = REG_DWORD, .bytes = four, .len = sizeof four };
	struct reg_edit edit = { SERVICE, "Start", &data };
	struct reg_stage *stage;
	size_t done;

	must(b, b->server->ops->reg_gate(b->server, &b->err));
	must(b, b->server->ops->reg_stage(b->server, b, &edit, 1, &stage, &b->err));
	must(b, b->server->ops->reg_switch(stage, &done, &b->err));
	assert_int_equal(done, 2);
	talloc_free(stage);
}

static bool added(struct bench *b, const char *path)
{
	enum entry_kind kind;

	must(b, server_kind(b->server, path, &kind, &b->err));
	return kind == ENTRY_FILE;
}

static uint32_t start(struct bench *b)
{
	uint32_t number = 0;
	bool found;

	must(b, server_reg_dword(b->server, SERVICE, "Start", &number, &found, &b->err));
	assert_true(found);
	return number;
}

static void begin(struct bench *b, const char *name)
{
	must(b, b->ops->plan(b->server, b, name, &b->overlay, &b->err));
	must(b, b->ops->begin(b->server, b->overlay, &b->err));
}

/* Begun, written to, closed. */
static void written(struct bench *b)
{
	begin(b, RUN);
	add_file(b, ADDED);
	disable(b);
	must(b, b->ops->close(b->server, b->overlay, &b->err));
}

static bool there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void wants_untouched(struct bench *b)
{
	assert_false(added(b, ADDED));
	assert_int_not_equal(start(b), 4);
}

/* ---- tests ---- */

static void same_survey(struct bench *b, const char *files, const char *letters)
{
	struct disks_options options = { .drives = talloc_asprintf(b, "C=%s/server/C,E=%s/server/E",
						 lab, lab) };
	struct server *server;
	const struct survey_options look = { 0 };
	const struct survey *off, *inside;

	must(b, disks_open(b, &options, &server, &b->err));
	must(b, try_image(b, &(struct image_spec){ .files = files, .letters = letters }));
	assert_string_equal(b->server->reach, "image");
	assert_true(b->server->caps & SERVER_WRITE);
	must(b, survey_make(b, server, &look, &off, &b->err));
	must(b, survey_make(b, b->server, &look, &inside, &b->err));
	assert_true(off->finding_count > 20);
	assert_int_equal(off->finding_count, inside->finding_count);
	assert_int_equal(off->changes_needed, inside->changes_needed);
	assert_false(inside->check_only);
	for (size_t i = 0; i < off->finding_count; i++) {
		assert_string_equal(off->findings[i].id, inside->findings[i].id);
		assert_int_equal(off->findings[i].state, inside->findings[i].state);
	}
}

static void one_disk_is_surveyed_as_its_folders(void **state)
{
	struct bench *b = *state;
	char *before = sum(b, b->one);
	const struct image_told *told;
	size_t count;

	same_survey(b, b->one, "C=1.1,E=1.2");
	told = image_told(b->server, &count);
	assert_int_equal(count, 1);
	assert_ptr_equal(b->ops->told(b->server, &count), told);
	assert_string_equal(told->path, b->one);
	assert_string_equal(told->format, image_format_name(IMAGE_RAW));
	assert_null(told->chain[0]);
	TALLOC_FREE(b->server);
	assert_string_equal(sum(b, b->one), before);
	assert_int_equal(support_names(b->folder), 1);
}

/* A comma in a name is written \, */
static void two_disks_are_surveyed_as_their_folders(void **state)
{
	struct bench *b = *state;
	char *comma = talloc_asprintf(b, "%s/a, b.raw", b->folder);

	assert_int_equal(rename(disk(b, "c.raw"), comma), 0);
	same_survey(b, talloc_asprintf(b, "%s/a\\, b.raw,%s", b->folder, disk(b, "e.raw")),
		"C=1.1,E=2.1");
}

static void a_disk_given_twice_is_refused(void **state)
{
	struct bench *b = *state;
	char *link = talloc_asprintf(b, "%s/other.raw", b->folder),
	     *files = talloc_asprintf(b, "%s,%s", b->one, link);

	assert_int_equal(rename(b->one, link), 0);
	assert_int_equal(linkat(AT_FDCWD, link, AT_FDCWD, b->one, 0), 0);
	wants(b, try_image(b, &(struct image_spec){ .files = files }), TROUBLE_USAGE, "same disk");
	wants(b, try_image(b, &(struct image_spec){ .files = "" }), TROUBLE_USAGE, "sys.vmdk");
}

/* As if it could be written to, since it will be. */
static void rehearsals_pass_and_writing_does_not(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = ADDED, .mtime = FILETIME_NONE };
	struct server_rehearsal rehearsal = { 0 };
	struct volume_traits traits;
	struct stage *stage;

	serve(b);
	must(b, b->server->ops->reg_gate(b->server, &b->err));
	must(b, b->server->ops->volume_traits(b->server, 'E', &traits, &b->err));
	assert_false(traits.read_only);
	b->server->rehearsing = &rehearsal;
	must(b, b->server->ops->stage(b->server, b, &spec, &stage, &b->err));
	b->server->rehearsing = NULL;
	talloc_free(stage);
	wants(b, b->server->ops->stage(b->server, b, &spec, &stage, &b->err), TROUBLE_READ_ONLY,
		"");
}

static void an_overlay_is_planned_before_a_byte(void **state)
{
	struct bench *b = *state;
	struct overlay *overlay;
	uint64_t room, drive = 0;
	char *small = talloc_asprintf(b, "%s/small", b->folder);
	struct image_spec spec = { .files = b->one, .letters = "C=1.1,E=1.2", .overlay = small };

	wants(b, try_image(b, &spec), TROUBLE_NO_RUN_FOLDER, small);
	support_mkdir(small);
	serve(b);
	must(b, b->ops->plan(b->server, b, RUN, &overlay, &b->err));
	assert_int_equal(overlay->count, 1);
	assert_string_equal(overlay->files[0].path,
		talloc_asprintf(b, "%s.q240208-" RUN ".qcow2", b->one));
	assert_int_equal(support_names(b->folder), 2);
	support_write_text(overlay->files[0].path, "");
	wants(b, b->ops->plan(b->server, b, RUN, &overlay, &b->err), TROUBLE_MOVED, RUN);
	must(b, b->server->ops->room(b->server, "E:\\", &drive, &b->err));
	/* The namespace of the stack is this process's alone. */
	if (mount("none", small, "tmpfs", 0, "size=1m") != 0)
		support_skip("a tmpfs cannot be mounted");
	must(b, try_image(b, &spec));
	wants(b, b->ops->plan(b->server, b, RUN, &overlay, &b->err), TROUBLE_NO_ROOM, small);
	must(b, b->server->ops->room(b->server, "E:\\", &room, &b->err));
	assert_true(drive > 1 << 20 && room <= 1 << 20);
	(void)umount(small);
}

static void a_repair_is_committed(void **state)
{
	struct bench *b = *state;
	char *before = sum(b, b->one), *committed = talloc_asprintf(b, "%s/committed.raw", lab);
	struct image_stamp *stamps;
	size_t count;
	bool ours;

	serve(b);
	must(b, b->ops->stamps(b->server, b, &stamps, &count, &b->err));
	assert_int_equal(count, 1);
	written(b);
	assert_true(added(b, ADDED));
	assert_int_equal(start(b), 4);
	assert_string_equal(sum(b, b->one), before);
	must(b, image_stamps_check(stamps, count, &b->err));
	/* Gone on with by another process. */
	serve_over(b);
	assert_true(added(b, ADDED));
	must(b, b->ops->ours(b->server, b->overlay, &ours, &b->err));
	assert_true(ours);
	must(b, b->ops->go_on(b->server, b->overlay, &b->err));
	add_file(b, "E:\\second.txt");
	must(b, b->ops->close(b->server, b->overlay, &b->err));
	assert_true(added(b, "E:\\second.txt"));
	assert_string_equal(sum(b, b->one), before);
	must(b, b->ops->commit(b->server, b->overlay, &b->err));
	assert_string_not_equal(sum(b, b->one), before);
	assert_false(there(b->overlay->files[0].path));
	assert_true(added(b, ADDED));
	assert_int_equal(start(b), 4);
	wants(b, image_stamps_check(stamps, count, &b->err), TROUBLE_MOVED, b->one);
	/* Repeated, as after a cut; and the image is what the next overlay stands on. */
	must(b, b->ops->commit(b->server, b->overlay, &b->err));
	begin(b, RUN "-6");
	must(b, b->ops->drop(b->server, b->overlay, &b->err));
	TALLOC_FREE(b->server);
	assert_int_equal(rename(b->one, committed), 0);
}

static void a_repair_of_two_disks_is_thrown_away(void **state)
{
	struct bench *b = *state;
	char *c = disk(b, "c.raw"), *e = disk(b, "e.raw");
	struct image_spec spec = { .files = talloc_asprintf(b, "%s,%s", c, e),
		.letters = "C=1.1,E=2.1" };
	char *other;

	must(b, try_image(b, &spec));
	written(b);
	assert_int_equal(support_names(b->folder), 5);
	/* Nothing but an overlay of this disk. */
	other = b->overlay->files[1].path;
	b->overlay->files[1].path = e;
	wants(b, b->ops->drop(b->server, b->overlay, &b->err), TROUBLE_MOVED, "e.raw");
	b->overlay->files[1].path = other;
	assert_int_equal(rename(other, talloc_asprintf(b, "%s/kept", b->folder)), 0);
	assert_int_equal(symlink("kept", other), 0);
	wants(b, b->ops->drop(b->server, b->overlay, &b->err), TROUBLE_LINK, other);
	assert_int_equal(unlink(other), 0);
	must(b, b->ops->drop(b->server, b->overlay, &b->err));
	assert_int_equal(support_names(b->folder), 4);
	wants_untouched(b);
}

static void an_overlay_that_was_written_to_is_not_ours(void **state)
{
	struct bench *b = *state;
	bool ours;

	serve(b);
	written(b);
	TALLOC_FREE(b->server);
	run(b,
		(const char *const[]){ "qemu-io", "-f", "qcow2", "-c", "write -P 1 2M 512",
			b->overlay->files[0].path, NULL });
	serve_over(b);
	must(b, b->ops->ours(b->server, b->overlay, &ours, &b->err));
	assert_false(ours);
	wants(b, b->ops->go_on(b->server, b->overlay, &b->err), TROUBLE_MOVED,
		b->overlay->files[0].path);
	assert_true(added(b, ADDED));
}

static void an_image_that_changed_is_not_written_over(void **state)
{
	struct bench *b = *state;
	int fd;

	serve(b);
	fd = open(b->one, O_WRONLY);
	assert_int_equal(file_write(fd, "x", 1, 440 + 6), 0);
	close(fd);
	must(b, b->ops->plan(b->server, b, RUN, &b->overlay, &b->err));
	wants(b, b->ops->begin(b->server, b->overlay, &b->err), TROUBLE_MOVED, b->one);
	assert_false(there(b->overlay->files[0].path));
	wants_untouched(b);
}

static void who_comes_second_waits(void **state)
{
	struct bench *b = *state;
	struct image *image;
	int lock;

	serve(b);
	lock = image_file_lock(b->one, false, &b->err);
	assert_true(lock >= 0);
	must(b, b->ops->plan(b->server, b, RUN, &b->overlay, &b->err));
	wants(b, b->ops->begin(b->server, b->overlay, &b->err), TROUBLE_LOCKED, b->one);
	assert_false(there(b->overlay->files[0].path));
	wants_untouched(b);
	close(lock);
	begin(b, RUN);
	wants(b, image_open(b, &(struct image_spec){ .files = b->one }, &image, &b->err),
		TROUBLE_LOCKED, b->one);
	must(b, b->ops->close(b->server, b->overlay, &b->err));
}

/* The processes of this program by name. */
static void kill_child(struct bench *b, const char *name)
{
	char *parent = talloc_asprintf(b, "%d", (int)getpid()), *output;

	if (support_run(b, (const char *const[]){ "pgrep", "-P", parent, "-o", name, NULL }, NULL,
		    &output) != 0)
		fail_msg("no %s of %s", name, parent);
	assert_int_equal(kill((pid_t)atoi(output), SIGKILL), 0);
}

static void a_torn_overlay_is_set_aside(void **state)
{
	struct bench *b = *state;
	char *path;

	serve(b);
	begin(b, RUN);
	path = b->overlay->files[0].path;
	add_file(b, ADDED);
	kill_child(b, "ntfs-3g");
	wants(b, b->ops->close(b->server, b->overlay, &b->err), TROUBLE_IO, "ntfs-3g");
	must(b, b->ops->set_aside(b->server, b->overlay, &b->err));
	assert_false(there(path));
	assert_string_equal(b->overlay->files[0].path, talloc_asprintf(b, "%s.torn", path));
	assert_true(there(b->overlay->files[0].path));
	wants_untouched(b);
	/* Another, by a process that knows nothing of it. */
	serve(b);
	begin(b, RUN "-2");
	TALLOC_FREE(b->server);
	serve(b);
	must(b, b->ops->set_aside(b->server, b->overlay, &b->err));
	must(b, b->ops->drop(b->server, b->overlay, &b->err));
	assert_int_equal(support_names(b->folder), 2);
}

#define IMAGE_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IMAGE_TEST(one_disk_is_surveyed_as_its_folders),
		IMAGE_TEST(two_disks_are_surveyed_as_their_folders),
		IMAGE_TEST(a_disk_given_twice_is_refused),
		IMAGE_TEST(rehearsals_pass_and_writing_does_not),
		IMAGE_TEST(an_overlay_is_planned_before_a_byte),
		IMAGE_TEST(a_repair_is_committed),
		IMAGE_TEST(a_repair_of_two_disks_is_thrown_away),
		IMAGE_TEST(an_overlay_that_was_written_to_is_not_ours),
		IMAGE_TEST(an_image_that_changed_is_not_written_over),
		IMAGE_TEST(who_comes_second_waits),
		IMAGE_TEST(a_torn_overlay_is_set_aside),
	};

	if (argc != 2)
		return 64;
	lab = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
