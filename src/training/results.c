/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of a class, each hostile until it was read. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/classroom.h"
#include "training/lesson_internal.h"

enum {
	RESULT_FILE_LIMIT = 1 << 18,
	RESULT_REASONS = 200,
	RESULT_REASON_BYTES = 16384,
	RESULT_FILES = 20000,
	RESULT_TIPS = 1000,
};

enum result_kind { RESULT_GOOD, RESULT_ODD, RESULT_FOLDER };

/* ---- one ---- */

static char *text_of(TALLOC_CTX *mem, const char *text)
{
	return *text && strlen(text) <= RESULT_REASON_BYTES ? text_shown(mem, text) : NULL;
}

/* "2024-01-31T09:41:07Z": a date that sorts, and nothing else. */
static bool time_ok(const char *text)
{
	int64_t time;

	return strlen(text) == FILETIME_STAMP - 1 && filetime_parse(text, &time);
}

static bool reasons_read(TALLOC_CTX *mem, const json_t *losses, struct result *result)
{
	const size_t count = json_array_size(losses);

	if (!json_is_array(losses) || count > RESULT_REASONS)
		return false;
	result->reasons = memory_array_zero(mem, sizeof *result->reasons, count + 1);
	for (size_t i = 0; result->reasons && i < count; i++) {
		const char *id, *reason;
		json_int_t points;

		if (json_unpack(json_array_get(losses, i), "{s:s, s:I, s:s}", "id", &id, "points",
			    &points, "reason", &reason) != 0 ||
			points < 0 || points > SCORE_FULL * SCORE_FULL ||
			!(id = text_of(mem, id)) || !(reason = text_of(mem, reason)))
			return false;
		result->reasons[i] = talloc_asprintf(mem, "-%d %s: %s", (int)points, id, reason);
		if (!result->reasons[i])
			return false;
	}
	return result->reasons;
}

static bool result_parse(TALLOC_CTX *mem, json_t *json, struct result *result)
{
	const char *name, *seat, *started, *ended;
	json_int_t format, level, seed, points, tips;
	int passed, repaired, exam, own;
	json_t *losses;

	if (json_unpack(json,
		    "{s:I, s:s, s:I, s:I, s:s, s:I, s:b, s:I, s:s, s:s, s:b, s:b, s:b, s:o}",
		    "format", &format, "case", &name, "level", &level, "seed", &seed, "seat", &seat,
		    "points", &points, "passed", &passed, "tips", &tips, "started", &started,
		    "ended", &ended, "repaired", &repaired, "exam", &exam, "own", &own, "losses",
		    &losses) != 0)
		return false;
	if (format != 1 || level < 1 || level > CASE_LEVELS || seed < 0 || tips < 0 ||
		tips > RESULT_TIPS || !case_name_ok(name) || !time_ok(started) || !time_ok(ended))
		return false;
	/* Nobody passes with less; with more one can still have done what must never be done. */
	if (points < (passed ? SCORE_PASS : 0) || points > SCORE_FULL)
		return false;
	*result = (struct result){
		.name = talloc_strdup(mem, name),
		.started = talloc_strdup(mem, started),
		.ended = talloc_strdup(mem, ended),
		.level = (int)level,
		.points = (int)points,
		.tips = (size_t)tips,
		.seed = (uint64_t)seed,
		.passed = passed,
		.exam = exam,
		.repaired = repaired,
		.own = own,
	};
	return result->name && result->started && result->ended &&
		seat_name(mem, seat, &result->seat, NULL) == 0 && reasons_read(mem, losses, result);
}

/* The file name in the folder dir, if it is a result; its texts are owned by mem. */
static enum result_kind result_read(TALLOC_CTX *mem, int dir, const char *name,
	struct result *result)
{
	struct stat meta;
	size_t len = 0;
	json_t *json;
	char *bytes;
	bool good;

	if (fstatat(dir, name, &meta, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(meta.st_mode))
		return RESULT_FOLDER;
	bytes = lesson_file_read(mem, dir, name, RESULT_FILE_LIMIT, &len);
	json = bytes ? json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL) : NULL;
	talloc_free(bytes);
	good = result_parse(mem, json, result);
	json_decref(json);
	return good ? RESULT_GOOD : RESULT_ODD;
}

/* ---- all ---- */

static int by_seat(const void *a, const void *b)
{
	const struct result *x = a, *y = b;
	int order = strcmp(x->seat, y->seat);

	if (order == 0)
		order = strcmp(x->name, y->name);
	return order != 0 ? order : strcmp(x->started, y->started);
}

int results_read(TALLOC_CTX *mem, const char *folder, struct result **results, size_t *count,
	size_t *odd, struct error *err)
{
	char *shown = text_shown(mem, folder);
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int ret = 0;

	*results = NULL;
	*count = *odd = 0;
	if (!dir)
		return error_system(err, TROUBLE_NOT_THERE, errno,
			_("The results folder, %s, cannot be read"), shown ? shown : "");
	while (ret == 0 && (entry = readdir(dir))) {
		struct result result, *more;
		enum result_kind kind = result_read(mem, dirfd(dir), entry->d_name, &result);

		*odd += kind == RESULT_ODD;
		if (kind != RESULT_GOOD)
			continue;
		if (*count >= RESULT_FILES)
			ret = error_set(err, TROUBLE_USAGE,
				_("There are more than %d results in the folder."), RESULT_FILES);
		else if (!(more = memory_more(mem, results, *count, sizeof *more)))
			ret = error_memory(err);
		else
			(*results)[(*count)++] = result;
	}
	closedir(dir);
	if (ret == 0 && *count)
		qsort(*results, *count, sizeof **results, by_seat);
	talloc_free(shown);
	return ret;
}

int progress_clear(const char *place, const char *seat, size_t *removed, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	DIR *dir = lesson_listing(place, RESULTS_FOLDER);
	struct dirent *entry;
	int ret = 0;

	*removed = 0;
	if (!dir && errno != ENOENT)
		ret = error_system(err, TROUBLE_IO, errno,
			_("The folder of the training ground cannot be opened"));
	while (dir && ret == 0 && (entry = readdir(dir))) {
		struct result result;

		if (result_read(tmp, dirfd(dir), entry->d_name, &result) != RESULT_GOOD ||
			strcmp(result.seat, seat) != 0)
			continue;
		if (unlinkat(dirfd(dir), entry->d_name, 0) == 0)
			++*removed;
		else if (errno != ENOENT)
			ret = error_system(err, TROUBLE_IO, errno, _("A result cannot be removed"));
	}
	if (dir)
		closedir(dir);
	talloc_free(tmp);
	if (ret == 0)
		lessons_clear(place, seat, removed);
	return ret;
}
