/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/image_double.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/disks.h"
#include "tests/support.h"

struct image_double image_double;

struct image {
	struct image_part parts[4];
};

static const struct image_part parts[] = {
	{ 1, 1, 1 << 20, 2ULL << 30, 0x4d534d43, PART_NTFS, "", "/C", "WINNT, exchsrvr", 'C',
		PART_KEPT },
	{ 2, 1, 1 << 20, 3ULL << 30, 0x4d534d44, PART_NTFS, "POSTOFFICE", "/E", "exchsrvr", 'E',
		PART_CONTENT },
	{ 2, 2, 4ULL << 30, 512 << 20, 0x4d534d44, PART_NTFS, "DATA", "/F", "", '\0', PART_OPEN },
	{ 2, 3, 5ULL << 30, 128 << 20, 0x4d534d44, PART_OTHER, "", NULL, "", '\0', PART_OPEN },
};

static int image_free(struct image *image)
{
	(void)image;
	image_double.closed++;
	return 0;
}

int image_open(TALLOC_CTX *mem, const struct image_spec *spec, struct image **image,
	struct error *err)
{
	bool open = strstr(spec->files, "two") && !spec->letters;

	if (strstr(spec->files, "used"))
		return error_set(err, TROUBLE_LOCKED, "A virtual machine has %s open.",
			spec->files);
	*image = talloc_zero(mem, struct image);
	memcpy((*image)->parts, parts, sizeof parts);
	for (size_t i = 0; open && i < 2; i++) {
		(*image)->parts[i].letter = '\0';
		(*image)->parts[i].proof = PART_OPEN;
	}
	talloc_set_destructor(*image, image_free);
	image_double.opened++;
	return 0;
}

struct image_part *image_parts(struct image *image, size_t *count)
{
	*count = ARRAY_SIZE(image->parts);
	return image->parts;
}

const struct image_told *image_told(const struct server *server, size_t *count)
{
	static const char *const none[] = { NULL };
	static const struct image_told told[] = { { "/vm/sys.vmdk", "VMDK", none },
		{ "/vm/data.qcow2", "QCOW2", none } };

	(void)server;
	*count = ARRAY_SIZE(told);
	return told;
}

/* The letters, if the two that the server needs have theirs. */
static int letters_told(const struct image *image, struct error *err)
{
	char *told = image_double.letters;

	*told = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(image->parts); i++)
		if (image->parts[i].letter)
			sprintf(told + strlen(told), "%s%c=%u.%u", *told ? " " : "",
				image->parts[i].letter, image->parts[i].disk,
				image->parts[i].number);
	return strstr(told, "C=") && strstr(told, "E=")
		? 0
		: error_set(err, TROUBLE_WHICH_LETTERS, "Nobody knows which drive 1.1 is.");
}

int image_server(TALLOC_CTX *mem, struct image *image, struct server **server, struct error *err)
{
	char *drives = talloc_asprintf(image, "C=%s/C,E=%s/E", image_double.dir, image_double.dir);
	struct disks_options disks = { .drives = drives };
	int ret = letters_told(image, err);

	if (ret == 0)
		ret = disks_open(mem, &disks, server, err);
	if (ret != 0)
		return ret;
	talloc_steal(*server, image);
	(*server)->reach = "image";
	return 0;
}
