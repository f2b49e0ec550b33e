/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the relocated Msmcon is: what the registry still says, then what is on the disks, then the operator's word. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/sharedef.h"

enum { CANDIDATE_LIMIT = 16 };

/* Candidate folders, each once. */
struct candidates {
	char *paths[CANDIDATE_LIMIT];
	const char *sources[CANDIDATE_LIMIT];
	size_t count;
	char *gone;                        /* a folder that the registry names and that has no postoffice */
};

int look_is_msmcon(struct look *look, const char *path, bool *found)
{
	char *master = path_join(look->tmp, path, "Maildata\\Glb\\Master.glb");

	return master ? look_exists(look, master, ENTRY_FILE, found) : error_memory(look->err);
}

/* *verdict: whether it is the default Msmcon, or a postoffice; that one is added, once. */
static int candidate_add(struct look *look, struct candidates *all, const char *path, const char *source, bool *verdict)
{
	char *real;
	int ret = look_real(look, path, &real);

	*verdict = ret == 0 && path_equal(real ? real : path, look->survey->default_msmcon);
	if (ret != 0 || *verdict || !real)
		return ret;
	ret = look_is_msmcon(look, real, verdict);
	if (ret != 0 || !*verdict)
		return ret;
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

/* The folder that a path leads into, whatever it is called: it holds the Bin or Maildata on the way, or has the name that
 * setup gives. One may lie in another: the deepest that is a postoffice counts, and none above the default Msmcon. */
static int candidate_of_path(struct look *look, struct candidates *all, const char *path, const char *source)
{
	const char *below = "";
	char *above = talloc_strdup(look->tmp, path), *gone = NULL;
	bool verdict = false;
	int ret = 0;

	while (ret == 0 && above && !verdict) {
		if (text_equal(below, "Bin") || text_equal(below, "Maildata") || text_equal(path_leaf(above), "Msmcon")) {
			ret = candidate_add(look, all, above, source, &verdict);
			if (!gone && !path_equal(above, look->survey->exchange_root))
				gone = above;
		}
		if (path_parts(above) == 0)
			break;
		below = path_leaf(above);
		above = path_parent(look->tmp, above);
	}
	if (ret == 0 && !verdict && !all->gone)
		all->gone = gone;
	return above ? ret : error_memory(look->err);
}

char *look_span_path(struct look *look, const char *text, const struct path_span *span)
{
	char *written = span->full ? NULL : talloc_strndup(look->tmp, text + span->begin, span->end - span->begin);

	return written ? path_settle(look->tmp, written) : span->full;
}

static int candidates_of_text(struct look *look, struct candidates *all, const char *text, enum path_form form,
			      const char *source)
{
	size_t count = 0;
	struct path_span *spans = path_spans(look->tmp, text, form, look->survey->id->nt_folder, &count);
	int ret = spans ? 0 : error_memory(look->err);

	for (size_t i = 0; ret == 0 && i < count; i++) {
		char *path = look_span_path(look, text, &spans[i]);
		if (path)
			ret = candidate_of_path(look, all, path, source);
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
	bool verdict;
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
			ret = candidate_add(look, all, path, _("It was found on the disk, with a postoffice in it."),
					    &verdict);
			/* A folder of the disk that cannot be opened, or that NT cannot name, is not a candidate. */
			if (ret == -TROUBLE_PERMISSION || ret == -TROUBLE_IO || ret == -TROUBLE_NAME)
				ret = 0;
		}
	}
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
		names = talloc_asprintf_append(names, " %s: %s", look_shown(look, all->paths[i]), all->sources[i]);
	if (!names)
		return error_memory(look->err);
	return error_set(look->err, TROUBLE_NO_RELOCATED, _("Several folders could be the relocated Msmcon.%s"), names);
}

/* What the registry names is on another drive under the same path: then the letters were mixed up. */
static int elsewhere(struct look *look, const char *gone)
{
	char *other = talloc_strdup(look->tmp, gone);
	bool found = false;
	int ret = other ? 0 : error_memory(look->err);

	for (const char *letter = look->letters; ret == 0 && *letter; letter++) {
		other[0] = *letter;
		if (*letter != gone[0] && !path_equal(other, look->survey->default_msmcon))
			ret = look_is_msmcon(look, other, &found);
		if (ret == 0 && found)
			return error_set(look->err, TROUBLE_LETTERS,
					 _("The registry names %s, but that is on the drive given as %c:."),
					 look_shown(look, gone), *letter);
	}
	return ret;
}

/* Every value and the share lead to the default folder, and that holds a complete postoffice. */
static int nothing_was_moved(struct look *look, bool *so)
{
	char *maildata = look_maildata_path(look, look->survey->default_msmcon);

	*so = false;
	if (!maildata)
		return error_memory(look->err);
	if (!look->share || !look->share_long || !path_equal(look->share_long, maildata))
		return 0;
	return look_is_msmcon(look, look->survey->default_msmcon, so);
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
				 _("The registry names %s, but there is no postoffice in it."), look_shown(look, gone));
	if (so)
		return error_set(look->err, TROUBLE_SAME_MSMCON,
				 _("The postoffice of this server is in %s, where setup put it, and nothing names another place: "
				   "it was never moved, so the article does not apply."),
				 look_shown(look, look->survey->default_msmcon));
	return error_set(look->err, TROUBLE_NO_RELOCATED,
			 _("No relocated Msmcon folder was found: neither the registry nor the drives given name one besides %s."),
			 look_shown(look, look->survey->default_msmcon));
}

/* The operator's word counts if there is a postoffice in the folder. Its Bin may be missing: only Maildata may
 * have been moved. */
static int by_operator(struct look *look)
{
	char *path = path_normal(look->tmp, look->options->relocated), *real;
	bool found = false;
	int ret;

	if (!path)
		return error_set(look->err, TROUBLE_USAGE, _("%s is not a full path on a drive of the server."),
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
	ret = look_is_msmcon(look, real, &found);
	if (ret == 0 && !found)
		return error_set(look->err, TROUBLE_NO_RELOCATED, _("%s cannot be the relocated Msmcon: it has no %s."),
				 look_shown(look, path), "Maildata\\Glb\\Master.glb");
	return ret == 0 ? take(look, real, look->options->relocated_recorded ? _("The run began with it.") : _("The operator named it.")) : ret;
}

/* Whether what the registry says, now or in another control set, names this folder, letter and all. */
static int named_now(struct look *look, const char *path)
{
	struct candidates all = { 0 };
	int ret = candidates_now(look, &all);

	if (ret == 0)
		ret = candidates_other_sets(look, &all);
	for (size_t i = 0; i < all.count; i++)
		look->relocated_named = look->relocated_named || path_equal(all.paths[i], path);
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
	if (ret == 0 && !look->relocated_named && all.gone && look_has_drive(look, all.gone))
		ret = elsewhere(look, all.gone);
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
	if (path_under(survey->relocated_msmcon, survey->default_msmcon))
		ret = look_notice(look, "nested",
				  _("The relocated Msmcon, %s, is inside the default one, %s: removing that one would remove both."),
				  look_shown(look, survey->relocated_msmcon), look_shown(look, survey->default_msmcon));
	else if (path_under(survey->default_msmcon, survey->relocated_msmcon))
		ret = look_notice(look, "nested", _("The default Msmcon, %s, is inside the relocated one, %s."),
				  look_shown(look, survey->default_msmcon), look_shown(look, survey->relocated_msmcon));
	look->from = (struct path_folder){ .full = survey->default_msmcon, .shorts = survey->default_shorts };
	look->to = (struct path_folder){ .full = survey->relocated_msmcon, .shorts = shorts };
	return ret;
}
