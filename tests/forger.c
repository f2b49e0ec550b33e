/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forger PROGRAM PRELOAD [COUNT [SEED]]: undo, undo of a part and resume on forged records of real
 * runs (a finished one, one with the old folder set aside, some that were cut off). Whatever a
 * record says, every file and value of the server stays what it was before the repair or what the
 * repair made of it, and nobody else's time changes. COUNT forgeries drawn by lot; 0: all kinds
 * that forge everything alike, then 600.
 */
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <talloc.h>

#include "base/memory.h"
#include "base/text.h"
#include "tests/cut_box.h"
#include "tests/forge.h"
#include "tests/support.h"

enum { STATES = 4, WORDS = 8, COMMANDS = 7, WHOLE = 3, DRAWN = 600, CHECKED = 40 };

struct state {
	const char *name;
	char where[BOX_ROOM];
	struct forge *forge;
};

/* The first WHOLE are about the whole run. What cannot be in a state is refused there, which is as
 * good. */
static const char *const commands[COMMANDS][WORDS] = { { "undo", "last", "--backups" },
	{ "undo", "last" }, { "resume", "last" }, { "undo", "last", "--step", "3" },
	{ "undo", "last", "--step", "2" }, { "undo", "last", "--step", "6" },
	{ "undo", "last", "--change", "registry/MSExchangeMSMI\\ImagePath" } };

static struct box box;
static struct state states[STATES];
static size_t state_count;
static uint64_t chance;

static uint64_t draw(uint64_t below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return chance % below;
}

static void state_add(const void *mem, const char *name, const char *where)
{
	struct state *state = &states[state_count];
	char folder[BOX_ROOM];

	state->name = name;
	box_format(state->where, "%s", where);
	if (!box_run_named(where, folder))
		return;
	state->forge = forge_read(mem, folder);
	state_count++;
}

/* A repair killed at some of its calls. */
static void states_make(const void *mem)
{
	static const struct box_stop kill = { .name = "killed", .how = "kill" };
	static char names[2][80], where[BOX_ROOM];
	long calls = box_count(&box, OP_REPAIR);

	state_add(mem, "done", box.repaired);
	state_add(mem, "aside", box.aside);
	for (long i = 0; i < 2; i++) {
		box_reset(&box, OP_REPAIR);
		(void)box_run(&box, box.box, OP_REPAIR, calls * (3 + i) / 5, &kill);
		(void)snprintf(names[i], sizeof names[i], "killed at call %ld of %ld",
			calls * (3 + i) / 5, calls);
		box_copy(box.box, box_format(where, "%s/killed%ld", box.work, i));
		state_add(mem, names[i], where);
	}
}

/* ---- what must hold ---- */

static const char *tree_was, *tree_is;
static char time_wrong[BOX_ROOM];

static bool folder_own(const char *below)
{
	const char *leaf = strrchr(below, '/');

	return !leaf || text_equal(leaf, "/msmcon") || text_equal(leaf, "/connect") ||
		text_equal(leaf, "/config") || !strchr(below + 1, '/');
}

/* The Bin, the folder above it, the old folder's and the registry's have times that are the
 * repair's business. */
static int time_kept(const char *path, const struct stat *is, int kind, struct FTW *ftw)
{
	const char *below = path + strlen(tree_was);
	struct stat there;
	char other[BOX_ROOM];

	(void)ftw;
	if ((kind == FTW_D && folder_own(below)) || strcasestr(below, "/msmcon/bin") ||
		strcasestr(below, "/system32/config/") || strstr(below, ".q240208-"))
		return 0;
	if (lstat(box_format(other, "%s%s", tree_is, below), &there) ||
		there.st_mtim.tv_sec != is->st_mtim.tv_sec)
		box_format(time_wrong, "%.500s: not there, or another time", below);
	return *time_wrong != '\0';
}

static bool holds(const struct state *state, char why[1400])
{
	char before[BOX_ROOM], there[BOX_ROOM], after[BOX_ROOM], difference[1024];

	box_format(before, "%s", box.original);
	box_format(after, "%s/server", state->where);
	/* What was killed is completed by resume. */
	if (strcmp(state->name, "aside") != 0)
		box_format(after, "%s/server", box.repaired);
	box_format(there, "%s/server", box.box);
	if (!tree_between(before, after, there, difference)) {
		(void)snprintf(why, 1400, "%s", difference);
		return false;
	}
	*time_wrong = '\0';
	tree_was = before, tree_is = there;
	if (strcmp(state->name, "aside") != 0)
		(void)nftw(before, time_kept, 16, FTW_PHYS);
	(void)snprintf(why, 1400, "%s", time_wrong);
	return !*time_wrong;
}

/* ---- playing ---- */

static size_t played, failed, ended[256];

static void play(const struct state *state, size_t number, const char *const command[WORDS])
{
	const char *words[WORDS + 4];
	char folder[BOX_ROOM], told[FORGE_TOLD] = "", why[1400];
	size_t count = 0;
	int code;

	for (; command[count]; count++)
		words[count] = command[count];
	words[count++] = "--operator";
	words[count++] = "forger";
	words[count++] = "--yes";
	words[count] = NULL;
	box_copy(state->where, box.box);
	if (!box_run_named(box.box, folder))
		exit(1);
	forge_write(state->forge, number, folder, told);
	code = box_command(&box, box.box, words);
	played++;
	ended[code & 255]++;
	if (code <= 128 && holds(state, why))
		return;
	failed++;
	printf("# %s, forgery %zu (%s), %s %s %s: exit %d, %s\n#   it said: %s\n", state->name,
		number, told, words[0], words[2], words[3], code, code > 128 ? "killed" : why,
		box_said(&box));
	fflush(stdout);
}

/* On the finished run each command, on the others those about the whole run. */
static void play_alike(void)
{
	for (size_t i = 0; i < forge_alike(); i++)
		for (size_t k = 0; k < state_count; k++)
			for (size_t command = 0; command < (k ? WHOLE : COMMANDS); command++)
				/* The smart ones are about what is put back or carried on. */
				if (i < forge_alike() - smart_count() ||
					command % 2 == (k ? 0 : 1) || command == COMMANDS - 1)
					play(&states[k], i, commands[command]);
}

/* A half is drawn from what forges more than one thing, which is the smaller part. */
static void play_drawn(size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct state *state = &states[draw(state_count)];

		play(state, draw(i % 2 ? forge_count(state->forge) : forge_alike()),
			commands[draw(COMMANDS)]);
	}
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t count = argc > 3 ? strtoul(argv[3], NULL, 10) : CHECKED;

	box.program = argc > 1 ? argv[1] : "";
	box.preload = argc > 2 ? argv[2] : "";
	box.name = "standard";
	box.seed = 3;
	box.disks = true;
	chance = argc > 4 ? strtoull(argv[4], NULL, 10) : 20260101;
	box_choose_ground();
	printf("1..1\n");
	if (!box_begin(&box, support_folder(mem)) || box.refused) {
		printf("Bail out! the repair itself fails: %s\n", box.why);
		talloc_free(mem);
		return 1;
	}
	states_make(mem);
	if (!count)
		play_alike();
	play_drawn(count ? count : DRAWN);
	if (!box_end(&box)) {
		printf("# written to by somebody: %s\n", box.why);
		failed++;
	}
	printf("# %zu forgeries, %zu got out; exit codes:", played, failed);
	for (size_t i = 0; i < ARRAY_SIZE(ended); i++)
		if (ended[i])
			printf(" %zu x %zu", ended[i], i);
	printf("\n");
	printf("%s 1 - no forged record makes undo or resume write what is not the repair's\n",
		failed ? "not ok" : "ok");
	talloc_free(mem);
	return failed ? 1 : 0;
}
