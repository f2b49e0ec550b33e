/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server surveyed again for a run: what its operator said when it began still holds. */
#include "base/memory.h"
#include "base/text.h"
#include "run/engine_internal.h"
#include "run/kept.h"
#include "run/resume.h"
#include "run/services.h"

static int options_of(struct engine *engine, const struct survey_options *given, struct survey_options *options,
		      struct error *err)
{
	const json_t *begun = journal_last(engine->journal, JOURNAL_RUN), *added = json_object_get(begun, "pcmta_added"),
		     *name;
	const char **names = memory_array_zero(engine, sizeof *names, json_array_size(added) + 1);
	size_t i;

	*options = *given;
	/* What a run needs was rehearsed before it began. */
	options->rehearse = NULL;
	if (!names)
		return error_memory(err);
	json_array_foreach((json_t *)(uintptr_t)added, i, name)
		names[i] = json_is_string(name) ? text_unpercent(names, json_string_value(name)) : NULL;
	if (!options->relocated)
		options->relocated = path_of_json(engine, begun, "relocated");
	if (!options->pcmta_add)
		options->pcmta_add = names;
	if (options->live == LIVE_SAID_NOTHING && json_is_true(json_object_get(begun, "live_confirmed")))
		options->live = LIVE_SAID_RELOCATED;
	options->letters_confirmed |= json_is_true(json_object_get(begun, "letters_confirmed"));
	return 0;
}

static bool name_among(char *const *names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(names[i], name))
			return true;
	return false;
}

/* Those the operator struck when the list was confirmed; NULL if there are none. */
static int struck_names(TALLOC_CTX *mem, const struct journal *journal, const struct survey *survey, const char ***struck, struct error *err)
{
	char **confirmed;
	size_t count, found = 0;
	int result = pcmtas_read(mem, journal, &confirmed, &count, err);

	*struck = NULL;
	if (result || !journal_last(journal, JOURNAL_PCMTAS))
		return result;
	*struck = memory_array_zero(mem, sizeof **struck, survey->pcmta_count + 1);
	if (!*struck)
		return error_memory(err);
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (!name_among(confirmed, count, survey->pcmtas[i].name))
			(*struck)[found++] = survey->pcmtas[i].name;
	if (!found)
		TALLOC_FREE(*struck);
	return 0;
}

int engine_survey(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *look, const struct survey **survey, struct error *err)
{
	struct survey_options options;
	const char **struck;
	int result = options_of(engine, look, &options, err);

	if (!result)
		result = kept_read(mem, engine->server, engine->runs, runfolder_name(engine->run), &options, err);
	if (!result)
		result = survey_make(mem, engine->server, &options, survey, err);
	if (!result && !options.pcmta_strike)
		result = struck_names(mem, engine->journal, *survey, &struck, err);
	if (result || options.pcmta_strike || !struck)
		return result;
	options.pcmta_strike = struck;
	return survey_make(mem, engine->server, &options, survey, err);
}
