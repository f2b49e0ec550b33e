/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in any case, twins, links, traits and the writing calls, on plain folders; ntfs.test does the same on a real
 * NTFS volume. */
#include "server/volume_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support.h"

struct place {
	char *dir;
	struct volume *volume;
	struct error err;
};

static const char *below(struct place *place, const char *name)
{
	return talloc_asprintf(place, "%s/%s", place->dir, name);
}

/* A volume over a new folder. The second of the two ways down the tree is taken where by_steps says so. */
static struct place *place_make(bool by_steps)
{
	struct place *place = talloc_zero(NULL, struct place);

	assert_non_null(place);
	place->dir = support_folder(place);
	assert_int_equal(volume_open(place, 'E', place->dir, &place->volume, &place->err), 0);
	if (by_steps)
		place->volume->by_steps = true;
	return place;
}

static int setup_openat2(void **state)
{
	*state = place_make(false);
	return 0;
}

static int setup_steps(void **state)
{
	*state = place_make(true);
	return 0;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static bool there(struct place *place, const char *path, struct file_meta *meta, char **real)
{
	struct file_meta ignored;
	bool found = false;

	place->err.text[0] = '\0';
	if (volume_look(place->volume, place, path, &found, meta ? meta : &ignored, real, &place->err) != 0)
		fail_msg("%s", place->err.text);
	return found;
}

static int look(struct place *place, const char *path)
{
	bool found;

	return volume_look(place->volume, place, path, &found, NULL, NULL, &place->err);
}

static int opens(struct place *place, const char *path)
{
	int fd = volume_open_file(place->volume, path, &place->err);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

static void any_case_finds_the_spelling_on_the_disk(void **state)
{
	struct place *place = *state;
	struct file_meta meta;
	char *real;

	support_mkdir(below(place, "ExchSrvr"));
	support_mkdir(below(place, "ExchSrvr/Bin"));
	support_write_text(below(place, "ExchSrvr/Bin/Mt.exe"), "abc");
	support_write_text(below(place, "ExchSrvr/Bin/M\xc3\xbcller \xd0\x96.txt"), "");
	assert_true(there(place, "EXCHSRVR\\bin\\MT.EXE", &meta, &real));
	assert_string_equal(real, "ExchSrvr\\Bin\\Mt.exe");
	assert_int_equal(meta.kind, ENTRY_FILE);
	assert_int_equal(meta.size, 3);
	assert_true(there(place, "exchsrvr\\BIN\\m\xc3\x9cLLER \xd0\xb6.TXT", NULL, &real));
	assert_string_equal(real, "ExchSrvr\\Bin\\M\xc3\xbcller \xd0\x96.txt");
	assert_true(there(place, "", &meta, &real));
	assert_string_equal(real, "");
	assert_int_equal(meta.kind, ENTRY_FOLDER);
	assert_false(there(place, "exchsrvr\\none\\deeper", NULL, &real));
	assert_null(real);
	assert_false(there(place, "exchsrvr\\bin\\mt.exe\\x", NULL, NULL));
	assert_int_equal(opens(place, "exchsrvr\\bin\\mt.exe"), 0);
	assert_int_equal(opens(place, "exchsrvr\\bin"), -TROUBLE_LINK);
	assert_int_equal(opens(place, "exchsrvr\\bin\\no"), -TROUBLE_NOT_THERE);
}

static void what_others_change_is_seen_at_once(void **state)
{
	struct place *place = *state;

	support_mkdir(below(place, "a"));
	assert_false(there(place, "a\\f", NULL, NULL));
	support_write_text(below(place, "a/F"), "");
	assert_true(there(place, "a\\f", NULL, NULL));
	assert_int_equal(rename(below(place, "a/F"), below(place, "a/G")), 0);
	assert_false(there(place, "a\\f", NULL, NULL));
	assert_true(there(place, "a\\g", NULL, NULL));
	assert_int_equal(rename(below(place, "a"), below(place, "b")), 0);
	support_mkdir(below(place, "A"));
	support_write_text(below(place, "A/H"), "");
	assert_false(there(place, "a\\g", NULL, NULL));
	assert_true(there(place, "a\\h", NULL, NULL));
	assert_true(there(place, "b\\g", NULL, NULL));
}

static void twins_are_refused(void **state)
{
	struct place *place = *state;

	support_mkdir(below(place, "Bin"));
	support_write_text(below(place, "Bin/x"), "");
	assert_int_equal(look(place, "bin\\x"), 0);
	support_mkdir(below(place, "BIN"));
	assert_int_equal(look(place, "bin\\x"), -TROUBLE_TWINS);
	assert_int_equal(look(place, "Bin\\x"), -TROUBLE_TWINS);
	assert_non_null(strstr(place->err.text, "Bin"));
	assert_non_null(strstr(place->err.text, "BIN"));
	assert_int_equal(rmdir(below(place, "BIN")), 0);
	support_write_text(below(place, "Bin/X"), "");
	assert_int_equal(opens(place, "bin\\X"), -TROUBLE_TWINS);
	assert_int_equal(volume_create(place->volume, "Bin\\X", false, &place->err), -TROUBLE_TWINS);
	assert_int_equal(volume_remove(place->volume, "Bin\\x", &place->err), -TROUBLE_TWINS);
}

static void a_hostile_name_is_shown_escaped(void **state)
{
	struct place *place = *state;

	support_write_text(below(place, "a\x1b[2J"), "");
	support_write_text(below(place, "A\x1b[2J"), "");
	assert_int_equal(look(place, "a\x1b[2J"), -TROUBLE_NAME);
	assert_null(strchr(place->err.text, '\x1b'));
	assert_int_equal(look(place, "\xe2\x80\xae"
				     "exe"),
			 0);
}

static void names_nt_cannot_hold_are_refused(void **state)
{
	static const char *const names[] = {
		"..",   ".",    "a\\..\\b", "nul",  "NUL.txt", "com1", "x?",  "x*",      "a:b",
		"end.", "end ", "a/b",      "../x", "a\\\\b",  "a\\",  "\\a", "bad\xff", "\xc0\x80",
	};
	struct place *place = *state;

	support_mkdir(below(place, "a"));
	support_write_text(below(place, "nul"), "");
	support_write_text(below(place, "bad\xff"), "");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int ret = look(place, names[i]);
		if (ret != -TROUBLE_NAME)
			fail_msg("%s: %d", names[i], ret);
		assert_int_equal(opens(place, names[i]), -TROUBLE_NAME);
		assert_int_equal(volume_create(place->volume, names[i], false, &place->err), -TROUBLE_NAME);
		assert_int_equal(volume_mkdir(place->volume, names[i], &place->err), -TROUBLE_NAME);
		assert_int_equal(volume_remove(place->volume, names[i], &place->err), -TROUBLE_NAME);
		assert_int_equal(volume_rename(place->volume, "a", names[i], true, &place->err), -TROUBLE_NAME);
	}
	assert_false(there(place, "\xed\xa0\x80", NULL, NULL));
}

static void listing_shows_everything_in_order(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(below(place, "b"));
	support_write_text(below(place, "C"), "four");
	support_write_text(below(place, "a"), "");
	support_write_text(below(place, "z\xff"), "");
	assert_int_equal(symlink("/", below(place, "link")), 0);
	assert_int_equal(mkfifo(below(place, "pipe"), 0600), 0);
	assert_int_equal(volume_list(place->volume, place, "", &list, &place->err), 0);
	assert_int_equal(list.count, 6);
	assert_string_equal(list.entries[0].name, "a");
	assert_string_equal(list.entries[1].name, "b");
	assert_int_equal(list.entries[1].meta.kind, ENTRY_FOLDER);
	assert_string_equal(list.entries[2].name, "C");
	assert_int_equal(list.entries[2].meta.size, 4);
	assert_int_equal(list.entries[3].meta.kind, ENTRY_OTHER);
	assert_int_equal(list.entries[4].meta.kind, ENTRY_OTHER);
	assert_string_equal(list.entries[5].name, "z\xff");
	assert_int_equal(volume_list(place->volume, place, "C", &list, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_list(place->volume, place, "nothing", &list, &place->err), -TROUBLE_NOT_THERE);
}

static void links_pipes_and_sockets_are_refused(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct place *place = *state;
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);
	struct file_meta meta;

	support_mkdir(below(place, "real"));
	support_write_text(below(place, "real/f"), "");
	assert_int_equal(symlink("real", below(place, "link")), 0);
	assert_int_equal(symlink("real/f", below(place, "file")), 0);
	assert_int_equal(mkfifo(below(place, "pipe"), 0600), 0);
	strcpy(address.sun_path, below(place, "sock"));
	assert_int_equal(bind(sock, (struct sockaddr *)&address, sizeof address), 0);
	close(sock);
	assert_int_equal(look(place, "link\\f"), -TROUBLE_LINK);
	assert_int_equal(opens(place, "link\\f"), -TROUBLE_LINK);
	assert_int_equal(opens(place, "file"), -TROUBLE_LINK);
	assert_int_equal(opens(place, "pipe"), -TROUBLE_LINK);
	assert_int_equal(opens(place, "sock"), -TROUBLE_LINK);
	assert_true(there(place, "link", &meta, NULL));
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_true(there(place, "pipe", &meta, NULL));
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_int_equal(volume_create(place->volume, "link\\new", false, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_mkdir(place->volume, "link\\new", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "link\\f", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "link", &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "real\\f", "link\\g", false, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "real\\f", "file", true, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_rename(place->volume, "link", "other", true, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_set_mtime(place->volume, "file", 0, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_lock(place->volume, "link", &place->err), -TROUBLE_LINK);
	assert_int_equal(opens(place, "real\\f"), 0);
}

/* The clock is set so that the room counts as asked for just now. */
static void room_is_counted_while_there_is_plenty(void **state)
{
	const uint64_t mib = 1 << 20;
	struct place *place = *state;
	struct volume *volume = place->volume;
	uint64_t room, real;

	assert_int_equal(volume_room_take(volume, mib, &room, &place->err), 0);
	assert_int_equal(volume_room(volume, &real, &place->err), 0);
	assert_true(room > 0 && real > 0);
	volume->room_asked = INT64_MAX;
	volume->room = 200 * mib;
	assert_int_equal(volume_room_take(volume, 10 * mib, &room, &place->err), 0);
	assert_true(room == 200 * mib);
	assert_int_equal(volume_room_take(volume, 10 * mib, &room, &place->err), 0);
	assert_true(room < 190 * mib && room > 189 * mib);
	/* A volume that seems to become full is asked, and so is one whose answer is old. */
	volume->room = 1;
	volume->room_asked = INT64_MAX;
	assert_int_equal(volume_room_take(volume, UINT64_MAX, &room, &place->err), 0);
	assert_true(room != 1);
	assert_true(volume->room == 0);
	volume->room = UINT64_MAX;
	volume->room_asked = 1;
	assert_int_equal(volume_room_take(volume, 1, &room, &place->err), 0);
	assert_true(room != UINT64_MAX);
}

/* What was made is dressed, whatever its name is by then; and what it has of its own accord goes. */
static void a_new_file_is_held_and_dressed(void **state)
{
	struct place *place = *state;
	struct file_traits *traits;
	struct stat status;
	uint64_t size = 0;
	int fd = volume_create(place->volume, "new", false, &place->err), handle;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "four", 4), 4);
	support_write_text(below(place, "model"), "");
	assert_int_equal(chmod(below(place, "model"), 0640), 0);
	bool extended = setxattr(below(place, "new"), "user.own", "1", 1, 0) == 0;
	assert_int_equal(volume_traits_read(place->volume, place, "model", &traits, &place->err), 0);
	handle = volume_hold(place->volume, fd, "new", &place->err);
	assert_true(handle >= 0);
	close(fd);
	assert_int_equal(rename(below(place, "new"), below(place, "moved")), 0);
	support_write_text(below(place, "new"), "another");
	assert_int_equal(
		volume_dress(place->volume, handle, "new", traits, 899683200000000000, &size, &place->err), 0);
	close(handle);
	assert_int_equal(size, 4);
	assert_int_equal(stat(below(place, "moved"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	assert_int_equal(status.st_mtim.tv_sec, 899683200);
	if (extended)
		assert_true(getxattr(below(place, "moved"), "user.own", &size, sizeof size) < 0);
	assert_int_equal(stat(below(place, "new"), &status), 0);
	assert_int_not_equal(status.st_mtim.tv_sec, 899683200);
	handle = volume_hold(place->volume, -1, "NEW", &place->err);
	assert_true(handle >= 0);
	assert_int_equal(volume_dress(place->volume, handle, "new", NULL, INT64_MIN, &size, &place->err), 0);
	assert_int_equal(size, 7);
	close(handle);
	assert_int_equal(volume_hold(place->volume, -1, "no", &place->err), -TROUBLE_NOT_THERE);
}

/* The folder is known already when a link to the outside takes its place. */
static void a_link_swapped_in_leads_nowhere(void **state)
{
	struct place *place = *state;
	char *outside = support_folder(place);
	const char *secret = talloc_asprintf(place, "%s/f", outside);

	support_write_text(secret, "outside");
	support_mkdir(below(place, "d"));
	support_write_text(below(place, "d/f"), "inside");
	assert_int_equal(opens(place, "d\\f"), 0);
	assert_int_equal(rename(below(place, "d"), talloc_asprintf(place, "%s/moved", outside)), 0);
	assert_int_equal(symlink(outside, below(place, "d")), 0);
	assert_int_equal(opens(place, "d\\f"), -TROUBLE_LINK);
	assert_int_equal(volume_create(place->volume, "d\\new", false, &place->err), -TROUBLE_LINK);
	assert_int_equal(volume_remove(place->volume, "d\\f", &place->err), -TROUBLE_LINK);
	assert_int_equal(access(secret, F_OK), 0);
	assert_int_equal(access(talloc_asprintf(place, "%s/moved/f", outside), F_OK), 0);
	assert_int_not_equal(access(talloc_asprintf(place, "%s/moved/new", outside), F_OK), 0);
}

/* Nothing that is remembered lets a path out: not even with the times as they were. */
static void beneath_never_leaves_the_root(void **state)
{
	struct place *place = *state;
	struct volume *volume = place->volume;

	support_mkdir(below(place, "d"));
	assert_int_equal(symlink("/etc", below(place, "up")), 0);
	assert_int_equal(volume_beneath(volume, "..", O_PATH, 0), -EXDEV);
	assert_int_equal(volume_beneath(volume, "d/../../x", O_PATH, 0), -EXDEV);
	assert_int_equal(volume_beneath(volume, "up", O_PATH, 0), -ELOOP);
	assert_int_equal(volume_beneath(volume, "up/passwd", O_RDONLY, 0), -ELOOP);
	assert_int_equal(volume_beneath(volume, "up", O_RDONLY | O_DIRECTORY, 0), -ELOOP);
	assert_int_equal(volume_beneath(volume, "up/new", O_RDWR | O_CREAT | O_EXCL, 0600), -ELOOP);
	assert_int_equal(volume_beneath(volume, "no", O_RDONLY, 0), -ENOENT);
}

static void another_mount_is_not_entered(void **state)
{
	struct place *place = *state;
	struct file_meta meta;

	support_mkdir(below(place, "m"));
	if (mount("none", below(place, "m"), "tmpfs", 0, "size=64k") != 0)
		skip();
	support_write_text(below(place, "m/f"), "");
	bool found = there(place, "m", &meta, NULL);
	int deeper = look(place, "m\\f"), opened = opens(place, "m\\f"),
	    made = volume_create(place->volume, "m\\g", false, &place->err);
	assert_int_equal(umount(below(place, "m")), 0);
	assert_true(found);
	assert_int_equal(meta.kind, ENTRY_OTHER);
	assert_int_equal(deeper, -TROUBLE_LINK);
	assert_int_equal(opened, -TROUBLE_LINK);
	assert_int_equal(made, -TROUBLE_LINK);
}

/* What cannot be told of a file that is open is told with its place, and without its name's control characters. */
static void traits_that_cannot_be_read_are_told(void **state)
{
	struct place *place = *state;
	struct file_traits *traits = (struct file_traits *)place;

	assert_int_equal(volume_traits_open(place->volume, place, -1, "Bin\\a\033[2Jb", &traits, &place->err), -TROUBLE_IO);
	assert_null(traits);
	assert_null(strchr(place->err.text, '\033'));
	assert_non_null(strstr(place->err.text, ":\\Bin\\a"));
}

static void files_are_made_once(void **state)
{
	struct place *place = *state;
	struct stat status;
	int fd = volume_create(place->volume, "New.txt", false, &place->err);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_int_equal(stat(below(place, "New.txt"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(volume_create(place->volume, "NEW.TXT", false, &place->err), -TROUBLE_IO);
	assert_non_null(strstr(place->err.text, "File exists"));
	assert_int_equal(volume_create(place->volume, "none\\x", false, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_mkdir(place->volume, "Dir", &place->err), 0);
	assert_int_equal(volume_mkdir(place->volume, "dir", &place->err), -TROUBLE_IO);
	assert_int_equal(volume_remove(place->volume, "DIR", &place->err), 0);
	assert_int_equal(volume_remove(place->volume, "new.TXT", &place->err), 0);
	assert_int_equal(volume_remove(place->volume, "new.TXT", &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_remove(place->volume, "", &place->err), -TROUBLE_IO);
	fd = volume_create(place->volume, "again", false, &place->err);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(volume_create(place->volume, "Again", true, &place->err), -TROUBLE_IO);
	fd = volume_open_write(place->volume, "AGAIN", &place->err);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "y", 1, 3), 1);
	close(fd);
}

static void long_names_fit_or_are_refused(void **state)
{
	struct place *place = *state;
	char name[257] = "", euro[3 * 255 + 1] = "";

	memset(name, 'n', 255);
	int fd = volume_create(place->volume, name, false, &place->err);
	assert_true(fd >= 0);
	close(fd);
	assert_true(there(place, name, NULL, NULL));
	name[255] = 'n';
	assert_int_equal(volume_create(place->volume, name, false, &place->err), -TROUBLE_NAME);
	for (int i = 0; i < 255; i++)
		memcpy(euro + 3 * i, "\xe2\x82\xac", 3);
	assert_false(there(place, euro, NULL, NULL));
	fd = volume_create(place->volume, euro, false, &place->err);
	assert_int_equal(fd, -TROUBLE_NAME);
}

static void rename_keeps_or_replaces_as_told(void **state)
{
	struct place *place = *state;
	char *real;

	support_write_text(below(place, "Old.exe"), "old");
	support_write_text(below(place, "new.q24"), "fresh");
	support_mkdir(below(place, "Dir"));
	assert_int_equal(volume_rename(place->volume, "new.q24", "OLD.EXE", false, &place->err), -TROUBLE_IO);
	assert_int_equal(volume_rename(place->volume, "new.q24", "dir", true, &place->err), -TROUBLE_IO);
	assert_int_equal(chmod(below(place, "Old.exe"), 0444), 0);
	assert_int_equal(volume_rename(place->volume, "new.q24", "OLD.EXE", true, &place->err), 0);
	assert_true(there(place, "old.exe", NULL, &real));
	assert_string_equal(real, "Old.exe");
	assert_false(there(place, "new.q24", NULL, NULL));
	size_t len;
	assert_string_equal((char *)support_read(place, below(place, "Old.exe"), &len), "fresh");
	assert_int_equal(volume_rename(place->volume, "old.exe", "OLD.EXE", false, &place->err), 0);
	assert_true(there(place, "old.exe", NULL, &real));
	assert_string_equal(real, "OLD.EXE");
	assert_int_equal(volume_rename(place->volume, "OLD.exe", "dir\\f", false, &place->err), 0);
	assert_true(there(place, "dir\\F", NULL, NULL));
	assert_int_equal(volume_rename(place->volume, "dir", "Dir2", false, &place->err), 0);
	assert_true(there(place, "dir2\\F", NULL, NULL));
	assert_false(there(place, "dir\\F", NULL, NULL));
	assert_int_equal(volume_rename(place->volume, "dir2", "dir2\\in", false, &place->err), -TROUBLE_IO);
	assert_int_equal(volume_rename(place->volume, "none", "x", false, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_rename(place->volume, "dir2", "none\\x", false, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_rename(place->volume, "", "x", false, &place->err), -TROUBLE_IO);
}

/* More folders than are remembered, and more than one visit to each. */
static void many_folders(void **state)
{
	struct place *place = *state;
	char path[64];

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < VOLUME_FOLDERS * 3; i++) {
			snprintf(path, sizeof path, "D%d", i);
			if (round == 0)
				assert_int_equal(volume_mkdir(place->volume, path, &place->err), 0);
			snprintf(path, sizeof path, "d%d\\F%d", i, round);
			int fd = volume_create(place->volume, path, false, &place->err);
			assert_true(fd >= 0);
			close(fd);
		}
	}
	assert_true(place->volume->folder_count <= VOLUME_FOLDERS + 3);
	for (int i = 0; i < VOLUME_FOLDERS * 3; i++) {
		snprintf(path, sizeof path, "D%d\\f1", i);
		assert_true(there(place, path, NULL, NULL));
	}
}

static void traits_go_from_file_to_file(void **state)
{
	struct place *place = *state;
	struct file_traits *a, *b, *c;
	const char *what;
	struct stat status;
	bool extended;

	support_write_text(below(place, "a"), "");
	support_write_text(below(place, "b"), "");
	assert_int_equal(chmod(below(place, "a"), 0640), 0);
	extended = setxattr(below(place, "a"), "user.note", "kept", 4, 0) == 0;
	if (extended)
		assert_int_equal(setxattr(below(place, "b"), "user.extra", "x", 1, 0), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(below(place, "a"), 12, 34), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "A", &a, &place->err), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "B", &b, &place->err), 0);
	assert_false(file_traits_equal(a, b, &what));
	assert_non_null(what);
	assert_int_equal(volume_traits_write(place->volume, "b", a, &place->err), 0);
	assert_int_equal(volume_traits_read(place->volume, place, "b", &c, &place->err), 0);
	assert_true(file_traits_equal(a, c, NULL));
	assert_int_equal(stat(below(place, "b"), &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	if (geteuid() == 0)
		assert_true(status.st_uid == 12 && status.st_gid == 34);
	if (extended) {
		char value[8];
		assert_int_equal(getxattr(below(place, "b"), "user.note", value, sizeof value), 4);
		assert_memory_equal(value, "kept", 4);
		assert_int_equal(getxattr(below(place, "b"), "user.extra", value, sizeof value), -1);
	}
	support_mkdir(below(place, "d"));
	assert_int_equal(volume_traits_write(place->volume, "d", a, &place->err), -TROUBLE_IO);
}

static void posix_acl_is_a_trait(void **state)
{
	/* Version 2; user::rw-, user:7:r--, group::r--, mask::r--, other::--- (acl(5), linux/posix_acl_xattr.h). */
	static const uint8_t acl[] = {
		2, 0, 0,   0,   1,   0,   6,  0, 255, 255, 255, 255, 2,   0,   4,  0, 7, 0, 0,   0,   4,   0,
		4, 0, 255, 255, 255, 255, 16, 0, 4,   0,   255, 255, 255, 255, 32, 0, 0, 0, 255, 255, 255, 255,
	};
	struct place *place = *state;
	struct file_traits *traits;
	uint8_t back[64];

	support_write_text(below(place, "a"), "");
	support_write_text(below(place, "b"), "");
	if (setxattr(below(place, "a"), "system.posix_acl_access", acl, sizeof acl, 0) != 0)
		skip();
	assert_int_equal(volume_traits_read(place->volume, place, "a", &traits, &place->err), 0);
	assert_int_equal(volume_traits_write(place->volume, "b", traits, &place->err), 0);
	assert_int_equal(getxattr(below(place, "b"), "system.posix_acl_access", back, sizeof back), sizeof acl);
	assert_memory_equal(back, acl, sizeof acl);
	assert_int_equal(volume_traits_read(place->volume, place, "d", &traits, &place->err), -TROUBLE_NOT_THERE);
}

static void times_are_set_and_read_back(void **state)
{
	static const int64_t times[] = { 899683200000000000, 899683200123456700, 0, -1500000000 };
	struct place *place = *state;
	struct file_meta meta;

	support_write_text(below(place, "a"), "");
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		assert_int_equal(volume_set_mtime(place->volume, "A", times[i], &place->err), 0);
		assert_true(there(place, "a", &meta, NULL));
		assert_true(meta.mtime == times[i]);
	}
	assert_true(time_in_ns(INT64_MAX, 5) == INT64_MAX);
	assert_true(time_in_ns(2, 5) == 2000000005);
	assert_true(time_in_ns(-2, 500000000) == -1500000000);
}

static void a_folder_is_locked_once(void **state)
{
	struct place *place = *state;
	struct volume *other;

	support_mkdir(below(place, "config"));
	int fd = volume_lock(place->volume, "Config", &place->err);
	assert_true(fd >= 0);
	assert_int_equal(volume_open(place, 'E', place->dir, &other, &place->err), 0);
	assert_int_equal(volume_lock(other, "config", &place->err), -TROUBLE_LOCKED);
	close(fd);
	fd = volume_lock(other, "config", &place->err);
	assert_true(fd >= 0);
	close(fd);
}

static void a_trial_leaves_nothing(void **state)
{
	struct place *place = *state;
	struct entry_list list;

	support_mkdir(below(place, "d"));
	assert_int_equal(volume_trial(place->volume, "d", &place->err), 0);
	support_write_text(below(place, "d/model"), "");
	assert_int_equal(chmod(below(place, "d/model"), 0444), 0);
	support_write_text(below(place, "d/Q24TRIAL.q24"), "left by an earlier one");
	assert_int_equal(volume_trial(place->volume, "d", &place->err), 0);
	assert_int_equal(volume_list(place->volume, place, "d", &list, &place->err), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(volume_trial(place->volume, "none", &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_sync_folder(place->volume, "D", &place->err), 0);
	assert_int_equal(volume_sync(place->volume, &place->err), 0);
}

static void what_may_not_be_done_is_said(void **state)
{
	struct place *place = *state;
	uid_t was = geteuid();

	support_mkdir(below(place, "d"));
	support_write_text(below(place, "d/f"), "x");
	assert_int_equal(chmod(below(place, "d/f"), 0), 0);
	assert_int_equal(chmod(below(place, "d"), 0555), 0);
	assert_int_equal(chmod(place->dir, 0755), 0);
	if (was == 0)
		assert_int_equal(seteuid(65534), 0);
	int opened = opens(place, "d\\f"), made = volume_create(place->volume, "d\\g", false, &place->err);
	int trial = volume_trial(place->volume, "d", &place->err);
	struct file_traits *traits;
	int read_ret = volume_traits_read(place->volume, place, "d", &traits, &place->err);
	if (was == 0)
		assert_int_equal(seteuid(was), 0);
	assert_int_equal(opened, -TROUBLE_PERMISSION);
	assert_int_equal(made, -TROUBLE_PERMISSION);
	assert_int_equal(trial, -TROUBLE_PERMISSION);
	assert_int_equal(read_ret, 0);
}

static void a_full_disk_is_said(void **state)
{
	struct place *place = *state;
	struct volume *small = NULL;
	uint64_t room = 0;
	static char block[4096];

	support_mkdir(below(place, "m"));
	if (mount("none", below(place, "m"), "tmpfs", 0, "size=16k") != 0)
		skip();
	int opened = volume_open(place, 'F', below(place, "m"), &small, &place->err);
	int asked = opened == 0 ? volume_room(small, &room, &place->err) : -1;
	bool memory = opened == 0 && volume_traits(small)->in_memory;
	int fd = opened == 0 ? volume_create(small, "f", false, &place->err) : -1;
	while (fd >= 0 && write(fd, block, sizeof block) == sizeof block)
		;
	int full = errno, trial = fd >= 0 ? volume_trial(small, "", &place->err) : 0;
	if (fd >= 0)
		close(fd);
	talloc_free(small);
	assert_int_equal(umount(below(place, "m")), 0);
	assert_int_equal(opened, 0);
	assert_int_equal(asked, 0);
	assert_true(room > 0 && room <= 16384);
	assert_true(memory);
	assert_int_equal(full, ENOSPC);
	assert_int_equal(trial, -TROUBLE_NO_ROOM);
}

static void a_read_only_mount_is_known(void **state)
{
	struct place *place = *state;
	struct volume *fixed = NULL;

	support_mkdir(below(place, "m"));
	if (mount("none", below(place, "m"), "tmpfs", MS_RDONLY, "size=16k") != 0)
		skip();
	int opened = volume_open(place, 'F', below(place, "m"), &fixed, &place->err);
	bool read_only = opened == 0 && volume_traits(fixed)->read_only;
	int made = opened == 0 ? volume_create(fixed, "f", false, &place->err) : 0;
	talloc_free(fixed);
	assert_int_equal(umount(below(place, "m")), 0);
	assert_true(read_only);
	assert_int_equal(made, -TROUBLE_READ_ONLY);
	assert_false(volume_traits(place->volume)->read_only);
}

static void opening_what_is_no_folder(void **state)
{
	struct place *place = *state;
	struct volume *volume;

	support_write_text(below(place, "f"), "");
	support_mkdir(below(place, "d"));
	assert_int_equal(symlink("d", below(place, "l")), 0);
	assert_int_equal(volume_open(place, 'C', below(place, "none"), &volume, &place->err), -TROUBLE_NOT_THERE);
	assert_int_equal(volume_open(place, 'C', below(place, "f"), &volume, &place->err), -TROUBLE_NOT_THERE);
	assert_null(volume);
	assert_int_equal(volume_open(place, 'C', below(place, "l"), &volume, &place->err), 0);
	assert_int_equal(volume_letter(volume), 'C');
	assert_string_equal(volume_dir(volume), below(place, "l"));
	assert_true(volume_device(volume) == volume_device(place->volume));
}

static void plain_folders_have_no_nt_traits(void **state)
{
	struct place *place = *state;
	const struct volume_traits *traits = volume_traits(place->volume);
	char *name = (char *)1;

	support_write_text(below(place, "f"), "");
	assert_false(traits->acl || traits->attributes || traits->short_names || traits->mirror);
	assert_true(traits->fs[0] != '\0' && traits->time_grain >= 1);
	assert_null(traits->harmful_option);
	assert_int_equal(volume_short_name(place->volume, place, "f", &name, &place->err), 0);
	assert_null(name);
	assert_int_equal(volume_set_short_name(place->volume, "f", "F", &place->err), -TROUBLE_CANNOT);
}

#define BOTH_WAYS(test)                                                                                                \
	cmocka_unit_test_setup_teardown(test, setup_openat2, teardown),                                                \
	{                                                                                                              \
#test " (by steps)", test, setup_steps, teardown, NULL                                                 \
	}
#define ONE_WAY(test) cmocka_unit_test_setup_teardown(test, setup_openat2, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH_WAYS(any_case_finds_the_spelling_on_the_disk),
		BOTH_WAYS(what_others_change_is_seen_at_once),
		BOTH_WAYS(twins_are_refused),
		ONE_WAY(a_hostile_name_is_shown_escaped),
		BOTH_WAYS(names_nt_cannot_hold_are_refused),
		ONE_WAY(listing_shows_everything_in_order),
		BOTH_WAYS(links_pipes_and_sockets_are_refused),
		BOTH_WAYS(a_link_swapped_in_leads_nowhere),
		BOTH_WAYS(beneath_never_leaves_the_root),
		BOTH_WAYS(another_mount_is_not_entered),
		BOTH_WAYS(traits_that_cannot_be_read_are_told),
		BOTH_WAYS(files_are_made_once),
		BOTH_WAYS(long_names_fit_or_are_refused),
		BOTH_WAYS(rename_keeps_or_replaces_as_told),
		BOTH_WAYS(many_folders),
		ONE_WAY(traits_go_from_file_to_file),
		ONE_WAY(posix_acl_is_a_trait),
		ONE_WAY(times_are_set_and_read_back),
		ONE_WAY(a_folder_is_locked_once),
		ONE_WAY(a_trial_leaves_nothing),
		ONE_WAY(what_may_not_be_done_is_said),
		ONE_WAY(a_full_disk_is_said),
		ONE_WAY(room_is_counted_while_there_is_plenty),
		BOTH_WAYS(a_new_file_is_held_and_dressed),
		ONE_WAY(a_read_only_mount_is_known),
		ONE_WAY(opening_what_is_no_folder),
		ONE_WAY(plain_folders_have_no_nt_traits),
	};

	return cmocka_run_group_tests_name("volume", tests, NULL, NULL);
}
