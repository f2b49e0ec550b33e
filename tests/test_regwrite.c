/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changing the registry of a server that is off: what changes, what must not, and what refuses. */
#include "server/disks_regwrite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

#define KEY "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"
#define CONFIG "C:\\WINNT\\system32\\config\\"

struct bench {
	struct nt_disks *disks;
	struct server *server;
	char *system, *alt; /* paths of this machine */
	uint8_t *before;    /* both copies */
	size_t len;
	struct error err;
};

static struct bench *bench(TALLOC_CTX *mem)
{
	struct bench *b = talloc_zero(mem, struct bench);

	b->disks = nt_disks(b);
	b->server = nt_open(b->disks);
	b->system = talloc_asprintf(b, "%s/SYSTEM", b->disks->config);
	b->alt = talloc_asprintf(b, "%s/SYSTEM.ALT", b->disks->config);
	b->before = support_read(b, b->system, &b->len);
	return b;
}

static int setup(void **state)
{
	*state = talloc_new(NULL);
	return *state == NULL;
}

static int teardown(void **state)
{
	talloc_free(*state);
	return 0;
}

static struct reg_edit image_edit(TALLOC_CTX *mem, const char *text)
{
	return (struct reg_edit){ KEY, "ImagePath", regdata_from_string(mem, REG_EXPAND_SZ, text) };
}

static struct reg_stage *staged(struct bench *b, const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;

	if (b->server->ops->reg_stage(b->server, b, edits, count, &stage, &b->err) != 0)
		fail_msg("%s", b->err.text);
	return stage;
}

static int stage_refused(struct bench *b, const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;

	return b->server->ops->reg_stage(b->server, b, edits, count, &stage, &b->err);
}

static size_t switched(struct bench *b, struct reg_stage *stage)
{
	size_t done;

	if (b->server->ops->reg_switch(stage, &done, &b->err) != 0)
		fail_msg("%s", b->err.text);
	return done;
}

static void reads(struct bench *b, const char *key, const char *text)
{
	char *now;

	assert_int_equal(server_reg_string(b->server, b, key, "ImagePath", &now, &b->err), 0);
	assert_string_equal(now, text);
}

static bool unchanged(struct bench *b, const char *path)
{
	size_t len;
	uint8_t *now = support_read(b, path, &len);

	return len == b->len && memcmp(now, b->before, len) == 0;
}

/* Nothing but the registry files themselves lies in the folder. */
static void tidy(struct bench *b, size_t files)
{
	struct entry_list list;

	assert_int_equal(b->server->ops->list(b->server, b, "C:\\WINNT\\system32\\config", &list, &b->err), 0);
	assert_int_equal(list.count, files);
}

static size_t differing(struct bench *b, const char *path, size_t *where)
{
	size_t len, count = 0;
	uint8_t *now = support_read(b, path, &len);

	assert_int_equal(len, b->len);
	for (size_t i = 0; i < len; i++) {
		if (now[i] != b->before[i]) {
			*where = i;
			count++;
		}
	}
	return count;
}

static void one_letter_is_one_byte_on_the_disk(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage = staged(b, &edit, 1);
	struct stat before, after;
	size_t where = 0, where_alt = 0;

	assert_null(b->server->ops->reg_stage_note(stage));
	tidy(b, 3);
	assert_true(unchanged(b, b->system));
	assert_int_equal(stat(b->system, &before), 0);
	assert_int_equal(switched(b, stage), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_equal(differing(b, b->system, &where), 1);
	assert_int_equal(differing(b, b->alt, &where_alt), 1);
	assert_int_equal(where, where_alt);
	assert_int_equal(b->before[where], 'C');
	tidy(b, 3);
	reads(b, KEY, NT_IMAGE_MOVED);
	reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_MOVED);
	reads(b, "SYSTEM\\ControlSet002\\Services\\MSExchangeMSMI", "untouched");
}

static void a_longer_value_is_switched_in_with_the_old_traits(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_LONGER);
	struct stat before, after;
	char mark[8] = { 0 };
	bool marks = setxattr(b->system, "user.mark", "kept", 4, 0) == 0;

	assert_int_equal(chmod(b->system, 0640), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(b->system, 1234, 4321), 0);
	assert_int_equal(stat(b->system, &before), 0);
	struct reg_stage *stage = staged(b, &edit, 1);
	tidy(b, 5);
	assert_true(unchanged(b, b->system) && unchanged(b, b->alt));
	assert_int_equal(switched(b, stage), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_equal(after.st_uid, before.st_uid);
	assert_int_equal(after.st_gid, before.st_gid);
	if (marks) {
		assert_int_equal(getxattr(b->system, "user.mark", mark, sizeof mark), 4);
		assert_string_equal(mark, "kept");
	}
	tidy(b, 3);
	reads(b, KEY, NT_IMAGE_LONGER);
	reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_LONGER);
}

/* More than one sector at once cannot be written so that it is old or new. */
static void a_value_over_two_sectors_is_switched_in(void **state)
{
	struct bench *b = bench(*state);
	uint8_t blob[1500];
	struct reg_data data = { REG_BINARY, blob, sizeof blob };
	struct reg_edit edit = { KEY, "Blob", &data };
	struct stat before, after;
	size_t where;

	memset(blob, 0xaa, sizeof blob);
	assert_int_equal(stat(b->system, &before), 0);
	assert_int_equal(switched(b, staged(b, &edit, 1)), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino != after.st_ino);
	assert_int_equal(differing(b, b->system, &where), sizeof blob);
	tidy(b, 3);
}

static void a_stage_that_is_dropped_leaves_nothing(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_LONGER);

	struct reg_stage *stage = staged(b, &edit, 1);
	tidy(b, 5);
	talloc_free(stage);
	tidy(b, 3);
	assert_true(unchanged(b, b->system) && unchanged(b, b->alt));
}

static void what_is_right_already_is_not_written(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edits[] = { image_edit(b, NT_IMAGE), { KEY, "NotThere", NULL } };
	struct stat before, after;

	assert_int_equal(stat(b->system, &before), 0);
	usleep(20000);
	assert_int_equal(switched(b, staged(b, edits, 2)), 2);
	assert_int_equal(stat(b->system, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
	assert_memory_equal(&before.st_ctim, &after.st_ctim, sizeof before.st_ctim);
}

static void values_are_added_and_removed(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edits[] = { { KEY, "ImagePath", NULL }, { KEY, "New", regdata_from_dword(b, 240208) } };
	struct reg_data *data;
	uint32_t number;
	bool found;

	assert_int_equal(switched(b, staged(b, edits, 2)), 2);
	assert_int_equal(b->server->ops->reg_read(b->server, b, KEY, "ImagePath", &data, &b->err), 0);
	assert_null(data);
	assert_int_equal(server_reg_dword(b->server, KEY, "New", &number, &found, &b->err), 0);
	assert_true(found && number == 240208);
}

static void without_a_second_copy_there_is_none_afterwards(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_LONGER);

	unlink(b->alt);
	assert_int_equal(switched(b, staged(b, &edit, 1)), 1);
	tidy(b, 2);
	reads(b, KEY, NT_IMAGE_LONGER);
}

/* The second copy as it is now stays byte for byte, and the stage says why. */
static void second_copy_stays(struct bench *b, const char *word)
{
	struct reg_edit edit = image_edit(b, NT_IMAGE_LONGER);
	struct reg_stage *stage;
	size_t len, len_after;
	uint8_t *before = support_read(b, b->alt, &len), *after;
	const char *note;

	support_write(b->system, b->before, b->len);
	stage = staged(b, &edit, 1);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	if (!strstr(note, word) || !strstr(note, "SYSTEM.ALT"))
		fail_msg("no '%s' in: %s", word, note);
	assert_int_equal(switched(b, stage), 1);
	reads(b, KEY, NT_IMAGE_LONGER);
	after = support_read(b, b->alt, &len_after);
	assert_int_equal(len, len_after);
	assert_memory_equal(before, after, len);
	tidy(b, 3);
}

/* The length of the cell of Blob: the chain of cells is broken, which opening the file does not see. */
static void break_a_cell(uint8_t *bytes, size_t len)
{
	uint8_t blob[64], *at;

	memset(blob, 0x55, sizeof blob);
	at = memmem(bytes, len, blob, sizeof blob);
	assert_non_null(at);
	at[-4] ^= 0x40;
}

static void a_second_copy_that_is_not_sound_stays_as_it_is(void **state)
{
	struct bench *b = bench(*state);
	uint8_t *bytes = talloc_memdup(b, b->before, b->len);

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .dirty = 1 });
	second_copy_stays(b, "stays as it is");
	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	second_copy_stays(b, "MSExchangeMSMI");
	support_write(b->alt, b->before, b->len / 2);
	second_copy_stays(b, "stays as it is");
	support_write_text(b->alt, "");
	second_copy_stays(b, "stays as it is");
	break_a_cell(bytes, b->len);
	support_write(b->alt, bytes, b->len);
	second_copy_stays(b, "damaged");
}

static void a_second_copy_out_of_step_gets_the_same_values(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage;
	const char *note;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = "D:\\old.exe" });
	stage = staged(b, &edit, 1);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	assert_non_null(strstr(note, "already differed"));
	assert_int_equal(switched(b, stage), 2);
	reads(b, KEY, NT_IMAGE_MOVED);
	reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", NT_IMAGE_MOVED);
}

#define PCMTA "SYSTEM\\ControlSet001\\Services\\MTA to Z\xc3\xbcrich"

/* A second copy made before the connector was: it has no keys of it. */
static void a_second_copy_that_lacks_a_key_gets_the_others(void **state)
{
	struct bench *b = bench(*state);
	struct reg_data *computer = regdata_from_string(b, REG_SZ, "A LONGER NAME THAN BEFORE");
	struct reg_edit edits[] = { image_edit(b, NT_IMAGE_LONGER),
				    { "SYSTEM\\ControlSet001\\Control\\ComputerName\\ComputerName", "ComputerName", computer } };
	struct reg_stage *stage;
	const char *note;
	char *text;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	stage = staged(b, edits, 2);
	note = b->server->ops->reg_stage_note(stage);
	assert_non_null(note);
	assert_non_null(strstr(note, "not written there: ControlSet001\\Services\\MSExchangeMSMI\\ImagePath."));
	assert_null(strstr(note, "ComputerName"));
	assert_int_equal(switched(b, stage), 2);
	reads(b, KEY, NT_IMAGE_LONGER);
	assert_int_equal(server_reg_string(b->server, b, "SYSTEM.ALT\\ControlSet001\\Control\\ComputerName\\ComputerName",
					   "ComputerName", &text, &b->err), 0);
	assert_string_equal(text, "A LONGER NAME THAN BEFORE");
}

static void has_time(const char *path, TALLOC_CTX *mem, uint64_t time[2])
{
	size_t len;
	uint8_t *bytes = support_read(mem, path, &len);

	memcpy(&time[0], bytes + 12, 8);
	memcpy(&time[1], bytes + 4096 + 20, 8);
}

/* Header and first bin of both copies, however each of them is written: 12 and 4096 + 20 of the file, little-endian. */
static void both_copies_have_one_time(void **state)
{
	static const char *const olds[] = { NT_IMAGE, NT_IMAGE_LONGER, "C:\\exchsrvr\\Connect\\Msmcon\\Bin\\Msmi.EXE" };
	static const char *const news[] = { NT_IMAGE_LONGER, NT_IMAGE_MOVED };

	for (size_t i = 0; i < 6; i++) {
		struct bench *b = bench(*state);
		struct reg_edit edit = image_edit(b, news[i % 2]);
		uint64_t system[2], alt[2];

		nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = olds[i / 2] });
		(void)switched(b, staged(b, &edit, 1));
		has_time(b->system, b, system);
		has_time(b->alt, b, alt);
		assert_true(system[0] == system[1] && alt[0] == alt[1] && system[0] == alt[0]);
		reads(b, "SYSTEM.ALT\\ControlSet001\\Services\\MSExchangeMSMI", news[i % 2]);
	}
}

/* Staged in a rehearsal, an edit an act. */
static int rehearsed(struct bench *b, struct server_rehearsal *rehearsal, const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;
	int ret = 0;

	*rehearsal = (struct server_rehearsal){ 0 };
	b->server->rehearsing = rehearsal;
	for (size_t i = 0; ret == 0 && i < count; i++)
		ret = b->server->ops->reg_stage(b->server, b, &edits[i], 1, &stage, &b->err);
	b->server->rehearsing = NULL;
	return ret;
}

/* What a rehearsal says is what writing then does; it writes nothing itself. */
static void a_rehearsal_only_reads(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edits[] = { image_edit(b, NT_IMAGE_LONGER), { PCMTA, "ImagePath", image_edit(b, NT_IMAGE_LONGER).data } };
	struct reg_edit none = { "SYSTEM\\Nothing", "x", edits[0].data };
	struct reg_edit news = { edits[0].key, "A value that is not there yet", edits[0].data };
	struct server_rehearsal rehearsal;
	size_t len, alt_len;

	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(unchanged(b, b->system) && unchanged(b, b->alt));
	tidy(b, 3);
	(void)switched(b, staged(b, &edits[0], 1));
	(void)switched(b, staged(b, &edits[1], 1));
	support_read(b, b->system, &len);
	support_read(b, b->alt, &alt_len);
	/* A new bin of 4096 bytes for each. */
	assert_int_equal(len, b->len + 8192);
	assert_true(rehearsal.grows[0] == len - b->len && rehearsal.grows[1] == alt_len - b->len);
	/* What is written already takes nothing; a value and its key's longer list take a bin again. */
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(rehearsal.grows[0] == 0 && rehearsal.grows[1] == 0);
	assert_int_equal(rehearsed(b, &rehearsal, &news, 1), 0);
	(void)switched(b, staged(b, &news, 1));
	support_read(b, b->system, &alt_len);
	assert_true(rehearsal.grows[0] == 4096 && alt_len - len == 4096);
	assert_int_equal(rehearsed(b, &rehearsal, &none, 1), -TROUBLE_NOT_THERE);
	/* The second copy may lack a key, and may be damaged. */
	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .no_connector = true });
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	support_write(b->alt, "regf", 4);
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), 0);
	assert_true(rehearsal.grows[1] == 0);
}

/* NT loads SYSTEM into its first 16 MB (KB Q306038): 10 MB is where it stops growing, known before anything is written. */
static void the_limit_of_a_hive_is_known_by_reading(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edits[] = { image_edit(b, NT_IMAGE_LONGER), { PCMTA, "ImagePath", image_edit(b, NT_IMAGE_LONGER).data } };
	struct server_rehearsal rehearsal;

	nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .size = (10 << 20) - 4096 });
	assert_int_equal(rehearsed(b, &rehearsal, edits, 1), 0);
	assert_int_equal(rehearsed(b, &rehearsal, edits, 2), -TROUBLE_CANNOT);
	assert_non_null(strstr(b->err.text, "10 MB"));
	tidy(b, 3);
}

static void somebody_else_in_between_stops_it(void **state)
{
	static const char *const texts[] = { NT_IMAGE_MOVED, NT_IMAGE_LONGER };

	for (size_t i = 0; i < 2; i++) {
		struct bench *b = bench(*state);
		struct reg_edit edit = image_edit(b, texts[i]);
		struct reg_stage *stage = staged(b, &edit, 1);
		size_t done = 9, len;
		uint8_t *other, *now;

		nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .image = "D:\\other.exe" });
		other = support_read(b, b->system, &len);
		assert_int_equal(b->server->ops->reg_switch(stage, &done, &b->err), -TROUBLE_MOVED);
		assert_int_equal(done, 0);
		now = support_read(b, b->system, &len);
		assert_memory_equal(now, other, len);
		assert_true(unchanged(b, b->alt));
	}
}

static void a_second_copy_that_moved_is_told_after_the_first_is_done(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_MOVED);
	struct reg_stage *stage = staged(b, &edit, 1);
	size_t done;

	nt_hive(b->disks->winnt, "SYSTEM.ALT", &(struct nt_system){ .image = "D:\\other.exe" });
	assert_int_equal(b->server->ops->reg_switch(stage, &done, &b->err), -TROUBLE_MOVED);
	assert_int_equal(done, 1);
	assert_non_null(strstr(b->err.text, "SYSTEM.ALT"));
	reads(b, KEY, NT_IMAGE_MOVED);
}

static void edits_that_must_not_be_are_refused(void **state)
{
	struct bench *b = bench(*state);
	struct reg_data *data = regdata_from_dword(b, 1);
	struct reg_edit software = { "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion", "ProductId", data };
	struct reg_edit alt = { "SYSTEM.ALT\\Select", "Default", data };
	struct reg_edit root = { "SYSTEM", "Value", data };
	struct reg_edit missing = { KEY "\\Nothing", "Value", data };
	struct reg_edit twice[] = { { KEY, "Start", data },
				    { "system\\ControlSet001\\services\\MSEXCHANGEMSMI", "START", data } };

	assert_int_equal(stage_refused(b, &software, 1), -TROUBLE_BUG);
	assert_int_equal(stage_refused(b, &alt, 1), -TROUBLE_BUG);
	assert_int_equal(stage_refused(b, &root, 1), -TROUBLE_BUG);
	assert_int_equal(stage_refused(b, &missing, 1), -TROUBLE_NOT_THERE);
	assert_int_equal(stage_refused(b, twice, 2), -TROUBLE_BUG);
	assert_true(unchanged(b, b->system) && unchanged(b, b->alt));
	tidy(b, 3);
}

static void the_gate_refuses(struct bench *b, enum trouble trouble, const char *word)
{
	struct reg_edit edit = image_edit(b, NT_IMAGE_MOVED);

	if (b->server->ops->reg_gate(b->server, &b->err) != -(int)trouble || !strstr(b->err.text, word))
		fail_msg("wanted %s with '%s', got: %s", trouble_name(trouble), word, b->err.text);
	assert_int_equal(stage_refused(b, &edit, 1), -(int)trouble);
}

static void leftovers_close_the_gate(void **state)
{
	static const char *const names[] = { "SYSTEM.q24", "systema.Q24", "SYSTEM.ntfs-3g-0000000001",
					     "SYSTEM.ALT.ntfs-3g-7" };
	struct bench *b = bench(*state);

	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = talloc_asprintf(b, "%s/%s", b->disks->config, names[i]);
		support_write_text(path, "x");
		the_gate_refuses(b, TROUBLE_MOVED, names[i]);
		unlink(path);
	}
	support_write_text(talloc_asprintf(b, "%s/SYSTEM.ntfs-3g-old", b->disks->config), "x");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
}

static void a_hibernated_server_closes_the_gate(void **state)
{
	struct bench *b = bench(*state);
	char *path = talloc_asprintf(b, "%s/hiberfil.sys", b->disks->c);

	support_write_text(path, "wake and more");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	support_write_text(path, "");
	assert_int_equal(b->server->ops->reg_gate(b->server, &b->err), 0);
	support_write_text(path, "hibr and more");
	the_gate_refuses(b, TROUBLE_HIVE_DIRTY, "hibernated");
}

static void a_damaged_hive_closes_the_gate(void **state)
{
	struct bench *b = bench(*state);
	uint8_t *bytes = talloc_memdup(b, b->before, b->len);

	nt_hive(b->disks->winnt, "SYSTEM", &(struct nt_system){ .dirty = 1 });
	the_gate_refuses(b, TROUBLE_HIVE_DIRTY, "SYSTEM");
	support_write(b->system, b->before, b->len - 4096);
	the_gate_refuses(b, TROUBLE_HIVE_TRUNCATED, "SYSTEM");
	break_a_cell(bytes, b->len);
	support_write(b->system, bytes, b->len);
	the_gate_refuses(b, TROUBLE_HIVE_BROKEN, "SYSTEM");
	unlink(b->system);
	the_gate_refuses(b, TROUBLE_NOT_THERE, "SYSTEM");
}

/* Puts both copies back as they were and looks that they are. */
static void put_back(struct bench *b)
{
	struct hive_image images[] = { { "SYSTEM.ALT", b->before, b->len }, { "SYSTEM", b->before, b->len } };
	struct reg_stage *stage;

	if (b->server->ops->reg_stage_whole(b->server, b, images, 2, &stage, &b->err) != 0)
		fail_msg("%s", b->err.text);
	assert_int_equal(switched(b, stage), 2);
	assert_true(unchanged(b, b->system) && unchanged(b, b->alt));
	tidy(b, 3);
}

static void whole_files_are_put_back(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit small = image_edit(b, NT_IMAGE_MOVED), large = image_edit(b, NT_IMAGE_LONGER);
	struct stat before, after;

	assert_int_equal(switched(b, staged(b, &small, 1)), 2);
	assert_int_equal(stat(b->system, &before), 0);
	put_back(b);
	assert_int_equal(stat(b->system, &after), 0);
	assert_true(before.st_ino == after.st_ino);
	assert_int_equal(switched(b, staged(b, &large, 1)), 2);
	put_back(b);
	unlink(b->alt);
	put_back(b);
	reads(b, KEY, NT_IMAGE);
}

static void only_sound_files_are_put_back(void **state)
{
	struct bench *b = bench(*state);
	struct hive_image half = { "SYSTEM", b->before, b->len / 2 }, software = { "SOFTWARE", b->before, b->len };
	struct hive_image twice[] = { { "SYSTEM", b->before, b->len }, { "system", b->before, b->len } };
	struct reg_stage *stage;

	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &half, 1, &stage, &b->err),
			 -TROUBLE_HIVE_TRUNCATED);
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &software, 1, &stage, &b->err), -TROUBLE_BUG);
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, twice, 2, &stage, &b->err), -TROUBLE_BUG);
	assert_true(unchanged(b, b->system));
	/* A second copy that was never touched goes back as it is, damaged or not. */
	support_write_text(b->alt, "damaged");
	struct hive_image same = { "SYSTEM.ALT", (const uint8_t *)"damaged", 7 };
	assert_int_equal(b->server->ops->reg_stage_whole(b->server, b, &same, 1, &stage, &b->err), 0);
	assert_int_equal(switched(b, stage), 1);
}

static void shares_are_changed_and_removed(void **state)
{
	struct bench *b = bench(*state);
	struct share *share, after = { .name = (char *)"Maildat$" };
	struct reg_stage *stage;
	size_t count;
	char **strings;

	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	strings = regdata_strings(b, share->definition, &count);
	strings[2] = talloc_strdup(b, "Path=E:\\exchsrvr\\Connect\\Msmcon\\Maildata");
	after.definition = regdata_with_strings(b, share->definition, strings, count);
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", &after, false, &stage, &b->err), 0);
	assert_int_equal(switched(b, stage), 2);
	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	assert_string_equal(share->path, "E:\\exchsrvr\\Connect\\Msmcon\\Maildata");
	assert_int_equal(share->security_len, 28);
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", NULL, false, &stage, &b->err), 0);
	assert_int_equal(switched(b, stage), 2);
	assert_int_equal(b->server->ops->share_get(b->server, b, "Maildat$", &share, &b->err), 0);
	assert_null(share);
	after.definition = NULL;
	assert_int_equal(b->server->ops->share_stage(b->server, b, "Maildat$", &after, false, &stage, &b->err),
			 -TROUBLE_CANNOT);
}

/* The last judgement on an image: whatever is not as planned is seen. */
static void what_was_not_planned_is_seen(void **state)
{
	struct bench *b = bench(*state);
	struct reg_edit edit = image_edit(b, NT_IMAGE_LONGER);
	struct reg_stage *stage = staged(b, &edit, 1);
	const struct nt_system wrong[] = {
		{ .image = NT_IMAGE },				 /* not done */
		{ .image = NT_IMAGE_LONGER, .default_set = 2 },	 /* something else as well */
		{ .image = NT_IMAGE_LONGER, .no_select = true }, /* a key gone */
	};
	size_t len;
	uint8_t *bytes = nt_system(b, &(struct nt_system){ .image = NT_IMAGE_LONGER }, &len);

	assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len, &b->err), 0);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		bytes = nt_system(b, &wrong[i], &len);
		assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len, &b->err), -TROUBLE_VERIFY);
	}
	bytes = nt_system(b, &(struct nt_system){ .image = NT_IMAGE_LONGER }, &len);
	assert_int_equal(regcopy_judge(&stage->copies[0], bytes, len - 4096, &b->err), -TROUBLE_HIVE_TRUNCATED);
}

/* Differing lines of two exports, by another program. */
static char *export_difference(struct bench *b, const char *const *tool, const char *before, const char *after)
{
	const char *argv[8] = { 0 };
	char *one, *two, *out, *paths[2];
	size_t n = 0, last;

	while (tool[n]) {
		argv[n] = tool[n];
		n++;
	}
	for (last = 0; strcmp(argv[last], "FILE") != 0; last++)
		;
	argv[last] = before;
	(void)support_run(b, argv, NULL, &one);
	argv[last] = after;
	(void)support_run(b, argv, NULL, &two);
	assert_true(strlen(one) > 1000);
	paths[0] = talloc_asprintf(b, "%s/one", b->disks->root);
	paths[1] = talloc_asprintf(b, "%s/two", b->disks->root);
	support_write_text(paths[0], one);
	support_write_text(paths[1], two);
	const char *const diff[] = { "diff", paths[0], paths[1], NULL };
	(void)support_run(b, diff, NULL, &out);
	return out;
}

static size_t lines_of(const char *text, char first)
{
	size_t count = 0;

	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		count += *line == first;
	return count;
}

static void other_programs_see_only_the_planned_difference(void **state)
{
	static const char *const tools[][6] = {
		{ "hivexregedit", "--export", "--unsafe-printable-strings", "FILE", "\\", NULL },
		{ "reglookup", "FILE", NULL },
	};
	static const char *const texts[] = { NT_IMAGE_MOVED, NT_IMAGE_LONGER };
	size_t tried = 0;

	for (size_t i = 0; i < 2; i++) {
		for (size_t tool = 0; tool < 2; tool++) {
			struct bench *b = bench(*state);
			struct reg_edit edits[] = { image_edit(b, texts[i]),
						    { KEY, "Start", regdata_from_dword(b, 3) } };
			char *before = talloc_asprintf(b, "%s/before", b->disks->root), *out;
			if (!support_have(tools[tool][0]))
				continue;
			support_write(before, b->before, b->len);
			assert_int_equal(switched(b, staged(b, edits, 2)), 2);
			out = export_difference(b, tools[tool], before, b->system);
			/* A key's time is part of reglookup's lines: the key itself moves where the file grew. */
			if (lines_of(out, '<') != lines_of(out, '>') || lines_of(out, '<') < 2 ||
			    lines_of(out, '<') > (tool == 1 && i == 1 ? 3u : 2u) || !strstr(out, "Start") ||
			    !strstr(out, "ImagePath"))
				fail_msg("%s sees: %s", tools[tool][0], out);
			tried++;
		}
	}
	if (!tried)
		support_skip("neither hivexregedit nor reglookup is here");
}

#define FOREIGN_KEY "SYSTEM\\ControlSet001\\Services\\3ware"

/* The registry of a Windows nobody here installed, changed and put back through the server. */
static void a_hive_of_windows_itself_is_changed_and_put_back(void **state)
{
	static const char *const tool[] = { "hivexregedit", "--export", "FILE", "\\", NULL };
	static const char *const texts[] = { "System32\\drivers\\4ware.sys", "System32\\drivers\\another name.sys" };
	char *folder = support_hives(*state), *foreign;

	if (!folder)
		support_skip("the hives of others are not here");
	foreign = talloc_asprintf(*state, "%s/qthivex/SYSTEM", folder);
	for (size_t i = 0; i < 2; i++) {
		struct bench *b = bench(*state);
		struct reg_edit edit = { FOREIGN_KEY, "ImagePath", regdata_from_string(b, REG_EXPAND_SZ, texts[i]) };
		char *now, *out;

		b->before = support_read(b, foreign, &b->len);
		support_write(b->system, b->before, b->len);
		support_write(b->alt, b->before, b->len);
		talloc_free(b->server);
		b->server = nt_open(b->disks);
		assert_int_equal(server_reg_string(b->server, b, FOREIGN_KEY, "ImagePath", &now, &b->err), 0);
		assert_string_equal(now, "System32\\drivers\\3ware.sys");
		assert_int_equal(switched(b, staged(b, &edit, 1)), 2);
		if (support_have(tool[0])) {
			out = export_difference(b, tool, foreign, b->system);
			if (lines_of(out, '<') != 1 || lines_of(out, '>') != 1 ||
			    !strstr(out, "> \"ImagePath\"=hex(2):"))
				fail_msg("%s", out);
		}
		put_back(b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_letter_is_one_byte_on_the_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(a_longer_value_is_switched_in_with_the_old_traits, setup, teardown),
		cmocka_unit_test_setup_teardown(a_value_over_two_sectors_is_switched_in, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stage_that_is_dropped_leaves_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_right_already_is_not_written, setup, teardown),
		cmocka_unit_test_setup_teardown(values_are_added_and_removed, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_second_copy_there_is_none_afterwards, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_copy_that_is_not_sound_stays_as_it_is, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_copy_out_of_step_gets_the_same_values, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_copy_that_lacks_a_key_gets_the_others, setup, teardown),
		cmocka_unit_test_setup_teardown(both_copies_have_one_time, setup, teardown),
		cmocka_unit_test_setup_teardown(a_rehearsal_only_reads, setup, teardown),
		cmocka_unit_test_setup_teardown(the_limit_of_a_hive_is_known_by_reading, setup, teardown),
		cmocka_unit_test_setup_teardown(somebody_else_in_between_stops_it, setup, teardown),
		cmocka_unit_test_setup_teardown(a_second_copy_that_moved_is_told_after_the_first_is_done, setup,
						teardown),
		cmocka_unit_test_setup_teardown(edits_that_must_not_be_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(leftovers_close_the_gate, setup, teardown),
		cmocka_unit_test_setup_teardown(a_hibernated_server_closes_the_gate, setup, teardown),
		cmocka_unit_test_setup_teardown(a_damaged_hive_closes_the_gate, setup, teardown),
		cmocka_unit_test_setup_teardown(whole_files_are_put_back, setup, teardown),
		cmocka_unit_test_setup_teardown(only_sound_files_are_put_back, setup, teardown),
		cmocka_unit_test_setup_teardown(shares_are_changed_and_removed, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_not_planned_is_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(a_hive_of_windows_itself_is_changed_and_put_back, setup, teardown),
		cmocka_unit_test_setup_teardown(other_programs_see_only_the_planned_difference, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
