/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents with a row a file, read a row and a piece at a time. */
#include "repair/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the text ---- */

void document_text_of(const char *bytes, size_t len, struct document_text *text)
{
	*text = (struct document_text){ .piece = bytes, .len = len, .held = len, .fd = -1 };
}

int document_text_file(TALLOC_CTX *mem, int fd, size_t len, struct document_text *text)
{
	char *room = talloc_size(mem, DOCUMENT_PIECE);

	*text = (struct document_text){ .piece = room, .room = room, .len = len, .fd = fd };
	return room ? 0 : -1;
}

/* As much as there is of len bytes; less only where the file does not give more. */
size_t document_copy(struct document_text *text, size_t at, char *out, size_t len)
{
	size_t done = 0;

	if (at >= text->len)
		return 0;
	if (len > text->len - at)
		len = text->len - at;
	if (!text->room) {
		memcpy(out, text->piece + at, len);
		return len;
	}
	while (done < len) {
		ssize_t got = pread(text->fd, out + done, len - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			text->sys = errno;
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
}

/* What a file does not give any more is its end: then it is no document, and a parser says so. */
static bool piece_turn(struct document_text *text, size_t at)
{
	if (at >= text->len || !text->room)
		return false;
	text->from = at;
	text->held = document_copy(text, at, text->room, DOCUMENT_PIECE);
	if (text->held == 0)
		text->len = at;
	return text->held > 0;
}

/* NUL where there is nothing. */
static char text_at(struct document_text *text, size_t at)
{
	if (at - text->from >= text->held && !piece_turn(text, at))
		return '\0';
	return text->piece[at - text->from];
}

static bool text_holds(struct document_text *text, size_t at, const char *string)
{
	for (; *string; string++, at++)
		if (at >= text->len || text_at(text, at) != *string)
			return false;
	return true;
}

/* ---- values in it ---- */

static size_t skip_blanks(struct document_text *text, size_t at)
{
	while (at < text->len && memchr(" \t\r\n", text_at(text, at), 4))
		at++;
	return at;
}

/* Behind the string that begins at. */
static size_t skip_string(struct document_text *text, size_t at)
{
	for (at++; at < text->len && text_at(text, at) != '"'; at++)
		at += text_at(text, at) == '\\';
	return at < text->len ? at + 1 : text->len;
}

/* Behind the value that begins at; what it is worth a parser says. */
static size_t skip_value(struct document_text *text, size_t at)
{
	size_t depth = 0;

	while (at < text->len) {
		char c = text_at(text, at);

		if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			return at;
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
		at = c == '"' ? skip_string(text, at) : at + 1;
		if (depth == 0 && (c == ']' || c == '}' || c == '"'))
			return at;
	}
	return at;
}

static bool is_at(struct document_text *text, size_t at, char c)
{
	return at < text->len && text_at(text, at) == c;
}

bool document_find(struct document_text *text, const char *member, struct document_scan *scan)
{
	size_t at, name, end;

	*scan = (struct document_scan){ .text = text };
	at = skip_blanks(text, 0);
	if (!is_at(text, at, '{'))
		return false;
	do {
		name = skip_blanks(text, at + 1);
		if (!is_at(text, name, '"'))
			return false;
		end = skip_string(text, name);
		at = skip_blanks(text, end);
		if (!is_at(text, at, ':'))
			return false;
		scan->begin = skip_blanks(text, at + 1);
		scan->end = skip_value(text, scan->begin);
		scan->at = scan->begin + 1;
		if (is_at(text, scan->begin, '[') && scan->end < text->len && end - name == strlen(member) + 2 && text_holds(text, name + 1, member))
			return true;
		at = skip_blanks(text, scan->end);
	} while (is_at(text, at, ','));
	return false;
}

size_t document_count(const struct document_scan *scan)
{
	size_t count = 0, at = skip_blanks(scan->text, scan->begin + 1);

	while (at + 1 < scan->end) {
		count++;
		at = skip_blanks(scan->text, skip_value(scan->text, at));
		at += is_at(scan->text, at, ',') || at + 1 < scan->end;
	}
	return count;
}

static int lines_before(struct document_text *text, size_t from, size_t at)
{
	int lines = 0;

	for (size_t i = from; i < at && i < text->len; i++)
		lines += text_at(text, i) == '\n';
	return lines;
}

/* The value of what stands from one place to another. */
static json_t *value_of(struct document_text *text, size_t begin, size_t end, size_t flags, json_error_t *where)
{
	char *copy = malloc(end - begin + 1);
	json_t *value = copy ? json_loadb(copy, document_copy(text, begin, copy, end - begin), JSON_REJECT_DUPLICATES | flags, where) : NULL;

	free(copy);
	return value;
}

json_t *document_whole(struct document_text *text, int *line)
{
	json_error_t where = { .line = 1 };
	json_t *whole = value_of(text, 0, text->len, 0, &where);

	*line = whole ? 0 : where.line;
	return whole;
}

json_t *document_frame(const struct document_scan *scan, int *line)
{
	size_t rest = scan->text->len > scan->end ? scan->text->len - scan->end : 0, len = scan->begin;
	char *text = malloc(scan->begin + 2 + rest);
	json_error_t where = { .line = 1 };
	json_t *frame = NULL;

	if (text && document_copy(scan->text, 0, text, scan->begin) == scan->begin) {
		memcpy(text + len, "[]", 2);
		len += 2 + document_copy(scan->text, scan->end, text + len + 2, rest);
		frame = json_loadb(text, len, JSON_REJECT_DUPLICATES, &where);
	}
	if (where.position > 0 && (size_t)where.position > scan->begin + 2)
		where.line += lines_before(scan->text, scan->begin, scan->end);
	*line = frame ? 0 : where.line;
	free(text);
	return frame;
}

json_t *document_next(struct document_scan *scan, int *line)
{
	struct document_text *text = scan->text;
	size_t begin = skip_blanks(text, scan->at), end;
	bool first = scan->at == scan->begin + 1;
	json_error_t where = { .line = 1 };
	json_t *row;

	if (line)
		*line = 0;
	if (begin + 1 == scan->end && (first || text_at(text, scan->at - 1) != ','))
		return NULL;
	end = skip_value(text, begin);
	row = value_of(text, begin, end, JSON_DECODE_ANY, &where);
	end = skip_blanks(text, end);
	/* Behind an element stands a comma, or the end of the array. */
	if (row && !is_at(text, end, ',') && end + 1 != scan->end) {
		json_decref(row);
		row = NULL;
	}
	if (!row && line)
		*line = lines_before(text, 0, begin) + (where.line > 0 ? where.line : 1);
	scan->at = end + is_at(text, end, ',');
	return row;
}
