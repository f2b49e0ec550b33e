/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/overlay.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "record/reached.h"
#include "repair/stamps.h"
#include "run/engine_internal.h"
#include "server/image.h"

/* ---- on record ---- */

/* Lasting, before anything follows from it; fields are taken. */
int overlay_note(struct engine *engine, const char *state, json_t *fields, struct error *err)
{
	int ret;

	if (fields)
		json_object_set_new(fields, "state", json_string(state));
	ret = journal_add(engine->journal, JOURNAL_OVERLAY, fields, true, err);
	return ret ? ret : overlay_reread(engine, err);
}

static json_t *files_json(const struct overlay *overlay, bool closed)
{
	json_t *list = json_array();

	for (size_t i = 0; i < overlay->count; i++) {
		json_t *file = json_pack("{s:o}", "path", json_path(overlay->files[i].path));
		char hex[65];

		if (closed) {
			digest_text(&overlay->files[i].digest, hex);
			json_object_set_new(file, "size",
				json_integer((json_int_t)overlay->files[i].size));
			json_object_set_new(file, "sha256", json_string(hex));
		}
		json_array_append_new(list, file);
	}
	return list;
}

/* What the disks are: image, format, what it stands on. */
static json_t *images_json(const struct server *server)
{
	json_t *list = json_array();
	size_t count;
	const struct image_told *told = server->overlay->told(server, &count);

	for (size_t i = 0; i < count; i++) {
		json_t *chain = json_array();

		for (size_t k = 0; told[i].chain && told[i].chain[k]; k++)
			json_array_append_new(chain, json_path(told[i].chain[k]));
		json_array_append_new(list,
			json_pack("{s:o, s:s, s:o}", "path", json_path(told[i].path), "format",
				told[i].format, "chain", chain));
	}
	return list;
}

bool engine_overlay_waits(const struct engine *engine)
{
	return journal_overlay_waits(engine->journal);
}

const struct overlay_stand *engine_overlay_stand(const struct engine *engine)
{
	return engine->stand;
}

enum run_end engine_overlay_result(const struct engine *engine)
{
	return journal_result(engine->journal);
}

/* ---- written to ---- */

int overlay_unmoved(struct engine *engine, struct error *err)
{
	struct image_stamp *now;
	size_t count;

	if (engine->server->overlay->stamps(engine->server, engine->stand, &now, &count, err))
		return -(int)err->trouble;
	return image_stamps_same(engine->stand->stamps, engine->stand->stamp_count, now, count,
		err);
}

/* Who names what was kept as the image is looked at through that: what is below is told by its
 * name. */
static int below_unmoved(struct engine *engine, struct error *err)
{
	const struct overlay_stand *stand = engine->stand;
	struct image_stamp *now;
	size_t count;
	int ret = engine->server->overlay->stamps(engine->server, engine, &now, &count, err);

	for (size_t i = 0; !ret && i < stand->stamp_count; i++)
		for (size_t k = 0; !ret && k < count; k++)
			if (!strcmp(stand->stamps[i].path, now[k].path))
				ret = image_stamps_same(&stand->stamps[i], 1, &now[k], 1, err);
	return ret;
}

int overlay_image_same(struct engine *engine, struct error *err)
{
	const struct overlay_stand *stand = engine->server ? engine->stand : NULL;

	if (!stand || !engine->server->overlay)
		return 0;
	if (stand->state == OVERLAY_CLOSED)
		return overlay_unmoved(engine, err);
	return stand->state == OVERLAY_NONE && stand->over ? below_unmoved(engine, err) : 0;
}

int overlay_thrown_away(struct engine *engine, struct error *err)
{
	int ret = engine->server->overlay->drop(engine->server, engine->stand->overlay, err);

	return ret ? ret : overlay_note(engine, "ended", json_pack("{s:s}", "end", "drop"), err);
}

static bool shared(const struct overlay_stand *stand, const struct image_stamp *stamps,
	size_t count)
{
	for (size_t i = 0; i < stand->stamp_count; i++)
		for (size_t k = 0; k < count; k++)
			if (!strcmp(stand->stamps[i].path, stamps[k].path))
				return true;
	return false;
}

/* What a cut commit has left half in an image is no server's disk, and would be written into it
 * again, over what came later. */
static int none_half_committed(struct engine *engine, const struct image_stamp *stamps,
	size_t count, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(engine);
	struct run_summary *list;
	size_t runs;
	int ret = runs_list(tmp, engine->runs, &list, &runs, err);

	for (size_t i = 0; !ret && i < runs; i++) {
		struct overlay_stand *stand;
		struct runfolder *run;
		struct journal *journal;

		if (runfolder_open(tmp, engine->runs, list[i].name, false, &run, NULL) ||
			journal_open(tmp, run, &journal, NULL) ||
			overlay_stand(tmp, journal, &stand, NULL))
			continue;
		if (stand->state == OVERLAY_COMMITS && shared(stand, stamps, count))
			ret = error_advise(err,
				error_set(err, TROUBLE_CANNOT,
					_("The commit of run %s into the image was cut off."),
					list[i].name),
				_("Resume that run first: %s"),
				reached_command(tmp, &engine->server->reached, engine->runs,
					"resume", list[i].name));
	}
	talloc_free(tmp);
	return ret;
}

static int begin(struct engine *engine, struct error *err)
{
	const struct overlay_ops *ops = engine->server->overlay;
	const char *run = engine_run_name(engine);
	size_t before = engine->stand ? engine->stand->begun : 0, count;
	TALLOC_CTX *tmp = talloc_new(engine);
	char *name =
		before ? talloc_asprintf(tmp, "%s-%zu", run, before + 1) : talloc_strdup(tmp, run);
	struct image_stamp *stamps;
	struct overlay *overlay;
	int ret = name ? ops->plan(engine->server, tmp, name, &overlay, err) : error_memory(err);

	if (!ret)
		ret = ops->stamps(engine->server, tmp, &stamps, &count, err);
	if (!ret)
		ret = none_half_committed(engine, stamps, count, err);
	if (!ret)
		ret = overlay_note(engine, "begun",
			json_pack("{s:o, s:o, s:o}", "files", files_json(overlay, false), "images",
				images_json(engine->server), "stamps", stamps_json(stamps, count)),
			err);
	if (!ret) {
		ret = ops->begin(engine->server, overlay, err);
		engine->overlay_open = !ret;
		if (ret)
			(void)overlay_thrown_away(engine, NULL);
	}
	talloc_free(tmp);
	return ret;
}

/* Where that fails nothing was written to it, and it is as closed as it was. */
static int go_on(struct engine *engine, struct error *err)
{
	const struct overlay_ops *ops = engine->server->overlay;
	struct overlay *overlay = engine->stand->overlay;
	bool ours = false;
	int ret = overlay_note(engine, "open", json_object(), err);

	if (!ret)
		ret = ops->go_on(engine->server, overlay, err);
	engine->overlay_open = !ret;
	if (ret && !ops->ours(engine->server, overlay, &ours, NULL) && ours)
		(void)overlay_note(engine, "closed",
			json_pack("{s:o}", "files", files_json(overlay, true)), NULL);
	return ret;
}

/* A VM has run from it: it is what the server's disks are now, and is written to no more. */
static int taken_over(struct engine *engine, struct error *err)
{
	return overlay_note(engine, "ended", json_pack("{s:s, s:b}", "end", "keep", "ran", 1), err);
}

int overlay_write(struct engine *engine, struct error *err)
{
	const struct overlay_stand *stand = engine->stand;
	bool ours;

	if (!engine->server->overlay || engine->overlay_open)
		return 0;
	if (!stand || stand->state == OVERLAY_NONE)
		return begin(engine, err);
	if (stand->state != OVERLAY_CLOSED)
		return error_advise(err,
			error_set(err, TROUBLE_CANNOT,
				_("The overlay of this run was not closed; it is not gone on with.")),
			_("Start the program again and resume the run."));
	if (overlay_unmoved(engine, err) ||
		engine->server->overlay->ours(engine->server, stand->overlay, &ours, err))
		return -(int)err->trouble;
	if (ours)
		return go_on(engine, err);
	return taken_over(engine, err) ? -(int)err->trouble : begin(engine, err);
}

/* ---- closed ---- */

/* More than a trial, or what a cut had left. */
static bool acted(const struct journal *journal)
{
	for (size_t i = journal_count(journal); i-- > 0;) {
		const json_t *entry = journal_entry(journal, i);

		if (entry_is(entry, JOURNAL_ACT) || entry_is(entry, JOURNAL_DELETING))
			return true;
		if (entry_is(entry, JOURNAL_OVERLAY) && entry_says(entry, "state", "begun"))
			return false;
	}
	return false;
}

/* On record as what it is: nobody goes on with it. */
static int unsound(struct engine *engine, struct error *err)
{
	struct error why = *err;

	(void)overlay_note(engine, "failed",
		json_pack("{s:s, s:s}", "trouble", trouble_name(why.trouble), "text",
			error_recorded(engine, &why)),
		NULL);
	return error_advise(err, error_pass(err, &why),
		_("Resume the run: its overlay is set aside, and what was decided is carried out again in a new one."));
}

int overlay_close(struct engine *engine, struct error *err)
{
	struct overlay *overlay;
	struct error own;

	err = err ? err : &own;
	if (!engine->overlay_open)
		return 0;
	engine->overlay_open = false;
	if (!acted(engine->journal))
		return overlay_thrown_away(engine, err);
	overlay = engine->stand->overlay;
	if (engine->server->overlay->close(engine->server, overlay, err))
		return unsound(engine, err);
	return overlay_note(engine, "closed",
		json_pack("{s:o}", "files", files_json(overlay, true)), err);
}

int overlay_settle(struct engine *engine, int ret, struct error *err)
{
	struct error why;
	int closed = overlay_close(engine, &why);

	return ret || !closed ? ret : error_pass(err, &why);
}

/* ---- cut off ---- */

int overlay_set_aside(struct engine *engine, struct error *err)
{
	struct overlay *overlay = engine->stand->overlay;
	char *list = talloc_strdup(engine, "");

	if (engine->server->overlay->set_aside(engine->server, overlay, err) ||
		overlay_note(engine, "torn",
			json_pack("{s:o}", "files", files_json(overlay, false)), err))
		return -(int)err->trouble;
	for (size_t i = 0; i < overlay->count; i++)
		list = talloc_asprintf_append(list, "%s%s", i ? ", " : "",
			text_shown(engine, overlay->files[i].path));
	engine->told.torn = talloc_asprintf(engine,
		_("The overlay in which the repair was being written was cut off. It was set aside as %s; a new one is made, and what was decided is carried out again."),
		list);
	return engine->told.torn ? 0 : error_memory(err);
}

/* ---- kept ---- */

/* qemu takes two commas for one. */
static char *drive_word(TALLOC_CTX *mem, const char *path)
{
	char *word = talloc_strdup(mem, "file=");

	for (; word && *path; path++)
		word = talloc_asprintf_append(word, *path == ',' ? ",%c" : "%c", *path);
	return talloc_strdup_append(word, ",format=qcow2");
}

char *engine_overlay_start(const struct engine *engine, TALLOC_CTX *mem)
{
	const struct overlay_stand *stand = engine->stand;
	const struct overlay *top = NULL;
	char *text = talloc_strdup(mem, _("To start the VM from it, for example:\n"));

	for (size_t i = 0; stand && stand->over && stand->over[i]; i++)
		top = stand->over[i];
	text = talloc_strdup_append(text, "  qemu-system-i386");
	for (size_t i = 0; top && i < top->count; i++)
		text = talloc_asprintf_append(text, " -drive %s",
			reached_word(mem, drive_word(mem, top->files[i].path)));
	return talloc_asprintf_append(text, "\n%s\n",
		_("The image below must stay where it is, and nobody may write to it. For VMware or VirtualBox make a whole image of each file (qemu-img convert -O vmdk or -O vdi). That is a copy: check looks at it by its own name (--image); step 6 and undo of this run work on the overlay, not on the copy."));
}
