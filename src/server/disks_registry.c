/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the registry files: opened on first use, read in pieces, and refused if they change while
 * they are read. */
#include "server/disks_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"

/* talloc counts at most this much; no registry file that NT can load comes near it. */
enum { CONFIG_FILE_LIMIT = 255 << 20 };

#define TORN_MARK ".ntfs-3g-"

static const char *const hive_names[DISKS_HIVES] = {
	[DISKS_SYSTEM] = "SYSTEM",
	[DISKS_SOFTWARE] = "SOFTWARE",
	[DISKS_SYSTEM_ALT] = "SYSTEM.ALT",
};

bool disks_name_torn(const char *name, const char *hive)
{
	size_t len = strlen(hive), mark = strlen(TORN_MARK);

	return strlen(name) > len + mark && text_equal_n(name, hive, len) &&
		strncmp(name + len, TORN_MARK, mark) == 0 &&
		strspn(name + len + mark, "0123456789") == strlen(name + len + mark);
}

int disks_hive_name(struct disks *disks, TALLOC_CTX *mem, const char *folder, const char *name,
	char **found, struct error *err)
{
	struct entry_list list;
	bool there;
	char *path = path_join(mem, folder, name);
	int ret = path ? disks_stat(&disks->base, mem, path, &there, NULL, NULL, err)
		       : error_memory(err);

	*found = NULL;
	if (ret != 0)
		return ret;
	if (there) {
		*found = talloc_strdup(mem, name);
		return *found ? 0 : error_memory(err);
	}
	ret = disks_list(&disks->base, mem, folder, &list, err);
	for (size_t i = 0; ret == 0 && i < list.count; i++)
		if (list.entries[i].meta.kind == ENTRY_FILE &&
			disks_name_torn(list.entries[i].name, name))
			*found = list.entries[i].name;
	return ret == -TROUBLE_NOT_THERE ? 0 : ret;
}

/* Asked of the file system itself, because what the kernel remembers of a file on FUSE may be its
 * own guess. ntfs-3g may forget the last change time of a file whose creation time was set, so
 * there it proves nothing. */
static int stamp_read(const struct disks_hive *hive, struct disks_stamp *stamp)
{
	struct statx now;

	if (statx(hive->fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS, &now) != 0)
		return errno;
	stamp->size = now.stx_size;
	stamp->mtime = filetime_of(now.stx_mtime.tv_sec, now.stx_mtime.tv_nsec);
	stamp->ctime =
		hive->by_ctime ? filetime_of(now.stx_ctime.tv_sec, now.stx_ctime.tv_nsec) : 0;
	return 0;
}

/* A file that somebody else writes to cannot be trusted. The inode's change time also moves when
 * another file takes its name. */
static bool hive_changed(const struct disks_hive *hive)
{
	struct disks_stamp now;

	return stamp_read(hive, &now) != 0 || now.size != hive->seen.size ||
		now.mtime != hive->seen.mtime || now.ctime != hive->seen.ctime;
}

static int hive_free(struct disks_hive *hive)
{
	if (hive->fd >= 0)
		close(hive->fd);
	return 0;
}

static int hive_open_file(struct disks *disks, struct disks_hive *hive, const char *name,
	struct error *err)
{
	struct disks_place at;
	int ret, sys;

	hive->path = path_join(hive, disks->config, name);
	ret = hive->path ? disks_path(disks, hive->path, &at, err) : error_memory(err);
	if (ret != 0)
		return ret;
	hive->by_ctime = !volume_traits(at.volume)->short_names;
	hive->fd = volume_open_file(at.volume, at.below, NULL, err);
	if (hive->fd < 0)
		return hive->fd;
	sys = stamp_read(hive, &hive->seen);
	return sys == 0 ? 0
			: error_system(err, TROUBLE_IO, sys, _("%s cannot be read"), hive->path);
}

/* A file of the config folder, opened; *hive is NULL where there is none. */
static int hive_open(struct disks *disks, TALLOC_CTX *mem, const char *name,
	struct disks_hive **hive, struct error *err)
{
	char *found;
	int ret;

	*hive = talloc_zero(mem, struct disks_hive);
	if (!*hive)
		return error_memory(err);
	(*hive)->fd = -1;
	talloc_set_destructor(*hive, hive_free);
	ret = disks_hive_name(disks, *hive, disks->config, name, &found, err);
	if (ret == 0 && found)
		ret = hive_open_file(disks, *hive, found, err);
	if (ret != 0 || !found)
		TALLOC_FREE(*hive);
	return ret;
}

/* The kernel's cache of the file is dropped first, so that the disk itself answers. */
static int hive_read(const struct disks_hive *hive, TALLOC_CTX *mem, uint8_t **bytes, size_t *len,
	struct error *err)
{
	int ret;

	if (hive->seen.size > CONFIG_FILE_LIMIT)
		return error_set(err, TROUBLE_NOT_A_HIVE,
			_("%s is too large to be a registry file."), hive->path);
	*bytes = memory_array(mem, 1, (size_t)hive->seen.size);
	if (!*bytes)
		return error_memory(err);
	volume_drop_cache(hive->fd);
	ret = disks_pread(hive->fd, hive->path, 0, *bytes, (size_t)hive->seen.size, len, err);
	if (ret == 0 && (hive_changed(hive) || *len != hive->seen.size))
		ret = error_set(err, TROUBLE_HIVE_CHANGING, _("%s changed while it was read."),
			hive->path);
	return ret;
}

int disks_config_read(struct disks *disks, TALLOC_CTX *mem, const char *name, uint8_t **bytes,
	size_t *len, struct error *err)
{
	struct disks_hive *hive;
	int ret = hive_open(disks, NULL, name, &hive, err);

	*bytes = NULL;
	*len = 0;
	if (ret == 0 && hive)
		ret = hive_read(hive, mem, bytes, len, err);
	talloc_free(hive);
	return ret;
}

static int hive_source(void *arg, uint64_t off, void *buf, size_t len, struct error *err)
{
	struct disks_hive *hive = arg;
	size_t got;
	int ret = disks_pread(hive->fd, hive->path, off, buf, len, &got, err);

	if (ret == 0 && got != len)
		ret = error_set(err, TROUBLE_HIVE_TRUNCATED,
			_("The registry file %s ended while it was being read."), hive->path);
	return ret;
}

/* The result of a reading: that the file changed explains every other failure. The next reading
 * opens it again. */
static int hive_result(struct disks *disks, enum disks_hive_index index, int ret, struct error *err)
{
	struct disks_hive *hive = disks->hives[index];

	if (!hive || (disks->held && ret == 0) || !hive_changed(hive))
		return ret;
	ret = error_set(err, TROUBLE_HIVE_CHANGING,
		_("The registry file %s changed while it was read."), hive->path);
	TALLOC_FREE(disks->hives[index]);
	return ret;
}

/* Opens it into disks->hives[index], which stays NULL where there is no such file. */
static int hive_take(struct disks *disks, enum disks_hive_index index, struct error *err)
{
	struct disks_hive *hive;
	int ret = hive_open(disks, disks, hive_names[index], &hive, err);

	if (ret != 0 || !hive)
		return ret;
	disks->hives[index] = hive;
	ret = regf_open(hive, hive->path, hive->seen.size, hive_source, hive, &hive->regf, err);
	/* The second copy is read to find out whether it could replace SYSTEM, or be written. */
	if (ret == 0 && index == DISKS_SYSTEM_ALT)
		ret = regf_check(hive->regf, err);
	ret = hive_result(disks, index, ret, err);
	if (ret != 0)
		TALLOC_FREE(disks->hives[index]);
	return ret;
}

/* SYSTEM cannot be trusted because NT did not finish writing it; whether its second copy is good is
 * what the operator needs to know next. */
static int dirty_explain(struct disks *disks, struct error *err)
{
	struct error why;
	const char *more;
	int ret = hive_take(disks, DISKS_SYSTEM_ALT, &why);

	if (ret != 0)
		more = N_("Its second copy, SYSTEM.ALT, is no better.");
	else if (disks->hives[DISKS_SYSTEM_ALT])
		more = N_(
			"Its second copy, SYSTEM.ALT, is clean and holds the newest complete state.");
	else
		more = N_("There is no second copy, SYSTEM.ALT.");
	return error_set(err, TROUBLE_HIVE_DIRTY, "%s %s", err ? error_text(err) : "", _(more));
}

static int hive_get(struct disks *disks, enum disks_hive_index index, struct disks_hive **hive,
	struct error *err)
{
	int ret = 0;

	if (!disks->hives[index])
		ret = hive_take(disks, index, err);
	if (ret == -TROUBLE_HIVE_DIRTY && index == DISKS_SYSTEM)
		ret = dirty_explain(disks, err);
	*hive = disks->hives[index];
	return ret;
}

/* The hive that a key path begins with, and the path below its root. */
static int hive_of(const char *key, enum disks_hive_index *index, const char **below,
	struct error *err)
{
	size_t len = strcspn(key, "\\");

	for (int i = 0; i < DISKS_HIVES; i++) {
		if (strlen(hive_names[i]) != len || !text_equal_n(key, hive_names[i], len))
			continue;
		*index = (enum disks_hive_index)i;
		*below = key[len] ? key + len + 1 : key + len;
		return 0;
	}
	return error_set(err, TROUBLE_BUG,
		_("A registry key was asked for in a file that this program does not read."));
}

/* Finds a key in its hive; *found is 0 if the key or the whole file is missing. The caller calls
 * hive_result when all was read. */
static int key_find(struct disks *disks, const char *key, enum disks_hive_index *index,
	regf_key *found, struct error *err)
{
	struct disks_hive *hive;
	const char *below = "";
	int ret = hive_of(key, index, &below, err);

	*found = 0;
	if (ret == 0)
		ret = hive_get(disks, *index, &hive, err);
	if (ret != 0 || !hive)
		return ret;
	return regf_find(hive->regf, below, found, err);
}

static int key_subkeys(struct regf *regf, struct reg_key *out, regf_key key, struct error *err)
{
	struct regf_subkey *subkeys;
	int ret = regf_subkeys(regf, out, key, &subkeys, &out->subkey_count, err);

	if (ret != 0)
		return ret;
	out->subkeys = memory_array_zero(out, sizeof *out->subkeys, out->subkey_count);
	if (!out->subkeys)
		return error_memory(err);
	for (size_t i = 0; i < out->subkey_count; i++)
		out->subkeys[i] = subkeys[i].name;
	return 0;
}

static int key_list(struct regf *regf, TALLOC_CTX *mem, regf_key key, struct reg_key **list,
	struct error *err)
{
	int ret;

	*list = talloc_zero(mem, struct reg_key);
	if (!*list)
		return error_memory(err);
	ret = key_subkeys(regf, *list, key, err);
	return ret == 0
		? regf_values(regf, *list, key, &(*list)->values, &(*list)->value_count, err)
		: ret;
}

int disks_reg_list(struct server *server, TALLOC_CTX *mem, const char *key, struct reg_key **list,
	struct error *err)
{
	struct disks *disks = disks_of(server);
	enum disks_hive_index index = DISKS_SYSTEM;
	regf_key found;
	int ret = key_find(disks, key, &index, &found, err);

	*list = NULL;
	if (ret == 0 && found)
		ret = key_list(disks->hives[index]->regf, mem, found, list, err);
	ret = hive_result(disks, index, ret, err);
	if (ret != 0)
		TALLOC_FREE(*list);
	return ret;
}

int disks_reg_value(struct disks *disks, TALLOC_CTX *mem, const char *key, const char *value,
	struct reg_value **found, struct error *err)
{
	enum disks_hive_index index = DISKS_SYSTEM;
	regf_key at;
	int ret = key_find(disks, key, &index, &at, err);

	*found = NULL;
	if (ret == 0 && at)
		ret = regf_value(disks->hives[index]->regf, mem, at, value, found, err);
	ret = hive_result(disks, index, ret, err);
	if (ret != 0)
		TALLOC_FREE(*found);
	return ret;
}

int disks_reg_read(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	struct reg_data **data, struct error *err)
{
	struct reg_value *found;
	int ret = disks_reg_value(disks_of(server), mem, key, value, &found, err);

	*data = NULL;
	if (ret != 0 || !found)
		return ret;
	*data = talloc_zero(mem, struct reg_data);
	if (!*data)
		return error_memory(err);
	**data = found->data;
	talloc_steal(*data, found);
	return 0;
}

int disks_reg_walk(struct server *server, const char *key, server_value_fn *fn, void *arg,
	struct error *err)
{
	struct disks *disks = disks_of(server);
	enum disks_hive_index index = DISKS_SYSTEM;
	regf_key found;
	int ret = key_find(disks, key, &index, &found, err);

	if (ret == 0 && found)
		ret = regf_walk(disks->hives[index]->regf, found, key, fn, arg, err);
	return hive_result(disks, index, ret, err);
}

/* The second copy passed the walk when it was opened, SYSTEM when it was held. */
int disks_hive_sound(struct disks *disks, enum disks_hive_index index, struct regf **regf,
	struct error *err)
{
	struct disks_hive *hive;
	int ret = hive_get(disks, index, &hive, err);

	if (ret == 0 && hive && !disks->held)
		ret = hive_result(disks, index,
			index == DISKS_SYSTEM ? regf_check(hive->regf, err) : 0, err);
	*regf = ret == 0 && hive ? hive->regf : NULL;
	if (ret == 0 && !hive && index == DISKS_SYSTEM)
		ret = error_set(err, TROUBLE_NOT_THERE,
			_("There is no registry file SYSTEM in %s."), disks->config);
	return ret;
}

/* What is open already is checked once more; the walk reads all of SYSTEM, so that nothing of it is
 * read again. */
int disks_hold(struct server *server, struct error *err)
{
	struct disks *disks = disks_of(server);
	struct regf *regf;
	int ret;

	(void)disks_release(server, NULL);
	ret = disks_hive_sound(disks, DISKS_SYSTEM, &regf, err);
	if (ret == 0)
		disks->held = true;
	return ret;
}

int disks_release(struct server *server, struct error *err)
{
	struct disks *disks = disks_of(server);
	int ret = 0;

	disks->held = false;
	for (int i = 0; i < DISKS_HIVES; i++) {
		int changed = hive_result(disks, (enum disks_hive_index)i, 0, err);
		ret = ret ? ret : changed;
	}
	return ret;
}

int disks_reg_save(struct server *server, server_hive_fn *fn, void *arg, struct error *err)
{
	static const char *const names[] = { "SYSTEM", "SYSTEM.ALT", "SYSTEM.LOG" };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < ARRAY_SIZE(names); i++) {
		TALLOC_CTX *tmp = talloc_new(NULL);
		uint8_t *bytes;
		size_t len;
		ret = disks_config_read(disks_of(server), tmp, names[i], &bytes, &len, err);
		if (ret == 0 && bytes)
			ret = fn(arg, names[i], bytes, len, err);
		talloc_free(tmp);
	}
	return ret;
}

int disks_control_set(struct server *server, TALLOC_CTX *mem, char **key, struct error *err)
{
	uint32_t number;
	bool found;
	int ret = server_reg_dword(server, "SYSTEM\\Select", "Default", &number, &found, err);

	if (ret != 0)
		return ret;
	if (!found || number < 1 || number > 999)
		return error_set(err, TROUBLE_HIVE_NO_SELECT,
			_("The registry file SYSTEM in %s does not say which control set the server starts with."),
			disks_of(server)->config);
	*key = talloc_asprintf(mem, "SYSTEM\\ControlSet%03u", number);
	return *key ? 0 : error_memory(err);
}
