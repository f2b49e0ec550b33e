/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk and a lesson ask for the same ids whichever way they are drawn: not at all, in lines, on
 * a screen. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/pty.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/plain/plain.h"
#include "ui/signals.h"
#include "ui/wizard/wizard.h"

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

/* What looks wrong: nothing, said at once. */
static void marks_right(const struct page *page, struct reply *reply)
{
	bool open = page->rows[0].decide != NULL && page->rows[0].decided == NULL;

	walker_press(reply, open ? "rest" : page->actions[0].id);
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
	else if (strcmp(page->id, "marks") == 0)
		marks_right(page, reply);
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

/* The right way with as few answers as it takes: the rest like this at once. */
static void quick_right(struct walker *walker, const struct page *page, struct reply *reply)
{
	bool files = strcmp(page->id, "copy") == 0, values = strcmp(page->id, "registry") == 0;

	for (size_t i = 0; (files || values) && i < page->row_count; i++) {
		const struct row *row = &page->rows[i];

		if (row->decide == NULL || row->decided != NULL ||
			(files && strcmp(row->cells[4], "older") != 0))
			continue;
		if (files && strstr(walker->trace, "=keep") == NULL)
			break; /* the newer file stands first */
		walker_press(reply, "alike");
		reply->cursor = i;
		return;
	}
	if (strcmp(page->id, "alike") == 0)
		walker_press(reply, "change");
	else
		walker_right(walker, page, reply);
}

/* What a person types for the right way in lines. Actions by letter, answers by letter or by whole
 * word. */
static char *plain_script(TALLOC_CTX *mem)
{
	char *script = talloc_strdup(mem,
		"s\njsmith\nc\nc\nbackup\nn\nalike\nchange\ny\ny\ny\nc\nalike\nchange\nc\ny\nc\nc\nwrite\n");

	for (int i = 0; i < 4; i++)
		script = talloc_strdup_append(script, "y\n=\n=\n=\n");
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

	walker_walk(walker, quick_right);
	same_trace(plain_trace(walker_new(*state, false), plain_script(*state), 1), walker->trace);
}

static void lines_ask_for_every_id_of_a_lesson(void **state)
{
	static const char script[] =
		"c\ng\nc\nc\ns\n=\nc\nc\nbackup\nn\nc\ny\nE:\\wrong\nt\ny\n" MSMI_TEXT
		"\ny\n" LAN_TEXT "\nc\nc\nwrite\na\nc\nc\nx\nx\n";

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
/* A vt100 has no PgDn. */
#define DOWN "\033OB\033OB\033OB\033OB\033OB"
/* All like the row under the cursor: seen to the end, then Tab and Enter. */
#define ALIKE \
	{ "a", true }, { DOWN DOWN DOWN DOWN, false }, { "\t", false }, \
	{ \
		"\r", true \
	}
/* What the form proposes is taken. */
#define SEND \
	{ "y", true }, \
	{ \
		"\r", true \
	}
static const struct press presses[] = {
	{ "\r", true },                  /* Start, the name is known */
	{ "\r", true }, { "\r", true },  /* the PC MTAs, all is closed */
	{ "\t", false }, { "\r", true }, /* "Back up now" */
	{ "n", true }, ALIKE, VALUE, VALUE, VALUE,
	{ "\r", true },                  /* the newer file, the stale ones */
	ALIKE, { "\r", true },           /* the values */
	{ "y", true }, { "\r", true },   /* the share */
	{ "\t", false }, { "\r", true }, /* "Write" */
	/* Mail: the form is asked on a page of its own. */
	SEND, SEND, SEND, SEND, { "\r", true }, { "\r", true }, { "\033OD", false },
	{ "\r", false }, /* step 6, leave it; the last button of the report */
};

/* The same of a lesson. In a field ^U empties what is proposed. */
static const struct press lesson_presses[] = {
	{ "\r", true },                  /* its server */
	{ "\t", false }, { "\r", true }, /* what looks wrong: nothing */
	{ "\r", true },                  /* all is said */
	{ "\r", true },                  /* what is so */
	{ "\r", true },                  /* Start, the name is known */
	{ "\r", true }, { "\r", true },  /* the PC MTAs, all is closed */
	{ "\t", false }, { "\r", true }, /* "Back up now" */
	{ "n", true }, { "\r", true },   /* the newer file */
	{ "y", true }, { "\25", false }, { "E:\\wrong", false }, { "\r", true }, { "t", true },
	{ "y", true }, { "\25", false }, { MSMI_TEXT, false }, { "\r", true }, { "y", true },
	{ "\25", false }, { LAN_TEXT, false }, { "\r", true }, { "\r", true },
	{ "\r", true },                  /* the share is right */
	{ "\t", false }, { "\r", true }, /* "Write" */
	{ "\r", true }, { "\r", true },  /* no mail was looked at; step 6, leave it */
	{ "\r", true }, { "\033OD", false },
	{ "\r", false }, /* the end of the lesson; the last button of the debrief */
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

	support_locale();
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

static void wait_page(struct pty *pty, int fd, size_t number)
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
	fail_msg("no page came within a minute after press %zu:\n%s", number, pty->seen);
}

/* Types all of it; the number of keys beside the text in fields. */
static size_t press_all_keys(struct pty *pty, int fd, const struct press *all, size_t number)
{
	size_t keys = 0;

	wait_page(pty, fd, 0);
	for (size_t i = 0; i < number; i++) {
		pty_keys(pty, all[i].keys);
		if (all[i].page)
			wait_page(pty, fd, i + 1);
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

	walker_walk(right, quick_right);
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
		SUPPORT_TEST(lines_ask_for_every_id),
		SUPPORT_TEST(lines_ask_for_every_id_of_a_lesson),
		SUPPORT_TEST(the_wizard_asks_for_every_id),
		SUPPORT_TEST(the_wizard_asks_for_every_id_of_a_lesson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
