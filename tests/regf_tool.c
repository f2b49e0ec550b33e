/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lets shell tests build, change and check hives, so that other programs can judge them.
 *
 *   regf_tool build OUT                              a small SYSTEM hive
 *   regf_tool check FILE                             gate and walk; the sentence on failure
 *   regf_tool edit IN OUT {set KEY NAME TYPE HEX | del KEY NAME}...
 *   regf_tool diff A B                               a line per difference: key|value
 *   regf_tool rebuild IN OUT {drop KEY | move KEY KEY | add KEY NAME TYPE HEX}...
 *                                                    the same keys and values laid out anew, but
 *                                                    for these
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "nt/regf_build.h"
#include "nt/regf_edit.h"

#define TIME 0x01bf53eb256d4000ULL /* 2000-01-01 00:00 UTC */

enum { EDITS = 32 };

static int complain(const char *text)
{
	fprintf(stderr, "regf_tool: %s\n", text);
	return 1;
}

static uint8_t *file_read(TALLOC_CTX *mem, const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = NULL;
	if (file == NULL || fseek(file, 0, SEEK_END) != 0)
		exit(complain("cannot read the file"));
	long size = ftell(file);
	rewind(file);
	bytes = talloc_size(mem, (size_t)size + 1);
	*len = fread(bytes, 1, (size_t)size, file);
	fclose(file);
	return bytes;
}

static int file_write(const char *path, const uint8_t *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");
	if (file == NULL || fwrite(bytes, 1, len, file) != len || fclose(file) != 0)
		return complain("cannot write the file");
	return 0;
}

struct entry {
	const char *key, *name;
	uint32_t type;
	const char *hex;
};

/* Two ImagePaths "C:\a b" and "D:\x", a list of two strings, a number, bytes, an empty value, a
 * default value. */
static const struct entry entries[] = {
	{ "Select", "Default", 4, "01000000" },
	{ "ControlSet001\\Services\\MSExchangeMSMI", "ImagePath", 2,
		"43003a005c006100200062000000" },
	{ "ControlSet001\\Services\\PCMTA one", "ImagePath", 1, "44003a005c0078000000" },
	{ "ControlSet001\\Services\\PCMTA one", "Caf\xc3\xa9", 3, "0102030405" },
	{ "ControlSet001\\Services\\LanmanServer\\Shares", "Maildat$", 7,
		"610000006200000000"
		"00" },
	{ "ControlSet001\\Services\\LanmanServer", "", 1, "78000000" },
};

static int build(TALLOC_CTX *mem, const char *path)
{
	struct regf_build *made = regf_build_new(mem, "SYSTEM", "SYSTEM", TIME);
	struct error err = { 0 };
	uint8_t *bytes;
	size_t len;
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		struct reg_data data = { .type = entries[i].type };
		data.bytes = text_unhex(mem, entries[i].hex, &data.len);
		if (regf_build_value(made, entries[i].key, entries[i].name, &data, &err) != 0)
			return complain(err.text);
	}
	for (int i = 0; i < 1100; i++) {
		char key[40];
		snprintf(key, sizeof key, "Many\\Key %04d", i);
		if (regf_build_key(made, key, &err) != 0)
			return complain(err.text);
	}
	if (regf_build_finish(made, mem, &bytes, &len, &err) != 0)
		return complain(err.text);
	return file_write(path, bytes, len);
}

static struct regf *hive_open(TALLOC_CTX *mem, const char *path, uint8_t **bytes, size_t *len)
{
	struct regf *hive;
	struct error err = { 0 };
	*bytes = file_read(mem, path, len);
	if (regf_open_bytes(mem, path, *bytes, *len, &hive, &err) != 0 ||
		regf_check(hive, &err) != 0)
		exit(complain(err.text));
	return hive;
}

static int edit(TALLOC_CTX *mem, int argc, char **argv)
{
	struct reg_edit edits[EDITS];
	struct regf_edited edited;
	struct error err = { 0 };
	uint8_t *bytes;
	size_t len, count = 0;
	struct regf *hive = hive_open(mem, argv[0], &bytes, &len);
	for (int i = 2; i < argc && count < EDITS; count++) {
		bool set = strcmp(argv[i], "set") == 0;
		if (argc - i < (set ? 5 : 3))
			return complain("usage");
		struct reg_data *data = set ? talloc_zero(mem, struct reg_data) : NULL;
		if (set) {
			data->type = (uint32_t)strtoul(argv[i + 3], NULL, 10);
			data->bytes = text_unhex(mem, argv[i + 4], &data->len);
		}
		edits[count] = (struct reg_edit){ argv[i + 1], argv[i + 2], data };
		i += set ? 5 : 3;
	}
	if (regf_edit(mem, hive, bytes, len, edits, count, TIME, &edited, &err) != 0)
		return complain(err.text);
	return file_write(argv[1], edited.bytes, edited.len);
}

static int diff_line(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	(void)arg;
	printf("%c%s|%s\n", a == NULL ? '+' : b == NULL ? '-' : '*', key, value ? value : "(key)");
	return 0;
}

static int diff(TALLOC_CTX *mem, char **argv)
{
	struct error err = { 0 };
	uint8_t *bytes;
	size_t len;
	struct regf *a = hive_open(mem, argv[0], &bytes, &len),
		    *b = hive_open(mem, argv[1], &bytes, &len);
	return regf_diff(a, b, diff_line, NULL, &err) == 0 ? 0 : complain(err.text);
}

/* What is to be different in a hive that is made anew: words, as on the command line. */
struct rebuilding {
	struct regf *from;
	struct regf_build *to;
	char **words;
	int count;
	struct error err;
};

static int words_of(const char *word)
{
	return strcmp(word, "drop") == 0 ? 2 : strcmp(word, "move") == 0 ? 3 : 5;
}

/* Where a key goes: NULL if it is dropped. */
static const char *key_goes(const struct rebuilding *all, const char *path)
{
	for (int i = 0; i < all->count; i += words_of(all->words[i]))
		if (words_of(all->words[i]) < 5 && text_equal(all->words[i + 1], path))
			return words_of(all->words[i]) == 3 ? all->words[i + 2] : NULL;
	return path;
}

static bool copy_key(struct rebuilding *all, TALLOC_CTX *mem, regf_key key, const char *from,
	const char *to)
{
	struct reg_value *values;
	struct regf_subkey *subkeys;
	size_t count;
	bool good = regf_values(all->from, mem, key, &values, &count, &all->err) == 0 &&
		(*to == '\0' || regf_build_key(all->to, to, &all->err) == 0);
	for (size_t i = 0; good && i < count; i++)
		good = regf_build_value(all->to, to, values[i].name, &values[i].data, &all->err) ==
			0;
	good = good && regf_subkeys(all->from, mem, key, &subkeys, &count, &all->err) == 0;
	for (size_t i = 0; good && i < count; i++) {
		char *below =
			talloc_asprintf(mem, "%s%s%s", from, *from ? "\\" : "", subkeys[i].name);
		const char *goes = key_goes(all, below);
		if (goes == below)
			goes = talloc_asprintf(mem, "%s%s%s", to, *to ? "\\" : "", subkeys[i].name);
		good = goes == NULL || copy_key(all, mem, subkeys[i].key, below, goes);
	}
	return good;
}

static int rebuild(TALLOC_CTX *mem, int argc, char **argv)
{
	uint8_t *bytes;
	size_t len;
	struct rebuilding all = { hive_open(mem, argv[0], &bytes, &len),
		regf_build_new(mem, "$$$PROTO.HIV", "SYSTEM", TIME), argv + 2, argc - 2, { 0 } };
	for (int i = 0; i < all.count; i += words_of(all.words[i]))
		if (i + words_of(all.words[i]) > all.count)
			return complain("usage");
	bool good = copy_key(&all, mem, regf_root(all.from), "", "");
	for (int i = 0; good && i < all.count; i += words_of(all.words[i])) {
		char **word = all.words + i;
		if (words_of(*word) < 5)
			continue;
		struct reg_data data = { .type = (uint32_t)strtoul(word[3], NULL, 10) };
		data.bytes = text_unhex(mem, word[4], &data.len);
		good = regf_build_value(all.to, word[1], word[2], &data, &all.err) == 0;
	}
	good = good && regf_build_finish(all.to, mem, &bytes, &len, &all.err) == 0;
	return good ? file_write(argv[1], bytes, len) : complain(all.err.text);
}

int main(int argc, char **argv)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	uint8_t *bytes;
	size_t len;
	int ret;
	if (argc == 3 && strcmp(argv[1], "build") == 0)
		ret = build(mem, argv[2]);
	else if (argc == 3 && strcmp(argv[1], "check") == 0)
		ret = hive_open(mem, argv[2], &bytes, &len) == NULL;
	else if (argc > 3 && strcmp(argv[1], "edit") == 0)
		ret = edit(mem, argc - 2, argv + 2);
	else if (argc > 3 && strcmp(argv[1], "rebuild") == 0)
		ret = rebuild(mem, argc - 2, argv + 2);
	else if (argc == 4 && strcmp(argv[1], "diff") == 0)
		ret = diff(mem, argv + 2);
	else
		ret = complain("usage");
	talloc_free(mem);
	return ret;
}
