/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run on a server in a disk image (server/overlay.h): what was written stands in an overlay until
 * somebody decides its end, and that decision is on record like any other.
 *
 * The journal tells of each overlay of a run: "overlay" with state "begun" (its files, the stamps of
 * the images), "open" (it is gone on with), "closed" (digests), "torn" (set aside; what was done in
 * it never happened), "committing", "dropping", "ended" (how), and "failed", where it could not be
 * closed. A run has one at a time; steps 2 to 4, step
 * 6 and an undo after a commit have one each. On other servers none of this happens.
 */
#ifndef RUN_OVERLAY_H
#define RUN_OVERLAY_H

#include "run/engine.h"
#include "server/overlay.h"

enum overlay_state {
	OVERLAY_NONE,    /* nothing is written, or all that was has its end */
	OVERLAY_OPEN,    /* being written to, or cut off then */
	OVERLAY_CLOSED,  /* whole and checked; its end is not decided */
	OVERLAY_COMMITS, /* a commit was begun and not seen to its end: it has to be repeated */
	OVERLAY_DROPS,   /* the same of a drop */
};

/* Where a run stands by its record alone. Owned by who asked. */
struct overlay_stand {
	enum overlay_state state;
	struct overlay *overlay; /* NULL for none */
	/* overlays that were kept, from the lowest to the highest: they are the server's disks
	 * now; and the one above, if there is one, unless it is open or goes. Of one that a cut
	 * commit was about, a path is NULL where its file is gone already. */
	const struct overlay **over; /* NULL-ended; NULL: none */
	bool earlier;                /* one that was begun before was kept or committed */
	struct image_stamp *stamps;  /* of the images, when the overlay was begun */
	size_t stamp_count;
	size_t begun; /* how many there ever were */
};
int overlay_stand(TALLOC_CTX *mem, const struct journal *journal, struct overlay_stand **stand,
	struct error *err);

/* The files that an entry names, owned by mem; TROUBLE_RECORD_DAMAGED where they are not called as
 * overlays of ours are. */
int overlay_read(TALLOC_CTX *mem, const json_t *entry, struct overlay **overlay, struct error *err);

/* Opens an earlier run for the decision about its overlay alone. */
int engine_overlay_open(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, struct engine **engine, struct error *err);

/* Whether the end of what this run wrote is still to be decided. */
bool engine_overlay_waits(const struct engine *engine);
/* By its record; NULL: never an overlay. */
const struct overlay_stand *engine_overlay_stand(const struct engine *engine);

/* The one that was kept last, below the one that waits, if one does: that is what a commit writes
 * to. NULL: the image. */
const struct overlay *overlay_below(const struct overlay_stand *stand);

/* Whether what was written last puts back what the run had changed: all of it (END_UNDONE) or a
 * part. */
enum run_end engine_overlay_result(const struct engine *engine);
/* The commands for the three ends, each on a line of its own; owned by mem. */
char *engine_overlay_commands(const struct engine *engine, TALLOC_CTX *mem);

/* The operator's decision about it, on record first. typed: the server's name, for a commit;
 * compared as NT compares names, TROUBLE_USAGE if it is another. A drop of all that the run wrote
 * is an undo of the run, and ends it; of one that came later (step 6, an undo), it never happened,
 * and what was decided there is open again. TROUBLE_CANNOT where there is none to decide about,
 * TROUBLE_MOVED where the image is not as it was, or a VM has run from what is to be dropped. */
int engine_overlay_end(struct engine *engine, enum overlay_end how, const char *typed,
	struct error *err);

/* How to start the VM from what was kept, lines for a person; owned by mem. */
char *engine_overlay_start(const struct engine *engine, TALLOC_CTX *mem);

#endif
