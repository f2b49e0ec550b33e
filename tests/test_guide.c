/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: whole repairs by a front end without a screen, and the same ids whichever way it is
 * drawn. */
#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/plain/plain.h"
#include "ui/signals.h"
#include "ui/wizard/wizard.h"

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

/* ---- Whole repairs ---- */

static void the_right_answers_lead_to_the_report(void **state)
{
	struct walker *walker = walker_new(*state, false);
	int code = walker_walk(walker, walker_right);

	/* The case has 2 PC MTAs, 11 values of which 2 are right, one newer file, one list of stale
	 * ones, one share. */
	assert_string_equal(walker->last, "report");
	assert_int_equal(count(walker->trace, "registry registry.decide:"), 9);
	assert_int_equal(count(walker->trace, "copy copy.list=change"), 1);
	assert_int_equal(count(walker->trace, "copy copy.decide:"), 1);
	assert_int_equal(count(walker->trace, "share share.decide:"), 1);
	assert_int_equal(count(walker->trace, "mail mail.attest:"), 4);
	assert_int_equal(count(walker->trace, "carry write=write"), 1);
	assert_int_equal(code, 1); /* mail is attested only */
}

/* Leaves for good as soon as a page of that id comes. */
static void leave_at(struct walker *walker, const struct page *page, struct reply *reply)
{
	const char *wanted = walker->arg;

	if (page->question != NULL && strcmp(page->question->id, "leave") == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->question->id,
			.answer = "leave" };
	else if (strcmp(page->id, wanted) != 0)
		walker_right(walker, page, reply);
}

static void test_a_right_server_can_be_left_at_once(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker_walk(walker, walker_right);
	walker->trace = talloc_strdup(walker, "");
	walker->arg = "diagnosis";
	assert_int_equal(walker_walk(walker, leave_at), 0);
	assert_string_equal(walker->trace, "diagnosis leave\n");
}

/* Lines of after that stand not in before, but for the copy that step 1 makes beside the Bin, and
 * its folder's time. */
static size_t changed_lines(TALLOC_CTX *mem, const char *before, const char *after)
{
	size_t changed = 0;
	char *save, *copy = talloc_strdup(mem, after);

	for (char *line = strtok_r(copy, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save)) {
		char *whole = talloc_asprintf(mem, "%s\n", line);

		if (strstr(before, whole) == NULL && strstr(line, "q240208") == NULL &&
			strncmp(line, "d ./E/exchsrvr/connect/msmcon ", 30) != 0) {
			print_message("changed: %s\n", line);
			changed++;
		}
	}
	return changed;
}

static void test_a_right_server_is_walked_to_steps_5_and_6(void **state)
{
	struct walker *walker = walker_new(*state, false);
	char *before;

	walker_walk(walker, walker_right);
	before = walker_tree(walker, walker->dir);
	walker->trace = talloc_strdup(walker, "");
	assert_int_equal(walker_walk(walker, walker_right), 1);
	assert_string_equal(walker->last, "report");
	assert_int_equal(count(walker->trace, "registry.decide") +
			count(walker->trace, "carry write"),
		0);
	assert_int_equal(count(walker->trace, "mail mail.attest:"), 4);
	assert_int_equal(count(walker->trace, "oldfolder leave"), 1);
	assert_int_equal(changed_lines(walker, before, walker_tree(walker, walker->dir)), 0);
}

static void who_keeps_everything_changes_nothing(void **state)
{
	struct walker *walker = walker_new(*state, false);
	char *before = walker_tree(walker, walker->dir);

	assert_int_equal(walker_walk(walker, walker_keep), 3);
	assert_string_equal(walker->last, "carry");
	assert_int_equal(changed_lines(walker, before, walker_tree(walker, walker->dir)), 0);
}

/* Everything kept by decision, and on. */
static void keep_and_on(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "carry") == 0)
		walker_press(reply, "continue");
	else if (strcmp(page->id, "report") == 0)
		walker_press(reply, "quit");
	else
		walker_keep(walker, page, reply);
}

static void test_who_keeps_everything_is_led_to_steps_5_and_6(void **state)
{
	struct walker *walker = walker_new(*state, false);
	char *before = walker_tree(walker, walker->dir);

	walker_walk(walker, keep_and_on);
	assert_string_equal(walker->last, "report");
	assert_int_equal(count(walker->trace, "mail continue"), 1);
	assert_int_equal(changed_lines(walker, before, walker_tree(walker, walker->dir)), 0);
}

/* Decides nothing, and presses on. */
static void pass_by(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const char deciding[] = "copy registry share";

	if (strstr(deciding, page->id) != NULL)
		walker_press(reply, "continue");
	else
		leave_at(walker, page, reply);
	if (strcmp(page->id, "carry") == 0)
		assert_non_null(page->actions[0].refused);
}

static void test_who_decides_nothing_is_not_led_on(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker->arg = "carry";
	assert_int_equal(walker_walk(walker, pass_by), 3);
	assert_string_equal(walker->last, "carry");
}

/* A front end that presses everything and answers nothing. */
static void press_all(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t *at = walker->arg;

	if (walker->pages < 60)
		walker_press(reply, page->actions[(*at)++ % page->action_count].id);
}

static void press_but_quit(struct walker *walker, const struct page *page, struct reply *reply)
{
	press_all(walker, page, reply);
	if (reply->kind == REPLY_ACTION &&
		(strcmp(reply->id, "quit") == 0 || strcmp(reply->id, "practice") == 0))
		walker_press(reply, page->actions[0].id);
}

static void who_answers_nothing_changes_nothing(void **state)
{
	struct walker *walker = walker_new(*state, false);
	char *before = walker_tree(walker, walker->dir);
	size_t at = 0;

	walker->arg = &at;
	walker_walk(walker, press_but_quit);
	assert_int_equal(walker->pages, 60);
	assert_string_equal(before, walker_tree(walker, walker->dir));
	assert_int_equal(count(walker->trace, "diagnosis"), 60);
}

/* From every page one back, then on again; what was decided stays. */
static void back_and_forth(struct walker *walker, const struct page *page, struct reply *reply)
{
	char *been = walker->arg;

	if (strstr(been, page->id) == NULL && page->question == NULL &&
		strcmp(page->id, "report") != 0) {
		walker->arg = talloc_asprintf_append(been, "%s ", page->id);
		reply->kind = REPLY_BACK;
		/* The same by the action, where the page has one. */
		for (size_t i = 0; i < page->action_count; i++)
			if (strcmp(page->actions[i].id, "back") == 0)
				walker_press(reply, "back");
		return;
	}
	walker_right(walker, page, reply);
}

static void going_back_decides_nothing_twice(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker->arg = talloc_strdup(walker, "");
	assert_int_equal(walker_walk(walker, back_and_forth), 1);
	assert_string_equal(walker->last, "report");
	assert_non_null(strstr(walker->trace, "carry back\nshare continue\ncarry write=write\n"));
	assert_int_equal(count(walker->trace, "share share.decide:"), 1);
	assert_int_equal(count(walker->trace, "carry write=write"), 1);
}

/* Steps by number, undo, journal and "look again" from every page, before the walk goes on. */
static void everywhere(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const enum reply_kind kinds[] = { REPLY_AGAIN, REPLY_JOURNAL, REPLY_UNDO,
		REPLY_STEP };
	size_t *turn = walker->arg;

	if (page->question == NULL && strcmp(page->id, "undo") != 0 && *turn % 5 < 4) {
		reply->kind = kinds[*turn % 5];
		reply->step = 6;
	} else if (strcmp(page->id, "undo") == 0) {
		walker_press(reply, "keep");
	} else if (strcmp(page->id, "oldfolder") == 0 && page->row_count == 0) {
		reply->kind = REPLY_BACK;
	} else {
		walker_right(walker, page, reply);
	}
	(*turn)++;
}

static void every_page_can_be_left_for_another_and_come_back_to(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t turn = 0;

	walker->arg = &turn;
	walker_walk(walker, everywhere);
	assert_string_equal(walker->last, "report");
	assert_int_equal(count(walker->trace, "carry write=write"), 1);
}

static void the_walk_can_be_left_on_every_page(void **state)
{
	static const struct {
		const char *page;
		int code;
		bool asked;
	} cases[] = { { "diagnosis", 2, false }, { "ready", 2, false }, { "copy", 3, true },
		{ "carry", 3, true }, { "mail", 3, true } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct walker *walker = walker_new(*state, false);

		walker->arg = (void *)cases[i].page;
		assert_int_equal(walker_walk(walker, leave_at), cases[i].code);
		assert_int_equal(count(walker->trace, " leave=leave"), cases[i].asked);
		talloc_free(walker);
	}
}

/* ---- The same ids in lines and on a screen ---- */

struct recorder {
	struct walker *walker;
	const struct ui_ops *ops;
	void *ui;
};

static int recorded_page(void *ui, const struct page *page, struct reply *reply)
{
	struct recorder *recorder = ui;
	int ret = recorder->ops->page(recorder->ui, page, reply);

	if (ret == 0)
		walker_note(recorder->walker, page, reply);
	return ret;
}

static int recorded_work(void *ui, const struct page *page, const struct job *job)
{
	struct recorder *recorder = ui;

	return recorder->ops->work(recorder->ui, page, job);
}

static int recorded_read(void *ui, const struct page *page, const struct page_text *text)
{
	struct recorder *recorder = ui;

	return recorder->ops->read(recorder->ui, page, text);
}

static const struct ui_ops recorder_ops = { recorded_page, recorded_work, recorded_read };

static int recorded_walk(struct walker *walker, const struct ui_ops *ops, void *ui)
{
	struct recorder recorder = { walker, ops, ui };
	struct guide *guide = NULL;
	struct error err = { 0 };

	if (guide_new(walker, &walker->options, NULL, &guide, &err) != 0)
		return -1;
	return guide_run(guide, &recorder_ops, &recorder);
}

/* Two traces line by line: cmocka shows only the beginning of long texts. */
static void same_trace(const char *is, const char *expected)
{
	while (*is != '\0' || *expected != '\0') {
		size_t len = strcspn(is, "\n"), wanted = strcspn(expected, "\n");

		if (len != wanted || memcmp(is, expected, len) != 0)
			fail_msg("asked \"%.*s\", expected \"%.*s\"", (int)len, is, (int)wanted,
				expected);
		is += len + (is[len] == '\n');
		expected += wanted + (expected[wanted] == '\n');
	}
}

/* ---- A lesson: the case two-paths with seed 3, one proposal wrong at first ---- */

#define MSMI_TEXT \
	"E:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll"
#define LAN_TEXT "%SystemRoot%\\System32\\netmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll"

static struct walker *lesson_walker(TALLOC_CTX *mem)
{
	struct walker *walker = walker_new(mem, false);

	walker->options = (struct options){ .train = true,
		.train_case = "two-paths",
		.seed = 3,
		.has_seed = true,
		.seat = "jsmith",
		.runs = walker->runs };
	return walker;
}

static void lesson_right(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const char *const texts[] = { "E:\\wrong", MSMI_TEXT, LAN_TEXT };
	size_t *proposed = walker->arg;

	if (page->question != NULL && strncmp(page->question->id, "registry.propose:", 17) == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->question->id,
			.text = texts[(*proposed)++ % 3] };
	else if (strcmp(page->id, "registry") == 0 && *proposed == 1 &&
		strstr(walker->trace, "registry tip") == NULL)
		walker_press(reply, "tip");
	else if (strcmp(page->id, "mail") == 0 && page->question == NULL)
		walker_press(reply, "continue");
	else if (strcmp(page->id, "report") == 0 || strcmp(page->id, "debrief") == 0)
		walker_press(reply, *page->id == 'r' ? "end" : "quit");
	else
		walker_right(walker, page, reply);
	if (reply->kind == REPLY_ACTION && strcmp(reply->id, "tip") == 0)
		reply->cursor = page->cursor;
}

static char *lesson_trace(TALLOC_CTX *mem)
{
	struct walker *walker = lesson_walker(mem);
	size_t proposed = 0;

	walker->arg = &proposed;
	assert_int_equal(walker_walk(walker, lesson_right), 0);
	return walker->trace;
}

/* What a person types for the right way in lines. Actions by letter, answers by letter or by whole
 * word. */
static char *plain_script(TALLOC_CTX *mem)
{
	char *script = talloc_strdup(mem, "s\njsmith\nc\nc\nc\nwrite\nn\ny\nc\n");

	for (int i = 0; i < 9; i++)
		script = talloc_strdup_append(script, "y\n");
	script = talloc_strdup_append(script, "c\ny\nc\nc\nwrite\n");
	for (int i = 0; i < 4; i++)
		script = talloc_strdup_append(script,
			"y\njsmith\njdoe\nsubject and sender, 10:31\n");
	return talloc_strdup_append(script, "c\nc\nx\n");
}

static char *plain_trace(struct walker *walker, const char *script, int code)
{
	char *input = talloc_asprintf(walker, "%s/input", walker->dir);
	struct plain *plain;

	support_write_text(input, script);
	plain = plain_new(walker, fopen(input, "r"), fopen("/dev/null", "w"));
	assert_int_equal(recorded_walk(walker, &plain_ops, plain), code);
	return walker->trace;
}

static void lines_ask_for_every_id(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker_walk(walker, walker_right);
	same_trace(plain_trace(walker_new(*state, false), plain_script(*state), 1), walker->trace);
}

static void lines_ask_for_every_id_of_a_lesson(void **state)
{
	static const char script[] = "c\ns\n=\nc\nc\nc\nwrite\nn\nc\ny\nE:\\wrong\nt\ny\n" MSMI_TEXT
				     "\ny\n" LAN_TEXT "\nc\nc\nc\nwrite\na\nc\nc\nx\nx\n";

	same_trace(plain_trace(lesson_walker(*state), script, 0), lesson_trace(*state));
}

/* Keys of the right way on the screen, and whether they lead to a page: boxes open and fields fill
 * without one. */
struct press {
	const char *keys;
	bool page;
};
#define VALUE \
	{ \
		"y", true \
	}
#define ATTEST \
	{ "y", true }, { "\t", false }, { "jdoe", false }, { "\t", false }, \
		{ "subject and sender, 10:31", false }, \
	{ \
		"\r", true \
	}
static const struct press presses[] = {
	{ "\r", false }, { "\r", true },                  /* Start, the name that is proposed */
	{ "\r", true }, { "\r", true },                   /* the PC MTAs, all is closed */
	{ "\r", false }, { "\t", false }, { "\r", true }, /* "Back up now", twice */
	{ "n", true }, { "y", true }, { "\r", true },     /* the newer file, the list */
	VALUE, VALUE, VALUE, VALUE, VALUE, VALUE, VALUE, VALUE, VALUE, { "\r", true },
	{ "y", true }, { "\r", true },                    /* the share */
	{ "\r", false }, { "\t", false }, { "\r", true }, /* "Write" */
	/* Mail: the form is asked on a page of its own. */
	ATTEST, ATTEST, ATTEST, ATTEST, { "\r", true }, { "\r", true },
	{ "x", false }, /* step 6, leave it, out of the report */
};

/* The same of a lesson. In a field ^U empties what is proposed. */
static const struct press lesson_presses[] = {
	{ "\r", true },                                   /* its server */
	{ "\r", false }, { "\r", true },                  /* Start, the name that is proposed */
	{ "\r", true }, { "\r", true },                   /* the PC MTAs, all is closed */
	{ "\r", false }, { "\t", false }, { "\r", true }, /* "Back up now", twice */
	{ "n", true }, { "\r", true },                    /* the newer file */
	{ "y", true }, { "\25", false }, { "E:\\wrong", false }, { "\r", true }, { "t", true },
	{ "y", true }, { "\25", false }, { MSMI_TEXT, false }, { "\r", true }, { "y", true },
	{ "\25", false }, { LAN_TEXT, false }, { "\r", true }, { "\r", true },
	{ "\r", true },                                   /* the share is right */
	{ "\r", false }, { "\t", false }, { "\r", true }, /* "Write" */
	{ "\r", true }, { "\r", true }, /* no mail was looked at; step 6, leave it */
	{ "\r", true }, { "x", false }, /* the end of the lesson, out of the debrief */
};

/* Tells the parent of every page. */
static int told_page(void *ui, const struct page *page, struct reply *reply)
{
	struct recorder *recorder = ui;
	int fd = *(int *)recorder->walker->arg;

	return write(fd, "p", 1) == 1 ? recorded_page(ui, page, reply) : -1;
}

static const struct ui_ops told_ops = { told_page, recorded_work, recorded_read };

static void wizard_child(struct walker *walker, const char *out, int fd)
{
	struct recorder recorder = { .walker = walker, .ops = &wizard_ops };
	struct wizard *wizard = NULL;
	struct guide *guide = NULL;
	struct error err;

	setlocale(LC_ALL, "C.UTF-8");
	setenv("TERM", "vt100", 1);
	walker->options.operator_name = "jsmith";
	walker->arg = &fd;
	signals_catch();
	if (wizard_new(walker, &wizard, &err) != 0 ||
		guide_new(walker, &walker->options, NULL, &guide, &err) != 0)
		_exit(99);
	recorder.ui = wizard;
	guide_run(guide, &told_ops, &recorder);
	support_write_text(out, walker->trace);
	talloc_free(wizard);
	_exit(0);
}

static void wait_page(struct pty *pty, int fd)
{
	char byte;

	for (double begun = pty_now(); pty_now() - begun < 60 && !pty->ended;) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		pty_still(pty, 0.02, 0.02);
		if (poll(&wait, 1, 0) == 1 && read(fd, &byte, 1) == 1) {
			pty_still(pty, 0.1, 5);
			return;
		}
	}
	fail_msg("no page came within a minute");
}

/* Types all of it; the number of keys beside the text in fields. */
static size_t press_all_keys(struct pty *pty, int fd, const struct press *all, size_t number)
{
	size_t keys = 0;

	wait_page(pty, fd);
	for (size_t i = 0; i < number; i++) {
		pty_keys(pty, all[i].keys);
		if (all[i].page)
			wait_page(pty, fd);
		else
			pty_still(pty, 0.2, 5);
		keys += strlen(all[i].keys) == 1;
	}
	return keys;
}

/* The trace of a walk with these keys. */
static char *wizard_trace(struct walker *walker, const struct press *all, size_t number)
{
	char *out = talloc_asprintf(walker, "%s/trace", walker->dir);
	struct pty pty;
	size_t len;
	int tell[2];
	pid_t child;

	assert_int_equal(pipe(tell), 0);
	child = pty_fork(&pty, 24, 80);
	if (child < 0)
		support_skip("there are no pseudo terminals here");
	if (child == 0)
		wizard_child(walker, out, tell[1]);
	print_message("keys beside what is typed: %zu\n",
		press_all_keys(&pty, tell[0], all, number));
	assert_int_equal(pty_end(&pty, 20), 0);
	close(tell[0]);
	close(tell[1]);
	return (char *)support_read(walker, out, &len);
}

static void the_wizard_asks_for_every_id(void **state)
{
	struct walker *right = walker_new(*state, false);
	char *trace = wizard_trace(walker_new(*state, false), presses, ARRAY_SIZE(presses));

	walker_walk(right, walker_right);
	same_trace(trace, right->trace);
}

static void the_wizard_asks_for_every_id_of_a_lesson(void **state)
{
	same_trace(wizard_trace(lesson_walker(*state), lesson_presses, ARRAY_SIZE(lesson_presses)),
		lesson_trace(*state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_right_answers_lead_to_the_report),
		SUPPORT_TEST(test_a_right_server_can_be_left_at_once),
		SUPPORT_TEST(test_a_right_server_is_walked_to_steps_5_and_6),
		SUPPORT_TEST(who_keeps_everything_changes_nothing),
		SUPPORT_TEST(test_who_keeps_everything_is_led_to_steps_5_and_6),
		SUPPORT_TEST(test_who_decides_nothing_is_not_led_on),
		SUPPORT_TEST(who_answers_nothing_changes_nothing),
		SUPPORT_TEST(going_back_decides_nothing_twice),
		SUPPORT_TEST(every_page_can_be_left_for_another_and_come_back_to),
		SUPPORT_TEST(the_walk_can_be_left_on_every_page),
		SUPPORT_TEST(lines_ask_for_every_id),
		SUPPORT_TEST(lines_ask_for_every_id_of_a_lesson),
		SUPPORT_TEST(the_wizard_asks_for_every_id),
		SUPPORT_TEST(the_wizard_asks_for_every_id_of_a_lesson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
