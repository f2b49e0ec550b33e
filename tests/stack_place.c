/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "tests/stack_place.h"

char *place_run(TALLOC_CTX *mem, const char *const *argv)
{
	char *output;

	if (support_run(mem, argv, NULL, &output) != 0)
		fail_msg("%s: %s", argv[0], output);
	return output;
}

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

struct image_part *place_parts(TALLOC_CTX *mem)
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

struct place *place_make(TALLOC_CTX *mem)
{
	struct place *place = talloc_zero(mem, struct place);

	setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	need_all(mem);
	place->folder = support_folder(place);
	place->raw = talloc_asprintf(place, "%s/disk.raw", place->folder);
	part_put(place, "first", FIRST);
	part_put(place, "second", SECOND);
	place->parts = place_parts(place);
	return place;
}

void place_image(struct place *place, const char *path, enum image_format format)
{
	place->layers[0] = (struct image_layer){ (char *)path, format, 0 };
	place->stamps[0] = (struct image_stamp){ .path = (char *)path };
	place->file = (struct image_file){ place->layers, 1, place->stamps, 1, false };
	place->disk = (struct stack_disk){ &place->file, place->overlays };
	memset(place->overlays, 0, sizeof place->overlays);
}

void same_file(struct place *place, unsigned part, const char *name, const char *wanted)
{
	char *path = talloc_asprintf(place, "%s/%s", place->parts[part].folder, name);
	size_t len;

	assert_string_equal((char *)support_read(place, path, &len), wanted);
}

void done(int ret, const struct error *err)
{
	if (ret != 0)
		fail_msg("%s (%s)", err->text, trouble_name(err->trouble));
}

pid_t child_of(pid_t parent, const char *program)
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

int mode_of(pid_t pid, const char *path)
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
