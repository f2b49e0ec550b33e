/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must be true before anything is written to a registry file. */
#include "server/disks_private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static int gate_volumes(struct disks *disks, struct error *err)
{
	int ret = 0;

	for (int i = 0; ret == 0 && i < DISKS_LETTERS; i++)
		if (disks->volumes[i])
			ret = disks_may_write(disks, disks->volumes[i], err);
	return ret;
}

static int gate_hibernated(struct disks *disks, char letter, struct error *err)
{
	char path[] = "?:\\hiberfil.sys";
	bool hibernated;
	int ret = volume_hibernated(disks->volumes[letter - 'A'], &hibernated, err);

	path[0] = letter;
	if (ret == 0 && hibernated)
		ret = error_set(err, TROUBLE_HIVE_DIRTY,
			_("The server is hibernated (%s): "
			  "it would resume with its old registry in memory and damage what is changed now."),
			path);
	return ret;
}

/* Names that an earlier repair left: nothing may overwrite them before somebody has checked. */
static int gate_leftovers(struct disks *disks, TALLOC_CTX *mem, struct error *err)
{
	struct entry_list list;
	int ret = disks_list(&disks->base, mem, disks->config, &list, err);

	for (size_t i = 0; ret == 0 && i < list.count; i++) {
		const char *name = list.entries[i].name;
		if (text_equal(name, "SYSTEM" SERVER_STAGE_SUFFIX) ||
			text_equal(name, "SYSTEMA" SERVER_STAGE_SUFFIX) ||
			disks_name_torn(name, "SYSTEM") || disks_name_torn(name, "SYSTEM.ALT"))
			ret = error_advise(err,
				error_set(err, TROUBLE_MOVED,
					_("An earlier repair was interrupted: it left %s in %s."),
					name, disks->config),
				_("Resume that run or undo it (%s runs), then try again."),
				text_call());
	}
	return ret;
}

int disks_gate_outside(struct disks *disks, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	int ret = gate_volumes(disks, err);

	for (const char *letter = disks->letters; ret == 0 && *letter; letter++)
		ret = gate_hibernated(disks, *letter, err);
	if (ret == 0)
		ret = gate_leftovers(disks, tmp, err);
	talloc_free(tmp);
	return ret;
}

/* Between hold and release SYSTEM has passed the walk. A damaged SYSTEM.ALT is no reason to refuse:
 * NT starts from SYSTEM, and reg_stage says that the second copy stays as it is. */
int disks_reg_gate(struct server *server, struct error *err)
{
	struct disks *disks = disks_of(server);
	struct regf *regf;
	int ret = disks_gate_outside(disks, err);

	if (!disks->held)
		disks_hives_close(disks);
	return ret == 0 ? disks_hive_sound(disks, DISKS_SYSTEM, &regf, err) : ret;
}
