/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the paths of a value name, once step 2 is done: a file, and one of the kind that the value
 * is for. */
#include "repair/oldfolder_internal.h"
#include "repair/survey_internal.h"

#include <string.h>

#include "base/text.h"

/* PATH_PLAIN is a library that is loaded to be run; a file of messages may be any program. */
static bool kind_fits(enum pe_kind pe, enum path_form form)
{
	return form == PATH_COMMAND  ? pe == PE_PROGRAM
		: form == PATH_PLAIN ? pe == PE_LIBRARY
				     : pe >= PE_PROGRAM;
}

static enum named_fault fault_of_file(const struct file_fact *file, enum path_form form)
{
	if (!file->present)
		return NAMED_NOTHING;
	return kind_fits(file->pe, form) ? NAMED_RIGHT
		: file->pe == PE_NONE    ? NAMED_BROKEN
					 : NAMED_OTHER_KIND;
}

/* A file of Bin was read already, and so was what step 2 brings in its place. */
const struct finding *survey_file(const struct survey *survey, const char *path, bool setup)
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

	if (fault != NAMED_RIGHT && row->needed &&
		fault_of_file(&row->after.file, form) == NAMED_RIGHT)
		return NAMED_COMES;
	return fault;
}

static enum named_fault fault_on_disk(struct scan *scan, const char *path, enum path_form form)
{
	const struct finding *row = survey_file(scan->survey, path, true);
	struct file_fact fact = { 0 };
	struct file_meta meta;

	if (row && row->compare == FILE_SAME)
		return fault_of_file(&row->before.file, form);
	if (row && row->can_change)
		return fault_of_file(&row->after.file, form);
	if (scan_meta(scan, path, &meta)) {
		if (meta.kind != ENTRY_FILE)
			return NAMED_FOLDER;
		fact = scan_file_fact(scan, path, &meta);
	}
	return fault_of_file(&fact, form);
}

static enum named_fault path_fault(struct scan *scan, const char *path, enum path_form form)
{
	const struct finding *row = survey_file(scan->survey, path, false);
	enum named_fault fault;

	if (scan->ret != 0 || !scan_has_drive(scan, path))
		return NAMED_UNSEEN;
	if (!row && strchr(path, '~')) {
		const char *real = scan_real(scan, path);

		path = real ? real : path;
		row = survey_file(scan->survey, path, false);
	}
	/* A row whose file is not there may have a folder in its place. */
	if (row && (row->before.file.present || row->can_change))
		return fault_of_row(row, form);
	fault = fault_on_disk(scan, path, form);
	if (scan->ret == -TROUBLE_NOT_THERE || scan->ret == -TROUBLE_NAME) {
		fault = scan->ret == -TROUBLE_NAME ? NAMED_NO_PATH : NAMED_NOTHING;
		scan->ret = 0;
	}
	return fault;
}

/* The file that starts from a full path, or is loaded: a command's name as it stands comes before
 * the one with ".exe" (Q195052). */
static char *started(struct scan *scan, const char *full, enum path_form form)
{
	char *path = scan_need(scan, path_started(scan->tmp, full, form));

	if (form == PATH_COMMAND && strcmp(path, full) != 0 && scan_exists(scan, full, ENTRY_FILE))
		path[strlen(full)] = '\0';
	return path;
}

/* CreateProcess starts the first file that an unquoted command names up to one of its blanks;
 * Windows 2000 ends at a folder, too (812486). NULL: that is the one that is meant. */
static const char *found_before(struct scan *scan, const char *text, const struct path_span *span)
{
	const char *nt = scan->survey->id->nt_version;
	size_t at = span->begin;

	if (at > 0 && text[at - 1] == '"')
		return NULL;
	for (at += strcspn(text + at, " \t"); at < span->end;
		at += 1 + strcspn(text + at + 1, " \t")) {
		char *full = path_normal(scan->tmp,
			scan_print(scan, "%.*s", (int)(at - span->begin), text + span->begin));
		char *file = full ? started(scan, full, PATH_COMMAND) : NULL;

		if (file && scan_exists(scan, file, ENTRY_FILE))
			return file;
		if (full && nt && nt[0] >= '5' && scan_exists(scan, full, ENTRY_FOLDER))
			return full;
	}
	return NULL;
}

static struct named_file span_fault(struct scan *scan, const char *text,
	const struct path_span *span, enum path_form form)
{
	const char *before = form == PATH_COMMAND ? found_before(scan, text, span) : NULL;
	const char *path;

	if (before)
		return (struct named_file){ NAMED_ANOTHER, before };
	if (!span->full)
		return (struct named_file){ NAMED_NO_PATH, scan_span_text(scan, text, span) };
	path = started(scan, span->full, form);
	/* What ends in a separator is no file, whatever lies there. */
	return (struct named_file){ strchr("\\/", text[span->end - 1])
			? NAMED_FOLDER
			: path_fault(scan, path, form),
		path };
}

const char *survey_variables(const struct survey *survey, const struct reg_data *data)
{
	return data->type == REG_EXPAND_SZ ? survey->id->nt_folder : NULL;
}

/* In the relocated Msmcon the connector's programs lie in Bin itself, not below it and not in a
 * backup beside it. Elsewhere only a value that names one file can be judged by its name. */
static bool is_it(struct scan *scan, const struct finding *row, bool only, const char *path)
{
	const char *msmcon = scan->survey->relocated_msmcon,
		   *real = strchr(path, '~') ? scan_real(scan, path) : path;
	bool inside;

	real = real ? real : path;
	inside = path_under(real, msmcon);
	return (!inside || path_equal(scan_parent(scan, real), scan_path(scan, msmcon, "Bin"))) &&
		(!(inside || only) || article_file_fits(row->entry, path_leaf(real)));
}

struct named_file scan_named(struct scan *scan, const struct finding *row, const char *text,
	const char *root)
{
	size_t count;
	struct path_span *spans = scan_spans(scan, text, row->form, root, &count);
	struct named_file named = { count ? NAMED_RIGHT : NAMED_NO_PATH, NULL },
			  comes = { NAMED_RIGHT, NULL };

	for (size_t i = 0; i < count && named.fault == NAMED_RIGHT; i++) {
		named = span_fault(scan, text, &spans[i], row->form);
		if (named.fault <= NAMED_COMES && !is_it(scan, row, count == 1, named.path))
			named.fault = NAMED_NOT_IT;
		if (named.fault == NAMED_COMES) {
			comes = named;
			named.fault = NAMED_RIGHT;
		}
	}
	if (named.fault == NAMED_RIGHT && comes.path)
		named = comes;
	/* Of a value that names one file: whether it leads to another folder behind it. */
	if (named.fault <= NAMED_COMES && count == 1 && row->form == PATH_COMMAND &&
		names_in(scan->server, scan->survey, text + spans->end))
		named = (struct named_file){ NAMED_ARGUMENTS,
			scan_print(scan, "%s", text + spans->end) };
	return named;
}

int survey_named(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	const struct finding *finding, const char *text, const char *root, struct named_file *named,
	struct error *err)
{
	struct scan scan;

	scan_again(&scan, mem, server, survey, err);
	if (scan.ret == 0)
		*named = scan_named(&scan, finding, text, root);
	return scan.ret;
}
