/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons as they are walked: played well and badly by a front end without a screen; their pages as
 * text. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/gallery.h"
#include "tests/marker.h"
#include "tests/support.h"
#include "ui/layout.h"

/* The two values of the case two-paths with seed 3, by hand: only what leads to C: becomes what
 * stands on E:. */
#define MSMI_VALUE "registry/EventLog\\Application\\MSExchangeMSMI\\EventMessageFile"
#define MSMI_RIGHT \
	"E:\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll"
#define LAN_RIGHT \
	"%SystemRoot%\\System32\\netmsg.dll;E:\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll"

struct play {
	const char *wrong;    /* proposed the first time, or NULL */
	bool yes_to_files;    /* y on every file, the newer one too */
	const char *choice;   /* words in the answer that is to be chosen; NULL: none */
	const char *leave_at; /* page that the lesson is left at, and how */
	const char *leave_how;
	bool leave_refused; /* ... as soon as the program refuses something */
	size_t tips;        /* taken on the first row that is open */
	bool exam, covers;  /* no value is shown before it is proposed */
	struct gallery *gallery;
	const char *show; /* names of the pages that are compared, each between blanks */
	char *debrief;    /* what the last page said */
	size_t proposed, hidden_seen;
	bool coach_seen;
	char *last_coach, *last_badge;
};

static struct walker *trainee(TALLOC_CTX *mem, const char *name, struct play *play)
{
	struct walker *walker = talloc_zero(mem, struct walker);

	walker->runs = support_folder(walker);
	walker->dir = talloc_asprintf(walker, "%s/training/lessons", walker->runs);
	walker->trace = talloc_strdup(walker, "");
	walker->options = (struct options){ .train = true,
		.train_case = name,
		.seed = 3,
		.has_seed = true,
		.seat = "anna",
		.runs = walker->runs };
	walker->arg = play;
	return walker;
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

static bool has_action(const struct page *page, const char *id)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, id) == 0)
			return true;
	return false;
}

/* ---- What must hold on every page, and pages as text ---- */

/* No row that is to be proposed shows what the program would write. */
static void hidden_check(struct play *play, const struct page *page)
{
	for (size_t i = 0; i < page->row_count; i++) {
		const struct row *row = &page->rows[i];
		bool covered = false, shown = false;

		for (size_t d = 0; d < row->detail_count; d++) {
			covered = covered || strcmp(row->details[d].label, "yours") == 0;
			shown = shown || strcmp(row->details[d].label, "after") == 0;
		}
		assert_false(covered && shown);
		assert_false(play->covers && shown && row->decided == NULL);
		play->hidden_seen += covered;
	}
}

static const char *page_name(struct walker *walker, const struct page *page)
{
	const char *coach = page->coach != NULL ? page->coach : "";

	if (strcmp(page->id, "exam") == 0 && !has_action(page, "next"))
		return "exam-over";
	if (strcmp(page->id, "marks") == 0)
		return has_action(page, "begin") ? "lesson-marks-told" : "lesson-marks";
	if (strncmp(page->id, "lesson", 6) == 0 || strcmp(page->id, "debrief") == 0 ||
		strcmp(page->id, "train") == 0 || strcmp(page->id, "exam") == 0)
		return page->id;
	return talloc_asprintf(walker, "lesson-%s%s",
		strstr(coach, "Tip 1") != NULL                              ? "tip"
			: strstr(coach, "more than the front part") != NULL ? "wrong"
									    : page->id,
		page->question != NULL ? "-question" : "");
}

static void compared(struct walker *walker, const struct page *page)
{
	struct play *play = walker->arg;
	const char *name = page_name(walker, page);

	if (play->gallery != NULL &&
		strstr(play->show, talloc_asprintf(walker, " %s ", name)) != NULL)
		gallery_show(play->gallery, walker, page, name);
}

static void seen(struct walker *walker, const struct page *page)
{
	struct play *play = walker->arg;

	assert_string_equal(page->mode,
		play->exam || walker->options.exam > 0 ? "EXAM" : "TRAINING");
	if (strcmp(page->id, "registry") == 0)
		hidden_check(play, page);
	if (page->coach != NULL) {
		assert_int_equal(strncmp(page->coach, "Coach: ", 7), 0);
		assert_string_not_equal(page->id, "marks");
		play->coach_seen = true;
		play->last_coach = talloc_strdup(walker, page->coach);
	}
	play->last_badge = talloc_strdup(walker, page->badge);
	if (play->exam && strcmp(page->id, "exam") != 0) {
		assert_null(page->coach);
		assert_false(has_action(page, "tip"));
		assert_null(strstr(page->badge, "points"));
		/* Nor how to build the same server at home, nor what the case is called. */
		assert_true(page->lead == NULL || strstr(page->lead, "seed") == NULL);
		assert_null(strstr(page->title, "Case: "));
	}
	if (strcmp(page->id, "debrief") == 0 && layout_selectable(page))
		assert_true(page->rows[page->cursor].selectable);
	if (strcmp(page->id, "debrief") == 0 || strcmp(page->id, "exam") == 0)
		play->debrief = talloc_asprintf(walker, "%d of %d points. %s %s%s",
			page->points != NULL ? page->points->got : -1,
			page->points != NULL ? page->points->most : -1,
			page->verdict.text != NULL ? page->verdict.text : "", page->lead,
			page->tail != NULL ? page->tail : "");
	compared(walker, page);
}

/* ---- The trainee ---- */

static void say(const struct question *question, const char *answer, struct reply *reply)
{
	*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id, .answer = answer };
}

static void propose(struct play *play, const struct question *question, struct reply *reply)
{
	const char *right =
		strcmp(question->id, "registry.propose:" MSMI_VALUE) == 0 ? MSMI_RIGHT : LAN_RIGHT;

	*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id };
	reply->text = play->wrong != NULL && play->proposed == 0 ? play->wrong : right;
	play->proposed++;
}

static bool tip_wanted(struct play *play, const struct page *page, struct reply *reply)
{
	for (size_t i = 0; play->tips > 0 && i < page->row_count; i++) {
		if (page->rows[i].decide == NULL || page->rows[i].decided != NULL ||
			strcmp(page->id, "registry") != 0)
			continue;
		play->tips--;
		walker_press(reply, "tip");
		reply->cursor = i;
		return true;
	}
	return false;
}

static void choose(const struct play *play, const struct page *page, struct reply *reply)
{
	walker_press(reply, "none");
	for (size_t i = 0; play->choice != NULL && i < page->row_count; i++) {
		if (strstr(page->rows[i].cells[0], play->choice) == NULL)
			continue;
		walker_press(reply, "choose");
		reply->cursor = i;
	}
}

static bool file_taken(const struct play *play, const struct page *page, struct reply *reply)
{
	for (size_t i = 0;
		play->yes_to_files && strcmp(page->id, "copy") == 0 && i < page->row_count; i++) {
		if (page->rows[i].decide == NULL || page->rows[i].decided != NULL)
			continue;
		say(page->rows[i].decide, "change", reply);
		reply->cursor = i;
		return true;
	}
	return false;
}

static void player(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct play *play = walker->arg;

	if (page->question != NULL && strncmp(page->question->id, "registry.propose:", 17) == 0)
		propose(play, page->question, reply);
	else if (page->question != NULL && strcmp(page->question->id, "lesson.leave") == 0)
		say(page->question, play->leave_how, reply);
	else if ((play->leave_at != NULL && strcmp(page->id, play->leave_at) == 0) ||
		(play->leave_refused && page->message_bad))
		reply->kind = REPLY_LEAVE;
	else if (strcmp(page->id, "debrief") == 0 || strcmp(page->id, "train") == 0)
		walker_press(reply, "quit");
	else if (strcmp(page->id, "exam") == 0)
		walker_press(reply, has_action(page, "next") ? "next" : "quit");
	else if (strcmp(page->id, "report") == 0)
		walker_press(reply, "end");
	else if (strcmp(page->id, "unfinished") == 0 && page->question == NULL)
		walker_press(reply, "go-on");
	else if (strcmp(page->id, "marks") == 0)
		marker_reply(page, reply);
	else if (strcmp(page->id, "lesson.ask") == 0)
		choose(play, page, reply);
	else if (strcmp(page->id, "mail") == 0 && page->question == NULL)
		walker_press(reply, "continue");
	else if (!tip_wanted(play, page, reply) && !file_taken(play, page, reply))
		walker_right(walker, page, reply);
}

static int play_it(struct walker *walker)
{
	walker->seen = seen;
	return walker_walk(walker, player);
}

/* ---- Played ---- */

static void a_right_trainee_has_all_points(void **state)
{
	struct play play = { .covers = true };
	struct walker *walker = trainee(*state, "two-paths", &play);

	assert_int_equal(play_it(walker), 0);
	assert_non_null(strstr(play.debrief, "100 of 100 points. PASSED "));
	assert_int_equal(count(walker->trace, "registry registry.propose:"), 2);
	assert_true(play.hidden_seen > 0 && play.coach_seen);
	assert_string_equal(walker->last, "debrief");
}

/* A wrong proposal leaves the row open and the case goes on. Three tips cost fifteen points, asking
 * for a fourth and a fifth nothing. */
static void a_wrong_proposal_and_tips_cost_points(void **state)
{
	struct play play = {
		.wrong = MSMI_RIGHT " /x",
		.tips = 5,
		.gallery = gallery_new(*state),
		.show = " lesson lesson-marks lesson-marks-told lesson-diagnosis lesson-registry lesson-registry-question lesson-tip lesson-wrong "
	};
	struct walker *walker = trainee(*state, "two-paths", &play);

	assert_int_equal(play_it(walker), 0);
	/* The last tip uncovered the first value; the other one was proposed twice. */
	assert_int_equal(count(walker->trace, "registry registry.propose:" MSMI_VALUE), 0);
	assert_int_equal(count(walker->trace, "registry registry.propose:"), 2);
	assert_int_equal(count(walker->trace, "registry tip\n"), 5);
	assert_non_null(strstr(play.debrief, "85 of 100 points. PASSED "));
	assert_int_equal(play.gallery->wrong, 0);
}

static void yes_to_everything_does_not_pass(void **state)
{
	struct play play = { .yes_to_files = true,
		.gallery = gallery_new(*state),
		.show = " lesson-mail lesson-report debrief " };
	struct walker *walker = trainee(*state, "standard", &play);

	assert_int_equal(play_it(walker), 1);
	assert_non_null(strstr(play.debrief, "55 of 100 points. NOT PASSED"));
	assert_non_null(strstr(play.debrief, "What it leads to: "));
	/* Level 1 shows what would be written. */
	assert_int_equal(play.hidden_seen, 0);
	assert_int_equal(play.gallery->wrong, 0);
}

static void a_server_with_nothing_wrong_is_left_alone(void **state)
{
	struct play play = { .leave_at = "diagnosis",
		.leave_how = "end",
		.choice = "Nothing: every entry",
		.gallery = gallery_new(*state),
		.show = " lesson.ask lesson-diagnosis-question train " };
	struct walker *walker = trainee(*state, "nothing-wrong", &play);

	assert_int_equal(play_it(walker), 0);
	assert_non_null(strstr(play.debrief, "100 of 100 points. PASSED "));
	/* The list knows it now. */
	walker->options.train_case = NULL;
	assert_int_equal(play_it(walker), 0);
	assert_int_equal(play.gallery->wrong, 0);
}

/* The end of the input is no decision, and no end of the lesson. */
static void closed_door(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "carry") == 0)
		*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	else
		player(walker, page, reply);
}

static void a_lesson_can_be_resumed(void **state)
{
	struct play first = { .tips = 1, .leave_at = "share", .leave_how = "later" },
		    second = { 0 };
	struct walker *walker = trainee(*state, "two-paths", &first);

	assert_int_equal(play_it(walker), 3);
	assert_int_equal(count(walker->trace, "share lesson.leave=later"), 1);
	walker->arg = &second;
	walker->trace = talloc_strdup(walker, "");
	assert_int_equal(walker_walk(walker, closed_door), 3);
	assert_string_equal(walker->last, "carry");
	assert_null(strstr(walker->trace, "lesson.leave"));
	walker->trace = talloc_strdup(walker, "");
	assert_int_equal(play_it(walker), 0);
	assert_non_null(strstr(walker->trace, "lesson begin\nunfinished go-on\n"));
	assert_int_equal(count(walker->trace, "registry registry.propose:"), 0);
	assert_non_null(strstr(second.debrief, "95 of 100 points"));
}

static void a_server_that_must_be_refused_is_a_lesson(void **state)
{
	struct play right = { .choice = "start the server once",
		.leave_refused = true,
		.leave_how = "end" };
	struct play wrong = { .choice = "SYSTEM.ALT", .leave_refused = true, .leave_how = "end" };
	struct walker *walker = trainee(*state, "dirty-hive", &right);

	assert_int_equal(play_it(walker), 0);
	assert_non_null(strstr(right.debrief, "100 of 100 points"));
	assert_int_equal(count(walker->trace, "lesson begin\n"), 1);
	walker->arg = &wrong;
	assert_int_equal(play_it(walker), 1);
	assert_non_null(strstr(wrong.debrief, "40 of 100 points. NOT PASSED"));
}

/* Where the program says at once that it cannot be repaired here, the lesson can be ended there. */
static void a_lesson_without_room_can_be_ended(void **state)
{
	struct play play = { .choice = "with the owner",
		.leave_refused = true,
		.leave_how = "end" };
	struct walker *walker = trainee(*state, "no-room", &play);

	assert_int_equal(play_it(walker), 0);
	assert_non_null(strstr(play.debrief, "100 of 100 points"));
	assert_int_equal(count(walker->trace, "backup backup\n"), 0);
}

static void an_exam_shows_no_tips(void **state)
{
	struct play play = { .exam = true,
		.leave_at = "diagnosis",
		.leave_how = "end",
		.gallery = gallery_new(*state),
		.show = " exam exam-over " };
	struct walker *walker = trainee(*state, NULL, &play);

	walker->options.exam = 2;
	assert_in_range(play_it(walker), 0, 1);
	assert_int_equal(count(walker->trace, "exam next\n"), 2);
	assert_null(strstr(walker->trace, "debrief"));
	assert_non_null(strstr(play.debrief, "The exam is over"));
	assert_int_equal(play.gallery->wrong, 0);
	/* What is ended stays ended. */
	walker->trace = talloc_strdup(walker, "");
	play_it(walker);
	assert_string_equal(walker->trace, "exam quit\n");
}

/* Presses everything that writes nothing, and answers nothing. */
static void press_all(struct walker *walker, const struct page *page, struct reply *reply)
{
	size_t at = walker->pages % page->action_count;

	reply->final = true;
	at = page->actions[at].writes ? (at + 1) % page->action_count : at;
	if (walker->pages < 60 && page->question == NULL)
		walker_press(reply, page->actions[at].id);
	if (strcmp(page->id, "train") == 0 &&
		strcmp(reply->id != NULL ? reply->id : "", "quit") == 0)
		walker_press(reply, "words");
}

static void who_answers_nothing_ends_the_lesson_unharmed(void **state)
{
	struct play play = { 0 };
	struct walker *walker = trainee(*state, "two-paths", &play);

	assert_int_equal(walker_walk(walker, press_all), 3);
	assert_int_equal(count(walker->trace, "=") + count(walker->trace, "copy "), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_right_trainee_has_all_points),
		SUPPORT_TEST(a_wrong_proposal_and_tips_cost_points),
		SUPPORT_TEST(yes_to_everything_does_not_pass),
		SUPPORT_TEST(a_server_with_nothing_wrong_is_left_alone),
		SUPPORT_TEST(a_lesson_can_be_resumed),
		SUPPORT_TEST(a_server_that_must_be_refused_is_a_lesson),
		SUPPORT_TEST(a_lesson_without_room_can_be_ended),
		SUPPORT_TEST(an_exam_shows_no_tips),
		SUPPORT_TEST(who_answers_nothing_ends_the_lesson_unharmed),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
