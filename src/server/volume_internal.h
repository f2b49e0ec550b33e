/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the volume share, and what its tests look into. */
#ifndef SERVER_VOLUME_INTERNAL_H
#define SERVER_VOLUME_INTERNAL_H

#include <sys/stat.h>

#include "server/volume.h"

/* The names of as many folders are remembered. */
#define VOLUME_FOLDERS 64
/* More names in one folder are taken for damage. */
#define VOLUME_NAMES_MAX 1000000

/* A folder that was read. */
struct volume_folder {
	char *real; /* below the root */
	size_t len; /* of real */
	int fd;
	bool sure;          /* what lies at real is still this folder */
	bool remembered;    /* the names hold as long as it looks as it did */
	struct stat status; /* how it looked */
	char **names;       /* if remembered in the order of volume_name_compare */
	size_t count;
};

/* How NT attributes are reached: as an extended attribute of either byte order (ntfs-3g, ntfs3), or
 * by ioctl (FAT). */
enum attribute_way { ATTRIBUTES_NONE, ATTRIBUTES_BIG_ENDIAN, ATTRIBUTES_NATIVE, ATTRIBUTES_FAT };

struct volume {
	char letter;
	int root;
	dev_t dev;
	time_t opened; /* when the volume was */
	int mount;     /* see mount_id */
	bool by_steps; /* no openat2 here: one openat a component */
	bool fuse;
	bool honest_times; /* the times of a folder tell every change of it */
	/* the extended attribute that holds the security descriptor, or NULL */
	const char *acl_name;
	enum attribute_way attributes;
	struct volume_traits traits;
	struct volume_folder *folders[VOLUME_FOLDERS];
	size_t folder_next;               /* which of them is replaced next */
	const struct volume_watch *watch; /* or NULL */
};

/* Where a path leads. */
struct volume_location {
	/* what holds the name; NULL for the root and where a folder on the way is missing */
	struct volume_folder *folder;
	const char *leaf; /* as on the disk if found, else as asked for */
	const char *real; /* below the root, separated by '/' */
	bool found;
};

#define NTFS_SHORT_NAME "system.ntfs_dos_name"
#define NTFS_CREATION_TIME "system.ntfs_crtime"
#define NTFS_ALL_TIMES "system.ntfs_times"
/* In this order, each a FILETIME. */
enum { NTFS_CREATION, NTFS_MODIFICATION, NTFS_ACCESS, NTFS_CHANGE, NTFS_TIMES };

/* Attributes that a program may set on an existing file (MS-FSCC 2.6): read-only, hidden, system,
 * archive, temporary, offline, not indexed. Compression and the like are states of the data. */
#define ATTRIBUTES_SETTABLE 0x3127u
#define ATTRIBUTE_SPARSE 0x200u
#define ATTRIBUTE_COMPRESSED 0x800u
#define ATTRIBUTE_ENCRYPTED 0x4000u

struct file_extra {
	char *name;
	char *shown;
	uint8_t *value;
	size_t len;
};

struct file_traits {
	bool folder;
	bool owned; /* owner and mode are traits of their own */
	uid_t uid;
	gid_t gid;
	mode_t mode;
	bool has_attributes;
	uint32_t attributes, all_attributes;
	uint64_t unfilled;         /* how much less than its size it takes on the disk */
	const char *failed;        /* which extended attribute could not be read */
	struct file_extra *extras; /* extended attributes, those that are listed first */
	size_t count;
};

/* volume_beneath.c */

/* The path as a person may see it, "E:\exchsrvr"; never NULL. */
const char *volume_shown(TALLOC_CTX *mem, const struct volume *volume, const char *path);
/* As error_system, or error_set where sys is 0, for a sentence about that path alone. */
int volume_failed(const struct volume *volume, const char *path, enum trouble trouble, int sys,
	const char *format, struct error *err) __attribute__((format(printf, 5, 0)));
#define PROC_FD_ROOM 40
/* The name under which /proc shows an open descriptor: the only way to the attributes of what was
 * opened with O_PATH. */
const char *proc_fd(char out[PROC_FD_ROOM], int fd);
/* The 8.3 name of the thing at name; false if it has none. */
bool volume_short_name_at(const char *name, char *out, size_t room);
/* Opens what real names below the folder dir, reaching nothing outside. With O_NOFOLLOW and O_PATH
 * a link at the end is given itself, else links are ELOOP and other mounts EXDEV. A descriptor or a
 * negative errno. */
int volume_beneath(const struct volume *volume, int dir, const char *real, int flags, mode_t mode);
/* The folder that holds what spot says; the root is said to hold itself, by the name "". */
int volume_location_dir(const struct volume *volume, const struct volume_location *location);
/* Opens what spot says; as volume_beneath. */
int volume_open_location(const struct volume *volume, const struct volume_location *location,
	int flags, mode_t mode);
/* What an O_PATH descriptor is open on, opened for reading or writing, without changing its times.
 * Only for files and folders. A descriptor, or -1 and errno. */
int volume_open_again(int handle, int flags);

/* volume_folder.c */

/* The folder that location says, and its names; good until the next is asked for. Of mem if it is
 * not remembered. 0 or a negative errno. */
int volume_folder_get(struct volume *volume, TALLOC_CTX *mem,
	const struct volume_location *location, struct volume_folder **folder);
/* Keeps it while mem lives. */
int volume_folder_keep(const struct volume *volume, TALLOC_CTX *mem, struct volume_folder *folder);
/* What this program did itself: took the name gone from the folder, or made the name come. Either
 * may be NULL. */
void volume_folder_changed(struct volume_folder *folder, const char *gone, const char *come);
/* At real there may be something else now. */
void volume_folder_moved(struct volume *volume, const char *real);
/* The times of the folder were set, so they prove nothing any more. */
void volume_folder_forget(struct volume *volume, const struct stat *status);
/* The name as it is spelled, and its twin if it has one; NULL for none. */
void volume_names_find(const struct volume_folder *folder, const char *name, const char *found[2]);
/* The order of names in a list: as text_compare has it, twins byte by byte. */
int volume_name_compare(const char *a, const char *b);
/* A name that is not among them may be the 8.3 name of another: that other one, or NULL. */
const char *volume_names_short(const struct volume *volume, const struct volume_folder *folder,
	TALLOC_CTX *mem, const char *name);

/* volume_walk.c */

int volume_resolve(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct volume_location *location, struct error *err);
/* The same, for what must be there. */
int volume_resolve_there(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct volume_location *location, struct error *err);
/* An O_PATH descriptor of a file or folder that must be there, and its status. */
int volume_handle(struct volume *volume, const char *path, struct stat *status, struct error *err);

/* volume_probe.c */

int volume_probe(struct volume *volume, struct error *err);
/* Whether a partition type of a PC partition table marks a member of an NT software mirror or
 * stripe set. */
bool volume_type_is_mirror(int type);
/* The type of the partition that begins at a sector (of 512 bytes) of a disk or an image of one; 0
 * if the partition table is not a PC's, -1 if it cannot be told. */
int volume_partition_type(const char *disk, int64_t start);
/* The same of what a volume lies on, 0 also where that is no partition. root: "", what the paths of
 * this machine are looked for below. */
int volume_partition_of(const char *root, dev_t dev);

/* volume_meta.c */

/* What the thing at proc has; status is its own. 0 or an errno. */
int volume_traits_at(const struct volume *volume, const char *proc, const struct stat *status,
	struct file_traits *traits);
/* 0 or an errno. */
int volume_attributes_set(const struct volume *volume, const char *name, uint32_t attributes);
/* NULL if it is not among them. */
const struct file_extra *file_extra_find(const struct file_traits *traits, const char *name);
/* What it is, for a person. */
const char *file_extra_what(const struct file_extra *extra);
#endif
