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
#include <talloc.h>

/* Of check, plan, report and journal. 2: times of files are exact; format 1 had them to the second, and those of a
 * journal's "times" in nanoseconds since 1970. Both are read. */
enum { DOCUMENT_FORMAT = 2 };
bool document_format_known(const json_t *frame);

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

/* The text of a document: in memory, or a file of which a piece at a time is held. */
enum { DOCUMENT_PIECE = 16 << 10 };
struct document_text {
	size_t len;
	int fd;                    /* of a file, the caller's, read by pread */
	char *room;                /* of a file: for a piece of it */
	const char *piece;         /* held bytes, from of the text on */
	size_t from, held;
	int sys;                   /* of a file: errno of a read that failed, 0 for none; what is behind it counts as not there */
};

/* bytes are the caller's, and stay. */
void document_text_of(const char *bytes, size_t len, struct document_text *text);
/* len bytes of the file; the room for a piece is owned by mem. -1 for want of memory. A file that gives less than it had is taken as it is then. */
int document_text_file(TALLOC_CTX *mem, int fd, size_t len, struct document_text *text);
/* Copies at most len bytes from at on; returns how many there were. */
size_t document_copy(struct document_text *text, size_t at, char *out, size_t len);
/* All of it as one value. New reference, or NULL with *line the line that cannot be read. */
json_t *document_whole(struct document_text *text, int *line);

/* The elements of an array that is a member of the document itself. */
struct document_scan {
	struct document_text *text;
	size_t begin, end;         /* the array, with its brackets */
	size_t at;                 /* of the element that comes next */
};

/* False: there is no such array, or the text is no document at all; a real parser says why. */
bool document_find(struct document_text *text, const char *member, struct document_scan *scan);
/* The text without the elements. New reference, or NULL with *line the line that cannot be read. */
json_t *document_frame(const struct document_scan *scan, int *line);
size_t document_count(const struct document_scan *scan);
/* The next element, a new reference; NULL at the end, or with *line not 0 where it cannot be read. line may be NULL: to count lines takes a look at
 * all of them. */
json_t *document_next(struct document_scan *scan, int *line);

#endif
