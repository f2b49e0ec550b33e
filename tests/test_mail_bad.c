/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bad input of step 5, from the disks of a server that ran in between to the report: each ends in
 * its one right word, and nothing of it drives a terminal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "report/report.h"
#include "run/engine_internal.h"
#include "tests/evt_write.h"
#include "tests/finish_bench.h"
#include "tests/support.h"

#define MAILDATA "E/exchsrvr/connect/msmcon/maildata/"
#define SENT_LOG MAILDATA "LOG/SENT.LOG"
#define TODAY "C/exchsrvr/TRACKING.LOG/20000812.log"
#define TOMORROW "C/exchsrvr/TRACKING.LOG/20000813.log"
#define EVENTS "C/WINNT/system32/config/AppEvent.Evt"

#define FROM "N/P/ANNA"
#define TO "N/Q/BOB"
#define SENT(date, here) date " 09:44  715  " FROM "     " TO "\r\n" here " 00000403\r\n"
#define OURS SENT("05/17/96", "0000030C")
#define NOISE SENT("\x1b]0;x\x07\x1b[2J", "0000030C")
#define TRACK(id, number) \
	id "\t" number "\t2000.8.12 23:59:58\t\t\t\t" \
	   "/o=O/ou=S/cn=R/cn=ANNA\t0\t512\t0\t0\t0\t1\r\nMS:" TO "\t\r\n"

enum { MANY = 500 << 20, EVENTS_SIZE = 0x1000 };

static void append_at(struct finish_bench *bench, const char *name, off_t at, const char *text)
{
	FILE *file = fopen(finish_path(bench, name), at < 0 ? "a" : "r+");

	assert_non_null(file);
	assert_int_equal(at < 0 ? 0 : fseek(file, at, SEEK_SET), 0);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void append(struct finish_bench *bench, const char *name, const char *text)
{
	append_at(bench, name, -1, text);
}

/* A log of events 5 and on: one that the connector began, then one with the subject. */
static void events(struct finish_bench *bench, const char *subject, uint32_t flags)
{
	struct evt_log *log = evt_write_new(NULL, EVENTS_SIZE, 5);
	const struct evt_sample begun = { .at = 966000000,
		.id = 2384,
		.type = 4,
		.source = "MSExchangeMSMI",
		.computer = "MAIL1" };
	struct evt_sample report = begun;

	report.id = 2117;
	report.type = 2;
	report.strings[0] = FROM;
	report.strings[1] = subject;
	evt_write_add(log, &begun);
	/* over the end of the ring and past it */
	for (int i = 0; subject && i < 40; i++)
		evt_write_add(log, &begun);
	if (subject)
		evt_write_add(log, &report);
	evt_write_header(log, flags);
	support_write(finish_path(bench, EVENTS), log->bytes, log->size);
	talloc_free(log);
}

/* ---- what stood there before ---- */

static void a_long_log(struct finish_bench *bench)
{
	append_at(bench, TODAY, MANY, "\r\n");
}

static void an_old_line(struct finish_bench *bench)
{
	append(bench, SENT_LOG, OURS);
}

static void a_log_of_events(struct finish_bench *bench)
{
	events(bench, NULL, 0);
}

/* ---- what happened while the server ran ---- */

typedef void happen_fn(struct finish_bench *bench, const char *token);

static void tracked(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, TODAY, TRACK("a", "1003"));
}

static void long_since(struct finish_bench *bench, const char *token)
{
	(void)token;
	append_at(bench, TODAY, MANY, "\r\n" TRACK("a", "1003"));
}

static void nul_bytes(struct finish_bench *bench, const char *token)
{
	struct stat meta;

	(void)token;
	assert_int_equal(stat(finish_path(bench, SENT_LOG), &meta), 0);
	append_at(bench, SENT_LOG, meta.st_size + 5000, OURS);
}

static void cut(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, SENT_LOG, "05/17/96 09:44  715  " FROM "     N/Q/B");
}

static void odd_dates(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, SENT_LOG, SENT("05/17/1910", "0000030C"));
	append(bench, TODAY, "b\t1004\t2098.1.1 0:00:00\t\t\t\tMS:N/X/Y\t0\t1\t0\t0\t0\t1\r\n");
}

static void midnight(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, TODAY, TRACK("a", "4"));
	support_write_text(finish_path(bench, TOMORROW), TRACK("a", "1003"));
}

static void two(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, SENT_LOG, OURS SENT("05/18/96", "0000030D"));
}

/* The same lines again, in a file that is none that was there. */
static void copied_over(struct finish_bench *bench, const char *token)
{
	(void)token;
	support_write_text(finish_path(bench, SENT_LOG), "DATE SENT\r\n" OURS);
}

static void somebody_else(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, SENT_LOG,
		"05/17/96 09:44  715  N/P/EVE     " TO "\r\n0000030C 00000403\r\n"
		"05/17/96 09:44  715  N/P/ANN\xc4     " TO "\r\n0000030D 00000404\r\n");
}

static void report_behind(struct finish_bench *bench, const char *token)
{
	append(bench, SENT_LOG, OURS);
	events(bench, talloc_asprintf(bench, "Subject: RE:\x1b[2J %s", token), 2);
}

static void dirty_report(struct finish_bench *bench, const char *token)
{
	events(bench, token, 3);
}

static void guessed(struct finish_bench *bench, const char *token)
{
	(void)token;
	events(bench, "MSMC-23456789AB", 2);
}

static void a_link(struct finish_bench *bench, const char *token)
{
	const char *path = finish_path(bench, SENT_LOG), *other = finish_path(bench, "other");

	(void)token;
	support_write_text(other, "DATE SENT\r\n" OURS);
	support_remove(path);
	assert_int_equal(symlink(other, path), 0);
}

static void a_fifo(struct finish_bench *bench, const char *token)
{
	(void)token;
	support_remove(finish_path(bench, SENT_LOG));
	assert_int_equal(mkfifo(finish_path(bench, SENT_LOG), 0600), 0);
	support_remove(finish_path(bench, TODAY));
	assert_int_equal(mkfifo(finish_path(bench, TODAY), 0600), 0);
}

static void folders(struct finish_bench *bench, const char *token)
{
	(void)token;
	for (size_t i = 0; i < 2; i++) {
		const char *path = finish_path(bench, i == 0 ? SENT_LOG : EVENTS);

		support_remove(path);
		support_mkdir(path);
	}
}

static void all_gone(struct finish_bench *bench, const char *token)
{
	(void)token;
	support_remove(finish_path(bench, MAILDATA "LOG"));
	support_remove(finish_path(bench, MAILDATA "MAI"));
	support_remove(finish_path(bench, "C/exchsrvr/TRACKING.LOG"));
	support_remove(finish_path(bench, EVENTS));
}

static void escapes(struct finish_bench *bench, const char *token)
{
	(void)token;
	append(bench, SENT_LOG, "\x1b[2J\x1b]0;evil\x07\r\n" NOISE);
	append(bench, TODAY, "\x9b\x1b[31m\t1004\t\x1b[2J\t\t\t\tMS:\x1b[5m\t0\t1\t0\t0\t0\t1\r\n");
}

static const struct bad {
	const char *name;
	void (*before)(struct finish_bench *bench);
	happen_fn *happen;
	enum mail_grade grade;
	const char *stage, *why;
} bads[] = {
	{ "500 MB before", a_long_log, tracked, MAIL_VERIFIED_TO, "connector", NULL },
	{ "500 MB since", NULL, long_since, MAIL_VERIFIED_TO, "connector", NULL },
	{ "NUL bytes", NULL, nul_bytes, MAIL_VERIFIED_TO, "postoffice", NULL },
	{ "cut in mid-line", NULL, cut, MAIL_NOT_SEEN, NULL, NULL },
	{ "1910 and 2098", NULL, odd_dates, MAIL_VERIFIED_TO, "postoffice", NULL },
	{ "midnight", NULL, midnight, MAIL_VERIFIED_TO, "connector", NULL },
	{ "two", NULL, two, MAIL_UNKNOWN, NULL, "More than one entry" },
	{ "an old line", an_old_line, cut, MAIL_NOT_SEEN, NULL, NULL },
	{ "copied over", an_old_line, copied_over, MAIL_UNKNOWN, NULL, "began anew" },
	{ "another sender", NULL, somebody_else, MAIL_NOT_SEEN, NULL, NULL },
	{ "report behind RE:", a_log_of_events, report_behind, MAIL_FAILED, NULL, "with the code" },
	{ "report, wrapped and dirty", a_log_of_events, dirty_report, MAIL_FAILED, NULL,
		"with the code" },
	{ "a code that was guessed", a_log_of_events, guessed, MAIL_NOT_SEEN, NULL, NULL },
	{ "a link", NULL, a_link, MAIL_NOT_SEEN, NULL, NULL },
	{ "FIFOs", NULL, a_fifo, MAIL_UNKNOWN, NULL, "neither a file nor a folder" },
	{ "folders", NULL, folders, MAIL_NOT_SEEN, NULL, NULL },
	{ "all gone", NULL, all_gone, MAIL_UNKNOWN, NULL, "There is no log" },
	{ "escapes", NULL, escapes, MAIL_VERIFIED_TO, "postoffice", NULL },
};

static const struct survey *survey(struct finish_bench *bench, struct server *server)
{
	const struct survey *survey;

	if (survey_make(bench, server, &bench->survey_options, &survey, &bench->err))
		fail_msg("%s", bench->err.text);
	return survey;
}

static struct evidence_list *rows_of(struct finish_bench *bench, struct engine *engine)
{
	struct evidence_list *list;

	if (engine_evidence(engine, &list, &bench->err))
		fail_msg("%s", bench->err.text);
	return list;
}

/* Nothing in it but what is printed, and lines. */
static void harmless(const char *name, const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p < ' ' && *p != '\n' && *p != '\t')
			fail_msg("%s: a byte %02x in \"%.40s\"", name, (unsigned char)*p,
				p > text + 20 ? p - 20 : text);
	assert_null(strstr(text, "\xc2\x9b"));
}

/* Everything that the run left for people and programs. */
static void told_harmlessly(struct finish_bench *bench, const char *name, struct runfolder *run)
{
	static const char *const files[] = { "report.txt", "report.json", "journal.jsonl" };
	struct report *report;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		size_t len;
		char *path = talloc_asprintf(bench, "%s/%s", runfolder_dir(run), files[i]);
		uint8_t *bytes = support_read(bench, path, &len);
		char *text = talloc_strndup(bench, (char *)bytes, len);

		assert_true(text && len == strlen(text));
		harmless(name, text);
	}
	assert_int_equal(report_read(bench, run, NULL, &report, &bench->err), 0);
	harmless(name, report_html(bench, report));
}

static void judged(struct finish_bench *bench, const struct bad *bad, struct engine *engine)
{
	struct evidence_list *list = rows_of(bench, engine);
	const struct evidence *row = &list->rows[0];
	const struct mail_watch *watch;

	if (engine_mail_look(engine, survey(bench, engine->server), list, &watch, &bench->err))
		fail_msg("%s: %s", bad->name, bench->err.text);
	assert_non_null(watch);
	if (row->grade != bad->grade || !row->why != !bad->why ||
		(bad->why && !strstr(row->why, bad->why)) || !row->stage != !bad->stage ||
		(bad->stage && strcmp(row->stage, bad->stage) != 0))
		fail_msg("%s: %s", bad->name, evidence_text(bench, row));
	harmless(bad->name, evidence_text(bench, row));
	for (size_t i = 0; i < watch->fact_count; i++)
		harmless(bad->name, watch->facts[i].text);
	for (int i = 0; i < MAIL_PLACES; i++)
		if (watch->seen.why[i])
			harmless(bad->name, watch->seen.why[i]);
}

static void bad_ends(struct finish_bench *bench, const struct bad *bad)
{
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_carried(bench, server);
	struct evidence_list *list;
	char *text;

	if (bad->before)
		bad->before(bench);
	if (engine_pause(engine, bench, &text, &bench->err))
		fail_msg("%s", bench->err.text);
	list = rows_of(bench, engine);
	if (engine_mail_sent(engine, &list->rows[0], "J\x1b[2J Doe", FROM, TO, &bench->err))
		fail_msg("%s", bench->err.text);
	text = talloc_strdup(bench, list->rows[0].token);
	talloc_free(engine);
	bad->happen(bench, text);
	engine = finish_resumed(bench, server, RUN_AFTER);
	judged(bench, bad, engine);
	assert_int_equal(finish_finish(bench, engine), 1);
	told_harmlessly(bench, bad->name, engine_runfolder(engine));
}

static void each_in_its_word(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++) {
		void *bench;

		assert_int_equal(finish_make(&bench), 0);
		bad_ends(bench, &bads[i]);
		assert_int_equal(finish_free(&bench), 0);
	}
}

/* Whoever can write the journal cannot say VERIFIED of what was not sent, nor of a real server. */
static void nobody_writes_verified(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));
	struct evidence_list *list = rows_of(bench, engine);

	list->rows[0].grade = MAIL_VERIFIED;
	for (int i = 0; i < 2; i++) {
		struct evidence_list *again;

		list->rows[0].simulated = i == 1;
		assert_int_equal(journal_add(engine->journal, JOURNAL_EVIDENCE,
					 evidence_json(&list->rows[0]), true, &bench->err),
			0);
		assert_int_equal(engine_evidence(engine, &again, &bench->err),
			-TROUBLE_RECORD_DAMAGED);
	}
}

/* More than is read: nothing is watched, and the run goes on. */
static void a_huge_record_of_before(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_carried(bench, server);
	const struct mail_watch *watch;
	struct evidence_list *list;
	char *text, *path;

	assert_int_equal(engine_pause(engine, bench, &text, &bench->err), 0);
	path = talloc_asprintf(bench, "%s/mail-before.json",
		runfolder_dir(engine_runfolder(engine)));
	talloc_free(engine);
	assert_int_equal(truncate(path, MANY), 0);
	engine = finish_resumed(bench, server, RUN_AFTER);
	list = rows_of(bench, engine);
	assert_int_equal(engine_mail_look(engine, survey(bench, server), list, &watch, &bench->err),
		0);
	assert_null(watch);
	assert_non_null(strstr(engine_told(engine)->notes, "nothing is watched"));
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_in_its_word),
		WITH(nobody_writes_verified),
		WITH(a_huge_record_of_before),
	};

	return cmocka_run_group_tests_name("mail_bad", tests, NULL, NULL);
}
