/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Windows service that carries no mail: it notes under which name and from which file it was
 * started. */
#include <stdio.h>
#include <windows.h>

static SERVICE_STATUS_HANDLE handle;
static SERVICE_STATUS state = {
	.dwServiceType = SERVICE_WIN32_OWN_PROCESS,
	.dwCurrentState = SERVICE_RUNNING,
	.dwControlsAccepted = SERVICE_ACCEPT_STOP,
};

static void WINAPI control(DWORD what)
{
	if (what == SERVICE_CONTROL_STOP)
		state.dwCurrentState = SERVICE_STOPPED;
	SetServiceStatus(handle, &state);
}

static void note(const WCHAR *name)
{
	WCHAR path[1024] = L"";
	FILE *file = _wfopen(L"C:\\started.txt", L"a, ccs=UTF-8");

	GetModuleFileNameW(NULL, path, 1024);
	if (!file)
		return;
	fwprintf(file, L"service\t%ls\t%ls\n", name, path);
	fclose(file);
}

static void WINAPI service(DWORD count, WCHAR **args)
{
	if (count < 1)
		return;
	note(args[0]);
	handle = RegisterServiceCtrlHandlerW(args[0], control);
	SetServiceStatus(handle, &state);
}

int main(void)
{
	WCHAR any[] = L"";
	SERVICE_TABLE_ENTRYW table[] = { { any, service }, { NULL, NULL } };

	return !StartServiceCtrlDispatcherW(table);
}
