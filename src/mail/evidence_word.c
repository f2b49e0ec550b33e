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

int evidence_sent(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const char *by, const char *from, const char *to, int64_t at, struct error *err)
{
	struct evidence sent = *row;

	if (characters(by) == 0 || !is_sender(from) || !is_sender(to))
		return error_set(err, TROUBLE_USAGE,
			_("Say who sent the test message, from which mailbox and to which."));
	for (size_t i = 0; i < all->count; i++)
		if (all->rows[i].sent != 0 && !row_same(&all->rows[i], row) &&
			mail_address_same(all->rows[i].from, from) &&
			mail_address_same(all->rows[i].to, to))
			return error_set(err, TROUBLE_USAGE,
				_("The test message of %s, %s, has the same sender and recipient: in the logs nobody could tell them apart. Take another mailbox."),
				all->rows[i].pcmta, mail_direction_text(all->rows[i].direction));
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
