/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of event logs, field for field as winnt.h has them, and what is none. */
#include "nt/evtfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "tests/evt_write.h"
#include "tests/support.h"

/* By hand, field for field of EVENTLOGRECORD. */
static const uint8_t by_hand[] = { 0x54, 0, 0, 0, 'L', 'f', 'L', 'e', 9, 0, 0, 0, 0x80, 0x45, 0x3f,
	0x36, 0x81, 0x45, 0x3f, 0x36, 0x45, 8, 0, 0x80, 2, 0, 3, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0x44, 0,
	0, 0, 0, 0, 0, 0, 0x44, 0, 0, 0, 0, 0, 0, 0, 0x4e, 0, 0, 0, 'M', 0, 't', 0, 0, 0, 'X', 0, 0,
	0, 0, 0, 'a', 0, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0, 0, 0x54, 0, 0, 0 };

static void a_record_is_what_it_says(void **state)
{
	size_t used;
	struct evt_record *record = evt_record_parse(*state, by_hand, sizeof by_hand, &used);

	assert_non_null(record);
	assert_int_equal(used, 84);
	assert_int_equal(record->number, 9);
	assert_int_equal(record->at, 0x363f4580);
	assert_int_equal(record->id, 2117);
	assert_int_equal(record->type, EVT_WARNING);
	assert_int_equal(record->category, 7);
	assert_string_equal(record->source, "Mt");
	assert_string_equal(record->computer, "X");
	assert_int_equal(record->string_count, 3);
	assert_string_equal(record->strings[0], "a");
	assert_string_equal(record->strings[1], "");
	assert_string_equal(record->strings[2], "\xc3\xa9");
}

static struct evt_record *parsed(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	size_t used;
	uint8_t *copy = talloc_memdup(mem, bytes, len);
	struct evt_record *record = evt_record_parse(mem, copy, len, &used);

	assert_int_equal(used, record ? get32(copy) : 0);
	return record;
}

static void what_is_no_record_is_none(void **state)
{
	static const struct {
		size_t at;
		uint32_t number;
	} lies[] = { { 0, 52 }, { 0, 80 }, { 0, 88 }, { 0, 82 }, { 0, 0 }, { 0, 0xffffffff },
		{ 4, 0x656c664c }, { 80, 80 }, { 80, 0x54000000 } };
	uint8_t bytes[sizeof by_hand];

	for (size_t len = 0; len < sizeof by_hand; len++)
		assert_null(parsed(*state, by_hand, len));
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		memcpy(bytes, by_hand, sizeof bytes);
		put32(bytes + lies[i].at, lies[i].number);
		assert_null(parsed(*state, bytes, sizeof bytes));
	}
}

/* The record by hand with one 16-bit number of it changed. */
static struct evt_record *changed(TALLOC_CTX *mem, size_t at, uint16_t number)
{
	uint8_t bytes[sizeof by_hand];
	struct evt_record *record;

	memcpy(bytes, by_hand, sizeof bytes);
	put16(bytes + at, number);
	record = parsed(mem, bytes, sizeof bytes);
	assert_non_null(record);
	return record;
}

static void strings_stay_inside(void **state)
{
	struct evt_record *record;

	/* more than there are: what lies behind is the padding */
	record = changed(*state, 26, 300);
	assert_int_equal(record->string_count, 4);
	/* outside, or in the fixed part */
	assert_int_equal(changed(*state, 36, 80)->string_count, 0);
	assert_int_equal(changed(*state, 38, 0xffff)->string_count, 0);
	assert_int_equal(changed(*state, 36, 55)->string_count, 0);
	assert_int_equal(changed(*state, 36, 79)->string_count, 0);
	/* the last without its NUL ends with the record */
	record = changed(*state, 76, 'z');
	assert_string_equal(record->strings[2], "\xc3\xa9z");
	/* a source without one goes on into the computer, and no further than the record */
	record = changed(*state, 60, '.');
	assert_string_equal(record->source, "Mt.X");
}

static void what_is_no_utf16_is_replaced(void **state)
{
	assert_string_equal(changed(*state, 68, 0xd83d)->strings[0], "\xef\xbf\xbd");
	assert_string_equal(changed(*state, 74, 0xdc00)->strings[2], "\xef\xbf\xbd");
	assert_string_equal(changed(*state, 56, 0xd7ff)->source, "\xed\x9f\xbft");
}

static void strings_before_data(void **state)
{
	struct evt_sample sample = { .source = "MSExchangeMSMI",
		.computer = "EXCH1",
		.strings = { "0000030C", "EX/SITE/PROBE", "NET/PO/MMPROBE" },
		.sid = 28,
		.data = 13 };
	uint8_t *bytes = talloc_array(*state, uint8_t, EVT_WRITE_LONGEST);
	struct evt_record *record;
	size_t len;

	len = evt_write_record(bytes, &sample);
	record = parsed(*state, bytes, len);
	assert_int_equal(record->string_count, 3);
	assert_string_equal(record->strings[2], "NET/PO/MMPROBE");
	/* the last one runs into the data, which is none of it */
	put16(bytes + get32(bytes + 52) - 2, 'x');
	put16(bytes + 26, 9);
	record = parsed(*state, bytes, len);
	assert_int_equal(record->string_count, 3);
	assert_string_equal(record->strings[2], "NET/PO/MMPROBEx");
}

static void there_is_an_end_to_records(void **state)
{
	enum { MOST = 0x3fffc };
	uint8_t *bytes = talloc_zero_array(*state, uint8_t, MOST + 4);

	memcpy(bytes, by_hand, 56);
	put32(bytes, MOST);
	put32(bytes + MOST - 4, MOST);
	assert_non_null(parsed(*state, bytes, MOST));
	put32(bytes, MOST + 4);
	put32(bytes + MOST, MOST + 4);
	assert_null(parsed(*state, bytes, MOST + 4));
}

/* Many, and long ones: of three-byte characters a whole number is left. */
static void there_is_an_end_to_strings(void **state)
{
	enum { LEN = 0x8000, AT = 64 };
	uint8_t *bytes = talloc_zero_array(*state, uint8_t, LEN);
	struct evt_record *record;

	memcpy(bytes, by_hand, 56);
	put32(bytes, LEN);
	put32(bytes + LEN - 4, LEN);
	put32(bytes + 36, AT);
	put16(bytes + 26, 300);
	record = parsed(*state, bytes, LEN);
	assert_int_equal(record->string_count, EVT_STRINGS_MOST);
	for (size_t at = AT; at < LEN - 4; at += 2)
		put16(bytes + at, 0x20ac);
	record = parsed(*state, bytes, LEN);
	assert_int_equal(record->string_count, 1);
	assert_int_equal(strlen(record->strings[0]), 2046);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_record_is_what_it_says),
		SUPPORT_TEST(what_is_no_record_is_none),
		SUPPORT_TEST(strings_stay_inside),
		SUPPORT_TEST(what_is_no_utf16_is_replaced),
		SUPPORT_TEST(strings_before_data),
		SUPPORT_TEST(there_is_an_end_to_records),
		SUPPORT_TEST(there_is_an_end_to_strings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
