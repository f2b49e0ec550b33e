/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case from its text. A teacher's file is as hostile as any other: bounded, checked, and told by
 * line what is wrong with it. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/case.h"

enum { LINE_LIMIT = 4096, NAME_LIMIT = 40, TITLE_LIMIT = 70, TEXT_LIMIT = 3000 };

static const char *const ANSWERS[] = { [CASE_CHANGE] = "change",
	[CASE_KEEP] = "keep",
	[CASE_LEAVE] = "leave",
	[CASE_REFUSE] = "refuse" };

struct parse {
	struct training_case *made;
	TALLOC_CTX *tmp;
	size_t line; /* of the row being read, from 1 */
	struct error *err;
};

static int wrong(struct parse *parse, const char *sentence)
{
	return error_set(parse->err, TROUBLE_USAGE, _("Line %zu of the case: %s"), parse->line,
		sentence);
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

static int text_take(struct parse *parse, char **at, const char *text, size_t limit)
{
	if (strlen(text) > limit)
		return wrong(parse, _("the text is too long."));
	*at = talloc_strdup(parse->made, text);
	return *at ? 0 : error_memory(parse->err);
}

static int once(struct parse *parse, bool given)
{
	return given ? wrong(parse, _("this was given before; it may be given only once.")) : 0;
}

static int text_once(struct parse *parse, char **at, const char *text, size_t limit)
{
	int ret = once(parse, *at);

	return ret ? ret : text_take(parse, at, text, limit);
}

static int full(struct parse *parse, size_t count, size_t limit)
{
	return count < limit ? 0 : wrong(parse, _("there are too many lines of this kind."));
}

bool case_name_ok(const char *name)
{
	const size_t len = strlen(name);

	return len > 0 && len <= NAME_LIMIT && *name != '-' &&
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static int word_name(struct parse *parse, char *text)
{
	if (!case_name_ok(text))
		return wrong(parse,
			_("a name has at most 40 characters: small letters, digits and hyphens."));
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
	if (once(parse, parse->made->level))
		return -TROUBLE_USAGE;
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

static int word_fault(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	const struct fault *fault = fault_find(text);

	if (!fault)
		return wrong_word(parse,
			_("there is no fault \"%s\"; doc/cases.md lists them all."), text);
	for (size_t i = 0; i < made->fault_count; i++)
		if (made->faults[i] == fault)
			return wrong_word(parse, _("the fault %s is named twice."), text);
	if (full(parse, made->fault_count, CASE_FAULTS))
		return -TROUBLE_USAGE;
	made->faults[made->fault_count++] = fault;
	return 0;
}

/* ---- expect: ID ANSWER POINTS [trap] WHY ---- */

/* A number from 1 to 100 at text; 0 if it is none. *behind points to what follows it and one
 * blank. */
static int points_read(char *text, char **behind)
{
	char *end;
	long points = *text >= '0' && *text <= '9' ? strtol(text, &end, 10) : 0;

	if (points < 1 || points > 100 || (*end != ' ' && *end != '\0'))
		return 0;
	*behind = *end ? end + 1 : end;
	return (int)points;
}

/* "failed|not-seen"; 0 if it is none of the words of step 5. */
static unsigned grades_read(TALLOC_CTX *mem, const char *word, size_t len)
{
	char *rest = talloc_strndup(mem, word, len), *one;
	unsigned grades = 0;

	while (rest && (one = strsep(&rest, "|"))) {
		unsigned grade = 0;

		while (grade <= MAIL_VERIFIED &&
			!text_equal(mail_grade_name((enum mail_grade)grade), one))
			grade++;
		if (grade > MAIL_VERIFIED)
			return 0;
		grades |= 1u << grade;
	}
	return grades;
}

static bool mail_split(struct parse *parse, char *text, struct case_expect *expect, char **behind)
{
	for (char *blank = strchr(text, ' '); blank; blank = strchr(blank + 1, ' ')) {
		const size_t len = strcspn(blank + 1, " ");

		expect->answer = CASE_MAIL;
		expect->grades = grades_read(parse->tmp, blank + 1, len);
		expect->points =
			expect->grades && blank[1 + len] ? points_read(blank + len + 2, behind) : 0;
		if (!expect->points)
			continue;
		*blank = '\0';
		return case_mail(parse->tmp, text) != NULL;
	}
	return false;
}

/* An id may hold blanks, so it ends where an answer with its points begins. */
static bool expect_split(char *text, struct case_expect *expect, char **behind)
{
	for (char *blank = strchr(text, ' '); blank; blank = strchr(blank + 1, ' '))
		for (size_t a = 0; a < ARRAY_SIZE(ANSWERS); a++) {
			const size_t len = strlen(ANSWERS[a]);

			if (strncmp(blank + 1, ANSWERS[a], len) != 0 || blank[1 + len] != ' ')
				continue;
			expect->answer = (enum case_answer)a;
			expect->points = points_read(blank + len + 2, behind);
			if (expect->points) {
				*blank = '\0';
				return true;
			}
		}
	return false;
}

static int word_expect(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	struct case_expect expect = { 0 };
	char *why;
	int ret;

	if (strncmp(text, "mail/", 5) == 0) {
		if (!mail_split(parse, text, &expect, &why))
			return wrong(parse,
				_("an expectation of step 5 is: mail/PCMTA/to-msmail or to-exchange, its words joined by |, POINTS, WHY; "
				  "for example mail/{lan}/to-msmail failed|not-seen 20 WHY."));
	} else if (!expect_split(text, &expect, &why))
		return wrong(parse,
			_("an expectation is: ID change|keep|leave|refuse POINTS [trap] WHY, with 1 to 100 points."));
	if (strncmp(why, "trap ", 5) == 0) {
		expect.trap = true;
		why += 5;
	}
	if (!*why)
		return wrong(parse, _("say why this is right: the debrief shows it."));
	if (case_expect_find(made, text))
		return wrong_word(parse, _("%s is expected twice."), text);
	if (strcmp(text, CASE_NEEDED) == 0 && expect.answer != CASE_CHANGE)
		return wrong(parse, _("for what is needed, only \"change\" can be expected."));
	ret = full(parse, made->expect_count, CASE_EXPECTS);
	if (ret == 0)
		ret = text_take(parse, &expect.id, text, TEXT_LIMIT);
	if (ret == 0)
		ret = text_take(parse, &expect.why, why, TEXT_LIMIT);
	if (ret == 0)
		made->expects[made->expect_count++] = expect;
	return ret;
}

/* ---- tip: ID | where to look | what is wrong | the answer ---- */

static int word_tip(struct parse *parse, char *text)
{
	struct training_case *made = parse->made;
	struct case_tip tip = { 0 };
	char *id = strsep(&text, "|"), *part;
	int ret;

	if (!text)
		return wrong(parse,
			_("a tip is: ID | where to look | what is wrong | the answer."));
	ret = full(parse, made->tip_count, CASE_TIP_ROWS);
	if (ret == 0)
		ret = text_take(parse, &tip.id, text_trim(id), TEXT_LIMIT);
	for (size_t count = 0; ret == 0 && (part = strsep(&text, "|")); count++) {
		part = text_trim(part);
		if (!*part || count == CASE_TIPS)
			return wrong(parse,
				_("a tip has one, two or three parts, none of them empty."));
		ret = text_take(parse, &tip.tips[count], part, TEXT_LIMIT);
	}
	if (ret == 0)
		made->tips[made->tip_count++] = tip;
	return ret;
}

/* ---- the question ---- */

static int word_ask(struct parse *parse, char *text)
{
	char *question = text;

	parse->made->ask_points =
		parse->made->ask ? parse->made->ask_points : points_read(text, &question);
	if (!parse->made->ask_points || !*question)
		return wrong(parse, _("a question is: POINTS TEXT, with 1 to 100 points."));
	return text_once(parse, &parse->made->ask, question, TEXT_LIMIT);
}

static int choice_add(struct parse *parse, const char *text, bool right)
{
	struct training_case *made = parse->made;
	struct case_choice choice = { .right = right };
	int ret = full(parse, made->choice_count, CASE_CHOICES);

	if (ret == 0)
		ret = text_take(parse, &choice.text, text, TEXT_LIMIT);
	if (ret == 0)
		made->choices[made->choice_count++] = choice;
	return ret;
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
	{ "case", word_name },
	{ "title", word_title },
	{ "level", word_level },
	{ "story", word_story },
	{ "fault", word_fault },
	{ "expect", word_expect },
	{ "ask", word_ask },
	{ "right", word_right },
	{ "wrong", word_wrong },
	{ "tip", word_tip },
	{ "begins", word_begins },
};

static int row_read(struct parse *parse, char *row)
{
	char *colon = strchr(row, ':'), *text;

	if (!colon)
		return wrong(parse,
			_("a line is \"word: text\"; a line that continues the one before begins with a blank."));
	*colon = '\0';
	text = text_trim(colon + 1);
	for (size_t i = 0; i < ARRAY_SIZE(WORDS); i++)
		if (strcmp(WORDS[i].name, row) == 0)
			return *text ? WORDS[i].read(parse, text)
				     : wrong_word(parse, _("there is nothing after %s:"), row);
	return wrong_word(parse, _("the word \"%s\" is unknown."), row);
}

/* Control characters and what is no text could drive a terminal. */
static int line_check(struct parse *parse, const char *line)
{
	char *shown;

	if (strlen(line) > LINE_LIMIT)
		return wrong(parse, _("the line is too long."));
	shown = text_shown(parse->tmp, line);
	if (!shown)
		return error_memory(parse->err);
	return strcmp(line, shown) == 0
		? 0
		: wrong(parse,
			  _("it has characters that cannot be shown. A case is text in UTF-8."));
}

/* The text as one string: a tab, which would stand differently on every screen, is a blank; a NUL
 * is no better than any other control character. */
static char *text_plain(struct parse *parse, const char *text, size_t len)
{
	char *plain = talloc_zero_size(parse->tmp, len + 1);

	for (size_t i = 0; plain && i < len; i++)
		plain[i] = text[i] == '\t' ? ' ' : text[i] == '\0' ? '\x01' : text[i];
	return plain;
}

/* Rows may continue in lines that begin with a blank; the number told is that of the row's first
 * line. */
static int rows_read(struct parse *parse, char *rest)
{
	char *row = NULL, *line;
	int ret = 0;

	for (size_t number = 1; ret == 0 && (line = strsep(&rest, "\n")); number++) {
		const size_t len = strlen(line);

		if (len && line[len - 1] == '\r')
			line[len - 1] = '\0';
		if (row && *line == ' ') {
			ret = line_check(parse, line);
			row = talloc_asprintf_append(row, " %s", line + strspn(line, " "));
			if (!row)
				return error_memory(parse->err);
			if (strlen(row) > (size_t)4 * LINE_LIMIT)
				return wrong(parse, _("the line is too long."));
			continue;
		}
		if (row)
			ret = row_read(parse, row);
		row = NULL;
		if (ret != 0)
			return ret;
		parse->line = number;
		ret = line_check(parse, line);
		if (*line && *line != '#' && !(row = talloc_strdup(parse->tmp, line)))
			return error_memory(parse->err);
	}
	return ret == 0 && row ? row_read(parse, row) : ret;
}

/* ---- the whole ---- */

static int whole_wrong(struct parse *parse, const char *sentence)
{
	return error_set(parse->err, TROUBLE_USAGE, _("The case is not complete: %s"), sentence);
}

/* Who says yes to everything falls into every trap and answers no question; who says nothing misses
 * all that wants a decision. Neither may pass. */
static int traps_check(struct parse *parse)
{
	const struct training_case *made = parse->made;
	int yes = made->ask_points, nothing = made->ask_points;

	for (size_t i = 0; i < made->expect_count; i++) {
		const struct case_expect *expect = &made->expects[i];

		if (expect->trap && expect->answer != CASE_KEEP && expect->answer != CASE_LEAVE)
			return whole_wrong(parse,
				_("a trap is something to keep or leave; what must be changed cannot be a trap."));
		yes += expect->trap ? expect->points : 0;
		nothing += expect->answer == CASE_CHANGE || expect->answer == CASE_KEEP ||
				(expect->answer == CASE_MAIL &&
					!(expect->grades & 1u << MAIL_NOT_TESTED))
			? expect->points
			: 0;
	}
	if (!case_has_trap(made) || (yes >= CASE_TRAP_POINTS && nothing >= CASE_TRAP_POINTS))
		return 0;
	return error_set(parse->err, TROUBLE_USAGE,
		_("The case is not complete: falling into its traps costs %d points and doing nothing %d; "
		  "each must cost at least %d, or a player who does so passes."),
		yes, nothing, CASE_TRAP_POINTS);
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
		return whole_wrong(parse,
			_("a question has one right answer and at least one wrong one, and there are no answers without a question."));
	return traps_check(parse);
}

#define MARK "\xef\xbb\xbf"

int case_parse(TALLOC_CTX *mem, const char *text, size_t len, struct training_case **parsed,
	struct error *err)
{
	struct parse parse = { .made = talloc_zero(mem, struct training_case), .err = err };
	char *plain;
	int ret;

	if (!parse.made)
		return error_memory(err);
	/* Editors of Windows begin UTF-8 with a mark. */
	if (len >= strlen(MARK) && memcmp(text, MARK, strlen(MARK)) == 0) {
		text += strlen(MARK);
		len -= strlen(MARK);
	}
	parse.tmp = talloc_new(parse.made);
	plain = len <= CASE_FILE_LIMIT ? text_plain(&parse, text, len) : NULL;
	if (len > CASE_FILE_LIMIT)
		ret = whole_wrong(&parse, _("a case has at most 64 KB."));
	else
		ret = plain ? rows_read(&parse, plain) : error_memory(err);
	if (ret == 0)
		ret = whole_check(&parse);
	talloc_free(parse.tmp);
	if (ret == 0)
		*parsed = parse.made;
	else
		talloc_free(parse.made);
	return ret;
}
