/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a path in any case to the one thing on the server.
 *
 * Asking for a path says neither how it is spelled nor whether it has a twin, and over SMB1 NTFS
 * tells libsmbclient to mind the case. So every folder on the way is listed in the one above it,
 * and names go out as they came in. What a listing says is checked before it is a name here.
 */
#include "server/remote_files.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

/* Folders on the way to a file are not listed anew for each of its neighbours. */
enum { YOUNG = 2, FOLDERS_MOST = 20000 };

enum { DRIVES = 26 };

struct remote_files {
	struct remote_folder **folders;
	size_t count;
	struct {
		int64_t when; /* 0: not asked yet */
		uint64_t bytes;
	} rooms[DRIVES];
};

/* ---- asking ---- */

int remote_nonsense(struct error *err)
{
	return error_set(err, TROUBLE_BUG, _("The helper's answer makes no sense."));
}

int remote_body_ask(struct remote *remote, TALLOC_CTX *mem, enum frame_verb verb,
	struct frame_writer *body, struct frame_reader *reply, const char *what, const char *on,
	struct error *err)
{
	struct frame answer;
	int ret = link_ask(remote->link, mem, &remote->spec, remote->doing ? remote->doing : on,
		verb, body, &answer, err);

	if (ret != 0)
		return ret;
	ret = remote_failed(err, &answer, what, on);
	if (ret != 0 && remote_lost(&answer))
		remote_drop(remote);
	if (ret == 0 && reply)
		frame_read(reply, &answer);
	else if (ret == 0 && answer.len != 0)
		ret = remote_nonsense(err);
	return ret;
}

/* "E:\exchsrvr\x" as share "E$" and path "exchsrvr\x". */
static void put_path(struct frame_writer *body, const char *path)
{
	char share[] = { path[0], '$', '\0' };

	frame_put_text(body, share);
	frame_put_text(body, path[2] ? path + 3 : "");
}

static void put_request(struct frame_writer *body, const struct remote_request *request)
{
	if (request->verb == FRAME_ROOM) {
		char share[] = { request->path[0], '$', '\0' };

		frame_put_text(body, share);
		return;
	}
	put_path(body, request->path);
	if (request->verb == FRAME_RENAME)
		frame_put_text(body, request->to + 3);
	if (request->verb == FRAME_ATTRIBUTES)
		frame_put32(body, (uint32_t)request->number);
	if (request->verb == FRAME_TIME)
		frame_put64(body, request->number);
}

static int ask_once(struct remote *remote, TALLOC_CTX *mem, const struct remote_request *request,
	struct frame_reader *reply, struct error *err)
{
	struct frame_writer body;
	int ret = remote_connected(remote, err);

	if (ret != 0)
		return ret;
	frame_begin(&body, mem);
	put_request(&body, request);
	return remote_body_ask(remote, mem, request->verb, &body, reply, request->what,
		request->on ? request->on : request->path, err);
}

int remote_file_ask(struct remote *remote, TALLOC_CTX *mem, const struct remote_request *request,
	struct frame_reader *reply, struct error *err)
{
	bool reads = request->verb == FRAME_LIST || request->verb == FRAME_ROOM ||
		request->verb == FRAME_OPEN;
	int ret = ask_once(remote, mem, request, reply, err);

	if (reads && ret != 0 && remote_broke(remote, ret))
		ret = ask_once(remote, mem, request, reply, err);
	return ret;
}

int remote_file_change(struct remote *remote, const struct remote_request *request,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = remote_file_ask(remote, tmp, request, NULL, err);

	remote_folder_changed(remote, request->path);
	if (request->to)
		remote_folder_changed(remote, request->to);
	talloc_free(tmp);
	return ret;
}

int remote_may_write(struct remote *remote, struct error *err)
{
	return remote->base.rehearsing ? 0 : server_dry_refused(&remote->base, err);
}

/* ---- listings ---- */

static int64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* A name that would lead elsewhere, or is no text. */
static bool name_hostile(TALLOC_CTX *tmp, const char *name)
{
	size_t len;

	if (!*name || strpbrk(name, "/\\") || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return true;
	for (const char *c = name; *c; c++)
		if ((unsigned char)*c < 0x20)
			return true;
	return !text_to_utf16(tmp, name, &len);
}

/* What NT cannot hold is listed, and never walked. */
static enum entry_kind kind_of(const char *name, uint32_t attributes)
{
	if ((attributes & REMOTE_REPARSE) || !path_name_ok(name))
		return ENTRY_OTHER;
	return attributes & REMOTE_FOLDER ? ENTRY_FOLDER : ENTRY_FILE;
}

static int entry_read(struct remote_folder *folder, struct frame_reader *reply, struct error *err)
{
	struct remote_entry *entry =
		memory_more(folder, &folder->entries, folder->count, sizeof *entry);

	if (!entry)
		return error_memory(err);
	entry->name = frame_get_text(reply, folder->entries);
	entry->short_name = frame_get_text(reply, folder->entries);
	entry->attributes = frame_get32(reply);
	entry->meta.size = frame_get64(reply);
	entry->meta.mtime = (int64_t)frame_get64(reply);
	if (!entry->name || !entry->short_name)
		return error_memory(err);
	if (reply->bad)
		return remote_nonsense(err);
	if (name_hostile(folder->entries, entry->name))
		return error_set(err, TROUBLE_NAME,
			_("The server lists in %s a name that no file can have: %s."), folder->path,
			entry->name);
	if (*entry->short_name && !path_name_ok(entry->short_name))
		*entry->short_name = '\0';
	entry->meta.kind = kind_of(entry->name, entry->attributes);
	if (entry->meta.kind == ENTRY_FOLDER)
		entry->meta.size = 0;
	folder->count++;
	return 0;
}

static int entry_compare(const void *a, const void *b)
{
	const struct remote_entry *one = a, *other = b;
	int order = text_compare(one->name, other->name);

	return order ? order : strcmp(one->name, other->name);
}

static int folder_read(struct remote *remote, struct remote_folder *folder, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_LIST,
		.path = folder->path,
		.what = N_("%s cannot be listed") };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_reader reply;
	uint32_t count = 0;
	int ret;

	folder->when = now();
	ret = remote_file_ask(remote, tmp, &request, &reply, err);
	if (ret == 0)
		count = frame_get32(&reply);
	for (uint32_t i = 0; ret == 0 && i < count; i++)
		ret = entry_read(folder, &reply, err);
	if (ret == 0 && !frame_done(&reply))
		ret = remote_nonsense(err);
	if (ret == 0 && folder->count > 1)
		qsort(folder->entries, folder->count, sizeof *folder->entries, entry_compare);
	talloc_free(tmp);
	return ret;
}

static struct remote_folder **folder_slot(struct remote_files *files, const char *path)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->folders[i]->path, path) == 0)
			return &files->folders[i];
	return NULL;
}

/* Takes it out of the list. */
static void slot_clear(struct remote_files *files, struct remote_folder **slot)
{
	talloc_free(*slot);
	*slot = files->folders[--files->count];
}

static struct remote_files *files_of(struct remote *remote)
{
	if (!remote->files)
		remote->files = talloc_zero(remote, struct remote_files);
	return remote->files;
}

static int folder_keep(struct remote *remote, struct remote_folder *folder, struct error *err)
{
	struct remote_files *files = files_of(remote);
	struct remote_folder **slot;

	if (files && files->count == FOLDERS_MOST)
		slot_clear(files, &files->folders[0]);
	slot = files ? memory_more(files, &files->folders, files->count, sizeof *slot) : NULL;
	if (!slot)
		return error_memory(err);
	*slot = talloc_steal(files, folder);
	files->count++;
	return 0;
}

void remote_files_forget(struct remote *remote)
{
	TALLOC_FREE(remote->files);
}

int remote_folder_get(struct remote *remote, const char *path, bool fresh,
	const struct remote_folder **out, struct error *err)
{
	struct remote_files *files = files_of(remote);
	struct remote_folder **slot = files ? folder_slot(files, path) : NULL, *folder;
	int ret;

	if (!files)
		return error_memory(err);
	if (slot && (remote->held || (!fresh && now() - (*slot)->when <= YOUNG))) {
		*out = *slot;
		return 0;
	}
	if (slot)
		slot_clear(files, slot);
	folder = talloc_zero(remote, struct remote_folder);
	if (folder)
		folder->path = talloc_strdup(folder, path);
	ret = folder && folder->path ? folder_read(remote, folder, err) : error_memory(err);
	if (ret == 0)
		ret = folder_keep(remote, folder, err);
	if (ret != 0)
		talloc_free(folder);
	else
		*out = folder;
	return ret;
}

void remote_folder_changed(struct remote *remote, const char *path)
{
	struct remote_files *files = remote->files;
	char *parent = path_parent(NULL, path);

	if (!parent) {
		remote_files_forget(remote);
		return;
	}
	for (size_t i = files ? files->count : 0; i-- > 0;)
		if (path_equal(files->folders[i]->path, parent) ||
			path_under(files->folders[i]->path, path))
			slot_clear(files, &files->folders[i]);
	talloc_free(parent);
}

/* ---- room ---- */

bool remote_room_known(struct remote *remote, char letter, uint64_t *bytes)
{
	const struct remote_files *files = remote->files;
	const size_t at = (size_t)(letter - 'A');

	if (!files || files->rooms[at].when == 0 ||
		(!remote->held && now() - files->rooms[at].when > YOUNG))
		return false;
	*bytes = files->rooms[at].bytes;
	return true;
}

void remote_room_keep(struct remote *remote, char letter, uint64_t bytes)
{
	struct remote_files *files = files_of(remote);
	const size_t at = (size_t)(letter - 'A');

	if (!files)
		return;
	files->rooms[at].when = now();
	files->rooms[at].bytes = bytes;
}

void remote_room_taken(struct remote *remote, char letter, uint64_t bytes)
{
	struct remote_files *files = remote->files;
	const size_t at = (size_t)(letter - 'A');

	if (files)
		files->rooms[at].bytes -=
			bytes < files->rooms[at].bytes ? bytes : files->rooms[at].bytes;
}

/* ---- finding ---- */

static int twins(const struct remote_folder *folder, const struct remote_entry *a,
	struct error *err)
{
	return error_set(err, TROUBLE_TWINS,
		_("The folder %s has two names that are the same to Windows: %s and %s."),
		folder->path, a[0].name, a[1].name);
}

/* *entry NULL: there is none of that name. */
static int entry_find(const struct remote_folder *folder, const char *name,
	const struct remote_entry **entry, struct error *err)
{
	const struct remote_entry *at = folder->entries, *end = at + folder->count;

	*entry = NULL;
	for (const struct remote_entry *one = at; one < end; one++) {
		if (!text_equal(one->name, name))
			continue;
		*entry = one;
		return one + 1 < end && text_equal(one[1].name, name) ? twins(folder, one, err) : 0;
	}
	for (; at < end && !*entry; at++)
		if (*at->short_name && text_equal(at->short_name, name))
			*entry = at;
	return 0;
}

static int name_refused(const char *path, const char *name, struct error *err)
{
	return error_set(err, TROUBLE_NAME, _("%s has a name that Windows NT cannot hold: %s."),
		path, name);
}

/* One name further. */
static int find_step(struct remote *remote, TALLOC_CTX *mem, const char *name, bool fresh,
	struct remote_spot *spot, struct error *err)
{
	const struct remote_folder *folder;
	const struct remote_entry *entry = NULL;
	int ret = 0;

	if (spot->found && spot->entry.meta.kind == ENTRY_FOLDER) {
		ret = remote_folder_get(remote, spot->real, fresh, &folder, err);
		if (ret == 0)
			ret = entry_find(folder, name, &entry, err);
		/* It went since the folder above was listed. */
		if (ret == -TROUBLE_NOT_THERE)
			ret = 0;
	}
	if (ret != 0)
		return ret;
	spot->found = entry;
	spot->real = path_join(mem, spot->real, entry ? entry->name : name);
	if (entry) {
		spot->entry = *entry;
		spot->entry.name = talloc_strdup(mem, entry->name);
		spot->entry.short_name = talloc_strdup(mem, entry->short_name);
	}
	return spot->real && (!entry || (spot->entry.name && spot->entry.short_name))
		? 0
		: error_memory(err);
}

static int find_root(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err)
{
	char letter = path[0];

	*spot = (struct remote_spot){ 0 };
	if (letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	if (letter < 'A' || letter > 'Z' || path[1] != ':' || (path[2] != '\0' && path[2] != '\\'))
		return error_set(err, TROUBLE_BUG, _("A path that is not a full one was used."));
	if (!remote->letters || !strchr(remote->letters, letter))
		return error_set(err, TROUBLE_NOT_THERE,
			_("Drive %c: is not among the drives that %s shares."), letter,
			remote->spec.host);
	spot->found = true;
	spot->entry = (struct remote_entry){ .attributes = REMOTE_FOLDER,
		.meta = { .kind = ENTRY_FOLDER } };
	spot->real = talloc_asprintf(mem, "%c:\\", letter);
	return spot->real ? 0 : error_memory(err);
}

/* fresh: the folder that it lies in is listed now. */
static int find_path(struct remote *remote, TALLOC_CTX *mem, const char *path, bool fresh,
	struct remote_spot *spot, struct error *err)
{
	int ret = find_root(remote, mem, path, spot, err);
	size_t parts = ret == 0 ? path_parts(path) : 0;

	for (size_t i = 0; ret == 0 && i < parts; i++) {
		char *name = path_part(mem, path, i);

		if (!name)
			ret = error_memory(err);
		else if (!path_name_ok(name))
			ret = name_refused(path, name, err);
		else
			ret = find_step(remote, mem, name, fresh && i + 1 == parts, spot, err);
	}
	return ret;
}

int remote_find(struct remote *remote, TALLOC_CTX *mem, const char *path, struct remote_spot *spot,
	struct error *err)
{
	return find_path(remote, mem, path, true, spot, err);
}

int remote_find_young(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err)
{
	return find_path(remote, mem, path, false, spot, err);
}

int remote_find_use(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err)
{
	int ret = remote_find_young(remote, mem, path, spot, err);

	return ret == 0 && !spot->found ? remote_find_there(remote, mem, path, spot, err) : ret;
}

int remote_find_there(struct remote *remote, TALLOC_CTX *mem, const char *path,
	struct remote_spot *spot, struct error *err)
{
	int ret = remote_find(remote, mem, path, spot, err);

	return ret == 0 && !spot->found
		? error_set(err, TROUBLE_NOT_THERE, _("There is no %s."), path)
		: ret;
}
