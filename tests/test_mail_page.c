/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of step 5 as data: the one right word for each row, what is told of it, what it asks;
 * and nothing of what servers, logs and people say reaches the screen as it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "server/server.h"
#include "tests/support.h"
#include "ui/guide/page_mail.h"

/* ---- A state of the walk, made by hand ---- */

static struct server *a_server(TALLOC_CTX *mem, int caps)
{
	struct server *server = talloc_zero(mem, struct server);

	server->caps = (unsigned)caps;
	return server;
}

/* One PC MTA, both directions; caps 0: by record alone. */
static struct guide *a_guide(TALLOC_CTX *mem, int caps)
{
	struct guide *guide = talloc_zero(mem, struct guide);
	struct evidence *rows = talloc_zero_array(guide, struct evidence, 2);

	guide->evidence = talloc_zero(guide, struct evidence_list);
	guide->evidence->rows = rows;
	guide->evidence->count = 2;
	for (size_t i = 0; i < 2; i++)
		rows[i] = (struct evidence){ .pcmta = talloc_strdup(guide, "MTA to Vancouver PO"),
			.direction = i == 0 ? MAIL_TO_MSMAIL : MAIL_TO_EXCHANGE,
			.grade = MAIL_NOT_TESTED,
			.waited = -1,
			.simulated = (caps & SERVER_SIMULATED) != 0 };
	strcpy(rows[0].token, "MSMC-7K2QX9WDBN");
	strcpy(rows[1].token, "MSMC-ABCDEFGH23");
	guide->plan = talloc_zero(guide, struct plan);
	guide->operator_name = talloc_strdup(guide, "jsmith");
	if (caps)
		guide->server = a_server(guide, caps);
	guide->at = PAGE_MAIL;
	return guide;
}

static struct page *made(struct guide *guide)
{
	struct page *page = talloc_zero(guide, struct page);

	page_mail.make(guide, page);
	return page;
}

static void sent(struct evidence *row)
{
	row->sent = 943265341; /* 1999-11-22T10:09:01Z, by hand: 10917 days and 36541 seconds */
	row->sent_by = (char *)"jsmith";
	row->from = (char *)"NET1/PO1/ADMIN";
	row->to = (char *)"NET2/PO2/ADMIN";
	row->grade = MAIL_NOT_SEEN;
}

/* What is told of a row under that label, all of it. */
static char *told(const struct page *page, size_t row, const char *label)
{
	char *text = talloc_strdup((void *)page, "");
	const char *last = "";

	for (size_t i = 0; i < page->rows[row].detail_count; i++) {
		const struct detail *detail = &page->rows[row].details[i];

		if (*detail->label != '\0')
			last = detail->label;
		if (strcmp(last, label) == 0)
			text = talloc_asprintf_append(text, "%s%s", *text ? "\n" : "",
				detail->text);
	}
	return text;
}

static void has(const char *text, const char *wanted)
{
	if (!text || strstr(text, wanted) == NULL)
		fail_msg("no \"%s\" in \"%s\"", wanted, text ? text : "");
}

static void has_not(const char *text, const char *unwanted)
{
	if (text && strstr(text, unwanted) != NULL)
		fail_msg("\"%s\" is in \"%s\"", unwanted, text);
}

enum { LIVE = SERVER_WRITE | SERVER_SERVICES, PRACTICE = LIVE | SERVER_SIMULATED | SERVER_MAIL };

/* ---- Words ---- */

static void each_row_has_its_word(void **state)
{
	const struct {
		enum mail_grade grade;
		const char *stage, *why;
		int64_t waited;
		const char *cell, *word;
		enum tone tone;
	} rows[] = {
		{ MAIL_NOT_SEEN, NULL, NULL, -1, "NOT SEEN", "NOT SEEN", TONE_WARN },
		{ MAIL_NOT_SEEN, NULL, NULL, 45, "NOT SEEN", "NOT SEEN within 45 s", TONE_WARN },
		{ MAIL_NOT_SEEN, NULL, NULL, 200, "NOT SEEN", "NOT SEEN within 3 min", TONE_WARN },
		{ MAIL_UNKNOWN, NULL, "Two entries fit.", 200, "OUTCOME UNKNOWN",
			"OUTCOME UNKNOWN: Two entries fit.", TONE_WARN },
		{ MAIL_FAILED, NULL, "A report came back.", 200, "FAILED",
			"FAILED: A report came back.", TONE_DANGER },
		{ MAIL_VERIFIED_TO, "postoffice", NULL, 200, "VERIFIED TO",
			"VERIFIED TO the postoffice of MS Mail", TONE_WARN },
		{ MAIL_VERIFIED, NULL, NULL, 200, "VERIFIED", "VERIFIED", TONE_RIGHT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct guide *guide = a_guide(*state, LIVE);
		struct evidence *row = &guide->evidence->rows[0];
		const struct page *page;

		sent(row);
		row->grade = rows[i].grade;
		row->stage = (char *)rows[i].stage;
		row->why = (char *)rows[i].why;
		row->waited = rows[i].waited;
		page = made(guide);
		assert_string_equal(page->rows[0].cells[3], rows[i].cell);
		assert_int_equal(page->rows[0].tones[3], rows[i].tone);
		assert_string_equal(told(page, 0, "So far"), rows[i].word);
		/* The other one was not sent. */
		assert_string_equal(page->rows[1].cells[3], "NOT TESTED");
		has(page->counts, rows[i].grade == MAIL_FAILED ? "FAILED" : "NOT TESTED");
		talloc_free(guide);
	}
}

static void what_is_simulated_says_so(void **state)
{
	struct guide *guide = a_guide(*state, PRACTICE);

	sent(&guide->evidence->rows[0]);
	guide->evidence->rows[0].grade = MAIL_VERIFIED;
	assert_string_equal(told(made(guide), 0, "So far"), "SIMULATED: VERIFIED");
}

/* ---- What is asked ---- */

static char *answers(const struct page *page, size_t row)
{
	char *text = talloc_strdup((void *)page, "");
	const struct question *question = page->rows[row].decide;

	for (size_t i = 0; i < question->answer_count; i++)
		text = talloc_asprintf_append(text, "%c%s ", question->answers[i].key,
			question->answers[i].id);
	return text;
}

static void a_message_is_sent_before_it_is_looked_for(void **state)
{
	struct guide *guide = a_guide(*state, LIVE);
	struct evidence *rows = guide->evidence->rows;
	const struct page *page = made(guide);

	assert_string_equal(answers(page, 0), "ysent elater ");
	has(told(page, 0, "Do"),
		"From an Exchange mailbox send a NEW message with the subject MSMC-7K2QX9WDBN");
	has(told(page, 1, "Do"),
		"On an MS Mail client of a postoffice that MTA to Vancouver PO serves");
	assert_null(page->rows[0].decided);
	sent(&rows[0]);
	page = made(guide);
	assert_string_equal(answers(page, 0), "yarrived nfailed otest-again elater ");
	/* While another one waits to be sent nobody is asked about this one by itself. */
	assert_string_equal(page->rows[0].decided, "sent");
	assert_null(page->rows[1].decided);
	sent(&rows[1]);
	page = made(guide);
	assert_null(page->rows[0].decided);
	rows[0].grade = MAIL_VERIFIED_TO;
	rows[0].stage = (char *)"postoffice";
	rows[1].grade = MAIL_ATTESTED;
	page = made(guide);
	assert_non_null(page->rows[0].decided);
	assert_non_null(page->rows[1].decided);
}

static void nobody_attests_on_a_practice_server(void **state)
{
	struct guide *guide = a_guide(*state, PRACTICE);
	const struct page *page = made(guide);

	assert_string_equal(answers(page, 0), "ysent elater ");
	assert_string_equal(page->rows[0].decide->answers[0].label, "Send");
	sent(&guide->evidence->rows[0]);
	page = made(guide);
	assert_string_equal(answers(page, 0), "nfailed otest-again elater ");
	assert_non_null(page->rows[0].decided);
	guide->evidence->rows[0].grade = MAIL_VERIFIED;
	assert_string_equal(answers(made(guide), 0), "nfailed elater ");
}

static void by_record_alone_a_persons_word_is_all(void **state)
{
	struct guide *guide = a_guide(*state, 0);
	const struct page *page = made(guide);

	assert_string_equal(answers(page, 0), "yarrived nfailed elater ");
	assert_null(page->rows[0].decided);
	assert_int_equal(page->refresh, 0);
	has(told(page, 0, "Do"), "Look for it on the MS Mail client");
	guide->asking = QUESTION_MAIL_ATTEST;
	guide->asked_for = talloc_strdup(guide, page->rows[1].id);
	page = made(guide);
	assert_int_equal(page->question->field_count, 4);
	assert_string_equal(page->question->fields[3].label, "Subject as read there");
	assert_int_equal(page->question->fields[3].min_length, 0);
	has(page->question->text, "MSMC-ABCDEFGH23");
}

/* The mailboxes of both ends, each by the PC MTA that serves it. */
static void practice_proposes_its_mailboxes(void **state)
{
	struct mail_box boxes[] = {
		{ (char *)"ELSE", (char *)"NET9/PO9/ELSE", (char *)"Else", false,
			(char *)"Legacy Mail Connector" },
		{ (char *)"HJONES", (char *)"NET1/PO1/HJONES", (char *)"Helen Jones", true, NULL },
		{ (char *)"E", (char *)"NET1/PO1/\x1b[2J", (char *)"Escape", true, NULL },
		{ (char *)"MCHAN", (char *)"NET2/PO2/MCHAN", (char *)"May Chan", false,
			(char *)"mta TO vancouver po" },
	};
	struct guide *guide = a_guide(*state, PRACTICE);
	const struct field *fields;
	const struct page *page = made(guide);

	guide->boxes = (struct mail_boxes){ boxes, ARRAY_SIZE(boxes) };
	guide->asking = QUESTION_MAIL_SENT;
	guide->asked_for = talloc_strdup(guide, page->rows[0].id);
	page = made(guide);
	fields = page->question->fields;
	assert_string_equal(fields[0].value, "jsmith");
	assert_string_equal(fields[1].value, "NET1/PO1/HJONES");
	assert_string_equal(fields[2].value, "NET2/PO2/MCHAN");
	has(page->question->text,
		"\nExchange: NET1/PO1/HJONES, NET1/PO1/\\x1b[2J\nMS Mail: NET2/PO2/MCHAN\n");
	guide->asked_for = talloc_strdup(guide, page->rows[1].id);
	fields = made(guide)->question->fields;
	assert_string_equal(fields[1].value, "NET2/PO2/MCHAN");
	assert_string_equal(fields[2].value, "NET1/PO1/HJONES");
	/* Tested again, it takes two that no message had. */
	guide->evidence->rows[1].spent[0] =
		(struct mail_pair){ boxes[3].address, boxes[1].address };
	guide->evidence->rows[1].spent_count = 1;
	fields = made(guide)->question->fields;
	assert_string_equal(fields[1].value, "NET2/PO2/MCHAN");
	assert_string_equal(fields[2].value, "NET1/PO1/\\x1b[2J");
}

/* ---- What was seen, and why nothing was ---- */

static void each_sighting_is_told(void **state)
{
	struct guide *guide = a_guide(*state, LIVE);
	struct evidence *row = &guide->evidence->rows[0];
	struct mail_before before = { 0 };
	struct mail_watch watch = { .before = &before };
	const struct page *page;
	const char *seen;

	sent(row);
	row->sightings[0] = (struct mail_sighting){ 943265371, (char *)"postoffice",
		(char *)"SENT.LOG line 41", (char *)"0000030C 00000403" };
	row->sightings[1] = (struct mail_sighting){ 0, (char *)"connector",
		(char *)"event 2448, record 7", (char *)"" };
	row->sightings[2] = (struct mail_sighting){ 943351771, (char *)"connector", NULL, NULL };
	row->sighting_count = 3;
	guide->watch = &watch;
	watch.seen.places[PLACE_QUEUE] = PLACE_SEEN;
	watch.seen.places[PLACE_SENT_LOG] = PLACE_PARTLY;
	watch.seen.why[PLACE_SENT_LOG] = (char *)"SENT.LOG began anew.";
	watch.seen.why[PLACE_RECV_LOG] = (char *)"of the other direction";
	watch.seen.places[PLACE_EVENTS] = PLACE_TROUBLE;
	watch.seen.why[PLACE_EVENTS] = (char *)"The event log answered with nonsense.";
	page = made(guide);
	seen = told(page, 0, "Seen");
	has(seen, "10:09:31  SENT.LOG line 41: the postoffice of MS Mail\n");
	assert_string_equal(told(page, 0, "Line"), "SENT.LOG line 41: 0000030C 00000403");
	has(seen, "\nevent 2448, record 7: the connector's postoffice\n");
	has(seen, "1999-11-23 10:09:31"); /* another day than it was sent on */
	assert_string_equal(told(page, 0, "Looked"),
		"in the postoffice, SENT.LOG. Not there, so not switched on: the message tracking log. "
		"SENT.LOG began anew. The event log answered with nonsense.");
	assert_string_equal(told(page, 0, "Sent"),
		"10:09:01Z by jsmith, from NET1/PO1/ADMIN to NET2/PO2/ADMIN");
	has(told(page, 0, "Note"), "2444 and 2448 prove nothing at default logging");
	watch.diagnostics = true;
	assert_string_equal(told(made(guide), 0, "Note"), "");
}

/* From the page alone: what stops all stands first. */
static void why_mail_does_not_flow_is_told_first(void **state)
{
	struct guide *guide = a_guide(*state, LIVE);
	struct mail_before before = { 0 };
	struct mail_watch watch = { .before = &before,
		.facts = { { false, false, (char *)"The services run.", NULL },
			{ true, false, (char *)"A message got stuck.",
				(char *)"event 2446, record 9" },
			{ true, true, (char *)"It logs on as the wrong user.",
				(char *)"event 2410, record 7 (Q164177)" } },
		.fact_count = 3 };
	const struct page *page;

	guide->watch = &watch;
	sent(&guide->evidence->rows[0]);
	page = made(guide);
	has(page->lead,
		"NO MAIL FLOWS: It logs on as the wrong user. (event 2410, record 7 (Q164177))\n"
		"A message got stuck. (event 2446, record 9)\n");
	assert_int_equal(strncmp(page->lead, "NO MAIL FLOWS: It logs on", 25), 0);
	has(page->lead, "The services run.");
	has(told(page, 0, "Do"), "Nothing flows here before");
	watch.fact_count = 2;
	page = made(guide);
	has_not(page->lead, "NO MAIL FLOWS");
	has(told(page, 0, "Do"), "Look for it");
	guide->stopped = (char *)"MSExchangeMSMI";
	has(made(guide)->lead, "NO MAIL FLOWS before these services run: MSExchangeMSMI.");
	/* What one PC MTA carries does not wait for another. */
	guide->stopped = (char *)"Legacy Mail Connector";
	page = made(guide);
	has(page->lead, "NO MAIL FLOWS through these before they run: Legacy Mail Connector.");
	has(told(page, 0, "Do"), "Look for it");
	guide->stopped = (char *)"Legacy Mail Connector, MTA to Vancouver PO";
	has(told(made(guide), 0, "Do"), "Nothing flows here before");
	has(told(made(guide), 1, "Do"), "First put right what is said above");
}

static void it_looks_again_where_mail_can_flow(void **state)
{
	const struct {
		int caps;
		unsigned refresh;
	} all[] = { { LIVE, 20 }, { PRACTICE, 2 }, { SERVER_WRITE | SERVER_HIVES, 0 }, { 0, 0 } };

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		assert_int_equal(made(a_guide(*state, all[i].caps))->refresh, all[i].refresh);
}

/* ---- Hostile texts ---- */

static void sound(const char *text)
{
	for (; text && *text != '\0'; text++)
		if (((unsigned char)*text < ' ' && *text != '\n') || *text == 0x7f)
			fail_msg("byte %02x is shown: %s", (unsigned char)*text, text);
	/* U+202E, which turns what follows around. */
	has_not(text, "\xe2\x80\xae");
}

static void nothing_drives_the_terminal(void **state)
{
	static char evil[] = "\x1b[2J\x07\r\x9b\xe2\x80\xae\xff evil";
	struct guide *guide = a_guide(*state, LIVE);
	struct evidence *row = &guide->evidence->rows[0];
	struct mail_before before = { 0 };
	struct mail_watch watch = { .before = &before,
		.facts = { { true, true, evil, evil } },
		.fact_count = 1 };
	const struct page *page;

	row->pcmta = evil;
	sent(row);
	row->sent_by = row->from = row->to = row->why = evil;
	row->grade = MAIL_UNKNOWN;
	row->sightings[0] = (struct mail_sighting){ INT64_MAX, evil, evil, evil };
	row->sightings[1] = (struct mail_sighting){ INT64_MIN, NULL, NULL, NULL };
	row->sighting_count = 2;
	for (int i = 0; i < MAIL_PLACES; i++) {
		watch.seen.places[i] = PLACE_TROUBLE;
		watch.seen.why[i] = evil;
	}
	guide->watch = &watch;
	page = made(guide);
	sound(page->lead);
	sound(page->counts);
	for (size_t c = 0; c < 4; c++)
		sound(page->rows[0].cells[c]);
	sound(page->rows[0].id);
	for (size_t i = 0; i < page->rows[0].detail_count; i++)
		sound(page->rows[0].details[i].text);
	guide->asking = QUESTION_MAIL_SENT;
	guide->asked_for = talloc_strdup(guide, page->rows[0].id);
	page = made(guide);
	sound(page->question->text);
	for (size_t i = 0; i < page->question->field_count; i++)
		sound(page->question->fields[i].value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(each_row_has_its_word),
		SUPPORT_TEST(what_is_simulated_says_so),
		SUPPORT_TEST(a_message_is_sent_before_it_is_looked_for),
		SUPPORT_TEST(nobody_attests_on_a_practice_server),
		SUPPORT_TEST(by_record_alone_a_persons_word_is_all),
		SUPPORT_TEST(practice_proposes_its_mailboxes),
		SUPPORT_TEST(each_sighting_is_told),
		SUPPORT_TEST(why_mail_does_not_flow_is_told_first),
		SUPPORT_TEST(it_looks_again_where_mail_can_flow),
		SUPPORT_TEST(nothing_drives_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
