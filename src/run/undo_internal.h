/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of an undo share. */
#ifndef RUN_UNDO_INTERNAL_H
#define RUN_UNDO_INTERNAL_H

#include "run/engine_internal.h"

/* One change to be turned round. */
struct item {
	const struct change *change;
	struct change *reverse;
	enum change_state state; /* of the reverse: NEW is put back already */
};

/* What it changes stands in the registry. */
static inline bool item_is_hive(const struct item *item)
{
	return item->change->kind == KIND_VALUE || item->change->kind == KIND_SHARE;
}

struct undoing {
	struct engine *engine;
	const struct undo_options *options;
	struct history history;
	struct item *items; /* the last step first */
	size_t count;
	/* the first that is asked for and does not fit the server, and how many do not */
	const struct change *unfit;
	size_t unfit_count;
	size_t todo;
	bool tree; /* step 1's tree is to go */
	/* the saved registry files, where they may be put back as a whole */
	struct hive_image images[2];
	size_t image_count;
	/* how the registry goes back (undo_way_text); NULL where only a part is asked for, or none
	 * goes */
	const char *way;
	struct error note; /* see struct act: for the first act */
	char *text;
};

/* A line of what was or would be put back. */
int undo_say(struct undoing *undoing, struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* ---- undo_items.c: what there is to put back ---- */

int undoing_new(struct engine *engine, const struct undo_options *options, struct undoing **undoing,
	struct error *err);
/* Everything that was ever begun in this run, is asked for and fits, the last step first. */
int items_collect(struct undoing *undoing, struct error *err);
/* Whether an undo put it back already: it is done with, whatever was made of it since. */
bool item_done(const struct undoing *undoing, const struct item *item);
/* Where one stands, and that it may be put back. */
int item_check(struct undoing *undoing, struct item *item, struct error *err);
/* What it will be again. */
char *item_text(struct undoing *undoing, const struct item *item);
/* All is looked at before the first is put back; counts todo. */
int items_check(struct undoing *undoing, struct error *err);
/* That no later run on this server, which is not undone, has written to what these items are in:
 * -TROUBLE_MOVED names it. */
int items_newest(struct undoing *undoing, struct error *err);
int items_say(struct undoing *undoing, struct error *err);

/* ---- undo_look.c ---- */

/* TROUBLE_USAGE where what is asked for does not go together. */
int undo_usage(const struct undo_options *undo, struct error *err);

/* ---- undo_witness.c ---- */

/* That what was there before is what the registry file that was saved when the run began (of a
 * server that ran then: the plan), or the backup of Bin, says; or where they say nothing, that it
 * led into an Msmcon (change_misfit). -TROUBLE_PLAN_FOREIGN names the first of which that is not
 * so. */
int items_witnessed(struct undoing *undoing, struct error *err);

/* ---- undo_hives.c ---- */

/* The saved registry files into images, where they may be put back byte for byte: only when all of
 * the registry goes back and nobody else has written to it since they were saved. */
int images_judge(struct undoing *undoing, struct error *err);

#endif
