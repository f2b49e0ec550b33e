/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new file beside its target: written, given the old one's traits, and then switched in by one rename. */
#include "server/disks_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

struct stage {
	struct volume *volume;
	char *full;		    /* the target, with its letter */
	char *temporary;            /* below the volume's root; NULL: the file has its final name at once */
	char *short_name;	    /* of the file that is replaced, or NULL */
	struct file_traits *traits; /* NULL: those of a new file */
	int64_t mtime;		    /* FILETIME_NONE: as it comes */
	uint64_t written;
	bool replaces;
	bool made;   /* the temporary name is on the disk, and ours */
	int out, in; /* descriptors, -1 when closed */
};

/* Below the volume's root. */
static const char *stage_target(const struct stage *stage)
{
	return stage->full + sizeof "C:\\" - 1;
}

/* Where it is until it is switched in. */
static const char *stage_place(const struct stage *stage)
{
	return stage->temporary ? stage->temporary : stage_target(stage);
}

/* Never NULL. */
static const char *stage_shown(struct stage *stage)
{
	const char *shown = text_shown(stage, stage->full);

	return shown ? shown : "";
}

static int stage_io(struct stage *stage, int sys, struct error *err)
{
	return error_system(err, TROUBLE_IO, sys, _("The new %s cannot be written"), stage_shown(stage));
}

static int stage_close(struct stage *stage)
{
	int sys = stage->out >= 0 && close(stage->out) != 0 ? errno : 0;

	stage->out = -1;
	if (stage->in >= 0)
		close(stage->in);
	stage->in = -1;
	return sys;
}

static int stage_discard(struct stage *stage)
{
	stage_close(stage);
	if (stage->made)
		(void)volume_remove(stage->volume, stage_place(stage), NULL);
	return 0;
}

static int stage_call(struct stage *stage, const char *below, struct error *err)
{
	talloc_free(stage->full);
	stage->full = talloc_asprintf(stage, "%c:\\%s", volume_letter(stage->volume), below);
	return stage->full ? 0 : error_memory(err);
}

/* What the file that is replaced has and must keep, its spelling first. */
static int stage_replaces(struct stage *stage, struct error *err)
{
	struct file_meta meta;
	bool found;
	char *real = NULL;
	int ret = volume_look(stage->volume, stage, stage_target(stage), &found, &meta, &real, err);

	if (ret != 0 || !found)
		return ret;
	if (meta.kind != ENTRY_FILE)
		return error_set(err, TROUBLE_LINK, _("%s is not a file."), stage_shown(stage));
	stage->replaces = true;
	if (real)
		ret = stage_call(stage, real, err);
	talloc_free(real);
	if (ret != 0 || !volume_traits(stage->volume)->short_names)
		return ret;
	return volume_short_name(stage->volume, stage, stage_target(stage), &stage->short_name, err);
}

static int stage_traits(struct disks *disks, struct stage *stage, const struct stage_spec *spec, struct error *err)
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
		ret = error_set(
			err, TROUBLE_NO_ROOM, _("Drive %c: has room for %llu bytes, and the new %s needs %llu."),
			volume_letter(stage->volume), (unsigned long long)room, stage_shown(stage), (unsigned long long)size);
	return ret;
}

/* The name below the same folder as target. */
static char *stage_beside(TALLOC_CTX *mem, const char *target, const char *leaf)
{
	const char *last = strrchr(target, '\\');

	return last ? talloc_asprintf(mem, "%.*s\\%s", (int)(last - target), target, leaf) : talloc_strdup(mem, leaf);
}

static int stage_make(struct disks *disks, struct stage *stage, const struct stage_spec *spec, const char *temporary,
		      struct error *err)
{
	int ret = temporary ? stage_replaces(stage, err) : 0;

	if (ret == 0)
		ret = stage_traits(disks, stage, spec, err);
	if (ret == 0)
		ret = stage_room(stage, spec->size, err);
	if (ret != 0)
		return ret;
	if (temporary && !path_name_ok(temporary))
		return error_set(err, TROUBLE_NAME, _("The name of %s is too long: the temporary name beside it would not fit."),
				 stage_shown(stage));
	stage->temporary = temporary ? stage_beside(stage, stage_target(stage), temporary) : NULL;
	if (temporary && !stage->temporary)
		return error_memory(err);
	if (disks->base.rehearsing)
		return 0;
	ret = volume_create(stage->volume, stage_place(stage), err);
	if (ret < 0)
		return ret;
	stage->out = ret;
	stage->made = true;
	return 0;
}

int disks_stage_as(struct disks *disks, TALLOC_CTX *mem, const struct stage_spec *spec, const char *temporary,
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
	ret = disks_path_write(disks, spec->target, &at, err);
	if (ret == 0)
		stage->volume = at.volume;
	if (ret == 0)
		ret = stage_call(stage, at.below, err);
	if (ret == 0)
		ret = stage_make(disks, stage, spec, temporary, err);
	if (ret != 0)
		talloc_free(stage);
	else
		*made = stage;
	return ret;
}

int disks_stage(struct server *server, TALLOC_CTX *mem, const struct stage_spec *spec, struct stage **stage,
		struct error *err)
{
	char *temporary = NULL;
	int ret;

	if (!spec->fresh) {
		temporary = talloc_asprintf(NULL, "%s" SERVER_STAGE_SUFFIX, path_leaf(spec->target));
		if (!temporary)
			return error_memory(err);
	}
	ret = disks_stage_as(disks_of(server), mem, spec, temporary, stage, err);
	talloc_free(temporary);
	return ret;
}

int disks_stage_write(struct stage *stage, const void *bytes, size_t len, struct error *err)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		ssize_t n = write(stage->out, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return stage_io(stage, errno, err);
		at += n;
		len -= (size_t)n;
		stage->written += (uint64_t)n;
	}
	return 0;
}

/* Closed before anything else is set: closing may still change its time. */
int disks_stage_ready(struct stage *stage, struct error *err)
{
	uint64_t size;
	int sys = stage_close(stage), ret;

	if (sys != 0)
		return stage_io(stage, sys, err);
	ret = volume_dress(stage->volume, stage_place(stage), stage->traits, stage->mtime, &size, err);
	if (ret == 0 && size != stage->written)
		ret = error_set(err, TROUBLE_VERIFY, _("The new %s was written, but the disk shows another size."),
				stage_shown(stage));
	TALLOC_FREE(stage->traits);
	return ret;
}

int disks_stage_read(struct stage *stage, uint64_t off, void *buf, size_t len, size_t *got, struct error *err)
{
	int ret;

	if (stage->in < 0) {
		int fd = volume_open_file(stage->volume, stage_place(stage), NULL, err);
		if (fd < 0)
			return fd;
		stage->in = fd;
		volume_drop_cache(fd);
	}
	ret = disks_pread(stage->in, stage->full, off, buf, len, got, err);
	/* Many stages wait side by side: none of them keeps its descriptor once it has been read to the end. */
	if (ret == 0 && *got < len)
		stage_close(stage);
	return ret;
}

int disks_stage_switch(struct stage *stage, struct error *err)
{
	int ret = 0;

	stage_close(stage);
	if (stage->temporary)
		ret = volume_rename(stage->volume, stage->temporary, stage_target(stage), stage->replaces, err);
	if (ret != 0)
		return ret;
	stage->made = false;
	if (stage->short_name)
		ret = volume_set_short_name(stage->volume, stage_target(stage), stage->short_name, err);
	return ret;
}
