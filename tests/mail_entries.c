/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mail_entries.h"

#include <string.h>

int entries_keep(void *arg, const struct mail_entry *entry)
{
	struct entries *entries = arg;
	struct mail_entry *kept = &entries->list[entries->count];

	if (entries->count == ENTRIES_MOST)
		return 7;
	*kept = *entry;
	kept->from = talloc_strdup(entries, entry->from);
	kept->to = talloc_strdup(entries, entry->to);
	kept->where = talloc_strdup(entries, entry->where);
	kept->raw = talloc_strdup(entries, entry->raw);
	entries->count++;
	return 0;
}

struct entries *entries_read(TALLOC_CTX *mem, struct maillog *log, const char *text, size_t len,
	size_t piece)
{
	struct entries *entries = talloc_zero(mem, struct entries);

	piece = piece ? piece : len;
	for (size_t at = 0; at < len; at += piece) {
		/* Its own copy, so that a byte too far is seen. */
		size_t some = len - at < piece ? len - at : piece;
		uint8_t *copy = talloc_memdup(entries, text + at, some);

		if (maillog_feed(log, copy, some, entries_keep, entries) != 0)
			return NULL;
		talloc_free(copy);
	}
	return entries;
}

bool entries_same(const struct entries *a, const struct entries *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct mail_entry *x = &a->list[i], *y = &b->list[i];

		if (x->event != y->event || strcmp(x->from, y->from) || strcmp(x->to, y->to) ||
			strcmp(x->where, y->where) || strcmp(x->raw, y->raw) || x->at != y->at ||
			x->here != y->here || x->there != y->there || x->message != y->message)
			return false;
	}
	return true;
}
