/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading many keys at once: each pipe has one question in flight, and asks the next when its
 * answer came. A key is opened, asked how much is in it, then for one member after the other. A
 * pipe that has nothing else to do helps with a key of many members, on a handle of its own. A key
 * is closed when its pipe has to wait anyway.
 */
#include "server/remote_registry.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { DEPTH_LIMIT = 512, CHANGED_LIMIT = 3, QUERY_ROOM = 1024 };

/* Windows errors that are answers ([MS-ERREF] 2.2). */
enum {
	NOT_FOUND = 2,
	NO_PATH = 3,
	BAD_HANDLE = 6,
	MORE_DATA = 234,
	NO_MORE = 259,
	KEY_DELETED = 1018
};

/* A reading while it runs. */
struct run {
	struct reading *reading;
	struct remote *remote;
	struct remote_registry *registry;
	unsigned pipes, in_flight;
	size_t next;  /* the first wanted that may still be new */
	size_t bytes; /* that came */
	int ret;      /* the first trouble: nothing more is asked */
	struct error *err;
};

struct wanted *reading_add(struct reading *reading, const char *path, const char *value)
{
	struct wanted **more = memory_more(reading, &reading->wanted, reading->count, sizeof *more);
	struct wanted *wanted = more ? talloc_zero(reading, struct wanted) : NULL;

	if (!wanted)
		return NULL;
	wanted->path = talloc_strdup(wanted, path);
	wanted->value = value;
	if (!wanted->path)
		return NULL;
	*more = wanted;
	reading->count++;
	return wanted;
}

/* ret 0: nothing failed. */
static void run_failed(struct run *run, int ret)
{
	run->ret = run->ret ? run->ret : ret;
}

static struct error *run_err(struct run *run)
{
	return run->ret ? NULL : run->err;
}

static uint32_t members(const struct wanted *wanted)
{
	return wanted->info.values + wanted->info.subkeys;
}

static uint32_t unasked(const struct wanted *wanted)
{
	return wanted->state == WANTED_FILLING ? members(wanted) - wanted->next : 0;
}

/* ---- asking ---- */

static void pipe_send(struct run *run, struct reg_pipe *pipe, enum pipe_doing doing, uint16_t opnum,
	struct ndr_writer *request)
{
	struct frame_writer body;
	int ret = remote_call_body(&body, request->mem, pipe->pipe, opnum, request)
		? link_send(run->remote->link, FRAME_CALL, &body, &pipe->number, run_err(run))
		: error_memory(run_err(run));

	if (ret) {
		run_failed(run, ret);
		return;
	}
	pipe->doing = doing;
	run->in_flight++;
}

static void ask_open(struct run *run, struct reg_pipe *pipe, struct wanted *wanted,
	struct ndr_writer *request)
{
	pipe->on = wanted;
	wanted->pipes++;
	if (wanted->state == WANTED_NEW)
		wanted->state = WANTED_OPENING;
	winreg_put_open_key(request, &pipe->root, wanted->path, WINREG_READ);
	pipe_send(run, pipe, PIPE_OPENING, WINREG_OPEN_KEY, request);
}

static void ask_close(struct run *run, struct reg_pipe *pipe, struct ndr_writer *request)
{
	ndr_put_handle(request, &pipe->key);
	pipe->open = false;
	pipe_send(run, pipe, PIPE_CLOSING, WINREG_CLOSE, request);
}

static void ask_value(struct run *run, struct reg_pipe *pipe, struct ndr_writer *request)
{
	winreg_put_enum_value(request, &pipe->key, pipe->index, pipe->on->info.longest_name,
		pipe->room);
	pipe_send(run, pipe, PIPE_VALUE, WINREG_ENUM_VALUE, request);
}

static void ask_query(struct run *run, struct reg_pipe *pipe, struct ndr_writer *request)
{
	winreg_put_query_value(request, &pipe->key, pipe->on->value, pipe->room);
	pipe_send(run, pipe, PIPE_QUERY, WINREG_QUERY_VALUE, request);
}

/* The next member of the key that it reads. */
static void ask_member(struct run *run, struct reg_pipe *pipe, struct ndr_writer *request)
{
	struct wanted *wanted = pipe->on;

	pipe->index = wanted->next++;
	if (pipe->index < wanted->info.values) {
		pipe->room = wanted->info.largest_value;
		ask_value(run, pipe, request);
		return;
	}
	winreg_put_enum_key(request, &pipe->key, pipe->index - wanted->info.values,
		wanted->info.longest_subkey);
	pipe_send(run, pipe, PIPE_SUBKEY, WINREG_ENUM_KEY, request);
}

/* A key whose members nobody has asked for, or one that is worth helping with: opening takes a
 * turn, in which those that read it take a member each. */
static struct wanted *work_find(struct run *run, bool spare)
{
	struct reading *reading = run->reading;

	while (run->next < reading->count && reading->wanted[run->next]->state != WANTED_NEW)
		run->next++;
	if (run->next < reading->count)
		return reading->wanted[run->next];
	for (unsigned i = 0; spare && i < run->pipes; i++) {
		struct wanted *wanted = run->registry->pipes[i].on;

		if (wanted && unasked(wanted) > wanted->pipes)
			return wanted;
	}
	return NULL;
}

/* Whether some of it takes another turn at least. */
static bool more_turns(const struct run *run)
{
	for (unsigned i = 0; i < run->pipes; i++) {
		const struct reg_pipe *pipe = &run->registry->pipes[i];

		if (pipe->doing == PIPE_OPENING || pipe->doing == PIPE_INFO ||
			(pipe->on && unasked(pipe->on) > 0))
			return true;
	}
	return run->next < run->reading->count;
}

static unsigned clean_pipes(const struct run *run)
{
	unsigned count = 0;

	for (unsigned i = 0; i < run->pipes; i++)
		count +=
			run->registry->pipes[i].doing == PIPE_FREE && !run->registry->pipes[i].open;
	return count;
}

/* What a free pipe does next. One clean pipe is kept for the next reading where it can be, which
 * need not wait for a close then. */
static void pipe_next(struct run *run, struct reg_pipe *pipe, bool closing)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct wanted *work;
	struct ndr_writer request;

	ndr_begin(&request, tmp);
	if (pipe->on && unasked(pipe->on) > 0) {
		ask_member(run, pipe, &request);
	} else {
		if (pipe->on)
			pipe->on->pipes--;
		pipe->on = NULL;
		work = pipe->open ? NULL : work_find(run, clean_pipes(run) > 1);
		if (work)
			ask_open(run, pipe, work, &request);
		else if (pipe->open && closing)
			ask_close(run, pipe, &request);
	}
	talloc_free(tmp);
}

static void pipes_next(struct run *run)
{
	for (int closing = 0; closing <= 1; closing++)
		for (unsigned i = 0; i < run->pipes && !run->ret; i++) {
			struct reg_pipe *pipe = &run->registry->pipes[i];

			if (pipe->doing == PIPE_FREE)
				pipe_next(run, pipe, closing && more_turns(run));
		}
}

/* ---- answers ---- */

/* More than a server's registry can be: no folder was given that could be the wrong one. */
static int too_much(struct run *run, int ret)
{
	return error_advise(run_err(run), ret,
		_("Look on the server itself, with Regedt32, what fills its registry."));
}

static int bytes_came(struct run *run, size_t bytes)
{
	run->bytes += bytes;
	if (run->bytes <= REG_BYTES_LIMIT)
		return 0;
	return too_much(run,
		error_set(run_err(run), TROUBLE_NOT_A_HIVE,
			_("The registry of %s is larger than a server's can be."),
			run->remote->spec.host));
}

static int deeper(struct run *run, const struct wanted *wanted)
{
	unsigned depth = 0;

	for (const char *c = wanted->path; *c; c++)
		depth += *c == '\\';
	if (depth >= DEPTH_LIMIT ||
		run->reading->count + wanted->key->subkey_count > REG_KEYS_LIMIT)
		return too_much(run,
			error_set(run_err(run), TROUBLE_NOT_A_HIVE,
				_("There are too many registry keys below %s."),
				run->reading->wanted[0]->path));
	for (size_t i = 0; i < wanted->key->subkey_count; i++) {
		char *path = talloc_asprintf(NULL, "%s\\%s", wanted->path, wanted->key->subkeys[i]);
		struct wanted *below = path ? reading_add(run->reading, path, NULL) : NULL;

		talloc_free(path);
		if (!below)
			return error_memory(run_err(run));
	}
	return 0;
}

/* Begun again where members went while they were counted. */
static int key_came(struct run *run, struct wanted *wanted)
{
	if (wanted->shrunk && ++wanted->changed > CHANGED_LIMIT)
		return error_set(run_err(run), TROUBLE_HIVE_CHANGING,
			_("The registry key %s changed while it was read."), wanted->path);
	wanted->state = wanted->shrunk ? WANTED_NEW : WANTED_DONE;
	if (wanted->shrunk) {
		wanted->shrunk = false;
		TALLOC_FREE(wanted->key);
		run->next = 0;
		return 0;
	}
	return run->reading->deep && wanted->key && !wanted->flat ? deeper(run, wanted) : 0;
}

/* The last of its members may be here. */
static int member_came(struct run *run, struct reg_pipe *pipe)
{
	struct wanted *wanted = pipe->on;

	if (unasked(wanted) > 0)
		return 0;
	for (unsigned i = 0; i < run->pipes; i++) {
		const struct reg_pipe *other = &run->registry->pipes[i];

		if (other != pipe && other->on == wanted && other->doing != PIPE_FREE)
			return 0;
	}
	return key_came(run, wanted);
}

static int on_failed(struct run *run, const struct reg_pipe *pipe, uint32_t code)
{
	static const char what[] = N_("The registry key %s cannot be read");
	int ret = remote_windows(run_err(run), code, what, pipe->on->path);

	if (code == BAD_HANDLE)
		remote_drop(run->remote);
	return ret;
}

static void ask_first(struct run *run, struct reg_pipe *pipe)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ndr_writer request;

	ndr_begin(&request, tmp);
	pipe->room = QUERY_ROOM;
	if (pipe->on->value) {
		ask_query(run, pipe, &request);
	} else {
		winreg_put_query_info(&request, &pipe->key);
		pipe_send(run, pipe, PIPE_INFO, WINREG_QUERY_INFO, &request);
	}
	talloc_free(tmp);
}

static int opened(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	uint32_t code = winreg_get_handle(reply, &pipe->key);
	bool first = pipe->on->state == WANTED_OPENING;

	pipe->open = code == 0;
	if (code == NOT_FOUND || code == NO_PATH || code == KEY_DELETED) {
		pipe->on->shrunk |= !first;
		if (first)
			pipe->on->state = WANTED_DONE;
		return first ? 0 : member_came(run, pipe);
	}
	if (code)
		return on_failed(run, pipe, code);
	if (first && !run->ret)
		ask_first(run, pipe);
	return first ? 0 : member_came(run, pipe);
}

static int informed(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	struct wanted *wanted = pipe->on;
	uint32_t code = winreg_get_query_info(reply, &wanted->info);

	wanted->next = 0;
	if (code == KEY_DELETED) {
		wanted->shrunk = true;
		return key_came(run, wanted);
	}
	if (code)
		return on_failed(run, pipe, code);
	if (wanted->info.values > REG_MEMBERS_LIMIT || wanted->info.subkeys > REG_MEMBERS_LIMIT)
		return too_much(run,
			error_set(run_err(run), TROUBLE_NOT_A_HIVE,
				_("The registry key %s has %u values and %u subkeys; "
				  "this program reads at most %u of either."),
				wanted->path, (unsigned)wanted->info.values,
				(unsigned)wanted->info.subkeys, (unsigned)REG_MEMBERS_LIMIT));
	wanted->key = talloc_zero(wanted, struct reg_key);
	if (!wanted->key)
		return error_memory(run_err(run));
	wanted->key->value_count = wanted->info.values;
	wanted->key->subkey_count = wanted->info.subkeys;
	wanted->key->values =
		memory_array_zero(wanted->key, sizeof *wanted->key->values, wanted->info.values);
	wanted->key->subkeys =
		memory_array_zero(wanted->key, sizeof *wanted->key->subkeys, wanted->info.subkeys);
	if (!wanted->key->values || !wanted->key->subkeys)
		return error_memory(run_err(run));
	wanted->state = WANTED_FILLING;
	return members(wanted) ? 0 : key_came(run, wanted);
}

/* It grew after it was measured: asked again with the room that it needs. */
static int larger(struct run *run, struct reg_pipe *pipe, uint32_t needed)
{
	bool query = pipe->doing == PIPE_QUERY;
	TALLOC_CTX *tmp;
	struct ndr_writer request;

	if (needed <= pipe->room || needed > WINREG_VALUE_LIMIT)
		return error_set(run_err(run), TROUBLE_IO,
			_("The registry value %s of %s has %u bytes, more than a value can have."),
			query ? pipe->on->value : "", pipe->on->path, (unsigned)needed);
	if (run->ret)
		return 0;
	tmp = talloc_new(NULL);
	ndr_begin(&request, tmp);
	pipe->room = needed;
	if (query)
		ask_query(run, pipe, &request);
	else
		ask_value(run, pipe, &request);
	talloc_free(tmp);
	return 0;
}

static int value_came(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	struct wanted *wanted = pipe->on;
	struct reg_value *value = &wanted->key->values[pipe->index];
	uint32_t needed = 0,
		 code = winreg_get_enum_value(reply, wanted->key->values, value, &needed);
	int ret;

	if (code == MORE_DATA)
		return larger(run, pipe, needed);
	if (code == NO_MORE || code == KEY_DELETED)
		wanted->shrunk = true;
	else if (code)
		return on_failed(run, pipe, code);
	ret = code ? 0 : bytes_came(run, strlen(value->name) + value->data.len);
	return ret ? ret : member_came(run, pipe);
}

static int subkey_came(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	struct wanted *wanted = pipe->on;
	char **subkey = &wanted->key->subkeys[pipe->index - wanted->info.values];
	uint32_t code = winreg_get_enum_key(reply, wanted->key->subkeys, subkey);
	int ret;

	/* MORE_DATA: one with a longer name took its place. */
	if (code == NO_MORE || code == KEY_DELETED || code == MORE_DATA)
		wanted->shrunk = true;
	else if (code)
		return on_failed(run, pipe, code);
	ret = code ? 0 : bytes_came(run, strlen(*subkey));
	return ret ? ret : member_came(run, pipe);
}

static int queried(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	struct wanted *wanted = pipe->on;
	struct reg_data data;
	uint32_t needed = 0, code = winreg_get_query_value(reply, wanted, &data, &needed);

	if (code == MORE_DATA)
		return larger(run, pipe, needed);
	if (code && code != NOT_FOUND && code != KEY_DELETED)
		return on_failed(run, pipe, code);
	wanted->state = WANTED_DONE;
	if (code)
		return 0;
	wanted->data = talloc_memdup(wanted, &data, sizeof data);
	if (!wanted->data)
		return error_memory(run_err(run));
	(void)talloc_steal(wanted->data, data.bytes);
	return 0;
}

static int answered(struct run *run, struct reg_pipe *pipe, struct ndr_reader *reply)
{
	switch (pipe->doing) {
	case PIPE_OPENING:
		return opened(run, pipe, reply);
	case PIPE_INFO:
		return informed(run, pipe, reply);
	case PIPE_VALUE:
		return value_came(run, pipe, reply);
	case PIPE_SUBKEY:
		return subkey_came(run, pipe, reply);
	case PIPE_QUERY:
		return queried(run, pipe, reply);
	default:
		return 0; /* a key closed: whatever it says */
	}
}

static struct reg_pipe *pipe_asked(struct run *run, uint32_t number)
{
	for (unsigned i = 0; i < run->pipes; i++)
		if (run->registry->pipes[i].doing != PIPE_FREE &&
			run->registry->pipes[i].number == number)
			return &run->registry->pipes[i];
	return NULL;
}

static int take_one(struct run *run)
{
	static const char what[] = N_("The registry key %s cannot be read");
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct ndr_reader reply;
	struct reg_pipe *pipe;
	struct frame answer;
	enum pipe_doing did;
	uint32_t number;
	int ret = link_receive(run->remote->link, tmp, &run->remote->spec, run->remote->doing,
		&answer, run_err(run));

	run->in_flight--;
	if (ret) {
		talloc_free(tmp);
		return ret;
	}
	pipe = pipe_asked(run, answer.number);
	if (!pipe) {
		talloc_free(tmp);
		return error_set(run_err(run), TROUBLE_BUG,
			_("The helper's answer makes no sense."));
	}
	did = pipe->doing;
	number = pipe->number;
	ret = did == PIPE_CLOSING && answer.status == FRAME_FAULT
		? 0
		: remote_call_answered(run->remote, &answer, &reply, what,
			  pipe->on ? pipe->on->path : "", run_err(run));
	if (!ret && !run->ret)
		ret = answered(run, pipe, &reply);
	else if (!ret && did == PIPE_OPENING)
		pipe->open = winreg_get_handle(&reply, &pipe->key) == 0;
	/* Unless it asked the next at once. */
	if (pipe->doing == did && pipe->number == number)
		pipe->doing = PIPE_FREE;
	talloc_free(tmp);
	return ret;
}

/* After a trouble what is in flight is still taken, so that the next who asks gets his own. */
static int run_all(struct run *run)
{
	for (;;) {
		if (!run->ret)
			pipes_next(run);
		if (!run->in_flight || !run->remote->link || link_broken(run->remote->link))
			break;
		run_failed(run, take_one(run));
	}
	if (run->ret == -TROUBLE_BUG)
		remote_drop(run->remote);
	return run->ret;
}

static void run_begin(struct run *run)
{
	struct reading *reading = run->reading;

	for (size_t i = 0; i < reading->count; i++) {
		struct wanted *wanted = reading->wanted[i];

		TALLOC_FREE(wanted->key);
		TALLOC_FREE(wanted->data);
		*wanted = (struct wanted){ .path = wanted->path,
			.value = wanted->value,
			.flat = wanted->flat };
	}
	for (unsigned i = 0; i < run->registry->count; i++) {
		run->registry->pipes[i].on = NULL;
		run->registry->pipes[i].doing = PIPE_FREE;
	}
}

static int run_once(struct reading *reading, struct error *err)
{
	struct remote *remote = reading->remote;
	struct run run = { .reading = reading, .remote = remote, .err = err };
	int ret = remote_connected(remote, err);

	if (!ret) {
		(void)remote_doing(remote, _("Reading the registry of %s"), remote->spec.host);
		ret = regpipes_ready(remote, reading->pipes, err);
	}
	if (ret)
		return ret;
	run.registry = remote->registry;
	run.pipes = reading->pipes;
	run_begin(&run);
	return run_all(&run);
}

int reading_run(struct reading *reading, struct error *err)
{
	size_t count = reading->count;
	int ret = run_once(reading, err);

	if (!remote_broke(reading->remote, ret))
		return ret;
	/* What was found below comes again. */
	while (reading->count > count)
		talloc_free(reading->wanted[--reading->count]);
	return run_once(reading, err);
}
