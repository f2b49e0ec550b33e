/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a path in any case to the one thing on the disk.
 *
 * Every folder on the way is read for twins; what was read is remembered until the folder's times change, so a tree of
 * thousands of files is not read thousands of times. A folder is opened from the root through volume_beneath, and what
 * is in it through the folder's own descriptor, as long as its times and those of all folders above it say that it is
 * still what lies there: so a link swapped in meanwhile leads nowhere.
 */
#include "server/volume_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

const char *volume_shown(TALLOC_CTX *mem, const struct volume *volume, const char *path)
{
	char *full = talloc_asprintf(mem, "%c:\\%s", volume->letter, path);
	char *shown = full ? text_shown(mem, full) : NULL;

	talloc_free(full);
	return shown ? shown : "?";
}

/* Where openat2 is missing: the last name of a path, opened in its folder and checked afterwards. */
static int step_last(const struct volume *volume, int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, name, flags | O_NOFOLLOW | O_CLOEXEC, mode);
	struct stat status;
	int sys = 0;

	if (fd < 0) {
		sys = errno;
		if (sys == ENOTDIR && fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode))
			sys = ELOOP;
		return -sys;
	}
	if (fstat(fd, &status) != 0)
		sys = errno;
	else if (status.st_dev != volume->dev)
		sys = EXDEV;
	else if (S_ISLNK(status.st_mode) && !(flags & O_NOFOLLOW))
		sys = ELOOP;
	if (sys == 0)
		return fd;
	close(fd);
	return -sys;
}

static int beneath_by_steps(const struct volume *volume, int top, const char *real, int flags, mode_t mode)
{
	char name[NAME_MAX + 1];
	int dir = top, fd = -ENOENT;

	for (;;) {
		size_t len = strcspn(real, "/");
		bool last = real[len] == '\0';

		if (len > NAME_MAX)
			fd = -ENAMETOOLONG;
		else {
			memcpy(name, real, len);
			name[len] = '\0';
			fd = strcmp(name, "..") == 0 ? -EXDEV
			     : last                  ? step_last(volume, dir, name, flags, mode)
						     : step_last(volume, dir, name, O_PATH | O_DIRECTORY, 0);
		}
		if (dir != top)
			close(dir);
		if (last || fd < 0)
			return fd;
		dir = fd;
		real += len + 1;
	}
}

static int beneath(const struct volume *volume, int dir, const char *real, int flags, mode_t mode)
{
	struct open_how how = {
		.flags = (unsigned)(flags | O_CLOEXEC),
		.mode = mode,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	long fd;

	if (*real == '\0')
		real = ".";
	if (volume->by_steps)
		return beneath_by_steps(volume, dir, real, flags, mode);
	/* EAGAIN: something was renamed at that moment. */
	for (int tries = 0; tries < 32; tries++) {
		fd = syscall(SYS_openat2, dir, real, &how, sizeof how);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd >= 0 ? (int)fd : -errno;
}

int volume_beneath(const struct volume *volume, const char *real, int flags, mode_t mode)
{
	return beneath(volume, volume->root, real, flags, mode);
}

int volume_open_spot(const struct volume *volume, const struct volume_spot *spot, int flags, mode_t mode)
{
	int dir = spot->folder ? volume_folder_fd(volume, spot->folder) : volume->root;

	return dir < 0 ? dir : beneath(volume, dir, spot->folder ? spot->leaf : "", flags, mode);
}

static char *path_of_real(TALLOC_CTX *mem, const char *real)
{
	char *path = talloc_strdup(mem, real);

	for (char *c = path; c && *c; c++)
		if (*c == '/')
			*c = '\\';
	return path;
}

/* *spelled is the name as on the disk, NULL if it is not there. */
static int folder_spell(const struct volume *volume, const struct volume_folder *folder, TALLOC_CTX *mem,
			const char *name, const char **spelled, struct error *err)
{
	size_t place = volume_folder_place(folder, name);

	*spelled = NULL;
	if (place == folder->count || !text_equal(folder->names[place], name)) {
		*spelled = volume_folder_short(volume, folder, mem, name);
		return 0;
	}
	*spelled = folder->names[place];
	if (place + 1 == folder->count || !text_equal(folder->names[place + 1], name))
		return 0;
	char *where = path_of_real(mem, folder->real);
	const char *first = text_shown(mem, folder->names[place]);
	const char *second = text_shown(mem, folder->names[place + 1]);
	return error_set(err, TROUBLE_TWINS, _("The folder %s has two names that are the same to Windows: %s and %s."),
			 volume_shown(mem, volume, where ? where : ""), first ? first : "?", second ? second : "?");
}

static int name_refused(const struct volume *volume, TALLOC_CTX *mem, const char *path, const char *name,
			struct error *err)
{
	const char *shown = text_shown(mem, name);

	return error_set(err, TROUBLE_NAME, _("%s has a name that Windows NT cannot hold: %s."),
			 volume_shown(mem, volume, path), shown ? shown : "?");
}

static bool name_ok(const char *name)
{
	/* What would lead elsewhere is refused here, whatever the name is otherwise. */
	return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && path_name_ok(name);
}

static int folder_failed(const struct volume *volume, TALLOC_CTX *mem, const char *path, int sys, struct error *err)
{
	if (sys == ENOMEM)
		return error_memory(err);
	if (sys == EOVERFLOW)
		return error_advise(err, error_set(err, TROUBLE_IO, _("A folder on the way to %s holds more than %d names."),
						   volume_shown(mem, volume, path), VOLUME_NAMES_MAX),
				    _("Move what does not belong there elsewhere, then try again."));
	return error_system(err, TROUBLE_IO, sys, _("A folder on the way to %s cannot be read"),
			    volume_shown(mem, volume, path));
}

/* One name further: spot moves from the folder spot->real to the name in it. */
static int resolve_step(struct volume *volume, TALLOC_CTX *mem, const char *path, const char *name, bool content,
			struct volume_spot *spot, struct error *err)
{
	const char *spelled = NULL;
	int ret;

	if (!name_ok(name))
		return name_refused(volume, mem, path, name, err);
	for (int hasty = volume->fuse; hasty >= (volume->fuse && content) && !spelled; hasty--) {
		ret = volume_folder_get(volume, spot->real, hasty, &spot->folder);
		if (ret == -ENOTDIR || ret == -ENOENT) {
			spot->folder = NULL;
			spot->found = false;
			return 0;
		}
		if (ret != 0)
			return folder_failed(volume, mem, path, -ret, err);
		ret = folder_spell(volume, spot->folder, mem, name, &spelled, err);
		if (ret != 0)
			return ret;
	}
	spot->found = spelled != NULL;
	spot->leaf = talloc_strdup(mem, spelled ? spelled : name);
	spot->real = *spot->real ? talloc_asprintf(mem, "%s/%s", spot->real, spot->leaf) : spot->leaf;
	return spot->leaf && spot->real ? 0 : error_memory(err);
}

static int resolve(struct volume *volume, TALLOC_CTX *mem, const char *path, bool content, struct volume_spot *spot,
		   struct error *err)
{
	const char *rest = path;

	*spot = (struct volume_spot){ .leaf = "", .real = "", .found = true };
	while (*rest) {
		size_t len = strcspn(rest, "\\");
		char *name = talloc_strndup(mem, rest, len);
		int ret;

		if (!name)
			return error_memory(err);
		if (!spot->found) {
			/* A folder on the way is missing; the names below it must still be valid. */
			spot->folder = NULL;
			ret = name_ok(name) ? 0 : name_refused(volume, mem, path, name, err);
		} else {
			ret = resolve_step(volume, mem, path, name, content, spot, err);
		}
		if (ret != 0)
			return ret;
		rest += len;
		if (*rest == '\\' && *++rest == '\0')
			return name_refused(volume, mem, path, "", err);
	}
	return 0;
}

int volume_resolve(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
		   struct error *err)
{
	return resolve(volume, mem, path, false, spot, err);
}

int volume_resolve_hasty(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
			 struct error *err)
{
	return resolve(volume, mem, path, true, spot, err);
}

int volume_resolve_there(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
			 struct error *err)
{
	int ret;

	volume_folders_trim(volume);
	ret = volume_resolve(volume, mem, path, spot, err);
	if (ret == 0 && !spot->found)
		ret = error_set(err, TROUBLE_NOT_THERE, _("There is no %s."), volume_shown(mem, volume, path));
	return ret;
}

int volume_handle(struct volume *volume, const char *path, struct stat *status, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_spot spot;
	int fd = volume_resolve_there(volume, tmp, path, &spot, err);

	if (fd == 0) {
		fd = volume_open_spot(volume, &spot, O_PATH, 0);
		if (fd < 0)
			fd = error_system(err, TROUBLE_IO, -fd, _("%s cannot be reached"),
					  volume_shown(tmp, volume, path));
		else if (fstat(fd, status) != 0 || (!S_ISREG(status->st_mode) && !S_ISDIR(status->st_mode))) {
			close(fd);
			fd = error_set(err, TROUBLE_LINK, _("%s is neither a file nor a folder."),
				       volume_shown(tmp, volume, path));
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
	return S_ISREG(status->stx_mode) ? ENTRY_FILE : S_ISDIR(status->stx_mode) ? ENTRY_FOLDER : ENTRY_OTHER;
}

/* Of what statx saw at name in the folder dir; "": the folder itself. */
static struct file_meta meta_of(const struct volume *volume, const struct statx *status, int dir, const char *name)
{
	struct file_meta meta = { .kind = kind_of(volume, status) };

	meta.mtime = filetime_of(status->stx_mtime.tv_sec, status->stx_mtime.tv_nsec);
	/* Before 1970 ntfs-3g (2022.10.3) loses the fraction of a second. */
	if (status->stx_mtime.tv_sec < 0 && volume->attributes == ATTRIBUTES_BIG_ENDIAN)
		volume_time_exact(dir, name, &meta.mtime);
	if (meta.kind == ENTRY_FILE)
		meta.size = status->stx_size;
	return meta;
}

/* 1 if it is there, 0 if it has just gone, or a negative trouble. */
static int look_at(const struct volume *volume, TALLOC_CTX *mem, const char *path, const struct volume_spot *spot,
		   struct file_meta *meta, struct error *err)
{
	int dir = spot->folder ? volume_folder_fd(volume, spot->folder) : volume->root, sys = dir < 0 ? -dir : 0;
	struct statx status;

	*meta = (struct file_meta){ .kind = ENTRY_OTHER };
	if (sys == 0 && statx(dir, spot->folder ? spot->leaf : "", AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
			      STATX_BASIC_STATS, &status) != 0)
		sys = errno;
	if (sys == ENOENT || sys == ENOTDIR)
		return 0;
	if (sys != 0)
		return error_system(err, TROUBLE_IO, sys, _("%s cannot be examined"),
				    volume_shown(mem, volume, path));
	*meta = meta_of(volume, &status, dir, spot->folder ? spot->leaf : "");
	if (!spot->folder)
		meta->kind = ENTRY_FOLDER;
	return 1;
}

int volume_look(struct volume *volume, TALLOC_CTX *mem, const char *path, bool *found, struct file_meta *meta,
		char **real, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct file_meta ignored;
	struct volume_spot spot;
	int ret;

	volume_folders_trim(volume);
	*found = false;
	if (real)
		*real = NULL;
	ret = volume_resolve(volume, tmp, path, &spot, err);
	if (ret == 0 && spot.found)
		ret = look_at(volume, tmp, path, &spot, meta ? meta : &ignored, err);
	if (ret == 1) {
		ret = 0;
		*found = true;
		if (real) {
			*real = path_of_real(mem, spot.real);
			if (!*real)
				ret = error_memory(err);
		}
	}
	talloc_free(tmp);
	return ret;
}

static int list_entry(const struct volume *volume, const struct volume_folder *folder, const char *name,
		      struct entry_list *list, struct error *err)
{
	struct entry *entry = &list->entries[list->count];
	struct statx status;
	bool seen = statx(folder->fd, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &status) == 0;

	if (!seen && errno == ENOENT)
		return 0;
	entry->name = talloc_strdup(list->entries, name);
	if (!entry->name)
		return error_memory(err);
	/* One name that cannot be examined must not hide the others. */
	entry->meta = seen ? meta_of(volume, &status, folder->fd, name)
			   : (struct file_meta){ .kind = ENTRY_UNREADABLE };
	list->count++;
	return 0;
}

int volume_list(struct volume *volume, TALLOC_CTX *mem, const char *path, struct entry_list *list, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_folder *folder;
	struct volume_spot spot;
	int ret = volume_resolve_there(volume, tmp, path, &spot, err);

	*list = (struct entry_list){ 0 };
	if (ret == 0) {
		ret = volume_folder_get(volume, spot.real, false, &folder);
		if (ret == -ENOTDIR)
			ret = error_set(err, TROUBLE_NOT_THERE, _("%s is not a folder."),
					volume_shown(tmp, volume, path));
		else if (ret != 0)
			ret = folder_failed(volume, tmp, path, -ret, err);
	}
	if (ret == 0) {
		list->entries = memory_array(mem, sizeof *list->entries, folder->count);
		if (!list->entries)
			ret = error_memory(err);
		for (size_t i = 0; ret == 0 && i < folder->count; i++)
			ret = list_entry(volume, folder, folder->names[i], list, err);
	}
	if (ret != 0) {
		talloc_free(list->entries);
		*list = (struct entry_list){ 0 };
	}
	talloc_free(tmp);
	return ret;
}
