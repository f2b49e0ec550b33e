/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Services as they are set up: account and start. Shown, never changed. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"

enum { START_DISABLED = 4, START_UNKNOWN = 99 };

/* One service that step 5 depends on. */
struct service_fact {
	const char *name;
	const char *account;               /* NULL: not told */
	uint32_t start;
	bool typed;                        /* its key says what kind of service it is */
	enum service_state state;
};

static const char *start_text(uint32_t start)
{
	switch (start) {
	case 2:
		return _("starts by itself");
	case 3:
		return _("is started by hand");
	case START_DISABLED:
		return _("is disabled");
	default:
		return _("has no usual way of starting");
	}
}

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

static void fact_of_registry(struct look *look, const struct look_service *service, struct service_fact *fact)
{
	const struct reg_value *value = look_value(service->key, "ObjectName");

	fact->account = value ? look_string(look, &value->data) : NULL;
	fact->typed = look_value(service->key, "Type") != NULL;
	value = look_value(service->key, "Start");
	if (!value || !regdata_dword(&value->data, &fact->start))
		fact->start = START_UNKNOWN;
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

static char *wrong_text(struct look *look, const struct service_fact *fact)
{
	if (!fact->typed)
		return talloc_strdup(look->survey, _("Its key has no Type, so to Windows it is no service."));
	if (fact->start == START_DISABLED)
		return talloc_strdup(look->survey, _("It is disabled, so it cannot start. Set it to manual or "
						     "automatic."));
	if (text_equal(fact->name, "MSExchangeATMTA") || !is_local_system(fact->account))
		return NULL;
	return talloc_strdup(look->survey, _("It runs as LocalSystem. The connector must run under Exchange's service "
					     "account: as LocalSystem it "
					     "seems to work and moves no mail."));
}

static int service_row(struct look *look, const struct look_service *service, const struct service_list *list)
{
	struct finding *row = look_finding(look, KIND_SERVICE, 5, "service/", service->name);
	struct service_fact fact = { .name = service->name };
	const char *state;

	if (!row)
		return error_memory(look->err);
	fact_of_registry(look, service, &fact);
	fact_of_list(list, &fact);
	row->text = wrong_text(look, &fact);
	row->state = row->text ? FINDING_WRONG : FINDING_RIGHT;
	if (!row->text)
		row->text = talloc_asprintf(look->survey, _("It %s, and runs as %s."), start_text(fact.start),
					    look_shown(look, fact.account ? fact.account : "LocalSystem"));
	state = state_text(fact.state);
	if (row->text && state)
		row->text = talloc_asprintf_append(row->text, _(" Now: %s."), state);
	row->why = talloc_strdup(look->survey, _("Mail flows only while this service runs, under an account that may "
						 "use the postoffice."));
	return row->text && row->why ? 0 : error_memory(look->err);
}

static int service_absent(struct look *look, const char *name)
{
	struct finding *row = look_finding(look, KIND_SERVICE, 5, "service/", name);

	if (!row)
		return error_memory(look->err);
	row->state = FINDING_ABSENT;
	row->text = talloc_strdup(look->survey, _("There is no such service. Is the MS Mail Connector installed on "
						  "this server?"));
	row->why = talloc_strdup(look->survey, _("Mail flows only while this service runs, under an account that may "
						 "use the postoffice."));
	return row->text && row->why ? 0 : error_memory(look->err);
}

int look_service_rows(struct look *look)
{
	const struct look_service *service = look_service_find(look, "MSExchangeMSMI");
	struct service_list list = { 0 };
	int ret = 0;

	if (look->server->caps & SERVER_SERVICES)
		ret = look->server->ops->service_list(look->server, look->tmp, &list, look->err);
	if (ret == 0)
		ret = service ? service_row(look, service, &list) : service_absent(look, "MSExchangeMSMI");
	for (size_t i = 0; ret == 0 && i < look->survey->pcmta_count; i++) {
		service = look_service_find(look, look->survey->pcmtas[i].name);
		if (service)
			ret = service_row(look, service, &list);
	}
	service = look_service_find(look, "MSExchangeATMTA");
	return ret == 0 && service ? service_row(look, service, &list) : ret;
}
