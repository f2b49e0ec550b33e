/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that write have in common. */
#ifndef UI_CARRY_H
#define UI_CARRY_H

#include "run/overlay.h"
#include "run/resume.h"
#include "ui/commands.h"

/* TROUBLE_USAGE unless --yes and --operator are there, or it is a dry run. */
int carry_consent(struct call *call);
/* The server of a run by its record: call->options lead there from then on. What it needs is said
 * with the command that is to be given then. */
int carry_record(struct call *call, const struct run_record *record, const char *runs,
	struct server **server);
/* Whether the server that is named, or that of the run the command is about, runs: the walk signs
 * in there itself, and once. */
bool carry_live(struct call *call);
/* The server that is named, or that of the run the command is about. */
int carry_reach(struct call *call, struct server **server);
/* The engine's options: a line for every act, a signal stops. */
struct engine_options carry_options(const struct options *options, const char *decided_how);

/* Where an overlay waits, the commands for its three ends. */
void carry_waits(struct call *call, const struct engine *engine);
/* Finishes what an engine carried out, and says how it ended. */
int carry_finish(struct call *call, struct engine *engine);

#endif
