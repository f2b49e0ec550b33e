/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the image backend share. Nobody else includes this. */
#ifndef SERVER_IMAGE_BACKEND_H
#define SERVER_IMAGE_BACKEND_H

#include "server/disks_private.h"
#include "server/image.h"
#include "server/image_stack.h"

/* A repair of all that can be wrong changes some 5 MiB of a disk, the clusters of 64 KiB around
 * every byte included. What a step needs beyond that, its rehearsal asks for (ops->room). Where it
 * does not suffice the overlay is thrown away, and nothing is lost. */
enum { OVERLAY_ROOM = 64 << 20 };

struct image_disk {
	struct image_file *file;
	int lock;
	char *folder; /* for its overlays */
	/* what it is looked at with, from the lowest to the highest, NULL-ended; NULL: none */
	const char **over;
	size_t depth; /* how many of them */
};

struct image {
	struct image_disk *disks;
	size_t count;
	struct stack_disk *stacked;
	struct image_stack *stack; /* NULL: down */
	struct image_part *parts;
	size_t part_count;
	struct image_told *told;
	char *nt_folder;
	struct disks *server; /* NULL: not yet */
	char *drives;         /* of it, as disks_open takes them */
};

extern const struct overlay_ops image_overlay_ops;

/* image_ground.c: The image as it was named, from the root. */
const char *image_path(const struct image_disk *disk);
/* image_file_lock on each; where one cannot be had exclusively, all are shared. */
int image_lock(struct image *image, bool exclusive, struct error *err);
/* One overlay more, unless it is there already, and one less, if it is there: from the next
 * image_up on. */
int disk_over(struct image *image, struct image_disk *disk, const char *path, struct error *err);
void disk_under(struct image_disk *disk, const char *path);
/* The stack on the disks as they stand; the server, where there is one, opened on it again. What
 * failed for want of a process says so. */
int image_up(struct image *image, bool write, struct error *err);
/* Everything closed and ended; nothing where it is down already. */
int image_down(struct image *image, struct error *err);
/* An E01 image cannot be repaired; whether an overlay of the others can be made, plan says. */
bool image_writable(const struct image *image);

/* image_plan.c: ret, with the advice to name another folder with --overlay. */
int overlay_advised(int ret, struct error *err);
/* What an ordinary write may still use in a folder. */
int image_folder_room(const char *folder, uint64_t *bytes, struct error *err);
int image_stamps(struct server *server, TALLOC_CTX *mem, struct image_stamp **stamps, size_t *count,
	struct error *err);
int image_plan(struct server *server, TALLOC_CTX *mem, const char *name, struct overlay **planned,
	struct error *err);
/* Whether a file of an overlay is there (path NULL: it is not); TROUBLE_LINK where that is no
 * file. */
int overlay_there(const struct overlay_file *file, bool *there, struct error *err);
/* An overlay of these disks: TROUBLE_USAGE where it is of more or fewer, TROUBLE_MOVED where a file
 * has not the name of one. Nothing else is ever written, removed or renamed. */
int overlay_fits(const struct image *image, const struct overlay *overlay, struct error *err);

#endif
