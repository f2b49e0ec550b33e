/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing else changed: every file and every registry value that is not a row of the survey is
 * compared with the beginning. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "nt/regf.h"
#include "repair/article.h"
#include "server/copy.h"
#include "training/score_internal.h"

enum { ITEMS_LIMIT = 100000, NAMED = 3, HIVE_LIMIT = 64 << 20 };

/* Strays are reported together, the first few by name. */
struct strays {
	struct judge *judge;
	size_t count;
	char *names;
};

static void stray_add(struct strays *strays, const char *name)
{
	char *shown = text_shown(strays->judge->tmp, name);

	if (strays->count++ < NAMED && shown)
		strays->names = talloc_asprintf(strays->judge->tmp, "%s%s%s",
			strays->names ? strays->names : "", strays->names ? ", " : "", shown);
}

/* ---- files ---- */

/* What the survey's rows cover, what step 1 makes, and the registry, which is compared value by
 * value. */
static bool file_allowed(const struct judge *judge, const char *path)
{
	const struct survey *before = judge->before;
	const char *config = path_under(path, before->id->nt_folder) ? path_leaf(path) : "";

	if (text_equal(config, "SYSTEM") || text_equal(config, "SYSTEM.ALT") ||
		text_equal(config, "SYSTEM.LOG"))
		return true;
	return survey_file(before, path, false) ||
		(path_under(path, before->relocated_msmcon) && survey_file(before, path, true));
}

/* Below a tree of this program's own: step 1's backup (by hand: wherever it is), an old folder that
 * was set aside (judged as a row). */
static bool tree_ours(const struct judge *judge, const char *path)
{
	const char *const roots[] = { judge->before->relocated_msmcon,
		judge->before->default_msmcon };

	if (judge->backup && path_under(path, judge->backup))
		return true;
	for (size_t i = 0; strstr(path, ".q240208-") && i < 2; i++)
		if (strlen(path) > strlen(roots[i]) &&
			text_equal_n(path, roots[i], strlen(roots[i])))
			return true;
	return false;
}

static const struct copy_item *item_find(const struct copy_list *list, const char *rel)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].rel, rel) == 0)
			return &list->items[i];
	return NULL;
}

static bool item_same(struct judge *judge, const char *path, const struct copy_item *a,
	const struct copy_item *b)
{
	struct digest before, now;

	if (!b || a->meta.kind != b->meta.kind)
		return false;
	if (a->meta.kind != ENTRY_FILE)
		return true;
	if (a->meta.size != b->meta.size ||
		server_digest(judge->before_server, path, &before, judge->err) != 0 ||
		server_digest(judge->server, path, &now, judge->err) != 0)
		return false;
	return memcmp(&before, &now, sizeof now) == 0;
}

/* The old folder as a whole is a row; once it is gone its files are no strays. */
static bool old_folder_gone(const struct judge *judge, const char *path)
{
	const struct finding *now = survey_finding(judge->now, "oldfolder");

	return now && now->state == FINDING_ABSENT &&
		path_under(path, judge->before->default_msmcon);
}

static void drive_compare(struct strays *strays, char letter)
{
	struct judge *judge = strays->judge;
	const char root[] = { letter, ':', '\\', '\0' };
	struct copy_list before = { 0 }, now = { 0 };

	judge->status =
		copy_walk(judge->before_server, judge->tmp, root, ITEMS_LIMIT, &before, judge->err);
	if (judge->status == 0)
		judge->status =
			copy_walk(judge->server, judge->tmp, root, ITEMS_LIMIT, &now, judge->err);
	if (judge->status != 0)
		return;
	for (size_t i = 0; i < before.count; i++) {
		const struct copy_item *item = &before.items[i];
		const struct copy_item *left = item_find(&now, item->rel);
		char *path = path_join(judge->tmp, root, item->rel);

		if (path && !file_allowed(judge, path) && !old_folder_gone(judge, path) &&
			!item_same(judge, path, item, left) &&
			!judge_mail_moved(judge, path, item, left))
			stray_add(strays, path);
	}
	for (size_t i = 0; i < now.count; i++) {
		char *path = path_join(judge->tmp, root, now.items[i].rel);

		if (path && !file_allowed(judge, path) && !tree_ours(judge, path) &&
			!item_find(&before, now.items[i].rel) &&
			!judge_mail_moved(judge, path, NULL, &now.items[i]))
			stray_add(strays, path);
	}
}

/* ---- registry ---- */

/* *hive NULL: there is no such file. */
static int hive_open(struct judge *judge, struct server *server, const char *name,
	struct regf **hive)
{
	char *path =
		talloc_asprintf(judge->tmp, "%s\\system32\\config\\%s", server->id.nt_folder, name);
	uint8_t *bytes;
	size_t len;
	int ret = path
		? server_read_file(server, judge->tmp, path, HIVE_LIMIT, &bytes, &len, judge->err)
		: error_memory(judge->err);

	*hive = NULL;
	if (ret == -TROUBLE_NOT_THERE)
		return 0;
	return ret == 0 ? regf_open_bytes(judge->tmp, name, bytes, len, hive, judge->err) : ret;
}

static bool value_allowed(const struct judge *judge, const char *key, const char *value)
{
	const struct survey *before = judge->before;
	char *full = talloc_asprintf(judge->tmp, "SYSTEM\\%s", key);
	char *shares = talloc_asprintf(judge->tmp, "%s\\Services\\LanmanServer\\Shares",
		before->control_set);
	char *security = talloc_asprintf(judge->tmp, "%s\\Security", shares);

	if (!value || !full || !shares || !security)
		return false;
	/* The share, and the permissions that come and go with it. */
	if (text_equal(value, ARTICLE_SHARE) &&
		(text_equal(key, shares) || text_equal(key, security)))
		return true;
	for (size_t i = 0; i < before->finding_count; i++) {
		const struct value_fact *fact = &before->findings[i].before.value;

		if (before->findings[i].kind == KIND_VALUE && text_equal(fact->key, full) &&
			text_equal(fact->name, value))
			return true;
	}
	return false;
}

static int difference(void *arg, const char *key, const char *value, const struct reg_data *a,
	const struct reg_data *b)
{
	struct strays *strays = arg;
	char *name;

	(void)a, (void)b;
	if (value_allowed(strays->judge, key, value))
		return 0;
	name = talloc_asprintf(strays->judge->tmp, "%s\\%s", key, value ? value : "");
	stray_add(strays, name ? name : key);
	return 0;
}

static void hive_compare(struct strays *strays, const char *name)
{
	struct judge *judge = strays->judge;
	struct regf *before, *now;

	judge->status = hive_open(judge, judge->before_server, name, &before);
	if (judge->status == 0)
		judge->status = hive_open(judge, judge->server, name, &now);
	if (judge->status != 0)
		return;
	if (before && now)
		judge->status = regf_diff(before, now, difference, strays, judge->err);
	else if (before || now)
		stray_add(strays, name);
}

void judge_strays(struct judge *judge)
{
	struct strays strays = { .judge = judge };
	char *letters = NULL;

	if (!judge->before || !judge->now)
		return;
	judge->status = judge->before_server->ops->drives(judge->before_server, judge->tmp,
		&letters, judge->err);
	for (size_t i = 0; judge->status == 0 && letters[i]; i++)
		drive_compare(&strays, letters[i]);
	if (judge->status == 0)
		hive_compare(&strays, "SYSTEM");
	if (judge->status == 0)
		hive_compare(&strays, "SYSTEM.ALT");
	if (judge->status == 0 && strays.count)
		judge_lose(judge, "elsewhere", "elsewhere",
			SCORE_UNNEEDED * (int)(strays.count < 10 ? strays.count : 10),
			_("%zu things changed that are not part of the repair: %s."), strays.count,
			strays.names ? strays.names : "");
}
