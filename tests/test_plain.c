/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk in lines: what a line means, what none means, and text from a hostile server. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/lab.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/plain/plain.h"
#include "ui/wizard/compose.h"

static const struct answer answers[] = { { "not-yet", "Not yet", 'n', true, NULL, 0 },
	{ "write", "Write 46 changes", 0, false, NULL, 0 } };
static const struct question writes = { .id = "carry.write",
	.kind = ASK_CHOICE,
	.title = "Write?",
	.writes = true,
	.answers = answers,
	.answer_count = 2 };
static const struct answer deciding[] = { { "change", "Change", 'y', false, NULL, 0 },
	{ "keep", "Keep", 'n', true, NULL, 0 } };
static const struct question decide = { .id = "registry.decide:a",
	.kind = ASK_CHOICE,
	.title = "Change it?",
	.answers = deciding,
	.answer_count = 2,
	.why = "Because.\n" };
static const struct question typed = { .id = "oldfolder.delete",
	.kind = ASK_TYPED,
	.title = "Name?",
	.expected = "MAIL1",
	.min_length = 1,
	.writes = true };
static const struct action actions[] = {
	{ .id = "write", .label = "Write", .key = 'c', .ask = &writes },
	{ .id = "later", .label = "Put off", .key = 'x' },
	{ .id = "delete", .label = "Delete", .ask = &typed },
	{ .id = "no", .label = "No", .refused = "Not now, because." }
};
static const struct column columns[] = { { "Do", 6, CUT_NEVER, false } };
static struct page page = { .id = "carry",
	.title = "Carry out",
	.server = "MAIL1",
	.badge = "REPAIR",
	.actions = actions,
	.action_count = 4,
	.help = "Help.\n",
	.why = "Why.\n" };

/* One page, with these lines typed; what was printed. */
static char *typed_in(TALLOC_CTX *mem, const struct page *shown, const char *lines,
	struct reply *reply)
{
	char *text = NULL, *copy;
	size_t len = 0;
	FILE *in = tmpfile(), *out = open_memstream(&text, &len);

	fputs(lines, in);
	rewind(in);
	assert_int_equal(plain_ops.page(plain_new(mem, in, out), shown, reply), 0);
	fclose(out);
	fclose(in);
	copy = talloc_strdup(mem, text);
	free(text);
	return copy;
}

static void an_action_is_pressed_by_number_letter_or_word(void **state)
{
	static const char *const lines[] = { "x\n", "2\n", "later\n", "put off\n" };
	struct reply reply;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		typed_in(*state, &page, lines[i], &reply);
		assert_true(reply.kind == REPLY_ACTION && strcmp(reply.id, "later") == 0);
	}
	assert_non_null(strstr(typed_in(*state, &page, "4\nq\n", &reply), "Not now, because."));
	assert_true(reply.kind == REPLY_LEAVE && !reply.final);
}

/* "Back (F3)", says a page: typed, that is what it is on a screen. */
static void keys_that_pages_name_are_words(void **state)
{
	static const struct {
		const char *line;
		enum reply_kind kind;
	} keys[] = { { "F3\n", REPLY_BACK }, { "f3\n", REPLY_BACK }, { "F5\n", REPLY_AGAIN },
		{ "F7\n", REPLY_UNDO }, { "F9\n", REPLY_JOURNAL } };
	struct reply reply;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		typed_in(*state, &page, keys[i].line, &reply);
		assert_int_equal(reply.kind, keys[i].kind);
	}
}

static void what_writes_wants_a_whole_word(void **state)
{
	static const char *const no[] = { "c\n", "c\ny\n", "c\nyes\n", "c\n\n\n", "c\n2\n",
		"c\nw\n", "c\nwrit\n", "c\nwrite" };
	struct reply reply;

	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		typed_in(*state, &page, no[i], &reply);
		assert_true(reply.kind == REPLY_LEAVE && reply.final);
	}
	typed_in(*state, &page, "c\nn\n", &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.answer, "not-yet") == 0);
	typed_in(*state, &page, "c\nwrite\n", &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.answer, "write") == 0);
}

/* What writes without a box is pressed by its whole word alone. */
static void a_button_that_writes_is_no_number(void **state)
{
	static const char *const no[] = { "1\n", "c\n", "\n", "writ\n", "line 1\n", "=\n", "y\n",
		"WRITE\n", "write" };
	static const struct action direct[] = {
		{ .id = "write", .label = "Write 12, leave 8 open", .key = 'c', .writes = true },
		{ .id = "back", .label = "Not yet", .kind = ACTION_BACK }
	};
	struct page own = page;
	struct reply reply;
	char *text;

	own.actions = direct;
	own.action_count = ARRAY_SIZE(direct);
	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		typed_in(*state, &own, no[i], &reply);
		assert_true(reply.kind == REPLY_LEAVE && reply.final);
	}
	text = typed_in(*state, &own, "1\nwrite\n", &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.id, "write") == 0);
	assert_non_null(strstr(text, "type the word write"));
	assert_non_null(strstr(text, "No number presses it."));
	typed_in(*state, &own, "2\n", &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.id, "back") == 0);
}

/* Whatever a screen draws is said in words. */
static void what_is_drawn_on_a_screen_is_said(void **state)
{
	static const struct drives drives = { .left = { .name = "C: default",
						      .lines = { { .text = "Exchange 5.5" },
							      { .text = "setup's Bin" } } },
		.right = { .name = "E: relocated", .lines = { { .text = "in use" } } },
		.arrows = { { .told = { .text = "9 values, wrong" } } },
		.arrow_count = 1 };
	static const struct points points = { 55, 100, 60 };
	static const struct more more = { "Step 3", "Q240208", "What it asks.\n" };
	static const struct row rows[] = { { .cells = { "3 Registry" },
		.lamp = "WRONG",
		.mark = MARK_DONE,
		.group = "What is left",
		.group_note = "8 rows" } };
	static const char *const said[] = { "REPAIR, ON DISKS.",
		"C: default: Exchange 5.5; setup's Bin", "E: relocated: in use",
		"To C: default: 9 values, wrong.", "55 of 100 points, 60 are needed.",
		"Result: NOT PASSED.", "2 right, 7 open.", "What is left: 8 rows",
		"WRONG: [done] 3 Registry", "Step 3 (Q240208)", "What it asks." };
	struct page own = page;
	struct reply reply;
	char *text;

	own.mode = "ON DISKS";
	own.drives = &drives;
	own.points = &points;
	own.verdict.text = "NOT PASSED";
	own.counts = "2 right, 7 open";
	own.more = &more;
	own.more_count = 1;
	own.columns = columns;
	own.column_count = 1;
	own.marks = true;
	own.rows = rows;
	own.row_count = 1;
	text = typed_in(*state, &own, "w\n", &reply);
	for (size_t i = 0; i < ARRAY_SIZE(said); i++)
		if (strstr(text, said[i]) == NULL)
			fail_msg("not said: %s\n%s", said[i], text);
}

/* Nothing but the title stands above what is grave. */
static void what_is_grave_comes_first(void **state)
{
	struct page own = page;
	struct reply reply;
	char *text;

	own.message = "Which one is in use is not clear.";
	own.message_bad = true;
	own.lead = "All is well.\n";
	text = typed_in(*state, &own, "", &reply);
	assert_true(strstr(text, "Attention: Which one") < strstr(text, "All is well."));
	assert_non_null(strstr(text, "Attention: Which one"));
	own.message_bad = false;
	text = typed_in(*state, &own, "", &reply);
	assert_true(strstr(text, "Which one") > strstr(text, "All is well."));
}

static void what_must_be_typed_must_be_typed_exactly(void **state)
{
	static const char *const no[] = { "3\nMAIL1 x\n", "3\nyes\n", "3\n\n", "3\n=\n" };
	struct reply reply;

	for (size_t i = 0; i < ARRAY_SIZE(no); i++) {
		typed_in(*state, &page, no[i], &reply);
		assert_int_equal(reply.kind, REPLY_LEAVE);
	}
	typed_in(*state, &page, "3\nMAIL1\n", &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.text, "MAIL1") == 0);
	/* Names are compared as Windows does. */
	typed_in(*state, &page, "3\nmail1\n", &reply);
	assert_int_equal(reply.kind, REPLY_ACTION);
}

static void silence_leaves_and_decides_nothing(void **state)
{
	char *lines = talloc_strdup(*state, "");
	struct reply reply;

	typed_in(*state, &page, "", &reply);
	assert_true(reply.kind == REPLY_LEAVE && reply.final);
	for (int i = 0; i < 100; i++)
		lines = talloc_strdup_append(lines, "\n");
	assert_non_null(strstr(typed_in(*state, &page, lines, &reply), "The program leaves;"));
	assert_true(reply.kind == REPLY_LEAVE && reply.final);
}

static struct page page_of(const struct row *rows, size_t count)
{
	struct page own = page;

	own.columns = columns;
	own.column_count = 1;
	own.rows = rows;
	own.row_count = count;
	return own;
}

static void rows_are_asked_one_by_one(void **state)
{
	struct row rows[] = {
		{ .id = "a", .cells = { "  ?" }, .decide = &decide, .selectable = true }
	};
	struct page own = page_of(rows, 1);
	struct reply reply;
	char *text;

	typed_in(*state, &own, "y\n", &reply);
	assert_true(reply.kind == REPLY_ANSWER && reply.id == decide.id &&
		strcmp(reply.answer, "change") == 0);
	typed_in(*state, &own, "KEEP\n", &reply);
	assert_true(reply.kind == REPLY_ANSWER && strcmp(reply.answer, "keep") == 0);
	text = typed_in(*state, &own, "w\n?\nd\na\nline 1\nline 7\nb\n", &reply);
	assert_non_null(strstr(text, "Line 1 of 1"));
	assert_non_null(strstr(text, "Because."));
	assert_non_null(strstr(text, "Help."));
	assert_int_equal(reply.kind, REPLY_BACK);
	typed_in(*state, &own, "step 3\n", &reply);
	assert_true(reply.kind == REPLY_STEP && reply.step == 3);
	typed_in(*state, &own, "step 7\n", &reply);
	assert_int_equal(reply.kind, REPLY_LEAVE);
}

/* "At every prompt ... line N": in the middle of another row, too; but a page's own question goes
 * before. */
static void a_row_can_be_named_at_every_prompt(void **state)
{
	static const struct question other = { .id = "registry.decide:b",
		.kind = ASK_CHOICE,
		.title = "Change b?",
		.answers = deciding,
		.answer_count = 2 };
	const struct row rows[] = {
		{ .id = "a", .cells = { "first" }, .decide = &decide, .selectable = true },
		{ .id = "b", .cells = { "second" }, .decide = &other, .selectable = true }
	};
	struct page own = page_of(rows, 2);
	struct reply reply;
	char *text;

	text = typed_in(*state, &own, "line 2\nline 3\nn\n", &reply);
	assert_true(reply.kind == REPLY_ANSWER && reply.id == other.id && reply.cursor == 1);
	assert_non_null(strstr(text, "There is no such line."));
	typed_in(*state, &own, "a\nline 2\nline 1\ny\n", &reply);
	assert_true(reply.kind == REPLY_ANSWER && reply.id == decide.id && reply.cursor == 0);
	own.question = &writes;
	text = typed_in(*state, &own, "line 2\nn\n", &reply);
	assert_true(reply.kind == REPLY_ANSWER && reply.id == writes.id);
	assert_non_null(strstr(text, "Do: second"));
}

static void an_endless_line_is_one_answer_at_most(void **state)
{
	char *line = talloc_array(*state, char, 100001);
	struct reply reply;

	memset(line, 'y', 100000);
	line[100000] = '\0';
	typed_in(*state, &page, talloc_asprintf(*state, "%s\nx\n", line), &reply);
	assert_true(reply.kind == REPLY_ACTION && strcmp(reply.id, "later") == 0);
}

static void control_characters_are_dropped(void **state)
{
	struct reply reply;

	typed_in(*state, &page, "\033[Ax\n", &reply); /* "[Ax" is none of the actions */
	assert_int_equal(reply.kind, REPLY_LEAVE);
	typed_in(*state, &page, "\bx \r\n", &reply);
	assert_int_equal(reply.kind, REPLY_ACTION);
}

/* ---- What is to be copied ---- */

/* A command stays on one line wherever a page has it; a long word stays whole in a sentence. */
static void what_is_to_be_copied_is_not_cut(void **state)
{
	static const char path[] = "/srv/images/of/the/server/that/was/taken/on/the/day/of/the/"
				   "upgrade/and/kept/for/this/C";
	struct page own = page;
	struct question question = typed;
	struct reply reply;
	char *command = talloc_asprintf(*state,
		"  ./setup run --disks C=%s,E=/mnt/e --runs /var/lib/msmcfix resume 19991122-093900",
		path);
	char *text = talloc_asprintf(*state, "Mount them in %s and run:\n%s\n", path, command);
	char *line = talloc_asprintf(*state, "\n%s\n", command), *printed;
	size_t places = 0, words = 0;

	own.lead = own.tail = own.message = question.text = text;
	own.question = &question;
	printed = typed_in(*state, &own, ".\nx\n", &reply);
	for (const char *at = printed; (at = strstr(at, line)) != NULL; at++)
		places++;
	for (const char *at = printed; (at = strstr(at, path)) != NULL; at++)
		words++;
	assert_int_equal(places, 4);
	assert_int_equal(words, 8);
}

/* ---- A hostile server ---- */

/* A right-to-left override and a command to the terminal in the name of a PC MTA. */
#define EVIL \
	"MTA \xe2\x80\xae" \
	"oP\x1b[2J x"

static void evil_page(struct walker *walker, const struct page *shown)
{
	struct screen *screen = screen_new(walker, 24, 80);
	struct view view = { 0 };

	compose_page(screen, shown, &view);
	for (size_t i = 0; i < screen->rows; i++) {
		assert_null(strchr(screen->lines[i], '\x1b'));
		assert_null(strstr(screen->lines[i], "\xe2\x80\xae"));
		walker->arg = strstr(screen->lines[i], "\\u202eoP\\x1b[2J") != NULL ? walker
										    : walker->arg;
	}
}

static void names_of_a_hostile_server_are_shown_escaped(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct lab *lab = lab_new(*state);
	const char *dir, *service = "SERVICES\\" EVIL,
			 *parameters = "SERVICES\\" EVIL "\\Parameters";

	lab_text(lab, service, "ImagePath", 2, LAB_DEFAULT "\\bin\\x25eicon.exe");
	lab_number(lab, service, "Type", 16);
	lab_number(lab, service, "Start", 2);
	lab_key(lab, parameters);
	dir = lab_build(lab);
	walker->options.disks = talloc_asprintf(walker, "C=%s/C,E=%s/E", dir, dir);
	walker->options.letters_confirmed = true;
	walker->seen = evil_page;
	walker_walk(walker, walker_keep); /* every page is checked by the walker too */
	assert_string_equal(walker->last, "carry");
	assert_non_null(walker->arg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(an_action_is_pressed_by_number_letter_or_word),
		SUPPORT_TEST(keys_that_pages_name_are_words),
		SUPPORT_TEST(what_writes_wants_a_whole_word),
		SUPPORT_TEST(a_button_that_writes_is_no_number),
		SUPPORT_TEST(what_is_drawn_on_a_screen_is_said),
		SUPPORT_TEST(what_is_grave_comes_first),
		SUPPORT_TEST(what_must_be_typed_must_be_typed_exactly),
		SUPPORT_TEST(silence_leaves_and_decides_nothing),
		SUPPORT_TEST(rows_are_asked_one_by_one),
		SUPPORT_TEST(a_row_can_be_named_at_every_prompt),
		SUPPORT_TEST(an_endless_line_is_one_answer_at_most),
		SUPPORT_TEST(control_characters_are_dropped),
		SUPPORT_TEST(what_is_to_be_copied_is_not_cut),
		SUPPORT_TEST(names_of_a_hostile_server_are_shown_escaped),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
