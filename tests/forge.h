/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forged records: the run folder of a real run with one thing in it changed, all sums made right
 * again. What there is to change is numbered, so that every forgery can be made again by its
 * number.
 */
#ifndef TESTS_FORGE_H
#define TESTS_FORGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { FORGE_TOLD = 400 };

struct forge;

/* The record in folder, read once; talloc_free it. Ends the program where it cannot be read. */
struct forge *forge_read(const void *mem, const char *folder);
/* The first so many forgeries change all of a record alike, the old folder, or a saved file. */
size_t forge_alike(void);
/* How many forgeries there are of it. */
size_t forge_count(const struct forge *forge);
/* Writes forgery number into the same kind of folder elsewhere, a copy of the first; told: what was
 * changed, for a person. */
void forge_write(struct forge *forge, size_t number, const char *folder, char told[FORGE_TOLD]);

/* ---- forge_smart.c: by somebody who knows how a record is read ---- */

size_t smart_count(void);
/* Forges the entries; from: the SYSTEM that was saved. True where that is to be missing from the
 * record. */
bool smart_forge(json_t **entries, size_t way, const char *from, char told[FORGE_TOLD]);
/* One side of a change leads elsewhere, its text and its bytes alike. */
void forge_side(json_t *side, const char *text);

#endif
