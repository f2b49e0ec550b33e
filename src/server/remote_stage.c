/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new file beside its target on the server: written, closed, given the old one's traits, read
 * back over the network, and then switched in.
 *
 * Replacing by one rename is not to be had: libsmbclient would remove the target and rename after
 * it. So the target is set aside under a name of its own, the new file is given its name, and only
 * then the old one is removed. Whoever is cut off on the way finds the old file under one of its
 * two names.
 */
#include "server/remote_files.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

enum { WRITE_MOST = 256 * 1024, TRIAL_ROOM = 64 };

#define TRIAL_NAME "Q240208 trial"
static const char trial_data[] = "This file is a trial and can be removed.\r\n";

struct stage {
	struct remote *remote;
	char *target; /* full */
	char *place;  /* full: where it is until it is switched in; may be the target */
	char *aside;  /* full: where what it replaces is meanwhile */
	struct remote_spot traits; /* of whom it takes them; found false: of a new file */
	uint32_t replaced;         /* attributes of the file that is replaced */
	bool replaces;
	int64_t mtime; /* FILETIME_NONE: as it comes */
	uint64_t written;
	bool made; /* the file is there, and ours */
	bool open; /* for writing, by handle in session */
	uint32_t handle;
	unsigned session;
	struct server_file *in;
};

/* ---- making ---- */

static int stage_close(struct stage *stage, struct error *err)
{
	TALLOC_CTX *tmp;
	struct frame_writer body;
	int ret;

	if (!stage->open)
		return 0;
	stage->open = false;
	if (stage->session != stage->remote->session || !stage->remote->link ||
		link_broken(stage->remote->link))
		return error_set(err, TROUBLE_UNREACHABLE,
			_("The connection broke while %s was written."), stage->place);
	tmp = talloc_new(NULL);
	frame_begin(&body, tmp);
	frame_put32(&body, stage->handle);
	ret = remote_body_ask(stage->remote, tmp, FRAME_CLOSE, &body, NULL,
		N_("%s cannot be written"), stage->place, err);
	talloc_free(tmp);
	return ret;
}

/* What is left where the connection broke is known by its name, and removed by who goes on. */
static int stage_discard(struct stage *stage)
{
	const struct remote_entry ours = { .attributes = REMOTE_READONLY };

	TALLOC_FREE(stage->in);
	(void)stage_close(stage, NULL);
	if (stage->made && stage->remote->link && !link_broken(stage->remote->link))
		(void)remote_delete(stage->remote, stage->place, &ours, NULL);
	return 0;
}

/* What the file that is replaced has and must keep, its spelling first; its folder's where there is
 * none. */
static int stage_target(struct stage *stage, const struct stage_spec *spec, struct error *err)
{
	struct remote_spot spot;
	char *parent = path_parent(stage, spec->target);
	int ret = parent ? remote_find_young(stage->remote, stage, spec->target, &spot, err)
			 : error_memory(err);

	if (ret != 0)
		return ret;
	if (spot.found && spec->fresh)
		return error_set(err, TROUBLE_IO, _("%s is there already."), spec->target);
	if (spot.found && spot.entry.meta.kind != ENTRY_FILE)
		return error_set(err, TROUBLE_LINK, _("%s is not a file."), spec->target);
	stage->replaces = spot.found;
	stage->replaced = spot.found ? spot.entry.attributes : 0;
	stage->target = spot.real;
	return 0;
}

/* The temporary name beside the target. */
static int stage_beside(struct stage *stage, const struct stage_spec *spec, struct error *err)
{
	char *folder = path_parent(stage, stage->target);
	char *leaf = spec->temporary
		? talloc_strdup(stage, spec->temporary)
		: talloc_asprintf(stage, "%s" SERVER_STAGE_SUFFIX, path_leaf(spec->target));

	stage->place = folder && leaf ? path_join(stage, folder, leaf) : NULL;
	stage->aside = talloc_asprintf(stage, "%s" SERVER_ASIDE_SUFFIX, stage->target);
	if (!stage->place || !stage->aside)
		return error_memory(err);
	if (!path_name_ok(leaf) || !path_name_ok(path_leaf(stage->aside)))
		return error_set(err, TROUBLE_NAME,
			_("The name of %s is too long: the temporary name beside it would not fit."),
			stage->target);
	return 0;
}

static int stage_room(struct stage *stage, uint64_t size, struct error *err)
{
	uint64_t room;
	int ret = remote_room(&stage->remote->base, stage->target, &room, err);

	if (ret == 0 && room < size)
		ret = error_set(err, TROUBLE_NO_ROOM,
			_("Drive %c: has room for %llu bytes, and the new %s needs %llu."),
			stage->target[0], (unsigned long long)room, stage->target,
			(unsigned long long)size);
	return ret;
}

static int stage_create(struct stage *stage, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_CREATE,
		.path = stage->place,
		.what = N_("%s cannot be made") };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_reader reply;
	int ret = remote_file_ask(stage->remote, tmp, &request, &reply, err);

	if (ret == 0) {
		stage->handle = frame_get32(&reply);
		stage->made = stage->open = true;
		stage->session = stage->remote->session;
		ret = frame_done(&reply) ? 0 : remote_nonsense(err);
	}
	remote_folder_changed(stage->remote, stage->place);
	talloc_free(tmp);
	return ret;
}

static int stage_make(struct stage *stage, const struct stage_spec *spec, struct error *err)
{
	bool rehearsing = stage->remote->base.rehearsing;
	int ret = stage_target(stage, spec, err);

	if (ret == 0 && spec->traits_from)
		ret = rehearsing ? remote_traits_rehearse(stage->remote, spec->traits_from, err)
				 : remote_find_use(stage->remote, stage, spec->traits_from,
					   &stage->traits, err);
	if (ret == 0)
		ret = stage_room(stage, spec->size, err);
	stage->place = stage->target;
	if (ret == 0 && !spec->fresh)
		ret = stage_beside(stage, spec, err);
	return ret != 0 || rehearsing ? ret : stage_create(stage, err);
}

int remote_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec,
	struct stage **made, struct error *err)
{
	struct stage *stage = talloc_zero(mem, struct stage);
	int ret;

	if (!stage)
		return error_memory(err);
	stage->remote = remote_of(server);
	stage->mtime = spec->mtime;
	talloc_set_destructor(stage, stage_discard);
	ret = remote_may_write(stage->remote, err);
	if (ret == 0)
		ret = stage_make(stage, spec, err);
	if (ret != 0)
		talloc_free(stage);
	else
		*made = stage;
	return ret;
}

/* ---- writing and reading ---- */

static int write_block(struct stage *stage, const uint8_t *bytes, size_t len, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct frame_writer body;
	int ret;

	frame_begin(&body, tmp);
	frame_put32(&body, stage->handle);
	frame_put64(&body, stage->written);
	frame_put_bytes(&body, bytes, len);
	ret = remote_body_ask(stage->remote, tmp, FRAME_WRITE, &body, NULL,
		N_("%s cannot be written"), stage->place, err);
	if (ret == 0) {
		stage->written += len;
		remote_room_taken(stage->remote, stage->place[0], len);
	}
	talloc_free(tmp);
	return ret;
}

int remote_stage_write(struct stage *stage, const void *bytes, size_t len, struct error *err)
{
	const uint8_t *at = bytes;
	int ret = 0;

	while (ret == 0 && len > 0) {
		size_t part = len < WRITE_MOST ? len : WRITE_MOST;

		/* What was written before would be lost with the handle. */
		ret = stage->session == stage->remote->session && stage->remote->link &&
				!link_broken(stage->remote->link)
			? write_block(stage, at, part, err)
			: stage_close(stage, err);
		at += part;
		len -= part;
	}
	return ret;
}

int remote_stage_ready(struct stage *stage, struct error *err)
{
	uint64_t size = 0;
	int ret = stage_close(stage, err);

	if (ret == 0 && stage->traits.found)
		ret = remote_traits_give(stage->remote, &stage->traits, stage->place, err);
	if (ret == 0 && stage->mtime != FILETIME_NONE)
		ret = remote_time_set(stage->remote, stage->place, stage->mtime, err);
	if (ret == 0)
		ret = remote_look_again(stage->remote, stage->place, stage->mtime, &size, err);
	if (ret == 0 && size != stage->written)
		ret = error_set(err, TROUBLE_VERIFY,
			_("The new %s was written, but the disk shows another size."),
			stage->target);
	return ret;
}

int remote_stage_read(struct stage *stage, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	int ret = 0;

	if (!stage->in)
		ret = remote_file_open(&stage->remote->base, stage, stage->place, &stage->in, NULL,
			err);
	if (ret == 0)
		ret = remote_file_read(stage->in, off, buf, len, got, err);
	/* Many stages wait side by side. */
	if (ret == 0 && *got < len)
		TALLOC_FREE(stage->in);
	return ret;
}

/* ---- switching ---- */

static int look_after(struct stage *stage, const char *path, bool *there, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct remote_spot spot;
	int ret;

	remote_files_forget(stage->remote);
	ret = remote_find(stage->remote, tmp, path, &spot, err);
	*there = ret == 0 && spot.found;
	talloc_free(tmp);
	return ret;
}

static int rename_once(struct stage *stage, const char *from, const char *to, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_RENAME,
		.path = from,
		.to = to,
		.what = stage->replaces ? N_("%s cannot be replaced") : N_("%s cannot be made"),
		.on = stage->target };

	return remote_file_change(stage->remote, &request, err);
}

/* An answer that was lost is looked up, and the rename done again where it was not done. */
static int rename_certain(struct stage *stage, const char *from, const char *to, struct error *err)
{
	bool old, new;
	int ret = rename_once(stage, from, to, err);

	if (ret == 0 || !remote_broke(stage->remote, ret))
		return ret;
	if (look_after(stage, from, &old, NULL) != 0 || look_after(stage, to, &new, NULL) != 0)
		return ret;
	if (old && !new)
		return rename_once(stage, from, to, err);
	return old ? ret : 0;
}

static int aside_remove_once(struct stage *stage, struct error *err)
{
	const struct remote_request request = { .verb = FRAME_UNLINK,
		.path = stage->aside,
		.what = N_("%s cannot be replaced"),
		.on = stage->target };
	int ret = 0;

	if (stage->replaced & REMOTE_READONLY)
		ret = remote_attributes_set(stage->remote, stage->aside, REMOTE_ARCHIVE, err);
	return ret == 0 ? remote_file_change(stage->remote, &request, err) : ret;
}

/* The old file, when the new one has its name. */
static int aside_remove(struct stage *stage, struct error *err)
{
	bool there;
	int ret = aside_remove_once(stage, err);

	if (ret == 0 || !remote_broke(stage->remote, ret) ||
		look_after(stage, stage->aside, &there, NULL) != 0)
		return ret;
	return there ? aside_remove_once(stage, err) : 0;
}

/* One that is in use may be renamed, and not removed: then it keeps its name. What fails here is
 * known by its names to who goes on. */
static void switch_back(struct stage *stage, bool switched)
{
	if (switched && rename_certain(stage, stage->target, stage->place, NULL) != 0)
		return;
	if (rename_certain(stage, stage->aside, stage->target, NULL) == 0 && switched &&
		(stage->replaced & REMOTE_READONLY))
		(void)remote_attributes_set(stage->remote, stage->target,
			stage->replaced & REMOTE_SETTABLE, NULL);
}

static int stage_replace(struct stage *stage, struct error *err)
{
	bool switched;
	int ret = rename_certain(stage, stage->target, stage->aside, err);

	if (ret != 0)
		return ret;
	ret = rename_certain(stage, stage->place, stage->target, err);
	switched = ret == 0;
	if (switched)
		ret = aside_remove(stage, err);
	if (ret != 0)
		switch_back(stage, switched);
	return ret;
}

int remote_stage_switch(struct stage *stage, struct error *err)
{
	int ret = 0;

	TALLOC_FREE(stage->in);
	if (stage->replaces)
		ret = stage_replace(stage, err);
	else if (stage->place != stage->target)
		ret = rename_certain(stage, stage->place, stage->target, err);
	if (ret == 0)
		stage->made = false;
	return ret;
}

/* ---- trial ---- */

/* The first file of the folder, or of a folder in it; NULL: there is none, and none is needed. */
static int trial_model(struct server *server, TALLOC_CTX *tmp, const char *folder, bool deeper,
	const char **model, struct error *err)
{
	struct entry_list list;
	int ret = remote_list(server, tmp, folder, &list, err);

	for (size_t i = 0; ret == 0 && i < list.count && !*model; i++)
		if (list.entries[i].meta.kind == ENTRY_FILE) {
			*model = path_join(tmp, folder, list.entries[i].name);
			ret = *model ? 0 : error_memory(err);
		}
	for (size_t i = 0; ret == 0 && deeper && i < list.count && !*model; i++)
		if (list.entries[i].meta.kind == ENTRY_FOLDER)
			ret = trial_model(server, tmp, path_join(tmp, folder, list.entries[i].name),
				false, model, err);
	return ret;
}

/* *ours: it holds what a trial writes, or less. */
static int trial_look(struct server *server, TALLOC_CTX *tmp, const char *path, bool *found,
	bool *ours, struct error *err)
{
	char back[TRIAL_ROOM];
	struct server_file *file;
	size_t got = 0;
	int ret = remote_stat(server, tmp, path, found, NULL, NULL, err);

	*ours = false;
	if (ret != 0 || !*found)
		return ret;
	ret = remote_file_open(server, tmp, path, &file, NULL, err);
	if (ret == 0)
		ret = remote_file_read(file, 0, back, sizeof back, &got, err);
	*ours = ret == 0 && got < sizeof trial_data && memcmp(back, trial_data, got) == 0;
	talloc_free(ret == 0 ? file : NULL);
	return ret;
}

static int trial_remove(struct server *server, TALLOC_CTX *tmp, const char *folder,
	struct error *err)
{
	char *path = path_join(tmp, folder, TRIAL_NAME SERVER_STAGE_SUFFIX);
	bool found = false, ours;
	int ret = path ? trial_look(server, tmp, path, &found, &ours, err) : error_memory(err);

	if (ret != 0 || !found)
		return ret;
	if (ours)
		return remote_remove(server, path, err);
	ret = error_set(err, TROUBLE_MOVED,
		_("%s already exists, and a trial file would be written under that name."), path);
	return error_advise(err, ret, _("Move it away, then try again."));
}

/* A stage that is never switched in: everything but the rename is tried. */
static int trial_run(struct server *server, TALLOC_CTX *tmp, const char *folder, struct error *err)
{
	struct stage_spec spec = { .mtime = filetime_of(899683200, 0) /* 1998-07-06 */,
		.size = sizeof trial_data - 1 };
	struct stage *stage = NULL;
	char back[TRIAL_ROOM];
	size_t got = 0;
	int ret = trial_model(server, tmp, folder, true, &spec.traits_from, err);

	spec.target = path_join(tmp, folder, TRIAL_NAME);
	if (ret == 0 && !spec.target)
		ret = error_memory(err);
	if (ret == 0)
		ret = remote_stage(server, tmp, &spec, &stage, err);
	if (ret == 0)
		ret = remote_stage_write(stage, trial_data, sizeof trial_data - 1, err);
	if (ret == 0)
		ret = remote_stage_ready(stage, err);
	if (ret == 0)
		ret = remote_stage_read(stage, 0, back, sizeof back, &got, err);
	if (ret == 0 && (got != sizeof trial_data - 1 || memcmp(back, trial_data, got) != 0))
		ret = error_set(err, TROUBLE_VERIFY,
			_("%s reads back differently from what was written."), stage->place);
	talloc_free(stage);
	return ret;
}

int remote_trial(struct server *server, const char *folder, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = server_dry_refused(server, err);

	if (ret == 0)
		ret = trial_remove(server, tmp, folder, err);
	if (ret == 0)
		ret = trial_run(server, tmp, folder, err);
	talloc_free(tmp);
	return ret;
}

int remote_trial_clear(struct server *server, const char *folder, int64_t mtime, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = server_dry_refused(server, err);

	if (ret == 0)
		ret = trial_remove(server, tmp, folder, err);
	if (ret == 0)
		ret = remote_set_time(server, folder, mtime, err);
	talloc_free(tmp);
	return ret;
}
