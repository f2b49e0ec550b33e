/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Modal boxes: the only file that knows libdialog. Every box has the title line as its backtitle and owns the whole screen, which is what
 * lets libdialog resize it (peers.md B.3). What closes a box without an answer is never an answer.
 */
#include <dialog.h>
#include <dlg_keys.h>
#include <string.h>

#include "base/i18n.h"
#include "ui/signals.h"
#include "ui/wizard/wizard_private.h"

enum { BOX_WIDTH = 64, FORM_LABEL = 16 };

/* libdialog waits for keys on its own and takes no interest in signals; an Esc in its queue makes it close the box. It is put there while the program sits in
 * read(2), so the queue is not in use. */
static void wake(void)
{
	ungetch(27);
}

static void begin(struct wizard *wizard, const struct page *page, bool writes)
{
	static char ctrl_c[] = "* ^C ESC";

	dlg_clr_result();
	memset(&dialog_vars, 0, sizeof dialog_vars);
	dialog_vars.ascii_lines = !wizard->utf8;
	dialog_vars.backtitle = talloc_asprintf(wizard, "msmcfix   %s   %s", page->server, page->badge);
	dialog_vars.default_button = -1;
	dlg_parse_bindkey(ctrl_c);
	signals_wake(wake);
	if (writes)
		flushinp();
	erase();
	refresh();
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

/* Text for a box: question and what it is about, with real line ends. */
static char *prompt(struct wizard *wizard, const struct question *question)
{
	char *text = talloc_asprintf(wizard, "%s%s%s", question->text != NULL ? question->text : "",
				     question->text != NULL ? "\n" : "", question->title);

	return layout_text(wizard, text, wizard->utf8);
}

/* Two or three answers as buttons, the safe one first and focused. */
static enum boxed ask_choice(struct wizard *wizard, const struct question *question, struct reply *reply)
{
	const struct answer *order[3] = { NULL };
	size_t count = 0;
	int code;

	for (int safe = 1; safe >= 0; safe--)
		for (size_t i = 0; i < question->answer_count && count < 3; i++)
			if (question->answers[i].safe == (safe == 1))
				order[count++] = &question->answers[i];
	if (count < 2)
		return BOXED_NONE;
	dialog_vars.yes_label = talloc_strdup(wizard, order[0]->label);
	dialog_vars.no_label = talloc_strdup(wizard, order[1]->label);
	if (count == 3) {
		dialog_vars.extra_button = TRUE;
		dialog_vars.extra_label = talloc_strdup(wizard, order[2]->label);
	}
	code = dialog_yesno("", prompt(wizard, question), 0, 0);
	reply->answer = code == DLG_EXIT_OK ? order[0]->id : code == DLG_EXIT_CANCEL ? order[1]->id
		      : code == DLG_EXIT_EXTRA && count == 3 ? order[2]->id : NULL;
	return reply->answer != NULL ? BOXED_ANSWER : BOXED_NONE;
}

/* libdialog's own guess leaves no line for the buttons of an input box. */
static int box_height(TALLOC_CTX *mem, const char *text)
{
	struct lines lines = { 0 };

	if (layout_wrap(mem, text, BOX_WIDTH - 4, &lines) != 0)
		return 0;
	return (int)lines.count + 7;
}

static enum boxed ask_line(struct wizard *wizard, const struct question *question)
{
	static char take[] = N_("Continue"), drop[] = N_("Leave it");
	const char *proposal = question->proposal != NULL ? question->proposal : "";
	char *text = prompt(wizard, question);
	int code;

	dialog_vars.ok_label = talloc_strdup(wizard, _(take));
	dialog_vars.cancel_label = talloc_strdup(wizard, _(drop));
	code = question->kind == ASK_FOLDER ? dialog_dselect(text, proposal, 10, BOX_WIDTH)
					    : dialog_inputbox("", text, box_height(wizard, text), BOX_WIDTH, proposal, 0);
	return code == DLG_EXIT_OK ? BOXED_ANSWER : BOXED_NONE;
}

static enum boxed ask_form(struct wizard *wizard, const struct question *question, struct reply *reply)
{
	DIALOG_FORMITEM items[BOX_FIELDS + 1] = { 0 };
	int count = (int)(question->field_count < BOX_FIELDS ? question->field_count : BOX_FIELDS), at = 0, code;

	for (int i = 0; i < count; i++) {
		const struct field *field = &question->fields[i];

		items[i] = (DIALOG_FORMITEM){ .name = talloc_strdup(wizard, field->label), .name_len = FORM_LABEL, .name_y = i + 1,
					      .name_x = 1, .text = strdup(field->value), .text_len = BOX_WIDTH - FORM_LABEL - 6,
					      .text_y = i + 1, .text_x = FORM_LABEL + 2, .text_flen = BOX_WIDTH - FORM_LABEL - 8,
					      .text_ilen = BOX_LINE - 1, .text_free = TRUE };
	}
	dialog_vars.ok_label = talloc_strdup(wizard, _("Put on record"));
	dialog_vars.cancel_label = talloc_strdup(wizard, _("Leave it"));
	code = dlg_form("", prompt(wizard, question), 0, BOX_WIDTH, count, count, items, &at);
	for (int i = 0; i < count; i++) {
		talloc_free(wizard->fields[i]);
		wizard->fields[i] = talloc_strdup(wizard, items[i].text);
		wizard->field_pointers[i] = wizard->fields[i];
		free(items[i].text);
	}
	reply->fields = wizard->field_pointers;
	return code == DLG_EXIT_OK ? BOXED_ANSWER : BOXED_NONE;
}

/* Why what was typed is no answer, or NULL. */
static const char *too_short(const struct wizard *wizard, const struct question *question)
{
	if (question->kind == ASK_FORM) {
		for (size_t i = 0; i < question->field_count && i < BOX_FIELDS; i++)
			if (strlen(wizard->fields[i]) < question->fields[i].min_length)
				return _("A field is still empty or too short.");
		return NULL;
	}
	if (question->kind == ASK_TYPED && (wizard->line == NULL || strcmp(wizard->line, question->expected) != 0))
		return _("That is not what had to be typed. Nothing was done.");
	if (question->kind != ASK_CHOICE && (wizard->line == NULL || strlen(wizard->line) < question->min_length))
		return _("That is too short to be an answer.");
	return NULL;
}

enum boxed box_ask(struct wizard *wizard, const struct page *page, const struct question *question, struct reply *reply)
{
	enum boxed boxed;
	const char *wrong;

	begin(wizard, page, question->writes);
	if (question->kind == ASK_CHOICE)
		boxed = ask_choice(wizard, question, reply);
	else if (question->kind == ASK_FORM)
		boxed = ask_form(wizard, question, reply);
	else
		boxed = ask_line(wizard, question);
	end(wizard);
	if (boxed == BOXED_NONE || *wizard->signal != 0)
		return BOXED_NONE;
	wrong = too_short(wizard, question);
	if (wrong != NULL) {
		box_message(wizard, page, "", wrong);
		return BOXED_NONE;
	}
	reply->text = question->kind == ASK_CHOICE || question->kind == ASK_FORM ? NULL : wizard->line;
	return BOXED_ANSWER;
}

void box_message(struct wizard *wizard, const struct page *page, const char *title, const char *text)
{
	begin(wizard, page, false);
	dialog_vars.ok_label = talloc_strdup(wizard, _("Back to the page"));
	dialog_msgbox(title, layout_text(wizard, text, wizard->utf8), 0, BOX_WIDTH, 1);
	end(wizard);
}
