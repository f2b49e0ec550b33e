/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entry that is made of lines, and its time. */
#include "mail/maillog_private.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

enum { YEAR_FIRST = 1990, YEAR_LAST = 2060 };

void maillog_begin(struct maillog *log)
{
	log->open = log->begun = true;
	log->entry = (struct mail_entry){ .from = log->from,
		.to = log->to,
		.where = log->where,
		.raw = log->raw };
	log->raw[0] = '\0';
	(void)snprintf(log->where, sizeof log->where, "%s line %llu", log->name,
		(unsigned long long)log->lines);
}

void maillog_drop(struct maillog *log)
{
	log->open = false;
	log->held = 0;
}

int maillog_give(struct maillog *log)
{
	return log->fn(log->arg, &log->entry);
}

bool maillog_address(char room[MAILLOG_ADDRESS_MOST + 1], const char *text, size_t len)
{
	for (; len > 0 && *text == ' '; text++)
		len--;
	while (len > 0 && text[len - 1] == ' ')
		len--;
	if (len == 0 || len > MAILLOG_ADDRESS_MOST)
		return false;
	memcpy(room, text, len);
	room[len] = '\0';
	return true;
}

void maillog_raw(struct maillog *log, const char *text)
{
	char cut[MAILLOG_RAW_MOST + 1];
	size_t used = strlen(log->raw), len = 0, room = sizeof log->raw - used;
	bool plain = true;

	for (; text[len] != '\0' && len < MAILLOG_RAW_MOST; len++) {
		cut[len] = text[len] == '\t' ? ' ' : text[len];
		plain = plain && cut[len] >= ' ' && cut[len] < '\x7f';
	}
	/* Most lines are: nothing to escape. */
	if (plain) {
		len = len < room ? len : room - 1;
		memcpy(log->raw + used, cut, len);
		log->raw[used + len] = '\0';
		return;
	}
	cut[text_whole(text, MAILLOG_RAW_MOST)] = '\0';
	(void)text_escape(log->raw + used, room, cut);
}

/* A number of at most four digits, and how many it has; what is behind it, or NULL. */
static const char *number_read(const char *p, int *number, size_t *digits)
{
	*number = 0;
	for (*digits = 0; *digits <= 4 && *p >= '0' && *p <= '9'; ++*digits)
		*number = *number * 10 + (*p++ - '0');
	return *digits >= 1 && *digits <= 4 ? p : NULL;
}

/* Three numbers with a sign between them; the third may be left out where the sign is a colon. */
static bool three_read(const char *text, char sign, int numbers[3], size_t digits[3])
{
	for (int i = 0; i < 3; i++) {
		if (i > 0 && *text != sign)
			return i == 2 && sign == ':' && *text == '\0';
		text = number_read(i > 0 ? text + 1 : text, &numbers[i], &digits[i]);
		if (!text)
			return false;
	}
	return *text == '\0';
}

static int year_of(int number, size_t digits)
{
	if (digits == 2)
		number += number < YEAR_FIRST % 100 ? 2000 : 1900;
	return number >= YEAR_FIRST && number <= YEAR_LAST ? number : 0;
}

int64_t maillog_time(const char *date, const char *time, char sign, const char *order)
{
	int d[3], t[3] = { 0 };
	size_t digits[3], unused[3];
	int year, month, day;
	struct tm tm;
	time_t at;

	if (!three_read(date, sign, d, digits) || !three_read(time, ':', t, unused))
		return 0;
	year = (int)(strchr(order, 'y') - order);
	month = d[strchr(order, 'm') - order];
	day = d[strchr(order, 'd') - order];
	year = year_of(d[year], digits[year]);
	if (year == 0 || month < 1 || month > 12 || day < 1 || t[0] > 23 || t[1] > 59 || t[2] > 59)
		return 0;
	tm = (struct tm){ .tm_year = year - 1900,
		.tm_mon = month - 1,
		.tm_mday = day,
		.tm_hour = t[0],
		.tm_min = t[1],
		.tm_sec = t[2] };
	at = timegm(&tm);
	return tm.tm_mday == day && tm.tm_mon == month - 1 ? at : 0;
}
