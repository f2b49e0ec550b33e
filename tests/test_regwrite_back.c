/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole registry files put back, shares, and what other programs see of what was changed. */
#include "server/disks_regwrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/regbench.h"
#include "tests/support.h"

/* Puts both copies back as they were and looks that they are. */
static void put_back(struct regbench *b)
{
	struct hive_image images[] = { { "SYSTEM.ALT", b->before, b->len },
		{ "SYSTEM", b->before, b->len } };
	struct reg_stage *stage;

	if (b->server->ops->reg_stage_whole(b->server, b, images, 2, &stage, &b->err) != 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(regbench_switched(b, stage), 2);
	assert_true(regbench_unchanged(b, b->system) && regbench_unchanged(b, b->alt));
	regbench_tidy(b, 3);
}

static void whole_files_are_put_back(void **state)
{
	struct regbench *b = regbench(*state);
	struct reg_edit small = regbench_edit(b, NT_IMAGE_MOVED),
			large = regbench_edit(b, NT_IMAGE_LONGER);
	struct stat before, after;

	assert_int_equal(regbench_switched(b, regbench_staged(b, &small, 1)), 2);
	assert_int_equal(stat(b->system, &before), 0);
	put_back(b);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_equal(regbench_switched(b, regbench_staged(b, &large, 1)), 2);
	put_back(b);
	unlink(b->alt);
	put_back(b);
	regbench_reads(b, KEY, NT_IMAGE);
}

static void only_sound_files_are_put_back(void **state)
{
	struct regbench *b = regbench(*state);
	struct hive_image half = { "SYSTEM", b->before, b->len / 2 },
			  software = { "SOFTWARE", b->before, b->len };
	struct hive_image twice[] = { { "SYSTEM", b->before, b->len },
		{ "system", b->before, b->len } };
	struct reg_stage *stage;

	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &half, 1, &stage, &b->err),
		-TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &software, 1, &stage,
				 &b->err),
		-TROUBLE_BUG);
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, twice, 2, &stage, &b->err),
		-TROUBLE_BUG);
	assert_true(regbench_unchanged(b, b->system));
	/* A second copy that was never touched goes back as it is, damaged or not. */
	support_write_text(b->alt, "damaged");
	struct hive_image same = { "SYSTEM.ALT", (const uint8_t *)"damaged", 7 };
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &same, 1, &stage, &b->err),
		0);
	assert_int_equal(regbench_switched(b, stage), 1);
}

static void shares_are_changed_and_removed(void **state)
{
	struct regbench *b = regbench(*state);
	struct share *share, after = { .name = (char *)"Maildat$" };
	struct reg_stage *stage;
	size_t count;
	char **strings;

	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	strings = regdata_strings(b, share->definition, &count);
	strings[2] = talloc_strdup(b, "Path=E:\\exchsrvr\\Connect\\Msmcon\\Maildata");
	after.definition = regdata_with_strings(b, share->definition, strings, count);
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", &after, false,
				 &stage, &b->err),
		0);
	assert_int_equal(regbench_switched(b, stage), 2);
	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	assert_string_equal(share->path, "E:\\exchsrvr\\Connect\\Msmcon\\Maildata");
	assert_int_equal(share->security_len, 28);
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", NULL, false, &stage,
				 &b->err),
		0);
	assert_int_equal(regbench_switched(b, stage), 2);
	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	assert_null(share);
	after.definition = NULL;
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", &after, false,
				 &stage, &b->err),
		-TROUBLE_CANNOT);
}

/* Differing lines of two exports, by another program. */
static char *export_difference(struct regbench *b, const char *const *tool, const char *before,
	const char *after)
{
	const char *argv[8] = { 0 };
	char *one, *two, *out, *paths[2];
	size_t n = 0, last;

	while (tool[n]) {
		argv[n] = tool[n];
		n++;
	}
	for (last = 0; strcmp(argv[last], "FILE") != 0; last++)
		;
	argv[last] = before;
	(void)support_run(b, argv, NULL, &one);
	argv[last] = after;
	(void)support_run(b, argv, NULL, &two);
	assert_true(strlen(one) > 1000);
	paths[0] = talloc_asprintf(b, "%s/one", b->disks->root);
	paths[1] = talloc_asprintf(b, "%s/two", b->disks->root);
	support_write_text(paths[0], one);
	support_write_text(paths[1], two);
	const char *const diff[] = { "diff", paths[0], paths[1], NULL };
	(void)support_run(b, diff, NULL, &out);
	return out;
}

static size_t lines_of(const char *text, char first)
{
	size_t count = 0;

	for (const char *line = text; line;
		line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		count += *line == first;
	return count;
}

static void other_programs_see_only_the_planned_difference(void **state)
{
	static const char *const tools[][6] = {
		{ "hivexregedit", "--export", "--unsafe-printable-strings", "FILE", "\\", NULL },
		{ "reglookup", "FILE", NULL },
	};
	static const char *const texts[] = { NT_IMAGE_MOVED, NT_IMAGE_LONGER };
	size_t tried = 0;

	for (size_t i = 0; i < 2; i++) {
		for (size_t tool = 0; tool < 2; tool++) {
			struct regbench *b = regbench(*state);
			struct reg_edit edits[] = { regbench_edit(b, texts[i]),
				{ KEY, "Start", regdata_from_dword(b, 3) } };
			char *before = talloc_asprintf(b, "%s/before", b->disks->root), *out;
			if (!support_have(tools[tool][0]))
				continue;
			support_write(before, b->before, b->len);
			assert_int_equal(regbench_switched(b, regbench_staged(b, edits, 2)), 2);
			out = export_difference(b, tools[tool], before, b->system);
			/* A key's time is part of reglookup's lines: the key itself moves where the
			 * file grew. */
			if (lines_of(out, '<') != lines_of(out, '>') || lines_of(out, '<') < 2 ||
				lines_of(out, '<') > (tool == 1 && i == 1 ? 3u : 2u) ||
				!strstr(out, "Start") || !strstr(out, "ImagePath"))
				fail_msg("%s sees: %s", tools[tool][0], out);
			tried++;
		}
	}
	if (!tried)
		support_skip("neither hivexregedit nor reglookup is here");
}

#define FOREIGN_KEY "SYSTEM\\ControlSet001\\Services\\3ware"

/* The registry of a Windows nobody here installed, changed and put back through the server. */
static void a_hive_of_windows_itself_is_changed_and_put_back(void **state)
{
	static const char *const tool[] = { "hivexregedit", "--export", "FILE", "\\", NULL };
	static const char *const texts[] = { "System32\\drivers\\4ware.sys",
		"System32\\drivers\\another name.sys" };
	char *folder = support_hives(*state), *foreign;

	if (!folder)
		support_skip("the hives of others are not here");
	foreign = talloc_asprintf(*state, "%s/qthivex/SYSTEM", folder);
	for (size_t i = 0; i < 2; i++) {
		struct regbench *b = regbench(*state);
		struct reg_edit edit = { FOREIGN_KEY, "ImagePath",
			regdata_from_string(b, REG_EXPAND_SZ, texts[i]) };
		char *now, *out;

		b->before = support_read(b, foreign, &b->len);
		support_write(b->system, b->before, b->len);
		support_write(b->alt, b->before, b->len);
		talloc_free(b->server);
		b->server = nt_open(b->disks);
		assert_int_equal(server_reg_string(b->server, b, FOREIGN_KEY, "ImagePath", &now,
					 &b->err),
			0);
		assert_string_equal(now, "System32\\drivers\\3ware.sys");
		assert_int_equal(regbench_switched(b, regbench_staged(b, &edit, 1)), 2);
		if (support_have(tool[0])) {
			out = export_difference(b, tool, foreign, b->system);
			if (lines_of(out, '<') != 1 || lines_of(out, '>') != 1 ||
				!strstr(out, "> \"ImagePath\"=hex(2):"))
				fail_msg("%s", out);
		}
		put_back(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(whole_files_are_put_back),
		SUPPORT_TEST(only_sound_files_are_put_back),
		SUPPORT_TEST(shares_are_changed_and_removed),
		SUPPORT_TEST(a_hive_of_windows_itself_is_changed_and_put_back),
		SUPPORT_TEST(other_programs_see_only_the_planned_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
