/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hives that Windows and others wrote, sound and damaged: read like libhivex reads them, or
 * refused; changed, and read by libhivex again. */
#include "nt/regf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <hivex.h>

#include <cmocka.h>

#include "base/memory.h"
#include "handmade.h"
#include "nt/regf_edit.h"
#include "support.h"

/*
 * Keys and values as libhivex, reglookup and regfexport count them; trouble is what our gate or
 * walk must say, 0 for a sound hive. Counts of refused hives are not compared.
 */
struct foreign {
	const char *path;
	size_t keys, values;
	enum trouble trouble;
};

static const struct foreign hives[] = {
	{ "qthivex/BBI", 74, 431, 0 },
	{ "qthivex/SYSTEM", 1100, 2383, 0 },
	{ "qthivex/bcdtest", 134, 102, 0 },
	{ "qthivex/blankbcd", 3, 1, 0 },
	{ "qthivex/rigorous", 7, 33, 0 },
	{ "yarp/BadListHive", 7, 0, TROUBLE_HIVE_BROKEN },
	{ "yarp/BadSubkeyHive", 7, 0, TROUBLE_HIVE_BROKEN },
	{ "yarp/BigDataHive", 2, 2, 0 },
	{ "yarp/BogusKeyNamesHive", 3, 0, 0 },
	{ "yarp/CompHive", 4, 0, 0 },
	{ "yarp/DeletedDataHive", 2, 1, 0 },
	{ "yarp/DeletedDataHiveTruncated", 2, 0, TROUBLE_HIVE_BROKEN },
	{ "yarp/DeletedTreeHive", 3, 0, 0 },
	{ "yarp/DeletedTreeNoRootFlagHive", 3, 0, 0 },
	{ "yarp/DeletedTreePartialPathHive", 3, 0, 0 },
	{ "yarp/DupNameHive", 2, 0, 0 },
	{ "yarp/DuplicateSubkeysHive", 5003, 0, TROUBLE_HIVE_BROKEN },
	{ "yarp/EffectiveSizeHive", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/EmptyHive", 1, 0, 0 },
	{ "yarp/ExtendedASCIIHive", 2, 1, 0 },
	{ "yarp/GarbageHive", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/HealedHive", 4, 1, 0 },
	{ "yarp/InvalidParentFragment", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/InvalidParentHive", 5003, 0, TROUBLE_HIVE_BROKEN },
	{ "yarp/ManySubkeysHive", 5003, 0, 0 },
	{ "yarp/MultiSzHive", 2, 2, 0 },
	{ "yarp/NewFlagsHive", 3, 0, 0 },
	{ "yarp/OffHive", 1, 0, 0 },
	{ "yarp/OldLogWithRemnantData", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/PairHive", 4, 0, 0 },
	{ "yarp/ReallocValueDataHive", 2, 1, 0 },
	{ "yarp/ReallocValueHive", 2, 1, 0 },
	{ "yarp/RemnantData", 2, 15, 0 },
	{ "yarp/RemnantsHive", 1, 0, 0 },
	{ "yarp/SlackHive", 5003, 0, 0 },
	{ "yarp/StringValuesHive", 2, 4, 0 },
	{ "yarp/System_Delta", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/TruncatedDirtyHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/TruncatedHive", 0, 0, TROUBLE_HIVE_TRUNCATED },
	{ "yarp/TruncatedHiveBin", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/TruncatedNameHive", 2, 0, TROUBLE_HIVE_BROKEN },
	/* half a surrogate pair in a name, which libhivex does not read */
	{ "yarp/TruncatedPairHive", 4, 0, 0 },
	{ "yarp/TruncatedPairHive2", 6, 5, 0 },
	{ "yarp/TwoOwnersHive", 3, 0, 0 },
	{ "yarp/UnicodeHive", 3, 0, 0 },
	{ "yarp/UpcaseHive", 4, 0, 0 },
	{ "yarp/ValuesOrderHive", 1, 3, 0 },
	{ "yarp/WrongOrderHive", 11, 0, 0 },
	{ "yarp/BadBaseBlockHive/BadBaseBlockHive", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/BadBaseBlockHive/BadBaseBlockHive.LOG1", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/BadBaseBlockHive/BadBaseBlockHive.LOG2", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/BadLogHive1/BadLogHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/BadLogHive1/BadLogHive.LOG1", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/BadLogHive2/BadLogHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/BadLogHive2/BadLogHive.LOG1", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/BadLogHive3/BadLogHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/BadLogHive3/BadLogHive.LOG1", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/BadLogHive3/BadLogHive.LOG2", 0, 0, TROUBLE_HIVE_CHECKSUM },
	{ "yarp/NewDirtyHive1/NewDirtyHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/NewDirtyHive1/NewDirtyHive.LOG1", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/NewDirtyHive1/NewDirtyHive.LOG2", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/NewDirtyHive1/RecoveredHive_Windows10", 5, 1, 0 },
	{ "yarp/NewDirtyHive2/NewDirtyHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/NewDirtyHive2/NewDirtyHive.LOG1", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/NewDirtyHive2/NewDirtyHive.LOG2", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/OldDirtyHive/OldDirtyHive", 0, 0, TROUBLE_HIVE_DIRTY },
	{ "yarp/OldDirtyHive/OldDirtyHive.LOG1", 0, 0, TROUBLE_NOT_A_HIVE },
	{ "yarp/OldDirtyHive/RecoveredHive_Windows7", 5003, 1, 0 },
	{ "ez/Acronis_0x52_Usrclass.dat", 205, 855, 0 },
	{ "ez/NTUSER1.DAT", 595, 878, 0 },
	{ "ez/SAMBadHBinHeader", 0, 0, TROUBLE_HIVE_BROKEN },
	{ "ez/SECURITYNoRoot", 8, 2, 0 },
	{ "ez/UsrClassDeletedBags.dat", 37, 231, 0 },
	{ "python-registry/REORGANIZED_VALUES_TESTS", 3, 22, 0 },
	{ "python-registry/UNICODE_TESTS", 3, 22, 0 },
	{ "python-registry/issue22.hive", 1, 10, 0 },
	{ "hivex/minimal", 1, 0, 0 },
	{ "hivex/rlenvalue_test_hive", 2, 6, 0 },
	{ "hivex/special", 4, 3, 0 },
};
enum { HIVES = ARRAY_SIZE(hives) };

static char *folder; /* where the hives are; NULL without them */

static int hives_unpack(void **state)
{
	int ret = support_memory_new(state);

	folder = support_hives(*state);
	return ret;
}

static void need_hives(void)
{
	if (folder == NULL)
		support_skip("the foreign hives are not here");
}

struct file {
	char *path;
	uint8_t *bytes;
	size_t len;
};

static struct file file_of(TALLOC_CTX *mem, const char *name)
{
	struct file file = { .path = talloc_asprintf(mem, "%s/%s", folder, name) };
	file.bytes = support_read(mem, file.path, &file.len);
	return file;
}

struct counts {
	size_t keys, values;
};

static void count_below(struct regf *hive, regf_key key, struct counts *counts)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reg_value *values;
	struct regf_subkey *subkeys;
	struct error err = { 0 };
	size_t count;
	if (regf_values(hive, mem, key, &values, &count, &err) != 0)
		fail_msg("%s", err.text);
	counts->keys++;
	counts->values += count;
	if (regf_subkeys(hive, mem, key, &subkeys, &count, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < count; i++)
		count_below(hive, subkeys[i].key, counts);
	talloc_free(mem);
}

static void sound_ones_pass_and_damaged_ones_do_not(void **state)
{
	need_hives();
	for (size_t i = 0; i < HIVES; i++) {
		TALLOC_CTX *mem = talloc_new(*state);
		struct file file = file_of(mem, hives[i].path);
		struct error err = { 0 };
		struct counts counts = { 0 };
		struct regf *hive;
		int ret = regf_open_bytes(mem, hives[i].path, file.bytes, file.len, &hive, &err);
		ret = ret == 0 ? regf_check(hive, &err) : ret;
		if (ret != -(int)hives[i].trouble)
			fail_msg("%s: %d, %s", hives[i].path, ret, err.text);
		if (ret == 0) {
			count_below(hive, regf_root(hive), &counts);
			if (counts.keys != hives[i].keys || counts.values != hives[i].values)
				fail_msg("%s: %zu keys, %zu values", hives[i].path, counts.keys,
					counts.values);
		}
		talloc_free(mem);
	}
}

/* libhivex beside our reader. Names it cannot tell (half a surrogate pair) or cuts (at a NUL) are
 * not compared. */
struct beside {
	hive_h *other;
	struct regf *hive;
	size_t values, unnamed;
};

static void same_name(struct beside *b, const char *ours, char *theirs)
{
	if (theirs == NULL || strstr(ours, "\xc0\x80") != NULL)
		b->unnamed++;
	else
		assert_string_equal(ours, theirs);
	free(theirs);
}

static void same_values(struct beside *b, TALLOC_CTX *mem, regf_key key, hive_node_h node)
{
	struct reg_value *values;
	struct error err = { 0 };
	size_t count;
	hive_value_h *theirs = hivex_node_values(b->other, node);
	if (theirs == NULL)
		return;
	if (regf_values(b->hive, mem, key, &values, &count, &err) != 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < count; i++) {
		hive_type type;
		size_t len;
		assert_int_not_equal(theirs[i], 0);
		same_name(b, values[i].name, hivex_value_key(b->other, theirs[i]));
		assert_int_equal(hivex_value_type(b->other, theirs[i], &type, &len), 0);
		assert_int_equal(values[i].data.type, type);
		assert_int_equal(values[i].data.len, len);
		char *bytes = hivex_value_value(b->other, theirs[i], &type, &len);
		if (len != 0)
			assert_memory_equal(values[i].data.bytes, bytes, len);
		free(bytes);
		b->values++;
	}
	assert_int_equal(theirs[count], 0);
	free(theirs);
}

static void same_keys(struct beside *b, regf_key key, hive_node_h node)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct regf_subkey *subkeys;
	struct error err;
	size_t count;
	same_values(b, mem, key, node);
	assert_int_equal(regf_subkeys(b->hive, mem, key, &subkeys, &count, &err), 0);
	hive_node_h *theirs = hivex_node_children(b->other, node);
	assert_non_null(theirs);
	for (size_t i = 0; i < count; i++) {
		same_name(b, subkeys[i].name, hivex_node_name(b->other, theirs[i]));
		same_keys(b, subkeys[i].key, theirs[i]);
	}
	assert_int_equal(theirs[count], 0);
	free(theirs);
	talloc_free(mem);
}

static struct beside compare_with_hivex(TALLOC_CTX *mem, const char *path)
{
	size_t len;
	uint8_t *bytes = support_read(mem, path, &len);
	struct beside b = { hivex_open(path, 0), hand_checked(mem, bytes, len), 0, 0 };
	assert_non_null(b.other);
	same_keys(&b, regf_root(b.hive), hivex_root(b.other));
	hivex_close(b.other);
	return b;
}

static void hivex_reads_the_same(void **state)
{
	size_t values = 0, unnamed = 0;
	need_hives();
	for (size_t i = 0; i < HIVES; i++) {
		TALLOC_CTX *mem = talloc_new(*state);
		if (hives[i].trouble == 0) {
			struct beside b = compare_with_hivex(mem, file_of(mem, hives[i].path).path);
			values += b.values;
			unnamed += b.unnamed;
		}
		talloc_free(mem);
	}
	assert_in_range(values, 4900, 10000);
	/* Three halves of surrogate pairs, three names with a NUL in them. */
	assert_int_equal(unnamed, 6);
}

static int collect(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	char **text = arg;
	*text = talloc_asprintf_append(*text, "%s|%s|%d>%d;", key, value ? value : "(key)",
		a ? (int)a->len : -1, b ? (int)b->len : -1);
	return 0;
}

/* Applies edits to a foreign hive, and has both readers look at what came of it. */
static uint8_t *edit_foreign(TALLOC_CTX *mem, const struct file *file, const struct reg_edit *edits,
	size_t count, const char *differences)
{
	char *place = support_folder(mem), *path = talloc_asprintf(mem, "%s/after", place),
	     *text = talloc_strdup(mem, "");
	struct regf *before = hand_checked(mem, file->bytes, file->len);
	struct regf_header header;
	struct regf_edited edited;
	struct error err = { 0 };
	if (regf_edit(mem, before, file->bytes, file->len, edits, count, HAND_TIME, &edited,
		    &err) != 0)
		fail_msg("%s: %s", file->path, err.text);
	assert_int_equal(edited.changed, count);
	support_write(path, edited.bytes, edited.len);
	compare_with_hivex(mem, path);
	struct regf *after = hand_checked(mem, edited.bytes, edited.len);
	if (regf_diff(before, after, collect, &text, &err) != 0)
		fail_msg("%s: %s", file->path, err.text);
	assert_string_equal(text, differences);
	if (regf_header_read(file->bytes, file->len, &header) && header.minor == 3)
		assert_int_equal(hand_cells(edited.bytes, edited.len, "lh"), 0);
	return edited.bytes;
}

static void values_are_grafted_on_every_sound_hive(void **state)
{
	uint8_t data[3000] = { 7 };
	need_hives();
	for (size_t i = 0; i < HIVES; i++) {
		const struct reg_data longer = { REG_BINARY, data, sizeof data },
				      four = { REG_DWORD, data, 4 };
		const struct reg_edit edits[] = { { "", "q240208 long", &longer },
			{ "", "q240208 four", &four } };
		TALLOC_CTX *mem = talloc_new(*state);
		struct file file = file_of(mem, hives[i].path);
		if (hives[i].trouble == 0)
			edit_foreign(mem, &file, edits, 2,
				"|q240208 four|-1>4;|q240208 long|-1>3000;");
		talloc_free(mem);
	}
}

/* A SYSTEM hive that Windows 8 wrote, version 1.5: the path of a driver made longer, in place, and
 * taken away. */
static void a_real_system_hive_is_changed(void **state)
{
	static const char *const service = "ControlSet001\\Services\\1394ohci";
	uint8_t longer[100] = { 'x', 0, 'y', 0 };
	struct reg_data data = { REG_EXPAND_SZ, longer, sizeof longer };
	struct reg_edit edit = { service, "ImagePath", &data };
	char *want = talloc_asprintf(*state, "%s|ImagePath|84>100;", service);
	need_hives();
	struct file file = file_of(*state, "qthivex/SYSTEM");
	edit_foreign(*state, &file, &edit, 1, want);
	data.len = 84;
	edit_foreign(*state, &file, &edit, 1,
		talloc_asprintf(*state, "%s|ImagePath|84>84;", service));
	edit.data = NULL;
	edit_foreign(*state, &file, &edit, 1,
		talloc_asprintf(*state, "%s|ImagePath|84>-1;", service));
}

/* Long values of version 1.5 lie in parts of 16,344 bytes; one byte in the second part changes one
 * byte of the file. */
static void a_long_value_in_parts_is_changed_in_place(void **state)
{
	need_hives();
	struct file file = file_of(*state, "yarp/BigDataHive");
	struct regf *hive = hand_checked(*state, file.bytes, file.len);
	struct reg_value *values;
	struct regf_edited edited;
	struct error err;
	struct regf_subkey *subkeys;
	size_t count, differing = 0;
	assert_int_equal(regf_subkeys(hive, *state, regf_root(hive), &subkeys, &count, &err), 0);
	assert_int_equal(regf_values(hive, *state, subkeys[0].key, &values, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(values[1].data.len, 81725);
	values[1].data.bytes[16344 + 50] ^= 0x55;
	struct reg_edit edit = { subkeys[0].name, values[1].name, &values[1].data };
	assert_int_equal(regf_edit(*state, hive, file.bytes, file.len, &edit, 1, HAND_TIME, &edited,
				 &err),
		0);
	assert_true(edited.same_length);
	for (size_t i = 0; i < file.len; i++)
		differing += file.bytes[i] != edited.bytes[i];
	assert_int_equal(differing, 1);
}

/* Removing every value that there is, and the hive stays whole. */
static void everything_can_be_removed(void **state)
{
	static const char *const names[] = { "ez/NTUSER1.DAT", "yarp/BigDataHive",
		"yarp/ValuesOrderHive" };
	need_hives();
	for (size_t i = 0; i < 3; i++) {
		struct file file = file_of(*state, names[i]);
		struct regf *hive = hand_checked(*state, file.bytes, file.len);
		regf_key key = regf_root(hive);
		struct regf_subkey *subkeys;
		struct reg_value *values;
		struct regf_edited edited;
		struct error err;
		struct reg_edit edits[64];
		const char *path = "";
		size_t count;
		assert_int_equal(regf_values(hive, *state, key, &values, &count, &err), 0);
		if (count == 0) {
			assert_int_equal(regf_subkeys(hive, *state, key, &subkeys, &count, &err),
				0);
			key = subkeys[0].key;
			path = subkeys[0].name;
			assert_int_equal(regf_values(hive, *state, key, &values, &count, &err), 0);
		}
		for (size_t j = 0; j < count; j++)
			edits[j] = (struct reg_edit){ path, values[j].name, NULL };
		assert_int_equal(regf_edit(*state, hive, file.bytes, file.len, edits, count,
					 HAND_TIME, &edited, &err),
			0);
		assert_int_equal(edited.changed, count);
		assert_int_equal(edited.len, file.len);
		hive = hand_checked(*state, edited.bytes, edited.len);
		assert_int_equal(regf_values(hive, *state, key, &values, &count, &err), 0);
		assert_int_equal(count, 0);
		assert_int_equal(hand_cells(edited.bytes, edited.len, "db"), 0);
	}
}

/* Bytes flipped in real hives: whatever passes the walk can be edited, and passes it again. */
static void flipped_bytes_never_crash(void **state)
{
	static const char *const names[] = { "yarp/BigDataHive", "qthivex/rigorous",
		"yarp/UnicodeHive", "hivex/special" };
	const struct reg_data data = { REG_BINARY, (uint8_t *)(uintptr_t) "123456", 6 };
	const struct reg_edit edit = { "", "new", &data };
	uint64_t random = 7;
	need_hives();
	for (size_t i = 0; i < 4; i++) {
		struct file file = file_of(*state, names[i]);
		size_t len = 0x1000 + (size_t)hand_get(file.bytes + 40, 4),
		       within = len < 0x3000 ? len : 0x3000;
		for (int round = 0; round < 1500; round++) {
			TALLOC_CTX *mem = talloc_new(*state);
			uint8_t *bytes = talloc_memdup(mem, file.bytes, len);
			struct regf_edited edited;
			struct error err = { 0 };
			struct regf *hive;
			for (int n = 0; n < 3; n++)
				bytes[0x1000 + support_random(&random) % (within - 0x1000)] ^=
					(uint8_t)(1U << support_random(&random) % 8);
			if (regf_open_bytes(mem, "fuzz", bytes, len, &hive, &err) == 0 &&
				regf_check(hive, &err) == 0 &&
				regf_edit(mem, hive, bytes, len, &edit, 1, HAND_TIME, &edited,
					&err) == 0)
				hand_checked(mem, edited.bytes, edited.len);
			talloc_free(mem);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sound_ones_pass_and_damaged_ones_do_not),
		cmocka_unit_test(hivex_reads_the_same),
		cmocka_unit_test(values_are_grafted_on_every_sound_hive),
		cmocka_unit_test(a_real_system_hive_is_changed),
		cmocka_unit_test(a_long_value_in_parts_is_changed_in_place),
		cmocka_unit_test(everything_can_be_removed),
		cmocka_unit_test(flipped_bytes_never_crash),
	};
	return cmocka_run_group_tests(tests, hives_unpack, support_memory_free);
}
