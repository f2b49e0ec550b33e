/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every entry of the article's list, where it leads, and what it would say instead. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define PENDING "PendingFileRenameOperations"

/* A sentence more; that before it may end in a path, without a full stop. */
static void text_add(struct look *look, struct finding *row, const char *more)
{
	size_t len = strlen(row->text);

	row->text = look_text(look, "%s%s %s", row->text, row->text[len - 1] == '.' ? "" : ".", more);
}

static void row_absent(struct finding *row, const struct look_entry *entry)
{
	row->state = FINDING_ABSENT;
	if (entry->entry->flags & ARTICLE_MAY_BE_ABSENT) {
		row->move = MOVE_NONE;
		row->text = entry->key ? _("There is no such value; that may be normal.") : _("There is no such key; that may be normal.");
		return;
	}
	row->text = entry->key ? _("There is no such value.") : _("There is no such key.");
	look_todo(row, MOVE_PERSON, _("Create it by hand as on another server of this release, or decide to keep it absent. "
				      "The program does not make values up."));
}

static void row_other_type(struct look *look, struct finding *row, const struct reg_data *data)
{
	row->state = FINDING_WRONG;
	look_say(look, row, _("Its type is %s, but a path must be a string."), regdata_type_name(look->tmp, data->type));
	look_todo(row, MOVE_PERSON, _("Create it again as a string by hand, or decide to keep it."));
}

static const char *const leads_sentences[] = {
	[LEADS_NOWHERE] = N_("It leads to neither Msmcon: %s"),
	[LEADS_DEFAULT] = N_("It leads to the default Msmcon: %s"),
	[LEADS_RELOCATED] = N_("It leads to the relocated Msmcon: %s"),
	[LEADS_MIXED] = N_("One of its paths leads to the default Msmcon, another to the relocated one: %s"),
};

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
static void row_fault(struct look *look, struct finding *row, const struct named_file *named)
{
	bool strange = named->fault == NAMED_NOT_IT || named->fault == NAMED_ARGUMENTS;
	enum finding_move move = named->fault == NAMED_COMES ? MOVE_PROGRAM : named->fault == NAMED_UNSEEN ? MOVE_UNKNOWN : MOVE_PERSON;
	bool after = row->state == FINDING_WRONG;

	text_add(look, row, look_print(look, _(after ? faults[named->fault].would : faults[named->fault].is), look_shown(look, named->path)));
	if (after && !strange)
		return;
	/* What would not be right for it is not offered. */
	row->can_change = row->needed = false;
	row->after = row->before;
	row->state = (strange && !after) || move == MOVE_UNKNOWN ? FINDING_UNKNOWN : FINDING_WRONG;
	look_todo(row, move, _(faults[named->fault].todo));
}

/* It leads to neither Msmcon: only a person knows whether that is intended; if nothing can start from it, it is wrong. */
static void row_elsewhere(struct look *look, struct finding *row, const struct named_file *named)
{
	/* An 8.3 name that is not found may be one that this disk does not show. */
	bool short_name = named->fault == NAMED_NOTHING && strchr(named->path, '~');
	bool wrong = named->fault != NAMED_RIGHT && named->fault != NAMED_UNSEEN && !short_name;

	row->state = wrong ? FINDING_WRONG : FINDING_UNKNOWN;
	if (wrong && named->path)
		text_add(look, row, look_print(look, _(faults[named->fault].is), look_shown(look, named->path)));
	look_todo(row, wrong ? MOVE_PERSON : MOVE_UNKNOWN, _(faults[NAMED_NO_PATH].todo));
}

static void row_string(struct look *look, struct finding *row, const struct reg_data *data, const char *text)
{
	const char *root = survey_variables(look->survey, data);
	struct named_file named;
	char *after;

	if (path_relocate(look->tmp, text, row->form, root, &look->from, &look->to, &row->leads, &after) != 0) {
		look_starved(look);
		return;
	}
	row->state = row->leads == LEADS_RELOCATED ? FINDING_RIGHT : FINDING_WRONG;
	/* The sentence comes from the table above, not from a disk. */
	row->text = *text ? look_text(look, _(leads_sentences[row->leads]), look_shown(look, text)) : _("It is empty.");
	/* A path with an 8.3 name that the disk does not confirm is recognised by the rule; the operator should know. */
	if (look->shorts_derived && strchr(text, '~') && row->leads != LEADS_NOWHERE)
		text_add(look, row, _("Its short (8.3) name was derived by the Windows rule, because the disk does not have it."));
	named = look_named(look, row, text, root);
	row->names = named.fault;
	if (row->leads == LEADS_DEFAULT || row->leads == LEADS_MIXED) {
		/* The same bytes but for the prefix. */
		row->can_change = row->needed = true;
		row->after.value.data = regdata_with_string(look->survey, data, after);
		if (!row->after.value.data)
			look_starved(look);
		named = look_named(look, row, after, root);
	}
	if (named.fault == NAMED_NOTHING)
		row->missing = look_text(look, "%s", named.path);
	if (row->leads == LEADS_NOWHERE)
		row_elsewhere(look, row, &named);
	else if (named.fault != NAMED_RIGHT && !(row->can_change && named.fault == NAMED_COMES))
		row_fault(look, row, &named);
}

/* A row about a value as it stands; data may be NULL. */
static struct finding *value_finding(struct look *look, const char *subject, const char *key, const char *name, const struct reg_data *data)
{
	struct finding *row = look_finding(look, KIND_VALUE, 3, "registry/", subject);

	row->leads = LEADS_NOWHERE;
	row->before.value.key = look_text(look, "%s", key);
	row->before.value.name = look_text(look, "%s", name);
	row->before.value.data = look_copy(look, data);
	row->after = row->before;
	return row;
}

static void value_row(struct look *look, const struct look_entry *entry)
{
	const struct reg_data *data = entry->value ? &entry->value->data : NULL;
	const char *name = entry->value ? entry->value->name : entry->entry->value, *text = look_string(look, data);
	struct finding *row = value_finding(look, look_path(look, entry->below, name), look_path(look, look->services_key, entry->below), name, data);

	row->form = entry->entry->form;
	row->entry = entry->entry->number;
	row->why = _(entry->entry->why);
	if (!data)
		row_absent(row, entry);
	else if (text)
		row_string(look, row, data, text);
	else
		row_other_type(look, row, data);
}

/* ---- what the next boot does ---- */

/* A name of the list: an object of NT, "!" before it where it may replace a file. */
static bool pending_touches(struct look *look, const char *name)
{
	char *path = path_normal(look->tmp, name + (*name == '!'));

	return path && (path_under(path, look->own_bin_path) || path_under(path, look_path(look, look->survey->id->nt_folder, "system32\\config")));
}

/* Names end in a NUL; an empty one deletes at boot the file named before it, so the list is not a normal REG_MULTI_SZ. */
static const char *pending_names(struct look *look, const struct reg_data *data)
{
	const char *all = NULL;

	for (size_t at = 0, end; at + 1 < data->len; at = end + 2) {
		char *name;

		for (end = at; end + 1 < data->len && (data->bytes[end] || data->bytes[end + 1]);)
			end += 2;
		name = look_need(look, text_from_utf16(look->tmp, data->bytes + at, end - at));
		if (pending_touches(look, name))
			all = all ? look_print(look, "%s, %s", all, look_shown(look, name)) : look_shown(look, name);
	}
	return all;
}

/* Files that the next boot renames or deletes (the registry's list for MoveFileEx) will not stay as they were seen here. */
static void pending_row(struct look *look)
{
	const char *key = look_print(look, "SYSTEM\\%s\\Control\\Session Manager", look->survey->control_set);
	struct reg_data *data = look_data(look, key, PENDING);
	const char *names = data ? pending_names(look, data) : NULL;
	struct finding *row;

	if (!names)
		return;
	row = value_finding(look, PENDING, key, PENDING, data);
	row->state = FINDING_WRONG;
	look_say(look, row, _("The next start of Windows will rename or delete these files: %s"), names);
	row->why = _("Windows does this before any service starts, so what is repaired now may be gone or replaced then.");
	look_todo(row, MOVE_PERSON, _("Start Windows once so that it does this, then check again; or decide to keep it."));
}

void look_value_rows(struct look *look)
{
	for (size_t i = 0; i < look->entry_count; i++)
		value_row(look, &look->entries[i]);
	pending_row(look);
}
