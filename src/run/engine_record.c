/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run puts on record about the server: who it is, its registry as it was, the decisions. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "config.h"
#include "nt/regfile.h"
#include "record/reached.h"
#include "run/engine_internal.h"
#include "report/report.h"

enum { HIVE_LIMIT = 256 << 20, SERVICES_LIMIT = 64 << 20 };

/* ---- who ---- */

static json_t *server_json(const struct server_id *id)
{
	json_t *json = json_pack("{s:I}", "install_date", (json_int_t)id->install_date);

	if (!json)
		return NULL;
	json_object_set_new(json, "name", json_path(id->name));
	json_object_set_new(json, "product_id", json_path(id->product_id));
	json_object_set_new(json, "nt_folder", json_path(id->nt_folder));
	json_object_set_new(json, "nt_version", json_path(id->nt_version));
	json_object_set_new(json, "product_type", json_path(id->product_type));
	return json;
}

/* The PC MTAs that only the operator knew of. */
static json_t *pcmtas_added(const struct survey *survey)
{
	json_t *names = json_array();

	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (survey->pcmtas[i].by_operator)
			json_array_append_new(names, json_path(survey->pcmtas[i].name));
	return names;
}

static json_t *pcmtas_struck(const struct survey *survey)
{
	json_t *names = json_array();

	for (size_t i = 0; i < survey->struck_count; i++)
		json_array_append_new(names, json_path(survey->struck[i]));
	return names;
}

static json_t *run_fields(const struct engine *engine, json_t *server)
{
	const struct survey *survey = engine->plan->survey;
	json_t *fields = json_pack("{s:s, s:i, s:s, s:s, s:O, s:s, s:b}", "article", ARTICLE_NUMBER,
		"format", DOCUMENT_FORMAT, "version", PACKAGE_VERSION, "operator",
		engine->operator_name, "server", server, "reach", engine->server->reach,
		"simulated", (engine->server->caps & SERVER_SIMULATED) != 0);

	if (!fields)
		return NULL;
	if (engine->server->caps & SERVER_TEMPORARY)
		json_object_set_new(fields, "passing", json_true());
	reached_record(&engine->server->reached, fields);
	json_object_set_new(fields, "exchange",
		json_path(survey->release ? survey->release : survey->exchange_version));
	json_object_set_new(fields, "control_set", json_path(survey->control_set));
	json_object_set_new(fields, "default", json_path(survey->default_msmcon));
	json_object_set_new(fields, "relocated", json_path(survey->relocated_msmcon));
	json_object_set_new(fields, "pcmta_added", pcmtas_added(survey));
	json_object_set_new(fields, "pcmta_struck", pcmtas_struck(survey));
	json_object_set_new(fields, "letters_confirmed", json_boolean(!survey->letters_proved));
	json_object_set_new(fields, "live_confirmed",
		json_boolean(survey->live_said == LIVE_SAID_RELOCATED));
	json_object_set_new(fields, "default_newest",
		json_integer(survey->maildata_default.newest));
	json_object_set_new(fields, "share_led", json_string(survey_live_name(survey->share_led)));
	json_object_set_new(fields, "share_led_before", json_boolean(survey->share_led_before));
	json_object_set_new(fields, "bin", json_path(engine->bin));
	json_object_set_new(fields, "backup", json_path(engine->backup));
	return fields;
}

int record_run(struct engine *engine, struct error *err)
{
	json_t *server = server_json(&engine->server->id),
	       *fields = server ? run_fields(engine, server) : NULL;
	int ret = journal_add(engine->journal, JOURNAL_RUN, fields, true, err);

	if (!ret)
		ret = runfolder_write_json(engine->run, "server.json", server, err);
	json_decref(server);
	return ret;
}

/* ---- the registry as it was ---- */

struct saving {
	struct engine *engine;
	json_t *files;
	char *sums;
};

static int hive_check(struct engine *engine, const char *rel, const uint8_t *bytes, size_t len,
	struct error *err)
{
	uint8_t *back;
	size_t back_len;
	int ret = runfolder_read(engine->run, engine, rel, HIVE_LIMIT, &back, &back_len, err);

	if (!ret && (back_len != len || memcmp(back, bytes, len) != 0))
		ret = error_set(err, TROUBLE_VERIFY,
			_("The saved %s reads back as something else."), rel);
	talloc_free(back);
	return ret;
}

static int hive_save(void *arg, const char *name, const uint8_t *bytes, size_t len,
	struct error *err)
{
	struct saving *saving = arg;
	struct digest digest = digest_of(bytes, len);
	char hex[65], *rel = talloc_asprintf(saving->engine, "before/%s", name);

	if (runfolder_write(saving->engine->run, rel, bytes, len, err) ||
		hive_check(saving->engine, rel, bytes, len, err))
		return -(int)err->trouble;
	talloc_free(rel);
	digest_text(&digest, hex);
	saving->sums = talloc_asprintf_append(saving->sums, "%s  %s\n", hex, name);
	json_object_set_new(saving->files, name, json_string(hex));
	return 0;
}

/* REGEDIT4 is what NT 4.0 reads; only a character that its code page lacks needs the newer form. */
static int reg_write(struct regfile *file, uint8_t **bytes, size_t *len, struct error *err)
{
	int ret;

	file->version = REGFILE_4;
	ret = regfile_write(file, file, bytes, len, err);
	if (ret != -TROUBLE_NAME)
		return ret;
	file->version = REGFILE_5;
	return regfile_write(file, file, bytes, len, err);
}

/* One value more for a key of the file. */
static int reg_add(struct regfile *file, struct regfile_key *key, const char *name,
	const struct reg_data *data, struct error *err)
{
	struct reg_value *more = memory_more(file, &key->values, key->count, sizeof *more);
	struct reg_data *copy = more ? regdata_copy(file, data) : NULL;
	char *own = talloc_strdup(file, name);

	if (!copy || !own)
		return error_memory(err);
	key->count++;
	*more = (struct reg_value){ .name = own, .data = *copy };
	return 0;
}

struct services_walk {
	struct regfile *file;
	size_t bytes;
};

/* A server_value_fn. */
static int services_told(void *arg, const char *key, const struct reg_value *value,
	struct error *err)
{
	struct services_walk *walk = arg;
	struct regfile *file = walk->file;
	struct regfile_key *more;

	walk->bytes += strlen(key) + (value ? strlen(value->name) + value->data.len : 0);
	if (walk->bytes > SERVICES_LIMIT)
		return error_set(err, TROUBLE_CANNOT,
			_("The services in the registry of this server take more than %d MB, which no real server needs."),
			SERVICES_LIMIT >> 20);
	if (value)
		return reg_add(file, &file->keys[file->count - 1], value->name, &value->data, err);
	more = memory_more(file, &file->keys, file->count, sizeof *more);
	if (!more)
		return error_memory(err);
	file->count++;
	more->path = talloc_asprintf(file, "HKEY_LOCAL_MACHINE\\%s", key);
	return more->path ? 0 : error_memory(err);
}

/* A running server holds its registry files open: saved is, as a .reg file, all that stands in the
 * key that a repair writes to. */
static int services_save(struct saving *saving, struct error *err)
{
	struct engine *engine = saving->engine;
	struct services_walk walk = { talloc_zero(engine, struct regfile), 0 };
	char *key = survey_services_key(walk.file, engine->plan->survey);
	uint8_t *bytes;
	size_t len;
	int ret = key
		? engine->server->ops->reg_walk(engine->server, key, services_told, &walk, err)
		: error_memory(err);

	if (!ret)
		ret = reg_write(walk.file, &bytes, &len, err);
	if (!ret)
		ret = hive_save(saving, "entries.reg", bytes, len, err);
	talloc_free(walk.file);
	return ret;
}

int record_registry(struct engine *engine, struct error *err)
{
	struct saving saving = { engine, json_object(), talloc_strdup(engine, "") };
	int ret = server_runs(engine->server)
		? services_save(&saving, err)
		: engine->server->ops->reg_save(engine->server, hive_save, &saving, err);

	if (!ret)
		ret = runfolder_write(engine->run, "before/SHA256SUMS", saving.sums,
			strlen(saving.sums), err);
	talloc_free(saving.sums);
	if (!ret)
		return journal_add(engine->journal, JOURNAL_SAVED,
			json_pack("{s:o}", "files", saving.files), true, err);
	json_decref(saving.files);
	return ret;
}

int hive_digest(void *arg, const char *name, const uint8_t *bytes, size_t len, struct error *err)
{
	struct digest digest = digest_of(bytes, len);
	char hex[65];

	(void)err;
	digest_text(&digest, hex);
	json_object_set_new(arg, name, json_string(hex));
	return 0;
}

/* ---- the entries as a .reg file that the running server could import ---- */

/* Once it runs the server knows its control set as CurrentControlSet (doc/domain.md 8). One that
 * runs already may have started with another. */
static char *entry_path(TALLOC_CTX *mem, const struct survey *survey, const char *key)
{
	char *offline = talloc_asprintf(mem, "SYSTEM\\%s\\", survey->control_set);
	size_t len = strlen(offline);
	bool current = (survey->caps & SERVER_HIVES) && strlen(key) > len &&
		text_equal_n(key, offline, len);

	return talloc_asprintf(mem, "HKEY_LOCAL_MACHINE\\%s%s",
		current ? "SYSTEM\\CurrentControlSet\\" : "", current ? key + len : key);
}

static struct regfile_key *entry_key(struct regfile *file, const struct survey *survey,
	const char *key)
{
	char *path = entry_path(file, survey, key);
	struct regfile_key *more;

	for (size_t i = 0; i < file->count; i++)
		if (text_equal(file->keys[i].path, path))
			return &file->keys[i];
	more = memory_more(file, &file->keys, file->count, sizeof *more);
	if (!more)
		return NULL;
	file->count++;
	more->path = path;
	return more;
}

static int entries_write(struct engine *engine, struct regfile *file, const char *rel,
	struct error *err)
{
	uint8_t *bytes;
	size_t len;
	int ret = reg_write(file, &bytes, &len, err);

	return ret ? ret : runfolder_write(engine->run, rel, bytes, len, err);
}

int record_entries(struct engine *engine, const struct survey *survey, const char *rel,
	struct error *err)
{
	struct regfile *file = talloc_zero(engine, struct regfile);
	int ret;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct value_fact *fact = &survey->findings[i].before.value;
		struct regfile_key *key;

		if (survey->findings[i].kind != KIND_VALUE || !fact->data)
			continue;
		key = entry_key(file, survey, fact->key);
		ret = key ? reg_add(file, key, fact->name, fact->data, err) : error_memory(err);
		if (ret)
			return ret;
	}
	ret = entries_write(engine, file, rel, err);
	talloc_free(file);
	return ret;
}

/* ---- decisions ---- */

/* What was found and stays so: a report is to say what was kept, and as what. */
static json_t *kept_json(const struct survey *survey, const struct finding *finding)
{
	const struct finding *english = survey_finding(survey_english(survey), finding->id);
	char *text = text_shown(NULL, english && english->text ? english->text : "");
	json_t *json = json_pack("{s:i, s:s, s:s, s:s}", "step", finding->step, "kind",
		finding_kind_name(finding->kind), "text", text, "names",
		named_fault_name(finding->names));

	talloc_free(text);
	json_object_set_new(json, "before", finding_side_json(finding->kind, &finding->before));
	json_object_set_new(json, "after", finding_side_json(finding->kind, &finding->after));
	return json;
}

int record_decision(struct engine *engine, const char *id, enum decision decision,
	struct change *change, const struct finding *kept, bool lasting, struct error *err)
{
	json_t *fields = json_pack("{s:s, s:s, s:s, s:s}", "operator", engine->operator_name, "id",
		id, "decision", decision_name(decision), "how", engine->how);
	int failed = 0;

	if (change)
		failed = json_object_set_new(fields, "change", change_json(change));
	else if (kept)
		failed = json_object_set_new(fields, "kept", kept_json(engine->plan->survey, kept));
	if (failed) {
		json_decref(fields);
		return error_memory(err);
	}
	if (change)
		change->record = journal_count(engine->journal) + 1;
	if (journal_add(engine->journal, JOURNAL_DECISION, fields, lasting, err))
		return -(int)err->trouble;
	return decided_put(engine, id, decision, change, err);
}

/* ---- the report ---- */

const json_t *engine_words(const struct engine *engine)
{
	return engine->words;
}

int record_survey(struct engine *engine, const struct survey *survey, char hex[65],
	struct error *err)
{
	json_t *json = survey_json(survey);
	char *text = json ? json_dumps(json, JSON_INDENT(1)) : NULL;
	size_t len = text ? strlen(text) : 0;
	struct digest digest = digest_of(text, len);
	int ret = text ? runfolder_write(engine->run, REPORT_SURVEY, text, len, err)
		       : error_memory(err);

	digest_text(&digest, hex);
	json_decref(json);
	free(text);
	return ret;
}

int record_report(struct engine *engine, struct error *err)
{
	struct report *report;
	json_t *json;
	char *text;
	int ret;

	if (report_read(engine, engine->run, engine->words, &report, err))
		return -(int)err->trouble;
	json = report_json(report);
	text = report_text(report, report);
	ret = runfolder_write_json(engine->run, "report.json", json, err);
	if (!ret)
		ret = runfolder_write(engine->run, "report.txt", text, strlen(text), err);
	json_decref(json);
	talloc_free(report);
	return ret;
}
