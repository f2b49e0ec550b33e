/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What msmcfix and its helper msmcfix-smb say to each other over a socketpair. The helper carries
 * bytes and knows nothing of a registry or a repair.
 *
 * A frame: its body's length, its number, a verb, a status kind, a code; then the body, which is
 * made of 32-bit and 64-bit numbers and of texts or bytes that follow their length. All little
 * endian. An answer has its request's number and verb. Answers come in any order. Whatever does not
 * fit ends the talk.
 */
#ifndef BASE_FRAMES_H
#define BASE_FRAMES_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

enum { FRAMES_VERSION = 1, FRAME_HEAD = 20, FRAME_LIMIT = 4 << 20 };

enum frame_verb {
	/* version (both ways, before anything else). */
	FRAME_HELLO = 1,
	/* host, port (0: 445, then 139), domain, user, password, dialect, seconds to wait for an
	 * answer of the server -> dialect spoken, for eyes ("SMB 3.1.1"); signed. Opens the session
	 * and the pipe srvsvc, as pipe 0. Before anything secret is said to it, it is looked at:
	 * FRAME_ERRNO with an errno of enum frame_reach or of connect(2). */
	FRAME_CONNECT,
	/* name ("winreg", "svcctl", "srvsvc", "eventlog") -> pipe. More of one name are more pipes. */
	FRAME_PIPE,
	/* pipe, opnum, request -> reply. One at a time on each pipe; several pipes at once. */
	FRAME_CALL,
	/* Files: share ("E$") and path below it ("exchsrvr\connect", "" the root), as a listing
	 * spells them. */
	FRAME_LIST,   /* share, path -> count, then name, short name, attributes, size, mtime (64
		       * bits, base/filetime.h); EOVERFLOW: more than a frame can hold */
	FRAME_ROOM,   /* share -> bytes an ordinary write may use */
	FRAME_OPEN,   /* share, path -> file, size; for reading */
	FRAME_CREATE, /* share, path -> file; must not be there; for writing */
	FRAME_READ,   /* file, offset, length -> bytes; fewer only at the end */
	FRAME_WRITE,  /* file, offset, bytes -> nothing */
	FRAME_CLOSE,  /* file -> nothing */
	FRAME_MKDIR,
	FRAME_UNLINK,
	FRAME_RMDIR,      /* share, path -> nothing */
	FRAME_RENAME,     /* share, path, path -> nothing; EEXIST: the second is there */
	FRAME_TIME,       /* share, path, mtime -> nothing */
	FRAME_ATTRIBUTES, /* share, path, DOS attributes -> nothing */
	FRAME_VERBS
};

/* How an answer ended. */
enum frame_status {
	FRAME_DONE,     /* code 0 */
	FRAME_NTSTATUS, /* code: what libdcerpc or the server said */
	FRAME_ERRNO,    /* code: what libsmbclient said */
	FRAME_FAULT,    /* code: the fault of a call ([MS-RPCE] 2.2.1.1) */
	FRAME_REFUSED,  /* the request makes no sense; body: a text */
};

/* What FRAME_CONNECT says of a server that cannot be spoken to, besides ECONNREFUSED, EHOSTUNREACH,
 * ETIMEDOUT and what else connect(2) knows. */
enum frame_reach {
	FRAME_NO_HOST = ENXIO,             /* there is no such name */
	FRAME_NO_SMB = EPROTOTYPE,         /* what answers there is no SMB server */
	FRAME_ONLY_SMB1 = EPFNOSUPPORT,    /* asked for MODERN */
	FRAME_NEVER_SMB1 = EPROTONOSUPPORT /* asked for NT4 */
};

/* The dialect asked for. MODERN: SMB2 and SMB3, NTLMv2. NT4: SMB1 without SPNEGO, NTLMv1, signing
 * only if the server insists. */
enum frame_dialect { FRAME_MODERN, FRAME_NT4 };

struct frame {
	uint32_t number;
	uint16_t verb, status;
	uint32_t code;
	const uint8_t *body;
	size_t len;
};

/* A body being written; want of memory is told by frame_pack. */
struct frame_writer {
	TALLOC_CTX *mem;
	uint8_t *bytes; /* FRAME_HEAD bytes of room first */
	size_t len;
	bool failed;
};
void frame_begin(struct frame_writer *writer, TALLOC_CTX *mem);
void frame_put32(struct frame_writer *writer, uint32_t number);
void frame_put64(struct frame_writer *writer, uint64_t number);
void frame_put_bytes(struct frame_writer *writer, const void *bytes, size_t len);
void frame_put_text(struct frame_writer *writer, const char *text); /* NULL as "" */
/* The whole frame, ready to send; NULL for want of memory or beyond FRAME_LIMIT. */
uint8_t *frame_pack(struct frame_writer *writer, const struct frame *head, size_t *len);

/* The length of the whole frame of which at least FRAME_HEAD bytes are there; 0: it cannot be
 * one. */
size_t frame_length(const uint8_t *head);
/* From a whole frame; body points into it. */
void frame_unpack(const uint8_t *bytes, struct frame *frame);

/* A body being read; once something does not fit it is bad, and gives zeros and "". */
struct frame_reader {
	const uint8_t *bytes;
	size_t len, at;
	bool bad;
};
void frame_read(struct frame_reader *reader, const struct frame *frame);
uint32_t frame_get32(struct frame_reader *reader);
uint64_t frame_get64(struct frame_reader *reader);
const uint8_t *frame_get_bytes(struct frame_reader *reader, size_t *len);
/* A copy; a NUL inside is bad. "" where it is bad, NULL for want of memory. */
char *frame_get_text(struct frame_reader *reader, TALLOC_CTX *mem);
bool frame_done(const struct frame_reader *reader);

#endif
