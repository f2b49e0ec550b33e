/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that write have in common. */
#ifndef UI_CARRY_H
#define UI_CARRY_H

#include "run/engine.h"
#include "ui/commands.h"

/* TROUBLE_USAGE unless --yes and --operator are there, or it is a dry run. */
int carry_consent(struct call *call);
/* The engine's options: a line for every act, a signal stops. */
struct engine_options carry_options(const struct options *options, const char *decided_how);

/* Finishes what an engine carried out, and says how it ended. */
int carry_finish(struct call *call, struct engine *engine);

#endif
