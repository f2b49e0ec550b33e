/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `train --list`, `--progress`, `--clear-progress` and `--results`: what there is to play, and how it went. */
#ifndef UI_CMD_CLASS_H
#define UI_CMD_CLASS_H

#include "ui/commands.h"

command_fn class_list, class_progress, class_clear, class_results;

#endif
