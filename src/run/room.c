/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The room that the record of a run takes, asked for and kept. */
#include "run/engine_internal.h"

/* How often the rows are written, and into how many files, each of which may take a block more. */
static const struct {
	unsigned copies, files;
} rooms[] = {
	/* plan.json, the decisions; before/, the registry values as text, lock, number, log and
	 * the folders */
	[ROOM_BEGIN] = { 2, 16 },
	/* decisions that were taken again, the manifest, and: */
	[ROOM_RUN] = { 6, 12 },
	/* the acts, also resumed ones; values as text, survey.json, report.json (decisions and
	 * survey), report.txt */
	[ROOM_CARRY] = { 5, 8 },
	[ROOM_KEPT] = { 5, 10 },
	/* its acts, survey.json; report.json and report.txt, beside those that they take the place
	 * of */
	[ROOM_UNDO] = { 4, 8 },
};

uint64_t room_bytes(enum room room, uint64_t plan, uint64_t block)
{
	return rooms[room].copies * plan + rooms[room].files * block;
}

static uint64_t room_of(const struct engine *engine, enum room room)
{
	int64_t plan = runfolder_size(engine->run, "plan.json");

	return room_bytes(room, plan > 0 && plan <= PLAN_LIMIT ? (uint64_t)plan : 0,
		runs_block(engine->runs));
}

int room_take(struct engine *engine, enum room room, uint64_t largest, bool dry, struct error *err)
{
	uint64_t least = room == ROOM_UNDO ? 0 : room_of(engine, ROOM_KEPT),
		 bytes = room_of(engine, room) + least, has = runfolder_reserved(engine->run);
	int ret = runs_room(engine->runs, bytes > has ? bytes - has : 0, largest, err);

	return ret || dry ? ret : runfolder_reserve(engine->run, bytes, least, err);
}

void room_end(struct engine *engine)
{
	enum run_end end = journal_result(engine->journal);
	bool none = end == END_UNDONE || end == END_NOTHING ||
		!journal_last(engine->journal, JOURNAL_ACT);
	uint64_t bytes = none ? 0 : room_of(engine, ROOM_KEPT);

	if (!journal_ended(engine->journal))
		return;
	runfolder_reserve_cut(engine->run, bytes);
	/* What was taken from it for a while is there again, but for what stays written. */
	while (bytes && runfolder_reserve(engine->run, bytes, 0, NULL))
		bytes -= bytes < 4 << 10 ? bytes : 4 << 10;
}
