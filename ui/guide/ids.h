/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ids of pages, as the guide and its pages use them; ids.c has their names. */
#ifndef GUIDE_IDS_H
#define GUIDE_IDS_H

/* In the order of the walk. */
enum page_id {
	PAGE_REACH, PAGE_UNFINISHED, PAGE_DIAGNOSIS, PAGE_PCMTA, PAGE_READY, PAGE_BACKUP, PAGE_COPY, PAGE_REGISTRY, PAGE_SHARE, PAGE_CARRY,
	PAGE_PAUSE, PAGE_MAIL, PAGE_OLDFOLDER, PAGE_REPORT, PAGE_UNDO,
	PAGE_TRAIN, PAGE_LESSON, PAGE_ASK, PAGE_DEBRIEF, PAGE_EXAM, /* the training ground's */
	PAGE_COUNT
};
const char *page_name(enum page_id page); /* "registry" */

#endif
