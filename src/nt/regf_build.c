/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree of a hive in the making. */
#include "nt/regf_build_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

static int key_new(TALLOC_CTX *mem, const char *text, struct build_key **out, struct error *err)
{
	struct build_key *key = talloc_zero(mem, struct build_key);
	int ret = key == NULL ? error_memory(err) : regf_name_stored(key, text, REGF_KEY_NAME_MAX, &key->name, err);
	if (ret != 0)
		TALLOC_FREE(key);
	*out = key;
	return ret;
}

struct regf_build *regf_build_new(TALLOC_CTX *mem, const char *root_name, const char *file_name, uint64_t time)
{
	struct regf_build *build = talloc_zero(mem, struct regf_build);
	if (build == NULL)
		return NULL;
	build->time = time;
	build->sequence1 = build->sequence2 = 1;
	build->file_name = talloc_strdup(build, file_name);
	if (build->file_name == NULL || key_new(build, root_name, &build->root, NULL) != 0)
		TALLOC_FREE(build);
	return build;
}

/* The place of a name among the children; *found says whether it is taken. */
static size_t child_place(const struct build_key *key, const struct regf_name *name, bool *found)
{
	size_t low = 0, high = key->nchildren;
	*found = false;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int order = regf_name_compare(&key->children[mid]->name, name);
		if (order == 0) {
			*found = true;
			return mid;
		}
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static int child_make(struct build_key *key, const char *text, struct build_key **out, struct error *err)
{
	struct build_key *child;
	bool found;
	int ret = key_new(key, text, &child, err);
	if (ret != 0)
		return ret;
	size_t at = child_place(key, &child->name, &found);
	if (found) {
		talloc_free(child);
	} else {
		if (memory_more(key, &key->children, key->nchildren, sizeof *key->children) == NULL)
			return error_memory(err);
		memmove(key->children + at + 1, key->children + at, (key->nchildren - at) * sizeof *key->children);
		key->children[at] = child;
		key->nchildren++;
	}
	*out = key->children[at];
	return 0;
}

/* The key of a path, made where it is missing. "" is the root. */
static int key_at(struct regf_build *build, const char *path, struct build_key **out, struct error *err)
{
	struct build_key *key = build->root;
	int ret = 0;
	for (int depth = 1; ret == 0 && *path != '\0'; depth++) {
		size_t len = strcspn(path, "\\");
		char *name = talloc_strndup(NULL, path, len);
		if (name == NULL)
			return error_memory(err);
		if (len == 0 || depth >= REGF_DEPTH)
			ret = error_set(err, TROUBLE_NAME,
					_("The path of a registry key has an empty name or too many names in it."));
		else
			ret = child_make(key, name, &key, err);
		talloc_free(name);
		path += len;
		if (*path == '\\' && *++path == '\0' && ret == 0)
			ret = error_set(err, TROUBLE_NAME, _("The path of a registry key ends with a backslash."));
	}
	*out = key;
	return ret;
}

int regf_build_key(struct regf_build *build, const char *path, struct error *err)
{
	struct build_key *key;
	return key_at(build, path, &key, err);
}

static struct build_value *value_find(const struct build_key *key, const struct regf_name *name)
{
	for (size_t i = 0; i < key->nvalues; i++)
		if (regf_name_compare(&key->values[i].name, name) == 0)
			return &key->values[i];
	return NULL;
}

int regf_build_value(struct regf_build *build, const char *path, const char *name, const struct reg_data *data,
		     struct error *err)
{
	struct build_key *key;
	struct build_value value = { 0 }, *old;
	if (data->len > REGF_DATA_MAX)
		return error_set(err, TROUBLE_CANNOT,
				 _("A registry value of %zu bytes is larger than a registry file can hold."),
				 data->len);
	int ret = key_at(build, path, &key, err);
	if (ret == 0)
		ret = regf_name_stored(key, name, REGF_VALUE_NAME_MAX, &value.name, err);
	if (ret != 0)
		return ret;
	value.data = regdata_copy(key, data);
	if (value.data == NULL)
		return error_memory(err);
	old = value_find(key, &value.name);
	if (old != NULL) {
		old->data = value.data;
		return 0;
	}
	struct build_value *more = memory_more(key, &key->values, key->nvalues, sizeof *more);
	if (more == NULL)
		return error_memory(err);
	*more = value;
	key->nvalues++;
	return 0;
}

void regf_build_sequence(struct regf_build *build, uint32_t sequence1, uint32_t sequence2)
{
	build->sequence1 = sequence1;
	build->sequence2 = sequence2;
}
