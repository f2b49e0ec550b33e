/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same server with every writing member refusing. Reads are passed on. */
#include "server/server.h"

#include "base/i18n.h"

struct dry_server {
	struct server base;
	struct server_ops ops;
	struct server *real;
};

static struct server *dry_real(struct server *server)
{
	return ((struct dry_server *)server)->real;
}

static int dry_refuse(struct error *err)
{
	return error_advise(err, error_set(err, TROUBLE_CANNOT, _("This is a dry run: nothing is written.")),
			    _("Leave out --dry-run to carry it out."));
}

static int dry_identify(struct server *server, struct server_id *id, struct error *err)
{
	return dry_real(server)->ops->identify(dry_real(server), id, err);
}

static int dry_drives(struct server *server, TALLOC_CTX *mem, char **letters, struct error *err)
{
	return dry_real(server)->ops->drives(dry_real(server), mem, letters, err);
}

static int dry_look(struct server *server, TALLOC_CTX *mem, const char *path, bool *found, struct file_meta *meta,
		    char **real, struct error *err)
{
	return dry_real(server)->ops->look(dry_real(server), mem, path, found, meta, real, err);
}

static int dry_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
		    struct error *err)
{
	return dry_real(server)->ops->list(dry_real(server), mem, path, list, err);
}

static int dry_short_name(struct server *server, TALLOC_CTX *mem, const char *path, char **name, struct error *err)
{
	return dry_real(server)->ops->short_name(dry_real(server), mem, path, name, err);
}

static int dry_identity(struct server *server, const char *path, struct file_identity *identity, struct error *err)
{
	return dry_real(server)->ops->identity(dry_real(server), path, identity, err);
}

static int dry_drives_nested(struct server *server, char pair[2], struct error *err)
{
	return dry_real(server)->ops->drives_nested(dry_real(server), pair, err);
}

static int dry_room(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	return dry_real(server)->ops->room(dry_real(server), path, bytes, err);
}

static int dry_volume_traits(struct server *server, char letter, struct volume_traits *traits, struct error *err)
{
	return dry_real(server)->ops->volume_traits(dry_real(server), letter, traits, err);
}

static int dry_file_open(struct server *server, TALLOC_CTX *mem, const char *path, struct server_file **file,
			 uint64_t *size, struct error *err)
{
	return dry_real(server)->ops->file_open(dry_real(server), mem, path, file, size, err);
}

static int dry_reg_list(struct server *server, TALLOC_CTX *mem, const char *key, struct reg_key **list,
			struct error *err)
{
	return dry_real(server)->ops->reg_list(dry_real(server), mem, key, list, err);
}

static int dry_reg_read(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
			struct reg_data **data, struct error *err)
{
	return dry_real(server)->ops->reg_read(dry_real(server), mem, key, value, data, err);
}

static int dry_reg_walk(struct server *server, const char *key, server_value_fn *fn, void *arg, struct error *err)
{
	return dry_real(server)->ops->reg_walk(dry_real(server), key, fn, arg, err);
}

static int dry_hold(struct server *server, struct error *err)
{
	return dry_real(server)->ops->hold(dry_real(server), err);
}

static int dry_release(struct server *server, struct error *err)
{
	return dry_real(server)->ops->release(dry_real(server), err);
}

static int dry_reg_save(struct server *server, server_hive_fn *fn, void *arg, struct error *err)
{
	return dry_real(server)->ops->reg_save(dry_real(server), fn, arg, err);
}

static int dry_reg_gate(struct server *server, struct error *err)
{
	return dry_real(server)->ops->reg_gate(dry_real(server), err);
}

static int dry_share_get(struct server *server, TALLOC_CTX *mem, const char *name, struct share **share,
			 struct error *err)
{
	return dry_real(server)->ops->share_get(dry_real(server), mem, name, share, err);
}

static int dry_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list, struct error *err)
{
	return dry_real(server)->ops->service_list(dry_real(server), mem, list, err);
}

static int dry_lock(struct server *server, struct error *err)
{
	return dry_real(server)->ops->lock(dry_real(server), err);
}

static int dry_holds(struct server *server, const char *path, const char *outside, bool *holds, struct error *err)
{
	return dry_real(server)->ops->holds(dry_real(server), path, outside, holds, err);
}

static int dry_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec, struct stage **stage,
		     struct error *err)
{
	(void)server, (void)mem, (void)spec, (void)stage;
	return dry_refuse(err);
}

static int dry_stage_write(struct stage *stage, const void *bytes, size_t len, struct error *err)
{
	(void)stage, (void)bytes, (void)len;
	return dry_refuse(err);
}

static int dry_stage_step(struct stage *stage, struct error *err)
{
	(void)stage;
	return dry_refuse(err);
}

static int dry_mkdir(struct server *server, const char *path, const char *traits_from, struct error *err)
{
	(void)server, (void)path, (void)traits_from;
	return dry_refuse(err);
}

static int dry_path(struct server *server, const char *path, struct error *err)
{
	(void)server, (void)path;
	return dry_refuse(err);
}

static int dry_rename(struct server *server, const char *from, const char *to, struct error *err)
{
	(void)server, (void)from, (void)to;
	return dry_refuse(err);
}

static int dry_set_time(struct server *server, const char *path, int64_t mtime, struct error *err)
{
	(void)server, (void)path, (void)mtime;
	return dry_refuse(err);
}

/* Nothing was written, so there is nothing to sync. */
static int dry_sync(struct server *server, char letter, struct error *err)
{
	(void)server, (void)letter, (void)err;
	return 0;
}

static int dry_sync_folder(struct server *server, const char *path, struct error *err)
{
	(void)server, (void)path, (void)err;
	return 0;
}

static int dry_reg_stage(struct server *server, TALLOC_CTX *mem, const struct reg_edit *edits, size_t count,
			 struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)edits, (void)count, (void)stage;
	return dry_refuse(err);
}

static int dry_reg_stage_whole(struct server *server, TALLOC_CTX *mem, const struct hive_image *images, size_t count,
			       struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)images, (void)count, (void)stage;
	return dry_refuse(err);
}

static int dry_reg_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	(void)stage;
	*done = 0;
	return dry_refuse(err);
}

static int dry_share_stage(struct server *server, TALLOC_CTX *mem, const char *name, const struct share *after,
			   bool security, struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)name, (void)after, (void)security, (void)stage;
	return dry_refuse(err);
}

static int dry_service_set(struct server *server, const char *name, enum service_state state, struct error *err)
{
	(void)server, (void)name, (void)state;
	return dry_refuse(err);
}

/* file_read, stage_read and reg_stage_note take no server and are filled in from the real one. */
static const struct server_ops dry_ops = {
	.identify = dry_identify,
	.drives = dry_drives,
	.look = dry_look,
	.list = dry_list,
	.short_name = dry_short_name,
	.identity = dry_identity,
	.drives_nested = dry_drives_nested,
	.room = dry_room,
	.volume_traits = dry_volume_traits,
	.file_open = dry_file_open,
	.stage = dry_stage,
	.stage_write = dry_stage_write,
	.stage_ready = dry_stage_step,
	.stage_switch = dry_stage_step,
	.mkdir = dry_mkdir,
	.remove = dry_path,
	.rename = dry_rename,
	.set_time = dry_set_time,
	.sync = dry_sync,
	.sync_folder = dry_sync_folder,
	.reg_list = dry_reg_list,
	.reg_read = dry_reg_read,
	.reg_walk = dry_reg_walk,
	.hold = dry_hold,
	.release = dry_release,
	.reg_save = dry_reg_save,
	.reg_gate = dry_reg_gate,
	.reg_stage = dry_reg_stage,
	.reg_stage_whole = dry_reg_stage_whole,
	.reg_switch = dry_reg_switch,
	.share_get = dry_share_get,
	.share_stage = dry_share_stage,
	.service_list = dry_service_list,
	.service_set = dry_service_set,
	.trial = dry_path,
	.trial_clear = dry_set_time,
	.holds = dry_holds,
	.lock = dry_lock,
};

struct server *server_dry_run(TALLOC_CTX *mem, struct server *server)
{
	struct dry_server *dry = talloc_zero(mem, struct dry_server);

	if (!dry)
		return NULL;
	dry->ops = dry_ops;
	dry->ops.file_read = server->ops->file_read;
	dry->ops.stage_read = server->ops->stage_read;
	dry->ops.reg_stage_note = server->ops->reg_stage_note;
	dry->base = *server;
	dry->base.ops = &dry->ops;
	dry->real = server;
	return &dry->base;
}
