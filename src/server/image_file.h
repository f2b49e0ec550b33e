/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that a disk image is made of: found, told by their magic, and fenced in. Nothing is
 * started and nothing is written; every byte read is hostile.
 *
 * A chain (qcow2 on its backing file, vmdk on its parent) and the extents of a vmdk may lie in the
 * folder of the file that names them, and nowhere else: an absolute name, "..", a link, a protocol
 * ("nbd:", "json:"), a device or a pipe is refused before it is opened. qemu never probes: what a
 * file is, is told here, by its magic; a disk whose partition table makes sense where its image
 * would have a header is raw. A qcow2 says itself what its backing file is; where it does not, it
 * is refused.
 */
#ifndef SERVER_IMAGE_FILE_H
#define SERVER_IMAGE_FILE_H

#include <talloc.h>

#include "base/digest.h"
#include "base/error.h"

enum image_format {
	IMAGE_RAW,
	IMAGE_QCOW2,
	IMAGE_VMDK,
	IMAGE_VHD, /* dynamic; a fixed one is raw with a footer behind it */
	IMAGE_VHDX,
	IMAGE_VDI,
	IMAGE_EWF, /* E01: only looked at */
};

/* The name for eyes ("VMDK") and the driver's in qemu ("vmdk", "vpc"). */
const char *image_format_name(enum image_format format);
const char *image_format_driver(enum image_format format);

/* By what it is seen that somebody wrote to a file. Only the first MiB is read: images are
 * large. */
struct image_stamp {
	char *path; /* from the root */
	uint64_t size, inode;
	int64_t mtime; /* nanoseconds since 1970 */
	struct digest head;
};

/* One file of a chain. */
struct image_layer {
	char *path; /* from the root */
	enum image_format format;
	uint64_t length; /* raw: bytes of the disk, without a footer; else 0 */
};

struct image_file {
	struct image_layer *layers; /* [0] is the one that was named, the last stands on nothing */
	size_t layer_count;
	/* all files of it, extents and segments too; the first is the one that was named */
	struct image_stamp *stamps;
	size_t stamp_count;
	bool fixed_vhd; /* "VHD" for eyes though it is read as raw */
};

/*
 * Finds all files of an image. TROUBLE_NOT_THERE (it, an extent, a backing file, a segment; named),
 * TROUBLE_IMAGE (no image, cut off, a header that makes no sense), TROUBLE_IMAGE_CHAIN (one of its
 * files would lie outside), TROUBLE_LOCKED (VMware's NAME.lck is there), TROUBLE_CANNOT (a
 * differencing VHD, VHDX or VDI, encrypted qcow2, data file), TROUBLE_LINK, TROUBLE_PERMISSION.
 */
int image_file_find(TALLOC_CTX *mem, const char *path, struct image_file **file, struct error *err);

/* TROUBLE_MOVED names the first that is not as it was then, in whatever folder it is now. */
int image_stamps_same(const struct image_stamp *then, size_t then_count,
	const struct image_stamp *now, size_t now_count, struct error *err);
/* The stamp of one file as it is now; into an array of nothing else. Owned by mem. */
int image_stamp_take(TALLOC_CTX *mem, const char *path, struct image_stamp *stamp,
	struct error *err);

/* flock on the named file of an image, not waiting: shared to look, exclusive to repair or commit.
 * A descriptor that holds it until it is closed. TROUBLE_LOCKED: another msmcfix has it. */
int image_file_lock(const char *path, bool exclusive, struct error *err);

#endif
