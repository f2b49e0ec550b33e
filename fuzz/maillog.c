/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logs of mail, in one piece and in others, and events about mail. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "mail/events.h"

/* All that the entries of a log are. */
struct sum {
	uint64_t number;
	size_t count;
};

static void sum_text(struct sum *sum, const char *text)
{
	for (; *text; text++)
		sum->number = (sum->number ^ (unsigned char)*text) * UINT64_C(1099511628211);
	sum->number = (sum->number ^ 0x100) * UINT64_C(1099511628211);
}

static void entry_holds(const struct mail_entry *entry)
{
	char *postoffice;

	must(strlen(entry->raw) <= MAILLOG_RAW_MOST, "a line that is shown has its limit");
	must_show(entry->raw);
	must_show(entry->where);
	(void)mail_address_same(entry->from, entry->to);
	postoffice = mail_address_postoffice(NULL, entry->to);
	must(!postoffice || strstr(entry->to, postoffice), "a postoffice is a part of its address");
	talloc_free(postoffice);
}

static int take(void *arg, const struct mail_entry *entry)
{
	struct sum *sum = arg;

	entry_holds(entry);
	must(strlen(entry->from) <= MAILLOG_ADDRESS_MOST && entry->from[0] &&
			strlen(entry->to) <= MAILLOG_ADDRESS_MOST && entry->to[0],
		"an address has its limit and is one");
	sum_text(sum, entry->from);
	sum_text(sum, entry->to);
	sum_text(sum, entry->raw);
	sum_text(sum, entry->where);
	sum->number = (sum->number ^ entry->message ^ (uint64_t)entry->at ^ entry->here ^
			      (uint64_t)entry->there << 32) *
		UINT64_C(1099511628211);
	sum->count++;
	return 0;
}

static struct sum log_read(TALLOC_CTX *mem, enum maillog_form form, const uint8_t *bytes,
	size_t len, size_t piece, size_t *pending)
{
	struct maillog *log = maillog_new(mem, form, "A.LOG", 0);
	struct sum sum = { 0, 0 };

	for (size_t at = 0; at < len; at += piece) {
		size_t some = len - at < piece ? len - at : piece;
		uint8_t *copy = talloc_memdup(mem, bytes + at, some);

		must(maillog_feed(log, copy, some, take, &sum) == 0, "a log is read to its end");
		talloc_free(copy);
	}
	*pending = maillog_pending(log);
	must(*pending <= len && maillog_odd(log) <= maillog_lines(log),
		"what is left is a part of it");
	talloc_free(log);
	return sum;
}

static void event(TALLOC_CTX *mem, struct feed *feed)
{
	static const uint16_t ids[] = { 2448, 2444, 2113, 2117, 2335, 2410, 1 };
	static const char *const pcmtas[] = { "A PC MTA" };
	char *strings[8];
	struct evt_record record = { .id = ids[feed_byte(feed) % 7],
		.type = feed_byte(feed) % 8,
		.source = feed_byte(feed) % 2 ? "MSExchangeMSMI" : "A PC MTA",
		.strings = strings };
	struct event_said said;

	while (record.string_count < 8 && feed->left > 0)
		strings[record.string_count++] = feed_text(mem, feed);
	event_read(mem, &record, pcmtas, 1, &said);
	must((said.worth == EVENT_MESSAGE) == (said.entry != NULL), "a message is one");
	if (said.entry)
		entry_holds(said.entry);
}

int fuzz_maillog(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	unsigned form = feed_byte(&feed) % 4;
	size_t piece = feed_byte(&feed) + 1U, whole_pending, pending;

	if (form == 3) {
		event(mem, &feed);
	} else if (feed.left > 0) {
		struct sum whole = log_read(mem, (enum maillog_form)form, feed.bytes, feed.left,
				   feed.left, &whole_pending),
			   cut = log_read(mem, (enum maillog_form)form, feed.bytes, feed.left,
				   piece, &pending);

		must(whole.number == cut.number && whole.count == cut.count &&
				whole_pending == pending,
			"a log is the same whatever the cut");
	}
	talloc_free(mem);
	return 0;
}
