/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A repair that is written where it can be thrown away: qcow2 files over disk images, one each.
 *
 * A server that has this (struct server: overlay) looks without one; begin and go_on are the only
 * ways to write. Between them and close the overlay is open, and if this process or one below it
 * dies it is torn, and nobody may go on with it. Closed, it has digests; as long as they hold,
 * nobody else has written to it.
 */
#ifndef SERVER_OVERLAY_H
#define SERVER_OVERLAY_H

#include "server/image_file.h"
#include "server/server.h"

struct overlay_file {
	/* where it is only looked through, NULL: a cut commit has removed it already */
	char *path;           /* "/vm/nt4.qcow2.q240208-19991122-0939.qcow2", from the root */
	struct digest digest; /* of the whole file when it was closed */
	uint64_t size;        /* then; 0: it never was */
};

/* The files of one overlay, in the order of the disks. */
struct overlay {
	struct overlay_file *files;
	size_t count;
};

enum overlay_end { OVERLAY_COMMIT, OVERLAY_KEEP, OVERLAY_DROP };

struct image_told; /* server/image.h */

struct overlay_ops {
	/* What its disks are, for the record: image_told. */
	const struct image_told *(*told)(const struct server *, size_t *count);
	/* The image files as they are now, those of the whole chain but for overlays of ours;
	 * owned by mem. */
	int (*stamps)(struct server *, TALLOC_CTX *mem, struct image_stamp **, size_t *count,
		struct error *);
	/* The files that begin would make under that name: IMAGE.q240208-NAME.qcow2, beside the
	 * image or in the folder that was said for them; owned by mem. TROUBLE_NO_RUN_FOLDER,
	 * TROUBLE_NO_ROOM, TROUBLE_MOVED (one is there) without a byte written. */
	int (*plan)(struct server *, TALLOC_CTX *mem, const char *name, struct overlay **,
		struct error *);
	/* From looking to writing, into files that plan named and that are made now: image locked,
	 * unmounted, mounted again to be written to. Everything that was opened of the server
	 * before is closed. */
	int (*begin)(struct server *, const struct overlay *, struct error *);
	/* The same on files that were closed. TROUBLE_MOVED where a digest does not hold. */
	int (*go_on)(struct server *, const struct overlay *, struct error *);
	/* Written, unmounted, checked by qemu-img, digests taken into overlay, and opened again to
	 * be looked at, by processes that know nothing of before. */
	int (*close)(struct server *, struct overlay *, struct error *);
	/* Whether nobody else wrote to it since it was closed. */
	int (*ours)(struct server *, const struct overlay *, bool *ours, struct error *);
	/* Into what it stands on, its files removed, then the server is looked at without it.
	 * Repeatable when cut. */
	int (*commit)(struct server *, const struct overlay *, struct error *);
	/* Its files removed (those that are there), then looked at without it. */
	int (*drop)(struct server *, const struct overlay *, struct error *);
	/* A torn one: its files renamed to NAME.torn, paths in overlay changed; looked at without
	 * it. */
	int (*set_aside)(struct server *, struct overlay *, struct error *);
};

#endif
