/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When memory runs out: a spare part is given free, and work stops at its next safe point; when
 * that is used up too, the program ends at once with the sentence and exit code of TROUBLE_MEMORY.
 * What was begun is then on record as after a power cut. */
#ifndef UI_SPARE_H
#define UI_SPARE_H

/* sentence: what is said at the end. */
void spare_begin(const char *sentence);

#endif
