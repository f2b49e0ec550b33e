/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the connector said before step 5 was reached: of the last day, and nothing of messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/evt_write.h"
#include "tests/support.h"
#include "tests/watched.h"

enum { HOUR = 3600 };

static struct watched *begin_with(void **state, uint32_t id, int64_t ago)
{
	const struct evt_sample sample = { .at = (uint32_t)(time(NULL) - ago),
		.id = id,
		.type = 1,
		.source = "MSExchangeMSMI",
		.computer = "MAIL1" };
	struct watched *watched = watched_begin(*state);
	struct evt_log *log = evt_write_new(NULL, 0x800, 1);

	evt_write_add(log, &sample);
	evt_write_header(log, 0);
	support_write(lab_path(watched->lab, "C/WINNT/system32/config/AppEvent.Evt"), log->bytes,
		log->size);
	talloc_free(log);
	talloc_free(watched);
	return watched_begin(*state);
}

static void trouble_of_the_last_day_is_told(void **state)
{
	struct watched *watched = begin_with(state, 0xc000096a, HOUR);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 1);
	assert_true(watched->watch->facts[0].bad && watched->watch->facts[0].stops_all);
	assert_non_null(strstr(watched->watch->facts[0].source, "event 2410, record 1, "));
	assert_int_equal(watched->watch->seen.places[PLACE_EVENTS], PLACE_SEEN);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 1);
}

static void trouble_of_last_week_is_not(void **state)
{
	struct watched *watched = begin_with(state, 0xc000096a, 7 * 24 * HOUR);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 0);
	assert_int_equal(watched->watch->seen.places[PLACE_EVENTS], PLACE_SEEN);
}

/* 2117, a non-delivery report */
static void a_message_of_before_is_nobodys(void **state)
{
	struct watched *watched = begin_with(state, 0x80000845, HOUR);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 0);
	assert_int_equal(watched->watch->seen.entry_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCHED_TEST(trouble_of_the_last_day_is_told),
		WATCHED_TEST(trouble_of_last_week_is_not),
		WATCHED_TEST(a_message_of_before_is_nobodys),
	};

	return cmocka_run_group_tests_name("mail_heard", tests, NULL, NULL);
}
