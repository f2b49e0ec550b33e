/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Registry files made from nothing, with any names: what is made passes the gate and the walk and
 * says what was put in. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/text.h"
#include "nt/regf_build.h"

enum { SET = 64 };

struct set {
	char *key, *name;
	struct reg_data data;
};

struct made {
	struct regf_build *build;
	struct set all[SET];
	size_t count;
};

static void set_add(TALLOC_CTX *mem, struct made *made, struct feed *feed)
{
	struct set *set = &made->all[made->count];
	struct error err = { 0 };
	size_t len;

	set->key = feed_text(mem, feed);
	set->name = feed_text(mem, feed);
	set->data.type = feed_byte(feed);
	len = feed_byte(feed);
	set->data.bytes = (uint8_t *)(uintptr_t)feed_bytes(feed, &len);
	set->data.len = len;
	if (set->data.type == 0xff
			? regf_build_key(made->build, set->key, &err)
			: regf_build_value(made->build, set->key, set->name, &set->data, &err))
		must_show(err.text);
	else if (set->data.type != 0xff)
		made->count++;
}

static void set_said(TALLOC_CTX *mem, struct regf *hive, const struct made *made, size_t index)
{
	const struct set *set = &made->all[index];
	struct reg_value *value;
	struct error err = { 0 };
	regf_key key;

	for (size_t i = index + 1; i < made->count; i++)
		if (text_equal(made->all[i].key, set->key) &&
			text_equal(made->all[i].name, set->name))
			return;
	must(regf_find(hive, set->key, &key, &err) == 0 && key, "a key that was made is there");
	must(regf_value(hive, mem, key, set->name, &value, &err) == 0 && value,
		"a value that was made is there");
	must(regdata_equal(&value->data, &set->data), "a value is what was put in");
}

int fuzz_build(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	struct made made = { 0 };
	struct error err = { 0 };
	struct regf *hive;
	uint8_t *file;
	size_t file_len;
	char *root = feed_text(mem, &feed);

	made.build = regf_build_new(mem, root, "SYSTEM", 1);
	while (made.build && feed.left && made.count < SET)
		set_add(mem, &made, &feed);
	if (made.build && regf_build_finish(made.build, mem, &file, &file_len, &err) == 0) {
		must(regf_open_bytes(mem, "SYSTEM", file, file_len, &hive, &err) == 0,
			"what was made passes the gate");
		must(regf_check(hive, &err) == 0, "what was made passes the walk");
		for (size_t i = 0; i < made.count; i++)
			set_said(mem, hive, &made, i);
	}
	talloc_free(mem);
	return 0;
}
