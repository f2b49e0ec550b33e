/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a running server, by the shares of its drives. */
#include "server/remote_files.h"

#include <string.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "nt/path.h"

/* Of a file or a stage that is read: it is opened again where the connection broke. */
struct server_file {
	struct remote *remote;
	char *path; /* as listings spell it */
	uint32_t handle;
	unsigned session; /* of the handle; 0: closed */
};

enum { READ_MOST = 1 << 20 };

/* ---- looking ---- */

int remote_drives(struct server *server, TALLOC_CTX *mem, char **letters, struct error *err)
{
	*letters = talloc_strdup(mem, remote_of(server)->letters);
	return *letters ? 0 : error_memory(err);
}

int remote_stat(struct server *server, TALLOC_CTX *mem, const char *path, bool *found,
	struct file_meta *meta, char **real, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret = remote_find(remote_of(server), tmp, path, &spot, err);

	if (ret == 0) {
		*found = spot.found;
		if (meta && spot.found)
			*meta = spot.entry.meta;
		if (real)
			*real = spot.found ? talloc_strdup(mem, spot.real) : NULL;
		if (real && spot.found && !*real)
			ret = error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

static int list_copy(TALLOC_CTX *mem, const struct remote_folder *folder, struct entry_list *list,
	struct error *err)
{
	list->entries = memory_array_zero(mem, sizeof *list->entries, folder->count);
	if (!list->entries)
		return error_memory(err);
	for (size_t i = 0; i < folder->count; i++) {
		list->entries[i].meta = folder->entries[i].meta;
		list->entries[i].name = talloc_strdup(list->entries, folder->entries[i].name);
		if (!list->entries[i].name)
			return error_memory(err);
	}
	list->count = folder->count;
	return 0;
}

int remote_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	const struct remote_folder *folder;
	struct remote_spot spot;
	int ret = remote_find_there(remote, tmp, path, &spot, err);

	*list = (struct entry_list){ 0 };
	if (ret == 0 && spot.entry.meta.kind != ENTRY_FOLDER)
		ret = error_set(err, TROUBLE_LINK, _("%s is not a folder."), path);
	if (ret == 0)
		ret = remote_folder_get(remote, spot.real, true, &folder, err);
	if (ret == 0)
		ret = list_copy(mem, folder, list, err);
	talloc_free(tmp);
	return ret;
}

int remote_short_name(struct server *server, TALLOC_CTX *mem, const char *path, char **name,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret = remote_find_there(remote_of(server), tmp, path, &spot, err);

	*name = NULL;
	if (ret == 0 && spot.entry.short_name && *spot.entry.short_name) {
		*name = talloc_strdup(mem, spot.entry.short_name);
		ret = *name ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* The protocol numbers no files: one is itself by the path that listings spell. */
int remote_identity(struct server *server, const char *path, struct file_identity *identity,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	struct digest digest;
	int ret = remote_find_there(remote_of(server), tmp, path, &spot, err);

	if (ret == 0) {
		digest = digest_of(spot.real, strlen(spot.real));
		memset(identity, 0, sizeof *identity);
		identity->device = (uint64_t)spot.real[0];
		identity->inode = get64(digest.bytes);
	}
	talloc_free(tmp);
	return ret;
}

/* Each is the root of a volume. */
int remote_drives_nested(struct server *server, char pair[2], struct error *err)
{
	(void)server;
	(void)err;
	pair[0] = pair[1] = '\0';
	return 0;
}

int remote_stream_lost(struct server *server, TALLOC_CTX *mem, const char *from, const char *to,
	char **what, struct error *err)
{
	(void)server;
	(void)mem;
	(void)to;
	*what = NULL;
	return error_set(err, TROUBLE_CANNOT,
		_("Whether %s has further streams cannot be seen over the network."), from);
}

int remote_room(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	char root[] = { path[0], ':', '\\', '\0' };
	const struct remote_request request = { .verb = FRAME_ROOM,
		.path = root,
		.what = N_("The room on %s cannot be asked for") };
	struct frame_reader reply;
	struct remote_spot spot;
	int ret = remote_find(remote, tmp, root, &spot, err);
	bool known = ret == 0 && remote_room_known(remote, *spot.real, bytes);

	if (ret == 0 && !known)
		ret = remote_file_ask(remote, tmp, &request, &reply, err);
	if (ret == 0 && !known) {
		*bytes = frame_get64(&reply);
		ret = frame_done(&reply) ? 0 : remote_nonsense(err);
	}
	if (ret == 0 && !known)
		remote_room_keep(remote, *spot.real, *bytes);
	talloc_free(tmp);
	return ret;
}

int remote_volume_traits(struct server *server, char letter, struct volume_traits *traits,
	struct error *err)
{
	(void)server;
	(void)traits;
	return error_set(err, TROUBLE_CANNOT,
		_("What lies below drive %c: of a running server cannot be seen over the network."),
		letter);
}

/* The server keeps its own registry of what lies on this machine: nothing. */
int remote_holds(struct server *server, const char *path, const char *outside, bool *holds,
	struct error *err)
{
	(void)server;
	(void)path;
	(void)outside;
	(void)err;
	*holds = false;
	return 0;
}

/* ---- reading ---- */

static int file_close(struct server_file *file)
{
	struct remote *remote = file->remote;
	struct frame_writer body;

	if (file->session != remote->session || !remote->link || link_broken(remote->link))
		return 0;
	frame_begin(&body, remote);
	frame_put32(&body, file->handle);
	(void)remote_body_ask(remote, remote, FRAME_CLOSE, &body, NULL, N_("%s cannot be closed"),
		file->path, NULL);
	return 0;
}

static int file_again(struct server_file *file, uint64_t *size, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_OPEN,
		.path = file->path,
		.what = N_("%s cannot be opened") };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_reader reply;
	int ret = remote_file_ask(file->remote, tmp, &request, &reply, err);

	if (ret == 0) {
		file->handle = frame_get32(&reply);
		*size = frame_get64(&reply);
		file->session = file->remote->session;
		ret = frame_done(&reply) ? 0 : remote_nonsense(err);
	}
	talloc_free(tmp);
	return ret;
}

int remote_file_open(struct server *server, TALLOC_CTX *mem, const char *path,
	struct server_file **made, uint64_t *size, struct error *err)
{
	struct server_file *file = talloc_zero(mem, struct server_file);
	struct remote_spot spot;
	uint64_t now;
	int ret;

	if (!file)
		return error_memory(err);
	file->remote = remote_of(server);
	ret = remote_find_use(file->remote, file, path, &spot, err);
	if (ret == 0 && spot.entry.meta.kind != ENTRY_FILE)
		ret = error_set(err, TROUBLE_LINK, _("%s is not a file."), path);
	file->path = spot.real;
	if (ret == 0)
		ret = file_again(file, &now, err);
	if (ret != 0) {
		talloc_free(file);
		return ret;
	}
	talloc_set_destructor(file, file_close);
	if (size)
		*size = now;
	*made = file;
	return 0;
}

static int read_once(struct server_file *file, uint64_t off, uint8_t *buf, size_t len, size_t *got,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_writer body;
	struct frame_reader reply;
	const uint8_t *bytes;
	uint64_t size;
	int ret = remote_connected(file->remote, err);

	if (ret == 0 && file->session != file->remote->session)
		ret = file_again(file, &size, err);
	if (ret == 0) {
		frame_begin(&body, tmp);
		frame_put32(&body, file->handle);
		frame_put64(&body, off);
		frame_put32(&body, (uint32_t)len);
		ret = remote_body_ask(file->remote, tmp, FRAME_READ, &body, &reply,
			N_("%s cannot be read"), file->path, err);
	}
	if (ret == 0) {
		bytes = frame_get_bytes(&reply, got);
		ret = frame_done(&reply) && *got <= len ? 0 : remote_nonsense(err);
	}
	if (ret == 0)
		memcpy(buf, bytes, *got);
	talloc_free(tmp);
	return ret;
}

int remote_file_read(struct server_file *file, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	size_t more = 0, want = 0;
	int ret = 0;

	*got = 0;
	/* Less than was asked for is the end. */
	while (ret == 0 && *got < len && more == want) {
		want = len - *got < READ_MOST ? len - *got : READ_MOST;
		ret = read_once(file, off + *got, (uint8_t *)buf + *got, want, &more, err);
		if (ret != 0 && remote_broke(file->remote, ret))
			ret = read_once(file, off + *got, (uint8_t *)buf + *got, want, &more, err);
		if (ret == 0)
			*got += more;
	}
	return ret;
}

/* ---- changing ---- */

/* Where path will be: its folder as it is spelled, and its own last name. */
static int place_new(struct remote *remote, TALLOC_CTX *mem, const char *path, char **real,
	struct error *err)
{
	struct remote_spot spot;
	char *parent = path_parent(mem, path);
	int ret = parent ? remote_find_young(remote, mem, path, &spot, err) : error_memory(err);

	if (ret == 0 && spot.found)
		ret = error_set(err, TROUBLE_IO, _("%s is there already."), path);
	if (ret == 0)
		ret = remote_find_use(remote, mem, parent, &spot, err);
	if (ret == 0 && spot.entry.meta.kind != ENTRY_FOLDER)
		ret = error_set(err, TROUBLE_LINK, _("%s is not a folder."), parent);
	*real = ret == 0 ? path_join(mem, spot.real, path_leaf(path)) : NULL;
	return ret == 0 && !*real ? error_memory(err) : ret;
}

static int mkdir_now(struct remote *remote, TALLOC_CTX *tmp, const char *path,
	const char *traits_from, struct error *err)
{
	struct remote_request request = { .verb = FRAME_MKDIR,
		.what = N_("The folder %s cannot be made") };
	struct remote_spot has;
	char *real;
	int ret = place_new(remote, tmp, path, &real, err);

	if (ret == 0 && traits_from)
		ret = remote_find_use(remote, tmp, traits_from, &has, err);
	if (ret != 0)
		return ret;
	request.path = real;
	ret = remote_file_change(remote, &request, err);
	return ret == 0 && traits_from ? remote_traits_give(remote, &has, real, err) : ret;
}

int remote_mkdir(struct server *server, const char *path, const char *traits_from,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret = remote_may_write(remote, err);

	if (ret == 0 && server->rehearsing) {
		ret = remote_find(remote, tmp, path, &spot, err);
		if (ret == 0 && traits_from)
			ret = remote_traits_rehearse(remote, traits_from, err);
	} else if (ret == 0) {
		ret = mkdir_now(remote, tmp, path, traits_from, err);
	}
	talloc_free(tmp);
	return ret;
}

int remote_remove(struct server *server, const char *path, struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret = server_dry_refused(server, err);

	if (ret == 0)
		ret = remote_find_there(remote, tmp, path, &spot, err);
	if (ret == 0 && spot.entry.meta.kind == ENTRY_OTHER)
		ret = error_set(err, TROUBLE_LINK, _("%s is neither a file nor a folder."), path);
	if (ret == 0)
		ret = remote_delete(remote, spot.real, &spot.entry, err);
	talloc_free(tmp);
	return ret;
}

/* An answer that was lost: it was done where only the new name is there. */
static bool was_renamed(struct remote *remote, TALLOC_CTX *tmp, const char *from, const char *to)
{
	struct remote_spot old, new;

	remote_files_forget(remote);
	return remote_find(remote, tmp, from, &old, NULL) == 0 && !old.found &&
		remote_find(remote, tmp, to, &new, NULL) == 0 && new.found;
}

int remote_rename(struct server *server, const char *from, const char *to, struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_request request = { .verb = FRAME_RENAME,
		.what = N_("%s cannot be renamed") };
	struct remote_spot spot;
	char *goal;
	int ret = server_dry_refused(server, err);

	if (ret == 0)
		ret = remote_find_there(remote, tmp, from, &spot, err);
	if (ret == 0)
		ret = place_new(remote, tmp, to, &goal, err);
	if (ret == 0 && goal[0] != spot.real[0])
		ret = error_set(err, TROUBLE_BUG,
			_("A file cannot be renamed from drive %c: to drive %c:."), spot.real[0],
			goal[0]);
	if (ret == 0) {
		request.path = spot.real;
		request.to = goal;
		ret = remote_file_change(remote, &request, err);
		if (ret != 0 && remote_broke(remote, ret) &&
			was_renamed(remote, tmp, spot.real, goal))
			ret = 0;
	}
	talloc_free(tmp);
	return ret;
}

int remote_set_time(struct server *server, const char *path, int64_t mtime, struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret = server_dry_refused(server, err);

	if (ret == 0)
		ret = remote_find_there(remote, tmp, path, &spot, err);
	/* Nobody tells the time of a drive's root. */
	if (ret == 0 && path_parts(spot.real) > 0) {
		ret = remote_time_set(remote, spot.real, mtime, err);
		if (ret == 0)
			ret = remote_look_again(remote, spot.real, mtime, NULL, err);
	}
	talloc_free(tmp);
	return ret;
}

/* When bytes last is the server's to decide: there is nothing to call. */
int remote_sync(struct server *server, char letter, struct error *err)
{
	(void)server;
	(void)letter;
	(void)err;
	return 0;
}

int remote_sync_folder(struct server *server, const char *path, struct error *err)
{
	(void)server;
	(void)path;
	(void)err;
	return 0;
}
