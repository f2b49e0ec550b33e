/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mailcost DIR: looks at mail flow of the practice server in DIR, which it fills: 50,000
 * messages in the postoffice, 500 MB of tracking log. Milliseconds of each look. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "practice/practice.h"
#include "repair/step_mail.h"

enum { MESSAGES = 50000, LOOKS = 5 };

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

int main(int argc, char **argv)
{
	const off_t size = (off_t)500 << 20;
	const struct survey *survey;
	struct survey_options options = { 0 };
	struct mail_before *before;
	struct mail_watch *watch;
	struct server *server;
	double begun;

	if (argc != 2)
		return 64;
	for (unsigned i = 0; i < MESSAGES; i++)
		fill(argv[1], i);
	track(argv[1], "\r\n", size);
	must(practice_open(NULL, argv[1], &server, &err));
	must(survey_make(server, server, &options, &survey, &err));
	begun = now();
	must(mail_before_take(server, server, survey, NULL, NULL, &before, &err));
	(void)printf("before: %.1f ms, %zu messages\n", now() - begun, before->queue_count);
	watch = mail_watch_new(server, before);
	for (int i = 0; watch && i < LOOKS; i++) {
		fill(argv[1], MESSAGES + (unsigned)i);
		track(argv[1],
			"id\t1003\t1999.03.12 23:59:58\t\t\t\t/o=O/cn=A\t0\t1\t0\t0\t0\t1\r\nMS:N/P/B\t\r\n",
			size + 2 + 66 * (off_t)i);
		begun = now();
		must(mail_look(watch, server, survey, 1000 + i, NULL, NULL, &err));
		(void)printf("look: %.1f ms, %zu messages, %zu entries\n", now() - begun,
			watch->queue, watch->seen.entry_count);
	}
	talloc_free(server);
	return watch ? 0 : 1;
}
