/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a log of mail gave, kept. */
#ifndef TESTS_MAIL_ENTRIES_H
#define TESTS_MAIL_ENTRIES_H

#include "mail/maillog.h"

enum { ENTRIES_MOST = 64 };
struct entries {
	struct mail_entry list[ENTRIES_MOST];
	size_t count;
};
/* arg: a struct entries, which is a talloc object. */
int entries_keep(void *arg, const struct mail_entry *entry);
/* Fed in pieces of so many bytes; 0: in one. */
struct entries *entries_read(TALLOC_CTX *mem, struct maillog *log, const char *text, size_t len,
	size_t piece);
bool entries_same(const struct entries *a, const struct entries *b);

#endif
