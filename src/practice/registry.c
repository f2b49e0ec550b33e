/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hives of a practice server: SYSTEM with two control sets, its second copy and its log, and
 * SOFTWARE. */
#include "base/filetime.h"
#include "nt/regf.h"
#include "nt/regf_build.h"
#include "practice/parts.h"

#define CONFIG "C/WINNT/system32/config/"

/* ---- SYSTEM ---- */

static const struct practice_row SELECT[] = {
	{ "Select", "Current", REG_DWORD, "1" },
	{ "Select", "Default", REG_DWORD, "1" },
	{ "Select", "Failed", REG_DWORD, "0" },
	{ "Select", "LastKnownGood", REG_DWORD, "2" },
	{ "Setup", "SetupType", REG_DWORD, "0" },
	{ "Setup", "SystemSetupInProgress", REG_DWORD, "0" },
};

static const struct practice_row CONTROL[] = {
	{ "Control\\ComputerName\\ComputerName", "ComputerName", REG_SZ, "{server}" },
	{ "Control\\FileSystem", "NtfsDisable8dot3NameCreation", REG_DWORD, "0" },
	{ "Control\\Lsa", "Authentication Packages", REG_MULTI_SZ, "msv1_0" },
	{ "Control\\ProductOptions", "ProductType", REG_SZ, "{type}" },
	{ "Control\\Session Manager\\Environment", "ComSpec", REG_EXPAND_SZ,
		"%SystemRoot%\\system32\\cmd.exe" },
	{ "Control\\Session Manager\\Environment", "Path", REG_EXPAND_SZ,
		"%SystemRoot%\\system32;%SystemRoot%;C:\\exchsrvr\\bin" },
	{ "Control\\Session Manager\\Environment", "PROCESSOR_ARCHITECTURE", REG_SZ, "x86" },
	{ "Control\\TimeZoneInformation", "Bias", REG_DWORD, "0" },
};

static void control_set(struct practice_hive *hive, uint32_t number)
{
	hive->set = number;
	practice_hive_rows(hive, CONTROL, ARRAY_SIZE(CONTROL));
	hive->top = "Services\\";
	practice_services_put(hive);
	practice_connector_put(hive);
	hive->top = "";
	practice_hive_edits(hive);
}

/* ---- SOFTWARE ---- */

#define EXCHANGE_SETUP "Microsoft\\Exchange\\Setup"
#define CURRENT_VERSION "Microsoft\\Windows NT\\CurrentVersion"

static const struct practice_row SOFTWARE[] = {
	{ EXCHANGE_SETUP, "Services", REG_SZ, "C:\\exchsrvr" },
	{ EXCHANGE_SETUP, "MSMailConnector", REG_SZ, "C:\\exchsrvr" },
	{ CURRENT_VERSION, "CurrentVersion", REG_SZ, "4.0" },
	{ CURRENT_VERSION, "CurrentBuildNumber", REG_SZ, "1381" },
	{ CURRENT_VERSION, "CSDVersion", REG_SZ, "{csd}" },
	{ CURRENT_VERSION, "ProductId", REG_SZ, "{product}" },
	{ CURRENT_VERSION, "SystemRoot", REG_SZ, "C:\\WINNT" },
	{ CURRENT_VERSION "\\Winlogon", "DefaultDomainName", REG_SZ, "{domain}" },
	{ "Microsoft\\Windows\\CurrentVersion", "ProgramFilesDir", REG_SZ, "C:\\Program Files" },
	{ "Classes\\.txt", "", REG_SZ, "txtfile" },
};

/* ---- The files ---- */

static struct practice_hive hive_begin(TALLOC_CTX *mem, const struct practice_world *world,
	const char *file, uint32_t sequence, struct error *err)
{
	struct practice_hive hive = { .mem = mem, .world = world, .top = "", .err = err };

	hive.build = regf_build_new(mem, "$$$PROTO.HIV", file,
		(uint64_t)filetime_of(world->times.hive, 0));
	if (hive.build)
		regf_build_sequence(hive.build, sequence, sequence);
	else
		hive.status = error_memory(err);
	return hive;
}

/* The log of a clean hive as NT leaves it: the header with type 2 and the numbers of the write
 * before, and an empty map. */
static void log_put(struct practice_tree *tree, const uint8_t *bytes,
	const struct practice_world *world, uint32_t sequence)
{
	struct practice_buf log = { .mem = tree };

	practice_put(&log, bytes, 512);
	practice_set32(&log, 4, sequence);
	practice_set32(&log, 8, sequence);
	practice_set32(&log, 28, 2);
	if (!log.failed)
		practice_set32(&log, 508, regf_checksum(log.bytes));
	practice_put(&log, "DIRT", 4);
	practice_zeros(&log, 508);
	practice_buf_file(tree, CONFIG "SYSTEM.LOG", &log, world->times.hive, 0644);
}

/* One of the two copies of SYSTEM. A write that was cut off left the first number ahead of the
 * second. */
static int system_copy(struct practice_tree *tree, const struct practice_world *world, bool alt,
	struct error *err)
{
	const uint32_t sequence = 60 + (uint32_t)practice_draw(world->seed, "sequence", 400);
	TALLOC_CTX *mem = talloc_new(tree);
	struct practice_hive hive = hive_begin(mem, world, "SYSTEM", sequence, err);
	uint8_t *bytes;
	size_t len;

	hive.alt = alt;
	if (hive.build && practice_edit_find(world, PRACTICE_DIRTY, ~0u, NULL))
		regf_build_sequence(hive.build, sequence + 1, sequence);
	practice_hive_rows(&hive, SELECT, ARRAY_SIZE(SELECT));
	control_set(&hive, 1);
	control_set(&hive, 2);
	if (hive.status == 0)
		hive.status = regf_build_finish(hive.build, mem, &bytes, &len, err);
	if (hive.status == 0)
		practice_file(tree, alt ? CONFIG "SYSTEM.ALT" : CONFIG "SYSTEM", bytes, len,
			world->times.hive, 0644);
	if (hive.status == 0 && !alt)
		log_put(tree, bytes, world, sequence - 1);
	talloc_free(mem);
	return hive.status;
}

static int software_hive(struct practice_tree *tree, const struct practice_world *world,
	struct error *err)
{
	TALLOC_CTX *mem = talloc_new(tree);
	struct practice_hive hive = hive_begin(mem, world, "SOFTWARE",
		20 + (uint32_t)practice_draw(world->seed, "software", 200), err);
	uint8_t *bytes;
	size_t len;

	practice_hive_rows(&hive, SOFTWARE, ARRAY_SIZE(SOFTWARE));
	practice_hive_put(&hive, CURRENT_VERSION, "InstallDate",
		regdata_from_dword(mem, (uint32_t)world->times.nt));
	if (hive.status == 0)
		hive.status = regf_build_finish(hive.build, mem, &bytes, &len, err);
	if (hive.status == 0)
		practice_file(tree, CONFIG "SOFTWARE", bytes, len, world->times.hive, 0644);
	talloc_free(mem);
	return hive.status;
}

int practice_hives(struct practice_tree *tree, const struct practice_world *world,
	struct error *err)
{
	int ret = system_copy(tree, world, false, err);

	if (ret == 0)
		ret = system_copy(tree, world, true, err);
	practice_folder(tree, "C/WINNT/system32/config", world->times.hive);
	return ret < 0 ? ret : software_hive(tree, world, err);
}
