/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept from look to look, and what there is to say of it. */
#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/step_mail_internal.h"

/* ---- the watch ---- */

static bool end_copy(TALLOC_CTX *mem, const struct log_end *from, struct log_end *to)
{
	*to = *from;
	to->name = from->name ? talloc_strdup(mem, from->name) : NULL;
	return !from->name || to->name;
}

struct mail_watch *mail_watch_new(TALLOC_CTX *mem, struct mail_before *before)
{
	struct mail_watch *watch = talloc_zero(mem, struct mail_watch);
	struct mail_cursor *cursor = watch ? talloc_zero(watch, struct mail_cursor) : NULL;

	if (!cursor || !end_copy(watch, &before->sent, &cursor->sent) ||
		!end_copy(watch, &before->received, &cursor->received) ||
		!end_copy(watch, &before->tracking, &cursor->tracking)) {
		talloc_free(watch);
		return NULL;
	}
	cursor->last_event = before->last_event;
	cursor->events_found = before->events_found;
	watch->cursor = cursor;
	watch->before = talloc_steal(watch, before);
	return watch;
}

/* ---- places ---- */

int mail_place(struct looking *look, enum mail_place place, enum place_state state,
	const struct error *why, struct error *err)
{
	struct mail_watch *watch = look->watch;
	struct mail_cursor *cursor = watch->cursor;
	struct error said = { 0 };

	if (state == PLACE_PARTLY && why) {
		cursor->partly[place] = true;
		cursor->missed[place] = *why;
	}
	if (state == PLACE_SEEN && cursor->partly[place])
		state = PLACE_PARTLY;
	if (state == PLACE_PARTLY)
		said = cursor->missed[place];
	else if (why)
		said = *why;
	watch->seen.places[place] = state;
	TALLOC_FREE(watch->seen.why[place]);
	TALLOC_FREE(watch->recorded[place]);
	if (!*said.text)
		return 0;
	watch->seen.why[place] = talloc_strdup(watch, said.text);
	watch->recorded[place] = talloc_strdup(watch, error_record(&said));
	return watch->seen.why[place] && watch->recorded[place] ? 0 : error_memory(err);
}

/* ---- in words ---- */

char *mail_backlog_text(TALLOC_CTX *mem, const struct mail_backlog *backlog)
{
	char *since = filetime_text(mem, filetime_of(backlog->since, 0), false);

	if (!since)
		return NULL;
	if (backlog->stood == 0)
		return talloc_asprintf(mem,
			P_("No message stood in the postoffice at %s; %zu came, and is there now.",
				"No message stood in the postoffice at %s; %zu came, and are there now.",
				backlog->come),
			since, backlog->come);
	return talloc_asprintf(mem,
		P_("%zu of %zu messages left the postoffice since %s; %zu came, and is there now.",
			"%zu of %zu messages left the postoffice since %s; %zu came, and are there now.",
			backlog->come),
		backlog->gone, backlog->stood, since, backlog->come);
}

struct mail_backlog mail_watch_backlog(const struct mail_watch *watch)
{
	return (struct mail_backlog){ .since = watch->before->at,
		.stood = watch->before->queue_count,
		.gone = watch->seen.gone_count,
		.come = watch->seen.come_count };
}

char *mail_watch_text(TALLOC_CTX *mem, const struct mail_watch *watch)
{
	const struct mail_backlog backlog = mail_watch_backlog(watch);

	if (watch->looks == 0)
		return talloc_strdup(mem, _("Nobody has looked yet."));
	switch (watch->seen.places[PLACE_QUEUE]) {
	case PLACE_SEEN:
		return mail_backlog_text(mem, &backlog);
	case PLACE_PARTLY:
	case PLACE_TROUBLE:
		return talloc_strdup(mem, watch->seen.why[PLACE_QUEUE]);
	case PLACE_ABSENT:
		break;
	}
	return talloc_strdup(mem,
		_("There is no queue to be seen: the postoffice has no folder MAI."));
}

static const char *const place_names[MAIL_PLACES] = { "queue", "sent-log", "received-log",
	"tracking-log", "event-log", "mailbox" };
static const char *const place_texts[MAIL_PLACES] = { N_("the postoffice"), "SENT.LOG", "RECV.LOG",
	N_("the message tracking log"), N_("the event log"), N_("the mailboxes") };
static const char *const state_names[] = { "absent", "seen", "partly", "trouble" };

const char *mail_place_name(enum mail_place place)
{
	return place_names[place];
}

const char *mail_place_text(enum mail_place place)
{
	return _(place_texts[place]);
}

const char *mail_place_state_name(enum place_state state)
{
	return state_names[state];
}

enum place_state mail_place_state(const char *name)
{
	size_t number = text_number(state_names, ARRAY_SIZE(state_names), name);

	return number < ARRAY_SIZE(state_names) ? (enum place_state)number : PLACE_TROUBLE;
}
