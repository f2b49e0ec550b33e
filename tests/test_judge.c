/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second judge must see what the first could have missed. */
#include "server/judge.h"

#include <ctype.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"

static int hive_open(TALLOC_CTX *mem)
{
	size_t len;
	uint8_t *bytes = nt_system(mem, &(struct nt_system){ 0 }, &len);
	int fd = memfd_create("SYSTEM", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	return fd;
}

static int judge(const struct reg_edit *edit, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int fd = hive_open(mem), ret;

	*err = (struct error){ 0 };
	ret = judge_values(fd, edit, 1, err);
	close(fd);
	talloc_free(mem);
	return ret;
}

static void what_is_right_passes(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct reg_edit edits[] = {
		{ KEY, "ImagePath", regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE) },
		{ "system\\CONTROLSET001\\services\\msexchangemsmi", "imagepath",
			regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE) },
		{ KEY, "Start", regdata_from_dword(mem, 2) },
		{ KEY, "Gone", NULL },
		{ "SYSTEM\\ControlSet001\\Services\\MTA to Z\xc3\x9cRICH", "ImagePath",
			regdata_from_string(mem, REG_SZ,
				"C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Pcmta.exe /S") },
	};
	struct error err;
	int fd = hive_open(mem);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++)
		if (judge(&edits[i], &err) != 0)
			fail_msg("%zu: %s", i, err.text);
	assert_int_equal(judge_values(fd, edits, ARRAY_SIZE(edits), &err), 0);
	close(fd);
	talloc_free(mem);
}

static void what_is_wrong_does_not(void **state)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reg_data *image = regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE);
	const struct reg_edit edits[] = {
		{ KEY, "ImagePath", regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE_MOVED) },
		{ KEY, "ImagePath", regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE_LONGER) },
		{ KEY, "ImagePath", regdata_from_string(mem, REG_SZ, NT_IMAGE) },
		{ KEY, "ImagePath", NULL },
		{ KEY, "ImagePat", image },
		{ KEY "\\Nothing", "ImagePath", image },
		{ KEY, "Start", regdata_from_dword(mem, 0x02000000) },
		{ KEY, "ImagePath",
			regdata_copy(mem,
				&(struct reg_data){ REG_EXPAND_SZ, image->bytes,
					image->len - 2 }) },
		{ KEY, "ImagePath",
			regdata_copy(mem, &(struct reg_data){ REG_EXPAND_SZ, NULL, 0 }) },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		if (judge(&edits[i], &err) != -TROUBLE_VERIFY)
			fail_msg("%zu passed", i);
		assert_non_null(strstr(err.text, edits[i].value));
	}
	talloc_free(mem);
}

static void what_is_no_hive_is_refused(void **state)
{
	struct error err;
	int fd = memfd_create("SYSTEM", MFD_CLOEXEC);

	(void)state;
	assert_int_equal(judge_values(fd, NULL, 0, &err), -TROUBLE_VERIFY);
	assert_int_equal(write(fd, "regf", 4), 4);
	assert_int_equal(judge_values(fd, NULL, 0, &err), -TROUBLE_VERIFY);
	close(fd);
}

/* Compiles the Turkish locale into a folder, so that it need not be installed. */
static bool turkish(TALLOC_CTX *mem)
{
	char *folder = support_folder(mem), *to = talloc_asprintf(mem, "%s/tr_TR.UTF-8", folder);
	const char *const argv[] = { "localedef", "-i", "tr_TR", "-f", "UTF-8", to, NULL };

	/* It warns about much and exits with 1 when it does, so what it made is what counts. */
	(void)support_run(mem, argv, NULL, NULL);
	setenv("LOCPATH", folder, 1);
	return setlocale(LC_ALL, "tr_TR.UTF-8") && toupper('i') != 'I';
}

/* In Turkish the small letter of I is another than i: "imagepath" would not be "ImagePath". */
static void the_locale_does_not_matter(void **state)
{
	TALLOC_CTX *mem = *state;
	const struct reg_edit edit = { "SYSTEM\\controlset001\\services\\msexchangemsmi",
		"imagepath", regdata_from_string(mem, REG_EXPAND_SZ, NT_IMAGE) };
	struct error err;
	int ret;

	if (!turkish(mem))
		support_skip("no Turkish locale can be made here");
	ret = judge(&edit, &err);
	setlocale(LC_ALL, "C");
	unsetenv("LOCPATH");
	if (ret != 0)
		fail_msg("%s", err.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_right_passes),
		cmocka_unit_test(what_is_wrong_does_not),
		cmocka_unit_test(what_is_no_hive_is_refused),
		SUPPORT_TEST(the_locale_does_not_matter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
