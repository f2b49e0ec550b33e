/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes after carrying out: the pause of a server that is off, step 5 (mail flow) and step 6
 * (the old folder), on the same record. */
#ifndef RUN_FINISH_H
#define RUN_FINISH_H

#include "repair/oldfolder.h"
#include "run/engine.h"
#include "run/mail.h"

/* Pauses the run: journal "paused", and instructions to carry to the server as next.txt in the run
 * folder: what was changed, how to start the server and what to look at, the test messages with
 * their tokens, how to resume. *text (owned by mem) is the same for the screen. Exit code 3. */
int engine_pause(struct engine *engine, TALLOC_CTX *mem, char **text, struct error *err);

/* Looks again and answers the gates. Owned by mem. */
int engine_gates(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *options,
	struct gates **gates, struct error *err);

/* ---- services of a running server ---- */

/* This run stopped services that it has not started yet. */
bool engine_services_down(const struct engine *engine);
/* Their names, for a sentence, safe to show, owned by mem; NULL: none. */
char *engine_services_owed(const struct engine *engine, TALLOC_CTX *mem);
/* Starts MSExchangeMSMI and the PC MTAs, by the operator's word. TROUBLE_CANNOT with the sentences
 * of those that do not start. */
int engine_services_start(struct engine *engine, struct error *err);

enum oldfolder_choice { OLDFOLDER_LEAVE, OLDFOLDER_ASIDE, OLDFOLDER_DELETE };

/* Carries out the choice, recorded before it is done. ASIDE and DELETE ask the gates anew and
 * refuse with TROUBLE_CANNOT while one says no; a weak gate wants weak_confirmed. DELETE wants
 * typed to be the server's name, else TROUBLE_USAGE. */
int engine_oldfolder(struct engine *engine, const struct survey_options *options,
	enum oldfolder_choice choice, const char *typed, bool weak_confirmed, struct error *err);

#endif
