/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "server/remote_private.h"

int remote_events(struct server *server, const char *log, uint32_t after, server_event_fn *fn,
	void *arg, struct event_log *told, struct error *err)
{
	(void)server, (void)after, (void)fn, (void)arg;
	*told = (struct event_log){ 0 };
	return error_set(err, TROUBLE_CANNOT, _("The event log %s cannot be read."), log);
}
