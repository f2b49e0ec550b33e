/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The processes below a server in an image: real programs, real NTFS, judged by other tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/image_stack.h"
#include "tests/support.h"

enum { PART_SIZE = 4 << 20, FIRST = 63 * 512, SECOND = FIRST + PART_SIZE, DISK_SIZE = 9 << 20 };

/* One disk with two NTFS partitions; on each a file "who" that says which it is. */
struct place {
	char *folder, *raw;
	struct image_layer layers[3];
	struct image_stamp stamps[3];
	struct image_file file;
	struct stack_disk disk;
	const char *overlays[3];
	struct image_part *parts;
};

static const char *const names[] = { "one", "two" };

static char *run(TALLOC_CTX *mem, const char *const *argv)
{
	char *output;

	if (support_run(mem, argv, NULL, &output) != 0)
		fail_msg("%s: %s", argv[0], output);
	return output;
}
#define RUN(...) run(place, (const char *const[]){ __VA_ARGS__, NULL })

static void need_all(TALLOC_CTX *mem)
{
	static const char *const programs[] = { "qemu-storage-daemon", "qemu-img", "nbdfuse",
		"ntfs-3g", "mkntfs", "ntfscp" };

	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (!support_have(programs[i]))
			support_skip(talloc_asprintf(mem, "no %s", programs[i]));
	if (access("/dev/fuse", R_OK | W_OK) != 0)
		support_skip("no /dev/fuse");
}

static void part_put(struct place *place, const char *who, off_t offset)
{
	char *volume = talloc_asprintf(place, "%s/volume", place->folder);
	char *text = talloc_asprintf(place, "%s/text", place->folder);
	size_t len;
	uint8_t *bytes;
	int fd = open(volume, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 0) | ftruncate(fd, PART_SIZE), 0);
	close(fd);
	RUN("mkntfs", "-F", "-Q", "-q", "-L", who, volume);
	support_write_text(text, who);
	RUN("ntfscp", "-f", volume, text, "who");
	bytes = support_read(place, volume, &len);
	fd = open(place->raw, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, DISK_SIZE), 0);
	assert_int_equal(pwrite(fd, bytes, len, offset), PART_SIZE);
	close(fd);
}

static struct image_part *parts_make(TALLOC_CTX *mem)
{
	struct image_part *parts = talloc_zero_array(mem, struct image_part, 2);

	for (unsigned i = 0; i < 2; i++)
		parts[i] = (struct image_part){ .disk = 1,
			.number = i + 1,
			.kind = PART_NTFS,
			.offset = i ? SECOND : FIRST,
			.size = PART_SIZE };
	return parts;
}

static struct place *place_make(TALLOC_CTX *mem)
{
	struct place *place = talloc_zero(mem, struct place);

	need_all(mem);
	place->folder = support_folder(place);
	place->raw = talloc_asprintf(place, "%s/disk.raw", place->folder);
	part_put(place, "first", FIRST);
	part_put(place, "second", SECOND);
	place->parts = parts_make(place);
	return place;
}

/* The image is what lies at path. */
static void place_image(struct place *place, const char *path, enum image_format format)
{
	place->layers[0] = (struct image_layer){ (char *)path, format, 0 };
	place->stamps[0] = (struct image_stamp){ .path = (char *)path };
	place->file = (struct image_file){ place->layers, 1, place->stamps, 1, false };
	place->disk = (struct stack_disk){ &place->file, NULL };
}

static void same_file(struct place *place, unsigned part, const char *name, const char *wanted)
{
	char *path = talloc_asprintf(place, "%s/%s", place->parts[part].folder, name);
	size_t len;

	assert_string_equal((char *)support_read(place, path, &len), wanted);
}

static int done(int ret, const struct error *err)
{
	if (ret != 0)
		fail_msg("%s (%s)", err->text, trouble_name(err->trouble));
	return ret;
}

/* ---- repairing ---- */

/* What a partition of a raw disk holds under a name, says ntfscat. */
static char *foreign_read(struct place *place, const char *raw, off_t offset, const char *name)
{
	char *volume = talloc_asprintf(place, "%s/volume", place->folder);
	char *skip = talloc_asprintf(place, "skip=%lld", (long long)offset);
	char *count = talloc_asprintf(place, "count=%d", PART_SIZE);

	RUN("dd", talloc_asprintf(place, "if=%s", raw), talloc_asprintf(place, "of=%s", volume),
		skip, count, "iflag=skip_bytes,count_bytes", "status=none");
	return RUN("ntfscat", "-f", volume, name);
}

static int tell(void *arg, unsigned percent)
{
	*(unsigned *)arg = percent;
	return 0;
}

static void write_over(struct place *place, const char *name, const char *text)
{
	struct image_stack *stack;
	struct error err;

	done(stack_open(place, &place->disk, 1, true, &stack, &err), &err);
	done(stack_mount(stack, place->parts, 2, &err), &err);
	support_write_text(talloc_asprintf(place, "%s/%s", place->parts[1].folder, name), text);
	done(stack_close(stack, &err), &err);
}

/* Overlays on an image of that format: written, checked, committed one after the other, from the
 * top. */
static void repair(struct place *place, const char *driver, enum image_format format, size_t count)
{
	char *image = talloc_asprintf(place, "%s/%s, \"x\" 5%%\nnbd:y", place->folder, driver);
	char *back = talloc_asprintf(place, "%s/back", place->folder), *sum;
	unsigned percent = 0;
	struct error err;

	RUN("qemu-img", "convert", "-q", "-f", "raw", "-O", driver, place->raw, image);
	sum = RUN("sha256sum", image);
	place_image(place, image, format);
	place->disk.overlays = place->overlays;
	memset(place->overlays, 0, sizeof place->overlays);
	for (size_t i = 0; i < count; i++) {
		char *over = talloc_asprintf(place, "%s.%zu", image, i);

		done(stack_overlay_create(&place->disk, over, &err), &err);
		place->overlays[i] = over;
		write_over(place, names[i], names[i]);
		done(stack_overlay_check(over, &err), &err);
	}
	for (size_t i = count; i-- > 0;) {
		assert_string_equal(RUN("sha256sum", image), sum);
		done(stack_overlay_commit(&place->disk, tell, &percent, &err), &err);
		done(stack_overlay_commit(&place->disk, NULL, NULL, &err), &err);
		place->overlays[i] = NULL;
	}
	RUN("qemu-img", "convert", "-q", "-f", driver, "-O", "raw", image, back);
	assert_string_equal(foreign_read(place, back, FIRST, "who"), "first");
	for (size_t i = 0; i < count; i++)
		assert_string_equal(foreign_read(place, back, SECOND, names[i]), names[i]);
}

static void test_repairs(void **state)
{
	static const struct {
		const char *driver;
		enum image_format format;
		size_t overlays;
	} rows[] = { { "raw", IMAGE_RAW, 1 }, { "qcow2", IMAGE_QCOW2, 2 },
		{ "vmdk", IMAGE_VMDK, 1 }, { "vpc", IMAGE_VHD, 1 }, { "vhdx", IMAGE_VHDX, 1 },
		{ "vdi", IMAGE_VDI, 1 } };
	struct place *place = place_make(*state);
	/* As an ordinary user, what that changes is in the first two. */
	size_t count = geteuid() == 0 ? ARRAY_SIZE(rows) : 2;

	for (size_t i = 0; i < count; i++)
		repair(place, rows[i].driver, rows[i].format, rows[i].overlays);
}

/* An overlay is made beside its image and names it alone; elsewhere, from the root. */
static void test_overlay_names(void **state)
{
	struct place *place = place_make(*state);
	char *beside = talloc_asprintf(place, "%s/beside", place->folder);
	char *other = talloc_asprintf(place, "%s/other", place->folder), *info;
	struct error err;
	struct stat is;

	place_image(place, place->raw, IMAGE_RAW);
	done(stack_overlay_create(&place->disk, beside, &err), &err);
	info = RUN("qemu-img", "info", "--output=json", beside);
	assert_non_null(strstr(info, "\"backing-filename\": \"./disk.raw\""));
	assert_int_equal(stat(beside, &is), 0);
	assert_int_equal(is.st_mode & 07777, 0600);
	assert_int_equal(stack_overlay_create(&place->disk, beside, &err), -TROUBLE_MOVED);
	support_mkdir(other);
	other = talloc_asprintf(place, "%s/overlay", other);
	done(stack_overlay_create(&place->disk, other, &err), &err);
	info = RUN("qemu-img", "info", "--output=json", other);
	assert_non_null(
		strstr(info, talloc_asprintf(place, "\"backing-filename\": \"%s\"", place->raw)));
	assert_int_equal(stack_overlay_create(&place->disk, "/proc/none", &err),
		-TROUBLE_NOT_THERE);
	support_write_text(other, "no qcow2");
	assert_int_equal(stack_overlay_check(other, &err), -TROUBLE_IO);
}

/* ---- what goes wrong ---- */

/* The process of a program that this one started, or 0. */
static pid_t child_of(pid_t parent, const char *program)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	pid_t found = 0;

	while (!found && (entry = readdir(proc))) {
		char name[300], text[200] = "", comm[64];
		FILE *file;
		int pid, above;

		snprintf(name, sizeof name, "/proc/%s/stat", entry->d_name);
		file = fopen(name, "re");
		if (file && fgets(text, sizeof text, file) &&
			sscanf(text, "%d (%63[^)]) %*c %d", &pid, comm, &above) == 3 &&
			above == parent && strncmp(comm, program, strlen(comm)) == 0)
			found = pid;
		if (file)
			fclose(file);
	}
	closedir(proc);
	return found;
}

/* How a process has a file open: O_RDONLY..., or -1. */
static int mode_of(pid_t pid, const char *path)
{
	for (int fd = 0; fd < 64; fd++) {
		char name[64], text[256] = "";
		unsigned flags;
		FILE *file;

		snprintf(name, sizeof name, "/proc/%d/fd/%d", pid, fd);
		if (readlink(name, text, sizeof text - 1) < 0 || strcmp(text, path) != 0)
			continue;
		snprintf(name, sizeof name, "/proc/%d/fdinfo/%d", pid, fd);
		file = fopen(name, "re");
		assert_non_null(file);
		assert_int_equal(fscanf(file, "pos: %*u flags: %o", &flags), 1);
		fclose(file);
		return (int)flags & O_ACCMODE;
	}
	return -1;
}

static void test_looks(void **state)
{
	struct place *place = place_make(*state);
	char *sum = RUN("sha256sum", place->raw), *disk;
	struct image_stack *stack;
	struct error err;
	size_t len;
	uint8_t *bytes, *whole;

	place_image(place, place->raw, IMAGE_RAW);
	place->parts[1].size = 512;
	done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
	/* What is mounted stays where another cannot be. */
	assert_int_equal(stack_mount(stack, place->parts, 2, &err), -TROUBLE_CANNOT);
	same_file(place, 0, "who", "first");
	assert_null(place->parts[1].folder);
	done(stack_alive(stack, &err), &err);
	bytes = support_read(place, stack_disk_file(stack, 0), &len);
	whole = support_read(place, place->raw, &len);
	assert_memory_equal(bytes, whole, len);
	assert_int_equal(mode_of(child_of(getpid(), "qemu-storage-daemon"), place->raw), O_RDONLY);
	disk = talloc_asprintf(place, "%s/new", place->parts[0].folder);
	assert_int_equal(open(disk, O_WRONLY | O_CREAT | O_CLOEXEC, 0600), -1);
	done(stack_close(stack, &err), &err);
	assert_string_equal(RUN("sha256sum", place->raw), sum);
}

static void test_dies(void **state)
{
	static const char *const programs[] = { "qemu-storage-daemon", "ntfs-3g" };
	struct place *place = place_make(*state);
	struct image_stack *stack;
	struct error err;

	place_image(place, place->raw, IMAGE_RAW);
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
		done(stack_mount(stack, place->parts, 1, &err), &err);
		kill(child_of(getpid(), programs[i]), SIGKILL);
		while (stack_alive(stack, &err) == 0)
			usleep(1000);
		assert_non_null(strstr(err.text, programs[i]));
		assert_int_equal(stack_close(stack, &err), -TROUBLE_IO);
		assert_non_null(strstr(err.text, programs[i]));
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
	place->disk.overlays = place->overlays;
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

	place->parts = parts_make(place);
	place_image(place, raw, IMAGE_RAW);
	place->overlays[0] = over;
	place->disk.overlays = place->overlays;
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

static void test_ewf(void **state)
{
	struct place *place = place_make(*state);
	char *e01 = talloc_asprintf(place, "%s/e.E01", place->folder);
	struct image_stack *stack;
	struct error err;

	if (!support_have("ewfacquire") || !support_have("ewfmount"))
		support_skip("no ewf-tools");
	RUN("ewfacquire", "-u", "-q", "-t", talloc_asprintf(place, "%s/e", place->folder),
		place->raw);
	place_image(place, e01, IMAGE_EWF);
	done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
	done(stack_mount(stack, place->parts, 2, &err), &err);
	same_file(place, 1, "who", "second");
	done(stack_close(stack, &err), &err);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(test_looks),
		SUPPORT_TEST(test_repairs),
		SUPPORT_TEST(test_overlay_names),
		SUPPORT_TEST(test_dies),
		SUPPORT_TEST(test_killed),
		SUPPORT_TEST(test_missing),
		SUPPORT_TEST(test_locked),
		SUPPORT_TEST(test_fence),
		SUPPORT_TEST(test_ewf),
	};

	if (argc == 4)
		return hold(argv[2], argv[3]);
	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
const char *image_format_driver(enum image_format format)
{
	static const char *const drivers[] = { "raw", "qcow2", "vmdk", "vpc", "vhdx", "vdi",
		"raw" };
	return drivers[format];
}
