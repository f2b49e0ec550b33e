/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connector's postoffice that is worked in: MAI files, mailbags with their headers (Q108027), the
 * index beside each, whose bit says that a letter waits (Q77926, Q120220), and the counter that
 * names them (Q87388). As in MS Mail the text of a letter cannot be read in its MAI file (Q77926);
 * here it is hidden by noise that follows from its number.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/text.h"
#include "practice/mail_parts.h"

enum {
	RECORDS_MOST = 4096, /* Q163020 */
	MAI_HEAD = 32,
	OWNERS = 0x0b, /* how many have it (Q104423) */
	NUMBER_AT = 67,
	SUBJECT_AT = 13,
	SENDER_AT = 2,
	TRIES = 64
};

struct maildata maildata_open(int root, int mail, struct server *server, const char *path)
{
	struct maildata maildata = { .at = mail_folder_of(root, server, path), .mail = mail };
	static const char *const needed[] = { "MAI", "MBG", "KEY", "GLB", "LOG" };

	for (size_t i = 0; maildata.at >= 0 && i < ARRAY_SIZE(needed); i++) {
		const int fd = mail_folder(maildata.at, needed[i], FOLDER_ANY_CASE);

		if (fd < 0)
			maildata_close(&maildata);
		else
			close(fd);
	}
	return maildata;
}

void maildata_close(struct maildata *maildata)
{
	file_shut(maildata->at);
	maildata->at = -1;
}

/* ---- A mailbag and its index ---- */

struct bag {
	TALLOC_CTX *mem;
	int mbg_folder, key_folder;
	char *mbg_name, *key_name;
	uint8_t *mbg, *key;
	size_t mbg_len;
};

static void bag_close(struct bag *bag)
{
	file_shut(bag->mbg_folder);
	file_shut(bag->key_folder);
	talloc_free(bag->mem);
}

static uint32_t bag_records(const struct bag *bag)
{
	return (uint32_t)(bag->mbg_len / PRACTICE_MBG_RECORD);
}

/* Whether both files are as they should be. */
static bool bag_open(const struct maildata *maildata, const char *name, struct bag *bag)
{
	size_t key_len = 0;
	char file[32];

	*bag = (struct bag){ .mem = talloc_new(NULL),
		.mbg_folder = mail_folder(maildata->at, "MBG", FOLDER_ANY_CASE),
		.key_folder = mail_folder(maildata->at, "KEY", FOLDER_ANY_CASE) };
	if (!bag->mem || bag->mbg_folder < 0 || bag->key_folder < 0)
		return false;
	snprintf(file, sizeof file, "%.16s.MBG", name);
	bag->mbg_name = mail_spelled(bag->mem, bag->mbg_folder, file);
	snprintf(file, sizeof file, "%.16s.KEY", name);
	bag->key_name = mail_spelled(bag->mem, bag->key_folder, file);
	if (!bag->mbg_name || !bag->key_name)
		return false;
	bag->mbg = mail_get(bag->mem, bag->mbg_folder, bag->mbg_name,
		(size_t)RECORDS_MOST * PRACTICE_MBG_RECORD, &bag->mbg_len, NULL);
	bag->key = mail_get(bag->mem, bag->key_folder, bag->key_name, PRACTICE_KEY_SIZE, &key_len,
		NULL);
	return bag->mbg && bag->key && key_len == PRACTICE_KEY_SIZE &&
		bag->mbg_len % PRACTICE_MBG_RECORD == 0;
}

static bool bag_waits(const struct bag *bag, uint32_t record)
{
	return bag->key[PRACTICE_KEY_BITS + record / 8] >> record % 8 & 1;
}

/* The bit of a record, and the counts with it. */
static bool bag_mark(struct bag *bag, uint32_t record, bool waits, uint32_t records, int64_t at)
{
	uint8_t *byte = &bag->key[PRACTICE_KEY_BITS + record / 8];
	uint32_t waiting = 0;

	*byte = (uint8_t)(waits ? *byte | 1u << record % 8 : *byte & ~(1u << record % 8));
	for (uint32_t i = 0; i < records; i++)
		waiting += bag_waits(bag, i);
	put32(bag->key, records);
	put32(bag->key + 4, waiting);
	return mail_write(bag->key_folder, bag->key_name, bag->key, PRACTICE_KEY_SIZE, 0, at);
}

/* ---- MAI files ---- */

/* Folder and name, "MAI/MA4" and "00002404.MAI". */
static int mai_folder(const struct maildata *maildata, const char *kind, unsigned letter,
	char name[16])
{
	char folder[24];

	snprintf(folder, sizeof folder, "%s/%.2s%X", kind, kind, letter % 16);
	snprintf(name, 16, "%08X.%s", letter, kind);
	return mail_folder(maildata->at, folder, FOLDER_ANY_CASE);
}

/* Hidden, and found again. */
static void mai_hide(uint8_t *bytes, size_t len, unsigned letter)
{
	uint8_t noise[64];

	for (size_t i = 0; i < len; i++) {
		if (i % sizeof noise == 0) {
			char label[32];

			snprintf(label, sizeof label, "mai %zu", i);
			practice_noise(letter, label, noise, sizeof noise);
		}
		bytes[i] ^= noise[i % sizeof noise];
	}
}

/* The next number, counted on. */
static bool counter_next(const struct maildata *maildata, unsigned *letter, int64_t at)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const int glb = mail_folder(maildata->at, "GLB", FOLDER_ANY_CASE);
	char *name = glb >= 0 ? mail_spelled(tmp, glb, "CONTROL.GLB") : NULL;
	size_t len = 0;
	uint8_t *bytes = name ? mail_get(tmp, glb, name, 64, &len, NULL) : NULL, next[4];
	bool done = bytes && len >= 8;

	if (done) {
		*letter = get32(bytes + 4) ? get32(bytes + 4) : 1;
		put32(next, *letter + 1);
		done = mail_write(glb, name, next, sizeof next, 4, at);
	}
	file_shut(glb);
	talloc_free(tmp);
	return done;
}

static bool mai_put(const struct maildata *maildata, unsigned letter, const char *text, int64_t at)
{
	const size_t len = strlen(text);
	uint8_t *bytes = talloc_zero_size(NULL, MAI_HEAD + len);
	char name[16];
	const int folder = bytes ? mai_folder(maildata, "MAI", letter, name) : -1;
	bool done = false;

	if (folder >= 0) {
		bytes[OWNERS] = 1;
		memcpy(bytes + MAI_HEAD, text, len);
		mai_hide(bytes + MAI_HEAD, len, letter);
		done = mail_put(maildata->mail, folder, name, bytes, MAI_HEAD + len, at, false);
		close(folder);
	}
	talloc_free(bytes);
	return done;
}

bool maildata_put(const struct maildata *maildata, const char *name, const struct mail_item *item,
	int64_t at, unsigned *letter)
{
	struct bag bag;
	bool done = bag_open(maildata, name, &bag) && bag_records(&bag) < RECORDS_MOST, put = false;
	char *text = done ? mail_item_text(bag.mem, item) : NULL;
	struct practice_buf record = { .mem = bag.mem };
	const char *sender = strrchr(item->letter.from, '/');

	/* A number that is taken, in a Maildata that somebody copied, is passed over. */
	for (unsigned i = 0; text && !put && i < TRIES && counter_next(maildata, letter, at); i++)
		put = mai_put(maildata, *letter, text, at);
	if (put) {
		practice_mbg_record(&record,
			&(struct practice_header){
				.sender = sender ? sender + 1 : item->letter.from,
				.subject = item->letter.subject,
				.at = at,
				.letter = *letter,
				.size = strlen(text),
			});
		done = !record.failed &&
			mail_write(bag.mbg_folder, bag.mbg_name, record.bytes, record.len,
				(int64_t)bag.mbg_len, at) &&
			bag_mark(&bag, bag_records(&bag), true, bag_records(&bag) + 1, at);
	}
	bag_close(&bag);
	return put && done;
}

/* ---- The queue ---- */

/* Text of a header, as far as it can be shown. */
static char *header_text(TALLOC_CTX *mem, const uint8_t *at, size_t room)
{
	char *text = talloc_strndup(mem, (const char *)at, strnlen((const char *)at, room));

	for (char *p = text; p && *p; p++)
		*p = *p < ' ' || *p > '~' ? '?' : *p;
	return text;
}

/* The letter of a header, if its MAI file is there. */
static struct mail_waiting *waiting_read(TALLOC_CTX *mem, const struct maildata *maildata,
	const uint8_t *header)
{
	struct mail_waiting *waiting = talloc_zero(mem, struct mail_waiting);
	struct mail_item *item = NULL;
	uint8_t *bytes = NULL;
	char name[16];
	int folder = -1;

	if (waiting && text_hex32((const char *)header + NUMBER_AT, &waiting->letter))
		folder = mai_folder(maildata, "MAI", waiting->letter, name);
	if (folder >= 0)
		bytes = mail_get(waiting, folder, name, MAIL_FILE_MOST, &waiting->size,
			&waiting->item.mtime);
	file_shut(folder);
	if (!bytes) {
		talloc_free(waiting);
		return NULL;
	}
	if (waiting->size > MAI_HEAD) {
		mai_hide(bytes + MAI_HEAD, waiting->size - MAI_HEAD, waiting->letter);
		item = mail_item_parse(waiting, bytes + MAI_HEAD, waiting->size - MAI_HEAD);
	}
	waiting->ours = item != NULL;
	if (item) {
		item->mtime = waiting->item.mtime;
		waiting->item = *item;
	} else {
		waiting->item.letter.from = header_text(waiting, header + SENDER_AT, 11);
		waiting->item.letter.subject = header_text(waiting, header + SUBJECT_AT, 43);
	}
	return waiting;
}

struct mail_waiting *maildata_next(TALLOC_CTX *mem, const struct maildata *maildata,
	const char *name, uint32_t *at)
{
	struct mail_waiting *waiting = NULL;
	struct bag bag;

	if (bag_open(maildata, name, &bag))
		for (; !waiting && *at < bag_records(&bag); ++*at) {
			if (!bag_waits(&bag, *at))
				continue;
			waiting = waiting_read(mem, maildata,
				bag.mbg + (size_t)*at * PRACTICE_MBG_RECORD);
			if (waiting)
				waiting->record = *at;
		}
	bag_close(&bag);
	return waiting;
}

static bool mai_remove(const struct maildata *maildata, const char *kind, unsigned letter)
{
	char name[16];
	const int folder = mai_folder(maildata, kind, letter, name);
	bool done = folder >= 0 && unlinkat(folder, name, 0) == 0;

	file_shut(folder);
	return done;
}

bool maildata_take(const struct maildata *maildata, const char *name,
	const struct mail_waiting *waiting, int64_t now)
{
	struct bag bag;
	bool done = bag_open(maildata, name, &bag) && waiting->record < bag_records(&bag) &&
		mai_remove(maildata, "MAI", waiting->letter);

	if (done) {
		(void)mai_remove(maildata, "ATT", waiting->letter);
		done = bag_mark(&bag, waiting->record, false, bag_records(&bag), now);
	}
	bag_close(&bag);
	return done;
}
