/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the table of troubles: name, exit code, what to do, separated by tabs. For manual.test. */
#include <stdio.h>

#include "base/error.h"

int main(void)
{
	for (int trouble = TROUBLE_NONE + 1; trouble < TROUBLE_COUNT; trouble++)
		printf("%s\t%d\t%s\n", trouble_name((enum trouble)trouble),
			trouble_exit((enum trouble)trouble), trouble_advice((enum trouble)trouble));
	return 0;
}
