/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What files have besides their data: whatever of it could not be carried, a backup or a new file would lose. So it is
 * looked at before anything is written. */
#include "repair/survey_internal.h"

#include "base/i18n.h"
#include "nt/path.h"

/* The first note, and how many there were. */
struct notes {
	char *first;
	size_t count;
};

static int traits_of(struct look *look, const char *path, struct notes *notes)
{
	char *note = NULL;
	int ret = path ? look->server->ops->traits_check(look->server, look->tmp, path, &note, look->err)
		       : error_memory(look->err);

	if (ret == -TROUBLE_MEMORY)
		return ret;
	if (ret != 0)
		return look_refuse(look, look->err->trouble, _("%s It can be looked at, but not repaired."),
				   look->err->text);
	if (note && notes->count++ == 0)
		notes->first = note;
	return 0;
}

/* Step 1 copies all of the relocated Bin, step 2 replaces some of it, step 3 may replace the registry file. */
int look_traits(struct look *look)
{
	const char *nt = look->survey->id->nt_folder;
	struct notes notes = { 0 };
	int ret = look->survey->look_only ? 0
					  : traits_of(look, path_join(look->tmp, nt, "system32\\config\\SYSTEM"), &notes);

	for (size_t i = 0; ret == 0 && !look->survey->look_only && i < look->own_list.count; i++)
		ret = traits_of(look, path_join(look->tmp, look->own_bin_path, look->own_list.items[i].rel), &notes);
	if (ret != 0 || notes.count == 0)
		return ret;
	return look_notice(look, "compression",
			   _("%s Files of which this is true: %zu."), notes.first, notes.count);
}
