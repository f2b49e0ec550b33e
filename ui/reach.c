/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/reach.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/text.h"
#include "record/runfolder.h"
#include "run/kept.h"
#include "run/rehearse.h"
#include "server/disks.h"
#include "practice/practice.h"
#include "training/case.h"
#include "ui/commands.h"

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
	return practice_scenario(spec.scenario, &spec.flags) ? practice_build(dir, &spec, err) : ret;
}

/* Builds the case in a folder of its own, and opens it there. */
static int practice_fresh(TALLOC_CTX *mem, const struct practice_spec *spec, struct server **server, struct error *err)
{
	char *dir = NULL;
	int ret = practice_place(mem, NULL, &dir, err);

	if (ret == 0)
		ret = reach_case(mem, spec->scenario, dir, spec->seed, err);
	if (ret == 0)
		ret = practice_open(dir, dir, server, err);
	if (ret == 0)
		(*server)->caps |= SERVER_PASSING;
	return ret;
}

/* Under a name of its own first: half a server must not be taken for one. */
static int practice_settle(TALLOC_CTX *mem, const char *place, const char *dir, const struct practice_spec *spec,
			   struct error *err)
{
	char *warning, *fresh = talloc_asprintf(mem, "%s.new", dir);
	int ret = fresh ? runs_prepare(mem, place, true, true, &warning, err) : error_memory(err);

	if (ret != 0)
		return ret;
	practice_remove(fresh);
	ret = reach_case(mem, spec->scenario, fresh, spec->seed, err);
	if (ret == 0 && rename(fresh, dir) != 0)
		ret = error_system(err, TROUBLE_IO, errno, _("The practice server cannot be kept in %s"),
				   text_shown(mem, dir));
	return ret;
}

/* What is repaired must still be there when it is to be put back: such a practice server lives beside the runs. */
static int practice_kept(TALLOC_CTX *mem, const struct options *options, const struct practice_spec *spec,
			 struct server **server, struct error *err)
{
	bool writes = options->command && (options->command->takes & OPTIONS_YES);
	char *place, *dir = NULL;
	struct stat meta;
	int ret = reach_runs(mem, options, &place, err);

	if (ret == 0)
		dir = talloc_asprintf(mem, "%s/practice-%s-%llu", place, spec->scenario,
				      (unsigned long long)spec->seed);
	if (ret != 0 || !dir)
		return ret != 0 ? ret : error_memory(err);
	if (stat(dir, &meta) != 0) {
		if (!writes)
			return practice_fresh(mem, spec, server, err);
		ret = practice_settle(mem, place, dir, spec, err);
	}
	return ret == 0 ? practice_open(mem, dir, server, err) : ret;
}

/* A teacher's case: only a file can be one. */
static bool is_case_file(const char *path)
{
	struct stat meta;

	return stat(path, &meta) == 0 && S_ISREG(meta.st_mode);
}

/* Its server is not kept: the file may be another one when what was repaired is to be put back. */
static int practice_own(TALLOC_CTX *mem, const struct options *options, const struct practice_spec *spec,
			struct server **server, struct error *err)
{
	if (options->command && (options->command->takes & OPTIONS_YES))
		return error_set(err, TROUBLE_USAGE, _("Build the server of your own case first: "
						       "msmcfix train --build DIR --scenario FILE. "
						       "Then use --practice=DIR/."));
	return practice_fresh(mem, spec, server, err);
}

/* A walk and a look at the facts begin afresh; only commands that write, and those that look at what they wrote, share
 * a server. */
static int practice_reach(TALLOC_CTX *mem, const struct options *options, struct server **server, struct error *err)
{
	const char *scenario = options->practice_case ? options->practice_case : "standard";
	struct practice_spec spec = { .scenario = scenario, .seed = options->has_seed ? options->seed : PRACTICE_SEED };

	if (strchr(scenario, '/') && is_case_file(scenario))
		return practice_own(mem, options, &spec, server, err);
	if (strchr(scenario, '/'))
		return practice_open(mem, scenario, server, err);
	/* The name becomes part of a folder's name below. */
	if (!case_known(scenario) && !practice_scenario(scenario, &spec.flags))
		return error_set(err, TROUBLE_USAGE, _("There is no practice case %s."), text_shown(mem, scenario));
	if (!options->command || options->command->takes == OPTIONS_GLOBAL)
		return practice_fresh(mem, &spec, server, err);
	return practice_kept(mem, options, &spec, server, err);
}

static int reach_named(TALLOC_CTX *mem, const struct options *options, struct server **server, struct error *err)
{
	struct disks_options disks = { .drives = options->disks, .nt_folder = options->nt_folder };

	if (options->practice && options->disks)
		return error_set(err, TROUBLE_USAGE, _("Name one server: either --disks or --practice."));
	if (options->practice && options->nt_folder)
		return error_set(err, TROUBLE_USAGE,
				 _("--nt goes with --disks: a practice server has one Windows NT folder."));
	if (options->practice)
		return practice_reach(mem, options, server, err);
	if (!options->disks)
		return error_set(err, TROUBLE_USAGE, _("Name the server: "
						       "--disks C=FOLDER,E=FOLDER for its disks, or --practice for one to practise on."));
	return disks_open(mem, &disks, server, err);
}

int reach_server(TALLOC_CTX *mem, const struct options *options, struct server **server, struct error *err)
{
	int ret = reach_named(mem, options, server, err);

	if (ret == 0)
		(*server)->dry_run = options->dry_run;
	return ret;
}

/* Where there is no place for runs, nothing was kept. */
int reach_kept(TALLOC_CTX *mem, const struct options *options, struct server *server, struct survey_options *look, struct error *err)
{
	char *runs;

	if (reach_runs(mem, options, &runs, NULL) != 0)
		return 0;
	return kept_read(mem, server, runs, NULL, look, err);
}

struct survey_options reach_survey_options(const struct options *options)
{
	return (struct survey_options){
		.relocated = options->relocated,
		.pcmta_add = options->pcmta_add,
		.pcmta_strike = options->pcmta_strike,
		.letters_confirmed = options->letters_confirmed,
		.live = options->live,
	};
}

int reach_survey(TALLOC_CTX *mem, const struct options *options, struct server *server, bool rehearse, const struct survey **survey,
		 struct error *err)
{
	struct survey_options look = reach_survey_options(options);
	int ret;

	look.rehearse = rehearse ? survey_rehearse : NULL;
	look.rehearse_arg = (void *)(uintptr_t)options->runs;
	ret = reach_kept(mem, options, server, &look, err);

	return ret == 0 ? survey_make(mem, server, &look, survey, err) : ret;
}
