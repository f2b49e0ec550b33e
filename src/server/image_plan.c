/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before anything is written to a server in disk images: what overlays are called, where they can
 * be made, and what they would stand on. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "server/image_backend.h"

#define OURS ".q240208-"
#define QCOW2 ".qcow2"

static const char *leaf_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

int image_folder_room(const char *folder, uint64_t *bytes, struct error *err)
{
	struct statvfs status;

	*bytes = UINT64_MAX;
	if (statvfs(folder, &status) != 0)
		return error_system(err, TROUBLE_IO, errno,
			_("The free space of %s cannot be read"), folder);
	(void)__builtin_mul_overflow((uint64_t)status.f_bavail, (uint64_t)status.f_frsize, bytes);
	return 0;
}

int overlay_there(const struct overlay_file *file, bool *there, struct error *err)
{
	struct stat status;
	int sys = !file->path ? ENOENT : lstat(file->path, &status) == 0 ? 0 : errno;

	*there = sys == 0;
	if (sys != 0 && sys != ENOENT)
		return error_system(err, TROUBLE_IO, sys, _("%s cannot be looked at"), file->path);
	if (*there && !S_ISREG(status.st_mode))
		return error_set(err, TROUBLE_LINK, _("%s is not a file."), file->path);
	return 0;
}

/* The name that plan gives, "disk.raw.q240208-19991122-0939.qcow2", or that of a torn one. */
static bool name_ours(const struct image_disk *disk, const struct overlay_file *file)
{
	const char *name = strrchr(file->path, '/'), *image = leaf_of(image_path(disk));
	size_t len = strlen(image);

	return file->path[0] == '/' && strncmp(name + 1, image, len) == 0 &&
		strncmp(name + 1 + len, OURS, strlen(OURS)) == 0 &&
		strstr(name + 1 + len + strlen(OURS), QCOW2);
}

int overlay_fits(const struct image *image, const struct overlay *overlay, struct error *err)
{
	bool there;
	int ret = 0;

	if (overlay->count != image->count)
		return error_set(err, TROUBLE_USAGE,
			_("The repair was written over %zu disks, and %zu were given."),
			overlay->count, image->count);
	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = !overlay->files[i].path || name_ours(&image->disks[i], &overlay->files[i])
			? overlay_there(&overlay->files[i], &there, err)
			: error_set(err, TROUBLE_MOVED, _("%s is no overlay of %s."),
				  overlay->files[i].path, image_path(&image->disks[i]));
	return ret;
}

int image_stamps(struct server *server, TALLOC_CTX *mem, struct image_stamp **stamps, size_t *count,
	struct error *err)
{
	const struct image *image = disks_of(server)->image;
	size_t all = 0;
	int ret = 0;

	*count = 0;
	for (size_t i = 0; i < image->count; i++)
		all += image->disks[i].file->stamp_count;
	*stamps = memory_array_zero(mem, sizeof **stamps, all);
	if (!*stamps)
		return error_memory(err);
	for (size_t i = 0; i < image->count; i++) {
		const struct image_file *file = image->disks[i].file;
		for (size_t k = 0; ret == 0 && k < file->stamp_count; k++)
			ret = image_stamp_take(*stamps, file->stamps[k].path,
				&(*stamps)[(*count)++], err);
	}
	return ret;
}

int overlay_advised(int ret, struct error *err)
{
	return error_advise(err, ret,
		_("Name a folder that you may write to and that has room, with --overlay."));
}

static int plan_folder(const struct image_disk *disk, struct error *err)
{
	uint64_t room;
	int ret;

	if (faccessat(AT_FDCWD, image_path(disk), W_OK, AT_EACCESS) != 0)
		return error_advise(err,
			error_set(err, TROUBLE_NO_RUN_FOLDER,
				_("%s cannot be written to, so no repair could be committed to it."),
				image_path(disk)),
			_("Use an account that may write to it, or a copy of it that you may write to."));
	if (faccessat(AT_FDCWD, disk->folder, W_OK | X_OK, AT_EACCESS) != 0)
		return overlay_advised(
			error_set(err, TROUBLE_NO_RUN_FOLDER,
				_("Nothing can be written into the folder %s, where the repair would be kept until it is committed."),
				disk->folder),
			err);
	ret = image_folder_room(disk->folder, &room, err);
	if (ret == 0 && room < OVERLAY_ROOM)
		ret = overlay_advised(
			error_set(err, TROUBLE_NO_ROOM,
				_("The folder %s has room for %llu bytes, and a repair needs %d until it is committed."),
				disk->folder, (unsigned long long)room, (int)OVERLAY_ROOM),
			err);
	return ret;
}

static int plan_file(const struct image_disk *disk, struct overlay *overlay, const char *name,
	struct error *err)
{
	struct overlay_file *file = &overlay->files[overlay->count];
	bool there = false;
	int ret;

	file->path = talloc_asprintf(overlay, "%s/%s" OURS "%s" QCOW2,
		strcmp(disk->folder, "/") == 0 ? "" : disk->folder, leaf_of(image_path(disk)),
		name);
	if (!file->path)
		return error_memory(err);
	ret = overlay_there(file, &there, err);
	for (size_t i = 0; i < overlay->count; i++)
		there = there || strcmp(overlay->files[i].path, file->path) == 0;
	overlay->count++;
	if (ret == 0 && there)
		ret = error_advise(err,
			error_set(err, TROUBLE_MOVED, _("There is an overlay %s already."),
				file->path),
			_("Find out which repair it is of, and move it away. "
			  "Images of one name need a folder each."));
	return ret;
}

int image_plan(struct server *server, TALLOC_CTX *mem, const char *name, struct overlay **planned,
	struct error *err)
{
	const struct image *image = disks_of(server)->image;
	struct overlay *overlay = talloc_zero(mem, struct overlay);
	int ret = 0;

	if (overlay)
		overlay->files = memory_array_zero(overlay, sizeof *overlay->files, image->count);
	if (!overlay || !overlay->files)
		return error_memory(err);
	for (size_t i = 0; ret == 0 && i < image->count; i++) {
		ret = plan_folder(&image->disks[i], err);
		if (ret == 0)
			ret = plan_file(&image->disks[i], overlay, name, err);
	}
	*planned = overlay;
	return ret;
}
