/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/evidence.h"

#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

/* A name of Windows has at most 255 units of at most three bytes, and each of those may be
 * percent-coded. */
enum {
	SEEN_LENGTH = 10,
	SEEN_DIFFERENT = 4,
	TEXT_LIMIT = 2000,
	NAME_LIMIT = 255 * 3,
	CODED_LIMIT = NAME_LIMIT * 3
};

struct grade_row {
	const char *name, *text;
};

static const struct grade_row grades[] = {
	[MAIL_FAILED] = { "failed", N_("FAILED") },
	[MAIL_NOT_TESTED] = { "not-tested", N_("NOT TESTED") },
	[MAIL_NOT_SEEN] = { "not-seen", N_("NOT SEEN") },
	[MAIL_UNKNOWN] = { "unknown", N_("OUTCOME UNKNOWN") },
	[MAIL_ATTESTED] = { "attested", N_("ATTESTED") },
	[MAIL_VERIFIED_TO] = { "verified-to", N_("VERIFIED TO") },
	[MAIL_VERIFIED] = { "verified", N_("VERIFIED") },
};

static const struct grade_row directions[] = {
	[MAIL_TO_MSMAIL] = { "to-msmail", N_("Exchange -> MS Mail") },
	[MAIL_TO_EXCHANGE] = { "to-exchange", N_("MS Mail -> Exchange") },
};

const char *mail_grade_text(enum mail_grade grade)
{
	return _(grades[grade].text);
}

const char *mail_grade_name(enum mail_grade grade)
{
	return grades[grade].name;
}

const char *mail_direction_text(enum mail_direction direction)
{
	return _(directions[direction].text);
}

const char *mail_direction_name(enum mail_direction direction)
{
	return directions[direction].name;
}

static int row_make(struct evidence_list *list, const char *pcmta, enum mail_direction direction,
	bool simulated, struct error *err)
{
	struct evidence *row = memory_more(list, &list->rows, list->count, sizeof *row);
	char *name = row ? talloc_strdup(list, pcmta) : NULL;

	if (!name)
		return error_memory(err);
	*row = (struct evidence){ .pcmta = name,
		.direction = direction,
		.grade = MAIL_NOT_TESTED,
		.simulated = simulated };
	list->count++;
	if (!token_make(row->token))
		return error_advise(err,
			error_set(err, TROUBLE_IO,
				_("The system gave no random numbers for the codes of the test messages.")),
			_("Wait until this machine has finished starting, then try again."));
	return 0;
}

int evidence_list_make(TALLOC_CTX *mem, const char *const *pcmtas, size_t count, bool simulated,
	struct evidence_list **out, struct error *err)
{
	struct evidence_list *list = talloc_zero(mem, struct evidence_list);
	int ret = !list ? error_memory(err) : 0;

	for (size_t i = 0; ret == 0 && i < count * MAIL_DIRECTIONS; i++)
		ret = row_make(list, pcmtas[i / MAIL_DIRECTIONS],
			(enum mail_direction)(i % MAIL_DIRECTIONS), simulated, err);
	if (ret != 0)
		TALLOC_FREE(list);
	*out = list;
	return ret;
}

struct evidence *evidence_find(const struct evidence_list *list, const char *pcmta,
	enum mail_direction direction)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].direction == direction && text_equal(list->rows[i].pcmta, pcmta))
			return &list->rows[i];
	return NULL;
}

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

static int attest_check(const struct evidence *row, const char *by, const char *mailbox,
	const char *seen, struct error *err)
{
	if (row->grade == MAIL_VERIFIED || row->grade == MAIL_VERIFIED_TO)
		return error_set(err, TROUBLE_CANNOT,
			_("This direction was verified by the program; a person's word cannot replace that."));
	if (characters(by) == 0 || characters(mailbox) == 0)
		return error_set(err, TROUBLE_USAGE,
			_("An attestation needs the name of the person who saw the message, and the mailbox it was seen in."));
	if (characters(seen) < SEEN_LENGTH || !says_something(seen))
		return error_set(err, TROUBLE_USAGE,
			_("Say what was seen, in at least ten characters: the subject, who it came from, when."));
	return 0;
}

int evidence_attest(TALLOC_CTX *mem, struct evidence *row, const struct evidence_list *all,
	const struct mail_word *word, struct error *err)
{
	int ret = attest_check(row, word->by, word->mailbox, word->seen, err);

	(void)all;
	if (ret != 0)
		return ret;
	row->by = talloc_strndup(mem, word->by, TEXT_LIMIT);
	row->mailbox = talloc_strndup(mem, word->mailbox, TEXT_LIMIT);
	row->seen = talloc_strndup(mem, word->seen, TEXT_LIMIT);
	if (!row->by || !row->mailbox || !row->seen)
		return error_memory(err);
	row->grade = word->works ? MAIL_ATTESTED : MAIL_FAILED;
	row->at = word->at;
	return 0;
}

enum mail_grade evidence_weakest(const struct evidence_list *list)
{
	enum mail_grade weakest = MAIL_VERIFIED;

	if (!list || list->count == 0)
		return MAIL_NOT_TESTED;
	for (size_t i = 0; i < list->count; i++)
		if (list->rows[i].grade < weakest)
			weakest = list->rows[i].grade;
	return weakest;
}

char *evidence_text(TALLOC_CTX *mem, const struct evidence *row)
{
	char *text = talloc_strdup(mem,
		row->simulated && row->grade != MAIL_NOT_TESTED ? _("SIMULATED: ") : "");
	char *when;

	text = talloc_strdup_append(text, mail_grade_text(row->grade));
	if (row->stage)
		text = talloc_asprintf_append(text, " %s", text_shown(text, row->stage));
	if (!row->by)
		return text;
	when = filetime_text(text, filetime_of(row->at, 0), false);
	return talloc_asprintf_append(text, _(" by %s, mailbox %s, %s: \"%s\""),
		text_shown(text, row->by), text_shown(text, row->mailbox), when ? when : "",
		text_shown(text, row->seen));
}

json_t *evidence_json(const struct evidence *row)
{
	/* The administrator's own name for it may be no proper UTF-8. */
	char *pcmta = text_percent(NULL, row->pcmta);
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:s*, s:s*, s:s*, s:s*, s:I, s:b}", "pcmta",
		pcmta, "direction", mail_direction_name(row->direction), "grade",
		mail_grade_name(row->grade), "token", row->token, "stage", row->stage, "by",
		row->by, "mailbox", row->mailbox, "seen", row->seen, "when", (json_int_t)row->at,
		"simulated", row->simulated);

	talloc_free(pcmta);
	return json;
}

/* Which row a member of json names, or -1. */
static int name_index(const json_t *json, const char *member, const struct grade_row *rows,
	size_t count)
{
	const char *name = json_string_value(json_object_get(json, member));

	for (size_t i = 0; name && i < count; i++)
		if (strcmp(rows[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool copy_text(TALLOC_CTX *mem, const json_t *json, const char *name, size_t limit,
	char **out)
{
	const json_t *value = json_object_get(json, name);

	*out = NULL;
	if (!value)
		return true;
	if (!json_is_string(value) || json_string_length(value) > limit)
		return false;
	*out = talloc_strdup(mem, json_string_value(value));
	return *out;
}

int evidence_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row, struct error *err)
{
	const char *token = json_string_value(json_object_get(json, "token"));
	int d = name_index(json, "direction", directions, ARRAY_SIZE(directions));
	int g = name_index(json, "grade", grades, ARRAY_SIZE(grades));

	*row = (struct evidence){ 0 };
	if (d < 0 || g < 0 || !token || (token[0] != '\0' && !token_is(token)) ||
		!copy_text(mem, json, "pcmta", CODED_LIMIT, &row->pcmta) || !row->pcmta ||
		!(row->pcmta = text_unpercent(mem, row->pcmta)) ||
		strlen(row->pcmta) > NAME_LIMIT ||
		!copy_text(mem, json, "stage", TEXT_LIMIT, &row->stage) ||
		!copy_text(mem, json, "by", TEXT_LIMIT, &row->by) ||
		!copy_text(mem, json, "mailbox", TEXT_LIMIT, &row->mailbox) ||
		!copy_text(mem, json, "seen", TEXT_LIMIT, &row->seen) ||
		/* An attestation is complete or does not count. */
		(!row->by) != (!row->mailbox) || (!row->by) != (!row->seen) ||
		(g == MAIL_ATTESTED && !row->by) || (g == MAIL_VERIFIED_TO && !row->stage))
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("A record of mail flow cannot be read."));
	row->direction = (enum mail_direction)d;
	row->grade = (enum mail_grade)g;
	strcpy(row->token, token);
	row->at = json_integer_value(json_object_get(json, "when"));
	row->simulated = json_is_true(json_object_get(json, "simulated"));
	return 0;
}
