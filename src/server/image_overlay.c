/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written to a server in disk images: overlays made, closed, committed, thrown away. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "server/image_backend.h"

#define TORN ".torn"

static struct image *image_of(struct server *server)
{
	return disks_of(server)->image;
}

/* ---- its files ---- */

static int synced(const char *path, int (*sync)(const char *), struct error *err)
{
	int sys = sync(path);

	return sys ? error_system(err, TROUBLE_IO, sys, _("%s cannot be synced to disk"), path) : 0;
}

static int file_remove(const char *path, struct error *err)
{
	if (unlink(path) != 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be removed"), path);
	return synced(path, file_sync_name, err);
}

/* All of them that are there. */
static int files_remove(const struct overlay *overlay, struct error *err)
{
	bool there;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < overlay->count; i++) {
		ret = overlay_there(&overlay->files[i], &there, err);
		if (ret == 0 && there)
			ret = file_remove(overlay->files[i].path, err);
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

static void take_off(struct image *image, const struct overlay *overlay)
{
	for (size_t i = 0; i < image->count; i++)
		disk_under(&image->disks[i], overlay->files[i].path);
}

static int put_on(struct image *image, const struct overlay *overlay, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = disk_over(image, &image->disks[i], overlay->files[i].path, err);
	return ret;
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
	int ret = overlay_fits(image, overlay, err);

	if (ret == 0)
		ret = image_lock(image, true, err);
	if (ret == 0)
		(void)image_down(image, NULL);
	return ret;
}

/* ---- written to ---- */

/* Each disk's is made over what it stands on now; *made counts those that were. */
static int files_make(const struct image *image, const struct overlay *overlay, size_t *made,
	struct error *err)
{
	for (*made = 0; *made < image->count; ++*made) {
		const struct image_disk *disk = &image->disks[*made];
		const struct stack_disk under = { .file = disk->file, .overlays = disk->over };
		int ret = stack_overlay_create(&under, overlay->files[*made].path, err);

		if (ret != 0)
			return ret;
	}
	return 0;
}

/* Nobody else has the image open now: it must still be what the server was looked at in. */
static int images_same(const struct image *image, struct error *err)
{
	struct image_stamp *all, *now;
	size_t count;
	int ret = image_stamps(&image->server->base, NULL, &all, &count, err);

	now = all;
	for (size_t i = 0; ret == 0 && i < image->count; i++) {
		const struct image_file *file = image->disks[i].file;
		ret = image_stamps_same(file->stamps, file->stamp_count, now, file->stamp_count,
			err);
		now += file->stamp_count;
	}
	talloc_free(all);
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
		ret = synced(file->path, file_sync, err);
	if (ret == 0)
		ret = synced(file->path, file_sync_name, err);
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

static int disk_committed(const struct image_disk *disk, const char *path, struct error *err)
{
	const struct stack_disk stands = { .file = disk->file, .overlays = disk->over };
	int ret = stack_overlay_commit(&stands, err);

	if (ret == 0 && disk->depth > 1)
		ret = synced(disk->over[disk->depth - 2], file_sync, err);
	for (size_t i = 0; ret == 0 && i < disk->file->stamp_count; i++)
		ret = synced(disk->file->stamps[i].path, file_sync, err);
	return ret == 0 ? file_remove(path, err) : ret;
}

/* What is not there any more was committed before this was cut. */
static int disk_commit(struct image *image, struct image_disk *disk,
	const struct overlay_file *file, struct error *err)
{
	bool there;
	int ret = overlay_there(file, &there, err);

	if (ret != 0 || !there)
		return ret;
	ret = disk_over(image, disk, file->path, err);
	if (ret == 0)
		ret = disk_committed(disk, file->path, err);
	disk_under(disk, file->path);
	return ret;
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
	for (size_t i = 0; ret == 0 && i < image->count; i++)
		ret = disk_commit(image, &image->disks[i], &overlay->files[i], err);
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

static int file_set_aside(struct overlay *overlay, struct overlay_file *file, struct error *err)
{
	bool there;
	char *name;
	int ret = overlay_there(file, &there, err);

	if (ret != 0)
		return ret;
	name = talloc_asprintf(overlay, "%s" TORN, file->path);
	if (!name)
		return error_memory(err);
	/* What is not there was renamed before this was cut. */
	if (there && rename(file->path, name) != 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be renamed"), file->path);
	file->path = name;
	return synced(name, file_sync_name, err);
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
	.told = image_told,
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
