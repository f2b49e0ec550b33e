/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each seat of a class gets, and what a seat has done so far. */
#include "training/classroom.h"

#include <string.h>

#include "base/digest.h"
#include "base/i18n.h"
#include "base/memory.h"

/* ---- seeds and cases ---- */

uint64_t seat_seed(uint64_t exam_seed, const char *seat)
{
	char *text = talloc_asprintf(NULL, "%llu/%s", (unsigned long long)exam_seed, seat);
	struct digest digest = digest_of(text ? text : "", text ? strlen(text) : 0);
	uint64_t seed = 0;

	for (size_t i = 0; i < 8; i++)
		seed = seed << 8 | digest.bytes[i];
	talloc_free(text);
	return seed & INT64_MAX;
}

/* The cases of a level in an order that follows from the state (Fisher and Yates); returns how
 * many. */
static size_t level_drawn(const char **drawn, int level, uint64_t *state)
{
	size_t all, count = 0;
	const struct case_name *names = cases(&all);

	for (size_t i = 0; i < all; i++)
		if (names[i].level == level)
			drawn[count++] = names[i].name;
	for (size_t i = count; i > 1; i--) {
		size_t with = (size_t)(practice_random(state) % i);
		const char *last = drawn[i - 1];

		drawn[i - 1] = drawn[with];
		drawn[with] = last;
	}
	return count;
}

int exam_cases(TALLOC_CTX *mem, uint64_t exam_seed, const char *seat, size_t count,
	const char *const **names, struct error *err)
{
	uint64_t state = seat_seed(exam_seed, seat);
	size_t all, there[CASE_LEVELS], taken[CASE_LEVELS] = { 0 }, done = 0;
	const char **drawn[CASE_LEVELS], **list;

	(void)cases(&all);
	if (count < 1 || count > all)
		return error_set(err, TROUBLE_USAGE, _("An exam has 1 to %zu cases."), all);
	list = memory_array_zero(mem, sizeof *list, count + 1);
	for (int i = 0; i < CASE_LEVELS; i++) {
		drawn[i] = list ? memory_array(list, sizeof *drawn[i], all) : NULL;
		there[i] = drawn[i] ? level_drawn(drawn[i], i + 1, &state) : 0;
		if (!drawn[i]) {
			talloc_free(list);
			return error_memory(err);
		}
	}
	/* A level that has no more is skipped. */
	for (size_t turn = 0; done < count; turn = (turn + 1) % CASE_LEVELS)
		if (taken[turn] < there[turn])
			list[done++] = drawn[turn][taken[turn]++];
	*names = list;
	return 0;
}

/* ---- progress ---- */

int progress_best(const struct result *results, size_t count, const char *seat, const char *name)
{
	int best = -1;

	for (size_t i = 0; i < count; i++) {
		const struct result *result = &results[i];

		if (!result->own && strcmp(result->seat, seat) == 0 &&
			strcmp(result->name, name) == 0 && result->points > best)
			best = result->points;
	}
	return best;
}
