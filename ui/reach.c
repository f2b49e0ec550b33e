/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "record/runfolder.h"
#include "run/kept.h"
#include "run/rehearse.h"
#include "server/disks.h"
#include "server/remote.h"
#include "practice/practice.h"
#include "training/case.h"
#include "ui/commands.h"
#include "ui/password.h"
#include "ui/signals.h"

enum { PRACTICE_SEED = 1 };

int reach_runs(TALLOC_CTX *mem, const struct options *options, char **runs, struct error *err)
{
	bool by_hand;

	return runs_place(mem, options->runs, runs, &by_hand, err);
}

int reach_case(TALLOC_CTX *mem, const char *name, const char *dir, uint64_t seed, struct error *err)
{
	struct practice_spec spec = { .scenario = name ? name : "standard", .seed = seed };
	struct training_case *training;
	int ret = case_find(mem, spec.scenario, &training, err);

	if (ret == 0)
		return case_build(training, dir, seed, err);
	/* Servers that are no lesson: the ground the cases stand on. */
	return practice_scenario(spec.scenario, &spec.flags) ? practice_build(dir, &spec, err)
							     : ret;
}

/* Commands that write: what they repaired must still be there when it is to be put back. */
static bool writes(const struct options *options)
{
	return options->command && (options->command->takes & OPTIONS_YES);
}

/* Builds the case in a folder of its own, and opens it there: a server for this one call. */
static int practice_fresh(TALLOC_CTX *mem, const char *scenario, uint64_t seed,
	struct server **server, struct error *err)
{
	char *dir = NULL;
	int ret = practice_place(mem, NULL, &dir, err);

	if (ret == 0)
		ret = reach_case(mem, scenario, dir, seed, err);
	if (ret == 0)
		ret = practice_open(dir, dir, server, err);
	if (ret == 0)
		(*server)->caps |= SERVER_TEMPORARY;
	return ret;
}

/* Builds it beside the runs, under a name of its own first: half a server must not be taken for
 * one. */
static int practice_settle(TALLOC_CTX *mem, const char *place, const char *scenario, uint64_t seed,
	const char *dir, struct error *err)
{
	char *warning, *fresh = talloc_asprintf(mem, "%s.new", dir);
	int ret = runs_prepare(mem, place, true, true, &warning, err);

	if (ret != 0)
		return ret;
	(void)practice_remove(fresh);
	ret = reach_case(mem, scenario, fresh, seed, err);
	if (ret == 0 && rename(fresh, dir) != 0)
		ret = error_system(err, TROUBLE_IO, errno,
			_("The practice server cannot be kept in %s"), text_shown(mem, dir));
	return ret;
}

/* Where the one that lives beside the runs is, or would be. */
static int kept_dir(TALLOC_CTX *mem, const struct options *options, const char *scenario,
	uint64_t seed, char **place, char **dir, bool *there, struct error *err)
{
	struct stat meta;
	int ret = reach_runs(mem, options, place, err);

	if (ret != 0)
		return ret;
	*dir = talloc_asprintf(mem, "%s/practice-%s-%llu", *place, scenario,
		(unsigned long long)seed);
	*there = *dir && stat(*dir, &meta) == 0;
	return *dir ? 0 : error_memory(err);
}

int reach_practice(TALLOC_CTX *mem, const struct options *options, char **dir, struct error *err)
{
	char *place;
	bool there;
	int ret = kept_dir(mem, options, "standard", PRACTICE_SEED, &place, dir, &there, err);

	return ret != 0 || there
		? ret
		: practice_settle(mem, place, "standard", PRACTICE_SEED, *dir, err);
}

/* Where nothing wrote yet, one for this call is as good. */
static int practice_kept(TALLOC_CTX *mem, const struct options *options, const char *scenario,
	uint64_t seed, struct server **server, struct error *err)
{
	char *place, *dir;
	bool there;
	int ret = kept_dir(mem, options, scenario, seed, &place, &dir, &there, err);

	if (ret == 0 && !there && !writes(options))
		return practice_fresh(mem, scenario, seed, server, err);
	if (ret == 0 && !there)
		ret = practice_settle(mem, place, scenario, seed, dir, err);
	return ret == 0 ? practice_open(mem, dir, server, err) : ret;
}

/* A walk, as any command without options of its own, begins afresh; commands that write, and those
 * that look at what they wrote, share a server. That of a teacher's own case is not kept: its file
 * may be another one when what was repaired is to be put back. */
static int practice_reach(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err)
{
	const char *scenario = options->practice_case ? options->practice_case : "standard";
	uint64_t seed = options->has_seed ? options->seed : PRACTICE_SEED;
	bool path = strchr(scenario, '/');
	struct stat meta;
	unsigned flags;

	if (path && (stat(scenario, &meta) != 0 || !S_ISREG(meta.st_mode)))
		return practice_open(mem, scenario, server, err);
	if (path && writes(options))
		return error_set(err, TROUBLE_USAGE,
			_("Build the server of your own case first: "
			  "%s train --build DIR --scenario FILE. "
			  "Then use --practice=DIR/."),
			text_call());
	/* A name becomes part of a folder's name. */
	if (!path && !case_named(scenario) && !practice_scenario(scenario, &flags))
		return error_set(err, TROUBLE_USAGE, _("There is no practice case %s."),
			text_shown(mem, scenario));
	if (path || !options->command || options->command->takes == OPTIONS_GLOBAL)
		return practice_fresh(mem, scenario, seed, server, err);
	return practice_kept(mem, options, scenario, seed, server, err);
}

/* ---- a running server ---- */

/* A command gives up by a signal; the work before it was told of those that came earlier. */
static int signal_waiting(void *arg, const char *doing, unsigned seconds)
{
	(void)arg, (void)doing, (void)seconds;
	return signals_new();
}

bool reach_unsigned(const struct options *options)
{
	return options->host &&
		(!options->user ||
			!(options->password_file ||
				(options->reaching && options->reaching->password)));
}

/* The walk's own first: it was asked for because that of the file was refused. */
static int password_reach(TALLOC_CTX *mem, const struct options *options, const char **password,
	struct error *err)
{
	char *got, *prompt;
	int ret;

	if (options->reaching && options->reaching->password) {
		*password = options->reaching->password;
		return 0;
	}
	prompt = talloc_asprintf(mem, _("Password of %s on %s:"), text_shown(mem, options->user),
		text_shown(mem, options->host));
	ret = options->password_file ? password_of_file(mem, options->password_file, &got, err)
		: prompt             ? password_ask(mem, prompt, &got, err)
				     : error_memory(err);
	*password = ret == 0 ? got : NULL;
	return ret;
}

static int remote_reach(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err)
{
	const struct reaching *reaching = options->reaching;
	struct remote_spec spec = {
		.host = options->host,
		.user = options->user,
		.port = (unsigned)options->port,
		.nt4 = options->nt4,
		.waiting = reaching ? reaching->waiting : signal_waiting,
		.waiting_arg = reaching ? reaching->waiting_arg : NULL,
	};
	TALLOC_CTX *tmp;
	bool asked;
	int ret;

	if (reaching && reach_unsigned(options))
		return error_set(err, TROUBLE_PERMISSION, _("Nobody has signed in at %s yet."),
			text_shown(mem, options->host));
	if (!options->user)
		return error_set(err, TROUBLE_USAGE,
			_("Say who signs in at the server: --user DOMAIN\\NAME."));
	tmp = talloc_new(NULL);
	ret = password_reach(tmp, options, &spec.password, err);
	asked = ret == 0;
	if (asked)
		ret = remote_open(mem, &spec, server, err);
	talloc_free(tmp);
	/* What helps on this machine's disks helps nobody there. */
	if (asked && ret == -TROUBLE_PERMISSION && err && !err->advised)
		return error_advise(err, ret,
			_("Use an administrator of that server. Some wrong passwords in a row, and it may lock the account."));
	if (ret != 0)
		return ret;
	(*server)->waiting = spec.waiting;
	(*server)->waiting_arg = spec.waiting_arg;
	return 0;
}

static int remote_reached(struct server *server, const struct options *options, struct error *err)
{
	struct server_reached *reached = &server->reached;

	*reached = (struct server_reached){
		.host = talloc_strdup(server, options->host),
		.user = talloc_strdup(server, options->user),
		.dialect = talloc_strdup(server, remote_dialect(server)),
		.port = (unsigned)options->port,
		.nt4 = options->nt4,
	};
	return reached->host && reached->user && reached->dialect ? 0 : error_memory(err);
}

/* ---- whatever was named ---- */

/* What leads there again; nothing leads to what goes with this call. */
static int reached_set(struct server *server, const struct options *options, struct error *err)
{
	struct server_reached *reached = &server->reached;
	const char *dir = server->practice;
	char *here = dir && *dir != '/' ? getcwd(NULL, 0) : NULL;

	if ((server->caps & SERVER_TEMPORARY) || options->image)
		return 0;
	if (options->host)
		return remote_reached(server, options, err);
	if (!options->practice) {
		reached->disks = reached_absolute(server, options->disks);
		reached->nt_folder =
			options->nt_folder ? talloc_strdup(server, options->nt_folder) : NULL;
	} else if (dir) {
		reached->practice = talloc_asprintf(server, "%s%s%s%s", here ? here : "",
			here ? "/" : "", dir, dir[strlen(dir) - 1] == '/' ? "" : "/");
	}
	free(here);
	return reached->disks || reached->practice ? 0 : error_memory(err);
}

bool reach_named(const struct options *options)
{
	return options->disks || options->image || options->host || options->practice;
}

int reach_server(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err)
{
	struct disks_options disks = { .drives = options->disks, .nt_folder = options->nt_folder };
	int ret;

	if (!reach_named(options))
		return error_set(err, TROUBLE_USAGE,
			_("Name the server: "
			  "--host NAME if it is up, --disks C=FOLDER,E=FOLDER for its disks, --image FILE for those of a virtual machine, or --practice for one to practise on."));
	ret = options->practice  ? practice_reach(mem, options, server, err)
		: options->host  ? remote_reach(mem, options, server, err)
		: options->image ? reach_image(mem, options, server, err)
				 : disks_open(mem, &disks, server, err);
	if (ret != 0)
		return ret;
	(*server)->dry_run = options->dry_run;
	return reached_set(*server, options, err);
}

/* The server where its record says that it was, if it is still it. */
static int run_server(TALLOC_CTX *mem, const struct run_record *record, struct options *with,
	struct server **server, struct error *err)
{
	int ret;

	with->practice = record->reached.practice != NULL;
	with->practice_case = record->reached.practice;
	with->disks = with->practice ? NULL : record->reached.disks;
	with->nt_folder = with->practice ? NULL : record->reached.nt_folder;
	with->image = record->reached.image;
	with->letters = record->reached.letters;
	with->overlay = record->reached.overlay;
	with->over = record->overlay ? record->overlay->over : NULL;
	with->host = record->reached.host;
	if (!with->user)
		with->user = record->reached.user;
	with->port = record->reached.port;
	with->nt4 = with->nt4 || record->reached.nt4;
	ret = reach_server(mem, with, server, err);
	if (ret != 0 || run_record_fits(record, *server))
		return ret;
	TALLOC_FREE(*server);
	return error_set(err, TROUBLE_OTHER_SERVER,
		_("The server that was reached is not server %s of run %s."), record->server,
		record->name);
}

char *reach_run_command(TALLOC_CTX *mem, const struct run_record *record, const char *runs,
	const char *command)
{
	static const struct server_reached unknown = { .disks = REACHED_UNKNOWN };

	return reached_command(mem, record->known ? &record->reached : &unknown, runs, command,
		record->name);
}

int reach_run(TALLOC_CTX *mem, const struct options *options, const struct run_record *record,
	struct options *with, struct server **server, struct error *err)
{
	char *runs;
	int ret = reach_runs(mem, options, &runs, err);

	*with = *options;
	if (ret != 0)
		return ret;
	if (record->passing)
		return run_gone(record->name, TROUBLE_NOT_THERE, err);
	ret = record->known ? run_server(mem, record, with, server, err) : 0;
	/* A running server and an image say more than that they are not there. */
	if (record->known && (ret == 0 || with->host || with->image))
		return ret;
	return error_advise(err,
		error_set(err, record->known ? TROUBLE_NOT_THERE : TROUBLE_USAGE,
			_("Run %s of server %s needs %s."), record->name, record->server,
			record->needs),
		record->reached.disks || !record->known ? _("Mount them and run:")
							: _("Once it is there, run:"));
}

/* A record that cannot be read is no reason to stop here. */
int reach_unfinished(TALLOC_CTX *mem, const char *runs, struct run_record ***list, size_t *count,
	struct error *err)
{
	struct run_summary *all;
	size_t all_count;
	int ret = runs_list(mem, runs, &all, &all_count, err);

	*list = NULL;
	*count = 0;
	for (size_t i = 0; ret == 0 && i < all_count; i++) {
		bool open = all[i].state == STATE_PAUSED || all[i].state == STATE_CUT_OFF;
		struct run_record *record, **more;

		if (run_record_read(mem, runs, all[i].name, &record, NULL) != 0 ||
			(!open && !record->services && !record->overlay_waits) || record->passing ||
			record->stage == RUN_UNBEGUN)
			continue;
		more = memory_more(mem, list, *count, sizeof *more);
		if (!more)
			return error_memory(err);
		*more = record;
		(*count)++;
	}
	return ret;
}

/* Where there is no place for runs, nothing was kept. */
int reach_kept(TALLOC_CTX *mem, const struct options *options, struct server *server,
	struct survey_options *survey_options, struct error *err)
{
	char *runs;
	int ret;

	if (reach_runs(mem, options, &runs, NULL) != 0)
		return 0;
	ret = kept_read(mem, server, runs, NULL, survey_options, err);
	if (options->over)
		survey_options->overlay_run = NULL;
	return ret;
}

struct survey_options reach_survey_options(const struct options *options)
{
	return (struct survey_options){
		.relocated = options->relocated,
		.pcmta_add = options->pcmta_add,
		.pcmta_exclude = options->pcmta_exclude,
		.letters_confirmed = options->letters_confirmed,
		.live = options->live,
	};
}

static int survey_tell(void *arg, const char *what)
{
	(void)arg, (void)what;
	return signals_came();
}

int reach_survey(TALLOC_CTX *mem, const struct options *options, bool rehearse,
	struct server **server, const struct survey **survey, struct error *err)
{
	struct survey_options survey_options = reach_survey_options(options);
	int ret = reach_server(mem, options, server, err);

	if (ret == 0)
		ret = reach_kept(mem, options, *server, &survey_options, err);
	survey_options.tell = survey_tell;
	survey_options.unrecorded = rehearse;
	survey_options.rehearse = rehearse ? survey_rehearse : NULL;
	survey_options.rehearse_arg = (void *)(uintptr_t)options->runs;
	return ret == 0 ? survey_make(mem, *server, &survey_options, survey, err) : ret;
}
