/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper as a process that is missing, old, mad, dead or silent (tests/fake_smb.c). */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/remote_private.h"

static TALLOC_CTX *mem;
static char *place;
static unsigned waited;

static int begin(void **state)
{
	(void)state;
	waited = 0;
	mem = talloc_new(NULL);
	place = talloc_strdup(mem, "/tmp/msmcfix-link.XXXXXX");
	return place && mkdtemp(place) ? 0 : -1;
}

static int end(void **state)
{
	char *command = talloc_asprintf(mem, "rm -rf '%s'", place);

	(void)state;
	/* No zombie is left of any of them. */
	if (!command || system(command) != 0 || waitpid(-1, NULL, WNOHANG) != -1)
		return -1;
	talloc_free(mem);
	return 0;
}

static void cast(const char *part)
{
	char *folder = talloc_asprintf(mem, "%s/%s", place, part),
	     *path = talloc_asprintf(mem, "%s/msmcfix-smb", folder), *fake, here[4096];

	assert_non_null(getcwd(here, sizeof here));
	fake = talloc_asprintf(mem, "%s/tests/fake_smb", here);
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_int_equal(symlink(fake, path), 0);
	assert_int_equal(setenv("MSMCFIX_LIBEXECDIR", folder, 1), 0);
}

static struct remote_link *start(const char *part)
{
	struct remote_link *link = NULL;
	struct error err;

	cast(part);
	assert_int_equal(link_start(mem, &link, &err), 0);
	assert_non_null(link);
	assert_false(link_broken(link));
	return link;
}

static int give_up_after(void *arg, const char *doing, unsigned seconds)
{
	(void)doing;
	(void)seconds;
	return ++waited >= *(unsigned *)arg;
}

static int ask(struct remote_link *link, const struct remote_spec *spec, struct frame *answer,
	struct error *err)
{
	struct frame_writer body;

	frame_begin(&body, mem);
	frame_put_text(&body, "C$");
	return link_ask(link, mem, spec, "Asking", FRAME_ROOM, &body, answer, err);
}

static void good(void **state)
{
	struct remote_link *link = start("good");
	const struct remote_spec spec = { 0 };
	struct frame answer;
	struct error err;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(link, &spec, &answer, &err), 0);
		assert_int_equal(answer.len, 4);
		assert_memory_equal(answer.body, "here", 4);
	}
	talloc_free(link);
}

static void missing(void **state)
{
	struct remote_link *link = NULL;
	struct error err;

	(void)state;
	assert_int_equal(setenv("MSMCFIX_LIBEXECDIR", place, 1), 0);
	assert_int_equal(link_start(mem, &link, &err), -TROUBLE_BUG);
	assert_null(link);
	assert_non_null(strstr(err.text, "msmcfix-smb cannot be started"));
	assert_non_null(strstr(error_advice(&err), "msmcfix-live"));
}

static void other_version(void **state)
{
	struct remote_link *link = NULL;
	struct error err;

	(void)state;
	cast("other");
	assert_int_equal(link_start(mem, &link, &err), -TROUBLE_BUG);
	assert_null(link);
	assert_non_null(strstr(err.text, "another version"));
	assert_non_null(strstr(error_advice(&err), "msmcfix-live"));
}

/* How each ends, and that it is over then. */
static void fails(void **state)
{
	static const struct {
		const char *part, *text;
		enum trouble trouble;
	} rows[] = {
		{ "dies", "ended without an answer", TROUBLE_BUG },
		{ "middle", "ended without an answer", TROUBLE_BUG },
		{ "killed", "ended by signal 9", TROUBLE_UNREACHABLE },
		{ "garbage", "says what no helper says", TROUBLE_BUG },
		{ "oversized", "says what no helper says", TROUBLE_BUG },
		{ "stranger", "says what no helper says", TROUBLE_BUG },
	};
	const struct remote_spec spec = { .patience = 1 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct remote_link *link = start(rows[i].part);
		struct frame answer;
		struct error err;

		assert_int_equal(ask(link, &spec, &answer, &err), -(int)rows[i].trouble);
		assert_non_null(strstr(err.text, rows[i].text));
		assert_true(link_broken(link));
		assert_int_equal(ask(link, &spec, &answer, &err), -TROUBLE_UNREACHABLE);
		talloc_free(link);
	}
}

/* It is told about ten times a second, and an interrupted wait goes on. */
static void slow(void **state)
{
	unsigned never = 1000;
	const struct remote_spec spec = { .waiting = give_up_after, .waiting_arg = &never };
	struct remote_link *link = start("slow");
	struct frame answer;
	struct error err;

	(void)state;
	assert_int_equal(ask(link, &spec, &answer, &err), 0);
	assert_in_range(waited, 2, 10);
	talloc_free(link);
}

static void silent(void **state)
{
	unsigned twice = 2;
	const struct remote_spec spec = { .waiting = give_up_after, .waiting_arg = &twice };
	struct remote_link *link = start("silent");
	struct frame answer;
	struct error err;

	(void)state;
	assert_int_equal(ask(link, &spec, &answer, &err), -TROUBLE_STOPPED);
	assert_int_equal(waited, 2);
	assert_true(link_broken(link));
	talloc_free(link);
}

static void ignore(int number)
{
	(void)number;
}

/* Ctrl-C is the program's to answer. */
static void interrupted(void **state)
{
	unsigned once = 1;
	const struct remote_spec spec = { .waiting = give_up_after, .waiting_arg = &once };
	struct sigaction action = { .sa_handler = ignore }, before;
	struct remote_link *link = start("silent");
	struct frame answer;
	struct error err;

	(void)state;
	assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
	ualarm(20000, 0);
	assert_int_equal(ask(link, &spec, &answer, &err), -TROUBLE_STOPPED);
	assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
	talloc_free(link);
}

/* The one child there is. */
static int child(void)
{
	char *path =
		talloc_asprintf(mem, "/proc/%d/task/%d/children", (int)getpid(), (int)getpid());
	FILE *file = path ? fopen(path, "re") : NULL;
	int pid = 0;

	if (file) {
		if (fscanf(file, "%d", &pid) != 1)
			pid = 0;
		fclose(file);
	}
	return pid;
}

/* Of this program's descriptors it has none but the socket. */
static void nothing_inherited(void **state)
{
	struct remote_link *link;
	int open_one = dup(STDERR_FILENO), count = 0;
	const struct dirent *entry;
	char *folder;
	DIR *dir;

	(void)state;
	assert_true(open_one >= 0);
	link = start("silent");
	folder = talloc_asprintf(mem, "/proc/%d/fd", child());
	dir = opendir(folder);
	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	close(open_one);
	assert_int_equal(count, 4);
	talloc_free(link);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(good, begin, end),
		cmocka_unit_test_setup_teardown(missing, begin, end),
		cmocka_unit_test_setup_teardown(other_version, begin, end),
		cmocka_unit_test_setup_teardown(fails, begin, end),
		cmocka_unit_test_setup_teardown(slow, begin, end),
		cmocka_unit_test_setup_teardown(silent, begin, end),
		cmocka_unit_test_setup_teardown(interrupted, begin, end),
		cmocka_unit_test_setup_teardown(nothing_inherited, begin, end),
	};

	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
