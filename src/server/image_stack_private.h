/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the stack share: the fence, processes, and qemu. */
#ifndef SERVER_IMAGE_STACK_PRIVATE_H
#define SERVER_IMAGE_STACK_PRIVATE_H

#include <jansson.h>
#include <sys/types.h>

#include "server/image_stack.h"

/* ---- image_fence.c ---- */

/* What a fenced process may do with a file (FENCE_SOCKETS: with a folder). */
enum fence_right { FENCE_READ, FENCE_WRITE, FENCE_SOCKETS };
struct fence_path {
	const char *path;
	enum fence_right right;
};

/* The namespaces and the work folder, once in the life of this process. */
int fence_begin(struct error *err);
/* The work folder: letters, digits and "/_.-" alone are in its path. */
const char *fence_work(void);
/* A descriptor that every process of the stack keeps: by its end it is known that all have
 * ended. */
int fence_watched(void);
/* Root of this machine, who may use loop devices and the kernel's file systems. */
bool fence_root(void);
/* A tick of waiting. */
void fence_nap(void);
/* 0 or an errno. Waits while it is in use. */
int fence_unmount(const char *folder);
/* In a child before it becomes another program: it keeps nothing but the right to mount; or, with
 * paths (ended by one without a path), reaches those alone, no network, and has no rights. */
int fence_child(const struct fence_path *paths);

/* ---- image_process.c ---- */

enum process_program {
	PROGRAM_DAEMON,
	PROGRAM_QEMU_IMG,
	PROGRAM_NBDFUSE,
	PROGRAM_NTFS,
	PROGRAM_EWF,
	PROGRAMS
};

struct process;
struct process_spec {
	enum process_program program;
	const char *const *args;        /* without the program's name, NULL-ended */
	const struct fence_path *fence; /* NULL: it mounts */
	int talk;                       /* its standard input and output; 0: nothing */
	bool mute;                      /* what it says is not kept */
};

/* TROUBLE_PROGRAM where it is missing. Freed, it is killed. */
int process_start(TALLOC_CTX *mem, const struct process_spec *spec, struct process **made,
	struct error *err);
/* TROUBLE_IO where it has ended. */
int process_alive(struct process *process, struct error *err);
/* What it was asked it does not answer: why. */
int process_silent(struct process *process, struct error *err);
/* Until something is mounted on a folder of the work folder; trouble where it ends instead. */
int process_mounted(struct process *process, const char *folder, enum trouble trouble,
	struct error *err);
/* Asked to end (signal 0: it does so by itself), and waited for. TROUBLE_IO where that was not its
 * own, orderly end. */
int process_end(struct process *process, int signal, struct error *err);
/* Waits as long as it takes. Its exit status, 128 for a killed one. */
int process_finish(struct process *process);
/* The last line it said, owned by the process; "" for nothing. */
const char *process_said(struct process *process);
/* ---- image_qemu.c ---- */

/* Starts the daemon; its nodes "disk1", "disk2"... are the disks. ewf: of each disk the file to be
 * read in place of its segments, or NULL. *talk: where it is spoken to, for the caller to close. */
int qemu_start(TALLOC_CTX *mem, const struct stack_disk *disks, size_t count,
	const char *const *ewf, bool write, int *talk, struct process **daemon, struct error *err);
/* A raw image is open in no virtual machine, and in none to come as long as *fd is open.
 * TROUBLE_LOCKED. */
int qemu_hold(const char *path, int *fd, struct error *err);
/* Exports a disk, or size bytes of it, under a name (size 0: all of it). */
int qemu_export(struct process *daemon, int talk, const char *disk, const char *name,
	uint64_t offset, uint64_t size, bool write, struct error *err);

#endif
