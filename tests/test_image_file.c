/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of disk images: chains, extents, segments, fences, stamps; judged by qemu-img. */
#include "server/image_file.h"

#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "tests/image_hand.h"
#include "tests/support.h"

/* How many files below a folder of the images' were opened. */
static unsigned opened;

int __real_openat(int dir, const char *name, int flags, mode_t mode);
int __wrap_openat(int dir, const char *name, int flags, mode_t mode);
int __wrap_openat64(int dir, const char *name, int flags, mode_t mode);
int __wrap_openat(int dir, const char *name, int flags, mode_t mode)
{
	opened++;
	return __real_openat(dir, name, flags, mode);
}
int __wrap_openat64(int dir, const char *name, int flags, mode_t mode)
{
	return __wrap_openat(dir, name, flags, mode);
}

static struct image_file *file;
static struct error err;
static char *dir;

static char *at(const char *name)
{
	return talloc_asprintf(dir, "%s/%s", dir, name);
}

static int find(const char *name)
{
	err = (struct error){ 0 };
	return image_file_find(dir, at(name), &file, &err);
}

static void found(const char *name, size_t layers, size_t stamps)
{
	if (find(name) != 0)
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(file->layer_count, layers);
	assert_int_equal(file->stamp_count, stamps);
	assert_string_equal(file->stamps[0].path, file->layers[0].path);
}

static void refused(const char *name, enum trouble trouble, const char *says)
{
	int ret = find(name);

	if (ret != -(int)trouble || !strstr(err.text, says))
		fail_msg("%s: %d, %s", name, ret, err.text);
	assert_null(file);
}

static void make(const char *name, hand_image *image)
{
	size_t len;
	uint8_t *bytes = image(dir, &len);

	support_write(at(name), bytes, len);
}

static void qcow2_on(const char *name, const char *backing, const char *format)
{
	size_t len;
	uint8_t *bytes = hand_qcow2_on(dir, &len, backing, strlen(backing), format);

	support_write(at(name), bytes, len);
}

static void vmdk(const char *name, const char *type, const char *lines)
{
	support_write_text(at(name),
		talloc_asprintf(dir,
			"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\n"
			"createType=\"%s\"\n%s",
			type, lines));
}

#define QEMU(...) \
	assert_int_equal(support_run(dir, (const char *const[]){ "qemu-img", __VA_ARGS__, NULL }, \
				 NULL, NULL), \
		0)

static void need(const char *program)
{
	if (!support_have(program))
		support_skip(talloc_asprintf(dir, "no %s", program));
}

/* The chain that qemu-img finds is the one found here, and so are the extents of a vmdk. */
static void judge(const char *name, const char *format)
{
	char *text;
	json_t *chain, *layer, *extent, *extents;
	size_t i, k, stamps = 0;
	const char *const info[] = { "qemu-img", "info", "--backing-chain", "--output=json", "-f",
		format, at(name), NULL };

	assert_int_equal(support_run(dir, info, NULL, &text), 0);
	chain = json_loads(text, 0, NULL);
	found(name, json_array_size(chain), file ? file->stamp_count : 0);
	json_array_foreach (chain, i, layer) {
		assert_string_equal(json_string_value(json_object_get(layer, "filename")),
			file->layers[i].path);
		assert_string_equal(json_string_value(json_object_get(layer, "format")),
			image_format_driver(file->layers[i].format));
		assert_string_equal(file->stamps[stamps++].path, file->layers[i].path);
		extents = json_object_get(json_object_get(json_object_get(layer, "format-specific"),
						  "data"),
			"extents");
		json_array_foreach (extents, k, extent) {
			const char *path = json_string_value(json_object_get(extent, "filename"));

			if (strcmp(path, file->layers[i].path) != 0)
				assert_string_equal(file->stamps[stamps++].path, path);
		}
	}
	assert_int_equal(stamps, file->stamp_count);
	json_decref(chain);
}

/* As qemu-img writes them, and how many files each is. Cut off in its middle none is taken. */
static const struct {
	const char *name, *format, *options;
	size_t stamps;
	bool fixed_vhd;
} kinds[] = {
	{ "a.qcow2", "qcow2", "compat=1.1", 1, false },
	{ "b.qcow2", "qcow2", "compat=0.10", 1, false },
	{ "c.qcow2", "qcow2", "extended_l2=on", 1, false },
	{ "a.vmdk", "vmdk", "subformat=monolithicSparse", 1, false },
	{ "b.vmdk", "vmdk", "subformat=monolithicFlat", 2, false },
	{ "c.vmdk", "vmdk", "subformat=twoGbMaxExtentSparse", 2, false },
	{ "d.vmdk", "vmdk", "subformat=twoGbMaxExtentFlat", 2, false },
	{ "e.vmdk", "vmdk", "subformat=streamOptimized", 1, false },
	{ "a.vhd", "vpc", "subformat=dynamic,force_size=on", 1, false },
	{ "b.vhd", "vpc", "subformat=fixed,force_size=on", 1, true },
	{ "a.vhdx", "vhdx", "subformat=dynamic", 1, false },
	{ "b.vhdx", "vhdx", "subformat=fixed", 1, false },
	{ "a.vdi", "vdi", "static=off", 1, false },
	{ "b.vdi", "vdi", "static=on", 1, false },
};

static void qemus_formats(void **state)
{
	uint64_t seed = 1;
	size_t len;
	uint8_t *disk = hand_raw(dir, &len);

	(void)state;
	need("qemu-img");
	for (size_t i = 512; i < len; i += 4)
		put32(disk + i, support_random(&seed));
	support_write(at("disk"), disk, len);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct stat status;

		QEMU("convert", "-f", "raw", "-O", kinds[i].format, "-o", kinds[i].options,
			at("disk"), at(kinds[i].name));
		found(kinds[i].name, 1, kinds[i].stamps);
		assert_int_equal(file->fixed_vhd, kinds[i].fixed_vhd);
		if (kinds[i].fixed_vhd)
			assert_int_equal(file->layers->length, len);
		else
			judge(kinds[i].name, kinds[i].format);
		/* Its last file is the one with the data. */
		assert_int_equal(stat(file->stamps[file->stamp_count - 1].path, &status), 0);
		assert_int_equal(truncate(file->stamps[file->stamp_count - 1].path,
					 status.st_size / 1024 * 512),
			0);
		refused(kinds[i].name, TROUBLE_IMAGE, "cut off");
	}
}

static void chains(void **state)
{
	static const char *const formats[] = { "qcow2", "vmdk" };

	(void)state;
	need("qemu-img");
	make("base", hand_raw);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const char *format = formats[i];

		QEMU("convert", "-f", "raw", "-O", format, at("base"), at("one"));
		QEMU("create", "-q", "-f", format, "-b", "one", "-F", format, at("two"));
		QEMU("create", "-q", "-f", format, "-b", "two", "-F", format, at("three"));
		find("three");
		judge("three", format);
		assert_int_equal(file->layer_count, 3);
		assert_int_equal(unlink(at("one")), 0);
		refused("three", TROUBLE_NOT_THERE, at("one"));
	}
	/* The lower one written to by itself: VMware tells it by its CID. */
	make("one", hand_vmdk);
	QEMU("create", "-q", "-f", "vmdk", "-b", "one", "-F", "vmdk", at("snap"));
	found("snap", 2, 2);
	vmdk("one", "vmfs", "CID=77\nRW 2048 VMFS \"base\"\n");
	refused("snap", TROUBLE_IMAGE, "was changed after");
	make("one", hand_qcow2);
	refused("snap", TROUBLE_IMAGE, "not of the format VMDK");
}

static void a_chain_by_hand(void **state)
{
	char name[16] = "l0", below[16];

	(void)state;
	make("raw", hand_raw);
	make("fixed", hand_fixed_vhd);
	qcow2_on("x", "./raw", "raw");
	found("x", 2, 2);
	assert_int_equal(file->layers[1].length, 1 << 20);
	qcow2_on("x", "fixed", "vpc");
	found("x", 2, 2);
	assert_int_equal(file->layers[1].format, IMAGE_RAW);
	assert_int_equal(file->layers[1].length, 1 << 20);
	/* What a guest wrote to the beginning of a base that is said to be raw is not looked at. */
	qcow2_on("evil", "/etc/shadow", "raw");
	qcow2_on("x", "evil", "raw");
	found("x", 2, 2);
	assert_int_equal(file->layers[1].format, IMAGE_RAW);
	qcow2_on("x", "raw", NULL);
	refused("x", TROUBLE_IMAGE, "does not say which format");
	assert_non_null(strstr(error_advice(&err), "qemu-img rebase -u -F FORMAT -b raw "));
	qcow2_on("x", "raw", "qed");
	refused("x", TROUBLE_CANNOT, "another format");
	qcow2_on("x", "raw", "qcow2");
	refused("x", TROUBLE_IMAGE, "not of the format QCOW2");
	qcow2_on("x", "x", "qcow2");
	refused("x", TROUBLE_IMAGE, "on itself");
	make("l0", hand_qcow2);
	for (int i = 1; i <= 16; i++) {
		strcpy(below, name);
		snprintf(name, sizeof name, "l%d", i);
		qcow2_on(name, below, "qcow2");
	}
	found("l15", 16, 16);
	refused("l16", TROUBLE_IMAGE, "more than 15");
}

static void nothing_outside_is_opened(void **state)
{
	static const char *const names[] = { "/etc/shadow", "../x", "sub/x", "nbd://h", "json:{}",
		"fat:/etc", "..", ".", "./", "", ".//etc/passwd", "./../x", "x/../x", "file:x" };
	size_t len;
	uint8_t *bytes;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		qcow2_on("x", names[i], "raw");
		opened = 0;
		refused("x", TROUBLE_IMAGE_CHAIN, names[i]);
		vmdk("x", "vmfs",
			talloc_asprintf(dir, "RW 8 VMFS \"%s\"\n", *names[i] ? names[i] : "."));
		refused("x", TROUBLE_IMAGE_CHAIN, names[i]);
		assert_int_equal(opened, 2);
	}
	bytes = hand_qcow2_on(dir, &len, "raw\0x", 5, "raw");
	support_write(at("x"), bytes, len);
	refused("x", TROUBLE_IMAGE, "no sense");
	/* Nor a name in the folder that leads elsewhere. */
	make("raw", hand_raw);
	support_mkdir(at("folder"));
	assert_int_equal(symlink("raw", at("link")), 0);
	assert_int_equal(mkfifo(at("pipe"), 0600), 0);
	for (size_t i = 0; i < 3; i++) {
		const char *name = ((const char *[]){ "link", "pipe", "folder" })[i];

		qcow2_on("x", name, "raw");
		opened = 0;
		refused("x", TROUBLE_LINK, at(name));
		assert_int_equal(opened, 1);
		refused(name, TROUBLE_LINK, at(name));
		assert_int_equal(opened, 1);
	}
	assert_int_equal(image_file_find(dir, "/dev/null", &file, &err), -TROUBLE_LINK);
	/* The folder of the one that is named may be reached as one likes. */
	assert_int_equal(symlink(".", at("here")), 0);
	found("here/folder/../raw", 1, 1);
	assert_string_equal(file->layers->path, at("raw"));
}

static void wrong_files(void **state)
{
	(void)state;
	refused("none", TROUBLE_NOT_THERE, at("none"));
	refused("none/none", TROUBLE_NOT_THERE, at("none/none"));
	support_write_text(at("text"), "This is no disk.\n");
	refused("text", TROUBLE_IMAGE, "no disk image");
	support_write_text(at("empty"), "");
	refused("empty", TROUBLE_IMAGE, "no disk image");
	make("raw", hand_raw);
	assert_int_equal(truncate(at("raw"), (1 << 20) - 1), 0);
	refused("raw", TROUBLE_IMAGE, "cut off");
	vmdk("x.vmdk", "vmfs", "RW 2048 VMFS \"raw\"\n");
	refused("x.vmdk", TROUBLE_IMAGE, at("raw"));
	vmdk("x.vmdk", "vmfs", "RW 2047 VMFS \"raw\"\nRW 8 VMFS \"gone.vmdk\"\n");
	refused("x.vmdk", TROUBLE_NOT_THERE, at("gone.vmdk"));
	vmdk("x.vmdk", "vmfs", "RW 2047 SPARSE \"raw\"\n");
	refused("x.vmdk", TROUBLE_IMAGE, at("raw"));
}

/* Shown, each is one line without a control character. */
static void odd_names(void **state)
{
	static const char *const names[] = { "a,b", "it's \"x\"", "100%s%n", "a b\n c", "\xff\xfe",
		"-f", "\x1b[2J", "file=x,driver=raw", "\xe2\x80\xae" };

	(void)state;
	make("base", hand_raw);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		make(names[i], hand_raw);
		qcow2_on("x", names[i], "raw");
		found("x", 2, 2);
		assert_string_equal(file->layers[1].path, at(names[i]));
		qcow2_on(names[i], "base", "raw");
		found(names[i], 2, 2);
		qcow2_on(names[i], "base", NULL);
		assert_int_equal(find(names[i]), -TROUBLE_IMAGE);
		for (const char *c = err.text; *c; c++)
			assert_true((unsigned char)*c >= ' ');
		assert_null(strstr(err.text, "\xff"));
	}
}

static void locked(void **state)
{
	int one, two;

	(void)state;
	make("raw", hand_raw);
	vmdk("x.vmdk", "vmfs", "RW 2048 VMFS \"raw\"\n");
	support_mkdir(at("raw.lck"));
	refused("x.vmdk", TROUBLE_LOCKED, "raw.lck");
	found("raw", 1, 1);
	support_remove(at("raw.lck"));
	support_write_text(at("x.vmdk.lck"), "");
	refused("x.vmdk", TROUBLE_LOCKED, "x.vmdk.lck");

	one = image_file_lock(at("raw"), false, &err);
	two = image_file_lock(at("raw"), false, &err);
	assert_true(one >= 0 && two >= 0);
	assert_int_equal(image_file_lock(at("raw"), true, &err), -TROUBLE_LOCKED);
	close(one);
	close(two);
	one = image_file_lock(at("raw"), true, &err);
	assert_true(one >= 0 && (fcntl(one, F_GETFD) & FD_CLOEXEC));
	assert_int_equal(image_file_lock(at("raw"), false, &err), -TROUBLE_LOCKED);
	close(one);
	assert_int_equal(image_file_lock(at("none"), true, &err), -TROUBLE_NOT_THERE);
}

static void moved(const struct image_stamp *stamps, const char *what)
{
	struct image_stamp now[2];

	for (size_t i = 0; i < ARRAY_SIZE(now); i++)
		assert_int_equal(image_stamp_take(file, stamps[i].path, &now[i], &err), 0);
	assert_int_equal(image_stamps_same(stamps, 2, now, 2, &err), what ? -TROUBLE_MOVED : 0);
	assert_true(!what || (strstr(err.text, what) && strstr(err.text, at("raw"))));
}

/* The second of two files changes in one thing alone. */
static void stamps(void **state)
{
	struct timespec times[2] = { { .tv_sec = 900000000, .tv_nsec = 123456789 },
		{ .tv_sec = 900000000, .tv_nsec = 123456789 } };
	struct image_stamp *were;
	int fd;

	(void)state;
	make("raw", hand_raw);
	assert_int_equal(utimensat(AT_FDCWD, at("raw"), times, 0), 0);
	qcow2_on("x", "raw", "raw");
	found("x", 2, 2);
	were = file->stamps;
	assert_int_equal(were[1].mtime, 900000000123456789);
	assert_int_equal(were[1].size, 1 << 20);
	moved(were, NULL);
	fd = open(at("raw"), O_RDWR | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "x", 1, (1 << 20) - 1), 1);
	assert_int_equal(futimens(fd, times), 0);
	moved(were, "beginning");
	assert_int_equal(pwrite(fd, "", 1, (1 << 20) - 1), 1);
	times[1].tv_nsec++;
	assert_int_equal(futimens(fd, times), 0);
	moved(were, "time");
	times[1].tv_nsec--;
	assert_int_equal(ftruncate(fd, 1 << 21), 0);
	assert_int_equal(futimens(fd, times), 0);
	moved(were, "size");
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	assert_int_equal(futimens(fd, times), 0);
	moved(were, NULL);
	assert_int_equal(rename(at("raw"), at("old")), 0);
	assert_int_equal(image_stamps_same(were, 2, were, 1, &err), -TROUBLE_MOVED);
	make("raw", hand_raw);
	assert_int_equal(utimensat(AT_FDCWD, at("raw"), times, 0), 0);
	moved(were, "another file");
	close(fd);
}

/* libewf's names: .E01 to .E99, .EAA to .EZZ, .FAA. */
static void segments(void **state)
{
	size_t len;
	uint8_t *segment = hand_ewf(dir, &len);

	(void)state;
	for (unsigned i = 1; i <= 777; i++) {
		unsigned letter = i - 100;
		char *name = i < 100 ? talloc_asprintf(dir, "s.E%02u", i)
				     : talloc_asprintf(dir, "s.%c%c%c", 'E' + letter / 676,
					       'A' + letter / 26 % 26, 'A' + letter % 26);

		put16(segment + 9, i);
		memcpy(segment + 13 + 76, i == 777 ? "done" : "next", 4);
		support_write(at(name), segment, len);
	}
	found("s.E01", 1, 777);
	assert_string_equal(file->stamps[774].path, at("s.EZZ"));
	assert_string_equal(file->stamps[776].path, at("s.FAB"));
	refused("s.E02", TROUBLE_IMAGE, "a part of");
	assert_int_equal(unlink(at("s.EAA")), 0);
	refused("s.E01", TROUBLE_NOT_THERE, at("s.EAA"));
	assert_int_equal(rename(at("s.E01"), at("s")), 0);
	refused("s", TROUBLE_IMAGE, "does not end in .E01");
}

/* Judge of the format: libewf's own program. */
static void segments_by_ewfacquire(void **state)
{
	uint64_t seed = 1;
	uint8_t *disk = talloc_size(dir, 3 << 20);
	const char *const acquire[] = { "ewfacquire", "-u", "-q", "-c", "none", "-S", "1048576",
		"-t", at("e"), at("disk"), NULL };

	(void)state;
	need("ewfacquire");
	for (size_t i = 0; i < 3 << 20; i += 4)
		put32(disk + i, support_random(&seed));
	support_write(at("disk"), disk, 3 << 20);
	assert_int_equal(support_run(dir, acquire, NULL, NULL), 0);
	found("e.E01", 1, support_names(dir) - 1);
	assert_true(file->stamp_count > 3);
	assert_int_equal(file->layers->format, IMAGE_EWF);
	assert_int_equal(unlink(at("e.E02")), 0);
	refused("e.E01", TROUBLE_NOT_THERE, at("e.E02"));
}

static int set_up(void **state)
{
	(void)state;
	dir = support_folder(NULL);
	file = NULL;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	talloc_free(dir);
	return 0;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(qemus_formats),
		TEST(chains),
		TEST(a_chain_by_hand),
		TEST(nothing_outside_is_opened),
		TEST(wrong_files),
		TEST(odd_names),
		TEST(locked),
		TEST(stamps),
		TEST(segments),
		TEST(segments_by_ewfacquire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
