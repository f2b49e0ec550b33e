/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the processes of a stack live: a mount namespace that nobody else sees, a work folder whose
 * content goes with it, and for those that read an image a fence of Landlock.
 */
#include "base/file.h"
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "server/image_stack_private.h"

#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.-"

enum {
	WORK_ROOM = 60, /* with a name behind it, it must fit an address of a socket */
	NAP = 1000000,  /* ns */
	BUSY_NAPS = 2000,
	LANDLOCK_BITS_1 = 13, /* of the rights that each version of Landlock knows */
	LANDLOCK_BITS_2 = 14,
	LANDLOCK_BITS_3 = 15,
	ACCESS_TRUNCATE = 1 << 14
};

/* What the process made that watches over it: 0 or an errno, each. */
static struct {
	int made, mounted;
	char path[WORK_ROOM + 20];
} work;
static bool in_user_namespace;
static int watched = -1; /* open as long as this process and those of the stack live */

const char *fence_work(void)
{
	return work.path;
}

void fence_nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = NAP }, NULL);
}

bool fence_root(void)
{
	return geteuid() == 0 && !in_user_namespace;
}

/* ---- capabilities ---- */

/* Which of the rights it was given in its user namespace this process uses. Permanently used they
 * would open files to it that its user may not write. */
static int caps_use(uint32_t effective, uint32_t inheritable)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (!in_user_namespace)
		return 0;
	if (syscall(SYS_capget, &head, data) != 0)
		return errno;
	for (size_t i = 0; i < ARRAY_SIZE(data); i++) {
		data[i].effective = i == 0 ? data[i].permitted & effective : 0;
		data[i].inheritable = i == 0 ? data[i].permitted & inheritable : 0;
	}
	return syscall(SYS_capset, &head, data) == 0 ? 0 : errno;
}

/* ---- the work folder ---- */

static int work_make(void)
{
	const char *const places[] = { getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp" };
	int sys = ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *place = places[i];

		if (!place || *place != '/' || strlen(place) >= WORK_ROOM ||
			place[strspn(place, PLAIN)])
			continue;
		snprintf(work.path, sizeof work.path, "%s/msmcfix.XXXXXX", place);
		if (mkdtemp(work.path))
			return 0;
		sys = errno;
	}
	return sys;
}

/* A process of its own, which nothing reaches but the end of the connection: then the one that
 * asked for it and all of the stack's have ended, however that was. It makes the folder, for that
 * one may be killed as soon as it is there; and it unmounts what they left: an ntfs-3g that was the
 * last in the namespace would do it as it dies, and wait for its own answer for good. */
static void work_keep(int asked)
{
	sigset_t all;
	char byte;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	if (setsid() > 0 && chdir("/") == 0 && dup2(asked, 0) == 0 && close_range(1, ~0U, 0) == 0) {
		work.made = work_make();
		if (work.made == 0 &&
			mount("msmcfix", work.path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
				"size=4m,mode=700") != 0)
			work.mounted = errno;
		if (write(0, &work, sizeof work) == sizeof work)
			while (read(0, &byte, 1) > 0)
				;
	}
	if (work.made == 0) {
		umount2(work.path, MNT_DETACH);
		rmdir(work.path);
	}
	while (true)
		kill(getpid(), SIGKILL);
}

/* 0 or an errno. */
static int work_watch(void)
{
	ssize_t got;
	int ends[2], sys;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return errno;
	pid = fork();
	sys = pid < 0 ? errno : 0;
	if (pid == 0) {
		close(ends[1]);
		work_keep(ends[0]);
	}
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		return sys;
	}
	watched = ends[1];
	while ((got = read(watched, &work, sizeof work)) < 0 && errno == EINTR)
		;
	return got == sizeof work ? work.mounted : ECHILD;
}

int fence_watched(void)
{
	return watched;
}

/* ---- namespaces ---- */

static int proc_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), sys = 0;

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		sys = errno;
	file_shut(fd);
	return sys;
}

/* Everybody keeps his own number: ntfs-3g cannot live as a root that is none. */
static int user_namespace(void)
{
	unsigned uid = geteuid(), gid = getegid();
	char uids[40], gids[40];
	int sys;

	snprintf(uids, sizeof uids, "%u %u 1", uid, uid);
	snprintf(gids, sizeof gids, "%u %u 1", gid, gid);
	/* Where their number is limited to none, the kernel says that there is no space. */
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
		return errno == ENOSPC ? EPERM : errno;
	in_user_namespace = true;
	sys = proc_write("/proc/self/setgroups", "deny");
	if (sys == 0)
		sys = proc_write("/proc/self/uid_map", uids);
	return sys ? sys : proc_write("/proc/self/gid_map", gids);
}

static int namespaces(void)
{
	int sys = unshare(CLONE_NEWNS) == 0 ? 0 : errno;

	if (sys == EPERM)
		sys = user_namespace();
	/* What others mount is still seen here; what is mounted here, nowhere else. */
	if (sys == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
		sys = errno;
	return sys;
}

static int fuse_there(struct error *err)
{
	int fd = open("/dev/fuse", O_RDWR | O_CLOEXEC), sys = fd < 0 ? errno : 0;

	file_shut(fd);
	return sys == 0
		? 0
		: error_advise(err,
			  error_system(err, TROUBLE_PERMISSION, sys, _("%s cannot be opened"),
				  "/dev/fuse"),
			  _("An image is mounted through it. Load the kernel's module fuse, "
			    "or start the program as root."));
}

int fence_begin(struct error *err)
{
	int ret = fuse_there(err), sys;

	if (ret != 0 || watched >= 0)
		return ret;
	sys = namespaces();
	if (sys == 0)
		sys = work_watch();
	ret = caps_use(0, 0);
	sys = sys ? sys : ret;
	if (sys == 0 && work.made == 0)
		return 0;
	close(watched);
	watched = -1;
	if (sys == 0)
		return error_system(err, TROUBLE_IO, work.made,
			_("A folder for mounting the image cannot be made in %s"), "/tmp");
	return error_advise(err,
		error_system(err, TROUBLE_PERMISSION, sys,
			_("A namespace for mounting the image cannot be made")),
		_("Start the program as root, or allow user namespaces."));
}

int fence_unmount(const char *folder)
{
	int sys = caps_use(1U << CAP_SYS_ADMIN, 0);

	for (int i = 0; sys == 0 && umount2(folder, UMOUNT_NOFOLLOW) != 0; i++) {
		if (errno != EBUSY || i == BUSY_NAPS) {
			sys = errno;
			umount2(folder, UMOUNT_NOFOLLOW | MNT_DETACH);
			break;
		}
		fence_nap();
	}
	caps_use(0, 0);
	return sys;
}

/* ---- the fence ---- */

static uint64_t right_bits(enum fence_right right, bool folder)
{
	const uint64_t read = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE;

	if (right == FENCE_SOCKETS)
		return LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE;
	if (right == FENCE_WRITE)
		return LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
			ACCESS_TRUNCATE;
	return folder ? read | LANDLOCK_ACCESS_FS_READ_DIR : read;
}

/* What is not there needs no right. */
static void fence_allow(int rules, uint64_t known, const struct fence_path *path)
{
	struct landlock_path_beneath_attr rule = { .parent_fd =
							   open(path->path, O_PATH | O_CLOEXEC) };
	struct stat is;

	if (rule.parent_fd < 0)
		return;
	if (fstat(rule.parent_fd, &is) == 0) {
		rule.allowed_access = known & right_bits(path->right, S_ISDIR(is.st_mode));
		syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent_fd);
}

/* Without Landlock in the kernel there is no fence: whatever names a file elsewhere was refused
 * before (image_file.h). */
static int fence_landlock(const struct fence_path *paths)
{
	/* Without a writable /dev/null qemu believes that there are no locks. */
	static const struct fence_path system[] = { { "/usr", FENCE_READ }, { "/lib", FENCE_READ },
		{ "/lib64", FENCE_READ }, { "/bin", FENCE_READ },
		{ "/etc/ld.so.cache", FENCE_READ }, { "/dev/null", FENCE_WRITE } };
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int bits = version >= 3 ? LANDLOCK_BITS_3
		: version == 2  ? LANDLOCK_BITS_2
				: LANDLOCK_BITS_1;
	struct landlock_ruleset_attr all = { .handled_access_fs = (UINT64_C(1) << bits) - 1 };
	int rules;

	if (version < 1)
		return 0;
	rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	if (rules < 0)
		return errno;
	for (size_t i = 0; i < ARRAY_SIZE(system); i++)
		fence_allow(rules, all.handled_access_fs, &system[i]);
	for (; paths->path; paths++)
		fence_allow(rules, all.handled_access_fs, paths);
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? 0 : errno;
}

int fence_child(const struct fence_path *paths)
{
	int sys;

	if (!paths) {
		sys = caps_use(1U << CAP_SYS_ADMIN, 1U << CAP_SYS_ADMIN);
		if (sys == 0 && in_user_namespace &&
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0) != 0)
			sys = errno;
		return sys;
	}
	sys = caps_use(1U << CAP_SYS_ADMIN | 1U << CAP_SETPCAP, 0);
	if (sys == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		sys = errno;
	/* A kernel without them has no network to be kept away from, or the fence has to do. */
	(void)unshare(CLONE_NEWNET);
	if (sys == 0)
		sys = fence_landlock(paths);
	/* Root's files may be anybody's; everything else that root may do is not needed. */
	for (int cap = 0; sys == 0 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (cap != CAP_DAC_OVERRIDE && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0)
			sys = errno;
	return sys;
}
