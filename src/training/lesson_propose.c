/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trainee says first what a value should be, and hears what is to be thought of it. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { HIDDEN_FROM = 2, TEXT_SHOWN = 4096 };

static bool is_wanted(const struct finding *finding)
{
	return finding->kind == KIND_VALUE && finding->can_change && finding->after.value.data;
}

const char *lesson_proposed(const struct lesson *lesson, const struct finding *finding)
{
	for (size_t i = lesson->proposal_count; i-- > 0;)
		if (text_equal(lesson->proposals[i].id, finding->id))
			return lesson->proposals[i].text;
	return NULL;
}

static bool proposed_right(const struct lesson *lesson, const struct finding *finding)
{
	for (size_t i = 0; i < lesson->proposal_count; i++)
		if (text_equal(lesson->proposals[i].id, finding->id) &&
			lesson->proposals[i].verdict == LESSON_RIGHT)
			return true;
	return false;
}

bool lesson_hides(const struct lesson *lesson, const struct finding *finding)
{
	size_t taken, there;

	if (lesson->bound->level < HIDDEN_FROM || !is_wanted(finding))
		return false;
	if (lesson->exam)
		return !lesson_proposed(lesson, finding);
	there = lesson_tips(lesson, finding, &taken);
	return !proposed_right(lesson, finding) && !(there && taken == there);
}

/* ---- the verdict ---- */

struct compare {
	TALLOC_CTX *tmp;
	const struct finding *finding;
	const char *before, *wanted, *text;
	struct path_folder from, to;
};

/* Names may be written in any case; what stands around the paths, arguments above all, may not. */
static bool same_value(const struct compare *compare)
{
	size_t count, other, at = 0;
	const struct path_span *a =
		path_spans(compare->tmp, compare->wanted, compare->finding->form, NULL, &count);
	const struct path_span *b =
		path_spans(compare->tmp, compare->text, compare->finding->form, NULL, &other);

	if (!a || !b || strlen(compare->wanted) != strlen(compare->text) || count != other)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (a[i].begin != b[i].begin || a[i].end != b[i].end ||
			memcmp(compare->wanted + at, compare->text + at, a[i].begin - at) != 0 ||
			!text_equal_n(compare->wanted + a[i].begin, compare->text + a[i].begin,
				a[i].end - a[i].begin))
			return false;
		at = a[i].end;
	}
	return strcmp(compare->wanted + at, compare->text + at) == 0;
}

/* Whether what was written stands in what it should become, in one piece, and is not all of it. */
static bool is_part(const struct compare *compare)
{
	const size_t len = strlen(compare->text), all = strlen(compare->wanted);

	for (size_t at = 0; len < all && at + len <= all; at++) {
		/* Not in the middle of a character. */
		if (((unsigned char)compare->wanted[at] & 0xc0) == 0x80 ||
			((unsigned char)compare->wanted[at + len] & 0xc0) == 0x80)
			continue;
		if (text_equal_n(compare->wanted + at, compare->text, len))
			return true;
	}
	return false;
}

static int verdict_of(const struct compare *compare, enum lesson_verdict *verdict,
	struct error *err)
{
	enum path_leads leads;
	char *after;

	*verdict = LESSON_WRONG_PATH;
	if (compare->before && text_equal(compare->before, compare->text))
		*verdict = LESSON_NOT_CHANGED;
	else if (same_value(compare))
		*verdict = LESSON_RIGHT;
	else if (path_relocate(compare->tmp, compare->text, compare->finding->form, NULL,
			 &compare->from, &compare->to, &leads, &after) != 0)
		return error_memory(err);
	else if (leads == LEADS_RELOCATED)
		*verdict = is_part(compare) ? LESSON_TYPE_ONLY_PART : LESSON_TOUCHED_MORE;
	return 0;
}

static const char *const REMARKS[] = {
	[LESSON_RIGHT] = N_("That is correct."),
	[LESSON_TYPE_ONLY_PART] =
		N_("The folder is right, but this is only part of the value. "
		   "What comes before and after it belongs to the value and must stay."),
	[LESSON_WRONG_PATH] = N_(
		"This does not lead to the Msmcon with the live postoffice, or not all of its paths do that should."),
	[LESSON_TOUCHED_MORE] =
		N_("The folder is right, but more than the front part of the path is different. "
		   "File name, arguments, quotation marks and other paths stay as they are."),
	[LESSON_NOT_CHANGED] = N_(
		"This is what the value says now, and one of its paths leads to the Msmcon that setup made."),
};

/* What it is compared with: the texts of the value now and as wanted, and the folders of this
 * seed's server. */
static int compare_make(struct compare *compare, const struct lesson *lesson, const char *text,
	struct error *err)
{
	const struct finding *finding = compare->finding;
	const struct reg_data *now = finding->before.value.data;
	struct practice_spec spec;
	char *from, *to;
	int ret = case_spec(compare->tmp, lesson->bound, lesson->seed, &spec, err);

	if (ret == 0)
		ret = practice_text(compare->tmp, &spec, "{default}", &from, err);
	if (ret == 0)
		ret = practice_text(compare->tmp, &spec, "{relocated}", &to, err);
	if (ret != 0)
		return ret;
	compare->from.full = from;
	compare->to.full = to;
	compare->text = text;
	compare->before = now ? regdata_text(compare->tmp, now, TEXT_SHOWN) : NULL;
	compare->wanted = regdata_text(compare->tmp, finding->after.value.data, TEXT_SHOWN);
	return compare->wanted ? 0 : error_memory(err);
}

static int proposal_check(TALLOC_CTX *mem, const char *text, struct error *err)
{
	char *shown = text_shown(mem, text);

	if (!shown)
		return error_memory(err);
	if (!*text)
		return error_set(err, TROUBLE_USAGE, _("Enter what the value should be."));
	if (strlen(text) > LESSON_TEXT_LIMIT || strcmp(shown, text) != 0)
		return error_set(err, TROUBLE_USAGE,
			_("A value is a line of at most %d characters."), LESSON_TEXT_LIMIT);
	return 0;
}

static int proposal_keep(struct lesson *lesson, const struct finding *finding, const char *text,
	enum lesson_verdict verdict, struct error *err)
{
	struct lesson_proposal *proposal;
	int ret;

	if (lesson->proposal_count >= LESSON_PROPOSALS_LIMIT)
		return error_set(err, TROUBLE_USAGE,
			_("This lesson has reached its limit of proposed values."));
	proposal =
		memory_more(lesson, &lesson->proposals, lesson->proposal_count, sizeof *proposal);
	if (!proposal)
		return error_memory(err);
	*proposal = (struct lesson_proposal){ .id = talloc_strdup(lesson, finding->id),
		.text = talloc_strdup(lesson, text),
		.verdict = verdict };
	if (!proposal->id || !proposal->text)
		return error_memory(err);
	lesson->proposal_count++;
	ret = lesson_save(lesson, err);
	if (ret != 0)
		lesson->proposal_count--;
	return ret;
}

int lesson_propose(struct lesson *lesson, const struct finding *finding, const char *text,
	enum lesson_verdict *verdict, const char **remark, struct error *err)
{
	struct compare compare = { .tmp = talloc_new(NULL), .finding = finding };
	char *typed = talloc_strdup(compare.tmp, text);
	int ret;

	/* Blanks around it are not meant. */
	typed = typed ? text_trim(typed) : NULL;
	ret = typed ? proposal_check(compare.tmp, typed, err) : error_memory(err);
	if (!is_wanted(finding))
		ret = error_set(err, TROUBLE_USAGE, _("There is nothing to propose for this row."));
	if (ret == 0)
		ret = compare_make(&compare, lesson, typed, err);
	if (ret == 0)
		ret = verdict_of(&compare, verdict, err);
	if (ret == 0)
		ret = proposal_keep(lesson, finding, typed, *verdict, err);
	if (ret == 0)
		*remark = lesson->exam ? _("Noted.") : _(REMARKS[*verdict]);
	talloc_free(compare.tmp);
	return ret;
}
