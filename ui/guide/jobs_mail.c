/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The long calls of step 5. */
#include "ui/guide/state.h"

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
