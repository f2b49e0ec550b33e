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

static void attesting_needs_who_where_and_what(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];
	struct error err = { 0 };

	(void)state;
	assert_int_equal(evidence_attest(list->rows, row, true, "", "PROBE", "the message came", 1,
				 &err),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmith", " ", "the message came",
				 1, &err),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmith", "PROBE", "saw it", 1,
				 &err),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmith", "PROBE",
				 "a b c d e f g h i", 1, &err),
		-TROUBLE_USAGE);
	/* a key held down */
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmithy", "yyyyyy",
				 "yyyyyyyyyyyyyyyyyyyyyyyy", 1, &err),
		-TROUBLE_USAGE);
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmithy", "yyyyyy",
				 "y y y yyyyyy yyy yyyy nn nn", 1, &err),
		-TROUBLE_USAGE);
	assert_int_equal(row->grade, MAIL_NOT_TESTED);
	assert_int_equal(evidence_attest(list->rows, row, true, "jsmith", "PROBE", "subject read",
				 1, &err),
		0);
	assert_int_equal(row->grade, MAIL_ATTESTED);
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

static void a_word_never_replaces_what_was_verified(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct error err = { 0 };

	(void)state;
	list->rows[0].grade = MAIL_VERIFIED;
	assert_int_equal(evidence_attest(list->rows, &list->rows[0], false, "jsmith", "PROBE",
				 "it did not come", 1, &err),
		-TROUBLE_CANNOT);
	assert_int_equal(list->rows[0].grade, MAIL_VERIFIED);
	talloc_free(mem);
}

static void words_never_say_more_than_was_seen(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence *row = &list->rows[0];
	char *text;

	(void)state;
	assert_int_equal(evidence_attest(list->rows, row, true, "j\033[2Jsmith", "PROBE",
				 "subject read there", 943265520, NULL),
		0);
	text = evidence_text(mem, row);
	assert_null(strchr(text, '\033'));
	assert_memory_equal(text, "ATTESTED by ", 12);
	assert_null(strstr(text, "VERIFIED"));
	assert_non_null(strstr(text, "1999-11-22T10:12:00Z"));
	row->simulated = true;
	assert_memory_equal(evidence_text(mem, row), "SIMULATED: ATTESTED", 19);
	talloc_free(mem);
}

static void survives_the_journal(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct evidence_list *list = make(mem);
	struct evidence back;
	json_t *json;

	(void)state;
	assert_int_equal(evidence_attest(list->rows, &list->rows[1], false, "jsmith", "PROBE",
				 "waited an hour", 7, NULL),
		0);
	json = evidence_json(&list->rows[1]);
	assert_int_equal(evidence_parse(mem, json, &back, NULL), 0);
	assert_string_equal(back.pcmta, "MTA to Vancouver PO");
	assert_int_equal(back.direction, MAIL_TO_EXCHANGE);
	assert_int_equal(back.grade, MAIL_FAILED);
	assert_string_equal(back.token, list->rows[1].token);
	assert_string_equal(back.seen, "waited an hour");
	assert_int_equal(back.at, 7);
	assert_false(back.simulated);
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
		cmocka_unit_test(a_word_never_replaces_what_was_verified),
		cmocka_unit_test(words_never_say_more_than_was_seen),
		cmocka_unit_test(survives_the_journal),
		cmocka_unit_test(the_longest_name_comes_back),
		cmocka_unit_test(a_damaged_record_is_refused),
	};

	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
