/* SPDX-License-Identifier: GPL-3.0-or-later */
/* THE MATRIX: direction, how far the message came, what is wrong: and the one right word. */
#include "tests/judging.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

struct row {
	const char *fault;
	enum mail_direction direction;
	const char *logs, *places;
	enum mail_grade grade;
	const char *stage, *why;
};

#define UNKNOWN MAIL_UNKNOWN
#define TO MAIL_VERIFIED_TO
#define SEVERAL "More than one entry"
#define FURTHER "Further on, what fits"

static const struct row matrix[] = {
	/* ---- Exchange -> MS Mail, stage by stage ---- */
	{ "nothing came", OUTWARD, "", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "submitted, Interchange stopped", OUTWARD, "4", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "in the connector by 1003", OUTWARD, "4o", "SSSSS-", TO, "connector", NULL },
	{ "in the connector by 2448", OUTWARD, "e", "SSSSS-", TO, "connector", NULL },
	{ "both say so of one message", OUTWARD, "4oe", "SSSSS-", TO, "connector", NULL },
	{ "PC MTA stopped, share gone: stays there", OUTWARD, "4oe", "SSS---", TO, "connector",
		NULL },
	{ "sent", OUTWARD, "4oes", "SSSSS-", TO, "postoffice", NULL },
	{ "sent, nothing but SENT.LOG", OUTWARD, "s", "-S----", TO, "postoffice", NULL },
	{ "Exchange took it, one of its pair came out", OUTWARD, "4s", "SSSSS-", UNKNOWN, NULL,
		"since before the test" },
	{ "an event says that the connector took it", OUTWARD, "4es", "SSSSS-", TO, "postoffice",
		NULL },
	{ "led to the dead postoffice: no log there", OUTWARD, "", "S-----", UNKNOWN, NULL,
		"There is no log" },
	{ "no further than the logs go", OUTWARD, "o", "S--S--", TO, "connector", "only SENT.LOG" },
	{ "and that log cut", OUTWARD, "o", "SP-S--", TO, "connector", "because 1" },
	{ "and that log unreadable", OUTWARD, "o", "ST-S--", TO, "connector", "because 1" },
	/* ---- and what goes wrong ---- */
	{ "no logs at all", OUTWARD, "", "------", UNKNOWN, NULL, "There is no log" },
	{ "events at default level prove nothing", OUTWARD, "", "S---S-", UNKNOWN, NULL,
		"There is no log" },
	{ "RECV.LOG is of the other direction", OUTWARD, "", "S-S---", UNKNOWN, NULL,
		"There is no log" },
	{ "events with raised logging", OUTWARD, "m", "S---S-", MAIL_NOT_SEEN, NULL, NULL },
	{ "log rolled over or cut", OUTWARD, "", "SP-S--", UNKNOWN, NULL, "because 1" },
	{ "tracking of days left out", OUTWARD, "4", "SS-P--", UNKNOWN, NULL, "because 3" },
	{ "cut, and yet it is in there", OUTWARD, "s", "SP-P--", TO, "postoffice", NULL },
	{ "began anew: an old line comes again", OUTWARD, "a", "SP-S--", UNKNOWN, NULL,
		"because 1" },
	{ "began anew, and two of its lines fit", OUTWARD, "aaA", "SP-S--", UNKNOWN, NULL,
		"because 1" },
	{ "began anew: an old report comes again", OUTWARD, "b", "SS-P--", UNKNOWN, NULL,
		"because 3" },
	{ "began anew, and the connector is sure", OUTWARD, "4oa", "SP-S--", TO, "connector",
		"because 1" },
	{ "a letter of the queue of before goes out", OUTWARD, "4os!", "SSSS--", TO, "connector",
		NULL },
	{ "the same, and nothing else", OUTWARD, "s!", "SSSS--", MAIL_NOT_SEEN, NULL, NULL },
	{ "began anew with what had been seen", OUTWARD, "osa", "SP-S--", TO, "postoffice", NULL },
	{ "logs unreadable", OUTWARD, "", "STTTT-", UNKNOWN, NULL, "because 1" },
	{ "one unreadable, another read", OUTWARD, "", "ST-S--", MAIL_NOT_SEEN, NULL, NULL },
	{ "the queue unreadable is no matter", OUTWARD, "", "TS----", MAIL_NOT_SEEN, NULL, NULL },
	{ "another recipient", OUTWARD, "pt", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "another sender", OUTWARD, "q", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "another code page", OUTWARD, "u", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "two match at the connector", OUTWARD, "oO", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "two match from the beginning", OUTWARD, "4fos", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "two match in SENT.LOG", OUTWARD, "osS", "SSSSS-", TO, "connector", FURTHER },
	{ "two match, nothing else", OUTWARD, "sS", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "two at the connector, one behind it", OUTWARD, "oOs", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "SENT.LOG has another number than 2448", OUTWARD, "eS", "SSSSS-", TO, "connector",
		FURTHER },
	{ "one line read twice", OUTWARD, "oo", "SSSSS-", TO, "connector", NULL },
	{ "one message in two lines", OUTWARD, "oP", "SSSSS-", TO, "connector", NULL },
	{ "what is of no kind", OUTWARD, "??", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "the other way round", OUTWARD, "rid", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	/* ---- reports ---- */
	{ "report with the code", OUTWARD, "4on", "SSSSS-", MAIL_FAILED, NULL, "with the code" },
	{ "report with the code behind a prefix", OUTWARD, "N", "SSSSS-", MAIL_FAILED, NULL,
		"with the code" },
	{ "report after it was sent", OUTWARD, "osn", "SSSSS-", MAIL_FAILED, NULL,
		"with the code" },
	{ "the only report of the pair", OUTWARD, "4ov", "SSSSS-", MAIL_FAILED, NULL, "only one" },
	{ "two reports of the pair", OUTWARD, "vw", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "two reports, and the connector", OUTWARD, "ovw", "SSSSS-", TO, "connector", FURTHER },
	{ "report of another test message", OUTWARD, "ox", "SSSSS-", TO, "connector", NULL },
	{ "report of another subject", OUTWARD, "oyz", "SSSSS-", TO, "connector", NULL },
	{ "report of the other direction", OUTWARD, "V", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	/* ---- MS Mail -> Exchange ---- */
	{ "nothing came", INWARD, "", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "fetched, Interchange stopped", INWARD, "r", "SSSSS-", TO, "fetched", NULL },
	{ "taken out of INQUEUE3", INWARD, "m", "SSSSS-", TO, "fetched", NULL },
	{ "in Exchange by 1004", INWARD, "ri", "SSSSS-", TO, "exchange", NULL },
	{ "in Exchange by 2113", INWARD, "j", "----S-", TO, "exchange", NULL },
	{ "no further than the logs go", INWARD, "r", "S-S---", TO, "fetched", "tracking" },
	{ "tracking of days left out", INWARD, "r", "S-SP--", TO, "fetched", "because 3" },
	{ "tracking unreadable", INWARD, "r", "S-ST--", TO, "fetched", "because 3" },
	{ "no tracking, events with raised logging", INWARD, "m", "S-S-S-", TO, "fetched", NULL },
	{ "both say so of one message", INWARD, "rmij", "SSSSS-", TO, "exchange", NULL },
	{ "a letter of the queue of before comes in", INWARD, "i!", "SSSSS-", UNKNOWN, NULL,
		"since before the test" },
	{ "the same, and this one was fetched", INWARD, "ri!", "SSSSS-", TO, "exchange", NULL },
	{ "delivered is no more than that", INWARD, "rid", "SSSSS-", TO, "exchange", NULL },
	{ "no logs at all", INWARD, "", "S-----", UNKNOWN, NULL, "There is no log" },
	{ "SENT.LOG is of the other direction", INWARD, "", "SS----", UNKNOWN, NULL,
		"There is no log" },
	{ "log cut", INWARD, "", "S-PS--", UNKNOWN, NULL, "because 2" },
	{ "wrong sender", INWARD, "k", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "two match at the end", INWARD, "riI", "SSSSS-", TO, "fetched", FURTHER },
	{ "two match on the way", INWARD, "rRi", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "two match, nothing else", INWARD, "iI", "SSSSS-", UNKNOWN, NULL, SEVERAL },
	{ "report with the code", INWARD, "rn", "SSSSS-", MAIL_FAILED, NULL, "with the code" },
	{ "the only report of the pair", INWARD, "rV", "SSSSS-", MAIL_FAILED, NULL, "only one" },
	{ "report of the other direction", INWARD, "v", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
	{ "the other way round", INWARD, "4oes", "SSSSS-", MAIL_NOT_SEEN, NULL, NULL },
};

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void the_matrix(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(matrix); i++) {
		const struct row *want = &matrix[i];
		struct evidence *row = row_make(mem, want->direction);
		struct mail_seen *seen = seen_make(mem, want->logs, want->places);

		assert_int_equal(mail_judge(row, seen, NULL, 0, 720), 0);
		if (row->grade != want->grade || !same(row->stage, want->stage) ||
			!want->why != !row->why || (want->why && !strstr(row->why, want->why)))
			fail_msg("%s (%s): %s %s: %s", want->fault, want->logs,
				mail_grade_name(row->grade), row->stage ? row->stage : "",
				row->why ? row->why : "");
		assert_int_equal(row->waited, 720);
		assert_true(row->sighting_count <= MAIL_SIGHTINGS);
		/* and once more, of the same: the same, and nothing twice */
		assert_int_equal(mail_judge(row, seen, NULL, 0, 720), 0);
		assert_int_equal(row->grade, want->grade);
	}
	talloc_free(mem);
}

/* ---- a practice server's mailboxes ---- */

static const struct mail_arrival left = { EX, EX, TOKEN, false, true };
#define ARRIVAL(from, box, subject) \
	{ \
		box, from, subject, false, false \
	}
#define REPORT(box, subject) \
	{ \
		box, "NET1/PO1/POSTMASTER", subject, true, false \
	}

static const struct {
	const char *fault, *logs;
	bool without_left;
	struct mail_arrival arrivals[3];
	enum mail_grade grade;
	const char *stage, *why;
} boxes[] = {
	{ "both ends", "4oes", false, { ARRIVAL(EX, MS, TOKEN) }, MAIL_VERIFIED, NULL, NULL },
	{ "both ends and no logs", "", false, { ARRIVAL(EX, MS, TOKEN) }, MAIL_VERIFIED, NULL,
		NULL },
	{ "the logs are of two messages", "oO", false, { ARRIVAL(EX, MS, TOKEN) }, MAIL_VERIFIED,
		NULL, NULL },
	{ "slow: not there yet", "", false, { { 0 } }, MAIL_NOT_SEEN, NULL, NULL },
	{ "slow: in the connector", "4o", false, { { 0 } }, TO, "connector", NULL },
	{ "slow, and two match behind it", "4osS", false, { { 0 } }, TO, "connector", FURTHER },
	{ "not seen to leave", "s", true, { ARRIVAL(EX, MS, TOKEN) }, UNKNOWN, NULL,
		"not seen to leave" },
	{ "sent from another mailbox", "s", true,
		{ ARRIVAL(EX, MS, TOKEN),
			{ "NET1/PO1/OTHER", "NET1/PO1/OTHER", TOKEN, false, true } },
		UNKNOWN, NULL, "not seen to leave" },
	{ "wrong sender", "s", false, { ARRIVAL("NET1/PO1/OTHER", MS, TOKEN) }, UNKNOWN, NULL,
		"another sender" },
	{ "wrong mailbox", "s", false, { ARRIVAL(EX, "NET2/PO2/OTHER", TOKEN) }, UNKNOWN, NULL,
		"another mailbox" },
	{ "the right and a wrong one", "", false,
		{ ARRIVAL(EX, MS, TOKEN), ARRIVAL("NET1/PO1/OTHER", MS, TOKEN) }, UNKNOWN, NULL,
		"another sender" },
	{ "twice", "s", false, { ARRIVAL(EX, MS, TOKEN), ARRIVAL(EX, MS, TOKEN) }, UNKNOWN, NULL,
		"More than one message" },
	{ "a reply", "", false, { ARRIVAL(MS, EX, "RE: " TOKEN) }, MAIL_NOT_SEEN, NULL, NULL },
	{ "a reply into its mailbox", "s", false, { ARRIVAL(EX, MS, "RE: " TOKEN) }, TO,
		"postoffice", NULL },
	{ "another code", "", false, { ARRIVAL(EX, MS, OTHER_TOKEN) }, MAIL_NOT_SEEN, NULL, NULL },
	{ "a blank behind the code", "", false, { ARRIVAL(EX, MS, TOKEN " ") }, MAIL_NOT_SEEN, NULL,
		NULL },
	{ "report", "4o", false, { REPORT(EX, "Undeliverable: " TOKEN) }, MAIL_FAILED, NULL,
		"into a mailbox" },
	{ "report with the code alone", "", false, { REPORT(EX, TOKEN) }, MAIL_FAILED, NULL,
		"into a mailbox" },
	{ "report, and it came", "", false, { ARRIVAL(EX, MS, TOKEN), REPORT(EX, TOKEN) },
		MAIL_FAILED, NULL, "into a mailbox" },
	{ "report of another", "", false, { REPORT(EX, OTHER_TOKEN) }, MAIL_NOT_SEEN, NULL, NULL },
};

static void the_mailboxes_of_practice(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(boxes); i++) {
		struct evidence *row = row_make(mem, OUTWARD);
		struct mail_arrival all[4];
		size_t count = 0;

		if (!boxes[i].without_left)
			all[count++] = left;
		for (size_t k = 0; k < 3 && boxes[i].arrivals[k].box; k++)
			all[count++] = boxes[i].arrivals[k];
		row->simulated = true;
		assert_int_equal(mail_judge(row, seen_make(mem, boxes[i].logs, "-----S"), all,
					 count, 60),
			0);
		if (row->grade != boxes[i].grade || !same(row->stage, boxes[i].stage) ||
			!boxes[i].why != !row->why || (row->why && !strstr(row->why, boxes[i].why)))
			fail_msg("%s: %s %s: %s", boxes[i].fault, mail_grade_name(row->grade),
				row->stage ? row->stage : "", row->why ? row->why : "");
		/* What a server that is no practice one has in such a list counts for nothing. */
		row = row_make(mem, OUTWARD);
		assert_int_equal(mail_judge(row, seen_make(mem, "", "-----S"), all, count, 60), 0);
		assert_int_equal(row->grade, UNKNOWN);
	}
	talloc_free(mem);
}

/* ---- what a person says stays ---- */

static void say(struct evidence *row, bool denied)
{
	row->by = talloc_strdup(row, "jsmith");
	row->mailbox = talloc_strdup(row, "SMITH");
	row->seen = talloc_strdup(row, "came at 12:03");
	row->denied = denied;
	row->grade = denied ? MAIL_FAILED : MAIL_ATTESTED;
}

static void a_word_stays_beside_what_was_seen(void **state)
{
	static const struct {
		bool denied;
		const char *logs;
		enum mail_grade grade;
	} rows[] = {
		{ false, "", MAIL_ATTESTED },
		{ false, "4", MAIL_ATTESTED },
		{ false, "oO", MAIL_ATTESTED },
		{ false, "s", TO },
		{ false, "sn", MAIL_FAILED },
		{ true, "", MAIL_FAILED },
		{ true, "s", MAIL_FAILED },
		{ true, "oO", MAIL_FAILED },
	};
	TALLOC_CTX *mem = talloc_new(NULL);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct evidence *row = row_make(mem, OUTWARD);

		say(row, rows[i].denied);
		assert_int_equal(mail_judge(row, seen_make(mem, rows[i].logs, "SSSSS-"), NULL, 0,
					 1),
			0);
		assert_int_equal(row->grade, rows[i].grade);
		assert_string_equal(row->by, "jsmith");
		assert_string_equal(row->seen, "came at 12:03");
	}
	talloc_free(mem);
}

static void what_nobody_sent_is_not_judged(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence *row = row_make(mem, OUTWARD);

	(void)state;
	row->sent = 0;
	assert_int_equal(mail_judge(row, seen_make(mem, "sn", "SSSSS-"), NULL, 0, 1), 0);
	assert_int_equal(row->grade, MAIL_NOT_TESTED);
	assert_int_equal(row->waited, -1);
	assert_int_equal(row->sighting_count, 0);
	talloc_free(mem);
}

/* A message that was on its way shows more from look to look; a clock says nothing. That a report
 * was seen stays where its log is cleared. */
static void it_is_judged_anew(void **state)
{
	static const char *const looks[] = { "", "4", "4o", "4os", "4osn", "4os", "4osvw" };
	static const enum mail_grade grades[] = { MAIL_NOT_SEEN, MAIL_NOT_SEEN, TO, TO, MAIL_FAILED,
		MAIL_FAILED, MAIL_FAILED };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence *row = row_make(mem, OUTWARD);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		struct mail_seen *seen = seen_make(mem, looks[i], "SSSSS-");

		/* two hours back, tomorrow, never: all the same */
		for (size_t k = 0; k < seen->entry_count; k++)
			seen->entries[k]->at = k == 0 ? SENT_AT - 7200 : k == 1 ? INT64_MAX : 0;
		assert_int_equal(mail_judge(row, seen, NULL, 0, i == 2 ? -5 : 60), 0);
		assert_int_equal(row->grade, grades[i]);
		assert_int_equal(row->sighting_count, i < 4 ? i : i == 6 ? 6 : 4);
		assert_int_equal(row->waited, i == 2 ? -1 : 60);
		talloc_free(seen);
	}
	/* in the order of the way */
	assert_string_equal(row->sightings[0].stage, "submitted");
	assert_string_equal(row->sightings[1].stage, "connector");
	assert_string_equal(row->sightings[2].stage, "postoffice");
	assert_string_equal(row->sightings[5].stage, "report");
	assert_string_equal(row->sightings[5].raw, "n");
	assert_string_equal(row->sightings[2].raw, "s");
	assert_null(row->stage);
	talloc_free(mem);
}

static void the_file_of_the_message(void **state)
{
	uint32_t numbers[] = { 0x2ff, 0x300, NUMBER, 0x310 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence *row = row_make(mem, OUTWARD);
	struct mail_seen *seen = seen_make(mem, "e", "SSSSS-");

	(void)state;
	seen->come = numbers;
	seen->come_count = 4;
	assert_int_equal(mail_judge(row, seen, NULL, 0, 1), 0);
	assert_int_equal(row->sighting_count, 2);
	assert_string_equal(row->sightings[1].raw, "0000030C.MAI is there");
	/* It left: nobody knows where to. */
	seen->come_count = 2;
	seen->gone = numbers;
	seen->gone_count = 4;
	assert_int_equal(mail_judge(row, seen, NULL, 0, 1), 0);
	assert_string_equal(row->sightings[1].raw, "0000030C.MAI has left the queue");
	assert_int_equal(row->grade, TO);
	assert_string_equal(row->stage, "connector");
	seen->gone_count = 2;
	assert_int_equal(mail_judge(row, seen, NULL, 0, 1), 0);
	assert_int_equal(row->sighting_count, 1);
	talloc_free(mem);
}

/* Thousands that fit fill no list, and leave room for the report. */
static void a_flood_leaves_room(void **state)
{
	enum { MANY = 5000 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence *row = row_make(mem, OUTWARD);
	struct mail_seen *seen = seen_make(mem, "", "SSSSS-"),
			 *one = seen_make(mem, "4oesn", "SSSSS-");

	(void)state;
	seen->entries = talloc_array(seen, struct mail_entry *, MANY);
	for (size_t i = 0; i < MANY; i++) {
		struct mail_entry *entry = talloc_memdup(seen, one->entries[i % 5], sizeof *entry);

		entry->message = i + 1;
		entry->where = talloc_asprintf(seen, "line %zu", i);
		seen->entries[seen->entry_count++] = entry;
	}
	assert_int_equal(mail_judge(row, seen, NULL, 0, 1), 0);
	assert_int_equal(row->grade, MAIL_FAILED);
	assert_true(row->sighting_count <= MAIL_SIGHTINGS);
	assert_string_equal(row->sightings[row->sighting_count - 1].stage, "report");
	talloc_free(mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_matrix),
		cmocka_unit_test(the_mailboxes_of_practice),
		cmocka_unit_test(a_word_stays_beside_what_was_seen),
		cmocka_unit_test(what_nobody_sent_is_not_judged),
		cmocka_unit_test(it_is_judged_anew),
		cmocka_unit_test(the_file_of_the_message),
		cmocka_unit_test(a_flood_leaves_room),
	};

	return cmocka_run_group_tests_name("mail judge", tests, NULL, NULL);
}
