/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Training cases: a story, the faults it is made of, and what the right decisions are worth.
 * Built-in cases (src/training/cases) and a teacher's own files have the same form, lines of "word:
 * text", told in doc/cases.md:
 *
 *   case: two-paths
 *   title: Two paths in one value
 *   level: 2
 *   story: The administrator of {server} added the network messages to ...
 *   fault: two-paths
 *   expect: needed change 60 the article asks for it
 *   expect: file/Bin\async.exe keep 45 trap it is newer than setup's: a hotfix
 *   ask: 45 Why does the value of {lan} hold two paths?
 *   right: ...
 *   wrong: ...
 *   tip: registry/EventLog\Application\{lan}\EventMessageFile | a value can hold more than one path
 *   | look behind
 *     the semicolon | ...
 *
 * {server}, {lan}, {x25} and so on are filled in from the seed.
 */
#ifndef TRAINING_CASE_H
#define TRAINING_CASE_H

#include "mail/evidence.h"
#include "training/fault.h"

enum {
	CASE_TIPS = 3,
	CASE_LEVELS = 3,
	CASE_FAULTS = 16,
	CASE_EXPECTS = 64,
	CASE_TIP_ROWS = 32,
	CASE_CHOICES = 6,
	CASE_FILE_LIMIT = 65536,
	/* what falling into a trap must cost at least: 59 is not enough to pass */
	CASE_TRAP_POINTS = 41,
};

/* The id of an expectation that stands for every change the article asks for and no other line
 * names. */
#define CASE_NEEDED "needed"

enum case_answer {
	CASE_CHANGE,
	CASE_KEEP,   /* not touched, by a decision on record */
	CASE_LEAVE,  /* not touched; a decision to keep it is as good as none */
	CASE_REFUSE, /* the program must refuse; nothing is to be changed */
	CASE_MAIL,   /* what step 5 must end in, "mail/{lan}/to-msmail": one of grades */
};

struct case_expect {
	char *id; /* of the finding, or CASE_NEEDED */
	enum case_answer answer;
	int points;      /* lost by another answer; of CASE_NEEDED in proportion */
	char *why;       /* for the debrief */
	bool trap;       /* the tempting answer is the other one */
	unsigned grades; /* of CASE_MAIL: bits, 1 << enum mail_grade */
};

struct case_tip {
	char *id; /* what it is about; "" for the case as a whole */
	/* where to look, what is wrong, the answer; NULL from the first that is missing */
	char *tips[CASE_TIPS];
};

/* An answer to the question of the case. */
struct case_choice {
	char *text;
	bool right;
};

struct training_case {
	char *name, *title, *story;
	int level; /* 1 to 3 */
	const struct fault *faults[CASE_FAULTS];
	size_t fault_count;
	struct case_expect expects[CASE_EXPECTS];
	size_t expect_count;
	struct case_tip tips[CASE_TIP_ROWS];
	size_t tip_count;
	char *ask; /* a question whose answer cannot be seen in the server's state; NULL: none */
	int ask_points; /* lost by a wrong answer, and by none */
	/* one of them right; in the order in which they are to be shown */
	struct case_choice choices[CASE_CHOICES];
	size_t choice_count;
	/* begins at resume: a run that was cut off while carrying out, in DIR/runs */
	bool begins_cut;
	char *text; /* of a teacher's case: its file's, text_len bytes; else NULL */
	size_t text_len;
	uint64_t seed; /* of a bound case */
};

/* Names of the built-in cases with level and title, in teaching order; nothing is read or built for
 * it. */
struct case_name {
	const char *name, *title;
	int level;
	const char *text; /* len bytes, for case_parse */
	size_t len;
};
const struct case_name *cases(size_t *count);
/* 1 to 40 small letters, digits and hyphens, no hyphen first. */
bool case_name_ok(const char *name);
/* The row of that name; NULL if it is none of them. */
const struct case_name *case_named(const char *name);

/* A built-in case, or a teacher's: with a '/' in its name, a file; case_parse takes the bytes of
 * one. Malformed: TROUBLE_USAGE with the line and what is wrong with it. */
int case_find(TALLOC_CTX *mem, const char *name, struct training_case **found, struct error *err);
int case_parse(TALLOC_CTX *mem, const char *text, size_t len, struct training_case **parsed,
	struct error *err);

/* Whether pressing Enter, or y, on everything must not do: there is a tempting wrong answer, or a
 * question. */
bool case_has_trap(const struct training_case *training);
/* Whether the program must refuse its server. */
bool case_refuses(const struct training_case *training);
const struct case_expect *case_expect_find(const struct training_case *training, const char *id);

/* Where the runs of a case's server are, below the folder it was built in; owned by mem, NULL for
 * want of memory. */
char *case_runs(TALLOC_CTX *mem, const char *dir);

/* The PC MTA and the direction that "mail/PCMTA/to-msmail" names; NULL if it is no such id. *pcmta is
 * owned by mem. */
struct training_mail {
	char *pcmta;
	enum mail_direction direction;
};
struct training_mail *case_mail(TALLOC_CTX *mem, const char *id);

/* How the server of a case is looked at: in every one the relocated postoffice is the one in use;
 * the player may have to find that out. */
struct survey_options;
extern const struct survey_options case_look;

/*
 * Builds the case's server below dir. Same case, same seed: same bytes. Where the case begins cut,
 * a run is begun and cut off in case_runs as well, by a process that is killed in the middle; its
 * contents follow from the seed, the times in its journal are those of the clock, and so is its
 * name. A teacher's case that says something of a row which this server does not have:
 * TROUBLE_USAGE.
 */
int case_build(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err);
/* The same without what a cut run did to it: the server as the service pack left it. */
int case_build_server(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err);

/* What practice_build is told for this case; owned by mem. */
int case_spec(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed,
	struct practice_spec *spec, struct error *err);

/* Fills in the names of this seed's server in ids and texts, and puts the answers of the question
 * into this seed's order. Owned by mem. */
int case_bind(TALLOC_CTX *mem, const struct training_case *training, uint64_t seed,
	struct training_case **bound, struct error *err);

#endif
