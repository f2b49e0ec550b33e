/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/diskkey.h"

#include <string.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/text.h"

enum {
	HEADER = 44,
	VERSION = 3,
	DISKS_FROM = 12, /* in the header: where the list of disks is, and its size */
	DISKS_SIZE = 16,
	LIST_HEAD = 4, /* disks u16, reserved u16 */
	DISK_HEAD = 8, /* partitions u16, reserved u16, signature u32 */
	PARTITION = 52,
	NO_MEMBER = 4, /* FT_TYPE: below are mirror, stripe, parity and volume set */
};

/* What is not yet read of the list of disks. */
struct rest {
	const uint8_t *at, *end;
};

/* The next bytes of the list; NULL where it ends before. */
static const uint8_t *rest_take(struct rest *rest, size_t len)
{
	const uint8_t *at = rest->at;

	if ((size_t)(rest->end - at) < len)
		return NULL;
	rest->at += len;
	return at;
}

static bool rest_begin(struct rest *rest, const uint8_t *bytes, size_t len)
{
	uint32_t from, size;

	if (len < HEADER || get32(bytes) != VERSION)
		return false;
	from = get32(bytes + DISKS_FROM);
	size = get32(bytes + DISKS_SIZE);
	if (from < HEADER || from > len || size > len - from)
		return false;
	*rest = (struct rest){ bytes + from, bytes + from + size };
	return true;
}

/* A partition's letter goes to its place among the 26. The members of a set share theirs. */
static bool letter_put(struct disk_letter all[DISKKEY_LETTERS], uint32_t signature,
	const uint8_t *partition)
{
	char letter = (char)partition[40];
	uint64_t offset = get64(partition + 8), length = get64(partition + 16), end;
	bool set = get32(partition) < NO_MEMBER;
	struct disk_letter *put;

	if (letter == '\0')
		return true;
	if (letter < 'A' || letter > 'Z' || length == 0 ||
		__builtin_add_overflow(offset, length, &end) || end > INT64_MAX)
		return false;
	put = &all[letter - 'A'];
	if (put->letter)
		return put->set && set;
	*put = (struct disk_letter){ letter, signature, offset, length, set, false };
	return true;
}

static bool letters_read(struct rest *rest, struct disk_letter all[DISKKEY_LETTERS])
{
	const uint8_t *list = rest_take(rest, LIST_HEAD);

	for (unsigned disks = list ? get16(list) : 0; disks > 0; disks--) {
		const uint8_t *disk = rest_take(rest, DISK_HEAD);
		for (unsigned left = disk ? get16(disk) : 0; left > 0; left--) {
			const uint8_t *partition = rest_take(rest, PARTITION);
			if (!partition || !letter_put(all, get32(disk + 4), partition))
				return false;
		}
		if (!disk)
			return false;
	}
	return list != NULL;
}

int diskkey_information(TALLOC_CTX *mem, const uint8_t *bytes, size_t len,
	struct disk_letter **letters, size_t *count, struct error *err)
{
	struct disk_letter all[DISKKEY_LETTERS] = { 0 };
	struct rest rest;

	if (!rest_begin(&rest, bytes, len) || !letters_read(&rest, all))
		return error_set(err, TROUBLE_HIVE_BROKEN,
			_("The registry's list of disks (SYSTEM\\DISK, value Information) makes no sense."));
	*letters = talloc_array(mem, struct disk_letter, DISKKEY_LETTERS);
	if (!*letters)
		return error_memory(err);
	*count = 0;
	for (size_t i = 0; i < DISKKEY_LETTERS; i++)
		if (all[i].letter)
			(*letters)[(*count)++] = all[i];
	return 0;
}

bool diskkey_mounted(const char *name, const struct reg_data *data, struct disk_letter *letter)
{
	char named = strlen(name) == 14 ? (char)(name[12] & ~0x20) : 0;
	bool basic = data->len == 12;

	if (named < 'A' || named > 'Z' || name[13] != ':' ||
		!text_equal_n(name, "\\DosDevices\\", 12) ||
		(!basic && (data->len != 24 || memcmp(data->bytes, "DMIO:ID:", 8) != 0)))
		return false;
	*letter = (struct disk_letter){ .letter = named,
		.signature = basic ? get32(data->bytes) : 0,
		.offset = basic ? get64(data->bytes + 4) : 0,
		.dynamic = !basic };
	return true;
}
