/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What many tests need: folders that remove themselves, whole files, other programs, the foreign
 * hives. A function that cannot do its work fails the running test, unless its comment says
 * otherwise. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* Skips the running test and says why. */
void support_skip(const char *why) __attribute__((noreturn));

/* The locale of a test of pages: C.UTF-8, or TEST_LOCALE with the catalogues of TEST_LOCALEDIR. */
void support_locale(void);

/* text without its blanks and line ends. */
char *support_squeezed(TALLOC_CTX *mem, const char *text);

/* For cmocka: *state becomes what the test or the group of tests owns. */
int support_memory_new(void **state);
int support_memory_free(void **state);
/* A test that owns such a context. */
#define SUPPORT_TEST(test) \
	cmocka_unit_test_setup_teardown(test, support_memory_new, support_memory_free)

/* Both are NULL, or the same text. */
void support_same_text(const char *got, const char *wanted);

/* An empty folder below TMPDIR or /tmp, its full path owned by mem; freeing the path removes the
 * folder and all that is in it. */
char *support_folder(TALLOC_CTX *mem);
/* Removes a file or a whole tree, also where folders were made read-only; follows no link. */
void support_remove(const char *path);

void support_mkdir(const char *path);
void support_write(const char *path, const void *bytes, size_t len);
void support_write_text(const char *path, const char *text);
/* The whole file and a NUL behind it, which is not counted. */
uint8_t *support_read(TALLOC_CTX *mem, const char *path, size_t *len);

/* How many names there are in a folder that do not begin with a dot; 0 if there is no such
 * folder. */
size_t support_names(const char *folder);

/* Until what changes now can be told by its time from what changed before: the kernel's clock of
 * files goes in ticks. */
void support_tick(void);

/* Whether PATH has such a program. */
bool support_have(const char *program);
/* Runs a program (argv ends with NULL) with input (may be NULL) and waits for it. The exit status,
 * 128 + signal for a killed one, 127 if it cannot be started. What it wrote to both outputs goes to
 * *output, owned by mem, unless output is NULL. */
int support_run(TALLOC_CTX *mem, const char *const *argv, const char *input, char **output);

/* The folder of the hives that others made, unpacked for this program and owned by mem (freeing it
 * removes it), or NULL where there are none: then support_skip. Found through MSMCFIX_HIVES (a
 * folder or the tarball), else beside the source tree. */
char *support_hives(TALLOC_CTX *mem);

/* Random numbers that are the same in every run (xorshift); the state must not be 0. */
uint32_t support_random(uint64_t *state);

#endif
