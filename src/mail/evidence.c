/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mail/evidence.h"

#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "mail/stage.h"

enum { MINUTE = 60, HOUR = 60 * MINUTE };

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
		.waited = -1,
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

/* " within 12 min", of what was looked for and not seen. */
static char *waited_text(char *text, int64_t waited)
{
	if (waited <= 0)
		return text;
	if (waited < 2 * MINUTE)
		return talloc_asprintf_append(text, _(" within %lld s"), (long long)waited);
	if (waited < 2 * HOUR)
		return talloc_asprintf_append(text, _(" within %lld min"),
			(long long)(waited / MINUTE));
	return talloc_asprintf_append(text, _(" within %lld h"), (long long)(waited / HOUR));
}

/* What a person says, behind the grade that rests on it, or beside one that does not. */
static char *word_text(char *text, const struct evidence *row)
{
	char *when = filetime_text(text, filetime_of(row->at, 0), false);
	const char *by = text_shown(text, row->by), *mailbox = text_shown(text, row->mailbox),
		   *seen = text_shown(text, row->seen);
	bool own =
		row->denied ? row->grade == MAIL_FAILED && !row->why : row->grade == MAIL_ATTESTED;

	if (own)
		text = talloc_asprintf_append(text, _(" by %s, mailbox %s, %s: \"%s\""), by,
			mailbox, when ? when : "", seen);
	else if (row->denied)
		text = talloc_asprintf_append(text,
			_("; %s says that it does not work, mailbox %s, %s: \"%s\""), by, mailbox,
			when ? when : "", seen);
	else
		text = talloc_asprintf_append(text,
			_("; %s says that it works, mailbox %s, %s: \"%s\""), by, mailbox,
			when ? when : "", seen);
	return row->read_back ? talloc_strdup_append(text, _(", the code was read back")) : text;
}

char *evidence_text(TALLOC_CTX *mem, const struct evidence *row)
{
	char *text = talloc_strdup(mem,
		row->simulated && row->grade != MAIL_NOT_TESTED ? _("SIMULATED: ") : "");

	text = talloc_strdup_append(text, mail_grade_text(row->grade));
	if (row->grade == MAIL_VERIFIED_TO)
		text = talloc_asprintf_append(text, " %s",
			mail_stage_text(mail_stage_parse(row->stage)));
	if (row->grade == MAIL_NOT_SEEN)
		text = waited_text(text, row->waited);
	if (row->why &&
		(row->grade == MAIL_UNKNOWN || row->grade == MAIL_FAILED ||
			row->grade == MAIL_VERIFIED_TO))
		text = talloc_asprintf_append(text, ": %s", text_shown(text, i18n_word(row->why)));
	return row->by && text ? word_text(text, row) : text;
}
