/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed from one text to another, as an eye looks for it. */
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Whether a byte is one of a character, and not its first. */
static bool inside(char byte)
{
	return ((unsigned char)byte & 0xc0) == 0x80;
}

/* Bytes that two texts share at their beginning, and at the end of what is left. */
static void common(const char *before, size_t before_len, const char *after, size_t after_len,
	size_t *start, size_t *end)
{
	size_t least = before_len < after_len ? before_len : after_len;

	for (*start = 0; *start < least && before[*start] == after[*start]; (*start)++)
		;
	while (*start > 0 && (inside(before[*start]) || inside(after[*start])))
		(*start)--;
	for (*end = 0; *end < least - *start &&
		before[before_len - *end - 1] == after[after_len - *end - 1];
		(*end)++)
		;
	while (*end > 0 && inside(after[after_len - *end]))
		(*end)--;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* What changed as an eye looks for it: a number whole, a drive's letter with its colon. */
static void widen(const char *after, size_t len, size_t *start, size_t *end)
{
	if (*start + *end < len && is_digit(after[*start]))
		while (*start > 0 && is_digit(after[*start - 1]))
			(*start)--;
	if (*start + *end < len && is_digit(after[len - *end - 1]))
		while (*end > 0 && is_digit(after[len - *end]))
			(*end)--;
	if (*end > 0 && len - *end == *start + 1 && after[*start + 1] == ':')
		(*end)--;
}

/* Between paths of a list, and between words. */
static const char between[] = "; ";

static size_t list_count(const char *text)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += strchr(between, *text) != NULL;
	return count;
}

size_t text_changes(TALLOC_CTX *mem, const char *before, const char *after,
	struct text_span **spans)
{
	bool list = list_count(before) == list_count(after), more = true;
	const char *begin = after;
	size_t count = 0;

	for (*spans = NULL; more; before++, after++) {
		size_t before_len = list ? strcspn(before, between) : strlen(before),
		       after_len = list ? strcspn(after, between) : strlen(after), start, end;
		bool same = before_len == after_len && strncmp(before, after, after_len) == 0;
		struct text_span *span = same ? NULL : memory_more(mem, spans, count, sizeof *span);

		if (span) {
			common(before, before_len, after, after_len, &start, &end);
			widen(after, after_len, &start, &end);
			*span = (struct text_span){ (size_t)(after - begin) + start,
				after_len - start - end };
			count++;
		}
		before += before_len;
		after += after_len;
		more = *before != '\0' && *after != '\0';
	}
	return count;
}
