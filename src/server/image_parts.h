/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partitions of disk images: read (libblkid), and which letters they have. */
#ifndef SERVER_IMAGE_PARTS_H
#define SERVER_IMAGE_PARTS_H

#include <stdint.h>
#include <talloc.h>

#include "base/error.h"

enum part_kind { PART_NTFS, PART_FAT, PART_OTHER };
enum part_proof {
	PART_OPEN,    /* nobody knows its letter */
	PART_SAID,    /* the operator said it */
	PART_KEPT,    /* the registry says it: MountedDevices, SYSTEM\DISK */
	PART_CONTENT, /* what the registry names under that letter lies there, and nowhere else */
};

struct image_part {
	unsigned disk, number; /* from 1; "2.1" is the first partition of the second disk */
	uint64_t offset, size; /* bytes */
	uint32_t signature;    /* of its disk */
	enum part_kind kind;
	char *label;  /* "" for none; safe to show */
	char *folder; /* where it is mounted on this machine; NULL: it is not */
	char *holds;  /* what lies on it, for eyes ("WINNT, exchsrvr"); "" for nothing known */
	char letter;  /* '\0': open */
	enum part_proof proof;
};

/*
 * The partitions of the disk whose bytes the file path has, logical ones too, added to *parts
 * (owned by mem). TROUBLE_DISK_KIND by name: GPT, dynamic disk (type 42), member of an NT fault
 * tolerance set (bit 0x80), no partition table, no partition. A table that makes no sense is
 * TROUBLE_IMAGE.
 */
int image_parts_read(TALLOC_CTX *mem, const char *path, unsigned disk, struct image_part **parts,
	size_t *count, struct error *err);

/* Whether an NTFS volume was shut down cleanly, read from its bytes: TROUBLE_VOLUME_DIRTY where
 * Windows wants to check it, its journal ($LogFile) was not closed, or Windows hibernates on it
 * (Windows 2000's hiberfil.sys). */
int image_part_clean(const char *path, uint64_t offset, const struct image_part *part,
	struct error *err);

/* What lies on one that is mounted: sets part->holds, owned by mem. */
int image_part_holds(TALLOC_CTX *mem, struct image_part *part, struct error *err);

/*
 * The letters of the parts (of talloc) that are mounted, and what lies on each. said: "C=1.1,E=2.1"
 * or NULL; what is said counts before everything else, TROUBLE_USAGE where it names no partition or
 * one twice. Then the registry found on one of them, by signature and offset; two disks with one
 * signature prove nothing. Then content: of every letter that the registry's paths name, the one
 * partition without another letter on which all of them lie. What is still open stays open; never
 * guessed.
 * nt_folder: as in disks.h.
 */
int image_letters(struct image_part *parts, size_t count, const char *said, const char *nt_folder,
	struct error *err);

/* TROUBLE_WHICH_LETTERS, with the partitions that are open and what lies on them, if one of those
 * that have NTFS or FAT has no letter and may be needed: the registry names a letter that none has,
 * or no registry was found, or folders lie on it and nobody said a letter of any. */
int image_letters_open(const struct image_part *parts, size_t count, struct error *err);

#endif
