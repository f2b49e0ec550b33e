/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: Maildat$, and the connect$ that a relocation leaves behind. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"
#include "nt/sharedef.h"

/* A share's path with long names (NT 4.0 may hold the 8.3 form, Q147224); NULL where it is no full path. */
static int share_long(struct look *look, const char *path, char **out)
{
	char *normal = path ? path_normal(look->tmp, path) : NULL, *real = NULL;
	int ret = normal ? look_real(look, normal, &real) : 0;

	*out = real ? real : normal;
	return ret;
}

int look_share_read(struct look *look)
{
	int ret = look->server->ops->share_get(look->server, look->tmp, article_share_name(), &look->share, look->err);

	if (ret == 0 && look->share)
		ret = share_long(look, look->share->path, &look->share_long);
	return ret;
}

/* The descriptor that the share would get: one kept under its name counts even if the share itself is gone. */
static int security_left(struct look *look, bool *left)
{
	char *key = talloc_asprintf(look->tmp, "%s\\LanmanServer\\Shares\\Security", look->services_key);
	struct reg_data *data = NULL;
	int ret =
		key ? look->server->ops->reg_read(look->server, look->tmp, key, article_share_name(), &data, look->err)
		    : error_memory(look->err);

	*left = ret == 0 && data && sharedef_security_ok(data);
	return ret;
}

static int fact_fill(struct look *look, struct share_fact *fact, const char *path, const char *remark,
		     const struct reg_data *definition, bool open_to_all)
{
	fact->path = talloc_strdup(look->survey, path);
	fact->remark = talloc_strdup(look->survey, remark ? remark : "");
	fact->definition = definition ? regdata_copy(look->survey, definition) : NULL;
	fact->open_to_all = open_to_all;
	return fact->path && fact->remark && (fact->definition || !definition) ? 0 : error_memory(look->err);
}

static int row_right(struct look *look, struct finding *row, const char *wanted)
{
	bool there;
	int ret = look_exists(look, wanted, ENTRY_FOLDER, &there);

	if (ret != 0)
		return ret;
	row->state = there ? FINDING_RIGHT : FINDING_WRONG;
	row->after = row->before;
	row->text = talloc_asprintf(look->survey, _("It leads to the relocated Maildata: %s"),
				    look_shown(look, look->share->path));
	row->todo = there ? NULL : talloc_strdup(look->survey, _("There is no such folder. "
								 "Find the postoffice, and name its folder with --relocated."));
	row->move = there ? MOVE_NONE : MOVE_PERSON;
	return row->text && (there || row->todo) ? 0 : error_memory(look->err);
}

/* What a person does where the program cannot. */
static int share_by_hand(struct look *look, struct finding *row, const char *wanted)
{
	char *command = sharedef_command(look->tmp, article_share_name(), wanted, article_share_remark());

	row->move = MOVE_PERSON;
	row->todo = talloc_asprintf(look->survey, _("When the server runs: %s"), command ? look_shown(look, command) : "net share");
	return row->todo ? 0 : error_memory(look->err);
}

/* It exists, but nobody reaches the folder through it; a name that is shared cannot be shared again (Q186554). */
static int row_unusable(struct look *look, struct finding *row, const char *wanted)
{
	char *type = sharedef_field(look->tmp, look->share->definition, "Type"), *uses = sharedef_field(look->tmp, look->share->definition, "MaxUses");
	char *command = sharedef_command(look->tmp, article_share_name(), wanted, article_share_remark());

	row->state = FINDING_WRONG;
	row->move = MOVE_PERSON;
	row->text = talloc_asprintf(look->survey, _("Its definition is not that of a usable shared folder: "
						    "Type=%s, MaxUses=%s. It leads to %s."),
				    type ? look_shown(look, type) : "", uses ? look_shown(look, uses) : "", look_shown(look, look->share->path));
	row->todo = talloc_asprintf(look->survey, _("When the server runs: net share %s /delete, then %s"), article_share_name(),
				    command ? look_shown(look, command) : "net share");
	return row->text && row->todo ? 0 : error_memory(look->err);
}

/* Only the path changes. */
static int row_wrong(struct look *look, struct finding *row, const char *wanted)
{
	const struct share *share = look->share;
	struct reg_data *definition =
		share->definition ? sharedef_with_path(look->tmp, share->definition, wanted) : NULL;

	row->state = FINDING_WRONG;
	row->text = *share->path ? talloc_asprintf(look->survey, _("It leads to %s, but the postoffice is in %s."),
						  look_shown(look, share->path), look_shown(look, wanted)) :
				  talloc_strdup(look->survey, _("Its definition has no path, so nothing is shared."));
	if (!row->text)
		return error_memory(look->err);
	/* A definition without a path is of a form that this program must not rewrite. */
	row->can_change = row->needed = definition || !share->definition;
	return row->can_change ? fact_fill(look, &row->after.share, wanted, share->remark, definition, !share->security)
			       : share_by_hand(look, row, wanted);
}

/* The share as another control set still has it. */
struct share_kept {
	const char *set;                   /* NULL: none has it */
	struct reg_data *definition;       /* made to lead to the relocated Maildata */
	struct reg_data *security;         /* its permissions there, NULL if there are none */
	bool same;                         /* it led to either Maildata: then it is this share */
};

static int from_set(struct look *look, const char *set, const char *wanted, struct share_kept *kept)
{
	char *key = talloc_asprintf(look->tmp, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", set), *below, *path, *full;
	char *old = look_maildata_path(look, look->survey->default_msmcon);
	const struct server_ops *ops = look->server->ops;
	struct reg_data *data = NULL;
	int ret = key && old ? ops->reg_read(look->server, look->tmp, key, article_share_name(), &data, look->err)
			     : error_memory(look->err);

	*kept = (struct share_kept){ 0 };
	path = ret == 0 && data ? sharedef_field(look->tmp, data, "Path") : NULL;
	if (!path)
		return ret;
	ret = share_long(look, path, &full);
	kept->same = full && (path_equal(full, wanted) || path_equal(full, old));
	if (!sharedef_usable(look->tmp, data))
		return ret;
	kept->definition = full && path_equal(full, wanted) ? data : sharedef_with_path(look->tmp, data, wanted);
	kept->set = kept->definition ? set : NULL;
	below = talloc_asprintf(look->tmp, "%s\\Security", key);
	if (ret == 0)
		ret = below ? ops->reg_read(look->server, look->tmp, below, article_share_name(), &kept->security, look->err)
			    : error_memory(look->err);
	return ret;
}

/* The first set that has it, or the first where it is this very share. */
static int from_other_sets(struct look *look, const char *wanted, struct share_kept *kept)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->other_count && !kept->same; i++) {
		struct share_kept other;
		ret = from_set(look, look->other_sets[i], wanted, &other);
		if (other.set && (!kept->set || other.same))
			*kept = other;
	}
	return ret;
}

/* The fields of another share of Exchange; never its descriptor. *live: the server is up and knows how to make one. */
static int from_sibling(struct look *look, const char *wanted, struct reg_data **definition, const char **from,
			bool *live)
{
	int ret = 0;

	for (const char *const *name = article_sibling_shares(); ret == 0 && *name && !*definition && !*live; name++) {
		struct share *sibling = NULL;
		ret = look->server->ops->share_get(look->server, look->tmp, *name, &sibling, look->err);
		if (ret != 0 || !sibling)
			continue;
		*from = *name;
		*live = !sibling->definition;
		if (sibling->definition && sharedef_usable(look->tmp, sibling->definition))
			*definition = sharedef_from_sibling(look->tmp, sibling->definition, article_share_name(),
							    wanted, article_share_remark());
	}
	return ret;
}

static int absent_text(struct look *look, struct finding *row, const char *set, const char *sibling)
{
	if (set)
		row->text =
			talloc_asprintf(look->survey, _("It is no longer shared. %s still has its definition."), set);
	else if (sibling)
		row->text =
			talloc_asprintf(look->survey,
					_("It is no longer shared. It can be created on the model of the share %s."), sibling);
	else
		row->text = talloc_strdup(look->survey, _("It is no longer shared, and there is no other share here to model its definition on."));
	return row->text ? 0 : error_memory(look->err);
}

/* Why the permissions that another control set keeps are not used; NULL if they are. */
static int permissions_refused(struct look *look, const struct share_kept *kept, const char **why)
{
	char *path = talloc_asprintf(look->tmp, "%s\\LanmanServer\\Shares\\Security", look->services_key);
	struct reg_key *key;
	int ret = path ? look_key(look, path, &key) : error_memory(look->err);

	if (ret == 0)
		*why = !kept->same ? _("belong to a share of another folder") :
		       !sharedef_security_ok(kept->security) ? _("are damaged") :
		       !key ? _("cannot be written, because there is no key for permissions here") :
		       look_value(key, article_share_name()) ? _("would replace a value here that holds no permissions") : NULL;
	return ret;
}

/*
 * Permissions: those that are kept under its name count again; those of another control set come along; it had none there
 * and gets none. Else Windows would give everyone full access, as setup does (KB147376), and only a person can know
 * whether that is how it was: it is asked, not proposed.
 */
static int permissions(struct look *look, struct finding *row, const struct share_kept *kept, bool left)
{
	struct share_fact *after = &row->after.share;
	const char *why = NULL;
	char *text;
	int ret = !left && kept->security ? permissions_refused(look, kept, &why) : 0;

	if (ret != 0)
		return ret;
	after->open_to_all = !left && (!kept->security || why);
	row->needed = !after->open_to_all || (kept->set && !kept->security && kept->same);
	if (!left && kept->security && !why)
		after->security = regdata_copy(look->survey, kept->security);
	if (left)
		text = talloc_strdup(look->tmp, _("Its permissions are still kept under its name, and apply again."));
	else if (why)
		text = talloc_asprintf(look->tmp, _("The permissions that %s keeps %s. "
						    "Without them, everyone on the network gets full access. "
						    "Decide whether that is acceptable, and set permissions when the server runs."), kept->set, why);
	else if (kept->security)
		text = talloc_asprintf(look->tmp, _("Its permissions come back with it, as %s has them."), kept->set);
	else if (row->needed)
		text = talloc_asprintf(look->tmp, _("%s keeps no permissions for it, so everyone on the network had full "
						    "access, and has it again."), kept->set);
	else
		text = talloc_strdup(look->tmp, _("Which permissions it had is unknown. "
						  "Without any, everyone on the network gets full access. "
						  "Decide whether that is acceptable, and set permissions when the server runs."));
	row->text = text ? talloc_asprintf_append(row->text, " %s", text) : NULL;
	return row->text && (after->security || !kept->security || why || left) ? 0 : error_memory(look->err);
}

static int row_absent(struct look *look, struct finding *row, const char *wanted)
{
	const char *sibling = NULL;
	struct share_kept kept = { 0 };
	bool live = false, left;
	char *remark;
	int ret = security_left(look, &left);

	row->state = FINDING_ABSENT;
	if (ret == 0)
		ret = from_other_sets(look, wanted, &kept);
	if (ret == 0 && !kept.set)
		ret = from_sibling(look, wanted, &kept.definition, &sibling, &live);
	if (ret == 0)
		ret = absent_text(look, row, kept.set, kept.definition || live ? sibling : NULL);
	if (ret != 0 || (!kept.definition && !live))
		return ret != 0 ? ret : share_by_hand(look, row, wanted);
	row->can_change = true;
	remark = kept.definition ? sharedef_field(look->tmp, kept.definition, "Remark") : NULL;
	ret = fact_fill(look, &row->after.share, wanted, remark ? remark : article_share_remark(), kept.definition, false);
	return ret == 0 ? permissions(look, row, &kept, left) : ret;
}

/* Whether there is a postoffice where it leads. */
static int share_names(struct look *look, struct finding *row)
{
	bool there = false, postoffice = false;
	int ret = 0;

	if (!look->share)
		return 0;
	row->names = !look->share_long ? NAMED_NO_PATH : look_has_drive(look, look->share_long) ? NAMED_NOTHING : NAMED_UNSEEN;
	if (row->names == NAMED_NOTHING)
		ret = look_exists(look, look->share_long, ENTRY_FOLDER, &there);
	if (ret == 0 && there)
		ret = look_is_maildata(look, look->share_long, &postoffice);
	if (there)
		row->names = postoffice ? NAMED_RIGHT : NAMED_FOLDER;
	return ret;
}

/* Without a descriptor NT gives everyone full access: Exchange's own default for this share (KB147376), but worth a
 * thought. */
static int open_text(struct look *look, struct finding *row)
{
	if (!row->before.share.path || !row->before.share.open_to_all)
		return 0;
	row->text = talloc_asprintf_append(row->text, " %s",
					   _("It has no permissions of its own, so everyone on the network has full access."));
	return row->text ? 0 : error_memory(look->err);
}

/* connect$ stays on the default Connect folder: a reason never to delete more than Msmcon. */
static int connect_share(struct look *look)
{
	struct share *share = NULL;
	char *full, *connect = path_parent(look->tmp, look->survey->default_msmcon);
	int ret = look->server->ops->share_get(look->server, look->tmp, "connect$", &share, look->err);

	if (ret != 0 || !share)
		return ret;
	ret = share_long(look, share->path, &full);
	if (ret != 0 || !full || !connect || !path_equal(full, connect))
		return ret;
	return look_notice(look, "connect-share",
			   _("The share connect$ leads to %s. That is correct: never delete more there than the Msmcon folder."),
			   look_shown(look, connect));
}

int look_share_row(struct look *look)
{
	struct finding *row = look_finding(look, KIND_SHARE, 4, "share/", article_share_name());
	char *wanted = look_maildata_path(look, look->survey->relocated_msmcon), *real;
	int ret = row && wanted ? look_real(look, wanted, &real) : error_memory(look->err);

	if (ret != 0)
		return ret;
	wanted = real ? real : wanted;
	row->why = talloc_strdup(look->survey, _("The PC MTAs reach the postoffice by the name of this share, not by its path. "
						 "Without it, or while it leads elsewhere, no mail moves between the postoffices."));
	if (!row->why)
		return error_memory(look->err);
	if (look->share)
		ret = fact_fill(look, &row->before.share, look->share->path, look->share->remark,
				look->share->definition, !look->share->security);
	if (ret != 0)
		return ret;
	if (!look->share)
		ret = row_absent(look, row, wanted);
	else if (look->share->definition && *look->share->path && !sharedef_usable(look->tmp, look->share->definition))
		ret = row_unusable(look, row, wanted);
	else
		ret = look->share_long && path_equal(look->share_long, wanted) ? row_right(look, row, wanted)
									       : row_wrong(look, row, wanted);
	if (ret == 0)
		ret = share_names(look, row);
	if (ret == 0)
		ret = open_text(look, row);
	return ret == 0 ? connect_share(look) : ret;
}
