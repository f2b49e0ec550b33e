/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/events.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "mail/token.h"

#define INTERCHANGE "MSExchangeMSMI"

/* Kinds of events by their types. */
enum { INFORMS = EVT_INFORMATION, WARNS = EVT_WARNING | EVT_ERROR };

struct event_row {
	uint16_t id;
	unsigned types;
	enum event_worth worth;
	enum mail_event event; /* EVENT_MESSAGE */
	bool stops_all;
	const char *source, *sentence;
};

#define LEFT_IN_QUEUE \
	N_("The Interchange could not process a message from Exchange and left it in its queue, at every start anew. Remove that message with the Exchange Administrator.")
#define NO_QUEUE \
	N_("The Interchange cannot read its queue in Exchange. See whether the MTA of Exchange runs, and whether NETWORK.GLB of the connector's postoffice is sound.")

static const struct event_row interchange_rows[] = {
	{ 2448, INFORMS, EVENT_MESSAGE, MAIL_GATEWAY_OUT, false, "Q175447", NULL },
	{ 2444, INFORMS, EVENT_MESSAGE, MAIL_FROM_QUEUE, false, "Q175447", NULL },
	{ 2113, INFORMS, EVENT_MESSAGE, MAIL_GATEWAY_IN, false, "Q169117", NULL },
	{ 2117, WARNS, EVENT_MESSAGE, MAIL_REPORTED, false, "Q163020",
		N_("The Interchange sent a non-delivery report. Where mail piles up in the connector's postoffice, see whether the PC MTA runs.") },
	{ 2384, INFORMS, EVENT_ALIVE, MAIL_OTHER, false, "Q151791", NULL },
	{ 2335, INFORMS, EVENT_ALIVE, MAIL_OTHER, false, "Q165485", NULL },
	{ 2410, WARNS, EVENT_TROUBLE, MAIL_OTHER, true, "Q164177",
		N_("The Interchange has no session with the directory: it seems to run and delivers nothing. Let it log on as Exchange's service account, and start it again.") },
	{ 2302, WARNS, EVENT_TROUBLE, MAIL_OTHER, true, "Q168857",
		N_("The Interchange could not start its mailer. INQUEUE3.KEY or INQUEUE3.MBG may be locked: stop the Interchange and all PC MTAs, see whether both files can be copied, and start them again.") },
	{ 2335, WARNS, EVENT_TROUBLE, MAIL_OTHER, true, "Q159305",
		N_("The Interchange could not read a message of Exchange and may have ended, so that mail waits in its queue. Stop it, remove the first message of the queue, and start it again.") },
	{ 2560, WARNS, EVENT_TROUBLE, MAIL_OTHER, true, "Q159305",
		N_("The part of the Interchange that delivers to MS Mail has failed. Stop the Interchange, remove the first message of its queue, and start it again.") },
	{ 2550, WARNS, EVENT_TROUBLE, MAIL_OTHER, true, "Q201120",
		N_("The Interchange does not reach the MTA of Exchange. See whether the MTA runs; once it does, the Interchange connects by itself.") },
	{ 2558, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q201120", NO_QUEUE },
	{ 2590, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q201120", NO_QUEUE },
	{ 2553, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q151791",
		N_("The part of the Interchange that delivers to Exchange could not hand a message to the MTA, perhaps for an address that is not valid. It can block what follows: start the MTA and the Interchange again.") },
	{ 2342, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q151791",
		N_("The Interchange could not hand a message to the MTA of Exchange, perhaps for an address that is not valid.") },
	{ 2371, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q169117",
		N_("A message had a recipient that is not valid, and its sender got a non-delivery report. Check the address, and the address spaces of the connector.") },
	{ 2375, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q169117",
		N_("The connector's postoffice has no mailbag for a recipient. Check which postoffices the connector knows, and its address spaces.") },
	{ 2376, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q151231",
		N_("A non-delivery report could not be brought to a user of MS Mail, because the connector's postoffice has no way to the address. The sender was not told.") },
	{ 2568, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q141135",
		N_("A non-delivery report of Exchange could not be processed. The sender in MS Mail was not told.") },
	{ 2446, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q158379", LEFT_IN_QUEUE },
	{ 2447, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q158379", LEFT_IN_QUEUE },
	{ 2449, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q158379", LEFT_IN_QUEUE },
	{ 2450, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q167139", LEFT_IN_QUEUE },
	{ 2563, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q167139",
		N_("The Interchange ran out of memory on a message; a character set that it does not know can be the reason. The events after this one name the message.") },
	{ 2380, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q158379",
		N_("The Interchange failed on a message (access violation). The events after this one name it: remove it from the queue with the Exchange Administrator.") },
	{ 10003, WARNS, EVENT_TROUBLE, MAIL_OTHER, false, "Q175965",
		N_("A thread of the Interchange has failed, perhaps on a message whose sender and recipient are both not valid. Start the Interchange again.") },
};

/* What PC MTAs say has no numbers that an article tells: it is known by its words. */
static const struct {
	const char *words, *source, *sentence;
} pcmta_rows[] = {
	{ "[008]", "Q163020",
		N_("A PC MTA could not deliver a message: the mailbag was in use, or holds 4096 messages and can take no more. Users empty theirs; the connector's own empties while the PC MTA runs.") },
	{ "[017]", "Q138054",
		N_("A PC MTA could not deliver a message: the mailbag of the recipient is full, with 4096 messages. The recipient must move or delete some.") },
	{ "mail delivery problem", "Q138054",
		N_("A PC MTA could not deliver a message. The event names the sender, the subject and the reason.") },
};

/* ---- the forms of strings ---- */

/* Eight hex digits, also in "<0000030C>" and behind "NET/PO/". */
static bool number_read(const char *text, uint32_t *number)
{
	const char *last = strrchr(text, '/');

	text = last ? last + 1 : text;
	text += *text == '<';
	return strspn(text, TEXT_HEX_DIGITS) == 8 &&
		(text[8] == '\0' || strcmp(text + 8, ">") == 0) && text_hex32(text, number);
}

static bool is_address(TALLOC_CTX *mem, const char *text)
{
	uint32_t number;
	char *postoffice = mail_address_postoffice(mem, text);
	bool box = postoffice != NULL;

	talloc_free(postoffice);
	return (box && !number_read(text, &number)) || text_equal_n(text, "/o=", 3);
}

/* The line of text that has a code in it, from behind its heading "SUBJECT:"; NULL: there is none. */
static char *subject_read(TALLOC_CTX *mem, const char *text)
{
	static const char heading[] = "SUBJECT:";
	char token[TOKEN_LENGTH + 1];
	const char *begin = text, *at = text;
	char *line, *subject;

	for (;; at++) {
		at = strstr(at, "MSMC-");
		if (!at)
			return NULL;
		memcpy(token, at, strnlen(at, TOKEN_LENGTH));
		token[strnlen(at, TOKEN_LENGTH)] = '\0';
		if (token_is(token))
			break;
	}
	for (const char *p = text; p < at; p++)
		if (*p == '\n' || *p == '\r')
			begin = p + 1;
	line = talloc_strndup(mem, begin, strcspn(begin, "\r\n"));
	if (!line)
		return NULL;
	subject = text_trim(line);
	if (text_equal_n(subject, heading, sizeof heading - 1))
		subject = text_trim(subject + sizeof heading - 1);
	subject = talloc_strdup(mem, subject);
	talloc_free(line);
	return subject;
}

/* ---- one event ---- */

static char *raw_make(TALLOC_CTX *mem, const struct evt_record *record)
{
	char *text = talloc_asprintf(mem, "%u:", record->id), *raw;

	for (size_t i = 0; text && i < record->string_count; i++) {
		text = talloc_asprintf_append(text, "%s%.*s", i > 0 ? " | " : " ",
			(int)strcspn(record->strings[i], "\r\n"), record->strings[i]);
		if (text && strlen(text) > MAILLOG_RAW_MOST)
			break;
	}
	raw = text ? talloc_size(mem, MAILLOG_RAW_MOST + 1) : NULL;
	if (raw) {
		(void)text_escape(raw, MAILLOG_RAW_MOST + 1, text);
		talloc_set_name_const(raw, "char");
	}
	talloc_free(text);
	return raw;
}

/* Addresses by their form: the first is the sender's, the second the recipient's. One alone is the
 * recipient's, but in a report. */
static void addresses_find(struct mail_entry *entry, const struct evt_record *record, bool report)
{
	char *found[2] = { NULL, NULL };
	size_t count = 0;

	for (size_t i = 0; i < record->string_count && count < 2; i++)
		if (is_address(entry, record->strings[i]))
			found[count++] = record->strings[i];
	if (count == 1 && !report) {
		found[1] = found[0];
		found[0] = NULL;
	}
	entry->from = talloc_strdup(entry, found[0] ? found[0] : "");
	entry->to = talloc_strdup(entry, found[1] ? found[1] : "");
}

static struct mail_entry *entry_make(TALLOC_CTX *mem, const struct evt_record *record,
	enum mail_event event)
{
	struct mail_entry *entry = talloc_zero(mem, struct mail_entry);
	bool report = event == MAIL_REPORTED;

	if (!entry)
		return NULL;
	entry->event = event;
	entry->event_log = true;
	entry->at = record->at;
	addresses_find(entry, record, report);
	for (size_t i = 0; i < record->string_count && entry->here == 0 && !report; i++)
		(void)number_read(record->strings[i], &entry->here);
	/* The report of a message has its subject (Q163020): without a code it is another one's. */
	for (size_t i = 0; i < record->string_count && report && !entry->subject; i++)
		entry->subject = subject_read(entry, record->strings[i]);
	if (report && !entry->subject)
		entry->subject = talloc_strdup(entry, "");
	entry->where =
		talloc_asprintf(entry, "event %u, record %u", record->id, (unsigned)record->number);
	entry->raw = raw_make(entry, record);
	if (!entry->from || !entry->to || !entry->where || !entry->raw ||
		(report && !entry->subject))
		TALLOC_FREE(entry);
	return entry;
}

static void interchange_read(TALLOC_CTX *mem, const struct evt_record *record,
	struct event_said *said)
{
	const struct event_row *row = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(interchange_rows) && !row; i++)
		if (interchange_rows[i].id == record->id &&
			interchange_rows[i].types & record->type)
			row = &interchange_rows[i];
	if (!row)
		return;
	if (row->worth == EVENT_MESSAGE) {
		said->entry = entry_make(mem, record, row->event);
		if (!said->entry)
			return;
	}
	said->worth = row->worth;
	said->sentence = row->sentence ? _(row->sentence) : NULL;
	said->source = row->source;
	said->stops_all = row->stops_all;
}

/* Without regard to case. */
static bool has_words(const char *text, const char *words)
{
	size_t len = strlen(words);

	/* Letters differ in one bit at most, and few begin like the words. */
	for (const char *p = text; *p; p++)
		if ((*p | 0x20) == (words[0] | 0x20) && text_equal_n(p, words, len))
			return true;
	return false;
}

static void pcmta_read(TALLOC_CTX *mem, const struct evt_record *record, struct event_said *said)
{
	for (size_t i = 0; i < ARRAY_SIZE(pcmta_rows); i++)
		for (size_t k = 0; k < record->string_count; k++) {
			struct mail_entry *entry;

			if (!has_words(record->strings[k], pcmta_rows[i].words))
				continue;
			entry = entry_make(mem, record, MAIL_REPORTED);
			if (!entry)
				return;
			said->worth = EVENT_TROUBLE;
			said->sentence = _(pcmta_rows[i].sentence);
			said->source = pcmta_rows[i].source;
			if (entry->subject[0] == '\0') {
				talloc_free(entry);
				return;
			}
			said->worth = EVENT_MESSAGE;
			said->entry = entry;
			return;
		}
}

void event_read(TALLOC_CTX *mem, const struct evt_record *record, const char *const *pcmtas,
	size_t count, struct event_said *said)
{
	*said = (struct event_said){ .worth = EVENT_NOTHING };
	if (!record->source)
		return;
	if (text_equal(record->source, INTERCHANGE)) {
		interchange_read(mem, record, said);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (text_equal(record->source, pcmtas[i])) {
			pcmta_read(mem, record, said);
			return;
		}
}
