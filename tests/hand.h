/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody else who writes to the registry files of a lab server, by another way than the
 * program's. */
#ifndef TESTS_HAND_H
#define TESTS_HAND_H

#include <stdbool.h>
#include <stddef.h>

/* What they write; in SYSTEM and SYSTEM.ALT alike where nothing else is said. */
enum hand {
	HAND_OTHER_VALUE, /* beside one of ours */
	HAND_OURS_OTHER,  /* one of ours, with other data */
	HAND_OURS_SAME,   /* one of ours, rewritten: the bytes differ, the meaning does not */
	HAND_NEW_KEY,
	HAND_OTHER_FILE, /* SOFTWARE */
	HAND_ALT_ALONE,
	HAND_SYSTEM_ALONE,
	HAND_OURS_IN_ALT, /* one of ours, with other data, in SYSTEM.ALT alone */
	HAND_UNSEEN,      /* SYSTEM: a byte that means nothing to any reader of values */
	HANDS
};

extern const char *const hand_names[HANDS];

/* dir holds the drives of a lab server. */
void hand_write(enum hand hand, const char *dir);
/* Whether what was written by bytes alone is there still, where SYSTEM had so many before all of
 * it; true of what a comparison by meaning sees. */
bool hand_bytes_stand(enum hand hand, const char *dir, size_t len);

/* Windows was started and shut down: both files are laid out anew, and the log with them. */
void hand_boot(const char *dir);

#define HAND_CONFIG "C/WINNT/system32/config/"
#define HAND_MSMI "ControlSet001\\Services\\MSExchangeMSMI"

#endif
