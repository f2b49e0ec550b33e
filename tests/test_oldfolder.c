/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: every gate made to say no, the folder set aside and put back, deleted for good, and cut off in the middle of it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "repair/oldfolder.h"
#include "run/journal.h"
#include "server/disks.h"
#include "tests/later_bench.h"
#include "tests/support.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services\\"

static const struct gate *gate_of(struct later *later, struct engine *engine, const char *id, struct gates **all)
{
	struct gates *gates;

	if (engine_gates(engine, later, &later->look, &gates, &later->err))
		fail_msg("%s", later->err.text);
	if (all)
		*all = gates;
	for (size_t i = 0; i < gates->count; i++)
		if (!strcmp(gates->gates[i].id, id))
			return &gates->gates[i];
	fail_msg("no gate %s", id);
	return NULL;
}

/* Neither way out, and the folder stands. */
static void expect_refused(struct later *later, struct engine *engine, bool confirmed)
{
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_ASIDE, NULL, confirmed, &later->err), -TROUBLE_CANNOT);
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", confirmed, &later->err), -TROUBLE_CANNOT);
	assert_true(later_there(later, LATER_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(later_end(later), OLDFOLDER_NOT_REACHED);
}

static void expect_no(struct later *later, struct engine *engine, const char *id, const char *detail)
{
	struct gates *gates;
	const struct gate *gate = gate_of(later, engine, id, &gates);

	assert_int_equal(gate->answer, GATE_NO);
	assert_true(gates->leave_only);
	assert_non_null(gate->detail);
	if (!strstr(gate->detail, detail))
		fail_msg("%s: %s", id, gate->detail);
	expect_refused(later, engine, true);
}

/* Everything else is as it must be. */
static struct engine *ready(struct later *later, struct server *server)
{
	struct engine *engine = later_carried(later, server);
	struct gates *gates;

	later_attest(later, engine);
	assert_int_equal(gate_of(later, engine, "mail-flow", &gates)->answer, GATE_WEAK);
	assert_false(gates->leave_only);
	assert_true(gates->weak);
	assert_int_equal(gates->count, 7);
	return engine;
}

static void file_differs(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	/* The newer file was kept by decision, and passes. */
	assert_int_equal(gate_of(later, engine, "files", NULL)->answer, GATE_YES);
	support_write_text(later_path(later, LATER_MSMCON "/BIN/Mt.exe"), "another one");
	expect_no(later, engine, "files", "mt.exe");
}

/* What was kept is not what lies there now: nobody decided about that. */
static void kept_file_is_another(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	assert_int_equal(gate_of(later, engine, "files", NULL)->answer, GATE_YES);
	support_write_text(later_path(later, "E/exchsrvr/connect/msmcon/bin/async.exe"), "another one");
	expect_no(later, engine, "files", "async.exe");
}

/* An emptied Bin proves nothing of what it held: what is older than Exchange may lack what was there. */
static void bin_was_emptied(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	const char *argv[] = { "sh", "-c", "rm \"$0/C/exchsrvr/CONNECT/MSMCON/BIN\"/*; rm \"$0/C/exchsrvr/BIN/Store.exe\"", later->dir, NULL };

	assert_int_equal(support_run(later, argv, NULL, NULL), 0);
	assert_int_equal(gate_of(later, engine, "files", NULL)->answer, GATE_NO);
	assert_non_null(strstr(gate_of(later, engine, "files", NULL)->detail, "mt.exe"));
}

static void value_names_it(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	later_value(later, server, SERVICES "MSExchangeMSMI", "ImagePath",
		    regdata_from_string(later, REG_EXPAND_SZ, "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe"));
	expect_no(later, engine, "values", "MSExchangeMSMI");
}

static void share_is_gone(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	later_value(later, server, SERVICES "LanmanServer\\Shares", "Maildat$", NULL);
	expect_no(later, engine, "share", "Step 4");
}

static void mail_came(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	support_write_text(later_path(later, LATER_MSMCON "/MAILDATA/MBG/00000123.MBG"), "mail of today");
	expect_no(later, engine, "mail-came", "00000123.MBG");
}

static void link_in_it(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	assert_int_equal(symlink("/etc", later_path(later, LATER_MSMCON "/link")), 0);
	expect_no(later, engine, "contents", "link");
	assert_true(later_there(later, LATER_MSMCON "/link"));
}

static void fifo_in_it(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	const char *argv[] = { "mkfifo", later_path(later, LATER_MSMCON "/pipe"), NULL };

	assert_int_equal(support_run(later, argv, NULL, NULL), 0);
	expect_no(later, engine, "contents", "pipe");
}

static void mail_not_tested(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));

	expect_no(later, engine, "mail-flow", "NOT TESTED");
}

static void mail_failed(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	struct evidence_list *list;

	assert_int_equal(engine_evidence(engine, &list, &later->err), 0);
	assert_int_equal(engine_attest(engine, &list->rows[1], false, "Jane Doe", "M SMITH", "nothing came for an hour", &later->err), 0);
	expect_no(later, engine, "mail-flow", "FAILED");
}

/* Whatever was seen before: mail does not go on flowing through services that do not start. Manual is a way of starting, too. */
static void services_do_not_start(void **state)
{
	static const struct {
		const char *service;
		uint32_t start;
		char *depends;
		bool flows;
	} rows[] = {
		{ "MSExchangeMSMI", 3, NULL, true },  { "MSExchangeMSMI", 4, NULL, false },     { LATER_VANCOUVER, 4, NULL, false },
		{ "LanmanServer", 3, NULL, true },    { "LanmanServer", 4, NULL, false },       { LATER_VANCOUVER, 2, "Nobody", false },
		{ LATER_VANCOUVER, 2, "EventLog", true }, { "EventLog", 4, NULL, false },
	};
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *key = talloc_asprintf(later, SERVICES "%s", rows[i].service);
		struct gates *gates;
		bool flows;

		later_value(later, server, key, "Start", regdata_from_dword(later, rows[i].start));
		if (rows[i].depends)
			later_value(later, server, key, "DependOnService", regdata_from_strings(later, &rows[i].depends, 1));
		flows = gate_of(later, engine, "mail-flow", &gates)->answer == GATE_WEAK;
		if (flows != rows[i].flows)
			fail_msg("row %zu", i);
		later_value(later, server, key, "Start", regdata_from_dword(later, 2));
		if (rows[i].depends)
			later_value(later, server, key, "DependOnService", NULL);
	}
}

static void weakness_not_confirmed(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	expect_refused(later, engine, false);
}

/* Gates over evidence that was not recorded but made up: verified passes, another kind of server's never counts. */
static void evidence_of_others(void **state)
{
	struct later *later = *state;

	for (int practice = 0; practice <= 1; practice++) {
		struct server *server = later_open(later, practice);
		struct evidence_list *list;
		const char *names[] = { LATER_VANCOUVER };
		const struct survey *survey;
		struct gates *gates;

		assert_int_equal(survey_make(later, server, &later->look, &survey, &later->err), 0);
		assert_int_equal(evidence_list_make(later, names, 1, practice, &list, &later->err), 0);
		for (size_t i = 0; i < list->count; i++)
			list->rows[i].grade = MAIL_VERIFIED;
		assert_int_equal(oldfolder_gates(later, server, survey, list, &gates, &later->err), 0);
		assert_string_equal(gates->gates[6].id, "mail-flow");
		assert_int_equal(gates->gates[6].answer, GATE_YES);
		assert_false(gates->weak);
		list->rows[1].simulated = !practice;
		assert_int_equal(oldfolder_gates(later, server, survey, list, &gates, &later->err), 0);
		assert_int_equal(gates->gates[6].answer, GATE_NO);
		assert_int_equal(oldfolder_gates(later, server, survey, NULL, &gates, &later->err), 0);
		assert_int_equal(gates->gates[6].answer, GATE_NO);
		talloc_free(server);
	}
}

static void set_aside_and_back(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);
	struct undo_options undo = { .change_id = "oldfolder" };
	char *aside = talloc_asprintf(later, LATER_MSMCON ".q240208-%s", engine_run_name(engine)), *text;

	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_ASIDE, NULL, true, &later->err), 0);
	assert_int_equal(later_end(later), OLDFOLDER_IS_ASIDE);
	assert_false(later_there(later, LATER_MSMCON));
	assert_true(later_there(later, talloc_asprintf(later, "%s/BIN/Mt.exe", aside)));
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", true, &later->err), -TROUBLE_CANNOT);
	talloc_free(engine);
	assert_int_equal(engine_undo(later, server, "last", &later->options, &undo, &text, &later->err), 0);
	assert_non_null(strstr(text, "oldfolder: C:\\exchsrvr\\CONNECT\\MSMCON"));
	assert_int_equal(later_end(later), OLDFOLDER_IS_BACK);
	assert_true(later_there(later, LATER_MSMCON "/BIN/Mt.exe"));
	assert_false(later_there(later, aside));
}

/* Decided and on record, cut off before or after the rename: going on finishes it. */
static void rename_cut(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	later->told = 0;
	later->stop_at = 1;
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_ASIDE, NULL, true, &later->err), -TROUBLE_STOPPED);
	later->stop_at = 0;
	assert_int_equal(later_end(later), OLDFOLDER_DECIDED);
	assert_true(later_there(later, LATER_MSMCON));
	talloc_free(engine);
	engine = later_reopened(later, server, RUN_AFTER);
	assert_int_equal(later_end(later), OLDFOLDER_IS_ASIDE);
	assert_false(later_there(later, LATER_MSMCON));
}

static void deleted_by_name(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	static const char *const wrong[] = { NULL, "", "MAIL", "mail1", "MAIL1 ", "yes" };
	json_t *report, *old;

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, wrong[i], true, &later->err), -TROUBLE_USAGE);
	assert_true(later_there(later, LATER_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(later_end(later), OLDFOLDER_NOT_REACHED);
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", true, &later->err), 0);
	assert_false(later_there(later, LATER_MSMCON));
	assert_true(later_there(later, "C/exchsrvr/CONNECT/MSEXCIMC/BIN/Msexcimc.exe"));
	assert_int_equal(later_end(later), OLDFOLDER_DELETED);
	report = later_report(later);
	old = json_object_get(report, "old_folder");
	assert_string_equal(json_string_value(json_object_get(old, "result")), "deleted");
	assert_string_equal(json_string_value(json_object_get(old, "operator")), "jsmith");
	assert_true(json_is_true(json_object_get(old, "mail_was_weak")));
	assert_true(json_integer_value(json_object_get(old, "files")) > 14);
	json_decref(report);
}

/* Stopped after a few, after half and before the last: the rest stands, and going on finishes it. */
static void deletion_cut(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);
	json_t *report;
	json_int_t files = 0;

	for (size_t round = 0; round < 3; round++) {
		struct gates *gates;

		gate_of(later, engine, "contents", &gates);
		if (!files)
			files = (json_int_t)gates->files;
		later->told = 0;
		later->stop_at = round + 3;
		assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", true, &later->err), -TROUBLE_STOPPED);
		later->stop_at = 0;
		assert_int_equal(later_end(later), OLDFOLDER_CUT);
		assert_true(later_there(later, LATER_MSMCON));
		talloc_free(engine);
		engine = later_reopened(later, server, RUN_AFTER);
		assert_int_equal(later_end(later), OLDFOLDER_CUT);
	}
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", true, &later->err), 0);
	assert_false(later_there(later, LATER_MSMCON));
	assert_int_equal(later_end(later), OLDFOLDER_DELETED);
	report = later_report(later);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(report, "old_folder"), "files")), files);
	json_decref(report);
}

/* All gone, and only the record of that is missing. */
static void deletion_cut_at_the_end(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	later->told = 0;
	later->stop_at = 2;
	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_DELETE, "MAIL1", true, &later->err), -TROUBLE_STOPPED);
	later->stop_at = 0;
	talloc_free(engine);
	support_remove(later_path(later, LATER_MSMCON));
	later_reopened(later, server, RUN_AFTER);
	assert_int_equal(later_end(later), OLDFOLDER_DELETED);
}

static void left(void **state)
{
	struct later *later = *state;
	struct engine *engine = later_carried(later, later_open(later, false));

	assert_int_equal(engine_oldfolder(engine, &later->look, OLDFOLDER_LEAVE, NULL, false, &later->err), 0);
	assert_int_equal(later_end(later), OLDFOLDER_LEFT);
	assert_true(later_there(later, LATER_MSMCON));
}

/* ---- threats and their twins ---- */

#define OLD "C:\\exchsrvr\\connect\\msmcon"
#define NEW "E:\\exchsrvr\\connect\\msmcon"
#define CONTROL "SYSTEM\\ControlSet001\\Control\\"
#define OTHER_SET "SYSTEM\\ControlSet002\\Services\\"

/* A value that names the folder, in some spelling, and what differs from it only in that it does not. */
struct threat {
	const char *gate, *key, *value;
	uint32_t type;
	const char *says, *twin;
	bool narrow, odd;          /* in bytes; one byte off */
};

static const struct threat threats[] = {
	{ "values", SERVICES "Browser", "Application", REG_SZ, OLD "\\bin\\mt.exe", NEW "\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "AppDirectory", REG_EXPAND_SZ, "c:/EXCHSRVR/Connect/MSMCON", "c:/EXCHSRVR/Connect/MSEXCIMC", 0, 0 },
	{ "values", SERVICES "Browser", "Parameter", REG_SZ, "E:\\run.exe -d " OLD, "E:\\run.exe -d C:\\exchsrvr\\connect\\msexcimc", 0, 0 },
	{ "values", SERVICES "Browser", "Dots", REG_SZ, "C:\\exchsrvr\\bin\\..\\connect\\.\\msmcon\\bin", "C:\\exchsrvr\\bin\\..\\other\\msmcon\\bin", 0, 0 },
	{ "values", SERVICES "Browser", "Unc", REG_SZ, "\\\\COURIER\\C$\\exchsrvr\\connect\\msmcon", "\\\\COURIER\\E$\\exchsrvr\\connect\\msmcon", 0, 0 },
	{ "values", SERVICES "Browser", "Kernel", REG_SZ, "\\??\\" OLD, "\\??\\" NEW, 0, 0 },
	{ "values", SERVICES "Browser", "Long", REG_SZ, "\\\\?\\" OLD "\\bin", "\\\\?\\" NEW "\\bin", 0, 0 },
	{ "values", SERVICES "Browser", "Relative", REG_SZ, "msmcon\\bin\\mt.exe", "msexcimc\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "Rooted", REG_SZ, "\\exchsrvr\\connect\\msmcon", "msmcon", 0, 0 },
	{ "values", SERVICES "Browser", "Drive", REG_EXPAND_SZ, "%SystemDrive%\\exchsrvr\\connect\\msmcon", "%SystemDrive%\\exchsrvr\\connect\\msmcon2", 0, 0 },
	{ "values", SERVICES "Browser", "Unknown", REG_EXPAND_SZ, "%WHEREVER%\\bin\\mt.exe", "%SystemRoot%\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "Bytes", REG_BINARY, OLD "\\bin", NEW "\\bin", true, false },
	{ "values", SERVICES "Browser", "Odd", REG_BINARY, OLD "\\bin", NEW "\\bin", false, true },
	{ "values", SERVICES "Browser", "Strange", 0x1234, OLD, NEW, false, false },
	{ "values", OTHER_SET "MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, OLD "\\bin\\mt.exe", NEW "\\bin\\mt.exe", 0, 0 },
	{ "values", CONTROL "Session Manager\\Environment", "Path", REG_EXPAND_SZ, "%SystemRoot%\\system32;" OLD "\\bin;%SystemRoot%",
	  "%SystemRoot%\\system32;" NEW "\\bin;%SystemRoot%", 0, 0 },
	{ "values", CONTROL "Lsa", "Notification Packages", REG_MULTI_SZ, OLD "\\bin\\mtmsg", "%UserProfile%\\mtmsg", 0, 0 },
	{ "values", "SYSTEM\\ControlSet002\\Control\\Session Manager", "PendingFileRenameOperations", REG_MULTI_SZ, "\\??\\" OLD "\\bin\\mt.exe",
	  "\\??\\" NEW "\\bin\\mt.exe", 0, 0 },
	{ "share", SERVICES "LanmanServer\\Shares", "MSMAIL", REG_SZ, "Path=" OLD "\\maildata", "Path=C:\\exchsrvr\\res", 0, 0 },
	{ "share", OTHER_SET "LanmanServer\\Shares", "MSMAIL", REG_SZ, "Path=" OLD, "Path=" NEW, 0, 0 },
};

static struct reg_data *threat_data(struct later *later, const struct threat *threat, const char *text)
{
	struct reg_data *data = regdata_from_string(later, REG_SZ, text);

	if (threat->narrow) {
		data->bytes = (uint8_t *)talloc_strdup(data, text);
		data->len = strlen(text);
	} else if (threat->odd) {
		uint8_t *bytes = talloc_zero_size(data, data->len + 1);

		memcpy(bytes + 1, data->bytes, data->len++);
		data->bytes = bytes;
	}
	data->type = threat->type;
	return data;
}

static void names_in_every_spelling(void **state)
{
	struct later *later = *state;
	struct server *server = later_open(later, false);
	struct engine *engine = ready(later, server);

	for (size_t i = 0; i < sizeof threats / sizeof *threats; i++) {
		const struct threat *threat = &threats[i];

		later_value(later, server, threat->key, threat->value, threat_data(later, threat, threat->twin));
		if (gate_of(later, engine, threat->gate, NULL)->answer != GATE_YES)
			fail_msg("%s: %s", threat->twin, gate_of(later, engine, threat->gate, NULL)->detail);
		later_value(later, server, threat->key, threat->value, threat_data(later, threat, threat->says));
		if (gate_of(later, engine, threat->gate, NULL)->answer != GATE_NO)
			fail_msg("%s: nobody said no", threat->says);
		expect_refused(later, engine, true);
		later_value(later, server, threat->key, threat->value, threat_data(later, threat, threat->twin));
	}
}

/* The oldest there is: no clock tells that it came after the service pack. */
static void file_of_old(struct later *later, const char *path, const char *text)
{
	const struct timespec times[2] = { { .tv_sec = 700000000 }, { .tv_sec = 700000000 } };
	char *full = later_path(later, path);

	for (char *slash = strchr(full + strlen(later->dir) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0755);
		*slash = '/';
	}
	support_write_text(full, text);
	assert_int_equal(utimensat(AT_FDCWD, full, times, 0), 0);
}

static void messages_of_any_age(void **state)
{
	static const char *const paths[] = { "MAI/MA1/00000301.MAI", "ATT/AT1/00000301.ATT", "P1/00000301.P1", "MBG/00000011.MBG",
					     "MACGATE/STORE/PCTOMAC/00000001", "KEY/00000077.KEY" };
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		char *old = talloc_asprintf(later, LATER_MSMCON "/MAILDATA/%s", paths[i]);
		char *live = talloc_asprintf(later, "E/exchsrvr/connect/msmcon/maildata/%s", paths[i]);

		if (later_there(later, live))
			assert_int_equal(rename(later_path(later, live), later_path(later, "E/kept")), 0);
		file_of_old(later, old, "only here");
		expect_no(later, engine, "mail-came", strrchr(paths[i], '/') + 1);
		file_of_old(later, live, "only here");
		if (gate_of(later, engine, "mail-came", NULL)->answer != GATE_YES)
			fail_msg("%s: %s", paths[i], gate_of(later, engine, "mail-came", NULL)->detail);
		assert_int_equal(unlink(later_path(later, old)), 0);
		assert_int_equal(unlink(later_path(later, live)), 0);
		if (later_there(later, "E/kept"))
			assert_int_equal(rename(later_path(later, "E/kept"), later_path(later, live)), 0);
	}
}

/* What nobody knows is not the program's to throw away, wherever it lies: not a copy of the postoffice of an earlier hand. */
static void contents_of_any_kind(void **state)
{
	static const char *const paths[] = { "MAILDATA.OLD/MAI/MA1/00000301.MAI", "notes.txt", "MAILDATA2", "BINS/ASYNC.EXE", "MAILDATA/GATE/FAX/00000301",
					     "MAILDATA/readme" };
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		char *old = talloc_asprintf(later, LATER_MSMCON "/%s", paths[i]);
		char *live = talloc_asprintf(later, "E/exchsrvr/connect/msmcon/%s", paths[i]);

		if (!strncmp(paths[i], "MAILDATA/", 9))
			live = talloc_asprintf(later, "E/exchsrvr/connect/msmcon/maildata/%s", paths[i] + 9);
		file_of_old(later, old, "only here");
		expect_no(later, engine, "contents", strrchr(talloc_asprintf(later, "/%s", paths[i]), '/') + 1);
		file_of_old(later, live, "ONLY here");
		expect_no(later, engine, "contents", "");
		file_of_old(later, live, "only here");
		if (gate_of(later, engine, "contents", NULL)->answer != GATE_YES)
			fail_msg("%s: %s", paths[i], gate_of(later, engine, "contents", NULL)->detail);
		assert_int_equal(unlink(later_path(later, old)), 0);
	}
}

/* A calendar that only the old copy has is somebody's; that the one in use goes on changing is normal. */
static void calendar_of_old(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));

	file_of_old(later, LATER_MSMCON "/MAILDATA/CAL/00000009.CAL", "of old");
	expect_no(later, engine, "mail-came", "00000009.CAL");
	file_of_old(later, "E/exchsrvr/connect/msmcon/maildata/CAL/00000009.CAL", "of today");
	assert_int_equal(gate_of(later, engine, "mail-came", NULL)->answer, GATE_YES);
}

/* The date of setup's log is that of the last setup; what came after the first is mail all the same. */
static void setup_ran_again(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	char *file = later_path(later, LATER_MSMCON "/MAILDATA/LOG/SENT.LOG"), *log = later_path(later, "C/Exchange Server Setup.log");
	const struct timespec late[2] = { { .tv_sec = 1500000000 }, { .tv_sec = 1500000000 } };
	struct timespec between[2];
	struct stat meta;

	assert_int_equal(stat(log, &meta), 0);
	between[0] = between[1] = (struct timespec){ .tv_sec = meta.st_mtime + 86400 };
	assert_int_equal(utimensat(AT_FDCWD, file, between, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, log, late, 0), 0);
	expect_no(later, engine, "mail-came", "SENT.LOG");
	/* Without a log nobody can tell. */
	between[0] = between[1] = (struct timespec){ .tv_sec = 700000000 };
	assert_int_equal(utimensat(AT_FDCWD, file, between, 0), 0);
	assert_int_equal(unlink(log), 0);
	expect_no(later, engine, "mail-came", "is unknown");
}

/* The newer mail is in the default tree, and the share leads to the relocated one: the gate says that nobody knows. */
static void nobody_knows_which_lives(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	const char *argv[] = { "sh", "-c", "find \"$0/C/exchsrvr/CONNECT/MSMCON/MAILDATA\" -type f -exec touch -d '1997-02-01 UTC' {} + && "
					   "find \"$0/E/exchsrvr/connect/msmcon/maildata\" -type f -exec touch -d '1997-01-01 UTC' {} +", later->dir, NULL };
	struct gates *gates;
	const struct gate *gate;

	assert_int_equal(support_run(later, argv, NULL, NULL), 0);
	gate = gate_of(later, engine, "mail-came", &gates);
	assert_int_equal(gate->answer, GATE_NO);
	assert_non_null(strstr(gate->detail, "not certain"));
	expect_refused(later, engine, true);
}

/* E: is given as a folder of the one that is to go, or of another drive. */
static void one_in_the_other(void **state)
{
	struct later *later = *state;
	struct engine *engine = ready(later, later_open(later, false));
	struct server *server;
	const struct survey *survey;
	struct gates *gates;
	struct copy_list list;
	struct disks_options options = { 0 };

	assert_int_equal(gate_of(later, engine, "apart", NULL)->answer, GATE_YES);
	talloc_free(engine);
	assert_int_equal(rename(later_path(later, "E"), later_path(later, LATER_MSMCON "/E")), 0);
	options.drives = talloc_asprintf(later, "C=%s/C,E=%s/" LATER_MSMCON "/E", later->dir, later->dir);
	assert_int_equal(disks_open(later, &options, &server, &later->err), 0);
	assert_int_equal(survey_make(later, server, &later->look, &survey, &later->err), 0);
	assert_int_equal(oldfolder_gates(later, server, survey, NULL, &gates, &later->err), 0);
	assert_string_equal(gates->gates[0].id, "apart");
	assert_int_equal(gates->gates[0].answer, GATE_NO);
	assert_non_null(strstr(gates->gates[0].detail, "share a folder"));
	assert_non_null(strstr(gates->gates[0].detail, "drive E:"));
	/* Whoever calls it all the same deletes nothing. */
	assert_int_equal(copy_walk(server, later, survey->default_msmcon, 100000, &list, &later->err), 0);
	assert_int_equal(oldfolder_delete(server, survey->default_msmcon, survey->relocated_msmcon, &list, NULL, &later->err), -TROUBLE_CANNOT);
	assert_true(later_there(later, LATER_MSMCON "/E/exchsrvr/connect/msmcon/maildata/GLB/MASTER.GLB"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, later_make, later_free)
	const struct CMUnitTest tests[] = {
		CASE(file_differs), CASE(kept_file_is_another), CASE(value_names_it), CASE(share_is_gone), CASE(mail_came), CASE(link_in_it), CASE(fifo_in_it),
		CASE(file_differs), CASE(bin_was_emptied), CASE(value_names_it), CASE(share_is_gone), CASE(mail_came), CASE(link_in_it), CASE(fifo_in_it),
		CASE(mail_not_tested), CASE(mail_failed), CASE(services_do_not_start), CASE(evidence_of_others), CASE(set_aside_and_back),
		CASE(mail_not_tested), CASE(mail_failed), CASE(weakness_not_confirmed), CASE(evidence_of_others), CASE(set_aside_and_back),
		CASE(names_in_every_spelling), CASE(messages_of_any_age), CASE(contents_of_any_kind), CASE(calendar_of_old),
		CASE(setup_ran_again), CASE(nobody_knows_which_lives),
		CASE(one_in_the_other),
		CASE(rename_cut), CASE(deleted_by_name), CASE(deletion_cut), CASE(deletion_cut_at_the_end), CASE(left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
