/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving a file what it is to have besides its data, through one descriptor, and reading it
 * back. */
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
struct wanted {
	const struct volume *volume;
	const char *proc, *path;
	int handle;
	const struct file_traits *traits; /* NULL: as they are */
	int64_t mtime;                    /* FILETIME_NONE: as it is */
	const char *what;                 /* what was being set */
};

static const struct file_extra *creation_of(const struct file_traits *traits)
{
	const struct file_extra *extra =
		traits ? file_extra_find(traits, NTFS_CREATION_TIME) : NULL;

	return extra && extra->len == sizeof(uint64_t) ? extra : NULL;
}

/* When a creation time has been set, ntfs-3g 2022.10.3 keeps what utimensat sets in its memory
 * alone, until it forgets the file: both times have to be set the same way. 0 or an errno. */
static int times_set_ntfs_3g(const struct wanted *wanted)
{
	const struct file_extra *creation = creation_of(wanted->traits);
	uint64_t times[NTFS_TIMES];
	ssize_t len = 0;

	if (creation)
		memcpy(&times[NTFS_CREATION], creation->value, sizeof *times);
	else
		len = getxattr(wanted->proc, NTFS_ALL_TIMES, times, sizeof times);
	if (len != 0 && len != sizeof times)
		return len < 0 ? errno : EIO;
	times[NTFS_MODIFICATION] = htole64((uint64_t)wanted->mtime);
	return setxattr(wanted->proc, NTFS_ALL_TIMES, times, NTFS_ACCESS * sizeof *times, 0) == 0
		? 0
		: errno;
}

/* 0 or an errno. */
static int time_set(struct wanted *wanted)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };

	if (wanted->mtime == FILETIME_NONE)
		return 0;
	wanted->what = NULL;
	if (wanted->volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		return times_set_ntfs_3g(wanted);
	times[1] = filetime_timespec(wanted->mtime);
	return utimensat(AT_FDCWD, wanted->proc, times, 0) == 0 ? 0 : errno;
}

/* Those that NT knows of last. 0 or an errno. */
static int extras_set(struct wanted *wanted)
{
	const struct file_traits *want = wanted->traits;
	bool timed = wanted->mtime != FILETIME_NONE &&
		wanted->volume->attributes == ATTRIBUTES_BIG_ENDIAN;

	for (size_t i = 0; i < want->count; i++) {
		const struct file_extra *extra = &want->extras[i];
		/* Set together with the time of the last change. */
		if (timed && extra == creation_of(want))
			continue;
		wanted->what = file_extra_what(extra);
		if (setxattr(wanted->proc, extra->name, extra->value, extra->len, 0) != 0)
			return errno;
	}
	return 0;
}

/* status is what the file has. 0 or an errno. */
static int traits_set(struct wanted *wanted, const struct stat *status)
{
	const struct file_traits *want = wanted->traits;
	bool owned = want->owned && !wanted->volume->acl_name;
	int sys;

	/* The owner first: a change of owner drops mode bits and capabilities. */
	wanted->what = N_("the owner");
	if (owned && (status->st_uid != want->uid || status->st_gid != want->gid) &&
		chown(wanted->proc, want->uid, want->gid) != 0)
		return errno;
	sys = extras_set(wanted);
	if (sys != 0)
		return sys;
	wanted->what = N_("the permissions");
	return !owned || chmod(wanted->proc, want->mode) == 0 ? 0 : errno;
}

/* Removes what the file has and must not have, and sets attributes that differ. 0 or an errno. */
static int traits_clear(struct wanted *wanted, const struct file_traits *have)
{
	const struct file_traits *want = wanted->traits;

	for (size_t i = 0; i < have->count; i++) {
		const struct file_extra *extra = &have->extras[i];
		if (file_extra_find(want, extra->name) ||
			strncmp(extra->name, "system.ntfs_", 12) == 0)
			continue;
		wanted->what = file_extra_what(extra);
		if (removexattr(wanted->proc, extra->name) != 0)
			return errno;
	}
	wanted->what = N_("the attributes");
	if (!want->has_attributes || !have->has_attributes || have->attributes == want->attributes)
		return 0;
	return volume_attributes_set(wanted->volume, wanted->proc,
		(have->all_attributes & ~ATTRIBUTES_SETTABLE) | want->attributes);
}

/* What the file has; status with it. 0 or an errno. */
static int traits_have(const struct wanted *wanted, struct stat *status, struct file_traits *has)
{
	if (fstat(wanted->handle, status) != 0)
		return errno;
	return wanted->traits ? volume_traits_at(wanted->volume, wanted->proc, status, has) : 0;
}

/* Sets all. 0 or an errno. */
static int traits_apply(struct wanted *wanted, struct stat *status, struct file_traits *has)
{
	int sys = traits_have(wanted, status, has);

	if (sys == 0 && wanted->traits)
		sys = traits_clear(wanted, has);
	if (sys == 0 && wanted->traits)
		sys = traits_set(wanted, status);
	return sys == 0 ? time_set(wanted) : sys;
}

/* Whether the time read back is within the grain; on ntfs-3g, whether it is on the disk. */
static bool time_kept(const struct wanted *wanted, const struct stat *status)
{
	int64_t grain = wanted->volume->traits.time_grain, apart;
	int64_t now = filetime_of(status->st_mtim.tv_sec, (uint32_t)status->st_mtim.tv_nsec);
	uint64_t times[NTFS_TIMES];

	if (wanted->mtime == FILETIME_NONE)
		return true;
	if (wanted->volume->attributes != ATTRIBUTES_BIG_ENDIAN)
		return !__builtin_sub_overflow(now, wanted->mtime, &apart) && apart < grain &&
			apart > -grain;
	return getxattr(wanted->proc, NTFS_ALL_TIMES, times, sizeof times) == sizeof times &&
		times[NTFS_MODIFICATION] == htole64((uint64_t)wanted->mtime);
}

static int traits_failed(const struct wanted *wanted, TALLOC_CTX *tmp, int sys, struct error *err)
{
	if (sys == ENOMEM)
		return error_memory(err);
	return wanted->what
		? error_system(err, TROUBLE_IO, sys, _("%s: %s cannot be set"),
			  volume_shown(tmp, wanted->volume, wanted->path), _(wanted->what))
		: volume_failed(wanted->volume, wanted->path, TROUBLE_IO, sys,
			  N_("The time of %s cannot be set"), err);
}

static int traits_lost(const struct wanted *wanted, TALLOC_CTX *tmp, const char *what,
	struct error *err)
{
	int ret = error_set(err, TROUBLE_VERIFY, _("%s: this volume did not keep %s as set."),
		volume_shown(tmp, wanted->volume, wanted->path), _(what));

	return error_advise(err, ret,
		_("The file system, or the way it is mounted, does not support that. "
		  "Mount the drive with ntfs-3g and its default options."));
}

/* status is what the file has, and afterwards what it was given. */
static int traits_all(struct wanted *wanted, TALLOC_CTX *tmp, struct stat *status,
	struct error *err)
{
	const struct file_traits *want = wanted->traits;
	struct file_traits *before = talloc_zero(tmp, struct file_traits),
			   *after = talloc_zero(tmp, struct file_traits);
	const char *what;
	int sys = before && after ? 0 : ENOMEM;

	if (sys == 0 && want && want->folder != (bool)S_ISDIR(status->st_mode))
		sys = want->folder ? ENOTDIR : EISDIR;
	if (sys == 0)
		sys = traits_apply(wanted, status, before);
	if (sys == 0)
		sys = traits_have(wanted, status, after);
	if (sys != 0)
		return traits_failed(wanted, tmp, sys, err);
	if (want && !file_traits_equal(want, after, &what))
		return traits_lost(wanted, tmp, what, err);
	if (!time_kept(wanted, status))
		return traits_lost(wanted, tmp, N_("the time"), err);
	return 0;
}

int volume_set_traits(struct volume *volume, const char *path, const struct file_traits *traits,
	int64_t mtime, uint64_t *size, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct stat status;
	int handle = volume_handle(volume, path, &status, err), ret = handle;
	struct wanted wanted = { .volume = volume,
		.proc = proc_fd(proc, handle),
		.path = path,
		.handle = handle,
		.traits = traits,
		.mtime = mtime,
		.what = N_("the attributes") };

	if (handle >= 0) {
		ret = traits_all(&wanted, tmp, &status, err);
		if (S_ISDIR(status.st_mode))
			volume_folder_forget(volume, &status);
		close(handle);
	}
	if (size)
		*size = ret == 0 ? (uint64_t)status.st_size : 0;
	talloc_free(tmp);
	return ret;
}

/* 0 or an errno; what was set is read back. */
static int short_name_set(const char *proc, const char *name)
{
	char found[256];

	if (setxattr(proc, NTFS_SHORT_NAME, name, strlen(name), 0) != 0)
		return errno;
	return volume_short_name_at(proc, found, sizeof found) && text_equal(found, name) ? 0 : EIO;
}

int volume_set_short_name(struct volume *volume, const char *path, const char *name,
	struct error *err)
{
	char proc[PROC_FD_ROOM];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err), sys;

	if (fd < 0)
		return fd;
	sys = volume->traits.short_names ? short_name_set(proc_fd(proc, fd), name) : 0;
	close(fd);
	if (!volume->traits.short_names)
		return error_set(err, TROUBLE_CANNOT, _("Drive %c: keeps no 8.3 names."),
			volume->letter);
	return sys ? volume_failed(volume, path, TROUBLE_IO, sys,
			     N_("The 8.3 name of %s cannot be set"), err)
		   : 0;
}
