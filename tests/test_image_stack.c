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

static char *run(TALLOC_CTX *mem, const char *const *argv)
{
	char *output;

	if (support_run(mem, argv, NULL, &output) != 0)
		fail_msg("%s: %s", argv[0], output);
	return output;
}
#define RUN(...) run(place, (const char *const[]){ __VA_ARGS__, NULL })

static void need(const char *program)
{
	if (!support_have(program))
		support_skip(program);
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

static struct place *place_make(TALLOC_CTX *mem)
{
	struct place *place = talloc_zero(mem, struct place);

	place->folder = support_folder(place);
	place->raw = talloc_asprintf(place, "%s/disk.raw", place->folder);
	part_put(place, "first", FIRST);
	part_put(place, "second", SECOND);
	place->parts = talloc_zero_array(place, struct image_part, 2);
	for (unsigned i = 0; i < 2; i++)
		place->parts[i] = (struct image_part){ .disk = 1,
			.number = i + 1,
			.kind = PART_NTFS,
			.offset = i ? SECOND : FIRST,
			.size = PART_SIZE };
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

/* ---- looking ---- */

static void test_looks(void **state)
{
	struct place *place = place_make(*state);
	struct image_stack *stack;
	struct error err;

	place_image(place, place->raw, IMAGE_RAW);
	done(stack_open(place, &place->disk, 1, false, &stack, &err), &err);
	done(stack_mount(stack, place->parts, 2, &err), &err);
	same_file(place, 0, "who", "first");
	same_file(place, 1, "who", "second");
	done(stack_alive(stack, &err), &err);
	done(stack_close(stack, &err), &err);
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

static void told(void *arg, unsigned percent)
{
	*(unsigned *)arg = percent;
}

static int tell(void *arg, unsigned percent)
{
	told(arg, percent);
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

/* An overlay on the overlay on an image of that format: written, checked, committed. */
static void repair(struct place *place, const char *driver, enum image_format format)
{
	char *image = talloc_asprintf(place, "%s/%s, \"x\" 5%%\nnbd:y", place->folder, driver);
	char *back = talloc_asprintf(place, "%s/back", place->folder), *sum;
	struct error err;
	unsigned percent = 0;

	RUN("qemu-img", "convert", "-q", "-f", "raw", "-O", driver, place->raw, image);
	sum = RUN("sha256sum", image);
	place_image(place, image, format);
	place->overlays[0] = NULL;
	for (size_t i = 0; i < 2; i++) {
		char *over = talloc_asprintf(place, "%s.%zu", image, i);

		done(stack_overlay_create(&place->disk, over, &err), &err);
		place->overlays[i] = over;
		place->overlays[i + 1] = NULL;
		place->disk.overlays = place->overlays;
		write_over(place, i ? "two" : "one", i ? "2" : "1");
		done(stack_overlay_check(over, &err), &err);
	}
	assert_string_equal(RUN("sha256sum", image), sum);
	done(stack_overlay_commit(&place->disk, tell, &percent, &err), &err);
	assert_string_equal(RUN("sha256sum", image), sum);
	place->overlays[1] = NULL;
	done(stack_overlay_commit(&place->disk, tell, &percent, &err), &err);
	done(stack_overlay_commit(&place->disk, NULL, NULL, &err), &err);
	RUN("qemu-img", "convert", "-q", "-f", driver, "-O", "raw", image, back);
	assert_string_equal(foreign_read(place, back, SECOND, "one"), "1");
	assert_string_equal(foreign_read(place, back, SECOND, "two"), "2");
	assert_string_equal(foreign_read(place, back, FIRST, "who"), "first");
}

static void test_repairs(void **state)
{
	static const struct {
		const char *driver;
		enum image_format format;
	} rows[] = { { "raw", IMAGE_RAW }, { "qcow2", IMAGE_QCOW2 }, { "vmdk", IMAGE_VMDK },
		{ "vpc", IMAGE_VHD }, { "vhdx", IMAGE_VHDX }, { "vdi", IMAGE_VDI } };
	struct place *place = place_make(*state);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		repair(place, rows[i].driver, rows[i].format);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(test_looks),
		SUPPORT_TEST(test_repairs),
	};

	need("qemu-storage-daemon");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
const char *image_format_driver(enum image_format format)
{
	static const char *const names[] = { "raw", "qcow2", "vmdk", "vpc", "vhdx", "vdi", "raw" };
	return names[format];
}
