/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server's connector while it takes one step: what it reads of the server, and the event
 * log that it writes. */
#include <unistd.h>

#include "nt/path.h"
#include "server/disks.h"
#include "practice/mail_parts.h"

#define INTERCHANGE "MSExchangeMSMI"

int mail_turn_begin(struct mail_turn *turn, int64_t now, struct error *err)
{
	/* Not as a practice server: that one starts a connector. */
	struct disks_options options = { .drives = practice_drives(turn->mem, turn->mail->dir) };
	char *set;
	int ret = mail_site_load(turn->mem, turn->mail->dir, &turn->site, err);

	if (ret == 0)
		ret = options.drives ? disks_open(turn->mem, &options, &turn->server, err)
				     : error_memory(err);
	if (ret == 0)
		ret = disks_control_set(turn->server, turn->mem, &set, err);
	if (ret < 0)
		return ret;
	turn->at = now + turn->site->clock;
	turn->services = talloc_asprintf(turn->mem, "%s\\Services", set);
	return turn->services ? 0 : error_memory(err);
}

bool mail_turn_running(const struct mail_turn *turn, const char *service)
{
	return practice_json_state(turn->site->root, service) == SERVICE_RUNNING;
}

char *mail_turn_text(struct mail_turn *turn, const char *service, const char *value)
{
	char *key = talloc_asprintf(turn->mem, "%s\\%s", turn->services, service), *text = NULL;
	struct error err;

	if (!key || server_reg_string(turn->server, turn->mem, key, value, &text, &err) < 0)
		return NULL;
	return text;
}

/* ---- The event log ---- */

static char *event_log(struct mail_turn *turn)
{
	const char *text = mail_turn_text(turn, "EventLog\\Application", "File");
	size_t count = 0;
	struct path_span *spans =
		path_spans(turn->mem, text ? text : "%SystemRoot%\\system32\\config\\AppEvent.Evt",
			PATH_PLAIN, turn->server->id.nt_folder, &count);

	return spans && count > 0 ? spans[0].full : NULL;
}

void mail_turn_log(struct mail_turn *turn, const struct practice_event *event)
{
	char *path = event_log(turn), *parent = path ? path_parent(turn->mem, path) : NULL;
	const int folder = parent ? mail_folder_of(turn->mail->root, turn->server, parent) : -1;
	char *name = folder >= 0 ? mail_spelled(turn->mem, folder, path_leaf(path)) : NULL;
	struct practice_buf log = { .mem = turn->mem };

	if (name) {
		log.bytes = mail_get(turn->mem, folder, name, 1 << 20, &log.len, NULL);
		log.room = log.len;
		if (event) {
			practice_evt_open(&log);
			practice_evt_add(&log, event);
		} else {
			practice_evt_close(&log);
		}
		if (!log.failed && log.len)
			(void)mail_put(turn->mail->mail, folder, name, log.bytes, log.len, turn->at,
				true);
	}
	if (folder >= 0)
		close(folder);
}

void mail_turn_event(struct mail_turn *turn, const struct practice_event *event)
{
	struct practice_event whole = *event;

	if (!mail_turn_running(turn, "EventLog"))
		return;
	whole.at = turn->at;
	whole.source = INTERCHANGE;
	whole.computer = turn->site->server;
	mail_turn_log(turn, &whole);
	turn->mail->events = true;
}
