/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case by hand: the server of a case in a folder, to be repaired from the article alone, with
 * other tools than this program. Then what can be seen in the folders is judged. There is no
 * journal, so nobody's decisions count, nor does the question of the case; a full copy of the old
 * Bin anywhere on the drives is the backup of step 1.
 *
 *   DIR/{C,E,practice.json}  as case_build makes it
 *   DIR/TASK.txt             what is to be done, for the trainee
 */
#ifndef TRAINING_BYHAND_H
#define TRAINING_BYHAND_H

#include "training/score.h"

#define BYHAND_TASK "TASK.txt"

/* Writes DIR/TASK.txt: story, task, article, tools, and how it is judged. Same case, seed and
 * language: same bytes. */
int byhand_task(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err);

/*
 * Judges the server in dir. name: of the case, or a teacher's file; NULL: the built-in one that
 * practice.json names. TROUBLE_NOT_THERE where dir is no practice server, TROUBLE_RECORD_DAMAGED
 * where practice.json says nothing that can be read, TROUBLE_USAGE where it is of none or another,
 * TROUBLE_OTHER_SERVER where its registry is of another server. A server that can no longer be read
 * is no trouble: it is not passed, and the score says why. *bound and *score are owned by mem.
 */
int byhand_score(TALLOC_CTX *mem, const char *dir, const char *name, struct training_case **bound,
	struct score **score, struct error *err);

#endif
