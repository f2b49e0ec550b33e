/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connecting, and one call of a pipe: what every member of the remote backend stands on. */
#include "server/remote_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

struct remote *remote_of(struct server *server)
{
	return (struct remote *)server;
}

const char *remote_doing(struct remote *remote, const char *format, ...)
{
	va_list args;

	talloc_free(remote->doing);
	va_start(args, format);
	remote->doing = talloc_vasprintf(remote, format, args);
	va_end(args);
	return remote->doing ? remote->doing : "";
}

void remote_drop(struct remote *remote)
{
	TALLOC_FREE(remote->link);
}

bool remote_broke(const struct remote *remote, int ret)
{
	return ret == -TROUBLE_UNREACHABLE && (!remote->link || link_broken(remote->link));
}

/* ---- connecting ---- */

/* "DOM\admin" is two; "admin" and "admin@dom" go as they are, without a domain. */
static int connect_body(struct remote *remote, TALLOC_CTX *mem, struct frame_writer *body)
{
	const struct remote_spec *spec = &remote->spec;
	const char *slash = strchr(spec->user, '\\');
	char *domain = talloc_strndup(mem, spec->user, slash ? (size_t)(slash - spec->user) : 0);

	if (!domain)
		return -TROUBLE_MEMORY;
	frame_begin(body, mem);
	frame_put_text(body, spec->host);
	frame_put32(body, spec->port);
	frame_put_text(body, domain);
	frame_put_text(body, slash ? slash + 1 : spec->user);
	frame_put_text(body, spec->password);
	frame_put32(body, spec->nt4 ? FRAME_NT4 : FRAME_MODERN);
	frame_put32(body, spec->patience);
	return 0;
}

static int connect_answered(struct remote *remote, const struct frame *answer, struct error *err)
{
	struct frame_reader reader;
	char *spoken;
	uint32_t is_signed;
	/* A server that says anything of its own was reached. */
	bool reached = answer->status == FRAME_NTSTATUS && !remote_lost(answer);
	int ret = remote_failed(err, answer,
		reached ? N_("Logging on to %s failed") : N_("The server %s cannot be reached"),
		remote->spec.host);

	if (ret)
		return ret;
	frame_read(&reader, answer);
	spoken = frame_get_text(&reader, remote);
	is_signed = frame_get32(&reader);
	if (!spoken || !frame_done(&reader)) {
		talloc_free(spoken);
		return error_set(err, TROUBLE_BUG, _("The helper's answer makes no sense."));
	}
	talloc_free(remote->dialect);
	remote->dialect = talloc_asprintf(remote, "%s%s", spoken, is_signed ? _(", signed") : "");
	talloc_free(spoken);
	return remote->dialect ? 0 : error_memory(err);
}

static int connect_now(struct remote *remote, TALLOC_CTX *tmp, struct error *err)
{
	struct frame_writer body;
	struct frame answer;
	int ret = link_start(remote, &remote->link, err);

	if (ret)
		return ret;
	if (connect_body(remote, tmp, &body))
		return error_memory(err);
	ret = link_ask(remote->link, tmp, &remote->spec,
		remote_doing(remote, _("Connecting to %s"), remote->spec.host), FRAME_CONNECT,
		&body, &answer, err);
	if (!ret)
		ret = connect_answered(remote, &answer, err);
	return ret;
}

int remote_control_set(struct remote *remote, TALLOC_CTX *mem, char **set, struct error *err)
{
	uint32_t number;
	bool found;
	int ret =
		server_reg_dword(&remote->base, "SYSTEM\\Select", "Default", &number, &found, err);

	if (ret)
		return ret;
	if (!found || number < 1 || number > 999)
		return error_set(err, TROUBLE_HIVE_NO_SELECT,
			_("The registry of %s does not say which control set the server starts with."),
			remote->spec.host);
	*set = talloc_asprintf(mem, "SYSTEM\\ControlSet%03u", (unsigned)number);
	return *set ? 0 : error_memory(err);
}

/* Another may have taken its name or its address meanwhile. */
static int recognise(struct remote *remote, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server_id now = { 0 };
	char *set;
	int ret;

	/* Should it break again meanwhile, this is not asked again inside of itself. */
	remote->known = false;
	ret = remote_control_set(remote, tmp, &set, err);

	if (!ret)
		ret = server_identify(&remote->base, tmp, set, &now, err);
	if (!ret && !server_id_same(&now, &remote->base.id))
		ret = error_set(err, TROUBLE_OTHER_SERVER,
			_("Another server answers as %s now: it was %s, and is %s."),
			remote->spec.host, remote->base.id.name, now.name);
	remote->known = true;
	talloc_free(tmp);
	return ret;
}

int remote_connected(struct remote *remote, struct error *err)
{
	TALLOC_CTX *tmp;
	int ret;

	remote->spec.waiting = remote->base.waiting;
	remote->spec.waiting_arg = remote->base.waiting_arg;
	if (remote->link && !link_broken(remote->link))
		return 0;
	remote_drop(remote);
	tmp = talloc_new(NULL);
	ret = connect_now(remote, tmp, err);
	talloc_free(tmp);
	remote->session++;
	remote->srvsvc = 0;
	remote->svcctl = remote->eventlog = REMOTE_NO_PIPE;
	TALLOC_FREE(remote->log);
	if (!ret && remote->known)
		ret = recognise(remote, err);
	if (ret)
		remote_drop(remote);
	return ret;
}

/* ---- pipes ---- */

static const char *const pipe_names[REMOTE_PIPE_NAMES] = {
	[REMOTE_SRVSVC] = "srvsvc",
	[REMOTE_WINREG] = "winreg",
	[REMOTE_SVCCTL] = "svcctl",
	[REMOTE_EVENTLOG] = "eventlog",
};

void remote_pipe_body(struct frame_writer *body, TALLOC_CTX *mem, enum remote_pipe_name name)
{
	frame_begin(body, mem);
	frame_put_text(body, pipe_names[name]);
}

int remote_pipe_answered(struct remote *remote, const struct frame *answer,
	enum remote_pipe_name name, uint32_t *pipe, struct error *err)
{
	struct frame_reader reader;
	int ret;

	if (answer->status != FRAME_DONE) {
		ret = remote_pipe_failed(err, answer, name, remote->spec.host);
		if (remote_lost(answer))
			remote_drop(remote);
		return ret;
	}
	frame_read(&reader, answer);
	*pipe = frame_get32(&reader);
	return frame_done(&reader)
		? 0
		: error_set(err, TROUBLE_BUG, _("The helper's answer makes no sense."));
}

int remote_pipe(struct remote *remote, enum remote_pipe_name name, uint32_t *pipe,
	struct error *err)
{
	uint32_t *kept = name == REMOTE_SRVSVC ? &remote->srvsvc
		: name == REMOTE_EVENTLOG      ? &remote->eventlog
					       : &remote->svcctl;
	TALLOC_CTX *tmp;
	struct frame_writer body;
	struct frame answer;
	int ret = 0;

	if (*kept == REMOTE_NO_PIPE) {
		tmp = talloc_new(NULL);
		remote_pipe_body(&body, tmp, name);
		ret = link_ask(remote->link, tmp, &remote->spec, remote->doing, FRAME_PIPE, &body,
			&answer, err);
		if (!ret)
			ret = remote_pipe_answered(remote, &answer, name, kept, err);
		talloc_free(tmp);
	}
	*pipe = *kept;
	return ret;
}

/* ---- calls ---- */

bool remote_call_body(struct frame_writer *body, TALLOC_CTX *mem, uint32_t pipe, uint16_t opnum,
	struct ndr_writer *request)
{
	size_t len;
	const uint8_t *bytes = ndr_bytes(request, &len);

	if (!bytes)
		return false;
	frame_begin(body, mem);
	frame_put32(body, pipe);
	frame_put32(body, opnum);
	frame_put_bytes(body, bytes, len);
	return true;
}

int remote_call_answered(struct remote *remote, const struct frame *answer,
	struct ndr_reader *reply, const char *what, const char *on, struct error *err)
{
	struct frame_reader reader;
	const uint8_t *bytes;
	size_t len;
	int ret = remote_failed(err, answer, what, on);

	if (ret) {
		if (remote_lost(answer))
			remote_drop(remote);
		return ret;
	}
	frame_read(&reader, answer);
	bytes = frame_get_bytes(&reader, &len);
	if (!frame_done(&reader))
		return error_set(err, TROUBLE_BUG, _("The helper's answer makes no sense."));
	ndr_read(reply, bytes, len);
	return 0;
}

int remote_call(struct remote *remote, TALLOC_CTX *mem, uint32_t pipe, uint16_t opnum,
	struct ndr_writer *request, struct ndr_reader *reply, const char *what, const char *on,
	struct error *err)
{
	struct frame_writer body;
	struct frame answer;
	int ret;

	if (!remote_call_body(&body, mem, pipe, opnum, request))
		return error_memory(err);
	ret = link_ask(remote->link, mem, &remote->spec, remote->doing, FRAME_CALL, &body, &answer,
		err);
	return ret ? ret : remote_call_answered(remote, &answer, reply, what, on, err);
}
