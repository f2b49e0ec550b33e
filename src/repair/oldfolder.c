/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6, and what may be done once they are open. */
#include "repair/oldfolder_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"

enum { NAMES_SHOWN = 10, FOLDER_LIMIT = 1000000 };

struct gatekeeper {
	const struct survey *survey;
	const struct evidence_list *evidence;
	struct server *server;
	struct gates *gates;
	struct copy_list tree;     /* all of the default Msmcon */
	char *strange;             /* why the folder cannot be walked through, or NULL */
	struct gate *values, *share;
	size_t value_count, share_count;
};

static struct gate *gate_add(struct gatekeeper *keeper, const char *id, const char *text)
{
	struct gates *gates = keeper->gates;
	struct gate *gate = memory_more(gates, &gates->gates, gates->count, sizeof *gate);

	if (gate == NULL)
		return NULL;
	*gate = (struct gate){ .id = id, .answer = GATE_YES, .text = talloc_strdup(gates, text) };
	gates->count += gate->text != NULL;
	return gate->text != NULL ? gate : NULL;
}

static void gate_no(struct gatekeeper *keeper, struct gate *gate, const char *why)
{
	char *shown = text_shown(keeper->gates, why);

	gate->answer = GATE_NO;
	keeper->gates->leave_only = true;
	if (gate->detail == NULL)
		gate->detail = shown;
	else
		gate->detail = talloc_asprintf_append(gate->detail, "\n%s", shown);
}

/* As gate_no, for lists that may be long: the first few by name, then how many. */
static void gate_no_list(struct gatekeeper *keeper, struct gate *gate, const char *name, size_t *count)
{
	if ((*count)++ < NAMES_SHOWN)
		gate_no(keeper, gate, name);
}

static void gate_more(struct gatekeeper *keeper, struct gate *gate, size_t count)
{
	char *more;

	if (count <= NAMES_SHOWN)
		return;
	more = talloc_asprintf(keeper->gates, _("and %zu more"), count - NAMES_SHOWN);
	gate_no(keeper, gate, more != NULL ? more : "");
}

/* What should have been read and could not be is "no", with its reason. */
static int gate_unread(struct gatekeeper *keeper, struct gate *gate, int ret, const struct error *why, struct error *err)
{
	if (ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED)
		return error_set(err, why->trouble, "%s", why->text);
	if (ret != 0)
		gate_no(keeper, gate, why->text);
	return 0;
}

/* ---- neither in the other ---- */

static int identity_order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct file_identity));
}

/* What every folder of a tree is, itself included, in order. */
static int identities(struct server *server, TALLOC_CTX *mem, const char *root, const struct copy_list *tree,
		      struct file_identity **all, size_t *count, struct error *err)
{
	int ret;

	*count = 0;
	*all = memory_array_zero(mem, sizeof **all, tree->count + 1);
	ret = *all ? server->ops->identity(server, root, &(*all)[(*count)++], err) : error_memory(err);
	for (size_t i = 0; ret == 0 && i < tree->count; i++) {
		char *path = tree->items[i].meta.kind == ENTRY_FOLDER ? path_join(mem, root, tree->items[i].rel) : NULL;

		if (path)
			ret = server->ops->identity(server, path, &(*all)[(*count)++], err);
		talloc_free(path);
	}
	if (ret == 0)
		qsort(*all, *count, sizeof **all, identity_order);
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
	size_t count, other_count;
	int ret = copy_walk(server, mem, other_root, FOLDER_LIMIT, &other_tree, err);

	if (ret == 0)
		ret = identities(server, mem, root, tree, &one, &count, err);
	if (ret == 0)
		ret = identities(server, mem, other_root, &other_tree, &other, &other_count, err);
	for (size_t i = 0; ret == 0 && i < other_count; i++)
		if (bsearch(&other[i], one, count, sizeof *one, identity_order))
			ret = error_set(err, TROUBLE_CANNOT, _("%s and %s share a folder: one is inside the other."),
					text_shown(mem, root), text_shown(mem, other_root));
	talloc_free(mem);
	return ret;
}

static int gate_apart(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "apart", _("neither Msmcon is inside the other, nor a drive inside another"));
	const struct survey *survey = keeper->survey;
	struct error why;
	char pair[2];
	int ret;

	if (gate == NULL)
		return error_memory(err);
	ret = keeper->server->ops->drives_nested(keeper->server, pair, &why);
	if (ret == 0 && pair[0])
		ret = error_set(&why, TROUBLE_CANNOT, _("The folder given as drive %c: is inside that of drive %c:."), pair[0], pair[1]);
	ret = gate_unread(keeper, gate, ret, &why, err);
	if (ret != 0 || keeper->gates->folder == NULL)
		return ret;
	if (keeper->strange != NULL)
		gate_no(keeper, gate, keeper->strange);
	else
		ret = trees_apart(keeper->server, keeper->gates->folder, &keeper->tree, survey->relocated_msmcon, &why);
	return gate_unread(keeper, gate, ret, &why, err);
}

/* ---- files ---- */

static bool file_compared(const struct gatekeeper *keeper, const char *path)
{
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];

		if (finding->kind == KIND_FILE && finding->source != NULL && path_equal(finding->source, path))
			return true;
	}
	return false;
}

/* Every file that lies in its Bin must be a row of the survey: what was not compared is not known to be elsewhere. */
static int files_compared(struct gatekeeper *keeper, struct gate *gate, size_t *count, struct error *err)
{
	for (size_t i = 0; i < keeper->tree.count; i++) {
		const struct copy_item *item = &keeper->tree.items[i];
		char *path = path_join(keeper->gates, keeper->gates->folder, item->rel);

		if (path == NULL)
			return error_memory(err);
		if (item->meta.kind == ENTRY_FILE && path_under(item->rel, "Bin") && !file_compared(keeper, path))
			gate_no_list(keeper, gate, item->rel, count);
		talloc_free(path);
	}
	return 0;
}

static int gate_files(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "files", _("every file of its Bin is on the relocated side, or was kept by a recorded decision"));
	size_t count = 0;
	int ret;

	if (gate == NULL)
		return error_memory(err);
	if (keeper->strange != NULL)
		gate_no(keeper, gate, keeper->strange);
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];
		bool right = finding->compare == FILE_SAME || (finding->compare == FILE_ONLY_RELOCATED && finding->move == MOVE_NONE);

		if (finding->kind == KIND_FILE && !right && !finding->kept_by)
			gate_no_list(keeper, gate, finding->subject, &count);
	}
	ret = files_compared(keeper, gate, &count, err);
	gate_more(keeper, gate, count);
	return ret;
}

/* ---- what names it ---- */

static int named(void *arg, const char *where, bool share, struct error *err)
{
	struct gatekeeper *keeper = arg;

	(void)err;
	gate_no_list(keeper, share ? keeper->share : keeper->values, where, share ? &keeper->share_count : &keeper->value_count);
	return 0;
}

static int gates_names(struct gatekeeper *keeper, struct error *err)
{
	struct error why;
	bool right = false;
	int ret;

	if (gate_add(keeper, "values", _("no registry value of any control set names it")) == NULL ||
	    gate_add(keeper, "share", _("the share leads to the relocated Maildata, and none leads into it")) == NULL)
		return error_memory(err);
	keeper->share = &keeper->gates->gates[keeper->gates->count - 1];
	keeper->values = keeper->share - 1;
	for (size_t i = 0; i < keeper->survey->finding_count; i++)
		if (keeper->survey->findings[i].kind == KIND_SHARE)
			right = keeper->survey->findings[i].state == FINDING_RIGHT;
	if (!right)
		gate_no(keeper, keeper->share, _("Step 4 is not done: the share is missing or leads elsewhere."));
	ret = names_find(keeper->server, keeper->survey, false, named, keeper, &why);
	if (ret != 0)
		gate_no(keeper, keeper->share, why.text);
	ret = gate_unread(keeper, keeper->values, ret, &why, err);
	gate_more(keeper, keeper->values, keeper->value_count);
	gate_more(keeper, keeper->share, keeper->share_count);
	return ret;
}

/* ---- mail ---- */

struct came {
	struct gatekeeper *keeper;
	struct gate *gate;
	size_t count;
};

static int came(void *arg, const char *what, struct error *err)
{
	struct came *list = arg;

	(void)err;
	gate_no_list(list->keeper, list->gate, what, &list->count);
	return 0;
}

static int gate_mail_came(struct gatekeeper *keeper, struct error *err)
{
	struct came list = { keeper, gate_add(keeper, "mail-came", _("no mail came into it after the service pack")), 0 };
	struct error why;
	int ret = 0;

	if (list.gate == NULL)
		return error_memory(err);
	if (keeper->survey->live != LIVE_RELOCATED)
		gate_no(keeper, list.gate, _("It is not certain that the relocated Maildata is the one in use."));
	if (keeper->strange != NULL)
		gate_no(keeper, list.gate, keeper->strange);
	else
		ret = mail_came_find(keeper->server, keeper->survey, &keeper->tree, came, &list, &why);
	ret = gate_unread(keeper, list.gate, ret, &why, err);
	gate_more(keeper, list.gate, list.count);
	return ret;
}

static int gate_contents(struct gatekeeper *keeper, struct error *err)
{
	struct came list = { keeper, gate_add(keeper, "contents", _("it holds nothing else that the relocated side lacks")), 0 };
	struct error why;
	int ret = 0;

	if (list.gate == NULL)
		return error_memory(err);
	if (keeper->strange != NULL)
		gate_no(keeper, list.gate, keeper->strange);
	else
		ret = only_here_find(keeper->server, keeper->survey, &keeper->tree, came, &list, &why);
	ret = gate_unread(keeper, list.gate, ret, &why, err);
	gate_more(keeper, list.gate, list.count);
	return ret;
}

/* Not no, but it must be confirmed. */
static void gate_weaken(struct gatekeeper *keeper, struct gate *gate, const char *why)
{
	char *shown = text_shown(keeper->gates, why);

	if (gate->answer == GATE_NO)
		return;
	gate->answer = GATE_WEAK;
	gate->detail = gate->detail ? talloc_asprintf_append(gate->detail, "\n%s", shown) : shown;
}

/* Verified passes, a weaker kind must be confirmed, anything less refuses. */
static int mta_flows(struct gatekeeper *keeper, struct gate *gate, const char *name, struct error *err)
{
	bool simulated = (keeper->survey->caps & SERVER_SIMULATED) != 0;

	for (int d = 0; d < MAIL_DIRECTIONS; d++) {
		const struct evidence *row = keeper->evidence ? evidence_find(keeper->evidence, name, (enum mail_direction)d) : NULL;
		enum mail_grade grade = row ? row->grade : MAIL_NOT_TESTED;
		char *text = talloc_asprintf(keeper->gates, "%s, %s: %s", name, mail_direction_text((enum mail_direction)d), mail_grade_text(grade));

		if (!text)
			return error_memory(err);
		if (grade < MAIL_ATTESTED || row->simulated != simulated)
			gate_no(keeper, gate, text);
		else if (grade < MAIL_VERIFIED)
			gate_weaken(keeper, gate, text);
	}
	return 0;
}

/* Each MTA that the server has now must have been seen to carry mail; what was seen of others says nothing. */
static int gate_mail_flow(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "mail-flow", _("mail flows in both directions through every PC MTA"));
	const struct survey *survey = keeper->survey;
	bool appletalk = survey_finding(survey, "service/" ARTICLE_SERVICE_ATMTA) != NULL;
	int ret = 0;

	if (gate == NULL)
		return error_memory(err);
	/* What somebody saw before cannot go on once a service cannot start. */
	for (size_t i = 0; i < survey->finding_count; i++) {
		const struct finding *row = &survey->findings[i];

		if (row->kind == KIND_SERVICE && row->state != FINDING_RIGHT)
			gate_no(keeper, gate, talloc_asprintf(keeper->gates, "%s: %s", row->subject, row->text));
	}
	for (size_t i = 0; ret == 0 && i < survey->pcmta_count; i++)
		ret = mta_flows(keeper, gate, survey->pcmtas[i].name, err);
	if (ret == 0 && appletalk)
		ret = mta_flows(keeper, gate, ARTICLE_SERVICE_ATMTA, err);
	if (survey->pcmta_count == 0 && survey->struck_count == 0)
		gate_no(keeper, gate, _("There is no PC MTA, so no mail can be seen to flow. If there is one, name it with --pcmta."));
	else if (survey->pcmta_count == 0)
		gate_weaken(keeper, gate, _("There is no PC MTA: the operator struck all that looked like one."));
	keeper->gates->weak = gate->answer == GATE_WEAK;
	return ret;
}

static int folder_measure(struct gatekeeper *keeper, struct error *err)
{
	const struct finding *row = survey_finding(keeper->survey, "oldfolder");
	struct error why;
	int ret;

	if (row == NULL || row->state == FINDING_ABSENT)
		return 0;
	keeper->gates->folder = talloc_strdup(keeper->gates, keeper->survey->default_msmcon);
	if (keeper->gates->folder == NULL)
		return error_memory(err);
	ret = copy_walk(keeper->server, keeper->gates, keeper->gates->folder, FOLDER_LIMIT, &keeper->tree, &why);
	if (ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED)
		return error_set(err, why.trouble, "%s", why.text);
	/* Something in it that is no file of Windows NT's, or cannot be read, is an answer: the folder is then left. */
	if (ret != 0)
		keeper->strange = talloc_strdup(keeper->gates, why.text);
	if (ret != 0 && keeper->strange == NULL)
		return error_memory(err);
	for (size_t i = 0; i < keeper->tree.count; i++)
		keeper->gates->files += keeper->tree.items[i].meta.kind == ENTRY_FILE;
	keeper->gates->bytes = keeper->tree.bytes;
	return 0;
}

int oldfolder_gates(TALLOC_CTX *mem, struct server *server, const struct survey *fresh, const struct evidence_list *evidence,
		    struct gates **out, struct error *err)
{
	static int (*const all[])(struct gatekeeper *, struct error *) = { gate_apart, gate_files, gates_names, gate_mail_came,
									   gate_contents, gate_mail_flow };
	struct gatekeeper keeper = { .survey = fresh, .evidence = evidence, .server = server,
				     .gates = talloc_zero(mem, struct gates) };
	int ret = keeper.gates != NULL ? folder_measure(&keeper, err) : error_memory(err);

	for (size_t i = 0; ret == 0 && i < sizeof all / sizeof *all; i++)
		ret = all[i](&keeper, err);
	if (ret != 0)
		talloc_free(keeper.gates);
	else
		*out = keeper.gates;
	return ret;
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
	change->source = talloc_asprintf(change, "%s.q240208-%s", survey->default_msmcon, run_name);
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
