/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of an overlay: committed, kept or thrown away. */
#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "run/engine_internal.h"

/* Who decides. */
static json_t *by(const struct engine *engine)
{
	return json_pack("{s:s, s:s}", "operator", engine->operator_name, "how", engine->how);
}

/* Of overlays that were set aside: nothing is in them that anybody needs, once the run has its
 * end. */
static void torn_remove(struct engine *engine)
{
	for (size_t i = 0; i < journal_count(engine->journal); i++) {
		const json_t *entry = journal_entry(engine->journal, i);
		struct overlay *torn;

		if (!entry_is(entry, JOURNAL_OVERLAY) || !entry_says(entry, "state", "torn") ||
			overlay_read(engine, entry, &torn, NULL))
			continue;
		for (size_t k = 0; k < torn->count; k++)
			if (unlink(torn->files[k].path) && errno != ENOENT)
				runfolder_log(engine->run, "not removed: %s", torn->files[k].path);
	}
}

/* ---- the end: commit ---- */

/* The whole of each file, once: after this the repair touches them no more. */
static int images_digest(struct engine *engine, json_t *list, struct error *err)
{
	struct image_stamp *stamps;
	size_t count;
	int ret = engine->server->overlay->stamps(engine->server, engine, &stamps, &count, err);

	for (size_t i = 0; !ret && i < count; i++) {
		struct digest digest;
		uint64_t size;
		char hex[65];
		int sys = file_digest(stamps[i].path, &digest, &size);

		if (sys)
			return error_system(err, TROUBLE_IO, sys,
				_("The disk image %s cannot be read"),
				text_shown(stamps, stamps[i].path));
		digest_text(&digest, hex);
		json_array_append_new(list,
			json_pack("{s:o, s:s}", "path", json_path(stamps[i].path), "sha256", hex));
	}
	return ret;
}

/* Where the run has come to an end or a pause, its report says the new end. */
static int end_report(struct engine *engine, struct error *err)
{
	torn_remove(engine);
	return journal_state(engine->journal) == STATE_CUT_OFF ? 0 : record_report(engine, err);
}

static int commit(struct engine *engine, struct error *err)
{
	json_t *list = json_array();
	struct error why;
	int ret = engine->server->overlay->commit(engine->server, engine->stand->overlay, err);

	if (ret) {
		json_decref(list);
		return ret;
	}
	/* It is committed; that the image cannot be read once more does not change that. */
	if (images_digest(engine, list, &why))
		runfolder_log(engine->run, "%s", why.text);
	ret = overlay_note(engine, "ended",
		json_pack("{s:s, s:o}", "end", "commit", "images", list), err);
	return ret ? ret : end_report(engine, err);
}

/* ---- the end: drop ---- */

/* What was decided and made in it alone is open again. */
static int decisions_forget(struct engine *engine, struct error *err)
{
	struct history history;
	size_t since = journal_count(engine->journal);
	int ret = history_read(engine, engine, &history, err);

	while (since > 0 &&
		!(entry_is(journal_entry(engine->journal, since - 1), JOURNAL_OVERLAY) &&
			entry_says(journal_entry(engine->journal, since - 1), "state", "begun")))
		since--;
	for (size_t i = 0; !ret && i < history.count; i++)
		for (size_t k = 0; !ret && history.acts[i].prepared > since &&
			!history.acts[i].undo && k < history.acts[i].count;
			k++)
			ret = record_decision(engine, history.acts[i].changes[k]->id,
				DECISION_UNDECIDED, NULL, NULL, true, err);
	return ret;
}

/* The end or pause that the run stood at before. */
static int stand_before(struct engine *engine, struct error *err)
{
	for (size_t i = journal_count(engine->journal); i-- > 0;) {
		const json_t *entry = journal_entry(engine->journal, i);

		if (entry_is(entry, JOURNAL_END))
			return journal_add(engine->journal, JOURNAL_END,
				json_pack("{s:O, s:O}", "result", json_object_get(entry, "result"),
					"exit", json_object_get(entry, "exit")),
				true, err);
		if (entry_is(entry, JOURNAL_PAUSED))
			break;
	}
	return journal_add(engine->journal, JOURNAL_PAUSED,
		json_pack("{s:s}", "text", N_("what was written last was thrown away")), true, err);
}

static int drop_later(struct engine *engine, struct error *err)
{
	if (decisions_forget(engine, err) || overlay_thrown_away(engine, err) ||
		stand_before(engine, err))
		return -(int)err->trouble;
	return end_report(engine, err);
}

/* Nothing is left of the run but its record. */
static int drop_all(struct engine *engine, struct error *err)
{
	const json_t *said = journal_last(engine->journal, JOURNAL_OVERLAY);
	json_t *fields = json_pack("{s:O?, s:O?, s:{}}", "operator",
		json_object_get(said, "operator"), "how", json_object_get(said, "how"), "others");

	if (engine->server->overlay->drop(engine->server, engine->stand->overlay, err)) {
		json_decref(fields);
		return -(int)err->trouble;
	}
	if (journal_add(engine->journal, JOURNAL_UNDO, fields, true, err) ||
		overlay_note(engine, "ended", json_pack("{s:s}", "end", "drop"), err) ||
		journal_end(engine->journal, END_UNDONE, 0, err) || end_report(engine, err))
		return -(int)err->trouble;
	engine->told.undone = true;
	room_end(engine);
	return 0;
}

static int drop(struct engine *engine, struct error *err)
{
	return engine->stand->earlier ? drop_later(engine, err) : drop_all(engine, err);
}

/* ---- decided ---- */

int overlay_recover(struct engine *engine, struct error *err)
{
	if (!engine->server || !engine->server->overlay || !engine->stand)
		return 0;
	switch (engine->stand->state) {
	case OVERLAY_OPEN:
		return overlay_set_aside(engine, err);
	case OVERLAY_COMMITS:
		return commit(engine, err);
	case OVERLAY_DROPS:
		return drop(engine, err);
	default:
		return overlay_image_same(engine, err);
	}
}

int overlay_undoes(struct engine *engine, bool *undoes, struct error *err)
{
	const struct overlay_stand *stand = engine->stand;

	*undoes = false;
	if (!engine->server->overlay || !stand || stand->state != OVERLAY_CLOSED || stand->earlier)
		return 0;
	return engine->server->overlay->ours(engine->server, stand->overlay, undoes, err);
}

static int drop_decided(struct engine *engine, struct error *err)
{
	int ret = overlay_note(engine, "dropping", by(engine), err);

	return ret ? ret : drop(engine, err);
}

/* All of it was written into one overlay, and nobody else has written there. */
int overlay_undo(struct engine *engine, bool dry_run, char **text, struct error *err)
{
	const struct overlay_file *file = &engine->stand->overlay->files[0];

	*text = talloc_asprintf(engine,
		dry_run ? _("The overlay %s would be thrown away. The image is as it was.\n")
			: _("The overlay %s was thrown away. The image is as it was.\n"),
		text_shown(engine, file->path));
	if (!*text)
		return error_memory(err);
	return dry_run ? 0 : drop_decided(engine, err);
}

static int none_waits(struct error *err)
{
	return error_set(err, TROUBLE_CANNOT,
		_("No overlay of this run waits to be committed, kept or thrown away."));
}

static int end_commit(struct engine *engine, const char *typed, struct error *err)
{
	int ret;

	if (!typed || !text_equal(typed, engine->server->id.name))
		return error_set(err, TROUBLE_USAGE,
			_("The server's name was not typed; nothing is committed."));
	ret = overlay_unmoved(engine, err);
	if (!ret)
		ret = overlay_note(engine, "committing", by(engine), err);
	return ret ? ret : commit(engine, err);
}

/* What is to be done at the server, of a run that had come to its end without a pause; the codes of
 * the test messages are on record before that end then. */
static int kept_next(struct engine *engine, struct error *err)
{
	char *text;

	if (journal_state(engine->journal) != STATE_DONE ||
		journal_last(engine->journal, JOURNAL_UNDO))
		return 0;
	if (next_write(engine, engine, &text, err))
		return -(int)err->trouble;
	return journal_ended(engine->journal) ? 0 : stand_before(engine, err);
}

static int end_keep(struct engine *engine, struct error *err)
{
	json_t *fields;

	if (overlay_unmoved(engine, err))
		return -(int)err->trouble;
	fields = by(engine);
	json_object_set_new(fields, "end", json_string("keep"));
	if (overlay_note(engine, "ended", fields, err) || kept_next(engine, err))
		return -(int)err->trouble;
	return end_report(engine, err);
}

static int end_drop(struct engine *engine, struct error *err)
{
	bool ours;
	int ret = engine->server->overlay->ours(engine->server, engine->stand->overlay, &ours, err);

	if (!ret && !ours)
		ret = error_advise(err,
			error_set(err, TROUBLE_MOVED,
				_("Somebody else has written to the overlay since: a VM ran from it, and it may hold live mail. It is not thrown away.")),
			_("Keep it, or put back what the run changed (undo)."));
	return ret ? ret : drop_decided(engine, err);
}

int engine_overlay_end(struct engine *engine, enum overlay_end how, const char *typed,
	struct error *err)
{
	enum overlay_state state;

	if (!engine->server->overlay || !engine->stand)
		return none_waits(err);
	if (overlay_close(engine, err))
		return -(int)err->trouble;
	state = engine->stand->state;
	/* What was decided then comes to its end first; it is not asked again. */
	if (state == OVERLAY_COMMITS || state == OVERLAY_DROPS) {
		int ret = overlay_recover(engine, err);

		return ret || how == (state == OVERLAY_COMMITS ? OVERLAY_COMMIT : OVERLAY_DROP)
			? ret
			: none_waits(err);
	}
	if (state == OVERLAY_OPEN)
		return error_advise(err,
			error_set(err, TROUBLE_CANNOT,
				_("The overlay of this run was cut off while it was written.")),
			_("Resume the run, or put it back (undo)."));
	if (state == OVERLAY_NONE)
		return none_waits(err);
	return how == OVERLAY_COMMIT  ? end_commit(engine, typed, err)
		: how == OVERLAY_KEEP ? end_keep(engine, err)
				      : end_drop(engine, err);
}

int engine_overlay_open(TALLOC_CTX *mem, struct server *server, const char *run_name,
	const struct engine_options *options, struct engine **engine, struct error *err)
{
	return engine_open(mem, server, run_name, true, options, engine, err);
}

char *engine_overlay_commands(const struct engine *engine, TALLOC_CTX *mem)
{
	static const char *const ends[] = { "commit", "keep", "drop" };
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		text = talloc_asprintf_append(text, "  %s\n",
			engine_command(engine, text, ends[i]));
	return text;
}
