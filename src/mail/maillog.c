/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to lines, lines to text, and the names of the logs. */
#include "mail/maillog_private.h"

#include <string.h>

#include "base/text.h"
#include "base/text_unit.h"

/* What stands for a byte that begins no character of UTF-8: U+FFFD. */
#define REPLACEMENT "\xef\xbf\xbd"

struct maillog *maillog_new(TALLOC_CTX *mem, enum maillog_form form, const char *name,
	uint64_t line)
{
	struct maillog *log = talloc_zero(mem, struct maillog);

	if (!log)
		return NULL;
	log->form = form;
	log->lines = line;
	(void)text_escape(log->name, sizeof log->name, name);
	return log;
}

/* The line as UTF-8, without what ends it. NUL bytes inside are no characters, either. */
static void line_text(struct maillog *log)
{
	char *out = log->text;
	size_t len = log->len, size;
	unsigned odd = 0;

	while (len > 0 && (log->line[len - 1] == '\r' || log->line[len - 1] == '\0'))
		len--;
	for (size_t i = 0; i < len; i++)
		odd |= (unsigned char)log->line[i] | ((unsigned char)log->line[i] - 1U);
	log->line[len] = '\0';
	if ((odd & ~0x7fU) == 0) {
		memcpy(log->text, log->line, len + 1);
		return;
	}
	for (char *p = log->line; p < log->line + len; p++)
		if (*p == '\0')
			*p = '\xff';
	for (const char *p = log->line; *p; p += size) {
		uint32_t c = text_step(p, &size);
		bool bad = c == 0 || c >= TEXT_BAD || (c >= 0xd800 && c <= 0xdfff);

		memcpy(out, bad ? REPLACEMENT : p, bad ? 3 : size);
		out += bad ? 3 : size;
	}
	*out = '\0';
}

static int line_take(struct maillog *log)
{
	bool blank;

	log->lines++;
	if (log->too_long) {
		/* What it was is not known, so nothing before it goes on behind it. */
		int ret = log->open && log->form != MAILLOG_TRACKING ? maillog_give(log) : 0;

		maillog_drop(log);
		log->odd++;
		return ret;
	}
	line_text(log);
	memcpy(log->start, log->text, strnlen(log->text, sizeof log->start - 1) + 1);
	log->start[sizeof log->start - 1] = '\0';
	blank = strspn(log->text, " \t") == strlen(log->text);
	if (log->form == MAILLOG_TRACKING)
		return blank ? 0 : maillog_tracking_line(log);
	return maillog_pcmta_line(log);
}

static int line_end(struct maillog *log)
{
	int ret;

	log->begun = false;
	ret = line_take(log);
	if (log->begun)
		log->held = log->line_bytes;
	else if (log->held > 0)
		log->held += log->line_bytes;
	log->len = log->line_bytes = 0;
	log->too_long = false;
	return ret;
}

/* Bytes of the line that is collected. A disk that lost power leaves NUL bytes in front of one. */
static void line_add(struct maillog *log, const uint8_t *bytes, size_t len)
{
	log->line_bytes += len;
	if (log->len == 0)
		for (; len > 0 && *bytes == '\0'; bytes++)
			len--;
	if (len > MAILLOG_LINE_MOST - log->len) {
		log->too_long = true;
		return;
	}
	memcpy(log->line + log->len, bytes, len);
	log->len += len;
}

int maillog_feed(struct maillog *log, const uint8_t *bytes, size_t len, mail_entry_fn *fn,
	void *arg)
{
	int ret = 0;

	log->fn = fn;
	log->arg = arg;
	while (len > 0 && ret == 0) {
		const uint8_t *end = memchr(bytes, '\n', len);
		size_t part = end ? (size_t)(end - bytes) : len;

		line_add(log, bytes, part);
		if (end) {
			part++;
			log->line_bytes++;
			ret = line_end(log);
		}
		bytes += part;
		len -= part;
	}
	return ret;
}

size_t maillog_pending(const struct maillog *log)
{
	return log->held + log->line_bytes;
}

uint64_t maillog_odd(const struct maillog *log)
{
	return log->odd;
}

uint64_t maillog_lines(const struct maillog *log)
{
	return log->lines;
}

bool maillog_tracking_name(const char *name, uint32_t *day)
{
	uint32_t number = 0, month;

	if (strspn(name, "0123456789") != 8 || !text_equal(name + 8, ".log"))
		return false;
	for (int i = 0; i < 8; i++)
		number = number * 10 + (uint32_t)(name[i] - '0');
	month = number / 100 % 100;
	if (month < 1 || month > 12 || number % 100 < 1 || number % 100 > 31)
		return false;
	*day = number;
	return true;
}

bool maillog_pcmta_name(const char *name, enum maillog_form *form)
{
	bool sent = text_equal(name, "SENT.LOG") || text_equal(name, "SEND.LOG");

	*form = sent ? MAILLOG_SENT : MAILLOG_RECEIVED;
	return sent || text_equal(name, "RECV.LOG");
}
