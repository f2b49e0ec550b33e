/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An honest score: from the journal and the final state of the server, by the verifiers of a real
 * repair, against the case's own table. Nothing is given for pressing keys. How the server was at
 * the beginning is not believed but built again from case and seed, in a folder that goes away.
 */
#ifndef TRAINING_SCORE_H
#define TRAINING_SCORE_H

#include "record/runfolder.h"
#include "server/server.h"
#include "training/case.h"

enum {
	SCORE_FULL = 100,
	SCORE_PASS = 60,
	SCORE_TIP = 5,
	SCORE_MARKS = 20, /* what looks wrong was not said, or said of what is right: all of it */
	SCORE_MARKS_LEAST = 4, /* rows that it is shared among at least */
	SCORE_WRONG_VALUE = 8, /* right folder, but not the value it should have become */
	SCORE_UNNEEDED = 10,   /* something changed that nobody asked for: each */
	SCORE_NO_BACKUP = 10, /* by hand: Bin was written to, and there is no copy of the old one */
	/* mail flow attested on a server that is not repaired; the old folder deleted before mail
	 * was seen: failed */
	SCORE_FALSE_WORD = 50,
};

/* What was said before the diagnosis was shown. */
struct score_marks {
	bool wanted;    /* the diagnosis was withheld until it was said */
	bool said;      /* ... and it was */
	size_t wrong;   /* rows that are wrong */
	size_t found;   /* of them, for a good reason */
	size_t reasons; /* of them, for another reason */
	size_t falsely; /* rows that are right and were marked */
	/* names: the first of those not found, and of those falsely marked; NULL: none */
	const char *missed, *false_names;
};
/* Points lost for it: a row missed or falsely marked costs its share, another reason half of it. */
int score_marks_lost(const struct score_marks *marks);

/* What is not in the journal: kept by the lesson. */
struct score_given {
	size_t tips; /* how many were taken */
	int chosen;  /* index into choices of the bound case; -1: no answer */
	struct score_marks marks;
	const char *scratch; /* the folder in which the beginning is built again; NULL: TMPDIR */
	/* repaired with other tools: there is no record of decisions and no question, and the
	 * backup of step 1 is wherever it was put */
	bool by_hand;
	/* why a server cannot be opened, a sentence; NULL where it was not tried */
	const char *why;
};

struct loss {
	char *id; /* what it is about; "tips", "ask", or a finding's id */
	int points;
	char *reason; /* for the debrief: what was done, what would have been right, why */
	const struct fault *fault; /* whose consequence explains it, or NULL */
};

/* What it leads to on such a server: the service that does not start, the event it logs; told, not
 * played. NULL: nothing that the case knows of. */
const char *loss_consequence(const struct loss *loss);

struct score {
	int points; /* 0 to 100 */
	bool passed;
	bool failed;         /* whatever the points: something was done that must never be done */
	struct loss *losses; /* as the case has them */
	size_t count;
	size_t tips;
	bool repaired; /* a fresh survey finds nothing needed that the case wants changed */
	bool by_hand;  /* as given */
};

/*
 * The case must be bound. server may be NULL: it cannot be opened (a case whose registry refuses).
 * run may be NULL: nothing was ever begun; else it is the run that counts, opened for reading.
 */
int score_make(TALLOC_CTX *mem, const struct training_case *training, struct server *server,
	struct runfolder *run, const struct score_given *given, struct score **score,
	struct error *err);

/* The debrief, for a person, 78 columns; safe to show. Owned by mem, NULL for want of memory. */
char *score_text(TALLOC_CTX *mem, const struct training_case *training, const struct score *score);

/* The result for a class, but for what only the lesson knows: {"format": 1, "case", "level", "seed",
 * "seat", "points", "passed", "tips", "repaired", "losses": [{"id", "points", "reason"}]}. New
 * reference; NULL for want of memory. */
json_t *score_json(const struct training_case *training, const char *seat,
	const struct score *score);

#endif
