/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the shell. practice_flow DIR: lets all mail of a practice server move. practice_flow FILE N:
 * a new event log with N records, the last with the string "last". */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "practice/parts.h"
#include "tests/flow.h"

static int log_make(const char *path, unsigned long count)
{
	struct practice_buf log = { .mem = talloc_new(NULL) };
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	char text[32];
	int ret;

	practice_evt_open(&log);
	for (unsigned long i = 1; i <= count; i++) {
		snprintf(text, sizeof text, i == count ? "last" : "number %lu", i);
		practice_evt_add(&log,
			&(struct practice_event){ .id = 0x80000845,
				.type = 2,
				.at = 946684800 + (int64_t)i,
				.source = "MSExchangeMSMI",
				.computer = "LAB07",
				.strings = { text, "second" } });
	}
	practice_evt_close(&log);
	ret = log.failed || fd < 0 ? -1 : file_write(fd, log.bytes, log.len, 0);
	if (fd >= 0)
		close(fd);
	talloc_free(log.mem);
	return ret;
}

int main(int argc, char **argv)
{
	int ret = -1;

	if (argc == 3)
		ret = log_make(argv[1], strtoul(argv[2], NULL, 10));
	else if (argc == 2)
		ret = flow_all(argv[1]);
	return ret < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
