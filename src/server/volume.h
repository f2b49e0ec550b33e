/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files of one drive under a folder of this machine: a mounted volume or a plain folder.
 *
 * Names are found as NT finds them, in any case; two names that differ only in case are
 * TROUBLE_TWINS. Every step down goes through openat2 with BENEATH, NO_SYMLINKS and NO_XDEV (where
 * the kernel lacks it: openat with O_NOFOLLOW, a device check, and ".." refused), so nothing
 * outside the folder is ever reached, also when a link is swapped in meanwhile. What is neither
 * file nor folder is TROUBLE_LINK when opened and ENTRY_OTHER when listed.
 *
 * Paths here are below the volume's root: names separated by '\', "" for the root itself; text as
 * in base/text.h.
 */
#ifndef SERVER_VOLUME_H
#define SERVER_VOLUME_H

#include "base/digest.h"
#include "base/error.h"
#include "base/filetime.h"

struct volume;

/* ENTRY_UNREADABLE: its name is in a folder's list, and it cannot be looked at. Whoever needs all
 * there is refuses it. ENTRY_NONE: nothing is there. */
enum entry_kind { ENTRY_FILE, ENTRY_FOLDER, ENTRY_OTHER, ENTRY_UNREADABLE, ENTRY_NONE };

struct file_meta {
	enum entry_kind kind;
	uint64_t size; /* bytes */
	int64_t mtime; /* base/filetime.h */
};

struct entry {
	char *name; /* as on the disk */
	struct file_meta meta;
};

struct entry_list {
	struct entry *entries; /* in text_compare order */
	size_t count;
};

/* What makes a file or folder itself, by whatever path it is reached. */
struct file_identity {
	uint64_t device, inode;
	bool shared; /* a file that has another name, which may be anywhere on its file system */
};

/* What this file system keeps, seen from the file system itself, not from its name alone. */
struct volume_traits {
	bool read_only;
	bool short_names; /* 8.3 names */
	bool dirty;       /* NTFS: Windows wants to check it first, as far as that can be read */
	bool mirror; /* partition type with bit 0x80: half of an NT software mirror or stripe set */
	bool mirror_untold; /* it lies on a partition whose type cannot be read: it may be one */
	int64_t time_grain; /* of times, as base/filetime.h: 2 s on FAT, 1 on NTFS */
	/* a mount option that does harm, with its reason, or NULL; owned by the volume */
	char *hazardous_option;
};

/* Opens the folder dir as drive letter. TROUBLE_NOT_THERE, TROUBLE_LINK (dir itself may be a link,
 * what is below may not), ... */
int volume_open(TALLOC_CTX *mem, char letter, const char *dir, struct volume **volume,
	struct error *err);

/* Who knows whether what serves the file system still lives: asked where something failed as it
 * does when that is gone. 0: it lives. */
struct volume_watch {
	int (*lives)(void *arg, struct error *err); /* NULL: nobody knows */
	void *arg;
};
void volume_watch(struct volume *volume, const struct volume_watch *watch);

char volume_letter(const struct volume *volume);
const struct volume_traits *volume_traits(const struct volume *volume);
/* TROUBLE_MIRROR where it is half of a mirror or stripe set, or that cannot be told; else 0. */
int volume_mirror_refused(const struct volume_traits *traits, char letter, struct error *err);
/* Whether Windows 2000 hibernates on it: it resumes with the files it remembers, not with those on
 * the disk. */
int volume_hibernated(struct volume *volume, bool *is, struct error *err);
/* Bytes an ordinary write may still use. */
int volume_room(struct volume *volume, uint64_t *bytes, struct error *err);

/* One name: *found tells whether it is there; the real spelling of the path goes to *real (owned by
 * mem; may be NULL). */
int volume_stat(struct volume *volume, TALLOC_CTX *mem, const char *path, bool *found,
	struct file_meta *meta, char **real, struct error *err);
int volume_list(struct volume *volume, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err);

int volume_identity(struct volume *volume, const char *path, struct file_identity *identity,
	struct error *err);
/* Whether inner's folder is outer's or lies below it, also where a part of outer's was mounted a
 * second time. TROUBLE_CANNOT if that cannot be told. */
int volume_lies_in(const struct volume *inner, const struct volume *outer, bool *lies,
	struct error *err);

/* The same of a path on this machine, of which not all need be there, and a folder of the volume;
 * false if it cannot be told. */
int volume_holds(struct volume *volume, const char *path, const char *outside, bool *holds,
	struct error *err);

/* The 8.3 name the volume holds for this path's last name, NULL if it holds none. */
int volume_short_name(struct volume *volume, TALLOC_CTX *mem, const char *path, char **name,
	struct error *err);

/* The pages of an open file leave the cache as far as they can, so that the next read comes from
 * the disk. */
void volume_drop_cache(int fd);

/* Opens a file for reading; returns a file descriptor (close it) or a negative trouble. A file that
 * changed since the volume was opened is read from the disk, not from what the kernel remembers of
 * it: what was just written is what will be read back. *size: as it was opened; may be NULL. */
int volume_open_file(struct volume *volume, const char *path, uint64_t *size, struct error *err);
/* Opens an existing file for reading and writing in place. */
int volume_open_write(struct volume *volume, const char *path, struct error *err);

/* Makes path (must not exist; TROUBLE_IO with EEXIST in words if it does), mode 0600; returns a
 * descriptor for writing. */
int volume_create(struct volume *volume, const char *path, struct error *err);

/* Everything a file or folder has besides its data: owner, mode, NT security descriptor, NT
 * attributes, creation time, POSIX ACL and user.* attributes where the volume has them; not the 8.3
 * name. */
struct file_traits;
int volume_traits_read(struct volume *volume, TALLOC_CTX *mem, const char *path,
	struct file_traits **traits, struct error *err);
/* By reading alone: whether all of that can be read, and given to a file that takes its place or to
 * a copy of it. TROUBLE_CANNOT names what cannot. note: a sentence about what is not kept though
 * no harm is done (compression, holes), or "". */
int volume_traits_check(struct volume *volume, const char *path, struct error *note,
	struct error *err);
/* The first stream of had that has (NULL: nothing) has not, or not so, for a sentence; NULL:
 * none. */
const char *file_stream_lost(const struct file_traits *had, const struct file_traits *has);
bool file_traits_equal(const struct file_traits *a, const struct file_traits *b,
	const char **first_difference);

/* Sets both and reads them back; a trait that does not stick is an error that names it; the time
 * may differ by less than the volume's time grain. traits NULL: as they are; mtime FILETIME_NONE:
 * as it comes. *size as the volume tells it; size may be NULL. */
int volume_set_traits(struct volume *volume, const char *path, const struct file_traits *traits,
	int64_t mtime, uint64_t *size, struct error *err);
int volume_set_short_name(struct volume *volume, const char *path, const char *name,
	struct error *err);

int volume_mkdir(struct volume *volume, const char *path, struct error *err);
/* Both paths on this volume. With replace an existing file at to is replaced, else its being there
 * is an error. */
int volume_rename(struct volume *volume, const char *from, const char *to, bool replace,
	struct error *err);
/* a file or an empty folder */
int volume_remove(struct volume *volume, const char *path, struct error *err);

/* A folder's own entries made to last; everything on the volume made to last (one barrier). On FUSE
 * volumes a barrier is an fsync, which ntfs-3g turns into a sync of the whole device; elsewhere
 * syncfs. */
int volume_sync_folder(struct volume *volume, const char *path, struct error *err);
int volume_sync(struct volume *volume, struct error *err);

/*
 * A write-back trial, once writing has been decided: makes a file with a temporary name in the
 * folder, gives it data, time, short name and the traits of a file of that folder, reads all of it
 * back and removes it. An error says which of them this volume does not keep.
 */
int volume_trial(struct volume *volume, const char *folder, struct error *err);
/* Removes what a trial left that did not come to its end. A file under that name that holds
 * something else: TROUBLE_MOVED. */
int volume_trial_clear(struct volume *volume, const char *folder, struct error *err);

/* flock, exclusive and not waiting, on a folder; the returned descriptor holds it.
 * TROUBLE_LOCKED. */
int volume_lock(struct volume *volume, const char *path, struct error *err);

#endif
