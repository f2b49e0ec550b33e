/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/cut_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nt/regf.h"

enum {
	NAMES = 4096,
	TREE_ALL_NAMES = 1 << 8, /* beside TREE_...: those that no comparison is about, too */
};

static void die(const char *what, const char *path)
{
	printf("Bail out! %s %s: %s\n", what, path, strerror(errno));
	exit(1);
}

static char *joined(const char *dir, const char *name)
{
	size_t len = strlen(dir) + strlen(name) + 2;
	char *path = malloc(len);

	if (!path)
		die("memory", dir);
	(void)snprintf(path, len, "%s/%s", dir, name);
	return path;
}

uint8_t *tree_read(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	uint8_t *bytes = NULL;
	ssize_t got;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !(bytes = malloc((size_t)st.st_size + 1)))
		die("read", path);
	got = read(fd, bytes, (size_t)st.st_size);
	close(fd);
	if (got != st.st_size)
		die("read", path);
	*len = (size_t)got;
	return bytes;
}

static void write_file(const char *path, const uint8_t *bytes, size_t len, const struct stat *like)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct timespec times[2] = { like->st_atim, like->st_mtim };

	if (fd < 0 || (len && write(fd, bytes, len) != (ssize_t)len) ||
		fchmod(fd, like->st_mode & 07777) || futimens(fd, times) || close(fd))
		die("write", path);
}

/* ---- names of a folder, in order ---- */

struct names {
	char *name[NAMES];
	size_t count;
};

static int name_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool holds_services(const char *folder)
{
	char *path = joined(folder, "practice.json");
	bool holds = access(path, F_OK) == 0;

	free(path);
	return holds;
}

/* Trees of step 1; beside practice.json the mailboxes, which the page of step 5 makes where there
 * are none, and what a cut left of their making. */
static bool is_counted(const char *name, unsigned how, bool practice)
{
	bool mail = practice && (!strcmp(name, "mail") || !strncmp(name, "mail.new-", 9));

	if (how & TREE_ALL_NAMES)
		return true;
	return !mail && ((how & TREE_BACKUPS) || !strstr(name, ".q240208-"));
}

static struct names *names_read(const char *path, unsigned how)
{
	bool practice = holds_services(path);
	struct names *names = calloc(1, sizeof *names);
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!names || !dir)
		die("list", path);
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			!is_counted(entry->d_name, how, practice))
			continue;
		if (names->count == NAMES || !(names->name[names->count++] = strdup(entry->d_name)))
			die("list", path);
	}
	closedir(dir);
	qsort(names->name, names->count, sizeof names->name[0], name_order);
	return names;
}

static void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
	free(names);
}

/* ---- copying ---- */

/* What a repair never writes to need not be copied: most of a server. */
static bool is_lasting(const char *path)
{
	return strcasestr(path, "/maildata/") || strcasestr(path, "/system32/drivers/");
}

static void copy(const char *from, const char *to, bool links)
{
	struct stat st;

	if (lstat(from, &st))
		die("stat", from);
	if (links && S_ISREG(st.st_mode) && is_lasting(from)) {
		if (link(from, to))
			die("link", to);
	} else if (S_ISDIR(st.st_mode)) {
		struct names *names = names_read(from, TREE_ALL_NAMES);
		struct timespec times[2] = { st.st_atim, st.st_mtim };

		if (mkdir(to, 0700))
			die("mkdir", to);
		for (size_t i = 0; i < names->count; i++) {
			char *a = joined(from, names->name[i]), *b = joined(to, names->name[i]);

			copy(a, b, links);
			free(a);
			free(b);
		}
		names_free(names);
		if (chmod(to, st.st_mode & 07777) || utimensat(AT_FDCWD, to, times, 0))
			die("times", to);
	} else {
		size_t len;
		uint8_t *bytes = tree_read(from, &len);

		if (!bytes)
			die("read", from);
		write_file(to, bytes, len, &st);
		free(bytes);
	}
}

void tree_copy(const char *from, const char *to)
{
	copy(from, to, false);
}

void tree_clone(const char *from, const char *to)
{
	copy(from, to, true);
}

/* ---- comparing ---- */

static int any_difference(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	(void)a, (void)b;
	(void)snprintf(arg, 512, "%s \\ %s", key, value ? value : "(key)");
	return 1;
}

static bool hive_same(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
	char difference[1024], const char *path)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char where[512] = "cannot be read";
	struct regf *x, *y;
	bool same = !regf_open_bytes(mem, "a", a, a_len, &x, NULL) &&
		!regf_open_bytes(mem, "b", b, b_len, &y, NULL) && !regf_check(y, NULL) &&
		regf_diff(x, y, any_difference, where, NULL) == 0;

	if (!same)
		(void)snprintf(difference, 1024, "%.400s: %s", path, where);
	talloc_free(mem);
	return same;
}

static bool file_same(const char *a, const char *b, unsigned how, char difference[1024])
{
	size_t a_len, b_len;
	uint8_t *x = tree_read(a, &a_len), *y = tree_read(b, &b_len);
	const char *leaf = strrchr(a, '/') + 1;
	bool hive =
		(how & TREE_MEANING) && (!strcmp(leaf, "SYSTEM") || !strcmp(leaf, "SYSTEM.ALT"));
	bool services = (how & TREE_NO_SERVICES) && !strcmp(leaf, "practice.json");
	bool same = x && y;

	if (same && !services)
		same = hive ? hive_same(x, a_len, y, b_len, difference, b)
			    : a_len == b_len && !memcmp(x, y, a_len);
	if (!same && !hive)
		(void)snprintf(difference, 1024, "%.800s: other bytes", b);
	free(x);
	free(y);
	return same;
}

static bool folder_same(const char *a, const char *b, unsigned how, char difference[1024])
{
	struct names *x = names_read(a, how), *y = names_read(b, how);
	bool same = true;

	for (size_t i = 0; same && (i < x->count || i < y->count); i++) {
		const char *in_a = i < x->count ? x->name[i] : "",
			   *in_b = i < y->count ? y->name[i] : "";
		char *p = joined(a, in_a), *q = joined(b, in_b);

		same = !strcmp(in_a, in_b);
		if (!same)
			(void)snprintf(difference, 1024,
				"%.700s: expected \"%.100s\", there is \"%.100s\"", b, in_a, in_b);
		else
			same = tree_same(p, q, how, difference);
		free(p);
		free(q);
	}
	names_free(x);
	names_free(y);
	return same;
}

bool tree_same(const char *a, const char *b, unsigned how, char difference[1024])
{
	struct stat x, y;
	bool same;

	if (!lstat(a, &x) && !lstat(b, &y) && S_ISREG(x.st_mode) && x.st_ino == y.st_ino &&
		x.st_dev == y.st_dev)
		return true;
	if (lstat(a, &x) || lstat(b, &y) || S_ISDIR(x.st_mode) != S_ISDIR(y.st_mode)) {
		(void)snprintf(difference, 1024, "%.800s: not there, or of another kind", b);
		return false;
	}
	same = S_ISDIR(x.st_mode) ? folder_same(a, b, how, difference)
				  : file_same(a, b, how, difference);
	/* NT counts 100 ns. When services were last stopped and started, and so that folder, is not
	 * the repair's. */
	if (same && (how & TREE_TIMES) && !strstr(b, "/practice.json") && !holds_services(b) &&
		(x.st_mtim.tv_sec != y.st_mtim.tv_sec ||
			x.st_mtim.tv_nsec / 100 != y.st_mtim.tv_nsec / 100)) {
		(void)snprintf(difference, 1024, "%.800s: another time", b);
		return false;
	}
	if (same && (x.st_mode & 07777) != (y.st_mode & 07777)) {
		(void)snprintf(difference, 1024, "%.800s: another mode", b);
		return false;
	}
	return same;
}

/* ---- neither old nor new ---- */

struct values {
	char *text; /* a line for each value that differs */
	size_t len;
};

static int value_note(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	struct values *values = arg;
	char *line;
	int len = asprintf(&line, "\n%s \\ %s\n", key, value ? value : "(key)");

	(void)a, (void)b;
	if (len < 0 || !(values->text = realloc(values->text, values->len + (size_t)len + 1)))
		die("memory", key);
	memcpy(values->text + values->len, line, (size_t)len + 1);
	values->len += (size_t)len;
	free(line);
	return 0;
}

static bool values_differing(TALLOC_CTX *mem, const char *a, struct regf *there,
	struct values *values)
{
	struct regf *regf;
	size_t len;
	uint8_t *bytes = tree_read(a, &len);
	bool good = bytes && !regf_open_bytes(mem, "a", bytes, len, &regf, NULL) &&
		regf_diff(regf, there, value_note, values, NULL) == 0;

	free(bytes);
	return good;
}

/* A value that differs from what it was and from what it is to be is neither. */
static bool hive_between(const char *before, const char *after, const char *path,
	char difference[1024])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct values old = { NULL, 0 }, new = { NULL, 0 };
	struct regf *there;
	size_t len;
	uint8_t *bytes = tree_read(path, &len);
	bool good = bytes && !regf_open_bytes(mem, "there", bytes, len, &there, NULL) &&
		!regf_check(there, NULL) && values_differing(mem, before, there, &old) &&
		values_differing(mem, after, there, &new);

	(void)snprintf(difference, 1024, "%.800s cannot be read", path);
	for (char *line = good ? old.text : NULL, *end; good && line && *line; line = end) {
		end = strchr(line + 1, '\n') + 1;
		if (!new.text || !memmem(new.text, new.len, line, (size_t)(end - line)))
			continue;
		(void)snprintf(difference, 1024, "%.400s: neither old nor new:%.400s", path, line);
		good = false;
	}
	free(old.text);
	free(new.text);
	free(bytes);
	talloc_free(mem);
	return good;
}

static bool is_there(const char *path, bool *folder)
{
	struct stat st;
	bool there = lstat(path, &st) == 0;

	*folder = there && S_ISDIR(st.st_mode);
	return there;
}

static bool is_staged(const char *name)
{
	size_t len = strlen(name);

	return strstr(name, ".q240208-") || (len > 4 && !strcmp(name + len - 4, ".q24")) ||
		(len > 4 && !strcmp(name + len - 4, ".new"));
}

static bool entry_between(const char *before, const char *after, const char *there,
	const char *leaf, char difference[1024])
{
	char ignored[1024];
	bool folder, was = is_there(before, &folder), will = is_there(after, &folder),
		     is = is_there(there, &folder);

	/* Which services run at that moment is no change of the repair's; how they are at the end
	 * is looked at. */
	if ((!is && (!was || !will)) || (is && !strcmp(leaf, "practice.json")))
		return true;
	(void)snprintf(difference, 1024, "%.800s: %s", there,
		is ? "nobody put it there" : "not there");
	if (!is || (!was && !will))
		return is && is_staged(leaf);
	if (folder && was && will)
		return tree_between(before, after, there, difference);
	if (tree_same(was ? before : after, there, TREE_BACKUPS, ignored))
		return true;
	if (was && will && (!strcmp(leaf, "SYSTEM") || !strcmp(leaf, "SYSTEM.ALT")))
		return hive_between(before, after, there, difference);
	if (will && tree_same(after, there, TREE_BACKUPS, ignored))
		return true;
	(void)snprintf(difference, 1024, "%.800s: neither old nor new", there);
	return false;
}

bool tree_between(const char *before, const char *after, const char *there, char difference[1024])
{
	const char *const from[] = { before, after, there };
	bool good = true, folder;

	for (size_t k = 0; good && k < 3; k++) {
		struct names *names = names_read(from[k], 0);

		for (size_t i = 0; good && i < names->count; i++) {
			char *a = joined(before, names->name[i]),
			     *b = joined(after, names->name[i]), *c = joined(there, names->name[i]);

			/* Each name once. */
			if (!(k > 0 && is_there(a, &folder)) && !(k > 1 && is_there(b, &folder)))
				good = entry_between(a, b, c, names->name[i], difference);
			free(a);
			free(b);
			free(c);
		}
		names_free(names);
	}
	return good;
}

/* ---- after a power cut ---- */

/* Whoever was never made to last is empty. */
static void rebuild_file(const char *shadow, const char *key, const char *to)
{
	static const struct stat nothing = { .st_mode = S_IFREG | 0600 };
	char name[136], *from;
	struct stat st;
	uint8_t *bytes;
	size_t len;

	(void)snprintf(name, sizeof name, "f.%s", key);
	from = joined(shadow, name);
	if (!lstat(from, &st) && st.st_nlink > 1) {
		if (link(from, to))
			die("link", to);
		free(from);
		return;
	}
	bytes = tree_read(from, &len);
	write_file(to, bytes, len, bytes && !lstat(from, &st) ? &st : &nothing);
	free(bytes);
	free(from);
}

static void rebuild_folder(const char *shadow, const char *key, const char *to)
{
	char name[136], line[600], child[128], *from;
	FILE *file;

	if (mkdir(to, 0755))
		die("mkdir", to);
	(void)snprintf(name, sizeof name, "d.%s", key);
	from = joined(shadow, name);
	file = fopen(from, "r");
	while (file && fgets(line, sizeof line, file)) {
		char kind, *path;
		int at = 0;

		if (sscanf(line, "%c %127s %n", &kind, child, &at) != 2 || !at)
			die("shadow", from);
		line[strcspn(line, "\n")] = '\0';
		path = joined(to, line + at);
		if (kind == 'd')
			rebuild_folder(shadow, child, path);
		else
			rebuild_file(shadow, child, path);
		free(path);
	}
	if (file)
		fclose(file);
	free(from);
}

void tree_rebuild(const char *shadow, const char *root, const char *to)
{
	struct statx stx;
	char key[128];

	if (statx(AT_FDCWD, root, AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx))
		die("statx", root);
	(void)snprintf(key, sizeof key, "%llu.%lld.%u", (unsigned long long)stx.stx_ino,
		(long long)stx.stx_btime.tv_sec, stx.stx_btime.tv_nsec);
	rebuild_folder(shadow, key, to);
}
