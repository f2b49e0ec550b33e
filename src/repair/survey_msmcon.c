/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the relocated Msmcon is: what the registry still says, then what is on the disks, then the operator's word. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "base/text.h"

/* What makes a folder an Msmcon: a postoffice (Q77926). */
#define MASTER "Maildata\\Glb\\Master.glb"

enum { CANDIDATE_LIMIT = 16 };

/* Candidate folders, each once. */
struct candidates {
	char *paths[CANDIDATE_LIMIT];
	const char *sources[CANDIDATE_LIMIT];
	size_t count;
	const char *gone;                  /* a folder that the registry names and that has no postoffice */
};

bool look_is_msmcon(struct look *look, const char *path)
{
	return look_exists(look, look_path(look, path, MASTER), ENTRY_FILE);
}

static bool is_default(struct look *look, const char *path)
{
	return path_equal(path, look->survey->default_msmcon);
}

/* Whether it is the default Msmcon, or a postoffice; that one is added, once. */
static bool candidate_add(struct look *look, struct candidates *all, const char *path, const char *source)
{
	char *real = look_real(look, path);

	if (is_default(look, real ? real : path))
		return true;
	if (!real || !look_is_msmcon(look, real))
		return false;
	for (size_t i = 0; i < all->count; i++)
		if (path_equal(all->paths[i], real))
			return true;
	if (all->count == CANDIDATE_LIMIT) {
		look_fail(look, TROUBLE_NO_RELOCATED, _("More than %d folders could be the relocated Msmcon."), CANDIDATE_LIMIT);
		return true;
	}
	all->sources[all->count] = source;
	all->paths[all->count++] = real;
	return true;
}

/* The folder that a path leads into, whatever it is called: it holds the Bin or Maildata on the way, or has the name that
 * setup gives. One may lie in another: the deepest that is a postoffice counts, and none above the default Msmcon. */
static void candidate_of_path(struct look *look, struct candidates *all, const char *path, const char *source)
{
	const char *below = "", *gone = NULL;

	for (const char *above = path; look->ret == 0; above = look_parent(look, above)) {
		if (text_equal(below, "Bin") || text_equal(below, "Maildata") || text_equal(path_leaf(above), "Msmcon")) {
			if (candidate_add(look, all, above, source))
				return;
			if (!gone && !path_equal(above, look->survey->exchange_root))
				gone = above;
		}
		if (path_parts(above) == 0)
			break;
		below = path_leaf(above);
	}
	all->gone = all->gone ? all->gone : gone;
}

struct path_span *look_spans(struct look *look, const char *text, enum path_form form, const char *root, size_t *count)
{
	struct path_span *spans = text ? path_spans(look->tmp, text, form, root, count) : NULL;

	if (!spans)
		*count = 0;
	if (text && !spans)
		look_starved(look);
	return spans;
}

char *look_span_text(struct look *look, const char *text, const struct path_span *span)
{
	return look_print(look, "%.*s", (int)(span->end - span->begin), text + span->begin);
}

char *look_span_path(struct look *look, const char *text, const struct path_span *span)
{
	return span->full ? span->full : path_settle(look->tmp, look_span_text(look, text, span));
}

static void candidates_of_text(struct look *look, struct candidates *all, const char *text, enum path_form form, const char *source)
{
	size_t count = 0;
	struct path_span *spans = look_spans(look, text, form, look->survey->id->nt_folder, &count);

	for (size_t i = 0; look->ret == 0 && i < count; i++) {
		char *path = look_span_path(look, text, &spans[i]);

		if (path)
			candidate_of_path(look, all, path, source);
	}
}

static void candidates_now(struct look *look, struct candidates *all)
{
	for (size_t i = 0; i < look->entry_count; i++) {
		const struct reg_value *value = look->entries[i].value;

		candidates_of_text(look, all, value ? look_string(look, &value->data) : NULL, look->entries[i].entry->form,
				   _("Registry values of the connector still name it."));
	}
	if (look->share)
		candidates_of_text(look, all, look->share->path, PATH_PLAIN, _("The share Maildat$ leads to it."));
}

static void candidates_other_sets(struct look *look, struct candidates *all)
{
	for (size_t s = 0; s < look->other_count; s++) {
		const char *set = look->other_sets[s], *source = look_text(look, _("The control set %s still names it."), set);

		for (size_t i = 0; i < look->entry_count; i++)
			candidates_of_text(look, all, look_other_text(look, set, &look->entries[i]), look->entries[i].entry->form, source);
		candidates_of_text(look, all, look_share_path(look, set), PATH_PLAIN, source);
	}
}

/* DRIVE:\*\connect\msmcon with a postoffice in it; one level only. */
static void candidates_on_disk(struct look *look, struct candidates *all)
{
	for (const char *letter = look->letters; look->ret == 0 && *letter; letter++) {
		const struct entry_list *root = &look->roots[*letter - 'A'];

		for (size_t i = 0; look->ret == 0 && i < root->count; i++) {
			if (root->entries[i].meta.kind != ENTRY_FOLDER)
				continue;
			candidate_add(look, all, look_print(look, "%c:\\%s\\%s", *letter, root->entries[i].name, ARTICLE_MSMCON_BELOW_ROOT),
				      _("It was found on the disk, with a postoffice in it."));
			/* A folder of the disk that cannot be opened, or that NT cannot name, is not a candidate. */
			if (look->ret == -TROUBLE_PERMISSION || look->ret == -TROUBLE_IO || look->ret == -TROUBLE_NAME)
				look->ret = 0;
		}
	}
}

/* ---- conclusions ---- */

static void take(struct look *look, const char *path, const char *source)
{
	look->survey->relocated_msmcon = look_text(look, "%s", path);
	look->survey->relocated_source = look_text(look, "%s", source);
}

static void several(struct look *look, const struct candidates *all)
{
	const char *names = "";

	for (size_t i = 0; i < all->count; i++)
		names = look_print(look, "%s %s: %s", names, look_shown(look, all->paths[i]), all->sources[i]);
	look_fail(look, TROUBLE_NO_RELOCATED, _("Several folders could be the relocated Msmcon.%s"), names);
}

static void none(struct look *look, const char *gone)
{
	const char *home = look->survey->default_msmcon;

	if (gone && !look_has_drive(look, gone))
		look_fail(look, TROUBLE_LETTERS, _("The registry names %s, and drive %c: was not given."), look_shown(look, gone), gone[0]);
	else if (gone)
		look_fail(look, TROUBLE_NO_RELOCATED, _("The registry names %s, but there is no postoffice in it."), look_shown(look, gone));
	/* The share leads to the default folder, and that holds a complete postoffice. */
	else if (look->share_long && path_equal(look->share_long, look_path(look, home, "Maildata")) && look_is_msmcon(look, home))
		look_fail(look, TROUBLE_SAME_MSMCON,
			  _("The postoffice of this server is in %s, where setup put it, and nothing names another place: "
			    "it was never moved, so the article does not apply."),
			  look_shown(look, home));
	else
		look_fail(look, TROUBLE_NO_RELOCATED,
			  _("No relocated Msmcon folder was found: neither the registry nor the drives given name one besides %s."),
			  look_shown(look, home));
}

/* The operator's word counts if there is a postoffice in the folder. Its Bin may be missing: only Maildata may
 * have been moved. */
static void by_operator(struct look *look)
{
	const char *said = look_shown(look, look->options->relocated);
	char *path = path_normal(look->tmp, look->options->relocated), *real = path ? look_real(look, path) : NULL;

	if (!path)
		look_fail(look, TROUBLE_USAGE, _("%s is not a full path on a drive of the server."), said);
	else if (is_default(look, real ? real : path))
		look_fail(look, TROUBLE_SAME_MSMCON,
			  _("%s is the default Msmcon: if the postoffice is there, it was never moved, "
			    "and the article does not apply."),
			  look_shown(look, path));
	else if (!real)
		look_fail(look, TROUBLE_NO_RELOCATED, _("There is no folder %s on the drives given."), look_shown(look, path));
	else if (!look_is_msmcon(look, real))
		look_fail(look, TROUBLE_NO_RELOCATED, _("%s cannot be the relocated Msmcon: it has no %s."), look_shown(look, path),
			  MASTER);
	else
		take(look, real, look->options->relocated_recorded ? _("The run began with it.") : _("The operator named it."));
}

/* Whether what the registry says, now or in another control set, names this folder, letter and all. */
static bool named_now(struct look *look, const char *path)
{
	struct candidates all = { 0 };
	bool named = false;

	candidates_now(look, &all);
	candidates_other_sets(look, &all);
	for (size_t i = 0; i < all.count; i++)
		named = named || path_equal(all.paths[i], path);
	return named;
}

static void by_evidence(struct look *look)
{
	struct candidates all = { 0 };

	candidates_now(look, &all);
	if (all.count == 0)
		candidates_other_sets(look, &all);
	look->relocated_named = all.count > 0;
	/* A postoffice on a drive that was not given is not to be mistaken for an old copy on one that was. */
	if (all.count == 0 && (!all.gone || look_has_drive(look, all.gone)))
		candidates_on_disk(look, &all);
	if (!look->relocated_named && all.gone && look_has_drive(look, all.gone))
		look_other_drives(look, all.gone, look_path(look, all.gone, MASTER), ENTRY_FILE);
	if (all.count == 0)
		none(look, all.gone);
	else if (all.count == 1)
		take(look, all.paths[0], all.sources[0]);
	else
		several(look, &all);
}

void look_relocated(struct look *look)
{
	if (!look->options->relocated) {
		by_evidence(look);
		return;
	}
	by_operator(look);
	look->relocated_named = look->ret == 0 && named_now(look, look->survey->relocated_msmcon);
}

void look_folders(struct look *look)
{
	struct survey *survey = look->survey;
	const char *here = survey->default_msmcon, *there = survey->relocated_msmcon;

	survey->default_shorts = look_shorts(look, here);
	look->from = (struct path_folder){ .full = here, .shorts = survey->default_shorts };
	look->to = (struct path_folder){ .full = there, .shorts = look_shorts(look, there) };
	if (path_under(there, here))
		look_notice(look, "nested",
			    _("The relocated Msmcon, %s, is inside the default one, %s: removing that one would remove both."),
			    look_shown(look, there), look_shown(look, here));
	else if (path_under(here, there))
		look_notice(look, "nested", _("The default Msmcon, %s, is inside the relocated one, %s."), look_shown(look, here),
			    look_shown(look, there));
}
