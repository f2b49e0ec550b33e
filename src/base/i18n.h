/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks what a person reads for translation. Ids, JSON, the journal, registry data and file names
 * are never marked. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define _(text) dgettext("msmcfix", text)
#define N_(text) text
/* By number: one, or the other for any else that the language has. */
#define P_(one, other, count) dngettext("msmcfix", one, other, count)
/* In one of several meanings: the context tells the translator which. Without a text of its own it
 * is the one that the word has elsewhere. */
#define C_(context, text) i18n_in(context "\004" text, text)

static inline const char *i18n_in(const char *id, const char *text)
{
	const char *found = dgettext("msmcfix", id);

	return found == id ? dgettext("msmcfix", text) : found;
}

/* A word that a record holds; the translation of none would be the catalogue's own head. */
static inline const char *i18n_word(const char *text)
{
	return *text ? _(text) : text;
}

/*
 * What a program reads, the record of a run first of all, is the same in every language, while the
 * screen is in the operator's. So a text that goes to both is made twice, the second time in
 * English: an error when it is born (base/error.h), a survey as it is made (repair/survey.h), all
 * of report.json when it is written. A reader has the English text; whole sentences of it are
 * translated again (i18n_word).
 */

/* Whether sentences are translated here and now. */
bool i18n_foreign(void);
/* From here on sentences of this thread are in English: true. Nothing is to be done where they are
 * already: false, and errno stays. i18n_shown takes that answer and is the end of it. */
bool i18n_english(void);
void i18n_shown(bool english);
/* Whether it was said and has not ended. */
bool i18n_twice(void);

#endif
