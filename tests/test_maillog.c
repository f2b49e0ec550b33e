/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SENT.LOG and RECV.LOG. The figures are those of Q151215; times by `date -u -d`. */
#include "tests/mail_entries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static const char sent_log[] =
	"DATE SENT       SIZE  SENDER                   TO\r\n"
	"---------       ---  ------                    --\r\n"
	"05/17/96 09:44  715  NETWORK/LOCALPO/Admin     NETWORK/REMOTEPO/Admin\r\n"
	"0000030C 00000403\r\n"
	"11/22/99 10:12  1239  NET1/PO1/HJONES  NET2/PO2/JOHN SMITH\r\n"
	"0000030d 00000404\r\n";
static const char received_log[] =
	"DATE RECEIVED   SIZE  FROM                   TO\n"
	"-------------   ----  ----                   --\n"
	"05/17/96 09:39  1239  NETWORK/REMOTEPO/ADMIN NETWORK/LOCALPO/ADMIN        *\n"
	"00000306\n";

static struct entries *read_log(TALLOC_CTX *mem, enum maillog_form form, const char *text)
{
	return entries_read(mem, maillog_new(mem, form, "SENT.LOG", 0), text, strlen(text), 0);
}

static void the_articles_figures(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct entries *got = read_log(mem, MAILLOG_SENT, sent_log);
	const struct mail_entry *entry = &got->list[0];

	(void)state;
	assert_int_equal(got->count, 2);
	assert_int_equal(entry->event, MAIL_SENT);
	assert_string_equal(entry->from, "NETWORK/LOCALPO/Admin");
	assert_string_equal(entry->to, "NETWORK/REMOTEPO/Admin");
	assert_int_equal(entry->here, 0x30c);
	assert_int_equal(entry->there, 0x403);
	assert_int_equal(entry->at, 832326240); /* 1996-05-17 09:44 */
	assert_string_equal(entry->where, "SENT.LOG line 3");
	assert_non_null(strstr(entry->raw, "NETWORK/REMOTEPO/Admin / 0000030C 00000403"));
	assert_false(entry->event_log);
	/* a name may have a blank in it, where two blanks part */
	assert_string_equal(got->list[1].to, "NET2/PO2/JOHN SMITH");
	assert_string_equal(got->list[1].where, "SENT.LOG line 5");
	assert_int_equal(got->list[1].here, 0x30d);
	got = read_log(mem, MAILLOG_RECEIVED, received_log);
	assert_int_equal(got->count, 1);
	assert_int_equal(got->list[0].event, MAIL_RECEIVED);
	assert_string_equal(got->list[0].from, "NETWORK/REMOTEPO/ADMIN");
	assert_string_equal(got->list[0].to, "NETWORK/LOCALPO/ADMIN");
	assert_int_equal(got->list[0].here, 0x306);
	assert_int_equal(got->list[0].there, 0);
	assert_int_equal(got->list[0].at, 832325940); /* 09:39 */
	talloc_free(mem);
}

static void the_same_whatever_the_cut(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct entries *whole = read_log(mem, MAILLOG_SENT, sent_log);

	(void)state;
	for (size_t piece = 1; piece < sizeof sent_log; piece++) {
		struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);

		assert_true(entries_same(whole,
			entries_read(mem, log, sent_log, sizeof sent_log - 1, piece)));
		assert_int_equal(maillog_odd(log), 0);
		assert_int_equal(maillog_lines(log), 6);
		assert_int_equal(maillog_pending(log), 0);
	}
	talloc_free(mem);
}

/* Where the log ends in the middle of an entry, another reader that begins so much earlier loses
 * nothing and has nothing twice. */
static void what_is_not_whole_is_read_next_time(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t len = sizeof sent_log - 1;

	(void)state;
	for (size_t end = 0; end <= len; end++) {
		struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);
		struct entries *first = entries_read(mem, log, sent_log, end, 0), *second;
		size_t from = end - maillog_pending(log);

		log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);
		second = entries_read(mem, log, sent_log + from, len - from, 0);
		assert_int_equal(first->count + second->count, 2);
		assert_int_equal(maillog_odd(log), 0);
	}
	talloc_free(mem);
}

static void a_message_without_numbers(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 40);
	static const char text[] = "05/17/96 09:44  715  A/B/C  D/E/F\n"
				   "05/17/96 09:45  715  A/B/C  D/E/G\n"
				   "0000030C 0000040\n"
				   "00000001 00000002 00000003\n"
				   "0000030C 00000403\n";
	struct entries *got = entries_read(mem, log, text, strlen(text), 0);

	(void)state;
	assert_int_equal(got->count, 2);
	assert_string_equal(got->list[0].where, "SENT.LOG line 41");
	assert_int_equal(got->list[0].here, 0);
	/* half a number is none, and half a pair is not taken */
	assert_int_equal(got->list[1].here, 0);
	assert_int_equal(maillog_odd(log), 3);
	talloc_free(mem);
}

struct date_row {
	const char *date;
	int64_t at;
};

static void dates_that_are_none_count_for_nothing(void **state)
{
	static const struct date_row rows[] = {
		{ "12/31/99 23:59", 946684740 },
		{ "01/01/00 00:00", 946684800 }, /* 2000 */
		{ "02/29/00 12:00", 951825600 },
		{ "24/02/10 12:00", 0 }, /* Q259219 */
		{ "02/29/99 12:00", 0 },
		{ "13/01/99 12:00", 0 },
		{ "05/17/1910 09:44", 0 },
		{ "05/17/2098 09:44", 0 },
		{ "05/17/61 09:44", 0 }, /* 2061 */
		{ "05/17/100 09:44", 0 },
		{ "05/17/96 24:00", 0 },
		{ "05/17/96 09", 0 },
		{ "-5/17/96 09:44", 0 },
		{ "99999999999/1/1 1:1", 0 },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct entries *got = read_log(mem, MAILLOG_SENT,
			talloc_asprintf(mem, "%s  715  A/B/C  D/E/F\n0000030C 00000403\n",
				rows[i].date));

		/* the message is there all the same */
		assert_int_equal(got->count, 1);
		assert_int_equal(got->list[0].here, 0x30c);
		assert_int_equal(got->list[0].at, rows[i].at);
	}
	talloc_free(mem);
}

static void what_is_none_of_the_form_is_counted(void **state)
{
	static const char *const odd[] = {
		"garbage",
		"05/17/96 09:44  NETWORK/A/B  C/D/E",
		"05/17/96 09:44  715  NETWORK/A/B",
		"05/17/96 09:44  715  A/B/C  D E/F  G/H", /* where it parts cannot be told */
		"05/17/96 09:44  715  A/B/C D/E/F G/H/I",
		"05/17/96 09:44  715  nobody  nowhere",
		"0000030C 00000403",
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);
		char *text = talloc_asprintf(mem, "%s\n", odd[i]);

		assert_int_equal(entries_read(mem, log, text, strlen(text), 0)->count, 0);
		assert_int_equal(maillog_odd(log), 1);
	}
	talloc_free(mem);
}

static void nul_bytes_and_other_code_pages(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	/* what a disk that lost power leaves in front; M\xfcLLER in Windows-1252 */
	static const char text[] = "\0\0\0\0"
				   "05/17/96 09:44  715  N/P/M\xfcLLER  N/P/A\0DMIN\n"
				   "0000030C 00000403\0\r\n\0\0\n"
				   "05/17/96 09:44  715  N/P/\x80  N/P/\x7f\n";
	struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT\033.LOG", 0);
	struct entries *got = entries_read(mem, log, text, sizeof text - 1, 0);

	(void)state;
	assert_int_equal(got->count, 1);
	assert_string_equal(got->list[0].from, "N/P/M\xef\xbf\xbdLLER");
	assert_string_equal(got->list[0].to,
		"N/P/A\xef\xbf\xbd"
		"DMIN");
	assert_int_equal(got->list[0].there, 0x403);
	assert_string_equal(got->list[0].where, "SENT\\x1b.LOG line 1");
	assert_int_equal(maillog_odd(log), 0);
	/* two names that look alike then are not the same */
	assert_false(mail_address_same(got->list[0].from, "N/P/M\xef\xbf\xbdLLER"));
	talloc_free(mem);
}

static void a_line_of_a_megabyte_takes_no_memory(void **state)
{
	enum { LONG = 1 << 20 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);
	char *text = talloc_size(mem, LONG);
	struct entries *got = talloc_zero(mem, struct entries);
	size_t before;

	(void)state;
	memset(text, 'x', LONG);
	before = talloc_total_size(log);
	assert_int_equal(maillog_feed(log, (const uint8_t *)text, LONG, entries_keep, got), 0);
	assert_int_equal(talloc_total_size(log), before);
	assert_int_equal(maillog_pending(log), LONG);
	assert_int_equal(maillog_feed(log, (const uint8_t *)"\n", 1, entries_keep, got), 0);
	assert_int_equal(maillog_odd(log), 1);
	assert_int_equal(maillog_pending(log), 0);
	assert_int_equal(maillog_feed(log, (const uint8_t *)sent_log, sizeof sent_log - 1,
				 entries_keep, got),
		0);
	assert_int_equal(got->count, 2);
	/* an address that is too long is none */
	text[600] = '\0';
	text = talloc_asprintf(mem, "05/17/96 09:44  715  A/B/%s  D/E/F\n0000030C\n", text);
	got = entries_read(mem, log, text, strlen(text), 0);
	assert_int_equal(got->count, 0);
	talloc_free(mem);
}

static int stop_at_once(void *arg, const struct mail_entry *entry)
{
	(void)entry;
	++*(int *)arg;
	return 42;
}

static void who_listens_may_stop(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct maillog *log = maillog_new(mem, MAILLOG_SENT, "SENT.LOG", 0);
	int calls = 0;

	(void)state;
	assert_int_equal(maillog_feed(log, (const uint8_t *)sent_log, sizeof sent_log - 1,
				 stop_at_once, &calls),
		42);
	assert_int_equal(calls, 1);
	talloc_free(mem);
}

static void addresses_of_one_mailbox(void **state)
{
	static const struct {
		const char *logged, *box;
		bool same;
	} rows[] = {
		{ "NET1/PO1/ADMIN", "NET1/PO1/ADMIN", true },
		{ "net1/po1/Admin ", " NET1/PO1/ADMIN", true },
		{ "MS:NET1/PO1/ADMIN", "NET1/PO1/ADMIN", true },
		{ "ms: NET1/PO1/ADMIN", "MS:NET1/PO1/ADMIN", true },
		{ "/o=Org/ou=Site/cn=Recipients/cn=admin", "NET1/PO1/ADMIN", true },
		{ "/O=ORG/OU=SITE/CN=RECIPIENTS/CN=ADMIN", "NET1/PO1/admin", true },
		{ "/o=Org/ou=Site/cn=Recipients/cn=admin2", "NET1/PO1/ADMIN", false },
		{ "/o=Org/ou=Site/cn=Recipients/ou=admin", "NET1/PO1/ADMIN", false },
		{ "cn=admin", "NET1/PO1/ADMIN", false },
		{ "NET1/PO2/ADMIN", "NET1/PO1/ADMIN", false },
		{ "NET1/PO1/ADMINS", "NET1/PO1/ADMIN", false },
		{ "PO1/ADMIN", "NET1/PO1/ADMIN", false },
		{ "ADMIN", "NET1/PO1/ADMIN", false },
		{ "NET1/PO1/ADMIN", "ADMIN", false },
		{ "admin@example.com", "NET1/PO1/ADMIN", false },
		{ "admin@example.com", "Admin@Example.com", true },
		{ "net1/po1/caf\xc3\xa9", "NET1/PO1/CAF\xc3\x89", true },
		{ "/o=Org/ou=Site/cn=Recipients/cn=caf\xc3\xa9", "NET1/PO1/CAF\xc3\x89", true },
		{ "NET1/PO1/CAF\xc3\xa8", "NET1/PO1/CAF\xc3\xa9", false },
		{ "", "", false },
		{ "MS:", "", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (mail_address_same(rows[i].logged, rows[i].box) != rows[i].same)
			fail_msg("%s and %s", rows[i].logged, rows[i].box);
	assert_false(mail_address_same(NULL, "NET1/PO1/ADMIN"));
}

static void postoffices_and_names(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	enum maillog_form form;
	uint32_t day;

	(void)state;
	assert_string_equal(mail_address_postoffice(mem, "MS:NET1/PO1/BOX"), "NET1/PO1");
	assert_string_equal(mail_address_postoffice(mem, " NET1/PO1/BOX"), "NET1/PO1");
	assert_null(mail_address_postoffice(mem, "NET1/PO1"));
	assert_null(mail_address_postoffice(mem, "NET1/PO1/"));
	assert_null(mail_address_postoffice(mem, "NET1//BOX"));
	assert_null(mail_address_postoffice(mem, "/PO1/BOX"));
	assert_null(mail_address_postoffice(mem, "/o=Org/ou=Site/cn=x"));
	assert_null(mail_address_postoffice(mem, ""));
	assert_true(maillog_tracking_name("19991122.log", &day));
	assert_int_equal(day, 19991122);
	assert_true(maillog_tracking_name("20000101.LOG", &day));
	assert_false(maillog_tracking_name("19991322.log", &day));
	assert_false(maillog_tracking_name("19991100.log", &day));
	assert_false(maillog_tracking_name("1999112.log", &day));
	assert_false(maillog_tracking_name("199911222.log", &day));
	assert_false(maillog_tracking_name("19991122.log.bak", &day));
	assert_true(maillog_pcmta_name("Send.log", &form));
	assert_int_equal(form, MAILLOG_SENT);
	assert_true(maillog_pcmta_name("SENT.LOG", &form));
	assert_int_equal(form, MAILLOG_SENT);
	assert_true(maillog_pcmta_name("recv.log", &form));
	assert_int_equal(form, MAILLOG_RECEIVED);
	assert_false(maillog_pcmta_name("SESSION.LOG", &form));
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_articles_figures),
		cmocka_unit_test(the_same_whatever_the_cut),
		cmocka_unit_test(what_is_not_whole_is_read_next_time),
		cmocka_unit_test(a_message_without_numbers),
		cmocka_unit_test(dates_that_are_none_count_for_nothing),
		cmocka_unit_test(what_is_none_of_the_form_is_counted),
		cmocka_unit_test(nul_bytes_and_other_code_pages),
		cmocka_unit_test(a_line_of_a_megabyte_takes_no_memory),
		cmocka_unit_test(who_listens_may_stop),
		cmocka_unit_test(addresses_of_one_mailbox),
		cmocka_unit_test(postoffices_and_names),
	};

	return cmocka_run_group_tests_name("maillog", tests, NULL, NULL);
}
