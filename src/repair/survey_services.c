/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services as they are set up: account and start. Shown, never changed. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define SERVER_SERVICE "LanmanServer"

/* SERVICE_WIN32_OWN_PROCESS and SERVICE_WIN32_SHARE_PROCESS of winnt.h; the other types are drivers. */
enum { START_DISABLED = 4, START_UNKNOWN = 99, TYPE_PROGRAM = 0x30 };

/* One service that step 5 depends on. */
struct service_fact {
	const char *name;
	const char *account;               /* NULL: not told */
	uint32_t start;
	bool typed;                        /* its key says that it is a program */
	enum service_state state;
};

static const char *state_text(enum service_state state)
{
	switch (state) {
	case SERVICE_STOPPED:
		return _("stopped");
	case SERVICE_STARTING:
		return _("starting");
	case SERVICE_STOPPING:
		return _("stopping");
	case SERVICE_RUNNING:
		return _("running");
	default:
		return NULL;
	}
}

static uint32_t start_of(const struct look_service *service)
{
	const struct reg_value *value = look_value(service->key, "Start");
	uint32_t start;

	return value && regdata_dword(&value->data, &start) ? start : START_UNKNOWN;
}

static void fact_of_registry(struct look *look, const struct look_service *service, struct service_fact *fact)
{
	const struct reg_value *value = look_value(service->key, "ObjectName");
	uint32_t type;

	fact->account = value ? look_string(look, &value->data) : NULL;
	value = look_value(service->key, "Type");
	fact->typed = value && regdata_dword(&value->data, &type) && type & TYPE_PROGRAM;
	fact->start = start_of(service);
}

static void fact_of_list(const struct service_list *list, struct service_fact *fact)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->services[i].name, fact->name))
			fact->state = list->services[i].state;
}

/* Without an ObjectName a service runs as LocalSystem. */
static bool is_local_system(const char *account)
{
	return !account || *account == '\0' || text_equal(account, "LocalSystem") ||
	       text_equal(account, ".\\LocalSystem");
}

/* What keeps a service from working as it is set up, and what a person does about it; a sentence may name the one it depends on. */
enum hindrance { NONE, UNTYPED, NO_START, DEPENDS_NOTHING, DEPENDS_DISABLED, LOCAL_SYSTEM };

static const struct {
	const char *text, *todo;
} hindrances[] = {
	[UNTYPED] = { N_("Its key does not have the Type of a program, so Windows cannot start it as a service."),
		      N_("Create it again: a PC MTA on the Connector MTAs tab of the MS Mail Connector, any other by running setup.") },
	[NO_START] = { N_("It is disabled, or has no valid start type, so it cannot start."),
		       N_("Set it to automatic or manual in Control Panel, Services.") },
	[DEPENDS_NOTHING] = { N_("It depends on %s, which is not a service here, so it cannot start."),
			      N_("Restore that service, or remove its name from DependOnService.") },
	[DEPENDS_DISABLED] = { N_("It depends on %s, which is disabled, so it cannot start."),
			       N_("Set that service to automatic or manual in Control Panel, Services.") },
	[LOCAL_SYSTEM] = { N_("It runs as LocalSystem. The connector must run under Exchange's service account: "
			      "as LocalSystem it seems to work, but moves no mail."),
			   N_("Give it Exchange's service account in Control Panel, Services.") },
};

/* What a service waits for, and what that waits for, each looked at once: the first that is not there, or is disabled (errors 1075, 1068: Q186550). */
static int depends_on(struct look *look, const struct look_service *first, enum hindrance *found, const char **name)
{
	const struct look_service **todo = memory_array_zero(look->tmp, sizeof *todo, look->service_count + 1);
	bool *seen = memory_array_zero(look->tmp, sizeof *seen, look->service_count + 1);
	size_t count = 0;

	if (!todo || !seen)
		return error_memory(look->err);
	todo[count++] = first;
	seen[first - look->services] = true;
	for (size_t i = 0; i < count && !*found; i++) {
		const struct reg_value *value = look_value(todo[i]->key, "DependOnService");
		size_t names = 0;
		char **all = value ? regdata_strings(look->tmp, &value->data, &names) : NULL;

		for (size_t k = 0; all && k < names && !*found; k++) {
			const struct look_service *next = look_service_find(look, all[k]);

			*name = all[k];
			*found = !*all[k] ? NONE : !next || next->leftover ? DEPENDS_NOTHING : start_of(next) == START_DISABLED ? DEPENDS_DISABLED : NONE;
			if (!next || seen[next - look->services])
				continue;
			seen[next - look->services] = true;
			todo[count++] = next;
		}
	}
	return 0;
}

/* Automatic and manual are the ways a service starts; 0 and 1 are a driver's, 4 is disabled (Q176566). */
static int hindrance_of(struct look *look, const struct look_service *service, const struct service_fact *fact, enum hindrance *found,
			const char **name)
{
	bool own = !text_equal(fact->name, ARTICLE_SERVICE_ATMTA) && !text_equal(fact->name, SERVER_SERVICE);

	*found = !fact->typed ? UNTYPED : fact->start != 2 && fact->start != 3 ? NO_START : own && is_local_system(fact->account) ? LOCAL_SYSTEM : NONE;
	return *found ? 0 : depends_on(look, service, found, name);
}

static int service_why(struct look *look, struct finding *row)
{
	row->why = talloc_strdup(look->survey, _("Mail flows only while this service runs, under an account with access to the postoffice."));
	return row->text && row->why ? 0 : error_memory(look->err);
}

static int service_wrong(struct look *look, struct finding *row, enum hindrance wrong, const char *name)
{
	row->state = FINDING_WRONG;
	row->move = MOVE_PERSON;
	row->text = name ? talloc_asprintf(look->survey, _(hindrances[wrong].text), look_shown(look, name)) :
			   talloc_strdup(look->survey, _(hindrances[wrong].text));
	row->todo = talloc_strdup(look->survey, _(hindrances[wrong].todo));
	return row->todo ? 0 : error_memory(look->err);
}

static int service_row(struct look *look, const struct look_service *service, const struct service_list *list, bool quiet)
{
	struct service_fact fact = { .name = service->name };
	enum hindrance wrong;
	const char *state, *name = NULL;
	struct finding *row;
	int ret;

	fact_of_registry(look, service, &fact);
	fact_of_list(list, &fact);
	ret = hindrance_of(look, service, &fact, &wrong, &name);
	if (ret != 0 || (quiet && !wrong))
		return ret;
	row = look_finding(look, KIND_SERVICE, 5, "service/", service->name);
	if (!row)
		return error_memory(look->err);
	row->state = FINDING_RIGHT;
	if (wrong)
		ret = service_wrong(look, row, wrong, name);
	else
		row->text = talloc_asprintf(look->survey, _("It %s, and runs as %s."), fact.start == 2 ? _("starts by itself") : _("is started by hand"),
					    look_shown(look, fact.account ? fact.account : "LocalSystem"));
	state = state_text(fact.state);
	if (row->text && state)
		row->text = talloc_asprintf_append(row->text, _(" Now: %s."), state);
	return ret == 0 ? service_why(look, row) : ret;
}

static int service_absent(struct look *look, const char *name)
{
	struct finding *row = look_finding(look, KIND_SERVICE, 5, "service/", name);

	if (!row)
		return error_memory(look->err);
	row->state = FINDING_ABSENT;
	row->move = MOVE_PERSON;
	row->text = talloc_strdup(look->survey, _("There is no such service. Is the MS Mail Connector installed on this server?"));
	row->todo = talloc_strdup(look->survey, _(hindrances[UNTYPED].todo));
	return row->todo ? service_why(look, row) : error_memory(look->err);
}

/* By name; a PC MTA that the operator named may have none. */
static int service_named(struct look *look, const char *name, const struct service_list *list, bool quiet)
{
	const struct look_service *service = look_service_find(look, name);

	return service ? service_row(look, service, list, quiet) : 0;
}

int look_service_rows(struct look *look)
{
	struct service_list list = { 0 };
	int ret = 0;

	if (look->server->caps & SERVER_SERVICES)
		ret = look->server->ops->service_list(look->server, look->tmp, &list, look->err);
	if (ret == 0)
		ret = look_service_find(look, ARTICLE_SERVICE) ? service_named(look, ARTICLE_SERVICE, &list, false) : service_absent(look, ARTICLE_SERVICE);
	for (size_t i = 0; ret == 0 && i < look->survey->pcmta_count; i++)
		ret = service_named(look, look->survey->pcmtas[i].name, &list, false);
	if (ret == 0)
		ret = service_named(look, ARTICLE_SERVICE_ATMTA, &list, false);
	/* Every server has it; it is a row where nobody could reach the share. */
	return ret == 0 ? service_named(look, SERVER_SERVICE, &list, true) : ret;
}

char *survey_services_said(TALLOC_CTX *mem, const struct survey *survey)
{
	char *all = talloc_strdup(mem, "");

	for (size_t i = 0; all && i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_SERVICE && row->state != FINDING_RIGHT)
			all = talloc_asprintf_append(all, "%s: %s %s\n", text_shown(all, row->subject), row->text, row->todo);
	}
	return all;
}
