/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of the walk as data: what a front end draws, and what it may send back.
 *
 * A page is a pure function of the guide's state, made anew before every draw; so Back, resize and
 * help cost nothing. Front ends know no step, no change and no key name: they draw rows, ask
 * questions, press actions. Every page, question and action has a stable id, the same in the
 * wizard, in plain lines and in the manual. All text is UTF-8, translated, and safe to show (server
 * text went through text_shown).
 */
#ifndef GUIDE_PAGE_H
#define GUIDE_PAGE_H

#include <stdbool.h>
#include <stddef.h>

enum { PAGE_COLUMNS = 6 };

/* How a column of the table gives way when the screen is narrow. */
enum column_cut { CUT_END, CUT_MIDDLE /* paths and keys */, CUT_NEVER };

struct column {
	const char *heading;
	int width; /* columns wanted at 80; the widest cell decides where it is smaller */
	enum column_cut cut;
	bool spare; /* left out first when 60 columns are all there is */
};

/* What a piece of text says beside its words; each front end has its own way to show it, or none:
 * no tone ever says what a word does not. */
enum tone {
	TONE_TEXT,
	TONE_STRONG,
	TONE_QUIET,   /* labels, what was */
	TONE_RIGHT,   /* right, done, read back */
	TONE_OPEN,    /* to be decided, left open */
	TONE_DECIDED, /* change, write */
	TONE_GOOD,    /* DONE, REPAIRED */
	TONE_WARN,    /* TO DO, NOT SEEN, ATTESTED */
	TONE_DANGER,  /* WRONG, LIVE, services down */
	TONE_CALM     /* PRACTICE, TRAINING, ON DISKS, LEFT */
};

/* What stands in front of a row or step, always beside a word or with one of its own. */
enum mark {
	MARK_NONE,
	MARK_DONE,
	MARK_NOW,
	MARK_OPEN, /* to come */
	MARK_LOCK,
	MARK_WEAK, /* done, but something was left open */
	/* of rows that are decided */
	MARK_ASK,    /* undecided */
	MARK_CHANGE, /* will be written */
	MARK_KEEP,   /* stays by decision */
	MARK_RIGHT   /* is right already, or only to be read */
};
/* "[done]", "[ now]", "[ ]", ... six columns, translated at that width */
const char *mark_word(enum mark mark);

/* A labelled line below the table about the row under the cursor. */
enum detail_kind {
	DETAIL_TEXT, /* wrapped */
	DETAIL_TOLD, /* the same, and in lines it stands under its row at once */
	DETAIL_FACT, /* short; on a wide screen beside the others, else with F6 only */
	DETAIL_BEFORE,
	/* never cut silently: wrapped; the characters of AFTER that differ from BEFORE are marked
	 * below */
	DETAIL_AFTER
};
struct detail {
	enum detail_kind kind;
	const char *label, *text;
};

struct answer {
	const char *id;    /* "change", "keep" */
	const char *label; /* a verb: "Change" */
	char key;          /* its letter, 'y' 'n' ..., lower case; 0 for none */
	bool safe;         /* changes nothing: focused in boxes that write */
	/* what the letter does now: "E: is written at step Write, not before."; NULL for none */
	const char *hint;
	char twin; /* of key in English, where the reader's language has another for yes or no */
};

enum question_kind {
	ASK_CHOICE, /* one of answers */
	ASK_TEXT,   /* a line of text, at least min_length characters */
	ASK_SECRET, /* the same, and nothing of it is ever shown or kept by the front end */
	ASK_TYPED,  /* the answer must be typed exactly: expected; shown before what it is for */
	ASK_FORM    /* several lines of text at once: fields (attestation) */
};

struct field {
	const char *id, *label;
	const char *value; /* proposed, may be "" */
	size_t min_length;
};

struct question {
	const char *id; /* "registry.decide:registry/MSExchangeMSMI\ImagePath" */
	enum question_kind kind;
	const char *title; /* of the box: a short question */
	const char *text;  /* what it is about */
	const char *why;
	/* an answer changes the server: keys typed ahead are thrown away, the safe answer is
	 * focused */
	bool writes;
	const struct answer *answers;
	size_t answer_count;
	const char *proposal; /* ASK_TEXT: what stands in the line at first */
	const char *expected; /* ASK_TYPED */
	size_t min_length;
	const struct field *fields; /* ASK_FORM */
	size_t field_count;
};

struct row {
	const char *id; /* of the finding or change; NULL for a line that is only read */
	const char *cells[PAGE_COLUMNS];
	enum mark mark; /* drawn where the first column is a mark column */
	/* y, n, e act on the row under the cursor; NULL if there is nothing to decide */
	const struct question *decide;
	const char *decided; /* id of the answer given, NULL while it is open */
	bool selectable;     /* the cursor may stand on it */
	/* before may be the better one: no colour speaks for either of them */
	bool open_choice;
	/* of the cells */
	enum tone tones[PAGE_COLUMNS];
	/* a word in front, eight columns, on a ground of its tone: WRONG, DONE; NULL: none */
	const char *lamp;
	enum tone lamp_tone;
	/* begins a group of rows: its head, and what is counted in it; NULL for none. */
	const char *group, *group_note;
	enum tone group_tone; /* of the note */
	/* on the line above its details: "MSExchangeMSMI\Performance, Library", "REG_SZ" */
	const char *subject, *type;
	const struct detail *details;
	size_t detail_count;
};

/* What pressing does, so that front ends can place and guard it; the guide alone knows what
 * happens. */
enum action_kind { ACTION_FORWARD, ACTION_BACK, ACTION_OTHER, ACTION_LEAVE };

struct action {
	const char *id;    /* "start", "write" */
	const char *label; /* "Start" */
	const char *brief; /* shorter, where the line is too narrow for all; NULL: label */
	/* what Enter does while this is focused; NULL for none */
	const char *hint;
	/* cannot be pressed before the last row was on the screen: why, or NULL */
	const char *until_seen;
	/* writes to the server: never focused at first; on a screen only Tab and Enter press it */
	bool writes;
	/* letter in plain lines; on a screen only where it is about a row; 0: by number only */
	char key;
	enum action_kind kind;
	const char *refused; /* why it cannot be pressed now, or NULL; shown when it is tried */
	/* asked in a box before it counts; the reply carries the answer; NULL for none */
	const struct question *ask;
	/* about the row under the cursor (reply.cursor); in lines it is asked which, and a cursor
	 * behind the last row says: none of them */
	bool of_row;
	bool focused; /* the one focused at first; exactly one action of a page */
};

struct step_line {
	int number; /* 0: carry out */
	const char *title;
	enum mark mark;
	const char *count; /* "2/9"; what is left open: "7"; NULL for none */
};

/* The picture of the two drives: what stands on each, and what leads where. */
enum { DRIVE_LINES = 4 };
struct told {
	const char *text;
	enum tone tone;
};
struct drive {
	const char *name; /* "C:  old drive" */
	struct told lines[DRIVE_LINES];
	enum tone lamp;
};
struct arrow {
	struct told told; /* "9 values, wrong" */
	bool to_right;
};
struct drives {
	struct drive left, right;
	struct arrow arrows[DRIVE_LINES];
	size_t arrow_count;
};

/* What F2 or a button would open, for screens that have room for it. */
struct more {
	const char *title, *source; /* source: "Q240208, step 3", may be "" */
	const char *text;           /* paragraphs, each ended by \n */
};

/* Points of a lesson. */
struct points {
	int got, most, pass;
};

/* Something long to be read in the pager: help, report, journal. */
struct page_text {
	const char *title, *text; /* lines ended by \n */
};

struct page {
	const char *id;     /* "diagnosis" */
	const char *title;  /* "Step 3 of 6: Registry" */
	const char *server; /* title line: "MAIL1 (disks)" */
	const char *badge;  /* title line, right: "looking only", "09:41Z", "SERVICES DOWN 00:04" */
	const char *mode;   /* at its end: "LIVE", "PRACTICE", "ON DISKS", "TRAINING"; NULL: none */
	enum tone mode_tone;
	bool alarm; /* services are down: the whole title line says so */
	/* a sentence about what just happened or went wrong; shown first, NULL for none */
	const char *message;
	bool message_bad;
	/* paragraphs above the table, each ended by \n; lines that begin with a blank are kept as
	 * they are */
	const char *lead;
	const struct drives *drives; /* above the table; NULL for none */
	struct told verdict;         /* one word, in big letters where there is room; NULL: none */
	const struct points *points; /* NULL for none */
	const char *counts;          /* one line below the title: "2 right, 2 decided, 7 open" */
	const struct column *columns;
	size_t column_count; /* 0: no table */
	bool marks;          /* a column of marks stands in front */
	bool again;          /* F5 has something to look at again */
	bool back;           /* F3 has a page to go back to */
	bool undo;           /* F7 has something to put back */
	bool journal;        /* F9 has one to show */
	/* Seconds after which this page is to be made anew by itself (REPLY_REFRESH), 0: never. Not
	 * while a box is open, something is being typed, or the reader paused it (Space). Lines
	 * only look again when asked. */
	unsigned refresh;
	const struct row *rows;
	size_t row_count;
	size_t cursor;    /* the row the cursor stands on at first */
	const char *tail; /* paragraphs below the table */
	/* in training: the coach's paragraphs, each with its word in front; just above the
	 * buttons */
	const char *coach;
	const struct step_line *steps; /* NULL: no step list */
	size_t step_count;
	const char *run; /* name of the run, NULL before there is one */
	const char *who; /* who decides, NULL before it was said */
	const struct more *more;
	size_t more_count;
	bool copied; /* codes or commands stand here that are to be copied out by mouse */
	const struct action *actions;
	size_t action_count;
	const struct question *question; /* to be asked at once, over the page, NULL for none */
	const char *why;  /* F2 where no row has the cursor: the article, cause, risk, source */
	const char *help; /* F1: what this page asks; the keys are the front end's to add */
};

enum reply_kind {
	REPLY_ACTION, /* an action was pressed; answer/text carry what its question got */
	REPLY_ANSWER, /* a row's or the page's question was answered */
	REPLY_BACK,
	REPLY_AGAIN,   /* F5: look again */
	REPLY_REFRESH, /* the time of page.refresh is over; cursor and focus stay */
	REPLY_STEP,    /* 1 to 6: look at that step */
	REPLY_UNDO,    /* F7 */
	REPLY_JOURNAL, /* F9 */
	REPLY_LEAVE,   /* F10, Ctrl-C, end of input: never a decision */
};

struct reply {
	enum reply_kind kind;
	const char *id;     /* action or question id; borrowed from the page */
	const char *answer; /* answer id, NULL for none */
	/* what was typed (not ASK_FORM); owned by the front end until the next call */
	const char *text;
	const char *const *fields; /* ASK_FORM: in the order of the question's fields */
	int step;
	size_t cursor; /* where the cursor stood, so that the next page can put it there again */
	bool final; /* REPLY_LEAVE: not to be asked about: the input has ended, or a signal came */
	int signal; /* ... and which; 0 for none */
};

/* One of the last changes made. */
struct change_line {
	const char *what, *before, *after;
	const char *checked; /* "read back"; NULL: it is being written */
};

/* Work that takes time: run calls back through tell, which draws and may stop it. */
struct job_state {
	const char *what; /* "replace files" */
	const char *now;  /* the file in hand, "" for none */
	/* A server that has not answered yet: what is done there, "" in the first second; NULL:
	 * none is waited for. What tell returns then gives up at once, in the middle of what was
	 * asked, and only where that was asked for since it is shown. */
	const char *waiting;
	unsigned waited;                /* seconds */
	size_t done, total;             /* changes of the whole job */
	const struct change_line *last; /* newest first */
	size_t last_count;
	unsigned long long bytes, bytes_total;
	const struct step_line *parts; /* the list with its marks, as on page "carry" */
	size_t part_count;
	bool may_stop; /* safe to stop here */
};
/* non-zero: stop at the next safe point */
typedef int job_tell(void *ui, const struct job_state *state);
struct job {
	/* 0 or a negative trouble; the guide keeps the sentence */
	int (*run)(void *arg, job_tell *tell, void *ui);
	void *arg;
	const char *title;
	/* nobody asked for it: the page stays on the screen, and whoever presses a key comes first;
	 * after a second it is said what is being waited for */
	bool quiet;
};

/* A front end. Every member is set; checked when the guide starts. */
struct ui_ops {
	/* Draws the page until there is one reply. 0, or a negative trouble (terminal gone). Esc
	 * makes none. */
	int (*page)(void *ui, const struct page *page, struct reply *reply);
	/* Runs a job to its end with the screen alive; returns what the job returned. page is what
	 * stood there. */
	int (*work)(void *ui, const struct page *page, const struct job *job);
	/* Shows something long to be read; returns when it was left. */
	int (*read)(void *ui, const struct page *page, const struct page_text *text);
};

#endif
