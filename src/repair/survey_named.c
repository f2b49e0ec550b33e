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

/* A file of Bin was read already, and so was what step 2 brings in its place; setup: by where that lies. */
static const struct finding *row_of(const struct survey *survey, const char *path, bool setup)
{
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_FILE && text_equal(setup ? row->source : row->target, path))
			return row;
	}
	return NULL;
}

static enum named_fault fault_of_row(const struct finding *row, enum path_form form)
{
	enum named_fault fault = fault_of_file(&row->before.file, form);

	if (fault != NAMED_RIGHT && row->needed && fault_of_file(&row->after.file, form) == NAMED_RIGHT)
		return NAMED_COMES;
	return fault;
}

static enum named_fault fault_on_disk(struct look *look, const char *path, enum path_form form)
{
	const struct finding *row = row_of(look->survey, path, true);
	struct file_fact fact = { 0 };
	struct file_meta meta;

	if (row && row->compare == FILE_SAME)
		return fault_of_file(&row->before.file, form);
	if (row && row->can_change)
		return fault_of_file(&row->after.file, form);
	if (look_meta(look, path, &meta)) {
		if (meta.kind != ENTRY_FILE)
			return NAMED_FOLDER;
		fact = look_file_fact(look, path, &meta);
	}
	return fault_of_file(&fact, form);
}

static enum named_fault path_fault(struct look *look, const char *path, enum path_form form)
{
	const struct finding *row = row_of(look->survey, path, false);
	enum named_fault fault;

	if (look->ret != 0 || !look_has_drive(look, path))
		return NAMED_UNSEEN;
	if (!row && strchr(path, '~')) {
		const char *real = look_real(look, path);

		path = real ? real : path;
		row = row_of(look->survey, path, false);
	}
	/* A row whose file is not there may have a folder in its place. */
	if (row && (row->before.file.present || row->can_change))
		return fault_of_row(row, form);
	fault = fault_on_disk(look, path, form);
	if (look->ret == -TROUBLE_NOT_THERE || look->ret == -TROUBLE_NAME) {
		fault = look->ret == -TROUBLE_NAME ? NAMED_NO_PATH : NAMED_NOTHING;
		look->ret = 0;
	}
	return fault;
}

/* The file that starts from a full path, or is loaded: a command's name as it stands comes before the one with ".exe" (Q195052). */
static char *started(struct look *look, const char *full, enum path_form form)
{
	char *path = look_need(look, path_started(look->tmp, full, form));

	if (form == PATH_COMMAND && strcmp(path, full) != 0 && look_exists(look, full, ENTRY_FILE))
		path[strlen(full)] = '\0';
	return path;
}

/* CreateProcess starts the first file that an unquoted command names up to one of its blanks; Windows 2000 ends at a folder, too (812486).
 * NULL: that is the one that is meant. */
static const char *found_before(struct look *look, const char *text, const struct path_span *span)
{
	const char *nt = look->survey->id->nt_version;
	size_t at = span->begin;

	if (at > 0 && text[at - 1] == '"')
		return NULL;
	for (at += strcspn(text + at, " \t"); at < span->end; at += 1 + strcspn(text + at + 1, " \t")) {
		char *full = path_normal(look->tmp, look_print(look, "%.*s", (int)(at - span->begin), text + span->begin));
		char *file = full ? started(look, full, PATH_COMMAND) : NULL;

		if (file && look_exists(look, file, ENTRY_FILE))
			return file;
		if (full && nt && nt[0] >= '5' && look_exists(look, full, ENTRY_FOLDER))
			return full;
	}
	return NULL;
}

static struct named_file span_fault(struct look *look, const char *text, const struct path_span *span, enum path_form form)
{
	const char *before = form == PATH_COMMAND ? found_before(look, text, span) : NULL;
	const char *path;

	if (before)
		return (struct named_file){ NAMED_ANOTHER, before };
	if (!span->full)
		return (struct named_file){ NAMED_NO_PATH, look_span_text(look, text, span) };
	path = started(look, span->full, form);
	/* What ends in a separator is no file, whatever lies there. */
	return (struct named_file){ strchr("\\/", text[span->end - 1]) ? NAMED_FOLDER : path_fault(look, path, form), path };
}

const char *survey_variables(const struct survey *survey, const struct reg_data *data)
{
	return data->type == REG_EXPAND_SZ ? survey->id->nt_folder : NULL;
}

/* In the relocated Msmcon the connector's programs lie in Bin itself, not below it and not in a backup beside it. Elsewhere only a value
 * that names one file can be judged by its name. */
static bool is_it(struct look *look, const struct finding *row, bool only, const char *path)
{
	const char *msmcon = look->survey->relocated_msmcon, *real = strchr(path, '~') ? look_real(look, path) : path;
	bool inside;

	real = real ? real : path;
	inside = path_under(real, msmcon);
	return (!inside || path_equal(look_parent(look, real), look_path(look, msmcon, "Bin"))) &&
	       (!(inside || only) || article_file_fits(row->entry, path_leaf(real)));
}

struct named_file look_named(struct look *look, const struct finding *row, const char *text, const char *root)
{
	size_t count;
	struct path_span *spans = look_spans(look, text, row->form, root, &count);
	struct named_file named = { count ? NAMED_RIGHT : NAMED_NO_PATH, NULL }, comes = { NAMED_RIGHT, NULL };

	for (size_t i = 0; i < count && named.fault == NAMED_RIGHT; i++) {
		named = span_fault(look, text, &spans[i], row->form);
		if (named.fault <= NAMED_COMES && !is_it(look, row, count == 1, named.path))
			named.fault = NAMED_NOT_IT;
		if (named.fault == NAMED_COMES) {
			comes = named;
			named.fault = NAMED_RIGHT;
		}
	}
	if (named.fault == NAMED_RIGHT && comes.path)
		named = comes;
	/* Of a value that names one file: whether it leads to another folder behind it. */
	if (named.fault <= NAMED_COMES && count == 1 && row->form == PATH_COMMAND && names_in(look->server, look->survey, text + spans->end))
		named = (struct named_file){ NAMED_ARGUMENTS, look_print(look, "%s", text + spans->end) };
	return named;
}

int survey_named(TALLOC_CTX *mem, struct server *server, const struct survey *survey, const struct finding *finding, const char *text,
		 const char *root, struct named_file *named, struct error *err)
{
	struct look look = { .tmp = mem, .survey = (struct survey *)(uintptr_t)survey, .server = server, .err = err };

	look.nothing = talloc_strdup(mem, "");
	look.ret = look.nothing ? server->ops->drives(server, mem, &look.letters, err) : error_memory(err);
	if (look.ret == 0)
		*named = look_named(&look, finding, text, root);
	return look.ret;
}
