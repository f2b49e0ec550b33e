/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of repair/plan.h share. */
#ifndef REPAIR_PLAN_INTERNAL_H
#define REPAIR_PLAN_INTERNAL_H

#include "repair/plan.h"

enum { PLAN_LIMIT = 32 << 20, PLAN_ROW_LIMIT = 200000 };

#endif
