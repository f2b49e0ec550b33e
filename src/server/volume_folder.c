/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of a folder, in any case: they say how a name is spelled and whether it has a twin.
 * That it is there is always asked of the disk. The folders that were read last are remembered,
 * open, together with what their times were then, so a tree of many files is not read anew for
 * each of them. What this program changes itself is changed in the names as well.
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
#define TICK (FILETIME_SECOND / 50)
/* To read so many names over and over costs more than to wait for the times to tell. */
#define MANY_NAMES 128
#define BLOCK 32768

int volume_name_compare(const char *a, const char *b)
{
	int order = text_compare(a, b);

	return order ? order : strcmp(a, b);
}

static int names_compare(const void *a, const void *b)
{
	return volume_name_compare(*(const char *const *)a, *(const char *const *)b);
}

/* The first place whose name is not before this one, of names in order. */
static size_t names_place(const struct volume_folder *folder, const char *name)
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

void volume_names_find(const struct volume_folder *folder, const char *name, const char *found[2])
{
	size_t at = folder->remembered ? names_place(folder, name) : 0, count = 0;

	found[0] = found[1] = NULL;
	for (; at < folder->count && count < 2; at++) {
		if (text_equal(folder->names[at], name))
			found[count++] = folder->names[at];
		else if (folder->remembered)
			break;
	}
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_folder(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

/* Whether a change that follows at once may leave this time as it is. */
static bool is_recent(const struct volume *volume, struct timespec then)
{
	struct timespec now;
	int64_t age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = filetime_of(now.tv_sec, (uint32_t)now.tv_nsec) -
		filetime_of(then.tv_sec, (uint32_t)then.tv_nsec);
	return age >= 0 && age <= TICK + 2 * volume->traits.time_grain;
}

/* Whether a further change of the folder would show in its times. The root folder of a FAT volume
 * has none. */
static bool is_settled(const struct volume *volume, const struct stat *folder)
{
	return volume->honest_times && folder->st_mtim.tv_sec != 0 &&
		!is_recent(volume, folder->st_mtim) && !is_recent(volume, folder->st_ctim);
}

static int name_add(struct volume_folder *folder, const char *name)
{
	char **added;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (folder->count >= VOLUME_NAMES_MAX)
		return -EOVERFLOW;
	added = memory_more(folder, &folder->names, folder->count, sizeof *folder->names);
	if (!added)
		return -ENOMEM;
	*added = talloc_strdup(folder->names, name);
	if (!*added)
		return -ENOMEM;
	folder->count++;
	return 0;
}

/* From the descriptor itself: opendir would open the folder a second time. 0 or a negative
 * errno. */
static int names_read(struct volume_folder *folder)
{
	_Alignas(struct dirent64) char block[BLOCK];
	ssize_t len = lseek(folder->fd, 0, SEEK_SET) < 0 ? -1 : 1;
	int ret = 0;

	TALLOC_FREE(folder->names);
	folder->count = 0;
	while (ret == 0 && len > 0) {
		const struct dirent64 *entry;

		len = getdents64(folder->fd, block, sizeof block);
		for (ssize_t at = 0; ret == 0 && at < len; at += entry->d_reclen) {
			entry = (const void *)(block + at);
			ret = name_add(folder, entry->d_name);
		}
	}
	return ret == 0 && len < 0 ? -errno : ret;
}

/* A descriptor or a negative errno. */
static int folder_open(const struct volume *volume, const struct volume_location *location)
{
	int flags = O_RDONLY | O_DIRECTORY,
	    fd = volume_open_location(volume, location, flags | O_NOATIME, 0);

	return fd == -EPERM ? volume_open_location(volume, location, flags, 0) : fd;
}

/* Whether waiting a little makes the times tell every further change. */
static bool is_worth_waiting(const struct volume *volume, const struct volume_folder *folder)
{
	return folder->count >= MANY_NAMES && volume->honest_times &&
		volume->traits.time_grain < TICK && folder->status.st_mtim.tv_sec != 0;
}

/* 0 or a negative errno. */
static int folder_read(const struct volume *volume, struct volume_folder *folder)
{
	int ret = names_read(folder);

	folder->remembered = is_settled(volume, &folder->status);
	if (ret == 0 && !folder->remembered && is_worth_waiting(volume, folder)) {
		int64_t wait = (TICK + 2 * volume->traits.time_grain) * 100 + 1000000;
		nanosleep(&(struct timespec){ .tv_nsec = (long)wait }, NULL);
		if (fstat(folder->fd, &folder->status) != 0)
			return -errno;
		folder->remembered = is_settled(volume, &folder->status);
		ret = names_read(folder);
	}
	/* Putting them in order pays only where they are asked again. */
	if (ret == 0 && folder->remembered && folder->count > 1)
		qsort(folder->names, folder->count, sizeof *folder->names, names_compare);
	return ret;
}

static int folder_close(struct volume_folder *folder)
{
	close(folder->fd);
	return 0;
}

/* fd becomes the folder's. */
static struct volume_folder *folder_new(TALLOC_CTX *mem, const char *real, int fd)
{
	struct volume_folder *folder = talloc_zero(mem, struct volume_folder);

	if (!folder) {
		close(fd);
		return NULL;
	}
	folder->fd = fd;
	talloc_set_destructor(folder, folder_close);
	folder->real = talloc_strdup(folder, real);
	if (!folder->real)
		TALLOC_FREE(folder);
	else
		folder->len = strlen(real);
	return folder;
}

/* The slot of the folder remembered at real, or the one to be used next. */
static struct volume_folder **slot_find(struct volume *volume, const char *real)
{
	size_t len = strlen(real);

	for (size_t i = 0; i < VOLUME_FOLDERS; i++) {
		struct volume_folder *folder = volume->folders[i];
		if (folder && folder->len == len && memcmp(folder->real, real, len) == 0)
			return &volume->folders[i];
	}
	return &volume->folders[volume->folder_next];
}

static void folder_remember(struct volume *volume, struct volume_folder **slot,
	struct volume_folder *folder)
{
	if (slot == &volume->folders[volume->folder_next])
		volume->folder_next = (volume->folder_next + 1) % VOLUME_FOLDERS;
	/* Whoever keeps the one before it goes on keeping it. */
	if (*slot)
		talloc_unlink(volume, *slot);
	*slot = talloc_steal(volume, folder);
}

void volume_folder_moved(struct volume *volume, const char *real)
{
	size_t len = strlen(real);

	for (size_t i = 0; i < VOLUME_FOLDERS; i++) {
		struct volume_folder *folder = volume->folders[i];
		if (folder && folder->len >= len && memcmp(folder->real, real, len) == 0 &&
			(len == 0 || folder->real[len] == '/' || folder->real[len] == '\0'))
			folder->sure = false;
	}
}

int volume_folder_get(struct volume *volume, TALLOC_CTX *mem,
	const struct volume_location *location, struct volume_folder **out)
{
	struct volume_folder **slot = slot_find(volume, location->real), *known = *slot;
	struct stat status;
	int fd, ret;

	if (known && strcmp(known->real, location->real) != 0)
		known = NULL;
	*out = known;
	if (known && known->sure && fstat(known->fd, &status) == 0 &&
		same_folder(&known->status, &status))
		return 0;
	fd = folder_open(volume, location);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) != 0) {
		ret = -errno;
		close(fd);
		return ret;
	}
	if (known && same_folder(&known->status, &status)) {
		close(fd);
		known->sure = true;
		return 0;
	}
	*out = folder_new(mem, location->real, fd);
	if (!*out)
		return -ENOMEM;
	/* It changed, so what lies below may be something else by now. */
	volume_folder_moved(volume, location->real);
	(*out)->status = status;
	(*out)->sure = true;
	ret = folder_read(volume, *out);
	if (ret == 0 && (*out)->remembered)
		folder_remember(volume, slot, *out);
	return ret;
}

int volume_folder_keep(const struct volume *volume, TALLOC_CTX *mem, struct volume_folder *folder)
{
	if (talloc_parent(folder) != volume)
		return 0;
	return talloc_reference(mem, folder) ? 0 : -ENOMEM;
}

static void name_take(struct volume_folder *folder, const char *name)
{
	for (size_t at = names_place(folder, name); at < folder->count; at++) {
		if (strcmp(folder->names[at], name) != 0)
			continue;
		talloc_free(folder->names[at]);
		memmove(&folder->names[at], &folder->names[at + 1],
			(--folder->count - at) * sizeof *folder->names);
		return;
	}
}

/* 0 or a negative errno. */
static int name_put(struct volume_folder *folder, const char *name)
{
	size_t at = names_place(folder, name);
	char *added;
	int ret;

	while (at < folder->count && volume_name_compare(folder->names[at], name) < 0)
		at++;
	if (at < folder->count && strcmp(folder->names[at], name) == 0)
		return 0;
	ret = name_add(folder, name);
	if (ret != 0)
		return ret;
	added = folder->names[folder->count - 1];
	memmove(&folder->names[at + 1], &folder->names[at],
		(folder->count - 1 - at) * sizeof *folder->names);
	folder->names[at] = added;
	return 0;
}

void volume_folder_changed(struct volume_folder *folder, const char *gone, const char *come)
{
	if (!folder->remembered)
		return;
	if (gone)
		name_take(folder, gone);
	/* What is not known to hold never looks as it did. */
	if ((come && name_put(folder, come) != 0) || fstat(folder->fd, &folder->status) != 0)
		folder->status = (struct stat){ 0 };
}

void volume_folder_forget(struct volume *volume, const struct stat *status)
{
	for (size_t i = 0; i < VOLUME_FOLDERS; i++) {
		struct volume_folder *folder = volume->folders[i];
		if (folder && folder->status.st_ino == status->st_ino)
			folder->status = (struct stat){ 0 };
	}
}

const char *volume_names_short(const struct volume *volume, const struct volume_folder *folder,
	TALLOC_CTX *mem, const char *name)
{
	char proc[PROC_FD_ROOM], found[64];
	const char *match = NULL;

	if (!volume->traits.short_names || !strchr(name, '~') || strlen(name) > 12)
		return NULL;
	proc_fd(proc, folder->fd);
	for (size_t i = 0; i < folder->count && !match; i++) {
		char *entry = talloc_asprintf(mem, "%s/%s", proc, folder->names[i]);
		if (entry && volume_short_name_at(entry, found, sizeof found) &&
			text_equal(found, name))
			match = folder->names[i];
		talloc_free(entry);
	}
	return match;
}
