/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services, which of them are PC MTAs (domain.md 1.7), and the article's entries for them. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* A server has a handful; each costs several rows. */
enum { PCMTA_LIMIT = 1000, TYPE_WIN32 = 0x30 };

static int services_read(struct look *look)
{
	struct reg_key *services;
	int ret = look_key(look, look->services_key, &services);

	if (ret == 0 && !services)
		ret = error_set(look->err, TROUBLE_HIVE_NO_SERVICES, _("%s has no services."),
				look->survey->control_set);
	if (ret == 0 && services->subkey_count > LOOK_SERVICES_LIMIT)
		ret = error_set(look->err, TROUBLE_HIVE_BROKEN, _("The registry lists more than %d services."),
				LOOK_SERVICES_LIMIT);
	if (ret != 0)
		return ret;
	look->services = memory_array_zero(look->tmp, sizeof(*look->services), services->subkey_count);
	if (!look->services)
		return error_memory(look->err);
	for (size_t i = 0; ret == 0 && i < services->subkey_count; i++) {
		struct look_service *service = &look->services[look->service_count++];
		const struct reg_value *value;
		char *path = talloc_asprintf(look->tmp, "%s\\%s", look->services_key, services->subkeys[i]);
		if (!path)
			return error_memory(look->err);
		service->name = services->subkeys[i];
		ret = look->server->ops->reg_list(look->server, look->services, path, &service->key, look->err);
		talloc_free(path);
		if (ret != 0 || !service->key)
			continue;
		value = look_value(service->key, "ImagePath");
		service->image = value ? look_string(look, &value->data) : NULL;
		value = look_value(service->key, "Type");
		if (!value || !regdata_dword(&value->data, &service->type))
			service->type = 0;
	}
	return ret;
}

const struct look_service *look_service_find(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->service_count; i++)
		if (look->services[i].key && text_equal(look->services[i].name, name))
			return &look->services[i];
	return NULL;
}

/* ---- which are PC MTAs ---- */

/* Exchange's own names are never an administrator's. */
static bool name_reserved(const char *name)
{
	static const char *const names[] = { "MSExchangeMSMI", "MSExchangeATMTA", "MSExchangePCMTA", "EventLog" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

static bool in_list(const char *const *list, const char *name)
{
	for (; list && *list; list++)
		if (text_equal(*list, name))
			return true;
	return false;
}

/* Sign (a): one of the MTA's programs, in a Bin folder of an Msmcon. */
static int sign_program(struct look *look, const struct look_service *service, const char **sign)
{
	size_t count = 0;
	struct path_span *spans;

	if (!service->image)
		return 0;
	spans = path_spans(look->tmp, service->image, PATH_COMMAND, look->survey->id->nt_folder, &count);
	if (!spans)
		return error_memory(look->err);
	for (size_t i = 0; i < count; i++) {
		size_t parts = spans[i].full ? path_parts(spans[i].full) : 0;
		if (parts < 3 || !in_list(article_pcmta_executables(), path_leaf(spans[i].full)))
			continue;
		char *bin = path_part(look->tmp, spans[i].full, parts - 2),
		     *msmcon = path_part(look->tmp, spans[i].full, parts - 3);
		if (bin && msmcon && text_equal(bin, "Bin") && text_equal(msmcon, "Msmcon"))
			*sign = _("it runs a Connector MTA's program");
	}
	return 0;
}

/* Sign (b): parameters that the Administrator program writes for every Connector MTA (Q131962, Q150811). */
static int sign_parameters(struct look *look, const struct look_service *service, const char **sign)
{
	static const char *const names[] = { "X25CallFacilities", "X25CallUserData", "DrivesUNC", "DrivesWAN" };
	struct reg_key *key = NULL;
	char *path;
	int ret;

	if (!look_has_subkey(service->key, "Parameters"))
		return 0;
	path = talloc_asprintf(look->tmp, "%s\\%s\\Parameters", look->services_key, service->name);
	ret = path ? look->server->ops->reg_list(look->server, look->tmp, path, &key, look->err)
		   : error_memory(look->err);
	for (size_t i = 0; ret == 0 && i < sizeof(names) / sizeof(names[0]); i++)
		if (look_value(key, names[i]))
			*sign = _("it has a Connector MTA's parameters");
	talloc_free(key);
	return ret;
}

/* Sign (c): its events are explained by the MTA's message file. */
static int sign_messages(struct look *look, const struct look_service *service, const char **sign)
{
	struct reg_key *key;
	const struct reg_value *value;
	char *path, *text;
	int ret;

	if (!look_has_subkey(look->sources, service->name))
		return 0;
	path = talloc_asprintf(look->tmp, "%s\\EventLog\\Application\\%s", look->services_key, service->name);
	ret = path ? look_key(look, path, &key) : error_memory(look->err);
	value = ret == 0 ? look_value(key, "EventMessageFile") : NULL;
	text = value ? look_string(look, &value->data) : NULL;
	if (text && strlen(text) >= 10 && text_equal(text + strlen(text) - 10, "xtnmsg.dll"))
		*sign = _("its events come from a Connector MTA's message file");
	return ret;
}

static int pcmta_add(struct look *look, const char *name, char *signs, bool by_operator)
{
	struct survey *survey = look->survey;
	struct pcmta *grown;

	if (survey->pcmta_count == PCMTA_LIMIT)
		return error_set(look->err, TROUBLE_HIVE_BROKEN, _("More than %d services look like Connector MTAs."),
				 PCMTA_LIMIT);
	grown = memory_array_grow(survey, survey->pcmtas, sizeof(*grown), survey->pcmta_count + 1);
	if (!grown)
		return error_memory(look->err);
	survey->pcmtas = grown;
	grown[survey->pcmta_count] = (struct pcmta){
		.name = talloc_strdup(survey, name), .signs = signs, .by_operator = by_operator,
	};
	return grown[survey->pcmta_count++].name && signs ? 0 : error_memory(look->err);
}

static int pcmta_judge(struct look *look, const struct look_service *service)
{
	const char *signs[3] = { NULL, NULL, NULL };
	char *text = NULL;
	int ret = 0;

	if (!service->key || name_reserved(service->name) || (service->type != 0 && !(service->type & TYPE_WIN32)))
		return 0;
	ret = sign_program(look, service, &signs[0]);
	if (ret == 0)
		ret = sign_parameters(look, service, &signs[1]);
	if (ret == 0)
		ret = sign_messages(look, service, &signs[2]);
	for (size_t i = 0; i < 3; i++)
		if (signs[i])
			text = text ? talloc_asprintf_append(text, ", %s", signs[i])
				    : talloc_strdup(look->survey, signs[i]);
	if (ret != 0 || !text || in_list(look->options->pcmta_strike, service->name))
		return ret;
	return pcmta_add(look, service->name, text, false);
}

static bool pcmta_known(const struct survey *survey, const char *name)
{
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (text_equal(survey->pcmtas[i].name, name))
			return true;
	return false;
}

/* What the operator adds must be a service; a typing error would otherwise look like a server without values. */
static int pcmtas_added(struct look *look)
{
	int ret = 0;

	for (const char *const *name = look->options->pcmta_add; ret == 0 && name && *name; name++) {
		const struct look_service *service = look_service_find(look, *name);
		if (!service || name_reserved(*name))
			return error_set(look->err, TROUBLE_USAGE,
					 _("%s was named as a Connector MTA, but there is no such service."),
					 look_shown(look, *name));
		if (!pcmta_known(look->survey, service->name))
			ret = pcmta_add(look, service->name, talloc_strdup(look->survey, _("the operator named it")),
					true);
	}
	return ret;
}

/* ---- the entries ---- */

static int entry_add(struct look *look, const struct article_entry *entry, const char *name)
{
	struct look_entry *row = &look->entries[look->entry_count++];
	const char *hole = strstr(entry->key, "%s");

	row->entry = entry;
	row->below = hole ? talloc_asprintf(look->tmp, "%.*s%s%s", (int)(hole - entry->key), entry->key, name, hole + 2)
			  : talloc_strdup(look->tmp, entry->key);
	return row->below ? 0 : error_memory(look->err);
}

static int entries_expand(struct look *look)
{
	size_t count, pcmtas = look->survey->pcmta_count;
	const struct article_entry *table = article_entries(&count);
	bool appletalk = look_service_find(look, "MSExchangeATMTA") != NULL;
	int ret = 0;

	look->entries = memory_array_zero(look->tmp, sizeof(*look->entries), count * (pcmtas + 1));
	if (!look->entries)
		return error_memory(look->err);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		bool each = table[i].flags & ARTICLE_EACH_PCMTA;
		if ((table[i].flags & ARTICLE_ATMTA) && !appletalk)
			continue;
		for (size_t k = 0; ret == 0 && k < (each ? pcmtas : 1); k++)
			ret = entry_add(look, &table[i], each ? look->survey->pcmtas[k].name : "");
	}
	return ret;
}

int look_entry_value(struct look *look, const struct look_entry *entry, const struct reg_value **value, bool *key_there)
{
	const struct look_service *service = strchr(entry->below, '\\') ? NULL : look_service_find(look, entry->below);
	struct reg_key *key = service ? service->key : NULL;
	char *path;
	int ret = 0;

	if (strchr(entry->below, '\\')) {
		path = talloc_asprintf(look->tmp, "%s\\%s", look->services_key, entry->below);
		ret = path ? look_key(look, path, &key) : error_memory(look->err);
	}
	*key_there = key != NULL;
	*value = look_value(key, entry->entry->value);
	return ret;
}

int look_pcmtas(struct look *look)
{
	char *path = talloc_asprintf(look->tmp, "%s\\EventLog\\Application", look->services_key);
	int ret = path ? services_read(look) : error_memory(look->err);

	if (ret == 0)
		ret = look_key(look, path, &look->sources);
	for (size_t i = 0; ret == 0 && i < look->service_count; i++)
		ret = pcmta_judge(look, &look->services[i]);
	if (ret == 0)
		ret = pcmtas_added(look);
	if (ret == 0 && look->survey->pcmta_count == 0)
		ret = look_notice(look, "no-pcmta",
				  _("No Connector MTA was found among the services. Compare with the Connector MTAs "
				    "tab "
				    "of the MS Mail Connector, and name what is missing."));
	return ret == 0 ? entries_expand(look) : ret;
}
