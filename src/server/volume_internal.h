/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the volume share, and what its tests look into. */
#ifndef SERVER_VOLUME_INTERNAL_H
#define SERVER_VOLUME_INTERNAL_H

#include <sys/stat.h>
#include <time.h>

#include "server/volume.h"

/* As many folders are remembered between two operations; an operation may need more for its while. */
#define VOLUME_FOLDERS 128
/* More names in one folder are taken for damage. */
#define VOLUME_NAMES_MAX 1000000

/* By what a change of a folder is seen. */
struct folder_stamp {
	dev_t dev;
	ino_t ino;
	struct timespec mtime, ctime;
};

/* A folder whose names were read. They hold as long as the stamp does; what the volume itself adds and removes is kept
 * up to date. */
struct volume_folder {
	struct volume_folder *next;
	char *real;     /* below the root, as on the disk, names separated by '/'; "" for the root */
	int fd;         /* -1 once the folder must be opened anew */
	bool trusted;   /* a later change would show in the stamp */
	bool unsettled; /* when it was read last, it would not have */
	struct folder_stamp stamp;
	unsigned still; /* it was read or asked while the volume was still, in this number */
	int64_t checked; /* when the stamp was compared last, monotonic, nanoseconds */
	char **names;    /* in text_compare order */
	size_t count;
};

/* How NT attributes are reached: as an extended attribute of either byte order (ntfs-3g, ntfs3), or by ioctl (FAT). */
enum attribute_way { ATTRIBUTES_NONE, ATTRIBUTES_BIG_ENDIAN, ATTRIBUTES_NATIVE, ATTRIBUTES_FAT };

struct volume {
	char letter;
	char *dir;
	int root;
	dev_t dev;
	time_t opened; /* when the volume was */
	bool by_steps; /* no openat2 here: one openat a component */
	bool fuse;
	bool honest_stamps; /* the times of a folder tell every change of it */
	const char *acl_name; /* the extended attribute that holds the security descriptor, or NULL */
	enum attribute_way attributes;
	struct volume_traits traits;
	unsigned stills, still;        /* volume_still: how often, and which one this is, 0 for none */
	struct volume_folder *folders; /* the last used one first */
	size_t folder_count;
	uint64_t room;	    /* when it was asked for last, less what was taken since */
	int64_t room_asked; /* monotonic, nanoseconds; 0 if never */
};

/* Where a path leads. */
struct volume_spot {
	struct volume_folder
		*folder;  /* the one that holds the name; NULL for the root and where a folder on the way is missing */
	const char *leaf; /* as on the disk if found, else as asked for */
	const char *real; /* below the root, separated by '/' */
	bool found;
};

#define NTFS_SHORT_NAME "system.ntfs_dos_name"
#define NTFS_CREATION_TIME "system.ntfs_crtime"
#define NTFS_ALL_TIMES "system.ntfs_times"
/* In this order, each a FILETIME. */
enum { NTFS_CREATION, NTFS_MODIFICATION, NTFS_ACCESS, NTFS_CHANGE, NTFS_TIMES };

/* Attributes that a program may set on an existing file (MS-FSCC 2.6): read-only, hidden, system, archive, temporary,
 * offline, not indexed. Compression and the like are states of the data. */
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
	uint64_t unfilled; /* how much less than its size it takes on the disk */
	const char *failed; /* which extended attribute could not be read */
	uint64_t modified; /* on ntfs-3g: the time of the last change, as it is on the disk; no trait */
	struct file_extra *extras; /* extended attributes, those that are listed first */
	size_t count;
};

/* volume_walk.c */

/* Opens what real names below the root, reaching nothing outside. With O_NOFOLLOW and O_PATH a link at the end is given
 * itself, else links are ELOOP and other mounts EXDEV. A descriptor or a negative errno. */
int volume_beneath(const struct volume *volume, const char *real, int flags, mode_t mode);
int volume_resolve(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
		   struct error *err);
/* The same, content with what was read of the folders a tenth of a second ago also where that says that a name is not
 * there (volume_folder_get). */
int volume_resolve_hasty(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
			 struct error *err);
/* The same, for what must be there. */
int volume_resolve_there(struct volume *volume, TALLOC_CTX *mem, const char *path, struct volume_spot *spot,
			 struct error *err);
/* An O_PATH descriptor of a file or folder that must be there, and its status. */
int volume_handle(struct volume *volume, const char *path, struct stat *status, struct error *err);
/* Opens what spot says, of a path resolved just now, in the folder that is open already; as volume_beneath. */
int volume_open_spot(const struct volume *volume, const struct volume_spot *spot, int flags, mode_t mode);
/* The path as a person may see it, "E:\exchsrvr"; never NULL. */
const char *volume_shown(TALLOC_CTX *mem, const struct volume *volume, const char *path);

/* Nanoseconds since some moment. */
int64_t time_monotonic(void);

/* volume_folder.c */

/* The folder's names, read if need be. Where every look at a folder is a call of another process (FUSE), hasty is
 * content with one look each tenth of a second: enough for a name that is among them, not for one that is not. 0 or a
 * negative errno. */
int volume_folder_get(struct volume *volume, const char *real, bool hasty, struct volume_folder **out);
/* Its descriptor, which stays the folder's, opened anew if something else made the volume forget it; or a negative
 * errno. */
int volume_folder_fd(const struct volume *volume, struct volume_folder *folder);
/* The first place in the folder's table whose name is not before this one. */
size_t volume_folder_place(const struct volume_folder *folder, const char *name);
/* A name that is not there may be the 8.3 name of another: that other one, or NULL. */
const char *volume_folder_short(const struct volume *volume, const struct volume_folder *folder, TALLOC_CTX *mem,
				const char *name);
/* Between two operations only: within one, folders are held on to. */
void volume_folders_trim(struct volume *volume);
/* What the volume did itself. */
void volume_folder_added(struct volume_folder *folder, const char *name);
void volume_folder_removed(struct volume_folder *folder, const char *name);
/* The folder's times changed by what the volume did, its names did not. */
void volume_folder_touched(struct volume_folder *folder);
/* A folder's own traits or times were changed, which were as in before. */
void volume_folder_changed(struct volume *volume, const struct stat *before);
/* The folder was made just now and is empty. */
void volume_folder_born(struct volume *volume, const char *real);
/* Forgets what was read of a folder and of all below it. */
void volume_forget(struct volume *volume, const char *real);
/* volume_probe.c */

int volume_probe(struct volume *volume, struct error *err);
/* Whether a partition type of a PC partition table marks a member of an NT software mirror or stripe set. */
bool volume_type_is_mirror(int type);
/* The type of the partition that begins at a sector (of 512 bytes) of a disk or an image of one; 0 if the partition table
 * is not a PC's, -1 if it cannot be told. */
int volume_partition_type(const char *disk, int64_t start);
/* The same of what a volume lies on, 0 also where that is no partition. root: "", what the paths of this machine are
 * looked for below. */
int volume_partition_of(const char *root, dev_t dev);

/* volume_meta.c */

#define PROC_FD_ROOM 40
/* The name under which /proc shows an open descriptor: the only way to the attributes of what was opened with O_PATH.
 */
const char *proc_fd(char out[PROC_FD_ROOM], int fd);
/* The time of the last change of what ntfs-3g has at name in the folder dir ("": the folder itself), if it tells it. */
void volume_time_exact(int dir, const char *name, int64_t *time);
/* What the thing at proc has; status is its own. 0 or an errno. */
int volume_traits_at(const struct volume *volume, const char *proc, const struct stat *status,
		     struct file_traits *traits);
/* 0 or an errno. */
int volume_attributes_set(const struct volume *volume, const char *name, uint32_t attributes);
/* NULL if it is not among them. */
const struct file_extra *file_extra_find(const struct file_traits *traits, const char *name);
/* What it is, for a person. */
const char *file_extra_what(const struct file_extra *extra);
/* The 8.3 name of the thing at name; false if it has none. */
bool volume_short_name_at(const char *name, char *out, size_t room);

#endif
