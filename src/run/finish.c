/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 5 and 6 on the record of the run, and the pause before them. */
#include "run/finish.h"

#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "report/outcome.h"
#include "run/engine_internal.h"
#include "run/resume.h"
#include "run/services.h"

enum { OLDFOLDER_LIMIT = 1000000 };

/* ---- the pause ---- */

static char *pause_tests(TALLOC_CTX *mem, const struct evidence_list *list, char *text)
{
	for (size_t i = 0; i < list->count; i++)
		text = talloc_asprintf_append(text, "     %s   %s, %s\n", list->rows[i].token,
			text_shown(mem, list->rows[i].pcmta),
			mail_direction_text(list->rows[i].direction));
	return text;
}

/* How the server gets to run again. */
static const char *pause_start(const struct engine *engine)
{
	if (!engine->server->overlay)
		return _("Unmount the volumes, put the disks back, start the server.");
	return engine->stand && engine->stand->over
		? _("Start the virtual machine from the overlay, as said below; never from the image.")
		: _("Start the virtual machine.");
}

static char *pause_text(struct engine *engine, TALLOC_CTX *mem, const struct evidence_list *list,
	const struct record_tally *tally)
{
	const char *good =
		engine->plan ? survey_notice(engine->plan->survey, "last-known-good") : NULL;
	char *text = talloc_asprintf(mem,
		_("Run %s, server %s. %s Mail can only be seen to flow on the running server:\n"
		  "  1. %s\n"
		  "  2. Start the Interchange, then each PC MTA (Q168739). Look into the event log.\n"
		  "  3. Send a NEW test message for each line, with the code as its subject;\n"
		  "     note who sent it, from where, to whom (NET/PO/BOX), each time another pair:\n"),
		engine_run_name(engine), text_shown(mem, engine->server->id.name),
		tally->put_back
			? _("A part of what was written was put back; the rest is written and verified on its disks.")
			: engine_outcome(engine),
		pause_start(engine));

	text = pause_tests(mem, list, text);
	text = talloc_asprintf_append(text,
		_("  4. Look for each at the other end: note mailbox, time, subject, and what you saw.\n"
		  "  5. Record what you saw. This needs neither volumes nor image:\n"
		  "     %s\n"
		  "  6. Step 6, and a look at what came, need %s.\n"
		  "     %s\n"
		  "     %s\n"
		  "The folder of this run may be copied to another machine and resumed there.\n"),
		engine_record_command(engine, mem), engine_needs(engine, mem),
		engine->server->overlay ? _("Shut the virtual machine down, and run:")
					: _("Switch the server off, mount them, and run:"),
		engine_command(engine, mem, "resume"));
	if (engine->stand && engine->stand->over)
		text = talloc_asprintf_append(text, "%s", engine_overlay_start(engine, mem));
	if (engine->plan)
		text = talloc_asprintf_append(text, "%s",
			survey_services_said(mem, engine->plan->survey));
	return good ? talloc_asprintf_append(text, "%s\n", text_shown(mem, good)) : text;
}

int next_write(struct engine *engine, TALLOC_CTX *mem, char **text, struct error *err)
{
	struct evidence_list *list;
	struct record_tally tally;
	struct history history;

	if (engine_evidence(engine, &list, err) || history_read(mem, engine, &history, err))
		return -(int)err->trouble;
	tally = history_tally(engine, &history);
	*text = pause_text(engine, mem, list, &tally);
	if (!*text)
		return error_memory(err);
	return runfolder_write(engine->run, "next.txt", *text, strlen(*text), err);
}

/* The volumes are as the repair left them, and the server runs in between: what it does to mail
 * then is told from what stands there now. */
static int pause_before(struct engine *engine, struct error *err)
{
	const struct survey *survey = engine->plan ? engine->plan->survey : engine->ground;

	return engine->server && !(engine->server->caps & SERVER_SERVICES)
		? engine_mail_before(engine, survey, err)
		: 0;
}

int engine_pause(struct engine *engine, TALLOC_CTX *mem, char **text, struct error *err)
{
	if (pause_before(engine, err) || next_write(engine, mem, text, err) ||
		journal_add(engine->journal, JOURNAL_PAUSED,
			json_pack("{s:s}", "text", N_("steps 5 and 6 wait for the running server")),
			true, err) ||
		record_report(engine, err))
		return -(int)err->trouble;
	return 0;
}

/* ---- the old folder ---- */

static int gates_of(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *options,
	const struct survey **fresh, struct gates **gates, struct error *err)
{
	struct evidence_list *evidence;

	if (engine_survey(engine, mem, options, fresh, err) || pcmtas_record(engine, *fresh, err) ||
		engine_evidence(engine, &evidence, err))
		return -(int)err->trouble;
	return oldfolder_gates(mem, engine->server, *fresh, evidence, gates, err);
}

int engine_gates(struct engine *engine, TALLOC_CTX *mem, const struct survey_options *options,
	struct gates **gates, struct error *err)
{
	const struct survey *fresh;

	return gates_of(engine, mem, options, &fresh, gates, err);
}

static int oldfolder_allowed(const struct gates *gates, bool weak_confirmed, struct error *err)
{
	const char *why = NULL, *advice = "";

	if (!gates->folder) {
		why = _("There is no old folder any more.");
	} else if (gates->leave_only) {
		why = _("Not everything that must be so before the old folder may go is so: it is left.");
		advice = _("Put right what the answers name, then ask again.");
	} else if (gates->weak && !weak_confirmed) {
		why = _("Mail flow was not verified end to end, and that was not confirmed: the old folder is left.");
		advice = _(
			"Have a message read at the other end and say so in step 5, or confirm the weakness.");
	}
	return why ? error_advise(err, error_set(err, TROUBLE_CANNOT, "%s", why), "%s", advice) : 0;
}

static int aside(struct engine *engine, const struct survey *fresh, struct error *err)
{
	struct change *change;

	if (oldfolder_aside(engine, fresh, engine_run_name(engine), &change, err) ||
		record_decision(engine, change->id, DECISION_CHANGE, change, NULL, true, err))
		return -(int)err->trouble;
	return act_run_one(engine, change, err);
}

static int deletion_record(struct engine *engine, enum journal_kind kind,
	const struct oldfolder_record *what, struct error *err)
{
	return journal_add(engine->journal, kind,
		json_pack("{s:s, s:I, s:I, s:b, s:o}", "operator",
			what->operator_name ? what->operator_name : "", "files", what->files,
			"bytes", what->bytes, "weak", what->weak, "folder",
			json_path(what->folder)),
		true, err);
}

/* What is about to go is on record by name and size before the first file goes. */
static int delete_for_good(struct engine *engine, TALLOC_CTX *mem, const struct survey *fresh,
	const struct gates *gates, struct error *err)
{
	const struct oldfolder_record what = { .folder = gates->folder,
		.operator_name = engine->operator_name,
		.weak = gates->weak,
		.files = (json_int_t)gates->files,
		.bytes = (json_int_t)gates->bytes };
	struct copy_list list;

	if (overlay_write(engine, err) ||
		copy_walk(engine->server, mem, gates->folder, OLDFOLDER_LIMIT, &list, err) ||
		deletion_record(engine, JOURNAL_DELETING, &what, err) ||
		oldfolder_delete(engine->server, gates->folder, fresh->relocated_msmcon, &list,
			&engine->progress, err))
		return -(int)err->trouble;
	return deletion_record(engine, JOURNAL_DELETED, &what, err);
}

int engine_oldfolder(struct engine *engine, const struct survey_options *options,
	enum oldfolder_choice choice, const char *typed, bool weak_confirmed, struct error *err)
{
	TALLOC_CTX *tmp;
	const struct survey *fresh;
	struct gates *gates;
	int ret;

	if (choice == OLDFOLDER_LEAVE)
		return record_decision(engine, "oldfolder", DECISION_KEEP, NULL, NULL, true, err);
	if (choice == OLDFOLDER_DELETE && (!typed || strcmp(typed, engine->server->id.name) != 0))
		return error_set(err, TROUBLE_USAGE,
			_("The server's name was not typed; nothing is deleted."));
	tmp = talloc_new(engine);
	ret = gates_of(engine, tmp, options, &fresh, &gates, err);
	if (!ret)
		ret = oldfolder_allowed(gates, weak_confirmed, err);
	if (!ret)
		ret = choice == OLDFOLDER_ASIDE ? aside(engine, fresh, err)
						: delete_for_good(engine, tmp, fresh, gates, err);
	talloc_free(tmp);
	return overlay_settle(engine, ret, err);
}

/* ---- the old folder, cut off ---- */

/* It still has its name, and the server may have changed since: the gates are asked again. Where
 * they say no the folder stays, and step 6 can be decided anew. */
static int rename_again(struct engine *engine, struct change *change, struct error *err)
{
	static const struct survey_options options = { 0 };
	TALLOC_CTX *tmp = talloc_new(engine);
	const struct survey *fresh;
	struct gates *gates;
	int ret = gates_of(engine, tmp, &options, &fresh, &gates, err);

	if (!ret && !gates->leave_only) {
		ret = act_run_one(engine, change, err);
	} else if (!ret) {
		ret = engine_note(engine,
			_("The old folder was not set aside: something that must be so before it may go is not so any more. Decide again in step 6."),
			err);
		if (!ret)
			ret = record_decision(engine, change->id, DECISION_UNDECIDED, NULL, NULL,
				true, err);
	}
	talloc_free(tmp);
	return ret;
}

static int rename_settle(struct engine *engine, struct error *err)
{
	struct decided *decided = engine_decided(engine, "oldfolder");
	enum change_state state;
	const char *why;

	if (!decided || !decided->change)
		return 0;
	why = engine_misfit(engine, decided->change);
	if (why)
		return engine_misfits(engine, decided->change, why, err);
	if (change_state_read(engine->server, engine, decided->change, &state, NULL, err))
		return -(int)err->trouble;
	if (state == CHANGE_OLD)
		return rename_again(engine, decided->change, err);
	return state == CHANGE_NEW ? act_run_one(engine, decided->change, err) : 0;
}

/* All of it was gone when the run was cut off; what is left of a folder goes only when it is asked
 * for anew. */
static int deletion_settle(struct engine *engine, const struct oldfolder_record *record,
	struct error *err)
{
	bool found = true;
	int ret = record->folder ? engine->server->ops->file_stat(engine->server, engine,
					   record->folder, &found, NULL, NULL, err)
				 : 0;

	return ret || found ? ret : deletion_record(engine, JOURNAL_DELETED, record, err);
}

int oldfolder_settle(struct engine *engine, struct error *err)
{
	struct oldfolder_record *record;
	int ret = oldfolder_read(engine, engine->journal, &record, err);

	if (!ret && record->end == OLDFOLDER_DECIDED)
		return rename_settle(engine, err);
	return !ret && record->end == OLDFOLDER_CUT ? deletion_settle(engine, record, err) : ret;
}
