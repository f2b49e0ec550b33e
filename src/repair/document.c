/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents with a row a file, written a row at a time. */
#include "repair/document.h"

#include <stdlib.h>
#include <string.h>

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

bool document_format_known(const json_t *frame)
{
	json_int_t format = json_integer_value(json_object_get(frame, "format"));

	return format >= 1 && format <= DOCUMENT_FORMAT;
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
