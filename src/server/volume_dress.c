/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving a file what it is to have besides its data, through one descriptor, and reading it back. */
#include "server/volume_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

/* What a file is to have. */
struct dress {
	const struct volume *volume;
	const char *proc, *path;
	int handle;
	const struct file_traits *traits; /* NULL: as they are */
	int64_t mtime;			  /* FILETIME_NONE: as it is */
	const char *what;		  /* what was being set */
};

static const struct file_extra *creation_of(const struct file_traits *traits)
{
	const struct file_extra *extra = traits ? file_extra_find(traits, NTFS_CREATION_TIME) : NULL;

	return extra && extra->len == sizeof(uint64_t) ? extra : NULL;
}

/* When a creation time has been set, ntfs-3g 2022.10.3 keeps what utimensat sets in its memory alone, until it forgets
 * the file: both times have to be set the same way. 0 or an errno. */
static int times_set_ntfs_3g(const struct dress *dress)
{
	const struct file_extra *creation = creation_of(dress->traits);
	uint64_t times[NTFS_TIMES];
	ssize_t len = 0;

	if (creation)
		memcpy(&times[NTFS_CREATION], creation->value, sizeof *times);
	else
		len = getxattr(dress->proc, NTFS_ALL_TIMES, times, sizeof times);
	if (len != 0 && len != sizeof times)
		return len < 0 ? errno : EIO;
	times[NTFS_MODIFICATION] = htole64((uint64_t)dress->mtime);
	return setxattr(dress->proc, NTFS_ALL_TIMES, times, NTFS_ACCESS * sizeof *times, 0) == 0 ? 0 : errno;
}

/* 0 or an errno. */
static int time_set(struct dress *dress)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };

	if (dress->mtime == FILETIME_NONE)
		return 0;
	dress->what = NULL;
	if (dress->volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		return times_set_ntfs_3g(dress);
	times[1] = filetime_timespec(dress->mtime);
	return utimensat(AT_FDCWD, dress->proc, times, 0) == 0 ? 0 : errno;
}

/* Those that NT knows of last. 0 or an errno. */
static int extras_set(struct dress *dress)
{
	const struct file_traits *want = dress->traits;
	bool timed = dress->mtime != FILETIME_NONE && dress->volume->attributes == ATTRIBUTES_BIG_ENDIAN;

	for (size_t i = 0; i < want->count; i++) {
		const struct file_extra *extra = &want->extras[i];
		/* Set together with the time of the last change. */
		if (timed && extra == creation_of(want))
			continue;
		dress->what = file_extra_what(extra);
		if (setxattr(dress->proc, extra->name, extra->value, extra->len, 0) != 0)
			return errno;
	}
	return 0;
}

/* status is what the file has. 0 or an errno. */
static int traits_set(struct dress *dress, const struct stat *status)
{
	const struct file_traits *want = dress->traits;
	bool owned = want->owned && !dress->volume->acl_name;
	int sys;

	/* The owner first: a change of owner drops mode bits and capabilities. */
	dress->what = _("the owner");
	if (owned && (status->st_uid != want->uid || status->st_gid != want->gid) &&
	    chown(dress->proc, want->uid, want->gid) != 0)
		return errno;
	sys = extras_set(dress);
	if (sys != 0)
		return sys;
	dress->what = _("the permissions");
	return !owned || chmod(dress->proc, want->mode) == 0 ? 0 : errno;
}

/* Removes what the file has and must not have, and sets attributes that differ. 0 or an errno. */
static int traits_clear(struct dress *dress, const struct file_traits *have)
{
	const struct file_traits *want = dress->traits;

	for (size_t i = 0; i < have->count; i++) {
		const struct file_extra *extra = &have->extras[i];
		if (file_extra_find(want, extra->name) || strncmp(extra->name, "system.ntfs_", 12) == 0)
			continue;
		dress->what = file_extra_what(extra);
		if (removexattr(dress->proc, extra->name) != 0)
			return errno;
	}
	dress->what = _("the attributes");
	if (!want->has_attributes || !have->has_attributes || have->attributes == want->attributes)
		return 0;
	return volume_attributes_set(dress->volume, dress->proc,
				     (have->all_attributes & ~ATTRIBUTES_SETTABLE) | want->attributes);
}

/* What the file has; status with it. 0 or an errno. */
static int dress_look(const struct dress *dress, struct stat *status, struct file_traits *has)
{
	if (fstat(dress->handle, status) != 0)
		return errno;
	return dress->traits ? volume_traits_at(dress->volume, dress->proc, status, has) : 0;
}

/* Sets all. 0 or an errno. */
static int dress_set(struct dress *dress, struct stat *status, struct file_traits *has)
{
	int sys = dress_look(dress, status, has);

	if (sys == 0 && dress->traits)
		sys = traits_clear(dress, has);
	if (sys == 0 && dress->traits)
		sys = traits_set(dress, status);
	return sys == 0 ? time_set(dress) : sys;
}

/* Whether the time read back is within the grain; on ntfs-3g, whether it is on the disk. */
static bool time_kept(const struct dress *dress, const struct stat *status)
{
	int64_t grain = dress->volume->traits.time_grain, apart;
	int64_t now = filetime_of(status->st_mtim.tv_sec, (uint32_t)status->st_mtim.tv_nsec);
	uint64_t times[NTFS_TIMES];

	if (dress->mtime == FILETIME_NONE)
		return true;
	if (dress->volume->attributes != ATTRIBUTES_BIG_ENDIAN)
		return !__builtin_sub_overflow(now, dress->mtime, &apart) && apart < grain && apart > -grain;
	return getxattr(dress->proc, NTFS_ALL_TIMES, times, sizeof times) == sizeof times &&
	       times[NTFS_MODIFICATION] == htole64((uint64_t)dress->mtime);
}

static int dress_failed(const struct dress *dress, TALLOC_CTX *tmp, int sys, struct error *err)
{
	const char *shown = volume_shown(tmp, dress->volume, dress->path);

	if (sys == ENOMEM)
		return error_memory(err);
	return dress->what ? error_system(err, TROUBLE_IO, sys, _("%s: %s cannot be set"), shown, dress->what)
			   : error_system(err, TROUBLE_IO, sys, _("The time of %s cannot be set"), shown);
}

static int dress_lost(const struct dress *dress, TALLOC_CTX *tmp, const char *what, struct error *err)
{
	int ret = error_set(err, TROUBLE_VERIFY, _("%s: this volume did not keep %s as set."),
			    volume_shown(tmp, dress->volume, dress->path), what);

	return error_advise(err, ret, _("The file system, or the way it is mounted, does not support that. "
					"Mount the drive with ntfs-3g and its default options."));
}

/* status is what the file has, and afterwards what it was given. */
static int dress_all(struct dress *dress, TALLOC_CTX *tmp, struct stat *status, struct error *err)
{
	const struct file_traits *want = dress->traits;
	struct file_traits *before = talloc_zero(tmp, struct file_traits), *after = talloc_zero(tmp, struct file_traits);
	const char *what;
	int sys = before && after ? 0 : ENOMEM;

	if (sys == 0 && want && want->folder != (bool)S_ISDIR(status->st_mode))
		sys = want->folder ? ENOTDIR : EISDIR;
	if (sys == 0)
		sys = dress_set(dress, status, before);
	if (sys == 0)
		sys = dress_look(dress, status, after);
	if (sys != 0)
		return dress_failed(dress, tmp, sys, err);
	if (want && !file_traits_equal(want, after, &what))
		return dress_lost(dress, tmp, what, err);
	if (!time_kept(dress, status))
		return dress_lost(dress, tmp, _("the time"), err);
	return 0;
}

int volume_dress(struct volume *volume, const char *path, const struct file_traits *traits, int64_t mtime,
		 uint64_t *size, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct stat status;
	int handle = volume_handle(volume, path, &status, err), ret = handle;
	struct dress dress = { .volume = volume,
			       .proc = proc_fd(proc, handle),
			       .path = path,
			       .handle = handle,
			       .traits = traits,
			       .mtime = mtime,
			       .what = _("the attributes") };

	if (handle >= 0) {
		ret = dress_all(&dress, tmp, &status, err);
		volume_names_forget(volume);
		close(handle);
	}
	*size = ret == 0 ? (uint64_t)status.st_size : 0;
	talloc_free(tmp);
	return ret;
}

int volume_traits_write(struct volume *volume, const char *path, const struct file_traits *traits, struct error *err)
{
	uint64_t size;

	return volume_dress(volume, path, traits, FILETIME_NONE, &size, err);
}

int volume_set_mtime(struct volume *volume, const char *path, int64_t mtime, struct error *err)
{
	uint64_t size;

	return volume_dress(volume, path, NULL, mtime, &size, err);
}

/* 0 or an errno; what was set is read back. */
static int short_name_set(const char *proc, const char *name)
{
	char found[256];

	if (setxattr(proc, NTFS_SHORT_NAME, name, strlen(name), 0) != 0)
		return errno;
	return volume_short_name_at(proc, found, sizeof found) && text_equal(found, name) ? 0 : EIO;
}

int volume_set_short_name(struct volume *volume, const char *path, const char *name, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct volume_spot spot;
	int ret = volume_resolve_there(volume, tmp, path, &spot, err), fd, sys;

	if (ret == 0 && !volume->traits.short_names)
		ret = error_set(err, TROUBLE_CANNOT, _("Drive %c: keeps no 8.3 names."), volume->letter);
	if (ret == 0) {
		fd = volume_open_spot(volume, &spot, O_PATH, 0);
		sys = fd < 0 ? -fd : short_name_set(proc_fd(proc, fd), name);
		if (fd >= 0)
			close(fd);
		if (sys != 0)
			ret = error_system(err, TROUBLE_IO, sys, _("The 8.3 name of %s cannot be set"),
					   volume_shown(tmp, volume, path));
	}
	talloc_free(tmp);
	return ret;
}
