/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every part of the survey needs: texts, notices, rows, keys, paths as the disk spells
 * them. */
#include "repair/survey_internal.h"

#include <stdarg.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/sharedef.h"

void scan_again(struct scan *scan, TALLOC_CTX *mem, struct server *server,
	const struct survey *survey, struct error *err)
{
	*scan = (struct scan){ .tmp = mem,
		.survey = (struct survey *)(uintptr_t)survey,
		.server = server,
		.err = err,
		.nothing = talloc_strdup(mem, "") };
	scan->ret = scan->nothing ? server->ops->drives(server, mem, &scan->letters, err)
				  : error_memory(err);
}

/* ---- failures and texts ---- */

void scan_starved(struct scan *scan)
{
	if (scan->ret == 0)
		scan->ret = error_memory(scan->err);
}

char *scan_need(struct scan *scan, char *text)
{
	if (text)
		return text;
	scan_starved(scan);
	return scan->nothing;
}

char *scan_print(struct scan *scan, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(scan->tmp, format, args);
	va_end(args);
	return scan_need(scan, text);
}

char *scan_text(struct scan *scan, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(scan->survey, format, args);
	va_end(args);
	return scan_need(scan, text);
}

char *scan_path(struct scan *scan, const char *folder, const char *below)
{
	return scan_need(scan, path_join(scan->tmp, folder, below));
}

char *scan_parent(struct scan *scan, const char *path)
{
	return scan_need(scan, path_parent(scan->tmp, path));
}

const char *scan_shown(struct scan *scan, const char *text)
{
	const char *shown = text ? text_shown(scan->tmp, text) : "";

	return shown ? shown : "?";
}

void scan_name_add(struct scan *scan, struct scan_names *names, const char *name)
{
	enum { MOST = 10 };

	if (names->count++ > MOST)
		return;
	if (names->count > MOST)
		name = "...";
	names->text = names->text ? scan_print(scan, _("%s, %s"), names->text, name) : name;
}

/* ---- a name ---- */

char *survey_services_key(TALLOC_CTX *mem, const struct survey *survey)
{
	return talloc_asprintf(mem, "SYSTEM\\%s\\Services", survey->control_set);
}

/* ---- notices and rows ---- */

void scan_notice(struct scan *scan, const char *id, const char *format, ...)
{
	struct survey *survey = scan->survey;
	struct notice *notice =
		memory_more(survey, &survey->notices, survey->notice_count, sizeof *notice);
	va_list args;

	if (!notice) {
		scan_starved(scan);
		return;
	}
	survey->notice_count++;
	va_start(args, format);
	*notice = (struct notice){ .id = id,
		.text = scan_need(scan, talloc_vasprintf(survey, format, args)) };
	va_end(args);
}

void scan_refuse(struct scan *scan, enum trouble trouble, const char *format, ...)
{
	struct survey *survey = scan->survey;
	va_list args;

	if (survey->check_only)
		return;
	va_start(args, format);
	survey->check_only_why = scan_need(scan, talloc_vasprintf(survey, format, args));
	va_end(args);
	survey->check_only = true;
	survey->check_only_trouble = trouble;
	survey->check_only_advice = trouble_advice(trouble);
}

void scan_refuse_why(struct scan *scan, const struct error *why)
{
	bool first = !scan->survey->check_only;

	scan_refuse(scan, why->trouble, "%s", why->text);
	if (first)
		scan->survey->check_only_advice =
			scan_need(scan, talloc_strdup(scan->survey, error_advice(why)));
}

struct finding *scan_finding(struct scan *scan, enum finding_kind kind, int step,
	const char *prefix, const char *subject)
{
	struct survey *survey = scan->survey;
	struct finding *row =
		memory_more(survey, &survey->findings, survey->finding_count, sizeof *row);

	if (row) {
		survey->finding_count++;
	} else {
		scan_starved(scan);
		row = &scan->spare;
	}
	*row = (struct finding){ .kind = kind, .step = step, .move = MOVE_UNKNOWN };
	row->id =
		scan_text(scan, "%s%s", prefix, scan_need(scan, text_percent(scan->tmp, subject)));
	row->subject = scan_text(scan, "%s", scan_shown(scan, subject));
	row->undo = step ? _(article_step(step)->undo) : "";
	return row;
}

void status_say(struct scan *scan, struct finding *row, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = scan_need(scan, talloc_vasprintf(scan->survey, format, args));
	va_end(args);
	row->text = row->text ? scan_text(scan, "%s %s", row->text, text) : text;
}

void scan_todo(struct finding *row, enum finding_move move, const char *todo)
{
	row->move = move;
	row->todo = todo;
}

/* ---- the registry ---- */

struct reg_key *scan_key(struct scan *scan, const char *path)
{
	struct reg_key *key = NULL;

	if (scan->ret == 0)
		scan->ret =
			scan->server->ops->reg_list(scan->server, scan->tmp, path, &key, scan->err);
	return scan->ret == 0 ? key : NULL;
}

const struct reg_value *scan_value(const struct reg_key *key, const char *name)
{
	for (size_t i = 0; key && i < key->value_count; i++)
		if (text_equal(key->values[i].name, name))
			return &key->values[i];
	return NULL;
}

bool scan_has_subkey(const struct reg_key *key, const char *name)
{
	for (size_t i = 0; key && i < key->subkey_count; i++)
		if (text_equal(key->subkeys[i], name))
			return true;
	return false;
}

struct reg_data *scan_data(struct scan *scan, const char *key, const char *value)
{
	struct reg_data *data = NULL;

	if (scan->ret == 0)
		scan->ret = scan->server->ops->reg_read(scan->server, scan->tmp, key, value, &data,
			scan->err);
	return scan->ret == 0 ? data : NULL;
}

struct reg_data *scan_copy(struct scan *scan, const struct reg_data *data)
{
	struct reg_data *copy = data ? regdata_copy(scan->survey, data) : NULL;

	if (data && !copy)
		scan_starved(scan);
	return copy;
}

char *scan_string(struct scan *scan, const struct reg_data *data)
{
	return data && (data->type == REG_SZ || data->type == REG_EXPAND_SZ)
		? scan_need(scan, regdata_string(scan->tmp, data))
		: NULL;
}

char *scan_value_string(struct scan *scan, const struct reg_key *key, const char *name)
{
	const struct reg_value *value = scan_value(key, name);

	return value ? scan_string(scan, &value->data) : NULL;
}

uint32_t scan_number(const struct reg_key *key, const char *name, uint32_t otherwise)
{
	const struct reg_value *value = scan_value(key, name);
	uint32_t number;

	return value && regdata_dword(&value->data, &number) ? number : otherwise;
}

char *scan_other_text(struct scan *scan, const char *set, const struct scan_entry *entry)
{
	return scan_string(scan,
		scan_data(scan, scan_print(scan, "SYSTEM\\%s\\Services\\%s", set, entry->below),
			entry->entry->value));
}

struct reg_data *scan_share_data(struct scan *scan, const char *set)
{
	return scan_data(scan, scan_print(scan, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", set),
		ARTICLE_SHARE);
}

char *scan_share_path(struct scan *scan, const char *set)
{
	struct reg_data *data = scan_share_data(scan, set);

	return data ? sharedef_field(scan->tmp, data, "Path") : NULL;
}

/* ---- files ---- */

bool scan_has_drive(const struct scan *scan, const char *path)
{
	return path && *path && strchr(scan->letters, *path);
}

bool scan_meta(struct scan *scan, const char *path, struct file_meta *meta)
{
	bool found = false;

	if (scan->ret == 0 && scan_has_drive(scan, path))
		scan->ret = scan->server->ops->file_stat(scan->server, scan->tmp, path, &found,
			meta, NULL, scan->err);
	return scan->ret == 0 && found;
}

bool scan_exists(struct scan *scan, const char *path, enum entry_kind kind)
{
	struct file_meta meta;

	return scan_meta(scan, path, &meta) && meta.kind == kind;
}

void scan_other_drives(struct scan *scan, const char *named, const char *path, enum entry_kind kind)
{
	char *other = scan_print(scan, "%s", path);

	/* A running server cannot have mixed up its own. */
	if (server_runs(scan->server))
		return;
	for (const char *letter = scan->letters; scan->ret == 0 && *letter; letter++) {
		other[0] = *letter;
		if (*letter != path[0] && !path_under(other, scan->survey->default_msmcon) &&
			scan_exists(scan, other, kind))
			scan_fail(scan, TROUBLE_LETTERS,
				_("The registry names %s, but that is on the drive given as %c:."),
				scan_shown(scan, named), *letter);
	}
}

void scan_list(struct scan *scan, const char *folder, struct entry_list *list)
{
	list->count = 0;
	if (scan->ret == 0)
		scan->ret =
			scan->server->ops->list(scan->server, scan->tmp, folder, list, scan->err);
	if (scan->ret != 0)
		list->count = 0;
}

/* The 8.3 name of one entry: the disk's own, else by the rule, if it is the only one of its folder
 * that the rule would name so. */
static char *entry_short(struct scan *scan, const char *folder, const struct entry_list *list,
	const char *name)
{
	char *path = scan_path(scan, folder, name), *found = NULL;
	size_t same = 0;

	if (scan->ret == 0)
		scan->ret = scan->server->ops->short_name(scan->server, scan->tmp, path, &found,
			scan->err);
	if (scan->ret != 0 || found)
		return found;
	found = path_short_guess(scan->tmp, name);
	for (size_t i = 0; found && i < list->count; i++) {
		char *other = path_is_short(list->entries[i].name)
			? list->entries[i].name
			: path_short_guess(scan->tmp, list->entries[i].name);
		same += other && text_equal(other, found);
	}
	if (same != 1)
		return NULL;
	scan->shorts_derived = true;
	return found;
}

/* The long name behind an 8.3 name; NULL if there is none. */
static const char *short_resolve(struct scan *scan, const char *folder, const char *wanted)
{
	const char *name = NULL;
	bool derived = scan->shorts_derived;
	struct entry_list list;

	scan_list(scan, folder, &list);
	for (size_t i = 0; !name && i < list.count; i++) {
		char *shortened = path_is_short(list.entries[i].name)
			? NULL
			: entry_short(scan, folder, &list, list.entries[i].name);

		if (shortened && text_equal(shortened, wanted))
			name = list.entries[i].name;
	}
	scan->shorts_derived = derived;
	return name;
}

/* The path as the disk spells it, but for 8.3 names that it does not know; NULL where there is
 * nothing. */
static char *as_spelled(struct scan *scan, const char *path)
{
	char *real = NULL;
	bool found = false;

	if (scan->ret == 0 && scan_has_drive(scan, path))
		scan->ret = scan->server->ops->file_stat(scan->server, scan->tmp, path, &found,
			NULL, &real, scan->err);
	return scan->ret == 0 && found ? real : NULL;
}

char *scan_real(struct scan *scan, const char *path)
{
	char *real = as_spelled(scan, path);

	if (real || !scan_has_drive(scan, path) || !strchr(path, '~'))
		return real;
	real = scan_print(scan, "%c:\\", path[0]);
	for (size_t i = 0; scan->ret == 0 && real && i < path_parts(path); i++) {
		const char *name = scan_need(scan, path_part(scan->tmp, path, i)), *resolved;
		char *next = as_spelled(scan, scan_path(scan, real, name));

		resolved = !next && strchr(name, '~') && path_is_short(name)
			? short_resolve(scan, real, name)
			: NULL;
		real = resolved ? scan_path(scan, real, resolved) : next;
	}
	return real;
}

char *scan_spelled(struct scan *scan, char *path)
{
	char *real = scan_real(scan, path);

	return real ? real : path;
}

char *scan_long(struct scan *scan, const char *path)
{
	char *normal = path ? path_normal(scan->tmp, path) : NULL;

	return normal ? scan_spelled(scan, normal) : NULL;
}

const char *const *scan_shorts(struct scan *scan, const char *full)
{
	size_t parts = path_parts(full);
	const char **names = memory_array_zero(scan->survey, sizeof *names, parts + 1);
	char *folder = scan_print(scan, "%c:\\", full[0]);

	if (!names)
		scan_starved(scan);
	for (size_t i = 0; scan->ret == 0 && i < parts; i++) {
		const char *name = scan_need(scan, path_part(scan->tmp, full, i)),
			   *shortened = NULL;
		struct entry_list list;

		if (!path_is_short(name) && scan_exists(scan, folder, ENTRY_FOLDER)) {
			scan_list(scan, folder, &list);
			shortened = entry_short(scan, folder, &list, name);
		}
		names[i] = shortened ? scan_text(scan, "%s", shortened) : NULL;
		folder = scan_path(scan, folder, name);
	}
	return names;
}

/* Files too large to be programs are hashed in pieces. */
struct file_fact scan_file_fact(struct scan *scan, const char *path, const struct file_meta *meta)
{
	struct file_fact fact = { .present = true,
		.pe = PE_OLD,
		.size = meta->size,
		.mtime = meta->mtime };
	uint8_t *bytes;
	size_t len;

	if (scan->ret != 0)
		return fact;
	if (meta->size > SCAN_VERSION_LIMIT) {
		scan->ret = server_digest(scan->server, path, &fact.digest, scan->err);
		return fact;
	}
	scan->ret = server_read_file(scan->server, scan->tmp, path, SCAN_VERSION_LIMIT, &bytes,
		&len, scan->err);
	if (scan->ret != 0)
		return fact;
	fact.digest = digest_of(bytes, len);
	fact.pe = pe_kind_read(bytes, len);
	fact.has_version = pe_version_read(bytes, len, &fact.version);
	talloc_free(bytes);
	return fact;
}
