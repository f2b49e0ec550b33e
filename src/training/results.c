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
#include "training/classroom_internal.h"

enum { NAME_BYTES = 40, TIME_BYTES = LESSON_STAMP - 1 };

/* ---- one ---- */

static char *text_of(TALLOC_CTX *mem, const json_t *json, const char *name, size_t limit)
{
	const json_t *member = json_object_get(json, name);
	const char *text = json_string_value(member);
	const size_t len = json_string_length(member);

	return text && *text && len <= limit && strlen(text) == len ? text_shown(mem, text) : NULL;
}

/* "2024-01-31T09:41:07Z": a date that sorts, and nothing else. */
static bool time_ok(const char *time)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	if (!time || strlen(time) != TIME_BYTES)
		return false;
	for (size_t i = 0; i < TIME_BYTES; i++)
		if (form[i] == 'd' ? time[i] < '0' || time[i] > '9' : time[i] != form[i])
			return false;
	return true;
}

static bool name_ok(const char *name)
{
	return name && *name != '-' && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(name);
}

static bool numbers_read(const json_t *json, struct result *result)
{
	json_int_t format, level, points, tips, seed;

	if (!lesson_number(json, "format", 1, 1, &format))
		return false;
	if (!lesson_number(json, "level", 1, CASE_LEVELS, &level))
		return false;
	if (!lesson_number(json, "points", 0, SCORE_FULL, &points) || !lesson_number(json, "tips", 0, RESULT_TIPS, &tips) ||
	    !lesson_number(json, "seed", 0, INT64_MAX, &seed))
		return false;
	result->level = (int)level;
	result->points = (int)points;
	result->tips = (size_t)tips;
	result->seed = (uint64_t)seed;
	/* Nobody passes with less; with more one can still have done what must never be done. */
	return lesson_flag(json, "passed", &result->passed) && lesson_flag(json, "exam", &result->exam) &&
	       lesson_flag(json, "repaired", &result->repaired) && lesson_flag(json, "own", &result->own) &&
	       (!result->passed || points >= SCORE_PASS);
}

static bool reasons_read(TALLOC_CTX *mem, const json_t *losses, struct result *result)
{
	const size_t count = json_array_size(losses);

	if (!json_is_array(losses) || count > RESULT_REASONS)
		return false;
	result->reasons = memory_array_zero(mem, sizeof *result->reasons, count + 1);
	for (size_t i = 0; result->reasons && i < count; i++) {
		const json_t *loss = json_array_get(losses, i);
		char *id = text_of(mem, loss, "id", RESULT_REASON_BYTES);
		char *reason = text_of(mem, loss, "reason", RESULT_REASON_BYTES);
		json_int_t points;

		if (!id || !reason || !lesson_number(loss, "points", 0, SCORE_FULL * SCORE_FULL, &points))
			return false;
		result->reasons[i] = talloc_asprintf(mem, "-%d %s: %s", (int)points, id, reason);
		if (!result->reasons[i])
			return false;
	}
	return result->reasons != NULL;
}

static bool result_parse(TALLOC_CTX *mem, const json_t *json, struct result *result)
{
	/* As it is: no lesson has a seat that cannot be shown. */
	const json_t *member = json_object_get(json, "seat");
	const char *seat = json_string_value(member);

	*result = (struct result){ .name = text_of(mem, json, "case", NAME_BYTES),
				   .started = text_of(mem, json, "started", TIME_BYTES),
				   .ended = text_of(mem, json, "ended", TIME_BYTES) };
	return seat && strlen(seat) == json_string_length(member) && seat_name(mem, seat, &result->seat, NULL) == 0 &&
	       name_ok(result->name) && time_ok(result->started) && time_ok(result->ended) &&
	       numbers_read(json, result) && reasons_read(mem, json_object_get(json, "losses"), result);
}

enum result_kind result_read(TALLOC_CTX *mem, int dir, const char *name, struct result *result)
{
	char *bytes = NULL;
	struct stat meta;
	json_t *json;
	size_t len = 0;
	bool good;

	if (fstatat(dir, name, &meta, AT_SYMLINK_NOFOLLOW) != 0 || S_ISDIR(meta.st_mode))
		return RESULT_FOLDER;
	if (lesson_file_read(mem, dir, name, RESULT_FILE_LIMIT, &bytes, &len, NULL) != 0 || !bytes)
		return RESULT_ODD;
	json = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, NULL);
	talloc_free(bytes);
	good = json_is_object(json) && result_parse(mem, json, result);
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

static int folder_read(TALLOC_CTX *mem, DIR *dir, struct result **list, size_t *count, size_t *odd, struct error *err)
{
	struct dirent *entry;
	int ret = 0;

	while (ret == 0 && (entry = readdir(dir))) {
		struct result result, *more;
		enum result_kind kind = result_read(mem, dirfd(dir), entry->d_name, &result);

		if (kind == RESULT_GOOD && *count >= RESULT_FILES)
			ret = error_set(err, TROUBLE_USAGE, _("There are more than %d results in the folder."),
					RESULT_FILES);
		else if (kind == RESULT_GOOD && !(more = memory_more(mem, list, *count, sizeof *more)))
			ret = error_memory(err);
		else if (kind == RESULT_GOOD)
			(*list)[(*count)++] = result;
		*odd += kind == RESULT_ODD;
	}
	return ret;
}

int results_read(TALLOC_CTX *mem, const char *folder, struct result **results, size_t *count, size_t *odd,
		 struct error *err)
{
	char *shown = text_shown(mem, folder);
	DIR *dir = opendir(folder);
	int ret;

	*results = NULL;
	*count = *odd = 0;
	if (!dir)
		return error_system(err, TROUBLE_NOT_THERE, errno, _("The results folder, %s, cannot be read"),
				    shown ? shown : "");
	ret = folder_read(mem, dir, results, count, odd, err);
	closedir(dir);
	if (ret == 0 && *count)
		qsort(*results, *count, sizeof **results, by_seat);
	talloc_free(shown);
	return ret;
}
