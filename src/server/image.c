/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Images opened to be looked at, and the server on their partitions. */
#include "server/image_backend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* ---- the disks ---- */

/* Whether a file is among those that a disk is made of. */
static bool file_of(const struct image_file *file, const struct stat *wanted)
{
	struct stat status;

	for (size_t i = 0; i < file->stamp_count; i++)
		if (stat(file->stamps[i].path, &status) == 0 && status.st_dev == wanted->st_dev &&
			status.st_ino == wanted->st_ino)
			return true;
	return false;
}

/* Whether a commit to one disk would write into a file that is part of the other. */
static bool disk_writes(const struct image_file *file, const struct image_file *other)
{
	struct stat status;

	for (size_t i = 0; i < file->stamp_count; i++) {
		const char *path = file->stamps[i].path;

		if (file->layer_count > 1 && strcmp(path, file->layers[1].path) == 0)
			break;
		if (stat(path, &status) == 0 && file_of(other, &status))
			return true;
	}
	return false;
}

static int disk_twice(const struct image *image, struct error *err)
{
	for (size_t i = 0; i < image->count; i++)
		for (size_t k = 0; k < image->count; k++)
			if (i != k && disk_writes(image->disks[i].file, image->disks[k].file))
				return error_advise(err,
					error_set(err, TROUBLE_USAGE,
						_("%s and %s are the same disk, or one stands on the other."),
						image_path(&image->disks[k]),
						image_path(&image->disks[i])),
					_("Give each disk of the server once."));
	return 0;
}

static int folder_take(struct image *image, struct image_disk *disk, const char *said,
	struct error *err)
{
	const char *path = image_path(disk);
	size_t len = (size_t)(strrchr(path, '/') - path);
	char *real = said ? realpath(said, NULL) : NULL;

	if (said && !real)
		return overlay_advised(error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
					       _("The folder %s cannot be used for overlays"),
					       said),
			err);
	disk->folder =
		real ? talloc_strdup(image, real) : talloc_strndup(image, path, len > 0 ? len : 1);
	free(real);
	return disk->folder ? 0 : error_memory(err);
}

static int disk_add(struct image *image, const char *path, const struct image_spec *spec,
	struct error *err)
{
	struct image_disk *disk = memory_more(image, &image->disks, image->count, sizeof *disk);
	int ret = disk ? image_file_find(image, path, &disk->file, err) : error_memory(err);

	if (ret != 0)
		return ret;
	image->count++;
	disk->lock = -1;
	return folder_take(image, disk, spec->overlay, err);
}

static int disks_add(struct image *image, const struct image_spec *spec, struct error *err)
{
	const char *rest = spec->files;
	int ret = 0;

	do {
		char *path = text_item(image, &rest);
		if (path && !*path)
			return error_set(err, TROUBLE_USAGE,
				_("Images are given as names of files, for example sys.vmdk,data.vmdk."));
		ret = path ? disk_add(image, path, spec, err) : error_memory(err);
	} while (ret == 0 && *rest);
	if (ret == 0)
		ret = image_lock(image, false, err);
	return ret == 0 ? disk_twice(image, err) : ret;
}

static int told_make(struct image *image, struct error *err)
{
	image->told = memory_array_zero(image, sizeof *image->told, image->count);
	for (size_t i = 0; image->told && i < image->count; i++) {
		const struct image_file *file = image->disks[i].file;
		const char **chain = memory_array_zero(image, sizeof *chain, file->layer_count);
		for (size_t k = 1; chain && k < file->layer_count; k++)
			chain[k - 1] = file->layers[k].path;
		if (!chain)
			return error_memory(err);
		image->told[i] = (struct image_told){ .path = image_path(&image->disks[i]),
			.format = file->fixed_vhd ? image_format_name(IMAGE_VHD)
						  : image_format_name(file->layers[0].format),
			.chain = chain };
	}
	return image->told ? 0 : error_memory(err);
}

/* The drives first, while they can be unmounted: what is open on them keeps the stack up. Unlocked
 * last. */
static int image_free(struct image *image)
{
	if (image->server)
		disks_leave(image->server);
	TALLOC_FREE(image->stack);
	for (size_t i = 0; i < image->count; i++)
		if (image->disks[i].lock >= 0)
			close(image->disks[i].lock);
	return 0;
}

static int overlay_put_file(struct image *image, struct image_disk *disk,
	const struct overlay_file *file, struct error *err)
{
	bool there;
	int ret = overlay_there(file, &there, err);

	if (ret == 0 && !there)
		return error_advise(err,
			error_set(err, TROUBLE_MOVED, _("The overlay %s is gone."), file->path),
			_("Put it back where it was. If it is lost, the image is as it was before it: check that, then begin a new repair."));
	return ret == 0 ? disk_over(image, disk, file->path, err) : ret;
}

/* Where a cut commit had removed a file already, the disk has no overlay any more. */
static int overlay_put(struct image *image, const struct overlay *overlay, struct error *err)
{
	int ret = overlay_fits(image, overlay, err);

	for (size_t i = 0; ret == 0 && i < image->count; i++)
		if (overlay->files[i].path)
			ret = overlay_put_file(image, &image->disks[i], &overlay->files[i], err);
	return ret;
}

static int image_find(struct image *image, const struct image_spec *spec, struct error *err)
{
	int ret = disks_add(image, spec, err);

	for (size_t i = 0; ret == 0 && spec->over && spec->over[i]; i++)
		ret = overlay_put(image, spec->over[i], err);
	if (ret == 0)
		ret = told_make(image, err);
	if (ret != 0)
		return ret;
	image->stacked = memory_array_zero(image, sizeof *image->stacked, image->count);
	image->nt_folder = talloc_strdup(image, spec->nt_folder);
	ret = image->stacked && (image->nt_folder || !spec->nt_folder) ? image_up(image, false, err)
								       : error_memory(err);
	return ret == 0 ? image_letters(image->parts, image->part_count, spec->letters,
				  spec->nt_folder, err)
			: ret;
}

int image_open(TALLOC_CTX *mem, const struct image_spec *spec, struct image **made,
	struct error *err)
{
	struct image *image = talloc_zero(mem, struct image);
	int ret;

	*made = NULL;
	if (!image)
		return error_memory(err);
	talloc_set_destructor(image, image_free);
	ret = image_find(image, spec, err);
	if (ret != 0)
		talloc_free(image);
	else
		*made = image;
	return ret;
}

struct image_part *image_parts(struct image *image, size_t *count)
{
	*count = image->part_count;
	return image->parts;
}

/* ---- the server ---- */

static int drives_text(struct image *image, struct error *err)
{
	char *text = talloc_strdup(image, "");

	for (size_t i = 0; i < image->part_count; i++) {
		const struct image_part *part = &image->parts[i];
		if (part->letter && !part->folder)
			return error_advise(err,
				error_set(err, TROUBLE_CANNOT,
					_("Drive %c: (partition %u.%u) is no NTFS partition, and only root can mount it."),
					part->letter, part->disk, part->number),
				_("Do this as root, or mount its partitions yourself and give them with --disks."));
		if (part->letter && text)
			text = disks_drive_add(text, part->letter, part->folder);
	}
	image->drives = text;
	if (text && !*text)
		return error_set(err, TROUBLE_DISK_KIND,
			_("No partition of the disks given holds a file system that Windows NT uses (NTFS or FAT)."));
	return text ? 0 : error_memory(err);
}

/* The disk that a drive lies on. */
static const struct image_disk *disk_of(const struct image *image, char letter)
{
	for (size_t i = 0; i < image->part_count; i++)
		if (image->parts[i].letter == (letter & ~0x20))
			return &image->disks[image->parts[i].disk - 1];
	return NULL;
}

/* What is written to a drive has to find room in the drive and in the overlay. A folder without
 * room for any overlay is refused as such before it is written to, not as a drive. */
static int image_room(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	const struct image_disk *disk = disk_of(disks_of(server)->image, path[0]);
	uint64_t room;
	int ret = disks_room(server, path, bytes, err);

	if (ret == 0 && disk)
		ret = image_folder_room(disk->folder, &room, err);
	if (ret == 0 && disk && room >= OVERLAY_ROOM && room < *bytes)
		*bytes = room;
	return ret;
}

/* The drives are mounted for this process alone: what keeps others away is the lock of the image.
 */
static int image_no_lock(struct server *server, struct error *err)
{
	(void)server;
	(void)err;
	return 0;
}

/* What it served fails before a process that is killed has ended. */
static int image_lives(void *arg, struct error *err)
{
	enum { NAPS = 50, NAP = 1000000 /* ns */ };
	const struct image *image = arg;
	int ret = 0;

	for (int i = 0; image->stack && ret == 0 && i < NAPS; i++) {
		ret = stack_alive(image->stack, err);
		if (ret == 0)
			nanosleep(&(struct timespec){ .tv_nsec = NAP }, NULL);
	}
	return ret;
}

static int image_serve(struct image *image, struct disks *disks, struct error *err)
{
	struct server_ops *ops = talloc_memdup(disks, disks->base.ops, sizeof *ops);

	if (!ops)
		return error_memory(err);
	ops->room = image_room;
	ops->lock = image_no_lock;
	disks->base.ops = ops;
	disks->base.overlay = &image_overlay_ops;
	disks->base.reach = N_("image");
	disks->image = image;
	disks->watch = (struct volume_watch){ image_lives, image };
	disks->later = image_writable(image);
	disks->base.caps = disks_caps(disks);
	image->server = disks;
	(void)talloc_steal(disks, image);
	return 0;
}

int image_server(TALLOC_CTX *mem, struct image *image, struct server **server, struct error *err)
{
	struct disks_options options = { .nt_folder = image->nt_folder };
	int ret = image_letters_open(image->parts, image->part_count, err);

	*server = NULL;
	if (ret == 0)
		ret = drives_text(image, err);
	options.drives = image->drives;
	if (ret == 0)
		ret = disks_open(mem, &options, server, err);
	if (ret == 0)
		ret = image_serve(image, disks_of(*server), err);
	if (ret != 0)
		TALLOC_FREE(*server);
	return ret;
}
