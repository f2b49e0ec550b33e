/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/players.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/digest.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/mail.h"
#include "run/resume.h"

/* Whoever plays says that the relocated postoffice lives: in every case it does. */
static const struct survey_options LOOK = { .live = LIVE_SAID_RELOCATED };

/* One who plays: the table of the case is what the expert knows. */
struct game {
	TALLOC_CTX *mem;
	enum player player;
	const struct training_case *bound;
	const char *dir, *runs;
	struct server *server;
	struct error *err;
};

static enum decision decide(const struct game *game, const struct finding *row)
{
	const struct case_expect *expect = case_expect_find(game->bound, row->id);

	if (game->player == PLAYER_YES || row->kind == KIND_BACKUP)
		return DECISION_CHANGE;
	if (expect)
		return expect->answer == CASE_CHANGE ? DECISION_CHANGE : DECISION_KEEP;
	return row->needed ? DECISION_CHANGE : DECISION_KEEP;
}

static bool nothing_to_do(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].decision == DECISION_CHANGE &&
			plan->rows[i].finding->kind != KIND_BACKUP)
			return false;
	return true;
}

/* Step 5 as the case has it: who knows ends each row in its right word. */
static int mail_seen(struct game *game, struct engine *engine)
{
	struct evidence_list *list;
	int ret = engine_evidence(engine, &list, game->err);

	for (size_t i = 0; ret == 0 && i < game->bound->expect_count; i++) {
		const struct case_expect *expect = &game->bound->expects[i];
		struct training_mail *mail = case_mail(game->mem, expect->id);
		struct evidence *row =
			mail ? evidence_find(list, mail->pcmta, mail->direction) : NULL;

		if (!row || game->player != PLAYER_EXPERT)
			continue;
		row->grade = (enum mail_grade)__builtin_ctz(expect->grades);
		row->stage =
			row->grade == MAIL_VERIFIED_TO ? talloc_strdup(list, "postoffice") : NULL;
		ret = journal_add(engine->journal, JOURNAL_EVIDENCE, evidence_json(row), true,
			game->err);
	}
	return ret;
}

static int repair(struct game *game, char **run)
{
	struct engine_options options = { .runs = game->runs,
		.operator_name = "player",
		.decided_how = "asked" };
	const struct survey *survey;
	struct engine *engine;
	struct plan *plan;
	int code, ret = survey_make(game->mem, game->server, &LOOK, &survey, game->err);

	if (ret == 0)
		ret = plan_make(game->mem, survey, false, &plan, game->err);
	for (size_t i = 0; ret == 0 && i < plan->count; i++)
		if (plan->rows[i].finding->can_change)
			plan->rows[i].decision = decide(game, plan->rows[i].finding);
	if (ret != 0 || (nothing_to_do(plan) && plan->count <= 1))
		return ret;
	ret = engine_begin(game->mem, game->server, plan, &options, &engine, game->err);
	if (ret == 0)
		*run = talloc_strdup(game->mem, engine_run_name(engine));
	if (ret == 0)
		ret = engine_backup(engine, game->err);
	if (ret == 0)
		ret = engine_carry_out(engine, game->err);
	if (ret == 0)
		ret = mail_seen(game, engine);
	if (ret == 0)
		ret = engine_finish(engine, &LOOK, &code, game->err);
	if (ret == 0)
		talloc_free(engine);
	return ret;
}

/* What the first operator decided wrongly is put back, change by change. */
static int put_back(struct game *game, const struct engine_options *options)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < game->bound->expect_count; i++) {
		struct undo_options undo = { .change_id = game->bound->expects[i].id };
		char *text;

		if (game->bound->expects[i].answer == CASE_KEEP)
			ret = engine_undo(game->mem, game->server, "last", options, &undo, &text,
				game->err);
	}
	return ret;
}

static int resume(struct game *game, char **run)
{
	struct engine_options options = { .runs = game->runs, .operator_name = "player" };
	struct engine *engine;
	enum run_stage stage;
	int code,
		ret = engine_resume(game->mem, game->server, "last", &options, NULL, &engine,
			&stage, game->err);

	if (ret == 0)
		*run = talloc_strdup(game->mem, engine_run_name(engine));
	if (ret == 0)
		ret = engine_finish(engine, &LOOK, &code, game->err);
	if (ret != 0)
		return ret;
	talloc_free(engine);
	return game->player == PLAYER_EXPERT ? put_back(game, &options) : 0;
}

static int right_choice(const struct game *game)
{
	for (size_t i = 0; i < game->bound->choice_count; i++)
		if (game->bound->choices[i].right && game->player == PLAYER_EXPERT)
			return (int)i;
	return -1;
}

static bool refused(const struct game *game)
{
	for (size_t i = 0; i < game->bound->expect_count; i++)
		if (game->bound->expects[i].answer == CASE_REFUSE)
			return true;
	return false;
}

static int judge(struct game *game, struct played *played)
{
	struct score_given given = { .chosen = right_choice(game) };
	struct runfolder *run = NULL;
	struct error none;

	if (runfolder_open(game->mem, game->runs, played->run ? played->run : "last", false, &run,
		    &none) != 0)
		run = NULL;
	return score_make(game->mem, game->bound, game->server, run, &given, &played->score,
		game->err);
}

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

int player_play(TALLOC_CTX *mem, enum player player, const struct training_case *training,
	uint64_t seed, const char *dir, struct played *played, struct error *err)
{
	struct game game = { .mem = mem,
		.player = player,
		.dir = dir,
		.runs = case_runs(mem, dir),
		.err = err };
	struct training_case *bound;
	const double begin = now_ms();
	int ret = case_build(training, dir, seed, err);

	*played = (struct played){ .build_ms = now_ms() - begin };
	if (ret == 0)
		ret = case_bind(mem, training, seed, &bound, err);
	if (ret != 0)
		return ret;
	game.bound = bound;
	ret = practice_open(mem, dir, &game.server, err);
	if (ret != 0 && refused(&game))
		ret = 0;
	else if (ret == 0 && player != PLAYER_ENTER)
		ret = training->begins_cut ? resume(&game, &played->run)
					   : repair(&game, &played->run);
	if (ret != 0 && refused(&game))
		ret = 0;
	if (ret == 0)
		ret = judge(&game, played);
	talloc_free(game.server); /* and its lock */
	return ret;
}

int player_undo(TALLOC_CTX *mem, const char *dir, const char *run, struct error *err)
{
	struct engine_options options = { .runs = case_runs(mem, dir), .operator_name = "player" };
	struct undo_options undo = { .backups = true };
	struct server *server;
	char *text;
	int ret = practice_open(mem, dir, &server, err);

	return ret == 0 ? engine_undo(mem, server, run, &options, &undo, &text, err) : ret;
}

int player_repair(TALLOC_CTX *mem, enum player player, const struct training_case *bound,
	const char *dir, const char *runs, char **run, struct error *err)
{
	struct game game = { .mem = mem,
		.player = player,
		.bound = bound,
		.dir = dir,
		.runs = runs,
		.err = err };
	int ret = practice_open(mem, dir, &game.server, err);

	*run = NULL;
	if (ret == 0)
		ret = repair(&game, run);
	if (ret == 0)
		talloc_free(game.server); /* and its lock */
	return ret;
}

static char *file_line(char *out, const char *path, const char *rel, const struct stat *st)
{
	FILE *file = S_ISREG(st->st_mode) ? fopen(path, "rb") : NULL;
	uint8_t *bytes = talloc_size(out, (size_t)st->st_size + 1);
	struct digest digest = digest_of("", 0);

	if (file && bytes && fread(bytes, 1, (size_t)st->st_size, file) == (size_t)st->st_size)
		digest = digest_of(bytes, (size_t)st->st_size);
	if (file)
		fclose(file);
	talloc_free(bytes);
	out = talloc_asprintf_append_buffer(out, "%s %o %lld.%09ld %lld ", rel,
		(unsigned)st->st_mode, (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec,
		S_ISREG(st->st_mode) ? (long long)st->st_size : 0);
	for (size_t i = 0; i < 8 && out; i++)
		out = talloc_asprintf_append_buffer(out, "%02x", digest.bytes[i]);
	return talloc_strdup_append_buffer(out, "\n");
}

static char *tree_walk(char *out, const char *dir, const char *rel)
{
	struct dirent **names;
	int count = scandir(dir, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char *path = talloc_asprintf(out, "%s/%s", dir, names[i]->d_name),
		     *below = talloc_asprintf(out, "%s/%s", rel, names[i]->d_name);
		struct stat st;

		if (strcmp(names[i]->d_name, ".") != 0 && strcmp(names[i]->d_name, "..") != 0 &&
			lstat(path, &st) == 0) {
			out = file_line(out, path, below, &st);
			if (S_ISDIR(st.st_mode))
				out = tree_walk(out, path, below);
		}
		free(names[i]);
	}
	if (count >= 0)
		free(names);
	return out;
}

char *player_tree(TALLOC_CTX *mem, const char *dir)
{
	char *out = talloc_strdup(mem, "");
	const char *const drives[] = { "C", "E" };

	for (size_t i = 0; i < 2; i++)
		out = tree_walk(out, talloc_asprintf(mem, "%s/%s", dir, drives[i]), drives[i]);
	return out;
}
