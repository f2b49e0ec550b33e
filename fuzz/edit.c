/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of registry files: what passed the walk passes it again, says what was put in, and
 * nothing else differs. */
#include "fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "nt/regf_edit.h"

enum { KEYS = 8, EDITS = 4, NOW = 12345 };

struct place {
	char *key, *value;
};

/* What could be changed: a key, and the name of one of its values. */
struct places {
	TALLOC_CTX *mem;
	struct place all[KEYS];
	size_t count;
};

static void place_add(void *arg, struct regf *hive, regf_key key, const char *path)
{
	struct places *places = arg;
	struct reg_value *values;
	struct error err = { 0 };
	size_t count;

	if (places->count == KEYS ||
		regf_values(hive, places->mem, key, &values, &count, &err) != 0)
		return;
	places->all[places->count].key = talloc_strdup(places->mem, path);
	places->all[places->count++].value =
		talloc_strdup(places->mem, count ? values[count / 2].name : "New");
}

/* A change in six bytes: where, under which name, how long, of what. */
static void edit_make(TALLOC_CTX *mem, struct feed *feed, const struct places *places,
	struct reg_edit *edit)
{
	uint8_t where = feed_byte(feed), how = feed_byte(feed), len = feed_byte(feed),
		scale = feed_byte(feed), fill = feed_byte(feed);
	const struct place *place = &places->all[where % places->count];
	struct reg_data *data = talloc_zero(mem, struct reg_data);

	edit->key = where & 0x80 ? "Not\\There" : place->key;
	edit->value = how & 1 ? "Fresh" : how & 2 ? "" : place->value;
	data->type = feed_byte(feed);
	data->len = (size_t)len << (scale % 8);
	data->bytes = talloc_size(data, data->len + 1);
	memset(data->bytes, fill, data->len);
	edit->data = how & 4 ? NULL : data;
}

struct edits {
	struct reg_edit all[EDITS];
	size_t count;
};

static bool edit_is(const struct reg_edit *edit, const char *key, const char *value)
{
	return text_equal(edit->key, key) && value && text_equal(edit->value, value);
}

static int differs(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	const struct edits *edits = arg;
	bool meant = false;

	(void)a, (void)b;
	for (size_t i = 0; i < edits->count; i++)
		meant |= edit_is(&edits->all[i], key, value);
	must(meant, "nothing differs but what was to be changed");
	return 0;
}

static void said(TALLOC_CTX *mem, struct regf *hive, const struct edits *edits)
{
	struct reg_value *value;
	struct error err = { 0 };
	regf_key key;

	for (size_t i = 0; i < edits->count; i++) {
		const struct reg_edit *edit = &edits->all[i];
		bool last = true;

		for (size_t k = i + 1; k < edits->count; k++)
			last &= !edit_is(&edits->all[k], edit->key, edit->value);
		if (!last)
			continue;
		must(regf_find(hive, edit->key, &key, &err) == 0 && key,
			"a key that was there is there");
		must(regf_value(hive, mem, key, edit->value, &value, &err) == 0,
			"the value can be read");
		must(edit->data ? value && regdata_equal(&value->data, edit->data) : !value,
			"the value is what was put in");
	}
}

static void judged(TALLOC_CTX *mem, struct regf *before, const uint8_t *old, size_t old_len,
	const struct regf_edited *edited, struct edits *edits)
{
	struct error err = { 0 };
	struct regf *after;
	size_t runs;

	must(regf_open_bytes(mem, "SYSTEM", edited->bytes, edited->len, &after, &err) == 0,
		"what was changed passes the gate");
	must(regf_check(after, &err) == 0, "what was changed passes the walk");
	must(regf_diff(before, after, differs, edits, &err) == 0, "both can be compared");
	said(mem, after, edits);
	must(edited->len >= old_len && (!edited->same_length || edited->len == old_len),
		"a file never becomes shorter");
	must(edited->changed || (edited->len == old_len && !memcmp(old, edited->bytes, old_len)),
		"without a change nothing changes");
	if (edited->same_length) {
		must(!memcmp(old, edited->bytes, 4096), "data alone leave the base block alone");
		(void)regf_runs(mem, old, edited->bytes, old_len, &runs);
		must(!edited->changed == !runs, "a change is seen");
	}
}

int fuzz_edit(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t script = 1 + 6 * EDITS, hive_len;
	struct feed feed = { bytes, len }, steps = { feed_bytes(&feed, &script), script };
	uint8_t *file = feed_hive(mem, &feed, &hive_len);
	struct places places = { mem, { { 0 } }, 0 };
	struct edits edits = { { { 0 } }, feed_byte(&steps) % EDITS + 1 };
	struct regf_edited edited;
	struct error err = { 0 };
	struct regf *hive;
	bool sound;

	if (regf_open_bytes(mem, "SYSTEM", file, hive_len, &hive, &err) == 0) {
		hive_walk(hive, KEYS, place_add, &places);
		sound = regf_check(hive, &err) == 0;
		for (size_t i = 0; places.count && i < edits.count; i++)
			edit_make(mem, &steps, &places, &edits.all[i]);
		if (places.count &&
			regf_edit(mem, hive, file, hive_len, edits.all, edits.count, NOW, &edited,
				&err) != 0)
			must_show(err.text);
		else if (places.count && sound)
			judged(mem, hive, file, hive_len, &edited, &edits);
	}
	talloc_free(mem);
	return 0;
}
