/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shares and services of a practice server, as its SYSTEM and its practice.json have them. */
#include "npd.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "nt/regf.h"
#include "nt/sharedef.h"

enum { HIVE_LIMIT = 64 << 20 };

/* name in folder, whatever its case; owned by mem, NULL if there is none. */
static char *name_find(TALLOC_CTX *mem, const char *folder, const char *name)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char *found = NULL;

	while (dir && !found && (entry = readdir(dir))) {
		if (strcasecmp(entry->d_name, name) == 0)
			found = talloc_asprintf(mem, "%s/%s", folder, entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

char *server_path(TALLOC_CTX *mem, const char *dir, const char *path, bool made)
{
	char *at = talloc_asprintf(mem, "%s/server/%c", dir, path[0] & ~0x20);
	char *rest = talloc_strdup(mem, path[0] && path[1] == ':' ? path + 2 : ""), *name;

	while (at && (name = strsep(&rest, "\\"))) {
		char *next = *name ? name_find(mem, at, name) : at;

		if (strcmp(name, "..") == 0)
			return NULL;
		if (!next && made && !rest)
			next = talloc_asprintf(mem, "%s/%s", at, name);
		at = next;
	}
	return at && (made || access(at, F_OK) == 0) ? at : NULL;
}

struct load {
	TALLOC_CTX *mem;
	struct regf *hive;
	json_t *practice;
	char *set; /* "ControlSet001" */
};

static struct reg_data *value_data(struct load *load, const char *key, const char *name)
{
	struct reg_value *value = NULL;
	regf_key at;

	if (regf_find(load->hive, talloc_asprintf(load->mem, "%s\\%s", load->set, key), &at,
		    NULL) == 0 &&
		at)
		regf_value(load->hive, load->mem, at, name, &value, NULL);
	return value ? &value->data : NULL;
}

static bool service_runs(const struct load *load, const char *name)
{
	json_t *service;
	size_t i;

	json_array_foreach (json_object_get(load->practice, "services"), i, service) {
		if (strcasecmp(json_string_value(json_object_get(service, "name")), name) == 0)
			return strcmp(json_string_value(json_object_get(service, "state")),
				       "running") == 0;
	}
	return false;
}

static void service_load(struct load *load, const char *name)
{
	const char *key = talloc_asprintf(load->mem, "Services\\%s", name);
	const struct reg_data *type = value_data(load, key, "Type");
	const struct reg_data *needs = value_data(load, key, "DependOnService");
	const struct reg_data *shown = value_data(load, key, "DisplayName");
	char *text = shown ? regdata_string(load->mem, shown) : NULL, **names;
	uint32_t kind = 0, start = 3;
	size_t count = 0;

	if (!type || !regdata_dword(type, &kind) || !(kind & 0x30))
		return;
	names = needs ? regdata_strings(load->mem, needs, &count) : NULL;
	if (value_data(load, key, "Start"))
		regdata_dword(value_data(load, key, "Start"), &start);
	services_add(name, text ? text : name, start, service_runs(load, name), names,
		names ? count : 0);
}

static void share_load(struct load *load, const struct reg_value *value)
{
	const struct reg_data *security =
		value_data(load, "Services\\LanmanServer\\Shares\\Security", value->name);
	const char *path = sharedef_field(load->mem, &value->data, "Path");
	const char *remark = sharedef_field(load->mem, &value->data, "Remark");

	if (path)
		shares_add(value->name, path, remark ? remark : "", 0,
			security ? security->bytes : NULL, security ? security->len : 0);
}

/* What Windows shares by itself. */
static void shares_begin(const char *dir)
{
	static const char letters[] = "CDEF";
	enum { HIDDEN = (int)0x80000000, IPC = 3 };
	char name[3] = "C$", path[4] = "C:\\", folder[256];

	for (size_t i = 0; letters[i]; i++) {
		snprintf(folder, sizeof folder, "%s/server/%c", dir, letters[i]);
		name[0] = path[0] = letters[i];
		if (access(folder, F_OK) == 0)
			shares_add(name, path, "Default share", (uint32_t)HIDDEN, NULL, 0);
	}
	shares_add("ADMIN$", "C:\\WINNT", "Remote Admin", (uint32_t)HIDDEN, NULL, 0);
	shares_add("IPC$", "", "Remote IPC", (uint32_t)HIDDEN | IPC, NULL, 0);
}

static bool hive_open(struct load *load, const char *path)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct reg_value *value = NULL;
	uint8_t *bytes;
	uint32_t set = 1;
	size_t len;
	regf_key key = 0;

	if (fd < 0 || file_read(load->mem, fd, HIVE_LIMIT, &bytes, &len) ||
		regf_open_bytes(load->mem, "SYSTEM", bytes, len, &load->hive, NULL))
		return false;
	close(fd);
	if (regf_find(load->hive, "Select", &key, NULL) == 0 && key &&
		regf_value(load->hive, load->mem, key, "Default", &value, NULL) == 0 && value)
		regdata_dword(&value->data, &set);
	load->set = talloc_asprintf(load->mem, "ControlSet%03u", set);
	return true;
}

static bool parts_load(struct load *load)
{
	struct regf_subkey *names;
	struct reg_value *values;
	size_t count = 0;
	regf_key key = 0;
	char *path = talloc_asprintf(load->mem, "%s\\Services", load->set);

	if (regf_find(load->hive, path, &key, NULL) || !key ||
		regf_subkeys(load->hive, load->mem, key, &names, &count, NULL))
		return false;
	for (size_t i = 0; i < count; i++)
		service_load(load, names[i].name);
	path = talloc_asprintf(load->mem, "%s\\LanmanServer\\Shares", path);
	if (regf_find(load->hive, path, &key, NULL) || !key ||
		regf_values(load->hive, load->mem, key, &values, &count, NULL))
		return true;
	for (size_t i = 0; i < count; i++)
		share_load(load, &values[i]);
	return true;
}

bool play_load(const char *dir)
{
	struct load load = { .mem = talloc_new(NULL) };
	char *hive = server_path(load.mem, dir, "C:\\WINNT\\system32\\config\\SYSTEM", false);
	bool good;

	load.practice =
		json_load_file(talloc_asprintf(load.mem, "%s/server/practice.json", dir), 0, NULL);
	shares_begin(dir);
	good = hive && hive_open(&load, hive) && parts_load(&load);
	if (!good)
		fprintf(stderr, "npd: %s cannot be read\n", hive ? hive : "SYSTEM");
	json_decref(load.practice);
	talloc_free(load.mem);
	return good;
}
