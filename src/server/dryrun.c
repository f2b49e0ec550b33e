/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server's own members with refusing ones laid over those that write. What only looks while it is rehearsed, looks. */
#include "server/server.h"

#include "base/i18n.h"

struct dry_ops {
	struct server_ops ops;
	const struct server_ops *real;
};

/* The real members while a repair is rehearsed, else NULL. */
static const struct server_ops *dry_rehearsal(const struct server *server)
{
	return server->rehearsing ? ((const struct dry_ops *)server->ops)->real : NULL;
}

static int dry_refuse(struct error *err)
{
	return error_advise(err, error_set(err, TROUBLE_CANNOT, _("This is a dry run: nothing is written.")),
			    _("Leave out --dry-run to carry it out."));
}

static int dry_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec, struct stage **stage,
		     struct error *err)
{
	const struct server_ops *real = dry_rehearsal(server);

	return real ? real->stage(server, mem, spec, stage, err) : dry_refuse(err);
}

static int dry_mkdir(struct server *server, const char *path, const char *traits_from, struct error *err)
{
	const struct server_ops *real = dry_rehearsal(server);

	return real ? real->mkdir(server, path, traits_from, err) : dry_refuse(err);
}

static int dry_reg_stage(struct server *server, TALLOC_CTX *mem, const struct reg_edit *edits, size_t count,
			 struct reg_stage **stage, struct error *err)
{
	const struct server_ops *real = dry_rehearsal(server);

	return real ? real->reg_stage(server, mem, edits, count, stage, err) : dry_refuse(err);
}

static int dry_share_stage(struct server *server, TALLOC_CTX *mem, const char *name, const struct share *after,
			   bool security, struct reg_stage **stage, struct error *err)
{
	const struct server_ops *real = dry_rehearsal(server);

	return real ? real->share_stage(server, mem, name, after, security, stage, err) : dry_refuse(err);
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

static int dry_service_set(struct server *server, const char *name, enum service_state state, struct error *err)
{
	(void)server, (void)name, (void)state;
	return dry_refuse(err);
}

int server_dry_run(struct server *server, struct error *err)
{
	struct dry_ops *dry = talloc_zero(server, struct dry_ops);

	if (!dry)
		return error_memory(err);
	dry->real = server->ops;
	dry->ops = *server->ops;
	dry->ops.stage = dry_stage;
	dry->ops.stage_write = dry_stage_write;
	dry->ops.stage_ready = dry_stage_step;
	dry->ops.stage_switch = dry_stage_step;
	dry->ops.mkdir = dry_mkdir;
	dry->ops.remove = dry_path;
	dry->ops.rename = dry_rename;
	dry->ops.set_time = dry_set_time;
	dry->ops.reg_stage = dry_reg_stage;
	dry->ops.reg_stage_whole = dry_reg_stage_whole;
	dry->ops.reg_switch = dry_reg_switch;
	dry->ops.share_stage = dry_share_stage;
	dry->ops.service_set = dry_service_set;
	dry->ops.trial = dry_path;
	dry->ops.trial_clear = dry_set_time;
	server->ops = &dry->ops;
	return 0;
}
