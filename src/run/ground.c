/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a record may ask for, whoever wrote it. */
#include "base/i18n.h"
#include "base/text.h"
#include "repair/leftover.h"
#include "run/engine_internal.h"

/* What the record must fit: the control set is the server's, the folders are the record's. */
int engine_ground(struct engine *engine, const json_t *entry, struct error *err)
{
	struct survey *ground = talloc_zero(engine, struct survey);

	if (server_control_set(engine->server, ground, &ground->control_set, err))
		return -(int)err->trouble;
	ground->id = &engine->server->id;
	ground->default_msmcon = path_of_json(ground, entry, "default");
	ground->relocated_msmcon = path_of_json(ground, entry, "relocated");
	engine->ground = ground;
	return ground->relocated_msmcon && path_under(engine->bin, ground->relocated_msmcon)
		? 0
		: error_set(err, TROUBLE_RECORD_DAMAGED,
			  _("The journal of run %s names a Bin that is not the relocated Msmcon's."),
			  runfolder_name(engine->run));
}

char *engine_tree(const struct engine *engine, TALLOC_CTX *mem, const char *folder)
{
	return talloc_asprintf(mem, "%s" LEFTOVER_TREE_MARK "%s", folder,
		runfolder_name(engine->run));
}

/* The old folder, and the name that this run gives it. */
static bool oldfolder_fits(const struct engine *engine, const struct change *change)
{
	const char *folder = engine->ground->default_msmcon;
	char *aside = folder ? engine_tree(engine, NULL, folder) : NULL;
	bool fits =
		aside && path_equal(change->target, folder) && path_equal(change->source, aside);

	talloc_free(aside);
	return fits;
}

/* Whoever wrote the record: files go from setup's Msmcon to the relocated Bin, values are the
 * article's in the control set that the server starts with, the old folder has its name or the one
 * that this run gives it, and nothing else is ever written. */
bool engine_writes(const struct engine *engine, const struct change *change)
{
	const struct survey *ground = engine->ground;

	/* What this very process put on record is its own. */
	if (!ground)
		return true;
	switch (change->kind) {
	case KIND_BACKUP:
		return engine->backup && path_equal(change->target, engine->backup) &&
			path_equal(change->source, engine->bin);
	case KIND_FILE:
		return path_under(change->target, engine->bin) && ground->default_msmcon &&
			path_under(change->source, ground->default_msmcon);
	case KIND_OLDFOLDER:
		return oldfolder_fits(engine, change);
	default:
		return change_allowed(ground, change);
	}
}

int engine_writes_not(const struct engine *engine, const struct change *change, struct error *err)
{
	return error_advise(err,
		error_set(err, TROUBLE_PLAN_FOREIGN,
			_("The journal of run %s asks for a change that this program never makes: %.200s. Nothing was written."),
			runfolder_name(engine->run), change->id),
		_("Somebody has changed the record, or the server starts with another control set now. "
		  "Restore the run folder from a copy, or put the values back by hand."));
}
