/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/ntfolder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "nt/regf_build.h"
#include "tests/handmade.h"
#include "tests/support.h"

#define NT_TIME UINT64_C(125911584000000000) /* the first of January 2000 */

static void value(struct regf_build *build, const char *key, const char *name,
	struct reg_data *data)
{
	struct error err;

	assert_non_null(data);
	if (regf_build_value(build, key, name, data, &err) != 0)
		fail_msg("%s", err.text);
	talloc_free(data);
}

static void string(struct regf_build *build, const char *key, const char *name, const char *text)
{
	value(build, key, name, regdata_from_string(NULL, REG_SZ, text));
}

static void shares(struct regf_build *build)
{
	static char *const definition[] = { "CSCFlags=0", "MaxUses=4294967295",
		"Path=C:\\exchsrvr\\Connect\\Msmcon\\Maildata", "Permissions=63",
		"Remark=Access for MSMI postoffice", "Type=0" };
	uint8_t security[28] = { 1, 0, 4, 0x80 };

	value(build, NT_SERVICES "LanmanServer\\Shares", "Maildat$",
		regdata_from_strings(NULL, definition, 6));
	value(build, NT_SERVICES "LanmanServer\\Shares\\Security", "Maildat$",
		regdata_copy(NULL, &(struct reg_data){ REG_BINARY, security, sizeof security }));
}

static void connector(struct regf_build *build, const char *image)
{
	uint8_t blob[1500];

	memset(blob, 0x55, sizeof blob);
	value(build, NT_SERVICES "MSExchangeMSMI", "ImagePath",
		regdata_from_string(NULL, REG_EXPAND_SZ, image));
	value(build, NT_SERVICES "MSExchangeMSMI", "Start", regdata_from_dword(NULL, 2));
	value(build, NT_SERVICES "MSExchangeMSMI", "Blob",
		regdata_copy(NULL, &(struct reg_data){ REG_BINARY, blob, sizeof blob }));
	string(build, NT_SERVICES "MSExchangeMSMI\\Performance", "Library",
		"C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmiperf.dll");
	string(build, NT_SERVICES "MTA to Z\xc3\xbcrich", "ImagePath",
		"C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Pcmta.exe /S");
}

static void control_set(struct regf_build *build, const struct nt_system *spec)
{
	string(build, "ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName",
		"VANMAIL");
	string(build, "ControlSet001\\Control\\ProductOptions", "ProductType", "ServerNT");
	string(build, "ControlSet002\\Services\\MSExchangeMSMI", "ImagePath", "untouched");
	if (spec->no_services)
		return;
	shares(build);
	if (spec->event_file)
		value(build, NT_SERVICES "EventLog\\Application", "File",
			regdata_from_string(NULL, REG_EXPAND_SZ, spec->event_file));
	if (!spec->no_connector)
		connector(build, spec->image ? spec->image : NT_IMAGE);
}

uint8_t *nt_system(TALLOC_CTX *mem, const struct nt_system *spec, size_t *len)
{
	struct regf_build *build = regf_build_new(mem, "$$$PROTO.HIV", "SYSTEM", NT_TIME);
	uint8_t *bytes;
	struct error err;

	control_set(build, spec);
	if (!spec->no_select)
		value(build, "Select", "Default",
			regdata_from_dword(NULL, spec->default_set ? spec->default_set : 1));
	regf_build_sequence(build, 7 + spec->dirty, 7);
	if (regf_build_finish(build, mem, &bytes, len, &err) != 0)
		fail_msg("%s", err.text);
	talloc_free(build);
	return hand_pad(mem, bytes, len, spec->size);
}

static uint8_t *software(TALLOC_CTX *mem, size_t *len)
{
	const char *key = "Microsoft\\Windows NT\\CurrentVersion";
	struct regf_build *build = regf_build_new(mem, "$$$PROTO.HIV", "SOFTWARE", NT_TIME);
	uint8_t *bytes;
	struct error err;

	string(build, key, "CurrentVersion", "4.0");
	string(build, key, "ProductId", "50370-111-1111111-08511");
	value(build, key, "InstallDate", regdata_from_dword(NULL, 0x34000000));
	if (regf_build_finish(build, mem, &bytes, len, &err) != 0)
		fail_msg("%s", err.text);
	return bytes;
}

void nt_hive(const char *folder, const char *name, const struct nt_system *spec)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t len;
	uint8_t *bytes = nt_system(mem, spec, &len);

	support_write(talloc_asprintf(mem, "%s/system32/config/%s", folder, name), bytes, len);
	talloc_free(mem);
}

void nt_folder(const char *folder, const struct nt_system *spec)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t len;
	uint8_t *bytes = software(mem, &len);

	support_mkdir(folder);
	support_mkdir(talloc_asprintf(mem, "%s/system32", folder));
	support_mkdir(talloc_asprintf(mem, "%s/system32/config", folder));
	support_write(talloc_asprintf(mem, "%s/system32/config/SOFTWARE", folder), bytes, len);
	nt_hive(folder, "SYSTEM", spec);
	talloc_free(mem);
}

struct nt_disks *nt_disks(TALLOC_CTX *mem)
{
	char *root = support_folder(mem);
	struct nt_disks *disks = nt_disks_in(mem, root);

	talloc_steal(disks, root);
	return disks;
}

struct nt_disks *nt_disks_in(TALLOC_CTX *mem, const char *root)
{
	struct nt_disks *disks = talloc_zero(mem, struct nt_disks);

	disks->root = talloc_strdup(disks, root);
	disks->c = talloc_asprintf(disks, "%s/c", disks->root);
	disks->e = talloc_asprintf(disks, "%s/e", disks->root);
	disks->winnt = talloc_asprintf(disks, "%s/WINNT", disks->c);
	disks->config = talloc_asprintf(disks, "%s/system32/config", disks->winnt);
	disks->drives = talloc_asprintf(disks, "C=%s,E=%s", disks->c, disks->e);
	support_mkdir(disks->c);
	support_mkdir(disks->e);
	nt_folder(disks->winnt, &(struct nt_system){ 0 });
	nt_hive(disks->winnt, "SYSTEM.ALT", &(struct nt_system){ 0 });
	return disks;
}

struct server *nt_open(struct nt_disks *disks)
{
	struct disks_options options = { .drives = disks->drives };
	struct server *server;
	struct error err;

	if (disks_open(disks, &options, &server, &err) != 0)
		fail_msg("%s", err.text);
	return server;
}

int nt_try(TALLOC_CTX *mem, const char *drives, const char *folder, struct error *err)
{
	struct disks_options options = { .drives = drives, .nt_folder = folder };
	struct server *server;

	*err = (struct error){ 0 };
	return disks_open(mem, &options, &server, err);
}
