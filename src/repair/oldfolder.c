/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6, and what may be done once they are open. */
#include "repair/oldfolder_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"
#include "repair/leftover.h"

enum { NAMES_SHOWN = 10, FOLDER_LIMIT = 1000000 };

enum { GATE_APART, GATE_FILES, GATE_VALUES, GATE_SHARE, GATE_MAIL_CAME, GATE_CONTENTS, GATE_MAIL_FLOW, GATES };

struct gatekeeper {
	const struct survey *survey;
	const struct evidence_list *evidence;
	struct server *server;
	struct gates *gates;
	struct copy_list tree;     /* all of the default Msmcon */
	char *strange;             /* why the folder cannot be walked through, or NULL; tree is empty then */
	struct gate *gate;         /* the one that is judged */
};

static void gate_say(struct gatekeeper *keeper, struct gate *gate, enum gate_answer answer, const char *why)
{
	char *shown = text_shown(keeper->gates, why);

	gate->answer = answer;
	gate->detail = gate->detail ? talloc_asprintf_append(gate->detail, "\n%s", shown) : shown;
}

static void gate_no(struct gatekeeper *keeper, struct gate *gate, const char *why)
{
	gate_say(keeper, gate, GATE_NO, why);
}

/* Not no, but it must be confirmed. */
static void gate_weaken(struct gatekeeper *keeper, struct gate *gate, const char *why)
{
	if (gate->answer != GATE_NO)
		gate_say(keeper, gate, GATE_WEAK, why);
}

/* As gate_no, for lists that may be long: the first few by name; in the end, how many more. */
static void gate_list(struct gatekeeper *keeper, struct gate *gate, const char *name)
{
	if (gate->listed++ < NAMES_SHOWN)
		gate_no(keeper, gate, name);
}

/* ---- neither in the other ---- */

/* What every folder of a tree is, itself included. */
static int identities(struct server *server, TALLOC_CTX *mem, const char *root, const struct copy_list *tree,
		      struct file_identity **all, size_t *count, struct error *err)
{
	int ret;

	*count = 0;
	*all = memory_array_zero(mem, sizeof **all, tree->count + 1);
	ret = *all ? server->ops->identity(server, root, &(*all)[(*count)++], err) : error_memory(err);
	for (size_t i = 0; ret == 0 && i < tree->count; i++) {
		char *path = path_join(mem, root, tree->items[i].rel);

		if (!path)
			return error_memory(err);
		if (tree->items[i].meta.kind == ENTRY_FOLDER)
			ret = server->ops->identity(server, path, &(*all)[(*count)++], err);
		talloc_free(path);
	}
	return ret;
}

/* Refused unless no folder of one tree is a folder of the other, by whatever path: neither lies in the other, nor does a
 * part of one, and nothing of one was mounted in the other. */
static int trees_apart(struct server *server, const char *root, const struct copy_list *tree, const char *other_root,
		       struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct file_identity *one, *other;
	struct copy_list other_tree;
	size_t count = 0, other_count = 0;
	int ret = copy_walk(server, mem, other_root, FOLDER_LIMIT, &other_tree, err);

	if (ret == 0)
		ret = identities(server, mem, root, tree, &one, &count, err);
	if (ret == 0)
		ret = identities(server, mem, other_root, &other_tree, &other, &other_count, err);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; ret == 0 && k < other_count; k++)
			if (memcmp(&one[i], &other[k], sizeof *one) == 0)
				ret = error_set(err, TROUBLE_CANNOT, _("%s and %s share a folder: one is inside the other."),
						text_shown(mem, root), text_shown(mem, other_root));
	talloc_free(mem);
	return ret;
}

static int judge_apart(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	char pair[2];
	int ret = keeper->server->ops->drives_nested(keeper->server, pair, why);

	if (ret == 0 && pair[0]) {
		(void)error_set(why, TROUBLE_CANNOT, _("The folder given as drive %c: is inside that of drive %c:."), pair[0], pair[1]);
		gate_no(keeper, gate, why->text);
	}
	if (ret == 0 && keeper->gates->folder)
		ret = trees_apart(keeper->server, keeper->gates->folder, &keeper->tree, keeper->survey->relocated_msmcon, why);
	return ret;
}

/* ---- files ---- */

static bool file_compared(const struct survey *survey, const char *path)
{
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *finding = &survey->findings[i];

		if (finding->kind == KIND_FILE && finding->source && path_equal(finding->source, path))
			return true;
	}
	return false;
}

/* Every file that lies in its Bin must be a row of the survey: what was not compared is not known to be elsewhere. */
static int judge_files(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];
		bool right = finding->compare == FILE_SAME || (finding->compare == FILE_ONLY_RELOCATED && finding->move == MOVE_NONE);

		if (finding->kind == KIND_FILE && !right && !finding->kept_by)
			gate_list(keeper, gate, finding->subject);
	}
	for (size_t i = 0; i < keeper->tree.count; i++) {
		const struct copy_item *item = &keeper->tree.items[i];
		char *path = path_join(keeper->gates, keeper->gates->folder, item->rel);

		if (!path)
			return error_memory(why);
		if (item->meta.kind == ENTRY_FILE && path_under(item->rel, "Bin") && !file_compared(keeper->survey, path))
			gate_list(keeper, gate, item->rel);
		talloc_free(path);
	}
	return 0;
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
static int judge_values(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	struct gate *share = &keeper->gates->gates[GATE_SHARE];
	bool right = false;
	int ret;

	(void)gate;
	for (size_t i = 0; i < keeper->survey->finding_count; i++)
		if (keeper->survey->findings[i].kind == KIND_SHARE)
			right = keeper->survey->findings[i].state == FINDING_RIGHT;
	if (!right)
		gate_no(keeper, share, _("Step 4 is not done: the share is missing or leads elsewhere."));
	ret = names_find(keeper->server, keeper->survey, false, named, keeper, why);
	if (ret != 0)
		gate_no(keeper, share, why->text);
	return ret;
}

/* ---- mail ---- */

static int came(void *arg, const char *what, struct error *err)
{
	struct gatekeeper *keeper = arg;

	(void)err;
	gate_list(keeper, keeper->gate, what);
	return 0;
}

static int judge_mail_came(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	if (keeper->survey->live != LIVE_RELOCATED)
		gate_no(keeper, gate, _("It is not certain that the relocated Maildata is the one in use."));
	return mail_came_find(keeper->server, keeper->survey, &keeper->tree, came, keeper, why);
}

static int judge_contents(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	(void)gate;
	return only_here_find(keeper->server, keeper->survey, &keeper->tree, came, keeper, why);
}

/* Verified passes, a weaker kind must be confirmed, anything less refuses. */
static void mta_flows(struct gatekeeper *keeper, struct gate *gate, const char *name)
{
	bool simulated = (keeper->survey->caps & SERVER_SIMULATED) != 0;

	for (enum mail_direction d = 0; d < MAIL_DIRECTIONS; d++) {
		const struct evidence *row = keeper->evidence ? evidence_find(keeper->evidence, name, d) : NULL;
		enum mail_grade grade = row ? row->grade : MAIL_NOT_TESTED;
		char *text = talloc_asprintf(keeper->gates, "%s, %s: %s", name, mail_direction_text(d), mail_grade_text(grade));

		if (grade < MAIL_ATTESTED || row->simulated != simulated)
			gate_no(keeper, gate, text);
		else if (grade < MAIL_VERIFIED)
			gate_weaken(keeper, gate, text);
	}
}

/* Each MTA that the server has now must have been seen to carry mail; what was seen of others says nothing. */
static int judge_mail_flow(struct gatekeeper *keeper, struct gate *gate, struct error *why)
{
	const struct survey *survey = keeper->survey;

	(void)why;
	/* What somebody saw before cannot go on once a service cannot start. */
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_SERVICE && row->state != FINDING_RIGHT)
			gate_no(keeper, gate, talloc_asprintf(keeper->gates, "%s: %s", row->subject, row->text));
	}
	for (size_t i = 0; i < survey->pcmta_count; i++)
		mta_flows(keeper, gate, survey->pcmtas[i].name);
	if (survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA))
		mta_flows(keeper, gate, ARTICLE_SERVICE_ATMTA);
	if (survey->pcmta_count == 0 && survey->struck_count == 0)
		gate_no(keeper, gate, _("There is no PC MTA, so no mail can be seen to flow. If there is one, name it with --pcmta."));
	else if (survey->pcmta_count == 0)
		gate_weaken(keeper, gate, _("There is no PC MTA: the operator struck all that looked like one."));
	return 0;
}

/* ---- all of them ---- */

/* inside: no, if the folder cannot be walked through. */
static const struct {
	const char *id, *text;
	int (*judge)(struct gatekeeper *, struct gate *, struct error *);
	bool inside;
} rows[GATES] = {
	[GATE_APART] = { "apart", N_("neither Msmcon is inside the other, nor a drive inside another"), judge_apart, true },
	[GATE_FILES] = { "files", N_("every file of its Bin is on the relocated side, or was kept by a recorded decision"), judge_files, true },
	[GATE_VALUES] = { "values", N_("no registry value of any control set names it"), judge_values, false },
	[GATE_SHARE] = { "share", N_("the share leads to the relocated Maildata, and none leads into it"), NULL, false },
	[GATE_MAIL_CAME] = { "mail-came", N_("no mail came into it after the service pack"), judge_mail_came, true },
	[GATE_CONTENTS] = { "contents", N_("it holds nothing else that the relocated side lacks"), judge_contents, true },
	[GATE_MAIL_FLOW] = { "mail-flow", N_("mail flows in both directions through every PC MTA"), judge_mail_flow, false },
};

static bool is_fatal(int ret)
{
	return ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED;
}

/* What should have been read and could not be is "no", with its reason. */
static int gate_judge(struct gatekeeper *keeper, size_t which, struct error *err)
{
	struct gate *gate = keeper->gate = &keeper->gates->gates[which];
	struct error why;
	int ret;

	if (rows[which].inside && keeper->strange)
		gate_no(keeper, gate, keeper->strange);
	ret = rows[which].judge ? rows[which].judge(keeper, gate, &why) : 0;
	if (is_fatal(ret))
		return error_pass(err, &why);
	if (ret != 0)
		gate_no(keeper, gate, why.text);
	return 0;
}

static int folder_measure(struct gatekeeper *keeper, struct error *err)
{
	const struct finding *row = survey_finding(keeper->survey, "oldfolder");
	struct gates *gates = keeper->gates;
	struct error why;
	int ret;

	if (!row || row->state == FINDING_ABSENT)
		return 0;
	gates->folder = talloc_strdup(gates, keeper->survey->default_msmcon);
	if (!gates->folder)
		return error_memory(err);
	ret = copy_walk(keeper->server, gates, gates->folder, FOLDER_LIMIT, &keeper->tree, &why);
	if (is_fatal(ret))
		return error_pass(err, &why);
	/* Something in it that is no file of Windows NT's, or cannot be read, is an answer: the folder is then left. */
	if (ret != 0) {
		keeper->tree = (struct copy_list){ 0 };
		keeper->strange = talloc_strdup(gates, why.text);
		return keeper->strange ? 0 : error_memory(err);
	}
	for (size_t i = 0; i < keeper->tree.count; i++)
		gates->files += keeper->tree.items[i].meta.kind == ENTRY_FILE;
	gates->bytes = keeper->tree.bytes;
	return 0;
}

static void gates_sum(struct gatekeeper *keeper)
{
	struct gates *gates = keeper->gates;

	for (size_t i = 0; i < GATES; i++) {
		struct gate *gate = &gates->gates[i];

		if (gate->listed > NAMES_SHOWN)
			gate_no(keeper, gate, talloc_asprintf(gates, _("and %zu more"), gate->listed - NAMES_SHOWN));
		gates->leave_only |= gate->answer == GATE_NO;
		gates->weak |= gate->answer == GATE_WEAK;
	}
}

int oldfolder_gates(TALLOC_CTX *mem, struct server *server, const struct survey *fresh, const struct evidence_list *evidence,
		    struct gates **out, struct error *err)
{
	struct gates *gates = talloc_zero(mem, struct gates);
	struct gatekeeper keeper = { .survey = fresh, .evidence = evidence, .server = server, .gates = gates };
	int ret;

	if (gates)
		gates->gates = memory_array_zero(gates, sizeof *gates->gates, GATES);
	if (!gates || !gates->gates)
		return error_memory(err);
	for (; gates->count < GATES; gates->count++)
		gates->gates[gates->count] = (struct gate){ .id = rows[gates->count].id, .text = _(rows[gates->count].text) };
	ret = folder_measure(&keeper, err);
	for (size_t i = 0; ret == 0 && i < GATES; i++)
		ret = gate_judge(&keeper, i, err);
	if (ret != 0) {
		talloc_free(gates);
		return ret;
	}
	gates_sum(&keeper);
	*out = gates;
	return 0;
}

int oldfolder_aside(TALLOC_CTX *mem, const struct survey *survey, const char *run_name, struct change **out, struct error *err)
{
	struct change *change = talloc_zero(mem, struct change);

	if (change == NULL)
		return error_memory(err);
	change->id = talloc_strdup(change, "oldfolder");
	change->step = 6;
	change->kind = KIND_OLDFOLDER;
	change->target = talloc_strdup(change, survey->default_msmcon);
	change->source = talloc_asprintf(change, "%s" LEFTOVER_TREE_MARK "%s", survey->default_msmcon, run_name);
	if (change->id == NULL || change->target == NULL || change->source == NULL) {
		talloc_free(change);
		return error_memory(err);
	}
	*out = change;
	return 0;
}

/* One entry of the list, if it is still there and still what it was. */
static int delete_item(struct server *server, TALLOC_CTX *mem, const char *folder, const struct copy_item *item, struct error *err)
{
	char *path = path_join(mem, folder, item->rel);
	struct file_meta meta;
	bool found;
	int ret = path != NULL ? server->ops->look(server, mem, path, &found, &meta, NULL, err) : error_memory(err);

	if (ret != 0 || !found)
		return ret;
	if (meta.kind != item->meta.kind)
		return error_set(err, TROUBLE_MOVED, _("%s changed after the folder was checked. The rest is left."),
				 text_shown(mem, path));
	return server->ops->remove(server, path, err);
}

int oldfolder_delete(struct server *server, const char *folder, const char *relocated, const struct copy_list *list,
		     const struct copy_progress *progress, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *above = path_parent(mem, folder);
	struct file_meta meta;
	bool found = false;
	int ret = above != NULL ? trees_apart(server, folder, list, relocated, err) : error_memory(err);

	/* What is in a folder stands behind it in the list; so from the end. */
	for (size_t i = list->count; ret == 0 && i-- > 0;) {
		const struct copy_item *item = &list->items[i];

		if (progress != NULL && progress->tell != NULL && progress->tell(progress->arg, item->rel, list->count - i, list->count) != 0)
			ret = error_advise(err, error_set(err, TROUBLE_STOPPED, _("Stopped. Part of the old folder is already deleted.")),
					   _("Start the program again and resume the run. It asks again about the rest."));
		if (ret == 0)
			ret = delete_item(server, mem, folder, item, err);
	}
	if (ret == 0)
		ret = server->ops->look(server, mem, folder, &found, &meta, NULL, err);
	if (ret == 0 && found)
		ret = server->ops->remove(server, folder, err);
	if (ret == 0)
		ret = server->ops->sync_folder(server, above, err);
	talloc_free(mem);
	return ret;
}
