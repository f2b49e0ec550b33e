/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator's language: pages, reasons and error sentences, where a catalogue has them and the
 * terminal can show them. Numbers and the order of letters stay those of the C locale. */
#ifndef UI_LANGUAGE_H
#define UI_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the locale of the environment. English it is without a locale, in one that is not UTF-8 or
 * if only ascii is to be shown, where the Linux console has no font for the language, and when the
 * catalogue is damaged: then a line on standard error says so. MSMCFIX_LOCALEDIR: other catalogues
 * than the installed ones. */
void language_begin(bool ascii);

/* English from now on: what programs read is the same in every language. */
void language_for_programs(void);

/* Whether bytes are a whole catalogue of messages as the C library reads it ("The Format of GNU MO
 * Files", gettext manual): every string within them and ended, a hash table that has an end. Revision 0: texts that are put
 * together on each machine (PRIu64) are not used. */
bool language_whole(const uint8_t *bytes, size_t len);

#endif
