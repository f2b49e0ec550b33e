/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The message tracking log: fields as Q173280 numbers them, events as Q173364 does. */
#include "tests/mail_entries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/memory.h"

#define GATEWAY "/o=Org/ou=Site/cn=configuration/cn=connections/cn=MS Mail Connector (SERVER)"
#define ADMIN "/o=Org/ou=Site/cn=Recipients/cn=admin"
#define JONES "/o=Org/ou=Site/cn=Recipients/cn=hjones"
/* 1 id 2 event 3 time 4 gateway 5 partner 6 remote id 7 sender 8 priority 9 length 10 seconds 11
 * cost 12 subject id 13 recipients */
#define RECORD(id, event, time, gateway, recipients) \
	"c=US;a= ;p=Org;l=SERVER-" id "\t" event "\t" time "\t" gateway "\t\t\t" ADMIN \
	"\t0\t1239\t\t1\t\t" recipients "\r\n"
#define OUT RECORD("1", "1003", "1999.11.22 10:12:04", GATEWAY, "1") "MS:NET2/PO2/SMITH\t\r\n"
static const char day[] =
	"# Message Tracking Log\r\n"
	"Message ID\tEvent\tTime\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\r\n" RECORD("1", "4",
		"1999.11.22 10:12:01", "",
		"2") "MS:NET2/PO2/SMITH\t\r\n" JONES
		     "\t0\r\n" OUT RECORD("2", "1004", "11/22/1999 10:13:05", GATEWAY, "1") JONES
	"\n";

static struct entries *read_text(TALLOC_CTX *mem, const char *text, uint64_t *odd)
{
	struct maillog *log = maillog_new(mem, MAILLOG_TRACKING, "19991122.log", 0);
	struct entries *got = entries_read(mem, log, text, strlen(text), 0);

	if (odd)
		*odd = maillog_odd(log);
	return got;
}

static void a_day(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	uint64_t odd;
	struct entries *got = read_text(mem, day, &odd);

	(void)state;
	assert_int_equal(odd, 0);
	assert_int_equal(got->count, 4);
	assert_int_equal(got->list[0].event, MAIL_SUBMITTED);
	assert_string_equal(got->list[0].from, ADMIN);
	assert_string_equal(got->list[0].to, "MS:NET2/PO2/SMITH");
	assert_int_equal(got->list[0].at, 943265521);
	assert_string_equal(got->list[0].where, "19991122.log line 3");
	assert_string_equal(got->list[1].to, JONES);
	assert_int_equal(got->list[2].event, MAIL_GATEWAY_OUT);
	assert_int_equal(got->list[2].at, 943265524);
	assert_int_equal(got->list[2].here, 0);
	assert_memory_equal(got->list[2].raw, "c=US;a= ;p=Org;l=SERVER-1 1003 1999", 35);
	assert_true(strlen(got->list[2].raw) <= MAILLOG_RAW_MOST);
	assert_int_equal(got->list[3].event, MAIL_GATEWAY_IN);
	assert_int_equal(got->list[3].at, 943265585);
	/* one message has one number, another another */
	assert_true(got->list[0].message != 0 && got->list[0].message == got->list[2].message);
	assert_true(got->list[0].message != got->list[3].message);
	talloc_free(mem);
}

static void the_same_whatever_the_cut(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct entries *whole = read_text(mem, day, NULL);

	(void)state;
	for (size_t piece = 1; piece < sizeof day; piece++) {
		struct maillog *log = maillog_new(mem, MAILLOG_TRACKING, "19991122.log", 0);

		assert_true(
			entries_same(whole, entries_read(mem, log, day, sizeof day - 1, piece)));
		assert_int_equal(maillog_odd(log), 0);
		assert_int_equal(maillog_pending(log), 0);
	}
	talloc_free(mem);
}

/* A record whose recipient is not there yet is begun again the next time. */
static void what_is_not_whole_is_read_next_time(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	static const char out[] = OUT;
	size_t len = sizeof out - 1;

	(void)state;
	for (size_t end = 0; end <= len; end++) {
		struct maillog *log = maillog_new(mem, MAILLOG_TRACKING, "19991122.log", 0);
		struct entries *first = entries_read(mem, log, out, end, 0), *second;

		assert_int_equal(maillog_pending(log), end < len ? end : 0);
		log = maillog_new(mem, MAILLOG_TRACKING, "19991122.log", 0);
		second =
			entries_read(mem, log, out + (end < len ? 0 : len), end < len ? len : 0, 0);
		assert_int_equal(first->count + second->count, 1);
	}
	talloc_free(mem);
}

static void every_event_has_its_kind(void **state)
{
	static const struct {
		const char *event, *gateway, *status;
		enum mail_event kind;
	} rows[] = {
		{ "0", "", "", MAIL_OTHER },
		{ "4", "", "", MAIL_SUBMITTED },
		{ "7", "", "", MAIL_OTHER },
		{ "9", "", "", MAIL_DELIVERED },
		{ "10", "", "", MAIL_OTHER },
		{ "1000", "", "", MAIL_DELIVERED },
		{ "1003", GATEWAY, "", MAIL_GATEWAY_OUT },
		{ "1003", "", "", MAIL_GATEWAY_OUT },
		/* another connector's */
		{ "1003", "/o=Org/ou=Site/cn=connections/cn=Notes (SERVER)", "", MAIL_OTHER },
		{ "1004", GATEWAY, "", MAIL_GATEWAY_IN },
		/* 0 is delivered, 1 is not: a receipt is no report of failure */
		{ "1005", GATEWAY, "1", MAIL_REPORTED },
		{ "1005", GATEWAY, "0", MAIL_OTHER },
		{ "1006", GATEWAY, "", MAIL_REPORTED },
		{ "1006", GATEWAY, "0", MAIL_OTHER },
		{ "1007", GATEWAY, "0", MAIL_REPORTED },
		{ "1008", GATEWAY, "1", MAIL_OTHER },
		{ "99999", "", "", MAIL_OTHER },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text =
			talloc_asprintf(mem, "id\t%s\t\t%s\t\t\tA/B/C\t0\t1\t\t1\t\t1\nD/E/F\t%s\n",
				rows[i].event, rows[i].gateway, rows[i].status);
		struct entries *got = read_text(mem, text, NULL);

		assert_int_equal(got->count, 1);
		if (got->list[0].event != rows[i].kind)
			fail_msg("event %s, status %s", rows[i].event, rows[i].status);
	}
	talloc_free(mem);
}

static void a_number_of_recipients_that_lies(void **state)
{
	static const char *const counts[] = { "0", "1", "2", "3", "4294967296", "-1", "many", "" };
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		char *text = talloc_asprintf(mem,
			"id\t4\t\t\t\t\tA/B/C\t0\t1\t\t1\t\t%s\nD/E/F\t\nD/E/G\t\n" OUT, counts[i]);
		uint64_t odd;
		struct entries *got = read_text(mem, text, &odd);

		assert_int_equal(got->count, 3);
		assert_int_equal(odd, 0);
		assert_string_equal(got->list[1].to, "D/E/G");
		assert_int_equal(got->list[2].event, MAIL_GATEWAY_OUT);
	}
	talloc_free(mem);
}

/* Behind what is no line of the form nobody's recipients go on. */
static void recipients_belong_to_their_own_record(void **state)
{
	static const char *const between[] = {
		"id\t4\tthis record was cut\n",
		"id\tnone\t\t\t\t\tA/B/X\t0\t1\t\t1\t\t1\n",
		"id\t4x\t\t\t\t\tA/B/X\t0\t1\t\t1\t\t1\n",
		"id\t4\t\t\t\t\t\t0\t1\t\t1\t\t1\n", /* no sender */
		"garbage\n",
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	char *text, *tall = talloc_array(mem, char, 5001);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(between); i++) {
		text = talloc_asprintf(mem, OUT "%sD/E/F\t\n", between[i]);
		assert_int_equal(read_text(mem, text, NULL)->count, 1);
	}
	memset(tall, 'x', 5000);
	tall[5000] = '\0';
	text = talloc_asprintf(mem, OUT "%s\nD/E/F\t\n", tall);
	assert_int_equal(read_text(mem, text, NULL)->count, 1);
	/* empty lines and comments are nothing */
	assert_int_equal(read_text(mem, OUT "\r\n# x\nD/E/F\t\n", NULL)->count, 2);
	/* a recipient in front belongs to nobody: the beginning was read before */
	assert_int_equal(read_text(mem, "D/E/F\t\n" OUT, NULL)->count, 1);
	talloc_free(mem);
}

static void dates_out_of_reason_count_for_nothing(void **state)
{
	static const struct {
		const char *time;
		int64_t at;
	} rows[] = {
		{ "1999.11.22 10:12:04", 943265524 },
		{ "1999.1.2 3:4:5", 915246245 },
		{ "11/22/1999 10:12:04", 943265524 },
		{ "2000.2.29 0:0:0", 951782400 },
		{ "1910.11.22 10:12:04", 0 },
		{ "2098.11.22 10:12:04", 0 },
		{ "22.11.1999 10:12:04", 0 },
		{ "1999-11-22 10:12:04", 0 },
		{ "1999.11.31 10:12:04", 0 },
		{ "1999.11.22 10:60:04", 0 },
		{ "1999.11.22", 0 },
		{ "", 0 },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct entries *got = read_text(mem,
			talloc_asprintf(mem, "id\t4\t%s\t\t\t\tA/B/C\t0\t1\t\t1\t\t1\nD/E/F\t\n",
				rows[i].time),
			NULL);

		assert_int_equal(got->count, 1);
		if (got->list[0].at != rows[i].at)
			fail_msg("%s", rows[i].time);
	}
	talloc_free(mem);
}

static int count_one(void *arg, const struct mail_entry *entry)
{
	*(size_t *)arg += entry->event == MAIL_GATEWAY_OUT;
	return 0;
}

/* 64 MB, as a log of a day that is read as new; the bound is ten times what it takes. */
static void a_large_log_is_read_in_time(void **state)
{
	enum { PIECE = 1 << 20, ALL = 64 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct maillog *log = maillog_new(mem, MAILLOG_TRACKING, "19991122.log", 0);
	static const char out[] = OUT;
	size_t len = sizeof out - 1, each = PIECE / len, found = 0, size;
	char *text = talloc_size(mem, PIECE);
	struct timespec begin, end;

	(void)state;
	for (size_t i = 0; i < each; i++)
		memcpy(text + i * len, out, len);
	size = talloc_total_size(log);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begin);
	for (int i = 0; i < ALL; i++)
		assert_int_equal(maillog_feed(log, (const uint8_t *)text, each * len, count_one,
					 &found),
			0);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	assert_int_equal(found, each * ALL);
	assert_int_equal(talloc_total_size(log), size);
	print_message("# 64 MB, %zu entries: %ld ms\n", found,
		(long)((end.tv_sec - begin.tv_sec) * 1000 +
			(end.tv_nsec - begin.tv_nsec) / 1000000));
	assert_true(end.tv_sec - begin.tv_sec < 10);
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day),
		cmocka_unit_test(the_same_whatever_the_cut),
		cmocka_unit_test(what_is_not_whole_is_read_next_time),
		cmocka_unit_test(every_event_has_its_kind),
		cmocka_unit_test(a_number_of_recipients_that_lies),
		cmocka_unit_test(recipients_belong_to_their_own_record),
		cmocka_unit_test(dates_out_of_reason_count_for_nothing),
		cmocka_unit_test(a_large_log_is_read_in_time),
	};

	return cmocka_run_group_tests_name("tracking", tests, NULL, NULL);
}
