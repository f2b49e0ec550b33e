/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096, BASE_END = 512, DEPTH = 16 };

void must(bool holds, const char *sentence)
{
	if (holds)
		return;
	(void)fprintf(stderr, "What must hold does not: %s\n", sentence);
	abort();
}

/* The ranges that base/text.h promises to hide, written down once more. */
static bool harmless(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0xd800 && c < 0xe000) || c > 0x10ffff)
		return false;
	return c != 0x61c && !(c >= 0x200b && c <= 0x200f) && !(c >= 0x2028 && c <= 0x202e) &&
		!(c >= 0x2066 && c <= 0x2069) && c != 0xfeff;
}

/* The length of the sequence that begins with this byte; 0 for none. */
static size_t sequence(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xc2 && lead < 0xe0)
		return 2;
	if (lead >= 0xe0 && lead < 0xf0)
		return 3;
	return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

void must_show(const char *text)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	must(text != NULL, "there is a text to show");
	for (const uint8_t *at = (const uint8_t *)text; *at;) {
		size_t size = sequence(*at);
		uint32_t c = size == 1 ? *at : size ? *at & (0x7fu >> size) : 0;

		must(size > 0, "a shown text is UTF-8");
		for (size_t i = 1; i < size; i++) {
			must((at[i] & 0xc0) == 0x80, "a shown text is UTF-8");
			c = c << 6 | (at[i] & 0x3fu);
		}
		must(c >= least[size] && harmless(c),
			"a shown text holds nothing that could drive a terminal");
		at += size;
	}
}

uint8_t feed_byte(struct feed *feed)
{
	if (!feed->left)
		return 0;
	feed->left--;
	return *feed->bytes++;
}

const uint8_t *feed_bytes(struct feed *feed, size_t *len)
{
	const uint8_t *bytes = feed->bytes;

	*len = *len < feed->left ? *len : feed->left;
	feed->left -= *len;
	feed->bytes += *len;
	return bytes;
}

char *feed_text(TALLOC_CTX *mem, struct feed *feed)
{
	const uint8_t *end = feed->left ? memchr(feed->bytes, 0, feed->left) : NULL;
	size_t len = end ? (size_t)(end - feed->bytes) : feed->left;
	const uint8_t *bytes = feed_bytes(feed, &len);
	char *text = talloc_size(mem, len + 1);

	if (len)
		memcpy(text, bytes, len);
	text[len] = '\0';
	(void)feed_byte(feed);
	return text;
}

static void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

uint8_t *feed_hive(TALLOC_CTX *mem, struct feed *feed, size_t *len)
{
	uint8_t version = feed_byte(feed), root = feed_byte(feed);
	size_t bins = (feed->left + PAGE - 1) / PAGE * PAGE;
	uint8_t *file;

	bins = bins ? bins : PAGE;
	*len = PAGE + bins;
	file = talloc_zero_size(mem, *len);
	memcpy(file, "regf", 4);
	put32(file + 4, 7);
	put32(file + 8, 7);
	put32(file + 20, 1);
	put32(file + 24, version & 1 ? 5 : 3);
	put32(file + 32, 1);
	put32(file + 36, root * 8u);
	put32(file + 40, (uint32_t)bins);
	put32(file + 44, 1);
	if (feed->left)
		memcpy(file + PAGE, feed->bytes, feed->left);
	put32(file + BASE_END - 4, regf_checksum(file));
	return file;
}

struct walk {
	struct regf *hive;
	size_t left;
	hive_visit *visit;
	void *arg;
};

static void walk_key(struct walk *walk, TALLOC_CTX *mem, regf_key key, const char *path, int depth)
{
	struct regf_subkey *subkeys;
	struct error err = { 0 };
	size_t count;

	if (!walk->left)
		return;
	walk->left--;
	walk->visit(walk->arg, walk->hive, key, path);
	if (depth == DEPTH || regf_subkeys(walk->hive, mem, key, &subkeys, &count, &err) != 0)
		return;
	for (size_t i = 0; i < count && walk->left; i++) {
		char *name = subkeys[i].name;

		walk_key(walk, mem, subkeys[i].key,
			*path ? talloc_asprintf(mem, "%s\\%s", path, name) : name, depth + 1);
	}
}

void hive_walk(struct regf *hive, size_t limit, hive_visit *visit, void *arg)
{
	struct walk walk = { hive, limit, visit, arg };
	TALLOC_CTX *mem = talloc_new(NULL);

	walk_key(&walk, mem, regf_root(hive), "", 0);
	talloc_free(mem);
}
