/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals from outside: remembered, never acted upon in the handler; whoever works or waits looks
 * at the flag. */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* From here on INT, TERM, HUP and XCPU only ask the work to stop at the next safe point; system
 * calls are not restarted. PIPE is ignored. */
void signals_catch(void);

/* The first signal that came, 0 if none did. Want of memory is as good as one. */
int signals_came(void);
/* The same of one that nobody has been told of by either: the wait for a server is given up by a
 * signal of its own, so that after the first the connector's services are still started again. */
int signals_new(void);

/* Memory has run out (ui/spare.h), and whether it has. */
void signals_memory_short(void);
bool signals_memory(void);

/* Called from the handler, besides setting the flag; NULL for none. For the one library that waits
 * for keys on its own. */
void signals_wake(void (*wake)(void));

#endif
