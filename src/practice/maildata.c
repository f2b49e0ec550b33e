/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connector's postoffice: a reduced MS Mail 3.x postoffice (Q77926, Q181951), with the sizes
 * those files have. Of the contents only what is published is followed: counters of CONTROL.GLB
 * (Q87388) and mailbag headers (Q108027).
 */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "practice/parts.h"

/* A postoffice being written. */
struct post {
	struct practice_tree *tree;
	const struct practice_world *world;
	const char *path;
	bool live;
	int64_t newest; /* nothing in it is younger */
	/* messages it holds; none: the copy of a postoffice that was moved when nothing waited in
	 * it */
	unsigned letters;
};

/* CAL, FOLDERS, INI, MEM and MMF are missing in a connector's postoffice (Q181951). */
static const char *const FOLDERS[] = { "att", "glb", "grp", "hlp", "inf", "key", "log", "mai",
	"mbg", "nme", "p1", "tpl", "usr", "xtn" };
/* What has sub-folders 0 to F, and how those begin. */
static const char *const SIXTEEN[] = { "att/at", "mai/ma" };

/* A file whose size is base and one unit a postoffice. No PROCESS.GLB (Q149451). */
struct post_file {
	const char *path;
	size_t base, unit;
	mode_t mode;
};

static const struct post_file FILES[] = {
	{ "glb/master.glb", 176, 0, 0644 },
	{ "glb/network.glb", 122, 122, 0644 },
	{ "glb/flag.glb", 2, 0, 0644 },
	{ "glb/global.glb", 512, 0, 0644 },
	{ "glb/tid.glb", 4, 0, 0644 },
	{ "glb/modem.glb", 64, 0, 0644 },
	{ "glb/reqconf.glb", 512, 0, 0444 },
	{ "glb/rnetsem.glb", 4, 0, 0644 },
	{ "glb/access.glb", 586, 0, 0644 },
	{ "glb/access2.glb", 69, 0, 0644 },
	{ "glb/access3.glb", 512, 0, 0644 },
	{ "glb/group.glb", 4 + 51, 0, 0644 },
	{ "glb/grpmem.glb", 4 + 128, 0, 0644 },
	{ "glb/netpo.glb", 4, 43, 0644 },
	{ "glb/server.glb", 0, 181, 0644 },
	{ "grp/00000001.grp", 3 * 8, 0, 0644 },
	{ "nme/admin.nme", 2 * 45, 0, 0644 },
	{ "nme/postoff.nme", 0, 45, 0644 },
	{ "tpl/default.tpl", 384, 0, 0444 },
	{ "tpl/lan.tpl", 296, 0, 0444 },
	{ "hlp/admin.hlp", 4210, 0, 0444 },
	{ "inf/lan.inf", 196, 0, 0644 },
};

/* Whether no postoffice before it is of its network. */
static bool network_first(const struct practice_world *world, size_t po)
{
	for (size_t i = 0; i < po; i++)
		if (strcmp(world->po[i].network, world->po[po].network) == 0)
			return false;
	return true;
}

/* Names in a postoffice are those of DOS, in upper case. */
static char *at(const struct post *post, const char *name)
{
	char *path = talloc_asprintf(post->tree, "%s/%s", post->path, name);

	for (char *p = path ? path + strlen(post->path) : NULL; p && *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return path;
}

/* A file of noise with a readable name in front, in the way of files with fixed records. */
static void noise_file(const struct post *post, const char *name, const char *label, size_t size,
	int64_t time, mode_t mode)
{
	char *path = at(post, name);
	uint8_t *bytes = talloc_zero_size(path, size + 1);

	if (bytes && size > 64) {
		practice_noise(post->world->seed, name, bytes + 32, size - 32);
		memcpy(bytes, label, strnlen(label, 31));
	}
	practice_file(post->tree, path, bytes, size, time, mode);
	talloc_free(path);
}

static void folder(const struct post *post, const char *name)
{
	static const char text[] = "This file keeps its folder from being empty.\r\n";
	char *path = at(post, name);
	char *populate = path ? talloc_asprintf(path, "%s/POPULATE.MSM", path) : NULL;

	practice_folder(post->tree, path, post->newest);
	practice_file(post->tree, populate, text, strlen(text), post->world->times.rtm_files, 0444);
	talloc_free(path);
}

static void folders(const struct post *post)
{
	char name[16];

	for (size_t i = 0; i < ARRAY_SIZE(FOLDERS); i++)
		folder(post, FOLDERS[i]);
	for (unsigned i = 0; i < 16 * ARRAY_SIZE(SIXTEEN); i++) {
		snprintf(name, sizeof(name), "%s%x", SIXTEEN[i / 16], i % 16);
		folder(post, name);
	}
}

static void fixed_files(const struct post *post)
{
	for (size_t i = 0; i < ARRAY_SIZE(FILES); i++) {
		const struct post_file *file = &FILES[i];

		noise_file(post, file->path, post->world->server,
			file->base + file->unit * post->world->po_count,
			post->world->times.exchange, file->mode);
	}
}

static void put_file(const struct post *post, const char *name, struct practice_buf *buf,
	int64_t time)
{
	char *path = at(post, name);

	practice_buf_file(post->tree, path, buf, time, 0644);
	talloc_free(path);
}

/* Text in a field of fixed length, filled with NUL. */
static void put_field(struct practice_buf *buf, const char *text, size_t len)
{
	const size_t part = strnlen(text, len - 1);

	practice_put(buf, text, part);
	practice_zeros(buf, len - part);
}

/* Two counters: mailbags and letters. */
static void control(const struct post *post)
{
	struct practice_buf buf = { .mem = post->tree };

	practice_put32(&buf, 0x10 + (uint32_t)post->world->po_count);
	practice_put32(&buf, post->live ? 0x2400 + post->letters : 0x300 + post->letters);
	put_file(post, "glb/control.glb", &buf, post->newest);
}

/* One file a network, two records a postoffice. */
static void xtn_files(const struct post *post)
{
	const struct practice_world *world = post->world;
	char name[32];

	for (size_t i = 0; i < world->po_count; i++) {
		size_t size = 0;

		for (size_t j = i; network_first(world, i) && j < world->po_count; j++)
			if (strcmp(world->po[j].network, world->po[i].network) == 0)
				size += 698;
		snprintf(name, sizeof(name), "xtn/%08x.xtn", 0x11 + (unsigned)i);
		if (size)
			noise_file(post, name, world->po[i].name, size,
				world->times.exchange + 86400, 0644);
	}
}

/* ---- Mailbags ---- */

const char *practice_subject(uint64_t seed, const char *label)
{
	static const char *const subjects[] = { "Weekly figures", "Lunch on Thursday", "Timetable",
		"Minutes of the meeting", "Keys", "Order 4471" };

	return subjects[practice_draw(seed, label, ARRAY_SIZE(subjects))];
}

void practice_mbg_record(struct practice_buf *buf, const struct practice_header *header)
{
	const struct tm tm = practice_tm(header->at);
	const size_t start = buf->len;
	char number[9];

	snprintf(number, sizeof(number), "%08X", header->letter);
	practice_zeros(buf, 2);
	put_field(buf, header->sender, 11);
	put_field(buf, header->subject, 43);
	practice_put16(buf, (uint32_t)tm.tm_min);
	practice_put16(buf, (uint32_t)tm.tm_hour);
	practice_put16(buf, (uint32_t)tm.tm_mday);
	practice_put16(buf, (uint32_t)tm.tm_mon + 1);
	practice_put16(buf, (uint32_t)tm.tm_year + 1900);
	practice_zeros(buf, 1);
	practice_put(buf, number, sizeof(number));
	practice_zeros(buf, 2);
	practice_put16(buf, (uint32_t)header->size);
	practice_zeros(buf, PRACTICE_MBG_RECORD - (buf->len - start));
}

/* Senders are people of Exchange, for these are the mailbags of mail that leaves it. */
static void record_put(struct practice_buf *buf, const struct post *post, const char *bag,
	unsigned index, unsigned letter)
{
	const struct practice_world *world = post->world;
	char number[9];

	snprintf(number, sizeof(number), "%08X", letter);
	practice_mbg_record(buf,
		&(struct practice_header){
			.sender = practice_person(world,
				practice_draw(world->seed + index, bag, PRACTICE_AT_EXCHANGE))
					  ->box,
			.subject = practice_subject(world->seed + index, number),
			.at = post->newest - 7200 * (int64_t)(1 + index),
			.letter = letter,
			.size = 400 + index,
		});
}

/* A mailbag that is being filled, and its index: counts first and then a bit a record, set while it
 * waits (Q77926, Q120220). */
struct bag {
	const char *name;
	struct practice_buf mbg;
	uint8_t key[PRACTICE_KEY_SIZE];
	uint32_t records, waiting;
};

static void bag_put(struct bag *bag, const struct post *post, unsigned letter, bool waits)
{
	record_put(&bag->mbg, post, bag->name, bag->records, letter);
	if (waits)
		bag->key[PRACTICE_KEY_BITS + bag->records / 8] |= (uint8_t)(1u << bag->records % 8);
	bag->waiting += waits;
	bag->records++;
}

static void bag_finish(struct bag *bag, const struct post *post, int64_t time)
{
	struct practice_buf key = { .mem = post->tree };
	char name[32];

	put32(bag->key, bag->records);
	put32(bag->key + 4, bag->waiting);
	practice_put(&key, bag->key, sizeof bag->key);
	snprintf(name, sizeof(name), "mbg/%s.mbg", bag->name);
	put_file(post, name, &bag->mbg, time);
	snprintf(name, sizeof(name), "key/%s.key", bag->name);
	put_file(post, name, &key, time);
}

/* One of which nothing waits. A reset mailbag has no bytes, and a key of zeros (Q104279,
 * Q180434). */
static void mailbag(const struct post *post, const char *name, unsigned records, unsigned letter,
	int64_t time)
{
	struct bag bag = { .name = name, .mbg = { .mem = post->tree } };

	for (unsigned i = 0; post->letters && i < records; i++)
		bag_put(&bag, post, letter + i, false);
	bag_finish(&bag, post, time);
}

static unsigned letter_first(const struct post *post)
{
	return post->live ? 0x2400 : 0x300;
}

/* That of a postoffice: what was sent long ago, for a mailbag never shrinks (Q146113), and the
 * letters that wait for it. */
static void outbound(const struct post *post, unsigned po)
{
	const unsigned count = (unsigned)post->world->po_count;
	struct bag bag = { .mbg = { .mem = post->tree } };
	char name[16];
	unsigned old;

	snprintf(name, sizeof(name), "%08x", 0x11 + po);
	bag.name = name;
	old = 6 + (unsigned)practice_draw(post->world->seed, name, 80);
	for (unsigned i = 0; post->letters && i < old; i++)
		bag_put(&bag, post, letter_first(post) - (old - i) * count + po, false);
	for (unsigned i = po; i < post->letters; i += count)
		bag_put(&bag, post, letter_first(post) + i, true);
	bag_finish(&bag, post, post->newest - 60 * (int64_t)(1 + po));
}

static void mailbags(const struct post *post)
{
	const struct practice_world *world = post->world;
	char bag[16], usr[32];

	mailbag(post, "system", 1, 0x21, post->newest - 5 * 86400);
	mailbag(post, "inqueue", 2, 0x40, post->newest - 86400);
	mailbag(post, "inqueue3", 40 + post->letters, 0x80, post->newest);
	for (unsigned i = 0; i < world->po_count; i++) {
		snprintf(bag, sizeof(bag), "%08x", 0x11 + i);
		snprintf(usr, sizeof(usr), "usr/%s.usr", bag);
		outbound(post, i);
		noise_file(post, usr, world->po[i].name,
			53 * (size_t)(4 + practice_draw(world->seed, usr, 40)),
			post->newest - 86400, 0644);
	}
}

/* Letters that wait, each in the folder of its last digit (Q87409), and some attachments. */
static void letters(const struct post *post)
{
	const unsigned first = letter_first(post);
	char name[40];

	for (unsigned i = 0; i < post->letters; i++) {
		const unsigned number = first + i;
		const int64_t time = post->newest - 600 * (int64_t)(post->letters - 1 - i);

		snprintf(name, sizeof(name), "mai/ma%x/%08x.mai", number % 16, number);
		noise_file(post, name, "", 400 + practice_draw(post->world->seed, name, 6000), time,
			0644);
		if (i % 4)
			continue;
		snprintf(name, sizeof(name), "att/at%x/%08x.att", number % 16, number);
		noise_file(post, name, "", 2000 + practice_draw(post->world->seed, name, 30000),
			time, 0644);
	}
}

/* What went through lately, in SENT.LOG or RECV.LOG. */
static void passed(const struct post *post, bool sent)
{
	const struct practice_world *world = post->world;
	struct practice_buf buf = { .mem = post->tree };

	practice_log_head(&buf, sent);
	for (unsigned i = 0; i < 10; i++) {
		const size_t po = i % world->po_count;
		const unsigned number = letter_first(post) - 10 + i;
		char ours[64], theirs[64];

		snprintf(ours, sizeof ours, "%s/%s", world->exchange,
			practice_person(world, i % PRACTICE_AT_EXCHANGE)->box);
		snprintf(theirs, sizeof theirs, "%s/%s/%s", world->po[po].network,
			world->po[po].name,
			practice_person(world, PRACTICE_AT_EXCHANGE + PRACTICE_AT_POSTOFFICE * po)
				->box);
		practice_log_put(&buf,
			&(struct practice_passed){ .at = post->newest - 900 * (int64_t)(9 - i),
				.from = sent ? ours : theirs,
				.to = sent ? theirs : ours,
				.size = 600 + practice_draw(world->seed + i, "passed", 3000),
				.here = sent ? number : 0x80 + i,
				.there = sent ? 0x400 + i : 0 });
	}
	put_file(post, sent ? "log/sent.log" : "log/recv.log", &buf, post->newest);
}

/* When the last mail came into it. */
static int64_t maildata_newest(const struct practice_world *world, const struct practice_edit *edit,
	bool live)
{
	if (edit)
		return world->times.service_pack_end + 60 * edit->number;
	return live ? practice_last_mail(world) : world->times.moved - 7200;
}

void practice_maildata(struct practice_tree *tree, const struct practice_world *world,
	const char *path, bool live)
{
	const struct practice_edit *edit = practice_edit_find(world, PRACTICE_MAIL,
		live ? PRACTICE_ON_RELOCATED : PRACTICE_ON_DEFAULT, NULL);
	struct post post = {
		.tree = tree,
		.world = world,
		.path = path,
		.live = live,
		.newest = maildata_newest(world, edit, live),
		.letters = (unsigned)(live ? 12 + practice_draw(world->seed, "letters", 40)
				: edit     ? 4 + practice_draw(world->seed, "old letters", 8)
					   : 0),
	};

	practice_folder(tree, path, world->times.exchange);
	folders(&post);
	fixed_files(&post);
	control(&post);
	xtn_files(&post);
	mailbags(&post);
	letters(&post);
	passed(&post, true);
	passed(&post, false);
}
