/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/journal_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"
#include "run/runfolder_internal.h"

struct journal {
	struct runfolder *run;
	int fd;                  /* -1: not opened for writing yet */
	json_t *entries;
	size_t good;             /* length of what is whole on the disk */
	bool torn;               /* there is something behind it */
	char *waiting;           /* lines that the next lasting one takes along */
	size_t waiting_count;
};

static int journal_close(struct journal *journal)
{
	json_decref(journal->entries);
	if (journal->fd >= 0)
		close(journal->fd);
	return 0;
}

int journal_read(int dir, json_t **entries, size_t *good, bool *torn, struct error *err)
{
	uint8_t *bytes;
	size_t len;
	int result = run_file_read(NULL, dir, JOURNAL_FILE, JOURNAL_LIMIT, &bytes, &len, err);

	*entries = NULL;
	if (result)
		return result;
	result = journal_parse(bytes ? (const char *)bytes : "", len, entries, good, err);
	*torn = *good < len;
	talloc_free(bytes);
	return result;
}

/* Before the first entry that this process writes: the journal is there, and its name lasts. Readers make nothing. */
static int journal_make(struct journal *journal, struct error *err)
{
	int dir = runfolder_fd(journal->run);

	journal->fd = openat(dir, JOURNAL_FILE, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	if (journal->fd < 0 || fsync(dir))
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
	made->fd = -1;
	talloc_set_destructor(made, journal_close);
	result = journal_read(runfolder_fd(run), &made->entries, &made->good, &made->torn, err);
	if (result)
		talloc_free(made);
	else
		*journal = made;
	return result;
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

const json_t *entries_last(const json_t *entries, const char *what)
{
	for (size_t i = json_array_size(entries); i-- > 0;)
		if (!what || entry_is(json_array_get(entries, i), what))
			return json_array_get(entries, i);
	return NULL;
}

const json_t *journal_last(const struct journal *journal, const char *what)
{
	return entries_last(journal->entries, what);
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
	return entry_state(journal_last(journal, NULL));
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

	run_time_text(at);
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
	size_t len = strlen(journal->waiting);
	int result = journal->fd < 0 ? journal_make(journal, err) : 0;

	if (result)
		return result;
	if (journal->good + len > JOURNAL_LIMIT)
		return error_set(err, TROUBLE_NO_RUN_FOLDER, _("The journal of run %s is full."),
				 runfolder_name(journal->run));
	if (journal->torn && ftruncate(journal->fd, (off_t)journal->good))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The journal cannot be written"));
	journal->torn = true;
	if (run_write_all(journal->fd, journal->waiting, len, journal->good) || fdatasync(journal->fd))
		return error_system(err, TROUBLE_NO_RUN_FOLDER, errno, _("The journal cannot be written"));
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
	TALLOC_FREE(journal->waiting);
}

/* Behind those that wait already. */
static int waiting_add(struct journal *journal, json_t *entry)
{
	char *line = entry ? entry_line(journal, entry) : NULL, *all = NULL;

	if (line && !json_array_append(journal->entries, entry))
		all = journal->waiting ? talloc_strdup_append_buffer(journal->waiting, line) : talloc_strdup(journal, line);
	if (line && !all)
		json_array_remove(journal->entries, journal_count(journal) - 1);
	talloc_free(line);
	if (!all)
		return -1;
	journal->waiting = all;
	journal->waiting_count++;
	return 0;
}

int journal_add(struct journal *journal, const char *what, json_t *fields, bool lasting, struct error *err)
{
	json_t *entry = entry_make(journal_count(journal) + 1, what, fields);
	int result;

	if (!runfolder_writable(journal->run))
		result = error_set(err, TROUBLE_BUG, "journal_add: %s", what);
	else
		result = waiting_add(journal, entry) ? error_memory(err) : 0;
	json_decref(entry);
	if (result || !lasting)
		return result;
	result = journal_put(journal, err);
	waiting_drop(journal, !result);
	return result;
}
