/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: Maildat$, and the connect$ that a relocation leaves behind. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/sharedef.h"

/* Below Services: the permissions of shares. */
#define SECURITY "LanmanServer\\Shares\\Security"

static struct share *share_get(struct look *look, const char *name)
{
	struct share *share = NULL;

	if (look->ret == 0)
		look->ret = look->server->ops->share_get(look->server, look->tmp, name, &share, look->err);
	return look->ret == 0 ? share : NULL;
}

void look_share_read(struct look *look)
{
	look->share = share_get(look, ARTICLE_SHARE);
	if (look->share)
		look->share_long = look_long(look, look->share->path);
}

/* The descriptor that the share would get: one kept under its name counts even if the share itself is gone. */
static bool security_left(struct look *look)
{
	struct reg_data *data = look_data(look, look_path(look, look->services_key, SECURITY), ARTICLE_SHARE);

	return data && sharedef_security_ok(data);
}

static void fact_fill(struct look *look, struct share_fact *fact, const char *path, const char *remark, const struct reg_data *definition,
		      bool open_to_all)
{
	fact->path = look_text(look, "%s", path);
	fact->remark = look_text(look, "%s", remark ? remark : "");
	fact->definition = look_copy(look, definition);
	fact->open_to_all = open_to_all;
}

static void row_right(struct look *look, struct finding *row, const char *wanted)
{
	bool there = look_exists(look, wanted, ENTRY_FOLDER);

	row->state = there ? FINDING_RIGHT : FINDING_WRONG;
	row->after = row->before;
	look_say(look, row, _("It leads to the relocated Maildata: %s"), look_shown(look, look->share->path));
	look_todo(row, there ? MOVE_NONE : MOVE_PERSON, there ? NULL : _("There is no such folder. "
									 "Find the postoffice, and name its folder with --relocated."));
}

/* The command that makes the share, for the todo of a row. */
static const char *share_command(struct look *look, const char *wanted)
{
	return look_shown(look, look_need(look, sharedef_command(look->tmp, ARTICLE_SHARE, wanted, ARTICLE_SHARE_REMARK)));
}

/* What a person does where the program cannot. */
static void share_by_hand(struct look *look, struct finding *row, const char *wanted)
{
	look_todo(row, MOVE_PERSON, look_text(look, _("When the server runs: %s"), share_command(look, wanted)));
}

/* It exists, but nobody reaches the folder through it; a name that is shared cannot be shared again (Q186554). */
static void row_unusable(struct look *look, struct finding *row, const char *wanted)
{
	const struct reg_data *definition = look->share->definition;

	row->state = FINDING_WRONG;
	look_say(look, row, _("Its definition is not that of a usable shared folder: "
			      "Type=%s, MaxUses=%s. It leads to %s."),
		 look_shown(look, sharedef_field(look->tmp, definition, "Type")), look_shown(look, sharedef_field(look->tmp, definition, "MaxUses")),
		 look_shown(look, look->share->path));
	look_todo(row, MOVE_PERSON, look_text(look, _("When the server runs: net share %s /delete, then %s"), ARTICLE_SHARE,
					      share_command(look, wanted)));
}

/* Only the path changes. */
static void row_wrong(struct look *look, struct finding *row, const char *wanted)
{
	const struct share *share = look->share;
	struct reg_data *definition = share->definition ? sharedef_with_path(look->tmp, share->definition, wanted) : NULL;

	row->state = FINDING_WRONG;
	if (*share->path)
		look_say(look, row, _("It leads to %s, but the postoffice is in %s."), look_shown(look, share->path), look_shown(look, wanted));
	else
		look_say(look, row, _("Its definition has no path, so nothing is shared."));
	/* A definition without a path is of a form that this program must not rewrite. */
	row->can_change = row->needed = definition || !share->definition;
	if (row->can_change)
		fact_fill(look, &row->after.share, wanted, share->remark, definition, !share->security);
	else
		share_by_hand(look, row, wanted);
}

/* The share as another control set still has it. */
struct share_kept {
	const char *set;                   /* NULL: none has it */
	struct reg_data *definition;       /* made to lead to the relocated Maildata */
	struct reg_data *security;         /* its permissions there, NULL if there are none */
	bool same;                         /* it led to either Maildata: then it is this share */
};

static struct share_kept from_set(struct look *look, const char *set, const char *wanted)
{
	struct reg_data *data = look_share_data(look, set);
	char *path = data ? sharedef_field(look->tmp, data, "Path") : NULL, *full = look_long(look, path);
	bool right = full && path_equal(full, wanted);
	struct share_kept kept = { 0 };

	if (!path)
		return kept;
	kept.same = right || (full && path_equal(full, look_path(look, look->survey->default_msmcon, "Maildata")));
	if (!sharedef_usable(look->tmp, data))
		return kept;
	kept.definition = right ? data : sharedef_with_path(look->tmp, data, wanted);
	kept.set = kept.definition ? set : NULL;
	kept.security = look_data(look, look_print(look, "SYSTEM\\%s\\Services\\" SECURITY, set), ARTICLE_SHARE);
	return kept;
}

/* The first set that has it, or the first where it is this very share. */
static struct share_kept from_other_sets(struct look *look, const char *wanted)
{
	struct share_kept kept = { 0 };

	for (size_t i = 0; i < look->other_count && !kept.same; i++) {
		struct share_kept other = from_set(look, look->other_sets[i], wanted);

		if (other.set && (!kept.set || other.same))
			kept = other;
	}
	return kept;
}

/* The fields of another share of Exchange; never its descriptor. *live: the server is up and knows how to make one. Returns whose. */
static const char *from_sibling(struct look *look, const char *wanted, struct reg_data **definition, bool *live)
{
	for (const char *const *name = article_sibling_shares; *name; name++) {
		struct share *sibling = share_get(look, *name);

		*live = sibling && !sibling->definition;
		if (sibling && sibling->definition && sharedef_usable(look->tmp, sibling->definition))
			*definition = sharedef_from_sibling(look->tmp, sibling->definition, ARTICLE_SHARE, wanted, ARTICLE_SHARE_REMARK);
		if (*live || *definition)
			return *name;
	}
	return NULL;
}

/* Why the permissions that another control set keeps are not used; NULL if they are. */
static const char *permissions_refused(struct look *look, const struct share_kept *kept)
{
	struct reg_key *key = look_key(look, look_path(look, look->services_key, SECURITY));

	if (!kept->same)
		return _("belong to a share of another folder");
	if (!sharedef_security_ok(kept->security))
		return _("are damaged");
	if (!key)
		return _("cannot be written, because there is no key for permissions here");
	return look_value(key, ARTICLE_SHARE) ? _("would replace a value here that holds no permissions") : NULL;
}

/*
 * Permissions: those that are kept under its name count again; those of another control set come along; it had none there
 * and gets none. Else Windows would give everyone full access, as setup does (KB147376), and only a person can know
 * whether that is how it was: it is asked, not proposed.
 */
static void permissions(struct look *look, struct finding *row, const struct share_kept *kept)
{
	struct share_fact *after = &row->after.share;
	bool left = security_left(look);
	const char *why = !left && kept->security ? permissions_refused(look, kept) : NULL;

	after->open_to_all = !left && (!kept->security || why);
	row->needed = !after->open_to_all || (kept->set && !kept->security && kept->same);
	if (left)
		look_say(look, row, _("Its permissions are still kept under its name, and apply again."));
	else if (why)
		look_say(look, row, _("The permissions that %s keeps %s. "
				      "Without them, everyone on the network gets full access. "
				      "Decide whether that is acceptable, and set permissions when the server runs."), kept->set, why);
	else if (kept->security)
		look_say(look, row, _("Its permissions come back with it, as %s has them."), kept->set);
	else if (row->needed)
		look_say(look, row, _("%s keeps no permissions for it, so everyone on the network had full "
				      "access, and has it again."), kept->set);
	else
		look_say(look, row, _("Which permissions it had is unknown. "
				      "Without any, everyone on the network gets full access. "
				      "Decide whether that is acceptable, and set permissions when the server runs."));
	if (!left && !why)
		after->security = look_copy(look, kept->security);
}

static void row_absent(struct look *look, struct finding *row, const char *wanted)
{
	struct share_kept kept = from_other_sets(look, wanted);
	bool live = false;
	const char *sibling = kept.set ? NULL : from_sibling(look, wanted, &kept.definition, &live);
	char *remark;

	row->state = FINDING_ABSENT;
	if (kept.set)
		look_say(look, row, _("It is no longer shared. %s still has its definition."), kept.set);
	else if (sibling)
		look_say(look, row, _("It is no longer shared. It can be created on the model of the share %s."), sibling);
	else
		look_say(look, row, _("It is no longer shared, and there is no other share here to model its definition on."));
	row->can_change = kept.definition || live;
	if (!row->can_change) {
		share_by_hand(look, row, wanted);
		return;
	}
	remark = kept.definition ? sharedef_field(look->tmp, kept.definition, "Remark") : NULL;
	fact_fill(look, &row->after.share, wanted, remark ? remark : ARTICLE_SHARE_REMARK, kept.definition, false);
	permissions(look, row, &kept);
}

/* Whether there is a postoffice where it leads. */
static enum named_fault share_names(struct look *look)
{
	if (!look->share_long)
		return NAMED_NO_PATH;
	if (!look_has_drive(look, look->share_long))
		return NAMED_UNSEEN;
	if (!look_exists(look, look->share_long, ENTRY_FOLDER))
		return NAMED_NOTHING;
	return look_is_maildata(look, look->share_long) ? NAMED_RIGHT : NAMED_FOLDER;
}

/* This share stays on the default Connect folder: a reason never to delete more than Msmcon. */
static void connect_share(struct look *look)
{
	struct share *share = share_get(look, ARTICLE_CONNECT_SHARE);
	char *full = share ? look_long(look, share->path) : NULL, *connect = look_parent(look, look->survey->default_msmcon);

	if (full && path_equal(full, connect))
		look_notice(look, "connect-share",
			    _("The share connect$ leads to %s. That is correct: never delete more there than the Msmcon folder."),
			    look_shown(look, connect));
}

/* A share that is there. */
static void row_present(struct look *look, struct finding *row, const char *wanted)
{
	const struct share *share = look->share;

	fact_fill(look, &row->before.share, share->path, share->remark, share->definition, !share->security);
	if (share->definition && *share->path && !sharedef_usable(look->tmp, share->definition))
		row_unusable(look, row, wanted);
	else if (look->share_long && path_equal(look->share_long, wanted))
		row_right(look, row, wanted);
	else
		row_wrong(look, row, wanted);
	row->names = share_names(look);
	/* Exchange's own default for this share (KB147376), but worth a thought. */
	if (!share->security)
		look_say(look, row, _("It has no permissions of its own, so everyone on the network has full access."));
}

void look_share_row(struct look *look)
{
	struct finding *row = look_finding(look, KIND_SHARE, 4, "share/", ARTICLE_SHARE);
	char *wanted = look_path(look, look->survey->relocated_msmcon, "Maildata"), *real = look_real(look, wanted);

	row->why = _("The PC MTAs reach the postoffice by the name of this share, not by its path. "
		     "Without it, or while it leads elsewhere, no mail moves between the postoffices.");
	if (look->share)
		row_present(look, row, real ? real : wanted);
	else
		row_absent(look, row, real ? real : wanted);
	connect_share(look);
}
