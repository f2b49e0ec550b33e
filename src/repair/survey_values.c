/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 3: every entry of the article's list, where it leads, and what it would say instead. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* The first file that a value names and that will not be there once step 2 is done; NULL if all are. */
static int first_missing(struct look *look, const char *text, enum path_form form, char **missing)
{
	size_t count = 0;
	struct path_span *spans = path_spans(look->tmp, text, form, look->survey->id->nt_folder, &count);
	int ret = spans ? 0 : error_memory(look->err);

	*missing = NULL;
	for (size_t i = 0; ret == 0 && i < count && !*missing; i++) {
		bool will = true;
		if (spans[i].full)
			ret = look_file_will_exist(look, spans[i].full, &will);
		if (ret == 0 && !will)
			*missing = talloc_strdup(look->survey, spans[i].full);
	}
	return ret;
}

/* A sentence more. */
static int text_add(struct look *look, struct finding *row, char *more)
{
	size_t len = row->text ? strlen(row->text) : 0;

	if (more && len > 0)
		row->text = talloc_asprintf_append(row->text, "%s %s", row->text[len - 1] == '.' ? "" : ".", more);
	return more && row->text ? 0 : error_memory(look->err);
}

/* A path with an 8.3 name that no disk confirms is recognised by the rule; the operator should know. */
static int text_derived(struct look *look, struct finding *row, const char *text)
{
	if (!look->shorts_derived || !strchr(text, '~') || row->leads == LEADS_NOWHERE)
		return 0;
	return text_add(look, row,
			talloc_strdup(look->tmp, _("Its short (8.3) name was worked out by the rule of Windows, "
						   "for the disk does not say it.")));
}

static int row_absent(struct look *look, struct finding *row, const struct look_entry *entry, bool key_there)
{
	row->state = FINDING_ABSENT;
	row->move = entry->entry->flags & ARTICLE_MAY_BE_ABSENT ? MOVE_NONE : MOVE_PERSON;
	if (row->move == MOVE_NONE)
		row->text = talloc_strdup(look->survey, key_there ? _("There is no such value; that may be normal.") :
					  _("There is no such key; that may be normal."));
	else
		row->text = talloc_strdup(look->survey, key_there ?
			_("There is no such value. Compare with another server; the program does not make values up.") :
			_("There is no such key. Compare with another server; the program does not make values up."));
	return row->text ? 0 : error_memory(look->err);
}

static int row_other_type(struct look *look, struct finding *row, const struct reg_data *data)
{
	row->state = FINDING_UNKNOWN;
	row->text =
		talloc_asprintf(look->survey, _("It is of the type %s, and a path is a string. Look at it by hand."),
				regdata_type_name(look->tmp, data->type));
	return row->text ? 0 : error_memory(look->err);
}

static const char *leads_sentence(enum path_leads leads)
{
	switch (leads) {
	case LEADS_DEFAULT:
		return _("It leads to the default Msmcon: %s");
	case LEADS_RELOCATED:
		return _("It leads to the relocated Msmcon: %s");
	case LEADS_MIXED:
		return _("One of its paths leads to the default Msmcon, another to the relocated one: %s");
	default:
		return _("It leads to neither Msmcon: %s");
	}
}

/* Puts the after side into the row: the same bytes but for the prefix. */
static int row_after(struct look *look, struct finding *row, const char *text)
{
	row->can_change = row->needed = true;
	row->after.value = row->before.value;
	row->after.value.data = regdata_with_string(look->survey, row->before.value.data, text);
	return row->after.value.data ? 0 : error_memory(look->err);
}

static int row_string(struct look *look, struct finding *row, const char *text)
{
	char *after, *sentence;
	int ret = path_relocate(look->tmp, text, row->form, look->survey->id->nt_folder, &look->from, &look->to,
				&row->leads, &after);

	if (ret != 0)
		return error_memory(look->err);
	row->state = row->leads == LEADS_RELOCATED ? FINDING_RIGHT
		     : row->leads == LEADS_NOWHERE ? FINDING_UNKNOWN
						   : FINDING_WRONG;
	sentence = text_shown(look->tmp, text);
	/* The sentence comes from the table above, not from a disk. */
	row->text = sentence ? talloc_asprintf(look->survey, leads_sentence(row->leads), sentence) : NULL;
	if (!row->text)
		return error_memory(look->err);
	row->after = row->before;
	if (row->state == FINDING_WRONG)
		ret = row_after(look, row, after);
	if (ret == 0)
		ret = text_derived(look, row, text);
	if (ret == 0)
		ret = first_missing(look, after, row->form, &row->missing);
	if (ret == 0 && row->missing)
		ret = text_add(look, row, talloc_asprintf(look->tmp, row->state == FINDING_WRONG ?
			       _("The file that it would then name is not there: %s") : _("That file is not there: %s"),
			       look_shown(look, row->missing)));
	return ret;
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

int look_value_rows(struct look *look)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->entry_count; i++)
		ret = value_row(look, &look->entries[i]);
	return ret;
}
