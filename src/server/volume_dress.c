/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a file what it is to have besides its data, and reading it back.
 *
 * Set first and looked at afterwards, through one descriptor: on FUSE every question is a call of another process, and
 * what a file made just now has of its own accord is hardly ever in the way. Where it is, it is taken away and all is
 * set again.
 */
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
	bool owned = want && want->owned && !dress->volume->acl_name;
	int sys;

	if (!want)
		return 0;
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

/* Removes what the file has and must not have, and sets attributes that differ. 0 or an errno; *again tells
 * whether there was anything. */
static int traits_mend(struct dress *dress, const struct file_traits *have, bool *again)
{
	const struct file_traits *want = dress->traits;
	int sys = 0;

	*again = false;
	for (size_t i = 0; sys == 0 && i < have->count; i++) {
		const struct file_extra *extra = &have->extras[i];
		if (file_extra_find(want, extra->name) || strncmp(extra->name, "system.ntfs_", 12) == 0)
			continue;
		*again = true;
		dress->what = file_extra_what(extra);
		if (removexattr(dress->proc, extra->name) != 0)
			sys = errno;
	}
	if (sys == 0 && want->has_attributes && have->has_attributes && have->attributes != want->attributes) {
		*again = true;
		dress->what = _("the attributes");
		sys = volume_attributes_set(dress->volume, dress->proc,
					    (have->all_attributes & ~ATTRIBUTES_SETTABLE) | want->attributes);
	}
	return sys;
}

/* Sets all, and looks at the file. 0 or an errno. */
static int dress_round(struct dress *dress, struct stat *status, struct file_traits *after)
{
	int sys = traits_set(dress, status);

	if (sys == 0)
		sys = time_set(dress);
	if (sys == 0 && fstat(dress->handle, status) != 0)
		sys = errno;
	return sys == 0 && dress->traits ? volume_traits_at(dress->volume, dress->proc, status, after) : sys;
}

/* All of it, and again where something was in the way. */
static int dress_rounds(struct dress *dress, TALLOC_CTX *tmp, struct stat *status, struct file_traits **after)
{
	bool again = true;
	int sys = 0;

	for (int round = 0; sys == 0 && again && round < 3; round++) {
		*after = talloc_zero(tmp, struct file_traits);
		sys = *after ? dress_round(dress, status, *after) : ENOMEM;
		again = false;
		if (sys == 0 && dress->traits)
			sys = traits_mend(dress, *after, &again);
	}
	return sys;
}

/* Whether the time read back is within the grain; on ntfs-3g, whether it is on the disk. */
static bool time_kept(const struct dress *dress, const struct stat *status, const struct file_traits *after)
{
	int64_t grain = dress->volume->traits.time_grain, apart;
	int64_t now = filetime_of(status->st_mtim.tv_sec, (uint32_t)status->st_mtim.tv_nsec);
	uint64_t times[NTFS_TIMES] = { 0 };

	if (dress->mtime == FILETIME_NONE)
		return true;
	if (dress->volume->attributes != ATTRIBUTES_BIG_ENDIAN)
		return !__builtin_sub_overflow(now, dress->mtime, &apart) && apart < grain && apart > -grain;
	times[NTFS_MODIFICATION] = after->modified;
	if (!dress->traits && getxattr(dress->proc, NTFS_ALL_TIMES, times, sizeof times) != sizeof times)
		return false;
	return times[NTFS_MODIFICATION] == htole64((uint64_t)dress->mtime);
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

static int dress_all(struct dress *dress, TALLOC_CTX *tmp, struct stat *status, struct error *err)
{
	const struct file_traits *want = dress->traits;
	struct file_traits *after;
	const char *what;
	int sys = 0;

	if (want && want->folder != (bool)S_ISDIR(status->st_mode))
		sys = want->folder ? ENOTDIR : EISDIR;
	if (sys == 0)
		sys = dress_rounds(dress, tmp, status, &after);
	if (sys != 0)
		return dress_failed(dress, tmp, sys, err);
	if (want && !file_traits_equal(want, after, &what))
		return dress_lost(dress, tmp, what, err);
	if (!time_kept(dress, status, after))
		return dress_lost(dress, tmp, _("the time"), err);
	return 0;
}

/* status is what the handle's file or folder has, and afterwards what it was given. */
static int dress_handle(struct volume *volume, int handle, const char *path, const struct file_traits *traits,
			int64_t mtime, struct stat *status, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct dress dress = { .volume = volume,
			       .proc = proc_fd(proc, handle),
			       .path = path,
			       .handle = handle,
			       .traits = traits,
			       .mtime = mtime,
			       .what = _("the attributes") };
	int ret = dress_all(&dress, tmp, status, err);

	talloc_free(tmp);
	return ret;
}

int volume_hold(struct volume *volume, int fd, const char *path, struct error *err)
{
	char proc[PROC_FD_ROOM];
	struct stat status;
	int handle;

	if (fd < 0)
		return volume_handle(volume, path, &status, err);
	handle = open(proc_fd(proc, fd), O_PATH | O_CLOEXEC);
	if (handle < 0) {
		TALLOC_CTX *tmp = talloc_new(NULL);
		handle = error_system(err, TROUBLE_IO, errno, _("%s cannot be reached"),
				      volume_shown(tmp, volume, path));
		talloc_free(tmp);
	}
	return handle;
}

int volume_dress(struct volume *volume, int handle, const char *path, const struct file_traits *traits, int64_t mtime,
		 uint64_t *size, struct error *err)
{
	/* On NTFS owner and mode are not traits, so they need not be read. */
	struct stat status = { .st_mode = S_IFREG };
	int ret;

	/* What cannot be read now cannot be read afterwards either. */
	if (!volume->acl_name)
		(void)fstat(handle, &status);
	ret = dress_handle(volume, handle, path, traits, mtime, &status, err);
	*size = ret == 0 ? (uint64_t)status.st_size : 0;
	return ret;
}

static int dress_path(struct volume *volume, const char *path, const struct file_traits *traits, int64_t mtime,
		      struct error *err)
{
	struct stat before, status;
	int handle = volume_handle(volume, path, &before, err), ret = handle;

	if (handle >= 0) {
		status = before;
		ret = dress_handle(volume, handle, path, traits, mtime, &status, err);
		volume_folder_changed(volume, &before);
		close(handle);
	}
	return ret;
}

int volume_traits_write(struct volume *volume, const char *path, const struct file_traits *traits, struct error *err)
{
	return dress_path(volume, path, traits, FILETIME_NONE, err);
}

int volume_set_mtime(struct volume *volume, const char *path, int64_t mtime, struct error *err)
{
	return dress_path(volume, path, NULL, mtime, err);
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
		if (spot.folder)
			volume_folder_touched(spot.folder);
		if (sys != 0)
			ret = error_system(err, TROUBLE_IO, sys, _("The 8.3 name of %s cannot be set"),
					   volume_shown(tmp, volume, path));
	}
	talloc_free(tmp);
	return ret;
}
