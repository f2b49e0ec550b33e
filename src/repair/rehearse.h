/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rehearsal: whether decided changes can be carried out, as far as reading can tell, before the
 * first of them begins. Every writing member of the server that is asked here goes as far as its
 * first write (server.h: rehearsing).
 */
#ifndef REPAIR_REHEARSE_H
#define REPAIR_REHEARSE_H

#include "repair/change.h"

/* All that may be done at once. more: bytes that come to drive more_on besides (the run's record),
 * 0 for none. Leaves the first trouble; nothing is written. What it comes to is added to
 * *rehearsal. */
int changes_rehearse(struct server *server, struct change *const *changes, size_t count,
	char more_on, uint64_t more, struct server_rehearsal *rehearsal, struct error *err);

/* The folders that these changes write into, one a drive, for a trial: full paths, owned by mem. */
int changes_folders(struct server *server, TALLOC_CTX *mem, struct change *const *changes,
	size_t count, char ***folders, size_t *folder_count, struct error *err);

#endif
