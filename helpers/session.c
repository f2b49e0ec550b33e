/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One SMB session with any number of pipes; calls run on all of them at once. */
#include <stdio.h>
#include <string.h>
/* Samba's headers want these first. */
#include <stdint.h>
#include <core/ntstatus.h>
#include <util/data_blob.h>
#include <credentials.h>
#include <dcerpc.h>
#include <ndr.h>
#include <param.h>

#include "base/memory.h"
#include "helpers/smb.h"

enum { PIPES = 64, SECONDS_MOST = 3600 };

struct pipe {
	struct dcerpc_pipe *rpc;
	bool busy;
};

struct session {
	struct loadparm_context *options;
	struct cli_credentials *who;
	unsigned seconds;
	char address[64];
	const char *flag; /* of a binding: "smb1", "smb2" */
	struct pipe pipes[PIPES];
	uint32_t count;
};

/* A call that waits for its answer. */
struct call {
	struct helper *helper;
	struct pipe *pipe;
	struct frame request;
};

/* The interfaces that a pipe may be asked for ([MS-RRP], [MS-SCMR], [MS-SRVS], [MS-EVEN] 1.9). */
static const struct ndr_interface_table tables[] = {
	{ .name = "srvsvc",
		.syntax_id = { { 0x4b324fc8, 0x1670, 0x01d3, { 0x12, 0x78 },
				       { 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88 } },
			3 } },
	{ .name = "winreg",
		.syntax_id = { { 0x338cd001, 0x2244, 0x31f1, { 0xaa, 0xaa },
				       { 0x90, 0x00, 0x38, 0x00, 0x10, 0x03 } },
			1 } },
	{ .name = "svcctl",
		.syntax_id = { { 0x367abb81, 0x9844, 0x35f1, { 0xad, 0x32 },
				       { 0x98, 0xf0, 0x38, 0x00, 0x10, 0x03 } },
			2 } },
	{ .name = "eventlog",
		.syntax_id = { { 0x82273fdc, 0xe32a, 0x18c3, { 0x3f, 0x78 },
				       { 0x82, 0x79, 0x29, 0xdc, 0x23, 0xea } },
			0 } },
};

static const struct ndr_interface_table *table_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}

static void answer_status(struct helper *helper, const struct frame *request, NTSTATUS status)
{
	talk_answer(helper, request, FRAME_NTSTATUS, NT_STATUS_V(status), NULL);
}

static char *binding_of(TALLOC_CTX *mem, const struct session *session, const char *pipe)
{
	return talloc_asprintf(mem, "ncacn_np:%s[\\pipe\\%s,%s]", session->address, pipe,
		session->flag);
}

/* What FRAME_CONNECT says. */
struct login {
	char *host, *domain, *user, *password;
	uint32_t port, dialect, seconds;
};

static bool login_read(TALLOC_CTX *mem, struct frame_reader *body, struct login *login)
{
	login->host = frame_get_text(body, mem);
	login->port = frame_get32(body);
	login->domain = frame_get_text(body, mem);
	login->user = frame_get_text(body, mem);
	login->password = frame_get_text(body, mem);
	login->dialect = frame_get32(body);
	login->seconds = frame_get32(body);
	return login->host && login->domain && login->user && login->password && frame_done(body) &&
		*login->host && *login->user && login->port <= UINT16_MAX &&
		login->dialect <= FRAME_NT4 && login->seconds >= 1 &&
		login->seconds <= SECONDS_MOST;
}

static bool session_options(struct session *session, const struct login *login, unsigned port)
{
	char ports[32];
	bool ok = true;

	snprintf(ports, sizeof ports, "smb ports=%u", port);
	session->options = loadparm_init(session);
	if (!session->options || !lpcfg_set_option(session->options, ports))
		return false;
	for (const char *const *option = options_of(login->dialect); *option && ok; option++)
		ok = lpcfg_set_option(session->options, *option);
	return ok;
}

static bool session_who(struct session *session, const struct login *login)
{
	struct cli_credentials *who = cli_credentials_init(session);

	session->who = who;
	return who && cli_credentials_set_conf(who, session->options) &&
		cli_credentials_set_username(who, login->user, CRED_SPECIFIED) &&
		cli_credentials_set_domain(who, login->domain, CRED_SPECIFIED) &&
		cli_credentials_set_password(who, login->password, CRED_SPECIFIED) &&
		cli_credentials_set_kerberos_state(who, CRED_USE_KERBEROS_DISABLED, CRED_SPECIFIED);
}

static NTSTATUS session_open(struct helper *helper, struct session *session,
	const struct login *login, const struct reach *reach)
{
	char *binding;
	NTSTATUS status;

	session->seconds = login->seconds;
	session->flag = login->dialect == FRAME_NT4 ? "smb1" : "smb2";
	snprintf(session->address, sizeof session->address, "%s", reach->address);
	binding = binding_of(session, session, tables[0].name);
	if (!binding || !session_options(session, login, reach->port) ||
		!session_who(session, login))
		return NT_STATUS_NO_MEMORY;
	status = dcerpc_init();
	if (NT_STATUS_IS_OK(status))
		status = dcerpc_pipe_connect(session, &session->pipes[0].rpc, binding, &tables[0],
			session->who, helper->events, session->options);
	if (!NT_STATUS_IS_OK(status))
		return status;
	session->count = 1;
	dcerpc_binding_handle_set_timeout(session->pipes[0].rpc->binding_handle, session->seconds);
	return status;
}

static int files_ready(struct helper *helper, const struct login *login, const struct reach *reach)
{
	const struct files_login files = { .address = reach->address,
		.domain = login->domain,
		.user = login->user,
		.password = login->password,
		.port = reach->port,
		.seconds = login->seconds,
		.dialect = login->dialect };

	return files_start(helper, &files);
}

static void answer_connected(struct helper *helper, const struct frame *request,
	const struct login *login, const struct reach *reach)
{
	struct frame_writer answer;

	frame_begin(&answer, helper);
	frame_put_text(&answer, reach->dialect);
	frame_put32(&answer, login->dialect == FRAME_MODERN || reach->insists);
	talk_answer(helper, request, FRAME_DONE, 0, &answer);
}

static void connect_as(struct helper *helper, const struct frame *request,
	const struct login *login)
{
	struct session *session = talloc_zero(helper, struct session);
	struct reach reach = { 0 };
	NTSTATUS status = NT_STATUS_OK;
	int sys = session
		? reach_server(login->host, login->port, login->dialect, login->seconds, &reach)
		: ENOMEM;

	if (sys == 0)
		status = session_open(helper, session, login, &reach);
	if (sys == 0 && NT_STATUS_IS_OK(status))
		sys = files_ready(helper, login, &reach);
	if (sys == 0 && NT_STATUS_IS_OK(status)) {
		helper->session = session;
		answer_connected(helper, request, login, &reach);
		return;
	}
	talloc_free(session);
	if (sys != 0)
		talk_errno(helper, request, sys);
	else
		answer_status(helper, request, status);
}

void session_connect(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	TALLOC_CTX *tmp = talloc_new(helper);
	struct login login = { 0 };

	if (helper->session)
		talk_refuse(helper, request, "there is a session");
	else if (!login_read(tmp, body, &login))
		talk_refuse(helper, request, "no login");
	else
		connect_as(helper, request, &login);
	if (login.password)
		explicit_bzero(login.password, strlen(login.password));
	talloc_free(tmp);
}

static NTSTATUS pipe_open(struct session *session, const struct ndr_interface_table *table,
	struct pipe *pipe)
{
	struct dcerpc_binding *binding = NULL;
	char *text = binding_of(session, session, table->name);
	NTSTATUS status =
		text ? dcerpc_parse_binding(session, text, &binding) : NT_STATUS_NO_MEMORY;

	if (NT_STATUS_IS_OK(status))
		status = dcerpc_secondary_connection_recv(
			dcerpc_secondary_connection_send(session->pipes[0].rpc, binding),
			&pipe->rpc);
	if (NT_STATUS_IS_OK(status))
		status = dcerpc_bind_auth_none(pipe->rpc, table);
	if (NT_STATUS_IS_OK(status))
		dcerpc_binding_handle_set_timeout(pipe->rpc->binding_handle, session->seconds);
	else
		TALLOC_FREE(pipe->rpc);
	/* The pipe goes on using its binding. */
	talloc_free(text);
	return status;
}

void session_pipe(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	struct session *session = helper->session;
	char *name = frame_get_text(body, helper);
	const struct ndr_interface_table *table = name && frame_done(body) ? table_of(name) : NULL;
	struct frame_writer answer;
	NTSTATUS status;

	talloc_free(name);
	if (!session || !table || session->count == PIPES) {
		talk_refuse(helper, request, "no such pipe, or too many");
		return;
	}
	status = pipe_open(session, table, &session->pipes[session->count]);
	if (!NT_STATUS_IS_OK(status)) {
		answer_status(helper, request, status);
		return;
	}
	frame_begin(&answer, helper);
	frame_put32(&answer, session->count++);
	talk_answer(helper, request, FRAME_DONE, 0, &answer);
}

static void call_done(struct tevent_req *req)
{
	struct call *call = tevent_req_callback_data_void(req);
	struct helper *helper = call->helper;
	struct frame_writer answer;
	uint8_t *reply = NULL;
	size_t len = 0;
	uint32_t flags, fault;
	NTSTATUS status = dcerpc_binding_handle_raw_call_recv(req, call, &reply, &len, &flags);

	call->pipe->busy = false;
	fault = call->pipe->rpc->last_fault_code;
	if (NT_STATUS_IS_OK(status)) {
		frame_begin(&answer, helper);
		frame_put_bytes(&answer, reply, len);
		talk_answer(helper, &call->request, FRAME_DONE, 0, &answer);
	} else if (fault != 0) {
		talk_answer(helper, &call->request, FRAME_FAULT, fault, NULL);
	} else {
		answer_status(helper, &call->request, status);
	}
	talloc_free(call);
}

static bool call_send(struct call *call, uint32_t opnum, const uint8_t *bytes, size_t len)
{
	struct dcerpc_pipe *rpc = call->pipe->rpc;
	uint8_t *copy = memory_array(call, 1, len);
	struct tevent_req *req;

	if (!copy)
		return false;
	memcpy(copy, bytes, len);
	rpc->last_fault_code = 0;
	req = dcerpc_binding_handle_raw_call_send(call, call->helper->events, rpc->binding_handle,
		NULL, opnum, 0, copy, len);
	if (!req)
		return false;
	tevent_req_set_callback(req, call_done, call);
	return true;
}

void session_call(struct helper *helper, const struct frame *request, struct frame_reader *body)
{
	struct session *session = helper->session;
	uint32_t number = frame_get32(body), opnum = frame_get32(body);
	size_t len;
	const uint8_t *bytes = frame_get_bytes(body, &len);
	struct call *call;

	if (!session || !frame_done(body) || number >= session->count || opnum > UINT16_MAX ||
		session->pipes[number].busy) {
		talk_refuse(helper, request, "no such call, or the pipe is busy");
		return;
	}
	call = talloc_zero(session, struct call);
	if (call) {
		*call = (struct call){ .helper = helper,
			.pipe = &session->pipes[number],
			.request = *request };
		call->request.body = NULL;
	}
	if (!call || !call_send(call, opnum, bytes, len)) {
		talloc_free(call);
		answer_status(helper, request, NT_STATUS_NO_MEMORY);
		return;
	}
	call->pipe->busy = true;
}
