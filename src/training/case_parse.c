/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case from its text. A teacher's file is as hostile as any other: bounded, checked, and told by line what is wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/case_internal.h"

enum { LINE_LIMIT = 4096, NAME_LIMIT = 40, TITLE_LIMIT = 70, TEXT_LIMIT = 3000 };

static const char *const ANSWERS[] = {
	[CASE_CHANGE] = "change", [CASE_KEEP] = "keep", [CASE_LEAVE] = "leave", [CASE_REFUSE] = "refuse"};

struct parse {
	struct training_case *made;
	TALLOC_CTX *tmp;
	size_t line;                 /* of the row being read, from 1 */
	struct error *err;
};

static int wrong(struct parse *parse, const char *sentence)
{
	return error_set(parse->err, TROUBLE_USAGE, _("Line %zu of the case: %s"), parse->line, sentence);
}

static int wrong_word(struct parse *parse, const char *format, const char *word)
{
	char *shown = text_shown(parse->tmp, word), *sentence = NULL;

	/* The formats are this file's own, with one %s each. */
	if (shown)
		sentence = talloc_asprintf(parse->tmp, format, shown);
	return sentence ? wrong(parse, sentence) : error_memory(parse->err);
}

/* ---- single words ---- */

static int text_once(struct parse *parse, char **at, const char *text, size_t limit)
{
	if (*at)
		return wrong(parse, _("this was given before; it may be given only once."));
	if (strlen(text) > limit)
		return wrong(parse, _("the text is too long."));
	*at = talloc_strdup(parse->made, text);
	return *at ? 0 : error_memory(parse->err);
}

static int word_name(struct parse *parse, char *text)
{
	if (strlen(text) > NAME_LIMIT || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(text) || *text == '-')
		return wrong(parse, _("a name has at most 40 characters: small letters, digits and hyphens."));
	return text_once(parse, &parse->made->name, text, NAME_LIMIT);
}

static int word_title(struct parse *parse, char *text)
{
	return text_once(parse, &parse->made->title, text, TITLE_LIMIT);
}

static int word_story(struct parse *parse, char *text)
{
	return text_once(parse, &parse->made->story, text, TEXT_LIMIT);
}

static int word_level(struct parse *parse, char *text)
{
	if (parse->made->level)
		return wrong(parse, _("this was given before; it may be given only once."));
	if (text[0] < '1' || text[0] > '0' + CASE_LEVELS || text[1])
		return wrong(parse, _("the level must be 1, 2 or 3."));
	parse->made->level = text[0] - '0';
	return 0;
}

static int word_begins(struct parse *parse, char *text)
{
	if (strcmp(text, "cut") != 0)
		return wrong_word(parse, _("\"begins\" takes only \"cut\", not \"%s\"."), text);
	parse->made->begins_cut = true;
	return 0;
}

/* Room for one more, as memory_more gives it; NULL with the sentence set. */
static void *grow(struct parse *parse, void *list, size_t count, size_t each, size_t limit)
{
	void *more = count < limit ? memory_more(parse->made, list, count, each) : NULL;

	if (!more && count < limit)
		error_memory(parse->err);
	else if (!more)
		wrong(parse, _("there are too many lines of this kind."));
	return more;
}

static int word_fault(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	const struct fault *fault = fault_find(text);

	if (!fault)
		return wrong_word(parse, _("there is no fault \"%s\"; doc/cases.md lists them all."), text);
	for (size_t i = 0; i < made->fault_count; i++)
		if (made->faults[i] == fault)
			return wrong_word(parse, _("the fault %s is named twice."), text);
	if (!grow(parse, &made->faults, made->fault_count, sizeof *made->faults, CASE_FAULTS))
		return -(int)parse->err->trouble;
	made->faults[made->fault_count++] = fault;
	return 0;
}

/* ---- expect: ID ANSWER POINTS [trap] WHY ---- */

/* A number from 1 to 100 at text; 0 if it is none. *behind points to what follows it and one blank. */
static int points_read(char *text, char **behind)
{
	char *end;
	long points = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;

	if (points < 1 || points > 100 || (*end != ' ' && *end != '\0'))
		return 0;
	*behind = *end ? end + 1 : end;
	return (int)points;
}

/* An id may hold blanks, so it ends where an answer with its points begins. */
static bool expect_split(char *text, struct case_expect *expect, char **behind)
{
	for (char *blank = strchr(text, ' '); blank; blank = strchr(blank + 1, ' ')) {
		for (size_t a = 0; a < sizeof ANSWERS / sizeof *ANSWERS; a++) {
			size_t len = strlen(ANSWERS[a]);

			if (strncmp(blank + 1, ANSWERS[a], len) != 0 || blank[1 + len] != ' ')
				continue;
			expect->points = points_read(blank + len + 2, behind);
			expect->answer = (enum case_answer)a;
			if (expect->points)
				*blank = '\0';
			if (expect->points)
				return true;
		}
	}
	return false;
}

static int word_expect(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	struct case_expect expect = {0};
	char *why;

	if (!expect_split(text, &expect, &why))
		return wrong(parse, _("an expectation is: ID change|keep|leave|refuse POINTS [trap] WHY, with 1 to 100 points."));
	if (strncmp(why, "trap ", 5) == 0) {
		expect.trap = true;
		why += 5;
	}
	if (!*why)
		return wrong(parse, _("say why this is right: the debrief shows it."));
	if (strlen(why) > TEXT_LIMIT || strlen(text) > TEXT_LIMIT)
		return wrong(parse, _("the text is too long."));
	if (case_expect_find(made, text))
		return wrong_word(parse, _("%s is expected twice."), text);
	if (strcmp(text, CASE_NEEDED) == 0 && expect.answer != CASE_CHANGE)
		return wrong(parse, _("for what is needed, only \"change\" can be expected."));
	if (!grow(parse, &made->expects, made->expect_count, sizeof expect, CASE_EXPECTS))
		return -(int)parse->err->trouble;
	expect.id = talloc_strdup(made, text);
	expect.why = talloc_strdup(made, why);
	made->expects[made->expect_count++] = expect;
	return expect.id && expect.why ? 0 : error_memory(parse->err);
}

/* ---- tip: ID | where to look | what is wrong | the answer ---- */

static char *trimmed(char *text)
{
	size_t len;

	text += strspn(text, " \t");
	for (len = strlen(text); len && strchr(" \t\r", text[len - 1]); len--)
		text[len - 1] = '\0';
	return text;
}

static int tip_parts(struct parse *parse, struct case_tip *tip, char *text)
{
	size_t count = 0;

	for (char *next = text; next; count++) {
		char *part = next;

		next = strchr(part, '|');
		if (next)
			*next++ = '\0';
		part = trimmed(part);
		if (!*part || count >= CASE_TIPS)
			return wrong(parse, _("a tip has one, two or three parts, none of them empty."));
		if (strlen(part) > TEXT_LIMIT)
			return wrong(parse, _("the text is too long."));
		tip->tips[count] = talloc_strdup(parse->made, part);
		if (!tip->tips[count])
			return error_memory(parse->err);
	}
	return 0;
}

static int word_tip(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	char *bar = strchr(text, '|');
	struct case_tip *tip;

	if (!bar)
		return wrong(parse, _("a tip is: ID | where to look | what is wrong | the answer."));
	tip = grow(parse, &made->tips, made->tip_count, sizeof *tip, CASE_TIP_ROWS);
	if (!tip)
		return -(int)parse->err->trouble;
	made->tip_count++;
	*bar = '\0';
	tip->id = talloc_strdup(made, trimmed(text));
	return tip->id ? tip_parts(parse, tip, bar + 1) : error_memory(parse->err);
}

/* ---- the question ---- */

static int word_ask(struct parse *parse, char *text)
{
	char *question = text;

	parse->made->ask_points = parse->made->ask ? parse->made->ask_points : points_read(text, &question);
	if (!parse->made->ask_points || !*question)
		return wrong(parse, _("a question is: POINTS TEXT, with 1 to 100 points."));
	return text_once(parse, &parse->made->ask, question, TEXT_LIMIT);
}

static int choice_add(struct parse *parse, const char *text, bool right)
{
	struct training_case *made = parse->made;
	struct case_choice *choice;

	if (strlen(text) > TEXT_LIMIT)
		return wrong(parse, _("the text is too long."));
	choice = grow(parse, &made->choices, made->choice_count, sizeof *choice, CASE_CHOICES);
	if (!choice)
		return -(int)parse->err->trouble;
	made->choice_count++;
	*choice = (struct case_choice){.right = right, .text = talloc_strdup(made, text)};
	return choice->text ? 0 : error_memory(parse->err);
}

static int word_right(struct parse *parse, char *text)
{
	for (size_t i = 0; i < parse->made->choice_count; i++)
		if (parse->made->choices[i].right)
			return wrong(parse, _("a question has one right answer."));
	return choice_add(parse, text, true);
}

static int word_wrong(struct parse *parse, char *text)
{
	return choice_add(parse, text, false);
}

/* ---- lines ---- */

static const struct word {
	const char *name;
	int (*read)(struct parse *, char *text);
} WORDS[] = {
	{"case", word_name},   {"title", word_title}, {"level", word_level}, {"story", word_story}, {"fault", word_fault},
	{"expect", word_expect}, {"ask", word_ask},   {"right", word_right}, {"wrong", word_wrong}, {"tip", word_tip},
	{"begins", word_begins},
};

static int row_read(struct parse *parse, char *row)
{
	char *colon = strchr(row, ':'), *text;

	/* A tab would stand differently on every screen. */
	for (char *tab = row; (tab = strchr(tab, '\t'));)
		*tab = ' ';
	if (!colon)
		return wrong(parse, _("a line is \"word: text\"; a line that continues the one before begins with a blank."));
	*colon = '\0';
	text = trimmed(colon + 1);
	for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
		if (strcmp(WORDS[i].name, row) == 0)
			return *text ? WORDS[i].read(parse, text) : wrong_word(parse, _("there is nothing after %s:"), row);
	return wrong_word(parse, _("the word \"%s\" is unknown."), row);
}

/* Control characters and what is no text could drive a terminal. */
static int line_check(struct parse *parse, const char *line, size_t len)
{
	char *copy, *shown;

	if (len > LINE_LIMIT)
		return wrong(parse, _("the line is too long."));
	copy = memchr(line, '\0', len) ? talloc_strdup(parse->tmp, "\x01") : talloc_strndup(parse->tmp, line, len);
	for (char *tab = copy; tab && (tab = strchr(tab, '\t'));)
		*tab = ' ';
	shown = copy ? text_shown(parse->tmp, copy) : NULL;
	if (!shown)
		return error_memory(parse->err);
	return strcmp(copy, shown) == 0 ? 0 : wrong(parse, _("it has characters that cannot be shown."));
}

/* The text has no end but its length, so strspn will not do. */
static size_t blanks_count(const char *line, size_t len)
{
	size_t count = 0;

	while (count < len && (line[count] == ' ' || line[count] == '\t'))
		count++;
	return count;
}

/* Rows may go on in lines that begin with a blank; the number told is that of the row's first line. */
static int rows_read(struct parse *parse, const char *text, size_t len)
{
	char *row = NULL;
	size_t line = 0;
	int ret = 0;

	for (size_t at = 0; ret == 0 && at < len;) {
		const char *begin = text + at, *end = memchr(begin, '\n', len - at);
		size_t size = end ? (size_t)(end - begin) : len - at;

		at += size + (end ? 1 : 0);
		size -= size && begin[size - 1] == '\r';
		line++;
		if (row && size && (*begin == ' ' || *begin == '\t')) {
			size_t blanks = blanks_count(begin, size);

			row = talloc_asprintf_append(row, " %.*s", (int)(size - blanks), begin + blanks);
			ret = row ? line_check(parse, begin, size) : error_memory(parse->err);
			if (ret == 0 && strlen(row) > (size_t)4 * LINE_LIMIT)
				ret = wrong(parse, _("the line is too long."));
			continue;
		}
		if (row)
			ret = row_read(parse, row);
		row = NULL;
		parse->line = ret == 0 ? line : parse->line;
		if (ret == 0)
			ret = line_check(parse, begin, size);
		if (ret == 0 && size && *begin != '#' && !(row = talloc_strndup(parse->tmp, begin, size)))
			ret = error_memory(parse->err);
	}
	return ret == 0 && row ? row_read(parse, row) : ret;
}

/* ---- the whole ---- */

bool case_has_trap(const struct training_case *training)
{
	for (size_t i = 0; i < training->expect_count; i++)
		if (training->expects[i].trap)
			return true;
	return training->ask != NULL;
}

const struct case_expect *case_expect_find(const struct training_case *training, const char *id)
{
	for (size_t i = 0; i < training->expect_count; i++)
		if (text_equal(training->expects[i].id, id))
			return &training->expects[i];
	return NULL;
}

static int whole_wrong(struct parse *parse, const char *sentence)
{
	return error_set(parse->err, TROUBLE_USAGE, _("The case is not complete: %s"), sentence);
}

/* Who says yes to everything falls into every trap and answers no question; who says nothing misses all that wants a decision. Neither may pass. */
static int traps_check(struct parse *parse)
{
	const struct training_case *made = parse->made;
	int yes = made->ask_points, nothing = made->ask_points;

	for (size_t i = 0; i < made->expect_count; i++) {
		const struct case_expect *expect = &made->expects[i];

		if (expect->trap && expect->answer != CASE_KEEP && expect->answer != CASE_LEAVE)
			return whole_wrong(parse, _("a trap is something to keep or leave; what must be changed cannot be a trap."));
		yes += expect->trap ? expect->points : 0;
		nothing += expect->answer == CASE_CHANGE || expect->answer == CASE_KEEP ? expect->points : 0;
	}
	if (!case_has_trap(made) || (yes >= CASE_TRAP_POINTS && nothing >= CASE_TRAP_POINTS))
		return 0;
	return error_set(parse->err, TROUBLE_USAGE,
			 _("The case is not complete: falling into its traps costs %d points and doing nothing %d; "
			   "each must cost at least %d, or a player who does so passes."), yes, nothing, CASE_TRAP_POINTS);
}

static int whole_check(struct parse *parse)
{
	const struct training_case *made = parse->made;
	size_t right = 0;

	if (!made->name || !made->title || !made->story || !made->level)
		return whole_wrong(parse, _("it needs case, title, level and story."));
	if (!made->expect_count && !made->ask)
		return whole_wrong(parse, _("it expects nothing and asks nothing."));
	for (size_t i = 0; i < made->choice_count; i++)
		right += made->choices[i].right;
	if (made->ask ? right != 1 || made->choice_count < 2 : made->choice_count != 0)
		return whole_wrong(parse, _("a question has one right answer and at least one wrong one, and there are no answers without a question."));
	return traps_check(parse);
}

int case_parse(TALLOC_CTX *mem, const char *text, size_t len, struct training_case **parsed, struct error *err)
{
	struct error own;
	struct parse parse = {.tmp = talloc_new(NULL), .err = err ? err : &own};
	int ret;

	parse.made = talloc_zero(mem, struct training_case);
	if (!parse.tmp || !parse.made)
		ret = error_memory(parse.err);
	else if (len > CASE_FILE_LIMIT)
		ret = whole_wrong(&parse, _("a case has at most 64 KB."));
	else
		ret = rows_read(&parse, text, len);
	if (ret == 0)
		ret = whole_check(&parse);
	if (ret == 0)
		*parsed = parse.made;
	else
		talloc_free(parse.made);
	talloc_free(parse.tmp);
	return ret;
}
