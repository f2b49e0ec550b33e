/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/mailsight.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "practice/mail.h"
#include "tests/support.h"

static const char *first_postoffice(const struct mail_box *box)
{
	return strncmp(box->address, "NET1/PO1/", 9) == 0 ? box->address : NULL;
}

struct sightings sight_new(TALLOC_CTX *mem, const char *dir)
{
	struct sightings sightings = { .mem = mem, .dir = dir };
	struct mail_boxes boxes;
	struct error err = { 0 };
	const char *json, *dn;

	if (practice_mail_boxes(mem, dir, &boxes, &err) < 0)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < boxes.count; i++) {
		const struct mail_box *box = &boxes.boxes[i];

		if (box->exchange && !sightings.ours) {
			sightings.ours = box->address;
			sightings.ours_box = talloc_asprintf(mem, "exchange/%s", box->name);
			json = sight_file(&sightings, "practice.json");
			dn = json ? strstr(json, "\"dn\": \"") : NULL;
			assert_non_null(dn);
			dn += strlen("\"dn\": \"");
			sightings.dn = talloc_asprintf(mem, "%.*s/cn=Recipients/cn=%s",
				(int)strcspn(dn, "\""), dn, box->name);
		}
		if (first_postoffice(box))
			sightings.theirs = sightings.theirs_box = box->address;
	}
	assert_non_null(sightings.ours);
	assert_non_null(sightings.theirs);
	return sightings;
}

/* ---- Files ---- */

const char *sight_file(const struct sightings *sightings, const char *path)
{
	char *full = talloc_asprintf(sightings->mem, "%s/%s", sightings->dir, path);
	size_t len = 0;

	return access(full, F_OK) == 0 ? (char *)support_read(sightings->mem, full, &len) : NULL;
}

size_t sight_lines(const struct sightings *sightings, const char *path)
{
	size_t lines = 0;

	for (const char *at = sight_file(sightings, path); at && (at = strchr(at, '\n')) != NULL;
		at++)
		lines++;
	return lines;
}

/* Calls for each file of a folder below the server's, until true. */
typedef bool file_fn(const struct sightings *sightings, const char *path, void *arg);

static bool each_file(const struct sightings *sightings, const char *folder, file_fn *fn, void *arg)
{
	DIR *dir = opendir(talloc_asprintf(sightings->mem, "%s/%s", sightings->dir, folder));
	struct dirent *entry;
	bool done = false;

	while (dir && !done && (entry = readdir(dir)) != NULL)
		done = entry->d_type == DT_REG &&
			fn(sightings,
				talloc_asprintf(sightings->mem, "%s/%s", folder, entry->d_name),
				arg);
	if (dir)
		closedir(dir);
	return done;
}

struct letter_search {
	char *line;
	const char *found;
};

static bool letter_is(const struct sightings *sightings, const char *path, void *arg)
{
	struct letter_search *search = arg;
	const char *text = sight_file(sightings, path);

	if (text && strstr(text, search->line))
		search->found = text;
	return search->found != NULL;
}

const char *sight_letter(const struct sightings *sightings, const char *box, const char *subject)
{
	struct letter_search search = { .line = talloc_asprintf(sightings->mem, "\nsubject: %s\n",
						subject) };

	(void)each_file(sightings, talloc_asprintf(sightings->mem, "mail/%s", box), letter_is,
		&search);
	return search.found;
}

/* ---- Maildata ---- */

static bool mai_there(const struct sightings *sightings, const char *maildata, const char *number)
{
	char *path = talloc_asprintf(sightings->mem, "%s/%s/MAI/MA%c/%.8s.MAI", sightings->dir,
		maildata, number[7], number);

	return access(path, F_OK) == 0;
}

/* Whether a record of the bag has this subject, its letter, and its bit. */
static bool queued(const struct sightings *sightings, const char *maildata, const char *bag,
	const char *subject)
{
	char *path =
		talloc_asprintf(sightings->mem, "%s/%s/MBG/%s.MBG", sightings->dir, maildata, bag);
	size_t len = 0, key_len = 0;
	const uint8_t *mbg, *key;

	if (access(path, F_OK) < 0)
		return false;
	mbg = support_read(sightings->mem, path, &len);
	path = talloc_asprintf(sightings->mem, "%s/%s/KEY/%s.KEY", sightings->dir, maildata, bag);
	key = support_read(sightings->mem, path, &key_len);
	for (size_t i = 0; i < len / 116; i++)
		if (strcmp((const char *)mbg + 116 * i + 13, subject) == 0 &&
			key[8 + i / 8] >> i % 8 & 1)
			return mai_there(sightings, maildata,
				(const char *)mbg + 116 * i + 13 + 54);
	return false;
}

static bool mai_count(const struct sightings *sightings, const char *path, void *arg)
{
	size_t *count = arg;

	(void)sightings;
	*count += strstr(path, ".MAI") != NULL;
	return false;
}

size_t sight_queue(const struct sightings *sightings)
{
	size_t count = 0;

	for (unsigned i = 0; i < 16; i++)
		(void)each_file(sightings,
			talloc_asprintf(sightings->mem, SIGHT_MAILDATA "/MAI/MA%X", i), mai_count,
			&count);
	return count;
}

void sight_bag(const struct sightings *sightings, const char *bag, size_t *waiting, size_t *old)
{
	char *path = talloc_asprintf(sightings->mem, "%s/" SIGHT_MAILDATA "/MBG/%s.MBG",
		sightings->dir, bag);
	size_t len = 0, key_len = 0, here = 0;
	const uint8_t *mbg, *key;

	if (access(path, F_OK) < 0)
		return;
	mbg = support_read(sightings->mem, path, &len);
	path = talloc_asprintf(sightings->mem, "%s/" SIGHT_MAILDATA "/KEY/%s.KEY", sightings->dir,
		bag);
	key = support_read(sightings->mem, path, &key_len);
	assert_true(len >= 116 && len % 116 == 0 && key_len == 560);
	assert_int_equal(key[0] | key[1] << 8, len / 116);
	for (size_t i = 0; i < len / 116; i++) {
		const bool waits = key[8 + i / 8] >> i % 8 & 1;

		assert_int_not_equal(mbg[116 * i + 13], 0);
		assert_true(mai_there(sightings, SIGHT_MAILDATA,
				    (const char *)mbg + 116 * i + 13 + 54) == waits);
		here += waits;
		*old += !waits;
	}
	assert_int_equal(key[4], here);
	*waiting += here;
}

/* ---- Where it is ---- */

static enum sight sight(const struct sightings *sightings, const char *subject, bool out)
{
	const char *from = out ? sightings->ours_box : sightings->theirs_box,
		   *to = out ? sightings->theirs_box : sightings->ours_box,
		   *bag = out ? "00000011" : "INQUEUE3";

	if (sight_letter(sightings, to, subject))
		return SIGHT_BOX;
	if (sight_letter(sightings, from,
		    talloc_asprintf(sightings->mem, "Undeliverable: %s", subject)))
		return SIGHT_REPORT;
	if (sight_letter(sightings, out ? "outbox" : "NET1/PO1/outbox", subject))
		return SIGHT_OUTBOX;
	if (sight_letter(sightings, "gateway", subject))
		return SIGHT_GATEWAY;
	if (queued(sightings, SIGHT_MAILDATA, bag, subject))
		return SIGHT_QUEUE;
	return queued(sightings, SIGHT_DEAD, bag, subject) ? SIGHT_DEAD_QUEUE : SIGHT_NOWHERE;
}

enum sight sight_out(const struct sightings *sightings, const char *subject)
{
	return sight(sightings, subject, true);
}

enum sight sight_in(const struct sightings *sightings, const char *subject)
{
	return sight(sightings, subject, false);
}

/* ---- Logs ---- */

bool sight_log(const struct sightings *sightings, const char *log, const char *from, const char *to)
{
	const char *text = sight_file(sightings,
		talloc_asprintf(sightings->mem, SIGHT_MAILDATA "/LOG/%s", log));
	const bool sent = strcmp(log, "SENT.LOG") == 0;
	const char *line = text
		? strstr(text,
			  talloc_asprintf(sightings->mem, "  %zu  %s%s%s%s\r\n",
				  400 + strlen(SIGHT_TEXT), from, sent ? "     " : " ", to,
				  sent ? "" : "        *"))
		: NULL;
	const char *second = line ? strchr(line, '\n') + 1 : NULL;

	/* One number, or two. */
	return second && strspn(second, "0123456789ABCDEF") == 8 &&
		(sent ? second[8] == ' ' && strspn(second + 9, "0123456789ABCDEF") == 8 &&
					memcmp(second + 17, "\r\n", 2) == 0
		      : memcmp(second + 8, "\r\n", 2) == 0);
}

struct track_search {
	unsigned event;
	const char *from, *to;
};

/* Thirteen fields, then the recipient with its own two. */
static bool entry_is(TALLOC_CTX *mem, const char *line, const struct track_search *search)
{
	char *text = talloc_strndup(mem, line, strcspn(line, "\n")), *field[16] = { text };
	const char *next = strchr(line, '\n');
	size_t count = 1;

	for (char *p = text; *p; p++)
		if (*p == '\t' && count < 16) {
			*p = '\0';
			field[count++] = p + 1;
		}
	return count == 13 && next && (unsigned)atoi(field[1]) == search->event &&
		strcmp(field[6], search->from) == 0 && strcmp(field[7], "0") == 0 &&
		(size_t)atoi(field[8]) == 400 + strlen(SIGHT_TEXT) &&
		strcmp(field[12], "1\r") == 0 &&
		strncmp(next + 1, search->to, strlen(search->to)) == 0 &&
		next[1 + strlen(search->to)] == '\t';
}

static bool track_in(const struct sightings *sightings, const char *path, void *arg)
{
	const char *leaf = strrchr(path, '/') + 1;
	const char *line = strcmp(leaf, "2010") > 0 ? sight_file(sightings, path) : NULL;

	for (; line && *line; line += strcspn(line, "\n") + 1)
		if (entry_is(sightings->mem, line, arg))
			return true;
	return false;
}

bool sight_tracked(const struct sightings *sightings, unsigned event, const char *from,
	const char *to)
{
	struct track_search search = { event, from, to };

	return each_file(sightings, "C/exchsrvr/TRACKING.LOG", track_in, &search);
}

static uint32_t word(const uint8_t *at)
{
	return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
		(uint32_t)at[3] << 24;
}

/* ASCII as UTF-16. */
static bool holds_text(const uint8_t *bytes, size_t len, const char *text)
{
	const size_t count = strlen(text);

	for (size_t at = 0; at + 2 * count <= len; at++) {
		size_t i = 0;

		while (i < count && bytes[at + 2 * i] == (uint8_t)text[i] &&
			bytes[at + 2 * i + 1] == 0)
			i++;
		if (i == count)
			return true;
	}
	return false;
}

size_t sight_events(const struct sightings *sightings, uint32_t id, const char *text)
{
	char *path = talloc_asprintf(sightings->mem, "%s/C/WINNT/system32/config/AppEvent.Evt",
		sightings->dir);
	size_t len = 0, count = 0;
	const uint8_t *log = support_read(sightings->mem, path, &len);

	for (size_t at = 48; at + 56 <= len; at += 4) {
		const uint32_t size = word(log + at);

		if (memcmp(log + at + 4, "LfLe", 4) != 0 || word(log + at + 20) != id)
			continue;
		assert_true(size >= 56 && size <= len - at);
		count += !text || holds_text(log + at, size, text);
	}
	return count;
}
