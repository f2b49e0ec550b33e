/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connector as a process: it moves mail by itself, is one for a folder, and ends with its
 * owner. */
#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "practice/mail.h"
#include "tests/mailsight.h"
#include "tests/support.h"

#define OUT "MSMC-OUTOUTOUTO"

enum { WAIT_MS = 50, WAITS = 400 };

static void rest(void)
{
	const struct timespec time = { 0, WAIT_MS * 1000000L };

	nanosleep(&time, NULL);
}

static char *built(TALLOC_CTX *mem)
{
	const struct practice_spec spec = { .scenario = "healthy", .seed = 11 };
	struct error err = { 0 };
	char *dir = support_folder(mem);

	if (practice_build(dir, &spec, &err) < 0)
		fail_msg("%s", err.text);
	return dir;
}

static struct server *opened(TALLOC_CTX *mem, const char *dir)
{
	struct server *server = NULL;
	struct error err = { 0 };

	if (practice_open(mem, dir, &server, &err) < 0)
		fail_msg("%s", err.text);
	return server;
}

/* The one child of a process; 0: none. */
static pid_t child_of(pid_t pid)
{
	char path[64];
	FILE *file;
	int child = 0;

	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
	file = fopen(path, "r");
	if (!file)
		support_skip("no /proc with children");
	if (fscanf(file, "%d", &child) != 1)
		child = 0;
	fclose(file);
	return child;
}

/* A zombie of somebody who does not care is gone as well. */
static bool gone(pid_t pid)
{
	char path[64], line[256] = "";
	FILE *file;
	const char *state;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	(void)!fgets(line, sizeof line, file);
	fclose(file);
	state = strrchr(line, ')');
	return state && strncmp(state, ") Z", 3) == 0;
}

static bool gone_soon(pid_t pid)
{
	for (unsigned i = 0; i < WAITS && !gone(pid); i++)
		rest();
	return gone(pid);
}

static void send(struct server *server, const struct sightings *sightings)
{
	const struct mail_letter letter = { .from = (char *)sightings->ours,
		.to = (char *)sightings->theirs,
		.subject = (char *)OUT,
		.text = (char *)SIGHT_TEXT };
	struct error err = { 0 };

	if (server->ops->mail_send(server, &letter, &err) < 0)
		fail_msg("%s", err.text);
}

static void by_itself(void **state)
{
	char *dir = built(*state);
	struct server *server = opened(*state, dir);
	struct sightings sightings = sight_new(*state, dir);
	struct mail_boxes boxes;
	struct mail_letters letters;
	struct error err = { 0 };
	bool sent = false;
	pid_t child;

	assert_int_equal(child_of(getpid()), 0);
	assert_int_equal(server->ops->mail_boxes(server, *state, &boxes, &err), 0);
	assert_true(boxes.count >= 3 + 2 * 3);
	child = child_of(getpid());
	assert_true(child > 0);
	/* Asked again it is the same. */
	assert_int_equal(server->ops->mail_boxes(server, *state, &boxes, &err), 0);
	assert_int_equal(child_of(getpid()), child);
	send(server, &sightings);
	for (unsigned i = 0; i < WAITS && sight_out(&sightings, OUT) != SIGHT_BOX; i++)
		rest();
	assert_int_equal(sight_out(&sightings, OUT), SIGHT_BOX);
	assert_int_equal(server->ops->mail_read(server, *state, &boxes.boxes[0], &letters, &err),
		0);
	for (size_t i = 0; i < letters.count; i++)
		sent = sent ||
			(letters.letters[i].sent && strcmp(letters.letters[i].subject, OUT) == 0);
	assert_true(sent);
	/* At most a second or so of its work. */
	talloc_free(server);
	assert_true(gone(child));
	assert_int_equal(child_of(getpid()), 0);
}

/* While the connector works, everything below it goes away. */
static void vanishing(void **state)
{
	char *dir = built(*state);
	struct practice_mail_process *process;
	struct error err = { 0 };
	pid_t child;

	assert_int_equal(practice_mail_start(*state, dir, &process, &err), 0);
	child = child_of(getpid());
	rest();
	support_remove(talloc_asprintf(*state, "%s/C", dir));
	support_remove(talloc_asprintf(*state, "%s/E", dir));
	support_remove(talloc_asprintf(*state, "%s/mail", dir));
	for (unsigned i = 0; i < 30; i++)
		rest();
	assert_false(gone(child));
	talloc_free(process);
	assert_true(gone(child));
}

/* Who started it is killed. */
static void orphan(void **state)
{
	char *dir = built(*state);
	int pipes[2];
	pid_t owner, child = 0;

	assert_int_equal(pipe(pipes), 0);
	owner = fork();
	if (owner == 0) {
		struct practice_mail_process *process;
		struct error err;

		if (practice_mail_start(NULL, dir, &process, &err) == 0) {
			child = child_of(getpid());
			(void)!write(pipes[1], &child, sizeof child);
		}
		for (;;)
			pause();
	}
	assert_int_equal(read(pipes[0], &child, sizeof child), sizeof child);
	assert_true(child > 0);
	assert_false(gone(child));
	assert_int_equal(kill(owner, SIGKILL), 0);
	assert_int_equal(waitpid(owner, NULL, 0), owner);
	assert_true(gone_soon(child));
	close(pipes[0]);
	close(pipes[1]);
}

/* It holds nothing that its owner had open. */
static void few_files(void **state)
{
	char *dir = built(*state), path[64];
	struct practice_mail_process *process;
	struct error err = { 0 };
	size_t seen = 0;
	DIR *open_files;
	struct dirent *entry;
	int pipes[2];

	assert_int_equal(pipe(pipes), 0);
	assert_int_equal(practice_mail_start(*state, dir, &process, &err), 0);
	for (unsigned i = 0; i < 20; i++)
		rest();
	snprintf(path, sizeof path, "/proc/%d/fd", (int)child_of(getpid()));
	open_files = opendir(path);
	assert_non_null(open_files);
	while ((entry = readdir(open_files)) != NULL) {
		char to[512] = "";
		const ssize_t len = readlinkat(dirfd(open_files), entry->d_name, to, sizeof to - 1);

		assert_null(strstr(to, "pipe:"));
		seen += len > 0 && strncmp(to, dir, strlen(dir)) != 0 &&
			strcmp(to, "/dev/null") != 0;
	}
	closedir(open_files);
	assert_int_equal(seen, 0);
	talloc_free(process);
	close(pipes[0]);
	close(pipes[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(by_itself),
		SUPPORT_TEST(vanishing),
		SUPPORT_TEST(orphan),
		SUPPORT_TEST(few_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
