/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/regdata.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/support.h"

/* Data out of a literal whose own NUL does not count. */
#define DATA(type, bytes) \
	&(const struct reg_data) \
	{ \
		type, (uint8_t *)(uintptr_t)(bytes), sizeof(bytes) - 1 \
	}

static void assert_data(const struct reg_data *got, const struct reg_data *wanted)
{
	assert_non_null(got);
	assert_int_equal(got->type, wanted->type);
	assert_int_equal(got->len, wanted->len);
	if (wanted->len)
		assert_memory_equal(got->bytes, wanted->bytes, wanted->len);
	assert_true(regdata_equal(got, wanted));
}

static void types_have_names(void **state)
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
		{ 0, "REG_NONE" },
		{ 1, "REG_SZ" },
		{ 2, "REG_EXPAND_SZ" },
		{ 3, "REG_BINARY" },
		{ 4, "REG_DWORD" },
		{ 5, "REG_DWORD_BE" },
		{ 6, "REG_LINK" },
		{ 7, "REG_MULTI_SZ" },
		{ 8, "REG_RESOURCE_LIST" },
		{ 9, "REG_FULL_RESOURCE_DESCRIPTOR" },
		{ 10, "REG_RESOURCE_REQUIREMENTS_LIST" },
		{ 11, "REG_QWORD" },
		{ 12, "type 0xc" },
		{ 0x1234, "type 0x1234" },
		{ 0xffffffff, "type 0xffffffff" },
	};
	static const char *const bad[] = { "", "reg_sz", "REG_SZ ", "REG_", "type", "type 0x",
		"type 0xg", "type 12", "type 0x123456789", "type 0X1" };
	uint32_t type;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(regdata_type_name(*state, rows[i].type), rows[i].name);
		assert_true(regdata_type_parse(rows[i].name, &type));
		assert_int_equal(type, rows[i].type);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(regdata_type_parse(bad[i], &type));
}

static void data_compares_by_all_of_it(void **state)
{
	(void)state;
	assert_true(regdata_equal(DATA(REG_SZ, "a\0\0\0"), DATA(REG_SZ, "a\0\0\0")));
	assert_false(regdata_equal(DATA(REG_SZ, "a\0\0\0"), DATA(REG_EXPAND_SZ, "a\0\0\0")));
	assert_false(regdata_equal(DATA(REG_SZ, "a\0\0\0"), DATA(REG_SZ, "a\0")));
	assert_false(regdata_equal(DATA(REG_SZ, "a\0\0\0"), DATA(REG_SZ, "A\0\0\0")));
	assert_true(regdata_equal(&(struct reg_data){ REG_NONE, NULL, 0 }, DATA(REG_NONE, "")));
}

static void copies_are_deep(void **state)
{
	uint8_t bytes[] = { 1, 2, 3 };
	struct reg_data data = { 77, bytes, sizeof bytes };
	struct reg_data *copy = regdata_copy(*state, &data), *empty;

	bytes[0] = 9;
	assert_data(copy, DATA(77, "\1\2\3"));
	assert_ptr_equal(talloc_parent(copy), *state);
	empty = regdata_copy(*state, &(struct reg_data){ REG_NONE, NULL, 0 });
	assert_data(empty, DATA(REG_NONE, ""));
}

struct string_row {
	const struct reg_data *data;
	const char *text;
	const struct reg_data *after; /* with "E:" in its place */
};

static void strings_keep_their_ending(void **state)
{
	const struct string_row rows[] = {
		{ DATA(REG_SZ, "C\0:\0\0\0"), "C:", DATA(REG_SZ, "E\0:\0\0\0") },
		{ DATA(REG_EXPAND_SZ, "C\0:\0\0\0"), "C:", DATA(REG_EXPAND_SZ, "E\0:\0\0\0") },
		{ DATA(REG_SZ, "C\0:\0"), "C:", DATA(REG_SZ, "E\0:\0") }, /* Q279158: no NUL */
		{ DATA(REG_SZ, "x\0\0\0\0\0"), "x", DATA(REG_SZ, "E\0:\0\0\0\0\0") }, /* two */
		{ DATA(REG_SZ, "x\0\0\0o\0l\0d\0"), "x",
			DATA(REG_SZ, "E\0:\0\0\0o\0l\0d\0") }, /* what stood there before */
		/* half a character */
		{ DATA(REG_SZ, "x\0\0\0\7"), "x", DATA(REG_SZ, "E\0:\0\0\0\7") },
		{ DATA(REG_SZ, "x\0\0"), "x", DATA(REG_SZ, "E\0:\0\0") }, /* half a NUL */
		{ DATA(REG_SZ, "x\0y"), "x", DATA(REG_SZ, "E\0:\0y") },
		{ DATA(REG_SZ, "\0\0"), "", DATA(REG_SZ, "E\0:\0\0\0") },
		{ DATA(REG_SZ, ""), "", DATA(REG_SZ, "E\0:\0") },
		{ DATA(REG_SZ, "\1"), "", DATA(REG_SZ, "E\0:\0\1") },
		{ DATA(REG_SZ, "\0\xd8\0\0"), "\xed\xa0\x80", DATA(REG_SZ, "E\0:\0\0\0") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_string_equal(regdata_string(*state, rows[i].data), rows[i].text);
		assert_data(regdata_with_string(*state, rows[i].data, "E:"), rows[i].after);
		assert_data(regdata_with_string(*state, rows[i].data, rows[i].text), rows[i].data);
	}
}

static void other_types_are_no_string(void **state)
{
	for (uint32_t type = 0; type < 16; type++) {
		if (type == REG_SZ || type == REG_EXPAND_SZ)
			continue;
		assert_null(regdata_string(*state, DATA(type, "a\0\0\0")));
		assert_null(regdata_with_string(*state, DATA(type, "a\0\0\0"), "b"));
		assert_null(regdata_from_string(*state, type, "b"));
	}
	assert_null(regdata_with_string(*state, DATA(REG_SZ, "a\0\0\0"),
		"a\xc0\x80"
		"b"));
	assert_null(regdata_with_string(*state, DATA(REG_SZ, "a\0\0\0"), "\xff"));
}

static void fresh_data(void **state)
{
	uint32_t value;

	assert_data(regdata_from_string(*state, REG_EXPAND_SZ, "a\xc3\xa9"),
		DATA(REG_EXPAND_SZ, "a\0\xe9\0\0\0"));
	assert_data(regdata_from_string(*state, REG_SZ, ""), DATA(REG_SZ, "\0\0"));
	assert_data(regdata_from_dword(*state, 0x01020384), DATA(REG_DWORD, "\x84\3\2\1"));
	assert_true(regdata_dword(DATA(REG_DWORD, "\x84\3\2\1"), &value));
	assert_int_equal(value, 0x01020384);
	assert_true(regdata_dword(DATA(REG_DWORD_BE, "\xf4\3\2\1"), &value));
	assert_int_equal(value, 0xf4030201);
	assert_false(regdata_dword(DATA(REG_DWORD, "\4\3\2"), &value));
	assert_false(regdata_dword(DATA(REG_DWORD, "\4\3\2\1\0"), &value));
	assert_false(regdata_dword(DATA(REG_BINARY, "\4\3\2\1"), &value));
}

struct list_row {
	const struct reg_data *data;
	size_t count;
	const char *strings[3];
	const struct reg_data *after; /* "x", "yz" with its ending */
};

static void lists_keep_their_ending(void **state)
{
	const struct list_row rows[] = {
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0c\0\0\0\0\0"), 2, { "a", "bc" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0\0\0"), 2, { "a", "b" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0"), 2, { "a", "b" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0\0"), 2, { "a", "b" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0\0\0o\0\0\0"), 1, { "a" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0o\0\0\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0\0\0\7"), 1, { "a" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0\7") },
		{ DATA(REG_MULTI_SZ, "a\0"), 1, { "a" }, DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0") },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0c\0\0\0d\0\0\0\0\0"), 3, { "a", "bc", "d" },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0") },
		{ DATA(REG_MULTI_SZ, ""), 0, { NULL },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0") },
		{ DATA(REG_MULTI_SZ, "\0\0"), 0, { NULL },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0") },
		{ DATA(REG_MULTI_SZ, "\1"), 0, { NULL },
			DATA(REG_MULTI_SZ, "x\0\0\0y\0z\0\0\0\0\0") },
	};
	char *const wanted[] = { (char[]){ "x" }, (char[]){ "yz" } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t count = 99;
		char **strings = regdata_strings(*state, rows[i].data, &count);
		assert_non_null(strings);
		assert_int_equal(count, rows[i].count);
		for (size_t j = 0; j < count; j++)
			assert_string_equal(strings[j], rows[i].strings[j]);
		assert_data(regdata_with_strings(*state, rows[i].data, wanted, 2), rows[i].after);
		if (count)
			assert_data(regdata_with_strings(*state, rows[i].data, strings, count),
				rows[i].data);
	}
}

static void lists_that_cannot_be(void **state)
{
	char *const hole[] = { (char[]){ "a" }, (char[]){ "" } };
	char *const nul[] = { (char[]){ "a\xc0\x80" } };
	size_t count;

	assert_null(regdata_strings(*state, DATA(REG_SZ, "a\0\0\0"), &count));
	assert_int_equal(count, 0);
	assert_null(regdata_with_strings(*state, DATA(REG_SZ, "a\0\0\0"), hole, 1));
	assert_null(regdata_from_strings(*state, hole, 2));
	assert_null(regdata_from_strings(*state, nul, 1));
	assert_data(regdata_from_strings(*state, hole, 1), DATA(REG_MULTI_SZ, "a\0\0\0\0\0"));
	assert_data(regdata_from_strings(*state, NULL, 0), DATA(REG_MULTI_SZ, "\0\0\0\0"));
}

static void data_for_eyes(void **state)
{
	const struct {
		const struct reg_data *data;
		size_t limit;
		const char *text;
	} rows[] = {
		{ DATA(REG_SZ, "C\0:\0\\\0\0\0"), 1, "C:\\" },
		{ DATA(REG_EXPAND_SZ, "a\0"), 99, "a" },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0c\0\0\0\0\0"), 1, "a | bc" },
		{ DATA(REG_MULTI_SZ, ""), 99, "" },
		{ DATA(REG_DWORD, "\x90\x09\0\0"), 1, "0x00000990 (2448)" },
		{ DATA(REG_DWORD, "\xff\xff\xff\xff"), 1, "0xffffffff (4294967295)" },
		{ DATA(REG_DWORD_BE, "\0\0\x09\x90"), 1, "0x00000990 (2448)" },
		{ DATA(REG_DWORD, "\1\2"), 99, "01 02" },
		{ DATA(REG_BINARY, "\x01\xab\xff"), 3, "01 ab ff" },
		{ DATA(REG_BINARY, "\x01\xab\xff"), 2, "01 ab..." },
		{ DATA(REG_BINARY, "\x01"), 0, "..." },
		{ DATA(REG_BINARY, ""), 9, "" },
		{ DATA(0x1234, "\x0a"), 9, "0a" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_string_equal(regdata_text(*state, rows[i].data, rows[i].limit),
			rows[i].text);
}

/* Any bytes: what was read and is written back changes not one bit. */
static void random_data_survives(void **state)
{
	uint64_t random = 3;
	uint8_t bytes[24];

	for (int run = 0; run < 30000; run++) {
		TALLOC_CTX *mem = talloc_new(*state);
		struct reg_data data = { REG_SZ, bytes,
			support_random(&random) % (sizeof bytes + 1) };
		size_t count;
		for (size_t i = 0; i < data.len; i++)
			bytes[i] = (uint8_t)(support_random(&random) % 3 ? 0
									 : support_random(&random));
		assert_data(regdata_with_string(mem, &data, regdata_string(mem, &data)), &data);
		data.type = REG_MULTI_SZ;
		char **strings = regdata_strings(mem, &data, &count);
		if (count)
			assert_data(regdata_with_strings(mem, &data, strings, count), &data);
		talloc_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(data_compares_by_all_of_it),
		cmocka_unit_test(copies_are_deep),
		cmocka_unit_test(strings_keep_their_ending),
		cmocka_unit_test(other_types_are_no_string),
		cmocka_unit_test(fresh_data),
		cmocka_unit_test(lists_keep_their_ending),
		cmocka_unit_test(lists_that_cannot_be),
		cmocka_unit_test(data_for_eyes),
		cmocka_unit_test(random_data_survives),
	};

	return cmocka_run_group_tests_name("regdata", tests, support_memory_new,
		support_memory_free);
}
