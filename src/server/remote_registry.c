/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the registry of a running server, and what of it is kept while the server is held. */
#include "server/remote_registry.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* ---- names ---- */

/* Only SYSTEM and SOFTWARE are read. *below: the key's name for the server; NULL for one in a hive
 * that a running server has not. */
static int registry_key(const char *key, const char **below, struct error *err)
{
	static const struct {
		const char *name;
		bool there;
	} hives[] = { { "SYSTEM", true }, { "SOFTWARE", true }, { "SYSTEM.ALT", false } };
	size_t len = strcspn(key, "\\");

	for (size_t i = 0; i < ARRAY_SIZE(hives); i++)
		if (strlen(hives[i].name) == len && text_equal_n(key, hives[i].name, len)) {
			*below = hives[i].there ? key : NULL;
			return 0;
		}
	return error_set(err, TROUBLE_BUG,
		_("A registry key was asked for in a file that this program does not read."));
}

/* ---- what is kept ---- */

/* Where it is, or would be. */
static size_t kept_at(const struct remote_registry *registry, const char *path, bool *found)
{
	size_t from = 0, to = registry->kept_count;

	*found = false;
	while (from < to && !*found) {
		size_t middle = from + (to - from) / 2;
		int order = text_compare(path, registry->kept[middle].path);

		*found = order == 0;
		if (order <= 0)
			to = middle;
		else
			from = middle + 1;
	}
	return to;
}

static bool has_subkey(const struct reg_key *key, const char *name)
{
	for (size_t i = 0; key && i < key->subkey_count; i++)
		if (text_equal(key->subkeys[i], name))
			return true;
	return false;
}

/* Whether a key is known, *key NULL as one that is not there: so is all that the list of the key
 * above it lacks. */
static bool kept_find(const struct remote_registry *registry, const char *path,
	const struct reg_key **key)
{
	char above[1024];
	bool found;
	size_t at = registry ? kept_at(registry, path, &found) : 0;
	const char *leaf = strrchr(path, '\\');
	const struct reg_key *parent;

	*key = NULL;
	if (!registry)
		return false;
	if (found) {
		*key = registry->kept[at].key;
		return true;
	}
	if (!leaf || (size_t)(leaf - path) >= sizeof above)
		return false;
	memcpy(above, path, (size_t)(leaf - path));
	above[leaf - path] = '\0';
	return kept_find(registry, above, &parent) && !has_subkey(parent, leaf + 1);
}

/* What was read becomes part of what is kept, which owns it from then on. */
static int kept_add(struct remote_registry *registry, struct wanted *wanted, struct error *err)
{
	bool found;
	size_t at = kept_at(registry, wanted->path, &found);
	struct kept_key *kept;

	if (found)
		return 0;
	if (!memory_more(registry, &registry->kept, registry->kept_count, sizeof *registry->kept))
		return error_memory(err);
	kept = &registry->kept[at];
	memmove(kept + 1, kept, (registry->kept_count - at) * sizeof *kept);
	registry->kept_count++;
	kept->path = talloc_steal(registry->kept, wanted->path);
	kept->key = talloc_steal(registry->kept, wanted->key);
	return 0;
}

static int kept_take(struct reading *reading, struct error *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < reading->count; i++)
		ret = kept_add(reading->remote->registry, reading->wanted[i], err);
	return ret;
}

void registry_forget(struct remote *remote)
{
	if (!remote->registry)
		return;
	TALLOC_FREE(remote->registry->kept);
	remote->registry->kept_count = 0;
}

/* ---- reading ---- */

static int read_one(struct remote *remote, TALLOC_CTX *tmp, const char *path, const char *value,
	struct wanted **wanted, struct error *err)
{
	struct reading *reading = talloc_zero(tmp, struct reading);
	int ret;

	if (!reading)
		return error_memory(err);
	reading->remote = remote;
	reading->pipes = remote->held ? REMOTE_PIPES : 2;
	*wanted = reading_add(reading, path, value);
	ret = *wanted ? reading_run(reading, err) : error_memory(err);
	if (!ret && !value && remote->held)
		ret = kept_take(reading, err);
	return ret;
}

/* A key and all below it, kept, and with it some keys, NULL-ended. */
static int read_tree(struct remote *remote, const char *path, const char *const *flat,
	struct error *err)
{
	struct reading *reading = talloc_zero(NULL, struct reading);
	struct wanted *wanted;
	int ret;

	if (!reading)
		return error_memory(err);
	reading->remote = remote;
	reading->pipes = REMOTE_PIPES;
	reading->deep = true;
	ret = reading_add(reading, path, NULL) ? 0 : error_memory(err);
	for (; !ret && *flat; flat++) {
		wanted = reading_add(reading, *flat, NULL);
		if (wanted)
			wanted->flat = true;
		ret = wanted ? 0 : error_memory(err);
	}
	if (!ret)
		ret = reading_run(reading, err);
	if (!ret)
		ret = kept_take(reading, err);
	talloc_free(reading);
	return ret;
}

static struct reg_key *key_copy(TALLOC_CTX *mem, const struct reg_key *key)
{
	struct reg_key *copy = talloc_zero(mem, struct reg_key);
	bool ok;

	if (!copy)
		return NULL;
	copy->subkeys = memory_array_zero(copy, sizeof *copy->subkeys, key->subkey_count);
	copy->values = memory_array_zero(copy, sizeof *copy->values, key->value_count);
	ok = copy->subkeys && copy->values;
	for (; ok && copy->subkey_count < key->subkey_count; copy->subkey_count++) {
		char **name = &copy->subkeys[copy->subkey_count];

		*name = talloc_strdup(copy->subkeys, key->subkeys[copy->subkey_count]);
		ok = *name;
	}
	for (; ok && copy->value_count < key->value_count; copy->value_count++) {
		const struct reg_value *from = &key->values[copy->value_count];
		struct reg_value *to = &copy->values[copy->value_count];

		to->name = talloc_strdup(copy->values, from->name);
		to->data = from->data;
		to->data.bytes = memory_array(copy->values, 1, from->data.len);
		ok = to->name && to->data.bytes;
		if (ok && from->data.len)
			memcpy(to->data.bytes, from->data.bytes, from->data.len);
	}
	if (!ok)
		TALLOC_FREE(copy);
	return copy;
}

int remote_reg_list(struct server *server, TALLOC_CTX *mem, const char *key, struct reg_key **list,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	const struct reg_key *known = NULL;
	struct wanted *wanted;
	int ret = registry_key(key, &key, err);

	*list = NULL;
	if (!ret && key && !(remote->held && kept_find(remote->registry, key, &known))) {
		ret = read_one(remote, tmp, key, NULL, &wanted, err);
		known = ret ? NULL : wanted->key;
	}
	if (!ret && known) {
		*list = key_copy(mem, known);
		ret = *list ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

const struct reg_data *registry_data(const struct reg_key *key, const char *value)
{
	for (size_t i = 0; key && i < key->value_count; i++)
		if (text_equal(key->values[i].name, value))
			return &key->values[i].data;
	return NULL;
}

int remote_reg_read(struct server *server, TALLOC_CTX *mem, const char *key, const char *value,
	struct reg_data **data, struct error *err)
{
	struct remote *remote = remote_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	const struct reg_key *known = NULL;
	const struct reg_data *found = NULL;
	struct wanted *wanted;
	int ret = registry_key(key, &key, err);

	*data = NULL;
	if (!ret && key && remote->held && kept_find(remote->registry, key, &known)) {
		found = registry_data(known, value);
	} else if (!ret && key) {
		ret = read_one(remote, tmp, key, value, &wanted, err);
		found = ret ? NULL : wanted->data;
	}
	if (!ret && found) {
		*data = regdata_copy(mem, found);
		ret = *data ? 0 : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* ---- walking ---- */

struct walk {
	struct remote_registry *registry;
	server_value_fn *fn;
	void *arg;
	struct error *err;
};

/* Whether a key and all below it are kept. */
static bool tree_kept(const struct remote_registry *registry, const char *path)
{
	const struct reg_key *key;
	bool kept = kept_find(registry, path, &key);

	for (size_t i = 0; kept && key && i < key->subkey_count; i++) {
		char *below = talloc_asprintf(NULL, "%s\\%s", path, key->subkeys[i]);

		kept = below && tree_kept(registry, below);
		talloc_free(below);
	}
	return kept;
}

static int walk_key(const struct walk *walk, const char *path)
{
	const struct reg_key *key;
	int ret = 0;

	/* One that went while all were read. */
	if (!kept_find(walk->registry, path, &key) || !key)
		return 0;
	ret = walk->fn(walk->arg, path, NULL, walk->err);
	for (size_t i = 0; !ret && i < key->value_count; i++)
		ret = walk->fn(walk->arg, path, &key->values[i], walk->err);
	for (size_t i = 0; !ret && i < key->subkey_count; i++) {
		char *below = talloc_asprintf(NULL, "%s\\%s", path, key->subkeys[i]);

		ret = below ? walk_key(walk, below) : error_memory(walk->err);
		talloc_free(below);
	}
	return ret;
}

int remote_reg_walk(struct server *server, const char *key, server_value_fn *fn, void *arg,
	struct error *err)
{
	struct remote *remote = remote_of(server);
	struct walk walk = { .fn = fn, .arg = arg, .err = err };
	int ret = registry_key(key, &key, err);

	if (ret || !key)
		return ret;
	if (!remote->held)
		registry_forget(remote);
	if (!tree_kept(remote->registry, key))
		ret = read_tree(remote, key, &(const char *){ NULL }, err);
	walk.registry = remote->registry;
	if (!ret)
		ret = walk_key(&walk, key);
	if (!remote->held)
		registry_forget(remote);
	return ret;
}

/* ---- holding ---- */

/* Besides the services every look asks for these. */
static const char *const always[] = { "SYSTEM", "SYSTEM\\Select", SERVER_CURRENT_VERSION, NULL };

int remote_hold(struct server *server, struct error *err)
{
	struct remote *remote = remote_of(server);
	char *set, *services;
	int ret;

	(void)remote_release(server, NULL);
	ret = remote_connected(remote, err);
	if (!ret)
		ret = remote_control_set(remote, remote, &set, err);
	if (ret)
		return ret;
	services = talloc_asprintf(set, "%s\\Services", set);
	remote->held = true;
	ret = services ? read_tree(remote, services, always, err) : error_memory(err);
	talloc_free(set);
	if (ret)
		(void)remote_release(server, NULL);
	return ret;
}

int remote_release(struct server *server, struct error *err)
{
	struct remote *remote = remote_of(server);

	(void)err;
	remote->held = false;
	registry_forget(remote);
	remote_files_forget(remote);
	return 0;
}

int remote_reg_save(struct server *server, server_hive_fn *fn, void *arg, struct error *err)
{
	(void)server, (void)fn, (void)arg;
	return error_advise(err,
		error_set(err, TROUBLE_CANNOT,
			_("The registry files of a running server cannot be copied.")),
		_("Make a backup of its registry on the server itself (rdisk /s on Windows NT 4.0, Backup on Windows 2000)."));
}

int remote_reg_gate(struct server *server, struct error *err)
{
	(void)server, (void)err;
	return 0;
}
