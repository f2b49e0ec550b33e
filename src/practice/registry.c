/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hives of a practice server: SYSTEM with two control sets, its second copy and its log, and SOFTWARE. */
#include <stdlib.h>
#include <string.h>

#include "nt/regf.h"
#include "nt/regf_build.h"
#include "practice/parts.h"

#define CONFIG "C/WINNT/system32/config/"
#define FILETIME_1970 INT64_C(11644473600)

/* ---- Filling a hive ---- */

/* Frees data: rows are made, put and forgotten. */
void practice_hive_put(struct practice_hive *hive, const char *key, const char *value, struct reg_data *data)
{
	if (hive->status == 0 && key && value && data && hive->system && !hive->plain)
		hive->status = practice_twist_value(hive, key, value, &data);
	else if (hive->status == 0 && !data)
		hive->status = error_memory(hive->err);
	if (hive->status == 0 && data)
		hive->status = key && value ? regf_build_value(hive->build, key, value, data, hive->err)
						    : error_memory(hive->err);
	talloc_free(data);
}

static struct reg_data *strings_data(TALLOC_CTX *mem, const char *text)
{
	char *copy = talloc_strdup(mem, text), *strings[24], *save = NULL;
	struct reg_data *data;
	size_t count = 0;

	for (char *s = copy ? strtok_r(copy, "|", &save) : NULL; s && count < COUNT(strings);
	     s = strtok_r(NULL, "|", &save))
		strings[count++] = s;
	data = copy ? regdata_from_strings(mem, strings, count) : NULL;
	talloc_free(copy);
	return data;
}

void practice_hive_text(struct practice_hive *hive, const char *key, const char *value, uint32_t type, const char *text)
{
	char *full = text ? practice_expand(hive->mem, hive->world, text) : NULL;
	struct reg_data *data = NULL;

	if (full && type == REG_MULTI_SZ)
		data = strings_data(hive->mem, full);
	else if (full && type == REG_DWORD)
		data = regdata_from_dword(hive->mem, (uint32_t)strtoul(full, NULL, 0));
	else if (full)
		data = regdata_from_string(hive->mem, type, full);
	practice_hive_put(hive, key, value, data);
	talloc_free(full);
}

void practice_hive_rows(struct practice_hive *hive, const char *prefix, const struct practice_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *path = prefix[0] ? talloc_asprintf(hive->mem, "%s\\%s", prefix, rows[i].key)
				       : talloc_strdup(hive->mem, rows[i].key);
		char *key = path ? practice_expand(hive->mem, hive->world, path) : NULL;

		practice_hive_text(hive, key, rows[i].value, rows[i].type, rows[i].text);
		talloc_free(path);
		talloc_free(key);
	}
}

/* ---- Security descriptors ---- */

static void sid_put(struct practice_buf *buf, const struct practice_world *world, enum practice_sid who)
{
	static const uint8_t heads[][8] = {
		[PRACTICE_EVERYONE] = {1, 1, 0, 0, 0, 0, 0, 1},       /* S-1-1-0 */
		[PRACTICE_ADMINISTRATORS] = {1, 2, 0, 0, 0, 0, 0, 5}, /* S-1-5-32-544 */
		[PRACTICE_SYSTEM] = {1, 1, 0, 0, 0, 0, 0, 5},         /* S-1-5-18 */
		[PRACTICE_ACCOUNT] = {1, 5, 0, 0, 0, 0, 0, 5},        /* S-1-5-21-a-b-c-1001 */
	};
	const uint32_t *d = world->domain_sid;
	const uint32_t parts[][5] = {
		[PRACTICE_EVERYONE] = {0},
		[PRACTICE_ADMINISTRATORS] = {32, 544},
		[PRACTICE_SYSTEM] = {18},
		[PRACTICE_ACCOUNT] = {21, d[0], d[1], d[2], 1001},
	};

	practice_put(buf, heads[who], sizeof(heads[who]));
	for (size_t i = 0; i < heads[who][1]; i++)
		practice_put32(buf, parts[who][i]);
}

static void ace_put(struct practice_buf *buf, const struct practice_world *world, const struct practice_ace *ace)
{
	const size_t start = buf->len;

	practice_put16(buf, 0); /* access allowed, not inherited */
	practice_put16(buf, 0);
	practice_put32(buf, ace->mask);
	sid_put(buf, world, ace->who);
	practice_set16(buf, start + 2, (uint32_t)(buf->len - start));
}

/* MS-DTYP 2.4.6: header, the list of who may do what, owner, group. */
static void descriptor_put(struct practice_buf *buf, const struct practice_world *world,
			   const struct practice_ace *aces, size_t count)
{
	practice_put16(buf, 1);
	practice_put16(buf, 0x8004);
	practice_zeros(buf, 12);
	practice_put32(buf, 20);
	practice_put16(buf, 2);
	practice_put16(buf, 0);
	practice_put32(buf, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		ace_put(buf, world, &aces[i]);
	practice_set16(buf, 22, (uint32_t)buf->len - 20);
	practice_set32(buf, 4, (uint32_t)buf->len);
	sid_put(buf, world, PRACTICE_ADMINISTRATORS);
	practice_set32(buf, 8, (uint32_t)buf->len);
	sid_put(buf, world, PRACTICE_SYSTEM);
}

struct reg_data *practice_security(TALLOC_CTX *mem, const struct practice_world *world, const struct practice_ace *aces,
				   size_t count)
{
	struct practice_buf buf = practice_buf_new(mem);
	struct reg_data *data = talloc_zero(mem, struct reg_data);

	descriptor_put(&buf, world, aces, count);
	if (data == NULL || !practice_buf_ok(&buf)) {
		talloc_free(buf.bytes);
		talloc_free(data);
		return NULL;
	}
	*data = (struct reg_data){REG_BINARY, talloc_steal(data, buf.bytes), buf.len};
	return data;
}

/* ---- SYSTEM ---- */

static const struct practice_row SELECT[] = {
	{"Select", "Current", REG_DWORD, "1"},  {"Select", "Default", REG_DWORD, "1"},
	{"Select", "Failed", REG_DWORD, "0"},   {"Select", "LastKnownGood", REG_DWORD, "2"},
	{"Setup", "SetupType", REG_DWORD, "0"}, {"Setup", "SystemSetupInProgress", REG_DWORD, "0"},
	{"Setup", "CmdLine", REG_SZ, ""},       {"Setup", "SystemPartition", REG_SZ, "\\Device\\Harddisk0\\Partition1"},
};

static const struct practice_row CONTROL[] = {
	{"Control", "CurrentUser", REG_SZ, "USERNAME"},
	{"Control", "SystemStartOptions", REG_SZ, ""},
	{"Control", "WaitToKillServiceTimeout", REG_SZ, "20000"},
	{"Control\\ComputerName\\ComputerName", "ComputerName", REG_SZ, "{server}"},
	{"Control\\FileSystem", "NtfsDisable8dot3NameCreation", REG_DWORD, "0"},
	{"Control\\FileSystem", "Win31FileSystem", REG_DWORD, "0"},
	{"Control\\Lsa", "Authentication Packages", REG_MULTI_SZ, "msv1_0"},
	{"Control\\Nls\\CodePage", "ACP", REG_SZ, "1252"},
	{"Control\\Nls\\CodePage", "OEMCP", REG_SZ, "437"},
	{"Control\\Nls\\Language", "Default", REG_SZ, "0409"},
	{"Control\\ProductOptions", "ProductType", REG_SZ, "{type}"},
	{"Control\\ServiceGroupOrder", "List", REG_MULTI_SZ,
	 "System Bus Extender|SCSI miniport|port|Primary disk|SCSI class|SCSI CDROM class|filter|boot file "
	 "system|Base|Keyboard Port|"
	 "Keyboard Class|Video Save|file system|Event log|Streams "
	 "Drivers|PNP_TDI|NDIS|TDI|NetBIOSGroup|NetDDEGroup|SpoolerGroup|"
	 "RemoteValidation|NetworkProvider"},
	{"Control\\Session Manager", "BootExecute", REG_MULTI_SZ, "autocheck autochk *"},
	{"Control\\Session Manager\\Environment", "ComSpec", REG_EXPAND_SZ, "%SystemRoot%\\system32\\cmd.exe"},
	{"Control\\Session Manager\\Environment", "Path", REG_EXPAND_SZ,
	 "%SystemRoot%\\system32;%SystemRoot%;C:\\exchsrvr\\bin"},
	{"Control\\Session Manager\\Environment", "PROCESSOR_ARCHITECTURE", REG_SZ, "x86"},
	{"Control\\TimeZoneInformation", "Bias", REG_DWORD, "0"},
	{"Control\\Windows", "Directory", REG_EXPAND_SZ, "%SystemRoot%"},
	{"Control\\Windows", "SystemDirectory", REG_EXPAND_SZ, "%SystemRoot%\\system32"},
};

/* Everything below "SYSTEM\<control set>" but the services; before: as it was before the service pack. */
static void control_set(struct practice_hive *hive, const char *set, bool before)
{
	char *services = talloc_asprintf(hive->mem, "%s\\Services", set);

	practice_hive_rows(hive, set, CONTROL, COUNT(CONTROL));
	if (services == NULL) {
		hive->status = hive->status < 0 ? hive->status : error_memory(hive->err);
		return;
	}
	practice_services_put(hive, services);
	practice_connector_put(hive, services, before);
	talloc_free(services);
}

/* ---- SOFTWARE ---- */

#define EXCHANGE_SETUP "Microsoft\\Exchange\\Setup"
#define CURRENT_VERSION "Microsoft\\Windows NT\\CurrentVersion"

static const struct practice_row SOFTWARE[] = {
	{EXCHANGE_SETUP, "Services", REG_SZ, "C:\\exchsrvr"},
	{EXCHANGE_SETUP, "MSMailConnector", REG_SZ, "C:\\exchsrvr"},
	{EXCHANGE_SETUP, "AdminDest", REG_SZ, "C:\\exchsrvr\\bin"},
	{EXCHANGE_SETUP, "Internet", REG_SZ, "C:\\exchsrvr"},
	{EXCHANGE_SETUP, "X400", REG_SZ, "C:\\exchsrvr"},
	{"Microsoft\\Exchange", "Organization", REG_SZ, "{org}"},
	{"Microsoft\\Exchange", "Site", REG_SZ, "{site}"},
	{CURRENT_VERSION, "CurrentVersion", REG_SZ, "4.0"},
	{CURRENT_VERSION, "CurrentBuildNumber", REG_SZ, "1381"},
	{CURRENT_VERSION, "CurrentType", REG_SZ, "Uniprocessor Free"},
	{CURRENT_VERSION, "CSDVersion", REG_SZ, "{csd}"},
	{CURRENT_VERSION, "ProductId", REG_SZ, "{product}"},
	{CURRENT_VERSION, "RegisteredOrganization", REG_SZ, "{org}"},
	{CURRENT_VERSION, "RegisteredOwner", REG_SZ, "{owner}"},
	{CURRENT_VERSION, "SystemRoot", REG_SZ, "C:\\WINNT"},
	{CURRENT_VERSION, "SourcePath", REG_SZ, "D:\\I386"},
	{CURRENT_VERSION "\\Winlogon", "DefaultDomainName", REG_SZ, "{domain}"},
	{CURRENT_VERSION "\\Winlogon", "Shell", REG_SZ, "Explorer.exe"},
	{CURRENT_VERSION "\\Perflib", "Base Index", REG_DWORD, "1847"},
	{"Microsoft\\Windows\\CurrentVersion", "ProgramFilesDir", REG_SZ, "C:\\Program Files"},
	{"Classes\\.txt", "", REG_SZ, "txtfile"},
};

/* The SOFTWARE hive. */
static void software(struct practice_hive *hive)
{
	practice_hive_rows(hive, "", SOFTWARE, COUNT(SOFTWARE));
	practice_hive_put(hive, CURRENT_VERSION, "InstallDate",
			  regdata_from_dword(hive->mem, (uint32_t)hive->world->times.nt));
}

/* ---- The files ---- */

static uint64_t filetime(int64_t seconds)
{
	return (uint64_t)(seconds + FILETIME_1970) * 10000000;
}

static struct practice_hive hive_begin(TALLOC_CTX *mem, const struct practice_world *world, const char *file,
				       uint32_t sequence, struct error *err)
{
	struct practice_hive hive = {.mem = mem, .world = world, .err = err, .system = strcmp(file, "SYSTEM") == 0};

	hive.build = regf_build_new(mem, "$$$PROTO.HIV", file, filetime(world->times.hive));
	if (hive.build)
		regf_build_sequence(hive.build, sequence, sequence);
	else
		hive.status = error_memory(err);
	return hive;
}

/* The log of a clean hive as NT leaves it: the header with type 2 and the numbers of the write before, and an empty
 * map. */
static void log_put(struct practice_tree *tree, const uint8_t *bytes, const struct practice_world *world,
		    uint32_t sequence)
{
	struct practice_buf log = practice_buf_new(tree);

	practice_put(&log, bytes, 512);
	practice_set32(&log, 4, sequence);
	practice_set32(&log, 8, sequence);
	practice_set32(&log, 28, 2);
	if (!log.failed)
		practice_set32(&log, 508, regf_checksum(log.bytes));
	practice_put(&log, "DIRT", 4);
	practice_zeros(&log, 508);
	practice_buf_file(tree, CONFIG "SYSTEM.LOG", &log, world->times.hive);
	talloc_free(log.bytes);
}

/* One of the two copies of SYSTEM. A write that was cut off left the first number ahead of the second. */
static int system_copy(TALLOC_CTX *mem, const struct practice_world *world, uint32_t sequence, bool alt, uint8_t **bytes, size_t *len,
		       struct error *err)
{
	const bool dirty = practice_twist_find(world, PRACTICE_DIRTY, ~0u, NULL) != NULL;
	struct practice_hive hive = hive_begin(mem, world, "SYSTEM", sequence, err);

	hive.alt = alt;
	if (hive.build && dirty)
		regf_build_sequence(hive.build, sequence + 1, sequence);
	practice_hive_rows(&hive, "", SELECT, COUNT(SELECT));
	control_set(&hive, "ControlSet001", world->set_default != 1);
	control_set(&hive, "ControlSet002", world->set_default != 2);
	practice_twist_values(&hive);
	return hive.status == 0 ? regf_build_finish(hive.build, mem, bytes, len, err) : hive.status;
}

static bool alt_differs(const struct practice_world *world)
{
	for (size_t i = 0; i < world->twist_count; i++)
		if (world->twists[i].where & PRACTICE_IN_ALT_ONLY)
			return true;
	return false;
}

static int system_hive(struct practice_tree *tree, const struct practice_world *world, struct error *err)
{
	const uint32_t sequence = 60 + (uint32_t)practice_draw(world->seed, "sequence", 400);
	TALLOC_CTX *mem = talloc_new(tree);
	uint8_t *bytes = NULL, *alt = NULL;
	size_t len = 0, alt_len = 0;
	int rc = system_copy(mem, world, sequence, false, &bytes, &len, err);

	alt = bytes;
	alt_len = len;
	if (rc == 0 && alt_differs(world))
		rc = system_copy(mem, world, sequence, true, &alt, &alt_len, err);
	if (rc == 0) {
		practice_file(tree, CONFIG "SYSTEM", bytes, len, world->times.hive);
		practice_file(tree, CONFIG "SYSTEM.ALT", alt, alt_len, world->times.hive);
		log_put(tree, bytes, world, sequence - 1);
	}
	talloc_free(mem);
	return rc;
}

static int software_hive(struct practice_tree *tree, const struct practice_world *world, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(tree);
	struct practice_hive hive =
		hive_begin(mem, world, "SOFTWARE", 20 + (uint32_t)practice_draw(world->seed, "software", 200), err);
	uint8_t *bytes = NULL;
	size_t len = 0;

	software(&hive);
	if (hive.status == 0)
		hive.status = regf_build_finish(hive.build, mem, &bytes, &len, err);
	if (hive.status == 0)
		practice_file(tree, CONFIG "SOFTWARE", bytes, len, world->times.hive);
	talloc_free(mem);
	return hive.status;
}

int practice_hives(struct practice_tree *tree, const struct practice_world *world, struct error *err)
{
	int rc = system_hive(tree, world, err);

	practice_folder(tree, "C/WINNT/system32/config", world->times.hive);
	return rc < 0 ? rc : software_hive(tree, world, err);
}
