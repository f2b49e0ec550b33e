/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person says of mail flow, and what of it counts. */
#include "mail/evidence.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "mail/maillog.h"

enum { SEEN_LENGTH = 10, SEEN_DIFFERENT = 4, TEXT_LIMIT = 2000 };

/* Characters that are not blank; a UTF-8 sequence counts once. */
static size_t characters(const char *text)
{
	size_t count = 0;

	for (; text && *text != '\0'; text++)
		if ((unsigned char)*text > ' ' && ((unsigned char)*text & 0xc0) != 0x80)
			count++;
	return count;
}

/* A key that was held down says nothing, however long. */
static bool says_something(const char *text)
{
	size_t different = 0;

	for (const char *p = text; *p != '\0'; p++)
		different += *p != ' ' && strchr(text, *p) == p;
	return different >= SEEN_DIFFERENT;
}

static char *copy_cut(TALLOC_CTX *mem, const char *text)
{
	return talloc_strndup(mem, text, text_whole(text, TEXT_LIMIT));
}

static bool row_same(const struct evidence *a, const struct evidence *b)
{
	return a->direction == b->direction && text_equal(a->pcmta, b->pcmta);
}

/* Whether there is a code in text, wherever; as a person types it. */
static bool holds_code(const char *text, const char *token)
{
	for (const char *p = text; *p != '\0' && *token != '\0'; p++)
		if (text_equal_n(p, token, TOKEN_LENGTH))
			return true;
	return false;
}

/* The subject that a person read: the code alone is one that was read back, and whatever has none
 * was not given. Which code is asked for is not said, so that nobody can say yes to it. */
static int subject_check(const char *subject, const struct evidence *row,
	const struct evidence_list *all, bool *read_back, struct error *err)
{
	bool held = holds_code(subject, row->token);

	*read_back = row->token[0] != '\0' && text_equal(subject, row->token);
	if (*read_back)
		return 0;
	for (size_t i = 0; i < all->count; i++) {
		const struct evidence *other = &all->rows[i];

		held = held || holds_code(subject, other->token);
		if (other->token[0] != '\0' && text_equal(subject, other->token) &&
			!row_same(other, row))
			return error_set(err, TROUBLE_USAGE,
				_("That is the code of another test message: %s, %s. It says nothing of this one."),
				other->pcmta, mail_direction_text(other->direction));
	}
	if (held)
		return error_set(err, TROUBLE_USAGE,
			_("The code is not the whole subject. That is a reply, a forwarded message or a report, and no arrival: look for the message that has the code alone as its subject."));
	if (token_is(subject))
		return error_set(err, TROUBLE_USAGE,
			_("That is the code of none of these test messages. Read it again in the mailbox."));
	return 0;
}

/* Whether there may be a word on row at all. */
static int row_check(const struct evidence *row, bool works, struct error *err)
{
	if (row->grade == MAIL_VERIFIED)
		return error_set(err, TROUBLE_CANNOT,
			_("This direction was verified by the program; a person's word cannot replace that."));
	if (row->simulated && works)
		return error_set(err, TROUBLE_CANNOT,
			_("On a practice server the program reads both mailboxes itself; nobody needs to say that a message came."));
	if (row->simulated && row->sent == 0)
		return error_set(err, TROUBLE_USAGE,
			_("No test message was sent in this direction yet, so none can have failed to come."));
	return 0;
}

static int attest_check(const struct mail_word *word, struct error *err)
{
	if (characters(word->by) == 0 || characters(word->mailbox) == 0)
		return error_set(err, TROUBLE_USAGE,
			_("An attestation needs the name of the person who saw the message, and the mailbox it was seen in."));
	if (characters(word->seen) < SEEN_LENGTH || !says_something(word->seen))
		return error_set(err, TROUBLE_USAGE,
			_("Say what was seen, in at least ten characters: the subject, who it came from, when."));
	return 0;
}

/* What was seen stands above what is said, but that it failed. */
static enum mail_grade word_grade(const struct evidence *row, bool works)
{
	bool seen_failed = row->grade == MAIL_FAILED && !row->denied;

	if (!works || seen_failed)
		return MAIL_FAILED;
	return row->grade == MAIL_VERIFIED_TO ? MAIL_VERIFIED_TO : MAIL_ATTESTED;
}

int evidence_attest(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const struct mail_word *word, struct error *err)
{
	struct evidence said = *row;
	char *subject = talloc_strdup(mem, word->subject ? word->subject : "");
	int ret = subject ? row_check(row, word->works, err) : error_memory(err);

	said.read_back = false;
	if (ret == 0)
		ret = attest_check(word, err);
	if (ret == 0 && word->works)
		ret = subject_check(text_trim(subject), row, all, &said.read_back, err);
	talloc_free(subject);
	if (ret != 0)
		return ret;
	said.by = copy_cut(mem, word->by);
	said.mailbox = copy_cut(mem, word->mailbox);
	said.seen = copy_cut(mem, word->seen);
	if (!said.by || !said.mailbox || !said.seen)
		return error_memory(err);
	said.grade = word_grade(row, word->works);
	said.denied = !word->works;
	said.at = word->at;
	*row = said;
	return 0;
}

static bool is_sender(const char *text)
{
	return characters(text) > 0 && strlen(text) <= MAILLOG_ADDRESS_MOST;
}

/* The row whose message, or an earlier one, has that pair; NULL: none. */
static const struct evidence *pair_taken(const struct evidence_list *all,
	const struct evidence *row, const char *from, const char *to)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct evidence *other = &all->rows[i];
		bool taken = other->sent != 0 && !row_same(other, row) &&
			mail_address_same(other->from, from) && mail_address_same(other->to, to);

		for (size_t k = 0; k < other->spent_count && !taken; k++)
			taken = mail_address_same(other->spent[k].from, from) &&
				mail_address_same(other->spent[k].to, to);
		if (taken)
			return other;
	}
	return NULL;
}

bool evidence_pair_is_free(const struct evidence_list *all, const struct evidence *row,
	const char *from, const char *to)
{
	return pair_taken(all, row, from, to) == NULL;
}

/* As evidence_sent says of one that is taken. */
static int pair_check(const struct evidence_list *all, const struct evidence *row, const char *from,
	const char *to, struct error *err)
{
	const struct evidence *other = pair_taken(all, row, from, to);

	if (!other)
		return 0;
	if (row_same(other, row))
		return error_set(err, TROUBLE_USAGE,
			_("An earlier test message of this row had the same sender and recipient: in the logs nobody could tell them apart. Take another mailbox at one end."));
	return error_set(err, TROUBLE_USAGE,
		_("The test message of %s, %s, has the same sender and recipient: in the logs nobody could tell them apart. Take another mailbox."),
		other->pcmta, mail_direction_text(other->direction));
}

int evidence_sent(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const char *by, const char *from, const char *to, int64_t at, struct error *err)
{
	struct evidence sent = *row;
	int ret;

	if (characters(by) == 0 || !is_sender(from) || !is_sender(to))
		return error_set(err, TROUBLE_USAGE,
			_("Say who sent the test message, from which mailbox and to which."));
	ret = pair_check(all, row, from, to, err);
	if (ret)
		return ret;
	sent.sent_by = copy_cut(mem, by);
	sent.from = talloc_strdup(mem, from);
	sent.to = talloc_strdup(mem, to);
	if (!sent.sent_by || !sent.from || !sent.to)
		return error_memory(err);
	sent.sent = at;
	sent.waited = -1;
	*row = sent;
	return 0;
}

int evidence_again(TALLOC_CTX *mem, struct evidence *row, struct error *err)
{
	struct evidence fresh = { .pcmta = row->pcmta,
		.direction = row->direction,
		.grade = MAIL_NOT_TESTED,
		.waited = -1,
		.simulated = row->simulated };

	if (row->sent == 0 && !row->by)
		return error_set(err, TROUBLE_USAGE,
			_("This test message was not sent yet: send it with the code that it has."));
	if (row->grade == MAIL_VERIFIED)
		return error_set(err, TROUBLE_CANNOT,
			_("This direction was verified by the program; there is nothing to test again."));
	if (row->spent_count == MAIL_SPENT)
		return error_set(err, TROUBLE_CANNOT,
			_("This direction was tested %d times in this run. Leave it as it is, or begin a new run."),
			MAIL_SPENT + 1);
	if (!token_make(fresh.token))
		return error_set(err, TROUBLE_IO,
			_("The system gave no random numbers for a new code. Try again."));
	memcpy(fresh.spent, row->spent, sizeof fresh.spent);
	fresh.spent_count = row->spent_count;
	if (row->sent != 0) {
		struct mail_pair *pair = &fresh.spent[fresh.spent_count++];

		*pair = (struct mail_pair){ talloc_strdup(mem, row->from),
			talloc_strdup(mem, row->to) };
		if (!pair->from || !pair->to)
			return error_memory(err);
	}
	*row = fresh;
	return 0;
}
