/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/judging.h"

#include <string.h>

#include "base/memory.h"

/* What can lie in the logs, by one letter each. */
static const struct {
	char letter;
	enum mail_event event;
	bool event_log;
	const char *from, *to;
	uint32_t here;
	const char *subject;
	uint64_t message;
} entries[] = {
	/* Exchange -> MS Mail */
	{ '4', MAIL_SUBMITTED, false, EX_DN, "MS:" MS, 0, NULL, 1 },
	{ 'f', MAIL_SUBMITTED, false, EX_DN, "MS:" MS, 0, NULL, 2 },
	{ 'o', MAIL_GATEWAY_OUT, false, EX_DN, "MS:" MS, 0, NULL, 1 },
	{ 'O', MAIL_GATEWAY_OUT, false, EX_DN, "MS:" MS, 0, NULL, 2 },
	{ 'P', MAIL_GATEWAY_OUT, false, EX_DN, "MS:" MS, 0, NULL, 1 },
	{ 'p', MAIL_GATEWAY_OUT, false, EX_DN, "MS:NET2/PO2/OTHER", 0, NULL, 3 },
	{ 'q', MAIL_GATEWAY_OUT, false, "/o=Org/ou=Site/cn=Recipients/cn=other", "MS:" MS, 0, NULL,
		3 },
	{ 'e', MAIL_GATEWAY_OUT, true, EX, MS, NUMBER, NULL, 0 },
	{ 's', MAIL_SENT, false, EX, MS, NUMBER, NULL, 0 },
	{ 'S', MAIL_SENT, false, EX, MS, 0x30d, NULL, 0 },
	/* of a log that began anew */
	{ 'a', MAIL_SENT, false, EX, MS, NUMBER, NULL, 0 },
	{ 'A', MAIL_GATEWAY_OUT, false, EX_DN, "MS:" MS, 0, NULL, 7 },
	{ 'b', MAIL_REPORTED, false, EX_DN, "MS:" MS, 0, NULL, 7 },
	{ 't', MAIL_SENT, false, EX, "NET2/PO2/OTHER", NUMBER, NULL, 0 },
	{ 'u', MAIL_SENT, false, "NET1/PO1/M\xef\xbf\xbdLLER", MS, NUMBER, NULL, 0 },
	/* MS Mail -> Exchange */
	{ 'r', MAIL_RECEIVED, false, MS, EX, 0x306, NULL, 0 },
	{ 'R', MAIL_RECEIVED, false, MS, EX, 0x307, NULL, 0 },
	{ 'm', MAIL_FROM_QUEUE, true, MS, EX, 0x306, NULL, 0 },
	{ 'i', MAIL_GATEWAY_IN, false, "MS:" MS, EX_DN, 0, NULL, 4 },
	{ 'I', MAIL_GATEWAY_IN, false, "MS:" MS, EX_DN, 0, NULL, 5 },
	{ 'j', MAIL_GATEWAY_IN, true, MS, EX, 0, NULL, 0 },
	{ 'k', MAIL_GATEWAY_IN, false, "MS:NET2/PO2/OTHER", EX_DN, 0, NULL, 4 },
	{ 'd', MAIL_DELIVERED, false, "MS:" MS, EX_DN, 0, NULL, 4 },
	/* reports: of the event log with a subject, of the tracking log without one */
	{ 'n', MAIL_REPORTED, true, EX, "", 0, TOKEN, 0 },
	{ 'N', MAIL_REPORTED, true, EX, "", 0, "Undeliverable: " TOKEN, 0 },
	{ 'x', MAIL_REPORTED, true, EX, MS, 0, OTHER_TOKEN, 0 },
	{ 'y', MAIL_REPORTED, true, EX, MS, 0, "", 0 },
	{ 'z', MAIL_REPORTED, true, EX, MS, 0, "X" TOKEN, 0 },
	{ 'v', MAIL_REPORTED, false, EX_DN, "MS:" MS, 0, NULL, 1 },
	{ 'w', MAIL_REPORTED, false, EX_DN, "MS:" MS, 0, NULL, 2 },
	{ 'V', MAIL_REPORTED, false, "MS:" MS, EX_DN, 0, NULL, 4 },
	{ '?', MAIL_OTHER, false, EX_DN, "MS:" MS, 0, NULL, 6 },
};

struct mail_seen *seen_make(TALLOC_CTX *mem, const char *logs, const char *places)
{
	static const uint32_t before[] = { NUMBER };
	struct mail_seen *seen = talloc_zero(mem, struct mail_seen);

	seen->stood = before;
	seen->stood_count = strchr(logs, '!') ? ARRAY_SIZE(before) : 0;

	seen->entries = talloc_array(seen, struct mail_entry *, 32);
	for (const char *p = logs; *p; p++)
		for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
			struct mail_entry *entry;

			if (entries[i].letter != *p)
				continue;
			entry = talloc_zero(seen, struct mail_entry);
			entry->event = entries[i].event;
			entry->event_log = entries[i].event_log;
			entry->from = talloc_strdup(entry, entries[i].from);
			entry->to = talloc_strdup(entry, entries[i].to);
			entry->here = entries[i].here;
			entry->message = entries[i].message;
			entry->unsure = strchr("aAb", *p) != NULL;
			if (entries[i].subject)
				entry->subject = talloc_strdup(entry, entries[i].subject);
			entry->where = talloc_asprintf(entry, "log line %zu", i);
			entry->raw = talloc_asprintf(entry, "%c", *p);
			seen->entries[seen->entry_count++] = entry;
		}
	for (int i = 0; i < MAIL_PLACES; i++) {
		seen->places[i] = places[i] == 'S' ? PLACE_SEEN
			: places[i] == 'P'         ? PLACE_PARTLY
			: places[i] == 'T'         ? PLACE_TROUBLE
						   : PLACE_ABSENT;
		if (places[i] == 'P' || places[i] == 'T')
			seen->why[i] = talloc_asprintf(seen, "because %d", i);
	}
	return seen;
}

struct evidence *row_make(TALLOC_CTX *mem, enum mail_direction direction)
{
	struct evidence *row = talloc_zero(mem, struct evidence);

	row->pcmta = talloc_strdup(row, "MTA to Vancouver PO");
	row->direction = direction;
	row->grade = MAIL_NOT_TESTED;
	strcpy(row->token, TOKEN);
	row->sent_by = talloc_strdup(row, "jsmith");
	row->from = talloc_strdup(row, direction == OUTWARD ? EX : MS);
	row->to = talloc_strdup(row, direction == OUTWARD ? MS : EX);
	row->sent = SENT_AT;
	row->waited = -1;
	return row;
}
