/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * mkhive DRIVE MEGABYTES: makes DRIVE/WINNT/system32/config with a SYSTEM of about that size and a
 * small SOFTWARE. 200 services as an NT 4.0 server with Exchange has them, and under Enum as many
 * keys as the size asks for. mkhive -g FILE MEGABYTES SERVICES: makes the registry file SYSTEM of a
 * server that is there larger in the same way.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "nt/regdata.h"
#include "nt/regf.h"
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

static void text_set(struct regf_build *build, const char *key, const char *name, uint32_t type,
	const char *text)
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

static void services_more(struct regf_build *build, unsigned long from, unsigned long to)
{
	char name[64], image[256];

	for (unsigned long i = from; i < to; i++) {
		snprintf(name, sizeof(name), "Service%03lu", i);
		snprintf(image, sizeof(image),
			"%%SystemRoot%%\\System32\\drivers\\service%03lu.sys", i);
		service_add(build, name, image);
	}
}

static void services_add(struct regf_build *build)
{
	service_add(build, "MSExchangeMSMI", "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe");
	service_add(build, "MSExchangePCMTA", "C:\\exchsrvr\\connect\\msmcon\\bin\\pcmta.exe");
	service_add(build, "MTA to Vancouver PO",
		"C:\\exchsrvr\\connect\\msmcon\\bin\\pcmta.exe \"MTA to Vancouver PO\"");
	services_more(build, 3, SERVICES);
}

static void select_add(struct regf_build *build)
{
	number_set(build, "Select", "Current", 1);
	number_set(build, "Select", "Default", 1);
	number_set(build, "Select", "Failed", 0);
	number_set(build, "Select", "LastKnownGood", 1);
	text_set(build, "ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName",
		REG_SZ, "BENCH");
	text_set(build, "ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ,
		"ServerNT");
}

static void bulk_add(struct regf_build *build, size_t size)
{
	char key[256];
	char text[91];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = (char)('a' + i % 26);
	text[sizeof(text) - 1] = '\0';
	for (size_t i = 0; i * BYTES_A_KEY < size; i++) {
		snprintf(key, sizeof(key), "ControlSet001\\Enum\\P%05zu\\D%06zu", i / KEYS_A_FOLDER,
			i);
		text_set(build, key, "DeviceDesc", REG_SZ, text);
		number_set(build, key, "ConfigFlags", (uint32_t)i);
	}
}

static void file_write(struct regf_build *build, const char *path)
{
	struct error err;
	uint8_t *bytes;
	size_t len;
	FILE *file;

	must(regf_build_finish(build, build, &bytes, &len, &err), &err);
	file = fopen(path, "wb");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0) {
		fprintf(stderr, "mkhive: %s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void folders_make(const char *drive, char config[PATH_SIZE])
{
	static const char *const below[] = { "", "/WINNT", "/WINNT/system32",
		"/WINNT/system32/config" };

	for (size_t i = 0; i < sizeof(below) / sizeof(below[0]); i++) {
		snprintf(config, PATH_SIZE, "%s%s", drive, below[i]);
		if (mkdir(config, 0700) != 0 && errno != EEXIST) {
			fprintf(stderr, "mkhive: %s: %s\n", config, strerror(errno));
			exit(1);
		}
	}
}

static int value_keep(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	return !value ? 0 : regf_build_value(arg, key, value->name, &value->data, err);
}

static int graft(const char *path, size_t size, unsigned long services)
{
	struct regf_build *build = regf_build_new(NULL, "$$$PROTO.HIV", "SYSTEM", BENCH_TIME);
	struct regf *hive;
	struct error err;
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	size_t len;

	if (!file || fseek(file, 0, SEEK_END) != 0)
		return 66;
	len = (size_t)ftell(file);
	rewind(file);
	bytes = talloc_size(build, len);
	if (!bytes || fread(bytes, 1, len, file) != len)
		return 66;
	fclose(file);
	must(regf_open_bytes(build, path, bytes, len, &hive, &err), &err);
	must(regf_walk(hive, regf_root(hive), "", value_keep, build, &err), &err);
	services_more(build, 0, services);
	bulk_add(build, size);
	file_write(build, path);
	talloc_free(build);
	return 0;
}

int main(int argc, char *argv[])
{
	struct regf_build *build;
	char config[PATH_SIZE], path[PATH_SIZE + 16];

	if (argc == 5 && !strcmp(argv[1], "-g"))
		return graft(argv[2], strtoul(argv[3], NULL, 10) * 1000000,
			strtoul(argv[4], NULL, 10));
	if (argc != 3 || strlen(argv[1]) > PATH_SIZE / 2)
		return 64;
	folders_make(argv[1], config);
	build = regf_build_new(NULL, "$$$PROTO.HIV", "SYSTEM", BENCH_TIME);
	select_add(build);
	services_add(build);
	bulk_add(build, strtoul(argv[2], NULL, 10) * 1000000);
	snprintf(path, sizeof(path), "%s/SYSTEM", config);
	file_write(build, path);
	talloc_free(build);
	build = regf_build_new(NULL, "$$$PROTO.HIV", "SOFTWARE", BENCH_TIME);
	text_set(build, "Microsoft\\Windows NT\\CurrentVersion", "CurrentVersion", REG_SZ, "4.0");
	text_set(build, "Microsoft\\Windows NT\\CurrentVersion", "ProductId", REG_SZ,
		"50370-335-1111111-22222");
	number_set(build, "Microsoft\\Windows NT\\CurrentVersion", "InstallDate", 914000000);
	snprintf(path, sizeof(path), "%s/SOFTWARE", config);
	file_write(build, path);
	talloc_free(build);
	return 0;
}
