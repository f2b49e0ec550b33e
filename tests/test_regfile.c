/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing .reg files, to the column where Windows breaks a line. */
#include "nt/regfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hivex.h>

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
#define MSMI "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\MSExchangeMSMI"

/* REG_SZ or another type of text with one NUL. */
static struct reg_data text_data(TALLOC_CTX *mem, uint32_t type, const char *text)
{
	struct reg_data *data =
		regdata_from_string(mem, type == REG_MULTI_SZ ? REG_SZ : type, text);

	data->type = type;
	return *data;
}

static const char *write_4(TALLOC_CTX *mem, const char *path, struct reg_value *values,
	size_t count)
{
	struct regfile_key key = { NAME(path), values, count };
	struct regfile file = { REGFILE_4, &key, 1 };
	uint8_t *bytes;
	size_t len;
	struct error err;

	assert_int_equal(regfile_write(mem, &file, &bytes, &len, &err), 0);
	return talloc_strndup(mem, (char *)bytes, len);
}

/* What a 5.00 file says, as text without its mark. */
static const char *write_5(TALLOC_CTX *mem, const char *path, struct reg_value *values,
	size_t count)
{
	struct regfile_key key = { NAME(path), values, count };
	struct regfile file = { REGFILE_5, &key, 1 };
	uint8_t *bytes;
	size_t len;
	struct error err;

	assert_int_equal(regfile_write(mem, &file, &bytes, &len, &err), 0);
	assert_true(len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe);
	return text_from_utf16(mem, bytes + 2, len - 2);
}

/* The worked example: rows 3 and 4, broken where Windows' own editor breaks a line (20 bytes after
 * 19 columns). */
static void the_worked_example(void **state)
{
	struct reg_value values[] = {
		{ NAME("ImagePath"),
			text_data(*state, REG_EXPAND_SZ,
				"E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe") },
		{ NAME("Library"),
			text_data(*state, REG_SZ,
				"E:\\exchsrvr\\connect\\msmcon\\bin\\mtperf.dll") },
	};

	assert_string_equal(write_4(*state, MSMI, values, 2),
		HEAD_4
		"[" MSMI "]\r\n"
		"\"ImagePath\"=hex(2):45,3a,5c,65,78,63,68,73,72,76,72,5c,63,6f,6e,6e,65,63,74,5c,\\\r\n"
		"  6d,73,6d,63,6f,6e,5c,62,69,6e,5c,6d,74,2e,65,78,65,00\r\n"
		"\"Library\"=\"E:\\\\exchsrvr\\\\connect\\\\msmcon\\\\bin\\\\mtperf.dll\"\r\n\r\n");
}

/* Where Windows' editor breaks lines: exports of well-known values, as people publish them. */
static void lines_break_as_windows_breaks_them(void **state)
{
	struct reg_value values[] = {
		{ NAME("ImagePath"),
			text_data(*state, REG_EXPAND_SZ,
				"%SystemRoot%\\System32\\svchost.exe -k netsvcs") },
		{ NAME("MinidumpDir"), text_data(*state, REG_EXPAND_SZ, "%SystemRoot%\\Minidump") },
		{ NAME("ResourceFileName"),
			text_data(*state, REG_EXPAND_SZ, "%SystemRoot%\\system32\\win32calc.exe") },
		{ NAME("MessageFileName"),
			text_data(*state, REG_EXPAND_SZ, "%SystemRoot%\\system32\\win32calc.exe") },
		{ NAME(""), text_data(*state, REG_EXPAND_SZ, "%SystemRoot%\\system32\\url.dll,0") },
		{ NAME("FailureActions"),
			DATA(REG_BINARY,
				"\x80\x51\1\0\0\0\0\0\0\0\0\0\3\0\0\0\x14\0\0\0\1\0\0\0\xc0\xd4\1\0\1\0\0\0"
				"\xe0\x93\4\0\0\0\0\0\0\0\0\0") },
	};

	assert_string_equal(write_5(*state, "K", values, 6),
		HEAD_5
		"[K]\r\n"
		"\"ImagePath\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,\\\r\n"
		"  74,00,25,00,5c,00,53,00,79,00,73,00,74,00,65,00,6d,00,33,00,32,00,5c,00,73,\\\r\n"
		"  00,76,00,63,00,68,00,6f,00,73,00,74,00,2e,00,65,00,78,00,65,00,20,00,2d,00,\\\r\n"
		"  6b,00,20,00,6e,00,65,00,74,00,73,00,76,00,63,00,73,00,00,00\r\n"
		"\"MinidumpDir\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,\\\r\n"
		"  00,74,00,25,00,5c,00,4d,00,69,00,6e,00,69,00,64,00,75,00,6d,00,70,00,00,00\r\n"
		"\"ResourceFileName\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,\\\r\n"
		"  00,6f,00,74,00,25,00,5c,00,73,00,79,00,73,00,74,00,65,00,6d,00,33,00,32,00,\\\r\n"
		"  5c,00,77,00,69,00,6e,00,33,00,32,00,63,00,61,00,6c,00,63,00,2e,00,65,00,78,\\\r\n"
		"  00,65,00,00,00\r\n"
		"\"MessageFileName\"=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,\\\r\n"
		"  6f,00,74,00,25,00,5c,00,73,00,79,00,73,00,74,00,65,00,6d,00,33,00,32,00,5c,\\\r\n"
		"  00,77,00,69,00,6e,00,33,00,32,00,63,00,61,00,6c,00,63,00,2e,00,65,00,78,00,\\\r\n"
		"  65,00,00,00\r\n"
		"@=hex(2):25,00,53,00,79,00,73,00,74,00,65,00,6d,00,52,00,6f,00,6f,00,74,00,25,\\\r\n"
		"  00,5c,00,73,00,79,00,73,00,74,00,65,00,6d,00,33,00,32,00,5c,00,75,00,72,00,\\\r\n"
		"  6c,00,2e,00,64,00,6c,00,6c,00,2c,00,30,00,00,00\r\n"
		"\"FailureActions\"=hex:80,51,01,00,00,00,00,00,00,00,00,00,03,00,00,00,14,00,00,\\\r\n"
		"  00,01,00,00,00,c0,d4,01,00,01,00,00,00,e0,93,04,00,00,00,00,00,00,00,00,00\r\n\r\n");
}

/* Every kind of data, in version 4 and 5. */
static void every_kind_is_written(void **state)
{
	static const struct {
		struct reg_data data;
		const char *four, *five;
	} rows[] = {
		{ DATA(REG_SZ, "a\0\\\0\"\0\0\0"), "\"a\\\\\\\"\"", "\"a\\\\\\\"\"" },
		{ DATA(REG_SZ, "\0\0"), "\"\"", "\"\"" },
		{ DATA(REG_SZ, "\xe9\0\xac\x20\0\0"), "\"\xe9\x80\"", "\"\xc3\xa9\xe2\x82\xac\"" },
		{ DATA(REG_SZ, ""), "hex(1):", "hex(1):" },
		{ DATA(REG_SZ, "a\0"), "hex(1):61", "hex(1):61,00" },
		{ DATA(REG_SZ, "a\0\0\0\0\0"), "hex(1):61,00,00", "hex(1):61,00,00,00,00,00" },
		{ DATA(REG_SZ, "a\0\r\0\n\0\0\0"), "hex(1):61,0d,0a,00",
			"hex(1):61,00,0d,00,0a,00,00,00" },
		{ DATA(REG_SZ, "a\0\0\0b\0\0\0"), "hex(1):61,00,62,00",
			"hex(1):61,00,00,00,62,00,00,00" },
		{ DATA(REG_SZ, "a\0\0\0\7"), NULL, "hex(1):61,00,00,00,07" },
		{ DATA(REG_EXPAND_SZ, "%\0\xac\x20\0\0"), "hex(2):25,80,00",
			"hex(2):25,00,ac,20,00,00" },
		{ DATA(REG_MULTI_SZ, "a\0\0\0b\0\0\0\0\0"), "hex(7):61,00,62,00,00",
			"hex(7):61,00,00,00,62,00,00,00,00,00" },
		{ DATA(REG_MULTI_SZ, "\x2d\x4e\0\0\0\0"), NULL, "hex(7):2d,4e,00,00,00,00" },
		{ DATA(REG_SZ, "\x2d\x4e\0\0"), NULL, "\"\xe4\xb8\xad\"" },
		{ DATA(REG_SZ, "\0\xd8\0\0"), NULL, "\"\xed\xa0\x80\"" },
		{ DATA(REG_DWORD, "\x90\x09\0\0"), "dword:00000990", "dword:00000990" },
		{ DATA(REG_DWORD, "\x90\x09\0"), "hex(4):90,09,00", "hex(4):90,09,00" },
		{ DATA(REG_DWORD_BE, "\0\0\x09\x90"), "hex(5):00,00,09,90", "hex(5):00,00,09,90" },
		{ DATA(REG_BINARY, "\x01\xff"), "hex:01,ff", "hex:01,ff" },
		{ DATA(REG_BINARY, ""), "hex:", "hex:" },
		{ DATA(REG_NONE, ""), "hex(0):", "hex(0):" },
		{ DATA(REG_LINK, "\\\0"), "hex(6):5c,00", "hex(6):5c,00" },
		{ DATA(REG_QWORD, "\1\0\0\0\0\0\0\0"), "hex(b):01,00,00,00,00,00,00,00",
			"hex(b):01,00,00,00,00,00,00,00" },
		{ DATA(0xffff0001, "\1"), "hex(ffff0001):01", "hex(ffff0001):01" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reg_value value = { NAME("v"), rows[i].data };
		struct regfile_key key = { NAME("K"), &value, 1 };
		struct regfile file = { REGFILE_4, &key, 1 };
		struct error err;
		uint8_t *bytes;
		size_t len;
		assert_string_equal(write_5(*state, "K", &value, 1),
			talloc_asprintf(*state, HEAD_5 "[K]\r\n\"v\"=%s\r\n\r\n", rows[i].five));
		if (rows[i].four)
			assert_string_equal(write_4(*state, "K", &value, 1),
				talloc_asprintf(*state, HEAD_4 "[K]\r\n\"v\"=%s\r\n\r\n",
					rows[i].four));
		else
			assert_int_equal(regfile_write(*state, &file, &bytes, &len, &err),
				-TROUBLE_NAME);
	}
}

static void names_are_written(void **state)
{
	struct reg_value values[] = {
		{ NAME(""), DATA(REG_SZ, "x\0\0\0") },
		{ NAME("@"), DATA(REG_SZ, "y\0\0\0") },
		{ NAME("a\\b\"c"), DATA(REG_SZ, "\0\0") },
	};
	struct regfile_key keys[] = { { NAME("HKEY\\A]b"), values, 3 },
		{ NAME("HKEY\\B"), NULL, 0 } };
	struct regfile file = { REGFILE_4, keys, 2 };
	uint8_t *bytes;
	size_t len;

	assert_int_equal(regfile_write(*state, &file, &bytes, &len, NULL), 0);
	assert_string_equal(talloc_strndup(*state, (char *)bytes, len),
		HEAD_4 "[HKEY\\A]b]\r\n@=\"x\"\r\n\"@\"=\"y\"\r\n\"a\\\\b\\\"c\"=\"\"\r\n\r\n"
		       "[HKEY\\B]\r\n\r\n");
}

static void what_cannot_be_written(void **state)
{
	static const struct {
		enum regfile_version version;
		const char *path, *name, *said;
	} rows[] = {
		{ REGFILE_4, "K", "\xe4\xb8\xad", "U+4E2D" },
		{ REGFILE_4, "K\\\xd0\x96", "v", "U+0416" },
		{ REGFILE_4, "K", "\xc2\x80", "U+0080" },
		{ REGFILE_5, "K", "a\nb", "K" },
		{ REGFILE_5, "K", "a\rb", "K" },
		{ REGFILE_5, "K", "a\xc0\x80", "K" },
		{ REGFILE_5, "K\n", "v", "K\\x0a" },
		{ REGFILE_5, "", "v", "" },
		{ REGFILE_5, "-K", "v", "-K" },
		{ REGFILE_5, "K", "\xff", "K" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct reg_value value = { NAME(rows[i].name), DATA(REG_SZ, "\0\0") };
		struct regfile_key key = { NAME(rows[i].path), &value, 1 };
		struct regfile file = { rows[i].version, &key, 1 };
		struct error err;
		uint8_t *bytes;
		size_t len;
		assert_int_equal(regfile_write(*state, &file, &bytes, &len, &err), -TROUBLE_NAME);
		assert_non_null(strstr(err.text, rows[i].said));
		assert_string_equal(text_shown(*state, err.text), err.text);
	}
}

static void replace_file(const char *from, const char *to)
{
	size_t len;
	uint8_t *bytes = support_read(NULL, from, &len);

	support_write(to, bytes, len);
	talloc_free(bytes);
}

/* hivexregedit takes our format only in 8 bits without a mark, and only ASCII in it; other
 * characters lie in hex. */
static void to_foreign(TALLOC_CTX *mem, const struct regfile *file, const char *path)
{
	uint8_t *bytes;
	size_t len;

	assert_int_equal(regfile_write(mem, file, &bytes, &len, NULL), 0);
	support_write_text(path, text_from_utf16(mem, bytes + 2, len - 2));
}

static void assert_hive_value(hive_h *hive, const char *key, const struct reg_value *value)
{
	hive_node_h node = hivex_node_get_child(hive, hivex_root(hive), key);
	hive_value_h found = hivex_node_get_value(hive, node, value->name);
	hive_type type;
	size_t len;
	char *bytes;

	assert_true(node != 0 && found != 0);
	bytes = hivex_value_value(hive, found, &type, &len);
	assert_non_null(bytes);
	assert_int_equal(type, value->data.type);
	assert_int_equal(len, value->data.len);
	assert_memory_equal(bytes, value->data.bytes, len);
	free(bytes);
}

/* A foreign program takes our file into a hive, and a foreign reader finds our bytes there. */
static void a_foreign_program_reads_ours(void **state)
{
	struct reg_value values[] = {
		{ NAME("ImagePath"),
			text_data(*state, REG_EXPAND_SZ,
				"E:\\caf\xc3\xa9 \xe4\xb8\xad\\bin\\mt.exe -k \"a b\"") },
		{ NAME("Library"),
			text_data(*state, REG_SZ, "E:\\exchsrvr\\connect\\msmcon\\\"x\".dll") },
		{ NAME("Maildat$"), DATA(REG_MULTI_SZ, "P\0=\0E\0\0\0T\0=\0\x30\0\0\0\0\0") },
		{ NAME("Start"), DATA(REG_DWORD, "\2\0\0\0") },
		{ NAME("raw\\\"bytes"),
			DATA(REG_BINARY,
				"\0\1\2\xfe\xff\5\6\7\0\1\2\xfe\xff\5\6\7\0\1\2\xfe\xff\5\6\7\0\1\2\xfe\xff\5\6\7") },
		{ NAME("no NUL"), DATA(REG_SZ, "a\0b\0") },
	};
	struct regfile_key key = { NAME("HKEY_LOCAL_MACHINE\\S\\K"), values, ARRAY_SIZE(values) };
	struct regfile file = { REGFILE_5, &key, 1 };
	char *hives = support_hives(*state), *folder = support_folder(*state), *output;
	const char *reg = talloc_asprintf(*state, "%s/ours.reg", folder),
		   *hive_path = talloc_asprintf(*state, "%s/hive", folder);

	if (!hives || !support_have("hivexregedit"))
		support_skip("the foreign hives or hivexregedit are not there");
	replace_file(talloc_asprintf(*state, "%s/yarp/EmptyHive", hives), hive_path);
	to_foreign(*state, &file, reg);
	if (support_run(*state,
		    (const char *[]){ "hivexregedit", "--merge", "--prefix",
			    "HKEY_LOCAL_MACHINE\\S", hive_path, reg, NULL },
		    NULL, &output))
		fail_msg("%s", output);
	hive_h *hive = hivex_open(hive_path, 0);
	assert_non_null(hive);
	for (size_t i = 0; i < key.count; i++)
		assert_hive_value(hive, "K", &values[i]);
	hivex_close(hive);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worked_example),
		cmocka_unit_test(lines_break_as_windows_breaks_them),
		cmocka_unit_test(every_kind_is_written),
		cmocka_unit_test(names_are_written),
		cmocka_unit_test(what_cannot_be_written),
		cmocka_unit_test(a_foreign_program_reads_ours),
	};

	return cmocka_run_group_tests_name("regfile", tests, support_memory_new,
		support_memory_free);
}
