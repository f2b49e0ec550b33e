/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a prepared change of the registry files, one copy after the other, and proving what became
 * of each. */
#include "server/disks_regwrite.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/judge.h"

/* What a walk over the differences needs. */
struct planned {
	const struct reg_copy *copy;
	struct error *err;
};

/* The edit of a value, NULL if there is none. key is without the name of the file. */
static const struct reg_edit *edit_find(const struct reg_copy *copy, const char *key,
	const char *value)
{
	for (size_t i = 0; i < copy->edit_count; i++) {
		const struct reg_edit *edit = &copy->edits[i];
		if (text_equal(strchr(edit->key, '\\') + 1, key) && text_equal(edit->value, value))
			return edit;
	}
	return NULL;
}

static int planned_only(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	struct planned *planned = arg;
	const struct reg_edit *edit = value ? edit_find(planned->copy, key, value) : NULL;

	(void)a;
	return edit && regdata_equal(edit->data, b)
		? 0
		: error_set(planned->err, TROUBLE_VERIFY,
			  _("The new %s differs from the old one where nothing should change: %s %s."),
			  planned->copy->path, key, value ? value : "");
}

/* Our own reader on one edit. */
static int edit_seen(struct regf *regf, const struct reg_edit *edit, const char *path,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct reg_value *value = NULL;
	regf_key key;
	int ret = regf_find(regf, strchr(edit->key, '\\') + 1, &key, err);

	if (ret == 0 && key)
		ret = regf_value(regf, tmp, key, edit->value, &value, err);
	if (ret == 0 && (!key || !regdata_equal(edit->data, value ? &value->data : NULL)))
		ret = error_set(err, TROUBLE_VERIFY,
			_("In %s the value %s of %s differs from what was written."), path,
			edit->value, edit->key);
	talloc_free(tmp);
	return ret;
}

static int own_judgement(const struct reg_copy *copy, const uint8_t *bytes, size_t len,
	struct error *err)
{
	struct planned planned = { .copy = copy, .err = err };
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct regf *regf;
	int ret = regf_open_bytes(tmp, copy->path, bytes, len, &regf, err);

	if (ret == 0)
		ret = regf_check(regf, err);
	for (size_t i = 0; ret == 0 && i < copy->edit_count; i++)
		ret = edit_seen(regf, &copy->edits[i], copy->path, err);
	if (ret == 0 && copy->old)
		ret = regf_diff(copy->old, regf, planned_only, &planned, err);
	talloc_free(tmp);
	return ret;
}

/* libhivex reads files only; the bytes get one that exists in memory alone. */
static int second_judgement(const struct reg_copy *copy, const uint8_t *bytes, size_t len,
	struct error *err)
{
	int fd = memfd_create("hive", MFD_CLOEXEC),
	    sys = fd < 0 ? errno : file_write(fd, bytes, len, 0), ret;

	ret = sys == 0 ? judge_values(fd, copy->edits, copy->edit_count, err)
		       : error_system(err, TROUBLE_MEMORY, sys,
				 _("The new registry file cannot be held in memory"));
	file_shut(fd);
	return ret;
}

int regcopy_judge(const struct reg_copy *copy, const uint8_t *bytes, size_t len, struct error *err)
{
	int ret = own_judgement(copy, bytes, len, err);

	return ret == 0 ? second_judgement(copy, bytes, len, err) : ret;
}

/* Between preparing and writing nobody else may have been there; takes now, which is there now. */
static int copy_unmoved(const struct reg_copy *copy, uint8_t *now, size_t len, struct error *err)
{
	bool same = (!now) == (!copy->before) && len == copy->before_len &&
		(len == 0 || memcmp(now, copy->before, len) == 0);

	talloc_free(now);
	return same ? 0
		    : error_set(err, TROUBLE_MOVED,
			      _("%s was changed by somebody else after the repair was prepared."),
			      copy->path);
}

/* The very file that is written into, which must have no other name. */
static int file_unmoved(int fd, const struct reg_copy *copy, struct error *err)
{
	struct stat st;
	uint8_t *now = NULL;
	size_t len = 0;
	int sys;

	volume_drop_cache(fd);
	sys = fstat(fd, &st) == 0 ? 0 : errno;
	if (sys == 0 && st.st_nlink <= 1)
		sys = file_read(NULL, fd, copy->before_len, &now, &len);
	return sys == 0 || sys == EFBIG
		? copy_unmoved(copy, now, len, err)
		: error_system(err, TROUBLE_IO, sys, _("%s cannot be read"), copy->path);
}

/* One write a run: what a sector holds is old or new, never between. */
static int runs_pwrite(int fd, const struct reg_copy *copy, struct error *err)
{
	for (size_t i = 0; i < copy->run_count; i++) {
		const struct regf_run *run = &copy->runs[i];
		const int sys = file_write(fd, copy->after + run->off, run->len, run->off);

		if (sys != 0)
			return error_system(err, TROUBLE_IO, sys, _("%s cannot be written"),
				copy->path);
	}
	if (fsync(fd) != 0)
		return error_system(err, TROUBLE_IO, errno, _("%s cannot be written"), copy->path);
	return 0;
}

static int copy_write_in_place(const struct reg_stage *stage, const struct reg_copy *copy,
	struct error *err)
{
	struct disks_place at;
	int fd, ret = disks_path_write(stage->disks, copy->path, &at, err);

	if (ret != 0)
		return ret;
	fd = volume_open_write(at.volume, at.below, err);
	if (fd < 0)
		return fd;
	ret = file_unmoved(fd, copy, err);
	if (ret == 0)
		ret = runs_pwrite(fd, copy, err);
	if (close(fd) != 0 && ret == 0)
		ret = error_system(err, TROUBLE_IO, errno, _("%s cannot be written"), copy->path);
	return ret;
}

static int copy_write(const struct reg_stage *stage, const struct reg_copy *copy, struct error *err)
{
	uint8_t *now;
	size_t len;
	int ret;

	if (copy->run_count > 0)
		return copy_write_in_place(stage, copy, err);
	ret = disks_config_read(stage->disks, NULL, path_leaf(copy->path), &now, &len, err);
	if (ret == 0)
		ret = copy_unmoved(copy, now, len, err);
	if (ret != 0 || !copy->staged)
		return ret;
	ret = disks_stage_switch(copy->staged, err);
	return ret == 0 ? disks_sync_folder(&stage->disks->base, stage->disks->config, err) : ret;
}

/* From the disk, through its name. What was not written was looked at when it was prepared, and
 * need not be sound. */
static int copy_proven(const struct reg_stage *stage, const struct reg_copy *copy,
	struct error *err)
{
	uint8_t *now;
	size_t len;
	int ret = disks_config_read(stage->disks, NULL, path_leaf(copy->path), &now, &len, err);

	if (ret == 0 && (!now || len != copy->after_len || memcmp(now, copy->after, len) != 0))
		ret = error_set(err, TROUBLE_VERIFY,
			_("%s was written, but the disk returns something else."), copy->path);
	if (ret == 0 && (copy->run_count > 0 || copy->staged))
		ret = regcopy_judge(copy, now, len, err);
	talloc_free(now);
	return ret;
}

int disks_reg_switch(struct reg_stage *stage, size_t *done, struct error *err)
{
	int ret = 0;

	*done = 0;
	/* The next reading opens afresh: it must not take our own change for somebody else's. */
	disks_hives_close(stage->disks);
	for (size_t i = 0; ret == 0 && i < stage->count; i++) {
		ret = copy_write(stage, &stage->copies[i], err);
		if (ret == 0)
			ret = copy_proven(stage, &stage->copies[i], err);
		if (ret == 0)
			(*done)++;
	}
	return ret;
}
