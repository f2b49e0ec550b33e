/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "record/record_internal.h"
#include "tests/support.h"

struct place {
	TALLOC_CTX *mem;
	char *dir;
	struct runfolder *run;
	struct error err;
};

static int place_make(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->mem = place;
	place->dir = support_folder(place);
	assert_int_equal(runfolder_create(place, place->dir, &place->run, &place->err), 0);
	*state = place;
	return 0;
}

static int place_free(void **state)
{
	talloc_free(*state);
	return 0;
}

static char *journal_path(struct place *place)
{
	return talloc_asprintf(place, "%s/journal.jsonl", runfolder_dir(place->run));
}

static struct journal *journal_of(struct place *place)
{
	struct journal *journal;

	assert_int_equal(journal_open(place, place->run, &journal, &place->err), 0);
	return journal;
}

/* Three entries, the second not lasting by itself. */
static struct journal *journal_three(struct place *place)
{
	struct journal *journal = journal_of(place);

	assert_int_equal(journal_add(journal, JOURNAL_RUN, json_pack("{s:s}", "article", "Q240208"),
				 true, &place->err),
		0);
	assert_int_equal(journal_add(journal, JOURNAL_NOTE,
				 json_pack("{s:s}", "text", "caf\xc3\xa9"), false, &place->err),
		0);
	assert_int_equal(journal_add(journal, JOURNAL_ACT, json_pack("{s:i}", "act", 1), true,
				 &place->err),
		0);
	return journal;
}

/* The CRC was computed with python3's zlib.crc32, an implementation of ISO-HDLC that is not
 * ours. */
static const char two_lines[] =
	"{\"n\":1,\"at\":\"1999-11-22T09:41:07Z\",\"what\":\"run\",\"article\":\"Q240208\",\"crc\":\"89e204f4\"}\n"
	"{\"n\":2,\"at\":\"1999-11-22T09:41:08Z\",\"what\":\"note\",\"text\":\"x\",\"crc\":\"b29e1f1a\"}\n";

static void lines_made_by_another_program_are_read(void **state)
{
	json_t *entries;
	size_t good;
	struct error err;

	(void)state;
	assert_int_equal(journal_parse(two_lines, strlen(two_lines), &entries, &good, &err), 0);
	assert_int_equal(json_array_size(entries), 2);
	assert_int_equal(good, strlen(two_lines));
	assert_string_equal(json_string_value(
				    json_object_get(json_array_get(entries, 0), "article")),
		"Q240208");
	json_decref(entries);
}

static void what_is_written_is_read_again(void **state)
{
	struct place *place = *state;
	struct journal *journal = journal_three(place);

	talloc_free(journal);
	journal = journal_of(place);
	assert_int_equal(journal_count(journal), 3);
	assert_false(journal_torn(journal));
	assert_string_equal(entry_what(journal_entry(journal, 1)), "note");
	assert_string_equal(json_string_value(json_object_get(journal_entry(journal, 1), "text")),
		"caf\xc3\xa9");
	assert_int_equal(entry_number(journal_entry(journal, 2), "act"), 1);
	assert_ptr_equal(journal_last(journal, JOURNAL_ACT), journal_entry(journal, 2));
	assert_null(journal_last(journal, JOURNAL_END));
}

/* What is not lasting waits: it is on the disk with the next lasting entry, in one piece. */
static void waiting_entries_come_with_the_next_lasting_one(void **state)
{
	struct place *place = *state;
	struct journal *journal = journal_of(place);

	assert_int_equal(journal_add(journal, JOURNAL_NOTE, json_object(), false, &place->err), 0);
	assert_int_equal(access(journal_path(place), F_OK), -1);
	assert_int_equal(journal_add(journal, JOURNAL_NOTE, json_object(), true, &place->err), 0);
	talloc_free(journal);
	assert_int_equal(journal_count(journal_of(place)), 2);
}

/* Cut at every length: whole lines before the cut stay, the torn one is ignored, and the next entry
 * replaces it. */
static void a_line_torn_anywhere_is_ignored_and_replaced(void **state)
{
	struct place *place = *state;
	size_t len;
	uint8_t *bytes;

	talloc_free(journal_three(place));
	bytes = support_read(place, journal_path(place), &len);
	for (size_t cut = 0; cut <= len; cut++) {
		struct journal *journal;
		size_t whole = 0;

		for (size_t i = 0; i < cut; i++)
			whole += bytes[i] == '\n';
		support_write(journal_path(place), bytes, cut);
		journal = journal_of(place);
		assert_int_equal(journal_count(journal), whole);
		assert_int_equal(journal_torn(journal), cut > 0 && bytes[cut - 1] != '\n');
		assert_int_equal(journal_add(journal, JOURNAL_NOTE, json_object(), true,
					 &place->err),
			0);
		talloc_free(journal);
		journal = journal_of(place);
		assert_int_equal(journal_count(journal), whole + 1);
		assert_false(journal_torn(journal));
		talloc_free(journal);
	}
}

/* A file system may give a line its length and not its bytes. */
static void a_line_torn_into_zeros_is_ignored(void **state)
{
	struct place *place = *state;
	size_t len, line;
	uint8_t *bytes;
	struct journal *journal;

	talloc_free(journal_three(place));
	bytes = support_read(place, journal_path(place), &len);
	line = (size_t)((uint8_t *)memrchr(bytes, '\n', len - 1) - bytes) + 1;
	memset(bytes + line, 0, len - line);
	support_write(journal_path(place), bytes, len);
	journal = journal_of(place);
	assert_int_equal(journal_count(journal), 2);
	assert_true(journal_torn(journal));
	talloc_free(journal);
	memset(bytes + line, 0, (len - line) / 2);
	bytes[len - 1] = '\n';
	support_write(journal_path(place), bytes, len);
	assert_int_equal(journal_count(journal_of(place)), 2);
}

static void expect_damaged(struct place *place, const uint8_t *bytes, size_t len, const char *line)
{
	struct journal *journal;

	support_write(journal_path(place), bytes, len);
	assert_int_equal(journal_open(place, place->run, &journal, &place->err),
		-TROUBLE_RECORD_DAMAGED);
	assert_non_null(strstr(place->err.text, line));
}

/* Every byte of every line counts: a changed one is damage, and the line is named; in the last line
 * too. */
static void every_changed_byte_is_damage(void **state)
{
	struct place *place = *state;
	char name[32];
	size_t len, number = 1;
	uint8_t *bytes;

	talloc_free(journal_three(place));
	bytes = support_read(place, journal_path(place), &len);
	for (size_t i = 0; i < len; i++) {
		uint8_t was = bytes[i];

		/* Without its end the last line is torn, not damaged. */
		if (was != '\n') {
			bytes[i] = was == 'x' ? 'y' : 'x';
			(void)snprintf(name, sizeof name, "Line %zu ", number);
			expect_damaged(place, bytes, len, name);
			bytes[i] = was;
		}
		number += was == '\n';
	}
}

static void zeros_before_a_whole_line_are_damage(void **state)
{
	struct place *place = *state;
	size_t len;
	uint8_t *bytes;

	talloc_free(journal_three(place));
	bytes = support_read(place, journal_path(place), &len);
	memset(bytes + 10, 0, 20);
	expect_damaged(place, bytes, len, "Line 1 ");
}

static void a_missing_line_is_damage(void **state)
{
	struct place *place = *state;
	size_t len;
	uint8_t *bytes, *second, *third;

	talloc_free(journal_three(place));
	bytes = support_read(place, journal_path(place), &len);
	second = (uint8_t *)memchr(bytes, '\n', len) + 1;
	third = (uint8_t *)memchr(second, '\n', len) + 1;
	memmove(second, third, (size_t)(bytes + len - third));
	expect_damaged(place, bytes, len - (size_t)(third - second), "Line 2 ");
}

/* Where the journal cannot grow nothing is recorded, and what was half written is cut off by the
 * next entry. */
static void without_room_nothing_is_recorded(void **state)
{
	struct place *place = *state;
	struct journal *journal = journal_three(place);
	struct rlimit old, low;
	size_t len;
	char text[400];

	(void)support_read(place, journal_path(place), &len);
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	low = (struct rlimit){ .rlim_cur = len + 40, .rlim_max = old.rlim_max };
	assert_ptr_not_equal(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	int ret = journal_add(journal, JOURNAL_NOTE, json_pack("{s:s}", "text", text), true,
		&place->err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(ret < 0);
	assert_int_equal(journal_count(journal), 3);
	assert_int_equal(journal_add(journal, JOURNAL_END, json_object(), true, &place->err), 0);
	talloc_free(journal);
	journal = journal_of(place);
	assert_int_equal(journal_count(journal), 4);
	assert_non_null(journal_last(journal, JOURNAL_END));
}

static void the_state_of_a_run_follows_its_entries(void **state)
{
	static const struct {
		enum journal_kind kind;
		const char *result;
		enum run_state expected;
		bool finished;
	} rows[] = {
		{ JOURNAL_RUN, NULL, STATE_CUT_OFF, true },
		{ JOURNAL_PREPARING, NULL, STATE_CUT_OFF, false },
		{ JOURNAL_PAUSED, NULL, STATE_PAUSED, false },
		{ JOURNAL_FAILED, NULL, STATE_PAUSED, false },
		{ JOURNAL_RESUMED, NULL, STATE_CUT_OFF, false },
		{ JOURNAL_END, "repaired", STATE_DONE, true },
		{ JOURNAL_UNDO, NULL, STATE_CUT_OFF, false },
		{ JOURNAL_END, "undone", STATE_UNDONE, true },
	};
	struct place *place = *state;
	struct journal *journal = journal_of(place);

	assert_int_equal(journal_state(journal), STATE_CUT_OFF);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		json_t *fields = rows[i].result ? json_pack("{s:s}", "result", rows[i].result)
						: json_object();

		assert_int_equal(journal_add(journal, rows[i].kind, fields, true, &place->err), 0);
		assert_int_equal(journal_state(journal), rows[i].expected);
		assert_int_equal(journal_finished(journal), rows[i].finished);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_made_by_another_program_are_read),
		cmocka_unit_test_setup_teardown(what_is_written_is_read_again, place_make,
			place_free),
		cmocka_unit_test_setup_teardown(waiting_entries_come_with_the_next_lasting_one,
			place_make, place_free),
		cmocka_unit_test_setup_teardown(a_line_torn_anywhere_is_ignored_and_replaced,
			place_make, place_free),
		cmocka_unit_test_setup_teardown(a_line_torn_into_zeros_is_ignored, place_make,
			place_free),
		cmocka_unit_test_setup_teardown(every_changed_byte_is_damage, place_make,
			place_free),
		cmocka_unit_test_setup_teardown(zeros_before_a_whole_line_are_damage, place_make,
			place_free),
		cmocka_unit_test_setup_teardown(a_missing_line_is_damage, place_make, place_free),
		cmocka_unit_test_setup_teardown(without_room_nothing_is_recorded, place_make,
			place_free),
		cmocka_unit_test_setup_teardown(the_state_of_a_run_follows_its_entries, place_make,
			place_free),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
