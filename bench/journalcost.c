/* SPDX-License-Identifier: GPL-3.0-or-later */
/* journalcost PLACE ACTS: what the record of an act costs: three lasting entries, as act.c writes
 * them, of an act with 100 changes. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/inside.h"
#include "record/journal.h"

enum { CHANGES = 100 };

static json_t *names_make(bool states)
{
	json_t *names = states ? json_object() : json_array();
	char name[32];

	for (int i = 0; i < CHANGES; i++) {
		(void)snprintf(name, sizeof name, "file/Bin\\FILE%04d.DLL", i);
		if (states)
			json_object_set_new(names, name, json_string("new"));
		else
			json_array_append_new(names, json_string(name));
	}
	return names;
}

static int act(struct journal *journal, int number, struct error *err)
{
	int ret = journal_add(journal, JOURNAL_PREPARING,
		json_pack("{s:i, s:i, s:i}", "act", number, "step", 2, "count", CHANGES), true,
		err);

	if (ret == 0)
		ret = journal_add(journal, JOURNAL_ACT,
			json_pack("{s:i, s:i, s:o}", "act", number, "step", 2, "changes",
				names_make(false)),
			true, err);
	if (ret == 0)
		ret = journal_add(journal, JOURNAL_DONE,
			json_pack("{s:i, s:i, s:o}", "act", number, "step", 2, "looked",
				names_make(true)),
			true, err);
	return ret;
}

static int acts(TALLOC_CTX *mem, const char *place, int count, struct error *err)
{
	struct runfolder *run;
	struct journal *journal;
	int ret = runfolder_create(mem, place, &run, err);
	double begin;

	if (ret == 0)
		ret = journal_open(mem, run, &journal, err);
	begin = inside_now();
	for (int i = 1; ret == 0 && i <= count; i++)
		ret = act(journal, i, err);
	if (ret == 0)
		printf("inside %.3f ms\n", (inside_now() - begin) / count);
	return ret;
}

int main(int argc, char **argv)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct error err;
	int ret = argc > 2 ? acts(mem, argv[1], atoi(argv[2]), &err) : -1;

	if (argc > 2 && ret != 0)
		fprintf(stderr, "%s\n", err.text);
	talloc_free(mem);
	return ret != 0;
}
