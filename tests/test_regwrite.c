/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing the registry of a server that is off: what changes, and what must not. */
#include "server/disks_regwrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/regbench.h"
#include "tests/support.h"

static void one_letter_is_one_byte_on_the_disk(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage = regbench_staged(b, &edit, 1);
	struct stat before, after;
	size_t where = 0, where_alt = 0;

	assert_null(b->server->ops->reg_stage_note(stage));
	regbench_tidy(b, 3);
	assert_true(regbench_unchanged(b, b->system));
	assert_int_equal(stat(b->system, &before), 0);
	assert_int_equal(regbench_switched(b, stage), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_equal(regbench_differing(b, b->system, &where), 1);
	assert_int_equal(regbench_differing(b, b->alt, &where_alt), 1);
	assert_int_equal(where, where_alt);
	assert_int_equal(b->before[where], 'C');
	regbench_tidy(b, 3);
	regbench_reads(b, KEY, NT_IMAGE_MOVED);
	regbench_reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_MOVED);
	regbench_reads(b, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "untouched");
}

static void a_longer_value_is_switched_in_with_the_old_traits(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_LONGER);
	struct stat before, after;
	char mark[8] = { 0 };
	bool marks = setxattr(b->system, "user.mark", "kept", 4, 0) == 0;

	assert_int_equal(chmod(b->system, 0640), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(b->system, 1234, 4321), 0);
	assert_int_equal(stat(b->system, &before), 0);
	struct reg_stage *stage = regbench_staged(b, &edit, 1);
	regbench_tidy(b, 5);
	assert_true(regbench_unchanged(b, b->system) && regbench_unchanged(b, b->alt));
	assert_int_equal(regbench_switched(b, stage), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_gid, before.st_gid);
	if (marks) {
		assert_int_equal(getxattr(b->system, "user.mark", mark, sizeof mark), 4);
		assert_string_equal(mark, "kept");
	}
	regbench_tidy(b, 3);
	regbench_reads(b, KEY, NT_IMAGE_LONGER);
	regbench_reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_LONGER);
}

/* More than one sector at once cannot be written so that it is old or new. */
static void a_value_over_two_sectors_is_switched_in(void **state)
{
	struct regbench *b = regbench(*state);
	uint8_t blob[1500];
	struct reg_data data = { REG_BINARY, blob, sizeof blob };
	struct reg_edit edit = { KEY, "Blob", &data };
	struct stat before, after;
	size_t where;

	memset(blob, 0xaa, sizeof blob);
	assert_int_equal(stat(b->system, &before), 0);
	assert_int_equal(regbench_switched(b, regbench_staged(b, &edit, 1)), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(regbench_differing(b, b->system, &where), sizeof blob);
	regbench_tidy(b, 3);
}

static void a_stage_that_is_dropped_leaves_nothing(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_LONGER);

	struct reg_stage *stage = regbench_staged(b, &edit, 1);
	regbench_tidy(b, 5);
	talloc_free(stage);
	regbench_tidy(b, 3);
	assert_true(regbench_unchanged(b, b->system) && regbench_unchanged(b, b->alt));
}

static void what_is_right_already_is_not_written(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edits[] = { regbench_edit(b, NT_IMAGE), { KEY, "NotThere", NULL } };
	struct stat before, after;

	assert_int_equal(stat(b->system, &before), 0);
	usleep(20000);
	assert_int_equal(regbench_switched(b, regbench_staged(b, edits, 2)), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
	assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim);
}

static void values_are_added_and_removed(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edits[] = { { KEY, "ImagePath", NULL },
		{ KEY, "New", regdata_from_dword(b, 240208) } };
	struct reg_data *data;
	uint32_t number;
	bool found;

	assert_int_equal(regbench_switched(b, regbench_staged(b, edits, 2)), 2);
	assert_int_equal(b->server->ops->reg_read(b->server, b, KEY, "ImagePath", &data, &b->err),
		0);
	assert_null(data);
	assert_int_equal(server_reg_dword(b->server, KEY, "New", &number, &found, &b->err), 0);
	assert_true(found && number == 240208);
}

static void without_a_second_copy_there_is_none_afterwards(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_LONGER);

	unlink(b->alt);
	assert_int_equal(regbench_switched(b, regbench_staged(b, &edit, 1)), 1);
	regbench_tidy(b, 2);
	regbench_reads(b, KEY, NT_IMAGE_LONGER);
}

/* The second copy as it is now stays byte for byte, and the stage says why. */
static void second_copy_stays(struct regbench *b, const char *word)
{
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_LONGER);
	struct reg_stage *stage;
	size_t len, len_after;
	uint8_t *before = support_read(b, b->alt, &len), *after;
	const char *note;

	support_write(b->system, b->before, b->len);
	stage = regbench_staged(b, &edit, 1);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	if (!strstr(note, word) || !strstr(note, "SYSTEM.ALT"))
		fail_msg("no '%s' in: %s", word, note);
	assert_int_equal(regbench_switched(b, stage), 1);
	regbench_reads(b, KEY, NT_IMAGE_LONGER);
	after = support_read(b, b->alt, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	regbench_tidy(b, 3);
}

static void a_second_copy_that_is_not_sound_stays_as_it_is(void **state)
{
	struct regbench *b = regbench(*state);
	uint8_t *bytes = talloc_memdup(b, b->before, b->len);

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .dirty = 1 });
	second_copy_stays(b, "stays as it is");
	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	second_copy_stays(b, "MSExchangeMSMI");
	support_write(b->alt, b->before, b->len / 2);
	second_copy_stays(b, "stays as it is");
	support_write_text(b->alt, "");
	second_copy_stays(b, "stays as it is");
	regbench_break(bytes, b->len);
	support_write(b->alt, bytes, b->len);
	second_copy_stays(b, "damaged");
}

static void a_second_copy_out_of_step_gets_the_same_values(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage;
	const char *note;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = "D:\\old.exe" });
	stage = regbench_staged(b, &edit, 1);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	assert_non_null(strstr(note, "already differed"));
	assert_int_equal(regbench_switched(b, stage), 2);
	regbench_reads(b, KEY, NT_IMAGE_MOVED);
	regbench_reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_MOVED);
}

/* So a cut writing leaves them: that is nobody else's difference, and nothing to tell. */
static void a_second_copy_that_is_only_behind_is_not_told_of(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage;

	nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .image = NT_IMAGE_MOVED });
	stage = regbench_staged(b, &edit, 1);
	assert_null(b->server->ops->reg_stage_note(stage));
	assert_int_equal(regbench_switched(b, stage), 2);
	regbench_reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_MOVED);
}

/* A second copy made before the connector was: it has no keys of it. */
static void a_second_copy_that_lacks_a_key_gets_the_others(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_data *computer = regdata_from_string(b, REG_SZ, "A LONGER NAME THAN BEFORE");
	struct reg_edit edits[] = { regbench_edit(b, NT_IMAGE_LONGER),
		{ "SYSTEM\\ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName",
			computer } };
	struct reg_stage *stage;
	const char *note;
	char *text;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	stage = regbench_staged(b, edits, 2);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	assert_non_null(strstr(note,
		"not written there: ControlSet001\\Services\\MSExchangeMSMI\\ImagePath."));
	assert_null(strstr(note, "ComputerName"));
	assert_int_equal(regbench_switched(b, stage), 2);
	regbench_reads(b, KEY, NT_IMAGE_LONGER);
	assert_int_equal(server_reg_string(b->server, b,
				 "SYSTEM.ALT\\ControlSet001\\Control\\ComputerName\\ComputerName",
				 "ComputerName", &text, &b->err),
		0);
	assert_string_equal(text, "A LONGER NAME THAN BEFORE");
}

static void has_time(const char *path, TALLOC_CTX *mem, uint64_t time[2])
{
	size_t len;
	uint8_t *bytes = support_read(mem, path, &len);

	memcpy(&time[0], bytes + 12, 8);
	memcpy(&time[1], bytes + 4096 + 20, 8);
}

/* Header and first bin of both copies, however each of them is written: 12 and 4096 + 20 of the
 * file, little-endian. */
static void both_copies_have_one_time(void **state)
{
	static const char *const olds[] = { NT_IMAGE, NT_IMAGE_LONGER,
		"C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmi.EXE" };
	static const char *const news[] = { NT_IMAGE_LONGER, NT_IMAGE_MOVED };

	for (size_t i = 0; i < 6; i++) {
		struct regbench *b = regbench(*state);
		struct reg_edit edit = regbench_edit(b, news[i % 2]);
		uint64_t system[2], alt[2];

		nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = olds[i / 2] });
		(void)regbench_switched(b, regbench_staged(b, &edit, 1));
		has_time(b->system, b, system);
		has_time(b->alt, b, alt);
		assert_true(system[0] == system[1] && alt[0] == alt[1] && system[0] == alt[0]);
		regbench_reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI",
			news[i % 2]);
	}
}

static void a_second_copy_that_moved_is_told_after_the_first_is_done(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage = regbench_staged(b, &edit, 1);
	size_t done;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = "D:\\other.exe" });
	assert_int_equal(b->server->ops->reg_switch(stage, &done, &b->err), -TROUBLE_MOVED);
	assert_int_equal(done, 1);
	assert_non_null(strstr(b->err.text, "SYSTEM.ALT"));
	regbench_reads(b, KEY, NT_IMAGE_MOVED);
}

/* The last judgement on an image: whatever is not as planned is seen. */
static void what_was_not_planned_is_seen(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_LONGER);
	struct reg_stage *stage = regbench_staged(b, &edit, 1);
	const struct nt_system wrong[] = {
		{ .image = NT_IMAGE },                           /* not done */
		{ .image = NT_IMAGE_LONGER, .default_set = 2 },  /* something else as well */
		{ .image = NT_IMAGE_LONGER, .no_select = true }, /* a key gone */
	};
	size_t len;
	uint8_t *bytes = nt_system(b, &(struct nt_system){ .image = NT_IMAGE_LONGER }, &len);

	assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len, &b->err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		bytes = nt_system(b, &wrong[i], &len);
		assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len, &b->err),
			-TROUBLE_VERIFY);
	}
	bytes = nt_system(b, &(struct nt_system){ .image = NT_IMAGE_LONGER }, &len);
	assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len - 4096, &b->err),
		-TROUBLE_HIVE_TRUNCATED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(one_letter_is_one_byte_on_the_disk),
		SUPPORT_TEST(a_longer_value_is_switched_in_with_the_old_traits),
		SUPPORT_TEST(a_value_over_two_sectors_is_switched_in),
		SUPPORT_TEST(a_stage_that_is_dropped_leaves_nothing),
		SUPPORT_TEST(what_is_right_already_is_not_written),
		SUPPORT_TEST(values_are_added_and_removed),
		SUPPORT_TEST(without_a_second_copy_there_is_none_afterwards),
		SUPPORT_TEST(a_second_copy_that_is_not_sound_stays_as_it_is),
		SUPPORT_TEST(a_second_copy_out_of_step_gets_the_same_values),
		SUPPORT_TEST(a_second_copy_that_is_only_behind_is_not_told_of),
		SUPPORT_TEST(a_second_copy_that_lacks_a_key_gets_the_others),
		SUPPORT_TEST(both_copies_have_one_time),
		SUPPORT_TEST(a_second_copy_that_moved_is_told_after_the_first_is_done),
		SUPPORT_TEST(what_was_not_planned_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
