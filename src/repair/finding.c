/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/finding.h"

#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/text.h"
#include "nt/sharedef.h"

enum { TEXT_LIMIT = 256, LAST_JUDGED = 4 };

bool finding_is_open(const struct finding *finding)
{
	return finding->step <= LAST_JUDGED && finding->kind != KIND_BACKUP &&
		finding->move != MOVE_NONE && !finding->kept_by;
}

bool finding_needs_person(const struct finding *finding)
{
	return finding->move >= MOVE_PERSON &&
		(finding_is_open(finding) || finding->kind == KIND_SERVICE);
}

bool finding_is_stale(const struct finding *finding)
{
	bool stale = finding->kind == KIND_FILE
		? finding->compare != FILE_NEWER
		: finding->leads == LEADS_DEFAULT || finding->leads == LEADS_MIXED;

	return finding_is_open(finding) && finding->move == MOVE_PROGRAM && stale;
}

static const char *const state_names[] = { N_("right"), N_("wrong"), N_("absent"), N_("unknown") };
static const char *const kind_names[] = { "backup", "file", "value", "share", "service",
	"oldfolder", "postoffice" };
static const char *const move_names[] = { "none", "program", "person", "unknown" };
static const char *const compare_names[] = { "same", "older", "newer", "different", "only-setup",
	"only-relocated" };
static const char *const leads_names[] = { "nowhere", "default", "relocated", "mixed" };
static const char *const fault_names[] = { "right", "comes", "no-path", "nothing", "folder",
	"broken", "other-kind", "another", "not-it", "arguments", "unseen" };

const char *finding_state_name(enum finding_state state)
{
	return state_names[state];
}

/* A value by its key and its name, anything else by what stands behind its kind. */
char *finding_id_shown(TALLOC_CTX *mem, const char *id)
{
	const char *subject = strchr(id, '/');
	char *text, *shown, *name;

	if (!subject && strcmp(id, kind_names[KIND_OLDFOLDER]) == 0)
		return talloc_strdup(mem, _("the old folder"));
	if (!subject)
		return text_shown(mem, id);
	text = text_unpercent(mem, subject + 1);
	shown = text_shown(mem, text ? text : subject + 1);
	talloc_free(text);
	name = shown && strncmp(id, "registry/", 9) == 0 ? strrchr(shown, '\\') : NULL;
	if (!name)
		return shown;
	text = talloc_asprintf(mem, "%.*s, %s", (int)(name - shown), shown, name + 1);
	talloc_free(shown);
	return text;
}

const char *finding_kind_name(enum finding_kind kind)
{
	return kind_names[kind];
}

const char *named_fault_name(enum named_fault names)
{
	return fault_names[names];
}

enum finding_state finding_state_parse(const char *name)
{
	return (enum finding_state)text_number(state_names, FINDING_UNKNOWN, name);
}

enum named_fault named_fault_parse(const char *name)
{
	return (enum named_fault)text_number(fault_names, NAMED_UNTOLD, name);
}

/* ---- writing ---- */

json_t *text_json(char *text)
{
	json_t *json = text ? json_string(text) : json_null();

	talloc_free(text);
	return json;
}

/* A string of the server as JSON can hold it: nothing is lost that text_shown can show. */
json_t *shown_json(const char *text)
{
	return text_json(text ? text_shown(NULL, text) : NULL);
}

/* The same without loss, for reading back. */
static json_t *percent_json(const char *text)
{
	return text_json(text ? text_percent(NULL, text) : NULL);
}

static void data_put(json_t *json, const struct reg_data *data)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *text = regdata_text(tmp, data, TEXT_LIMIT);
	char *hex = text_hex(tmp, data->bytes, data->len);

	json_object_set_new(json, "type", json_string(regdata_type_name(tmp, data->type)));
	json_object_set_new(json, "text", shown_json(text));
	json_object_set_new(json, "hex", json_string(hex ? hex : ""));
	talloc_free(tmp);
}

static json_t *value_json(const struct value_fact *value)
{
	json_t *json;

	if (!value->data)
		return json_null();
	json = json_pack("{s:o, s:o}", "key", percent_json(value->key), "name",
		percent_json(value->name));
	data_put(json, value->data);
	return json;
}

static json_t *share_json(const struct share_fact *share)
{
	json_t *json;

	if (!share->path)
		return json_null();
	json = json_pack("{s:o, s:o, s:b}", "path", percent_json(share->path), "remark",
		percent_json(share->remark ? share->remark : ""), "open_to_all",
		share->open_to_all);
	if (share->definition)
		data_put(json, share->definition);
	if (share->security) {
		json_object_set_new(json, "security", json_object());
		data_put(json_object_get(json, "security"), share->security);
	}
	return json;
}

static json_t *file_json(const struct file_fact *file)
{
	char hex[65], version[24];

	if (!file->present)
		return json_null();
	digest_text(&file->digest, hex);
	if (file->has_version)
		pe_version_text(&file->version, version);
	return json_pack("{s:I, s:s, s:s?, s:o}", "size", (json_int_t)file->size, "sha256", hex,
		"version", file->has_version ? version : NULL, "mtime",
		text_json(filetime_text(NULL, file->mtime, true)));
}

json_t *finding_side_json(enum finding_kind kind, const struct side *side)
{
	switch (kind) {
	case KIND_FILE:
		return file_json(&side->file);
	case KIND_VALUE:
		return value_json(&side->value);
	case KIND_SHARE:
		return share_json(&side->share);
	default:
		return json_null();
	}
}

static void row_of_kind(json_t *json, const struct finding *finding)
{
	if (finding->kind == KIND_FILE)
		json_object_set_new(json, "compare", json_string(compare_names[finding->compare]));
	if (finding->kind == KIND_FILE || finding->kind == KIND_BACKUP) {
		json_object_set_new(json, "target", shown_json(finding->target));
		json_object_set_new(json, "source", shown_json(finding->source));
	}
	if (finding->kind == KIND_VALUE) {
		json_object_set_new(json, "entry", json_integer(finding->entry));
		json_object_set_new(json, "leads", json_string(leads_names[finding->leads]));
		json_object_set_new(json, "missing", shown_json(finding->missing));
	}
	if (finding->kind == KIND_VALUE || finding->kind == KIND_SHARE)
		json_object_set_new(json, "names", json_string(named_fault_name(finding->names)));
}

json_t *finding_json(const struct finding *finding)
{
	json_t *kept = finding->kept_by
		? json_pack("{s:s, s:s}", "by", finding->kept_by, "run", finding->kept_run)
		: json_null();
	json_t *json =
		json_pack("{s:s, s:i, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b}", "id",
			finding->id, "step", finding->step, "kind", kind_names[finding->kind],
			"state", state_names[finding->state], "move", move_names[finding->move],
			"todo", shown_json(finding->todo), "kept", kept, "subject",
			shown_json(finding->subject), "text", shown_json(finding->text), "why",
			shown_json(finding->why), "undo", shown_json(finding->undo), "can_change",
			finding->can_change, "needed", finding->needed);

	row_of_kind(json, finding);
	json_object_set_new(json, "before", finding_side_json(finding->kind, &finding->before));
	json_object_set_new(json, "after", finding_side_json(finding->kind, &finding->after));
	return json;
}

/* ---- reading ---- */

static int side_damaged(struct error *err, const char *what)
{
	return error_set(err, TROUBLE_RECORD_DAMAGED,
		_("The record of a file, value or share has no valid \"%s\"."), what);
}

/* *text is NULL where the member is missing or null. */
static int member_percent(TALLOC_CTX *mem, const json_t *json, const char *name, char **text,
	struct error *err)
{
	const json_t *member = json_object_get(json, name);

	*text = NULL;
	if (!member || json_is_null(member))
		return 0;
	if (!json_is_string(member))
		return side_damaged(err, name);
	*text = text_unpercent(mem, json_string_value(member));
	return *text ? 0 : side_damaged(err, name);
}

static int data_parse(TALLOC_CTX *mem, const json_t *json, struct reg_data **data,
	struct error *err)
{
	const char *type = json_string_value(json_object_get(json, "type"));
	const char *hex = json_string_value(json_object_get(json, "hex"));
	struct reg_data *made = talloc_zero(mem, struct reg_data);

	if (!made)
		return error_memory(err);
	if (!type || !regdata_type_parse(type, &made->type))
		return side_damaged(err, "type");
	made->bytes = hex ? text_unhex(made, hex, &made->len) : NULL;
	if (!made->bytes)
		return side_damaged(err, "hex");
	*data = made;
	return 0;
}

static int value_parse(TALLOC_CTX *mem, const json_t *json, struct value_fact *value,
	struct error *err)
{
	int ret = member_percent(mem, json, "key", &value->key, err);

	if (ret == 0)
		ret = member_percent(mem, json, "name", &value->name, err);
	return ret == 0 ? data_parse(mem, json, &value->data, err) : ret;
}

static int share_parse(TALLOC_CTX *mem, const json_t *json, struct share_fact *share,
	struct error *err)
{
	const json_t *open = json_object_get(json, "open_to_all"),
		     *security = json_object_get(json, "security");
	int ret = member_percent(mem, json, "path", &share->path, err);

	if (ret == 0 && !share->path)
		ret = side_damaged(err, "path");
	if (ret == 0)
		ret = member_percent(mem, json, "remark", &share->remark, err);
	if (ret == 0 && !json_is_boolean(open))
		ret = side_damaged(err, "open_to_all");
	if (ret != 0)
		return ret;
	share->open_to_all = json_is_true(open);
	if (json_object_get(json, "hex"))
		ret = data_parse(mem, json, &share->definition, err);
	if (ret == 0 && security)
		ret = data_parse(mem, security, &share->security, err);
	if (ret == 0 && share->security && !sharedef_security_ok(share->security))
		ret = side_damaged(err, "security");
	return ret;
}

static int file_parse(const json_t *json, struct file_fact *file, struct error *err)
{
	const json_t *size = json_object_get(json, "size"),
		     *version = json_object_get(json, "version");
	const char *hex = json_string_value(json_object_get(json, "sha256"));

	if (!json_is_integer(size) || json_integer_value(size) < 0)
		return side_damaged(err, "size");
	if (!hex || !digest_parse(hex, &file->digest))
		return side_damaged(err, "sha256");
	if (!filetime_parse(json_string_value(json_object_get(json, "mtime")), &file->mtime))
		return side_damaged(err, "mtime");
	file->has_version = version && !json_is_null(version);
	if (file->has_version &&
		(!json_is_string(version) ||
			!pe_version_parse(json_string_value(version), &file->version)))
		return side_damaged(err, "version");
	file->size = (uint64_t)json_integer_value(size);
	file->present = true;
	return 0;
}

int finding_side_parse(TALLOC_CTX *mem, enum finding_kind kind, const json_t *json,
	struct side *side, struct error *err)
{
	*side = (struct side){ 0 };
	if (json && json_is_null(json))
		return 0;
	if (!json_is_object(json) ||
		(kind != KIND_FILE && kind != KIND_VALUE && kind != KIND_SHARE))
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("The record of a file, value or share is of the wrong kind."));
	if (kind == KIND_FILE)
		return file_parse(json, &side->file, err);
	if (kind == KIND_VALUE)
		return value_parse(mem, json, &side->value, err);
	return share_parse(mem, json, &side->share, err);
}

/* ---- comparing ---- */

/* On disks the definition counts; a running server has only path, remark and descriptor to tell. */
static bool share_same(const struct share_fact *a, const struct share_fact *b)
{
	if (!a->path || !b->path)
		return a->path == b->path;
	if (!regdata_equal(a->security, b->security))
		return false;
	if (a->definition || b->definition)
		return regdata_equal(a->definition, b->definition);
	return text_equal(a->path, b->path) &&
		strcmp(a->remark ? a->remark : "", b->remark ? b->remark : "") == 0;
}

bool finding_side_equal(enum finding_kind kind, const struct side *a, const struct side *b)
{
	switch (kind) {
	case KIND_FILE:
		if (!a->file.present || !b->file.present)
			return a->file.present == b->file.present;
		return a->file.size == b->file.size &&
			digest_equal(&a->file.digest, &b->file.digest);
	case KIND_VALUE:
		return regdata_equal(a->value.data, b->value.data);
	case KIND_SHARE:
		return share_same(&a->share, &b->share);
	default:
		return true;
	}
}
