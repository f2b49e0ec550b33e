/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support.h"

static const char *member(const json_t *json, const char *name)
{
	const char *text = json_string_value(json_object_get(json, name));

	assert_non_null(text);
	return text;
}

/* Right is what is nobody's move, or was kept by a named person; the backup, mail and the old
 * folder are not judged. */
static void what_counts_as_right(void **state)
{
	static const struct {
		enum finding_kind kind;
		int step;
		enum finding_move move;
		const char *kept_by;
		bool open;
	} rows[] = {
		{ KIND_FILE, 2, MOVE_NONE, NULL, false },
		{ KIND_FILE, 2, MOVE_PROGRAM, NULL, true },
		{ KIND_FILE, 2, MOVE_PROGRAM, "A. Miller", false },
		{ KIND_VALUE, 3, MOVE_PERSON, NULL, true },
		{ KIND_VALUE, 3, MOVE_PERSON, "A. Miller", false },
		{ KIND_VALUE, 3, MOVE_UNKNOWN, NULL, true },
		{ KIND_SHARE, 4, MOVE_PERSON, NULL, true },
		{ KIND_BACKUP, 1, MOVE_PROGRAM, NULL, false },
		{ KIND_SERVICE, 5, MOVE_PERSON, NULL, false },
		{ KIND_OLDFOLDER, 6, MOVE_UNKNOWN, NULL, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct finding row = { .kind = rows[i].kind,
			.step = rows[i].step,
			.move = rows[i].move,
			.kept_by = rows[i].kept_by };
		if (finding_is_open(&row) != rows[i].open)
			fail_msg("row %zu", i);
	}
}

static void a_value_there_and_back(void **state)
{
	/* "E:" without a final NUL, and a lone surrogate that JSON could not hold. */
	uint8_t bytes[] = { 'E', 0, ':', 0, 0x00, 0xd8 };
	struct reg_data data = { .type = REG_EXPAND_SZ, .bytes = bytes, .len = sizeof(bytes) };
	struct side side = { .value = { .key = (char *)"SYSTEM\\A\x01"
						       "B",
				     .name = (char *)"Image/Path",
				     .data = &data } },
		    back;
	json_t *json = finding_side_json(KIND_VALUE, &side);
	struct error err;

	assert_string_equal(member(json, "type"), "REG_EXPAND_SZ");
	assert_string_equal(member(json, "hex"), "45003a0000d8");
	assert_string_equal(member(json, "text"), "E:\\ud800");
	assert_int_equal(finding_side_parse(*state, KIND_VALUE, json, &back, &err), 0);
	assert_true(finding_side_equal(KIND_VALUE, &side, &back));
	assert_string_equal(back.value.key, side.value.key);
	assert_string_equal(back.value.name, side.value.name);
	back.value.data->bytes[0] = 'C';
	assert_false(finding_side_equal(KIND_VALUE, &side, &back));
	json_decref(json);
}

static void a_file_there_and_back(void **state)
{
	struct side side = { .file = { .present = true,
				     .size = 3,
				     .mtime = INT64_C(125657052671234567),
				     .has_version = true,
				     .version = { { 5, 5, 2448, 8 } } } },
		    back;
	json_t *json;
	struct error err;

	side.file.digest = digest_of("abc", 3);
	json = finding_side_json(KIND_FILE, &side);
	assert_int_equal(json_integer_value(json_object_get(json, "size")), 3);
	assert_string_equal(member(json, "sha256"),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_string_equal(member(json, "version"), "5.5.2448.8");
	assert_string_equal(member(json, "mtime"), "1999-03-12T09:41:07.1234567Z");
	assert_int_equal(finding_side_parse(*state, KIND_FILE, json, &back, &err), 0);
	assert_true(finding_side_equal(KIND_FILE, &side, &back));
	assert_int_equal(back.file.mtime, side.file.mtime);
	assert_int_equal(back.file.version.part[2], 2448);
	back.file.digest.bytes[31] ^= 1;
	assert_false(finding_side_equal(KIND_FILE, &side, &back));
	json_decref(json);
}

static void a_share_there_and_back(void **state)
{
	char *strings[] = { (char *)"Path=E:\\x", (char *)"Type=0" };
	struct side side = { .share = { .path = (char *)"E:\\x",
				     .remark = (char *)"50% /x",
				     .open_to_all = true } },
		    back;
	uint8_t bytes[20] = { 1, 0, 4, 0x80 };
	struct reg_data descriptor = { REG_BINARY, bytes, sizeof bytes };
	struct error err;
	json_t *json;

	side.share.definition = regdata_from_strings(*state, strings, 2);
	json = finding_side_json(KIND_SHARE, &side);
	assert_string_equal(member(json, "type"), "REG_MULTI_SZ");
	assert_int_equal(finding_side_parse(*state, KIND_SHARE, json, &back, &err), 0);
	assert_true(finding_side_equal(KIND_SHARE, &side, &back));
	assert_string_equal(back.share.remark, "50% /x");
	assert_true(back.share.open_to_all);
	assert_null(back.share.security);
	json_decref(json);
	side.share.security = &descriptor;
	json = finding_side_json(KIND_SHARE, &side);
	assert_int_equal(finding_side_parse(*state, KIND_SHARE, json, &back, &err), 0);
	assert_true(finding_side_equal(KIND_SHARE, &side, &back));
	bytes[3] = 0;
	assert_false(finding_side_equal(KIND_SHARE, &side, &back));
	json_object_set_new(json_object_get(json, "security"), "hex", json_string("0100040000"));
	assert_int_equal(finding_side_parse(*state, KIND_SHARE, json, &back, &err),
		-TROUBLE_RECORD_DAMAGED);
	side.share.security = back.share.security = NULL;
	back.share.definition = NULL;
	assert_false(finding_side_equal(KIND_SHARE, &side, &back));
	json_decref(json);
}

static void nothing_is_null(void **state)
{
	static const enum finding_kind kinds[] = { KIND_FILE, KIND_VALUE, KIND_SHARE, KIND_BACKUP,
		KIND_SERVICE, KIND_OLDFOLDER };
	struct side side = { 0 }, back;
	struct error err;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		json_t *json = finding_side_json(kinds[i], &side);
		assert_true(json_is_null(json));
		assert_int_equal(finding_side_parse(*state, kinds[i], json, &back, &err), 0);
		assert_true(finding_side_equal(kinds[i], &side, &back));
		json_decref(json);
	}
}

static void damaged_sides(void **state)
{
	static const struct {
		enum finding_kind kind;
		const char *json;
	} rows[] = {
		{ KIND_VALUE, "[]" },
		{ KIND_VALUE, "{}" },
		{ KIND_VALUE, "{\"type\":\"REG_SZ\"}" },
		{ KIND_VALUE, "{\"type\":\"REG_SZ\",\"hex\":\"4\"}" },
		{ KIND_VALUE, "{\"type\":\"REG_WHAT\",\"hex\":\"41\"}" },
		{ KIND_VALUE, "{\"type\":\"REG_SZ\",\"hex\":\"41\",\"key\":\"%zz\"}" },
		{ KIND_VALUE, "{\"type\":\"REG_SZ\",\"hex\":\"41\",\"key\":7}" },
		{ KIND_FILE, "{\"size\":-1}" },
		{ KIND_FILE, "{\"size\":1,\"sha256\":\"00\"}" },
		{ KIND_FILE,
			"{\"size\":0,\"mtime\":\"1999-03-12T09:41:07Z\",\"version\":null,"
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85\"}" },
		{ KIND_FILE,
			"{\"size\":0,\"mtime\":\"1999-02-31T09:41:07Z\",\"version\":null,"
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}" },
		{ KIND_FILE,
			"{\"size\":0,\"mtime\":\"1999-03-12T09:41:07Z\",\"version\":\"5.5\","
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}" },
		{ KIND_FILE,
			"{\"size\":0,\"mtime\":\"1999-03-12T09:41:07.5Z\",\"version\":null,"
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}" },
		{ KIND_FILE,
			"{\"size\":0,\"mtime\":\"30828-09-14T02:48:06Z\",\"version\":null,"
			"\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}" },
		{ KIND_SHARE, "{\"remark\":\"x\",\"open_to_all\":true}" },
		{ KIND_SHARE, "{\"path\":\"x\"}" },
		{ KIND_BACKUP, "{}" },
		{ KIND_SERVICE, "{\"size\":1}" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *json = json_loads(rows[i].json, 0, NULL);
		struct side side;
		struct error err = { 0 };
		assert_non_null(json);
		assert_int_equal(finding_side_parse(*state, rows[i].kind, json, &side, &err),
			-TROUBLE_RECORD_DAMAGED);
		assert_true(*err.text);
		json_decref(json);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_counts_as_right),
		SUPPORT_TEST(a_value_there_and_back),
		SUPPORT_TEST(a_file_there_and_back),
		SUPPORT_TEST(a_share_there_and_back),
		SUPPORT_TEST(nothing_is_null),
		SUPPORT_TEST(damaged_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
