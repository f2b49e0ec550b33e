/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `apply`: carries out a decided plan exactly, or refuses. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/i18n.h"
#include "run/rehearse.h"
#include "ui/carry.h"
#include "ui/commands.h"
#include "ui/output.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/signals.h"

enum { DIFFERENCES_SAID = 20, APPLY_DONE = 0, APPLY_LEFT = 1 };

/* Everything one call of apply holds. */
struct applying {
	const struct options *options;
	struct server *server;
	const struct survey *survey;
	struct plan *plan;
	char *differences;
	char *run;                 /* the run's name, once there is one */
	char how[96];
};

static int plan_failed(TALLOC_CTX *mem, const char *path, int sys, struct error *err)
{
	/* A signal stops the wait for a pipe. */
	if (sys == EINTR)
		return error_set(err, TROUBLE_STOPPED, "%s", _("Stopped as asked."));
	return error_system(err, output_trouble(sys), sys, _("The plan %s cannot be read"), say_shown(mem, path));
}

/* A pipe has no size beforehand. */
static int plan_bytes(const char *path, int fd, char *bytes, size_t *len, struct error *err)
{
	ssize_t got = 1;

	while (got > 0 && *len <= PLAN_LIMIT) {
		got = read(fd, bytes + *len, PLAN_LIMIT + 1 - *len);
		if (got < 0 && errno == EINTR && *signals_flag() == 0)
			got = 1;
		else if (got > 0)
			*len += (size_t)got;
	}
	if (got < 0)
		return plan_failed(bytes, path, errno, err);
	if (*len > PLAN_LIMIT)
		return error_set(err, TROUBLE_PLAN_DAMAGED, _("%s is too large to be a plan."), say_shown(bytes, path));
	return 0;
}

static int plan_read(TALLOC_CTX *mem, const char *path, char **bytes, size_t *len, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return plan_failed(mem, path, errno, err);
	*bytes = talloc_size(mem, PLAN_LIMIT + 1);
	ret = *bytes ? plan_bytes(path, fd, *bytes, len, err) : error_memory(err);
	close(fd);
	return ret;
}

static int apply_plan(TALLOC_CTX *mem, struct applying *applying, struct error *err)
{
	struct digest digest;
	char *bytes = NULL, hex[65];
	size_t len = 0;
	int ret = plan_read(mem, applying->options->plan, &bytes, &len, err);

	if (ret == 0)
		ret = reach_server(mem, applying->options, &applying->server, err);
	if (ret == 0)
		ret = reach_survey(mem, applying->options, applying->server, false, &applying->survey, err);
	if (ret == 0)
		ret = plan_load(mem, bytes, len, applying->survey, &applying->plan, &applying->differences, err);
	if (ret != 0)
		return ret;
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	snprintf(applying->how, sizeof(applying->how), "plan file %s", hex);
	return 0;
}

/* The backup alone changes nothing: without another change it is not needed. */
static bool apply_has(const struct applying *applying, enum decision decision)
{
	for (size_t i = 0; i < applying->plan->count; i++) {
		const struct plan_row *row = &applying->plan->rows[i];
		/* What an earlier run recorded as kept is not recorded again. */
		bool known = decision == DECISION_KEEP && row->finding->kept_by;

		if (row->decision == decision && row->finding->kind != KIND_BACKUP && !known)
			return true;
	}
	return false;
}

/* Whether anything would be left open that the plan does not decide. */
static bool apply_leaves(const struct applying *applying)
{
	for (size_t i = 0; i < applying->survey->finding_count; i++) {
		const struct finding *finding = &applying->survey->findings[i];
		const struct plan_row *row = plan_find(applying->plan, finding->id);

		if (finding_is_open(finding) && (!row || row->decision == DECISION_UNDECIDED))
			return true;
	}
	return false;
}

static void row_say(TALLOC_CTX *mem, const struct plan_row *row)
{
	const struct finding *finding = row->finding;
	struct side after = finding->after;
	char *was, *will;

	if (row->edited)
		after.value.data = row->edited;
	was = change_side_text(mem, finding->kind, &finding->before);
	will = change_side_text(mem, finding->kind, &after);
	printf("%d %s\n", finding->step, finding->id);
	if (finding->kind != KIND_BACKUP)
		printf("    %s %s\n    %s %s\n", _("before"), was ? was : "", _("after "), will ? will : "");
}

static int apply_dry(TALLOC_CTX *mem, struct applying *applying, struct error *err)
{
	struct server *server = applying->server;
	int ret = survey_forbids(applying->survey, err);

	for (size_t i = 0; ret == 0 && i < applying->plan->count; i++)
		if (applying->plan->rows[i].edited)
			ret = plan_edit_allowed(server, applying->survey, applying->plan->rows[i].finding, applying->plan->rows[i].edited, err);
	if (ret == 0)
		ret = server->ops->reg_gate(server, err);
	if (ret == 0)
		ret = plan_rehearse(server, applying->plan, applying->options->runs, err);
	if (ret != 0)
		return ret;
	puts(_("This would be done. Nothing was written."));
	for (size_t i = 0; i < applying->plan->count; i++)
		if (applying->plan->rows[i].decision == DECISION_CHANGE)
			row_say(mem, &applying->plan->rows[i]);
	return 0;
}

static int apply_real(TALLOC_CTX *mem, struct applying *applying, int *code, struct error *err)
{
	struct engine_options options = carry_options(applying->options, applying->how);
	struct engine *engine;
	int ret = engine_begin(mem, applying->server, applying->plan, &options, &engine, err);

	if (ret != 0)
		return ret;
	applying->run = talloc_strdup(mem, engine_run_name(engine));
	printf(_("Run %s\n"), engine_run_name(engine));
	if (engine_told(engine)->warning)
		say_paragraph(stdout, "", 0, engine_told(engine)->warning);
	return carry_out(mem, engine, applying->options, apply_has(applying, DECISION_CHANGE), code, err);
}

static bool apply_backs_up(const struct applying *applying)
{
	const struct plan_row *backup = plan_find(applying->plan, "backup/Bin");

	return !backup || !backup->finding->can_change || backup->decision == DECISION_CHANGE;
}

static int apply_decided(TALLOC_CTX *mem, struct applying *applying, int *code, struct error *err)
{
	bool changes = apply_has(applying, DECISION_CHANGE), decided = changes || apply_has(applying, DECISION_KEEP);

	*code = apply_leaves(applying) ? APPLY_LEFT : APPLY_DONE;
	if (changes && !apply_backs_up(applying))
		return error_set(err, TROUBLE_PLAN_FOREIGN, "%s",
				 _("The plan changes something without the backup of step 1. "
				   "This program never does that. Set the decision of backup/Bin to \"change\"."));
	if (applying->options->dry_run && decided)
		return apply_dry(mem, applying, err);
	if (decided)
		return apply_real(mem, applying, code, err);
	puts(*code ? _("Nothing was decided, and not everything is right. Nothing was written.") : _("Nothing to do. Nothing was written."));
	return 0;
}

/* The first few show what happened; all of them would hide the sentence that follows. */
static void differences_say(const char *text)
{
	size_t said = 0;
	bool more = false;

	while (*text) {
		size_t len = strcspn(text, "\n") + 1;

		if (said < DIFFERENCES_SAID)
			said += fwrite(text, 1, len, stderr) == len;
		else
			more = true;
		text += text[len - 1] ? len : len - 1;
	}
	if (more)
		fputs(_("... and more.\n"), stderr);
}

int command_apply(const struct options *options)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct applying applying = { .options = options };
	struct error err;
	int code = 0, ret = 0;

	carry_begin();
	if (!options->plan)
		ret = error_set(&err, TROUBLE_USAGE, _("Name the plan: --plan FILE."));
	if (ret == 0 && !options->dry_run)
		ret = carry_consent(options, &err);
	if (ret == 0)
		ret = apply_plan(mem, &applying, &err);
	if (ret == 0)
		ret = apply_decided(mem, &applying, &code, &err);
	if (ret != 0 && applying.differences)
		differences_say(applying.differences);
	code = ret != 0 ? carry_trouble(&err, options, applying.run) : say_done(code);
	talloc_free(mem);
	return code;
}
