/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services, which of them are PC MTAs (doc/domain.md 3), and the article's entries for them. */
#include "repair/survey_internal.h"

#include <ctype.h>
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
		service->leftover = !value && !look_value(service->key, "ImagePath");
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

/* Names for a sentence; not more than a person reads. */
struct names {
	char *text;
	size_t count;
};

static int names_add(struct look *look, struct names *names, char *name)
{
	enum { NAMES_LIMIT = 10 };

	if (names->count++ > NAMES_LIMIT)
		return 0;
	if (names->count > NAMES_LIMIT)
		name = talloc_strdup(look->tmp, "...");
	if (names->text)
		names->text = talloc_asprintf_append(names->text, ", %s", name ? name : "");
	else
		names->text = name;
	return name && names->text ? 0 : error_memory(look->err);
}

/* ---- which are PC MTAs ---- */

/* What speaks for a service being a Connector MTA: each of the first is enough, the last is worth a question. */
struct signs {
	const char *strong[3], *weak;
};

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

/* Whether a folder is an Msmcon: setup's name for it, else a postoffice lies in it. */
static int folder_is_msmcon(struct look *look, const char *folder, bool *so)
{
	char *real;
	int ret = look_real(look, folder, &real);

	*so = text_equal(path_leaf(folder), "Msmcon");
	return ret == 0 && real && !*so ? look_is_msmcon(look, real, so) : ret;
}

/* Whether a path leads into an Msmcon, as far as its names tell. */
static bool path_in_msmcon(struct look *look, const char *path)
{
	bool in = path_under(path, look->survey->default_msmcon);

	for (size_t i = 0; !in && i < path_parts(path); i++) {
		char *part = path_part(look->tmp, path, i);
		in = part && text_equal(part, "Msmcon");
	}
	return in;
}

/* Sign (a): one of the MTA's programs, in the Bin folder of an Msmcon. */
static int sign_program(struct look *look, const struct look_service *service, struct signs *signs)
{
	size_t count = 0;
	struct path_span *spans = service->image ? path_spans(look->tmp, service->image, PATH_COMMAND,
							      look->survey->id->nt_folder, &count) : NULL;
	int ret = spans || !service->image ? 0 : error_memory(look->err);

	for (size_t i = 0; ret == 0 && i < count; i++) {
		char *path = look_span_path(look, service->image, &spans[i]), *bin;
		bool known = path && in_list(article_pcmta_executables(), path_leaf(path)), so = false;
		bin = known ? path_parent(look->tmp, path) : NULL;
		if (bin && text_equal(path_leaf(bin), "Bin"))
			ret = folder_is_msmcon(look, path_parent(look->tmp, bin), &so);
		if (so)
			signs->strong[0] = _("it runs a PC MTA's program");
		else if (known || (path && path_in_msmcon(look, path)))
			signs->weak = talloc_asprintf(look->tmp, _("it runs %s"), look_shown(look, path));
	}
	return ret;
}

/* Sign (b): parameters that the Administrator program writes for every Connector MTA (Q131962, Q150811). */
static int sign_parameters(struct look *look, const struct look_service *service, struct signs *signs)
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
			signs->strong[1] = _("it has a PC MTA's parameters");
	talloc_free(key);
	return ret;
}

/* Sign (c): its events are explained by the MTA's message file. */
static int sign_messages(struct look *look, const struct look_service *service, struct signs *signs)
{
	struct reg_key *key;
	const struct reg_value *value;
	char *path, *text, *full;
	int ret;

	if (!look_has_subkey(look->sources, service->name))
		return 0;
	path = talloc_asprintf(look->tmp, "%s\\EventLog\\Application\\%s", look->services_key, service->name);
	ret = path ? look_key(look, path, &key) : error_memory(look->err);
	value = ret == 0 ? look_value(key, "EventMessageFile") : NULL;
	text = value ? look_string(look, &value->data) : NULL;
	if (text && strlen(text) >= 10 && text_equal(text + strlen(text) - 10, "xtnmsg.dll"))
		signs->strong[2] = _("its events come from a PC MTA's message file");
	full = text ? path_settle(look->tmp, text) : NULL;
	if (full && path_in_msmcon(look, full))
		signs->weak = talloc_asprintf(look->tmp, _("its events come from %s"), look_shown(look, full));
	return ret;
}

static const char *service_text(struct look *look, const struct look_service *service, const char *name)
{
	const struct reg_value *value = look_value(service->key, name);
	char *text = value ? look_string(look, &value->data) : NULL;

	return text ? text : "";
}

static bool says_mta(const char *name)
{
	for (; *name; name++)
		if (text_equal_n(name, "MTA", 3))
			return true;
	return false;
}

/* Called an MTA, by its key or where Windows shows it, and run under the connector's account. */
static void sign_name(struct look *look, const struct look_service *service, struct signs *signs)
{
	const struct look_service *connector = look_service_find(look, ARTICLE_SERVICE);
	const char *account = connector ? service_text(look, connector, "ObjectName") : "";
	const char *display = service_text(look, service, "DisplayName");

	if ((says_mta(service->name) || says_mta(display)) && *account && !text_equal(account, "LocalSystem") &&
	    text_equal(account, service_text(look, service, "ObjectName")))
		signs->weak = talloc_asprintf(look->tmp, _("it is called %s, and runs as %s like the connector"),
					      look_shown(look, *display ? display : service->name),
					      look_shown(look, account));
}

static int pcmta_add(struct look *look, const char *name, char *signs, bool by_operator)
{
	struct survey *survey = look->survey;
	struct pcmta *pcmta;

	if (survey->pcmta_count == PCMTA_LIMIT)
		return error_set(look->err, TROUBLE_HIVE_BROKEN, _("More than %d services look like PC MTAs."),
				 PCMTA_LIMIT);
	pcmta = memory_more(survey, &survey->pcmtas, survey->pcmta_count, sizeof *pcmta);
	if (!pcmta)
		return error_memory(look->err);
	survey->pcmta_count++;
	*pcmta = (struct pcmta){
		.name = talloc_strdup(survey, name), .signs = signs, .by_operator = by_operator,
	};
	return pcmta->name && signs ? 0 : error_memory(look->err);
}

/* Where no sign is certain a person is asked, with the option to give. Exchange's own services are none. */
static int pcmta_suggest(struct look *look, const struct look_service *service, const struct signs *signs,
			 struct names *suggested)
{
	const char *name = look_shown(look, service->name);

	if (!signs->weak || service->leftover || text_equal_n(service->name, "MSExchange", 10) ||
	    in_list(look->options->pcmta_add, service->name))
		return 0;
	return names_add(look, suggested, talloc_asprintf(look->tmp, _("%s (%s; option: --pcmta \"%s\")"), name,
							  signs->weak, name));
}

/* Services that are named in notices. */
struct told {
	struct names left, suggested, struck;
};

static int pcmta_judge(struct look *look, const struct look_service *service, struct told *told)
{
	struct signs signs = { 0 };
	char *text = NULL;
	int ret = 0;

	if (!service->key || name_reserved(service->name) || (service->type != 0 && !(service->type & TYPE_WIN32)))
		return 0;
	ret = sign_program(look, service, &signs);
	if (ret == 0)
		ret = sign_parameters(look, service, &signs);
	if (ret == 0)
		ret = sign_messages(look, service, &signs);
	for (size_t i = 0; i < 3; i++)
		if (signs.strong[i])
			text = text ? talloc_asprintf_append(text, ", %s", signs.strong[i])
				    : talloc_strdup(look->survey, signs.strong[i]);
	if (ret != 0)
		return ret;
	if (in_list(look->options->pcmta_strike, service->name))
		return text ? names_add(look, &told->struck, talloc_strdup(look->tmp, look_shown(look, service->name))) : 0;
	if (text && service->leftover)
		return names_add(look, &told->left, talloc_strdup(look->tmp, look_shown(look, service->name)));
	if (text)
		return pcmta_add(look, service->name, text, false);
	if (!signs.weak)
		sign_name(look, service, &signs);
	return pcmta_suggest(look, service, &signs, &told->suggested);
}

static int pcmtas_found(struct look *look)
{
	struct told told = { 0 };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->service_count; i++)
		ret = pcmta_judge(look, &look->services[i], &told);
	if (ret == 0 && told.left.count)
		ret = look_notice(look, "service-left",
				  _("Left by a deleted service, with neither a Type nor an ImagePath: %s. "
				    "It does not count as a PC MTA and stays as it is."),
				  told.left.text);
	if (ret == 0 && told.suggested.count)
		ret = look_notice(look, "pcmta-suggested",
				  _("No certain sign shows whether this is a PC MTA: %s. "
				    "Compare with the Connector MTAs tab of the MS Mail Connector."),
				  told.suggested.text);
	if (ret == 0 && told.struck.count)
		ret = look_notice(look, "pcmta-struck",
				  _("Excluded as the operator asked, although it looks like a PC MTA: %s. Its values are neither "
				    "checked nor changed."),
				  told.struck.text);
	return ret;
}

static bool pcmta_known(const struct survey *survey, const char *name)
{
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (text_equal(survey->pcmtas[i].name, name))
			return true;
	return false;
}

/* ---- the operator's words ---- */

/* How many letters to change, add or leave out until one name is the other. */
static size_t name_distance(const char *a, const char *b)
{
	enum { LONGEST = 64 };
	size_t row[LONGEST + 1], len = strlen(b);

	if (len > LONGEST || strlen(a) > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= len; j++) {
			size_t best = corner + (tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]));
			best = best < row[j] + 1 ? best : row[j] + 1;
			best = best < row[j - 1] + 1 ? best : row[j - 1] + 1;
			corner = row[j];
			row[j] = best;
		}
	}
	return row[len];
}

/* A name that no service has: a typing error would otherwise look like a server without values. */
static int name_unknown(struct look *look, const char *name, const char *sentence)
{
	struct names near = { 0 };
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->service_count; i++) {
		const char *other = look->services[i].name;
		bool like = name_distance(name, other) <= 1 + strlen(name) / 3 || pcmta_known(look->survey, other);
		if (like && !look->services[i].leftover && !name_reserved(other))
			ret = names_add(look, &near, talloc_strdup(look->tmp, look_shown(look, other)));
	}
	if (ret != 0)
		return ret;
	return near.text ? error_set(look->err, TROUBLE_USAGE, _("%s Perhaps meant: %s."), sentence, near.text)
			 : error_set(look->err, TROUBLE_USAGE, "%s", sentence);
}

static int pcmtas_added(struct look *look)
{
	int ret = 0;

	for (const char *const *name = look->options->pcmta_add; ret == 0 && name && *name; name++) {
		const struct look_service *service = look_service_find(look, *name);
		if (look->options->pcmta_recorded && (!service || service->leftover))
			continue;
		if (!service || service->leftover || name_reserved(*name))
			return name_unknown(look, *name,
					    talloc_asprintf(look->tmp, _("%s was named as a PC MTA, but there is no such service."), look_shown(look, *name)));
		if (!pcmta_known(look->survey, service->name))
			ret = pcmta_add(look, service->name, talloc_strdup(look->survey, _("the operator named it")),
					true);
	}
	return ret;
}

static int pcmtas_struck(struct look *look)
{
	struct survey *survey = look->survey;

	for (const char *const *name = look->options->pcmta_strike; name && *name; name++) {
		const struct look_service *service = look_service_find(look, *name);
		char **grown;

		if (!service && look->options->pcmta_recorded)
			continue;
		if (!service)
			return name_unknown(look, *name,
					    talloc_asprintf(look->tmp, _("%s was excluded from the PC MTAs, but there is no such service."),
							    look_shown(look, *name)));
		grown = memory_array_grow(survey, survey->struck, sizeof(*grown), survey->struck_count + 1);
		if (grown)
			grown[survey->struck_count] = talloc_strdup(grown, service->name);
		survey->struck = grown;
		if (!grown || !grown[survey->struck_count++])
			return error_memory(look->err);
	}
	return 0;
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
	if (ret == 0)
		ret = pcmtas_found(look);
	if (ret == 0)
		ret = pcmtas_added(look);
	if (ret == 0)
		ret = pcmtas_struck(look);
	if (ret == 0 && look->survey->pcmta_count == 0)
		ret = look_notice(look, "no-pcmta",
				  _("No PC MTA was found among the services. "
				    "Compare with the Connector MTAs tab of the MS Mail Connector, and name what is missing."));
	return ret == 0 ? entries_expand(look) : ret;
}
