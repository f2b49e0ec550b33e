/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running server in the walk: who signs in, what its protocol means, what goes on record, and the
 * pages that ask. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "practice/practice.h"
#include "tests/gallery.h"
#include "tests/remote_double.h"
#include "tests/support.h"

/* What is said, one after the other, each on its page. */
struct said {
	const char *page, *action, *text;
	const char *answer;
	const char *const *fields;
};

struct script {
	const struct said *said;
	size_t count, at;
	struct gallery *gallery;
	char *messages, *titles;
};

static struct walker *live_walker(TALLOC_CTX *mem, const char *host, const char *user)
{
	struct walker *walker = walker_new(mem, false);

	remote_double = (struct remote_double){ .dir = walker->dir };
	walker->options.practice = false;
	walker->options.practice_case = NULL;
	walker->options.host = host;
	walker->options.user = user;
	return walker;
}

/* Says the next thing where it belongs; leaves when all is said. */
static void say_next(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct script *script = walker->arg;
	const struct said *said = &script->said[script->at];

	script->messages = talloc_asprintf_append(script->messages, "%s\n",
		page->message ? page->message : "");
	script->titles = talloc_asprintf_append(script->titles, "%s|%s|%s\n", page->server,
		page->mode ? page->mode : "", page->title);
	if (script->at >= script->count)
		return;
	assert_string_equal(page->id, said->page);
	script->at++;
	if (said->action) {
		walker_press(reply, said->action);
	} else {
		assert_non_null(page->question);
		reply->kind = REPLY_ANSWER;
		reply->id = page->question->id;
	}
	reply->text = said->text;
	reply->answer = said->answer;
	reply->fields = said->fields;
}

static struct script *script_walk(struct walker *walker, const struct said *said, size_t count)
{
	struct script *script = talloc_zero(walker, struct script);

	script->said = said;
	script->count = count;
	script->messages = talloc_strdup(script, "");
	script->titles = talloc_strdup(script, "");
	walker->arg = script;
	walker_walk(walker, say_next);
	assert_int_equal(script->at, count);
	return script;
}
#define WALK(walker, said) script_walk(walker, said, ARRAY_SIZE(said))

static void the_password_is_asked_for_and_a_wrong_one_said(void **state)
{
	static const struct said said[] = {
		{ .page = "signin", .text = "DOM\\admin" },
		{ .page = "signin", .text = "wrong" },
		{ .page = "signin", .action = "sign-in", .text = "opensesame" },
	};
	struct walker *walker = live_walker(*state, "exch01", NULL);
	struct script *script = WALK(walker, said);

	assert_string_equal(walker->last, "diagnosis");
	assert_int_equal(remote_double.asked, 2);
	assert_int_equal(remote_double.opened, 1);
	assert_non_null(strstr(script->messages, "does not accept DOM\\admin and that password"));
	assert_non_null(strstr(script->messages, "it may lock the account"));
	assert_non_null(strstr(script->titles, "exch01||Sign in at exch01"));
	assert_non_null(strstr(script->titles, "MAIL1 (live, exch01)|LIVE|"));
	assert_null(strstr(script->messages, "wrong\n"));
}

static void nothing_is_asked_of_the_server_before_a_password_is_there(void **state)
{
	static const struct said said[] = {
		{ .page = "signin", .action = "back" },
	};
	struct walker *walker = live_walker(*state, "exch01", "DOM\\admin");

	WALK(walker, said);
	assert_string_equal(walker->last, "reach");
	assert_int_equal(remote_double.asked, 0);
}

static void a_server_is_named_on_the_first_page(void **state)
{
	static const char *const fields[] = { "exch01", "admin" };
	static const struct said said[] = {
		{ .page = "reach", .action = "network", .fields = fields },
		{ .page = "signin", .text = "opensesame" },
	};
	struct walker *walker = live_walker(*state, NULL, NULL);

	WALK(walker, said);
	assert_string_equal(walker->last, "diagnosis");
	assert_string_equal(remote_double.heard, "opensesame");
}

static void one_that_is_not_there_is_said_on_the_first_page(void **state)
{
	static const char *const fields[] = { "gone", "admin" };
	static const struct said said[] = {
		{ .page = "reach", .action = "network", .fields = fields },
		{ .page = "signin", .text = "opensesame" },
		{ .page = "signin", .action = "back" },
	};
	struct script *script = WALK(live_walker(*state, NULL, NULL), said);

	assert_non_null(strstr(script->messages, "There is no host of that name: gone."));
}

/* ---- the old protocol ---- */

static void it_is_spoken_by_a_decision_with_a_name_alone(void **state)
{
	static const struct said no[] = {
		{ .page = "signin", .text = "opensesame" },
		{ .page = "dialect", .action = "back" },
	};
	/* A name that is none is no name. */
	static const struct said yes[] = {
		{ .page = "signin", .text = "opensesame" },
		{ .page = "dialect", .action = "agree", .text = " " },
		{ .page = "dialect", .action = "agree", .text = "bob" },
	};
	struct walker *walker = live_walker(*state, "old", "admin");
	struct script *script;

	WALK(walker, no);
	assert_string_equal(walker->last, "reach");
	assert_int_equal(remote_double.opened, 0);
	assert_string_equal(remote_double.heard, "");
	script = WALK(walker, yes);
	assert_string_equal(walker->last, "diagnosis");
	assert_int_equal(remote_double.opened, 1);
	/* The page says it; a command line's advice helps nobody there. */
	assert_null(strstr(script->messages, "--nt4"));
}

static void who_has_said_so_is_not_asked(void **state)
{
	static const struct said said[] = {
		{ .page = "signin", .text = "opensesame" },
	};
	struct walker *walker = live_walker(*state, "old", "admin");

	walker->options.nt4 = true;
	WALK(walker, said);
	assert_string_equal(walker->last, "diagnosis");
}

/* ---- on record ---- */

static char *journal_of(struct walker *walker)
{
	char *text,
		*command = talloc_asprintf(walker, "cat %s/*/journal.jsonl %s/*/report.*",
			walker->runs, walker->runs);
	const char *const argv[] = { "sh", "-c", command, NULL };

	support_run(walker, argv, NULL, &text);
	return text;
}

static void sign_in_or_right(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "signin") == 0) {
		reply->kind = REPLY_ANSWER;
		reply->id = page->question->id;
		reply->text = "opensesame";
	} else if (strcmp(page->id, "dialect") == 0) {
		walker_press(reply, "agree");
		reply->text = "bob";
	} else {
		walker_right(walker, page, reply);
	}
}

static void host_user_and_consent_are_on_record_and_no_password(void **state)
{
	struct walker *walker = live_walker(*state, "old", "DOM\\admin");
	char *text;

	walker_walk(walker, sign_in_or_right);
	assert_string_equal(walker->last, "report");
	text = journal_of(walker);
	assert_non_null(strstr(text, "\"operator\":\"bob\""));
	assert_non_null(strstr(text, "\"host\":\"old\""));
	assert_non_null(strstr(text, "\"user\":\"DOM\\\\admin\""));
	assert_non_null(strstr(text, "\"nt4\":true"));
	assert_non_null(strstr(text, "old, by DOM\\admin, SMB 3.1.1, signed"));
	assert_non_null(strstr(text, "bob agreed to Windows NT 4.0's protocol"));
	assert_null(strstr(text, "password"));
	assert_null(strstr(text, "opensesame"));
}

/* ---- the wait ---- */

static void service_run(struct walker *walker)
{
	struct server *server;
	struct error err;

	assert_int_equal(practice_open(walker, walker->dir, &server, &err), 0);
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_RUNNING, &err),
		0);
	talloc_free(server);
}

static void silence_told(struct walker *walker, const struct job_state *state)
{
	char **told = walker->arg;

	if (!state->waiting)
		return;
	assert_true(state->may_stop == (*state->waiting != '\0'));
	*told = talloc_asprintf_append(*told, "%s (%u)\n", state->waiting, state->waited);
}

static void a_silent_server_is_told_with_its_seconds(void **state)
{
	struct walker *walker = live_walker(*state, "exch01", "admin");
	char *told = talloc_strdup(walker, "");

	service_run(walker);

	remote_double.live.slow = 2;
	walker->arg = &told;
	walker->working = silence_told;
	walker_walk(walker, sign_in_or_right);
	/* Shown from the first second on; the double names only the service. */
	assert_non_null(strstr(told, " - 1 s (1)\n"));
	assert_null(strstr(told, " - 0 s"));
}

static void right_until_it_was_cut(struct walker *walker, const struct page *page,
	struct reply *reply)
{
	if (strcmp(page->id, "unfinished") != 0)
		sign_in_or_right(walker, page, reply);
}

/* What was asked for may have happened: the server is looked at before it is asked again. */
static void what_broke_off_is_looked_at_first(void **state)
{
	static const struct live_service gone = { "MSExchangeMSMI", SERVICE_STOPPED,
		TROUBLE_UNREACHABLE, "The connection broke." };
	struct walker *walker = live_walker(*state, "exch01", "admin");

	service_run(walker);
	remote_double.live.fails = &gone;
	assert_int_equal(walker_walk(walker, right_until_it_was_cut), 3);
	assert_string_equal(walker->last, "unfinished");
	assert_non_null(strstr(walker->trace, "carry write\nunfinished leave\n"));
}

/* What is looked for is looked for again once somebody has signed in. */
static void a_run_is_resumed_where_only_its_record_names_the_server(void **state)
{
	static const struct live_service gone = { "MSExchangeMSMI", SERVICE_STOPPED,
		TROUBLE_UNREACHABLE, "The connection broke." };
	static const char *const runs[] = { "", "last" };

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		struct walker *walker = live_walker(*state, "exch01", "admin");

		service_run(walker);
		remote_double.live.fails = &gone;
		walker_walk(walker, right_until_it_was_cut);
		remote_double.live.fails = NULL;
		walker->options.host = walker->options.user = NULL;
		walker->resume = runs[i];
		walker->trace = talloc_strdup(walker, "");
		assert_int_equal(walker_walk(walker, right_until_it_was_cut), 3);
		assert_string_equal(walker->trace, "signin signin.password\nunfinished leave\n");
		talloc_free(walker);
	}
}

/* ---- the pages ---- */

static void golden(struct walker *walker, const struct page *page)
{
	struct script *script = walker->arg;
	struct page *shown = talloc_memdup(walker, page, sizeof *page);

	talloc_set_name_const(shown, "struct page");
	/* A password is asked for at the terminal of whoever runs this. */
	if (page->question && page->question->kind == ASK_SECRET)
		shown->question = NULL;
	if (strcmp(page->id, "signin") == 0 || strcmp(page->id, "dialect") == 0)
		gallery_seen(script->gallery, walker, shown);
}

static void pages_that_ask_are_as_they_were_read(void **state)
{
	static const struct said said[] = {
		{ .page = "signin", .text = "DOM\\admin" },
		{ .page = "signin", .text = "opensesame" },
		{ .page = "dialect", .action = "agree", .text = "bob" },
	};
	struct walker *walker = live_walker(*state, "old", NULL);
	struct script script = { .said = said,
		.count = ARRAY_SIZE(said),
		.gallery = gallery_new(walker),
		.messages = talloc_strdup(walker, ""),
		.titles = talloc_strdup(walker, "") };

	walker->arg = &script;
	walker->seen = golden;
	walker_walk(walker, say_next);
	assert_int_equal(script.gallery->wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_password_is_asked_for_and_a_wrong_one_said),
		SUPPORT_TEST(nothing_is_asked_of_the_server_before_a_password_is_there),
		SUPPORT_TEST(a_server_is_named_on_the_first_page),
		SUPPORT_TEST(one_that_is_not_there_is_said_on_the_first_page),
		SUPPORT_TEST(it_is_spoken_by_a_decision_with_a_name_alone),
		SUPPORT_TEST(who_has_said_so_is_not_asked),
		SUPPORT_TEST(host_user_and_consent_are_on_record_and_no_password),
		SUPPORT_TEST(a_silent_server_is_told_with_its_seconds),
		SUPPORT_TEST(what_broke_off_is_looked_at_first),
		SUPPORT_TEST(a_run_is_resumed_where_only_its_record_names_the_server),
		SUPPORT_TEST(pages_that_ask_are_as_they_were_read),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
