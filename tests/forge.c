/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/forge.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/memory.h"
#include "nt/regf.h"
#include "record/journal.h"
#include "tests/cut_tree.h"

/* What a text is replaced by. Registry keys and files of others, ways out of a folder, and what is
 * too much of something. */
static const char *const texts[] = { "", "SYSTEM\\ControlSet001\\Services\\MSExchangeMTA",
	"SYSTEM\\ControlSet001\\Control\\Session Manager", "SYSTEM\\Select", "ControlSet002",
	"ImagePath", "registry/MSExchangeMSMI\\ImagePath", "file/Bin\\mt.exe",
	"file/Bin\\..\\..\\boot.ini", "share/Maildat$", "share/C$", "backup/Bin", "C:\\boot.ini",
	"C:\\WINNT\\system32\\config\\SAM", "C:\\WINNT\\system32\\ntoskrnl.exe",
	"E:\\exchsrvr\\connect\\msmcon\\maildata", "E:\\exchsrvr\\connect\\msmcon",
	"C:\\exchsrvr\\CONNECT\\MSMCON", "C:\\", "E:\\", "C:\\WINNT",
	"E:\\exchsrvr\\connect\\msmcon\\bin\\..\\..\\mdbdata", "C:\\exchsrvr", "change", "keep",
	"undecided", "new", "old", "value", "file", "share", "backup", "oldfolder", "REG_DWORD",
	"REG_MULTI_SZ", "0000000000000000000000000000000000000000000000000000000000000000",
	"43003a005c0054004500", "43003a005c00540045004d0050005c0065002e006500780065000000",
	"2038-01-19T03:14:08Z", "repaired", "undone", "aside", "deleted", "run", "decision",
	"begun", "act", "done", "preparing", "end", "undo", "live", "A\nB" };
/* The same text everywhere in the record, so that all of it agrees. */
static const char *const parts[][2] = { { "Services\\\\MSExchangeMSMI",
						"Services\\\\MSExchangeMTA" },
	{ "Services\\\\MSExchangePCMTA", "Services\\\\Disk" }, { "ControlSet001", "ControlSet002" },
	{ "ControlSet001", "ControlSet003" },
	{ "connect\\\\msmcon\\\\bin", "connect\\\\msmcon\\\\maildata" },
	{ "E:\\\\exchsrvr\\\\connect\\\\msmcon\\\\bin", "C:\\\\WINNT\\\\system32" },
	{ "E:\\\\exchsrvr", "E:\\\\" }, { "C:\\\\exchsrvr\\\\CONNECT\\\\MSMCON", "C:\\\\WINNT" },
	{ "C:\\\\exchsrvr\\\\CONNECT\\\\MSMCON", "E:\\\\exchsrvr\\\\connect\\\\msmcon" },
	{ "Maildat$", "C$" }, { "ImagePath", "ObjectName" }, { "ImagePath", "Start" },
	{ "REG_EXPAND_SZ", "REG_SZ" }, { "mt.exe", "..\\\\mt.exe" },
	{ "mt.exe", "..\\\\maildata\\\\glb\\\\master.glb" },
	{ "Legacy Mail Connector", "MSExchangeIS" }, { "Legacy Mail Connector", "Select" },
	{ "\"before\"", "\"after\"" }, { "EventLog\\\\Application", "EventLog\\\\System" },
	{ "MAIL1", "MAIL2" }, { "C:\\\\WINNT\\\\system32\\\\config", "C:\\\\exchsrvr\\\\bin" },
	{ "bin.q240208-", "maildata.q240208-" }, { ".q240208-", "-" },
	{ "config\\\\SYSTEM", "config\\\\SOFTWARE" }, { "5.5 SP2", "5.0 SP1" },
	{ "\"disks\"", "\"practice\"" }, { "\"new\"", "\"old\"" } };
static const char *const folders[] = { "C:\\WINNT", "C:\\exchsrvr\\bin", "C:\\exchsrvr\\CONNECT",
	"C:\\WINNT\\system32\\config" };
static const char *const evil[] = { "C:\\TEMP\\evil.exe",
	"E:\\exchsrvr\\connect\\msmcon\\bin\\..\\..\\..\\evil.exe", "C:\\exchsrvr\\bin\\emsmta.exe",
	"E:\\exchsrvr\\connect\\msmcon\\maildata\\evil.exe", "C:\\WINNT", "" };
/* What the two sides of a change may claim instead: value, the other side, nothing. */
enum side_forgery { SIDE_BEFORE, SIDE_AFTER, SIDE_BOTH, SIDE_SWAPPED, SIDE_FORGERIES };

enum {
	TEXTS = ARRAY_SIZE(texts),
	PARTS = ARRAY_SIZE(parts),
	FOLDERS = 2 * ARRAY_SIZE(folders),
	EVIL = ARRAY_SIZE(evil),
	NUMBERS = 6,
	ENTRY_WAYS = 4,
	LEAF_WAYS = 60,
	IMAGE_WAYS = 3,
	IMAGES = 3
};
static const char *const images[IMAGES] = { "SYSTEM", "SYSTEM.ALT", "SYSTEM.LOG" };

struct forge {
	json_t *entries;
	size_t leaves;
	char *folder;
};

static void die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

/* ---- places ---- */

/* The leaf'th member or element below json, depth first; its parent and where it stands there. */
struct place {
	size_t left;
	json_t *parent, *at;
	const char *key;
	size_t index;
};

static bool find(json_t *json, struct place *place)
{
	const char *key;
	json_t *child;
	size_t i;

	json_object_foreach (json, key, child) {
		if (place->left-- == 0) {
			place->parent = json, place->at = child, place->key = key;
			return true;
		}
		if (find(child, place))
			return true;
	}
	json_array_foreach (json, i, child) {
		if (!json_is_object(child) && !json_is_array(child) && place->left-- == 0) {
			place->parent = json, place->at = child, place->index = i;
			return true;
		}
		if ((json_is_object(child) || json_is_array(child)) && find(child, place))
			return true;
	}
	return false;
}

static size_t leaves_of(json_t *entries)
{
	struct place place = { .left = SIZE_MAX / 2 };

	(void)find(entries, &place);
	return SIZE_MAX / 2 - place.left;
}

static void put(const struct place *place, json_t *new)
{
	if (place->key ? json_object_set_new(place->parent, place->key, new)
		       : json_array_set_new(place->parent, place->index, new))
		die("a forgery cannot be put in its place");
}

/* ---- forgeries ---- */

static json_t *other_number(json_int_t was, size_t way)
{
	const json_int_t numbers[NUMBERS] = { 0, was + 1, was - 1, -1, INT64_MAX, was * 2 + 7 };

	return json_integer(numbers[way % NUMBERS]);
}

static void leaf_forge(json_t *entries, size_t leaf, size_t way, char told[FORGE_TOLD])
{
	struct place place = { .left = leaf };
	char *was;

	if (!find(entries, &place))
		die("no such leaf");
	was = json_dumps(place.at, JSON_ENCODE_ANY | JSON_COMPACT);
	(void)snprintf(told, FORGE_TOLD, "%s was %.150s", place.key ? place.key : "an element",
		was);
	free(was);
	if (way == LEAF_WAYS - 1 && place.key)
		(void)json_object_del(place.parent, place.key);
	else if (way == LEAF_WAYS - 1)
		(void)json_array_remove(place.parent, place.index);
	else if (way == LEAF_WAYS - 2)
		put(&place, json_is_string(place.at) ? json_integer(1) : json_string("1"));
	else if (way == LEAF_WAYS - 3)
		put(&place, json_is_object(place.at) ? json_array() : json_object());
	else if (way == LEAF_WAYS - 4)
		put(&place, json_null());
	else if (json_is_integer(place.at))
		put(&place, other_number(json_integer_value(place.at), way));
	else if (json_is_boolean(place.at))
		put(&place, json_boolean(!json_is_true(place.at)));
	else
		put(&place, json_string(texts[way % TEXTS]));
}

static void entry_forge(json_t *entries, size_t entry, size_t way, char told[FORGE_TOLD])
{
	json_t *it = json_incref(json_array_get(entries, entry));

	static const char *const ways[ENTRY_WAYS] = { "removed", "doubled", "a place later",
		"at the end again" };

	(void)snprintf(told, FORGE_TOLD, "entry %zu (%s) %s", entry + 1, entry_what(it), ways[way]);
	if (way == 0 || way == 2)
		(void)json_array_remove(entries, entry);
	if (way == 1)
		(void)json_array_insert_new(entries, entry, json_deep_copy(it));
	if (way == 2)
		(void)json_array_insert_new(entries,
			entry < json_array_size(entries) ? entry + 1 : entry, json_deep_copy(it));
	if (way == 3)
		(void)json_array_append_new(entries, json_deep_copy(it));
	json_decref(it);
}

void forge_side(json_t *side, const char *text)
{
	char hex[1024] = "";

	if (!json_is_object(side) || !json_object_get(side, "hex"))
		return;
	for (size_t i = 0; i <= strlen(text); i++)
		(void)snprintf(hex + 4 * i, 5, "%02x00", (unsigned char)text[i]);
	json_object_set_new(side, "text", json_string(text));
	json_object_set_new(side, "hex", json_string(hex));
}

/* The old folder, or the name it was given, is another folder. */
static void folder_forge(json_t *entries, size_t way, char told[FORGE_TOLD])
{
	const char *member = way % 2 ? "target" : "source", *folder = folders[way / 2];
	json_t *entry, *change;
	size_t i, k;

	(void)snprintf(told, FORGE_TOLD, "the old folder's %s is %s", member, folder);
	json_array_foreach (entries, i, entry)
		json_array_foreach (json_object_get(entry, "changes"), k, change)
			if (json_is_object(change) && json_object_get(change, member))
				json_object_set_new(change, member, json_string(folder));
}

static void side_forge(json_t *entries, size_t entry, size_t way, char told[FORGE_TOLD])
{
	json_t *it = json_array_get(entries, entry), *change = json_object_get(it, "change");
	json_t *before = json_object_get(change, "before"),
	       *after = json_object_get(change, "after");
	const char *text = evil[way / SIDE_FORGERIES];

	(void)snprintf(told, FORGE_TOLD, "sides %zu of entry %zu, %s", way % SIDE_FORGERIES,
		entry + 1, text);
	switch ((enum side_forgery)(way % SIDE_FORGERIES)) {
	case SIDE_SWAPPED:
		json_incref(before);
		json_object_set(change, "before", after);
		json_object_set_new(change, "after", before);
		break;
	case SIDE_BOTH:
		forge_side(after, text);
		forge_side(before, text);
		break;
	case SIDE_BEFORE:
		forge_side(before, text);
		break;
	default:
		forge_side(after, text);
	}
}

static void smart_write(struct forge *forge, json_t **entries, size_t way, const char *folder,
	char told[FORGE_TOLD])
{
	char path[4096];

	(void)snprintf(path, sizeof path, "%s/before/SYSTEM", forge->folder);
	if (!smart_forge(entries, way, path, told))
		return;
	(void)snprintf(path, sizeof path, "%s/before/SYSTEM", folder);
	if (unlink(path))
		die("a saved file cannot be removed");
}

static json_t *part_forge(json_t *entries, size_t part, char told[FORGE_TOLD])
{
	char *text = json_dumps(entries, JSON_COMPACT), *out = NULL, *at = text;
	size_t len = 0, old = strlen(parts[part][0]), new = strlen(parts[part][1]);
	FILE *file = open_memstream(&out, &len);
	json_t *made;

	(void)snprintf(told, FORGE_TOLD, "%s is %s everywhere", parts[part][0], parts[part][1]);
	for (char *next; (next = strstr(at, parts[part][0])); at = next + old) {
		fwrite(at, 1, (size_t)(next - at), file);
		fwrite(parts[part][1], 1, new, file);
	}
	fputs(at, file);
	fclose(file);
	made = json_loads(out, 0, NULL);
	free(out);
	free(text);
	return made;
}

/* ---- writing ---- */

static void text_write(const char *folder, const char *name, const char *bytes, size_t len)
{
	char path[4096];
	FILE *file;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "w");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file))
		die("a forgery cannot be written");
}

static void entries_write(json_t *entries, const char *folder)
{
	char *out = NULL;
	size_t len = 0, i;
	FILE *file = open_memstream(&out, &len);
	json_t *entry;

	json_array_foreach (entries, i, entry) {
		char *line;

		if (!json_is_object(entry))
			continue;
		json_object_del(entry, "crc");
		if (json_integer_value(json_object_get(entry, "n")))
			json_object_set_new(entry, "n", json_integer((json_int_t)i + 1));
		line = json_dumps(entry, JSON_COMPACT);
		line[strlen(line) - 1] = '\0';
		fprintf(file, "%s,\"crc\":\"%08x\"}\n", line, line_crc(line, strlen(line)));
		free(line);
	}
	fclose(file);
	text_write(folder, JOURNAL_FILE, out, len);
	free(out);
}

/* The saved registry file says something else: a name of another service's file, or it is cut off,
 * or of another. All sums agree with it. */
static void image_forge(struct forge *forge, json_t *entries, size_t number, const char *folder,
	char told[FORGE_TOLD])
{
	static const char was[] = "S\0y\0s\0t\0e\0m\0003\0002\0\\\0d\0r\0i\0v\0e\0r\0s\0";
	const char *name = images[number / IMAGE_WAYS];
	const char *was_hex;
	char path[4096], hex[65], *sums;
	size_t len, sums_len;
	uint8_t *bytes, *found;
	struct digest digest;
	json_t *files = NULL, *entry;
	size_t i;

	(void)snprintf(path, sizeof path, "%s/before/%s", forge->folder, name);
	(void)snprintf(told, FORGE_TOLD, "the saved %s, way %zu", name, number % IMAGE_WAYS);
	bytes = tree_read(path, &len);
	if (!bytes)
		return;
	found = memmem(bytes, len, was, sizeof was - 1);
	if (number % IMAGE_WAYS == 0 && found)
		found[0] = 'X';
	else if (number % IMAGE_WAYS == 0 && strcmp(name, "SYSTEM.LOG") != 0)
		die("the saved file has nothing to be forged");
	if (number % IMAGE_WAYS == 1)
		len /= 2;
	if (number % IMAGE_WAYS == 2)
		bytes[len / 2] ^= 1;
	json_array_foreach (entries, i, entry)
		if (entry_is(entry, JOURNAL_SAVED))
			files = json_object_get(entry, "files");
	(void)snprintf(path, sizeof path, "before/%s", name);
	text_write(folder, path, (char *)bytes, len);
	digest = digest_of(bytes, len);
	digest_text(&digest, hex);
	free(bytes);
	(void)snprintf(path, sizeof path, "%s/before/SHA256SUMS", folder);
	sums = (char *)tree_read(path, &sums_len);
	was_hex = json_string_value(json_object_get(files, name));
	for (char *line = sums; line && was_hex; line++) {
		line = memmem(line, sums_len - (size_t)(line - sums), was_hex, 64);
		if (!line)
			break;
		memcpy(line, hex, 64);
	}
	if (sums && was_hex) {
		text_write(folder, "before/SHA256SUMS", sums, sums_len);
		/* The first act that wrote to it found the same. */
		json_array_foreach (entries, i, entry)
			if (entry_says(json_object_get(entry, "found"), name, was_hex))
				json_object_set_new(json_object_get(entry, "found"), name,
					json_string(hex));
		json_object_set_new(files, name, json_string(hex));
	}
	free(sums);
}

/* ---- the numbers ---- */

static int forge_end(struct forge *forge)
{
	json_decref(forge->entries);
	return 0;
}

struct forge *forge_read(const void *mem, const char *folder)
{
	struct forge *forge = talloc_zero(mem, struct forge);
	char path[4096], *bytes;
	size_t len, good;

	(void)snprintf(path, sizeof path, "%s/%s", folder, JOURNAL_FILE);
	bytes = (char *)tree_read(path, &len);
	if (!bytes || journal_parse(bytes, len, &forge->entries, &good, NULL))
		die("no journal to forge");
	free(bytes);
	talloc_set_destructor(forge, forge_end);
	forge->leaves = leaves_of(forge->entries);
	forge->folder = talloc_strdup(forge, folder);
	return forge;
}

size_t forge_alike(void)
{
	return PARTS + FOLDERS + IMAGES * IMAGE_WAYS + smart_count();
}

size_t forge_count(const struct forge *forge)
{
	size_t entries = json_array_size(forge->entries);

	return forge_alike() + entries * ENTRY_WAYS + entries * (EVIL * SIDE_FORGERIES) +
		forge->leaves * LEAF_WAYS;
}

void forge_write(struct forge *forge, size_t number, const char *folder, char told[FORGE_TOLD])
{
	json_t *entries = json_deep_copy(forge->entries), *made = NULL;
	size_t count = json_array_size(entries);

	if (number < PARTS)
		made = part_forge(entries, number, told);
	else if ((number -= PARTS) < FOLDERS)
		folder_forge(entries, number, told);
	else if ((number -= FOLDERS) < IMAGES * IMAGE_WAYS)
		image_forge(forge, entries, number, folder, told);
	else if ((number -= IMAGES * IMAGE_WAYS) < smart_count())
		smart_write(forge, &entries, number, folder, told);
	else if ((number -= smart_count()) < count * ENTRY_WAYS)
		entry_forge(entries, number / ENTRY_WAYS, number % ENTRY_WAYS, told);
	else if ((number -= count * ENTRY_WAYS) < count * (EVIL * SIDE_FORGERIES))
		side_forge(entries, number / (EVIL * SIDE_FORGERIES),
			number % (EVIL * SIDE_FORGERIES), told);
	else
		leaf_forge(entries, (number - count * (EVIL * SIDE_FORGERIES)) / LEAF_WAYS,
			(number - count * (EVIL * SIDE_FORGERIES)) % LEAF_WAYS, told);
	entries_write(made ? made : entries, folder);
	json_decref(made);
	json_decref(entries);
}
