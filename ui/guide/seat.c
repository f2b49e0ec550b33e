/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground floor of the training ground: the lesson in hand, what is said and known of it, and
 * the results of its exam. */
#include <stdarg.h>
#include <string.h>

#include "ui/guide/train.h"

bool coach_on(const struct guide *guide)
{
	const struct training *training = guide->training;

	return training->lesson && !training->score;
}

bool coach_speaks(const struct guide *guide)
{
	return coach_on(guide) && !guide->training->lesson->exam;
}

void coach_say(struct guide *guide, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	talloc_free(guide->training->said);
	guide->training->said = talloc_vasprintf(guide->training->lesson, format, args);
	va_end(args);
}

const char *const *coach_told(struct guide *guide, TALLOC_CTX *mem)
{
	static const char *const none[] = { NULL };
	const char *const *told;
	struct error err;

	if (guide->carried_out &&
		lesson_consequences(mem, guide->training->lesson, guide->server,
			engine_runfolder(guide->engine), &told, &err) == 0)
		return told;
	return none;
}

const struct result *exam_result(const struct training *training, const char *name)
{
	for (size_t i = 0; i < training->result_count; i++) {
		const struct result *result = &training->results[i];

		if (result->exam && result->seed == training->exam_seed &&
			strcmp(result->seat, training->seat) == 0 &&
			strcmp(result->name, name) == 0)
			return result;
	}
	return NULL;
}

size_t exam_done(const struct training *training)
{
	size_t done = 0;

	while (done < training->exam_count && exam_result(training, training->exam[done]))
		done++;
	return done;
}

int train_exit(const struct guide *guide)
{
	const struct training *training = guide->training;
	bool passed = true;

	if (!training->exam && !training->score)
		return training->lesson ? 3 : 0;
	if (!training->exam)
		return training->score->passed ? 0 : 1;
	if (exam_done(training) < training->exam_count)
		return 3;
	for (size_t i = 0; i < training->exam_count; i++)
		passed = passed && exam_result(training, training->exam[i])->passed;
	return passed ? 0 : 1;
}
