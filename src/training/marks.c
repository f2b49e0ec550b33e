/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands there, and what is so. */
#include "training/marks.h"

#include <stdio.h>
#include <string.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/article.h"

enum { FACT_BYTES = 400, QUEUE_FOLDERS = 16 };

#define BIT(reason) (1u << (reason))

/* ---- words ---- */

static const struct {
	const char *name, *text;
} REASON_WORDS[] = {
	[REASON_NONE] = { "", "" },
	[REASON_OLD_DRIVE] = { "old-drive", N_("leads to the old drive") },
	[REASON_ELSEWHERE] = { "elsewhere", N_("leads to neither Msmcon") },
	[REASON_MISSING] = { "missing", N_("missing") },
	[REASON_OLDER] = { "older", N_("older than setup's") },
	[REASON_NEWER] = { "newer", N_("newer than setup's") },
	[REASON_SHARED] = { "shared", N_("shared wrongly, or not") },
	[REASON_STOPPED] = { "stopped", N_("does not run") },
	[REASON_ACCOUNT] = { "account", N_("wrong account") },
	[REASON_STALE] = { "stale", N_("stale postoffice") },
	[REASON_WAITS] = { "waits", N_("mail waits there") },
};

static const struct {
	const char *text;
	unsigned reasons;
} KINDS[] = {
	[MARK_VALUE] = { N_("Registry entries"),
		BIT(REASON_OLD_DRIVE) | BIT(REASON_ELSEWHERE) | BIT(REASON_MISSING) },
	[MARK_SHARE] = { N_("Share"),
		BIT(REASON_OLD_DRIVE) | BIT(REASON_SHARED) | BIT(REASON_MISSING) },
	[MARK_FILES] = { N_("Files in Bin"),
		BIT(REASON_OLDER) | BIT(REASON_NEWER) | BIT(REASON_MISSING) },
	[MARK_SERVICE] = { N_("Services"),
		BIT(REASON_STOPPED) | BIT(REASON_ACCOUNT) | BIT(REASON_MISSING) },
	[MARK_POSTOFFICE] = { N_("Postoffices"), BIT(REASON_STALE) | BIT(REASON_WAITS) },
};

unsigned mark_reasons(enum mark_kind kind)
{
	return KINDS[kind].reasons;
}

const char *mark_kind_text(enum mark_kind kind)
{
	return _(KINDS[kind].text);
}

const char *mark_reason_name(enum mark_reason reason)
{
	return REASON_WORDS[reason].name;
}

const char *mark_reason_text(enum mark_reason reason)
{
	return reason == REASON_NONE ? "" : _(REASON_WORDS[reason].text);
}

enum mark_reason mark_reason_parse(const char *name)
{
	for (unsigned i = 1; name && i < REASONS; i++)
		if (strcmp(REASON_WORDS[i].name, name) == 0)
			return (enum mark_reason)i;
	return REASON_NONE;
}

/* ---- rows ---- */

struct facts {
	struct mark_rows *rows;
	TALLOC_CTX *tmp;
	struct server *server;
	const struct survey *survey;
	struct error *err;
	int status;
};

static struct mark_row *row_add(struct facts *facts, enum mark_kind kind, const char *id,
	const char *subject, const char *fact)
{
	struct mark_rows *rows = facts->rows;
	struct mark_row *row = memory_more(rows, &rows->rows, rows->count, sizeof *row);

	if (row)
		*row = (struct mark_row){ .id = talloc_strdup(rows, id),
			.kind = kind,
			.subject = text_shown(rows, subject),
			.fact = text_shown(rows, fact),
			.more = talloc_strdup(rows, "") };
	if (!row || !row->id || !row->subject || !row->fact || !row->more) {
		facts->status = error_memory(facts->err);
		return NULL;
	}
	rows->count++;
	return row;
}

static void row_is(struct mark_row *row, enum mark_truth truth, unsigned reasons)
{
	if (!row)
		return;
	row->truth = truth;
	row->reasons = reasons;
}

/* ---- registry and share ---- */

/* A value that names a file which is not there may be called missing as well. */
static void value_truth(struct mark_row *row, const struct finding *finding)
{
	const unsigned missing = finding->missing ? BIT(REASON_MISSING) : 0;

	if (!finding->before.value.data)
		row_is(row, finding->move == MOVE_NONE ? TRUTH_RIGHT : TRUTH_WRONG,
			BIT(REASON_MISSING));
	else if (finding->leads == LEADS_DEFAULT || finding->leads == LEADS_MIXED)
		row_is(row, TRUTH_WRONG, BIT(REASON_OLD_DRIVE) | missing);
	else if (finding->leads == LEADS_NOWHERE && finding->move != MOVE_NONE)
		row_is(row, TRUTH_WRONG, BIT(REASON_ELSEWHERE) | missing);
	else
		row_is(row, finding->move == MOVE_NONE ? TRUTH_RIGHT : TRUTH_EITHER,
			BIT(REASON_ELSEWHERE) | missing);
}

static void value_row(struct facts *facts, const struct finding *finding)
{
	const struct reg_data *data = finding->before.value.data;
	const char *text = data ? regdata_text(facts->tmp, data, FACT_BYTES) : _("(no such value)");
	struct mark_row *row = row_add(facts, MARK_VALUE, finding->id, finding->subject, text);

	value_truth(row, finding);
}

static void share_row(struct facts *facts, const struct finding *finding)
{
	const struct share_fact *share = &finding->before.share;
	bool old = share->path && path_under(share->path, facts->survey->default_msmcon);
	struct mark_row *row = row_add(facts, MARK_SHARE, finding->id, finding->subject,
		share->path ? share->path : _("(no such share)"));

	if (!share->path)
		row_is(row, TRUTH_WRONG, BIT(REASON_MISSING) | BIT(REASON_SHARED));
	else if (old)
		row_is(row, TRUTH_WRONG, BIT(REASON_OLD_DRIVE) | BIT(REASON_SHARED));
	else
		row_is(row, finding->move == MOVE_NONE ? TRUTH_RIGHT : TRUTH_EITHER,
			BIT(REASON_SHARED));
}

/* ---- files ---- */

static const struct {
	enum mark_truth truth;
	unsigned reasons;
} COMPARED[] = {
	[FILE_SAME] = { TRUTH_RIGHT, 0 },
	[FILE_OLDER] = { TRUTH_WRONG, BIT(REASON_OLDER) },
	[FILE_NEWER] = { TRUTH_WRONG, BIT(REASON_NEWER) },
	/* Without a version nobody can tell. */
	[FILE_DIFFERENT] = { TRUTH_EITHER, BIT(REASON_OLDER) | BIT(REASON_NEWER) },
	[FILE_ONLY_SETUP] = { TRUTH_WRONG, BIT(REASON_MISSING) },
	[FILE_ONLY_RELOCATED] = { TRUTH_RIGHT, 0 },
};

static const char *version_of(const struct file_fact *fact, char text[24])
{
	if (!fact->present)
		return _("not there");
	if (!fact->has_version)
		return _("no version");
	pe_version_text(&fact->version, text);
	return text;
}

static struct mark_row *row_of(struct facts *facts, const char *id)
{
	for (size_t i = 0; i < facts->rows->count; i++)
		if (strcmp(facts->rows->rows[i].id, id) == 0)
			return &facts->rows->rows[i];
	return NULL;
}

/* One more file of a row: its name to the row, all of it to what is read below. */
static void file_add(struct facts *facts, struct mark_row *row, const struct finding *finding,
	const struct file_fact *fact)
{
	const char *name = text_shown(facts->rows, path_leaf(finding->subject)),
		   *when = fact->present ? filetime_text(facts->tmp, fact->mtime, false) : NULL;
	char date[11] = "";

	snprintf(date, sizeof date, "%.10s", when ? when : "");
	row->fact = *row->fact ? talloc_asprintf(facts->rows, "%s, %s", row->fact, name)
			       : talloc_strdup(facts->rows, name);
	if (fact->present)
		row->more = talloc_asprintf(facts->rows, "%s%s%s (%s, %llu)", row->more,
			*row->more ? "; " : "", name, date, (unsigned long long)fact->size);
	if (!row->fact || !row->more)
		facts->status = error_memory(facts->err);
}

/* relocated: the side that the article repairs; setup's is what it is compared with. */
static void file_side(struct facts *facts, const struct finding *finding,
	const struct file_fact *fact, bool relocated)
{
	const char *msmcon =
		relocated ? facts->survey->relocated_msmcon : facts->survey->default_msmcon;
	char version[24];
	const char *text = version_of(fact, version);
	char *id = talloc_asprintf(facts->tmp, "files/%.2s%s", msmcon,
		     fact->present ? fact->has_version ? text : "none" : "absent"),
	     *subject = talloc_asprintf(facts->tmp, _("%.2s Bin: %s"), msmcon, text);
	struct mark_row *row = id && subject ? row_of(facts, id) : NULL;

	if (!row)
		row = row_add(facts, MARK_FILES, id ? id : "", subject ? subject : "", "");
	if (!row)
		return;
	file_add(facts, row, finding, fact);
	if (!relocated)
		return;
	row->reasons |= COMPARED[finding->compare].reasons;
	if (row->truth != TRUTH_WRONG && COMPARED[finding->compare].truth != TRUTH_RIGHT)
		row->truth = COMPARED[finding->compare].truth;
}

/* Setup's own side: what nothing can be changed by is the same, or is not there. */
static struct file_fact setup_fact(const struct finding *finding)
{
	if (finding->can_change)
		return finding->after.file;
	return finding->compare == FILE_ONLY_RELOCATED ? (struct file_fact){ .present = false }
						       : finding->before.file;
}

static void file_rows(struct facts *facts, bool relocated)
{
	for (size_t i = 0; facts->status == 0 && i < facts->survey->finding_count; i++) {
		const struct finding *finding = &facts->survey->findings[i];
		const struct file_fact setup = setup_fact(finding);

		if (finding->kind == KIND_FILE)
			file_side(facts, finding, relocated ? &finding->before.file : &setup,
				relocated);
	}
}

/* ---- services ---- */

static const char *const STATES[] = {
	[SERVICE_UNKNOWN] = N_("state not known"),
	[SERVICE_STOPPED] = N_("stopped"),
	[SERVICE_STARTING] = N_("starting"),
	[SERVICE_STOPPING] = N_("stopping"),
	[SERVICE_RUNNING] = N_("running"),
};

static const char *start_text(uint32_t start)
{
	return start == 2 ? _("automatic") : start == 3 ? _("manual") : _("disabled");
}

/* Stopped alone may be the repair's own doing; disabled, or under no account that can reach the
 * postoffice, is not. */
static void service_truth(struct mark_row *row, const struct finding *finding,
	const struct service *service, const char *account)
{
	const bool system = !*account || text_equal(account, "LocalSystem") ||
		text_equal(account, ".\\LocalSystem");

	if (finding && finding->state == FINDING_WRONG)
		row_is(row, TRUTH_WRONG,
			service->start != 2 && service->start != 3 ? BIT(REASON_STOPPED)
				: system                           ? BIT(REASON_ACCOUNT)
					 : BIT(REASON_STOPPED) | BIT(REASON_MISSING));
	else
		row_is(row,
			service->state == SERVICE_RUNNING || service->state == SERVICE_UNKNOWN
				? TRUTH_RIGHT
				: TRUTH_EITHER,
			BIT(REASON_STOPPED));
}

static void service_row(struct facts *facts, const struct service *service)
{
	char *services = survey_services_key(facts->tmp, facts->survey),
	     *key = path_join(facts->tmp, services ? services : "", service->name),
	     *id = talloc_asprintf(facts->tmp, "service/%s", service->name), *account = NULL, *fact;
	struct mark_row *row;

	if (!services || !key || !id) {
		facts->status = error_memory(facts->err);
		return;
	}
	facts->status =
		server_reg_text(facts->server, facts->tmp, key, "ObjectName", &account, facts->err);
	if (facts->status != 0)
		return;
	fact = talloc_asprintf(facts->tmp, "%s, %s, %s", _(STATES[service->state]),
		start_text(service->start), *account ? account : "LocalSystem");
	row = row_add(facts, MARK_SERVICE, id, service->name, fact ? fact : "");
	if (row)
		service_truth(row, survey_finding(facts->survey, id), service, account);
}

/* The services of the article, and the one that shares: all, whatever is thought of them. */
static bool is_ours(const struct survey *survey, const char *name)
{
	static const char *const names[] = { ARTICLE_SERVICE, ARTICLE_SERVICE_ATMTA,
		"LanmanServer" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (text_equal(names[i], name))
			return true;
	for (size_t i = 0; i < survey->pcmta_count; i++)
		if (text_equal(survey->pcmtas[i].name, name))
			return true;
	return false;
}

static void service_rows(struct facts *facts)
{
	struct service_list list = { 0 };

	if (facts->server->caps & SERVER_SERVICES)
		facts->status = facts->server->ops->service_list(facts->server, facts->tmp, &list,
			facts->err);
	for (size_t i = 0; facts->status == 0 && i < list.count; i++)
		if (is_ours(facts->survey, list.services[i].name))
			service_row(facts, &list.services[i]);
}

/* ---- postoffices ---- */

/* Messages on their way out, MAI\MA0 to MAI\MAF (Q87378); names only. */
static size_t queue_count(struct facts *facts, const char *maildata)
{
	size_t count = 0;

	for (unsigned i = 0; facts->status == 0 && i < QUEUE_FOLDERS; i++) {
		char *path = talloc_asprintf(facts->tmp, "%s\\MAI\\MA%X", maildata, i);
		struct entry_list list = { 0 };

		facts->status = server_list(facts->server, facts->tmp, path, &list, facts->err);
		for (size_t e = 0; facts->status == 0 && e < list.count; e++)
			count += text_ends(list.entries[e].name, ".MAI");
	}
	return count;
}

/* The one on the old drive is stale where nothing came after the service pack, and whoever says so
 * is right; whoever takes it for part of the server is, too. */
static void postoffice_row(struct facts *facts, const char *msmcon, const struct maildata *data,
	bool old)
{
	char *maildata = path_join(facts->tmp, msmcon, "Maildata"),
	     *id = talloc_asprintf(facts->tmp, "postoffice/%.2s", msmcon), *fact;
	const char *when = data->newest ? filetime_text(facts->tmp, data->newest, false) : NULL;
	size_t waits;
	struct mark_row *row;

	if (!data->present || !maildata || !id)
		return;
	waits = queue_count(facts, maildata);
	fact = talloc_asprintf(facts->tmp,
		P_("newest %.16s, %zu message in MAI", "newest %.16s, %zu messages in MAI", waits),
		when ? when : "?", waits);
	row = facts->status == 0 ? row_add(facts, MARK_POSTOFFICE, id, maildata, fact ? fact : "")
				 : NULL;
	row_is(row,
		!old || facts->survey->setup_time == 0 ? TRUTH_RIGHT
			: data->after_setup            ? TRUTH_WRONG
						       : TRUTH_EITHER,
		data->after_setup ? BIT(REASON_WAITS) : BIT(REASON_STALE));
	/* What waits in the one that lives tells nothing by itself. */
	if (row && !old && waits)
		row_is(row, TRUTH_EITHER, BIT(REASON_WAITS));
}

/* ---- all of them ---- */

static void finding_rows(struct facts *facts, enum finding_kind kind,
	void (*add)(struct facts *, const struct finding *))
{
	for (size_t i = 0; facts->status == 0 && i < facts->survey->finding_count; i++)
		if (facts->survey->findings[i].kind == kind)
			add(facts, &facts->survey->findings[i]);
}

int marks_facts(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	struct mark_rows **rows, struct error *err)
{
	struct facts facts = { .rows = talloc_zero(mem, struct mark_rows),
		.tmp = talloc_new(NULL),
		.server = server,
		.survey = survey,
		.err = err };

	if (!facts.rows || !facts.tmp)
		facts.status = error_memory(err);
	if (facts.status == 0)
		finding_rows(&facts, KIND_VALUE, value_row);
	if (facts.status == 0)
		finding_rows(&facts, KIND_SHARE, share_row);
	if (facts.status == 0)
		file_rows(&facts, false);
	if (facts.status == 0)
		file_rows(&facts, true);
	if (facts.status == 0)
		service_rows(&facts);
	if (facts.status == 0)
		postoffice_row(&facts, survey->default_msmcon, &survey->maildata_default, true);
	if (facts.status == 0)
		postoffice_row(&facts, survey->relocated_msmcon, &survey->maildata_relocated,
			false);
	talloc_free(facts.tmp);
	if (facts.status == 0)
		*rows = facts.rows;
	else
		talloc_free(facts.rows);
	return facts.status;
}
