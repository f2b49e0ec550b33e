/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a server that is off: read, staged, switched; and a dry run that does none of the
 * latter. */
#include "server/server.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

#define TARGET "E:\\exchsrvr\\Mt.exe"

struct bench {
	struct nt_disks *disks;
	struct server *server;
	const struct server_ops *ops;
	char *folder, *target; /* of this machine */
	struct error err;
};

static int setup(void **state)
{
	struct bench *b = talloc_zero(NULL, struct bench);

	b->disks = nt_disks(b);
	b->server = nt_open(b->disks);
	b->ops = b->server->ops;
	b->folder = talloc_asprintf(b, "%s/Exchsrvr", b->disks->e);
	b->target = talloc_asprintf(b, "%s/MT.EXE", b->folder);
	support_mkdir(b->folder);
	support_write_text(b->target, "old");
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static struct stage *staged(struct bench *b, const struct stage_spec *spec, const char *text)
{
	struct stage *stage;

	if (b->ops->stage(b->server, b, spec, &stage, &b->err) != 0 ||
		b->ops->stage_write(stage, text, strlen(text), &b->err) != 0 ||
		b->ops->stage_ready(stage, &b->err) != 0 ||
		b->ops->sync(b->server, 'E', &b->err) != 0)
		fail_msg("%s", b->err.text);
	return stage;
}

static void holds(struct bench *b, const char *path, const char *text)
{
	size_t len;

	assert_string_equal((char *)support_read(b, path, &len), text);
}

static size_t files_in(struct bench *b, const char *path)
{
	struct entry_list list;

	assert_int_equal(b->ops->list(b->server, b, path, &list, &b->err), 0);
	return list.count;
}

static void files_are_read(void **state)
{
	struct bench *b = *state;
	struct server_file *file;
	struct file_meta meta;
	struct digest digest;
	char buf[8], *real, hex[65];
	uint8_t *bytes;
	size_t got;
	bool found;

	assert_int_equal(b->ops->file_stat(b->server, b, "e:\\EXCHSRVR\\mt.exe", &found, &meta,
				 &real, &b->err),
		0);
	assert_true(found);
	assert_string_equal(real, "E:\\Exchsrvr\\MT.EXE");
	assert_int_equal(meta.size, 3);
	assert_int_equal(b->ops->file_stat(b->server, b, "E:\\none\\none", &found, NULL, NULL,
				 &b->err),
		0);
	assert_false(found);
	assert_int_equal(b->ops->file_stat(b->server, b, "E:\\", &found, &meta, &real, &b->err), 0);
	assert_true(found && meta.kind == ENTRY_FOLDER);
	assert_string_equal(real, "E:\\");
	assert_int_equal(b->ops->file_open(b->server, b, TARGET, &file, NULL, &b->err), 0);
	assert_int_equal(b->ops->file_read(file, 1, buf, sizeof buf, &got, &b->err), 0);
	assert_int_equal(got, 2);
	assert_memory_equal(buf, "ld", 2);
	assert_int_equal(server_read_file(b->server, b, TARGET, 3, &bytes, &got, &b->err), 0);
	assert_int_equal(got, 3);
	assert_int_equal(server_read_file(b->server, b, TARGET, 2, &bytes, &got, &b->err),
		-TROUBLE_IO);
	assert_int_equal(server_read_file(b->server, b, "E:\\none", 2, &bytes, &got, &b->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(server_digest(b->server, TARGET, &digest, &b->err), 0);
	digest_text(&digest, hex);
	/* printf old | sha256sum */
	assert_string_equal(hex,
		"cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4");
}

/* What is there, by kind; a list of nothing and of a file is empty. */
static void what_is_there(void **state)
{
	struct bench *b = *state;
	enum entry_kind kind;
	struct entry_list list;

	assert_int_equal(server_kind(b->server, TARGET, &kind, &b->err), 0);
	assert_int_equal(kind, ENTRY_FILE);
	assert_int_equal(server_list(b->server, b, TARGET, &list, &b->err), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(server_kind(b->server, "E:\\", &kind, &b->err), 0);
	assert_int_equal(kind, ENTRY_FOLDER);
	assert_int_equal(server_list(b->server, b, "E:\\", &list, &b->err), 0);
	assert_true(list.count > 0);
	assert_int_equal(server_kind(b->server, "E:\\none\\none", &kind, &b->err), 0);
	assert_int_equal(kind, ENTRY_NONE);
	assert_int_equal(server_list(b->server, b, "E:\\none", &list, &b->err), 0);
	assert_int_equal(list.count, 0);
	assert_int_equal(server_kind(b->server, NULL, &kind, &b->err), -TROUBLE_MEMORY);
	assert_int_equal(server_sync_above(b->server, TARGET, &b->err), 0);
	assert_true(server_sync_above(b->server, "E:\\none\\none", &b->err) != 0);
}

static void paths_lead_only_to_the_drives_given(void **state)
{
	static const char *const paths[] = { "E:\\..\\c", "E:\\Exchsrvr\\..\\..\\c\\WINNT",
		"E:\\Exchsrvr\\.\\Mt.exe" };
	struct bench *b = *state;
	struct entry_list list;
	struct file_meta meta;
	bool found;

	assert_int_equal(b->ops->list(b->server, b, "D:\\", &list, &b->err), -TROUBLE_NOT_THERE);
	assert_non_null(strstr(b->err.text, "D:"));
	assert_int_equal(b->ops->list(b->server, b, "/etc", &list, &b->err), -TROUBLE_BUG);
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		found = false;
		assert_true(b->ops->file_stat(b->server, b, paths[i], &found, &meta, NULL,
				    &b->err) != 0 ||
			!found);
	}
}

static void a_stage_becomes_the_file(void **state)
{
	struct bench *b = *state;
	/* 1999-01-01: 145,366 days after 1601 began */
	struct stage_spec spec = { .target = TARGET,
		.traits_from = TARGET,
		.mtime = INT64_C(125596224000000000),
		.size = 8 };
	struct stage *stage;
	struct stat st;
	char buf[16];
	size_t got;

	assert_int_equal(chmod(b->target, 0640), 0);
	stage = staged(b, &spec, "new file");
	holds(b, b->target, "old");
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 2);
	assert_int_equal(b->ops->stage_read(stage, 4, buf, sizeof buf, &got, &b->err), 0);
	assert_int_equal(got, 4);
	assert_memory_equal(buf, "file", 4);
	assert_int_equal(b->ops->stage_switch(stage, &b->err), 0);
	talloc_free(stage);
	holds(b, b->target, "new file");
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 1);
	assert_int_equal(stat(b->target, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(st.st_mtim.tv_sec, 915148800);
}

static void a_dropped_stage_leaves_nothing(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = TARGET, .mtime = FILETIME_NONE, .size = 3 };

	talloc_free(staged(b, &spec, "new"));
	holds(b, b->target, "old");
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 1);
}

static void a_new_file_is_added(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = "E:\\exchsrvr\\New.dll",
		.traits_from = TARGET,
		.mtime = FILETIME_NONE,
		.size = 3 };
	struct stage *stage = staged(b, &spec, "new");

	assert_int_equal(b->ops->stage_switch(stage, &b->err), 0);
	holds(b, talloc_asprintf(b, "%s/New.dll", b->folder), "new");
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 2);
}

static void a_file_of_a_new_folder_has_its_name_at_once(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = "E:\\exchsrvr\\Bin2\\Mt.exe",
		.mtime = FILETIME_NONE,
		.size = 3,
		.fresh = true };
	char *path = talloc_asprintf(b, "%s/Bin2/Mt.exe", b->folder);
	struct stage *stage;

	assert_int_equal(b->ops->mkdir(b->server, "E:\\exchsrvr\\Bin2", "E:\\exchsrvr", &b->err),
		0);
	talloc_free(staged(b, &spec, "new"));
	assert_int_equal(access(path, F_OK), -1);
	stage = staged(b, &spec, "new");
	holds(b, path, "new");
	assert_int_equal(b->ops->stage_switch(stage, &b->err), 0);
	talloc_free(stage);
	holds(b, path, "new");
	assert_true(b->ops->stage(b->server, b, &spec, &stage, &b->err) < 0);
	holds(b, path, "new");
}

static void stages_that_cannot_be_are_refused(void **state)
{
	struct bench *b = *state;
	struct stage_spec bad_name = { .target = "E:\\exchsrvr\\q?x", .mtime = FILETIME_NONE };
	struct stage_spec folder = { .target = "E:\\exchsrvr", .mtime = FILETIME_NONE };
	struct stage_spec huge = { .target = TARGET,
		.mtime = FILETIME_NONE,
		.size = UINT64_C(1) << 60 };
	struct stage_spec plain = { .target = TARGET, .mtime = FILETIME_NONE, .size = 1 };
	char *left = talloc_asprintf(b, "%s/Mt.exe.q24", b->folder);
	struct stage *stage;

	assert_int_equal(b->ops->stage(b->server, b, &bad_name, &stage, &b->err), -TROUBLE_NAME);
	assert_int_equal(b->ops->stage(b->server, b, &folder, &stage, &b->err), -TROUBLE_LINK);
	assert_int_equal(b->ops->stage(b->server, b, &huge, &stage, &b->err), -TROUBLE_NO_ROOM);
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 1);
	/* What an earlier repair left is neither used nor removed. */
	support_write_text(left, "left");
	assert_true(b->ops->stage(b->server, b, &plain, &stage, &b->err) < 0);
	holds(b, left, "left");
}

static void a_stage_of_another_size_is_refused(void **state)
{
	struct bench *b = *state;
	struct stage_spec spec = { .target = TARGET, .mtime = FILETIME_NONE, .size = 3 };
	struct stage *stage = staged(b, &spec, "new");

	support_write_text(talloc_asprintf(b, "%s/Mt.exe.q24", b->folder), "something else");
	assert_int_equal(b->ops->stage_ready(stage, &b->err), -TROUBLE_VERIFY);
}

static void names_are_changed_and_removed(void **state)
{
	struct bench *b = *state;

	assert_int_equal(b->ops->mkdir(b->server, "E:\\exchsrvr\\aux.d", NULL, &b->err),
		-TROUBLE_NAME);
	assert_int_equal(b->ops->mkdir(b->server, "E:\\exchsrvr\\Bin", NULL, &b->err), 0);
	assert_int_equal(b->ops->rename(b->server, TARGET, "E:\\exchsrvr\\Bin\\Mt.exe", &b->err),
		0);
	assert_int_equal(b->ops->rename(b->server, "E:\\exchsrvr\\Bin", "E:\\exchsrvr\\end.",
				 &b->err),
		-TROUBLE_NAME);
	assert_int_equal(b->ops->rename(b->server, "E:\\exchsrvr\\Bin", "C:\\Bin", &b->err),
		-TROUBLE_BUG);
	support_write_text(b->target, "another");
	assert_true(b->ops->rename(b->server, TARGET, "E:\\exchsrvr\\Bin\\MT.exe", &b->err) < 0);
	assert_true(b->ops->remove(b->server, "E:\\exchsrvr\\Bin", &b->err) < 0);
	assert_int_equal(b->ops->remove(b->server, "E:\\exchsrvr\\Bin\\mt.EXE", &b->err), 0);
	assert_int_equal(b->ops->remove(b->server, "E:\\exchsrvr\\Bin", &b->err), 0);
	assert_int_equal(b->ops->sync_folder(b->server, "E:\\exchsrvr", &b->err), 0);
	assert_int_equal(files_in(b, "E:\\exchsrvr"), 1);
}

static int count_calls(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err)
{
	(void)name, (void)bytes, (void)len, (void)err;
	++*(size_t *)arg;
	return 0;
}

static void a_dry_run_reads(void **state)
{
	struct bench *b = *state;
	struct server *dry = b->server;
	struct share *share;
	struct digest one, two;
	size_t calls = 0;

	assert_int_equal(server_digest(dry, TARGET, &two, &b->err), 0);
	dry->dry_run = true;
	assert_int_equal(server_digest(dry, TARGET, &one, &b->err), 0);
	assert_true(digest_equal(&one, &two));
	assert_int_equal(dry->ops->reg_save(dry, count_calls, &calls, &b->err), 0);
	assert_int_equal(calls, 2);
	assert_int_equal(dry->ops->reg_gate(dry, &b->err), 0);
	assert_int_equal(dry->ops->share_get(dry, b, "Maildat$", &share, &b->err), 0);
	assert_non_null(share);
	assert_int_equal(dry->ops->lock(dry, &b->err), 0);
}

static void a_dry_run_writes_nothing(void **state)
{
	struct bench *b = *state;
	struct server *dry = b->server;
	const struct server_ops *ops;
	struct stage_spec spec = { .target = TARGET, .mtime = FILETIME_NONE };
	struct reg_edit edit = { "SYSTEM\\Select", "Default", NULL };
	struct hive_image image = { "SYSTEM", NULL, 0 };
	struct share share = { 0 };
	struct reg_stage *reg_stage;
	struct stage *stage;
	const int refused = -TROUBLE_CANNOT;

	dry->dry_run = true;
	ops = dry->ops;
	assert_int_equal(ops->stage(dry, b, &spec, &stage, &b->err), refused);
	assert_non_null(strstr(b->err.text, "dry run"));
	assert_int_equal(ops->mkdir(dry, "E:\\x", NULL, &b->err), refused);
	assert_int_equal(ops->remove(dry, TARGET, &b->err), refused);
	assert_int_equal(ops->rename(dry, TARGET, "E:\\x", &b->err), refused);
	assert_int_equal(ops->reg_stage(dry, b, &edit, 1, &reg_stage, &b->err), refused);
	assert_int_equal(ops->reg_stage_whole(dry, b, &image, 1, &reg_stage, &b->err), refused);
	assert_int_equal(ops->share_stage(dry, b, "Maildat$", &share, false, &reg_stage, &b->err),
		refused);
	assert_int_equal(ops->service_set(dry, "MSExchangeMSMI", SERVICE_STOPPED, &b->err),
		refused);
	assert_int_equal(ops->set_time(dry, TARGET, 0, &b->err), refused);
	assert_int_equal(ops->trial(dry, "E:\\", &b->err), refused);
	holds(b, b->target, "old");
	assert_int_equal(files_in(b, "E:\\"), 1);
}

/* What a rehearsal hands out in a dry run is nothing that could be written. */
static void a_dry_run_can_be_rehearsed(void **state)
{
	struct bench *b = *state;
	struct server *dry = b->server;
	struct server_rehearsal rehearsal = { 0 };
	struct stage_spec spec = { .target = TARGET, .mtime = FILETIME_NONE };
	struct reg_data number = { 4, (uint8_t *)"\1\0\0", 4 };
	struct reg_edit edit = { "SYSTEM\\Select", "Default", &number };
	struct reg_stage *reg_stage;
	struct stage *stage;
	size_t done;

	dry->dry_run = true;
	dry->rehearsing = &rehearsal;
	assert_int_equal(dry->ops->stage(dry, b, &spec, &stage, &b->err), 0);
	assert_int_not_equal(dry->ops->stage_write(stage, "new", 3, &b->err), 0);
	assert_int_not_equal(dry->ops->stage_ready(stage, &b->err), 0);
	assert_int_not_equal(dry->ops->stage_switch(stage, &b->err), 0);
	assert_int_equal(dry->ops->mkdir(dry, "E:\\x", NULL, &b->err), 0);
	assert_int_equal(dry->ops->reg_stage(dry, b, &edit, 1, &reg_stage, &b->err), 0);
	assert_int_equal(dry->ops->reg_switch(reg_stage, &done, &b->err), 0);
	assert_int_equal(done, 0);
	dry->rehearsing = NULL;
	talloc_free(reg_stage);
	talloc_free(stage);
	holds(b, b->target, "old");
	assert_int_equal(files_in(b, "E:\\"), 1);
}

/* A member that is forgotten would be called all the same. */
static void every_member_is_set(void **state)
{
	struct bench *b = *state;
	typedef void (*member)(void);
	const member *members = (const member *)(const void *)b->ops;

	for (size_t i = 0; i < sizeof *b->ops / sizeof(member); i++) {
		if (!members[i])
			fail_msg("member %zu of server_ops is missing", i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(files_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_there, setup, teardown),
		cmocka_unit_test_setup_teardown(paths_lead_only_to_the_drives_given, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_stage_becomes_the_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dropped_stage_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_new_file_is_added, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_of_a_new_folder_has_its_name_at_once, setup,
			teardown),
		cmocka_unit_test_setup_teardown(stages_that_cannot_be_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stage_of_another_size_is_refused, setup,
			teardown),
		cmocka_unit_test_setup_teardown(names_are_changed_and_removed, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dry_run_reads, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dry_run_writes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_dry_run_can_be_rehearsed, setup, teardown),
		cmocka_unit_test_setup_teardown(every_member_is_set, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
