/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest change, on a hive laid out by hand: where each byte must be is known beforehand. */
#include "nt/regf_edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "handmade.h"
#include "nt/regf_build.h"
#include "support.h"

/* FILETIME of 1999-12-13 00:00 UTC. */
#define NOW 0x01bf44fcff940000ULL
#define BIN(pos) (HAND_BIN + (pos))
#define DATA(type_, bytes_, len_) \
	(&(struct reg_data){ type_, (uint8_t *)(uintptr_t)(bytes_), len_ })

/* What an edit makes is owned by whoever owns the file. */
static struct regf_edited edit_all(const uint8_t *file, size_t len, const struct reg_edit *edits,
	size_t count)
{
	TALLOC_CTX *mem = talloc_parent(file);
	struct regf_edited edited;
	struct error err = { 0 };
	struct regf *hive = hand_checked(mem, file, len);
	if (regf_edit(mem, hive, file, len, edits, count, NOW, &edited, &err) != 0)
		fail_msg("%s", err.text);
	hand_checked(mem, edited.bytes, edited.len);
	return edited;
}

static struct regf_edited edit_one(const uint8_t *file, size_t len, const char *key,
	const char *value, const struct reg_data *data)
{
	return edit_all(file, len, &(struct reg_edit){ key, value, data }, 1);
}

static struct regf_edited edit_hand(const uint8_t *file, const char *key, const char *value,
	const struct reg_data *data)
{
	return edit_one(file, HAND_LEN, key, value, data);
}

static size_t bytes_differing(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t count = 0;
	for (size_t i = 0; i < len; i++)
		count += a[i] != b[i];
	return count;
}

static void wants_differences(const uint8_t *file, const struct regf_edited *e, const char *text)
{
	assert_string_equal(hand_differences(file, HAND_LEN, e->bytes, e->len), text);
}

static void one_letter_is_one_byte(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e = edit_hand(file, "alpha", "PATH",
		DATA(REG_EXPAND_SZ, "D\0:\0\\\0E\0x\0c\0h\0s\0r\0v", 20));
	assert_int_equal(e.changed, 1);
	assert_true(e.same_length);
	assert_true(e.one_sector_each);
	assert_int_equal(e.len, HAND_LEN);
	assert_int_equal(bytes_differing(file, e.bytes, HAND_LEN), 1);
	assert_int_equal(file[BIN(HAND_DATA) + 4], 'C');
	assert_int_equal(e.bytes[BIN(HAND_DATA) + 4], 'D');
	wants_differences(file, &e, "Alpha|Path|2:20>2:20;");
}

/* msuhanov/regf: the first bin's header, at 20, has the time of the base block, at 12, a second
 * time. */
static void a_header_that_is_written_has_one_time(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e =
		edit_hand(file, "Alpha", "Path", DATA(REG_SZ, "longer than it was before", 26));
	assert_false(e.same_length);
	assert_true(hand_get(e.bytes + 12, 8) == NOW);
	assert_true(hand_get(e.bytes + HAND_BIN + 20, 8) == NOW);
	assert_true(hand_get(e.bytes + HAND_LEN + 20, 8) == 0);
	regf_touch(e.bytes, NOW + 1);
	assert_true(hand_get(e.bytes + 12, 8) == NOW + 1 &&
		hand_get(e.bytes + HAND_BIN + 20, 8) == NOW + 1);
	assert_int_equal(hand_get(e.bytes + 4, 4), 9);
	assert_int_equal(hand_get(e.bytes + 8, 4), 9);
	(void)hand_checked(*state, e.bytes, e.len);
}

static void inline_data_are_changed_in_place(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e =
		edit_hand(file, "Alpha", "num", DATA(REG_DWORD, "\x79\x56\x34\x13", 4));
	assert_true(e.same_length);
	assert_int_equal(bytes_differing(file, e.bytes, HAND_LEN), 2);
	assert_int_equal(e.bytes[BIN(HAND_NUM) + 12], 0x79);
	assert_int_equal(e.bytes[BIN(HAND_NUM) + 15], 0x13);
}

static void what_is_right_stays(void **state)
{
	uint8_t *file = handmade(*state);
	const struct reg_edit edits[] = {
		{ "Alpha", "Path", DATA(REG_EXPAND_SZ, "C\0:\0\\\0E\0x\0c\0h\0s\0r\0v", 20) },
		{ "Alpha", "nothing", NULL },
		{ "beta", "", NULL },
	};
	struct regf_edited e = edit_all(file, HAND_LEN, edits, 3);
	assert_int_equal(e.changed, 0);
	assert_int_equal(e.len, HAND_LEN);
	assert_memory_equal(e.bytes, file, HAND_LEN);
}

/* Header of a file that grew or was rearranged: numbers, time, checksum; nothing else of the base
 * block but the length. */
static void check_header(const uint8_t *before, const uint8_t *after, uint32_t length)
{
	uint8_t want[4096];
	memcpy(want, before, sizeof want);
	hand_put(want + 4, 4, 8);
	hand_put(want + 8, 4, 8);
	hand_put(want + 12, 8, NOW);
	hand_put(want + 40, 4, length);
	hand_checksum(want);
	assert_memory_equal(after, want, sizeof want);
}

static void longer_data_go_into_a_new_bin(void **state)
{
	uint8_t *file = handmade(*state), *want = talloc_zero_size(*state, HAND_LEN + 4096);
	static const uint8_t text[] = "D\0:\0\\\0E\0x\0c\0h\0s\0r\0v\0r\0\0";
	struct regf_edited e = edit_hand(file, "Alpha", "Path", DATA(REG_EXPAND_SZ, text, 24));
	assert_int_equal(e.changed, 1);
	assert_false(e.same_length);
	assert_int_equal(e.len, HAND_LEN + 4096);
	check_header(file, e.bytes, 0x2000);

	memcpy(want, file, HAND_LEN);
	memcpy(want, e.bytes, 4096);
	hand_put(want + BIN(20), 8, NOW);         /* the first bin has the header's time */
	hand_put(want + BIN(HAND_DATA), 4, 0x18); /* the old cell is free */
	hand_put(want + BIN(HAND_PATH) + 8, 4, 24);
	hand_put(want + BIN(HAND_PATH) + 12, 4, 0x1020);
	hand_put(want + BIN(HAND_ALPHA) + 8, 8, NOW);
	hand_put(want + BIN(HAND_ALPHA) + 68, 4, 24); /* longest data */
	memcpy(want + BIN(0x1000), "hbin", 4);
	hand_put(want + BIN(0x1004), 4, 0x1000);
	hand_put(want + BIN(0x1008), 4, 0x1000);
	hand_put(want + BIN(0x1020), 4, 0x100000000ULL - 0x20);
	memcpy(want + BIN(0x1024), text, 24);
	hand_put(want + BIN(0x1040), 4, 0x1000 - 0x40);
	assert_memory_equal(e.bytes, want, HAND_LEN + 4096);
	wants_differences(file, &e, "Alpha|Path|2:20>2:24;");
}

static void shorter_data_go_inline_without_growth(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e = edit_hand(file, "Alpha", "Path", DATA(REG_SZ, "x\0", 2));
	assert_int_equal(e.len, HAND_LEN);
	assert_false(e.same_length);
	check_header(file, e.bytes, 0x1000);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_DATA), 4), 0x18);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_PATH) + 8, 4), 0x80000002);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_PATH) + 12, 4), 'x');
	assert_int_equal(hand_get(e.bytes + BIN(HAND_PATH) + 16, 4), REG_SZ);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_ALPHA) + 68, 4), 20);
	wants_differences(file, &e, "Alpha|Path|2:20>1:2;");
}

static void another_type_is_a_change(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e =
		edit_hand(file, "Alpha", "Num", DATA(REG_BINARY, "\x78\x56\x34\x12", 4));
	assert_int_equal(e.changed, 1);
	assert_false(e.same_length);
	assert_int_equal(e.len, HAND_LEN);
	check_header(file, e.bytes, 0x1000);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_NUM) + 16, 4), REG_BINARY);
}

static void a_value_is_added_to_a_key_without_any(void **state)
{
	uint8_t *file = handmade(*state), *beta;
	struct regf_edited e =
		edit_hand(file, "beta", "Ab\xc3\xa9", DATA(REG_BINARY, "\1\2\3\4\5", 5));
	check_header(file, e.bytes, 0x2000);
	beta = e.bytes + BIN(HAND_BETA);
	assert_int_equal(hand_get(beta + 40, 4), 1);
	/* vk of 20 + 3 at 1020, data of 5 at 1040, list at 1050 */
	assert_int_equal(hand_get(beta + 44, 4), 0x1050);
	assert_int_equal(hand_get(beta + 64, 4), 6); /* three characters in UTF-16 */
	assert_int_equal(hand_get(beta + 68, 4), 5);
	assert_true(hand_get(beta + 8, 8) == NOW);
	assert_memory_equal(e.bytes + BIN(0x1020),
		"\xe0\xff\xff\xffvk\3\0\5\0\0\0\x40\x10\0\0\3\0\0\0\1\0\0\0Ab\xe9", 27);
	assert_memory_equal(e.bytes + BIN(0x1040), "\xf0\xff\xff\xff\1\2\3\4\5", 9);
	assert_memory_equal(e.bytes + BIN(0x1050), "\xf8\xff\xff\xff\x20\x10\0\0", 8);
	wants_differences(file, &e, "beta|Ab\xc3\xa9|-1:-1>3:5;");
}

static void a_value_is_added_behind_the_others(void **state)
{
	uint8_t *file = handmade(*state), *alpha;
	struct regf_edited e =
		edit_hand(file, "Alpha", "\xe4\xb8\xad", DATA(REG_DWORD, "\1\0\0\0", 4));
	alpha = e.bytes + BIN(HAND_ALPHA);
	assert_int_equal(hand_get(alpha + 40, 4), 4);
	assert_int_equal(hand_get(alpha + 44, 4), 0x1040);
	assert_int_equal(hand_get(alpha + 64, 4), 8);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_VALUES), 4), 0x10); /* freed */
	/* A list of four in the smallest cell that holds it: 4 + 16 = 20, so 24. */
	assert_memory_equal(e.bytes + BIN(0x1040),
		"\xe8\xff\xff\xff\x80\1\0\0\xb8\1\0\0\xd8\1\0\0\x20\x10\0\0", 20);
	/* UTF-16: no flag. */
	assert_memory_equal(e.bytes + BIN(0x1020),
		"\xe0\xff\xff\xffvk\2\0\4\0\0\x80\1\0\0\0\4\0\0\0\0\0\0\0\x2d\x4e", 26);
}

static void the_default_value_has_no_name_and_no_flag(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e = edit_hand(file, "beta", "", DATA(REG_SZ, NULL, 0));
	assert_memory_equal(e.bytes + BIN(0x1020),
		"\xe8\xff\xff\xffvk\0\0\0\0\0\x80\0\0\0\0\1\0\0\0\0\0\0\0", 24);
}

static void a_removed_value_leaves_the_rest_in_order(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_edited e = edit_hand(file, "Alpha", "Path", NULL);
	assert_int_equal(e.len, HAND_LEN);
	assert_false(e.same_length);
	check_header(file, e.bytes, 0x1000);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_ALPHA) + 40, 4), 2);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_ALPHA) + 44, 4), HAND_VALUES);
	/* Two entries take 12 bytes, so 16: the cell keeps its size, the third entry is cleared. */
	assert_memory_equal(e.bytes + BIN(HAND_VALUES),
		"\xf0\xff\xff\xff\xb8\1\0\0\xd8\1\0\0\0\0\0\0", 16);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_PATH), 4), 0x20);
	assert_int_equal(hand_get(e.bytes + BIN(HAND_DATA), 4), 0x18);
	wants_differences(file, &e, "Alpha|Path|2:20>-1:-1;");
}

static void the_last_value_takes_the_list_with_it(void **state)
{
	uint8_t *file = handmade(*state);
	const struct reg_edit edits[] = { { "Alpha", "", NULL }, { "Alpha", "Num", NULL },
		{ "Alpha", "path", NULL } };
	struct regf_edited two = edit_all(file, HAND_LEN, edits, 2),
			   three = edit_all(file, HAND_LEN, edits, 3);
	/* One entry, in the cell that had three. */
	assert_memory_equal(two.bytes + BIN(HAND_VALUES),
		"\xf0\xff\xff\xff\x80\1\0\0\0\0\0\0\0\0\0\0", 16);
	assert_int_equal(three.changed, 3);
	assert_int_equal(hand_get(three.bytes + BIN(HAND_ALPHA) + 40, 4), 0);
	assert_int_equal(hand_get(three.bytes + BIN(HAND_ALPHA) + 44, 4), 0xffffffff);
	assert_int_equal(hand_cells(three.bytes, three.len, "vk"), 0);
}

static void several_edits_share_one_bin(void **state)
{
	uint8_t *file = handmade(*state);
	const struct reg_edit edits[] = {
		{ "Alpha", "new", DATA(REG_BINARY, "123456", 6) },
		{ "Alpha", "Path", DATA(REG_SZ, "abcdefgh", 8) },
		{ "beta", "new", DATA(REG_DWORD, "\1\0\0\0", 4) },
		{ "Alpha", "new", DATA(REG_BINARY, "1234567890", 10) },
		{ "beta", "gone", DATA(REG_BINARY, "123456", 6) },
		{ "beta", "gone", NULL },
		{ "Alpha", "Num", DATA(REG_DWORD, "\x79\x56\x34\x12", 4) },
	};
	struct regf_edited e = edit_all(file, HAND_LEN, edits, ARRAY_SIZE(edits));
	assert_int_equal(e.changed, 7);
	assert_int_equal(e.len, HAND_LEN + 4096);
	check_header(file, e.bytes, 0x2000);
	wants_differences(file, &e,
		"Alpha|new|-1:-1>3:10;Alpha|Num|4:4>4:4;Alpha|Path|2:20>1:8;beta|new|-1:-1>4:4;");
	assert_int_equal(hand_cells(e.bytes, e.len, "vk"), 5);
}

static void data_longer_than_a_page_get_a_longer_bin(void **state)
{
	uint8_t *file = handmade(*state), *data = talloc_zero_size(*state, 20000);
	struct regf_edited e = edit_hand(file, "beta", "long", DATA(REG_BINARY, data, 20000));
	/* 32 + vk 32 + data 20008 + list 8 = 20080: five pages. Version 1.3 has no parts. */
	assert_int_equal(e.len, HAND_LEN + 5 * 4096);
	assert_int_equal(hand_get(e.bytes + BIN(0x1008), 4), 5 * 4096);
	assert_int_equal(hand_cells(e.bytes, e.len, "db"), 0);
}

static void room_behind_the_last_bin_is_used(void **state)
{
	uint8_t *file = handmade(*state), *slack = talloc_zero_size(*state, HAND_LEN + 6000);
	memcpy(slack, file, HAND_LEN);
	memset(slack + HAND_LEN, 0xaa, 6000);
	struct regf_edited e =
		edit_one(slack, HAND_LEN + 6000, "beta", "new", DATA(REG_BINARY, "123456", 6));
	assert_int_equal(e.len, HAND_LEN + 6000);
	assert_false(e.same_length);
	check_header(file, e.bytes, 0x2000);
	/* Zero behind the cells of the new bin, and the rest of the rubbish untouched. */
	assert_int_equal(e.bytes[HAND_LEN + 4095], 0);
	assert_int_equal(e.bytes[HAND_LEN + 4096], 0xaa);
	assert_int_equal(e.bytes[HAND_LEN + 5999], 0xaa);
}

static int edit_trouble(const uint8_t *file, size_t len, const char *key, const char *value,
	const struct reg_data *data)
{
	TALLOC_CTX *mem = talloc_parent(file);
	struct regf_edited edited;
	struct error err = { 0 };
	int ret = regf_edit(mem, hand_checked(mem, file, len), file, len,
		&(struct reg_edit){ key, value, data }, 1, NOW, &edited, &err);
	if (ret != 0)
		assert_null(edited.bytes);
	return ret;
}

static void what_cannot_be_is_refused(void **state)
{
	uint8_t *file = handmade(*state), *file5 = handmade(*state),
		*data = talloc_zero_size(*state, 1 << 20);
	hand_put(file5 + 24, 4, 5);
	hand_checksum(file5);
	const struct reg_data *fits = DATA(REG_BINARY, data, 16344),
			      *parts = DATA(REG_BINARY, data, 16345),
			      *huge = DATA(REG_BINARY, data, 1 << 20);
	assert_int_equal(edit_trouble(file, HAND_LEN, "gamma", "x", fits), -TROUBLE_NOT_THERE);
	assert_int_equal(edit_trouble(file5, HAND_LEN, "beta", "x", fits), 0);
	assert_int_equal(edit_trouble(file5, HAND_LEN, "beta", "x", parts), -TROUBLE_CANNOT);
	assert_int_equal(edit_trouble(file5, HAND_LEN, "Alpha", "Path", parts), -TROUBLE_CANNOT);
	assert_int_equal(edit_trouble(file, HAND_LEN, "beta", "x", parts), 0);
	assert_int_equal(edit_trouble(file, HAND_LEN, "beta", "x", huge), -TROUBLE_CANNOT);
	assert_int_equal(edit_trouble(file, HAND_LEN, "beta", "\xff", fits), -TROUBLE_NAME);
}

static void bytes_of_another_file_are_refused(void **state)
{
	uint8_t *file = handmade(*state), *other = handmade(*state);
	struct regf *hive = hand_checked(*state, file, HAND_LEN);
	struct regf_edited edited;
	struct error err;
	hand_put(other + 4, 4, 8);
	hand_put(other + 8, 4, 8);
	hand_checksum(other);
	assert_int_equal(regf_edit(*state, hive, other, HAND_LEN, NULL, 0, NOW, &edited, &err),
		-TROUBLE_HIVE_CHANGING);
	assert_int_equal(regf_edit(*state, hive, file, HAND_LEN - 1, NULL, 0, NOW, &edited, &err),
		-TROUBLE_HIVE_CHANGING);
}

/* A hive with one value, "x" of the key "beta". */
static uint8_t *built(TALLOC_CTX *mem, const struct reg_data *data, size_t *len)
{
	struct regf_build *build = regf_build_new(mem, "SYSTEM", "SYSTEM", NOW);
	struct error err;
	uint8_t *file;
	assert_int_equal(regf_build_value(build, "beta", "x", data, &err), 0);
	assert_int_equal(regf_build_finish(build, mem, &file, len, &err), 0);
	return file;
}

/* KB Q306038: a hive of over 10 MB is not made larger, but may still be changed in place. */
static void ten_megabytes_are_the_limit(void **state)
{
	uint8_t *file;
	size_t len;
	for (int over = 0; over < 2; over++) {
		file = built(*state, DATA(REG_BINARY, "12345", 5), &len);
		file = hand_pad(*state, file, &len, (10 << 20) - (over ? 0 : 4096));
		assert_int_equal(edit_trouble(file, len, "beta", "x",
					 DATA(REG_BINARY, "123456", 6)),
			over ? -TROUBLE_CANNOT : 0);
		assert_int_equal(edit_trouble(file, len, "beta", "x", DATA(REG_BINARY, "12346", 5)),
			0);
		assert_int_equal(edit_trouble(file, len, "beta", "x", NULL), 0);
	}
}

/* 1000 bytes cross a sector; the two ends changed are in two sectors, one end alone is in one. */
static void sectors_are_watched(void **state)
{
	uint8_t data[1000] = { 0 };
	size_t len;
	uint8_t *file = built(*state, DATA(REG_BINARY, data, 1000), &len);
	data[0] = 1;
	struct regf_edited e = edit_one(file, len, "beta", "x", DATA(REG_BINARY, data, 1000));
	assert_true(e.same_length);
	assert_true(e.one_sector_each);
	data[999] = 1;
	e = edit_one(file, len, "beta", "x", DATA(REG_BINARY, data, 1000));
	assert_true(e.same_length);
	assert_false(e.one_sector_each);
	assert_int_equal(bytes_differing(file, e.bytes, len), 2);
}

static void runs_name_the_sectors(void **state)
{
	uint8_t a[2600] = { 0 }, b[2600] = { 0 };
	size_t count;
	struct regf_run *runs = regf_runs(*state, a, b, sizeof a, &count);
	assert_int_equal(count, 0);
	b[511] = b[512] = b[2599] = 1;
	runs = regf_runs(*state, a, b, sizeof a, &count);
	assert_int_equal(count, 2);
	assert_int_equal(runs[0].off, 0);
	assert_int_equal(runs[0].len, 1024);
	assert_int_equal(runs[1].off, 2560);
	assert_int_equal(runs[1].len, 40);
	memset(b, 1, sizeof b);
	runs = regf_runs(*state, a, b, sizeof a, &count);
	assert_int_equal(count, 1);
	assert_int_equal(runs[0].len, 2600);
}

/* Random edits, held against a list of what must be there. */
enum { NAMES = 6 };

static void random_edits_keep_the_hive_whole(void **state)
{
	static const char *const names[NAMES] = { "", "Path", "Num", "x", "Caf\xc3\xa9",
		"\xe4\xb8\xad\xe6\x96\x87" };
	uint64_t random = 240208;
	for (int round = 0; round < 60; round++) {
		TALLOC_CTX *mem = talloc_new(*state);
		struct reg_data *want[NAMES] = { NULL };
		uint8_t *file = handmade(mem);
		size_t len = HAND_LEN;
		for (int i = 0; i < NAMES; i++)
			file = edit_one(file, len, "Alpha", names[i], NULL).bytes;
		for (int step = 0; step < 30; step++) {
			size_t i = support_random(&random) % NAMES;
			struct reg_data *data = talloc_zero(mem, struct reg_data);
			*data = (struct reg_data){ support_random(&random) % 8,
				talloc_zero_size(mem, 9000), support_random(&random) % 24 };
			if (support_random(&random) % 16 == 0)
				data->len = support_random(&random) % 9000;
			for (size_t j = 0; j < data->len; j++)
				data->bytes[j] = (uint8_t)support_random(&random);
			want[i] = support_random(&random) % 5 == 0 ? NULL : data;
			struct regf_edited e = edit_one(file, len, "Alpha", names[i], want[i]);
			file = e.bytes;
			len = e.len;
		}
		struct regf *hive = hand_checked(mem, file, len);
		size_t present = 0;
		for (size_t i = 0; i < NAMES; i++) {
			struct reg_value *value;
			struct error err;
			assert_int_equal(regf_value(hive, mem, HAND_ALPHA, names[i], &value, &err),
				0);
			assert_true((value == NULL) == (want[i] == NULL));
			if (value != NULL)
				assert_true(regdata_equal(&value->data, want[i]));
			present += value != NULL;
		}
		/* No cell leaks: as many values in use as are there. */
		assert_int_equal(hand_cells(file, len, "vk"), present);
		assert_int_equal(hand_cells(file, len, "lh"), 0);
		talloc_free(mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_letter_is_one_byte),
		cmocka_unit_test(a_header_that_is_written_has_one_time),
		cmocka_unit_test(inline_data_are_changed_in_place),
		cmocka_unit_test(what_is_right_stays),
		cmocka_unit_test(longer_data_go_into_a_new_bin),
		cmocka_unit_test(shorter_data_go_inline_without_growth),
		cmocka_unit_test(another_type_is_a_change),
		cmocka_unit_test(a_value_is_added_to_a_key_without_any),
		cmocka_unit_test(a_value_is_added_behind_the_others),
		cmocka_unit_test(the_default_value_has_no_name_and_no_flag),
		cmocka_unit_test(a_removed_value_leaves_the_rest_in_order),
		cmocka_unit_test(the_last_value_takes_the_list_with_it),
		cmocka_unit_test(several_edits_share_one_bin),
		cmocka_unit_test(data_longer_than_a_page_get_a_longer_bin),
		cmocka_unit_test(room_behind_the_last_bin_is_used),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(bytes_of_another_file_are_refused),
		cmocka_unit_test(ten_megabytes_are_the_limit),
		cmocka_unit_test(sectors_are_watched),
		cmocka_unit_test(runs_name_the_sectors),
		cmocka_unit_test(random_edits_keep_the_hive_whole),
	};
	return cmocka_run_group_tests(tests, support_memory_new, support_memory_free);
}
