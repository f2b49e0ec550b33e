/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the MS Mail Connector has in the registry: its services, the eleven values that Q240208
 * lists for two PC MTAs, and the shares. Types as far as they are known (Q171259, KB147376); the
 * ImagePath of a PC MTA is like that of other services.
 */
#include "practice/parts.h"

#define EVENTS "EventLog\\Application\\"

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
	{ "{lan}", "ImagePath", REG_EXPAND_SZ, "async.exe", PLAIN },
	{ "{x25}", "ImagePath", REG_EXPAND_SZ, "x25eicon.exe", MAY_BE_QUOTED },
	{ "MSExchangeMSMI", "ImagePath", REG_EXPAND_SZ, "mt.exe", PLAIN },
	{ "MSExchangeMSMI\\Performance", "Library", REG_SZ, "mtperf.dll", PLAIN },
	{ "MSExchangePCMTA\\Performance", "Library", REG_SZ, "xtnperf.dll", PLAIN },
	{ EVENTS "MSExchangeMSMI", "CategoryMessageFile", REG_EXPAND_SZ, "mtmsg.dll", PLAIN },
	{ EVENTS "MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ, "mtmsg.dll", MAY_BE_LIST },
	{ EVENTS "{lan}", "CategoryMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN },
	{ EVENTS "{lan}", "EventMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN },
	{ EVENTS "{x25}", "CategoryMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN },
	{ EVENTS "{x25}", "EventMessageFile", REG_EXPAND_SZ, "xtnmsg.dll", PLAIN },
};

static void entry_put(struct practice_hive *hive, const struct article_entry *entry,
	const char *msmcon)
{
	const struct practice_world *world = hive->world;
	const bool quoted = entry->shape == MAY_BE_QUOTED && world->quoted,
		   listed = entry->shape == MAY_BE_LIST && world->listed;

	practice_hive_text(hive, entry->key, entry->value, entry->type,
		talloc_asprintf(hive->mem, "%s%s\\bin\\%s%s",
			quoted           ? "\""
				: listed ? "%SystemRoot%\\System32\\netmsg.dll;"
					 : "",
			msmcon, entry->leaf, quoted ? "\" /log:2" : ""));
}

static void entries_put(struct practice_hive *hive)
{
	const struct practice_world *world = hive->world;
	const bool spoilt = !practice_hive_before(hive) && (world->flags & PRACTICE_VALUES_DEFAULT);

	for (unsigned i = 0; i < ARRAY_SIZE(ENTRIES); i++) {
		const bool wrong = spoilt && i != world->right[0] && i != world->right[1];

		entry_put(hive, &ENTRIES[i], wrong ? PRACTICE_DEFAULT_MSMCON : world->relocated);
	}
}

/* ---- The services ---- */

static const struct practice_service MSMI = { "MSExchangeMSMI", "MS Mail Connector Interchange", "",
	0x10, 2, NULL, "MSExchangeDS|EventLog" };

static const struct practice_row ROWS[] = {
	{ "{lan}\\Parameters", "X25CallFacilities", REG_SZ, "" },
	{ "{lan}\\Parameters", "X25CallUserData", REG_SZ, "" },
	{ "{x25}\\Parameters", "X25CallFacilities", REG_SZ, "020707" },
	{ "{x25}\\Parameters", "X25CallUserData", REG_SZ, "0x4D41494C" },
};

/* One value a postoffice: NETWORK/PO (Q158812). */
static void admin_put(struct practice_hive *hive)
{
	for (size_t i = 0; i < hive->world->po_count; i++) {
		const struct practice_postoffice *po = &hive->world->po[i];

		practice_hive_text(hive, "MSExchangeMSMI\\Parameters\\Admin",
			talloc_asprintf(hive->mem, "%s/%s", po->network, po->name), REG_SZ,
			talloc_asprintf(hive->mem, "\\\\%s\\%s /Z", po->host, po->share));
	}
}

/* A PC MTA, and the postoffices it serves: our own first, by the share's name (Q150811,
 * Q151228). */
static void pcmta_put(struct practice_hive *hive, unsigned pcmta)
{
	const char *name = hive->world->pcmta[pcmta];
	const struct practice_service service = { name, name, "", 0x10, 2, NULL,
		"EventLog|LanmanServer" };
	char *drives = talloc_asprintf(hive->mem, "\\\\%s\\maildat$ /Z", hive->world->server);

	for (size_t i = 0; drives && i < hive->world->po_count; i++) {
		const struct practice_postoffice *po = &hive->world->po[i];

		if (po->pcmta == pcmta)
			drives = talloc_asprintf_append(drives, "|\\\\%s\\%s /Z", po->host,
				po->share);
	}
	practice_service_put(hive, &service);
	practice_hive_text(hive, talloc_asprintf(hive->mem, "%s\\Parameters", name), "DrivesUNC",
		REG_MULTI_SZ, drives);
}

/* ---- The shares ---- */

struct share_row {
	const char *name, *path, *remark;
	bool everyone_writes;
};

static const struct share_row SHARES[] = {
	{ "Add-ins", "C:\\exchsrvr\\ADD-INS", "Extensions of the Administrator program", false },
	{ "Address", "C:\\exchsrvr\\ADDRESS", "Address generators", false },
	{ "connect$", "C:\\exchsrvr\\CONNECT", "Connectors", false },
	{ "Maildat$", "{relocated}\\maildata", "Access for MSMI postoffice", true },
	{ "Resources", "C:\\exchsrvr\\RES", "Event messages", false },
	{ "tracking.log", "C:\\exchsrvr\\TRACKING.LOG", "Message tracking", false },
};

static void share_put(struct practice_hive *hive, const struct share_row *share)
{
	const struct practice_edit *edit = practice_edit_find(hive->world, PRACTICE_SHARE_SECURITY,
		PRACTICE_IN_DEFAULT_SET, share->name);
	const uint32_t usual = share->everyone_writes ? 0x1f01ff : 0x1200a9;
	const struct practice_ace aces[] = {
		{ PRACTICE_EVERYONE, edit ? (uint32_t)edit->number : usual },
		{ PRACTICE_ADMINISTRATORS, 0x1f01ff },
		{ PRACTICE_ACCOUNT, 0x1f01ff },
	};

	practice_hive_text(hive, "LanmanServer\\Shares", share->name, REG_MULTI_SZ,
		talloc_asprintf(hive->mem,
			"MaxUses=4294967295|Path=%s|Permissions=0|Remark=%s|Type=0", share->path,
			share->remark));
	practice_hive_put(hive, "LanmanServer\\Shares\\Security", share->name,
		practice_security(hive, aces, ARRAY_SIZE(aces)));
}

static void shares_put(struct practice_hive *hive)
{
	const bool gone = !practice_hive_before(hive) && (hive->world->flags & PRACTICE_SHARE_GONE);

	for (size_t i = 0; i < ARRAY_SIZE(SHARES); i++)
		if (!gone || !SHARES[i].everyone_writes)
			share_put(hive, &SHARES[i]);
}

void practice_connector_put(struct practice_hive *hive)
{
	practice_service_put(hive, &MSMI);
	for (unsigned i = 0; i < PRACTICE_PCMTAS; i++)
		pcmta_put(hive, i);
	entries_put(hive);
	practice_hive_rows(hive, ROWS, ARRAY_SIZE(ROWS));
	admin_put(hive);
	shares_put(hive);
}
