/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which server these disks belong to: control sets, Exchange and its version, and what forbids a repair. */
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

#define SETUP_KEY "SOFTWARE\\Microsoft\\Exchange\\Setup"
#define SETUP_LOG "Exchange Server Setup.log"

/* ---- the server ---- */

static int drives_list(struct look *look)
{
	int ret = look->server->ops->drives(look->server, look->tmp, &look->letters, look->err);

	for (const char *letter = look->letters; ret == 0 && *letter; letter++) {
		char root[] = { *letter, ':', '\\', '\0' };
		if (*letter >= 'A' && *letter <= 'Z')
			ret = look->server->ops->list(look->server, look->tmp, root, &look->roots[*letter - 'A'],
						      look->err);
	}
	return ret;
}

static uint32_t select_number(const struct reg_key *select, const char *name)
{
	const struct reg_value *value = look_value(select, name);
	uint32_t number;

	return value && regdata_dword(&value->data, &number) ? number : 0;
}

static int control_sets(struct look *look)
{
	struct survey *survey = look->survey;
	struct reg_key *select;
	int ret = look_key(look, "SYSTEM\\Select", &select);

	if (ret != 0)
		return ret;
	survey->select_default = select_number(select, "Default");
	survey->select_current = select_number(select, "Current");
	survey->select_last_known_good = select_number(select, "LastKnownGood");
	if (survey->select_default < 1 || survey->select_default > 999)
		return error_set(look->err, TROUBLE_HIVE_NO_SELECT,
				 _("The registry does not say which control set the server starts with."));
	survey->control_set = talloc_asprintf(survey, "ControlSet%03u", survey->select_default);
	look->set_key = talloc_asprintf(look->tmp, "SYSTEM\\%s", survey->control_set);
	look->services_key = talloc_asprintf(look->tmp, "%s\\Services", look->set_key);
	if (!survey->control_set || !look->set_key || !look->services_key)
		return error_memory(look->err);
	if (survey->select_current != 0 && survey->select_current != survey->select_default)
		return look_notice(look, "control-set",
				   _("The server last ran with control set %u, and will start with %u. The repair changes %u."),
				   survey->select_current, survey->select_default, survey->select_default);
	return 0;
}

/* The other control sets by name, Last Known Good's first, for that one can come back by itself. */
static int other_sets(struct look *look)
{
	const struct survey *survey = look->survey;
	struct reg_key *root;
	char *good = talloc_asprintf(look->tmp, "ControlSet%03u", survey->select_last_known_good % 1000);
	int ret = look_key(look, "SYSTEM", &root);

	look->other_sets = memory_array_zero(look->tmp, sizeof(*look->other_sets), LOOK_SETS_LIMIT);
	if (!look->other_sets || !good)
		return error_memory(look->err);
	if (ret != 0 || !root)
		return ret;
	if (look_has_subkey(root, good) && !text_equal(good, survey->control_set))
		look->other_sets[look->other_count++] = good;
	for (size_t i = 0; i < root->subkey_count && look->other_count < LOOK_SETS_LIMIT; i++) {
		char *name = root->subkeys[i];
		if (strlen(name) != strlen(good) || !text_equal_n(name, "ControlSet", strlen("ControlSet")) ||
		    strspn(name + strlen("ControlSet"), "0123456789") != 3)
			continue;
		if (!text_equal(name, survey->control_set) && !text_equal(name, good))
			look->other_sets[look->other_count++] = name;
	}
	return 0;
}

static bool nt_too_old(const char *version)
{
	return version && version[0] >= '1' && version[0] <= '3' && version[1] == '.';
}

static int domain_controller(struct look *look)
{
	const struct server_id *id = look->survey->id;

	if (!id->product_type || !text_equal(id->product_type, "LanmanNT") || (look->server->caps & SERVER_SERVICES))
		return 0;
	return look_notice(look, "domain-controller",
			   _("This server is a domain controller. While it is off, logons to its domain may fail. "
			     "Repair it while it runs to keep that short."));
}

/* Which Windows NT this is, if there could be a mistake. */
static int nt_folders(struct look *look)
{
	const struct server_id *id = look->survey->id;
	bool booted = id->nt_booted && path_equal(id->nt_folder + 2, id->nt_booted);

	if (id->nt_booted && !booted)
		return look_notice(look, "several-nt",
				   _("The Windows NT checked here is in %s, but boot.ini starts %s%s%s. "
				     "A repair here does not change that one."),
				   look_shown(look, id->nt_folder), look_shown(look, id->nt_booted),
				   id->nt_folders ? _("; there are: ") : "", id->nt_folders ? id->nt_folders : "");
	if (id->nt_folders)
		return look_notice(look, "several-nt", booted ?
				   _("There are several Windows NT folders: %s. The one checked here is %s, which boot.ini starts.") :
				   _("There are several Windows NT folders: %s. The one checked here is %s, which was named."),
				   id->nt_folders, look_shown(look, id->nt_folder));
	return 0;
}

int look_server(struct look *look)
{
	int ret;

	if (nt_too_old(look->survey->id->nt_version))
		return error_set(look->err, TROUBLE_TOO_OLD, _("This is Windows NT %s."),
				 look_shown(look, look->survey->id->nt_version));
	ret = drives_list(look);
	if (ret == 0)
		ret = control_sets(look);
	if (ret == 0)
		ret = other_sets(look);
	if (ret == 0)
		ret = domain_controller(look);
	return ret == 0 ? nt_folders(look) : ret;
}

/* ---- Exchange ---- */

/* A folder of the Setup key as a full path; NULL if there is none. */
static char *setup_folder(struct look *look, const struct reg_key *setup, const char *name)
{
	const struct reg_value *value = look_value(setup, name);
	char *text = value ? look_string(look, &value->data) : NULL;

	return text ? path_normal(look->tmp, text) : NULL;
}

/* The folder as the disk spells it, else as it is written. */
static int spelled(struct look *look, const char *path, char **out)
{
	char *real;
	int ret = look_real(look, path, &real);

	*out = talloc_strdup(look->survey, ret == 0 && real ? real : path);
	return ret == 0 && !*out ? error_memory(look->err) : ret;
}

static int default_msmcon(struct look *look, const struct reg_key *setup)
{
	char *root = setup_folder(look, setup, "MSMailConnector"), *real;
	int ret;

	if (!root)
		root = look->survey->exchange_root;
	ret = spelled(look, root, &real);
	if (ret == 0)
		real = path_join(look->tmp, real, article_msmcon_below_root());
	if (ret != 0 || !real)
		return ret ? ret : error_memory(look->err);
	return spelled(look, real, &look->survey->default_msmcon);
}

static int version_notice(struct look *look)
{
	const struct survey *survey = look->survey;
	const char *name = survey->release ? survey->release : survey->exchange_version;

	if (survey->cover == ARTICLE_BY_ANALOGY)
		return look_notice(look, "version",
				   _("The article names Exchange 5.0, and 5.5 up to Service Pack 2. "
				     "This is Exchange %s: it is treated the same way, by analogy."),
				   name);
	if (survey->cover == ARTICLE_UNKNOWN_VERSION)
		return look_notice(look, "version",
				   _("The version of Exchange is unknown%s%s, and so is whether the article covers it."),
				   name ? ": " : "", name ? name : "");
	return 0;
}

/* Store.exe carries the version of the service pack (Q243604). */
static int exchange_version(struct look *look)
{
	struct survey *survey = look->survey;
	char *path = talloc_asprintf(look->tmp, "%s\\bin\\store.exe", survey->exchange_root);
	struct file_fact fact = { 0 };
	struct file_meta meta;
	bool found = false;
	char text[24];
	int ret = path ? look->server->ops->look(look->server, look->tmp, path, &found, &meta, NULL, look->err) :
		  error_memory(look->err);

	if (ret == 0 && found && meta.kind == ENTRY_FILE && meta.size <= LOOK_VERSION_LIMIT)
		ret = look_file_fact(look, path, &meta, &fact);
	if (ret != 0)
		return ret;
	survey->cover = ARTICLE_UNKNOWN_VERSION;
	if (fact.has_version) {
		pe_version_text(&fact.version, text);
		survey->exchange_version = talloc_strdup(survey, text);
		survey->cover = article_release(fact.version.part[0], fact.version.part[1], fact.version.part[2],
						&survey->release);
	}
	return version_notice(look);
}

/* Setup appends to its log at every installation and service pack (Q158545), so the log's date is the last of them: an
 * inference. */
static int setup_log(struct look *look)
{
	struct survey *survey = look->survey;
	char *path = talloc_asprintf(look->tmp, "%c:\\%s", survey->exchange_root[0], SETUP_LOG);
	struct file_meta meta;
	bool found;
	int ret = path ? look->server->ops->look(look->server, look->tmp, path, &found, &meta, NULL, look->err) :
		  error_memory(look->err);

	if (ret != 0 || !found || meta.kind != ENTRY_FILE)
		return ret;
	survey->setup_time = meta.mtime;
	survey->setup_time_source =
		talloc_asprintf(survey, _("By the date of %s, to which setup adds whenever it runs."),
				path);
	return survey->setup_time_source ? 0 : error_memory(look->err);
}

/* Without a log, the folder that setup filled last: it is dated by the last file that came into it. */
static int setup_folder_time(struct look *look)
{
	struct survey *survey = look->survey;
	char *path = path_join(look->tmp, survey->default_msmcon, "Bin");
	struct file_meta meta;
	bool found = false;
	int ret = path ? 0 : error_memory(look->err);

	if (ret == 0 && survey->setup_time == 0 && look_has_drive(look, path))
		ret = look->server->ops->look(look->server, look->tmp, path, &found, &meta, NULL, look->err);
	if (ret != 0 || !found)
		return ret;
	survey->setup_time = meta.mtime;
	survey->setup_time_source =
		talloc_asprintf(survey, _("By the date of the folder %s; there is no setup log."),
				look_shown(look, path));
	return survey->setup_time_source ? 0 : error_memory(look->err);
}

int look_exchange(struct look *look)
{
	struct reg_key *setup;
	char *root;
	int ret = look_key(look, SETUP_KEY, &setup);

	if (ret != 0)
		return ret;
	root = setup_folder(look, setup, "Services");
	if (!root)
		return error_set(look->err, TROUBLE_NO_EXCHANGE,
				 _("The registry of this server does not say where Exchange is installed: "
				   "there is no valid value Services in %s."),
				 SETUP_KEY);
	if (!look_has_drive(look, root))
		return error_set(look->err, TROUBLE_LETTERS,
				 _("Exchange is installed in %s, and drive %c: was not given."), look_shown(look, root),
				 root[0]);
	ret = spelled(look, root, &look->survey->exchange_root);
	if (ret == 0)
		ret = default_msmcon(look, setup);
	if (ret == 0)
		ret = exchange_version(look);
	if (ret == 0)
		ret = setup_log(look);
	return ret == 0 ? setup_folder_time(look) : ret;
}

/* ---- what forbids a repair ---- */

int look_cluster(struct look *look)
{
	static const char *const files[] = { "cluster\\CLUSDB", "system32\\config\\CLUSDB" };
	bool cluster = look_service_find(look, "ClusSvc") != NULL;
	int ret = 0;

	for (size_t i = 0; ret == 0 && !cluster && i < sizeof(files) / sizeof(files[0]); i++) {
		char *path = path_join(look->tmp, look->survey->id->nt_folder, files[i]);
		ret = path ? look_exists(look, path, ENTRY_FILE, &cluster) : error_memory(look->err);
	}
	if (ret == 0 && cluster)
		ret = look_refuse(look, TROUBLE_CLUSTER,
				  _("This server is a cluster node, and the cluster itself manages its services and shares. "
				    "It can be checked, but not repaired."));
	return ret;
}

static int volume_judge(struct look *look, char letter)
{
	const struct survey *survey = look->survey;
	struct volume_traits traits;
	struct error why;
	int ret = look->server->ops->volume_traits(look->server, letter, &traits, look->err);

	if (ret == -TROUBLE_CANNOT)
		return 0;
	if (ret == 0 && volume_mirror_refused(&traits, letter, &why) != 0)
		ret = look_refuse_why(look, &why);
	if (ret == 0 && traits.dirty)
		ret = look_refuse(look, TROUBLE_VOLUME_DIRTY,
				  _("Drive %c: is marked dirty: Windows wants to check it first. "
				    "It can be checked here, but nothing may be written to it."),
				  letter);
	if (ret == 0 && traits.read_only &&
	    (letter == survey->relocated_msmcon[0] || letter == survey->id->nt_folder[0]))
		ret = look_refuse(look, TROUBLE_READ_ONLY,
				  _("Drive %c: is read-only here. It can be checked, but not repaired."), letter);
	if (ret == 0 && traits.harmful_option)
		ret = look_refuse(look, TROUBLE_MOUNT,
				  _("Drive %c: is mounted in a way that does harm (%s). It can be checked, but not repaired."),
				  letter, look_shown(look, traits.harmful_option));
	return ret;
}

int look_volumes(struct look *look)
{
	int ret = 0;

	for (const char *letter = look->letters; ret == 0 && *letter; letter++)
		ret = volume_judge(look, *letter);
	return ret;
}
