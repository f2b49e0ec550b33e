/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/image_double.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "server/disks.h"
#include "server/disks_private.h"
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

/* ---- overlays: what the drives were is kept beside them until the end ---- */

static void shell(const char *command)
{
	const char *const argv[] = { "sh", "-c", command, "sh", image_double.dir, NULL };

	assert_int_equal(support_run(NULL, argv, NULL, NULL), 0);
}

static int stamps(struct server *server, TALLOC_CTX *mem, struct image_stamp **list, size_t *count,
	struct error *err)
{
	(void)server, (void)err;
	*list = talloc_zero_array(mem, struct image_stamp, 1);
	(*list)->path = talloc_strdup(*list, "/vm/sys.vmdk");
	*count = 1;
	return 0;
}

static int plan(struct server *server, TALLOC_CTX *mem, const char *name, struct overlay **overlay,
	struct error *err)
{
	(void)server, (void)err;
	*overlay = talloc_zero(mem, struct overlay);
	(*overlay)->files = talloc_zero_array(*overlay, struct overlay_file, 1);
	(*overlay)->files->path =
		talloc_asprintf(*overlay, "%s/sys.vmdk.q240208-%s.qcow2", image_double.dir, name);
	(*overlay)->count = 1;
	return 0;
}

static int again(struct server *server, struct error *err)
{
	char *drives = talloc_asprintf(server, "C=%s/C,E=%s/E", image_double.dir, image_double.dir);

	disks_leave((struct disks *)server);
	return disks_again((struct disks *)server, drives, err);
}

static int begin(struct server *server, const struct overlay *overlay, struct error *err)
{
	shell("cd \"$1\" && mkdir before && cp -a C E before");
	support_write_text(overlay->files->path, "what was written");
	return again(server, err);
}

static int go_on(struct server *server, const struct overlay *overlay, struct error *err)
{
	(void)overlay;
	return again(server, err);
}

static int closed(struct server *server, struct overlay *overlay, struct error *err)
{
	assert_int_equal(file_digest(overlay->files->path, &overlay->files->digest,
				 &overlay->files->size),
		0);
	return again(server, err);
}

static int ours(struct server *server, const struct overlay *overlay, bool *is, struct error *err)
{
	struct digest now;
	uint64_t size;

	(void)server, (void)err;
	*is = file_digest(overlay->files->path, &now, &size) == 0 &&
		memcmp(&now, &overlay->files->digest, sizeof now) == 0;
	return 0;
}

static int commit(struct server *server, const struct overlay *overlay, struct error *err)
{
	image_double.committed++;
	shell("rm -r \"$1\"/before");
	assert_int_equal(unlink(overlay->files->path), 0);
	return again(server, err);
}

static int drop(struct server *server, const struct overlay *overlay, struct error *err)
{
	image_double.dropped++;
	disks_leave((struct disks *)server);
	shell("cd \"$1\" && rm -r C E && mv before/* . && rmdir before");
	assert_int_equal(unlink(overlay->files->path), 0);
	return again(server, err);
}

static int set_aside(struct server *server, struct overlay *overlay, struct error *err)
{
	char *torn = talloc_asprintf(overlay, "%s.torn", overlay->files->path);

	assert_int_equal(rename(overlay->files->path, torn), 0);
	overlay->files->path = torn;
	disks_leave((struct disks *)server);
	shell("cd \"$1\" && rm -r C E && mv before/* . && rmdir before");
	return again(server, err);
}

static const struct overlay_ops overlay_ops = { .told = image_told,
	.stamps = stamps,
	.plan = plan,
	.begin = begin,
	.go_on = go_on,
	.close = closed,
	.ours = ours,
	.commit = commit,
	.drop = drop,
	.set_aside = set_aside };

/* ---- the server ---- */

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
	(*server)->overlay = &overlay_ops;
	return 0;
}
