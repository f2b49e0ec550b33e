/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To be read: the six steps with the registry entries of the one table, and what the program checks in each. */
#include "ui/guide/reading.h"

#include <string.h>

#include "base/i18n.h"
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
	N_("It looks whether the services run, and gives a test message for each direction and each PC MTA. What a person saw is recorded as "
	   "attested, never as verified."),
	N_("It asks whether every file of the old Bin is on the other side or was kept by decision, whether any registry value still names the "
	   "folder, where the share leads, whether mail came into the old Maildata after the service pack, and how well mail flow is known. One no, "
	   "and the folder can only be left."),
};

/* "EventLog\Application\%s" with the name that an administrator gave. */
static char *entry_key(TALLOC_CTX *mem, const char *key)
{
	const char *place = strstr(key, "%s");

	if (place == NULL)
		return talloc_strdup(mem, key);
	return talloc_asprintf(mem, "%.*s%s%s", (int)(place - key), key, _("<each PC MTA>"), place + 2);
}

static char *entries_text(TALLOC_CTX *mem, char *text)
{
	size_t count;
	const struct article_entry *entries = article_entries(&count);

	text = talloc_asprintf_append_buffer(text, "  %s\n", _("The entries, below HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services:"));
	for (size_t i = 0; i < count; i++)
		text = talloc_asprintf_append_buffer(text, "    %d. %s, %s (%s)\n       %s\n", entries[i].number, entry_key(mem, entries[i].key),
						     entries[i].value, entries[i].source, _(entries[i].why));
	return text;
}

static char *reading_steps(TALLOC_CTX *mem)
{
	char *text = talloc_asprintf(mem, "%s\n\n", _("Setup of a service pack knows only the default drive. Where the shadow postoffice had been "
						      "moved, it puts the new files into the old place and points the registry back there. Six "
						      "steps cure that."));

	for (int i = 1; i <= 6; i++) {
		const struct article_step *step = article_step(i);

		text = talloc_asprintf_append_buffer(text, _("Step %d: %s\n"), i, _(step->title));
		text = talloc_asprintf_append_buffer(text, "  %s\n  %s\n", _(step->asks), _(checks[i]));
		if (i == 3)
			text = entries_text(mem, text);
		text = talloc_asprintf_append_buffer(text, _("  Undo: %s\n\n"), _(step->undo));
	}
	return text;
}

void reading_actions(struct page *page)
{
	page_action(page, WORD_STEPS, _("The six steps"), 'i', ACTION_OTHER);
	page_action(page, WORD_WORDS, _("Glossary"), 'g', ACTION_OTHER);
}

bool reading_reply(struct guide *guide, const struct input *input, int *ret)
{
	bool steps = input->action == WORD_STEPS;
	char *text;

	if (!steps && input->action != WORD_WORDS)
		return false;
	text = steps ? reading_steps(guide) : reading_words(guide);
	*ret = guide_read(guide, steps ? _("The six steps of Q240208, in our own words") : _("Glossary"), text);
	talloc_free(text);
	return true;
}
