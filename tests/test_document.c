/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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

/* Row by row it is what a parser makes of the whole. */
static void read_all(struct document_scan *scan, const json_t *rows)
{
	size_t count = 0;
	json_t *row;
	int line;

	assert_int_equal(document_count(scan), json_array_size(rows));
	for (; (row = document_next(scan, &line)); count++) {
		assert_true(json_equal(row, json_array_get(rows, count)));
		json_decref(row);
	}
	assert_int_equal(line, 0);
	assert_int_equal(count, json_array_size(rows));
}

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
		json_t *whole = json_loads(texts[i], 0, NULL), *rows = json_object_get(whole, "rows"), *frame;
		struct document_text text;
		struct document_scan scan;
		int line;

		assert_non_null(whole);
		document_text_of(texts[i], strlen(texts[i]), &text);
		assert_true(document_find(&text, "rows", &scan));
		read_all(&scan, rows);
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
		struct document_text text;
		struct document_scan scan;
		json_t *row, *frame;
		int line = 0;

		document_text_of(rows[i].text, strlen(rows[i].text), &text);
		if (!document_find(&text, "rows", &scan))
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
		char *bytes = malloc(len + 1);
		struct document_text text;
		struct document_scan scan;
		json_t *row, *frame = NULL;
		int line = 1;

		assert_non_null(bytes);
		memcpy(bytes, whole, len);
		document_text_of(bytes, len, &text);
		if (document_find(&text, "rows", &scan)) {
			frame = document_frame(&scan, &line);
			while (frame && (row = document_next(&scan, &line)))
				json_decref(row);
		}
		assert_true(line > 0);
		json_decref(frame);
		free(bytes);
	}
}

/* ---- out of a file ---- */

/* Rows of every length about a piece, so that names, strings and brackets fall on its border somewhere. */
static json_t *long_document(void)
{
	json_t *whole = json_pack("{s:i, s:{s:[i]}, s:[], s:s}", "format", 1, "x", "rows", 9, "rows", "end", "\"rows\": [");
	char name[2 * DOCUMENT_PIECE];

	for (size_t i = 1; i < 400; i++) {
		size_t len = i % 40 ? i : DOCUMENT_PIECE - 200 + i;

		memset(name, i % 3 ? 'n' : '"', len);
		name[len] = '\0';
		json_array_append_new(json_object_get(whole, "rows"), json_pack("{s:i, s:s, s:[n, {}]}", "i", (int)i, "name", name, "list"));
	}
	return whole;
}

static int file_of(const char *bytes, size_t len)
{
	int fd = memfd_create("document", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	return fd;
}

static void test_read_out_of_a_file(void **state)
{
	json_t *whole = long_document(), *rows = json_object_get(whole, "rows"), *row, *frame;
	char *bytes = json_dumps(whole, JSON_INDENT(1)), *copy;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct document_text text;
	struct document_scan scan;
	size_t len = strlen(bytes);
	int fd = file_of(bytes, len), line;

	(void)state;
	assert_true(len > 10 * DOCUMENT_PIECE);
	assert_int_equal(document_text_file(mem, fd, len, &text), 0);
	assert_true(document_find(&text, "rows", &scan));
	read_all(&scan, rows);
	copy = malloc(len);
	assert_int_equal(document_copy(&text, 5, copy, len), len - 5);
	assert_memory_equal(copy, bytes + 5, len - 5);
	row = document_whole(&text, &line);
	assert_true(json_equal(row, whole));
	json_decref(row);
	json_array_clear(rows);
	frame = document_frame(&scan, &line);
	assert_true(json_equal(frame, whole));
	assert_true(talloc_total_size(mem) < 2 * DOCUMENT_PIECE);
	json_decref(frame);
	json_decref(whole);
	talloc_free(mem);
	free(copy);
	free(bytes);
	close(fd);
}

/* Somebody cuts the file off while it is read: a row that cannot be read, and an end. */
static void test_file_that_shrinks(void **state)
{
	json_t *whole = long_document(), *row;
	char *bytes = json_dumps(whole, JSON_INDENT(1));
	TALLOC_CTX *mem = talloc_new(NULL);
	struct document_text text;
	struct document_scan scan;
	size_t count = 0, len = strlen(bytes);
	int fd = file_of(bytes, len), line = 0;

	(void)state;
	assert_int_equal(document_text_file(mem, fd, len, &text), 0);
	assert_true(document_find(&text, "rows", &scan));
	assert_int_equal(ftruncate(fd, (off_t)len / 2), 0);
	for (; (row = document_next(&scan, &line)); count++)
		json_decref(row);
	assert_true(count > 0 && count < 399);
	assert_true(line > 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(document_text_file(mem, fd, len, &text), 0);
	assert_false(document_find(&text, "rows", &scan));
	assert_null(document_whole(&text, &line));
	json_decref(whole);
	talloc_free(mem);
	free(bytes);
	close(fd);
}

/* A folder is open, and gives no bytes: that is no end, it is trouble. */
static void test_file_that_fails(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct document_text text;
	struct document_scan scan;
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(document_text_file(mem, fd, 100, &text), 0);
	assert_int_equal(text.sys, 0);
	assert_false(document_find(&text, "rows", &scan));
	assert_int_equal(text.sys, EISDIR);
	talloc_free(mem);
	close(fd);
}

/* Nobody asks for the line: thousands of damaged rows are passed over in one go. */
static void test_damaged_rows_are_passed_over(void **state)
{
	enum { ROWS = 200000 };
	char *bytes = malloc(2 * ROWS + 20);
	struct document_text text;
	struct document_scan scan;
	size_t len = (size_t)sprintf(bytes, "{\"rows\":[x");

	(void)state;
	for (size_t i = 1; i < ROWS; i++, len += 2)
		memcpy(bytes + len, ",x", 2);
	memcpy(bytes + len, "]}", 2);
	document_text_of(bytes, len + 2, &text);
	assert_true(document_find(&text, "rows", &scan));
	for (size_t i = 0; i < ROWS; i++)
		assert_null(document_next(&scan, NULL));
	assert_int_equal(scan.at, scan.end - 1);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_written_as_the_whole), cmocka_unit_test(test_want_of_memory_and_room), cmocka_unit_test(test_read_as_the_whole),
		cmocka_unit_test(test_damaged),              cmocka_unit_test(test_cut_anywhere),
		cmocka_unit_test(test_read_out_of_a_file),   cmocka_unit_test(test_file_that_shrinks),
		cmocka_unit_test(test_file_that_fails),      cmocka_unit_test(test_damaged_rows_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
