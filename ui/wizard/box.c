/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modal boxes: the only file that knows libdialog. Every box has the title line as its backtitle
 * and owns the whole screen, which is what lets libdialog resize it. What closes a box without an
 * answer is never an answer.
 */
#include <dialog.h>
#include <dlg_keys.h>
#include <string.h>

#include "base/i18n.h"
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

static void begin(const struct page *page, bool writes)
{
	static char ctrl_c[] = "* ^C ESC", tab[] = "formfield TAB FORM_NEXT";
	char *title = talloc_asprintf(NULL, "msmcfix   %s   %s", page->server, page->badge);

	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	dialog_vars.ascii_lines = !layout_utf8();
	dialog_vars.backtitle =
		layout_text(NULL, layout_fit(title, title, (size_t)COLS - 2, CUT_END));
	dialog_vars.default_button = -1;
	dlg_parse_bindkey(ctrl_c);
	dlg_parse_bindkey(tab);
	signals_wake(wake);
	if (writes)
		flushinp();
	if (signals_came() != 0)
		wake();
	dlg_clear();
	dlg_put_backtitle();
	refresh();
	talloc_free(title);
}

/* A box that an Esc closed may have been closed by a key that this terminal's description does not
 * know, and the rest of it is no key of the page's. */
static void end(int code)
{
	if (code == DLG_EXIT_ESC)
		(void)terminal_rest();
	signals_wake(NULL);
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
	dialog_vars.yes_label = layout_text(mem, order[0]->label);
	dialog_vars.no_label = layout_text(mem, order[1]->label);
	dialog_vars.extra_button = count == 3;
	dialog_vars.extra_label = count == 3 ? layout_text(mem, order[2]->label) : NULL;
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

	dialog_vars.ok_label = layout_text(mem, _("Continue"));
	dialog_vars.cancel_label = layout_text(mem, _("Leave it"));
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
	dialog_vars.ok_label = layout_text(mem, _("Put on record"));
	dialog_vars.cancel_label = layout_text(mem, _("Leave it"));
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
	begin(page, question->writes);
	if (question->kind == ASK_CHOICE)
		code = ask_choice(mem, question, reply);
	else if (question->kind == ASK_FORM)
		code = ask_form(mem, wizard, question, again);
	else
		code = ask_line(mem, wizard, question, again);
	end(code);
	return (question->kind == ASK_CHOICE ? reply->answer != NULL : code == DLG_EXIT_OK) &&
		signals_came() == 0 && readable();
}

bool box_ask(struct wizard *wizard, const struct page *page, const struct question *question,
	struct reply *reply)
{
	TALLOC_CTX *mem = talloc_new(wizard);
	const char *wrong = NULL;
	bool answered;

	do {
		answered = ask_once(mem, wizard, page, question, wrong, reply);
		wrong = answered ? too_short(mem, wizard, question) : NULL;
		if (wrong)
			box_message(page, "", wrong);
	} while (wrong && question->kind != ASK_TYPED);
	talloc_free(mem);
	if (question->kind == ASK_FORM)
		reply->fields = (const char *const *)wizard->fields;
	else if (question->kind != ASK_CHOICE)
		reply->text = wizard->line;
	return answered && !wrong;
}

void box_message(const struct page *page, const char *title, const char *text)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *shown;
	int lines;

	begin(page, false);
	dialog_vars.ok_label = layout_text(mem, _("Back"));
	shown = boxed_text(mem, text, BOX_HEIGHT - 4, &lines);
	end(dialog_msgbox(layout_text(mem, title), shown, lines + 4, BOX_WIDTH, 1));
	talloc_free(mem);
}
