/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry's calls and the log's, byte by byte. */
#include "tests/rpc_samples.h"

#include "base/memory.h"
#include "base/text.h"
#include "nt/eventlog.h"
#include "nt/winreg.h"

/* "CODE" of what answers nothing more, "CODE HANDLE" of what opens. */
static char *get_result(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", ndr_get_result(reader));
}

static char *get_handle(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct ndr_handle key;
	const uint32_t code = winreg_get_handle(reader, &key);

	return talloc_asprintf(mem, "%u %s", code, text_hex(mem, key.bytes, sizeof key.bytes));
}

static void put_open_hklm(struct ndr_writer *writer)
{
	winreg_put_open_hklm(writer, WINREG_MAXIMUM);
}

static void put_open_key(struct ndr_writer *writer)
{
	winreg_put_open_key(writer, &rpc_handle, "SYSTEM\\Select", WINREG_READ);
}

static void put_close(struct ndr_writer *writer)
{
	ndr_put_handle(writer, &rpc_handle);
}

static void put_delete_value(struct ndr_writer *writer)
{
	winreg_put_delete_value(writer, &rpc_handle, "ab");
}

static void put_enum_key(struct ndr_writer *writer)
{
	winreg_put_enum_key(writer, &rpc_handle, 3, 10);
}

static char *get_enum_key(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	char *name;
	const uint32_t code = winreg_get_enum_key(reader, mem, &name);

	return talloc_asprintf(mem, "%u %s", code, code ? "-" : name);
}

static void put_enum_value(struct ndr_writer *writer)
{
	winreg_put_enum_value(writer, &rpc_handle, 0, 4, 8);
}

static char *get_enum_value(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct reg_value value;
	uint32_t needed;
	const uint32_t code = winreg_get_enum_value(reader, mem, &value, &needed);

	if (code)
		return talloc_asprintf(mem, "%u needs %u", code, needed);
	return talloc_asprintf(mem, "0 %s %u %s", value.name, value.data.type,
		text_hex(mem, value.data.bytes, value.data.len));
}

static void put_query_info(struct ndr_writer *writer)
{
	winreg_put_query_info(writer, &rpc_handle);
}

static char *get_query_info(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct winreg_info info;
	const uint32_t code = winreg_get_query_info(reader, &info);

	return talloc_asprintf(mem, "%u %u:%u %u:%u:%u %llx", code, info.subkeys,
		info.longest_subkey, info.values, info.longest_name, info.largest_value,
		(unsigned long long)info.written);
}

static void put_query_value(struct ndr_writer *writer)
{
	winreg_put_query_value(writer, &rpc_handle, "ImagePath", 16);
}

/* Room for what the next row's answer asks for. */
static void put_query_more(struct ndr_writer *writer)
{
	winreg_put_query_value(writer, &rpc_handle, "", 0);
}

static char *get_query_value(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct reg_data data;
	uint32_t needed;
	const uint32_t code = winreg_get_query_value(reader, mem, &data, &needed);

	if (code)
		return talloc_asprintf(mem, "%u needs %u", code, needed);
	return talloc_asprintf(mem, "0 %u %s", data.type, text_hex(mem, data.bytes, data.len));
}

static void put_set_dword(struct ndr_writer *writer)
{
	uint8_t bytes[] = { 3, 0, 0, 0 };

	winreg_put_set_value(writer, &rpc_handle, "Start",
		&(struct reg_data){ REG_DWORD, bytes, sizeof bytes });
}

static void put_set_odd(struct ndr_writer *writer)
{
	uint8_t bytes[] = { 0xaa, 0xbb, 0xcc };

	winreg_put_set_value(writer, &rpc_handle, "Ü",
		&(struct reg_data){ REG_BINARY, bytes, sizeof bytes });
}

static void put_set_empty(struct ndr_writer *writer)
{
	winreg_put_set_value(writer, &rpc_handle, "", &(struct reg_data){ REG_NONE, NULL, 0 });
}

static void put_flush(struct ndr_writer *writer)
{
	ndr_put_handle(writer, &rpc_handle);
}

/* A name or data in room for more, and of which pointer each part hangs. */
const struct rpc_sample rpc_winreg[] = {
	{ WINREG_OPEN_HKLM, put_open_hklm, "00000000 00000002", get_handle, RPC_HANDLE "00000000",
		"0 000000000102030405060708090a0b0c0d0e0f10", "", false },
	{ WINREG_OPEN_KEY, put_open_key,
		RPC_HANDLE "1c00 1c00 00000200 0e000000 00000000 0e000000 'SYSTEM\\Select' 0000 "
			   "00000000 19000200",
		get_handle, RPC_NO_HANDLE "02000000", "2 0000000000000000000000000000000000000000",
		"", false },
	{ WINREG_CLOSE, put_close, RPC_HANDLE, get_handle, RPC_NO_HANDLE "00000000",
		"0 0000000000000000000000000000000000000000", "", false },
	{ WINREG_DELETE_VALUE, put_delete_value,
		RPC_HANDLE "0600 0600 00000200 03000000 00000000 03000000 'ab' 0000", get_result,
		"05000000", "5", "result: WERR_ACCESS_DENIED", false },
	{ WINREG_ENUM_KEY, put_enum_key,
		RPC_HANDLE "03000000 0000 1600 00000200 0b000000 00000000 00000000 "
			   "04000200 0000 0000 00000000 08000200 00000000 00000000",
		get_enum_key,
		"1000 1600 00000200 0b000000 00000000 08000000 'Linkage' 0000 "
		"04000200 0000 0000 00000000 08000200 00002a5c 1b5bbd01 00000000",
		"0 Linkage", "name: 'Linkage'", false },
	{ WINREG_ENUM_KEY, put_enum_key,
		RPC_HANDLE "03000000 0000 1600 00000200 0b000000 00000000 00000000 "
			   "04000200 0000 0000 00000000 08000200 00000000 00000000",
		get_enum_key,
		"0000 1600 00000200 0b000000 00000000 00000000 "
		"04000200 0000 0000 00000000 08000200 00000000 00000000 03010000",
		"259 -", "result: WERR_NO_MORE_ITEMS", false },
	{ WINREG_ENUM_VALUE, put_enum_value,
		RPC_HANDLE "00000000 0000 0a00 00000200 05000000 00000000 00000000 "
			   "04000200 00000000 08000200 08000000 00000000 00000000 "
			   "0c000200 08000000 10000200 00000000",
		get_enum_value,
		"0a00 0a00 00000200 05000000 00000000 05000000 'Path' 0000 0000 04000200 01000000 "
		"08000200 06000000 00000000 06000000 'E:' 0000 0000 "
		"0c000200 06000000 10000200 06000000 00000000",
		"0 Path 1 45003a000000",
		"name: 'Path'|type: REG_SZ (1)|size: 0x00000006 (6)|length: 0x00000006 (6)", true },
	{ WINREG_QUERY_INFO, put_query_info, RPC_HANDLE "0000 0000 00000000", get_query_info,
		"0000 0000 00000000 03000000 10000000 00000000 02000000 18000000 00020000 "
		"64000000 00002a5c 1b5bbd01 00000000",
		"0 3:16 2:24:512 1bd5b1b5c2a0000",
		"num_subkeys: 0x00000003 (3)|max_subkeylen: 0x00000010 (16)|num_values: 0x00000002 (2)|"
		"max_valnamelen: 0x00000018 (24)|max_valbufsize: 0x00000200 (512)",
		false },
	{ WINREG_QUERY_VALUE, put_query_value,
		RPC_HANDLE "1400 1400 00000200 0a000000 00000000 0a000000 'ImagePath' 0000 "
			   "04000200 00000000 08000200 10000000 00000000 00000000 "
			   "0c000200 10000000 10000200 00000000",
		get_query_value,
		"00000200 02000000 04000200 10000000 00000000 05000000 4500 3a00 00 000000 "
		"08000200 10000000 0c000200 05000000 00000000",
		"0 2 45003a0000",
		"type: REG_EXPAND_SZ (2)|data_size: 0x00000010 (16)|data_length: 0x00000005 (5)",
		false },
	{ WINREG_QUERY_VALUE, put_query_more,
		RPC_HANDLE "0200 0200 00000200 01000000 00000000 01000000 0000 0000 "
			   "04000200 00000000 08000200 00000000 00000000 00000000 "
			   "0c000200 00000000 10000200 00000000",
		get_query_value,
		"00000200 01000000 04000200 2c000000 00000000 00000000 "
		"08000200 2c000000 0c000200 00000000 ea000000",
		"234 needs 44", "data_size: 0x0000002c (44)|result: WERR_MORE_DATA", false },
	{ WINREG_SET_VALUE, put_set_dword,
		RPC_HANDLE "0c00 0c00 00000200 06000000 00000000 06000000 'Start' 0000 "
			   "04000000 04000000 03000000 04000000",
		get_result, "00000000", "0", "result: WERR_OK", false },
	{ WINREG_SET_VALUE, put_set_odd,
		RPC_HANDLE "0400 0400 00000200 02000000 00000000 02000000 dc00 0000 "
			   "03000000 03000000 aabbcc 00 03000000",
		get_result, "00000000", "0", "", false },
	{ WINREG_SET_VALUE, put_set_empty,
		RPC_HANDLE "0200 0200 00000200 01000000 00000000 01000000 0000 0000 "
			   "00000000 00000000 00000000",
		get_result, "00000000", "0", "", false },
	{ WINREG_FLUSH, put_flush, RPC_HANDLE, get_result, "00000000", "0", "", false },
};
const size_t rpc_winreg_count = ARRAY_SIZE(rpc_winreg);

static void put_log_open(struct ndr_writer *writer)
{
	eventlog_put_open(writer, "Application");
}

static char *get_log_handle(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct ndr_handle log;
	const uint32_t code = eventlog_get_handle(reader, &log);

	return talloc_asprintf(mem, "%u %s", code, text_hex(mem, log.bytes, sizeof log.bytes));
}

static void put_log_close(struct ndr_writer *writer)
{
	eventlog_put_close(writer, &rpc_handle);
}

static char *get_log_close(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	return talloc_asprintf(mem, "%u", eventlog_get_close(reader));
}

static void put_log_number(struct ndr_writer *writer)
{
	eventlog_put_number(writer, &rpc_handle);
}

static char *get_log_number(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	uint32_t number;
	const uint32_t code = eventlog_get_number(reader, &number);

	return talloc_asprintf(mem, "%u %u", code, number);
}

static void put_log_read(struct ndr_writer *writer)
{
	eventlog_put_read(writer, &rpc_handle, EVENTLOG_SEQUENTIAL | EVENTLOG_FORWARDS, 0, 6);
}

static char *get_log_read(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	const uint8_t *records;
	size_t len;
	uint32_t needed;
	const uint32_t code = eventlog_get_read(reader, &records, &len, &needed);

	return talloc_asprintf(mem, "%u %s needs %u", code, text_hex(mem, records, len), needed);
}

const struct rpc_sample rpc_eventlog[] = {
	{ EVENTLOG_OPEN, put_log_open,
		"00000000 1600 1600 00000200 0b000000 00000000 0b000000 'Application' 0000 "
		"0000 0000 00000000 01000000 01000000",
		get_log_handle, RPC_HANDLE "00000000", "0 000000000102030405060708090a0b0c0d0e0f10",
		"", false },
	{ EVENTLOG_CLOSE, put_log_close, RPC_HANDLE, get_log_close, RPC_NO_HANDLE "00000000", "0",
		"", false },
	{ EVENTLOG_COUNT, put_log_number, RPC_HANDLE, get_log_number, "39300000 00000000",
		"0 12345", "number: 0x00003039 (12345)", false },
	{ EVENTLOG_OLDEST, put_log_number, RPC_HANDLE, get_log_number, "07000000 00000000", "0 7",
		"oldest_entry: 0x00000007 (7)", false },
	{ EVENTLOG_READ, put_log_read, RPC_HANDLE "05000000 00000000 06000000", get_log_read,
		"06000000 010203040506 0000 05000000 00000000 00000000", "0 0102030405 needs 0",
		"sent_size: 0x00000005 (5)|real_size: 0x00000000 (0)", false },
	{ EVENTLOG_READ, put_log_read, RPC_HANDLE "05000000 00000000 06000000", get_log_read,
		"06000000 000000000000 0000 00000000 80000000 230000c0", "3221225507  needs 128",
		"real_size: 0x00000080 (128)|result: NT_STATUS_BUFFER_TOO_SMALL", false },
};
const size_t rpc_eventlog_count = ARRAY_SIZE(rpc_eventlog);
