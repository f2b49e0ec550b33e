/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/document.h"

#include <stdlib.h>
#include <string.h>

/* ---- writing ---- */

/* Jansson puts a line break before every member and none into a string: what stands at the beginning of a line, so far in, is a member's name. */
static const struct document_rows *rows_of_line(const char *line, size_t len, int indent, const struct document_rows *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t in = (size_t)(rows[i].depth * indent), name = strlen(rows[i].member);

		if (len >= in + name + 6 && strspn(line, " ") == in && line[in] == '"' && !memcmp(line + in + 1, rows[i].member, name) &&
		    !memcmp(line + in + 1 + name, "\": []", 5))
			return &rows[i];
	}
	return NULL;
}

static int text_put(FILE *to, const char *text, size_t len)
{
	return fwrite(text, 1, len, to) == len ? 0 : -1;
}

/* One element, set in as far as where it stands. */
static int row_put(FILE *to, const json_t *row, int indent, int in)
{
	char *text = row ? json_dumps(row, JSON_ENCODE_ANY | JSON_INDENT((size_t)indent)) : NULL;
	int failed = text ? 0 : -1;

	for (const char *at = text; !failed && at;) {
		const char *end = strchr(at, '\n');

		if (fprintf(to, "\n%*s", in, "") < 0 || text_put(to, at, end ? (size_t)(end - at) : strlen(at)))
			failed = -1;
		at = end ? end + 1 : NULL;
	}
	free(text);
	return failed;
}

static int rows_put(FILE *to, int indent, const struct document_rows *rows)
{
	int failed = 0;

	if (fputc('[', to) == EOF)
		return -1;
	for (size_t i = 0; !failed && i < rows->count; i++) {
		json_t *row = rows->row(rows->arg, i);

		if (i && fputc(',', to) == EOF)
			failed = -1;
		if (!failed)
			failed = row_put(to, row, indent, (rows->depth + 1) * indent);
		json_decref(row);
	}
	if (!failed && rows->count && fprintf(to, "\n%*s", rows->depth * indent, "") < 0)
		failed = -1;
	return failed || fputc(']', to) == EOF ? -1 : 0;
}

static int line_put(FILE *to, const char *line, size_t len, int indent, const struct document_rows *rows)
{
	size_t name = rows ? (size_t)(rows->depth * indent) + strlen(rows->member) + 4 : len;

	if (text_put(to, line, name) || (rows && rows_put(to, indent, rows)))
		return -1;
	/* A comma may follow the brackets, and the end of the line. */
	return rows ? text_put(to, line + name + 2, len - name - 2) : 0;
}

int document_write(FILE *to, const json_t *frame, int indent, const struct document_rows *rows, size_t count)
{
	char *text = json_dumps(frame, JSON_INDENT((size_t)indent));
	int failed = text ? 0 : -1;

	for (const char *line = text; !failed && line && *line;) {
		size_t len = strcspn(line, "\n");

		len += line[len] == '\n';
		failed = line_put(to, line, len, indent, rows_of_line(line, len, indent, rows, count));
		line += len;
	}
	free(text);
	return failed;
}

/* ---- reading ---- */

static size_t skip_blanks(const struct document_scan *scan, size_t at)
{
	while (at < scan->len && memchr(" \t\r\n", scan->text[at], 4))
		at++;
	return at;
}

/* Behind the string that begins at. */
static size_t skip_string(const struct document_scan *scan, size_t at)
{
	for (at++; at < scan->len && scan->text[at] != '"'; at++)
		at += scan->text[at] == '\\';
	return at < scan->len ? at + 1 : scan->len;
}

/* Behind the value that begins at; what it is worth a parser says. */
static size_t skip_value(const struct document_scan *scan, size_t at)
{
	size_t depth = 0;

	while (at < scan->len) {
		char c = scan->text[at];

		if (depth == 0 && (c == ',' || c == ']' || c == '}'))
			return at;
		depth += c == '[' || c == '{';
		depth -= c == ']' || c == '}';
		at = c == '"' ? skip_string(scan, at) : at + 1;
		if (depth == 0 && (c == ']' || c == '}' || c == '"'))
			return at;
	}
	return at;
}

static bool scan_is(const struct document_scan *scan, size_t at, char c)
{
	return at < scan->len && scan->text[at] == c;
}

bool document_find(const char *text, size_t len, const char *member, struct document_scan *scan)
{
	size_t at, name, name_len = strlen(member);

	*scan = (struct document_scan){ .text = text, .len = len };
	at = skip_blanks(scan, 0);
	if (!scan_is(scan, at, '{'))
		return false;
	do {
		name = skip_blanks(scan, at + 1);
		if (!scan_is(scan, name, '"'))
			return false;
		at = skip_blanks(scan, skip_string(scan, name));
		if (!scan_is(scan, at, ':'))
			return false;
		scan->begin = skip_blanks(scan, at + 1);
		scan->end = skip_value(scan, scan->begin);
		scan->at = scan->begin + 1;
		if (scan_is(scan, scan->begin, '[') && scan->end < len && len - name > name_len + 2 &&
		    !memcmp(text + name + 1, member, name_len) && text[name + 1 + name_len] == '"')
			return true;
		at = skip_blanks(scan, scan->end);
	} while (scan_is(scan, at, ','));
	return false;
}

size_t document_count(const struct document_scan *scan)
{
	size_t count = 0, at = skip_blanks(scan, scan->begin + 1);

	while (at + 1 < scan->end) {
		count++;
		at = skip_blanks(scan, skip_value(scan, at));
		at += scan_is(scan, at, ',') || at + 1 < scan->end;
	}
	return count;
}

static int lines_before(const struct document_scan *scan, size_t at)
{
	int lines = 0;

	for (size_t i = 0; i < at; i++)
		lines += scan->text[i] == '\n';
	return lines;
}

json_t *document_frame(const struct document_scan *scan, int *line)
{
	size_t rest = scan->len - scan->end;
	char *text = malloc(scan->begin + 2 + rest);
	json_error_t where = { .line = 1 };
	json_t *frame = NULL;

	if (text) {
		memcpy(text, scan->text, scan->begin);
		memcpy(text + scan->begin, "[]", 2);
		memcpy(text + scan->begin + 2, scan->text + scan->end, rest);
		frame = json_loadb(text, scan->begin + 2 + rest, JSON_REJECT_DUPLICATES, &where);
	}
	if (where.position > 0 && (size_t)where.position > scan->begin + 2)
		where.line += lines_before(scan, scan->end) - lines_before(scan, scan->begin);
	*line = frame ? 0 : where.line;
	free(text);
	return frame;
}

json_t *document_next(struct document_scan *scan, int *line)
{
	size_t begin = skip_blanks(scan, scan->at), end;
	bool first = scan->at == scan->begin + 1;
	json_error_t where = { .line = 1 };
	json_t *row;

	*line = 0;
	if (begin + 1 == scan->end && (first || scan->text[scan->at - 1] != ','))
		return NULL;
	end = skip_value(scan, begin);
	row = json_loadb(scan->text + begin, end - begin, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where);
	end = skip_blanks(scan, end);
	/* Behind an element stands a comma, or the end of the array. */
	if (row && !scan_is(scan, end, ',') && end + 1 != scan->end) {
		json_decref(row);
		row = NULL;
	}
	if (!row)
		*line = lines_before(scan, begin) + (where.line > 0 ? where.line : 1);
	scan->at = end + scan_is(scan, end, ',');
	return row;
}
