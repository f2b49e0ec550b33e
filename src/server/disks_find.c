/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which folder is Windows NT's: every FOLDER\system32\config\SYSTEM at the root of a drive, and what boot.ini says of
 * several. */
#include "server/disks_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path.h"

#define TORN_MARK ".ntfs-3g-"

enum { BOOT_INI_LIMIT = 65536, CANDIDATES_LIMIT = 64 };

struct candidates {
	char **folders; /* "C:\WINNT" */
	size_t count;
	struct error skipped; /* why a folder could not be looked into */
};

bool disks_name_torn(const char *name, const char *hive)
{
	size_t len = strlen(hive), mark = strlen(TORN_MARK);

	return strlen(name) > len + mark && text_equal_n(name, hive, len) &&
	       strncmp(name + len, TORN_MARK, mark) == 0 &&
	       strspn(name + len + mark, "0123456789") == strlen(name + len + mark);
}

int disks_hive_name(struct disks *disks, TALLOC_CTX *mem, const char *folder, const char *name, char **found,
		    struct error *err)
{
	struct entry_list list;
	struct file_meta meta;
	bool there;
	char *path = path_join(mem, folder, name);
	int ret = path ? disks_look(&disks->base, mem, path, &there, &meta, NULL, err) : error_memory(err);

	*found = NULL;
	if (ret != 0)
		return ret;
	if (there) {
		*found = talloc_strdup(mem, name);
		return *found ? 0 : error_memory(err);
	}
	ret = disks_look(&disks->base, mem, folder, &there, &meta, NULL, err);
	if (ret != 0 || !there || meta.kind != ENTRY_FOLDER)
		return ret;
	ret = disks_list(&disks->base, mem, folder, &list, err);
	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		if (list.entries[i].meta.kind == ENTRY_FILE && disks_name_torn(list.entries[i].name, name))
			*found = list.entries[i].name;
	}
	return ret;
}

static int candidate_add(struct candidates *all, const char *folder, struct error *err)
{
	if (all->count == CANDIDATES_LIMIT)
		return error_set(err, TROUBLE_SEVERAL_NT, _("More than %d folders look like one of Windows NT."),
				 (int)CANDIDATES_LIMIT);
	all->folders[all->count] = talloc_strdup(all->folders, folder);
	return all->folders[all->count++] ? 0 : error_memory(err);
}

/* A folder that may not be looked into is passed over unless nothing else is found: an ordinary user's "System Volume
 * Information" is no reason to stop. */
static int candidate_look(struct disks *disks, struct candidates *all, const char *folder, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char *config = talloc_asprintf(tmp, "%s\\system32\\config", folder), *name = NULL;
	int ret = config ? disks_hive_name(disks, tmp, config, "SYSTEM", &name, err) : error_memory(err);

	if (ret == -TROUBLE_PERMISSION) {
		if (err)
			all->skipped = *err;
		all->skipped.trouble = TROUBLE_PERMISSION;
		ret = 0;
	} else if (ret == 0 && name) {
		ret = candidate_add(all, folder, err);
	}
	talloc_free(tmp);
	return ret;
}

static int candidates_of_drive(struct disks *disks, char letter, struct candidates *all, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	char root[] = { letter, ':', '\\', '\0' };
	struct entry_list list;
	int ret = disks_list(&disks->base, tmp, root, &list, err);

	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		if (list.entries[i].meta.kind != ENTRY_FOLDER)
			continue;
		char *folder = path_join(tmp, root, list.entries[i].name);
		ret = folder ? candidate_look(disks, all, folder, err) : error_memory(err);
	}
	talloc_free(tmp);
	return ret;
}

/* The text behind default= in the section [boot loader]; NULL if there is none. Cuts text up. */
static const char *boot_ini_entry(char *text)
{
	bool inside = false;
	char *save = NULL;

	for (char *line = strtok_r(text, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
		line += strspn(line, " \t");
		if (*line == '[')
			inside = text_equal_n(line, "[boot loader]", strlen("[boot loader]"));
		else if (inside && strlen(line) > 7 && text_equal_n(line, "default", 7) && strchr(" \t=", line[7]))
			return strchr(line, '=');
	}
	return NULL;
}

/* The folder's name in "=multi(0)disk(0)rdisk(0)partition(1)\WINNT"; NULL if there is none. */
static char *boot_ini_folder(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	char *text = text_from_latin1(mem, bytes, len);
	const char *entry = text ? boot_ini_entry(text) : NULL;
	const char *folder = entry ? strstr(entry, ")\\") : NULL;

	if (!folder)
		return NULL;
	folder += 2;
	return talloc_strndup(mem, folder, strcspn(folder, "\\ \t=\""));
}

/* The one candidate that boot.ini starts, NULL if it says nothing that tells them apart. */
static int candidate_booted(struct disks *disks, TALLOC_CTX *mem, const struct candidates *all, const char **chosen,
			    struct error *err)
{
	uint8_t *bytes;
	size_t len, matches = 0;
	struct file_meta meta;
	bool found;
	char *name;
	int ret;

	*chosen = NULL;
	if (!disks->volumes['C' - 'A'])
		return 0;
	ret = disks_look(&disks->base, mem, "C:\\boot.ini", &found, &meta, NULL, err);
	if (ret != 0 || !found || meta.kind != ENTRY_FILE)
		return ret;
	ret = server_read_file(&disks->base, mem, "C:\\boot.ini", BOOT_INI_LIMIT, &bytes, &len, err);
	name = ret == 0 ? boot_ini_folder(mem, bytes, len) : NULL;
	for (size_t i = 0; name && i < all->count; i++) {
		if (!text_equal(path_leaf(all->folders[i]), name))
			continue;
		*chosen = all->folders[i];
		matches++;
	}
	if (matches != 1)
		*chosen = NULL;
	return ret;
}

static const char *candidate_wanted(const struct candidates *all, const char *wanted)
{
	for (size_t i = 0; i < all->count; i++)
		if (path_equal(all->folders[i], wanted))
			return all->folders[i];
	return NULL;
}

static int candidates_several(TALLOC_CTX *mem, const struct candidates *all, struct error *err)
{
	char *names = talloc_strdup(mem, "");

	for (size_t i = 0; names && i < all->count; i++)
		names = talloc_asprintf_append(names, "%s%s", i ? ", " : "", text_shown(mem, all->folders[i]));
	if (!names)
		return error_memory(err);
	return error_set(err, TROUBLE_SEVERAL_NT,
			 _("There are several folders of Windows NT, and boot.ini does not tell which one starts: %s."),
			 names);
}

/* What a person said comes before what boot.ini says. */
static int candidate_choose(struct disks *disks, TALLOC_CTX *mem, const struct candidates *all, const char *wanted,
			    const char **chosen, struct error *err)
{
	int ret = 0;

	*chosen = NULL;
	if (wanted) {
		const char *full = path_normal(mem, wanted);
		*chosen = full ? candidate_wanted(all, full) : NULL;
		return *chosen ? 0
			       : error_set(err, TROUBLE_NO_NT,
					   _("%s is not a folder of Windows NT on the drives given."),
					   text_shown(mem, wanted));
	}
	if (all->count == 0 && all->skipped.trouble)
		return error_set(err, all->skipped.trouble, "%s", all->skipped.text);
	if (all->count == 0)
		return error_set(err, TROUBLE_NO_NT,
				 _("None of the drives given has a folder of Windows NT: "
				   "there is no file system32\\config\\SYSTEM in any folder at their roots."));
	*chosen = all->folders[0];
	if (all->count > 1)
		ret = candidate_booted(disks, mem, all, chosen, err);
	return ret == 0 && !*chosen ? candidates_several(mem, all, err) : ret;
}

/* Remembers the folder and its config folder in the spelling of the disk. */
static int nt_folder_take(struct disks *disks, TALLOC_CTX *mem, const char *folder, struct error *err)
{
	char *config = talloc_asprintf(mem, "%s\\system32\\config", folder), *real = NULL;
	bool found;
	int ret = config ? disks_look(&disks->base, mem, config, &found, NULL, &real, err) : error_memory(err);

	if (ret != 0)
		return ret;
	disks->config = talloc_strdup(disks, found && real ? real : config);
	disks->base.id.nt_folder = talloc_strdup(disks, folder);
	return disks->config && disks->base.id.nt_folder ? 0 : error_memory(err);
}

int disks_find_nt(struct disks *disks, const char *wanted, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct candidates all = { .folders = talloc_zero_array(tmp, char *, CANDIDATES_LIMIT) };
	const char *chosen = NULL;
	int ret = all.folders ? 0 : error_memory(err);

	for (const char *letter = disks->letters; ret == 0 && *letter; letter++)
		ret = candidates_of_drive(disks, *letter, &all, err);
	if (ret == 0)
		ret = candidate_choose(disks, tmp, &all, wanted, &chosen, err);
	if (ret == 0)
		ret = nt_folder_take(disks, tmp, chosen, err);
	talloc_free(tmp);
	return ret;
}
