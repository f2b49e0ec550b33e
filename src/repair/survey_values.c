/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every entry of the article's list, where it leads, and what it would say instead. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define PENDING "PendingFileRenameOperations"

/* A sentence more. */
static int text_add(struct look *look, struct finding *row, char *more)
{
	size_t len = row->text ? strlen(row->text) : 0;

	if (more && len > 0)
		row->text = talloc_asprintf_append(row->text, "%s %s", row->text[len - 1] == '.' ? "" : ".", more);
	return more && row->text ? 0 : error_memory(look->err);
}

/* A path with an 8.3 name that the disk does not confirm is recognised by the rule; the operator should know. */
static int text_derived(struct look *look, struct finding *row, const char *text)
{
	if (!look->shorts_derived || !strchr(text, '~') || row->leads == LEADS_NOWHERE)
		return 0;
	return text_add(look, row,
			talloc_strdup(look->tmp, _("Its short (8.3) name was derived by the Windows rule, because the disk does not have it.")));
}

/* What a person does about a row whose text is already set. */
static int row_todo(struct look *look, struct finding *row, enum finding_move move, const char *todo)
{
	row->move = move;
	row->todo = talloc_strdup(look->survey, todo);
	return row->text && row->todo ? 0 : error_memory(look->err);
}

static int row_absent(struct look *look, struct finding *row, const struct look_entry *entry, bool key_there)
{
	row->state = FINDING_ABSENT;
	if (entry->entry->flags & ARTICLE_MAY_BE_ABSENT) {
		row->move = MOVE_NONE;
		row->text = talloc_strdup(look->survey, key_there ? _("There is no such value; that may be normal.") :
					  _("There is no such key; that may be normal."));
		return row->text ? 0 : error_memory(look->err);
	}
	row->text = talloc_strdup(look->survey, key_there ? _("There is no such value.") : _("There is no such key."));
	return row_todo(look, row, MOVE_PERSON, _("Create it by hand as on another server of this release, or decide to keep it absent. "
						  "The program does not make values up."));
}

static int row_other_type(struct look *look, struct finding *row, const struct reg_data *data)
{
	row->state = FINDING_WRONG;
	row->text = talloc_asprintf(look->survey, _("Its type is %s, but a path must be a string."),
				    regdata_type_name(look->tmp, data->type));
	return row_todo(look, row, MOVE_PERSON, _("Create it again as a string by hand, or decide to keep it."));
}

static const char *const leads_sentences[] = {
	[LEADS_NOWHERE] = N_("It leads to neither Msmcon: %s"),
	[LEADS_DEFAULT] = N_("It leads to the default Msmcon: %s"),
	[LEADS_RELOCATED] = N_("It leads to the relocated Msmcon: %s"),
	[LEADS_MIXED] = N_("One of its paths leads to the default Msmcon, another to the relocated one: %s"),
};

/* Puts the after side into the row: the same bytes but for the prefix. */
static int row_after(struct look *look, struct finding *row, const char *text)
{
	row->can_change = row->needed = true;
	row->after.value = row->before.value;
	row->after.value.data = regdata_with_string(look->survey, row->before.value.data, text);
	return row->after.value.data ? 0 : error_memory(look->err);
}

/* By fault: what is said of a value that is right but for the file, the same of what it would name, and what a person does. */
static const struct {
	const char *is, *would, *todo;
} faults[] = {
	[NAMED_COMES] = { N_("Step 2 copies this file: %s"), N_("It would then name a file that step 2 copies: %s"),
			  N_("Step 2 copies the file: decide on it there.") },
	[NAMED_NO_PATH] = { N_("That is not a full path on a local drive: %s"), N_("It would then not be a full path on a local drive: %s"),
			    N_("Edit it, in step 3 or in a plan, to name a file in the relocated Msmcon, or decide to keep it.") },
	[NAMED_NOTHING] = { N_("That file is missing: %s"), N_("The file that it would then name is missing: %s"),
			    N_("Supply the file, for example from the service pack's CD, or edit the value, or decide to keep it.") },
	[NAMED_FOLDER] = { N_("That is a folder, not a file: %s"), N_("It would then name a folder, not a file: %s"),
			   N_("Put a file in its place, or edit the value, or decide to keep it.") },
	[NAMED_BROKEN] = { N_("That file is empty, cut off or not a program: %s"),
			   N_("The file that it would then name is empty, cut off or not a program: %s"),
			   N_("Supply a good one, for example from the service pack's CD, or edit the value, or decide to keep it.") },
	[NAMED_OTHER_KIND] = { N_("That file is of the wrong kind: %s"),
			       N_("The file that it would then name is of the wrong kind: %s"),
			       N_("Edit the value to name a file of the right kind in the relocated Msmcon, or decide to keep it.") },
	[NAMED_ANOTHER] = { N_("It has spaces and no quotation marks, so Windows tries this first: %s"),
			    N_("It would have spaces and no quotation marks, so Windows would try this first: %s"),
			    N_("Rename what is there, or put the value in quotation marks by hand, or decide to keep it.") },
	[NAMED_NOT_IT] = { N_("That is not the file that belongs here: %s"), N_("The file that it would then name is not the one that belongs here: %s"),
			   N_("Edit the value, in step 3 or in a plan, to name the file that belongs here, or decide to keep it.") },
	[NAMED_ARGUMENTS] = { N_("Its arguments lead to the default Msmcon, or may do so:%s"), N_("Its arguments lead to the default Msmcon, or may do so:%s"),
			      N_("Correct the arguments by hand, or decide to keep the value. The program never changes arguments.") },
	[NAMED_UNSEEN] = { N_("That file is on a drive that was not given: %s"),
			   N_("The file that it would then name is on a drive that was not given: %s"),
			   N_("Give that drive as well (--disks), or check the file by hand and decide to keep the value.") },
};

/* The state of a value that is right but for its file. */
static int row_fault(struct look *look, struct finding *row, const struct named_file *named)
{
	bool strange = named->fault == NAMED_NOT_IT || named->fault == NAMED_ARGUMENTS;
	enum finding_move move = named->fault == NAMED_COMES ? MOVE_PROGRAM : named->fault == NAMED_UNSEEN ? MOVE_UNKNOWN : MOVE_PERSON;
	bool after = row->state == FINDING_WRONG;
	int ret = text_add(look, row, talloc_asprintf(look->tmp, _(after ? faults[named->fault].would : faults[named->fault].is),
						      look_shown(look, named->path)));

	if (ret != 0 || (after && !strange))
		return ret;
	/* What would not be right for it is not offered. */
	row->can_change = row->needed = false;
	row->after = row->before;
	row->state = strange && !after ? FINDING_UNKNOWN : move == MOVE_UNKNOWN ? FINDING_UNKNOWN : FINDING_WRONG;
	return row_todo(look, row, move, _(faults[named->fault].todo));
}

/* It leads to neither Msmcon: only a person knows whether that is intended; if nothing can start from it, it is wrong. */
static int row_elsewhere(struct look *look, struct finding *row, const struct named_file *named)
{
	/* An 8.3 name that is not found may be one that this disk does not show. */
	bool short_name = named->fault == NAMED_NOTHING && strchr(named->path, '~');
	bool wrong = named->fault != NAMED_RIGHT && named->fault != NAMED_UNSEEN && !short_name;
	int ret = 0;

	row->state = wrong ? FINDING_WRONG : FINDING_UNKNOWN;
	if (wrong && named->path)
		ret = text_add(look, row, talloc_asprintf(look->tmp, _(faults[named->fault].is), look_shown(look, named->path)));
	return ret == 0 ? row_todo(look, row, wrong ? MOVE_PERSON : MOVE_UNKNOWN, _(faults[NAMED_NO_PATH].todo)) : ret;
}

static int row_sentence(struct look *look, struct finding *row, const char *text)
{
	/* The sentence comes from the table above, not from a disk. */
	row->text = *text ? talloc_asprintf(look->survey, _(leads_sentences[row->leads]), look_shown(look, text)) :
			    talloc_strdup(look->survey, _("It is empty."));
	return row->text ? 0 : error_memory(look->err);
}

static int row_string(struct look *look, struct finding *row, const char *text)
{
	struct named_file named = { NAMED_RIGHT, NULL };
	const char *root = survey_variables(look->survey, row->before.value.data);
	char *after;
	int ret = path_relocate(look->tmp, text, row->form, root, &look->from, &look->to, &row->leads, &after);

	if (ret != 0)
		return error_memory(look->err);
	row->state = row->leads == LEADS_RELOCATED ? FINDING_RIGHT : FINDING_WRONG;
	ret = row_sentence(look, row, text);
	row->after = row->before;
	if (ret == 0 && row->leads >= LEADS_DEFAULT && row->leads != LEADS_RELOCATED)
		ret = row_after(look, row, after);
	if (ret == 0)
		ret = text_derived(look, row, text);
	if (ret == 0)
		ret = look_named(look, row, text, root, &named);
	row->names = named.fault;
	if (ret == 0 && row->can_change)
		ret = look_named(look, row, after, root, &named);
	if (ret == 0 && named.fault == NAMED_NOTHING) {
		row->missing = talloc_strdup(look->survey, named.path);
		ret = row->missing ? 0 : error_memory(look->err);
	}
	if (ret != 0)
		return ret;
	if (row->leads == LEADS_NOWHERE)
		return row_elsewhere(look, row, &named);
	return named.fault != NAMED_RIGHT && !(row->can_change && named.fault == NAMED_COMES) ? row_fault(look, row, &named) : 0;
}

static int value_row(struct look *look, const struct look_entry *entry)
{
	const struct reg_value *value;
	struct finding *row;
	bool key_there;
	char *subject, *text;
	int ret = look_entry_value(look, entry, &value, &key_there);

	if (ret != 0)
		return ret;
	subject = path_join(look->tmp, entry->below, value ? value->name : entry->entry->value);
	row = subject ? look_finding(look, KIND_VALUE, 3, "registry/", subject) : NULL;
	if (!row)
		return error_memory(look->err);
	row->form = entry->entry->form;
	row->entry = entry->entry->number;
	row->leads = LEADS_NOWHERE;
	row->before.value.key = talloc_asprintf(look->survey, "%s\\%s", look->services_key, entry->below);
	row->before.value.name = talloc_strdup(look->survey, value ? value->name : entry->entry->value);
	row->why = talloc_strdup(look->survey, _(entry->entry->why));
	if (!row->before.value.key || !row->before.value.name || !row->why)
		return error_memory(look->err);
	row->after = row->before;
	if (!value)
		return row_absent(look, row, entry, key_there);
	row->before.value.data = regdata_copy(look->survey, &value->data);
	if (!row->before.value.data)
		return error_memory(look->err);
	row->after = row->before;
	text = look_string(look, &value->data);
	return text ? row_string(look, row, text) : row_other_type(look, row, &value->data);
}

/* ---- what the next boot does ---- */

/* A name of the list: an object of NT, "!" before it where it may replace a file. */
static bool pending_touches(const struct look *look, const char *name)
{
	const char *at = name + (*name == '!');
	char *path = path_normal(look->tmp, at), *config = path_join(look->tmp, look->survey->id->nt_folder, "system32\\config");

	return path && ((look->own_bin_path && path_under(path, look->own_bin_path)) || (config && path_under(path, config)));
}

/* Names end in a NUL; an empty one deletes at boot the file named before it, so the list is not a normal REG_MULTI_SZ. */
static char *pending_names(struct look *look, const struct reg_data *data)
{
	char *all = talloc_strdup(look->tmp, "");

	for (size_t at = 0, end; all && at + 1 < data->len; at = end + 2) {
		char *name;

		for (end = at; end + 1 < data->len && (data->bytes[end] || data->bytes[end + 1]);)
			end += 2;
		name = text_from_utf16(look->tmp, data->bytes + at, end - at);
		if (name && pending_touches(look, name))
			all = talloc_asprintf_append(all, "%s%s", *all ? ", " : "", look_shown(look, name));
	}
	return all;
}

/* Files that the next boot renames or deletes (the registry's list for MoveFileEx) will not stay as they were seen here. */
static int pending_row(struct look *look)
{
	char *key = talloc_asprintf(look->tmp, "%s\\Control\\Session Manager", look->set_key), *names;
	struct reg_data *data = NULL;
	struct finding *row;
	int ret = key ? look->server->ops->reg_read(look->server, look->tmp, key, PENDING, &data, look->err) : error_memory(look->err);

	if (ret != 0 || !data)
		return ret;
	names = pending_names(look, data);
	if (!names || !*names)
		return names ? 0 : error_memory(look->err);
	row = look_finding(look, KIND_VALUE, 3, "registry/", PENDING);
	if (!row)
		return error_memory(look->err);
	row->state = FINDING_WRONG;
	row->leads = LEADS_NOWHERE;
	row->before.value.key = talloc_strdup(look->survey, key);
	row->before.value.name = talloc_strdup(look->survey, PENDING);
	row->before.value.data = regdata_copy(look->survey, data);
	row->text = talloc_asprintf(look->survey, _("The next start of Windows will rename or delete these files: %s"), names);
	row->why = talloc_strdup(look->survey, _("Windows does this before any service starts, so what is repaired now may be gone or replaced then."));
	row->after = row->before;
	if (!row->before.value.key || !row->before.value.name || !row->before.value.data || !row->text || !row->why)
		return error_memory(look->err);
	return row_todo(look, row, MOVE_PERSON, _("Start Windows once so that it does this, then check again; or decide to keep it."));
}

int look_value_rows(struct look *look)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->entry_count; i++)
		ret = value_row(look, &look->entries[i]);
	return ret == 0 ? pending_row(look) : ret;
}
