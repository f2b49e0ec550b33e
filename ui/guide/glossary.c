/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the trade and those of this program. */
#include "base/i18n.h"
#include "ui/guide/reading.h"

struct word {
	const char *word, *meaning;
};

static const struct word words[] = {
	{ N_("act"), N_("A set of decided changes, prepared beside their targets and switched in together; the unit in which the program writes.") },
	{ N_("article"), N_("Q240208 of Microsoft's Knowledge Base: the MS Mail Connector after a service pack, where the postoffice had been moved.") },
	{ N_("attested"), N_("A person says so, with name, mailbox and what was seen. It is never shown as verified.") },
	{ N_("Bin"), N_("The folder of programs and libraries below Msmcon. Each Msmcon has its own; only the one beside the live postoffice matters.") },
	{ N_("change"), N_("One thing with a before and an after: the unit of showing, deciding, checking and undoing.") },
	{ N_("control set"), N_("One copy of the settings a Windows NT system starts from. CurrentControlSet is the one in use; Select\\Default says which "
				"number the next start takes.") },
	{ N_("default Msmcon"), N_("The folder on Exchange's own drive, which setup writes to whatever was moved since.") },
	{ N_("entry"), N_("One row of the article's list of registry values.") },
	{ N_("evidence"), N_("What was seen of mail flow: where, when, and how strong it is.") },
	{ N_("finding"), N_("One row of the survey: right, wrong, absent or unknown, with the reason.") },
	{ N_("hive"), N_("A registry file. The values of this repair lie in the one called SYSTEM, in system32\\config.") },
	{ N_("hotfix"), N_("A single file that cures one fault, often newer than a service pack that comes after it. Copying over it brings the fault back.") },
	{ N_("Interchange"), N_("The service MSExchangeMSMI, also called MSMI: it converts mail between Exchange and MS Mail.") },
	{ N_("Last Known Good"), N_("The control set of the last start that worked. Choosing it at the start of Windows brings old values back.") },
	{ N_("Maildat$"), N_("The share under which MS Mail programs and PC MTAs reach the shadow postoffice. The dollar sign hides it from lists.") },
	{ N_("Maildata"), N_("The folder of the postoffice itself, below Msmcon. A full old copy of it often stands on the default drive.") },
	{ N_("Msmcon"), N_("The folder connect\\msmcon of the MS Mail Connector, with Bin and Maildata in it.") },
	{ N_("MTA"), N_("Message transfer agent: a service that carries mail on to the next system.") },
	{ N_("NDR"), N_("Non-delivery report: the message that says another one did not arrive. It is no arrival.") },
	{ N_("PC MTA"), N_("Also Connector MTA: the service that carries mail between the shadow postoffice and MS Mail postoffices. There may be several, "
			   "with names the administrator chose.") },
	{ N_("plan"), N_("The changes in order, with the decision about each: change, keep, or undecided. What is undecided stays as it is.") },
	{ N_("relocated Msmcon"), N_("The folder with the live shadow postoffice, on the drive it was moved to.") },
	{ N_("run"), N_("One repair: a folder with a journal of decisions and acts, the saved originals, and a report. It can be gone on with and undone.") },
	{ N_("service pack"), N_("A collection of newer program files with a setup of its own. Here it is what broke the connector.") },
	{ N_("shadow postoffice"), N_("The MS Mail postoffice inside Exchange through which the connector speaks to real MS Mail postoffices.") },
	{ N_("survey"), N_("One look at everything, reading only.") },
	{ N_("SYSTEM.ALT"), N_("The second copy of the registry file SYSTEM that Windows NT keeps in case the first is damaged. Both must say the same.") },
	{ N_("verified"), N_("The program read it back and compared.") },
};

char *reading_words(TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		text = talloc_asprintf_append_buffer(text, "%s\n    %s\n", _(words[i].word), _(words[i].meaning));
	return text;
}
