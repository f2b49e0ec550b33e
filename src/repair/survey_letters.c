/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Are the drives given under the server's own letters? */
#include "repair/survey_internal.h"

#include "base/i18n.h"

#define NT_KEY "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"

/* A path of the registry that is on its drive proves the letter; one that is only on another drive
 * shows that letters were mixed up. */
static void letter_fact(struct scan *scan, const char *path, enum entry_kind kind, bool proved[26])
{
	if (!scan_has_drive(scan, path))
		return;
	if (scan_exists(scan, path, kind))
		proved[path[0] - 'A'] = true;
	else
		scan_other_drives(scan, path, path, kind);
}

static void letter_nt(struct scan *scan, bool proved[26])
{
	const char *found = scan->survey->id->nt_folder;
	char *text = scan_value_string(scan, scan_key(scan, NT_KEY), "SystemRoot");
	char *root = text ? path_normal(scan->tmp, text) : NULL;

	if (root && root[0] != found[0])
		scan_fail(scan, TROUBLE_LETTERS,
			_("Windows says it is installed in %s, but it was found in %s."),
			scan_shown(scan, root), scan_shown(scan, found));
	if (root)
		letter_fact(scan, root, ENTRY_FOLDER, proved);
}

/* Exchange's own services; the connector's are what is in doubt. */
static void letter_services(struct scan *scan, bool proved[26])
{
	static const char *const names[] = { "MSExchangeSA", "MSExchangeDS", "MSExchangeIS",
		"MSExchangeMTA" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct scan_service *service = scan_service_find(scan, names[i]);
		size_t count;
		struct path_span *spans = scan_spans(scan, service ? service->image : NULL,
			PATH_COMMAND, scan->survey->id->nt_folder, &count);

		if (count && spans[0].full)
			letter_fact(scan, spans[0].full, ENTRY_FILE, proved);
	}
}

/* The letters that Windows has given; whether the list is whole. A list without the drive that
 * Windows itself is on is incomplete, and proves nothing about others. */
static bool letters_given(struct scan *scan, bool given[26])
{
	struct disk_letter *letters;
	size_t count = 0;

	if (scan->ret == 0 && !server_runs(scan->server))
		scan->ret = server_letters(scan->server, scan->tmp, &letters, &count, scan->err);
	for (size_t i = 0; i < count; i++)
		given[letters[i].letter - 'A'] = true;
	return given[scan->survey->id->nt_folder[0] - 'A'];
}

/* Of the drives that a repair would use: each must be known to Windows, where it keeps a list, and
 * proved or vouched for. */
static void letters_conclude(struct scan *scan, const bool proved[26])
{
	struct survey *survey = scan->survey;
	const char involved[] = { survey->id->nt_folder[0], survey->exchange_root[0],
		survey->relocated_msmcon[0] };
	bool given[26] = { false }, whole = letters_given(scan, given);
	char open = '\0';
	/* A running server shares its own drives under their own letters. */
	bool own = server_runs(scan->server);

	for (size_t i = 0; i < sizeof involved; i++) {
		if (whole && !given[involved[i] - 'A'])
			scan_fail(scan, TROUBLE_LETTERS,
				_("Windows has no disk under the letter %c:."), involved[i]);
		if (!open && !proved[involved[i] - 'A'])
			open = involved[i];
	}
	survey->letters_proved = !open || own;
	survey->letters_source = open && own
		? _("The server itself shares its drives under these letters.")
		: !open
		? _("Folders and programs that the registry names are on the drives with those letters.")
		: scan->options->letters_confirmed
		? _("The operator vouches for the drive letters.")
		: _("The drive letters are not proved.");
	if (survey->letters_proved || scan->options->letters_confirmed)
		return;
	scan_notice(scan, "letters",
		_("Nothing in the registry proves that the folder given as drive %c: "
		  "has that letter on the server. Make sure of it before you change anything."),
		open);
	scan_refuse(scan, TROUBLE_LETTERS,
		_("The letter of drive %c: is not proved. Confirm the drive letters to go on."),
		open);
}

void scan_letters(struct scan *scan)
{
	const char *root = scan->survey->exchange_root, *relocated = scan->survey->relocated_msmcon;
	bool proved[26] = { false };

	letter_nt(scan, proved);
	letter_fact(scan, root, ENTRY_FOLDER, proved);
	if (!scan_exists(scan, root, ENTRY_FOLDER) && server_runs(scan->server))
		scan_fail(scan, TROUBLE_NO_EXCHANGE,
			_("Exchange is installed in %s, but there is no such folder."),
			scan_shown(scan, root));
	else if (!scan_exists(scan, root, ENTRY_FOLDER))
		scan_fail(scan, TROUBLE_LETTERS,
			_("Exchange is installed in %s, but there is no such folder on the drive given as %c:."),
			scan_shown(scan, root), root[0]);
	letter_services(scan, proved);
	/* What a run wrote on the operator's word for the letters is no further proof of them. */
	if (scan->relocated_named && !scan_is_written(scan, scan->options->written.vouched))
		letter_fact(scan, relocated, ENTRY_FOLDER, proved);
	letters_conclude(scan, proved);
}
