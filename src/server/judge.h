/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second judge of every registry file this program wrote: a reader that shares no line with the
 * one that wrote it. */
#ifndef SERVER_JUDGE_H
#define SERVER_JUDGE_H

#include "server/server.h"

/*
 * Reads the registry file behind fd with libhivex and compares every edited value, type and bytes;
 * a removed one must be gone. The keys are as in struct reg_edit: their first name, the file's, is
 * not looked for. TROUBLE_VERIFY names what differs. Only for a file that has passed regf_check:
 * libhivex trusts what it reads more than a hostile file deserves.
 */
int judge_values(int fd, const struct reg_edit *edits, size_t count, struct error *err);

#endif
