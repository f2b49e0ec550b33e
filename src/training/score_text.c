/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The debrief, and the result for a class. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "repair/finding.h"
#include "training/score.h"

enum { COLUMNS = 78 };

/* Adds text in lines of COLUMNS, the first after lead, the others under it. */
static char *paragraph(char *out, const char *lead, const char *text)
{
	char *lines = text_wrap(out, lead, (int)text_width(lead), COLUMNS, text);

	return out && lines ? talloc_strdup_append_buffer(out, lines) : NULL;
}

static char *loss_text(char *out, const struct loss *loss)
{
	/* What is about no row of the server has an id for programs only. */
	const char *about = strchr(loss->id, '/') ? finding_id_shown(out, loss->id) : NULL;
	char *lead = out ? talloc_asprintf(out, "%5d  ", -loss->points) : NULL;

	if (!lead)
		return NULL;
	out = paragraph(out, lead, about ? about : loss->reason);
	if (about)
		out = paragraph(out, "       ", loss->reason);
	if (loss_consequence(loss))
		out = paragraph(out, "       ", loss_consequence(loss));
	return out;
}

char *score_text(TALLOC_CTX *mem, const struct training_case *training, const struct score *score)
{
	char *out = talloc_asprintf(mem, _("PRACTICE  %s (%s, level %d, seed %llu)\n\n"),
		training->title, training->name, training->level,
		(unsigned long long)training->seed);

	if (out)
		out = talloc_asprintf_append_buffer(out, _("%d of %d points: %s\n"), score->points,
			SCORE_FULL, score->passed ? _("passed") : _("not passed"));
	if (score->failed)
		out = paragraph(out, "",
			_("Something was done that must never be done. That fails the case, whatever the points."));
	out = paragraph(out, "",
		score->repaired
			? _("Checked again from scratch: nothing is left to change.")
			: _("Checked again from scratch: something that the article asks for is left."));
	if (score->by_hand)
		out = paragraph(out, "",
			_("Judged from the folders alone. Who decided what, the question of the case, and whether mail flows cannot be seen there, and were not judged."));
	if (score->count)
		out = paragraph(out, "", "");
	for (size_t i = 0; i < score->count; i++)
		out = loss_text(out, &score->losses[i]);
	for (size_t i = 0; out && i < training->fault_count; i++) {
		const struct fault *fault = training->faults[i];

		out = i == 0 ? paragraph(paragraph(out, "", ""), "", _("What was wrong:")) : out;
		out = paragraph(out, "- ", _(fault->title));
		out = paragraph(out, "  ", _(fault->cause));
		out = paragraph(out, "  ", _(fault->right));
	}
	return out;
}

static json_t *losses_json(const struct score *score)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < score->count; i++) {
		const struct loss *loss = &score->losses[i];

		if (json_array_append_new(list,
			    json_pack("{s:s, s:i, s:s}", "id", loss->id, "points", loss->points,
				    "reason", loss->reason)) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

json_t *score_json(const struct training_case *training, const char *seat,
	const struct score *score)
{
	json_t *losses = losses_json(score);

	if (!losses)
		return NULL;
	return json_pack("{s:i, s:s, s:i, s:I, s:s, s:i, s:b, s:I, s:b, s:o}", "format", 1, "case",
		training->name, "level", training->level, "seed", (json_int_t)training->seed,
		"seat", seat, "points", score->points, "passed", score->passed, "tips",
		(json_int_t)score->tips, "repaired", score->repaired, "losses", losses);
}
