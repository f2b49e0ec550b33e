/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps through paths as they are written. */
#ifndef NT_PATH_SCAN_H
#define NT_PATH_SCAN_H

#include <stdbool.h>
#include <stddef.h>

bool scan_separator(char c);
bool scan_letter(char c);

/* The length of a leading \??\ or \\?\, or 0. */
size_t scan_kernel(const char *text, size_t len);

/* The next name of text[*at, len): separators and single dots are skipped, *at goes behind the
 * name. False where there is none. */
bool scan_name(const char *text, size_t len, size_t *at, size_t *name, size_t *name_len);
/* How many names it has. */
size_t scan_count(const char *text, size_t len);

#endif
