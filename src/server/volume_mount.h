/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a volume is mounted: mountinfo, ntfs-3g's command line, and the options that do harm. */
#ifndef SERVER_VOLUME_MOUNT_H
#define SERVER_VOLUME_MOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* One line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
struct mount_line {
	char *device; /* "8:1" */
	char *root, *mount_point, *options, *fs, *source, *super_options;
};

/* The number of the mount that a file or folder lies on, proc_pid_fdinfo(5); -1 if that is
 * unknown. Two mounts of one file system have two. */
int mount_id(int fd);
/* The line of the mount that a file or folder lies on; NULL if that is unknown, and in a chroot,
 * whose mountinfo leaves out the mount that it stands on. */
struct mount_line *mount_of(TALLOC_CTX *mem, int fd);
/* The line of that mount in a whole mountinfo; NULL if there is none. */
struct mount_line *mount_line_find(TALLOC_CTX *mem, const char *mountinfo, int mount_id);
/* What one of the options (separated by ',') of a file system does that harms, with the option's
 * name; owned by mem, NULL if none does. ntfs-3g goes by that name here; its options stand on its
 * daemon's command line only. */
char *mount_hazard(TALLOC_CTX *mem, const char *fs, const char *options);
/* The options on the command line of the ntfs-3g that serves this mount; NULL if it is not
 * found. */
char *mount_daemon_options(TALLOC_CTX *mem, const struct mount_line *mount);
/* The same in one command line as /proc has it: arguments separated by NUL. NULL if it is not that
 * mount's. */
char *mount_command_options(TALLOC_CTX *mem, const char *command, size_t len,
	const struct mount_line *mount);
/* Whether the device or image that a mount line names is an NTFS volume that Windows wants to check
 * before it is used again (volume_dirty.c). False also where that cannot be read. */
bool mount_source_dirty(const char *source);

/* How Windows left the NTFS volume whose bytes begin there in a file or device (volume_dirty.c).
 * Dirty: it wants to check it first. */
enum ntfs_end { NTFS_UNTOLD, NTFS_CLOSED, NTFS_DIRTY, NTFS_JOURNAL_OPEN };
enum ntfs_end volume_ntfs_end(int fd, uint64_t at);

#endif
