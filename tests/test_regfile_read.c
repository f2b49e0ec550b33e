/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading .reg files, damaged ones too, and what was written. */
#include "tests/regfile_read.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "tests/support.h"

#define DATA(type, bytes) \
	{ \
		type, (uint8_t *)(uintptr_t)(bytes), sizeof(bytes) - 1 \
	}
#define NAME(text) (char *)(uintptr_t)(text)
#define HEAD_4 "REGEDIT4\r\n\r\n"
#define HEAD_5 "Windows Registry Editor Version 5.00\r\n\r\n"

static struct regfile *read_ok(TALLOC_CTX *mem, const void *bytes, size_t len)
{
	struct regfile *file;
	struct error err = { 0 };

	if (regfile_read(mem, bytes, len, &file, &err))
		fail_msg("%s", err.text);
	return file;
}

static void assert_value(const struct reg_value *value, const char *name, struct reg_data data)
{
	assert_string_equal(value->name, name);
	assert_true(regdata_equal(&value->data, &data));
}

/* Shapes out of the articles: Q294696 (hex(2)), Q165318 (hex(7)), a comment, a default value, odd
 * spacing. */
static void files_of_nt4_are_read(void **state)
{
	static const char text[] =
		"REGEDIT4\r\n\r\n; a comment\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n@=\"caf\xe9 \x80\"\r\n"
		"\"ImagePath\"=hex(2):43,3a,\\\r\n  5c,65,\\\r\n\t00\r\n"
		"\"Multi\"=HEX(7):73,33,00,00\r\n \"d\" = DWORD:990 ; why\r\n"
		"\"b\"=hex:1,fF\r\n\"e\"=hex:\n\"s\"=\"a\\\\b\\\"c]\"\r\n[HKEY\\a]b]";
	struct regfile *file = read_ok(*state, text, sizeof text - 1);
	struct reg_value *values = file->keys[0].values;

	assert_int_equal(file->version, REGFILE_4);
	assert_int_equal(file->count, 2);
	assert_string_equal(file->keys[0].path, "HKEY_LOCAL_MACHINE\\SYSTEM");
	assert_int_equal(file->keys[0].count, 7);
	assert_value(&values[0], "",
		(struct reg_data)DATA(REG_SZ, "c\0a\0f\0\xe9\0 \0\xac\x20\0\0"));
	assert_value(&values[1], "ImagePath",
		(struct reg_data)DATA(REG_EXPAND_SZ, "C\0:\0\\\0e\0\0\0"));
	assert_value(&values[2], "Multi",
		(struct reg_data)DATA(REG_MULTI_SZ,
			"s\0"
			"3\0\0\0\0\0"));
	assert_value(&values[3], "d", (struct reg_data)DATA(REG_DWORD, "\x90\x09\0\0"));
	assert_value(&values[4], "b", (struct reg_data)DATA(REG_BINARY, "\1\xff"));
	assert_value(&values[5], "e", (struct reg_data)DATA(REG_BINARY, ""));
	assert_value(&values[6], "s", (struct reg_data)DATA(REG_SZ, "a\0\\\0b\0\"\0c\0]\0\0\0"));
	assert_string_equal(file->keys[1].path, "HKEY\\a]b");
	assert_int_equal(file->keys[1].count, 0);
}

static void files_of_2000_are_read(void **state)
{
	const char *text =
		"\xef\xbb\xbf" HEAD_5
		"[K\xe4\xb8\xad]\r\n\"\xf0\x9f\x98\x80\"=hex(2):2d,4e,\\\r\n  00,00\r\n\"s\"=\"\xe2\x82\xac\"\r\n";
	size_t len;
	uint8_t *bytes = text_to_utf16(*state, text, &len);
	struct regfile *file = read_ok(*state, bytes, len);

	assert_int_equal(file->version, REGFILE_5);
	assert_string_equal(file->keys[0].path, "K\xe4\xb8\xad");
	assert_value(&file->keys[0].values[0], "\xf0\x9f\x98\x80",
		(struct reg_data)DATA(REG_EXPAND_SZ, "\x2d\x4e\0\0"));
	assert_value(&file->keys[0].values[1], "s", (struct reg_data)DATA(REG_SZ, "\xac\x20\0\0"));
}

/* All 256 bytes of code page 1252, judged by the C library's table of it; the five it leaves open
 * are controls to Windows. */
static void the_code_page_is_windows_own(void **state)
{
	struct regfile *file;
	uint8_t *back;
	size_t back_len;
	iconv_t judge = iconv_open("UTF-16LE", "CP1252");

	if (judge == (iconv_t)-1)
		support_skip("the C library has no code page 1252");
	for (unsigned byte = 0; byte < 256; byte++) {
		char in = (char)byte, out[2] = { in, 0 }, *from = &in, *to = out;
		size_t in_left = 1, out_left = 2;
		char *text =
			talloc_asprintf(*state, HEAD_4 "[K]\r\n\"v\"=hex(2):%02x\r\n\r\n", byte);
		(void)iconv(judge, &from, &in_left, &to, &out_left);
		file = read_ok(*state, text, strlen(text));
		assert_int_equal(file->keys[0].values[0].data.len, 2);
		assert_memory_equal(file->keys[0].values[0].data.bytes, out, 2);
		assert_int_equal(regfile_write(*state, file, &back, &back_len, NULL), 0);
		assert_int_equal(back_len, strlen(text));
		assert_memory_equal(back, text, back_len);
	}
	iconv_close(judge);
}

static void malformed_files_name_their_line(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} rows[] = {
		{ "", 1 },
		{ "REGEDIT", 1 },
		{ "REGEDIT5\r\n", 1 },
		{ "Windows Registry Editor Version 5.00\r\n", 1 },
		{ "\r\nREGEDIT4\r\n", 1 },
		{ "REGEDIT4\r\n\"a\"=\"b\"\r\n", 2 },
		{ "REGEDIT4\n\n[K\n", 3 },
		{ "REGEDIT4\n\n[]\n", 3 },
		{ "REGEDIT4\n\n[-]\n", 3 },
		{ "REGEDIT4\n[K] x\n", 2 },
		{ "REGEDIT4\n[K\rL]\n", 2 },
		{ "REGEDIT4\n[--K]\n", 2 },
		{ "REGEDIT4\n[K]\n\"a\rb\"=\"c\"\n", 3 },
		{ "REGEDIT4\n[K]\nx\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"\n", 3 },
		{ "REGEDIT4\n[K]\n\"a=\"b\"\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=\"b\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=\"b\" c\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=\"C:\\x\"\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=\"b\\", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=dword:\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=dword:123456789\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=dword:12x\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:0g\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:001\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:00,\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:00,\\", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:00,\\\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:00,\\\n[L]\n", 4 },
		{ "REGEDIT4\n[K]\n\"a\"=hex:00 01\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex(:00\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex(2:00\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=hex(123456789):00\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=-x\n", 3 },
		{ "REGEDIT4\n[K]\n\"a\"=-\n", 3 },
		{ "REGEDIT4\n[-K]\n", 2 },
		{ "REGEDIT4\n[K]\n\"a\"=\n", 3 },
		{ "REGEDIT4\n[K]\n=\"b\"\n", 3 },
		{ "REGEDIT4\n[K]\n@\n", 3 },
	};
	struct regfile *file;
	struct error err;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int ret = regfile_read(*state, (const uint8_t *)rows[i].text, strlen(rows[i].text),
			&file, &err);
		if (ret != -TROUBLE_RECORD_DAMAGED)
			fail_msg("taken: %s", rows[i].text);
		assert_null(file);
		if (!strstr(err.text, talloc_asprintf(*state, "ine %zu ", rows[i].line)))
			fail_msg("%s: %s", rows[i].text, err.text);
	}
	assert_int_equal(regfile_read(*state, (const uint8_t *)"REGEDIT4\n[K]\n\"a\"=\"\0\"\n", 22,
				 &file, &err),
		-TROUBLE_RECORD_DAMAGED);
	assert_int_equal(regfile_read(*state,
				 (const uint8_t *)"\xff\xfe"
						  "a",
				 3, &file, &err),
		-TROUBLE_RECORD_DAMAGED);
	assert_int_equal(regfile_read(*state, (const uint8_t *)"\xff\xfe", 2, &file, &err),
		-TROUBLE_RECORD_DAMAGED);
	assert_int_equal(regfile_read(*state, NULL, 0, &file, NULL), -TROUBLE_RECORD_DAMAGED);
}

static void assert_same(const struct regfile *a, const struct regfile *b)
{
	assert_int_equal(a->version, b->version);
	assert_int_equal(a->count, b->count);
	for (size_t k = 0; k < a->count; k++) {
		assert_string_equal(a->keys[k].path, b->keys[k].path);
		assert_int_equal(a->keys[k].count, b->keys[k].count);
		for (size_t v = 0; v < a->keys[k].count; v++) {
			assert_string_equal(a->keys[k].values[v].name, b->keys[k].values[v].name);
			assert_true(regdata_equal(&a->keys[k].values[v].data,
				&b->keys[k].values[v].data));
		}
	}
}

/* A value of any type and any bytes; those of text made of characters that code page 1252 has,
 * where four is asked for. */
static struct reg_value random_value(TALLOC_CTX *mem, uint64_t *random, bool four)
{
	struct reg_value value = {
		talloc_asprintf(mem, "\"v\\%x", (unsigned)support_random(random) % 999), { 0 }
	};
	bool text;

	value.data.type = support_random(random) % 14;
	text = value.data.type == REG_SZ || value.data.type == REG_EXPAND_SZ ||
		value.data.type == REG_MULTI_SZ;
	value.data.len = support_random(random) % 90;
	value.data.bytes = talloc_zero_size(mem, value.data.len + 2);
	if (text && four)
		value.data.len &= ~(size_t)1;
	for (size_t i = 0; i < value.data.len; i += text && four ? 2 : 1)
		value.data.bytes[i] =
			(uint8_t)(support_random(random) % (text && four ? 0x80 : 256));
	if (text && support_random(random) % 2 && value.data.len >= 2)
		memset(value.data.bytes + value.data.len - 2, 0, 2);
	return value;
}

static void files_come_back(void **state)
{
	uint64_t random = 5;

	for (int run = 0; run < 4000; run++) {
		TALLOC_CTX *mem = talloc_new(*state);
		struct reg_value values[8];
		struct regfile_key keys[2] = { { NAME("HKEY\\one"), values, 5 },
			{ NAME("HKEY\\two]"), values + 5, 3 } };
		struct regfile file = { run % 2 ? REGFILE_4 : REGFILE_5, keys, 2 };
		uint8_t *bytes, *again;
		size_t len, again_len;
		for (size_t i = 0; i < 8; i++)
			values[i] = random_value(mem, &random, run % 2);
		assert_int_equal(regfile_write(mem, &file, &bytes, &len, NULL), 0);
		struct regfile *back = read_ok(mem, bytes, len);
		assert_same(back, &file);
		assert_int_equal(regfile_write(mem, back, &again, &again_len, NULL), 0);
		assert_int_equal(again_len, len);
		assert_memory_equal(again, bytes, len);
		talloc_free(mem);
	}
}

/* A megabyte in one line must not take minutes. */
static void long_lines_are_read_once(void **state)
{
	size_t count = 1 << 20;
	char *text = talloc_size(*state, count * 3 + 64),
	     *end = stpcpy(text, "REGEDIT4\n[K]\n\"a\"=hex:00");

	for (size_t i = 1; i < count; i++)
		end = stpcpy(end, ",00");
	struct regfile *file = read_ok(*state, text, (size_t)(end - text));
	assert_int_equal(file->keys[0].values[0].data.len, count);
}

/* A whole hive in a foreign program's words: all 1100 keys and 2383 values that every reader counts
 * in it, and back once more. */
static void we_read_a_foreign_program(void **state)
{
	char *hives = support_hives(*state), *output;
	size_t len, again_len, values = 0;
	uint8_t *bytes, *again;

	if (!hives || !support_have("hivexregedit"))
		support_skip("the foreign hives or hivexregedit are not there");
	const char *hive_path = talloc_asprintf(*state, "%s/qthivex/SYSTEM", hives);
	assert_int_equal(support_run(*state,
				 (const char *[]){ "hivexregedit", "--export", hive_path, "\\",
					 NULL },
				 NULL, &output),
		0);
	bytes = text_to_utf16(*state, talloc_asprintf(*state, "\xef\xbb\xbf%s", output), &len);
	assert_non_null(bytes);
	struct regfile *file = read_ok(*state, bytes, len);
	assert_int_equal(file->count, 1100);
	for (size_t i = 0; i < file->count; i++)
		values += file->keys[i].count;
	assert_int_equal(values, 2383);
	assert_int_equal(regfile_write(*state, file, &again, &again_len, NULL), 0);
	assert_same(read_ok(*state, again, again_len), file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_nt4_are_read),
		cmocka_unit_test(files_of_2000_are_read),
		cmocka_unit_test(the_code_page_is_windows_own),
		cmocka_unit_test(malformed_files_name_their_line),
		cmocka_unit_test(files_come_back),
		cmocka_unit_test(long_lines_are_read_once),
		cmocka_unit_test(we_read_a_foreign_program),
	};

	return cmocka_run_group_tests_name("regfile_read", tests, support_memory_new,
		support_memory_free);
}
