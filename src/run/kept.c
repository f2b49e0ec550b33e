/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/kept.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "run/engine_internal.h"
#include "run/overlay.h"
#include "run/resume.h"
#include "server/image.h"

/* The folder may be anybody's: so many runs, and so much of their journals, are read. */
enum { RUNS_READ = 64, BYTES_READ = 64 << 20 };

struct keeping {
	const struct server *server;
	json_t *seen; /* ids that a later decision is about */
	struct kept *list;
	size_t count, bytes;
	struct written written;
	const char *overlay_run, *overlay_kept;
};

static bool kind_parse(const char *name, enum finding_kind *kind)
{
	for (int i = KIND_BACKUP; name && i <= KIND_SHARE; i++) {
		*kind = (enum finding_kind)i;
		if (!strcmp(name, finding_kind_name(*kind)))
			return true;
	}
	return false;
}

/* A decision without a name behind it is nobody's. */
static bool kept_parse(TALLOC_CTX *mem, const json_t *entry, struct kept *kept)
{
	const json_t *what = json_object_get(entry, "kept");
	const char *by = json_string_value(json_object_get(entry, "operator"));

	if (!entry_says(entry, "decision", decision_name(DECISION_KEEP)) || !by ||
		!text_is_name(by) ||
		!kind_parse(json_string_value(json_object_get(what, "kind")), &kept->kind))
		return false;
	kept->names = named_fault_parse(json_string_value(json_object_get(what, "names")));
	kept->by = text_shown(mem, by);
	return kept->names <= NAMED_UNTOLD && kept->by &&
		!finding_side_parse(mem, kept->kind, json_object_get(what, "before"), &kept->before,
			NULL) &&
		!finding_side_parse(mem, kept->kind, json_object_get(what, "after"), &kept->after,
			NULL);
}

static int decision_add(struct keeping *keeping, const char *run, const json_t *entry,
	struct error *err)
{
	const char *id = json_string_value(json_object_get(entry, "id"));
	struct kept kept = { .run = run }, *more;

	if (!id || json_object_get(keeping->seen, id))
		return 0;
	json_object_set_new(keeping->seen, id, json_true());
	if (!kept_parse(keeping, entry, &kept))
		return 0;
	kept.id = talloc_strdup(keeping, id);
	more = memory_more(keeping, &keeping->list, keeping->count, sizeof *more);
	if (!kept.id || !more)
		return error_memory(err);
	keeping->count++;
	*more = kept;
	return 0;
}

static bool too_much(struct keeping *keeping, struct runfolder *run)
{
	int64_t size = runfolder_size(run, JOURNAL_FILE);

	if (size < 0 || size > BYTES_READ)
		return true;
	keeping->bytes += (size_t)size;
	return keeping->bytes > BYTES_READ;
}

/* Who put all of a run back, or ended one that never wrote, took back what was decided in it. A
 * server made for one call is another one the next time, however much it is like it. */
static bool says_something(const struct keeping *keeping, const struct journal *journal, bool own)
{
	const json_t *begun = journal_last(journal, JOURNAL_RUN);

	if (journal_result(journal) == END_UNDONE || journal_result(journal) == END_NOTHING)
		return false;
	return journal_last(journal, JOURNAL_BEGUN) && run_is_of(keeping->server, begun) &&
		(own || !json_is_true(json_object_get(begun, "passing")));
}

/* Which postoffice somebody said is the one in use; the newest run counts. */
static void lives_add(struct keeping *keeping, const char *run, const json_t *begun, const char *to)
{
	struct written *written = &keeping->written;
	const json_t *newest = json_object_get(begun, "default_newest");
	const char *by = json_string_value(json_object_get(begun, "operator"));

	if (written->lives || !json_is_true(json_object_get(begun, "live_confirmed")) ||
		!json_is_integer(newest))
		return;
	written->other_newest = json_integer_value(newest);
	written->lives_by = text_shown(keeping, by ? by : "");
	written->lives = written->lives_by ? to : NULL;
	written->lives_run = run;
}

/* What its acts of steps 3 and 4 wrote, also where one was cut off; the newest run counts. Earlier
 * versions put what the share had said on no record. */
static void written_add(struct keeping *keeping, const char *run, const struct journal *journal)
{
	struct written *written = &keeping->written;
	const json_t *begun = journal_last(journal, JOURNAL_RUN);
	const char *to = path_of_json(keeping, begun, "relocated");

	if (!to)
		return;
	lives_add(keeping, run, begun, to);
	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *act = journal_entry(journal, i);
		int step = entry_number(act, "step");

		if (!entry_is(act, JOURNAL_ACT) || json_is_true(json_object_get(act, "undo")))
			continue;
		if (step == STEP_SHARE && !written->share) {
			written->share = to;
			written->share_led = survey_live_parse(
				json_string_value(json_object_get(begun, "share_led")));
			written->share_led_before =
				json_is_true(json_object_get(begun, "share_led_before"));
		}
		if (step == STEP_VALUES && !written->values)
			written->values = to;
		if (step >= STEP_VALUES &&
			json_is_true(json_object_get(begun, "letters_confirmed")))
			written->vouched = to;
	}
}

static bool looks_through(const struct server *server, const char *path)
{
	size_t count;
	const struct image_told *told = server->overlay->told(server, &count);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(told[i].path, path))
			return true;
		for (size_t k = 0; told[i].chain && told[i].chain[k]; k++)
			if (!strcmp(told[i].chain[k], path))
				return true;
	}
	return false;
}

/* An overlay that is still there, over just these images, and that the server is not looked at
 * through. The newest run counts. */
static void overlay_add(struct keeping *keeping, const char *run, const struct journal *journal)
{
	const struct server *server = keeping->server;
	const struct overlay *top = NULL;
	struct overlay_stand *stand;

	if (!server->overlay || keeping->overlay_run ||
		overlay_stand(keeping, journal, &stand, NULL) || !stand->stamp_count)
		return;
	for (size_t i = 0; stand->over && stand->over[i]; i++)
		top = stand->over[i];
	if (!top || !top->files[0].path || access(top->files[0].path, F_OK) ||
		!looks_through(server, stand->stamps[0].path) ||
		looks_through(server, top->files[0].path))
		return;
	keeping->overlay_run = run;
	keeping->overlay_kept = reached_kept(keeping, journal);
}

/* Whatever is wrong with a run, it says nothing then. */
static int run_read(struct keeping *keeping, const char *runs, const char *name, bool own,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct runfolder *run;
	struct journal *journal;
	int ret = 0;

	if (!runfolder_open(tmp, runs, name, false, &run, NULL) && !too_much(keeping, run) &&
		!journal_open(tmp, run, &journal, NULL) && says_something(keeping, journal, own)) {
		name = talloc_strdup(keeping, name);
		for (size_t i = journal_count(journal); !ret && i-- > 0;)
			if (entry_is(journal_entry(journal, i), JOURNAL_DECISION))
				ret = decision_add(keeping, name, journal_entry(journal, i), err);
		written_add(keeping, name, journal);
		if (!own)
			overlay_add(keeping, name, journal);
	}
	talloc_free(tmp);
	return ret;
}

static int kept_order(const void *a, const void *b)
{
	const struct kept *one = a, *other = b;

	return strcmp(one->id, other->id);
}

int kept_read(TALLOC_CTX *mem, const struct server *server, const char *runs, const char *first,
	struct survey_options *options, struct error *err)
{
	struct keeping *keeping = talloc_zero(mem, struct keeping);
	struct run_summary *list;
	size_t count = 0;
	int ret = 0;

	if (!keeping)
		return error_memory(err);
	keeping->server = server;
	keeping->seen = json_object();
	if (first)
		ret = run_read(keeping, runs, first, true, err);
	(void)runs_names(keeping, runs, &list, &count, NULL);
	for (size_t i = 0; !ret && i < count && i < RUNS_READ; i++)
		ret = run_read(keeping, runs, list[i].name, false, err);
	json_decref(keeping->seen);
	if (keeping->count)
		qsort(keeping->list, keeping->count, sizeof *keeping->list, kept_order);
	options->kept = keeping->list;
	options->kept_count = keeping->count;
	options->written = keeping->written;
	options->overlay_run = keeping->overlay_run;
	options->overlay_kept = keeping->overlay_kept;
	return ret;
}

/* ---- a server surveyed again for a run: what its operator said when it began still holds ---- */

static const char **names_said(struct engine *engine, const json_t *begun, const char *member)
{
	const json_t *said = json_object_get(begun, member), *name;
	const char **names = memory_array_zero(engine, sizeof *names, json_array_size(said) + 1);
	size_t i, count = 0;

	json_array_foreach (said, i, name)
		if (json_is_string(name) &&
			(names[count] = text_unpercent(names, json_string_value(name))))
			count++;
	return names;
}

/* What is said now counts before what was said then. */
static struct survey_options options_of(struct engine *engine, const struct survey_options *given)
{
	const json_t *begun = journal_last(engine->journal, JOURNAL_RUN);
	struct survey_options options = *given;

	/* What a run needs was rehearsed before it began. */
	options.rehearse = NULL;
	options.relocated_recorded = !options.relocated;
	if (!options.relocated)
		options.relocated = path_of_json(engine, begun, "relocated");
	options.pcmta_recorded = !options.pcmta_add && !options.pcmta_exclude;
	if (!options.pcmta_add)
		options.pcmta_add = names_said(engine, begun, "pcmta_added");
	if (!options.pcmta_exclude)
		options.pcmta_exclude = names_said(engine, begun, "pcmta_struck");
	if (options.live == LIVE_SAID_NOTHING &&
		json_is_true(json_object_get(begun, "live_confirmed")))
		options.live = LIVE_SAID_RELOCATED;
	options.letters_confirmed |= json_is_true(json_object_get(begun, "letters_confirmed"));
	return options;
}

int engine_survey(struct engine *engine, TALLOC_CTX *mem,
	const struct survey_options *survey_options, const struct survey **survey,
	struct error *err)
{
	struct survey_options options = options_of(engine, survey_options);
	int ret = kept_read(mem, engine->server, engine->runs, runfolder_name(engine->run),
		&options, err);

	if (!ret)
		ret = survey_make(mem, engine->server, &options, survey, err);
	if (!ret)
		survey_words(*survey, engine->words);
	return ret;
}
