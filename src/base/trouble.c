/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one table of what can go wrong: its stable name, the program's exit code, what to do now. */
#include "base/error.h"

#include "base/i18n.h"

/* The exit codes of the manual page; from 64 on they are those of sysexits.h. */
enum {
	EXIT_RIGHT = 0,
	EXIT_STOPPED = 3,
	EXIT_REFUSED = 4,
	EXIT_USAGE_WRONG = 64,
	EXIT_DAMAGED = 65,
	EXIT_NOT_THERE = 66,
	EXIT_UNREACHABLE = 69,
	EXIT_PROGRAM = 70,
	EXIT_NO_RUN = 73,
	EXIT_INPUT_OUTPUT = 74,
	EXIT_LOCKED = 75,
	EXIT_PERMISSION = 77,
	EXIT_BY_KIND = 78
};

struct trouble_row {
	enum trouble trouble;
	const char *name;
	int code;
	const char *advice;
};

static const struct trouble_row trouble_table[TROUBLE_COUNT] = {
	{ TROUBLE_NONE, "none", EXIT_RIGHT, "" },
	{ TROUBLE_STOPPED, "stopped", EXIT_STOPPED,
		N_("Nothing is lost. Start the program again when you like.") },
	{ TROUBLE_MOVED, "moved", EXIT_REFUSED,
		N_("The server was changed in the meantime. Check it again, then decide again.") },
	{ TROUBLE_PLAN_FOREIGN, "plan-foreign", EXIT_REFUSED,
		N_("Make a new plan with this program, and edit nothing in it but the decisions.") },
	{ TROUBLE_PLAN_DAMAGED, "plan-damaged", EXIT_DAMAGED,
		N_("Make a new plan with this program, and edit nothing in it but the decisions.") },
	{ TROUBLE_USAGE, "usage", EXIT_USAGE_WRONG,
		N_("See --help for the commands and their options.") },
	{ TROUBLE_NOT_A_HIVE, "not-a-hive", EXIT_DAMAGED,
		N_("Check that the folder given is the right drive of the server. "
		   "If it is, start the server from its repair disk or restore the registry from a backup first.") },
	{ TROUBLE_HIVE_TRUNCATED, "hive-truncated", EXIT_DAMAGED,
		N_("If this is a copy, copy the file again. "
		   "If it is the server's own disk, restore the registry from a backup first.") },
	{ TROUBLE_HIVE_DIRTY, "hive-dirty", EXIT_DAMAGED,
		N_("Start the server once and shut it down cleanly, then try again.") },
	{ TROUBLE_HIVE_CHECKSUM, "hive-checksum", EXIT_DAMAGED,
		N_("Restore the registry from a backup, or start the server and let Windows repair it, then try again.") },
	{ TROUBLE_HIVE_BROKEN, "hive-broken", EXIT_DAMAGED,
		N_("Restore the registry from a backup, or start the server and let Windows repair it, then try again.") },
	{ TROUBLE_HIVE_NO_SELECT, "hive-no-select", EXIT_DAMAGED,
		N_("Check that the file is the server's SYSTEM registry file and not another one of the same name.") },
	{ TROUBLE_HIVE_NO_SERVICES, "hive-no-services", EXIT_DAMAGED,
		N_("Check that the file is the server's SYSTEM registry file and that its control set is complete.") },
	{ TROUBLE_HIVE_CHANGING, "hive-changing", EXIT_INPUT_OUTPUT,
		N_("Stop whatever is using the server's disk, then try again.") },
	{ TROUBLE_TWINS, "twins", EXIT_DAMAGED,
		N_("Find out which of the two is the server's own, move the other one away, then try again.") },
	{ TROUBLE_LINK, "link", EXIT_DAMAGED,
		N_("Put the real folder or file in its place, or name the real folder, then try again.") },
	{ TROUBLE_NAME, "name", EXIT_DAMAGED,
		N_("Give it a name that Windows NT can hold, or move it out of the folder, then try again.") },
	{ TROUBLE_RECORD_DAMAGED, "record-damaged", EXIT_DAMAGED,
		N_("Do not edit it. The saved originals in the run folder are plain files and can still be used by hand.") },
	{ TROUBLE_NOT_THERE, "not-there", EXIT_NOT_THERE, N_("Check the name and try again.") },
	{ TROUBLE_NO_NT, "no-nt", EXIT_NOT_THERE,
		N_("Also give the drive that Windows NT is installed on, with --disks.") },
	{ TROUBLE_SEVERAL_NT, "several-nt", EXIT_NOT_THERE,
		N_("Give only the drives of the installation with Exchange, or name its folder with --nt.") },
	{ TROUBLE_NO_EXCHANGE, "no-exchange", EXIT_NOT_THERE,
		N_("Check that this is the server with the MS Mail Connector and that all of its drives were given.") },
	{ TROUBLE_NO_RELOCATED, "no-relocated", EXIT_NOT_THERE,
		N_("Say where the Msmcon folder with the live postoffice is, with --relocated.") },
	{ TROUBLE_SAME_MSMCON, "same-msmcon", EXIT_DAMAGED,
		N_("The postoffice of this server was not moved, so there is nothing here to repair.") },
	{ TROUBLE_LETTERS, "letters", EXIT_NOT_THERE,
		N_("Give each folder with the drive letter it has on the running server.") },
	{ TROUBLE_UNREACHABLE, "unreachable", EXIT_UNREACHABLE,
		N_("Check that the server is up, the network and its name, then try again.") },
	{ TROUBLE_DIALECT, "dialect", EXIT_UNREACHABLE,
		N_("Read in the manual what --nt4 means; on a network that you trust, give it.") },
	{ TROUBLE_BUG, "bug", EXIT_PROGRAM,
		N_("This is a fault of the program. Please report it, with the log of the run.") },
	{ TROUBLE_MEMORY, "memory", EXIT_PROGRAM, N_("Close other programs, then try again.") },
	{ TROUBLE_NO_ROOM, "no-room", EXIT_NO_RUN, N_("Make room on that disk, then try again.") },
	{ TROUBLE_RUNS_IN_MEMORY, "runs-in-memory", EXIT_NO_RUN,
		N_("Name a folder on a permanent disk, with --runs.") },
	{ TROUBLE_NO_RUN_FOLDER, "no-run-folder", EXIT_NO_RUN,
		N_("Name a folder that you may write to, with --runs.") },
	{ TROUBLE_IO, "io", EXIT_INPUT_OUTPUT, N_("Remove the cause, then try again.") },
	{ TROUBLE_VERIFY, "verify", EXIT_INPUT_OUTPUT,
		N_("Do not trust this disk. Check it before anything else is written to it.") },
	{ TROUBLE_LOCKED, "locked", EXIT_LOCKED,
		N_("Wait until the other program or operator is done, then try again.") },
	{ TROUBLE_PERMISSION, "permission", EXIT_PERMISSION,
		N_("Use an account that may do this: root for disks, an administrator of the server over the network.") },
	{ TROUBLE_READ_ONLY, "read-only", EXIT_PERMISSION,
		N_("The server can be checked as it is. To repair it, mount the volume read-write.") },
	{ TROUBLE_MOUNT, "mounted-wrongly", EXIT_PERMISSION,
		N_("The server can be checked as it is. To repair it, mount the volume without that option.") },
	{ TROUBLE_VOLUME_DIRTY, "volume-dirty", EXIT_DAMAGED,
		N_("Start the server once so that Windows checks the disk (chkdsk /f), and shut it down cleanly, "
		   "then try again.") },
	{ TROUBLE_CLUSTER, "cluster", EXIT_BY_KIND,
		N_("Repair a cluster with Microsoft's own tools. Use the findings as a list of what is wrong.") },
	{ TROUBLE_MIRROR, "mirror", EXIT_BY_KIND,
		N_("Repair this server by hand while it runs: writing to one half of a mirror would break it.") },
	{ TROUBLE_TOO_OLD, "too-old", EXIT_BY_KIND,
		N_("Use the tools of that version of Windows NT. The program repairs Windows NT 4.0 and Windows 2000.") },
	{ TROUBLE_CANNOT, "cannot", EXIT_BY_KIND,
		N_("Do this part by hand or reach the server in another way.") },
	{ TROUBLE_IMAGE, "image", EXIT_DAMAGED,
		N_("Check the image with the tools of its virtual machine, or take a copy of it that is whole.") },
	{ TROUBLE_IMAGE_CHAIN, "image-chain", EXIT_DAMAGED,
		N_("Put all files of the image into one folder. If you did not make it yourself, do not trust it.") },
	{ TROUBLE_DISK_KIND, "disk-kind", EXIT_BY_KIND,
		N_("Start the virtual machine and repair the server over the network, with --host.") },
	{ TROUBLE_WHICH_LETTERS, "which-letters", EXIT_NOT_THERE,
		N_("Say which partition is which drive, with --letters.") },
	{ TROUBLE_PROGRAM, "program", EXIT_UNREACHABLE,
		N_("Install the package, then try again.") },
	{ TROUBLE_OTHER_SERVER, "other-server", EXIT_REFUSED,
		N_("Use the run or plan that belongs to this server, or give the server it was made for.") },
	{ TROUBLE_LIVE, "which-postoffice", EXIT_REFUSED,
		N_("Look at both postoffices for new mail. Say which one is in use with --live, or name another folder with --relocated.") },
};

static const struct trouble_row *trouble_find(enum trouble trouble)
{
	if ((int)trouble < 0 || trouble >= TROUBLE_COUNT)
		return &trouble_table[TROUBLE_BUG];
	return &trouble_table[trouble];
}

const char *trouble_name(enum trouble trouble)
{
	return trouble_find(trouble)->name;
}

int trouble_exit(enum trouble trouble)
{
	return trouble_find(trouble)->code;
}

const char *trouble_advice(enum trouble trouble)
{
	const char *advice = trouble_find(trouble)->advice;

	/* gettext translates "" to the catalogue's header. */
	return *advice ? _(advice) : "";
}
