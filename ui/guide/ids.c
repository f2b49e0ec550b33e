/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One table of the ids of pages and questions, one of the words for actions and answers, and the words of marks. */
#include <string.h>

#include "base/i18n.h"
#include "ui/guide/guide.h"
#include "ui/guide/ids.h"

static const struct guide_id ids[] = {
	[PAGE_REACH] = { "reach", ASK_CHOICE, "", N_("how to reach the server") },
	[PAGE_UNFINISHED] = { "unfinished", ASK_CHOICE, "", N_("a run that was cut off or paused") },
	[PAGE_DIAGNOSIS] = { "diagnosis", ASK_CHOICE, "", N_("what was found") },
	[PAGE_PCMTA] = { "pcmta", ASK_CHOICE, "", N_("the PC MTAs of this server") },
	[PAGE_READY] = { "ready", ASK_CHOICE, "", N_("before you begin") },
	[PAGE_BACKUP] = { "backup", ASK_CHOICE, "", N_("step 1") },
	[PAGE_COPY] = { "copy", ASK_CHOICE, "", N_("step 2") },
	[PAGE_REGISTRY] = { "registry", ASK_CHOICE, "", N_("step 3") },
	[PAGE_SHARE] = { "share", ASK_CHOICE, "", N_("step 4") },
	[PAGE_CARRY] = { "carry", ASK_CHOICE, "", N_("carry out what was decided") },
	[PAGE_PAUSE] = { "pause", ASK_CHOICE, "", N_("start the server, go on later") },
	[PAGE_MAIL] = { "mail", ASK_CHOICE, "", N_("step 5") },
	[PAGE_OLDFOLDER] = { "oldfolder", ASK_CHOICE, "", N_("step 6") },
	[PAGE_REPORT] = { "report", ASK_CHOICE, "", N_("the end") },
	[PAGE_UNDO] = { "undo", ASK_CHOICE, "", N_("putting back") },
	[PAGE_TRAIN] = { "train", ASK_CHOICE, "", N_("the training ground: which case") },
	[PAGE_LESSON] = { "lesson", ASK_CHOICE, "", N_("the story of a case, and what counts") },
	[PAGE_ASK] = { "lesson.ask", ASK_CHOICE, "", N_("the question of a case") },
	[PAGE_DEBRIEF] = { "debrief", ASK_CHOICE, "", N_("points, and the reason for each one lost") },
	[PAGE_EXAM] = { "exam", ASK_CHOICE, "", N_("the cases of an exam, and at its end their results") },
	[QUESTION_REACH_DRIVES] = { "reach.drives", ASK_TEXT, "", N_("drive letters and the folders they are mounted at") },
	[QUESTION_LEAVE] = { "leave", ASK_CHOICE, "stay leave", N_("leave with a run begun?") },
	[QUESTION_UNFINISHED_OPERATOR] = { "unfinished.operator", ASK_TEXT, "", N_("who goes on with it") },
	[QUESTION_UNFINISHED_WRITE] = { "unfinished.write", ASK_CHOICE, "not-yet write", N_("write the rest of the changes now?") },
	[QUESTION_DIAGNOSIS_LIVE] = { "diagnosis.live", ASK_CHOICE, "relocated default unsure",
				       N_("which postoffice is in use, where the evidence does not tell") },
	[QUESTION_DIAGNOSIS_OPERATOR] = { "diagnosis.operator", ASK_TEXT, "", N_("who decides") },
	[QUESTION_PCMTA_ADD] = { "pcmta.add", ASK_TEXT, "", N_("a PC MTA that was not found") },
	[QUESTION_PCMTA_STRIKE] = { "pcmta.strike", ASK_TEXT, "", N_("one that is none") },
	[QUESTION_BACKUP_WRITE] = { "backup.write", ASK_CHOICE, "not-yet write", N_("write the backup now?") },
	[QUESTION_COPY_LIST] = { "copy.list", ASK_CHOICE, "change keep", N_("all plainly stale files as one decision") },
	[QUESTION_COPY_DECIDE] = { "copy.decide", ASK_CHOICE, "change keep", N_("one file that is newer than setup's") },
	[QUESTION_REGISTRY_DECIDE] = { "registry.decide", ASK_CHOICE, "change keep edit", N_("one registry value") },
	[QUESTION_REGISTRY_EDIT] = { "registry.edit", ASK_TEXT, "", N_("the value as it shall be") },
	[QUESTION_REGISTRY_PROPOSE] = { "registry.propose", ASK_TEXT, "", N_("in training: what the value should become, before it is shown") },
	[QUESTION_SHARE_DECIDE] = { "share.decide", ASK_CHOICE, "change keep", N_("the share Maildat$") },
	[QUESTION_CARRY_WRITE] = { "carry.write", ASK_CHOICE, "not-yet write", N_("write the changes now?") },
	[QUESTION_MAIL_START] = { "mail.start", ASK_CHOICE, "not-yet start", N_("start the services now?") },
	[QUESTION_MAIL_SEEN] = { "mail.seen", ASK_CHOICE, "arrived failed later", N_("did this test message arrive?") },
	[QUESTION_MAIL_ATTEST] = { "mail.attest", ASK_FORM, "by mailbox seen", N_("who saw it where, and what was seen") },
	[QUESTION_MAIL_DENY] = { "mail.deny", ASK_FORM, "by mailbox seen", N_("what was seen instead") },
	[QUESTION_OLDFOLDER_ASIDE] = { "oldfolder.aside", ASK_CHOICE, "leave aside", N_("rename the old folder?") },
	[QUESTION_OLDFOLDER_DELETE] = { "oldfolder.delete", ASK_TYPED, "", N_("the server's name, to delete for good") },
	[QUESTION_UNDO_WRITE] = { "undo.write", ASK_CHOICE, "keep undo", N_("put all of it back?") },
	[QUESTION_TRAIN_CASE] = { "train.case", ASK_CHOICE, "take not", N_("take this case?") },
	[QUESTION_LESSON_LEAVE] = { "lesson.leave", ASK_CHOICE, "stay later end", N_("leave the lesson?") },
	[QUESTION_LESSON_CHOOSE] = { "lesson.choose", ASK_CHOICE, "choose not", N_("is this the answer to it?") },
	[QUESTION_END] = { NULL, ASK_CHOICE, NULL, NULL },
};

static const char *const word_names[] = {
	[WORD_ADD] = "add", [WORD_AGAIN] = "again", [WORD_ARRIVED] = "arrived", [WORD_ASIDE] = "aside",
	[WORD_BACK] = "back", [WORD_BACKUP] = "backup", [WORD_BEGIN] = "begin", [WORD_BY] = "by", [WORD_CHANGE] = "change",
	[WORD_CHOOSE] = "choose", [WORD_CONTINUE] = "continue", [WORD_DEFAULT] = "default", [WORD_DELETE] = "delete",
	[WORD_DISKS] = "disks", [WORD_EDIT] = "edit", [WORD_END] = "end", [WORD_FAILED] = "failed", [WORD_GO_ON] = "go-on",
	[WORD_KEEP] = "keep", [WORD_LATER] = "later", [WORD_LEAVE] = "leave", [WORD_LIST] = "list", [WORD_LIVE] = "live",
	[WORD_LOOK] = "look", [WORD_MAIL] = "mail", [WORD_MAILBOX] = "mailbox", [WORD_NEXT] = "next", [WORD_NONE] = "none",
	[WORD_NOT] = "not", [WORD_NOT_YET] = "not-yet", [WORD_PRACTICE] = "practice", [WORD_QUIT] = "quit",
	[WORD_READ] = "read", [WORD_RELOCATED] = "relocated", [WORD_ROWS] = "rows", [WORD_SEEN] = "seen",
	[WORD_START] = "start", [WORD_STAY] = "stay", [WORD_STEPS] = "steps", [WORD_STRIKE] = "strike",
	[WORD_TAKE] = "take", [WORD_TIP] = "tip", [WORD_UNDO] = "undo", [WORD_UNSURE] = "unsure", [WORD_WORDS] = "words",
	[WORD_WRITE] = "write",
};

const struct guide_id *guide_ids(void)
{
	return ids;
}

const char *page_name(enum page_id page)
{
	return ids[page].id;
}

const char *question_name(enum question_id question)
{
	return ids[question].id;
}

const char *word_name(enum word_id word)
{
	return word_names[word];
}

enum question_id question_of(const char *text)
{
	size_t len = text != NULL ? strcspn(text, ":") : 0;

	for (unsigned i = QUESTIONS + 1; i < QUESTION_END; i++)
		if (strlen(ids[i].id) == len && strncmp(ids[i].id, text, len) == 0)
			return (enum question_id)i;
	return NO_QUESTION;
}

enum word_id word_of(const char *text)
{
	for (unsigned i = NO_WORD + 1; text != NULL && i < WORD_COUNT; i++)
		if (strcmp(word_names[i], text) == 0)
			return (enum word_id)i;
	return NO_WORD;
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
