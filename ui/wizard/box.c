/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modal boxes: the only file that knows libdialog. Every box has the title line as its backtitle
 * and owns the whole screen, which is what lets libdialog resize it. What closes a box without an
 * answer is never an answer.
 */
#include <dialog.h>
#include <dlg_keys.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

/* Boxes fit the smallest screen pages are drawn on: libdialog ends the whole program when one does
 * not fit. */
enum {
	BOX_WIDTH = SCREEN_MIN_COLUMNS - 2,
	BOX_HEIGHT = SCREEN_MIN_ROWS - 2,
	FORM_LABEL = 16,
	FORM_LINES = 4
};

/* libdialog waits for keys on its own and takes no interest in signals; an Esc in its queue makes
 * it close the box. It is put there while the program sits in read(2), so the queue is not in
 * use. */
static void wake(void)
{
	ungetch(27);
}

/* libdialog ends the whole program when a box does not fit any more, so it is not told of another
 * size: the box is closed, and asked again where it fits. */
static volatile sig_atomic_t resized;
static struct sigaction curses_resize;

static void resize(int number)
{
	(void)number;
	resized = 1;
	wake();
}

static void resize_begin(void)
{
	struct sigaction action = { .sa_handler = resize };

	sigemptyset(&action.sa_mask);
	resized = 0;
	sigaction(SIGWINCH, &action, &curses_resize);
}

static void resize_end(void)
{
	sigaction(SIGWINCH, &curses_resize, NULL);
	if (resized)
		terminal_taken_back();
}

/* Space and Ctrl-D would press a button; here only Enter does. */
void box_keys(void)
{
	static char bindings[][40] = { "* ^C ESC", "* ^D ESC", "formfield TAB FORM_NEXT",
		"yesno \\s ITEM_FIRST", "inputbox \\s ITEM_FIRST", "formbox \\s ITEM_FIRST" };

	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++)
		dlg_parse_bindkey(bindings[i]);
}

/* To libdialog the first capital of a label is a key that presses it, in either case: so it gets
 * none. */
static char *label(TALLOC_CTX *mem, const char *text)
{
	size_t room = strlen(text) + 1;
	wchar_t *wide = memory_array(mem, sizeof *wide, room);
	char *small = memory_array(mem, MB_LEN_MAX, room);

	if (!wide || !small || mbstowcs(wide, text, room) == (size_t)-1)
		return layout_text(mem, text);
	for (wchar_t *at = wide; *at; at++)
		*at = (wchar_t)towlower((wint_t)*at);
	return layout_text(mem,
		wcstombs(small, wide, room * MB_LEN_MAX) != (size_t)-1 ? small : text);
}

/* typed: a person may paste into it. */
static void begin(const struct page *page, bool writes, bool typed)
{
	char *title = talloc_asprintf(NULL, "msmcfix   %s   %s", page->server, page->badge);

	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	dialog_vars.ascii_lines = !layout_utf8();
	dialog_vars.backtitle =
		layout_text(NULL, layout_fit(title, title, (size_t)COLS - 2, CUT_END));
	dialog_vars.default_button = -1;
	signals_wake(wake);
	resize_begin();
	if (writes)
		flushinp();
	if (typed)
		terminal_paste(false);
	if (signals_came() != 0)
		wake();
	dlg_clear();
	dlg_put_backtitle();
	refresh();
	talloc_free(title);
}

/* A box that an Esc closed may have been closed by a key that this terminal's description does not
 * know; neither the rest of it nor what was typed ahead is for the page. */
static void end(int code)
{
	if (code == DLG_EXIT_ESC && !resized)
		(void)terminal_rest();
	flushinp();
	terminal_paste(true);
	signals_wake(NULL);
	resize_end();
	TALLOC_FREE(dialog_vars.backtitle);
	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	raw();
	clearok(stdscr, TRUE);
}

/* Text for a box in lines of its width, at most as many as it can hold; *count of them. What is cut
 * is on the page. */
static char *boxed_text(TALLOC_CTX *mem, const char *text, int most, int *count)
{
	struct lines lines = { 0 };
	char *out = talloc_strdup(mem, "");

	layout_wrap(mem, text, BOX_WIDTH - 4, &lines);
	*count = (int)lines.count < most ? (int)lines.count : most;
	for (int i = 0; i < *count; i++)
		out = talloc_asprintf_append_buffer(out, "%s%s", i > 0 ? "\n" : "",
			i + 1 == most && (int)lines.count > most ? "..." : lines.text[i]);
	return layout_text(mem, out);
}

/* What the question is about, then the question. */
static char *prompt(TALLOC_CTX *mem, const struct question *question, int most, int *count)
{
	bool about = question->text && *question->text != '\0';
	char *text = talloc_asprintf(mem, "%s%s%s", about ? question->text : "", about ? "\n" : "",
		question->title);

	return boxed_text(mem, text, most, count);
}

/* Two or three answers as buttons, the safe one first and focused. */
static int ask_choice(TALLOC_CTX *mem, const struct question *question, struct reply *reply)
{
	const struct answer *order[3] = { NULL };
	int count = 0, lines, code;
	char *text = prompt(mem, question, BOX_HEIGHT - 4, &lines);

	for (int safe = 1; safe >= 0; safe--)
		for (size_t i = 0; i < question->answer_count && count < 3; i++)
			if (question->answers[i].safe == (safe == 1))
				order[count++] = &question->answers[i];
	if (count < 2)
		return DLG_EXIT_CANCEL;
	dialog_vars.yes_label = label(mem, order[0]->label);
	dialog_vars.no_label = label(mem, order[1]->label);
	dialog_vars.extra_button = count == 3;
	dialog_vars.extra_label = count == 3 ? label(mem, order[2]->label) : NULL;
	code = dialog_yesno("", text, lines + 4, BOX_WIDTH);
	reply->answer = code == DLG_EXIT_OK            ? order[0]->id
		: code == DLG_EXIT_CANCEL              ? order[1]->id
		: code == DLG_EXIT_EXTRA && count == 3 ? order[2]->id
						       : NULL;
	return code;
}

static int ask_line(TALLOC_CTX *mem, struct wizard *wizard, const struct question *question,
	bool again)
{
	int lines, code;
	char *text = prompt(mem, question, BOX_HEIGHT - 7, &lines);
	const char *proposal = again ? wizard->line : question->proposal;

	dialog_vars.ok_label = label(mem, _("Continue"));
	dialog_vars.cancel_label = label(mem, _("Leave it"));
	code = dialog_inputbox("", text, lines + 7, BOX_WIDTH, proposal ? proposal : "", 0);
	talloc_free(wizard->line);
	wizard->line =
		talloc_strdup(wizard, dialog_vars.input_result ? dialog_vars.input_result : "");
	return code;
}

/* The first field that is too short to be an answer, or NULL. */
static const struct field *field_short(const struct wizard *wizard, const struct question *question)
{
	for (size_t i = 0; i < question->field_count && i < BOX_FIELDS; i++)
		if (strlen(wizard->fields[i]) < question->fields[i].min_length)
			return &question->fields[i];
	return NULL;
}

/* What was typed is kept with the wizard: it stands there again when the form comes back. */
static int ask_form(TALLOC_CTX *mem, struct wizard *wizard, const struct question *question,
	bool again)
{
	DIALOG_FORMITEM items[BOX_FIELDS + 1] = { 0 };
	int count = (int)(question->field_count < BOX_FIELDS ? question->field_count : BOX_FIELDS);
	int shown = count < FORM_LINES ? count : FORM_LINES, lines, at = 0, code;
	char *text = prompt(mem, question, BOX_HEIGHT - 6 - shown, &lines);
	const struct field *missing = again ? field_short(wizard, question) : NULL;

	for (int i = 0; i < count; i++)
		items[i] = (DIALOG_FORMITEM){ .name = layout_text(mem, question->fields[i].label),
			.name_len = FORM_LABEL,
			.name_y = i,
			.name_x = 1,
			.text = strdup(again ? wizard->fields[i] : question->fields[i].value),
			.text_y = i,
			.text_x = FORM_LABEL + 2,
			.text_flen = BOX_WIDTH - FORM_LABEL - 10,
			.text_len = BOX_WIDTH - FORM_LABEL - 10,
			.text_ilen = BOX_LINE - 1,
			.text_free = TRUE };
	dialog_vars.ok_label = label(mem, _("Put on record"));
	dialog_vars.cancel_label = label(mem, _("Leave it"));
	if (missing)
		dialog_vars.default_item = items[missing - question->fields].name;
	code = dlg_form("", text, lines + shown + 6, BOX_WIDTH, shown, count, items, &at);
	for (int i = 0; i < count; i++) {
		talloc_free(wizard->fields[i]);
		wizard->fields[i] = talloc_strdup(wizard, items[i].text);
		free(items[i].text);
	}
	return code;
}

/* Why what was typed is no answer, or NULL. */
static const char *too_short(TALLOC_CTX *mem, const struct wizard *wizard,
	const struct question *question)
{
	const struct field *field =
		question->kind == ASK_FORM ? field_short(wizard, question) : NULL;

	if (field)
		return talloc_asprintf(mem,
			P_("%s: at least %zu character is needed.",
				"%s: at least %zu characters are needed.", field->min_length),
			field->label, field->min_length);
	if (question->kind == ASK_TYPED && strcmp(wizard->line, question->expected) != 0)
		return _("That is not what had to be typed. Nothing was done.");
	if (question->kind == ASK_TEXT && strlen(wizard->line) < question->min_length)
		return _("That is too short to be an answer.");
	return NULL;
}

/* What was too short is typed anew, so that keys held down never become long enough. */
static void refused(struct wizard *wizard, const struct page *page, const struct question *question,
	const char *wrong)
{
	const struct field *field =
		question->kind == ASK_FORM ? field_short(wizard, question) : NULL;

	box_message(page, "", wrong);
	if (!field)
		return;
	talloc_free(wizard->fields[field - question->fields]);
	wizard->fields[field - question->fields] = talloc_strdup(wizard, "");
}

/* A box that cannot be read decides nothing. */
static bool readable(void)
{
	return LINES >= SCREEN_MIN_ROWS && COLS >= SCREEN_MIN_COLUMNS;
}

static bool ask_once(TALLOC_CTX *mem, struct wizard *wizard, const struct page *page,
	const struct question *question, bool again, struct reply *reply)
{
	int code;

	if (!readable())
		return false;
	begin(page, question->writes, question->kind != ASK_CHOICE);
	if (question->kind == ASK_CHOICE)
		code = ask_choice(mem, question, reply);
	else if (question->kind == ASK_FORM)
		code = ask_form(mem, wizard, question, again);
	else
		code = ask_line(mem, wizard, question, again);
	end(code);
	return (question->kind == ASK_CHOICE ? reply->answer != NULL : code == DLG_EXIT_OK) &&
		signals_came() == 0 && readable() && !resized;
}

bool box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	TALLOC_CTX *mem = talloc_new(wizard);
	const char *wrong = NULL;
	bool answered, again = false;

	do {
		answered = ask_once(mem, wizard, page, question, again, reply);
		wrong = answered ? too_short(mem, wizard, question) : NULL;
		if (wrong)
			refused(wizard, page, question, wrong);
		again = wrong || resized;
	} while (again && readable() && !signals_came() && (!wrong || question->kind != ASK_TYPED));
	talloc_free(mem);
	if (question->kind == ASK_FORM)
		reply->fields = (const char *const *)wizard->fields;
	else if (question->kind != ASK_CHOICE)
		reply->text = wizard->line;
	return answered && !wrong;
}

void box_message(const struct page *page, const char *title, const char *text)
{
	TALLOC_CTX *mem;
	char *shown;
	int lines;

	if (!readable())
		return;
	mem = talloc_new(NULL);
	begin(page, false, false);
	dialog_vars.ok_label = label(mem, _("Back"));
	shown = boxed_text(mem, text, BOX_HEIGHT - 4, &lines);
	end(dialog_msgbox(layout_text(mem, title), shown, lines + 4, BOX_WIDTH, 1));
	talloc_free(mem);
}
