/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which folder is Windows NT's: every FOLDER\system32\config\SYSTEM at the root of a drive or where
 * boot.ini says, and which of several boot.ini starts. */
#include "server/disks_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

enum { BOOT_INI_LIMIT = 65536, BOOT_ENTRIES_LIMIT = 32, CANDIDATES_LIMIT = 64 };

struct candidates {
	char **folders; /* "C:\WINNT" */
	size_t count;
	struct error skipped; /* why a folder could not be opened */
	char *booted;      /* what boot.ini starts, "\\WINNT": no letter; NULL if it does not say */
	const char *match; /* the last of those folders that are that */
	size_t matches;
};

static const char *candidate_find(const struct candidates *all, const char *folder)
{
	for (size_t i = 0; i < all->count; i++)
		if (path_equal(all->folders[i], folder))
			return all->folders[i];
	return NULL;
}

static int candidate_add(struct candidates *all, const char *folder, struct error *err)
{
	if (candidate_find(all, folder))
		return 0;
	if (all->count == CANDIDATES_LIMIT)
		return error_set(err, TROUBLE_SEVERAL_NT,
			_("More than %d folders look like Windows NT folders."),
			(int)CANDIDATES_LIMIT);
	all->folders[all->count] = talloc_strdup(all->folders, folder);
	return all->folders[all->count++] ? 0 : error_memory(err);
}

/* A folder that cannot be opened, or has a name that NT cannot hold, is skipped unless nothing else
 * is found: an ordinary user's "System Volume Information" is no reason to stop. */
static int candidate_check(struct disks *disks, struct candidates *all, const char *folder,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *config = talloc_asprintf(tmp, "%s\\system32\\config", folder), *name = NULL;
	int ret = config ? disks_hive_name(disks, tmp, config, "SYSTEM", &name, err)
			 : error_memory(err);

	if (ret == -TROUBLE_PERMISSION || ret == -TROUBLE_IO || ret == -TROUBLE_NAME) {
		if (err)
			all->skipped = *err;
		all->skipped.trouble = (enum trouble) - ret;
		ret = 0;
	} else if (ret == 0 && name) {
		ret = candidate_add(all, folder, err);
	}
	talloc_free(tmp);
	return ret;
}

static int candidates_of_drive(struct disks *disks, char letter, struct candidates *all,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char root[] = { letter, ':', '\\', '\0' };
	struct entry_list list;
	int ret = disks_list(&disks->base, tmp, root, &list, err);

	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		if (list.entries[i].meta.kind != ENTRY_FOLDER)
			continue;
		char *folder = path_join(tmp, root, list.entries[i].name);
		ret = folder ? candidate_check(disks, all, folder, err) : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* "\\NT\\WINNT40" in "multi(0)disk(0)rdisk(0)partition(1)\\NT\\WINNT40=..."; NULL if the line has
 * no such path. It does not say which partition has which letter. */
static char *boot_ini_folder(TALLOC_CTX *mem, const char *line)
{
	const char *folder = strstr(line, ")\\");
	size_t len = folder ? strcspn(++folder, "=\"") : 0;

	while (len > 0 && strchr(" \t", folder[len - 1]))
		len--;
	return folder ? talloc_strndup(mem, folder, len) : NULL;
}

/* A folder that boot.ini names, on whichever drive has it. */
static int boot_ini_entry(struct disks *disks, struct candidates *all, const char *folder,
	struct error *err)
{
	int ret = 0;

	for (const char *letter = disks->letters; ret == 0 && *letter; letter++) {
		char *text = talloc_asprintf(NULL, "%c:%s", *letter, folder),
		     *full = text ? path_normal(text, text) : NULL;
		ret = !text ? error_memory(err) : full ? candidate_check(disks, all, full, err) : 0;
		talloc_free(text);
	}
	return ret;
}

/* Every folder of boot.ini is a candidate; the default of [boot loader] is the one that starts.
 * Cuts text up. */
static int boot_ini_lines(struct disks *disks, struct candidates *all, char *text,
	struct error *err)
{
	bool loader = false;
	char *save = NULL;
	int ret = 0, entries = 0;

	for (char *line = strtok_r(text, "\r\n", &save); ret == 0 && line;
		line = strtok_r(NULL, "\r\n", &save)) {
		line += strspn(line, " \t");
		if (*line == '[')
			loader = text_equal_n(line, "[boot loader]", strlen("[boot loader]"));
		bool starts = loader && strlen(line) > 7 && text_equal_n(line, "default", 7) &&
			strchr(" \t=", line[7]);
		char *value = starts ? strchr(line, '=') : line;
		char *folder = value ? boot_ini_folder(all->folders, value + starts) : NULL;
		if (starts)
			all->booted = folder;
		if (folder && entries++ < BOOT_ENTRIES_LIMIT)
			ret = boot_ini_entry(disks, all, folder, err);
	}
	return ret;
}

static int candidates_of_boot_ini(struct disks *disks, struct candidates *all, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	uint8_t *bytes;
	size_t len;
	struct file_meta meta;
	bool found = false;
	char *text;
	int ret = disks->volumes['C' - 'A']
		? disks_stat(&disks->base, tmp, "C:\\boot.ini", &found, &meta, NULL, err)
		: 0;

	if (ret == 0 && found && meta.kind == ENTRY_FILE) {
		ret = server_read_file(&disks->base, tmp, "C:\\boot.ini", BOOT_INI_LIMIT, &bytes,
			&len, err);
		text = ret == 0 ? text_from_latin1(tmp, bytes, len) : NULL;
		if (ret == 0)
			ret = text ? boot_ini_lines(disks, all, text, err) : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* Which candidates are what boot.ini starts. */
static void candidates_match(struct candidates *all)
{
	for (size_t i = 0; all->booted && i < all->count; i++) {
		if (!path_equal(all->folders[i] + 2, all->booted))
			continue;
		all->match = all->folders[i];
		all->matches++;
	}
}

static char *candidates_text(TALLOC_CTX *mem, const struct candidates *all)
{
	char *names = talloc_strdup(mem, "");

	for (size_t i = 0; names && i < all->count; i++)
		names = talloc_asprintf_append(names, "%s%s", i ? ", " : "",
			text_shown(mem, all->folders[i]));
	return names;
}

static int candidates_several(TALLOC_CTX *mem, const struct candidates *all, struct error *err)
{
	char *names = candidates_text(mem, all);

	if (!names)
		return error_memory(err);
	if (all->booted)
		return error_set(err, TROUBLE_SEVERAL_NT,
			_("There are several Windows NT folders: %s. "
			  "boot.ini starts %s, which fits more than one of them or none. "
			  "Name the folder with --nt."),
			names, all->booted);
	return error_set(err, TROUBLE_SEVERAL_NT,
		_("There are several Windows NT folders, and boot.ini does not say which one starts: %s. "
		  "Name the folder with --nt."),
		names);
}

/* Why the folder that a person named is not a Windows NT folder. */
static int wanted_wrong(struct disks *disks, TALLOC_CTX *mem, const struct candidates *all,
	const char *wanted, const char *full, struct error *err)
{
	char *names = candidates_text(mem, all);
	struct file_meta meta;
	bool found = false;
	const char *why;
	int ret = 0;

	if (full && strchr(disks->letters, full[0]))
		ret = disks_stat(&disks->base, mem, full, &found, &meta, NULL, err);
	if (ret != 0)
		return ret;
	if (!full)
		why = N_("it is not a full path on a drive of the server");
	else if (!strchr(disks->letters, full[0]))
		why = N_("its drive was not given");
	else if (!found)
		why = N_("there is no such folder");
	else if (meta.kind != ENTRY_FOLDER)
		why = N_("it is not a folder");
	else
		why = N_("it has no file system32\\config\\SYSTEM");
	if (all->count)
		return error_set(err, TROUBLE_NO_NT,
			_("%s is not a Windows NT folder: %s. The drives given have: %s."), wanted,
			_(why), names);
	return error_set(err, TROUBLE_NO_NT, _("%s is not a Windows NT folder: %s."), wanted,
		_(why));
}

/* What a person named takes precedence over boot.ini, and may be at any depth. */
static int candidate_wanted(struct disks *disks, TALLOC_CTX *mem, struct candidates *all,
	const char *wanted, const char **chosen, struct error *err)
{
	char *full = path_normal(mem, wanted);
	int ret = 0;

	if (full && strchr(disks->letters, full[0]))
		ret = candidate_check(disks, all, full, err);
	if (ret != 0)
		return ret;
	*chosen = full ? candidate_find(all, full) : NULL;
	return *chosen ? 0 : wanted_wrong(disks, mem, all, wanted, full, err);
}

static int candidate_choose(TALLOC_CTX *mem, const struct candidates *all, const char **chosen,
	struct error *err)
{
	if (all->count == 0 && all->skipped.trouble)
		return error_pass(err, &all->skipped);
	if (all->count == 0)
		return error_set(err, TROUBLE_NO_NT,
			_("None of the drives given has a Windows NT folder: "
			  "there is no file system32\\config\\SYSTEM in any folder at their roots, nor where boot.ini says. "
			  "If the folder is deeper, name it with --nt."));
	*chosen = all->count == 1 ? all->folders[0] : all->matches == 1 ? all->match : NULL;
	return *chosen ? 0 : candidates_several(mem, all, err);
}

/* Remembers the folder and its config folder in the spelling of the disk, and the other
 * candidates. */
static int nt_folder_take(struct disks *disks, TALLOC_CTX *mem, const struct candidates *all,
	const char *chosen, struct error *err)
{
	char *config = talloc_asprintf(mem, "%s\\system32\\config", chosen), *above;
	bool found;
	int ret = config ? disks_stat(&disks->base, mem, config, &found, NULL, &config, err)
			 : error_memory(err);

	if (ret == 0 && !found)
		ret = error_set(err, TROUBLE_MOVED, _("%s changed while it was read."), chosen);
	if (ret != 0)
		return ret;
	above = path_parent(mem, config);
	disks->config = talloc_steal(disks, config);
	disks->base.id.nt_folder = above ? path_parent(disks, above) : NULL;
	disks->base.id.nt_booted = all->matches < 2 ? talloc_steal(disks, all->booted) : NULL;
	disks->base.id.nt_folders = all->count > 1 ? candidates_text(disks, all) : NULL;
	return disks->base.id.nt_folder && (disks->base.id.nt_folders || all->count == 1)
		? 0
		: error_memory(err);
}

int disks_find_nt(struct disks *disks, const char *wanted, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct candidates all = { .folders = talloc_zero_array(tmp, char *, CANDIDATES_LIMIT) };
	const char *chosen = NULL;
	struct error boot = { 0 };
	int ret = all.folders ? 0 : error_memory(err), boot_ret = 0;

	for (const char *letter = disks->letters; ret == 0 && *letter; letter++)
		ret = candidates_of_drive(disks, *letter, &all, err);
	if (ret == 0)
		boot_ret = candidates_of_boot_ini(disks, &all, &boot);
	candidates_match(&all);
	/* A boot.ini that cannot be read matters only if it has to choose. */
	if (ret == 0 && boot_ret != 0 && !wanted && all.count != 1)
		ret = error_set(err, boot.trouble, "%s", error_text(&boot));
	if (ret == 0)
		ret = wanted ? candidate_wanted(disks, tmp, &all, wanted, &chosen, err)
			     : candidate_choose(tmp, &all, &chosen, err);
	if (ret == 0)
		ret = nt_folder_take(disks, tmp, &all, chosen, err);
	talloc_free(tmp);
	return ret;
}
