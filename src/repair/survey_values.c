/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every entry of the article's list, where it leads, and what it would say instead. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define PENDING "PendingFileRenameOperations"

/* A sentence more; that before it may end in a path, without a full stop. */
static void text_add(struct scan *scan, struct finding *row, const char *more)
{
	row->text =
		scan_text(scan, text_full_stop(row->text) ? "%s %s" : _("%s. %s"), row->text, more);
}

static void row_absent(struct finding *row, const struct scan_entry *entry)
{
	row->state = FINDING_ABSENT;
	if (entry->entry->flags & ARTICLE_MAY_BE_ABSENT) {
		row->move = MOVE_NONE;
		row->text = entry->key ? _("There is no such value; that may be normal.")
				       : _("There is no such key; that may be normal.");
		return;
	}
	row->text = entry->key ? _("There is no such value.") : _("There is no such key.");
	scan_todo(row, MOVE_PERSON,
		_("Create it by hand as on another server of this release, or decide to keep it absent. "
		  "The program does not make values up."));
}

static void row_other_type(struct scan *scan, struct finding *row, const struct reg_data *data)
{
	row->state = FINDING_WRONG;
	status_say(scan, row, _("Its type is %s, but a path must be a string."),
		regdata_type_name(scan->tmp, data->type));
	scan_todo(row, MOVE_PERSON,
		_("Create it again as a string by hand, or decide to keep it."));
}

static const char *const leads_sentences[] = {
	[LEADS_NOWHERE] = N_("It leads to neither Msmcon: %s"),
	[LEADS_DEFAULT] = N_("It leads to the default Msmcon: %s"),
	[LEADS_RELOCATED] = N_("It leads to the relocated Msmcon: %s"),
	[LEADS_MIXED] = N_(
		"One of its paths leads to the default Msmcon, another to the relocated one: %s"),
};

/* By fault: what is said of a value that is right but for the file, the same of what it would name,
 * and what a person does. */
static const struct fault {
	const char *is, *would, *todo;
} faults[] = {
	[NAMED_COMES] = { N_("Step 2 copies this file: %s"),
		N_("It would then name a file that step 2 copies: %s"),
		N_("Step 2 copies the file: decide on it there.") },
	[NAMED_NO_PATH] = { N_("That is not a full path on a local drive: %s"),
		N_("It would then not be a full path on a local drive: %s"),
		N_("Edit it, in step 3 or in a plan, to name a file in the relocated Msmcon, or decide to keep it.") },
	[NAMED_NOTHING] = { N_("That file is missing: %s"),
		N_("The file that it would then name is missing: %s"),
		N_("Supply the file, for example from the service pack's CD, or edit the value, or decide to keep it.") },
	[NAMED_FOLDER] = { N_("That is a folder, not a file: %s"),
		N_("It would then name a folder, not a file: %s"),
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
	[NAMED_NOT_IT] = { N_("That is not the file that belongs here: %s"),
		N_("The file that it would then name is not the one that belongs here: %s"),
		N_("Edit the value, in step 3 or in a plan, to name the file that belongs here, or decide to keep it.") },
	[NAMED_ARGUMENTS] = { N_("Its arguments lead to the default Msmcon, or may do so:%s"),
		N_("Its arguments lead to the default Msmcon, or may do so:%s"),
		N_("Correct the arguments by hand, or decide to keep the value. The program never changes arguments.") },
	[NAMED_UNSEEN] = { N_("That file is on a drive that was not given: %s"),
		N_("The file that it would then name is on a drive that was not given: %s"),
		N_("Give that drive as well (--disks), or check the file by hand and decide to keep the value.") },
};

/* The same of a running server, which shares its drives itself. */
static const struct fault unshared = {
	N_("That file is on a drive that the server does not share for administrators: %s"),
	N_("The file that it would then name is on a drive that the server does not share for administrators: %s"),
	N_("Share that drive on the server under its letter (E$), or check the file by hand and decide to keep the value.")
};

static const struct fault *fault_of(const struct scan *scan, enum named_fault fault)
{
	return fault == NAMED_UNSEEN && server_runs(scan->server) ? &unshared : &faults[fault];
}

/* The state of a value that is right but for its file. */
static void row_fault(struct scan *scan, struct finding *row, const struct named_file *named)
{
	bool strange = named->fault == NAMED_NOT_IT || named->fault == NAMED_ARGUMENTS;
	enum finding_move move = named->fault == NAMED_COMES ? MOVE_PROGRAM
		: named->fault == NAMED_UNSEEN               ? MOVE_UNKNOWN
							     : MOVE_PERSON;
	bool after = row->state == FINDING_WRONG;
	const struct fault *fault = fault_of(scan, named->fault);

	text_add(scan, row,
		scan_print(scan, _(after ? fault->would : fault->is),
			scan_shown(scan, named->path)));
	if (after && !strange)
		return;
	/* What would not be right for it is not offered. */
	row->can_change = row->needed = false;
	row->after = row->before;
	row->state = (strange && !after) || move == MOVE_UNKNOWN ? FINDING_UNKNOWN : FINDING_WRONG;
	scan_todo(row, move, _(fault->todo));
}

/* It leads to neither Msmcon: only a person knows whether that is intended; if nothing can start
 * from it, it is wrong. */
static void row_elsewhere(struct scan *scan, struct finding *row, const struct named_file *named)
{
	/* An 8.3 name that is not found may be one that this disk does not show. */
	bool short_name = named->fault == NAMED_NOTHING && strchr(named->path, '~');
	bool wrong = named->fault != NAMED_RIGHT && named->fault != NAMED_UNSEEN && !short_name;

	row->state = wrong ? FINDING_WRONG : FINDING_UNKNOWN;
	if (wrong && named->path)
		text_add(scan, row,
			scan_print(scan, _(fault_of(scan, named->fault)->is),
				scan_shown(scan, named->path)));
	scan_todo(row, wrong ? MOVE_PERSON : MOVE_UNKNOWN, _(faults[NAMED_NO_PATH].todo));
}

static void row_string(struct scan *scan, struct finding *row, const struct reg_data *data,
	const char *text)
{
	const char *root = survey_variables(scan->survey, data);
	struct named_file named;
	char *after;

	if (path_relocate(scan->tmp, text, row->form, root, &scan->from, &scan->to, &row->leads,
		    &after) != 0) {
		scan_starved(scan);
		return;
	}
	row->state = row->leads == LEADS_RELOCATED ? FINDING_RIGHT : FINDING_WRONG;
	/* The sentence comes from the table above, not from a disk. */
	row->text = *text ? scan_text(scan, _(leads_sentences[row->leads]), scan_shown(scan, text))
			  : _("It is empty.");
	/* A path with an 8.3 name that the disk does not confirm is recognised by the rule; the
	 * operator should know. */
	if (scan->shorts_derived && strchr(text, '~') && row->leads != LEADS_NOWHERE)
		text_add(scan, row,
			_("Its short (8.3) name was derived by the Windows rule, because the disk does not have it."));
	named = scan_named(scan, row, text, root);
	row->names = named.fault;
	if (row->leads == LEADS_DEFAULT || row->leads == LEADS_MIXED) {
		/* The same bytes but for the prefix. */
		row->can_change = row->needed = true;
		row->after.value.data = regdata_with_string(scan->survey, data, after);
		if (!row->after.value.data)
			scan_starved(scan);
		named = scan_named(scan, row, after, root);
	}
	if (named.fault == NAMED_NOTHING)
		row->missing = scan_text(scan, "%s", named.path);
	if (row->leads == LEADS_NOWHERE)
		row_elsewhere(scan, row, &named);
	else if (named.fault != NAMED_RIGHT && !(row->can_change && named.fault == NAMED_COMES))
		row_fault(scan, row, &named);
}

/* A row about a value as it stands; data may be NULL. */
static struct finding *value_finding(struct scan *scan, const char *subject, const char *key,
	const char *name, const struct reg_data *data)
{
	struct finding *row = scan_finding(scan, KIND_VALUE, 3, "registry/", subject);

	row->leads = LEADS_NOWHERE;
	row->before.value.key = scan_text(scan, "%s", key);
	row->before.value.name = scan_text(scan, "%s", name);
	row->before.value.data = scan_copy(scan, data);
	row->after = row->before;
	return row;
}

static void value_row(struct scan *scan, const struct scan_entry *entry)
{
	const struct reg_data *data = entry->value ? &entry->value->data : NULL;
	const char *name = entry->value ? entry->value->name : entry->entry->value,
		   *text = scan_string(scan, data);
	struct finding *row = value_finding(scan, scan_path(scan, entry->below, name),
		scan_path(scan, scan->services_key, entry->below), name, data);

	row->form = entry->entry->form;
	row->entry = entry->entry->number;
	row->why = _(entry->entry->why);
	if (!data)
		row_absent(row, entry);
	else if (text)
		row_string(scan, row, data, text);
	else
		row_other_type(scan, row, data);
}

/* ---- what the next boot does ---- */

/* A name of the list: an object of NT, "!" before it where it may replace a file. */
static bool pending_touches(struct scan *scan, const char *name)
{
	char *path = path_normal(scan->tmp, name + (*name == '!'));

	return path &&
		(path_under(path, scan->own_bin_path) ||
			path_under(path,
				scan_path(scan, scan->survey->id->nt_folder, "system32\\config")));
}

/* Names end in a NUL; an empty one deletes at boot the file named before it, so the list is not a
 * normal REG_MULTI_SZ. */
static const char *pending_names(struct scan *scan, const struct reg_data *data)
{
	const char *all = NULL;

	for (size_t at = 0, end; at + 1 < data->len; at = end + 2) {
		char *name;

		for (end = at; end + 1 < data->len && (data->bytes[end] || data->bytes[end + 1]);)
			end += 2;
		name = scan_need(scan, text_from_utf16(scan->tmp, data->bytes + at, end - at));
		if (pending_touches(scan, name))
			all = all ? scan_print(scan, "%s, %s", all, scan_shown(scan, name))
				  : scan_shown(scan, name);
	}
	return all;
}

/* Files that the next boot renames or deletes (the registry's list for MoveFileEx) will not stay as
 * they were seen here. */
static void pending_row(struct scan *scan)
{
	const char *key =
		scan_print(scan, "SYSTEM\\%s\\Control\\Session Manager", scan->survey->control_set);
	struct reg_data *data = scan_data(scan, key, PENDING);
	const char *names = data ? pending_names(scan, data) : NULL;
	struct finding *row;

	if (!names)
		return;
	row = value_finding(scan, PENDING, key, PENDING, data);
	row->state = FINDING_WRONG;
	status_say(scan, row, _("The next start of Windows will rename or delete these files: %s"),
		names);
	row->why = _(
		"Windows does this before any service starts, so what is repaired now may be gone or replaced then.");
	scan_todo(row, MOVE_PERSON,
		_("Start Windows once so that it does this, then check again; or decide to keep it."));
}

void scan_value_rows(struct scan *scan)
{
	for (size_t i = 0; i < scan->entry_count; i++)
		value_row(scan, &scan->entries[i]);
	pending_row(scan);
}
