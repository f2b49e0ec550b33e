/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a path in any case to the one thing on the disk.
 *
 * Every folder on the way is opened in the one above it, through volume_beneath, and its names are
 * read for twins. So a link swapped in meanwhile leads nowhere.
 */
#include "server/volume_internal.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

static char *path_of_real(TALLOC_CTX *mem, const char *real)
{
	char *path = talloc_strdup(mem, real);

	for (char *c = path; c && *c; c++)
		if (*c == '/')
			*c = '\\';
	return path;
}

/* *spelled is the name as in the folder that spot says, NULL if it is not there. */
static int folder_spell(const struct volume *volume, TALLOC_CTX *mem,
	const struct volume_location *location, const char *name, const char **spelled,
	struct error *err)
{
	const char *found[2];

	volume_names_find(location->folder, name, found);
	*spelled = found[0] ? found[0] : volume_names_short(volume, location->folder, mem, name);
	if (!found[1])
		return 0;
	char *where = path_of_real(mem, location->real);
	bool swap = volume_name_compare(found[0], found[1]) > 0;
	return error_set(err, TROUBLE_TWINS,
		_("The folder %s has two names that are the same to Windows: %s and %s."),
		volume_shown(mem, volume, where ? where : ""), found[swap], found[!swap]);
}

static int name_refused(const struct volume *volume, TALLOC_CTX *mem, const char *path,
	const char *name, struct error *err)
{
	return error_set(err, TROUBLE_NAME, _("%s has a name that Windows NT cannot hold: %s."),
		volume_shown(mem, volume, path), name);
}

static bool name_ok(const char *name)
{
	/* What would lead elsewhere is refused here, whatever the name is otherwise. */
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
		path_name_ok(name);
}

static int folder_failed(const struct volume *volume, TALLOC_CTX *mem, const char *path, int sys,
	struct error *err)
{
	if (sys == ENOMEM)
		return error_memory(err);
	if (sys == EOVERFLOW)
		return error_advise(err,
			error_set(err, TROUBLE_IO,
				_("A folder on the way to %s holds more than %d names."),
				volume_shown(mem, volume, path), VOLUME_NAMES_MAX),
			_("Move what does not belong there elsewhere, then try again."));
	return volume_failed(volume, path, TROUBLE_IO, sys,
		N_("A folder on the way to %s cannot be read"), err);
}

/* One name further: spot moves from a folder to the name in it. */
static int resolve_step(struct volume *volume, TALLOC_CTX *mem, const char *path, const char *name,
	struct volume_location *location, struct error *err)
{
	struct volume_folder *folder;
	const char *spelled;
	int ret = volume_folder_get(volume, mem, location, &folder);

	location->folder = NULL;
	if (ret == -ENOTDIR || ret == -ENOENT) {
		location->found = false;
		return 0;
	}
	if (ret != 0)
		return folder_failed(volume, mem, path, -ret, err);
	location->folder = folder;
	ret = folder_spell(volume, mem, location, name, &spelled, err);
	if (ret != 0)
		return ret;
	location->found = spelled;
	location->leaf = talloc_strdup(mem, spelled ? spelled : name);
	if (location->leaf && *location->real)
		location->real = talloc_asprintf(mem, "%s/%s", location->real, location->leaf);
	else
		location->real = location->leaf;
	return location->real ? 0 : error_memory(err);
}

int volume_resolve(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct volume_location *location, struct error *err)
{
	const char *rest = path;

	*location = (struct volume_location){ .leaf = "", .real = "", .found = true };
	while (*rest) {
		size_t len = strcspn(rest, "\\");
		char *name = talloc_strndup(mem, rest, len);
		int ret = 0;

		if (!name)
			return error_memory(err);
		if (!name_ok(name))
			return name_refused(volume, mem, path, name, err);
		/* Where a folder on the way is missing, the names below it must still be valid. */
		if (location->found)
			ret = resolve_step(volume, mem, path, name, location, err);
		else
			location->folder = NULL;
		if (ret != 0)
			return ret;
		rest += len;
		if (*rest == '\\' && *++rest == '\0')
			return name_refused(volume, mem, path, "", err);
	}
	if (location->folder && volume_folder_keep(volume, mem, location->folder) != 0)
		return error_memory(err);
	return 0;
}

int volume_resolve_there(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct volume_location *location, struct error *err)
{
	int ret = volume_resolve(volume, mem, path, location, err);

	if (ret == 0 && !location->found)
		ret = volume_failed(volume, path, TROUBLE_NOT_THERE, 0, N_("There is no %s."), err);
	return ret;
}

int volume_handle(struct volume *volume, const char *path, struct stat *status, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int fd = volume_resolve_there(volume, tmp, path, &location, err);

	if (fd == 0) {
		fd = volume_open_location(volume, &location, O_PATH, 0);
		if (fd < 0)
			fd = volume_failed(volume, path, TROUBLE_IO, -fd,
				N_("%s cannot be reached"), err);
		else if (fstat(fd, status) != 0 ||
			(!S_ISREG(status->st_mode) && !S_ISDIR(status->st_mode))) {
			close(fd);
			fd = volume_failed(volume, path, TROUBLE_LINK, 0,
				N_("%s is neither a file nor a folder."), err);
		}
	}
	talloc_free(tmp);
	return fd;
}

static enum entry_kind kind_of(const struct volume *volume, const struct statx *status)
{
	if (makedev(status->stx_dev_major, status->stx_dev_minor) != volume->dev ||
		(status->stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return ENTRY_OTHER;
	return S_ISREG(status->stx_mode)    ? ENTRY_FILE
		: S_ISDIR(status->stx_mode) ? ENTRY_FOLDER
					    : ENTRY_OTHER;
}

/* The time of the last change of what ntfs-3g has at name in the folder dir ("": the folder
 * itself), if it tells it. */
static void time_exact(int dir, const char *name, int64_t *time)
{
	char proc[PROC_FD_ROOM], *path = talloc_asprintf(NULL, "%s/%s", proc_fd(proc, dir), name);
	uint64_t times[NTFS_TIMES];

	if (path && lgetxattr(path, NTFS_ALL_TIMES, times, sizeof times) == sizeof times)
		*time = (int64_t)le64toh(times[NTFS_MODIFICATION]);
	talloc_free(path);
}

/* Of what statx saw at name in the folder dir; "": the folder itself. */
static struct file_meta meta_of(const struct volume *volume, const struct statx *status, int dir,
	const char *name)
{
	struct file_meta meta = { .kind = kind_of(volume, status) };

	meta.mtime = filetime_of(status->stx_mtime.tv_sec, status->stx_mtime.tv_nsec);
	/* Before 1970 ntfs-3g (2022.10.3) loses the fraction of a second. */
	if (status->stx_mtime.tv_sec < 0 && volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		time_exact(dir, name, &meta.mtime);
	if (meta.kind == ENTRY_FILE)
		meta.size = status->stx_size;
	return meta;
}

/* 1 if it is there, 0 if it has just gone, or a negative trouble. */
static int look_at(const struct volume *volume, const char *path,
	const struct volume_location *location, struct file_meta *meta, struct error *err)
{
	int dir = volume_location_dir(volume, location), sys = 0;
	struct statx status;

	*meta = (struct file_meta){ .kind = ENTRY_OTHER };
	if (statx(dir, location->leaf, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
		    STATX_BASIC_STATS, &status) != 0)
		sys = errno;
	if (sys == ENOENT || sys == ENOTDIR)
		return 0;
	if (sys != 0)
		return volume_failed(volume, path, TROUBLE_IO, sys, N_("%s cannot be examined"),
			err);
	*meta = meta_of(volume, &status, dir, location->leaf);
	if (!location->folder)
		meta->kind = ENTRY_FOLDER;
	return 1;
}

int volume_stat(struct volume *volume, TALLOC_CTX *mem, const char *path, bool *found,
	struct file_meta *meta, char **real, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct file_meta ignored;
	struct volume_location location;
	int ret;

	*found = false;
	if (real)
		*real = NULL;
	ret = volume_resolve(volume, tmp, path, &location, err);
	if (ret == 0 && location.found)
		ret = look_at(volume, path, &location, meta ? meta : &ignored, err);
	if (ret == 1) {
		ret = 0;
		*found = true;
		if (real) {
			*real = path_of_real(mem, location.real);
			if (!*real)
				ret = error_memory(err);
		}
	}
	talloc_free(tmp);
	return ret;
}

static int list_entry(const struct volume *volume, int dir, const char *name,
	struct entry_list *list, struct error *err)
{
	struct entry *entry = &list->entries[list->count];
	struct statx status;
	bool seen = statx(dir, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS,
			    &status) == 0;

	if (!seen && errno == ENOENT)
		return 0;
	entry->name = talloc_strdup(list->entries, name);
	if (!entry->name)
		return error_memory(err);
	/* One name that cannot be examined must not hide the others. */
	entry->meta = seen ? meta_of(volume, &status, dir, name)
			   : (struct file_meta){ .kind = ENTRY_UNREADABLE };
	list->count++;
	return 0;
}

static int entries_compare(const void *a, const void *b)
{
	return volume_name_compare(((const struct entry *)a)->name,
		((const struct entry *)b)->name);
}

int volume_list(struct volume *volume, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_folder *folder;
	struct volume_location location;
	int ret = volume_resolve_there(volume, tmp, path, &location, err);

	*list = (struct entry_list){ 0 };
	if (ret == 0) {
		ret = volume_folder_get(volume, tmp, &location, &folder);
		if (ret == -ENOTDIR)
			ret = volume_failed(volume, path, TROUBLE_NOT_THERE, 0,
				N_("%s is not a folder."), err);
		else if (ret != 0)
			ret = folder_failed(volume, tmp, path, -ret, err);
	}
	if (ret == 0) {
		list->entries = memory_array(mem, sizeof *list->entries, folder->count);
		if (!list->entries)
			ret = error_memory(err);
		for (size_t i = 0; ret == 0 && i < folder->count; i++)
			ret = list_entry(volume, folder->fd, folder->names[i], list, err);
		if (ret == 0 && list->count > 1)
			qsort(list->entries, list->count, sizeof *list->entries, entries_compare);
	}
	if (ret != 0) {
		talloc_free(list->entries);
		*list = (struct entry_list){ 0 };
	}
	talloc_free(tmp);
	return ret;
}
