/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shares of a running server. A share cannot be made to lead elsewhere: it is removed and made
 * anew, with all that it had. After each call it is looked at, and what is seen decides what comes
 * next: so a lost answer needs no thought of its own, and the last look is the proof.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/srvsvc.h"
#include "server/remote_registry.h"

/* [MS-SRVS] 2.2.2.4: marks that the server sets itself. */
enum { SHARE_MARKS = 0xc0000000 };

enum { BREAKS_LIMIT = 2 };

/* winerror.h, lmerr.h: all three are how a server says that there is no such share. */
enum { BAD_NETWORK_NAME = 67, INVALID_NAME = 123, NAME_NOT_FOUND = 2310 };

static const char cannot_read[] = N_("The share %s cannot be read"),
		  cannot_make[] = N_("The share %s cannot be made"),
		  cannot_remove[] = N_("The share %s cannot be removed"),
		  cannot_protect[] = N_("The permissions of the share %s cannot be set");

struct share_change {
	char *name;
	struct srvsvc_share *before, *after; /* NULL: none */
	bool security;                       /* the descriptor is part of the change */
};

/* ---- calls ---- */

struct asking {
	struct remote *remote;
	TALLOC_CTX *tmp;
	struct ndr_writer request;
	struct ndr_reader reply;
	char *server; /* "\\EXCH01" */
};

static int asking_begin(struct asking *asking, struct remote *remote, TALLOC_CTX *tmp,
	struct error *err)
{
	*asking = (struct asking){ .remote = remote, .tmp = tmp };
	asking->server = talloc_asprintf(tmp, "\\\\%s", remote->spec.host);
	ndr_begin(&asking->request, tmp);
	if (!asking->server)
		return error_memory(err);
	(void)remote_doing(remote, _("Asking %s for its shares"), remote->spec.host);
	return remote_connected(remote, err);
}

static int ask(struct asking *asking, uint16_t opnum, const char *what, const char *on,
	struct error *err)
{
	uint32_t pipe;
	int ret = remote_pipe(asking->remote, REMOTE_SRVSVC, &pipe, err);

	return ret ? ret
		   : remote_call(asking->remote, asking->tmp, pipe, opnum, &asking->request,
			     &asking->reply, what, on, err);
}

static bool no_share(uint32_t code)
{
	return code == NAME_NOT_FOUND || code == INVALID_NAME || code == BAD_NETWORK_NAME;
}

static int info_once(struct remote *remote, TALLOC_CTX *mem, const char *name,
	struct srvsvc_share **share, struct error *err)
{
	struct asking asking;
	uint32_t code;
	int ret = asking_begin(&asking, remote, mem, err);

	*share = NULL;
	if (ret)
		return ret;
	srvsvc_put_share_info(&asking.request, asking.server, name);
	ret = ask(&asking, SRVSVC_SHARE_INFO, cannot_read, name, err);
	if (ret)
		return ret;
	*share = talloc_zero(mem, struct srvsvc_share);
	if (!*share)
		return error_memory(err);
	code = srvsvc_get_share_info(&asking.reply, *share, *share);
	if (code)
		TALLOC_FREE(*share);
	return no_share(code) ? 0 : remote_windows(err, code, cannot_read, name);
}

/* *share NULL: none. */
static int info(struct remote *remote, TALLOC_CTX *mem, const char *name,
	struct srvsvc_share **share, struct error *err)
{
	int ret = info_once(remote, mem, name, share, err);

	return remote_broke(remote, ret) ? info_once(remote, mem, name, share, err) : ret;
}

static int list_once(struct remote *remote, TALLOC_CTX *mem, struct srvsvc_share **shares,
	size_t *count, struct error *err)
{
	static const char what[] = N_("The shares of %s cannot be listed");
	struct asking asking;
	uint32_t code;
	int ret = asking_begin(&asking, remote, mem, err);

	*count = 0;
	if (ret)
		return ret;
	srvsvc_put_share_enum(&asking.request, asking.server);
	ret = ask(&asking, SRVSVC_SHARE_ENUM, what, remote->spec.host, err);
	if (ret)
		return ret;
	code = srvsvc_get_share_enum(&asking.reply, mem, shares, count);
	return remote_windows(err, code, what, remote->spec.host);
}

int remote_share_list(struct remote *remote, TALLOC_CTX *mem, struct srvsvc_share **shares,
	size_t *count, struct error *err)
{
	int ret = list_once(remote, mem, shares, count, err);

	return remote_broke(remote, ret) ? list_once(remote, mem, shares, count, err) : ret;
}

int remote_share_path(struct remote *remote, TALLOC_CTX *mem, const char *name, char **path,
	struct error *err)
{
	struct srvsvc_share *share;
	int ret = info(remote, mem, name, &share, err);

	*path = share ? share->path : NULL;
	return ret;
}

/* ---- looking ---- */

/* For a sentence; that it cannot be told who is connected is no trouble. */
static int users_read(struct remote *remote, struct share *share, struct error *err)
{
	static const char what[] = N_("It cannot be told who is connected to %s");
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct srvsvc_connection *list;
	struct asking asking;
	size_t count = 0;
	int ret = asking_begin(&asking, remote, tmp, NULL);

	if (!ret) {
		srvsvc_put_connections(&asking.request, asking.server, share->name);
		ret = ask(&asking, SRVSVC_CONNECTIONS, what, share->name, NULL);
	}
	if (!ret && srvsvc_get_connections(&asking.reply, tmp, &list, &count) != 0)
		count = 0;
	ret = 0;
	share->users = count ? talloc_zero_array(share, char *, (unsigned)count) : NULL;
	if (count && !share->users)
		ret = error_memory(err);
	for (size_t i = 0; !ret && i < count; i++) {
		share->users[i] = *list[i].from
			? talloc_asprintf(share->users, _("%s from %s"), list[i].user, list[i].from)
			: talloc_strdup(share->users, list[i].user);
		share->user_count += share->users[i] != NULL;
		ret = share->users[i] ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

int remote_share_get(struct server *server, TALLOC_CTX *mem, const char *name, struct share **share,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	struct srvsvc_share *found;
	int ret = info(remote, mem, name, &found, err);

	*share = NULL;
	if (ret || !found)
		return ret;
	*share = talloc_zero(mem, struct share);
	if (!*share) {
		talloc_free(found);
		return error_memory(err);
	}
	(void)talloc_steal(*share, found);
	(*share)->name = found->name;
	(*share)->path = found->path;
	(*share)->remark = found->remark;
	(*share)->security = found->security;
	(*share)->security_len = found->security_len;
	ret = users_read(remote, *share, err);
	if (ret)
		TALLOC_FREE(*share);
	return ret;
}

/* ---- staging ---- */

static int change_fill(struct share_change *change, const struct share *after, struct error *err)
{
	const struct srvsvc_share *before = change->before;
	struct srvsvc_share *made = change->after = talloc_zero(change, struct srvsvc_share);
	const uint8_t *security = change->security || !before ? after->security : before->security;

	if (!made)
		return error_memory(err);
	made->name = talloc_strdup(made, before ? before->name : change->name);
	made->path = talloc_strdup(made, after->path);
	made->remark = talloc_strdup(made, after->remark ? after->remark : "");
	made->type = before ? before->type & ~(uint32_t)SHARE_MARKS : 0;
	made->max_users = before ? before->max_users : UINT32_MAX;
	made->security_len =
		change->security || !before ? after->security_len : before->security_len;
	made->security = security ? talloc_memdup(made, security, made->security_len) : NULL;
	return made->name && made->path && made->remark && (!security || made->security)
		? 0
		: error_memory(err);
}

/* ---- switching ---- */

static bool same_security(const struct srvsvc_share *a, const struct srvsvc_share *b)
{
	return !a->security == !b->security && a->security_len == b->security_len &&
		(!a->security || memcmp(a->security, b->security, a->security_len) == 0);
}

/* But for the descriptor. */
static bool same_rest(const struct srvsvc_share *a, const struct srvsvc_share *b)
{
	return strcmp(a->path, b->path) == 0 && strcmp(a->remark, b->remark) == 0 &&
		!((a->type ^ b->type) & ~(uint32_t)SHARE_MARKS) && a->max_users == b->max_users;
}

static bool same(const struct srvsvc_share *a, const struct srvsvc_share *b)
{
	if (!a || !b)
		return !a && !b;
	return same_rest(a, b) && same_security(a, b);
}

/* As same, for what was made without a descriptor and was not to have none: what the server gives
 * such a share is its own affair. */
static bool reached(const struct share_change *change, const struct srvsvc_share *now)
{
	const struct srvsvc_share *after = change->after;

	if (now && after && !after->security && !change->before)
		return same_rest(now, after);
	return same(now, after);
}

/* What is done next, by what is there. */
enum share_act { SHARE_ADD, SHARE_PROTECT, SHARE_REMOVE, SHARE_ACTS };

struct share_progress {
	bool began, reached, did[SHARE_ACTS];
	int breaks;
};

static enum share_act next_act(const struct share_change *change, const struct srvsvc_share *now)
{
	const struct srvsvc_share *after = change->after;

	if (!now)
		return SHARE_ADD;
	return after && after->security && same_rest(now, after) ? SHARE_PROTECT : SHARE_REMOVE;
}

static int add(struct remote *remote, TALLOC_CTX *tmp, const struct srvsvc_share *share,
	struct error *err)
{
	struct asking asking;
	int ret = asking_begin(&asking, remote, tmp, err);

	if (ret)
		return ret;
	srvsvc_put_share_add(&asking.request, asking.server, share);
	ret = ask(&asking, SRVSVC_SHARE_ADD, cannot_make, share->name, err);
	return ret ? ret
		   : remote_windows(err, srvsvc_get_share_add(&asking.reply), cannot_make,
			     share->name);
}

static int protect(struct remote *remote, TALLOC_CTX *tmp, const struct srvsvc_share *share,
	struct error *err)
{
	struct asking asking;
	int ret = asking_begin(&asking, remote, tmp, err);

	if (ret)
		return ret;
	srvsvc_put_share_security(&asking.request, asking.server, share->name, share->security,
		share->security_len);
	ret = ask(&asking, SRVSVC_SHARE_SET, cannot_protect, share->name, err);
	return ret ? ret
		   : remote_windows(err, srvsvc_get_share_security(&asking.reply), cannot_protect,
			     share->name);
}

static int take_away(struct remote *remote, TALLOC_CTX *tmp, const char *name, struct error *err)
{
	struct asking asking;
	uint32_t code;
	int ret = asking_begin(&asking, remote, tmp, err);

	if (ret)
		return ret;
	srvsvc_put_share_delete(&asking.request, asking.server, name);
	ret = ask(&asking, SRVSVC_SHARE_DELETE, cannot_remove, name, err);
	if (ret)
		return ret;
	code = ndr_get_result(&asking.reply);
	return no_share(code) ? 0 : remote_windows(err, code, cannot_remove, name);
}

static int act(const struct share_change *change, struct remote *remote, TALLOC_CTX *tmp,
	enum share_act what, struct error *err)
{
	switch (what) {
	case SHARE_ADD:
		return add(remote, tmp, change->after, err);
	case SHARE_PROTECT:
		return protect(remote, tmp, change->after, err);
	default:
		return take_away(remote, tmp, change->name, err);
	}
}

/* The new one could not be made, and the old one is gone: both is said. */
static int put_back(const struct share_change *change, struct remote *remote, TALLOC_CTX *tmp,
	struct error *err)
{
	struct srvsvc_share old = *change->before, *now = NULL;
	struct error why = *err, second;
	int ret;

	old.type &= ~(uint32_t)SHARE_MARKS;
	ret = add(remote, tmp, &old, &second);
	if (!ret)
		ret = info(remote, tmp, change->name, &now, &second);
	if (!ret && !same(now, change->before))
		ret = error_set(&second, TROUBLE_VERIFY,
			_("The server returns another share %s than the one that was put back."),
			change->name);
	return error_set(err, why.trouble,
		ret ? _("%s The old one was removed, and could not be put back: %s")
		    : _("%s The old one is back as it was.%s"),
		error_text(&why), ret ? error_text(&second) : "");
}

static int unexpected(const struct share_change *change, bool began, struct error *err)
{
	return began
		? error_set(err, TROUBLE_VERIFY,
			  _("The share %s was written, but the server returns something else."),
			  change->name)
		: error_set(err, TROUBLE_MOVED,
			  _("The share %s was changed by somebody else after the repair was prepared."),
			  change->name);
}

/* In the middle of it: the share may be the old one, gone, or the new one. */
static int broken(const struct share_change *change, struct error *err)
{
	struct error why = *err;

	return error_set(err, TROUBLE_UNREACHABLE,
		_("The connection broke while the share %s was written; whether it was is not known. %s"),
		change->name, error_text(&why));
}

/* Looks, and does one thing if there is one to do. */
static int share_step(const struct share_change *change, struct remote *remote, TALLOC_CTX *tmp,
	struct share_progress *progress, struct error *err)
{
	struct srvsvc_share *now;
	enum share_act what;
	int ret = info(remote, tmp, change->name, &now, err);

	if (ret)
		return progress->began && remote_broke(remote, ret) ? broken(change, err) : ret;
	progress->reached = reached(change, now) && (progress->began || same(now, change->before));
	if (progress->reached)
		return 0;
	what = next_act(change, now);
	/* In between there is none where one is replaced. */
	if (progress->did[what] ||
		(!same(now, change->before) && !(progress->began && !now && change->after)))
		return unexpected(change, progress->began, err);
	progress->began = true;
	ret = act(change, remote, tmp, what, err);
	progress->did[what] = !ret;
	if (remote_broke(remote, ret))
		return progress->breaks++ < BREAKS_LIMIT ? 0 : broken(change, err);
	return ret && what == SHARE_ADD && change->before ? put_back(change, remote, tmp, err)
							  : ret;
}

static int share_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	struct share_progress progress = { .reached = false };
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = 0;

	while (!ret && !progress.reached)
		ret = share_step(stage->share, stage->remote, tmp, &progress, err);
	*done = !ret;
	talloc_free(tmp);
	return ret;
}

/* ---- the member ---- */

/* Only who may write a share may read it at this level ([MS-SRVS] 3.1.4.10): so looking tells
 * whether one may. */
int remote_share_stage(struct server *server, TALLOC_CTX *mem, const char *name,
	const struct share *after, bool security, struct reg_stage **stage, struct error *err)
{
	struct share_change *change = NULL;
	int ret = regstage_begin(server, mem, stage, err);

	if (!ret) {
		(*stage)->share = change = talloc_zero(*stage, struct share_change);
		ret = change ? 0 : error_memory(err);
	}
	if (!ret) {
		(*stage)->make = share_switch;
		change->security = security;
		change->name = talloc_strdup(change, name);
		ret = change->name ? info((*stage)->remote, change, name, &change->before, err)
				   : error_memory(err);
	}
	if (!ret && after)
		ret = change_fill(change, after, err);
	if (ret)
		TALLOC_FREE(*stage);
	return ret;
}
