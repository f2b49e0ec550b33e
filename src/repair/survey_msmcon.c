/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the relocated Msmcon is: what the registry still says, then what lies on the disks, then the operator's word.
 */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/sharedef.h"

enum { CANDIDATE_LIMIT = 16 };

/* Folders that may be it; each once. */
struct candidates {
	char *paths[CANDIDATE_LIMIT];
	const char *sources[CANDIDATE_LIMIT];
	size_t count;
	char *gone;                        /* a folder that the registry names and that is not there */
};

/* A postoffice, not just a folder of that name: MASTER.GLB is there (Q77926). */
static int is_msmcon(struct look *look, const char *path, bool *found)
{
	char *master = talloc_asprintf(look->tmp, "%s\\Maildata\\Glb\\Master.glb", path);

	return master ? look_exists(look, master, ENTRY_FILE, found) : error_memory(look->err);
}

static int candidate_add(struct look *look, struct candidates *all, const char *path, const char *source)
{
	char *real;
	bool found = false;
	int ret = look_real(look, path, &real);

	if (ret == 0 && real)
		ret = is_msmcon(look, real, &found);
	if (ret != 0)
		return ret;
	if (path_equal(real ? real : path, look->survey->default_msmcon))
		return 0;
	if (!found) {
		if (!all->gone)
			all->gone = talloc_strdup(look->tmp, path);
		return 0;
	}
	for (size_t i = 0; i < all->count; i++)
		if (path_equal(all->paths[i], real))
			return 0;
	if (all->count == CANDIDATE_LIMIT)
		return error_set(look->err, TROUBLE_NO_RELOCATED,
				 _("More than %d folders could be the relocated Msmcon."), CANDIDATE_LIMIT);
	all->sources[all->count] = source;
	all->paths[all->count++] = real;
	return 0;
}

/* The part of a path up to its Msmcon, "" if it has none. */
static char *msmcon_above(struct look *look, const char *path)
{
	size_t parts = path_parts(path);
	char *above = talloc_asprintf(look->tmp, "%c:\\", path[0]);

	for (size_t i = 0; above && i < parts; i++) {
		char *part = path_part(look->tmp, path, i);
		above = part ? path_join(look->tmp, above, part) : NULL;
		if (part && text_equal(part, "Msmcon"))
			return above;
	}
	return above ? talloc_strdup(look->tmp, "") : NULL;
}

/* Takes every path of a value that leads to an Msmcon. Short names are made long first, for one of them may stand for
 * it. */
static int candidates_of_text(struct look *look, struct candidates *all, const char *text, enum path_form form,
			      const char *source)
{
	size_t count = 0;
	struct path_span *spans = path_spans(look->tmp, text, form, look->survey->id->nt_folder, &count);
	int ret = spans ? 0 : error_memory(look->err);

	for (size_t i = 0; ret == 0 && i < count; i++) {
		char *above = spans[i].full ? msmcon_above(look, spans[i].full) : NULL;
		if (spans[i].full && !above)
			ret = error_memory(look->err);
		else if (above && *above)
			ret = candidate_add(look, all, above, source);
	}
	return ret;
}

static int candidates_now(struct look *look, struct candidates *all)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < look->entry_count; i++) {
		const struct reg_value *value;
		bool there;
		char *text;
		ret = look_entry_value(look, &look->entries[i], &value, &there);
		text = value ? look_string(look, &value->data) : NULL;
		if (ret == 0 && text)
			ret = candidates_of_text(look, all, text, look->entries[i].entry->form,
						 _("Registry values of the connector still name it."));
	}
	if (ret == 0 && look->share && look->share->path)
		ret = candidates_of_text(look, all, look->share->path, PATH_PLAIN,
					 _("The share Maildat$ leads to it."));
	return ret;
}

/* The share as another control set has it. */
static int candidate_of_set(struct look *look, struct candidates *all, const char *set, const char *source)
{
	char *key = talloc_asprintf(look->tmp, "SYSTEM\\%s\\Services\\LanmanServer\\Shares", set), *path;
	struct reg_data *data = NULL;
	int ret =
		key ? look->server->ops->reg_read(look->server, look->tmp, key, article_share_name(), &data, look->err)
		    : error_memory(look->err);

	path = ret == 0 && data ? sharedef_field(look->tmp, data, "Path") : NULL;
	return path ? candidates_of_text(look, all, path, PATH_PLAIN, source) : ret;
}

static int candidates_other_sets(struct look *look, struct candidates *all)
{
	int ret = 0;

	for (size_t s = 0; ret == 0 && s < look->other_count; s++) {
		struct look_other *values;
		size_t count;
		char *source =
			talloc_asprintf(look->survey, _("The control set %s still names it."), look->other_sets[s]);
		ret = source ? look_other_values(look, look->other_sets[s], &values, &count) : error_memory(look->err);
		for (size_t i = 0; ret == 0 && i < count; i++)
			ret = candidates_of_text(look, all, values[i].text, values[i].entry->entry->form, source);
		if (ret == 0)
			ret = candidate_of_set(look, all, look->other_sets[s], source);
	}
	return ret;
}

/* DRIVE:\*\connect\msmcon with a postoffice in it; one level only. */
static int candidates_on_disk(struct look *look, struct candidates *all)
{
	char *gone = all->gone;
	int ret = 0;

	for (const char *letter = look->letters; ret == 0 && *letter; letter++) {
		const struct entry_list *root = &look->roots[*letter - 'A'];
		for (size_t i = 0; ret == 0 && i < root->count; i++) {
			char *path = talloc_asprintf(look->tmp, "%c:\\%s\\%s", *letter, root->entries[i].name,
						     article_msmcon_below_root());
			if (!path)
				return error_memory(look->err);
			if (root->entries[i].meta.kind != ENTRY_FOLDER)
				continue;
			ret = candidate_add(look, all, path, _("It was found on the disk: a postoffice lies there."));
			/* An ordinary folder of the disk that may not be looked into is no candidate. */
			if (ret == -TROUBLE_PERMISSION)
				ret = 0;
		}
	}
	all->gone = gone;
	return ret;
}

/* ---- conclusions ---- */

static int take(struct look *look, const char *path, const char *source)
{
	struct survey *survey = look->survey;

	survey->relocated_msmcon = talloc_strdup(survey, path);
	survey->relocated_source = talloc_strdup(survey, source);
	return survey->relocated_msmcon && survey->relocated_source ? 0 : error_memory(look->err);
}

static int several(struct look *look, const struct candidates *all)
{
	char *names = talloc_strdup(look->tmp, "");

	for (size_t i = 0; names && i < all->count; i++)
		names = talloc_asprintf_append(names, "%s%s", i ? ", " : "", look_shown(look, all->paths[i]));
	if (!names)
		return error_memory(look->err);
	return error_set(look->err, TROUBLE_NO_RELOCATED, _("Several folders could be the relocated Msmcon: %s."),
			 names);
}

/* What the registry names lies on another drive under the same path: then the letters were mixed up. */
static int elsewhere(struct look *look, const struct candidates *found, const char *gone)
{
	for (size_t i = 0; i < found->count; i++)
		if (text_equal(found->paths[i] + 1, gone + 1))
			return error_set(look->err, TROUBLE_LETTERS,
					 _("The registry speaks of %s, but that lies on the drive given as %c:."),
					 look_shown(look, gone), found->paths[i][0]);
	return 0;
}

/* Every value and the share lead to the default folder, and that is a whole postoffice. */
static int nothing_was_moved(struct look *look, bool *so)
{
	char *maildata = look_maildata_path(look, look->survey->default_msmcon);

	*so = false;
	if (!maildata)
		return error_memory(look->err);
	if (!look->share || !look->share_long || !path_equal(look->share_long, maildata))
		return 0;
	return is_msmcon(look, look->survey->default_msmcon, so);
}

static int none(struct look *look, const char *gone)
{
	bool so;
	int ret = nothing_was_moved(look, &so);

	if (ret != 0)
		return ret;
	if (gone && !look_has_drive(look, gone))
		return error_set(look->err, TROUBLE_LETTERS,
				 _("The registry names %s, and drive %c: was not given."), look_shown(look, gone),
				 gone[0]);
	if (gone)
		return error_set(look->err, TROUBLE_NO_RELOCATED,
				 _("The registry names %s, but there is no postoffice."), look_shown(look, gone));
	if (so)
		return error_set(look->err, TROUBLE_SAME_MSMCON,
				 _("The postoffice of this server is in %s, where setup put it, and nothing "
				   "names another place: it was never moved, so the article does not apply."),
				 look_shown(look, look->survey->default_msmcon));
	return error_set(look->err, TROUBLE_NO_RELOCATED,
			 _("No relocated Msmcon folder was found: neither the registry nor the drives "
			   "given have one beside %s."),
			 look_shown(look, look->survey->default_msmcon));
}

/* The operator's word is taken when a whole Msmcon lies there. */
static int by_operator(struct look *look)
{
	char *path = path_normal(look->tmp, look->options->relocated), *real, *bin;
	bool found = false, has_bin = false;
	int ret;

	if (!path)
		return error_set(look->err, TROUBLE_USAGE, _("%s is no full path on a drive of the server."),
				 look_shown(look, look->options->relocated));
	ret = look_real(look, path, &real);
	if (ret != 0)
		return ret;
	if (path_equal(real ? real : path, look->survey->default_msmcon))
		return error_set(look->err, TROUBLE_SAME_MSMCON,
				 _("%s is the default Msmcon: if the postoffice is there, it was never moved, "
				   "and the article does not apply."),
				 look_shown(look, path));
	if (!real)
		return error_set(look->err, TROUBLE_NO_RELOCATED, _("There is no folder %s on the drives given."),
				 look_shown(look, path));
	ret = is_msmcon(look, real, &found);
	bin = path_join(look->tmp, real, "Bin");
	if (ret == 0)
		ret = bin ? look_exists(look, bin, ENTRY_FOLDER, &has_bin) : error_memory(look->err);
	if (ret == 0 && (!found || !has_bin))
		return error_set(look->err, TROUBLE_NO_RELOCATED, _("%s cannot be the relocated Msmcon: it has no %s."),
				 look_shown(look, path), !has_bin ? "Bin" : "Maildata\\Glb\\Master.glb");
	return ret == 0 ? take(look, real, _("The operator named it.")) : ret;
}

/* Whether what the registry says now names this folder, letter and all. */
static int named_now(struct look *look, const char *path)
{
	struct candidates now = { 0 };
	int ret = candidates_now(look, &now);

	for (size_t i = 0; i < now.count; i++)
		look->relocated_named = look->relocated_named || path_equal(now.paths[i], path);
	return ret;
}

static int by_registry(struct look *look, struct candidates *all)
{
	int ret = candidates_now(look, all);

	if (ret == 0 && all->count == 0)
		ret = candidates_other_sets(look, all);
	if (ret == 0 && all->count > 1)
		ret = several(look, all);
	if (ret == 0 && all->count == 1)
		look->relocated_named = true;
	return ret;
}

int look_relocated(struct look *look)
{
	struct candidates all = { 0 };
	int ret;

	if (look->options->relocated) {
		ret = by_operator(look);
		return ret == 0 ? named_now(look, look->survey->relocated_msmcon) : ret;
	}
	ret = by_registry(look, &all);
	/* A postoffice on a drive that was not given is not to be mistaken for an old copy on one that was. */
	if (ret == 0 && all.count == 0 && (!all.gone || look_has_drive(look, all.gone)))
		ret = candidates_on_disk(look, &all);
	if (ret == 0 && !look->relocated_named && all.gone)
		ret = elsewhere(look, &all, all.gone);
	if (ret != 0)
		return ret;
	if (all.count > 1)
		return several(look, &all);
	return all.count == 1 ? take(look, all.paths[0], all.sources[0]) : none(look, all.gone);
}

int look_folders(struct look *look)
{
	struct survey *survey = look->survey;
	const char *const *shorts;
	int ret = look_shorts(look, survey->default_msmcon, &survey->default_shorts);

	if (ret == 0)
		ret = look_shorts(look, survey->relocated_msmcon, &shorts);
	if (ret != 0)
		return ret;
	look->from = (struct path_folder){ .full = survey->default_msmcon, .shorts = survey->default_shorts };
	look->to = (struct path_folder){ .full = survey->relocated_msmcon, .shorts = shorts };
	return 0;
}
