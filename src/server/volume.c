/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A volume as a whole: opening it, its room, its barrier. */
#include "server/volume_internal.h"
#include "server/volume_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/i18n.h"

static int volume_free(struct volume *volume)
{
	if (volume->root >= 0)
		close(volume->root);
	return 0;
}

static int open_failed(const char *dir, int sys, struct error *err)
{
	if (sys == ENOENT)
		return error_set(err, TROUBLE_NOT_THERE, _("There is no folder %s."), dir);
	if (sys == ENOTDIR)
		return error_set(err, TROUBLE_NOT_THERE, _("%s is not a folder."), dir);
	return error_system(err, TROUBLE_IO, sys, _("The folder %s cannot be opened"), dir);
}

/* Old kernels lack openat2, and some sandboxes and tools forbid what they do not know. */
static void volume_choose_way(struct volume *volume)
{
	int fd = volume_beneath(volume, volume->root, "", O_PATH | O_DIRECTORY, 0);

	if (fd >= 0)
		close(fd);
	else
		volume->by_steps = fd == -ENOSYS || fd == -EPERM;
}

int volume_open(TALLOC_CTX *mem, char letter, const char *dir, struct volume **out,
	struct error *err)
{
	struct volume *volume = talloc_zero(mem, struct volume);
	struct stat status;
	int ret = 0;

	*out = NULL;
	if (!volume)
		return error_memory(err);
	volume->letter = letter;
	volume->root = -1;
	talloc_set_destructor(volume, volume_free);
	volume->root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (volume->root < 0 || fstat(volume->root, &status) != 0) {
		ret = open_failed(dir, errno, err);
	} else {
		volume->dev = status.st_dev;
		volume->mount = mount_id(volume->root);
		volume->opened = time(NULL);
		volume_choose_way(volume);
		ret = volume_probe(volume, err);
	}
	if (ret != 0)
		talloc_free(volume);
	else
		*out = volume;
	return ret;
}

void volume_watch(struct volume *volume, const struct volume_watch *watch)
{
	volume->watch = watch;
}

char volume_letter(const struct volume *volume)
{
	return volume->letter;
}

const struct volume_traits *volume_traits(const struct volume *volume)
{
	return &volume->traits;
}

int volume_mirror_refused(const struct volume_traits *traits, char letter, struct error *err)
{
	if (traits->mirror)
		return error_set(err, TROUBLE_MIRROR,
			_("Drive %c: is one half of a mirror or stripe set of Windows NT. "
			  "It can be checked, but nothing may be written to it."),
			letter);
	if (traits->mirror_untold)
		return error_advise(err,
			error_set(err, TROUBLE_MIRROR,
				_("Drive %c: "
				  "is on a partition whose type cannot be read, so it may be one "
				  "half of a mirror or stripe set of Windows NT. "
				  "It can be checked, but nothing may be written to it."),
				letter),
			_("As root, mount the partition from the whole disk, or from an image of it with losetup -P, then try again."));
	return 0;
}

static int drive_failed(const struct volume *volume, int sys, const char *sentence,
	struct error *err)
{
	return error_system(err, TROUBLE_IO, sys, "%c: %s", volume->letter, _(sentence));
}

int volume_room(struct volume *volume, uint64_t *bytes, struct error *err)
{
	struct statvfs status;

	*bytes = 0;
	if (fstatvfs(volume->root, &status) != 0)
		return drive_failed(volume, errno, N_("The free space of the drive cannot be read"),
			err);
	if (__builtin_mul_overflow((uint64_t)status.f_bavail, (uint64_t)status.f_frsize, bytes))
		*bytes = UINT64_MAX;
	return 0;
}

int volume_sync(struct volume *volume, struct error *err)
{
	int failed = volume->fuse ? fsync(volume->root) : syncfs(volume->root);

	return failed ? drive_failed(volume, errno,
				N_("What was written to the drive cannot be synced to disk"), err)
		      : 0;
}

/* A folder opened for fsync and flock. */
static int folder_open(struct volume *volume, const char *path, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int ret = volume_resolve_there(volume, tmp, path, &location, err);

	if (ret == 0) {
		ret = volume_open_location(volume, &location, O_RDONLY | O_DIRECTORY, 0);
		if (ret < 0)
			ret = volume_failed(volume, path, TROUBLE_IO, -ret,
				N_("The folder %s cannot be opened"), err);
	}
	talloc_free(tmp);
	return ret;
}

int volume_sync_folder(struct volume *volume, const char *path, struct error *err)
{
	int fd = folder_open(volume, path, err), ret = 0;

	if (fd < 0)
		return fd;
	if (fsync(fd) != 0)
		ret = volume_failed(volume, path, TROUBLE_IO, errno,
			N_("The folder %s cannot be synced to disk"), err);
	close(fd);
	return ret;
}

int volume_lock(struct volume *volume, const char *path, struct error *err)
{
	int fd = folder_open(volume, path, err), ret;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	ret = errno == EWOULDBLOCK
		? volume_failed(volume, path, TROUBLE_LOCKED, 0,
			  N_("Another program is working on %s."), err)
		: volume_failed(volume, path, TROUBLE_IO, errno, N_("%s cannot be locked"), err);
	close(fd);
	return ret;
}

void volume_drop_cache(int fd)
{
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
}
