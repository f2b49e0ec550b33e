/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk: whole repairs by a front end without a screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"

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

	/* The case has 2 PC MTAs, 11 values of which 2 are right, one newer file, ten that are not
	 * setup's, one share. */
	assert_string_equal(walker->last, "report");
	assert_int_equal(count(walker->trace, "registry registry.decide:"), 9);
	assert_int_equal(count(walker->trace, "copy copy.decide:"), 11);
	assert_int_equal(count(walker->trace, "=keep"), 1);
	assert_int_equal(count(walker->trace, "share share.decide:"), 1);
	assert_int_equal(count(walker->trace, "mail mail.sent:"), 4);
	assert_int_equal(count(walker->trace, "carry write"), 1);
	assert_int_equal(code, 1); /* mail was sent, and not seen yet */
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

/* What mail moves by itself, as soon as its connector runs. */
static bool is_mail(const char *line)
{
	return strncmp(line, "d . ", 4) == 0 || strcasestr(line, "maildata") ||
		strcasestr(line, "tracking.log") || strstr(line, " ./mail") ||
		strcasestr(line, "AppEvent.Evt");
}

/* Lines of after that stand not in before, but for the copy that step 1 makes beside the Bin, its
 * folder's time, and mail. */
static size_t changed_lines(TALLOC_CTX *mem, const char *before, const char *after)
{
	size_t changed = 0;
	char *save, *copy = talloc_strdup(mem, after);

	for (char *line = strtok_r(copy, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save)) {
		char *whole = talloc_asprintf(mem, "%s\n", line);

		if (strstr(before, whole) == NULL && strstr(line, "q240208") == NULL &&
			!is_mail(line) &&
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
	assert_int_equal(count(walker->trace, "mail mail.sent:"), 4);
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
	else if (strcmp(page->id, "pause") == 0)
		walker_press(reply, "leave");
	else
		walker_keep(walker, page, reply);
}

/* What was kept is told as that wherever it is told, and no undo is offered. */
static void told_as_kept(struct walker *walker, const struct page *page)
{
	bool after = strcmp(page->id, "pause") == 0 || strcmp(page->id, "mail") == 0;
	const char *said = strcmp(page->id, "pause") == 0 ? page->lead : page->message;

	if (strcmp(page->id, "report") == 0) {
		assert_null(strstr(page->tail, " undo "));
		assert_null(strstr(page->tail, "F7"));
	}
	if (after || strcmp(page->id, "report") == 0)
		assert_false(page->undo);
	if (after && walker->arg == NULL) {
		assert_non_null(said);
		assert_non_null(
			strstr(said, "Nothing was written: everything was kept by decision."));
		walker->arg = walker;
	}
	if (strcmp(page->id, "oldfolder") == 0)
		assert_non_null(strstr(page->message,
			"Step 5: 4 of 4 test messages have no word that counts"));
}

static void who_kept_everything_is_told_so_on_disks(void **state)
{
	struct walker *walker = walker_new(*state, true);

	walker->seen = told_as_kept;
	walker_walk(walker, keep_and_on);
	assert_string_equal(walker->last, "pause");
	assert_non_null(walker->arg);
}

static void test_who_keeps_everything_is_led_to_steps_5_and_6(void **state)
{
	struct walker *walker = walker_new(*state, false);
	char *before = walker_tree(walker, walker->dir);

	walker->seen = told_as_kept;
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
	if (strcmp(page->id, "carry") == 0) {
		assert_string_equal(page->actions[1].id, "write");
		assert_non_null(page->actions[1].refused);
	}
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
	assert_non_null(strstr(walker->trace, "carry back\nshare continue\ncarry write\n"));
	assert_int_equal(count(walker->trace, "share share.decide:"), 1);
	assert_int_equal(count(walker->trace, "carry write"), 1);
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
	assert_int_equal(count(walker->trace, "carry write"), 1);
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

/* A front end that compares nothing: the core does, and only the server's own name deletes. */
static void names_typed(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const char *const names[] = { "MAIL", "mail1 ", "wrong", NULL };
	size_t *turn = walker->arg;

	if (strcmp(page->id, "oldfolder") != 0 || !names[*turn]) {
		walker_mail_flows(walker, page, reply);
		return;
	}
	assert_true(*turn == 0 || strstr(page->message, "not typed"));
	walker_press(reply, "delete");
	reply->text = names[(*turn)++];
}

static void only_the_name_of_the_server_deletes(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t turn = 0;
	char *before;

	walker_walk(walker, walker_mail_flows);
	before = walker_tree(walker, walker->dir);
	walker->arg = &turn;
	walker_walk(walker, names_typed);
	assert_int_equal(turn, 3);
	assert_int_equal(changed_lines(walker, before, walker_tree(walker, walker->dir)), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_right_answers_lead_to_the_report),
		SUPPORT_TEST(test_a_right_server_can_be_left_at_once),
		SUPPORT_TEST(test_a_right_server_is_walked_to_steps_5_and_6),
		SUPPORT_TEST(who_keeps_everything_changes_nothing),
		SUPPORT_TEST(test_who_keeps_everything_is_led_to_steps_5_and_6),
		SUPPORT_TEST(who_kept_everything_is_told_so_on_disks),
		SUPPORT_TEST(test_who_decides_nothing_is_not_led_on),
		SUPPORT_TEST(who_answers_nothing_changes_nothing),
		SUPPORT_TEST(going_back_decides_nothing_twice),
		SUPPORT_TEST(every_page_can_be_left_for_another_and_come_back_to),
		SUPPORT_TEST(the_walk_can_be_left_on_every_page),
		SUPPORT_TEST(only_the_name_of_the_server_deletes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
