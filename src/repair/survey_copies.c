/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The registry's own copies (Last Known Good, SYSTEM.ALT), and values beside the article's that name the default
 * Msmcon. */
#include "repair/oldfolder_internal.h"
#include "repair/survey_internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { NAMED_LIMIT = 10 };

/* ---- other control sets ---- */

int look_other_values(struct look *look, const char *set, struct look_other **values, size_t *count)
{
	struct look_other *made = memory_array_zero(look->tmp, sizeof(*made), look->entry_count);
	int ret = made ? 0 : error_memory(look->err);

	*count = 0;
	for (size_t i = 0; ret == 0 && i < look->entry_count; i++) {
		char *key = talloc_asprintf(look->tmp, "SYSTEM\\%s\\Services\\%s", set, look->entries[i].below),
		     *text = NULL;
		ret = key ? server_reg_string(look->server, look->tmp, key, look->entries[i].entry->value, &text,
					      look->err)
			  : error_memory(look->err);
		talloc_free(key);
		if (ret == 0 && text)
			made[(*count)++] = (struct look_other){ .set = set, .entry = &look->entries[i], .text = text };
	}
	*values = made;
	return ret;
}

static int leads_of(struct look *look, const char *text, enum path_form form, enum path_leads *leads)
{
	char *after;

	if (path_relocate(look->tmp, text, form, look->survey->id->nt_folder, &look->from, &look->to, leads, &after) !=
	    0)
		return error_memory(look->err);
	return 0;
}

/* "Last Known Good" at the start of the server brings that control set back. */
static int last_known_good(struct look *look)
{
	const struct survey *survey = look->survey;
	struct look_other *values;
	size_t count = 0, wrong = 0;
	enum survey_live share;
	int ret = 0;

	if (look->other_count == 0 || (uint32_t)strtoul(look->other_sets[0] + strlen("ControlSet"), NULL, 10) !=
	    survey->select_last_known_good)
		return 0;
	ret = look_other_values(look, look->other_sets[0], &values, &count);
	for (size_t i = 0; ret == 0 && i < count; i++) {
		enum path_leads leads;
		ret = leads_of(look, values[i].text, values[i].entry->entry->form, &leads);
		wrong += ret == 0 && (leads == LEADS_DEFAULT || leads == LEADS_MIXED);
	}
	if (ret == 0)
		ret = look_share_side(look, look->other_sets[0], &share);
	if (ret != 0)
		return ret;
	wrong += share == LIVE_DEFAULT;
	if (wrong == 0)
		return look_notice(look, "last-known-good-right",
				   _("%s is the control set \"Last Known Good\". "
				     "None of its values leads to the default Msmcon. A repair leaves it as it is."),
				   look->other_sets[0]);
	return look_notice(look, "last-known-good",
			   _("%zu values of %s, the control set \"Last Known Good\", lead to the default Msmcon. "
			     "Starting the server with it would bring them back."),
			   wrong, look->other_sets[0]);
}

/* ---- SYSTEM.ALT ---- */

/* What the second copy says differently, and what it has no key for. */
struct alt_count {
	size_t differ, without;
};

/* One value against the second copy; key is that of the first. */
static int alt_compare(struct look *look, const char *key, const char *name, const struct reg_data *own,
		       struct alt_count *count, struct error *err)
{
	char *path = key ? talloc_asprintf(look->tmp, "SYSTEM.ALT%s", key + strlen("SYSTEM")) : NULL;
	struct reg_key *there = NULL;
	const struct reg_value *value;
	int ret = path ? look->server->ops->reg_list(look->server, look->tmp, path, &there, err) : error_memory(err);

	if (ret != 0)
		return ret;
	value = look_value(there, name);
	count->differ += !regdata_equal(own, value ? &value->data : NULL);
	count->without += own && !there;
	talloc_free(there);
	return 0;
}

static int alt_count(struct look *look, struct alt_count *count, struct error *err)
{
	const struct survey *survey = look->survey;
	char *shares = talloc_asprintf(look->tmp, "%s\\LanmanServer\\Shares", look->services_key);
	int ret = alt_compare(look, shares, article_share_name(), look->share ? look->share->definition : NULL, count, err);

	for (size_t i = 0; ret == 0 && i < survey->finding_count; i++) {
		const struct value_fact *fact = &survey->findings[i].before.value;
		if (survey->findings[i].kind == KIND_VALUE)
			ret = alt_compare(look, fact->key, fact->name, fact->data, count, err);
	}
	return ret;
}

/* What a repair would do about it depends on what there is to change. */
static int alt_says(struct look *look, const struct alt_count *count)
{
	bool written = false;
	char *without = count->without ? talloc_asprintf(look->tmp, _(" It has no key for %zu of them."), count->without) : talloc_strdup(look->tmp, "");

	for (size_t i = 0; i < look->survey->finding_count; i++) {
		const struct finding *row = &look->survey->findings[i];

		written |= row->can_change && (row->kind == KIND_VALUE || row->kind == KIND_SHARE);
	}
	return look_notice(look, "system-alt",
			   _("The second copy of the registry, SYSTEM.ALT, differs in %zu of the values checked here.%s %s"),
			   count->differ, without ? without : "",
			   written ? _("A repair writes its changes to both, as far as the keys exist.") :
				     _("Nothing in SYSTEM needs changing, so a repair does not write to SYSTEM.ALT either. "
				       "Windows uses it only if SYSTEM is damaged. "
				       "To bring it in line, replace it with a copy of SYSTEM while Windows is off."));
}

static int alt_look(struct look *look)
{
	struct alt_count count = { 0 };
	struct reg_key *root = NULL;
	struct error why;
	int ret;

	if (!(look->server->caps & SERVER_HIVES))
		return 0;
	ret = look->server->ops->reg_list(look->server, look->tmp, "SYSTEM.ALT", &root, &why);
	if (ret == 0 && !root)
		return 0;
	if (ret == 0)
		ret = alt_count(look, &count, &why);
	if (ret == -TROUBLE_MEMORY || ret == -TROUBLE_STOPPED)
		return error_memory(look->err);
	if (ret != 0)
		return look_notice(look, "system-alt",
				   _("The second copy of the registry, SYSTEM.ALT, cannot be used: %s A repair leaves it "
				     "as it is."),
				   why.text);
	return count.differ ? alt_says(look, &count) : 0;
}

int look_copies(struct look *look)
{
	int ret = last_known_good(look);

	return ret == 0 ? alt_look(look) : ret;
}

/* ---- values elsewhere ---- */

/* Values outside the article's list that name the default Msmcon, or may name it. */
struct named {
	struct look *look;
	size_t count;
	char *names;
};

static bool is_entry(const struct look *look, const char *where)
{
	for (size_t i = 0; i < look->entry_count; i++) {
		const char *below = look->entries[i].below;
		size_t len = strlen(below);

		if (text_equal_n(where, below, len) && where[len] == '\\' &&
		    text_equal(where + len + 1, look->entries[i].entry->value))
			return true;
	}
	return false;
}

static int named_add(void *arg, const char *where, bool share, struct error *err)
{
	struct named *named = arg;

	if (share || is_entry(named->look, where))
		return 0;
	if (named->count++ < NAMED_LIMIT)
		named->names = talloc_asprintf_append(named->names, "%s%s", named->count > 1 ? ", " : "",
						      look_shown(named->look, where));
	return named->names ? 0 : error_memory(err);
}

int look_elsewhere(struct look *look)
{
	struct named named = { .look = look, .names = talloc_strdup(look->tmp, "") };
	int ret = named.names ? 0 : error_memory(look->err);

	if (ret == 0 && look->survey->default_msmcon)
		ret = names_find(look->server, look->survey, true, named_add, &named, look->err);
	if (ret != 0 || named.count == 0)
		return ret;
	return look_notice(look, "named-elsewhere",
			   _("Values that the article does not list name the default Msmcon too (%zu): %s%s. "
			     "They are not changed. The old folder must stay as long as they name it."),
			   named.count, named.names, named.count > NAMED_LIMIT ? ", ..." : "");
}
