/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the paths of a value name, once step 2 is done: a file, and one of the kind that the value is for. */
#include "repair/oldfolder_internal.h"
#include "repair/survey_internal.h"

#include <string.h>

#include "base/text.h"

/* PATH_PLAIN is a library that is loaded to be run; a file of messages may be any program. */
static bool kind_fits(enum pe_kind pe, enum path_form form)
{
	return form == PATH_COMMAND ? pe == PE_PROGRAM : form == PATH_PLAIN ? pe == PE_LIBRARY : pe >= PE_PROGRAM;
}

static enum named_fault fault_of_file(const struct file_fact *file, enum path_form form)
{
	if (!file->present)
		return NAMED_NOTHING;
	return kind_fits(file->pe, form) ? NAMED_RIGHT : file->pe == PE_NONE ? NAMED_BROKEN : NAMED_OTHER_KIND;
}

/* A file of Bin was read already, and so was the one that step 2 copies over it. */
static const struct finding *row_of(const struct survey *survey, const char *path)
{
	for (size_t i = 0; i < survey->finding_count; i++)
		if (survey->findings[i].kind == KIND_FILE && text_equal(survey->findings[i].target, path))
			return &survey->findings[i];
	return NULL;
}

static enum named_fault fault_of_row(const struct finding *row, enum path_form form)
{
	enum named_fault fault = fault_of_file(&row->before.file, form);

	if (fault != NAMED_RIGHT && row->needed && fault_of_file(&row->after.file, form) == NAMED_RIGHT)
		return NAMED_COMES;
	return fault;
}

/* Setup's file was read too, where a row is about it. */
static const struct file_fact *fact_of_setup(const struct survey *survey, const char *path)
{
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_FILE && text_equal(row->source, path))
			return row->compare == FILE_SAME ? &row->before.file : row->can_change ? &row->after.file : NULL;
	}
	return NULL;
}

static int look_at_file(struct look *look, const char *path, enum path_form form, enum named_fault *fault)
{
	const struct file_fact *known = fact_of_setup(look->survey, path);
	struct file_fact fact = { 0 };
	struct file_meta meta = { 0 };
	bool found = false;
	int ret;

	*fault = known ? fault_of_file(known, form) : NAMED_FOLDER;
	if (known)
		return 0;
	ret = look->server->ops->look(look->server, look->tmp, path, &found, &meta, NULL, look->err);
	if (ret == 0 && found && meta.kind != ENTRY_FILE)
		return 0;
	if (ret == 0 && found)
		ret = look_file_fact(look, path, &meta, &fact);
	*fault = fault_of_file(&fact, form);
	return ret;
}

static int path_fault(struct look *look, const char *path, enum path_form form, enum named_fault *fault)
{
	const struct finding *row = row_of(look->survey, path);
	char *real;
	int ret = 0;

	*fault = NAMED_UNSEEN;
	if (!look_has_drive(look, path))
		return 0;
	if (!row && strchr(path, '~')) {
		ret = look_real(look, path, &real);
		path = ret == 0 && real ? real : path;
		row = ret == 0 ? row_of(look->survey, path) : NULL;
	}
	/* A row whose file is not there may have a folder in its place. */
	if (row && (row->before.file.present || row->can_change))
		*fault = fault_of_row(row, form);
	else if (ret == 0)
		ret = look_at_file(look, path, form, fault);
	if (ret == -TROUBLE_NOT_THERE || ret == -TROUBLE_NAME) {
		*fault = ret == -TROUBLE_NAME ? NAMED_NO_PATH : NAMED_NOTHING;
		ret = 0;
	}
	return ret;
}

/* The file that starts from a full path, or is loaded: a command's name as written is tried before the one with
 * ".exe" (Q195052). */
static int look_started(struct look *look, const char *full, enum path_form form, char **path)
{
	bool found = false;
	int ret = 0;

	*path = path_started(look->tmp, full, form);
	if (*path && form == PATH_COMMAND && strcmp(*path, full) != 0)
		ret = look_exists(look, full, ENTRY_FILE, &found);
	if (found)
		(*path)[strlen(full)] = '\0';
	return *path ? ret : error_memory(look->err);
}

/* CreateProcess starts the first file that an unquoted command names up to one of its blanks; Windows 2000 ends at a folder, too (812486). */
static int found_before(struct look *look, const char *text, const struct path_span *span, struct named_file *named)
{
	const char *nt = look->survey->id->nt_version;
	bool quoted = span->begin > 0 && text[span->begin - 1] == '"', found = false;
	int ret = 0;

	for (size_t at = span->begin + strcspn(text + span->begin, " \t"); ret == 0 && !found && !quoted && at < span->end;
	     at += 1 + strcspn(text + at + 1, " \t")) {
		char *part = talloc_strndup(look->tmp, text + span->begin, at - span->begin), *full = part ? path_normal(look->tmp, part) : NULL;

		ret = full ? look_started(look, full, PATH_COMMAND, &named->path) : 0;
		if (ret == 0 && full)
			ret = look_exists(look, named->path, ENTRY_FILE, &found);
		if (ret == 0 && full && !found && nt && nt[0] >= '5') {
			named->path = full;
			ret = look_exists(look, full, ENTRY_FOLDER, &found);
		}
	}
	named->fault = found ? NAMED_ANOTHER : NAMED_RIGHT;
	return ret;
}

static int span_fault(struct look *look, const char *text, const struct path_span *span, enum path_form form, struct named_file *named)
{
	int ret = form == PATH_COMMAND ? found_before(look, text, span, named) : 0;

	if (ret != 0 || named->fault != NAMED_RIGHT)
		return ret;
	named->fault = NAMED_NO_PATH;
	if (!span->full) {
		named->path = talloc_strndup(look->tmp, text + span->begin, span->end - span->begin);
		return named->path ? 0 : error_memory(look->err);
	}
	ret = look_started(look, span->full, form, &named->path);
	named->fault = NAMED_FOLDER;
	/* What ends in a separator is not a file, whatever is there. */
	if (ret != 0 || strchr("\\/", text[span->end - 1]))
		return ret;
	return path_fault(look, named->path, form, &named->fault);
}

const char *survey_variables(const struct survey *survey, const struct reg_data *data)
{
	return data->type == REG_EXPAND_SZ ? survey->id->nt_folder : NULL;
}

/* For a value that names one file: whether it is the one the article says, and whether its arguments lead nowhere else. */
static int one_fault(struct look *look, const struct finding *row, const char *text, const struct path_span *span, struct named_file *named)
{
	const char *leaf = article_leaf(row->entry);

	if (leaf && !text_equal(path_leaf(named->path), leaf))
		named->fault = NAMED_NOT_IT;
	else if (row->form == PATH_COMMAND && names_in(look->server, look->survey, text + span->end))
		*named = (struct named_file){ NAMED_ARGUMENTS, talloc_strdup(look->tmp, text + span->end) };
	return named->path ? 0 : error_memory(look->err);
}

int look_named(struct look *look, const struct finding *row, const char *text, const char *root, struct named_file *named)
{
	size_t count = 0;
	enum path_form form = row->form;
	struct path_span *spans = path_spans(look->tmp, text, form, root, &count);
	struct named_file comes = { NAMED_RIGHT, NULL };
	int ret = spans ? 0 : error_memory(look->err);

	*named = (struct named_file){ spans && count == 0 ? NAMED_NO_PATH : NAMED_RIGHT, NULL };
	for (size_t i = 0; ret == 0 && i < count && named->fault == NAMED_RIGHT; i++) {
		ret = span_fault(look, text, &spans[i], form, named);
		if (named->fault != NAMED_COMES)
			continue;
		comes = *named;
		named->fault = NAMED_RIGHT;
	}
	if (named->fault == NAMED_RIGHT && comes.path)
		*named = comes;
	if (ret == 0 && named->fault <= NAMED_COMES && count == 1)
		ret = one_fault(look, row, text, spans, named);
	return ret;
}

int survey_named(TALLOC_CTX *mem, struct server *server, const struct survey *survey, const struct finding *finding, const char *text,
		 const char *root, struct named_file *named, struct error *err)
{
	struct look look = { .tmp = mem, .survey = (struct survey *)(uintptr_t)survey, .server = server, .err = err };
	int ret = server->ops->drives(server, mem, &look.letters, err);

	return ret == 0 ? look_named(&look, finding, text, root, named) : ret;
}
