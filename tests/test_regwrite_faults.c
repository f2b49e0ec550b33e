/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry on a disk that lies or fails, and through an editor that errs: nothing of it may
 * count as done. */
#include "server/judge.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

#include "nt/regf_edit.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"

/* Which call goes wrong, counted from 1; 0 is none. */
static struct {
	int pwrite_lies, pwrite_fails, fsync_fails, rename_fails, edit_errs, judge_disagrees;
} fault;

ssize_t __real_pwrite(int fd, const void *buf, size_t len, off_t off);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t off);
int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __real_volume_rename(struct volume *volume, const char *from, const char *to, bool replace,
	struct error *err);
int __wrap_volume_rename(struct volume *volume, const char *from, const char *to, bool replace,
	struct error *err);
int __real_judge_values(int fd, const struct reg_edit *edits, size_t count, struct error *err);
int __wrap_judge_values(int fd, const struct reg_edit *edits, size_t count, struct error *err);
int __real_regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len,
	const struct reg_edit *edits, size_t count, uint64_t now, struct regf_edited *edited,
	struct error *err);
int __wrap_regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len,
	const struct reg_edit *edits, size_t count, uint64_t now, struct regf_edited *edited,
	struct error *err);

static bool exclude(int *countdown)
{
	return *countdown > 0 && --*countdown == 0;
}

ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t off)
{
	uint8_t other[512];
	struct stat status;

	/* A file that exists in memory alone is on no disk. */
	if (fstat(fd, &status) == 0 && status.st_nlink == 0)
		return __real_pwrite(fd, buf, len, off);
	if (exclude(&fault.pwrite_fails)) {
		errno = EIO;
		return -1;
	}
	if (!exclude(&fault.pwrite_lies))
		return __real_pwrite(fd, buf, len, off);
	assert_true(len <= sizeof other);
	memcpy(other, buf, len);
	other[len / 2] ^= 1;
	return __real_pwrite(fd, other, len, off);
}

int __wrap_fsync(int fd)
{
	if (!exclude(&fault.fsync_fails))
		return __real_fsync(fd);
	errno = EIO;
	return -1;
}

int __wrap_volume_rename(struct volume *volume, const char *from, const char *to, bool replace,
	struct error *err)
{
	if (exclude(&fault.rename_fails))
		return error_system(err, TROUBLE_IO, EIO, "rename");
	return __real_volume_rename(volume, from, to, replace, err);
}

int __wrap_judge_values(int fd, const struct reg_edit *edits, size_t count, struct error *err)
{
	if (exclude(&fault.judge_disagrees))
		return error_set(err, TROUBLE_VERIFY, "the second judge");
	return __real_judge_values(fd, edits, count, err);
}

/* Changes one letter of a value that nobody asked to change. */
int __wrap_regf_edit(TALLOC_CTX *mem, struct regf *hive, const uint8_t *bytes, size_t len,
	const struct reg_edit *edits, size_t count, uint64_t now, struct regf_edited *edited,
	struct error *err)
{
	static const uint8_t neighbour[] = "u\0n\0t\0o\0u\0c\0h\0e\0d";
	int ret = __real_regf_edit(mem, hive, bytes, len, edits, count, now, edited, err);
	uint8_t *at;

	if (ret != 0 || !exclude(&fault.edit_errs))
		return ret;
	at = memmem(edited->bytes, edited->len, neighbour, sizeof neighbour);
	assert_non_null(at);
	*at = 'U';
	return 0;
}

static int setup(void **state)
{
	memset(&fault, 0, sizeof fault);
	*state = nt_disks(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	memset(&fault, 0, sizeof fault);
	talloc_free(*state);
	return 0;
}

static const char *image(struct nt_disks *d, const char *hive)
{
	struct server *server = nt_open(d);
	char *text, *key = talloc_asprintf(d, "%s%s", hive, strchr(KEY, '\\'));

	assert_int_equal(server_reg_string(server, d, key, "ImagePath", &text, NULL), 0);
	return text;
}

/* Stages and switches text; the trouble of whichever refused. *done is what reg_switch counted. */
static int change(struct nt_disks *d, const char *text, size_t *done, struct error *err)
{
	struct server *server = nt_open(d);
	struct reg_edit edit = { KEY, "ImagePath", regdata_from_string(d, REG_EXPAND_SZ, text) };
	struct reg_stage *stage;
	int ret = server->ops->reg_stage(server, server, &edit, 1, &stage, err);

	*done = 0;
	if (ret == 0)
		ret = server->ops->reg_switch(stage, done, err);
	talloc_free(server);
	return ret;
}

static size_t files(struct nt_disks *d)
{
	struct server *server = nt_open(d);
	struct entry_list list;

	assert_int_equal(server->ops->list(server, d, "C:\\WINNT\\system32\\config", &list, NULL),
		0);
	return list.count;
}

static void without_a_fault_it_is_done(void **state)
{
	struct error err;
	size_t done;

	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), 0);
	assert_int_equal(done, 2);
}

static void a_disk_that_lies_is_caught(void **state)
{
	struct error err;
	size_t done;

	fault.pwrite_lies = 1;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_VERIFY);
	assert_int_equal(done, 0);
	/* The second copy was not begun. */
	assert_string_equal(image(*state, "SYSTEM.ALT"), NT_IMAGE);
}

static void a_disk_that_lies_about_the_second_copy_is_caught(void **state)
{
	struct error err;
	size_t done;

	fault.pwrite_lies = 2;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_VERIFY);
	assert_int_equal(done, 1);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE_MOVED);
}

static void a_write_that_fails_leaves_old_values(void **state)
{
	struct error err;
	size_t done;

	fault.pwrite_fails = 1;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_IO);
	assert_int_equal(done, 0);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE);
	fault.pwrite_fails = 2;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_IO);
	assert_int_equal(done, 1);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE_MOVED);
	assert_string_equal(image(*state, "SYSTEM.ALT"), NT_IMAGE);
}

static void what_cannot_be_made_to_last_is_not_done(void **state)
{
	struct error err;
	size_t done;

	fault.fsync_fails = 1;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_IO);
	assert_int_equal(done, 0);
}

static void a_rename_that_fails_leaves_the_old_file_alone(void **state)
{
	struct error err;
	size_t done;

	fault.rename_fails = 1;
	assert_int_equal(change(*state, NT_IMAGE_LONGER, &done, &err), -TROUBLE_IO);
	assert_int_equal(done, 0);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE);
	assert_int_equal(files(*state), 3);
	fault.rename_fails = 2;
	assert_int_equal(change(*state, NT_IMAGE_LONGER, &done, &err), -TROUBLE_IO);
	assert_int_equal(done, 1);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE_LONGER);
	assert_string_equal(image(*state, "SYSTEM.ALT"), NT_IMAGE);
	assert_int_equal(files(*state), 3);
}

static void an_editor_that_errs_is_caught_before_anything_is_written(void **state)
{
	static const char *const texts[] = { NT_IMAGE_MOVED, NT_IMAGE_LONGER };
	struct error err;
	size_t done;

	for (size_t i = 0; i < 2; i++) {
		fault.edit_errs = 1;
		assert_int_equal(change(*state, texts[i], &done, &err), -TROUBLE_VERIFY);
		assert_non_null(strstr(err.text, "ControlSet002"));
		assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE);
		assert_int_equal(files(*state), 3);
	}
}

static void both_judges_must_agree_before_and_after(void **state)
{
	struct error err;
	size_t done;

	fault.judge_disagrees = 1;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_VERIFY);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE);
	/* 1 and 2 look at what is prepared, 3 at what was written. */
	fault.judge_disagrees = 3;
	assert_int_equal(change(*state, NT_IMAGE_MOVED, &done, &err), -TROUBLE_VERIFY);
	assert_string_equal(image(*state, "SYSTEM"), NT_IMAGE_MOVED);
	assert_string_equal(image(*state, "SYSTEM.ALT"), NT_IMAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_a_fault_it_is_done, setup, teardown),
		cmocka_unit_test_setup_teardown(a_disk_that_lies_is_caught, setup, teardown),
		cmocka_unit_test_setup_teardown(a_disk_that_lies_about_the_second_copy_is_caught,
			setup, teardown),
		cmocka_unit_test_setup_teardown(a_write_that_fails_leaves_old_values, setup,
			teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_made_to_last_is_not_done, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_rename_that_fails_leaves_the_old_file_alone,
			setup, teardown),
		cmocka_unit_test_setup_teardown(both_judges_must_agree_before_and_after, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			an_editor_that_errs_is_caught_before_anything_is_written, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
