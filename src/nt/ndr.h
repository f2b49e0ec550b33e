/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Network Data Representation 2.0, as much of it as the calls of winreg.h, srvsvc.h, svcctl.h and
 * eventlog.h need: little endian, 32-bit pointers (C706 chapter 14, [MS-RPCE] 2.2.4). Bytes only:
 * nothing here talks to anybody.
 *
 * A writer collects a request; what fails in it (want of memory, a text that is none, more than
 * the call can carry) is told once, by ndr_bytes. A reader takes a reply as hostile: once
 * something does not fit it is bad for good and gives zeros.
 */
#ifndef NT_NDR_H
#define NT_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* No Windows error: the reply is not what the call answers, or (reader->bad is false then) memory
 * is short. RPC_X_BAD_STUB_DATA ([MS-ERREF] 2.2). */
enum { NDR_BAD = 1783 };

/* A context handle of a pipe: of a key, a service, a log ([MS-RPCE] 2.2.2.1). */
struct ndr_handle {
	uint8_t bytes[20];
};

struct ndr_writer {
	TALLOC_CTX *mem; /* owns the bytes */
	uint8_t *bytes;
	size_t len;
	uint32_t referents; /* given out */
	bool failed;
};

void ndr_begin(struct ndr_writer *writer, TALLOC_CTX *mem);
void ndr_put8(struct ndr_writer *writer, uint8_t number);
/* Numbers are aligned to their size. */
void ndr_put16(struct ndr_writer *writer, uint16_t number);
void ndr_put32(struct ndr_writer *writer, uint32_t number);
void ndr_put_raw(struct ndr_writer *writer, const void *bytes, size_t len);
void ndr_put_handle(struct ndr_writer *writer, const struct ndr_handle *handle);
/* A unique pointer's referent: there is something, or there is not. */
void ndr_put_pointer(struct ndr_writer *writer, bool there);
/* [string] wchar_t *, conformant and varying, with its final NUL. */
void ndr_put_string(struct ndr_writer *writer, const char *text);
/* The same behind a unique pointer; NULL is none. */
void ndr_put_string_pointer(struct ndr_writer *writer, const char *text);
/* A string that says its length: bytes, room, a pointer to the units (RPC_UNICODE_STRING,
 * [MS-DTYP] 2.3.10). nul: with a final NUL, which counts, as [MS-RRP] 2.2.4 wants it. NULL: none,
 * and no pointer. */
void ndr_put_counted(struct ndr_writer *writer, const char *text, bool nul);
/* Of such a string the room alone, for the answer: so many bytes, none of them used. */
void ndr_put_room(struct ndr_writer *writer, uint16_t bytes);
/* A conformant array of bytes: its count, the bytes. */
void ndr_put_array(struct ndr_writer *writer, const void *bytes, size_t len);
/* What was written, owned by writer->mem; NULL if it failed. */
uint8_t *ndr_bytes(struct ndr_writer *writer, size_t *len);

struct ndr_reader {
	const uint8_t *bytes;
	size_t len, at;
	bool bad;
	bool no_memory; /* for a text in it */
};

void ndr_read(struct ndr_reader *reader, const uint8_t *bytes, size_t len);
uint8_t ndr_get8(struct ndr_reader *reader);
uint16_t ndr_get16(struct ndr_reader *reader);
uint32_t ndr_get32(struct ndr_reader *reader);
/* len bytes where they lie, NULL if there are not so many. */
const uint8_t *ndr_get_raw(struct ndr_reader *reader, size_t len);
void ndr_get_handle(struct ndr_reader *reader, struct ndr_handle *handle);
bool ndr_get_pointer(struct ndr_reader *reader);
/* Text up to the first NUL, owned by mem; NULL if it is bad (it must end in one) or memory is
 * short. */
char *ndr_get_string(struct ndr_reader *reader, TALLOC_CTX *mem);
/* The used elements of a conformant and varying array, each of so many bytes, where they lie; NULL
 * and 0 if it is bad. */
const uint8_t *ndr_get_varying(struct ndr_reader *reader, size_t each, size_t *count);
/* UTF-16 as text, owned by mem; NULL if units is, or for want of memory. */
char *ndr_keep_text(struct ndr_reader *reader, TALLOC_CTX *mem, const uint8_t *units, size_t count);
/* The bytes of a conformant array, where they lie. */
const uint8_t *ndr_get_array(struct ndr_reader *reader, size_t *len);
/* All is read, nothing of it was bad, and memory was enough. */
bool ndr_done(const struct ndr_reader *reader);
/* The end of a reply: the error code, which nothing follows; otherwise NDR_BAD, as ndr_refuse. */
uint32_t ndr_get_result(struct ndr_reader *reader);
/* The reply makes no sense: bad from here on; NDR_BAD. */
uint32_t ndr_refuse(struct ndr_reader *reader);

#endif
