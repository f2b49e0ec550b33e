/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <libintl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

void support_skip(const char *why)
{
	print_message("# %s\n", why);
	skip();
	abort();
}

/* On the way down: a folder without write permission could not be emptied. */
static int open_up(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	if (flag == FTW_D || flag == FTW_DNR)
		(void)chmod(path, 0700);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void support_remove(const char *path)
{
	(void)nftw(path, open_up, 32, FTW_PHYS);
	if (nftw(path, remove_one, 32, FTW_PHYS | FTW_DEPTH) && errno != ENOENT)
		fprintf(stderr, "cannot remove %s: %s\n", path, strerror(errno));
}

static int folder_gone(char *path)
{
	support_remove(path);
	return 0;
}

void support_locale(void)
{
	const char *locale = getenv("TEST_LOCALE"), *dir = getenv("TEST_LOCALEDIR");

	if (!setlocale(LC_ALL, locale ? locale : "C.UTF-8"))
		fail_msg("there is no locale %s", locale);
	if (dir)
		bindtextdomain("msmcfix", dir);
}

char *support_squeezed(TALLOC_CTX *mem, const char *text)
{
	char *out = talloc_strdup(mem, text), *to = out;

	for (; *text != '\0'; text++)
		if (!strchr(" \n", *text))
			*to++ = *text;
	*to = '\0';
	return out;
}

int support_memory_new(void **state)
{
	*state = talloc_new(NULL);
	return *state ? 0 : -1;
}

int support_memory_free(void **state)
{
	return talloc_free(*state);
}

void support_same_text(const char *got, const char *wanted)
{
	if (!got || !wanted)
		assert_ptr_equal(got, wanted);
	else
		assert_string_equal(got, wanted);
}

char *support_folder(TALLOC_CTX *mem)
{
	const char *top = getenv("TMPDIR");
	char *path = talloc_asprintf(mem, "%s/msmcfix-test-XXXXXX", top && *top ? top : "/tmp");

	assert_non_null(path);
	assert_ptr_equal(mkdtemp(path), path);
	talloc_set_destructor(path, folder_gone);
	return path;
}

void support_mkdir(const char *path)
{
	if (mkdir(path, 0700))
		fail_msg("mkdir %s: %s", path, strerror(errno));
}

void support_write(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		fail_msg("open %s: %s", path, strerror(errno));
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

void support_write_text(const char *path, const char *text)
{
	support_write(path, text, strlen(text));
}

/* All that a descriptor gives until its end. */
static uint8_t *read_all(TALLOC_CTX *mem, int fd, size_t *len)
{
	size_t room = 65536, used = 0;
	uint8_t *bytes = talloc_size(mem, room);
	ssize_t got;

	assert_non_null(bytes);
	while ((got = read(fd, bytes + used, room - used - 1)) > 0) {
		used += (size_t)got;
		if (room - used == 1) {
			room *= 2;
			bytes = talloc_realloc_size(mem, bytes, room);
			assert_non_null(bytes);
		}
	}
	assert_int_equal(got, 0);
	bytes[used] = 0;
	*len = used;
	return bytes;
}

uint8_t *support_read(TALLOC_CTX *mem, const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint8_t *bytes;

	if (fd < 0)
		fail_msg("open %s: %s", path, strerror(errno));
	bytes = read_all(mem, fd, len);
	close(fd);
	return bytes;
}

size_t support_names(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t count = 0;

	while (dir && (entry = readdir(dir)))
		count += *entry->d_name != '.';
	if (dir)
		closedir(dir);
	return count;
}

void support_tick(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 25000000 }, NULL);
}

bool support_have(const char *program)
{
	char *path = strdup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char full[4096], *rest = NULL;
	bool found = false;

	assert_non_null(path);
	for (char *dir = strtok_r(path, ":", &rest); dir && !found;
		dir = strtok_r(NULL, ":", &rest)) {
		int length = snprintf(full, sizeof full, "%s/%s", dir, program);
		found = length > 0 && (size_t)length < sizeof full && access(full, X_OK) == 0;
	}
	free(path);
	return found;
}

/* The input lies in a nameless file, so that neither side can wait for the other. */
static int input_file(const char *input)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	assert_true(!input || fputs(input, file) >= 0);
	rewind(file);
	fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 3);
	assert_true(fd >= 0);
	fclose(file);
	return fd;
}

int support_run(TALLOC_CTX *mem, const char *const *argv, const char *input, char **output)
{
	int in = input_file(input), pipes[2], status;
	size_t len;
	char *text;
	pid_t child;

	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (dup2(in, 0) == 0 && dup2(pipes[1], 1) == 1 && dup2(pipes[1], 2) == 2)
			execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(in);
	close(pipes[1]);
	text = (char *)read_all(mem, pipes[0], &len);
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	if (output)
		*output = text;
	else
		talloc_free(text);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *hives_place(TALLOC_CTX *mem)
{
	const char *named = getenv("MSMCFIX_HIVES"), *source = getenv("srcdir");

	if (named && *named)
		return talloc_strdup(mem, named);
	return talloc_asprintf(mem, "%s/../shared/hives/hives.tar.xz", source ? source : ".");
}

char *support_hives(TALLOC_CTX *mem)
{
	char *place = hives_place(mem), *folder, *output;
	struct stat st;

	assert_non_null(place);
	if (stat(place, &st)) {
		talloc_free(place);
		return NULL;
	}
	if (S_ISDIR(st.st_mode))
		return place;
	folder = support_folder(mem);
	if (support_run(mem, (const char *[]){ "tar", "-C", folder, "-xf", place, NULL }, NULL,
		    &output))
		fail_msg("tar %s: %s", place, output);
	talloc_free(output);
	talloc_free(place);
	return folder;
}

uint32_t support_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (uint32_t)(*state >> 32);
}
