/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail that a practice server's connector moved is no stray: what it writes it writes in known
 * places, and what it takes out of a queue it puts on record. A letter that is gone and not in
 * SENT.LOG was lost by somebody. Where a server is repaired by hand no connector runs. */
#include <string.h>

#include "base/text.h"
#include "nt/path.h"
#include "training/score_internal.h"

enum { LOG_LIMIT = 64 << 20 };

/* What is below one of the two Maildata: NULL for anything else. *maildata is the one. */
static const char *below_maildata(struct judge *judge, const char *path, char **maildata)
{
	const char *const msmcons[] = { judge->before->relocated_msmcon,
		judge->before->default_msmcon };

	for (size_t i = 0; i < 2; i++) {
		*maildata = msmcons[i] ? path_join(judge->tmp, msmcons[i], "maildata") : NULL;
		if (*maildata && path_under(path, *maildata) && strlen(path) > strlen(*maildata))
			return path + strlen(*maildata) + 1;
	}
	return NULL;
}

/* "MAI\MA4\00002404.MAI", and where its number begins; NULL: no letter's file. */
static const char *letter_number(const char *below)
{
	const char *leaf = path_leaf(below);
	const bool folder = text_equal_n(below, "MAI\\", 4) || text_equal_n(below, "ATT\\", 4);
	uint32_t number;

	return folder && text_hex32(leaf, &number) &&
			(text_equal(leaf + 8, ".MAI") || text_equal(leaf + 8, ".ATT"))
		? leaf
		: NULL;
}

/* The second line of an entry begins with it (Q151215). */
static bool letter_sent(struct judge *judge, const char *maildata, const char *number)
{
	char *path = talloc_asprintf(judge->tmp, "%s\\LOG\\SENT.LOG", maildata),
	     *line = talloc_asprintf(judge->tmp, "\n%.8s ", number);
	struct error err;
	uint8_t *bytes;
	size_t len;

	return path && line &&
		server_read_file(judge->server, judge->tmp, path, LOG_LIMIT, &bytes, &len, &err) ==
		0 &&
		memmem(bytes, len, line, strlen(line)) != NULL;
}

/* Files that a connector writes into and never removes. */
static bool written(const char *below)
{
	return text_equal_n(below, "MBG\\", 4) || text_equal_n(below, "KEY\\", 4) ||
		text_equal(below, "LOG\\SENT.LOG") || text_equal(below, "LOG\\RECV.LOG") ||
		text_equal(below, "GLB\\CONTROL.GLB");
}

/* "...\tracking.log\19991201.log" */
static bool tracking(struct judge *judge, const char *path)
{
	char *above = path_parent(judge->tmp, path);

	return above && text_equal(path_leaf(above), "tracking.log") &&
		strspn(path_leaf(path), "0123456789") == 8 && text_ends(path, ".log");
}

bool judge_mail_moved(struct judge *judge, const char *path, const struct copy_item *before,
	const struct copy_item *now)
{
	const bool grown = now && now->meta.kind == ENTRY_FILE &&
		(!before || now->meta.size >= before->meta.size);
	char *maildata,
		*log = path_join(judge->tmp, judge->before->id->nt_folder,
			"system32\\config\\AppEvent.Evt");
	const char *below = below_maildata(judge, path, &maildata),
		   *number = below ? letter_number(below) : NULL;

	if (judge->by_hand)
		return false;
	if (number)
		return before ? !now && letter_sent(judge, maildata, number) : grown;
	if (below)
		return before && grown && written(below);
	return grown && (tracking(judge, path) || (before && log && text_equal(path, log)));
}
