/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/article.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define MSMI ARTICLE_SERVICE
#define PCMTA "MSExchangePCMTA"
#define APPLICATION "EventLog\\Application\\"
#define MOVING "Q171259"

/* The rows of doc/domain.md 2, with its numbers. */
static const struct article_entry entry_table[] = {
	{ 1, "%s", "ImagePath", PATH_COMMAND, ARTICLE_EACH_PCMTA, ARTICLE_NUMBER, NULL,
		N_("Windows starts this PC MTA, the service that carries mail between the postoffices, from here. "
		   "While the value leads to the default drive, the service runs a different program from the one beside the live postoffice. "
		   "Once the old folder is gone, it does not start.") },
	{ 2, MSMI, "ImagePath", PATH_COMMAND, 0, ARTICLE_NUMBER, "Mt.exe",
		N_("Windows starts the Interchange, the service that converts mail between Exchange and MS Mail, from here. "
		   "It loads its libraries from its own folder, so it must start from the Bin folder of the live postoffice.") },
	{ 3, MSMI "\\Performance", "Library", PATH_PLAIN, 0, ARTICLE_NUMBER, "Mtperf.dll",
		N_("Performance Monitor loads this library to show the counters of the Interchange. "
		   "With a wrong path the counters are missing, and the event log fills with Perflib errors.") },
	{ 4, PCMTA "\\Performance", "Library", PATH_PLAIN, 0, ARTICLE_NUMBER, "Xtnperf.dll",
		N_("Performance Monitor loads this library to show the counters of the PC MTAs. "
		   "With a wrong path the counters are missing, and the event log fills with Perflib errors.") },
	{ 5, APPLICATION MSMI, "CategoryMessageFile", PATH_LIST, ARTICLE_MAY_BE_ABSENT,
		ARTICLE_NUMBER, NULL,
		N_("The Event Viewer takes the names of the Interchange's event categories from this file. "
		   "With a wrong path it shows them as bare numbers.") },
	{ 6, APPLICATION MSMI, "EventMessageFile", PATH_LIST, ARTICLE_MAY_BE_ABSENT, ARTICLE_NUMBER,
		NULL,
		N_("The Event Viewer takes the texts of the Interchange's events from this file. "
		   "With a wrong path it cannot show them, and the log says little about mail flow.") },
	{ 7, APPLICATION "%s", "CategoryMessageFile", PATH_LIST,
		ARTICLE_EACH_PCMTA | ARTICLE_MAY_BE_ABSENT, ARTICLE_NUMBER, NULL,
		N_("The Event Viewer takes the names of this PC MTA's event categories from this file. "
		   "With a wrong path it shows them as bare numbers.") },
	{ 8, APPLICATION "%s", "EventMessageFile", PATH_LIST,
		ARTICLE_EACH_PCMTA | ARTICLE_MAY_BE_ABSENT, ARTICLE_NUMBER, NULL,
		N_("The Event Viewer takes the texts of this PC MTA's events from this file. "
		   "With a wrong path it cannot show them, and the log says little about mail flow.") },
	{ 9, ARTICLE_SERVICE_ATMTA, "ImagePath", PATH_COMMAND, ARTICLE_ATMTA, MOVING, "Macgate.exe",
		N_("Windows starts the AppleTalk MTA from here. The article on moving the postoffice names this value; "
		   "the one on service packs does not. It belongs to the same Bin folder.") },
	{ 10, ARTICLE_SERVICE_ATMTA "\\Performance", "Library", PATH_PLAIN, ARTICLE_ATMTA, MOVING,
		"Macgperf.dll",
		N_("Performance Monitor loads this library to show the counters of the AppleTalk MTA. "
		   "The article on moving the postoffice names this value; the one on service packs does not.") },
};

static const struct article_step step_table[] = {
	{ 1, N_("Back up Bin"), N_("Copy the relocated Bin folder before anything in it changes."),
		N_("The copy stays beside the folder until you have it removed.") },
	{ 2, N_("Copy files"),
		N_("Copy the files that the service pack put into the default Bin folder to the relocated one."),
		N_("The original file is put back, with its time and permissions. An added file is removed.") },
	{ 3, N_("Registry"),
		N_("Point every registry value of the connector to the relocated folder again."),
		N_("The value gets its old bytes back.") },
	{ 4, N_("Share"), N_("Make sure that the relocated Maildata folder is shared as Maildat$."),
		N_("The share gets its old definition back. An added share is removed.") },
	{ 5, N_("Mail flow"), N_("See mail arrive in both directions, through every PC MTA."),
		N_("This step changes nothing.") },
	{ 6, N_("Old folder"),
		N_("Remove the Msmcon folder from the default drive if it must go. Leaving it is a valid end."),
		N_("A folder that was set aside gets its name back. Deleting for good cannot be undone.") },
};

const char *const article_sibling_shares[] = { "Address", "Resources", ARTICLE_CONNECT_SHARE,
	"tracking.log", NULL };

/* doc/domain.md 5: what every Bin folder must hold for the Interchange and the PC MTAs. */
const char *const article_needed_files[] = { "Mt.exe", "Mtmsg.dll", "Mtperf.dll", "Async.exe",
	ARTICLE_PCMTA_MESSAGES, "Xtnperf.dll", "Address.dll", NULL };

/* doc/domain.md 3: by inference from the hotfixes of the PC MTA (Q195919, Q277831). */
const char *const article_pcmta_executables[] = { "Async.exe", "X25eicon.exe", NULL };

/* Q131962, Q150811 */
const char *const article_pcmta_parameters[] = { "X25CallFacilities", "X25CallUserData",
	"DrivesUNC", "DrivesWAN", NULL };

const char *const article_reserved_names[] = { MSMI, ARTICLE_SERVICE_ATMTA, PCMTA, "EventLog",
	NULL };

/* doc/domain.md 5: what the event log takes texts from, by inference from what is replaced together
 * (Q169682, Q277831). */
static const char *const message_files[] = { "Mtmsg.dll", ARTICLE_PCMTA_MESSAGES, NULL };

/* doc/domain.md 5: the AppleTalk MTA's, and what Administrator has of the connector (Q192887
 * replaces it with Mt.exe). */
static const char *const other_files[] = { "Macgate.exe", "Macgperf.dll", "Conadmin.dll", NULL };

/* Q158530, Q166349, Q163294: the server builds. */
struct release_row {
	unsigned major, minor, build;
	const char *name;
};

static const struct release_row release_table[] = {
	{ 4, 0, 837, "4.0" },
	{ 4, 0, 838, "4.0 SP1" },
	{ 4, 0, 993, "4.0 SP2" },
	{ 4, 0, 994, "4.0 SP3" },
	{ 4, 0, 995, "4.0 SP4" },
	{ 4, 0, 996, "4.0 SP5" },
	{ 5, 0, 1457, "5.0" },
	{ 5, 0, 1458, "5.0 SP1" },
	{ 5, 0, 1460, "5.0 SP2" },
	{ 5, 5, 1960, "5.5" },
	{ 5, 5, 2232, "5.5 SP1" },
	{ 5, 5, 2448, "5.5 SP2" },
	{ 5, 5, 2650, "5.5 SP3" },
	{ 5, 5, 2653, "5.5 SP4" },
	{ 0, 0, 0, NULL },
};

enum { LAST_COVERED_BUILD = 2448 };

const struct article_entry *article_entries(size_t *count)
{
	*count = sizeof(entry_table) / sizeof(entry_table[0]);
	return entry_table;
}

char *article_key(TALLOC_CTX *mem, const struct article_entry *entry, const char *pcmta)
{
	const char *hole = strstr(entry->key, "%s");

	return hole ? talloc_asprintf(mem, "%.*s%s%s", (int)(hole - entry->key), entry->key, pcmta,
			      hole + 2)
		    : talloc_strdup(mem, entry->key);
}

const struct article_step *article_step(int number)
{
	size_t count = sizeof(step_table) / sizeof(step_table[0]);

	return number >= 1 && (size_t)number <= count ? &step_table[number - 1] : NULL;
}

bool article_lists(const char *const *names, const char *name)
{
	while (names && *names && !text_equal(*names, name))
		names++;
	return names && *names;
}

bool article_is_own_file(const char *name)
{
	return article_lists(article_needed_files, name) ||
		article_lists(article_pcmta_executables, name) || article_lists(other_files, name);
}

bool article_file_fits(int number, const char *name)
{
	size_t count;
	const struct article_entry *entry = article_entries(&count);

	if (number < 1 || (size_t)number > count)
		return true;
	entry += number - 1;
	if (entry->leaf)
		return text_equal(entry->leaf, name);
	return article_lists(entry->form == PATH_COMMAND ? article_pcmta_executables
							 : message_files,
		       name) ||
		!article_is_own_file(name);
}

enum article_cover article_release(unsigned major, unsigned minor, unsigned build,
	const char **release)
{
	*release = NULL;
	for (const struct release_row *row = release_table; row->name; row++)
		if (row->major == major && row->minor == minor && row->build == build)
			*release = row->name;
	if (major == 5 && minor == 0)
		return ARTICLE_COVERS;
	if (major == 5 && minor == 5)
		return build <= LAST_COVERED_BUILD ? ARTICLE_COVERS : ARTICLE_BY_ANALOGY;
	return *release ? ARTICLE_BY_ANALOGY : ARTICLE_UNKNOWN_VERSION;
}
