/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modal boxes, which stand over the page they ask about: this file knows libdialog. What closes a
 * box without an answer is never an answer.
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
#include "base/text.h"
#include "ui/password.h"
#include "ui/signals.h"
#include "ui/wizard/box_text.h"
#include "ui/wizard/wizard_private.h"

/* Boxes with their shadow fit between the title line and the keys of the smallest screen: libdialog
 * ends the whole program when one does not fit. */
enum {
	BOX_HEIGHT = SCREEN_MIN_ROWS - 3,
	FORM_LABEL = 16,
	FORM_LABEL_MOST = 24,
	FORM_LINES = 4,
	FORM_EDGES = 10
};
/* Lines that a box has beside its text: edges and buttons; a line to type in; a frame of fields. */
enum { BUTTONS = 4, LINE_BUTTONS = 7, FORM_BUTTONS = 6 };

/* One box: what it asks about, and where. */
struct box {
	TALLOC_CTX *mem;
	struct wizard *wizard;
	const struct page *page;
	const struct question *question; /* NULL: it only says something */
	size_t row;                      /* that it is about; none: the number of rows */
	bool again;                      /* what was typed before stands in it */
	int field, button; /* what had the focus then; button: its exit code, -1 for none */
	int height;
	struct box_text said;
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

/*
 * Space and Ctrl-D would press a button; here only Enter does. Help and why close the box, and it
 * comes back; in a text field their letters are text.
 */
static void keys_begin(void)
{
	static char bindings[][40] = { "* ^C ESC", "* ^D ESC", "* ^Z ESC", "* F10 ESC", "* ^_ ESC",
		"* ^^ ESC", "* ^] ESC", "yesno \\077 ESC", "yesno \\167 ESC", "yesno \\161 ESC",
		"formfield TAB FORM_NEXT", "yesno \\s ITEM_FIRST", "inputbox \\s ITEM_FIRST",
		"formbox \\s ITEM_FIRST" };

	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++)
		dlg_parse_bindkey(bindings[i]);
}

/* Flat edges, and no letter of a button marked: none acts. */
static void colours_begin(void)
{
	const chtype box = terminal_ink(ROLE_BOX), title = terminal_ink(ROLE_BOX_TITLE),
		     focus = terminal_ink(ROLE_BOX_FOCUS);
	/* A field has a ground of its own; without colours a line below. */
	const chtype field = has_colors() ? terminal_ink(ROLE_KEY_LABEL) : A_UNDERLINE;

	screen_attr = terminal_ink(ROLE_TEXT);
	shadow_attr = terminal_ink(ROLE_SHADOW);
	dialog_attr = border_attr = border2_attr = box;
	menubox_attr = menubox_border_attr = menubox_border2_attr = item_attr = box;
	inputbox_border_attr = inputbox_border2_attr = form_item_readonly_attr = box;
	button_inactive_attr = button_key_inactive_attr = button_label_inactive_attr = box;
	button_active_attr = button_key_active_attr = button_label_active_attr = focus;
	inputbox_attr = form_active_text_attr = item_selected_attr = focus;
	form_text_attr = field;
	title_attr = position_indicator_attr = uarrow_attr = darrow_attr = title;
}

void box_begin(void)
{
	keys_begin();
	colours_begin();
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

/* What F2 shows in it. */
static const char *why_of(const struct box *box)
{
	return box->question && box->question->why ? box->question->why
						   : why_here(box->page, &box->wizard->view);
}

static bool is_typed(const struct question *question)
{
	return question && question->kind != ASK_CHOICE;
}

/* What Enter in a field does: the answer that is not the safe one, where the question has some. */
static const char *ok_of(const struct question *question)
{
	for (size_t i = 0; i < question->answer_count; i++)
		if (!question->answers[i].safe)
			return question->answers[i].label;
	return question->kind == ASK_FORM ? _("Put on record") : _("Continue");
}

enum { BOX_KEYS = 5 };
static size_t keys_of(const struct box *box, struct key_label keys[])
{
	bool typed = is_typed(box->question);
	size_t n = 0;

	if (!box->question) {
		keys[n++] = (struct key_label){ "Enter", _("Back") };
	} else {
		keys[n++] = (struct key_label){ typed ? "F1" : "F1 ?", _("Help") };
		if (why_of(box))
			keys[n++] = (struct key_label){ typed ? "F2" : "F2 w", _("Why") };
		keys[n++] = (struct key_label){ "Tab", _("Next") };
		keys[n++] =
			(struct key_label){ "Enter", typed ? ok_of(box->question) : _("Press") };
	}
	keys[n++] = (struct key_label){ "Esc", _("Close") };
	return n;
}

/* The page, and on which of its lines the row stands that is asked about; 0: on none. */
static size_t beneath(const struct box *box)
{
	struct screen *screen = terminal_screen(box->mem);
	struct key_label keys[BOX_KEYS];
	size_t line = 0;

	compose_beneath(screen, box->page, &box->wizard->view, keys, keys_of(box, keys));
	terminal_paint(screen);
	for (size_t i = 0; i < screen->hit_count; i++)
		if (screen->hits[i].kind == HIT_ROW && screen->hits[i].index == box->row)
			line = screen->hits[i].row;
	return line;
}

/* Below the row, else above it, else in the middle; the shadow takes a line. */
static void place(int line, int height, int width)
{
	dialog_vars.begin_set = TRUE;
	dialog_vars.begin_x = (COLS - width) / 2;
	dialog_vars.begin_y = (LINES - height) / 2;
	if (line > 0 && line + 1 + height + 1 < LINES)
		dialog_vars.begin_y = line + 1;
	else if (line > height + 1)
		dialog_vars.begin_y = line - height - 1;
}

/* height: of the box without its text. */
static void begin(struct box *box, const char *title, const char *text, int height)
{
	const struct question *question = box->question;

	dlg_clr_result();
	dlg_flush_getc();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	dialog_vars.ascii_lines = !layout_utf8();
	dialog_vars.colors = TRUE;
	dialog_vars.default_button = -1;
	box->said = box_text_of(box->mem, title,
		question && box->row < box->page->row_count ? &box->page->rows[box->row] : NULL,
		text, (size_t)COLS, BOX_HEIGHT - height);
	signals_wake(wake);
	resize_begin();
	if (question && question->writes)
		flushinp();
	if (signals_came() != 0)
		wake();
	box->height = box->said.lines + height;
	place((int)beneath(box), box->height, box->said.width);
	terminal_boxed(true);
	if (box->again)
		dialog_vars.default_button = box->button;
}

/* libdialog does not say what had the focus when the box was closed, but its cursor stood there: in
 * the line of the buttons, of two or of three. A confirmation begins at its safe answer anew. */
static void focus_keep(struct box *box)
{
	int column = getcurx(curscr) - dialog_vars.begin_x,
	    count = dialog_vars.extra_button ? 3 : 2, at = column * count / box->said.width;
	bool on_button = getcury(curscr) == dialog_vars.begin_y + box->height - 2;

	box->button = !on_button       ? -1
		: at == 0              ? DLG_EXIT_OK
		: at == 1 && count > 2 ? DLG_EXIT_EXTRA
				       : DLG_EXIT_CANCEL;
	if (box->question->writes && box->question->kind == ASK_CHOICE)
		box->button = -1;
}

/* A box that an Esc closed may have been closed by a key that this terminal's description does not
 * know; neither the rest of it nor what was typed ahead is for the page. */
static void end(int code, char pasted[BOX_LINE])
{
	*pasted = '\0';
	if (code == DLG_EXIT_ESC && !resized && dlg_last_getc() == KEY_BOX_PASTE)
		terminal_pasted(pasted, BOX_LINE);
	else if (code == DLG_EXIT_ESC && !resized)
		(void)terminal_rest();
	flushinp();
	terminal_boxed(false);
	/* Of a wide character under an edge the terminal has lost the other half. */
	redrawwin(stdscr);
	signals_wake(NULL);
	resize_end();
	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	raw();
}

/* Two or three answers as buttons, the safe one first and focused. */
static int ask_choice(struct box *box, struct reply *reply)
{
	const struct question *question = box->question;
	const struct answer *order[3] = { NULL };
	int count = 0, code;

	for (int safe = 1; safe >= 0; safe--)
		for (size_t i = 0; i < question->answer_count && count < 3; i++)
			if (question->answers[i].safe == (safe == 1))
				order[count++] = &question->answers[i];
	if (count < 2)
		return DLG_EXIT_CANCEL;
	begin(box, question->title, question->text, BUTTONS);
	dialog_vars.yes_label = label(box->mem, order[0]->label);
	dialog_vars.no_label = label(box->mem, order[1]->label);
	dialog_vars.extra_button = count == 3;
	dialog_vars.extra_label = count == 3 ? label(box->mem, order[2]->label) : NULL;
	code = dialog_yesno(box->said.title, box->said.text, box->height, box->said.width);
	reply->answer = code == DLG_EXIT_OK            ? order[0]->id
		: code == DLG_EXIT_CANCEL              ? order[1]->id
		: code == DLG_EXIT_EXTRA && count == 3 ? order[2]->id
						       : NULL;
	return code;
}

/* The labels of a box with something to type. */
static void typed_labels(const struct box *box)
{
	const char *cancel = C_("a box", "Leave it");

	for (size_t i = 0; i < box->question->answer_count; i++)
		if (box->question->answers[i].safe)
			cancel = box->question->answers[i].label;
	dialog_vars.ok_label = label(box->mem, ok_of(box->question));
	dialog_vars.cancel_label = label(box->mem, cancel);
}

/* It may be a password, so all of it is wiped. */
static void line_keep(struct wizard *wizard, const char *text)
{
	char *kept = password_keep(wizard, text);

	talloc_free(wizard->line);
	wizard->line = kept;
}

void typed_forget(struct wizard *wizard)
{
	TALLOC_FREE(wizard->line);
}

/* Of what is secret nothing is shown, not even how long it is. */
static int ask_line(struct box *box)
{
	struct wizard *wizard = box->wizard;
	const char *proposal = box->again ? wizard->line : box->question->proposal;
	int code;

	begin(box, box->question->title, box->question->text, LINE_BUTTONS);
	typed_labels(box);
	code = dialog_inputbox(box->said.title, box->said.text, box->height, box->said.width,
		proposal ? proposal : "", box->question->kind == ASK_SECRET);
	line_keep(wizard, dialog_vars.input_result ? dialog_vars.input_result : "");
	if (dialog_vars.input_result)
		explicit_bzero(dialog_vars.input_result, strlen(dialog_vars.input_result));
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

/* As wide as the widest, so that none is cut; the field needs its room as well. */
static int form_label(const struct question *question)
{
	size_t width = FORM_LABEL;

	for (size_t i = 0; i < question->field_count; i++)
		if (layout_width(question->fields[i].label) > width)
			width = layout_width(question->fields[i].label);
	return width < FORM_LABEL_MOST ? (int)width : FORM_LABEL_MOST;
}

static void form_items(const struct box *box, DIALOG_FORMITEM items[], int count)
{
	int label = form_label(box->question), width = box->said.width - label - FORM_EDGES;

	for (int i = 0; i < count; i++) {
		const struct field *field = &box->question->fields[i];

		items[i] = (DIALOG_FORMITEM){ .name = layout_text(box->mem, field->label),
			.name_len = label,
			.name_y = i,
			.name_x = 1,
			.text = strdup(box->again ? box->wizard->fields[i] : field->value),
			.text_y = i,
			.text_x = label + 2,
			.text_flen = width,
			.text_len = width,
			.text_ilen = BOX_LINE - 1,
			.text_free = TRUE };
	}
}

/* What was typed is kept with the wizard: it stands there again when the form comes back. */
static int ask_form(struct box *box)
{
	const struct question *question = box->question;
	DIALOG_FORMITEM items[BOX_FIELDS + 1] = { 0 };
	int count = (int)(question->field_count < BOX_FIELDS ? question->field_count : BOX_FIELDS);
	int shown = count < FORM_LINES ? count : FORM_LINES, at = box->field, code;
	const struct field *missing = box->again ? field_short(box->wizard, question) : NULL;

	begin(box, question->title, question->text, FORM_BUTTONS + shown);
	form_items(box, items, count);
	typed_labels(box);
	if (missing) {
		dialog_vars.default_button = -1;
		at = (int)(missing - question->fields);
	}
	dialog_vars.default_item = items[at].name;
	code = dlg_form(box->said.title, box->said.text, box->height, box->said.width, shown, count,
		items, &at);
	box->field = at;
	for (int i = 0; i < count; i++) {
		talloc_free(box->wizard->fields[i]);
		box->wizard->fields[i] = talloc_strdup(box->wizard, items[i].text);
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
	if (question->kind == ASK_TYPED && !text_equal(wizard->line, question->expected))
		return _("That is not what had to be typed. Nothing was done.");
	if ((question->kind == ASK_TEXT || question->kind == ASK_SECRET) &&
		strlen(wizard->line) < question->min_length)
		return _("That is too short to be an answer.");
	return NULL;
}

/* A box that cannot be read decides nothing. */
static bool readable(void)
{
	return LINES >= SCREEN_MIN_ROWS && COLS >= SCREEN_MIN_COLUMNS;
}

void box_message(struct wizard *wizard, const struct page *page, const char *title,
	const char *text, size_t row)
{
	struct box box = { .mem = talloc_new(wizard), .wizard = wizard, .page = page, .row = row };
	char pasted[BOX_LINE];

	if (readable()) {
		begin(&box, title, text, BUTTONS);
		dialog_vars.ok_label = label(box.mem, _("Back"));
		end(dialog_msgbox(box.said.title, box.said.text, box.height, box.said.width, 1),
			pasted);
	}
	talloc_free(box.mem);
}

/* What was too short is typed anew, so that keys held down never become long enough. */
static void refused(struct wizard *wizard, const struct page *page, const struct question *question,
	const char *wrong)
{
	const struct field *field =
		question->kind == ASK_FORM ? field_short(wizard, question) : NULL;

	box_message(wizard, page, "", wrong, question_row(page, question));
	if (!field)
		return;
	talloc_free(wizard->fields[field - question->fields]);
	wizard->fields[field - question->fields] = talloc_strdup(wizard, "");
}

/* Where a box was closed because it does not fit: until it does. False if the person left it. */
static bool wait_readable(struct box *box)
{
	while (!readable() && signals_came() == 0) {
		struct screen *screen = terminal_screen(box->mem);
		int key;

		terminal_paint(screen);
		key = terminal_key(-1);
		if (key == KEY_ESC || key == KEY_CTRL_C || request_of(key) == REQUEST_LEAVE)
			return false;
	}
	return signals_came() == 0;
}

/* How a box ended. */
enum ended { ENDED_LEFT, ENDED_ANSWERED, ENDED_RESIZED, ENDED_READ /* help, or why */ };

/* F1 and F2, which closed the box, show what they show on the page. */
static bool read_asked(const struct box *box, int key)
{
	struct key_label keys[BOX_KEYS];
	bool letters = !is_typed(box->question);
	const char *why = why_of(box);

	if (key == KEY_BOX_HELP || (letters && key == '?'))
		help_show(box->wizard, box->page, keys, keys_of(box, keys));
	else if (key == KEY_BOX_WHY || (letters && key == 'w'))
		why ? pager_show(box->wizard, box->page, &(struct page_text){ _("Why"), why }) : 0;
	else
		return false;
	return true;
}

/* Behind what stands in the field; a line end in it presses nothing: that is for a key. */
static void pasted_put(struct box *box, const char *pasted)
{
	struct wizard *wizard = box->wizard;
	bool form = box->question->kind == ASK_FORM;
	char **into = form ? &wizard->fields[box->field] : &wizard->line;
	char joined[2 * BOX_LINE];
	int len = snprintf(joined, sizeof joined, "%s%s", *into ? *into : "", pasted);

	if (len < BOX_LINE && form) {
		talloc_free(*into);
		*into = talloc_strdup(wizard, joined);
	} else if (len < BOX_LINE && box->question->kind != ASK_CHOICE) {
		line_keep(wizard, joined);
	}
	explicit_bzero(joined, sizeof joined);
}

static enum ended ask_once(struct box *box, struct reply *reply)
{
	enum question_kind kind = box->question->kind;
	char pasted[BOX_LINE];
	int code, key;

	code = kind == ASK_CHOICE  ? ask_choice(box, reply)
		: kind == ASK_FORM ? ask_form(box)
				   : ask_line(box);
	key = dlg_last_getc();
	focus_keep(box);
	end(code, pasted);
	if (signals_came() != 0)
		return ENDED_LEFT;
	if (resized)
		return ENDED_RESIZED;
	if (code == DLG_EXIT_ESC && key == KEY_BOX_PASTE)
		pasted_put(box, pasted);
	explicit_bzero(pasted, sizeof pasted);
	if (code == DLG_EXIT_ESC && (key == KEY_BOX_PASTE || read_asked(box, key)))
		return ENDED_READ;
	return (kind == ASK_CHOICE ? reply->answer != NULL : code == DLG_EXIT_OK) ? ENDED_ANSWERED
										  : ENDED_LEFT;
}

/* Asks until there is an answer that can stand, or the box was left. */
static bool asked(struct box *box, struct reply *reply)
{
	const char *wrong;

	while (wait_readable(box)) {
		enum ended ended = ask_once(box, reply);

		if (ended == ENDED_LEFT)
			return false;
		wrong = ended == ENDED_ANSWERED ? too_short(box->mem, box->wizard, box->question)
						: NULL;
		if (ended == ENDED_ANSWERED && !wrong)
			return true;
		if (wrong)
			refused(box->wizard, box->page, box->question, wrong);
		if (wrong && box->question->kind == ASK_TYPED)
			return false;
		box->again = true;
	}
	return false;
}

bool box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	struct box box = { .mem = talloc_new(wizard),
		.wizard = wizard,
		.page = page,
		.question = question,
		.row = question_row(page, question) };
	bool answered = asked(&box, reply);

	talloc_free(box.mem);
	if (question->kind == ASK_FORM)
		reply->fields = (const char *const *)wizard->fields;
	else if (question->kind != ASK_CHOICE)
		reply->text = wizard->line;
	return answered;
}
