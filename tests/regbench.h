/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off, for what changes its registry: both copies as they were, and how they are
 * looked at. What fails, fails the test. */
#ifndef TESTS_REGBENCH_H
#define TESTS_REGBENCH_H

#include "tests/ntfolder.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"
#define PCMTA "SYSTEM\\ControlSet001\\Services\\MTA to Z\xc3\xbcrich"

struct regbench {
	struct nt_disks *disks;
	struct server *server;
	char *system, *alt; /* paths of this machine */
	uint8_t *before;    /* both copies */
	size_t len;
	struct error err;
};

struct regbench *regbench(TALLOC_CTX *mem);

/* KEY's ImagePath. */
struct reg_edit regbench_edit(TALLOC_CTX *mem, const char *text);
struct reg_stage *regbench_staged(struct regbench *b, const struct reg_edit *edits, size_t count);
/* The trouble. */
int regbench_refused(struct regbench *b, const struct reg_edit *edits, size_t count);
/* How many files were changed. */
size_t regbench_switched(struct regbench *b, struct reg_stage *stage);
/* The ImagePath of a key, as it is now. */
void regbench_reads(struct regbench *b, const char *key, const char *text);
/* Whether a file is as it was. */
bool regbench_unchanged(struct regbench *b, const char *path);
/* Nothing but so many registry files lies in the folder. */
void regbench_tidy(struct regbench *b, size_t files);
/* How many bytes of a file differ from before; the last of them. */
size_t regbench_differing(struct regbench *b, const char *path, size_t *where);
/* Spoils a hive beyond its header. */
void regbench_break(uint8_t *bytes, size_t len);

#endif
