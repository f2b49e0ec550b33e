/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server surveyed again for a run: what its operator said when it began still holds. */
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/kept.h"
#include "run/resume.h"
#include "run/services.h"

static const char **names_said(struct engine *engine, const json_t *begun, const char *member)
{
	const json_t *said = json_object_get(begun, member), *name;
	const char **names = memory_array_zero(engine, sizeof *names, json_array_size(said) + 1);
	size_t i, count = 0;

	json_array_foreach((json_t *)(uintptr_t)said, i, name)
		if (names && json_is_string(name) && (names[count] = text_unpercent(names, json_string_value(name))))
			count++;
	return names;
}

static int options_of(struct engine *engine, const struct survey_options *given, struct survey_options *options,
		      struct error *err)
{
	const json_t *begun = journal_last(engine->journal, JOURNAL_RUN);
	const char **added = names_said(engine, begun, "pcmta_added"), **struck = names_said(engine, begun, "pcmta_struck");

	*options = *given;
	/* What a run needs was rehearsed before it began. */
	options->rehearse = NULL;
	if (!added || !struck)
		return error_memory(err);
	options->relocated_recorded = !options->relocated;
	if (!options->relocated)
		options->relocated = path_of_json(engine, begun, "relocated");
	options->pcmta_recorded = !options->pcmta_add && !options->pcmta_strike;
	if (!options->pcmta_add)
		options->pcmta_add = added;
	if (!options->pcmta_strike)
		options->pcmta_strike = struck;
	if (options->live == LIVE_SAID_NOTHING && json_is_true(json_object_get(begun, "live_confirmed")))
		options->live = LIVE_SAID_RELOCATED;
	options->letters_confirmed |= json_is_true(json_object_get(begun, "letters_confirmed"));
	return 0;
}

int engine_survey(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *look, const struct survey **survey, struct error *err)
{
	struct survey_options options;
	int result = options_of(engine, look, &options, err);

	if (!result)
		result = kept_read(mem, engine->server, engine->runs, runfolder_name(engine->run), &options, err);
	return result ? result : survey_make(mem, engine->server, &options, survey, err);
}
