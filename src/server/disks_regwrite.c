/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preparing a change of the registry files. Nothing that NT reads is different when this is
 * done. */
#include "server/disks_regwrite.h"

#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/edits.h"

enum { SECTOR = 512 };

/* The copies in the order they are written, and the temporary names: 8.3 names both, so that NT
 * could live with them. */
static const struct reg_file reg_files[REG_COPIES] = {
	{ "SYSTEM", "SYSTEM" SERVER_STAGE_SUFFIX },
	{ "SYSTEM.ALT", "SYSTEMA" SERVER_STAGE_SUFFIX },
};

static uint64_t filetime_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)filetime_of(now.tv_sec, (uint32_t)now.tv_nsec);
}

const char *disks_reg_stage_note(struct reg_stage *stage)
{
	return *stage->note.text ? error_text(&stage->note) : NULL;
}

int disks_reg_stage_files(struct reg_stage *stage, bool left, server_hive_fn *fn, void *arg,
	struct error *err)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < REG_COPIES; i++) {
		const struct reg_copy *copy = &stage->copies[i];
		/* A second copy that is not written stays as it was found. */
		bool after = left && i < stage->count;
		const uint8_t *bytes = after ? copy->after : copy->before;
		if (bytes)
			ret = fn(arg, copy->file->name, bytes,
				after ? copy->after_len : copy->before_len, err);
	}
	return ret;
}

/* The same edits as a hive knows them: without the name of the file. */
static struct reg_edit *edits_below(const struct reg_copy *copy, TALLOC_CTX *mem)
{
	struct reg_edit *edits =
		talloc_memdup(mem, copy->edits, copy->edit_count * sizeof *copy->edits);

	for (size_t i = 0; edits && i < copy->edit_count; i++)
		edits[i].key += strlen(SYSTEM_PREFIX);
	return edits;
}

/* The edits whose keys the copy has; *without names the others, "" if there are none. */
static int edits_possible(const struct reg_stage *stage, struct reg_copy *copy, TALLOC_CTX *mem,
	char **without, struct error *err)
{
	int ret = 0;

	copy->edit_count = 0;
	copy->edits = memory_array_zero(mem, sizeof *copy->edits, stage->edit_count);
	*without = talloc_strdup(mem, "");
	for (size_t i = 0; ret == 0 && copy->edits && *without && i < stage->edit_count; i++) {
		const struct reg_edit *edit = &stage->edits[i];
		const char *below = edit->key + strlen(SYSTEM_PREFIX);
		regf_key key;
		ret = regf_find(copy->old, below, &key, err);
		if (ret == 0 && key)
			copy->edits[copy->edit_count++] = *edit;
		else if (ret == 0)
			*without =
				talloc_asprintf_append(*without, "%s%s\\%s", **without ? ", " : "",
					text_shown(mem, below), text_shown(mem, edit->value));
	}
	return ret != 0 || (copy->edits && *without) ? ret : error_memory(err);
}

/* Reads the file as it is; copy->before stays NULL if there is none. */
static int copy_read(struct reg_stage *stage, struct reg_copy *copy, const struct reg_file *file,
	struct error *err)
{
	*copy = (struct reg_copy){ .file = file,
		.path = path_join(stage, stage->disks->config, file->name) };
	if (!copy->path)
		return error_memory(err);
	return disks_config_read(stage->disks, stage, file->name, &copy->before, &copy->before_len,
		err);
}

static int copy_open(struct reg_stage *stage, struct reg_copy *copy, struct error *err)
{
	int ret =
		regf_open_bytes(stage, copy->path, copy->before, copy->before_len, &copy->old, err);

	return ret == 0 ? regf_check(copy->old, err) : ret;
}

/* All of the new file, read again from the disk. */
static int staged_compare(const struct reg_copy *copy, struct error *err)
{
	uint8_t *back = memory_array(NULL, 1, copy->after_len + 1);
	size_t got;
	int ret = back ? disks_stage_read(copy->staged, 0, back, copy->after_len + 1, &got, err)
		       : error_memory(err);

	if (ret == 0 && (got != copy->after_len || memcmp(back, copy->after, got) != 0))
		ret = error_set(err, TROUBLE_VERIFY,
			_("The new %s was written, but the disk returns something else."),
			copy->path);
	talloc_free(back);
	return ret;
}

/* A file put back where there is none takes the traits of its neighbour. */
static int copy_traits_from(const struct reg_stage *stage, const struct reg_copy *copy,
	TALLOC_CTX *mem, const char **from, struct error *err)
{
	bool found;
	char *neighbour;
	int ret;

	*from = copy->path;
	if (copy->before)
		return 0;
	neighbour = path_join(mem, stage->disks->config, "SOFTWARE");
	ret = neighbour ? disks_stat(&stage->disks->base, mem, neighbour, &found, NULL, NULL, err)
			: error_memory(err);
	*from = ret == 0 && found ? neighbour : NULL;
	return ret;
}

static int copy_stage_beside(struct reg_stage *stage, struct reg_copy *copy, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct stage_spec spec = { .target = copy->path,
		.temporary = copy->file->temporary,
		.mtime = FILETIME_NONE,
		.size = copy->after_len };
	int ret = copy_traits_from(stage, copy, tmp, &spec.traits_from, err);

	if (ret == 0)
		ret = disks_stage(&stage->disks->base, stage, &spec, &copy->staged, err);
	if (ret == 0)
		ret = disks_stage_write(copy->staged, copy->after, copy->after_len, err);
	if (ret == 0)
		ret = disks_stage_ready(copy->staged, err);
	if (ret == 0)
		ret = disks_sync(&stage->disks->base, copy->path[0], err);
	if (ret == 0)
		ret = staged_compare(copy, err);
	talloc_free(tmp);
	return ret;
}

/* Chooses the way of writing. in_place: the sectors may be written where they lie, but never
 * through another name of the file: that may be anybody's, even outside of the drives. */
static int copy_prepare(struct reg_stage *stage, struct reg_copy *copy, bool in_place,
	struct error *err)
{
	struct file_identity identity = { .shared = false };

	if (copy->before && copy->before_len == copy->after_len &&
		memcmp(copy->before, copy->after, copy->after_len) == 0)
		return 0;
	if (in_place && disks_identity(&stage->disks->base, copy->path, &identity, err))
		return -(int)err->trouble;
	if (!in_place || identity.shared)
		return copy_stage_beside(stage, copy, err);
	copy->runs = regf_runs(stage, copy->before, copy->after, copy->after_len, &copy->run_count);
	return copy->runs ? 0 : error_memory(err);
}

static uint64_t header_time(const uint8_t *bytes)
{
	struct regf_header header = { 0 };

	(void)regf_header_read(bytes, SECTOR, &header);
	return header.timestamp;
}

/* What is written to the second copy carries the time that the first has, be it now or the one it
 * kept. */
static void time_follow(const struct reg_stage *stage, struct regf_edited *edited)
{
	const struct reg_copy *first = &stage->copies[0];
	uint64_t time = header_time(first->after);

	if (header_time(edited->bytes) == time ||
		(!edited->changed && header_time(first->before) == time))
		return;
	regf_touch(edited->bytes, time);
	edited->same_length = edited->one_sector_each = false;
}

static int copy_edit(struct reg_stage *stage, struct reg_copy *copy, struct error *err)
{
	struct regf_edited edited;
	struct reg_edit *edits = edits_below(copy, stage);
	bool second = copy != &stage->copies[0];
	uint64_t now = second ? header_time(stage->copies[0].after) : filetime_now();
	int ret = edits ? regf_edit(stage, copy->old, copy->before, copy->before_len, edits,
				  copy->edit_count, now, &edited, err)
			: error_memory(err);

	if (ret != 0)
		return ret;
	if (second)
		time_follow(stage, &edited);
	copy->after = edited.bytes;
	copy->after_len = edited.len;
	ret = regcopy_judge(copy, copy->after, copy->after_len, err);
	if (ret != 0)
		return ret;
	return copy_prepare(stage, copy,
		edited.same_length && edited.one_sector_each && edited.len == copy->before_len,
		err);
}

/* Whether it is another than that SYSTEM has what is written now already: so a cut writing leaves
 * the two. */
static int difference_seen(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	const struct reg_copy *copy = arg;

	(void)b;
	for (size_t i = 0; value && a && i < copy->edit_count; i++) {
		const struct reg_edit *edit = &copy->edits[i];
		const char *below = strchr(edit->key, '\\');

		if (below && edit->data && path_equal(below + 1, key) &&
			path_equal(edit->value, value) && regdata_equal(edit->data, a))
			return 0;
	}
	return 1;
}

/* What the operator should know of the second copy, whose values were changed but for those that
 * *without names. */
static int second_note(struct reg_stage *stage, const char *without, struct error *err)
{
	int ret;

	if (*without)
		return error_set(&stage->note, TROUBLE_NONE,
			_("SYSTEM.ALT has no keys for these values, so they are not written there: %s."),
			without);
	/* This program does not fix how the two copies differ already. */
	ret = regf_diff(stage->copies[0].old, stage->copies[1].old, difference_seen,
		&stage->copies[1], err);
	return ret <= 0
		? ret
		: error_set(&stage->note, TROUBLE_NONE, "%s",
			  _("SYSTEM.ALT already differed from SYSTEM. Only the same values are changed in it."));
}

static int second_edit(struct reg_stage *stage, struct reg_copy *copy, char **without,
	struct error *why)
{
	int ret = copy_open(stage, copy, why);

	if (ret == 0)
		ret = edits_possible(stage, copy, stage, without, why);
	return ret == 0 && copy->edit_count ? copy_edit(stage, copy, why) : ret;
}

static bool hive_unsound(int ret)
{
	return ret == -TROUBLE_NOT_A_HIVE || ret == -TROUBLE_HIVE_TRUNCATED ||
		ret == -TROUBLE_HIVE_DIRTY || ret == -TROUBLE_HIVE_CHECKSUM ||
		ret == -TROUBLE_HIVE_BROKEN || ret == -TROUBLE_TOO_OLD;
}

/* The second copy: absent, it stays absent; damaged or dirty, it stays as it is; where it lacks
 * keys, the values of the others are written. */
static int stage_second(struct reg_stage *stage, struct error *err)
{
	struct reg_copy *copy = &stage->copies[1];
	char *without = NULL;
	struct error why;
	int ret = copy_read(stage, copy, &reg_files[1], err);

	if (ret != 0 || !copy->before)
		return ret;
	ret = second_edit(stage, copy, &without, &why);
	if (ret == 0) {
		stage->count += copy->edit_count > 0;
		return second_note(stage, without, err);
	}
	if (!hive_unsound(ret))
		return error_pass(err, &why);
	return error_set(&stage->note, TROUBLE_NONE,
		_("The second copy of the registry stays as it is. %s"), error_text(&why));
}

static int stage_edits(struct reg_stage *stage, const struct reg_edit *edits, size_t count,
	struct error *err)
{
	struct reg_copy *copy = &stage->copies[0];
	int ret = edits_copy(stage, edits, count, &stage->edits, err);

	stage->edit_count = count;
	if (ret == 0)
		ret = copy_read(stage, copy, &reg_files[0], err);
	if (ret == 0 && !copy->before)
		ret = error_set(err, TROUBLE_NOT_THERE, _("There is no registry file %s."),
			copy->path);
	if (ret == 0)
		ret = copy_open(stage, copy, err);
	copy->edits = stage->edits;
	copy->edit_count = count;
	if (ret == 0)
		ret = copy_edit(stage, copy, err);
	if (ret != 0)
		return ret;
	stage->count = 1;
	return stage_second(stage, err);
}

/* By reading alone, on what is open anyway. */
static int copy_weigh(struct reg_stage *stage, enum disks_hive_index index, size_t file,
	struct error *err)
{
	struct reg_copy *copy = &stage->copies[file];
	struct reg_edit *edits;
	char *without;
	int ret = disks_hive_sound(stage->disks, index, &copy->old, err);

	copy->edits = stage->edits;
	copy->edit_count = stage->edit_count;
	if (ret == 0 && copy->old && file > 0)
		ret = edits_possible(stage, copy, stage, &without, err);
	if (ret != 0 || !copy->old)
		return ret;
	edits = edits_below(copy, stage);
	return edits ? regf_weigh(copy->old, edits, copy->edit_count,
			       &stage->disks->base.rehearsing->grows[file], err)
		     : error_memory(err);
}

static int edits_rehearse(struct reg_stage *stage, const struct reg_edit *edits, size_t count,
	struct error *err)
{
	struct error why;
	char *system = path_join(stage, stage->disks->config, reg_files[0].name);
	int ret = system ? edits_copy(stage, edits, count, &stage->edits, err) : error_memory(err);

	stage->edit_count = count;
	if (ret == 0 && !stage->disks->base.rehearsing->begun)
		ret = disks_traits_rehearse(stage->disks, system, err);
	if (!stage->disks->held && !stage->disks->base.rehearsing->begun)
		disks_hives_close(stage->disks);
	stage->disks->base.rehearsing->begun = true;
	if (ret == 0)
		ret = copy_weigh(stage, DISKS_SYSTEM, 0, err);
	if (ret != 0)
		return ret;
	ret = copy_weigh(stage, DISKS_SYSTEM_ALT, 1, &why);
	return ret == 0 || hive_unsound(ret) ? 0 : error_pass(err, &why);
}

/* What every change of the registry files begins with; *stage is the caller's also where it fails.
 * In a rehearsal the gate is passed once. */
static int stage_begin(struct server *server, TALLOC_CTX *mem, struct reg_stage **stage,
	struct error *err)
{
	int ret = server->rehearsing ? 0 : server_dry_refused(server, err);

	*stage = talloc_zero(mem, struct reg_stage);
	if (!*stage)
		return error_memory(err);
	(*stage)->disks = disks_of(server);
	if (ret == 0 && !(server->rehearsing && server->rehearsing->begun))
		ret = disks_gate_outside((*stage)->disks, err);
	return ret;
}

int disks_reg_stage(struct server *server, TALLOC_CTX *mem, const struct reg_edit *edits,
	size_t count, struct reg_stage **stage, struct error *err)
{
	int ret = stage_begin(server, mem, stage, err);

	if (ret == 0)
		ret = edits_sane(edits, count, err);
	if (ret == 0)
		ret = server->rehearsing ? edits_rehearse(*stage, edits, count, err)
					 : stage_edits(*stage, edits, count, err);
	if (ret != 0)
		TALLOC_FREE(*stage);
	return ret;
}

static bool runs_of_one_sector(const struct reg_copy *copy)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	size_t count = 0;
	struct regf_run *runs = regf_runs(tmp, copy->before, copy->after, copy->after_len, &count);
	bool all = runs;

	for (size_t i = 0; all && i < count; i++)
		all = runs[i].len <= SECTOR;
	talloc_free(tmp);
	return all;
}

static int copy_whole(struct reg_stage *stage, size_t file, const struct hive_image *image,
	struct error *err)
{
	struct reg_copy *copy = &stage->copies[stage->count++];
	bool same_length, changed;
	int ret = copy_read(stage, copy, &reg_files[file], err);

	if (ret != 0)
		return ret;
	copy->after = memory_array(stage, 1, image->len);
	if (!copy->after)
		return error_memory(err);
	memcpy(copy->after, image->bytes, image->len);
	copy->after_len = image->len;
	same_length = copy->before && copy->before_len == image->len;
	changed = !same_length || memcmp(copy->before, image->bytes, image->len) != 0;
	/* What is there already is not written, so it may be damaged: a damaged SYSTEM.ALT was
	 * never touched. */
	ret = changed ? regcopy_judge(copy, copy->after, copy->after_len, err) : 0;
	return ret == 0 ? copy_prepare(stage, copy, same_length && runs_of_one_sector(copy), err)
			: ret;
}

static int images_sane(const struct hive_image *images, size_t count, struct error *err)
{
	size_t known = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t file = 0; file < REG_COPIES; file++)
			known += text_equal(images[i].name, reg_files[file].name);
	if (known != count || count > REG_COPIES ||
		(count == 2 && text_equal(images[0].name, images[1].name)))
		return error_set(err, TROUBLE_BUG,
			_("Only SYSTEM and SYSTEM.ALT can be put back as whole files."));
	return 0;
}

int disks_reg_stage_whole(struct server *server, TALLOC_CTX *mem, const struct hive_image *images,
	size_t count, struct reg_stage **stage, struct error *err)
{
	int ret = stage_begin(server, mem, stage, err);

	if (ret == 0)
		ret = images_sane(images, count, err);
	for (size_t file = 0; ret == 0 && file < REG_COPIES; file++)
		for (size_t i = 0; ret == 0 && i < count; i++)
			if (text_equal(images[i].name, reg_files[file].name))
				ret = copy_whole(*stage, file, &images[i], err);
	if (ret != 0)
		TALLOC_FREE(*stage);
	return ret;
}
