/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ground.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support.h"

int ground_setup(void **state)
{
	struct ground *ground = talloc_zero(NULL, struct ground);
	char *temporary;

	ground->mem = ground;
	ground->top = support_folder(ground->mem);
	ground->runs = talloc_asprintf(ground->mem, "%s/runs", ground->top);
	temporary = talloc_asprintf(ground->mem, "%s/tmp", ground->top);
	support_mkdir(temporary);
	setenv("TMPDIR", temporary, 1);
	*state = ground;
	return training_place(ground->mem, ground->runs, &ground->place, &ground->err);
}

int ground_teardown(void **state)
{
	unsetenv("TMPDIR");
	talloc_free(*state);
	return 0;
}

struct lesson *ground_begin(struct ground *ground, const char *name, uint64_t seed, bool exam)
{
	struct lesson_request request = { .name = name,
		.seed = seed,
		.seat = GROUND_SEAT,
		.exam = exam };
	struct lesson *lesson = NULL;

	if (lesson_begin(ground->mem, ground->place, &request, &lesson, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return lesson;
}

struct lesson *ground_again(struct ground *ground, const char *name, const char *seat)
{
	struct lesson *lesson = NULL;

	if (lesson_again(ground->mem, ground->place, name, seat, &lesson, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return lesson;
}

const struct survey *ground_stat(struct ground *ground, const struct lesson *lesson,
	struct server **server)
{
	static const struct survey_options options;
	const struct survey *survey = NULL;

	if (practice_open(ground->mem, lesson->server, server, &ground->err) != 0 ||
		survey_make(ground->mem, *server, &options, &survey, &ground->err) != 0)
		fail_msg("%s", ground->err.text);
	return survey;
}

const struct finding *ground_row(const struct survey *survey, const char *id)
{
	const struct finding *finding = survey_finding(survey, id);

	if (!finding)
		fail_msg("no row %s", id);
	return finding;
}

unsigned ground_mode(const char *path)
{
	struct stat meta;

	assert_int_equal(lstat(path, &meta), 0);
	return meta.st_mode & 07777;
}

/* That of its server is in it. */
char *ground_folder(struct ground *ground, const struct lesson *lesson)
{
	char *folder = talloc_strdup(ground->mem, lesson->server);

	*strrchr(folder, '/') = '\0';
	return folder;
}

char *ground_file(struct ground *ground, const struct lesson *lesson, const char *name)
{
	return talloc_asprintf(ground->mem, "%s/%s", ground_folder(ground, lesson), name);
}

char *ground_below(struct ground *ground, const char *name)
{
	return talloc_asprintf(ground->mem, "%s/%s", ground->place, name);
}
