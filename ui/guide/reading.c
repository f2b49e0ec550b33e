/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To be read: the six steps with the registry entries of the one table, what the program checks in
 * each; and a glossary. */
#include "ui/guide/reading.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "repair/article.h"

/* What is looked at, and when a step counts as done. */
static const char *const checks[] = {
	NULL,
	N_("The program copies every file and sub-folder of the relocated Bin beside it, reads each one back and compares it by SHA-256. The "
	   "registry files are saved first, and read by two readers. Without room for all of it nothing is begun."),
	N_("It compares file by file, by the version inside the file and then by content, never by date. A file that is older than setup's is "
	   "proposed; one that is NEWER may be a hotfix and is a decision of its own. What was written is read back and compared."),
	N_("It looks at every entry below in the control set that the next start uses. Only the part of a path that names the default Msmcon is "
	   "replaced; type, quotes, arguments and the other paths of the same value stay. A value that leads to neither Msmcon is shown and never "
	   "proposed. Afterwards a second reader must find the new values, and nothing else may differ."),
	N_("It looks where the share leads, and who may use it. An existing share gets its path corrected and keeps its permissions. Afterwards it "
	   "is read again."),
	N_("It records what stood in the postoffice before, then looks at folders, logs and events while mail flows: whether the services run, "
	   "whether the queue drains, how far a test message of each direction and each PC MTA was seen to come. It says VERIFIED TO that place, "
	   "and no more. What a person saw is recorded as attested, never as verified."),
	N_("It asks whether every file of the old Bin is on the other side or was kept by decision, whether any registry value still names the "
	   "folder, where the share leads, whether mail came into the old Maildata after the service pack, and how well mail flow is known. One no, "
	   "and the folder can only be left."),
};

/* "EventLog\Application\%s" with the name that an administrator gave. */
static char *entry_key(TALLOC_CTX *mem, const char *key)
{
	const char *place = strstr(key, "%s");

	if (!place)
		return talloc_strdup(mem, key);
	return talloc_asprintf(mem, "%.*s%s%s", (int)(place - key), key, _("<each PC MTA>"),
		place + 2);
}

static char *entries_text(TALLOC_CTX *mem, char *text)
{
	size_t count;
	const struct article_entry *entries = article_entries(&count);

	text = talloc_asprintf_append_buffer(text, "  %s\n",
		_("The entries, below HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services:"));
	for (size_t i = 0; i < count; i++)
		text = talloc_asprintf_append_buffer(text, "    %d. %s, %s (%s)\n       %s\n",
			entries[i].number, entry_key(mem, entries[i].key), entries[i].value,
			entries[i].source, _(entries[i].why));
	return text;
}

static char *reading_steps(TALLOC_CTX *mem)
{
	char *text = talloc_asprintf(mem, "%s\n\n",
		_("Setup of a service pack knows only the default drive. Where the shadow postoffice had been "
		  "moved, it puts the new files into the old place and points the registry back there. Six "
		  "steps cure that."));

	for (int i = 1; i <= 6; i++) {
		const struct article_step *step = article_step(i);

		text = talloc_asprintf_append_buffer(text, _("Step %d: %s\n"), i, _(step->title));
		text = talloc_asprintf_append_buffer(text, "  %s\n  %s\n", _(step->asks),
			_(checks[i]));
		if (i == 3)
			text = entries_text(mem, text);
		text = talloc_asprintf_append_buffer(text, _("  Undo: %s\n\n"), _(step->undo));
	}
	return text;
}

/* ---- the words of the trade, and those of this program ---- */

struct word {
	const char *word, *meaning;
};

static const struct word words[] = {
	{ N_("act"),
		N_("A set of decided changes, prepared beside their targets and switched in together; the unit in which the program writes.") },
	{ N_("article"),
		N_("Q240208 of Microsoft's Knowledge Base: the MS Mail Connector after a service pack, where the postoffice had been moved.") },
	{ N_("attested"),
		N_("A person says so, with name, mailbox and what was seen. It is never shown as verified.") },
	{ N_("Bin"),
		N_("The folder of programs and libraries below Msmcon. Each Msmcon has its own; only the one beside the live postoffice matters.") },
	{ N_("a change"),
		N_("One thing with a before and an after: the unit of showing, deciding, checking and undoing.") },
	{ N_("control set"),
		N_("One copy of the settings a Windows NT system starts from. CurrentControlSet is the one in use; Select\\Default says which "
		   "number the next start takes.") },
	{ N_("default Msmcon"),
		N_("The folder on Exchange's own drive, which setup writes to whatever was moved since.") },
	{ N_("entry"), N_("One row of the article's list of registry values.") },
	{ N_("evidence"), N_("What was seen of mail flow: where, when, and how strong it is.") },
	{ N_("finding"),
		N_("One row of the survey: right, wrong, absent or unknown, with the reason.") },
	{ N_("hive"),
		N_("A registry file. The values of this repair lie in the one called SYSTEM, in system32\\config.") },
	{ N_("hotfix"),
		N_("A single file that cures one fault, often newer than a service pack that comes after it. Copying over it brings the fault back.") },
	{ N_("Interchange"),
		N_("The service MSExchangeMSMI, also called MSMI: it converts mail between Exchange and MS Mail.") },
	{ N_("Last Known Good"),
		N_("The control set of the last start that worked. Choosing it at the start of Windows brings old values back.") },
	{ N_("Maildat$"),
		N_("The share under which MS Mail programs and PC MTAs reach the shadow postoffice. The dollar sign hides it from lists.") },
	{ N_("Maildata"),
		N_("The folder of the postoffice itself, below Msmcon. A full old copy of it often stands on the default drive.") },
	{ N_("Msmcon"),
		N_("The folder connect\\msmcon of the MS Mail Connector, with Bin and Maildata in it.") },
	{ N_("MTA"),
		N_("Message transfer agent: a service that carries mail on to the next system.") },
	{ N_("NDR"),
		N_("Non-delivery report: the message that says another one did not arrive. It is no arrival.") },
	{ N_("PC MTA"),
		N_("Also Connector MTA: the service that carries mail between the shadow postoffice and MS Mail postoffices. There may be several, "
		   "with names the administrator chose.") },
	{ N_("plan"),
		N_("The changes in order, with the decision about each: change, keep, or undecided. What is undecided stays as it is.") },
	{ N_("relocated Msmcon"),
		N_("The folder with the live shadow postoffice, on the drive it was moved to.") },
	{ N_("run"),
		N_("One repair: a folder with a journal of decisions and acts, the saved originals, and a report. It can be resumed and undone.") },
	{ N_("service pack"),
		N_("A collection of newer program files with a setup of its own. Here it is what broke the connector.") },
	{ N_("shadow postoffice"),
		N_("The MS Mail postoffice inside Exchange through which the connector speaks to real MS Mail postoffices.") },
	{ N_("survey"), N_("One look at everything, reading only.") },
	{ N_("SYSTEM.ALT"),
		N_("The second copy of the registry file SYSTEM that Windows NT keeps in case the first is damaged. Both must say the same.") },
	{ N_("verified"), N_("The program read it back and compared.") },
	{ N_("verified to"),
		N_("The program saw the test message come that far on its way, and no further; the rest of the way is not known.") },
};

static char *reading_words(TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		text = talloc_asprintf_append_buffer(text, "%s\n    %s\n", _(words[i].word),
			_(words[i].meaning));
	return text;
}

void reading_actions(struct page *page)
{
	struct action *action =
		page_action(page, WORD_STEPS, _("Read the six steps"), 'i', ACTION_OTHER);

	action->brief = _("Steps");
	action->hint = _("The article step by step, and what this program checks.");
	action = page_action(page, WORD_WORDS, _("Read the glossary"), 'g', ACTION_OTHER);
	action->brief = _("Words");
	action->hint = _("What the words of this program mean.");
}

bool reading_reply(struct guide *guide, const struct input *input)
{
	if (input->action == WORD_STEPS)
		guide_read(guide, _("The six steps of Q240208, in our own words"),
			reading_steps(guide->page));
	if (input->action == WORD_WORDS)
		guide_read(guide, _("Glossary"), reading_words(guide->page));
	return input->action == WORD_STEPS || input->action == WORD_WORDS;
}
