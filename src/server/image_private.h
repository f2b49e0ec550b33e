/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headers of disk images as pure functions on bytes, for image_file.c. Sources: qemu's
 * docs/interop/qcow2.txt; VMware Virtual Disk Format 5.0; Microsoft's VHD 1.0 and [MS-VHDX];
 * VirtualBox's VDICore.h; libewf's EWF format. Where qemu reads a file in another way than its
 * format says, what it would read wrongly is refused.
 */
#ifndef SERVER_IMAGE_PRIVATE_H
#define SERVER_IMAGE_PRIVATE_H

#include "base/bytes.h"
#include "server/image_file.h"

enum { IMAGE_HEAD = 1 << 20, SECTOR = 512 };

/* A file of an image, its beginning in memory. */
struct image_bytes {
	const char *path; /* for sentences */
	const uint8_t *head;
	size_t head_len;
	uint64_t size;
	int fd;          /* to read what lies behind the head; -1: it cannot be read */
	int sys;         /* what reading failed with */
	uint64_t tables; /* bytes of tables that were read */
};

enum image_extent_kind { EXTENT_FLAT, EXTENT_SPARSE, EXTENT_SESPARSE };

struct image_extent {
	char *name; /* plain */
	enum image_extent_kind kind;
	uint64_t end; /* flat: the bytes that its file must have */
};

/* What the header of a layer says. */
struct image_header {
	enum image_format format;
	uint64_t length; /* as in struct image_layer */
	bool fixed_vhd;
	char *backing; /* plain name; NULL: none */
	enum image_format backing_format;
	struct image_extent *extents; /* of a vmdk */
	size_t extent_count;
	uint32_t cid, parent_cid; /* of a vmdk; parent_cid VMDK_NO_PARENT: none */
};
#define VMDK_NO_PARENT 0xffffffff

/* The layer of a chain whose format is told by what stands on it, or (NULL) by its magic.
 * TROUBLE_IMAGE, TROUBLE_IMAGE_CHAIN, TROUBLE_CANNOT. What is found is owned by mem. */
int image_header_read(TALLOC_CTX *mem, struct image_bytes *bytes, const enum image_format *told,
	struct image_header *header, struct error *err);
int image_qcow2_read(TALLOC_CTX *mem, struct image_bytes *bytes, struct image_header *header,
	struct error *err);
int image_vmdk_read(TALLOC_CTX *mem, struct image_bytes *bytes, struct image_header *header,
	struct error *err);
bool image_is_vmdk(const struct image_bytes *bytes);
/* An extent that a vmdk names. */
int image_extent_read(struct image_bytes *bytes, const struct image_extent *extent,
	struct error *err);
/* A segment of an E01, from 1; more: there is another. */
int image_segment_read(struct image_bytes *bytes, unsigned number, bool *more, struct error *err);

/* Bytes of the file; false: they are not there, or cannot be read (bytes->sys). */
bool image_get(struct image_bytes *bytes, uint64_t off, void *to, size_t len);
bool image_inside(const struct image_bytes *bytes, uint64_t off, uint64_t len);

/* Tables of places in the file. */
struct image_table {
	unsigned width; /* bytes of an entry */
	uint64_t count;
	/* the place that an entry names; 0: none */
	uint64_t (*where)(const struct image_table *, const uint8_t *entry);
	unsigned bits;                   /* for where */
	const struct image_table *below; /* such a table is at each place */
};
/* Whether the table at off and all that it names begins before the end of the file. */
bool image_table_inside(struct image_bytes *bytes, const struct image_table *table, uint64_t off);

/* The name of another file as an image has it, if it is a plain one, with or without "./". */
int image_name(TALLOC_CTX *mem, const struct image_bytes *bytes, const char *said, size_t len,
	char **name, struct error *err);

/* What is wrong with an image, TROUBLE_IMAGE but for the last. */
int image_not(const struct image_bytes *bytes, struct error *err);
int image_cut(const struct image_bytes *bytes, struct error *err);
int image_senseless(const struct image_bytes *bytes, struct error *err);
int image_unclosed(const struct image_bytes *bytes, struct error *err);
int image_only_part(const struct image_bytes *bytes, struct error *err);
int image_unreadable(const struct image_bytes *bytes, const char *kind, struct error *err);

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[3] | (uint32_t)p[2] << 8 | (uint32_t)p[1] << 16 | (uint32_t)p[0] << 24;
}

static inline uint64_t be64(const uint8_t *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

#endif
