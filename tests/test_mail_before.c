/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the postoffice before: by listings and the ends of text logs, and nothing else is
 * opened. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "tests/support.h"
#include "tests/watched.h"

static void maildata_file(struct lab *lab, const char *name, const char *text)
{
	lab_file(lab, talloc_asprintf(lab, WATCHED_MAILDATA "%s", name), text, LAB_SETUP_TIME);
}

static void the_queue_by_its_names(void **state)
{
	struct lab *lab = *state;
	const struct mail_before *before;

	maildata_file(lab, "mai/maf/000000FF.MAI", "m");
	maildata_file(lab, "mai/MA0/ffffff00.mai", "m");
	maildata_file(lab, "mai/MA0/00000010.mai", "m");
	maildata_file(lab, "mai/ma3/POPULATE.MSM", "m");
	maildata_file(lab, "mai/ma3/0000040.mai", "m");
	maildata_file(lab, "mai/ma3/00000043.mai.bak", "m");
	maildata_file(lab, "mai/ma3/0000004g.mai", "m");
	maildata_file(lab, "mai/ma3/00000053.mai/is a folder", "m");
	before = watched_begin(lab)->before;
	assert_int_equal(before->queue_count, 4);
	assert_int_equal(before->queue[0], 0x10);
	assert_int_equal(before->queue[1], 0xff);
	assert_int_equal(before->queue[2], 0x403);
	assert_int_equal(before->queue[3], 0xffffff00);
	assert_false(before->queue_cut);
	assert_string_equal(before->maildata, LAB_MOVED "\\Maildata");
}

static void mailbags_by_name_size_and_time(void **state)
{
	struct lab *lab = *state;
	const struct mail_before *before;

	maildata_file(lab, "mbg/00000011.MBG", "116 bytes");
	maildata_file(lab, "mbg/00000011.KEY", "a key");
	before = watched_begin(lab)->before;
	assert_int_equal(before->bag_count, 2);
	assert_string_equal(before->bags[0].name, "00000011.MBG");
	assert_int_equal(before->bags[0].size, 9);
	assert_int_equal(before->bags[0].mtime, filetime_of(LAB_SETUP_TIME, 0));
	assert_string_equal(before->bags[1].name, "inqueue3.mbg");
}

static void the_ends_of_logs(void **state)
{
	struct lab *lab = *state;
	const struct mail_before *before;

	maildata_file(lab, "log/sent.log", "one\r\ntwo\r\nthr");
	lab_file(lab, WATCHED_TRACKING "19990311.log", "old", LAB_SETUP_TIME);
	lab_file(lab, WATCHED_TRACKING "19990312.log",
		"# 123456789 123456789 123456789 123456789 123456789 123456789 1234567\n",
		LAB_SETUP_TIME);
	lab_file(lab, WATCHED_TRACKING "notes.log", "no day", LAB_SETUP_TIME);
	before = watched_begin(lab)->before;
	assert_string_equal(before->sent.name, "sent.log");
	assert_int_equal(before->sent.size, 13);
	assert_int_equal(before->sent.lines, 2);
	assert_int_equal(before->sent.tail_len, 13);
	assert_memory_equal(before->sent.tail, "one\r\ntwo\r\nthr", 13);
	assert_null(before->received.name);
	assert_string_equal(before->tracking_folder, "C:\\exchsrvr\\tracking.log");
	assert_string_equal(before->tracking.name, "19990312.log");
	assert_int_equal(before->tracking.size, 70);
	assert_int_equal(before->tracking.tail_len, 64);
	assert_memory_equal(before->tracking.tail, "56789 1", 7);
}

/* Of 1 GiB only the end is read, and its lines are not counted. */
static void the_end_of_a_long_log(void **state)
{
	struct watched *watched = watched_begin(*state);

	watched_sparse(watched, WATCHED_MAILDATA "log/sent.log", UINT64_C(1) << 30, "the end\r\n");
	watched->calls = 0;
	assert_int_equal(mail_before_take(watched, watched->server, watched->survey, NULL, NULL,
				 &watched->before, &watched->err),
		0);
	assert_int_equal(watched->before->sent.size, (1 << 30) + 9);
	assert_int_equal(watched->before->sent.lines, 0);
	assert_memory_equal(watched->before->sent.tail + 55, "the end\r\n", 9);
}

static void the_share_says_where_tracking_is(void **state)
{
	struct lab *lab = *state;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "tracking.log",
		"MaxUses=4294967295\nPath=E:\\track\nPermissions=0\nType=0");
	lab_file(lab, "E/track/19990401.log", "here", LAB_SETUP_TIME);
	lab_file(lab, WATCHED_TRACKING "19990402.log", "not here", LAB_SETUP_TIME);
	assert_string_equal(watched_begin(lab)->before->tracking.name, "19990401.log");
}

/* KEY, INQUEUE3 and CONTROL.GLB stop a connector that cannot open them (Q168857). */
static void nothing_else_is_opened(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;

	maildata_file(lab, "log/RECV.LOG", "two");
	maildata_file(lab, "log/OTHER.LOG", "three");
	maildata_file(lab, "mbg/00000011.MBG", "116 bytes");
	watched = watched_begin(lab);
	(void)watched_look(watched);
	assert_string_equal(watched->opened,
		LAB_MOVED "\\Maildata\\LOG\\sent.log\n" LAB_MOVED
			  "\\Maildata\\LOG\\RECV.LOG\n" LAB_MOVED
			  "\\Maildata\\LOG\\sent.log\n" LAB_MOVED "\\Maildata\\LOG\\RECV.LOG\n");
}

static void where_nothing_is(void **state)
{
	struct watched *watched = watched_begin(*state);

	watched_remove(watched, WATCHED_MAILDATA);
	assert_int_equal(mail_before_take(watched, watched->server, watched->survey, NULL, NULL,
				 &watched->before, &watched->err),
		0);
	assert_int_equal(watched->before->queue_count, 0);
	assert_null(watched->before->sent.name);
	assert_null(watched->before->tracking_folder);
	assert_false(watched->before->events_found);
}

/* A log that was listed and is gone, and one that is no file. */
static void a_log_that_vanishes(void **state)
{
	struct watched *watched = watched_begin(*state);

	watched->vanishes = lab_path(watched->lab, WATCHED_MAILDATA "log/sent.log");
	assert_int_equal(mail_before_take(watched, watched->server, watched->survey, NULL, NULL,
				 &watched->before, &watched->err),
		0);
	assert_null(watched->before->sent.name);
	assert_int_equal(mkfifo(watched->vanishes, 0600), 0);
	watched->vanishes = NULL;
	assert_int_equal(mail_before_take(watched, watched->server, watched->survey, NULL, NULL,
				 &watched->before, &watched->err),
		0);
	assert_string_equal(watched->before->sent.name, "sent.log");
	assert_int_equal(watched->before->sent.tail_len, 0);
}

static void a_queue_of_50000(void **state)
{
	enum { MANY = 50000 };
	struct watched *watched = watched_begin(*state);

	for (unsigned i = 0; i < 16; i++) {
		char *folder = talloc_asprintf(watched, WATCHED_MAILDATA "mai/ma%x", i);

		if (i != 3)
			support_mkdir(lab_path(watched->lab, folder));
	}
	for (unsigned i = 0; i < MANY; i++) {
		char *name = talloc_asprintf(NULL, WATCHED_MAILDATA "mai/ma%x/%08x.mai", i % 16,
			0x10000 + i);

		watched_write(watched, name, "");
		talloc_free(name);
	}
	(void)watched_look(watched);
	assert_int_equal(watched->watch->queue, MANY + 1);
	assert_int_equal(watched->watch->seen.come_count, MANY);
	assert_int_equal(watched->watch->seen.come[MANY - 1], 0x10000 + MANY - 1);
	assert_int_equal(watched->watch->waiting, 1);
	assert_int_equal(watched->watch->seen.places[PLACE_QUEUE], PLACE_SEEN);
}

static int stop(void *arg, const char *what)
{
	(void)arg, (void)what;
	return 1;
}

static void being_stopped(void **state)
{
	struct watched *watched = watched_begin(*state);

	assert_int_equal(mail_before_take(watched, watched->server, watched->survey, stop, NULL,
				 &watched->before, &watched->err),
		-TROUBLE_STOPPED);
	assert_null(watched->before);
	assert_int_equal(mail_look(watched->watch, watched->server, watched->survey, 1, stop, NULL,
				 &watched->err),
		-TROUBLE_STOPPED);
}

/* ---- on record ---- */

static void there_and_back(void **state)
{
	struct lab *lab = *state;
	struct mail_before *before, *back;
	struct error err;
	json_t *json, *again;

	maildata_file(lab, "mbg/00000011.MBG", "116 bytes");
	lab_file(lab, WATCHED_TRACKING "19990312.log", "tracked", LAB_SETUP_TIME);
	before = watched_begin(lab)->before;
	json = mail_before_json(before);
	assert_int_equal(mail_before_parse(lab, json, &back, &err), 0);
	assert_int_equal(back->queue[0], 0x403);
	assert_string_equal(back->tracking.name, "19990312.log");
	assert_string_equal(back->bags[0].name, "00000011.MBG");
	assert_memory_equal(back->tracking.tail, "tracked", 7);
	again = mail_before_json(back);
	assert_true(json_equal(json, again));
	json_decref(json);
	json_decref(again);
}

static void what_is_not_taken(void **state)
{
	static const struct {
		const char *member, *json;
	} rows[] = {
		{ "format", "2" },
		{ "at", "-1" },
		{ "at", "\"noon\"" },
		{ "maildata", "null" },
		{ "maildata", "\"E:\\\\a\\\\..\\\\b\"" },
		{ "maildata", "\"..\"" },
		{ "tracking_folder", "\"\\\\\\\\other\\\\share\"" },
		{ "queue", "{}" },
		{ "queue", "[2, 1]" },
		{ "queue", "[1, 1]" },
		{ "queue", "[-1]" },
		{ "queue", "[4294967296]" },
		{ "bags", "[{\"name\": \"000000011.MBG\", \"size\": 1, \"mtime\": 1}]" },
		{ "bags", "[{\"name\": \"1.MBG\", \"size\": -1, \"mtime\": 1}]" },
		{ "bags", "[1]" },
		{ "sent", "{\"name\": \"..%5Cx\", \"size\": 1, \"lines\": 0, \"tail\": \"\"}" },
		{ "sent", "{\"name\": \"a\", \"size\": 1, \"lines\": 2, \"tail\": \"\"}" },
		{ "sent", "{\"name\": \"a\", \"size\": 1, \"lines\": 0, \"tail\": \"0102\"}" },
		{ "sent", "{\"name\": \"a\", \"size\": 1, \"lines\": 0, \"tail\": \"0\"}" },
		{ "sent", "{\"name\": \"a\", \"size\": 1, \"lines\": 0}" },
		{ "received", "[]" },
		{ "tracking", "3" },
		{ "last_event", "4294967296" },
		{ "last_event", "null" },
	};
	struct mail_before *before = watched_begin(*state)->before, *back;
	struct error err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = mail_before_json(before),
		       *value = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);

		assert_non_null(value);
		json_object_set_new(json, rows[i].member, value);
		if (mail_before_parse(*state, json, &back, &err) != -TROUBLE_RECORD_DAMAGED)
			fail_msg("%s: %s was taken", rows[i].member, rows[i].json);
		json_decref(json);
	}
	assert_int_equal(mail_before_parse(*state, NULL, &back, &err), -TROUBLE_RECORD_DAMAGED);
}

/* Switched on after step 5 was reached: all of it is new, but what came with it of earlier days. */
static void tracking_that_is_switched_on(void **state)
{
	struct watched *watched = watched_begin(*state);
	struct mail_before *before = talloc_steal(watched, watched->before);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->seen.places[PLACE_TRACKING], PLACE_ABSENT);
	support_mkdir(lab_path(watched->lab, "C/exchsrvr/tracking.log"));
	watched_write(watched, WATCHED_TRACKING "20991231.log",
		WATCHED_TRACKED("1003", "2099.12.31 00:00:01", "C", "MS:N/Q/D"));
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), "out C>MS:N/Q/D; ");
	talloc_free(watched->watch);
	watched->watch = mail_watch_new(watched, before);
	watched_write(watched, WATCHED_TRACKING "19990312.log",
		WATCHED_TRACKED("1003", "1999.03.12 23:59:58", "A", "MS:N/Q/B"));
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched),
		"?out A>MS:N/Q/B; out C>MS:N/Q/D; tracking-log partly; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCHED_TEST(the_queue_by_its_names),
		WATCHED_TEST(mailbags_by_name_size_and_time),
		WATCHED_TEST(the_ends_of_logs),
		WATCHED_TEST(the_end_of_a_long_log),
		WATCHED_TEST(the_share_says_where_tracking_is),
		WATCHED_TEST(nothing_else_is_opened),
		WATCHED_TEST(where_nothing_is),
		WATCHED_TEST(a_log_that_vanishes),
		WATCHED_TEST(a_queue_of_50000),
		WATCHED_TEST(being_stopped),
		WATCHED_TEST(there_and_back),
		WATCHED_TEST(what_is_not_taken),
		WATCHED_TEST(tracking_that_is_switched_on),
	};

	return cmocka_run_group_tests_name("mail_before", tests, NULL, NULL);
}
