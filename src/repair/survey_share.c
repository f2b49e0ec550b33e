/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 4: Maildat$, and connect$ that a relocation leaves behind. */
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

/* The descriptor that the share would get: one kept under its name counts also where the share itself is gone. */
static int security_left(struct look *look, bool *left)
{
	char *key = talloc_asprintf(look->tmp, "%s\\LanmanServer\\Shares\\Security", look->services_key);
	struct reg_data *data = NULL;
	int ret =
		key ? look->server->ops->reg_read(look->server, look->tmp, key, article_share_name(), &data, look->err)
		    : error_memory(look->err);

	*left = ret == 0 && data && data->type == REG_BINARY && data->len > 0;
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
	row->todo = there ? NULL : talloc_strdup(look->survey, _("There is no such folder: find where the postoffice is, and name it with --relocated."));
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

/* Only the path changes. */
static int row_wrong(struct look *look, struct finding *row, const char *wanted)
{
	const struct share *share = look->share;
	struct reg_data *definition =
		share->definition ? sharedef_with_path(look->tmp, share->definition, wanted) : NULL;

	row->state = FINDING_WRONG;
	row->text = *share->path ? talloc_asprintf(look->survey, _("It leads to %s, and the postoffice is in %s."),
						  look_shown(look, share->path), look_shown(look, wanted)) :
				  talloc_strdup(look->survey, _("Its definition names no path, so it is not shared."));
	if (!row->text)
		return error_memory(look->err);
	/* A definition without a path of its own is of a form that nothing here may rewrite. */
	row->can_change = row->needed = definition || !share->definition;
	return row->can_change ? fact_fill(look, &row->after.share, wanted, share->remark, definition, !share->security)
			       : share_by_hand(look, row, wanted);
}

/* The definition that another control set still has, made to lead to the relocated Maildata. */
static int from_other_set(struct look *look, const char *wanted, struct reg_data **definition, const char **from)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->other_count && !*definition; i++) {
		char *key =
			talloc_asprintf(look->tmp, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", look->other_sets[i]);
		char *path, *full;
		struct reg_data *data = NULL;
		ret = key ? look->server->ops->reg_read(look->server, look->tmp, key, article_share_name(), &data,
							look->err)
			  : error_memory(look->err);
		path = ret == 0 && data ? sharedef_field(look->tmp, data, "Path") : NULL;
		if (!path)
			continue;
		ret = share_long(look, path, &full);
		*definition = full && path_equal(full, wanted) ? data : sharedef_with_path(look->tmp, data, wanted);
		*from = look->other_sets[i];
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
		if (sibling->definition)
			*definition = sharedef_from_sibling(look->tmp, sibling->definition, article_share_name(),
							    wanted, article_share_remark());
	}
	return ret;
}

static int absent_text(struct look *look, struct finding *row, const char *set, const char *sibling)
{
	if (set)
		row->text =
			talloc_asprintf(look->survey, _("It is not shared any more. %s still knows how it was."), set);
	else if (sibling)
		row->text =
			talloc_asprintf(look->survey,
					_("It is not shared any more. It can be made after the share %s."), sibling);
	else
		row->text = talloc_strdup(look->survey, _("It is not shared any more, and nothing here tells how to write it down."));
	return row->text ? 0 : error_memory(look->err);
}

static int row_absent(struct look *look, struct finding *row, const char *wanted)
{
	const char *set = NULL, *sibling = NULL;
	struct reg_data *definition = NULL;
	bool live = false, descriptor;
	char *remark;
	int ret = security_left(look, &descriptor);

	row->state = FINDING_ABSENT;
	if (ret == 0)
		ret = from_other_set(look, wanted, &definition, &set);
	if (ret == 0 && !definition)
		ret = from_sibling(look, wanted, &definition, &sibling, &live);
	if (ret == 0)
		ret = absent_text(look, row, definition ? set : NULL, definition || live ? sibling : NULL);
	if (ret != 0 || (!definition && !live))
		return ret != 0 ? ret : share_by_hand(look, row, wanted);
	row->can_change = row->needed = true;
	remark = definition ? sharedef_field(look->tmp, definition, "Remark") : NULL;
	return fact_fill(look, &row->after.share, wanted, remark ? remark : article_share_remark(), definition,
			 !descriptor);
}

/* Without a descriptor NT gives everyone full access: Exchange's own default for this share (KB147376), but worth a
 * thought. */
static int open_text(struct look *look, struct finding *row)
{
	const struct share_fact *fact = row->can_change ? &row->after.share : &row->before.share;

	if (!fact->path || !fact->open_to_all)
		return 0;
	row->text = talloc_asprintf_append(row->text, " %s",
					   _("It has no permissions of its own, so everyone on the network has full "
					     "access."));
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
			   _("The share connect$ leads to %s. That is right so: never delete more there than the "
			     "Msmcon "
			     "folder."),
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
	row->why = talloc_strdup(look->survey, _("The Connector MTAs reach the postoffice by the name of this share, "
						 "not by its path. Without "
						 "it, or while it leads elsewhere, no mail moves between the "
						 "postoffices."));
	if (!row->why)
		return error_memory(look->err);
	if (look->share)
		ret = fact_fill(look, &row->before.share, look->share->path, look->share->remark,
				look->share->definition, !look->share->security);
	if (ret != 0)
		return ret;
	if (!look->share)
		ret = row_absent(look, row, wanted);
	else
		ret = look->share_long && path_equal(look->share_long, wanted) ? row_right(look, row, wanted)
									       : row_wrong(look, row, wanted);
	if (ret == 0)
		ret = open_text(look, row);
	return ret == 0 ? connect_share(look) : ret;
}
