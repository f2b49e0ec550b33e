/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/services.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"
#include "report/outcome.h"
#include "run/after.h"
#include "run/engine_internal.h"

/* ---- the Connector MTAs by name ---- */

int pcmtas_record(struct engine *engine, const struct survey *survey, struct error *err)
{
	const json_t *last = journal_last(engine->journal, JOURNAL_PCMTAS);
	bool appletalk = survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA) != NULL, same;
	json_t *names = json_array();
	int failed = !names;

	for (size_t i = 0; !failed && i < survey->pcmta_count; i++)
		failed = json_array_append_new(names, json_path(survey->pcmtas[i].name));
	same = last && json_equal(names, json_object_get(last, "names")) && json_is_true(json_object_get(last, "appletalk")) == appletalk;
	if (failed || same) {
		json_decref(names);
		return failed ? error_memory(err) : 0;
	}
	return journal_add(engine->journal, JOURNAL_PCMTAS, json_pack("{s:o, s:b}", "names", names, "appletalk", appletalk), false, err);
}

/* In the order they are stopped. */
static int names_make(struct engine *engine, TALLOC_CTX *mem, char ***names, size_t *count, struct error *err)
{
	static const char *const last[] = { ARTICLE_SERVICE_ATMTA, ARTICLE_SERVICE };
	int result = mtas_read(mem, journal_last(engine->journal, JOURNAL_PCMTAS), names, count, err);

	for (size_t i = *count && text_equal((*names)[*count - 1], ARTICLE_SERVICE_ATMTA); !result && i < 2; i++) {
		char **more = memory_more(mem, names, *count, sizeof *more);

		if (more)
			*more = talloc_strdup(*names, last[i]);
		if (!more || !*more)
			return error_memory(err);
		(*count)++;
	}
	return result;
}

/* ---- on record ---- */

static int service_record(struct engine *engine, const char *name, const char *to, struct error *err)
{
	return journal_add(engine->journal, JOURNAL_SERVICE, json_pack("{s:s, s:o}", "to", to, "name", json_path(name)), true, err);
}

/* Stopped by this run, and not started since. */
static bool service_owed(const struct journal *journal, const char *name)
{
	bool owed = false;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = entry_is(journal_entry(journal, i), JOURNAL_SERVICE) ? journal_entry(journal, i) : NULL;
		char *told = entry ? path_of_json(NULL, entry, "name") : NULL;
		const char *to = json_string_value(json_object_get(entry, "to"));

		if (told && to && text_equal(told, name))
			owed = !strcmp(to, "stopped");
		talloc_free(told);
	}
	return owed;
}

bool engine_services_down(const struct engine *engine)
{
	bool owed = false;

	for (size_t i = 0; i < journal_count(engine->journal); i++) {
		const json_t *entry = entry_is(journal_entry(engine->journal, i), JOURNAL_SERVICE) ? journal_entry(engine->journal, i) : NULL;
		char *name = entry ? path_of_json(NULL, entry, "name") : NULL;

		owed |= name && service_owed(engine->journal, name);
		talloc_free(name);
	}
	return owed;
}

/* ---- stopping and starting ---- */

static enum service_state state_of(const struct service_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->services[i].name, name))
			return list->services[i].state;
	return SERVICE_UNKNOWN;
}

static int service_stop(struct engine *engine, const char *name, struct error *err)
{
	int result = service_record(engine, name, "stopped", err);

	return result ? result : engine->server->ops->service_set(engine->server, name, SERVICE_STOPPED, err);
}

int services_down(struct engine *engine, struct error *err)
{
	struct service_list list = { NULL, 0 };
	TALLOC_CTX *tmp;
	char **names;
	size_t count;
	bool told = engine_services_down(engine);
	int result;

	if (!(engine->server->caps & SERVER_SERVICES))
		return 0;
	tmp = talloc_new(NULL);
	result = names_make(engine, tmp, &names, &count, err);
	if (!result)
		result = engine->server->ops->service_list(engine->server, tmp, &list, err);
	for (size_t i = 0; !result && i < count; i++) {
		enum service_state state = state_of(&list, names[i]);

		if (state == SERVICE_RUNNING || state == SERVICE_STARTING)
			result = service_stop(engine, names[i], err);
	}
	if (!result && !told && engine_services_down(engine))
		result = engine_tell(engine, 0, _("The connector's services are stopped"), err);
	talloc_free(tmp);
	return result;
}

/* Why a service stays down, on record and for the next page. */
static int service_note(struct engine *engine, const struct error *why, struct error *err)
{
	char *note = talloc_asprintf(engine, "%s%s%s", engine->told.services_note ? engine->told.services_note : "", engine->told.services_note ? " " : "",
				     why->text);

	talloc_free(engine->told.services_note);
	engine->told.services_note = note;
	runfolder_log(engine->run, "a service was not started: %s", why->text);
	return journal_add(engine->journal, JOURNAL_NOTE, json_pack("{s:s}", "note", why->text), true, err);
}

static int service_start(struct engine *engine, const char *name, struct error *err)
{
	struct error why;

	if (engine->server->ops->service_set(engine->server, name, SERVICE_RUNNING, &why))
		return service_note(engine, &why, err);
	return service_record(engine, name, "running", err);
}

/* From the last to the first: the Interchange before what needs it. all: also those that this run did not stop. */
static int services_start(struct engine *engine, bool all, struct error *err)
{
	struct service_list list = { NULL, 0 };
	TALLOC_CTX *tmp = talloc_new(NULL);
	char **names = NULL;
	size_t count = 0;
	int result = names_make(engine, tmp, &names, &count, err);

	TALLOC_FREE(engine->told.services_note);
	if (!result)
		result = engine->server->ops->service_list(engine->server, tmp, &list, err);
	for (size_t i = count; !result && i-- > 0;) {
		bool there = state_of(&list, names[i]) != SERVICE_UNKNOWN, optional = text_equal(names[i], ARTICLE_SERVICE_ATMTA);

		if (service_owed(engine->journal, names[i]) || (all && there && !optional && state_of(&list, names[i]) != SERVICE_RUNNING))
			result = service_start(engine, names[i], err);
	}
	talloc_free(tmp);
	return result;
}

int services_up(struct engine *engine, struct error *err)
{
	int result;

	if (!(engine->server->caps & SERVER_SERVICES) || !engine_services_down(engine))
		return 0;
	result = services_start(engine, false, err);
	if (!result && !engine->told.services_note)
		(void)engine_tell(engine, 0, _("The connector's services run again"), err);
	return result;
}

int services_late(struct engine *engine, struct error *err)
{
	const json_t *end = journal_last(engine->journal, JOURNAL_END);
	size_t count = journal_count(engine->journal);
	json_t *again = NULL;
	int result;

	if (journal_ended(engine->journal))
		again = json_pack("{s:O, s:O}", "result", json_object_get(end, "result"), "exit", json_object_get(end, "exit"));
	result = services_up(engine, err);
	if (!result && again && journal_count(engine->journal) > count)
		return journal_add(engine->journal, JOURNAL_END, again, true, err);
	json_decref(again);
	return result;
}

int engine_services_start(struct engine *engine, struct error *err)
{
	int result = services_start(engine, true, err);

	if (!result && engine->told.services_note)
		result = error_set(err, TROUBLE_CANNOT, "%s", engine->told.services_note);
	return result;
}
