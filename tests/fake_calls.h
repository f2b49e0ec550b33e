/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that the played server answers. */
#ifndef TESTS_FAKE_CALLS_H
#define TESTS_FAKE_CALLS_H

#include "base/frames.h"
#include "nt/ndr.h"

void fake_call(const char *pipe, uint32_t opnum, struct ndr_reader *request,
	struct ndr_writer *reply);
void fake_svcctl(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply);
void fake_eventlog(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply);
void fake_srvsvc(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply);
/* A request about files: what errno says of it. */
uint32_t fake_files(enum frame_verb verb, struct frame_reader *body, struct frame_writer *reply);
/* A handle that holds a number. */
void fake_put_handle(struct ndr_writer *reply, uint32_t number);
uint32_t fake_get_handle(struct ndr_reader *request);

#endif
