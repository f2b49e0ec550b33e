/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether Windows wants to check an NTFS volume first: the flag in $VOLUME_INFORMATION, which
 * ntfs-3g ignores when it mounts. It is read from the device or image itself. What is there comes
 * from the disk: no number is trusted. Layout: the NTFS documentation of the Linux-NTFS project
 * (boot sector, FILE record, attribute header, $Volume).
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
	VOLUME_RECORD = 3, /* of the MFT: $Volume */
	/* type of the attribute; reserved 8, major 1, minor 1, flags 2 */
	VOLUME_INFORMATION = 0x70,
	VOLUME_FLAGS = 10,
	VOLUME_IS_DIRTY = 1,
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

static bool record_dirty(const uint8_t *record, size_t len)
{
	size_t at = get16(record + 20);

	while (at + 24 <= len) {
		uint32_t type = get32(record + at), size = get32(record + at + 4);
		size_t value = get16(record + at + 20);
		if (size < 24 || size > len - at)
			return false;
		if (type == VOLUME_INFORMATION)
			return record[at + 8] == 0 && value + VOLUME_FLAGS + 2 <= size &&
				(get16(record + at + value + VOLUME_FLAGS) & VOLUME_IS_DIRTY);
		at += size;
	}
	return false;
}

static bool dirty_at(int fd, uint8_t *record)
{
	uint8_t boot[BOOT_SIZE];
	uint64_t table, place;
	size_t cluster, size;

	if (pread(fd, boot, sizeof boot, 0) != sizeof boot || memcmp(boot + 3, "NTFS    ", 8) != 0)
		return false;
	/* Windows NT has no clusters of more than 64 KiB, written as powers of two. */
	cluster = (size_t)get16(boot + 11) * boot[13];
	size = record_size((int8_t)boot[64], cluster);
	table = get64(boot + 48);
	if (cluster == 0 || size == 0 || __builtin_mul_overflow(table, (uint64_t)cluster, &place) ||
		place > INT64_MAX - VOLUME_RECORD * RECORD_MAX)
		return false;
	return pread(fd, record, size, (off_t)(place + VOLUME_RECORD * size)) == (ssize_t)size &&
		record_fix(record, size) && record_dirty(record, size);
}

bool mount_source_dirty(const char *source)
{
	int fd = *source == '/' ? open(source, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
	uint8_t *record = fd < 0 ? NULL : talloc_array(NULL, uint8_t, RECORD_MAX);
	struct stat status;
	bool dirty = record && fstat(fd, &status) == 0 &&
		(S_ISREG(status.st_mode) || S_ISBLK(status.st_mode)) && dirty_at(fd, record);

	talloc_free(record);
	if (fd >= 0)
		close(fd);
	return dirty;
}
