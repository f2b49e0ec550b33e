/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which letters the partitions of disk images have. */
#include "server/image_parts.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "nt/sharedef.h"
#include "server/disks.h"

enum { LETTERS = 26 };

#define EXCHANGE_SETUP "SOFTWARE\\Microsoft\\Exchange\\Setup"

/* The parts as drives of one server, those without a letter under one that serves for the look. */
struct look {
	struct image_part *parts;
	size_t count;
	struct image_part *at[LETTERS]; /* NULL: none */
	struct server *server;          /* NULL: there is no registry, or no way to tell which */
	char *root;                     /* Windows, as it says itself: "C:\WINNT"; NULL with it */
	char *exchange;                 /* Exchange, NULL if that is not said */
	char *services;                 /* the key */
	bool lettered,
		several; /* only parts that have letters; they have several Windows folders */
};

/* What the registry names under one letter, and where it was found: a bit for each drive. */
struct tally {
	bool named;
	unsigned there, missing;
	uint32_t all;   /* drives that have all of it that any has */
	uint32_t alone; /* drives that have something of it that no other has */
};

static bool part_may_have_letter(const struct image_part *part)
{
	return part->kind == PART_NTFS || part->kind == PART_FAT;
}

static struct image_part *part_find(struct image_part *parts, size_t count, unsigned disk,
	unsigned number)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].disk == disk && parts[i].number == number)
			return &parts[i];
	return NULL;
}

static const struct image_part *letter_find(const struct image_part *parts, size_t count,
	char letter)
{
	for (size_t i = 0; i < count; i++)
		if (parts[i].letter == letter)
			return &parts[i];
	return NULL;
}

/* ---- what the operator said ---- */

/* "C=1.2" and a comma or the end. */
static bool said_read(const char **at, char *letter, unsigned *disk, unsigned *number)
{
	int len = 0;

	if (sscanf(*at, "%c=%4u.%4u%n", letter, disk, number, &len) != 3 || !len)
		return false;
	*letter = (char)text_upcase((uint8_t)*letter);
	*at += len + ((*at)[len] == ',' && (*at)[len + 1]);
	return *letter >= 'A' && *letter <= 'Z' && ((*at)[0] == '\0' || (*at)[-1] == ',');
}

static int letters_said(struct image_part *parts, size_t count, const char *said, struct error *err)
{
	unsigned disk, number;
	char letter;

	for (const char *at = said; *at;) {
		if (!said_read(&at, &letter, &disk, &number))
			return error_set(err, TROUBLE_USAGE,
				_("Letters are given as drive and partition, for example C=1.1,E=2.1."));
		struct image_part *part = part_find(parts, count, disk, number);
		if (letter_find(parts, count, letter))
			return error_set(err, TROUBLE_USAGE, _("Drive %c: was given twice."),
				letter);
		if (!part || !part->folder)
			return error_set(err, TROUBLE_USAGE,
				_("There is no partition %u.%u that can be a drive."), disk,
				number);
		if (part->letter)
			return error_set(err, TROUBLE_USAGE,
				_("Partition %u.%u was given two letters."), disk, number);
		part->letter = letter;
		part->proof = PART_SAID;
	}
	return 0;
}

/* ---- the registry ---- */

/* first: the part that gets Windows' own letter own. False if there are more than letters. */
static bool look_drives(struct look *look, bool lettered, struct image_part *first, char own)
{
	memset(look->at, 0, sizeof look->at);
	look->lettered = lettered;
	for (size_t i = 0; i < look->count; i++)
		if (look->parts[i].folder && look->parts[i].letter)
			look->at[look->parts[i].letter - 'A'] = &look->parts[i];
	if (first)
		look->at[own - 'A'] = first;
	for (size_t i = 0, next = 2; !lettered && i < look->count; i++) {
		struct image_part *part = &look->parts[i];
		if (!part->folder || part->letter || part == first)
			continue;
		/* From C: on, as Windows does it, so that a sentence about one is mostly right. */
		while (next < LETTERS + 2 && look->at[next % LETTERS])
			next++;
		if (next == LETTERS + 2)
			return false;
		look->at[next % LETTERS] = part;
	}
	return true;
}

/* look->server stays NULL where there is no Windows, or several. */
static int look_open(struct look *look, TALLOC_CTX *mem, const char *nt_folder, struct error *err)
{
	char *drives = talloc_strdup(mem, "");
	struct disks_options options = { .nt_folder = nt_folder };
	int ret;

	for (int i = 0; drives && i < LETTERS; i++)
		if (look->at[i])
			drives = disks_drive_add(drives, (char)('A' + i), look->at[i]->folder);
	if (!drives || !*drives)
		return drives ? 0 : error_memory(err);
	options.drives = drives;
	ret = disks_open(mem, &options, &look->server, err);
	if (ret != 0)
		look->server = NULL;
	look->several |= look->lettered && ret == -TROUBLE_SEVERAL_NT;
	return ret == -TROUBLE_NO_NT || ret == -TROUBLE_SEVERAL_NT ? 0 : ret;
}

/* What the registry says of itself. */
static int look_places(struct look *look, TALLOC_CTX *mem, struct error *err)
{
	char *root, *exchange, *set;
	int ret = server_reg_text(look->server, mem, SERVER_CURRENT_VERSION, "SystemRoot", &root,
		err);

	if (ret == 0)
		ret = server_reg_text(look->server, mem, EXCHANGE_SETUP, "Services", &exchange,
			err);
	if (ret == 0)
		ret = disks_control_set(look->server, mem, &set, err);
	if (ret != 0)
		return ret;
	look->root = path_normal(mem, root);
	look->exchange = path_normal(mem, exchange);
	look->services = talloc_asprintf(mem, "%s\\Services", set);
	if (!look->root)
		look->server = NULL;
	return look->services ? 0 : error_memory(err);
}

/* Windows lies in the folder that was named, on the one part that says so itself. */
static int look_named(struct look *look, TALLOC_CTX *mem, const char *nt_folder, struct error *err)
{
	char *full = path_normal(mem, nt_folder);
	struct look found = *look;
	size_t several = 0;
	int ret = 0;

	for (size_t i = 0; ret == 0 && full && i < look->count; i++) {
		struct image_part *part = &look->parts[i];
		if (!part->folder || part->letter || letter_find(look->parts, look->count, full[0]))
			continue;
		look->server = NULL;
		if (look_drives(look, false, part, full[0]))
			ret = look_open(look, mem, full, err);
		if (ret == 0 && look->server)
			ret = look_places(look, mem, err);
		if (ret == 0 && look->server && path_equal(look->root, full) && several++ == 0)
			found = *look;
	}
	*look = found;
	if (several != 1)
		look->server = NULL;
	return ret;
}

/* Parts that have a letter make a server of their own, whatever the others are. */
static int look_begin(struct look *look, TALLOC_CTX *mem, const char *nt_folder, struct error *err)
{
	const char *wanted = nt_folder;
	int ret;

	(void)look_drives(look, true, NULL, 0);
	ret = look_open(look, mem, nt_folder, err);
	if (ret == 0 && look->server)
		wanted = look->server->id.nt_folder;
	if (ret == 0 && !look->server && nt_folder)
		return look_named(look, mem, nt_folder, err);
	look->server = NULL;
	if (ret == 0 && look_drives(look, false, NULL, 0))
		ret = look_open(look, mem, wanted, err);
	return ret == 0 && look->server ? look_places(look, mem, err) : ret;
}

/* ---- claims: the part that each letter seems to have ---- */

/* A letter that no part has gets its part, if that has none and no other letter claims it. */
static void claims_take(struct look *look, struct image_part *claims[LETTERS],
	enum part_proof proof)
{
	bool good[LETTERS] = { false };

	for (int i = 0; i < LETTERS; i++) {
		good[i] = claims[i] && !claims[i]->letter &&
			!letter_find(look->parts, look->count, (char)('A' + i));
		for (int k = 0; k < LETTERS; k++)
			good[i] = good[i] && (k == i || claims[k] != claims[i]);
	}
	for (int i = 0; i < LETTERS; i++) {
		if (!good[i])
			continue;
		claims[i]->letter = (char)('A' + i);
		claims[i]->proof = proof;
	}
}

/* The part at that place; NULL also where two disks have one signature. */
static struct image_part *part_at(const struct look *look, const struct disk_letter *at)
{
	struct image_part *found = NULL;
	unsigned disk = 0;

	for (size_t i = 0; i < look->count; i++) {
		struct image_part *part = &look->parts[i];
		if (part->signature != at->signature)
			continue;
		if (disk && disk != part->disk)
			return NULL;
		disk = part->disk;
		if (part->offset == at->offset && (!at->length || part->size == at->length))
			found = part;
	}
	return found && found->folder ? found : NULL;
}

/* Of a list that has not Windows' own drive where Windows is, nothing is believed. */
static int letters_kept(struct look *look, TALLOC_CTX *mem, struct error *err)
{
	struct image_part *claims[LETTERS] = { NULL };
	struct disk_letter *letters;
	size_t count;
	int ret = server_letters(look->server, mem, &letters, &count, err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		if (letters[i].signature && !letters[i].set && !letters[i].dynamic)
			claims[letters[i].letter - 'A'] = part_at(look, &letters[i]);
	if (ret == 0 &&
		claims[look->root[0] - 'A'] == look->at[look->server->id.nt_folder[0] - 'A'])
		claims_take(look, claims, PART_KEPT);
	return ret;
}

/* ---- content ---- */

struct paths {
	TALLOC_CTX *mem;
	const struct look *look;
	char **list;
	size_t count;
};

static int paths_add(struct paths *paths, char *path, struct error *err)
{
	return memory_more_text(paths->mem, &paths->list, &paths->count, path) ? 0
									       : error_memory(err);
}

/* The first path of a value, as far as it is a full one outside of Windows' folder. */
static int paths_value(struct paths *paths, const char *text, enum path_form form,
	struct error *err)
{
	size_t count = 0;
	struct path_span *spans =
		text ? path_spans(paths->mem, text, form, paths->look->root, &count) : NULL;

	if (text && !spans)
		return error_memory(err);
	return count && spans[0].full && !path_under(spans[0].full, paths->look->root)
		? paths_add(paths, spans[0].full, err)
		: 0;
}

/* What is below Services: programs, shares, and all that Exchange's own services name. */
static int paths_see(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	struct paths *paths = arg;
	const char *below = key + strlen(paths->look->services);

	if (!value)
		return 0;
	if (text_equal(value->name, "ImagePath"))
		return paths_value(paths, regdata_string(paths->mem, &value->data), PATH_COMMAND,
			err);
	if (text_equal(below, "\\LanmanServer\\Shares"))
		return paths_value(paths, sharedef_field(paths->mem, &value->data, "Path"),
			PATH_PLAIN, err);
	if (strlen(below) > 11 && text_equal_n(below, "\\MSExchange", 11))
		return paths_value(paths, regdata_string(paths->mem, &value->data), PATH_PLAIN,
			err);
	return 0;
}

/* A folder of Exchange that the relocated connector has too, on another drive: that it is missing
 * on Exchange's own drive, or lies elsewhere, tells nothing. */
static bool path_in_doubt(const struct look *look, const char *path)
{
	if (!look->exchange || path[0] != look->exchange[0])
		return false;
	for (const char *at = path; (at = strchr(at, '\\')); at++)
		if (text_equal_n(at, "\\connect", 8) && (!at[8] || at[8] == '\\'))
			return true;
	return path_equal(path, look->exchange);
}

/* Where the path lies, if it is somewhere: not on what has another letter. What cannot be looked at
 * on one drive is left out. */
static void tally_add(struct look *look, struct tally tallies[LETTERS], const char *path)
{
	struct tally *tally = &tallies[path[0] - 'A'];
	char *under = talloc_strdup(look->services, path);
	uint32_t mask = 0;
	bool found, told = under != NULL;

	tally->named = true;
	for (int i = 0; told && i < LETTERS; i++) {
		under[0] = (char)('A' + i);
		if (!look->at[i] || (look->at[i]->letter && look->at[i]->letter != path[0]))
			continue;
		told = look->server->ops->file_stat(look->server, under, under, &found, NULL, NULL,
			       NULL) == 0;
		mask |= told && found ? UINT32_C(1) << i : 0;
	}
	talloc_free(under);
	if (!told || path_in_doubt(look, path))
		return;
	tally->there += mask != 0;
	tally->missing += mask == 0;
	tally->all &= mask ? mask : UINT32_MAX;
	tally->alone |= mask & (mask - 1) ? 0 : mask;
}

static int paths_find(struct look *look, TALLOC_CTX *mem, struct paths *paths, struct error *err)
{
	char *registry = path_join(mem, look->root, "system32\\config\\SYSTEM");
	int ret;

	*paths = (struct paths){ .mem = mem, .look = look };
	ret = paths_add(paths, registry, err);
	if (ret == 0 && look->exchange)
		ret = paths_add(paths, look->exchange, err);
	return ret
		? ret
		: look->server->ops->reg_walk(look->server, look->services, paths_see, paths, err);
}

static void tallies_make(struct look *look, const struct paths *paths,
	struct tally tallies[LETTERS])
{
	for (int i = 0; i < LETTERS; i++)
		tallies[i] = (struct tally){ .all = UINT32_MAX };
	for (size_t i = 0; i < paths->count; i++)
		tally_add(look, tallies, paths->list[i]);
}

/* The one drive on which all is that is anywhere, and something that is nowhere else. Where most of
 * it is nowhere, its disk may not be among these. */
static struct image_part *tally_part(const struct look *look, const struct tally *tally)
{
	for (int i = 0; i < LETTERS; i++)
		if (tally->alone == UINT32_C(1) << i && tally->all & tally->alone &&
			tally->there > tally->missing)
			return look->at[i];
	return NULL;
}

/* Windows' own drive comes first: what lies there as well, as setup's copy of the connector does,
 * speaks against no other letter then. */
static int letters_content(struct look *look, TALLOC_CTX *mem, struct error *err)
{
	struct image_part *claims[LETTERS] = { NULL }, *own[LETTERS] = { NULL };
	const int windows = look->root[0] - 'A';
	struct tally tallies[LETTERS];
	struct paths paths;
	int ret = paths_find(look, mem, &paths, err);

	if (ret != 0)
		return ret;
	tallies_make(look, &paths, tallies);
	tallies[windows].missing = 0;
	own[windows] = tally_part(look, &tallies[windows]);
	claims_take(look, own, PART_CONTENT);
	tallies_make(look, &paths, tallies);
	for (int i = 0; i < LETTERS; i++) {
		claims[i] = tally_part(look, &tallies[i]);
		if (claims[i] && claims[i]->letter)
			claims[i] = NULL;
	}
	claims_take(look, claims, PART_CONTENT);
	return 0;
}

int image_letters(struct image_part *parts, size_t count, const char *said, const char *nt_folder,
	struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct look look = { .parts = parts, .count = count };
	int ret = letters_said(parts, count, said ? said : "", err);

	for (size_t i = 0; ret == 0 && i < count; i++)
		if (parts[i].folder)
			ret = image_part_holds(parts, &parts[i], err);
	if (ret == 0)
		ret = look_begin(&look, tmp, nt_folder, err);
	if (ret == 0 && look.server)
		ret = letters_kept(&look, tmp, err);
	if (ret == 0 && look.server)
		ret = letters_content(&look, tmp, err);
	talloc_free(tmp);
	return ret;
}

/* ---- what is open ---- */

/* Whether the registry names a letter that no part has, or there is no registry. */
static int letter_missing(struct look *look, TALLOC_CTX *mem, bool *missing, struct error *err)
{
	struct tally tallies[LETTERS];
	struct paths paths;
	int ret = look_begin(look, mem, NULL, err);

	*missing = !look->server && !look->several;
	if (ret == 0 && look->server)
		ret = paths_find(look, mem, &paths, err);
	if (ret == 0 && look->server)
		tallies_make(look, &paths, tallies);
	for (int i = 0; ret == 0 && look->server && i < LETTERS; i++)
		*missing |=
			tallies[i].named && !letter_find(look->parts, look->count, (char)('A' + i));
	return ret;
}

/* "2.1 (DATA; exchsrvr)" */
static char *open_text(char *text, const struct image_part *part)
{
	text = talloc_asprintf_append(text, "%s%u.%u", *text ? ", " : "", part->disk, part->number);
	if (text && (*part->label || *part->holds))
		text = talloc_asprintf_append(text, " (%s%s%s)", part->label,
			*part->label && *part->holds ? "; " : "", part->holds);
	return text;
}

int image_letters_open(const struct image_part *parts, size_t count, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct look look = { .parts = talloc_memdup(tmp, parts, count * sizeof *parts),
		.count = count };
	char *text = talloc_strdup(tmp, "");
	const struct image_part *fat = NULL;
	bool said = false, holds = false, missing = false;
	int ret = 0;

	for (size_t i = 0; i < count; i++) {
		said |= parts[i].proof == PART_SAID;
		if (!part_may_have_letter(&parts[i]) || parts[i].letter)
			continue;
		holds |= *parts[i].holds != '\0';
		fat = parts[i].folder ? fat : &parts[i];
		text = text ? open_text(text, &parts[i]) : NULL;
	}
	if (!text || (count && !look.parts))
		ret = error_memory(err);
	else if (*text)
		ret = letter_missing(&look, tmp, &missing, err);
	if (ret == 0 && (missing || (holds && !said)))
		ret = error_set(err, TROUBLE_WHICH_LETTERS,
			_("Nothing proves which drive letters these partitions have: %s."), text);
	if (ret == -TROUBLE_WHICH_LETTERS && fat)
		ret = error_advise(err, ret,
			_("Partition %u.%u is FAT, which only root can mount here: start %s as root, or mount the partitions yourself and name them with --disks."),
			fat->disk, fat->number, text_call());
	talloc_free(tmp);
	return ret;
}
