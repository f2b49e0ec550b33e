/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as a page: one file that needs no other, for a browser, a printer or a screen reader.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/report_internal.h"

static const char style[] =
	"body{max-width:60em;margin:1em auto;padding:0 1em;font-family:sans-serif;color:#000;background:#fff}\n"
	"h1{font-size:1.4em}h2{font-size:1.2em}h3{font-size:1em}h2,h3{margin:1em 0 .3em}\n"
	"table{border-collapse:collapse;width:100%}caption{text-align:left}\n"
	"th,td{border:1px solid #000;padding:.2em .5em;text-align:left;vertical-align:top}\n"
	"h3,th,td,code{overflow-wrap:anywhere}th{font-weight:normal}thead th{font-weight:bold}\n"
	"del{text-decoration:line-through;font-weight:bold}ins{text-decoration:underline;font-weight:bold}\n"
	"@media print{body{max-width:none;margin:0;padding:0;font-size:10pt}\n"
	"h2,h3,caption{break-after:avoid}tr,li{break-inside:avoid}}\n";

/* The element of a block (none: it is not shown), the one around those of its kind, what stands
 * above the columns of a table, and which cell of a row is its head. */
static const struct form {
	const char *each, *around, *heads[4];
	size_t head;
} forms[] = {
	[BLOCK_TITLE] = { .each = "h1" },
	[BLOCK_HEADING] = { .each = "h2" },
	[BLOCK_CHANGE] = { .each = "h3" },
	[BLOCK_FIELD] = { .each = "tr", .around = "table" },
	[BLOCK_STEP] = { .each = "tr",
		.around = "table",
		.heads = { N_("Step"), N_("Result"), N_("What"), N_("How it was checked") } },
	[BLOCK_FINDING] = { .each = "tr",
		.around = "table",
		.heads = { N_("State"), N_("What"), N_("found") },
		.head = 1 },
	[BLOCK_MAIL] = { .each = "tr", .around = "table" },
	[BLOCK_ITEM] = { .each = "li", .around = "ul" },
	[BLOCK_NOTE] = { .each = "li", .around = "ul" },
	[BLOCK_PARAGRAPH] = { .each = "p" },
	[BLOCK_GIVEN] = { .each = "p" },
	[BLOCK_GAP] = { .each = NULL },
};

struct page {
	TALLOC_CTX *mem; /* of what is borrowed on the way */
	char *out;
};

__attribute__((format(printf, 2, 3))) static void put(struct page *page, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	page->out = talloc_vasprintf_append_buffer(page->out, format, args);
	va_end(args);
}

static const char *escaped(struct page *page, const char *text, size_t len)
{
	static const char signs[] = "&<>\"'";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };
	char *out = talloc_strdup(page->mem, "");

	for (size_t i = 0; i < len; i++) {
		const char *sign = strchr(signs, text[i]);

		out = sign ? talloc_strdup_append_buffer(out, entities[sign - signs])
			   : talloc_strndup_append_buffer(out, text + i, 1);
	}
	return out;
}

static const char *whole(struct page *page, const char *text)
{
	return escaped(page, text, strlen(text));
}

/* A value, and in it what changed. */
static void put_marked(struct page *page, const char *text, const struct block *block)
{
	struct text_span *spans = NULL;
	size_t count = block->other ? text_changes(page->mem, block->other, text, &spans) : 0;
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		if (spans[i].len == 0)
			continue;
		put(page, "%s<%s>%s</%s>", escaped(page, text + at, spans[i].from - at),
			block->mark, escaped(page, text + spans[i].from, spans[i].len),
			block->mark);
		at = spans[i].from + spans[i].len;
	}
	put(page, "%s", whole(page, text + at));
}

static void put_row(struct page *page, const struct block *block)
{
	put(page, "<tr>");
	for (size_t i = 0; i < ARRAY_SIZE(block->cells) && block->cells[i]; i++) {
		bool head = i == forms[block->kind].head && *block->cells[i];

		put(page, head ? "<th scope=\"row\">" : "<td>");
		if (i == 1)
			put_marked(page, block->cells[i], block);
		else
			put(page, "%s", whole(page, block->cells[i]));
		put(page, head ? "</th>" : "</td>");
	}
	put(page, "</tr>");
}

/* What is no row: of two cells the first is a label. */
static void put_words(struct page *page, const struct block *block)
{
	const char *each = forms[block->kind].each, *first = whole(page, block->cells[0]);

	put(page, block->cells[1] ? "<%s><strong>%s</strong> %s" : "<%s>%s%s", each, first,
		block->cells[1] ? whole(page, block->cells[1]) : "");
	if (block->command)
		put(page, "<br><code>%s</code>", whole(page, block->command));
	put(page, "</%s>", each);
}

/* A heading over a table is its caption. */
static void put_caption(struct page *page, const struct block *heading, const struct form *form)
{
	put(page, "<table>\n<caption>");
	put_words(page, heading);
	put(page, "</caption>\n");
	for (size_t i = 0; i < ARRAY_SIZE(form->heads) && form->heads[i]; i++)
		put(page, "%s<th scope=\"col\">%s</th>", i == 0 ? "<thead><tr>" : "",
			whole(page, _(form->heads[i])));
	if (form->heads[0])
		put(page, "</tr></thead>\n");
}

static bool is_table(const char *around)
{
	return !strcmp(around, "table");
}

/* What is around one block, and ends with it where the next is of another kind. */
static const char *put_block(struct page *page, const struct block *block, const char *open)
{
	const struct form *form = &forms[block->kind], *next = &forms[block[1].kind];
	const char *around = writing_any(form->around);

	if (!form->each)
		return open;
	if (*open && strcmp(open, around))
		put(page, "</%s>\n", open);
	if (block->kind <= BLOCK_CHANGE && is_table(writing_any(next->around))) {
		put_caption(page, block, next);
		return "table";
	}
	if (*around && strcmp(open, around))
		put(page, "<%s>\n", around);
	if (is_table(around))
		put_row(page, block);
	else
		put_words(page, block);
	put(page, "\n");
	return around;
}

char *report_html(TALLOC_CTX *mem, const struct report *report)
{
	static const char none[] = "";
	struct writing *writing = report_writing(NULL, report);
	struct page page = { writing, talloc_strdup(mem, "") };
	const char *open = "", *said = strstr(dgettext("msmcfix", none), "Language: ");
	char language[16] = "en"; /* of these words, as their catalogue names it */

	if (said)
		(void)sscanf(said, "Language: %15[a-z]", language);
	/* The last one, whose next is none. */
	writing_put(writing, BLOCK_GAP, "", NULL);
	put(&page,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>%s</title>\n"
		"<style>\n%s</style>\n</head>\n<body>\n<main>\n",
		language, whole(&page, writing->blocks[0].cells[0]), style);
	for (size_t i = 0; i + 1 < writing->count; i++)
		open = put_block(&page, &writing->blocks[i], open);
	put(&page, "</%s>\n</main>\n</body>\n</html>\n", open);
	talloc_free(writing);
	return page.out;
}
