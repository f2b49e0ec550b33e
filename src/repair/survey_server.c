/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which server these disks belong to: control sets, Exchange and its version, and what forbids a
 * repair. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define SETUP_KEY "SOFTWARE\\Microsoft\\Exchange\\Setup"
#define SETUP_LOG "Exchange Server Setup.log"

/* ---- the server ---- */

static void drives_list(struct scan *scan)
{
	scan->ret = scan->server->ops->drives(scan->server, scan->tmp, &scan->letters, scan->err);
	for (const char *letter = scan->letters; scan->ret == 0 && *letter; letter++)
		if (*letter >= 'A' && *letter <= 'Z')
			scan_list(scan, scan_print(scan, "%c:\\", *letter),
				&scan->roots[*letter - 'A']);
}

static void control_sets(struct scan *scan)
{
	struct survey *survey = scan->survey;
	struct reg_key *select = scan_key(scan, "SYSTEM\\Select");
	uint32_t next = scan_number(select, "Default", 0), last = scan_number(select, "Current", 0);

	survey->select_last_known_good = scan_number(select, "LastKnownGood", 0);
	if (next < 1 || next > 999)
		scan_fail(scan, TROUBLE_HIVE_NO_SELECT,
			_("The registry does not say which control set the server starts with."));
	survey->control_set = scan_text(scan, "ControlSet%03u", next);
	scan->services_key = scan_need(scan, survey_services_key(scan->tmp, survey));
	if (last != 0 && last != next && server_runs(scan->server))
		scan_notice(scan, "control-set",
			_("The server runs with control set %u, and will start with %u. The repair changes %u: "
			  "until the server is started again, its services still start as %u says."),
			last, next, next, last);
	else if (last != 0 && last != next)
		scan_notice(scan, "control-set",
			_("The server last ran with control set %u, and will start with %u. The repair changes %u."),
			last, next, next);
}

/* "ControlSet" and three digits. */
static bool is_control_set(const char *name)
{
	size_t len = strlen("ControlSet");

	return strlen(name) == len + 3 && text_equal_n(name, "ControlSet", len) &&
		strspn(name + len, "0123456789") == 3;
}

/* The other control sets by name, Last Known Good's first, for that one can come back by itself. */
static void other_sets(struct scan *scan)
{
	const char *own = scan->survey->control_set;
	struct reg_key *root = scan_key(scan, "SYSTEM");
	char *good =
		scan_print(scan, "ControlSet%03u", scan->survey->select_last_known_good % 1000);

	if (!root)
		return;
	if (scan_has_subkey(root, good) && !text_equal(good, own))
		scan->other_sets[scan->other_count++] = good;
	for (size_t i = 0; i < root->subkey_count && scan->other_count < SCAN_SETS_LIMIT; i++) {
		char *name = root->subkeys[i];

		if (is_control_set(name) && !text_equal(name, own) && !text_equal(name, good))
			scan->other_sets[scan->other_count++] = name;
	}
}

static void domain_controller(struct scan *scan)
{
	const char *type = scan->survey->id->product_type;

	if (type && text_equal(type, "LanmanNT") && !(scan->server->caps & SERVER_SERVICES))
		scan_notice(scan, "domain-controller",
			_("This server is a domain controller. While it is off, logons to its domain may fail. "
			  "Repair it while it runs to keep that short."));
}

/* Which Windows NT this is, if there could be a mistake. */
static void nt_folders(struct scan *scan)
{
	const struct server_id *id = scan->survey->id;
	bool booted = id->nt_booted && path_equal(id->nt_folder + 2, id->nt_booted);

	if (id->nt_booted && !booted)
		scan_notice(scan, "several-nt",
			_("The Windows NT checked here is in %s, but boot.ini starts %s%s%s. "
			  "A repair here does not change that one."),
			scan_shown(scan, id->nt_folder), scan_shown(scan, id->nt_booted),
			id->nt_folders ? _("; there are: ") : "",
			id->nt_folders ? id->nt_folders : "");
	else if (id->nt_folders)
		scan_notice(scan, "several-nt",
			booted ? _("There are several Windows NT folders: %s. The one checked here is %s, which boot.ini starts.")
			       : _("There are several Windows NT folders: %s. The one checked here is %s, which was named."),
			id->nt_folders, scan_shown(scan, id->nt_folder));
}

void scan_server(struct scan *scan)
{
	const char *version = scan->survey->id->nt_version;

	if (version && version[0] >= '1' && version[0] <= '3' && version[1] == '.')
		scan_fail(scan, TROUBLE_TOO_OLD, _("This is Windows NT %s."),
			scan_shown(scan, version));
	else
		drives_list(scan);
	control_sets(scan);
	other_sets(scan);
	domain_controller(scan);
	nt_folders(scan);
}

/* ---- Exchange ---- */

/* A folder of the Setup key as a full path; NULL if there is none. */
static char *setup_folder(struct scan *scan, const struct reg_key *setup, const char *name)
{
	char *text = scan_value_string(scan, setup, name);

	return text ? path_normal(scan->tmp, text) : NULL;
}

static void version_notice(struct scan *scan)
{
	const struct survey *survey = scan->survey;
	const char *name = survey->release ? survey->release : survey->exchange_version;

	if (survey->cover == ARTICLE_BY_ANALOGY)
		scan_notice(scan, "version",
			_("The article names Exchange 5.0, and 5.5 up to Service Pack 2. "
			  "This is Exchange %s: it is treated the same way, by analogy."),
			name);
	if (survey->cover == ARTICLE_UNKNOWN_VERSION)
		scan_notice(scan, "version",
			_("The version of Exchange is unknown%s%s, and so is whether the article covers it."),
			name ? ": " : "", name ? name : "");
}

/* Store.exe carries the version of the service pack (Q243604). */
static void exchange_version(struct scan *scan)
{
	struct survey *survey = scan->survey;
	char *path = scan_path(scan, survey->exchange_root, "bin\\store.exe");
	struct file_fact fact = { 0 };
	struct file_meta meta;
	char text[24];

	if (scan_meta(scan, path, &meta) && meta.kind == ENTRY_FILE &&
		meta.size <= SCAN_VERSION_LIMIT)
		fact = scan_file_fact(scan, path, &meta);
	survey->cover = ARTICLE_UNKNOWN_VERSION;
	if (fact.has_version) {
		pe_version_text(&fact.version, text);
		survey->exchange_version = scan_text(scan, "%s", text);
		survey->cover = article_release(fact.version.part[0], fact.version.part[1],
			fact.version.part[2], &survey->release);
	}
	version_notice(scan);
}

/* Setup appends to its log at every installation and service pack (Q158545), so the log's date is
 * the last of them: an inference. Without a log, the folder that setup filled last: it is dated by
 * the last file that came into it. */
static void setup_time(struct scan *scan)
{
	struct survey *survey = scan->survey;
	struct file_meta meta;

	if (scan_meta(scan, scan_print(scan, "%c:\\%s", survey->exchange_root[0], SETUP_LOG),
		    &meta) &&
		meta.kind == ENTRY_FILE)
		survey->setup_time = meta.mtime;
	else if (scan_meta(scan, scan_path(scan, survey->default_msmcon, "Bin"), &meta))
		survey->setup_time = meta.mtime;
}

void scan_exchange(struct scan *scan)
{
	struct survey *survey = scan->survey;
	struct reg_key *setup = scan_key(scan, SETUP_KEY);
	char *root = setup_folder(scan, setup, "Services"),
	     *connector = setup_folder(scan, setup, "MSMailConnector");

	if (!root)
		scan_fail(scan, TROUBLE_NO_EXCHANGE,
			_("The registry of this server does not say where Exchange is installed: "
			  "there is no valid value Services in %s."),
			SETUP_KEY);
	else if (!scan_has_drive(scan, root))
		scan_fail(scan, TROUBLE_LETTERS,
			server_runs(scan->server)
				? _("Exchange is installed in %s, and the server does not share drive %c: for administrators.")
				: _("Exchange is installed in %s, and drive %c: was not given."),
			scan_shown(scan, root), root[0]);
	if (scan->ret != 0)
		return;
	survey->exchange_root = scan_text(scan, "%s", scan_spelled(scan, root));
	connector = scan_spelled(scan, connector ? connector : survey->exchange_root);
	survey->default_msmcon = scan_text(scan, "%s",
		scan_spelled(scan, scan_path(scan, connector, ARTICLE_MSMCON_BELOW_ROOT)));
	if (scan->options->places)
		return;
	exchange_version(scan);
	setup_time(scan);
}

/* ---- what forbids a repair ---- */

void scan_cluster(struct scan *scan)
{
	const char *nt = scan->survey->id->nt_folder;

	if (scan_service_find(scan, "ClusSvc") ||
		scan_exists(scan, scan_path(scan, nt, "cluster\\CLUSDB"), ENTRY_FILE) ||
		scan_exists(scan, scan_path(scan, nt, "system32\\config\\CLUSDB"), ENTRY_FILE))
		scan_refuse(scan, TROUBLE_CLUSTER,
			_("This server is a cluster node, and the cluster itself manages its services and shares. "
			  "It can be checked, but not repaired."));
}

/* Who repaired the image below would spoil what stands on it. */
void scan_overlaid(struct scan *scan)
{
	const char *run = scan->options->overlay_run, *kept = scan->options->overlay_kept;
	struct error why;

	if (run && kept) {
		error_advise(&why,
			error_set(&why, TROUBLE_MOVED,
				_("Run %s kept an overlay over this image, and the server's disks are that overlay now."),
				run),
			_("Look at it instead: --image %s"), scan_shown(scan, kept));
		scan_refuse_why(scan, &why);
	} else if (run) {
		scan_notice(scan, "overlay",
			_("What run %s wrote waits in an overlay to be committed, kept or thrown away. "
			  "The image is looked at without it."),
			run);
	}
}

static void volume_judge(struct scan *scan, char letter)
{
	const struct survey *survey = scan->survey;
	struct volume_traits traits;
	struct error why;

	scan->ret = scan->server->ops->volume_traits(scan->server, letter, &traits, scan->err);
	if (scan->ret == -TROUBLE_CANNOT)
		scan->ret = 0;
	else if (scan->ret == 0) {
		if (volume_mirror_refused(&traits, letter, &why) != 0)
			scan_refuse_why(scan, &why);
		if (traits.dirty)
			scan_refuse(scan, TROUBLE_VOLUME_DIRTY,
				_("Drive %c: is marked dirty: Windows wants to check it first. "
				  "It can be checked here, but nothing may be written to it."),
				letter);
		if (traits.read_only &&
			(letter == survey->relocated_msmcon[0] ||
				letter == survey->id->nt_folder[0]))
			scan_refuse(scan, TROUBLE_READ_ONLY,
				_("Drive %c: is read-only here. It can be checked, but not repaired."),
				letter);
		if (traits.hazardous_option)
			scan_refuse(scan, TROUBLE_MOUNT,
				_("Drive %c: is mounted in a way that does harm (%s). It can be checked, but not repaired."),
				letter, scan_shown(scan, traits.hazardous_option));
	}
}

void scan_volumes(struct scan *scan)
{
	for (const char *letter = scan->letters; scan->ret == 0 && *letter; letter++)
		volume_judge(scan, *letter);
}
