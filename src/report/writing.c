/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground of a report: what entries say, and lines of 78 columns. */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "report/report_internal.h"

enum { COLUMNS = 78, LABEL = WRITING_LABEL };

char *entry_path_shown(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	char *path = path_of_json(mem, entry, member), *shown = path ? text_shown(mem, path) : NULL;

	talloc_free(path);
	return shown;
}

/* "MSExchangeMSMI: stopped" */
static char *service_said(TALLOC_CTX *mem, const json_t *entry)
{
	const char *to = json_string_value(json_object_get(entry, "to"));
	char *name = entry_path_shown(mem, entry, "name"), *said = name && to ? talloc_asprintf(mem, "%s: %s", name, to) : NULL;

	talloc_free(name);
	return said ? said : talloc_strdup(mem, "");
}

char *entry_note(TALLOC_CTX *mem, const json_t *entry)
{
	static const enum journal_kind told[] = { JOURNAL_NOTE, JOURNAL_FAILED, JOURNAL_PAUSED, JOURNAL_RESUMED, JOURNAL_UNDO };
	const char *note = json_string_value(json_object_get(entry, "note")), *text = json_string_value(json_object_get(entry, "text"));

	if (entry_is(entry, JOURNAL_SERVICE))
		return service_said(mem, entry);
	for (size_t i = 0; !note && i < sizeof told / sizeof *told; i++)
		if (entry_is(entry, told[i]))
			note = text ? text : "";
	return note ? talloc_strdup(mem, note) : NULL;
}

void writing_put(struct writing *writing, const char *format, ...)
{
	va_list args;
	char *more;

	if (!writing->text)
		return;
	va_start(args, format);
	more = talloc_vasprintf_append_buffer(writing->text, format, args);
	va_end(args);
	if (!more)
		talloc_free(writing->text);
	writing->text = more;
}

/* Characters, not bytes: continuation bytes of UTF-8 take no column. */
int writing_columns(const char *text, size_t len)
{
	int columns = 0;

	for (size_t i = 0; i < len; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

void writing_wrapped(struct writing *writing, int column, int indent, const char *text)
{
	bool fresh = true;

	while (*text) {
		size_t len = strcspn(text, " \n");
		int width = writing_columns(text, len);

		if (!fresh && column + 1 + width > COLUMNS) {
			writing_put(writing, "\n%*s", indent, "");
			column = indent;
			fresh = true;
		}
		writing_put(writing, "%s%.*s", fresh ? "" : " ", (int)len, text);
		column += width + (fresh ? 0 : 1);
		fresh = false;
		text += len;
		text += strspn(text, " \n");
	}
	writing_put(writing, "\n");
}

void writing_field(struct writing *writing, const char *label, const char *format, ...)
{
	int column = writing_columns(label, strlen(label)), pad = column < LABEL ? LABEL - column : 1;
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(writing->mem, format, args);
	va_end(args);
	writing_put(writing, " %s%*s", label, pad, "");
	if (text)
		writing_wrapped(writing, 1 + column + pad, 1 + LABEL, text);
	else
		TALLOC_FREE(writing->text);
}

const char *writing_safe(struct writing *writing, const char *text)
{
	char *shown = text ? text_shown(writing->mem, text) : NULL;

	return shown ? shown : "";
}

const char *writing_shown(struct writing *writing, const json_t *object, const char *member)
{
	return writing_safe(writing, json_string_value(json_object_get(object, member)));
}

void writing_heading(struct writing *writing, const char *title)
{
	writing_put(writing, "\n%s\n", title);
	for (int i = writing_columns(title, strlen(title)); i > 0; i--)
		writing_put(writing, "-");
	writing_put(writing, "\n");
}

void writing_item(struct writing *writing, const char *text)
{
	writing_put(writing, " * ");
	writing_wrapped(writing, 3, 3, text);
}
