/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6 and what lies in the folder, and mail: threats, each of which makes one say
 * no, and their twins without the cause, which it lets pass. */
#include <ctype.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "repair/oldfolder.h"
#include "server/disks.h"
#include "tests/finish_bench.h"
#include "tests/support.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services\\"

/* The oldest there is: no clock tells that it came after the service pack. */
static void file_of_old(struct finish_bench *bench, const char *path, const char *text)
{
	const struct timespec times[2] = { { .tv_sec = 700000000 }, { .tv_sec = 700000000 } };
	char *full = finish_path(bench, path);

	for (char *slash = strchr(full + strlen(bench->dir) + 1, '/'); slash;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(full, 0755);
		*slash = '/';
	}
	support_write_text(full, text);
	assert_int_equal(utimensat(AT_FDCWD, full, times, 0), 0);
}

/* The same on the relocated side, where Bin and Maildata have names in lower case. */
static char *live_of(struct finish_bench *bench, const char *path)
{
	char *out = talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/%s", path);

	for (char *c = out + strlen(out) - strlen(path); *c && *c != '/'; c++)
		*c = (char)tolower((unsigned char)*c);
	return out;
}

/* As the program says it. */
static char *path_of_slashes(struct finish_bench *bench, const char *path)
{
	char *out = talloc_strdup(bench, path);

	for (char *c = out; *c; c++)
		*c = *c == '/' ? '\\' : *c;
	return out;
}

static void messages_of_any_age(void **state)
{
	static const char *const paths[] = { "MAI/MA1/00000301.MAI", "ATT/AT1/00000301.ATT",
		"P1/00000301.P1", "MBG/00000011.MBG", "MACGATE/STORE/PCTOMAC/00000001",
		"KEY/00000077.KEY" };
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *old = talloc_asprintf(bench, FINISH_MSMCON "/MAILDATA/%s", paths[i]);
		char *live =
			talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/maildata/%s", paths[i]);

		if (finish_there(bench, live))
			assert_int_equal(rename(finish_path(bench, live),
						 finish_path(bench, "E/kept")),
				0);
		file_of_old(bench, old, "only here");
		finish_no(bench, engine, "mail-came", strrchr(paths[i], '/') + 1);
		file_of_old(bench, live, "only here");
		finish_yes(bench, engine, "mail-came");
		assert_int_equal(unlink(finish_path(bench, old)), 0);
		assert_int_equal(unlink(finish_path(bench, live)), 0);
		if (finish_there(bench, "E/kept"))
			assert_int_equal(rename(finish_path(bench, "E/kept"),
						 finish_path(bench, live)),
				0);
	}
}

/* What nobody knows is not the program's to throw away, wherever it lies: not a copy of the
 * postoffice of an earlier hand. */
static void contents_of_any_kind(void **state)
{
	static const char *const paths[] = {
		"MAILDATA.OLD/MAI/MA1/00000301.MAI",
		"notes.txt",
		"MAILDATA2",
		"BINS/ASYNC.EXE",
		"MAILDATA/GATE/FAX/00000301",
		"MAILDATA/readme",
		"MAILDATA/GLB/LETTER.DOC",
		"MAILDATA/GRP/LETTER.DOC",
		"MAILDATA/HLP/LETTER.DOC",
		"MAILDATA/INF/LETTER.DOC",
		"MAILDATA/LOG/LETTER.DOC",
		"MAILDATA/NME/LETTER.DOC",
		"MAILDATA/TPL/LETTER.DOC",
		"MAILDATA/USR/LETTER.DOC",
		"MAILDATA/XTN/LETTER.DOC",
		"MAILDATA/GLB/0000FFF0.MAI",
		"MAILDATA/GRP/0000FFF0.MAI",
		"MAILDATA/USR/0000FFF0.MAI",
		"MAILDATA/USR/MAI/0000FFF0.MAI",
		"MAILDATA/GRP/MAI/MA0/0000FFF0.MAI",
		"MAILDATA/XTN/LETTER.XTN",
		"MAILDATA/USR/SUB/LETTER.USR",
		"MAILDATA/LOG/EXTERNAL.LOG",
		"MAILDATA/KEY/00000011.DOC",
		"MAILDATA/INI/EXTERNAL.INI",
		"MAILDATA/MEM/00000001.MEM",
		"MAILDATA/CAL/00000009.CAL",
		"MAILDATA/MACGATE/INI/MACGATE.INI",
	};
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *old = talloc_asprintf(bench, FINISH_MSMCON "/%s", paths[i]);
		char *live = live_of(bench, paths[i]);

		file_of_old(bench, old, "only here");
		finish_no(bench, engine, "contents",
			strrchr(talloc_asprintf(bench, "/%s", paths[i]), '/') + 1);
		file_of_old(bench, live, "ONLY here");
		finish_no(bench, engine, "contents", "");
		file_of_old(bench, live, "only here");
		finish_yes(bench, engine, "contents");
		assert_int_equal(unlink(finish_path(bench, old)), 0);
	}
}

/* Of a file that both sides have, not the same: right where the postoffice in use changes it by
 * itself, and it looks like one. Of no file where only the old side has it, nor of what its
 * administrator wrote. */
static void contents_that_change(void **state)
{
	static const struct {
		const char *path;
		size_t size;
		enum gate_answer answer;
	} rows[] = {
		{ "GLB/CONTROL.GLB", 8, GATE_YES },
		{ "GLB/CONTROL.GLB", 9, GATE_NO },
		{ "GLB/FLAG.GLB", 2, GATE_YES },
		{ "GLB/RNETSEM.GLB", 4, GATE_YES },
		{ "GLB/NETWORK.GLB", 244, GATE_NO },
		{ "LOG/SENT.LOG", 77, GATE_YES },
		{ "LOG/RECV.LOG", 77, GATE_YES },
		{ "LOG/OTHER.LOG", 77, GATE_NO },
		{ "XTN/00000044.XTN", 1396, GATE_NO },
		{ "XTN/00000044.XTN", 1397, GATE_NO },
		{ "USR/00000044.USR", 106, GATE_NO },
		{ "USR/00000044.USR", 107, GATE_NO },
		{ "USR/X/00000044.USR", 106, GATE_NO },
		{ "KEY/SYSTEM.KEY", 560, GATE_YES },
		{ "KEY/SYSTEM.KEY", 561, GATE_NO },
		{ "GRP/00000001.GRP", 24, GATE_NO },
		{ "TPL/LAN.TPL", 296, GATE_NO },
		{ "HLP/ADMIN.HLP", 10, GATE_NO },
		{ "NME/ADMIN.NME", 90, GATE_NO },
		{ "INF/LAN.INF", 196, GATE_NO },
		{ "GRP/POPULATE.MSM", 46, GATE_NO },
	};
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *old = talloc_asprintf(bench, FINISH_MSMCON "/MAILDATA/%s", rows[i].path);
		char *live = talloc_asprintf(bench, "E/exchsrvr/connect/msmcon/maildata/%s",
			     rows[i].path),
		     *text = talloc_zero_size(bench, rows[i].size + 1);

		(void)chmod(finish_path(bench, old), 0644);
		(void)chmod(finish_path(bench, live), 0644);
		file_of_old(bench, old, memset(text, 'o', rows[i].size));
		file_of_old(bench, live, memset(text, 'l', rows[i].size));
		if (finish_gate(bench, engine, "contents", NULL)->answer != rows[i].answer)
			fail_msg("%s of %zu bytes", rows[i].path, rows[i].size);
		assert_int_equal(unlink(finish_path(bench, live)), 0);
		finish_no(bench, engine, "contents", path_of_slashes(bench, rows[i].path));
		file_of_old(bench, live, memset(text, 'o', rows[i].size));
		finish_yes(bench, engine, "contents");
	}
}

static void folders_of_any_place(void **state)
{
	static const char *const paths[] = { "KEEP", "BIN/KEEP", "MAILDATA/KEEP",
		"MAILDATA/USR/KEEP", "MAILDATA/MAI/MA0/KEEP", "MAILDATA/HLP/A" };
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *live = finish_path(bench, live_of(bench, paths[i]));

		assert_int_equal(mkdir(finish_path(bench,
					       talloc_asprintf(bench, FINISH_MSMCON "/%s",
						       paths[i])),
					 0755),
			0);
		finish_no(bench, engine, "contents", path_of_slashes(bench, paths[i]));
		support_write_text(live, "a file");
		finish_no(bench, engine, "contents", path_of_slashes(bench, paths[i]));
		assert_int_equal(unlink(live), 0);
		assert_int_equal(mkdir(live, 0755), 0);
		finish_yes(bench, engine, "contents");
	}
}

/* What lies beside the data of a file goes with it. */
static void streams_of_any_file(void **state)
{
	static const char *const paths[][2] = {
		{ FINISH_MSMCON "/BIN/Mt.exe", "E/exchsrvr/connect/msmcon/bin/mt.exe" },
		{ FINISH_MSMCON "/MAILDATA/MBG/SYSTEM.MBG",
			"E/exchsrvr/connect/msmcon/maildata/MBG/SYSTEM.MBG" },
		{ FINISH_MSMCON "/MAILDATA/TPL", "E/exchsrvr/connect/msmcon/maildata/TPL" },
	};
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	if (setxattr(bench->dir, "user.try", "", 0, 0) != 0)
		skip();
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *old = finish_path(bench, paths[i][0]),
		     *live = finish_path(bench, paths[i][1]);

		assert_int_equal(setxattr(old, "user.letter", "only here", 9, 0), 0);
		finish_no(bench, engine, "contents", "letter");
		assert_int_equal(setxattr(live, "user.letter", "another", 7, 0), 0);
		finish_no(bench, engine, "contents", "letter");
		assert_int_equal(setxattr(live, "user.letter", "only here", 9, 0), 0);
		finish_yes(bench, engine, "contents");
	}
}

/* A calendar that only the old copy has is somebody's; that the one in use goes on changing is
 * normal. */
static void calendar_of_old(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));

	file_of_old(bench, FINISH_MSMCON "/MAILDATA/CAL/00000009.CAL", "of old");
	finish_no(bench, engine, "mail-came", "00000009.CAL");
	file_of_old(bench, "E/exchsrvr/connect/msmcon/maildata/CAL/00000009.CAL", "of today");
	finish_yes(bench, engine, "mail-came");
}

/* The date of setup's log is that of the last setup; what came after the first is mail all the
 * same. */
static void setup_ran_again(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	char *file = finish_path(bench, FINISH_MSMCON "/MAILDATA/LOG/SENT.LOG"),
	     *log = finish_path(bench, "C/Exchange Server Setup.log");
	const struct timespec late[2] = { { .tv_sec = 1500000000 }, { .tv_sec = 1500000000 } };
	struct timespec between[2];
	struct stat meta;

	assert_int_equal(stat(log, &meta), 0);
	between[0] = between[1] = (struct timespec){ .tv_sec = meta.st_mtime + 86400 };
	assert_int_equal(utimensat(AT_FDCWD, file, between, 0), 0);
	assert_int_equal(utimensat(AT_FDCWD, log, late, 0), 0);
	finish_no(bench, engine, "mail-came", "SENT.LOG");
	/* Without a log nobody can tell. */
	between[0] = between[1] = (struct timespec){ .tv_sec = 700000000 };
	assert_int_equal(utimensat(AT_FDCWD, file, between, 0), 0);
	assert_int_equal(unlink(log), 0);
	finish_no(bench, engine, "mail-came", "unknown");
}

/* The newer mail is in the default tree, and the share leads to the relocated one: the gate says
 * that nobody knows. */
static void nobody_knows_which_lives(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	const char *argv[] = { "sh", "-c",
		"find \"$0/C/exchsrvr/CONNECT/MSMCON/MAILDATA\" -type f -exec touch -d '1997-02-01 UTC' {} + && "
		"find \"$0/E/exchsrvr/connect/msmcon/maildata\" -type f -exec touch -d '1997-01-01 UTC' {} +",
		bench->dir, NULL };
	struct gates *gates;
	const struct gate *gate;

	assert_int_equal(support_run(bench, argv, NULL, NULL), 0);
	gate = finish_gate(bench, engine, "mail-came", &gates);
	assert_int_equal(gate->answer, GATE_NO);
	assert_non_null(strstr(gate->detail, "not certain"));
	finish_refused(bench, engine, true);
}

/* E: is given as a folder of the one that is to go, or of another drive. */
static void one_in_the_other(void **state)
{
	struct finish_bench *bench = *state;
	struct engine *engine = finish_ready(bench, finish_open(bench, false));
	struct server *server;
	const struct survey *survey;
	struct gates *gates;
	struct copy_list list;
	struct disks_options options = { 0 };

	finish_yes(bench, engine, "apart");
	talloc_free(engine);
	assert_int_equal(rename(finish_path(bench, "E"), finish_path(bench, FINISH_MSMCON "/E")),
		0);
	options.drives =
		talloc_asprintf(bench, "C=%s/C,E=%s/" FINISH_MSMCON "/E", bench->dir, bench->dir);
	assert_int_equal(disks_open(bench, &options, &server, &bench->err), 0);
	assert_int_equal(survey_make(bench, server, &bench->survey_options, &survey, &bench->err),
		0);
	assert_int_equal(oldfolder_gates(bench, server, survey, NULL, &gates, &bench->err), 0);
	assert_string_equal(gates->gates[0].id, "apart");
	assert_int_equal(gates->gates[0].answer, GATE_NO);
	assert_non_null(strstr(gates->gates[0].detail, "share a folder"));
	assert_non_null(strstr(gates->gates[0].detail, "drive E:"));
	/* Whoever calls it all the same deletes nothing. */
	assert_int_equal(copy_walk(server, bench, survey->default_msmcon, 100000, &list,
				 &bench->err),
		0);
	assert_int_equal(oldfolder_delete(server, survey->default_msmcon, survey->relocated_msmcon,
				 &list, NULL, &bench->err),
		-TROUBLE_CANNOT);
	assert_true(finish_there(bench,
		FINISH_MSMCON "/E/exchsrvr/connect/msmcon/maildata/GLB/MASTER.GLB"));
}

/* ---- mail through the MTAs of now ---- */

/* A service is there while it has Type and ImagePath; what Windows leaves of a deleted one has
 * neither. */
struct mta {
	const char *key;
	struct reg_data *type, *path;
};

static struct mta mta_of(struct finish_bench *bench, struct server *server, const char *key)
{
	struct mta mta = { .key = key };

	assert_int_equal(server->ops->reg_read(server, bench, key, "Type", &mta.type, &bench->err),
		0);
	assert_int_equal(server->ops->reg_read(server, bench, key, "ImagePath", &mta.path,
				 &bench->err),
		0);
	return mta;
}

static void mta_put(struct finish_bench *bench, struct server *server, const struct mta *mta,
	bool there)
{
	finish_value(bench, server, mta->key, "Type", there ? mta->type : NULL);
	finish_value(bench, server, mta->key, "ImagePath", there ? mta->path : NULL);
}

static void attest_now(struct finish_bench *bench, struct engine *engine, size_t rows)
{
	struct evidence_list *list;
	struct gates *gates;

	assert_int_equal(engine_gates(engine, bench, &bench->survey_options, &gates, &bench->err),
		0);
	assert_int_equal(engine_evidence(engine, &list, &bench->err), 0);
	assert_int_equal(list->count, rows);
	finish_attest(bench, engine);
	assert_int_equal(finish_gate(bench, engine, "mail-flow", NULL)->answer, GATE_WEAK);
}

/* Asked for is each MTA that is there now; the word on one that is gone counts for nothing, also
 * when it is there again. */
static void mtas_come_and_go(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_carried(bench, server);
	struct mta vancouver = mta_of(bench, server, SERVICES FINISH_VANCOUVER),
		   legacy = mta_of(bench, server, SERVICES FINISH_LEGACY);

	mta_put(bench, server, &vancouver, false);
	attest_now(bench, engine, 2);
	mta_put(bench, server, &vancouver, true);
	finish_no(bench, engine, "mail-flow", FINISH_VANCOUVER);
	assert_null(strstr(finish_gate(bench, engine, "mail-flow", NULL)->detail,
		FINISH_LEGACY ", Exchange -> MS Mail: NOT"));
	attest_now(bench, engine, 4);
	mta_put(bench, server, &vancouver, false);
	assert_int_equal(finish_gate(bench, engine, "mail-flow", NULL)->answer, GATE_WEAK);
	assert_null(
		strstr(finish_gate(bench, engine, "mail-flow", NULL)->detail, FINISH_VANCOUVER));
	mta_put(bench, server, &legacy, false);
	finish_no(bench, engine, "mail-flow", "no PC MTA");
	mta_put(bench, server, &legacy, true);
	mta_put(bench, server, &vancouver, true);
	finish_no(bench, engine, "mail-flow", FINISH_LEGACY ", MS Mail -> Exchange: NOT TESTED");
	attest_now(bench, engine, 4);
}

/* Nobody said that there is none, or somebody did. */
static void no_mta_by_word(void **state)
{
	static const char *const exclude[] = { FINISH_LEGACY, FINISH_VANCOUVER, NULL };
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine;

	bench->survey_options.pcmta_exclude = exclude;
	engine = finish_carried(bench, server);
	bench->survey_options.pcmta_exclude = NULL;
	assert_int_equal(finish_gate(bench, engine, "mail-flow", NULL)->answer, GATE_WEAK);
	assert_non_null(strstr(finish_gate(bench, engine, "mail-flow", NULL)->detail, "struck"));
	finish_refused(bench, engine, false);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(messages_of_any_age),
		CASE(contents_of_any_kind),
		CASE(contents_that_change),
		CASE(folders_of_any_place),
		CASE(streams_of_any_file),
		CASE(calendar_of_old),
		CASE(setup_ran_again),
		CASE(nobody_knows_which_lives),
		CASE(one_in_the_other),
		CASE(mtas_come_and_go),
		CASE(no_mta_by_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
