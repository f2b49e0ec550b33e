/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Server Service as Windows plays it ([MS-SRVS] 2.2.4, 3.1.4): shares with drive letters,
 * remarks and descriptors, and who is connected. Orders:
 *   share NAME PATH REMARK [DESCRIPTOR in hex]    unshare NAME    connection SHARE USER COMPUTER */
#include "npd.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { SHARES_LIMIT = 100 };

struct share {
	char *name, *path, *remark;
	uint32_t type;
	uint8_t *security;
	size_t len;
};

struct connection {
	char *share, *user, *computer;
};

static struct share shares[SHARES_LIMIT];
static struct connection connections[SHARES_LIMIT];
static size_t share_count, connection_count;

static struct share *share_find(const char *name)
{
	for (size_t i = 0; name && i < share_count; i++) {
		if (strcasecmp(name, shares[i].name) == 0)
			return &shares[i];
	}
	return NULL;
}

static void share_remove(struct share *share)
{
	TALLOC_CTX *owner = share->name;

	*share = shares[--share_count];
	talloc_free(owner);
}

static void security_set(struct share *share, const uint8_t *security, size_t len)
{
	share->security = security ? talloc_memdup(share->name, security, len) : NULL;
	share->len = security ? len : 0;
}

void shares_add(const char *name, const char *path, const char *remark, uint32_t type,
	const uint8_t *security, size_t len)
{
	struct share *share = share_find(name);

	if (share)
		share_remove(share);
	if (share_count == SHARES_LIMIT)
		return;
	share = &shares[share_count++];
	share->name = talloc_strdup(NULL, name);
	share->path = talloc_strdup(share->name, path);
	share->remark = talloc_strdup(share->name, remark);
	share->type = type;
	security_set(share, security, len);
}

bool shares_order(char *const *fields, size_t count)
{
	struct share *share = count > 1 ? share_find(fields[1]) : NULL;
	size_t len = 0;

	if (strcmp(fields[0], "share") == 0 && count >= 4) {
		uint8_t *bytes = count > 4 ? text_unhex(NULL, fields[4], &len) : NULL;

		shares_add(fields[1], fields[2], fields[3], 0, bytes, len);
		talloc_free(bytes);
	} else if (strcmp(fields[0], "unshare") == 0 && share) {
		share_remove(share);
	} else if (strcmp(fields[0], "connection") == 0 && count >= 4 &&
		connection_count < SHARES_LIMIT) {
		struct connection *to = &connections[connection_count++];

		to->share = talloc_strdup(NULL, fields[1]);
		to->user = talloc_strdup(to->share, fields[2]);
		to->computer = talloc_strdup(to->share, fields[3]);
	} else {
		return false;
	}
	return true;
}

/* SHARE_INFO_0, 1, 2 and 502, first what has its place, then what pointers lead to. */
static void share_put(struct ndr_writer *reply, const struct share *share, uint32_t level)
{
	ndr_put_pointer(reply, true);
	if (level >= 1) {
		ndr_put32(reply, share->type);
		ndr_put_pointer(reply, true);
	}
	if (level >= 2) {
		ndr_put32(reply, 0);
		ndr_put32(reply, UINT32_MAX);
		ndr_put32(reply, 0);
		ndr_put_pointer(reply, true);
		ndr_put_pointer(reply, false);
	}
	if (level == 502) {
		ndr_put32(reply, (uint32_t)share->len);
		ndr_put_pointer(reply, share->security);
	}
}

static void share_put_ends(struct ndr_writer *reply, const struct share *share, uint32_t level)
{
	ndr_put_string(reply, share->name);
	if (level >= 1)
		ndr_put_string(reply, share->remark);
	if (level >= 2)
		ndr_put_string(reply, share->path);
	if (level == 502 && share->security)
		ndr_put_array(reply, share->security, share->len);
}

static bool level_known(uint32_t level)
{
	return level <= 2 || level == 502;
}

/* A share as a request has it: level, the same again, a pointer, the structure. */
static bool share_get(struct ndr_reader *in, TALLOC_CTX *mem, uint32_t level, struct share *share)
{
	bool remark, path, word, security = false;

	*share = (struct share){ .remark = talloc_strdup(mem, ""), .path = talloc_strdup(mem, "") };
	if (ndr_get32(in) != level || (level != 2 && level != 502) || !ndr_get_pointer(in) ||
		!ndr_get_pointer(in))
		return false;
	share->type = ndr_get32(in);
	remark = ndr_get_pointer(in);
	ndr_get32(in);
	ndr_get32(in);
	ndr_get32(in);
	path = ndr_get_pointer(in);
	word = ndr_get_pointer(in);
	if (level == 502) {
		share->len = ndr_get32(in);
		security = ndr_get_pointer(in);
	}
	share->name = ndr_get_string(in, mem);
	share->remark = remark ? ndr_get_string(in, mem) : share->remark;
	share->path = path ? ndr_get_string(in, mem) : share->path;
	if (word)
		ndr_get_string(in, mem);
	if (security)
		share->security = talloc_memdup(mem, ndr_get_array(in, &share->len), share->len);
	return !in->bad;
}

static uint32_t share_add(struct talk *talk, struct ndr_reader *in, TALLOC_CTX *mem)
{
	const uint32_t level = ndr_get32(in);
	struct share wanted;

	if (!share_get(in, mem, level, &wanted))
		return BAD_LEVEL;
	if (share_find(wanted.name))
		return SHARE_THERE;
	if (!server_path(mem, talk->dir, wanted.path, false))
		return NO_SUCH_DEVICE;
	shares_add(wanted.name, wanted.path, wanted.remark, wanted.type, wanted.security,
		wanted.len);
	return 0;
}

/* 1501: the descriptor. 502: that and the remark. */
static uint32_t share_set(struct ndr_reader *in, TALLOC_CTX *mem)
{
	char *name = ndr_get_string(in, mem);
	const uint32_t level = ndr_get32(in);
	struct share *share = share_find(name), wanted;
	const uint8_t *security;
	size_t len;

	if (!share)
		return NO_SUCH_SHARE;
	if (level == 1501) {
		if (ndr_get32(in) != level || !ndr_get_pointer(in))
			return BAD_LEVEL;
		ndr_get32(in);
		security = ndr_get_pointer(in) ? ndr_get_array(in, &len) : NULL;
		if (!security)
			return BAD_LEVEL;
		security_set(share, security, len);
		return 0;
	}
	if (!share_get(in, mem, level, &wanted))
		return BAD_LEVEL;
	share->remark = talloc_strdup(share->name, wanted.remark);
	if (wanted.security)
		security_set(share, wanted.security, wanted.len);
	return 0;
}

static void share_info(struct ndr_reader *in, TALLOC_CTX *mem, struct ndr_writer *reply)
{
	const struct share *share = share_find(ndr_get_string(in, mem));
	const uint32_t level = ndr_get32(in);
	const bool good = share && level_known(level);

	ndr_put32(reply, level);
	ndr_put_pointer(reply, good);
	if (good) {
		share_put(reply, share, level);
		share_put_ends(reply, share, level);
	}
	ndr_put32(reply, good ? 0 : share ? BAD_LEVEL : NO_SUCH_SHARE);
}

static void shares_list(struct ndr_reader *in, struct ndr_writer *reply)
{
	const uint32_t level = ndr_get32(in);

	ndr_put32(reply, level);
	ndr_put32(reply, level);
	ndr_put_pointer(reply, level_known(level));
	if (level_known(level)) {
		ndr_put32(reply, (uint32_t)share_count);
		ndr_put_pointer(reply, true);
		ndr_put32(reply, (uint32_t)share_count);
		for (size_t i = 0; i < share_count; i++)
			share_put(reply, &shares[i], level);
		for (size_t i = 0; i < share_count; i++)
			share_put_ends(reply, &shares[i], level);
	}
	ndr_put32(reply, (uint32_t)share_count);
	ndr_put_pointer(reply, false);
	ndr_put32(reply, level_known(level) ? 0 : BAD_LEVEL);
}

/* CONNECTION_INFO_1 of a share. */
static void connections_list(struct ndr_reader *in, TALLOC_CTX *mem, struct ndr_writer *reply)
{
	const char *name = ndr_get_pointer(in) ? ndr_get_string(in, mem) : NULL;
	const struct share *share = share_find(name);
	uint32_t count = 0;

	for (size_t i = 0; share && i < connection_count; i++)
		count += strcasecmp(connections[i].share, name) == 0;
	ndr_put32(reply, 1);
	ndr_put32(reply, 1);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, count);
	ndr_put_pointer(reply, count);
	if (count)
		ndr_put32(reply, count);
	for (uint32_t i = 0; i < count; i++) {
		const uint32_t fixed[] = { i + 1, 0, 2, 1, 300 };

		for (size_t k = 0; k < sizeof fixed / sizeof fixed[0]; k++)
			ndr_put32(reply, fixed[k]);
		ndr_put_pointer(reply, true);
		ndr_put_pointer(reply, true);
	}
	for (size_t i = 0; share && i < connection_count; i++) {
		if (strcasecmp(connections[i].share, name) == 0) {
			ndr_put_string(reply, connections[i].user);
			ndr_put_string(reply, connections[i].computer);
		}
	}
	ndr_put32(reply, count);
	ndr_put_pointer(reply, false);
	ndr_put32(reply, share ? 0 : NO_SUCH_SHARE);
}

/* Behind the server's name, with which all of them begin. */
static void begin(struct ndr_reader *in, TALLOC_CTX *mem, const struct message *request)
{
	ndr_read(in, request->stub, request->stub_len);
	if (ndr_get_pointer(in))
		ndr_get_string(in, mem);
}

bool shares_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply)
{
	TALLOC_CTX *mem = reply->mem;
	struct ndr_reader in;
	struct share *gone;
	uint32_t code;

	begin(&in, mem, request);
	switch (request->opnum) {
	case 8:
		connections_list(&in, mem, reply);
		return true;
	case 15:
	case 36:
		shares_list(&in, reply);
		return true;
	case 16:
		share_info(&in, mem, reply);
		return true;
	case 14:
	case 17:
		code = request->opnum == 14 ? share_add(talk, &in, mem) : share_set(&in, mem);
		/* The parameter in error: none. */
		ndr_put_pointer(reply, false);
		ndr_put32(reply, code);
		return true;
	case 18:
		gone = share_find(ndr_get_string(&in, mem));
		if (gone)
			share_remove(gone);
		ndr_put32(reply, gone ? 0 : NO_SUCH_SHARE);
		return true;
	default:
		return files_answer(talk, request, reply);
	}
}

char *shares_subject(TALLOC_CTX *mem, const struct message *request)
{
	struct share wanted = { .name = NULL };
	struct ndr_reader in;

	begin(&in, mem, request);
	switch (request->opnum) {
	case 8:
	case 39:
	case 40:
		return ndr_get_pointer(&in) ? ndr_get_string(&in, mem) : NULL;
	case 14:
		share_get(&in, mem, ndr_get32(&in), &wanted);
		return wanted.name;
	case 16:
	case 17:
	case 18:
		return ndr_get_string(&in, mem);
	default:
		return NULL;
	}
}
