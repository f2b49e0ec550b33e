/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `apply`: carries out a decided plan exactly, or refuses. */
#include <errno.h>
#include <string.h>

#include "base/digest.h"
#include "base/i18n.h"
#include "base/text.h"
#include "run/rehearse.h"
#include "ui/carry.h"
#include "ui/reach.h"
#include "ui/say.h"
#include "ui/signals.h"

enum { DIFFERENCES_SAID = 20, APPLY_DONE = 0, APPLY_LEFT = 1 };

/* What a plan is carried out with. */
struct applying {
	struct call *call;
	struct server *server;
	const struct survey *survey;
	struct plan *plan;
	char how[96];
};

/* Also out of a pipe, which has no size beforehand. */
static int plan_read(struct call *call, char **bytes, size_t *len)
{
	const char *path = call->options->plan;
	FILE *file = fopen(path, "re");
	int sys = file ? 0 : errno;

	*bytes = talloc_size(call, PLAN_LIMIT + 1);
	*len = file && *bytes ? fread(*bytes, 1, PLAN_LIMIT + 1, file) : 0;
	if (file && ferror(file))
		sys = errno;
	if (file)
		fclose(file);
	if (!*bytes)
		return error_memory(&call->err);
	/* A signal stops the wait for a pipe. */
	if (sys == EINTR)
		return error_set(&call->err, TROUBLE_STOPPED, "%s", _("Stopped as asked."));
	if (sys != 0)
		return error_system(&call->err, output_trouble(sys), sys,
			_("The plan %s cannot be read"), say_shown(call, path));
	if (*len > PLAN_LIMIT)
		return error_set(&call->err, TROUBLE_PLAN_DAMAGED,
			_("%s is too large to be a plan."), say_shown(call, path));
	return 0;
}

/* The first few show what happened; all of them would hide the sentence that follows. */
static void differences_say(const char *text)
{
	for (int said = 0; *text && said < DIFFERENCES_SAID; said++) {
		size_t len = strcspn(text, "\n");

		len += text[len] == '\n';
		fwrite(text, 1, len, stderr);
		text += len;
	}
	if (*text)
		fputs(_("... and more.\n"), stderr);
}

static int apply_plan(struct applying *applying)
{
	struct call *call = applying->call;
	struct digest digest;
	char *bytes, hex[65], *differences = NULL;
	size_t len;
	int ret = plan_read(call, &bytes, &len);

	if (ret == 0)
		ret = reach_survey(call, call->options, false, &applying->server, &applying->survey,
			&call->err);
	if (ret == 0)
		call->reached = &applying->server->reached;
	if (ret == 0)
		ret = plan_load(call, bytes, len, applying->survey, &applying->plan, &differences,
			&call->err);
	if (ret != 0 && differences)
		differences_say(differences);
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
	size_t width = text_widest(text_width(_("before")), _("after"));

	if (row->edited)
		after.value.data = row->edited;
	printf("%d %s\n", finding->step, finding->id);
	if (finding->kind != KIND_BACKUP)
		printf("    %s %s\n    %s %s\n", text_pad(mem, _("before"), width),
			change_side_text(mem, finding->kind, &finding->before),
			text_pad(mem, _("after"), width),
			change_side_text(mem, finding->kind, &after));
}

static int apply_dry(struct applying *applying)
{
	struct call *call = applying->call;
	struct plan *plan = applying->plan;
	struct server *server = applying->server;
	int ret = repair_allowed(server, applying->survey, &call->err);

	if (ret == 0)
		ret = server->ops->reg_gate(server, &call->err);
	if (ret == 0)
		ret = plan_rehearse(server, plan, call->options->runs, &call->err);
	if (ret != 0)
		return ret;
	puts(_("This would be done. Nothing was written."));
	for (size_t i = 0; i < plan->count; i++)
		if (plan->rows[i].decision == DECISION_CHANGE)
			row_say(call, &plan->rows[i]);
	return 0;
}

static int apply_real(struct applying *applying, bool changes)
{
	struct call *call = applying->call;
	struct engine_options options = carry_options(call->options, applying->how);
	struct engine *engine;
	int ret =
		engine_begin(call, applying->server, applying->plan, &options, &engine, &call->err);

	if (ret != 0)
		return ret;
	call->run = engine_run_name(engine);
	printf(_("Run %s\n"), call->run);
	if (engine_told(engine)->warning)
		say("%s", engine_told(engine)->warning);
	if (changes)
		ret = engine_backup(engine, &call->err);
	if (ret == 0 && changes)
		ret = engine_carry_out(engine, &call->err);
	return ret == 0 ? carry_finish(call, engine) : ret;
}

static bool apply_backs_up(const struct applying *applying)
{
	const struct plan_row *backup = plan_find(applying->plan, "backup/Bin");

	return !backup || !backup->finding->can_change || backup->decision == DECISION_CHANGE;
}

static int apply_decided(struct applying *applying)
{
	struct call *call = applying->call;
	bool changes = apply_has(applying, DECISION_CHANGE),
	     decided = changes || apply_has(applying, DECISION_KEEP);

	call->code = apply_leaves(applying) ? APPLY_LEFT : APPLY_DONE;
	if (changes && !apply_backs_up(applying))
		return error_set(&call->err, TROUBLE_PLAN_FOREIGN, "%s",
			_("The plan changes something without the backup of step 1. "
			  "This program never does that. Set the decision of backup/Bin to \"change\"."));
	if (decided)
		return call->options->dry_run ? apply_dry(applying) : apply_real(applying, changes);
	puts(call->code ? _("Nothing was decided, and not everything is right. Nothing was written.")
			: _("Nothing to do. Nothing was written."));
	return 0;
}

int command_apply(struct call *call)
{
	struct applying applying = { .call = call };
	int ret = 0;

	if (!call->options->plan)
		ret = error_set(&call->err, TROUBLE_USAGE, _("Name the plan: --plan FILE."));
	if (ret == 0)
		ret = carry_consent(call);
	if (ret == 0)
		ret = apply_plan(&applying);
	return ret == 0 ? apply_decided(&applying) : ret;
}
