/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/survey_rows.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tests/lab.h"

int rows_setup(void **state)
{
	*state = lab_new(NULL);
	return *state ? 0 : -1;
}

int rows_teardown(void **state)
{
	return talloc_free(*state);
}

void rows_side(const struct side *side, uint32_t type, const char *text)
{
	assert_non_null(side->value.data);
	assert_int_equal(side->value.data->type, type);
	assert_string_equal(regdata_string(side->value.data, side->value.data), text);
}

void rows_wrong(const struct survey *survey, const char *id, uint32_t type, const char *before,
	const char *after)
{
	const struct finding *row = lab_row(survey, id);

	assert_int_equal(row->state, FINDING_WRONG);
	assert_int_equal(row->step, 3);
	assert_true(row->needed && row->can_change);
	rows_side(&row->before, type, before);
	rows_side(&row->after, type, after);
}
