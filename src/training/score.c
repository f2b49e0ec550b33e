/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The score of a case that was played. */
#include "base/i18n.h"
#include "training/score_internal.h"

/* ---- the beginning, built again ---- */

/* A server that cannot be read is correct if the case is about that; otherwise it is a trouble. */
static int beginning_make(struct judge *judge, const char *scratch)
{
	char *dir = NULL;
	int ret = practice_place(judge->tmp, scratch, &dir, judge->err);

	if (ret == 0)
		ret = case_build_server(judge->training, dir, judge->training->seed, judge->err);
	if (ret != 0)
		return ret;
	ret = practice_open(dir, dir, &judge->before_server, judge->err);
	if (ret == 0)
		ret = survey_make(judge->tmp, judge->before_server, &case_look, &judge->before,
			judge->err);
	return case_refuses(judge->training) ? 0 : ret;
}

/* ---- the score ---- */

/* A server that could be read at the beginning and cannot now was damaged. */
static void survey_now(struct judge *judge, const char *said)
{
	struct error why = { .trouble = TROUBLE_NONE };

	if (!judge->before)
		return;
	if (judge->server &&
		survey_make(judge->tmp, judge->server, &case_look, &judge->now, &why) != 0)
		judge->now = NULL;
	if (!judge->now) {
		judge->score->failed = true;
		judge_lose(judge, "server", "server", SCORE_FULL,
			_("The server can no longer be read. %s"),
			judge->server || !said ? why.text : said);
	}
}

static void judge_answer(struct judge *judge, int chosen)
{
	const struct training_case *training = judge->training;
	const char *right = "";

	for (int i = 0; i < (int)training->choice_count; i++) {
		if (training->choices[i].right)
			right = training->choices[i].text;
		if (training->choices[i].right && i == chosen)
			return;
	}
	if (training->ask)
		judge_lose(judge, "ask", "ask", training->ask_points,
			chosen < 0
				? _("The question was not answered: %s The right answer: %s")
				: _("The answer was wrong. The question: %s The right answer: %s"),
			training->ask, right);
}

int score_marks_lost(const struct score_marks *marks)
{
	/* In halves of a row. */
	const size_t rows = marks->wrong > SCORE_MARKS_LEAST ? marks->wrong : SCORE_MARKS_LEAST,
		     missed = marks->wrong - marks->found - marks->reasons,
		     halves = 2 * (missed + marks->falsely) + marks->reasons,
		     lost = (halves * SCORE_MARKS + 2 * rows - 1) / (2 * rows);

	if (!marks->wanted)
		return 0;
	return marks->said && lost < SCORE_MARKS ? (int)lost : SCORE_MARKS;
}

static void judge_marks(struct judge *judge, const struct score_marks *marks)
{
	char *reason = talloc_asprintf(judge->tmp,
		_("Before the diagnosis, %zu of %zu things that are wrong were marked, %zu of them for another reason; %zu that are right were marked as "
		  "wrong."),
		marks->found + marks->reasons, marks->wrong, marks->reasons, marks->falsely);

	if (reason && marks->missed)
		reason = talloc_asprintf_append(reason, _(" Not found: %s."), marks->missed);
	if (reason && marks->false_names)
		reason = talloc_asprintf_append(reason, _(" Right: %s."), marks->false_names);
	judge_lose(judge, "marks", NULL, score_marks_lost(marks), "%s",
		!marks->said     ? _("Nobody said what looks wrong, and why.")
			: reason ? reason
				 : "");
}

static int journal_read(struct judge *judge, struct runfolder *run)
{
	struct journal *journal;
	int ret = run ? journal_open(judge->tmp, run, &journal, judge->err) : 0;

	if (ret == 0 && run && journal_count(journal) > 0)
		judge->journal = journal;
	return ret;
}

static void sum_up(struct score *score)
{
	score->points = SCORE_FULL;
	for (size_t i = 0; i < score->count; i++)
		score->points = score->losses[i].points < score->points
			? score->points - score->losses[i].points
			: 0;
	score->passed = !score->failed && score->points >= SCORE_PASS;
}

static void judge_all(struct judge *judge, const struct score_given *given)
{
	const size_t tips = given->tips < 1000 ? given->tips : 1000;

	survey_now(judge, given->why);
	if (judge->now || !judge->before)
		judge_rows(judge);
	if (judge->status == 0 && judge->now && judge->by_hand)
		judge_backup(judge);
	if (judge->status == 0)
		judge_strays(judge);
	if (!judge->by_hand)
		judge_answer(judge, given->chosen);
	judge_marks(judge, &given->marks);
	judge_lose(judge, "tips", NULL, (int)tips * SCORE_TIP,
		P_("You took %zu tip.", "You took %zu tips.", tips), tips);
	judge->score->tips = tips;
	judge->score->by_hand = judge->by_hand;
	sum_up(judge->score);
}

int score_make(TALLOC_CTX *mem, const struct training_case *training, struct server *server,
	struct runfolder *run, const struct score_given *given, struct score **score,
	struct error *err)
{
	struct judge judge = { .training = training,
		.server = server,
		.err = err,
		.by_hand = given->by_hand,
		.tmp = talloc_new(NULL) };

	judge.score = talloc_zero(mem, struct score);
	if (!judge.score || !judge.tmp)
		judge.status = error_memory(err);
	if (judge.status == 0)
		judge.status = journal_read(&judge, run);
	if (judge.status == 0)
		judge.status = beginning_make(&judge, given->scratch);
	if (judge.status == 0)
		judge_all(&judge, given);
	if (judge.status == 0)
		*score = judge.score;
	else
		talloc_free(judge.score);
	talloc_free(judge.tmp);
	return judge.status;
}
