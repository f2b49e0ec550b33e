/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winreg and srvsvc as the played server answers them. */
#include "tests/fake_calls.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "nt/winreg.h"
#include "tests/fake_link.h"

enum { ROOT = 0xffff, NOT_FOUND = 2, DENIED = 5, MORE_DATA = 234, NO_MORE = 259 };

void fake_put_handle(struct ndr_writer *reply, uint32_t number)
{
	struct ndr_handle handle = { { 0 } };

	put32(handle.bytes + 4, number + 1);
	ndr_put_handle(reply, &handle);
}

uint32_t fake_get_handle(struct ndr_reader *request)
{
	struct ndr_handle handle;

	ndr_get_handle(request, &handle);
	return get32(handle.bytes + 4) - 1;
}

static char *get_counted(struct ndr_reader *request)
{
	size_t count = 0;
	const uint8_t *units;

	(void)ndr_get32(request);
	units = ndr_get_pointer(request) ? ndr_get_varying(request, 2, &count) : NULL;
	while (count && get16(units + 2 * (count - 1)) == 0)
		count--;
	return ndr_keep_text(request, fake.mem, units ? units : request->bytes, count);
}

/* ---- winreg ---- */

/* The nth key right below another. */
static const char *subkey(const struct fake_key *key, uint32_t index)
{
	size_t len = strlen(key->path);

	for (size_t i = 0; i < fake.key_count; i++) {
		const char *path = fake.keys[i].path;

		if (strlen(path) > len && path[len] == '\\' && text_equal_n(path, key->path, len) &&
			!strchr(path + len + 1, '\\') && index-- == 0)
			return path + len + 1;
	}
	return NULL;
}

static void open_key(struct ndr_reader *request, struct ndr_writer *reply)
{
	uint32_t root = fake_get_handle(request);
	char *path = get_counted(request);
	uint32_t access = (ndr_get32(request), ndr_get32(request));
	const struct fake_key *key = root == ROOT ? fake_key(path) : NULL;
	bool writes = access != WINREG_READ;
	uint32_t code = !key                                         ? NOT_FOUND
		: writes && fake.deny && text_equal(path, fake.deny) ? DENIED
								     : 0;

	fake.writing_opens += writes;
	fake_put_handle(reply, key ? (uint32_t)(key - fake.keys) : 0);
	ndr_put32(reply, code);
}

static void query_info(const struct fake_key *key, struct ndr_writer *reply)
{
	uint32_t subkeys = 0, largest = 0;

	while (subkey(key, subkeys))
		subkeys++;
	for (size_t i = 0; i < key->count; i++)
		if (key->values[i].data.len > largest)
			largest = (uint32_t)key->values[i].data.len;
	ndr_put_counted(reply, NULL, false);
	ndr_put32(reply, subkeys);
	ndr_put32(reply, 100);
	ndr_put32(reply, 0);
	ndr_put32(reply, fake.claim_values ? fake.claim_values : (uint32_t)key->count);
	ndr_put32(reply, 100);
	ndr_put32(reply, largest - fake.grows);
	ndr_put32(reply, 0);
	ndr_put32(reply, 0);
	ndr_put32(reply, 0);
	ndr_put32(reply, 0);
}

static void put_data(struct ndr_writer *reply, const struct reg_data *data, uint32_t code,
	uint32_t needed)
{
	uint32_t len = code ? 0 : (uint32_t)data->len;

	ndr_put_pointer(reply, true);
	ndr_put32(reply, data->type);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, len);
	ndr_put32(reply, 0);
	ndr_put32(reply, len);
	ndr_put_raw(reply, data->bytes, len);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, needed);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, len);
	ndr_put32(reply, code);
}

/* The room that was asked for, of winreg_put_enum_value. */
static uint32_t get_room(struct ndr_reader *request)
{
	size_t none;

	if (ndr_get_pointer(request))
		(void)ndr_get32(request);
	if (!ndr_get_pointer(request))
		return 0;
	none = ndr_get32(request);
	return (uint32_t)none;
}

static void enum_value(const struct fake_key *key, struct ndr_reader *request,
	struct ndr_writer *reply)
{
	static const struct reg_data none = { 0 };
	uint32_t index = ndr_get32(request), room;
	const struct reg_value *value = index < key->count ? &key->values[index] : NULL;
	uint32_t code;

	(void)get_counted(request);
	room = get_room(request);
	code = !value || fake.shrinks ? NO_MORE : value->data.len > room ? MORE_DATA : 0;
	fake.shrinks = false;
	if (value && fake.claim_needed)
		code = MORE_DATA;
	ndr_put_counted(reply, value ? value->name : "", true);
	put_data(reply, value ? &value->data : &none, code,
		fake.claim_needed ? fake.claim_needed
			: value   ? (uint32_t)value->data.len
				  : 0);
}

static void enum_key(const struct fake_key *key, struct ndr_reader *request,
	struct ndr_writer *reply)
{
	const char *name = subkey(key, ndr_get32(request));

	ndr_put_counted(reply, name ? name : "", true);
	ndr_put_pointer(reply, false);
	ndr_put_pointer(reply, false);
	ndr_put32(reply, name ? 0 : NO_MORE);
}

static void query_value(const struct fake_key *key, struct ndr_reader *request,
	struct ndr_writer *reply)
{
	static const struct reg_data none = { 0 };
	char *name = get_counted(request);
	const struct reg_data *data = fake_value(key->path, name);
	uint32_t room = get_room(request);

	put_data(reply, data ? data : &none,
		!data                      ? NOT_FOUND
			: data->len > room ? MORE_DATA
					   : 0,
		data ? (uint32_t)data->len : 0);
}

static void set_value(struct fake_key *key, struct ndr_reader *request, struct ndr_writer *reply)
{
	char *name = get_counted(request);
	struct reg_data data = { .type = ndr_get32(request) }, *old;
	const uint8_t *bytes = ndr_get_array(request, &data.len);

	fake.sets++;
	data.bytes = talloc_memdup(fake.mem, bytes, data.len);
	if (!fake_value(key->path, name))
		fake_put(key->path, name, REG_SZ, "");
	old = fake_value(key->path, name);
	*old = data;
	ndr_put32(reply, 0);
}

static void delete_value(struct fake_key *key, struct ndr_reader *request, struct ndr_writer *reply)
{
	char *name = get_counted(request);
	uint32_t code = NOT_FOUND;

	fake.sets++;
	for (size_t i = 0; i < key->count; i++)
		if (text_equal(key->values[i].name, name)) {
			key->values[i] = key->values[--key->count];
			code = 0;
		}
	ndr_put32(reply, code);
}

static void winreg(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply)
{
	struct fake_key *key;

	if (opnum == WINREG_OPEN_HKLM) {
		fake_put_handle(reply, ROOT);
		ndr_put32(reply, 0);
		return;
	}
	if (opnum == WINREG_OPEN_KEY) {
		open_key(request, reply);
		return;
	}
	key = &fake.keys[fake_get_handle(request) % FAKE_KEYS];
	if (opnum == WINREG_QUERY_INFO)
		query_info(key, reply);
	else if (opnum == WINREG_ENUM_VALUE)
		enum_value(key, request, reply);
	else if (opnum == WINREG_ENUM_KEY)
		enum_key(key, request, reply);
	else if (opnum == WINREG_QUERY_VALUE)
		query_value(key, request, reply);
	else if (opnum == WINREG_SET_VALUE)
		set_value(key, request, reply);
	else if (opnum == WINREG_DELETE_VALUE)
		delete_value(key, request, reply);
	else if (opnum == WINREG_CLOSE)
		fake_put_handle(reply, UINT32_MAX);
	if (opnum == WINREG_FLUSH || opnum == WINREG_CLOSE)
		ndr_put32(reply, 0);
}

/* ---- srvsvc ---- */

static void put_share(struct ndr_writer *reply, const struct srvsvc_share *share)
{
	ndr_put_pointer(reply, true);
	ndr_put32(reply, share->type);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, 0);
	ndr_put32(reply, share->max_users);
	ndr_put32(reply, 0);
	ndr_put_pointer(reply, true);
	ndr_put_pointer(reply, false);
	ndr_put32(reply, (uint32_t)share->security_len);
	ndr_put_pointer(reply, share->security);
	ndr_put_string(reply, share->name);
	ndr_put_string(reply, share->remark);
	ndr_put_string(reply, share->path);
	if (share->security)
		ndr_put_array(reply, share->security, share->security_len);
}

static void share_info(const struct srvsvc_share *share, struct ndr_writer *reply)
{
	ndr_put32(reply, 502);
	ndr_put_pointer(reply, share);
	if (share)
		put_share(reply, share);
	ndr_put32(reply, share ? 0 : 2310);
}

static void share_add(struct ndr_reader *request, struct ndr_writer *reply)
{
	struct srvsvc_share share;
	uint32_t code = fake.add_code;

	/* What is read of an answer stands in the request behind its level. */
	(void)ndr_get32(request);
	(void)srvsvc_get_share_info(request, fake.mem, &share);
	fake.add_code = 0;
	if (code == 0 && fake_share_find(share.name))
		code = 2118;
	if (code == 0)
		fake.shares[fake.share_count++] = share;
	ndr_put_pointer(reply, false);
	ndr_put32(reply, code);
}

static void share_protect(struct srvsvc_share *share, struct ndr_reader *request,
	struct ndr_writer *reply)
{
	size_t len;
	const uint8_t *bytes;

	for (int i = 0; i < 5; i++) /* level, level, pointer, length, pointer */
		(void)ndr_get32(request);
	bytes = ndr_get_array(request, &len);
	share->security = talloc_memdup(fake.mem, bytes, len);
	share->security_len = len;
	ndr_put_pointer(reply, false);
	ndr_put32(reply, 0);
}

static void share_enum(struct ndr_writer *reply)
{
	uint32_t count = (uint32_t)fake.share_count;

	ndr_put32(reply, 1);
	ndr_put32(reply, 1);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, count);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, count);
	for (uint32_t i = 0; i < count; i++) {
		ndr_put_pointer(reply, true);
		ndr_put32(reply, fake.shares[i].type);
		ndr_put_pointer(reply, true);
	}
	for (uint32_t i = 0; i < count; i++) {
		ndr_put_string(reply, fake.shares[i].name);
		ndr_put_string(reply, fake.shares[i].remark);
	}
	ndr_put32(reply, count);
	ndr_put_pointer(reply, false);
	ndr_put32(reply, 0);
}

static void srvsvc(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply)
{
	struct srvsvc_share *share = NULL;

	if (ndr_get_pointer(request))
		(void)ndr_get_string(request, fake.mem);
	if (opnum == SRVSVC_SHARE_INFO || opnum == SRVSVC_SHARE_SET || opnum == SRVSVC_SHARE_DELETE)
		share = fake_share_find(ndr_get_string(request, fake.mem));
	if (opnum == SRVSVC_SHARE_INFO) {
		share_info(share, reply);
	} else if (opnum == SRVSVC_SHARE_ADD) {
		share_add(request, reply);
	} else if (opnum == SRVSVC_SHARE_ENUM) {
		share_enum(reply);
	} else if (opnum == SRVSVC_SHARE_SET && share) {
		share_protect(share, request, reply);
	} else if (opnum == SRVSVC_SHARE_DELETE) {
		if (share)
			*share = fake.shares[--fake.share_count];
		ndr_put32(reply, share ? 0 : 2310);
	}
	if (opnum == SRVSVC_FILE_SECURITY_GET) {
		ndr_put_pointer(reply, false);
		ndr_put32(reply, 50); /* ERROR_NOT_SUPPORTED */
	}
	/* Nothing else is known: an answer without a word. */
}

void fake_call(const char *pipe, uint32_t opnum, struct ndr_reader *request,
	struct ndr_writer *reply)
{
	if (strcmp(pipe, "winreg") == 0)
		winreg(opnum, request, reply);
	else if (strcmp(pipe, "srvsvc") == 0)
		srvsvc(opnum, request, reply);
	else if (strcmp(pipe, "eventlog") == 0)
		fake_eventlog(opnum, request, reply);
	else
		fake_svcctl(opnum, request, reply);
}
