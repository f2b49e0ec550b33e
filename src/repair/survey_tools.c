/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every part of the survey needs: notices, rows, keys that are listed once, paths as the disk spells them. */
#include "repair/survey_internal.h"

#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

int look_tell(struct look *look, const char *what)
{
	if (look->options->tell && look->options->tell(look->options->arg, what) != 0)
		return error_set(look->err, TROUBLE_STOPPED, _("The check of the server was stopped."));
	return 0;
}

const char *look_shown(struct look *look, const char *text)
{
	const char *shown = text ? text_shown(look->tmp, text) : "";

	return shown ? shown : "?";
}

int look_notice(struct look *look, const char *id, const char *format, ...)
{
	struct survey *survey = look->survey;
	struct notice *notice = memory_more(survey, &survey->notices, survey->notice_count, sizeof *notice);
	va_list args;
	char *text;

	if (!notice)
		return error_memory(look->err);
	va_start(args, format);
	text = talloc_vasprintf(survey, format, args);
	va_end(args);
	if (!text)
		return error_memory(look->err);
	survey->notice_count++;
	*notice = (struct notice){ .id = id, .text = text };
	return 0;
}

int look_refuse(struct look *look, enum trouble trouble, const char *format, ...)
{
	struct survey *survey = look->survey;
	va_list args;

	if (survey->look_only)
		return 0;
	va_start(args, format);
	survey->look_only_why = talloc_vasprintf(survey, format, args);
	va_end(args);
	survey->look_only = true;
	survey->look_only_trouble = trouble;
	survey->look_only_advice = trouble_advice(trouble);
	return survey->look_only_why ? 0 : error_memory(look->err);
}

int look_refuse_why(struct look *look, const struct error *why)
{
	bool first = !look->survey->look_only;
	int ret = look_refuse(look, why->trouble, "%s", why->text);

	if (first)
		look->survey->look_only_advice = error_advice(why);
	return ret;
}

struct finding *look_finding(struct look *look, enum finding_kind kind, int step, const char *prefix,
			     const char *subject)
{
	struct survey *survey = look->survey;
	char *coded = text_percent(look->tmp, subject);
	struct finding *row = memory_more(survey, &survey->findings, survey->finding_count, sizeof *row);

	if (!row)
		return NULL;
	*row = (struct finding){ .kind = kind, .step = step, .move = MOVE_UNKNOWN };
	row->id = coded ? talloc_asprintf(survey, "%s%s", prefix, coded) : NULL;
	row->subject = talloc_strdup(survey, look_shown(look, subject));
	row->undo = talloc_strdup(survey, step ? _(article_step(step)->undo) : "");
	talloc_free(coded);
	if (!row->id || !row->subject || !row->undo)
		return NULL;
	survey->finding_count++;
	return row;
}

/* ---- the registry ---- */

/* FNV-1a over what stays the same in every spelling: letters of ASCII without their case. */
static uint32_t path_hash(const char *path)
{
	uint32_t hash = 2166136261U;

	for (; *path; path++)
		if (!(*path & 0x80))
			hash = (hash ^ (unsigned char)(*path & ~0x20)) * 16777619U;
	return hash;
}

int look_key(struct look *look, const char *path, struct reg_key **key)
{
	uint32_t hash = path_hash(path);
	struct look_key *known;
	int ret;

	for (known = look->keys; known; known = known->next) {
		if (known->hash != hash || !text_equal(known->path, path))
			continue;
		*key = known->key;
		return 0;
	}
	known = talloc_zero(look->tmp, struct look_key);
	if (!known)
		return error_memory(look->err);
	known->hash = hash;
	known->path = talloc_strdup(known, path);
	ret = known->path ? look->server->ops->reg_list(look->server, known, path, &known->key, look->err) :
	      error_memory(look->err);
	if (ret != 0)
		return ret;
	known->next = look->keys;
	look->keys = known;
	*key = known->key;
	return 0;
}

const struct reg_value *look_value(const struct reg_key *key, const char *name)
{
	for (size_t i = 0; key && i < key->value_count; i++)
		if (text_equal(key->values[i].name, name))
			return &key->values[i];
	return NULL;
}

bool look_has_subkey(const struct reg_key *key, const char *name)
{
	for (size_t i = 0; key && i < key->subkey_count; i++)
		if (text_equal(key->subkeys[i], name))
			return true;
	return false;
}

char *look_string(struct look *look, const struct reg_data *data)
{
	if (!data || (data->type != REG_SZ && data->type != REG_EXPAND_SZ))
		return NULL;
	return regdata_string(look->tmp, data);
}

/* ---- files ---- */

bool look_has_drive(const struct look *look, const char *path)
{
	return path && *path && strchr(look->letters, *path) != NULL;
}

int look_exists(struct look *look, const char *path, enum entry_kind kind, bool *found)
{
	struct file_meta meta;
	int ret;

	*found = false;
	if (!look_has_drive(look, path))
		return 0;
	ret = look->server->ops->look(look->server, look->tmp, path, found, &meta, NULL, look->err);
	if (ret == 0 && *found)
		*found = meta.kind == kind;
	return ret;
}

/* The 8.3 name of one entry: the disk's own, else by the rule, if it is the only one of its folder that the rule would
 * name so. */
static int entry_short(struct look *look, const char *folder, const struct entry_list *list, const char *name,
		       char **out)
{
	char *path = path_join(look->tmp, folder, name);
	int ret = path ? look->server->ops->short_name(look->server, look->tmp, path, out, look->err)
		       : error_memory(look->err);
	size_t same = 0;

	if (ret != 0 || *out)
		return ret;
	*out = path_short_guess(look->tmp, name);
	for (size_t i = 0; *out && i < list->count; i++) {
		char *other = path_is_short(list->entries[i].name) ? list->entries[i].name :
			      path_short_guess(look->tmp, list->entries[i].name);
		same += other && text_equal(other, *out);
	}
	if (same != 1)
		*out = NULL;
	else
		look->shorts_derived = true;
	return 0;
}

/* The long name behind an 8.3 name; *name NULL if there is none. */
static int short_resolve(struct look *look, const char *folder, const char *wanted, const char **name)
{
	bool derived = look->shorts_derived;
	struct entry_list list;
	int ret = look->server->ops->list(look->server, look->tmp, folder, &list, look->err);

	*name = NULL;
	for (size_t i = 0; ret == 0 && !*name && i < list.count; i++) {
		char *shortened = NULL;
		if (path_is_short(list.entries[i].name))
			continue;
		ret = entry_short(look, folder, &list, list.entries[i].name, &shortened);
		if (ret == 0 && shortened && text_equal(shortened, wanted))
			*name = list.entries[i].name;
	}
	look->shorts_derived = derived;
	return ret;
}

/* One step down; *real becomes NULL where there is nothing. */
static int real_step(struct look *look, char **real, const char *name)
{
	const char *found_name = NULL;
	char *path = path_join(look->tmp, *real, name), *folder = *real;
	bool found;
	int ret = path ? look->server->ops->look(look->server, look->tmp, path, &found, NULL, real, look->err) :
		  error_memory(look->err);

	if (ret != 0 || found)
		return ret;
	*real = NULL;
	if (!strchr(name, '~') || !path_is_short(name))
		return 0;
	ret = short_resolve(look, folder, name, &found_name);
	if (ret == 0 && found_name) {
		*real = path_join(look->tmp, folder, found_name);
		ret = *real ? 0 : error_memory(look->err);
	}
	return ret;
}

int look_real(struct look *look, const char *path, char **real)
{
	bool found;
	int ret;

	*real = NULL;
	if (!look_has_drive(look, path))
		return 0;
	ret = look->server->ops->look(look->server, look->tmp, path, &found, NULL, real, look->err);
	if (ret != 0 || found)
		return ret;
	*real = NULL;
	if (!strchr(path, '~'))
		return 0;
	*real = talloc_asprintf(look->tmp, "%c:\\", path[0]);
	for (size_t i = 0; ret == 0 && *real && i < path_parts(path); i++) {
		char *name = path_part(look->tmp, path, i);
		ret = name ? real_step(look, real, name) : error_memory(look->err);
	}
	return ret;
}

int look_shorts(struct look *look, const char *full, const char *const **shorts)
{
	size_t parts = path_parts(full);
	const char **names = memory_array_zero(look->survey, sizeof(*names), parts + 1);
	char *folder = talloc_asprintf(look->tmp, "%c:\\", full[0]);
	int ret = names && folder ? 0 : error_memory(look->err);

	for (size_t i = 0; ret == 0 && i < parts; i++) {
		char *name = path_part(look->tmp, full, i), *shortened = NULL;
		struct entry_list list;
		bool there = false;
		if (!name)
			return error_memory(look->err);
		if (!path_is_short(name))
			ret = look_exists(look, folder, ENTRY_FOLDER, &there);
		if (ret == 0 && there)
			ret = look->server->ops->list(look->server, look->tmp, folder, &list, look->err);
		if (ret == 0 && there)
			ret = entry_short(look, folder, &list, name, &shortened);
		if (ret == 0 && shortened)
			names[i] = talloc_strdup(look->survey, shortened);
		folder = path_join(look->tmp, folder, name);
		if (!folder)
			return error_memory(look->err);
	}
	*shorts = names;
	return ret;
}

/* Files too large to be programs are hashed in pieces. */
int look_file_fact(struct look *look, const char *path, const struct file_meta *meta, struct file_fact *fact)
{
	TALLOC_CTX *tmp = talloc_new(look->tmp);
	uint8_t *bytes;
	size_t len;
	int ret;

	*fact = (struct file_fact){ .present = true, .pe = PE_OLD, .size = meta->size, .mtime = meta->mtime };
	if (meta->size > LOOK_VERSION_LIMIT) {
		ret = server_digest(look->server, path, &fact->digest, look->err);
	} else {
		ret = server_read_file(look->server, tmp, path, LOOK_VERSION_LIMIT, &bytes, &len, look->err);
		if (ret == 0) {
			fact->digest = digest_of(bytes, len);
			fact->pe = pe_kind_read(bytes, len);
			fact->has_version = pe_version_read(bytes, len, &fact->version);
		}
	}
	talloc_free(tmp);
	return ret;
}
