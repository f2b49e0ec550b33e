/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The message tracking log of Exchange 5.0 and 5.5 (fields Q173280, numbers Q173364): 13 fields
 * with tabs between them, of which the second is what happened and the seventh the sender; then a
 * line for each recipient, its address and the status of a report. How many recipients there are is
 * told by these lines, and not by the thirteenth field.
 */
#include "mail/maillog_private.h"

#include <string.h>

#include "base/text.h"

enum {
	FIELD_ID,
	FIELD_EVENT,
	FIELD_TIME,
	FIELD_GATEWAY,
	FIELD_SENDER = 6,
	FIELDS = 13,
	/* Q173364 */
	TRACKED_SUBMITTED = 4,
	TRACKED_DELIVERED = 9,
	TRACKED_LOCAL = 1000,
	TRACKED_OUT = 1003,
	TRACKED_IN = 1004,
	TRACKED_REPORT_IN = 1005,
	TRACKED_REPORT_OUT = 1006,
	TRACKED_REPORT_MADE = 1007
};

/* Cuts text at its tabs; how many fields there are, which may be more than there is room for. */
static size_t fields_cut(char *text, char *fields[FIELDS])
{
	size_t count = 0;

	for (char *tab = text; text; text = tab ? tab + 1 : NULL) {
		tab = strchr(text, '\t');
		if (tab)
			*tab = '\0';
		if (count < FIELDS)
			fields[count] = text;
		count++;
	}
	return count;
}

/* FNV-1a, 64 bits. */
static uint64_t id_number(const char *id)
{
	uint64_t number = UINT64_C(14695981039346656037);

	for (const char *p = id; *p; p++)
		number = (number ^ (unsigned char)*p) * UINT64_C(1099511628211);
	return *id ? number : 0;
}

/* "1999.11.22 10:12:04" or "11/22/1999 10:12:04". Q173280 does not say which: INFERENCE. */
static int64_t time_read(char *text)
{
	char *blank = strchr(text, ' ');

	if (!blank)
		return 0;
	*blank = '\0';
	return strchr(text, '/') ? maillog_time(text, blank + 1, '/', "mdy")
				 : maillog_time(text, blank + 1, '.', "ymd");
}

/* Another connector's: "/o=../cn=connections/cn=MS Mail Connector (SERVER)" is ours (Q155592). Blank is
 * taken for ours. INFERENCE: every language writes "MS Mail" there. */
static bool is_foreign(const char *gateway)
{
	for (const char *p = gateway; (p = strpbrk(p, "Mm")); p++)
		if (text_equal_n(p, "MS Mail", 7))
			return false;
	return gateway[strspn(gateway, " ")] != '\0';
}

static void record_line(struct maillog *log, char *fields[FIELDS])
{
	const char *event = fields[FIELD_EVENT];
	size_t digits = strspn(event, "0123456789");

	maillog_drop(log);
	if (digits == 0 && event[0] != '\0')
		return; /* the heading */
	if (digits == 0 || digits > 5 || event[digits] != '\0' ||
		!maillog_address(log->from, fields[FIELD_SENDER], strlen(fields[FIELD_SENDER]))) {
		/* Without a sender it is of the form, and of no use. */
		log->odd += digits == 0 || digits > 5 || event[digits] != '\0';
		return;
	}
	maillog_begin(log);
	maillog_raw(log, log->start);
	log->event = 0;
	for (size_t i = 0; i < digits; i++)
		log->event = log->event * 10 + (unsigned)(event[i] - '0');
	if (log->event >= TRACKED_OUT && log->event <= TRACKED_REPORT_MADE &&
		is_foreign(fields[FIELD_GATEWAY]))
		log->event = 0;
	log->entry.message = id_number(fields[FIELD_ID]);
	log->entry.at = time_read(fields[FIELD_TIME]);
}

/* status: '0' delivered, '1' not delivered, 0 not said. */
static enum mail_event event_of(unsigned number, char status)
{
	switch (number) {
	case TRACKED_SUBMITTED:
		return MAIL_SUBMITTED;
	case TRACKED_DELIVERED:
	case TRACKED_LOCAL:
		return MAIL_DELIVERED;
	case TRACKED_OUT:
		return MAIL_GATEWAY_OUT;
	case TRACKED_IN:
		return MAIL_GATEWAY_IN;
	case TRACKED_REPORT_IN:
	case TRACKED_REPORT_OUT:
		return status == '0' ? MAIL_OTHER : MAIL_REPORTED;
	case TRACKED_REPORT_MADE:
		return MAIL_REPORTED;
	default:
		return MAIL_OTHER;
	}
}

/* An address, and a status of digits or none. Without a status it must look like an address. */
static bool recipient_parse(struct maillog *log, char *fields[FIELDS], size_t count)
{
	const char *status = count > 1 ? fields[1] : "";

	return count <= 3 && (count < 3 || fields[2][0] == '\0') &&
		strspn(status, "-0123456789 ") == strlen(status) &&
		(count > 1 || strpbrk(fields[0], "/@=")) &&
		maillog_address(log->to, fields[0], strlen(fields[0]));
}

int maillog_tracking_line(struct maillog *log)
{
	char *fields[FIELDS] = { NULL };
	size_t count;

	if (log->text[0] == '#')
		return 0;
	count = fields_cut(log->text, fields);
	if (count >= FIELDS) {
		record_line(log, fields);
		return 0;
	}
	if (!log->open || !recipient_parse(log, fields, count)) {
		/* Whose recipients follow is not known any more. */
		maillog_drop(log);
		log->odd++;
		return 0;
	}
	log->held = 0;
	log->entry.event = event_of(log->event, count > 1 ? fields[1][0] : '\0');
	return maillog_give(log);
}
