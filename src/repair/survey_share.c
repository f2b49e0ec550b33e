/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: Maildat$, and the connect$ that a relocation leaves behind. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "nt/sharedef.h"

/* Below Services: the permissions of shares. */
#define SECURITY "LanmanServer\\Shares\\Security"

static struct share *share_get(struct scan *scan, const char *name)
{
	struct share *share = NULL;

	if (scan->ret == 0)
		scan->ret = scan->server->ops->share_get(scan->server, scan->tmp, name, &share,
			scan->err);
	return scan->ret == 0 ? share : NULL;
}

void scan_share_read(struct scan *scan)
{
	scan->share = share_get(scan, ARTICLE_SHARE);
	if (scan->share)
		scan->share_long = scan_long(scan, scan->share->path);
}

/* The descriptor that the share would get: one kept under its name counts even if the share itself
 * is gone. NULL: none is kept. */
static const struct reg_data *security_left(struct scan *scan)
{
	struct reg_data *data =
		scan_data(scan, scan_path(scan, scan->services_key, SECURITY), ARTICLE_SHARE);

	return data && sharedef_security_ok(data) ? data : NULL;
}

/* A running server tells the descriptor, and a share that is made anew is given one. */
static void fact_security(struct scan *scan, struct share_fact *fact)
{
	const struct share *share = scan->share;
	const struct reg_data data = { REG_BINARY, share->security, share->security_len };

	if (server_runs(scan->server) && share->security)
		fact->security = scan_copy(scan, &data);
}

static void fact_fill(struct scan *scan, struct share_fact *fact, const char *path,
	const char *remark, const struct reg_data *definition, bool open_to_all)
{
	fact->path = scan_text(scan, "%s", path);
	fact->remark = scan_text(scan, "%s", remark ? remark : "");
	fact->definition = scan_copy(scan, definition);
	fact->open_to_all = open_to_all;
}

static void row_right(struct scan *scan, struct finding *row, const char *wanted)
{
	bool there = scan_exists(scan, wanted, ENTRY_FOLDER);

	row->state = there ? FINDING_RIGHT : FINDING_WRONG;
	row->after = row->before;
	status_say(scan, row, _("It leads to the relocated Maildata: %s"),
		scan_shown(scan, scan->share->path));
	scan_todo(row, there ? MOVE_NONE : MOVE_PERSON,
		there ? NULL
		      : _("There is no such folder. "
			  "Find the postoffice, and name its folder with --relocated."));
}

/* The command that makes the share, for the todo of a row. */
static const char *share_command(struct scan *scan, const char *wanted)
{
	return scan_shown(scan,
		scan_need(scan,
			sharedef_command(scan->tmp, ARTICLE_SHARE, wanted, ARTICLE_SHARE_REMARK)));
}

/* What a person does where the program cannot. */
static void share_by_hand(struct scan *scan, struct finding *row, const char *wanted)
{
	scan_todo(row, MOVE_PERSON,
		scan_text(scan, _("When the server runs: %s"), share_command(scan, wanted)));
}

/* It exists, but nobody reaches the folder through it; a name that is shared cannot be shared again
 * (Q186554). */
static void row_unusable(struct scan *scan, struct finding *row, const char *wanted)
{
	const struct reg_data *definition = scan->share->definition;

	row->state = FINDING_WRONG;
	status_say(scan, row,
		_("Its definition is not that of a usable shared folder: "
		  "Type=%s, MaxUses=%s. It leads to %s."),
		scan_shown(scan, sharedef_field(scan->tmp, definition, "Type")),
		scan_shown(scan, sharedef_field(scan->tmp, definition, "MaxUses")),
		scan_shown(scan, scan->share->path));
	scan_todo(row, MOVE_PERSON,
		scan_text(scan, _("When the server runs: net share %s /delete, then %s"),
			ARTICLE_SHARE, share_command(scan, wanted)));
}

/* A running server replaces it, which breaks the connections to it. */
static void connected(struct scan *scan, struct finding *row)
{
	struct scan_names names = { 0 };

	for (size_t i = 0; i < scan->share->user_count; i++)
		scan_name_add(scan, &names, scan_shown(scan, scan->share->users[i]));
	if (names.text)
		status_say(scan, row,
			_("Connected to it now, and cut off when it is replaced: %s."), names.text);
}

/* Only the path changes. */
static void row_wrong(struct scan *scan, struct finding *row, const char *wanted)
{
	const struct share *share = scan->share;
	struct reg_data *definition =
		share->definition ? sharedef_with_path(scan->tmp, share->definition, wanted) : NULL;

	row->state = FINDING_WRONG;
	if (*share->path)
		status_say(scan, row, _("It leads to %s, but the postoffice is in %s."),
			scan_shown(scan, share->path), scan_shown(scan, wanted));
	else
		status_say(scan, row, _("Its definition has no path, so nothing is shared."));
	/* A definition without a path is of a form that this program must not rewrite. */
	row->can_change = row->needed = definition || !share->definition;
	if (!row->can_change) {
		share_by_hand(scan, row, wanted);
		return;
	}
	fact_fill(scan, &row->after.share, wanted, share->remark, definition, !share->security);
	fact_security(scan, &row->after.share);
	connected(scan, row);
}

/* The share as another control set still has it. */
struct share_kept {
	const char *set;             /* NULL: none has it */
	struct reg_data *definition; /* made to lead to the relocated Maildata */
	struct reg_data *security;   /* its permissions there, NULL if there are none */
	bool same;                   /* it led to either Maildata: then it is this share */
};

static struct share_kept from_set(struct scan *scan, const char *set, const char *wanted)
{
	struct reg_data *data = scan_share_data(scan, set);
	char *path = data ? sharedef_field(scan->tmp, data, "Path") : NULL,
	     *full = scan_long(scan, path);
	bool right = full && path_equal(full, wanted);
	struct share_kept kept = { 0 };

	if (!path)
		return kept;
	kept.same = right ||
		(full &&
			path_equal(full,
				scan_path(scan, scan->survey->default_msmcon, "Maildata")));
	if (!sharedef_usable(scan->tmp, data))
		return kept;
	kept.definition = right ? data : sharedef_with_path(scan->tmp, data, wanted);
	kept.set = kept.definition ? set : NULL;
	kept.security = scan_data(scan, scan_print(scan, "SYSTEM\\%s\\Services\\" SECURITY, set),
		ARTICLE_SHARE);
	return kept;
}

/* The first set that has it, or the first where it is this very share. */
static struct share_kept from_other_sets(struct scan *scan, const char *wanted)
{
	struct share_kept kept = { 0 };

	for (size_t i = 0; i < scan->other_count && !kept.same; i++) {
		struct share_kept other = from_set(scan, scan->other_sets[i], wanted);

		if (other.set && (!kept.set || other.same))
			kept = other;
	}
	return kept;
}

/* The fields of another share of Exchange; never its descriptor. Returns whose. */
static const char *from_sibling(struct scan *scan, const char *wanted, struct reg_data **definition)
{
	for (const char *const *name = article_sibling_shares; *name; name++) {
		struct share *sibling = share_get(scan, *name);

		if (sibling && sibling->definition &&
			sharedef_usable(scan->tmp, sibling->definition))
			*definition = sharedef_from_sibling(scan->tmp, sibling->definition,
				ARTICLE_SHARE, wanted, ARTICLE_SHARE_REMARK);
		if (*definition)
			return *name;
	}
	return NULL;
}

/* Why the permissions that another control set keeps are not used; NULL if they are. */
static const char *permissions_refused(struct scan *scan, const struct share_kept *kept)
{
	struct reg_key *key = scan_key(scan, scan_path(scan, scan->services_key, SECURITY));

	if (!kept->same)
		return _("belong to a share of another folder");
	if (!sharedef_security_ok(kept->security))
		return _("are damaged");
	/* A running server writes there itself. */
	if (server_runs(scan->server))
		return NULL;
	if (!key)
		return _("cannot be written, because there is no key for permissions here");
	return scan_value(key, ARTICLE_SHARE)
		? _("would replace a value here that holds no permissions")
		: NULL;
}

/*
 * Permissions: those that are kept under its name count again; those of another control set come
 * along; it had none there and gets none. Else Windows would give everyone full access, as setup
 * does (KB147376), and only a person can know whether that is how it was: it is asked, not
 * proposed.
 */
static void permissions(struct scan *scan, struct finding *row, const struct share_kept *kept)
{
	struct share_fact *after = &row->after.share;
	const struct reg_data *left = security_left(scan);
	const char *why = !left && kept->security ? permissions_refused(scan, kept) : NULL;
	const char *decide = server_runs(scan->server)
		? _("Decide whether that is acceptable, or set permissions once it is shared.")
		: _("Decide whether that is acceptable, and set permissions when the server runs.");

	after->open_to_all = !left && (!kept->security || why);
	row->needed = !after->open_to_all || (kept->set && !kept->security && kept->same);
	if (left)
		status_say(scan, row,
			_("Its permissions are still kept under its name, and apply again."));
	else if (why)
		status_say(scan, row,
			_("The permissions that %s keeps %s. "
			  "Without them, everyone on the network gets full access. %s"),
			kept->set, why, decide);
	else if (kept->security)
		status_say(scan, row, _("Its permissions come back with it, as %s has them."),
			kept->set);
	else if (row->needed)
		status_say(scan, row,
			_("%s keeps no permissions for it, so everyone on the network had full "
			  "access, and has it again."),
			kept->set);
	else
		status_say(scan, row,
			_("Which permissions it had is unknown. "
			  "Without any, everyone on the network gets full access. %s"),
			decide);
	/* Those that are left apply by themselves when Windows starts, and only then. */
	if (left)
		after->security = server_runs(scan->server) ? scan_copy(scan, left) : NULL;
	else if (!why)
		after->security = scan_copy(scan, kept->security);
}

static void row_absent(struct scan *scan, struct finding *row, const char *wanted)
{
	struct share_kept kept = from_other_sets(scan, wanted);
	/* Then Windows knows how to make one. */
	bool live = server_runs(scan->server);
	const char *sibling =
		kept.set || live ? NULL : from_sibling(scan, wanted, &kept.definition);
	char *remark;

	row->state = FINDING_ABSENT;
	if (kept.set)
		status_say(scan, row, _("It is no longer shared. %s still has its definition."),
			kept.set);
	else if (live)
		status_say(scan, row, _("It is no longer shared. It can be shared again."));
	else if (sibling)
		status_say(scan, row,
			_("It is no longer shared. It can be created on the model of the share %s."),
			sibling);
	else
		status_say(scan, row,
			_("It is no longer shared, and there is no other share here to model its definition on."));
	row->can_change = kept.definition || live;
	if (!row->can_change) {
		share_by_hand(scan, row, wanted);
		return;
	}
	remark = kept.definition ? sharedef_field(scan->tmp, kept.definition, "Remark") : NULL;
	fact_fill(scan, &row->after.share, wanted, remark ? remark : ARTICLE_SHARE_REMARK,
		live ? NULL : kept.definition, false);
	permissions(scan, row, &kept);
}

/* Whether there is a postoffice where it leads. */
static enum named_fault share_names(struct scan *scan)
{
	if (!scan->share_long)
		return NAMED_NO_PATH;
	if (!scan_has_drive(scan, scan->share_long))
		return NAMED_UNSEEN;
	if (!scan_exists(scan, scan->share_long, ENTRY_FOLDER))
		return NAMED_NOTHING;
	return scan_is_maildata(scan, scan->share_long) ? NAMED_RIGHT : NAMED_FOLDER;
}

/* This share stays on the default Connect folder: a reason never to delete more than Msmcon. */
static void connect_share(struct scan *scan)
{
	struct share *share = share_get(scan, ARTICLE_CONNECT_SHARE);
	char *full = share ? scan_long(scan, share->path) : NULL,
	     *connect = scan_parent(scan, scan->survey->default_msmcon);

	if (full && path_equal(full, connect))
		scan_notice(scan, "connect-share",
			_("The share connect$ leads to %s. That is correct: never delete more there than the Msmcon folder."),
			scan_shown(scan, connect));
}

/* A share that is there. */
static void row_present(struct scan *scan, struct finding *row, const char *wanted)
{
	const struct share *share = scan->share;

	fact_fill(scan, &row->before.share, share->path, share->remark, share->definition,
		!share->security);
	fact_security(scan, &row->before.share);
	if (share->definition && *share->path && !sharedef_usable(scan->tmp, share->definition))
		row_unusable(scan, row, wanted);
	else if (scan->share_long && path_equal(scan->share_long, wanted))
		row_right(scan, row, wanted);
	else
		row_wrong(scan, row, wanted);
	row->names = share_names(scan);
	/* Exchange's own default for this share (KB147376), but worth a thought. */
	if (!share->security)
		status_say(scan, row,
			_("It has no permissions of its own, so everyone on the network has full access."));
}

void scan_share_row(struct scan *scan)
{
	struct finding *row = scan_finding(scan, KIND_SHARE, 4, "share/", ARTICLE_SHARE);
	char *wanted =
		scan_spelled(scan, scan_path(scan, scan->survey->relocated_msmcon, "Maildata"));

	row->why = _(
		"The PC MTAs reach the postoffice by the name of this share, not by its path. "
		"Without it, or while it leads elsewhere, no mail moves between the postoffices.");
	if (scan->share)
		row_present(scan, row, wanted);
	else
		row_absent(scan, row, wanted);
	connect_share(scan);
}
