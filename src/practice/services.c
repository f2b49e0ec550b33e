/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of a practice server: Windows NT's, and Exchange's as Q143380 lists them. The connector's own are in
 * connector.c. */
#include <string.h>

#include "practice/parts.h"

#define DRIVER 1u
#define FILE_SYSTEM 2u
#define OWN 0x10u
#define SHARED 0x20u
#define NT_SERVICES "%SystemRoot%\\System32\\services.exe"
#define EXCHANGE_BIN "C:\\exchsrvr\\bin\\"

static const struct practice_service SERVICES[] = {
	{"Abiosdsk", "", "", DRIVER, 4, "Primary disk", NULL, false},
	{"AFD", "AFD Networking Support Environment", "System32\\drivers\\afd.sys", DRIVER, 2, "TDI", NULL, false},
	{"Aha154x", "", "", DRIVER, 4, "SCSI miniport", NULL, false},
	{"Aic78xx", "", "System32\\drivers\\aic78xx.sys", DRIVER, 0, "SCSI miniport", NULL, false},
	{"Alerter", "Alerter", NT_SERVICES, SHARED, 2, NULL, "LanmanWorkstation", false},
	{"Atapi", "", "System32\\drivers\\atapi.sys", DRIVER, 0, "SCSI miniport", NULL, false},
	{"Beep", "", "System32\\drivers\\beep.sys", DRIVER, 1, "Base", NULL, false},
	{"Browser", "Computer Browser", NT_SERVICES, SHARED, 2, NULL, "LanmanWorkstation|LanmanServer|LmHosts", false},
	{"Cdfs", "", "System32\\drivers\\cdfs.sys", FILE_SYSTEM, 4, "File system", NULL, false},
	{"Cdrom", "", "System32\\drivers\\cdrom.sys", DRIVER, 1, "SCSI CDROM Class", NULL, false},
	{"ClipSrv", "ClipBook Server", "%SystemRoot%\\System32\\clipsrv.exe", OWN, 3, NULL, "NetDDE", false},
	{"Dhcp", "DHCP Client", NT_SERVICES, SHARED, 4, "TDI", "Tcpip|Afd|NetBT", false},
	{"Disk", "", "System32\\drivers\\disk.sys", DRIVER, 0, "Primary disk", NULL, false},
	{"EventLog", "EventLog", NT_SERVICES, SHARED, 2, "Event log", NULL, false},
	{"Fastfat", "", "System32\\drivers\\fastfat.sys", FILE_SYSTEM, 4, "Boot file system", NULL, false},
	{"Floppy", "", "System32\\drivers\\floppy.sys", DRIVER, 1, "Primary disk", NULL, false},
	{"Ftdisk", "", "System32\\drivers\\ftdisk.sys", DRIVER, 0, "Filter", NULL, false},
	{"i8042prt", "", "System32\\drivers\\i8042prt.sys", DRIVER, 1, "Keyboard Port", NULL, false},
	{"Kbdclass", "", "System32\\drivers\\kbdclass.sys", DRIVER, 1, "Keyboard Class", NULL, false},
	{"KSecDD", "", "System32\\drivers\\ksecdd.sys", DRIVER, 0, "Base", NULL, false},
	{"LanmanServer", "Server", NT_SERVICES, SHARED, 2, NULL, NULL, false},
	{"LanmanWorkstation", "Workstation", NT_SERVICES, SHARED, 2, "NetworkProvider", NULL, false},
	{"LicenseService", "License Logging Service", "%SystemRoot%\\System32\\llssrv.exe", OWN, 2, NULL, NULL, false},
	{"LmHosts", "TCP/IP NetBIOS Helper", NT_SERVICES, SHARED, 2, "TDI", "NetBT|Afd", false},
	{"Messenger", "Messenger", NT_SERVICES, SHARED, 2, NULL, "LanmanWorkstation|NetBT", false},
	{"Mouclass", "", "System32\\drivers\\mouclass.sys", DRIVER, 1, "Pointer Class", NULL, false},
	{"Msfs", "", "System32\\drivers\\msfs.sys", FILE_SYSTEM, 1, "File system", NULL, false},
	{"Mup", "", "System32\\drivers\\mup.sys", FILE_SYSTEM, 2, "Network", NULL, false},
	{"NDIS", "", "System32\\drivers\\ndis.sys", DRIVER, 0, "NDIS Wrapper", NULL, false},
	{"NetBIOS", "NetBIOS Interface", "System32\\drivers\\netbios.sys", FILE_SYSTEM, 2, "NetBIOSGroup", NULL, false},
	{"NetBT", "WINS Client(TCP/IP)", "System32\\drivers\\netbt.sys", DRIVER, 2, "PNP_TDI", "Tcpip", false},
	{"NetDDE", "Network DDE", "%SystemRoot%\\System32\\netdde.exe", SHARED, 3, "NetDDEGroup", "NetDDEdsdm", false},
	{"NetDDEdsdm", "Network DDE DSDM", "%SystemRoot%\\System32\\netdde.exe", SHARED, 3, NULL, NULL, false},
	{"Netlogon", "Net Logon", "%SystemRoot%\\System32\\lsass.exe", SHARED, 2, "RemoteValidation",
	 "LanmanWorkstation|LmHosts", false},
	{"Npfs", "", "System32\\drivers\\npfs.sys", FILE_SYSTEM, 1, "File system", NULL, false},
	{"Ntfs", "", "System32\\drivers\\ntfs.sys", FILE_SYSTEM, 4, "File system", NULL, false},
	{"NtLmSsp", "NT LM Security Support Provider", NT_SERVICES, SHARED, 3, NULL, NULL, false},
	{"Null", "", "System32\\drivers\\null.sys", DRIVER, 1, "Base", NULL, false},
	{"Parport", "", "System32\\drivers\\parport.sys", DRIVER, 2, "Parallel arbitrator", NULL, false},
	{"PlugPlay", "Plug and Play", NT_SERVICES, SHARED, 2, "PlugPlay", NULL, false},
	{"ProtectedStorage", "Protected Storage", "%SystemRoot%\\System32\\pstores.exe", OWN, 2, NULL, "RpcSs", false},
	{"Rdr", "", "System32\\drivers\\rdr.sys", FILE_SYSTEM, 3, "Network", NULL, false},
	{"Replicator", "Directory Replicator", "%SystemRoot%\\System32\\lmrepl.exe", OWN, 3, NULL,
	 "LanmanWorkstation|LanmanServer", false},
	{"RpcLocator", "Remote Procedure Call (RPC) Locator", "%SystemRoot%\\System32\\locator.exe", OWN, 2, NULL,
	 "LanmanWorkstation", false},
	{"RpcSs", "Remote Procedure Call (RPC) Service", "%SystemRoot%\\System32\\rpcss.exe", OWN, 2, NULL, NULL,
	 false},
	{"Schedule", "Schedule", "%SystemRoot%\\System32\\atsvc.exe", OWN, 3, NULL, NULL, false},
	{"Scsiport", "", "System32\\drivers\\scsiport.sys", DRIVER, 0, "Base", NULL, false},
	{"Serial", "", "System32\\drivers\\serial.sys", DRIVER, 2, "Extended base", NULL, false},
	{"SNMP", "SNMP", "%SystemRoot%\\System32\\snmp.exe", OWN, 2, NULL, "Tcpip|EventLog", false},
	{"Spooler", "Spooler", "%SystemRoot%\\System32\\spoolss.exe", 0x110, 2, "SpoolerGroup", "RpcSs", false},
	{"Srv", "", "System32\\drivers\\srv.sys", FILE_SYSTEM, 3, "Network", NULL, false},
	{"TapiSrv", "Telephony Service", "%SystemRoot%\\System32\\tapisrv.exe", OWN, 3, NULL, NULL, false},
	{"Tcpip", "TCP/IP Service", "System32\\drivers\\tcpip.sys", DRIVER, 2, "PNP_TDI", NULL, false},
	{"UPS", "UPS", "%SystemRoot%\\System32\\ups.exe", OWN, 3, NULL, NULL, false},
	{"VgaSave", "", "System32\\drivers\\vga.sys", DRIVER, 1, "Video Save", NULL, false},
	{"MSExchangeSA", "Microsoft Exchange System Attendant", EXCHANGE_BIN "mad.exe", OWN, 2, NULL,
	 "EventLog|NtLmSsp|RPCLocator|RPCSS|LanmanWorkstation|LanmanServer", true},
	{"MSExchangeDS", "Microsoft Exchange Directory", EXCHANGE_BIN "dsamain.exe", OWN, 2, NULL, "MSExchangeSA",
	 true},
	{"MSExchangeIS", "Microsoft Exchange Information Store", EXCHANGE_BIN "store.exe", OWN, 2, NULL, "MSExchangeDS",
	 true},
	{"MSExchangeMTA", "Microsoft Exchange Message Transfer Agent", EXCHANGE_BIN "emsmta.exe", OWN, 2, NULL,
	 "MSExchangeDS", true},
	{"MSExchangeDX", "Microsoft Exchange Directory Synchronization", EXCHANGE_BIN "dxa.exe", OWN, 2, NULL,
	 "MSExchangeMTA", true},
	{"MSExchangeFB", "MS Schedule+ Free/Busy Connector", "C:\\exchsrvr\\connect\\msfbconn\\msfbconn.exe", OWN, 2,
	 NULL, "MSExchangeDS|MSExchangeIS|EventLog", true},
	{"MSExchangeIMC", "Microsoft Exchange Internet Mail Service",
	 "C:\\exchsrvr\\connect\\msexcimc\\bin\\msexcimc.exe", OWN, 2, NULL, "MSExchangeIS|MSExchangeMTA|EventLog",
	 true},
};

const struct practice_service *practice_services(size_t *count)
{
	*count = COUNT(SERVICES);
	return SERVICES;
}

static const struct practice_row EVENT_LOG[] = {
	{"EventLog\\Application", "File", REG_EXPAND_SZ, "%SystemRoot%\\system32\\config\\AppEvent.Evt"},
	{"EventLog\\Application", "MaxSize", REG_DWORD, "0x80000"},
	{"EventLog\\Application", "Retention", REG_DWORD, "604800"},
	{"EventLog\\Application", "Sources", REG_MULTI_SZ,
	 "Perflib|Userenv|SNMP|MSExchangeSA|MSExchangeDS|MSExchangeIS|MSExchangeMTA|MSExchangeDX|MSExchangeIMC|"
	 "MSExchangeMSMI|{lan}|{x25}|Application"},
	{"EventLog\\System", "File", REG_EXPAND_SZ, "%SystemRoot%\\system32\\config\\SysEvent.Evt"},
	{"EventLog\\System", "MaxSize", REG_DWORD, "0x80000"},
	{"EventLog\\System", "Sources", REG_MULTI_SZ, "Service Control Manager|Srv|Rdr|NetBT|Tcpip|EventLog|System"},
	{"EventLog\\System\\Service Control Manager", "EventMessageFile", REG_EXPAND_SZ,
	 "%SystemRoot%\\System32\\netmsg.dll"},
	{"EventLog\\System\\Service Control Manager", "TypesSupported", REG_DWORD, "7"},
	{"EventLog\\Security", "File", REG_EXPAND_SZ, "%SystemRoot%\\system32\\config\\SecEvent.Evt"},
	{"EventLog\\Security", "MaxSize", REG_DWORD, "0x80000"},
};

/* What writes into the log of applications, and where its texts are. */
static const struct {
	const char *name, *texts;
} SOURCES[] = {
	{"MSExchangeSA", "C:\\exchsrvr\\res\\madmsg.dll"},  {"MSExchangeDS", "C:\\exchsrvr\\res\\dsmsg.dll"},
	{"MSExchangeIS", "C:\\exchsrvr\\res\\mdbmsg.dll"},  {"MSExchangeMTA", "C:\\exchsrvr\\res\\mtamsg.dll"},
	{"MSExchangeDX", "C:\\exchsrvr\\res\\dxamsg.dll"},  {"MSExchangeIMC", "C:\\exchsrvr\\res\\imcmsg.dll"},
	{"Perflib", "%SystemRoot%\\System32\\kernel32.dll"},
};

static const struct practice_row PARAMETERS[] = {
	{"LanmanServer\\Parameters", "AnnounceCount", REG_DWORD, "3"},
	{"LanmanServer\\Parameters", "EnableSharedNetDrives", REG_DWORD, "0"},
	{"LanmanServer\\Parameters", "IRPStackSize", REG_DWORD, "6"},
	{"LanmanServer\\Parameters", "NullSessionPipes", REG_MULTI_SZ, "COMNAP|COMNODE|SQL\\QUERY|SPOOLSS|LLSRPC"},
	{"LanmanServer\\Parameters", "NullSessionShares", REG_MULTI_SZ, "COMCFG|DFS$"},
	{"LanmanServer\\Parameters", "Size", REG_DWORD, "3"},
	{"LanmanWorkstation\\Parameters", "OtherDomains", REG_MULTI_SZ, ""},
	{"Tcpip\\Parameters", "Hostname", REG_SZ, "{server}"},
	{"Tcpip\\Parameters", "Domain", REG_SZ, ""},
	{"Tcpip\\Parameters", "DataBasePath", REG_EXPAND_SZ, "%SystemRoot%\\System32\\drivers\\etc"},
	{"Netlogon\\Parameters", "Update", REG_SZ, "no"},
	{"MSExchangeIS\\ParametersSystem", "Working Directory", REG_SZ, "C:\\exchsrvr\\mdbdata"},
	{"MSExchangeIS\\ParametersSystem", "Circular Logging", REG_DWORD, "1"},
	{"MSExchangeDS\\Parameters", "Working Directory", REG_SZ, "C:\\exchsrvr\\dsadata"},
	{"MSExchangeDS\\Parameters", "DSA Database file", REG_SZ, "C:\\exchsrvr\\dsadata\\dir.edb"},
	{"MSExchangeMTA\\Parameters", "MTA database path", REG_SZ, "C:\\exchsrvr\\mtadata\\"},
	{"MSExchangeMTA\\Parameters", "MTA Run Directory", REG_SZ, "C:\\exchsrvr\\mtadata"},
	{"MSExchangeDX", "ResyncConnectionRDNs", REG_MULTI_SZ, ""},
	{"MSExchangeFB\\Parameters", "Interval", REG_DWORD, "90"},
};

/* Everyone may ask, administrators and the system may do everything. */
static struct reg_data *service_security(TALLOC_CTX *mem, const struct practice_world *world)
{
	static const struct practice_ace aces[] = {
		{PRACTICE_EVERYONE, 0x2018d},
		{PRACTICE_ADMINISTRATORS, 0xf01ff},
		{PRACTICE_SYSTEM, 0x201fd},
	};

	return practice_security(mem, world, aces, COUNT(aces));
}

void practice_service_put(struct practice_hive *hive, const char *services, const struct practice_service *service)
{
	char *key = talloc_asprintf(hive->mem, "%s\\%s", services, service->name);
	char *below = talloc_asprintf(hive->mem, "%s\\%s\\Security", services, service->name);
	const bool win32 = (service->type & (OWN | SHARED)) != 0;

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
	if (win32) {
		practice_hive_text(hive, key, "DependOnGroup", REG_MULTI_SZ, "");
		practice_hive_text(hive, key, "ObjectName", REG_SZ,
				   service->exchange ? "{domain}\\{account}" : "LocalSystem");
		practice_hive_put(hive, below, "Security", service_security(hive->mem, hive->world));
	}
	talloc_free(key);
	talloc_free(below);
}

static void source_put(struct practice_hive *hive, const char *services, const char *name, const char *texts)
{
	char *key = talloc_asprintf(hive->mem, "%s\\EventLog\\Application\\%s", services, name);

	practice_hive_text(hive, key, "EventMessageFile", REG_EXPAND_SZ, texts);
	practice_hive_text(hive, key, "TypesSupported", REG_DWORD, "7");
	talloc_free(key);
}

void practice_services_put(struct practice_hive *hive, const char *services)
{
	for (size_t i = 0; i < COUNT(SERVICES); i++)
		practice_service_put(hive, services, &SERVICES[i]);
	practice_hive_rows(hive, services, EVENT_LOG, COUNT(EVENT_LOG));
	for (size_t i = 0; i < COUNT(SOURCES); i++)
		source_put(hive, services, SOURCES[i].name, SOURCES[i].texts);
	practice_hive_rows(hive, services, PARAMETERS, COUNT(PARAMETERS));
}
