/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader and the walk against damaged and hostile hives, each made from one laid out by
 * hand. */
#include "nt/regf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "handmade.h"
#include "support.h"

/* One field of the hive made wrong, and what must come of it: at the gate, in the walk, or
 * nothing. */
struct damage {
	const char *what;
	uint32_t off; /* in the file */
	unsigned width;
	uint64_t value;
	enum trouble gate, walk;
};

#define BIN(pos) (HAND_BIN + (pos))

static const struct damage damages[] = {
	{ "none", 0x0ffc, 4, 1, 0, 0 },
	{ "not regf", 0, 1, 'R', TROUBLE_NOT_A_HIVE, 0 },
	{ "dirty", 4, 4, 8, TROUBLE_HIVE_DIRTY, 0 },
	{ "half written the other way", 8, 4, 8, TROUBLE_HIVE_DIRTY, 0 },
	{ "a log", 28, 4, 1, TROUBLE_NOT_A_HIVE, 0 },
	{ "a log of Windows 2000", 28, 4, 2, TROUBLE_NOT_A_HIVE, 0 },
	{ "NT 3.51", 24, 4, 2, TROUBLE_TOO_OLD, 0 },
	{ "NT 3.1", 24, 4, 0, TROUBLE_TOO_OLD, 0 },
	{ "version 1.4", 24, 4, 4, TROUBLE_NOT_A_HIVE, 0 },
	{ "version 1.6", 24, 4, 6, TROUBLE_NOT_A_HIVE, 0 },
	{ "version 2.3", 20, 4, 2, TROUBLE_NOT_A_HIVE, 0 },
	{ "version 1.5", 24, 4, 5, 0, 0 },
	{ "length beyond the file", 40, 4, 0x2000, TROUBLE_HIVE_TRUNCATED, 0 },
	{ "length 2 GiB", 40, 4, 0x80000000, TROUBLE_HIVE_TRUNCATED, 0 },
	{ "length 0", 40, 4, 0, TROUBLE_HIVE_BROKEN, 0 },
	{ "length odd", 40, 4, 0x800, TROUBLE_HIVE_BROKEN, 0 },
	{ "root nowhere", 36, 4, 0xffffffff, TROUBLE_HIVE_BROKEN, 0 },
	{ "root in the bin's header", 36, 4, 0, TROUBLE_HIVE_BROKEN, 0 },
	{ "root not aligned", 36, 4, HAND_ROOT + 4, TROUBLE_HIVE_BROKEN, 0 },
	{ "root no key", 36, 4, HAND_SK, TROUBLE_HIVE_BROKEN, 0 },
	{ "root free", BIN(HAND_ROOT), 4, 0x58, TROUBLE_HIVE_BROKEN, 0 },
	{ "root's name too long", BIN(HAND_ROOT + 76), 2, 0x5000, TROUBLE_HIVE_BROKEN, 0 },

	{ "bin without a name", BIN(0), 1, 'H', 0, TROUBLE_HIVE_BROKEN },
	{ "bin elsewhere", BIN(4), 4, 0x1000, 0, TROUBLE_HIVE_BROKEN },
	{ "bin of no size", BIN(8), 4, 0, 0, TROUBLE_HIVE_BROKEN },
	{ "bin too long", BIN(8), 4, 0x2000, 0, TROUBLE_HIVE_BROKEN },
	{ "bin of half a page", BIN(8), 4, 0x800, 0, TROUBLE_HIVE_BROKEN },
	{ "free cell of no size", BIN(HAND_FREE), 4, 0, 0, TROUBLE_HIVE_BROKEN },
	{ "free cell over the end", BIN(HAND_FREE), 4, 0x1000 - HAND_FREE + 8, 0,
		TROUBLE_HIVE_BROKEN },
	{ "free cell not aligned", BIN(HAND_FREE), 4, 12, 0, TROUBLE_HIVE_BROKEN },
	{ "cell too long", BIN(HAND_DEFAULT), 4, 0xfffffff0 - 0x1000, 0, TROUBLE_HIVE_BROKEN },
	{ "no sk", BIN(HAND_ALPHA + 48), 4, 0xffffffff, 0, TROUBLE_HIVE_BROKEN },
	{ "sk no sk", BIN(HAND_ALPHA + 48), 4, HAND_LF, 0, TROUBLE_HIVE_BROKEN },
	{ "sk too long", BIN(HAND_SK + 20), 4, 0x30, 0, TROUBLE_HIVE_BROKEN },
	{ "sk ring open", BIN(HAND_SK + 8), 4, 0, 0, TROUBLE_HIVE_BROKEN },
	{ "list of keys gone", BIN(HAND_ROOT + 32), 4, 0xffffffff, 0, TROUBLE_HIVE_BROKEN },
	{ "list no list", BIN(HAND_LF + 4), 1, 'x', 0, TROUBLE_HIVE_BROKEN },
	{ "list lh in 1.3", BIN(HAND_LF + 5), 1, 'h', 0, TROUBLE_HIVE_BROKEN },
	/* its second entry is then the hint */
	{ "list li", BIN(HAND_LF + 5), 1, 'i', 0, TROUBLE_HIVE_BROKEN },
	{ "list ri of keys", BIN(HAND_LF + 4), 2, 'r' | 'i' << 8, 0, TROUBLE_HIVE_BROKEN },
	{ "list too long", BIN(HAND_LF + 6), 2, 3, 0, TROUBLE_HIVE_BROKEN },
	{ "list too short", BIN(HAND_LF + 6), 2, 1, 0, TROUBLE_HIVE_BROKEN },
	{ "key counts too many", BIN(HAND_ROOT + 24), 4, 3, 0, TROUBLE_HIVE_BROKEN },
	{ "key counts too few", BIN(HAND_ROOT + 24), 4, 1, 0, TROUBLE_HIVE_BROKEN },
	{ "key counts billions", BIN(HAND_ROOT + 24), 4, 0xfffffff0, 0, TROUBLE_HIVE_BROKEN },
	{ "key counts none", BIN(HAND_ROOT + 24), 4, 0, 0, 0 },
	{ "key listed twice", BIN(HAND_LF + 16), 4, HAND_ALPHA, 0, TROUBLE_HIVE_BROKEN },
	{ "root below itself", BIN(HAND_LF + 16), 4, HAND_ROOT, 0, TROUBLE_HIVE_BROKEN },
	{ "key of another parent", BIN(HAND_BETA + 20), 4, HAND_ALPHA, 0, TROUBLE_HIVE_BROKEN },
	{ "key no key", BIN(HAND_BETA + 4), 2, 'n' | 'l' << 8, 0, TROUBLE_HIVE_BROKEN },
	{ "key's name too long", BIN(HAND_BETA + 76), 2, 9, 0, TROUBLE_HIVE_BROKEN },
	{ "key's name UTF-16 and odd", BIN(HAND_ALPHA + 6), 2, 0, 0, TROUBLE_HIVE_BROKEN },
	{ "two keys of one name", BIN(HAND_ALPHA + 76), 8,
		4 | 0ULL << 16 | (uint64_t)'B' << 32 | (uint64_t)'E' << 40 | (uint64_t)'t' << 48 |
			(uint64_t)'A' << 56,
		0, TROUBLE_HIVE_BROKEN },
	{ "a class length without a class", BIN(HAND_ALPHA + 78), 2, 4, 0, 0 },
	{ "list of values gone", BIN(HAND_ALPHA + 44), 4, 0xffffffff, 0, TROUBLE_HIVE_BROKEN },
	{ "values too many", BIN(HAND_ALPHA + 40), 4, 4, 0, TROUBLE_HIVE_BROKEN },
	{ "values by the billion", BIN(HAND_ALPHA + 40), 4, 0x40000001, 0, TROUBLE_HIVE_BROKEN },
	{ "value listed twice", BIN(HAND_VALUES + 8), 4, HAND_PATH, 0, TROUBLE_HIVE_BROKEN },
	{ "value no value", BIN(HAND_NUM + 5), 1, 'x', 0, TROUBLE_HIVE_BROKEN },
	{ "value's name too long", BIN(HAND_NUM + 6), 2, 9, 0, TROUBLE_HIVE_BROKEN },
	{ "value inline and long", BIN(HAND_NUM + 8), 4, 0x80000005, 0, TROUBLE_HIVE_BROKEN },
	{ "two values of the same name", BIN(HAND_NUM + 6), 2, 0, 0, TROUBLE_HIVE_BROKEN },
	{ "data too long", BIN(HAND_PATH + 8), 4, 21, 0, TROUBLE_HIVE_BROKEN },
	{ "data of billions", BIN(HAND_PATH + 8), 4, 0x7fffffff, 0, TROUBLE_HIVE_BROKEN },
	{ "data nowhere", BIN(HAND_PATH + 12), 4, 0x1000, 0, TROUBLE_HIVE_BROKEN },
	{ "data free", BIN(HAND_DATA), 4, 0x18, 0, TROUBLE_HIVE_BROKEN },
	{ "data in a key's cell", BIN(HAND_PATH + 12), 4, HAND_BETA, 0, TROUBLE_HIVE_BROKEN },
	{ "empty data that point nowhere", BIN(HAND_PATH + 8), 8, 0xffffffff00000000, 0, 0 },
};

static void every_damage_has_its_own_trouble(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(damages); i++) {
		const struct damage *d = &damages[i];
		uint8_t *file = handmade(*state);
		struct error err = { 0 };
		struct regf *hive;
		hand_put(file + d->off, d->width, d->value);
		hand_checksum(file);
		int ret = regf_open_bytes(*state, "SYSTEM", file, HAND_LEN, &hive, &err);
		if (ret != -(int)d->gate || (ret != 0 && (err.trouble != d->gate || hive != NULL)))
			fail_msg("%s: the gate said %d (%s)", d->what, ret, err.text);
		ret = ret == 0 ? regf_check(hive, &err) : 0;
		if (ret != -(int)d->walk)
			fail_msg("%s: the walk said %d (%s)", d->what, ret, err.text);
	}
}

static void a_pointer_into_a_cell_is_refused(void **state)
{
	uint8_t *file = handmade(*state), *bin = file + HAND_BIN;
	struct error err;
	/* A whole cell of data inside the data of another, which the chain of cells does not
	 * know. */
	hand_put(bin + HAND_FREE, 4, 0x100000000ULL - (0x1000 - HAND_FREE));
	hand_put(bin + HAND_FREE + 8, 4, 0x100000000ULL - 0x18);
	hand_put(bin + HAND_PATH + 12, 4, HAND_FREE + 8);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_check(hive, &err), -TROUBLE_HIVE_BROKEN);
	assert_non_null(strstr(err.text, "middle"));
}

/* All keys use the security cell laid out by hand; another lies where its bin is free. In a sound
 * ring whoever is a cell's next names that cell as its last, and the other way round. */
static void the_ring_of_descriptors_is_followed_both_ways(void **state)
{
	enum { OTHER = HAND_FREE, NEXT = 8, LAST = 12 };
	static const struct {
		uint32_t next, last, other_next, other_last;
		bool sound;
	} rings[] = {
		{ HAND_SK, HAND_SK, OTHER, OTHER, true },
		{ OTHER, OTHER, HAND_SK, HAND_SK, true },
		{ OTHER, OTHER, HAND_SK, OTHER, false }, /* the next one's last is another */
		{ OTHER, OTHER, OTHER, HAND_SK, false }, /* the last one's next is another */
		{ HAND_SK, OTHER, OTHER, OTHER, false },
		{ OTHER, HAND_SK, OTHER, OTHER, false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(rings); i++) {
		uint8_t *file = handmade(*state), *bin = file + HAND_BIN;
		struct error err;
		memcpy(bin + OTHER, bin + HAND_SK, 0x30);
		hand_put(bin + OTHER + 0x30, 4, 0x1000 - OTHER - 0x30);
		hand_put(bin + HAND_SK + NEXT, 4, rings[i].next);
		hand_put(bin + HAND_SK + LAST, 4, rings[i].last);
		hand_put(bin + OTHER + NEXT, 4, rings[i].other_next);
		hand_put(bin + OTHER + LAST, 4, rings[i].other_last);
		int ret = regf_check(hand_open(*state, file, HAND_LEN), &err);
		if (ret != (rings[i].sound ? 0 : -TROUBLE_HIVE_BROKEN))
			fail_msg("ring %zu: the walk said %d", i, ret);
	}
}

static int count_value(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	(void)key, (void)err;
	*(size_t *)arg += value != NULL;
	return 0;
}

/* What is damaged anywhere is not gone through at all. */
static void a_pass_over_all_values_is_checked_first(void **state)
{
	static const struct {
		uint32_t off;
		unsigned width;
		uint64_t value;
		int ret;
		size_t values;
	} cases[] = {
		{ 0x0ffc, 4, 1, 0, 3 },
		{ BIN(HAND_LF + 16), 4, HAND_ALPHA, -TROUBLE_HIVE_BROKEN, 0 },
		{ BIN(HAND_LF + 16), 4, HAND_ROOT, -TROUBLE_HIVE_BROKEN, 0 },
		{ BIN(HAND_VALUES + 8), 4, HAND_PATH, -TROUBLE_HIVE_BROKEN, 0 },
		{ BIN(HAND_PATH + 8), 4, 0x7fffffff, -TROUBLE_HIVE_BROKEN, 0 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint8_t *file = handmade(*state);
		size_t count = 0;
		struct error err;
		hand_put(file + cases[i].off, cases[i].width, cases[i].value);
		hand_checksum(file);
		struct regf *hive = hand_open(*state, file, HAND_LEN);
		assert_int_equal(regf_walk(hive, regf_root(hive), "", count_value, &count, &err),
			cases[i].ret);
		assert_int_equal(count, cases[i].values);
	}
}

/* Everything a reader can do, on a hive in any state. Nothing may run away: each key is opened at
 * most so often. */
static void walk(struct regf *hive, regf_key key, int depth, int *left)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reg_value *values;
	struct regf_subkey *subkeys;
	struct error err;
	size_t count;
	(void)regf_values(hive, mem, key, &values, &count, &err);
	if (depth < 20 && regf_subkeys(hive, mem, key, &subkeys, &count, &err) == 0)
		for (size_t i = 0; i < count && --*left > 0; i++)
			walk(hive, subkeys[i].key, depth + 1, left);
	talloc_free(mem);
}

static int no_difference(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	(void)arg;
	(void)key;
	(void)value;
	(void)a;
	(void)b;
	return 0;
}

static bool hard_use(TALLOC_CTX *mem, const uint8_t *file, size_t len, struct regf *sound)
{
	struct reg_value *value;
	struct regf *hive;
	struct error err;
	regf_key key;
	int left = 400;
	if (regf_open_bytes(mem, "fuzz", file, len, &hive, &err) != 0)
		return false;
	walk(hive, regf_root(hive), 0, &left);
	if (regf_find(hive, "Alpha\\beta", &key, &err) == 0 && key != 0)
		(void)regf_value(hive, mem, key, "Path", &value, &err);
	(void)regf_diff(hive, sound, no_difference, NULL, &err);
	int ret = regf_check(hive, &err);
	talloc_free(hive);
	return ret == 0;
}

static void flipped_bytes_never_crash(void **state)
{
	uint8_t *good = handmade(*state), *file = talloc_memdup(*state, good, HAND_LEN);
	struct regf *sound = hand_open(*state, good, HAND_LEN);
	uint64_t random = 20240208;
	int passed = 0, rounds = 40000;
	for (int i = 0; i < rounds; i++) {
		memcpy(file, good, HAND_LEN);
		for (uint32_t n = support_random(&random) % 4 + 1; n > 0; n--) {
			/* Mostly where something lies. */
			uint32_t off = HAND_BIN + support_random(&random) % 0x200;
			file[support_random(&random) % 8 == 0 ? off % 64 : off] =
				(uint8_t)support_random(&random);
		}
		hand_checksum(file);
		passed += hard_use(*state, file, HAND_LEN, sound);
	}
	/* Some damage does no harm (a name, a time), most does. */
	assert_in_range(passed, rounds / 100, rounds * 9 / 10);
}

/* Lists that name themselves or one another. */
static void rings_end(void **state)
{
	uint8_t *file = handmade(*state), *bin = file + HAND_BIN;
	struct error err;
	struct regf_subkey *subkeys;
	size_t count;
	struct regf *sound = hand_open(*state, handmade(*state), HAND_LEN);
	bin[HAND_LF + 4] = 'r';
	bin[HAND_LF + 5] = 'i';
	hand_put(bin + HAND_LF + 8, 4, HAND_LF);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_subkeys(hive, *state, HAND_ROOT, &subkeys, &count, &err),
		-TROUBLE_HIVE_BROKEN);

	/* Alpha lists the root twice: two to the power of the depth, if it were followed. */
	file = handmade(*state);
	bin = file + HAND_BIN;
	hand_put(bin + HAND_LF + 16, 4, HAND_ROOT);
	hand_put(bin + HAND_LF + 8, 4, HAND_ROOT);
	hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_check(hive, &err), -TROUBLE_HIVE_BROKEN);
	assert_int_equal(regf_diff(hive, sound, no_difference, NULL, &err), -TROUBLE_HIVE_BROKEN);
}

/* Keys one below the other, depth of them: nk cells of 0x58 and lf lists of 0x18. Each list names
 * the next key so many times. */
static uint8_t *chain(TALLOC_CTX *mem, unsigned depth, unsigned times, size_t *len)
{
	uint32_t size = (HAND_LF + 8 + depth * 0x70 + 4095) / 4096 * 4096, pos = HAND_LF,
		 parent = HAND_ROOT;
	uint8_t *file = talloc_zero_size(mem, HAND_BIN + size), *hand = handmade(mem),
		*bin = file + HAND_BIN;
	memcpy(file, hand, HAND_BIN + HAND_LF);
	hand_put(file + 40, 4, size);
	hand_put(bin + 8, 4, size);
	hand_put(bin + HAND_ROOT + 24, 4, 0);
	for (unsigned i = 1; i < depth; i++, pos += 0x70) {
		hand_put(bin + parent + 24, 4, times);
		hand_put(bin + parent + 32, 4, pos);
		hand_put(bin + pos, 4, 0x100000000ULL - 0x18);
		memcpy(bin + pos + 4, "lf", 2);
		hand_put(bin + pos + 6, 2, times);
		for (unsigned j = 0; j < times; j++)
			hand_put(bin + pos + 8 + 8 * j, 4, pos + 0x18);
		memcpy(bin + pos + 0x18, hand + BIN(HAND_BETA), 0x58);
		hand_put(bin + pos + 0x18 + 20, 4, parent);
		parent = pos + 0x18;
	}
	hand_put(bin + pos, 4, size - pos);
	hand_checksum(file);
	*len = HAND_BIN + size;
	return file;
}

static void depth_is_limited(void **state)
{
	struct regf *sound = hand_open(*state, handmade(*state), HAND_LEN);
	struct error err;
	size_t len;
	uint8_t *file = chain(*state, 512, 1, &len);
	assert_int_equal(regf_check(hand_open(*state, file, len), &err), 0);
	assert_int_equal(regf_diff(hand_open(*state, file, len), sound, no_difference, NULL, &err),
		0);
	file = chain(*state, 513, 1, &len);
	assert_int_equal(regf_check(hand_open(*state, file, len), &err), -TROUBLE_HIVE_BROKEN);
	assert_non_null(strstr(err.text, "deeper"));
	assert_int_equal(regf_diff(hand_open(*state, file, len), sound, no_difference, NULL, &err),
		-TROUBLE_HIVE_BROKEN);
}

/* Every key listed twice by its parent: 2 to the power of 100 ways down, few of them taken. */
static void ways_are_counted(void **state)
{
	struct regf *sound = hand_open(*state, handmade(*state), HAND_LEN);
	struct error err;
	size_t len;
	uint8_t *file = chain(*state, 100, 2, &len);
	assert_int_equal(regf_diff(hand_open(*state, file, len), sound, no_difference, NULL, &err),
		-TROUBLE_HIVE_BROKEN);
	assert_int_equal(regf_check(hand_open(*state, file, len), &err), -TROUBLE_HIVE_BROKEN);
}

/* A list of 100 times the same value of 1000 bytes would be more than the file has. */
static void values_cannot_be_more_than_the_file(void **state)
{
	uint8_t *file = handmade(*state), *bin = file + HAND_BIN;
	struct reg_value *values;
	struct error err;
	size_t count;
	hand_put(bin + HAND_FREE, 4, 0x100000000ULL - 0x400);
	hand_put(bin + HAND_PATH + 8, 4, 1000);
	hand_put(bin + HAND_PATH + 12, 4, HAND_FREE);
	hand_put(bin + HAND_FREE + 0x400, 4, 0x100000000ULL - (0x1000 - HAND_FREE - 0x400));
	for (uint32_t i = 0; i < 100; i++)
		hand_put(bin + HAND_FREE + 0x404 + 4 * i, 4, HAND_PATH);
	hand_put(bin + HAND_ALPHA + 40, 4, 100);
	hand_put(bin + HAND_ALPHA + 44, 4, HAND_FREE + 0x400);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_values(hive, *state, HAND_ALPHA, &values, &count, &err),
		-TROUBLE_HIVE_BROKEN);
	hand_put(bin + HAND_ALPHA + 40, 4, 3);
	assert_int_equal(regf_values(hive, *state, HAND_ALPHA, &values, &count, &err), 0);
	assert_int_equal(count, 3);
}

static void a_cell_over_the_end_is_not_read(void **state)
{
	uint8_t *file = handmade(*state);
	struct reg_value *value;
	struct error err;
	hand_put(file + BIN(HAND_DATA), 4, 0x100000000ULL - (0x1000 - HAND_DATA + 8));
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_value(hive, *state, HAND_ALPHA, "Path", &value, &err),
		-TROUBLE_HIVE_BROKEN);
	assert_null(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_damage_has_its_own_trouble),
		cmocka_unit_test(the_ring_of_descriptors_is_followed_both_ways),
		cmocka_unit_test(a_pass_over_all_values_is_checked_first),
		cmocka_unit_test(a_pointer_into_a_cell_is_refused),
		cmocka_unit_test(flipped_bytes_never_crash),
		cmocka_unit_test(rings_end),
		cmocka_unit_test(depth_is_limited),
		cmocka_unit_test(ways_are_counted),
		cmocka_unit_test(values_cannot_be_more_than_the_file),
		cmocka_unit_test(a_cell_over_the_end_is_not_read),
	};
	return cmocka_run_group_tests(tests, support_memory_new, support_memory_free);
}
