/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table of the ids of pages and questions, and the words of marks. */
#include "base/i18n.h"
#include "ui/guide/guide.h"
#include "ui/guide/ids.h"

static const struct guide_id ids[] = {
	{ "reach", ASK_CHOICE, "", N_("how to reach the server") },
	{ "reach.drives", ASK_TEXT, "", N_("drive letters and the folders they are mounted at") },
	{ "leave", ASK_CHOICE, "stay leave", N_("leave with a run begun?") },
	{ "unfinished", ASK_CHOICE, "", N_("a run that was cut off or paused") },
	{ "unfinished.operator", ASK_TEXT, "", N_("who goes on with it") },
	{ "unfinished.write", ASK_CHOICE, "not-yet write", N_("write the rest of the changes now?") },
	{ "diagnosis", ASK_CHOICE, "", N_("what was found") },
	{ "diagnosis.live", ASK_CHOICE, "relocated default unsure", N_("which postoffice is in use, where the evidence does not tell") },
	{ "diagnosis.operator", ASK_TEXT, "", N_("who decides") },
	{ "pcmta", ASK_CHOICE, "", N_("the PC MTAs of this server") },
	{ "pcmta.add", ASK_TEXT, "", N_("a PC MTA that was not found") },
	{ "pcmta.strike", ASK_TEXT, "", N_("one that is none") },
	{ "ready", ASK_CHOICE, "", N_("before you begin") },
	{ "backup", ASK_CHOICE, "", N_("step 1") },
	{ "backup.write", ASK_CHOICE, "not-yet write", N_("write the backup now?") },
	{ "copy", ASK_CHOICE, "", N_("step 2") },
	{ "copy.list", ASK_CHOICE, "change keep", N_("all plainly stale files as one decision") },
	{ "copy.decide", ASK_CHOICE, "change keep", N_("one file that is newer than setup's") },
	{ "registry", ASK_CHOICE, "", N_("step 3") },
	{ "registry.decide", ASK_CHOICE, "change keep edit", N_("one registry value") },
	{ "registry.edit", ASK_TEXT, "", N_("the value as it shall be") },
	{ "registry.propose", ASK_TEXT, "", N_("in training: what the value should become, before it is shown") },
	{ "share", ASK_CHOICE, "", N_("step 4") },
	{ "share.decide", ASK_CHOICE, "change keep", N_("the share Maildat$") },
	{ "carry", ASK_CHOICE, "", N_("carry out what was decided") },
	{ "carry.write", ASK_CHOICE, "not-yet write", N_("write the changes now?") },
	{ "pause", ASK_CHOICE, "", N_("start the server, go on later") },
	{ "mail", ASK_CHOICE, "", N_("step 5") },
	{ "mail.start", ASK_CHOICE, "not-yet start", N_("start the services now?") },
	{ "mail.seen", ASK_CHOICE, "arrived failed later", N_("did this test message arrive?") },
	{ "mail.attest", ASK_FORM, "by mailbox seen", N_("who saw it where, and what was seen") },
	{ "mail.deny", ASK_FORM, "by mailbox seen", N_("what was seen instead") },
	{ "oldfolder", ASK_CHOICE, "", N_("step 6") },
	{ "oldfolder.aside", ASK_CHOICE, "leave aside", N_("rename the old folder?") },
	{ "oldfolder.delete", ASK_TYPED, "", N_("the server's name, to delete for good") },
	{ "report", ASK_CHOICE, "", N_("the end") },
	{ "undo", ASK_CHOICE, "", N_("putting back") },
	{ "undo.write", ASK_CHOICE, "keep undo", N_("put all of it back?") },
	{ "train", ASK_CHOICE, "", N_("the training ground: which case") },
	{ "train.case", ASK_CHOICE, "take not", N_("take this case?") },
	{ "lesson", ASK_CHOICE, "", N_("the story of a case, and what counts") },
	{ "lesson.leave", ASK_CHOICE, "stay later end", N_("leave the lesson?") },
	{ "lesson.ask", ASK_CHOICE, "", N_("the question of a case") },
	{ "lesson.choose", ASK_CHOICE, "choose not", N_("is this the answer to it?") },
	{ "debrief", ASK_CHOICE, "", N_("points, and the reason for each one lost") },
	{ "exam", ASK_CHOICE, "", N_("the cases of an exam, and at its end their results") },
	{ NULL, ASK_CHOICE, NULL, NULL },
};

const struct guide_id *guide_ids(void)
{
	return ids;
}

const char *page_name(enum page_id page)
{
	static const char *const names[PAGE_COUNT] = {
		[PAGE_REACH] = "reach",
		[PAGE_UNFINISHED] = "unfinished",
		[PAGE_DIAGNOSIS] = "diagnosis",
		[PAGE_PCMTA] = "pcmta",
		[PAGE_READY] = "ready",
		[PAGE_BACKUP] = "backup",
		[PAGE_COPY] = "copy",
		[PAGE_REGISTRY] = "registry",
		[PAGE_SHARE] = "share",
		[PAGE_CARRY] = "carry",
		[PAGE_PAUSE] = "pause",
		[PAGE_MAIL] = "mail",
		[PAGE_OLDFOLDER] = "oldfolder",
		[PAGE_REPORT] = "report",
		[PAGE_UNDO] = "undo",
		[PAGE_TRAIN] = "train",
		[PAGE_LESSON] = "lesson",
		[PAGE_ASK] = "lesson.ask",
		[PAGE_DEBRIEF] = "debrief",
		[PAGE_EXAM] = "exam",
	};

	return names[page];
}

const char *mark_word(enum mark mark)
{
	static const char *const words[] = {
		[MARK_NONE] = "      ",	    [MARK_DONE] = N_("[done]"), [MARK_NOW] = N_("[ now]"),
		[MARK_OPEN] = "[    ]",	    [MARK_LOCK] = N_("[lock]"), [MARK_FAIL] = N_("[fail]"),
		[MARK_SKIP] = N_("[skip]"), [MARK_WEAK] = N_("[weak]"),
	};

	return _(words[mark]);
}
