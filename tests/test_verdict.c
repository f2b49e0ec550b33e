/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one word for a run: every end, every grade of mail, every end of the old folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "report/report.h"
#include "tests/support.h"

/* A run of which nothing is left, with what a test adds. */
struct made {
	struct report report;
	struct oldfolder_record old;
	struct evidence_list mail;
	struct report_change changes[1];
};

static struct report *report_of(struct made *made, enum run_end end, enum mail_grade mail,
	enum oldfolder_end old)
{
	*made = (struct made){ 0 };
	made->old.end = old;
	made->report = (struct report){ .end = end,
		.weakest = mail,
		.mail = &made->mail,
		.old_folder = &made->old,
		.changes = made->changes };
	return &made->report;
}

static bool settled(enum oldfolder_end old)
{
	return old == OLDFOLDER_LEFT || old == OLDFOLDER_IS_ASIDE || old == OLDFOLDER_IS_BACK ||
		old == OLDFOLDER_DELETED;
}

/* The issue: REPAIRED only where every step is verified or left by decision. */
static void repaired_is_said_of_nothing_less(void **state)
{
	struct made made;
	size_t repaired = 0;

	(void)state;
	for (int end = END_NONE; end <= END_PARTLY_UNDONE; end++)
		for (int mail = MAIL_FAILED; mail <= MAIL_VERIFIED; mail++)
			for (int old = OLDFOLDER_NOT_REACHED; old <= OLDFOLDER_DELETED; old++) {
				struct report *report = report_of(&made, (enum run_end)end,
					(enum mail_grade)mail, (enum oldfolder_end)old);
				bool all = end == END_REPAIRED && mail == MAIL_VERIFIED &&
					settled((enum oldfolder_end)old);

				report->steps[STEP_VALUES - 1].made = 9;
				assert_int_equal(report_verdict(report) == VERDICT_REPAIRED, all);
				assert_int_equal(strcmp(verdict_word(report_verdict(report)),
							 "REPAIRED") == 0,
					all);
				repaired += all;
			}
	assert_int_equal(repaired, 4);
}

static void where_all_was_kept_it_says_kept(void **state)
{
	struct made made;
	struct report *report = report_of(&made, END_REPAIRED, MAIL_ATTESTED, OLDFOLDER_LEFT);

	(void)state;
	report->steps[STEP_FILES - 1].kept = 10;
	assert_string_equal(verdict_word(report_verdict(report)), "KEPT");
	report->steps[STEP_FILES - 1].made = 1;
	assert_string_equal(verdict_word(report_verdict(report)), "ATTESTED");
	/* Kept in an earlier run: only the last look knows it. */
	report = report_of(&made, END_REPAIRED, MAIL_VERIFIED, OLDFOLDER_LEFT);
	report->survey = json_pack("{s:[{s:i, s:{s:s}}]}", "rows", "step", 3, "kept", "by", "jdoe");
	assert_string_equal(verdict_word(report_verdict(report)), "KEPT");
	json_decref(report->survey);
	report->survey = NULL;
	assert_string_equal(verdict_word(report_verdict(report)), "RIGHT");
}

static void mail_has_its_own_word_for_each_grade(void **state)
{
	static const char *const words[] = { "MAIL FAILED", "NOT TESTED", "NOT SEEN",
		"MAIL UNKNOWN", "ATTESTED", "TO A STAGE", "REPAIRED" };
	struct made made;

	(void)state;
	for (int mail = MAIL_FAILED; mail <= MAIL_VERIFIED; mail++) {
		struct report *report =
			report_of(&made, END_REPAIRED, (enum mail_grade)mail, OLDFOLDER_LEFT);

		report->steps[STEP_SHARE - 1].made = 1;
		assert_string_equal(verdict_word(report_verdict(report)), words[mail]);
	}
}

/* Rows that nobody decided are open; what was made and is not right is wrong. */
static void what_is_left_is_open_or_wrong(void **state)
{
	struct made made;
	struct report *report = report_of(&made, END_LEFT, MAIL_VERIFIED, OLDFOLDER_LEFT);
	json_t *surveyed = json_pack("{s:[s]}", "left", "share/Maildat$");

	(void)state;
	report->surveyed = surveyed;
	assert_string_equal(verdict_word(report_verdict(report)), "OPEN");
	made.changes[0] =
		(struct report_change){ .id = "share/Maildat$", .result = RESULT_NOT_MADE };
	report->change_count = 1;
	assert_string_equal(verdict_word(report_verdict(report)), "OPEN");
	made.changes[0].result = RESULT_VERIFIED;
	assert_string_equal(verdict_word(report_verdict(report)), "WRONG");
	json_decref(surveyed);
}

/* Where the last look saw no second Msmcon, step 6 has nothing to come to. */
static void an_old_folder_that_is_not_there_is_not_open(void **state)
{
	struct made made;
	struct report *report =
		report_of(&made, END_REPAIRED, MAIL_VERIFIED, OLDFOLDER_NOT_REACHED);

	(void)state;
	report->steps[STEP_VALUES - 1].made = 1;
	assert_string_equal(verdict_word(report_verdict(report)), "OPEN");
	report->survey = json_pack("{s:[{s:i, s:s}]}", "rows", "step", 6, "state", "absent");
	assert_string_equal(verdict_word(report_verdict(report)), "REPAIRED");
	json_decref(report->survey);
}

static void every_verdict_has_a_word_and_a_sentence(void **state)
{
	(void)state;
	for (int verdict = VERDICT_REPAIRED; verdict <= VERDICT_UNDO_WAITS; verdict++) {
		assert_in_range(strlen(verdict_word((enum verdict)verdict)), 4, 12);
		assert_true(strlen(verdict_sentence((enum verdict)verdict)) > 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(repaired_is_said_of_nothing_less),
		SUPPORT_TEST(where_all_was_kept_it_says_kept),
		SUPPORT_TEST(mail_has_its_own_word_for_each_grade),
		SUPPORT_TEST(what_is_left_is_open_or_wrong),
		SUPPORT_TEST(an_old_folder_that_is_not_there_is_not_open),
		SUPPORT_TEST(every_verdict_has_a_word_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
