/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/article.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

/* What step 3 of Q240208 asks to verify, as it stands there: a key below Services, a value. PCMTA
 * is the name that an administrator gave one. */
#define PCMTA "<name>"
static const struct {
	const char *key, *value;
} asked[] = {
	{ PCMTA, "ImagePath" },
	{ "MSExchangeMSMI", "ImagePath" },
	{ "MSExchangeMSMI/Performance", "Library" },
	{ "MSExchangePCMTA/Performance", "Library" },
	{ "EventLog/Application/MSExchangeMSMI", "CategoryMessageFile" },
	{ "EventLog/Application/MSExchangeMSMI", "EventMessageFile" },
	{ "EventLog/Application/" PCMTA, "CategoryMessageFile" },
	{ "EventLog/Application/" PCMTA, "EventMessageFile" },
};
enum { ASKED = sizeof(asked) / sizeof(asked[0]) };

/* A row's key written as the article writes it. */
static void key_written(const struct article_entry *row, char *key, size_t room)
{
	assert_int_equal(strstr(row->key, "%s") != NULL, (row->flags & ARTICLE_EACH_PCMTA) != 0);
	snprintf(key, room, row->flags & ARTICLE_EACH_PCMTA ? row->key : "%s",
		row->flags & ARTICLE_EACH_PCMTA ? PCMTA : row->key);
	for (; *key; key++)
		if (*key == '\\')
			*key = '/';
}

static void each_entry_that_the_article_asks_for_is_a_row(void **state)
{
	size_t count, found[ASKED] = { 0 };
	const struct article_entry *rows = article_entries(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		bool listed = false;
		char key[100];

		assert_int_equal(rows[i].number, i + 1);
		assert_true(strlen(rows[i].why) > 40);
		key_written(&rows[i], key, sizeof key);
		for (size_t k = 0; k < ASKED; k++)
			if (!strcmp(asked[k].key, key) && !strcmp(asked[k].value, rows[i].value)) {
				found[k]++;
				listed = true;
			}
		/* Two more are of Q171259: those of the AppleTalk MTA, where there is one. */
		assert_string_equal(rows[i].source, listed ? "Q240208" : "Q171259");
		assert_int_equal((rows[i].flags & ARTICLE_ATMTA) != 0, !listed);
		assert_int_equal(!strncmp(key, "MSExchangeATMTA", strlen("MSExchangeATMTA")),
			!listed);
	}
	assert_int_equal(count, ASKED + 2);
	for (size_t k = 0; k < ASKED; k++)
		assert_int_equal(found[k], 1);
}

/* Services begin with a command line, Perflib loads one library, the event log takes a list of
 * files (doc/domain.md 2). Only the last may be absent. */
static void values_are_read_as_windows_reads_them(void **state)
{
	size_t count;
	const struct article_entry *rows = article_entries(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		enum path_form form = !strcmp(rows[i].value, "ImagePath") ? PATH_COMMAND
			: !strcmp(rows[i].value, "Library")               ? PATH_PLAIN
									  : PATH_LIST;

		assert_int_equal(rows[i].form, form);
		assert_int_equal((rows[i].flags & ARTICLE_MAY_BE_ABSENT) != 0, form == PATH_LIST);
	}
}

static void six_steps(void **state)
{
	(void)state;
	for (int i = 1; i <= 6; i++) {
		assert_int_equal(article_step(i)->number, i);
		assert_true(*article_step(i)->title && *article_step(i)->asks &&
			*article_step(i)->undo);
	}
	assert_null(article_step(0));
	assert_null(article_step(7));
}

/* What Q171259 writes for 2 to 4, 9 and 10; Q143380 says the programs of the services too. Of the
 * others no article says one: there only a file that is known to be something else does not fit. */
static void the_files_of_the_entries(void **state)
{
	static const char *const leaves[12] = { [2] = "Mt.exe",
		[3] = "Mtperf.dll",
		[4] = "Xtnperf.dll",
		[9] = "Macgate.exe",
		[10] = "Macgperf.dll" };
	static const char *const names[] = { "mt.exe", "mtperf.dll", "xtnperf.dll", "macgate.exe",
		"macgperf.dll", "address.dll", "conadmin.dll", "async.exe", "x25eicon.exe",
		"mtmsg.dll", "xtnmsg.dll", "other.exe" };
	static const struct {
		int number;
		const char *fits;
	} others[] = { { 1, "async.exe x25eicon.exe other.exe" },
		{ 5, "mtmsg.dll xtnmsg.dll other.exe" }, { 6, "mtmsg.dll xtnmsg.dll other.exe" },
		{ 7, "mtmsg.dll xtnmsg.dll other.exe" }, { 8, "mtmsg.dll xtnmsg.dll other.exe" } };

	(void)state;
	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
		for (int i = 1; i < 11; i++)
			if (leaves[i])
				assert_int_equal(article_file_fits(i, names[k]),
					!strcasecmp(leaves[i], names[k]));
		for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
			assert_int_equal(article_file_fits(others[i].number, names[k]),
				strstr(others[i].fits, names[k]) != NULL);
		assert_true(article_file_fits(0, names[k]) && article_file_fits(11, names[k]));
	}
}

/* Builds of Q158530, Q166349 and Q163294; the article names 5.0, 5.5, 5.5 SP1 and SP2. */
static void releases(void **state)
{
	static const struct {
		unsigned major, minor, build;
		const char *name;
		enum article_cover cover;
	} rows[] = {
		{ 5, 0, 1457, "5.0", ARTICLE_COVERS },
		{ 5, 0, 1458, "5.0 SP1", ARTICLE_COVERS },
		{ 5, 0, 1460, "5.0 SP2", ARTICLE_COVERS },
		{ 5, 0, 1461, NULL, ARTICLE_COVERS },
		{ 5, 5, 1960, "5.5", ARTICLE_COVERS },
		{ 5, 5, 2232, "5.5 SP1", ARTICLE_COVERS },
		{ 5, 5, 2448, "5.5 SP2", ARTICLE_COVERS },
		{ 5, 5, 2348, NULL, ARTICLE_COVERS },
		{ 5, 5, 2449, NULL, ARTICLE_BY_ANALOGY },
		{ 5, 5, 2650, "5.5 SP3", ARTICLE_BY_ANALOGY },
		{ 5, 5, 2653, "5.5 SP4", ARTICLE_BY_ANALOGY },
		{ 4, 0, 837, "4.0", ARTICLE_BY_ANALOGY },
		{ 6, 0, 4417, NULL, ARTICLE_UNKNOWN_VERSION },
		{ 0, 0, 0, NULL, ARTICLE_UNKNOWN_VERSION },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *name = "not set";
		assert_int_equal(article_release(rows[i].major, rows[i].minor, rows[i].build,
					 &name),
			rows[i].cover);
		if (rows[i].name)
			assert_string_equal(name, rows[i].name);
		else
			assert_null(name);
	}
}

/* doc/domain.md 5: programs and libraries that come with Exchange; the Eicon toolkit and
 * X400omv1.dll come otherwise (Q169316, Q178204). */
static void own_files(void **state)
{
	static const char *const own[] = { "MT.EXE", "Mtmsg.dll", "Mtperf.dll", "Async.exe",
		"X25eicon.exe", "Xtnmsg.dll", "Xtnperf.dll", "Address.dll", "Conadmin.dll",
		"Macgate.exe", "Macgperf.dll" };

	(void)state;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!article_is_own_file(own[i]))
			fail_msg("%s", own[i]);
	assert_false(article_is_own_file("X25ntm9.dll") || article_is_own_file("X400omv1.dll") ||
		article_is_own_file("Mt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_files),
		cmocka_unit_test(each_entry_that_the_article_asks_for_is_a_row),
		cmocka_unit_test(values_are_read_as_windows_reads_them),
		cmocka_unit_test(the_files_of_the_entries),
		cmocka_unit_test(six_steps),
		cmocka_unit_test(releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
