/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * edithive SYSTEM OUT: leads every value of three services from C: to E: with the smallest change,
 * and prints how many characters that was. `cmp -l SYSTEM OUT` says how many bytes differ.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nt/regf_edit.h"

#define BENCH_NOW UINT64_C(125900000000000000)

static const struct {
	const char *key, *value;
} places[] = {
	{ "ControlSet001\\Services\\MSExchangeMSMI", "ImagePath" },
	{ "ControlSet001\\Services\\MSExchangeMSMI\\Performance", "Library" },
	{ "ControlSet001\\Services\\MSExchangePCMTA", "ImagePath" },
	{ "ControlSet001\\Services\\MSExchangePCMTA\\Performance", "Library" },
	{ "ControlSet001\\Services\\MTA to Vancouver PO", "ImagePath" },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

static uint8_t *file_read(TALLOC_CTX *mem, const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes;
	long size;

	if (!file || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0)
		return NULL;
	rewind(file);
	*len = (size_t)size;
	bytes = talloc_size(mem, *len);
	if (bytes && fread(bytes, 1, *len, file) != *len)
		bytes = NULL;
	fclose(file);
	return bytes;
}

/* The same value with the drive letter E. */
static int edit_make(TALLOC_CTX *mem, struct regf *hive, size_t i, struct reg_edit *edit,
	struct error *err)
{
	struct reg_value *value = NULL;
	regf_key key = 0;
	int ret = regf_find(hive, places[i].key, &key, err);

	if (ret == 0 && key)
		ret = regf_value(hive, mem, key, places[i].value, &value, err);
	if (ret == 0 && (!value || value->data.len == 0 || value->data.bytes[0] != 'C'))
		ret = error_set(err, TROUBLE_NOT_THERE, "no such value: %s\\%s", places[i].key,
			places[i].value);
	if (ret != 0)
		return ret;
	value->data.bytes[0] = 'E';
	*edit = (struct reg_edit){ places[i].key, places[i].value, &value->data };
	return 0;
}

static int edit_all(TALLOC_CTX *mem, const char *from, const char *to, struct error *err)
{
	struct reg_edit edits[PLACES];
	struct regf_edited edited;
	struct regf *hive;
	FILE *file;
	size_t len = 0;
	uint8_t *bytes = file_read(mem, from, &len);
	int ret = bytes ? regf_open_bytes(mem, from, bytes, len, &hive, err)
			: error_set(err, TROUBLE_IO, "cannot read %s", from);

	for (size_t i = 0; ret == 0 && i < PLACES; i++)
		ret = edit_make(mem, hive, i, &edits[i], err);
	if (ret == 0)
		ret = regf_edit(mem, hive, bytes, len, edits, PLACES, BENCH_NOW, &edited, err);
	if (ret != 0)
		return ret;
	file = fopen(to, "wb");
	if (!file || fwrite(edited.bytes, 1, edited.len, file) != edited.len || fclose(file) != 0)
		return error_set(err, TROUBLE_IO, "cannot write %s", to);
	printf("%d\n", PLACES);
	return 0;
}

int main(int argc, char *argv[])
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err;
	int ret;

	if (argc != 3)
		return 64;
	ret = edit_all(mem, argv[1], argv[2], &err);
	if (ret != 0)
		fprintf(stderr, "edithive: %s\n", err.text);
	talloc_free(mem);
	return ret != 0;
}
