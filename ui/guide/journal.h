/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a run as sentences, for a person. */
#ifndef GUIDE_JOURNAL_H
#define GUIDE_JOURNAL_H

#include "record/journal.h"

/* A line for each entry, "09:41:12Z  jsmith decided: change MSExchangeMSMI, ImagePath", below the
 * day; the last says in which file (its name, shown) the whole of it stands. Safe to show; owned by
 * mem. */
char *journal_sentences(TALLOC_CTX *mem, const struct journal *journal, const char *file);

#endif
