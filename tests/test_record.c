/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever the record and a plan can be given, they give back. */
#include "record/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "record/runfolder.h"
#include "tests/bench_run.h"

static uint64_t random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A name that NT can hold, of up to 255 UTF-16 units; and, for odd, one that only a disk can. */
static char *odd_name(TALLOC_CTX *mem, uint64_t *seed, bool odd)
{
	static const char *const pieces[] = { "a", "B", "mt.exe", " ", "%", "~1", ".", "'", "&",
		"\xc3\xa4", "\xd0\x96", "\xe2\x80\xae", "\xef\xbf\xbd", "\xf0\x9f\x98\x80",
		"\xe2\x80\x8b", "{", "=", ";", "$", "%2F" };
	static const char *const worse[] = { "\t", "\x01", "\x7f", "\n", "\x1b[2J" };
	size_t count = 1 + random_next(seed) % 40;
	char *name = talloc_strdup(mem, "n");

	for (size_t i = 0; i < count; i++) {
		uint64_t pick = random_next(seed);
		const char *piece = odd && pick % 5 == 0 ? worse[pick / 5 % (ARRAY_SIZE(worse))]
							 : pieces[pick / 5 % (ARRAY_SIZE(pieces))];

		name = talloc_strdup_append(name, piece);
	}
	return talloc_strdup_append(name, "n");
}

static char *odd_path(TALLOC_CTX *mem, uint64_t *seed)
{
	char *path = talloc_strdup(mem, "E:");

	for (size_t i = 1 + random_next(seed) % 4; i > 0; i--)
		path = talloc_asprintf(mem, "%s\\%s", path, odd_name(mem, seed, false));
	return path;
}

/* The least and the most that each kind of number can be, besides those between. */
static int64_t odd_time(uint64_t *seed)
{
	static const int64_t edges[] = { 0, 1, -1, 10000000, INT64_C(116444736000000000),
		INT64_C(125657050670000001), INT64_C(220588992000000000) /* 2300 */,
		INT64_C(2650467743999999999) /* 9999 */ };
	uint64_t pick = random_next(seed) % 16;

	return pick < 8 ? (pick == 2 ? 2 : edges[pick])
			: (int64_t)(random_next(seed) % UINT64_C(2650467743999999999));
}

static void odd_file(struct file_fact *file, uint64_t *seed)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)random_next(seed);
	*file = (struct file_fact){ .present = random_next(seed) % 8 != 0,
		.digest = digest_of(bytes, sizeof bytes) };
	file->size = random_next(seed) % 3 ? random_next(seed) % 1000000 : random_next(seed) >> 1;
	file->mtime = odd_time(seed);
	file->has_version = random_next(seed) % 2;
	for (size_t i = 0; i < 4; i++)
		file->version.part[i] = (uint16_t)random_next(seed);
	if (!file->present)
		*file = (struct file_fact){ 0 };
}

static struct reg_data *odd_data(TALLOC_CTX *mem, uint64_t *seed)
{
	struct reg_data *data = talloc_zero(mem, struct reg_data);

	data->type = random_next(seed) % 4 ? (uint32_t)(random_next(seed) % 12)
					   : (uint32_t)random_next(seed);
	data->len = random_next(seed) % 4 ? random_next(seed) % 80 : random_next(seed) % 5000;
	data->bytes = talloc_array(data, uint8_t, (unsigned)data->len + 1);
	for (size_t i = 0; i < data->len; i++)
		data->bytes[i] = (uint8_t)random_next(seed);
	return data;
}

static const struct {
	enum finding_kind kind;
	int step;
} kinds[] = { { KIND_FILE, 2 }, { KIND_VALUE, 3 }, { KIND_SHARE, 4 }, { KIND_BACKUP, 1 },
	{ KIND_OLDFOLDER, 6 } };

static void odd_side(TALLOC_CTX *mem, enum finding_kind kind, struct side *side, uint64_t *seed)
{
	*side = (struct side){ 0 };
	if (kind == KIND_FILE)
		odd_file(&side->file, seed);
	if (kind == KIND_VALUE)
		side->value.data = random_next(seed) % 8 ? odd_data(mem, seed) : NULL;
	if (kind == KIND_SHARE && random_next(seed) % 8) {
		side->share.path = odd_path(mem, seed);
		side->share.remark = odd_name(mem, seed, true);
		side->share.open_to_all = random_next(seed) % 2;
		side->share.definition = odd_data(mem, seed);
	}
}

static struct change *odd_change(TALLOC_CTX *mem, uint64_t *seed)
{
	struct change *change = talloc_zero(mem, struct change);
	char *subject = odd_name(change, seed, true);

	size_t pick = random_next(seed) % (ARRAY_SIZE(kinds));

	change->kind = kinds[pick].kind;
	change->step = kinds[pick].step;
	change->id = talloc_asprintf(change, "file/%s", text_percent(change, subject));
	odd_side(change, change->kind, &change->before, seed);
	odd_side(change, change->kind, &change->after, seed);
	if (change->kind == KIND_VALUE) {
		change->before.value.key = change->after.value.key =
			talloc_asprintf(change, "SYSTEM\\ControlSet%03d\\Services\\%s",
				(int)(random_next(seed) % 1000), subject);
		change->before.value.name = change->after.value.name =
			talloc_strdup(change, "ImagePath");
	}
	if (change->kind == KIND_SHARE)
		change->target = talloc_strdup(change, ARTICLE_SHARE);
	if (change->kind != KIND_VALUE && change->kind != KIND_SHARE) {
		change->target = odd_path(change, seed);
		change->source = odd_path(change, seed);
		change->traits_from = random_next(seed) % 2 ? odd_path(change, seed) : NULL;
	}
	return change;
}

static void same_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void same_side(enum finding_kind kind, const struct side *a, const struct side *b)
{
	assert_true(finding_side_equal(kind, a, b));
	if (kind == KIND_FILE && a->file.present) {
		assert_true(a->file.mtime == b->file.mtime);
		assert_int_equal(a->file.has_version, b->file.has_version);
		if (a->file.has_version)
			assert_memory_equal(&a->file.version, &b->file.version,
				sizeof a->file.version);
	}
	if (kind == KIND_SHARE) {
		same_text(a->share.path, b->share.path);
		same_text(a->share.remark, b->share.remark);
		assert_int_equal(a->share.open_to_all, b->share.open_to_all);
	}
}

enum { CHANGES = 2000 };

/* Written into a journal, closed, opened, read. */
static void changes_come_back(void **state)
{
	struct bench *bench = *state;
	struct change *given[CHANGES], *back;
	struct runfolder *run;
	struct journal *journal;
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);
	char *name;

	assert_int_equal(mkdir(bench->runs, 0700), 0);
	assert_int_equal(runfolder_create(bench, bench->runs, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	for (size_t i = 0; i < CHANGES; i++) {
		given[i] = odd_change(bench, &seed);
		assert_int_equal(journal_add(journal, JOURNAL_DECISION,
					 json_pack("{s:o}", "change", change_json(given[i])),
					 i + 1 == CHANGES, &bench->err),
			0);
	}
	name = talloc_strdup(bench, runfolder_name(run));
	talloc_free(journal);
	talloc_free(run);
	assert_int_equal(runfolder_open(bench, bench->runs, name, false, &run, &bench->err), 0);
	assert_int_equal(journal_open(bench, run, &journal, &bench->err), 0);
	assert_int_equal(journal_count(journal), CHANGES);
	for (size_t i = 0; i < CHANGES; i++) {
		if (change_parse(bench, json_object_get(journal_entry(journal, i), "change"), &back,
			    &bench->err))
			fail_msg("change %zu, %s: %s", i, given[i]->id, bench->err.text);
		assert_string_equal(given[i]->id, back->id);
		assert_int_equal(given[i]->step, back->step);
		assert_int_equal(given[i]->kind, back->kind);
		same_text(given[i]->target, back->target);
		same_text(given[i]->source, back->source);
		same_text(given[i]->traits_from, back->traits_from);
		same_side(given[i]->kind, &given[i]->before, &back->before);
		same_side(given[i]->kind, &given[i]->after, &back->after);
	}
}

/* A plan of odd files and shares, decided at random. Values are those of the survey: what may stand
 * there is judged. */
static void a_plan_comes_back(void **state)
{
	struct bench *bench = *state;
	struct plan *real = bench_plan(bench, bench_open(bench)), *plan, *back;
	struct survey *survey = talloc_memdup(bench, real->survey, sizeof *survey);
	uint64_t seed = 20240208;
	char *bytes, *differences;
	size_t room = 500;
	json_t *json;

	survey->findings =
		talloc_zero_array(survey, struct finding, (unsigned)(survey->finding_count + room));
	memcpy(survey->findings, real->survey->findings,
		survey->finding_count * sizeof *survey->findings);
	for (size_t i = 0; i < room; i++) {
		struct finding *row = &survey->findings[survey->finding_count];

		*row = survey->findings[0];
		row->kind = KIND_FILE;
		row->step = 2;
		row->subject = odd_name(survey, &seed, true);
		row->id = talloc_asprintf(survey, "file/%zu%s", i,
			text_percent(survey, row->subject));
		row->text = row->todo = odd_name(survey, &seed, true);
		row->target = odd_path(survey, &seed);
		row->source = odd_path(survey, &seed);
		row->can_change = true;
		odd_side(survey, KIND_FILE, &row->before, &seed);
		do
			odd_side(survey, KIND_FILE, &row->after, &seed);
		while (!row->after.file.present);
		survey->finding_count++;
	}
	assert_int_equal(plan_make(bench, survey, false, &plan, &bench->err), 0);
	for (size_t i = 0; i < plan->count; i++)
		plan->rows[i].decision = (enum decision)(random_next(&seed) % 3);
	json = plan_json(plan);
	bytes = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	assert_non_null(bytes);
	if (plan_load(bench, bytes, strlen(bytes), survey, &back, &differences, &bench->err))
		fail_msg("%s %s", bench->err.text, differences ? differences : "");
	free(bytes);
	assert_int_equal(back->count, plan->count);
	for (size_t i = 0; i < plan->count; i++)
		assert_int_equal(back->rows[i].decision, plan->rows[i].decision);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, bench_make, bench_free)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BENCH(changes_come_back),
		WITH_BENCH(a_plan_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
