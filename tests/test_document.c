/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "repair/document.h"

/* Names that look like the end of a line, of an array, of a string. */
static json_t *row_make(void *arg, size_t index)
{
	static const char *const texts[] = { "", "\"rows\": []", "a\nb", "],}{[", "\\", "caf\xc3\xa9" };

	(void)arg;
	return json_pack("{s:I, s:s, s:{s:[], s:n}}", "id", (json_int_t)index, "text", texts[index % 6], "rows", "rows", "none");
}

static json_t *frame_make(void)
{
	return json_pack("{s:i, s:s, s:[], s:{s:b, s:[], s:s}, s:[]}", "format", 1, "say", "\"rows\": []", "rows", "survey", "rowed", 1, "rows",
			 "tail", "x", "none");
}

static char *written(const json_t *frame, int indent, const struct document_rows *rows, size_t count)
{
	char *text = NULL;
	size_t len;
	FILE *to = open_memstream(&text, &len);

	assert_non_null(to);
	assert_int_equal(document_write(to, frame, indent, rows, count), 0);
	assert_int_equal(fclose(to), 0);
	return text;
}

/* What jansson itself would write of the whole is what is written. */
static void test_written_as_the_whole(void **state)
{
	static const size_t counts[] = { 0, 1, 2, 7 };

	(void)state;
	for (int indent = 1; indent <= 3; indent++)
		for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
			struct document_rows rows[] = { { "rows", 1, counts[c], row_make, NULL }, { "rows", 2, 3, row_make, NULL } };
			json_t *frame = frame_make(), *whole = json_deep_copy(frame);
			char *expected, *text = written(frame, indent, rows, 2);

			for (size_t i = 0; i < counts[c]; i++)
				json_array_append_new(json_object_get(whole, "rows"), row_make(NULL, i));
			for (size_t i = 0; i < 3; i++)
				json_array_append_new(json_object_get(json_object_get(whole, "survey"), "rows"), row_make(NULL, i));
			expected = json_dumps(whole, JSON_INDENT((size_t)indent));
			assert_string_equal(text, expected);
			free(text);
			free(expected);
			json_decref(frame);
			json_decref(whole);
		}
}

static json_t *row_none(void *arg, size_t index)
{
	(void)arg, (void)index;
	return NULL;
}

static void test_want_of_memory_and_room(void **state)
{
	struct document_rows rows = { "rows", 1, 1, row_none, NULL }, many = { "rows", 1, 20000, row_make, NULL };
	json_t *frame = frame_make();
	FILE *null = fopen("/dev/null", "w"), *full = fopen("/dev/full", "w");

	(void)state;
	assert_int_not_equal(document_write(null, frame, 1, &rows, 1), 0);
	if (full)
		assert_int_not_equal(document_write(full, frame, 1, &many, 1), 0);
	if (full)
		(void)fclose(full);
	assert_int_equal(fclose(null), 0);
	json_decref(frame);
}

/* Read row by row it is what a parser makes of the whole. */
static void test_read_as_the_whole(void **state)
{
	static const char *const texts[] = {
		"{\"a\":\"\\\"rows\\\": [\",\"rows\":[],\"b\":[1]}",
		" { \"rows\" : [ ] } ",
		"{\"x\":{\"rows\":[9]},\"rows\":[1,\"],\",{\"rows\":[[]]},[2,3] , null,\"\\\\\"]}\n",
		"{\"rows\":[\n{\"a\":1},\n{\"a\":2}\n],\"n\":2}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		json_t *whole = json_loads(texts[i], 0, NULL), *rows = json_object_get(whole, "rows"), *frame, *row;
		struct document_scan scan;
		size_t count = 0;
		int line;

		assert_non_null(whole);
		assert_true(document_find(texts[i], strlen(texts[i]), "rows", &scan));
		assert_int_equal(document_count(&scan), json_array_size(rows));
		for (; (row = document_next(&scan, &line)); count++) {
			assert_true(json_equal(row, json_array_get(rows, count)));
			json_decref(row);
		}
		assert_int_equal(line, 0);
		assert_int_equal(count, json_array_size(rows));
		frame = document_frame(&scan, &line);
		assert_non_null(frame);
		json_array_clear(rows);
		assert_true(json_equal(frame, whole));
		json_decref(frame);
		json_decref(whole);
	}
}

/* What is no document is refused by the frame or by a row, and the line is named. */
static void test_damaged(void **state)
{
	static const struct {
		const char *text;
		int line;
	} rows[] = {
		{ "{\"rows\":[1,]}", 1 },         { "{\"rows\":[,1]}", 1 },          { "{\"rows\":[1,,2]}", 1 },        { "{\"rows\":[1 2]}", 1 },
		{ "{\"rows\":[\n1,\nx]}", 3 },    { "{\"rows\":[],\"rows\":[]}", 1 }, { "{\"rows\":[1],\n\"a\"}", 2 },  { "{\"rows\":[\n1,\n2],\nx}", 4 },
		{ "{\"rows\":[{\"a\":1,\"a\":2}]}", 1 }, { "{\"rows\":[{]}]}", 1 },   { "{\"rows\":[1]} x", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct document_scan scan;
		json_t *row, *frame;
		int line = 0;

		if (!document_find(rows[i].text, strlen(rows[i].text), "rows", &scan))
			continue;      /* the caller's parser says why */
		frame = document_frame(&scan, &line);
		while (frame && (row = document_next(&scan, &line)))
			json_decref(row);
		json_decref(frame);
		if (line != rows[i].line)
			fail_msg("%s: line %d", rows[i].text, line);
	}
}

/* Cut anywhere it is found to be none, or damaged; never read beyond. */
static void test_cut_anywhere(void **state)
{
	static const char whole[] = "{\"a\":\"x\\\"\",\"rows\":[{\"b\":\"\\\\\"},[1,2],\"]\"],\"c\":{}}";

	(void)state;
	for (size_t len = 0; len < sizeof whole - 1; len++) {
		char *text = malloc(len + 1);
		struct document_scan scan;
		json_t *row, *frame = NULL;
		int line = 1;

		assert_non_null(text);
		memcpy(text, whole, len);
		if (document_find(text, len, "rows", &scan)) {
			frame = document_frame(&scan, &line);
			while (frame && (row = document_next(&scan, &line)))
				json_decref(row);
		}
		assert_true(line > 0);
		json_decref(frame);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_as_the_whole), cmocka_unit_test(test_want_of_memory_and_room), cmocka_unit_test(test_read_as_the_whole),
		cmocka_unit_test(test_damaged),              cmocka_unit_test(test_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
