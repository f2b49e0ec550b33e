/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry is smbd's own; here its calls are only understood, so that orders can name a key or
 * a value, and where smbd cannot play Windows they are changed on their way. Orders:
 *   save on|off       SaveKey writes the file (smbd: 161 always)
 *   million KEY       that key has a million values */
#include "npd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"

enum { SET_VALUE = 2, CREATE_SUBKEY = 4, MAXIMUM = 0x02000000, MILLION = 1000000 };

/* smbd makes this one up; the lab imports the real one with an X in place of the last n. */
static const char made_up[] = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

struct opened {
	uint8_t handle[20];
	char *path;
	uint32_t values;
	struct opened *next;
};

static bool saves;
static char *million;

bool registry_order(char *const *fields, size_t count)
{
	if (strcmp(fields[0], "save") == 0 && count == 2) {
		saves = strcmp(fields[1], "on") == 0;
	} else if (strcmp(fields[0], "million") == 0 && count == 2) {
		talloc_free(million);
		million = talloc_strdup(NULL, fields[1]);
	} else {
		return false;
	}
	return true;
}

static struct opened *opened_find(struct talk *talk, const struct message *request)
{
	struct opened *key = talk->opened;

	while (key && (request->stub_len < 20 || memcmp(key->handle, request->stub, 20) != 0))
		key = key->next;
	return key;
}

/* A winreg_String: two lengths, then what its pointer leads to. */
static char *text_get(struct ndr_reader *in, TALLOC_CTX *mem)
{
	size_t count;
	const uint8_t *units;

	ndr_get32(in);
	if (!ndr_get_pointer(in))
		return NULL;
	units = ndr_get_varying(in, 2, &count);
	while (units && count > 0 && get16(units + 2 * (count - 1)) == 0)
		count--;
	return units ? ndr_keep_text(in, mem, units, count) : NULL;
}

/* The text behind the handle of those calls that have one. */
static char *text_of(TALLOC_CTX *mem, const struct message *request)
{
	struct ndr_reader in;

	switch (request->opnum) {
	case 6:
	case 7:
	case 8:
	case 15:
	case 17:
	case 20:
	case 22:
		ndr_read(&in, request->stub, request->stub_len);
		ndr_get_raw(&in, 20);
		return text_get(&in, mem);
	default:
		return NULL;
	}
}

char *registry_subject(struct talk *talk, TALLOC_CTX *mem, const struct message *request)
{
	const struct opened *key = opened_find(talk, request);
	const char *text = text_of(mem, request), *path = key ? key->path : "";

	if (text && *path)
		return talloc_asprintf(mem, "%s\\%s", path, text);
	return talloc_strdup(mem, text ? text : path);
}

bool registry_writes(const struct message *request)
{
	uint32_t access;

	if (request->opnum != 15 || request->stub_len < 24)
		return false;
	access = get32(request->stub + request->stub_len - 4);
	return access & (SET_VALUE | CREATE_SUBKEY | MAXIMUM);
}

/* The n of CurrentVersion in the request itself: it lies in the first PDU, behind its length, its
 * head, a handle, and the heads of the string. */
void registry_redirect(struct talk *talk, struct message *request)
{
	const size_t len = sizeof made_up - 1, text_at = 2 + PDU_HEAD + 40;
	TALLOC_CTX *mem = talloc_new(request);
	const char *path, *text;
	size_t before, at;

	if (request->opnum == 10 && million) {
		struct opened *key = opened_find(talk, request);

		if (key && key->values && request->stub_len > 24)
			put32(request->raw + 2 + PDU_HEAD + 20,
				get32(request->stub + 20) % key->values);
	}
	if (request->opnum == 15) {
		path = registry_subject(talk, mem, request);
		text = text_of(mem, request);
		before = strlen(path) - strlen(text ? text : "");
		at = text_at + 2 * (len - 1 - before);
		if (text && strncasecmp(path, made_up, len) == 0 && before < len &&
			(path[len] == '\0' || path[len] == '\\') && at < request->raw_len)
			request->raw[at] = 'X';
	}
	talloc_free(mem);
}

static void opened_add(struct talk *talk, const struct message *request,
	const struct message *reply)
{
	struct opened *key = talloc_zero(talk->mem, struct opened);

	memcpy(key->handle, reply->stub, sizeof key->handle);
	key->path =
		request->opnum == 2 ? talloc_strdup(key, "") : registry_subject(talk, key, request);
	key->next = talk->opened;
	talk->opened = key;
}

static void opened_remove(struct talk *talk, const struct message *request)
{
	struct opened **at = &talk->opened, *key = opened_find(talk, request);

	while (*at && *at != key)
		at = &(*at)->next;
	if (key)
		*at = key->next;
	talloc_free(key);
}

/* The count of values in QueryInfoKey's answer: eight numbers and the error from its end. */
static void info_change(struct talk *talk, const struct message *request, struct message *reply)
{
	struct opened *key = opened_find(talk, request);

	if (!million || !key || !strcasestr(key->path, million) || reply->stub_len < 36)
		return;
	key->values = get32(reply->stub + reply->stub_len - 28);
	put32(reply->stub + reply->stub_len - 28, MILLION);
}

void registry_learn(struct talk *talk, const struct message *request, struct message *reply)
{
	if (reply->stub_len < 4 || get32(reply->stub + reply->stub_len - 4) != 0)
		return;
	if ((request->opnum == 2 || request->opnum == 6 || request->opnum == 15) &&
		reply->stub_len >= 24)
		opened_add(talk, request, reply);
	else if (request->opnum == 5)
		opened_remove(talk, request);
	else if (request->opnum == 16)
		info_change(talk, request, reply);
}

/* The whole hive stands for the key: what is in the file nobody reads here. */
static uint32_t hive_save(const char *dir, TALLOC_CTX *mem, const char *file)
{
	const char *to = file ? server_path(mem, dir, file, true) : NULL;
	const char *from = server_path(mem, dir, "C:\\WINNT\\system32\\config\\SYSTEM", false);
	uint8_t bytes[65536];
	ssize_t got;
	int in, out;

	if (!to || !from)
		return 3;
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (out < 0)
		return errno == EEXIST ? ALREADY_EXISTS : DENIED;
	in = open(from, O_RDONLY | O_CLOEXEC);
	while ((got = read(in, bytes, sizeof bytes)) > 0 && write(out, bytes, (size_t)got) == got)
		continue;
	close(in);
	close(out);
	return 0;
}

bool registry_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply)
{
	if (request->opnum != 20 || !saves)
		return false;
	ndr_put32(reply, hive_save(talk->dir, reply->mem, text_of(reply->mem, request)));
	return true;
}
