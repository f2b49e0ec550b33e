/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of file system a volume lies on, what it keeps, and whether any of its mount options
 * does harm. */
#include "server/volume_internal.h"

#include <blkid/blkid.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "server/volume_mount.h"

#define FAT_MAGIC 0x4d44

/* Facts about file systems that cannot be asked for. magic is f_type of statfs(2). */
struct fs_row {
	const char *name;
	uint32_t magic;
	int64_t grain;     /* of times, in 100 ns */
	bool honest_times; /* a folder's times tell every change of it */
	bool of_nt;        /* Windows NT may have it on a member of its sets */
};

static const struct fs_row fs_rows[] = {
	{ "ext4", 0xef53, 1, true, false },
	{ "ext3", 0xef53, FILETIME_SECOND, true, false },
	{ "ext2", 0xef53, FILETIME_SECOND, true, false },
	{ "xfs", 0x58465342, 1, true, false },
	{ "btrfs", 0x9123683e, 1, true, false },
	{ "f2fs", 0xf2f52010, 1, true, false },
	{ "zfs", 0x2fc12fc1, 1, true, false },
	{ "tmpfs", 0x01021994, 1, true, false },
	{ "ramfs", 0x858458f6, 1, true, false },
	{ "overlay", 0x794c7630, 1, true, false },
	{ "ntfs3", 0x7366746e, 1, true, true },
	{ "ntfs", 0x5346544e, 1, true, true },
	{ "exfat", 0x2011bab0, FILETIME_SECOND / 100, false, false },
	{ "vfat", FAT_MAGIC, 2 * FILETIME_SECOND, true, true },
	{ "msdos", FAT_MAGIC, 2 * FILETIME_SECOND, true, true },
	{ "iso9660", 0x9660, FILETIME_SECOND, true, false },
	{ "udf", 0x15013346, 10, true, false },
};

/* ntfs-3g, whose name is that of FUSE. */
static const struct fs_row fs_ntfs_3g = { "fuseblk", 0x65735546, 1, true, true };
/* If nothing is known, nothing is assumed. */
static const struct fs_row fs_unknown = { "", 0, 2 * FILETIME_SECOND, false, true };

static const struct fs_row *fs_find(const char *name, uint32_t magic)
{
	size_t count = ARRAY_SIZE(fs_rows);

	for (size_t i = 0; name && i < count; i++)
		if (strcmp(fs_rows[i].name, name) == 0)
			return &fs_rows[i];
	for (size_t i = 0; i < count; i++)
		if (fs_rows[i].magic == magic)
			return &fs_rows[i];
	return &fs_unknown;
}

/* NT's FTDISK marks the members of its sets with bit 0x80 on the type of the partition, and with
 * 0x40 as well those it has put out of use (ntdddisk.h: PARTITION_NTFT 0x80, VALID_NTFT 0xC0). Only
 * the types of file systems NT knows are looked at: 0x81, 0x82, 0x83 and 0x8e are other systems'
 * own. */
bool volume_type_is_mirror(int type)
{
	static const int members[] = { 0x86, 0x87, 0x8b, 0x8c, 0xc6, 0xc7, 0xcb, 0xcc };

	for (size_t i = 0; i < ARRAY_SIZE(members); i++)
		if (members[i] == type)
			return true;
	return false;
}

/* The partition of the list that begins there, or NULL. */
static blkid_partition partition_at(blkid_partlist list, int64_t start)
{
	int count = list ? blkid_partlist_numof_partitions(list) : 0;

	for (int i = 0; i < count; i++) {
		blkid_partition partition = blkid_partlist_get_partition(list, i);
		if (partition && blkid_partition_get_start(partition) == start)
			return partition;
	}
	return NULL;
}

int volume_partition_type(const char *disk, int64_t start)
{
	blkid_probe probe = blkid_new_probe_from_filename(disk);
	blkid_partition partition;
	blkid_parttable table;
	const char *kind;
	int type;

	if (!probe)
		return -1;
	partition = partition_at(blkid_probe_get_partitions(probe), start);
	table = partition ? blkid_partition_get_table(partition) : NULL;
	kind = table ? blkid_parttable_get_type(table) : NULL;
	type = !kind ? -1 : strcmp(kind, "dos") == 0 ? blkid_partition_get_type(partition) : 0;
	blkid_free_probe(probe);
	return type;
}

/* What follows key in the first line that begins with it, of a small file in the folder dir of
 * /sys, /proc or /run. 1, 0 if there is no such file or line, -1 if unknown. */
static int line_in(const char *dir, const char *file, const char *key, char rest[PATH_MAX])
{
	char *path = talloc_asprintf(NULL, "%s/%s", dir, file), line[PATH_MAX];
	FILE *stream = path ? fopen(path, "re") : NULL;
	int found = stream || (path && errno == ENOENT) ? 0 : -1;

	talloc_free(path);
	if (!stream)
		return found;
	while (found == 0 && fgets(line, sizeof line, stream))
		if (strncmp(line, key, strlen(key)) == 0)
			found = 1;
	if (ferror(stream))
		found = -1;
	fclose(stream);
	if (found == 1)
		snprintf(rest, PATH_MAX, "%.*s", (int)strcspn(line + strlen(key), "\n"),
			line + strlen(key));
	return found;
}

/* The disk, or image of one, of which the block device at sys is a part ("": there is one, and it
 * cannot be named), and the sector where it begins there. As line_in; 0: it is no part of one. */
static int part_of(const char *root, const char *sys, char disk[PATH_MAX], int64_t *start)
{
	char line[PATH_MAX];
	int found = line_in(sys, "dev", "", line) == 1 ? line_in(sys, "start", "", line) : -1;

	*disk = '\0';
	if (found == 1) {
		*start = strtoll(line, NULL, 10);
		if (line_in(sys, "../uevent", "DEVNAME=", line) == 1 &&
			snprintf(disk, PATH_MAX, "%s/dev/%s", root, line) >= PATH_MAX)
			*disk = '\0';
		return 1;
	}
	if (found == 0 && (found = line_in(sys, "loop/offset", "", line)) == 1) {
		*start = strtoll(line, NULL, 10) / 512;
		return *start == 0 ? 0 : line_in(sys, "loop/backing_file", "", disk) == 1 ? 1 : -1;
	}
	/* What kpartx makes. */
	return found == 0 ? line_in(sys, "dm/uuid", "part", line) : found;
}

/* The disk may not be readable for an ordinary user, but udev has written down what it saw. */
int volume_partition_of(const char *root, dev_t dev)
{
	char name[64], path[PATH_MAX], line[PATH_MAX], disk[PATH_MAX];
	int64_t start = 0;
	int part, type;

	if (major(dev) == 0)
		return 0;
	snprintf(path, sizeof path, "%s/sys/dev/block/%u:%u", root, major(dev), minor(dev));
	part = part_of(root, path, disk, &start);
	type = part == 1 ? volume_partition_type(disk, start) : part;
	snprintf(path, sizeof path, "%s/run/udev/data", root);
	snprintf(name, sizeof name, "b%u:%u", major(dev), minor(dev));
	if (type < 0 && line_in(path, name, "E:ID_PART_ENTRY_TYPE=", line) == 1)
		type = strncmp(line, "0x", 2) == 0 ? (int)strtol(line, NULL, 16) : 0;
	return type;
}

static bool has_xattr(const char *proc, const char *name)
{
	return getxattr(proc, name, NULL, 0) >= 0;
}

static void probe_ntfs(struct volume *volume, const char *proc, const struct fs_row *row)
{
	if (has_xattr(proc, "system.ntfs_acl"))
		volume->acl_name = "system.ntfs_acl";
	else if (has_xattr(proc, "system.ntfs_security"))
		volume->acl_name = "system.ntfs_security";
	if (has_xattr(proc, "system.ntfs_attrib_be"))
		volume->attributes = ATTRIBUTES_BIG_ENDIAN;
	else if (has_xattr(proc, "system.ntfs_attrib"))
		volume->attributes = ATTRIBUTES_NATIVE;
	else if (row->magic == FAT_MAGIC)
		volume->attributes = ATTRIBUTES_FAT;
	volume->traits.short_names = volume->fuse && volume->attributes == ATTRIBUTES_BIG_ENDIAN;
}

/* ext4 with small inodes keeps whole seconds: then the change time, which nobody can set, has no
 * fraction. */
static int64_t grain_of(const struct volume *volume, const struct fs_row *row)
{
	struct stat status;

	if (row->magic == 0xef53 && fstat(volume->root, &status) == 0 &&
		status.st_ctim.tv_nsec == 0)
		return FILETIME_SECOND;
	return row->grain;
}

static void probe_partition(struct volume *volume, const struct fs_row *row)
{
	int type = volume_partition_of("", volume->dev);

	volume->traits.mirror = volume_type_is_mirror(type);
	volume->traits.mirror_untold = type < 0 && row->of_nt;
}

/* ntfs-3g with a streams_interface other than xattr does not know user.*: noticed even if its
 * command line cannot be found. */
static bool streams_hidden(const char *proc)
{
	return getxattr(proc, "user.msmcfix", NULL, 0) < 0 && errno != ENODATA;
}

static char *hazard_of(const struct volume *volume, TALLOC_CTX *mem, const struct mount_line *mount,
	const char *proc)
{
	char *options, *hazard;

	if (!mount)
		return NULL;
	if (volume->traits.short_names) {
		options = mount_daemon_options(mem, mount);
		hazard = options ? mount_hazard(mem, "ntfs-3g", options) : NULL;
		return hazard || !streams_hidden(proc)
			? hazard
			: mount_hazard(mem, "ntfs-3g", "streams_interface=none");
	}
	options = talloc_asprintf(mem, "%s,%s", mount->options, mount->super_options);
	hazard = options ? mount_hazard(mem, mount->fs, options) : NULL;
	return hazard;
}

int volume_probe(struct volume *volume, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct mount_line *mount = mount_of(tmp, volume->root);
	const struct fs_row *row;
	char proc[PROC_FD_ROOM];
	struct statfs status;
	int ret = 0;

	if (fstatfs(volume->root, &status) != 0) {
		ret = volume_failed(volume, "", TROUBLE_IO, errno,
			N_("The file system of %s cannot be examined"), err);
	} else {
		row = fs_find(mount ? mount->fs : NULL, (uint32_t)status.f_type);
		volume->traits.read_only = (status.f_flags & 1 /* ST_RDONLY */) != 0;
		volume->fuse = (uint32_t)status.f_type == fs_ntfs_3g.magic;
		probe_ntfs(volume, proc_fd(proc, volume->root), row);
		if (volume->traits.short_names)
			row = &fs_ntfs_3g;
		probe_partition(volume, row);
		volume->traits.time_grain = grain_of(volume, row);
		volume->honest_times = row->honest_times;
		volume->traits.dirty =
			volume->traits.short_names && mount && mount_source_dirty(mount->source);
		volume->traits.hazardous_option =
			talloc_steal(volume, hazard_of(volume, tmp, mount, proc));
	}
	talloc_free(tmp);
	return ret;
}
