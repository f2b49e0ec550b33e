/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `train --list`, `--progress`, `--clear-progress` and `--results`: what there is to play, and how it went. */
#ifndef UI_CMD_CLASS_H
#define UI_CMD_CLASS_H

#include <talloc.h>

#include "base/error.h"
#include "ui/options.h"

int class_list(TALLOC_CTX *mem, const struct options *options, struct error *err);
int class_progress(TALLOC_CTX *mem, const struct options *options, struct error *err);
int class_clear(TALLOC_CTX *mem, const struct options *options, struct error *err);
int class_results(TALLOC_CTX *mem, const struct options *options, struct error *err);

#endif
