/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hive made from nothing: bytes where the format wants them, and libhivex as a reader that is not
 * ours. */
#include "nt/regf_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hivex.h>

#include <cmocka.h>

#include "base/memory.h"
#include "handmade.h"
#include "nt/regf.h"
#include "support.h"

#define DATA(type_, bytes_, len_) \
	(&(struct reg_data){ type_, (uint8_t *)(uintptr_t)(bytes_), len_ })

static void must_key(struct regf_build *build, const char *path)
{
	struct error err = { 0 };
	if (regf_build_key(build, path, &err) != 0)
		fail_msg("%s", err.text);
}

static void must_value(struct regf_build *build, const char *path, const char *name,
	const struct reg_data *data)
{
	struct error err = { 0 };
	if (regf_build_value(build, path, name, data, &err) != 0)
		fail_msg("%s", err.text);
}

/* Lays it out, and holds it against our own gate and walk. */
static struct regf *finish(TALLOC_CTX *mem, struct regf_build *build, uint8_t **file, size_t *len)
{
	struct error err = { 0 };
	if (regf_build_finish(build, mem, file, len, &err) != 0)
		fail_msg("%s", err.text);
	return hand_checked(mem, *file, *len);
}

/* The smallest hive there is, field by field. */
static void an_empty_hive_is_right_to_the_byte(void **state)
{
	struct regf_build *build = regf_build_new(*state, "ROOT", "SYSTEM", HAND_TIME);
	uint8_t *file, *root, *sk;
	size_t len;
	finish(*state, build, &file, &len);
	assert_int_equal(len, 0x2000);
	assert_memory_equal(file, "regf\1\0\0\0\1\0\0\0", 12);
	assert_true(hand_get(file + 12, 8) == HAND_TIME);
	assert_memory_equal(file + 20,
		"\1\0\0\0\3\0\0\0\0\0\0\0\1\0\0\0\x20\0\0\0\0\x10\0\0\1\0\0\0", 28);
	assert_memory_equal(file + 48, "S\0Y\0S\0T\0E\0M\0\0\0", 14);
	assert_memory_equal(file + 0x1000, "hbin\0\0\0\0\0\x10\0\0", 12);
	root = file + 0x1020;
	assert_memory_equal(root, "\xa8\xff\xff\xffnk\x2c\0", 8);
	assert_int_equal(hand_get(root + 24, 4), 0);
	assert_int_equal(hand_get(root + 32, 4), 0xffffffff);
	assert_int_equal(hand_get(root + 40, 4), 0);
	assert_int_equal(hand_get(root + 44, 4), 0xffffffff);
	assert_int_equal(hand_get(root + 48, 4), 0x78);
	assert_int_equal(hand_get(root + 52, 4), 0xffffffff);
	assert_memory_equal(root + 76, "\4\0\0\0ROOT", 8);
	sk = file + 0x1078;
	assert_memory_equal(sk + 4, "sk\0\0\x78\0\0\0\x78\0\0\0\1\0\0\0", 16);
	uint8_t *again = talloc_memdup(*state, file, len);
	hand_checksum(again);
	assert_memory_equal(file, again, len);
}

static void same_calls_same_bytes(void **state)
{
	uint8_t *file[2];
	size_t len[2];
	for (int i = 0; i < 2; i++) {
		struct regf_build *build = regf_build_new(*state, "SYSTEM", "SYSTEM", HAND_TIME);
		must_value(build, "b\\c", "v", DATA(REG_SZ, "a\0b\0c\0\0", 8));
		must_key(build, "a");
		finish(*state, build, &file[i], &len[i]);
	}
	assert_int_equal(len[0], len[1]);
	assert_memory_equal(file[0], file[1], len[0]);
}

/* How many cells of each kind of list a key with so many subkeys has. */
struct lists {
	int subkeys;
	size_t lf, li, ri;
};

static const struct lists list_sizes[] = {
	{ 0, 0, 0, 0 },
	{ 1, 1, 0, 0 },
	{ 506, 1, 0, 0 },
	{ 507, 0, 1, 0 },
	{ 1012, 0, 1, 0 },
	{ 1013, 0, 2, 1 },
	{ 5000, 0, 5, 1 },
};

static void lists_are_those_of_nt4(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(list_sizes); i++) {
		struct regf_build *build = regf_build_new(*state, "SYSTEM", "SYSTEM", HAND_TIME);
		uint8_t *file;
		size_t len;
		for (int j = 0; j < list_sizes[i].subkeys; j++) {
			char name[16];
			snprintf(name, sizeof name, "k%05d", j * 7919 % list_sizes[i].subkeys);
			must_key(build, name);
		}
		finish(*state, build, &file, &len);
		assert_int_equal(hand_cells(file, len, "lf"), list_sizes[i].lf);
		assert_int_equal(hand_cells(file, len, "li"), list_sizes[i].li);
		assert_int_equal(hand_cells(file, len, "ri"), list_sizes[i].ri);
		assert_int_equal(hand_cells(file, len, "lh"), 0);
		assert_int_equal(hand_cells(file, len, "nk"), list_sizes[i].subkeys + 1);
		assert_int_equal(hand_cells(file, len, "sk"), 1);
		talloc_free(file);
		talloc_free(build);
	}
}

static void keys_are_sorted_as_nt_sorts(void **state)
{
	/* By upper case: '_' (5f) comes after 'Z' (5a), e-acute folds to c9, a CJK character is
	 * last. */
	static const char *const names[] = { "_x", "b", "\xe4\xb8\xad", "A", "Z", "\xc3\xa9",
		"a0" };
	static const char *const sorted[] = { "A", "a0", "b", "Z", "_x", "\xc3\xa9",
		"\xe4\xb8\xad" };
	struct regf_build *build = regf_build_new(*state, "SYSTEM", "SYSTEM", HAND_TIME);
	uint8_t *file;
	size_t len, count;
	struct error err;
	struct regf_subkey *subkeys;
	for (size_t i = 0; i < 7; i++)
		must_key(build, names[i]);
	must_key(build, "B");
	struct regf *hive = finish(*state, build, &file, &len);
	assert_int_equal(regf_subkeys(hive, *state, regf_root(hive), &subkeys, &count, &err), 0);
	assert_int_equal(count, 7);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(subkeys[i].name, sorted[i]);
}

/* Of the root: hints, the longest names and data, in UTF-16 bytes. */
static void summaries_are_right(void **state)
{
	struct regf_build *build = regf_build_new(*state, "ROOT", "SYSTEM", HAND_TIME);
	uint8_t *file, *root, *lf;
	size_t len;
	must_key(build, "Ab");
	must_key(build, "\xc3\xa9t\xc3\xa9 long");
	must_key(build, "zq\xe4\xb8\xadg");
	must_value(build, "", "val", DATA(REG_BINARY, "12345", 5));
	must_value(build, "", "longer", DATA(REG_DWORD, "1234", 4));
	finish(*state, build, &file, &len);
	root = file + 0x1020;
	assert_int_equal(hand_get(root + 24, 4), 3);
	assert_int_equal(hand_get(root + 40, 4), 2);
	assert_int_equal(hand_get(root + 56, 4), 16);
	assert_int_equal(hand_get(root + 64, 4), 12);
	assert_int_equal(hand_get(root + 68, 4), 5);
	assert_int_equal(hand_get(file + 0x1078 + 16, 4), 4); /* keys that share the descriptor */
	lf = file + 0x1000 + hand_get(root + 32, 4);
	assert_memory_equal(lf + 4, "lf\3\0", 4);
	assert_memory_equal(lf + 12, "Ab\0\0", 4);
	/* A character beyond Latin-1 spoils the hint from there on, and its first letter. */
	assert_memory_equal(lf + 20, "\0q\0\0", 4);
	assert_memory_equal(lf + 28, "\xe9t\xe9 ", 4);
}

static void a_value_set_again_replaces(void **state)
{
	struct regf_build *build = regf_build_new(*state, "ROOT", "SYSTEM", HAND_TIME);
	struct reg_value *values;
	struct error err;
	uint8_t *file;
	size_t len, count;
	must_value(build, "a", "Name", DATA(REG_BINARY, "12345", 5));
	must_value(build, "A", "other", DATA(REG_BINARY, NULL, 0));
	must_value(build, "a", "NAME", DATA(REG_DWORD, "1234", 4));
	struct regf *hive = finish(*state, build, &file, &len);
	regf_key key;
	assert_int_equal(regf_find(hive, "A", &key, &err), 0);
	assert_int_equal(regf_values(hive, *state, key, &values, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(values[0].name, "Name");
	assert_int_equal(values[0].data.type, REG_DWORD);
	assert_string_equal(values[1].name, "other");
	assert_int_equal(values[1].data.len, 0);
}

static void a_hive_can_be_made_dirty(void **state)
{
	struct regf_build *build = regf_build_new(*state, "ROOT", "SYSTEM", HAND_TIME);
	struct error err;
	struct regf *hive;
	uint8_t *file;
	size_t len;
	regf_build_sequence(build, 9, 8);
	assert_int_equal(regf_build_finish(build, *state, &file, &len, &err), 0);
	assert_int_equal(regf_open_bytes(*state, "built", file, len, &hive, &err),
		-TROUBLE_HIVE_DIRTY);
}

static void what_nt_cannot_hold_is_refused(void **state)
{
	struct regf_build *build = regf_build_new(*state, "ROOT", "SYSTEM", HAND_TIME);
	struct error err;
	char name[258], deep[1200];
	memset(name, 'x', sizeof name);
	name[256] = '\0';
	assert_int_equal(regf_build_key(build, name, &err), -TROUBLE_NAME);
	name[255] = '\0';
	assert_int_equal(regf_build_key(build, name, &err), 0);
	assert_int_equal(regf_build_key(build, "a\\\\b", &err), -TROUBLE_NAME);
	assert_int_equal(regf_build_key(build, "\\a", &err), -TROUBLE_NAME);
	assert_int_equal(regf_build_key(build, "a\\", &err), -TROUBLE_NAME);
	assert_int_equal(regf_build_key(build, "\xff", &err), -TROUBLE_NAME);
	for (size_t i = 0; i < sizeof deep; i++)
		deep[i] = i % 2 == 0 ? 'd' : '\\';
	deep[1023] = '\0'; /* 512 names below the root */
	assert_int_equal(regf_build_key(build, deep, &err), -TROUBLE_NAME);
	deep[1021] = '\0';
	assert_int_equal(regf_build_key(build, deep, &err), 0);
	uint8_t *file;
	size_t len;
	finish(*state, build, &file, &len);
}

/* libhivex reads the same. */
static void hivex_reads_the_same(void **state)
{
	static const uint8_t path[] = "E\0:\0\\\0M\0s\0m\0c\0o\0n\0\0";
	struct regf_build *build = regf_build_new(*state, "SYSTEM", "SYSTEM", HAND_TIME);
	char *folder = support_folder(*state), *name = talloc_asprintf(folder, "%s/SYSTEM", folder);
	uint8_t *file, *big = talloc_zero_size(*state, 20000);
	hive_type type;
	size_t len;
	big[19999] = 0x5a;
	must_value(build, "ControlSet001\\Services\\MSExchangeMSMI", "ImagePath",
		DATA(REG_EXPAND_SZ, path, sizeof path));
	must_value(build, "ControlSet001\\Services\\MSExchangeMSMI", "Caf\xc3\xa9",
		DATA(REG_BINARY, big, 20000));
	must_value(build, "ControlSet001\\Services\\MSExchangeMSMI", "",
		DATA(REG_DWORD, "\1\2\3\4", 4));
	must_value(build, "Select", "\xe4\xb8\xad", DATA(REG_DWORD, "\1\0\0\0", 4));
	finish(*state, build, &file, &len);
	support_write(name, file, len);
	hive_h *h = hivex_open(name, 0);
	assert_non_null(h);
	hive_node_h node = hivex_node_get_child(h, hivex_root(h), "ControlSet001");
	node = hivex_node_get_child(h, hivex_node_get_child(h, node, "Services"), "MSExchangeMSMI");
	assert_int_not_equal(node, 0);
	assert_true(hivex_node_timestamp(h, node) == (int64_t)HAND_TIME);
	char *bytes = hivex_value_value(h, hivex_node_get_value(h, node, "ImagePath"), &type, &len);
	assert_int_equal(type, REG_EXPAND_SZ);
	assert_int_equal(len, sizeof path);
	assert_memory_equal(bytes, path, len);
	free(bytes);
	bytes = hivex_value_value(h, hivex_node_get_value(h, node, "Caf\xc3\xa9"), &type, &len);
	assert_int_equal(len, 20000);
	assert_memory_equal(bytes, big, len);
	free(bytes);
	assert_int_equal(hivex_value_dword(h, hivex_node_get_value(h, node, "")), 0x04030201);
	node = hivex_node_get_child(h, hivex_root(h), "Select");
	assert_int_equal(hivex_value_dword(h, hivex_node_get_value(h, node, "\xe4\xb8\xad")), 1);
	hivex_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_hive_is_right_to_the_byte),
		cmocka_unit_test(same_calls_same_bytes),
		cmocka_unit_test(lists_are_those_of_nt4),
		cmocka_unit_test(keys_are_sorted_as_nt_sorts),
		cmocka_unit_test(summaries_are_right),
		cmocka_unit_test(a_value_set_again_replaces),
		cmocka_unit_test(a_hive_can_be_made_dirty),
		cmocka_unit_test(what_nt_cannot_hold_is_refused),
		cmocka_unit_test(hivex_reads_the_same),
	};
	return cmocka_run_group_tests(tests, support_memory_new, support_memory_free);
}
