/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The very first page where no server was named: repair one, practise, or train. */
#include <mntent.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/reached.h"
#include "ui/guide/reading.h"
#include "ui/reach.h"

enum { MOUNTS_SHOWN = 8 };

static const struct column columns[] = {
	{ N_("Way"), 9, CUT_NEVER, false },
	{ N_("What it is"), 66, CUT_END, false },
};

/* ---- the disks of a server ---- */

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

/* A line each, "" for none. */
static const char *mounts_text(struct page *page)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	const struct mntent *mount;
	const char *text = "";
	size_t count = 0;

	while (mounts && (mount = getmntent(mounts)))
		if (windows_fs(mount->mnt_type) && count++ < MOUNTS_SHOWN)
			text = page_text(page, "%s  %s (%s)\n", text,
				text_shown(page, mount->mnt_dir),
				text_shown(page, mount->mnt_type));
	if (mounts)
		endmntent(mounts);
	if (count > MOUNTS_SHOWN)
		text = page_text(page,
			P_("%s  and %zu more\n", "%s  and %zu more\n", count - MOUNTS_SHOWN), text,
			count - MOUNTS_SHOWN);
	return text;
}

static struct question *drives_question(const struct guide *guide, struct page *page)
{
	const char *mounts = mounts_text(page);
	struct question *drives = page_line(page, QUESTION_REACH_DRIVES, NULL,
		_("The server's drives"),
		page_text(page, "%s\n%s\n%s",
			_("Each drive letter with the folder its volume is mounted at, with commas between: C=/mnt/c,E=/mnt/e"),
			*mounts ? _("Mounted now, and could be a Windows drive:")
				: _("No volume that could be a Windows drive is mounted just now."),
			mounts));

	drives->min_length = 3;
	drives->proposal = guide->drives ? guide->drives : guide->given->disks;
	return drives;
}

/* ---- the disk images of one ---- */

static struct question *image_question(const struct guide *guide, struct page *page)
{
	struct question *image = page_line(page, QUESTION_REACH_IMAGE, NULL,
		_("The image of its disk"),
		page_text(page, "%s\n\n%s\n",
			_("The file, from / on; of several disks all of them, with commas between: /vm/sys.vmdk,/vm/data.vmdk"),
			_("qcow2, VMDK, VHD, VHDX, VDI or raw. The virtual machine must be off, shut down cleanly.")));

	image->proposal = guide->images ? guide->images : guide->given->image;
	return image;
}

/* ---- a running server ---- */

static struct question *host_question(const struct guide *guide, struct page *page)
{
	const struct options *options = guide->options.host ? &guide->options : guide->given;
	struct question *host = page_question(page, QUESTION_REACH_HOST, NULL, ASK_FORM,
		_("Which server, and who signs in?"));

	host->text = _(
		"The server by its name or address, and an administrator of it: DOMAIN\\NAME. The password is asked for next.\n");
	question_field(page, host, WORD_HOST, _("Server"), options->host ? options->host : "", 1);
	question_field(page, host, WORD_USER, _("User"), options->user ? options->user : "", 1);
	question_answer(page, host, WORD_CONTINUE, _("Continue"), 0, false);
	return host;
}

/* ---- the page ---- */

/* Runs of real servers that wait here come before all else. */
static void unfinished(const struct guide *guide, struct page *page)
{
	struct run_summary *list;
	size_t count;
	char *runs;

	if (reach_runs(page, &guide->options, &runs, NULL) != 0 ||
		runs_list(page, runs, &list, &count, NULL) != 0)
		return;
	for (size_t i = 0; i < count; i++) {
		bool open = list[i].state == STATE_PAUSED || list[i].state == STATE_CUT_OFF;

		if (!open || list[i].simulated)
			continue;
		page->message = page_text(page, _("Run %s of server %s is not finished:\n  %s"),
			list[i].name, list[i].server,
			reached_command(page, NULL, runs, "resume", list[i].name));
		return;
	}
}

static void ways(struct page *page)
{
	const struct {
		const char *way, *what;
	} all[] = {
		{ _("Repair"), _("a server that is off, by its mounted volumes") },
		{ _("Image"), _("a server inside a disk image of a virtual machine") },
		{ _("Network"), _("a running server, over the network") },
		{ _("Practise"), _("a broken server made on the spot: nothing can be lost") },
		{ _("Train"), _("cases with points: how servers break, and the traps") },
	};

	page_columns(page, columns, ARRAY_SIZE(columns));
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		page_row(page, NULL, all[i].way, all[i].what, NULL)->tones[0] = TONE_STRONG;
}

static struct action *way(struct page *page, enum word_id id, const char *label, char key,
	const char *brief, const char *hint)
{
	struct action *action = page_action(page, id, label, key, ACTION_FORWARD);

	action->brief = brief;
	action->hint = hint;
	return action;
}

static void actions(const struct guide *guide, struct page *page, const struct question *drives,
	const struct question *image)
{
	way(page, WORD_DISKS, _("Repair a server"), 'm', _("Repair"),
		_("Asks for its drives. Nothing is changed by looking."))
		->ask = drives;
	way(page, WORD_IMAGE, _("Repair in an image"), 'v', _("Image"),
		_("Asks for the image. It is opened read-only; nothing is changed by looking."))
		->ask = image;
	way(page, WORD_NETWORK, _("Repair over the network"), 'n', _("Network"),
		_("Asks for the server and who signs in. Nothing is changed by looking."))
		->ask = host_question(guide, page);
	way(page, WORD_PRACTICE, _("Practise"), 'p', NULL,
		_("A practice server for this time; it goes with the program."));
	way(page, WORD_KEEP, _("Practise, and keep it"), 'k', _("Practise, keep"),
		_("A practice server beside the runs: can be resumed and undone later."));
	way(page, WORD_TRAIN, _("Train"), 't', NULL,
		_("The list of cases, with your best result of each."));
	page_action(page, WORD_QUIT, _("Quit"), 'x', ACTION_LEAVE)->hint = _("Leaves.");
	reading_actions(page);
}

static void make(struct guide *guide, struct page *page)
{
	struct question *drives = drives_question(guide, page),
			*image = image_question(guide, page);

	page->title = _("What do you want to do?");
	if (!page->message)
		unfinished(guide, page);
	page_lead(page, "%s\n",
		_("Nothing is changed by looking. Every change is shown first, asked for, and can be put back."));
	ways(page);
	page->why = _(
		"Microsoft's article Q240208 tells how an Exchange service pack breaks the MS Mail Connector of a server whose "
		"postoffice had been moved to another drive, and how to cure it in six steps. This program walks through them. "
		"On a practice server, made on the spot, everything is as on a real one but nothing can be lost.\n");
	if (guide->asking == QUESTION_REACH_DRIVES)
		page->question = drives;
	if (guide->asking == QUESTION_REACH_IMAGE)
		page->question = image;
	actions(guide, page, drives, image);
}

/* ---- what it leads to ---- */

static int job_keep(struct guide *guide)
{
	char *dir;
	int ret = reach_practice(guide, guide->given, &dir, &guide->error);

	if (ret != 0)
		return ret;
	guide->options.practice_case = talloc_asprintf(guide, "%s/", dir);
	ret = job_reach(guide);
	if (ret == 0)
		guide_say(guide, _("This practice server is kept. To come back to it:\n  %s"),
			reached_command(guide->page, &guide->server->reached, NULL, "wizard",
				NULL));
	return ret;
}

/* Told again and again what cannot be, by something that is no person. */
static void reach(struct guide *guide, int (*job)(struct guide *))
{
	if (guide_reach(guide,
		    guide->options.image ? _("Opening the image, read-only. Nothing is changed.")
					 : _("Looking at the server. Nothing is changed."),
		    job))
		guide->reach_failed = 0;
	else if (++guide->reach_failed >= REACH_PATIENCE)
		guide->over = true;
}

/* The disks of a server, or with NULL a practice server. */
static void reach_here(struct guide *guide, const char *disks, int (*job)(struct guide *))
{
	guide->options.practice = !disks;
	guide->options.practice_case = guide->given->practice_case;
	guide->options.disks = disks;
	guide->options.nt_folder = disks ? guide->given->nt_folder : NULL;
	guide->options.host = guide->options.image = NULL;
	reach(guide, job);
	if (disks && !guide->server && !guide->over)
		guide_ask(guide, QUESTION_REACH_DRIVES, NULL);
}

/* What the command line said of other images was not said of these. */
static void reach_image_of(struct guide *guide, const char *images)
{
	const struct options *given = guide->given;
	bool same = given->image && strcmp(given->image, images) == 0;

	TALLOC_FREE(guide->image);
	talloc_free(guide->images);
	guide->images = talloc_strdup(guide, images);
	guide->options.practice = false;
	guide->options.disks = guide->options.host = NULL;
	guide->options.image = guide->images;
	guide->options.over = NULL;
	guide->options.letters = same ? given->letters : NULL;
	guide->options.overlay = given->overlay;
	guide->options.nt_folder = same ? given->nt_folder : NULL;
	reach(guide, job_reach);
	if (!guide->server && !guide->over && guide->at == PAGE_REACH)
		guide_ask(guide, QUESTION_REACH_IMAGE, NULL);
}

/* What the command line said of one server was not said of another. */
static void reach_host(struct guide *guide, const char *host, const char *user)
{
	const struct options *given = guide->given;
	bool same = given->host && strcmp(given->host, host) == 0;

	guide->options.practice = false;
	guide->options.disks = guide->options.image = guide->options.nt_folder = NULL;
	guide->options.host = talloc_strdup(guide, host);
	guide->options.user = talloc_strdup(guide, user);
	guide->options.port = same ? given->port : 0;
	guide->options.nt4 = same && given->nt4;
	guide->options.password_file = same ? given->password_file : NULL;
	guide_password(guide, NULL);
	reach(guide, job_reach);
}

/* From here on it is the training ground. */
static void train(struct guide *guide)
{
	if (coach_new(guide) == 0) {
		guide->hooks->open(guide);
		return;
	}
	guide->hooks = NULL;
	guide->at = PAGE_REACH;
	guide_trouble(guide);
}

static void reply(struct guide *guide, const struct input *input)
{
	const bool image = input->action == WORD_IMAGE || input->question == QUESTION_REACH_IMAGE;

	if (reading_reply(guide, input))
		return;
	if (image && input->text) {
		reach_image_of(guide, input->text);
	} else if (input->text) {
		talloc_free(guide->drives);
		guide->drives = talloc_strdup(guide, input->text);
		reach_here(guide, guide->drives, job_reach);
	}
	if (input->action == WORD_NETWORK)
		reach_host(guide, input->fields[0], input->fields[1]);
	if (input->action == WORD_PRACTICE)
		reach_here(guide, NULL, job_reach);
	if (input->action == WORD_KEEP)
		reach_here(guide, NULL, job_keep);
	if (input->action == WORD_TRAIN)
		train(guide);
}

const struct guide_page page_reach = { .make = make, .reply = reply };
