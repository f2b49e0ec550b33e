/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modal boxes: the only file that knows libdialog. Every box has the title line as its backtitle and owns the whole
 * screen, which is what lets libdialog resize it. What closes a box without an answer is never an answer.
 */
#include <dialog.h>
#include <dlg_keys.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

/* Boxes fit the smallest screen pages are drawn on: libdialog ends the whole program when one does not fit. */
enum { BOX_WIDTH = SCREEN_MIN_COLUMNS - 2, BOX_HEIGHT = SCREEN_MIN_ROWS - 2, FORM_LABEL = 16, FORM_LINES = 4 };

/* libdialog waits for keys on its own and takes no interest in signals; an Esc in its queue makes it close the box. It
 * is put there while the program sits in read(2), so the queue is not in use. */
static void wake(void)
{
	ungetch(27);
}

static void begin(struct wizard *wizard, const struct page *page, bool writes)
{
	static char ctrl_c[] = "* ^C ESC", tab[] = "formfield TAB FORM_NEXT";
	char *title = talloc_asprintf(wizard, "msmcfix   %s   %s", page->server, page->badge);
	size_t rows, columns;

	terminal_size(&rows, &columns);
	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	dialog_vars.ascii_lines = !wizard->utf8;
	dialog_vars.backtitle = layout_fit(wizard, layout_text(wizard, title, wizard->utf8), columns - 2, CUT_END);
	dialog_vars.default_button = -1;
	dlg_parse_bindkey(ctrl_c);
	dlg_parse_bindkey(tab);
	signals_wake(wake);
	if (writes)
		flushinp();
	if (*wizard->signal != 0)
		wake();
	dlg_clear();
	dlg_put_backtitle();
	refresh();
	talloc_free(title);
}

/* What a box ended with. One that an Esc closed may have been closed by a key that this terminal's description does not
 * know, and the rest of it is no key of the page's. */
static int closed(int code)
{
	if (code == DLG_EXIT_ESC)
		terminal_rest();
	return code;
}

static void end(struct wizard *wizard)
{
	signals_wake(NULL);
	TALLOC_FREE(dialog_vars.backtitle);
	talloc_free(wizard->line);
	wizard->line = dialog_vars.input_result != NULL ? talloc_strdup(wizard, dialog_vars.input_result) : NULL;
	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	raw();
	clearok(stdscr, TRUE);
}

/* Text for a box in lines of its width, at most as many as it can hold; *count of them. What is cut is on the page. */
static char *boxed_text(TALLOC_CTX *mem, const char *text, size_t most, bool utf8, int *count)
{
	struct lines lines = { 0 };
	char *out = talloc_strdup(mem, "");

	if (layout_wrap(mem, layout_text(mem, text, utf8), BOX_WIDTH - 4, &lines) != 0)
		return out;
	for (size_t i = 0; i < lines.count && i < most; i++)
		out = talloc_asprintf_append_buffer(out, "%s%s", i > 0 ? "\n" : "",
						    i + 1 == most && lines.count > most ? "..." : lines.text[i]);
	*count = (int)(lines.count < most ? lines.count : most);
	return out;
}

/* What the question is about, then the question. */
static char *prompt(TALLOC_CTX *mem, const struct wizard *wizard, const struct question *question, size_t most,
		    int *count)
{
	bool about = question->text != NULL && *question->text != '\0';
	char *text = talloc_asprintf(mem, "%s%s%s", about ? question->text : "", about ? "\n" : "", question->title);

	return boxed_text(mem, text, most, wizard->utf8, count);
}

/* The answers of a box, the safe one first. */
static size_t answers_order(const struct question *question, const struct answer *order[3])
{
	size_t count = 0;

	for (int safe = 1; safe >= 0; safe--)
		for (size_t i = 0; i < question->answer_count && count < 3; i++)
			if (question->answers[i].safe == (safe == 1))
				order[count++] = &question->answers[i];
	return count;
}

static char *button(TALLOC_CTX *mem, const struct wizard *wizard, const struct answer *answer)
{
	return layout_text(mem, answer->label, wizard->utf8);
}

/* Two or three answers as buttons, the safe one focused. */
static enum boxed ask_choice(TALLOC_CTX *mem, struct wizard *wizard, const struct question *question,
			     struct reply *reply)
{
	const struct answer *order[3] = { NULL };
	size_t count = answers_order(question, order);
	char *text;
	int lines = 0, code;

	if (count < 2)
		return BOXED_NONE;
	text = prompt(mem, wizard, question, BOX_HEIGHT - 4, &lines);
	dialog_vars.yes_label = button(mem, wizard, order[0]);
	dialog_vars.no_label = button(mem, wizard, order[1]);
	if (count == 3) {
		dialog_vars.extra_button = TRUE;
		dialog_vars.extra_label = button(mem, wizard, order[2]);
	}
	code = closed(dialog_yesno("", text, lines + 4, BOX_WIDTH));
	reply->answer = code == DLG_EXIT_OK ? order[0]->id : code == DLG_EXIT_CANCEL ? order[1]->id
		      : code == DLG_EXIT_EXTRA && count == 3 ? order[2]->id : NULL;
	return reply->answer != NULL ? BOXED_ANSWER : BOXED_NONE;
}

static enum boxed ask_line(TALLOC_CTX *mem, struct wizard *wizard, const struct question *question,
			   const char *proposal)
{
	int lines = 0;
	char *text = prompt(mem, wizard, question, BOX_HEIGHT - 7, &lines);

	dialog_vars.ok_label = layout_text(mem, _("Continue"), wizard->utf8);
	dialog_vars.cancel_label = layout_text(mem, _("Leave it"), wizard->utf8);
	return closed(dialog_inputbox("", text, lines + 7, BOX_WIDTH, proposal, 0)) == DLG_EXIT_OK ? BOXED_ANSWER : BOXED_NONE;
}

/* What was typed into a form, kept with the wizard: it stands there again when the form comes back. */
static void fields_keep(struct wizard *wizard, DIALOG_FORMITEM *items, int count)
{
	for (int i = 0; i < count; i++) {
		talloc_free(wizard->fields[i]);
		wizard->fields[i] = talloc_strdup(wizard, items[i].text);
		wizard->field_pointers[i] = wizard->fields[i];
		free(items[i].text);
	}
}

/* The first field that is too short to be an answer, or NULL. */
static const struct field *field_short(const struct wizard *wizard, const struct question *question)
{
	for (size_t i = 0; i < question->field_count && i < BOX_FIELDS; i++)
		if (wizard->fields[i] == NULL || strlen(wizard->fields[i]) < question->fields[i].min_length)
			return &question->fields[i];
	return NULL;
}

static enum boxed ask_form(TALLOC_CTX *mem, struct wizard *wizard, const struct question *question, bool again,
			   struct reply *reply)
{
	DIALOG_FORMITEM items[BOX_FIELDS + 1] = { 0 };
	int count = (int)(question->field_count < BOX_FIELDS ? question->field_count : BOX_FIELDS);
	int shown = count < FORM_LINES ? count : FORM_LINES, lines = 0, at = 0, code;
	char *text = prompt(mem, wizard, question, (size_t)(BOX_HEIGHT - 6 - shown), &lines);

	for (int i = 0; i < count; i++) {
		const struct field *field = &question->fields[i];

		items[i] = (DIALOG_FORMITEM){ .name = layout_text(mem, field->label, wizard->utf8),
					      .name_len = FORM_LABEL,
					      .name_y = i,
					      .name_x = 1,
					      .text = strdup(again ? wizard->fields[i] : field->value),
					      .text_y = i,
					      .text_x = FORM_LABEL + 2,
					      .text_flen = BOX_WIDTH - FORM_LABEL - 10,
					      .text_len = BOX_WIDTH - FORM_LABEL - 10,
					      .text_ilen = BOX_LINE - 1,
					      .text_free = TRUE };
	}
	dialog_vars.ok_label = layout_text(mem, _("Put on record"), wizard->utf8);
	dialog_vars.cancel_label = layout_text(mem, _("Leave it"), wizard->utf8);
	if (again && field_short(wizard, question) != NULL)
		dialog_vars.default_item = items[field_short(wizard, question) - question->fields].name;
	code = closed(dlg_form("", text, lines + shown + 6, BOX_WIDTH, shown, count, items, &at));
	fields_keep(wizard, items, count);
	reply->fields = wizard->field_pointers;
	return code == DLG_EXIT_OK ? BOXED_ANSWER : BOXED_NONE;
}

/* Why what was typed is no answer, or NULL. */
static const char *too_short(TALLOC_CTX *mem, const struct wizard *wizard, const struct question *question)
{
	const struct field *field = question->kind == ASK_FORM ? field_short(wizard, question) : NULL;

	if (field != NULL)
		return talloc_asprintf(mem, P_("%s: at least %zu character is needed.",
					       "%s: at least %zu characters are needed.", field->min_length),
				       field->label, field->min_length);
	if (question->kind == ASK_FORM)
		return NULL;
	if (question->kind == ASK_TYPED && (wizard->line == NULL || strcmp(wizard->line, question->expected) != 0))
		return _("That is not what had to be typed. Nothing was done.");
	if (question->kind != ASK_CHOICE && (wizard->line == NULL || strlen(wizard->line) < question->min_length))
		return _("That is too short to be an answer.");
	return NULL;
}

static enum boxed ask_once(struct wizard *wizard, const struct page *page, const struct question *question, bool again,
			   struct reply *reply)
{
	TALLOC_CTX *mem = talloc_new(wizard);
	const char *proposal = question->proposal != NULL ? question->proposal : "";
	enum boxed boxed;

	if (again && wizard->line != NULL)
		proposal = talloc_strdup(mem, wizard->line);
	begin(wizard, page, question->writes);
	if (question->kind == ASK_CHOICE)
		boxed = ask_choice(mem, wizard, question, reply);
	else if (question->kind == ASK_FORM)
		boxed = ask_form(mem, wizard, question, again, reply);
	else
		boxed = ask_line(mem, wizard, question, proposal);
	end(wizard);
	talloc_free(mem);
	return boxed;
}

/* A box that cannot be read decides nothing. */
static bool readable(void)
{
	size_t rows, columns;

	terminal_size(&rows, &columns);
	return rows >= SCREEN_MIN_ROWS && columns >= SCREEN_MIN_COLUMNS;
}

enum boxed box_ask(struct wizard *wizard, const struct page *page, const struct question *question, struct reply *reply)
{
	TALLOC_CTX *mem = talloc_new(wizard);
	const char *wrong = NULL;
	bool answered = false;

	for (bool again = false;; again = true) {
		if (!readable() || ask_once(wizard, page, question, again, reply) == BOXED_NONE ||
		    *wizard->signal != 0 || !readable())
			break;
		wrong = too_short(mem, wizard, question);
		if (wrong == NULL) {
			answered = true;
			break;
		}
		box_message(wizard, page, "", wrong);
		if (question->kind == ASK_TYPED)
			break;
	}
	talloc_free(mem);
	if (!answered)
		return BOXED_NONE;
	reply->text = question->kind == ASK_CHOICE || question->kind == ASK_FORM ? NULL : wizard->line;
	return BOXED_ANSWER;
}

void box_message(struct wizard *wizard, const struct page *page, const char *title, const char *text)
{
	TALLOC_CTX *mem = talloc_new(wizard);
	char *line = wizard->line != NULL ? talloc_strdup(mem, wizard->line) : NULL, *shown;
	int lines = 0;

	begin(wizard, page, false);
	dialog_vars.ok_label = layout_text(mem, _("Back"), wizard->utf8);
	shown = boxed_text(mem, text, BOX_HEIGHT - 4, wizard->utf8, &lines);
	closed(dialog_msgbox(layout_text(mem, title, wizard->utf8), shown, lines + 4, BOX_WIDTH, 1));
	end(wizard);
	wizard->line = talloc_steal(wizard, line);
	talloc_free(mem);
}
