/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks what a person reads for translation. Ids, JSON, the journal, registry data and file names
 * are never marked. */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#include <libintl.h>

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

#endif
