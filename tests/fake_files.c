/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a server that is played. A path finds what is spelled just so. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/filetime.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "tests/fake_calls.h"
#include "tests/fake_link.h"

enum { FOLDER = 0x10, READONLY = 1, ARCHIVE = 0x20, HANDLES = 256 };

/* Paths, for the list may move. A handle of an earlier connection is none. */
static struct {
	const char *paths[HANDLES];
	uint32_t count;
} handles;

struct fake_file *fake_file(const char *path)
{
	for (size_t i = 0; i < fake.file_count; i++)
		if (strcmp(fake.files[i].path, path) == 0)
			return &fake.files[i];
	return NULL;
}

struct fake_file *fake_file_put(const char *path, uint32_t attributes, const char *text)
{
	struct fake_file *file = fake_file(path);

	if (!file)
		file = memory_more(fake.mem, &fake.files, fake.file_count++, sizeof *file);
	*file = (struct fake_file){ .path = talloc_strdup(fake.mem, path),
		.attributes = attributes,
		.mtime = filetime_of(899683200, 0),
		.bytes = (uint8_t *)talloc_strdup(fake.mem, text),
		.len = strlen(text) };
	return file;
}

static void file_remove(struct fake_file *file)
{
	*file = fake.files[--fake.file_count];
}

/* "E$" and "a\b" as "E:\a\b". */
static char *path_get(struct frame_reader *body)
{
	char *share = frame_get_text(body, fake.mem), *path = frame_get_text(body, fake.mem);

	return talloc_asprintf(fake.mem, "%c:\\%s", *share, path);
}

/* What lies below "E:\" has it before its name, not twice. */
static bool lies_in(const char *path, const char *folder)
{
	const size_t len = strlen(folder) - text_ends(folder, "\\");

	return strncmp(path, folder, len) == 0 && path[len] == '\\' && path[len + 1];
}

/* A name below may hold anything: it is not parted again. */
static bool is_child(const struct fake_file *file, const char *folder)
{
	if (!lies_in(file->path, folder))
		return false;
	for (size_t i = 0; i < fake.file_count; i++)
		if (&fake.files[i] != file && strcmp(fake.files[i].path, folder) != 0 &&
			(fake.files[i].attributes & FOLDER) &&
			lies_in(fake.files[i].path, folder) &&
			lies_in(file->path, fake.files[i].path))
			return false;
	return true;
}

static void entry_put(struct frame_writer *reply, const char *name, const struct fake_file *file)
{
	frame_put_text(reply, name);
	frame_put_text(reply, file->short_name);
	frame_put32(reply, file->attributes);
	frame_put64(reply, file->len + file->more);
	frame_put64(reply, (uint64_t)file->mtime);
}

static uint32_t list(const char *path, struct frame_writer *reply)
{
	const struct fake_file nobody = { .len = 1 };
	const bool root = text_ends(path, "\\");
	const unsigned crowd = text_ends(path, "crowd") ? fake.crowd : 0;
	uint32_t count = crowd;

	if (!root && !fake_file(path))
		return ENOENT;
	for (size_t i = 0; i < fake.file_count; i++)
		count += is_child(&fake.files[i], path);
	/* What the helper says where a frame cannot hold it. */
	if (count > 110000)
		return EOVERFLOW;
	frame_put32(reply, count);
	for (size_t i = 0; i < fake.file_count; i++)
		if (is_child(&fake.files[i], path))
			entry_put(reply, fake.files[i].path + strlen(path) + !root, &fake.files[i]);
	for (unsigned i = 0; i < crowd; i++) {
		char name[16];

		snprintf(name, sizeof name, "f%u", i);
		entry_put(reply, name, &nobody);
	}
	return 0;
}

static uint32_t opened(const char *path)
{
	handles.paths[handles.count % HANDLES] = path;
	return handles.count++ % HANDLES | fake.connects << 16;
}

static struct fake_file *handle_get(struct frame_reader *body)
{
	const uint32_t handle = frame_get32(body), at = handle & 0xffff;

	return handle >> 16 == fake.connects && at < HANDLES && handles.paths[at]
		? fake_file(handles.paths[at])
		: NULL;
}

static uint32_t read_file(struct frame_reader *body, struct frame_writer *reply)
{
	const struct fake_file *file = handle_get(body);
	const uint64_t off = frame_get64(body);
	const size_t len = frame_get32(body);
	size_t left = file && off < file->len ? file->len - (size_t)off : 0;

	if (!file)
		return EBADF;
	frame_put_bytes(reply, file->bytes + (left ? off : 0), len < left ? len : left);
	return 0;
}

static uint32_t write_file(struct frame_reader *body)
{
	struct fake_file *file = handle_get(body);
	const uint64_t off = frame_get64(body);
	size_t len;
	const uint8_t *bytes = frame_get_bytes(body, &len);

	if (!file || off != file->len)
		return EBADF;
	file->bytes = memory_array_grow(fake.mem, file->bytes, 1, file->len + len + 1);
	memcpy(file->bytes + file->len, bytes, len);
	file->len += len;
	return 0;
}

static uint32_t rename_file(const char *path, struct frame_reader *body)
{
	char *to = talloc_asprintf(fake.mem, "%.3s%s", path, frame_get_text(body, fake.mem));
	struct fake_file *file = fake_file(path);

	if (!file || fake_file(to))
		return file ? EEXIST : ENOENT;
	file->path = to;
	return 0;
}

/* Those with a path that is there. */
static uint32_t file_do(enum frame_verb verb, struct fake_file *file, struct frame_reader *body,
	struct frame_writer *reply)
{
	switch (verb) {
	case FRAME_OPEN:
		frame_put32(reply, opened(file->path));
		frame_put64(reply, file->len);
		return 0;
	case FRAME_UNLINK:
		if (file->in_use || file->attributes & (READONLY | FOLDER))
			return file->in_use ? EBUSY : EINVAL;
		file_remove(file);
		return 0;
	case FRAME_RMDIR:
		file_remove(file);
		return 0;
	case FRAME_TIME:
		file->mtime = (int64_t)frame_get64(body);
		return 0;
	case FRAME_ATTRIBUTES:
		file->attributes = frame_get32(body);
		return 0;
	default:
		return EINVAL;
	}
}

uint32_t fake_files(enum frame_verb verb, struct frame_reader *body, struct frame_writer *reply)
{
	char *path;
	struct fake_file *file;

	switch (verb) {
	case FRAME_READ:
		return read_file(body, reply);
	case FRAME_WRITE:
		return write_file(body);
	case FRAME_CLOSE:
		return handle_get(body) ? 0 : EBADF;
	case FRAME_ROOM:
		frame_put64(reply, 1 << 30);
		return 0;
	default:
		break;
	}
	path = path_get(body);
	file = fake_file(path);
	if (verb == FRAME_LIST)
		return list(path, reply);
	if (verb == FRAME_RENAME)
		return rename_file(path, body);
	if (verb != FRAME_CREATE && verb != FRAME_MKDIR)
		return file ? file_do(verb, file, body, reply) : ENOENT;
	if (file)
		return EEXIST;
	fake_file_put(path, verb == FRAME_MKDIR ? FOLDER : ARCHIVE, "");
	if (verb == FRAME_CREATE)
		frame_put32(reply, opened(path));
	return 0;
}
