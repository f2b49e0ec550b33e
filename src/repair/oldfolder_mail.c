/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Step 6: did mail come into the default Maildata? By time, as far as setup's log tells when setup
 * first ran after the move; and whatever the clocks say, by each message that the relocated
 * Maildata lacks. And what lies in the default Msmcon, and only there?
 */
#include "repair/oldfolder_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum {
	LOG_LIMIT = 16 << 20,
	MAILBAG_LIMIT = 4 << 20,
	HEADER_SIZE = 116,
	GRAIN_S = 2,
	ZONE_S = 14 * 3600,
	DAY_S = 86400
};

/* Since 1970. */
static int64_t seconds_of(int64_t time)
{
	return filetime_timespec(time).tv_sec;
}

/* The path below Maildata, NULL where item is not a file there. POPULATE.MSM keeps folders from
 * being empty (Q127954). */
static const char *below_maildata(const struct copy_item *item)
{
	const size_t above = strlen("Maildata\\");

	if (item->meta.kind != ENTRY_FILE || strlen(item->rel) <= above ||
		!text_equal_n(item->rel, "Maildata\\", above))
		return NULL;
	return text_equal(path_leaf(item->rel), "POPULATE.MSM") ? NULL : item->rel + above;
}

/* An item, and what has its place on the relocated side. */
struct pair {
	const struct copy_item *item;
	char *here, *there;
	bool found; /* something of the same kind */
	struct file_meta meta;
};

static struct pair pair_find(struct gatekeeper *keeper, const struct copy_item *item)
{
	struct scan *scan = &keeper->scan;
	struct pair pair = { .item = item,
		.here = scan_path(scan, keeper->survey->default_msmcon, item->rel),
		.there = scan_path(scan, keeper->survey->relocated_msmcon, item->rel) };

	pair.found = scan_meta(scan, pair.there, &pair.meta) && pair.meta.kind == item->meta.kind;
	return pair;
}

static struct digest digest_at(struct scan *scan, const char *path)
{
	struct digest digest = { 0 };

	if (scan->ret == 0)
		scan->ret = server_digest(scan->server, path, &digest, scan->err);
	return digest;
}

static bool same_bytes(struct scan *scan, const struct pair *pair)
{
	struct digest one, other;

	if (!pair->found || pair->meta.size != pair->item->meta.size)
		return false;
	one = digest_at(scan, pair->here);
	other = digest_at(scan, pair->there);
	return scan->ret == 0 && digest_equal(&one, &other);
}

/* NULL where it cannot be read. */
static uint8_t *bytes_at(struct scan *scan, const char *path, size_t limit, size_t *len)
{
	uint8_t *bytes = NULL;

	*len = 0;
	if (scan->ret == 0)
		scan->ret = server_read_file(scan->server, scan->tmp, path, limit, &bytes, len,
			scan->err);
	return scan->ret == 0 ? bytes : NULL;
}

/* ---- when ---- */

/* Moving copies files with their times (Q171259): what is still the same on both sides, time and
 * all, is older than the move. */
static void moved_find(struct gatekeeper *keeper)
{
	for (size_t i = 0; keeper->scan.ret == 0 && i < keeper->tree.count; i++) {
		const struct copy_item *item = &keeper->tree.items[i];
		int64_t mtime = seconds_of(item->meta.mtime);
		struct pair pair;

		if (!below_maildata(item) || item->meta.size == 0 || mtime <= keeper->moved)
			continue;
		pair = pair_find(keeper, item);
		if (pair.found && llabs(seconds_of(pair.meta.mtime) - mtime) <= GRAIN_S &&
			same_bytes(&keeper->scan, &pair))
			keeper->moved = mtime;
	}
}

/* A date as it may stand in the log: three numbers of which the order of the first two is a matter
 * of the country. */
struct date {
	int a, b, year, seconds;
};

static bool date_at(const char *text, struct date *date)
{
	char start[64], one[2], other[2], *at = start;
	unsigned hour, minute, second = 0;
	int len = 0;

	/* Of a long text sscanf would look for the end each time. */
	(void)snprintf(start, sizeof start, "%.63s", text);
	if (sscanf(at, "%2d%1[/.-]%2d%1[/.-]%4d%n", &date->a, one, &date->b, other, &date->year,
		    &len) != 5 ||
		*one != *other || !isdigit((unsigned char)at[len - 2]))
		return false;
	date->year += date->year < 80 ? 2000 : date->year < 100 ? 1900 : 0;
	at += (size_t)len + strspn(at + len, " \t,");
	date->seconds = 0;
	if (sscanf(at, "%2u:%2u:%2u", &hour, &minute, &second) >= 2 && hour < 24 && minute < 60 &&
		second < 60)
		date->seconds = (int)(hour * 3600 + minute * 60 + second);
	return date->year >= 1990 && date->year < 2100;
}

/* The next date at *at or after it; *at then is behind where it begins. */
static bool date_next(const char *log, const char **at, struct date *date)
{
	for (; **at; ++*at)
		if (isdigit((unsigned char)**at) &&
			(*at == log || !isdigit((unsigned char)(*at)[-1])) && date_at(*at, date)) {
			++*at;
			return true;
		}
	return false;
}

/* Seconds since 1970 with the month first or second; 0 if there is no such day. */
static int64_t date_time(const struct date *date, bool month_first)
{
	struct tm tm = { .tm_year = date->year - 1900,
		.tm_mon = (month_first ? date->a : date->b) - 1,
		.tm_mday = month_first ? date->b : date->a };

	if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return 0;
	return (int64_t)timegm(&tm) + date->seconds;
}

/* Whether all dates of the log can be read in this order, and the last of them is of the day the
 * log was written last. */
static bool order_fits(const char *log, bool month_first, int64_t written)
{
	int64_t last = 0;
	struct date date;

	for (const char *at = log; date_next(log, &at, &date);) {
		last = date_time(&date, month_first);
		if (last == 0)
			return false;
	}
	return llabs(last - written) < 2 * DAY_S;
}

/* The first date of the log after the move. Where the order of its dates is open, the earlier
 * reading counts. */
static void log_read(struct gatekeeper *keeper, const char *log, int64_t written)
{
	bool fits[2] = { order_fits(log, false, written), order_fits(log, true, written) };
	struct date date;

	for (const char *at = log; date_next(log, &at, &date);)
		for (int order = 0; order < 2; order++) {
			int64_t when = fits[order] || !fits[!order] ? date_time(&date, order) : 0;

			if (when > keeper->moved && (keeper->first == 0 || when < keeper->first))
				keeper->first = when;
		}
}

/* Setup adds to its log whenever it runs (Q158545), so the date of the file is that of the last
 * time only. */
static void first_setup_find(struct gatekeeper *keeper)
{
	struct scan *scan = &keeper->scan;
	char *path = scan_print(scan, "%c:\\Exchange Server Setup.log",
		     keeper->survey->exchange_root[0]),
	     *log;
	struct file_meta meta;
	uint8_t *bytes;
	size_t len;

	if (!scan_meta(scan, path, &meta) || keeper->moved == 0)
		return;
	bytes = bytes_at(scan, path, LOG_LIMIT, &len);
	if (!bytes)
		return;
	log = len >= 2 && bytes[0] == 0xff && bytes[1] == 0xfe
		? text_from_utf16(scan->tmp, bytes, len)
		: text_from_latin1(scan->tmp, bytes, len);
	log_read(keeper, scan_need(scan, log), seconds_of(meta.mtime));
	if (keeper->first > seconds_of(meta.mtime))
		keeper->first = seconds_of(meta.mtime);
	/* The log has the server's own hour, in whatever part of the world it stood. */
	keeper->first -= keeper->first ? ZONE_S : 0;
}

/* ---- what ---- */

/* Whether every header of a mailbag of the default side is in that of the relocated one (records of
 * 116 bytes, Q163020). */
static bool headers_there(struct scan *scan, const struct pair *pair)
{
	static const uint8_t empty[HEADER_SIZE];
	size_t own_len, live_len = 0;
	uint8_t *own = bytes_at(scan, pair->here, MAILBAG_LIMIT, &own_len),
		*live = pair->found ? bytes_at(scan, pair->there, MAILBAG_LIMIT, &live_len) : NULL;
	bool there = true;

	for (size_t at = 0; scan->ret == 0 && there && at < own_len; at += HEADER_SIZE) {
		size_t len = own_len - at < HEADER_SIZE ? own_len - at : HEADER_SIZE;

		there = memcmp(own + at, empty, len) == 0;
		for (size_t k = 0; !there && k + len <= live_len; k += HEADER_SIZE)
			there = memcmp(own + at, live + k, len) == 0;
	}
	return there;
}

/* A key counts where its mailbag is not there to speak for itself. */
static bool key_there(struct scan *scan, const struct pair *pair)
{
	const char *leaf = path_leaf(pair->item->rel);
	char *bag = scan_print(scan, "%s\\Maildata\\MBG\\%.*s.mbg", scan->survey->default_msmcon,
		(int)strcspn(leaf, "."), leaf);
	struct file_meta meta;
	bool there = true;
	uint8_t *bytes;
	size_t len;

	if (scan_meta(scan, bag, &meta))
		return true;
	bytes = bytes_at(scan, pair->here, MAILBAG_LIMIT, &len);
	for (size_t i = 0; i < len; i++)
		there &= bytes[i] == 0;
	return there || same_bytes(scan, pair);
}

/* Where messages lie: by number in MAI, ATT and P1, in a store of AppleTalk's gateway, in the
 * folders of users; and calendars. What else a postoffice has is its configuration (doc/domain.md
 * 6). */
static bool message_there(struct scan *scan, const struct pair *pair, const char *rel)
{
	static const char *const messages[] = { "MAI", "ATT", "P1", "MACGATE\\STORE", "MMF",
		"FOLDERS" };

	if (path_under(rel, "MBG"))
		return headers_there(scan, pair);
	if (path_under(rel, "KEY"))
		return key_there(scan, pair);
	for (size_t i = 0; i < ARRAY_SIZE(messages); i++)
		if (path_under(rel, messages[i]))
			return same_bytes(scan, pair);
	return pair->found || !path_under(rel, "CAL");
}

static void item_judge(struct gatekeeper *keeper, const struct copy_item *item)
{
	struct scan *scan = &keeper->scan;
	const char *rel = below_maildata(item);
	bool late = keeper->first && seconds_of(item->meta.mtime) > keeper->first + GRAIN_S,
	     there = false;

	if (!rel)
		return;
	talloc_free_children(scan->tmp);
	if (!late) {
		struct pair pair = pair_find(keeper, item);

		there = message_there(scan, &pair, rel);
	}
	if (scan->ret == 0 && !there)
		gate_list(keeper, keeper->gate,
			scan_print(scan,
				late ? _("%s is newer than the first setup after the move")
				     : _("%s holds something that the relocated Maildata lacks"),
				rel));
}

void judge_mail_came(struct gatekeeper *keeper)
{
	bool any = false;

	if (keeper->survey->live != LIVE_RELOCATED)
		gate_no(keeper, keeper->gate,
			_("It is not certain that the relocated Maildata is the one in use."));
	for (size_t i = 0; i < keeper->tree.count; i++)
		any |= below_maildata(&keeper->tree.items[i]) != NULL;
	if (!any)
		return;
	moved_find(keeper);
	first_setup_find(keeper);
	if (keeper->scan.ret == 0 && keeper->first == 0)
		gate_list(keeper, keeper->gate,
			keeper->moved ? _("When setup first ran after the move is unknown.")
				      : _("When the postoffice was moved is unknown."));
	for (size_t i = 0; keeper->scan.ret == 0 && i < keeper->tree.count; i++)
		item_judge(keeper, &keeper->tree.items[i]);
}

/* ---- what else ---- */

/* Files that the postoffice in use changes by itself, so that its own old copy differs
 * (doc/domain.md 6), with the sizes they have (Q77926): bytes, or records of so many. What mailbags
 * hold is looked at above. XTN and USR change as well, but hold what somebody set up. */
static const struct {
	const char *name;
	uint64_t size;
	bool records;
} changing[] = {
	{ "GLB\\CONTROL.GLB", 8, false },
	{ "GLB\\FLAG.GLB", 2, false },
	{ "GLB\\RNETSEM.GLB", 4, false },
	{ "LOG\\SENT.LOG", 1, true },
	{ "LOG\\RECV.LOG", 1, true },
	{ "KEY\\*.KEY", 560, false },
	{ "MBG\\*.MBG", HEADER_SIZE, true },
};

/* A star stands for a name in that folder. */
static bool is_named(const char *rel, const char *name)
{
	size_t before = strcspn(name, "*"), len = strlen(rel),
	       after = name[before] ? strlen(name + before + 1) : 0;

	if (!name[before])
		return text_equal(rel, name);
	return len > before + after && text_equal_n(rel, name, before) &&
		!strchr(rel + before, '\\') && text_equal(rel + len - after, name + before + 1);
}

static bool may_differ(const struct copy_item *item)
{
	const char *rel = path_under(item->rel, "Maildata") && strchr(item->rel, '\\')
		? strchr(item->rel, '\\') + 1
		: "";
	uint64_t size = item->meta.size;

	for (size_t i = 0; i < ARRAY_SIZE(changing); i++)
		if (is_named(rel, changing[i].name))
			return changing[i].records ? size % changing[i].size == 0
						   : size == changing[i].size;
	return false;
}

/* Whatever lies in it: of the same kind and with the same bytes and streams on the relocated side?
 * Files of its Bin are compared elsewhere, all but their streams. NULL, or a line if not. */
static char *item_only_here(struct gatekeeper *keeper, const struct copy_item *item)
{
	struct scan *scan = &keeper->scan;
	struct pair pair = pair_find(keeper, item);
	bool file = item->meta.kind == ENTRY_FILE, compared = file && path_under(item->rel, "Bin"),
	     same = !pair.found || !file || compared || may_differ(item) || same_bytes(scan, &pair);
	char *stream = NULL;

	if (scan->ret == 0 && same)
		scan->ret = scan->server->ops->stream_lost(scan->server, scan->tmp, pair.here,
			pair.found ? pair.there : NULL, &stream, scan->err);
	if (scan->ret == -TROUBLE_CANNOT && server_runs(scan->server)) {
		scan->ret = 0;
		keeper->streams_unseen = true;
	}
	if (scan->ret != 0 || (same && !stream && (pair.found || compared)))
		return NULL;
	return stream  ? scan_print(scan, "%s: %s", item->rel, stream)
		: same ? item->rel
		       : scan_print(scan, _("%s (the relocated side has another)"), item->rel);
}

void judge_contents(struct gatekeeper *keeper)
{
	const struct copy_list *tree = &keeper->tree;

	for (size_t i = 0; keeper->scan.ret == 0 && i < tree->count; i++) {
		char *what;

		talloc_free_children(keeper->scan.tmp);
		what = item_only_here(keeper, &tree->items[i]);
		/* What is in a folder is named itself. */
		if (what &&
			(what != tree->items[i].rel || i + 1 == tree->count ||
				!path_under(tree->items[i + 1].rel, what)))
			gate_list(keeper, keeper->gate, what);
	}
	if (keeper->streams_unseen)
		gate_weaken(keeper,
			_("Whether its files have streams besides their data cannot be seen over the network."));
}
