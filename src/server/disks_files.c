/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of the drives: full paths go to the volume of their letter. */
#include "server/disks_private.h"

#include <unistd.h>

#include "base/i18n.h"

struct server_file {
	int fd;
	char *path; /* full */
};

int disks_drives(struct server *server, TALLOC_CTX *mem, char **letters, struct error *err)
{
	*letters = talloc_strdup(mem, disks_of(server)->letters);
	return *letters ? 0 : error_memory(err);
}

int disks_stat(struct server *server, TALLOC_CTX *mem, const char *path, bool *found,
	struct file_meta *meta, char **real, struct error *err)
{
	struct disks_place at;
	char *spelled = NULL;
	int ret = disks_path(disks_of(server), path, &at, err);

	if (ret == 0)
		ret = volume_stat(at.volume, mem, at.below, found, meta, real ? &spelled : NULL,
			err);
	if (ret != 0 || !real)
		return ret;
	*real = NULL;
	if (!*found)
		return 0;
	*real = talloc_asprintf(mem, "%c:\\%s", volume_letter(at.volume), spelled);
	talloc_free(spelled);
	return *real ? 0 : error_memory(err);
}

int disks_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_list(at.volume, mem, at.below, list, err) : ret;
}

int disks_short_name(struct server *server, TALLOC_CTX *mem, const char *path, char **name,
	struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_short_name(at.volume, mem, at.below, name, err) : ret;
}

int disks_identity(struct server *server, const char *path, struct file_identity *identity,
	struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_identity(at.volume, at.below, identity, err) : ret;
}

int disks_drives_nested(struct server *server, char pair[2], struct error *err)
{
	const struct disks *disks = disks_of(server);
	bool lies = false;
	int ret = 0;

	for (int i = 0; ret == 0 && !lies && i < DISKS_LETTERS * DISKS_LETTERS; i++) {
		const struct volume *inner = disks->volumes[i / DISKS_LETTERS],
				    *outer = disks->volumes[i % DISKS_LETTERS];

		if (!inner || !outer || inner == outer)
			continue;
		ret = volume_lies_in(inner, outer, &lies, err);
		pair[0] = volume_letter(inner);
		pair[1] = volume_letter(outer);
	}
	if (!lies)
		pair[0] = pair[1] = '\0';
	return ret;
}

int disks_room(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_room(at.volume, bytes, err) : ret;
}

int disks_volume_traits(struct server *server, char letter, struct volume_traits *traits,
	struct error *err)
{
	char root[] = { letter, ':', '\\', '\0' };
	struct disks_place at;
	int ret = disks_path(disks_of(server), root, &at, err);

	if (ret == 0) {
		*traits = *volume_traits(at.volume);
		traits->read_only = traits->read_only && !disks_of(server)->later;
	}
	return ret;
}

int disks_traits_rehearse(struct disks *disks, const char *path, struct error *err)
{
	struct server_rehearsal *rehearsal = disks->base.rehearsing;
	struct disks_place at;
	struct error note = { 0 };
	int ret = disks_path(disks, path, &at, err);

	if (ret == 0)
		ret = volume_traits_check(at.volume, at.below, &note, err);
	if (*note.text && rehearsal->notes++ == 0)
		rehearsal->note = note;
	return ret;
}

static int file_close(struct server_file *file)
{
	close(file->fd);
	return 0;
}

int disks_file_open(struct server *server, TALLOC_CTX *mem, const char *path,
	struct server_file **file, uint64_t *size, struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);
	int fd = ret == 0 ? volume_open_file(at.volume, at.below, size, err) : ret;

	if (fd < 0)
		return fd;
	*file = talloc_zero(mem, struct server_file);
	if (*file)
		(*file)->path = talloc_strdup(*file, path);
	if (!*file || !(*file)->path) {
		talloc_free(*file);
		close(fd);
		return error_memory(err);
	}
	(*file)->fd = fd;
	talloc_set_destructor(*file, file_close);
	return 0;
}

int disks_file_read(struct server_file *file, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	return disks_pread(file->fd, file->path, off, buf, len, got, err);
}

static int traits_of(struct server *server, TALLOC_CTX *mem, const char *path,
	struct file_traits **traits, struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_traits_read(at.volume, mem, at.below, traits, err) : ret;
}

int disks_stream_lost(struct server *server, TALLOC_CTX *mem, const char *from, const char *to,
	char **what, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct file_traits *had, *has = NULL;
	const char *lost = NULL;
	int ret = traits_of(server, tmp, from, &had, err);

	/* Most files have none. */
	if (ret == 0 && (lost = file_stream_lost(had, NULL)) && to &&
		(ret = traits_of(server, tmp, to, &has, err)) == 0)
		lost = file_stream_lost(had, has);
	*what = ret == 0 && lost ? talloc_strdup(mem, lost) : NULL;
	if (ret == 0 && lost && !*what)
		ret = error_memory(err);
	talloc_free(tmp);
	return ret;
}

/* By reading alone: whether the name can be, and the traits can be carried. */
static int mkdir_rehearse(struct disks *disks, const char *path, const char *traits_from,
	struct error *err)
{
	bool found;
	int ret = disks_stat(&disks->base, NULL, path, &found, NULL, NULL, err);

	return ret == 0 && traits_from ? disks_traits_rehearse(disks, traits_from, err) : ret;
}

int disks_mkdir(struct server *server, const char *path, const char *traits_from, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct disks_place at;
	struct file_traits *traits = NULL;
	int ret = disks_path_write(disks_of(server), path, &at, err);

	if (ret == 0 && server->rehearsing) {
		ret = mkdir_rehearse(disks_of(server), path, traits_from, err);
	} else if (ret == 0) {
		if (traits_from)
			ret = traits_of(server, tmp, traits_from, &traits, err);
		if (ret == 0)
			ret = volume_mkdir(at.volume, at.below, err);
		if (ret == 0 && traits)
			ret = volume_set_traits(at.volume, at.below, traits, FILETIME_NONE, NULL,
				err);
	}
	talloc_free(tmp);
	return ret;
}

int disks_trial(struct server *server, const char *folder, struct error *err)
{
	struct disks_place at;
	int ret = disks_path_write(disks_of(server), folder, &at, err);

	return ret == 0 ? volume_trial(at.volume, at.below, err) : ret;
}

int disks_trial_clear(struct server *server, const char *folder, int64_t mtime, struct error *err)
{
	struct disks_place at;
	int ret = disks_path_write(disks_of(server), folder, &at, err);

	if (ret == 0)
		ret = volume_trial_clear(at.volume, at.below, err);
	if (ret == 0)
		ret = volume_set_traits(at.volume, at.below, NULL, mtime, NULL, err);
	return ret == 0 ? volume_sync_folder(at.volume, at.below, err) : ret;
}

int disks_holds(struct server *server, const char *path, const char *outside, bool *holds,
	struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_holds(at.volume, at.below, outside, holds, err) : ret;
}

int disks_remove(struct server *server, const char *path, struct error *err)
{
	struct disks_place at;
	int ret = disks_path_write(disks_of(server), path, &at, err);

	return ret == 0 ? volume_remove(at.volume, at.below, err) : ret;
}

int disks_rename(struct server *server, const char *from, const char *to, struct error *err)
{
	struct disks_place at, goal;
	int ret = disks_path(disks_of(server), from, &at, err);

	if (ret == 0)
		ret = disks_path_write(disks_of(server), to, &goal, err);
	if (ret != 0)
		return ret;
	if (at.volume != goal.volume)
		return error_set(err, TROUBLE_BUG,
			_("A file cannot be renamed from drive %c: to drive %c:."),
			volume_letter(at.volume), volume_letter(goal.volume));
	return volume_rename(at.volume, at.below, goal.below, false, err);
}

int disks_set_time(struct server *server, const char *path, int64_t mtime, struct error *err)
{
	struct disks *disks = disks_of(server);
	struct file_identity identity = { .shared = false };
	struct disks_place at;
	int ret = disks_path_write(disks, path, &at, err);

	/* Its time is that of every name it has. */
	if (ret == 0)
		ret = volume_identity(at.volume, at.below, &identity, err);
	if (ret == 0 && identity.shared)
		ret = error_set(err, TROUBLE_LINK,
			_("%s has another name as well (a hard link): its time stays."), path);
	/* An open registry file would be taken for one that somebody else writes to. */
	disks_hives_close(disks);
	return ret == 0 ? volume_set_traits(at.volume, at.below, NULL, mtime, NULL, err) : ret;
}

int disks_sync(struct server *server, char letter, struct error *err)
{
	char root[] = { letter, ':', '\\', '\0' };
	struct disks_place at;
	int ret = disks_path(disks_of(server), root, &at, err);

	return ret == 0 ? volume_sync(at.volume, err) : ret;
}

int disks_sync_folder(struct server *server, const char *path, struct error *err)
{
	struct disks_place at;
	int ret = disks_path(disks_of(server), path, &at, err);

	return ret == 0 ? volume_sync_folder(at.volume, at.below, err) : ret;
}

int disks_lock(struct server *server, struct error *err)
{
	struct disks *disks = disks_of(server);
	struct disks_place at;
	int ret;

	if (disks->lock >= 0)
		return 0;
	ret = disks_path(disks, disks->config, &at, err);
	if (ret != 0)
		return ret;
	ret = volume_lock(at.volume, at.below, err);
	if (ret < 0)
		return ret;
	disks->lock = ret;
	return 0;
}
