/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, pointers, strings and arrays as C706 chapter 14 lays them out. */
#include "nt/ndr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/rpc_samples.h"
#include "tests/support.h"

static void assert_written(TALLOC_CTX *mem, struct ndr_writer *writer, const char *row)
{
	size_t got_len, want_len;
	const uint8_t *got = ndr_bytes(writer, &got_len), *want = rpc_row(mem, row, &want_len);

	assert_non_null(got);
	assert_int_equal(got_len, want_len);
	assert_memory_equal(got, want, want_len);
}

/* 14.2.2: a number lies at a multiple of its size; what fills is zero here. */
static void numbers_are_aligned(void **state)
{
	struct ndr_writer writer;

	ndr_begin(&writer, *state);
	ndr_put8(&writer, 0x11);
	ndr_put16(&writer, 0x2233);
	ndr_put8(&writer, 0x44);
	ndr_put32(&writer, 0x55667788);
	ndr_put8(&writer, 0x99);
	ndr_put_handle(&writer, &rpc_handle);
	assert_written(*state, &writer, "11 00 3322 44 000000 88776655 99 000000 " RPC_HANDLE);
}

static void nothing_is_something(void **state)
{
	struct ndr_writer writer;

	ndr_begin(&writer, *state);
	assert_written(*state, &writer, "");
}

/* 14.3.12: each referent is another number, no pointer is 0. 14.3.4.2: room, offset, count. */
static void strings_and_pointers(void **state)
{
	struct ndr_writer writer;

	ndr_begin(&writer, *state);
	ndr_put_string_pointer(&writer, "a");
	ndr_put_string_pointer(&writer, NULL);
	ndr_put_string_pointer(&writer, "");
	assert_written(*state, &writer,
		"00000200 02000000 00000000 02000000 'a' 0000 00000000 "
		"04000200 01000000 00000000 01000000 0000");
	ndr_begin(&writer, *state);
	/* U+20AC, and U+1F600 in two units, and half of a pair */
	ndr_put_string(&writer, "\xe2\x82\xac\xf0\x9f\x98\x80\xed\xa0\x80");
	assert_written(*state, &writer, "05000000 00000000 05000000 ac20 3dd8 00de 00d8 0000");
	ndr_begin(&writer, *state);
	ndr_put_array(&writer, "abc", 3);
	ndr_put_array(&writer, NULL, 0);
	assert_written(*state, &writer, "03000000 616263 00 00000000");
}

static void counted_strings(void **state)
{
	struct ndr_writer writer;

	ndr_begin(&writer, *state);
	ndr_put8(&writer, 1);
	ndr_put_counted(&writer, "a", true);
	ndr_put_counted(&writer, "a", false);
	ndr_put_counted(&writer, NULL, true);
	ndr_put_room(&writer, 6);
	ndr_put_room(&writer, 0);
	assert_written(*state, &writer,
		"01 000000 0400 0400 00000200 02000000 00000000 02000000 'a' 0000 "
		"0200 0200 04000200 01000000 00000000 01000000 'a' 0000 "
		"0000 0000 00000000 "
		"0000 0600 08000200 03000000 00000000 00000000 0000 0000 00000000");
}

/* What cannot be sent is told at the end: no text, or longer than its length can say. */
static void what_cannot_be_written(void **state)
{
	struct ndr_writer writer;
	char *text = talloc_array(*state, char, 0x8000);
	size_t len = 1;

	ndr_begin(&writer, *state);
	ndr_put_string(&writer, "\xff");
	ndr_put32(&writer, 1);
	assert_null(ndr_bytes(&writer, &len));
	assert_int_equal(len, 0);
	memset(text, 'a', 0x8000);
	for (size_t units = 0x7ffe; units <= 0x7fff; units++) {
		text[units] = '\0';
		ndr_begin(&writer, *state);
		ndr_put_counted(&writer, text, true);
		assert_int_equal(!ndr_bytes(&writer, &len), units == 0x7fff);
		text[units] = 'a';
	}
}

static void reading(void **state)
{
	struct ndr_handle handle;
	struct ndr_reader reader;
	size_t len;
	const uint8_t *bytes = rpc_row(*state,
		"11 00 3322 44 000000 88776655 00000000 04000200 " RPC_HANDLE
		"03000000 61626300 02000000 00000000 02000000 'a' 0000 aa bb",
		&len);

	ndr_read(&reader, bytes, len);
	assert_int_equal(ndr_get8(&reader), 0x11);
	assert_int_equal(ndr_get16(&reader), 0x2233);
	assert_int_equal(ndr_get8(&reader), 0x44);
	assert_int_equal(ndr_get32(&reader), 0x55667788);
	assert_false(ndr_get_pointer(&reader));
	assert_true(ndr_get_pointer(&reader));
	ndr_get_handle(&reader, &handle);
	assert_memory_equal(&handle, &rpc_handle, sizeof handle);
	assert_memory_equal(ndr_get_array(&reader, &len), "abc", 3);
	assert_int_equal(len, 3);
	assert_string_equal(ndr_get_string(&reader, *state), "a");
	assert_false(ndr_done(&reader));
	assert_memory_equal(ndr_get_raw(&reader, 2), "\xaa\xbb", 2);
	assert_true(ndr_done(&reader));
	assert_non_null(ndr_get_raw(&reader, 0));
	assert_null(ndr_get_raw(&reader, 1));
	assert_false(ndr_done(&reader));
}

/* Once bad, all that follows is zero, even where bytes are left. */
static void bad_for_good(void **state)
{
	static const uint8_t bytes[] = { 9, 9, 9, 9, 1, 0, 0, 0 };
	struct ndr_handle handle = rpc_handle, none = { 0 };
	struct ndr_reader reader;
	size_t len = 7;

	ndr_read(&reader, bytes, sizeof bytes);
	assert_null(ndr_get_array(&reader, &len));
	assert_int_equal(len, 0);
	assert_true(reader.bad);
	assert_int_equal(ndr_get8(&reader) + ndr_get16(&reader) + ndr_get32(&reader), 0);
	ndr_get_handle(&reader, &handle);
	assert_memory_equal(&handle, &none, sizeof handle);
	assert_null(ndr_get_string(&reader, *state));
	assert_int_equal(ndr_get_result(&reader), NDR_BAD);
	ndr_read(&reader, NULL, 0);
	assert_true(ndr_done(&reader));
	assert_int_equal(ndr_get32(&reader), 0);
	assert_false(ndr_done(&reader));
}

/* Room, offset, count and the NUL of a string. */
static void strings_that_are_none(void **state)
{
	static const struct {
		const char *row, *text;
	} rows[] = {
		{ "02000000 00000000 02000000 'a' 0000", "a" },
		{ "05000000 00000000 02000000 'a' 0000", "a" },
		{ "04000000 00000000 04000000 'a' 0000 'b' 0000", "a" },
		{ "01000000 00000000 01000000 0000", "" },
		{ "01000000 00000000 00000000", NULL },
		{ "01000000 00000000 01000000 'a'", NULL },
		{ "02000000 01000000 01000000 0000", NULL },
		{ "01000000 00000000 02000000 'a' 0000", NULL },
		{ "02000000 00000000 02000000 'a' 00", NULL },
		{ "ffffffff 00000000 ffffffff 'a' 0000", NULL },
		{ "00000080 00000000 00000080 'a' 0000", NULL },
		{ "02000000 00000000", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct ndr_reader reader;
		size_t len;
		const uint8_t *bytes = rpc_row(*state, rows[i].row, &len);
		const char *text;

		ndr_read(&reader, bytes, len);
		text = ndr_get_string(&reader, *state);
		assert_int_equal(!text, !rows[i].text);
		assert_int_equal(reader.bad, !rows[i].text);
		if (text)
			assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_aligned),
		cmocka_unit_test(nothing_is_something),
		cmocka_unit_test(strings_and_pointers),
		cmocka_unit_test(counted_strings),
		cmocka_unit_test(what_cannot_be_written),
		cmocka_unit_test(reading),
		cmocka_unit_test(bad_for_good),
		cmocka_unit_test(strings_that_are_none),
	};

	return cmocka_run_group_tests_name("ndr", tests, support_memory_new, support_memory_free);
}
