/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything in corpus/NAME through target NAME, and a file of one's own: replay FOLDER | replay
 * NAME FILE... */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static const struct {
	const char *name;
	fuzz_target *target;
} targets[] = {
	{ "text", fuzz_text },
	{ "path", fuzz_path },
	{ "value", fuzz_value },
	{ "data", fuzz_data },
	{ "regfile", fuzz_regfile },
	{ "regwrite", fuzz_regwrite },
	{ "regf", fuzz_regf },
	{ "edit", fuzz_edit },
	{ "build", fuzz_build },
	{ "version", fuzz_version },
	{ "plan", fuzz_plan },
	{ "journal", fuzz_journal },
	{ "report", fuzz_report },
	{ "case", fuzz_case },
	{ "evidence", fuzz_evidence },
	{ "rpc", fuzz_rpc },
	{ "descriptor", fuzz_descriptor },
	{ "frames", fuzz_frames },
	{ "diskkey", fuzz_diskkey },
	{ "image", fuzz_image },
	{ "evt", fuzz_evt },
	{ "maillog", fuzz_maillog },
	{ "mail_before", fuzz_mail_before },
};
enum { TARGETS = ARRAY_SIZE(targets), LIMIT = 1 << 20 };

static bool file_play(fuzz_target *target, const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = talloc_size(NULL, LIMIT), *exact;
	size_t len = file ? fread(bytes, 1, LIMIT, file) : 0;

	if (file)
		(void)fclose(file);
	/* As long as the file and no byte longer. */
	exact = talloc_memdup(NULL, bytes, len);
	talloc_free(bytes);
	if (file)
		(void)target(exact, len);
	talloc_free(exact);
	return file != NULL;
}

/* How many files there were; 0 for none, which is a failure. */
static size_t folder_play(fuzz_target *target, const char *path)
{
	DIR *folder = opendir(path);
	size_t count = 0;

	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		char *file = talloc_asprintf(NULL, "%s/%s", path, entry->d_name);

		count += entry->d_name[0] != '.' && file_play(target, file);
		talloc_free(file);
	}
	if (folder)
		(void)closedir(folder);
	return count;
}

static int corpora_play(const char *top)
{
	printf("1..%d\n", TARGETS);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; i < TARGETS; i++) {
		char *path = talloc_asprintf(NULL, "%s/%s", top, targets[i].name);
		size_t count = folder_play(targets[i].target, path);

		printf("%sok %zu - %s: %zu files\n", count ? "" : "not ", i + 1, targets[i].name,
			count);
		talloc_free(path);
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2)
		return corpora_play(argv[1]);
	for (size_t i = 0; argc > 2 && i < TARGETS; i++) {
		bool good = !strcmp(targets[i].name, argv[1]);

		for (int k = 2; good && k < argc; k++)
			good = file_play(targets[i].target, argv[k]);
		if (good)
			return 0;
	}
	(void)fprintf(stderr, "replay FOLDER | replay NAME FILE...\n");
	return 64;
}
