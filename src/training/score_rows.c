/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows: what became of each, and what should have become of it. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "repair/plan.h"
#include "report/outcome.h"
#include "training/score_internal.h"

static const struct finding *row_of(const struct survey *survey, const char *id)
{
	for (size_t i = 0; survey && i < survey->finding_count; i++)
		if (text_equal(survey->findings[i].id, id))
			return &survey->findings[i];
	return NULL;
}

/* The last decision on record about id. */
static enum decision decided(const struct judge *judge, const char *id)
{
	enum decision decision = DECISION_UNDECIDED;

	for (size_t i = judge->journal ? journal_count(judge->journal) : 0; i-- > 0;) {
		const json_t *entry = journal_entry(judge->journal, i);
		const char *about = json_string_value(json_object_get(entry, "id"));

		if (entry_is(entry, JOURNAL_DECISION) && about && text_equal(about, id) &&
			decision_parse(json_string_value(json_object_get(entry, "decision")),
				&decision))
			break;
	}
	return decision;
}

/* Whether the run has an act that put id back. */
static bool put_back(const struct judge *judge, const char *id)
{
	for (size_t i = 0; judge->journal && i < journal_count(judge->journal); i++) {
		const json_t *entry = journal_entry(judge->journal, i),
			     *changes = json_object_get(entry, "changes");

		for (size_t c = 0; entry_is(entry, JOURNAL_ACT) &&
			json_is_true(json_object_get(entry, "undo")) &&
			c < json_array_size(changes);
			c++) {
			const json_t *change = json_array_get(changes, c);
			const char *about = json_string_value(
				json_is_string(change) ? change : json_object_get(change, "id"));

			if (about && text_equal(about, id))
				return true;
		}
	}
	return false;
}

static bool same_side(const struct finding *a, const struct side *side)
{
	return a && finding_side_equal(a->kind, &a->before, side);
}

/* ---- what step 5 ended in ---- */

static char *grades_text(TALLOC_CTX *mem, unsigned grades)
{
	char *text = talloc_strdup(mem, "");

	for (unsigned i = 0; text && i <= MAIL_VERIFIED; i++)
		if (grades & 1u << i)
			text = talloc_asprintf_append(text, "%s%s", *text ? _(" or ") : "",
				mail_grade_text((enum mail_grade)i));
	return text;
}

/* In folders alone nothing of it can be seen. */
static void mail_row_judge(struct judge *judge, const struct case_expect *expect)
{
	struct training_mail *mail = case_mail(judge->tmp, expect->id);
	struct evidence_list *list = NULL;
	const struct evidence *row;
	enum mail_grade grade;

	if (judge->by_hand || !mail)
		return;
	if (judge->journal)
		judge->status = evidence_read(judge->tmp, judge->journal, &list, judge->err);
	if (judge->status != 0)
		return;
	row = list ? evidence_find(list, mail->pcmta, mail->direction) : NULL;
	grade = row ? row->grade : MAIL_NOT_TESTED;
	if (!(expect->grades & 1u << grade))
		judge_lose(judge, expect->id, NULL, expect->points,
			_("Step 5 ended in %s for %s, %s; it should have ended in %s: %s."),
			mail_grade_text(grade), mail->pcmta, mail_direction_text(mail->direction),
			grades_text(judge->tmp, expect->grades), expect->why);
}

/* ---- the four answers ---- */

/* Points lost for a row that was to be changed. */
static int change_lost(struct judge *judge, const struct finding *before, const char *id,
	int points, const char **how)
{
	const struct finding *now = row_of(judge->now, id);

	*how = _("it was not changed");
	if (!before || !now)
		return points;
	if (!before->can_change) /* this seed left it right */
		return same_side(now, &before->before) ? 0 : points;
	/* A value is right even if the file that it names is still missing. */
	if (now->state != FINDING_RIGHT &&
		!(before->kind == KIND_VALUE && same_side(now, &before->after)))
		return points;
	if (!judge->by_hand && decided(judge, id) != DECISION_CHANGE && !before->needed)
		return 0;
	if (!judge->by_hand && decided(judge, id) != DECISION_CHANGE &&
		before->state != FINDING_RIGHT) {
		*how = _("it was changed without a decision on record");
		return points;
	}
	if (before->kind != KIND_VALUE || same_side(now, &before->after))
		return 0;
	*how = _("it leads to the right folder, but is not the value it should be");
	return points < SCORE_WRONG_VALUE ? points : SCORE_WRONG_VALUE;
}

static bool oldfolder_touched(struct judge *judge)
{
	struct oldfolder_record *record;

	if (!judge->journal)
		return false;
	if (judge->status == 0)
		judge->status = oldfolder_read(judge->tmp, judge->journal, &record, judge->err);
	if (judge->status != 0)
		return true;
	return record->end == OLDFOLDER_IS_ASIDE || record->end == OLDFOLDER_DELETED ||
		record->end == OLDFOLDER_CUT;
}

static bool untouched(struct judge *judge, const struct finding *before, const char *id)
{
	const struct finding *now = row_of(judge->now, id);

	if (before && before->kind == KIND_OLDFOLDER)
		return now && now->state == before->state && !oldfolder_touched(judge);
	return before && same_side(now, &before->before);
}

static void expect_judge(struct judge *judge, const struct case_expect *expect)
{
	const struct finding *before = row_of(judge->before, expect->id);
	const char *id = expect->id, *how;
	const bool keep = expect->answer == CASE_KEEP;
	int lost;

	switch (expect->answer) {
	case CASE_CHANGE:
		lost = change_lost(judge, before, id, expect->points, &how);
		judge_lose(judge, id, id, lost, _("It should have been changed: %s. Now %s."),
			expect->why, how);
		break;
	case CASE_KEEP:
	case CASE_LEAVE:
		if (!untouched(judge, before, id))
			judge_lose(judge, id, id, expect->points,
				keep ? _("It was changed, but should have been kept: %s.")
				     : _("It was changed, but should have been left: %s."),
				expect->why);
		/* It was not changed, so nothing came of it. */
		else if (keep && !judge->by_hand && decided(judge, id) != DECISION_KEEP &&
			!put_back(judge, id))
			judge_lose(judge, id, NULL, expect->points,
				_("Nobody decided to keep it; it was left only by chance. It should be kept: %s."),
				expect->why);
		break;
	case CASE_MAIL:
		mail_row_judge(judge, expect);
		break;
	case CASE_REFUSE:
		if (judge->journal && journal_last(judge->journal, JOURNAL_ACT))
			judge_lose(judge, id, id, expect->points,
				_("Something was changed on a server that must not be changed: %s."),
				expect->why);
		break;
	}
}

/* ---- everything the article asks for and the case does not name ---- */

static bool is_change_row(const struct finding *row)
{
	return row->kind == KIND_FILE || row->kind == KIND_VALUE || row->kind == KIND_SHARE;
}

static void needed_judge(struct judge *judge, const struct case_expect *expect)
{
	size_t all = 0, missed = 0;
	const char *first = NULL, *how = NULL, *first_how = NULL;

	for (size_t i = 0; judge->before && i < judge->before->finding_count; i++) {
		const struct finding *row = &judge->before->findings[i];
		int lost;

		if (!is_change_row(row) || !row->needed ||
			case_expect_find(judge->training, row->id))
			continue;
		all++;
		lost = change_lost(judge, row, row->id, expect->points, &how);
		if (lost > 0 && lost < expect->points && lost == SCORE_WRONG_VALUE)
			judge_lose(judge, row->id, row->id, lost,
				_("It should have been changed: %s. Now %s."), expect->why, how);
		else if (lost > 0 && missed++ == 0) {
			first = row->id;
			first_how = how;
		}
	}
	if (!missed)
		return;
	judge_lose(judge, CASE_NEEDED, first,
		(int)((missed * (size_t)expect->points + all - 1) / all),
		_("%zu of %zu changes that the article asks for are missing. The first is %s: %s."),
		missed, all, finding_id_shown(judge->tmp, first), first_how);
}

/* What can be changed, but nobody asked for. */
static void unneeded_judge(struct judge *judge)
{
	for (size_t i = 0; judge->before && i < judge->before->finding_count; i++) {
		const struct finding *row = &judge->before->findings[i];

		if (!is_change_row(row) || row->needed ||
			case_expect_find(judge->training, row->id))
			continue;
		if (untouched(judge, row, row->id))
			continue;
		/* The faults of the case tell what comes of leaving it broken, not of this. */
		judge_lose(judge, row->id, NULL, SCORE_UNNEEDED,
			_("It was changed, but nobody asked for that."));
	}
}

/* ---- words that were not true ---- */

static void mail_judge(struct judge *judge)
{
	struct evidence_list *list;
	struct oldfolder_record *record;
	bool vouched = false;

	if (!judge->journal)
		return;
	judge->status = evidence_read(judge->tmp, judge->journal, &list, judge->err);
	if (judge->status == 0)
		judge->status = oldfolder_read(judge->tmp, judge->journal, &record, judge->err);
	if (judge->status != 0)
		return;
	for (size_t i = 0; i < list->count; i++)
		vouched = vouched || list->rows[i].grade == MAIL_ATTESTED;
	if (vouched && !judge->score->repaired) {
		judge->score->failed = true;
		judge_lose(judge, "mail", "mail", SCORE_FALSE_WORD,
			_("Somebody attested that mail flows on a server that is not repaired. What goes on record must be true."));
	}
	if ((record->end == OLDFOLDER_DELETED || record->end == OLDFOLDER_CUT) &&
		evidence_weakest(list) < MAIL_ATTESTED) {
		judge->score->failed = true;
		judge_lose(judge, "oldfolder", "oldfolder", SCORE_FALSE_WORD,
			_("The old folder was deleted before mail was seen to flow. It cannot be put back."));
	}
}

static bool repaired(const struct judge *judge)
{
	for (size_t i = 0; judge->now && i < judge->now->finding_count; i++) {
		const struct finding *row = &judge->now->findings[i];
		const struct case_expect *expect = case_expect_find(judge->training, row->id);

		if (is_change_row(row) && row->needed && !(expect && expect->answer != CASE_CHANGE))
			return false;
	}
	return judge->now;
}

void judge_rows(struct judge *judge)
{
	judge->score->repaired = repaired(judge);
	for (size_t i = 0; judge->status == 0 && i < judge->training->expect_count; i++) {
		const struct case_expect *expect = &judge->training->expects[i];

		if (strcmp(expect->id, CASE_NEEDED) == 0)
			needed_judge(judge, expect);
		else
			expect_judge(judge, expect);
	}
	if (judge->status == 0 && judge->now)
		unneeded_judge(judge);
	if (judge->status == 0)
		mail_judge(judge);
}
