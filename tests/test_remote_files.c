/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of a running server replaced, and cut off at each request on the way: it is there, old or
 * new, and what lies beside it is known again. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "repair/change.h"
#include "server/remote_private.h"
#include "tests/fake_link.h"

#define BIN "E:\\Exchsrvr\\Bin"
#define TARGET BIN "\\Mt.exe"
#define STAGED BIN "\\MT.EXE.q24"
#define ASIDE TARGET ".q24-old"

static struct error err;

static int set_up(void **state)
{
	*state = talloc_new(NULL);
	return 0;
}

static struct server *opened(void **state, uint32_t attributes)
{
	fake_server(*state);
	fake_file_put("E:\\Exchsrvr", 0x10, "");
	fake_file_put(BIN, 0x10, "");
	fake_file_put(TARGET, attributes, "the old file");
	return fake_opened(state, &err);
}

static struct stage *staged(void **state, struct server *server)
{
	/* in another case than it has there */
	const struct stage_spec spec = { .target = "e:\\EXCHSRVR\\bin\\MT.EXE",
		.traits_from = "e:\\EXCHSRVR\\bin\\MT.EXE",
		.mtime = FILETIME_NONE };
	struct stage *stage;

	assert_int_equal(remote_stage(server, *state, &spec, &stage, &err), 0);
	assert_int_equal(remote_stage_write(stage, "the new one", 11, &err), 0);
	assert_int_equal(remote_stage_ready(stage, &err), 0);
	return stage;
}

static bool holds(const char *path, const char *text)
{
	const struct fake_file *file = fake_file(path);

	return file && file->len == strlen(text) && memcmp(file->bytes, text, file->len) == 0;
}

/* Of its three names the first alone, and the two folders. */
static bool alone(const char *text)
{
	return holds(TARGET, text) && fake.file_count == 3;
}

static int swept(struct server *server, size_t *removed)
{
	struct change change = { .kind = KIND_FILE, .target = "E:\\exchsrvr\\bin\\mt.exe" };

	return change_sweep(server, (struct change *[]){ &change }, 1, removed, &err);
}

static void it_is_replaced(void **state)
{
	static const uint32_t attributes[] = { 0x20, 0x21, 0x27 };

	for (size_t i = 0; i < ARRAY_SIZE(attributes); i++) {
		struct server *server = opened(state, attributes[i]);
		struct stage *stage = staged(state, server);

		assert_true(holds(TARGET, "the old file") && holds(STAGED, "the new one"));
		assert_int_equal(remote_stage_switch(stage, &err), 0);
		assert_true(alone("the new one"));
		assert_int_equal(fake_file(TARGET)->attributes, attributes[i]);
		talloc_free(server);
	}
}

/* A program that runs. */
static void one_in_use_keeps_its_name(void **state)
{
	struct server *server = opened(state, 0x21);
	struct stage *stage = staged(state, server);

	fake_file(TARGET)->in_use = true;
	assert_int_equal(remote_stage_switch(stage, &err), -TROUBLE_IO);
	assert_non_null(strstr(err.text, TARGET " cannot be replaced: it is in use"));
	assert_true(holds(STAGED, "the new one"));
	talloc_free(stage);
	assert_true(alone("the old file"));
	assert_int_equal(fake_file(TARGET)->attributes, 0x21);
}

/* Exactly between: nothing has the name, both are there, and the next who comes puts it back. */
static void cut_between_nothing_is_lost(void **state)
{
	struct server *server = opened(state, 0x20);
	struct stage *stage = staged(state, server);
	size_t removed = 0;

	fake.break_verb = FRAME_RENAME;
	fake.break_file = 2;
	fake.break_stays = true;
	assert_int_equal(remote_stage_switch(stage, &err), -TROUBLE_UNREACHABLE);
	talloc_free(stage);
	assert_null(fake_file(TARGET));
	assert_true(holds(ASIDE, "the old file") && holds(STAGED, "the new one"));

	fake.break_stays = false;
	/* Whoever begins anew is refused, and removes nothing. */
	assert_int_equal(swept(server, NULL), -TROUBLE_MOVED);
	assert_true(holds(ASIDE, "the old file") && holds(STAGED, "the new one"));
	assert_int_equal(swept(server, &removed), 0);
	assert_int_equal(removed, 2);
	assert_true(alone("the old file"));
}

/* False: there is no such request. */
static bool cut_at(void **state, unsigned nth, bool after, bool stays)
{
	struct server *server = opened(state, 0x21);
	struct stage *stage = staged(state, server);
	size_t removed = 0;
	bool reached;
	int ret;

	fake.break_file = nth;
	fake.break_after = after;
	fake.break_stays = stays;
	ret = remote_stage_switch(stage, &err);
	reached = fake.break_file == 0;
	talloc_free(stage);
	fake.break_file = 0;
	fake.break_stays = false;
	assert_true(holds(TARGET, "the old file") || holds(TARGET, "the new one") ||
		holds(ASIDE, "the old file"));
	assert_int_equal(swept(server, &removed), 0);
	assert_true(alone(ret == 0 ? "the new one" : "the old file") || alone("the new one"));
	talloc_free(server);
	return reached;
}

static void cut_anywhere_it_is_old_or_new(void **state)
{
	for (int way = 0; way < 4; way++) {
		unsigned nth = 1;

		while (cut_at(state, nth, way & 1, way & 2))
			nth++;
		/* two renames, the attributes, the removal */
		assert_int_equal(nth, 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fake_tear_down)
		TEST(it_is_replaced),
		TEST(one_in_use_keeps_its_name),
		TEST(cut_between_nothing_is_lost),
		TEST(cut_anywhere_it_is_old_or_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
