/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of the survey. Every part is in a file of its own. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "server/overlay.h"

struct part {
	void (*scan)(struct scan *);
	const char *what;
	bool place;
};

/* Letters are judged once the folders that prove them are known; no folder is trusted before
 * that. */
static const struct part parts[] = {
	{ scan_server, N_("the server and its drives"), true },
	{ scan_exchange, N_("Exchange"), true },
	{ scan_pcmtas, N_("services"), true },
	{ scan_overlaid, N_("the server and its drives"), false },
	{ scan_cluster, N_("whether it is a cluster"), false },
	{ scan_share_read, N_("shares"), false },
	{ scan_relocated, N_("the relocated Msmcon"), true },
	{ scan_letters, N_("drive letters"), false },
	{ scan_volumes, N_("volumes"), false },
	{ scan_folders, N_("folders"), false },
	{ scan_maildata, N_("both postoffices"), false },
	{ scan_postoffice_row, N_("which postoffice is in use"), false },
	{ scan_backup_row, N_("room for the backup"), false },
	{ scan_file_rows, N_("files of both Bin folders"), false },
	{ scan_value_rows, N_("registry values"), false },
	{ scan_share_row, N_("the share"), false },
	{ scan_service_rows, N_("service accounts"), false },
	{ scan_oldfolder_row, N_("the old folder"), false },
	{ scan_copies, N_("copies of the registry"), false },
	{ scan_elsewhere, N_("other registry values"), false },
	{ scan_leftovers, N_("leftovers of an earlier run"), false },
};

/* Whose move it is follows from the state, unless the survey said so already. */
static enum finding_move move_of(const struct finding *row)
{
	if (row->move != MOVE_UNKNOWN || row->todo)
		return row->move;
	if (row->state == FINDING_RIGHT)
		return MOVE_NONE;
	if (row->can_change)
		return MOVE_PROGRAM;
	return row->state == FINDING_UNKNOWN ? MOVE_UNKNOWN : MOVE_PERSON;
}

static const char *todo_of(const struct finding *row)
{
	if (row->move == MOVE_PROGRAM)
		return row->needed ? _("Decide on it: the program makes the change.")
				   : _("Decide whether to change it or keep it.");
	return row->move == MOVE_PERSON ? _("Fix it by hand.") : _("Check it by hand.");
}

static const struct kept *kept_find(const struct survey_options *options, const char *id)
{
	for (size_t i = 0; i < options->kept_count; i++)
		if (!strcmp(options->kept[i].id, id))
			return &options->kept[i];
	return NULL;
}

/* Whether it leads to what it led to then; what step 2 copies is there once step 2 is done. A
 * record that does not say (of an earlier version of this program) does not count: what is there
 * now may not be what the person saw, so the question comes again. */
static bool names_same(const struct kept *kept, const struct finding *row)
{
	bool leads = row->kind == KIND_SHARE ? row->before.share.path != NULL
					     : row->kind == KIND_VALUE && row->before.value.data;

	return !leads || kept->names == row->names ||
		(kept->names == NAMED_COMES && row->names == NAMED_RIGHT);
}

/* A decision to keep something holds only while it is what it was and leads where it led; for a
 * file, also while setup's file is the same, or gone with the old folder: then nothing is there
 * that the person did not see. */
static void keep_rows(struct scan *scan)
{
	for (size_t i = 0; i < scan->survey->finding_count; i++) {
		struct finding *row = &scan->survey->findings[i];
		const struct kept *kept = kept_find(scan->options, row->id);

		if (!kept || kept->kind != row->kind ||
			!finding_side_equal(row->kind, &kept->before, &row->before) ||
			!names_same(kept, row) ||
			(row->kind == KIND_FILE && row->compare != FILE_ONLY_RELOCATED &&
				!finding_side_equal(row->kind, &kept->after, &row->after)))
			continue;
		row->needed = false;
		row->kept_by = scan_text(scan, "%s", kept->by);
		row->kept_run = scan_text(scan, "%s", kept->run);
	}
}

static void count_moves(struct survey *survey)
{
	for (size_t i = 0; i < survey->finding_count; i++) {
		struct finding *row = &survey->findings[i];

		row->move = move_of(row);
		survey->open += finding_is_open(row);
		survey->needs_person += finding_is_open(row) && row->move >= MOVE_PERSON;
		if (row->move != MOVE_NONE && !row->todo)
			row->todo = todo_of(row);
	}
}

/* Step 1 is asked for as soon as anything else is; then the rows are counted. */
static void count_needed(struct survey *survey)
{
	struct finding *backup = NULL;

	for (size_t i = 0; i < survey->finding_count; i++) {
		struct finding *row = &survey->findings[i];

		/* Pointing everything to a postoffice that may be the wrong one is never
		 * proposed. */
		row->needed = row->needed && survey_lives(survey);
		survey->changes_needed += row->needed;
		if (row->kind == KIND_BACKUP)
			backup = row;
	}
	if (survey->changes_needed == 0 || !backup || !backup->can_change)
		return;
	backup->needed = true;
	backup->state = FINDING_ABSENT;
	survey->changes_needed++;
}

/* What prevents the repair is reported before anything is decided. */
static void rehearse(struct scan *scan)
{
	const struct survey_options *options = scan->options;
	struct server_rehearsal rehearsal = { 0 };
	struct error why;
	int ret;

	if (!options->rehearse || scan->survey->check_only)
		return;
	ret = options->rehearse(options->rehearse_arg, scan->server, scan->survey, &rehearsal,
		&why);
	if (ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED)
		scan->ret = error_pass(scan->err, &why);
	else if (ret != 0)
		scan_refuse_why(scan, &why);
	else if (*rehearsal.note.text)
		scan_notice(scan, "compression",
			_("%s Files that will be stored differently: %zu."), rehearsal.note.text,
			rehearsal.notes);
}

static void scan_at_all(struct scan *scan)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (scan->options->tell &&
			scan->options->tell(scan->options->arg, _(parts[i].what)) != 0)
			scan_fail(scan, TROUBLE_STOPPED, _("The check of the server was stopped."));
		if (scan->ret == 0 && (parts[i].place || !scan->options->places))
			parts[i].scan(scan);
		if (scan->ret != 0)
			return;
	}
	keep_rows(scan);
	count_needed(scan->survey);
	count_moves(scan->survey);
	rehearse(scan);
}

static void scan_begin(struct scan *scan, struct server *server,
	const struct survey_options *options, struct error *err)
{
	*scan = (struct scan){ .tmp = talloc_new(NULL),
		.server = server,
		.options = options,
		.err = err };
	scan->nothing = scan->letters = scan->tmp ? talloc_strdup(scan->tmp, "") : NULL;
	scan->survey = scan->nothing ? talloc_zero(scan->tmp, struct survey) : NULL;
	if (!scan->survey) {
		scan->ret = error_memory(err);
		return;
	}
	scan->survey->reach = server->reach;
	scan->survey->caps = server->caps;
	scan->survey->id = &server->id;
}

/* The same once more, in English; of the parts it was told before. */
static void scan_english(struct scan *shown)
{
	struct survey_options options = *shown->options;
	struct scan scan;
	bool english = shown->ret == 0 && !options.places && !options.unrecorded && i18n_english();

	if (!english)
		return;
	options.tell = NULL;
	scan_begin(&scan, shown->server, &options, shown->err);
	if (scan.ret == 0)
		scan_at_all(&scan);
	i18n_shown(english);
	shown->ret = scan.ret;
	if (scan.ret == 0)
		shown->survey->english = talloc_steal(shown->survey, scan.survey);
	talloc_free(scan.tmp);
}

int survey_make(TALLOC_CTX *mem, struct server *server, const struct survey_options *options,
	const struct survey **survey, struct error *err)
{
	struct scan scan;

	scan_begin(&scan, server, options, err);
	if (scan.ret == 0 && !options->places)
		scan.ret = server->ops->hold(server, err);
	if (scan.ret == 0) {
		int changed = 0;

		scan_at_all(&scan);
		scan_english(&scan);
		/* A failure has its own reason; without one, somebody may still have written to a
		 * registry file in the meantime. */
		if (!options->places)
			changed = server->ops->release(server, scan.ret == 0 ? err : NULL);
		scan.ret = scan.ret ? scan.ret : changed;
	}
	if (scan.ret == -TROUBLE_LETTERS && server->overlay && err)
		error_advise(err, scan.ret,
			_("Name the images of all its disks, with commas between, or say with --letters which partition is which drive."));
	if (scan.ret == 0 && server->overlay && !options->places)
		scan.ret = server->overlay->stamps(server, scan.survey, &scan.survey->stamps,
			&scan.survey->stamp_count, err);
	if (scan.ret == 0)
		*survey = talloc_steal(mem, scan.survey);
	talloc_free(scan.tmp);
	return scan.ret;
}

const struct survey *survey_english(const struct survey *survey)
{
	return survey->english ? survey->english : survey;
}

const struct finding *survey_finding(const struct survey *survey, const char *id)
{
	for (size_t i = 0; i < survey->finding_count; i++)
		if (!strcmp(survey->findings[i].id, id))
			return &survey->findings[i];
	return NULL;
}

const char *survey_notice(const struct survey *survey, const char *id)
{
	for (size_t i = 0; i < survey->notice_count; i++)
		if (strcmp(survey->notices[i].id, id) == 0)
			return survey->notices[i].text;
	return NULL;
}

int survey_forbids(const struct survey *survey, struct error *err)
{
	if (!survey->check_only)
		return 0;
	return error_advise(err,
		error_set(err, survey->check_only_trouble, "%s",
			(i18n_twice() ? survey_english(survey) : survey)->check_only_why),
		"%s", survey->check_only_advice);
}
