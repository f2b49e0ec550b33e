/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be read before anything is done: the six steps, and the words. */
#ifndef GUIDE_READING_H
#define GUIDE_READING_H

#include "ui/guide/state.h"

/* "The six steps", "Glossary". */
void reading_actions(struct page *page);
/* Whether the reply was one of them; then it has been shown. */
bool reading_reply(struct guide *guide, const struct input *input);

#endif
