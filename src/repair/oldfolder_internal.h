/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gates of step 6 share. Private to oldfolder*.c. */
#ifndef REPAIR_OLDFOLDER_INTERNAL_H
#define REPAIR_OLDFOLDER_INTERNAL_H

#include "repair/oldfolder.h"
#include "repair/survey_internal.h"

/* Told of a value that names the default Msmcon, or may; where is "ControlSet002:
 * MSExchangeMSMI\ImagePath"; share: it is a share's definition, and where is its name. Non-zero (an
 * error that was set) ends it. */
typedef int named_fn(void *arg, const char *where, bool share, struct error *err);

/*
 * Every key, and every value of any type, of each control set, in SYSTEM and SYSTEM.ALT: one whose
 * name is or that holds the folder's name in bytes or UTF-16, at any offset, and does not provably
 * belong to another folder, or a path of which it cannot be told where it leads. next: below
 * Services of the control set of the next start alone.
 */
int names_find(struct server *server, const struct survey *survey, bool next, named_fn *tell,
	void *arg, struct error *err);
/* Whether a text holds a path into the default Msmcon, or may. */
bool names_in(struct server *server, const struct survey *survey, const char *text);

struct gatekeeper {
	struct scan scan; /* its failure is that of the gate that is judged */
	const struct survey *survey;
	const struct evidence_list *evidence;
	struct gates *gates;
	struct copy_list tree; /* all of the default Msmcon */
	bool streams_unseen;   /* this way of reaching the server cannot tell of them */
	char *strange; /* why the folder cannot be walked through, or NULL; tree is empty then */
	struct gate *gate; /* the one that is judged */
	struct error why;  /* it could not be: the error of scan */
	/* seconds: the move of the postoffice was not before; 0 if that cannot be told */
	int64_t moved;
	int64_t first; /* setup first ran after it, not before; 0 if that cannot be told */
};

/* The answer is no, and why; of a list that may be long the first few are named, and in the end how
 * many more there are. */
void gate_no(struct gatekeeper *keeper, struct gate *gate, const char *why);
/* Unless it is no already, the answer is weak: it must be confirmed, and why. */
void gate_weaken(struct gatekeeper *keeper, const char *why);
void gate_list(struct gatekeeper *keeper, struct gate *gate, const char *name);
void gate_more(struct gatekeeper *keeper, struct gate *gate);

/* What speaks against "no mail came into the default Maildata": a change after setup first ran
 * since the move, a message that the relocated Maildata lacks. */
void judge_mail_came(struct gatekeeper *keeper);

/* What lies in it, file or folder, and on the relocated side not, or with other bytes or streams.
 * Files of its Bin are compared by the survey, all but their streams; a few named files of the
 * postoffice may differ, and none may be missing. */
void judge_contents(struct gatekeeper *keeper);

#endif
