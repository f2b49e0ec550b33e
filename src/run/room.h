/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The room that the record of a run takes. Its measure is plan.json, which holds each row once with
 * all that is known of it: no other file of the record holds a row twice, or with more words.
 */
#ifndef RUN_ROOM_H
#define RUN_ROOM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct engine;

/* What is written, and when it is asked for. */
enum room {
	ROOM_BEGIN, /* until the decisions of the beginning are on record, but for registry files */
	ROOM_RUN,   /* reserved then: the rest of the run */
	ROOM_CARRY, /* of that, carrying out and the end */
	ROOM_KEPT,  /* reserved as well, until the run is undone: several undos in part, and all */
	ROOM_UNDO   /* of that, one undo */
};

/* Bytes, for a plan.json of so many; block: runs_block. */
uint64_t room_bytes(enum room room, uint64_t plan, uint64_t block);

/* That there is room for ROOM_RUN, ROOM_CARRY (and the undo of them) or ROOM_UNDO, and, unless dry,
 * that it stays: TROUBLE_NO_ROOM. largest: as for runs_room. */
int room_take(struct engine *engine, enum room room, uint64_t largest, bool dry, struct error *err);
/* Of a run that came to its end, gives back what is not needed any more: all but for an undo, or
 * all. */
void room_end(struct engine *engine);

#endif
