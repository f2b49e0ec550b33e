/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy engine over the drives of a server that is off: whole trees, single files, and
 * everything that gets in the way. */
#include "server/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

/* FIPS 180-2, appendix B.1: "abc"; and the digest of nothing. */
#define SHA_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define BIG (1024 * 1024 + 3)

struct place {
	struct nt_disks *disks;
	struct server *server;
	struct copy_list list;
	struct error err;
	/* For the callback: what it does when it is told the name. */
	const char *name;
	const char *folder, *outside, *file, *mode;
	unsigned told;
	uint64_t done, total;
};

static const char *below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place->disks->e, name);
}

static int setup(void **state)
{
	struct place *place = talloc_zero(NULL, struct place);

	place->disks = nt_disks(place);
	place->server = nt_open(place->disks);
	support_mkdir(below(place, "Bin"));
	*state = place;
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

/* A small tree with everything that may be in one. */
static void tree_make(struct place *place)
{
	static uint8_t big[BIG];
	uint64_t seed = 7;

	for (size_t i = 0; i < sizeof big; i++)
		big[i] = (uint8_t)support_random(&seed);
	support_write_text(below(place, "Bin/abc.txt"), "abc");
	support_write_text(below(place, "Bin/Empty"), "");
	support_mkdir(below(place, "Bin/Sub"));
	support_mkdir(below(place, "Bin/Sub/None"));
	support_write(below(place, "Bin/Sub/Big.dll"), big, sizeof big);
	support_write_text(below(place, "Bin/Sub/M\xc3\xbcller.txt"), "abc");
	assert_int_equal(chmod(below(place, "Bin/abc.txt"), 0640), 0);
	assert_int_equal(chmod(below(place, "Bin/Sub/Big.dll"), 0444), 0);
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW },
		{ .tv_sec = 899683200, .tv_nsec = 500 } };
	assert_int_equal(utimensat(AT_FDCWD, below(place, "Bin/abc.txt"), times, 0), 0);
}

static int walk(struct place *place)
{
	return copy_walk(place->server, place, "E:\\bin", 1000, &place->list, &place->err);
}

static int tree(struct place *place, const struct copy_progress *progress)
{
	int ret = walk(place);

	if (ret != 0)
		fail_msg("%s", place->err.text);
	return copy_tree(place->server, "E:\\Bin", "E:\\Bin.new", &place->list, progress,
		&place->err);
}

static void wants_digest(const struct copy_item *item, const char *rel, const char *hex)
{
	char text[65];

	assert_string_equal(item->rel, rel);
	digest_text(&item->digest, text);
	assert_string_equal(text, hex);
}

static void same_file(struct place *place, const char *a, const char *b)
{
	struct stat left, right;
	size_t len_a, len_b;
	uint8_t *bytes_a = support_read(place, below(place, a), &len_a),
		*bytes_b = support_read(place, below(place, b), &len_b);

	assert_int_equal(len_a, len_b);
	assert_memory_equal(bytes_a, bytes_b, len_a);
	assert_int_equal(stat(below(place, a), &left), 0);
	assert_int_equal(stat(below(place, b), &right), 0);
	assert_true(left.st_mode == right.st_mode && left.st_uid == right.st_uid &&
		left.st_gid == right.st_gid);
	assert_true(left.st_mtim.tv_sec == right.st_mtim.tv_sec &&
		left.st_mtim.tv_nsec / 100 == right.st_mtim.tv_nsec / 100);
}

static void a_tree_is_copied_whole(void **state)
{
	struct place *place = *state;

	tree_make(place);
	assert_int_equal(tree(place, NULL), 0);
	assert_int_equal(place->list.count, 6);
	assert_int_equal(place->list.bytes, BIG + 6);
	wants_digest(&place->list.items[0], "abc.txt", SHA_ABC);
	wants_digest(&place->list.items[1], "Empty", SHA_NOTHING);
	assert_string_equal(place->list.items[2].rel, "Sub");
	assert_string_equal(place->list.items[3].rel, "Sub\\Big.dll");
	wants_digest(&place->list.items[4], "Sub\\M\xc3\xbcller.txt", SHA_ABC);
	assert_string_equal(place->list.items[5].rel, "Sub\\None");
	same_file(place, "Bin/abc.txt", "Bin.new/abc.txt");
	same_file(place, "Bin/Empty", "Bin.new/Empty");
	same_file(place, "Bin/Sub/Big.dll", "Bin.new/Sub/Big.dll");
	same_file(place, "Bin/Sub/M\xc3\xbcller.txt", "Bin.new/Sub/M\xc3\xbcller.txt");
	assert_int_equal(access(below(place, "Bin.new/Sub/None"), F_OK), 0);
	assert_int_equal(copy_verify(place->server, "E:\\Bin", &place->list, NULL, &place->err), 0);
	assert_int_equal(copy_verify(place->server, "e:\\bin.NEW", &place->list, NULL, &place->err),
		0);
}

static void the_digest_is_sha256sum_s(void **state)
{
	struct place *place = *state;
	char text[65], *output;

	tree_make(place);
	const char *const argv[] = { "sha256sum", below(place, "Bin/Sub/Big.dll"), NULL };
	if (!support_have("sha256sum"))
		skip();
	assert_int_equal(tree(place, NULL), 0);
	assert_int_equal(support_run(place, argv, NULL, &output), 0);
	digest_text(&place->list.items[3].digest, text);
	assert_memory_equal(text, output, 64);
}

static void an_empty_folder_is_a_tree(void **state)
{
	struct place *place = *state;

	assert_int_equal(tree(place, NULL), 0);
	assert_int_equal(place->list.count, 0);
	assert_int_equal(access(below(place, "Bin.new"), F_OK), 0);
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
	assert_int_not_equal(access(below(place, "Bin.new"), F_OK), 0);
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
}

static void what_is_there_is_never_overwritten(void **state)
{
	struct place *place = *state;

	tree_make(place);
	support_mkdir(below(place, "bin.NEW"));
	assert_int_equal(tree(place, NULL), -TROUBLE_IO);
	assert_int_equal(rmdir(below(place, "bin.NEW")), 0);
	assert_int_equal(copy_tree(place->server, "E:\\Bin", "E:\\Bin\\Sub\\x", &place->list, NULL,
				 &place->err),
		-TROUBLE_CANNOT);
	assert_int_equal(copy_tree(place->server, "E:\\Bin", "E:\\none\\x", &place->list, NULL,
				 &place->err),
		-TROUBLE_NOT_THERE);
}

static void wants_refusal(struct place *place, enum trouble trouble, const char *word)
{
	assert_int_equal(walk(place), -(int)trouble);
	if (!strstr(place->err.text, word))
		fail_msg("no '%s' in: %s", word, place->err.text);
	assert_null(place->list.items);
}

static void what_is_no_file_is_refused_by_name(void **state)
{
	struct place *place = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(mkfifo(below(place, "Bin/pipe"), 0600), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\pipe");
	assert_int_equal(unlink(below(place, "Bin/pipe")), 0);
	assert_int_equal(symlink("/etc/passwd", below(place, "Bin/link")), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\link");
	assert_int_equal(unlink(below(place, "Bin/link")), 0);
	assert_int_equal(symlink("/etc", below(place, "Bin/folder")), 0);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\folder");
	assert_int_equal(unlink(below(place, "Bin/folder")), 0);
	strcpy(address.sun_path, below(place, "Bin/sock"));
	assert_int_equal(bind(sock, (struct sockaddr *)&address, sizeof address), 0);
	close(sock);
	wants_refusal(place, TROUBLE_LINK, "E:\\bin\\sock");
	assert_int_equal(unlink(below(place, "Bin/sock")), 0);
	if (mknod(below(place, "Bin/zero"), S_IFCHR | 0600, (1 << 8) | 5) == 0) {
		wants_refusal(place, TROUBLE_LINK, "E:\\bin\\zero");
		assert_int_equal(unlink(below(place, "Bin/zero")), 0);
	}
	assert_int_equal(walk(place), 0);
}

static void names_nt_cannot_hold_are_refused(void **state)
{
	static const char *const names[] = { "nul", "aux.txt", "end.", "end ", "q?x", "a\\b",
		"bad\xff", "tab\t" };
	struct place *place = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *file = below(place, talloc_asprintf(place, "Bin/%s", names[i]));
		support_write_text(file, "");
		wants_refusal(place, TROUBLE_NAME, "E:\\bin\\");
		assert_null(strpbrk(place->err.text, "\t\xff"));
		assert_int_equal(unlink(file), 0);
	}
	support_write_text(below(place, "Bin/Twin"), "");
	support_write_text(below(place, "Bin/tWIN"), "");
	wants_refusal(place, TROUBLE_TWINS, "tWIN");
	assert_int_equal(copy_walk(place->server, place, "E:\\none", 9, &place->list, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin\\twin", 9, &place->list,
				 &place->err),
		-TROUBLE_TWINS);
}

static void depth_and_number_have_limits(void **state)
{
	struct place *place = *state;
	char *path = talloc_strdup(place, below(place, "Bin"));

	for (int i = 0; i < 63; i++) {
		path = talloc_asprintf_append(path, "/d");
		support_mkdir(path);
	}
	assert_int_equal(tree(place, NULL), 0);
	assert_int_equal(place->list.count, 63);
	support_mkdir(talloc_asprintf(place, "%s/d", path));
	wants_refusal(place, TROUBLE_CANNOT, "64");
	assert_int_equal(rmdir(talloc_asprintf(place, "%s/d", path)), 0);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin", 63, &place->list, &place->err),
		0);
	assert_int_equal(copy_walk(place->server, place, "E:\\bin", 62, &place->list, &place->err),
		-TROUBLE_CANNOT);
}

static void the_longest_names_are_copied(void **state)
{
	struct place *place = *state;
	char name[256] = "";

	memset(name, 'n', 255);
	support_write_text(below(place, talloc_asprintf(place, "Bin/%s", name)), "abc");
	assert_int_equal(tree(place, NULL), 0);
	wants_digest(&place->list.items[0], name, SHA_ABC);
	assert_int_equal(access(below(place, talloc_asprintf(place, "Bin.new/%s", name)), F_OK), 0);
}

static void wants_verify(struct place *place, const char *word)
{
	assert_int_equal(copy_verify(place->server, "E:\\Bin.new", &place->list, NULL, &place->err),
		-TROUBLE_VERIFY);
	if (!strstr(place->err.text, word))
		fail_msg("no '%s' in: %s", word, place->err.text);
}

static void every_difference_is_seen(void **state)
{
	struct place *place = *state;
	char name[64];

	tree_make(place);
	assert_int_equal(tree(place, NULL), 0);
	support_write_text(below(place, "Bin.new/abc.txt"), "abd");
	wants_verify(place, "E:\\Bin.new\\abc.txt");
	support_write_text(below(place, "Bin.new/abc.txt"), "abcd");
	wants_verify(place, "E:\\Bin.new\\abc.txt");
	assert_int_equal(unlink(below(place, "Bin.new/abc.txt")), 0);
	wants_verify(place, "abc.txt");
	support_mkdir(below(place, "Bin.new/abc.txt"));
	wants_verify(place, "abc.txt");
	assert_int_equal(rmdir(below(place, "Bin.new/abc.txt")), 0);
	support_write_text(below(place, "Bin.new/abc.txt"), "abc");
	support_write_text(below(place, "Bin.new/zzz"), "");
	wants_verify(place, "E:\\Bin.new\\zzz");
	for (int i = 0; i < 1100; i++) {
		snprintf(name, sizeof name, "Bin.new/z%d", i);
		support_write_text(below(place, name), "");
	}
	wants_verify(place, "E:\\Bin.new");
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		-TROUBLE_MOVED);
	assert_int_equal(access(below(place, "Bin.new/abc.txt"), F_OK), 0);
}

static void only_our_own_is_removed(void **state)
{
	struct place *place = *state;

	tree_make(place);
	assert_int_equal(tree(place, NULL), 0);
	support_write_text(below(place, "Bin.new/Sub/notes"), "mine");
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		-TROUBLE_MOVED);
	assert_non_null(strstr(place->err.text, "notes"));
	assert_int_equal(access(below(place, "Bin.new/abc.txt"), F_OK), 0);
	assert_int_equal(unlink(below(place, "Bin.new/Sub/notes")), 0);
	assert_int_equal(unlink(below(place, "Bin.new/Sub/Big.dll")), 0);
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
	assert_int_not_equal(access(below(place, "Bin.new"), F_OK), 0);
	assert_int_equal(access(below(place, "Bin/abc.txt"), F_OK), 0);
}

static int stop_at(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;

	place->told++;
	assert_true(done >= place->done && done <= total);
	place->done = done;
	place->total = total;
	return place->name && strstr(name, place->name) != NULL;
}

static void progress_is_told_and_stops(void **state)
{
	struct place *place = *state;
	struct copy_progress progress = { stop_at, place };

	tree_make(place);
	assert_int_equal(tree(place, &progress), 0);
	assert_true(place->done == place->total && place->total == 2 * (BIG + 6));
	/* Both ways: four files begun, and 1 MiB in pieces of about 256 KiB. */
	assert_true(place->told >= 2 * (4 + 4));
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
	place->name = "Big.dll";
	place->done = 0;
	assert_int_equal(tree(place, &progress), -TROUBLE_STOPPED);
	assert_int_not_equal(access(below(place, "Bin.new/Sub/Big.dll"), F_OK), 0);
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
	place->done = 0;
	assert_int_equal(copy_verify(place->server, "E:\\Bin", &place->list, &progress,
				 &place->err),
		-TROUBLE_STOPPED);
}

static int grow_file(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;
	FILE *file;

	(void)done;
	(void)total;
	if (!strstr(name, "Bin\\") || !strstr(name, place->name))
		return 0;
	file = fopen(place->file, place->mode);
	if (file) {
		fputs("x", file);
		fclose(file);
	}
	return 0;
}

static void a_file_that_changes_meanwhile_is_refused(void **state)
{
	struct place *place = *state;
	struct copy_progress progress = { grow_file, place };

	tree_make(place);
	place->name = "abc.txt";
	place->file = below(place, "Bin/abc.txt");
	place->mode = "r+";
	assert_int_equal(tree(place, &progress), -TROUBLE_VERIFY);
	assert_non_null(strstr(place->err.text, "abc.txt"));
	/* What it had when it was listed is as it was; there is more now. */
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
	place->mode = "a";
	assert_int_equal(tree(place, &progress), -TROUBLE_VERIFY);
	assert_non_null(strstr(place->err.text, "abc.txt"));
}

/* The folder goes away and a link to the outside takes its place. */
static int swap_folder(void *arg, const char *name, uint64_t done, uint64_t total)
{
	struct place *place = arg;

	(void)done;
	(void)total;
	if (place->told > 0 || !strstr(name, place->name))
		return 0;
	place->told = 1;
	if (rename(place->folder, below(place, "aside")) != 0 ||
		symlink(place->outside, place->folder) != 0)
		fail_msg("%s: %s", place->folder, strerror(errno));
	return 0;
}

static void swap_case(struct place *place, const char *at, const char *folder)
{
	struct copy_progress progress = { swap_folder, place };
	char *outside = support_folder(place);
	char *secret = talloc_asprintf(place, "%s/Zed", outside);
	size_t len;

	support_mkdir(below(place, "Bin/Sub"));
	support_write_text(below(place, "Bin/Sub/Abc"), "abc");
	support_write_text(below(place, "Bin/Sub/Zed"), "inside");
	/* More than may be open already when the link comes. */
	for (int i = 0; i < 40; i++)
		support_write_text(below(place, talloc_asprintf(place, "Bin/Sub/N%d", i)),
			"inside");
	support_write_text(secret, "outside");
	place->name = at;
	place->folder = below(place, folder);
	place->outside = outside;
	assert_int_equal(tree(place, &progress), -TROUBLE_LINK);
	assert_int_equal(place->told, 1);
	/* Nothing out there was written, nothing of it was read into the copy. */
	assert_string_equal((char *)support_read(place, secret, &len), "outside");
	assert_int_not_equal(access(talloc_asprintf(place, "%s/Abc", outside), F_OK), 0);
	if (strcmp(folder, "Bin/Sub") == 0)
		assert_int_not_equal(access(below(place, "Bin.new/Sub/Zed"), F_OK), 0);
}

static void a_source_folder_becomes_a_link_meanwhile(void **state)
{
	swap_case(*state, "Sub\\Abc", "Bin/Sub");
}

static void a_target_folder_becomes_a_link_meanwhile(void **state)
{
	swap_case(*state, "Sub\\Abc", "Bin.new/Sub");
}

static void a_target_becomes_a_link_before_reading_back(void **state)
{
	swap_case(*state, "Bin.new\\Sub\\Abc", "Bin.new/Sub");
}

static void a_full_disk_leaves_nothing_half(void **state)
{
	struct place *place = *state;
	struct rlimit was, small = { 300 * 1024, 300 * 1024 };
	struct stage *stage;
	struct digest digest;
	struct stage_spec spec = { .target = "E:\\Copy.dll",
		.traits_from = NULL,
		.mtime = FILETIME_NONE };

	tree_make(place);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small.rlim_max = was.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int one = copy_stage(place->server, place, "E:\\Bin\\Sub\\Big.dll", &spec, &stage, &digest,
		NULL, &place->err);
	int all = tree(place, NULL);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_int_equal(one, -TROUBLE_IO);
	assert_null(stage);
	assert_int_equal(all, -TROUBLE_IO);
	assert_int_not_equal(access(below(place, "Copy.dll.q24"), F_OK), 0);
	assert_int_not_equal(access(below(place, "Copy.dll"), F_OK), 0);
	assert_int_not_equal(access(below(place, "Bin.new/Sub/Big.dll"), F_OK), 0);
	assert_int_equal(copy_remove_tree(place->server, "E:\\Bin.new", &place->list, &place->err),
		0);
}

static void no_room_is_said_before_the_first_byte(void **state)
{
	struct place *place = *state;
	char *drives =
		talloc_asprintf(place, "%s,F=%s", place->disks->drives, below(place, "small"));
	struct disks_options options = { .drives = drives };
	struct server *server = NULL;
	struct copy_list list;

	tree_make(place);
	support_mkdir(below(place, "small"));
	if (mount("none", below(place, "small"), "tmpfs", 0, "size=64k") != 0)
		skip();
	int opened = disks_open(place, &options, &server, &place->err);
	int ret =
		opened == 0 ? copy_walk(server, place, "E:\\Bin", 100, &list, &place->err) : opened;
	if (ret == 0)
		ret = copy_tree(server, "E:\\Bin", "F:\\Bin", &list, NULL, &place->err);
	int left = access(below(place, "small/Bin"), F_OK);
	talloc_free(server);
	assert_int_equal(umount(below(place, "small")), 0);
	assert_int_equal(opened, 0);
	assert_int_equal(ret, -TROUBLE_NO_ROOM);
	assert_int_not_equal(left, 0);
}

static void one_file_is_staged_checked_and_switched(void **state)
{
	struct place *place = *state;
	struct stage_spec spec = { .target = "E:\\Mt.exe",
		.traits_from = "E:\\Mt.exe",
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;
	struct stat status;
	char text[65];
	size_t len;

	tree_make(place);
	support_write_text(below(place, "Mt.exe"), "old");
	assert_int_equal(chmod(below(place, "Mt.exe"), 0604), 0);
	assert_int_equal(copy_stage(place->server, place, "E:\\bin\\ABC.txt", &spec, &stage,
				 &digest, NULL, &place->err),
		0);
	digest_text(&digest, text);
	assert_string_equal(text, SHA_ABC);
	assert_string_equal((char *)support_read(place, below(place, "Mt.exe"), &len), "old");
	assert_int_equal(place->server->ops->sync(place->server, 'E', &place->err), 0);
	assert_int_equal(copy_stage_verify(place->server, stage, &digest, &place->err), 0);
	assert_int_equal(place->server->ops->stage_switch(stage, &place->err), 0);
	talloc_free(stage);
	assert_string_equal((char *)support_read(place, below(place, "Mt.exe"), &len), "abc");
	assert_int_equal(stat(below(place, "Mt.exe"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0604);
	assert_true(status.st_mtim.tv_sec == 899683200 && status.st_mtim.tv_nsec == 500);
	assert_int_not_equal(access(below(place, "Mt.exe.q24"), F_OK), 0);
}

static void a_stage_that_is_not_as_written_is_seen(void **state)
{
	struct place *place = *state;
	struct stage_spec spec = { .target = "E:\\New.exe",
		.traits_from = NULL,
		.mtime = FILETIME_NONE };
	struct stage *stage;
	struct digest digest;

	tree_make(place);
	assert_int_equal(copy_stage(place->server, place, "E:\\Bin\\abc.txt", &spec, &stage,
				 &digest, NULL, &place->err),
		0);
	support_write_text(below(place, "New.exe.q24"), "abd");
	assert_int_equal(copy_stage_verify(place->server, stage, &digest, &place->err),
		-TROUBLE_VERIFY);
	talloc_free(stage);
	assert_int_not_equal(access(below(place, "New.exe.q24"), F_OK), 0);
	assert_int_not_equal(access(below(place, "New.exe"), F_OK), 0);
	assert_int_equal(copy_stage(place->server, place, "E:\\Bin\\no", &spec, &stage, &digest,
				 NULL, &place->err),
		-TROUBLE_NOT_THERE);
	assert_int_equal(copy_stage(place->server, place, "E:\\Bin\\Sub", &spec, &stage, &digest,
				 NULL, &place->err),
		-TROUBLE_LINK);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_tree_is_copied_whole),
		TEST(the_digest_is_sha256sum_s),
		TEST(an_empty_folder_is_a_tree),
		TEST(what_is_there_is_never_overwritten),
		TEST(what_is_no_file_is_refused_by_name),
		TEST(names_nt_cannot_hold_are_refused),
		TEST(depth_and_number_have_limits),
		TEST(the_longest_names_are_copied),
		TEST(every_difference_is_seen),
		TEST(only_our_own_is_removed),
		TEST(progress_is_told_and_stops),
		TEST(a_file_that_changes_meanwhile_is_refused),
		TEST(a_source_folder_becomes_a_link_meanwhile),
		TEST(a_target_folder_becomes_a_link_meanwhile),
		TEST(a_target_becomes_a_link_before_reading_back),
		TEST(a_full_disk_leaves_nothing_half),
		TEST(no_room_is_said_before_the_first_byte),
		TEST(one_file_is_staged_checked_and_switched),
		TEST(a_stage_that_is_not_as_written_is_seen),
	};

	return cmocka_run_group_tests_name("copy", tests, NULL, NULL);
}
