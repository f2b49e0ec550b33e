/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ntfs_place.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

#include <cmocka.h>

#include "tests/ntfolder.h"
#include "tests/support.h"

const uint8_t outside_acl[OUTSIDE_ACL] = { 1, 0, 0x04, 0x80, 0x14, 0, 0, 0, 0x24, 0, 0, 0, 0, 0, 0,
	0, 0x34, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0,
	5, 0x20, 0, 0, 0, 0x20, 2, 0, 0, 2, 0, 0x1c, 0, 1, 0, 0, 0, 0, 0, 0x14, 0, 0xa9, 0, 0x12, 0,
	1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 };
/* Hidden, system, archive. */
static const uint8_t special_attributes[] = { 0, 0, 0, 0x26 };
/* 1999-12-31 00:00 UTC as FILETIME: days since 1601 are 145730. */
#define CREATED (UINT64_C(145730) * 86400 * 10000000)

const char *place_mounted;

const char *place_below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place_mounted, name);
}

int place_setup(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	if (volume_open(place, 'E', place_mounted, &place->volume, &place->err) != 0)
		fail_msg("%s", place->err.text);
	*state = place;
	return 0;
}

int place_teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

void place_serve(struct place *place)
{
	struct nt_disks *disks = nt_disks(place);
	struct disks_options options = { .drives = talloc_asprintf(place, "C=%s,E=%s", disks->c,
						 place_mounted) };

	if (disks_open(place, &options, &place->server, &place->err) != 0)
		fail_msg("%s", place->err.text);
}

void outside_set(const char *file, const char *attribute, const void *value, size_t len)
{
	if (setxattr(file, attribute, value, len, 0) != 0)
		fail_msg("%s of %s: %s", attribute, file, strerror(errno));
}

void outside_make(const char *file, const char *content)
{
	uint64_t created = CREATED;

	support_write_text(file, content);
	outside_set(file, "system.ntfs_attrib_be", special_attributes, sizeof special_attributes);
	outside_set(file, "system.ntfs_crtime", &created, sizeof created);
	outside_set(file, "system.ntfs_acl", outside_acl, sizeof outside_acl);
}

void outside_wants_xattr(const char *file, const char *attribute, const void *value, size_t len)
{
	uint8_t found[4096];
	ssize_t got = getxattr(file, attribute, found, sizeof found);

	if (got != (ssize_t)len || memcmp(found, value, len) != 0)
		fail_msg("%s of %s is another (%zd bytes)", attribute, file, got);
}

void outside_wants(const char *file)
{
	uint64_t created = CREATED;

	outside_wants_xattr(file, "system.ntfs_acl", outside_acl, sizeof outside_acl);
	outside_wants_xattr(file, "system.ntfs_attrib_be", special_attributes,
		sizeof special_attributes);
	outside_wants_xattr(file, "system.ntfs_crtime", &created, sizeof created);
}

int outside_image(const char *image, bool mark)
{
	static const char name[] = "B\0r\0o\0k\0e\0n";
	FILE *file = fopen(image, "r+b");
	uint8_t record[1024];
	int changed = 0;

	for (long at = 0; file && fseek(file, at, SEEK_SET) == 0 &&
		fread(record, sizeof record, 1, file) == 1;
		at += 1024) {
		if (memcmp(record, "FILE", 4) != 0 || record[45] != 0 ||
			(mark ? record[44] != 3 : record[44] < 24) ||
			(!mark && !memmem(record, 510, name, sizeof name - 1)))
			continue;
		for (size_t i = record[20]; mark && i < 500; i += record[i + 4])
			if (record[i] == 0x70 && record[i + 1] == 0) {
				record[i + record[i + 20] + 10] |= 1;
				break;
			} else if (record[i + 4] == 0) {
				break;
			}
		if (!mark)
			memset(record, 0, 4);
		changed += fseek(file, at, SEEK_SET) == 0 &&
			fwrite(record, sizeof record, 1, file) == 1;
	}
	return !file || fclose(file) != 0 || changed == 0;
}
