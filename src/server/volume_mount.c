/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "server/volume_mount.h"

#include <ctype.h>
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"

enum hazard_rule {
	HAZARD_PRESENT, /* the option is given */
	/* it names a character set that cannot hold every name, and utf8 is not given */
	HAZARD_CHARSET,
	/* it says how streams are shown, and that is not as extended attributes user.* */
	HAZARD_STREAMS,
	HAZARD_ALWAYS, /* the file system itself */
};

struct hazard_row {
	const char *fs;     /* names separated by blanks */
	const char *option; /* its name, without a value */
	enum hazard_rule rule;
	const char *why;
};

/* mount(8), ntfs-3g(8), Documentation/filesystems/{vfat,ntfs3}.rst of the kernel. */
static const struct hazard_row hazard_rows[] = {
	{ "ntfs-3g", "hide_hid_files", HAZARD_PRESENT,
		N_("hidden files are not listed, so copies would be incomplete") },
	{ "ntfs-3g", "hide_dot_files", HAZARD_PRESENT,
		N_("files whose names begin with a dot become hidden files") },
	{ "ntfs-3g", "locale", HAZARD_PRESENT,
		N_("files with names outside that language are not listed") },
	{ "ntfs-3g", "efs_raw", HAZARD_PRESENT,
		N_("files show a size and content that are not their own") },
	{ "ntfs-3g", "delay_mtime", HAZARD_PRESENT,
		N_("the times of files are not saved at once") },
	{ "ntfs-3g", "ignore_case", HAZARD_PRESENT,
		N_("names are shown in lower case, and would be written so") },
	{ "ntfs-3g", "streams_interface", HAZARD_STREAMS,
		N_("streams of files are not shown with their names, and would be lost") },
	{ "ntfs3 ntfs", "driver", HAZARD_ALWAYS,
		N_("it shows neither streams nor 8.3 names of files, and both would be lost; use ntfs-3g") },
	{ "vfat exfat", "sys_immutable", HAZARD_PRESENT,
		N_("system files such as the registry cannot be replaced") },
	{ "vfat exfat", "iocharset", HAZARD_CHARSET,
		N_("names outside that character set are changed or not listed") },
	{ "vfat", "uni_xlate", HAZARD_PRESENT, N_("letters of names are shown as numbers") },
	{ "vfat", "nonumtail", HAZARD_PRESENT,
		N_("new files get other 8.3 names than Windows would give") },
	{ "vfat msdos", "dots", HAZARD_PRESENT, N_("hidden files are shown under other names") },
	{ "vfat msdos", "dotsOK", HAZARD_PRESENT, N_("hidden files are shown under other names") },
	{ "msdos", "msdos", HAZARD_ALWAYS,
		N_("long names are not shown and would be lost; mount it as vfat") },
};

/* A file of /proc as a string of at most limit bytes; its length is the array's length less one.
 * NULL if it cannot be read. */
static char *proc_read(TALLOC_CTX *mem, const char *name, size_t limit)
{
	FILE *file = fopen(name, "re");
	char *bytes = file ? memory_array(mem, 1, limit + 1) : NULL;
	size_t len = bytes ? fread(bytes, 1, limit, file) : 0;

	if (bytes && ferror(file))
		TALLOC_FREE(bytes);
	if (file)
		fclose(file);
	if (!bytes)
		return NULL;
	bytes[len] = '\0';
	return memory_array_grow(mem, bytes, 1, len + 1);
}

/* Takes the next field off *rest; blanks, tabs, line ends and backslashes in it stand as three
 * octal digits. NULL at the end. */
static char *field_next(char **rest)
{
	char *field = *rest && **rest ? strsep(rest, " ") : NULL, *out = field;

	for (const char *at = field; at && *at; at++) {
		if (*at == '\\' && strspn(at + 1, "01234567") >= 3) {
			*out++ = (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0'));
			at += 3;
		} else {
			*out++ = *at;
		}
	}
	if (field)
		*out = '\0';
	return field;
}

/* ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - FS SOURCE SUPER */
static struct mount_line *line_parse(TALLOC_CTX *mem, const char *line, size_t len)
{
	struct mount_line *mount = talloc_zero(mem, struct mount_line);
	char *rest = mount ? talloc_strndup(mount, line, len) : NULL;
	const char *tag;

	(void)field_next(&rest);
	(void)field_next(&rest);
	if (rest) {
		mount->device = field_next(&rest);
		mount->root = field_next(&rest);
		mount->mount_point = field_next(&rest);
		mount->options = field_next(&rest);
		while ((tag = field_next(&rest)) && strcmp(tag, "-") != 0)
			;
		mount->fs = field_next(&rest);
		mount->source = field_next(&rest);
		mount->super_options = field_next(&rest);
	}
	if (mount && !mount->super_options)
		TALLOC_FREE(mount);
	return mount;
}

struct mount_line *mount_line_find(TALLOC_CTX *mem, const char *mountinfo, int mount_id)
{
	for (const char *line = mountinfo; line && *line;) {
		const char *end = strchrnul(line, '\n');

		if (strtol(line, NULL, 10) == mount_id)
			return line_parse(mem, line, (size_t)(end - line));
		line = *end ? end + 1 : NULL;
	}
	return NULL;
}

int mount_id(int fd)
{
	char name[40], *info, *id;
	int number;

	snprintf(name, sizeof name, "/proc/self/fdinfo/%d", fd);
	info = proc_read(NULL, name, 4096);
	id = info ? strstr(info, "mnt_id:") : NULL;
	number = id ? (int)strtol(id + strlen("mnt_id:"), NULL, 10) : -1;
	talloc_free(info);
	return number;
}

struct mount_line *mount_of(TALLOC_CTX *mem, int fd)
{
	int id = mount_id(fd);
	char *all = id < 0 ? NULL : proc_read(mem, "/proc/self/mountinfo", 16 << 20);

	return all ? mount_line_find(mem, all, id) : NULL;
}

static bool word_in(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

/* The value of an option ("" if it has none) and its length; NULL if it is not given. The last one
 * counts. */
static const char *option_find(const char *options, const char *name, size_t *len)
{
	size_t name_len = strlen(name);
	const char *found = NULL;

	while (*options) {
		size_t all = strcspn(options, ",");
		if (all >= name_len && strncmp(options, name, name_len) == 0 &&
			(all == name_len || options[name_len] == '=')) {
			found = options + name_len + (all > name_len);
			*len = all - name_len - (all > name_len);
		}
		options += all;
		if (*options == ',')
			options++;
	}
	return found;
}

static bool option_on(const char *options, const char *name)
{
	size_t len = 0;
	const char *value = option_find(options, name, &len);

	return value && !(len == 1 && *value == '0') && !(len == 2 && strncmp(value, "no", 2) == 0);
}

static bool hazard_applies(const struct hazard_row *row, const char *options)
{
	size_t len = 0;
	const char *value;

	switch (row->rule) {
	case HAZARD_ALWAYS:
		return true;
	case HAZARD_PRESENT:
		return option_on(options, row->option);
	case HAZARD_STREAMS:
		value = option_find(options, row->option, &len);
		return value && !(len == 5 && strncmp(value, "xattr", 5) == 0);
	case HAZARD_CHARSET:
		value = option_find(options, row->option, &len);
		return value && !(len == 4 && strncmp(value, "utf8", 4) == 0) &&
			!option_on(options, "utf8");
	}
	return false;
}

char *mount_hazard(TALLOC_CTX *mem, const char *fs, const char *options)
{
	for (size_t i = 0; i < ARRAY_SIZE(hazard_rows); i++)
		if (word_in(hazard_rows[i].fs, fs) && hazard_applies(&hazard_rows[i], options))
			return talloc_asprintf(mem, "%s: %s", hazard_rows[i].option,
				_(hazard_rows[i].why));
	return NULL;
}

static const char *leaf_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_ntfs_3g(const char *program)
{
	static const char *const names[] = { "ntfs-3g", "lowntfs-3g", "mount.ntfs-3g",
		"mount.lowntfs-3g", "mount.ntfs" };
	const char *leaf = leaf_of(program);

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(leaf, names[i]) == 0)
			return true;
	return false;
}

/* An argument that names the mount point in full. */
static bool is_point(const char *arg, const char *mount_point)
{
	char *real;
	bool same;

	if (*arg != '/')
		return false;
	if (strcmp(arg, mount_point) == 0)
		return true;
	real = realpath(arg, NULL);
	same = real && strcmp(real, mount_point) == 0;
	free(real);
	return same;
}

/* An argument that may name it, relative to a folder that is not known any more. */
static bool may_be(const char *arg, const char *path)
{
	return *arg != '/' && strcmp(leaf_of(arg), leaf_of(path)) == 0;
}

char *mount_command_options(TALLOC_CTX *mem, const char *command, size_t len,
	const struct mount_line *mount)
{
	const char *end = command + len;
	bool source = false, point = false, certain = false, next = false;
	char *options = talloc_strdup(mem, "");

	if (len == 0 || end[0] != '\0' || !is_ntfs_3g(command)) {
		talloc_free(options);
		return NULL;
	}
	for (const char *arg = command + strlen(command) + 1; options && arg < end;
		arg += strlen(arg) + 1) {
		bool joined = strncmp(arg, "-o", 2) == 0 && arg[2];
		if (next || joined)
			options = talloc_asprintf_append(options, ",%s", joined ? arg + 2 : arg);
		source = source || may_be(arg, mount->source) || strcmp(arg, mount->source) == 0;
		point = point || may_be(arg, mount->mount_point);
		certain = certain || is_point(arg, mount->mount_point);
		next = strcmp(arg, "-o") == 0;
	}
	if (certain || (source && point))
		return options;
	talloc_free(options);
	return NULL;
}

char *mount_daemon_options(TALLOC_CTX *mem, const struct mount_line *mount)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char *options = NULL;

	while (proc && !options && (entry = readdir(proc))) {
		char name[300], *command;
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(name, sizeof name, "/proc/%s/cmdline", entry->d_name);
		command = proc_read(mem, name, 65536);
		if (command)
			options = mount_command_options(mem, command,
				talloc_array_length(command) - 1, mount);
		talloc_free(command);
	}
	if (proc)
		closedir(proc);
	return options;
}
