/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The survey as JSON (doc/json.md). Keys and states are never translated. */
#include "repair/survey.h"

#include "base/filetime.h"
#include "base/text.h"

static const char *const lives[] = { "relocated", "default", "unclear" };

const char *survey_live_name(enum survey_live live)
{
	return lives[live];
}

enum survey_live survey_live_parse(const char *name)
{
	return (enum survey_live)text_number(lives, LIVE_UNCLEAR, name);
}

static json_t *time_json(int64_t time)
{
	return text_json(time ? filetime_text(NULL, time, true) : NULL);
}

static json_t *texts_json(char *const *texts, size_t count)
{
	json_t *json = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(json, shown_json(texts[i]));
	return json;
}

static json_t *server_json(const struct survey *survey)
{
	static const char *const covers[] = { "yes", "by-analogy", "unknown" };
	const struct server_id *id = survey->id;
	json_t *own = json_pack("{s:I, s:o}", "install_date", (json_int_t)id->install_date,
		"product_id", shown_json(id->product_id ? id->product_id : ""));

	return json_pack("{s:o, s:s, s:b, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o}",
		"name", shown_json(id->name), "reach", survey->reach, "simulated",
		(survey->caps & SERVER_SIMULATED) != 0, "exchange",
		shown_json(survey->release ? survey->release : survey->exchange_version),
		"exchange_version", shown_json(survey->exchange_version), "exchange_root",
		shown_json(survey->exchange_root), "covered", covers[survey->cover], "control_set",
		survey->control_set, "nt_folder", shown_json(id->nt_folder), "nt_version",
		shown_json(id->nt_version), "product_type", shown_json(id->product_type),
		"setup_time", time_json(survey->setup_time), "letters_proved",
		survey->letters_proved, "id", own);
}

static json_t *maildata_json(const struct maildata *data)
{
	size_t names = data->after_setup < MAILDATA_NAMES ? data->after_setup : MAILDATA_NAMES;

	return json_pack("{s:b, s:b, s:o, s:o, s:I, s:o}", "present", data->present, "master_glb",
		data->master_glb, "newest", time_json(data->newest), "newest_file",
		shown_json(data->newest_file), "after_setup", (json_int_t)data->after_setup,
		"after_setup_names", texts_json(data->after_setup_names, names));
}

static json_t *msmcon_json(const struct survey *survey)
{
	return json_pack("{s:o, s:o, s:o, s:s, s:o, s:{s:o, s:o}}", "default",
		shown_json(survey->default_msmcon), "relocated",
		shown_json(survey->relocated_msmcon), "relocated_source",
		shown_json(survey->relocated_source), "live", lives[survey->live], "live_reasons",
		shown_json(survey->live_reasons), "maildata", "default",
		maildata_json(&survey->maildata_default), "relocated",
		maildata_json(&survey->maildata_relocated));
}

static json_t *pcmtas_json(const struct survey *survey)
{
	json_t *json = json_array();

	for (size_t i = 0; i < survey->pcmta_count; i++)
		json_array_append_new(json, shown_json(survey->pcmtas[i].name));
	return json;
}

static json_t *notices_json(const struct survey *survey)
{
	json_t *json = json_array();

	for (size_t i = 0; i < survey->notice_count; i++)
		json_array_append_new(json,
			json_pack("{s:s, s:o}", "id", survey->notices[i].id, "text",
				shown_json(survey->notices[i].text)));
	return json;
}

/* null where the server may be repaired. */
static json_t *check_only_json(const struct survey *survey)
{
	const char *advice = survey->check_only_advice;

	return !survey->check_only
		? json_null()
		: json_pack("{s:s, s:o, s:s}", "trouble", trouble_name(survey->check_only_trouble),
			  "text", shown_json(survey->check_only_why), "advice",
			  advice ? advice : "");
}

json_t *survey_json(const struct survey *survey)
{
	json_t *rows = json_array();

	survey = survey_english(survey);
	for (size_t i = 0; i < survey->finding_count; i++)
		if (json_array_append_new(rows, finding_json(&survey->findings[i])) != 0) {
			json_decref(rows);
			return NULL;
		}
	return json_pack("{s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "format",
		DOCUMENT_FORMAT, "article", ARTICLE_NUMBER, "server", server_json(survey), "msmcon",
		msmcon_json(survey), "pcmta_services", pcmtas_json(survey), "look_only",
		check_only_json(survey), "notices", notices_json(survey), "leftovers",
		texts_json(survey->leftovers, survey->leftover_count), "rows", rows,
		"changes_needed", (json_int_t)survey->changes_needed, "open",
		(json_int_t)survey->open, "needs_person", (json_int_t)survey->needs_person);
}

static void word_put(json_t *words, const char *english, const char *text)
{
	json_t *key = shown_json(english);

	if (key && text && json_is_string(key))
		json_object_set_new(words, json_string_value(key), shown_json(text));
	json_decref(key);
}

void survey_words(const struct survey *survey, json_t *words)
{
	const struct survey *english = survey->english;

	for (size_t i = 0; english && i < english->finding_count; i++) {
		const struct finding *shown = survey_finding(survey, english->findings[i].id);

		word_put(words, english->findings[i].text, shown ? shown->text : NULL);
	}
	for (size_t i = 0; english && i < english->notice_count; i++)
		word_put(words, english->notices[i].text,
			survey_notice(survey, english->notices[i].id));
}

bool document_format_known(const json_t *document)
{
	json_int_t format = json_integer_value(json_object_get(document, "format"));

	return format >= 1 && format <= DOCUMENT_FORMAT;
}
