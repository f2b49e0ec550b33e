/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The paths through a repair and a lesson, walked twice: by a front end without a screen, and by
 * what a person would type for the same replies in lines. Both must come by the same pages with the
 * same ids.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/layout.h"
#include "ui/plain/plain.h"

/* A walk: its answers, and what of it was typed. */
struct path {
	walker_answer *answer;
	char *script;
	char *said; /* for each line of it what must have been said before it, "" for nothing */
	const char *until; /* page at which it is left, or NULL */
	void *arg;         /* of the answers */
};

/* ---- replies as lines ---- */

/* label: what it is called on the page, or NULL. */
static void type_said(struct path *path, const char *line, const char *label)
{
	path->script = talloc_asprintf_append_buffer(path->script, "%s\n", line);
	path->said = talloc_asprintf_append_buffer(path->said, "%s\n", label ? label : "");
}

static void type(struct path *path, const char *line)
{
	type_said(path, line, NULL);
}

static void type_answer(struct path *path, const struct question *question,
	const struct reply *reply)
{
	const struct answer *answer = question->answers;

	for (size_t i = 0; reply->answer && strcmp(answer->id, reply->answer) != 0; i++, answer++)
		assert_true(i < question->answer_count);
	if (reply->answer != NULL)
		type_said(path, reply->answer,
			question->writes && !answer->safe ? answer->id : answer->label);
	else if (question->kind == ASK_FORM && reply->fields != NULL)
		for (size_t i = 0; i < question->field_count; i++)
			type(path, reply->fields[i]);
	else
		type(path, reply->text != NULL ? reply->text : ".");
}

static const struct action *action_of(const struct page *page, const char *id)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, id) == 0)
			return &page->actions[i];
	fail_msg("page %s has no action %s", page->id, id);
	return NULL;
}

static void type_action(struct path *path, const struct page *page, const struct reply *reply)
{
	const struct action *action = action_of(page, reply->id);

	type(path, "a");
	type_said(path, action->id, action->label);
	if (action->of_row && layout_selectable(page))
		type(path, talloc_asprintf(path->script, "%zu", reply->cursor + 1));
	if (action->ask != NULL)
		type_answer(path, action->ask, reply);
}

/* A row is named: lines ask about the next open one else. */
static void type_row(struct path *path, const struct page *page, const struct reply *reply)
{
	type(path, "a");
	type(path, talloc_asprintf(path->script, "line %zu", reply->cursor + 1));
	type_answer(path, page->rows[reply->cursor].decide, reply);
}

static void type_reply(struct path *path, const struct page *page, const struct reply *reply)
{
	static const char *const words[] = {
		[REPLY_BACK] = "b",
		[REPLY_AGAIN] = "r",
		[REPLY_UNDO] = "u",
		[REPLY_JOURNAL] = "l",
		[REPLY_LEAVE] = "q",
	};

	if (reply->kind == REPLY_ACTION)
		type_action(path, page, reply);
	else if (reply->kind == REPLY_ANSWER && page->question != NULL)
		type_answer(path, page->question, reply);
	else if (reply->kind == REPLY_ANSWER)
		type_row(path, page, reply);
	else
		type(path, words[reply->kind]);
}

static void answered(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct path *path = walker->arg;

	if (page->question != NULL && strcmp(page->question->id, "leave") == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	else if (path->until == NULL || strcmp(page->id, path->until) != 0)
		path->answer(walker, page, reply);
	type_reply(path, page, reply);
}

/* ---- both front ends ---- */

struct recorder {
	struct walker *walker;
	struct plain *plain;
};

static int told_page(void *ui, const struct page *page, struct reply *reply)
{
	struct recorder *recorder = ui;
	int ret = plain_ops.page(recorder->plain, page, reply);

	if (ret == 0)
		walker_note(recorder->walker, page, reply);
	return ret;
}

static int told_work(void *ui, const struct page *page, const struct job *job)
{
	return plain_ops.work(((struct recorder *)ui)->plain, page, job);
}

static int told_read(void *ui, const struct page *page, const struct page_text *text)
{
	return plain_ops.read(((struct recorder *)ui)->plain, page, text);
}

static const struct ui_ops told_ops = { told_page, told_work, told_read };

/* One line's breaks are another's blanks. */
static char *unbroken(TALLOC_CTX *mem, const char *text, size_t len)
{
	char *out = talloc_strndup(mem, text, len);

	for (char *at = out; *at != '\0'; at++)
		*at = *at == '\n' ? ' ' : *at;
	return out;
}

/* What a person typed was called so between the prompt before and theirs: nobody has to know a
 * word, or look for it elsewhere. */
static void all_was_said(struct walker *walker, const struct path *path, const char *told)
{
	const char *wanted = path->said;

	while (*wanted != '\0' && *told != '\0') {
		const char *prompt = strstr(told, "> ");
		size_t len = strcspn(wanted, "\n");
		char *said;

		/* "->" is no prompt: that one begins a line. */
		while (prompt && prompt > told && prompt[-1] != '\n')
			prompt = strstr(prompt + 2, "> ");
		assert_non_null(prompt);
		said = unbroken(walker, told, (size_t)(prompt - told));
		if (!strstr(said, talloc_strndup(walker, wanted, len)))
			fail_msg("\"%.*s\" was not said in:\n%.*s", (int)len, wanted,
				(int)(prompt - told), told);
		told = prompt + 2;
		wanted += len + 1;
	}
}

static int in_lines(struct walker *walker, const struct path *path)
{
	char *input = talloc_asprintf(walker, "%s/input", walker->runs), *told = NULL;
	struct recorder recorder = { .walker = walker };
	struct guide *guide = NULL;
	struct error err = { 0 };
	size_t len = 0;
	FILE *out = open_memstream(&told, &len);
	int code;

	support_write_text(input, path->script);
	recorder.plain = plain_new(walker, fopen(input, "r"), out);
	if (guide_new(walker, &walker->options, walker->resume, &guide, &err) != 0)
		fail_msg("%s", err.text);
	code = guide_run(guide, &told_ops, &recorder);
	talloc_free(guide);
	fclose(out);
	all_was_said(walker, path, told);
	free(told);
	return code;
}

/* Line by line: cmocka shows only the beginning of long texts. */
static void same(const char *is, const char *expected)
{
	while (*is != '\0' || *expected != '\0') {
		size_t len = strcspn(is, "\n"), wanted = strcspn(expected, "\n");

		if (len != wanted || memcmp(is, expected, len) != 0)
			fail_msg("in lines \"%.*s\", expected \"%.*s\"", (int)len, is, (int)wanted,
				expected);
		is += len + (is[len] == '\n');
		expected += wanted + (expected[wanted] == '\n');
	}
}

/* Walks it with each on a server of its own, one after the other; what was walked. */
static const char *both(struct walker *fake, struct walker *lines, struct path *path)
{
	int code, again;

	path->script = talloc_strdup(fake, "");
	path->said = talloc_strdup(fake, "");
	fake->arg = path;
	talloc_free(fake->trace);
	fake->trace = talloc_strdup(fake, "");
	code = walker_walk(fake, answered);
	talloc_free(lines->trace);
	lines->trace = talloc_strdup(lines, "");
	again = in_lines(lines, path);
	same(lines->trace, fake->trace);
	assert_int_equal(again, code);
	return fake->trace;
}

static void is_in(const char *trace, const char *line)
{
	if (strstr(trace, line) == NULL)
		fail_msg("not walked: %s\n%s", line, trace);
}

/* ---- the paths ---- */

static void a_whole_repair(void **state)
{
	struct path path = { .answer = walker_right };
	const char *trace = both(walker_new(*state, false), walker_new(*state, false), &path);

	is_in(trace, "mail mail.sent:");
	is_in(trace, "report quit");
}

/* All but the share is decided, and that is written. */
static void the_share_is_left(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "share") == 0)
		walker_press(reply, "continue");
	else if (strcmp(page->id, "carry") == 0 && strstr(walker->trace, "carry write") == NULL)
		*reply = (struct reply){ .kind = REPLY_ACTION,
			.id = "write",
			.answer = action_of(page, "write")->ask != NULL ? "write" : NULL };
	else
		walker_right(walker, page, reply);
}

static void partial_decisions(void **state)
{
	struct path path = { .answer = the_share_is_left };
	const char *trace = both(walker_new(*state, false), walker_new(*state, false), &path);

	const char *share = strstr(trace, "share.decide");

	is_in(trace, "carry write");
	assert_true(share == NULL || share > strstr(trace, "carry write"));
	is_in(trace, "report quit");
}

static void resumed(struct walker *walker, const struct page *page, struct reply *reply)
{
	walker_right(walker, page, reply);
	if (strcmp(page->id, "unfinished") != 0)
		return;
	walker_press(reply, "go-on");
	reply->text = "jsmith";
}

static void left_and_resumed(void **state)
{
	static const char *const pages[] = { "copy", "registry", "share", "carry", "pause" };

	for (size_t i = 0; i < ARRAY_SIZE(pages); i++) {
		struct walker *fake = walker_new(*state, true), *lines = walker_new(*state, true);
		struct path path = { .answer = walker_right, .until = pages[i] };
		const char *trace = both(fake, lines, &path);

		is_in(trace, talloc_asprintf(fake, "%s leave", pages[i]));
		path = (struct path){ .answer = resumed };
		fake->resume = lines->resume = "";
		trace = both(fake, lines, &path);
		is_in(trace, "unfinished go-on");
		talloc_free(fake);
		talloc_free(lines);
	}
}

/* Everything is put back where the report stands. */
static void put_back(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "report") == 0)
		reply->kind = REPLY_UNDO;
	else if (strcmp(page->id, "undo") == 0 && page->question == NULL)
		*reply = (struct reply){ .kind = REPLY_ACTION,
			.id = "undo",
			.answer = action_of(page, "undo")->ask != NULL ? "undo" : NULL };
	else if (strcmp(page->id, "diagnosis") == 0 && strstr(walker->trace, "undo ") != NULL)
		reply->kind = REPLY_LEAVE;
	else
		walker_right(walker, page, reply);
}

static void a_repair_put_back(void **state)
{
	struct path path = { .answer = put_back };
	const char *trace = both(walker_new(*state, false), walker_new(*state, false), &path);

	is_in(trace, "report undo\n");
	is_in(trace, "undo undo");
	is_in(trace, "diagnosis leave\n");
}

/* A lesson of level 1, with a tip, to its debrief. */
static void trainee(struct walker *walker, const struct page *page, struct reply *reply)
{
	bool tipped = strstr(walker->trace, "registry tip") != NULL;

	if (strcmp(page->id, "registry") == 0 && !tipped)
		*reply = (struct reply){ .kind = REPLY_ACTION, .id = "tip" };
	else if (strcmp(page->id, "mail") == 0 && page->question == NULL)
		walker_press(reply, "continue");
	else if (strcmp(page->id, "report") == 0 || strcmp(page->id, "debrief") == 0)
		walker_press(reply, *page->id == 'r' ? "end" : "quit");
	else
		walker_right(walker, page, reply);
}

static struct walker *classroom(TALLOC_CTX *mem)
{
	struct walker *walker = walker_new(mem, false);

	walker->options = (struct options){ .train = true,
		.train_case = "standard",
		.seed = 3,
		.has_seed = true,
		.seat = "jsmith",
		.runs = walker->runs };
	return walker;
}

static void a_lesson(void **state)
{
	struct path path = { .answer = trainee };
	const char *trace = both(classroom(*state), classroom(*state), &path);

	is_in(trace, "registry tip\n");
	is_in(trace, "report end\n");
	is_in(trace, "debrief quit\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_whole_repair),
		SUPPORT_TEST(partial_decisions),
		SUPPORT_TEST(left_and_resumed),
		SUPPORT_TEST(a_repair_put_back),
		SUPPORT_TEST(a_lesson),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
