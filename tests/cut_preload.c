/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded before the program (LD_PRELOAD) to stop it anywhere, and to know what a power cut would
 * leave.
 *
 * CUT_AT=n kills the process before its n-th call that changes a file system or makes a change
 * last. CUT_SIGNAL=s sends that signal instead, and the call is made. CUT_HOW=word another end than
 * that: "torn" does half of the n-th call, if it is a write, and kills then; "once" lets the n-th
 * call alone fail with EIO; "gone" every call from then on on the same side, the server's or the
 * record's, and reading there too; "full" fails with ENOSPC, after half of the data where it is a
 * write, as does from then on all that needs room. CUT_COUNT=f writes the number of such calls to
 * the file f at the end, and a line for each: its name, the side. CUT_BOX=dir what "gone" may take
 * away lies below dir; the record in dir/runs. CUT_ROOT=dir CUT_SHADOW=dir keeps below CUT_SHADOW
 * only what was made to last: for every file the bytes of its last fsync, for every folder the
 * names of its last fsync (syncfs: both, for all below the folder it is called on). What was below
 * CUT_ROOT at the start is lasting. A file that was never synced comes back empty, a name that was
 * never synced does not come back. CUT_DEAF=word calls of that name are neither kept nor done
 * (fsync, fdatasync, syncfs, or "folders": fsync of folders; "all"; a number: the call of that
 * number alone): to see that a missing one is noticed.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { KEY_ROOM = 96, LINE_ROOM = 512, TOLD = 8192 };

static long calls, at = -1;
static const char *shadow, *deaf = "", *how = "", *box;
static int shadow_fd = -1;
static struct {
	const char *name;
	char side;
} told[TOLD];

/* An inode for all its life: numbers are used again, the time of birth is not. */
static void key_of(int dir, const char *name, char key[KEY_ROOM])
{
	struct statx stx;

	memset(&stx, 0, sizeof stx);
	(void)statx(dir, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx);
	(void)snprintf(key, KEY_ROOM, "%llu.%lld.%u", (unsigned long long)stx.stx_ino,
		(long long)stx.stx_btime.tv_sec, stx.stx_btime.tv_nsec);
}

/* The C library's own, since those of this name below are ours. */
static long raw(long number, long a, long b, long c, long d, long e)
{
	static long (*next)(long, ...);

	if (!next) {
		void *found = dlsym(RTLD_NEXT, "syscall");

		memcpy(&next, &found, sizeof next);
	}
	return next(number, a, b, c, d, e);
}

static void raw_write(int fd, const void *bytes, size_t len)
{
	if (raw(SYS_write, fd, (long)bytes, (long)len, 0, 0) < 0)
		_exit(99);
}

static int raw_open(int dir, const char *path, int flags, int mode)
{
	return (int)raw(SYS_openat, dir, (long)path, flags | O_CLOEXEC, mode, 0);
}

/* A descriptor that can be read, whatever fd was opened for; without moving fd's position. */
static int again(int fd, int flags)
{
	char path[40];

	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return raw_open(AT_FDCWD, path, flags, 0);
}

static int shadow_open(char kind, const char *key)
{
	char name[KEY_ROOM + 4];

	(void)snprintf(name, sizeof name, "%c.%s", kind, key);
	/* What was kept before may be of a mode that not even its owner may write. */
	(void)raw(SYS_unlinkat, shadow_fd, (long)name, 0, 0, 0);
	return raw_open(shadow_fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
}

/* A file with other names is one that nobody writes to. */
static void keep_link(int fd, const char *key)
{
	char name[KEY_ROOM + 4], path[40];

	(void)snprintf(name, sizeof name, "f.%s", key);
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (raw(SYS_linkat, AT_FDCWD, (long)path, shadow_fd, (long)name, AT_SYMLINK_FOLLOW) &&
		errno != EEXIST)
		_exit(95);
}

static void keep_file(int fd)
{
	static char block[65536];
	char key[KEY_ROOM];
	struct timespec times[2];
	struct stat st;
	int in, out;
	ssize_t got;

	key_of(fd, "", key);
	if (!fstat(fd, &st) && st.st_nlink > 1) {
		keep_link(fd, key);
		return;
	}
	in = again(fd, O_RDONLY);
	out = shadow_open('f', key);
	if (in < 0 || out < 0 || fstat(fd, &st))
		_exit(98);
	while ((got = raw(SYS_read, in, (long)block, sizeof block, 0, 0)) > 0)
		raw_write(out, block, (size_t)got);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	(void)raw(SYS_fchmod, out, (long)(st.st_mode & 07777), 0, 0, 0);
	(void)raw(SYS_utimensat, out, 0, (long)times, 0, 0);
	close(in);
	close(out);
}

static void keep_folder(int fd)
{
	char key[KEY_ROOM], line[LINE_ROOM];
	int in = again(fd, O_RDONLY | O_DIRECTORY), out;
	DIR *dir = in < 0 ? NULL : fdopendir(in);
	struct dirent *entry;

	key_of(fd, "", key);
	out = shadow_open('d', key);
	if (!dir || out < 0)
		_exit(97);
	while ((entry = readdir(dir))) {
		struct stat st;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
			continue;
		key_of(dirfd(dir), entry->d_name, key);
		raw_write(out, line,
			(size_t)snprintf(line, sizeof line, "%c %s %s\n",
				S_ISDIR(st.st_mode) ? 'd' : 'f', key, entry->d_name));
	}
	closedir(dir);
	close(out);
}

static void keep(int fd)
{
	struct stat st;

	if (!shadow || fstat(fd, &st))
		return;
	if (S_ISREG(st.st_mode))
		keep_file(fd);
	else if (S_ISDIR(st.st_mode))
		keep_folder(fd);
}

/* Everything below a folder: what syncfs means where each drive is a file system of its own. */
static void keep_below(int fd)
{
	int in = shadow ? again(fd, O_RDONLY | O_DIRECTORY) : -1;
	DIR *dir = in < 0 ? NULL : fdopendir(in);
	struct dirent *entry;

	if (!dir)
		return;
	keep_folder(fd);
	while ((entry = readdir(dir))) {
		struct stat st;
		int below;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
			fstatat(dirfd(dir), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) ||
			(!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
			continue;
		below = raw_open(dirfd(dir), entry->d_name, O_RDONLY | O_NOFOLLOW, 0);
		if (below < 0)
			continue;
		if (S_ISDIR(st.st_mode))
			keep_below(below);
		else
			keep_file(below);
		close(below);
	}
	closedir(dir);
}

__attribute__((constructor)) static void cut_begin(void)
{
	const char *number = getenv("CUT_AT"), *root = getenv("CUT_ROOT");
	int fd;

	at = number ? atol(number) : -1;
	deaf = getenv("CUT_DEAF") ? getenv("CUT_DEAF") : "";
	how = getenv("CUT_HOW") ? getenv("CUT_HOW") : "";
	box = getenv("CUT_BOX");
	shadow = getenv("CUT_SHADOW");
	if (!shadow || !root)
		return;
	shadow_fd = raw_open(AT_FDCWD, shadow, O_RDONLY | O_DIRECTORY, 0);
	fd = raw_open(AT_FDCWD, root, O_RDONLY | O_DIRECTORY, 0);
	if (shadow_fd < 0 || fd < 0)
		_exit(96);
	keep_below(fd);
	close(fd);
}

__attribute__((destructor)) static void cut_end(void)
{
	const char *count = getenv("CUT_COUNT");
	char text[64];
	int fd = count ? raw_open(AT_FDCWD, count, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

	if (fd < 0)
		return;
	raw_write(fd, text, (size_t)snprintf(text, sizeof text, "%ld\n", calls));
	for (long i = 0; i < calls && i < TOLD; i++)
		raw_write(fd, text,
			(size_t)snprintf(text, sizeof text, "%s %c\n", told[i].name, told[i].side));
	close(fd);
}

/* ---- what happens at a call ---- */

/* Where it goes: the server 's', the record 'r', or elsewhere. */
static char side(int dir, const char *path)
{
	char link[40], full[2 * PATH_MAX];
	ssize_t len = 0;

	if (!box)
		return '-';
	if (path && !strncmp(path, "/proc/self/fd/", 14)) {
		dir = atoi(path + 14);
		path = NULL;
	}
	if (!path || (*path != '/' && dir != AT_FDCWD)) {
		(void)snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
		len = readlink(link, full, PATH_MAX);
		len = len < 0 ? 0 : len;
	}
	(void)snprintf(full + len, PATH_MAX, "/%s", path ? path : "");
	if (strncmp(full + (*full == '/' && full[1] == '/'), box, strlen(box)))
		return '-';
	return strstr(full, "/runs/") ? 'r' : 's';
}

static int is(const char *word)
{
	return !strcmp(how, word);
}

static void die(int sig)
{
	(void)raw(SYS_kill, getpid(), sig, 0, 0, 0);
}

enum { LOOKS = 0, GROWS = 1, CHANGES = 2 };

/* After the n-th: what is lost stays lost. */
static int still_fails(int what, char where)
{
	static char lost;

	if (calls == at && what != LOOKS)
		lost = where;
	if (is("gone") && where != '-' && where == lost)
		errno = EIO;
	else if (is("full") && what == GROWS && where != '-')
		errno = ENOSPC;
	else
		return 0;
	return 1;
}

/* Non-zero: the call fails, with errno set. */
static int point(const char *name, int what, int dir, const char *path)
{
	const char *sig = getenv("CUT_SIGNAL");
	char where = *how || getenv("CUT_COUNT") ? side(dir, path) : '-';

	if (++calls <= TOLD) {
		told[calls - 1].name = name;
		told[calls - 1].side = where;
	}
	if (at <= 0 || calls < at)
		return 0;
	if (calls == at && (!*how || is("torn")))
		die(sig ? atoi(sig) : SIGKILL);
	if (calls == at && (is("once") || is("full"))) {
		(void)still_fails(what, where);
		errno = is("once") ? EIO : ENOSPC;
		return 1;
	}
	return still_fails(what, where);
}

/* The same before a write: half of it may be done. */
static int point_write(const char *name, int fd, const void *bytes, size_t len, off_t off,
	ssize_t *done)
{
	size_t half = off < 0 || len < 1024 ? len / 2 : len / 1024 * 512;

	*done = -1;
	if (calls + 1 != at || !half || (!is("torn") && !is("full")))
		return point(name, GROWS, fd, NULL);
	*done = off < 0 ? raw(SYS_write, fd, (long)bytes, (long)half, 0, 0)
			: raw(SYS_pwrite64, fd, (long)bytes, (long)half, (long)off, 0);
	return point(name, GROWS, fd, NULL);
}

/* The next function of that name. The detour by memcpy is what POSIX leaves for a function
 * pointer. */
#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) { \
		void *found = dlsym(RTLD_NEXT, #name); \
		memcpy(&next, &found, sizeof next); \
	}

#define POINT(name, what, dir, path) \
	NEXT(name) \
	if (point(#name, what, dir, path)) \
	return -1

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t done;
	NEXT(write)

	if (fd <= 2)
		return raw(SYS_write, fd, (long)bytes, (long)len, 0, 0);
	return point_write("write", fd, bytes, len, -1, &done) ? done : next(fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t off)
{
	ssize_t done;
	NEXT(pwrite)

	return point_write("pwrite", fd, bytes, len, off, &done) ? done : next(fd, bytes, len, off);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t off)
{
	ssize_t done;
	NEXT(pwrite64)

	return point_write("pwrite64", fd, bytes, len, off, &done) ? done
								   : next(fd, bytes, len, off);
}

int ftruncate(int fd, off_t len)
{
	POINT(ftruncate, GROWS, fd, NULL);
	return next(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
	POINT(ftruncate64, GROWS, fd, NULL);
	return next(fd, len);
}

/* These return the errno. */
int posix_fallocate(int fd, off_t off, off_t len)
{
	NEXT(posix_fallocate)

	return point("posix_fallocate", GROWS, fd, NULL) ? errno : next(fd, off, len);
}

int posix_fallocate64(int fd, off64_t off, off64_t len)
{
	NEXT(posix_fallocate64)

	return point("posix_fallocate64", GROWS, fd, NULL) ? errno : next(fd, off, len);
}

int rename(const char *from, const char *to)
{
	POINT(rename, CHANGES, AT_FDCWD, to);
	return next(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	POINT(renameat, CHANGES, to_dir, to);
	return next(from_dir, from, to_dir, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	POINT(renameat2, CHANGES, to_dir, to);
	return next(from_dir, from, to_dir, to, flags);
}

int link(const char *from, const char *to)
{
	POINT(link, GROWS, AT_FDCWD, to);
	return next(from, to);
}

int linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	POINT(linkat, GROWS, to_dir, to);
	return next(from_dir, from, to_dir, to, flags);
}

int unlink(const char *path)
{
	POINT(unlink, CHANGES, AT_FDCWD, path);
	return next(path);
}

int unlinkat(int dir, const char *path, int flags)
{
	POINT(unlinkat, CHANGES, dir, path);
	return next(dir, path, flags);
}

int rmdir(const char *path)
{
	POINT(rmdir, CHANGES, AT_FDCWD, path);
	return next(path);
}

int mkdir(const char *path, mode_t mode)
{
	POINT(mkdir, GROWS, AT_FDCWD, path);
	return next(path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	POINT(mkdirat, GROWS, dir, path);
	return next(dir, path, mode);
}

int utimensat(int dir, const char *path, const struct timespec times[2], int flags)
{
	POINT(utimensat, CHANGES, dir, path);
	return next(dir, path, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
	POINT(futimens, CHANGES, fd, NULL);
	return next(fd, times);
}

int fchmod(int fd, mode_t mode)
{
	POINT(fchmod, CHANGES, fd, NULL);
	return next(fd, mode);
}

int fchmodat(int dir, const char *path, mode_t mode, int flags)
{
	POINT(fchmodat, CHANGES, dir, path);
	return next(dir, path, mode, flags);
}

int setxattr(const char *path, const char *name, const void *value, size_t len, int flags)
{
	POINT(setxattr, GROWS, AT_FDCWD, path);
	return next(path, name, value, len, flags);
}

/* ---- opening and reading: a call of its own only where a file is made ---- */

static int opening(int dir, const char *path, int flags)
{
	if (flags & O_CREAT)
		return point("create", GROWS, dir, path);
	return is("gone") && at > 0 && calls >= at && still_fails(LOOKS, side(dir, path));
}

/* The mode stands behind the flags only where a file may be made. */
#define MODE(mode, flags) \
	mode_t mode = 0; \
	if ((flags)&O_CREAT) { \
		va_list args; \
		va_start(args, flags); \
		mode = va_arg(args, mode_t); \
		va_end(args); \
	}

int open(const char *path, int flags, ...)
{
	MODE(mode, flags)
	NEXT(open)

	return opening(AT_FDCWD, path, flags) ? -1 : next(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	MODE(mode, flags)
	NEXT(openat)

	return opening(dir, path, flags) ? -1 : next(dir, path, flags, mode);
}

long syscall(long number, ...)
{
	long arg[6];
	va_list args;
	NEXT(syscall)

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_openat2 &&
		opening((int)arg[0], (const char *)arg[1], (int)((struct open_how *)arg[2])->flags))
		return -1;
	return next(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}

static int reading(int fd)
{
	return is("gone") && at > 0 && calls >= at && still_fails(LOOKS, side(fd, NULL));
}

ssize_t read(int fd, void *bytes, size_t len)
{
	NEXT(read)

	return reading(fd) ? -1 : next(fd, bytes, len);
}

ssize_t pread(int fd, void *bytes, size_t len, off_t off)
{
	NEXT(pread)

	return reading(fd) ? -1 : next(fd, bytes, len, off);
}

ssize_t pread64(int fd, void *bytes, size_t len, off64_t off)
{
	NEXT(pread64)

	return reading(fd) ? -1 : next(fd, bytes, len, off);
}

/* ---- syncs ---- */

static int is_folder(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISDIR(st.st_mode);
}

static int is_deaf(const char *name)
{
	return !strcmp(deaf, name) || !strcmp(deaf, "all") ||
		(*deaf >= '1' && *deaf <= '9' && atol(deaf) == calls);
}

int fsync(int fd)
{
	int ret;
	POINT(fsync, CHANGES, fd, NULL);

	if (is_deaf("fsync") || (!strcmp(deaf, "folders") && is_folder(fd)))
		return 0;
	ret = next(fd);
	if (!ret)
		keep(fd);
	return ret;
}

int fdatasync(int fd)
{
	int ret;
	POINT(fdatasync, CHANGES, fd, NULL);

	if (is_deaf("fdatasync"))
		return 0;
	ret = next(fd);
	if (!ret)
		keep(fd);
	return ret;
}

int syncfs(int fd)
{
	int ret;
	POINT(syncfs, CHANGES, fd, NULL);

	if (is_deaf("syncfs"))
		return 0;
	/* Nothing here waits for a real disk: the model is what counts. */
	ret = is_folder(fd) ? 0 : next(fd);
	if (!ret)
		keep_below(fd);
	return ret;
}
