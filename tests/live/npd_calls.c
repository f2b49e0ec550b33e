/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of calls by their opnums ([MS-RRP], [MS-SCMR], [MS-SRVS], [MS-EVEN], each 3.1.4 or
 * 3.1.5). */
#include "npd.h"

static const struct {
	enum npd_pipe pipe;
	uint16_t opnum;
	const char *name;
} calls[] = {
	{ NPD_SRVSVC, 8, "NetConnectionEnum" },
	{ NPD_SRVSVC, 14, "NetShareAdd" },
	{ NPD_SRVSVC, 15, "NetShareEnum" },
	{ NPD_SRVSVC, 16, "NetShareGetInfo" },
	{ NPD_SRVSVC, 17, "NetShareSetInfo" },
	{ NPD_SRVSVC, 18, "NetShareDel" },
	{ NPD_SRVSVC, 36, "NetShareEnumSticky" },
	{ NPD_SRVSVC, 39, "NetGetFileSecurity" },
	{ NPD_SRVSVC, 40, "NetSetFileSecurity" },
	{ NPD_SVCCTL, 0, "CloseServiceHandle" },
	{ NPD_SVCCTL, 1, "ControlService" },
	{ NPD_SVCCTL, 6, "QueryServiceStatus" },
	{ NPD_SVCCTL, 13, "EnumDependentServices" },
	{ NPD_SVCCTL, 14, "EnumServicesStatus" },
	{ NPD_SVCCTL, 15, "OpenSCManager" },
	{ NPD_SVCCTL, 16, "OpenService" },
	{ NPD_SVCCTL, 17, "QueryServiceConfig" },
	{ NPD_SVCCTL, 19, "StartService" },
	{ NPD_WINREG, 2, "OpenHKLM" },
	{ NPD_WINREG, 5, "CloseKey" },
	{ NPD_WINREG, 6, "CreateKey" },
	{ NPD_WINREG, 7, "DeleteKey" },
	{ NPD_WINREG, 8, "DeleteValue" },
	{ NPD_WINREG, 9, "EnumKey" },
	{ NPD_WINREG, 10, "EnumValue" },
	{ NPD_WINREG, 11, "FlushKey" },
	{ NPD_WINREG, 15, "OpenKey" },
	{ NPD_WINREG, 16, "QueryInfoKey" },
	{ NPD_WINREG, 17, "QueryValue" },
	{ NPD_WINREG, 20, "SaveKey" },
	{ NPD_WINREG, 21, "SetKeySecurity" },
	{ NPD_WINREG, 22, "SetValue" },
	{ NPD_WINREG, 29, "QueryMultipleValues" },
	{ NPD_EVENTLOG, 2, "CloseEventLog" },
	{ NPD_EVENTLOG, 4, "NumberOfRecords" },
	{ NPD_EVENTLOG, 5, "OldestRecord" },
	{ NPD_EVENTLOG, 7, "OpenEventLog" },
	{ NPD_EVENTLOG, 10, "ReadEventLog" },
};

const char *call_name(TALLOC_CTX *mem, enum npd_pipe pipe, const struct message *request)
{
	for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
		if (calls[i].pipe == pipe && calls[i].opnum == request->opnum)
			return talloc_asprintf(mem, "%s.%s%s", npd_pipe_names[pipe], calls[i].name,
				pipe == NPD_WINREG && registry_writes(request) ? "ToWrite" : "");
	}
	return talloc_asprintf(mem, "%s.%u", npd_pipe_names[pipe], request->opnum);
}
