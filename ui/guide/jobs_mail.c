/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long calls of step 5. */
#include "base/text.h"
#include "ui/guide/state.h"

/* Its name behind those that run, or those that do not. */
static void service_told(struct guide *guide, const struct service_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct service *service = &list->services[i];
		bool down = service->state == SERVICE_STOPPED || service->state == SERVICE_STOPPING;
		char **names = down ? &guide->stopped : &guide->running;

		if (text_equal(service->name, name))
			*names = talloc_asprintf(guide, "%s%s%s", *names ? *names : "",
				*names ? ", " : "", page_shown(guide->page, service->name));
	}
}

/* Which of the connector's services run. */
int job_services(struct guide *guide)
{
	struct service_list list = { NULL, 0 };
	int ret;

	TALLOC_FREE(guide->running);
	TALLOC_FREE(guide->stopped);
	if (!(guide->server->caps & SERVER_SERVICES))
		return 0;
	ret = guide->server->ops->service_list(guide->server, guide->page, &list, &guide->error);
	if (ret != 0)
		return ret;
	service_told(guide, &list, "MSExchangeMSMI");
	for (size_t i = 0; i < guide->survey->pcmta_count; i++)
		service_told(guide, &list, guide->survey->pcmtas[i].name);
	return 0;
}

/* Asking for them lets the server's own connector run. */
static int boxes_ask(struct guide *guide)
{
	int ret;

	TALLOC_FREE(guide->mail_mem);
	guide->boxes = (struct mail_boxes){ 0 };
	guide->letters = (struct mail_letters){ 0 };
	guide->box = NULL;
	if (!(guide->server->caps & SERVER_MAIL))
		return 0;
	guide->mail_mem = talloc_new(guide);
	ret = guide->server->ops->mail_boxes(guide->server, guide->mail_mem, &guide->boxes,
		&guide->error);
	/* One without them can be looked at all the same. */
	return ret == -TROUBLE_CANNOT ? 0 : ret;
}

int job_mail_first(struct guide *guide)
{
	int ret;

	if (!guide->server || !guide->survey)
		return 0;
	ret = engine_mail_before(guide->engine, guide->survey, &guide->error);
	if (ret == 0)
		ret = boxes_ask(guide);
	return ret != 0 ? ret
			: engine_mail_look(guide->engine, guide->survey, guide->evidence,
				  &guide->watch, &guide->error);
}

int job_mail(struct guide *guide)
{
	int ret = engine_evidence(guide->engine, &guide->evidence, &guide->error);

	if (ret == 0)
		ret = job_services(guide);
	return ret != 0 ? ret : job_mail_first(guide);
}

int job_mail_look(struct guide *guide)
{
	int ret = engine_mail_look(guide->engine, guide->survey, guide->evidence, &guide->watch,
		&guide->error);

	return ret != 0 ? ret : job_services(guide);
}

int job_mail_read(struct guide *guide)
{
	return guide->server->ops->mail_read(guide->server, guide->mail_mem, guide->box,
		&guide->letters, &guide->error);
}
