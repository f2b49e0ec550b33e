/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server that is off: its drives are folders or mounted volumes of this machine. */
#ifndef SERVER_DISKS_H
#define SERVER_DISKS_H

#include "server/server.h"

struct disks_options {
	/* "C=DIR,E=DIR": letters A to Z once each; a comma in a folder name is written \, */
	const char *drives;
	const char *nt_folder; /* which NT folder where there are several ("D:\WINNT"), or NULL */
};

/*
 * Opens the drives, finds the NT folder (every *\system32\config\SYSTEM on every drive; several:
 * boot.ini's default, else TROUBLE_SEVERAL_NT with the list), opens the hives read-only and lazily,
 * and identifies the server. SERVER_WRITE is there only if every drive that would be written can
 * be. Refusals by kind: NT software mirror on a drive (for writing), hives of NT 3.51 and older.
 */
int disks_open(TALLOC_CTX *mem, const struct disks_options *options, struct server **server,
	struct error *err);

/* Puts a drive behind those in drives (talloc; "" for none); NULL for want of memory. */
char *disks_drive_add(char *drives, char letter, const char *folder);

/* The member room of server_ops: what is free on the disk that path lies on. */
int disks_room(struct server *server, const char *path, uint64_t *bytes, struct error *err);

/* The key of the control set that the server starts with next (Select\Default),
 * "SYSTEM\ControlSet001"; owned by mem. TROUBLE_HIVE_NO_SELECT where the registry does not say. */
int disks_control_set(struct server *server, TALLOC_CTX *mem, char **key, struct error *err);

#endif
