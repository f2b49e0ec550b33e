/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paths inside registry values, service command lines and lists: found, and made to lead
 * elsewhere. */
#include "fuzz/fuzz.h"

#include <string.h>

#include "base/error.h"
#include "base/memory.h"
#include "nt/path.h"

static const char *const shorts[] = { "EXCHSR~1", NULL, "MSMCON" };

static const struct path_folder folders[] = {
	{ "C:\\exchsrvr\\connect\\msmcon", NULL },
	{ "E:\\exchsrvr\\connect\\msmcon", NULL },
	{ "E:\\Mail Server\\connect\\msmcon", NULL },
	{ "C:\\Exchange Server\\x\\msmcon", shorts },
	{ "D:\\", NULL },
	{ "C:\\WINNT", NULL },
};
enum { FOLDERS = ARRAY_SIZE(folders) };

static void spans(TALLOC_CTX *mem, const char *text, enum path_form form, const char *root)
{
	size_t count, end = 0;
	struct path_span *found = path_spans(mem, text, form, root, &count);

	must(found != NULL, "there is memory");
	for (size_t i = 0; i < count; i++) {
		must(found[i].begin < found[i].end && found[i].begin >= end &&
				found[i].end <= strlen(text),
			"paths stand one behind the other");
		must(!found[i].full || path_normal(mem, found[i].full), "a full path is one");
		for (size_t k = 0; k < FOLDERS; k++) {
			size_t prefix = path_prefix(text, &found[i], &folders[k]);

			must(prefix <= found[i].end - found[i].begin, "a prefix lies in its path");
		}
		end = found[i].end;
	}
}

static void moved(TALLOC_CTX *mem, const char *text, enum path_form form, const char *root,
	const struct path_folder *from, const struct path_folder *to)
{
	enum path_leads leads, again;
	char *after, *twice;

	must(path_relocate(mem, text, form, root, from, to, &leads, &after) == 0,
		"there is memory");
	if (leads == LEADS_NOWHERE || leads == LEADS_RELOCATED) {
		must(!strcmp(text, after), "what does not lead to the default folder stays");
		return;
	}
	must(strcmp(text, after) != 0, "what leads to the default folder changes");
	must(path_relocate(mem, after, form, root, from, to, &again, &twice) == 0,
		"there is memory");
	/* A command line without quotes and without a program's extension ends at the first blank,
	 * also at one of the folder's own. */
	if (form == PATH_COMMAND && strchr(to->full, ' '))
		return;
	must(again == LEADS_RELOCATED, "what was made to lead to the relocated folder does");
	must(!strcmp(after, twice), "and is right then");
	must(strlen(after) <= strlen(text) * (1 + strlen(to->full)),
		"no more is put in than the folder's name for each path");
}

int fuzz_value(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct feed feed = { bytes, len };
	uint8_t kind = feed_byte(&feed), which = feed_byte(&feed);
	enum path_form form = (enum path_form)(kind % 3);
	const char *root = kind & 4 ? NULL : kind & 8 ? "C:\\exchsrvr" : "C:\\WINNT";
	char *text = feed_text(mem, &feed);

	spans(mem, text, form, root);
	/* The two folders are never one, nor one in the other: the survey refuses that. */
	if (which % FOLDERS != which / FOLDERS % FOLDERS)
		moved(mem, text, form, root, &folders[which % FOLDERS],
			&folders[which / FOLDERS % FOLDERS]);
	talloc_free(mem);
	return 0;
}
