/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which partition Windows gives which drive letter, as the registry keeps it: bytes in, facts out.
 *
 * NT 4.0: SYSTEM\DISK, value Information (REG_BINARY), written by Disk Administrator; so it may be
 * absent. Layout: DISK_REGISTRY, DISK_DESCRIPTION and DISK_PARTITION of ntdskreg.h, packed to 4;
 * M. Russinovich, "Inside the Disk Key", 5 Nov 1997. Windows 2000: SYSTEM\MountedDevices, values
 * \DosDevices\X:. All numbers are little endian, and none is trusted.
 */
#ifndef NT_DISKKEY_H
#define NT_DISKKEY_H

#include "base/error.h"
#include "nt/regdata.h"

enum { DISKKEY_LETTERS = 26 };

/* A partition that has a letter. */
struct disk_letter {
	char letter;        /* 'A' to 'Z' */
	uint32_t signature; /* of its disk, at byte 440 of the first sector */
	uint64_t offset;    /* bytes, from the beginning of the disk */
	uint64_t length;    /* bytes; 0: not told */
	bool set;           /* a member of an NT fault tolerance set */
	bool dynamic;       /* on a dynamic disk or a GPT: neither signature nor offset is told */
};

/* The letters in Information. TROUBLE_HIVE_BROKEN where its layout makes no sense; then nothing of
 * it is used. *letters is owned by mem; one letter given twice is such nonsense, too. */
int diskkey_information(TALLOC_CTX *mem, const uint8_t *bytes, size_t len,
	struct disk_letter **letters, size_t *count, struct error *err);

/* The letter that a value of MountedDevices gives to a fixed disk; false if it gives none: another
 * name, the device name of a CD-ROM or a removable disk. */
bool diskkey_mounted(const char *name, const struct reg_data *data, struct disk_letter *letter);

#endif
