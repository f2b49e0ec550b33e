/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground of a report: what entries say, and lines of 78 columns. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
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
	char *name = entry_path_shown(mem, entry, "name");
	char *said = name && to ? talloc_asprintf(mem, "%s: %s", name, to) : talloc_strdup(mem, "");

	talloc_free(name);
	return said;
}

char *entry_note(TALLOC_CTX *mem, const json_t *entry)
{
	static const enum journal_kind told[] = { JOURNAL_NOTE, JOURNAL_FAILED, JOURNAL_PAUSED,
		JOURNAL_RESUMED, JOURNAL_UNDO };
	const char *note = json_string_value(json_object_get(entry, "note")),
		   *way = undo_way_text(json_string_value(json_object_get(entry, "way"))),
		   *text = json_string_value(json_object_get(entry, "text"));

	/* Earlier versions put the sentence itself on record. */
	text = way ? way : text;
	if (entry_is(entry, JOURNAL_SERVICE))
		return service_said(mem, entry);
	for (size_t i = 0; !note && i < ARRAY_SIZE(told); i++)
		if (entry_is(entry, told[i]))
			note = text ? text : "";
	return note ? talloc_strdup(mem, note) : NULL;
}

void writing_put(struct writing *writing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writing->text = talloc_vasprintf_append_buffer(writing->text, format, args);
	va_end(args);
}

void writing_wrapped(struct writing *writing, const char *first, int indent, const char *text)
{
	writing_put(writing, "%s", text_wrap(writing->mem, first, indent, COLUMNS, text));
}

void writing_field(struct writing *writing, const char *label, const char *format, ...)
{
	int width = (int)text_width(label);
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(writing->mem, format, args);
	va_end(args);
	writing_wrapped(writing,
		talloc_asprintf(writing->mem, " %s%*s", label, width < LABEL ? LABEL - width : 1,
			""),
		1 + LABEL, text);
}

const char *writing_safe(struct writing *writing, const char *text)
{
	return text ? text_shown(writing->mem, text) : "";
}

const char *writing_shown(struct writing *writing, const json_t *object, const char *member)
{
	return writing_safe(writing, json_string_value(json_object_get(object, member)));
}

void writing_heading(struct writing *writing, const char *title)
{
	writing_put(writing, "\n%s\n", title);
	for (size_t i = text_width(title); i > 0; i--)
		writing_put(writing, "-");
	writing_put(writing, "\n");
}

void writing_item(struct writing *writing, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(writing->mem, format, args);
	va_end(args);
	writing_wrapped(writing, " * ", 3, text);
}
