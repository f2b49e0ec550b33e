/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/sharedef.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "tests/support.h"

#define WRONG "C:\\exchsrvr\\connect\\msmcon\\maildata"
#define RIGHT "E:\\exchsrvr\\connect\\msmcon\\maildata"
#define REMARK "Access for MSMI postoffice"

/* REG_MULTI_SZ of "a|b|", each '|' a NUL: what stands in the row is what lies in the hive. */
static struct reg_data *share(TALLOC_CTX *mem, const char *row)
{
	struct reg_data *data = talloc_zero(mem, struct reg_data);

	data->type = REG_MULTI_SZ;
	data->bytes = text_to_utf16(data, row, &data->len);
	for (size_t i = 0; i < data->len; i += 2)
		if (data->bytes[i] == '|' && data->bytes[i + 1] == 0)
			data->bytes[i] = 0;
	return data;
}

static void assert_share(TALLOC_CTX *mem, const struct reg_data *got, const char *row)
{
	assert_non_null(got);
	assert_true(regdata_equal(got, share(mem, row)));
}

static void fields_are_found(void **state)
{
	struct reg_data *data = share(*state,
		"MaxUses=4294967295|PATH=" WRONG
		"|Permissions=0|remark=a=b c|Pathology=x|Type=0|Empty=||");

	assert_string_equal(sharedef_field(*state, data, "Path"), WRONG);
	assert_string_equal(sharedef_field(*state, data, "Remark"), "a=b c");
	assert_string_equal(sharedef_field(*state, data, "maxuses"), "4294967295");
	assert_string_equal(sharedef_field(*state, data, "Empty"), "");
	assert_null(sharedef_field(*state, data, "Pat"));
	assert_null(sharedef_field(*state, data, "ShareName"));
	data->type = REG_SZ;
	assert_null(sharedef_field(*state, data, "Path"));
	assert_null(sharedef_with_path(*state, data, RIGHT));
}

static void only_the_path_changes(void **state)
{
	static const char *const rows[][2] = {
		{ "MaxUses=4294967295|Path=" WRONG "|Permissions=0|Remark=x|Type=0||",
			"MaxUses=4294967295|Path=" RIGHT "|Permissions=0|Remark=x|Type=0||" },
		{ "pATH=" WRONG "|Type=0||", "pATH=" RIGHT "|Type=0||" },
		{ "Type=0|Path=" WRONG, "Type=0|Path=" RIGHT },
		{ "Type=0|Path=" WRONG "|", "Type=0|Path=" RIGHT "|" },
		{ "Type=0|Path=||junk|", "Type=0|Path=" RIGHT "||junk|" },
		{ "CSCFlags=0|Path=C:\\EXCHSR~1|odd string|=|Type=0||",
			"CSCFlags=0|Path=" RIGHT "|odd string|=|Type=0||" },
		{ "Path=a|Path=b||", "Path=" RIGHT "|Path=" RIGHT "||" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_share(*state, sharedef_with_path(*state, share(*state, rows[i][0]), RIGHT),
			rows[i][1]);
	assert_null(sharedef_with_path(*state, share(*state, "MaxUses=1|Pathology=x||"), RIGHT));
	assert_null(sharedef_with_path(*state, share(*state, "MaxUses=1||Path=behind the end||"),
		RIGHT));
	assert_null(sharedef_with_path(*state, share(*state, ""), RIGHT));
}

static void a_sibling_lends_its_fields(void **state)
{
	const char *nt4 =
		"MaxUses=4294967295|Path=C:\\exchsrvr\\address|Permissions=63|Remark=Access to address|Type=0||";
	const char *newer =
		"CSCFlags=0|MaxUses=5|Path=C:\\exchsrvr\\res|Permissions=0|Remark=|ShareName=Resources|Type=0||";

	assert_share(*state,
		sharedef_from_sibling(*state, share(*state, nt4), "Maildat$", RIGHT, REMARK),
		"MaxUses=4294967295|Path=" RIGHT "|Permissions=63|Remark=" REMARK "|Type=0||");
	assert_share(*state,
		sharedef_from_sibling(*state, share(*state, newer), "Maildat$", RIGHT, REMARK),
		"CSCFlags=0|MaxUses=5|Path=" RIGHT "|Permissions=0|Remark=" REMARK
		"|ShareName=Maildat$|Type=0||");
	assert_share(*state,
		sharedef_from_sibling(*state, share(*state, "path=x|Type=0||"), "Maildat$", RIGHT,
			REMARK),
		"path=" RIGHT "|Type=0||");
	assert_null(sharedef_from_sibling(*state, share(*state, "Remark=x|Type=0||"), "Maildat$",
		RIGHT, REMARK));
}

static void the_command_by_hand(void **state)
{
	assert_string_equal(sharedef_command(*state, "Maildat$", RIGHT, REMARK),
		"net share Maildat$=" RIGHT " /remark:\"" REMARK "\"");
	assert_string_equal(sharedef_command(*state, "Mail data", "E:\\Post Office\\R&D",
				    "say \"x\""),
		"net share \"Mail data\"=\"E:\\Post Office\\R&D\" /remark:\"say 'x'\"");
}

/* MS-DTYP 2.4.6: revision 1, control with self-relative, four offsets; 2.4.5: the list's own size
 * at its third byte. */
static void descriptors(void **state)
{
	static const struct {
		uint8_t bytes[28];
		size_t len;
		bool ok;
	} rows[] = {
		{ { 1, 0, 4, 0x80, [16] = 20, [20] = 2, [22] = 8 }, 28, true },
		{ { 1, 0, 4, 0x80 }, 20, true },
		{ { 1, 0, 4, 0x80 }, 19, false },
		{ { 2, 0, 4, 0x80 }, 20, false },
		{ { 1, 0, 4, 0x00 }, 20, false },
		{ { 1, 0, 4, 0x80, [16] = 20, [20] = 2, [22] = 9 }, 28, false },
		{ { 1, 0, 4, 0x80, [16] = 20, [20] = 2, [22] = 8 }, 27, false },
		{ { 1, 0, 4, 0x80, [16] = 19, [20] = 2, [22] = 8 }, 28, false },
		{ { 1, 0, 4, 0x80, [16] = 20, [19] = 0xff, [22] = 8 }, 28, false },
		{ { 1, 0, 4, 0x80, [4] = 21, [16] = 20, [22] = 8 }, 28, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t *bytes = talloc_memdup(NULL, rows[i].bytes, rows[i].len);
		assert_int_equal(sharedef_security_ok(
					 &(struct reg_data){ REG_BINARY, bytes, rows[i].len }),
			rows[i].ok);
		assert_false(
			sharedef_security_ok(&(struct reg_data){ REG_SZ, bytes, rows[i].len }));
		talloc_free(bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors),
		cmocka_unit_test(fields_are_found),
		cmocka_unit_test(only_the_path_changes),
		cmocka_unit_test(a_sibling_lends_its_fields),
		cmocka_unit_test(the_command_by_hand),
	};

	return cmocka_run_group_tests_name("sharedef", tests, support_memory_new,
		support_memory_free);
}
