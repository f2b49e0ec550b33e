/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody else writes to the registry while a run is under way: who x when x what next. Theirs
 * survives, ours is put back, and the words say which way was taken.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "record/journal.h"
#include "run/resume.h"
#include "tests/bench_run.h"
#include "tests/cut_tree.h"
#include "tests/hand.h"
#include "tests/support.h"

/* How far the writing was that is cut off. */
enum cut {
	CUT_NONE,
	CUT_BEGUN, /* nothing is written */
	CUT_TORN,  /* some sectors of SYSTEM */
	CUT_FIRST, /* SYSTEM, and SYSTEM.ALT is not */
	CUT_ALL,   /* both, and only the record lacks it */
};

enum next { NEXT_UNDO, NEXT_STEP, NEXT_RESUME, NEXTS };

static const char *const next_names[NEXTS] = { "undo", "undo of one step", "resume, then undo" };

/* After the repair where nothing else is said. */
struct when {
	const char *name;
	bool before;
	int after_step; /* the act of this step has come to its end */
	enum cut cut;   /* what is cut off... */
	int at_act;     /* ... the first or the second act on the registry... */
	bool undo;      /* ... of the undo */
	int part;       /* this step was put back */
	bool boot;
	bool last; /* --step 3 leaves nothing of the registry to be put back */
};

static const struct when whens[] = {
	{ .name = "before the repair", .before = true },
	{ .name = "after the backup", .after_step = 1 },
	{ .name = "after the files", .after_step = 2 },
	{ .name = "between values and share", .after_step = 3 },
	{ .name = "after the share", .after_step = 4 },
	{ .name = "values cut before writing", .cut = CUT_BEGUN, .at_act = 1, .last = true },
	{ .name = "values cut within SYSTEM", .cut = CUT_TORN, .at_act = 1, .last = true },
	{ .name = "values cut between the copies", .cut = CUT_FIRST, .at_act = 1, .last = true },
	{ .name = "values cut after writing", .cut = CUT_ALL, .at_act = 1, .last = true },
	{ .name = "share cut before writing", .cut = CUT_BEGUN, .at_act = 2 },
	{ .name = "share cut between the copies", .cut = CUT_FIRST, .at_act = 2 },
	{ .name = "share cut after writing", .cut = CUT_ALL, .at_act = 2 },
	{ .name = "after undo of step 4", .part = 4, .last = true },
	{ .name = "after undo of step 3", .part = 3 },
	{ .name = "after a start of Windows", .boot = true },
	{ .name = "undo cut before writing", .cut = CUT_BEGUN, .at_act = 1, .undo = true },
	{ .name = "undo cut between the copies", .cut = CUT_FIRST, .at_act = 1, .undo = true },
	{ .name = "undo cut after writing", .cut = CUT_ALL, .at_act = 1, .undo = true },
};

/* One combination. */
struct play {
	struct bench *bench;
	enum hand hand;
	const struct when *when;
	enum next next;
	size_t len;     /* of SYSTEM when all began */
	char said[512]; /* what went wrong, with the names of the combination before it */
};

/* ---- what the program says ---- */

enum way { WAY_NONE, WAY_WHOLE, WAY_FOREIGN, WAY_UNTOLD, WAYS };

static const char *const way_words[WAYS] = { "", "go back as they were saved",
	"Somebody else has written to the registry",
	"cannot be told whether somebody else has written" };

static enum way way_in(const char *text)
{
	enum way way = WAY_NONE;

	for (int i = WAY_WHOLE; text && i < WAYS; i++)
		if (strstr(text, way_words[i]))
			way = (enum way)i;
	return way;
}

/* By hand, from what somebody can know who sees the digests alone. */
static enum way way_expected(const struct play *play)
{
	const struct when *when = play->when;
	bool foreign = (play->hand != HAND_OTHER_FILE && !when->before) || when->boot;

	if (foreign)
		return when->cut ? WAY_UNTOLD : WAY_FOREIGN;
	/* Neither side is there; going on, and a step back, leave what the cut act was to leave, or
	 * found. */
	return when->cut == CUT_TORN && play->next == NEXT_UNDO ? WAY_UNTOLD : WAY_WHOLE;
}

/* What the second copy has in one of ours the repair overwrites, with a note, as it does whatever
 * the copies differed in before; so does who writes again what a cut left unsure. */
static bool overwritten(const struct play *play)
{
	const struct when *when = play->when;

	return play->hand == HAND_OURS_IN_ALT &&
		((when->after_step && when->after_step < 3) || (when->cut && when->at_act == 1));
}

/* Their data is in one of ours, which the run has written to. */
static bool barred(const struct play *play)
{
	const struct when *when = play->when;

	if (when->before || overwritten(play))
		return false;
	/* By what SYSTEM has it is put back already. */
	if (play->hand == HAND_OURS_IN_ALT)
		return when->part != 3;
	/* What was put back already is done with. */
	return play->hand == HAND_OURS_OTHER && when->part != 3 &&
		(when->after_step == 0 || when->after_step > 2);
}

/* As the record has it: an id, never a sentence. */
static enum way way_recorded(struct bench *bench)
{
	static const char *const ids[WAYS] = { "", "whole", "foreign", "untold" };
	struct runfolder *run;
	struct journal *journal;
	enum way way = WAY_NONE;

	assert_false(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err) ||
		journal_open(run, run, &journal, &bench->err));
	while (way < WAYS && !entry_says(journal_last(journal, JOURNAL_UNDO), "way", ids[way]))
		way++;
	talloc_free(run);
	return way < WAYS ? way : WAY_NONE;
}

/* ---- playing ---- */

/* Into the server, and into what it is compared with in the end. */
static void hand_plays(const struct play *play)
{
	if (play->when->boot) {
		hand_boot(play->bench->dir);
		hand_boot(play->bench->original);
	}
	hand_write(play->hand, play->bench->dir);
	if (!overwritten(play))
		hand_write(play->hand, play->bench->original);
}

static int tell(void *arg, int step, const char *sentence)
{
	const struct play *play = arg;

	if (step && step == play->when->after_step && strstr(sentence, "read back"))
		hand_plays(play);
	return 0;
}

static struct {
	const struct play *play;
	const struct server_ops *real;
	int calls;
} cutting;

static void copy_back(const char *name, const uint8_t *was, size_t len, size_t from)
{
	char *path = talloc_asprintf(NULL, "%s/" HAND_CONFIG "%s", cutting.play->bench->dir, name);
	size_t now_len;
	uint8_t *now = support_read(path, path, &now_len);

	assert_true(from == 0 || now_len == len);
	memcpy(now, was, from ? from : 0);
	support_write(path, from ? now : was, len);
	talloc_free(path);
}

/* Where the first differing sector ends. */
static size_t sector_after(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t at = 0;

	while (at < len && a[at] == b[at])
		at++;
	return (at / 512 + 1) * 512;
}

static int cut_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	const struct bench *bench = cutting.play->bench;
	enum cut cut = cutting.play->when->cut;
	char *first = talloc_asprintf(bench, "%s/" HAND_CONFIG "SYSTEM", bench->dir);
	char *second = talloc_asprintf(bench, "%s.ALT", first);
	size_t first_len, second_len, len;
	uint8_t *was = support_read(first, first, &first_len);
	uint8_t *was_second = support_read(second, second, &second_len);

	if (++cutting.calls < cutting.play->when->at_act)
		return cutting.real->reg_switch(stage, done, err);
	if (cut != CUT_BEGUN && cutting.real->reg_switch(stage, done, err))
		_exit(1);
	if (cut == CUT_TORN)
		copy_back("SYSTEM", was, first_len,
			sector_after(was, support_read(first, first, &len), first_len));
	if (cut == CUT_TORN || cut == CUT_FIRST)
		copy_back("SYSTEM.ALT", was_second, second_len, 0);
	_exit(0);
}

/* One file of Bin is enough. */
static int repair(const struct play *play, struct server *server)
{
	struct bench *bench = play->bench;
	struct plan *plan = bench_plan(bench, server);
	struct engine *engine = NULL;
	int ret;

	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].finding->kind == KIND_FILE &&
			strcmp(plan->rows[i].finding->id, "file/Bin\\mt.exe") != 0)
			plan->rows[i].decision = DECISION_UNDECIDED;
	ret = bench_carry(bench, server, plan, &engine);
	talloc_free(engine);
	return ret;
}

/* In a process of its own, which ends within the writing. */
static void cut_off(const struct play *play, bool undo)
{
	static const struct undo_options all = { 0 };
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct server *server = bench_open(play->bench);
		struct server_ops ops = *server->ops;
		char *text;

		cutting.play = play, cutting.real = server->ops, cutting.calls = 0;
		ops.reg_switch = cut_switch;
		server->ops = &ops;
		if (undo)
			engine_undo(play->bench, server, "last", &play->bench->options, &all, &text,
				&play->bench->err);
		else
			repair(play, server);
		_exit(2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void run_until_hand(const struct play *play)
{
	const struct when *when = play->when;
	struct undo_options part = { .step = when->part };
	struct server *server;

	if (when->before)
		hand_plays(play);
	if (when->cut && !when->undo) {
		cut_off(play, false);
	} else {
		server = bench_open(play->bench);
		(void)repair(play, server);
		talloc_free(server);
	}
	if (when->cut && when->undo)
		cut_off(play, true);
	if (when->part)
		assert_int_equal(bench_undo(play->bench, &part, NULL), 0);
}

static void resume(struct bench *bench)
{
	static const struct survey_options none = { 0 };
	struct server *server = bench_open(bench);
	struct engine *engine;
	enum run_stage stage;
	int code,
		ret = engine_resume(bench, server, "last", &bench->options, NULL, &engine, &stage,
			&bench->err);

	if (!ret && !engine_told(engine)->idle && !engine_told(engine)->undone)
		ret = engine_finish(engine, &none, &code, &bench->err);
	if (!ret)
		talloc_free(engine);
	talloc_free(server);
}

/* ---- judging ---- */

static bool wrong(struct play *play, const char *format, ...)
{
	int len = snprintf(play->said, sizeof play->said, "%s; %s; %s: ", hand_names[play->hand],
		play->when->name, next_names[play->next]);
	va_list args;

	va_start(args, format);
	vsnprintf(play->said + len, sizeof play->said - (size_t)len, format, args);
	va_end(args);
	return false;
}

static bool same(struct play *play, const char *expected, unsigned how)
{
	char difference[1024];

	return tree_same(expected, play->bench->dir, how, difference) ||
		wrong(play, "%s", difference);
}

static bool refused(struct play *play, const struct undo_options *undo)
{
	char *there = talloc_asprintf(play->bench, "%s.there", play->bench->original);
	static const char *const staged[] = { "SYSTEM" SERVER_STAGE_SUFFIX,
		"SYSTEMA" SERVER_STAGE_SUFFIX };
	int ret;
	bool good;

	support_remove(there);
	tree_copy(play->bench->dir, there);
	/* What the run itself left beside its targets is swept all the same. */
	for (size_t i = 0; i < ARRAY_SIZE(staged); i++)
		support_remove(
			talloc_asprintf(play->bench, "%s/" HAND_CONFIG "%s", there, staged[i]));
	ret = bench_undo(play->bench, undo, NULL);
	good = (ret == -TROUBLE_MOVED &&
		       strstr(play->bench->err.text, "MSExchangeMSMI, ImagePath") &&
		       strstr(play->bench->err.text, "somebody else")) ||
		wrong(play, "not refused: %d", ret);
	return good && same(play, there, TREE_BACKUPS);
}

static bool put_back(struct play *play)
{
	enum way expected = way_expected(play), way;
	char *text;
	int ret = bench_undo(play->bench, NULL, &text);

	if (ret)
		return wrong(play, "undo gives %d: %s", ret, play->bench->err.text);
	/* Where nothing of the registry was written, or is left. */
	if ((play->hand == HAND_OURS_OTHER && play->when->after_step) ||
		(play->next == NEXT_STEP && play->when->last))
		expected = WAY_NONE;
	way = way_recorded(play->bench);
	if (way != expected)
		return wrong(play, "recorded: \"%s\"", way_words[way]);
	/* A resume may have done it. */
	if (way_in(text) != expected && !strstr(text, "already"))
		return wrong(play, "said: %s", text);
	if (bench_state(play->bench) != STATE_UNDONE && !strstr(text, "changed nothing"))
		return wrong(play, "not undone: %d, %s", bench_state(play->bench), text);
	if (expected != WAY_WHOLE && !hand_bytes_stand(play->hand, play->bench->dir, play->len))
		return wrong(play, "the bytes do not stand");
	return same(play, play->bench->original, expected == WAY_WHOLE ? 0 : TREE_MEANING);
}

static bool step_back(struct play *play)
{
	static const struct undo_options values = { .step = 3 };
	static const char *const places[] = { BENCH_SERVICES "MSExchangePCMTA\\Performance",
		"SYSTEM.ALT\\ControlSet001\\Services\\MSExchangePCMTA\\Performance" };
	int ret = barred(play) ? refused(play, &values) ? 0 : -1
			       : bench_undo(play->bench, &values, NULL);

	if (ret)
		return *play->said
			? false
			: wrong(play, "--step 3 gives %d: %s", ret, play->bench->err.text);
	for (size_t i = 0; !barred(play) && i < ARRAY_SIZE(places); i++)
		if (!text_equal(bench_value_read(play->bench, places[i], "Library"),
			    LAB_DEFAULT "\\bin\\xtnperf.dll"))
			return wrong(play, "%s is not put back", places[i]);
	return true;
}

/* ---- the table ---- */

/* What it is compared with is the same for all that may come next. */
enum { SHOT_PLAYED = 3, SHOT_ALL = 4 };

/* What plays begin with is made once and brought back for the next: the folders that are written
 * to. */
static void shot(struct bench *bench, const char *name, size_t count, bool take)
{
	const char *places[SHOT_ALL] = { talloc_asprintf(bench, "%s/" HAND_CONFIG, bench->dir),
		talloc_asprintf(bench, "%s/" BENCH_BIN, bench->dir), bench->runs,
		talloc_asprintf(bench, "%s/" HAND_CONFIG, bench->original) };

	for (size_t i = 0; i < count; i++) {
		char *copy = talloc_asprintf(bench, "%s.%s%zu", bench->original, name, i);

		support_remove(take ? copy : places[i]);
		tree_clone(take ? places[i] : copy, take ? copy : places[i]);
		talloc_free(copy);
	}
}

static bool play_one(struct play *play)
{
	bool good = play->next != NEXT_STEP || step_back(play);

	if (play->next == NEXT_RESUME)
		resume(play->bench);
	return good && (barred(play) ? refused(play, NULL) : put_back(play));
}

static void play_begin(struct play *play, void **state)
{
	char *path;

	bench_free(state);
	bench_make(state);
	play->bench = *state;
	play->bench->options.tell = tell;
	play->bench->options.tell_arg = play;
	path = talloc_asprintf(play->bench, "%s/" HAND_CONFIG "SYSTEM", play->bench->dir);
	(void)support_read(path, path, &play->len);
	talloc_free(path);
}

/* Others write before or during the repair, or once the run is where it is to be. */
static void play_hand(struct play *play, void **state)
{
	bool early = play->when->before || play->when->after_step;

	if (early || play->hand == 0) {
		play_begin(play, state);
		run_until_hand(play);
		shot(play->bench, "run", SHOT_ALL, true);
	}
	if (!early) {
		if (play->hand > 0)
			shot(play->bench, "run", SHOT_ALL, false);
		hand_plays(play);
	}
	shot(play->bench, "hand", SHOT_PLAYED, true);
}

static void what_others_wrote_survives_and_ours_goes_back(void **state)
{
	struct play play = { 0 };
	/* All of them: make hands. */
	const char *asked = getenv("HANDS_EVERY");
	size_t every = asked ? strtoul(asked, NULL, 10) : 3, count = 0, made = 0, bad = 0;

	for (play.when = whens; play.when < whens + ARRAY_SIZE(whens); play.when++)
		for (play.hand = 0; play.hand < HANDS; play.hand++) {
			play_hand(&play, state);
			for (play.next = 0; play.next < NEXTS; play.next++) {
				/* Nothing to resume: once for each when is enough. */
				if (play.next == NEXT_RESUME && !play.when->cut && play.hand > 1)
					continue;
				if (made++ % every)
					continue;
				count++;
				if (play.next > 0)
					shot(play.bench, "hand", SHOT_PLAYED, false);
				if (play_one(&play))
					continue;
				bad++;
				print_message("# %s\n", play.said);
			}
		}
	print_message("# %zu combinations\n", count);
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_others_wrote_survives_and_ours_goes_back,
			bench_make, bench_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
