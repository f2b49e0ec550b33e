/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be said of the connector as a whole: events, services, account, queue, clocks. Facts
 * are shown beside the words of a message, and never decide them. */
#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/step_mail_internal.h"

/* ---- events ---- */

/* The newest are kept, and of two that say the same the newer. */
static int event_fact(struct looking *look, const struct mail_fact *fact, struct error *err)
{
	struct mail_cursor *cursor = look->watch->cursor;
	struct mail_fact kept = *fact;
	size_t at = 0;

	kept.text = text_shown(look->watch, fact->text);
	kept.source = text_shown(look->watch, fact->source);
	if (!kept.text || !kept.source)
		return error_memory(err);
	while (at < cursor->event_count && strcmp(cursor->events[at].text, kept.text) != 0)
		at++;
	if (at == cursor->event_count && at == MAIL_EVENT_FACTS)
		at = 0;
	if (at < cursor->event_count) {
		talloc_free(cursor->events[at].text);
		talloc_free(cursor->events[at].source);
		cursor->event_count--;
		memmove(&cursor->events[at], &cursor->events[at + 1],
			(cursor->event_count - at) * sizeof cursor->events[0]);
	}
	cursor->events[cursor->event_count++] = kept;
	return 0;
}

/* It works again: what stopped it is over, and stays to be read. */
static void alive(struct mail_cursor *cursor)
{
	for (size_t i = 0; i < cursor->event_count; i++)
		cursor->events[i].stops_all = false;
}

struct hearing {
	struct looking *look;
	const char **pcmtas;
	size_t count;
	bool crowded;
	bool back; /* what is heard is from before: it says nothing of a message */
};

static int event_heard(struct hearing *hearing, const struct evt_record *record,
	const struct event_said *said, TALLOC_CTX *tmp, struct error *err)
{
	struct looking *look = hearing->look;
	struct mail_cursor *cursor = look->watch->cursor;
	const char *stamp = filetime_text(tmp, filetime_of(record->at, 0), false);
	struct mail_fact fact = { .bad = said->worth == EVENT_TROUBLE,
		.stops_all = said->stops_all,
		.text = (char *)said->sentence,
		.source = talloc_asprintf(tmp, "event %u, record %u, %s%s%s%s", record->id,
			record->number, stamp ? stamp : "", said->source ? " (" : "",
			said->source ? said->source : "", said->source ? ")" : "") };
	int taken;

	if (said->worth == EVENT_MESSAGE && hearing->back)
		return 0;
	if (said->worth == EVENT_MESSAGE && said->entry) {
		taken = mail_entry_take(look, said->entry);
		hearing->crowded = hearing->crowded || taken > 0;
		if (said->entry->event == MAIL_FROM_QUEUE || said->entry->event == MAIL_GATEWAY_OUT)
			look->watch->diagnostics = true;
		if (taken < 0)
			return error_memory(err);
		fact.bad = true;
		return fact.text ? event_fact(look, &fact, err) : 0;
	}
	if (said->worth == EVENT_ALIVE) {
		alive(cursor);
		fact.text =
			(char *)_("The connector has a session with Exchange: it began to work.");
	}
	return (said->worth == EVENT_TROUBLE || said->worth == EVENT_ALIVE) && fact.text
		? event_fact(look, &fact, err)
		: 0;
}

/* What the connector said shortly before the step was reached may be why no mail flows. */
enum { EVENTS_BACK = 500, SECONDS_BACK = 24 * 60 * 60 };

static bool is_heard(const struct hearing *hearing, const struct evt_record *record)
{
	const struct mail_watch *watch = hearing->look->watch;

	if (hearing->back)
		return record->number <= watch->before->last_event &&
			record->at > watch->before->at - SECONDS_BACK;
	return record->number > watch->cursor->last_event;
}

static int event_take(void *arg, const struct evt_record *record, struct error *err)
{
	struct hearing *hearing = arg;
	struct mail_cursor *cursor = hearing->look->watch->cursor;
	TALLOC_CTX *tmp = talloc_new(hearing->look->tmp);
	struct event_said said = { 0 };
	int ret = 0;

	if (is_heard(hearing, record)) {
		event_read(tmp, record, hearing->pcmtas, hearing->count, &said);
		ret = event_heard(hearing, record, &said, tmp, err);
		if (ret == 0 && !hearing->back)
			cursor->last_event = record->number;
	}
	talloc_free(tmp);
	return ret;
}

static int ask(struct hearing *hearing, struct event_log *log, struct error *err)
{
	struct server *server = hearing->look->server;

	*log = (struct event_log){ 0 };
	return server->ops->events(server, "Application", hearing->look->watch->cursor->last_event,
		event_take, hearing, log, err);
}

static int events_missed(struct looking *look, const char *why, struct error *err)
{
	struct error said = { 0 };

	error_set(&said, TROUBLE_NONE, "%s", _(why));
	return mail_place(look, PLACE_EVENTS, PLACE_PARTLY, &said, err);
}

/* A log that was not there before: what is in it now may be old. */
static int events_from_now_on(struct looking *look, const struct event_log *log, struct error *err)
{
	look->watch->cursor->events_found = true;
	look->watch->cursor->last_event = log->newest;
	return events_missed(look,
		N_("The event log could not be read before: only what comes to it from now on counts."),
		err);
}

/* Once, and without a word about what is no longer there. */
static int events_from_before(struct hearing *hearing, struct error *err)
{
	struct mail_cursor *cursor = hearing->look->watch->cursor;
	uint32_t known = cursor->last_event;
	struct event_log log;
	int ret;

	if (cursor->heard_back || !cursor->events_found || known == 0)
		return 0;
	cursor->heard_back = hearing->back = true;
	cursor->last_event = known > EVENTS_BACK ? known - EVENTS_BACK : 0;
	ret = ask(hearing, &log, err);
	cursor->last_event = known;
	hearing->back = false;
	return ret;
}

static int events_new(struct hearing *hearing, struct error *err)
{
	struct looking *look = hearing->look;
	struct mail_cursor *cursor = look->watch->cursor;
	uint32_t known = cursor->last_event;
	struct event_log log;
	int ret;

	if (!cursor->events_found)
		cursor->last_event = UINT32_MAX;
	ret = ask(hearing, &log, err);
	if (!cursor->events_found)
		cursor->last_event = known;
	if (ret != 0)
		return ret;
	if (!log.found)
		return mail_place(look, PLACE_EVENTS, PLACE_ABSENT, NULL, err);
	if (!cursor->events_found)
		return events_from_now_on(look, &log, err);
	if (log.newest < cursor->last_event) {
		cursor->last_event = 0;
		ret = ask(hearing, &log, err);
		if (ret == 0)
			ret = events_missed(look,
				N_("The event log was cleared: what was in it in between is not known."),
				err);
	} else if (log.partly || (known != 0 && log.oldest > known && log.oldest - known > 1)) {
		ret = events_missed(look,
			N_("Some events were overwritten or damaged before they could be read."),
			err);
	}
	if (ret == 0 && hearing->crowded)
		ret = events_missed(look,
			N_("So many events came that the oldest of them are not kept."), err);
	return ret ? ret : mail_place(look, PLACE_EVENTS, PLACE_SEEN, NULL, err);
}

int mail_events_look(struct looking *look, struct error *err)
{
	const struct survey *survey = look->survey;
	struct hearing hearing = { .look = look,
		.pcmtas = memory_array(look->tmp, sizeof *hearing.pcmtas, survey->pcmta_count) };
	int ret;

	if (!hearing.pcmtas)
		return error_memory(err);
	for (size_t i = 0; i < survey->pcmta_count; i++)
		hearing.pcmtas[hearing.count++] = survey->pcmtas[i].name;
	ret = events_from_before(&hearing, err);
	if (ret == 0)
		ret = events_new(&hearing, err);
	return ret == 0 || mail_ends(ret) ? ret
					  : mail_place(look, PLACE_EVENTS, PLACE_TROUBLE, err, err);
}

/* ---- facts ---- */

/* Takes text; beyond what there is room for nothing is added. */
static int fact_add(struct mail_watch *watch, bool bad, bool stops_all, char *text,
	const char *source, struct error *err)
{
	struct mail_fact *fact = &watch->facts[watch->fact_count];

	if (watch->fact_count == MAIL_FACTS)
		return 0;
	*fact = (struct mail_fact){ .bad = bad,
		.stops_all = stops_all,
		.text = talloc_steal(watch, text),
		.source = source ? talloc_strdup(watch, source) : NULL };
	if (!text || (source && !fact->source))
		return error_memory(err);
	watch->fact_count++;
	return 0;
}

/* ---- services ---- */

/* Whether it is a service that mail needs, and one that all mail needs. */
static bool needed(const struct survey *survey, const char *name, bool *all)
{
	*all = text_equal(name, ARTICLE_SERVICE);
	if (*all)
		return true;
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (text_equal(name, survey->pcmtas[i].name)) {
			*all = survey->pcmta_count == 1 &&
				!survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA);
			return true;
		}
	return text_equal(name, ARTICLE_SERVICE_ATMTA);
}

static int services_told(struct looking *look, const struct service_list *list, bool *running,
	struct error *err)
{
	struct mail_watch *watch = look->watch;
	size_t found = 0;
	int ret = 0;

	*running = true;
	for (size_t i = 0; ret == 0 && i < list->count; i++) {
		const struct service *service = &list->services[i];
		char *name;
		bool all;

		if (!needed(look->survey, service->name, &all))
			continue;
		found++;
		if (service->state == SERVICE_RUNNING)
			continue;
		*running = false;
		name = text_shown(look->tmp, service->name);
		ret = fact_add(watch, true, all,
			talloc_asprintf(watch,
				service->state == SERVICE_STARTING
					? _("%s is starting, and does not run yet.")
					: _("%s does not run: start it in Control Panel, Services."),
				name ? name : ""),
			NULL, err);
	}
	*running = *running && found != 0;
	return ret;
}

static int services_settled(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	int64_t since = watch->running_since;

	return since != 0 && look->monotonic - since >= MAIL_SETTLED_S
		? fact_add(watch, false, false,
			  talloc_strdup(watch,
				  _("The Interchange and every PC MTA still run after five minutes.")),
			  NULL, err)
		: 0;
}

/* Where Windows does not run nothing is claimed of what runs. */
static int services_look(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	struct service_list list = { 0 };
	bool running = false;
	int ret;

	if (!(look->server->caps & SERVER_SERVICES))
		return 0;
	ret = look->server->ops->service_list(look->server, look->tmp, &list, err);
	if (ret == 0)
		ret = services_told(look, &list, &running, err);
	else if (!mail_ends(ret))
		ret = fact_add(watch, true, false,
			talloc_asprintf(watch, _("The services cannot be looked at: %s"),
				err->text),
			NULL, err);
	if (!running)
		watch->running_since = 0;
	else if (watch->running_since == 0)
		watch->running_since = look->monotonic;
	return ret ? ret : services_settled(look, err);
}

/* Without an ObjectName a service runs as LocalSystem. */
static int account_look(struct looking *look, struct error *err)
{
	char *services = survey_services_key(look->tmp, look->survey), *account = NULL;
	struct reg_key *key = NULL;
	char *path =
		services ? talloc_asprintf(look->tmp, "%s\\%s", services, ARTICLE_SERVICE) : NULL;
	int ret = path ? look->server->ops->reg_list(look->server, look->tmp, path, &key, err)
		       : error_memory(err);

	if (ret != 0 || !key)
		return mail_ends(ret) ? ret : 0;
	for (size_t i = 0; i < key->value_count; i++)
		if (text_equal(key->values[i].name, "ObjectName"))
			account = regdata_string(look->tmp, &key->values[i].data);
	if (account && *account && !text_equal(account, "LocalSystem") &&
		!text_equal(account, ".\\LocalSystem"))
		return 0;
	return fact_add(look->watch, true, true,
		talloc_strdup(look->watch,
			_("The Interchange runs as LocalSystem: it seems to work, and moves no mail. Give it Exchange's service account in Control Panel, Services.")),
		"Q164177", err);
}

/* ---- the queue and the clocks ---- */

/* On the disks of a server that is off nothing moves: nothing is claimed. */
static int backlog_look(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	int64_t since = watch->cursor->drain_since;
	enum place_state state = watch->seen.places[PLACE_QUEUE];

	if (!(look->server->caps & SERVER_SERVICES) || watch->waiting == 0 || since == 0 ||
		(state != PLACE_SEEN && state != PLACE_PARTLY) ||
		look->monotonic - since < MAIL_DRAIN_S)
		return 0;
	return fact_add(watch, true, false,
		talloc_asprintf(watch,
			P_("The queue does not drain: %zu message of before is still there, and none has left for %lld minutes.",
				"The queue does not drain: %zu messages of before are still there, and none has left for %lld minutes.",
				watch->waiting),
			watch->waiting, (long long)(look->monotonic - since) / 60),
		NULL, err);
}

/* What is new came after the look before, whatever the clock of the server says. */
static int clocks_look(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	int64_t here = watch->seen.at,
		earlier = watch->cursor->looked ? watch->cursor->looked : watch->before->at,
		apart = 0;

	if (look->newest == 0)
		return 0;
	if (look->newest - here > MAIL_CLOCKS_APART_S)
		apart = look->newest - here;
	else if (earlier - look->newest > MAIL_CLOCKS_APART_S)
		apart = look->newest - earlier;
	if (apart == 0)
		return 0;
	return fact_add(watch, false, false,
		talloc_asprintf(watch,
			apart > 0
				? _("The server's clock is at least %lld minutes ahead of this machine's, by its tracking log. No message is told by its time.")
				: _("The server's clock is at least %lld minutes behind this machine's, by its tracking log. No message is told by its time."),
			(long long)(apart > 0 ? apart : -apart) / 60),
		NULL, err);
}

static int events_told(struct mail_watch *watch, struct error *err)
{
	const struct mail_cursor *cursor = watch->cursor;
	int ret = 0;

	for (size_t i = cursor->event_count; ret == 0 && i-- > 0;)
		ret = fact_add(watch, cursor->events[i].bad, cursor->events[i].stops_all,
			talloc_strdup(watch, cursor->events[i].text), cursor->events[i].source,
			err);
	return ret;
}

int mail_facts_make(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	int ret;

	for (size_t i = 0; i < watch->fact_count; i++) {
		talloc_free(watch->facts[i].text);
		talloc_free(watch->facts[i].source);
	}
	watch->fact_count = 0;
	ret = services_look(look, err);
	if (ret == 0)
		ret = account_look(look, err);
	if (ret == 0)
		ret = backlog_look(look, err);
	if (ret == 0)
		ret = clocks_look(look, err);
	return ret ? ret : events_told(watch, err);
}
