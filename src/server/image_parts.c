/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The partitions of a disk, told by libblkid, how Windows left them, and what lies on them. */
#include "server/image_parts.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/volume_internal.h"
#include "server/volume_mount.h"

enum { SECTOR = 512, TYPE_DYNAMIC = 0x42, TYPE_GPT = 0xee, HOLDS_MAX = 5 };

struct disk {
	TALLOC_CTX *mem;
	int fd;
	unsigned number;
	uint64_t size;
	uint32_t signature;
};

static int type_refused(const struct disk *disk, int type, struct error *err)
{
	const char *why = type == TYPE_GPT
		? N_("Disk %u has a GUID partition table (GPT), which neither NT 4.0 nor Windows 2000 has.")
		: type == TYPE_DYNAMIC
		? N_("Disk %u is a dynamic disk, and its volumes cannot be told from its partition table.")
		: volume_type_is_mirror(type)
		? N_("Disk %u has a partition of an NT software mirror or stripe set, and half of one must not be changed.")
		: NULL;

	return why ? error_set(err, TROUBLE_DISK_KIND, _(why), disk->number) : 0;
}

/* The kind of a partition's file system, and its label. */
static int part_look(const struct disk *disk, struct image_part *part, struct error *err)
{
	static char *const kinds[] = { "ntfs", "vfat", NULL };
	blkid_probe probe = blkid_new_probe();
	const char *type = "", *label = "";

	if (probe &&
		blkid_probe_set_device(probe, disk->fd, (blkid_loff_t)part->offset,
			(blkid_loff_t)part->size) == 0 &&
		blkid_probe_enable_superblocks(probe, 1) == 0 &&
		blkid_probe_set_superblocks_flags(probe, BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL) ==
			0 &&
		blkid_probe_filter_superblocks_type(probe, BLKID_FLTR_ONLYIN, (char **)kinds) ==
			0 &&
		blkid_do_probe(probe) == 0) {
		(void)blkid_probe_lookup_value(probe, "TYPE", &type, NULL);
		(void)blkid_probe_lookup_value(probe, "LABEL", &label, NULL);
	}
	part->kind = strcmp(type, "ntfs") == 0 ? PART_NTFS
		: strcmp(type, "vfat") == 0    ? PART_FAT
					       : PART_OTHER;
	part->label = text_shown(disk->mem, label);
	part->holds = talloc_strdup(disk->mem, "");
	blkid_free_probe(probe);
	return part->label && part->holds ? 0 : error_memory(err);
}

/* libblkid takes a table as it is written. */
static int part_place(const struct disk *disk, blkid_partition from, struct image_part *part,
	const struct image_part *before, size_t count, struct error *err)
{
	const uint64_t start = (uint64_t)blkid_partition_get_start(from),
		       sectors = (uint64_t)blkid_partition_get_size(from), end = start + sectors;
	bool bad = sectors == 0 || end > disk->size / SECTOR;

	part->offset = start * SECTOR;
	part->size = sectors * SECTOR;
	for (size_t i = 0; i < count; i++)
		bad |= before[i].offset < part->offset + part->size &&
			part->offset < before[i].offset + before[i].size;
	return bad
		? error_set(err, TROUBLE_IMAGE,
			  _("The partition table of disk %u makes no sense: partitions overlap, or end behind the end of the disk."),
			  disk->number)
		: 0;
}

static int part_add(const struct disk *disk, blkid_partition from, struct image_part **parts,
	size_t *count, size_t first, struct error *err)
{
	struct image_part *part;
	int ret = type_refused(disk, blkid_partition_get_type(from), err);

	if (ret != 0 || blkid_partition_is_extended(from))
		return ret;
	part = memory_more(disk->mem, parts, *count, sizeof *part);
	if (!part)
		return error_memory(err);
	part->disk = disk->number;
	part->number = (unsigned)(*count - first) + 1;
	part->signature = disk->signature;
	ret = part_place(disk, from, part, *parts + first, *count - first, err);
	if (ret == 0)
		ret = part_look(disk, part, err);
	*count += ret == 0;
	return ret;
}

static int table_read(struct disk *disk, blkid_partlist list, struct image_part **parts,
	size_t *count, struct error *err)
{
	blkid_parttable table = list ? blkid_partlist_get_table(list) : NULL;
	const char *kind = table ? blkid_parttable_get_type(table) : "";
	const char *id = table ? blkid_parttable_get_id(table) : NULL;
	const size_t first = *count;
	int ret = strcmp(kind, "gpt") == 0 ? type_refused(disk, TYPE_GPT, err) : 0;

	if (ret == 0 && strcmp(kind, "dos") != 0)
		ret = error_set(err, TROUBLE_DISK_KIND,
			_("Disk %u has no partition table of the kind that Windows NT uses."),
			disk->number);
	disk->signature = id ? (uint32_t)strtoul(id, NULL, 16) : 0;
	for (int i = 0; ret == 0 && i < blkid_partlist_numof_partitions(list); i++)
		ret = part_add(disk, blkid_partlist_get_partition(list, i), parts, count, first,
			err);
	if (ret == 0 && *count == first)
		ret = error_set(err, TROUBLE_DISK_KIND, _("Disk %u has no partition."),
			disk->number);
	return ret;
}

int image_parts_read(TALLOC_CTX *mem, const char *path, unsigned disk, struct image_part **parts,
	size_t *count, struct error *err)
{
	struct disk from = { .mem = mem, .number = disk };
	blkid_probe probe = blkid_new_probe();
	int ret;

	from.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (!probe)
		ret = error_memory(err);
	else if (from.fd < 0)
		ret = error_system(err, TROUBLE_IO, errno, _("Disk %u cannot be read"), disk);
	else if (blkid_probe_set_device(probe, from.fd, 0, 0) != 0 ||
		blkid_probe_get_size(probe) <= 0)
		ret = error_set(err, TROUBLE_IMAGE, _("Disk %u has no bytes that can be read."),
			disk);
	else {
		from.size = (uint64_t)blkid_probe_get_size(probe);
		ret = table_read(&from, blkid_probe_get_partitions(probe), parts, count, err);
	}
	blkid_free_probe(probe);
	if (from.fd >= 0)
		close(from.fd);
	return ret;
}

static int part_hibernated(const struct image_part *part, bool *hibernated, struct error *err)
{
	struct volume *volume;
	int ret = volume_open(NULL, part->letter ? part->letter : 'C', part->folder, &volume, err);

	if (ret == 0) {
		ret = volume_hibernated(volume, hibernated, err);
		talloc_free(volume);
	}
	return ret;
}

int image_part_clean(const char *path, uint64_t offset, const struct image_part *part,
	struct error *err)
{
	static const char *const sentences[] = {
		[NTFS_UNTOLD] =
			N_("How Windows left partition %u.%u cannot be told: its NTFS is damaged."),
		[NTFS_DIRTY] =
			N_("Partition %u.%u is marked dirty: Windows wants to check it first."),
		[NTFS_JOURNAL_OPEN] =
			N_("Partition %u.%u was not shut down cleanly: its journal is still open."),
	};
	enum ntfs_end end = NTFS_CLOSED;
	bool hibernated = false;
	int fd, ret = 0;

	if (part->kind == PART_NTFS) {
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			return error_system(err, TROUBLE_IO, errno, _("Disk %u cannot be read"),
				part->disk);
		end = volume_ntfs_end(fd, offset);
		close(fd);
	}
	if (end != NTFS_CLOSED)
		return error_set(err, TROUBLE_VOLUME_DIRTY, _(sentences[end]), part->disk,
			part->number);
	if (part->folder)
		ret = part_hibernated(part, &hibernated, err);
	if (ret == 0 && hibernated)
		ret = error_set(err, TROUBLE_VOLUME_DIRTY,
			_("Windows hibernates on partition %u.%u: it would resume with its old files in memory and damage what is changed now."),
			part->disk, part->number);
	return ret;
}

/* ---- what lies on them ---- */

static char *holds_add(char *holds, const char *name, unsigned *count)
{
	if (++*count > HOLDS_MAX)
		return holds;
	return talloc_asprintf_append(holds, "%s%s", *holds ? ", " : "",
		*count == HOLDS_MAX ? "..." : text_shown(holds, name));
}

static bool name_among(const char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

/* The folders that tell most come first; Windows' own on every drive tell nothing. */
static char *holds_list(TALLOC_CTX *mem, const struct entry_list *list)
{
	static const char *const most[] = { "WINNT", "exchsrvr" },
				 *const least[] = { "RECYCLER", "Recycled",
					 "System Volume Information" };
	char *holds = talloc_strdup(mem, "");
	unsigned count = 0;

	for (int first = 1; first >= 0; first--) {
		for (size_t i = 0; holds && i < list->count; i++) {
			const char *name = list->entries[i].name;
			if (list->entries[i].meta.kind == ENTRY_FOLDER &&
				name_among(most, ARRAY_SIZE(most), name) == first &&
				!name_among(least, ARRAY_SIZE(least), name))
				holds = holds_add(holds, name, &count);
		}
	}
	return holds;
}

int image_part_holds(TALLOC_CTX *mem, struct image_part *part, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct volume *volume;
	struct entry_list list;
	int ret = volume_open(tmp, 'C', part->folder, &volume, err);

	if (ret == 0)
		ret = volume_list(volume, tmp, "", &list, err);
	if (ret == 0) {
		part->holds = holds_list(mem, &list);
		ret = part->holds ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}
