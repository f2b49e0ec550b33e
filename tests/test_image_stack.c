/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Server images through the stack of processes: real programs, real NTFS, judged by other tools. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/stack_place.h"

static const char *const names[] = { "one", "two" };

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

static void write_over(struct place *place, const char *name, const char *text)
{
	struct image_stack *stack;
	struct error err;

	done(stack_open(place, &place->disk, 1, true, &stack, &err), &err);
	place->parts[0].kind = PART_OTHER;
	done(stack_mount(stack, place->parts, 2, &err), &err);
	assert_null(place->parts[0].folder);
	support_write_text(talloc_asprintf(place, "%s/%s", place->parts[1].folder, name), text);
	done(stack_close(stack, &err), &err);
}

/* Overlays on an image of that format: written, checked, committed one after the other, from the
 * top. */
static void repair(struct place *place, const char *driver, enum image_format format, size_t count)
{
	char *image = talloc_asprintf(place, "%s/%s, \"x\" 5%%\nnbd:y", place->folder, driver);
	char *back = talloc_asprintf(place, "%s/back", place->folder), *sum;
	struct error err;

	RUN("qemu-img", "convert", "-q", "-f", "raw", "-O", driver, place->raw, image);
	sum = RUN("sha256sum", image);
	place_image(place, image, format);
	for (size_t i = 0; i < count; i++) {
		char *over = talloc_asprintf(place, "%s.%zu", image, i);

		done(stack_overlay_create(&place->disk, over, &err), &err);
		place->overlays[i] = over;
		write_over(place, names[i], names[i]);
		done(stack_overlay_check(over, &err), &err);
	}
	for (size_t i = count; i-- > 0;) {
		assert_string_equal(RUN("sha256sum", image), sum);
		done(stack_overlay_commit(&place->disk, &err), &err);
		done(stack_overlay_commit(&place->disk, &err), &err);
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
		{ "vmdk", IMAGE_VMDK, 1 } };
	struct place *place = place_make(*state);
	/* For qemu an ordinary user changes nothing. */
	size_t count = geteuid() == 0 ? ARRAY_SIZE(rows) : 1;

	for (size_t i = 0; i < count; i++)
		repair(place, rows[i].driver, rows[i].format, rows[i].overlays);
}

/* The first entry of its L1 table (where that is, say bytes 40 to 47) points nowhere. */
static void spoil(const char *overlay)
{
	uint8_t at[8], wrong[8] = { 0x80, 0x7f, 0xff, 0xff, 0xff, 0xff, 0, 0 };
	off_t offset = 0;
	int fd = open(overlay, O_RDWR | O_CLOEXEC);

	assert_int_equal(pread(fd, at, sizeof at, 40), sizeof at);
	for (size_t i = 0; i < sizeof at; i++)
		offset = offset << 8 | at[i];
	assert_int_equal(pwrite(fd, wrong, sizeof wrong, offset), sizeof wrong);
	close(fd);
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
	spoil(other);
	assert_int_equal(stack_overlay_check(other, &err), -TROUBLE_VERIFY);
	support_write_text(other, "no qcow2");
	assert_int_equal(stack_overlay_check(other, &err), -TROUBLE_IO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(test_looks),
		SUPPORT_TEST(test_repairs),
		SUPPORT_TEST(test_overlay_names),
		SUPPORT_TEST(test_ewf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
