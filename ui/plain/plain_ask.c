/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prompts: nothing is taken for granted. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ui/plain/plain_private.h"

static bool interrupted(const struct plain *plain)
{
	return plain->options.signal != NULL && *plain->options.signal != 0;
}

enum said plain_leave(struct plain *plain, struct reply *reply)
{
	*reply = (struct reply){ .kind = REPLY_LEAVE, .final = true };
	if (interrupted(plain))
		reply->signal = (int)*plain->options.signal;
	return SAID_REPLY;
}

/* More bytes into the buffer; false at the end of input or on a signal. */
static bool fill(struct plain *plain)
{
	struct pollfd wait = { .fd = plain->options.in, .events = POLLIN };
	ssize_t got;

	for (;;) {
		if (interrupted(plain))
			return false;
		if (poll(&wait, 1, -1) < 0 && errno == EINTR)
			continue;
		got = read(plain->options.in, plain->buffer + plain->filled, sizeof plain->buffer - plain->filled);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		plain->filled += (size_t)got;
		return true;
	}
}

/* Takes the first len bytes of the buffer as the line, and drop more bytes after them. */
static void take(struct plain *plain, size_t len, size_t drop)
{
	size_t kept = 0;

	for (size_t i = 0; i < len && kept < sizeof plain->line - 1; i++)
		if ((unsigned char)plain->buffer[i] >= ' ' && plain->buffer[i] != 0x7f)
			plain->line[kept++] = plain->buffer[i];
	while (kept > 0 && plain->line[kept - 1] == ' ')
		kept--;
	plain->line[kept] = '\0';
	memmove(plain->line, plain->line + strspn(plain->line, " "), kept + 1 - strspn(plain->line, " "));
	plain->filled -= len + drop;
	memmove(plain->buffer, plain->buffer + len + drop, plain->filled);
}

bool plain_read(struct plain *plain)
{
	fputs("> ", plain->options.out);
	fflush(plain->options.out);
	for (;;) {
		char *end = memchr(plain->buffer, '\n', plain->filled);

		if (end != NULL) {
			take(plain, (size_t)(end - plain->buffer), 1);
			return true;
		}
		if (plain->filled == sizeof plain->buffer)
			plain->filled = sizeof plain->buffer - 1;   /* an endless line: its rest is dropped */
		if (!fill(plain)) {
			fputc('\n', plain->options.out);
			return false;                       /* a line that was not ended is no answer */
		}
	}
}

enum said plain_misunderstood(struct plain *plain, struct reply *reply, const char *sentence)
{
	if (++plain->misunderstood < PLAIN_PATIENCE) {
		plain_line(plain, "%s", sentence);
		return SAID_AGAIN;
	}
	plain_say(plain,
		  _("Too many lines in a row were no answer. The program leaves; nothing was decided by them.\n"));
	return plain_leave(plain, reply);
}

static void print_help(struct plain *plain, const struct page *page)
{
	if (page->help != NULL)
		plain_say(plain, page->help);
	plain_say(plain,
		  _("At every prompt: ? this help, w why, d details of the line in hand, a actions of this page, "
		    "line N the line N of the table, b back, r look again, step N look at that step, u undo, "
		    "l journal, q leave. An empty line is no answer.\n"));
}

struct common {
	const char *word;
	enum reply_kind kind;
};

/* Words that end the prompt with a reply of their own. */
static const struct common commons[] = {
	{ "b", REPLY_BACK }, { "r", REPLY_AGAIN }, { "u", REPLY_UNDO }, { "l", REPLY_JOURNAL }, { "q", REPLY_LEAVE },
};

static bool common_reply(struct plain *plain, struct reply *reply)
{
	int step;
	char end;

	for (size_t i = 0; i < sizeof commons / sizeof *commons; i++) {
		if (strcasecmp(plain->line, commons[i].word) == 0) {
			*reply = (struct reply){ .kind = commons[i].kind };
			return true;
		}
	}
	if (sscanf(plain->line, "step %d%c", &step, &end) == 1 && step >= 1 && step <= 6) {
		*reply = (struct reply){ .kind = REPLY_STEP, .step = step };
		return true;
	}
	return false;
}

/* An action about the row in hand, by letter or by its word. */
static bool row_action(const struct plain *plain, const struct page *page, const struct row *row, struct reply *reply)
{
	for (size_t i = 0; row != NULL && i < page->action_count; i++) {
		const struct action *action = &page->actions[i];
		bool letter = action->key != '\0' && plain->line[0] == action->key && plain->line[1] == '\0';

		if (!action->of_row || action->refused != NULL || (!letter && strcmp(plain->line, action->id) != 0))
			continue;
		*reply = (struct reply){ .kind = REPLY_ACTION, .id = action->id, .cursor = (size_t)(row - page->rows) };
		return true;
	}
	return false;
}

bool plain_common(struct plain *plain, const struct page *page, const struct row *row, const struct question *question,
		  struct reply *reply, enum said *said)
{
	*said = SAID_REPLY;
	if (common_reply(plain, reply) || row_action(plain, page, row, reply)) {
		plain->misunderstood = 0;
		return true;
	}
	*said = SAID_AGAIN;
	if (strcmp(plain->line, "?") == 0) {
		print_help(plain, page);
	} else if (strcasecmp(plain->line, "w") == 0) {
		plain_say(plain, question != NULL && question->why != NULL ? question->why : page->why);
	} else if (strcasecmp(plain->line, "d") == 0 && row != NULL) {
		plain_print_row(plain, page, (size_t)(row - page->rows), true);
	} else if (strcasecmp(plain->line, "a") == 0) {
		*said = SAID_ACTIONS;
	} else {
		return false;
	}
	plain->misunderstood = 0;
	return true;
}

static const struct answer *find_answer(const struct question *question, const char *line)
{
	for (size_t i = 0; i < question->answer_count; i++) {
		const struct answer *answer = &question->answers[i];
		bool letter = line[0] != '\0' && line[1] == '\0' && (line[0] | 0x20) == answer->key;

		/* What writes wants a whole word, the safe answer never does. */
		if (letter && (!question->writes || answer->safe))
			return answer;
		if (strcasecmp(line, answer->id) == 0 || strcasecmp(line, answer->label) == 0)
			return answer;
	}
	return NULL;
}

/* Actions that may be pressed in the middle of a row: ", t Tip (-5)". */
static char *row_actions_text(char *text, const struct page *page)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].of_row && page->actions[i].kind == ACTION_OTHER && page->actions[i].key != '\0')
			text = talloc_asprintf_append(text, ", %c %s", page->actions[i].key, page->actions[i].label);
	return text;
}

static void print_answers(struct plain *plain, const struct page *page, const struct question *question, bool of_row)
{
	char *text = talloc_strdup(plain, "");

	for (size_t i = 0; i < question->answer_count; i++) {
		const struct answer *answer = &question->answers[i];
		const char *between = i == 0 ? "" : ", ";

		if (answer->key != '\0' && (!question->writes || answer->safe))
			text = talloc_asprintf_append(text, "%s%c %s", between, answer->key, answer->label);
		else
			text = talloc_asprintf_append(text, _("%stype the word %s"), between, answer->id);
	}
	if (of_row)
		text = row_actions_text(text, page);
	text = talloc_asprintf_append(text, _(". w why, ? help. Nothing is taken for granted.\n"));
	plain_say(plain, text);
	talloc_free(text);
}

static const struct row *row_of(const struct page *page, const struct question *question)
{
	for (size_t i = 0; i < page->row_count; i++)
		if (page->rows[i].decide == question)
			return &page->rows[i];
	return NULL;
}

static enum said ask_choice(struct plain *plain, const struct page *page, const struct question *question,
			    struct reply *reply)
{
	for (;;) {
		const struct answer *answer;
		enum said said;

		print_answers(plain, page, question, row_of(page, question) != NULL);
		if (!plain_read(plain))
			return plain_leave(plain, reply);
		answer = find_answer(question, plain->line);
		if (answer != NULL) {
			plain->misunderstood = 0;
			*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id, .answer = answer->id };
			return SAID_REPLY;
		}
		if (plain_common(plain, page, row_of(page, question), question, reply, &said)) {
			if (said != SAID_AGAIN)
				return said;
			continue;
		}
		said = plain_misunderstood(plain, reply, _("That is none of the answers."));
		if (said == SAID_REPLY)
			return said;
	}
}

/* One line of text. A full stop alone gives no answer; "=" takes what is proposed, if anything is. */
static enum said ask_line(struct plain *plain, const char *label, const char *proposal, size_t min, struct reply *reply)
{
	for (;;) {
		enum said said;

		if (proposal != NULL && *proposal != '\0')
			plain_line(plain, _("%s (= takes %s, a full stop gives no answer)"), label, proposal);
		else
			plain_line(plain, _("%s (a full stop gives no answer)"), label);
		if (!plain_read(plain))
			return plain_leave(plain, reply);
		if (strcmp(plain->line, ".") == 0)
			return SAID_AGAIN;
		if (strcmp(plain->line, "=") == 0 && proposal != NULL && *proposal != '\0' &&
		    strlen(proposal) < PLAIN_LINE)
			strcpy(plain->line, proposal);
		if (*plain->line != '\0' && strlen(plain->line) >= min) {
			plain->misunderstood = 0;
			return SAID_ACTIONS;             /* there is a line */
		}
		said = plain_misunderstood(plain, reply, _("That is too short to be an answer."));
		if (said == SAID_REPLY)
			return said;
	}
}

static enum said ask_text(struct plain *plain, const struct question *question, struct reply *reply)
{
	enum said said = ask_line(plain, question->title, question->proposal, question->min_length, reply);

	if (said != SAID_ACTIONS)
		return said;
	if (question->kind == ASK_TYPED && strcmp(plain->line, question->expected) != 0) {
		plain_line(plain, "%s", _("That is not what had to be typed. Nothing was done."));
		return plain_misunderstood(plain, reply, "");
	}
	*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id, .text = plain->line };
	return SAID_REPLY;
}

static enum said ask_form(struct plain *plain, const struct question *question, struct reply *reply)
{
	size_t limit = sizeof plain->fields / sizeof *plain->fields;

	for (size_t i = 0; i < question->field_count && i < limit; i++) {
		const struct field *field = &question->fields[i];
		enum said said = ask_line(plain, field->label, field->value, field->min_length, reply);

		if (said != SAID_ACTIONS)
			return said;
		strcpy(plain->fields[i], plain->line);
		plain->field_pointers[i] = plain->fields[i];
	}
	*reply = (struct reply){ .kind = REPLY_ANSWER, .id = question->id, .fields = plain->field_pointers };
	return SAID_REPLY;
}

enum said plain_ask(struct plain *plain, const struct page *page, const struct question *question, struct reply *reply)
{
	plain_line(plain, "%s", "");
	if (question->text != NULL)
		plain_say(plain, question->text);
	switch (question->kind) {
	case ASK_CHOICE:
		plain_say(plain, question->title);
		return ask_choice(plain, page, question, reply);
	case ASK_FORM:
		plain_say(plain, question->title);
		return ask_form(plain, question, reply);
	case ASK_TEXT:
	case ASK_TYPED:
		break;
	}
	return ask_text(plain, question, reply);
}
