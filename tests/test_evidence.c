/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/evidence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>
#include "base/memory.h"

static const char *const names[] = { "MTA to Vancouver PO", "Legacy Mail Connector" };

static struct evidence_list *make(TALLOC_CTX *mem)
{
	struct evidence_list *list;

	assert_int_equal(evidence_list_make(mem, names, 2, false, &list, NULL), 0);
	return list;
}

static void begins_not_tested_with_a_token_each(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);

	(void)state;
	assert_int_equal(list->count, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(list->rows[i].grade, MAIL_NOT_TESTED);
		assert_true(token_is(list->rows[i].token));
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(list->rows[i].token, list->rows[j].token);
	}
	assert_int_equal(evidence_weakest(list), MAIL_NOT_TESTED);
	assert_non_null(evidence_find(list, "MTA TO VANCOUVER PO", MAIL_TO_EXCHANGE));
	assert_null(evidence_find(list, "another", MAIL_TO_EXCHANGE));
	talloc_free(mem);
}

static int attest_read(struct evidence_list *list, size_t row, bool works, const char *by,
	const char *mailbox, const char *seen, const char *subject)
{
	struct mail_word word = { works, by, mailbox, seen, subject, 943265520 };

	return evidence_attest(list->rows, &list->rows[row], list, &word, NULL);
}

static int attest(struct evidence_list *list, size_t row, bool works, const char *by,
	const char *mailbox, const char *seen)
{
	return attest_read(list, row, works, by, mailbox, seen, "");
}

static void attesting_needs_who_where_and_what(void **state)
{
	static const struct {
		const char *by, *mailbox, *seen;
	} rows[] = {
		{ "", "PROBE", "the message came" },
		{ "jsmith", " ", "the message came" },
		{ "jsmith", "PROBE", "saw it" },
		{ "jsmith", "PROBE", "a b c d e f g h i" },
		/* a key held down */
		{ "jsmithy", "yyyyyy", "yyyyyyyyyyyyyyyyyyyyyyyy" },
		{ "jsmithy", "yyyyyy", "y y y yyyyyy yyy yyyy nn nn" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(attest(list, 0, true, rows[i].by, rows[i].mailbox, rows[i].seen),
			-TROUBLE_USAGE);
	assert_int_equal(list->rows[0].grade, MAIL_NOT_TESTED);
	assert_null(list->rows[0].by);
	assert_int_equal(attest(list, 0, true, "jsmith", "PROBE", "subject read"), 0);
	assert_int_equal(list->rows[0].grade, MAIL_ATTESTED);
	assert_false(list->rows[0].read_back);
	assert_false(list->rows[0].denied);
	talloc_free(mem);
}

static void a_subject_is_the_code_or_none(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	const char *own = list->rows[0].token, *other = list->rows[3].token;
	const char *lower = talloc_asprintf(mem, "  %s ", own);
	const struct {
		const char *subject;
		int ret;
		bool read_back;
	} rows[] = {
		{ "", 0, false },
		{ NULL, 0, false },
		{ "the one from noon", 0, false },
		{ "MSMC-short", 0, false },
		{ own, 0, true },
		{ lower, 0, true },
		{ other, -TROUBLE_USAGE, false },
		{ "MSMC-2222222222", -TROUBLE_USAGE, false },
		{ talloc_asprintf(mem, "RE: %s", own), -TROUBLE_USAGE, false },
		{ talloc_asprintf(mem, "Undeliverable: %s", other), -TROUBLE_USAGE, false },
		{ talloc_asprintf(mem, "%s (fwd)", own), -TROUBLE_USAGE, false },
		{ talloc_asprintf(mem, "x%s", own), -TROUBLE_USAGE, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		list->rows[0].read_back = false;
		if (attest_read(list, 0, true, "jsmith", "PROBE", "came at 12:03",
			    rows[i].subject) != rows[i].ret ||
			list->rows[0].read_back != rows[i].read_back)
			fail_msg("%s", rows[i].subject);
	}
	/* that it did not come may well be known from a report */
	assert_int_equal(attest_read(list, 0, false, "jsmith", "PROBE", "a report came",
				 rows[9].subject),
		0);
	assert_int_equal(list->rows[0].grade, MAIL_FAILED);
	talloc_free(mem);
}

static void sent_from_whom_to_whom(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];
	struct error err = { 0 };

	(void)state;
	assert_int_equal(evidence_sent(list, row, list, "", "N/P/A", "N/P/B", 7, NULL),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_sent(list, row, list, "j", " ", "N/P/B", 7, NULL),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/A", "", 7, NULL), -TROUBLE_USAGE);
	assert_int_equal(row->sent, 0);
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/A", "N/P/B", 7, NULL), 0);
	assert_int_equal(row->sent, 7);
	assert_string_equal(row->to, "N/P/B");
	assert_int_equal(row->grade, MAIL_NOT_TESTED);
	/* the same once more is no other one; for another row it would be */
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/A", "N/P/B", 8, NULL), 0);
	assert_int_equal(evidence_sent(list, &list->rows[2], list, "j", "ms:n/p/a", "N/P/B ", 9,
				 &err),
		-TROUBLE_USAGE);
	assert_non_null(strstr(err.text, "MTA to Vancouver PO"));
	assert_int_equal(list->rows[2].sent, 0);
	assert_int_equal(evidence_sent(list, &list->rows[2], list, "j", "N/P/A", "N/P/C", 9, NULL),
		0);
	assert_int_equal(evidence_sent(list, &list->rows[1], list, "j", "N/P/B", "N/P/A", 9, NULL),
		0);
	talloc_free(mem);
}

/* What is on record of a message, through the record and back. */
static struct evidence recorded(TALLOC_CTX *mem, const struct evidence *row)
{
	json_t *json = evidence_json(row);
	struct evidence back;

	assert_int_equal(evidence_parse(mem, json, &back, NULL), 0);
	json_decref(json);
	return back;
}

static void a_row_is_tested_again(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];
	char token[TOKEN_LENGTH + 1];

	(void)state;
	assert_int_equal(evidence_again(list, row, NULL), -TROUBLE_USAGE);
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/A", "N/P/B", 7, NULL), 0);
	row->grade = MAIL_FAILED;
	row->why = talloc_strdup(list, "a report came");
	row->sighting_count = 1;
	row->sightings[0] = (struct mail_sighting){ 7, (char *)"report", (char *)"w", (char *)"r" };
	assert_int_equal(attest(list, 0, false, "jsmith", "PROBE", "a report came back"), 0);
	memcpy(token, row->token, sizeof token);

	assert_int_equal(evidence_again(list, row, NULL), 0);
	assert_true(token_is(row->token));
	assert_string_not_equal(row->token, token);
	assert_int_equal(row->grade, MAIL_NOT_TESTED);
	assert_true(row->sent == 0 && !row->from && !row->why && !row->by && !row->denied);
	assert_int_equal(row->sighting_count, 0);

	/* An entry of the earlier message is none of the new one, nor of another row's. */
	*row = recorded(list, row);
	assert_int_equal(row->spent_count, 1);
	assert_false(evidence_pair_is_free(list, row, "n/p/a", "N/P/B"));
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/A", "N/P/B", 9, NULL),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_sent(list, &list->rows[2], list, "j", "N/P/A", "N/P/B", 9, NULL),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_sent(list, row, list, "j", "N/P/C", "N/P/B", 9, NULL), 0);
	row->spent_count = MAIL_SPENT;
	assert_int_equal(evidence_again(list, row, NULL), -TROUBLE_CANNOT);
	row->spent_count = 0;
	row->grade = MAIL_VERIFIED;
	assert_int_equal(evidence_again(list, row, NULL), -TROUBLE_CANNOT);
	talloc_free(mem);
}

/* On a practice server nobody attests mail that never was. */
static void practice_reads_the_mailboxes_itself(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);

	(void)state;
	list->rows[0].simulated = true;
	assert_int_equal(attest(list, 0, true, "jsmith", "PROBE", "came at 12:03"),
		-TROUBLE_CANNOT);
	assert_int_equal(attest(list, 0, false, "jsmith", "PROBE", "nothing came at all"),
		-TROUBLE_USAGE);
	assert_int_equal(list->rows[0].grade, MAIL_NOT_TESTED);
	assert_int_equal(evidence_sent(list, &list->rows[0], list, "j", "N/P/A", "N/P/B", 7, NULL),
		0);
	assert_int_equal(attest(list, 0, true, "jsmith", "PROBE", "came at 12:03"),
		-TROUBLE_CANNOT);
	assert_int_equal(attest(list, 0, false, "jsmith", "PROBE", "nothing came at all"), 0);
	assert_int_equal(list->rows[0].grade, MAIL_FAILED);
	assert_true(list->rows[0].denied);
	talloc_free(mem);
}

static void the_weakest_row_speaks(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);

	(void)state;
	for (size_t i = 0; i < 4; i++)
		list->rows[i].grade = MAIL_VERIFIED;
	assert_int_equal(evidence_weakest(list), MAIL_VERIFIED);
	list->rows[2].grade = MAIL_ATTESTED;
	assert_int_equal(evidence_weakest(list), MAIL_ATTESTED);
	list->rows[1].grade = MAIL_NOT_SEEN;
	assert_int_equal(evidence_weakest(list), MAIL_NOT_SEEN);
	list->rows[3].grade = MAIL_FAILED;
	assert_int_equal(evidence_weakest(list), MAIL_FAILED);
	assert_int_equal(evidence_weakest(NULL), MAIL_NOT_TESTED);
	talloc_free(mem);
}

static void a_word_never_replaces_what_was_seen(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];

	(void)state;
	row->grade = MAIL_VERIFIED;
	assert_int_equal(attest(list, 0, false, "jsmith", "PROBE", "it did not come"),
		-TROUBLE_CANNOT);
	assert_int_equal(row->grade, MAIL_VERIFIED);
	/* to a stage: the word stands beside it, and that it failed above it */
	row->grade = MAIL_VERIFIED_TO;
	row->stage = talloc_strdup(list, "exchange");
	assert_int_equal(attest(list, 0, true, "jsmith", "PROBE", "came at 12:03"), 0);
	assert_int_equal(row->grade, MAIL_VERIFIED_TO);
	assert_string_equal(row->by, "jsmith");
	assert_int_equal(attest(list, 0, false, "jsmith", "PROBE", "it did not come"), 0);
	assert_int_equal(row->grade, MAIL_FAILED);
	/* what a person said can be said anew */
	assert_int_equal(attest(list, 0, true, "jsmith", "PROBE", "came at 14:03"), 0);
	assert_int_equal(row->grade, MAIL_ATTESTED);
	/* what the program saw fail cannot be talked away */
	list->rows[1].grade = MAIL_FAILED;
	list->rows[1].why = talloc_strdup(list, "A report came.");
	assert_int_equal(attest(list, 1, true, "jsmith", "PROBE", "came at 12:03"), 0);
	assert_int_equal(list->rows[1].grade, MAIL_FAILED);
	talloc_free(mem);
}

static void words_never_say_more_than_was_seen(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];
	char *text;

	(void)state;
	assert_int_equal(attest(list, 0, true, "j\033[2Jsmith", "PROBE", "subject read there"), 0);
	text = evidence_text(mem, row);
	assert_null(strchr(text, '\033'));
	assert_memory_equal(text, "ATTESTED by ", 12);
	assert_null(strstr(text, "VERIFIED"));
	assert_null(strstr(text, "read back"));
	assert_non_null(strstr(text, "1999-11-22T10:12:00Z"));
	row->simulated = true;
	assert_memory_equal(evidence_text(mem, row), "SIMULATED: ATTESTED", 19);
	talloc_free(mem);
}

static void every_word_as_it_is_shown(void **state)
{
	static char stage[] = "connector", why[] = "More of one\033.", by[] = "jsmith",
		    mailbox[] = "PROBE", seen[] = "came at 12:03";
	const struct {
		struct evidence row;
		const char *text;
	} rows[] = {
		{ { .grade = MAIL_NOT_TESTED, .simulated = true }, "NOT TESTED" },
		{ { .grade = MAIL_NOT_SEEN, .waited = -1 }, "NOT SEEN" },
		{ { .grade = MAIL_NOT_SEEN, .waited = 40 }, "NOT SEEN within 40 s" },
		{ { .grade = MAIL_NOT_SEEN, .waited = 720 }, "NOT SEEN within 12 min" },
		{ { .grade = MAIL_NOT_SEEN, .waited = 259200 }, "NOT SEEN within 72 h" },
		{ { .grade = MAIL_UNKNOWN, .why = why }, "OUTCOME UNKNOWN: More of one\\x1b." },
		{ { .grade = MAIL_FAILED, .why = why }, "FAILED: More of one\\x1b." },
		{ { .grade = MAIL_VERIFIED, .simulated = true }, "SIMULATED: VERIFIED" },
		{ { .grade = MAIL_VERIFIED_TO, .stage = stage },
			"VERIFIED TO the connector's postoffice" },
		{ { .grade = MAIL_ATTESTED,
			  .by = by,
			  .mailbox = mailbox,
			  .seen = seen,
			  .read_back = true },
			"ATTESTED by jsmith, mailbox PROBE, 1970-01-01T00:00:00Z: \"came at 12:03\", the code was read back" },
		{ { .grade = MAIL_FAILED,
			  .by = by,
			  .mailbox = mailbox,
			  .seen = seen,
			  .denied = true },
			"FAILED by jsmith, mailbox PROBE, 1970-01-01T00:00:00Z: \"came at 12:03\"" },
		{ { .grade = MAIL_VERIFIED_TO,
			  .stage = stage,
			  .by = by,
			  .mailbox = mailbox,
			  .seen = seen },
			"VERIFIED TO the connector's postoffice; jsmith says that it works, mailbox PROBE, 1970-01-01T00:00:00Z: \"came at 12:03\"" },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(evidence_text(mem, &rows[i].row), rows[i].text);
	talloc_free(mem);
}

static void survives_the_journal(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[1], back;
	json_t *json, *again;

	(void)state;
	assert_int_equal(evidence_sent(list, row, list, "jdoe", "N/P/A", "N/P/B", 5, NULL), 0);
	assert_int_equal(attest(list, 1, false, "jsmith", "PROBE", "waited an hour"), 0);
	row->waited = 3600;
	row->sighting_count = 2;
	row->sightings[0] = (struct mail_sighting){ 9, talloc_strdup(mem, "fetched"),
		talloc_strdup(mem, "RECV.LOG line 3"), talloc_strdup(mem, "the line") };
	row->sightings[1] = (struct mail_sighting){ 0, talloc_strdup(mem, "report"),
		talloc_strdup(mem, "event 2117, record 4"), talloc_strdup(mem, "") };
	json = evidence_json(row);
	assert_int_equal(evidence_parse(mem, json, &back, NULL), 0);
	assert_string_equal(back.pcmta, "MTA to Vancouver PO");
	assert_int_equal(back.direction, MAIL_TO_EXCHANGE);
	assert_int_equal(back.grade, MAIL_FAILED);
	assert_string_equal(back.token, row->token);
	assert_string_equal(back.seen, "waited an hour");
	assert_int_equal(back.at, 943265520);
	assert_false(back.simulated);
	assert_true(back.denied);
	assert_int_equal(back.sent, 5);
	assert_string_equal(back.sent_by, "jdoe");
	assert_string_equal(back.from, "N/P/A");
	assert_int_equal(back.waited, 3600);
	assert_int_equal(back.sighting_count, 2);
	assert_string_equal(back.sightings[0].where, "RECV.LOG line 3");
	assert_int_equal(back.sightings[0].at, 9);
	again = evidence_json(&back);
	assert_true(json_equal(json, again));
	json_decref(again);
	json_decref(json);
	talloc_free(mem);
}

/* Journals of earlier versions have nothing of what came since. */
static void an_earlier_record_is_read(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	json_t *json = json_loads(
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"failed\",\"token\":\"\",\"by\":\"j\","
		"\"mailbox\":\"m\",\"seen\":\"nothing came at all\",\"when\":7,\"simulated\":false}",
		0, NULL);
	struct evidence row;

	(void)state;
	assert_int_equal(evidence_parse(mem, json, &row, NULL), 0);
	assert_true(row.denied);
	assert_false(row.read_back);
	assert_int_equal(row.waited, -1);
	assert_int_equal(row.sent, 0);
	assert_null(row.from);
	assert_int_equal(row.sighting_count, 0);
	json_decref(json);
	talloc_free(mem);
}

/* 255 units that no screen shows, three bytes each, nine characters once they are coded. */
static void the_longest_name_comes_back(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *name = talloc_strdup(mem, "");
	struct evidence row = { .direction = MAIL_TO_MSMAIL, .grade = MAIL_NOT_TESTED }, back;
	json_t *json;

	(void)state;
	for (int i = 0; i < 255; i++)
		name = talloc_strdup_append(name, "\xe2\x80\xae");
	row.pcmta = name;
	json = evidence_json(&row);
	assert_int_equal(json_string_length(json_object_get(json, "pcmta")), 2295);
	assert_int_equal(evidence_parse(mem, json, &back, NULL), 0);
	assert_string_equal(back.pcmta, name);
	json_decref(json);
	talloc_free(mem);
}

static void a_damaged_record_is_refused(void **state)
{
	static const char *const wrong[] = {
		"{}",
		"[]",
		"{\"pcmta\":\"a\",\"direction\":\"sideways\",\"grade\":\"verified\",\"token\":\"\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"attested\",\"token\":\"\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"failed\",\"token\":\"MSMC-short\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"failed\",\"token\":\"\",\"by\":\"j\",\"mailbox\":\"m\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"failed\",\"token\":\"\",\"seen\":\"nothing came at all\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"verified-to\",\"token\":\"\"}",
#define ROW(rest) \
	"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"not-seen\",\"token\":\"\"," rest \
	"}"
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"verified-to\",\"token\":\"\",\"stage\":\"heaven\"}",
		/* of what nobody sent, and end to end on a real server */
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"verified-to\",\"token\":\"\",\"stage\":\"fetched\"}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"verified\",\"token\":\"\",\"simulated\":true}",
		"{\"pcmta\":\"a\",\"direction\":\"to-msmail\",\"grade\":\"verified\",\"token\":\"\",\"sent\":5,"
		"\"sent_by\":\"j\",\"from\":\"a\",\"to\":\"b\",\"simulated\":false}",
		ROW("\"stage\":\"Connector\""),
		ROW("\"denied\":true"),
		ROW("\"denied\":1"),
		ROW("\"read_back\":true"),
		ROW("\"sent\":5"),
		ROW("\"sent\":5,\"sent_by\":\"j\",\"from\":\"a\""),
		ROW("\"from\":\"a\""),
		ROW("\"sent\":\"5\""),
		ROW("\"waited\":-2"),
		ROW("\"waited\":1.5"),
		ROW("\"why\":7"),
		ROW("\"sightings\":{}"),
		ROW("\"sightings\":[7]"),
		ROW("\"sightings\":[{\"at\":1,\"stage\":\"fetched\",\"where\":\"x\"}]"),
		ROW("\"sightings\":[{\"at\":1,\"stage\":\"else\",\"where\":\"x\",\"raw\":\"y\"}]"),
		ROW("\"sightings\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]"),
		"{\"pcmta\":7,\"direction\":\"to-msmail\",\"grade\":\"failed\",\"token\":\"\"}",
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence row;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		json_t *json = json_loads(wrong[i], 0, NULL);

		assert_non_null(json);
		assert_int_equal(evidence_parse(mem, json, &row, NULL), -TROUBLE_RECORD_DAMAGED);
		json_decref(json);
	}
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begins_not_tested_with_a_token_each),
		cmocka_unit_test(attesting_needs_who_where_and_what),
		cmocka_unit_test(the_weakest_row_speaks),
		cmocka_unit_test(a_subject_is_the_code_or_none),
		cmocka_unit_test(sent_from_whom_to_whom),
		cmocka_unit_test(a_row_is_tested_again),
		cmocka_unit_test(practice_reads_the_mailboxes_itself),
		cmocka_unit_test(a_word_never_replaces_what_was_seen),
		cmocka_unit_test(words_never_say_more_than_was_seen),
		cmocka_unit_test(every_word_as_it_is_shown),
		cmocka_unit_test(survives_the_journal),
		cmocka_unit_test(an_earlier_record_is_read),
		cmocka_unit_test(the_longest_name_comes_back),
		cmocka_unit_test(a_damaged_record_is_refused),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
