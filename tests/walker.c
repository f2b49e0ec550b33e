/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/walker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "practice/practice.h"
#include "tests/flow.h"
#include "tests/support.h"
#include "ui/guide/ids.h"
#include "ui/layout.h"

enum { MOST_PAGES = 200 };

struct walker *walker_new(TALLOC_CTX *mem, bool disks)
{
	struct practice_spec spec = { .scenario = "standard", .seed = 1 };
	struct walker *walker = talloc_zero(mem, struct walker);
	struct error err = { 0 };

	walker->dir = support_folder(walker);
	walker->runs = support_folder(walker);
	walker->trace = talloc_strdup(walker, "");
	assert_true(practice_scenario(spec.scenario, &spec.flags));
	if (practice_build(walker->dir, &spec, &err) < 0)
		fail_msg("%s", err.text);
	walker->options.runs = walker->runs;
	walker->options.practice = !disks;
	walker->options.practice_case = disks ? NULL : walker->dir;
	if (disks)
		walker->options.disks =
			talloc_asprintf(walker, "C=%s/C,E=%s/E", walker->dir, walker->dir);
	return walker;
}

/* ---- Checks of every page ---- */

/* An id of a row is for programs; a person is told what it is about. */
static void no_id(const char *text)
{
	static const char *const kinds[] = { "registry/", "file/", "share/", "service/",
		"backup/" };

	for (size_t i = 0; text != NULL && i < ARRAY_SIZE(kinds); i++)
		if (strstr(text, kinds[i]) != NULL)
			fail_msg("a page shows an id: \"%s\"", text);
}

static void text_sound(const char *text)
{
	no_id(text);
	/* What is in none of the six steps has a name. */
	if (text != NULL && strstr(text, "tep 0") != NULL)
		fail_msg("a page shows a step 0: \"%s\"", text);
	for (const unsigned char *p = (const unsigned char *)text; p != NULL && *p != '\0'; p++) {
		bool direction = p[0] == 0xe2 && p[1] == 0x80 &&
			(p[2] == 0x8e || p[2] == 0x8f || (p[2] >= 0xaa && p[2] <= 0xae));

		if ((*p < ' ' && *p != '\n') || *p == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0) ||
			direction)
			fail_msg("a page shows \\x%02x in \"%s\"", *p, text);
	}
}

/* most: a box has three buttons, a row as many letters as it has answers. */
static void question_sound(const struct question *question, size_t most)
{
	if (question == NULL)
		return;
	if (question_of(question->id) == NO_QUESTION)
		fail_msg("the table of ids has no question %s", question->id);
	text_sound(question->title);
	text_sound(question->text);
	text_sound(question->why);
	text_sound(question->proposal);
	for (size_t i = 0; i < question->answer_count; i++)
		text_sound(question->answers[i].label);
	if (question->kind != ASK_CHOICE)
		return;
	assert_in_range(question->answer_count, 2, most);
	for (size_t i = 0; most > 3 && i < question->answer_count; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(question->answers[i].key, question->answers[k].key);
	for (size_t i = 0, safe = 0; i < question->answer_count; i++)
		if ((safe += question->answers[i].safe) == 0 && i + 1 == question->answer_count)
			fail_msg("%s has no safe answer", question->id);
}

static void rows_sound(const struct page *page)
{
	assert_true(page->column_count <= PAGE_COLUMNS);
	for (size_t c = 0; c < page->column_count; c++)
		if (*page->columns[c].heading == '\0')
			fail_msg("column %zu of page %s has no heading", c, page->id);
	for (size_t i = 0; i < page->row_count; i++) {
		const struct row *row = &page->rows[i];

		for (size_t c = 0; c < page->column_count; c++)
			text_sound(row->cells[c]);
		for (size_t d = 0; d < row->detail_count; d++)
			text_sound(row->details[d].text);
		question_sound(row->decide, 5);
	}
}

/* A label says what pressing it does; of many there is a short one. */
static void labels_sound(const struct page *page)
{
	bool english = getenv("TEST_LOCALE") == NULL;
	static const char verbs[] =
		" Add Agree Back Begin Change Choose Commit Confirm Continue Decide Delete End Exclude Give Go Keep Later Leave List Look Not "
		"Practise Put Quit Read Record Repair Resume Say Set Show Sign Start Take Throw Train Try Write ";

	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];
		char first[24];

		snprintf(first, sizeof first, " %.*s ", (int)strcspn(action->label, " :,"),
			action->label);
		if (english && strstr(verbs, first) == NULL)
			fail_msg("page %s: \"%s\" is no verb", page->id, action->label);
		if (english && page->action_count > 3 && strlen(action->label) > 15 &&
			action->brief == NULL)
			fail_msg("page %s: \"%s\" has no short form", page->id, action->label);
	}
}

/* A box stands over its row, which is shown with it: what is there now is not said twice. */
static void box_sound(const struct page *page)
{
	size_t at = page->question ? question_row(page, page->question) : page->row_count;
	const struct row *row = at < page->row_count ? &page->rows[at] : NULL;

	for (size_t i = 0; row != NULL && i < row->detail_count; i++)
		if (row->details[i].kind == DETAIL_BEFORE && page->question->text != NULL &&
			strstr(page->question->text, row->details[i].text) != NULL)
			fail_msg("page %s: the box says again \"%s\"", page->id,
				row->details[i].text);
}

static void page_sound(const struct page *page)
{
	size_t focused = 0;

	text_sound(page->title);
	text_sound(page->server);
	text_sound(page->badge);
	text_sound(page->message);
	text_sound(page->lead);
	text_sound(page->tail);
	text_sound(page->coach);
	text_sound(page->why);
	text_sound(page->help);
	rows_sound(page);
	question_sound(page->question, 3);
	labels_sound(page);
	box_sound(page);
	assert_true(page->action_count > 0);
	for (size_t i = 0; i < page->action_count; i++) {
		focused += page->actions[i].focused;
		/* Enter, once too often, does not end the program; the end of a lesson does not
		 * either. */
		assert_true(!page->actions[i].focused || page->actions[i].kind != ACTION_LEAVE ||
			page->action_count == 1 || strcmp(page->actions[i].id, "end") == 0);
		/* These mean something at every prompt in lines. */
		if (!page->actions[i].of_row && page->actions[i].key != '\0' &&
			strchr("wdabrulq", page->actions[i].key))
			fail_msg("page %s: action %s has the letter of a command", page->id,
				page->actions[i].id);
		question_sound(page->actions[i].ask, 3);
	}
	assert_int_equal(focused, 1);
}

/* ---- The front end ---- */

void walker_note(struct walker *walker, const struct page *page, const struct reply *reply)
{
	static const char *const kinds[] = {
		[REPLY_BACK] = "back",
		[REPLY_AGAIN] = "again",
		[REPLY_STEP] = "step",
		[REPLY_UNDO] = "undo",
		[REPLY_JOURNAL] = "journal",
		[REPLY_LEAVE] = "leave",
	};
	const char *id = reply->kind == REPLY_ACTION || reply->kind == REPLY_ANSWER
		? reply->id
		: kinds[reply->kind];

	walker->trace = talloc_asprintf_append_buffer(walker->trace, "%s %s%s%s\n", page->id, id,
		reply->answer != NULL ? "=" : "", reply->answer != NULL ? reply->answer : "");
	talloc_free(walker->last);
	walker->last = talloc_strdup(walker, page->id);
}

/* What was typed is gone with the next call, as it may be a password. */
static void typed_forget(struct walker *walker)
{
	if (walker->typed)
		memset(walker->typed, '#', strlen(walker->typed));
	TALLOC_FREE(walker->typed);
}

static int fake_page(void *ui, const struct page *page, struct reply *reply)
{
	struct walker *walker = ui;

	if (++walker->pages > MOST_PAGES)
		fail_msg("the walk goes round in circles at page %s:\n%s", page->id, walker->trace);
	page_sound(page);
	if (page->message_bad)
		print_message("page %s: %s\n", page->id, page->message);
	if (walker->seen != NULL)
		walker->seen(walker, page);
	*reply = (struct reply){ .kind = REPLY_LEAVE, .cursor = page->cursor };
	walker->answer(walker, page, reply);
	walker_note(walker, page, reply);
	typed_forget(walker);
	walker->typed = reply->text ? talloc_strdup(walker, reply->text) : NULL;
	reply->text = walker->typed;
	return 0;
}

static int fake_tell(void *ui, const struct job_state *state)
{
	struct walker *walker = ui;

	text_sound(state->what);
	text_sound(state->now);
	for (size_t i = 0; i < state->last_count; i++) {
		text_sound(state->last[i].what);
		text_sound(state->last[i].before);
		text_sound(state->last[i].after);
	}
	if (walker->working != NULL)
		walker->working(walker, state);
	assert_true(state->total == 0 || state->done <= state->total);
	/* Only what writes counts bytes. */
	if (state->bytes_total > 0)
		assert_null(strstr(walker->work_page->badge, "looking only"));
	return 0;
}

static int fake_work(void *ui, const struct page *page, const struct job *job)
{
	struct walker *walker = ui;
	int ret;

	assert_non_null(page);
	text_sound(job->title);
	typed_forget(walker);
	walker->work_page = page;
	ret = job->run(job->arg, fake_tell, ui);
	walker->work_page = NULL;
	return ret;
}

static int fake_read(void *ui, const struct page *page, const struct page_text *text)
{
	(void)ui;
	assert_non_null(page);
	text_sound(text->title);
	text_sound(text->text);
	return 0;
}

const struct ui_ops walker_ops = { .page = fake_page, .work = fake_work, .read = fake_read };

int walker_walk(struct walker *walker, walker_answer *answer)
{
	struct guide *guide = NULL;
	struct error err = { 0 };
	int code;

	walker->answer = answer;
	walker->pages = 0;
	if (guide_new(walker, &walker->options, walker->resume, &guide, &err) != 0)
		fail_msg("%s", err.text);
	code = guide_run(guide, &walker_ops, walker);
	walker->left = talloc_strdup(walker, guide_left(guide));
	talloc_free(guide);
	return code;
}

/* ---- Answers ---- */

/* What each field gets: what is proposed, where it proposes something. For each test message
 * another mailbox: the letters of its code, which stands in front of what is asked. */
static const char *field_value(const struct question *question, const struct field *field)
{
	static char boxes[2][32];
	size_t code = strlen("MSMC-");
	bool to = strcmp(field->id, "to") == 0;

	if (strcmp(field->id, "mailbox") == 0)
		return "jdoe";
	if (strcmp(field->id, "seen") == 0)
		return "subject and sender, 10:31";
	if (*field->value != '\0' || field->min_length == 0)
		return field->value;
	if (!to && strcmp(field->id, "from") != 0)
		return "jsmith";
	snprintf(boxes[to], sizeof boxes[to], "NET1/PO%d/%.10s", 1 + to, question->text + code);
	return boxes[to];
}

/* Good until the next one is filled in. */
static const char *const *form_filled(const struct question *question)
{
	static const char *values[8];

	for (size_t i = 0; i < question->field_count && i < ARRAY_SIZE(values); i++)
		values[i] = field_value(question, &question->fields[i]);
	return values;
}

void walker_press(struct reply *reply, const char *action)
{
	reply->kind = REPLY_ACTION;
	reply->id = action;
}

/* The answer that does something (or nothing) to a question. */
static void question_answer_by(const struct question *question, bool safe, struct reply *reply)
{
	reply->text = question->kind == ASK_CHOICE || question->kind == ASK_FORM ? NULL
		: question->expected != NULL ? question->expected
					     : "jsmith";
	reply->fields = question->kind == ASK_FORM ? form_filled(question) : NULL;
	for (size_t i = 0; i < question->answer_count; i++)
		if (question->answers[i].safe == safe && reply->answer == NULL)
			reply->answer = question->answers[i].id;
}

static void answer(const struct question *question, bool safe, struct reply *reply)
{
	reply->kind = REPLY_ANSWER;
	reply->id = question->id;
	question_answer_by(question, safe, reply);
}

/* A hotfix made after the service pack, better kept. */
static bool newer_file(const struct row *row, const struct question *question)
{
	return strncmp(question->id, "copy.decide", 11) == 0 && strcmp(row->cells[4], "NEWER") == 0;
}

static bool row_answer(const struct page *page, bool keep, struct reply *reply)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct question *question = page->rows[i].decide;

		if (question == NULL || page->rows[i].decided != NULL)
			continue;
		reply->cursor = i;
		answer(question, keep || newer_file(&page->rows[i], question), reply);
		return true;
	}
	return false;
}

/* What writes has to be pressed on purpose. */
static const char *writes(const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].writes && !page->actions[i].refused)
			return page->actions[i].id;
	return NULL;
}

static void press_forward(const struct page *page, const char *wanted, struct reply *reply)
{
	for (size_t i = 0; i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (wanted != NULL ? strcmp(action->id, wanted) != 0 : !action->focused)
			continue;
		walker_press(reply, action->id);
		if (action->ask != NULL)
			question_answer_by(action->ask, false, reply);
		return;
	}
	fail_msg("page %s has no action %s", page->id, wanted != NULL ? wanted : "that is focused");
}

void walker_right(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	if (page->question != NULL)
		answer(page->question, false, reply);
	else if (!row_answer(page, false, reply))
		press_forward(page,
			strcmp(page->id, "report") == 0          ? "quit"
				: strcmp(page->id, "pause") == 0 ? "leave"
								 : writes(page),
			reply);
}

/* Whether it waits for mail to flow: all was sent, and not all of it was seen at its end. */
static bool waits_for_mail(const struct page *page)
{
	if (strcmp(page->id, "mail") != 0 || page->question != NULL ||
		strstr(page->counts, ": VERIFIED"))
		return false;
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].decided == NULL)
			return false;
	return true;
}

void walker_mail_flows(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (!waits_for_mail(page)) {
		walker_right(walker, page, reply);
		return;
	}
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, "start") == 0) {
			walker_press(reply, "start");
			reply->answer = "start";
			return;
		}
	assert_true(flow_all(walker->dir) >= 0);
	reply->kind = REPLY_AGAIN;
}

void walker_with_undo(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "undo") == 0)
		walker_press(reply, "keep");
	else if (strcmp(page->id, "oldfolder") == 0 &&
		strstr(walker->trace, "oldfolder undo\n") == NULL)
		reply->kind = REPLY_UNDO;
	else
		walker_right(walker, page, reply);
}

void walker_keep(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	if (page->question != NULL)
		answer(page->question, true, reply);
	else if (strcmp(page->id, "carry") == 0)
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	else if (strcmp(page->id, "mail") == 0 || !row_answer(page, true, reply))
		press_forward(page, strcmp(page->id, "backup") == 0 ? writes(page) : NULL, reply);
}
