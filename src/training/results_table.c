/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A class for a person, and for a spreadsheet. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/classroom.h"

enum { SEAT_COLUMNS = 24, CASE_COLUMNS = 20 };

/* ---- the table ---- */

/* One row of it: all results of a seat in exams or in practice, or of a case. */
struct tally {
	const char *name;
	bool exam;
	int level;
	size_t count, passed, tips;
	int sum, least, most;
};

static void tally_add(struct tally *tally, const struct result *result)
{
	tally->least =
		tally->count == 0 || result->points < tally->least ? result->points : tally->least;
	tally->most =
		tally->count == 0 || result->points > tally->most ? result->points : tally->most;
	tally->sum += result->points;
	tally->passed += result->passed;
	tally->tips += result->tips;
	tally->count++;
}

/* The mean, rounded to the nearest whole point. */
static int tally_mean(const struct tally *tally)
{
	return (int)(((size_t)tally->sum * 2 + tally->count) / (2 * tally->count));
}

static struct tally *tally_of(struct tally *tallies, size_t *count, const struct result *result,
	bool by_case)
{
	const char *name = by_case ? result->name : result->seat;
	const bool exam = !by_case && result->exam;

	for (size_t i = 0; i < *count; i++)
		if (strcmp(tallies[i].name, name) == 0 && tallies[i].exam == exam)
			return &tallies[i];
	tallies[*count] = (struct tally){ .name = name, .exam = exam, .level = result->level };
	return &tallies[(*count)++];
}

/* Text in so many columns: cut with a mark, or filled. */
static char *cell(TALLOC_CTX *mem, const char *text, size_t columns)
{
	return text_width(text) <= columns
		? text_pad(mem, text, columns)
		: text_pad(mem,
			  talloc_asprintf(mem, "%.*s~", (int)text_fit(text, columns - 1), text),
			  columns);
}

/* A title above numbers. */
static char *ahead(TALLOC_CTX *mem, const char *text, size_t columns)
{
	size_t width = text_width(text);

	return talloc_asprintf(mem, "%*s%s", (int)(width < columns ? columns - width : 0), "",
		text);
}

/* The rows of seats, or of cases. */
static char *rows_text(char *out, const struct result *results, size_t count, bool by_case)
{
	const size_t columns = by_case ? CASE_COLUMNS : SEAT_COLUMNS;
	struct tally *tallies = memory_array(out, sizeof *tallies, count);
	char *head = cell(out, by_case ? _("Case") : _("Seat"), columns);
	size_t rows = 0;

	if (!tallies || !head)
		return NULL;
	for (size_t i = 0; i < count; i++)
		tally_add(tally_of(tallies, &rows, &results[i], by_case), &results[i]);
	out = talloc_asprintf_append_buffer(out, "%s %s %s %s %s %s %s %s\n", head,
		text_pad(head, by_case ? _("Level") : "", by_case ? 5 : 9),
		ahead(head, by_case ? _("Played") : _("Cases"), 6), ahead(head, _("Passed"), 6),
		ahead(head, _("Mean"), 5), ahead(head, _("Lowest"), 6), ahead(head, _("Best"), 5),
		ahead(head, _("Tips"), 5));
	for (size_t i = 0; out && i < rows; i++) {
		const struct tally *row = &tallies[i];
		char *name = cell(out, row->name, columns);
		char *kind = by_case
			? talloc_asprintf(out, "%5d", row->level)
			: talloc_asprintf(out, " %s",
				  text_pad(out, row->exam ? _("exam") : _("practice"), 8));

		out = name && kind
			? talloc_asprintf_append_buffer(out, "%s %s %6zu %6zu %5d %6d %5d %5zu\n",
				  name, kind, row->count, row->passed, tally_mean(row), row->least,
				  row->most, row->tips)
			: NULL;
	}
	return out;
}

char *results_table(TALLOC_CTX *mem, const struct result *results, size_t count)
{
	char *out = talloc_strdup(mem, "");

	out = out ? rows_text(out, results, count, false) : NULL;
	out = out ? talloc_strdup_append_buffer(out, "\n") : NULL;
	return out ? rows_text(out, results, count, true) : NULL;
}

/* ---- CSV: RFC 4180 ---- */

/* A cell that begins so would be a formula, or become one, in a spreadsheet; an apostrophe makes it
 * text. The last four are the wide signs = + - @, U+FF1D, U+FF0B, U+FF0D, U+FF20. */
static bool is_formula(const char *text)
{
	static const char *const signs[] = { "=", "+", "-", "@", "\t", "\r", "\n", "\xef\xbc\x9d",
		"\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0" };

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (!strncmp(text, signs[i], strlen(signs[i])))
			return true;
	return false;
}

static char *csv_cell(char *out, const char *text, const char *end)
{
	out = talloc_asprintf_append_buffer(out, "\"%s", is_formula(text) ? "'" : "");
	for (; out && *text; text++)
		out = talloc_asprintf_append_buffer(out, *text == '"' ? "\"%c" : "%c", *text);
	return out ? talloc_asprintf_append_buffer(out, "\"%s", end) : NULL;
}

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static char *csv_row(char *out, const struct result *row)
{
	char *reasons = talloc_strdup(out, "");

	for (size_t i = 0; reasons && row->reasons[i]; i++)
		reasons = talloc_asprintf_append(reasons, "%s%s", i ? " | " : "", row->reasons[i]);
	out = reasons ? csv_cell(out, row->seat, ",") : NULL;
	out = out ? csv_cell(out, row->name, ",") : NULL;
	out = out ? talloc_asprintf_append_buffer(out, "%d,%llu,%s,%d,%s,%s,%zu,%s,%s,", row->level,
			    (unsigned long long)row->seed, yes_no(row->exam), row->points,
			    yes_no(row->passed), yes_no(row->repaired), row->tips, row->started,
			    row->ended)
		  : NULL;
	return out ? csv_cell(out, reasons, "\r\n") : NULL;
}

char *results_csv(TALLOC_CTX *mem, const struct result *results, size_t count)
{
	char *out = talloc_strdup(mem,
		"seat,case,level,seed,exam,points,passed,repaired,tips,started,ended,"
		"reasons\r\n");

	for (size_t i = 0; out && i < count; i++)
		out = csv_row(out, &results[i]);
	return out;
}
