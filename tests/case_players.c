/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases x players as a table: case_players FOLDER SEED [CASE]... Exit 1 if the matrix is not as
 * promised. */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run/engine_internal.h"
#include "tests/players.h"
#include "tests/support.h"

/* What the table says of a trap: the tempting wrong answer of the first fault that has one and
 * belongs to it, or the question. */
static const char *trap_of(const struct training_case *training)
{
	const char *trap = training->ask ? "the question" : "none";

	for (size_t i = 0; i < training->expect_count; i++)
		if (training->expects[i].trap)
			return training->expects[i].id;
	return trap;
}

static void losses_print(const struct score *score)
{
	for (size_t i = 0; i < score->count; i++)
		printf("#     -%d %s: %s\n", score->losses[i].points, score->losses[i].id,
			score->losses[i].reason);
}

/* ---- what the record was given room for holds all that is written there ---- */

enum { BLOCK = 4096 };

/* Of one run folder, in bytes. */
static struct {
	uint64_t written, blocks, plan, reports, reserve;
} seen;

static int file_seen(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *name = path + at->base;
	uint64_t size = type == FTW_F ? (uint64_t)st->st_size : BLOCK;

	if (!strcmp(name, "reserve")) {
		seen.reserve = size;
		return 0;
	}
	/* Asked for by their sizes. */
	if (!strncmp(name, "SYSTEM", 6))
		return 0;
	seen.plan += strcmp(name, "plan.json") == 0 ? size : 0;
	seen.reports += !strncmp(name, "report.", 7) || !strcmp(name, "survey.json") ? size : 0;
	seen.written += type == FTW_F ? size : 0;
	seen.blocks += (size + BLOCK - 1) / BLOCK * BLOCK;
	return 0;
}

static bool room_says(const char *name, const char *what, uint64_t is, uint64_t asked)
{
	if (is > asked)
		printf("# %s: %s: %llu, and room was asked for %llu\n", name, what,
			(unsigned long long)is, (unsigned long long)asked);
	return is <= asked;
}

/* The rows alone need no more than the copies of plan.json; with the ends of files nothing needs
 * more than all. undone: of what was there before it. */
static bool room_kept(const char *name, const char *runs, const char *run, bool undone)
{
	char *path = talloc_asprintf(NULL, "%s/%s", runs, run);
	uint64_t rows = seen.written, blocks = seen.blocks;
	bool good;

	memset(&seen, 0, sizeof seen);
	good = nftw(path, file_seen, 8, FTW_PHYS) == 0 && seen.plan > 0;
	if (!undone) {
		good &= room_says(name, "rows", seen.written,
			room_bytes(ROOM_BEGIN, seen.plan, 0) + room_bytes(ROOM_RUN, seen.plan, 0));
		good &= room_says(name, "run", seen.blocks,
			room_bytes(ROOM_BEGIN, seen.plan, BLOCK) +
				room_bytes(ROOM_RUN, seen.plan, BLOCK));
		good &= room_says(name, "kept", room_bytes(ROOM_KEPT, seen.plan, BLOCK),
			seen.reserve);
	} else {
		/* Each new one stands beside the old one for a while. */
		good &= room_says(name, "rows of the undo", seen.written - rows + seen.reports,
			room_bytes(ROOM_UNDO, seen.plan, 0));
		good &= room_says(name, "undo", seen.blocks - blocks + seen.reports + 3 * BLOCK,
			room_bytes(ROOM_UNDO, seen.plan, BLOCK));
		good &= room_says(name, "left", seen.reserve, 0);
	}
	talloc_free(path);
	return good;
}

/* The points of one player; -1 with the reason printed. *back: undone to the bytes of the
 * beginning. */
static int play(const char *folder, enum player player, const struct training_case *training,
	uint64_t seed, const char **back, double *ms)
{
	static const char *const names[] = { "expert", "enter", "yes" };
	TALLOC_CTX *mem = talloc_new(NULL);
	char *dir = talloc_asprintf(NULL, "%s/%s-%s", folder, training->name, names[player]);
	struct error err = { .trouble = TROUBLE_NONE };
	struct played played;
	int points, ret = player_play(mem, player, training, seed, dir, &played, &err);

	points = ret == 0 ? played.score->points : -1;
	if (ret != 0)
		printf("# %s: %s: %s\n", training->name, names[player], err.text);
	else if (player == PLAYER_EXPERT && points < SCORE_FULL)
		losses_print(played.score);
	*ms = played.build_ms;
	if (ret == 0 && played.run &&
		!room_kept(training->name, case_runs(mem, dir), played.run, false))
		points = -1;
	if (ret == 0 && player == PLAYER_EXPERT && played.run) {
		char *first = talloc_asprintf(mem, "%s/%s-first", folder, training->name), *before,
		     *after;

		*back = "no";
		if (case_build_server(training, first, seed, &err) != 0 ||
			player_undo(mem, dir, played.run, &err) != 0)
			printf("# %s: undo: %s\n", training->name, err.text);
		if (!room_kept(training->name, case_runs(mem, dir), played.run, true))
			points = -1;
		before = player_tree(mem, first);
		after = player_tree(mem, dir);
		if (strcmp(before, after) == 0)
			*back = "yes";
		support_remove(first);
	}
	talloc_free(mem);
	support_remove(dir);
	talloc_free(dir);
	return points;
}

/* 1 if the row is as promised. */
static int row(const char *folder, uint64_t seed, const struct case_name *name)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct training_case *training;
	struct error err = { .trouble = TROUBLE_NONE };
	const char *back = "-";
	double ms = 0, other;
	int points[PLAYERS], good;

	if (case_find(mem, name->name, &training, &err) != 0) {
		printf("# %s: %s\n", name->name, err.text);
		talloc_free(mem);
		return 0;
	}
	for (int player = 0; player < PLAYERS; player++)
		points[player] = play(folder, (enum player)player, training, seed, &back,
			player == 0 ? &ms : &other);
	good = points[PLAYER_EXPERT] == SCORE_FULL && strcmp(back, "no") != 0 &&
		training->level == name->level && points[PLAYER_ENTER] >= 0 &&
		points[PLAYER_YES] >= 0;
	if (case_has_trap(training))
		good = good && points[PLAYER_ENTER] < SCORE_PASS && points[PLAYER_YES] < SCORE_PASS;
	printf("%-19s %5d %6d %5d %3d  %-6s %8.1f  %s%s\n", name->name, name->level,
		points[PLAYER_EXPERT], points[PLAYER_ENTER], points[PLAYER_YES], back, ms,
		trap_of(training), good ? "" : "   NOT AS PROMISED");
	talloc_free(mem);
	return good;
}

int main(int argc, char **argv)
{
	size_t count, played = 0;
	const struct case_name *names = cases(&count);
	int good = 1;

	if (argc < 3)
		return 64;
	printf("%-19s %5s %6s %5s %3s  %-6s %8s  %s\n", "case", "level", "expert", "enter", "y",
		"undone", "build ms", "trap");
	for (size_t i = 0; i < count; i++) {
		int wanted = argc == 3;

		for (int a = 3; a < argc; a++)
			wanted |= strcmp(argv[a], names[i].name) == 0;
		if (!wanted)
			continue;
		played++;
		good &= row(argv[1], strtoull(argv[2], NULL, 10), &names[i]);
	}
	printf("# %zu cases, seed %s: %s\n", played, argv[2],
		good ? "as promised" : "not as promised");
	return good ? 0 : 1;
}
