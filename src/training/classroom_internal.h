/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TRAINING_CLASSROOM_INTERNAL_H
#define TRAINING_CLASSROOM_INTERNAL_H

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
/* The file name in the folder dir, if it is a result; its texts are owned by mem. */
enum result_kind result_read(TALLOC_CTX *mem, int dir, const char *name, struct result *result);

#endif
