/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events about mail flow; numbers, types and texts from the articles that each row names. */
#include "mail/events.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"

#define MSMI "MSExchangeMSMI"
#define TOKEN "MSMC-23456789AB"

static const char *const pcmtas[] = { "MTA to Vancouver PO", "Legacy Mail Connector" };

static void read_event(TALLOC_CTX *mem, const char *source, uint16_t id, uint16_t type,
	const char *const *strings, size_t count, struct event_said *said)
{
	struct evt_record record = { .number = 1207,
		.at = 943265524,
		.id = id,
		.type = type,
		.source = (char *)source,
		.strings = (char **)strings,
		.string_count = count };

	event_read(mem, &record, pcmtas, ARRAY_SIZE(pcmtas), said);
}

static void every_number_with_its_type(void **state)
{
	static const struct {
		uint16_t id, type;
		enum event_worth worth;
		bool stops_all;
		const char *source;
	} rows[] = {
		{ 2384, EVT_INFORMATION, EVENT_ALIVE, false, "Q151791" },
		{ 2335, EVT_INFORMATION, EVENT_ALIVE, false, "Q165485" },
		{ 2335, EVT_ERROR, EVENT_TROUBLE, true, "Q159305" },
		{ 2410, EVT_ERROR, EVENT_TROUBLE, true, "Q164177" },
		{ 2410, EVT_INFORMATION, EVENT_NOTHING, false, NULL },
		{ 2302, EVT_ERROR, EVENT_TROUBLE, true, "Q168857" },
		{ 2560, EVT_ERROR, EVENT_TROUBLE, true, "Q159305" },
		{ 2550, EVT_ERROR, EVENT_TROUBLE, true, "Q201120" },
		{ 2558, EVT_ERROR, EVENT_TROUBLE, false, "Q201120" },
		{ 2590, EVT_ERROR, EVENT_TROUBLE, false, "Q201120" },
		{ 2553, EVT_ERROR, EVENT_TROUBLE, false, "Q151791" },
		{ 2342, EVT_WARNING, EVENT_TROUBLE, false, "Q151791" },
		{ 2371, EVT_WARNING, EVENT_TROUBLE, false, "Q169117" },
		{ 2375, EVT_ERROR, EVENT_TROUBLE, false, "Q169117" },
		{ 2376, EVT_ERROR, EVENT_TROUBLE, false, "Q151231" },
		{ 2568, EVT_ERROR, EVENT_TROUBLE, false, "Q141135" },
		{ 2446, EVT_ERROR, EVENT_TROUBLE, false, "Q158379" },
		{ 2447, EVT_ERROR, EVENT_TROUBLE, false, "Q158379" },
		{ 2449, EVT_ERROR, EVENT_TROUBLE, false, "Q158379" },
		{ 2450, EVT_ERROR, EVENT_TROUBLE, false, "Q167139" },
		{ 2563, EVT_ERROR, EVENT_TROUBLE, false, "Q167139" },
		{ 2380, EVT_ERROR, EVENT_TROUBLE, false, "Q158379" },
		{ 10003, EVT_ERROR, EVENT_TROUBLE, false, "Q175965" },
		{ 2448, EVT_ERROR, EVENT_NOTHING, false, NULL },
		{ 2444, EVT_WARNING, EVENT_NOTHING, false, NULL },
		{ 2117, EVT_INFORMATION, EVENT_NOTHING, false, NULL },
		{ 10000, EVT_INFORMATION, EVENT_NOTHING, false, NULL },
		{ 0, EVT_ERROR, EVENT_NOTHING, false, NULL },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct event_said said;

		read_event(mem, MSMI, rows[i].id, rows[i].type, NULL, 0, &said);
		if (said.worth != rows[i].worth || said.stops_all != rows[i].stops_all)
			fail_msg("%u, type %u", rows[i].id, rows[i].type);
		assert_null(said.entry);
		assert_true(!said.sentence == (said.worth != EVENT_TROUBLE));
		if (rows[i].source)
			assert_string_equal(said.source, rows[i].source);
		/* of another source it is another event */
		read_event(mem, "MSExchangeMTA", rows[i].id, rows[i].type, NULL, 0, &said);
		assert_int_equal(said.worth, EVENT_NOTHING);
	}
	talloc_free(mem);
}

/* Q175447; which string is which is told by its form. */
static void messages_by_the_form_of_their_strings(void **state)
{
	static const char *const created[] = { "C=US;A= ;P=Org;L=SERVER-991122101204Z-1",
		"0000030C", "NET1/PO1/ADMIN", "NET2/PO2/SMITH" };
	static const char *const turned[] = { "NET1/PO1/ADMIN", "NET2/PO2/SMITH", "<0000030c>" };
	static const char *const named[] = { "CA/TCAHQPO/00000C9D",
		"/o=Org/ou=Site/cn=Recipients/cn=admin", "MS:NET2/PO2/SMITH" };
	static const char *const far[] = { "0000030C", "[encapsulated X.400]", "NET2/PO2/SMITH" };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct event_said said;

	(void)state;
	read_event(mem, "msexchangemsmi", 2448, EVT_INFORMATION, created, 4, &said);
	assert_int_equal(said.worth, EVENT_MESSAGE);
	assert_int_equal(said.entry->event, MAIL_GATEWAY_OUT);
	assert_string_equal(said.entry->from, "NET1/PO1/ADMIN");
	assert_string_equal(said.entry->to, "NET2/PO2/SMITH");
	assert_int_equal(said.entry->here, 0x30c);
	assert_int_equal(said.entry->at, 943265524);
	assert_true(said.entry->event_log);
	assert_null(said.entry->subject);
	assert_string_equal(said.entry->where, "event 2448, record 1207");
	assert_string_equal(said.entry->raw,
		"2448: C=US;A= ;P=Org;L=SERVER-991122101204Z-1 | 0000030C | NET1/PO1/ADMIN | NET2/PO2/SMITH");
	read_event(mem, MSMI, 2444, EVT_INFORMATION, turned, 3, &said);
	assert_int_equal(said.entry->event, MAIL_FROM_QUEUE);
	assert_string_equal(said.entry->from, "NET1/PO1/ADMIN");
	assert_int_equal(said.entry->here, 0x30c);
	/* a postoffice and a number is no mailbox */
	read_event(mem, MSMI, 2113, EVT_INFORMATION, named, 3, &said);
	assert_int_equal(said.entry->event, MAIL_GATEWAY_IN);
	assert_string_equal(said.entry->from, "/o=Org/ou=Site/cn=Recipients/cn=admin");
	assert_string_equal(said.entry->to, "MS:NET2/PO2/SMITH");
	assert_int_equal(said.entry->here, 0xc9d);
	/* a sender of another form is not known; no strings at all are no addresses */
	read_event(mem, MSMI, 2448, EVT_INFORMATION, far, 3, &said);
	assert_string_equal(said.entry->from, "");
	assert_string_equal(said.entry->to, "NET2/PO2/SMITH");
	read_event(mem, MSMI, 2448, EVT_INFORMATION, NULL, 0, &said);
	assert_string_equal(said.entry->from, "");
	assert_string_equal(said.entry->to, "");
	assert_int_equal(said.entry->here, 0);
	talloc_free(mem);
}

/* Q163020 */
static void a_report_has_the_subject(void **state)
{
	static const char *const own[] = { "MICROSOFT/NETPO/USER", TOKEN,
		"[008] Failure delivering user mail due to mailbag contention." };
	static const char *const other[] = { "MICROSOFT/NETPO/USER", "Message from User", "[004]" };
	static const char *const prefixed[] = { "From: MICROSOFT/NETPO/USER\r\nSubject: re: " TOKEN
						"\r\n[008]" };
	static const char *const nearly[] = { "MSMC-2345 MSMC-0000000000 MSMC-", "MSMC-23456789A" };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct event_said said;

	(void)state;
	read_event(mem, MSMI, 2117, EVT_WARNING, own, 3, &said);
	assert_int_equal(said.worth, EVENT_MESSAGE);
	assert_int_equal(said.entry->event, MAIL_REPORTED);
	assert_string_equal(said.entry->subject, TOKEN);
	assert_string_equal(said.entry->from, "MICROSOFT/NETPO/USER");
	assert_non_null(said.sentence);
	assert_string_equal(said.source, "Q163020");
	/* one of another message never becomes ours: its subject is not NULL */
	read_event(mem, MSMI, 2117, EVT_WARNING, other, 3, &said);
	assert_string_equal(said.entry->subject, "");
	read_event(mem, MSMI, 2117, EVT_WARNING, prefixed, 1, &said);
	assert_string_equal(said.entry->subject, "re: " TOKEN);
	read_event(mem, MSMI, 2117, EVT_WARNING, nearly, 2, &said);
	assert_string_equal(said.entry->subject, "");
	talloc_free(mem);
}

/* Q138054 */
static void what_a_pc_mta_says(void **state)
{
	static const char full[] =
		"A mail delivery problem has been detected on 35NET/35PO1.\r\n\r\nMESSAGE DATA:\r\n"
		"FROM: 35NET/35PO2/Admin\r\nSUBJECT: %s\r\n[017] Unable to deliver user mail.";
	const char *const others[] = { "A Mail Delivery PROBLEM has been detected" };
	const char *const busy[] = { "x", "[008] Failure delivering user mail" };
	const char *const fine[] = { "The MTA has started.", "[00", "8]" };
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *const own[] = { talloc_asprintf(mem, full, TOKEN) };
	const char *const some[] = { talloc_asprintf(mem, full, "Test Message") };
	struct event_said said;

	(void)state;
	read_event(mem, "MTA to Vancouver PO", 1, EVT_WARNING, some, 1, &said);
	assert_int_equal(said.worth, EVENT_TROUBLE);
	assert_null(said.entry);
	assert_string_equal(said.source, "Q138054");
	assert_non_null(strstr(said.sentence, "full"));
	/* with a code in its subject it is the end of that message */
	read_event(mem, "mta to vancouver po", 1, EVT_WARNING, own, 1, &said);
	assert_int_equal(said.worth, EVENT_MESSAGE);
	assert_int_equal(said.entry->event, MAIL_REPORTED);
	assert_string_equal(said.entry->subject, TOKEN);
	assert_non_null(said.sentence);
	read_event(mem, "Legacy Mail Connector", 1, EVT_ERROR, others, 1, &said);
	assert_int_equal(said.worth, EVENT_TROUBLE);
	read_event(mem, "Legacy Mail Connector", 1, EVT_ERROR, busy, 2, &said);
	assert_string_equal(said.source, "Q163020");
	read_event(mem, "Legacy Mail Connector", 2410, EVT_ERROR, fine, 3, &said);
	assert_int_equal(said.worth, EVENT_NOTHING);
	read_event(mem, "another program", 1, EVT_ERROR, own, 1, &said);
	assert_int_equal(said.worth, EVENT_NOTHING);
	read_event(mem, NULL, 2410, EVT_ERROR, own, 1, &said);
	assert_int_equal(said.worth, EVENT_NOTHING);
	talloc_free(mem);
}

static void what_is_shown_is_safe_and_short(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *tall = talloc_size(mem, EVT_TEXT_MOST + 1), *escaped;
	const char *strings[EVT_STRINGS_MOST];
	struct event_said said;

	(void)state;
	memset(tall, '\033', EVT_TEXT_MOST);
	tall[EVT_TEXT_MOST] = '\0';
	for (int i = 0; i < EVT_STRINGS_MOST; i++)
		strings[i] = tall;
	read_event(mem, MSMI, 2448, EVT_INFORMATION, strings, EVT_STRINGS_MOST, &said);
	assert_int_equal(said.worth, EVENT_MESSAGE);
	assert_true(strlen(said.entry->raw) <= MAILLOG_RAW_MOST);
	escaped = text_shown(mem, said.entry->raw);
	assert_string_equal(escaped, said.entry->raw);
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_with_its_type),
		cmocka_unit_test(messages_by_the_form_of_their_strings),
		cmocka_unit_test(a_report_has_the_subject),
		cmocka_unit_test(what_a_pc_mta_says),
		cmocka_unit_test(what_is_shown_is_safe_and_short),
	};

	return cmocka_run_group_tests_name("mail events", tests, NULL, NULL);
}
