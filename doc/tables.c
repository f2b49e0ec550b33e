/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The manual's tables out of the program's own. Copies standard input; what stands between
 * .\" begin NAME and .\" end is made anew. With --troubles it prints the table of troubles: name,
 * exit code, what to do, separated by tabs. `make manual` and manual.test run it.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "ui/wizard/requests.h"

static void keys_print(void)
{
	for (const struct request_row *row = request_rows; row < request_rows + REQUEST_COUNT; row++) {
		printf(".It %s", row->word);
		if (row->twin > 0 && row->twin < 0x80)
			printf(isalnum(row->twin) ? " , %c" : " , \\&%c", row->twin);
		printf("\n%c%s.\n", toupper((unsigned char)*row->what), row->what + 1);
	}
}

/* What the codes say; which ones troubles have, their table knows. */
static const struct exit_row {
	int code;
	const char *what;
} exit_rows[] = {
	{ 0, "Everything in steps 1 to 4 was seen to be right, or is kept by a named\n"
	     "person's decision.\n"
	     "Services, mail flow and the old folder are reported too but do not count here:\n"
	     "steps 5 and 6 judge them." },
	{ 1, "Something is left to do, needs a person, failed, or is only attested." },
	{ 2, "Something in steps 1 to 4 is wrong: changes or a person are needed." },
	{ 3, "Stopped or paused; can be resumed." },
	{ 4, "Refused, nothing written: the server or the plan has changed." },
	{ 64, "The command line is wrong, or there is no terminal." },
	{ 65, "Damaged, dirty, or ambiguous." },
	{ 66, "A folder, file or run does not exist." },
	{ 69, "The server cannot be reached, or only by a protocol that nobody agreed to." },
	{ 70, "A bug in the program, or out of memory." },
	{ 73, "A backup or run folder cannot be made." },
	{ 74, "Reading, writing or verifying failed." },
	{ 75, "Locked by another run." },
	{ 77, "No permission." },
	{ 78, "This kind of server cannot be repaired: a cluster, a mirror, too old." },
};
enum { EXIT_ROWS = sizeof(exit_rows) / sizeof(exit_rows[0]) };

/* The troubles that end with a code. */
static void exit_troubles_print(int code)
{
	const char *before = "Troubles: ";

	for (int trouble = TROUBLE_NONE + 1; trouble < TROUBLE_COUNT; trouble++) {
		if (trouble_exit((enum trouble)trouble) != code)
			continue;
		printf("%s%s", before, trouble_name((enum trouble)trouble));
		before = ",\n";
	}
	if (*before == ',')
		puts(".");
}

static void exits_print(void)
{
	for (const struct exit_row *row = exit_rows; row < exit_rows + EXIT_ROWS; row++) {
		printf(".It %d\n%s\n", row->code, row->what);
		exit_troubles_print(row->code);
	}
}

/* A trouble with a code that no row explains. */
static bool exits_lack(void)
{
	for (int trouble = TROUBLE_NONE + 1; trouble < TROUBLE_COUNT; trouble++) {
		size_t i = 0;

		while (i < EXIT_ROWS && exit_rows[i].code != trouble_exit((enum trouble)trouble))
			i++;
		if (i == EXIT_ROWS)
			return true;
	}
	return false;
}

static void troubles_print(void)
{
	for (int trouble = TROUBLE_NONE + 1; trouble < TROUBLE_COUNT; trouble++)
		printf("%s\t%d\t%s\n", trouble_name((enum trouble)trouble),
			trouble_exit((enum trouble)trouble), trouble_advice((enum trouble)trouble));
}

int main(int argc, char *argv[])
{
	static const char begin_keys[] = ".\\\" begin keys\n", begin_exits[] = ".\\\" begin exits\n";
	char line[1024];
	bool skips = false;

	if (exits_lack())
		return EXIT_FAILURE;
	if (argc > 1 && strcmp(argv[1], "--troubles") == 0) {
		troubles_print();
		return EXIT_SUCCESS;
	}
	while (fgets(line, sizeof(line), stdin)) {
		if (strcmp(line, ".\\\" end\n") == 0)
			skips = false;
		if (!skips)
			fputs(line, stdout);
		if (strcmp(line, begin_keys) == 0)
			keys_print();
		else if (strcmp(line, begin_exits) == 0)
			exits_print();
		else
			continue;
		skips = true;
	}
	return skips ? EXIT_FAILURE : EXIT_SUCCESS;
}
