/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/srvsvc.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"

/* What is asked for of a file: owner, group and access list ([MS-DTYP] 2.4.7). */
enum { OWNER_GROUP_DACL = 7 };

/* Every call begins with the server, most with a name behind it. */
static void put_names(struct ndr_writer *writer, const char *server, const char *name)
{
	ndr_put_string_pointer(writer, server);
	ndr_put_string(writer, name);
}

/* A structure of that level: the level, as the choice of a union again, a pointer. */
static void put_level(struct ndr_writer *writer, uint32_t level)
{
	ndr_put32(writer, level);
	ndr_put32(writer, level);
	ndr_put_pointer(writer, true);
}

/* Which field of a structure was wrong, should it be asked. */
static void put_field_asked(struct ndr_writer *writer)
{
	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
}

static uint32_t get_field_and_result(struct ndr_reader *reader)
{
	if (ndr_get_pointer(reader))
		(void)ndr_get32(reader);
	return ndr_get_result(reader);
}

/* A string where there is one, else "". */
static char *get_text(struct ndr_reader *reader, TALLOC_CTX *mem, bool there)
{
	return there ? ndr_get_string(reader, mem) : ndr_keep_text(reader, mem, reader->bytes, 0);
}

/* len bytes behind a pointer, whose array says the same length; NULL for none. */
static uint8_t *get_security(struct ndr_reader *reader, TALLOC_CTX *mem, bool there, size_t len)
{
	size_t found = 0;
	const uint8_t *bytes = there ? ndr_get_array(reader, &found) : NULL;
	uint8_t *copy;

	if (!there || !bytes || found != len) {
		reader->bad |= there;
		return NULL;
	}
	if (len == 0)
		return NULL;
	copy = memory_array(mem, 1, len);
	reader->no_memory |= !copy;
	return copy ? memcpy(copy, bytes, len) : NULL;
}

void srvsvc_put_share_info(struct ndr_writer *writer, const char *server, const char *name)
{
	put_names(writer, server, name);
	ndr_put32(writer, 502);
}

/* SHARE_INFO_502, what is in it and then what it points to. */
static void get_share_502(struct ndr_reader *reader, TALLOC_CTX *mem, struct srvsvc_share *share)
{
	const bool name = ndr_get_pointer(reader);
	bool remark, path, password, security;

	share->type = ndr_get32(reader);
	remark = ndr_get_pointer(reader);
	(void)ndr_get32(reader); /* permissions, of a server with share-level security */
	share->max_users = ndr_get32(reader);
	(void)ndr_get32(reader); /* how many use it now */
	path = ndr_get_pointer(reader);
	password = ndr_get_pointer(reader);
	share->security_len = ndr_get32(reader);
	security = ndr_get_pointer(reader);
	reader->bad |= !name;
	share->name = get_text(reader, mem, name);
	share->remark = get_text(reader, mem, remark);
	share->path = get_text(reader, mem, path);
	if (password)
		talloc_free(ndr_get_string(reader, mem));
	share->security = get_security(reader, mem, security, share->security_len);
	if (!share->security)
		share->security_len = 0;
}

uint32_t srvsvc_get_share_info(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_share *share)
{
	const bool known = ndr_get32(reader) == 502, there = ndr_get_pointer(reader);
	uint32_t code;

	*share = (struct srvsvc_share){ 0 };
	reader->bad |= !known;
	if (there)
		get_share_502(reader, mem, share);
	code = ndr_get_result(reader);
	return code == 0 && !there ? ndr_refuse(reader) : code;
}

void srvsvc_put_share_add(struct ndr_writer *writer, const char *server,
	const struct srvsvc_share *share)
{
	ndr_put_string_pointer(writer, server);
	put_level(writer, 502);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, share->type);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
	ndr_put32(writer, share->max_users);
	ndr_put32(writer, 0);
	ndr_put_pointer(writer, true);
	ndr_put_pointer(writer, false);
	ndr_put32(writer, share->security ? (uint32_t)share->security_len : 0);
	ndr_put_pointer(writer, share->security);
	ndr_put_string(writer, share->name);
	ndr_put_string(writer, share->remark);
	ndr_put_string(writer, share->path);
	if (share->security)
		ndr_put_array(writer, share->security, share->security_len);
	put_field_asked(writer);
}

uint32_t srvsvc_get_share_add(struct ndr_reader *reader)
{
	return get_field_and_result(reader);
}

void srvsvc_put_share_security(struct ndr_writer *writer, const char *server, const char *name,
	const uint8_t *security, size_t len)
{
	put_names(writer, server, name);
	put_level(writer, 1501);
	ndr_put32(writer, (uint32_t)len);
	ndr_put_pointer(writer, true);
	ndr_put_array(writer, security, len);
	put_field_asked(writer);
}

uint32_t srvsvc_get_share_security(struct ndr_reader *reader)
{
	return get_field_and_result(reader);
}

void srvsvc_put_share_delete(struct ndr_writer *writer, const char *server, const char *name)
{
	put_names(writer, server, name);
	ndr_put32(writer, 0);
}

/* Asks for a list of level 1 from its beginning: an empty one, as much as there is, where to begin.
 */
static void put_list(struct ndr_writer *writer)
{
	put_level(writer, 1);
	ndr_put32(writer, 0);
	ndr_put_pointer(writer, false);
	ndr_put32(writer, UINT32_MAX);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
}

/* The fixed parts of a list's entries, where they lie; what they point to comes next. NULL for an
 * empty list. */
static const uint8_t *get_list(struct ndr_reader *reader, size_t each, size_t *count)
{
	const uint32_t level = ndr_get32(reader), choice = ndr_get32(reader);
	const bool there = ndr_get_pointer(reader);
	const uint32_t entries = there ? ndr_get32(reader) : 0;
	const bool any = there && ndr_get_pointer(reader);

	*count = 0;
	if (level != 1 || choice != 1 || (any ? ndr_get32(reader) : 0) != entries ||
		entries > (reader->len - reader->at) / each) {
		reader->bad = true;
		return NULL;
	}
	*count = entries;
	return entries ? ndr_get_raw(reader, entries * each) : NULL;
}

/* How many there are in all, where to go on, and the result. */
static uint32_t get_list_end(struct ndr_reader *reader)
{
	(void)ndr_get32(reader);
	return get_field_and_result(reader);
}

void srvsvc_put_share_enum(struct ndr_writer *writer, const char *server)
{
	ndr_put_string_pointer(writer, server);
	put_list(writer);
}

uint32_t srvsvc_get_share_enum(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_share **shares, size_t *count)
{
	enum { EACH = 12 }; /* SHARE_INFO_1 ([MS-SRVS] 2.2.4.23) */
	const uint8_t *at = get_list(reader, EACH, count);
	struct srvsvc_share *list = memory_array_zero(mem, sizeof *list, *count);

	*shares = list;
	reader->no_memory |= !list;
	for (size_t i = 0; list && !reader->bad && i < *count; i++, at += EACH) {
		reader->bad |= get32(at) == 0;
		list[i].type = get32(at + 4);
		list[i].name = get_text(reader, list, get32(at) != 0);
		list[i].remark = get_text(reader, list, get32(at + 8) != 0);
	}
	return get_list_end(reader);
}

void srvsvc_put_connections(struct ndr_writer *writer, const char *server, const char *share)
{
	ndr_put_string_pointer(writer, server);
	ndr_put_string_pointer(writer, share);
	put_list(writer);
}

uint32_t srvsvc_get_connections(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct srvsvc_connection **list, size_t *count)
{
	enum { EACH = 28 }; /* CONNECTION_INFO_1 ([MS-SRVS] 2.2.4.2) */
	const uint8_t *at = get_list(reader, EACH, count);
	struct srvsvc_connection *made = memory_array_zero(mem, sizeof *made, *count);

	*list = made;
	reader->no_memory |= !made;
	for (size_t i = 0; made && !reader->bad && i < *count; i++, at += EACH) {
		made[i].files = get32(at + 8);
		made[i].seconds = get32(at + 16);
		made[i].user = get_text(reader, made, get32(at + 20) != 0);
		made[i].from = get_text(reader, made, get32(at + 24) != 0);
	}
	return get_list_end(reader);
}

void srvsvc_put_file_security_get(struct ndr_writer *writer, const char *server, const char *share,
	const char *file)
{
	ndr_put_string_pointer(writer, server);
	ndr_put_string_pointer(writer, share);
	ndr_put_string(writer, file);
	ndr_put32(writer, OWNER_GROUP_DACL);
}

uint32_t srvsvc_get_file_security_get(struct ndr_reader *reader, TALLOC_CTX *mem,
	uint8_t **security, size_t *len)
{
	const bool there = ndr_get_pointer(reader);
	uint32_t code;
	bool any;

	*len = there ? ndr_get32(reader) : 0;
	any = there && ndr_get_pointer(reader);
	*security = get_security(reader, mem, any, *len);
	code = ndr_get_result(reader);
	if (!*security)
		*len = 0;
	return code == 0 && !*security ? ndr_refuse(reader) : code;
}

void srvsvc_put_file_security_set(struct ndr_writer *writer, const char *server, const char *share,
	const char *file, const uint8_t *security, size_t len)
{
	ndr_put_string_pointer(writer, server);
	ndr_put_string_pointer(writer, share);
	ndr_put_string(writer, file);
	ndr_put32(writer, OWNER_GROUP_DACL);
	ndr_put32(writer, (uint32_t)len);
	ndr_put_pointer(writer, true);
	ndr_put_array(writer, security, len);
}
