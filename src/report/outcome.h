/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps 5 and 6 as the journal tells them, for whoever resumes a run or reports it. */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include "mail/evidence.h"
#include "record/journal.h"

/* Whatever carries mail between the connector and MS Mail by such an entry, "pcmtas" (NULL: none):
 * the PC MTAs and, if the server has it, the AppleTalk MTA behind them. Owned by mem. */
int mtas_read(TALLOC_CTX *mem, const json_t *entry, char ***names, size_t *count,
	struct error *err);

/* What is on record of mail flow; a later entry about the same PC MTA and direction stands for the
 * earlier ones, and what was on record of one that was gone later counts for nothing. An empty
 * list: step 5 was never come to. Owned by mem. */
int evidence_read(TALLOC_CTX *mem, const struct journal *journal, struct evidence_list **list,
	struct error *err);

/* How an undo puts the registry back, by the "way" of its entry: a sentence yet to be translated,
 * NULL where it is none. */
const char *undo_way_text(const char *way);

/* What became of the old folder. */
enum oldfolder_end {
	OLDFOLDER_NOT_REACHED,
	OLDFOLDER_LEFT,    /* by decision */
	OLDFOLDER_DECIDED, /* to be set aside, and not seen to its end */
	OLDFOLDER_IS_ASIDE,
	OLDFOLDER_IS_BACK, /* renamed back */
	OLDFOLDER_CUT,     /* deleting it was begun and did not come to its end */
	OLDFOLDER_DELETED
};

struct oldfolder_record {
	enum oldfolder_end end;
	char *folder; /* its full path; NULL if it is not on record */
	char *aside;  /* the name it got, NULL for none */
	/* of the last decision, borrowed from the journal; NULL for none */
	const char *operator_name, *at;
	json_int_t files, bytes; /* of a deletion: what there was */
	bool weak;               /* mail flow was not verified end to end, and that was confirmed */
};

int oldfolder_read(TALLOC_CTX *mem, const struct journal *journal, struct oldfolder_record **record,
	struct error *err);

#endif
