/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The connector of a practice server: with each fault, where a message stays and what the logs say.
 * Files are looked at as bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "nt/regdata.h"
#include "practice/mail.h"
#include "repair/oldfolder.h"
#include "repair/survey.h"
#include "tests/flow.h"
#include "tests/mailsight.h"
#include "tests/support.h"

#define OUT "MSMC-OUTOUTOUTO"
#define IN "MSMC-ININININI"

#define SET(key, value_, type_, text_) \
	{ \
		.op = PRACTICE_REG_SET, .where = PRACTICE_IN_DEFAULT_SET, \
		.path = "Services\\" key, .name = value_, .type = type_, .text = text_ \
	}
#define SERVICE(name_, text_) \
	{ \
		.op = PRACTICE_SERVICE, .name = name_, .text = text_ \
	}
#define FLOW(path_, text_) \
	{ \
		.op = PRACTICE_FLOW, .path = path_, .name = "{lan}", .text = text_ \
	}

struct fault_row {
	const char *name;
	unsigned flags;
	struct practice_edit edits[4];
	enum sight out, in;
	/* What must, and must not, be in the logs; letters, see logs_check. */
	const char *logs;
};

/* Logs: o, i: a line of SENT.LOG, RECV.LOG with the addresses; 4, 3: tracking events 4 and 1003 of
 * the one; 1: 1004 and 1000 of the other; r: 1007; E: event 2410 once; N: event 2117 with the
 * subject; S: event 2446 with it. What is not named must not be there. */
static const struct fault_row ROWS[] = {
	{ "all is well", 0, { { 0 } }, SIGHT_BOX, SIGHT_BOX, "oi431" },
	{ "Interchange stopped", 0, { SERVICE("MSExchangeMSMI", "stopped") }, SIGHT_GATEWAY,
		SIGHT_QUEUE, "i4" },
	{ "a service it needs is stopped", 0, { SERVICE("MSExchangeDS", "stopped") }, SIGHT_GATEWAY,
		SIGHT_QUEUE, "i4" },
	{ "store stopped", 0, { SERVICE("MSExchangeIS", "stopped") }, SIGHT_OUTBOX, SIGHT_BOX,
		"i1" },
	{ "led to the dead postoffice", PRACTICE_OLD_MAILDATA,
		{ { .op = PRACTICE_REG_LEAD,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = "Services\\MSExchangeMSMI",
			.name = "ImagePath",
			.number = 0 } },
		SIGHT_DEAD_QUEUE, SIGHT_QUEUE, "i43" },
	{ "share leads to the dead postoffice", PRACTICE_OLD_MAILDATA,
		{ SET("LanmanServer\\Shares", "Maildat$", REG_MULTI_SZ,
			"MaxUses=1|Path={default}\\maildata|Permissions=0|Remark=|Type=0") },
		SIGHT_QUEUE, SIGHT_DEAD_QUEUE, "43" },
	{ "share gone", PRACTICE_SHARE_GONE,
		{ SERVICE("MSExchangeMSMI", "running"), SERVICE("{lan}", "running"),
			SERVICE("{x25}", "running") },
		SIGHT_QUEUE, SIGHT_OUTBOX, "43" },
	{ "PC MTA stopped", 0, { SERVICE("{lan}", "stopped") }, SIGHT_QUEUE, SIGHT_OUTBOX, "43" },
	{ "wrong account", 0, { SET("MSExchangeMSMI", "ObjectName", REG_SZ, "LocalSystem") },
		SIGHT_GATEWAY, SIGHT_QUEUE, "i4E" },
	{ "report out", 0, { FLOW("out", "report") }, SIGHT_REPORT, SIGHT_BOX, "i431rN" },
	{ "report in", 0, { FLOW("in", "report") }, SIGHT_BOX, SIGHT_REPORT, "oi43rN" },
	{ "stuck out, one way only", 0, { FLOW("out", "stuck") }, SIGHT_GATEWAY, SIGHT_BOX,
		"i41S" },
	{ "stuck in, one way only", 0, { FLOW("in", "stuck") }, SIGHT_BOX, SIGHT_QUEUE, "oi43" },
	{ "other sender out", 0, { FLOW("out", "other-sender") }, SIGHT_BOX, SIGHT_BOX, "i1" },
	{ "other sender in", 0, { FLOW("in", "other-sender") }, SIGHT_BOX, SIGHT_BOX, "o43" },
	{ "slow", 0, { FLOW("out", "slow"), FLOW("in", "slow") }, SIGHT_BOX, SIGHT_BOX, "oi431" },
};

static char *row_built(TALLOC_CTX *mem, const struct fault_row *row)
{
	struct practice_spec spec = { .scenario = "healthy",
		.seed = 11,
		.flags = row->flags,
		.edits = row->edits };
	struct error err = { 0 };
	char *dir = support_folder(mem);

	while (spec.edit_count < ARRAY_SIZE(row->edits) &&
		(row->edits[spec.edit_count].name || row->edits[spec.edit_count].path ||
			row->edits[spec.edit_count].number))
		spec.edit_count++;
	if (practice_build(dir, &spec, &err) < 0)
		fail_msg("%s: %s", row->name, err.text);
	return dir;
}

static void send(const struct sightings *sightings, const char *from, const char *to,
	const char *subject, int64_t now)
{
	const struct mail_letter letter = { .from = (char *)from,
		.to = (char *)to,
		.subject = (char *)subject,
		.text = (char *)SIGHT_TEXT };
	struct error err = { 0 };

	if (practice_mail_send(sightings->dir, &letter, now, &err) < 0)
		fail_msg("%s", err.text);
}

static struct sightings both_sent(TALLOC_CTX *mem, const char *dir, int64_t now)
{
	struct sightings sightings = sight_new(mem, dir);

	send(&sightings, sightings.ours, sightings.theirs, OUT, now);
	send(&sightings, sightings.theirs, sightings.ours, IN, now);
	return sightings;
}

static void logs_check(TALLOC_CTX *mem, const struct fault_row *row, const struct sightings *s)
{
	const char *ours = s->dn, *theirs = talloc_asprintf(mem, "MS:%s", s->theirs);
	const struct {
		char letter;
		bool seen;
	} seen[] = {
		{ 'o', sight_log(s, "SENT.LOG", s->ours, s->theirs) },
		{ 'i', sight_log(s, "RECV.LOG", s->theirs, s->ours) },
		{ '4', sight_tracked(s, 4, ours, theirs) },
		{ '3', sight_tracked(s, 1003, ours, theirs) },
		{ '1',
			sight_tracked(s, 1004, theirs, ours) &&
				sight_tracked(s, 1000, theirs, ours) },
		{ 'r',
			sight_tracked(s, 1007, ours, theirs) ||
				sight_tracked(s, 1007, theirs, ours) },
		{ 'E', sight_events(s, 0xc000096a, NULL) == 1 },
		{ 'N',
			sight_events(s, 0x80000845,
				strchr(row->logs, '3') && row->out == SIGHT_REPORT ? OUT : IN) ==
				1 },
		{ 'S', sight_events(s, 0x8000098e, OUT) == 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(seen); i++)
		if (seen[i].seen != (strchr(row->logs, seen[i].letter) != NULL))
			fail_msg("%s: log %c is %s", row->name, seen[i].letter,
				seen[i].seen ? "there" : "missing");
	if (!strchr(row->logs, 'E'))
		assert_int_equal(sight_events(s, 0xc000096a, NULL), 0);
	if (!strchr(row->logs, 'N'))
		assert_int_equal(sight_events(s, 0x80000845, NULL), 0);
	if (!strchr(row->logs, 'S'))
		assert_int_equal(sight_events(s, 0x8000098e, NULL), 0);
}

static void faults(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(ROWS); i++) {
		const struct fault_row *row = &ROWS[i];
		char *dir = row_built(*state, row);
		struct sightings sightings = both_sent(*state, dir, time(NULL));
		enum sight out, in;

		assert_true(flow_all(dir) >= 0);
		out = sight_out(&sightings, OUT);
		in = sight_in(&sightings, IN);
		if (out != row->out || in != row->in)
			fail_msg("%s: out %d, not %d; in %d, not %d", row->name, out, row->out, in,
				row->in);
		logs_check(*state, row, &sightings);
		talloc_free(dir);
	}
}

/* The sender of what arrived is not who sent it, and the letter says so at both ends. */
static void other_sender(void **state)
{
	static const struct fault_row row = { .name = "other sender",
		.edits = { FLOW("out", "other-sender"), FLOW("in", "other-sender") } };
	char *dir = row_built(*state, &row);
	struct sightings sightings = both_sent(*state, dir, time(NULL));

	assert_true(flow_all(dir) > 0);
	assert_null(strstr(sight_letter(&sightings, sightings.theirs_box, OUT),
		talloc_asprintf(*state, "from: %s\n", sightings.ours)));
	assert_null(strstr(sight_letter(&sightings, sightings.ours_box, IN),
		talloc_asprintf(*state, "from: %s\n", sightings.theirs)));
}

/* A hop of a second takes at most a few of them; a slow one a minute and a half. */
static void slow(void **state)
{
	static const struct fault_row rows[] = { { .name = "as usual" },
		{ .name = "slow", .edits = { FLOW("out", "slow") } } };
	const int64_t now = 1000000000;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *dir = row_built(*state, &rows[i]);
		struct sightings sightings = both_sent(*state, dir, now);

		/* The letters that were queued before go first, one a step. */
		assert_true(flow_steps(dir, now, 60) > 0);
		assert_int_equal(sight_out(&sightings, OUT), i ? SIGHT_GATEWAY : SIGHT_BOX);
		assert_true(flow_steps(dir, now + 60, 60) >= 0);
		assert_int_equal(sight_out(&sightings, OUT), i ? SIGHT_QUEUE : SIGHT_BOX);
		assert_true(flow_steps(dir, now + 120, 100) >= 0);
		assert_int_equal(sight_out(&sightings, OUT), SIGHT_BOX);
	}
}

/* Every time that is written is two hours on: 22:30 and a minute of Thursday is Friday. */
static void clock_ahead(void **state)
{
	static const struct fault_row row = { .name = "clock",
		.edits = { { .op = PRACTICE_CLOCK, .number = 7200 } } };
	const int64_t now = 1000420200; /* 2001-09-13 22:30 */
	char *dir = row_built(*state, &row);
	struct sightings sightings = both_sent(*state, dir, now);
	const char *log;

	assert_true(flow_steps(dir, now, 60) > 0);
	log = sight_file(&sightings, "C/exchsrvr/TRACKING.LOG/20010914.log");
	assert_non_null(strstr(log, "\t4\t2001.9.14 0:30:0"));
	log = sight_file(&sightings, SIGHT_MAILDATA "/LOG/RECV.LOG");
	assert_non_null(strstr(log, "\r\n09/14/01 00:30  "));
	assert_non_null(strstr(sight_letter(&sightings, sightings.ours_box, IN), "\nat: 10004274"));
	assert_null(sight_file(&sightings, "C/exchsrvr/TRACKING.LOG/20010913.log"));
}

/* Raised diagnostics tell of every message (Q175447); the log is clean once the connector is
 * gone. */
static void diagnostics(void **state)
{
	static const struct fault_row row = { .name = "diagnostics" };
	char *dir = row_built(*state, &row), *json;
	struct sightings sightings = sight_new(*state, dir);
	const char *text = sight_file(&sightings, "practice.json"), *evt;

	assert_non_null(text);
	json = talloc_asprintf(*state, "{\"diagnostics\": true,%s", text + 1);
	support_write_text(talloc_asprintf(*state, "%s/practice.json", dir), json);
	sightings = both_sent(*state, dir, time(NULL));
	assert_true(flow_all(dir) > 0);
	assert_int_equal(sight_events(&sightings, 0x40000990, sightings.theirs), 1);
	assert_int_equal(sight_events(&sightings, 0x4000098c, sightings.theirs), 1);
	evt = sight_file(&sightings, "C/WINNT/system32/config/AppEvent.Evt");
	assert_int_equal(evt[36] & 1, 0);
	assert_int_equal(evt[24], 5 + 2 + 1); /* the number of the next */
}

/* What waits leaves one by one, a letter a step and PC MTA, with two lines each; while the share is
 * gone nothing does. */
static void backlog(void **state)
{
	static const struct fault_row rows[] = { { .name = "right" },
		{ .name = "standard", .flags = PRACTICE_STANDARD } };
	size_t before, last, lines;
	char *dir = row_built(*state, &rows[1]);
	struct sightings sightings = sight_new(*state, dir);

	before = sight_queue(&sightings);
	assert_true(before >= 12);
	assert_int_equal(flow_all(dir), 0);
	assert_int_equal(sight_queue(&sightings), before);
	talloc_free(dir);

	dir = row_built(*state, &rows[0]);
	sightings = sight_new(*state, dir);
	last = before = sight_queue(&sightings);
	lines = sight_lines(&sightings, SIGHT_MAILDATA "/LOG/SENT.LOG");
	for (int64_t now = 1000000000; last > 0; now++) {
		assert_int_equal(flow_steps(dir, now, 1), 1);
		assert_in_range(last - sight_queue(&sightings), 1, 2);
		last = sight_queue(&sightings);
	}
	assert_int_equal(sight_lines(&sightings, SIGHT_MAILDATA "/LOG/SENT.LOG"),
		lines + 2 * before);
	assert_int_equal(flow_all(dir), 0);
}

/* A number 54 bytes behind the subject's begin (Q108027); what waits by the index (counts in eight
 * bytes, then bits) has its letter, what was sent has none, and each waits for one postoffice
 * alone. */
static void mailbags(void **state)
{
	static const struct fault_row row = { .name = "standard", .flags = PRACTICE_STANDARD };
	struct sightings sightings = sight_new(*state, row_built(*state, &row));
	size_t letters = 0, old = 0;

	for (unsigned bag = 0x11; bag < 0x17; bag++) {
		char name[16];

		snprintf(name, sizeof name, "%08X", bag);
		sight_bag(&sightings, name, &letters, &old);
	}
	assert_true(old > 0);
	assert_int_equal(letters, sight_queue(&sightings));
}

/* What step 6 says of mail in the default Maildata. */
static bool gate_yes(TALLOC_CTX *mem, const char *dir, const char *detail)
{
	const char *const pcmtas[] = { "any" };
	struct survey_options options = { 0 };
	const struct survey *survey;
	struct evidence_list *evidence;
	struct server *server;
	struct gates *gates = NULL;
	struct error err = { 0 };

	if (practice_open(mem, dir, &server, &err) < 0 ||
		survey_make(mem, server, &options, &survey, &err) < 0 ||
		evidence_list_make(mem, pcmtas, 1, true, &evidence, &err) < 0 ||
		oldfolder_gates(mem, server, survey, evidence, &gates, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < gates->count; i++) {
		if (strcmp(gates->gates[i].id, "mail-came") != 0)
			continue;
		if (gates->gates[i].answer != GATE_YES)
			assert_non_null(strstr(gates->gates[i].detail, detail));
		return gates->gates[i].answer == GATE_YES;
	}
	fail_msg("no such gate");
	return false;
}

/* Led to the dead postoffice, a letter lies there alone: the old folder must stay. */
static void dead_postoffice_gate(void **state)
{
	static const struct fault_row led = { .name = "led",
		.flags = PRACTICE_OLD_MAILDATA,
		.edits = { { .op = PRACTICE_REG_LEAD,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = "Services\\MSExchangeMSMI",
			.name = "ImagePath" } } };
	char *dir = row_built(*state, &led);

	assert_true(gate_yes(*state, dir, ""));
	assert_true(flow_all(dir) > 0);
	assert_true(gate_yes(*state, dir, ""));
	(void)both_sent(*state, dir, time(NULL));
	assert_true(flow_all(dir) > 0);
	assert_false(gate_yes(*state, dir, "00000011"));
}

static void refused(void **state)
{
	static const struct fault_row row = { .name = "refused" };
	char *dir = row_built(*state, &row), long_text[600];
	struct mail_letter letter = { .from = (char *)"NET1/PO1/NOBODY",
		.to = (char *)"NET1/PO1/NOBODY",
		.subject = (char *)"x" };
	struct sightings sightings = sight_new(*state, dir);
	struct error err;

	assert_int_equal(practice_mail_send(dir, &letter, 0, &err), -TROUBLE_NOT_THERE);
	letter.from = (char *)sightings.ours;
	memset(long_text, 'x', sizeof long_text - 1);
	long_text[sizeof long_text - 1] = '\0';
	letter.subject = long_text;
	assert_int_equal(practice_mail_send(dir, &letter, 0, &err), -TROUBLE_USAGE);
	/* A line end in a subject is no second header; somebody unknown brings a report. */
	letter.subject = (char *)"one\nreport: yes\n\ntwo";
	assert_int_equal(practice_mail_send(dir, &letter, 0, &err), 0);
	assert_true(flow_all(dir) > 0);
	assert_non_null(sight_letter(&sightings, sightings.ours_box,
		"Undeliverable: one report: yes  two"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(faults),
		SUPPORT_TEST(other_sender),
		SUPPORT_TEST(slow),
		SUPPORT_TEST(clock_ahead),
		SUPPORT_TEST(diagnostics),
		SUPPORT_TEST(backlog),
		SUPPORT_TEST(mailbags),
		SUPPORT_TEST(dead_postoffice_gate),
		SUPPORT_TEST(refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
