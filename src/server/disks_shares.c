/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares as the registry of a server that is off holds them, and what only a running server can
 * do. */
#include "server/disks_private.h"

#include "base/i18n.h"
#include "nt/sharedef.h"

/* The key of the shares: in the control set that the next start uses. */
static int shares_key(struct disks *disks, TALLOC_CTX *mem, char **key, struct error *err)
{
	char *set;
	int ret = disks_control_set(&disks->base, mem, &set, err);

	if (ret != 0)
		return ret;
	*key = talloc_asprintf(mem, "%s\\Services\\LanmanServer\\Shares", set);
	talloc_free(set);
	return *key ? 0 : error_memory(err);
}

static char *share_field(TALLOC_CTX *mem, const struct reg_data *definition, const char *field)
{
	char *text = sharedef_field(mem, definition, field);

	return text ? text : talloc_strdup(mem, "");
}

/* An entry of another type than REG_BINARY is not a descriptor. */
static int share_security(struct disks *disks, struct share *share, const char *key,
	const char *name, struct error *err)
{
	char *below = talloc_asprintf(share, "%s\\Security", key);
	struct reg_data *data;
	int ret = below ? disks_reg_read(&disks->base, share, below, name, &data, err)
			: error_memory(err);

	if (ret != 0 || !data || data->type != REG_BINARY)
		return ret;
	share->security = data->bytes;
	share->security_len = data->len;
	return 0;
}

static int share_fill(struct disks *disks, struct share *share, const char *key,
	const struct reg_value *value, struct error *err)
{
	share->definition = regdata_copy(share, &value->data);
	share->name = talloc_strdup(share, value->name);
	if (!share->name || !share->definition)
		return error_memory(err);
	share->path = share_field(share, share->definition, "Path");
	share->remark = share_field(share, share->definition, "Remark");
	if (!share->path || !share->remark)
		return error_memory(err);
	return share_security(disks, share, key, value->name, err);
}

int disks_share_get(struct server *server, TALLOC_CTX *mem, const char *name, struct share **share,
	struct error *err)
{
	struct disks *disks = disks_of(server);
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct reg_value *value = NULL;
	char *key;
	int ret = shares_key(disks, tmp, &key, err);

	*share = NULL;
	if (ret == 0)
		ret = disks_reg_value(disks, tmp, key, name, &value, err);
	if (ret == 0 && value) {
		*share = talloc_zero(mem, struct share);
		ret = *share ? share_fill(disks, *share, key, value, err) : error_memory(err);
		if (ret != 0)
			TALLOC_FREE(*share);
	}
	talloc_free(tmp);
	return ret;
}

int disks_share_stage(struct server *server, TALLOC_CTX *mem, const char *name,
	const struct share *after, bool security, struct reg_stage **stage, struct error *err)
{
	struct disks *disks = disks_of(server);
	struct reg_data descriptor = { REG_BINARY, after ? after->security : NULL,
		after ? after->security_len : 0 };
	struct reg_edit edits[2] = {
		{ .value = name, .data = after ? after->definition : NULL },
		{ .value = name, .data = after ? &descriptor : NULL },
	};
	char *key, *below;
	int ret;

	if (after && !after->definition)
		return error_set(err, TROUBLE_CANNOT,
			_("The disks have no model for the definition of the share %s. Create it on the running server."),
			name);
	ret = shares_key(disks, NULL, &key, err);
	if (ret != 0)
		return ret;
	edits[0].key = key;
	edits[1].key = below = talloc_asprintf(key, "%s\\Security", key);
	ret = below ? disks_reg_stage(server, mem, edits, security ? 2 : 1, stage, err)
		    : error_memory(err);
	talloc_free(key);
	return ret;
}

int disks_service_list(struct server *server, TALLOC_CTX *mem, struct service_list *list,
	struct error *err)
{
	(void)server, (void)mem;
	*list = (struct service_list){ 0 };
	return error_set(err, TROUBLE_CANNOT,
		_("The server is off, so none of its services is running. Check them in Control Panel, Services, when it is up."));
}

int disks_service_set(struct server *server, const char *name, enum service_state state,
	struct error *err)
{
	(void)server;
	return error_set(err, TROUBLE_CANNOT,
		state == SERVICE_RUNNING
			? _("The server is off. Start the service %s in Control Panel, Services, when it is up.")
			: _("The server is off. Stop the service %s in Control Panel, Services, when it is up."),
		name);
}
