/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The server that is off: its drives, and who it is. */
#include "server/disks_private.h"

#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

/* Two letters for one folder would let a repair copy a file onto itself. */
static int drive_same(struct disks *disks, struct volume *volume, struct error *err)
{
	struct file_identity one, other;
	int ret = volume_identity(volume, "", &one, err);

	for (int i = 0; ret == 0 && i < DISKS_LETTERS; i++) {
		if (!disks->volumes[i])
			continue;
		ret = volume_identity(disks->volumes[i], "", &other, err);
		if (ret == 0 && one.device == other.device && one.inode == other.inode)
			ret = error_set(err, TROUBLE_USAGE,
				_("Drives %c: and %c: were given the same folder."),
				(char)('A' + i), volume_letter(volume));
	}
	return ret;
}

static int drive_open(struct disks *disks, char letter, const char *folder, struct error *err)
{
	struct volume *volume;
	int ret;

	if (disks->volumes[letter - 'A'])
		return error_set(err, TROUBLE_USAGE, _("Drive %c: was given twice."), letter);
	ret = volume_open(disks->drives, letter, folder, &volume, err);
	if (ret == 0)
		ret = drive_same(disks, volume, err);
	if (ret == 0) {
		volume_watch(volume, &disks->watch);
		disks->volumes[letter - 'A'] = volume;
	}
	return ret;
}

char *disks_drive_add(char *drives, char letter, const char *folder)
{
	drives = talloc_asprintf_append(drives, "%s%c=", *drives ? "," : "", letter);
	return text_item_add(drives, folder);
}

static int drives_open(struct disks *disks, const char *drives, struct error *err)
{
	const char *rest = drives ? drives : "";
	int ret = 0;

	do {
		char letter = rest[0], *folder;
		if (letter >= 'a' && letter <= 'z')
			letter = (char)(letter - 'a' + 'A');
		if (letter < 'A' || letter > 'Z' || rest[1] != '=' || rest[2] == '\0' ||
			rest[2] == ',')
			return error_set(err, TROUBLE_USAGE,
				_("Drives are given as letter and folder, for example C=/mnt/c,E=/mnt/e."));
		rest += 2;
		folder = text_item(disks, &rest);
		if (!folder)
			return error_memory(err);
		ret = drive_open(disks, letter, folder, err);
	} while (ret == 0 && *rest);
	return ret;
}

unsigned disks_caps(const struct disks *disks)
{
	unsigned caps = SERVER_WRITE | SERVER_HIVES;

	for (int i = 0; i < DISKS_LETTERS; i++)
		if (disks->volumes[i] && disks_may_write(disks, disks->volumes[i], NULL) != 0)
			caps &= ~(unsigned)SERVER_WRITE;
	return caps;
}

static void drives_letters(struct disks *disks)
{
	size_t count = 0;

	for (int i = 0; i < DISKS_LETTERS; i++)
		if (disks->volumes[i])
			disks->letters[count++] = (char)('A' + i);
}

/* A SYSTEM file without a control set and its services is not the one of a server, whatever its
 * name. */
static int system_shape(struct disks *disks, char **set, struct error *err)
{
	char *services;
	struct reg_key *key = NULL;
	int ret = disks_control_set(&disks->base, disks, set, err);

	if (ret != 0)
		return ret;
	services = talloc_asprintf(*set, "%s\\Services", *set);
	ret = services ? disks_reg_list(&disks->base, services, services, &key, err)
		       : error_memory(err);
	if (ret == 0 && !key)
		ret = error_set(err, TROUBLE_HIVE_NO_SERVICES,
			_("The registry file SYSTEM in %s has no services in %s."), disks->config,
			*set + strlen("SYSTEM\\"));
	talloc_free(services);
	return ret;
}

static int drives_identify(struct disks *disks, struct server_id *id, struct error *err)
{
	char *set;
	int ret = system_shape(disks, &set, err);

	return ret == 0 ? server_identify(&disks->base, disks, set, id, err) : ret;
}

/* The volumes stay: a stage that goes with the server still removes its file. */
static int disks_free(struct disks *disks)
{
	disks_hives_close(disks);
	if (disks->lock >= 0)
		close(disks->lock);
	disks->lock = -1;
	return 0;
}

void disks_leave(struct disks *disks)
{
	disks_free(disks);
	disks->held = false;
	for (int i = 0; i < DISKS_LETTERS; i++)
		TALLOC_FREE(disks->volumes[i]);
}

int disks_again(struct disks *disks, const char *drives, struct error *err)
{
	struct server_id now = { 0 };
	int ret = drives_open(disks, drives, err);

	if (ret == 0)
		ret = drives_identify(disks, &now, err);
	if (ret == 0 && !server_id_same(&now, &disks->base.id))
		ret = error_set(err, TROUBLE_OTHER_SERVER,
			_("The server on these drives is not %s any more."), disks->base.id.name);
	return ret;
}

int disks_open(TALLOC_CTX *mem, const struct disks_options *options, struct server **server,
	struct error *err)
{
	struct disks *disks = talloc_zero(mem, struct disks);
	int ret;

	if (!disks)
		return error_memory(err);
	disks->lock = -1;
	talloc_set_destructor(disks, disks_free);
	disks->drives = talloc_new(disks);
	if (!disks->drives) {
		talloc_free(disks);
		return error_memory(err);
	}
	disks->base.ops = &disks_ops;
	disks->base.reach = N_("disks");
	ret = drives_open(disks, options->drives, err);
	drives_letters(disks);
	if (ret == 0)
		ret = disks_find_nt(disks, options->nt_folder, err);
	if (ret == 0)
		ret = drives_identify(disks, &disks->base.id, err);
	if (ret != 0) {
		talloc_free(disks);
		return ret;
	}
	disks->base.caps = disks_caps(disks);
	*server = &disks->base;
	return 0;
}

const struct server_ops disks_ops = {
	.drives = disks_drives,
	.file_stat = disks_stat,
	.list = disks_list,
	.short_name = disks_short_name,
	.identity = disks_identity,
	.drives_nested = disks_drives_nested,
	.stream_lost = disks_stream_lost,
	.room = disks_room,
	.volume_traits = disks_volume_traits,
	.file_open = disks_file_open,
	.file_read = disks_file_read,
	.stage = disks_stage,
	.stage_write = disks_stage_write,
	.stage_ready = disks_stage_ready,
	.stage_read = disks_stage_read,
	.stage_switch = disks_stage_switch,
	.mkdir = disks_mkdir,
	.remove = disks_remove,
	.rename = disks_rename,
	.set_time = disks_set_time,
	.sync = disks_sync,
	.sync_folder = disks_sync_folder,
	.reg_list = disks_reg_list,
	.reg_read = disks_reg_read,
	.reg_walk = disks_reg_walk,
	.hold = disks_hold,
	.release = disks_release,
	.reg_save = disks_reg_save,
	.reg_gate = disks_reg_gate,
	.reg_stage = disks_reg_stage,
	.reg_stage_whole = disks_reg_stage_whole,
	.reg_stage_note = disks_reg_stage_note,
	.reg_stage_files = disks_reg_stage_files,
	.reg_switch = disks_reg_switch,
	.share_get = disks_share_get,
	.share_stage = disks_share_stage,
	.service_list = disks_service_list,
	.service_set = disks_service_set,
	.events = disks_events,
	.mail_boxes = server_mail_boxes,
	.mail_send = server_mail_send,
	.mail_read = server_mail_read,
	.trial = disks_trial,
	.trial_clear = disks_trial_clear,
	.holds = disks_holds,
	.lock = disks_lock,
};
