/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/regf_build.h"
#include "server/disks.h"
#include "tests/support.h"

#define SERVICES "SYSTEM\\ControlSet001\\Services\\"
#define FILETIME UINT64_C(125657050670000000)

enum { LAB_PROGRAM_TEXT = 0x100 };

/* MS-DTYP 2.4.6: self-relative, no owner, no group, an access list of 8 bytes at 20 that lets
 * nobody in. */
const uint8_t lab_descriptor[LAB_DESCRIPTOR] = { 1, 0, 4, 0x80, [16] = 20, [20] = 2, [22] = 8 };

struct lab_value {
	char *key, *name; /* name NULL: the key alone */
	struct reg_data *data;
	struct lab_value *next;
};

struct lab_file {
	char *path, *text;
	int64_t seconds;
	struct lab_file *next;
};

struct lab {
	struct lab_value *values;
	struct lab_file *files;
	char *dir;
	bool alt, built;
};

/* ---- what is in the registry ---- */

static char *full_key(struct lab *lab, const char *key)
{
	if (strncmp(key, "SERVICES\\", 9) == 0)
		return talloc_asprintf(lab, SERVICES "%s", key + 9);
	return talloc_strdup(lab, key);
}

static void put(struct lab *lab, const char *key, const char *name, const struct reg_data *data)
{
	struct lab_value *value;
	char *full = full_key(lab, key);

	assert_false(lab->built);
	for (value = lab->values; value; value = value->next)
		if (name && value->name && text_equal(value->key, full) &&
			text_equal(value->name, name))
			break;
	if (!value) {
		value = talloc_zero(lab, struct lab_value);
		value->next = lab->values;
		lab->values = value;
		value->key = full;
		value->name = name ? talloc_strdup(value, name) : NULL;
	}
	value->data = data ? regdata_copy(value, data) : NULL;
}

void lab_text(struct lab *lab, const char *key, const char *value, uint32_t type, const char *text)
{
	put(lab, key, value, regdata_from_string(lab, type, text));
}

void lab_number(struct lab *lab, const char *key, const char *value, uint32_t number)
{
	put(lab, key, value, regdata_from_dword(lab, number));
}

void lab_bytes(struct lab *lab, const char *key, const char *value, uint32_t type,
	const void *bytes, size_t len)
{
	struct reg_data data = { .type = type,
		.bytes = talloc_memdup(lab, bytes, len),
		.len = len };

	put(lab, key, value, &data);
}

void lab_lines(struct lab *lab, const char *key, const char *value, const char *lines)
{
	char *strings[16], *text = talloc_strdup(lab, lines), *save = NULL;
	size_t count = 0;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		strings[count++] = line;
	put(lab, key, value, regdata_from_strings(lab, strings, count));
}

void lab_key(struct lab *lab, const char *key)
{
	put(lab, key, NULL, NULL);
}

void lab_remove(struct lab *lab, const char *key, const char *name)
{
	char *full = full_key(lab, key);
	size_t removed = 0, len = strlen(full);

	for (struct lab_value **at = &lab->values; *at;) {
		const struct lab_value *value = *at;
		bool below = strncmp(value->key, full, len) == 0 &&
			(value->key[len] == '\0' || value->key[len] == '\\');
		bool gone = name ? strcmp(value->key, full) == 0 && value->name &&
				strcmp(value->name, name) == 0
				 : below;
		if (gone) {
			*at = value->next;
			removed++;
		} else {
			at = &(*at)->next;
		}
	}
	assert_int_not_equal(removed, 0);
}

/* ---- what is on the drives ---- */

void lab_file(struct lab *lab, const char *path, const char *text, int64_t seconds)
{
	struct lab_file *file;

	assert_false(lab->built);
	for (file = lab->files; file; file = file->next)
		if (strcmp(file->path, path) == 0)
			break;
	if (!file) {
		file = talloc_zero(lab, struct lab_file);
		file->path = talloc_strdup(file, path);
		file->next = lab->files;
		lab->files = file;
	}
	file->text = talloc_strdup(file, text);
	file->seconds = seconds;
}

void lab_unfile(struct lab *lab, const char *path)
{
	size_t len = strlen(path), removed = 0;

	for (struct lab_file **at = &lab->files; *at;) {
		bool below = strncmp((*at)->path, path, len) == 0 &&
			((*at)->path[len] == '\0' || (*at)->path[len] == '/');
		if (below)
			*at = (*at)->next;
		else
			at = &(*at)->next;
		removed += below;
	}
	assert_int_not_equal(removed, 0);
}

void lab_move(struct lab *lab, const char *from, const char *to)
{
	size_t len = strlen(from), moved = 0;

	for (struct lab_file *file = lab->files; file; file = file->next) {
		if (strncmp(file->path, from, len) != 0 || file->path[len] != '/')
			continue;
		file->path = talloc_asprintf(file, "%s%s", to, file->path + len);
		moved++;
	}
	assert_int_not_equal(moved, 0);
}

/* ---- the worked example ---- */

static const struct {
	const char *key, *value;
	uint32_t type;
	const char *leaf;
} article_values[] = {
	{ "SERVICES\\" LAB_VANCOUVER, "ImagePath", REG_EXPAND_SZ, "async.exe" },
	{ "SERVICES\\" LAB_LEGACY, "ImagePath", REG_EXPAND_SZ, "x25eicon.exe" },
	{ "SERVICES\\MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, "mt.exe" },
	{ "SERVICES\\MSExchangeMSMI\\Performance", "Library", REG_SZ, "mtperf.dll" },
	{ "SERVICES\\MSExchangePCMTA\\Performance", "Library", REG_SZ, "xtnperf.dll" },
	{ "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "CategoryMessageFile", REG_EXPAND_SZ,
		"mtmsg.dll" },
	{ "SERVICES\\EventLog\\Application\\MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ,
		"mtmsg.dll" },
	{ "SERVICES\\EventLog\\Application\\" LAB_VANCOUVER, "CategoryMessageFile", REG_EXPAND_SZ,
		"xtnmsg.dll" },
	{ "SERVICES\\EventLog\\Application\\" LAB_VANCOUVER, "EventMessageFile", REG_EXPAND_SZ,
		"xtnmsg.dll" },
	{ "SERVICES\\EventLog\\Application\\" LAB_LEGACY, "CategoryMessageFile", REG_EXPAND_SZ,
		"xtnmsg.dll" },
	{ "SERVICES\\EventLog\\Application\\" LAB_LEGACY, "EventMessageFile", REG_EXPAND_SZ,
		"xtnmsg.dll" },
};

void lab_values(struct lab *lab, const char *msmcon)
{
	for (size_t i = 0; i < ARRAY_SIZE(article_values); i++) {
		char *text = talloc_asprintf(lab, "%s\\bin\\%s", msmcon, article_values[i].leaf);
		lab_text(lab, article_values[i].key, article_values[i].value,
			article_values[i].type, text);
	}
}

static void service(struct lab *lab, const char *name, const char *image, const char *account)
{
	char *key = talloc_asprintf(lab, "SERVICES\\%s", name);

	lab_number(lab, key, "Type", 0x10);
	lab_number(lab, key, "Start", 2);
	lab_text(lab, key, "ObjectName", REG_SZ, account);
	if (image)
		lab_text(lab, key, "ImagePath", REG_EXPAND_SZ, image);
}

static void system_hive(struct lab *lab)
{
	lab_number(lab, "SYSTEM\\Select", "Current", 1);
	lab_number(lab, "SYSTEM\\Select", "Default", 1);
	lab_number(lab, "SYSTEM\\Select", "Failed", 0);
	lab_number(lab, "SYSTEM\\Select", "LastKnownGood", 1);
	lab_text(lab, "SYSTEM\\ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName",
		REG_SZ, "MAIL1");
	lab_text(lab, "SYSTEM\\ControlSet001\\Control\\ProductOptions", "ProductType", REG_SZ,
		"ServerNT");
	service(lab, "MSExchangeSA", "C:\\exchsrvr\\bin\\mad.exe", "LAB\\exservice");
	service(lab, "MSExchangeMSMI", NULL, "LAB\\exservice");
	service(lab, LAB_VANCOUVER, NULL, "LAB\\exservice");
	service(lab, LAB_LEGACY, NULL, "LAB\\exservice");
	service(lab, "LanmanServer", "%SystemRoot%\\System32\\services.exe", "LocalSystem");
	service(lab, "Browser", "%SystemRoot%\\System32\\services.exe", "LocalSystem");
	lab_text(lab, "SERVICES\\MSExchangeMSMI\\Parameters\\Admin", "NET1/PO1", REG_SZ,
		"\\\\NWSRV1\\MAILPO1 /Z");
	lab_lines(lab, "SERVICES\\" LAB_VANCOUVER "\\Parameters", "DrivesUNC",
		"\\\\MAIL1\\maildat$ /Z\n\\\\NWSRV1\\MAILPO1 /Z");
	lab_text(lab, "SERVICES\\" LAB_VANCOUVER "\\Parameters", "X25CallFacilities", REG_SZ, "");
	lab_text(lab, "SERVICES\\" LAB_LEGACY "\\Parameters", "X25CallFacilities", REG_SZ, "");
	lab_lines(lab, "SERVICES\\LanmanServer\\Shares", "Resources",
		"MaxUses=4294967295\nPath=C:\\exchsrvr\\res\nPermissions=0\nRemark=Event logging files\nType=0");
	lab_key(lab, "SERVICES\\LanmanServer\\Shares\\Security");
	/* The share is gone and its permissions are left: they count again once it is back. */
	lab_bytes(lab, "SERVICES\\LanmanServer\\Shares\\Security", "Maildat$", REG_BINARY,
		lab_descriptor, LAB_DESCRIPTOR);
	lab_values(lab, LAB_DEFAULT);
}

static void software_hive(struct lab *lab)
{
	const char *nt = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

	lab_text(lab, nt, "CurrentVersion", REG_SZ, "4.0");
	lab_text(lab, nt, "ProductId", REG_SZ, "50370-111-1111111-08511");
	lab_text(lab, nt, "SystemRoot", REG_SZ, "C:\\WINNT");
	lab_number(lab, nt, "InstallDate", 0x34000000);
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "Services", REG_SZ, "C:\\exchsrvr");
	lab_text(lab, "SOFTWARE\\Microsoft\\Exchange\\Setup", "MSMailConnector", REG_SZ,
		"C:\\exchsrvr");
}

static void maildata(struct lab *lab, const char *folder, int64_t newest)
{
	static const struct {
		const char *name;
		int64_t back; /* seconds before the newest */
	} files[] = {
		{ "glb/control.glb", 0 },
		{ "key/inqueue3.key", 20 },
		{ "mbg/inqueue3.mbg", 20 },
		{ "mai/ma3/00000403.mai", 40 },
		{ "log/sent.log", 10 },
		{ "p1/populate.msm", -100000000 },
	};
	char master[177];

	memset(master, 'm', 176);
	master[176] = '\0';
	lab_file(lab, talloc_asprintf(lab, "%s/maildata/glb/master.glb", folder), master,
		LAB_SETUP_TIME - 90000000);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		lab_file(lab, talloc_asprintf(lab, "%s/maildata/%s", folder, files[i].name), "x",
			newest - files[i].back);
}

static void drives(struct lab *lab)
{
	static const char *const bin[] = { "mt.exe", "mtmsg.dll", "mtperf.dll", "async.exe",
		"xtnmsg.dll", "xtnperf.dll", "address.dll", "x25eicon.exe" };

	for (size_t i = 0; i < ARRAY_SIZE(bin); i++) {
		lab_file(lab, talloc_asprintf(lab, "C/exchsrvr/connect/msmcon/bin/%s", bin[i]),
			"new", LAB_SETUP_TIME - 4000000);
		lab_file(lab, talloc_asprintf(lab, "E/exchsrvr/connect/msmcon/bin/%s", bin[i]),
			"old", LAB_SETUP_TIME - 40000000);
	}
	lab_file(lab, "C/exchsrvr/bin/mad.exe", "MZ", LAB_SETUP_TIME - 4000000);
	lab_file(lab, "C/Exchange Server Setup.log", "a log", LAB_SETUP_TIME);
	/* Copied when it was moved; in use until the evening before the service pack. */
	maildata(lab, "C/exchsrvr/connect/msmcon", LAB_SETUP_TIME - 30000000);
	maildata(lab, "E/exchsrvr/connect/msmcon", LAB_SETUP_TIME - 57600);
}

struct lab *lab_new(TALLOC_CTX *mem)
{
	struct lab *lab = talloc_zero(mem, struct lab);

	system_hive(lab);
	software_hive(lab);
	drives(lab);
	return lab;
}

void lab_with_alt(struct lab *lab)
{
	lab->alt = true;
}

/* ---- writing it out ---- */

static void hive_write(struct lab *lab, const char *hive, const char *file)
{
	struct regf_build *build = regf_build_new(lab, "$$$PROTO.HIV", hive, FILETIME);
	size_t prefix = strlen(hive) + 1, len = 0;
	uint8_t *bytes;
	struct error err;
	int ret = 0;

	for (const struct lab_value *value = lab->values; ret == 0 && value; value = value->next) {
		if (strncmp(value->key, hive, prefix - 1) != 0)
			continue;
		ret = value->name ? regf_build_value(build, value->key + prefix, value->name,
					    value->data, &err)
				  : regf_build_key(build, value->key + prefix, &err);
	}
	if (ret != 0 || regf_build_finish(build, lab, &bytes, &len, &err) != 0)
		fail_msg("%s", err.text);
	support_write(lab_path(lab, talloc_asprintf(lab, "C/WINNT/system32/config/%s", file)),
		bytes, len);
	talloc_free(build);
}

static void folders_above(const char *path)
{
	char *copy = talloc_strdup(NULL, path);

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0755) != 0 && errno != EEXIST)
			fail_msg("%s: %s", copy, strerror(errno));
		*slash = '/';
	}
	talloc_free(copy);
}

static void put_16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
}

/*
 * PE and COFF specification: new header at 0x40, one section whose bytes begin behind the headers
 * at 0x100.
 */
void lab_write(const char *path, const char *text)
{
	const char *dot = strrchr(path, '.');
	bool dll = dot && strcasecmp(dot, ".dll") == 0;
	size_t len = strlen(text);
	uint8_t bytes[4096] = { 'M', 'Z', [0x3c] = 0x40, [0x40] = 'P', 'E' };

	if (len == 0 || (!dll && !(dot && strcasecmp(dot, ".exe") == 0))) {
		support_write_text(path, text);
		return;
	}
	assert_true(len <= sizeof bytes - LAB_PROGRAM_TEXT);
	put_16(bytes + 0x18, 0x40);
	put_16(bytes + 0x44, 0x14c);                 /* Machine: i386 */
	put_16(bytes + 0x46, 1);                     /* NumberOfSections */
	put_16(bytes + 0x54, 0x60);                  /* SizeOfOptionalHeader: no directories */
	put_16(bytes + 0x56, dll ? 0x2102 : 0x0102); /* Characteristics */
	put_16(bytes + 0x58, 0x10b);                 /* Magic: PE32 */
	put_16(bytes + 0xb8 + 16, (unsigned)len);    /* SizeOfRawData */
	put_16(bytes + 0xb8 + 20, LAB_PROGRAM_TEXT); /* PointerToRawData */
	memcpy(bytes + LAB_PROGRAM_TEXT, text, len);
	support_write(path, bytes, LAB_PROGRAM_TEXT + len);
}

char *lab_read(TALLOC_CTX *mem, const char *path)
{
	size_t len;
	char *text = (char *)support_read(mem, path, &len);

	return len > LAB_PROGRAM_TEXT && memcmp(text, "MZ", 2) == 0 ? text + LAB_PROGRAM_TEXT
								    : text;
}

static void file_write(struct lab *lab, const struct lab_file *file)
{
	char *path = lab_path(lab, file->path);
	const struct timespec times[2] = { { .tv_sec = file->seconds },
		{ .tv_sec = file->seconds } };

	folders_above(path);
	lab_write(path, file->text);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

char *lab_path(struct lab *lab, const char *path)
{
	return talloc_asprintf(lab, "%s/%s", lab->dir, path);
}

const char *lab_build(struct lab *lab)
{
	assert_false(lab->built);
	lab->built = true;
	lab->dir = support_folder(lab);
	folders_above(lab_path(lab, "C/WINNT/system32/config/x"));
	folders_above(lab_path(lab, "E/x"));
	for (const struct lab_file *file = lab->files; file; file = file->next)
		file_write(lab, file);
	hive_write(lab, "SYSTEM", "SYSTEM");
	hive_write(lab, "SOFTWARE", "SOFTWARE");
	if (lab->alt)
		hive_write(lab, "SYSTEM", "SYSTEM.ALT");
	return lab->dir;
}

static int try_open(struct lab *lab, struct server **server, struct error *err)
{
	struct disks_options options = { 0 };

	if (!lab->built)
		lab_build(lab);
	options.drives = talloc_asprintf(lab, "C=%s/C,E=%s/E", lab->dir, lab->dir);
	*err = (struct error){ 0 };
	return disks_open(lab, &options, server, err);
}

struct server *lab_open(struct lab *lab)
{
	struct server *server;
	struct error err;

	if (try_open(lab, &server, &err) != 0)
		fail_msg("%s", err.text);
	return server;
}

int lab_try(struct lab *lab, const struct survey_options *options, const struct survey **survey,
	struct error *err)
{
	const struct survey_options none = { 0 };
	struct server *server;
	int ret = try_open(lab, &server, err);

	return ret == 0 ? survey_make(lab, server, options ? options : &none, survey, err) : ret;
}

const struct survey *lab_survey(struct lab *lab, const struct survey_options *options)
{
	const struct survey *survey;
	struct error err;

	if (lab_try(lab, options, &survey, &err) != 0)
		fail_msg("%s", err.text);
	return survey;
}

const struct finding *lab_row(const struct survey *survey, const char *id)
{
	const struct finding *row = survey_finding(survey, id);

	if (!row)
		fail_msg("no row %s", id);
	return row;
}

const struct notice *lab_notice(const struct survey *survey, const char *id)
{
	for (size_t i = 0; i < survey->notice_count; i++)
		if (strcmp(survey->notices[i].id, id) == 0)
			return &survey->notices[i];
	return NULL;
}
