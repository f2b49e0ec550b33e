/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found of one message. */
#include "mail/judge_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* Of each kind so many are shown: one would count, a second says why none does. */
enum { KIND_SHOWN = 2 };

static const struct kind {
	enum mail_event event;
	enum mail_direction direction;
	enum mail_stage stage;
} kinds[] = {
	/* in the order of the way */
	{ MAIL_SUBMITTED, MAIL_TO_MSMAIL, STAGE_SUBMITTED },
	{ MAIL_GATEWAY_OUT, MAIL_TO_MSMAIL, STAGE_CONNECTOR },
	{ MAIL_SENT, MAIL_TO_MSMAIL, STAGE_POSTOFFICE },
	{ MAIL_RECEIVED, MAIL_TO_EXCHANGE, STAGE_FETCHED },
	{ MAIL_FROM_QUEUE, MAIL_TO_EXCHANGE, STAGE_FETCHED },
	{ MAIL_GATEWAY_IN, MAIL_TO_EXCHANGE, STAGE_EXCHANGE },
	{ MAIL_DELIVERED, MAIL_TO_EXCHANGE, STAGE_EXCHANGE },
};

void verdict_saw(struct verdict *verdict, const char *stage, int64_t at, const char *where,
	const char *raw)
{
	struct mail_sighting *sighting = &verdict->sightings[verdict->count];

	if (!where || !raw) {
		verdict->no_memory = true;
		return;
	}
	for (size_t i = 0; i < verdict->count; i++)
		if (!strcmp(verdict->sightings[i].where, where) &&
			!strcmp(verdict->sightings[i].raw, raw))
			return;
	if (verdict->count == MAIL_SIGHTINGS)
		return;
	*sighting = (struct mail_sighting){ at, (char *)stage, (char *)where, (char *)raw };
	verdict->count++;
}

bool subject_has(const char *subject, const char *token)
{
	size_t len = strlen(subject), end = strlen(token);

	while (len > 0 && subject[len - 1] == ' ')
		len--;
	if (end == 0 || len < end || strncmp(subject + len - end, token, end) != 0)
		return false;
	return len == end || strchr(" \t:", subject[len - end - 1]);
}

static bool fits(const struct mail_entry *entry, const struct evidence *row)
{
	return mail_address_same(entry->to, row->to) && mail_address_same(entry->from, row->from);
}

/* The entries of a kind from one source, each message once; the first, and how many there are.
 * What may be from before is shown, and no more. */
struct found {
	const struct mail_entry *first;
	size_t count, unsure;
};

static bool is_again(const struct found *found, const struct mail_entry *entry)
{
	const struct mail_entry *first = found->first;

	return first &&
		((entry->message != 0 && entry->message == first->message) ||
			(!strcmp(entry->where, first->where) && !strcmp(entry->raw, first->raw)));
}

static bool holds(const uint32_t *numbers, size_t count, uint32_t number)
{
	size_t from = 0;

	while (from < count) {
		size_t middle = from + (count - from) / 2;

		if (numbers[middle] == number)
			return true;
		if (numbers[middle] < number)
			from = middle + 1;
		else
			count = middle;
	}
	return false;
}

/* Whether its message stood in the queue before the test: then it is another one. */
static bool stood(const struct mail_seen *seen, const struct mail_entry *entry)
{
	return entry->here != 0 && holds(seen->stood, seen->stood_count, entry->here);
}

static struct found find(struct verdict *verdict, enum mail_event event, bool event_log,
	const char *stage)
{
	const struct mail_seen *seen = verdict->seen;
	struct found found = { NULL, 0, 0 };
	size_t *count;

	for (size_t i = 0; i < seen->entry_count; i++) {
		const struct mail_entry *entry = seen->entries[i];

		if (entry->event != event || entry->event_log != event_log || entry->subject ||
			!fits(entry, verdict->row) || is_again(&found, entry) || stood(seen, entry))
			continue;
		count = entry->unsure ? &found.unsure : &found.count;
		if (++*count <= KIND_SHOWN)
			verdict_saw(verdict, stage, entry->at, entry->where, entry->raw);
		if (found.count == 1 && !found.first)
			found.first = entry;
	}
	return found;
}

/* Where the file of the message is. That it has left tells nothing of where to. */
static void look_queue(struct verdict *verdict)
{
	const struct mail_seen *seen = verdict->seen;
	bool here = holds(seen->come, seen->come_count, verdict->number);

	if (verdict->number == 0 || seen->places[PLACE_QUEUE] != PLACE_SEEN ||
		(!here && !holds(seen->gone, seen->gone_count, verdict->number)))
		return;
	verdict_saw(verdict, mail_stage_name(STAGE_CONNECTOR), 0, "the connector's postoffice",
		talloc_asprintf(verdict->mem,
			here ? "%08X.MAI is there" : "%08X.MAI has left the queue",
			verdict->number));
}

/* Out: tracking saw Exchange take the message, and nothing go to the connector, so that one of the
 * same pair in SENT.LOG may have waited in the queue since before the test. In: messages stood in
 * the queue, and nothing shows that this one came into it. */
static bool may_be_older(const struct verdict *verdict, const struct kind *kind)
{
	if (kind->stage == STAGE_EXCHANGE)
		return verdict->seen->stood_count > 0 && !verdict->fetched;
	return kind->event == MAIL_SENT && verdict->submitted && !verdict->gateway;
}

static void look_kind(struct verdict *verdict, const struct kind *kind)
{
	const char *name = mail_stage_name(kind->stage);
	struct found logged = find(verdict, kind->event, false, name),
		     event = find(verdict, kind->event, true, name);

	if (kind->event == MAIL_SUBMITTED)
		verdict->submitted = logged.count > 0;
	if (kind->event == MAIL_GATEWAY_OUT)
		verdict->gateway = logged.count + event.count > 0;
	if (kind->stage == STAGE_FETCHED)
		verdict->fetched = verdict->fetched || logged.count + event.count > 0;
	if (logged.count > 1 || event.count > 1)
		verdict->ambiguous = true;
	if (logged.count + event.count == 0 || verdict->ambiguous)
		return;
	if (may_be_older(verdict, kind)) {
		verdict->older = verdict->ambiguous = true;
		return;
	}
	/* SENT.LOG speaks of another message than event 2448. */
	if (kind->event == MAIL_SENT && logged.first && verdict->number != 0 &&
		logged.first->here != 0 && logged.first->here != verdict->number) {
		verdict->ambiguous = true;
		return;
	}
	if (kind->event == MAIL_GATEWAY_OUT && event.first)
		verdict->number = event.first->here;
	/* That Exchange took it tells nothing of the connector. */
	if (kind->stage > STAGE_SUBMITTED)
		verdict->best = kind->stage;
}

static void look_reports(struct verdict *verdict)
{
	const struct mail_seen *seen = verdict->seen;
	struct found logged, event;

	for (size_t i = 0; i < seen->entry_count; i++) {
		const struct mail_entry *entry = seen->entries[i];

		if (entry->event != MAIL_REPORTED || !entry->subject ||
			!subject_has(entry->subject, verdict->row->token))
			continue;
		verdict->failed =
			N_("A non-delivery report with the code of the test message was made.");
		verdict_saw(verdict, "report", entry->at, entry->where, entry->raw);
	}
	logged = find(verdict, MAIL_REPORTED, false, "report");
	event = find(verdict, MAIL_REPORTED, true, "report");
	if (logged.count > 1 || event.count > 1)
		verdict->ambiguous = true;
	else if (logged.count + event.count > 0 && !verdict->failed)
		verdict->failed = N_(
			"A non-delivery report with the sender and the recipient of the test message was made, and only one.");
}

void verdict_entries(struct verdict *verdict)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].direction == verdict->row->direction) {
			look_kind(verdict, &kinds[i]);
			if (kinds[i].event == MAIL_GATEWAY_OUT)
				look_queue(verdict);
		}
	look_reports(verdict);
}

/* ---- a practice server's mailboxes ---- */

static void saw_arrival(struct verdict *verdict, const struct mail_arrival *arrival,
	const char *stage)
{
	char *line = talloc_asprintf(verdict->mem, "%s, from %s", arrival->subject, arrival->from),
	     *box = text_shown(verdict->mem, arrival->box);
	char *shown = line ? talloc_size(verdict->mem, MAILLOG_RAW_MOST + 1) : NULL;

	if (shown)
		(void)text_escape(shown, MAILLOG_RAW_MOST + 1, line);
	verdict_saw(verdict, stage, 0,
		talloc_asprintf(verdict->mem, arrival->sent ? "sent from mailbox %s" : "mailbox %s",
			box ? box : ""),
		shown);
}

void verdict_arrivals(struct verdict *verdict, const struct mail_arrival *arrivals, size_t count)
{
	const struct evidence *row = verdict->row;
	const char *mailbox = mail_stage_name(STAGE_MAILBOX);
	size_t own = 0, other = 0;

	for (size_t i = 0; i < count && row->token[0]; i++) {
		const struct mail_arrival *arrival = &arrivals[i];

		if (arrival->report && subject_has(arrival->subject, row->token)) {
			verdict->failed = N_(
				"A non-delivery report with the code of the test message came into a mailbox.");
			saw_arrival(verdict, arrival, "report");
		}
		if (arrival->report || strcmp(arrival->subject, row->token) != 0)
			continue;
		saw_arrival(verdict, arrival, mailbox);
		if (arrival->sent)
			verdict->left |= mail_address_same(arrival->box, row->from);
		else if (mail_address_same(arrival->from, row->from) &&
			mail_address_same(arrival->box, row->to))
			own++;
		else
			other++;
	}
	if (other > 0)
		verdict->doubtful = N_(
			"A message with the code is in a mailbox, but from another sender, or in another mailbox than it was sent to.");
	else if (own > 1)
		verdict->doubtful = N_(
			"More than one message with the code is in the mailbox, and they cannot be told apart.");
	else if (own == 1 && !verdict->left)
		verdict->doubtful = N_(
			"A message with the code is in the mailbox, but it was not seen to leave the other one.");
	verdict->arrived = own == 1 && other == 0 && verdict->left;
}
