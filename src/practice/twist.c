/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a case changes on its practice server: values on their way into the hive, names, and who asks for what. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "nt/path.h"
#include "nt/regf_build.h"
#include "practice/parts.h"

#define SET_NAME "ControlSet00"
#define SET_LEN (sizeof(SET_NAME "1") - 1)

/* ---- Looked up ---- */

const struct practice_twist *practice_twist_find(const struct practice_world *world, enum practice_op op, unsigned where, const char *path)
{
	for (size_t i = world->twist_count; i-- > 0;) {
		const struct practice_twist *twist = &world->twists[i];
		const bool here = twist->where == 0 || (twist->where & where) != 0;

		if (twist->op == op && here && (path == NULL || twist->path == NULL || text_equal(twist->path, path)))
			return twist;
	}
	return NULL;
}

struct practice_version practice_version_parse(const char *text)
{
	struct practice_version version = {{0, 0, 0, 0}};
	unsigned part[4] = {0, 0, 0, 0};

	if (text && sscanf(text, "%u.%u.%u.%u", &part[0], &part[1], &part[2], &part[3]) == 4)
		for (size_t i = 0; i < 4; i++)
			version.part[i] = (uint16_t)part[i];
	return version;
}

/* ---- Names ---- */

/* "E:\exchsrvr" as the root above connect\msmcon, for the registry and for the disk. */
static int relocated_set(TALLOC_CTX *mem, struct practice_world *world, const char *root, struct error *err)
{
	world->relocated = talloc_asprintf(mem, "%s\\connect\\msmcon", root);
	world->relocated_dir = talloc_asprintf(mem, "%c/%s/connect/msmcon", root[0], root + 3);
	for (char *p = world->relocated_dir; p && *p; p++)
		if (*p == '\\')
			*p = '/';
	return world->relocated && world->relocated_dir ? 0 : error_memory(err);
}

static void name_set(struct practice_world *world, const char *name, const char *text)
{
	if (strcmp(name, "lan") == 0)
		world->pcmta[0].name = text;
	else if (strcmp(name, "x25") == 0)
		world->pcmta[1].name = text;
	else if (strcmp(name, "server") == 0)
		world->server = text;
}

int practice_twist_world(TALLOC_CTX *mem, struct practice_world *world, struct error *err)
{
	const char *root = "E:\\exchsrvr";

	world->set_default = 1;
	for (size_t i = 0; i < world->twist_count; i++) {
		const struct practice_twist *twist = &world->twists[i];

		if (twist->op == PRACTICE_SELECT && strcmp(twist->name, "Default") == 0)
			world->set_default = twist->number == 2 ? 2 : 1;
		if (twist->op == PRACTICE_NAME && strcmp(twist->name, "relocated") == 0)
			root = twist->text;
		else if (twist->op == PRACTICE_NAME)
			name_set(world, twist->name, twist->text);
	}
	return relocated_set(mem, world, root, err);
}

/* ---- Values ---- */

/* Whether the twist is about this copy and this control set. */
static bool twist_here(const struct practice_hive *hive, const struct practice_twist *twist, uint32_t set)
{
	const unsigned bit = set == hive->world->set_default ? PRACTICE_IN_DEFAULT_SET : PRACTICE_IN_OTHER_SET;

	return (twist->where & bit) && (hive->alt || !(twist->where & PRACTICE_IN_ALT_ONLY));
}

/* The number of the control set a key lies in, and the path below it; 0 for a key elsewhere. */
static uint32_t key_set(const char *key, const char **below)
{
	if (strncmp(key, SET_NAME, SET_LEN - 1) != 0 || strlen(key) < SET_LEN + 2 || key[SET_LEN] != '\\')
		return 0;
	*below = key + SET_LEN + 1;
	return (uint32_t)(key[SET_LEN - 1] - '0');
}

static bool key_under(const char *key, const char *top)
{
	const size_t len = strlen(top);

	return strlen(key) >= len && text_equal_n(key, top, len) && (key[len] == '\0' || key[len] == '\\');
}

/* The same value with its paths leading to the other Msmcon. */
static int value_lead(struct practice_hive *hive, const struct practice_twist *twist, struct reg_data **data)
{
	const struct path_folder relocated = {.full = hive->world->relocated};
	const struct path_folder usual = {.full = PRACTICE_DEFAULT_MSMCON};
	const bool forth = twist->number == 1;
	char *text = regdata_string(hive->mem, *data), *after = NULL;
	struct reg_data *changed = NULL;
	enum path_leads leads;

	if (text && path_relocate(hive->mem, text, PATH_LIST, "C:\\WINNT", forth ? &usual : &relocated,
				  forth ? &relocated : &usual, &leads, &after) == 0)
		changed = regdata_with_string(hive->mem, *data, after);
	talloc_free(text);
	talloc_free(after);
	if (changed == NULL)
		return error_memory(hive->err);
	talloc_free(*data);
	*data = changed;
	return 0;
}

static int value_twist(struct practice_hive *hive, const struct practice_twist *twist, const char *below, const char *value,
		       struct reg_data **data)
{
	char *path = practice_expand(hive->mem, hive->world, twist->path);
	int rc = path ? 0 : error_memory(hive->err);

	if (rc == 0 && twist->op == PRACTICE_REG_DROP && twist->name == NULL && key_under(below, path)) {
		talloc_free(*data);
		*data = NULL;
	} else if (rc == 0 && twist->name && text_equal(below, path) && text_equal(value, twist->name)) {
		if (twist->op == PRACTICE_REG_LEAD)
			rc = value_lead(hive, twist, data);
		else
			TALLOC_FREE(*data);
	}
	talloc_free(path);
	return rc;
}

/* What Select says. */
static int select_twist(struct practice_hive *hive, const char *value, struct reg_data **data)
{
	for (size_t i = 0; i < hive->world->twist_count; i++) {
		const struct practice_twist *twist = &hive->world->twists[i];

		if (twist->op != PRACTICE_SELECT || !text_equal(twist->name, value))
			continue;
		talloc_free(*data);
		*data = regdata_from_dword(hive->mem, (uint32_t)twist->number);
		if (*data == NULL)
			return error_memory(hive->err);
	}
	return 0;
}

int practice_twist_value(struct practice_hive *hive, const char *key, const char *value, struct reg_data **data)
{
	const struct practice_world *world = hive->world;
	const char *below = NULL;
	const uint32_t set = key_set(key, &below);
	int rc = 0;

	if (strcmp(key, "Select") == 0)
		return select_twist(hive, value, data);
	for (size_t i = 0; rc == 0 && *data && set && i < world->twist_count; i++) {
		const struct practice_twist *twist = &world->twists[i];

		if ((twist->op == PRACTICE_REG_DROP || twist->op == PRACTICE_REG_LEAD) && twist_here(hive, twist, set))
			rc = value_twist(hive, twist, below, value, data);
	}
	return rc;
}

static void value_set(struct practice_hive *hive, const struct practice_twist *twist, uint32_t set)
{
	char *path = talloc_asprintf(hive->mem, SET_NAME "%u\\%s", (unsigned)set, twist->path);
	char *key = path ? practice_expand(hive->mem, hive->world, path) : NULL;

	practice_hive_text(hive, key, twist->name, twist->type, twist->text);
	talloc_free(path);
	talloc_free(key);
}

void practice_twist_values(struct practice_hive *hive)
{
	const struct practice_world *world = hive->world;

	hive->plain = true;
	for (size_t i = 0; hive->status == 0 && i < world->twist_count; i++)
		for (uint32_t set = 1; set <= 2; set++)
			if (world->twists[i].op == PRACTICE_REG_SET && twist_here(hive, &world->twists[i], set))
				value_set(hive, &world->twists[i], set);
}
