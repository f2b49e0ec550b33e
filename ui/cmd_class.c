/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cmd_class.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "training/classroom.h"
#include "ui/output.h"
#include "ui/reach.h"
#include "ui/say.h"

/* What was played here, by all seats; nothing is made for it. */
struct played {
	char *place, *seat;
	struct result *results;
	size_t count;
};

static int played_read(TALLOC_CTX *mem, const struct options *options, struct played *played, struct error *err)
{
	char *runs, *folder;
	size_t odd;
	int ret = seat_name(mem, options->seat, &played->seat, err);

	if (ret == 0)
		ret = reach_runs(mem, options, &runs, err);
	if (ret != 0)
		return ret;
	played->place = training_place_name(mem, runs);
	folder = played->place ? training_results(mem, played->place) : NULL;
	if (!folder)
		return error_memory(err);
	ret = results_read(mem, folder, &played->results, &played->count, &odd, err);
	return ret == -TROUBLE_NOT_THERE ? 0 : ret;
}

/* Best points in front of the title, where there are any. */
int class_list(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	struct played played = { 0 };
	size_t count;
	const struct case_name *names = cases(&count);

	/* The list is of use where nobody ever played, and where nothing can be kept. */
	if (played_read(mem, options, &played, err) != 0 && (options->seat || options->runs))
		return -(int)err->trouble;
	for (size_t i = 0; i < count; i++) {
		int best = played.seat ? progress_best(played.results, played.count, played.seat, names[i].name) : -1;

		printf("%-19s  %d  ", names[i].name, names[i].level);
		if (best >= 0)
			printf("%4d  ", best);
		else if (played.count)
			printf("%4s  ", "");
		printf("%s\n", names[i].title);
	}
	return 0;
}

int class_progress(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	struct played played = { 0 };
	size_t own = 0;
	char *table;
	int ret = played_read(mem, options, &played, err);

	if (ret != 0)
		return ret;
	for (size_t i = 0; i < played.count; i++)
		if (strcmp(played.results[i].seat, played.seat) == 0)
			played.results[own++] = played.results[i];
	if (own == 0) {
		printf(_("%s has not ended a case yet.\n"), played.seat);
		return 0;
	}
	table = results_table(mem, played.results, own);
	if (!table)
		return error_memory(err);
	fputs(table, stdout);
	return 0;
}

int class_clear(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	char *runs, *place = NULL, *seat;
	size_t removed;
	int ret = seat_name(mem, options->seat, &seat, err);

	if (ret == 0 && !options->yes)
		ret = error_set(err, TROUBLE_USAGE, _("This deletes every result and every lesson of %s. Confirm with --yes."),
				seat);
	if (ret == 0)
		ret = reach_runs(mem, options, &runs, err);
	if (ret == 0 && !(place = training_place_name(mem, runs)))
		ret = error_memory(err);
	if (ret == 0)
		ret = progress_clear(place, seat, &removed, err);
	if (ret == 0)
		printf(_("Deleted: %zu results and lessons of %s.\n"), removed, seat);
	return ret;
}

/* ---- a class ---- */

static int text_put(TALLOC_CTX *mem, const char *text, const char *path, struct error *err)
{
	int sys = output_write(path, text);

	return sys == 0 ? 0 : error_system(err, output_trouble(sys), sys, _("The results cannot be written to %s"), say_shown(mem, path ? path : "-"));
}

int class_results(TALLOC_CTX *mem, const struct options *options, struct error *err)
{
	struct result *results;
	size_t count, odd;
	char *text;
	int ret = results_read(mem, options->results, &results, &count, &odd, err);

	if (ret != 0)
		return ret;
	if (count == 0)
		return error_set(err, TROUBLE_NOT_THERE, _("There are no results in %s."), say_shown(mem, options->results));
	text = options->csv ? results_csv(mem, results, count) : results_table(mem, results, count);
	if (!text)
		return error_memory(err);
	ret = text_put(mem, text, options->output, err);
	/* Beside the table, not in it. */
	if (ret == 0 && odd)
		fprintf(stderr, _("Skipped %zu files that are not results of lessons.\n"), odd);
	return ret;
}
