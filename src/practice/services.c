/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of a practice server: Windows NT's with a few drivers, and Exchange's as
 * Q143380 lists them. The connector's own are in connector.c. */
#include <string.h>

#include "practice/parts.h"

#define DRIVER 1u
#define FILE_SYSTEM 2u
#define OWN 0x10u
#define SHARED 0x20u
#define EVENTS "EventLog\\Application\\"
#define SYSTEM32 "%SystemRoot%\\System32\\"
#define DRIVERS "System32\\drivers\\"
#define NT_SERVICES SYSTEM32 "services.exe"
#define EXCHANGE_BIN "C:\\exchsrvr\\bin\\"

static const struct practice_service SERVICES[] = {
	{ "AFD", "AFD Networking Support Environment", DRIVERS "afd.sys", DRIVER, 2, "TDI", NULL },
	{ "Alerter", "Alerter", NT_SERVICES, SHARED, 2, NULL, "LanmanWorkstation" },
	{ "Atapi", "", DRIVERS "atapi.sys", DRIVER, 0, "SCSI miniport", NULL },
	{ "Browser", "Computer Browser", NT_SERVICES, SHARED, 2, NULL,
		"LanmanWorkstation|LanmanServer|LmHosts" },
	{ "ClipSrv", "ClipBook Server", SYSTEM32 "clipsrv.exe", OWN, 3, NULL, "NetDDE" },
	{ "Dhcp", "DHCP Client", NT_SERVICES, SHARED, 4, "TDI", "Tcpip|Afd|NetBT" },
	{ "Disk", "", DRIVERS "disk.sys", DRIVER, 0, "Primary disk", NULL },
	{ "EventLog", "EventLog", NT_SERVICES, SHARED, 2, "Event log", NULL },
	{ "Fastfat", "", DRIVERS "fastfat.sys", FILE_SYSTEM, 4, "Boot file system", NULL },
	{ "LanmanServer", "Server", NT_SERVICES, SHARED, 2, NULL, NULL },
	{ "LanmanWorkstation", "Workstation", NT_SERVICES, SHARED, 2, "NetworkProvider", NULL },
	{ "LicenseService", "License Logging Service", SYSTEM32 "llssrv.exe", OWN, 2, NULL, NULL },
	{ "LmHosts", "TCP/IP NetBIOS Helper", NT_SERVICES, SHARED, 2, "TDI", "NetBT|Afd" },
	{ "Messenger", "Messenger", NT_SERVICES, SHARED, 2, NULL, "LanmanWorkstation|NetBT" },
	{ "NetBIOS", "NetBIOS Interface", DRIVERS "netbios.sys", FILE_SYSTEM, 2, "NetBIOSGroup",
		NULL },
	{ "NetBT", "WINS Client(TCP/IP)", DRIVERS "netbt.sys", DRIVER, 2, "PNP_TDI", "Tcpip" },
	{ "NetDDE", "Network DDE", SYSTEM32 "netdde.exe", SHARED, 3, "NetDDEGroup", "NetDDEdsdm" },
	{ "NetDDEdsdm", "Network DDE DSDM", SYSTEM32 "netdde.exe", SHARED, 3, NULL, NULL },
	{ "Netlogon", "Net Logon", SYSTEM32 "lsass.exe", SHARED, 2, "RemoteValidation",
		"LanmanWorkstation|LmHosts" },
	{ "Ntfs", "", DRIVERS "ntfs.sys", FILE_SYSTEM, 4, "File system", NULL },
	{ "NtLmSsp", "NT LM Security Support Provider", NT_SERVICES, SHARED, 3, NULL, NULL },
	{ "PlugPlay", "Plug and Play", NT_SERVICES, SHARED, 2, "PlugPlay", NULL },
	{ "ProtectedStorage", "Protected Storage", SYSTEM32 "pstores.exe", OWN, 2, NULL, "RpcSs" },
	{ "Rdr", "", DRIVERS "rdr.sys", FILE_SYSTEM, 3, "Network", NULL },
	{ "Replicator", "Directory Replicator", SYSTEM32 "lmrepl.exe", OWN, 3, NULL,
		"LanmanWorkstation|LanmanServer" },
	{ "RpcLocator", "Remote Procedure Call (RPC) Locator", SYSTEM32 "locator.exe", OWN, 2, NULL,
		"LanmanWorkstation" },
	{ "RpcSs", "Remote Procedure Call (RPC) Service", SYSTEM32 "rpcss.exe", OWN, 2, NULL,
		NULL },
	{ "Schedule", "Schedule", SYSTEM32 "atsvc.exe", OWN, 3, NULL, NULL },
	{ "SNMP", "SNMP", SYSTEM32 "snmp.exe", OWN, 2, NULL, "Tcpip|EventLog" },
	{ "Spooler", "Spooler", SYSTEM32 "spoolss.exe", 0x110, 2, "SpoolerGroup", "RpcSs" },
	{ "Srv", "", DRIVERS "srv.sys", FILE_SYSTEM, 3, "Network", NULL },
	{ "TapiSrv", "Telephony Service", SYSTEM32 "tapisrv.exe", OWN, 3, NULL, NULL },
	{ "Tcpip", "TCP/IP Service", DRIVERS "tcpip.sys", DRIVER, 2, "PNP_TDI", NULL },
	{ "UPS", "UPS", SYSTEM32 "ups.exe", OWN, 3, NULL, NULL },
	{ "MSExchangeSA", "Microsoft Exchange System Attendant", EXCHANGE_BIN "mad.exe", OWN, 2,
		NULL, "EventLog|NtLmSsp|RPCLocator|RPCSS|LanmanWorkstation|LanmanServer" },
	{ "MSExchangeDS", "Microsoft Exchange Directory", EXCHANGE_BIN "dsamain.exe", OWN, 2, NULL,
		"MSExchangeSA" },
	{ "MSExchangeIS", "Microsoft Exchange Information Store", EXCHANGE_BIN "store.exe", OWN, 2,
		NULL, "MSExchangeDS" },
	{ "MSExchangeMTA", "Microsoft Exchange Message Transfer Agent", EXCHANGE_BIN "emsmta.exe",
		OWN, 2, NULL, "MSExchangeDS" },
	{ "MSExchangeDX", "Microsoft Exchange Directory Synchronization", EXCHANGE_BIN "dxa.exe",
		OWN, 2, NULL, "MSExchangeMTA" },
	{ "MSExchangeFB", "MS Schedule+ Free/Busy Connector",
		"C:\\exchsrvr\\connect\\msfbconn\\msfbconn.exe", OWN, 2, NULL,
		"MSExchangeDS|MSExchangeIS|EventLog" },
	{ "MSExchangeIMC", "Microsoft Exchange Internet Mail Service",
		"C:\\exchsrvr\\connect\\msexcimc\\bin\\msexcimc.exe", OWN, 2, NULL,
		"MSExchangeIS|MSExchangeMTA|EventLog" },
};

const struct practice_service *practice_services(size_t *count)
{
	*count = ARRAY_SIZE(SERVICES);
	return SERVICES;
}

static const struct practice_row ROWS[] = {
	{ "EventLog\\Application", "File", REG_EXPAND_SZ,
		"%SystemRoot%\\system32\\config\\AppEvent.Evt" },
	{ "EventLog\\Application", "Sources", REG_MULTI_SZ,
		"Perflib|Userenv|SNMP|MSExchangeSA|MSExchangeDS|MSExchangeIS|MSExchangeMTA|MSExchangeDX|MSExchangeIMC|"
		"MSExchangeMSMI|{lan}|{x25}|Application" },
	{ "EventLog\\System", "File", REG_EXPAND_SZ,
		"%SystemRoot%\\system32\\config\\SysEvent.Evt" },
	{ "EventLog\\System", "Sources", REG_MULTI_SZ,
		"Service Control Manager|Srv|Rdr|NetBT|Tcpip|EventLog|System" },
	{ "Tcpip\\Parameters", "Hostname", REG_SZ, "{server}" },
	{ "MSExchangeIS\\ParametersSystem", "Working Directory", REG_SZ, "C:\\exchsrvr\\mdbdata" },
	{ "MSExchangeDS\\Parameters", "Working Directory", REG_SZ, "C:\\exchsrvr\\dsadata" },
	{ "MSExchangeDS\\Parameters", "DSA Database file", REG_SZ,
		"C:\\exchsrvr\\dsadata\\dir.edb" },
	{ "MSExchangeMTA\\Parameters", "MTA database path", REG_SZ, "C:\\exchsrvr\\mtadata\\" },
	{ "MSExchangeMTA\\Parameters", "MTA Run Directory", REG_SZ, "C:\\exchsrvr\\mtadata" },
};

/* Who writes into the application log, and where its texts are. */
static const struct {
	const char *key, *file;
} SOURCES[] = {
	{ EVENTS "MSExchangeSA", "C:\\exchsrvr\\res\\madmsg.dll" },
	{ EVENTS "MSExchangeDS", "C:\\exchsrvr\\res\\dsmsg.dll" },
	{ EVENTS "MSExchangeIS", "C:\\exchsrvr\\res\\mdbmsg.dll" },
	{ EVENTS "MSExchangeMTA", "C:\\exchsrvr\\res\\mtamsg.dll" },
	{ EVENTS "MSExchangeDX", "C:\\exchsrvr\\res\\dxamsg.dll" },
	{ EVENTS "MSExchangeIMC", "C:\\exchsrvr\\res\\imcmsg.dll" },
	{ EVENTS "Perflib", SYSTEM32 "kernel32.dll" },
	{ "EventLog\\System\\Service Control Manager", SYSTEM32 "netmsg.dll" },
};

void practice_service_put(struct practice_hive *hive, const struct practice_service *service)
{
	/* Everyone may ask, administrators and the system may do everything. */
	static const struct practice_ace aces[] = {
		{ PRACTICE_EVERYONE, 0x2018d },
		{ PRACTICE_ADMINISTRATORS, 0xf01ff },
		{ PRACTICE_SYSTEM, 0x201fd },
	};
	const bool win32 = (service->type & PRACTICE_WIN32) != 0;
	const bool nt = strncmp(service->image, "%SystemRoot%", strlen("%SystemRoot%")) == 0;
	const char *key = service->name;

	practice_hive_put(hive, key, "Type", regdata_from_dword(hive->mem, service->type));
	practice_hive_put(hive, key, "Start", regdata_from_dword(hive->mem, service->start));
	practice_hive_put(hive, key, "ErrorControl", regdata_from_dword(hive->mem, win32 ? 1 : 0));
	if (service->image[0])
		practice_hive_text(hive, key, "ImagePath", REG_EXPAND_SZ, service->image);
	if (service->display[0])
		practice_hive_text(hive, key, "DisplayName", REG_SZ, service->display);
	if (service->group)
		practice_hive_text(hive, key, "Group", REG_SZ, service->group);
	if (service->depends)
		practice_hive_text(hive, key, "DependOnService", REG_MULTI_SZ, service->depends);
	if (!win32)
		return;
	practice_hive_text(hive, key, "DependOnGroup", REG_MULTI_SZ, "");
	practice_hive_text(hive, key, "ObjectName", REG_SZ,
		nt ? "LocalSystem" : "{domain}\\{account}");
	practice_hive_put(hive, talloc_asprintf(hive->mem, "%s\\Security", key), "Security",
		practice_security(hive, aces, ARRAY_SIZE(aces)));
}

void practice_services_put(struct practice_hive *hive)
{
	for (size_t i = 0; i < ARRAY_SIZE(SERVICES); i++)
		practice_service_put(hive, &SERVICES[i]);
	practice_hive_rows(hive, ROWS, ARRAY_SIZE(ROWS));
	for (size_t i = 0; i < ARRAY_SIZE(SOURCES); i++)
		practice_hive_text(hive, SOURCES[i].key, "EventMessageFile", REG_EXPAND_SZ,
			SOURCES[i].file);
}
