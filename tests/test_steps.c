/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of steps 2 to 4, the rest like this, undo as a tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; n++)
		text++;
	return n;
}

/* The journal of the only run there is. */
static char *journal_text(struct walker *walker)
{
	const char *argv[] = { "sh", "-c", "cat \"$1\"/*/journal.jsonl", "sh", walker->runs, NULL };
	char *output = NULL;

	assert_int_equal(support_run(walker, argv, NULL, &output), 0);
	return output;
}

/* row_count for none */
static size_t row_with(const struct page *page, size_t cell, const char *text)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (strstr(page->rows[i].cells[cell], text) != NULL)
			return i;
	return page->row_count;
}

static const struct action *action_of(const struct page *page, const char *id)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, id) == 0)
			return &page->actions[i];
	return NULL;
}

static const struct detail *detail_of(const struct row *row, const char *label)
{
	for (size_t i = 0; i < row->detail_count; i++)
		if (strcmp(row->details[i].label, label) == 0)
			return &row->details[i];
	return NULL;
}

static void answer_row(const struct page *page, size_t row, const char *answer, struct reply *reply)
{
	assert_true(row < page->row_count && page->rows[row].decide != NULL);
	*reply = (struct reply){ .kind = REPLY_ANSWER,
		.id = page->rows[row].decide->id,
		.answer = answer,
		.cursor = row };
}

static void press_row(const char *action, size_t row, struct reply *reply)
{
	walker_press(reply, action);
	reply->cursor = row;
}

/* Leaves for good. */
static void leave(const struct page *page, struct reply *reply)
{
	if (page->question != NULL && strcmp(page->question->id, "leave") == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	else
		*reply = (struct reply){ .kind = REPLY_LEAVE };
}

/* ---- what a page says ---- */

/* What setup lacks has no version of setup's, whatever became of it. */
static void what_is_on_one_side_only(struct walker *walker, const struct page *page,
	struct reply *reply)
{
	size_t row;

	if (strcmp(page->id, "copy") != 0) {
		walker_right(walker, page, reply);
		return;
	}
	row = row_with(page, 1, "OURS.TXT");
	assert_true(row < page->row_count);
	assert_string_equal(page->rows[row].cells[2], "no version");
	assert_string_equal(page->rows[row].cells[3], "not there");
	assert_string_equal(page->rows[row].cells[4], "extra");
	row = row_with(page, 4, "missing");
	assert_string_equal(page->rows[row].cells[2], "not there");
	assert_string_equal(page->rows[row].cells[3], "5.5.2448.0");
	walker->arg = "seen";
	reply->kind = REPLY_LEAVE;
	reply->final = true;
}

static void an_extra_file_shows_no_version_of_setups(void **state)
{
	struct walker *walker = walker_new(*state, false);

	support_write_text(talloc_asprintf(walker, "%s/E/exchsrvr/connect/msmcon/bin/OURS.TXT",
				   walker->dir),
		"made here");
	walker_walk(walker, what_is_on_one_side_only);
	assert_string_equal(walker->arg, "seen");
}

/* The standard server has 11 values, of which 2 are right; none is decided yet. */
static void registry_says(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t row;

	if (strcmp(page->id, "registry") != 0) {
		walker_right(walker, page, reply);
		return;
	}
	row = row_with(page, 1, "MSExchangeMSMI");
	assert_string_equal(page->rows[row].cells[0], "open");
	assert_int_equal(page->rows[row].mark, MARK_ASK);
	assert_string_equal(page->rows[row].cells[3], "C→E");
	assert_string_equal(page->rows[row].subject, "MSExchangeMSMI, ImagePath");
	assert_string_equal(page->rows[row].type, "REG_EXPAND_SZ");
	assert_string_equal(detail_of(&page->rows[row], "article")->text, "Q240208, step 3");
	assert_non_null(page->rows[row].decide->answers[0].hint);
	row = row_with(page, 0, "right");
	assert_int_equal(page->rows[row].mark, MARK_RIGHT);
	assert_string_equal(page->rows[row].cells[3], "E");
	assert_string_equal(page->counts, "11 values: 2 right, 0 decided, 9 open");
	assert_string_equal(page->who, "jsmith");
	assert_string_equal(page->mode, "PRACTICE");
	assert_int_equal(page->mode_tone, TONE_CALM);
	assert_null(strstr(page->badge, "looking only"));
	walker->arg = "seen";
	reply->kind = REPLY_LEAVE;
	reply->final = true;
}

static void a_value_says_where_it_leads_and_where_it_stands(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker_walk(walker, registry_says);
	assert_string_equal(walker->arg, "seen");
}

/* ---- a file by itself, and the rest like this ---- */

/* One stale file is kept, the rest like it are changed at once. */
static void keep_one(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t row = strcmp(page->id, "copy") == 0 ? row_with(page, 1, "mtperf.dll") : 0;

	if (strcmp(page->id, "copy") == 0 && page->rows[row].decided == NULL)
		answer_row(page, row, "keep", reply);
	else if (strcmp(page->id, "pause") == 0 || strcmp(page->id, "mail") == 0 ||
		page->question != NULL)
		leave(page, reply);
	else
		walker_right(walker, page, reply);
}

static void one_stale_file_is_kept_by_itself(void **state)
{
	struct walker *walker = walker_new(*state, false);
	const char *bin = talloc_asprintf(walker, "%s/E/exchsrvr/connect/msmcon/bin", walker->dir);
	const char *kept = talloc_asprintf(walker, "%s/mtperf.dll", bin);
	size_t len, now_len;
	uint8_t *before = support_read(walker, kept, &len), *now;
	const char *journal;

	walker_walk(walker, keep_one);
	now = support_read(walker, kept, &now_len);
	assert_int_equal(len, now_len);
	assert_memory_equal(before, now, len);
	journal = journal_text(walker);
	assert_int_equal(count(journal, "\"id\":\"file/Bin\\\\mtperf.dll\",\"decision\":\"keep\""),
		1);
	assert_int_equal(count(journal, "\"id\":\"file/Bin\\\\mt.exe\",\"decision\":\"change\""),
		1);
}

/* Everything about the page, then it is pressed. */
static void alike_page(struct walker *walker, const struct page *page, struct reply *reply)
{
	const struct action *change = action_of(page, "change");
	bool values = strstr(page->title, "3") != NULL;

	assert_string_equal(page->actions[0].id, "back");
	assert_true(page->actions[0].focused && !change->focused);
	assert_non_null(change->until_seen);
	assert_string_equal(change->label, values ? "Change all 9" : "Change all 7");
	for (size_t i = 0; i < page->row_count; i++)
		assert_false(page->rows[i].selectable);
	if (values) {
		/* Each with its key, and both sides whole. */
		assert_int_equal(page->row_count, 27);
		assert_true(row_with(page, 1, "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe") <
			page->row_count);
		assert_true(row_with(page, 1, "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe") <
			page->row_count);
	} else {
		assert_int_equal(page->row_count, 7);
		assert_int_equal(row_with(page, 0, "async.exe"), 7);
		assert_int_equal(row_with(page, 0, "xtnperf.ini"), 7);
		assert_int_equal(row_with(page, 0, "Conadmin.dll"), 7);
	}
	(void)walker;
	walker_press(reply, "change");
}

static void rest_alike(struct walker *walker, const struct page *page, struct reply *reply)
{
	bool files = strcmp(page->id, "copy") == 0, values = strcmp(page->id, "registry") == 0;
	size_t row = files ? row_with(page, 1, "mt.exe") : 0;

	if (strcmp(page->id, "alike") == 0)
		alike_page(walker, page, reply);
	else if ((files || values) && page->rows[row].decided == NULL)
		press_row("alike", row, reply);
	else if (strcmp(page->id, "share") == 0 || page->question != NULL)
		leave(page, reply);
	else
		walker_right(walker, page, reply);
}

static void the_rest_like_this_is_one_decision_for_each(void **state)
{
	struct walker *walker = walker_new(*state, false);
	const char *journal;

	assert_int_equal(walker_walk(walker, rest_alike), 3);
	assert_int_equal(count(walker->trace, "alike change\n"), 2);
	journal = journal_text(walker);
	/* 7 older files, 9 values; one newer, two without a version and one new file by
	 * themselves; and the backup. */
	assert_int_equal(count(journal, "\"what\":\"decision\""), 7 + 9 + 4 + 1);
	assert_int_equal(count(journal, "ImagePath\",\"decision\":\"change\"") +
			count(journal, "Library\",\"decision\":\"change\"") +
			count(journal, "MessageFile\",\"decision\":\"change\""),
		9);
	assert_int_equal(count(journal, "\"id\":\"file/Bin\\\\async.exe\",\"decision\":\"keep\""),
		1);
}

/* What is newer, or has no version, is like nothing. */
static void newer_alike(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t *turn = walker->arg;

	if (strcmp(page->id, "copy") != 0) {
		assert_string_not_equal(page->id, "alike");
		walker_right(walker, page, reply);
	} else if (*turn < 2) {
		press_row("alike", row_with(page, 4, *turn == 0 ? "NEWER" : "other"), reply);
		(*turn)++;
	} else {
		assert_non_null(strstr(page->message, "one by one"));
		(*turn)++;
		reply->final = true;
	}
}

static void what_is_not_plain_has_nothing_like_it(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t turn = 0;

	walker->arg = &turn;
	walker_walk(walker, newer_alike);
	assert_int_equal(turn, 3);
	assert_int_equal(count(journal_text(walker), "\"what\":\"decision\""), 1);
}

/* ---- an edit ---- */

#define NOWHERE "E:\\exchsrvr\\connect\\msmcon\\bin\\nowhere.exe"

static void edit_to_nowhere(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t *turn = walker->arg;

	if (strcmp(page->id, "registry") != 0) {
		walker_right(walker, page, reply);
	} else if (*turn == 0) {
		answer_row(page, row_with(page, 1, "MSExchangeMSMI"), "edit", reply);
		(*turn)++;
	} else if (*turn == 1) {
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->question->id,
			.text = NOWHERE };
		(*turn)++;
	} else {
		/* The box is there again, with what was typed and why it was refused. */
		assert_non_null(page->question);
		assert_string_equal(page->question->proposal, NOWHERE);
		assert_non_null(
			strstr(page->question->text, "nowhere.exe, and there is no usable file"));
		assert_null(page->rows[row_with(page, 1, "MSExchangeMSMI")].decided);
		(*turn)++;
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	}
}

static void an_edit_to_a_missing_file_is_refused_in_its_box(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t turn = 0;

	walker->arg = &turn;
	walker_walk(walker, edit_to_nowhere);
	assert_int_equal(turn, 3);
	assert_int_equal(count(journal_text(walker), "registry/"), 0);
}

/* ---- undo ---- */

/* Repaired, then one change, then its step, then all. */
static void undo_by_parts(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t *turn = walker->arg, row;

	if (strcmp(page->id, "mail") == 0 || strcmp(page->id, "pause") == 0) {
		reply->kind = REPLY_UNDO;
		return;
	}
	if (strcmp(page->id, "undo") != 0) {
		if (*turn > 0)
			leave(page, reply);
		else
			walker_right(walker, page, reply);
		return;
	}
	assert_string_equal(page->actions[0].id, "keep");
	assert_true(page->actions[0].focused);
	assert_null(strstr(page->lead, "Services run"));
	for (size_t i = 1; i < page->action_count; i++)
		assert_true(page->actions[i].writes && page->actions[i].key == '\0');
	row = row_with(page, 1, "MSExchangeMSMI, ImagePath");
	switch ((*turn)++) {
	case 0:
		/* 10 files, 9 values, the share, each with both sides. */
		assert_int_equal(page->row_count, 20);
		assert_string_equal(page->rows[0].group, "Step 4: Share");
		assert_string_equal(page->rows[1].group, "Step 3: Registry");
		assert_string_equal(page->rows[1].group_note, "9 changes");
		assert_string_equal(page->rows[10].group_note, "10 changes");
		assert_string_equal(detail_of(&page->rows[row], "now")->text,
			"E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
		assert_string_equal(detail_of(&page->rows[row], "again")->text,
			"C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
		press_row("undo-change", row, reply);
		break;
	case 1:
		assert_int_equal(page->row_count, 19);
		assert_int_equal(row, 19);
		assert_non_null(strstr(page->message, "MSExchangeMSMI, ImagePath is put back"));
		press_row("undo-step", row_with(page, 1, "mt.exe"), reply);
		break;
	case 2:
		assert_int_equal(page->row_count, 9);
		assert_non_null(strstr(page->message, "Step 2 is put back"));
		press_row("undo", 0, reply);
		break;
	default:
		fail_msg("the undo page came a fourth time");
	}
}

static void undo_goes_by_change_by_step_and_whole(void **state)
{
	struct walker *walker = walker_new(*state, true);
	const char *argv[] = { "sh", "-c", "rm -r \"$1\"/E/exchsrvr/connect/msmcon/*.q240208-*",
		"sh", walker->dir, NULL };
	char *before = walker_tree(walker, walker->dir), *after;
	size_t turn = 0;

	walker->arg = &turn;
	assert_int_equal(walker_walk(walker, undo_by_parts), 2);
	assert_string_equal(walker->last, "diagnosis");
	assert_int_equal(turn, 3);
	assert_int_equal(support_run(walker, argv, NULL, NULL), 0);
	after = walker_tree(walker, walker->dir);
	/* All but the time of the folder that the backup stood in. */
	for (char *save, *line = strtok_r(after, "\n", &save); line != NULL;
		line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "d ./E/exchsrvr/connect/msmcon ", 30) != 0 &&
			strstr(before, line) == NULL)
			fail_msg("not as before: %s", line);
}

/* Somebody else changed one file since: it is told, and the rest can go back. */
static void undo_the_rest(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t *turn = walker->arg, row;

	if (strcmp(page->id, "pause") == 0) {
		support_write_text(talloc_asprintf(walker,
					   "%s/E/exchsrvr/connect/msmcon/bin/mtmsg.dll",
					   walker->dir),
			"somebody else");
		reply->kind = REPLY_UNDO;
	} else if (strcmp(page->id, "undo") != 0) {
		walker_right(walker, page, reply);
		if (*turn > 0)
			leave(page, reply);
	} else if ((*turn)++ == 0) {
		row = row_with(page, 1, "mtmsg.dll");
		assert_non_null(action_of(page, "undo")->refused);
		assert_non_null(strstr(detail_of(&page->rows[row], "refused")->text,
			"changed by somebody else"));
		press_row("undo-step", 1, reply);
	} else {
		assert_non_null(strstr(page->message, "Step 3 is put back"));
		assert_int_equal(page->row_count, 11);
		walker_press(reply, "keep");
	}
}

static void what_somebody_else_changed_does_not_keep_the_rest(void **state)
{
	struct walker *walker = walker_new(*state, true);
	size_t turn = 0;

	walker->arg = &turn;
	walker_walk(walker, undo_the_rest);
	assert_int_equal(turn, 2);
}

/* ---- the journal ---- */

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(an_extra_file_shows_no_version_of_setups),
		SUPPORT_TEST(a_value_says_where_it_leads_and_where_it_stands),
		SUPPORT_TEST(one_stale_file_is_kept_by_itself),
		SUPPORT_TEST(the_rest_like_this_is_one_decision_for_each),
		SUPPORT_TEST(what_is_not_plain_has_nothing_like_it),
		SUPPORT_TEST(an_edit_to_a_missing_file_is_refused_in_its_box),
		SUPPORT_TEST(undo_goes_by_change_by_step_and_whole),
		SUPPORT_TEST(what_somebody_else_changed_does_not_keep_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
