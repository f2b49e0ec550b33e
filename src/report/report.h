/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A report that stands alone: who, when (UTC), where, every finding and change with before, after, decision and check; what was kept; what to do next. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "record/runfolder.h"
#include "repair/survey.h"

/* In the run's folder: what the last look at the server saw. */
#define REPORT_SURVEY "after/survey.json"

/* From the journal and run folder alone; final is the last survey where there is one (NULL: what the run folder has of the last look). New reference. */
int report_json(struct runfolder *run, const struct survey *final, json_t **json, struct error *err);

/* The same for a person, 78 columns, owned by mem. Everything from the server is shown escaped. */
int report_text(TALLOC_CTX *mem, const json_t *report, char **text, struct error *err);

/* What the last look had to say besides its rows, by its id ("last-known-good"); not made safe to show. NULL if it did not say it. */
const char *report_notice(const json_t *report, const char *id);

/* How it ended, a sentence; and of one of "steps": its result, how much, how it was checked (owned by mem, NULL for want of memory). */
const char *report_result_sentence(const json_t *report);
bool report_step_words(TALLOC_CTX *mem, const json_t *step, const char **result, const char **what, const char **checked);

/* Steps 5 and 6 of a report, a sentence each, for a screen: "ATTESTED by a person, ..." (owned by mem), "Left where it is, by decision." */
char *report_mail_sentence(TALLOC_CTX *mem, const json_t *report);
const char *report_oldfolder_sentence(const json_t *report);

#endif
