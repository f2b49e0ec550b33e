/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A loss: which fault of the case explains it, and what that leads to. */
#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "training/score_internal.h"

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

/* ---- what a twist is about ---- */

/* The id of the row that shows it, before names are filled in; NULL if no row does. Owned by
 * mem. */
static char *edit_row(TALLOC_CTX *mem, const struct practice_edit *edit)
{
	static const char services[] = "Services\\", shares[] = "Services\\LanmanServer\\Shares";

	switch (edit->op) {
	case PRACTICE_REG_SET:
	case PRACTICE_REG_DROP:
	case PRACTICE_REG_LEAD:
		if (!(edit->where & PRACTICE_IN_DEFAULT_SET) || !edit->name ||
			!begins(edit->path, services))
			return NULL;
		if (strcmp(edit->path, shares) == 0)
			return talloc_asprintf(mem, "share/%s", edit->name);
		return talloc_asprintf(mem, "registry/%s\\%s", edit->path + strlen(services),
			edit->name);
	case PRACTICE_SHARE_SECURITY:
		return talloc_asprintf(mem, "share/%s", edit->path);
	case PRACTICE_FILE_VERSION:
	case PRACTICE_FILE_DROP:
		return edit->path ? talloc_asprintf(mem, "file/Bin\\%s", edit->path) : NULL;
	case PRACTICE_MAIL:
		return talloc_strdup(mem, "oldfolder");
	default:
		return NULL;
	}
}

static bool fault_about(TALLOC_CTX *mem, const struct practice_spec *spec,
	const struct fault *fault, const char *id)
{
	for (size_t i = 0; i < fault->edit_count; i++) {
		char *row = edit_row(mem, &fault->edits[i]), *bound = NULL;

		if (row && practice_text(mem, spec, row, &bound, NULL) == 0 &&
			text_equal(bound, id))
			return true;
	}
	return false;
}

/* ---- the fault ---- */

/* The last fault of the case that has a consequence and whose name begins so, or does not. */
static const struct fault *fault_last(const struct training_case *training, const char *name,
	bool so)
{
	for (size_t i = training->fault_count; i-- > 0;)
		if (training->faults[i]->consequence && begins(training->faults[i]->id, name) == so)
			return training->faults[i];
	return NULL;
}

/* Which fault it is if no twist says so: by the kind of row, and by what the case expects of it. */
static const struct fault *fault_usual(const struct training_case *training, const char *id)
{
	static const struct {
		const char *id;
		bool changed; /* for what was to be changed and is not */
		const char *fault;
	} usual[] = {
		{ "file/", false, "hotfix" },
		{ "file/", true, "sp-bin" },
		{ "registry/", true, "sp-values" },
		{ "share/", true, "sp-share" },
		{ "oldfolder", false, "late-mail" },
		{ CASE_NEEDED, true, "sp-values" },
	};
	const struct case_expect *expect = case_expect_find(training, id);
	const bool change = !expect || expect->answer == CASE_CHANGE;

	for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
		if (begins(id, usual[i].id) && usual[i].changed == change)
			return fault_last(training, usual[i].fault, true);
	return NULL;
}

/* The fault of the case whose consequence explains a loss about id, or NULL. */
static const struct fault *fault_of(const struct training_case *training, const char *id)
{
	TALLOC_CTX *tmp;
	const struct fault *found = NULL;
	struct practice_spec spec;

	/* What the case asks about came on top of what the service pack did. */
	if (strcmp(id, "ask") == 0)
		return fault_last(training, "sp-", false);
	tmp = talloc_new(NULL);
	if (case_spec(tmp, training, training->seed, &spec, NULL) == 0)
		for (size_t i = 0; i < training->fault_count && !found; i++)
			if (training->faults[i]->consequence &&
				fault_about(tmp, &spec, training->faults[i], id))
				found = training->faults[i];
	talloc_free(tmp);
	return found ? found : fault_usual(training, id);
}

void judge_lose(struct judge *judge, const char *id, const char *cause, int points,
	const char *format, ...)
{
	struct score *score = judge->score;
	struct loss *loss;
	char *reason;
	va_list args;

	if (points <= 0 || judge->status != 0)
		return;
	va_start(args, format);
	reason = talloc_vasprintf(judge->tmp, format, args);
	va_end(args);
	loss = memory_more(score, &score->losses, score->count, sizeof *loss);
	if (!loss || !reason) {
		judge->status = error_memory(judge->err);
		return;
	}
	*loss = (struct loss){
		.points = points,
		.fault = cause ? fault_of(judge->training, cause) : NULL,
		.id = text_shown(score, id),
		.reason = text_shown(score, reason),
	};
	score->count++;
	if (!loss->id || !loss->reason)
		judge->status = error_memory(judge->err);
}

/* ---- what it leads to ---- */

/* For the entries that the service pack rewrote, by what they are for (Q152554, Q174690). */
static const struct {
	const char *end, *consequence;
} ENTRIES[] = {
	{ "MessageFile",
		N_("The Event Viewer reads its texts from the wrong folder, or reports that the description of an event could not be found.") },
	{ "\\Library",
		N_("The performance counters come from the wrong folder, or are missing: Perflib logs event 1008 or 1011.") },
};

const char *loss_consequence(const struct loss *loss)
{
	const char *consequence = loss->fault ? loss->fault->consequence : NULL;

	for (size_t i = 0;
		consequence && strcmp(loss->fault->id, "sp-values") == 0 && i < ARRAY_SIZE(ENTRIES);
		i++)
		if (text_ends(loss->id, ENTRIES[i].end))
			consequence = ENTRIES[i].consequence;
	return consequence ? _(consequence) : NULL;
}
