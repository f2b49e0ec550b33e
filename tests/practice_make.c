/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Builds a practice server for the shell: practice_make SCENARIO SEED DIR. Prints "PC MTA: name"
 * for both. */
#include <stdio.h>
#include <stdlib.h>

#include "practice/parts.h"

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct practice_spec spec = { 0 };
	struct practice_world world;
	TALLOC_CTX *mem = talloc_new(NULL);
	int ret = argc == 4 && practice_scenario(argv[1], &spec.flags) ? 0 : 1;

	if (ret == 0) {
		spec.scenario = argv[1];
		spec.seed = strtoull(argv[2], NULL, 10);
		ret = practice_build(argv[3], &spec, &err);
	}
	if (ret == 0)
		ret = practice_world_make(mem, &spec, &world, &err);
	if (ret == 0)
		for (unsigned i = 0; i < PRACTICE_PCMTAS; i++)
			printf("PC MTA: %s\n", world.pcmta[i]);
	else
		fprintf(stderr, "%s\n", err.text);
	talloc_free(mem);
	return ret == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
