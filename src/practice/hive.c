/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A hive of a practice server being filled: values from rows, what a case changes of them, security
 * descriptors. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "nt/path.h"
#include "nt/regf_build.h"
#include "practice/parts.h"

static const char *expanded(struct practice_hive *hive, const char *text)
{
	char *full = text ? practice_expand(hive->mem, hive->world, text) : NULL;

	if (!full)
		hive->status = error_memory(hive->err);
	return full ? full : "";
}

static struct reg_data *made(struct practice_hive *hive, struct reg_data *data)
{
	if (!data)
		hive->status = error_memory(hive->err);
	return data;
}

/* ---- What a case changes ---- */

bool practice_hive_before(const struct practice_hive *hive)
{
	return hive->set != hive->world->set_default;
}

/* Whether the twist is about this control set of this copy. */
static bool edit_here(const struct practice_hive *hive, const struct practice_edit *edit)
{
	const unsigned bit =
		practice_hive_before(hive) ? PRACTICE_IN_OTHER_SET : PRACTICE_IN_DEFAULT_SET;

	return hive->set && (edit->where & bit) &&
		(hive->alt || !(edit->where & PRACTICE_IN_ALT_ONLY));
}

/* The same value with its paths leading to the other Msmcon. */
static struct reg_data *value_lead(struct practice_hive *hive, const struct practice_edit *edit,
	const struct reg_data *data)
{
	const struct path_folder relocated = { .full = hive->world->relocated };
	const struct path_folder usual = { .full = PRACTICE_DEFAULT_MSMCON };
	const bool forth = edit->number == 1;
	char *text = regdata_string(hive->mem, data), *after = NULL;
	enum path_leads leads;

	if (!text ||
		path_relocate(hive->mem, text, PATH_LIST, "C:\\WINNT", forth ? &usual : &relocated,
			forth ? &relocated : &usual, &leads, &after) != 0)
		return made(hive, NULL);
	return made(hive, regdata_with_string(hive->mem, data, after));
}

/* What becomes of a value on its way into the hive; NULL: there is to be none. */
static struct reg_data *value_edit(struct practice_hive *hive, const char *key, const char *value,
	struct reg_data *data)
{
	for (size_t i = 0; data && i < hive->world->edit_count; i++) {
		const struct practice_edit *edit = &hive->world->edits[i];

		if (edit->op == PRACTICE_SELECT && strcmp(key, "Select") == 0 &&
			text_equal(value, edit->name))
			data = made(hive, regdata_from_dword(hive->mem, (uint32_t)edit->number));
		if ((edit->op != PRACTICE_REG_DROP && edit->op != PRACTICE_REG_LEAD) ||
			!edit_here(hive, edit) || !text_equal(key, expanded(hive, edit->path)) ||
			!text_equal(value, edit->name))
			continue;
		data = edit->op == PRACTICE_REG_LEAD ? value_lead(hive, edit, data) : NULL;
	}
	return data;
}

/* ---- Values ---- */

static void value_put(struct practice_hive *hive, const char *key, const char *value,
	const struct reg_data *data)
{
	char *full = hive->set
		? talloc_asprintf(hive->mem, "ControlSet%03u\\%s", (unsigned)hive->set, key)
		: talloc_strdup(hive->mem, key);

	if (!full || !value)
		hive->status = error_memory(hive->err);
	if (hive->status == 0 && data)
		hive->status = regf_build_value(hive->build, full, value, data, hive->err);
}

static struct reg_data *strings_data(TALLOC_CTX *mem, const char *text)
{
	char *copy = talloc_strdup(mem, text), *strings[24], *save = NULL;
	size_t count = 0;

	for (char *s = copy ? strtok_r(copy, "|", &save) : NULL; s && count < ARRAY_SIZE(strings);
		s = strtok_r(NULL, "|", &save))
		strings[count++] = s;
	return copy ? regdata_from_strings(mem, strings, count) : NULL;
}

static struct reg_data *text_data(struct practice_hive *hive, uint32_t type, const char *text)
{
	const char *full = expanded(hive, text);

	if (type == REG_MULTI_SZ)
		return strings_data(hive->mem, full);
	if (type == REG_DWORD)
		return regdata_from_dword(hive->mem, (uint32_t)strtoul(full, NULL, 0));
	return regdata_from_string(hive->mem, type, full);
}

void practice_hive_put(struct practice_hive *hive, const char *key, const char *value,
	struct reg_data *data)
{
	const char *full =
		expanded(hive, key ? talloc_asprintf(hive->mem, "%s%s", hive->top, key) : NULL);

	if (made(hive, data) && value)
		data = value_edit(hive, full, value, data);
	value_put(hive, full, value, data);
}

void practice_hive_text(struct practice_hive *hive, const char *key, const char *value,
	uint32_t type, const char *text)
{
	practice_hive_put(hive, key, value, text_data(hive, type, text));
}

void practice_hive_rows(struct practice_hive *hive, const struct practice_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		practice_hive_text(hive, rows[i].key, rows[i].value, rows[i].type, rows[i].text);
}

void practice_hive_edits(struct practice_hive *hive)
{
	for (size_t i = 0; i < hive->world->edit_count; i++) {
		const struct practice_edit *edit = &hive->world->edits[i];

		if (edit->op == PRACTICE_REG_SET && edit_here(hive, edit))
			value_put(hive, expanded(hive, edit->path), edit->name,
				made(hive, text_data(hive, edit->type, edit->text)));
	}
}

/* ---- Security descriptors ---- */

static void sid_put(struct practice_buf *buf, const struct practice_world *world,
	enum practice_sid who)
{
	static const uint8_t heads[][8] = {
		[PRACTICE_EVERYONE] = { 1, 1, 0, 0, 0, 0, 0, 1 },       /* S-1-1-0 */
		[PRACTICE_ADMINISTRATORS] = { 1, 2, 0, 0, 0, 0, 0, 5 }, /* S-1-5-32-544 */
		[PRACTICE_SYSTEM] = { 1, 1, 0, 0, 0, 0, 0, 5 },         /* S-1-5-18 */
		[PRACTICE_ACCOUNT] = { 1, 5, 0, 0, 0, 0, 0, 5 },        /* S-1-5-21-a-b-c-1001 */
	};
	const uint32_t *d = world->domain_sid;
	const uint32_t parts[][5] = {
		[PRACTICE_EVERYONE] = { 0 },
		[PRACTICE_ADMINISTRATORS] = { 32, 544 },
		[PRACTICE_SYSTEM] = { 18 },
		[PRACTICE_ACCOUNT] = { 21, d[0], d[1], d[2], 1001 },
	};

	practice_put(buf, heads[who], sizeof(heads[who]));
	for (size_t i = 0; i < heads[who][1]; i++)
		practice_put32(buf, parts[who][i]);
}

static void ace_put(struct practice_buf *buf, const struct practice_world *world,
	const struct practice_ace *ace)
{
	const size_t start = buf->len;

	practice_put16(buf, 0); /* access allowed, not inherited */
	practice_put16(buf, 0);
	practice_put32(buf, ace->mask);
	sid_put(buf, world, ace->who);
	practice_set16(buf, start + 2, (uint32_t)(buf->len - start));
}

/* MS-DTYP 2.4.6: header, the list of who may do what, owner, group. */
struct reg_data *practice_security(struct practice_hive *hive, const struct practice_ace *aces,
	size_t count)
{
	struct practice_buf buf = { .mem = hive->mem };
	struct reg_data *data = talloc_zero(hive->mem, struct reg_data);

	practice_put16(&buf, 1);
	practice_put16(&buf, 0x8004);
	practice_zeros(&buf, 12);
	practice_put32(&buf, 20);
	practice_put16(&buf, 2);
	practice_put16(&buf, 0);
	practice_put32(&buf, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		ace_put(&buf, hive->world, &aces[i]);
	practice_set16(&buf, 22, (uint32_t)buf.len - 20);
	practice_set32(&buf, 4, (uint32_t)buf.len);
	sid_put(&buf, hive->world, PRACTICE_ADMINISTRATORS);
	practice_set32(&buf, 8, (uint32_t)buf.len);
	sid_put(&buf, hive->world, PRACTICE_SYSTEM);
	if (!data || buf.failed)
		return NULL;
	*data = (struct reg_data){ REG_BINARY, buf.bytes, buf.len };
	return data;
}
