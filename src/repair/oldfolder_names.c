/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: what in the registry names the default Msmcon, in whatever spelling. In doubt it does. */
#include "repair/oldfolder_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"
#include "nt/path_scan.h"

enum { VARIABLES_DEEP = 4 };

enum named { NAMED_NOT, NAMED_MAYBE, NAMED };

static enum named most(enum named a, enum named b)
{
	return a > b ? a : b;
}

struct search {
	TALLOC_CTX *tmp; /* of one value */
	struct server *server;
	const struct survey *survey;
	const char *leaf[2]; /* the folder's name, long and 8.3; the second may be NULL */
	struct file_identity self;
	bool there;
	const char *services; /* the key of this name in the control set that is walked through */
	/* the value is below it: the account of a service may have variables of its own */
	bool of_service;
	const char *label; /* of its control set, "" for the one that is repaired */
	struct reg_key *environment, *programs;
	size_t found;
	named_fn *tell;
	void *arg;
	struct error *err;
};

/* ---- where one path leads ---- */

static bool in_name(char c)
{
	return scan_letter(c) || (c >= '0' && c <= '9') || (c && strchr("_-~$", c));
}

/* Part for part, each long or 8.3. */
static bool is_default(const struct survey *survey, TALLOC_CTX *mem, const char *path)
{
	size_t parts = path_parts(survey->default_msmcon);
	bool is = path_parts(path) == parts && text_equal_n(path, survey->default_msmcon, 1);

	for (size_t i = 0; is && i < parts; i++) {
		const char *part = path_part(mem, path, i),
			   *other = survey->default_shorts ? survey->default_shorts[i] : NULL;

		is = text_equal(part, path_part(mem, survey->default_msmcon, i)) ||
			(other && text_equal(part, other));
	}
	return is;
}

/* A path from its drive to the folder's name. Judged by what is there, if anything is, else by its
 * text. */
static enum named path_named(const struct search *search, const char *text, size_t len)
{
	char *written = talloc_strndup(search->tmp, text, len),
	     *path = written ? path_settle(search->tmp, written) : NULL;
	bool other_drive = path && !text_equal_n(path, search->survey->default_msmcon, 1), doubt;
	struct file_identity identity;
	struct error why;

	if (!path)
		return NAMED_MAYBE;
	/* A blank may end one path and begin another; a short name may be any folder's. */
	doubt = strpbrk(path, " \t,=~?");
	if (search->there &&
		search->server->ops->identity(search->server, path, &identity, &why) == 0)
		return identity.device == search->self.device &&
				identity.inode == search->self.inode
			? NAMED
			: NAMED_NOT;
	if (is_default(search->survey, search->tmp, path))
		return NAMED;
	for (const char *c = path; !other_drive && *c; c++)
		doubt |= (unsigned char)*c >= 0x80;
	return doubt ? NAMED_MAYBE : NAMED_NOT;
}

/* The folder's name is at text[at, end) as a complete name. What comes before it says whose it
 * is. */
static enum named place_named(const struct search *search, const char *text, size_t at, size_t end)
{
	size_t begin = at;

	while (begin > 0 && !strchr("\n\"<>|*;", text[begin - 1]))
		begin--;
	for (size_t i = at; i-- > begin;) {
		bool after =
			i > begin && (in_name(text[i - 1]) || (unsigned char)text[i - 1] >= 0x80);

		if (scan_letter(text[i]) && text[i + 1] == ':' && scan_separator(text[i + 2]))
			return after ? NAMED_MAYBE : path_named(search, text + i, end - i);
		/* \\SERVER\C$\... is C:\... of that server, which may be this one under another
		 * name. */
		if (i > begin && scan_letter(text[i]) && text[i + 1] == '$' &&
			scan_separator(text[i + 2]) && scan_separator(text[i - 1])) {
			char *local = talloc_asprintf(search->tmp, "%c:%.*s", text[i],
				(int)(end - i - 2), text + i + 2);

			return local ? path_named(search, local, strlen(local)) : NAMED_MAYBE;
		}
	}
	/* A name alone is not a path. */
	return (at > begin && scan_separator(text[at - 1])) || scan_separator(text[end])
		? NAMED_MAYBE
		: NAMED_NOT;
}

/* leaf: the folder's name. */
static enum named leaf_named(const struct search *search, const char *text, const char *leaf)
{
	enum named how = NAMED_NOT;
	size_t len = strlen(leaf);

	for (size_t at = 0; text[at] && how != NAMED; at++) {
		/* The two cases of a letter differ in one bit: few places need a closer look. */
		if (((text[at] ^ leaf[0]) & ~0x20) != 0 || strncasecmp(text + at, leaf, len) != 0 ||
			(at > 0 && (in_name(text[at - 1]) || text[at - 1] == '.')))
			continue;
		if (!in_name(text[at + len + strspn(text + at + len, ".")]))
			how = most(how, place_named(search, text, at, at + len));
	}
	return how;
}

static enum named text_named(const struct search *search, const char *text)
{
	enum named how = leaf_named(search, text, search->leaf[0]);

	return search->leaf[1] ? most(how, leaf_named(search, text, search->leaf[1])) : how;
}

/* ---- variables ---- */

static bool is_called(const char *name, size_t len, const char *other)
{
	return strlen(other) == len && text_equal_n(name, other, len);
}

static const char *value_text(const struct search *search, const struct reg_key *key,
	const char *name, size_t len)
{
	for (size_t i = 0; key && i < key->value_count; i++)
		if (is_called(name, len, key->values[i].name))
			return regdata_string(search->tmp, &key->values[i].data);
	return NULL;
}

static const char *variable(const struct search *search, const char *name, size_t len)
{
	const char *nt_folder = search->survey->id->nt_folder, *value;

	if (is_called(name, len, "SystemRoot") || is_called(name, len, "windir"))
		return nt_folder;
	if (is_called(name, len, "SystemDrive"))
		return talloc_strndup(search->tmp, nt_folder, 2);
	value = value_text(search, search->environment, name, len);
	if (!value && is_called(name, len, "ProgramFiles"))
		value = value_text(search, search->programs, "ProgramFilesDir",
			strlen("ProgramFilesDir"));
	if (!value && is_called(name, len, "CommonProgramFiles"))
		value = value_text(search, search->programs, "CommonFilesDir",
			strlen("CommonFilesDir"));
	return value;
}

/* text with its variables replaced, NULL if it has none; *open if an unknown one is where a path
 * would be. */
static char *expanded(const struct search *search, const char *text, bool *open)
{
	const char *at = text, *first, *last;
	char *out = NULL;

	for (const char *seek = text;
		(first = strchr(seek, '%')) && (last = strchr(first + 1, '%')); seek = last) {
		size_t len = (size_t)(last - first) - 1;
		const char *value =
			len < 64 && scan_letter(first[1]) ? variable(search, first + 1, len) : NULL;

		if (value) {
			out = talloc_asprintf_append(out ? out : talloc_strdup(search->tmp, ""),
				"%.*s%s", (int)(first - at), at, value);
			at = ++last;
			continue;
		}
		for (size_t i = 1; i <= len && (in_name(first[i]) || strchr("()", first[i])); i++)
			*open |= i == len && len > 1 && scan_letter(first[1]) &&
				(scan_separator(last[1]) || first == text ||
					strchr("\n\";= ", first[-1]));
	}
	return out ? talloc_strdup_append(out, at) : NULL;
}

/* ---- values ---- */

static enum named view_named(const struct search *search, char *text, bool is_string)
{
	enum named how;
	bool open = false;

	if (!text)
		return NAMED_MAYBE;
	/* What ends a string ends a path: a control character, or NUL, which is C0 80 in a text. */
	for (unsigned char *c = (unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0xc0 ||
			(*c == 0x80 && c > (unsigned char *)text && c[-1] == '\n'))
			*c = '\n';
	how = text_named(search, text);
	for (int i = 0; how != NAMED && text && i < VARIABLES_DEEP; i++) {
		text = expanded(search, text, &open);
		how = text ? most(how, text_named(search, text)) : how;
	}
	return how == NAMED_NOT && open && is_string && search->of_service ? NAMED_MAYBE : how;
}

/* Numbers mostly are too short for the folder's name, and have no variable. */
static bool is_too_short(const struct search *search, const struct reg_data *data)
{
	return data->len < strlen(search->leaf[0]) &&
		(!search->leaf[1] || data->len < strlen(search->leaf[1])) &&
		(data->len == 0 || !memchr(data->bytes, '%', data->len));
}

/* As bytes, and as UTF-16 at either offset. */
static enum named data_named(const struct search *search, const struct reg_data *data)
{
	bool is_string =
		data->type == REG_SZ || data->type == REG_EXPAND_SZ || data->type == REG_MULTI_SZ;
	enum named how;

	if (is_too_short(search, data))
		return NAMED_NOT;
	how = view_named(search, text_from_latin1(search->tmp, data->bytes, data->len), false);
	how = most(how,
		view_named(search, text_from_utf16(search->tmp, data->bytes, data->len),
			is_string));
	return most(how,
		view_named(search, text_from_utf16(search->tmp, data->bytes + 1, data->len - 1),
			false));
}

/* A key or value may have a path as its own name. */
static enum named name_named(const struct search *search, const char *name)
{
	return strpbrk(name, "\\/") ? view_named(search, talloc_strdup(search->tmp, name), false)
				    : NAMED_NOT;
}

/* value NULL: the key itself. */
static int value_state(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct search *search = arg;
	bool of_service = path_under(key, search->services);
	size_t skip = strlen(search->services) - (of_service ? 0 : strlen("\\Services"));
	const char *below = key + skip + (key[skip] != '\0');
	bool share = value && of_service && text_equal(below, "LanmanServer\\Shares");
	enum named how;
	int ret = 0;

	search->of_service = of_service;
	search->tmp = talloc_new(NULL);
	how = name_named(search, value ? value->name : path_leaf(key));
	if (value)
		how = most(how, data_named(search, &value->data));
	if (how != NAMED_NOT) {
		char *where = talloc_asprintf(search->tmp, "%s%s%s%s%s", search->label,
			share ? "" : below, share || !value ? "" : "\\", value ? value->name : "",
			how == NAMED ? "" : _(" (it may lead there)"));

		search->found++;
		ret = where ? search->tell(search->arg, where, share, err) : error_memory(err);
	}
	TALLOC_FREE(search->tmp);
	return ret;
}

/* ---- keys ---- */

/* The control set, or for a quick look its Services alone. */
static int set_search(struct search *search, TALLOC_CTX *mem, const char *hive, const char *set,
	bool quick)
{
	const struct survey *survey = search->survey;
	const struct server_ops *ops = search->server->ops;
	bool good = (uint32_t)strtoul(set + strlen("ControlSet"), NULL, 10) ==
		survey->select_last_known_good;
	bool first = text_equal(hive, "SYSTEM");
	char *root = talloc_asprintf(mem, "%s\\%s", hive, set),
	     *services = talloc_asprintf(mem, "%s\\%s\\Services", hive, set);
	char *environment =
		talloc_asprintf(mem, "%s\\%s\\Control\\Session Manager\\Environment", hive, set);
	char *label = talloc_asprintf(mem, "%s%s: ", first ? set : root,
		good ? " (Last Known Good)" : "");
	int ret;

	if (!root || !services || !environment || !label)
		return error_memory(search->err);
	search->services = services;
	search->label = first && text_equal(set, survey->control_set) ? "" : label;
	ret = ops->reg_list(search->server, mem, environment, &search->environment, search->err);
	return ret == 0 ? ops->reg_walk(search->server, quick ? services : root, value_state,
				  search, search->err)
			: ret;
}

/* Every control set may be booted: by Default, by Last Known Good, or by anyone who changes
 * Select. */
static int hive_search(struct search *search, const char *hive)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct reg_key *root = NULL;
	int ret = search->server->ops->reg_list(search->server, tmp, hive, &root, search->err);

	for (size_t i = 0; ret == 0 && root && i < root->subkey_count; i++)
		if (strlen(root->subkeys[i]) > strlen("ControlSet") &&
			text_equal_n(root->subkeys[i], "ControlSet", strlen("ControlSet")))
			ret = set_search(search, tmp, hive, root->subkeys[i], false);
	talloc_free(tmp);
	return ret;
}

static void search_whom(struct search *search)
{
	const struct survey *survey = search->survey;
	struct error why;

	search->leaf[0] = path_leaf(survey->default_msmcon);
	search->leaf[1] = survey->default_shorts
		? survey->default_shorts[path_parts(survey->default_msmcon) - 1]
		: NULL;
	search->there = search->server->ops->identity(search->server, survey->default_msmcon,
				&search->self, &why) == 0;
}

bool names_in(struct server *server, const struct survey *survey, const char *text)
{
	struct search search = { .tmp = talloc_new(NULL), .server = server, .survey = survey };
	bool named;

	search_whom(&search);
	named = name_named(&search, text) != NAMED_NOT;
	talloc_free(search.tmp);
	return named;
}

int names_find(struct server *server, const struct survey *survey, bool next, named_fn *tell,
	void *arg, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct search search = { .server = server,
		.survey = survey,
		.tell = tell,
		.arg = arg,
		.err = err };
	int ret;

	search_whom(&search);
	ret = server->ops->reg_list(server, mem, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion",
		&search.programs, err);
	if (ret == 0)
		ret = next ? set_search(&search, mem, "SYSTEM", survey->control_set, true)
			   : hive_search(&search, "SYSTEM");
	/* The second copy is the same as the first. */
	if (ret == 0 && !next && search.found == 0 && (server->caps & SERVER_HIVES))
		ret = hive_search(&search, "SYSTEM.ALT");
	talloc_free(mem);
	return ret;
}
