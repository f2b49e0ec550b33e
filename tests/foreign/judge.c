/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks Windows, or what stands in for it, to do with the registry's values what they are for. Lines
 * of stdin:
 *
 *   service NAME       the service controller starts it; the service itself says from where
 *   text KEY VALUE     of each file named there message 1 is fetched with FormatMessage
 *   library KEY VALUE  the file is loaded as a program's library is
 *
 * with tabs between, UTF-8. Files of Windows itself are not asked for. What could not be done is a
 * line "failed", what it was and the error's number. The last line is "end": without it nobody can
 * tell.
 */
#include <stdio.h>
#include <windows.h>

static void failed(const char *what, const char *which)
{
	printf("failed\t%s\t%s\t%lu\n", what, which, GetLastError());
}

static void wide(const char *text, WCHAR *out, int room)
{
	if (!MultiByteToWideChar(CP_UTF8, 0, text, -1, out, room))
		*out = L'\0';
}

static void service_start(SC_HANDLE controller, const char *name)
{
	WCHAR wanted[512];
	SC_HANDLE service;
	SERVICE_STATUS now = { 0 };

	wide(name, wanted, 512);
	service = OpenServiceW(controller, wanted, SERVICE_START | SERVICE_QUERY_STATUS);
	if (!service || !StartServiceW(service, 0, NULL)) {
		failed("service", name);
	} else {
		for (int tries = 0; tries < 100 && now.dwCurrentState != SERVICE_RUNNING; tries++) {
			Sleep(100);
			QueryServiceStatus(service, &now);
		}
		if (now.dwCurrentState != SERVICE_RUNNING)
			failed("service", name);
	}
	CloseServiceHandle(service);
}

static void say(const char *what, const char *key, const WCHAR *path, const WCHAR *text)
{
	char shown_path[2048], shown_text[256];

	WideCharToMultiByte(CP_UTF8, 0, path, -1, shown_path, sizeof shown_path, NULL, NULL);
	WideCharToMultiByte(CP_UTF8, 0, text, -1, shown_text, sizeof shown_text, NULL, NULL);
	printf("%s\t%s\t%s\t%s\n", what, key, shown_path, shown_text);
}

static void message_fetch(const char *key, const WCHAR *path)
{
	HMODULE module = LoadLibraryExW(path, NULL, LOAD_LIBRARY_AS_DATAFILE);
	WCHAR text[128];

	if (!module ||
		!FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_IGNORE_INSERTS |
				FORMAT_MESSAGE_MAX_WIDTH_MASK,
			module, 1, 0, text, 128, NULL)) {
		failed("text", key);
		return;
	}
	say("text", key, path, text);
	FreeLibrary(module);
}

static void library_load(const char *key, const WCHAR *path)
{
	HMODULE module = LoadLibraryW(path);
	WCHAR loaded[1024];

	if (!module || !GetModuleFileNameW(module, loaded, 1024)) {
		failed("library", key);
		return;
	}
	say("library", key, loaded, L"");
	FreeLibrary(module);
}

static void value_use(const char *what, const char *key, const char *value)
{
	WCHAR wide_key[1024], wide_value[256], text[4096], windows[MAX_PATH], *next;
	int windows_length, asked = 0;
	DWORD size = sizeof text - sizeof *text;
	LSTATUS status;

	wide(key, wide_key, 1024);
	wide(value, wide_value, 256);
	memset(text, 0, sizeof text);
	/* REG_SZ stands for REG_EXPAND_SZ as well, which comes expanded. */
	status = RegGetValueW(HKEY_LOCAL_MACHINE, wide_key, wide_value, RRF_RT_REG_SZ, NULL, text,
		&size);
	if (status) {
		SetLastError((DWORD)status);
		failed(what, key);
		return;
	}
	windows_length = (int)GetWindowsDirectoryW(windows, MAX_PATH);
	for (WCHAR *path = text; path; path = next) {
		next = wcschr(path, L';');
		if (next)
			*next++ = L'\0';
		if (!*path || !_wcsnicmp(path, windows, (size_t)windows_length))
			continue;
		asked++;
		(strcmp(what, "text") ? library_load : message_fetch)(key, path);
	}
	if (!asked) {
		SetLastError(ERROR_FILE_NOT_FOUND);
		failed(what, key);
	}
}

int main(void)
{
	SC_HANDLE controller = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
	char line[4096];

	while (fgets(line, sizeof line, stdin)) {
		char *what = strtok(line, "\t\r\n"), *key = strtok(NULL, "\t\r\n"),
		     *value = strtok(NULL, "\t\r\n");

		if (what && key && !strcmp(what, "service"))
			service_start(controller, key);
		else if (what && key && value)
			value_use(what, key, value);
	}
	CloseServiceHandle(controller);
	return puts("end") < 0;
}
