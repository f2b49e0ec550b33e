/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How fast the screen is: pty_measure PROGRAM. Each number stands beside its bound; the exit code
 * is 1 if one is over it. A time runs from the key (or the start) to the last byte that came of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "tests/pty.h"

enum { STARTS = 21, KEYS = 300, WORK_KEYS = 200, WORK_SECONDS = 2 };
#define BIG_FILE ((off_t)4 << 30) /* without any bytes on the disk that it is read from */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The value that so many of a hundred are not above. */
static double percentile(double *values, size_t count, size_t percent)
{
	size_t at = (count * percent + 99) / 100;

	qsort(values, count, sizeof *values, by_size);
	return values[at > 0 ? at - 1 : 0];
}

static bool within(const char *what, double value, double bound, const char *unit)
{
	bool good = value <= bound;

	printf("%-52s %9.2f %-8s bound %8.2f   %s\n", what, value, unit, bound,
		good ? "ok" : "OVER");
	fflush(stdout);
	return good;
}

/* Seconds from the start of a program to the last byte of its first complete page. */
static double start_time(char *const argv[], const char *last)
{
	struct pty pty;
	double time;

	if (!pty_start(&pty, 24, 80, argv))
		exit(77);
	if (!pty_until(&pty, last, 20))
		exit(1);
	time = pty.last;
	pty_keys(&pty, "x\r");
	pty_end(&pty, 1);
	return time;
}

/* In turn, so that whatever else this machine does meets each of them alike. */
static bool measure_starts(char *program)
{
	char *page[] = { program, NULL };
	char *practice[] = { program, "--practice", NULL };
	char *dialog[] = { "dialog", "--msgbox", "How do you reach the server?", "10", "60", NULL };
	double boxes[STARTS], pages[STARTS], diagnoses[STARTS];
	double box, own;
	bool good;

	for (size_t i = 0; i < STARTS; i++) {
		boxes[i] = start_time(dialog, "reach the server?");
		pages[i] = start_time(page, "F10 Quit");
		diagnoses[i] = start_time(practice, "F10 Quit");
	}
	box = percentile(boxes, STARTS, 50);
	own = percentile(pages, STARTS, 50);
	printf("medians: dialog --msgbox %.2f ms, first page %.2f ms\n", box * 1e3, own * 1e3);
	good = within("first page against dialog --msgbox", own / box, 1.5, "times");
	good &= within("diagnosis of a practice server, median",
		percentile(diagnoses, STARTS, 50) * 1e3, 150, "ms");
	return good;
}

/* The time of a key, seconds; 0 if nothing came of it. */
static double key_time(struct pty *pty, const char *key)
{
	pty_still(pty, 0.01, 0.05);
	pty_keys(pty, key);
	pty_still(pty, 0.03, 0.2);
	return pty->last;
}

/* Keys that lead somewhere, and what then stands there. */
struct way {
	const char *keys, *until;
};

static bool go(struct pty *pty, const struct way *way, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		pty_keys(pty, way[i].keys);
		if (!pty_until(pty, way[i].until, 60)) {
			printf("\"%s\" never came\n", way[i].until);
			return false;
		}
	}
	return true;
}

static const struct way to_backup[] = { { "", "F10 Quit" }, { "\r", "decides?" },
	{ "\r", "Strike" }, { "\r", "Operator:" }, { "\r", "Carry out" },
	{ "\r", "beside the Bin" }, { "\t", "ack up now" } };
static const struct way to_registry[] = { { "\r", "Setup" }, { "3", "ImagePath" } };

static bool measure_keys(char *program, char *runs)
{
	char *argv[] = { program, "--practice", "--operator", "measure", "--runs", runs, NULL };
	double times[KEYS];
	size_t seen = 0;
	struct pty pty;
	bool good;

	if (!pty_start(&pty, 24, 80, argv) || !go(&pty, to_backup, 7) || !go(&pty, to_registry, 2))
		return false;
	for (size_t i = 0; i < KEYS; i++) {
		times[i] = key_time(&pty, i % 20 < 10 ? "j" : "k");
		seen += times[i] > 0;
	}
	pty_keys(&pty, "\003");
	pty_end(&pty, 0.5);
	good = within("a key on the registry page, 99 of 100", percentile(times, KEYS, 99) * 1e3,
		16, "ms");
	good &= within("keys that showed nothing", (double)(KEYS - seen), KEYS / 100, "");
	return good;
}

/* Repaints of work by themselves: bursts of output with some quiet between them. */
static bool measure_repaints(struct pty *pty)
{
	size_t bursts = 0, most = 0;
	double begun = pty_now();
	bool good;

	while (pty_now() - begun < WORK_SECONDS && !pty->ended) {
		pty->bytes = 0;
		pty_still(pty, 0.03, 0.2);
		bursts += pty->bytes > 0;
		most = pty->bytes > most ? pty->bytes : most;
	}
	good = within("repaints a second while copying", (double)bursts / WORK_SECONDS, 4.01, "");
	good &= within("bytes of the largest of them", (double)most, 1200, "bytes");
	good &= within("seconds of copying without a repaint", bursts == 0 ? WORK_SECONDS : 0, 0,
		"s");
	return good;
}

/* In a folder of its own: the look at the server does not read it, the backup does. */
static bool large_file(const char *folder)
{
	char path[640];
	FILE *file;

	snprintf(path, sizeof path, "%s/big.dll", folder);
	file = mkdir(folder, 0755) == 0 ? fopen(path, "w") : NULL;
	return file != NULL && fclose(file) == 0 && truncate(path, BIG_FILE) == 0;
}

/* A second terminal, in which a program answers every key with as much as the wizard sends and does
 * nothing else: what this machine itself needs for a key at that moment. */
static bool echo_start(struct pty *pty)
{
	static const char answer[] = "................................................";
	pid_t child = pty_fork(pty, 24, 80);
	struct termios raw;
	char key;

	if (child != 0)
		return child > 0;
	if (tcgetattr(STDIN_FILENO, &raw) == 0) {
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	while (read(STDIN_FILENO, &key, 1) == 1)
		if (write(STDOUT_FILENO, answer, sizeof answer - 1) < 0)
			break;
	_exit(0);
}

/* Keys to the wizard while it copies and to the echo beside it, in turn. */
static bool measure_work_keys(struct pty *pty)
{
	double times[WORK_KEYS], echoes[WORK_KEYS];
	struct pty echo;

	if (!echo_start(&echo))
		return false;
	pty_still(&echo, 0.2, 1);
	for (size_t i = 0; i < WORK_KEYS; i++) {
		echoes[i] = key_time(&echo, "x");
		times[i] = key_time(pty, " ");
	}
	pty_end(&echo, 0);
	printf("a bare echo beside it, 99 of 100: %.2f ms\n",
		percentile(echoes, WORK_KEYS, 99) * 1e3);
	printf("a key while copying, median: %.2f ms\n", percentile(times, WORK_KEYS, 50) * 1e3);
	return within("a key while copying, 99 of 100", percentile(times, WORK_KEYS, 99) * 1e3, 16,
		"ms");
}

/* A copy that takes a while: a large file in the Bin that step 1 backs up. */
static bool measure_work(char *program, char *folder)
{
	char server[512], big[600], practice[600], runs[512];
	char *build[] = { program, "train", "--build", server, "--scenario", "standard", "--seed",
		"1", NULL };
	char *argv[] = { program, practice, "--operator", "measure", "--runs", runs, NULL };
	struct pty pty;
	bool good;

	snprintf(server, sizeof server, "%s/server", folder);
	snprintf(runs, sizeof runs, "%s/runs", folder);
	snprintf(practice, sizeof practice, "--practice=%s", server);
	snprintf(big, sizeof big, "%s/E/exchsrvr/connect/msmcon/bin/large", server);
	if (!pty_start(&pty, 24, 80, build) || pty_end(&pty, 20) != 0 || !large_file(big) ||
		!pty_start(&pty, 24, 80, argv)) {
		printf("no server to copy on could be made\n");
		return false;
	}
	if (!go(&pty, to_backup, 7))
		return false;
	pty_keys(&pty, "\r");
	if (!pty_until(&pty, "big.dll", 20))
		return false;
	good = measure_repaints(&pty);
	good &= measure_work_keys(&pty);
	pty_keys(&pty, "s");
	pty_still(&pty, 2, 10);
	pty_keys(&pty, "\003");
	pty_end(&pty, 0.5);
	return good;
}

static void folder_remove(const char *folder)
{
	pid_t child = fork();

	if (child == 0) {
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
	waitpid(child, NULL, 0);
}

int main(int argc, char *argv[])
{
	const char *base = getenv("TMPDIR");
	char folder[256], runs[300];
	bool good;

	snprintf(folder, sizeof folder, "%s/measure-XXXXXX",
		base != NULL && *base != '\0' ? base : "/tmp");
	if (argc != 2 || mkdtemp(folder) == NULL)
		return 64;
	setenv("TERM", "xterm", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	/* Practice servers are made where they are without being told. */
	unsetenv("TMPDIR");
	snprintf(runs, sizeof runs, "%s/keys", folder);
	good = measure_starts(argv[1]);
	good &= measure_keys(argv[1], runs);
	good &= measure_work(argv[1], folder);
	folder_remove(folder);
	return good ? 0 : 1;
}
