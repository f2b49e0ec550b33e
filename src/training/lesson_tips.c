/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tips: where to look, what is wrong, the answer. The case's own; without one, made from the
 * finding. */

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/lesson_internal.h"

enum { VALUE_SHOWN = 512 };

static const char *tip_id(const struct finding *finding)
{
	return finding ? finding->id : "";
}

static const struct case_tip *tip_own(const struct lesson *lesson, const struct finding *finding)
{
	for (size_t i = 0; i < lesson->bound->tip_count; i++)
		if (text_equal(lesson->bound->tips[i].id, tip_id(finding)))
			return &lesson->bound->tips[i];
	return NULL;
}

/* ---- made from the finding ---- */

static const char *const VALUE_WHAT[] = {
	[LEADS_NOWHERE] = N_("It leads to neither Msmcon: the program cannot know whose it is."),
	[LEADS_DEFAULT] = N_(
		"It leads to the Msmcon that setup made, not to the one with the live postoffice."),
	[LEADS_RELOCATED] = N_("It leads where it should."),
	[LEADS_MIXED] = N_(
		"One of its paths leads to the Msmcon that setup made, another to the relocated one."),
};

static const char *const FILE_WHAT[] = {
	[FILE_SAME] = N_("Both copies are the same."),
	[FILE_OLDER] = N_("The relocated copy is older than setup's."),
	[FILE_NEWER] = N_("The relocated copy is newer than setup's: somebody put it there later."),
	[FILE_DIFFERENT] = N_("The copies differ, and no version shows which one is newer."),
	[FILE_ONLY_SETUP] = N_("Only setup's folder has this file."),
	[FILE_ONLY_RELOCATED] =
		N_("Only the relocated Bin has this file; no service pack installs it."),
};

static const char *const STATE_WHAT[] = {
	[FINDING_RIGHT] = N_("It is as it should be."),
	[FINDING_WRONG] = N_("It is not as it should be."),
	[FINDING_ABSENT] = N_("It is not there."),
	[FINDING_UNKNOWN] = N_("The program cannot tell whether it is right."),
};

static const char *what_of(const struct finding *finding)
{
	if (finding->kind == KIND_VALUE && finding->state != FINDING_ABSENT)
		return _(VALUE_WHAT[finding->leads]);
	/* For the old folder the survey says it all: nothing is hidden there. */
	if (finding->kind == KIND_OLDFOLDER && finding->text)
		return finding->text;
	return finding->kind == KIND_FILE ? _(FILE_WHAT[finding->compare])
					  : _(STATE_WHAT[finding->state]);
}

static const char *const WHERE[] = {
	[KIND_BACKUP] = N_("Ask yourself what you would go back to if a copy went wrong."),
	[KIND_FILE] = N_(
		"Compare the versions of the two copies, setup's and the relocated one. Dates prove nothing."),
	[KIND_VALUE] = N_("Read the value path by path, and see which folder each path leads to. "
			  "Look behind quotation marks, variables and short names too."),
	[KIND_SHARE] = N_("Check whether the share exists, and which folder it leads to."),
	[KIND_SERVICE] = NULL, /* nothing is decided about a service */
	[KIND_POSTOFFICE] = NULL,
	[KIND_OLDFOLDER] = N_(
		"Check what came into the old Maildata after the service pack, and what still names the folder."),
};

/* What the row would become, as a person reads it. */
static char *after_of(TALLOC_CTX *mem, const struct finding *finding)
{
	const struct value_fact *value = &finding->after.value;

	if (finding->kind == KIND_VALUE && value->data)
		return regdata_text(mem, value->data, VALUE_SHOWN);
	if (finding->kind == KIND_SHARE && finding->after.share.path)
		return talloc_strdup(mem, finding->after.share.path);
	return NULL;
}

/* The case's table first: it knows traps that the article does not. */
static char *answer_of(TALLOC_CTX *mem, const struct lesson *lesson, const struct finding *finding)
{
	const struct case_expect *expect = case_expect_find(lesson->bound, finding->id);
	char *after = after_of(mem, finding);

	if (expect && (expect->answer == CASE_KEEP || expect->answer == CASE_LEAVE))
		return talloc_asprintf(mem,
			expect->answer == CASE_KEEP ? _("Decide to keep it: %s.")
						    : _("Leave it: %s."),
			expect->why);
	if (finding->kind == KIND_BACKUP)
		return talloc_strdup(mem, _("Make the backup before you copy any file."));
	if (finding->can_change && (expect || finding->needed))
		return after ? talloc_asprintf(mem, _("Change it to: %s"), after)
			     : talloc_strdup(mem,
				       _("Copy setup's file over; the backup has the old one."));
	return talloc_strdup(mem, _("Leave it as it is."));
}

/* For a case without its own tips: its faults tell. */
static char *faults_text(TALLOC_CTX *mem, const struct lesson *lesson, bool right)
{
	char *out = talloc_strdup(mem, "");

	for (size_t i = 0; out && i < lesson->bound->fault_count; i++) {
		const struct fault *fault = lesson->bound->faults[i];

		out = talloc_asprintf_append(out, *out ? " %s" : "%s",
			right ? _(fault->right) : talloc_asprintf(out, _("%s."), _(fault->title)));
	}
	return out;
}

static char *tip_made(TALLOC_CTX *mem, const struct lesson *lesson, const struct finding *finding,
	size_t stage)
{
	if (!finding && stage == 0)
		return talloc_strdup(mem,
			_("Begin with the diagnosis: it shows which steps have work to do. "
			  "Then ask for each row whether the service pack explains it."));
	if (!finding)
		return faults_text(mem, lesson, stage == 2);
	if (stage == 2)
		return answer_of(mem, lesson, finding);
	return talloc_strdup(mem, stage == 0 ? _(WHERE[finding->kind]) : what_of(finding));
}

/* ---- how many, and the next ---- */

static size_t tips_there(const struct lesson *lesson, const struct finding *finding)
{
	const struct case_tip *own = tip_own(lesson, finding);
	size_t count = 0;

	if (!own && finding)
		return WHERE[finding->kind] ? CASE_TIPS : 0;
	if (!own)
		return lesson->bound->fault_count ? CASE_TIPS : 1;
	while (count < CASE_TIPS && own->tips[count])
		count++;
	return count;
}

size_t lesson_tips(const struct lesson *lesson, const struct finding *finding, size_t *taken)
{
	const size_t there = lesson->exam ? 0 : tips_there(lesson, finding);

	*taken = 0;
	for (size_t i = 0; i < lesson->tip_count; i++)
		*taken += text_equal(lesson->tips[i].id, tip_id(finding));
	/* A record may hold more than a case that has since been shortened. */
	*taken = *taken < there ? *taken : there;
	return there;
}

static int tip_text(struct lesson *lesson, const struct finding *finding, size_t stage, char **text,
	struct error *err)
{
	const struct case_tip *own = tip_own(lesson, finding);
	char *raw = own ? talloc_strdup(lesson, own->tips[stage])
			: tip_made(lesson, lesson, finding, stage);

	*text = raw ? text_shown(lesson, raw) : NULL;
	talloc_free(raw);
	return *text ? 0 : error_memory(err);
}

int lesson_tip(struct lesson *lesson, const struct finding *finding, struct error *err)
{
	size_t taken;
	const size_t there = lesson_tips(lesson, finding, &taken);
	struct lesson_taken *tip;
	char *text;
	int ret;

	if (lesson->exam)
		return error_set(err, TROUBLE_USAGE, _("There are no tips in an exam."));
	if (taken >= there || lesson->tip_count >= LESSON_TIPS_LIMIT)
		return error_set(err, TROUBLE_USAGE, _("There are no more tips about this."));
	ret = tip_text(lesson, finding, taken, &text, err);
	tip = ret == 0 ? memory_more(lesson, &lesson->tips, lesson->tip_count, sizeof *tip) : NULL;
	if (!tip)
		return ret != 0 ? ret : error_memory(err);
	*tip = (struct lesson_taken){ .id = talloc_strdup(lesson, tip_id(finding)), .text = text };
	if (!tip->id)
		return error_memory(err);
	lesson->tip_count++;
	ret = lesson_save(lesson, err);
	if (ret != 0)
		lesson->tip_count--;
	return ret;
}

const char *lesson_tip_text(TALLOC_CTX *mem, const struct lesson *lesson,
	const struct finding *finding, size_t stage)
{
	for (size_t i = 0; i < lesson->tip_count; i++)
		if (text_equal(lesson->tips[i].id, tip_id(finding)) && stage-- == 0)
			return talloc_strdup(mem, lesson->tips[i].text);
	return NULL;
}
