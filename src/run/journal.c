/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/journal_lines.h"

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
#include "run/runfolder_internal.h"

enum { RECENT = 8, WAITING_MOST = 1 << 20 };

/* One entry. Those there is one of for every file, or that name every file, are not kept but read again where they are asked for: a
 * journal takes little memory, however much it tells of. */
struct line {
	const char *what;        /* one of bulky, or of entry itself */
	json_t *entry;           /* NULL: to be read again */
	uint64_t off;
	size_t len;              /* without the end of the line */
	int act;
};

static const char *const bulky[] = { "decision", "act", "done" };

/* Entries read again, the newest; what is borrowed lives until as many others were read. */
struct recent {
	json_t *entries[RECENT];
	size_t numbers[RECENT], next;
};

struct journal {
	struct runfolder *run;
	int fd;                  /* -1: not to be written */
	int from;                /* to read from; -1: there is no file */
	struct line *lines;
	size_t count, room;
	struct recent *recent;
	uint64_t good;           /* length of what is whole on the disk */
	bool torn;               /* there is something behind it */
	char *waiting;           /* lines that the next lasting one takes along */
	size_t waiting_count, waiting_len;
};

static int journal_close(struct journal *journal)
{
	for (size_t i = 0; i < journal->count; i++)
		json_decref(journal->lines[i].entry);
	for (size_t i = 0; journal->recent && i < RECENT; i++)
		json_decref(journal->recent->entries[i]);
	if (journal->fd >= 0)
		close(journal->fd);
	if (journal->from >= 0)
		close(journal->from);
	return 0;
}

/* The kinds that are not kept, or NULL. */
static const char *bulky_kind(const char *what)
{
	for (size_t i = 0; i < sizeof bulky / sizeof *bulky; i++)
		if (!strcmp(bulky[i], what))
			return bulky[i];
	return NULL;
}

static int line_add(struct journal *journal, json_t *entry, uint64_t off, size_t len)
{
	const char *what = bulky_kind(entry_what(entry));

	if (journal->count == journal->room) {
		size_t room = journal->room ? 2 * journal->room : 64;
		struct line *grown = memory_array_grow(journal, journal->lines, sizeof *grown, room);

		if (!grown)
			return -1;
		journal->lines = grown;
		journal->room = room;
	}
	journal->lines[journal->count++] = (struct line){ .what = what ? what : entry_what(entry),
							  .entry = what ? NULL : json_incref(entry),
							  .off = off,
							  .len = len,
							  .act = entry_number(entry, "act") };
	return 0;
}

static int line_visit(void *arg, json_t *entry, uint64_t off, size_t len)
{
	return line_add(arg, entry, off, len);
}

static int journal_read(struct journal *journal, struct error *err)
{
	struct reading reading = { .visit = line_visit, .arg = journal };
	int result = journal_file(runfolder_fd(journal->run), &journal->from, err);

	if (!result && journal->from >= 0)
		result = reading_file(&reading, journal->from, err);
	journal->good = reading.good;
	journal->torn = !result && reading.torn;
	return result;
}

/* Before the first entry that this process writes: the journal is there, and its name lasts. Readers make nothing. */
static int journal_make(struct journal *journal, struct error *err)
{
	int dir = runfolder_fd(journal->run);

	journal->fd = openat(dir, JOURNAL_FILE, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (journal->from < 0)
		journal->from = openat(dir, JOURNAL_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (journal->fd < 0 || journal->from < 0 || fsync(dir))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The journal of run %s cannot be opened"),
				    runfolder_name(journal->run));
	return 0;
}

int journal_open(TALLOC_CTX *mem, struct runfolder *run, struct journal **journal, struct error *err)
{
	struct journal *made = talloc_zero(mem, struct journal);
	int result;

	if (!made)
		return error_memory(err);
	made->run = run;
	made->fd = made->from = -1;
	talloc_set_destructor(made, journal_close);
	made->recent = talloc_zero(made, struct recent);
	result = made->recent ? journal_read(made, err) : error_memory(err);
	if (result)
		talloc_free(made);
	else
		*journal = made;
	return result;
}

size_t journal_count(const struct journal *journal)
{
	return journal->count;
}

bool journal_is(const struct journal *journal, size_t index, const char *what)
{
	return !strcmp(journal->lines[index].what, what);
}

int journal_act(const struct journal *journal, size_t index)
{
	return journal->lines[index].act;
}

/* The bytes of a line, on the disk or still waiting. */
static int line_bytes(const struct journal *journal, const struct line *line, char *bytes, struct error *err)
{
	size_t got = 0;
	ssize_t more = 1;

	if (line->off >= journal->good && journal->waiting) {
		memcpy(bytes, journal->waiting + (line->off - journal->good), line->len);
		return 0;
	}
	while (got < line->len && more > 0) {
		more = pread(journal->from, bytes + got, line->len - got, (off_t)(line->off + got));
		if (more < 0 && errno == EINTR)
			more = 1;
		else
			got += more > 0 ? (size_t)more : 0;
	}
	if (more < 0)
		return error_system(err, TROUBLE_IO, errno, _("The journal of run %s cannot be read any more"),
				    runfolder_name(journal->run));
	return 0;
}

/* A line that was whole when the journal was opened. New reference. */
static int line_read(const struct journal *journal, size_t index, json_t **entry, struct error *err)
{
	const struct line *line = &journal->lines[index];
	char *bytes = memory_array_zero(NULL, 1, line->len);
	int result = bytes ? line_bytes(journal, line, bytes, err) : error_memory(err);

	*entry = result ? NULL : line_parse(bytes, line->len, index + 1);
	if (!result && !*entry)
		result = error_set(err, TROUBLE_RECORD_DAMAGED, _("Line %zu of the journal is not what it was."), index + 1);
	talloc_free(bytes);
	return result;
}

const json_t *journal_entry(const struct journal *journal, size_t index)
{
	return journal->lines[index].entry;
}

int journal_fetch(const struct journal *journal, size_t index, const json_t **entry, struct error *err)
{
	struct recent *recent = journal->recent;
	json_t *read;
	int result;

	*entry = journal_entry(journal, index);
	for (size_t i = 0; !*entry && i < RECENT; i++)
		if (recent->numbers[i] == index + 1)
			*entry = recent->entries[i];
	if (*entry)
		return 0;
	result = line_read(journal, index, &read, err);
	if (result)
		return result;
	json_decref(recent->entries[recent->next]);
	recent->entries[recent->next] = read;
	recent->numbers[recent->next] = index + 1;
	recent->next = (recent->next + 1) % RECENT;
	*entry = read;
	return 0;
}

bool journal_torn(const struct journal *journal)
{
	return journal->torn;
}

const json_t *journal_last(const struct journal *journal, const char *what)
{
	for (size_t i = journal->count; i-- > 0;)
		if (journal_is(journal, i, what))
			return journal_entry(journal, i);
	return NULL;
}

bool journal_has(const struct journal *journal, const char *what)
{
	for (size_t i = 0; i < journal->count; i++)
		if (journal_is(journal, i, what))
			return true;
	return false;
}

const char *entry_state(const json_t *last)
{
	const char *result = json_string_value(json_object_get(last, "result"));

	if (!last)
		return "cut off";
	if (entry_is(last, "end"))
		return result && !strcmp(result, "undone") ? "undone" : "done";
	return entry_is(last, "paused") || entry_is(last, "failed") ? "paused" : "cut off";
}

const char *journal_state(const struct journal *journal)
{
	/* One of those that are not kept has no more to say here than none. */
	return entry_state(journal->count ? journal_entry(journal, journal->count - 1) : NULL);
}

bool journal_finished(const struct journal *journal)
{
	const char *state = journal_state(journal);

	return !strcmp(state, "done") || !strcmp(state, "undone") ||
	       (!journal_last(journal, "preparing") && (!journal_last(journal, "trial") || journal_last(journal, "tried")));
}

/* ---- writing ---- */

/* The entry with its number and time in front; takes fields. */
static json_t *entry_make(size_t number, const char *what, json_t *fields)
{
	char at[32];
	json_t *entry;

	filetime_stamp(at);
	entry = json_pack("{s:I, s:s, s:s}", "n", (json_int_t)number, "at", at, "what", what);
	if (entry && fields && json_object_update(entry, fields)) {
		json_decref(entry);
		entry = NULL;
	}
	json_decref(fields);
	return entry;
}

static char *entry_line(TALLOC_CTX *mem, const json_t *entry)
{
	char *text = json_dumps(entry, JSON_COMPACT), *line;
	size_t len = text ? strlen(text) : 0;

	if (!text)
		return NULL;
	line = talloc_asprintf(mem, "%.*s,\"crc\":\"%08x\"}\n", (int)(len - 1), text,
			       (unsigned)line_crc(text, len - 1));
	free(text);
	return line;
}

/* What is waiting, in one piece behind what is whole. What a torn write left there is cut off first. */
static int journal_put(struct journal *journal, struct error *err)
{
	size_t len = journal->waiting_len;
	int result = journal->fd < 0 ? journal_make(journal, err) : 0;

	if (result)
		return result;
	if (journal->good + len > JOURNAL_LIMIT)
		return error_set(err, TROUBLE_NO_RUN_FOLDER, _("The journal of run %s is full."),
				 runfolder_name(journal->run));
	if (journal->torn && ftruncate(journal->fd, (off_t)journal->good))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The journal cannot be written"));
	journal->torn = true;
	result = file_write(journal->fd, journal->waiting, len, journal->good);
	if (result || fdatasync(journal->fd))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, result ? result : errno, _("The journal cannot be written"));
	journal->torn = false;
	journal->good += len;
	return 0;
}

static void line_drop(struct journal *journal)
{
	struct recent *recent = journal->recent;

	json_decref(journal->lines[--journal->count].entry);
	for (size_t i = 0; i < RECENT; i++)
		if (recent->numbers[i] == journal->count + 1)
			recent->numbers[i] = 0;
}

/* What could not be written did not happen: the next entry takes its number. */
static void waiting_drop(struct journal *journal, bool written)
{
	for (; !written && journal->waiting_count; journal->waiting_count--)
		line_drop(journal);
	journal->waiting_count = journal->waiting_len = 0;
	TALLOC_FREE(journal->waiting);
}

/* Behind those that wait already. */
static int waiting_add(struct journal *journal, const json_t *entry)
{
	char *line = entry ? entry_line(journal, entry) : NULL;
	size_t len = line ? strlen(line) : 0;
	char *all = NULL;

	if (line)
		all = journal->waiting ? talloc_strndup_append_buffer(journal->waiting, line, len) : talloc_strdup(journal, line);
	talloc_free(line);
	if (!all)
		return -1;
	journal->waiting = all;
	if (line_add(journal, (json_t *)(uintptr_t)entry, journal->good + journal->waiting_len, len - 1)) {
		all[journal->waiting_len] = '\0';
		return -1;
	}
	journal->waiting_len += len;
	journal->waiting_count++;
	return 0;
}

int journal_add(struct journal *journal, const char *what, json_t *fields, bool lasting, struct error *err)
{
	json_t *entry = entry_make(journal->count + 1, what, fields);
	int result;

	if (!runfolder_writable(journal->run))
		result = error_set(err, TROUBLE_BUG, "journal_add: %s", what);
	else
		result = waiting_add(journal, entry) ? error_memory(err) : 0;
	json_decref(entry);
	/* What waits must not grow with the number of files. */
	if (result || (!lasting && journal->waiting_len < WAITING_MOST))
		return result;
	result = journal_put(journal, err);
	waiting_drop(journal, !result);
	return result;
}
