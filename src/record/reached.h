/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the server of a run was reached, on record and as the command that reaches it again. */
#ifndef RECORD_REACHED_H
#define RECORD_REACHED_H

#include <jansson.h>

#include "record/journal.h"
#include "server/server.h"

/* Into the fields of a "run" entry: "disks", "image", "letters", "overlay", "nt",
 * "practice", "host", "user", "dialect", percent-coded, "port" and "nt4"; and out of one. False
 * where the record does not say it, as those of earlier versions. Owned by mem. */
void reached_record(const struct server_reached *reached, json_t *fields);
bool reached_read(TALLOC_CTX *mem, const json_t *entry, struct server_reached *reached);
/* Whether it says how at all. */
bool reached_said(const struct server_reached *reached);

/* For a printed command, where it is not known. */
#define REACHED_UNKNOWN "C=FOLDER,E=FOLDER"

/* The same with folders from the root, so that it holds in any folder. Owned by mem. */
char *reached_absolute(TALLOC_CTX *mem, const char *disks);

/* "volumes C: and E: (they were at /mnt/c and /mnt/e)" or "disk image /vm/nt4.qcow2" of a record, safe to show; reached NULL:
 * not known. */
char *reached_needs(TALLOC_CTX *mem, const struct server_reached *reached);

/*
 * The command that works here, as a shell takes it: the program as it was started, how the server
 * is reached, the place of runs where it is not the one that is taken by itself, then what to do.
 * reached, runs and run may be NULL. Safe to show.
 */
char *reached_command(TALLOC_CTX *mem, const struct server_reached *reached, const char *runs,
	const char *command, const char *run);
/* Goes on with line where command is the end of an overlay, which asks nothing: who decides, that
 * it is meant, and for a commit the server's name. */
char *reached_signed(char *line, const char *command, const char *operator_name,
	const char *server);
/* The same for a look at the server of a run; where its record does not say how it was reached (as
 * of earlier versions) its drives are left to be filled in. */
char *reached_check(TALLOC_CTX *mem, const struct journal *journal, const char *runs);

/* The files that the server's disks are once a run has kept an overlay over its image, as --image
 * takes them; NULL where none was kept. Owned by mem. */
char *reached_kept(TALLOC_CTX *mem, const struct journal *journal);
/* A word as a shell takes it, safe to show. */
char *reached_word(TALLOC_CTX *mem, const char *word);

#endif
