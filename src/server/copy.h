/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The copy engine: one for every way of reaching a server. Data is hashed while it is read, staged
 * beside its target, made to last by one barrier for all, read back from the disk and compared
 * before it counts.
 */
#ifndef SERVER_COPY_H
#define SERVER_COPY_H

#include "server/server.h"

/* Told between files and every 256 KiB or so; non-zero stops at the next safe point with
 * TROUBLE_STOPPED. Names are shown as given. */
struct copy_progress {
	int (*tell)(void *arg, const char *name, uint64_t bytes_done, uint64_t bytes_total);
	void *arg;
};

/* One file of a tree. Folders are listed before what is in them; rel is below the tree's root,
 * names separated by '\'. */
struct copy_item {
	char *rel;
	struct file_meta meta;
	struct digest digest; /* of files */
};

struct copy_list {
	struct copy_item *items;
	size_t count;
	uint64_t bytes;
};

/* Every file and folder below root, without reading data. ENTRY_OTHER and names NT cannot hold are
 * refused by name; depth at most 64, at most limit items. */
int copy_walk(struct server *server, TALLOC_CTX *mem, const char *root, size_t limit,
	struct copy_list *list, struct error *err);

/* The same for a tree that should be as list says; one that is far larger or deeper is the trouble
 * too_much. */
int copy_walk_again(struct server *server, TALLOC_CTX *mem, const char *root,
	const struct copy_list *list, struct copy_list *found, enum trouble too_much,
	struct error *err);

/*
 * Copies the tree at from to the new folder to (must not exist), with the traits and times of each
 * file, and fills in the digests of list (from copy_walk(from)). Everything is synced and read back
 * when it returns 0. A file that changed while it was read is TROUBLE_VERIFY. On failure what was
 * made is left for the caller to remove (copy_remove_tree).
 */
int copy_tree(struct server *server, const char *from, const char *to, struct copy_list *list,
	const struct copy_progress *progress, struct error *err);

/* Reads every file of the tree again and compares with the list: nothing missing, nothing changed,
 * nothing more. TROUBLE_VERIFY says what. */
int copy_verify(struct server *server, const char *root, const struct copy_list *list,
	const struct copy_progress *progress, struct error *err);

/* Stages a copy of the file at from as spec says (spec->size and mtime are filled from it if mtime
 * is FILETIME_NONE); *digest of what was read. stage_ready has been called. */
int copy_stage(struct server *server, TALLOC_CTX *mem, const char *from,
	const struct stage_spec *spec, struct stage **stage, struct digest *digest,
	const struct copy_progress *progress, struct error *err);
/* After the barrier: reads the stage back and compares. */
int copy_stage_verify(struct server *server, struct stage *stage, const struct digest *digest,
	struct error *err);

/* Removes a tree that this program made, listed by list; refuses to remove what is not in the
 * list. */
int copy_remove_tree(struct server *server, const char *root, const struct copy_list *list,
	struct error *err);

#endif
