/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services as they are set up: account and start. Shown, never changed. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define SERVER_SERVICE "LanmanServer"

/* SERVICE_WIN32_OWN_PROCESS and SERVICE_WIN32_SHARE_PROCESS of winnt.h; the other types are
 * drivers. */
enum { START_DISABLED = 4, START_UNKNOWN = 99, TYPE_PROGRAM = 0x30 };

static const char *const states[] = {
	[SERVICE_STOPPED] = N_("stopped"),
	[SERVICE_STARTING] = N_("starting"),
	[SERVICE_STOPPING] = N_("stopping"),
	[SERVICE_RUNNING] = N_("running"),
};

static uint32_t start_of(const struct scan_service *service)
{
	return scan_number(service->key, "Start", START_UNKNOWN);
}

/* Without an ObjectName a service runs as LocalSystem. */
static bool is_local_system(const char *account)
{
	return !account || *account == '\0' || text_equal(account, "LocalSystem") ||
		text_equal(account, ".\\LocalSystem");
}

/* What keeps a service from working as it is set up, and what a person does about it; a sentence
 * may name the one it depends on. */
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

/* What a service waits for, and what that waits for, each looked at once: the first that is not
 * there, or is disabled (errors 1075, 1068: Q186550). */
static enum hindrance depends_on(struct scan *scan, const struct scan_service *first,
	const char **name)
{
	const struct scan_service **todo =
		memory_array_zero(scan->tmp, sizeof *todo, scan->service_count);
	bool *seen = memory_array_zero(scan->tmp, sizeof *seen, scan->service_count);
	size_t count = 0;

	if (!todo || !seen) {
		scan_starved(scan);
		return NONE;
	}
	todo[count++] = first;
	seen[first - scan->services] = true;
	for (size_t i = 0; i < count; i++) {
		const struct reg_value *value = scan_value(todo[i]->key, "DependOnService");
		size_t names = 0;
		char **all = value ? regdata_strings(scan->tmp, &value->data, &names) : NULL;

		for (size_t k = 0; all && k < names; k++) {
			const struct scan_service *next = scan_service_find(scan, all[k]);

			*name = all[k];
			if (*all[k] && (!next || next->leftover))
				return DEPENDS_NOTHING;
			if (!next || seen[next - scan->services])
				continue;
			if (start_of(next) == START_DISABLED)
				return DEPENDS_DISABLED;
			seen[next - scan->services] = true;
			todo[count++] = next;
		}
	}
	*name = NULL;
	return NONE;
}

/* Automatic and manual are the ways a service starts; 0 and 1 are a driver's, 4 is disabled
 * (Q176566). */
static enum hindrance hindrance_of(struct scan *scan, const struct scan_service *service,
	const char **name)
{
	bool own = !text_equal(service->name, ARTICLE_SERVICE_ATMTA) &&
		!text_equal(service->name, SERVER_SERVICE);
	uint32_t start = start_of(service);

	if (!(scan_number(service->key, "Type", 0) & TYPE_PROGRAM))
		return UNTYPED;
	if (start != 2 && start != 3)
		return NO_START;
	if (own && is_local_system(scan_value_string(scan, service->key, "ObjectName")))
		return LOCAL_SYSTEM;
	return depends_on(scan, service, name);
}

static struct finding *service_finding(struct scan *scan, const char *name)
{
	struct finding *row = scan_finding(scan, KIND_SERVICE, 5, "service/", name);

	row->why = _(
		"Mail flows only while this service runs, under an account with access to the postoffice.");
	return row;
}

/* quiet: only where something is wrong with it. */
static void service_row(struct scan *scan, const char *name, const struct service_list *list,
	bool quiet)
{
	const struct scan_service *service = scan_service_find(scan, name);
	const char *state = NULL, *waits_for = NULL, *account;
	enum hindrance wrong = service ? hindrance_of(scan, service, &waits_for) : NONE;
	struct finding *row;

	if (!service || (quiet && !wrong))
		return;
	row = service_finding(scan, service->name);
	row->state = wrong ? FINDING_WRONG : FINDING_RIGHT;
	account = scan_value_string(scan, service->key, "ObjectName");
	if (wrong) {
		row->text = scan_text(scan, _(hindrances[wrong].text), scan_shown(scan, waits_for));
		scan_todo(row, MOVE_PERSON, _(hindrances[wrong].todo));
	} else {
		status_say(scan, row, _("It %s, and runs as %s."),
			start_of(service) == 2 ? _("starts by itself") : _("is started by hand"),
			scan_shown(scan, account ? account : "LocalSystem"));
	}
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->services[i].name, service->name))
			state = states[list->services[i].state];
	if (state)
		status_say(scan, row, _("Now: %s."), _(state));
}

static void service_absent(struct scan *scan, const char *name)
{
	struct finding *row = service_finding(scan, name);

	row->state = FINDING_ABSENT;
	status_say(scan, row,
		_("There is no such service. Is the MS Mail Connector installed on this server?"));
	scan_todo(row, MOVE_PERSON, _(hindrances[UNTYPED].todo));
}

void scan_service_rows(struct scan *scan)
{
	struct service_list list = { 0 };

	if (scan->server->caps & SERVER_SERVICES)
		scan->ret =
			scan->server->ops->service_list(scan->server, scan->tmp, &list, scan->err);
	if (scan->ret != 0)
		return;
	if (!scan_service_find(scan, ARTICLE_SERVICE))
		service_absent(scan, ARTICLE_SERVICE);
	service_row(scan, ARTICLE_SERVICE, &list, false);
	/* A PC MTA that the operator named may have none. */
	for (size_t i = 0; i < scan->survey->pcmta_count; i++)
		service_row(scan, scan->survey->pcmtas[i].name, &list, false);
	service_row(scan, ARTICLE_SERVICE_ATMTA, &list, false);
	/* Every server has it; it is a row where nobody could reach the share. */
	service_row(scan, SERVER_SERVICE, &list, true);
}

char *survey_services_said(TALLOC_CTX *mem, const struct survey *survey)
{
	char *all = talloc_strdup(mem, "");

	for (size_t i = 0; all && i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_SERVICE && row->state != FINDING_RIGHT)
			all = talloc_asprintf_append(all, "%s: %s %s\n",
				text_shown(all, row->subject), row->text, row->todo);
	}
	return all;
}
