/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of faults: how it arises, what is right, and how a practice server gets it.
 * doc/cases.md says what only looks right. */
#include "training/fault.h"

#include <string.h>

#include "base/i18n.h"
#include "nt/regdata.h"

#define EVENTS "Services\\EventLog\\Application\\"

enum {
	NEXT = PRACTICE_IN_DEFAULT_SET,
	OTHER = PRACTICE_IN_OTHER_SET,
	BOTH = NEXT | OTHER,
	ALT_ONLY = NEXT | PRACTICE_IN_ALT_ONLY
};
enum { DEFAULT, RELOCATED };

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define EDITS(table) .edits = table, .edit_count = COUNT(table)

/* Rows: a value and which Msmcon it leads to, or its type and data; a file more, with version and
 * size; a newer one in the relocated Bin. */
#define LEAD(in, key, value, to) \
	{ \
		.op = PRACTICE_REG_LEAD, .where = in, .path = key, .name = value, .number = to \
	}
#define SET(in, key, value, kind, data) \
	{ \
		.op = PRACTICE_REG_SET, .where = in, .path = key, .name = value, .type = kind, \
		.text = data \
	}
#define ADD(on, file, version, size) \
	{ \
		.op = PRACTICE_FILE_ADD, .where = on, .path = file, .text = version, \
		.number = size \
	}
#define NEWER(file, version) \
	{ \
		.op = PRACTICE_FILE_VERSION, .where = PRACTICE_ON_RELOCATED, .path = file, \
		.text = version \
	}

static const struct practice_edit SOME_VALUES[] = {
	LEAD(NEXT, "Services\\MSExchangeMSMI", "ImagePath", DEFAULT),
	LEAD(NEXT, "Services\\MSExchangePCMTA\\Performance", "Library", DEFAULT),
	LEAD(NEXT, EVENTS "{x25}", "EventMessageFile", DEFAULT),
};

static const struct practice_edit FORGOTTEN[] = {
	LEAD(BOTH, "Services\\{x25}", "ImagePath", DEFAULT),
	LEAD(BOTH, EVENTS "{x25}", "CategoryMessageFile", DEFAULT),
	LEAD(BOTH, EVENTS "{x25}", "EventMessageFile", DEFAULT),
};

static const struct practice_edit SPACES[] = {
	{ .op = PRACTICE_NAME, .name = "lan", .text = "Warehouse and Workshop Offices" },
	{ .op = PRACTICE_NAME, .name = "x25", .text = "Night Line to the Islands" },
};

static const struct practice_edit TWO_PATHS[] = {
	SET(NEXT, EVENTS "{lan}", "EventMessageFile", REG_EXPAND_SZ,
		"%SystemRoot%\\System32\\netmsg.dll;{default}\\bin\\xtnmsg.dll"),
	SET(NEXT, EVENTS "MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ,
		"{relocated}\\bin\\mtmsg.dll;{default}\\bin\\xtnmsg.dll"),
};

static const struct practice_edit ARGUMENTS[] = {
	SET(NEXT, "Services\\{lan}", "ImagePath", REG_EXPAND_SZ,
		"\"{default}\\bin\\async.exe\" /log:2 /round:5"),
};

static const struct practice_edit SYSTEM_ROOT[] = {
	SET(NEXT, EVENTS "MSExchangeMSMI", "EventMessageFile", REG_EXPAND_SZ,
		"%SystemRoot%\\System32\\netmsg.dll;%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\mtmsg.dll"),
	SET(NEXT, EVENTS "{x25}", "CategoryMessageFile", REG_EXPAND_SZ,
		"%SystemDrive%\\exchsrvr\\connect\\msmcon\\bin\\xtnmsg.dll"),
};

static const struct practice_edit SHORT_NAMES[] = {
	{ .op = PRACTICE_NAME, .name = "relocated", .text = "E:\\Exchange Server" },
	SET(BOTH, "Services\\MSExchangeMSMI\\Performance", "Library", REG_SZ,
		"E:\\EXCHAN~1\\connect\\msmcon\\bin\\mtperf.dll"),
	SET(BOTH, EVENTS "{x25}", "EventMessageFile", REG_EXPAND_SZ,
		"E:\\EXCHAN~1\\CONNECT\\MSMCON\\BIN\\XTNMSG.DLL"),
};

static const struct practice_edit PLAIN_TYPE[] = {
	SET(NEXT, "Services\\{x25}", "ImagePath", REG_SZ, "{default}\\bin\\x25eicon.exe"),
	SET(NEXT, EVENTS "{lan}", "CategoryMessageFile", REG_SZ, "{default}\\bin\\xtnmsg.dll"),
};

static const struct practice_edit THIRD_PLACE[] = {
	SET(NEXT, EVENTS "{x25}", "CategoryMessageFile", REG_EXPAND_SZ,
		"E:\\rescue\\msmcon\\bin\\xtnmsg.dll"),
	ADD(0, "E/rescue/msmcon/bin/xtnmsg.dll", "5.5.1960.4", 54000),
	ADD(0, "E/rescue/msmcon/bin/async.exe", "5.5.1960.6", 338000),
};

static const struct practice_edit REMADE[] = {
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Mtperf.dll" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Xtnperf.dll" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "X25ntm9.dll" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Address.dll" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Mtperf.ini" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Mtperf.h" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Xtnperf.ini" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Xtnperf.h" },
};

static const struct practice_edit HOTFIX_PAIR[] = {
	NEWER("X25eicon.exe", "5.5.2652.36"),
	NEWER("Xtnmsg.dll", "5.5.2652.36"),
};

static const struct practice_edit HOTFIX_MT[] = {
	NEWER("Mt.exe", "5.5.2524.0"),
	NEWER("Mtmsg.dll", "5.5.2524.0"),
};

static const struct practice_edit MISSING_DLL[] = {
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_DEFAULT, .path = "Xtnmsg.dll" },
	{ .op = PRACTICE_FILE_DROP, .where = PRACTICE_ON_RELOCATED, .path = "Xtnmsg.dll" },
};

static const struct practice_edit SHARE_OLD[] = {
	SET(NEXT, "Services\\LanmanServer\\Shares", "Maildat$", REG_MULTI_SZ,
		"MaxUses=4294967295|Path={default}\\maildata|Permissions=0|Remark=Access for MSMI postoffice|Type=0"),
};

static const struct practice_edit SHARE_OPEN[] = {
	{ .op = PRACTICE_REG_DROP,
		.where = BOTH,
		.path = "Services\\LanmanServer\\Shares\\Security",
		.name = "Maildat$" },
};

static const struct practice_edit SHARE_READ[] = {
	{ .op = PRACTICE_SHARE_SECURITY, .path = "Maildat$", .number = 0x1200a9 },
};

static const struct practice_edit APPLETALK[] = {
	SET(BOTH, "Services\\MSExchangeATMTA", "Type", REG_DWORD, "0x10"),
	SET(BOTH, "Services\\MSExchangeATMTA", "Start", REG_DWORD, "2"),
	SET(BOTH, "Services\\MSExchangeATMTA", "ErrorControl", REG_DWORD, "1"),
	SET(BOTH, "Services\\MSExchangeATMTA", "DisplayName", REG_SZ,
		"MS Mail Connector (AppleTalk) MTA"),
	SET(BOTH, "Services\\MSExchangeATMTA", "ObjectName", REG_SZ, "{domain}\\{account}"),
	SET(BOTH, "Services\\MSExchangeATMTA", "DependOnService", REG_MULTI_SZ,
		"EventLog|MSExchangeMSMI|LanmanServer"),
	SET(NEXT, "Services\\MSExchangeATMTA", "ImagePath", REG_EXPAND_SZ,
		"{default}\\bin\\macgate.exe"),
	SET(NEXT, "Services\\MSExchangeATMTA\\Performance", "Library", REG_EXPAND_SZ,
		"{default}\\bin\\macgperf.dll"),
	SET(OTHER, "Services\\MSExchangeATMTA", "ImagePath", REG_EXPAND_SZ,
		"{relocated}\\bin\\macgate.exe"),
	SET(OTHER, "Services\\MSExchangeATMTA\\Performance", "Library", REG_EXPAND_SZ,
		"{relocated}\\bin\\macgperf.dll"),
	{ .op = PRACTICE_SERVICE, .name = "MSExchangeATMTA", .text = "stopped" },
	ADD(PRACTICE_ON_DEFAULT, "Macgate.exe", "5.5.2448.0", 203000),
	ADD(PRACTICE_ON_DEFAULT, "Macgperf.dll", "5.5.2448.0", 21000),
	ADD(PRACTICE_ON_RELOCATED, "Macgate.exe", "5.5.1960.5", 203000),
	ADD(PRACTICE_ON_RELOCATED, "Macgperf.dll", "5.5.1960.5", 21000),
};

static const struct practice_edit SECOND_SET[] = {
	{ .op = PRACTICE_SELECT, .name = "Default", .number = 2 },
	{ .op = PRACTICE_SELECT, .name = "Current", .number = 1 },
	{ .op = PRACTICE_SELECT, .name = "LastKnownGood", .number = 1 },
};

static const struct practice_edit DIRTY[] = {
	{ .op = PRACTICE_DIRTY },
};

static const struct practice_edit ALT[] = {
	LEAD(ALT_ONLY, "Services\\MSExchangeMSMI", "ImagePath", RELOCATED),
	LEAD(ALT_ONLY, "Services\\{lan}", "ImagePath", RELOCATED),
	LEAD(ALT_ONLY, EVENTS "{lan}", "EventMessageFile", RELOCATED),
	SET(ALT_ONLY, "Services\\MSExchangePCMTA\\Performance", "Library", REG_SZ,
		"D:\\mail\\connect\\msmcon\\bin\\xtnperf.dll"),
};

static const struct practice_edit NO_ROOM[] = {
	{ .op = PRACTICE_ROOM, .name = "E", .number = 200000 },
};

static const struct practice_edit READ_ONLY[] = {
	{ .op = PRACTICE_FILE_READ_ONLY, .where = PRACTICE_ON_RELOCATED },
};

static const struct practice_edit LATE_MAIL[] = {
	{ .op = PRACTICE_MAIL, .where = PRACTICE_ON_DEFAULT, .number = 9 },
};

static const struct practice_edit BOTH_ALIVE[] = {
	{ .op = PRACTICE_MAIL, .where = PRACTICE_ON_DEFAULT, .number = 8 },
	{ .op = PRACTICE_MAIL, .where = PRACTICE_ON_RELOCATED, .number = 7 },
};

static const struct practice_edit ELSEWHERE[] = {
	SET(NEXT, "Services\\NightlyCopy\\Parameters", "Source", REG_SZ, "{default}\\maildata"),
	SET(NEXT, "Services\\NightlyCopy\\Parameters", "Target", REG_SZ, "\\\\TAPE1\\nightly"),
};

static const struct practice_edit LKG[] = {
	LEAD(OTHER, "Services\\MSExchangeMSMI", "ImagePath", DEFAULT),
	LEAD(OTHER, "Services\\{lan}", "ImagePath", DEFAULT),
	LEAD(OTHER, "Services\\{x25}", "ImagePath", DEFAULT),
	LEAD(OTHER, "Services\\MSExchangeMSMI\\Performance", "Library", DEFAULT),
};

static const struct fault FAULTS[] = {
	{ .id = "sp-values",
		.title = N_("The entries lead to the default drive"),
		.cause = N_(
			"The service pack rewrote most entries of the connector, as if the postoffice were still where setup once put it."),
		.right = N_(
			"Point each entry to the relocated Msmcon again; change only the front part of its path."),
		.consequence =
			N_("The services start programs from the wrong folder, or do not start: "
			   "the Service Control Manager logs event 7000, Windows error 2 or 3."),
		.source = "Q240208",
		.flags = PRACTICE_VALUES_DEFAULT },
	{ .id = "sp-bin",
		.title = N_("The relocated Bin is old"),
		.cause = N_("The service pack put its files only on the default drive."),
		.right = N_(
			"Back up the relocated Bin, then copy the new files over, file by file."),
		.consequence = N_(
			"Old programs run beside a new Exchange: "
			"conversions fail, and mismatched versions stop with an entry point that cannot be found."),
		.source = "Q240208",
		.flags = PRACTICE_BIN_OLD },
	{ .id = "sp-share",
		.title = N_("The share Maildat$ is gone"),
		.cause = N_("The service pack removed the share of the postoffice."),
		.right = N_("Share the relocated Maildata again, under the same name."),
		.consequence = N_(
			"The PC MTAs cannot reach the postoffice: no mail moves, and no non-delivery report says so."),
		.source = "Q240208",
		.flags = PRACTICE_SHARE_GONE },
	{ .id = "old-maildata",
		.title = N_("A full old postoffice on the default drive"),
		.cause = N_("Moving the postoffice copied it, and the original was never removed."),
		.right = N_("Leave it until you know beyond doubt which one is live."),
		.source = "Q171259",
		.flags = PRACTICE_OLD_MAILDATA },
	{ .id = "hotfix",
		.title = N_("A file newer than the service pack"),
		.cause = N_(
			"Somebody installed a later fix of Async.exe by hand, for a fault that the service pack still has."),
		.right = N_("Decide to keep the newer file."),
		.consequence = N_(
			"The fault that the fix had cured is back, and nobody remembers which file cured it."),
		.source = "Q269183",
		.flags = PRACTICE_HOTFIX },
	{ .id = "hotfix-pair",
		.title = N_("Two newer files that belong together"),
		.cause = N_("A later fix replaced X25eicon.exe and its messages."),
		.right = N_("Keep both: they only fit each other."),
		.consequence = N_(
			"The program logs events whose description cannot be found, or the old fault is back."),
		.source = "Q269183",
		EDITS(HOTFIX_PAIR) },
	{ .id = "hotfix-interchange",
		.title = N_("A newer interchange"),
		.cause = N_("A later fix replaced Mt.exe and its messages."),
		.right = N_("Keep both newer files."),
		.consequence =
			N_("Messages that the fix could convert get stuck in the queue again."),
		.source = "Q198393",
		EDITS(HOTFIX_MT) },
	{ .id = "some-values",
		.title = N_("Only some values were changed"),
		.cause = N_("Setup does not treat all entries alike: most is not all."),
		.right = N_("Check every entry by itself, and leave the right ones alone."),
		.source = "Q240208",
		EDITS(SOME_VALUES) },
	{ .id = "forgotten-pcmta",
		.title = N_("A PC MTA forgotten long ago"),
		.cause = N_(
			"The article on moving does not list the entries of a PC MTA. "
			"This one has led to the default drive ever since the move; it ran there, from old files."),
		.right = N_("Correct it now, and do not blame the service pack."),
		.consequence = N_(
			"Once the old folder is removed, the PC MTA does not start: event 7000, error 2."),
		.source = "Q171259",
		EDITS(FORGOTTEN) },
	{ .id = "names-with-spaces",
		.title = N_("PC MTAs with spaces in their names"),
		.cause = N_(
			"Administrators name PC MTAs as they like, with up to thirty letters and spaces."),
		.right = N_("Look for every PC MTA, whatever it is called."),
		.consequence = N_("The overlooked PC MTA stays on the old drive."),
		.source = "Exchange 5.5 online documentation",
		EDITS(SPACES) },
	{ .id = "two-paths",
		.title = N_("Two paths in one value"),
		.cause = N_(
			"A list of message files may hold several paths, separated by a semicolon."),
		.right = N_("Change only the path that leads to the default drive."),
		.consequence = N_("The events of the other file lose their descriptions."),
		.source = "Q165959",
		EDITS(TWO_PATHS) },
	{ .id = "quoted-arguments",
		.title = N_("A quoted command line with arguments"),
		.cause = N_("Somebody gave the service arguments, and quotation marks with them."),
		.right = N_("Keep quotation marks and arguments as they are."),
		.consequence = N_(
			"The service starts without its arguments and silently does something else."),
		.source = "not found in an article",
		EDITS(ARGUMENTS) },
	{ .id = "system-root",
		.title = N_("Variables in front of a path"),
		.cause = N_(
			"A path of the type REG_EXPAND_SZ may begin with %SystemRoot% or %SystemDrive%."),
		.right = N_(
			"Work out what the variable stands for: only %SystemDrive% leads to the Msmcon here."),
		.consequence =
			N_("The Event Viewer finds no description for the connector's events."),
		.source = "Q222967",
		EDITS(SYSTEM_ROOT) },
	{ .id = "short-names",
		.title = N_("Short (8.3) names"),
		.cause = N_("A program from before long names wrote the path."),
		.right = N_(
			"Recognise that the short name stands for the relocated folder, and leave it."),
		.source = "Q147224",
		EDITS(SHORT_NAMES) },
	{ .id = "plain-type",
		.title = N_("REG_SZ where REG_EXPAND_SZ is usual"),
		.cause = N_("Somebody entered the value by hand and took the first type offered."),
		.right = N_(
			"Change the path, not the type: without a variable in the path, the type does no harm."),
		.source = "Q222967",
		EDITS(PLAIN_TYPE) },
	{ .id = "third-place",
		.title = N_("A value that leads to a third place"),
		.cause = N_("An earlier repair was tried in a separate folder."),
		.right = N_("Leave it and find out whose it is; the program does not guess."),
		.source = "not found in an article",
		EDITS(THIRD_PLACE) },
	{ .id = "msmcon-remade",
		.title = N_("Msmcon deleted, and created again"),
		.cause = N_(
			"The default Msmcon had been deleted to save room. The service pack created it again, with only its own files in it."),
		.right = N_("Copy what is there; files that only the relocated Bin has stay."),
		.consequence = N_(
			"Files that no service pack installs are lost, and with them counters and X.25."),
		.source = "Q240208",
		EDITS(REMADE) },
	{ .id = "missing-dll",
		.title = N_("A DLL is missing on both sides"),
		.cause = N_("A clean-up removed a file that it did not know."),
		.right = N_("Correct the path, and get the file from the service pack's CD."),
		.consequence = N_(
			"The PC MTA's events have no descriptions, and a program that loads the DLL does not start: "
			"events 7000 and 7009."),
		.source = "Q190697",
		EDITS(MISSING_DLL) },
	{ .id = "share-old-drive",
		.title = N_("The share leads to the old drive"),
		.cause = N_("Somebody created the share again and used the default path."),
		.right = N_("Point it to the relocated Maildata."),
		.consequence = N_(
			"The worst of all: mail is accepted, and ends up in the wrong postoffice."),
		.source = "not found in an article",
		EDITS(SHARE_OLD) },
	{ .id = "share-open",
		.title = N_("The share has no permissions of its own"),
		.cause = N_(
			"Its security entry was lost; Windows NT then gives everyone full access."),
		.right = N_(
			"Know that setup creates it the same way, and talk to the owner of the server. It is no reason to change the path."),
		.consequence = N_(
			"Another share's permissions do not fit this one: the PC MTAs can read but not write."),
		.source = "KB147376",
		EDITS(SHARE_OPEN) },
	{ .id = "share-read",
		.title = N_("Everyone may only read the share"),
		.cause = N_("An administrator locked the share down."),
		.right = N_("Leave it: the services' account is in the list by name."),
		.source = "Q175881",
		EDITS(SHARE_READ) },
	{ .id = "appletalk",
		.title = N_("There is an AppleTalk MTA too"),
		.cause =
			N_("Q171259 lists it, Q240208 does not: the complete check is both lists."),
		.right = N_("Correct its two entries as well."),
		.consequence =
			N_("Mail to the Macintosh side stops: MSExchangeATMTA does not start."),
		.source = "Q171259",
		EDITS(APPLETALK) },
	{ .id = "second-set",
		.title = N_("The next start uses the other control set"),
		.cause = N_(
			"Select\\Default is 2: the next start will use a different control set from this one."),
		.right = N_("Repair the control set of the next start."),
		.consequence = N_("The repair has no effect once the server restarts."),
		.source = "Q102984",
		EDITS(SECOND_SET) },
	{ .id = "dirty-hive",
		.title = N_("The registry was not written completely"),
		.cause = N_("The server was switched off, not shut down."),
		.right = N_("Start the server once, shut it down cleanly, and come back."),
		.consequence =
			N_("The contents of the log are lost, and nobody knows what they were."),
		.source = "not found in an article",
		EDITS(DIRTY) },
	{ .id = "alt-out-of-step",
		.title = N_("SYSTEM.ALT is out of step"),
		.cause = N_("The second copy of the registry was written at another time."),
		.right = N_(
			"Repair both copies, and know that they still differ in everything else."),
		.consequence =
			N_("If Windows NT ever starts from the second copy, its values come back."),
		.source = "Q167233",
		EDITS(ALT) },
	{ .id = "no-room",
		.title = N_("No room for the backup"),
		.cause = N_("The postoffice grew until the drive was full."),
		.right = N_("Make room first, then begin."),
		.consequence = N_("The overwritten files cannot be put back."),
		.source = "not found in an article",
		EDITS(NO_ROOM) },
	{ .id = "read-only-files",
		.title = N_("Read-only files in Bin"),
		.cause = N_("The files were once copied from a CD."),
		.right = N_("Replace them as they are: the attribute stays."),
		.source = "Q127954",
		EDITS(READ_ONLY) },
	{ .id = "late-mail",
		.title = N_("Mail came into the old Maildata"),
		.cause = N_(
			"For some minutes after the service pack, the connector used the default postoffice."),
		.right =
			N_("Leave the old folder: it holds messages that somebody is waiting for."),
		.consequence = N_("The messages are lost for good."),
		.source = "not found in an article",
		EDITS(LATE_MAIL) },
	{ .id = "both-alive",
		.title = N_("Both Maildata look alive"),
		.cause = N_("Some PC MTAs kept writing to one postoffice, some to the other."),
		.right = N_(
			"Repair, and leave the old folder until every message in it is accounted for."),
		.consequence = N_("The messages of one side are lost."),
		.source = "not found in an article",
		EDITS(BOTH_ALIVE) },
	{ .id = "named-elsewhere",
		.title = N_("A value elsewhere names the old folder"),
		.cause = N_("A service for nightly copies was set up before the move."),
		.right = N_(
			"Leave the value, tell its owner, and leave the folder as long as the value names it."),
		.consequence = N_(
			"A service that nobody checked copies the wrong folder, or fails at night."),
		.source = "Q146303",
		EDITS(ELSEWHERE) },
	{ .id = "last-known-good",
		.title = N_("Last Known Good leads back"),
		.cause = N_(
			"The control set that Windows NT keeps for emergencies was saved after the service pack."),
		.right = N_(
			"Repair only the control set of the next start, and warn against starting with Last Known Good."),
		.consequence = N_("Starting with Last Known Good brings the broken entries back."),
		.source = "Q102984",
		EDITS(LKG) },
	{ .id = "power-cut",
		.title = N_("The repair was interrupted"),
		.cause = N_(
			"The power failed while the first operator's changes were being written."),
		.right = N_(
			"Resume the run: the record knows what is old and what is new. Then check what was decided."),
		.consequence = N_(
			"A second backup would save the half-done state as if it were the original."),
		.source = "not found in an article" },
};

const struct fault *faults(size_t *count)
{
	*count = COUNT(FAULTS);
	return FAULTS;
}

const struct fault *fault_find(const char *id)
{
	for (size_t i = 0; i < COUNT(FAULTS); i++)
		if (strcmp(FAULTS[i].id, id) == 0)
			return &FAULTS[i];
	return NULL;
}
