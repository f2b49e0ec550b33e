/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SENT.LOG and RECV.LOG (Q151215):
 *
 *     DATE SENT       SIZE  SENDER                   TO
 *     ---------       ---  ------                    --
 *     05/17/96 09:44  715  NETWORK/LOCALPO/Admin     NETWORK/REMOTEPO/Admin
 *     0000030C 00000403
 *
 * The numbers are those of the message here and, where it was sent, there. RECV.LOG has the first
 * alone, and a star behind the recipient.
 */
#include "mail/maillog_private.h"

#include <string.h>

#include "base/text.h"

enum { NUMBER_DIGITS = 8 };

/* The next word of a line, cut off in place; NULL for none. */
static char *word_next(char **rest)
{
	char *word = *rest + strspn(*rest, " \t"), *end = word + strcspn(word, " \t");

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return *word ? word : NULL;
}

/* Eight hex digits and nothing else. */
static bool number_parse(const char *word, uint32_t *number)
{
	return strlen(word) == NUMBER_DIGITS && text_hex32(word, number);
}

/* One or two numbers and nothing else. */
static bool numbers_parse(const char *text, struct mail_entry *entry)
{
	char copy[3 * NUMBER_DIGITS], *rest = copy, *first, *second;
	uint32_t here, there = 0;

	text += strspn(text, " \t");
	if (strlen(text) >= sizeof copy)
		return false;
	strcpy(copy, text);
	first = word_next(&rest);
	second = first ? word_next(&rest) : NULL;
	if (!first || !number_parse(first, &here) || (second && !number_parse(second, &there)) ||
		word_next(&rest))
		return false;
	entry->here = here;
	entry->there = there;
	return true;
}

/* Where sender and recipient part: at the only run of blanks, or the only one of two blanks and
 * more, for a name may have a blank in it. What can be read in two ways is not guessed: NULL. */
static const char *parting(const char *text, size_t len)
{
	const char *narrow = NULL, *wide = NULL;
	size_t narrows = 0, wides = 0, run;

	for (size_t i = 0; i < len; i += run ? run : 1) {
		for (run = 0; i + run < len && text[i + run] == ' '; run++)
			;
		if (run == 0)
			continue;
		if (run == 1 && ++narrows)
			narrow = text + i;
		if (run > 1 && ++wides)
			wide = text + i;
	}
	if (wides == 1)
		return wide;
	return wides == 0 && narrows == 1 ? narrow : NULL;
}

static bool addresses_parse(struct maillog *log, char *text)
{
	size_t len;
	const char *part;

	for (char *tab = text; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	text += strspn(text, " ");
	len = strlen(text);
	while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '*'))
		len--;
	part = parting(text, len);
	return part && maillog_address(log->from, text, (size_t)(part - text)) &&
		maillog_address(log->to, part, len - (size_t)(part - text)) &&
		strchr(log->from, '/') && strchr(log->to, '/');
}

/* Date, time, size, sender, recipient; the texts are cut apart. */
static bool message_parse(struct maillog *log, int64_t *at)
{
	char *rest = log->text, *date = word_next(&rest), *time = date ? word_next(&rest) : NULL,
	     *size = time ? word_next(&rest) : NULL;

	if (!size || strspn(size, "0123456789") != strlen(size) || !addresses_parse(log, rest))
		return false;
	*at = maillog_time(date, time, '/', "mdy");
	return true;
}

static int open_give(struct maillog *log)
{
	int ret = log->open ? maillog_give(log) : 0;

	maillog_drop(log);
	return ret;
}

static bool is_heading(const char *text)
{
	return strncmp(text, "DATE ", 5) == 0 || strspn(text, "- \t") == strlen(text);
}

int maillog_pcmta_line(struct maillog *log)
{
	int64_t at = 0;
	int ret;

	if (log->open && numbers_parse(log->text, &log->entry)) {
		maillog_raw(log, " / ");
		maillog_raw(log, log->start);
		return open_give(log);
	}
	/* Whatever else comes, the message before it has no numbers. */
	ret = open_give(log);
	if (ret != 0 || is_heading(log->text))
		return ret;
	if (!message_parse(log, &at)) {
		log->odd++;
		return 0;
	}
	maillog_begin(log);
	maillog_raw(log, log->start);
	log->entry.event = log->form == MAILLOG_SENT ? MAIL_SENT : MAIL_RECEIVED;
	log->entry.at = at;
	return 0;
}
