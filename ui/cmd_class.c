/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to play, and how it went. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "training/classroom.h"
#include "ui/commands.h"
#include "ui/reach.h"
#include "ui/say.h"

/* What was played here, by all seats; nothing is made for it. */
struct played {
	char *seat;
	struct result *results;
	size_t count;
};

static int played_read(struct call *call, struct played *played)
{
	size_t odd;
	char *runs;
	int ret = seat_name(call, call->options->seat, &played->seat, &call->err);

	if (ret == 0)
		ret = reach_runs(call, call->options, &runs, &call->err);
	if (ret != 0)
		return ret;
	ret = results_read(call, training_results(call, training_place_name(call, runs)),
		&played->results, &played->count, &odd, &call->err);
	return ret == -TROUBLE_NOT_THERE ? 0 : ret;
}

/* Best points in front of the title, where there are any. */
int class_list(struct call *call)
{
	struct played played = { 0 };
	size_t count;
	const struct case_name *names = cases(&count);

	/* The list is of use where nobody ever played, and where nothing can be kept. */
	if (played_read(call, &played) != 0 && (call->options->seat || call->options->runs))
		return -(int)call->err.trouble;
	for (size_t i = 0; i < count; i++) {
		int best = played.seat
			? progress_best(played.results, played.count, played.seat, names[i].name)
			: -1;

		printf("%-19s  %d  ", names[i].name, names[i].level);
		if (best >= 0)
			printf("%4d  ", best);
		else if (played.count)
			printf("%4s  ", "");
		printf("%s\n", _(names[i].title));
	}
	return 0;
}

/* Prints a table of results, as text or CSV. */
static int table_put(struct call *call, char *table, const char *path)
{
	int sys = table ? output_write(path, table) : ENOMEM;

	return sys == 0 ? 0
			: error_system(&call->err, output_trouble(sys), sys,
				  _("The results cannot be written to %s"),
				  say_shown(call, path ? path : "-"));
}

int class_progress(struct call *call)
{
	struct played played = { 0 };
	size_t own = 0;
	int ret = played_read(call, &played);

	if (ret != 0)
		return ret;
	for (size_t i = 0; i < played.count; i++)
		if (strcmp(played.results[i].seat, played.seat) == 0)
			played.results[own++] = played.results[i];
	if (own > 0)
		return table_put(call, results_table(call, played.results, own), NULL);
	printf(_("%s has not ended a case yet.\n"), played.seat);
	return 0;
}

int class_clear(struct call *call)
{
	char *runs, *seat;
	size_t removed;
	int ret = seat_name(call, call->options->seat, &seat, &call->err);

	if (ret == 0 && !call->options->yes)
		ret = error_set(&call->err, TROUBLE_USAGE,
			_("This deletes every result and every lesson of %s. Confirm with --yes."),
			seat);
	if (ret == 0)
		ret = reach_runs(call, call->options, &runs, &call->err);
	if (ret == 0)
		ret = progress_clear(training_place_name(call, runs), seat, &removed, &call->err);
	if (ret == 0)
		printf(_("Deleted: %zu results and lessons of %s.\n"), removed, seat);
	return ret;
}

/* A class. */
int class_results(struct call *call)
{
	const struct options *options = call->options;
	struct result *results;
	size_t count, odd;
	int ret = results_read(call, options->results, &results, &count, &odd, &call->err);

	if (ret == 0 && count == 0)
		ret = error_set(&call->err, TROUBLE_NOT_THERE, _("There are no results in %s."),
			say_shown(call, options->results));
	if (ret == 0)
		ret = table_put(call,
			options->csv ? results_csv(call, results, count)
				     : results_table(call, results, count),
			options->output);
	/* Beside the table, not in it. */
	if (ret == 0 && odd)
		fprintf(stderr, _("Skipped %zu files that are not results of lessons.\n"), odd);
	return ret;
}
