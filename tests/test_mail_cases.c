/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases about mail: what each wants step 5 to end in is what its connector does once the server
 * is repaired as the article asks and every service was told to start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "practice/mail.h"
#include "tests/flow.h"
#include "tests/players.h"
#include "tests/support.h"

static const char *const CASES[] = { "wrong-account", "report-comes", "mta-stopped", "queue-stays",
	"one-way" };

/* As from the button of step 5; one that cannot start stays as it is. */
static void services_start(TALLOC_CTX *mem, const char *dir, const struct training_case *bound)
{
	struct server *server;
	struct error err;

	assert_int_equal(practice_open(mem, dir, &server, &err), 0);
	(void)server->ops->service_set(server, "MSExchangeMSMI", SERVICE_RUNNING, &err);
	for (size_t i = 0; i < bound->expect_count; i++) {
		struct training_mail *mail = case_mail(mem, bound->expects[i].id);

		if (mail)
			(void)server->ops->service_set(server, mail->pcmta, SERVICE_RUNNING, &err);
	}
	talloc_free(server);
}

/* The first box of Exchange, or behind that PC MTA. */
static const struct mail_box *box_of(const struct mail_boxes *boxes, const char *pcmta)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (pcmta ? boxes->boxes[i].pcmta && strcmp(boxes->boxes[i].pcmta, pcmta) == 0
			  : boxes->boxes[i].exchange)
			return &boxes->boxes[i];
	fail_msg("no mailbox behind %s", pcmta ? pcmta : "Exchange");
	return NULL;
}

static bool holds(TALLOC_CTX *mem, const char *dir, const struct mail_box *box, const char *subject,
	bool report)
{
	struct mail_letters letters;
	struct error err;

	assert_int_equal(practice_mail_read(mem, dir, box, &letters, &err), 0);
	for (size_t i = 0; i < letters.count; i++)
		if (strstr(letters.letters[i].subject, subject) != NULL &&
			!letters.letters[i].sent && letters.letters[i].report == report)
			return true;
	return false;
}

/* What one message each way comes to. */
static enum mail_grade tried(TALLOC_CTX *mem, const char *dir, const struct training_mail *mail,
	const char *subject)
{
	const bool out = mail->direction == MAIL_TO_MSMAIL;
	const struct mail_box *from, *to;
	struct mail_boxes boxes;
	struct error err;

	assert_int_equal(practice_mail_boxes(mem, dir, &boxes, &err), 0);
	from = box_of(&boxes, out ? NULL : mail->pcmta);
	to = box_of(&boxes, out ? mail->pcmta : NULL);
	assert_int_equal(practice_mail_send(dir,
				 &(struct mail_letter){ .from = from->address,
					 .to = to->address,
					 .subject = (char *)subject,
					 .text = "" },
				 time(NULL), &err),
		0);
	assert_true(flow_all(dir) >= 0);
	return holds(mem, dir, to, subject, false)     ? MAIL_VERIFIED
		: holds(mem, dir, from, subject, true) ? MAIL_FAILED
						       : MAIL_NOT_SEEN;
}

static void case_try(TALLOC_CTX *mem, const char *name, uint64_t seed)
{
	char *dir = talloc_asprintf(mem, "%s/x", support_folder(mem));
	struct training_case *training, *bound;
	struct played played;
	struct error err;
	size_t rows = 0;

	assert_int_equal(case_find(mem, name, &training, &err), 0);
	assert_int_equal(case_bind(mem, training, seed, &bound, &err), 0);
	if (player_play(mem, PLAYER_EXPERT, training, seed, dir, &played, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	services_start(mem, dir, bound);
	for (size_t i = 0; i < bound->expect_count; i++) {
		const struct case_expect *expect = &bound->expects[i];
		struct training_mail *mail = case_mail(mem, expect->id);
		enum mail_grade grade;

		if (!mail)
			continue;
		grade = tried(mem, dir, mail, talloc_asprintf(mem, "MSMC-TEST%zu", i));
		if (!(expect->grades & 1u << grade))
			fail_msg("%s, seed %llu: %s is %s", name, (unsigned long long)seed,
				expect->id, mail_grade_name(grade));
		rows++;
	}
	assert_true(rows > 0);
}

static void each_ends_as_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(CASES); i++)
		for (uint64_t seed = 1; seed <= 2; seed++) {
			TALLOC_CTX *mem = talloc_new(NULL);

			case_try(mem, CASES[i], seed);
			talloc_free(mem);
		}
}

/* What the connector moved meanwhile is nobody's stray; what was not tested costs its points. */
static void scored_after_mail_moved(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *dir = talloc_asprintf(mem, "%s/x", support_folder(mem));
	struct score_given given = { .chosen = -1 };
	struct training_case *training, *bound;
	struct runfolder *run;
	struct server *server;
	struct played played;
	struct score *score;
	struct error err;

	(void)state;
	assert_int_equal(case_find(mem, "mta-stopped", &training, &err), 0);
	assert_int_equal(case_bind(mem, training, 1, &bound, &err), 0);
	assert_int_equal(player_play(mem, PLAYER_EXPERT, training, 1, dir, &played, &err), 0);
	services_start(mem, dir, bound);
	tried(mem, dir, case_mail(mem, bound->expects[2].id), "MSMC-MOVED");
	assert_int_equal(practice_open(mem, dir, &server, &err), 0);
	assert_int_equal(runfolder_open(mem, case_runs(mem, dir), played.run, false, &run, &err),
		0);
	while (!bound->choices[++given.chosen].right)
		;
	assert_int_equal(score_make(mem, bound, server, run, &given, &score, &err), 0);
	for (size_t i = 0; i < score->count; i++)
		print_message("%s: %s\n", score->losses[i].id, score->losses[i].reason);
	assert_int_equal(score->points, 100);
	/* Who looked at nothing in step 5: 20 and 10. */
	assert_int_equal(player_play(mem, PLAYER_YES, training, 1,
				 talloc_asprintf(mem, "%s/y", support_folder(mem)), &played, &err),
		0);
	for (size_t i = 0, mails = 0; i < played.score->count; i++) {
		const struct loss *loss = &played.score->losses[i];

		if (strncmp(loss->id, "mail/", 5) != 0)
			continue;
		assert_non_null(strstr(loss->reason, "NOT TESTED"));
		assert_int_equal(loss->points, mails++ == 0 ? 20 : 10);
	}
	talloc_free(server);
	talloc_free(mem);
}

static int parse(TALLOC_CTX *mem, const char *expect, struct training_case **parsed,
	struct error *err)
{
	char *text = talloc_asprintf(mem,
		"case: x\ntitle: x\nlevel: 1\nstory: x\nfault: sp-share\nexpect: %s\n", expect);

	return case_parse(mem, text, strlen(text), parsed, err);
}

static void how_it_is_written(void **state)
{
	static const struct {
		const char *expect;
		unsigned grades; /* 0: refused */
	} lines[] = {
		{ "mail/{lan}/to-msmail failed 20 why", 1u << MAIL_FAILED },
		{ "mail/{lan}/to-exchange NOT-SEEN 20 why", 1u << MAIL_NOT_SEEN },
		{ "mail/Night Line to X/to-msmail verified|verified-to 5 why",
			1u << MAIL_VERIFIED | 1u << MAIL_VERIFIED_TO },
		{ "mail/{lan}/to-nowhere failed 20 why", 0 },
		{ "mail/{lan} failed 20 why", 0 },
		{ "mail//to-msmail failed 20 why", 0 },
		{ "mail/{lan}/to-msmail change 20 why", 0 },
		{ "mail/{lan}/to-msmail failed|maybe 20 why", 0 },
		{ "mail/{lan}/to-msmail failed 0 why", 0 },
		{ "mail/{lan}/to-msmail failed 20", 0 },
		{ "mail/{lan}/to-msmail failed 20 trap why", 0 },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct training_case *parsed = NULL;
		struct error err;
		int ret = parse(mem, lines[i].expect, &parsed, &err);

		if ((ret == 0) != (lines[i].grades != 0))
			fail_msg("%s", lines[i].expect);
		if (ret == 0)
			assert_int_equal(parsed->expects[0].grades, lines[i].grades);
	}
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_ends_as_it_says),
		cmocka_unit_test(scored_after_mail_moved),
		cmocka_unit_test(how_it_is_written),
	};

	return cmocka_run_group_tests_name("mail cases", tests, NULL, NULL);
}
