/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file has besides its data.
 *
 * ntfs-3g keeps security descriptor, attributes, creation time and 8.3 name in extended attributes that it does not
 * list, so they are asked for by name. Where there is an NT security descriptor it is the truth, and owner and mode are
 * only its shadow: setting them would change it.
 */
#include "server/volume_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/msdos_fs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define SHORT_NAME "system.ntfs_dos_name"
#define CREATION_TIME "system.ntfs_crtime"
#define ALL_TIMES "system.ntfs_times"
#define LIST_MAX 65536
#define VALUE_MAX 65536

/* Attributes that a program may set on an existing file (MS-FSCC 2.6): read-only, hidden, system, archive, temporary,
 * offline, not indexed. Compression and the like are states of the data. */
#define ATTRIBUTES_SETTABLE 0x3127u

struct file_extra {
	char *name;
	char *shown;
	uint8_t *value;
	size_t len;
};

struct file_traits {
	bool folder;
	bool owned; /* owner and mode are traits of their own */
	uid_t uid;
	gid_t gid;
	mode_t mode;
	bool has_attributes;
	uint32_t attributes;
	struct file_extra *extras; /* extended attributes, those that are listed first */
	size_t count, room;
};

const char *proc_fd(char out[PROC_FD_ROOM], int fd)
{
	snprintf(out, PROC_FD_ROOM, "/proc/self/fd/%d", fd);
	return out;
}

int64_t time_in_ns(int64_t seconds, uint32_t nanoseconds)
{
	if (seconds >= INT64_MAX / 1000000000)
		return INT64_MAX;
	if (seconds <= INT64_MIN / 1000000000)
		return INT64_MIN + 1;
	return seconds * 1000000000 + (int64_t)nanoseconds;
}

static bool attributes_fat(const char *name, bool set, uint32_t *attributes)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = ioctl(fd, set ? FAT_IOCTL_SET_ATTRIBUTES : FAT_IOCTL_GET_ATTRIBUTES, attributes) == 0;
	close(fd);
	return done;
}

static bool attributes_get(const struct volume *volume, const char *name, uint32_t *attributes)
{
	*attributes = 0;
	switch (volume->attributes) {
	case ATTRIBUTES_BIG_ENDIAN:
		if (getxattr(name, "system.ntfs_attrib_be", attributes, sizeof *attributes) != sizeof *attributes)
			return false;
		*attributes = be32toh(*attributes);
		return true;
	case ATTRIBUTES_NATIVE:
		return getxattr(name, "system.ntfs_attrib", attributes, sizeof *attributes) == sizeof *attributes;
	case ATTRIBUTES_FAT:
		return attributes_fat(name, false, attributes);
	case ATTRIBUTES_NONE:
		break;
	}
	return false;
}

/* 0 or an errno. */
static int attributes_set(const struct volume *volume, const char *name, uint32_t attributes)
{
	uint32_t big = htobe32(attributes);
	bool done = false;

	errno = EOPNOTSUPP;
	switch (volume->attributes) {
	case ATTRIBUTES_BIG_ENDIAN:
		done = setxattr(name, "system.ntfs_attrib_be", &big, sizeof big, 0) == 0;
		break;
	case ATTRIBUTES_NATIVE:
		done = setxattr(name, "system.ntfs_attrib", &attributes, sizeof attributes, 0) == 0;
		break;
	case ATTRIBUTES_FAT:
		done = attributes_fat(name, true, &attributes);
		break;
	case ATTRIBUTES_NONE:
		break;
	}
	return done ? 0 : errno;
}

uint32_t volume_attributes(const struct volume *volume, const char *name)
{
	uint32_t attributes;

	return attributes_get(volume, name, &attributes) ? attributes : 0;
}

bool volume_short_name_at(const char *name, char *out, size_t room)
{
	ssize_t len = getxattr(name, SHORT_NAME, out, room - 1);

	if (len <= 0)
		return false;
	out[len] = '\0';
	return true;
}

/* Which of the listed attributes are the server's own. Labels that this machine gives every file of its own accord are
 * not. */
static bool extra_is_trait(const char *name, bool owned)
{
	static const char *const labels[] = { "security.selinux", "security.ima", "security.evm", "security.apparmor",
					      "security.SMACK64" };

	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (strcmp(name, labels[i]) == 0)
			return false;
	if (strcmp(name, "system.posix_acl_access") == 0 || strcmp(name, "system.posix_acl_default") == 0)
		return owned;
	return strncmp(name, "user.", 5) == 0 || strncmp(name, "security.", 9) == 0;
}

/* Adds one extended attribute of the thing at proc. 0, or an errno; what is not there is not added. */
static int extra_read(struct file_traits *traits, const char *proc, const char *name)
{
	struct file_extra *extra;
	ssize_t len;

	if (traits->count == traits->room) {
		size_t room = traits->room ? traits->room * 2 : 4;
		struct file_extra *extras = memory_array_grow(traits, traits->extras, sizeof *extras, room);
		if (!extras)
			return ENOMEM;
		traits->extras = extras;
		traits->room = room;
	}
	extra = &traits->extras[traits->count];
	extra->value = talloc_array(traits, uint8_t, VALUE_MAX);
	if (!extra->value)
		return ENOMEM;
	len = getxattr(proc, name, extra->value, VALUE_MAX);
	if (len < 0) {
		int sys = errno;
		TALLOC_FREE(extra->value);
		return sys == ENODATA || sys == EOPNOTSUPP ? 0 : sys;
	}
	extra->len = (size_t)len;
	extra->value = memory_array_grow(traits, extra->value, 1, extra->len);
	extra->name = talloc_strdup(traits, name);
	extra->shown = text_shown(traits, name);
	if (!extra->value || !extra->name || !extra->shown)
		return ENOMEM;
	traits->count++;
	return 0;
}

/* 0 or an errno. */
static int extras_listed(struct file_traits *traits, const char *proc)
{
	char *list = talloc_array(traits, char, LIST_MAX);
	ssize_t len = list ? listxattr(proc, list, LIST_MAX) : 0;
	int sys = list ? 0 : ENOMEM;

	if (len < 0)
		sys = errno == EOPNOTSUPP ? 0 : errno;
	for (ssize_t at = 0; sys == 0 && at < len; at += (ssize_t)strlen(list + at) + 1)
		if (extra_is_trait(list + at, traits->owned))
			sys = extra_read(traits, proc, list + at);
	talloc_free(list);
	return sys;
}

/* status is that of the thing at proc. 0 or an errno. */
static int traits_at(const struct volume *volume, const char *proc, const struct stat *status,
		     struct file_traits *traits)
{
	int sys;

	*traits = (struct file_traits){ 0 };
	traits->folder = S_ISDIR(status->st_mode);
	traits->owned = !volume->acl_name;
	traits->uid = status->st_uid;
	traits->gid = status->st_gid;
	traits->mode = status->st_mode & 07777;
	traits->has_attributes = attributes_get(volume, proc, &traits->attributes);
	traits->attributes &= ATTRIBUTES_SETTABLE;
	sys = extras_listed(traits, proc);
	if (sys == 0 && volume->acl_name)
		sys = extra_read(traits, proc, volume->acl_name);
	if (sys == 0 && volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		sys = extra_read(traits, proc, CREATION_TIME);
	return sys;
}

static const char *extra_what(const struct file_extra *extra)
{
	if (strcmp(extra->name, "system.ntfs_acl") == 0 || strcmp(extra->name, "system.ntfs_security") == 0)
		return _("the security descriptor");
	return strcmp(extra->name, CREATION_TIME) == 0 ? _("the creation time") : extra->shown;
}

static const struct file_extra *extra_find(const struct file_traits *traits, const char *name)
{
	for (size_t i = 0; i < traits->count; i++)
		if (strcmp(traits->extras[i].name, name) == 0)
			return &traits->extras[i];
	return NULL;
}

static bool extra_same(const struct file_extra *a, const struct file_extra *b)
{
	return a && b && a->len == b->len && memcmp(a->value, b->value, a->len) == 0;
}

/* The first of a's extras that b has not, or not so. */
static const struct file_extra *extra_missing(const struct file_traits *a, const struct file_traits *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (!extra_same(&a->extras[i], extra_find(b, a->extras[i].name)))
			return &a->extras[i];
	return NULL;
}

bool file_traits_equal(const struct file_traits *a, const struct file_traits *b, const char **first_difference)
{
	const struct file_extra *extra = NULL;
	const char *what = NULL;

	if (a->folder != b->folder)
		what = _("the kind");
	else if (a->owned && b->owned && (a->uid != b->uid || a->gid != b->gid))
		what = _("the owner");
	else if (a->owned && b->owned && a->mode != b->mode)
		what = _("the permissions");
	else if (a->has_attributes != b->has_attributes || a->attributes != b->attributes)
		what = _("the attributes");
	else if ((extra = extra_missing(a, b)) || (extra = extra_missing(b, a)))
		what = extra_what(extra);
	if (first_difference)
		*first_difference = what;
	return !what;
}

int volume_traits_read(struct volume *volume, TALLOC_CTX *mem, const char *path, struct file_traits **out,
		       struct error *err)
{
	char proc[PROC_FD_ROOM];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err), sys;

	*out = NULL;
	if (fd < 0)
		return fd;
	*out = talloc_zero(mem, struct file_traits);
	sys = *out ? traits_at(volume, proc_fd(proc, fd), &status, *out) : ENOMEM;
	close(fd);
	if (sys == 0)
		return 0;
	TALLOC_FREE(*out);
	if (sys == ENOMEM)
		return error_memory(err);
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = error_system(err, TROUBLE_IO, sys, _("The owner, permissions or attributes of %s cannot be read"),
			       volume_shown(tmp, volume, path));
	talloc_free(tmp);
	return ret;
}

/* Removes what the file has and is not to have, and sets what it is to have: those that NT knows of last. 0, or an
 * errno and *what. */
static int extras_write(const char *proc, const struct file_traits *have, const struct file_traits *want,
			const char **what)
{
	for (size_t i = 0; i < have->count; i++) {
		const struct file_extra *extra = &have->extras[i];
		if (extra_find(want, extra->name) || strncmp(extra->name, "system.ntfs_", 12) == 0)
			continue;
		*what = extra_what(extra);
		if (removexattr(proc, extra->name) != 0)
			return errno;
	}
	for (size_t i = 0; i < want->count; i++) {
		const struct file_extra *extra = &want->extras[i];
		if (extra_same(extra, extra_find(have, extra->name)))
			continue;
		*what = extra_what(extra);
		if (setxattr(proc, extra->name, extra->value, extra->len, 0) != 0)
			return errno;
	}
	return 0;
}

/* 0, or an errno and in *what the trait that could not be set. */
static int traits_set(const struct volume *volume, const char *proc, const struct file_traits *have,
		      const struct file_traits *want, const char **what)
{
	bool owned = have->owned && want->owned;
	uint32_t now;
	int sys;

	/* The owner first: a change of owner drops mode bits and capabilities. */
	*what = _("the owner");
	if (owned && (have->uid != want->uid || have->gid != want->gid) && chown(proc, want->uid, want->gid) != 0)
		return errno;
	sys = extras_write(proc, have, want, what);
	if (sys != 0)
		return sys;
	*what = _("the permissions");
	if (owned && chmod(proc, want->mode) != 0)
		return errno;
	*what = _("the attributes");
	if (!want->has_attributes || !attributes_get(volume, proc, &now))
		return 0;
	if ((now & ATTRIBUTES_SETTABLE) == want->attributes)
		return 0;
	return attributes_set(volume, proc, (now & ~ATTRIBUTES_SETTABLE) | want->attributes);
}

/* The same for a thing that is open. */
static int traits_write_at(const struct volume *volume, const char *proc, const char *shown, const struct stat *before,
			   const struct file_traits *want, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct file_traits *have = talloc_zero(tmp, struct file_traits);
	struct file_traits *after = talloc_zero(tmp, struct file_traits);
	const char *what = _("the attributes");
	int sys = have && after ? traits_at(volume, proc, before, have) : ENOMEM, ret = 0;
	struct stat status;

	if (sys == 0 && have->folder != want->folder)
		sys = want->folder ? ENOTDIR : EISDIR;
	if (sys == 0)
		sys = traits_set(volume, proc, have, want, &what);
	if (sys == 0)
		sys = stat(proc, &status) == 0 ? traits_at(volume, proc, &status, after) : errno;
	if (sys == ENOMEM)
		ret = error_memory(err);
	else if (sys != 0)
		ret = error_system(err, TROUBLE_IO, sys, _("%s: %s cannot be set"), shown, what);
	else if (!file_traits_equal(want, after, &what))
		ret = error_set(err, TROUBLE_VERIFY, _("%s: this volume did not keep %s as it was set."), shown, what);
	talloc_free(tmp);
	return ret;
}

int volume_traits_write(struct volume *volume, const char *path, const struct file_traits *traits, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err), ret = fd;

	if (fd >= 0) {
		ret = traits_write_at(volume, proc_fd(proc, fd), volume_shown(tmp, volume, path), &status, traits, err);
		volume_folder_changed(volume, &status);
		close(fd);
	}
	talloc_free(tmp);
	return ret;
}

static struct timespec timespec_of(int64_t ns)
{
	struct timespec time = { .tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000 };

	if (time.tv_nsec < 0) {
		time.tv_sec--;
		time.tv_nsec += 1000000000;
	}
	return time;
}

/* FILETIME counts 100 ns from 1601. */
static uint64_t filetime_of(int64_t ns)
{
	return (uint64_t)(ns / 100 - (ns % 100 < 0) + INT64_C(116444736000000000));
}

/* When a creation time has been set, ntfs-3g 2022.10.3 keeps what utimensat sets in its memory alone, until it forgets
 * the file: both times have to be set the same way. 0 or an errno. */
static int mtime_set_ntfs_3g(const char *proc, int64_t mtime, bool *kept)
{
	enum { CREATION, MODIFICATION, ACCESS, CHANGE, TIMES };
	uint64_t times[TIMES], now[TIMES], wanted = htole64(filetime_of(mtime));
	ssize_t len = getxattr(proc, ALL_TIMES, times, sizeof times);

	if (len != sizeof times)
		return len < 0 ? errno : EIO;
	times[MODIFICATION] = wanted;
	if (setxattr(proc, ALL_TIMES, times, CHANGE * sizeof *times, 0) != 0)
		return errno;
	*kept = getxattr(proc, ALL_TIMES, now, sizeof now) == sizeof now && now[MODIFICATION] == wanted;
	return 0;
}

/* 0 or an errno; *kept tells whether the time read back is within the grain. */
static int mtime_set(const struct volume *volume, const char *proc, int64_t mtime, bool *kept)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, timespec_of(mtime) };
	struct stat status;
	int64_t now, apart;

	if (utimensat(AT_FDCWD, proc, times, 0) != 0 || stat(proc, &status) != 0)
		return errno;
	now = time_in_ns(status.st_mtim.tv_sec, (uint32_t)status.st_mtim.tv_nsec);
	*kept = !__builtin_sub_overflow(now, mtime, &apart) && apart < volume->traits.time_grain &&
		apart > -volume->traits.time_grain;
	return *kept && volume->attributes == ATTRIBUTES_BIG_ENDIAN ? mtime_set_ntfs_3g(proc, mtime, kept) : 0;
}

int volume_set_mtime(struct volume *volume, const char *path, int64_t mtime, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct stat before;
	bool kept = false;
	int fd = volume_handle(volume, path, &before, err), ret = fd, sys;

	if (fd >= 0) {
		sys = mtime_set(volume, proc_fd(proc, fd), mtime, &kept);
		ret = 0;
		if (sys != 0)
			ret = error_system(err, TROUBLE_IO, sys, _("The time of %s cannot be set"),
					   volume_shown(tmp, volume, path));
		else if (!kept)
			ret = error_set(err, TROUBLE_VERIFY, _("%s: this volume did not keep the time as it was set."),
					volume_shown(tmp, volume, path));
		volume_folder_changed(volume, &before);
		close(fd);
	}
	talloc_free(tmp);
	return ret;
}

int volume_short_name(struct volume *volume, TALLOC_CTX *mem, const char *path, char **name, struct error *err)
{
	char proc[PROC_FD_ROOM], found[256];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err);

	*name = NULL;
	if (fd < 0)
		return fd;
	if (volume->traits.short_names && volume_short_name_at(proc_fd(proc, fd), found, sizeof found)) {
		*name = talloc_strdup(mem, found);
		if (!*name) {
			close(fd);
			return error_memory(err);
		}
	}
	close(fd);
	return 0;
}

/* 0 or an errno; what was set is read back. */
static int short_name_set(const char *proc, const char *name)
{
	char found[256];

	if (setxattr(proc, SHORT_NAME, name, strlen(name), 0) != 0)
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
		fd = volume_beneath(volume, spot.real, O_PATH, 0);
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
