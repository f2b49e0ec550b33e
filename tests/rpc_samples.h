/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls of the four pipes with the bytes that they are, worked out by hand from C706 chapter 14 and
 * the protocols' own definitions: what is asked, what is answered, what the answer says. Samba's
 * tables judge the same rows (rpc_judge.c).
 */
#ifndef TESTS_RPC_SAMPLES_H
#define TESTS_RPC_SAMPLES_H

#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "nt/ndr.h"

enum rpc_pipe { RPC_WINREG, RPC_SRVSVC, RPC_SVCCTL, RPC_EVENTLOG, RPC_PIPES };

/* Bytes in rows: hex with blanks anywhere, and 'text' for its UTF-16 without a NUL. */
struct rpc_sample {
	uint16_t opnum;
	void (*put)(struct ndr_writer *writer);
	const char *request;
	/* Reads a reply into words: the code first. */
	char *(*get)(TALLOC_CTX *mem, struct ndr_reader *reader);
	const char *reply, *says;
	/* Of what Samba's table prints of the reply, lines "name: value", '|' between them. */
	const char *printed;
	/* Samba works the lengths of this request out anew. */
	bool pushed_otherwise;
};

extern const struct rpc_sample rpc_winreg[], rpc_srvsvc[], rpc_svcctl[], rpc_eventlog[];
extern const size_t rpc_winreg_count, rpc_srvsvc_count, rpc_svcctl_count, rpc_eventlog_count;

/* The rows of a pipe. */
const struct rpc_sample *rpc_samples(enum rpc_pipe pipe, size_t *count);

/* A row's bytes, owned by mem and no longer than they are. */
uint8_t *rpc_row(TALLOC_CTX *mem, const char *row, size_t *len);

/* The handle of all samples, and how it is written. */
extern const struct ndr_handle rpc_handle;
#define RPC_HANDLE "00000000 01020304 0506 0708 090a0b0c0d0e0f10 "
#define RPC_NO_HANDLE "00000000 00000000 00000000 00000000 00000000 "

/* Everyone: full control, and nothing else: 48 bytes. */
#define RPC_DESCRIPTOR \
	"0100 0480 00000000 00000000 00000000 14000000 " \
	"0200 1c00 0100 0000 0000 1400 ff011f00 0101 000000000001 00000000 "

#endif
