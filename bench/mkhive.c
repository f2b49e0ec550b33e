/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mkhive DRIVE MEGABYTES: makes DRIVE/WINNT/system32/config with a SYSTEM of about that size and a small SOFTWARE.
 * 200 services as an NT 4.0 server with Exchange has them, and under Enum as many keys as the size asks for.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "nt/regdata.h"
#include "nt/regf_build.h"

/* 1999-03-12 as FILETIME. */
#define BENCH_TIME UINT64_C(125656704000000000)

enum { SERVICES = 200, KEYS_A_FOLDER = 400, BYTES_A_KEY = 400, PATH_SIZE = 4096 };

static void must(int ret, const struct error *err)
{
	if (ret == 0)
		return;
	fprintf(stderr, "mkhive: %s\n", err->text);
	exit(1);
}

static void text_set(struct regf_build *build, const char *key, const char *name, uint32_t type, const char *text)
{
	struct error err;
	struct reg_data *data = regdata_from_string(build, type, text);

	must(regf_build_value(build, key, name, data, &err), &err);
	talloc_free(data);
}

static void number_set(struct regf_build *build, const char *key, const char *name, uint32_t number)
{
	struct error err;
	struct reg_data *data = regdata_from_dword(build, number);

	must(regf_build_value(build, key, name, data, &err), &err);
	talloc_free(data);
}

static void service_add(struct regf_build *build, const char *name, const char *image)
{
	char key[256], sub[300];

	snprintf(key, sizeof(key), "ControlSet001\\Services\\%s", name);
	number_set(build, key, "Type", 16);
	number_set(build, key, "Start", 3);
	number_set(build, key, "ErrorControl", 1);
	text_set(build, key, "ImagePath", REG_EXPAND_SZ, image);
	text_set(build, key, "DisplayName", REG_SZ, name);
	text_set(build, key, "ObjectName", REG_SZ, "LocalSystem");
	snprintf(sub, sizeof(sub), "%s\\Parameters", key);
	text_set(build, sub, "Working Directory", REG_SZ, image);
	snprintf(sub, sizeof(sub), "%s\\Performance", key);
	text_set(build, sub, "Library", REG_EXPAND_SZ, image);
}

static void services_add(struct regf_build *build)
{
	char name[64], image[256];

	service_add(build, "MSExchangeMSMI", "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	service_add(build, "MSExchangePCMTA", "C:\\exchsrvr\\connect\\msmcon\\bin\\pcmta.exe");
	service_add(build, "MTA to Vancouver PO", "C:\\exchsrvr\\connect\\msmcon\\bin\\pcmta.exe \"MTA to Vancouver PO\"");
	for (int i = 3; i < SERVICES; i++) {
		snprintf(name, sizeof(name), "Service%03d", i);
		snprintf(image, sizeof(image), "%%SystemRoot%%\\System32\\drivers\\service%03d.sys", i);
		service_add(build, name, image);
	}
}

static void select_add(struct regf_build *build)
{
	number_set(build, "Select", "Current", 1);
	number_set(build, "Select", "Default", 1);
	number_set(build, "Select", "Failed", 0);
	number_set(build, "Select", "LastKnownGood", 1);
	text_set(build, "ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName", REG_SZ, "BENCH");
	text_set(build, "ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ, "ServerNT");
}

static void bulk_add(struct regf_build *build, size_t size)
{
	char key[256];
	char text[91];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 26);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i * BYTES_A_KEY < size; i++) {
		snprintf(key, sizeof(key), "ControlSet001\\Enum\\P%05zu\\D%06zu", i / KEYS_A_FOLDER, i);
		text_set(build, key, "DeviceDesc", REG_SZ, text);
		number_set(build, key, "ConfigFlags", (uint32_t)i);
	}
}

static void file_write(struct regf_build *build, const char *config, const char *name)
{
	char path[PATH_SIZE];
	struct error err;
	uint8_t *bytes;
	size_t len;
	FILE *file;

	must(regf_build_finish(build, build, &bytes, &len, &err), &err);
	snprintf(path, sizeof(path), "%s/%s", config, name);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) {
		fprintf(stderr, "mkhive: %s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void folders_make(const char *drive, char config[PATH_SIZE])
{
	static const char *const below[] = { "", "/WINNT", "/WINNT/system32", "/WINNT/system32/config" };

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		snprintf(config, PATH_SIZE, "%s%s", drive, below[i]);
		if (mkdir(config, 0700) != 0 && errno != EEXIST) {
			fprintf(stderr, "mkhive: %s: %s\n", config, strerror(errno));
			exit(1);
		}
	}
}

int main(int argc, char *argv[])
{
	struct regf_build *build;
	char config[PATH_SIZE];

	if (argc != 3 || strlen(argv[1]) > PATH_SIZE / 2)
		return 64;
	folders_make(argv[1], config);
	build = regf_build_new(NULL, "$$$PROTO.HIV", "SYSTEM", BENCH_TIME);
	select_add(build);
	services_add(build);
	bulk_add(build, strtoul(argv[2], NULL, 10) * 1000000);
	file_write(build, config, "SYSTEM");
	talloc_free(build);
	build = regf_build_new(NULL, "$$$PROTO.HIV", "SOFTWARE", BENCH_TIME);
	text_set(build, "Microsoft\\Windows NT\\CurrentVersion", "CurrentVersion", REG_SZ, "4.0");
	text_set(build, "Microsoft\\Windows NT\\CurrentVersion", "ProductId", REG_SZ, "50370-335-1111111-22222");
	number_set(build, "Microsoft\\Windows NT\\CurrentVersion", "InstallDate", 914000000);
	file_write(build, config, "SOFTWARE");
	talloc_free(build);
	return 0;
}
