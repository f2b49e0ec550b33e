/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sidebyside [-n TIMES] [-b COMMAND] LABEL PROGRAM ARGUMENT... [';' LABEL PROGRAM ARGUMENT...]...
 *
 * Runs the programs in turn, TIMES rounds after one that does not count, so that whatever else the
 * machine does falls on all of them alike. COMMAND is run by the shell before each, untimed. Prints
 * a line each: label, median, least and most milliseconds, peak KiB, and the median of what the
 * program measured itself ("inside 1.2 ms" on its first line, see inside.h), 0 if it did not.
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/inside.h"

extern char **environ;

enum { RUNNERS = 8, TIMES_LIMIT = 1000 };

struct runner {
	const char *label;
	char **argv;
	double ms[TIMES_LIMIT], inside[TIMES_LIMIT];
	long peak; /* KiB, the most of all runs */
};

/* What a program wrote to the file behind fd: its own measure, if it made one. */
static double inside_read(int fd)
{
	char line[64] = "";
	double ms;
	ssize_t len = pread(fd, line, sizeof(line) - 1, 0);

	return len > 0 && sscanf(line, "inside %lf ms", &ms) == 1 ? ms : 0;
}

static void run_once(struct runner *runner, const posix_spawn_file_actions_t *quiet, int out,
	int round)
{
	struct rusage usage;
	double begin, ms;
	int status, ret;
	pid_t pid;

	if (ftruncate(out, 0) != 0 || lseek(out, 0, SEEK_SET) != 0)
		exit(1);
	begin = inside_now();
	ret = posix_spawnp(&pid, runner->argv[0], quiet, NULL, runner->argv, environ);
	if (ret != 0 || wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) ||
		WEXITSTATUS(status) != 0) {
		fprintf(stderr, "sidebyside: %s failed\n", runner->label);
		exit(1);
	}
	ms = inside_now() - begin;
	if (round < 0)
		return;
	runner->ms[round] = ms;
	runner->inside[round] = inside_read(out);
	if (usage.ru_maxrss > runner->peak)
		runner->peak = usage.ru_maxrss;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Cuts the command line at the semicolons. */
static int runners_parse(char **argv, struct runner *runners)
{
	int count = 0;

	while (*argv && count < RUNNERS) {
		runners[count].label = *argv++;
		runners[count].argv = argv;
		while (*argv && strcmp(*argv, ";") != 0)
			argv++;
		if (argv == runners[count++].argv)
			return 0;
		if (*argv)
			*argv++ = NULL;
	}
	return *argv ? 0 : count;
}

int main(int argc, char *argv[])
{
	static struct runner runners[RUNNERS];
	posix_spawn_file_actions_t quiet;
	const char *before = NULL;
	int letter, count, times = 11;
	FILE *out = tmpfile();

	while ((letter = getopt(argc, argv, "+n:b:")) != -1) {
		if (letter == 'n')
			times = atoi(optarg);
		else if (letter == 'b')
			before = optarg;
		else
			return 64;
	}
	count = runners_parse(argv + optind, runners);
	if (!out || count == 0 || times < 1 || times > TIMES_LIMIT)
		return 64;
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_adddup2(&quiet, fileno(out), STDOUT_FILENO);
	for (int round = -1; round < times; round++)
		for (int i = 0; i < count; i++) {
			if (before && system(before) != 0)
				return 1;
			run_once(&runners[i], &quiet, fileno(out), round);
		}
	for (int i = 0; i < count; i++) {
		qsort(runners[i].ms, (size_t)times, sizeof(double), by_size);
		qsort(runners[i].inside, (size_t)times, sizeof(double), by_size);
		printf("%s\t%.2f\t%.2f\t%.2f\t%ld\t%.2f\n", runners[i].label,
			runners[i].ms[times / 2], runners[i].ms[0], runners[i].ms[times - 1],
			runners[i].peak, runners[i].inside[times / 2]);
	}
	posix_spawn_file_actions_destroy(&quiet);
	return 0;
}
