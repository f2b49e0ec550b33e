/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The smallest change of a hive (doc/hives.md 3).
 *
 * Data of the same length is overwritten where it lies: header, lists, neighbours and the length of
 * the file stay. Other lengths get a new cell in a new bin at the end; an added value gets a new vk
 * cell and a new value list there, a removed value a shortened list. Then sequence numbers, header
 * timestamp (with its second copy in the first bin) and checksum move on, and the key's timestamp
 * with them.
 */
#ifndef NT_REGF_EDIT_H
#define NT_REGF_EDIT_H

#include "nt/regf.h"

/* The result of the edits: the new file's bytes, and what changed. */
struct regf_edited {
	uint8_t *bytes;
	size_t len;
	size_t changed;   /* edits that changed something; 0 means bytes equal the old file */
	bool same_length; /* only data bytes were overwritten in place; len is the old length */
	/* with same_length: no single edit's changed bytes cross a 512-byte sector, so each is old
	 * or new at any instant */
	bool one_sector_each;
};

/*
 * Applies edits, whose keys are paths below the root (ControlSet001\Services\...), to the hive
 * whose whole file is bytes[0, len) and has passed regf_open and regf_check. now is the FILETIME
 * written into header and keys when the file grows. TROUBLE_NOT_THERE if a key is missing;
 * TROUBLE_CANNOT if the hive would grow over 10 MB and the edits make it grow (KB Q306038: NT loads
 * SYSTEM in the low 16 MB). A 1.3 hive never gets an lh list or a db cell; data over 16,344 bytes
 * in a 1.5 hive is refused.
 */
int regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len,
	const struct reg_edit *edits, size_t count, uint64_t now, struct regf_edited *edited,
	struct error *err);

/*
 * What regf_edit would do, by reading alone: *grows holds how much earlier edits would add to the
 * hive; what these would add is added to it. The hive has passed regf_check; the troubles are those
 * of regf_edit.
 */
int regf_weigh(struct regf *hive, const struct reg_edit *edits, size_t count, uint64_t *grows,
	struct error *err);

/* Moves a hive's header on as every write of it does: sequence numbers, checksum, and the time of
 * the write, which the first bin's header has a second time (msuhanov/regf: "backup copy"). file is
 * a whole hive that passed regf_check. */
void regf_touch(uint8_t *file, uint64_t now);

/* One run of 512-byte sectors that differ between two images of the same length. */
struct regf_run {
	uint64_t off;
	size_t len;
};
/* The runs in ascending order, owned by mem. */
struct regf_run *regf_runs(TALLOC_CTX *mem, const uint8_t *before, const uint8_t *after, size_t len,
	size_t *count);

#endif
