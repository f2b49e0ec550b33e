/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/live_double.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "practice/practice.h"
#include "repair/article.h"

static struct live_double *live;
static struct server_ops real;

static int broken(struct error *err)
{
	return error_set(err, TROUBLE_UNREACHABLE, "The server does not answer any more.");
}

static int cannot(struct error *err)
{
	return error_set(err, TROUBLE_CANNOT, "A running server does not tell that.");
}

/* ---- what only disks can tell ---- */

static int live_identity(struct server *server, const char *path, struct file_identity *identity,
	struct error *err)
{
	(void)server, (void)path, (void)identity;
	return cannot(err);
}

static int live_nested(struct server *server, char pair[2], struct error *err)
{
	(void)server, (void)pair;
	return cannot(err);
}

static int live_stream_lost(struct server *server, TALLOC_CTX *mem, const char *from,
	const char *to, char **what, struct error *err)
{
	(void)server, (void)mem, (void)from, (void)to, (void)what;
	return cannot(err);
}

static int live_traits(struct server *server, char letter, struct volume_traits *traits,
	struct error *err)
{
	(void)server, (void)letter, (void)traits;
	return cannot(err);
}

static int live_save(struct server *server, server_hive_fn *fn, void *arg, struct error *err)
{
	(void)server, (void)fn, (void)arg;
	return cannot(err);
}

static int live_stage_whole(struct server *server, TALLOC_CTX *mem, const struct hive_image *images,
	size_t count, struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)images, (void)count, (void)stage;
	return cannot(err);
}

static int live_stage_files(struct reg_stage *stage, bool left, server_hive_fn *fn, void *arg,
	struct error *err)
{
	(void)stage, (void)left, (void)fn, (void)arg;
	return cannot(err);
}

static int live_gate(struct server *server, struct error *err)
{
	(void)server, (void)err;
	return 0;
}

static int live_lock(struct server *server, struct error *err)
{
	(void)server, (void)err;
	return 0;
}

/* ---- the registry ---- */

static bool second_copy(const char *key)
{
	return text_equal_n(key, "SYSTEM.ALT", strlen("SYSTEM.ALT"));
}

static int live_reg_list(struct server *server, TALLOC_CTX *mem, const char *key,
	struct reg_key **found, struct error *err)
{
	*found = NULL;
	if (live->broken)
		return broken(err);
	return second_copy(key) ? 0 : real.reg_list(server, mem, key, found, err);
}

static int live_reg_read(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	struct reg_data **data, struct error *err)
{
	*data = NULL;
	if (live->broken)
		return broken(err);
	return second_copy(key) ? 0 : real.reg_read(server, mem, key, value, data, err);
}

static int live_reg_walk(struct server *server, const char *key, server_value_fn *fn, void *arg,
	struct error *err)
{
	if (live->broken)
		return broken(err);
	return second_copy(key) ? 0 : real.reg_walk(server, key, fn, arg, err);
}

static int live_reg_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	int ret = live->broken ? broken(err) : real.reg_switch(stage, done, err);

	if (ret || !live->cut_replacing || live->shares_written == 0)
		return ret;
	live->broken = true;
	return broken(err);
}

/* ---- shares ---- */

static int live_share_get(struct server *server, TALLOC_CTX *mem, const char *name,
	struct share **share, struct error *err)
{
	int ret = live->broken ? broken(err) : real.share_get(server, mem, name, share, err);
	bool ours = ret == 0 && *share && text_equal(name, ARTICLE_SHARE);

	if (ret || !*share)
		return ret;
	TALLOC_FREE((*share)->definition);
	(*share)->users = ours ? memory_array_zero(*share, sizeof(char *), live->user_count) : NULL;
	for (size_t i = 0; ours && i < live->user_count; i++)
		(*share)->users[(*share)->user_count++] = talloc_strdup(*share, live->users[i]);
	return 0;
}

/* As Windows would write it into the registry. */
static struct reg_data *definition_of(TALLOC_CTX *mem, const struct share *share)
{
	char *strings[] = { talloc_strdup(mem, "MaxUses=4294967295"),
		talloc_asprintf(mem, "Path=%s", share->path), talloc_strdup(mem, "Permissions=63"),
		talloc_asprintf(mem, "Remark=%s", share->remark), talloc_strdup(mem, "Type=0") };

	return regdata_from_strings(mem, strings, ARRAY_SIZE(strings));
}

static int live_share_stage(struct server *server, TALLOC_CTX *mem, const char *name,
	const struct share *after, bool security, struct reg_stage **stage, struct error *err)
{
	struct share made = after ? *after : (struct share){ 0 };

	if (live->broken)
		return broken(err);
	/* What a plan says of a definition is none of its business. */
	made.definition = after ? definition_of(mem, after) : NULL;
	live->shares_written += !server->rehearsing;
	if (live->cut_replacing && !server->rehearsing)
		return real.share_stage(server, mem, name, NULL, true, stage, err);
	return real.share_stage(server, mem, name, after ? &made : NULL,
		!after || (security && after->security), stage, err);
}

/* ---- services ---- */

static int live_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list,
	struct error *err)
{
	return live->broken ? broken(err) : real.service_list(server, mem, list, err);
}

static int live_service_set(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	const struct live_service *fails = live->fails;

	live->services_asked++;
	if (live->broken)
		return broken(err);
	for (unsigned second = 0; server->waiting && second < live->slow; second++)
		if (server->waiting(server->waiting_arg, name, second))
			return error_set(err, TROUBLE_STOPPED, "Given up: %s.", name);
	if (fails && text_equal(fails->name, name) && fails->to == state)
		return error_set(err, fails->trouble, "%s", fails->says);
	return real.service_set(server, name, state, err);
}

/* ---- opening ---- */

static void members_set(struct server_ops *ops)
{
	ops->identity = live_identity;
	ops->drives_nested = live_nested;
	ops->stream_lost = live_stream_lost;
	ops->volume_traits = live_traits;
	ops->reg_list = live_reg_list;
	ops->reg_read = live_reg_read;
	ops->reg_walk = live_reg_walk;
	ops->reg_save = live_save;
	ops->reg_gate = live_gate;
	ops->reg_stage_whole = live_stage_whole;
	ops->reg_stage_files = live_stage_files;
	ops->reg_switch = live_reg_switch;
	ops->share_get = live_share_get;
	ops->share_stage = live_share_stage;
	ops->service_list = live_service_list;
	ops->service_set = live_service_set;
	ops->lock = live_lock;
}

struct server *live_open(TALLOC_CTX *mem, const char *dir, struct live_double *what,
	struct error *err)
{
	struct server *server;
	struct server_ops *ops;

	if (practice_open(mem, dir, &server, err))
		return NULL;
	live = what;
	live->broken = live->cut_replacing = false;
	real = *server->ops;
	ops = talloc_memdup(server, server->ops, sizeof *ops);
	members_set(ops);
	server->ops = ops;
	server->caps = SERVER_WRITE | SERVER_SERVICES;
	server->reach = "live";
	server->reached =
		(struct server_reached){ .host = "EXCH01", .user = "DOM\\admin", .port = 4450 };
	return server;
}
