/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the MS Mail Connector has in the registry: its services, the eleven values that Q240208 lists for two PC MTAs,
 * and the shares. Types as far as they are known (Q171259, KB147376); the ImagePath of a PC MTA is like that of other
 * services.
 */
#include <string.h>

#include "nt/path.h"
#include "practice/parts.h"

/* ---- The article's entries ---- */

enum shape { PLAIN, MAY_BE_QUOTED, MAY_BE_LIST };

struct article_entry {
	const char *key, *value;
	uint32_t type;
	const char *leaf;
	enum shape shape;
};

/* practice_world.right counts in this order. */
static const struct article_entry ENTRIES[] = {
	{"{lan}", "ImagePath", REG_EXPAND_SZ, "async.exe", PLAIN},
	{"{x25}", "ImagePath", REG_EXPAND_SZ, "x25eicon.exe", MAY_BE_QUOTED},
	{"MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, "mt.exe", PLAIN},
	{"MSExchangeMSMI\\Performance", "Library", REG_SZ, "mtperf.dll", PLAIN},
	{"MSExchangePCMTA\\Performance", "Library", REG_SZ, "xtnperf.dll", PLAIN},
	{"EventLog\\Application\\MSExchangeMSMI", "CategoryMessageFile", REG_EXPAND_SZ, "mtmsg.dll", PLAIN},
	{"EventLog\\Application\\MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ, "mtmsg.dll", MAY_BE_LIST},
	{"EventLog\\Application\\{lan}", "CategoryMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN},
	{"EventLog\\Application\\{lan}", "EventMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN},
	{"EventLog\\Application\\{x25}", "CategoryMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN},
	{"EventLog\\Application\\{x25}", "EventMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN},
};

static char *entry_text(TALLOC_CTX *mem, const struct practice_world *world, const struct article_entry *entry,
			const char *msmcon)
{
	if (entry->shape == MAY_BE_QUOTED && world->quoted)
		return talloc_asprintf(mem, "\"%s\\bin\\%s\" /log:2", msmcon, entry->leaf);
	if (entry->shape == MAY_BE_LIST && world->listed)
		return talloc_asprintf(mem, "%%SystemRoot%%\\System32\\netmsg.dll;%s\\bin\\%s", msmcon, entry->leaf);
	return talloc_asprintf(mem, "%s\\bin\\%s", msmcon, entry->leaf);
}

static void entries_put(struct practice_hive *hive, const char *services, bool before)
{
	const struct practice_world *world = hive->world;
	const bool spoilt = !before && (world->flags & PRACTICE_VALUES_DEFAULT);

	for (unsigned i = 0; i < COUNT(ENTRIES); i++) {
		const bool wrong = spoilt && i != world->right[0] && i != world->right[1];
		char *text = entry_text(hive->mem, world, &ENTRIES[i], wrong ? PRACTICE_DEFAULT_MSMCON : world->relocated);
		const struct practice_row row = {ENTRIES[i].key, ENTRIES[i].value, ENTRIES[i].type, text};

		practice_hive_rows(hive, services, &row, 1);
		talloc_free(text);
	}
}

/* ---- The services ---- */

static const struct practice_service MSMI = {
	"MSExchangeMSMI", "MS Mail Connector Interchange", "", 0x10, 2, NULL, "MSExchangeDS|EventLog", true,
};

static const struct practice_row ROWS[] = {
	{"MSExchangeMSMI\\Parameters", "Search for icon on server", REG_DWORD, "0"},
	{"MSExchangeMSMI\\Performance", "Open", REG_SZ, "OpenMTPerformanceData"},
	{"MSExchangeMSMI\\Performance", "Collect", REG_SZ, "CollectMTPerformanceData"},
	{"MSExchangeMSMI\\Performance", "Close", REG_SZ, "CloseMTPerformanceData"},
	{"MSExchangeMSMI\\Performance", "First Counter", REG_DWORD, "1848"},
	{"MSExchangeMSMI\\Performance", "Last Counter", REG_DWORD, "1852"},
	{"MSExchangeMSMI\\Performance", "First Help", REG_DWORD, "1849"},
	{"MSExchangeMSMI\\Performance", "Last Help", REG_DWORD, "1853"},
	{"MSExchangePCMTA\\Performance", "Open", REG_SZ, "OpenXtnPerformanceData"},
	{"MSExchangePCMTA\\Performance", "Collect", REG_SZ, "CollectXtnPerformanceData"},
	{"MSExchangePCMTA\\Performance", "Close", REG_SZ, "CloseXtnPerformanceData"},
	{"MSExchangePCMTA\\Performance", "First Counter", REG_DWORD, "1854"},
	{"MSExchangePCMTA\\Performance", "Last Counter", REG_DWORD, "1858"},
	{"EventLog\\Application\\MSExchangeMSMI", "CategoryCount", REG_DWORD, "3"},
	{"EventLog\\Application\\MSExchangeMSMI", "TypesSupported", REG_DWORD, "7"},
	{"EventLog\\Application\\{lan}", "CategoryCount", REG_DWORD, "2"},
	{"EventLog\\Application\\{lan}", "TypesSupported", REG_DWORD, "7"},
	{"EventLog\\Application\\{x25}", "CategoryCount", REG_DWORD, "2"},
	{"EventLog\\Application\\{x25}", "TypesSupported", REG_DWORD, "7"},
	{"{lan}\\Parameters", "X25CallFacilities", REG_SZ, ""},
	{"{lan}\\Parameters", "X25CallUserData", REG_SZ, ""},
	{"{lan}\\Parameters", "QueueLanPoLimit", REG_SZ, "80"},
	{"{x25}\\Parameters", "X25CallFacilities", REG_SZ, "020707"},
	{"{x25}\\Parameters", "X25CallUserData", REG_SZ, "0x4D41494C"},
};

/* One value a postoffice: NETWORK/PO (Q158812). */
static void admin_put(struct practice_hive *hive, const char *services)
{
	const struct practice_world *world = hive->world;
	char *key = talloc_asprintf(hive->mem, "%s\\MSExchangeMSMI\\Parameters\\Admin", services);

	for (size_t i = 0; i < world->po_count; i++) {
		char *name = talloc_asprintf(hive->mem, "%s/%s", world->po[i].network, world->po[i].name);
		char *data = talloc_asprintf(hive->mem, "\\\\%s\\%s /Z", world->po[i].host, world->po[i].share);

		practice_hive_text(hive, key, name, REG_SZ, data);
		talloc_free(name);
		talloc_free(data);
	}
	talloc_free(key);
}

/* The postoffices a PC MTA serves, our own first, by the share's name (Q150811, Q151228). */
static void drives_put(struct practice_hive *hive, const char *services, unsigned pcmta)
{
	const struct practice_world *world = hive->world;
	char *key = talloc_asprintf(hive->mem, "%s\\%s\\Parameters", services, world->pcmta[pcmta].name);
	char *text = talloc_asprintf(hive->mem, "\\\\%s\\maildat$ /Z", world->server);

	for (size_t i = 0; text && i < world->po_count; i++)
		if (world->po[i].pcmta == pcmta)
			text = talloc_asprintf_append(text, "|\\\\%s\\%s /Z", world->po[i].host, world->po[i].share);
	practice_hive_text(hive, key, "DrivesUNC", REG_MULTI_SZ, text);
	talloc_free(key);
	talloc_free(text);
}

/* ---- The shares ---- */

struct share_row {
	const char *name, *path, *remark;
	bool everyone_writes;
};

static const struct share_row SHARES[] = {
	{"Add-ins", "C:\\exchsrvr\\ADD-INS", "Extensions of the Administrator program", false},
	{"Address", "C:\\exchsrvr\\ADDRESS", "Address generators", false},
	{"connect$", "C:\\exchsrvr\\CONNECT", "Connectors", false},
	{"Maildat$", "{relocated}\\maildata", "Access for MSMI postoffice", true},
	{"Resources", "C:\\exchsrvr\\RES", "Event messages", false},
	{"tracking.log", "C:\\exchsrvr\\TRACKING.LOG", "Message tracking", false},
};

static void share_put(struct practice_hive *hive, const char *shares, const struct share_row *share)
{
	const struct practice_twist *twist =
		practice_twist_find(hive->world, PRACTICE_SHARE_SECURITY, PRACTICE_IN_DEFAULT_SET, share->name);
	const uint32_t usual = share->everyone_writes ? 0x1f01ff : 0x1200a9;
	const struct practice_ace aces[] = {
		{PRACTICE_EVERYONE, twist ? (uint32_t)twist->number : usual},
		{PRACTICE_ADMINISTRATORS, 0x1f01ff},
		{PRACTICE_ACCOUNT, 0x1f01ff},
	};
	const size_t skipped = aces[0].mask ? 0 : 1;
	char *security = talloc_asprintf(hive->mem, "%s\\Security", shares);
	char *text = talloc_asprintf(hive->mem, "MaxUses=4294967295|Path=%s|Permissions=0|Remark=%s|Type=0",
				     share->path, share->remark);

	practice_hive_text(hive, shares, share->name, REG_MULTI_SZ, text);
	practice_hive_put(hive, security, share->name, practice_security(hive->mem, hive->world, aces + skipped, COUNT(aces) - skipped));
	talloc_free(security);
	talloc_free(text);
}

static void shares_put(struct practice_hive *hive, const char *services, bool before)
{
	char *shares = talloc_asprintf(hive->mem, "%s\\LanmanServer\\Shares", services);
	const bool gone = !before && (hive->world->flags & PRACTICE_SHARE_GONE);

	for (size_t i = 0; i < COUNT(SHARES); i++)
		if (!gone || !SHARES[i].everyone_writes)
			share_put(hive, shares, &SHARES[i]);
	talloc_free(shares);
}

void practice_connector_put(struct practice_hive *hive, const char *services, bool before)
{
	practice_service_put(hive, services, &MSMI);
	for (unsigned i = 0; i < PRACTICE_PCMTAS; i++) {
		const struct practice_service service = {
			hive->world->pcmta[i].name,
			hive->world->pcmta[i].name,
			"",
			0x10,
			2,
			NULL,
			"EventLog|LanmanServer",
			true,
		};

		practice_service_put(hive, services, &service);
		drives_put(hive, services, i);
	}
	entries_put(hive, services, before);
	practice_hive_rows(hive, services, ROWS, COUNT(ROWS));
	admin_put(hive, services);
	shares_put(hive, services, before);
}
