/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack of processes below a server in an image, where something goes wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/stack_place.h"

static void test_dies(void **state)
{
	static const struct {
		const char *program;
		bool write;
	} rows[] = { { "qemu-storage-daemon", false }, { "ntfs-3g", false },
		{ "qemu-storage-daemon", true }, { "nbdfuse", true } };
	struct place *place = place_make(*state);
	char *over = talloc_asprintf(place, "%s/over", place->folder);
	struct image_stack *stack;
	struct error err;

	place_image(place, place->raw, IMAGE_RAW);
	done(stack_overlay_create(&place->disk, over, &err), &err);
	place->overlays[0] = over;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *program = rows[i].program;

		done(stack_open(place, &place->disk, 1, rows[i].write, &stack, &err), &err);
		done(stack_mount(stack, place->parts, 1, &err), &err);
		kill(child_of(getpid(), program), SIGKILL);
		while (stack_alive(stack, &err) == 0)
			usleep(1000);
		assert_non_null(strstr(err.text, program));
		assert_int_equal(stack_close(stack, &err), -TROUBLE_IO);
	}
}

/* Whether anything on this machine still names a text: a process, a mount or a loop device. */
static bool is_left(struct place *place, const char *text)
{
	char *all = RUN("sh", "-c",
		"cat /proc/[0-9]*/cmdline /proc/[0-9]*/mountinfo /sys/block/loop*/loop/backing_file 2>/dev/null | tr '\\0' ' '");

	return strstr(all, text) != NULL;
}

/* Killed with a stack that is written to: nothing is left of it. */
static void test_killed(void **state)
{
	struct place *place = place_make(*state);
	char *over = talloc_asprintf(place, "%s/over", place->folder), work[200] = "";
	struct error err;
	int ends[2], status;
	pid_t pid;

	place_image(place, place->raw, IMAGE_RAW);
	done(stack_overlay_create(&place->disk, over, &err), &err);
	place->overlays[0] = over;
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		const char *const argv[] = { "/proc/self/exe", "--hold", place->raw, over, NULL };

		dup2(ends[1], 1);
		execv(argv[0], (char *const *)argv);
		_exit(1);
	}
	assert_true(read(ends[0], work, sizeof work - 1) > 5);
	assert_true(is_left(place, work));
	assert_int_equal(mode_of(child_of(pid, "qemu-storage-daemon"), place->raw), O_RDONLY);
	assert_int_equal(mode_of(child_of(pid, "qemu-storage-daemon"), over), O_RDWR);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	for (int i = 0; i < 3000 && (access(work, F_OK) == 0 || is_left(place, work)); i += 50)
		usleep(50000);
	assert_int_equal(access(work, F_OK), -1);
	assert_false(is_left(place, work));
	close(ends[0]);
	close(ends[1]);
}

/* The process that is killed: it says its work folder. */
static int hold(char *raw, char *over)
{
	struct place *place = talloc_zero(NULL, struct place);
	struct image_stack *stack;
	struct error err;

	place->parts = place_parts(place);
	place_image(place, raw, IMAGE_RAW);
	place->overlays[0] = over;
	if (stack_open(place, &place->disk, 1, true, &stack, &err) != 0 ||
		stack_mount(stack, place->parts, 2, &err) != 0)
		return 1;
	*strrchr(place->parts[0].folder, '/') = '\0';
	if (write(1, place->parts[0].folder, strlen(place->parts[0].folder)) < 0)
		return 1;
	while (true)
		pause();
}

static void test_missing(void **state)
{
	static const char *const rows[][2] = { { "qemu-storage-daemon", "qemu-system-common" },
		{ "nbdfuse", "libnbd-bin" }, { "ntfs-3g", "ntfs-3g" } };
	struct place *place = place_make(*state);
	char *stubs = talloc_asprintf(place, "%s/bin", place->folder);
	struct image_stack *stack;
	struct error err;

	place_image(place, place->raw, IMAGE_RAW);
	support_mkdir(stubs);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int ret;

		setenv("MSMCFIX_IMAGE_PATH", stubs, 1);
		ret = stack_open(place, &place->disk, 1, false, &stack, &err);
		if (ret == 0) {
			ret = stack_mount(stack, place->parts, 1, &err);
			done(stack_close(stack, NULL), &err);
		}
		unsetenv("MSMCFIX_IMAGE_PATH");
		assert_int_equal(ret, -TROUBLE_PROGRAM);
		assert_non_null(strstr(err.text, rows[i][0]));
		assert_non_null(strstr(error_advice(&err), rows[i][1]));
		assert_int_equal(symlink(talloc_asprintf(place, "/usr/bin/%s", rows[i][0]),
					 talloc_asprintf(place, "%s/%s", stubs, rows[i][0])),
			0);
	}
}

/* Another program, with the image open for writing; and one that comes while it is looked at. */
static void test_locked(void **state)
{
	static const struct {
		const char *driver;
		enum image_format format;
	} rows[] = { { "raw", IMAGE_RAW }, { "qcow2", IMAGE_QCOW2 } };
	struct place *place = place_make(*state);
	struct image_stack *stack;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *image = talloc_asprintf(place, "%s/%zu", place->folder, i);
		const char *const argv[] = { "qemu-io", "-f", rows[i].driver, "-c", "sleep 30000",
			image, NULL };
		pid_t pid;
		int ret;

		RUN("qemu-img", "convert", "-f", "raw", "-O", rows[i].driver, place->raw, image);
		place_image(place, image, rows[i].format);
		done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
		assert_int_equal(support_run(place, argv, NULL, NULL), 1);
		done(stack_close(stack, &err), &err);
		pid = fork();
		if (pid == 0) {
			execvp(argv[0], (char *const *)argv);
			_exit(1);
		}
		while (mode_of(pid, image) != O_RDWR)
			usleep(5000);
		usleep(50000);
		ret = stack_open(place, &place->disk, 1, false, &stack, &err);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		assert_int_equal(ret, -TROUBLE_LOCKED);
		assert_non_null(strstr(err.text, image));
	}
}

/* Of a file that image_file did not find, the daemon sees nothing. */
static void test_fence(void **state)
{
	static const char text[] =
		"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n"
		"createType=\"monolithicFlat\"\nRW 100 FLAT \"disk.raw\" 0\n";
	struct place *place = place_make(*state);
	char *vmdk = talloc_asprintf(place, "%s/x.vmdk", place->folder);
	char *latin = talloc_asprintf(place, "%s/\xe4", place->folder);
	struct image_stack *stack;
	struct error err;

	support_write_text(vmdk, text);
	place_image(place, vmdk, IMAGE_VMDK);
	assert_int_equal(stack_open(place, &place->disk, 1, false, &stack, &err),
		-TROUBLE_PERMISSION);
	/* The same image, found with its extent. */
	place->stamps[1].path = place->raw;
	place->file.stamp_count = 2;
	done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
	done(stack_close(stack, &err), &err);
	support_write_text(latin, "");
	place_image(place, latin, IMAGE_RAW);
	assert_int_equal(stack_open(place, &place->disk, 1, false, &stack, &err), -TROUBLE_NAME);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(test_dies),
		SUPPORT_TEST(test_killed),
		SUPPORT_TEST(test_missing),
		SUPPORT_TEST(test_locked),
		SUPPORT_TEST(test_fence),
	};

	if (argc == 4)
		return hold(argv[2], argv[3]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
