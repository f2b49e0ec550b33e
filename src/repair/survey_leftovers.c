/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an earlier run may have left something: the registry's folder, the relocated Msmcon, its Bin, the default
 * Msmcon's parent. */
#include "repair/leftover.h"
#include "repair/survey_internal.h"

#include <string.h>

#include "base/i18n.h"

static int leftovers_in(struct look *look, const char *folder)
{
	struct survey *survey = look->survey;

	if (!folder)
		return error_memory(look->err);
	if (!look_has_drive(look, folder))
		return 0;
	return leftover_list(look->server, survey, folder, &survey->leftovers, &survey->leftover_count, look->err);
}

int look_leftovers(struct look *look)
{
	const struct survey *survey = look->survey;
	const char *bin = look->own_bin_path;
	int ret = leftovers_in(look, path_join(look->tmp, survey->id->nt_folder, "system32\\config"));

	if (ret == 0)
		ret = leftovers_in(look, survey->relocated_msmcon);
	if (ret == 0)
		ret = leftovers_in(look, bin);
	for (size_t i = 0; ret == 0 && i < look->own_list.count; i++)
		if (look->own_list.items[i].meta.kind == ENTRY_FOLDER)
			ret = leftovers_in(look, path_join(look->tmp, bin, look->own_list.items[i].rel));
	if (ret == 0)
		ret = leftovers_in(look, path_parent(look->tmp, survey->default_msmcon));
	return ret;
}
