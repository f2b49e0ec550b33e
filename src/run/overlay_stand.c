/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the overlays of a run stand, by its record alone: whoever wrote it, their files are only
 * believed to be ours where they are called as ours are. */
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "repair/stamps.h"
#include "run/overlay.h"

enum { FILE_LIMIT = 1000 };

static bool named_as_ours(const char *path)
{
	const char *name = path ? strrchr(path, '/') : NULL, *mark, *end;

	mark = name && *path == '/' && !strstr(path, "/../") ? strstr(name, ".q240208-") : NULL;
	end = mark ? strstr(mark, ".qcow2") : NULL;
	return end && (!end[6] || !strcmp(end + 6, ".torn"));
}

static bool file_read(TALLOC_CTX *mem, const json_t *json, struct overlay_file *file)
{
	const char *hex = json_string_value(json_object_get(json, "sha256"));

	*file = (struct overlay_file){ .path = path_of_json(mem, json, "path"),
		.size = (uint64_t)json_integer_value(json_object_get(json, "size")) };
	return named_as_ours(file->path) && (!hex || digest_parse(hex, &file->digest));
}

int overlay_read(TALLOC_CTX *mem, const json_t *entry, struct overlay **overlay, struct error *err)
{
	const json_t *list = json_object_get(entry, "files");
	size_t count = json_array_size(list);
	bool proper = count && count <= FILE_LIMIT;

	*overlay = talloc_zero(mem, struct overlay);
	if (*overlay)
		(*overlay)->files =
			memory_array(*overlay, sizeof *(*overlay)->files, proper ? count : 0);
	if (!*overlay || !(*overlay)->files)
		return error_memory(err);
	for (size_t i = 0; proper && i < count; i++)
		proper = file_read(*overlay, json_array_get(list, i), &(*overlay)->files[i]);
	(*overlay)->count = count;
	return proper ? 0
		      : error_set(err, TROUBLE_RECORD_DAMAGED,
				_("What is on record of the overlay cannot be read."));
}

/* ---- entry by entry ---- */

static int over_put(struct overlay_stand *stand, const struct overlay *overlay, struct error *err)
{
	size_t count = 0;

	while (stand->over && stand->over[count])
		count++;
	stand->over = memory_array_grow(stand, stand->over, sizeof *stand->over, count + 2);
	if (!stand->over)
		return error_memory(err);
	stand->over[count] = overlay;
	stand->over[count + 1] = NULL;
	return 0;
}

static int begun_read(struct overlay_stand *stand, const json_t *entry, struct error *err)
{
	int ret = overlay_read(stand, entry, &stand->overlay, err);

	stand->state = OVERLAY_OPEN;
	stand->begun++;
	return ret ? ret
		   : stamps_parse(stand, json_object_get(entry, "stamps"), &stand->stamps,
			     &stand->stamp_count, err);
}

static int ended_read(struct overlay_stand *stand, const json_t *entry, struct error *err)
{
	bool kept = entry_says(entry, "end", "keep");
	int ret = 0;

	stand->earlier |= kept || entry_says(entry, "end", "commit");
	if (kept && stand->overlay)
		ret = over_put(stand, stand->overlay, err);
	stand->state = OVERLAY_NONE;
	stand->overlay = NULL;
	return ret;
}

static int state_read(struct overlay_stand *stand, const json_t *entry, struct error *err)
{
	if (entry_says(entry, "state", "begun"))
		return begun_read(stand, entry, err);
	if (entry_says(entry, "state", "ended"))
		return ended_read(stand, entry, err);
	/* An entry about none. */
	if (!stand->overlay)
		return 0;
	if (entry_says(entry, "state", "open"))
		stand->state = OVERLAY_OPEN;
	if (entry_says(entry, "state", "committing"))
		stand->state = OVERLAY_COMMITS;
	if (entry_says(entry, "state", "dropping"))
		stand->state = OVERLAY_DROPS;
	if (entry_says(entry, "state", "torn")) {
		stand->state = OVERLAY_NONE;
		stand->overlay = NULL;
	}
	if (!entry_says(entry, "state", "closed"))
		return 0;
	stand->state = OVERLAY_CLOSED;
	return overlay_read(stand, entry, &stand->overlay, err);
}

/* A commit that was cut off may have removed some of its files already. */
static int over_top(struct overlay_stand *stand, struct error *err)
{
	struct overlay *top;

	if (stand->state == OVERLAY_CLOSED)
		return over_put(stand, stand->overlay, err);
	if (stand->state != OVERLAY_COMMITS)
		return 0;
	top = talloc_zero(stand, struct overlay);
	if (top)
		top->files = talloc_memdup(top, stand->overlay->files,
			stand->overlay->count * sizeof *top->files);
	if (!top || !top->files)
		return error_memory(err);
	top->count = stand->overlay->count;
	for (size_t i = 0; i < top->count; i++)
		if (access(top->files[i].path, F_OK))
			top->files[i].path = NULL;
	return over_put(stand, top, err);
}

int overlay_stand(TALLOC_CTX *mem, const struct journal *journal, struct overlay_stand **stand,
	struct error *err)
{
	struct overlay_stand *made = talloc_zero(mem, struct overlay_stand);
	int ret = made ? 0 : error_memory(err);

	for (size_t i = 0; !ret && i < journal_count(journal); i++)
		if (entry_is(journal_entry(journal, i), JOURNAL_OVERLAY))
			ret = state_read(made, journal_entry(journal, i), err);
	if (!ret)
		ret = over_top(made, err);
	if (ret)
		talloc_free(made);
	else
		*stand = made;
	return ret;
}

const struct overlay *overlay_below(const struct overlay_stand *stand)
{
	bool waits = stand && (stand->state == OVERLAY_CLOSED || stand->state == OVERLAY_COMMITS);
	size_t count = 0;

	while (stand && stand->over && stand->over[count])
		count++;
	return count > waits ? stand->over[count - waits - 1] : NULL;
}
