/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of disk images' headers stand on. */
#include "server/image_private.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static const struct {
	const char *name, *driver;
} formats[] = {
	[IMAGE_RAW] = { "raw", "raw" },
	[IMAGE_QCOW2] = { "QCOW2", "qcow2" },
	[IMAGE_VMDK] = { "VMDK", "vmdk" },
	[IMAGE_VHD] = { "VHD", "vpc" },
	[IMAGE_VHDX] = { "VHDX", "vhdx" },
	[IMAGE_VDI] = { "VDI", "vdi" },
	[IMAGE_EWF] = { "E01", "raw" }, /* what ewfmount makes of it */
};

const char *image_format_name(enum image_format format)
{
	return formats[format].name;
}

const char *image_format_driver(enum image_format format)
{
	return formats[format].driver;
}

bool image_inside(const struct image_bytes *bytes, uint64_t off, uint64_t len)
{
	return off <= bytes->size && len <= bytes->size - off;
}

bool image_get(struct image_bytes *bytes, uint64_t off, void *to, size_t len)
{
	size_t got = 0;

	if (!image_inside(bytes, off, len))
		return false;
	if (image_inside(&(struct image_bytes){ .size = bytes->head_len }, off, len)) {
		memcpy(to, bytes->head + off, len);
		return true;
	}
	if (bytes->fd >= 0)
		bytes->sys = file_pread(bytes->fd, to, len, off, &got);
	return got == len && bytes->sys == 0;
}

bool image_table_inside(struct image_bytes *bytes, const struct image_table *table, uint64_t off)
{
	uint8_t chunk[1 << 14];
	/* The last table of a file need not be written to its end. */
	uint64_t left = off < bytes->size ? (bytes->size - off) / table->width : 0;

	if (left > table->count)
		left = table->count;
	while (left > 0) {
		size_t count = left < sizeof chunk / table->width ? (size_t)left
								  : sizeof chunk / table->width;
		size_t len = count * table->width;

		/* No two tables are one: those of a sound file fit into it. */
		bytes->tables += len;
		if (bytes->tables > bytes->size || !image_get(bytes, off, chunk, len))
			return false;
		for (size_t i = 0; i < len; i += table->width) {
			uint64_t at = table->where(table, chunk + i);

			if (at >= bytes->size ||
				(at && table->below &&
					!image_table_inside(bytes, table->below, at)))
				return false;
		}
		off += len;
		left -= count;
	}
	return true;
}

int image_name(TALLOC_CTX *mem, const struct image_bytes *bytes, const char *said, size_t len,
	char **name, struct error *err)
{
	char *plain = talloc_strndup(mem, said, len);
	int ret = 0;

	if (!plain)
		return error_memory(err);
	/* "nbd://h", "json:{...}", "fat:/etc": to qemu what stands before a colon is a protocol. */
	if (strlen(plain) != len)
		ret = image_senseless(bytes, err);
	else if (!strncmp(plain, "./", 2))
		memmove(plain, plain + 2, len - 1);
	if (ret == 0 &&
		(!*plain || strpbrk(plain, "/:") || !strcmp(plain, ".") || !strcmp(plain, "..")))
		ret = error_set(err, TROUBLE_IMAGE_CHAIN,
			_("The disk image %s needs the file %.*s, which is no plain name in its folder."),
			bytes->path, (int)len, said);
	*name = plain;
	return ret;
}

int image_not(const struct image_bytes *bytes, struct error *err)
{
	return error_set(err, TROUBLE_IMAGE, _("%s is no disk image."), bytes->path);
}

int image_cut(const struct image_bytes *bytes, struct error *err)
{
	if (bytes->sys)
		return error_system(err, TROUBLE_IO, bytes->sys, _("%s cannot be read"),
			bytes->path);
	return error_set(err, TROUBLE_IMAGE,
		_("The disk image %s is cut off: parts of it would lie behind its end."),
		bytes->path);
}

int image_senseless(const struct image_bytes *bytes, struct error *err)
{
	return error_set(err, TROUBLE_IMAGE, _("The header of the disk image %s makes no sense."),
		bytes->path);
}

int image_unclosed(const struct image_bytes *bytes, struct error *err)
{
	int ret = error_set(err, TROUBLE_IMAGE, _("The disk image %s was not closed cleanly."),
		bytes->path);

	return error_advise(err, ret, "%s",
		_("Start the virtual machine once and shut it down cleanly, then try again."));
}

int image_only_part(const struct image_bytes *bytes, struct error *err)
{
	int ret =
		error_set(err, TROUBLE_IMAGE, _("%s is only a part of a disk image."), bytes->path);

	return error_advise(err, ret, "%s",
		_("Name the file that the others belong to: the descriptor of a VMDK, the .E01 of an E01."));
}

int image_unreadable(const struct image_bytes *bytes, const char *kind, struct error *err)
{
	return error_set(err, TROUBLE_CANNOT,
		_("The disk image %s is of a kind that cannot be read: %s."), bytes->path, kind);
}
