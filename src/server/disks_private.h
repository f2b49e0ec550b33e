/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the disks backend share. Nobody else includes this. */
#ifndef SERVER_DISKS_PRIVATE_H
#define SERVER_DISKS_PRIVATE_H

#include <sys/stat.h>

#include "nt/regf.h"
#include "server/disks.h"
#include "server/server.h"

enum { DISKS_LETTERS = 26 };

/* The registry files that keys can be read from, in the order of their table. */
enum disks_hive_index { DISKS_SYSTEM, DISKS_SOFTWARE, DISKS_SYSTEM_ALT, DISKS_HIVES };

/* By what it is seen that somebody wrote to a file: size, and the times of its data and of its
 * properties. */
struct disks_stamp {
	uint64_t size;
	int64_t mtime, ctime;
};

/* A registry file that is open for reading. */
struct disks_hive {
	char *path; /* full */
	int fd;
	bool by_ctime; /* the time of the last change of its properties proves something */
	struct disks_stamp seen; /* when it was opened */
	struct regf *regf;
};

struct disks {
	struct server base;
	/* The parent of the volumes. Made first it goes last: after what uses them and after the
	 * image. */
	TALLOC_CTX *drives;
	struct volume *volumes[DISKS_LETTERS];
	char letters[DISKS_LETTERS + 1]; /* of those that were given */
	char *config;                    /* the folder of the registry files, full */
	struct disks_hive *hives[DISKS_HIVES];
	int lock;
	bool held; /* between hold and release */
	/* The drives lie in an image, or NULL. later: what is read-only now is mounted again before
	 * anything is written, so that only then it has to be more. */
	struct image *image;
	bool later;
	struct volume_watch watch;
};

extern const struct server_ops disks_ops;

/* disks.c: Everything that is open of the drives is closed, so that they can be unmounted; the same
 * server opened again on drives of the same letters. TROUBLE_OTHER_SERVER if it is another one. */
void disks_leave(struct disks *disks);
int disks_again(struct disks *disks, const char *drives, struct error *err);
/* What can be done with the server on the drives as they are. */
unsigned disks_caps(const struct disks *disks);

/* disks_ground.c */
struct disks *disks_of(struct server *server);
/* Where a full path lies. */
struct disks_place {
	struct volume *volume;
	const char *below; /* its root; a part of the path */
};
int disks_path(struct disks *disks, const char *path, struct disks_place *place, struct error *err);
/* The same for a path that will be written: the volume is one that may be, and this is no dry
 * run. */
int disks_path_write(struct disks *disks, const char *path, struct disks_place *place,
	struct error *err);
int disks_may_write(const struct disks *disks, const struct volume *volume, struct error *err);
/* Forgets what is open of the registry: the next reading opens afresh. */
void disks_hives_close(struct disks *disks);
/* Reads len bytes from off, fewer only at the end of the file. */
int disks_pread(int fd, const char *path, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err);

/* disks_find.c */
int disks_find_nt(struct disks *disks, const char *wanted, struct error *err);

/* disks_files.c, disks_stage.c: the members of server_ops of these names */
int disks_drives(struct server *, TALLOC_CTX *, char **, struct error *);
int disks_stat(struct server *, TALLOC_CTX *, const char *, bool *, struct file_meta *, char **,
	struct error *);
int disks_list(struct server *, TALLOC_CTX *, const char *, struct entry_list *, struct error *);
int disks_short_name(struct server *, TALLOC_CTX *, const char *, char **, struct error *);
int disks_identity(struct server *, const char *, struct file_identity *, struct error *);
int disks_drives_nested(struct server *, char pair[2], struct error *);
int disks_stream_lost(struct server *, TALLOC_CTX *, const char *, const char *, char **,
	struct error *);
int disks_volume_traits(struct server *, char, struct volume_traits *, struct error *);
/* Whether all that path has besides its data could be carried; what would be lost is noted in the
 * rehearsal. */
int disks_traits_rehearse(struct disks *, const char *, struct error *);
int disks_file_open(struct server *, TALLOC_CTX *, const char *, struct server_file **, uint64_t *,
	struct error *);
int disks_file_read(struct server_file *, uint64_t, void *, size_t, size_t *, struct error *);
int disks_mkdir(struct server *, const char *, const char *, struct error *);
int disks_remove(struct server *, const char *, struct error *);
int disks_rename(struct server *, const char *, const char *, struct error *);
int disks_set_time(struct server *, const char *, int64_t, struct error *);
int disks_sync(struct server *, char, struct error *);
int disks_sync_folder(struct server *, const char *, struct error *);
int disks_trial(struct server *, const char *, struct error *);
int disks_trial_clear(struct server *, const char *, int64_t, struct error *);
int disks_holds(struct server *, const char *, const char *, bool *, struct error *);
int disks_lock(struct server *, struct error *);

int disks_stage(struct server *, TALLOC_CTX *, const struct stage_spec *, struct stage **,
	struct error *);
int disks_stage_write(struct stage *, const void *, size_t, struct error *);
int disks_stage_ready(struct stage *, struct error *);
int disks_stage_read(struct stage *, uint64_t, void *, size_t, size_t *, struct error *);
int disks_stage_switch(struct stage *, struct error *);

/* disks_registry.c */
/* The name under which a registry file lies in a folder (full path): its own or, where a power cut
 * tore an ntfs-3g rename, the one that the driver left its bytes under. NULL if there is
 * neither. */
int disks_hive_name(struct disks *disks, TALLOC_CTX *mem, const char *folder, const char *name,
	char **found, struct error *err);
/* Whether name is one that an interrupted rename onto hive leaves behind. */
bool disks_name_torn(const char *name, const char *hive);
/* A file of the config folder as a whole, fresh from the disk; *bytes is NULL where there is none.
 * TROUBLE_HIVE_CHANGING if it changed meanwhile. */
int disks_config_read(struct disks *, TALLOC_CTX *, const char *name, uint8_t **bytes, size_t *len,
	struct error *err);
int disks_reg_list(struct server *, TALLOC_CTX *, const char *, struct reg_key **, struct error *);
int disks_reg_read(struct server *, TALLOC_CTX *, const char *, const char *, struct reg_data **,
	struct error *);
int disks_reg_walk(struct server *, const char *, server_value_fn *, void *, struct error *);
int disks_hold(struct server *, struct error *);
int disks_release(struct server *, struct error *);
int disks_reg_save(struct server *, server_hive_fn *, void *, struct error *);
/* One value with its name as it is spelled; *value NULL where there is none. */
int disks_reg_value(struct disks *, TALLOC_CTX *, const char *key, const char *value,
	struct reg_value **, struct error *);
/* A registry file that has passed the whole walk; NULL where there is none. */
int disks_hive_sound(struct disks *, enum disks_hive_index, struct regf **, struct error *);

/* disks_gate.c, disks_regwrite.c, disks_regswitch.c */
/* The part of the gate that does not look into the files: volumes, hibernation, leftovers. */
int disks_gate_outside(struct disks *, struct error *);
int disks_reg_gate(struct server *, struct error *);
int disks_reg_stage(struct server *, TALLOC_CTX *, const struct reg_edit *, size_t,
	struct reg_stage **, struct error *);
int disks_reg_stage_whole(struct server *, TALLOC_CTX *, const struct hive_image *, size_t,
	struct reg_stage **, struct error *);
const char *disks_reg_stage_note(struct reg_stage *);
int disks_reg_stage_files(struct reg_stage *, bool, server_hive_fn *, void *, struct error *);
int disks_reg_switch(struct reg_stage *, size_t *, struct error *);

/* disks_shares.c */
int disks_share_get(struct server *, TALLOC_CTX *, const char *, struct share **, struct error *);
int disks_share_stage(struct server *, TALLOC_CTX *, const char *, const struct share *, bool,
	struct reg_stage **, struct error *);
int disks_service_list(struct server *, TALLOC_CTX *, struct service_list *, struct error *);
int disks_service_set(struct server *, const char *, enum service_state, struct error *);
int disks_events(struct server *, const char *, uint32_t, server_event_fn *, void *,
	struct event_log *, struct error *);

#endif
