/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames: what is written is read again, and what nobody wrote is refused. */
#include "base/frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/memory.h"

static TALLOC_CTX *mem;

static int begin(void **state)
{
	(void)state;
	mem = talloc_new(NULL);
	return mem ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	talloc_free(mem);
	return 0;
}

/* The bytes of a frame, by hand: length, number, verb, status, code, then the body. */
static void known_bytes(void **state)
{
	static const uint8_t wanted[] = { 15, 0, 0, 0, 7, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 0, 0x6d, 0,
		0, 0xc0, 0x78, 0x56, 0x34, 0x12, 2, 0, 0, 0, 'E', '$', 1, 0, 0, 0, 0xff };
	const struct frame head = { .number = 7, .verb = 11, .status = 2, .code = 0xc000006d };
	struct frame_writer writer;
	size_t len = 0;
	const uint8_t *bytes;

	(void)state;
	frame_begin(&writer, mem);
	frame_put32(&writer, 0x12345678);
	frame_put_text(&writer, "E$");
	frame_put_bytes(&writer, "\xff", 1);
	bytes = frame_pack(&writer, &head, &len);
	assert_non_null(bytes);
	assert_int_equal(len, sizeof wanted);
	assert_memory_equal(bytes, wanted, sizeof wanted);
}

static void goes_round(void **state)
{
	const struct frame head = { .number = UINT32_MAX, .verb = FRAME_LIST, .code = 5 };
	struct frame_writer writer;
	struct frame_reader reader;
	struct frame frame;
	size_t len, got;
	uint8_t *bytes;

	(void)state;
	frame_begin(&writer, mem);
	frame_put64(&writer, UINT64_C(0xfedcba9876543210));
	frame_put_text(&writer, NULL);
	frame_put_text(&writer, "gr\xc3\xbc\xc3\x9f");
	frame_put_bytes(&writer, "a\0b", 3);
	bytes = frame_pack(&writer, &head, &len);
	assert_non_null(bytes);
	assert_int_equal(frame_length(bytes), len);
	frame_unpack(bytes, &frame);
	assert_int_equal(frame.number, UINT32_MAX);
	assert_int_equal(frame.verb, FRAME_LIST);
	assert_int_equal(frame.status, FRAME_DONE);
	assert_int_equal(frame.code, 5);
	frame_read(&reader, &frame);
	assert_true(frame_get64(&reader) == UINT64_C(0xfedcba9876543210));
	assert_string_equal(frame_get_text(&reader, mem), "");
	assert_string_equal(frame_get_text(&reader, mem), "gr\xc3\xbc\xc3\x9f");
	assert_false(frame_done(&reader));
	assert_memory_equal(frame_get_bytes(&reader, &got), "a\0b", 3);
	assert_int_equal(got, 3);
	assert_true(frame_done(&reader));
}

/* A head that cannot be one is told before its body is waited for. */
static void lying_heads(void **state)
{
	static const struct {
		uint32_t len, verb, status;
		size_t whole;
	} rows[] = {
		{ 0, FRAME_HELLO, FRAME_DONE, FRAME_HEAD },
		{ FRAME_LIMIT - FRAME_HEAD, FRAME_READ, FRAME_DONE, FRAME_LIMIT },
		{ FRAME_LIMIT - FRAME_HEAD + 1, FRAME_READ, FRAME_DONE, 0 },
		{ UINT32_MAX, FRAME_READ, FRAME_DONE, 0 },
		{ UINT32_MAX - FRAME_HEAD + 1, FRAME_READ, FRAME_DONE, 0 },
		{ 0, FRAME_HELLO | 0x10000, FRAME_DONE, 0 },
		{ 0, FRAME_HELLO, FRAME_REFUSED, FRAME_HEAD },
		{ 0, FRAME_HELLO, FRAME_REFUSED + 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t head[FRAME_HEAD] = { 0 };

		put32(head, rows[i].len);
		put32(head + 8, rows[i].verb);
		put32(head + 12, rows[i].status);
		assert_int_equal(frame_length(head), rows[i].whole);
	}
}

/* Bad for good, zeros and "" from then on. */
static void reader_is_bad(struct frame_reader *reader)
{
	size_t len = 1;

	assert_true(reader->bad);
	assert_int_equal(frame_get32(reader), 0);
	assert_true(frame_get64(reader) == 0);
	assert_string_equal(frame_get_text(reader, mem), "");
	assert_non_null(frame_get_bytes(reader, &len));
	assert_int_equal(len, 0);
	assert_false(frame_done(reader));
}

static void short_bodies(void **state)
{
	const uint8_t body[8] = { 4, 0, 0, 0, 'a', 'b', 'c', 'd' };

	(void)state;
	for (size_t len = 0; len < sizeof body; len++) {
		/* A copy of just this length, so that a sanitizer sees a step too far. */
		uint8_t *cut = memory_array(mem, 1, len);
		struct frame frame = { .body = cut, .len = len };
		struct frame_reader reader;

		memcpy(cut, body, len);
		frame_read(&reader, &frame);
		assert_string_equal(frame_get_text(&reader, mem), "");
		reader_is_bad(&reader);
		frame_read(&reader, &frame);
		assert_true(frame_get64(&reader) == 0);
		reader_is_bad(&reader);
	}
}

static void lying_lengths(void **state)
{
	static const uint32_t lengths[] = { 5, 0x7fffffff, 0x80000000, UINT32_MAX, UINT32_MAX - 3 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		uint8_t body[8] = { 0 };
		struct frame frame = { .body = body, .len = sizeof body };
		struct frame_reader reader;
		size_t len;

		put32(body, lengths[i]);
		frame_read(&reader, &frame);
		(void)frame_get_bytes(&reader, &len);
		assert_int_equal(len, 0);
		reader_is_bad(&reader);
	}
}

static void nul_in_text(void **state)
{
	const uint8_t body[] = { 3, 0, 0, 0, 'a', 0, 'b', 1, 0, 0, 0, 'x' };
	const struct frame frame = { .body = body, .len = sizeof body };
	struct frame_reader reader;

	(void)state;
	frame_read(&reader, &frame);
	assert_string_equal(frame_get_text(&reader, mem), "");
	reader_is_bad(&reader);
}

static void too_long(void **state)
{
	const struct frame head = { .verb = FRAME_WRITE };
	size_t room = FRAME_LIMIT - FRAME_HEAD - 4, len;
	uint8_t *bytes = memory_array_zero(mem, 1, room + 1);
	struct frame_writer writer;

	(void)state;
	assert_non_null(bytes);
	frame_begin(&writer, mem);
	frame_put_bytes(&writer, bytes, room);
	assert_non_null(frame_pack(&writer, &head, &len));
	assert_int_equal(len, FRAME_LIMIT);
	assert_int_equal(frame_length(writer.bytes), FRAME_LIMIT);
	frame_put32(&writer, 1);
	assert_null(frame_pack(&writer, &head, &len));
	frame_begin(&writer, mem);
	frame_put_bytes(&writer, bytes, room + 1);
	assert_null(frame_pack(&writer, &head, &len));
	frame_begin(&writer, mem);
	frame_put_bytes(&writer, bytes, SIZE_MAX);
	assert_null(frame_pack(&writer, &head, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(known_bytes, begin, end),
		cmocka_unit_test_setup_teardown(goes_round, begin, end),
		cmocka_unit_test_setup_teardown(lying_heads, begin, end),
		cmocka_unit_test_setup_teardown(short_bodies, begin, end),
		cmocka_unit_test_setup_teardown(lying_lengths, begin, end),
		cmocka_unit_test_setup_teardown(nul_in_text, begin, end),
		cmocka_unit_test_setup_teardown(too_long, begin, end),
	};

	return cmocka_run_group_tests_name("frames", tests, NULL, NULL);
}
