/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Temporary folders for practice, and the drives in one. */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "practice/practice.h"
#include "server/disks.h"

/* One at a time: this clears up after a call that ran out of descriptors as well. */
enum { FOLDERS_OPEN = 1 };

static int remove_one(const char *path, const struct stat *meta, int flag, struct FTW *where)
{
	(void)meta, (void)flag, (void)where;
	return remove(path) != 0 && errno != ENOENT;
}

bool practice_remove(const char *dir)
{
	(void)nftw(dir, remove_one, FOLDERS_OPEN, FTW_DEPTH | FTW_PHYS);
	return access(dir, F_OK) != 0 && errno == ENOENT;
}

static int place_free(char *dir)
{
	(void)practice_remove(dir);
	return 0;
}

/* In memory if possible: it goes away with the program and is several times as fast. */
static const char *place_base(const char *base)
{
	if (!base)
		base = getenv("TMPDIR");
	if (base && *base)
		return base;
	return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
}

int practice_place(TALLOC_CTX *mem, const char *base, char **dir, struct error *err)
{
	char *made;
	int ret;

	base = place_base(base);
	made = talloc_asprintf(mem, "%s/msmcfix-XXXXXX", base);
	if (!made)
		return error_memory(err);
	if (!mkdtemp(made)) {
		ret = error_system(err, TROUBLE_IO, errno,
			_("No folder for practice could be created in %s"), base);
		talloc_free(made);
		return ret;
	}
	talloc_set_destructor(made, place_free);
	*dir = made;
	return 0;
}

char *practice_drives(TALLOC_CTX *mem, const char *dir)
{
	char *text = talloc_strdup(mem, "");

	for (char letter = 'A'; text && letter <= 'Z'; letter++) {
		char *folder = talloc_asprintf(text, "%s/%c", dir, letter);
		struct stat st;

		if (!folder)
			return NULL;
		if (lstat(folder, &st) < 0 || !S_ISDIR(st.st_mode))
			continue;
		text = disks_drive_add(text, letter, folder);
	}
	return text;
}
