/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 5 on the record of a run: what stood there before, test messages, looks, the report. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "run/engine_internal.h"
#include "practice/mail.h"
#include "tests/finish_bench.h"
#include "tests/flow.h"
#include "tests/support.h"

#define BEFORE "mail-before.json"

static const struct survey *look(struct finish_bench *bench, struct server *server)
{
	const struct survey *survey;

	if (survey_make(bench, server, &bench->survey_options, &survey, &bench->err))
		fail_msg("%s", bench->err.text);
	return survey;
}

/* Carried out on disks and paused; the server is on its way to run. */
static struct engine *paused(struct finish_bench *bench, struct server *server)
{
	struct engine *engine = finish_carried(bench, server);
	char *text;

	if (engine_pause(engine, bench, &text, &bench->err))
		fail_msg("%s", bench->err.text);
	return engine;
}

static char *run_file(struct finish_bench *bench, struct engine *engine, const char *name)
{
	return talloc_asprintf(bench, "%s/%s", runfolder_dir(engine_runfolder(engine)), name);
}

/* What the PC MTA put down while the server ran. */
static void log_grows(struct finish_bench *bench, const char *line)
{
	char *path = finish_path(bench, "E/exchsrvr/connect/msmcon/maildata/LOG/SENT.LOG");
	FILE *log = fopen(path, "a");

	assert_non_null(log);
	assert_true(fputs(line, log) >= 0);
	assert_int_equal(fclose(log), 0);
}

static struct evidence_list *rows_of(struct finish_bench *bench, struct engine *engine)
{
	struct evidence_list *list;

	if (engine_evidence(engine, &list, &bench->err))
		fail_msg("%s", bench->err.text);
	return list;
}

static const struct mail_watch *watched(struct finish_bench *bench, struct engine *engine,
	struct evidence_list *list)
{
	const struct mail_watch *watch;

	if (engine_mail_look(engine, look(bench, engine->server), list, &watch, &bench->err))
		fail_msg("%s", bench->err.text);
	return watch;
}

static size_t entries(const struct engine *engine, enum journal_kind kind)
{
	size_t count = 0;

	for (size_t i = 0; i < journal_count(engine->journal); i++)
		count += entry_is(journal_entry(engine->journal, i), kind);
	return count;
}

/* ---- before ---- */

static void before_is_taken_at_the_pause(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct stat meta;
	char *text;

	assert_int_equal(entries(engine, JOURNAL_MAIL_BEFORE), 1);
	assert_int_equal(stat(run_file(bench, engine, BEFORE), &meta), 0);
	assert_int_equal(meta.st_mode & 0777, 0600);
	/* Once in a run: a second pause finds it, and so does whoever resumes. */
	assert_int_equal(engine_pause(engine, bench, &text, &bench->err), 0);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	assert_int_equal(engine_mail_before(engine, look(bench, server), &bench->err), 0);
	assert_non_null(engine->watch);
	assert_int_equal(entries(engine, JOURNAL_MAIL_BEFORE), 1);
}

static void before_that_is_damaged(void **state)
{
	static const char *const texts[] = { "", "{}", "{\"format\": 1}", NULL };
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	char *path = run_file(bench, engine, BEFORE);

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct evidence_list *list;

		talloc_free(engine);
		if (texts[i])
			support_write_text(path, texts[i]);
		else
			support_remove(path);
		engine = finish_resumed(bench, server, RUN_AFTER);
		list = rows_of(bench, engine);
		assert_null(watched(bench, engine, list));
		assert_non_null(strstr(engine_told(engine)->notes, "nothing is watched"));
		assert_int_equal(entries(engine, JOURNAL_MAIL_BEFORE), 1);
		assert_int_equal(finish_say(bench, engine, &list->rows[0], true, "Jane", "M",
					 "it came at noon"),
			0);
	}
}

/* Without a server there is nothing to watch; a person's word is taken all the same. */
static void by_the_record_alone(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = paused(bench, finish_open(bench, false));
	const struct mail_watch *watch;
	struct evidence_list *list;

	talloc_free(engine);
	assert_int_equal(engine_resume_record(bench, "last", &bench->options, &engine, &bench->err),
		0);
	assert_int_equal(engine_mail_before(engine, NULL, &bench->err), 0);
	list = rows_of(bench, engine);
	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/A", "N/Q/B",
				 &bench->err),
		0);
	assert_int_equal(engine_mail_look(engine, NULL, list, &watch, &bench->err), 0);
	assert_null(watch);
	list = rows_of(bench, engine);
	assert_string_equal(list->rows[0].sent_by, "Jane Doe");
}

/* ---- what is seen ---- */

#define SENT "05/17/96 09:44  715  N/P/ANNA     N/Q/BOB\r\n0000030C 00000403\r\n"

static void seen_as_far_as_the_postoffice(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct evidence_list *list = rows_of(bench, engine);
	const struct mail_watch *watch;
	size_t looks;

	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		0);
	talloc_free(engine);
	log_grows(bench, SENT);
	engine = finish_resumed(bench, server, RUN_AFTER);
	list = rows_of(bench, engine);
	watch = watched(bench, engine, list);
	assert_non_null(watch);
	assert_int_equal(list->rows[0].grade, MAIL_VERIFIED_TO);
	assert_string_equal(list->rows[0].stage, "postoffice");
	assert_int_equal(list->rows[1].grade, MAIL_NOT_TESTED);
	finish_no(bench, engine, "mail-flow", "NOT TESTED");
	for (size_t i = 1; i < list->count; i++)
		assert_int_equal(finish_say(bench, engine, &list->rows[i], true, "Jane", "M",
					 "it came at noon"),
			0);
	assert_int_equal(finish_gate(bench, engine, "mail-flow", NULL)->answer, GATE_WEAK);
	assert_non_null(strstr(finish_gate(bench, engine, "mail-flow", NULL)->detail,
		"VERIFIED TO the postoffice of MS Mail"));
	/* What does not change is recorded once. */
	looks = entries(engine, JOURNAL_MAIL_LOOK);
	assert_int_equal(looks, 1);
	(void)watched(bench, engine, list);
	assert_int_equal(entries(engine, JOURNAL_MAIL_LOOK), looks);
	assert_int_equal(rows_of(bench, engine)->rows[0].grade, MAIL_VERIFIED_TO);
}

/* What failed does not stay so for ever: a fresh code, on record, and no entry of the old one
 * counts for it. */
static void a_row_is_tested_again(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct evidence_list *list = rows_of(bench, engine);
	char *token = talloc_strdup(bench, list->rows[0].token);

	assert_int_equal(engine_mail_again(engine, &list->rows[0], &bench->err), -TROUBLE_USAGE);
	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		0);
	log_grows(bench, SENT);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	list = rows_of(bench, engine);
	assert_non_null(watched(bench, engine, list));
	assert_int_equal(list->rows[0].grade, MAIL_VERIFIED_TO);
	assert_int_equal(engine_mail_again(engine, &list->rows[0], &bench->err), 0);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	list = rows_of(bench, engine);
	assert_non_null(watched(bench, engine, list));
	assert_int_equal(list->rows[0].grade, MAIL_NOT_TESTED);
	assert_string_not_equal(list->rows[0].token, token);
	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		-TROUBLE_USAGE);
	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/EVE",
				 &bench->err),
		0);
	assert_non_null(watched(bench, engine, list));
	assert_int_not_equal(list->rows[0].grade, MAIL_VERIFIED_TO);
}

static void what_the_report_says(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct evidence_list *list = rows_of(bench, engine);
	json_t *report, *row;
	char *text;

	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		0);
	log_grows(bench, SENT);
	support_remove(finish_path(bench, "C/WINNT/system32/config/AppEvent.Evt"));
	(void)watched(bench, engine, list);
	assert_int_equal(finish_finish(bench, engine), 1);
	text = support_squeezed(bench, finish_report_text(bench));
	assert_non_null(strstr(text, "byJaneDoe,fromN/P/ANNAtoN/Q/BOB"));
	assert_non_null(strstr(text, "SENT.LOGline"));
	assert_non_null(strstr(text, "05/17/9609:44715N/P/ANNAN/Q/BOB"));
	assert_non_null(strstr(text, "postoffice"));
	assert_non_null(strstr(text, "theeventlog:thereisnone."));
	report = finish_report(bench);
	row = json_array_get(json_object_get(report, "mail"), 0);
	assert_string_equal(finish_text(row, "grade"), "verified-to");
	assert_string_equal(finish_text(row, "from"), "N/P/ANNA");
	assert_int_equal(json_array_size(json_object_get(row, "sightings")), 1);
	assert_int_equal(json_array_size(
				 json_object_get(json_object_get(report, "mail_look"), "places")),
		MAIL_PLACES);
	json_decref(report);
}

/* Two messages fit: nobody can tell which one it is. */
static void unknown_refuses(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct evidence_list *list = rows_of(bench, engine);

	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		0);
	log_grows(bench, SENT "05/17/96 09:45  715  N/P/ANNA     N/Q/BOB\r\n0000030D 00000404\r\n");
	(void)watched(bench, engine, list);
	assert_int_equal(list->rows[0].grade, MAIL_UNKNOWN);
	for (size_t i = 1; i < list->count; i++)
		assert_int_equal(finish_say(bench, engine, &list->rows[i], true, "Jane", "M",
					 "it came at noon"),
			0);
	finish_no(bench, engine, "mail-flow", "OUTCOME UNKNOWN");
	assert_int_equal(finish_finish(bench, engine), 1);
}

/* This process saw it sent: its clock does not jump. Another knows by the wall alone, and not at
 * all where that went back. */
static void a_clock_that_jumps(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = paused(bench, server);
	struct evidence_list *list = rows_of(bench, engine);
	json_t *ahead;

	assert_int_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "N/P/ANNA", "N/Q/BOB",
				 &bench->err),
		0);
	log_grows(bench, "DATE SENT\r\n");
	(void)watched(bench, engine, list);
	assert_int_equal(list->rows[0].grade, MAIL_NOT_SEEN);
	assert_in_range(list->rows[0].waited, 0, 60);
	list->rows[0].sent = (int64_t)time(NULL) + 7200;
	ahead = evidence_json(&list->rows[0]);
	assert_int_equal(journal_add(engine->journal, JOURNAL_EVIDENCE, ahead, true, &bench->err),
		0);
	talloc_free(engine);
	engine = finish_resumed(bench, server, RUN_AFTER);
	list = rows_of(bench, engine);
	(void)watched(bench, engine, list);
	assert_int_equal(list->rows[0].waited, -1);
}

/* ---- a practice server, where mail really moves ---- */

/* The first box of Exchange, or of the postoffice that a PC MTA serves. */
static const char *box_of(const struct mail_boxes *boxes, const char *pcmta)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (pcmta ? boxes->boxes[i].pcmta && !strcmp(boxes->boxes[i].pcmta, pcmta)
			  : boxes->boxes[i].exchange)
			return boxes->boxes[i].address;
	fail_msg("no mailbox of %s", pcmta ? pcmta : "Exchange");
	return NULL;
}

static void all_sent(struct finish_bench *bench, struct engine *engine, struct evidence_list *list)
{
	struct mail_boxes boxes;

	assert_int_equal(practice_mail_boxes(bench, bench->dir, &boxes, &bench->err), 0);
	for (size_t i = 0; i < list->count; i++) {
		struct evidence *row = &list->rows[i];
		const char *ours = box_of(&boxes, NULL), *theirs = box_of(&boxes, row->pcmta);
		bool out = row->direction == MAIL_TO_MSMAIL;

		if (engine_mail_sent(engine, row, "Jane Doe", out ? ours : theirs,
			    out ? theirs : ours, &bench->err))
			fail_msg("%s", bench->err.text);
	}
}

static void mail_that_flows(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, true);
	struct engine *engine = finish_carried(bench, server);
	struct evidence_list *list = rows_of(bench, engine);
	const struct mail_watch *watch;
	char *text;

	for (size_t i = 0; i < list->count; i += MAIL_DIRECTIONS)
		assert_int_equal(server->ops->service_set(server, list->rows[i].pcmta,
					 SERVICE_RUNNING, &bench->err),
			0);
	assert_int_equal(server->ops->service_set(server, "MSExchangeMSMI", SERVICE_RUNNING,
				 &bench->err),
		0);
	assert_int_equal(engine_mail_before(engine, look(bench, server), &bench->err), 0);
	all_sent(bench, engine, list);
	(void)watched(bench, engine, list);
	for (size_t i = 0; i < list->count; i++)
		assert_true(list->rows[i].grade < MAIL_VERIFIED);
	assert_true(flow_all(bench->dir) > 0);
	watch = watched(bench, engine, list);
	assert_int_equal(watch->seen.places[PLACE_MAILBOX], PLACE_SEEN);
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].grade != MAIL_VERIFIED)
			fail_msg("%s", evidence_text(bench, &list->rows[i]));
	finish_yes(bench, engine, "mail-flow");
	(void)finish_finish(bench, engine);
	text = finish_report_text(bench);
	assert_non_null(strstr(text, "SIMULATED: VERIFIED end to end"));
	assert_non_null(strstr(text, "PRACTICE"));
}

/* Nobody but the connector moves it: a box that is not there takes nothing, and that row stays. */
static void mail_that_cannot_be_sent(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, true));
	struct evidence_list *list = rows_of(bench, engine);

	assert_int_not_equal(engine_mail_sent(engine, &list->rows[0], "Jane Doe", "NO/SUCH/BOX",
				     "NOR/THIS/ONE", &bench->err),
		0);
	assert_int_equal(list->rows[0].sent, 0);
	assert_int_equal(rows_of(bench, engine)->rows[0].sent, 0);
}

/* Who wrote the record is not known: what it says of looks is shown, never trusted. */
static void a_record_of_somebody_else(void **state)
{
	static const char *const hostile[] = { "{}", "{\"stood\": 1, \"gone\": 2, \"come\": 0}",
		"{\"stood\": -1, \"gone\": 0, \"come\": 0, \"places\": 3}",
		"{\"since\": 9223372036854775807, \"stood\": 1, \"gone\": 1, \"come\": 0, \"places\": "
		"[1, {}, {\"place\": \"moon\"}, {\"place\": \"queue\", \"state\": 5, \"why\": "
		"\"\\u001b[2J\"}]}" };

	struct finish_bench *bench = *state;
	struct engine *engine = finish_carried(bench, finish_open(bench, false));

	(void)rows_of(bench, engine);
	for (size_t i = 0; i < sizeof(hostile) / sizeof(hostile[0]); i++) {
		json_t *report;

		assert_int_equal(journal_add(engine->journal, JOURNAL_MAIL_LOOK,
					 json_loads(hostile[i], 0, NULL), true, &bench->err),
			0);
		(void)finish_finish(bench, engine);
		assert_null(strchr(finish_report_text(bench), '\x1b'));
		report = finish_report(bench);
		assert_int_equal(json_is_object(json_object_get(report, "mail_look")), i == 3);
		json_decref(report);
	}
}

int main(void)
{
#define WITH(test) cmocka_unit_test_setup_teardown(test, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		WITH(before_is_taken_at_the_pause),
		WITH(before_that_is_damaged),
		WITH(by_the_record_alone),
		WITH(seen_as_far_as_the_postoffice),
		WITH(a_row_is_tested_again),
		WITH(what_the_report_says),
		WITH(unknown_refuses),
		WITH(a_clock_that_jumps),
		WITH(mail_that_flows),
		WITH(mail_that_cannot_be_sent),
		WITH(a_record_of_somebody_else),
	};

	return cmocka_run_group_tests_name("mail_run", tests, NULL, NULL);
}
