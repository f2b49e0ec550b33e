/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/rehearse.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/runfolder.h"
#include "repair/leftover.h"
#include "repair/rehearse.h"
#include "server/overlay.h"
#include "run/engine_internal.h"

/* As long as the longest that a run's name can be. */
#define ANY_RUN "20000101-000000-999999"

struct rehearsing {
	struct server *server;
	struct plan *plan;
	const char *runs; /* as named, or NULL */
	bool open;        /* another place of runs can still be named */
	char *place;
	bool by_hand;
	struct change **changes;
	size_t count;
	char record_on; /* the server's drive that the record comes to lie on */
	struct server_rehearsal *comes_to;
	/* bytes of all of it, and of the largest file that is written anywhere */
	uint64_t record, largest;
	size_t plan_len; /* of the plan as JSON */
};

int repair_allowed(struct server *server, const struct survey *survey, struct error *err)
{
	int ret = survey_forbids(survey, err);

	if (ret)
		return ret;
	if (!survey_lives(survey))
		return error_set(err, TROUBLE_LIVE, "%s", survey_live_sentence(survey));
	if (!(server->caps & SERVER_WRITE))
		return error_set(err, TROUBLE_READ_ONLY,
			_("This server can be looked at, but not written to."));
	return 0;
}

/* ---- what is gone through ---- */

static bool any_decided(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].decision == DECISION_CHANGE &&
			plan->rows[i].finding->kind != KIND_BACKUP)
			return true;
	return false;
}

static int changes_make(struct rehearsing *all, struct error *err)
{
	bool decided = any_decided(all->plan);
	char *backup = NULL;

	all->changes = memory_array(all, sizeof *all->changes, all->plan->count);
	if (!all->changes)
		return error_memory(err);
	for (size_t i = 0; i < all->plan->count; i++) {
		const struct plan_row *row = &all->plan->rows[i];
		bool backs_up = row->finding->kind == KIND_BACKUP;
		bool wanted =
			decided ? row->decision == DECISION_CHANGE : row->decision != DECISION_KEEP;

		if ((!row->finding->can_change && !row->edited) || (!backs_up && !wanted))
			continue;
		if (backs_up)
			backup = talloc_asprintf(all, "%s" LEFTOVER_TREE_MARK ANY_RUN,
				row->finding->target);
		if (change_from_row(all, all->plan, row, backup, &all->changes[all->count], err))
			return -(int)err->trouble;
		all->count++;
	}
	return 0;
}

/* The backup alone changes nothing. */
static bool nothing_to_do(const struct rehearsing *all)
{
	return all->count == 0 || (all->count == 1 && all->changes[0]->kind == KIND_BACKUP);
}

/* Whoever edited it, a value goes through one door: the walk's, a plan's. */
static int edits_pass(struct rehearsing *all, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < all->plan->count; i++) {
		const struct plan_row *row = &all->plan->rows[i];

		if (row->edited && row->decision == DECISION_CHANGE)
			ret = plan_edit_allowed(all->server, all->plan->survey, row->finding,
				row->edited, err);
	}
	return ret;
}

/* ---- the record ---- */

/* A record must not lie in what it is the record of. */
static int inside_pass(struct rehearsing *all, struct error *err)
{
	const char *folders[] = { all->plan->survey->relocated_msmcon,
		all->plan->survey->default_msmcon };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		bool holds = false;
		int ret = all->server->ops->holds(all->server, folders[i], all->place, &holds, err);

		/* A folder that was removed beforehand holds nothing. */
		if (ret != 0 && ret != -TROUBLE_NOT_THERE)
			return ret;
		if (ret != 0 || !holds)
			continue;
		ret = error_set(err, TROUBLE_NO_RUN_FOLDER,
			_("The folder for runs lies in %s, which is repaired itself: the record of the repair must lie elsewhere."),
			text_shown(all, folders[i]));
		return error_advise(err, ret,
			_("Name a folder outside of both Msmcon folders, with --runs."));
	}
	return 0;
}

/* The registry files are saved in it. */
static int record_hives(struct rehearsing *all, struct error *err)
{
	static const char *const names[] = { "SYSTEM", "SYSTEM.ALT", "SYSTEM.LOG" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = talloc_asprintf(all, "%s\\system32\\config\\%s",
			all->server->id.nt_folder, names[i]);
		struct file_meta meta;
		bool found;

		if (all->server->ops->file_stat(all->server, all, path, &found, &meta, NULL, err))
			return -(int)err->trouble;
		if (!found)
			continue;
		all->record += meta.size;
		all->largest = meta.size > all->largest ? meta.size : all->largest;
	}
	return 0;
}

/* Where the place lies on a drive of the server, its room is needed together with that of the
 * repair. */
static int record_drive(struct rehearsing *all, struct error *err)
{
	char *letters;
	int ret = all->server->ops->drives(all->server, all, &letters, err);

	for (; ret == 0 && *letters; letters++) {
		char root[] = { *letters, ':', '\\', '\0' };
		bool holds = false;

		ret = all->server->ops->holds(all->server, root, all->place, &holds, err);
		if (holds)
			all->record_on = *letters;
	}
	return ret;
}

static int room_pass(struct rehearsing *all, struct error *err)
{
	uint64_t block = runs_block(all->place);

	/* What is reserved is one file. */
	all->largest = room_bytes(ROOM_RUN, all->plan_len, block) +
		room_bytes(ROOM_KEPT, all->plan_len, block);
	all->record = room_bytes(ROOM_BEGIN, all->plan_len, block) + all->largest;
	if (record_drive(all, err) ||
		((all->server->caps & SERVER_HIVES) && record_hives(all, err)))
		return -(int)err->trouble;
	for (size_t i = 0; i < all->count; i++)
		if (all->changes[i]->kind == KIND_FILE &&
			all->changes[i]->after.file.size > all->largest)
			all->largest = all->changes[i]->after.file.size;
	return runs_room(all->place, all->record, all->largest, err);
}

/* The plan goes into the record, and to a file that is edited: what is written is what will be
 * read. */
static int plan_pass(struct rehearsing *all, struct error *err)
{
	json_t *json = plan_json(all->plan);
	char *bytes = json_dumps(json, JSON_INDENT(1)), *differences = NULL;
	struct plan *back;
	int ret;

	json_decref(json);
	ret = bytes
		? plan_load(all, bytes, strlen(bytes), all->plan->survey, &back, &differences, err)
		: error_memory(err);
	all->plan_len = bytes ? strlen(bytes) : 0;
	free(bytes);
	if (ret == 0 || ret == -TROUBLE_MEMORY)
		return ret;
	ret = error_set(err, TROUBLE_CANNOT,
		_("A plan cannot hold what was found on this server as it is, so it could not be applied "
		  "as decided. %s"),
		differences ? differences : "");
	return error_advise(err, ret,
		_("Give that file an ordinary name, size and date, then try again."));
}

/* Where another place of runs can still be named, only one that was named is looked at. */
static int place_pass(struct rehearsing *all, struct error *err)
{
	char *warning;
	int ret = runs_place(all, all->runs, &all->place, &all->by_hand, err);

	if (all->open && (ret != 0 || !all->by_hand))
		return 0;
	if (ret != 0 ||
		runs_suit(all, all->place, all->by_hand, all->server->caps & SERVER_SIMULATED,
			&warning, err) ||
		inside_pass(all, err) || room_pass(all, err))
		return -(int)err->trouble;
	return 0;
}

/* What would be written into can be made. */
static int overlay_pass(struct rehearsing *all, struct error *err)
{
	struct overlay *overlay;

	return all->server->overlay
		? all->server->overlay->plan(all->server, all, "new", &overlay, err)
		: 0;
}

static int all_pass(struct rehearsing *all, struct error *err)
{
	if (edits_pass(all, err) || changes_make(all, err))
		return -(int)err->trouble;
	if (nothing_to_do(all))
		return 0;
	if (plan_pass(all, err) || place_pass(all, err) || overlay_pass(all, err))
		return -(int)err->trouble;
	return changes_rehearse(all->server, all->changes, all->count,
		all->record_on ? all->record_on : 'C', all->record_on ? all->record : 0,
		all->comes_to, err);
}

static int rehearse(struct server *server, struct plan *plan, const char *runs, bool open,
	struct server_rehearsal *comes_to, struct error *err)
{
	struct rehearsing *all = talloc_zero(NULL, struct rehearsing);
	int ret;

	if (!all)
		return error_memory(err);
	*all = (struct rehearsing){ .server = server,
		.plan = plan,
		.runs = runs,
		.open = open,
		.comes_to = comes_to };
	ret = all_pass(all, err);
	talloc_free(all);
	return ret;
}

int plan_rehearse(struct server *server, struct plan *plan, const char *runs, struct error *err)
{
	struct server_rehearsal comes_to = { 0 };

	return rehearse(server, plan, runs, false, &comes_to, err);
}

int survey_rehearse(void *runs, struct server *server, const struct survey *survey,
	struct server_rehearsal *comes_to, struct error *err)
{
	struct plan *plan;
	int ret = plan_make(NULL, survey, false, &plan, err);

	if (ret != 0)
		return ret;
	comes_to->looking = true;
	ret = rehearse(server, plan, runs, true, comes_to, err);
	talloc_free(plan);
	return ret;
}

/* ---- where a trial is made ---- */

int plan_folders(struct server *server, TALLOC_CTX *mem, struct plan *plan, char ***folders,
	size_t *count, struct error *err)
{
	struct rehearsing *all = talloc_zero(mem, struct rehearsing);
	int ret;

	if (!all)
		return error_memory(err);
	all->plan = plan;
	ret = changes_make(all, err);
	return ret != 0
		? ret
		: changes_folders(server, mem, all->changes, all->count, folders, count, err);
}
