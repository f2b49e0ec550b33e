/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON documents with one row a file (check, plan, report), written and read a row at a time: thousands of files must not mean thousands of rows in
 * memory. What is written is, byte for byte, what jansson would write of the whole.
 */
#ifndef REPAIR_DOCUMENT_H
#define REPAIR_DOCUMENT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

/* The rows of one array. In the frame that array is there and empty. */
struct document_rows {
	const char *member;
	int depth;                 /* of the object it is a member of; the document itself is 1 */
	size_t count;
	json_t *(*row)(void *arg, size_t index);       /* a new reference; NULL: want of memory */
	void *arg;
};

/* As json_dumpf(whole, to, JSON_INDENT(indent)). rows: count of them, NULL for none. 0, or -1: to failed, or want of memory. */
int document_write(FILE *to, const json_t *frame, int indent, const struct document_rows *rows, size_t count);

/* The elements of an array that is a member of the document itself, as text. */
struct document_scan {
	const char *text;
	size_t len, begin, end;    /* the array, with its brackets */
	size_t at;                 /* of the element that comes next */
};

/* False: there is no such array, or the text is no document at all; a real parser says why. */
bool document_find(const char *text, size_t len, const char *member, struct document_scan *scan);
/* The text without the elements. New reference, or NULL with *line the line that cannot be read. */
json_t *document_frame(const struct document_scan *scan, int *line);
size_t document_count(const struct document_scan *scan);
/* The next element, a new reference; NULL at the end, or with *line not 0 where it cannot be read. */
json_t *document_next(struct document_scan *scan, int *line);

#endif
