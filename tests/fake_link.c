/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/fake_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/winreg.h"
#include "server/remote.h"
#include "server/remote_private.h"
#include "tests/fake_calls.h"

struct fake fake;

enum { PIPES = 64, ANSWERS = 64 };

struct answer {
	uint32_t number;
	uint16_t verb, status;
	uint32_t code;
	struct frame_writer body;
};

struct remote_link {
	uint32_t number, pipes;
	char names[PIPES][16];
	bool busy[PIPES];
	struct answer answers[ANSWERS];
	uint32_t on[ANSWERS]; /* the pipe that an answer frees */
	unsigned waiting;
	bool connected, broken;
};

int link_start(TALLOC_CTX *mem, struct remote_link **link, struct error *err)
{
	*link = talloc_zero(mem, struct remote_link);
	strcpy((*link)->names[0], "srvsvc");
	(*link)->pipes = 1;
	return *link ? 0 : error_memory(err);
}

bool link_broken(const struct remote_link *link)
{
	return link->broken;
}

static bool breaks(const char *pipe, uint16_t opnum)
{
	return fake.break_nth && strcmp(pipe, fake.break_pipe) == 0 && opnum == fake.break_opnum &&
		--fake.break_nth == 0;
}

/* Everything is gone from here on; STATUS_CONNECTION_DISCONNECTED. */
static void lost(struct answer *answer)
{
	answer->status = FRAME_NTSTATUS;
	answer->code = 0xc000020c;
}

static void call(struct remote_link *link, struct frame_reader *body, struct answer *answer)
{
	uint32_t pipe = frame_get32(body), opnum = frame_get32(body);
	struct ndr_writer reply;
	struct ndr_reader request;
	size_t len;
	const uint8_t *bytes = frame_get_bytes(body, &len);
	bool now;

	if (!frame_done(body) || pipe >= link->pipes || link->busy[pipe]) {
		answer->status = FRAME_REFUSED;
		frame_put_text(&answer->body, "no such pipe, or it is busy");
		return;
	}
	fake.calls++;
	link->busy[pipe] = true;
	link->on[link->waiting] = pipe;
	now = breaks(link->names[pipe], (uint16_t)opnum);
	if (now && !fake.break_after) {
		lost(answer);
		return;
	}
	ndr_read(&request, bytes, len);
	ndr_begin(&reply, fake.mem);
	fake_call(link->names[pipe], opnum, &request, &reply);
	if (now) {
		lost(answer);
		return;
	}
	bytes = ndr_bytes(&reply, &len);
	frame_put_bytes(&answer->body, bytes, len);
}

static void file_request(enum frame_verb verb, struct frame_reader *body, struct answer *answer)
{
	const bool now = fake.break_file && (!fake.break_verb || fake.break_verb == verb) &&
		--fake.break_file == 0;

	fake.file_asks++;
	if (!now || fake.break_after)
		answer->code = fake_files(verb, body, &answer->body);
	answer->status = answer->code ? FRAME_ERRNO : FRAME_DONE;
	if (answer->code || now)
		frame_begin(&answer->body, fake.mem);
	if (now)
		lost(answer);
}

int link_send(struct remote_link *link, enum frame_verb verb, struct frame_writer *body,
	uint32_t *number, struct error *err)
{
	struct answer *answer = &link->answers[link->waiting];
	struct frame head = { .number = ++link->number, .verb = (uint16_t)verb }, sent;
	struct frame_reader reader;
	size_t len;
	const uint8_t *bytes = frame_pack(body, &head, &len);

	if (!bytes || link->waiting == ANSWERS)
		return error_set(err, TROUBLE_BUG, "fake: no frame");
	frame_unpack(bytes, &sent);
	frame_read(&reader, &sent);
	*number = link->number;
	*answer = (struct answer){ .number = link->number, .verb = (uint16_t)verb };
	frame_begin(&answer->body, fake.mem);
	link->on[link->waiting] = UINT32_MAX;
	if (verb == FRAME_CONNECT) {
		if (fake.connects++ && fake.break_stays) {
			answer->status = FRAME_ERRNO;
			answer->code = ECONNREFUSED;
		}
		frame_put_text(&answer->body, "SMB1");
		frame_put32(&answer->body, 0);
	} else if (verb == FRAME_PIPE && link->pipes < PIPES) {
		char *name = frame_get_text(&reader, fake.mem);

		strncpy(link->names[link->pipes], name, 15);
		if (fake.no_pipe && strcmp(name, fake.no_pipe) == 0) {
			answer->status = FRAME_NTSTATUS;
			answer->code = fake.no_pipe_code;
		} else {
			frame_put32(&answer->body, link->pipes++);
		}
	} else if (verb >= FRAME_LIST) {
		file_request(verb, &reader, answer);
	} else {
		call(link, &reader, answer);
	}
	link->waiting++;
	if (link->waiting > fake.most_in_flight)
		fake.most_in_flight = link->waiting;
	return 0;
}

int link_receive(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, struct frame *answer, struct error *err)
{
	unsigned at = fake.last_first && link->waiting ? link->waiting - 1 : 0;
	struct answer *given = &link->answers[at];
	size_t len;
	const uint8_t *bytes;

	(void)spec, (void)doing;
	if (!link->waiting)
		return error_set(err, TROUBLE_BUG, "fake: nothing was asked");
	bytes = frame_pack(&given->body,
		&(struct frame){ .number = given->number,
			.verb = given->verb,
			.status = given->status,
			.code = given->code },
		&len);
	frame_unpack(talloc_memdup(mem, bytes, len), answer);
	if (link->on[at] != UINT32_MAX)
		link->busy[link->on[at]] = false;
	link->waiting--;
	memmove(given, given + 1, (link->waiting - at) * sizeof *given);
	memmove(&link->on[at], &link->on[at + 1], (link->waiting - at) * sizeof *link->on);
	return 0;
}

int link_ask(struct remote_link *link, TALLOC_CTX *mem, const struct remote_spec *spec,
	const char *doing, enum frame_verb verb, struct frame_writer *body, struct frame *answer,
	struct error *err)
{
	uint32_t number;
	int ret = link->waiting ? error_set(err, TROUBLE_BUG, "fake: something is in flight")
				: link_send(link, verb, body, &number, err);

	return ret ? ret : link_receive(link, mem, spec, doing, answer, err);
}

/* ---- what is there ---- */

struct fake_key *fake_key(const char *path)
{
	for (size_t i = 0; i < fake.key_count; i++)
		if (text_equal(fake.keys[i].path, path))
			return &fake.keys[i];
	return NULL;
}

static struct fake_key *key_make(const char *path)
{
	char *above = talloc_strdup(fake.mem, path), *cut = strrchr(above, '\\');
	struct fake_key *key = fake_key(path);

	if (key)
		return key;
	if (cut) {
		*cut = '\0';
		(void)key_make(above);
	}
	key = &fake.keys[fake.key_count++];
	key->path = talloc_strdup(fake.mem, path);
	return key;
}

struct reg_data *fake_value(const char *path, const char *name)
{
	struct fake_key *key = fake_key(path);

	for (size_t i = 0; key && i < key->count; i++)
		if (text_equal(key->values[i].name, name))
			return &key->values[i].data;
	return NULL;
}

void fake_put(const char *path, const char *name, uint32_t type, const char *text)
{
	struct fake_key *key = key_make(path);
	struct reg_data *data = fake_value(path, name),
			*made = type == REG_DWORD ? regdata_from_dword(fake.mem, (uint8_t)*text)
						  : regdata_from_string(fake.mem, type, text);
	struct reg_value *value;

	if (data) {
		*data = *made;
		return;
	}
	value = memory_more(fake.mem, &key->values, key->count++, sizeof *value);
	value->name = talloc_strdup(fake.mem, name);
	value->data = *made;
}

void fake_share(const char *name, const char *path, uint32_t type, const char *security)
{
	fake.shares[fake.share_count++] = (struct srvsvc_share){
		.name = talloc_strdup(fake.mem, name),
		.remark = talloc_strdup(fake.mem, "a remark"),
		.path = talloc_strdup(fake.mem, path),
		.type = type,
		.max_users = 12,
		.security = security ? (uint8_t *)talloc_strdup(fake.mem, security) : NULL,
		.security_len = security ? strlen(security) : 0,
	};
}

struct srvsvc_share *fake_share_find(const char *name)
{
	for (size_t i = 0; i < fake.share_count; i++)
		if (text_equal(fake.shares[i].name, name))
			return &fake.shares[i];
	return NULL;
}

struct fake_service *fake_service(const char *name, uint32_t state)
{
	struct fake_service *service = &fake.services[fake.service_count++];

	*service = (struct fake_service){ .name = name, .status = { .state = state } };
	return service;
}

void fake_server(TALLOC_CTX *mem)
{
	fake = (struct fake){ .mem = mem };
	fake_put("SYSTEM\\Select", "Default", REG_DWORD, "\1");
	fake_put("SYSTEM\\ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName",
		REG_SZ, "EXCH01");
	fake_put("SYSTEM\\ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ,
		"ServerNT");
	fake_put("SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductId", REG_SZ, "12345");
	fake_put("SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ,
		"C:\\old\\mt.exe");
	fake_put("SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI", "Start", REG_DWORD, "\2");
	fake_put("SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI\\Performance", "Library", REG_SZ,
		"C:\\old\\mtperf.dll");
	fake_share("ADMIN$", "C:\\WINNT", 0x80000000, NULL);
	fake_share("C$", "C:\\", 0x80000000, NULL);
	fake_share("D$", "C:\\temp", 0, NULL);
	fake_share("E$", "E:\\", 0, NULL);
}

int fake_set_up(void **state)
{
	*state = talloc_new(NULL);
	fake_server(*state);
	return 0;
}

int fake_tear_down(void **state)
{
	return talloc_free(*state);
}

int fake_open(TALLOC_CTX *mem, struct server **server, struct error *err)
{
	const struct remote_spec spec = { .host = "EXCH01", .user = "DOM\\admin", .password = "x" };

	return remote_open(mem, &spec, server, err);
}

struct server *fake_opened(void **state, struct error *err)
{
	struct server *server;

	if (fake_open(*state, &server, err) != 0)
		fail_msg("%s", err->text);
	return server;
}

void fake_breaks(const char *pipe, uint16_t opnum, unsigned nth, bool after)
{
	fake.break_pipe = pipe;
	fake.break_opnum = opnum;
	fake.break_nth = nth;
	fake.break_after = after;
}
