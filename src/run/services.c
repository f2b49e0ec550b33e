/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/services.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"
#include "report/outcome.h"
#include "run/finish.h"
#include "run/engine_internal.h"

enum { START_DISABLED = 4 };

/* ---- the PC MTAs by name ---- */

int pcmtas_record(struct engine *engine, const struct survey *survey, struct error *err)
{
	const json_t *last = journal_last(engine->journal, JOURNAL_PCMTAS);
	bool appletalk = survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA);
	json_t *names = json_array();

	for (size_t i = 0; i < survey->pcmta_count; i++)
		json_array_append_new(names, json_path(survey->pcmtas[i].name));
	if (last && json_equal(names, json_object_get(last, "names")) &&
		json_is_true(json_object_get(last, "appletalk")) == appletalk) {
		json_decref(names);
		return 0;
	}
	return journal_add(engine->journal, JOURNAL_PCMTAS,
		json_pack("{s:o, s:b}", "names", names, "appletalk", appletalk), false, err);
}

/* In the order they are stopped. */
static int names_read(struct engine *engine, TALLOC_CTX *mem, const char ***names, size_t *count,
	struct error *err)
{
	const char **all;
	char **mtas;

	if (mtas_read(mem, journal_last(engine->journal, JOURNAL_PCMTAS), &mtas, count, err))
		return -(int)err->trouble;
	all = memory_array(mem, sizeof *all, *count + 2);
	if (!all)
		return error_memory(err);
	for (size_t i = 0; i < *count; i++)
		all[i] = mtas[i];
	/* Where there is an AppleTalk MTA it is the last on record. */
	if (!*count || !text_equal(all[*count - 1], ARTICLE_SERVICE_ATMTA))
		all[(*count)++] = ARTICLE_SERVICE_ATMTA;
	all[(*count)++] = ARTICLE_SERVICE;
	*names = all;
	return 0;
}

/* ---- on record ---- */

static const char
	*const states[] = { [SERVICE_STOPPED] = "stopped", [SERVICE_RUNNING] = "running" };

static int service_record(struct engine *engine, const char *name, enum service_state to,
	struct error *err)
{
	return journal_add(engine->journal, JOURNAL_SERVICE,
		json_pack("{s:s, s:o}", "to", states[to], "name", json_path(name)), true, err);
}

static size_t service_first(const struct journal *journal, const char *name)
{
	size_t at = 0;
	bool found = false;

	for (; !found && at < journal_count(journal); at += !found) {
		const json_t *entry = journal_entry(journal, at);
		char *told =
			entry_is(entry, JOURNAL_SERVICE) ? path_of_json(NULL, entry, "name") : NULL;

		found = told && text_equal(told, name);
		talloc_free(told);
	}
	return at;
}

/* Stopped by this run, and not started since. */
static bool service_owed(const struct journal *journal, const char *name)
{
	bool owed = false;

	for (size_t i = 0; i < journal_count(journal); i++) {
		const json_t *entry = journal_entry(journal, i);
		char *told =
			entry_is(entry, JOURNAL_SERVICE) ? path_of_json(NULL, entry, "name") : NULL;

		if (told && text_equal(told, name))
			owed = entry_says(entry, "to", states[SERVICE_STOPPED]);
		talloc_free(told);
	}
	return owed;
}

static enum service_state state_of(const struct service_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->services[i].name, name))
			return list->services[i].state;
	return SERVICE_UNKNOWN;
}

/* list: those that run by now are left out; NULL: by the journal alone. */
static char *owed_list(const struct engine *engine, TALLOC_CTX *mem,
	const struct service_list *list)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *owed = NULL;

	for (size_t i = 0; i < journal_count(engine->journal); i++) {
		const json_t *entry = journal_entry(engine->journal, i);
		char *name =
			entry_is(entry, JOURNAL_SERVICE) ? path_of_json(tmp, entry, "name") : NULL;

		/* Each once, where it was stopped the first time. */
		if (!name || !service_owed(engine->journal, name) ||
			service_first(engine->journal, name) != i ||
			(list && state_of(list, name) == SERVICE_RUNNING))
			continue;
		name = text_shown(tmp, name);
		owed = owed ? talloc_asprintf(tmp, _("%s, %s"), owed, name) : name;
	}
	talloc_steal(mem, owed);
	talloc_free(tmp);
	return owed;
}

char *engine_services_owed(const struct engine *engine, TALLOC_CTX *mem)
{
	return owed_list(engine, mem, NULL);
}

char *services_stand(const struct engine *engine, TALLOC_CTX *mem)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server *server = engine->server;
	struct service_list list;
	bool asked = server && (server->caps & SERVER_SERVICES) &&
		server->ops->service_list(server, tmp, &list, NULL) == 0;
	char *owed = owed_list(engine, tmp, asked ? &list : NULL), *text = NULL;

	if (owed)
		text = talloc_asprintf(mem,
			_("Services were stopped for it and not started again: %s. Until they run no mail moves. "
			  "Resuming or putting back starts them."),
			owed);
	talloc_free(tmp);
	return text;
}

bool engine_services_down(const struct engine *engine)
{
	char *owed = engine_services_owed(engine, NULL);
	bool down = owed;

	talloc_free(owed);
	return down;
}

int services_left(const struct engine *engine, int ret, struct error *err)
{
	char *owed = engine_services_owed(engine, NULL), *advice;

	if (!owed)
		return ret;
	advice = talloc_strdup(owed, error_advice(err));
	(void)error_advise(err, ret,
		_("Services were stopped for it and do not run again: %s. Resume the run, which starts them. %s"),
		owed, advice ? advice : "");
	talloc_free(owed);
	return ret;
}

/* ---- stopping and starting ---- */

/* One that was disabled while it ran would not start again. */
static int service_startable(struct engine *engine, TALLOC_CTX *mem, const char *name,
	struct error *err)
{
	const struct survey *survey = engine->plan ? engine->plan->survey : engine->ground;
	char *key = survey ? survey_services_key(mem, survey) : NULL;
	uint32_t start = 0;
	bool found;
	int ret = key ? server_reg_dword(engine->server, talloc_asprintf(mem, "%s\\%s", key, name),
				"Start", &start, &found, err)
		      : 0;

	if (ret || start != START_DISABLED)
		return ret;
	return error_advise(err,
		error_set(err, TROUBLE_CANNOT,
			_("The service %s runs, but is disabled: once stopped it could not be started again."),
			text_shown(mem, name)),
		_("Set it to automatic or manual in Control Panel, Services, then try again."));
}

static bool runs(enum service_state state)
{
	return state == SERVICE_RUNNING || state == SERVICE_STARTING;
}

/* What somebody else is stopping is waited for, and is not ours to start. */
static int service_stop(struct engine *engine, const char *name, enum service_state state,
	struct error *err)
{
	int ret = runs(state) ? service_record(engine, name, SERVICE_STOPPED, err) : 0;

	return ret ? ret
		   : engine->server->ops->service_set(engine->server, name, SERVICE_STOPPED, err);
}

int services_down(struct engine *engine, struct error *err)
{
	struct service_list list = { NULL, 0 };
	bool told = engine_services_down(engine);
	const char **names;
	TALLOC_CTX *tmp;
	size_t count;
	int ret;

	if (!(engine->server->caps & SERVER_SERVICES))
		return 0;
	tmp = talloc_new(NULL);
	ret = names_read(engine, tmp, &names, &count, err);
	if (!ret)
		ret = engine->server->ops->service_list(engine->server, tmp, &list, err);
	for (size_t i = 0; !ret && i < count; i++)
		if (runs(state_of(&list, names[i])))
			ret = service_startable(engine, tmp, names[i], err);
	for (size_t i = 0; !ret && i < count; i++) {
		enum service_state state = state_of(&list, names[i]);

		if (runs(state) || state == SERVICE_STOPPING)
			ret = service_stop(engine, names[i], state, err);
	}
	if (!ret && !told && engine_services_down(engine))
		ret = engine_tell(engine, 0, _("The connector's services are stopped"), err);
	talloc_free(tmp);
	return ret;
}

/* Why a service stays down, on record and for the next page. */
static int service_note(struct engine *engine, const struct error *why, struct error *err)
{
	char *said = engine->told.services_note;

	engine->told.services_note = said ? talloc_asprintf_append(said, " %s", why->text)
					  : talloc_strdup(engine, why->text);
	runfolder_log(engine->run, "a service was not started: %s", why->text);
	return journal_add(engine->journal, JOURNAL_NOTE,
		json_pack("{s:s}", "note", error_recorded(engine, why)), true, err);
}

static int service_start(struct engine *engine, const char *name, struct error *err)
{
	struct error why;

	if (engine->server->ops->service_set(engine->server, name, SERVICE_RUNNING, &why))
		return service_note(engine, &why, err);
	return service_record(engine, name, SERVICE_RUNNING, err);
}

/* From the last to the first: the Interchange before what needs it. all: also those that this run
 * did not stop. */
static int services_start(struct engine *engine, bool all, struct error *err)
{
	struct service_list list = { NULL, 0 };
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char **names;
	size_t count = 0;
	int ret = names_read(engine, tmp, &names, &count, err);

	TALLOC_FREE(engine->told.services_note);
	if (!ret)
		ret = engine->server->ops->service_list(engine->server, tmp, &list, err);
	for (size_t i = count; !ret && i-- > 0;) {
		enum service_state state = state_of(&list, names[i]);
		bool down = state != SERVICE_UNKNOWN && state != SERVICE_RUNNING;

		if (service_owed(engine->journal, names[i]) ||
			(all && down && !text_equal(names[i], ARTICLE_SERVICE_ATMTA)))
			ret = service_start(engine, names[i], err);
	}
	talloc_free(tmp);
	return ret;
}

int services_up(struct engine *engine, struct error *err)
{
	int ret;

	if (!(engine->server->caps & SERVER_SERVICES) || !engine_services_down(engine))
		return 0;
	ret = services_start(engine, false, err);
	if (!ret && !engine->told.services_note)
		(void)engine_tell(engine, 0, _("The connector's services run again"), err);
	return ret;
}

int services_late(struct engine *engine, struct error *err)
{
	const json_t *end =
		journal_ended(engine->journal) ? journal_last(engine->journal, JOURNAL_END) : NULL;
	size_t count = journal_count(engine->journal);
	int ret = services_up(engine, err);

	if (ret || !end || journal_count(engine->journal) == count)
		return ret;
	return journal_add(engine->journal, JOURNAL_END,
		json_pack("{s:O, s:O}", "result", json_object_get(end, "result"), "exit",
			json_object_get(end, "exit")),
		true, err);
}

int engine_services_start(struct engine *engine, struct error *err)
{
	int ret = services_start(engine, true, err);

	if (!ret && engine->told.services_note)
		ret = error_set(err, TROUBLE_CANNOT, "%s", engine->told.services_note);
	return ret;
}
