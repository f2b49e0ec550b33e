/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailcost DIR: looks at mail flow of the practice server in DIR, which it fills: 50,000 messages
 * in the postoffice, 500 MB of tracking log. The median milliseconds of a look, and of what is new
 * in the tracking log by itself, an entry more each time. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "practice/practice.h"
#include "repair/step_mail_internal.h"

#define ENTRY "id\t1003\t1999.03.12 23:59:58\t\t\t\t/o=O/cn=A\t0\t1\t0\t0\t0\t1\r\nMS:N/P/B\t\r\n"
#define SIZE ((off_t)500 << 20)

enum { MESSAGES = 50000, LOOKS = 11 };

static struct error err;

static void must(int ret)
{
	if (ret == 0)
		return;
	(void)fprintf(stderr, "mailcost: %s\n", err.text);
	exit(1);
}

static double now(void)
{
	struct timespec at;

	(void)clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void fill(const char *dir, unsigned number)
{
	char path[4096];
	int fd;

	(void)snprintf(path, sizeof path, "%s/E/exchsrvr/connect/msmcon/maildata/MAI/MA%X/%08X.MAI",
		dir, number % 16, 0x10000 + number);
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || close(fd) != 0)
		exit(1);
}

/* A log of 500 MB ends in a new day, and then one more entry comes. */
static void track(const char *dir, const char *text, off_t at)
{
	char path[4096];
	int fd;

	(void)snprintf(path, sizeof path, "%s/C/exchsrvr/TRACKING.LOG/20991231.log", dir);
	fd = open(path, O_WRONLY | O_CREAT, 0644);
	if (fd < 0 || pwrite(fd, text, strlen(text), at) < 0 || close(fd) != 0)
		exit(1);
}

static double median(double *taken)
{
	for (int i = 0; i < LOOKS; i++)
		for (int k = i; k > 0 && taken[k] < taken[k - 1]; k--) {
			double swapped = taken[k];

			taken[k] = taken[k - 1];
			taken[k - 1] = swapped;
		}
	return taken[LOOKS / 2];
}

static void one_more(const char *dir)
{
	static unsigned count;

	fill(dir, MESSAGES + count);
	track(dir, ENTRY, SIZE + 2 + (off_t)(sizeof ENTRY - 1) * count++);
}

static double look(struct mail_watch *watch, struct server *server, const struct survey *survey)
{
	const double begun = now();

	must(mail_look(watch, server, survey, 1000, NULL, NULL, &err));
	return now() - begun;
}

static double look_at_log(struct mail_watch *watch, struct server *server,
	const struct survey *survey)
{
	struct looking looking = { .tmp = talloc_new(watch),
		.watch = watch,
		.server = server,
		.survey = survey,
		.monotonic = 1000 };
	const double begun = now();

	must(mail_tracking_look(&looking, &err));
	return now() - begun;
}

int main(int argc, char **argv)
{
	const struct survey *survey;
	struct survey_options options = { 0 };
	struct mail_before *before;
	struct mail_watch *watch;
	struct server *server;
	double looks[LOOKS], logs[LOOKS];

	if (argc != 2)
		return 64;
	for (unsigned i = 0; i < MESSAGES; i++)
		fill(argv[1], i);
	track(argv[1], "\r\n", SIZE);
	must(practice_open(NULL, argv[1], &server, &err));
	must(survey_make(server, server, &options, &survey, &err));
	must(mail_before_take(server, server, survey, NULL, NULL, &before, &err));
	watch = mail_watch_new(server, before);
	if (!watch)
		return 1;
	for (int i = 0; i < LOOKS; i++) {
		one_more(argv[1]);
		looks[i] = look(watch, server, survey);
		one_more(argv[1]);
		logs[i] = look_at_log(watch, server, survey);
	}
	/* All of it was seen, and nothing but what was new. */
	if (watch->seen.entry_count != 2 * LOOKS || watch->waiting < MESSAGES)
		return 1;
	(void)printf("look %.2f\nlog %.2f\n", median(looks), median(logs));
	talloc_free(server);
	return 0;
}
