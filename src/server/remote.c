/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A running server: opened, recognised, locked. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"
#include "nt/srvsvc.h"
#include "server/remote_private.h"

enum { PATIENCE = 60 };

/* [MS-SRVS] 2.2.2.4: made by the server itself; and the kind without such marks. */
enum { SHARE_SPECIAL = 0x80000000, SHARE_KIND = 0xff };

/* ---- who it is ---- */

/* Where ADMIN$ leads; only administrators may ask. */
static int find_nt(struct remote *remote, TALLOC_CTX *tmp, struct error *err)
{
	char **folder = &remote->base.id.nt_folder;
	char *admin = NULL, *root = NULL;
	int ret = remote_share_path(remote, tmp, "ADMIN$", &admin, err);

	if (ret && ret != -TROUBLE_PERMISSION)
		return ret;
	*folder = ret || !admin ? NULL : path_normal(remote, admin);
	if (*folder)
		return 0;
	ret = server_reg_text(&remote->base, tmp, "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion",
		"SystemRoot", &root, err);
	if (ret)
		return ret;
	*folder = path_normal(remote, root);
	return *folder ? 0
		       : error_set(err, TROUBLE_NO_NT,
				 _("%s does not say in which folder Windows NT lies: "
				   "there is no share ADMIN$, and no SystemRoot in its registry."),
				 remote->spec.host);
}

/* ---- its drives ---- */

/* A drive's share is one that the server made itself, or that leads to the whole drive: anybody may
 * share a folder as E$. */
static int is_drive(struct remote *remote, TALLOC_CTX *tmp, const struct srvsvc_share *share,
	bool *drive, struct error *err)
{
	const char *name = share->name;
	bool named = ((name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z')) &&
		strcmp(name + 1, "$") == 0 && (share->type & SHARE_KIND) == 0;
	char *whole = NULL;
	int ret;

	*drive = named && (share->type & (uint32_t)SHARE_SPECIAL);
	if (!named || *drive)
		return 0;
	ret = remote_share_path(remote, tmp, name, &whole, err);
	if (ret == -TROUBLE_PERMISSION)
		return 0;
	*drive = !ret && whole && text_equal_n(whole, name, 1) &&
		(strcmp(whole + 1, ":\\") == 0 || strcmp(whole + 1, ":") == 0);
	return ret;
}

static int find_drives(struct remote *remote, TALLOC_CTX *tmp, struct error *err)
{
	bool there[26] = { false };
	struct srvsvc_share *shares;
	size_t count, at = 0;
	int ret = remote_share_list(remote, tmp, &shares, &count, err);

	for (size_t i = 0; !ret && i < count; i++) {
		bool drive;

		ret = is_drive(remote, tmp, &shares[i], &drive, err);
		if (!ret && drive)
			there[(shares[i].name[0] | 0x20) - 'a'] = true;
	}
	if (ret)
		return ret;
	remote->letters = talloc_zero_size(remote, sizeof there + 1);
	if (!remote->letters)
		return error_memory(err);
	for (size_t i = 0; i < sizeof there; i++)
		if (there[i])
			remote->letters[at++] = (char)('A' + i);
	return at
		? 0
		: error_advise(err,
			  error_set(err, TROUBLE_NOT_THERE,
				  _("%s shares none of its drives (C$, D$): its files cannot be reached."),
				  remote->spec.host),
			  _("The drives of a server are shared unless AutoShareServer is 0 in its registry. "
			    "Only an administrator may use them."));
}

/* ---- opening ---- */

static int remote_free(struct remote *remote)
{
	if (remote->spec.password)
		explicit_bzero((char *)remote->spec.password, strlen(remote->spec.password));
	file_shut(remote->lock);
	return 0;
}

static int spec_copy(struct remote *remote, const struct remote_spec *spec, struct error *err)
{
	remote->spec = *spec;
	remote->spec.host = talloc_strdup(remote, spec->host);
	remote->spec.user = talloc_strdup(remote, spec->user ? spec->user : "");
	remote->spec.password = talloc_strdup(remote, spec->password ? spec->password : "");
	if (!spec->patience)
		remote->spec.patience = PATIENCE;
	remote->base.waiting = spec->waiting;
	remote->base.waiting_arg = spec->waiting_arg;
	return remote->spec.host && remote->spec.user && remote->spec.password ? 0
									       : error_memory(err);
}

static int remote_look(struct remote *remote, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *set;
	int ret = remote_connected(remote, err);

	if (!ret)
		ret = remote_control_set(remote, tmp, &set, err);
	if (!ret)
		ret = server_identify(&remote->base, remote, set, &remote->base.id, err);
	if (!ret)
		ret = find_nt(remote, tmp, err);
	if (!ret)
		ret = find_drives(remote, tmp, err);
	talloc_free(tmp);
	return ret;
}

/* A name or an IPv4 address: the servers that this is for know no IPv6. */
static int host_check(const char *host, struct error *err)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";

	if (*host && *host != '-' && host[strspn(host, letters)] == '\0')
		return 0;
	return error_advise(err,
		error_set(err, TROUBLE_USAGE,
			_("%s is neither the name of a server nor an IPv4 address."), host),
		_("Write EXCH01 or 192.0.2.10, without \\\\ before it and without blanks. "
		  "Windows NT 4.0 and 2000 know no IPv6."));
}

int remote_open(TALLOC_CTX *mem, const struct remote_spec *spec, struct server **server,
	struct error *err)
{
	struct remote *remote = talloc_zero(mem, struct remote);
	int ret;

	if (!remote)
		return error_memory(err);
	ret = host_check(spec->host, err);
	remote->lock = -1;
	talloc_set_destructor(remote, remote_free);
	remote->base.ops = &remote_ops;
	remote->base.reach = N_("live");
	remote->base.caps = SERVER_WRITE | SERVER_SERVICES;
	if (!ret)
		ret = spec_copy(remote, spec, err);
	if (!ret)
		ret = remote_look(remote, err);
	if (ret) {
		talloc_free(remote);
		return ret;
	}
	remote->known = true;
	*server = &remote->base;
	return 0;
}

const char *remote_dialect(const struct server *server)
{
	return ((const struct remote *)server)->dialect;
}

/* ---- the lock ---- */

/*
 * A name in the kernel, for the server by its id: whoever works on it from this machine, under
 * which user and with which folder of runs, meets there; and it is gone with the process, so
 * nothing is left behind (unix(7), abstract).
 */
static void lock_name(const struct server_id *id, struct sockaddr_un *name)
{
	struct digest_state state;
	struct digest digest;
	char hex[65];

	digest_begin(&state);
	digest_add(&state, id->name, strlen(id->name) + 1);
	digest_add(&state, id->product_id, strlen(id->product_id) + 1);
	digest_add(&state, &id->install_date, sizeof id->install_date);
	digest = digest_end(&state);
	digest_text(&digest, hex);
	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	(void)snprintf(name->sun_path + 1, sizeof name->sun_path - 1, "msmcfix-%s", hex);
}

static int remote_lock(struct server *server, struct error *err)
{
	struct remote *remote = remote_of(server);
	struct sockaddr_un name;
	int fd, sys;

	if (remote->lock >= 0)
		return 0;
	lock_name(&server->id, &name);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 &&
		bind(fd, (struct sockaddr *)&name,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
				strlen(name.sun_path + 1))) == 0) {
		remote->lock = fd;
		return 0;
	}
	sys = errno;
	file_shut(fd);
	return sys == EADDRINUSE
		? error_set(err, TROUBLE_LOCKED, _("Another program is working on %s."),
			  server->id.name)
		: error_system(err, TROUBLE_IO, sys, _("%s cannot be locked"), server->id.name);
}

const struct server_ops remote_ops = {
	.drives = remote_drives,
	.file_stat = remote_stat,
	.list = remote_list,
	.short_name = remote_short_name,
	.identity = remote_identity,
	.drives_nested = remote_drives_nested,
	.stream_lost = remote_stream_lost,
	.room = remote_room,
	.volume_traits = remote_volume_traits,
	.file_open = remote_file_open,
	.file_read = remote_file_read,
	.stage = remote_stage,
	.stage_write = remote_stage_write,
	.stage_ready = remote_stage_ready,
	.stage_read = remote_stage_read,
	.stage_switch = remote_stage_switch,
	.mkdir = remote_mkdir,
	.remove = remote_remove,
	.rename = remote_rename,
	.set_time = remote_set_time,
	.sync = remote_sync,
	.sync_folder = remote_sync_folder,
	.reg_list = remote_reg_list,
	.reg_read = remote_reg_read,
	.reg_walk = remote_reg_walk,
	.hold = remote_hold,
	.release = remote_release,
	.reg_save = remote_reg_save,
	.reg_gate = remote_reg_gate,
	.reg_stage = remote_reg_stage,
	.reg_stage_whole = remote_reg_stage_whole,
	.reg_stage_note = remote_reg_stage_note,
	.reg_stage_files = remote_reg_stage_files,
	.reg_switch = remote_reg_switch,
	.share_get = remote_share_get,
	.share_stage = remote_share_stage,
	.service_list = remote_service_list,
	.service_set = remote_service_set,
	.events = remote_events,
	.mail_boxes = server_mail_boxes,
	.mail_send = server_mail_send,
	.mail_read = server_mail_read,
	.trial = remote_trial,
	.trial_clear = remote_trial_clear,
	.holds = remote_holds,
	.lock = remote_lock,
};
