/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a look brings: only what is new, and each bad input ends in its one right word. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/evt_write.h"
#include "tests/support.h"
#include "tests/watched.h"

#define SENT_LOG WATCHED_MAILDATA "log/sent.log"
#define RECV_LOG WATCHED_MAILDATA "log/recv.log"
#define LINE_1 WATCHED_SENT("N/P/A", "N/Q/B", "0000030C", "00000403")
#define LINE_2 WATCHED_SENT("N/P/C", "N/Q/D", "0000030D", "00000404")

/* ---- logs ---- */

static void only_what_is_new(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;
	const struct mail_seen *seen;

	lab_file(lab, SENT_LOG, LINE_1, LAB_SETUP_TIME);
	watched = watched_begin(lab);
	seen = watched_look(watched);
	assert_int_equal(seen->places[PLACE_SENT_LOG], PLACE_SEEN);
	assert_int_equal(seen->places[PLACE_RECV_LOG], PLACE_ABSENT);
	assert_int_equal(seen->entry_count, 0);
	watched_append(watched, SENT_LOG, LINE_2);
	(void)watched_look(watched);
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), "sent N/P/C>N/Q/D; ");
	assert_int_equal(seen->entries[0]->here, 0x30d);
	assert_int_equal(seen->entries[0]->there, 0x404);
	assert_string_equal(seen->entries[0]->where, "sent.log line 3");
}

/* A row of the table: what was there, what was done, and what is said then. */
struct bad {
	const char *name, *before;
	void (*done)(struct watched *watched);
	const char *said;
};

static void cut_in_mid_line(struct watched *watched)
{
	watched_append(watched, SENT_LOG, "05/17/96 09:44  715  N/P/C     N/Q/");
	(void)watched_look(watched);
	assert_int_equal(watched->watch->seen.entry_count, 0);
	watched_append(watched, SENT_LOG, "D\r\n0000030D 0000");
	(void)watched_look(watched);
	watched_append(watched, SENT_LOG, "0404\r\n");
}

static void nul_bytes(struct watched *watched)
{
	watched_sparse(watched, SENT_LOG, 300, "\r\n" LINE_2);
}

static void dates(struct watched *watched)
{
	watched_append(watched, SENT_LOG,
		"01/01/10 00:00  715  N/P/E     N/Q/F\r\n00000001 00000002\r\n"
		"24/02/98 00:00  715  N/P/G     N/Q/H\r\n00000003 00000004\r\n");
}

static void another_code_page(struct watched *watched)
{
	watched_append(watched, SENT_LOG, "\xff\xfe\x80 garbage \x9f\r\n" LINE_2);
}

/* Longer than it was, and another. */
static void another_file(struct watched *watched)
{
	watched_write(watched, SENT_LOG, LINE_2 LINE_2 LINE_2);
}

/* What comes behind it later is new. */
static void began_anew(struct watched *watched)
{
	watched_write(watched, SENT_LOG, LINE_2);
	(void)watched_look(watched);
	watched_append(watched, SENT_LOG, LINE_1);
}

static void missing(struct watched *watched)
{
	watched_remove(watched, SENT_LOG);
}

static void no_file(struct watched *watched)
{
	watched_remove(watched, SENT_LOG);
	assert_int_equal(mkfifo(lab_path(watched->lab, SENT_LOG), 0600), 0);
}

static void vanishes(struct watched *watched)
{
	watched->vanishes = lab_path(watched->lab, SENT_LOG);
}

static void two_that_match(struct watched *watched)
{
	watched_append(watched, SENT_LOG, LINE_2 LINE_2);
}

static void too_much(struct watched *watched)
{
	watched_sparse(watched, SENT_LOG, (UINT64_C(500) << 20) - 2, "\r\n" LINE_2);
}

static void a_whole_tree_gone(struct watched *watched)
{
	watched_remove(watched, WATCHED_MAILDATA);
}

static const struct bad bads[] = {
	{ "cut in mid-line", LINE_1, cut_in_mid_line, "sent N/P/C>N/Q/D; " },
	{ "NUL bytes", LINE_1, nul_bytes, "sent N/P/C>N/Q/D; " },
	{ "1910 and 2098", LINE_1, dates, "sent N/P/E>N/Q/F; sent N/P/G>N/Q/H; " },
	{ "code page", LINE_1, another_code_page, "sent N/P/C>N/Q/D; " },
	{ "another", LINE_1, another_file,
		"?sent N/P/C>N/Q/D; ?sent N/P/C>N/Q/D; ?sent N/P/C>N/Q/D; sent-log partly; " },
	{ "shrank, and grew", LINE_1 LINE_1, began_anew,
		"?sent N/P/C>N/Q/D; sent N/P/A>N/Q/B; sent-log partly; " },
	{ "missing", LINE_1, missing, "" },
	{ "no file", LINE_1, no_file, "sent-log trouble; " },
	{ "vanishes", LINE_1, vanishes, "" },
	{ "two", LINE_1, two_that_match, "sent N/P/C>N/Q/D; sent N/P/C>N/Q/D; " },
	{ "500 MB", LINE_1, too_much, "sent N/P/C>N/Q/D; sent-log partly; " },
	{ "no Maildata", LINE_1, a_whole_tree_gone, "" },
};

static void bad_input(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++) {
		struct lab *lab = lab_new(*state);
		struct watched *watched;
		char *said;

		lab_file(lab, SENT_LOG, bads[i].before, LAB_SETUP_TIME);
		watched = watched_begin(lab);
		bads[i].done(watched);
		(void)watched_look(watched);
		said = watched_said(watched);
		if (strcmp(said, bads[i].said) != 0)
			fail_msg("%s: \"%s\"", bads[i].name, said);
		/* And nothing comes twice, nor is what is lost forgotten. */
		(void)watched_look(watched);
		if (strcmp(watched_said(watched), said) != 0)
			fail_msg("%s, again: \"%s\"", bads[i].name, watched_said(watched));
		for (int p = 0; p < MAIL_PLACES; p++)
			assert_int_equal(watched->watch->seen.why[p] != NULL,
				watched->watch->seen.places[p] == PLACE_PARTLY ||
					watched->watch->seen.places[p] == PLACE_TROUBLE);
		talloc_free(lab);
	}
}

/* ---- the tracking log ---- */

#define TRACK_1 WATCHED_TRACKED("1003", "1999.03.12 23:59:58", "/o=ORG/ou=S/cn=R/cn=A", "MS:N/Q/B")
#define TRACK_2 WATCHED_TRACKED("1004", "1999.03.13 00:00:01", "MS:N/Q/B", "/o=ORG/ou=S/cn=R/cn=A")
#define DAY_1 WATCHED_TRACKING "19990312.log"
#define DAY_2 WATCHED_TRACKING "19990313.log"
#define DAY_3 WATCHED_TRACKING "19990314.log"
#define SAID_1 "out /o=ORG/ou=S/cn=R/cn=A>MS:N/Q/B; "
#define SAID_2 "in MS:N/Q/B>/o=ORG/ou=S/cn=R/cn=A; "

static void rolled_over_at_midnight(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;

	lab_file(lab, DAY_1, "# of the day\r\n", LAB_SETUP_TIME);
	watched = watched_begin(lab);
	watched_append(watched, DAY_1, TRACK_1);
	watched_write(watched, DAY_2, TRACK_2);
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), SAID_1 SAID_2);
	watched_append(watched, DAY_2, TRACK_2);
	watched_write(watched, DAY_3, TRACK_1);
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), SAID_1 SAID_2 SAID_2 SAID_1);
	assert_int_equal(watched->watch->seen.places[PLACE_TRACKING], PLACE_SEEN);
}

static void a_day_that_was_deleted(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;

	lab_file(lab, DAY_1, "# of the day\r\n", LAB_SETUP_TIME);
	watched = watched_begin(lab);
	watched_remove(watched, DAY_1);
	watched_write(watched, DAY_2, TRACK_2);
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), SAID_2 "tracking-log partly; ");
}

/* Of 500 MB only what is new is asked for. */
static void a_long_tracking_log(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;

	lab_file(lab, DAY_1, "x", LAB_SETUP_TIME);
	watched = watched_begin(lab);
	watched_sparse(watched, DAY_1, UINT64_C(500) << 20, "\r\n");
	talloc_free(watched);
	watched = watched_begin(lab);
	watched_append(watched, DAY_1, TRACK_1);
	watched->calls = 0;
	(void)watched_look(watched);
	assert_string_equal(watched_said(watched), SAID_1);
	assert_string_equal(watched->watch->seen.entries[0]->where,
		"tracking.log\\19990312.log from byte 524288002, line 1");
	assert_true(watched->calls <= 40);
}

/* ---- the queue ---- */

static void what_left_and_what_came(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;
	const struct mail_seen *seen;

	lab_file(lab, WATCHED_MAILDATA "mai/ma1/00000011.mai", "m", LAB_SETUP_TIME);
	watched = watched_begin(lab);
	watched_remove(watched, WATCHED_MAILDATA "mai/ma3/00000403.mai");
	watched_write(watched, WATCHED_MAILDATA "mai/ma1/00000021.mai", "m");
	seen = watched_look(watched);
	assert_int_equal(seen->gone_count, 1);
	assert_int_equal(seen->gone[0], 0x403);
	assert_int_equal(seen->come_count, 1);
	assert_int_equal(seen->come[0], 0x21);
	assert_int_equal(watched->watch->waiting, 1);
	assert_int_equal(watched->watch->queue, 2);
	assert_non_null(strstr(mail_watch_text(lab, watched->watch),
		"1 of 2 messages left the postoffice since "));
}

/* ---- a server that runs ---- */

static struct service running[] = {
	{ .name = "MSExchangeMSMI", .state = SERVICE_RUNNING },
	{ .name = LAB_VANCOUVER, .state = SERVICE_RUNNING },
	{ .name = LAB_LEGACY, .state = SERVICE_RUNNING },
	{ .name = "Spooler", .state = SERVICE_STOPPED },
};

static struct watched *begin_running(void **state)
{
	struct watched *watched = watched_begin(*state);

	watched->server->caps |= SERVER_SERVICES;
	for (size_t i = 0; i < 3; i++)
		running[i].state = SERVICE_RUNNING;
	watched->services = (struct service_list){ running, ARRAY_SIZE(running) };
	return watched;
}

static void services_that_run_on(void **state)
{
	struct watched *watched = begin_running(state);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->running_since, 1000);
	assert_null(watched_fact(watched, "five minutes"));
	watched->clock += 300;
	(void)watched_look(watched);
	assert_non_null(watched_fact(watched, "five minutes"));
	running[1].state = SERVICE_STOPPED;
	(void)watched_look(watched);
	assert_int_equal(watched->watch->running_since, 0);
	assert_null(watched_fact(watched, "five minutes"));
	assert_true(watched_fact(watched, LAB_VANCOUVER)->bad);
	assert_false(watched_fact(watched, LAB_VANCOUVER)->stops_all);
	running[0].state = SERVICE_STOPPED;
	(void)watched_look(watched);
	assert_true(watched_fact(watched, "MSExchangeMSMI")->stops_all);
}

static void a_queue_that_does_not_drain(void **state)
{
	struct watched *watched = begin_running(state);

	(void)watched_look(watched);
	watched->clock += 599;
	(void)watched_look(watched);
	assert_null(watched_fact(watched, "does not drain"));
	watched->clock += 1;
	(void)watched_look(watched);
	assert_non_null(watched_fact(watched, "does not drain"));
	watched_remove(watched, WATCHED_MAILDATA "mai/ma3/00000403.mai");
	(void)watched_look(watched);
	assert_null(watched_fact(watched, "does not drain"));
}

/* What is asked of a running server is a round trip each, or more for a folder of many names. */
static void round_trips(void **state)
{
	struct watched *watched = begin_running(state);

	support_mkdir(lab_path(watched->lab, "C/exchsrvr/tracking.log"));
	for (int i = 0; i < 3; i++) {
		watched_append(watched, SENT_LOG, LINE_1);
		watched_append(watched, RECV_LOG, LINE_2);
		watched_append(watched, i < 2 ? DAY_1 : DAY_2, TRACK_1);
		watched->calls = 0;
		(void)watched_look(watched);
		if (watched->calls > 40)
			fail_msg("look %d: %zu", i, watched->calls);
	}
	assert_int_equal(watched->watch->seen.entry_count, 9);
}

/* On the disks of a server that is off nothing is claimed of what moves or runs. */
static void nothing_is_claimed_of_disks(void **state)
{
	struct watched *watched = watched_begin(*state);

	(void)watched_look(watched);
	watched->clock += 6000;
	(void)watched_look(watched);
	assert_null(watched_fact(watched, "does not drain"));
	assert_int_equal(watched->watch->running_since, 0);
}

static void the_wrong_account(void **state)
{
	struct lab *lab = *state;
	struct watched *watched;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ObjectName", REG_SZ, "LocalSystem");
	watched = watched_begin(lab);
	(void)watched_look(watched);
	assert_true(watched_fact(watched, "LocalSystem")->stops_all);
	assert_string_equal(watched_fact(watched, "LocalSystem")->source, "Q164177");
}

/* Three hours ahead, by what the tracking log says now; the day is the server's. */
static void clocks_apart(void **state)
{
	struct lab *lab = *state;
	struct watched *watched = watched_begin(lab);
	time_t then = time(NULL) + 3 * 3600 + 30;
	struct tm tm;
	char when[32], day[32];

	assert_non_null(gmtime_r(&then, &tm));
	assert_true(strftime(when, sizeof when, "%Y.%m.%d %H:%M:%S", &tm) > 0);
	assert_true(strftime(day, sizeof day, "%Y%m%d.log", &tm) > 0);
	support_mkdir(lab_path(lab, "C/exchsrvr/tracking.log"));
	watched_write(watched, talloc_asprintf(lab, WATCHED_TRACKING "%s", day),
		talloc_asprintf(lab,
			"id\t1003\t%s\t\t\t\t/o=O/cn=A\t0\t1\t0\t0\t0\t1\r\nMS:N/Q/B\t\r\n", when));
	(void)watched_look(watched);
	assert_non_null(watched_fact(watched, "at least 180 minutes ahead"));
	(void)watched_look(watched);
	assert_null(watched_fact(watched, "ahead"));
}

/* ---- events ---- */

static const struct evt_sample no_session = { .at = 921231700,
	.id = 0xc000096a, /* 2410 */
	.type = 1,
	.source = "MSExchangeMSMI",
	.computer = "MAIL1" };
static const struct evt_sample session = { .at = 921231800,
	.id = 0x40000950, /* 2384 */
	.type = 4,
	.source = "MSExchangeMSMI",
	.computer = "MAIL1" };

static void events_write(struct watched *watched, uint32_t first, const struct evt_sample *sample,
	int count, uint32_t flags)
{
	struct evt_log *log = evt_write_new(NULL, 0x800, first);

	while (count-- > 0)
		evt_write_add(log, sample);
	evt_write_header(log, flags);
	support_write(lab_path(watched->lab, "C/WINNT/system32/config/AppEvent.Evt"), log->bytes,
		log->size);
	talloc_free(log);
}

static struct watched *begin_events(void **state, uint32_t first, int count)
{
	struct watched *watched = watched_begin(*state);

	events_write(watched, first, &session, count, 0);
	talloc_free(watched);
	return watched_begin(*state);
}

static void an_event_that_stops_all(void **state)
{
	struct watched *watched = begin_events(state, 1, 2);

	assert_int_equal(watched->before->last_event, 2);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->seen.places[PLACE_EVENTS], PLACE_SEEN);
	assert_int_equal(watched->watch->fact_count, 0);
	events_write(watched, 1, &no_session, 4, 0);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 1);
	assert_true(watched->watch->facts[0].bad && watched->watch->facts[0].stops_all);
	assert_non_null(
		strstr(watched->watch->facts[0].source, "event 2410, record 4, 1999-03-12"));
	assert_non_null(strstr(watched->watch->facts[0].source, "(Q164177)"));
	events_write(watched, 1, &session, 5, 0);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 2);
	assert_false(watched->watch->facts[0].bad);
	assert_false(watched->watch->facts[1].stops_all);
}

static void a_log_of_events_that_is_not_whole(void **state)
{
	static const struct {
		uint32_t first;
		int count;
		uint32_t flags;
		const char *said;
	} rows[] = {
		{ 1, 3, 0, "" }, { 1, 3, 1, "event-log partly; " }, /* dirty */
		{ 1, 1, 0, "event-log partly; " },                  /* cleared */
		{ 9, 2, 2, "event-log partly; " },                  /* 3 to 8 were overwritten */
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *lab = lab_new(*state);
		struct watched *watched = begin_events(&lab, 1, 2);

		events_write(watched, rows[i].first, &session, rows[i].count, rows[i].flags);
		(void)watched_look(watched);
		if (strcmp(watched_said(watched), rows[i].said) != 0)
			fail_msg("row %zu: %s", i, watched_said(watched));
		talloc_free(lab);
	}
}

/* One that was not there before may hold what is old. */
static void events_that_were_not_there(void **state)
{
	struct watched *watched = watched_begin(*state);

	(void)watched_look(watched);
	assert_int_equal(watched->watch->seen.places[PLACE_EVENTS], PLACE_ABSENT);
	events_write(watched, 1, &no_session, 2, 0);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->seen.places[PLACE_EVENTS], PLACE_PARTLY);
	assert_int_equal(watched->watch->fact_count, 0);
	events_write(watched, 1, &no_session, 3, 0);
	(void)watched_look(watched);
	assert_int_equal(watched->watch->fact_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCHED_TEST(only_what_is_new),
		SUPPORT_TEST(bad_input),
		WATCHED_TEST(rolled_over_at_midnight),
		WATCHED_TEST(a_day_that_was_deleted),
		WATCHED_TEST(a_long_tracking_log),
		WATCHED_TEST(what_left_and_what_came),
		WATCHED_TEST(services_that_run_on),
		WATCHED_TEST(round_trips),
		WATCHED_TEST(a_queue_that_does_not_drain),
		WATCHED_TEST(nothing_is_claimed_of_disks),
		WATCHED_TEST(the_wrong_account),
		WATCHED_TEST(clocks_apart),
		WATCHED_TEST(an_event_that_stops_all),
		SUPPORT_TEST(a_log_of_events_that_is_not_whole),
		WATCHED_TEST(events_that_were_not_there),
	};

	return cmocka_run_group_tests_name("mail_look", tests, NULL, NULL);
}
