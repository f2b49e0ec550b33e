/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a server, Samba's libraries or the system said, as sentences. */
#include "server/remote_private.h"

#include <errno.h>
#include <stdio.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { WHAT_ROOM = 512 };

struct meaning {
	uint32_t code;
	enum trouble trouble;
	const char *text;   /* NULL: as the one before */
	const char *advice; /* NULL: what the trouble's row says */
};

#define ANOTHER_ACCOUNT N_("Use the account of an administrator of that server.")
#define EVENT_LOG \
	N_("In Control Panel, Services, set the service EventLog to Automatic, then restart the server.")
#define REMOTE_REGISTRY \
	N_("On the server, type: net start RemoteRegistry. Windows NT 4.0 needs no such service.")

/* [MS-ERREF] 2.3.1. */
static const struct meaning statuses[] = {
	/* logging on */
	{ 0xc000006d, TROUBLE_PERMISSION, N_("the password is wrong, or there is no such user"),
		N_("Check the user and the domain (--user 'DOM\\admin'), and the password.") },
	{ 0xc000006a, 0, NULL, NULL }, /* STATUS_WRONG_PASSWORD */
	{ 0xc0000064, 0, NULL, NULL }, /* STATUS_NO_SUCH_USER */
	{ 0xc0000234, TROUBLE_PERMISSION, N_("the account is locked out"),
		N_("Unlock it in User Manager, or wait until it unlocks itself. Each wrong password counts.") },
	{ 0xc0000072, TROUBLE_PERMISSION, N_("the account is disabled"),
		N_("Enable it in User Manager, or use another account.") },
	{ 0xc0000071, TROUBLE_PERMISSION, N_("the account or its password has expired"),
		N_("Change the password on a workstation, or use another account.") },
	{ 0xc0000193, 0, NULL, NULL }, /* STATUS_ACCOUNT_EXPIRED */
	{ 0xc0000224, 0, NULL, NULL }, /* STATUS_PASSWORD_MUST_CHANGE */
	{ 0xc000006e, TROUBLE_PERMISSION,
		N_("this account may not log on now, from here, or over the network"),
		ANOTHER_ACCOUNT },
	{ 0xc000006f, 0, NULL, NULL }, /* STATUS_INVALID_LOGON_HOURS */
	{ 0xc0000070, 0, NULL, NULL }, /* STATUS_INVALID_WORKSTATION */
	{ 0xc000015b, 0, NULL, NULL }, /* STATUS_LOGON_TYPE_NOT_GRANTED */
	{ 0xc000005e, TROUBLE_UNREACHABLE,
		N_("no domain controller can be reached that could check the password"),
		N_("Use an account of the server itself, or start a domain controller.") },
	{ 0xc0000022, TROUBLE_PERMISSION, N_("access is denied"), ANOTHER_ACCOUNT },
	{ 0xc0000061, 0, NULL, NULL }, /* STATUS_PRIVILEGE_NOT_HELD */
	/* reaching it */
	{ 0xc00000be, TROUBLE_UNREACHABLE, N_("no computer of that name was found"), NULL },
	{ 0xc0000236, TROUBLE_UNREACHABLE, N_("nobody answers on that port"),
		N_("Check that the server is up and shares files, and the port (--port).") },
	{ 0xc000023c, TROUBLE_UNREACHABLE, N_("there is no way to its network"), NULL },
	{ 0xc000023d, 0, NULL, NULL }, /* STATUS_HOST_UNREACHABLE */
	{ 0xc00000b5, TROUBLE_UNREACHABLE, N_("the server did not answer in time"), NULL },
	{ 0xc00000c3, TROUBLE_UNREACHABLE,
		N_("what answers there speaks no SMB that this program was told to speak"), NULL },
	{ 0xc000009a, TROUBLE_UNREACHABLE, N_("the server has no resources left for this"), NULL },
	{ 0xc0000205, 0, NULL, NULL }, /* STATUS_INSUFF_SERVER_RESOURCES */
	/* a connection that was */
	{ 0xc000020c, TROUBLE_UNREACHABLE, N_("the connection to the server broke"), NULL },
	{ 0xc000020d, 0, NULL, NULL }, /* STATUS_CONNECTION_RESET */
	{ 0xc0000241, 0, NULL, NULL }, /* STATUS_CONNECTION_ABORTED */
	{ 0xc000014b, 0, NULL, NULL }, /* STATUS_PIPE_BROKEN */
	{ 0xc00000b0, 0, NULL, NULL }, /* STATUS_PIPE_DISCONNECTED */
	{ 0xc00000c9, 0, NULL, NULL }, /* STATUS_NETWORK_NAME_DELETED */
	{ 0xc0000203, 0, NULL, NULL }, /* STATUS_USER_SESSION_DELETED */
	{ 0xc000013b, 0, NULL, NULL }, /* STATUS_LOCAL_DISCONNECT */
	{ 0xc000013c, 0, NULL, NULL }, /* STATUS_REMOTE_DISCONNECT */
	{ 0xc0000037, 0, NULL, NULL }, /* STATUS_PORT_DISCONNECTED */
	{ 0xc0000008, 0, NULL, NULL }, /* STATUS_INVALID_HANDLE: of a pipe that is gone */
	{ 0xc000018e, TROUBLE_IO, N_("the file of the log is damaged"),
		N_("Save the log in Event Viewer of the server, then clear it there.") },
	/* things of the server */
	{ 0xc0000034, TROUBLE_NOT_THERE, N_("it is not there"), NULL },
	{ 0xc000000f, 0, NULL, NULL }, /* STATUS_NO_SUCH_FILE */
	{ 0xc000003a, 0, NULL, NULL }, /* STATUS_OBJECT_PATH_NOT_FOUND */
	{ 0xc00000cc, TROUBLE_NOT_THERE, N_("there is no such share"), NULL },
	{ 0xc00000ac, TROUBLE_UNREACHABLE, N_("the server does not offer this"), NULL },
	{ 0xc00000ae, TROUBLE_UNREACHABLE, N_("the server is too busy for this"), NULL },
	{ 0xc0000043, TROUBLE_IO, N_("it is in use on the server"),
		N_("Close what uses it there, then try again.") },
	{ 0xc000007f, TROUBLE_NO_ROOM, N_("the disk there is full"), NULL },
	{ 0xc00000a2, TROUBLE_READ_ONLY, N_("the disk there is write-protected"), NULL },
};

/* winerror.h; the meanings as in Q186539, Q186550 and Q186554. */
static const struct meaning errors[] = {
	{ 2, TROUBLE_NOT_THERE, N_("the file or key is not there (error 2)"), NULL },
	{ 3, TROUBLE_NOT_THERE, N_("the folder is not there (error 3)"), NULL },
	{ 5, TROUBLE_PERMISSION, N_("access is denied (error 5)"), ANOTHER_ACCOUNT },
	{ 1314, 0, NULL, NULL }, /* ERROR_PRIVILEGE_NOT_HELD */
	{ 6, TROUBLE_UNREACHABLE, N_("the server forgot what was open (error 6)"), NULL },
	{ 8, TROUBLE_UNREACHABLE, N_("the server is out of memory (error 8)"), NULL },
	{ 14, 0, NULL, NULL }, /* ERROR_OUTOFMEMORY */
	{ 32, TROUBLE_IO, N_("it is in use on the server (error 32)"),
		N_("Close what uses it there, then try again.") },
	{ 33, 0, NULL, NULL }, /* ERROR_LOCK_VIOLATION */
	{ 53, TROUBLE_UNREACHABLE, N_("the network path was not found (error 53)"), NULL },
	{ 64, TROUBLE_UNREACHABLE, N_("the connection to the server broke (error 64)"), NULL },
	{ 67, TROUBLE_NOT_THERE, N_("there is no such share (error 67)"), NULL },
	{ 112, TROUBLE_NO_ROOM, N_("the disk there is full (error 112)"), NULL },
	{ 120, TROUBLE_CANNOT, N_("that server cannot do this (error 120)"), NULL },
	{ 1018, TROUBLE_MOVED, N_("somebody deleted the key meanwhile (error 1018)"), NULL },
	{ 1051, TROUBLE_CANNOT, N_("services that run depend on it (error 1051)"), NULL },
	{ 1053, TROUBLE_CANNOT, N_("the service did not respond in time (error 1053)"),
		N_("Look in the server's event log for what holds it up.") },
	{ 1055, TROUBLE_CANNOT,
		N_("the server is starting or stopping another service (error 1055)"),
		N_("Try again in a minute.") },
	{ 1056, TROUBLE_CANNOT, N_("the service runs already (error 1056)"), NULL },
	{ 1058, TROUBLE_CANNOT, N_("the service is disabled (error 1058)"),
		N_("Set it to Manual or Automatic in Control Panel, Services.") },
	{ 1060, TROUBLE_NOT_THERE, N_("there is no such service on this server (error 1060)"),
		NULL },
	{ 1061, TROUBLE_CANNOT, N_("the service cannot be stopped just now (error 1061)"), NULL },
	{ 1062, TROUBLE_CANNOT, N_("the service does not run (error 1062)"), NULL },
	{ 1066, TROUBLE_CANNOT, N_("the service gave an error of its own (error 1066)"), NULL },
	{ 1067, TROUBLE_CANNOT, N_("the service ended unexpectedly (error 1067)"),
		N_("Look in the server's event log for the reason.") },
	{ 1068, TROUBLE_CANNOT, N_("a service that it depends on did not start (error 1068)"),
		NULL },
	{ 1069, TROUBLE_CANNOT,
		N_("the account or password it is set to log on with is wrong (error 1069)"),
		N_("Correct it in Control Panel, Services, Startup.") },
	{ 1072, TROUBLE_CANNOT, N_("the service is marked for deletion (error 1072)"), NULL },
	{ 1075, TROUBLE_CANNOT, N_("a service that it depends on does not exist (error 1075)"),
		NULL },
	{ NDR_BAD, TROUBLE_UNREACHABLE, N_("the server's answer makes no sense"), NULL },
	{ 1115, TROUBLE_UNREACHABLE, N_("the server is shutting down (error 1115)"), NULL },
	{ 2114, TROUBLE_CANNOT, N_("the Server service does not run there (error 2114)"), NULL },
	{ 2116, TROUBLE_NOT_THERE,
		N_("there is no such drive or folder on the server (error 2116)"), NULL },
	{ 2118, TROUBLE_MOVED, N_("the name is shared already (error 2118)"), NULL },
	{ 2310, TROUBLE_NOT_THERE, N_("there is no such share (error 2310)"), NULL },
};

/* errno.h; what libsmbclient makes of a server's answers. */
static const struct meaning numbers[] = {
	{ EACCES, TROUBLE_PERMISSION, N_("access is denied"), ANOTHER_ACCOUNT },
	{ EPERM, 0, NULL, NULL },
	{ ENOENT, TROUBLE_NOT_THERE, N_("it is not there"), NULL },
	{ EBUSY, TROUBLE_IO, N_("it is in use on the server"),
		N_("Close what uses it there, then try again.") },
	{ ETXTBSY, 0, NULL, NULL },
	{ EOVERFLOW, TROUBLE_CANNOT, N_("there are more names than can be listed"), NULL },
	{ ENOSPC, TROUBLE_NO_ROOM, N_("the disk there is full"), NULL },
	{ EDQUOT, 0, NULL, NULL },
	{ EROFS, TROUBLE_READ_ONLY, N_("the disk there is write-protected"), NULL },
	{ ETIMEDOUT, TROUBLE_UNREACHABLE, N_("the server did not answer in time"), NULL },
	{ ECONNREFUSED, TROUBLE_UNREACHABLE, N_("nobody answers on that port"),
		N_("Check that the server is up and shares files, and the port (--port).") },
	{ FRAME_NO_HOST, TROUBLE_UNREACHABLE, N_("no computer of that name was found"),
		N_("Check the name, or give its address.") },
	{ FRAME_NO_SMB, TROUBLE_UNREACHABLE, N_("what answers there is no SMB server"),
		N_("Check the name and the port (--port).") },
	{ FRAME_ONLY_SMB1, TROUBLE_DIALECT,
		N_("it speaks only SMB1, the old form of Windows NT 4.0 and 2000"),
		N_("SMB1 protects neither password nor data well. To use it all the same, give --nt4.") },
	{ FRAME_NEVER_SMB1, TROUBLE_UNREACHABLE, N_("it refuses SMB1"),
		N_("Leave out --nt4: this server speaks a newer form.") },
	{ ECONNABORTED, TROUBLE_UNREACHABLE, N_("the connection to the server broke"), NULL },
	{ ECONNRESET, 0, NULL, NULL },
	{ ENETRESET, 0, NULL, NULL },
	{ EPIPE, 0, NULL, NULL },
	{ ENOTCONN, 0, NULL, NULL },
	{ EHOSTUNREACH, TROUBLE_UNREACHABLE, N_("there is no way to its network"), NULL },
	{ ENETUNREACH, 0, NULL, NULL },
};

static const struct meaning *meaning_of(const struct meaning *table, size_t count, uint32_t code)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].code == code) {
			while (!table[i].text)
				i--;
			return &table[i];
		}
	return NULL;
}

static const char *said(char out[WHAT_ROOM], const char *what, const char *on)
{
	(void)snprintf(out, WHAT_ROOM, _(what), on);
	return out;
}

static int meant(struct error *err, const struct meaning *meaning, const char *what, const char *on)
{
	char out[WHAT_ROOM];
	int ret =
		error_set(err, meaning->trouble, "%s: %s.", said(out, what, on), _(meaning->text));

	return meaning->advice ? error_advise(err, ret, "%s", _(meaning->advice)) : ret;
}

static int status_failed(struct error *err, uint32_t code, const char *what, const char *on)
{
	const struct meaning *meaning = meaning_of(statuses, ARRAY_SIZE(statuses), code);
	char out[WHAT_ROOM];

	return meaning ? meant(err, meaning, what, on)
		       : error_set(err, TROUBLE_IO, _("%s: the server's status is 0x%08x."),
				 said(out, what, on), (unsigned)code);
}

static int errno_failed(struct error *err, uint32_t code, const char *what, const char *on)
{
	const struct meaning *meaning = meaning_of(numbers, ARRAY_SIZE(numbers), code);
	char out[WHAT_ROOM];

	return meaning ? meant(err, meaning, what, on)
		       : error_system(err, TROUBLE_IO, (int)code, "%s", said(out, what, on));
}

static int refused(struct error *err, const struct frame *answer, const char *what, const char *on)
{
	char out[WHAT_ROOM], *why;
	struct frame_reader reader;
	int ret;

	frame_read(&reader, answer);
	why = frame_get_text(&reader, NULL);
	ret = error_set(err, TROUBLE_BUG, "%s: %s.", said(out, what, on), why ? why : "?");
	talloc_free(why);
	return ret;
}

int remote_failed(struct error *err, const struct frame *answer, const char *what, const char *on)
{
	char out[WHAT_ROOM];

	switch (answer->status) {
	case FRAME_DONE:
		return 0;
	case FRAME_NTSTATUS:
		return status_failed(err, answer->code, what, on);
	case FRAME_ERRNO:
		return errno_failed(err, answer->code, what, on);
	case FRAME_FAULT:
		/* nca_s_fault_access_denied is ERROR_ACCESS_DENIED ([MS-RPCE] 2.2.1.1). */
		return answer->code == 5
			? remote_windows(err, 5, what, on)
			: error_set(err, TROUBLE_IO, _("%s: the server refused the call (0x%08x)."),
				  said(out, what, on), (unsigned)answer->code);
	default:
		return refused(err, answer, what, on);
	}
}

int remote_windows(struct error *err, uint32_t code, const char *what, const char *on)
{
	const struct meaning *meaning = meaning_of(errors, ARRAY_SIZE(errors), code);
	char out[WHAT_ROOM];

	if (code == 0)
		return 0;
	return meaning ? meant(err, meaning, what, on)
		       : error_set(err, TROUBLE_IO, _("%s: Windows error %u."), said(out, what, on),
				 (unsigned)code);
}

int remote_status(struct error *err, uint32_t code, const char *what, const char *on)
{
	if (code == NDR_BAD)
		return remote_windows(err, code, what, on);
	return code ? status_failed(err, code, what, on) : 0;
}

const char *remote_windows_text(uint32_t code)
{
	const struct meaning *meaning = meaning_of(errors, ARRAY_SIZE(errors), code);

	return meaning ? _(meaning->text) : NULL;
}

static bool is_unreachable(const struct meaning *meaning)
{
	return meaning && meaning->trouble == TROUBLE_UNREACHABLE;
}

bool remote_lost(const struct frame *answer)
{
	if (answer->status == FRAME_NTSTATUS)
		return is_unreachable(meaning_of(statuses, ARRAY_SIZE(statuses), answer->code));
	return answer->status == FRAME_ERRNO &&
		is_unreachable(meaning_of(numbers, ARRAY_SIZE(numbers), answer->code));
}

int remote_pipe_failed(struct error *err, const struct frame *answer, enum remote_pipe_name name,
	const char *host)
{
	bool missing = answer->status == FRAME_NTSTATUS &&
		(answer->code == 0xc0000034 || answer->code == 0xc00000ac);
	int ret;

	if (missing && name == REMOTE_EVENTLOG) {
		ret = error_set(err, TROUBLE_UNREACHABLE,
			_("The event log of %s cannot be reached: the Event Log service does not run there."),
			host);
		return error_advise(err, ret, "%s", _(EVENT_LOG));
	}
	if (!missing || name != REMOTE_WINREG)
		return remote_failed(err, answer, N_("The pipe of %s cannot be opened"), host);
	ret = error_set(err, TROUBLE_UNREACHABLE,
		_("The registry of %s cannot be reached: the Remote Registry service does not run there."),
		host);
	return error_advise(err, ret, "%s", _(REMOTE_REGISTRY));
}
