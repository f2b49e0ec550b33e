/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a survey, looked at by several tests; each test has a lab of its own. */
#ifndef TESTS_SURVEY_ROWS_H
#define TESTS_SURVEY_ROWS_H

#include "repair/survey.h"

int rows_setup(void **state);
int rows_teardown(void **state);
#define WITH_LAB(test) cmocka_unit_test_setup_teardown(test, rows_setup, rows_teardown)
/* Type and text of one side of a value. */
void rows_side(const struct side *side, uint32_t type, const char *text);
/* A value that step 3 would change so. */
void rows_wrong(const struct survey *survey, const char *id, uint32_t type, const char *before,
	const char *after);

#endif
