/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written to a server in disk images: overlays made, closed, committed, thrown away. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/image_private.h"

#define OURS ".q240208-"
#define QCOW2 ".qcow2"
#define TORN ".torn"

/* A repair of all that can be wrong changes some 5 MiB of a disk, the clusters of 64 KiB around
 * every byte included. What a step needs beyond that, its rehearsal asks for (ops->room). Where it
 * does not suffice the overlay is thrown away, and nothing is lost. */
enum { OVERLAY_ROOM = 64 << 20 };

static struct image *image_of(struct server *server)
{
	return disks_of(server)->image;
}

static const char *leaf_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

/* ---- its files ---- */

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

/* Whether an overlay is there; what is no file of its own is none of ours. */
static int file_there(const struct overlay_file *file, bool *there, struct error *err)
{
	struct stat status;
	int sys = lstat(file->path, &status) == 0 ? 0 : errno;

	*there = sys == 0;
	if (sys != 0 && sys != ENOENT)
		return error_system(err, TROUBLE_IO, sys, _("%s cannot be looked at"), file->path);
	if (*there && !S_ISREG(status.st_mode))
		return error_set(err, TROUBLE_LINK, _("%s is not a file."), file->path);
	return 0;
}

/* Only what has a name that an overlay of this disk can have is ever written, removed or renamed.
 */
static bool name_ours(const struct image_disk *disk, const struct overlay_file *file)
{
	const char *name = strrchr(file->path, '/'), *image = leaf_of(image_path(disk));
	size_t len = strlen(image);

	return file->path[0] == '/' && strncmp(name + 1, image, len) == 0 &&
		strncmp(name + 1 + len, OURS, strlen(OURS)) == 0 &&
		strstr(name + 1 + len + strlen(OURS), QCOW2);
}

static int files_ours(const struct image *image, const struct overlay *overlay, struct error *err)
{
	bool there;
	int ret = 0;

	if (overlay->count != image->count)
		return error_set(err, TROUBLE_USAGE,
			_("The repair was written over %zu disks, and %zu were given."),
			overlay->count, image->count);
	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = name_ours(&image->disks[i], &overlay->files[i])
			? file_there(&overlay->files[i], &there, err)
			: error_set(err, TROUBLE_MOVED, _("%s is no overlay of %s."),
				  overlay->files[i].path, image_path(&image->disks[i]));
	return ret;
}

static int synced(const char *path, struct error *err)
{
	int sys = file_sync(path);

	return sys ? error_system(err, TROUBLE_IO, sys, _("%s cannot be synced to disk"), path) : 0;
}

static int folder_synced(const struct overlay_file *file, struct error *err)
{
	const char *path = file->path;
	char *folder = talloc_strndup(NULL, path, (size_t)(leaf_of(path) - path));
	int ret = folder ? synced(folder, err) : error_memory(err);

	talloc_free(folder);
	return ret;
}

static int file_remove(const struct overlay_file *file, struct error *err)
{
	if (unlink(file->path) != 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be removed"), file->path);
	return folder_synced(file, err);
}

/* All of them that are there. */
static int files_remove(const struct overlay *overlay, struct error *err)
{
	bool there;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < overlay->count; i++) {
		ret = file_there(&overlay->files[i], &there, err);
		if (ret == 0 && there)
			ret = file_remove(&overlay->files[i], err);
	}
	return ret;
}

static int file_digested(struct overlay_file *now, struct error *err)
{
	int sys = file_digest(now->path, &now->digest, &now->size);

	return sys ? error_system(err, sys == ENOENT ? TROUBLE_NOT_THERE : TROUBLE_IO, sys,
			     _("%s cannot be read"), now->path)
		   : 0;
}

/* ---- where the server is looked at ---- */

static bool on_top(const struct image *image, const struct overlay *overlay)
{
	return image->depth > 0 &&
		strcmp(image->disks[0].over[image->depth - 1], overlay->files[0].path) == 0;
}

static void take_off(struct image *image, const struct overlay *overlay)
{
	if (on_top(image, overlay))
		image_under(image);
}

static int put_on(struct image *image, const struct overlay *overlay, struct error *err)
{
	return on_top(image, overlay) ? 0 : image_over(image, overlay, err);
}

/* To be looked at again; ret is what came out before, and stays. */
static int look(struct image *image, int ret, struct error *err)
{
	struct error *told = ret == 0 ? err : NULL;
	int looks = image_lock(image, false, told);

	if (looks == 0)
		looks = image_up(image, false, told);
	return ret == 0 ? looks : ret;
}

/* What begins everything that is done to an overlay: all ended, the image this process's alone. */
static int take(struct image *image, const struct overlay *overlay, struct error *err)
{
	int ret = files_ours(image, overlay, err);

	if (ret == 0)
		ret = image_lock(image, true, err);
	if (ret == 0)
		(void)image_down(image, NULL);
	return ret;
}

/* ---- before it ---- */

static int image_stamps(struct server *server, TALLOC_CTX *mem, struct image_stamp **stamps,
	size_t *count, struct error *err)
{
	const struct image *image = image_of(server);
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

static int advised_folder(int ret, struct error *err)
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
		return advised_folder(
			error_set(err, TROUBLE_NO_RUN_FOLDER,
				_("Nothing can be written into the folder %s, where the repair would be kept until it is committed."),
				disk->folder),
			err);
	ret = image_folder_room(disk->folder, &room, err);
	if (ret == 0 && room < OVERLAY_ROOM)
		ret = advised_folder(
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
	ret = file_there(file, &there, err);
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

static int image_plan(struct server *server, TALLOC_CTX *mem, const char *name,
	struct overlay **planned, struct error *err)
{
	const struct image *image = image_of(server);
	struct overlay *overlay = talloc_zero(mem, struct overlay);
	int ret = 0;

	if (overlay)
		overlay->files = memory_array_zero(overlay, sizeof *overlay->files, image->count);
	if (!overlay || !overlay->files)
		return error_memory(err);
	for (size_t i = 0; ret == 0 && i < image->count; i++) {
		ret = plan_file(&image->disks[i], overlay, name, err);
		if (ret == 0)
			ret = plan_folder(&image->disks[i], err);
	}
	*planned = overlay;
	return ret;
}

/* ---- written to ---- */

/* Each disk's is made over what it stands on now; *made counts those that were. */
static int files_make(const struct image *image, const struct overlay *overlay, size_t *made,
	struct error *err)
{
	int ret = 0;

	for (*made = 0; ret == 0 && *made < image->count; ++*made) {
		const struct image_disk *disk = &image->disks[*made];
		struct stack_disk under = { .file = disk->file, .overlays = disk->over };

		ret = stack_overlay_create(&under, overlay->files[*made].path, err);
		if (ret == 0)
			ret = folder_synced(&overlay->files[*made], err);
	}
	return ret;
}

/* Nobody else has the image open now: it must still be what the server was looked at in. */
static int images_same(const struct image *image, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = image_stamps_check(image->disks[i].file->stamps,
			image->disks[i].file->stamp_count, err);
	return ret;
}

static int write_on(struct image *image, const struct overlay *overlay, struct error *err)
{
	int ret = put_on(image, overlay, err);

	if (ret == 0)
		ret = image_up(image, true, err);
	if (ret == 0)
		ret = images_same(image, err);
	if (ret != 0) {
		(void)image_down(image, NULL);
		take_off(image, overlay);
	}
	return ret;
}

static int image_begin(struct server *server, const struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	size_t made;
	int ret = take(image, overlay, err);

	if (ret != 0)
		return ret;
	ret = files_make(image, overlay, &made, err);
	if (ret == 0)
		ret = write_on(image, overlay, err);
	if (ret == 0)
		return 0;
	while (made > 0)
		(void)unlink(overlay->files[--made].path);
	return look(image, ret, err);
}

static int image_ours(struct server *server, const struct overlay *overlay, bool *ours,
	struct error *err)
{
	int ret = 0;

	(void)server;
	*ours = true;
	for (size_t i = 0; ret == 0 && *ours && i < overlay->count; i++) {
		struct overlay_file now = overlay->files[i];
		ret = file_digested(&now, err);
		*ours = now.size > 0 && now.size == overlay->files[i].size &&
			digest_equal(&now.digest, &overlay->files[i].digest);
	}
	return ret;
}

static int image_go_on(struct server *server, const struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	bool ours;
	int ret = take(image, overlay, err);

	if (ret != 0)
		return ret;
	ret = image_ours(server, overlay, &ours, err);
	if (ret == 0 && !ours)
		ret = error_set(err, TROUBLE_MOVED,
			_("Somebody else has written to %s since it was closed."),
			overlay->files[0].path);
	if (ret == 0)
		ret = write_on(image, overlay, err);
	return ret == 0 ? 0 : look(image, ret, err);
}

static int file_closed(struct overlay_file *file, struct error *err)
{
	int ret = stack_overlay_check(file->path, err);

	if (ret == 0)
		ret = synced(file->path, err);
	if (ret == 0)
		ret = folder_synced(file, err);
	return ret == 0 ? file_digested(file, err) : ret;
}

static int image_close(struct server *server, struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	int ret = image->stack ? stack_alive(image->stack, err) : 0,
	    down = image_down(image, ret == 0 ? err : NULL);

	ret = ret == 0 ? down : ret;
	for (size_t i = 0; ret == 0 && i < overlay->count; i++)
		ret = file_closed(&overlay->files[i], err);
	return ret == 0 ? look(image, 0, err) : ret;
}

/* ---- its end ---- */

/* What is not there any more was committed before this was cut. */
static int disk_commit(const struct image *image, size_t number, const struct overlay_file *file,
	struct error *err)
{
	const struct image_disk *disk = &image->disks[number];
	const struct stack_disk stands = { .file = disk->file, .overlays = disk->over };
	bool there;
	int ret = file_there(file, &there, err);

	if (ret != 0 || !there)
		return ret;
	ret = stack_overlay_commit(&stands, NULL, NULL, err);
	if (ret == 0 && image->depth > 1)
		ret = synced(disk->over[image->depth - 2], err);
	for (size_t i = 0; ret == 0 && i < disk->file->stamp_count; i++)
		ret = synced(disk->file->stamps[i].path, err);
	return ret == 0 ? file_remove(file, err) : ret;
}

/* It is this program that changed the images. */
static int stamps_renew(struct image *image, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; i < image->count; i++)
		for (size_t k = 0; ret == 0 && k < image->disks[i].file->stamp_count; k++) {
			struct image_stamp *stamp = &image->disks[i].file->stamps[k];
			ret = image_stamp_take(image, stamp->path, stamp, err);
		}
	return ret;
}

static int image_commit(struct server *server, const struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	int ret = take(image, overlay, err);

	if (ret != 0)
		return ret;
	ret = put_on(image, overlay, err);
	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = disk_commit(image, i, &overlay->files[i], err);
	take_off(image, overlay);
	if (ret == 0)
		ret = stamps_renew(image, err);
	return ret == 0 ? look(image, 0, err) : ret;
}

static int image_drop(struct server *server, const struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	int ret = take(image, overlay, err);

	if (ret != 0)
		return ret;
	ret = files_remove(overlay, err);
	if (ret == 0)
		take_off(image, overlay);
	return look(image, ret, err);
}

/* A name beside it that nothing has yet. */
static char *torn_name(TALLOC_CTX *mem, const char *path)
{
	char *name = talloc_asprintf(mem, "%s" TORN, path);

	for (unsigned i = 2; name && faccessat(AT_FDCWD, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0; i++)
		name = talloc_asprintf(mem, "%s" TORN "%u", path, i);
	return name;
}

static int file_set_aside(struct overlay *overlay, struct overlay_file *file, struct error *err)
{
	bool there;
	int ret = file_there(file, &there, err);
	char *name = ret == 0 && there ? torn_name(overlay, file->path) : NULL;

	if (ret != 0 || !there)
		return ret;
	if (!name)
		return error_memory(err);
	if (rename(file->path, name) != 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be renamed"), file->path);
	file->path = name;
	return folder_synced(file, err);
}

static int image_set_aside(struct server *server, struct overlay *overlay, struct error *err)
{
	struct image *image = image_of(server);
	int ret = take(image, overlay, err);

	if (ret != 0)
		return ret;
	take_off(image, overlay);
	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = file_set_aside(overlay, &overlay->files[i], err);
	return look(image, ret, err);
}

const struct overlay_ops image_overlay_ops = {
	.stamps = image_stamps,
	.plan = image_plan,
	.begin = image_begin,
	.go_on = image_go_on,
	.close = image_close,
	.ours = image_ours,
	.commit = image_commit,
	.drop = image_drop,
	.set_aside = image_set_aside,
};
