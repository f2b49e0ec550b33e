/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log of a running server: what is asked, what comes, and servers that lie or forget. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "nt/eventlog.h"
#include "tests/fake_link.h"

static struct error err;
static struct event_log log_told;
static uint32_t first, last, stop_at;
static size_t came;

/* Each number once, one behind the other. */
static int hear(void *arg, const struct evt_record *record, struct error *why)
{
	(void)arg;
	if (came++ == 0)
		first = record->number;
	else
		assert_int_equal(record->number, last + 1);
	last = record->number;
	assert_string_equal(record->source, "MSExchangeMSMI");
	return record->number == stop_at ? error_set(why, TROUBLE_MOVED, "Enough.") : 0;
}

static int asked(struct server *server, uint32_t after)
{
	came = 0;
	first = last = 0;
	err = (struct error){ 0 };
	return server->ops->events(server, "Application", after, hear, NULL, &log_told, &err);
}

/* So many records, the first and the last of them; how many calls that took. */
static void hears(struct server *server, uint32_t after, uint32_t from, uint32_t to, unsigned calls)
{
	const unsigned before = fake.calls;

	if (asked(server, after) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(came, from ? to - from + 1 : 0);
	assert_int_equal(first, from);
	assert_int_equal(last, to);
	assert_true(log_told.found);
	if (calls)
		assert_int_equal(fake.calls - before, calls);
}

static void log_has(uint32_t oldest, uint32_t count)
{
	fake.log.oldest = oldest;
	fake.log.count = count;
}

static void what_is_new_takes_few_calls(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(5, 10);
	hears(server, 0, 5, 14, 4); /* open, oldest, count, read */
	assert_int_equal(log_told.oldest, 5);
	assert_int_equal(log_told.newest, 14);
	assert_false(log_told.partly);
	hears(server, 14, 0, 0, 2);
	fake.log.count += 2;
	hears(server, 14, 15, 16, 3);
	assert_int_equal(fake.log.opens, 1);
	assert_false(log_told.partly);
}

static void an_empty_log_is_one(void **state)
{
	struct server *server = fake_opened(state, &err);

	hears(server, 0, 0, 0, 3);
	assert_int_equal(log_told.newest, 0);
	assert_false(log_told.partly);
	hears(server, 7, 0, 0, 2);
	assert_true(log_told.partly);
}

static void a_large_log_comes_in_parts(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 3000);
	fake.log.data = 400;
	/* 524 bytes each: 1000 go into 0x7ffff */
	hears(server, 0, 1, 3000, 3 + 3);
	assert_false(log_told.partly);
}

static void the_newest_are_read_of_too_many(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(11, 20500);
	hears(server, 0, 511, 20510, 0);
	assert_true(log_told.partly);
	assert_int_equal(log_told.oldest, 11);
	log_has(11, 20000);
	hears(server, 0, 11, 20010, 0);
	assert_false(log_told.partly);
}

static void what_was_overwritten_is_told(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(100, 5);
	hears(server, 99, 100, 104, 0);
	assert_false(log_told.partly);
	hears(server, 98, 100, 104, 0);
	assert_true(log_told.partly);
	/* emptied, and begun anew */
	log_has(1, 3);
	hears(server, 104, 1, 3, 0);
	assert_true(log_told.partly);
}

static void what_is_written_meanwhile_is_for_the_next_time(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 3);
	fake.log.meanwhile = 4;
	hears(server, 0, 1, 3, 0);
	assert_int_equal(log_told.newest, 3);
	fake.log.count += 4;
	hears(server, 3, 4, 7, 0);
}

static void a_record_without_room_is_asked_for_again(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 2);
	fake.log.data = 20000;
	hears(server, 0, 1, 2, 3 + 3);
	assert_false(log_told.partly);
}

static void a_broken_connection_tells_nothing_twice(void **state)
{
	for (int after = 0; after < 2; after++) {
		struct server *server = fake_opened(state, &err);

		log_has(1, 3000);
		fake.log.data = 400;
		fake.connects = 0;
		fake_breaks("eventlog", EVENTLOG_READ, 3, after);
		hears(server, 0, 1, 3000, 0);
		assert_int_equal(fake.connects, 1);
		assert_false(log_told.partly);
		fake_breaks("eventlog", EVENTLOG_OLDEST, 1, after);
		hears(server, 2990, 2991, 3000, 0);
		talloc_free(server);
	}
}

static void a_forgotten_log_is_opened_again(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 4);
	hears(server, 0, 1, 4, 0);
	fake.log.handle = 77;
	fake.log.count = 6;
	hears(server, 4, 5, 6, 0);
	assert_int_equal(fake.log.opens, 2);
	assert_int_equal(fake.connects, 1);
}

static void where_no_number_is_found_all_is_read(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 3000);
	fake.log.data = 400;
	fake.log.no_seek = true;
	hears(server, 2500, 2501, 3000, 0);
	assert_int_equal(fake.log.opens, 2);
	assert_int_equal(fake.log.closes, 1);
	assert_false(log_told.partly);
}

static void a_log_that_is_emptied_meanwhile_ends_early(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 3);
	fake.log.read_code = 0xc0000197;
	fake.log.read_once = true;
	hears(server, 0, 0, 0, 0);
	assert_true(log_told.partly);
	hears(server, 0, 1, 3, 0);
	assert_int_equal(fake.log.opens, 2);
	fake.log.read_code = 0xc0000011;
	hears(server, 2, 0, 0, 0);
	assert_true(log_told.partly);
}

static void who_hears_may_end_it(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 5);
	stop_at = 2;
	assert_int_equal(asked(server, 0), -TROUBLE_MOVED);
	assert_string_equal(err.text, "Enough.");
	assert_int_equal(came, 2);
	stop_at = 0;
	hears(server, 2, 3, 5, 3);
}

static void what_the_server_refuses_is_a_sentence(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 3);
	fake.log.open_code = 0xc0000022;
	assert_int_equal(asked(server, 0), -TROUBLE_PERMISSION);
	assert_string_equal(err.text, "The event log of EXCH01 cannot be read: access is denied.");
	fake.log.open_code = 0;
	fake.log.read_code = 0xc000018e;
	assert_int_equal(asked(server, 0), -TROUBLE_IO);
	assert_non_null(strstr(err.text, "the file of the log is damaged"));
	assert_int_equal(fake.log.closes, 1);
	fake.log.read_code = 0;
	hears(server, 0, 1, 3, 0);
}

static void a_server_without_the_pipe_is_told(void **state)
{
	struct server *server = fake_opened(state, &err);

	fake.no_pipe = "eventlog";
	fake.no_pipe_code = 0xc0000034;
	assert_int_equal(asked(server, 0), -TROUBLE_UNREACHABLE);
	assert_non_null(strstr(err.text, "the Event Log service does not run there"));
	fake.no_pipe_code = 0xc0000022;
	assert_int_equal(asked(server, 0), -TROUBLE_PERMISSION);
	assert_int_equal(fake.connects, 1);
	fake.no_pipe = NULL;
	log_has(1, 1);
	hears(server, 0, 1, 1, 0);
}

/* ---- lies ---- */

static void too_long(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)records, (void)code;
	*len = 0x80000;
}

static void nothing(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)records, (void)code;
	*len = 0;
}

static void noise(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)code;
	memset(records, 0xa5, *len);
}

static void the_first_again(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)code;
	*len = get32(records);
	fake.log.at = 1;
}

static void too_small_for_ever(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)records;
	*len = 0;
	*code = 0xc0000023;
}

static void servers_that_lie_are_refused(void **state)
{
	static void (*const lies[])(uint8_t *, uint32_t *, uint32_t *) = { too_long, nothing, noise,
		the_first_again, too_small_for_ever };

	log_has(1, 50);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		struct server *server = fake_opened(state, &err);

		fake.log.spoils = lies[i];
		fake.log.reads = 0;
		assert_true(asked(server, 0) < 0);
		assert_true(*err.text && came <= 1 && fake.log.reads < 5);
		talloc_free(server);
	}
	fake.log.spoils = NULL;
	log_has(0, 5);
	assert_int_equal(asked(fake_opened(state, &err), 0), -TROUBLE_UNREACHABLE);
	log_has(UINT32_MAX - 3, 5);
	assert_int_equal(asked(fake_opened(state, &err), 0), -TROUBLE_UNREACHABLE);
	assert_non_null(strstr(err.text, "makes no sense"));
}

static void spoil_second(uint8_t *records, uint32_t *len, uint32_t *code)
{
	(void)len, (void)code;
	records[get32(records) + 4] = 'X';
}

static size_t heard;

static int count(void *arg, const struct evt_record *record, struct error *why)
{
	(void)arg, (void)why;
	assert_int_not_equal(record->number, 2);
	heard++;
	return 0;
}

static void a_record_that_is_none_is_passed_over(void **state)
{
	struct server *server = fake_opened(state, &err);

	log_has(1, 5);
	fake.log.spoils = spoil_second;
	assert_int_equal(server->ops->events(server, "Application", 0, count, NULL, &log_told,
				 &err),
		0);
	assert_int_equal(heard, 4);
	assert_true(log_told.partly);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_set_up, fake_tear_down)
		TEST(what_is_new_takes_few_calls),
		TEST(an_empty_log_is_one),
		TEST(a_large_log_comes_in_parts),
		TEST(the_newest_are_read_of_too_many),
		TEST(what_was_overwritten_is_told),
		TEST(what_is_written_meanwhile_is_for_the_next_time),
		TEST(a_record_without_room_is_asked_for_again),
		TEST(a_broken_connection_tells_nothing_twice),
		TEST(a_forgotten_log_is_opened_again),
		TEST(where_no_number_is_found_all_is_read),
		TEST(a_log_that_is_emptied_meanwhile_ends_early),
		TEST(who_hears_may_end_it),
		TEST(what_the_server_refuses_is_a_sentence),
		TEST(a_server_without_the_pipe_is_told),
		TEST(servers_that_lie_are_refused),
		TEST(a_record_that_is_none_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
