/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ids as the guide and its pages use them; ids.c has their names. Front ends hand back the names, which are translated once, before
 * any page sees a reply.
 */
#ifndef GUIDE_IDS_H
#define GUIDE_IDS_H

#include <stddef.h>

/* In the order of the walk. */
enum page_id {
	PAGE_REACH, PAGE_UNFINISHED, PAGE_DIAGNOSIS, PAGE_PCMTA, PAGE_READY, PAGE_BACKUP, PAGE_COPY, PAGE_REGISTRY,
	PAGE_SHARE, PAGE_CARRY, PAGE_PAUSE, PAGE_MAIL, PAGE_OLDFOLDER, PAGE_REPORT, PAGE_UNDO,
	/* the training ground's */
	PAGE_TRAIN, PAGE_LESSON, PAGE_ASK, PAGE_DEBRIEF, PAGE_EXAM,
	PAGE_COUNT
};

enum question_id {
	NO_QUESTION,
	QUESTIONS = PAGE_COUNT - 1, /* one table has them behind the pages */
	QUESTION_REACH_DRIVES, QUESTION_LEAVE, QUESTION_UNFINISHED_OPERATOR, QUESTION_UNFINISHED_WRITE,
	QUESTION_DIAGNOSIS_LIVE, QUESTION_DIAGNOSIS_OPERATOR, QUESTION_PCMTA_ADD, QUESTION_PCMTA_STRIKE,
	QUESTION_BACKUP_WRITE, QUESTION_COPY_LIST, QUESTION_COPY_DECIDE, QUESTION_REGISTRY_DECIDE, QUESTION_REGISTRY_EDIT,
	QUESTION_REGISTRY_PROPOSE, QUESTION_SHARE_DECIDE, QUESTION_CARRY_WRITE, QUESTION_MAIL_START, QUESTION_MAIL_SEEN,
	QUESTION_MAIL_ATTEST, QUESTION_MAIL_DENY, QUESTION_OLDFOLDER_ASIDE, QUESTION_OLDFOLDER_DELETE, QUESTION_UNDO_WRITE,
	QUESTION_TRAIN_CASE, QUESTION_LESSON_LEAVE, QUESTION_LESSON_CHOOSE,
	QUESTION_END
};

/* What an action, an answer or a field of a form is called. */
enum word_id {
	NO_WORD,
	WORD_ADD, WORD_AGAIN, WORD_ARRIVED, WORD_ASIDE, WORD_BACK, WORD_BACKUP, WORD_BEGIN, WORD_BY, WORD_CHANGE,
	WORD_CHOOSE, WORD_CONTINUE, WORD_DEFAULT, WORD_DELETE, WORD_DISKS, WORD_EDIT, WORD_END, WORD_FAILED, WORD_GO_ON,
	WORD_KEEP, WORD_LATER, WORD_LEAVE, WORD_LIST, WORD_LIVE, WORD_LOOK, WORD_MAIL, WORD_MAILBOX, WORD_NEXT, WORD_NONE,
	WORD_NOT, WORD_NOT_YET, WORD_PRACTICE, WORD_QUIT, WORD_READ, WORD_RELOCATED, WORD_ROWS, WORD_SEEN, WORD_START,
	WORD_STAY, WORD_STEPS, WORD_STRIKE, WORD_TAKE, WORD_TIP, WORD_UNDO, WORD_UNSURE, WORD_WORDS, WORD_WRITE,
	WORD_COUNT
};

const char *page_name(enum page_id page);             /* "registry" */
const char *question_name(enum question_id question); /* "registry.decide" */
const char *word_name(enum word_id word);                /* "change" */

/* NO_QUESTION, NO_WORD where there is none of that name, or text is NULL. What stands behind a question's colon is not looked at. */
enum question_id question_of(const char *text);
enum word_id word_of(const char *text);

#endif
