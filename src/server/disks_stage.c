/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new file beside its target: written, given the old one's traits, and then switched in by one
 * rename. */
#include "server/disks_private.h"

#include <errno.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

struct stage {
	struct volume *volume;
	char *target; /* full */
	/* full: where it is until it is switched in; the target itself where that is new */
	char *place;
	char *short_name;           /* of the file that is replaced, or NULL */
	struct file_traits *traits; /* NULL: those of a new file */
	int64_t mtime;              /* FILETIME_NONE: as it comes */
	uint64_t written;
	bool replaces;
	bool made;   /* the file is on the disk, and ours */
	int out, in; /* descriptors, -1 when closed */
};

/* The part of a full path below the volume's root. */
static const char *below(const char *full)
{
	return full + sizeof "C:\\" - 1;
}

static int stage_io(struct stage *stage, int sys, struct error *err)
{
	return error_system(err, TROUBLE_IO, sys, _("The new %s cannot be written"), stage->target);
}

static int stage_close(struct stage *stage)
{
	int sys = stage->out >= 0 && close(stage->out) != 0 ? errno : 0;

	stage->out = -1;
	file_shut(stage->in);
	stage->in = -1;
	return sys;
}

static int stage_discard(struct stage *stage)
{
	stage_close(stage);
	if (stage->made)
		(void)volume_remove(stage->volume, below(stage->place), NULL);
	return 0;
}

/* What the file that is replaced has and must keep, its spelling first. */
static int stage_replaces(struct disks *disks, struct stage *stage, struct error *err)
{
	struct file_meta meta;
	bool found;
	char *real = NULL;
	int ret = disks_stat(&disks->base, stage, stage->target, &found, &meta, &real, err);

	if (ret != 0 || !found)
		return ret;
	if (meta.kind != ENTRY_FILE)
		return error_set(err, TROUBLE_LINK, _("%s is not a file."), stage->target);
	stage->replaces = true;
	stage->target = real;
	return disks_short_name(&disks->base, stage, real, &stage->short_name, err);
}

/* The temporary name beside the target. */
static int stage_beside(struct stage *stage, const struct stage_spec *spec, struct error *err)
{
	char *folder = path_parent(stage, stage->target);
	char *leaf = spec->temporary
		? talloc_strdup(stage, spec->temporary)
		: talloc_asprintf(stage, "%s" SERVER_STAGE_SUFFIX, path_leaf(spec->target));

	stage->place = folder && leaf ? path_join(stage, folder, leaf) : NULL;
	if (!stage->place)
		return error_memory(err);
	if (!path_name_ok(leaf))
		return error_set(err, TROUBLE_NAME,
			_("The name of %s is too long: the temporary name beside it would not fit."),
			stage->target);
	return 0;
}

static int stage_traits(struct disks *disks, struct stage *stage, const struct stage_spec *spec,
	struct error *err)
{
	struct disks_place at;
	int ret;

	if (!spec->traits_from)
		return 0;
	if (disks->base.rehearsing)
		return disks_traits_rehearse(disks, spec->traits_from, err);
	ret = disks_path(disks, spec->traits_from, &at, err);
	return ret == 0 ? volume_traits_read(at.volume, stage, at.below, &stage->traits, err) : ret;
}

static int stage_room(struct stage *stage, uint64_t size, struct error *err)
{
	uint64_t room;
	int ret = volume_room(stage->volume, &room, err);

	if (ret == 0 && room < size)
		ret = error_set(err, TROUBLE_NO_ROOM,
			_("Drive %c: has room for %llu bytes, and the new %s needs %llu."),
			volume_letter(stage->volume), (unsigned long long)room, stage->target,
			(unsigned long long)size);
	return ret;
}

static int stage_make(struct disks *disks, struct stage *stage, const struct stage_spec *spec,
	struct error *err)
{
	int ret = spec->fresh ? 0 : stage_replaces(disks, stage, err);

	if (ret == 0)
		ret = stage_traits(disks, stage, spec, err);
	if (ret == 0)
		ret = stage_room(stage, spec->size, err);
	stage->place = stage->target;
	if (ret == 0 && !spec->fresh)
		ret = stage_beside(stage, spec, err);
	if (ret != 0 || disks->base.rehearsing)
		return ret;
	ret = volume_create(stage->volume, below(stage->place), err);
	if (ret < 0)
		return ret;
	stage->out = ret;
	stage->made = true;
	return 0;
}

int disks_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec,
	struct stage **made, struct error *err)
{
	struct stage *stage = talloc_zero(mem, struct stage);
	struct disks_place at;
	int ret;

	if (!stage)
		return error_memory(err);
	stage->out = stage->in = -1;
	stage->mtime = spec->mtime;
	talloc_set_destructor(stage, stage_discard);
	ret = disks_path_write(disks_of(server), spec->target, &at, err);
	if (ret == 0) {
		stage->volume = at.volume;
		stage->target =
			talloc_asprintf(stage, "%c:\\%s", volume_letter(at.volume), at.below);
		ret = stage->target ? stage_make(disks_of(server), stage, spec, err)
				    : error_memory(err);
	}
	if (ret != 0)
		talloc_free(stage);
	else
		*made = stage;
	return ret;
}

int disks_stage_write(struct stage *stage, const void *bytes, size_t len, struct error *err)
{
	int sys = file_write(stage->out, bytes, len, stage->written);

	if (sys != 0)
		return stage_io(stage, sys, err);
	stage->written += len;
	return 0;
}

/* Closed before anything else is set: closing may still change its time. */
int disks_stage_ready(struct stage *stage, struct error *err)
{
	uint64_t size;
	int sys = stage_close(stage), ret;

	if (sys != 0)
		return stage_io(stage, sys, err);
	ret = volume_set_traits(stage->volume, below(stage->place), stage->traits, stage->mtime,
		&size, err);
	if (ret == 0 && size != stage->written)
		ret = error_set(err, TROUBLE_VERIFY,
			_("The new %s was written, but the disk shows another size."),
			stage->target);
	TALLOC_FREE(stage->traits);
	return ret;
}

int disks_stage_read(struct stage *stage, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	int ret;

	if (stage->in < 0) {
		int fd = volume_open_file(stage->volume, below(stage->place), NULL, err);
		if (fd < 0)
			return fd;
		stage->in = fd;
	}
	ret = disks_pread(stage->in, stage->target, off, buf, len, got, err);
	/* Many stages wait side by side: none of them keeps its descriptor once it has been read to
	 * the end. */
	if (ret == 0 && *got < len)
		stage_close(stage);
	return ret;
}

int disks_stage_switch(struct stage *stage, struct error *err)
{
	int ret = 0;

	stage_close(stage);
	if (stage->place != stage->target)
		ret = volume_rename(stage->volume, below(stage->place), below(stage->target),
			stage->replaces, err);
	if (ret != 0)
		return ret;
	stage->made = false;
	if (stage->short_name)
		ret = volume_set_short_name(stage->volume, below(stage->target), stage->short_name,
			err);
	return ret;
}
