/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report as a page: one file that needs no other, for a browser, a printer or a screen reader.
 */
#include <ctype.h>
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
	"@media print{body{max-width:none;margin:0;padding:0;font-size:10pt}h2,h3,caption{break-after:avoid}"
	"tr,li{break-inside:avoid}}\n";

/* The element of a block (none: it is not shown), the one around those of its kind, what stands above the columns of a
 * table, and which cell of a row is its head. */
static const struct {
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
	[BLOCK_ID] = { .each = "li", .around = "ul" },
	[BLOCK_NOTE] = { .each = "li", .around = "ul" },
	[BLOCK_NOTICE] = { .each = "li", .around = "ul" },
	[BLOCK_PARAGRAPH] = { .each = "p" },
	[BLOCK_GIVEN] = { .each = "p" },
	[BLOCK_GAP] = { .each = NULL },
};

/* The language of the words here, as their catalogue names it. */
static char *language(TALLOC_CTX *mem)
{
	static const char none[] = "", name[] = "Language: ";
	const char *found = strstr(dgettext("msmcfix", none), name);
	char *tag = talloc_strdup(mem, "en");
	size_t len = 0;

	if (found)
		for (found += strlen(name);
			isalnum((unsigned char)found[len]) || found[len] == '_';)
			len++;
	if (len > 0)
		tag = talloc_strndup(mem, found, len);
	for (char *at = tag; (at = strchr(at, '_'));)
		*at = '-';
	return tag;
}

static char *escaped(char *out, const char *text, size_t len)
{
	static const char *const entities[] = { ['&'] = "&amp;",
		['<'] = "&lt;",
		['>'] = "&gt;",
		['"'] = "&quot;",
		['\''] = "&#39;" };

	for (const char *end = text + len; text < end; text++) {
		unsigned char c = (unsigned char)*text;

		out = c < ARRAY_SIZE(entities) && entities[c]
			? talloc_strdup_append_buffer(out, entities[c])
			: talloc_strndup_append_buffer(out, text, 1);
	}
	return out;
}

/* A cell, and in it what changed. */
static char *marked(char *out, const char *text, const char *other, bool added)
{
	const char *mark = added ? "ins" : "del";
	struct text_span *spans = NULL;
	size_t count = other ? text_changes(out, other, text, &spans) : 0, at = 0;

	for (size_t i = 0; i < count; i++) {
		if (spans[i].len == 0)
			continue;
		out = escaped(out, text + at, spans[i].from - at);
		out = talloc_asprintf_append_buffer(out, "<%s>", mark);
		out = escaped(out, text + spans[i].from, spans[i].len);
		out = talloc_asprintf_append_buffer(out, "</%s>", mark);
		at = spans[i].from + spans[i].len;
	}
	return escaped(out, text + at, strlen(text + at));
}

static char *row(char *out, const struct block *block)
{
	for (size_t i = 0; i < ARRAY_SIZE(block->cells) && block->cells[i]; i++) {
		const char *cell = block->cells[i];
		bool head = i == forms[block->kind].head && *cell;

		out = talloc_strdup_append_buffer(out, head ? "<th scope=\"row\">" : "<td>");
		out = marked(out, cell, i == 1 ? block->other : NULL, block->added);
		out = talloc_strdup_append_buffer(out, head ? "</th>" : "</td>");
	}
	return out;
}

/* What is no row: of two cells the first is a label. */
static char *words(char *out, const struct block *block)
{
	const char *text = block->cells[0], *more = block->cells[1];

	if (more && *more) {
		out = escaped(talloc_strdup_append_buffer(out, "<strong>"), text, strlen(text));
		out = talloc_strdup_append_buffer(out, "</strong> ");
		text = more;
	}
	out = escaped(out, text, strlen(text));
	if (!block->command)
		return out;
	out = talloc_strdup_append_buffer(out, "<br><code>");
	out = escaped(out, block->command, strlen(block->command));
	return talloc_strdup_append_buffer(out, "</code>");
}

static char *element(char *out, const struct block *block)
{
	const char *each = forms[block->kind].each;

	out = talloc_asprintf_append_buffer(out, "<%s>", each);
	out = !strcmp(each, "tr") ? row(out, block) : words(out, block);
	return talloc_asprintf_append_buffer(out, "</%s>", each);
}

/* A heading over a table is its caption. */
static char *table_begin(char *out, const struct block *heading, enum block_kind kind)
{
	out = element(talloc_strdup_append_buffer(out, "<table>\n<caption>"), heading);
	out = talloc_strdup_append_buffer(out, "</caption>\n");
	if (!forms[kind].heads[0])
		return out;
	out = talloc_strdup_append_buffer(out, "<thead><tr>");
	for (size_t i = 0; i < ARRAY_SIZE(forms[kind].heads) && forms[kind].heads[i]; i++) {
		const char *head = _(forms[kind].heads[i]);

		out = talloc_strdup_append_buffer(out, "<th scope=\"col\">");
		out = escaped(out, head, strlen(head));
		out = talloc_strdup_append_buffer(out, "</th>");
	}
	return talloc_strdup_append_buffer(out, "</tr></thead>\n");
}

static bool is_caption(const struct writing *writing, size_t i)
{
	const char *next =
		i + 1 < writing->count ? forms[writing->blocks[i + 1].kind].around : NULL;

	return writing->blocks[i].kind <= BLOCK_CHANGE && next && !strcmp(next, "table");
}

static char *body(char *out, const struct writing *writing)
{
	const char *open = "", *wanted;

	for (size_t i = 0; i < writing->count; i++) {
		const struct block *block = &writing->blocks[i];

		if (!forms[block->kind].each)
			continue;
		wanted = writing_any(forms[block->kind].around);
		if (*open && strcmp(open, wanted))
			out = talloc_asprintf_append_buffer(out, "</%s>\n", open);
		if (*wanted && strcmp(open, wanted))
			out = talloc_asprintf_append_buffer(out, "<%s>\n", wanted);
		open = wanted;
		if (is_caption(writing, i)) {
			out = table_begin(out, block, block[1].kind);
			open = "table";
		} else {
			out = talloc_strdup_append_buffer(element(out, block), "\n");
		}
	}
	return *open ? talloc_asprintf_append_buffer(out, "</%s>\n", open) : out;
}

char *report_html(TALLOC_CTX *mem, const struct report *report)
{
	struct writing *writing = report_writing(NULL, report);
	const char *title = writing->count > 0 ? writing->blocks[0].cells[0] : "";
	char *out = talloc_asprintf(mem,
		"<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<title>",
		language(writing));

	out = escaped(out, title, strlen(title));
	out = talloc_asprintf_append_buffer(out,
		"</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
	out = body(out, writing);
	out = talloc_strdup_append_buffer(out, "</main>\n</body>\n</html>\n");
	talloc_free(writing);
	return out;
}
