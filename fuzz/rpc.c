/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of the pipes, hostile as they may be: the first byte says of which call. And security
 * descriptors. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/descriptor.h"
#include "nt/eventlog.h"
#include "nt/srvsvc.h"
#include "nt/svcctl.h"
#include "nt/winreg.h"

static void must_text(TALLOC_CTX *mem, const char *text)
{
	size_t len;

	must(text && text_to_utf16(mem, text, &len), "a text of an answer is one");
}

static uint32_t get_enum_key(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	char *name;
	const uint32_t code = winreg_get_enum_key(reader, mem, &name);

	if (code == 0) {
		must_text(mem, name);
		must(*name && !strchr(name, '\\'), "a key has a name, and one alone");
	}
	return code;
}

static void must_data(const struct reg_data *data)
{
	uint8_t sum = 0;

	must(data->bytes && data->len <= WINREG_VALUE_LIMIT, "data have their bytes, not too many");
	for (size_t i = 0; i < data->len; i++)
		sum = (uint8_t)(sum + data->bytes[i]);
	(void)sum;
}

static uint32_t get_enum_value(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct reg_value value;
	uint32_t needed;
	const uint32_t code = winreg_get_enum_value(reader, mem, &value, &needed);

	if (code == 0) {
		must_text(mem, value.name);
		must_data(&value.data);
	}
	return code;
}

static uint32_t get_query_info(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct winreg_info info;

	(void)mem;
	return winreg_get_query_info(reader, &info);
}

static uint32_t get_query_value(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct reg_data data;
	uint32_t needed;
	const uint32_t code = winreg_get_query_value(reader, mem, &data, &needed);

	if (code == 0)
		must_data(&data);
	return code;
}

static uint32_t get_share_info(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_share share;
	const uint32_t code = srvsvc_get_share_info(reader, mem, &share);

	if (code == 0) {
		must_text(mem, share.name);
		must_text(mem, share.remark);
		must_text(mem, share.path);
		must(!share.security == !share.security_len, "a descriptor has bytes");
	}
	return code;
}

static uint32_t get_share_enum(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_share *shares;
	size_t count;
	const uint32_t code = srvsvc_get_share_enum(reader, mem, &shares, &count);

	for (size_t i = 0; code == 0 && i < count; i++) {
		must_text(mem, shares[i].name);
		must_text(mem, shares[i].remark);
	}
	return code;
}

static uint32_t get_connections(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct srvsvc_connection *list;
	size_t count;
	const uint32_t code = srvsvc_get_connections(reader, mem, &list, &count);

	for (size_t i = 0; code == 0 && i < count; i++) {
		must_text(mem, list[i].user);
		must_text(mem, list[i].from);
	}
	return code;
}

static uint32_t get_file_security(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	uint8_t *security;
	size_t len;
	const uint32_t code = srvsvc_get_file_security_get(reader, mem, &security, &len);

	must(code != 0 || (security && len), "a descriptor has bytes");
	return code;
}

static uint32_t get_status(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_status status;

	(void)mem;
	return svcctl_get_status(reader, &status);
}

static void must_services(TALLOC_CTX *mem, const struct svcctl_service *services, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		must_text(mem, services[i].name);
		must_text(mem, services[i].shown);
	}
}

static uint32_t get_enum(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_service *services = NULL;
	size_t count = 0;
	uint32_t needed, resume;
	const uint32_t code = svcctl_get_enum(reader, mem, &services, &count, &needed, &resume);

	must_services(mem, services, count);
	return code;
}

static uint32_t get_dependents(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct svcctl_service *services = NULL;
	size_t count = 0;
	uint32_t needed;
	const uint32_t code = svcctl_get_dependents(reader, mem, &services, &count, &needed);

	must_services(mem, services, count);
	return code;
}

static uint32_t get_number(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	uint32_t number;

	(void)mem;
	return eventlog_get_number(reader, &number);
}

static uint32_t get_records(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	const uint8_t *records;
	size_t len;
	uint32_t needed;
	const uint32_t code = eventlog_get_read(reader, &records, &len, &needed);

	must(talloc_memdup(mem, records, len) || !records, "records lie in the answer");
	return code;
}

static uint32_t get_handle(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	struct ndr_handle handle;

	(void)mem;
	return winreg_get_handle(reader, &handle);
}

static uint32_t get_share_add(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	(void)mem;
	return srvsvc_get_share_add(reader);
}

static uint32_t get_result(TALLOC_CTX *mem, struct ndr_reader *reader)
{
	(void)mem;
	return ndr_get_result(reader);
}

/* One of each shape; the calls left out answer as get_handle, get_share_add or get_result. */
static uint32_t (*const calls[])(TALLOC_CTX *mem, struct ndr_reader *reader) = {
	get_enum_key,
	get_enum_value,
	get_query_info,
	get_query_value,
	get_share_info,
	get_share_enum,
	get_connections,
	get_file_security,
	get_status,
	get_enum,
	get_dependents,
	get_number,
	get_records,
	get_handle,
	get_share_add,
	get_result,
};

int fuzz_rpc(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	const uint8_t call = feed_byte(&feed);
	struct ndr_reader reader;
	uint32_t code;

	ndr_read(&reader, feed.bytes, feed.left);
	code = calls[call % ARRAY_SIZE(calls)](mem, &reader);
	must(ndr_done(&reader) || code == NDR_BAD, "an answer is read to its end, or bad");
	must(talloc_total_size(mem) <= 64 * (len + 64), "no more is made than the bytes can hold");
	talloc_free(mem);
	return 0;
}

int fuzz_descriptor(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const bool ok = descriptor_ok(bytes, len);
	const char *text = descriptor_share_text(mem, bytes, len);

	must_show(text);
	must(ok || !bytes || !strcmp(text, "not a security descriptor"),
		"nothing is said of what is no descriptor");
	if (len > 0 && descriptor_ok(bytes, len - 1))
		must(ok, "what follows a descriptor does it no harm");
	talloc_free(mem);
	return 0;
}
