/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The names of a folder, in any case: they say how a name is spelled and whether it has a twin.
 * That it is there is always asked of the disk. The names that were read last are remembered
 * together with what the folder's times were then, so a tree of many files is not read anew for
 * each of them.
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
static size_t names_place(const struct volume_names *names, const char *name)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (text_compare(names->names[middle], name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void volume_names_find(const struct volume_names *names, const char *name, const char *found[2])
{
	size_t at = names->ordered ? names_place(names, name) : 0, count = 0;

	found[0] = found[1] = NULL;
	for (; at < names->count && count < 2; at++) {
		if (text_equal(names->names[at], name))
			found[count++] = names->names[at];
		else if (names->ordered)
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

static int name_add(struct volume_names *names, const char *name)
{
	char **added;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	if (names->count >= VOLUME_NAMES_MAX)
		return -EOVERFLOW;
	added = memory_more(names, &names->names, names->count, sizeof *names->names);
	if (!added || !(*added = talloc_strdup(names, name)))
		return -ENOMEM;
	names->count++;
	return 0;
}

/* Of the folder that dir is open on; 0 or a negative errno. */
static int names_read(struct volume_names *names, int dir)
{
	int fd = volume_open_again(dir, O_RDONLY | O_DIRECTORY), ret = 0;
	DIR *stream = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!stream) {
		ret = -errno;
		if (fd >= 0)
			close(fd);
		return ret;
	}
	while (ret == 0 && (errno = 0, entry = readdir(stream)))
		ret = name_add(names, entry->d_name);
	if (ret == 0)
		ret = -errno;
	closedir(stream);
	return ret;
}

int volume_names_get(struct volume *volume, int dir, const struct volume_names **out)
{
	struct volume_names *names, **place = &volume->folders[volume->folder_next];
	struct stat status;
	bool settled;
	int ret;

	if (fstat(dir, &status) != 0)
		return -errno;
	for (size_t i = 0; i < VOLUME_FOLDERS; i++) {
		*out = volume->folders[i];
		if (*out && same_folder(&(*out)->folder, &status))
			return 0;
	}
	names = talloc_zero(volume, struct volume_names);
	if (!names)
		return -ENOMEM;
	talloc_free(*place);
	*place = names;
	volume->folder_next = (volume->folder_next + 1) % VOLUME_FOLDERS;
	settled = is_settled(volume, &status);
	ret = names_read(names, dir);
	/* Putting them in order pays only where they are asked again. */
	if (ret == 0 && settled) {
		names->folder = status;
		names->ordered = true;
		if (names->count > 1)
			qsort(names->names, names->count, sizeof *names->names, names_compare);
	}
	if (ret != 0)
		TALLOC_FREE(*place);
	*out = *place;
	return ret;
}

void volume_names_forget(struct volume *volume)
{
	for (size_t i = 0; i < VOLUME_FOLDERS; i++)
		TALLOC_FREE(volume->folders[i]);
}

const char *volume_names_short(const struct volume *volume, const struct volume_names *names,
	int dir, TALLOC_CTX *mem, const char *name)
{
	char proc[PROC_FD_ROOM], found[64];
	const char *match = NULL;

	if (!volume->traits.short_names || !strchr(name, '~') || strlen(name) > 12)
		return NULL;
	proc_fd(proc, dir);
	for (size_t i = 0; i < names->count && !match; i++) {
		char *entry = talloc_asprintf(mem, "%s/%s", proc, names->names[i]);
		if (entry && volume_short_name_at(entry, found, sizeof found) &&
			text_equal(found, name))
			match = names->names[i];
		talloc_free(entry);
	}
	return match;
}
