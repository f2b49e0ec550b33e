/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening, making, moving and removing files. */
#include "server/volume_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/server.h"

static int file_open_as(struct volume *volume, const char *path, int flags, uint64_t *size,
	struct error *err)
{
	struct stat status;
	int handle = volume_handle(volume, path, &status, err), fd;

	if (handle < 0)
		return handle;
	if (!S_ISREG(status.st_mode)) {
		fd = volume_failed(volume, path, TROUBLE_LINK, 0, N_("%s is a folder, not a file."),
			err);
	} else {
		fd = volume_open_again(handle, flags);
		if (fd < 0)
			fd = volume_failed(volume, path, TROUBLE_IO, errno,
				N_("%s cannot be opened"), err);
		/* One second, for the kernel's clock of files lags behind. */
		else if (flags == O_RDONLY && status.st_ctim.tv_sec >= volume->opened - 1)
			volume_drop_cache(fd);
		if (size)
			*size = (uint64_t)status.st_size;
	}
	close(handle);
	return fd;
}

int volume_open_file(struct volume *volume, const char *path, uint64_t *size, struct error *err)
{
	return file_open_as(volume, path, O_RDONLY, size, err);
}

int volume_hibernated(struct volume *volume, bool *is, struct error *err)
{
	static const char name[] = "hiberfil.sys";
	struct file_meta meta;
	char head[4];
	bool found;
	int fd, ret = volume_stat(volume, NULL, name, &found, &meta, NULL, err);

	*is = false;
	if (ret != 0 || !found || meta.kind != ENTRY_FILE)
		return ret;
	fd = volume_open_file(volume, name, NULL, err);
	if (fd < 0)
		return fd;
	*is = pread(fd, head, sizeof head, 0) == sizeof head &&
		(memcmp(head, "hibr", 4) == 0 || memcmp(head, "HIBR", 4) == 0);
	close(fd);
	return 0;
}

int volume_open_write(struct volume *volume, const char *path, struct error *err)
{
	return file_open_as(volume, path, O_RDWR, NULL, err);
}

static int write_failed(const struct volume *volume, const char *path, int sys,
	const char *sentence, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = error_system(err, sys == ENAMETOOLONG ? TROUBLE_NAME : TROUBLE_IO, sys, "%s: %s",
		volume_shown(tmp, volume, path), _(sentence));

	talloc_free(tmp);
	return ret;
}

/* Where something new is to be made: its folder is there, itself it is not. */
static int resolve_new(struct volume *volume, TALLOC_CTX *tmp, const char *path,
	struct volume_location *location, struct error *err)
{
	int ret = volume_resolve(volume, tmp, path, location, err);

	if (ret != 0)
		return ret;
	if (location->found)
		return write_failed(volume, path, EEXIST, N_("It cannot be created"), err);
	if (!location->folder)
		return volume_failed(volume, path, TROUBLE_NOT_THERE, 0,
			N_("There is no folder for %s."), err);
	return 0;
}

int volume_create(struct volume *volume, const char *path, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int fd = resolve_new(volume, tmp, path, &location, err);

	if (fd == 0) {
		fd = volume_open_location(volume, &location, O_RDWR | O_CREAT | O_EXCL, 0600);
		if (fd < 0)
			fd = write_failed(volume, path, -fd, N_("It cannot be created"), err);
		else
			volume_folder_changed(location.folder, NULL, location.leaf);
	}
	talloc_free(tmp);
	return fd;
}

int volume_mkdir(struct volume *volume, const char *path, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int ret = resolve_new(volume, tmp, path, &location, err);

	if (ret == 0) {
		if (mkdirat(location.folder->fd, location.leaf, 0700) != 0)
			ret = write_failed(volume, path, errno, N_("The folder cannot be created"),
				err);
		else
			volume_folder_changed(location.folder, NULL, location.leaf);
	}
	talloc_free(tmp);
	return ret;
}

/* 0 or an errno: what lies there, without following anything. */
static int lies_there(int parent, const char *leaf, mode_t *mode)
{
	struct stat status;

	if (fstatat(parent, leaf, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return errno;
	*mode = status.st_mode;
	return 0;
}

/* Some file systems cannot be told not to replace. There the name is looked for first: the folder
 * is locked against a second repair, and nobody else is expected on a server's disks. */
static int rename_new(int from_dir, const char *from, int to_dir, const char *to)
{
	mode_t mode;
	int sys;

	if (renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return errno;
	sys = lies_there(to_dir, to, &mode);
	if (sys != ENOENT)
		return sys ? sys : EEXIST;
	return renameat(from_dir, from, to_dir, to) == 0 ? 0 : errno;
}

static int rename_over(int from_dir, const char *from, int to_dir, const char *to)
{
	mode_t mode;
	int sys = lies_there(to_dir, to, &mode);

	if (sys != 0 && sys != ENOENT)
		return sys;
	if (sys == 0 && !S_ISREG(mode))
		return S_ISDIR(mode) ? EISDIR : ELOOP;
	return renameat(from_dir, from, to_dir, to) == 0 ? 0 : errno;
}

/* 0 or an errno. again: only the spelling of the one name changes. */
static int rename_locations(const struct volume_location *from, const struct volume_location *to,
	const char *to_leaf, bool replace, bool again)
{
	int from_dir = from->folder->fd, to_dir = to->folder->fd, sys;
	mode_t mode;

	sys = lies_there(from_dir, from->leaf, &mode);
	if (sys != 0)
		return sys;
	if (!S_ISREG(mode) && !S_ISDIR(mode))
		return ELOOP;
	if (again)
		return renameat(from_dir, from->leaf, to_dir, to_leaf) == 0 ? 0 : errno;
	return replace ? rename_over(from_dir, from->leaf, to_dir, to_leaf)
		       : rename_new(from_dir, from->leaf, to_dir, to_leaf);
}

static int rename_resolved(struct volume *volume, TALLOC_CTX *tmp,
	const struct volume_location *from, const char *path, const char *to, bool replace,
	struct error *err)
{
	struct volume_location location;
	int ret = volume_resolve(volume, tmp, to, &location, err), sys = 0;
	bool again = ret == 0 && location.found && strcmp(location.real, from->real) == 0;
	const char *leaf;

	if (ret != 0)
		return ret;
	if (from->folder && !location.found && !location.folder)
		return volume_failed(volume, to, TROUBLE_NOT_THERE, 0,
			N_("There is no folder for %s."), err);
	if (!from->folder || !location.folder)
		sys = EINVAL;
	else if (location.found && !replace && !again)
		sys = EEXIST;
	/* What is replaced keeps its spelling: else there would be two of it. */
	leaf = again ? path_leaf(to) : location.leaf;
	if (sys == 0)
		sys = rename_locations(from, &location, leaf, replace, again);
	if (sys != 0) {
		const char *shown = volume_shown(tmp, volume, path);
		return error_system(err, TROUBLE_IO, sys, _("%s cannot be renamed to %s"), shown,
			volume_shown(tmp, volume, to));
	}
	volume_folder_changed(from->folder, from->leaf, NULL);
	volume_folder_changed(location.folder, NULL, leaf);
	volume_folder_moved(volume, from->real);
	volume_folder_moved(volume, location.real);
	return 0;
}

int volume_rename(struct volume *volume, const char *from, const char *to, bool replace,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int ret = volume_resolve_there(volume, tmp, from, &location, err);

	if (ret == 0)
		ret = rename_resolved(volume, tmp, &location, from, to, replace, err);
	talloc_free(tmp);
	return ret;
}

/* 0 or an errno. */
static int remove_location(const struct volume_location *location)
{
	mode_t mode;
	int sys = lies_there(location->folder->fd, location->leaf, &mode);

	if (sys != 0)
		return sys;
	if (!S_ISREG(mode) && !S_ISDIR(mode))
		return ELOOP;
	return unlinkat(location->folder->fd, location->leaf, S_ISDIR(mode) ? AT_REMOVEDIR : 0) == 0
		? 0
		: errno;
}

int volume_remove(struct volume *volume, const char *path, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume_location location;
	int ret = volume_resolve_there(volume, tmp, path, &location, err), sys;

	if (ret == 0) {
		sys = location.folder ? remove_location(&location) : EBUSY;
		if (sys != 0) {
			ret = write_failed(volume, path, sys, N_("It cannot be removed"), err);
		} else {
			volume_folder_changed(location.folder, location.leaf, NULL);
			volume_folder_moved(volume, location.real);
		}
	}
	talloc_free(tmp);
	return ret;
}

#define TRIAL_NAME "Q24TRIAL" SERVER_STAGE_SUFFIX
/* Long enough to need an 8.3 name of its own. */
#define TRIAL_LONG "Q240208 trial" SERVER_STAGE_SUFFIX
#define TRIAL_SHORT "Q24TRI~1.Q24"
static const char trial_data[] = "This file is a trial and can be removed.\r\n";

/* Any file of the folder will do as a model; none is needed. */
static int trial_model(struct volume *volume, TALLOC_CTX *tmp, const char *folder,
	struct file_traits **traits, struct error *err)
{
	struct entry_list list;
	int ret = volume_list(volume, tmp, folder, &list, err);

	*traits = NULL;
	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		if (list.entries[i].meta.kind != ENTRY_FILE)
			continue;
		char *path = talloc_asprintf(tmp, "%s%s%s", folder, *folder ? "\\" : "",
			list.entries[i].name);
		if (!path)
			return error_memory(err);
		return volume_traits_read(volume, tmp, path, traits, err);
	}
	return ret;
}

/* *length: how much of the trial's data the file at path holds, or -1 if it holds anything else. */
static int trial_length(struct volume *volume, const char *path, ssize_t *length, struct error *err)
{
	char back[sizeof trial_data + 1];
	int fd = volume_open_file(volume, path, NULL, err), sys;

	if (fd < 0)
		return fd;
	*length = pread(fd, back, sizeof back, 0);
	sys = *length < 0 ? errno : 0;
	close(fd);
	if (sys != 0)
		return write_failed(volume, path, sys, N_("It cannot be read"), err);
	if (*length > (ssize_t)sizeof trial_data - 1 ||
		(*length > 0 && memcmp(back, trial_data, (size_t)*length) != 0))
		*length = -1;
	return 0;
}

static int trial_fill(struct volume *volume, const char *path, int fd, struct error *err)
{
	ssize_t put = write(fd, trial_data, sizeof trial_data - 1);

	if (put == sizeof trial_data - 1 && fsync(fd) == 0)
		return 0;
	return write_failed(volume, path, put < 0 || put == sizeof trial_data - 1 ? errno : ENOSPC,
		N_("It cannot be written"), err);
}

/* Everything the volume promises, on the file at path, which is open for writing as fd. */
static int trial_run(struct volume *volume, const char *path, int fd,
	const struct file_traits *traits, struct error *err)
{
	ssize_t length;
	int ret = trial_fill(volume, path, fd, err);

	close(fd);
	if (ret == 0 && traits)
		ret = volume_set_traits(volume, path, traits, FILETIME_NONE, NULL, err);
	if (ret == 0 && volume->traits.short_names)
		ret = volume_set_short_name(volume, path, TRIAL_SHORT, err);
	if (ret == 0)
		ret = volume_set_traits(volume, path, NULL,
			filetime_of(899683200, 0) /* 1998-07-06 */, NULL, err);
	if (ret == 0)
		ret = trial_length(volume, path, &length, err);
	if (ret == 0 && length != sizeof trial_data - 1)
		ret = volume_failed(volume, path, TROUBLE_VERIFY, 0,
			N_("%s: this volume did not keep the data as written."), err);
	return ret;
}

/* One that an earlier trial left behind is ours by what it holds; killed early, it holds less. */
static int trial_clear(struct volume *volume, const char *path, struct error *err)
{
	bool found = false;
	ssize_t length;
	int ret = volume_stat(volume, NULL, path, &found, NULL, NULL, err);

	if (ret == 0 && found)
		ret = trial_length(volume, path, &length, err);
	if (ret != 0 || !found)
		return ret;
	if (length >= 0)
		return volume_remove(volume, path, err);
	ret = volume_failed(volume, path, TROUBLE_MOVED, 0,
		N_("%s already exists, and a trial file would be written under that name."), err);
	return error_advise(err, ret, _("Move it away, then try again."));
}

static char *trial_path(const struct volume *volume, TALLOC_CTX *mem, const char *folder)
{
	return talloc_asprintf(mem, "%s%s%s", folder, *folder ? "\\" : "",
		volume->traits.short_names ? TRIAL_LONG : TRIAL_NAME);
}

int volume_trial(struct volume *volume, const char *folder, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *path = trial_path(volume, tmp, folder);
	struct file_traits *traits;
	int ret = path ? trial_clear(volume, path, err) : error_memory(err), removed, fd;

	if (ret == 0)
		ret = trial_model(volume, tmp, folder, &traits, err);
	if (ret == 0) {
		fd = volume_create(volume, path, err);
		ret = fd < 0 ? fd : trial_run(volume, path, fd, traits, err);
		removed = fd < 0 ? 0 : volume_remove(volume, path, ret == 0 ? err : NULL);
		ret = ret ? ret : removed;
	}
	talloc_free(tmp);
	return ret;
}

int volume_trial_clear(struct volume *volume, const char *folder, struct error *err)
{
	char *path = trial_path(volume, NULL, folder);
	int ret = path ? trial_clear(volume, path, err) : error_memory(err);

	talloc_free(path);
	return ret;
}
