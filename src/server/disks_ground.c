/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the other parts of the disks backend stand on. */
#include "server/disks_private.h"

#include <string.h>

#include "base/file.h"
#include "base/i18n.h"

struct disks *disks_of(struct server *server)
{
	return (struct disks *)server;
}

int disks_path(struct disks *disks, const char *path, struct disks_place *place, struct error *err)
{
	char letter = path[0];

	if (letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	if (letter < 'A' || letter > 'Z' || path[1] != ':' || (path[2] != '\0' && path[2] != '\\'))
		return error_set(err, TROUBLE_BUG, _("A path that is not a full one was used."));
	place->volume = disks->volumes[letter - 'A'];
	if (!place->volume && disks->image && strchr(disks->letters, letter))
		return error_set(err, TROUBLE_IO, _("The image is not open any more."));
	if (!place->volume)
		return error_advise(err,
			error_set(err, TROUBLE_NOT_THERE,
				_("Drive %c: is not among the drives that were given."), letter),
			_("Give that drive as well, with --disks."));
	place->below = path[2] ? path + 3 : path + 2;
	return 0;
}

int disks_may_write(const struct disks *disks, const struct volume *volume, struct error *err)
{
	const struct volume_traits *traits = volume_traits(volume);
	int ret = volume_mirror_refused(traits, volume_letter(volume), err);

	if (ret == 0 && traits->read_only && !disks->later)
		ret = error_set(err, TROUBLE_READ_ONLY, _("Drive %c: is read-only here."),
			volume_letter(volume));
	return ret;
}

int disks_path_write(struct disks *disks, const char *path, struct disks_place *place,
	struct error *err)
{
	int ret = disks_path(disks, path, place, err);

	if (ret == 0 && !disks->base.rehearsing)
		ret = server_dry_refused(&disks->base, err);
	return ret == 0 ? disks_may_write(disks, place->volume, err) : ret;
}

void disks_hives_close(struct disks *disks)
{
	for (int i = 0; i < DISKS_HIVES; i++)
		TALLOC_FREE(disks->hives[i]);
}

int disks_pread(int fd, const char *path, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	int sys = file_pread(fd, buf, len, off, got);

	return sys ? error_system(err, TROUBLE_IO, sys, _("%s cannot be read"), path) : 0;
}
