/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change of the registry files that is prepared and not yet made. For the disks backend alone. */
#ifndef SERVER_DISKS_REGWRITE_H
#define SERVER_DISKS_REGWRITE_H

#include "nt/regf_edit.h"
#include "server/disks_private.h"

enum { REG_COPIES = 2 };

struct reg_file {
	const char *name, *temporary;
};

/*
 * One of the two copies of SYSTEM. It is written in one of two ways: sector by sector where it
 * lies, if every change fits in a sector, so that each is old or new at any instant and the file
 * keeps its place and all its traits; else as a new file beside it.
 */
struct reg_copy {
	const struct reg_file *file;
	char *path;              /* full */
	uint8_t *before, *after; /* whole files; before is NULL where there was none */
	size_t before_len, after_len;
	/* those of the stage's that are made in this copy: SYSTEM.ALT may lack their keys */
	struct reg_edit *edits;
	size_t edit_count;
	struct regf *old;      /* over before; NULL where the file is put back as a whole */
	struct regf_run *runs; /* what differs, when it is written where it lies */
	size_t run_count;
	/* when it is written beside; with neither there is nothing to write */
	struct stage *staged;
};

struct reg_stage {
	struct disks *disks;
	struct reg_edit *edits; /* none where files are put back as a whole */
	size_t edit_count;
	struct reg_copy copies[REG_COPIES];
	size_t count;
	struct error note; /* no trouble: a sentence to be told; "" for none */
};

/* An image of a copy with the eyes of both readers: sound, every edit as it should be, and nothing
 * else different from before. */
int regcopy_judge(const struct reg_copy *copy, const uint8_t *bytes, size_t len, struct error *err);

#endif
