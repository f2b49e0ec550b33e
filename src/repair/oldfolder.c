/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6, and what may be done once they are open. */
#include "repair/oldfolder_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "mail/stage.h"
#include "repair/article.h"
#include "repair/change_internal.h"

enum { FOLDER_LIMIT = 1000000, GATE_VALUES = 2, GATE_SHARE, GATES = 7 };

/* ---- neither in the other ---- */

/* What every folder of a tree is, itself included. */
static int identities(struct server *server, TALLOC_CTX *mem, const char *root,
	const struct copy_list *tree, struct file_identity **all, size_t *count, struct error *err)
{
	int ret;

	*count = 0;
	*all = memory_array_zero(mem, sizeof **all, tree->count + 1);
	ret = *all ? server->ops->identity(server, root, &(*all)[(*count)++], err)
		   : error_memory(err);
	for (size_t i = 0; ret == 0 && i < tree->count; i++) {
		char *path;

		if (tree->items[i].meta.kind != ENTRY_FOLDER)
			continue;
		path = path_join(mem, root, tree->items[i].rel);
		ret = path ? server->ops->identity(server, path, &(*all)[(*count)++], err)
			   : error_memory(err);
	}
	return ret;
}

static int inside(TALLOC_CTX *mem, const char *root, const char *other_root, struct error *err)
{
	return error_set(err, TROUBLE_CANNOT,
		_("%s and %s share a folder: one is inside the other."), text_shown(mem, root),
		text_shown(mem, other_root));
}

/* Refused unless no folder of one tree is a folder of the other, by whatever path: neither lies in
 * the other, nor does a part of one, and nothing of one was mounted in the other. A running server
 * that cannot tell what a folder is has its folders under their own drives and nowhere else: there
 * the paths say it. */
static int trees_apart(struct server *server, const char *root, const struct copy_list *tree,
	const char *other_root, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct file_identity *one, *other;
	struct copy_list other_tree;
	size_t count = 0, other_count = 0;
	int ret = copy_walk(server, mem, other_root, FOLDER_LIMIT, &other_tree, err);

	if (ret == 0) {
		ret = identities(server, mem, root, tree, &one, &count, err);
		if (ret == 0)
			ret = identities(server, mem, other_root, &other_tree, &other, &other_count,
				err);
		if (ret == -TROUBLE_CANNOT && server_runs(server)) {
			count = 0;
			ret = path_under(root, other_root) || path_under(other_root, root)
				? inside(mem, root, other_root, err)
				: 0;
		}
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; ret == 0 && k < other_count; k++)
			if (memcmp(&one[i], &other[k], sizeof *one) == 0)
				ret = inside(mem, root, other_root, err);
	talloc_free(mem);
	return ret;
}

static void judge_apart(struct gatekeeper *keeper)
{
	struct scan *scan = &keeper->scan;
	char pair[2] = { '\0', '\0' };

	scan->ret = scan->server->ops->drives_nested(scan->server, pair, scan->err);
	/* The drives of a running server are what it says they are. */
	if (scan->ret == -TROUBLE_CANNOT && server_runs(scan->server))
		scan->ret = 0;
	if (scan->ret == 0 && pair[0])
		gate_no(keeper, keeper->gate,
			scan_print(scan,
				_("The folder given as drive %c: is inside that of drive %c:."),
				pair[0], pair[1]));
	if (scan->ret == 0 && keeper->gates->folder)
		scan->ret = trees_apart(scan->server, keeper->gates->folder, &keeper->tree,
			keeper->survey->relocated_msmcon, scan->err);
}

/* ---- files ---- */

/* Every file that lies in its Bin must be a row of the survey: what was not compared is not known
 * to be elsewhere. */
static void judge_files(struct gatekeeper *keeper)
{
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];
		bool right = finding->compare == FILE_SAME ||
			(finding->compare == FILE_ONLY_RELOCATED && finding->move == MOVE_NONE);

		if (finding->kind == KIND_FILE && !right && !finding->kept_by)
			gate_list(keeper, keeper->gate, finding->subject);
	}
	for (size_t i = 0; i < keeper->tree.count; i++) {
		const struct copy_item *item = &keeper->tree.items[i];

		if (item->meta.kind == ENTRY_FILE && path_under(item->rel, "Bin") &&
			!survey_file(keeper->survey,
				scan_path(&keeper->scan, keeper->gates->folder, item->rel), true))
			gate_list(keeper, keeper->gate, item->rel);
	}
}

/* ---- what names it ---- */

static int named(void *arg, const char *where, bool share, struct error *err)
{
	struct gatekeeper *keeper = arg;

	(void)err;
	gate_list(keeper, &keeper->gates->gates[share ? GATE_SHARE : GATE_VALUES], where);
	return 0;
}

/* The gate of the share as well: a share is a value. */
static void judge_values(struct gatekeeper *keeper)
{
	struct gate *share = &keeper->gates->gates[GATE_SHARE];
	const struct finding *row = survey_finding(keeper->survey, "share/" ARTICLE_SHARE);
	struct scan *scan = &keeper->scan;

	if (!row || row->state != FINDING_RIGHT)
		gate_no(keeper, share,
			_("Step 4 is not done: the share is missing or leads elsewhere."));
	scan->ret = names_find(scan->server, keeper->survey, false, named, keeper, scan->err);
	if (scan->ret != 0)
		gate_no(keeper, share, keeper->why.text);
}

/* ---- mail ---- */

/* Verified passes, a weaker kind must be confirmed, anything less refuses. */
static void mta_flows(struct gatekeeper *keeper, const char *name)
{
	bool simulated = (keeper->survey->caps & SERVER_SIMULATED) != 0;

	for (enum mail_direction d = 0; d < MAIL_DIRECTIONS; d++) {
		const struct evidence *row =
			keeper->evidence ? evidence_find(keeper->evidence, name, d) : NULL;
		enum mail_grade grade = row ? row->grade : MAIL_NOT_TESTED;
		const char *stage = grade == MAIL_VERIFIED_TO && row->stage
			? mail_stage_text(mail_stage_parse(row->stage))
			: "";
		char *text = scan_print(&keeper->scan, *stage ? "%s, %s: %s %s" : "%s, %s: %s%s",
			name, mail_direction_text(d), mail_grade_text(grade), stage);

		if (grade < MAIL_ATTESTED || row->simulated != simulated)
			gate_no(keeper, keeper->gate, text);
		else if (grade < MAIL_VERIFIED)
			gate_weaken(keeper, text);
	}
}

/* Each MTA that the server has now must have been seen to carry mail; what was seen of others says
 * nothing. */
static void judge_mail_flow(struct gatekeeper *keeper)
{
	const struct survey *survey = keeper->survey;

	/* What somebody saw before counts no more once a service cannot start. */
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_SERVICE && row->state != FINDING_RIGHT)
			gate_no(keeper, keeper->gate,
				scan_print(&keeper->scan, "%s: %s", row->subject, row->text));
	}
	for (size_t i = 0; i < survey->pcmta_count; i++)
		mta_flows(keeper, survey->pcmtas[i].name);
	if (survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA))
		mta_flows(keeper, ARTICLE_SERVICE_ATMTA);
	if (survey->pcmta_count == 0 && survey->struck_count == 0)
		gate_no(keeper, keeper->gate,
			_("There is no PC MTA, so no mail can be seen to flow. If there is one, name it with --pcmta."));
	else if (survey->pcmta_count == 0)
		gate_weaken(keeper,
			_("There is no PC MTA: the operator struck all that looked like one."));
}

/* ---- all of them ---- */

/* inside: no, if the folder cannot be walked through. */
static const struct {
	const char *id, *text;
	bool inside;
	void (*judge)(struct gatekeeper *);
} rows[GATES] = {
	{ "apart", N_("neither Msmcon is inside the other, nor a drive inside another"), true,
		judge_apart },
	{ "files",
		N_("every file of its Bin is on the relocated side, or was kept by a recorded decision"),
		true, judge_files },
	[GATE_VALUES] = { "values", N_("no registry value of any control set names it"), false,
		judge_values },
	[GATE_SHARE] = { "share",
		N_("the share leads to the relocated Maildata, and none leads into it"), false,
		NULL },
	{ "mail-came", N_("no mail came into it after the service pack"), true, judge_mail_came },
	{ "contents", N_("it holds nothing else that the relocated side lacks"), true,
		judge_contents },
	{ "mail-flow", N_("mail flows in both directions through every PC MTA"), false,
		judge_mail_flow },
};

/* What should have been read and could not be is "no", with its reason. */
static void gate_judge(struct gatekeeper *keeper, size_t which)
{
	struct gate *gate = keeper->gate = &keeper->gates->gates[which];

	if (rows[which].inside && keeper->strange)
		gate_no(keeper, gate, keeper->strange);
	keeper->scan.ret = 0;
	if (rows[which].judge)
		rows[which].judge(keeper);
	if (keeper->scan.ret != 0)
		gate_no(keeper, gate, keeper->why.text);
}

/* Something in it that is no file of Windows NT's, or cannot be read, is an answer: the folder is
 * then left. */
static int folder_measure(struct gatekeeper *keeper, struct error *err)
{
	const struct finding *row = survey_finding(keeper->survey, "oldfolder");
	struct gates *gates = keeper->gates;
	struct error why;

	if (!row || row->state == FINDING_ABSENT)
		return 0;
	gates->folder = talloc_strdup(gates, keeper->survey->default_msmcon);
	if (!gates->folder)
		return error_memory(err);
	if (copy_walk(keeper->scan.server, gates, gates->folder, FOLDER_LIMIT, &keeper->tree,
		    &why) != 0) {
		keeper->tree = (struct copy_list){ 0 };
		keeper->strange = talloc_strdup(gates, why.text);
		return keeper->strange ? 0 : error_memory(err);
	}
	for (size_t i = 0; i < keeper->tree.count; i++)
		gates->files += keeper->tree.items[i].meta.kind == ENTRY_FILE;
	gates->bytes = keeper->tree.bytes;
	return 0;
}

int oldfolder_gates(TALLOC_CTX *mem, struct server *server, const struct survey *fresh,
	const struct evidence_list *evidence, struct gates **out, struct error *err)
{
	struct gates *gates = *out = talloc_zero(mem, struct gates);
	struct gatekeeper keeper = { .survey = fresh, .evidence = evidence, .gates = gates };
	TALLOC_CTX *look;
	int ret;

	if (gates)
		gates->gates = memory_array_zero(gates, sizeof *gates->gates, GATES);
	if (!gates || !gates->gates)
		return error_memory(err);
	for (; gates->count < GATES; gates->count++) {
		gates->gates[gates->count].id = rows[gates->count].id;
		gates->gates[gates->count].text = _(rows[gates->count].text);
	}
	look = talloc_new(gates);
	scan_again(&keeper.scan, look, server, fresh, &keeper.why);
	ret = keeper.scan.ret ? error_pass(err, &keeper.why) : folder_measure(&keeper, err);
	keeper.scan.tmp = talloc_new(look);
	for (size_t i = 0; ret == 0 && i < GATES; i++)
		gate_judge(&keeper, i);
	for (size_t i = 0; i < GATES; i++) {
		gate_more(&keeper, &gates->gates[i]);
		gates->leave_only |= gates->gates[i].answer == GATE_NO;
		gates->weak |= gates->gates[i].answer == GATE_WEAK;
	}
	talloc_free(look);
	return ret;
}

int oldfolder_aside(TALLOC_CTX *mem, const struct survey *survey, const char *run_name,
	struct change **out, struct error *err)
{
	struct change *change = *out = talloc_zero(mem, struct change);

	if (!change)
		return error_memory(err);
	change->id = talloc_strdup(change, "oldfolder");
	change->step = 6;
	change->kind = KIND_OLDFOLDER;
	change->target = talloc_strdup(change, survey->default_msmcon);
	change->source = talloc_asprintf(change, "%s" LEFTOVER_TREE_MARK "%s",
		survey->default_msmcon, run_name);
	return change->id && change->target && change->source ? 0 : error_memory(err);
}

/* One entry of the list, if it is still there and still what it was. */
static int delete_item(struct server *server, TALLOC_CTX *mem, const char *folder,
	const struct copy_item *item, struct error *err)
{
	char *path = path_join(mem, folder, item->rel);
	enum entry_kind kind;
	int ret = server_kind(server, path, &kind, err);

	if (ret != 0 || kind == ENTRY_NONE)
		return ret;
	if (kind != item->meta.kind)
		return error_set(err, TROUBLE_MOVED,
			_("%s changed after the folder was checked. The rest is left."),
			text_shown(mem, path));
	return server->ops->remove(server, path, err);
}

int oldfolder_delete(struct server *server, const char *folder, const char *relocated,
	const struct copy_list *list, const struct copy_progress *progress, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	enum entry_kind kind;
	int ret = trees_apart(server, folder, list, relocated, err);

	/* What is in a folder stands behind it in the list; so from the end. */
	for (size_t i = list->count; ret == 0 && i-- > 0;) {
		const struct copy_item *item = &list->items[i];

		if (step_tell(progress, item->rel, list->count - i, list->count, NULL) != 0)
			ret = error_advise(err,
				error_set(err, TROUBLE_STOPPED,
					_("Stopped. Part of the old folder is already deleted.")),
				_("Start the program again and resume the run. It asks again about the rest."));
		if (ret == 0)
			ret = delete_item(server, mem, folder, item, err);
	}
	if (ret == 0)
		ret = server_kind(server, folder, &kind, err);
	if (ret == 0 && kind != ENTRY_NONE)
		ret = server->ops->remove(server, folder, err);
	if (ret == 0)
		ret = server_sync_above(server, folder, err);
	talloc_free(mem);
	return ret;
}
