/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What wrong decisions lead to, and the end of a lesson: scored, the result written down. */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "training/lesson_internal.h"

enum { SEAT_PART = 24, NAME_TRIES = 1000 };

/* A lesson ended before the first check has no server open, but the server exists: it is opened for
 * this. It cannot be only where the case is about that. */
static int score_of(TALLOC_CTX *mem, const struct lesson *lesson, struct server *server,
	struct runfolder *run, struct score **score, struct error *err)
{
	const struct score_given given = { .tips = lesson->tip_count,
		.chosen = lesson->chosen,
		.marks = lesson_marks_sum(lesson),
		.scratch = lesson->dir };
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret;

	if (!server)
		(void)practice_open(tmp, lesson->server, &server, NULL);
	ret = score_make(mem, lesson->bound, server, run, &given, score, err);
	talloc_free(tmp);
	return ret;
}

/* ---- consequences ---- */

int lesson_consequences(TALLOC_CTX *mem, struct lesson *lesson, struct server *server,
	struct runfolder *run, const char *const **told, struct error *err)
{
	struct score *score = NULL;
	size_t count = 0;
	const char **list;
	int ret = lesson->exam ? 0 : score_of(mem, lesson, server, run, &score, err);

	if (ret != 0)
		return ret;
	list = memory_array_zero(mem, sizeof *list, (score ? score->count : 0) + 1);
	for (size_t i = 0; list && score && i < score->count; i++) {
		const struct loss *loss = &score->losses[i];

		/* The question is answered at the end. */
		if (!loss_consequence(loss) || strcmp(loss->id, "ask") == 0)
			continue;
		list[count] = talloc_asprintf(list,
			_("%s: %s (This is what such servers do; the practice server does not show it.)"),
			finding_id_shown(list, loss->id), loss_consequence(loss));
		if (!list[count++])
			ret = error_memory(err);
	}
	talloc_free(score);
	*told = list;
	return list ? ret : error_memory(err);
}

/* ---- the result ---- */

/* A seat as part of a file's name: what is no letter or digit goes, and a digest tells seats apart
 * that look alike then. */
static void seat_part(const char *seat, char part[SEAT_PART + 10])
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	const struct digest digest = digest_of(seat, strlen(seat));
	size_t len = 0;

	for (; len < SEAT_PART && seat[len]; len++)
		part[len] = seat[len];
	for (size_t i = 0; i < len; i++)
		part[i] = strchr(plain, part[i]) ? part[i] : '_';
	part[len] = '\0';
	if (strcmp(part, seat) != 0)
		snprintf(part + len, 10, ".%02x%02x%02x%02x", digest.bytes[0], digest.bytes[1],
			digest.bytes[2], digest.bytes[3]);
}

/* "<seat>-<case>-<seed>-<time>.json", "-2" and so on in front of ".json" where there is one
 * already. */
static int result_put(struct lesson *lesson, const char *ended, const char *text, struct error *err)
{
	char seat[SEAT_PART + 10], name[256], stamp[FILETIME_STAMP] = "";
	int results = lesson_folder_in(lesson->place, RESULTS_FOLDER, true);
	bool taken = true;
	int ret = results < 0 ? error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
					_("The results folder cannot be opened"))
			      : 0;
	size_t at = 0;

	for (const char *c = ended; *c; c++)
		if (*c != '-' && *c != ':')
			stamp[at++] = *c;
	seat_part(lesson->seat, seat);
	for (int number = 1; ret == 0 && taken && number <= NAME_TRIES; number++) {
		char more[16] = "";

		if (number > 1)
			snprintf(more, sizeof more, "-%d", number);
		snprintf(name, sizeof name, "%s-%s-%llu-%s%s.json", seat, lesson->name,
			(unsigned long long)lesson->seed, stamp, more);
		ret = lesson_file_add(results, name, text, strlen(text), &taken, err);
	}
	if (ret == 0 && taken)
		ret = error_set(err, TROUBLE_IO,
			_("Every name for a result of this second is taken."));
	if (results >= 0)
		close(results);
	return ret;
}

/* The times are those of the lesson: a player who did nothing was here too. */
static int result_write(struct lesson *lesson, const struct score *score, struct error *err)
{
	json_t *json = score_json(lesson->bound, lesson->seat, score), *own;
	char ended[FILETIME_STAMP], *text = NULL;
	int ret;

	filetime_stamp(ended);
	own = json_pack("{s:s, s:s, s:b, s:b}", "started", lesson->begun, "ended", ended, "exam",
		lesson->exam, "own", lesson->own);
	if (json && own && json_object_update(json, own) == 0)
		text = json_dumps(json, JSON_INDENT(1));
	ret = text ? result_put(lesson, ended, text, err) : error_memory(err);
	free(text);
	json_decref(own);
	json_decref(json);
	return ret;
}

int lesson_end(TALLOC_CTX *mem, struct lesson *lesson, struct server *server, struct runfolder *run,
	struct score **score, struct error *err)
{
	struct score *made = NULL;
	int ret = lesson->ended ? error_set(err, TROUBLE_USAGE, _("This lesson has already ended."))
				: score_of(mem, lesson, server, run, &made, err);

	if (ret == 0)
		ret = result_write(lesson, made, err);
	if (ret != 0) {
		talloc_free(made);
		return ret;
	}
	lesson->ended = lesson->temporary = true;
	*score = made;
	/* The result is written; a lesson that does not know it is over would only be offered
	 * again. */
	(void)lesson_save(lesson, NULL);
	return 0;
}
