/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing values of a running server: tried for the right to, then set one after the other, each
 * looked at before and after, on a key and a pipe of its own.
 */
#include "server/remote_registry.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "server/edits.h"

/* Reading takes the pipes before this one. */
enum { PIPE_OF_WRITING = 2, BREAKS_LIMIT = 2 };

enum { NOT_FOUND = 2 };

static const char cannot_write[] = N_("The registry value %s cannot be written");

/* ---- calls on the pipe of writing ---- */

struct writing {
	struct remote *remote;
	TALLOC_CTX *tmp;
	uint32_t pipe;
	struct ndr_handle root, key;
	char *on; /* key and value, for a sentence */
	struct error *err;
};

static int call(const struct writing *writing, uint16_t opnum, struct ndr_writer *request,
	struct ndr_reader *reply)
{
	return remote_call(writing->remote, writing->tmp, writing->pipe, opnum, request, reply,
		cannot_write, writing->on, writing->err);
}

/* A call that answers with nothing but a code. */
static int call_done(const struct writing *writing, uint16_t opnum, struct ndr_writer *request,
	uint32_t fine)
{
	struct ndr_reader reply;
	uint32_t code;
	int ret = call(writing, opnum, request, &reply);

	if (ret)
		return ret;
	code = ndr_get_result(&reply);
	return code == fine ? 0 : remote_windows(writing->err, code, cannot_write, writing->on);
}

static int writing_begin(struct writing *writing, struct remote *remote, TALLOC_CTX *tmp,
	const struct reg_edit *edit, struct error *err)
{
	int ret = remote_connected(remote, err);

	*writing = (struct writing){ .remote = remote, .tmp = tmp, .err = err };
	writing->on = talloc_asprintf(tmp, "%s\\%s", edit->key, edit->value);
	if (!writing->on)
		return error_memory(err);
	if (!ret) {
		(void)remote_doing(remote, _("Writing %s"), writing->on);
		ret = regpipes_ready(remote, PIPE_OF_WRITING + 1, err);
	}
	if (ret)
		return ret;
	writing->pipe = remote->registry->pipes[PIPE_OF_WRITING].pipe;
	writing->root = remote->registry->pipes[PIPE_OF_WRITING].root;
	return 0;
}

static int key_open(struct writing *writing, const struct reg_edit *edit)
{
	struct ndr_writer request;
	struct ndr_reader reply;
	uint32_t code;
	int ret;

	ndr_begin(&request, writing->tmp);
	winreg_put_open_key(&request, &writing->root, edit->key, WINREG_SET);
	ret = call(writing, WINREG_OPEN_KEY, &request, &reply);
	if (ret)
		return ret;
	code = winreg_get_handle(&reply, &writing->key);
	return code == NOT_FOUND
		? error_set(writing->err, TROUBLE_NOT_THERE, _("The registry of %s has no key %s."),
			  writing->remote->spec.host, edit->key)
		: remote_windows(writing->err, code, cannot_write, writing->on);
}

static int key_close(const struct writing *writing)
{
	struct ndr_writer request;
	struct ndr_reader reply;

	ndr_begin(&request, writing->tmp);
	ndr_put_handle(&request, &writing->key);
	return call(writing, WINREG_CLOSE, &request, &reply);
}

/* name: in the spelling that it has there. */
static int value_put(const struct writing *writing, const char *name, const struct reg_data *data)
{
	struct ndr_writer request;

	ndr_begin(&request, writing->tmp);
	if (data)
		winreg_put_set_value(&request, &writing->key, name, data);
	else
		winreg_put_delete_value(&request, &writing->key, name);
	return call_done(writing, data ? WINREG_SET_VALUE : WINREG_DELETE_VALUE, &request, 0);
}

static int key_flush(const struct writing *writing)
{
	struct ndr_writer request;

	ndr_begin(&request, writing->tmp);
	ndr_put_handle(&request, &writing->key);
	return call_done(writing, WINREG_FLUSH, &request, 0);
}

static int value_write(struct remote *remote, const struct reg_edit *edit, const char *name,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct writing writing;
	int ret = writing_begin(&writing, remote, tmp, edit, err);

	if (!ret)
		ret = key_open(&writing, edit);
	if (!ret) {
		ret = value_put(&writing, name, edit->data);
		if (!ret)
			ret = key_flush(&writing);
		/* What failed is said; a break here lost nothing. */
		if (!remote_broke(remote, ret)) {
			writing.err = NULL;
			(void)key_close(&writing);
		}
	}
	talloc_free(tmp);
	return ret;
}

/* ---- staging ---- */

int regstage_begin(struct server *server, TALLOC_CTX *mem, struct reg_stage **stage,
	struct error *err)
{
	int ret = server->rehearsing ? 0 : server_dry_refused(server, err);

	*stage = talloc_zero(mem, struct reg_stage);
	if (!*stage)
		return error_memory(err);
	(*stage)->remote = remote_of(server);
	return ret;
}

/* Opening a key for writing writes nothing, and tells whether one may. */
static int right_try(struct remote *remote, const struct reg_edit *edit, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct writing writing;
	int ret = writing_begin(&writing, remote, tmp, edit, err);

	if (!ret)
		ret = key_open(&writing, edit);
	if (!ret)
		ret = key_close(&writing);
	talloc_free(tmp);
	return ret;
}

/* Each key once, as of its first value. */
static int rights_try(const struct reg_stage *stage, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < stage->count; i++) {
		const struct reg_edit *edit = &stage->edits[i];
		bool tried = false;

		for (size_t j = 0; j < i; j++)
			tried = tried || text_equal(stage->edits[j].key, edit->key);
		if (tried)
			continue;
		ret = right_try(stage->remote, edit, err);
		if (remote_broke(stage->remote, ret))
			ret = right_try(stage->remote, edit, err);
	}
	return ret;
}

static int before_read(struct reg_stage *stage, struct error *err)
{
	struct reading *reading = talloc_zero(stage, struct reading);
	int ret = 0;

	stage->before = memory_array_zero(stage, sizeof *stage->before, stage->count);
	if (!reading || !stage->before)
		return error_memory(err);
	reading->remote = stage->remote;
	reading->pipes = PIPE_OF_WRITING;
	for (size_t i = 0; !ret && i < stage->count; i++)
		if (!reading_add(reading, stage->edits[i].key, stage->edits[i].value))
			ret = error_memory(err);
	if (!ret)
		ret = reading_run(reading, err);
	for (size_t i = 0; !ret && i < stage->count; i++)
		stage->before[i] = reading->wanted[i]->data;
	return ret;
}

int remote_reg_stage(struct server *server, TALLOC_CTX *mem, const struct reg_edit *edits,
	size_t count, struct reg_stage **stage, struct error *err)
{
	int ret = regstage_begin(server, mem, stage, err);

	if (!ret)
		ret = edits_sane(edits, count, err);
	if (!ret)
		ret = edits_copy(*stage, edits, count, &(*stage)->edits, err);
	if (!ret) {
		(*stage)->count = count;
		if (!server->rehearsing || !server->rehearsing->looking)
			ret = rights_try(*stage, err);
	}
	if (!ret && !server->rehearsing)
		ret = before_read(*stage, err);
	if (ret)
		TALLOC_FREE(*stage);
	return ret;
}

int remote_reg_stage_whole(struct server *server, TALLOC_CTX *mem, const struct hive_image *images,
	size_t count, struct reg_stage **stage, struct error *err)
{
	(void)server, (void)mem, (void)images, (void)count;
	*stage = NULL;
	return error_advise(err,
		error_set(err, TROUBLE_CANNOT,
			_("The registry files of a running server cannot be replaced.")),
		_("Put its values back one by one."));
}

const char *remote_reg_stage_note(struct reg_stage *stage)
{
	(void)stage;
	return NULL;
}

int remote_reg_stage_files(struct reg_stage *stage, bool left, server_hive_fn *fn, void *arg,
	struct error *err)
{
	(void)stage, (void)left, (void)fn, (void)arg, (void)err;
	return 0;
}

/* ---- switching ---- */

/* One value on its way. */
struct moving {
	struct remote *remote;
	TALLOC_CTX *tmp;
	const struct reg_edit *edit;
	const struct reg_data *before;
	struct reg_key *first; /* the key as it was before */
	char *on;
	struct error *err;
};

static int key_look(const struct moving *moving, struct reg_key **key, struct error *err)
{
	struct reading *reading = talloc_zero(moving->tmp, struct reading);
	struct wanted *wanted;
	int ret;

	if (!reading)
		return error_memory(err);
	reading->remote = moving->remote;
	reading->pipes = PIPE_OF_WRITING;
	wanted = reading_add(reading, moving->edit->key, NULL);
	ret = wanted ? reading_run(reading, err) : error_memory(err);
	*key = ret ? NULL : wanted->key;
	return ret;
}

static int moved(const struct moving *moving)
{
	return error_set(moving->err, TROUBLE_MOVED,
		_("%s was changed by somebody else after the repair was prepared."), moving->on);
}

static bool has_all_but(const struct reg_key *a, const struct reg_key *b, const char *value)
{
	for (size_t i = 0; i < a->value_count; i++) {
		const struct reg_value *one = &a->values[i];

		if (!text_equal(one->name, value) &&
			!regdata_equal(&one->data, registry_data(b, one->name)))
			return false;
	}
	return true;
}

/* From a fresh look: the value is the new one, and nothing else of the key is different. */
static int value_prove(const struct moving *moving)
{
	const struct reg_edit *edit = moving->edit;
	struct reg_key *key;
	int ret = key_look(moving, &key, moving->err);

	if (ret)
		return ret;
	if (!key || !regdata_equal(registry_data(key, edit->value), edit->data))
		return error_set(moving->err, TROUBLE_VERIFY,
			_("%s was written, but the server returns something else."), moving->on);
	if (!has_all_but(key, moving->first, edit->value) ||
		!has_all_but(moving->first, key, edit->value))
		return error_set(moving->err, TROUBLE_VERIFY,
			_("Beside %s another value of its key changed at the same time."),
			moving->on);
	return 0;
}

/* What became of a writing whose answer was lost. *again: nothing, so it is still to be done. */
static int value_look_up(const struct moving *moving, bool *again)
{
	const struct reg_data *now;
	struct reg_key *key;
	struct error why;
	int ret = key_look(moving, &key, &why);

	*again = false;
	if (ret == -TROUBLE_UNREACHABLE)
		return error_set(moving->err, TROUBLE_UNREACHABLE,
			_("The connection broke while %s was written; whether it was is not known. %s"),
			moving->on, error_text(&why));
	if (ret)
		return error_pass(moving->err, &why);
	now = registry_data(key, moving->edit->value);
	if (regdata_equal(now, moving->edit->data))
		return 0;
	*again = regdata_equal(now, moving->before);
	return *again
		? 0
		: error_set(moving->err, TROUBLE_VERIFY,
			  _("The connection broke while %s was written, and now it is neither the old nor the new one."),
			  moving->on);
}

/* The name as it is spelled there. */
static const char *spelled(const struct reg_key *key, const char *value)
{
	for (size_t i = 0; i < key->value_count; i++)
		if (text_equal(key->values[i].name, value))
			return key->values[i].name;
	return value;
}

static int value_move(struct moving *moving)
{
	const struct reg_edit *edit = moving->edit;
	bool again;
	int ret = key_look(moving, &moving->first, moving->err);

	if (ret)
		return ret;
	if (!moving->first ||
		!regdata_equal(registry_data(moving->first, edit->value), moving->before))
		return moved(moving);
	again = !regdata_equal(moving->before, edit->data);
	for (int breaks = 0; again; breaks++) {
		again = false;
		ret = value_write(moving->remote, edit, spelled(moving->first, edit->value),
			moving->err);
		if (remote_broke(moving->remote, ret) && breaks < BREAKS_LIMIT)
			ret = value_look_up(moving, &again);
		if (ret)
			return ret;
	}
	return value_prove(moving);
}

static int value_switch(const struct reg_stage *stage, size_t i, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct moving moving = { .remote = stage->remote,
		.tmp = tmp,
		.edit = &stage->edits[i],
		.before = stage->before[i],
		.on = talloc_asprintf(tmp, "%s\\%s", stage->edits[i].key, stage->edits[i].value),
		.err = err };
	int ret = moving.on ? value_move(&moving) : error_memory(err);

	talloc_free(tmp);
	return ret;
}

static int values_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < stage->count; i++) {
		ret = value_switch(stage, i, err);
		*done += !ret;
	}
	return ret;
}

int remote_reg_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	*done = 0;
	registry_forget(stage->remote);
	return stage->make ? stage->make(stage, done, err) : values_switch(stage, done, err);
}
