/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the survey finds of the share and of services. */
#include "repair/survey.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lab.h"
#include "tests/survey_rows.h"

static void assert_share(const struct finding *row, const char *lines)
{
	char **strings;
	size_t count;
	char *all = talloc_strdup(NULL, "");

	assert_true(row->can_change);
	strings = regdata_strings(all, row->after.share.definition, &count);
	for (size_t i = 0; i < count; i++)
		all = talloc_asprintf_append(all, "%s\n", strings[i]);
	assert_string_equal(all, lines);
	talloc_free(all);
}

static void a_share_made_after_a_sibling(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_remove(lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_int_equal(row->state, FINDING_ABSENT);
	assert_share(row,
		"MaxUses=4294967295\nPath=E:\\exchsrvr\\connect\\msmcon\\maildata\nPermissions=0\n"
		"Remark=Access for MSMI postoffice\nType=0\n");
	assert_true(row->after.share.open_to_all);
	assert_non_null(strstr(row->text, "Resources"));
	/* Everyone would have full access: a person decides that, nothing is proposed. */
	assert_false(row->needed);
	assert_non_null(strstr(row->text, "everyone"));
}

/* Permissions come back where it is known that they are this share's; where they are not, it is
 * asked. */
static void permissions_of_an_absent_share(void **state)
{
	enum { LEFT = 1, NO_KEY = 2, ODD = 4, DAMAGED = 8, NONE = 16 };
	static const struct {
		const char *path; /* of the share in another control set; NULL: it has none */
		int how;
		bool needed, open, brought;
		const char *told;
	} rows[] = {
		{ NULL, LEFT, true, false, false, "still kept" },
		{ LAB_MOVED "\\maildata", LEFT, true, false, false, "still kept" },
		{ LAB_MOVED "\\maildata", 0, true, false, true, "as ControlSet003 has them" },
		{ LAB_DEFAULT "\\MAILDATA", 0, true, false, true, "as ControlSet003 has them" },
		{ "C:\\old\\maildata", 0, false, true, false, "a share of another folder" },
		{ LAB_MOVED "\\maildata", DAMAGED, false, true, false, "are damaged" },
		{ LAB_MOVED "\\maildata", NO_KEY, false, true, false, "no key" },
		{ LAB_MOVED "\\maildata", ODD, false, true, false, "would replace a value" },
		{ LAB_MOVED "\\maildata", NONE, true, true, false, "had full access" },
		{ "C:\\old\\maildata", NONE, false, true, false, "is unknown" },
		{ NULL, 0, false, true, false, "is unknown" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const char *shares = "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares";
		const char *security = "SERVICES\\LanmanServer\\Shares\\Security";
		const struct finding *row;

		if (!(rows[i].how & LEFT))
			lab_remove(lab, security, rows[i].how & NO_KEY ? NULL : "Maildat$");
		if (rows[i].how & ODD)
			lab_text(lab, security, "maildat$", REG_SZ, "odd");
		if (rows[i].path)
			lab_lines(lab, shares, "Maildat$",
				talloc_asprintf(lab, "Path=%s\nType=0", rows[i].path));
		if (rows[i].path && !(rows[i].how & NONE))
			lab_bytes(lab, talloc_asprintf(lab, "%s\\Security", shares), "MAILDAT$",
				REG_BINARY, lab_descriptor,
				rows[i].how & DAMAGED ? 27 : LAB_DESCRIPTOR);
		row = lab_row(lab_survey(lab,
				      &(struct survey_options){ .relocated = LAB_MOVED,
					      .live = LIVE_SAID_RELOCATED }),
			"share/Maildat$");
		if (!strstr(row->text, rows[i].told))
			fail_msg("row %zu: %s", i, row->text);
		assert_true(row->can_change);
		assert_int_equal(row->needed, rows[i].needed);
		assert_int_equal(row->after.share.open_to_all, rows[i].open);
		assert_int_equal(!!row->after.share.security, rows[i].brought);
		if (rows[i].brought)
			assert_memory_equal(row->after.share.security->bytes, lab_descriptor,
				LAB_DESCRIPTOR);
	}
}

static void a_share_of_another_control_set(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_lines(lab, "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares", "maildat$",
		"Type=0\nPath=C:\\old\\maildata\nRemark=ours\nMaxUses=5");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_share(row,
		"Type=0\nPath=E:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=ours\nMaxUses=5\n");
	assert_string_equal(row->after.share.remark, "ours");
	assert_false(row->after.share.open_to_all);
}

static void a_share_nobody_can_write_down(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_remove(lab, "SERVICES\\LanmanServer\\Shares", "Resources");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_false(row->can_change || row->needed);
	assert_int_equal(row->move, MOVE_PERSON);
	assert_non_null(strstr(row->todo, "net share"));
	assert_non_null(strstr(row->todo, "E:\\exchsrvr\\connect\\msmcon\\maildata"));
}

static void a_share_with_the_wrong_path(void **state)
{
	struct lab *lab = *state;
	const struct finding *row;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "MAILDAT$",
		"CSCFlags=0\npath=C:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=x\nType=0");
	row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
	assert_int_equal(row->state, FINDING_WRONG);
	assert_share(row,
		"CSCFlags=0\npath=E:\\exchsrvr\\connect\\msmcon\\maildata\nRemark=x\nType=0\n");
}

/* Type 0 is a disk, MaxUses -1 no limit (doc/domain.md 7); a printer, a pipe or a share of no uses
 * leads nobody to the folder. */
static void a_share_that_is_no_use(void **state)
{
	static const struct {
		const char *fields;
		bool usable;
	} rows[] = {
		{ "Type=0\nMaxUses=4294967295", true },
		{ "MaxUses=10", true },
		{ "Type=0", true },
		{ "Type=1", false },
		{ "Type=3\nMaxUses=4294967295", false },
		{ "Type=", false },
		{ "Type=0\nMaxUses=0", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int other = 0; other < 2; other++) {
			struct lab *lab = lab_new(*state);
			const struct finding *row;

			lab_lines(lab,
				other ? "SYSTEM\\ControlSet003\\Services\\LanmanServer\\Shares"
				      : "SERVICES\\LanmanServer\\Shares",
				"Maildat$",
				talloc_asprintf(lab, "Path=" LAB_MOVED "\\maildata\n%s",
					rows[i].fields));
			row = lab_row(lab_survey(lab, NULL), "share/Maildat$");
			if (other) {
				assert_true(row->can_change);
				assert_int_equal(!!strstr(row->text, "ControlSet003"),
					rows[i].usable);
				continue;
			}
			assert_int_equal(row->state,
				rows[i].usable ? FINDING_RIGHT : FINDING_WRONG);
			assert_false(row->can_change);
			assert_int_equal(row->move, rows[i].usable ? MOVE_NONE : MOVE_PERSON);
			if (!rows[i].usable)
				assert_non_null(strstr(row->todo, "net share Maildat$ /delete"));
		}
}

static void a_share_that_is_right(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;
	const struct finding *row;

	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
		"Path=e:\\EXCHSRVR\\Connect\\Msmcon\\MAILDATA\\\nType=0");
	lab_remove(lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$");
	survey = lab_survey(lab, NULL);
	row = lab_row(survey, "share/Maildat$");
	assert_int_equal(row->state, FINDING_RIGHT);
	assert_false(row->can_change || row->needed);
	assert_non_null(strstr(row->text, "everyone"));
	assert_true(survey->letters_proved);
}

static void accounts_and_starts(void **state)
{
	struct lab *lab = *state;
	const struct survey *survey;

	lab_text(lab, "SERVICES\\MSExchangeMSMI", "ObjectName", REG_SZ, "LocalSystem");
	lab_number(lab, "SERVICES\\" LAB_LEGACY, "Start", 4);
	survey = lab_survey(lab, NULL);
	assert_int_equal(lab_row(survey, "service/MSExchangeMSMI")->state, FINDING_WRONG);
	assert_non_null(strstr(lab_row(survey, "service/MSExchangeMSMI")->text, "LocalSystem"));
	assert_int_equal(lab_row(survey, "service/" LAB_LEGACY)->state, FINDING_WRONG);
	assert_non_null(strstr(lab_row(survey, "service/" LAB_LEGACY)->text, "disabled"));
	assert_int_equal(lab_row(survey, "service/" LAB_VANCOUVER)->state, FINDING_RIGHT);
	assert_string_equal(lab_row(survey, "service/" LAB_VANCOUVER)->text,
		"It starts by itself, and runs as "
		"LAB\\exservice.");
	assert_false(lab_row(survey, "service/MSExchangeMSMI")->can_change);
}

/* Types of winnt.h: 1, 2, 4 and 8 are drivers and adapters, 0x10 and 0x20 programs, 0x100 one that
 * may use the desktop. */
static void types_of_services(void **state)
{
	static const struct {
		uint32_t type;
		enum finding_state state;
	} rows[] = { { 0x10, FINDING_RIGHT }, { 0x20, FINDING_RIGHT }, { 0x110, FINDING_RIGHT },
		{ 0, FINDING_WRONG }, { 1, FINDING_WRONG }, { 2, FINDING_WRONG },
		{ 4, FINDING_WRONG }, { 8, FINDING_WRONG } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);

		lab_number(lab, "SERVICES\\MSExchangeMSMI", "Type", rows[i].type);
		assert_int_equal(lab_row(lab_survey(lab, NULL), "service/MSExchangeMSMI")->state,
			rows[i].state);
		talloc_free(lab);
	}
}

/* What a service depends on must be there and be able to start, however far behind; so must the one
 * that shares folders. Manual and automatic are normal (Q176566). */
static void services_that_cannot_start(void **state)
{
#define MSMI "MSExchangeMSMI"
	static const struct {
		const char *about, *key, *depends; /* depends or, where NULL, start */
		uint32_t start;
		const char *said; /* NULL: nothing is wrong with it */
	} rows[] = {
		{ MSMI, MSMI, NULL, 2, NULL },
		{ MSMI, MSMI, NULL, 3, NULL },
		{ MSMI, MSMI, NULL, 0, "no valid start type" },
		{ MSMI, MSMI, NULL, 4, "disabled" },
		{ LAB_LEGACY, LAB_LEGACY, NULL, 4, "disabled" },
		{ "LanmanServer", "LanmanServer", NULL, 4, "disabled" },
		{ "LanmanServer", "LanmanServer", NULL, 3, NULL },
		{ MSMI, MSMI, "MSEXCHANGESA", 0, NULL },
		{ MSMI, MSMI, "MSExchangeSA\nNobody", 0,
			"depends on Nobody, which is not a service" },
		{ MSMI, MSMI, "MSExchangeMSMI", 0, NULL },
		{ LAB_LEGACY, LAB_LEGACY, "LanmanServer\nMSExchangeDS", 0,
			"depends on MSExchangeDS" },
		{ "LanmanServer", "LanmanServer", "Srv", 0, "depends on Srv" },
		{ MSMI, "MSExchangeSA", NULL, 4, "depends on MSExchangeSA, which is disabled" },
		{ MSMI, "MSExchangeSA", "Eventlog", 0,
			"depends on Eventlog, which is not a service" },
		{ MSMI, "Browser", NULL, 4, NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct survey *survey;
		const struct finding *row;
		char *id = talloc_asprintf(lab, "service/%s", rows[i].about),
		     *key = talloc_asprintf(lab, "SERVICES\\%s", rows[i].key);

		if (!strcmp(rows[i].about, MSMI))
			lab_lines(lab, "SERVICES\\MSExchangeMSMI", "DependOnService",
				"MSExchangeSA");
		if (rows[i].depends)
			lab_lines(lab, key, "DependOnService", rows[i].depends);
		else
			lab_number(lab, key, "Start", rows[i].start);
		survey = lab_survey(lab, NULL);
		row = survey_finding(survey, id);
		if ((row && row->state != FINDING_RIGHT) != (rows[i].said != NULL))
			fail_msg("row %zu: %s", i, row ? row->text : "no row");
		if (!rows[i].said)
			continue;
		assert_non_null(strstr(row->text, rows[i].said));
		assert_int_equal(row->move, MOVE_PERSON);
		assert_non_null(strstr(survey_services_said(lab, survey), row->todo));
		talloc_free(lab);
	}
}

/* ---- what was kept ---- */

/* A decision about a value or a share holds while that leads to what it led to then; nobody knows
 * that of a record that does not tell. */
static void kept_while_it_leads_there(void **state)
{
	enum { GONE, FOLDER, EMPTY, WHOLE };
	static const struct {
		enum named_fault then;
		int now;
		bool holds;
	} rows[] = {
		{ NAMED_RIGHT, WHOLE, true },
		{ NAMED_RIGHT, GONE, false },
		{ NAMED_RIGHT, FOLDER, false },
		{ NAMED_RIGHT, EMPTY, false },
		{ NAMED_COMES, WHOLE, true },
		{ NAMED_NOTHING, GONE, true },
		{ NAMED_NOTHING, WHOLE, false },
		{ NAMED_FOLDER, FOLDER, true },
		{ NAMED_FOLDER, GONE, false },
		{ NAMED_UNTOLD, WHOLE, false },
		{ NAMED_UNTOLD, GONE, false },
	};
	static const char *const ids[] = { "registry/MSExchangeMSMI\\ImagePath", "share/Maildat$" };

	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct lab *lab = lab_new(*state);
		const struct finding *row;
		struct kept kept = { .id = ids[i % 2],
			.by = "Jane Doe",
			.run = "1",
			.names = rows[i / 2].then };

		lab_text(lab, "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
			"E:\\other\\mt.exe");
		lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Maildat$",
			"Path=E:\\third\\maildata\nType=0");
		lab_text(lab, "SERVICES\\" LAB_LEGACY, "ImagePath", REG_EXPAND_SZ,
			LAB_MOVED "\\bin\\x25eicon.exe");
		if (rows[i / 2].now == WHOLE) {
			lab_file(lab, "E/other/mt.exe", "whole", LAB_SETUP_TIME);
			lab_file(lab, "E/third/maildata/glb/master.glb", "x", LAB_SETUP_TIME);
			lab_file(lab, "E/third/maildata/key/a", "x", LAB_SETUP_TIME);
			lab_file(lab, "E/third/maildata/mbg/a", "x", LAB_SETUP_TIME);
		} else if (rows[i / 2].now == FOLDER || rows[i / 2].now == EMPTY) {
			lab_file(lab,
				rows[i / 2].now == FOLDER ? "E/other/mt.exe/a" : "E/other/mt.exe",
				"", LAB_SETUP_TIME);
			lab_file(lab, "E/third/maildata/a", "x", LAB_SETUP_TIME);
		}
		row = lab_row(lab_survey(lab, &(struct survey_options){ .relocated = LAB_MOVED }),
			kept.id);
		kept.kind = row->kind;
		kept.before = row->before;
		kept.after = row->after;
		row = lab_row(lab_survey(lab,
				      &(struct survey_options){ .relocated = LAB_MOVED,
					      .kept = &kept,
					      .kept_count = 1 }),
			kept.id);
		if (!!row->kept_by != rows[i / 2].holds)
			fail_msg("%s, row %zu", kept.id, i / 2);
		talloc_free(lab);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_LAB(a_share_made_after_a_sibling),
		WITH_LAB(permissions_of_an_absent_share),
		WITH_LAB(a_share_of_another_control_set),
		WITH_LAB(a_share_nobody_can_write_down),
		WITH_LAB(a_share_with_the_wrong_path),
		WITH_LAB(a_share_that_is_no_use),
		WITH_LAB(a_share_that_is_right),
		WITH_LAB(kept_while_it_leads_there),
		WITH_LAB(types_of_services),
		WITH_LAB(accounts_and_starts),
		WITH_LAB(services_that_cannot_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
