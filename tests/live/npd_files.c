/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The descriptors of files as Windows hands them out ([MS-SRVS] 3.1.4.16, 3.1.4.17), which
 * smbd does on other paths and does not take at all. They lie with the file, so that they go
 * with it when it is renamed. Orders: acl off (smbd answers), acl deaf (what is set is taken
 * and forgotten), acl on; security PATH DESCRIPTOR in hex. */
#include "npd.h"

#include <string.h>
#include <sys/xattr.h>

#include "base/text.h"

#define ATTRIBUTE "user.npd.security"

enum { SECURITY_LIMIT = 4096 };

/* What a file has that nobody gave one: Administrators own it, everyone has full control. */
static const uint8_t inherited[] = { 1, 0, 4, 0x80, 0x30, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0x14,
	0, 0, 0, 2, 0, 0x1c, 0, 1, 0, 0, 0, 0, 0, 0x14, 0, 0xff, 1, 0x1f, 0, 1, 1, 0, 0, 0, 0, 0, 1,
	0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 0x20, 0, 0, 0, 0x20, 2, 0, 0, 1, 1, 0, 0, 0, 0, 0, 5,
	0x12, 0, 0, 0 };
static bool off, deaf;

bool files_order(const char *dir, char *const *fields, size_t count)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	bool done = false;

	if (strcmp(fields[0], "acl") == 0 && count == 2) {
		off = strcmp(fields[1], "off") == 0;
		deaf = strcmp(fields[1], "deaf") == 0;
		done = true;
	} else if (strcmp(fields[0], "security") == 0 && count == 3) {
		size_t len = 0;
		const uint8_t *bytes = text_unhex(mem, fields[2], &len);
		const char *file = server_path(mem, dir, fields[1], false);

		done = bytes && file && setxattr(file, ATTRIBUTE, bytes, len, 0) == 0;
	}
	talloc_free(mem);
	return done;
}

/* A file below a share of a drive, "E$" and "\a\b", behind the server's name. */
static const char *file_get(struct talk *talk, struct ndr_reader *in, TALLOC_CTX *mem)
{
	const char *share, *file;

	if (ndr_get_pointer(in))
		ndr_get_string(in, mem);
	share = ndr_get_pointer(in) ? ndr_get_string(in, mem) : NULL;
	file = ndr_get_string(in, mem);
	ndr_get32(in);
	if (!share || !file)
		return NULL;
	return server_path(mem, talk->dir, talloc_asprintf(mem, "%c:%s", share[0], file), false);
}

static void security_put(struct ndr_writer *reply, const char *file)
{
	uint8_t bytes[SECURITY_LIMIT];
	ssize_t len = file ? getxattr(file, ATTRIBUTE, bytes, sizeof bytes) : 0;

	if (len <= 0) {
		memcpy(bytes, inherited, sizeof inherited);
		len = sizeof inherited;
	}
	ndr_put_pointer(reply, file);
	if (file) {
		ndr_put32(reply, (uint32_t)len);
		ndr_put_pointer(reply, true);
		ndr_put_array(reply, bytes, (size_t)len);
	}
	ndr_put32(reply, file ? 0 : NO_SUCH_FILE);
}

static uint32_t security_set(struct ndr_reader *in, const char *file)
{
	const uint8_t *bytes;
	size_t len = 0;

	ndr_get32(in);
	bytes = ndr_get_pointer(in) ? ndr_get_array(in, &len) : NULL;
	if (!file)
		return NO_SUCH_FILE;
	if (deaf)
		return 0;
	return bytes && setxattr(file, ATTRIBUTE, bytes, len, 0) == 0 ? 0 : DENIED;
}

bool files_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply)
{
	struct ndr_reader in;
	const char *file;

	if (off || (request->opnum != 39 && request->opnum != 40))
		return false;
	ndr_read(&in, request->stub, request->stub_len);
	file = file_get(talk, &in, reply->mem);
	if (request->opnum == 39)
		security_put(reply, file);
	else
		ndr_put32(reply, security_set(&in, file));
	return true;
}
