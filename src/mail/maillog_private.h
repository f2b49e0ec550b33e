/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of maillog share: a log that is being read, and the entry it is made of. */
#ifndef MAIL_MAILLOG_PRIVATE_H
#define MAIL_MAILLOG_PRIVATE_H

#include "mail/maillog.h"

enum { MAILLOG_NAME_MOST = 64 };

struct maillog {
	enum maillog_form form;
	char name[MAILLOG_NAME_MOST]; /* safe to show */
	uint64_t lines, odd;
	/* The line that is collected, how many bytes it took, and whether it was too long. */
	char line[MAILLOG_LINE_MOST + 1];
	size_t len, line_bytes;
	bool too_long;
	/* Bytes of whole lines of an entry that has begun; begun: with this line. */
	size_t held;
	bool begun;
	/* The line as UTF-8, and how it began before it was cut apart. */
	char text[3 * MAILLOG_LINE_MOST + 1], start[MAILLOG_RAW_MOST + 4];
	/* The entry that has begun (open), with room for its texts. */
	bool open;
	unsigned event; /* tracking: its number */
	struct mail_entry entry;
	char from[MAILLOG_ADDRESS_MOST + 1], to[MAILLOG_ADDRESS_MOST + 1];
	char where[MAILLOG_NAME_MOST + 32], raw[MAILLOG_RAW_MOST + 1];
	mail_entry_fn *fn;
	void *arg;
};

/* An entry begins with the line at hand, in place of an open one. */
void maillog_begin(struct maillog *log);
/* The open entry is no more. */
void maillog_drop(struct maillog *log);
/* Hands out the open entry. */
int maillog_give(struct maillog *log);
/* An address into its room, without blanks at its ends; false: too long or empty. */
bool maillog_address(char room[MAILLOG_ADDRESS_MOST + 1], const char *text, size_t len);
/* A line as it is shown, tabs as blanks, behind what raw has already. */
void maillog_raw(struct maillog *log, const char *text);

/* A date with a sign between its numbers, in order "mdy" or "ymd", and "H:M" or "H:M:S", as seconds
 * since 1970; 0 for what is no date of 1990 to 2060, and these logs were written no longer. Years
 * of two digits are those of 1990 to 2060, too. */
int64_t maillog_time(const char *date, const char *time, char sign, const char *order);

/* One line, in log->text. */
int maillog_pcmta_line(struct maillog *log);
int maillog_tracking_line(struct maillog *log);

#endif
