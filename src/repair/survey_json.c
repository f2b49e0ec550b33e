/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The survey as JSON (doc/json.md). Keys and states are never translated. */
#include "repair/survey.h"

#include <string.h>

#include "base/text.h"

static const char *const lives[] = { "relocated", "default", "unclear" };

const char *survey_live_name(enum survey_live live)
{
	return lives[live];
}

enum survey_live survey_live_parse(const char *name)
{
	for (int i = LIVE_RELOCATED; name && i < LIVE_UNCLEAR; i++)
		if (!strcmp(lives[i], name))
			return (enum survey_live)i;
	return LIVE_UNCLEAR;
}

static json_t *shown(const char *text)
{
	char *safe = text ? text_shown(NULL, text) : NULL;
	json_t *json = safe ? json_string(safe) : json_null();

	talloc_free(safe);
	return json;
}

static json_t *time_json(int64_t time)
{
	char *text = time ? filetime_text(NULL, time, true) : NULL;
	json_t *json = text ? json_string(text) : json_null();

	talloc_free(text);
	return json;
}

static json_t *id_json(const struct server_id *id)
{
	json_t *json = json_object();

	json_object_set_new(json, "install_date", json_integer(id->install_date));
	json_object_set_new(json, "product_id", shown(id->product_id ? id->product_id : ""));
	return json;
}

static json_t *server_json(const struct survey *survey)
{
	static const char *const covers[] = { "yes", "by-analogy", "unknown" };
	json_t *json = json_object();

	json_object_set_new(json, "name", shown(survey->id->name));
	json_object_set_new(json, "reach", json_string(survey->reach));
	json_object_set_new(json, "simulated", json_boolean(survey->caps & SERVER_SIMULATED));
	json_object_set_new(json, "exchange", shown(survey->release ? survey->release : survey->exchange_version));
	json_object_set_new(json, "exchange_version", shown(survey->exchange_version));
	json_object_set_new(json, "exchange_root", shown(survey->exchange_root));
	json_object_set_new(json, "covered", json_string(covers[survey->cover]));
	json_object_set_new(json, "control_set", json_string(survey->control_set));
	json_object_set_new(json, "nt_folder", shown(survey->id->nt_folder));
	json_object_set_new(json, "nt_version", shown(survey->id->nt_version));
	json_object_set_new(json, "product_type", shown(survey->id->product_type));
	json_object_set_new(json, "setup_time", time_json(survey->setup_time));
	json_object_set_new(json, "letters_proved", json_boolean(survey->letters_proved));
	json_object_set_new(json, "id", id_json(survey->id));
	return json;
}

static json_t *maildata_json(const struct maildata *data)
{
	json_t *json = json_object(), *names = json_array();

	json_object_set_new(json, "present", json_boolean(data->present));
	json_object_set_new(json, "master_glb", json_boolean(data->master_glb));
	json_object_set_new(json, "newest", time_json(data->newest));
	json_object_set_new(json, "newest_file", shown(data->newest_file));
	json_object_set_new(json, "after_setup", json_integer((json_int_t)data->after_setup));
	for (size_t i = 0; i < data->after_setup && i < 20; i++)
		json_array_append_new(names, shown(data->after_setup_names[i]));
	json_object_set_new(json, "after_setup_names", names);
	return json;
}

static json_t *msmcon_json(const struct survey *survey)
{
	json_t *json = json_object(), *maildata = json_object();

	json_object_set_new(json, "default", shown(survey->default_msmcon));
	json_object_set_new(json, "relocated", shown(survey->relocated_msmcon));
	json_object_set_new(json, "relocated_source", shown(survey->relocated_source));
	json_object_set_new(json, "live", json_string(survey_live_name(survey->live)));
	json_object_set_new(json, "live_reasons", shown(survey->live_reasons));
	json_object_set_new(maildata, "default", maildata_json(&survey->maildata_default));
	json_object_set_new(maildata, "relocated", maildata_json(&survey->maildata_relocated));
	json_object_set_new(json, "maildata", maildata);
	return json;
}

static json_t *pcmtas_json(const struct survey *survey)
{
	json_t *json = json_array();

	for (size_t i = 0; i < survey->pcmta_count; i++)
		json_array_append_new(json, shown(survey->pcmtas[i].name));
	return json;
}

static json_t *notices_json(const struct survey *survey)
{
	json_t *json = json_array();

	for (size_t i = 0; i < survey->notice_count; i++) {
		json_t *notice = json_object();
		json_object_set_new(notice, "id", json_string(survey->notices[i].id));
		json_object_set_new(notice, "text", shown(survey->notices[i].text));
		json_array_append_new(json, notice);
	}
	return json;
}

static json_t *leftovers_json(const struct survey *survey)
{
	json_t *json = json_array();

	for (size_t i = 0; i < survey->leftover_count; i++)
		json_array_append_new(json, shown(survey->leftovers[i]));
	return json;
}

/* null where the server may be repaired. */
static json_t *look_only_json(const struct survey *survey)
{
	json_t *json;

	if (!survey->look_only)
		return json_null();
	json = json_object();
	json_object_set_new(json, "trouble", json_string(trouble_name(survey->look_only_trouble)));
	json_object_set_new(json, "text", shown(survey->look_only_why));
	json_object_set_new(json, "advice", json_string(survey->look_only_advice ? survey->look_only_advice : ""));
	return json;
}

json_t *survey_json(const struct survey *survey)
{
	json_t *json = json_object(), *rows = json_array();
	int failed = !json || !rows;

	json_object_set_new(json, "format", json_integer(DOCUMENT_FORMAT));
	json_object_set_new(json, "article", json_string(ARTICLE_NUMBER));
	json_object_set_new(json, "server", server_json(survey));
	json_object_set_new(json, "msmcon", msmcon_json(survey));
	json_object_set_new(json, "pcmta_services", pcmtas_json(survey));
	json_object_set_new(json, "look_only", look_only_json(survey));
	json_object_set_new(json, "notices", notices_json(survey));
	json_object_set_new(json, "leftovers", leftovers_json(survey));
	json_object_set_new(json, "rows", rows);
	json_object_set_new(json, "changes_needed", json_integer((json_int_t)survey->changes_needed));
	json_object_set_new(json, "open", json_integer((json_int_t)survey->open));
	json_object_set_new(json, "needs_person", json_integer((json_int_t)survey->needs_person));
	for (size_t i = 0; !failed && i < survey->finding_count; i++)
		failed = json_array_append_new(rows, finding_json(&survey->findings[i]));
	if (!failed)
		return json;
	json_decref(json);
	return NULL;
}

bool document_format_known(const json_t *document)
{
	json_int_t format = json_integer_value(json_object_get(document, "format"));

	return format >= 1 && format <= DOCUMENT_FORMAT;
}
