/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evidence on record. */
#include "mail/evidence.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "mail/stage.h"

/* A name of Windows has at most 255 units of at most three bytes, and each of those may be
 * percent-coded. */
enum {
	TEXT_LIMIT = 2000,
	NAME_LIMIT = 255 * 3,
	CODED_LIMIT = NAME_LIMIT * 3,
	SIGHTING_LIMIT = 200
};

/* ---- writing ---- */

/* A text that somebody typed may be cut in mid-character: what is no UTF-8 is escaped. */
static void text_put(json_t *json, const char *name, const char *text)
{
	json_t *value = text ? json_string(text) : NULL;
	char *shown = text && !value ? text_shown(NULL, text) : NULL;

	if (shown)
		value = json_string(shown);
	talloc_free(shown);
	if (value)
		(void)json_object_set_new(json, name, value);
}

static void number_put(json_t *json, const char *name, int64_t number)
{
	(void)json_object_set_new(json, name, json_integer((json_int_t)number));
}

static void sightings_put(json_t *json, const struct evidence *row)
{
	json_t *list = row->sighting_count > 0 ? json_array() : NULL;

	for (size_t i = 0; list && i < row->sighting_count; i++) {
		json_t *one = json_object();

		number_put(one, "at", row->sightings[i].at);
		text_put(one, "stage", row->sightings[i].stage);
		text_put(one, "where", row->sightings[i].where);
		text_put(one, "raw", row->sightings[i].raw);
		(void)json_array_append_new(list, one);
	}
	if (list)
		(void)json_object_set_new(json, "sightings", list);
}

static void spent_put(json_t *json, const struct evidence *row)
{
	json_t *list = row->spent_count > 0 ? json_array() : NULL;

	for (size_t i = 0; list && i < row->spent_count; i++) {
		json_t *one = json_object();

		text_put(one, "from", row->spent[i].from);
		text_put(one, "to", row->spent[i].to);
		(void)json_array_append_new(list, one);
	}
	if (list)
		(void)json_object_set_new(json, "spent", list);
}

json_t *evidence_json(const struct evidence *row)
{
	/* The administrator's own name for it may be no proper UTF-8. */
	char *pcmta = text_percent(NULL, row->pcmta);
	json_t *json = json_pack("{s:s, s:s, s:s, s:s}", "pcmta", pcmta, "direction",
		mail_direction_name(row->direction), "grade", mail_grade_name(row->grade), "token",
		row->token);

	talloc_free(pcmta);
	text_put(json, "stage", row->stage);
	text_put(json, "by", row->by);
	text_put(json, "mailbox", row->mailbox);
	text_put(json, "seen", row->seen);
	number_put(json, "when", row->at);
	(void)json_object_set_new(json, "simulated", json_boolean(row->simulated));
	if (row->by) {
		(void)json_object_set_new(json, "denied", json_boolean(row->denied));
		(void)json_object_set_new(json, "read_back", json_boolean(row->read_back));
	}
	if (row->sent != 0) {
		text_put(json, "sent_by", row->sent_by);
		text_put(json, "from", row->from);
		text_put(json, "to", row->to);
		number_put(json, "sent", row->sent);
	}
	if (row->waited >= 0)
		number_put(json, "waited", row->waited);
	text_put(json, "why", row->why);
	sightings_put(json, row);
	spent_put(json, row);
	return json;
}

/* ---- reading ---- */

static int grade_parse(const char *name)
{
	for (int grade = 0; name && grade <= MAIL_VERIFIED; grade++)
		if (strcmp(mail_grade_name((enum mail_grade)grade), name) == 0)
			return grade;
	return -1;
}

static int direction_parse(const char *name)
{
	for (int direction = 0; name && direction < MAIL_DIRECTIONS; direction++)
		if (strcmp(mail_direction_name((enum mail_direction)direction), name) == 0)
			return direction;
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

/* absent: what it is where there is none. */
static bool copy_number(const json_t *json, const char *name, int64_t absent, int64_t *out)
{
	const json_t *value = json_object_get(json, name);

	*out = value ? json_integer_value(value) : absent;
	return !value || json_is_integer(value);
}

static bool copy_bool(const json_t *json, const char *name, bool absent, bool *out)
{
	const json_t *value = json_object_get(json, name);

	*out = value ? json_is_true(value) : absent;
	return !value || json_is_boolean(value);
}

/* Sightings are said to be safe to show, so they are made so, whoever wrote them. */
static bool copy_shown(TALLOC_CTX *mem, const json_t *json, const char *name, char **out)
{
	char room[SIGHTING_LIMIT + 1], *text;

	if (!copy_text(mem, json, name, TEXT_LIMIT, &text) || !text)
		return false;
	(void)text_escape(room, sizeof room, text);
	talloc_free(text);
	*out = talloc_strdup(mem, room);
	return *out;
}

static bool sightings_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row)
{
	const json_t *list = json_object_get(json, "sightings"), *one;
	size_t i;

	if (list && (!json_is_array(list) || json_array_size(list) > MAIL_SIGHTINGS))
		return false;
	json_array_foreach (list, i, one) {
		struct mail_sighting *sighting = &row->sightings[i];

		if (!copy_number(one, "at", 0, &sighting->at) ||
			!copy_shown(mem, one, "where", &sighting->where) ||
			!copy_shown(mem, one, "raw", &sighting->raw) ||
			!copy_text(mem, one, "stage", TEXT_LIMIT, &sighting->stage) ||
			!sighting->stage ||
			(mail_stage_parse(sighting->stage) == STAGE_NONE &&
				strcmp(sighting->stage, "report") != 0))
			return false;
	}
	row->sighting_count = json_array_size(list);
	return true;
}

static bool spent_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row)
{
	const json_t *list = json_object_get(json, "spent"), *one;
	size_t i;

	if (list && (!json_is_array(list) || json_array_size(list) > MAIL_SPENT))
		return false;
	json_array_foreach (list, i, one) {
		struct mail_pair *pair = &row->spent[i];

		if (!copy_text(mem, one, "from", TEXT_LIMIT, &pair->from) || !pair->from ||
			!copy_text(mem, one, "to", TEXT_LIMIT, &pair->to) || !pair->to)
			return false;
	}
	row->spent_count = json_array_size(list);
	return true;
}

static bool texts_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row)
{
	if (!copy_text(mem, json, "pcmta", CODED_LIMIT, &row->pcmta) || !row->pcmta)
		return false;
	row->pcmta = text_unpercent(mem, row->pcmta);
	return row->pcmta && strlen(row->pcmta) <= NAME_LIMIT &&
		copy_text(mem, json, "stage", TEXT_LIMIT, &row->stage) &&
		copy_text(mem, json, "by", TEXT_LIMIT, &row->by) &&
		copy_text(mem, json, "mailbox", TEXT_LIMIT, &row->mailbox) &&
		copy_text(mem, json, "seen", TEXT_LIMIT, &row->seen) &&
		copy_text(mem, json, "sent_by", TEXT_LIMIT, &row->sent_by) &&
		copy_text(mem, json, "from", TEXT_LIMIT, &row->from) &&
		copy_text(mem, json, "to", TEXT_LIMIT, &row->to) &&
		copy_text(mem, json, "why", TEXT_LIMIT, &row->why);
}

/* Records of earlier versions have no denied: there only a person's word was a failure. */
static bool rest_parse(const json_t *json, struct evidence *row)
{
	return copy_number(json, "sent", 0, &row->sent) &&
		copy_number(json, "waited", -1, &row->waited) && row->waited >= -1 &&
		copy_bool(json, "denied", row->by && row->grade == MAIL_FAILED, &row->denied) &&
		copy_bool(json, "read_back", false, &row->read_back);
}

/* The program verifies what was sent alone, and end to end on a practice server alone. */
static bool is_verifiable(const struct evidence *row)
{
	if (row->grade == MAIL_VERIFIED)
		return row->sent != 0 && row->simulated;
	return row->grade != MAIL_VERIFIED_TO || (row->sent != 0 && row->stage);
}

/* An attestation is complete or does not count, and so is a message that was sent. */
static bool is_whole(const struct evidence *row)
{
	bool sent = row->sent != 0;

	return (!row->by) == (!row->mailbox) && (!row->by) == (!row->seen) &&
		sent == (row->sent_by != NULL) && sent == (row->from != NULL) &&
		sent == (row->to != NULL) && (row->by || (!row->denied && !row->read_back)) &&
		(!row->denied || row->grade == MAIL_FAILED) &&
		(row->grade != MAIL_ATTESTED || row->by) && is_verifiable(row) &&
		(!row->stage || mail_stage_parse(row->stage) != STAGE_NONE);
}

int evidence_parse(TALLOC_CTX *mem, const json_t *json, struct evidence *row, struct error *err)
{
	const char *token = json_string_value(json_object_get(json, "token"));
	int d = direction_parse(json_string_value(json_object_get(json, "direction")));
	int g = grade_parse(json_string_value(json_object_get(json, "grade")));

	*row = (struct evidence){ .waited = -1 };
	if (d >= 0 && g >= 0 && token && (token[0] == '\0' || token_is(token))) {
		row->direction = (enum mail_direction)d;
		row->grade = (enum mail_grade)g;
		strcpy(row->token, token);
		row->at = json_integer_value(json_object_get(json, "when"));
		row->simulated = json_is_true(json_object_get(json, "simulated"));
		if (texts_parse(mem, json, row) && rest_parse(json, row) && is_whole(row) &&
			sightings_parse(mem, json, row) && spent_parse(mem, json, row))
			return 0;
	}
	return error_set(err, TROUBLE_RECORD_DAMAGED, _("A record of mail flow cannot be read."));
}
