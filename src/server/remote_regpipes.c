/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pipes of the registry: opened all at once, each with a root key of its own, for a handle is
 * good on its pipe alone. */
#include "server/remote_registry.h"

#include "base/i18n.h"

static struct reg_pipe *pipe_of(struct remote_registry *registry, unsigned from, unsigned to,
	uint32_t number)
{
	for (unsigned i = from; i < to; i++)
		if (registry->pipes[i].number == number)
			return &registry->pipes[i];
	return NULL;
}

static int pipes_send(struct remote *remote, unsigned count, bool roots, struct error *err)
{
	struct remote_registry *registry = remote->registry;
	int ret = 0;

	for (unsigned i = registry->count; !ret && i < count; i++) {
		struct reg_pipe *pipe = &registry->pipes[i];
		TALLOC_CTX *tmp = talloc_new(NULL);
		struct frame_writer body;
		struct ndr_writer request;

		ndr_begin(&request, tmp);
		winreg_put_open_hklm(&request, WINREG_MAXIMUM);
		if (!roots)
			remote_pipe_body(&body, tmp, REMOTE_WINREG);
		else if (!remote_call_body(&body, tmp, pipe->pipe, WINREG_OPEN_HKLM, &request))
			ret = error_memory(err);
		if (!ret)
			ret = link_send(remote->link, roots ? FRAME_CALL : FRAME_PIPE, &body,
				&pipe->number, err);
		talloc_free(tmp);
	}
	return ret;
}

static int root_answered(struct remote *remote, const struct frame *answer, struct reg_pipe *pipe,
	struct error *err)
{
	static const char what[] = N_("The registry of %s cannot be opened");
	struct ndr_reader reply;
	uint32_t code;
	int ret = remote_call_answered(remote, answer, &reply, what, remote->spec.host, err);

	if (ret)
		return ret;
	code = winreg_get_handle(&reply, &pipe->root);
	return remote_windows(err, code, what, remote->spec.host);
}

/* All answers are taken, also where one of them is a refusal. */
static int pipes_receive(struct remote *remote, unsigned count, bool roots, struct error *err)
{
	struct remote_registry *registry = remote->registry;
	int first = 0;

	for (unsigned i = registry->count; i < count; i++) {
		TALLOC_CTX *tmp = talloc_new(NULL);
		struct reg_pipe *pipe;
		struct frame answer;
		int ret = link_receive(remote->link, tmp, &remote->spec, remote->doing, &answer,
			first ? NULL : err);

		if (ret) {
			talloc_free(tmp);
			return first ? first : ret;
		}
		pipe = pipe_of(registry, registry->count, count, answer.number);
		if (!pipe)
			ret = error_set(first ? NULL : err, TROUBLE_BUG,
				_("The helper's answer makes no sense."));
		else if (roots)
			ret = root_answered(remote, &answer, pipe, first ? NULL : err);
		else
			ret = remote_pipe_answered(remote, &answer, REMOTE_WINREG, &pipe->pipe,
				first ? NULL : err);
		first = first ? first : ret;
		talloc_free(tmp);
		if (!remote->link)
			break;
	}
	return first;
}

int regpipes_ready(struct remote *remote, unsigned count, struct error *err)
{
	struct remote_registry *registry = remote->registry;
	int ret = 0;

	if (!registry)
		registry = remote->registry = talloc_zero(remote, struct remote_registry);
	if (!registry)
		return error_memory(err);
	if (registry->session != remote->session) {
		registry->session = remote->session;
		registry->count = 0;
	}
	if (registry->count >= count)
		return 0;
	for (unsigned i = registry->count; i < count; i++)
		registry->pipes[i] = (struct reg_pipe){ .pipe = REMOTE_NO_PIPE };
	ret = pipes_send(remote, count, false, err);
	if (!ret)
		ret = pipes_receive(remote, count, false, err);
	if (!ret)
		ret = pipes_send(remote, count, true, err);
	if (!ret)
		ret = pipes_receive(remote, count, true, err);
	if (!ret)
		registry->count = count;
	else if (ret == -TROUBLE_MEMORY)
		remote_drop(remote); /* some of it may still be in flight */
	return ret;
}
