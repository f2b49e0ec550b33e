/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizard/theme.h"

enum role role_of(enum tone tone)
{
	static const enum role roles[] = {
		[TONE_TEXT] = ROLE_TEXT,
		[TONE_STRONG] = ROLE_STRONG,
		[TONE_QUIET] = ROLE_QUIET,
		[TONE_RIGHT] = ROLE_RIGHT,
		[TONE_OPEN] = ROLE_OPEN,
		[TONE_DECIDED] = ROLE_DECIDED,
		[TONE_GOOD] = ROLE_GOOD,
		[TONE_WARN] = ROLE_WARN,
		[TONE_DANGER] = ROLE_DANGER,
		[TONE_CALM] = ROLE_CALM,
	};

	return roles[tone];
}
