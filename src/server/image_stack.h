/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The processes below a server in a disk image: qemu-storage-daemon, an nbdfuse and an ntfs-3g a
 * partition, qemu-img. All of it in a mount namespace of this process alone (for an ordinary user
 * in a user namespace, too): nobody else sees the mounts, and with the last process they are gone.
 * No shell; every descriptor is closed in them; each ends with this process, however that ends.
 *
 * The daemon and qemu-img are fenced in: Landlock leaves them the files of the image (its stamps)
 * and what they run from, a network namespace of their own no network. A missing program is
 * TROUBLE_PROGRAM with its package, no /dev/fuse or no namespaces TROUBLE_PERMISSION; each says
 * what helps. MSMCFIX_IMAGE_PATH is where programs are looked for in place of the usual folders
 * (for tests).
 */
#ifndef SERVER_IMAGE_STACK_H
#define SERVER_IMAGE_STACK_H

#include "server/image_file.h"
#include "server/image_parts.h"

struct image_stack;

/* One disk: the layers of its image and, over them, overlays of ours from the lowest to the
 * highest. */
struct stack_disk {
	const struct image_file *file;
	const char *const *overlays; /* qcow2, paths from the root; NULL-ended; NULL: none */
};

/*
 * Starts the daemon on all disks; write: the highest overlay of each is opened for writing, else
 * nothing is. TROUBLE_LOCKED: a VM or another msmcfix has an image open. The first call makes the
 * namespaces, for good. One stack at a time. talloc_free ends everything as stack_close does.
 */
int stack_open(TALLOC_CTX *mem, const struct stack_disk *disks, size_t count, bool write,
	struct image_stack **stack, struct error *err);

/* A file with the bytes of a whole disk (from 0), to be read. */
const char *stack_disk_file(const struct image_stack *stack, size_t disk);

/* Mounts each part of kind NTFS, and as root each FAT, in a folder of its own, and sets
 * part->folder (owned by parts, the array of image_parts_read): the same for the same part in every
 * stack of this process. TROUBLE_CANNOT: the driver refused it. What was mounted before stays. */
int stack_mount(struct image_stack *stack, struct image_part *parts, size_t count,
	struct error *err);

/* Whether all its processes are alive; the sentence names the one that is not. */
int stack_alive(const struct image_stack *stack, struct error *err);

/* From the top to the ground: unmounted and synced, each process waited for. TROUBLE_IO: one of
 * them had died, or did not end by itself: what was written may be torn. The stack is gone in any
 * case. */
int stack_close(struct image_stack *stack, struct error *err);

/* qemu-img. create: overlay must not be there (TROUBLE_MOVED); it is made 0600 and its folder
 * synced, backed by the last of disk's overlays or, where it has none, by its image: by the name
 * alone where that lies beside it, so that both can be moved. TROUBLE_NO_ROOM, TROUBLE_PERMISSION,
 * TROUBLE_READ_ONLY. check: TROUBLE_VERIFY where its tables are not sound. commit: what the highest
 * overlay holds into what it stands on; repeated after a cut it comes to the same. */
int stack_overlay_create(const struct stack_disk *disk, const char *overlay, struct error *err);
int stack_overlay_check(const char *overlay, struct error *err);
int stack_overlay_commit(const struct stack_disk *disk, struct error *err);

#endif
