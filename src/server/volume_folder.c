/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of the folders that were read, remembered until the folders change.
 *
 * What is remembered says how names are spelled and whether one has a twin; that a name is there or not is always asked
 * of the disk. A folder's descriptor is remembered with it, and forgotten when it or one above it changed.
 */
#include "server/volume_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

/* A change within one tick of the kernel's clock may leave a folder's times as they were. */
#define TICK_NS 20000000
#define HASTY_NS 100000000
#define BLOCK 32768

static int names_compare(const void *a, const void *b)
{
	const char *const *left = a;
	const char *const *right = b;
	int order = text_compare(*left, *right);

	return order ? order : strcmp(*left, *right);
}

size_t volume_folder_place(const struct volume_folder *folder, const char *name)
{
	size_t low = 0, high = folder->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (text_compare(folder->names[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct folder_stamp stamp_of(const struct stat *status)
{
	return (struct folder_stamp){ status->st_dev, status->st_ino, status->st_mtim, status->st_ctim };
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool stamp_equal(const struct folder_stamp *a, const struct folder_stamp *b)
{
	return a->dev == b->dev && a->ino == b->ino && same_time(a->mtime, b->mtime) && same_time(a->ctime, b->ctime);
}

/* Nanoseconds since a moment; INT64_MAX if it is long ago or in the future. */
static int64_t age_of(struct timespec then)
{
	struct timespec now;
	int64_t seconds;

	clock_gettime(CLOCK_REALTIME, &now);
	seconds = (int64_t)now.tv_sec - (int64_t)then.tv_sec;
	if (seconds < 0 || seconds > 3600)
		return INT64_MAX;
	seconds = seconds * 1000000000 + now.tv_nsec - then.tv_nsec;
	return seconds < 0 ? INT64_MAX : seconds;
}

/* Whether a further change would show in the stamp. One that follows at once may not: then the names hold for this time
 * only. A folder that is asked for again so soon is worth waiting until it does, or its own changes would have it read
 * over and over. */
static bool stamp_settled(const struct volume *volume, struct volume_folder *folder)
{
	int64_t age_m = age_of(folder->stamp.mtime), age_c = age_of(folder->stamp.ctime);
	int64_t age = age_m < age_c ? age_m : age_c;
	bool again = folder->unsettled;

	/* The root folder of a FAT volume has no times. */
	if (!volume->honest_stamps || folder->stamp.mtime.tv_sec == 0)
		return false;
	if (volume->traits.time_grain >= FILETIME_SECOND)
		return age / 100 > 2 * volume->traits.time_grain;
	folder->unsettled = age <= TICK_NS;
	if (!folder->unsettled || !again)
		return !folder->unsettled;
	nanosleep(&(struct timespec){ .tv_nsec = TICK_NS - age + 1000000 }, NULL);
	folder->unsettled = false;
	return true;
}

static void folder_empty(struct volume_folder *folder)
{
	for (size_t i = 0; i < folder->count; i++)
		free(folder->names[i]);
	folder->count = 0;
}

static int folder_add(struct volume_folder *folder, const char *name)
{
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (folder->count >= VOLUME_NAMES_MAX)
		return -EOVERFLOW;
	if (!memory_more(folder, &folder->names, folder->count, sizeof *folder->names))
		return -ENOMEM;
	folder->names[folder->count] = strdup(name);
	if (!folder->names[folder->count])
		return -ENOMEM;
	folder->count++;
	return 0;
}

/* From the descriptor itself: opendir and its kin would ask again what it is. */
static int folder_add_all(struct volume_folder *folder)
{
	_Alignas(struct dirent64) char block[BLOCK];
	ssize_t len = lseek(folder->fd, 0, SEEK_SET) < 0 ? -1 : 1;
	int ret = 0;

	folder_empty(folder);
	while (ret == 0 && len > 0) {
		const struct dirent64 *entry;

		len = getdents64(folder->fd, block, sizeof block);
		for (ssize_t at = 0; ret == 0 && at < len; at += entry->d_reclen) {
			entry = (const void *)(block + at);
			ret = folder_add(folder, entry->d_name);
		}
	}
	return ret == 0 && len < 0 ? -errno : ret;
}

/* 0 or a negative errno. */
static int folder_open(const struct volume *volume, struct volume_folder *folder)
{
	if (folder->fd >= 0)
		return 0;
	folder->fd = volume_beneath(volume, folder->real, O_RDONLY | O_DIRECTORY | O_NOATIME, 0);
	if (folder->fd == -EPERM)
		folder->fd = volume_beneath(volume, folder->real, O_RDONLY | O_DIRECTORY, 0);
	return folder->fd < 0 ? folder->fd : 0;
}

int volume_folder_fd(const struct volume *volume, struct volume_folder *folder)
{
	int ret = folder_open(volume, folder);

	return ret < 0 ? ret : folder->fd;
}

/* Reads the folder's names. 0 or a negative errno. */
static int folder_read(const struct volume *volume, struct volume_folder *folder)
{
	struct stat status;
	int ret = folder_open(volume, folder);

	folder->trusted = false;
	if (ret != 0)
		return ret;
	if (fstat(folder->fd, &status) != 0)
		return -errno;
	folder->stamp = stamp_of(&status);
	folder->trusted = stamp_settled(volume, folder);
	ret = folder_add_all(folder);
	if (ret != 0)
		folder->trusted = false;
	else if (folder->count > 1)
		qsort(folder->names, folder->count, sizeof *folder->names, names_compare);
	folder->still = ret == 0 ? volume->still : 0;
	return ret;
}

static void folder_close(struct volume_folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
	folder->trusted = false;
}

static int folder_free(struct volume_folder *folder)
{
	folder_close(folder);
	folder_empty(folder);
	return 0;
}

void volume_forget(struct volume *volume, const char *real)
{
	size_t len = strlen(real);

	for (struct volume_folder *folder = volume->folders; folder; folder = folder->next)
		if (len == 0 ||
		    (strncmp(folder->real, real, len) == 0 && (folder->real[len] == '/' || folder->real[len] == '\0')))
			folder_close(folder);
}

/* Whether what is remembered still holds. */
static bool folder_holds(const struct volume *volume, struct volume_folder *folder, bool hasty)
{
	struct stat status;
	struct folder_stamp now;
	int64_t moment;

	if (folder->fd >= 0 && volume->still && folder->still == volume->still)
		return true;
	if (folder->fd < 0 || !folder->trusted)
		return false;
	moment = volume->fuse ? time_monotonic() : 0;
	if (volume->fuse && hasty && moment - folder->checked < HASTY_NS)
		return true;
	if (fstat(folder->fd, &status) != 0)
		return false;
	now = stamp_of(&status);
	folder->checked = moment;
	folder->still = volume->still;
	return stamp_equal(&now, &folder->stamp);
}

void volume_still(struct volume *volume, bool still)
{
	volume->still = still ? ++volume->stills : 0;
}

void volume_folders_trim(struct volume *volume)
{
	struct volume_folder **link = &volume->folders;

	if (volume->folder_count <= VOLUME_FOLDERS)
		return;
	for (size_t i = 0; *link && i < VOLUME_FOLDERS / 2; i++)
		link = &(*link)->next;
	while (*link) {
		struct volume_folder *folder = *link;
		*link = folder->next;
		talloc_free(folder);
		volume->folder_count--;
	}
}

static struct volume_folder *folder_find(struct volume *volume, const char *real)
{
	for (struct volume_folder **link = &volume->folders; *link; link = &(*link)->next) {
		struct volume_folder *folder = *link;
		if (strcmp(folder->real, real) != 0)
			continue;
		*link = folder->next;
		folder->next = volume->folders;
		volume->folders = folder;
		return folder;
	}
	return NULL;
}

static struct volume_folder *folder_make(struct volume *volume, const char *real)
{
	struct volume_folder *folder = talloc_zero(volume, struct volume_folder);

	if (!folder)
		return NULL;
	folder->fd = -1;
	talloc_set_destructor(folder, folder_free);
	folder->real = talloc_strdup(folder, real);
	if (!folder->real) {
		talloc_free(folder);
		return NULL;
	}
	folder->next = volume->folders;
	volume->folders = folder;
	volume->folder_count++;
	return folder;
}

int volume_folder_get(struct volume *volume, const char *real, bool hasty, struct volume_folder **out)
{
	struct volume_folder *folder = folder_find(volume, real);

	*out = folder;
	if (folder && folder_holds(volume, folder, hasty))
		return 0;
	if (!folder)
		folder = folder_make(volume, real);
	else
		/* It changed, so what lies below may be something else by now. */
		volume_forget(volume, real);
	*out = folder;
	return folder ? folder_read(volume, folder) : -ENOMEM;
}

void volume_folder_touched(struct volume_folder *folder)
{
	struct stat status;

	if (folder->fd < 0 || fstat(folder->fd, &status) != 0)
		folder->trusted = false;
	else
		folder->stamp = stamp_of(&status);
	folder->checked = time_monotonic();
}

void volume_folder_changed(struct volume *volume, const struct stat *before)
{
	struct folder_stamp stamp = stamp_of(before);

	for (struct volume_folder *folder = S_ISDIR(before->st_mode) ? volume->folders : NULL; folder;
	     folder = folder->next)
		if (folder->fd >= 0 && stamp_equal(&folder->stamp, &stamp))
			volume_folder_touched(folder);
}

void volume_folder_born(struct volume *volume, const char *real)
{
	struct volume_folder *folder = folder_find(volume, real);
	struct stat status;

	if (!folder)
		folder = folder_make(volume, real);
	if (!folder)
		return;
	folder_close(folder);
	folder_empty(folder);
	if (!volume->honest_stamps || folder_open(volume, folder) != 0 || fstat(folder->fd, &status) != 0)
		return;
	folder->stamp = stamp_of(&status);
	folder->trusted = folder->stamp.mtime.tv_sec != 0;
}

void volume_folder_added(struct volume_folder *folder, const char *name)
{
	size_t place = volume_folder_place(folder, name);
	char *copy = strdup(name);

	if (folder->fd < 0 || !copy || !memory_more(folder, &folder->names, folder->count, sizeof *folder->names)) {
		free(copy);
		folder->trusted = false;
		return;
	}
	memmove(folder->names + place + 1, folder->names + place, (folder->count - place) * sizeof *folder->names);
	folder->names[place] = copy;
	folder->count++;
	volume_folder_touched(folder);
}

void volume_folder_removed(struct volume_folder *folder, const char *name)
{
	for (size_t i = volume_folder_place(folder, name); i < folder->count; i++) {
		if (strcmp(folder->names[i], name) != 0)
			continue;
		free(folder->names[i]);
		folder->count--;
		memmove(folder->names + i, folder->names + i + 1, (folder->count - i) * sizeof *folder->names);
		break;
	}
	volume_folder_touched(folder);
}

const char *volume_folder_short(const struct volume *volume, const struct volume_folder *folder, TALLOC_CTX *mem,
				const char *name)
{
	char proc[PROC_FD_ROOM], found[64];
	const char *match = NULL;

	if (!volume->traits.short_names || !strchr(name, '~') || strlen(name) > 12)
		return NULL;
	proc_fd(proc, folder->fd);
	for (size_t i = 0; i < folder->count && !match; i++) {
		char *entry = talloc_asprintf(mem, "%s/%s", proc, folder->names[i]);
		if (entry && volume_short_name_at(entry, found, sizeof found) && text_equal(found, name))
			match = folder->names[i];
		talloc_free(entry);
	}
	return match;
}
