/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change as a thing of its own: from a plan's row, to the journal and back, and reversed. */
#include "repair/change_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "repair/article.h"

enum { TEXT_LIMIT = 256, ID_LIMIT = 8192, PATH_LIMIT = 8192 };

const char *change_state_name(enum change_state state)
{
	static const char *const names[] = { "old", "new", "absent", "foreign" };

	return names[state];
}

/* ---- what the steps share ---- */

enum change_state step_state(const struct change *change, const struct side *now, bool there)
{
	if (finding_side_equal(change->kind, now, &change->after))
		return CHANGE_NEW;
	if (finding_side_equal(change->kind, now, &change->before))
		return CHANGE_OLD;
	return there ? CHANGE_FOREIGN : CHANGE_ABSENT;
}

int step_tell(const struct copy_progress *progress, const char *name, uint64_t done, uint64_t total,
	struct error *err)
{
	if (!progress || !progress->tell || !progress->tell(progress->arg, name, done, total))
		return 0;
	return error_advise(err, error_set(err, TROUBLE_STOPPED, _("Stopped between two changes.")),
		_("Nothing is lost. Start the program again and resume the run."));
}

bool step_same_folder(const char *a, const char *b)
{
	size_t in_a = (size_t)(path_leaf(a) - a), in_b = (size_t)(path_leaf(b) - b);

	return in_a == in_b && text_equal_n(a, b, in_a);
}

/* ---- for a person ---- */

static char *file_text(TALLOC_CTX *mem, const struct file_fact *file)
{
	char version[24] = "", hex[65];

	if (!file->present)
		return talloc_strdup(mem, _("no file"));
	digest_text(&file->digest, hex);
	if (!file->has_version)
		return talloc_asprintf(mem, _("%llu bytes, SHA-256 %.16s"),
			(unsigned long long)file->size, hex);
	pe_version_text(&file->version, version);
	return talloc_asprintf(mem, _("version %s, %llu bytes"), version,
		(unsigned long long)file->size);
}

static char *shown_or(TALLOC_CTX *mem, const char *text, const char *otherwise)
{
	return text ? text_shown(mem, text) : talloc_strdup(mem, otherwise);
}

char *change_side_text(TALLOC_CTX *mem, enum finding_kind kind, const struct side *side)
{
	char *text, *shown;

	if (kind == KIND_FILE)
		return file_text(mem, &side->file);
	if (kind == KIND_SHARE)
		return shown_or(mem, side->share.path, _("not shared"));
	if (kind != KIND_VALUE)
		return talloc_strdup(mem, "");
	text = side->value.data ? regdata_text(mem, side->value.data, TEXT_LIMIT) : NULL;
	shown = shown_or(mem, text, _("no value"));
	talloc_free(text);
	return shown;
}

/* ---- from a plan ---- */

/* The file whose traits a new file in its folder takes: one that every Bin has, else any file
 * there. */
static char *traits_model(const struct survey *survey, const char *target)
{
	char *any = NULL;

	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *other = &survey->findings[i];

		if (other->kind != KIND_FILE || !other->before.file.present || !other->target ||
			!step_same_folder(other->target, target))
			continue;
		if (text_equal(path_leaf(other->target), article_needed_files[0]))
			return other->target;
		if (!any)
			any = other->target;
	}
	return any;
}

int change_from_row(TALLOC_CTX *mem, const struct plan *plan, const struct plan_row *row,
	const char *backup, struct change **change, struct error *err)
{
	const struct finding *finding = row->finding;
	struct change *made = *change = talloc(mem, struct change);

	if (!made)
		return error_memory(err);
	*made = (struct change){ .id = finding->id,
		.step = finding->step,
		.kind = finding->kind,
		.before = finding->before,
		.after = finding->after,
		.target = finding->target,
		.source = finding->source };
	if (made->kind == KIND_BACKUP) {
		made->target = talloc_strdup(made, backup);
		made->source = finding->target;
	}
	if (made->kind == KIND_VALUE && row->edited)
		made->after.value.data = row->edited;
	if (made->kind == KIND_FILE && !made->before.file.present)
		made->traits_from = traits_model(plan->survey, finding->target);
	if (made->kind == KIND_SHARE)
		made->target = talloc_strdup(made, ARTICLE_SHARE);
	return made->target || made->kind == KIND_VALUE ? 0 : error_memory(err);
}

/* ---- reversed ---- */

/* Where the backup tree holds the file that was at target: the tree is named after the Bin, with a
 * suffix. */
static char *backup_of(TALLOC_CTX *mem, const char *backup, const char *target)
{
	const char *mark = NULL, *next = backup;

	while ((next = strstr(next, LEFTOVER_TREE_MARK)))
		mark = next++;
	if (!mark || strlen(target) < (size_t)(mark - backup) + 2 ||
		target[mark - backup] != '\\' ||
		!text_equal_n(backup, target, (size_t)(mark - backup)))
		return NULL;
	return path_join(mem, backup, target + (mark - backup) + 1);
}

static int reverse_file(struct change *reverse, const char *backup, struct error *err)
{
	bool added = !reverse->after.file.present;

	if (added && backup && !strstr(path_leaf(backup), LEFTOVER_TREE_MARK) &&
		path_under(reverse->target, backup))
		reverse->source = talloc_strdup(reverse, backup);
	else
		reverse->source = backup ? backup_of(reverse, backup, reverse->target) : NULL;
	if (!reverse->source)
		return error_set(err, TROUBLE_RECORD_DAMAGED,
			_("%s is not in the folder that step 1 backed up."),
			text_shown(reverse, reverse->target));
	if (!added)
		reverse->traits_from =
			reverse->before.file.present ? reverse->target : reverse->source;
	return 0;
}

int change_reverse(TALLOC_CTX *mem, const struct change *change, const char *backup,
	struct change **reverse, struct error *err)
{
	struct change *made;

	if (change->kind == KIND_BACKUP)
		return error_set(err, TROUBLE_CANNOT,
			_("A change of this kind (%s) cannot be put back this way."),
			finding_kind_name(change->kind));
	made = *reverse = talloc(mem, struct change);
	if (!made)
		return error_memory(err);
	*made = *change;
	made->before = change->after;
	made->after = change->before;
	made->traits_from = NULL;
	if (change->kind == KIND_OLDFOLDER) {
		made->target = change->source;
		made->source = change->target;
	}
	return change->kind == KIND_FILE ? reverse_file(made, backup, err) : 0;
}

/* ---- to the journal and back ---- */

/* Names from a disk may not be UTF-8; percent-coded they are, and decode to the same bytes. NULL
 * for NULL. */
static json_t *coded(const char *text)
{
	char *percent = text ? text_percent(NULL, text) : NULL;
	json_t *json = percent ? json_string(percent) : NULL;

	talloc_free(percent);
	return json;
}

json_t *change_json(const struct change *change)
{
	bool value = change->kind == KIND_VALUE;

	return json_pack("{s:s, s:i, s:s, s:o, s:o, s:o*, s:o*, s:o*, s:o*, s:o*}", "id",
		change->id, "step", change->step, "kind", finding_kind_name(change->kind), "before",
		finding_side_json(change->kind, &change->before), "after",
		finding_side_json(change->kind, &change->after), "key",
		value ? coded(change->before.value.key) : NULL, "name",
		value ? coded(change->before.value.name) : NULL, "target", coded(change->target),
		"source", coded(change->source), "traits_from", coded(change->traits_from));
}

static int change_damaged(struct error *err, const char *member)
{
	return error_set(err, TROUBLE_RECORD_DAMAGED,
		_("A change in the record has no valid \"%s\"."), member);
}

static int get_text(struct change *change, const json_t *json, const char *name, char **text,
	struct error *err)
{
	const json_t *member = json_object_get(json, name);

	if (json_is_string(member) && json_string_length(member) <= PATH_LIMIT)
		*text = text_unpercent(change, json_string_value(member));
	return *text && **text ? 0 : change_damaged(err, name);
}

/* A full path as this program writes it, and nothing else. */
static int get_path(struct change *change, const json_t *json, const char *name, char **path,
	struct error *err)
{
	int ret = get_text(change, json, name, path, err);
	const char *normal = ret ? NULL : path_normal(change, *path);

	return ret || (normal && !strcmp(normal, *path)) ? ret : change_damaged(err, name);
}

/* Each kind is changed by one step; steps that change nothing have none. */
static int parse_kind(struct change *change, const json_t *json, struct error *err)
{
	static const int steps[] = { [KIND_BACKUP] = 1,
		[KIND_FILE] = 2,
		[KIND_VALUE] = 3,
		[KIND_SHARE] = 4,
		[KIND_OLDFOLDER] = 6 };
	const char *name = json_string_value(json_object_get(json, "kind"));
	int kind = KIND_BACKUP;

	while (name && kind <= KIND_OLDFOLDER &&
		strcmp(name, finding_kind_name((enum finding_kind)kind)) != 0)
		kind++;
	if (!name || kind > KIND_OLDFOLDER || !steps[kind])
		return change_damaged(err, "kind");
	if (json_integer_value(json_object_get(json, "step")) != steps[kind])
		return change_damaged(err, "step");
	change->kind = (enum finding_kind)kind;
	change->step = steps[kind];
	return 0;
}

static int parse_value(struct change *change, const json_t *json, struct error *err)
{
	struct value_fact *value = &change->before.value;
	int ret;

	/* A side may have brought them: these are the ones that count. */
	value->key = value->name = NULL;
	ret = get_text(change, json, "key", &value->key, err);
	if (!ret)
		ret = get_text(change, json, "name", &value->name, err);
	change->after.value.key = value->key;
	change->after.value.name = value->name;
	return ret;
}

static int parse_places(struct change *change, const json_t *json, struct error *err)
{
	int ret;

	if (change->kind == KIND_SHARE)
		return get_text(change, json, "target", &change->target, err);
	ret = get_path(change, json, "target", &change->target, err);
	if (!ret)
		ret = get_path(change, json, "source", &change->source, err);
	if (!ret && json_object_get(json, "traits_from"))
		ret = get_path(change, json, "traits_from", &change->traits_from, err);
	return ret;
}

int change_parse(TALLOC_CTX *mem, const json_t *json, struct change **change, struct error *err)
{
	const json_t *id = json_object_get(json, "id");
	struct change *made = *change = talloc_zero(mem, struct change);
	int ret;

	if (made && json_is_string(id))
		made->id = talloc_strdup(made, json_string_value(id));
	if (!made)
		return error_memory(err);
	if (!made->id || !*made->id || json_string_length(id) > ID_LIMIT)
		return change_damaged(err, "id");
	ret = parse_kind(made, json, err);
	if (!ret)
		ret = finding_side_parse(made, made->kind, json_object_get(json, "before"),
			&made->before, err);
	if (!ret)
		ret = finding_side_parse(made, made->kind, json_object_get(json, "after"),
			&made->after, err);
	if (!ret)
		ret = made->kind == KIND_VALUE ? parse_value(made, json, err)
					       : parse_places(made, json, err);
	return ret;
}
