/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A server inside disk images, repaired without a VM: the disks backend (disks.h) over a stack of
 * processes (image_stack.h). The bytes of an image change only by overlay->commit (overlay.h).
 */
#ifndef SERVER_IMAGE_H
#define SERVER_IMAGE_H

#include "server/image_parts.h"
#include "server/overlay.h"

struct image_spec {
	const char *files;   /* "sys.vmdk,data.vmdk", one a disk; a comma in a name is \, */
	const char *letters; /* "C=1.1,E=2.1", or NULL */
	const char *overlay; /* the folder for overlays; NULL: beside the image */
	const char *nt_folder;
	/* overlays of a run that stand on the images, from the lowest to the highest: looked at as
	 * part of them */
	const struct overlay *const *over; /* NULL-ended; NULL: none */
};

/* Images that were opened to be looked at, all their NTFS partitions mounted. */
struct image;

/* Opens them, read-only: see image_file_find, stack_open, image_parts_read, stack_mount,
 * image_letters. What has no letter is left open. Not in it: TROUBLE_VOLUME_DIRTY. */
int image_open(TALLOC_CTX *mem, const struct image_spec *spec, struct image **image,
	struct error *err);

/* Its partitions, to be shown; the letters may be set (PART_SAID). */
struct image_part *image_parts(struct image *image, size_t *count);

/* The server on them; image becomes a part of it. TROUBLE_WHICH_LETTERS as image_letters_open has
 * it: then image stays as it was, and can be asked again. SERVER_WRITE is there only where an
 * overlay can be made. reach is "image". */
int image_server(TALLOC_CTX *mem, struct image *image, struct server **server, struct error *err);

/* For the record and for eyes, owned by the server: "qcow2, raw" of each disk, and its chain. */
struct image_told {
	const char *path, *format; /* "QCOW2" */
	const char *const *chain;  /* what it stands on, NULL-ended */
};
const struct image_told *image_told(const struct server *server, size_t *count);

#endif
