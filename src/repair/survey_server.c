/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which server these disks belong to: control sets, Exchange and its version, and what forbids a repair. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define SETUP_KEY "SOFTWARE\\Microsoft\\Exchange\\Setup"
#define SETUP_LOG "Exchange Server Setup.log"

/* ---- the server ---- */

static void drives_list(struct look *look)
{
	look->ret = look->server->ops->drives(look->server, look->tmp, &look->letters, look->err);
	for (const char *letter = look->letters; look->ret == 0 && *letter; letter++)
		if (*letter >= 'A' && *letter <= 'Z')
			look_list(look, look_print(look, "%c:\\", *letter), &look->roots[*letter - 'A']);
}

static void control_sets(struct look *look)
{
	struct survey *survey = look->survey;
	struct reg_key *select = look_key(look, "SYSTEM\\Select");
	uint32_t next = look_number(select, "Default", 0), last = look_number(select, "Current", 0);

	survey->select_last_known_good = look_number(select, "LastKnownGood", 0);
	if (next < 1 || next > 999)
		look_fail(look, TROUBLE_HIVE_NO_SELECT, _("The registry does not say which control set the server starts with."));
	survey->control_set = look_text(look, "ControlSet%03u", next);
	look->services_key = look_print(look, "SYSTEM\\%s\\Services", survey->control_set);
	if (last != 0 && last != next)
		look_notice(look, "control-set",
			    _("The server last ran with control set %u, and will start with %u. The repair changes %u."), last, next, next);
}

/* "ControlSet" and three digits. */
static bool is_control_set(const char *name)
{
	size_t len = strlen("ControlSet");

	return strlen(name) == len + 3 && text_equal_n(name, "ControlSet", len) && strspn(name + len, "0123456789") == 3;
}

/* The other control sets by name, Last Known Good's first, for that one can come back by itself. */
static void other_sets(struct look *look)
{
	const char *own = look->survey->control_set;
	struct reg_key *root = look_key(look, "SYSTEM");
	char *good = look_print(look, "ControlSet%03u", look->survey->select_last_known_good % 1000);

	if (!root)
		return;
	if (look_has_subkey(root, good) && !text_equal(good, own))
		look->other_sets[look->other_count++] = good;
	for (size_t i = 0; i < root->subkey_count && look->other_count < LOOK_SETS_LIMIT; i++) {
		char *name = root->subkeys[i];

		if (is_control_set(name) && !text_equal(name, own) && !text_equal(name, good))
			look->other_sets[look->other_count++] = name;
	}
}

static void domain_controller(struct look *look)
{
	const char *type = look->survey->id->product_type;

	if (type && text_equal(type, "LanmanNT") && !(look->server->caps & SERVER_SERVICES))
		look_notice(look, "domain-controller",
			    _("This server is a domain controller. While it is off, logons to its domain may fail. "
			      "Repair it while it runs to keep that short."));
}

/* Which Windows NT this is, if there could be a mistake. */
static void nt_folders(struct look *look)
{
	const struct server_id *id = look->survey->id;
	bool booted = id->nt_booted && path_equal(id->nt_folder + 2, id->nt_booted);

	if (id->nt_booted && !booted)
		look_notice(look, "several-nt",
			    _("The Windows NT checked here is in %s, but boot.ini starts %s%s%s. "
			      "A repair here does not change that one."),
			    look_shown(look, id->nt_folder), look_shown(look, id->nt_booted),
			    id->nt_folders ? _("; there are: ") : "", id->nt_folders ? id->nt_folders : "");
	else if (id->nt_folders)
		look_notice(look, "several-nt", booted ?
			    _("There are several Windows NT folders: %s. The one checked here is %s, which boot.ini starts.") :
			    _("There are several Windows NT folders: %s. The one checked here is %s, which was named."),
			    id->nt_folders, look_shown(look, id->nt_folder));
}

void look_server(struct look *look)
{
	const char *version = look->survey->id->nt_version;

	if (version && version[0] >= '1' && version[0] <= '3' && version[1] == '.')
		look_fail(look, TROUBLE_TOO_OLD, _("This is Windows NT %s."), look_shown(look, version));
	else
		drives_list(look);
	control_sets(look);
	other_sets(look);
	domain_controller(look);
	nt_folders(look);
}

/* ---- Exchange ---- */

/* A folder of the Setup key as a full path; NULL if there is none. */
static char *setup_folder(struct look *look, const struct reg_key *setup, const char *name)
{
	char *text = look_value_string(look, setup, name);

	return text ? path_normal(look->tmp, text) : NULL;
}

/* The folder as the disk spells it, else as it is written. */
static char *spelled(struct look *look, const char *path)
{
	char *real = look_real(look, path);

	return look_text(look, "%s", real ? real : path);
}

static void version_notice(struct look *look)
{
	const struct survey *survey = look->survey;
	const char *name = survey->release ? survey->release : survey->exchange_version;

	if (survey->cover == ARTICLE_BY_ANALOGY)
		look_notice(look, "version",
			    _("The article names Exchange 5.0, and 5.5 up to Service Pack 2. "
			      "This is Exchange %s: it is treated the same way, by analogy."),
			    name);
	if (survey->cover == ARTICLE_UNKNOWN_VERSION)
		look_notice(look, "version",
			    _("The version of Exchange is unknown%s%s, and so is whether the article covers it."),
			    name ? ": " : "", name ? name : "");
}

/* Store.exe carries the version of the service pack (Q243604). */
static void exchange_version(struct look *look)
{
	struct survey *survey = look->survey;
	char *path = look_path(look, survey->exchange_root, "bin\\store.exe");
	struct file_fact fact = { 0 };
	struct file_meta meta;
	char text[24];

	if (look_meta(look, path, &meta) && meta.kind == ENTRY_FILE && meta.size <= LOOK_VERSION_LIMIT)
		fact = look_file_fact(look, path, &meta);
	survey->cover = ARTICLE_UNKNOWN_VERSION;
	if (fact.has_version) {
		pe_version_text(&fact.version, text);
		survey->exchange_version = look_text(look, "%s", text);
		survey->cover = article_release(fact.version.part[0], fact.version.part[1], fact.version.part[2], &survey->release);
	}
	version_notice(look);
}

/* Setup appends to its log at every installation and service pack (Q158545), so the log's date is the last of them: an
 * inference. Without a log, the folder that setup filled last: it is dated by the last file that came into it. */
static void setup_time(struct look *look)
{
	struct survey *survey = look->survey;
	struct file_meta meta;

	if (look_meta(look, look_print(look, "%c:\\%s", survey->exchange_root[0], SETUP_LOG), &meta) && meta.kind == ENTRY_FILE)
		survey->setup_time = meta.mtime;
	else if (look_meta(look, look_path(look, survey->default_msmcon, "Bin"), &meta))
		survey->setup_time = meta.mtime;
}

void look_exchange(struct look *look)
{
	struct survey *survey = look->survey;
	struct reg_key *setup = look_key(look, SETUP_KEY);
	char *root = setup_folder(look, setup, "Services"), *connector = setup_folder(look, setup, "MSMailConnector");

	if (!root)
		look_fail(look, TROUBLE_NO_EXCHANGE,
			  _("The registry of this server does not say where Exchange is installed: "
			    "there is no valid value Services in %s."),
			  SETUP_KEY);
	else if (!look_has_drive(look, root))
		look_fail(look, TROUBLE_LETTERS, _("Exchange is installed in %s, and drive %c: was not given."), look_shown(look, root), root[0]);
	if (look->ret != 0)
		return;
	survey->exchange_root = spelled(look, root);
	connector = spelled(look, connector ? connector : survey->exchange_root);
	survey->default_msmcon = spelled(look, look_path(look, connector, ARTICLE_MSMCON_BELOW_ROOT));
	exchange_version(look);
	setup_time(look);
}

/* ---- what forbids a repair ---- */

void look_cluster(struct look *look)
{
	const char *nt = look->survey->id->nt_folder;

	if (look_service_find(look, "ClusSvc") || look_exists(look, look_path(look, nt, "cluster\\CLUSDB"), ENTRY_FILE) ||
	    look_exists(look, look_path(look, nt, "system32\\config\\CLUSDB"), ENTRY_FILE))
		look_refuse(look, TROUBLE_CLUSTER,
			    _("This server is a cluster node, and the cluster itself manages its services and shares. "
			      "It can be checked, but not repaired."));
}

static void volume_judge(struct look *look, char letter)
{
	const struct survey *survey = look->survey;
	struct volume_traits traits;
	struct error why;

	look->ret = look->server->ops->volume_traits(look->server, letter, &traits, look->err);
	if (look->ret == -TROUBLE_CANNOT)
		look->ret = 0;
	else if (look->ret == 0) {
		if (volume_mirror_refused(&traits, letter, &why) != 0)
			look_refuse_why(look, &why);
		if (traits.dirty)
			look_refuse(look, TROUBLE_VOLUME_DIRTY,
				    _("Drive %c: is marked dirty: Windows wants to check it first. "
				      "It can be checked here, but nothing may be written to it."),
				    letter);
		if (traits.read_only && (letter == survey->relocated_msmcon[0] || letter == survey->id->nt_folder[0]))
			look_refuse(look, TROUBLE_READ_ONLY, _("Drive %c: is read-only here. It can be checked, but not repaired."), letter);
		if (traits.harmful_option)
			look_refuse(look, TROUBLE_MOUNT,
				    _("Drive %c: is mounted in a way that does harm (%s). It can be checked, but not repaired."),
				    letter, look_shown(look, traits.harmful_option));
	}
}

void look_volumes(struct look *look)
{
	for (const char *letter = look->letters; look->ret == 0 && *letter; letter++)
		volume_judge(look, *letter);
}
