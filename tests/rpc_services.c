/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of shares and of services, byte by byte. */
#include "tests/rpc_samples.h"

#include "base/memory.h"
#include "base/text.h"
#include "nt/srvsvc.h"
#include "nt/svcctl.h"

#define SERVER "\\\\S"
#define SERVER_ROW "00000200 04000000 00000000 04000000 '\\\\S' 0000 "
/* A share's name behind a pointer, and without one, with what aligns the next. */
#define M_ROW "03000000 00000000 03000000 'M$' 0000 0000 "
#define M_PATH_ROW "05000000 00000000 05000000 'E:\\m' 0000 0000 "
#define EMPTY_ROW "01000000 00000000 01000000 0000 0000 "

static uint8_t *descriptor(size_t *len)
{
	static uint8_t bytes[48];
	uint8_t *row = rpc_row(NULL, RPC_DESCRIPTOR, len);

	for (size_t i = 0; i < *len; i++)
		bytes[i] = row[i];
	talloc_free(row);
	return bytes;
}

static void put_share_info(struct ndr_writer *writer)
{
	srvsvc_put_share_info(writer, SERVER, "M$");
}

static char *get_share_info(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_share share;
	const uint32_t code = srvsvc_get_share_info(reader, mem, &share);

	if (code)
		return talloc_asprintf(mem, "%u", code);
	return talloc_asprintf(mem, "0 %s '%s' %s %u %u %s", share.name, share.remark, share.path,
		share.type, share.max_users,
		share.security ? text_hex(mem, share.security, share.security_len) : "none");
}

static void put_share_add(struct ndr_writer *writer)
{
	struct srvsvc_share share = { .name = (char[]){ "M$" },
		.remark = (char[]){ "" },
		.path = (char[]){ "E:\\m" },
		.max_users = UINT32_MAX };

	share.security = descriptor(&share.security_len);
	srvsvc_put_share_add(writer, SERVER, &share);
}

static void put_share_add_bare(struct ndr_writer *writer)
{
	srvsvc_put_share_add(writer, SERVER,
		&(struct srvsvc_share){ .name = (char[]){ "M$" },
			.remark = (char[]){ "" },
			.path = (char[]){ "E:\\m" },
			.max_users = 5 });
}

static char *get_share_add(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", srvsvc_get_share_add(reader));
}

static void put_share_security(struct ndr_writer *writer)
{
	size_t len;
	const uint8_t *bytes = descriptor(&len);

	srvsvc_put_share_security(writer, SERVER, "M$", bytes, len);
}

static char *get_share_security(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", srvsvc_get_share_security(reader));
}

static void put_share_delete(struct ndr_writer *writer)
{
	srvsvc_put_share_delete(writer, SERVER, "M$");
}

static char *get_share_delete(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", ndr_get_result(reader));
}

static void put_share_enum(struct ndr_writer *writer)
{
	srvsvc_put_share_enum(writer, SERVER);
}

static char *get_share_enum(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_share *shares;
	size_t count;
	const uint32_t code = srvsvc_get_share_enum(reader, mem, &shares, &count);
	char *text = talloc_asprintf(mem, "%u", code);

	for (size_t i = 0; code == 0 && i < count; i++)
		text = talloc_asprintf_append(text, " %s:%x:%s%s", shares[i].name, shares[i].type,
			shares[i].remark, shares[i].path ? "?" : "");
	return text;
}

static void put_connections(struct ndr_writer *writer)
{
	srvsvc_put_connections(writer, SERVER, "M$");
}

static char *get_connections(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_connection *list;
	size_t count;
	const uint32_t code = srvsvc_get_connections(reader, mem, &list, &count);
	char *text = talloc_asprintf(mem, "%u", code);

	for (size_t i = 0; code == 0 && i < count; i++)
		text = talloc_asprintf_append(text, " %s@%s:%u:%u", list[i].user, list[i].from,
			list[i].files, list[i].seconds);
	return text;
}

static void put_file_security_get(struct ndr_writer *writer)
{
	srvsvc_put_file_security_get(writer, SERVER, "M$", "\\a");
}

static char *get_file_security_get(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	uint8_t *security;
	size_t len;
	const uint32_t code = srvsvc_get_file_security_get(reader, mem, &security, &len);

	return talloc_asprintf(mem, "%u %s", code, text_hex(mem, security, len));
}

static void put_file_security_set(struct ndr_writer *writer)
{
	size_t len;
	const uint8_t *bytes = descriptor(&len);

	srvsvc_put_file_security_set(writer, SERVER, "M$", "\\a", bytes, len);
}

static char *get_file_security_set(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", ndr_get_result(reader));
}

#define DESCRIPTOR_HEX \
	"010004800000000000000000000000001400000002001c000100000000001400ff011f000101000000000001" \
	"00000000"

const struct rpc_sample rpc_srvsvc[] = {
	{ SRVSVC_SHARE_INFO, put_share_info, SERVER_ROW M_ROW "f6010000", get_share_info,
		"f6010000 00000200 04000200 00000000 08000200 00000000 ffffffff 00000000 0c000200 "
		"00000000 30000000 10000200 " M_ROW EMPTY_ROW M_PATH_ROW "30000000 " RPC_DESCRIPTOR
		"00000000",
		"0 M$ '' E:\\m 0 4294967295 " DESCRIPTOR_HEX,
		"name: 'M$'|path: 'E:\\m'|max_users: 0xffffffff (4294967295)|trustee: S-1-1-0|"
		"access_mask: 0x001f01ff (2032127)",
		false },
	{ SRVSVC_SHARE_INFO, put_share_info, SERVER_ROW M_ROW "f6010000", get_share_info,
		"f6010000 00000200 04000200 00000080 00000000 00000000 05000000 01000000 08000200 "
		"00000000 00000000 00000000 " M_ROW M_PATH_ROW "00000000",
		"0 M$ '' E:\\m 2147483648 5 none", "max_users: 0x00000005 (5)", false },
	{ SRVSVC_SHARE_INFO, put_share_info, SERVER_ROW M_ROW "f6010000", get_share_info,
		"f6010000 00000000 06090000", "2310", "", false },
	{ SRVSVC_SHARE_ADD, put_share_add,
		SERVER_ROW
		"f6010000 f6010000 04000200 08000200 00000000 0c000200 00000000 "
		"ffffffff 00000000 10000200 00000000 30000000 14000200 " M_ROW EMPTY_ROW M_PATH_ROW
		"30000000 " RPC_DESCRIPTOR "18000200 00000000",
		get_share_add, "00000200 00000000 46080000", "2118", "parm_error: 0x00000000 (0)",
		false },
	{ SRVSVC_SHARE_ADD, put_share_add_bare,
		SERVER_ROW
		"f6010000 f6010000 04000200 08000200 00000000 0c000200 00000000 "
		"05000000 00000000 10000200 00000000 00000000 00000000 " M_ROW EMPTY_ROW M_PATH_ROW
		"14000200 00000000",
		get_share_add, "00000000 00000000", "0", "result: WERR_OK", false },
	{ SRVSVC_SHARE_SET, put_share_security,
		SERVER_ROW M_ROW
		"dd050000 dd050000 04000200 30000000 08000200 30000000 " RPC_DESCRIPTOR
		"0c000200 00000000",
		get_share_security, "00000200 02000000 05000000", "5",
		"result: WERR_ACCESS_DENIED|parm_error: 0x00000002 (2)", false },
	{ SRVSVC_SHARE_DELETE, put_share_delete, SERVER_ROW M_ROW "00000000", get_share_delete,
		"06090000", "2310", "", false },
	{ SRVSVC_SHARE_ENUM, put_share_enum,
		SERVER_ROW "01000000 01000000 04000200 00000000 00000000 ffffffff 08000200 "
			   "00000000",
		get_share_enum,
		"01000000 01000000 00000200 02000000 04000200 02000000 "
		"08000200 00000000 0c000200 10000200 03000080 00000000 " M_ROW EMPTY_ROW M_ROW
		"02000000 14000200 00000000 00000000",
		"0 M$:0: M$:80000003:", "totalentries: 0x00000002 (2)|name: 'M$'", false },
	{ SRVSVC_SHARE_ENUM, put_share_enum,
		SERVER_ROW "01000000 01000000 04000200 00000000 00000000 ffffffff 08000200 "
			   "00000000",
		get_share_enum,
		"01000000 01000000 00000200 00000000 00000000 00000000 00000000 "
		"00000000",
		"0", "totalentries: 0x00000000 (0)", false },
	{ SRVSVC_CONNECTIONS, put_connections,
		SERVER_ROW "04000200 " M_ROW "01000000 01000000 08000200 00000000 00000000 "
			   "ffffffff 0c000200 00000000",
		get_connections,
		"01000000 01000000 00000200 01000000 04000200 01000000 "
		"07000000 00000000 02000000 01000000 3c000000 08000200 0c000200 "
		"03000000 00000000 03000000 'jo' 0000 0000 "
		"03000000 00000000 03000000 'WS' 0000 0000 "
		"01000000 00000000 00000000",
		"0 jo@WS:2:60",
		"num_open: 0x00000002 (2)|conn_time: 0x0000003c (60)|user: 'jo'|share: 'WS'",
		false },
	{ SRVSVC_FILE_SECURITY_GET, put_file_security_get,
		SERVER_ROW "04000200 " M_ROW "03000000 00000000 03000000 '\\a' 0000 0000 07000000",
		get_file_security_get,
		"00000200 30000000 04000200 30000000 " RPC_DESCRIPTOR "00000000",
		"0 " DESCRIPTOR_HEX, "trustee: S-1-1-0|access_mask: 0x001f01ff (2032127)", false },
	{ SRVSVC_FILE_SECURITY_GET, put_file_security_get,
		SERVER_ROW "04000200 " M_ROW "03000000 00000000 03000000 '\\a' 0000 0000 07000000",
		get_file_security_get, "00000000 05000000", "5 ", "result: WERR_ACCESS_DENIED",
		false },
	{ SRVSVC_FILE_SECURITY_SET, put_file_security_set,
		SERVER_ROW "04000200 " M_ROW "03000000 00000000 03000000 '\\a' 0000 0000 07000000 "
			   "30000000 08000200 30000000 " RPC_DESCRIPTOR,
		get_file_security_set, "05000000", "5", "result: WERR_ACCESS_DENIED", false },
};
const size_t rpc_srvsvc_count = ARRAY_SIZE(rpc_srvsvc);

static void put_open_manager(struct ndr_writer *writer)
{
	svcctl_put_open_manager(writer, SERVER, SVCCTL_MANAGER_READ);
}

static void put_open_service(struct ndr_writer *writer)
{
	svcctl_put_open_service(writer, &rpc_handle, "Dx", SVCCTL_SERVICE_USE);
}

static char *get_handle(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct ndr_handle handle;
	const uint32_t code = svcctl_get_handle(reader, &handle);

	return talloc_asprintf(mem, "%u %s", code,
		text_hex(mem, handle.bytes, sizeof handle.bytes));
}

static void put_close(struct ndr_writer *writer)
{
	ndr_put_handle(writer, &rpc_handle);
}

static void put_status(struct ndr_writer *writer)
{
	ndr_put_handle(writer, &rpc_handle);
}

static void put_stop(struct ndr_writer *writer)
{
	svcctl_put_control(writer, &rpc_handle, 1);
}

static char *status_text(TALLOC_CTX *mem, const struct svcctl_status *status)
{
	return talloc_asprintf(mem, "%x:%u:%u:%u:%u:%u:%u", status->type, status->state,
		status->accepts, status->exit_code, status->own_exit_code, status->check_point,
		status->wait_hint_ms);
}

static char *get_status(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_status status;
	const uint32_t code = svcctl_get_status(reader, &status);

	return talloc_asprintf(mem, "%u %s", code, status_text(mem, &status));
}

static void put_start(struct ndr_writer *writer)
{
	svcctl_put_start(writer, &rpc_handle);
}

static char *get_start(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", ndr_get_result(reader));
}

static void put_enum(struct ndr_writer *writer)
{
	svcctl_put_enum(writer, &rpc_handle, 0x38, 5);
}

static void put_dependents(struct ndr_writer *writer)
{
	svcctl_put_dependents(writer, &rpc_handle, 0x38);
}

static char *services_text(TALLOC_CTX *mem, const struct svcctl_service *services, size_t count)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < count; i++)
		text = talloc_asprintf_append(text, " %s(%s) %s", services[i].name,
			services[i].shown, status_text(mem, &services[i].status));
	return text;
}

static char *get_enum(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_service *services = NULL;
	size_t count = 0;
	uint32_t needed, resume;
	const uint32_t code = svcctl_get_enum(reader, mem, &services, &count, &needed, &resume);

	return talloc_asprintf(mem, "%u%s needs %u from %u", code,
		services_text(mem, services, count), needed, resume);
}

static char *get_dependents(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_service *services = NULL;
	size_t count = 0;
	uint32_t needed;
	const uint32_t code = svcctl_get_dependents(reader, mem, &services, &count, &needed);

	return talloc_asprintf(mem, "%u%s needs %u", code, services_text(mem, services, count),
		needed);
}

#define STATUS_ROW "10000000 03000000 05000000 2d040000 07000000 02000000 30750000 "
#define STATUS_TEXT "10:3:5:1069:7:2:30000"
/* One service in 0x38 bytes: its entry, its name at 0x24, what it is shown as at 0x2a. */
#define LIST_ROW "38000000 24000000 2a000000 " STATUS_ROW "'Dx' 0000 'Dirs' 0000 00000000 "

const struct rpc_sample rpc_svcctl[] = {
	{ SVCCTL_OPEN_MANAGER, put_open_manager, SERVER_ROW "00000000 05000000", get_handle,
		RPC_HANDLE "00000000", "0 000000000102030405060708090a0b0c0d0e0f10", "", false },
	{ SVCCTL_OPEN_SERVICE, put_open_service,
		RPC_HANDLE "03000000 00000000 03000000 'Dx' 0000 0000 3c000000", get_handle,
		RPC_NO_HANDLE "24040000", "1060 0000000000000000000000000000000000000000", "",
		false },
	{ SVCCTL_CLOSE, put_close, RPC_HANDLE, get_handle, RPC_NO_HANDLE "00000000",
		"0 0000000000000000000000000000000000000000", "", false },
	{ SVCCTL_STATUS, put_status, RPC_HANDLE, get_status, STATUS_ROW "00000000",
		"0 " STATUS_TEXT, "wait_hint: 0x00007530 (30000)", false },
	{ SVCCTL_CONTROL, put_stop, RPC_HANDLE "01000000", get_status, STATUS_ROW "1b040000",
		"1051 " STATUS_TEXT, "check_point: 0x00000002 (2)", false },
	{ SVCCTL_START, put_start, RPC_HANDLE "00000000 00000000", get_start, "20040000", "1056",
		"", false },
	{ SVCCTL_ENUM, put_enum, RPC_HANDLE "30000000 03000000 38000000 00000200 05000000",
		get_enum, LIST_ROW "00000000 01000000 00000200 00000000 00000000",
		"0 Dx(Dirs) " STATUS_TEXT " needs 0 from 0",
		"needed: 0x00000000 (0)|services_returned: 0x00000001 (1)", false },
	{ SVCCTL_ENUM, put_enum, RPC_HANDLE "30000000 03000000 38000000 00000200 05000000",
		get_enum, LIST_ROW "80000000 01000000 00000200 06000000 ea000000",
		"234 Dx(Dirs) " STATUS_TEXT " needs 128 from 6",
		"needed: 0x00000080 (128)|resume_handle: 0x00000006 (6)", false },
	{ SVCCTL_DEPENDENTS, put_dependents, RPC_HANDLE "01000000 38000000", get_dependents,
		LIST_ROW "00000000 01000000 00000000", "0 Dx(Dirs) " STATUS_TEXT " needs 0",
		"services_returned: 0x00000001 (1)", false },
};
const size_t rpc_svcctl_count = ARRAY_SIZE(rpc_svcctl);
