/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case that is repaired with other tools: what the trainee is told, and the score. */
#include "training/byhand.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"

enum { RECORD_LIMIT = 1 << 20, TASK_COLUMNS = 78 };

#define RECORD "practice.json"

/* ---- the task ---- */

static const char *const ARTICLE[] = {
	N_("Repair it from the article alone: Microsoft Knowledge Base Q240208, and Q171259 for the full list of entries. Do not use msmcfix to look "
	   "at it or to change it."),
	N_("The drives of the server are the folders C and E here. Its registry is C's file system32/config/SYSTEM below the Windows NT folder; "
	   "SYSTEM.ALT is the copy that Windows NT keeps of it. Registry tools that read such files (hivexregedit, reged, chntpw) and the tools "
	   "for files of this machine are all you need. Names on those drives count alike in either case."),
	N_("Before you write anything in the Bin folder, copy all of it to another folder on a drive: that is step 1."),
};

static const char *const JUDGED[] = {
	N_("Files, registry values and the share are judged as they are in the folders C and E: each by what it says, not by which tool wrote it. "
	   "Whatever you change beside the repair costs points; a copy of the old Bin does not."),
	N_("What needs no change and was left alone is right. Who decided what, and whether mail flows, cannot be seen in folders; both are not "
	   "judged."),
};

static char *paragraph(char *out, const char *text)
{
	char *lines = out ? text_wrap(out, "", 0, TASK_COLUMNS, text) : NULL;

	return lines ? talloc_asprintf_append_buffer(out, "%s\n", lines) : NULL;
}

static char *task_text(TALLOC_CTX *mem, const struct training_case *bound)
{
	char *out = talloc_asprintf(mem, _("PRACTICE  %s (%s, level %d, seed %llu)\n\n"),
		bound->title, bound->name, bound->level, (unsigned long long)bound->seed);

	out = paragraph(out, bound->story);
	for (size_t i = 0; i < sizeof ARTICLE / sizeof *ARTICLE; i++)
		out = paragraph(out, _(ARTICLE[i]));
	if (case_refuses(bound))
		out = paragraph(out,
			_("This case is about what the program refuses. It cannot be judged by hand."));
	for (size_t i = 0; i < sizeof JUDGED / sizeof *JUDGED; i++)
		out = paragraph(out, _(JUDGED[i]));
	if (out)
		out = talloc_asprintf_append_buffer(out,
			_("When you are done: %s train --score .\n"), text_call());
	return out;
}

int byhand_task(const struct training_case *training, const char *dir, uint64_t seed,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct training_case *bound;
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), sys = fd < 0 ? errno : 0,
	    ret = case_bind(tmp, training, seed, &bound, err);
	char *text = ret == 0 ? task_text(tmp, bound) : NULL;

	if (ret == 0 && !text)
		ret = error_memory(err);
	if (ret == 0 && sys == 0)
		sys = file_make(fd, BYHAND_TASK, 0644, text, strlen(text));
	if (ret == 0 && sys != 0)
		ret = error_system(err, TROUBLE_IO, sys, _("The task cannot be written to %s"),
			text_shown(tmp, dir));
	file_shut(fd);
	talloc_free(tmp);
	return ret;
}

/* ---- which case it is ---- */

struct record {
	char *scenario;
	uint64_t seed;
};

static int record_read(TALLOC_CTX *mem, const char *dir, struct record *record, struct error *err)
{
	int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
	    fd = folder < 0
		? -1
		: openat(folder, RECORD, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const char *scenario = "", *shown = text_shown(mem, dir);
	uint8_t *bytes = NULL;
	json_int_t seed = -1;
	json_t *json = NULL;
	size_t len = 0;
	int ret = 0;

	file_shut(folder);
	if (fd < 0)
		return error_set(err, TROUBLE_NOT_THERE,
			_("%s is not a folder that train --build made: it has no practice.json."),
			shown);
	if (file_read(mem, fd, RECORD_LIMIT, &bytes, &len) == 0)
		json = json_loadb((char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
	close(fd);
	if (json_unpack(json, "{s:s, s:I}", "scenario", &scenario, "seed", &seed) != 0 || seed < 0)
		ret = error_set(err, TROUBLE_RECORD_DAMAGED,
			_("The practice.json of %s does not say which case was built."), shown);
	record->scenario = talloc_strdup(mem, scenario);
	record->seed = (uint64_t)seed;
	json_decref(json);
	return ret;
}

/* A name that is none of ours may hold anything. */
static int case_of(TALLOC_CTX *mem, const struct record *record, const char *name,
	struct training_case **bound, struct error *err)
{
	struct training_case *training;
	int ret;

	if (!name && !case_named(record->scenario))
		return error_set(err, TROUBLE_USAGE,
			_("It was built from %s, which is no built-in case. Name the file of the case: --scenario ./my.case."),
			text_shown(mem, record->scenario));
	ret = case_find(mem, name ? name : record->scenario, &training, err);
	if (ret != 0)
		return ret;
	if (strcmp(training->name, record->scenario) != 0)
		return error_set(err, TROUBLE_USAGE,
			_("The case is %s, but the folder was built from %s."), training->name,
			text_shown(mem, record->scenario));
	if (case_refuses(training))
		return error_set(err, TROUBLE_USAGE,
			_("The case %s is about what the program refuses. It cannot be judged by hand."),
			training->name);
	return case_bind(mem, training, record->seed, bound, err);
}

/* ---- the score ---- */

/* The registry of another folder was put there. */
static int server_check(TALLOC_CTX *mem, const struct training_case *bound,
	const struct server *server, struct error *err)
{
	struct practice_spec spec;
	char *name;
	int ret = case_spec(mem, bound, bound->seed, &spec, err);

	if (ret == 0)
		ret = practice_text(mem, &spec, "{server}", &name, err);
	if (ret == 0 && !text_equal(name, server->id.name))
		ret = error_set(err, TROUBLE_OTHER_SERVER,
			_("The registry is that of %s, but the case built %s."),
			text_shown(mem, server->id.name), name);
	return ret;
}

int byhand_score(TALLOC_CTX *mem, const char *dir, const char *name, struct training_case **bound,
	struct score **score, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct error why = { .trouble = TROUBLE_NONE };
	struct score_given given = { .chosen = -1, .by_hand = true };
	struct server *server = NULL;
	struct record record = { 0 };
	int ret = record_read(tmp, dir, &record, err);

	if (ret == 0)
		ret = case_of(mem, &record, name, bound, err);
	if (ret == 0 && practice_open(tmp, dir, &server, &why) != 0) {
		server = NULL;
		given.why = why.text;
	}
	if (ret == 0 && server)
		ret = server_check(tmp, *bound, server, err);
	if (ret == 0)
		ret = score_make(mem, *bound, server, NULL, &given, score, err);
	talloc_free(tmp);
	return ret;
}
