/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server opened: the disks below its folder, with services that can be started and stopped. */
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/disks.h"
#include "practice/parts.h"

#define DISABLED 4u
#define DEPTH_LIMIT 16

/* ---- Services as the registry has them ---- */

static char *services_key(struct server *server, TALLOC_CTX *mem, struct error *err)
{
	uint32_t set = 0;
	bool found = false;
	int rc = server_reg_dword(server, "SYSTEM\\Select", "Default", &set, &found, err);
	char *key = rc == 0 && found ? talloc_asprintf(mem, "SYSTEM\\ControlSet%03u\\Services", (unsigned)set) : NULL;

	if (rc == 0 && !found)
		error_set(err, TROUBLE_HIVE_NO_SELECT,
			  _("The registry does not say which control set the server starts with."));
	else if (rc == 0 && key == NULL)
		error_memory(err);
	return key;
}

static int text_read(struct server *server, TALLOC_CTX *mem, const char *key, const char *value, char **text,
		     struct error *err)
{
	int rc = server_reg_string(server, mem, key, value, text, err);

	if (rc == 0 && *text == NULL)
		*text = talloc_strdup(mem, "");
	return rc == 0 && *text == NULL ? error_memory(err) : rc;
}

/* One service; *is_service is false for drivers and for keys that only hold counters. */
static int service_read(struct server *server, TALLOC_CTX *mem, const char *services, const char *name,
			struct service *service, bool *is_service, struct error *err)
{
	char *key = talloc_asprintf(mem, "%s\\%s", services, name);
	uint32_t type = 0;
	bool found = false;
	int rc = key ? server_reg_dword(server, key, "Type", &type, &found, err) : error_memory(err);

	*is_service = rc == 0 && found && (type & PRACTICE_WIN32);
	if (!*is_service)
		return rc;
	*service = (struct service){.name = talloc_strdup(mem, name), .start = 3};
	rc = service->name ? server_reg_dword(server, key, "Start", &type, &found, err) : error_memory(err);
	if (rc == 0 && found)
		service->start = type;
	if (rc == 0)
		rc = text_read(server, mem, key, "DisplayName", &service->display, err);
	if (rc == 0)
		rc = text_read(server, mem, key, "ObjectName", &service->account, err);
	if (rc == 0)
		rc = text_read(server, mem, key, "ImagePath", &service->image_path, err);
	return rc;
}

static enum service_state state_of(json_t *root, const char *name)
{
	return practice_state_parse(json_string_value(json_object_get(practice_json_service(root, name), "state")));
}

static int services_read(struct server *server, TALLOC_CTX *mem, json_t *root, struct service_list *list,
			 struct error *err)
{
	char *services = services_key(server, mem, err);
	struct reg_key *key = NULL;
	int rc = services ? server->ops->reg_list(server, mem, services, &key, err) : -(int)err->trouble;
	const size_t count = rc == 0 && key ? key->subkey_count : 0;

	*list = (struct service_list){.services = memory_array_zero(mem, sizeof(struct service), count)};
	if (rc == 0 && list->services == NULL)
		rc = error_memory(err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct service *service = &list->services[list->count];
		bool is_service = false;

		rc = service_read(server, list->services, services, key->subkeys[i], service, &is_service, err);
		if (rc == 0 && is_service) {
			service->state = state_of(root, service->name);
			list->count++;
		}
	}
	return rc;
}

static int practice_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list, struct error *err)
{
	struct error own;
	json_t *root = NULL;
	int rc;

	err = err ? err : &own;
	rc = practice_json_load(server->practice, &root, err);
	if (rc == 0)
		rc = services_read(server, mem, root, list, err);
	json_decref(root);
	return rc;
}

/* ---- Starting and stopping ---- */

struct act {
	struct server *server;
	TALLOC_CTX *mem;
	struct service_list list;
	json_t *root;
	struct error *err;
};

static struct service *service_find(const struct act *act, const char *name)
{
	for (size_t i = 0; i < act->list.count; i++)
		if (text_equal(act->list.services[i].name, name))
			return &act->list.services[i];
	return NULL;
}

static int state_write(const struct act *act, struct service *service, enum service_state state)
{
	json_t *entry = practice_json_service(act->root, service->name);
	json_t *text = json_string(practice_state_name(state));

	service->state = state;
	if (entry)
		return json_object_set_new(entry, "state", text) == 0 ? 0 : error_memory(act->err);
	entry = json_pack("{s:s, s:o}", "name", service->name, "state", text);
	return json_array_append_new(json_object_get(act->root, "services"), entry) == 0 ? 0 : error_memory(act->err);
}

/* The names a service depends on, NULL if none. */
static int depends_read(const struct act *act, const char *name, char ***names, size_t *count)
{
	char *services = services_key(act->server, act->mem, act->err);
	char *key = services ? talloc_asprintf(act->mem, "%s\\%s", services, name) : NULL;
	struct reg_data *data = NULL;
	int rc;

	*names = NULL;
	*count = 0;
	if (services == NULL)
		return -(int)act->err->trouble;
	rc = key ? act->server->ops->reg_read(act->server, act->mem, key, "DependOnService", &data, act->err)
		 : error_memory(act->err);
	if (rc == 0 && data)
		*names = regdata_strings(act->mem, data, count);
	return rc;
}

/* Whether the program is where the command line says. */
static int program_check(const struct act *act, const struct service *service)
{
	size_t count = 0;
	struct path_span *spans =
		path_spans(act->mem, service->image_path, PATH_COMMAND, act->server->id.nt_folder, &count);
	bool found = false;
	int rc = 0;

	if (spans == NULL)
		return error_memory(act->err);
	if (count > 0 && spans[0].full)
		rc = act->server->ops->look(act->server, act->mem, spans[0].full, &found, NULL, NULL, act->err);
	if (rc < 0 || found)
		return rc;
	return error_set(act->err, TROUBLE_CANNOT, _("The service %s cannot be started: its program %s is not there."),
			 text_shown(act->mem, service->name), text_shown(act->mem, service->image_path));
}

static int service_start(const struct act *act, struct service *service, unsigned depth)
{
	char **names = NULL;
	size_t count = 0;
	int rc;

	if (service->state == SERVICE_RUNNING)
		return 0;
	if (service->start == DISABLED)
		return error_set(act->err, TROUBLE_CANNOT, _("The service %s is disabled and cannot be started."),
				 text_shown(act->mem, service->name));
	rc = program_check(act, service);
	if (rc == 0)
		rc = depends_read(act, service->name, &names, &count);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct service *other = service_find(act, names[i]);

		if (other && depth >= DEPTH_LIMIT)
			rc = error_set(act->err, TROUBLE_CANNOT, _("The service %s depends on itself."),
				       text_shown(act->mem, service->name));
		else if (other)
			rc = service_start(act, other, depth + 1);
	}
	return rc == 0 ? state_write(act, service, SERVICE_RUNNING) : rc;
}

/* No running service may need it. */
static int service_stop(const struct act *act, struct service *service)
{
	for (size_t i = 0; i < act->list.count; i++) {
		const struct service *other = &act->list.services[i];
		char **names = NULL;
		size_t count = 0;
		int rc = other->state == SERVICE_RUNNING ? depends_read(act, other->name, &names, &count) : 0;

		if (rc < 0)
			return rc;
		for (size_t j = 0; j < count; j++)
			if (text_equal(names[j], service->name))
				return error_set(act->err, TROUBLE_CANNOT,
						 _("The service %s cannot be stopped: %s runs and depends on it."),
						 text_shown(act->mem, service->name),
						 text_shown(act->mem, other->name));
	}
	return state_write(act, service, SERVICE_STOPPED);
}

static int service_change(struct act *act, const char *name, enum service_state state)
{
	int rc = services_read(act->server, act->mem, act->root, &act->list, act->err);
	struct service *service = rc == 0 ? service_find(act, name) : NULL;

	if (rc < 0)
		return rc;
	if (service == NULL)
		return error_set(act->err, TROUBLE_NOT_THERE, _("There is no service %s on this server."),
				 text_shown(act->mem, name));
	if (state != SERVICE_RUNNING && state != SERVICE_STOPPED)
		return error_set(act->err, TROUBLE_BUG,
				 _("A service cannot be set to a state that it only passes through."));
	return state == SERVICE_RUNNING ? service_start(act, service, 0) : service_stop(act, service);
}

static int practice_service_set(struct server *server, const char *name, enum service_state state, struct error *err)
{
	struct error own;
	struct act act = {.server = server, .mem = talloc_new(NULL), .err = err ? err : &own};
	int rc = practice_json_load(server->practice, &act.root, act.err);

	if (rc == 0)
		rc = service_change(&act, name, state);
	if (rc == 0)
		rc = practice_json_save(server->practice, act.root, act.err);
	json_decref(act.root);
	talloc_free(act.mem);
	return rc;
}

/* ---- Room ---- */

/* What is free on the disk, or less where practice.json says so. */
static int practice_room(struct server *server, const char *path, uint64_t *bytes, struct error *err)
{
	const char letter[2] = {path[0], '\0'};
	json_t *root = NULL, *limit;
	int rc = disks_room(server, path, bytes, err);

	if (rc == 0)
		rc = practice_json_load(server->practice, &root, err);
	limit = json_object_get(json_object_get(root, "room"), letter);
	if (rc == 0 && json_is_integer(limit) && json_integer_value(limit) >= 0 && (uint64_t)json_integer_value(limit) < *bytes)
		*bytes = (uint64_t)json_integer_value(limit);
	json_decref(root);
	return rc;
}

/* ---- Opening ---- */

/* "C=DIR/C,E=DIR/E" of the drives that are there; commas in DIR are written "\,". */
static char *drives_text(TALLOC_CTX *mem, const char *dir)
{
	char *text = talloc_strdup(mem, "");

	for (char letter = 'A'; text && letter <= 'Z'; letter++) {
		char *folder = talloc_asprintf(mem, "%s/%c", dir, letter);
		struct stat st;

		if (folder == NULL)
			return NULL;
		if (lstat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		text = talloc_asprintf_append(text, "%s%c=", *text ? "," : "", letter);
		for (const char *p = folder; text && *p; p++)
			text = talloc_asprintf_append(text, *p == ',' ? "\\%c" : "%c", *p);
	}
	return text;
}

/* Puts our members in front of the disks'. */
static int practice_dress(struct server *server, const char *dir, struct error *err)
{
	struct server_ops *ops = talloc_memdup(server, server->ops, sizeof *ops);

	server->practice = talloc_strdup(server, dir);
	if (!ops || !server->practice)
		return error_memory(err);
	ops->room = practice_room;
	ops->service_list = practice_service_list;
	ops->service_set = practice_service_set;
	server->ops = ops;
	server->caps |= SERVER_SERVICES | SERVER_MAIL | SERVER_SIMULATED;
	server->reach = "practice";
	return 0;
}

int practice_open(TALLOC_CTX *mem, const char *dir, struct server **server, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct disks_options options = {.drives = drives_text(tmp, dir)};
	struct server *disks = NULL;
	json_t *root = NULL;
	int rc = practice_json_load(dir, &root, err);

	json_decref(root);
	if (rc == 0 && options.drives == NULL)
		rc = error_memory(err);
	if (rc == 0)
		rc = disks_open(mem, &options, &disks, err);
	if (rc == 0)
		rc = practice_dress(disks, dir, err);
	if (rc == 0)
		*server = disks;
	else
		talloc_free(disks);
	talloc_free(tmp);
	return rc;
}
