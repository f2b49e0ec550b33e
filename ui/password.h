/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The password of an account on a running server: out of a file, or typed without being shown. It
 * stands in memory that is wiped when it is freed, and nowhere else. */
#ifndef UI_PASSWORD_H
#define UI_PASSWORD_H

#include <talloc.h>

#include "base/error.h"

enum { PASSWORD_MOST = 256 };

/* A copy, owned by mem, which is wiped when it is freed; NULL for want of memory. */
char *password_keep(TALLOC_CTX *mem, const char *text);

/*
 * The one line of a file, without its end. TROUBLE_NOT_THERE; TROUBLE_PERMISSION where it is no
 * regular file, is a link, may be read by others than its owner, or its owner is neither who runs
 * the program nor root; TROUBLE_USAGE where it is empty, longer than PASSWORD_MOST bytes, or has
 * more than one line.
 */
int password_of_file(TALLOC_CTX *mem, const char *path, char **password, struct error *err);

/* Whether there is a terminal to type it at: TROUBLE_USAGE if not, the sentence names
 * --password-file. */
int password_can_ask(struct error *err);
/*
 * Asks at the terminal, whatever standard input and output are; nothing that is typed is shown, and
 * the terminal is as it was before this returns. TROUBLE as password_can_ask; TROUBLE_STOPPED where
 * a signal came, or the line was empty or not ended.
 */
int password_ask(TALLOC_CTX *mem, const char *prompt, char **password, struct error *err);

#endif
