/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * qemu-storage-daemon, which reads the images, and qemu-img. What they open is said to them node by
 * node, as JSON: no name is ever part of an option, and no header's word on what lies below counts.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "server/image_stack_private.h"

enum {
	ANSWER_ROOM = 64 * 1024,
	ANSWER_MS = 10000,
	SECTOR = 512,
	EMPTY_ROOM = 1 << 20, /* bytes: an overlay that holds nothing needs less */
	LOCK_WRITES = 101,
	LOCK_BEARS_NOT = 201,
	CHECK_WRONG = 2, /* how qemu-img check ends where the tables are not sound */
	CHECK_LEAKS = 3
};

/* What is done to a disk. */
enum disk_use { USE_READ, USE_WRITE, USE_COMMIT };

static size_t overlay_count(const struct stack_disk *disk)
{
	size_t count = 0;

	while (disk->overlays && disk->overlays[count])
		count++;
	return count;
}

/* Whether a layer of a disk is written to that so many others stand on. No image ever is, but by a
 * commit. */
static bool is_written(enum disk_use use, size_t above, bool overlay)
{
	return use == USE_COMMIT ? above <= 1 : use == USE_WRITE && overlay && above == 0;
}

/* ---- troubles ---- */

static int in_use(const char *path, struct error *err)
{
	return error_advise(err,
		error_set(err, TROUBLE_LOCKED, _("%s is in use by another program."), path),
		_("If it belongs to a virtual machine, shut that down. Then try again."));
}

static int qemu_failed(enum trouble fallback, const char *path, const char *said, struct error *err)
{
	static const struct {
		const char *part;
		enum trouble trouble;
	} rows[] = { { "No space left", TROUBLE_NO_ROOM },
		{ "Permission denied", TROUBLE_PERMISSION },
		{ "Read-only file system", TROUBLE_READ_ONLY } };

	if (strstr(said, "Failed to get") || strstr(said, "Is another process using"))
		return in_use(path, err);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strstr(said, rows[i].part))
			fallback = rows[i].trouble;
	return error_set(err, fallback, _("qemu cannot use %s: %s"), path, said);
}

/* The locks of qemu's block/file-posix.c: who writes has the first byte, who cannot bear that
 * others write the second. Its raw driver bears it, so a raw image is held here. */
int qemu_hold(const char *path, int *fd, struct error *err)
{
	struct flock writing = { .l_type = F_WRLCK, .l_start = LOCK_WRITES, .l_len = 1 };
	struct flock bearing = { .l_type = F_RDLCK, .l_start = LOCK_BEARS_NOT, .l_len = 1 };

	*fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd < 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be opened"), path);
	/* A file system without locks has none of others either. */
	(void)fcntl(*fd, F_OFD_SETLK, &bearing);
	if (fcntl(*fd, F_OFD_GETLK, &writing) != 0 || writing.l_type == F_UNLCK)
		return 0;
	close(*fd);
	return in_use(path, err);
}

static int name_refused(const char *path, struct error *err)
{
	return error_advise(err,
		error_set(err, TROUBLE_NAME, _("qemu cannot be told the name %s: it is not UTF-8."),
			path),
		_("Rename it, then try again."));
}

/* ---- nodes ---- */

/* What a process may reach for disks: their files, and a folder for its sockets if it needs one. */
static struct fence_path *disks_fence(TALLOC_CTX *mem, const struct stack_disk *disks, size_t count,
	const char *const *ewf, enum disk_use use, const char *sockets)
{
	size_t all = 2, at = 0;
	struct fence_path *paths;

	for (size_t i = 0; i < count; i++)
		all += disks[i].file->stamp_count + overlay_count(&disks[i]) + 1;
	paths = memory_array_zero(mem, sizeof *paths, all);
	for (size_t i = 0; paths && i < count; i++) {
		size_t over = overlay_count(&disks[i]);
		enum fence_right base = is_written(use, over, false) ? FENCE_WRITE : FENCE_READ;

		for (size_t k = 0; k < disks[i].file->stamp_count; k++)
			paths[at++] = (struct fence_path){ disks[i].file->stamps[k].path, base };
		for (size_t k = 0; k < over; k++)
			paths[at++] = (struct fence_path){ disks[i].overlays[k],
				is_written(use, over - 1 - k, true) ? FENCE_WRITE : FENCE_READ };
		if (ewf && ewf[i])
			paths[at++] = (struct fence_path){ ewf[i], FENCE_READ };
	}
	if (paths && sockets)
		paths[at++] = (struct fence_path){ sockets, FENCE_SOCKETS };
	return paths;
}

/* Only whole sectors can be told; qemu rounds up by itself. */
static bool is_sized(const struct image_layer *layer)
{
	return layer->length && layer->length % SECTOR == 0;
}

/* A file read as a format, on what is below (which it owns; NULL: on nothing). What a commit writes
 * to is made writable by qemu-img itself, and must not be told what it is. */
static json_t *node(enum image_format format, const char *path, uint64_t size, json_t *below,
	enum disk_use use, bool written)
{
	json_t *file = json_pack("{s:s, s:s}", "driver", "file", "filename", path);
	json_t *made =
		json_pack("{s:s, s:O*}", "driver", image_format_driver(format), "file", file);

	if (format == IMAGE_RAW && size)
		json_object_set_new(made, "size", json_integer((json_int_t)size));
	if (format == IMAGE_QCOW2 || format == IMAGE_VMDK)
		json_object_set_new(made, "backing", below ? below : json_null());
	else
		json_decref(below);
	if (!(written && use == USE_COMMIT)) {
		json_object_set_new(made, "read-only", json_boolean(!written));
		json_object_set_new(file, "read-only", json_boolean(!written));
	}
	if (!file)
		json_decref(made);
	json_decref(file);
	return file ? made : NULL;
}

/* NULL: its name *bad is not UTF-8. */
static json_t *disk_node(const struct stack_disk *disk, const char *ewf, enum disk_use use,
	const char **bad)
{
	const struct image_file *file = disk->file;
	size_t over = overlay_count(disk);
	json_t *made = NULL;

	for (size_t i = file->layer_count; i-- > 0;) {
		const struct image_layer *layer = &file->layers[i];

		*bad = layer->path;
		made = node(ewf ? IMAGE_RAW : layer->format, ewf ? ewf : layer->path,
			is_sized(layer) ? layer->length : 0, made, use,
			is_written(use, over + i, false));
		if (!made)
			return NULL;
	}
	for (size_t i = 0; i < over; i++) {
		*bad = disk->overlays[i];
		made = node(IMAGE_QCOW2, disk->overlays[i], 0, made, use,
			is_written(use, over - 1 - i, true));
		if (!made)
			return NULL;
	}
	return made;
}

/* ---- the daemon ---- */

/* Reads a line with an answer; others (the greeting, events) are passed over. NULL: there is
 * none. */
static json_t *daemon_answer(int talk)
{
	char *line = malloc(ANSWER_ROOM), *end;
	struct pollfd wait = { .fd = talk, .events = POLLIN };
	size_t have = 0;
	json_t *answer = NULL;

	while (line && !answer && have < ANSWER_ROOM) {
		int ready = poll(&wait, 1, ANSWER_MS);
		ssize_t got = ready > 0 ? recv(talk, line + have, ANSWER_ROOM - have, 0) : ready;

		/* A signal that came meanwhile is for others. */
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
		while (!answer && (end = memchr(line, '\n', have))) {
			answer = json_loadb(line, (size_t)(end - line), 0, NULL);
			if (!json_object_get(answer, "return") &&
				!json_object_get(answer, "error")) {
				json_decref(answer);
				answer = NULL;
			}
			have -= (size_t)(end + 1 - line);
			memmove(line, end + 1, have);
		}
	}
	free(line);
	return answer;
}

/* Has it do something with arguments (taken over; NULL: none), for a file or a name of a part of
 * the image. */
static int daemon_do(struct process *daemon, int talk, const char *command, json_t *arguments,
	const char *what, struct error *err)
{
	json_t *order = json_pack("{s:s, s:o*}", "execute", command, "arguments", arguments);
	char *text = order ? json_dumps(order, JSON_COMPACT) : NULL;
	json_t *answer = NULL;
	const char *wrong;
	int ret = 0;

	json_decref(order);
	if (!text)
		return error_memory(err);
	if (send(talk, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text))
		answer = daemon_answer(talk);
	free(text);
	wrong = json_string_value(json_object_get(json_object_get(answer, "error"), "desc"));
	if (wrong)
		ret = qemu_failed(TROUBLE_IMAGE, what, wrong, err);
	else if (!answer)
		ret = process_silent(daemon, err);
	json_decref(answer);
	return ret;
}

static int daemon_disk(struct process *daemon, int talk, const struct stack_disk *disk,
	size_t number, const char *ewf, bool write, struct error *err)
{
	size_t over = overlay_count(disk);
	const char *path = NULL;
	json_t *made = disk_node(disk, ewf, write ? USE_WRITE : USE_READ, &path);
	char name[32];

	if (!made)
		return name_refused(path, err);
	snprintf(name, sizeof name, "disk%zu", number + 1);
	json_object_set_new(made, "node-name", json_string(name));
	/* The image's own files were looked at before: what cannot be read now is an overlay. */
	path = over ? disk->overlays[over - 1] : disk->file->layers[0].path;
	return daemon_do(daemon, talk, "blockdev-add", made, path, err);
}

static int daemon_begin(struct process *daemon, int talk, const struct stack_disk *disks,
	size_t count, const char *const *ewf, bool write, const char *socket, struct error *err)
{
	int ret = daemon_do(daemon, talk, "qmp_capabilities", NULL, socket, err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = daemon_disk(daemon, talk, &disks[i], i, ewf[i], write, err);
	if (ret == 0)
		ret = daemon_do(daemon, talk, "nbd-server-start",
			json_pack("{s:{s:s, s:{s:s}}}", "addr", "type", "unix", "data", "path",
				socket),
			socket, err);
	return ret;
}

int qemu_start(TALLOC_CTX *mem, const struct stack_disk *disks, size_t count,
	const char *const *ewf, bool write, int *talk, struct process **daemon, struct error *err)
{
	static const char *const args[] = { "--chardev", "stdio,id=talk", "--monitor",
		"chardev=talk", NULL };
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *socket = talloc_asprintf(tmp, "%s/nbd", fence_work());
	struct process_spec spec = { .program = PROGRAM_DAEMON, .args = args };
	int pair[2], ret;

	spec.fence =
		disks_fence(tmp, disks, count, ewf, write ? USE_WRITE : USE_READ, fence_work());
	if (!socket || !spec.fence)
		ret = error_memory(err);
	else if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
		ret = error_system(err, TROUBLE_IO, errno, _("A process cannot be started"));
	else {
		spec.talk = pair[1];
		ret = process_start(mem, &spec, daemon, err);
		close(pair[1]);
		if (ret == 0)
			ret = daemon_begin(*daemon, pair[0], disks, count, ewf, write, socket, err);
		if (ret == 0)
			*talk = pair[0];
		else
			close(pair[0]);
	}
	talloc_free(tmp);
	return ret;
}

int qemu_export(struct process *daemon, int talk, const char *disk, const char *name,
	uint64_t offset, uint64_t size, bool write, struct error *err)
{
	int ret = 0;

	if (size)
		ret = daemon_do(daemon, talk, "blockdev-add",
			json_pack("{s:s, s:s, s:s, s:I, s:I, s:b}", "driver", "raw", "node-name",
				name, "file", disk, "offset", (json_int_t)offset, "size",
				(json_int_t)size, "read-only", !write),
			name, err);
	if (ret == 0)
		ret = daemon_do(daemon, talk, "block-export-add",
			json_pack("{s:s, s:s, s:s, s:s, s:b}", "type", "nbd", "id", name, "name",
				name, "node-name", size ? name : disk, "writable", write),
			name, err);
	return ret;
}

/* ---- qemu-img ---- */

/* path is what is said to be at fault. */
static int img_run(const char *const *args, const struct fence_path *fence, const char *path,
	struct error *err)
{
	struct process_spec spec = { .program = PROGRAM_QEMU_IMG, .args = args, .fence = fence };
	struct process *process;
	int ret = fence ? fence_begin(err) : error_memory(err), status;

	if (ret == 0)
		ret = process_start(NULL, &spec, &process, err);
	if (ret != 0)
		return ret;
	status = process_finish(process);
	if (status != 0)
		ret = qemu_failed(status == CHECK_WRONG || status == CHECK_LEAKS ? TROUBLE_VERIFY
										 : TROUBLE_IO,
			path, process_said(process), err);
	talloc_free(process);
	return ret;
}

/* The folder of a path from the root, "/" too with a slash at its end. */
static size_t folder_len(const char *path)
{
	return (size_t)(strrchr(path, '/') - path) + 1;
}

/* What an overlay says it stands on. Beside it, the name alone: both may be moved together. The
 * "./" and the root keep a ':' in it from being the end of a protocol's name. */
static char *backing_name(TALLOC_CTX *mem, const char *overlay, const char *base)
{
	size_t len = folder_len(overlay);

	if (len == folder_len(base) && strncmp(overlay, base, len) == 0)
		return talloc_asprintf(mem, "./%s", base + len);
	return talloc_strdup(mem, base);
}

/* Made here, so that the file is new and nobody else's, and the sentence is ours. */
static int overlay_make(const char *overlay, struct error *err)
{
	struct statvfs room;
	int fd = open(overlay, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int sys = fd < 0 ? errno : 0;

	if (sys == 0 && fstatvfs(fd, &room) == 0 && room.f_bavail < EMPTY_ROOM / room.f_frsize) {
		unlink(overlay);
		sys = ENOSPC;
	}
	file_shut(fd);
	return sys == 0 ? 0
			: error_system(err,
				  sys == EEXIST           ? TROUBLE_MOVED
					  : sys == ENOENT ? TROUBLE_NOT_THERE
							  : TROUBLE_IO,
				  sys, _("The overlay %s cannot be made"), overlay);
}

/* The disk with one more overlay. False for want of memory. */
static bool disk_with(TALLOC_CTX *mem, const struct stack_disk *disk, const char *overlay,
	struct stack_disk *made)
{
	size_t over = overlay_count(disk);
	const char **overlays = memory_array_zero(mem, sizeof *overlays, over + 2);

	if (!overlays)
		return false;
	if (over)
		memcpy(overlays, disk->overlays, over * sizeof *overlays);
	overlays[over] = overlay;
	*made = (struct stack_disk){ disk->file, overlays };
	return true;
}

static int overlay_fill(TALLOC_CTX *mem, const struct stack_disk *disk, const char *overlay,
	struct error *err)
{
	const struct image_layer *layer = &disk->file->layers[0];
	size_t over = overlay_count(disk);
	enum image_format format = over ? IMAGE_QCOW2 : layer->format;
	char *base = backing_name(mem, overlay, over ? disk->overlays[over - 1] : layer->path),
	     *size;
	const char *args[] = { "create", "-q", "-f", "qcow2", "-b", base, "-F",
		image_format_driver(format), overlay, NULL, NULL };
	struct stack_disk with;

	/* Without the footer of a fixed VHD. */
	size = talloc_asprintf(mem, "%" PRIu64, layer->length);
	if (format == IMAGE_RAW && is_sized(layer))
		args[ARRAY_SIZE(args) - 2] = size;
	if (!base || !size || !disk_with(mem, disk, overlay, &with))
		return error_memory(err);
	return img_run(args, disks_fence(mem, &with, 1, NULL, USE_WRITE, NULL), overlay, err);
}

int stack_overlay_create(const struct stack_disk *disk, const char *overlay, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = overlay_make(overlay, err), sys;

	if (ret == 0) {
		ret = overlay_fill(tmp, disk, overlay, err);
		/* The name is on the disk before anything is written behind it. */
		if (ret == 0 && (sys = file_sync_name(overlay)) != 0)
			ret = error_system(err, TROUBLE_IO, sys, _("%s cannot be synced to disk"),
				overlay);
		if (ret != 0)
			unlink(overlay);
	}
	talloc_free(tmp);
	return ret;
}

/* qemu-img on nodes, which are freed. */
static int img_nodes(TALLOC_CTX *mem, const char *const *args, json_t *nodes,
	const struct fence_path *fence, const char *path, struct error *err)
{
	char *text = nodes ? json_dumps(nodes, JSON_COMPACT) : NULL;
	const char *all[] = { args[0], args[1], args[2], NULL, NULL };
	int ret;

	if (text)
		all[3] = talloc_asprintf(mem, "json:%s", text);
	if (!nodes)
		ret = name_refused(path, err);
	else
		ret = all[3] ? img_run(all, fence, path, err) : error_memory(err);
	free(text);
	json_decref(nodes);
	return ret;
}

int stack_overlay_check(const char *overlay, struct error *err)
{
	static const char *const args[] = { "check", "-q", "--" };
	const struct fence_path fence[] = { { overlay, FENCE_READ }, { NULL, FENCE_READ } };
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = img_nodes(tmp, args, node(IMAGE_QCOW2, overlay, 0, NULL, USE_READ, false), fence,
		overlay, err);

	talloc_free(tmp);
	return ret;
}

int stack_overlay_commit(const struct stack_disk *disk, struct error *err)
{
	static const char *const args[] = { "commit", "-q", "-d" };
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *path = disk->file->layers[0].path;
	int ret = img_nodes(tmp, args, disk_node(disk, NULL, USE_COMMIT, &path),
		disks_fence(tmp, disk, 1, NULL, USE_COMMIT, NULL), path, err);

	talloc_free(tmp);
	return ret;
}
