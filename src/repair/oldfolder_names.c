/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Step 6: what in the registry names the default Msmcon, in whatever spelling. In doubt it does. */
#include "repair/oldfolder_internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"

enum { VARIABLES_DEEP = 4 };

enum named { NAMED_NOT, NAMED_MAYBE, NAMED };

struct search {
	TALLOC_CTX *tmp;           /* of one value */
	struct server *server;
	const struct survey *survey;
	const char *leaf[2];       /* the folder's name, long and 8.3; the second may be NULL */
	struct file_identity self;
	bool there;
	const char *services;      /* the key of this name in the control set that is gone through */
	bool of_service;           /* the value is below it: the account of a service may have variables of its own */
	const char *label;         /* of its control set, "" for the one that is repaired */
	struct reg_key *environment, *programs;
	size_t found;
	named_fn *tell;
	void *arg;
	struct error *err;
};

/* ---- where one path leads ---- */

static bool is_separator(char c)
{
	return c == '\\' || c == '/';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool in_name(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || (c && strchr("_-~$", c));
}

/* A full path with its dots settled, as Windows does it: "C:\a\..\b." is "C:\b". */
static char *path_settled(TALLOC_CTX *mem, const char *text, size_t len)
{
	char *out = talloc_strndup(mem, text, 2);
	size_t at = 2;

	while (out && at < len) {
		size_t size = 0, kept;

		while (at + size < len && !is_separator(text[at + size]))
			size++;
		for (kept = size; kept && (text[at + kept - 1] == '.' || text[at + kept - 1] == ' ');)
			kept--;
		if (size == 2 && strncmp(text + at, "..", 2) == 0)
			out[strlen(out) > 2 ? (size_t)(strrchr(out, '\\') - out) : 2] = '\0';
		else if (kept)
			out = talloc_asprintf_append(out, "\\%.*s", (int)kept, text + at);
		at += size + 1;
	}
	return out && strlen(out) == 2 ? talloc_strdup_append(out, "\\") : out;
}

/* Part for part, each long or 8.3. */
static bool is_default(const struct survey *survey, TALLOC_CTX *mem, const char *path)
{
	size_t parts = path_parts(survey->default_msmcon);
	bool is = path_parts(path) == parts && text_equal_n(path, survey->default_msmcon, 1);

	for (size_t i = 0; is && i < parts; i++) {
		const char *part = path_part(mem, path, i), *other = survey->default_shorts ? survey->default_shorts[i] : NULL;

		is = text_equal(part, path_part(mem, survey->default_msmcon, i)) || (other && text_equal(part, other));
	}
	return is;
}

/* A path from its drive to the folder's name. Judged by what is there, if anything is, else by its text. */
static enum named path_named(const struct search *search, const char *text, size_t len)
{
	char *path = path_settled(search->tmp, text, len);
	bool other_drive = path && !text_equal_n(path, search->survey->default_msmcon, 1), doubt;
	struct file_identity identity;
	struct error why;

	if (!path)
		return NAMED_MAYBE;
	/* A blank may end one path and begin another; a short name may be any folder's. */
	doubt = strpbrk(path, " \t,=~?") != NULL;
	if (search->there && search->server->ops->identity(search->server, path, &identity, &why) == 0)
		return identity.device == search->self.device && identity.inode == search->self.inode ? NAMED : NAMED_NOT;
	if (is_default(search->survey, search->tmp, path))
		return NAMED;
	for (const char *c = path; !other_drive && *c; c++)
		doubt |= (unsigned char)*c >= 0x80;
	return doubt ? NAMED_MAYBE : NAMED_NOT;
}

/* The folder's name is at text[at, end) as a complete name. What comes before it says whose it is. */
static enum named place_named(const struct search *search, const char *text, size_t at, size_t end)
{
	size_t begin = at;

	while (begin > 0 && !strchr("\n\"<>|*;", text[begin - 1]))
		begin--;
	for (size_t i = at; i-- > begin;) {
		bool after = i > begin && (in_name(text[i - 1]) || (unsigned char)text[i - 1] >= 0x80);

		if (is_letter(text[i]) && text[i + 1] == ':' && is_separator(text[i + 2]))
			return after ? NAMED_MAYBE : path_named(search, text + i, end - i);
		/* \\SERVER\C$\... is C:\... of that server, which may be this one under another name. */
		if (i > begin && is_letter(text[i]) && text[i + 1] == '$' && is_separator(text[i + 2]) && is_separator(text[i - 1])) {
			char *local = talloc_asprintf(search->tmp, "%c:%.*s", text[i], (int)(end - i - 2), text + i + 2);

			return local ? path_named(search, local, strlen(local)) : NAMED_MAYBE;
		}
	}
	/* A name alone is not a path. */
	return (at > begin && is_separator(text[at - 1])) || is_separator(text[end]) ? NAMED_MAYBE : NAMED_NOT;
}

static enum named text_named(const struct search *search, const char *text)
{
	enum named most = NAMED_NOT;

	for (size_t at = 0; text[at] && most != NAMED; at++) {
		for (int i = 0; i < 2 && search->leaf[i]; i++) {
			size_t end = at + strlen(search->leaf[i]), dots;

			if (strncasecmp(text + at, search->leaf[i], end - at) != 0 ||
			    (at > 0 && (in_name(text[at - 1]) || text[at - 1] == '.')))
				continue;
			dots = strspn(text + end, ".");
			if (!in_name(text[end + dots])) {
				enum named how = place_named(search, text, at, end);

				most = how > most ? how : most;
			}
		}
	}
	return most;
}

/* ---- variables ---- */

static const char *variable(const struct search *search, const char *name, size_t len)
{
	const struct server_id *id = search->survey->id;
	static const struct {
		const char *variable, *value;
	} programs[] = { { "ProgramFiles", "ProgramFilesDir" }, { "CommonProgramFiles", "CommonFilesDir" } };

	if (len == 10 && text_equal_n(name, "SystemRoot", len))
		return id->nt_folder;
	if (len == 6 && text_equal_n(name, "windir", len))
		return id->nt_folder;
	if (len == 11 && text_equal_n(name, "SystemDrive", len))
		return talloc_strndup(search->tmp, id->nt_folder, 2);
	for (size_t i = 0; search->environment && i < search->environment->value_count; i++)
		if (strlen(search->environment->values[i].name) == len &&
		    text_equal_n(search->environment->values[i].name, name, len))
			return regdata_string(search->tmp, &search->environment->values[i].data);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; search->programs && i < search->programs->value_count; i++)
			if (strlen(programs[k].variable) == len && text_equal_n(programs[k].variable, name, len) &&
			    text_equal(search->programs->values[i].name, programs[k].value))
				return regdata_string(search->tmp, &search->programs->values[i].data);
	return NULL;
}

/* text with its variables replaced, NULL if it has none; *open if an unknown one is where a path would be. */
static char *expanded(const struct search *search, const char *text, bool *open)
{
	const char *at = text, *first, *last;
	char *out = NULL;

	for (const char *seek = text; (first = strchr(seek, '%')) && (last = strchr(first + 1, '%')); seek = last) {
		size_t len = (size_t)(last - first) - 1;
		const char *value = len < 64 && is_letter(first[1]) ? variable(search, first + 1, len) : NULL;

		if (value) {
			out = talloc_asprintf_append(out ? out : talloc_strdup(search->tmp, ""), "%.*s%s", (int)(first - at), at, value);
			at = ++last;
			continue;
		}
		for (size_t i = 1; i <= len && (in_name(first[i]) || strchr("()", first[i])); i++)
			*open |= i == len && len > 1 && is_letter(first[1]) &&
				 (is_separator(last[1]) || first == text || strchr("\n\";= ", first[-1]));
	}
	return out ? talloc_strdup_append(out, at) : NULL;
}

/* ---- values ---- */

/* The folder's name or a variable is somewhere in it; anything else needs no closer look. */
static bool worth_reading(const struct search *search, const struct reg_data *data)
{
	if (data->len == 0)
		return false;
	if (memchr(data->bytes, '%', data->len))
		return true;
	for (int i = 0; i < 2 && search->leaf[i]; i++) {
		size_t len = strlen(search->leaf[i]);

		for (size_t step = 1; step <= 2; step++)
			for (size_t at = 0; at + (len - 1) * step < data->len; at++) {
				size_t same = 0;

				while (same < len && text_upcase(data->bytes[at + same * step]) ==
							     text_upcase((unsigned char)search->leaf[i][same]))
					same++;
				if (same == len)
					return true;
			}
	}
	return false;
}

static enum named view_named(const struct search *search, char *text, bool is_string)
{
	enum named how;
	bool open = false;

	if (!text)
		return NAMED_MAYBE;
	/* What ends a string ends a path. */
	for (char *c = text; *c; c++) {
		if ((unsigned char)*c == 0xc0)
			*c = '\n';
		if ((unsigned char)*c < ' ' || (c > text && (unsigned char)*c == 0x80 && c[-1] == '\n'))
			*c = '\n';
	}
	how = text_named(search, text);
	for (int i = 0; how != NAMED && text && i < VARIABLES_DEEP; i++) {
		text = expanded(search, text, &open);
		if (text && text_named(search, text) > how)
			how = text_named(search, text);
	}
	return how == NAMED_NOT && open && is_string && search->of_service ? NAMED_MAYBE : how;
}

/* As bytes, and as UTF-16 at either offset. */
static enum named data_named(const struct search *search, const struct reg_data *data)
{
	bool wide = data->type == REG_SZ || data->type == REG_EXPAND_SZ || data->type == REG_MULTI_SZ;
	enum named how[3];

	if (!worth_reading(search, data))
		return NAMED_NOT;
	how[0] = view_named(search, text_from_latin1(search->tmp, data->bytes, data->len), false);
	how[1] = view_named(search, text_from_utf16(search->tmp, data->bytes, data->len), wide);
	how[2] = view_named(search, text_from_utf16(search->tmp, data->bytes + 1, data->len - 1), false);
	return how[0] == NAMED || how[1] == NAMED || how[2] == NAMED ? NAMED : how[0] || how[1] || how[2] ? NAMED_MAYBE : NAMED_NOT;
}

/* A key or value may have a path as its own name. */
static enum named name_named(const struct search *search, const char *name)
{
	return strpbrk(name, "\\/") ? view_named(search, talloc_strdup(search->tmp, name), false) : NAMED_NOT;
}

/* value NULL: the key itself. */
static int value_look(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct search *search = arg;
	bool of_service = search->of_service = path_under(key, search->services);
	size_t skip = strlen(search->services) - (of_service ? 0 : strlen("\\Services"));
	const char *below = key + skip + (key[skip] != '\0');
	bool share = value && of_service && text_equal(below, "LanmanServer\\Shares");
	enum named how, name;
	int ret = 0;

	search->tmp = talloc_new(NULL);
	name = name_named(search, value ? value->name : path_leaf(key));
	how = value ? data_named(search, &value->data) : NAMED_NOT;
	how = name > how ? name : how;
	if (how != NAMED_NOT) {
		char *where = talloc_asprintf(search->tmp, "%s%s%s%s%s", search->label, share ? "" : below, share || !value ? "" : "\\",
					      value ? value->name : "", how == NAMED ? "" : _(" (it may lead there)"));

		search->found++;
		ret = where ? search->tell(search->arg, where, share, err) : error_memory(err);
	}
	TALLOC_FREE(search->tmp);
	return ret;
}

/* ---- keys ---- */

/* The control set, or for a quick look its Services alone. */
static int set_look(struct search *search, TALLOC_CTX *mem, const char *hive, const char *set, bool quick)
{
	const struct survey *survey = search->survey;
	char *root = path_join(mem, hive, set), *environment = root ? path_join(mem, root, "Control\\Session Manager\\Environment") : NULL;
	bool good = (uint32_t)strtoul(set + strlen("ControlSet"), NULL, 10) == survey->select_last_known_good;
	bool own = text_equal(hive, "SYSTEM") && text_equal(set, survey->control_set);
	int ret = environment ? 0 : error_memory(search->err);

	search->services = root ? path_join(mem, root, "Services") : NULL;
	search->label = own ? "" : talloc_asprintf(mem, "%s%s%s%s: ", text_equal(hive, "SYSTEM") ? "" : hive,
						   text_equal(hive, "SYSTEM") ? "" : "\\", set, good ? " (Last Known Good)" : "");
	if (ret == 0)
		ret = search->label && search->services ? search->server->ops->reg_list(search->server, mem, environment, &search->environment, search->err)
				    : error_memory(search->err);
	return ret == 0 ? search->server->ops->reg_walk(search->server, quick ? search->services : root, value_look, search, search->err) : ret;
}

/* Every control set may be booted: by Default, by Last Known Good, or by anyone who changes Select. */
static int hive_look(struct search *search, const char *hive)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct reg_key *root = NULL;
	int ret = search->server->ops->reg_list(search->server, tmp, hive, &root, search->err);

	for (size_t i = 0; ret == 0 && root && i < root->subkey_count; i++)
		if (strlen(root->subkeys[i]) > strlen("ControlSet") &&
		    text_equal_n(root->subkeys[i], "ControlSet", strlen("ControlSet")))
			ret = set_look(search, tmp, hive, root->subkeys[i], false);
	talloc_free(tmp);
	return ret;
}

static void search_whom(struct search *search)
{
	const struct survey *survey = search->survey;
	struct error why;

	search->leaf[0] = path_leaf(survey->default_msmcon);
	search->leaf[1] = survey->default_shorts ? survey->default_shorts[path_parts(survey->default_msmcon) - 1] : NULL;
	search->there = search->server->ops->identity(search->server, survey->default_msmcon, &search->self, &why) == 0;
}

bool names_in(struct server *server, const struct survey *survey, const char *text)
{
	struct search search = { .tmp = talloc_new(NULL), .server = server, .survey = survey };
	bool named;

	if (!strchr(text, '\\') && !strchr(text, '/')) {
		talloc_free(search.tmp);
		return false;
	}
	search_whom(&search);
	named = view_named(&search, talloc_strdup(search.tmp, text), false) != NAMED_NOT;
	talloc_free(search.tmp);
	return named;
}

int names_find(struct server *server, const struct survey *survey, bool next, named_fn *tell, void *arg, struct error *err)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct search search = { .server = server, .survey = survey, .tell = tell, .arg = arg, .err = err };
	int ret;

	search_whom(&search);
	ret = server->ops->reg_list(server, mem, "SOFTWARE\\Microsoft\\Windows\\CurrentVersion", &search.programs, err);
	if (ret == 0)
		ret = next ? set_look(&search, mem, "SYSTEM", survey->control_set, true) : hive_look(&search, "SYSTEM");
	/* The second copy is the same as the first. */
	if (ret == 0 && !next && search.found == 0 && (server->caps & SERVER_HIVES))
		ret = hive_look(&search, "SYSTEM.ALT");
	talloc_free(mem);
	return ret;
}
