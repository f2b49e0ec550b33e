/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a file has besides its data.
 *
 * ntfs-3g keeps security descriptor, attributes, creation time and 8.3 name in extended attributes
 * that it does not list, so they are asked for by name. Where there is an NT security descriptor it
 * is the truth, and owner and mode are only its shadow: setting them would change it.
 */
#include "server/volume_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/msdos_fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define LIST_MAX 65536
#define VALUE_MAX 65536
/* The end of a file may be kept in no block of its own. */
#define TAIL_MOST 4096

static bool attributes_fat(const char *name, bool set, uint32_t *attributes)
{
	int fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return false;
	done = ioctl(fd, set ? FAT_IOCTL_SET_ATTRIBUTES : FAT_IOCTL_GET_ATTRIBUTES, attributes) ==
		0;
	close(fd);
	return done;
}

static const char *const attribute_names[] = {
	[ATTRIBUTES_BIG_ENDIAN] = "system.ntfs_attrib_be",
	[ATTRIBUTES_NATIVE] = "system.ntfs_attrib",
};

static bool attributes_get(const struct volume *volume, const char *name, uint32_t *attributes)
{
	bool done = false;

	*attributes = 0;
	if (volume->attributes == ATTRIBUTES_FAT)
		done = attributes_fat(name, false, attributes);
	else if (volume->attributes != ATTRIBUTES_NONE)
		done = getxattr(name, attribute_names[volume->attributes], attributes,
			       sizeof *attributes) == sizeof *attributes;
	if (volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		*attributes = be32toh(*attributes);
	return done;
}

int volume_attributes_set(const struct volume *volume, const char *name, uint32_t attributes)
{
	if (volume->attributes == ATTRIBUTES_NONE)
		return EOPNOTSUPP;
	if (volume->attributes == ATTRIBUTES_FAT)
		return attributes_fat(name, true, &attributes) ? 0 : errno;
	if (volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		attributes = htobe32(attributes);
	return setxattr(name, attribute_names[volume->attributes], &attributes, sizeof attributes,
		       0) == 0
		? 0
		: errno;
}

/* Which of the listed attributes are the server's own. Labels that this machine gives every file of
 * its own accord are not. */
static bool extra_is_trait(const char *name, bool owned)
{
	static const char *const labels[] = { "security.selinux", "security.ima", "security.evm",
		"security.apparmor", "security.SMACK64" };

	for (size_t i = 0; i < ARRAY_SIZE(labels); i++)
		if (strcmp(name, labels[i]) == 0)
			return false;
	if (strcmp(name, "system.posix_acl_access") == 0 ||
		strcmp(name, "system.posix_acl_default") == 0)
		return owned;
	return strncmp(name, "user.", 5) == 0 || strncmp(name, "security.", 9) == 0;
}

/* Room for one more, named. NULL for want of memory. */
static struct file_extra *extra_add(struct file_traits *traits, const char *name)
{
	struct file_extra *extra =
		memory_more(traits, &traits->extras, traits->count, sizeof *extra);

	if (!extra)
		return NULL;
	*extra = (struct file_extra){ .name = talloc_strdup(traits, name),
		.shown = text_shown(traits, name) };
	/* ntfs-3g shows the named streams of an NTFS file as user.NAME. */
	if (extra->shown && !traits->owned && strncmp(extra->shown, "user.", 5) == 0)
		extra->shown = talloc_asprintf(traits, _("the stream %s"), extra->shown + 5);
	return extra->name && extra->shown ? extra : NULL;
}

/* Adds one extended attribute of the thing at proc. 0, or an errno; what is not there is not added.
 * The room is that of the largest: to less than a long security descriptor needs, ntfs-3g answers
 * EIO. */
static int extra_read(struct file_traits *traits, const char *proc, const char *name)
{
	struct file_extra *extra = extra_add(traits, name);
	uint8_t *value = extra ? talloc_array(traits, uint8_t, VALUE_MAX) : NULL;
	ssize_t len = value ? getxattr(proc, name, value, VALUE_MAX) : -1;
	int sys = !value ? ENOMEM : len < 0 ? errno : 0;

	if (sys != 0) {
		talloc_free(value);
		if (sys == ENODATA || sys == EOPNOTSUPP)
			return 0;
		traits->failed = extra ? file_extra_what(extra) : NULL;
		return sys;
	}
	extra->len = (size_t)len;
	extra->value = memory_array_grow(traits, value, 1, extra->len);
	if (!extra->value)
		return ENOMEM;
	traits->count++;
	return 0;
}

/* ntfs-3g gives the creation time first of all four; the others are no traits. */
static int times_read(struct file_traits *traits, const char *proc)
{
	uint64_t times[NTFS_TIMES];
	ssize_t len = getxattr(proc, NTFS_ALL_TIMES, times, sizeof times);
	struct file_extra *extra;

	if (len < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? 0 : errno;
	if (len != sizeof times)
		return EIO;
	extra = extra_add(traits, NTFS_CREATION_TIME);
	if (extra)
		extra->value = talloc_memdup(traits, &times[NTFS_CREATION], sizeof *times);
	if (!extra || !extra->value)
		return ENOMEM;
	extra->len = sizeof *times;
	traits->count++;
	return 0;
}

/* 0 or an errno. */
static int extras_listed(struct file_traits *traits, const char *proc)
{
	char *list = talloc_array(traits, char, LIST_MAX);
	ssize_t len = list ? listxattr(proc, list, LIST_MAX) : 0;
	int sys = list ? 0 : ENOMEM;

	/* Of a file that has none, some say ENODATA. */
	if (len < 0)
		sys = errno == EOPNOTSUPP || errno == ENODATA ? 0 : errno;
	if (sys != 0)
		traits->failed = N_("the list of its streams");
	for (ssize_t at = 0; sys == 0 && at < len; at += (ssize_t)strlen(list + at) + 1)
		if (extra_is_trait(list + at, traits->owned))
			sys = extra_read(traits, proc, list + at);
	talloc_free(list);
	return sys;
}

int volume_traits_at(const struct volume *volume, const char *proc, const struct stat *status,
	struct file_traits *traits)
{
	int sys;

	*traits = (struct file_traits){ 0 };
	traits->folder = S_ISDIR(status->st_mode);
	traits->owned = !volume->acl_name;
	traits->uid = status->st_uid;
	traits->gid = status->st_gid;
	traits->mode = status->st_mode & 07777;
	if (S_ISREG(status->st_mode) && status->st_size / 512 > status->st_blocks)
		traits->unfilled = (uint64_t)(status->st_size - status->st_blocks * 512);
	traits->has_attributes = attributes_get(volume, proc, &traits->all_attributes);
	traits->attributes = traits->all_attributes & ATTRIBUTES_SETTABLE;
	sys = extras_listed(traits, proc);
	if (sys == 0 && volume->acl_name)
		sys = extra_read(traits, proc, volume->acl_name);
	if (sys == 0 && volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		sys = times_read(traits, proc);
	return sys;
}

const char *file_extra_what(const struct file_extra *extra)
{
	if (strcmp(extra->name, "system.ntfs_acl") == 0 ||
		strcmp(extra->name, "system.ntfs_security") == 0)
		return N_("the security descriptor");
	return strcmp(extra->name, NTFS_CREATION_TIME) == 0 ? N_("the creation time")
							    : extra->shown;
}

const struct file_extra *file_extra_find(const struct file_traits *traits, const char *name)
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

/* The first of a's extras, of those whose names begin so, that b (NULL: nothing) lacks or has
 * differently. */
static const struct file_extra *extra_missing(const struct file_traits *a,
	const struct file_traits *b, const char *begin)
{
	for (size_t i = 0; i < a->count; i++)
		if (strncmp(a->extras[i].name, begin, strlen(begin)) == 0 &&
			!(b && extra_same(&a->extras[i], file_extra_find(b, a->extras[i].name))))
			return &a->extras[i];
	return NULL;
}

const char *file_stream_lost(const struct file_traits *had, const struct file_traits *has)
{
	const struct file_extra *lost = extra_missing(had, has, "user.");

	return lost ? lost->shown : NULL;
}

bool file_traits_equal(const struct file_traits *a, const struct file_traits *b,
	const char **first_difference)
{
	const struct file_extra *extra = NULL;
	const char *what = NULL;

	if (a->folder != b->folder)
		what = N_("the kind");
	else if (a->owned && b->owned && (a->uid != b->uid || a->gid != b->gid))
		what = N_("the owner");
	else if (a->owned && b->owned && a->mode != b->mode)
		what = N_("the permissions");
	else if (a->has_attributes != b->has_attributes || a->attributes != b->attributes)
		what = N_("the attributes");
	else if ((extra = extra_missing(a, b, "")) || (extra = extra_missing(b, a, "")))
		what = file_extra_what(extra);
	if (first_difference)
		*first_difference = what;
	return !what;
}

/* what: the extended attribute, or NULL. */
static int traits_failed(const struct volume *volume, const char *path, const char *what, int sys,
	struct error *err)
{
	TALLOC_CTX *tmp;
	const char *shown;
	int ret;

	if (!what)
		return volume_failed(volume, path, TROUBLE_IO, sys,
			N_("The owner, permissions or attributes of %s cannot be read"), err);
	tmp = talloc_new(NULL);
	shown = volume_shown(tmp, volume, path);
	if (sys == E2BIG || sys == ERANGE)
		ret = error_set(err, TROUBLE_CANNOT,
			_("%s: %s is larger than the 64 KB that can be copied to another file here."),
			shown, _(what));
	else
		ret = error_system(err, TROUBLE_IO, sys, _("%s: %s cannot be read"), shown,
			_(what));
	talloc_free(tmp);
	return ret;
}

int volume_traits_read(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct file_traits **out, struct error *err)
{
	char proc[PROC_FD_ROOM];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err), sys;

	*out = NULL;
	if (fd < 0)
		return fd;
	*out = talloc_zero(mem, struct file_traits);
	sys = *out ? volume_traits_at(volume, proc_fd(proc, fd), &status, *out) : ENOMEM;
	close(fd);
	if (sys == 0)
		return 0;
	sys = sys == ENOMEM ? error_memory(err)
			    : traits_failed(volume, path, (*out)->failed, sys, err);
	TALLOC_FREE(*out);
	return sys;
}

static int attributes_of(struct volume *volume, const char *path, uint32_t *attributes,
	struct error *err)
{
	char proc[PROC_FD_ROOM];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err);

	if (fd < 0)
		return fd;
	attributes_get(volume, proc_fd(proc, fd), attributes);
	close(fd);
	return 0;
}

/* A new file is compressed where its folder says so, and nowhere else. */
static int compression_note(struct volume *volume, TALLOC_CTX *mem, const char *path,
	bool compressed, struct error *note, struct error *err)
{
	const char *leaf = strrchr(path, '\\');
	char *folder = talloc_strndup(mem, path, leaf ? (size_t)(leaf - path) : 0);
	uint32_t attributes = 0;
	int ret = folder ? attributes_of(volume, folder, &attributes, err) : error_memory(err);

	if (ret != 0 || compressed == ((attributes & ATTRIBUTE_COMPRESSED) != 0))
		return ret;
	return error_set(note, TROUBLE_NONE,
		compressed
			? _("%s is compressed on the disk; its replacement will not be.")
			: _("%s is not compressed on the disk; its replacement will be, because its folder says so."),
		volume_shown(mem, volume, path));
}

/* A copy is written in full: holes that took no room are filled. */
static int sparse_note(struct volume *volume, TALLOC_CTX *mem, const char *path,
	const struct file_traits *traits, struct error *note)
{
	bool sparse = volume->acl_name ? traits->all_attributes & ATTRIBUTE_SPARSE
				       : traits->unfilled > TAIL_MOST;

	if (*note->text || !sparse)
		return 0;
	return error_set(note, TROUBLE_NONE,
		_("%s takes less room on the disk than its size (it is sparse); "
		  "its replacement, and any copy, will take the full size."),
		volume_shown(mem, volume, path));
}

int volume_traits_check(struct volume *volume, const char *path, struct error *note,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct file_traits *traits;
	int ret = volume_traits_read(volume, tmp, path, &traits, err);

	*note->text = '\0';
	if (ret == 0 && volume->acl_name && (traits->all_attributes & ATTRIBUTE_ENCRYPTED))
		ret = volume_failed(volume, path, TROUBLE_CANNOT, 0,
			N_("%s is encrypted, and its replacement would not be."), err);
	if (ret == 0 && volume->acl_name && !traits->folder)
		ret = compression_note(volume, tmp, path,
			traits->all_attributes & ATTRIBUTE_COMPRESSED, note, err);
	if (ret == 0 && !traits->folder)
		ret = sparse_note(volume, tmp, path, traits, note);
	talloc_free(tmp);
	return ret;
}

int volume_short_name(struct volume *volume, TALLOC_CTX *mem, const char *path, char **name,
	struct error *err)
{
	char proc[PROC_FD_ROOM], found[256];
	struct stat status;
	int fd = volume_handle(volume, path, &status, err);
	bool there;

	*name = NULL;
	if (fd < 0)
		return fd;
	there = volume->traits.short_names &&
		volume_short_name_at(proc_fd(proc, fd), found, sizeof found);
	close(fd);
	if (there)
		*name = talloc_strdup(mem, found);
	return there && !*name ? error_memory(err) : 0;
}
