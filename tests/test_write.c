/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written and what stays open, as the walk shows it: the last page before writing, what it
 * leaves, what is written later. The case has 10 stale files and a newer one, 4 more that are
 * right, 11 values of which 2 are right, and one share. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support.h"
#include "tests/walker.h"

struct telling {
	int values;        /* so many are decided, then all is passed by */
	int writings;      /* how often "write" is pressed */
	const char *leave; /* the page that the walk is left at, once all is written */
	int written;
	bool later;    /* the rest is decided on its page after that */
	char *pages;   /* what pages said: id, counts, message, steps */
	char *message; /* the last one */
};

static const char *step_text(TALLOC_CTX *mem, const struct page *page)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < page->step_count; i++)
		if (page->steps[i].mark == MARK_WEAK || page->steps[i].count)
			text = talloc_asprintf_append(text, " %d:%s%s", page->steps[i].number,
				page->steps[i].mark == MARK_WEAK ? "weak " : "",
				page->steps[i].count ? page->steps[i].count : "");
	return text;
}

static const struct action *action_of(const struct page *page, const char *id)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, id) == 0)
			return &page->actions[i];
	return NULL;
}

static void seen(struct walker *walker, const struct page *page)
{
	struct telling *told = walker->arg;
	const struct action *write = action_of(page, "write");

	told->pages = talloc_asprintf_append(told->pages, "%s|%s|%s|%s|%s\n", page->id,
		page->counts ? page->counts : "", write ? write->label : "",
		step_text(walker, page), page->message ? page->message : "");
	if (page->message)
		told->message = talloc_strdup(walker, page->message);
}

/* The right way, but only so many values are decided, and the share is not. */
static void partly(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct telling *told = walker->arg;
	bool registry = strcmp(page->id, "registry") == 0, share = strcmp(page->id, "share") == 0;

	if (page->question != NULL && strcmp(page->question->id, "leave") == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	else if (strcmp(page->id, "unfinished") == 0) {
		walker_press(reply, "go-on");
		reply->text = "jdoe";
	} else if (told->leave && strcmp(page->id, told->leave) == 0 &&
		told->written == told->writings)
		*reply = (struct reply){ .kind = REPLY_LEAVE };
	else if ((strcmp(page->id, "pause") == 0 || strcmp(page->id, "mail") == 0) &&
		told->written < told->writings) {
		told->later = true;
		*reply = (struct reply){ .kind = REPLY_STEP, .step = 3 };
	} else if (strcmp(page->id, "carry") == 0 && told->written < told->writings) {
		told->written++;
		walker_press(reply, "write");
	} else if (!told->later && ((registry && told->values-- <= 0) || share)) {
		walker_press(reply, "continue");
	} else {
		walker_right(walker, page, reply);
	}
}

static struct walker *told_walker(TALLOC_CTX *mem, bool disks, struct telling *told)
{
	struct walker *walker = walker_new(mem, disks);

	told->pages = talloc_strdup(walker, "");
	walker->arg = told;
	walker->seen = seen;
	return walker;
}

static void says(const struct telling *told, const char *text)
{
	if (!strstr(told->pages, text))
		fail_msg("no page says \"%s\":\n%s", text, told->pages);
}

static void says_not(const struct telling *told, const char *text)
{
	if (strstr(told->pages, text))
		fail_msg("a page says \"%s\":\n%s", text, told->pages);
}

/* Written: 10 files, 2 values. Open: 7 values, the share. Right: 4 files, 2 values. */
static void the_page_before_writing_counts_every_row(void **state)
{
	struct telling told = { .values = 2, .writings = 1, .leave = "mail" };
	struct walker *walker = told_walker(*state, false, &told);

	assert_int_equal(walker_walk(walker, partly), 3);
	says(&told, "carry|12 to write, 1 kept, 6 right, 8 stay open|Write 12, leave 8 open|");
	says(&told, " 2:11/11 3:2/9 4:0/1|");
	/* The next page says so, and no step of which something is open is done. */
	says(&told,
		"mail|All of step 5 is as strong as its weakest line: NOT TESTED|| 3:weak 7 4:weak 1 0:weak 8|Carried out and verified. 8 rows were left open;");
}

static void look_at_step_2(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct telling *told = walker->arg;

	if (told->written == 0)
		partly(walker, page, reply);
	else if (strcmp(page->id, "copy") == 0)
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	else
		*reply = (struct reply){ .kind = REPLY_STEP, .step = 2 };
}

static void no_step_of_which_something_is_open_is_done(void **state)
{
	struct telling told = { .values = 2, .writings = 1 };
	struct walker *walker = told_walker(*state, false, &told);

	assert_int_equal(walker_walk(walker, look_at_step_2), 3);
	says(&told, "copy|15 files: 4 right, 11 decided, 0 open|| 3:weak 7 4:weak 1 0:weak 8|");
}

static bool has_detail(const struct row *row, enum detail_kind kind, const char *label)
{
	for (size_t i = 0; i < row->detail_count; i++)
		if (row->details[i].kind == kind && strcmp(row->details[i].label, label) == 0)
			return *row->details[i].text != '\0';
	return false;
}

/* In the order of the steps, each once, with its word and question; what is focused writes
 * nothing. */
static void rows_of_carry(struct walker *walker, const struct page *page)
{
	struct telling *told = walker->arg;
	size_t groups = 0, asked = 0;

	if (strcmp(page->id, "carry") != 0)
		return;
	assert_int_equal(page->row_count, 15 + 11 + 1);
	for (size_t i = 0; i < page->row_count; i++) {
		const struct row *row = &page->rows[i];

		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(page->rows[k].id, row->id);
		groups += row->group != NULL;
		asked += row->decide != NULL && row->decided == NULL;
		assert_int_equal(row->decide == NULL, row->mark == MARK_RIGHT);
		assert_true(*row->cells[2] != '\0' && *row->cells[3] != '\0');
		/* What y would decide is shown, in short and in its details. */
		if (row->mark == MARK_CHANGE || row->mark == MARK_ASK) {
			assert_int_equal(strncmp(row->cells[3], "→ ", strlen("→ ")), 0);
			assert_string_not_equal(row->cells[2], row->cells[3] + strlen("→ "));
			assert_true(has_detail(row, DETAIL_BEFORE, "now"));
			assert_true(has_detail(row, DETAIL_AFTER, "new"));
			assert_true(has_detail(row, DETAIL_TEXT, "why"));
		}
	}
	assert_int_equal(groups, 3);
	assert_int_equal(asked, 8);
	assert_string_equal(page->columns[2].heading, "Before");
	assert_string_equal(page->columns[3].heading, "After");
	assert_string_equal(page->rows[0].group, "Files in the Bin on E:");
	assert_string_equal(page->rows[15].group, "Registry, ControlSet001");
	assert_string_equal(page->rows[15].group_note, "2 to write, 2 right, 7 stay open");
	assert_string_equal(page->actions[0].id, "not-yet");
	assert_true(page->actions[0].focused && !page->actions[0].writes);
	assert_true(action_of(page, "write")->writes && !action_of(page, "write")->ask);
	told->later = true;
}

static void the_page_before_writing_has_every_row(void **state)
{
	struct telling told = { .values = 2, .writings = 0, .leave = "carry" };
	struct walker *walker = told_walker(*state, false, &told);

	walker->seen = rows_of_carry;
	assert_int_equal(walker_walk(walker, partly), 3);
	assert_true(told.later);
}

/* "Not yet" leads to what is still open, and writes nothing. */
static void press_not_yet(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct telling *told = walker->arg;

	if (strcmp(page->id, "carry") != 0 || told->written++ > 0)
		partly(walker, page, reply);
	else
		walker_press(reply, "not-yet");
}

static void not_yet_leads_to_what_is_open(void **state)
{
	struct telling told = { .values = 2, .leave = "share" };
	struct walker *walker = told_walker(*state, false, &told);

	told.writings = 1;
	assert_int_equal(walker_walk(walker, press_not_yet), 3);
	assert_non_null(strstr(walker->trace, "carry not-yet\nshare leave\n"));
}

/* Written later from its page, on a practice server and on disks; then it is all done. */
static void what_was_left_is_written_later(void **state)
{
	for (int disks = 0; disks < 2; disks++) {
		struct telling told = { .values = 2,
			.writings = 2,
			.leave = disks ? "pause" : "mail" };
		struct walker *walker = told_walker(*state, disks, &told);

		assert_int_equal(walker_walk(walker, partly), 3);
		says(&told, "|Write 8 more|");
		says(&told,
			disks ? "pause||||Carried out and verified.\n"
			      : "mail|All of step 5 is as strong as its weakest line: NOT TESTED|||Carried out and verified.\n");
	}
}

/* The same in another call, from the page that the run is resumed at. */
static void what_was_left_is_written_after_a_resume(void **state)
{
	struct telling told = { .values = 2, .writings = 1, .leave = "pause" };
	struct walker *walker = told_walker(*state, true, &told);

	assert_int_equal(walker_walk(walker, partly), 3);
	told = (struct telling){ .writings = 1, .leave = "pause", .pages = told.pages };
	walker->resume = "last";
	assert_int_equal(walker_walk(walker, partly), 3);
	says(&told, "|Write 8 more|");
	assert_non_null(strstr(told.message, "Carried out and verified."));
}

/* What the run wrote before it was left is written, not right, on every page that shows it. */
static void written_before(struct walker *walker, const struct page *page)
{
	bool all = strcmp(page->id, "carry") == 0;
	const char *word = all ? "written" : "done";
	size_t *written = walker->arg;

	if (!all && strcmp(page->id, "registry") != 0)
		return;
	for (size_t i = 0; i < page->row_count; i++) {
		bool is = strcmp(page->rows[i].cells[0], word) == 0;

		*written += is;
		assert_true(is == (page->rows[i].mark == MARK_DONE));
		/* "C:", and what stands there now */
		if (is && all && strstr(page->rows[i].subject, "ImagePath") != NULL) {
			assert_string_equal(page->rows[i].cells[2], "C:");
			assert_string_equal(page->rows[i].cells[3], "→ E:");
		}
	}
}

static void to_the_steps(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	reply->final = true;
	if (strcmp(page->id, "unfinished") == 0) {
		walker_press(reply, "go-on");
		reply->text = "jsmith";
	} else if (strcmp(page->id, "pause") == 0 || strcmp(page->id, "mail") == 0)
		reply->kind = REPLY_BACK;
	else if (strcmp(page->id, "carry") == 0)
		*reply = (struct reply){ .kind = REPLY_STEP, .step = 3 };
}

static void what_was_written_stays_written_after_a_resume(void **state)
{
	struct telling told = { .values = 2, .writings = 1, .leave = "pause" };
	struct walker *walker = told_walker(*state, true, &told);
	size_t written = 0;

	assert_int_equal(walker_walk(walker, partly), 3);
	walker->resume = "last";
	walker->arg = &written;
	walker->seen = written_before;
	walker_walk(walker, to_the_steps);
	assert_string_equal(walker->last, "registry");
	/* Two values there, and both with all stale files on the page before writing. */
	assert_true(written >= 2 + 2);
}

/* ---- the work itself ---- */

/* Each change is told once it was looked at, newest first, with how. */
static void working(struct walker *walker, const struct job_state *state)
{
	struct telling *told = walker->arg;
	char *text;

	if (state->total == 0 || state->last_count == 0)
		return;
	text = talloc_asprintf(walker, "%zu of %zu, %zu: %s %s %s %s|", state->done, state->total,
		state->last_count, state->last[0].what, state->last[0].before, state->last[0].after,
		state->last[0].checked);
	for (size_t i = 0; i < state->part_count; i++)
		text = talloc_asprintf_append(text, " %d:%s", state->parts[i].number,
			state->parts[i].count ? state->parts[i].count : "");
	told->pages = talloc_asprintf_append(told->pages, "%s\n", text);
}

static void every_change_is_told_while_it_is_made(void **state)
{
	struct telling told = { .values = 2, .writings = 2, .leave = "mail" };
	struct walker *walker = told_walker(*state, false, &told);

	walker->working = working;
	assert_int_equal(walker_walk(walker, partly), 3);
	says(&told, "\n1 of 12, 1: address.dll 5.5.1960.9 5.5.2448.0 read back| 2:1/10 3: 4:\n");
	says(&told,
		"\n12 of 12, 8: MSExchangeMSMI, ImagePath C: E: read by two readers| 2:10/10 3:2/2 4:\n");
	says(&told, "\n8 of 8, 8: Maildat$ not there E: read by two readers| 2: 3:7/7 4:1/1\n");
	says_not(&told, "\n13 of");
}

/* ---- a resumed run that wrote is put back ---- */

static void put_back(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct telling *told = walker->arg;

	if (strcmp(page->id, "diagnosis") == 0)
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	else if (strcmp(page->id, "undo") == 0) {
		walker_press(reply, "undo");
		reply->answer = "undo";
	} else if (strcmp(page->id, "pause") == 0 && told->written == told->writings)
		*reply = (struct reply){ .kind = REPLY_UNDO };
	else
		partly(walker, page, reply);
}

static void a_resumed_run_that_wrote_says_so_when_it_is_put_back(void **state)
{
	struct telling told = { .leave = "registry", .pages = NULL };
	struct walker *walker = told_walker(*state, true, &told);

	assert_int_equal(walker_walk(walker, partly), 3);
	told = (struct telling){ .values = 9, .writings = 1, .pages = told.pages };
	walker->resume = "last";
	walker_walk(walker, put_back);
	assert_non_null(
		strstr(told.message, "All that this run had changed is put back and verified."));
	says_not(&told, "It had changed nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(the_page_before_writing_counts_every_row),
		SUPPORT_TEST(no_step_of_which_something_is_open_is_done),
		SUPPORT_TEST(the_page_before_writing_has_every_row),
		SUPPORT_TEST(not_yet_leads_to_what_is_open),
		SUPPORT_TEST(what_was_left_is_written_later),
		SUPPORT_TEST(what_was_left_is_written_after_a_resume),
		SUPPORT_TEST(what_was_written_stays_written_after_a_resume),
		SUPPORT_TEST(every_change_is_told_while_it_is_made),
		SUPPORT_TEST(a_resumed_run_that_wrote_says_so_when_it_is_put_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
