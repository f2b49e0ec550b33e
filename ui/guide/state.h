/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the walk, and what pages are made with. Nothing declared here but the pages
 * themselves calls a page. */
#ifndef GUIDE_STATE_H
#define GUIDE_STATE_H

#include <time.h>

#include "run/finish.h"
#include "run/mail.h"
#include "run/overlay.h"
#include "run/resume.h"
#include "ui/guide/guide.h"
#include "ui/guide/ids.h"
#include "ui/reach.h"

enum { GUIDE_BACK = 32, REACH_PATIENCE = 20, GUIDE_PARTS = 3, GUIDE_LAST = 8 };

/* A reply, its ids known: an action was pressed, or a question of the page answered. */
struct input {
	enum word_id action;       /* NO_WORD unless one was pressed */
	enum question_id question; /* NO_QUESTION unless one of the page was answered */
	const char *row;           /* which it was about, or NULL */
	enum word_id answer;       /* also to what an action asks */
	const char *text;          /* NULL for none and for an empty one */
	const char *const *fields;
	size_t cursor;
};

/* A page of the walk: how it is made of the state, and what a reply to it does. */
struct guide_page {
	void (*make)(struct guide *guide, struct page *page);
	/*
	 * Questions and actions of the page; what is the same everywhere (Back, Continue, journal,
	 * leaving) never gets here. NULL if there is nothing else.
	 */
	void (*reply)(struct guide *guide, const struct input *input);
	/* Looks again at what the page tells of a server that was reached; quiet: by itself
	 * (page.refresh). NULL if there is nothing. */
	void (*again)(struct guide *guide, bool quiet);
	enum page_id next; /* where Continue leads; 0: that is the page's own business */
	int step;          /* 1 to 6; 0: writing; -1 where the list has no line of it */
	bool steps;        /* the list of steps stands beside it */
};

/* What a lesson adds to the walk; hooked in by the training ground, all of it set. */
struct guide_hooks {
	void (*open)(struct guide *guide); /* in place of the first look at a server */
	bool (*in_lesson)(const struct guide *guide);
	/* its value is to be proposed before it is shown */
	bool (*covers)(const struct guide *guide, const struct finding *finding);
	void (*details)(struct guide *guide, struct page *page, struct row *row,
		const struct finding *finding);
	/* of the title line: before the page is made */
	void (*title)(const struct guide *guide, struct page *page);
	void (*page)(struct guide *guide, struct page *page); /* once it is made */
	struct question *(*leave)(struct guide *guide, struct page *page);
	/* of every reply first: whether it is done */
	bool (*reply)(struct guide *guide, const struct input *input);
	int (*exit_code)(const struct guide *guide);
};

struct guide {
	const struct options *given; /* the command line's */
	struct options options;      /* the same, with what was said since; or a lesson's */
	struct error error;          /* the last trouble; its sentence is shown on the next page */
	char *message;               /* shown on the next page, then gone */
	bool message_bad;

	enum page_id at;
	enum page_id back[GUIDE_BACK];
	size_t back_count;
	size_t cursor;
	enum question_id asking; /* to be asked at once */
	char *asked_for;         /* the row it is about */
	bool over;
	int exit_code;
	char *parting; /* once it is over */

	/* the server and what is known of it */
	char *drives, *images; /* typed on page "reach" */
	struct options own;    /* the command line's, with what follows */
	struct reaching reaching;
	char *password;                        /* typed, wiped when a server was opened with it */
	int (*reach_job)(struct guide *guide); /* what a running server was to be opened for */
	const char *reach_title;
	size_t reach_failed; /* in a row */
	struct image *image; /* opened, and a letter of it is not known; see ui/reach.h */
	struct server *server;
	const struct survey *survey;

	/* the repair */
	char *operator_name;
	struct plan *plan;
	struct engine *engine;
	bool backed_up, carried_out, finished;
	time_t down_since;      /* when the outage was first told; 0 while there is none */
	unsigned long down_for; /* seconds of the last one */
	char *typed_edit;       /* what was refused as the text of a value, to be typed on */
	char *alike;            /* the row that page "alike" was opened from */
	struct evidence_list *evidence;
	const struct mail_watch
		*watch;              /* what was seen of mail; NULL: nothing stood there before */
	struct mail_boxes boxes;     /* of a practice server, owned by mail_mem */
	struct mail_letters letters; /* of the one that was asked for */
	const struct mail_box *box;  /* ... which it is */
	TALLOC_CTX *mail_mem;
	bool look_failed;   /* the last one that nobody asked for; the message says so */
	char *mail_put_off; /* the tokens of the lines of step 5 put off, NULL for none */
	struct gates *gates;
	enum oldfolder_choice choice;
	char *typed; /* the server's name, for what cannot be taken back; see guide_typed */
	enum overlay_end end;
	bool deletion_cut;       /* the old folder was being deleted when the run was cut off */
	char *running, *stopped; /* the connector's services by name, shown; NULL for none */
	struct report *report;   /* once finished */
	char *pause_text, *undo_text;
	/* what could be put back, why not all of it at once, and what of it was asked for (0 and
	 * NULL: all) */
	struct undo_look *undo;
	char *undo_refused, *undo_change;
	int undo_step;
	int finish_code;

	/* an earlier run */
	/* asked for on the command line, "" for the last unfinished one, NULL for none */
	const char *resume_wanted;
	char *resume;              /* its name; NULL if there is none */
	struct run_status *status; /* NULL where the server was not reached */
	enum run_stage stage;
	/* the same by its record alone; and all that are unfinished, where one is to be chosen */
	struct run_record *record, **unfinished;
	size_t unfinished_count;

	/* of the training ground, with what is its own; NULL in a repair */
	const struct guide_hooks *hooks;
	struct training *training;

	/* the front end of the present call, for jobs */
	const struct ui_ops *ops;
	void *ui;
	struct page *page;
	int (*job)(struct guide *guide);
	job_tell *tell;
	void *tell_ui;
	struct job_state state;
	bool gave_up; /* in the middle of what was asked of a server */
	struct step_line parts[GUIDE_PARTS];
	size_t part_done[GUIDE_PARTS], part_total[GUIDE_PARTS];
	struct change_line last[GUIDE_LAST]; /* newest first */
};

/* pages: only the guide calls them */
#define PAGE_VARIABLE(id, variable, name) page_##variable
extern const struct guide_page GUIDE_PAGES(PAGE_VARIABLE);

/* state.c: moving on; the page left is where Back leads. guide_jump forgets the way back. */
void guide_go(struct guide *guide, enum page_id page);
void guide_jump(struct guide *guide, enum page_id page);
/* To the page left last; after a resume to the one before in the order of the walk. */
void guide_back(struct guide *guide);
/* The message of the next page. */
void guide_say(struct guide *guide, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The trouble in guide->error becomes the message of the next page. */
void guide_trouble(struct guide *guide);
/* Shows something long; NULL is an empty text. */
void guide_read(struct guide *guide, const char *title, const char *text);
/* Leaves the server and all that is known of it. */
void guide_forget(struct guide *guide);
/* The earlier run that was looked at. */
void run_forget(struct guide *guide);
/* Whether the server was made for this call alone and goes with it. */
bool guide_temporary(const struct guide *guide);
/* Who decides from now on; false if text is no name. */
bool guide_operator(struct guide *guide, const char *text);
/* Keeps what was typed for the work that follows: the front end forgets it then. */
void guide_typed(struct guide *guide, const char *text);
/* What the hooks say, if there are any. */
bool guide_covers(const struct guide *guide, const struct finding *finding);
void guide_details(struct guide *guide, struct page *page, struct row *row,
	const struct finding *finding);
/* Asks a question (with its row) on the next page: guide->asking. */
void guide_ask(struct guide *guide, enum question_id question, const char *row);
/* The title line: which server, and in what state of affairs. */
void guide_title(struct guide *guide, struct page *page);

/* build.c: parts of a page, all owned by it and never NULL. Text is given in the operator's
 * language and safe to show; lead, tail and coach grow by what is given. */
char *page_text(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_lead(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_tail(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A paragraph of the coach's, with its word in front. */
void page_coach(struct page *page, const char *text);
/* Safe to show; NULL is an empty text. */
const char *page_shown(struct page *page, const char *text);
/* Title and why of one of the article's six. */
void page_step(struct page *page, int step);
/* Headings are marked with N_(). */
void page_columns(struct page *page, const struct column *columns, size_t count);
/* id: NULL for a row that is only read; then its cells, with NULL behind the last. Valid until the
 * next row. */
struct row *page_row(struct page *page, const char *id, ...) __attribute__((sentinel));
void row_detail(struct page *page, struct row *row, enum detail_kind kind, const char *label,
	const char *text);
/* What stands on the page too where there is room; source may be "". */
void page_more(struct page *page, const char *title, const char *source, const char *text);
/* Valid until the next action. */
struct action *page_action(struct page *page, enum word_id id, const char *label, char key,
	enum action_kind kind);
/* Continue, under that label, and Back. */
void page_continue(struct page *page, const char *label);
/* row: the id of the row it is about, or NULL. */
struct question *page_question(struct page *page, enum question_id id, const char *row,
	enum question_kind kind, const char *title);
/* A line of text, never an empty one; and a choice that writes, its answers to be given. */
struct question *page_line(struct page *page, enum question_id id, const char *row,
	const char *title, const char *text);
struct question *page_confirm(struct page *page, enum question_id id, const char *title,
	const char *text);
void question_answer(struct page *page, struct question *question, enum word_id id,
	const char *label, char key, bool safe);
/* What that answer's letter does now. */
void question_hint(struct question *question, enum word_id id, const char *hint);
void question_field(struct page *page, struct question *question, enum word_id id,
	const char *label, const char *value, size_t min);

/* jobs.c: the long calls, with the screen alive. What failed is in guide->error, and guide_work has
 * made it the message of the next page. */
bool guide_work(struct guide *guide, const char *title, int (*job)(struct guide *));
/* The same for what nobody asked for: the page stays on the screen. Being stopped by who reads it
 * is no trouble. */
bool guide_work_quiet(struct guide *guide, const char *title, int (*job)(struct guide *));
/* live.c: a server that wants more first. A job that opens one: where user, password, the agreement
 * to its dialect or letters of a disk image are wanted first, their page asks for them and does the
 * job again. */
bool guide_reach(struct guide *guide, const char *title, int (*job)(struct guide *));
/* From those pages: once more, with what was said there. */
void guide_reach_again(struct guide *guide);
/* The password that was typed; NULL forgets it. */
void guide_password(struct guide *guide, const char *text);
/* After work that failed with a message: where it was cut off in the middle of what was asked of
 * the server, the run is looked at as one that was interrupted. */
void guide_cut(struct guide *guide);
/* server.h: what is waited for becomes the state that the front end draws. */
int guide_waiting(void *guide, const char *doing, unsigned seconds);
/* To step 5, or to the pause before it where the server is off; before both, where what was
 * written stands in an overlay, to its end. */
void guide_finish(struct guide *guide);
/* To the page that shows what undo would do. */
void guide_undo(struct guide *guide);
/* The same where the command line asked for it: who puts back is asked first; nobody, where all
 * was. */
void guide_undo_first(struct guide *guide);
int job_survey(struct guide *guide); /* survey, new plan */
int job_reach(struct guide *guide);  /* opens the server, then looks */
int job_backup(struct guide *guide); /* begins the run, step 1 */
/* false: there is no Bin, and so nothing to back up */
bool guide_backs_up(const struct guide *guide);
int job_carry(struct guide *guide);
int job_start_services(struct guide *guide);
/* step 5 as it stands: the evidence, which of the connector's services run, what was seen */
int job_mail(struct guide *guide);
/* jobs_mail.c: which of the connector's services run, where the server can tell */
int job_services(struct guide *guide);
/* what stood there before, a first look, and the mailboxes of a practice server; nothing
 * where there is no server */
int job_mail_first(struct guide *guide);
/* what has come since, judged, and which services run */
int job_mail_look(struct guide *guide);
/* reads guide->box into guide->letters */
int job_mail_read(struct guide *guide);
/* state.c: all that is known of mail flow, with the engine that it belongs to. */
void mail_forget(struct guide *guide);
int job_gates(struct guide *guide);
int job_resume(struct guide *guide); /* then guide->stage tells where it stands */
int job_undo(struct guide *guide);
/* guide->choice done, then all of it checked again: the end of the run */
int job_oldfolder(struct guide *guide);
/* guide->end, of what stands in the overlay */
int job_ending(struct guide *guide);
/* page_undo.c: all of the run in hand is put back; told: what else there is to say. */
void guide_undone(struct guide *guide, const char *said, const char *told);
/* Once step 6 is through: to the report, before it to the end of its overlay. */
void guide_report(struct guide *guide);

/* coach.c: hooks in the training ground. */
int coach_new(struct guide *guide);

/* runs.c: earlier runs of this server. */
/* the one asked for, or the newest unfinished one; guide->resume stays NULL if there is none */
int runs_find(struct guide *guide);
int run_take(struct guide *guide, const char *name); /* looks at this one; guide->look and stage */
/* guide->resume and how it stands: a title, without its full stop */
char *run_title(const struct guide *guide, struct page *page);

/* record.c: runs by their record. */
/* No server was named: the run asked for, or the newest unfinished one that is where its record
 * says; else those that there are, to choose from. */
int job_run_find(struct guide *guide);
/* guide->record: its server is opened and the run taken; what it needs is in guide->error if that
 * cannot be */
int job_run_reach(struct guide *guide);
/* the chosen one, by its record where that is enough */
int job_run_choose(struct guide *guide);
/* guide->record resumed for step 5 alone */
int job_run_record(struct guide *guide);
/* ... and then with its server, which is there now */
int job_run_reopen(struct guide *guide);
/* Whether it is resumed by its record alone: there is no server. */
bool guide_by_record(const struct guide *guide);
/* The command about the run in hand that works here. */
char *guide_command(struct guide *guide, TALLOC_CTX *mem, const char *command);
/* What is to be said of the run when the screen is gone, lines; NULL for nothing. */
char *guide_parting(struct guide *guide);

#endif
