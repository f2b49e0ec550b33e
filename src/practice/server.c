/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A practice server opened: the disks below its folder, with services that can be started and
 * stopped. */
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "server/disks.h"
#include "practice/mail.h"
#include "practice/parts.h"

#define DISABLED 4u
#define DEPTH_LIMIT 16

/* ---- Services as the registry has them ---- */

struct services {
	struct server *server;
	TALLOC_CTX *mem;
	char *key; /* of all services */
	struct service_list list;
	json_t *root;
	struct error *err;
};

static int services_key(struct services *services)
{
	char *set;
	int ret = disks_control_set(services->server, services->mem, &set, services->err);

	if (ret)
		return ret;
	services->key = talloc_asprintf(services->mem, "%s\\Services", set);
	return services->key ? 0 : error_memory(services->err);
}

/* One service, added to the list; drivers, and keys that only hold counters, are none. */
static int service_read(struct services *services, const char *name)
{
	struct service *service = &services->list.services[services->list.count];
	char *key = talloc_asprintf(services->mem, "%s\\%s", services->key, name);
	uint32_t type = 0;
	bool found = false;
	int ret = key
		? server_reg_dword(services->server, key, "Type", &type, &found, services->err)
		: error_memory(services->err);

	if (ret < 0 || !found || !(type & PRACTICE_WIN32))
		return ret;
	services->list.count++;
	*service = (struct service){ .name = talloc_strdup(services->mem, name),
		.state = practice_json_state(services->root, name) };
	ret = service->name ? server_reg_dword(services->server, key, "Start", &service->start,
				      &found, services->err)
			    : error_memory(services->err);
	if (ret == 0 && !found)
		service->start = 3;
	if (ret == 0)
		ret = server_reg_text(services->server, services->mem, key, "ImagePath",
			&service->image_path, services->err);
	return ret;
}

static int services_read(struct services *services)
{
	struct reg_key *key = NULL;
	int ret = practice_json_load(services->server->practice, &services->root, services->err);

	if (ret == 0)
		ret = services_key(services);
	if (ret == 0)
		ret = services->server->ops->reg_list(services->server, services->mem,
			services->key, &key, services->err);
	if (ret < 0)
		return ret;
	services->list.services = memory_array_zero(services->mem, sizeof *services->list.services,
		key ? key->subkey_count : 0);
	if (!services->list.services)
		return error_memory(services->err);
	for (size_t i = 0; ret == 0 && key && i < key->subkey_count; i++)
		ret = service_read(services, key->subkeys[i]);
	return ret;
}

static int practice_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list,
	struct error *err)
{
	struct services services = { .server = server, .mem = mem, .err = err };
	int ret = services_read(&services);

	*list = services.list;
	json_decref(services.root);
	return ret;
}

/* ---- Starting and stopping ---- */

static struct service *service_find(const struct services *services, const char *name)
{
	for (size_t i = 0; i < services->list.count; i++)
		if (text_equal(services->list.services[i].name, name))
			return &services->list.services[i];
	return NULL;
}

static int state_write(const struct services *services, struct service *service,
	enum service_state state)
{
	service->state = state;
	return practice_json_set(services->root, service->name, state) == 0
		? 0
		: error_memory(services->err);
}

/* The names a service depends on, NULL if none. */
static int depends_read(const struct services *services, const char *name, char ***names,
	size_t *count)
{
	char *key = talloc_asprintf(services->mem, "%s\\%s", services->key, name);
	struct reg_data *data = NULL;
	int ret = key ? services->server->ops->reg_read(services->server, services->mem, key,
				"DependOnService", &data, services->err)
		      : error_memory(services->err);

	*count = 0;
	*names = ret == 0 && data ? regdata_strings(services->mem, data, count) : NULL;
	return ret;
}

/* Whether the program is where the command line says. */
static int program_check(const struct services *services, const struct service *service)
{
	struct server *server = services->server;
	size_t count = 0;
	struct path_span *spans = path_spans(services->mem, service->image_path, PATH_COMMAND,
		server->id.nt_folder, &count);
	bool found = false;
	int ret = 0;

	if (!spans)
		return error_memory(services->err);
	if (count > 0 && spans[0].full)
		ret = server->ops->file_stat(server, services->mem, spans[0].full, &found, NULL,
			NULL, services->err);
	if (ret < 0 || found)
		return ret;
	return error_set(services->err, TROUBLE_CANNOT,
		_("The service %s cannot be started: its program %s is not there."), service->name,
		service->image_path);
}

static int service_start(const struct services *services, struct service *service, unsigned depth)
{
	char **names = NULL;
	size_t count = 0;
	int ret;

	if (service->state == SERVICE_RUNNING)
		return 0;
	if (depth > DEPTH_LIMIT)
		return error_set(services->err, TROUBLE_CANNOT,
			_("The service %s depends on itself."), service->name);
	if (service->start == DISABLED)
		return error_set(services->err, TROUBLE_CANNOT,
			_("The service %s is disabled and cannot be started."), service->name);
	ret = program_check(services, service);
	if (ret == 0)
		ret = depends_read(services, service->name, &names, &count);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		struct service *other = service_find(services, names[i]);

		if (other)
			ret = service_start(services, other, depth + 1);
	}
	return ret == 0 ? state_write(services, service, SERVICE_RUNNING) : ret;
}

/* No running service may need it. */
static int service_stop(const struct services *services, struct service *service)
{
	for (size_t i = 0; i < services->list.count; i++) {
		const struct service *other = &services->list.services[i];
		char **names = NULL;
		size_t count = 0;
		int ret = other->state == SERVICE_RUNNING
			? depends_read(services, other->name, &names, &count)
			: 0;

		if (ret < 0)
			return ret;
		for (size_t j = 0; j < count; j++)
			if (text_equal(names[j], service->name))
				return error_set(services->err, TROUBLE_CANNOT,
					_("The service %s cannot be stopped: %s runs and depends on it."),
					service->name, other->name);
	}
	return state_write(services, service, SERVICE_STOPPED);
}

static int practice_service_set(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	struct services services = { .server = server, .mem = talloc_new(NULL), .err = err };
	int ret = server_dry_refused(server, err);
	struct service *service = NULL;

	if (ret == 0)
		ret = services_read(&services);
	if (ret == 0) {
		service = service_find(&services, name);
		if (!service)
			ret = error_set(err, TROUBLE_NOT_THERE,
				_("There is no service %s on this server."), name);
	}
	if (ret == 0)
		ret = state == SERVICE_RUNNING ? service_start(&services, service, 0)
					       : service_stop(&services, service);
	if (ret == 0)
		ret = practice_json_save(server->practice, services.root, err);
	json_decref(services.root);
	talloc_free(services.mem);
	return ret;
}

/* ---- Room ---- */

/* What is free on the disk, or less where practice.json says so. */
static int practice_room(struct server *server, const char *path, uint64_t *bytes,
	struct error *err)
{
	const char letter[2] = { path[0], '\0' };
	json_t *root = NULL, *limit;
	int ret = disks_room(server, path, bytes, err);

	if (ret == 0)
		ret = practice_json_load(server->practice, &root, err);
	limit = json_object_get(json_object_get(root, "room"), letter);
	if (ret == 0 && json_is_integer(limit) && json_integer_value(limit) >= 0 &&
		(uint64_t)json_integer_value(limit) < *bytes)
		*bytes = (uint64_t)json_integer_value(limit);
	json_decref(root);
	return ret;
}

/* ---- Mail ---- */

/* Our members, and the connector once it runs. */
struct practice_ops {
	struct server_ops ops;
	struct practice_mail_process *connector;
};

static int practice_boxes(struct server *server, TALLOC_CTX *mem, struct mail_boxes *boxes,
	struct error *err)
{
	/* ops is the first member, and ours to write: practice_set_traits made it. */
	struct practice_ops *ours = talloc_get_type(server->ops, struct practice_ops);
	int ret = practice_mail_boxes(mem, server->practice, boxes, err);

	if (ret == 0 && ours && !ours->connector && !server->dry_run)
		ret = practice_mail_start(ours, server->practice, &ours->connector, err);
	return ret;
}

static int practice_send(struct server *server, const struct mail_letter *letter, struct error *err)
{
	int ret = server_dry_refused(server, err);

	return ret == 0 ? practice_mail_send(server->practice, letter, time(NULL), err) : ret;
}

static int practice_read(struct server *server, TALLOC_CTX *mem, const struct mail_box *box,
	struct mail_letters *letters, struct error *err)
{
	return practice_mail_read(mem, server->practice, box, letters, err);
}

/* ---- Opening ---- */

/* Puts our members in front of the disks'. */
static int practice_set_traits(struct server *server, const char *dir, struct error *err)
{
	struct practice_ops *ours = talloc_zero(server, struct practice_ops);
	struct server_ops *ops = ours ? &ours->ops : NULL;

	server->practice = talloc_strdup(server, dir);
	if (!ops || !server->practice)
		return error_memory(err);
	*ops = *server->ops;
	ops->room = practice_room;
	ops->service_list = practice_service_list;
	ops->service_set = practice_service_set;
	ops->mail_boxes = practice_boxes;
	ops->mail_send = practice_send;
	ops->mail_read = practice_read;
	server->ops = ops;
	server->caps |= SERVER_SERVICES | SERVER_MAIL | SERVER_SIMULATED;
	server->reach = N_("practice");
	return 0;
}

int practice_open(TALLOC_CTX *mem, const char *dir, struct server **server, struct error *err)
{
	struct disks_options options = { .drives = practice_drives(mem, dir) };
	json_t *root = NULL;
	int ret = options.drives ? practice_json_load(dir, &root, err) : error_memory(err);

	json_decref(root);
	*server = NULL;
	if (ret == 0)
		ret = disks_open(mem, &options, server, err);
	if (ret == 0)
		ret = practice_set_traits(*server, dir, err);
	if (ret < 0)
		TALLOC_FREE(*server);
	return ret;
}
