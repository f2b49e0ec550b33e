/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6 and what names the folder in the registry: threats, each of which makes one
 * say no, and their twins without the cause, which it lets pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/finish_bench.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services\\"
#define OLD "C:\\exchsrvr\\connect\\msmcon"
#define NEW "E:\\exchsrvr\\connect\\msmcon"
#define CONTROL "SYSTEM\\ControlSet001\\Control\\"
#define OTHER_SET "SYSTEM\\ControlSet002\\Services\\"

/* A value that names the folder, in some spelling, and what differs from it only in that it does
 * not. */
struct threat {
	const char *gate, *key, *value;
	uint32_t type;
	const char *says, *twin;
	bool narrow, odd; /* in bytes; one byte off */
};

static const struct threat threats[] = {
	{ "values", SERVICES "Browser", "Application", REG_SZ, OLD "\\bin\\mt.exe",
		NEW "\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "AppDirectory", REG_EXPAND_SZ, "c:/EXCHSRVR/Connect/MSMCON",
		"c:/EXCHSRVR/Connect/MSEXCIMC", 0, 0 },
	{ "values", SERVICES "Browser", "Parameter", REG_SZ, "E:\\run.exe -d " OLD,
		"E:\\run.exe -d C:\\exchsrvr\\connect\\msexcimc", 0, 0 },
	{ "values", SERVICES "Browser", "Dots", REG_SZ,
		"C:\\exchsrvr\\bin\\..\\connect\\.\\msmcon\\bin",
		"C:\\exchsrvr\\bin\\..\\other\\msmcon\\bin", 0, 0 },
	{ "values", SERVICES "Browser", "Unc", REG_SZ, "\\\\COURIER\\C$\\exchsrvr\\connect\\msmcon",
		"\\\\COURIER\\E$\\exchsrvr\\connect\\msmcon", 0, 0 },
	{ "values", SERVICES "Browser", "Kernel", REG_SZ, "\\??\\" OLD, "\\??\\" NEW, 0, 0 },
	{ "values", SERVICES "Browser", "Long", REG_SZ, "\\\\?\\" OLD "\\bin",
		"\\\\?\\" NEW "\\bin", 0, 0 },
	{ "values", SERVICES "Browser", "Relative", REG_SZ, "msmcon\\bin\\mt.exe",
		"msexcimc\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "Rooted", REG_SZ, "\\exchsrvr\\connect\\msmcon", "msmcon",
		0, 0 },
	{ "values", SERVICES "Browser", "Drive", REG_EXPAND_SZ,
		"%SystemDrive%\\exchsrvr\\connect\\msmcon",
		"%SystemDrive%\\exchsrvr\\connect\\msmcon2", 0, 0 },
	{ "values", SERVICES "Browser", "Unknown", REG_EXPAND_SZ, "%WHEREVER%\\bin\\mt.exe",
		"%SystemRoot%\\bin\\mt.exe", 0, 0 },
	{ "values", SERVICES "Browser", "Bytes", REG_BINARY, OLD "\\bin", NEW "\\bin", true,
		false },
	{ "values", SERVICES "Browser", "Odd", REG_BINARY, OLD "\\bin", NEW "\\bin", false, true },
	{ "values", SERVICES "Browser", "Strange", 0x1234, OLD, NEW, false, false },
	{ "values", OTHER_SET "MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, OLD "\\bin\\mt.exe",
		NEW "\\bin\\mt.exe", 0, 0 },
	{ "values", CONTROL "Session Manager\\Environment", "Path", REG_EXPAND_SZ,
		"%SystemRoot%\\system32;" OLD "\\bin;%SystemRoot%",
		"%SystemRoot%\\system32;" NEW "\\bin;%SystemRoot%", 0, 0 },
	{ "values", CONTROL "Lsa", "Notification Packages", REG_MULTI_SZ, OLD "\\bin\\mtmsg",
		"%UserProfile%\\mtmsg", 0, 0 },
	{ "values", "SYSTEM\\ControlSet002\\Control\\Session Manager",
		"PendingFileRenameOperations", REG_MULTI_SZ, "\\??\\" OLD "\\bin\\mt.exe",
		"\\??\\" NEW "\\bin\\mt.exe", 0, 0 },
	{ "share", SERVICES "LanmanServer\\Shares", "MSMAIL", REG_SZ, "Path=" OLD "\\maildata",
		"Path=C:\\exchsrvr\\res", 0, 0 },
	{ "share", OTHER_SET "LanmanServer\\Shares", "MSMAIL", REG_SZ, "Path=" OLD, "Path=" NEW, 0,
		0 },
};

static struct reg_data *threat_data(struct finish_bench *bench, const struct threat *threat,
	const char *text)
{
	struct reg_data *data = regdata_from_string(bench, REG_SZ, text);

	if (threat->narrow) {
		data->bytes = (uint8_t *)talloc_strdup(data, text);
		data->len = strlen(text);
	} else if (threat->odd) {
		uint8_t *bytes = talloc_zero_size(data, data->len + 1);

		memcpy(bytes + 1, data->bytes, data->len++);
		data->bytes = bytes;
	}
	data->type = threat->type;
	return data;
}

static void names_in_every_spelling(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	for (size_t i = 0; i < ARRAY_SIZE(threats); i++) {
		const struct threat *threat = &threats[i];

		finish_value(bench, server, threat->key, threat->value,
			threat_data(bench, threat, threat->twin));
		finish_yes(bench, engine, threat->gate);
		finish_value(bench, server, threat->key, threat->value,
			threat_data(bench, threat, threat->says));
		finish_no(bench, engine, threat->gate, threat->value);
		finish_value(bench, server, threat->key, threat->value,
			threat_data(bench, threat, threat->twin));
	}
}

/* What is named by a path holds it as well. */
static void names_of_values(void **state)
{
	static const char *const rows[][2] = {
		{ OLD "\\bin\\mt.exe", NEW "\\bin\\mt.exe" },
		{ "c:/exchsrvr/CONNECT/msmcon/maildata", "c:/exchsrvr/CONNECT/msmcon2/maildata" },
		{ "\\\\?\\" OLD, "\\\\?\\" NEW },
		{ "%SystemDrive%\\exchsrvr\\connect\\msmcon",
			"%SystemDrive%\\exchsrvr\\connect\\msexcimc" },
	};
	static const char *const keys[] = { SERVICES "Browser", CONTROL "Lsa",
		OTHER_SET "MSExchangeMSMI" };
	struct finish_bench *bench = *state;
	struct server *server = finish_open(bench, false);
	struct engine *engine = finish_ready(bench, server);

	for (size_t i = 0; i < ARRAY_SIZE(rows) * 3; i++) {
		const char *key = keys[i % 3], *const *row = rows[i / 3];

		finish_value(bench, server, key, row[0], regdata_from_dword(bench, 1));
		finish_no(bench, engine, "values", row[0]);
		finish_value(bench, server, key, row[0], NULL);
		finish_value(bench, server, key, row[1], regdata_from_dword(bench, 1));
		finish_yes(bench, engine, "values");
	}
}

/* A key cannot have a backslash in its name, but slashes; it need not have a value. */
static void names_of_keys(void **state)
{
	static const char *const names[] = { "C:/exchsrvr/connect/msmcon/bin",
		"E:/exchsrvr/connect/msmcon/bin" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *key = i == 0 ? "Services\\Browser\\C:/exchsrvr/connect/msmcon/bin"
					 : "Services\\Browser\\E:/exchsrvr/connect/msmcon/bin";
		const struct practice_edit edit = { .op = PRACTICE_REG_SET,
			.where = PRACTICE_IN_DEFAULT_SET,
			.path = key,
			.name = "x",
			.type = REG_SZ,
			.text = "y" };
		struct server *server;
		struct engine *engine;
		struct finish_bench *bench;
		void *made;

		finish_make_with(&made, &edit, 1);
		bench = made;
		server = finish_open(bench, false);
		engine = finish_carried(bench, server);
		for (int value = 0; value < 2; value++) {
			const struct gate *gate = finish_gate(bench, engine, "values", NULL);

			assert_int_equal(gate->answer, i == 0 ? GATE_NO : GATE_YES);
			if (i == 0)
				assert_non_null(strstr(gate->detail, names[i]));
			finish_value(bench, server,
				talloc_asprintf(bench, "SYSTEM\\ControlSet001\\%s", key), "x",
				NULL);
		}
		finish_free(&made);
	}
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, finish_make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(names_in_every_spelling),
		CASE(names_of_values),
		cmocka_unit_test(names_of_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
