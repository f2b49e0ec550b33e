/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader, on a hive laid out by hand and through sources that count and fail. */
#include "nt/regf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "handmade.h"
#include "nt/regf_build.h"
#include "support.h"

static void header_says_what_the_file_says(void **state)
{
	const uint8_t *file = handmade(*state);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	struct regf_header header, *h = &header;

	assert_true(regf_header_read(file, HAND_LEN, h));
	assert_int_equal(h->sequence1, 7);
	assert_int_equal(h->sequence2, 7);
	assert_true(h->timestamp == HAND_TIME);
	assert_int_equal(h->major, 1);
	assert_int_equal(h->minor, 3);
	assert_int_equal(h->type, 0);
	assert_int_equal(h->root, HAND_ROOT);
	assert_int_equal(h->length, 0x1000);
	assert_int_equal(regf_root(hive), HAND_ROOT);
}

static void checksum_has_two_special_values(void **state)
{
	uint8_t block[512] = { 0 };
	(void)state;
	assert_int_equal(regf_checksum(block), 1);
	memset(block, 0xff, 4);
	assert_int_equal(regf_checksum(block), 0xfffffffe);
	block[4] = 0x80;
	assert_int_equal(regf_checksum(block), 0xffffff7f);
	/* The last word of the 512 bytes is the checksum's own place. */
	block[508] = 0x55;
	assert_int_equal(regf_checksum(block), 0xffffff7f);
}

struct find {
	const char *path;
	regf_key key;
};

static const struct find finds[] = {
	{ "", HAND_ROOT },
	{ "Alpha", HAND_ALPHA },
	{ "ALPHA", HAND_ALPHA },
	{ "alpha", HAND_ALPHA },
	{ "Beta", HAND_BETA },
	{ "Alph", 0 },
	{ "Alphaa", 0 },
	{ "beta\\Alpha", 0 },
	{ "\\Alpha", 0 },
};

static void finds_keys_as_nt_does(void **state)
{
	struct regf *hive = hand_open(*state, handmade(*state), HAND_LEN);
	struct error err;
	regf_key key;
	for (size_t i = 0; i < ARRAY_SIZE(finds); i++) {
		assert_int_equal(regf_find(hive, finds[i].path, &key, &err), 0);
		assert_int_equal(key, finds[i].key);
	}
}

static void finds_keys_in_unsorted_lists_with_wrong_hints(void **state)
{
	uint8_t *file = handmade(*state), *lf = file + HAND_BIN + HAND_LF;
	struct error err;
	regf_key key;
	hand_put(lf + 8, 4, HAND_BETA);
	hand_put(lf + 12, 4, 0);
	hand_put(lf + 16, 4, HAND_ALPHA);
	hand_put(lf + 20, 4, 0x41414141);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_find(hive, "alpha", &key, &err), 0);
	assert_int_equal(key, HAND_ALPHA);
	assert_int_equal(regf_check(hive, &err), 0);
}

static void lists_subkeys_in_their_order(void **state)
{
	struct regf *hive = hand_open(*state, handmade(*state), HAND_LEN);
	struct regf_subkey *subkeys;
	struct error err;
	size_t count;
	assert_int_equal(regf_subkeys(hive, *state, HAND_ROOT, &subkeys, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(subkeys[0].key, HAND_ALPHA);
	assert_string_equal(subkeys[0].name, "Alpha");
	assert_int_equal(subkeys[1].key, HAND_BETA);
	assert_string_equal(subkeys[1].name, "beta");
	assert_int_equal(regf_subkeys(hive, *state, HAND_BETA, &subkeys, &count, &err), 0);
	assert_int_equal(count, 0);
}

static void reads_values(void **state)
{
	static const uint8_t path[] = "C\0:\0\\\0E\0x\0c\0h\0s\0r\0v";
	struct regf *hive = hand_open(*state, handmade(*state), HAND_LEN);
	struct reg_value *values, *one;
	struct error err;
	size_t count;
	assert_int_equal(regf_values(hive, *state, HAND_ALPHA, &values, &count, &err), 0);
	assert_int_equal(count, 3);
	assert_string_equal(values[0].name, "Path");
	assert_int_equal(values[0].data.type, REG_EXPAND_SZ);
	assert_int_equal(values[0].data.len, 20);
	assert_memory_equal(values[0].data.bytes, path, 20);
	assert_string_equal(values[1].name, "Num");
	assert_int_equal(values[1].data.type, REG_DWORD);
	assert_int_equal(values[1].data.len, 4);
	assert_memory_equal(values[1].data.bytes, "\x78\x56\x34\x12", 4);
	assert_string_equal(values[2].name, "");
	assert_memory_equal(values[2].data.bytes, "A\0\0\0", 4);
	assert_int_equal(regf_value(hive, *state, HAND_ALPHA, "NUM", &one, &err), 0);
	assert_string_equal(one->name, "Num");
	assert_int_equal(regf_value(hive, *state, HAND_ALPHA, "", &one, &err), 0);
	assert_memory_equal(one->data.bytes, "A\0\0\0", 4);
	assert_int_equal(regf_value(hive, *state, HAND_ALPHA, "nothing", &one, &err), 0);
	assert_null(one);
	assert_int_equal(regf_values(hive, *state, HAND_BETA, &values, &count, &err), 0);
	assert_int_equal(count, 0);
}

static void checksum_is_checked_first(void **state)
{
	uint8_t *file = handmade(*state);
	struct error err;
	struct regf *hive;
	hand_put(file + 4, 4, 9);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, HAND_LEN, &hive, &err),
		-TROUBLE_HIVE_CHECKSUM);
}

static void short_files_are_told_apart(void **state)
{
	uint8_t *file = handmade(*state);
	struct error err;
	struct regf *hive;
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 0, &hive, &err),
		-TROUBLE_NOT_A_HIVE);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 3, &hive, &err),
		-TROUBLE_NOT_A_HIVE);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 100, &hive, &err),
		-TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 4096, &hive, &err),
		-TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 8191, &hive, &err),
		-TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(regf_open_bytes(*state, "SYSTEM", file, 8192, &hive, &err), 0);
}

static void header_can_be_read_in_any_state(void **state)
{
	uint8_t *file = handmade(*state);
	struct regf_header header;
	hand_put(file + 4, 4, 9);
	assert_true(regf_header_read(file, 4096, &header));
	assert_int_equal(header.sequence1, 9);
	assert_int_equal(header.sequence2, 7);
	assert_false(regf_header_read(file, 511, &header));
	assert_false(regf_header_read(file + 1, 4096, &header));
}

static void a_hostile_name_is_shown_safely(void **state)
{
	struct error err;
	struct regf *hive;
	assert_int_equal(regf_open_bytes(*state, "SYS\033[2JTEM", (const uint8_t *)"abcd", 4, &hive,
				 &err),
		-TROUBLE_NOT_A_HIVE);
	assert_null(strchr(err.text, '\033'));
}

/* A source that counts. */
struct counted {
	const uint8_t *file;
	uint8_t *seen; /* a byte per byte of the file */
	size_t len, bytes, calls, fail_at;
};

static int counted_read(void *arg, uint64_t off, void *buf, size_t len, struct error *err)
{
	struct counted *c = arg;
	if (++c->calls == c->fail_at)
		return error_set(err, TROUBLE_IO, "the disk died");
	assert_true(off <= c->len && len <= c->len - off);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(c->seen[off + i]++, 0);
	c->bytes += len;
	memcpy(buf, c->file + off, len);
	return 0;
}

/* 300 services with ten values each, in a file of 16 MiB. */
static struct counted *big_hive(TALLOC_CTX *mem)
{
	struct counted *c = talloc_zero(mem, struct counted);
	struct regf_build *build = regf_build_new(c, "SYSTEM", "SYSTEM", HAND_TIME);
	uint8_t text[120], *file;
	struct error err;
	memset(text, 'x', sizeof text);
	for (int i = 0; i < 3000; i++) {
		char *path = talloc_asprintf(c, "ControlSet001\\Services\\Service %d", i / 10);
		char *name = talloc_asprintf(path, "Value %d", i % 10);
		assert_int_equal(regf_build_value(build, path, name,
					 &(struct reg_data){ REG_BINARY, text, sizeof text }, &err),
			0);
		talloc_free(path);
	}
	assert_int_equal(regf_build_finish(build, c, &file, &c->len, &err), 0);
	talloc_free(build);
	c->file = hand_pad(c, file, &c->len, 16 << 20);
	c->seen = talloc_zero_size(c, c->len);
	return c;
}

static void reads_only_what_is_needed_and_that_once(void **state)
{
	struct counted *c = big_hive(*state);
	struct reg_value *value;
	struct error err;
	struct regf *hive;
	regf_key key;
	assert_true(c->len >= 16 << 20);
	assert_int_equal(regf_open(*state, "SYSTEM", c->len, counted_read, c, &hive, &err), 0);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(regf_find(hive, "controlset001\\services\\service 77", &key, &err),
			0);
		assert_int_not_equal(key, 0);
		char *name = talloc_asprintf(*state, "value %d", i);
		assert_int_equal(regf_value(hive, *state, key, name, &value, &err), 0);
		assert_int_equal(value->data.len, 120);
	}
	/* Not the empty bins. */
	assert_in_range(c->bytes, 1, 1 << 20);
	assert_int_equal(regf_check(hive, &err), 0);
	assert_true(c->bytes == c->len);
}

static void a_failing_source_is_passed_on(void **state)
{
	struct counted *c = big_hive(*state);
	size_t good = 0;
	for (c->fail_at = 1; c->fail_at < 700; c->fail_at += 100) {
		struct error err = { 0 };
		struct regf *hive;
		c->calls = 0;
		memset(c->seen, 0, c->len);
		int ret = regf_open(*state, "SYSTEM", c->len, counted_read, c, &hive, &err);
		ret = ret == 0 ? regf_check(hive, &err) : ret;
		if (c->calls >= c->fail_at) {
			assert_int_equal(ret, -TROUBLE_IO);
			assert_string_equal(err.text, "the disk died");
		} else {
			assert_int_equal(ret, 0);
			good++;
		}
		talloc_free(hive);
	}
	assert_true(good > 0);
}

/* A header that claims 1 GiB costs no memory before the size of the file has been believed. */
static void length_is_held_against_the_file(void **state)
{
	uint8_t *file = handmade(*state);
	struct counted c = { .file = file,
		.seen = talloc_zero_size(*state, HAND_LEN),
		.len = HAND_LEN };
	struct error err;
	struct regf *hive;
	hand_put(file + 40, 4, 0x40000000);
	hand_checksum(file);
	assert_int_equal(regf_open(*state, "SYSTEM", HAND_LEN, counted_read, &c, &hive, &err),
		-TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(c.bytes, 4096);
}

/* Two names 'i' and 'I' are one to NT in every locale, in Turkey too. */
static void latin1_names_fold(void **state)
{
	uint8_t *file = handmade(*state);
	struct error err;
	regf_key key;
	memcpy(file + HAND_BIN + HAND_BETA + 80, "i\xe9X\xff", 4);
	struct regf *hive = hand_open(*state, file, HAND_LEN);
	assert_int_equal(regf_find(hive, "I\xc3\x89x\xc3\xbf", &key, &err), 0);
	assert_int_equal(key, HAND_BETA);
}

static void difference_sees_everything(void **state)
{
	uint8_t *file = handmade(*state), *other = handmade(*state);
	memcpy(other + HAND_BIN + HAND_BETA + 80, "Beta", 4);          /* spelling */
	other[HAND_BIN + HAND_SK + 24 + 1] = 1;                        /* descriptor of all three */
	hand_put(other + HAND_BIN + HAND_ALPHA + 8, 8, HAND_TIME + 1); /* times do not count */
	memcpy(other + HAND_BIN + HAND_NUM + 24, "nUm", 3);            /* spelling of a value */
	assert_string_equal(hand_differences(file, HAND_LEN, other, HAND_LEN),
		"|(key)|0:0>0:0;Alpha|(key)|0:0>0:0;Alpha|Num|4:4>4:4;beta|(key)|0:0>0:0;");
	/* One key less: it and what is in it. */
	other = handmade(*state);
	hand_put(other + HAND_BIN + HAND_ROOT + 24, 4, 1);
	hand_put(other + HAND_BIN + HAND_LF + 6, 2, 1);
	hand_put(other + HAND_BIN + HAND_LF + 8, 4, HAND_BETA);
	assert_string_equal(hand_differences(file, HAND_LEN, other, HAND_LEN),
		"Alpha|(key)|0:0>-1:-1;Alpha||1:4>-1:-1;Alpha|Num|4:4>-1:-1;Alpha|Path|2:20>-1:-1;");
	assert_string_equal(hand_differences(other, HAND_LEN, file, HAND_LEN),
		"Alpha|(key)|-1:-1>0:0;Alpha||-1:-1>1:4;Alpha|Num|-1:-1>4:4;Alpha|Path|-1:-1>2:20;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(header_says_what_the_file_says),
		cmocka_unit_test(checksum_has_two_special_values),
		cmocka_unit_test(finds_keys_as_nt_does),
		cmocka_unit_test(finds_keys_in_unsorted_lists_with_wrong_hints),
		cmocka_unit_test(lists_subkeys_in_their_order),
		cmocka_unit_test(reads_values),
		cmocka_unit_test(checksum_is_checked_first),
		cmocka_unit_test(short_files_are_told_apart),
		cmocka_unit_test(header_can_be_read_in_any_state),
		cmocka_unit_test(a_hostile_name_is_shown_safely),
		cmocka_unit_test(reads_only_what_is_needed_and_that_once),
		cmocka_unit_test(a_failing_source_is_passed_on),
		cmocka_unit_test(length_is_held_against_the_file),
		cmocka_unit_test(latin1_names_fold),
		cmocka_unit_test(difference_sees_everything),
	};
	return cmocka_run_group_tests(tests, support_memory_new, support_memory_free);
}
