/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether an NTFS volume was left as Windows leaves it: the flag in $VOLUME_INFORMATION, which
 * ntfs-3g ignores when it mounts, and the journal. Both are read from the device or image itself.
 * What is there comes from the disk: no number is trusted. Layout: the NTFS documentation of the
 * Linux-NTFS project (boot sector, FILE record, attribute header, mapping pairs, $Volume,
 * $LogFile).
 */
#include "server/volume_mount.h"

#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"

enum {
	BOOT_SIZE = 512,
	RECORD_MAX = 65536,
	/* of which the update sequence keeps the last two bytes, whatever the device's sector is */
	SECTOR = 512,
	LOG_RECORD = 2, /* of the MFT: $LogFile, and $Volume */
	VOLUME_RECORD = 3,
	/* type of the attribute; reserved 8, major 1, minor 1, flags 2 */
	VOLUME_INFORMATION = 0x70,
	VOLUME_FLAGS = 10,
	VOLUME_IS_DIRTY = 1,
	DATA = 0x80,
	DATA_HEADER = 64, /* of an attribute that lies elsewhere */
	/* A restart page: magic, chkdsk's LSN at 8, sizes of two kinds of pages at 16 and 20, where
	 * its area is at 24, version at 26 (1.1 is told as 1, 1). Its area: LSN, then numbers of
	 * clients: all, the first that is free, the first that is not; flags. */
	RESTART_HEADER = 30,
	RESTART_AREA = 40,
	NO_CLIENT = 0xffff,
	RESTART_VOLUME_IS_CLEAN = 2,
};

struct ntfs {
	int fd;
	uint64_t at;            /* where it begins there */
	uint64_t table;         /* where the MFT begins on it */
	size_t cluster, record; /* bytes */
};

/* A size in clusters, or, negative, the power of two that it is. 0 if it makes no sense. */
static size_t record_size(int8_t size, size_t cluster)
{
	size_t bytes = size > 0          ? (size_t)size * cluster
		: size > -17 && size < 0 ? (size_t)1 << -size
					 : 0;

	return bytes >= SECTOR && bytes <= RECORD_MAX && bytes % SECTOR == 0 ? bytes : 0;
}

/* Restores the last two bytes of every sector of a record; false if it is not one. */
static bool record_fix(uint8_t *record, size_t len)
{
	size_t at = get16(record + 4), count = get16(record + 6);

	if (memcmp(record, "FILE", 4) != 0 || count != len / SECTOR + 1 ||
		at + count * 2 > SECTOR - 2)
		return false;
	for (size_t i = 1; i < count; i++) {
		uint8_t *last = record + i * SECTOR - 2;
		if (memcmp(last, record + at, 2) != 0)
			return false;
		memcpy(last, record + at + i * 2, 2);
	}
	return true;
}

/* Where the attribute of that type begins in a record, and its size; 0 if there is none. */
static size_t attribute_find(const uint8_t *record, size_t len, uint32_t type, size_t *size)
{
	size_t at = get16(record + 20);

	while (at + 24 <= len) {
		*size = get32(record + at + 4);
		if (*size < 24 || *size > len - at)
			return 0;
		if (get32(record + at) == type)
			return at;
		at += *size;
	}
	return 0;
}

static bool record_dirty(const uint8_t *record, size_t len)
{
	size_t size, at = attribute_find(record, len, VOLUME_INFORMATION, &size);
	size_t value = at ? get16(record + at + 20) : 0;

	return at && record[at + 8] == 0 && value + VOLUME_FLAGS + 2 <= size &&
		(get16(record + at + value + VOLUME_FLAGS) & VOLUME_IS_DIRTY);
}

static bool ntfs_read(const struct ntfs *ntfs, uint64_t place, void *buf, size_t len)
{
	uint64_t from;

	return !__builtin_add_overflow(ntfs->at, place, &from) && from <= INT64_MAX - len &&
		pread(ntfs->fd, buf, len, (off_t)from) == (ssize_t)len;
}

static bool ntfs_begin(struct ntfs *ntfs)
{
	uint8_t boot[BOOT_SIZE];

	if (!ntfs_read(ntfs, 0, boot, sizeof boot) || memcmp(boot + 3, "NTFS    ", 8) != 0)
		return false;
	/* Windows NT has no clusters of more than 64 KiB, written as powers of two. */
	ntfs->cluster = (size_t)get16(boot + 11) * boot[13];
	ntfs->record = record_size((int8_t)boot[64], ntfs->cluster);
	return ntfs->cluster >= SECTOR && ntfs->record != 0 &&
		!__builtin_mul_overflow(get64(boot + 48), (uint64_t)ntfs->cluster, &ntfs->table) &&
		ntfs->table <= INT64_MAX - 16 * RECORD_MAX;
}

static bool ntfs_record(const struct ntfs *ntfs, size_t number, uint8_t record[RECORD_MAX])
{
	return ntfs_read(ntfs, ntfs->table + number * ntfs->record, record, ntfs->record) &&
		record_fix(record, ntfs->record);
}

/* A number of a mapping pair, of at most 8 bytes. */
static uint64_t run_number(const uint8_t *at, size_t len, bool negative)
{
	uint64_t number = negative && len > 0 && at[len - 1] & 0x80 ? UINT64_MAX : 0;

	while (len-- > 0)
		number = number << 8 | at[len];
	return number;
}

/* A sector of what lies in runs. Numbers that run over lead to no place worse than any other. */
static bool runs_read(const struct ntfs *ntfs, const uint8_t *run, const uint8_t *end, uint64_t at,
	uint8_t sector[SECTOR])
{
	uint64_t left = at / ntfs->cluster, place = 0;

	while (run < end && *run) {
		size_t lengths = *run & 15, offsets = *run >> 4;
		if (lengths > 8 || offsets > 8 || (size_t)(end - run) <= lengths + offsets)
			return false;
		uint64_t length = run_number(run + 1, lengths, false);
		place += run_number(run + 1 + lengths, offsets, true);
		if (left < length)
			return offsets > 0 &&
				!__builtin_mul_overflow(place + left, (uint64_t)ntfs->cluster,
					&place) &&
				ntfs_read(ntfs, place + at % ntfs->cluster, sector, SECTOR);
		left -= length;
		run += 1 + lengths + offsets;
	}
	return false;
}

/* What a restart page says; false if it is none that counts. */
static bool restart_read(const uint8_t *page, uint64_t at, uint64_t *lsn, bool *closed)
{
	const bool chkdsk = memcmp(page, "CHKD", 4) == 0;
	const uint32_t size = get32(page + 16), log_size = get32(page + 20);
	const size_t area = get16(page + 24);
	unsigned clients, in_use;

	if ((!chkdsk && memcmp(page, "RSTR", 4) != 0) || size < SECTOR || (size & (size - 1)) ||
		log_size < SECTOR || (log_size & (log_size - 1)) || (at != 0 && at != size) ||
		get32(page + 26) != 0x10001 || area % 8 || area < RESTART_HEADER ||
		area + RESTART_AREA > SECTOR - 2)
		return false;
	clients = get16(page + area + 8);
	in_use = get16(page + area + 12);
	*lsn = get64(chkdsk ? page + 8 : page + area);
	*closed = in_use == NO_CLIENT || get16(page + area + 14) & RESTART_VOLUME_IS_CLEAN;
	return in_use == NO_CLIENT || in_use < clients;
}

/* The later of the two restart pages says that nobody has the journal open, or that all is in its
 * place all the same; or nothing was ever written to it: it is all ones. The second page lies where
 * the first says, so each place is looked at that can be one. */
static bool journal_closed(const struct ntfs *ntfs, const uint8_t *record)
{
	size_t size, at = attribute_find(record, ntfs->record, DATA, &size);
	const uint8_t *data = record + at;
	bool empty = true, found = false, closed = false, said;
	uint8_t page[SECTOR];
	uint64_t last = 0, lsn;

	if (!at || data[8] != 1 || size < DATA_HEADER || get16(data + 32) > size)
		return false;
	for (uint64_t pos = 0; pos < get64(data + 48) && pos <= INT64_MAX;
		pos = pos ? pos * 2 : SECTOR) {
		if (!runs_read(ntfs, data + get16(data + 32), data + size, pos, page))
			return false;
		if (get32(page) == UINT32_MAX && !empty)
			break;
		empty = empty && get32(page) == UINT32_MAX;
		if (memcmp(page, "RCRD", 4) == 0)
			break;
		if (!restart_read(page, pos, &lsn, &said))
			continue;
		if (!found || lsn > last)
			closed = said;
		found = true;
		last = lsn;
		if (pos > 0)
			break;
	}
	return empty || closed;
}

enum ntfs_end volume_ntfs_end(int fd, uint64_t at)
{
	struct ntfs ntfs = { .fd = fd, .at = at };
	uint8_t *record = talloc_array(NULL, uint8_t, RECORD_MAX);
	enum ntfs_end end = NTFS_UNTOLD;

	if (record && ntfs_begin(&ntfs) && ntfs_record(&ntfs, VOLUME_RECORD, record))
		end = record_dirty(record, ntfs.record)           ? NTFS_DIRTY
			: !ntfs_record(&ntfs, LOG_RECORD, record) ? NTFS_UNTOLD
			: journal_closed(&ntfs, record)           ? NTFS_CLOSED
								  : NTFS_JOURNAL_OPEN;
	talloc_free(record);
	return end;
}

bool mount_source_dirty(const char *source)
{
	int fd = *source == '/' ? open(source, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	struct stat status;
	bool dirty = fd >= 0 && fstat(fd, &status) == 0 &&
		(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)) &&
		volume_ntfs_end(fd, 0) == NTFS_DIRTY;

	if (fd >= 0)
		close(fd);
	return dirty;
}
