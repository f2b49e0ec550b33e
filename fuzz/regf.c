/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registry files: the gate, the reader, the whole walk, the comparison. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/text.h"

static void key_read(void *arg, struct regf *hive, regf_key key, const char *path)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reg_value *values, *value;
	struct error err = { 0 };
	size_t count;
	regf_key found;

	if (regf_values(hive, mem, key, &values, &count, &err) == 0)
		for (size_t i = 0; i < count; i++) {
			must_show(text_shown(mem, regdata_text(mem, &values[i].data, 16)));
			(void)regf_value(hive, mem, key, values[i].name, &value, &err);
		}
	if (regf_find(hive, path, &found, &err) != 0)
		must_show(err.text);
	(*(size_t *)arg)++;
	talloc_free(mem);
}

static int differs(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	(void)key, (void)value, (void)a, (void)b;
	(*(size_t *)arg)++;
	return 0;
}

static void whole(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	struct regf *hive, *other;
	struct error err = { 0 };
	size_t seen = 0, differences = 0;

	if (regf_open_bytes(mem, "SYSTEM", bytes, len, &hive, &err) != 0) {
		must_show(err.text);
		return;
	}
	hive_walk(hive, 200, key_read, &seen);
	if (regf_check(hive, &err) != 0) {
		must_show(err.text);
		return;
	}
	must(seen > 0, "what passed the walk has a root");
	must(regf_open_bytes(mem, "SYSTEM.ALT", bytes, len, &other, &err) == 0,
		"what was opened can be opened");
	must(regf_diff(hive, other, differs, &differences, &err) == 0 && differences == 0,
		"a registry file does not differ from itself");
}

/* As it is, for the gate; and as bins behind a sound base block. */
int fuzz_regf(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct regf_header header;
	size_t hive_len;
	uint8_t *hive;

	(void)regf_header_read(bytes, len, &header);
	if (len > 4 && !memcmp(bytes, "regf", 4)) {
		whole(mem, bytes, len);
	} else {
		hive = feed_hive(mem, &feed, &hive_len);
		whole(mem, hive, hive_len);
	}
	talloc_free(mem);
	return 0;
}
