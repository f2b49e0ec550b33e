/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three people who play a case through the same engine an operator uses: one who knows, one who
 * presses Enter on everything, one who presses y. */
#ifndef TESTS_PLAYERS_H
#define TESTS_PLAYERS_H

#include "training/score.h"

enum player { PLAYER_EXPERT, PLAYER_ENTER, PLAYER_YES, PLAYERS };

struct played {
	struct score *score;
	char *run; /* its name, NULL where none was begun */
	double build_ms;
};

/* Builds the case in the new folder dir and plays it; 0, or -trouble with a sentence. All owned by
 * mem. */
int player_play(TALLOC_CTX *mem, enum player player, const struct training_case *training,
	uint64_t seed, const char *dir, struct played *played, struct error *err);

/* Carries out on the server in dir, which stands already, what the player decides; *run is the
 * run's name, NULL where none was begun. */
int player_repair(TALLOC_CTX *mem, enum player player, const struct training_case *bound,
	const char *dir, const char *runs, char **run, struct error *err);

/* Puts the whole run back, the backup tree too. */
int player_undo(TALLOC_CTX *mem, const char *dir, const char *run, struct error *err);

/* The drives below dir as text: a line for every file and folder with mode, time, size and
 * digest. */
char *player_tree(TALLOC_CTX *mem, const char *dir);

#endif
