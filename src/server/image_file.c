/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/image_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "server/image_private.h"

enum { LAYERS_MOST = 16, LETTERS = 26 };

struct search {
	TALLOC_CTX *mem; /* of what is only needed for the search */
	const char *dir;
	int folder; /* dir */
	uint8_t *head;
	struct image_file *file;
	struct error *err;
};

/* Opens a file and nothing else: what it is, is looked at first, for opening alone can move a tape
 * or wait for a pipe's other end. -trouble or the descriptor. */
static int file_open(int folder, const char *name, const char *path, struct stat *status,
	struct error *err)
{
	int fd = -1, sys = 0;

	if (fstatat(folder, name, status, AT_SYMLINK_NOFOLLOW) != 0)
		sys = errno;
	else if (S_ISREG(status->st_mode)) {
		fd = openat(folder, name,
			O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		sys = fd < 0 || fstat(fd, status) != 0 ? errno : 0;
	}
	if (sys == 0 && S_ISREG(status->st_mode))
		return fd;
	file_shut(fd);
	if (sys)
		return error_system(err,
			sys == ENOENT || sys == ENOTDIR || sys == ENAMETOOLONG ? TROUBLE_NOT_THERE
									       : TROUBLE_IO,
			sys, _("%s cannot be opened"), path);
	return error_set(err, TROUBLE_LINK,
		_("%s is a link, a folder or a device, and a disk image is a file."), path);
}

/* Reads the beginning of a file into head, and takes its stamp from it. */
static int stamp_read(TALLOC_CTX *mem, int fd, const struct stat *status, const char *path,
	uint8_t *head, size_t *len, struct image_stamp *stamp, struct error *err)
{
	int sys = file_pread(fd, head, IMAGE_HEAD, 0, len);

	if (sys)
		return error_system(err, TROUBLE_IO, sys, _("%s cannot be read"), path);
	*stamp = (struct image_stamp){
		.path = talloc_strdup(mem, path),
		.size = (uint64_t)status->st_size,
		.inode = status->st_ino,
		.mtime = (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec,
		.head = digest_of(head, *len),
	};
	return stamp->path ? 0 : error_memory(err);
}

int image_stamp_take(TALLOC_CTX *mem, const char *path, struct image_stamp *stamp,
	struct error *err)
{
	uint8_t *head = memory_array(NULL, 1, IMAGE_HEAD);
	struct stat status;
	size_t len;
	int fd = head ? file_open(AT_FDCWD, path, path, &status, err) : error_memory(err);
	int ret = fd < 0 ? fd : stamp_read(mem, fd, &status, path, head, &len, stamp, err);

	file_shut(fd);
	talloc_free(head);
	return ret;
}

int image_stamps_same(const struct image_stamp *then, size_t then_count,
	const struct image_stamp *now, size_t now_count, struct error *err)
{
	const char *what = NULL;

	for (size_t i = 0; !what && i < then_count && i < now_count; i++, then++, now++)
		what = now->size != then->size      ? _("its size")
			: now->inode != then->inode ? _("it is another file of the same name")
			: now->mtime != then->mtime ? _("the time it was written to")
			: !digest_equal(&now->head, &then->head) ? _("its beginning")
								 : NULL;
	if (what)
		return error_set(err, TROUBLE_MOVED,
			_("The disk image's file %s is not what it was: %s."), now[-1].path, what);
	return then_count == now_count
		? 0
		: error_set(err, TROUBLE_MOVED,
			  _("The disk image's file %s is not what it was: %s."),
			  then_count > now_count ? then->path : now->path,
			  _("it was not there both times"));
}

int image_file_lock(const char *path, bool exclusive, struct error *err)
{
	struct stat status;
	int fd = file_open(AT_FDCWD, path, path, &status, err), ret;

	if (fd < 0 || flock(fd, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0)
		return fd;
	ret = errno == EWOULDBLOCK
		? error_set(err, TROUBLE_LOCKED, _("Another msmcfix has the disk image %s open."),
			  path)
		: error_system(err, TROUBLE_IO, errno, _("%s cannot be locked"), path);
	close(fd);
	return ret;
}

static const char *path_of(const struct search *search, const char *name)
{
	return talloc_asprintf(search->mem, "%s/%s",
		strcmp(search->dir, "/") == 0 ? "" : search->dir, name);
}

/* The file becomes one of the image; its bytes->fd is open until file_close. */
static int file_add(struct search *search, const char *name, struct image_bytes *bytes)
{
	struct image_file *file = search->file;
	struct image_stamp *stamp;
	struct stat status;
	int ret;

	*bytes = (struct image_bytes){ .path = path_of(search, name),
		.head = search->head,
		.fd = -1 };
	stamp = bytes->path ? memory_more(file, &file->stamps, file->stamp_count, sizeof *stamp)
			    : NULL;
	if (!stamp)
		return error_memory(search->err);
	bytes->fd = file_open(search->folder, name, bytes->path, &status, search->err);
	if (bytes->fd < 0)
		return bytes->fd;
	bytes->size = (uint64_t)status.st_size;
	ret = stamp_read(file, bytes->fd, &status, bytes->path, search->head, &bytes->head_len,
		stamp, search->err);
	file->stamp_count += ret == 0;
	return ret;
}

static int file_close(struct image_bytes *bytes, int ret)
{
	file_shut(bytes->fd);
	return ret;
}

/* VMware marks what it has open by a folder or file beside it. */
static int lock_look(struct search *search, const char *name)
{
	const char *mark = talloc_asprintf(search->mem, "%s.lck", name);
	struct stat status;
	int ret;

	if (!mark)
		return error_memory(search->err);
	if (fstatat(search->folder, mark, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return 0;
	ret = error_set(search->err, TROUBLE_LOCKED,
		_("VMware has the disk image %s open, as %s beside it says."),
		path_of(search, name), mark);
	return error_advise(search->err, ret, "%s",
		_("Shut the virtual machine down. If none is running, remove that mark, then try again."));
}

static int extents_add(struct search *search, const struct image_header *header)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < header->extent_count; i++) {
		const struct image_extent *extent = &header->extents[i];
		struct image_bytes bytes;

		ret = file_add(search, extent->name, &bytes);
		if (ret == 0)
			ret = image_extent_read(&bytes, extent, search->err);
		ret = file_close(&bytes, ret);
		if (ret == 0)
			ret = lock_look(search, extent->name);
	}
	return ret;
}

/* The name of a segment from its first one's, "x.E01": .E02 to .E99, then .EAA to .EZZ, .FAA. NULL:
 * there is none. */
static char *segment_name(TALLOC_CTX *mem, const char *first, unsigned number)
{
	int stem = (int)strlen(first) - 3, kind = first[stem], a = kind >= 'a' ? 'a' : 'A';
	int letters = (int)number - 100;

	if (number < 100)
		return talloc_asprintf(mem, "%.*s%c%02u", stem, first, kind, number);
	return talloc_asprintf(mem, "%.*s%c%c%c", stem, first, kind + letters / (LETTERS * LETTERS),
		a + letters / LETTERS % LETTERS, a + letters % LETTERS);
}

static int segments_add(struct search *search, const char *first)
{
	enum { SEGMENTS_MOST = 5000 };
	size_t len = strlen(first);
	struct image_bytes bytes = { .path = path_of(search, first) };
	bool more = true;
	int ret = 0;

	if (len < 5 ||
		(strcmp(first + len - 4, ".E01") != 0 && strcmp(first + len - 4, ".e01") != 0))
		return error_set(search->err, TROUBLE_IMAGE,
			_("The name of %s does not end in .E01, so its other segments have no names."),
			bytes.path);
	for (unsigned number = 1; ret == 0 && more; number++) {
		const char *name = segment_name(search->mem, first, number);

		if (number > SEGMENTS_MOST)
			return image_senseless(&bytes, search->err);
		/* The first is one of the image's files already. */
		if (number == 1)
			search->file->stamp_count--;
		ret = name ? file_add(search, name, &bytes) : error_memory(search->err);
		if (ret == 0)
			ret = image_segment_read(&bytes, number, &more, search->err);
		ret = file_close(&bytes, ret);
	}
	return ret;
}

static int layer_add(struct search *search, const char *name, const enum image_format *told,
	struct image_header *header)
{
	struct image_file *file = search->file;
	struct image_layer *layer;
	struct image_bytes bytes;
	int ret = file_add(search, name, &bytes);

	if (ret == 0)
		ret = image_header_read(search->mem, &bytes, told, header, search->err);
	ret = file_close(&bytes, ret);
	if (ret != 0)
		return ret;
	layer = memory_more(file, &file->layers, file->layer_count, sizeof *layer);
	if (!layer || !(layer->path = talloc_strdup(file, bytes.path)))
		return error_memory(search->err);
	file->layer_count++;
	layer->format = header->format;
	layer->length = header->length;
	if (header->format == IMAGE_EWF)
		return segments_add(search, name);
	if (header->format == IMAGE_VMDK)
		ret = lock_look(search, name);
	return ret == 0 ? extents_add(search, header) : ret;
}

static int layers_add(struct search *search, const char *name)
{
	struct image_header upper, header = { 0 };
	int ret = layer_add(search, name, NULL, &header);

	search->file->fixed_vhd = header.fixed_vhd;
	while (ret == 0 && header.backing) {
		const struct image_layer *layers = search->file->layers;
		size_t count = search->file->layer_count;

		if (count == LAYERS_MOST)
			return error_set(search->err, TROUBLE_IMAGE,
				_("The disk image %s stands on more than 15 others, or on itself."),
				layers->path);
		upper = header;
		ret = layer_add(search, upper.backing, &upper.backing_format, &header);
		layers = search->file->layers;
		if (ret == 0 && upper.format == IMAGE_VMDK && header.cid != upper.parent_cid)
			ret = error_set(search->err, TROUBLE_IMAGE,
				_("The disk image %s was changed after %s had been made to stand on it."),
				layers[count].path, layers[count - 1].path);
	}
	return ret;
}

/* Only the folder may be reached through links. */
static int place_find(struct search *search, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash ? talloc_strndup(search->mem, path, (size_t)(slash - path) + 1)
			  : talloc_strdup(search->mem, "."),
	     *real = dir ? realpath(dir, NULL) : NULL;

	*name = slash ? slash + 1 : path;
	if (!**name)
		*name = ".";
	search->dir = real ? talloc_strdup(search->mem, real) : NULL;
	search->folder = real ? open(real, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
	free(real);
	return search->folder < 0 ? error_system(search->err, TROUBLE_NOT_THERE, errno,
					    _("%s cannot be opened"), path)
		: search->dir     ? 0
				  : error_memory(search->err);
}

int image_file_find(TALLOC_CTX *mem, const char *path, struct image_file **file, struct error *err)
{
	struct search search = { .mem = talloc_new(NULL), .folder = -1, .err = err };
	const char *name = path;
	int ret;

	search.head = memory_array(search.mem, 1, IMAGE_HEAD);
	search.file = talloc_zero(mem, struct image_file);
	if (!search.mem || !search.head || !search.file)
		ret = error_memory(err);
	else
		ret = place_find(&search, path, &name);
	if (ret == 0)
		ret = layers_add(&search, name);
	file_shut(search.folder);
	talloc_free(search.mem);
	if (ret != 0)
		TALLOC_FREE(search.file);
	*file = search.file;
	return ret;
}
