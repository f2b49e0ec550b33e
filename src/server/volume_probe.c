/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of file system a volume lies on, what it keeps, and whether something about it does harm. */
#include "server/volume_internal.h"

#include <blkid/blkid.h>
#include <dirent.h>
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
#include "base/text.h"
#include "server/volume_mount.h"

/* Facts about file systems that cannot be asked for. magic is f_type of statfs(2). */
struct fs_row {
	const char *name;
	uint32_t magic;
	int64_t grain; /* of times, in 100 ns */
	bool in_memory;
	bool atomic_rename; /* over an existing name, also through a power cut */
	bool honest_stamps; /* a folder's times tell every change of it */
};

static const struct fs_row fs_rows[] = {
	{ "ext4", 0xef53, 1, false, true, true },
	{ "ext3", 0xef53, FILETIME_SECOND, false, true, true },
	{ "ext2", 0xef53, FILETIME_SECOND, false, false, true },
	{ "xfs", 0x58465342, 1, false, true, true },
	{ "btrfs", 0x9123683e, 1, false, true, true },
	{ "f2fs", 0xf2f52010, 1, false, true, true },
	{ "zfs", 0x2fc12fc1, 1, false, true, true },
	{ "tmpfs", 0x01021994, 1, true, true, true },
	{ "ramfs", 0x858458f6, 1, true, true, true },
	{ "overlay", 0x794c7630, 1, true, true, true },
	{ "ntfs3", 0x7366746e, 1, false, false, true },
	{ "ntfs", 0x5346544e, 1, false, false, true },
	{ "exfat", 0x2011bab0, FILETIME_SECOND / 100, false, false, false },
	{ "vfat", 0x4d44, 2 * FILETIME_SECOND, false, false, true },
	{ "msdos", 0x4d44, 2 * FILETIME_SECOND, false, false, true },
	{ "iso9660", 0x9660, FILETIME_SECOND, false, false, true },
	{ "udf", 0x15013346, 10, false, false, true },
};

/* ntfs-3g, whose name is that of FUSE. */
static const struct fs_row fs_ntfs_3g = { "fuseblk", 0x65735546, 1, false, false, true };
/* Nothing is taken for granted where nothing is known. */
static const struct fs_row fs_unknown = { "", 0, 2 * FILETIME_SECOND, false, false, false };

static const struct fs_row *fs_find(const char *name, uint32_t magic)
{
	size_t count = sizeof fs_rows / sizeof *fs_rows;

	for (size_t i = 0; name && i < count; i++)
		if (strcmp(fs_rows[i].name, name) == 0)
			return &fs_rows[i];
	for (size_t i = 0; i < count; i++)
		if (fs_rows[i].magic == magic)
			return &fs_rows[i];
	return &fs_unknown;
}

/* NT's FTDISK marks the members of its sets with bit 0x80 on the type of the partition, and
 * with 0x40 as well those it has put out of use (ntdddisk.h: PARTITION_NTFT 0x80, VALID_NTFT 0xC0). Only the types of
 * file systems NT knows are looked at: 0x81, 0x82, 0x83 and 0x8e are other systems' own. */
bool volume_type_is_mirror(int type)
{
	static const int members[] = { 0x86, 0x87, 0x8b, 0x8c, 0xc6, 0xc7, 0xcb, 0xcc };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		if (members[i] == type)
			return true;
	return false;
}

int volume_partition_type(const char *disk, int number)
{
	blkid_probe probe = blkid_new_probe_from_filename(disk);
	blkid_partlist list;
	blkid_partition partition;
	blkid_parttable table;
	const char *kind = NULL;
	int type = -1;

	if (!probe)
		return -1;
	list = blkid_probe_get_partitions(probe);
	partition = list ? blkid_partlist_get_partition_by_partno(list, number) : NULL;
	table = partition ? blkid_partition_get_table(partition) : NULL;
	if (table)
		kind = blkid_parttable_get_type(table);
	if (kind && strcmp(kind, "dos") == 0)
		type = blkid_partition_get_type(partition);
	blkid_free_probe(probe);
	return type;
}

/* A number in a small file of /sys or /proc, behind a key if there is one; -1 if there is none. */
static int number_in(const char *file, const char *key)
{
	char line[256];
	FILE *stream = fopen(file, "re");
	int number = -1;

	if (!stream)
		return -1;
	while (number < 0 && fgets(line, sizeof line, stream))
		if (strncmp(line, key, strlen(key)) == 0)
			number = (int)strtol(line + strlen(key), NULL, 0);
	fclose(stream);
	return number;
}

/* The disk may not be readable for an ordinary user, but udev has written down what it saw. */
static int partition_type_of(dev_t dev)
{
	char name[64], link[PATH_MAX], disk[PATH_MAX + 8], *slash;
	ssize_t len;
	int number, type = -1;

	snprintf(name, sizeof name, "/sys/dev/block/%u:%u/partition", major(dev), minor(dev));
	number = number_in(name, "");
	if (number <= 0)
		return -1;
	*strrchr(name, '/') = '\0';
	len = readlink(name, link, sizeof link - 1);
	if (len > 0) {
		link[len] = '\0';
		slash = strrchr(link, '/');
		if (slash)
			*slash = '\0';
		slash = strrchr(link, '/');
		snprintf(disk, sizeof disk, "/dev/%s", slash ? slash + 1 : link);
		for (char *c = disk + 5; *c; c++)
			if (*c == '!')
				*c = '/';
		type = volume_partition_type(disk, number);
	}
	if (type < 0) {
		snprintf(name, sizeof name, "/run/udev/data/b%u:%u", major(dev), minor(dev));
		type = number_in(name, "E:ID_PART_ENTRY_TYPE=0x") < 0 ? -1 : number_in(name, "E:ID_PART_ENTRY_TYPE=");
	}
	return type;
}

static bool has_xattr(const char *proc, const char *name)
{
	return getxattr(proc, name, NULL, 0) >= 0;
}

static void probe_ntfs(struct volume *volume, const char *proc)
{
	if (has_xattr(proc, "system.ntfs_acl"))
		volume->acl_name = "system.ntfs_acl";
	else if (has_xattr(proc, "system.ntfs_security"))
		volume->acl_name = "system.ntfs_security";
	if (has_xattr(proc, "system.ntfs_attrib_be"))
		volume->attributes = ATTRIBUTES_BIG_ENDIAN;
	else if (has_xattr(proc, "system.ntfs_attrib"))
		volume->attributes = ATTRIBUTES_NATIVE;
	else if (strcmp(volume->traits.fs, "vfat") == 0 || strcmp(volume->traits.fs, "msdos") == 0)
		volume->attributes = ATTRIBUTES_FAT;
	volume->traits.acl = volume->acl_name != NULL;
	volume->traits.attributes = volume->attributes != ATTRIBUTES_NONE;
	volume->traits.short_names = volume->fuse && volume->attributes == ATTRIBUTES_BIG_ENDIAN;
}

/* ext4 with small inodes keeps whole seconds: then the change time, which nobody can set, has no fraction. */
static int64_t grain_of(const struct volume *volume, const struct fs_row *row)
{
	struct stat status;

	if (row->magic == 0xef53 && fstat(volume->root, &status) == 0 && status.st_ctim.tv_nsec == 0)
		return FILETIME_SECOND;
	return row->grain;
}

static void probe_fs(struct volume *volume, const char *name, uint32_t magic)
{
	const struct fs_row *row = volume->traits.short_names ? &fs_ntfs_3g : fs_find(name, magic);

	volume->traits.in_memory = row->in_memory;
	volume->traits.time_grain = grain_of(volume, row);
	volume->atomic_rename = row->atomic_rename;
	volume->honest_stamps = row->honest_stamps;
}

static struct mount_line *mount_of(TALLOC_CTX *mem, int fd)
{
	char name[64];
	char *all;
	int id;

	snprintf(name, sizeof name, "/proc/self/fdinfo/%d", fd);
	id = number_in(name, "mnt_id:");
	all = mount_read_file(mem, "/proc/self/mountinfo", 16 << 20);
	return id >= 0 && all ? mount_line_find(mem, all, id) : NULL;
}

/* ntfs-3g with another streams_interface than xattr does not know what user.* is: told also where its command line
 * cannot be found. */
static bool streams_hidden(const char *proc)
{
	return getxattr(proc, "user.msmcfix", NULL, 0) < 0 && errno != ENODATA;
}

static char *harm_of(const struct volume *volume, TALLOC_CTX *mem, const struct mount_line *mount,
		     const char *proc)
{
	char *options, *harm;

	if (!mount)
		return NULL;
	if (volume->traits.short_names) {
		options = mount_daemon_options(mem, mount);
		harm = options ? mount_harm(mem, "ntfs-3g", options) : NULL;
		return harm || !streams_hidden(proc) ? harm : mount_harm(mem, "ntfs-3g", "streams_interface=none");
	}
	options = talloc_asprintf(mem, "%s,%s", mount->options, mount->super_options);
	harm = options ? mount_harm(mem, mount->fs, options) : NULL;
	return harm;
}

int volume_probe(struct volume *volume, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char proc[PROC_FD_ROOM];
	struct mount_line *mount;
	struct statfs status;
	int ret = 0;

	if (fstatfs(volume->root, &status) != 0) {
		ret = error_system(err, TROUBLE_IO, errno, _("The file system of %s cannot be looked at"),
				   volume_shown(tmp, volume, ""));
	} else {
		mount = mount_of(tmp, volume->root);
		snprintf(volume->traits.fs, sizeof volume->traits.fs, "%s",
			 mount ? mount->fs : fs_find(NULL, (uint32_t)status.f_type)->name);
		volume->traits.read_only = (status.f_flags & 1 /* ST_RDONLY */) != 0;
		volume->fuse = (uint32_t)status.f_type == fs_ntfs_3g.magic;
		probe_ntfs(volume, proc_fd(proc, volume->root));
		probe_fs(volume, mount ? mount->fs : NULL, (uint32_t)status.f_type);
		volume->traits.dirty = volume->traits.short_names && mount && mount_source_dirty(mount->source);
		volume->traits.mirror = volume_type_is_mirror(partition_type_of(volume->dev));
		volume->traits.harmful_option = talloc_steal(volume, harm_of(volume, tmp, mount, proc));
	}
	talloc_free(tmp);
	return ret;
}
