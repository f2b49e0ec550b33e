/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground of a report: what entries say, and its blocks. */
#include <stdarg.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "report/report_internal.h"

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

const char *writing_any(const char *text)
{
	return text ? text : "";
}

const char *writing_said(const json_t *object, const char *member)
{
	return writing_any(json_string_value(json_object_get(object, member)));
}

void writing_block(struct writing *writing, struct block block)
{
	struct block *last = writing->count > 0 ? &writing->blocks[writing->count - 1] : NULL;

	if (block.kind == BLOCK_HEADING && last && last->kind == BLOCK_HEADING)
		writing->count--;
	last = memory_more(writing->mem, &writing->blocks, writing->count, sizeof *last);
	if (!last)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(block.cells); i++)
		if (block.cells[i])
			block.cells[i] = text_shown(writing->mem, block.cells[i]);
	if (block.other)
		block.other = text_shown(writing->mem, block.other);
	*last = block;
	writing->count++;
}

void writing_put(struct writing *writing, enum block_kind kind, const char *first,
	const char *second)
{
	writing_block(writing, (struct block){ .kind = kind, .cells = { first, second } });
}

void writing_field(struct writing *writing, const char *label, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writing_put(writing, BLOCK_FIELD, label, talloc_vasprintf(writing->mem, format, args));
	va_end(args);
}

void writing_item(struct writing *writing, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	writing_put(writing, BLOCK_ITEM, talloc_vasprintf(writing->mem, format, args), NULL);
	va_end(args);
}

/* The last who decided anything. */
static const char *operator_last(const struct journal *journal)
{
	const char *name = NULL;

	for (size_t i = journal_count(journal); !name && i-- > 0;)
		name = json_string_value(json_object_get(journal_entry(journal, i), "operator"));
	return name;
}

void writing_command(struct writing *writing, const struct report *report, const char *before,
	const char *command)
{
	TALLOC_CTX *mem = writing->mem;
	const char *dir = runfolder_dir(report->run), *name = strrchr(dir, '/');
	char *runs = name ? talloc_strndup(mem, dir, (size_t)(name - dir)) : NULL;
	char *line = strcmp(command, "check") == 0
		? reached_check(mem, report->journal, runs)
		: reached_command(mem, NULL, runs, command, runfolder_name(report->run));
	char *server = path_of_json(mem, json_object_get(report->begun, "server"), "name");

	writing_block(writing,
		(struct block){ .kind = BLOCK_ITEM,
			.cells = { before },
			.command = reached_signed(line, command, operator_last(report->journal),
				server) });
}
