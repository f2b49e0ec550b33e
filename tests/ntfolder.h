/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that is a server which is off: two drives, an NT folder, registry files. */
#ifndef TESTS_NTFOLDER_H
#define TESTS_NTFOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "nt/regdata.h"
#include "server/disks.h"

#define NT_SERVICES "ControlSet001\\Services\\"
#define NT_IMAGE "C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmi.exe"
#define NT_IMAGE_MOVED "E:\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmi.exe"
#define NT_IMAGE_LONGER "E:\\Mail Connector\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmi.exe"

/* What a SYSTEM file is made with; zeros give a sound one. */
struct nt_system {
	const char *image; /* MSExchangeMSMI\ImagePath, NT_IMAGE if NULL */
	uint32_t dirty;    /* added to the first sequence number */
	bool no_select, no_services, no_connector;
	uint32_t default_set;   /* Select\Default, 1 if 0 */
	const char *event_file; /* EventLog\Application\File; NULL: none */
	size_t size;            /* padded to at least this */
};
uint8_t *nt_system(TALLOC_CTX *mem, const struct nt_system *spec, size_t *len);

/* Makes FOLDER/system32/config with a SYSTEM file and a SOFTWARE file; folder's parent is there. */
void nt_folder(const char *folder, const struct nt_system *spec);
/* Writes a registry file into an NT folder. */
void nt_hive(const char *folder, const char *name, const struct nt_system *spec);

struct nt_disks {
	char *root, *c, *e, *winnt, *config; /* folders of this machine */
	char *drives;                        /* for disks_options */
};
/* C with WINNT, SYSTEM, SYSTEM.ALT and SOFTWARE; E, empty. All of it goes with mem. */
struct nt_disks *nt_disks(TALLOC_CTX *mem);
/* The same in a folder that is there already and stays the caller's. */
struct nt_disks *nt_disks_in(TALLOC_CTX *mem, const char *root);
/* Opens it; fails the running test if that does not work. */
struct server *nt_open(struct nt_disks *disks);
/* Opens drives and tells the trouble. */
int nt_try(TALLOC_CTX *mem, const char *drives, const char *folder, struct error *err);

#endif
