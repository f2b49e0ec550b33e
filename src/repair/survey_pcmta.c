/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services, which of them are PC MTAs (doc/domain.md 3), and the article's entries for them. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* A server has a handful; each costs several rows. */
enum { PCMTA_LIMIT = 1000, TYPE_WIN32 = 0x30 };

static void services_read(struct look *look)
{
	struct reg_key *services = look_key(look, look->services_key);

	if (!services)
		look_fail(look, TROUBLE_HIVE_NO_SERVICES, _("%s has no services."), look->survey->control_set);
	else if (services->subkey_count > LOOK_SERVICES_LIMIT)
		look_fail(look, TROUBLE_HIVE_BROKEN, _("The registry lists more than %d services."), LOOK_SERVICES_LIMIT);
	else if (!(look->services = memory_array_zero(look->tmp, sizeof *look->services, services->subkey_count)))
		look_starved(look);
	for (size_t i = 0; look->ret == 0 && i < services->subkey_count; i++) {
		struct look_service *service = &look->services[look->service_count++];

		service->name = services->subkeys[i];
		service->key = look_key(look, look_path(look, look->services_key, service->name));
		service->image = look_value_string(look, service->key, "ImagePath");
		service->type = look_number(service->key, "Type", 0);
		service->leftover = !look_value(service->key, "Type") && !look_value(service->key, "ImagePath");
	}
}

const struct look_service *look_service_find(const struct look *look, const char *name)
{
	for (size_t i = 0; i < look->service_count; i++)
		if (look->services[i].key && text_equal(look->services[i].name, name))
			return &look->services[i];
	return NULL;
}

/* ---- which are PC MTAs ---- */

/* What speaks for a service being a PC MTA: each of the first is enough, the last is worth a question. */
struct signs {
	struct look_names strong;
	const char *weak;
};

/* Whether a folder is an Msmcon: setup's name for it, else a postoffice lies in it. */
static bool folder_is_msmcon(struct look *look, const char *folder)
{
	char *real = look_real(look, folder);

	return text_equal(path_leaf(folder), "Msmcon") || (real && look_is_msmcon(look, real));
}

/* Whether a path leads into an Msmcon, as far as its names tell. */
static bool path_in_msmcon(struct look *look, const char *path)
{
	bool in = path_under(path, look->survey->default_msmcon);

	for (size_t i = 0; !in && i < path_parts(path); i++)
		in = text_equal(look_need(look, path_part(look->tmp, path, i)), "Msmcon");
	return in;
}

/* Sign (a): one of the MTA's programs, in the Bin folder of an Msmcon. */
static void sign_program(struct look *look, const struct look_service *service, struct signs *signs)
{
	size_t count;
	struct path_span *spans = look_spans(look, service->image, PATH_COMMAND, look->survey->id->nt_folder, &count);
	char *path = count ? look_span_path(look, service->image, &spans[0]) : NULL, *bin;
	bool known = path && article_lists(article_pcmta_executables, path_leaf(path));

	if (!path)
		return;
	bin = look_parent(look, path);
	if (known && text_equal(path_leaf(bin), "Bin") && folder_is_msmcon(look, look_parent(look, bin)))
		look_name(look, &signs->strong, _("it runs a PC MTA's program"));
	else if (known || path_in_msmcon(look, path))
		signs->weak = look_print(look, _("it runs %s"), look_shown(look, path));
}

/* Sign (b): parameters that the Administrator program writes for every PC MTA (Q131962, Q150811). */
static void sign_parameters(struct look *look, const struct look_service *service, struct signs *signs)
{
	struct reg_key *key;
	bool has = false;

	if (!look_has_subkey(service->key, "Parameters"))
		return;
	key = look_key(look, look_print(look, "%s\\%s\\Parameters", look->services_key, service->name));
	for (const char *const *name = article_pcmta_parameters; *name; name++)
		has = has || look_value(key, *name);
	if (has)
		look_name(look, &signs->strong, _("it has a PC MTA's parameters"));
}

/* Sign (c): its events are explained by the MTA's message file. */
static void sign_messages(struct look *look, const struct look_service *service, const struct reg_key *sources, struct signs *signs)
{
	const char *text, *full, *own = ARTICLE_PCMTA_MESSAGES;
	char *source = look_print(look, "%s\\EventLog\\Application\\%s", look->services_key, service->name);

	if (!look_has_subkey(sources, service->name))
		return;
	text = look_value_string(look, look_key(look, source), "EventMessageFile");
	if (text && strlen(text) >= strlen(own) && text_equal(text + strlen(text) - strlen(own), own))
		look_name(look, &signs->strong, _("its events come from a PC MTA's message file"));
	full = text ? path_settle(look->tmp, text) : NULL;
	if (full && path_in_msmcon(look, full))
		signs->weak = look_print(look, _("its events come from %s"), look_shown(look, full));
}

static const char *service_text(struct look *look, const struct look_service *service, const char *name)
{
	char *text = look_value_string(look, service->key, name);

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
		signs->weak = look_print(look, _("it is called %s, and runs as %s like the connector"),
					 look_shown(look, *display ? display : service->name), look_shown(look, account));
}

static void pcmta_add(struct look *look, const char *name, const char *signs, bool by_operator)
{
	struct survey *survey = look->survey;
	struct pcmta *pcmta = memory_more(survey, &survey->pcmtas, survey->pcmta_count, sizeof *pcmta);

	if (survey->pcmta_count == PCMTA_LIMIT)
		look_fail(look, TROUBLE_HIVE_BROKEN, _("More than %d services look like PC MTAs."), PCMTA_LIMIT);
	if (!pcmta)
		look_starved(look);
	if (look->ret != 0)
		return;
	survey->pcmta_count++;
	*pcmta = (struct pcmta){ .name = look_text(look, "%s", name), .signs = look_text(look, "%s", signs), .by_operator = by_operator };
}

/* Services that are named in notices. */
struct told {
	struct look_names left, suggested, struck;
};

static void pcmta_judge(struct look *look, const struct look_service *service, const struct reg_key *sources, struct told *told)
{
	struct signs signs = { 0 };
	const char *name = look_shown(look, service->name);

	/* Exchange's own names are never an administrator's. */
	if (!service->key || article_lists(article_reserved_names, service->name) || (service->type != 0 && !(service->type & TYPE_WIN32)))
		return;
	sign_program(look, service, &signs);
	sign_parameters(look, service, &signs);
	sign_messages(look, service, sources, &signs);
	if (article_lists(look->options->pcmta_strike, service->name)) {
		if (signs.strong.text)
			look_name(look, &told->struck, name);
	} else if (signs.strong.text && service->leftover) {
		look_name(look, &told->left, name);
	} else if (signs.strong.text) {
		pcmta_add(look, service->name, signs.strong.text, false);
	} else {
		if (!signs.weak)
			sign_name(look, service, &signs);
		/* Where no sign is certain a person is asked, with the option to give. Exchange's own services are none. */
		if (signs.weak && !service->leftover && !text_equal_n(service->name, "MSExchange", 10) &&
		    !article_lists(look->options->pcmta_add, service->name))
			look_name(look, &told->suggested, look_print(look, _("%s (%s; option: --pcmta \"%s\")"), name, signs.weak, name));
	}
}

static void pcmtas_found(struct look *look)
{
	const struct reg_key *sources = look_key(look, look_path(look, look->services_key, "EventLog\\Application"));
	struct told told = { 0 };

	for (size_t i = 0; look->ret == 0 && i < look->service_count; i++)
		pcmta_judge(look, &look->services[i], sources, &told);
	if (told.left.count)
		look_notice(look, "service-left",
			    _("Left by a deleted service, with neither a Type nor an ImagePath: %s. "
			      "It does not count as a PC MTA and stays as it is."),
			    told.left.text);
	if (told.suggested.count)
		look_notice(look, "pcmta-suggested",
			    _("No certain sign shows whether this is a PC MTA: %s. "
			      "Compare with the Connector MTAs tab of the MS Mail Connector."),
			    told.suggested.text);
	if (told.struck.count)
		look_notice(look, "pcmta-struck",
			    _("Excluded as the operator asked, although it looks like a PC MTA: %s. Its values are neither "
			      "checked nor changed."),
			    told.struck.text);
}

static bool pcmta_known(const struct survey *survey, const char *name)
{
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (text_equal(survey->pcmtas[i].name, name))
			return true;
	return false;
}

/* ---- the operator's words ---- */

/* A name that no service has: a typing error would otherwise look like a server without values. Meant may be a PC MTA, or what begins alike. */
static void name_unknown(struct look *look, const char *name, const char *format)
{
	const char *sentence = look_print(look, format, look_shown(look, name));
	struct look_names near = { 0 };

	for (size_t i = 0; i < look->service_count; i++) {
		const char *other = look->services[i].name;
		bool like = text_equal_n(name, other, 3) || pcmta_known(look->survey, other);

		if (like && !look->services[i].leftover && !article_lists(article_reserved_names, other))
			look_name(look, &near, look_shown(look, other));
	}
	if (near.text)
		look_fail(look, TROUBLE_USAGE, _("%s Perhaps meant: %s."), sentence, near.text);
	else
		look_fail(look, TROUBLE_USAGE, "%s", sentence);
}

static void pcmtas_added(struct look *look)
{
	for (const char *const *name = look->options->pcmta_add; name && *name; name++) {
		const struct look_service *service = look_service_find(look, *name);
		bool there = service && !service->leftover;

		if (!there && look->options->pcmta_recorded)
			continue;
		if (!there || article_lists(article_reserved_names, *name))
			name_unknown(look, *name, _("%s was named as a PC MTA, but there is no such service."));
		else if (!pcmta_known(look->survey, service->name))
			pcmta_add(look, service->name, _("the operator named it"), true);
	}
}

static void pcmtas_struck(struct look *look)
{
	struct survey *survey = look->survey;

	for (const char *const *name = look->options->pcmta_strike; name && *name; name++) {
		const struct look_service *service = look_service_find(look, *name);
		char **struck = service ? memory_more(survey, &survey->struck, survey->struck_count, sizeof *struck) : NULL;

		if (struck)
			survey->struck[survey->struck_count++] = look_text(look, "%s", service->name);
		else if (service)
			look_starved(look);
		else if (!look->options->pcmta_recorded)
			name_unknown(look, *name, _("%s was excluded from the PC MTAs, but there is no such service."));
	}
}

/* ---- the entries ---- */

static void entry_add(struct look *look, const struct article_entry *entry, const char *name)
{
	struct look_entry *row = &look->entries[look->entry_count++];
	const char *hole = strstr(entry->key, "%s");

	row->entry = entry;
	row->below = hole ? look_print(look, "%.*s%s%s", (int)(hole - entry->key), entry->key, name, hole + 2) : entry->key;
	row->key = look_key(look, look_path(look, look->services_key, row->below));
	row->value = look_value(row->key, entry->value);
}

static void entries_expand(struct look *look)
{
	const struct survey *survey = look->survey;
	size_t count;
	const struct article_entry *table = article_entries(&count);

	look->entries = memory_array_zero(look->tmp, sizeof *look->entries, count * (survey->pcmta_count + 1));
	if (!look->entries)
		look_starved(look);
	for (size_t i = 0; look->ret == 0 && i < count; i++) {
		bool each = table[i].flags & ARTICLE_EACH_PCMTA;

		if ((table[i].flags & ARTICLE_ATMTA) && !look_service_find(look, ARTICLE_SERVICE_ATMTA))
			continue;
		for (size_t k = 0; k < (each ? survey->pcmta_count : 1); k++)
			entry_add(look, &table[i], each ? survey->pcmtas[k].name : "");
	}
}

void look_pcmtas(struct look *look)
{
	services_read(look);
	pcmtas_found(look);
	pcmtas_added(look);
	pcmtas_struck(look);
	if (look->survey->pcmta_count == 0)
		look_notice(look, "no-pcmta",
			    _("No PC MTA was found among the services. "
			      "Compare with the Connector MTAs tab of the MS Mail Connector, and name what is missing."));
	entries_expand(look);
}
