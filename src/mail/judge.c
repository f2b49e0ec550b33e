/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from what was found (judge_seen.c). */
#include "mail/judge_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

#define SEVERAL \
	N_("More than one entry of a log fits the test message, and they cannot be told apart.")
#define OLDER \
	N_("A log has a message of this sender and recipient that may have waited in the queue since before the test.")
#define INCOMPLETE \
	N_("A log that could have shown the test message is not complete: it began anew, was cut off, or is too long.")
#define UNREADABLE N_("The logs that could have shown the test message could not be read.")
#define NO_LOG \
	N_("There is no log that could have shown the test message: neither SENT.LOG and RECV.LOG nor message tracking is switched on.")
#define FURTHER \
	N_("Further on, what fits the test message may be another one: they cannot be told apart.")
#define NO_SENT_LOG N_("Further on only SENT.LOG could show it, and there is none.")
#define NO_TRACKING N_("Further on only message tracking could show it, and it is not switched on.")

/* Whether events of messages that got through are logged at all. */
static bool diagnostics(const struct mail_seen *seen)
{
	for (size_t i = 0; i < seen->entry_count; i++)
		if (seen->entries[i]->event_log &&
			(seen->entries[i]->event == MAIL_GATEWAY_OUT ||
				seen->entries[i]->event == MAIL_FROM_QUEUE))
			return true;
	return false;
}

static bool could_show(const struct verdict *verdict, enum mail_place place)
{
	switch (place) {
	case PLACE_SENT_LOG:
		return verdict->row->direction == MAIL_TO_MSMAIL;
	case PLACE_RECV_LOG:
		return verdict->row->direction == MAIL_TO_EXCHANGE;
	case PLACE_TRACKING:
		return true;
	case PLACE_EVENTS:
		return diagnostics(verdict->seen);
	case PLACE_MAILBOX:
		return verdict->row->simulated;
	case PLACE_QUEUE:
	case MAIL_PLACES:
		break;
	}
	return false;
}

/* Nothing was seen of the message: the word for that, and why. */
static enum mail_grade nothing_seen(const struct verdict *verdict, const char **why)
{
	const struct mail_seen *seen = verdict->seen;
	bool looked = false, trouble = false;

	*why = NULL;
	for (enum mail_place place = 0; place < MAIL_PLACES; place++) {
		if (!could_show(verdict, place))
			continue;
		if (seen->places[place] == PLACE_PARTLY) {
			*why = seen->why[place] ? seen->why[place] : INCOMPLETE;
			return MAIL_UNKNOWN;
		}
		looked = looked || seen->places[place] == PLACE_SEEN;
		if (seen->places[place] == PLACE_TROUBLE && !trouble) {
			trouble = true;
			*why = seen->why[place] ? seen->why[place] : UNREADABLE;
		}
	}
	if (!looked && !trouble)
		*why = NO_LOG;
	if (looked)
		*why = NULL;
	return looked ? MAIL_NOT_SEEN : MAIL_UNKNOWN;
}

/* A report that was seen does not cease to be one where its log was cleared or begun anew since. */
static void report_stays(struct verdict *verdict)
{
	const struct evidence *row = verdict->row;

	for (size_t i = 0; i < row->sighting_count && row->grade == MAIL_FAILED && row->why; i++) {
		const struct mail_sighting *was = &row->sightings[i];
		bool again = strcmp(was->stage, "report") != 0;

		for (size_t k = 0; k < verdict->count && !again; k++)
			again = strcmp(verdict->sightings[k].raw, was->raw) == 0;
		if (again)
			continue;
		verdict_saw(verdict, was->stage, was->at, was->where, was->raw);
		verdict->failed = row->why;
	}
}

/* Why it is not known to have gone further; NULL: it may be on its way, or came as far as any log
 * shows. */
static const char *no_further(const struct verdict *verdict)
{
	const struct mail_seen *seen = verdict->seen;
	const bool out = verdict->row->direction == MAIL_TO_MSMAIL;
	const enum mail_place place = out ? PLACE_SENT_LOG : PLACE_TRACKING;

	if (verdict->ambiguous)
		return FURTHER;
	if (verdict->best == STAGE_POSTOFFICE || verdict->best == STAGE_EXCHANGE ||
		seen->places[PLACE_MAILBOX] == PLACE_SEEN)
		return NULL;
	switch (seen->places[place]) {
	case PLACE_ABSENT:
		return out ? NO_SENT_LOG : diagnostics(seen) ? NULL : NO_TRACKING;
	case PLACE_PARTLY:
		return seen->why[place] ? seen->why[place] : INCOMPLETE;
	case PLACE_TROUBLE:
		return seen->why[place] ? seen->why[place] : UNREADABLE;
	case PLACE_SEEN:
		break;
	}
	return NULL;
}

/* The first that holds, the strongest reason against before any for it. */
static enum mail_grade weigh(const struct verdict *verdict, const char **why)
{
	const struct evidence *row = verdict->row;

	*why = verdict->failed;
	if (verdict->failed || (row->by && row->denied))
		return MAIL_FAILED;
	*why = verdict->doubtful;
	if (verdict->doubtful)
		return MAIL_UNKNOWN;
	if (verdict->arrived)
		return MAIL_VERIFIED;
	if (verdict->best != STAGE_NONE) {
		*why = no_further(verdict);
		return MAIL_VERIFIED_TO;
	}
	if (row->by)
		return MAIL_ATTESTED;
	*why = verdict->older ? OLDER : SEVERAL;
	if (verdict->ambiguous)
		return MAIL_UNKNOWN;
	return nothing_seen(verdict, why);
}

/* The text that row has, where it is the same: rows are copied, so none is freed. */
static bool keep(const struct evidence *row, char **text, const char *now)
{
	if (!now)
		*text = NULL;
	else if (!*text || strcmp(*text, now) != 0)
		*text = talloc_strdup(row->pcmta, now);
	return !now || *text;
}

static int verdict_keep(struct evidence *row, const struct verdict *verdict)
{
	const char *why;
	enum mail_grade grade = weigh(verdict, &why);
	bool good = !verdict->no_memory && keep(row, &row->why, why) &&
		keep(row, &row->stage,
			grade == MAIL_VERIFIED_TO ? mail_stage_name(verdict->best) : NULL);

	for (size_t i = 0; i < verdict->count && good; i++) {
		const struct mail_sighting *from = &verdict->sightings[i];
		struct mail_sighting *to = &row->sightings[i];

		/* Behind those that row had there is none to be kept. */
		if (i >= row->sighting_count)
			*to = (struct mail_sighting){ 0 };
		to->at = from->at;
		good = keep(row, &to->stage, from->stage) && keep(row, &to->where, from->where) &&
			keep(row, &to->raw, from->raw);
	}
	row->sighting_count = good ? verdict->count : 0;
	row->grade = good ? grade : MAIL_UNKNOWN;
	return good ? 0 : -1;
}

int mail_judge(struct evidence *row, const struct mail_seen *seen,
	const struct mail_arrival *arrivals, size_t arrival_count, int64_t waited)
{
	struct verdict verdict = { .row = row, .seen = seen };
	int ret;

	if (row->sent == 0 || !row->from || !row->to)
		return 0;
	verdict.mem = talloc_new(NULL);
	if (!verdict.mem)
		return -1;
	verdict_entries(&verdict);
	if (row->simulated)
		verdict_arrivals(&verdict, arrivals, arrival_count);
	report_stays(&verdict);
	row->waited = waited < 0 ? -1 : waited;
	ret = verdict_keep(row, &verdict);
	talloc_free(verdict.mem);
	return ret;
}
