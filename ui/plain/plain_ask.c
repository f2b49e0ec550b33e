/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prompts: nothing is taken for granted. */
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/password.h"
#include "ui/plain/plain_private.h"
#include "ui/signals.h"

static enum said leave(struct reply *reply)
{
	*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true, .signal = signals_came() };
	return SAID_REPLY;
}

enum said plain_read(struct plain *plain, struct reply *reply)
{
	size_t kept = 0;
	int byte = EOF;

	fputs("> ", plain->out);
	fflush(plain->out);
	while (signals_came() == 0 && (byte = getc(plain->in)) != EOF && byte != '\n') {
		bool leading = byte == ' ' && kept == 0;

		if (byte >= ' ' && byte != 0x7f && !leading && kept < sizeof plain->line - 1)
			plain->line[kept++] = (char)byte;
	}
	while (kept > 0 && plain->line[kept - 1] == ' ')
		kept--;
	plain->line[kept] = '\0';
	plain->same = strcmp(plain->line, plain->before) == 0 ? plain->same + 1 : 0;
	memcpy(plain->before, plain->line, kept + 1);
	/* There and back between two pages for ever goes no person. */
	if (byte == '\n' && plain->same < PLAIN_SAME)
		return SAID_LINE;
	fputc('\n', plain->out);
	return leave(reply); /* a line that was not ended is no answer */
}

enum said plain_misunderstood(struct plain *plain, struct reply *reply, const char *sentence)
{
	if (++plain->misunderstood < PLAIN_PATIENCE) {
		plain_line(plain, "%s", sentence);
		return SAID_AGAIN;
	}
	plain_say(plain,
		_("Too many lines in a row were no answer. The program leaves; nothing was decided by them.\n"));
	return leave(reply);
}

static void print_help(struct plain *plain, const struct page *page)
{
	plain_say(plain, page->help);
	plain_say(plain,
		_("At every prompt: ? this help, w why, d details of the line in hand, a actions of this page, "
		  "line N the line N of the table, b back, r look again, step N look at that step, u undo, "
		  "l journal, q leave. An empty line is no answer.\n"));
}

/* Words that end the prompt with a reply of their own; pages call them by their keys, too. */
static bool common_reply(const char *line, struct reply *reply)
{
	static const struct {
		const char *word, *key;
		enum reply_kind kind;
	} words[] = {
		{ "b", "F3", REPLY_BACK },
		{ "r", "F5", REPLY_AGAIN },
		{ "u", "F7", REPLY_UNDO },
		{ "l", "F9", REPLY_JOURNAL },
		{ "q", "F10", REPLY_LEAVE },
	};
	int step;
	char end;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcasecmp(line, words[i].word) == 0 || strcasecmp(line, words[i].key) == 0) {
			*reply = (struct reply){ .kind = words[i].kind };
			return true;
		}
	}
	if (sscanf(line, "step %d%c", &step, &end) != 1 || step < 1 || step > 6)
		return false;
	*reply = (struct reply){ .kind = REPLY_STEP, .step = step };
	return true;
}

bool plain_names(const struct action *action, const char *line)
{
	return strcmp(line, action->id) == 0 || text_equal(line, action->label) ||
		(line[0] != '\0' && !plain_wants_word(action) && line[0] == plain_letter(action) &&
			line[1] == '\0');
}

/* An action about the row in hand. */
static bool row_action(const char *line, const struct page *page, const struct row *row,
	struct reply *reply)
{
	for (size_t i = 0; row && i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (!action->of_row || action->refused || !plain_names(action, line))
			continue;
		*reply = (struct reply){ .kind = REPLY_ACTION,
			.id = action->id,
			.cursor = (size_t)(row - page->rows) };
		return true;
	}
	return false;
}

enum said plain_common(struct plain *plain, const struct page *page, const struct row *row,
	const struct question *question, struct reply *reply)
{
	const char *line = plain->line;
	enum said said = SAID_AGAIN;
	size_t number;
	char end;

	if (sscanf(line, "line %zu%c", &number, &end) == 1) {
		if (number < 1 || number > page->row_count)
			return plain_misunderstood(plain, reply, _("There is no such line."));
		plain->row = number - 1;
		if (!question || question != page->question)
			return SAID_ROW;
		/* The page waits for this one answer first: the row is only read. */
		plain_print_row(plain, page, plain->row, true);
		return SAID_AGAIN;
	}
	if (common_reply(line, reply) || row_action(line, page, row, reply))
		return SAID_REPLY;
	if (strcmp(line, "?") == 0)
		print_help(plain, page);
	else if (strcasecmp(line, "w") == 0 && question && question->why)
		plain_say(plain, question->why);
	else if (strcasecmp(line, "w") == 0)
		plain_print_why(plain, page);
	else if (strcasecmp(line, "d") == 0 && row)
		plain_print_row(plain, page, (size_t)(row - page->rows), true);
	else if (strcasecmp(line, "a") == 0)
		said = SAID_ACTIONS;
	else
		return SAID_LINE;
	plain->misunderstood = 0;
	return said;
}

/* ---- One of several answers ---- */

/* What writes wants a whole word, the safe answer never does. */
static bool takes_letter(const struct question *question, const struct answer *answer)
{
	return answer->key != '\0' && (!question->writes || answer->safe);
}

static const struct answer *find_answer(const struct question *question, const char *line)
{
	for (size_t i = 0; i < question->answer_count; i++) {
		const struct answer *answer = &question->answers[i];
		char letter = line[0] != '\0' && line[1] == '\0' ? (char)(line[0] | 0x20) : '\0';
		bool its = letter != '\0' && (letter == answer->key || letter == answer->twin);

		if ((its && takes_letter(question, answer)) || strcasecmp(line, answer->id) == 0 ||
			text_equal(line, answer->label))
			return answer;
	}
	return NULL;
}

static void print_answers(struct plain *plain, const struct page *page,
	const struct question *question, bool of_row)
{
	char *text = talloc_strdup(plain, "");

	for (size_t i = 0; i < question->answer_count; i++) {
		const struct answer *answer = &question->answers[i];
		const char *between = i == 0 ? "" : ", ";

		if (takes_letter(question, answer))
			text = talloc_asprintf_append(text, "%s%c %s", between, answer->key,
				answer->label);
		else
			text = talloc_asprintf_append(text, _("%stype the word %s"), between,
				answer->id);
	}
	/* Actions that may be pressed in the middle of a row: ", t Tip (-5)". */
	for (size_t i = 0; of_row && i < page->action_count; i++) {
		const struct action *action = &page->actions[i];

		if (!action->of_row || action->kind != ACTION_OTHER || action->key == '\0')
			continue;
		if (plain_letter(action) != '\0')
			text = talloc_asprintf_append(text, ", %c %s", action->key, action->label);
		else
			text = talloc_asprintf_append(text, _(", %s (%s)"), action->id,
				action->label);
	}
	text = talloc_asprintf_append(text, _(". w why, ? help. Nothing is taken for granted.\n"));
	plain_say(plain, text);
	talloc_free(text);
}

static enum said ask_choice(struct plain *plain, const struct page *page,
	const struct question *question, struct reply *reply)
{
	size_t index = question_row(page, question);
	const struct row *row = index < page->row_count ? &page->rows[index] : NULL;

	for (;;) {
		const struct answer *answer;
		enum said said;

		print_answers(plain, page, question, row);
		said = plain_read(plain, reply);
		answer = said == SAID_LINE ? find_answer(question, plain->line) : NULL;
		if (answer) {
			*reply = (struct reply){ .kind = REPLY_ANSWER,
				.id = question->id,
				.answer = answer->id };
			return SAID_REPLY;
		}
		if (said == SAID_LINE)
			said = plain_common(plain, page, row, question, reply);
		if (said == SAID_LINE)
			said = plain_misunderstood(plain, reply, _("That is none of the answers."));
		if (said != SAID_AGAIN)
			return said;
	}
}

/* ---- Lines of text ---- */

/* One line of text: SAID_LINE. A full stop alone gives no answer; "=" takes what is proposed, if
 * anything is. */
static enum said ask_line(struct plain *plain, const char *label, const char *proposal, size_t min,
	struct reply *reply)
{
	bool proposed = proposal && *proposal != '\0', optional = min == 0 && !proposed;
	enum said said;

	do {
		if (optional)
			plain_line(plain,
				_("%s (an empty line leaves it out, a full stop gives no answer)"),
				label);
		else if (proposed)
			plain_line(plain, _("%s (= takes %s, a full stop gives no answer)"), label,
				proposal);
		else
			plain_line(plain, _("%s (a full stop gives no answer)"), label);
		said = plain_read(plain, reply);
		if (said != SAID_LINE)
			return said;
		if (strcmp(plain->line, ".") == 0)
			return SAID_AGAIN;
		if (proposed && strcmp(plain->line, "=") == 0)
			snprintf(plain->line, sizeof plain->line, "%s", proposal);
		if (optional && *plain->line == '\0')
			return SAID_LINE;
		if (*plain->line != '\0' && strlen(plain->line) >= min)
			return SAID_LINE;
		said = plain_misunderstood(plain, reply, _("That is too short to be an answer."));
	} while (said == SAID_AGAIN);
	return said;
}

static enum said ask_text(struct plain *plain, const struct question *question, struct reply *reply)
{
	enum said said =
		ask_line(plain, question->title, question->proposal, question->min_length, reply);

	if (said != SAID_LINE)
		return said;
	if (question->kind == ASK_TYPED && !text_equal(plain->line, question->expected))
		return plain_misunderstood(plain, reply,
			_("That is not what had to be typed. Nothing was done."));
	*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id, .text = plain->line };
	return SAID_REPLY;
}

/* At the terminal, wherever the other answers come from. */
static enum said ask_secret(struct plain *plain, const struct question *question,
	struct reply *reply)
{
	struct error why;

	TALLOC_FREE(plain->secret);
	fflush(plain->out);
	if (password_ask(plain, question->title, &plain->secret, &why) == 0) {
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = question->id,
			.text = plain->secret };
		return SAID_REPLY;
	}
	return signals_came() != 0 ? leave(reply) : plain_misunderstood(plain, reply, why.text);
}

static enum said ask_form(struct plain *plain, const struct question *question, struct reply *reply)
{
	for (size_t i = 0; i < question->field_count && i < PLAIN_FIELDS; i++) {
		const struct field *field = &question->fields[i];
		enum said said =
			ask_line(plain, field->label, field->value, field->min_length, reply);

		if (said != SAID_LINE)
			return said;
		talloc_free(plain->fields[i]);
		plain->fields[i] = talloc_strdup(plain, plain->line);
	}
	*reply = (struct reply){ .kind = REPLY_ANSWER,
		.id = question->id,
		.fields = (const char *const *)plain->fields };
	return SAID_REPLY;
}

enum said plain_ask(struct plain *plain, const struct page *page, const struct question *question,
	struct reply *reply)
{
	plain_line(plain, "%s", "");
	plain_keep(plain, question->text);
	if (question->kind == ASK_TEXT || question->kind == ASK_TYPED)
		return ask_text(plain, question, reply);
	if (question->kind == ASK_SECRET)
		return ask_secret(plain, question, reply);
	plain_say(plain, question->title);
	return question->kind == ASK_FORM ? ask_form(plain, question, reply)
					  : ask_choice(plain, page, question, reply);
}
