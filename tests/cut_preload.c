/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded before the program (LD_PRELOAD) to stop it anywhere, and to know what a power cut would leave.
 *
 * CUT_AT=n      kills the process before its n-th call that changes a file system or makes a change last.
 * CUT_SIGNAL=s sends that signal instead, and the call is made.
 * CUT_COUNT=f   writes the number of such calls to the file f at the end.
 * CUT_ROOT=dir CUT_SHADOW=dir   keeps below CUT_SHADOW only what was made to last: for every file the bytes of its last
 * fsync, for every folder the names of its last fsync (syncfs: both, for all below the folder it is called on). What
 * was below CUT_ROOT at the start is lasting. A file that was never synced comes back empty, a name that was never
 * synced does not come back. CUT_DEAF=word calls of that name are neither kept nor done (fsync, fdatasync, syncfs, or
 * "folders": fsync of folders; a number: the call of that number alone): to see that a missing one is noticed.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { KEY_ROOM = 96, LINE_ROOM = 512 };

static long calls, at = -1;
static const char *shadow, *deaf = "";
static int shadow_fd = -1;

/* An inode for all its life: numbers are used again, the time of birth is not. */
static void key_of(int dir, const char *name, char key[KEY_ROOM])
{
	struct statx stx;

	memset(&stx, 0, sizeof stx);
	(void)statx(dir, name, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, STATX_INO | STATX_BTIME, &stx);
	(void)snprintf(key, KEY_ROOM, "%llu.%lld.%u", (unsigned long long)stx.stx_ino, (long long)stx.stx_btime.tv_sec,
		       stx.stx_btime.tv_nsec);
}

static void raw_write(int fd, const void *bytes, size_t len)
{
	if (syscall(SYS_write, fd, bytes, len) < 0)
		_exit(99);
}

/* A descriptor that can be read, whatever fd was opened for; without moving fd's position. */
static int again(int fd, int flags)
{
	char path[40];

	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return open(path, flags | O_CLOEXEC);
}

static int shadow_open(char kind, const char *key)
{
	char name[KEY_ROOM + 4];

	(void)snprintf(name, sizeof name, "%c.%s", kind, key);
	/* What was kept before may be of a mode that not even its owner may write. */
	(void)syscall(SYS_unlinkat, shadow_fd, name, 0);
	return openat(shadow_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

static void keep_file(int fd)
{
	static char block[65536];
	char key[KEY_ROOM];
	struct timespec times[2];
	struct stat st;
	int in = again(fd, O_RDONLY), out;
	ssize_t got;

	key_of(fd, "", key);
	out = shadow_open('f', key);
	if (in < 0 || out < 0 || fstat(fd, &st))
		_exit(98);
	while ((got = read(in, block, sizeof block)) > 0)
		raw_write(out, block, (size_t)got);
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	(void)fchmod(out, st.st_mode & 07777);
	(void)futimens(out, times);
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
			  (size_t)snprintf(line, sizeof line, "%c %s %s\n", S_ISDIR(st.st_mode) ? 'd' : 'f', key,
					   entry->d_name));
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
		below = openat(dirfd(dir), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
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
	shadow = getenv("CUT_SHADOW");
	if (!shadow || !root)
		return;
	shadow_fd = open(shadow, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (shadow_fd < 0 || fd < 0)
		_exit(96);
	keep_below(fd);
	close(fd);
}

__attribute__((destructor)) static void cut_end(void)
{
	const char *count = getenv("CUT_COUNT");
	char text[32];
	int fd = count ? open(count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;

	if (fd < 0)
		return;
	raw_write(fd, text, (size_t)snprintf(text, sizeof text, "%ld\n", calls));
	close(fd);
}

static void point(void)
{
	if (++calls == at)
		(void)syscall(SYS_kill, getpid(), getenv("CUT_SIGNAL") ? atoi(getenv("CUT_SIGNAL")) : SIGKILL);
}

/* The next function of that name. The detour by memcpy is what POSIX leaves for a function pointer. */
#define NEXT(name) \
	static __typeof__(&name) next; \
	if (!next) { \
		void *found = dlsym(RTLD_NEXT, #name); \
		memcpy(&next, &found, sizeof next); \
	} \
	point()

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (fd <= 2)
		return syscall(SYS_write, fd, bytes, len);
	NEXT(write);
	return next(fd, bytes, len);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t off)
{
	NEXT(pwrite);
	return next(fd, bytes, len, off);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t off)
{
	NEXT(pwrite64);
	return next(fd, bytes, len, off);
}

int ftruncate(int fd, off_t len)
{
	NEXT(ftruncate);
	return next(fd, len);
}

int ftruncate64(int fd, off64_t len)
{
	NEXT(ftruncate64);
	return next(fd, len);
}

int rename(const char *from, const char *to)
{
	NEXT(rename);
	return next(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	NEXT(renameat);
	return next(from_dir, from, to_dir, to);
}

int renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
	NEXT(renameat2);
	return next(from_dir, from, to_dir, to, flags);
}

int unlink(const char *path)
{
	NEXT(unlink);
	return next(path);
}

int unlinkat(int dir, const char *path, int flags)
{
	NEXT(unlinkat);
	return next(dir, path, flags);
}

int rmdir(const char *path)
{
	NEXT(rmdir);
	return next(path);
}

int mkdir(const char *path, mode_t mode)
{
	NEXT(mkdir);
	return next(path, mode);
}

int mkdirat(int dir, const char *path, mode_t mode)
{
	NEXT(mkdirat);
	return next(dir, path, mode);
}

static int is_folder(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISDIR(st.st_mode);
}

static int is_deaf(const char *name)
{
	return !strcmp(deaf, name) || (*deaf >= '1' && *deaf <= '9' && atol(deaf) == calls);
}

int fsync(int fd)
{
	int result;
	NEXT(fsync);

	if (is_deaf("fsync") || (!strcmp(deaf, "folders") && is_folder(fd)))
		return 0;
	result = next(fd);
	if (!result)
		keep(fd);
	return result;
}

int fdatasync(int fd)
{
	int result;
	NEXT(fdatasync);

	if (is_deaf("fdatasync"))
		return 0;
	result = next(fd);
	if (!result)
		keep(fd);
	return result;
}

int syncfs(int fd)
{
	int result;
	NEXT(syncfs);

	if (is_deaf("syncfs"))
		return 0;
	/* Nothing here waits for a real disk: the model is what counts. */
	result = is_folder(fd) ? 0 : next(fd);
	if (!result)
		keep_below(fd);
	return result;
}
