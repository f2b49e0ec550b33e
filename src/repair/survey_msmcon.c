/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the relocated Msmcon is: what the registry still says, then what is on the disks, then the
 * operator's word. */
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
	const char *gone; /* a folder that the registry names and that has no postoffice */
};

bool scan_is_msmcon(struct scan *scan, const char *path)
{
	return scan_exists(scan, scan_path(scan, path, MASTER), ENTRY_FILE);
}

static bool is_default(struct scan *scan, const char *path)
{
	return path_equal(path, scan->survey->default_msmcon);
}

/* Whether it is the default Msmcon, or a postoffice; that one is added, once. */
static bool candidate_add(struct scan *scan, struct candidates *all, const char *path,
	const char *source)
{
	char *real = scan_real(scan, path);

	if (is_default(scan, real ? real : path))
		return true;
	if (!real || !scan_is_msmcon(scan, real))
		return false;
	for (size_t i = 0; i < all->count; i++)
		if (path_equal(all->paths[i], real))
			return true;
	if (all->count == CANDIDATE_LIMIT) {
		scan_fail(scan, TROUBLE_NO_RELOCATED,
			_("More than %d folders could be the relocated Msmcon."), CANDIDATE_LIMIT);
		return true;
	}
	all->sources[all->count] = source;
	all->paths[all->count++] = real;
	return true;
}

/* The folder that a path leads into, whatever it is called: it holds the Bin or Maildata on the
 * way, or has the name that setup gives. One may lie in another: the deepest that is a postoffice
 * counts, and none above the default Msmcon. */
static void candidate_of_path(struct scan *scan, struct candidates *all, const char *path,
	const char *source)
{
	const char *below = "", *gone = NULL;

	for (const char *above = path; scan->ret == 0; above = scan_parent(scan, above)) {
		if (text_equal(below, "Bin") || text_equal(below, "Maildata") ||
			text_equal(path_leaf(above), "Msmcon")) {
			if (candidate_add(scan, all, above, source))
				return;
			if (!gone && !path_equal(above, scan->survey->exchange_root))
				gone = above;
		}
		if (path_parts(above) == 0)
			break;
		below = path_leaf(above);
	}
	all->gone = all->gone ? all->gone : gone;
}

struct path_span *scan_spans(struct scan *scan, const char *text, enum path_form form,
	const char *root, size_t *count)
{
	struct path_span *spans = text ? path_spans(scan->tmp, text, form, root, count) : NULL;

	if (!spans)
		*count = 0;
	if (text && !spans)
		scan_starved(scan);
	return spans;
}

char *scan_span_text(struct scan *scan, const char *text, const struct path_span *span)
{
	return scan_print(scan, "%.*s", (int)(span->end - span->begin), text + span->begin);
}

char *scan_span_path(struct scan *scan, const char *text, const struct path_span *span)
{
	return span->full ? span->full : path_settle(scan->tmp, scan_span_text(scan, text, span));
}

static void candidates_of_text(struct scan *scan, struct candidates *all, const char *text,
	enum path_form form, const char *source)
{
	size_t count = 0;
	struct path_span *spans = scan_spans(scan, text, form, scan->survey->id->nt_folder, &count);

	for (size_t i = 0; scan->ret == 0 && i < count; i++) {
		char *path = scan_span_path(scan, text, &spans[i]);

		if (path)
			candidate_of_path(scan, all, path, source);
	}
}

static void candidates_now(struct scan *scan, struct candidates *all)
{
	for (size_t i = 0; i < scan->entry_count; i++) {
		const struct reg_value *value = scan->entries[i].value;

		candidates_of_text(scan, all, value ? scan_string(scan, &value->data) : NULL,
			scan->entries[i].entry->form,
			_("Registry values of the connector still name it."));
	}
	if (scan->share)
		candidates_of_text(scan, all, scan->share->path, PATH_PLAIN,
			_("The share Maildat$ leads to it."));
}

static void candidates_other_sets(struct scan *scan, struct candidates *all)
{
	for (size_t s = 0; s < scan->other_count; s++) {
		const char *set = scan->other_sets[s],
			   *source = scan_text(scan, _("The control set %s still names it."), set);

		for (size_t i = 0; i < scan->entry_count; i++)
			candidates_of_text(scan, all, scan_other_text(scan, set, &scan->entries[i]),
				scan->entries[i].entry->form, source);
		candidates_of_text(scan, all, scan_share_path(scan, set), PATH_PLAIN, source);
	}
}

/* DRIVE:\*\connect\msmcon with a postoffice in it; one level only. */
static void candidates_on_disk(struct scan *scan, struct candidates *all)
{
	for (const char *letter = scan->letters; scan->ret == 0 && *letter; letter++) {
		const struct entry_list *root = &scan->roots[*letter - 'A'];

		for (size_t i = 0; scan->ret == 0 && i < root->count; i++) {
			if (root->entries[i].meta.kind != ENTRY_FOLDER)
				continue;
			candidate_add(scan, all,
				scan_print(scan, "%c:\\%s\\%s", *letter, root->entries[i].name,
					ARTICLE_MSMCON_BELOW_ROOT),
				_("It was found on the disk, with a postoffice in it."));
			/* A folder of the disk that cannot be opened, or that NT cannot name, is
			 * not a candidate. */
			if (scan->ret == -TROUBLE_PERMISSION || scan->ret == -TROUBLE_IO ||
				scan->ret == -TROUBLE_NAME)
				scan->ret = 0;
		}
	}
}

/* ---- conclusions ---- */

static void take(struct scan *scan, const char *path, const char *source)
{
	scan->survey->relocated_msmcon = scan_text(scan, "%s", path);
	scan->survey->relocated_source = scan_text(scan, "%s", source);
}

static void several(struct scan *scan, const struct candidates *all)
{
	const char *names = "";

	for (size_t i = 0; i < all->count; i++)
		names = scan_print(scan, "%s %s: %s", names, scan_shown(scan, all->paths[i]),
			all->sources[i]);
	scan_fail(scan, TROUBLE_NO_RELOCATED, _("Several folders could be the relocated Msmcon.%s"),
		names);
}

static void none(struct scan *scan, const char *gone)
{
	const char *home = scan->survey->default_msmcon;

	if (gone && !scan_has_drive(scan, gone))
		scan_fail(scan, TROUBLE_LETTERS,
			server_runs(scan->server)
				? _("The registry names %s, and the server does not share drive %c: for administrators.")
				: _("The registry names %s, and drive %c: was not given."),
			scan_shown(scan, gone), gone[0]);
	else if (gone)
		scan_fail(scan, TROUBLE_NO_RELOCATED,
			_("The registry names %s, but there is no postoffice in it."),
			scan_shown(scan, gone));
	/* The share leads to the default folder, and that holds a complete postoffice. */
	else if (scan->share_long &&
		path_equal(scan->share_long, scan_path(scan, home, "Maildata")) &&
		scan_is_msmcon(scan, home))
		scan_fail(scan, TROUBLE_SAME_MSMCON,
			_("The postoffice of this server is in %s, where setup put it, and nothing names another place: "
			  "it was never moved, so the article does not apply."),
			scan_shown(scan, home));
	else
		scan_fail(scan, TROUBLE_NO_RELOCATED,
			_("No relocated Msmcon folder was found: neither the registry nor the drives given name one besides %s."),
			scan_shown(scan, home));
}

/* The operator's word counts if there is a postoffice in the folder. Its Bin may be missing: only
 * Maildata may have been moved. */
static void by_operator(struct scan *scan)
{
	const char *said = scan_shown(scan, scan->options->relocated);
	char *path = path_normal(scan->tmp, scan->options->relocated),
	     *real = path ? scan_real(scan, path) : NULL;

	if (!path)
		scan_fail(scan, TROUBLE_USAGE, _("%s is not a full path on a drive of the server."),
			said);
	else if (is_default(scan, real ? real : path))
		scan_fail(scan, TROUBLE_SAME_MSMCON,
			_("%s is the default Msmcon: if the postoffice is there, it was never moved, "
			  "and the article does not apply."),
			scan_shown(scan, path));
	else if (!real)
		scan_fail(scan, TROUBLE_NO_RELOCATED,
			_("There is no folder %s on the drives given."), scan_shown(scan, path));
	else if (!scan_is_msmcon(scan, real))
		scan_fail(scan, TROUBLE_NO_RELOCATED,
			_("%s cannot be the relocated Msmcon: it has no %s."),
			scan_shown(scan, path), MASTER);
	else
		take(scan, real,
			scan->options->relocated_recorded ? _("The run began with it.")
							  : _("The operator named it."));
}

/* Whether what the registry says, now or in another control set, names this folder, letter and
 * all. */
static bool named_now(struct scan *scan, const char *path)
{
	struct candidates all = { 0 };
	bool named = false;

	candidates_now(scan, &all);
	candidates_other_sets(scan, &all);
	for (size_t i = 0; i < all.count; i++)
		named = named || path_equal(all.paths[i], path);
	return named;
}

static void by_evidence(struct scan *scan)
{
	struct candidates all = { 0 };

	candidates_now(scan, &all);
	if (all.count == 0)
		candidates_other_sets(scan, &all);
	scan->relocated_named = all.count > 0;
	/* A postoffice on a drive that was not given is not to be mistaken for an old copy on one
	 * that was. */
	if (all.count == 0 && (!all.gone || scan_has_drive(scan, all.gone)))
		candidates_on_disk(scan, &all);
	if (!scan->relocated_named && all.gone && scan_has_drive(scan, all.gone))
		scan_other_drives(scan, all.gone, scan_path(scan, all.gone, MASTER), ENTRY_FILE);
	if (all.count == 0)
		none(scan, all.gone);
	else if (all.count == 1)
		take(scan, all.paths[0], all.sources[0]);
	else
		several(scan, &all);
}

void scan_relocated(struct scan *scan)
{
	if (!scan->options->relocated) {
		by_evidence(scan);
		return;
	}
	by_operator(scan);
	scan->relocated_named = scan->ret == 0 && !scan->options->places &&
		named_now(scan, scan->survey->relocated_msmcon);
}

void scan_folders(struct scan *scan)
{
	struct survey *survey = scan->survey;
	const char *here = survey->default_msmcon, *there = survey->relocated_msmcon;

	survey->default_shorts = scan_shorts(scan, here);
	scan->from = (struct path_folder){ .full = here, .shorts = survey->default_shorts };
	scan->to = (struct path_folder){ .full = there, .shorts = scan_shorts(scan, there) };
	if (path_under(there, here))
		scan_notice(scan, "nested",
			_("The relocated Msmcon, %s, is inside the default one, %s: removing that one would remove both."),
			scan_shown(scan, there), scan_shown(scan, here));
	else if (path_under(here, there))
		scan_notice(scan, "nested",
			_("The default Msmcon, %s, is inside the relocated one, %s."),
			scan_shown(scan, here), scan_shown(scan, there));
}
