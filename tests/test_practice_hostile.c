/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever lies where the connector works: it goes on, or does nothing, and leaves alone what is
 * not its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "practice/mail.h"
#include "tests/flow.h"
#include "tests/mailsight.h"
#include "tests/support.h"

enum { ROUNDS = 120 };

static const char *const FILES[] = {
	SIGHT_MAILDATA "/MBG/00000011.MBG",
	SIGHT_MAILDATA "/KEY/00000011.KEY",
	SIGHT_MAILDATA "/MBG/INQUEUE3.MBG",
	SIGHT_MAILDATA "/KEY/INQUEUE3.KEY",
	SIGHT_MAILDATA "/GLB/CONTROL.GLB",
	SIGHT_MAILDATA "/LOG/SENT.LOG",
	"C/WINNT/system32/config/AppEvent.Evt",
	"mail/outbox/00000001.msg",
	"mail/NET1/PO1/outbox/00000001.msg",
	"practice.json",
};

static char *built(TALLOC_CTX *mem)
{
	const struct practice_spec spec = { .scenario = "healthy", .seed = 11 };
	struct error err = { 0 };
	char *dir = support_folder(mem);

	if (practice_build(dir, &spec, &err) < 0)
		fail_msg("%s", err.text);
	return dir;
}

static void send(const char *dir, const char *from, const char *to)
{
	const struct mail_letter letter = { .from = (char *)from,
		.to = (char *)to,
		.subject = (char *)"subject",
		.text = (char *)SIGHT_TEXT };
	struct error err;

	(void)practice_mail_send(dir, &letter, time(NULL), &err);
}

/* Some bytes become others, the end is lost, or all of it. */
static void spoil(TALLOC_CTX *mem, const char *path, uint64_t *random)
{
	size_t len = 0;
	uint8_t *bytes;

	if (access(path, F_OK) < 0)
		return;
	bytes = support_read(mem, path, &len);
	for (unsigned i = 0; len > 0 && i < 1 + support_random(random) % 8; i++)
		bytes[support_random(random) % len] = (uint8_t)support_random(random);
	if (len > 0 && support_random(random) % 2)
		len = support_random(random) % len;
	support_write(path, bytes, len);
}

static void spoilt_files(void **state)
{
	uint64_t random = 20000101;

	for (unsigned round = 0; round < ROUNDS / 20; round++) {
		char *dir = built(*state);
		struct sightings sightings = sight_new(*state, dir);
		/* With diagnostics raised each message makes an event. */
		const char *json = talloc_asprintf(*state, "{\"diagnostics\": true,%s",
			sight_file(&sightings, "practice.json") + 1);

		support_write_text(talloc_asprintf(*state, "%s/practice.json", dir), json);
		for (unsigned i = 0; i < 20; i++) {
			send(dir, sightings.ours, sightings.theirs);
			send(dir, sightings.theirs, sightings.ours);
			spoil(*state,
				talloc_asprintf(*state, "%s/%s", dir,
					FILES[support_random(&random) % ARRAY_SIZE(FILES)]),
				&random);
			(void)flow_steps(dir, time(NULL) + 10 * i, 6);
			support_write_text(talloc_asprintf(*state, "%s/practice.json", dir), json);
		}
		talloc_free(dir);
	}
}

/* Links that lead out of the server's folder, in the place of each folder that is written into. */
static void links(void **state)
{
	static const char *const folders[] = { SIGHT_MAILDATA "/MAI/MA0", SIGHT_MAILDATA "/MBG",
		SIGHT_MAILDATA "/KEY", SIGHT_MAILDATA "/LOG", SIGHT_MAILDATA "/GLB",
		"C/exchsrvr/TRACKING.LOG", "mail/NET1/PO1", "mail/outbox", "mail/gateway", "mail" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char *dir = built(*state), *outside = support_folder(*state),
		     *path = talloc_asprintf(*state, "%s/%s", dir, folders[i]);
		struct sightings sightings = sight_new(*state, dir);

		support_remove(path);
		assert_int_equal(symlink(outside, path), 0);
		send(dir, sightings.ours, sightings.theirs);
		send(dir, sightings.theirs, sightings.ours);
		(void)flow_all(dir);
		assert_int_equal(support_names(outside), 0);
		talloc_free(dir);
	}
}

/* A file that is a link, a pipe or a folder is none. */
static void no_files(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(FILES) - 1; i++)
		for (unsigned kind = 0; kind < 3; kind++) {
			char *dir = built(*state), *outside = support_folder(*state),
			     *path = talloc_asprintf(*state, "%s/%s", dir, FILES[i]),
			     *target = talloc_asprintf(*state, "%s/target", outside);
			struct sightings sightings = sight_new(*state, dir);

			support_write_text(target, "mine");
			send(dir, sightings.ours, sightings.theirs);
			send(dir, sightings.theirs, sightings.ours);
			support_remove(path);
			assert_int_equal(kind == 0  ? symlink(target, path)
					: kind == 1 ? mkfifo(path, 0600)
						    : mkdir(path, 0700),
				0);
			(void)flow_steps(dir, time(NULL), 12);
			assert_string_equal((char *)support_read(*state, target, &(size_t){ 0 }),
				"mine");
			talloc_free(dir);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(spoilt_files),
		SUPPORT_TEST(links),
		SUPPORT_TEST(no_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
