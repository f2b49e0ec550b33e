/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connector's postoffice: a reduced MS Mail 3.x postoffice (Q77926, Q181951), with the sizes those files have. Of
 * the contents only what is published is followed: counters of CONTROL.GLB (Q87388), mailbag headers (Q108027), the
 * text logs (Q151215).
 */
#include <stdio.h>
#include <string.h>

#include "practice/parts.h"

#define SERIAL "22-28798" /* of every connector postoffice (Q151228) */
#define MBG_RECORD 116
#define KEY_SIZE 560

/* A postoffice being written. */
struct post {
	struct practice_tree *tree;
	const struct practice_world *world;
	const char *path;
	bool live;
	int64_t newest;   /* nothing in it is younger */
	bool idle;        /* the copy of a postoffice that was moved when nothing waited in it: its mailbags are reset */
	unsigned letters; /* messages it holds */
};

struct post_folder {
	const char *name, *sixteen; /* sixteen: prefix of the sub-folders 0 to F, or NULL */
};

/* CAL, FOLDERS, INI, MEM and MMF are missing in a connector's postoffice (Q181951). */
static const struct post_folder FOLDERS[] = {
	{"att", "at"}, {"glb", NULL}, {"grp", NULL}, {"hlp", NULL}, {"inf", NULL}, {"key", NULL}, {"log", NULL},
	{"mai", "ma"}, {"mbg", NULL}, {"nme", NULL}, {"p1", NULL},  {"tpl", NULL}, {"usr", NULL}, {"xtn", NULL},
};

/* How often the unit of a file stands in it. */
enum how_many { NONE, ONE, TWO, THREE, NETWORKS, POSTOFFICES };

/* A file whose size is base and so many units. No PROCESS.GLB (Q149451). */
struct post_file {
	const char *path;
	size_t base, unit;
	enum how_many how_many;
	bool read_only;
};

static const struct post_file FILES[] = {
	{"glb/flag.glb", 2, 0, NONE, false},
	{"glb/global.glb", 512, 0, NONE, false},
	{"glb/tid.glb", 4, 0, NONE, false},
	{"glb/modem.glb", 64, 0, NONE, false},
	{"glb/reqconf.glb", 512, 0, NONE, true},
	{"glb/rnetsem.glb", 4, 0, NONE, false},
	{"glb/access.glb", 0, 586, ONE, false},
	{"glb/access2.glb", 0, 69, ONE, false},
	{"glb/access3.glb", 0, 512, ONE, false},
	{"glb/group.glb", 4, 51, ONE, false},
	{"glb/grpmem.glb", 4, 128, ONE, false},
	{"glb/netpo.glb", 4, 43, POSTOFFICES, false},
	{"glb/server.glb", 0, 181, POSTOFFICES, false},
	{"grp/00000001.grp", 0, 8, THREE, false},
	{"nme/admin.nme", 0, 45, TWO, false},
	{"nme/postoff.nme", 0, 45, POSTOFFICES, false},
	{"tpl/default.tpl", 384, 0, NONE, true},
	{"tpl/lan.tpl", 296, 0, NONE, true},
	{"hlp/admin.hlp", 4210, 0, NONE, true},
	{"inf/lan.inf", 196, 0, NONE, false},
};

/* Networks without repetition; our own is one more. */
static size_t networks(const struct practice_world *world)
{
	size_t count = 1;

	for (size_t i = 0; i < world->po_count; i++) {
		size_t j = 0;

		while (strcmp(world->po[j].network, world->po[i].network) != 0)
			j++;
		count += i == j;
	}
	return count;
}

static size_t how_many(const struct practice_world *world, enum how_many many)
{
	const size_t counts[] = {0, 1, 2, 3, networks(world), world->po_count};

	return counts[many];
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
static void noise_file(const struct post *post, const char *name, const char *label, size_t size, int64_t time,
		       bool read_only)
{
	char *path = at(post, name);
	uint8_t *bytes = talloc_zero_size(path, size + 1);

	if (bytes && size > 64) {
		practice_noise(post->world->seed, name, bytes + 32, size - 32);
		memcpy(bytes, label, strnlen(label, 31));
	}
	if (read_only)
		practice_file_read_only(post->tree, path, bytes, size, time);
	else
		practice_file(post->tree, path, bytes, size, time);
	talloc_free(path);
}

static void folder(const struct post *post, const char *name)
{
	static const char text[] = "This file keeps its folder from being empty.\r\n";
	char *path = at(post, name);
	char *populate = path ? talloc_asprintf(path, "%s/POPULATE.MSM", path) : NULL;

	practice_folder(post->tree, path, post->newest);
	practice_file_read_only(post->tree, populate, text, strlen(text), post->world->times.rtm_files);
	talloc_free(path);
}

static void folders(const struct post *post)
{
	char name[16];

	for (size_t i = 0; i < COUNT(FOLDERS); i++) {
		folder(post, FOLDERS[i].name);
		for (unsigned sub = 0; FOLDERS[i].sixteen && sub < 16; sub++) {
			snprintf(name, sizeof(name), "%s/%s%x", FOLDERS[i].name, FOLDERS[i].sixteen, sub);
			folder(post, name);
		}
	}
}

static void fixed_files(const struct post *post)
{
	for (size_t i = 0; i < COUNT(FILES); i++) {
		const size_t size = FILES[i].base + FILES[i].unit * how_many(post->world, FILES[i].how_many);

		noise_file(post, FILES[i].path, post->world->server, size, post->world->times.exchange,
			   FILES[i].read_only);
	}
}

static void put_file(const struct post *post, const char *name, const struct practice_buf *buf, int64_t time)
{
	char *path = at(post, name);

	practice_buf_file(post->tree, path, buf, time);
	talloc_free(path);
	talloc_free(buf->bytes);
}

/* Text in a field of fixed length, filled with NUL. */
static void put_field(struct practice_buf *buf, const char *text, size_t len)
{
	const size_t part = strnlen(text, len - 1);

	practice_put(buf, text, part);
	practice_zeros(buf, len - part);
}

static void master(const struct post *post)
{
	struct practice_buf buf = practice_buf_new(post->tree);

	put_field(&buf, SERIAL, 16);
	put_field(&buf, "3.2", 16);
	put_field(&buf, post->world->organization, 32);
	put_field(&buf, post->world->server, 32);
	practice_zeros(&buf, 176 - buf.len);
	put_file(post, "glb/master.glb", &buf, post->world->times.exchange);
}

/* Two counters: mailbags and letters. */
static void control(const struct post *post)
{
	struct practice_buf buf = practice_buf_new(post->tree);

	practice_put32(&buf, 0x10 + (uint32_t)post->world->po_count);
	practice_put32(&buf, post->live ? 0x2400 + post->letters : 0x300 + post->letters);
	put_file(post, "glb/control.glb", &buf, post->newest);
}

static void network(const struct post *post)
{
	struct practice_buf buf = practice_buf_new(post->tree);
	const struct practice_world *world = post->world;

	put_field(&buf, world->organization, 122);
	for (size_t i = 0; i < world->po_count; i++) {
		size_t j = 0;

		while (strcmp(world->po[j].network, world->po[i].network) != 0)
			j++;
		if (i == j)
			put_field(&buf, world->po[i].network, 122);
	}
	put_file(post, "glb/network.glb", &buf, world->times.exchange + 86400);
}

/* One file a network, one record a postoffice. */
static void xtn_files(const struct post *post)
{
	const struct practice_world *world = post->world;
	char name[32];

	for (size_t i = 0; i < world->po_count; i++) {
		struct practice_buf buf = practice_buf_new(post->tree);
		bool first = true;

		for (size_t j = 0; j < world->po_count; j++) {
			if (strcmp(world->po[j].network, world->po[i].network) != 0)
				continue;
			first = first && j >= i;
			put_field(&buf, world->po[j].name, 349);
			put_field(&buf, world->po[j].host, 349);
		}
		snprintf(name, sizeof(name), "xtn/%08x.xtn", 0x11 + (unsigned)i);
		if (first)
			put_file(post, name, &buf, world->times.exchange + 86400);
		else
			talloc_free(buf.bytes);
	}
}

/* ---- Mailbags ---- */

static const char *const SUBJECTS[] = {"Weekly figures", "Lunch on Thursday", "Timetable", "Minutes of the meeting",
				       "Keys",           "Order 4471"};
static const char *const SENDERS[] = {"ADMIN", "HJONES", "MLARSEN", "PKERR", "TOKADA"};

/* A header as in the one published dump: sender, subject, date, and the letter's number 54 bytes after the subject's
 * begin. */
static void mbg_record(struct practice_buf *buf, const struct post *post, const char *bag, unsigned index,
		       unsigned letter)
{
	const time_t when = (time_t)(post->newest - 7200 * (int64_t)(1 + index));
	const size_t start = buf->len;
	char number[9];
	struct tm tm = {0};

	gmtime_r(&when, &tm);
	snprintf(number, sizeof(number), "%08X", letter);
	practice_zeros(buf, 2);
	put_field(buf, SENDERS[practice_draw(post->world->seed + index, bag, COUNT(SENDERS))], 11);
	put_field(buf, SUBJECTS[practice_draw(post->world->seed + index, number, COUNT(SUBJECTS))], 43);
	practice_put16(buf, (uint32_t)tm.tm_min);
	practice_put16(buf, (uint32_t)tm.tm_hour);
	practice_put16(buf, (uint32_t)tm.tm_mday);
	practice_put16(buf, (uint32_t)tm.tm_mon + 1);
	practice_put16(buf, (uint32_t)tm.tm_year + 1900);
	practice_zeros(buf, 1);
	practice_put(buf, number, sizeof(number));
	practice_zeros(buf, 2);
	practice_put16(buf, 400 + index);
	practice_zeros(buf, MBG_RECORD - (buf->len - start));
}

/* A mailbag and its index, counts first and then bits. */
static void mailbag(const struct post *post, const char *bag, unsigned records, unsigned letter, int64_t time)
{
	struct practice_buf mbg = practice_buf_new(post->tree), key = practice_buf_new(post->tree);
	char name[32];

	/* A reset mailbag has no bytes, and a key of zeros (Q104279, Q180434). */
	records = post->idle ? 0 : records;
	for (unsigned i = 0; i < records; i++)
		mbg_record(&mbg, post, bag, i, letter + i);
	practice_put32(&key, records);
	practice_put32(&key, records ? 1 : 0);
	for (unsigned i = 0; i < records; i += 8)
		practice_put(&key, "\xff", 1);
	practice_zeros(&key, KEY_SIZE - key.len);
	snprintf(name, sizeof(name), "mbg/%s.mbg", bag);
	put_file(post, name, &mbg, time);
	snprintf(name, sizeof(name), "key/%s.key", bag);
	put_file(post, name, &key, time);
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
		mailbag(post, bag, 12 + (unsigned)practice_draw(world->seed, bag, 90), 0x2400,
			post->newest - 60 * (int64_t)(1 + i));
		noise_file(post, usr, world->po[i].name, 53 * (size_t)(4 + practice_draw(world->seed, usr, 40)),
			   post->newest - 86400, false);
	}
}

/* Letters that wait, each in the folder of its last digit (Q87409), and some attachments. */
static void letters(const struct post *post)
{
	const unsigned first = post->live ? 0x2400 : 0x300;
	char name[40];

	for (unsigned i = 0; i < post->letters; i++) {
		const unsigned number = first + i;
		const int64_t time = post->newest - 600 * (int64_t)(post->letters - 1 - i);

		snprintf(name, sizeof(name), "mai/ma%x/%08x.mai", number % 16, number);
		noise_file(post, name, "", 400 + practice_draw(post->world->seed, name, 6000), time, false);
		if (i % 4)
			continue;
		snprintf(name, sizeof(name), "att/at%x/%08x.att", number % 16, number);
		noise_file(post, name, "", 2000 + practice_draw(post->world->seed, name, 30000), time, false);
	}
}

/* A log of the PC MTAs: a line with date, size and both addresses, a line with both numbers of the letter (Q151215). */
static void transfer_log(const struct post *post, const char *name, bool sent)
{
	const struct practice_world *world = post->world;
	struct practice_buf buf = practice_buf_new(post->tree);
	char line[200], date[24], ours[64], theirs[64];

	for (unsigned i = 0; i < 20; i++) {
		const struct practice_postoffice *po = &world->po[i % world->po_count];
		const time_t when = (time_t)(post->newest - 900 * (int64_t)(19 - i));
		struct tm tm = {0};
		int len;

		gmtime_r(&when, &tm);
		strftime(date, sizeof(date), "%m/%d/%y %H:%M", &tm);
		snprintf(ours, sizeof(ours), "%s/%s/%s", world->domain, world->server, SENDERS[i % COUNT(SENDERS)]);
		snprintf(theirs, sizeof(theirs), "%s/%s/ADMIN", po->network, po->name);
		len = snprintf(line, sizeof(line), "%s  %u  %-30s  %s\r\n%08X %08X\r\n", date, 400 + 37 * i,
			       sent ? ours : theirs, sent ? theirs : ours, 0x2000 + i, 0x500 + 3 * i);
		practice_put(&buf, line, (size_t)len);
	}
	put_file(post, name, &buf, post->newest);
}

/* When the last mail came into it. */
static int64_t maildata_newest(const struct practice_world *world, const struct practice_twist *twist, bool live)
{
	if (twist)
		return world->times.service_pack_end + 60 * twist->number;
	return live ? practice_last_mail(world) : world->times.moved - 7200;
}

void practice_maildata(struct practice_tree *tree, const struct practice_world *world, const char *path, bool live)
{
	const struct practice_twist *twist =
		practice_twist_find(world, PRACTICE_MAIL, live ? PRACTICE_ON_RELOCATED : PRACTICE_ON_DEFAULT, NULL);
	struct post post = {
		.tree = tree,
		.world = world,
		.path = path,
		.live = live,
		.idle = !live && !twist,
		.newest = maildata_newest(world, twist, live),
		.letters = (unsigned)(live ? 12 + practice_draw(world->seed, "letters", 40)
				      : twist ? 4 + practice_draw(world->seed, "old letters", 8) : 0),
	};

	practice_folder(tree, path, world->times.exchange);
	if (path == NULL)
		return;
	folders(&post);
	fixed_files(&post);
	master(&post);
	control(&post);
	network(&post);
	xtn_files(&post);
	mailbags(&post);
	letters(&post);
	transfer_log(&post, "log/sent.log", true);
	transfer_log(&post, "log/recv.log", false);
}
