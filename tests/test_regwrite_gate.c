/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What refuses to change the registry of a server that is off, and that looking ahead only
 * reads. */
#include "server/disks_regwrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/regbench.h"
#include "tests/support.h"

/* Staged in a rehearsal, an edit an act. */
static int rehearsed(struct regbench *b, struct server_rehearsal *rehearsal,
	const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;
	int ret = 0;

	*rehearsal = (struct server_rehearsal){ 0 };
	b->server->rehearsing = rehearsal;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = b->server->ops->reg_stage(b->server, b, &edits[i], 1, &stage, &b->err);
	b->server->rehearsing = NULL;
	return ret;
}

/* What a rehearsal says is what writing then does; it writes nothing itself. */
static void a_rehearsal_only_reads(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edits[] = { regbench_edit(b, NT_IMAGE_LONGER),
		{ PCMTA, "ImagePath", regbench_edit(b, NT_IMAGE_LONGER).data } };
	struct reg_edit none = { "SYSTEM\\Nothing", "x", edits[0].data };
	struct reg_edit news = { edits[0].key, "A value that is not there yet", edits[0].data };
	struct server_rehearsal rehearsal;
	size_t len, alt_len;

	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(regbench_unchanged(b, b->system) && regbench_unchanged(b, b->alt));
	regbench_tidy(b, 3);
	(void)regbench_switched(b, regbench_staged(b, &edits[0], 1));
	(void)regbench_switched(b, regbench_staged(b, &edits[1], 1));
	support_read(b, b->system, &len);
	support_read(b, b->alt, &alt_len);
	/* A new bin of 4096 bytes for each. */
	assert_int_equal(len, b->len + 8192);
	assert_true(rehearsal.grows[0] == len - b->len && rehearsal.grows[1] == alt_len - b->len);
	/* What is written already takes nothing; a value and its key's longer list take a bin
	 * again. */
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(rehearsal.grows[0] == 0 && rehearsal.grows[1] == 0);
	assert_int_equal(rehearsed(b, &rehearsal, &news, 1), 0);
	(void)regbench_switched(b, regbench_staged(b, &news, 1));
	support_read(b, b->system, &alt_len);
	assert_true(rehearsal.grows[0] == 4096 && alt_len - len == 4096);
	assert_int_equal(rehearsed(b, &rehearsal, &none, 1), -TROUBLE_NOT_THERE);
	/* The second copy may lack a key, and may be damaged. */
	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	support_write(b->alt, "regf", 4);
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(rehearsal.grows[1] == 0);
}

/* NT loads SYSTEM into its first 16 MB (KB Q306038): 10 MB is where it stops growing, known before
 * anything is written. */
static void the_limit_of_a_hive_is_known_by_reading(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit edits[] = { regbench_edit(b, NT_IMAGE_LONGER),
		{ PCMTA, "ImagePath", regbench_edit(b, NT_IMAGE_LONGER).data } };
	struct server_rehearsal rehearsal;

	nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .size = (10 << 20) - 4096 });
	assert_int_equal(rehearsed(b, &rehearsal, edits, 1), 0);
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), -TROUBLE_CANNOT);
	assert_non_null(strstr(b->err.text, "10 MB"));
	regbench_tidy(b, 3);
}

static void somebody_else_in_between_stops_it(void **state)
{
	static const char *const texts[] = { NT_IMAGE_MOVED, NT_IMAGE_LONGER };

	for (size_t i = 0; i < 2; i++) {
		struct regbench *b = regbench(*state);
		struct reg_edit edit = regbench_edit(b, texts[i]);
		struct reg_stage *stage = regbench_staged(b, &edit, 1);
		size_t done = 9, len;
		uint8_t *other, *now;

		nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .image = "D:\\other.exe" });
		other = support_read(b, b->system, &len);
		assert_int_equal(b->server->ops->reg_switch(stage, &done, &b->err), -TROUBLE_MOVED);
		assert_int_equal(done, 0);
		now = support_read(b, b->system, &len);
		assert_memory_equal(now, other, len);
		assert_true(regbench_unchanged(b, b->alt));
	}
}

static void edits_that_must_not_be_are_refused(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_data *data = regdata_from_dword(b, 1);
	struct reg_edit software = { "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductId",
		data };
	struct reg_edit alt = { "SYSTEM.ALT\\Select", "Default", data };
	struct reg_edit root = { "SYSTEM", "Value", data };
	struct reg_edit missing = { KEY "\\Nothing", "Value", data };
	struct reg_edit twice[] = { { KEY, "Start", data },
		{ "system\\ControlSet001\\services\\MSEXCHANGEMSMI", "START", data } };

	assert_int_equal(regbench_refused(b, &software, 1), -TROUBLE_BUG);
	assert_int_equal(regbench_refused(b, &alt, 1), -TROUBLE_BUG);
	assert_int_equal(regbench_refused(b, &root, 1), -TROUBLE_BUG);
	assert_int_equal(regbench_refused(b, &missing, 1), -TROUBLE_NOT_THERE);
	assert_int_equal(regbench_refused(b, twice, 2), -TROUBLE_BUG);
	assert_true(regbench_unchanged(b, b->system) && regbench_unchanged(b, b->alt));
	regbench_tidy(b, 3);
}

static void the_gate_refuses(struct regbench *b, enum trouble trouble, const char *word)
{
	struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);

	if (b->server->ops->reg_gate(b->server, &b->err) != -(int)trouble ||
		!strstr(b->err.text, word))
		fail_msg("wanted %s with '%s', got: %s", trouble_name(trouble), word, b->err.text);
	assert_int_equal(regbench_refused(b, &edit, 1), -(int)trouble);
}

static void leftovers_close_the_gate(void **state)
{
	static const char *const names[] = { "SYSTEM.q24", "systema.Q24",
		"SYSTEM.ntfs-3g-0000000001", "SYSTEM.ALT.ntfs-3g-7" };
	struct regbench *b = regbench(*state);

	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *path = talloc_asprintf(b, "%s/%s", b->disks->config, names[i]);
		support_write_text(path, "x");
		the_gate_refuses(b, TROUBLE_MOVED, names[i]);
		unlink(path);
	}
	support_write_text(talloc_asprintf(b, "%s/SYSTEM.ntfs-3g-old", b->disks->config), "x");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
}

static void a_hibernated_server_closes_the_gate(void **state)
{
	struct regbench *b = regbench(*state);
	char *path = talloc_asprintf(b, "%s/hiberfil.sys", b->disks->c);

	support_write_text(path, "wake and more");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	support_write_text(path, "");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	support_write_text(path, "hibr and more");
	the_gate_refuses(b, TROUBLE_HIVE_DIRTY, "hibernated");
}

static void a_damaged_hive_closes_the_gate(void **state)
{
	struct regbench *b = regbench(*state);
	uint8_t *bytes = talloc_memdup(b, b->before, b->len);

	nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .dirty = 1 });
	the_gate_refuses(b, TROUBLE_HIVE_DIRTY, "SYSTEM");
	support_write(b->system, b->before, b->len - 4096);
	the_gate_refuses(b, TROUBLE_HIVE_TRUNCATED, "SYSTEM");
	regbench_break(bytes, b->len);
	support_write(b->system, bytes, b->len);
	the_gate_refuses(b, TROUBLE_HIVE_BROKEN, "SYSTEM");
	unlink(b->system);
	the_gate_refuses(b, TROUBLE_NOT_THERE, "SYSTEM");
}

/* ---- between preparing and writing ---- */

static void gets_another_name(const char *path, const char *outside)
{
	assert_int_equal(link(path, outside), 0);
}

/* A file of somebody else's with the very bytes, under its name. */
static void becomes_a_link(const char *path, const char *outside)
{
	assert_int_equal(rename(path, outside), 0);
	assert_int_equal(link(outside, path), 0);
}

static void becomes_a_symbolic_link(const char *path, const char *outside)
{
	assert_int_equal(rename(path, outside), 0);
	assert_int_equal(symlink(outside, path), 0);
}

static void becomes_another_file(const char *path, const char *outside)
{
	assert_int_equal(rename(path, outside), 0);
	support_write(path, "another", 7);
}

static void what_took_its_name_is_not_written_into(void **state)
{
	void (*const swaps[])(const char *, const char *) = { gets_another_name, becomes_a_link,
		becomes_a_symbolic_link, becomes_another_file };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(swaps); i++) {
		struct regbench *b = regbench(*state);
		struct reg_edit edit = regbench_edit(b, NT_IMAGE_MOVED);
		struct reg_stage *stage = regbench_staged(b, &edit, 1);
		char *outside = talloc_asprintf(b, "%s/outside", b->disks->root);
		size_t done = 9, second = i % 2;
		int ret;

		swaps[i / 2](second ? b->alt : b->system, outside);
		ret = b->server->ops->reg_switch(stage, &done, &b->err);
		assert_true(ret == -TROUBLE_MOVED || ret == -TROUBLE_LINK);
		assert_int_equal(done, second);
		assert_true(regbench_unchanged(b, outside));
		talloc_free(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_rehearsal_only_reads),
		SUPPORT_TEST(the_limit_of_a_hive_is_known_by_reading),
		SUPPORT_TEST(somebody_else_in_between_stops_it),
		SUPPORT_TEST(edits_that_must_not_be_are_refused),
		SUPPORT_TEST(leftovers_close_the_gate),
		SUPPORT_TEST(a_hibernated_server_closes_the_gate),
		SUPPORT_TEST(a_damaged_hive_closes_the_gate),
		SUPPORT_TEST(what_took_its_name_is_not_written_into),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
