/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that write have in common. */
#ifndef UI_CARRY_H
#define UI_CARRY_H

#include "run/engine.h"
#include "ui/options.h"

/* Before anything else: from here on a signal only asks the work to stop at the next safe point. */
void carry_begin(void);
/* TROUBLE_USAGE unless --yes and --operator are there. */
int carry_consent(const struct options *options, struct error *err);
/* The engine's options: a line for every act, a signal stops. decided_how may be NULL. */
struct engine_options carry_options(const struct options *options, const char *decided_how);
/* A trouble of the work: the sentence, how to go on with run (may be NULL), and the exit code, that of the signal if
 * one stopped it. */
int carry_trouble(const struct error *err, const struct options *options, const char *run);

/* Carries an engine on from the backup to its report, and says how it ended. The exit code in *code. */
int carry_out(TALLOC_CTX *mem, struct engine *engine, const struct options *options, bool begun, int *code,
	      struct error *err);

#endif
