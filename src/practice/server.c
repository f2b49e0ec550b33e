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

struct look {
	struct server *server;
	TALLOC_CTX *mem;
	char *key; /* of all services */
	struct service_list list;
	json_t *root;
	struct error *err;
};

static int services_key(struct look *look)
{
	uint32_t set = 0;
	bool found = false;
	int rc = server_reg_dword(look->server, "SYSTEM\\Select", "Default", &set, &found, look->err);

	if (rc == 0 && !found)
		rc = error_set(look->err, TROUBLE_HIVE_NO_SELECT,
			       _("The registry does not say which control set the server starts with."));
	look->key = talloc_asprintf(look->mem, "SYSTEM\\ControlSet%03u\\Services", (unsigned)set);
	return rc == 0 && look->key == NULL ? error_memory(look->err) : rc;
}

/* "" where there is none. */
static int text_read(const struct look *look, const char *key, const char *value, char **text)
{
	int rc = server_reg_string(look->server, look->mem, key, value, text, look->err);

	if (rc == 0 && *text == NULL)
		*text = talloc_strdup(look->mem, "");
	return rc == 0 && *text == NULL ? error_memory(look->err) : rc;
}

/* One service, added to the list; drivers, and keys that only hold counters, are none. */
static int service_read(struct look *look, const char *name)
{
	struct service *service = &look->list.services[look->list.count];
	char *key = talloc_asprintf(look->mem, "%s\\%s", look->key, name);
	uint32_t type = 0;
	bool found = false;
	int rc = key ? server_reg_dword(look->server, key, "Type", &type, &found, look->err) : error_memory(look->err);

	if (rc < 0 || !found || !(type & PRACTICE_WIN32))
		return rc;
	look->list.count++;
	*service = (struct service){.name = talloc_strdup(look->mem, name), .state = practice_json_state(look->root, name)};
	rc = service->name ? server_reg_dword(look->server, key, "Start", &service->start, &found, look->err) : error_memory(look->err);
	if (rc == 0 && !found)
		service->start = 3;
	if (rc == 0)
		rc = text_read(look, key, "DisplayName", &service->display);
	if (rc == 0)
		rc = text_read(look, key, "ObjectName", &service->account);
	return rc == 0 ? text_read(look, key, "ImagePath", &service->image_path) : rc;
}

static int services_read(struct look *look)
{
	struct reg_key *key = NULL;
	int rc = practice_json_load(look->server->practice, &look->root, look->err);

	if (rc == 0)
		rc = services_key(look);
	if (rc == 0)
		rc = look->server->ops->reg_list(look->server, look->mem, look->key, &key, look->err);
	if (rc < 0)
		return rc;
	look->list.services = memory_array_zero(look->mem, sizeof *look->list.services, key ? key->subkey_count : 0);
	if (look->list.services == NULL)
		return error_memory(look->err);
	for (size_t i = 0; rc == 0 && key && i < key->subkey_count; i++)
		rc = service_read(look, key->subkeys[i]);
	return rc;
}

static int practice_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list, struct error *err)
{
	struct look look = {.server = server, .mem = mem, .err = err};
	int rc = services_read(&look);

	*list = look.list;
	json_decref(look.root);
	return rc;
}

/* ---- Starting and stopping ---- */

static struct service *service_find(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->list.count; i++)
		if (text_equal(look->list.services[i].name, name))
			return &look->list.services[i];
	return NULL;
}

static int state_write(const struct look *look, struct service *service, enum service_state state)
{
	service->state = state;
	return practice_json_set(look->root, service->name, state) == 0 ? 0 : error_memory(look->err);
}

/* The names a service depends on, NULL if none. */
static int depends_read(const struct look *look, const char *name, char ***names, size_t *count)
{
	char *key = talloc_asprintf(look->mem, "%s\\%s", look->key, name);
	struct reg_data *data = NULL;
	int rc = key ? look->server->ops->reg_read(look->server, look->mem, key, "DependOnService", &data, look->err)
		     : error_memory(look->err);

	*count = 0;
	*names = rc == 0 && data ? regdata_strings(look->mem, data, count) : NULL;
	return rc;
}

/* Whether the program is where the command line says. */
static int program_check(const struct look *look, const struct service *service)
{
	struct server *server = look->server;
	size_t count = 0;
	struct path_span *spans = path_spans(look->mem, service->image_path, PATH_COMMAND, server->id.nt_folder, &count);
	bool found = false;
	int rc = 0;

	if (spans == NULL)
		return error_memory(look->err);
	if (count > 0 && spans[0].full)
		rc = server->ops->look(server, look->mem, spans[0].full, &found, NULL, NULL, look->err);
	if (rc < 0 || found)
		return rc;
	return error_set(look->err, TROUBLE_CANNOT, _("The service %s cannot be started: its program %s is not there."),
			 text_shown(look->mem, service->name), text_shown(look->mem, service->image_path));
}

static int service_start(const struct look *look, struct service *service, unsigned depth)
{
	char **names = NULL;
	size_t count = 0;
	int rc;

	if (service->state == SERVICE_RUNNING)
		return 0;
	if (depth > DEPTH_LIMIT)
		return error_set(look->err, TROUBLE_CANNOT, _("The service %s depends on itself."),
				 text_shown(look->mem, service->name));
	if (service->start == DISABLED)
		return error_set(look->err, TROUBLE_CANNOT, _("The service %s is disabled and cannot be started."),
				 text_shown(look->mem, service->name));
	rc = program_check(look, service);
	if (rc == 0)
		rc = depends_read(look, service->name, &names, &count);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct service *other = service_find(look, names[i]);

		if (other)
			rc = service_start(look, other, depth + 1);
	}
	return rc == 0 ? state_write(look, service, SERVICE_RUNNING) : rc;
}

/* No running service may need it. */
static int service_stop(const struct look *look, struct service *service)
{
	for (size_t i = 0; i < look->list.count; i++) {
		const struct service *other = &look->list.services[i];
		char **names = NULL;
		size_t count = 0;
		int rc = other->state == SERVICE_RUNNING ? depends_read(look, other->name, &names, &count) : 0;

		if (rc < 0)
			return rc;
		for (size_t j = 0; j < count; j++)
			if (text_equal(names[j], service->name))
				return error_set(look->err, TROUBLE_CANNOT,
						 _("The service %s cannot be stopped: %s runs and depends on it."),
						 text_shown(look->mem, service->name), text_shown(look->mem, other->name));
	}
	return state_write(look, service, SERVICE_STOPPED);
}

static int practice_service_set(struct server *server, const char *name, enum service_state state, struct error *err)
{
	struct look look = {.server = server, .mem = talloc_new(NULL), .err = err};
	int rc = server_dry_refused(server, err);
	struct service *service = NULL;

	if (rc == 0)
		rc = services_read(&look);
	if (rc == 0) {
		service = service_find(&look, name);
		if (!service)
			rc = error_set(err, TROUBLE_NOT_THERE, _("There is no service %s on this server."), text_shown(look.mem, name));
	}
	if (rc == 0)
		rc = state == SERVICE_RUNNING ? service_start(&look, service, 0) : service_stop(&look, service);
	if (rc == 0)
		rc = practice_json_save(server->practice, look.root, err);
	json_decref(look.root);
	talloc_free(look.mem);
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

/* "C=DIR/C,E=DIR/E" of the drives that are there; commas in DIR are written "\\,". */
static char *drives_text(TALLOC_CTX *mem, const char *dir)
{
	char *text = talloc_strdup(mem, "");

	for (char letter = 'A'; text && letter <= 'Z'; letter++) {
		char *folder = talloc_asprintf(text, "%s/%c", dir, letter);
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
	struct disks_options options = {.drives = drives_text(mem, dir)};
	json_t *root = NULL;
	int rc = options.drives ? practice_json_load(dir, &root, err) : error_memory(err);

	json_decref(root);
	*server = NULL;
	if (rc == 0)
		rc = disks_open(mem, &options, server, err);
	if (rc == 0)
		rc = practice_dress(*server, dir, err);
	if (rc < 0)
		TALLOC_FREE(*server);
	return rc;
}
