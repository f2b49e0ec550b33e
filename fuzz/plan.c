/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A saved plan that anybody may have edited, held against a server of three rows. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "nt/sharedef.h"
#include "repair/plan.h"

#define MSMI "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"

static struct file_fact file_of(const char *bytes, uint16_t version)
{
	return (struct file_fact){ .present = true,
		.size = strlen(bytes),
		.mtime = INT64_C(921231667000000000),
		.has_version = version != 0,
		.digest = digest_of(bytes, strlen(bytes)),
		.version = { { 5, 5, version, 0 } } };
}

static void value_row(TALLOC_CTX *mem, struct finding *row)
{
	*row = (struct finding){ .id = "registry/MSExchangeMSMI\\ImagePath",
		.step = 3,
		.kind = KIND_VALUE,
		.state = FINDING_WRONG,
		.subject = "MSExchangeMSMI\\ImagePath",
		.text = "x",
		.why = "y",
		.undo = "z",
		.move = MOVE_PROGRAM,
		.can_change = true,
		.needed = true,
		.leads = LEADS_DEFAULT,
		.form = PATH_COMMAND,
		.entry = 2 };
	row->before.value = (struct value_fact){ MSMI, "ImagePath",
		regdata_from_string(mem, REG_EXPAND_SZ,
			"C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x") };
	row->after.value = (struct value_fact){ MSMI, "ImagePath",
		regdata_from_string(mem, REG_EXPAND_SZ,
			"E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe -x") };
}

static void share_row(TALLOC_CTX *mem, struct finding *row)
{
	char *fields[] = { "CSCFlags=0", "MaxUses=4294967295",
		"Path=C:\\exchsrvr\\connect\\msmcon\\maildata", "Permissions=63", "Type=0" };

	*row = (struct finding){ .id = "share/Maildat$",
		.step = 4,
		.kind = KIND_SHARE,
		.state = FINDING_WRONG,
		.subject = "Maildat$",
		.text = "x",
		.why = "y",
		.undo = "z",
		.move = MOVE_PROGRAM,
		.can_change = true,
		.needed = true };
	row->before.share = (struct share_fact){ "C:\\exchsrvr\\connect\\msmcon\\maildata", "",
		regdata_from_strings(mem, fields, ARRAY_SIZE(fields)), NULL, true };
	row->after.share = (struct share_fact){ "E:\\exchsrvr\\connect\\msmcon\\maildata", "",
		sharedef_with_path(mem, row->before.share.definition,
			"E:\\exchsrvr\\connect\\msmcon\\maildata"),
		NULL, true };
}

static void file_row(struct finding *row)
{
	*row = (struct finding){ .id = "file/Bin\\mt.exe",
		.step = 2,
		.kind = KIND_FILE,
		.state = FINDING_WRONG,
		.subject = "mt.exe",
		.text = "x",
		.why = "y",
		.undo = "z",
		.move = MOVE_PROGRAM,
		.can_change = true,
		.needed = true,
		.compare = FILE_OLDER,
		.target = "E:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe",
		.source = "C:\\exchsrvr\\connect\\msmcon\\bin\\mt.exe" };
	row->before.file = file_of("old", 1960);
	row->after.file = file_of("new", 2448);
}

static const struct survey *survey_of(TALLOC_CTX *mem)
{
	static const struct server_id id = { "MAIL1", 867888000, "50370-111-1111111-12345",
		"C:\\WINNT", NULL, NULL, "4.0", "ServerNT" };
	struct survey *survey = talloc_zero(mem, struct survey);

	survey->reach = "disks";
	survey->id = &id;
	survey->control_set = "ControlSet001";
	survey->exchange_root = "C:\\exchsrvr";
	survey->default_msmcon = "C:\\exchsrvr\\connect\\msmcon";
	survey->relocated_msmcon = "E:\\exchsrvr\\connect\\msmcon";
	survey->findings = talloc_zero_array(survey, struct finding, 3);
	survey->finding_count = survey->changes_needed = 3;
	file_row(&survey->findings[0]);
	value_row(survey, &survey->findings[1]);
	share_row(survey, &survey->findings[2]);
	return survey;
}

/* A plan that was taken is one that this program would write. */
static void taken(TALLOC_CTX *mem, const struct survey *survey, struct plan *plan)
{
	size_t change = plan_count(plan, DECISION_CHANGE), keep = plan_count(plan, DECISION_KEEP);
	struct error err = { 0 };
	json_t *json = plan_json(plan);
	char *text = json_dumps(json, 0), *differences;
	struct plan *second;

	must(plan->count == 3 && change + keep + plan_count(plan, DECISION_UNDECIDED) == 3,
		"every row has a decision");
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].edited)
			must(plan_value_allowed(survey, plan->rows[i].finding, plan->rows[i].edited,
				     &err) == 0,
				"an edited value is allowed");
	must(plan_load(mem, text, strlen(text), survey, &second, &differences, &err) == 0,
		"what was written can be read");
	must(plan_count(second, DECISION_CHANGE) == change &&
			plan_count(second, DECISION_KEEP) == keep,
		"decisions come back as they were");
	free(text);
	json_decref(json);
}

int fuzz_plan(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct survey *survey = survey_of(mem);
	struct error err = { 0 };
	struct plan *plan;
	char *differences = NULL;
	/* Its own copy: the text has no end but its length. */
	int ret = plan_load(mem, talloc_memdup(mem, bytes, len), len, survey, &plan, &differences,
		&err);
	if (ret == 0)
		taken(mem, survey, plan);
	else
		must_show(err.text);
	must(!differences == (ret != -TROUBLE_MOVED), "what moved is told");
	for (char *line = differences; line && (line = strchr(line, '\n'));)
		*line = ' ';
	if (differences)
		must_show(differences);
	talloc_free(mem);
	return 0;
}
