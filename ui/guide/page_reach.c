/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to reach the server: a practice server, or the disks of one that is off. */
#include <mntent.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/guide/reading.h"

static const struct column columns[] = {
	{ N_("Mounted at"), 30, CUT_MIDDLE, false },
	{ N_("Kind"), 10, CUT_END, false },
	{ N_("Device"), 24, CUT_MIDDLE, true },
};

/* File systems that could be a Windows drive. */
static bool windows_fs(const char *fs)
{
	static const char *const kinds[] = { "ntfs", "ntfs3", "vfat", "msdos", "fuseblk",
		"fuse.ntfs-3g", "fuse.lowntfs-3g" };

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(fs, kinds[i]) == 0)
			return true;
	return false;
}

static void mounts_list(struct page *page)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;

	while (mounts && (mount = getmntent(mounts)))
		if (windows_fs(mount->mnt_type))
			page_row(page, NULL, text_shown(page, mount->mnt_dir),
				text_shown(page, mount->mnt_type),
				text_shown(page, mount->mnt_fsname), NULL);
	if (mounts)
		endmntent(mounts);
}

static void make(struct guide *guide, struct page *page)
{
	struct question *drives = page_line(page, QUESTION_REACH_DRIVES, NULL,
		_("The server's drives"),
		_("Each drive letter with the folder its volume is mounted at, with commas between: C=/mnt/c,E=/mnt/e\n"));

	page->title = _("How do you reach the server?");
	page_lead(page, "%s\n%s\n%s\n",
		_("Nothing is changed by looking. Every change is shown first, asked for, and can be put back."),
		"",
		_("A server that is off: mount its volumes, then say which folder is which drive."));
	page_columns(page, columns, ARRAY_SIZE(columns));
	mounts_list(page);
	if (page->row_count == 0)
		page_tail(page, "%s\n",
			_("No volume that could be a Windows drive is mounted just now."));
	page_tail(page, "%s\n",
		_("A live server over the network cannot be reached by this version."));
	page->why = _(
		"Microsoft's article Q240208 tells how an Exchange service pack breaks the MS Mail Connector of a server whose "
		"postoffice had been moved to another drive, and how to cure it in six steps. This program walks through them. "
		"On a practice server, made on the spot, everything is as on a real one but nothing can be lost.\n");
	drives->min_length = 3;
	drives->proposal = guide->drives ? guide->drives : guide->given->disks;
	if (guide->asking == QUESTION_REACH_DRIVES)
		page->question = drives;
	page_action(page, WORD_PRACTICE, _("Practice server"), 'p', ACTION_FORWARD);
	page_action(page, WORD_DISKS, _("Disks of a server"), 'm', ACTION_FORWARD)->ask = drives;
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE);
	reading_actions(page);
}

/* The disks of a server, or with NULL a practice server. */
static void reach(struct guide *guide, const char *disks)
{
	guide->options.practice = !disks;
	guide->options.disks = disks;
	guide->options.nt_folder = disks ? guide->given->nt_folder : NULL;
	if (guide_work(guide, _("Looking at the server. Nothing is changed."), job_reach))
		guide->reach_failed = 0;
	/* Told again and again what cannot be, by something that is no person. */
	else if (++guide->reach_failed >= REACH_PATIENCE)
		guide->over = true;
	else if (disks && !guide->server)
		guide_ask(guide, QUESTION_REACH_DRIVES, NULL);
}

static void reply(struct guide *guide, const struct input *input)
{
	if (!reading_reply(guide, input) && input->text) {
		talloc_free(guide->drives);
		guide->drives = talloc_strdup(guide, input->text);
		reach(guide, guide->drives);
	}
	if (input->action == WORD_PRACTICE)
		reach(guide, NULL);
}

const struct guide_page page_reach = { .make = make, .reply = reply };
