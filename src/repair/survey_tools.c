/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every part of the survey needs: texts, notices, rows, keys, paths as the disk spells them. */
#include "repair/survey_internal.h"

#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/sharedef.h"

/* ---- failures and texts ---- */

void look_fail(struct look *look, enum trouble trouble, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = look_need(look, talloc_vasprintf(look->tmp, format, args));
	va_end(args);
	if (look->ret == 0)
		look->ret = error_set(look->err, trouble, "%s", text);
}

void look_starved(struct look *look)
{
	if (look->ret == 0)
		look->ret = error_memory(look->err);
}

char *look_need(struct look *look, char *text)
{
	if (text)
		return text;
	look_starved(look);
	return look->nothing;
}

char *look_print(struct look *look, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(look->tmp, format, args);
	va_end(args);
	return look_need(look, text);
}

char *look_text(struct look *look, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(look->survey, format, args);
	va_end(args);
	return look_need(look, text);
}

char *look_path(struct look *look, const char *folder, const char *below)
{
	return look_need(look, path_join(look->tmp, folder, below));
}

char *look_parent(struct look *look, const char *path)
{
	return look_need(look, path_parent(look->tmp, path));
}

const char *look_shown(struct look *look, const char *text)
{
	const char *shown = text ? text_shown(look->tmp, text) : "";

	return shown ? shown : "?";
}

void look_name(struct look *look, struct look_names *names, const char *name)
{
	enum { MOST = 10 };

	if (names->count++ > MOST)
		return;
	if (names->count > MOST)
		name = "...";
	names->text = names->text ? look_print(look, "%s, %s", names->text, name) : name;
}

/* ---- notices and rows ---- */

void look_notice(struct look *look, const char *id, const char *format, ...)
{
	struct survey *survey = look->survey;
	struct notice *notice = memory_more(survey, &survey->notices, survey->notice_count, sizeof *notice);
	va_list args;

	if (!notice) {
		look_starved(look);
		return;
	}
	survey->notice_count++;
	va_start(args, format);
	*notice = (struct notice){ .id = id, .text = look_need(look, talloc_vasprintf(survey, format, args)) };
	va_end(args);
}

void look_refuse(struct look *look, enum trouble trouble, const char *format, ...)
{
	struct survey *survey = look->survey;
	va_list args;

	if (survey->look_only)
		return;
	va_start(args, format);
	survey->look_only_why = look_need(look, talloc_vasprintf(survey, format, args));
	va_end(args);
	survey->look_only = true;
	survey->look_only_trouble = trouble;
	survey->look_only_advice = trouble_advice(trouble);
}

void look_refuse_why(struct look *look, const struct error *why)
{
	bool first = !look->survey->look_only;

	look_refuse(look, why->trouble, "%s", why->text);
	if (first)
		look->survey->look_only_advice = error_advice(why);
}

struct finding *look_finding(struct look *look, enum finding_kind kind, int step, const char *prefix, const char *subject)
{
	struct survey *survey = look->survey;
	struct finding *row = memory_more(survey, &survey->findings, survey->finding_count, sizeof *row);

	if (row) {
		survey->finding_count++;
	} else {
		look_starved(look);
		row = &look->spare;
	}
	*row = (struct finding){ .kind = kind, .step = step, .move = MOVE_UNKNOWN };
	row->id = look_text(look, "%s%s", prefix, look_need(look, text_percent(look->tmp, subject)));
	row->subject = look_text(look, "%s", look_shown(look, subject));
	row->undo = step ? _(article_step(step)->undo) : "";
	return row;
}

void look_say(struct look *look, struct finding *row, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = look_need(look, talloc_vasprintf(look->survey, format, args));
	va_end(args);
	row->text = row->text ? look_text(look, "%s %s", row->text, text) : text;
}

void look_todo(struct finding *row, enum finding_move move, const char *todo)
{
	row->move = move;
	row->todo = todo;
}

/* ---- the registry ---- */

struct reg_key *look_key(struct look *look, const char *path)
{
	struct reg_key *key = NULL;

	if (look->ret == 0)
		look->ret = look->server->ops->reg_list(look->server, look->tmp, path, &key, look->err);
	return look->ret == 0 ? key : NULL;
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

struct reg_data *look_data(struct look *look, const char *key, const char *value)
{
	struct reg_data *data = NULL;

	if (look->ret == 0)
		look->ret = look->server->ops->reg_read(look->server, look->tmp, key, value, &data, look->err);
	return look->ret == 0 ? data : NULL;
}

struct reg_data *look_copy(struct look *look, const struct reg_data *data)
{
	struct reg_data *copy = data ? regdata_copy(look->survey, data) : NULL;

	if (data && !copy)
		look_starved(look);
	return copy;
}

char *look_string(struct look *look, const struct reg_data *data)
{
	return data && (data->type == REG_SZ || data->type == REG_EXPAND_SZ) ? look_need(look, regdata_string(look->tmp, data)) : NULL;
}

char *look_value_string(struct look *look, const struct reg_key *key, const char *name)
{
	const struct reg_value *value = look_value(key, name);

	return value ? look_string(look, &value->data) : NULL;
}

uint32_t look_number(const struct reg_key *key, const char *name, uint32_t otherwise)
{
	const struct reg_value *value = look_value(key, name);
	uint32_t number;

	return value && regdata_dword(&value->data, &number) ? number : otherwise;
}

char *look_other_text(struct look *look, const char *set, const struct look_entry *entry)
{
	return look_string(look, look_data(look, look_print(look, "SYSTEM\\%s\\Services\\%s", set, entry->below), entry->entry->value));
}

struct reg_data *look_share_data(struct look *look, const char *set)
{
	return look_data(look, look_print(look, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", set), ARTICLE_SHARE);
}

char *look_share_path(struct look *look, const char *set)
{
	struct reg_data *data = look_share_data(look, set);

	return data ? sharedef_field(look->tmp, data, "Path") : NULL;
}

/* ---- files ---- */

bool look_has_drive(const struct look *look, const char *path)
{
	return path && *path && strchr(look->letters, *path) != NULL;
}

bool look_meta(struct look *look, const char *path, struct file_meta *meta)
{
	bool found = false;

	if (look->ret == 0 && look_has_drive(look, path))
		look->ret = look->server->ops->look(look->server, look->tmp, path, &found, meta, NULL, look->err);
	return look->ret == 0 && found;
}

bool look_exists(struct look *look, const char *path, enum entry_kind kind)
{
	struct file_meta meta;

	return look_meta(look, path, &meta) && meta.kind == kind;
}

void look_other_drives(struct look *look, const char *named, const char *path, enum entry_kind kind)
{
	char *other = look_print(look, "%s", path);

	for (const char *letter = look->letters; look->ret == 0 && *letter; letter++) {
		other[0] = *letter;
		if (*letter != path[0] && !path_under(other, look->survey->default_msmcon) && look_exists(look, other, kind))
			look_fail(look, TROUBLE_LETTERS, _("The registry names %s, but that is on the drive given as %c:."),
				  look_shown(look, named), *letter);
	}
}

void look_list(struct look *look, const char *folder, struct entry_list *list)
{
	list->count = 0;
	if (look->ret == 0)
		look->ret = look->server->ops->list(look->server, look->tmp, folder, list, look->err);
	if (look->ret != 0)
		list->count = 0;
}

/* The 8.3 name of one entry: the disk's own, else by the rule, if it is the only one of its folder that the rule would
 * name so. */
static char *entry_short(struct look *look, const char *folder, const struct entry_list *list, const char *name)
{
	char *path = look_path(look, folder, name), *found = NULL;
	size_t same = 0;

	if (look->ret == 0)
		look->ret = look->server->ops->short_name(look->server, look->tmp, path, &found, look->err);
	if (look->ret != 0 || found)
		return found;
	found = path_short_guess(look->tmp, name);
	for (size_t i = 0; found && i < list->count; i++) {
		char *other = path_is_short(list->entries[i].name) ? list->entries[i].name :
			      path_short_guess(look->tmp, list->entries[i].name);
		same += other && text_equal(other, found);
	}
	if (same != 1)
		return NULL;
	look->shorts_derived = true;
	return found;
}

/* The long name behind an 8.3 name; NULL if there is none. */
static const char *short_resolve(struct look *look, const char *folder, const char *wanted)
{
	const char *name = NULL;
	bool derived = look->shorts_derived;
	struct entry_list list;

	look_list(look, folder, &list);
	for (size_t i = 0; !name && i < list.count; i++) {
		char *shortened = path_is_short(list.entries[i].name) ? NULL : entry_short(look, folder, &list, list.entries[i].name);

		if (shortened && text_equal(shortened, wanted))
			name = list.entries[i].name;
	}
	look->shorts_derived = derived;
	return name;
}

/* The path as the disk spells it, but for 8.3 names that it does not know; NULL where there is nothing. */
static char *as_spelled(struct look *look, const char *path)
{
	char *real = NULL;
	bool found = false;

	if (look->ret == 0 && look_has_drive(look, path))
		look->ret = look->server->ops->look(look->server, look->tmp, path, &found, NULL, &real, look->err);
	return look->ret == 0 && found ? real : NULL;
}

char *look_real(struct look *look, const char *path)
{
	char *real = as_spelled(look, path);

	if (real || !look_has_drive(look, path) || !strchr(path, '~'))
		return real;
	real = look_print(look, "%c:\\", path[0]);
	for (size_t i = 0; look->ret == 0 && real && i < path_parts(path); i++) {
		const char *name = look_need(look, path_part(look->tmp, path, i)), *resolved;
		char *next = as_spelled(look, look_path(look, real, name));

		resolved = !next && strchr(name, '~') && path_is_short(name) ? short_resolve(look, real, name) : NULL;
		real = resolved ? look_path(look, real, resolved) : next;
	}
	return real;
}

char *look_long(struct look *look, const char *path)
{
	char *normal = path ? path_normal(look->tmp, path) : NULL, *real = normal ? look_real(look, normal) : NULL;

	return real ? real : normal;
}

const char *const *look_shorts(struct look *look, const char *full)
{
	size_t parts = path_parts(full);
	const char **names = memory_array_zero(look->survey, sizeof *names, parts + 1);
	char *folder = look_print(look, "%c:\\", full[0]);

	if (!names)
		look_starved(look);
	for (size_t i = 0; look->ret == 0 && i < parts; i++) {
		const char *name = look_need(look, path_part(look->tmp, full, i)), *shortened = NULL;
		struct entry_list list;

		if (!path_is_short(name) && look_exists(look, folder, ENTRY_FOLDER)) {
			look_list(look, folder, &list);
			shortened = entry_short(look, folder, &list, name);
		}
		names[i] = shortened ? look_text(look, "%s", shortened) : NULL;
		folder = look_path(look, folder, name);
	}
	return names;
}

/* Files too large to be programs are hashed in pieces. */
struct file_fact look_file_fact(struct look *look, const char *path, const struct file_meta *meta)
{
	struct file_fact fact = { .present = true, .pe = PE_OLD, .size = meta->size, .mtime = meta->mtime };
	uint8_t *bytes;
	size_t len;

	if (look->ret != 0)
		return fact;
	if (meta->size > LOOK_VERSION_LIMIT) {
		look->ret = server_digest(look->server, path, &fact.digest, look->err);
		return fact;
	}
	look->ret = server_read_file(look->server, look->tmp, path, LOOK_VERSION_LIMIT, &bytes, &len, look->err);
	if (look->ret != 0)
		return fact;
	fact.digest = digest_of(bytes, len);
	fact.pe = pe_kind_read(bytes, len);
	fact.has_version = pe_version_read(bytes, len, &fact.version);
	talloc_free(bytes);
	return fact;
}
