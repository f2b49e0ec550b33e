/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Network Data Representation 2.0, as much of it as the calls of winreg.h, srvsvc.h, svcctl.h and
 * eventlog.h need: little endian, 32-bit pointers (C706 chapter 14, [MS-RPCE] 2.2.4). Bytes only:
 * nothing here talks to anybody.
 *
 * A writer collects a request; what fails in it (want of memory) is told once, by ndr_bytes. A
 * reader takes a reply as hostile: once something does not fit it is bad for good and gives zeros.
 */
#ifndef NT_NDR_H
#define NT_NDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

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
/* A conformant array of bytes: its count, the bytes. */
void ndr_put_array(struct ndr_writer *writer, const void *bytes, size_t len);
/* What was written, owned by writer->mem; NULL for want of memory. */
uint8_t *ndr_bytes(struct ndr_writer *writer, size_t *len);

struct ndr_reader {
	const uint8_t *bytes;
	size_t len, at;
	bool bad;
};

void ndr_read(struct ndr_reader *reader, const uint8_t *bytes, size_t len);
uint8_t ndr_get8(struct ndr_reader *reader);
uint16_t ndr_get16(struct ndr_reader *reader);
uint32_t ndr_get32(struct ndr_reader *reader);
/* len bytes where they lie, NULL if there are not so many. */
const uint8_t *ndr_get_raw(struct ndr_reader *reader, size_t len);
void ndr_get_handle(struct ndr_reader *reader, struct ndr_handle *handle);
bool ndr_get_pointer(struct ndr_reader *reader);
/* Text up to the first NUL, owned by mem; NULL if it is bad or memory is short. */
char *ndr_get_string(struct ndr_reader *reader, TALLOC_CTX *mem);
/* The bytes of a conformant array, where they lie. */
const uint8_t *ndr_get_array(struct ndr_reader *reader, size_t *len);
/* All is read, and nothing of it was bad. */
bool ndr_done(const struct ndr_reader *reader);

#endif
