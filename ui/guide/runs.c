/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Earlier runs of the server that was reached: an unfinished one comes before anything else. */
#include "base/i18n.h"
#include "base/text.h"
#include "ui/guide/state.h"
#include "ui/reach.h"

static int run_take_from(struct guide *guide, const char *runs, const char *name)
{
	struct runfolder *run;
	struct run_status *status;
	int ret = runfolder_open(guide, runs, name, false, &run, &guide->error);

	if (ret != 0)
		return ret;
	ret = run_stage_of(guide->server, run, &guide->stage, &guide->error);
	if (ret == 0)
		ret = run_status(guide, guide->server, run, &status, &guide->error);
	if (ret == 0) {
		run_forget(guide);
		guide->status = status;
		guide->resume = talloc_strdup(guide, runfolder_name(run));
		/* Who was the last is proposed as the next. */
		(void)run_record_read(guide, runs, guide->resume, &guide->record, NULL);
	}
	talloc_free(run);
	return ret;
}

int run_take(struct guide *guide, const char *name)
{
	char *runs;
	int ret = reach_runs(guide->page, &guide->options, &runs, &guide->error);

	return ret != 0 ? ret : run_take_from(guide, runs, name);
}

char *run_title(const struct guide *guide, struct page *page)
{
	static const char *const titles[] = {
		[RUN_UNBEGUN] = N_("Run %s was not begun as a whole"),
		[RUN_DECIDING] = N_("Run %s is not finished"),
		[RUN_CARRYING] = N_("Run %s is not finished"),
		[RUN_AFTER] = N_("Run %s: steps 5 and 6 are open"),
		[RUN_UNDOING] = N_("Run %s was being put back"),
		[RUN_UNDONE] = N_("Run %s was put back"),
	};
	bool ended = guide->stage == RUN_AFTER && guide->status && guide->status->ended;

	return page_text(page, ended ? _("Run %s is finished") : _(titles[guide->stage]),
		page_shown(page, guide->resume));
}

static bool is_open(const struct run_summary *run)
{
	return run->state == STATE_PAUSED || run->state == STATE_CUT_OFF;
}

/* Whether it stopped services and did not start them again, as its record says. */
static bool left_services(const struct guide *guide, const char *runs, const char *name)
{
	struct run_record *record;

	return run_record_read(guide->page, runs, name, &record, NULL) == 0 && record->services;
}

/* By what its list says: the rest is told by its journal and the server. */
static bool may_be_ours(const struct guide *guide, const struct run_summary *run)
{
	return text_equal(run->server, page_shown(guide->page, guide->server->id.name)) &&
		run->simulated == ((guide->server->caps & SERVER_SIMULATED) != 0);
}

/* The newest that is unfinished or left services down; a record that cannot be read or is another
 * server's is no reason to stop here. */
static int runs_search(struct guide *guide)
{
	struct run_summary *list;
	size_t count;
	char *runs;

	/* Without a place there are no runs; it is asked about when one begins. */
	if (reach_runs(guide->page, &guide->options, &runs, &guide->error) != 0)
		return 0;
	if (runs_list(guide->page, runs, &list, &count, &guide->error) != 0)
		return -(int)guide->error.trouble;
	for (size_t i = 0; i < count; i++) {
		const bool open = is_open(&list[i]);

		if (!may_be_ours(guide, &list[i]) ||
			(!open && !left_services(guide, runs, list[i].name)) ||
			run_take_from(guide, runs, list[i].name) != 0)
			continue;
		if (guide->stage != RUN_UNBEGUN && (open || guide->status->services))
			return 0;
	}
	run_forget(guide);
	return 0;
}

int runs_find(struct guide *guide)
{
	const char *wanted = guide->resume_wanted;
	int ret;

	guide->resume_wanted = NULL;
	run_forget(guide);
	if (wanted && guide_temporary(guide))
		return error_set(&guide->error, TROUBLE_USAGE,
			_("A practice server made for one call goes with it, and so its runs cannot be resumed. "
			  "Name the folder of one: --practice=FOLDER/"));
	if (guide_temporary(guide))
		return 0;
	if (wanted && *wanted != '\0')
		return run_take(guide, wanted);
	ret = runs_search(guide);
	if (ret == 0 && wanted && !guide->resume)
		return error_set(&guide->error, TROUBLE_NOT_THERE,
			_("There is no unfinished run of this server."));
	return ret;
}
