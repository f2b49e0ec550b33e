/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connector's services on a running server: stopped just before the first switch of steps 2 to
 * 4, started again as soon as they are through. Only those that ran are stopped, and only those
 * that this run stopped are started. Each is on record before it is touched, so that a run that was
 * cut off knows what it owes the server. A server that is off has none of this.
 */
#ifndef RUN_SERVICES_H
#define RUN_SERVICES_H

#include "run/engine.h"

/* The PC MTAs, MSExchangeATMTA, then MSExchangeMSMI (Q168739: the Interchange last). Nothing is
 * switched in if one cannot be stopped. */
int services_down(struct engine *engine, struct error *err);

/* MSExchangeMSMI, then the others. A service that does not start is no failure of the repair: it is
 * noted on record and told by engine_services_note. Non-zero only where the record cannot be
 * written. */
int services_up(struct engine *engine, struct error *err);
/* After what failed (ret): where services stay down all the same, the advice names them first.
 * Returns ret. */
int services_left(const struct engine *engine, int ret, struct error *err);

/* The same for a run that may have come to its end: that stays its last word. */
int services_late(struct engine *engine, struct error *err);

/* Records the PC MTAs of survey, and whether there is an AppleTalk MTA, if the last entry has
 * others. */
int pcmtas_record(struct engine *engine, const struct survey *survey, struct error *err);

#endif
