/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIZARD_WORK_H
#define WIZARD_WORK_H

#include "ui/wizard/wizard_private.h"

/* Runs a job: painted four times a second, keys seen at once, whatever the job waits for. */
int work_run(struct wizard *wizard, const struct page *page, const struct job *job);

#endif
