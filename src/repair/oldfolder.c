/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gates of step 6, and what may be done once they are open. */
#include "repair/oldfolder.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

enum { NAMES_SHOWN = 10, FOLDER_LIMIT = 1000000 };

struct gatekeeper {
	const struct survey *survey;
	const char *const *kept;
	const struct evidence_list *evidence;
	struct gates *gates;
	char *strange;             /* why the folder cannot be walked through, or NULL */
};

static struct gate *gate_add(struct gatekeeper *keeper, const char *id, const char *text)
{
	struct gates *gates = keeper->gates;
	struct gate *grown = talloc_realloc(gates, gates->gates, struct gate, (unsigned)gates->count + 1);

	if (grown == NULL)
		return NULL;
	gates->gates = grown;
	grown[gates->count] = (struct gate){ .id = id, .answer = GATE_YES, .text = talloc_strdup(gates, text) };
	return grown[gates->count].text != NULL ? &grown[gates->count++] : NULL;
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

static bool is_kept(const struct gatekeeper *keeper, const char *id)
{
	for (size_t i = 0; keeper->kept != NULL && keeper->kept[i] != NULL; i++)
		if (strcmp(keeper->kept[i], id) == 0)
			return true;
	return false;
}

static int gate_files(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "files", _("every file of its Bin is on the relocated side, or was kept by a recorded decision"));
	size_t count = 0;

	if (gate == NULL)
		return error_memory(err);
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];
		bool differs = finding->kind == KIND_FILE && finding->compare != FILE_SAME && finding->compare != FILE_ONLY_RELOCATED;

		if (differs && !is_kept(keeper, finding->id))
			gate_no_list(keeper, gate, finding->subject, &count);
	}
	gate_more(keeper, gate, count);
	return 0;
}

static const char *notice_of(const struct survey *survey, const char *id)
{
	for (size_t i = 0; i < survey->notice_count; i++)
		if (strcmp(survey->notices[i].id, id) == 0)
			return survey->notices[i].text;
	return NULL;
}

static int gate_values(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "values", _("no registry value of this control set names it"));
	const char *elsewhere = notice_of(keeper->survey, "named-elsewhere");
	size_t count = 0;

	if (gate == NULL)
		return error_memory(err);
	for (size_t i = 0; i < keeper->survey->finding_count; i++) {
		const struct finding *finding = &keeper->survey->findings[i];
		bool names = finding->leads == LEADS_DEFAULT || finding->leads == LEADS_MIXED;

		if (finding->kind == KIND_VALUE && finding->state != FINDING_ABSENT && names)
			gate_no_list(keeper, gate, finding->subject, &count);
	}
	gate_more(keeper, gate, count);
	if (elsewhere != NULL)
		gate_no(keeper, gate, elsewhere);
	return 0;
}

static int gate_share(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "share", _("the share leads to the relocated Maildata"));
	bool right = false;

	if (gate == NULL)
		return error_memory(err);
	for (size_t i = 0; i < keeper->survey->finding_count; i++)
		if (keeper->survey->findings[i].kind == KIND_SHARE)
			right = keeper->survey->findings[i].state == FINDING_RIGHT;
	if (!right)
		gate_no(keeper, gate, _("Step 4 is not done: the share is missing or leads somewhere else."));
	return 0;
}

static int gate_mail_came(struct gatekeeper *keeper, struct error *err)
{
	const struct survey *survey = keeper->survey;
	const struct maildata *old = &survey->maildata_default;
	struct gate *gate = gate_add(keeper, "mail-came", _("no mail came into it after the service pack"));

	if (gate == NULL)
		return error_memory(err);
	if (old->present && survey->setup_time == 0)
		gate_no(keeper, gate, _("When the service pack ran could not be told, so this cannot be told either."));
	if (survey->live != LIVE_RELOCATED)
		gate_no(keeper, gate, _("It is not certain that the relocated Maildata is the one in use."));
	for (size_t i = 0; i < old->after_setup && i < 20 && old->after_setup_names != NULL && i < NAMES_SHOWN; i++)
		gate_no(keeper, gate, old->after_setup_names[i]);
	gate_more(keeper, gate, old->after_setup);
	return 0;
}

static int gate_contents(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "contents", _("there are only files and folders in it"));

	if (gate == NULL)
		return error_memory(err);
	if (keeper->strange != NULL)
		gate_no(keeper, gate, keeper->strange);
	return 0;
}

/* The answer of mail flow: verified passes, a weaker kind must be confirmed, anything less refuses. */
static int gate_mail_flow(struct gatekeeper *keeper, struct error *err)
{
	struct gate *gate = gate_add(keeper, "mail-flow", _("mail flows in both directions through every PC MTA"));
	bool simulated = (keeper->survey->caps & SERVER_SIMULATED) != 0;
	const struct evidence_list *list = keeper->evidence;

	if (gate == NULL)
		return error_memory(err);
	if (list == NULL || list->count == 0)
		gate_no(keeper, gate, _("Mail flow was not tested."));
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct evidence *row = &list->rows[i];
		char *text = talloc_asprintf(keeper->gates, "%s, %s: %s", row->pcmta, mail_direction_text(row->direction),
					     mail_grade_text(row->grade));

		if (text == NULL)
			return error_memory(err);
		if (row->grade < MAIL_ATTESTED || row->simulated != simulated)
			gate_no(keeper, gate, text);
		else if (row->grade < MAIL_VERIFIED && gate->answer == GATE_YES)
			gate->answer = GATE_WEAK;
		if (row->grade >= MAIL_ATTESTED && row->grade < MAIL_VERIFIED && gate->answer == GATE_WEAK)
			gate->detail = gate->detail == NULL ? text_shown(keeper->gates, text)
							    : talloc_asprintf_append(gate->detail, "\n%s",
											    text_shown(keeper->gates, text));
	}
	keeper->gates->weak = gate->answer == GATE_WEAK;
	return 0;
}

static int folder_measure(struct gatekeeper *keeper, struct server *server, struct error *err)
{
	const struct finding *row = survey_finding(keeper->survey, "oldfolder");
	struct copy_list list = { 0 };
	int ret;

	if (row == NULL || row->state == FINDING_ABSENT)
		return 0;
	keeper->gates->folder = talloc_strdup(keeper->gates, keeper->survey->default_msmcon);
	if (keeper->gates->folder == NULL)
		return error_memory(err);
	ret = copy_walk(server, keeper->gates, keeper->gates->folder, FOLDER_LIMIT, &list, err);
	/* Something in it that is no file of Windows NT's is an answer, not a failure: the folder is then left. */
	if (ret == -TROUBLE_LINK || ret == -TROUBLE_NAME || ret == -TROUBLE_TWINS || ret == -TROUBLE_CANNOT) {
		keeper->strange = talloc_strdup(keeper->gates, err->text);
		return keeper->strange != NULL ? 0 : error_memory(err);
	}
	if (ret != 0)
		return ret;
	for (size_t i = 0; i < list.count; i++)
		keeper->gates->files += list.items[i].meta.kind == ENTRY_FILE;
	keeper->gates->bytes = list.bytes;
	talloc_free(list.items);
	return 0;
}

int oldfolder_gates(TALLOC_CTX *mem, struct server *server, const struct survey *fresh, const char *const *kept,
		    const struct evidence_list *evidence, struct gates **out, struct error *err)
{
	static int (*const all[])(struct gatekeeper *, struct error *) = { gate_files, gate_values, gate_share, gate_mail_came, gate_contents,
									   gate_mail_flow };
	struct gatekeeper keeper = { fresh, kept, evidence, talloc_zero(mem, struct gates), NULL };
	int ret = keeper.gates != NULL ? folder_measure(&keeper, server, err) : error_memory(err);

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
		return error_set(err, TROUBLE_MOVED, _("%s is not what it was when the folder was looked at. The rest is left."),
				 text_shown(mem, path));
	return server->ops->remove(server, path, err);
}

int oldfolder_delete(struct server *server, const char *folder, const struct copy_list *list, const struct copy_progress *progress,
		     struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *above = path_parent(mem, folder);
	struct file_meta meta;
	bool found = false;
	int ret = above != NULL ? 0 : error_memory(err);

	/* What is in a folder stands behind it in the list; so from the end. */
	for (size_t i = list->count; ret == 0 && i-- > 0;) {
		const struct copy_item *item = &list->items[i];

		if (progress != NULL && progress->tell != NULL && progress->tell(progress->arg, item->rel, list->count - i, list->count) != 0)
			ret = error_set(err, TROUBLE_STOPPED, _("Stopped. A part of the old folder is gone already."));
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
