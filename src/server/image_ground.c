/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the image backend stand on: the locks, the stack that is put up and taken down,
 * and which overlays are in it. */
#include "server/image_backend.h"

#include <string.h>
#include <unistd.h>

#include "base/memory.h"

const char *image_path(const struct image_disk *disk)
{
	return disk->file->layers[0].path;
}

static int locks_take(struct image *image, bool exclusive, struct error *err)
{
	for (size_t i = 0; i < image->count; i++) {
		struct image_disk *disk = &image->disks[i];
		if (disk->lock >= 0)
			close(disk->lock);
		disk->lock = image_file_lock(image_path(disk), exclusive, err);
		if (disk->lock < 0)
			return disk->lock;
	}
	return 0;
}

int image_lock(struct image *image, bool exclusive, struct error *err)
{
	int ret = locks_take(image, exclusive, err);

	if (ret != 0 && exclusive)
		(void)locks_take(image, false, NULL);
	return ret;
}

static bool disk_has(const struct image_disk *disk, const char *path)
{
	return path && disk->depth > 0 && strcmp(disk->over[disk->depth - 1], path) == 0;
}

int disk_over(struct image *image, struct image_disk *disk, const char *path, struct error *err)
{
	const char **over;

	if (disk_has(disk, path))
		return 0;
	over = memory_array_grow(image, disk->over, sizeof *over, disk->depth + 2);
	if (!over)
		return error_memory(err);
	disk->over = over;
	over[disk->depth] = talloc_strdup(image, path);
	if (!over[disk->depth])
		return error_memory(err);
	over[++disk->depth] = NULL;
	return 0;
}

void disk_under(struct image_disk *disk, const char *path)
{
	if (disk_has(disk, path))
		disk->over[--disk->depth] = NULL;
}

/* The partitions are read once: they are the same in every stack. */
static int parts_find(struct image *image, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && !image->server && i < image->count; i++)
		ret = image_parts_read(image, stack_disk_file(image->stack, i), (unsigned)i + 1,
			&image->parts, &image->part_count, err);
	return ret;
}

static int parts_clean(const struct image *image, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < image->part_count; i++) {
		const struct image_part *part = &image->parts[i];
		if (part->kind == PART_NTFS)
			ret = image_part_clean(stack_disk_file(image->stack, part->disk - 1),
				part->offset, part, err);
	}
	return ret;
}

static int stack_up(struct image *image, bool write, struct error *err)
{
	int ret;

	for (size_t i = 0; i < image->count; i++)
		image->stacked[i] = (struct stack_disk){ .file = image->disks[i].file,
			.overlays = image->disks[i].over };
	ret = stack_open(image, image->stacked, image->count, write, &image->stack, err);
	if (ret == 0)
		ret = parts_find(image, err);
	if (ret == 0)
		ret = parts_clean(image, err);
	return ret == 0 ? stack_mount(image->stack, image->parts, image->part_count, err) : ret;
}

bool image_writable(const struct image *image)
{
	for (size_t i = 0; i < image->count; i++)
		if (image->disks[i].file->layers[0].format == IMAGE_EWF)
			return false;
	return true;
}

int image_up(struct image *image, bool write, struct error *err)
{
	struct error why;
	int ret = stack_up(image, write, err);

	if (image->server)
		image->server->later = !write && image_writable(image);
	if (ret == 0 && image->server)
		ret = disks_again(image->server, image->drives, err);
	if (ret != 0 && image->stack && stack_alive(image->stack, &why) != 0)
		ret = error_pass(err, &why);
	return ret;
}

int image_down(struct image *image, struct error *err)
{
	struct image_stack *stack = image->stack;

	image->stack = NULL;
	if (image->server)
		disks_leave(image->server);
	return stack ? stack_close(stack, err) : 0;
}

const struct image_told *image_told(const struct server *server, size_t *count)
{
	const struct image *image = ((const struct disks *)server)->image;

	*count = image->count;
	return image->told;
}
