/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/filetime.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "record/record_internal.h"

/* ---- lines, each proved by its own sum ---- */

/* ,"crc":"01234567"} */
enum { CRC_TAIL = 18 };

/* CRC-32 as in ISO-HDLC (zip, Ethernet), half a byte at a time. */
uint32_t line_crc(const char *bytes, size_t len)
{
	static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
		0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8,
		0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c };
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= (uint8_t)bytes[i];
		crc = crc >> 4 ^ table[crc & 15];
		crc = crc >> 4 ^ table[crc & 15];
	}
	return ~crc;
}

const char *entry_what(const json_t *entry)
{
	return json_string_value(json_object_get(entry, "what"));
}

static const char *const kind_names[] = { "", "run", "saved", "pcmtas", "decision", "begun",
	"trial", "tried", "preparing", "act", "done", "failed", "service", "evidence",
	"mail-before", "mail-look", "deleting", "deleted", "note", "paused", "resumed", "undo",
	"surveyed", "overlay", "end" };

static const char *const end_names[] = { NULL, "nothing", "repaired", "left", "undone",
	"partly undone" };

bool entry_is(const json_t *entry, enum journal_kind kind)
{
	return kind == JOURNAL_ANY || !strcmp(entry_what(entry), kind_names[kind]);
}

bool entry_says(const json_t *entry, const char *member, const char *text)
{
	const char *said = json_string_value(json_object_get(entry, member));

	return said && !strcmp(said, text);
}

static bool overlay_says(const json_t *entry, const char *state)
{
	return entry_is(entry, JOURNAL_OVERLAY) && entry_says(entry, "state", state);
}

int entry_number(const json_t *entry, const char *member)
{
	json_int_t number = json_integer_value(json_object_get(entry, member));

	return number > 0 && number < 1000000000 ? (int)number : 0;
}

json_t *json_path(const char *path)
{
	char *coded = path ? text_percent(NULL, path) : NULL;
	json_t *json = coded ? json_string(coded) : json_null();

	talloc_free(coded);
	return json;
}

char *path_of_json(TALLOC_CTX *mem, const json_t *entry, const char *member)
{
	const char *coded = json_string_value(json_object_get(entry, member));

	return coded ? text_unpercent(mem, coded) : NULL;
}

/* One line without its end, which is to be the number-th. New reference, or NULL if it is none of
 * ours. */
static json_t *line_parse(const char *line, size_t len, size_t number)
{
	char tail[CRC_TAIL + 1];
	json_t *entry;

	if (len < CRC_TAIL + 2)
		return NULL;
	(void)snprintf(tail, sizeof tail, ",\"crc\":\"%08x\"}",
		(unsigned)line_crc(line, len - CRC_TAIL));
	if (memcmp(line + len - CRC_TAIL, tail, CRC_TAIL) != 0)
		return NULL;
	entry = json_loadb(line, len, JSON_REJECT_DUPLICATES, NULL);
	if (entry && json_integer_value(json_object_get(entry, "n")) == (json_int_t)number &&
		json_is_string(json_object_get(entry, "at")) &&
		json_is_string(json_object_get(entry, "what")))
		return entry;
	json_decref(entry);
	return NULL;
}

/*
 * What stands behind the last whole line may be a line that a power cut tore: one that has no end,
 * or one with pages that never reached the disk (zeros). Nothing whole may follow it, for then it
 * once was whole.
 */
int journal_parse(const char *bytes, size_t len, json_t **entries, size_t *good, struct error *err)
{
	bool torn = false, damaged = false;
	size_t number = 0, line;

	*entries = json_array();
	*good = 0;
	for (size_t at = 0; !damaged && at < len; at += line + 1) {
		const char *end = memchr(bytes + at, '\n', len - at);
		json_t *entry;

		line = end ? (size_t)(end - bytes) - at : len - at;
		entry = end || torn ? line_parse(bytes + at, line, ++number) : NULL;
		if (!entry && !torn) {
			torn = true;
			damaged = end && !memchr(bytes + at, '\0', line);
		} else if (entry && torn) {
			damaged = true;
			json_decref(entry);
		} else if (entry) {
			json_array_append_new(*entries, entry);
			*good += line + 1;
		}
	}
	if (!damaged)
		return 0;
	number = json_array_size(*entries) + 1;
	json_decref(*entries);
	*entries = NULL;
	return error_set(err, TROUBLE_RECORD_DAMAGED, _("Line %zu of the journal is damaged."),
		number);
}

/* ---- overlays ---- */

/* With the overlay in which it was done, if the entry of that number says that it is gone, it never
 * happened; with one that was thrown away also a pause, and an
 * undo that was carried out there. */
static void entries_lose(json_t *entries, size_t number)
{
	static const enum journal_kind kinds[] = { JOURNAL_TRIAL, JOURNAL_TRIED, JOURNAL_PREPARING,
		JOURNAL_ACT, JOURNAL_DONE, JOURNAL_FAILED, JOURNAL_DELETING, JOURNAL_DELETED,
		JOURNAL_SURVEYED, JOURNAL_END };
	const json_t *last = json_array_get(entries, number - 1);
	bool dropped = overlay_says(last, "ended") && entry_says(last, "end", "drop"),
	     gone = dropped || overlay_says(last, "torn"), acted = false;

	for (size_t i = number - 1; gone && i-- > 0;) {
		json_t *entry = json_array_get(entries, i);
		bool lost = dropped &&
			(entry_is(entry, JOURNAL_PAUSED) ||
				(acted && entry_is(entry, JOURNAL_UNDO)));

		if (overlay_says(entry, "begun"))
			break;
		acted |= entry_is(entry, JOURNAL_ACT);
		for (size_t k = 0; !lost && k < ARRAY_SIZE(kinds); k++)
			lost = entry_is(entry, kinds[k]);
		if (lost)
			json_object_set_new(entry, "what",
				json_string(dropped ? "dropped" : "lost"));
	}
}

/* ---- the whole ---- */

struct journal {
	struct runfolder *run;
	int fd; /* -1: not opened for writing yet */
	json_t *entries;
	size_t good;   /* length of what is whole on the disk */
	bool torn;     /* there is something behind it */
	char *waiting; /* lines that the next lasting one takes along, "" for none */
	size_t waiting_count;
};

static int journal_close(struct journal *journal)
{
	json_decref(journal->entries);
	file_shut(journal->fd);
	return 0;
}

/* Before the first entry that this process writes: the journal is there, and its name lasts.
 * Readers make nothing. */
static int journal_make(struct journal *journal, struct error *err)
{
	int dir = runfolder_fd(journal->run);
	struct stat st;

	journal->fd = run_file_open(dir, JOURNAL_FILE, O_WRONLY | O_CREAT, &st);
	if (journal->fd < 0 && errno == EMLINK)
		return error_advise(err,
			error_set(err, TROUBLE_NO_RUN_FOLDER,
				_("The journal of run %s has another name as well (a hard link), and may not be its own."),
				runfolder_name(journal->run)),
			_("Copy the folder of the run (cp -R), and put the copy in its place."));
	if (journal->fd < 0 || fsync(dir))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The journal of run %s cannot be opened"), runfolder_name(journal->run));
	return 0;
}

int journal_open(TALLOC_CTX *mem, struct runfolder *run, struct journal **journal,
	struct error *err)
{
	struct journal *made = talloc_zero(mem, struct journal);
	uint8_t *bytes;
	size_t len;
	int ret;

	if (!made)
		return error_memory(err);
	made->run = run;
	made->fd = -1;
	made->waiting = talloc_strdup(made, "");
	talloc_set_destructor(made, journal_close);
	ret = run_file_read(made, runfolder_fd(run), JOURNAL_FILE, JOURNAL_LIMIT, &bytes, &len,
		err);
	if (!ret)
		ret = journal_parse(bytes ? (const char *)bytes : "", len, &made->entries,
			&made->good, err);
	made->torn = made->good < len;
	for (size_t i = 0; !ret && i < journal_count(made); i++)
		entries_lose(made->entries, i + 1);
	talloc_free(bytes);
	if (ret)
		talloc_free(made);
	else
		*journal = made;
	return ret;
}

size_t journal_count(const struct journal *journal)
{
	return json_array_size(journal->entries);
}

const json_t *journal_entry(const struct journal *journal, size_t index)
{
	return json_array_get(journal->entries, index);
}

bool journal_torn(const struct journal *journal)
{
	return journal->torn;
}

const json_t *journal_last(const struct journal *journal, enum journal_kind kind)
{
	for (size_t i = journal_count(journal); i-- > 0;)
		if (entry_is(journal_entry(journal, i), kind))
			return journal_entry(journal, i);
	return NULL;
}

/* None where the text is no such name, or there is no entry. */
static enum run_end entry_result(const json_t *entry)
{
	enum run_end end = END_PARTLY_UNDONE;

	while (end > END_NONE && !entry_says(entry, "result", end_names[end]))
		end--;
	return end;
}

enum run_state entry_state(const json_t *last)
{
	if (last && entry_is(last, JOURNAL_END))
		return entry_result(last) == END_UNDONE ? STATE_UNDONE : STATE_DONE;
	return last && (entry_is(last, JOURNAL_PAUSED) || entry_is(last, JOURNAL_FAILED))
		? STATE_PAUSED
		: STATE_CUT_OFF;
}

/* That an overlay was closed or has its end changes nothing in how its run stands. */
enum run_state journal_state(const struct journal *journal)
{
	const json_t *entry = NULL;
	bool ended = false;

	for (size_t i = journal_count(journal); i-- > 0;) {
		entry = journal_entry(journal, i);
		ended |= overlay_says(entry, "ended");
		if (!entry_is(entry, JOURNAL_OVERLAY) || (!ended && !overlay_says(entry, "closed")))
			break;
	}
	return entry_state(entry);
}

bool journal_ended(const struct journal *journal)
{
	enum run_state state = journal_state(journal);

	return state == STATE_DONE || state == STATE_UNDONE;
}

enum run_end journal_result(const struct journal *journal)
{
	return entry_result(journal_last(journal, JOURNAL_END));
}

bool journal_overlay_waits(const struct journal *journal)
{
	const json_t *last = journal_last(journal, JOURNAL_OVERLAY);

	return last && !overlay_says(last, "ended") && !overlay_says(last, "torn");
}

bool journal_finished(const struct journal *journal)
{
	if (journal_overlay_waits(journal))
		return false;
	return journal_ended(journal) ||
		(!journal_last(journal, JOURNAL_PREPARING) &&
			(!journal_last(journal, JOURNAL_TRIAL) ||
				journal_last(journal, JOURNAL_TRIED)));
}

/* ---- writing ---- */

/* The entry with its number and time in front; takes fields. */
static json_t *entry_make(size_t number, const char *what, json_t *fields)
{
	char at[32];
	json_t *entry;

	filetime_stamp(at);
	entry = json_pack("{s:I, s:s, s:s}", "n", (json_int_t)number, "at", at, "what", what);
	json_object_update(entry, fields);
	json_decref(fields);
	return entry;
}

static char *entry_line(TALLOC_CTX *mem, const json_t *entry)
{
	char *text = json_dumps(entry, JSON_COMPACT), *line;
	size_t len = strlen(text);

	line = talloc_asprintf(mem, "%.*s,\"crc\":\"%08x\"}\n", (int)(len - 1), text,
		(unsigned)line_crc(text, len - 1));
	free(text);
	return line;
}

/* What is waiting, in one piece behind what is whole. What a torn write left there is cut off
 * first. */
static int journal_put(struct journal *journal, struct error *err)
{
	size_t len = strlen(journal->waiting);
	int ret = journal->fd < 0 ? journal_make(journal, err) : 0;

	if (ret)
		return ret;
	if (journal->good + len > JOURNAL_LIMIT)
		return error_set(err, TROUBLE_NO_RUN_FOLDER, _("The journal of run %s is full."),
			runfolder_name(journal->run));
	if (journal->torn && ftruncate(journal->fd, (off_t)journal->good))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno,
			_("The journal cannot be written"));
	journal->torn = true;
	do {
		ret = file_write(journal->fd, journal->waiting, len, journal->good);
		if (!ret && fdatasync(journal->fd))
			ret = errno;
	} while (runfolder_give(journal->run, ret, len));
	if (ret)
		return error_system(err, TROUBLE_NO_RUN_FOLDER, ret,
			_("The journal cannot be written"));
	journal->torn = false;
	journal->good += len;
	return 0;
}

/* What could not be written did not happen: the next entry takes its number. */
static void waiting_drop(struct journal *journal, bool written)
{
	for (; !written && journal->waiting_count; journal->waiting_count--)
		json_array_remove(journal->entries, journal_count(journal) - 1);
	journal->waiting_count = 0;
	talloc_free(journal->waiting);
	journal->waiting = talloc_strdup(journal, "");
}

int journal_add(struct journal *journal, enum journal_kind kind, json_t *fields, bool lasting,
	struct error *err)
{
	json_t *entry;
	char *line;
	int ret;

	if (!fields)
		return error_memory(err);
	if (!runfolder_writable(journal->run)) {
		json_decref(fields);
		return error_set(err, TROUBLE_BUG, "journal_add: %s", kind_names[kind]);
	}
	entry = entry_make(journal_count(journal) + 1, kind_names[kind], fields);
	line = entry_line(journal, entry);
	json_array_append_new(journal->entries, entry);
	journal->waiting = talloc_strdup_append_buffer(journal->waiting, line);
	journal->waiting_count++;
	talloc_free(line);
	if (!lasting)
		return 0;
	ret = journal_put(journal, err);
	waiting_drop(journal, !ret);
	if (!ret)
		entries_lose(journal->entries, journal_count(journal));
	return ret;
}

int journal_end(struct journal *journal, enum run_end end, int exit_code, struct error *err)
{
	return journal_add(journal, JOURNAL_END,
		json_pack("{s:s, s:i}", "result", end_names[end], "exit", exit_code), true, err);
}
