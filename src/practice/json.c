/* SPDX-License-Identifier: GPL-3.0-or-later */
/* practice.json: seed, services and mail of a practice server. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "practice/parts.h"

#define JSON_LIMIT (1 << 20)

static const char *const STATES[] = {
	[SERVICE_UNKNOWN] = "unknown",   [SERVICE_STOPPED] = "stopped", [SERVICE_STARTING] = "starting",
	[SERVICE_STOPPING] = "stopping", [SERVICE_RUNNING] = "running",
};

const char *practice_state_name(enum service_state state)
{
	return STATES[state];
}

enum service_state practice_state_parse(const char *name)
{
	for (unsigned i = 0; name && i < sizeof(STATES) / sizeof(STATES[0]); i++)
		if (strcmp(STATES[i], name) == 0)
			return (enum service_state)i;
	return SERVICE_UNKNOWN;
}

/* ---- Made ---- */

static int service_add(json_t *services, const char *name, bool running)
{
	const enum service_state state = running ? SERVICE_RUNNING : SERVICE_STOPPED;

	return json_array_append_new(services,
				     json_pack("{s:s, s:s}", "name", name, "state", practice_state_name(state)));
}

/* What starts by itself runs, but for a connector whose share or values are spoilt. */
static int services_add(json_t *services, const struct practice_world *world)
{
	const bool connector = !practice_broken(world);
	size_t count = 0;
	const struct practice_service *table = practice_services(&count);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		if (table[i].type & PRACTICE_WIN32)
			rc = service_add(services, table[i].name, table[i].start == 2);
	rc = rc == 0 ? service_add(services, "MSExchangeMSMI", connector) : rc;
	for (size_t i = 0; rc == 0 && i < PRACTICE_PCMTAS; i++)
		rc = service_add(services, world->pcmta[i], connector);
	return rc;
}

/* States that a case gives, in the list or behind it. */
static int services_twist(json_t *root, const struct practice_world *world)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < world->twist_count; i++) {
		const struct practice_twist *twist = &world->twists[i];
		char *name = twist->op == PRACTICE_SERVICE ? practice_expand(NULL, world, twist->name) : NULL;
		json_t *entry = name ? practice_json_service(root, name) : NULL;

		if (entry)
			rc = json_object_set_new(entry, "state", json_string(twist->text));
		else if (name)
			rc = json_array_append_new(json_object_get(root, "services"),
						   json_pack("{s:s, s:s}", "name", name, "state", twist->text));
		talloc_free(name);
	}
	return rc;
}

/* Drives that are full are so by decree. */
static int room_add(json_t *root, const struct practice_world *world)
{
	json_t *room = NULL;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < world->twist_count; i++) {
		if (world->twists[i].op != PRACTICE_ROOM)
			continue;
		if (room == NULL) {
			room = json_object();
			rc = json_object_set_new(root, "room", room);
		}
		if (rc == 0)
			rc = json_object_set_new(room, world->twists[i].name, json_integer((json_int_t)world->twists[i].number));
	}
	return rc;
}

static int mail_add(json_t *mail, const struct practice_world *world)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < PRACTICE_PCMTAS; i++)
		rc = json_object_set_new(mail, world->pcmta[i],
					 json_pack("{s:s, s:s}", "out", "flows", "in", "flows"));
	return rc;
}

int practice_json_text(TALLOC_CTX *mem, const struct practice_world *world, const char *scenario, char **text,
		       struct error *err)
{
	json_t *services = json_array(), *mail = json_object(), *root = NULL;
	char *dump = NULL;

	if (services && mail && services_add(services, world) == 0 && mail_add(mail, world) == 0)
		root = json_pack("{s:i, s:I, s:s, s:O, s:O}", "format", 1, "seed", (json_int_t)world->seed, "scenario",
				 scenario, "services", services, "mail", mail);
	if (root && services_twist(root, world) == 0 && room_add(root, world) == 0)
		dump = json_dumps(root, JSON_INDENT(1));
	*text = dump ? talloc_asprintf(mem, "%s\n", dump) : NULL;
	free(dump);
	json_decref(root);
	json_decref(services);
	json_decref(mail);
	return *text ? 0 : error_memory(err);
}

/* ---- Read and written ---- */

static bool json_ours(const json_t *root)
{
	const json_t *services = json_object_get(root, "services"), *service;
	size_t i;

	if (json_integer_value(json_object_get(root, "format")) != 1 || !json_is_array(services))
		return false;
	json_array_foreach(services, i, service) if (!json_is_string(json_object_get(service, "name")) ||
						     !json_is_string(json_object_get(service, "state"))) return false;
	return true;
}

static int json_open(const char *dir, const char *shown, struct error *err)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd = at < 0 ? -1 : openat(at, PRACTICE_JSON, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const int sys = errno;

	if (at >= 0)
		close(at);
	if (fd < 0 && sys == ENOENT)
		return error_set(err, TROUBLE_NOT_THERE, _("%s is not a practice server: it has no file practice.json."),
				 shown);
	if (fd < 0)
		return error_system(err, TROUBLE_IO, sys, _("%s/practice.json cannot be read"), shown);
	return fd;
}

int practice_json_load(const char *dir, json_t **root, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *shown = text_shown(tmp, dir);
	int fd = shown ? json_open(dir, shown, err) : error_memory(err), rc = fd < 0 ? fd : 0;
	uint8_t *text;
	size_t len;

	*root = NULL;
	if (rc == 0 && file_read(tmp, fd, JSON_LIMIT, &text, &len) == 0)
		*root = json_loadb((char *)text, len, JSON_REJECT_DUPLICATES, NULL);
	if (fd >= 0)
		close(fd);
	if (rc == 0 && !json_ours(*root)) {
		json_decref(*root);
		*root = NULL;
		rc = error_set(err, TROUBLE_RECORD_DAMAGED, _("%s/practice.json is damaged, or not from this program."),
			       shown);
	}
	talloc_free(tmp);
	return rc;
}

static int json_write(int at, const json_t *root)
{
	char *text = json_dumps(root, JSON_INDENT(1)), *line = text ? talloc_asprintf(NULL, "%s\n", text) : NULL;
	int sys = line ? file_replace(at, PRACTICE_JSON, 0644, line, strlen(line)) : ENOMEM;

	free(text);
	talloc_free(line);
	return sys;
}

int practice_json_save(const char *dir, json_t *root, struct error *err)
{
	int at = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc = 0;
	const int sys = at < 0 ? errno : json_write(at, root);

	if (sys != 0) {
		char *shown = text_shown(NULL, dir);

		rc = error_system(err, TROUBLE_IO, sys, _("%s/practice.json cannot be written"), shown ? shown : "");
		talloc_free(shown);
	}
	if (at >= 0)
		close(at);
	return rc;
}

json_t *practice_json_service(json_t *root, const char *name)
{
	json_t *services = json_object_get(root, "services"), *service;
	size_t i;

	json_array_foreach(services, i, service) if (text_equal(json_string_value(json_object_get(service, "name")),
								name)) return service;
	return NULL;
}
