/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ids as the guide and its pages use them, each with its name. Front ends hand back the names,
 * which are translated once, before any page sees a reply.
 */
#ifndef GUIDE_IDS_H
#define GUIDE_IDS_H

#include <stddef.h>

/* In the order of the walk; behind them those of the training ground. The second name is that of
 * the variable: page_reach. */
#define GUIDE_PAGES(X) \
	X(REACH, reach, "reach"), X(SIGNIN, signin, "signin"), X(DIALECT, dialect, "dialect"), \
		X(LETTERS, letters, "letters"), X(UNFINISHED, unfinished, "unfinished"), \
		X(DIAGNOSIS, diagnosis, "diagnosis"), X(PCMTA, pcmta, "pcmta"), \
		X(READY, ready, "ready"), X(BACKUP, backup, "backup"), X(COPY, copy, "copy"), \
		X(REGISTRY, registry, "registry"), X(ALIKE, alike, "alike"), \
		X(SHARE, share, "share"), X(CARRY, carry, "carry"), X(ENDING, ending, "ending"), \
		X(PAUSE, pause, "pause"), X(MAIL, mail, "mail"), \
		X(OLDFOLDER, oldfolder, "oldfolder"), X(REPORT, report, "report"), \
		X(UNDO, undo, "undo"), X(TRAIN, train, "train"), X(LESSON, lesson, "lesson"), \
		X(MARKS, marks, "marks"), X(ASK, ask, "lesson.ask"), \
		X(DEBRIEF, debrief, "debrief"), X(EXAM, exam, "exam")

/* "page.question" */
#define GUIDE_QUESTIONS(X) \
	X(REACH_DRIVES, "reach.drives"), X(REACH_IMAGE, "reach.image"), \
		X(REACH_HOST, "reach.host"), X(SIGNIN_USER, "signin.user"), \
		X(SIGNIN_PASSWORD, "signin.password"), X(DIALECT_OPERATOR, "dialect.operator"), \
		X(DIALECT_AGREE, "dialect.agree"), X(LETTERS_LETTER, "letters.letter"), \
		X(LEAVE, "leave"), X(UNFINISHED_OPERATOR, "unfinished.operator"), \
		X(UNFINISHED_WRITE, "unfinished.write"), X(DIAGNOSIS_LIVE, "diagnosis.live"), \
		X(DIAGNOSIS_OPERATOR, "diagnosis.operator"), X(PCMTA_ADD, "pcmta.add"), \
		X(PCMTA_EXCLUDE, "pcmta.strike"), X(COPY_DECIDE, "copy.decide"), \
		X(REGISTRY_DECIDE, "registry.decide"), X(REGISTRY_EDIT, "registry.edit"), \
		X(REGISTRY_PROPOSE, "registry.propose"), X(SHARE_DECIDE, "share.decide"), \
		X(MAIL_START, "mail.start"), X(MAIL_READ, "mail.read"), X(MAIL_SENT, "mail.sent"), \
		X(MAIL_SEEN, "mail.seen"), X(MAIL_ATTEST, "mail.attest"), \
		X(MAIL_DENY, "mail.deny"), X(MAIL_REST, "mail.rest"), X(MAIL_AGAIN, "mail.again"), \
		X(ENDING_COMMIT, "ending.commit"), X(ENDING_DROP, "ending.drop"), \
		X(OLDFOLDER_ASIDE, "oldfolder.aside"), X(OLDFOLDER_DELETE, "oldfolder.delete"), \
		X(TRAIN_CASE, "train.case"), X(LESSON_LEAVE, "lesson.leave"), \
		X(LESSON_CHOOSE, "lesson.choose"), X(MARKS_SAY, "marks.say"), \
		X(MARKS_END, "marks.end")

/* What an action, an answer or a field of a form is called. */
#define GUIDE_WORDS(X) \
	X(ACCOUNT, "account"), X(ADD, "add"), X(AGAIN, "again"), X(AGREE, "agree"), \
		X(ALIKE, "alike"), X(ARRIVED, "arrived"), X(ASIDE, "aside"), X(BACK, "back"), \
		X(BACKUP, "backup"), X(BEGIN, "begin"), X(BY, "by"), X(CHANGE, "change"), \
		X(CHOOSE, "choose"), X(COMMIT, "commit"), X(CONTINUE, "continue"), \
		X(DEFAULT, "default"), X(DELETE, "delete"), X(DISKS, "disks"), X(DROP, "drop"), \
		X(EDIT, "edit"), X(ELSEWHERE, "elsewhere"), X(END, "end"), X(FAILED, "failed"), \
		X(FROM, "from"), X(HOST, "host"), X(IMAGE, "image"), X(KEEP, "keep"), \
		X(LATER, "later"), X(LEAVE, "leave"), X(LETTER, "letter"), X(LIST, "list"), \
		X(LIVE, "live"), X(STATUS, "look"), X(MAIL, "mail"), X(MAILBOX, "mailbox"), \
		X(MISSING, "missing"), X(NETWORK, "network"), X(NEWER, "newer"), X(NEXT, "next"), \
		X(NONE, "none"), X(NOT, "not"), X(NOT_YET, "not-yet"), X(OLD_DRIVE, "old-drive"), \
		X(OLDER, "older"), X(PRACTICE, "practice"), X(QUIT, "quit"), X(READ, "read"), \
		X(RELOCATED, "relocated"), X(REST, "rest"), X(RESUME, "go-on"), X(RIGHT, "right"), \
		X(ROWS, "rows"), X(SAID, "said"), X(SEEN, "seen"), X(SENT, "sent"), \
		X(SHARED, "shared"), X(SIGN_IN, "sign-in"), X(START, "start"), X(STALE, "stale"), \
		X(STAY, "stay"), X(STOPPED, "stopped"), X(STEPS, "steps"), X(EXCLUDE, "strike"), \
		X(SUBJECT, "subject"), X(TAKE, "take"), X(ANEW, "test-again"), X(TIP, "tip"), \
		X(TO, "to"), X(TRAIN, "train"), X(UNDO, "undo"), X(UNDO_CHANGE, "undo-change"), \
		X(UNDO_STEP, "undo-step"), X(UNSURE, "unsure"), X(USER, "user"), \
		X(WAITS, "waits"), X(WORDS, "words"), X(WRITE, "write")

#define PAGE_ID(id, variable, name) PAGE_##id
#define QUESTION_ID(id, name) QUESTION_##id
#define WORD_ID(id, name) WORD_##id
enum page_id { GUIDE_PAGES(PAGE_ID) };
enum question_id { NO_QUESTION, GUIDE_QUESTIONS(QUESTION_ID) };
enum word_id { NO_WORD, GUIDE_WORDS(WORD_ID) };

const char *page_name(enum page_id page);
const char *question_name(enum question_id question);
const char *word_name(enum word_id word);

/* NO_QUESTION, NO_WORD where there is none of that name, or text is NULL. What stands behind a
 * question's colon is not looked at. */
enum question_id question_of(const char *text);
enum word_id word_of(const char *text);

#endif
