/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services, which of them are PC MTAs (doc/domain.md 3), and the article's entries for them. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* A server has a handful; each costs several rows. */
enum { PCMTA_LIMIT = 1000, TYPE_WIN32 = 0x30 };

static void services_read(struct scan *scan)
{
	struct reg_key *services = scan_key(scan, scan->services_key);

	if (!services)
		scan_fail(scan, TROUBLE_HIVE_NO_SERVICES, _("%s has no services."),
			scan->survey->control_set);
	else if (services->subkey_count > SCAN_SERVICES_LIMIT)
		scan_fail(scan, TROUBLE_HIVE_BROKEN, _("The registry lists more than %d services."),
			SCAN_SERVICES_LIMIT);
	else if (!(scan->services = memory_array_zero(scan->tmp, sizeof *scan->services,
			   services->subkey_count)))
		scan_starved(scan);
	for (size_t i = 0; scan->ret == 0 && i < services->subkey_count; i++) {
		struct scan_service *service = &scan->services[scan->service_count++];

		service->name = services->subkeys[i];
		service->key = scan_key(scan, scan_path(scan, scan->services_key, service->name));
		service->image = scan_value_string(scan, service->key, "ImagePath");
		service->type = scan_number(service->key, "Type", 0);
		service->leftover =
			!scan_value(service->key, "Type") && !scan_value(service->key, "ImagePath");
	}
}

const struct scan_service *scan_service_find(const struct scan *scan, const char *name)
{
	for (size_t i = 0; i < scan->service_count; i++)
		if (scan->services[i].key && text_equal(scan->services[i].name, name))
			return &scan->services[i];
	return NULL;
}

/* ---- which are PC MTAs ---- */

/* What speaks for a service being a PC MTA: each of the first is enough, the last is worth a
 * question. */
struct signs {
	struct scan_names strong;
	const char *weak;
};

/* Whether a folder is an Msmcon: setup's name for it, else a postoffice lies in it. */
static bool folder_is_msmcon(struct scan *scan, const char *folder)
{
	char *real = scan_real(scan, folder);

	return text_equal(path_leaf(folder), "Msmcon") || (real && scan_is_msmcon(scan, real));
}

/* Whether a path leads into an Msmcon, as far as its names tell. */
static bool path_in_msmcon(struct scan *scan, const char *path)
{
	bool in = path_under(path, scan->survey->default_msmcon);

	for (size_t i = 0; !in && i < path_parts(path); i++)
		in = text_equal(scan_need(scan, path_part(scan->tmp, path, i)), "Msmcon");
	return in;
}

/* Sign (a): one of the MTA's programs, in the Bin folder of an Msmcon. */
static void sign_program(struct scan *scan, const struct scan_service *service, struct signs *signs)
{
	size_t count;
	struct path_span *spans =
		scan_spans(scan, service->image, PATH_COMMAND, scan->survey->id->nt_folder, &count);
	char *path = count ? scan_span_path(scan, service->image, &spans[0]) : NULL, *bin;
	bool known = path && article_lists(article_pcmta_executables, path_leaf(path));

	if (!path)
		return;
	bin = scan_parent(scan, path);
	if (known && text_equal(path_leaf(bin), "Bin") &&
		folder_is_msmcon(scan, scan_parent(scan, bin)))
		scan_name_add(scan, &signs->strong, _("it runs a PC MTA's program"));
	else if (known || path_in_msmcon(scan, path))
		signs->weak = scan_print(scan, _("it runs %s"), scan_shown(scan, path));
}

/* Sign (b): parameters that the Administrator program writes for every PC MTA (Q131962,
 * Q150811). */
static void sign_parameters(struct scan *scan, const struct scan_service *service,
	struct signs *signs)
{
	struct reg_key *key;
	bool has = false;

	if (!scan_has_subkey(service->key, "Parameters"))
		return;
	key = scan_key(scan,
		scan_print(scan, "%s\\%s\\Parameters", scan->services_key, service->name));
	for (const char *const *name = article_pcmta_parameters; *name; name++)
		has = has || scan_value(key, *name);
	if (has)
		scan_name_add(scan, &signs->strong, _("it has a PC MTA's parameters"));
}

/* Sign (c): its events are explained by the MTA's message file. */
static void sign_messages(struct scan *scan, const struct scan_service *service,
	const struct reg_key *sources, struct signs *signs)
{
	const char *text, *full, *own = ARTICLE_PCMTA_MESSAGES;
	char *source = scan_print(scan, "%s\\EventLog\\Application\\%s", scan->services_key,
		service->name);

	if (!scan_has_subkey(sources, service->name))
		return;
	text = scan_value_string(scan, scan_key(scan, source), "EventMessageFile");
	if (text && strlen(text) >= strlen(own) &&
		text_equal(text + strlen(text) - strlen(own), own))
		scan_name_add(scan, &signs->strong,
			_("its events come from a PC MTA's message file"));
	full = text ? path_settle(scan->tmp, text) : NULL;
	if (full && path_in_msmcon(scan, full))
		signs->weak =
			scan_print(scan, _("its events come from %s"), scan_shown(scan, full));
}

static const char *service_text(struct scan *scan, const struct scan_service *service,
	const char *name)
{
	char *text = scan_value_string(scan, service->key, name);

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
static void sign_name(struct scan *scan, const struct scan_service *service, struct signs *signs)
{
	const struct scan_service *connector = scan_service_find(scan, ARTICLE_SERVICE);
	const char *account = connector ? service_text(scan, connector, "ObjectName") : "";
	const char *display = service_text(scan, service, "DisplayName");

	if ((says_mta(service->name) || says_mta(display)) && *account &&
		!text_equal(account, "LocalSystem") &&
		text_equal(account, service_text(scan, service, "ObjectName")))
		signs->weak =
			scan_print(scan, _("it is called %s, and runs as %s like the connector"),
				scan_shown(scan, *display ? display : service->name),
				scan_shown(scan, account));
}

static void pcmta_add(struct scan *scan, const char *name, const char *signs, bool by_operator)
{
	struct survey *survey = scan->survey;
	struct pcmta *pcmta =
		memory_more(survey, &survey->pcmtas, survey->pcmta_count, sizeof *pcmta);

	if (survey->pcmta_count == PCMTA_LIMIT)
		scan_fail(scan, TROUBLE_HIVE_BROKEN, _("More than %d services look like PC MTAs."),
			PCMTA_LIMIT);
	if (!pcmta)
		scan_starved(scan);
	if (scan->ret != 0)
		return;
	survey->pcmta_count++;
	*pcmta = (struct pcmta){ .name = scan_text(scan, "%s", name),
		.signs = scan_text(scan, "%s", signs),
		.by_operator = by_operator };
}

/* Services that are named in notices. */
struct told {
	struct scan_names left, suggested, struck;
};

static bool is_win32(const struct scan_service *service)
{
	return service->type == 0 || (service->type & TYPE_WIN32);
}

static void pcmta_judge(struct scan *scan, const struct scan_service *service,
	const struct reg_key *sources, struct told *told)
{
	struct signs signs = { 0 };
	const char *name = scan_shown(scan, service->name);

	/* Exchange's own names are never an administrator's. */
	if (!service->key || article_lists(article_reserved_names, service->name) ||
		!is_win32(service))
		return;
	sign_program(scan, service, &signs);
	sign_parameters(scan, service, &signs);
	sign_messages(scan, service, sources, &signs);
	if (article_lists(scan->options->pcmta_exclude, service->name)) {
		if (signs.strong.text)
			scan_name_add(scan, &told->struck, name);
	} else if (signs.strong.text && service->leftover) {
		scan_name_add(scan, &told->left, name);
	} else if (signs.strong.text) {
		pcmta_add(scan, service->name, signs.strong.text, false);
	} else {
		if (!signs.weak)
			sign_name(scan, service, &signs);
		/* Where no sign is certain a person is asked, with the option to give. Exchange's
		 * own services are none. */
		if (signs.weak && !service->leftover &&
			!text_equal_n(service->name, "MSExchange", 10) &&
			!article_lists(scan->options->pcmta_add, service->name))
			scan_name_add(scan, &told->suggested,
				scan_print(scan, _("%s (%s; option: --pcmta \"%s\")"), name,
					signs.weak, name));
	}
}

static void pcmtas_found(struct scan *scan)
{
	const struct reg_key *sources =
		scan_key(scan, scan_path(scan, scan->services_key, "EventLog\\Application"));
	struct told told = { 0 };

	for (size_t i = 0; scan->ret == 0 && i < scan->service_count; i++)
		pcmta_judge(scan, &scan->services[i], sources, &told);
	if (told.left.count)
		scan_notice(scan, "service-left",
			_("Left by a deleted service, with neither a Type nor an ImagePath: %s. "
			  "It does not count as a PC MTA and stays as it is."),
			told.left.text);
	if (told.suggested.count)
		scan_notice(scan, "pcmta-suggested",
			_("No certain sign shows whether this is a PC MTA: %s. "
			  "Compare with the Connector MTAs tab of the MS Mail Connector."),
			told.suggested.text);
	if (told.struck.count)
		scan_notice(scan, "pcmta-struck",
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

/* A name that no service has: a typing error would otherwise look like a server without values.
 * Meant may be a PC MTA, or what begins alike. */
static void name_unknown(struct scan *scan, const char *name, const char *format)
{
	struct scan_names near = { 0 };

	for (size_t i = 0; i < scan->service_count; i++) {
		const char *other = scan->services[i].name;
		bool like = text_equal_n(name, other, 3) || pcmta_known(scan->survey, other);

		if (like && !scan->services[i].leftover &&
			!article_lists(article_reserved_names, other))
			scan_name_add(scan, &near, scan_shown(scan, other));
	}
	if (near.text)
		scan_fail(scan, TROUBLE_USAGE, _("%s Perhaps meant: %s."),
			scan_print(scan, _(format), scan_shown(scan, name)), near.text);
	else
		scan_fail(scan, TROUBLE_USAGE, _(format), scan_shown(scan, name));
}

/* A person may name any service of an administrator's; Exchange's own are none, nor are drivers. */
static bool pcmta_may(const struct scan_service *service)
{
	return service && !service->leftover && is_win32(service) &&
		!text_equal_n(service->name, "MSExchange", 10) &&
		!article_lists(article_reserved_names, service->name);
}

static void pcmtas_added(struct scan *scan)
{
	for (const char *const *name = scan->options->pcmta_add; name && *name; name++) {
		const struct scan_service *service = scan_service_find(scan, *name);
		bool known = service && pcmta_known(scan->survey, service->name);

		if (known || (!pcmta_may(service) && scan->options->pcmta_recorded))
			continue;
		if (!pcmta_may(service))
			name_unknown(scan, *name,
				N_("%s was named as a PC MTA, but there is no such service."));
		else
			pcmta_add(scan, service->name, _("the operator named it"), true);
	}
}

static void pcmtas_struck(struct scan *scan)
{
	struct survey *survey = scan->survey;

	for (const char *const *name = scan->options->pcmta_exclude; name && *name; name++) {
		const struct scan_service *service = scan_service_find(scan, *name);
		char **struck = service
			? memory_more(survey, &survey->struck, survey->struck_count, sizeof *struck)
			: NULL;

		if (struck)
			survey->struck[survey->struck_count++] =
				scan_text(scan, "%s", service->name);
		else if (service)
			scan_starved(scan);
		else if (!scan->options->pcmta_recorded)
			name_unknown(scan, *name,
				N_("%s was excluded from the PC MTAs, but there is no such service."));
	}
}

/* ---- the entries ---- */

static void entry_add(struct scan *scan, const struct article_entry *entry, const char *name)
{
	struct scan_entry *row = &scan->entries[scan->entry_count++];

	row->entry = entry;
	row->below = scan_need(scan, article_key(scan->tmp, entry, name));
	row->key = scan_key(scan, scan_path(scan, scan->services_key, row->below));
	row->value = scan_value(row->key, entry->value);
}

static void entries_expand(struct scan *scan)
{
	const struct survey *survey = scan->survey;
	size_t count;
	const struct article_entry *table = article_entries(&count);

	scan->entries = memory_array_zero(scan->tmp, sizeof *scan->entries,
		count * (survey->pcmta_count + 1));
	if (!scan->entries)
		scan_starved(scan);
	for (size_t i = 0; scan->ret == 0 && i < count; i++) {
		bool each = table[i].flags & ARTICLE_EACH_PCMTA;

		if ((table[i].flags & ARTICLE_ATMTA) &&
			!scan_service_find(scan, ARTICLE_SERVICE_ATMTA))
			continue;
		for (size_t k = 0; k < (each ? survey->pcmta_count : 1); k++)
			entry_add(scan, &table[i], each ? survey->pcmtas[k].name : "");
	}
}

void scan_pcmtas(struct scan *scan)
{
	services_read(scan);
	pcmtas_found(scan);
	pcmtas_added(scan);
	pcmtas_struck(scan);
	if (scan->survey->pcmta_count == 0)
		scan_notice(scan, "no-pcmta",
			_("No PC MTA was found among the services. "
			  "Compare with the Connector MTAs tab of the MS Mail Connector, and name what is missing."));
	entries_expand(scan);
}
