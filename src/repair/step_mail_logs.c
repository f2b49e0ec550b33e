/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is new in the text logs of mail since a look before. Only that is read, whatever the size of
 * a log. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "repair/step_mail_internal.h"

/* So many of the oldest give way at once where there are too many. */
enum { ENTRIES_GIVE_WAY = MAIL_ENTRIES_MOST / 10, TELL_EVERY = 16 };

/* ---- what was found ---- */

static bool copied(TALLOC_CTX *mem, const char *text, char **copy)
{
	*copy = text ? talloc_strdup(mem, text) : NULL;
	return !text || *copy;
}

static struct mail_entry *entry_copy(TALLOC_CTX *mem, const struct mail_entry *entry)
{
	struct mail_entry *copy = talloc(mem, struct mail_entry);

	if (!copy)
		return NULL;
	*copy = *entry;
	if (copied(copy, entry->from, &copy->from) && copied(copy, entry->to, &copy->to) &&
		copied(copy, entry->subject, &copy->subject) &&
		copied(copy, entry->where, &copy->where) && copied(copy, entry->raw, &copy->raw))
		return copy;
	talloc_free(copy);
	return NULL;
}

static void oldest_give_way(struct mail_seen *seen)
{
	for (size_t i = 0; i < ENTRIES_GIVE_WAY; i++)
		talloc_free(seen->entries[i]);
	seen->entry_count -= ENTRIES_GIVE_WAY;
	memmove(seen->entries, seen->entries + ENTRIES_GIVE_WAY,
		seen->entry_count * sizeof *seen->entries);
}

/* -1 for want of memory, 1 where others gave way for it. */
int mail_entry_take(void *arg, const struct mail_entry *entry)
{
	struct looking *look = arg;
	struct mail_seen *seen = &look->watch->seen;
	struct mail_entry **added;
	bool full = seen->entry_count >= MAIL_ENTRIES_MOST;

	if (entry->event == MAIL_OTHER)
		return 0;
	if (full)
		oldest_give_way(seen);
	added = memory_more(look->watch, &seen->entries, seen->entry_count, sizeof *seen->entries);
	if (added)
		*added = entry_copy(look->watch, entry);
	if (!added || !*added)
		return -1;
	seen->entry_count++;
	return full;
}

/* ---- one log ---- */

/* A log being read, and where it was read to the last time. */
struct reading {
	struct looking *look;
	enum maillog_form form;
	enum mail_place place;
	const char *folder, *name;
	struct log_end *end;
	uint64_t skip; /* bytes of what is new that are too many */

	TALLOC_CTX *tmp;
	struct server_file *file;
	uint64_t size, from, to, lines;
	bool anew;    /* began anew: what is in it may be from before */
	bool counted; /* lines says how many there are before from */
	bool crowded; /* entries gave way */
};

static int log_entry(void *arg, const struct mail_entry *entry)
{
	struct reading *reading = arg;
	struct looking *look = reading->look;
	struct mail_entry taken = *entry;
	int ret;

	taken.unsure = reading->anew;
	ret = mail_entry_take(look, &taken);
	if (reading->form == MAILLOG_TRACKING && entry->at > look->newest)
		look->newest = entry->at;
	reading->crowded = reading->crowded || ret > 0;
	return ret < 0 ? -1 : 0;
}

static int missed(struct reading *reading, const char *format, struct error *err)
{
	struct error why = { 0 };

	error_set(&why, TROUBLE_NONE, _(format), reading->name);
	return mail_place(reading->look, reading->place, PLACE_PARTLY, &why, err);
}

/* Whether the log goes on where it ended. */
static int goes_on(struct reading *reading, bool *same, struct error *err)
{
	const struct log_end *end = reading->end;
	uint8_t tail[MAIL_TAIL];
	size_t got = 0;
	int ret = 0;

	*same = reading->size >= end->size && text_equal(end->name, reading->name);
	if (*same && end->tail_len != 0)
		ret = reading->look->server->ops->file_read(reading->file,
			end->size - end->tail_len, tail, end->tail_len, &got, err);
	if (ret == 0 && *same && end->tail_len != 0)
		*same = got == end->tail_len && memcmp(tail, end->tail, got) == 0;
	return ret;
}

/* Where reading begins. */
static int begin(struct reading *reading, struct error *err)
{
	const struct log_end *end = reading->end;
	bool same = false;
	int ret = end->name ? goes_on(reading, &same, err) : 0;

	reading->anew = reading->anew || (end->name && !same);
	reading->from = same ? end->size : 0;
	reading->lines = same ? end->lines : 0;
	reading->counted = reading->from == 0 || reading->lines != 0;
	if (ret == 0 && end->name && !same)
		ret = missed(reading,
			N_("%s is not the file that was there before, or it began anew: what was in it in between is not known."),
			err);
	if (ret == 0 && reading->size - reading->from > MAIL_NEW_MOST)
		reading->skip = reading->size - reading->from - MAIL_NEW_MOST > reading->skip
			? reading->size - reading->from - MAIL_NEW_MOST
			: reading->skip;
	if (ret == 0 && reading->skip != 0) {
		reading->from = reading->size - reading->from > reading->skip
			? reading->from + reading->skip
			: reading->size;
		reading->counted = false;
		ret = missed(reading,
			N_("More came to %s than is read at once: of what is new only the last part was read."),
			err);
	}
	return ret;
}

/* "SENT.LOG", whose lines are counted, or "SENT.LOG from byte 524288000," behind which they are. */
static struct maillog *parser(struct reading *reading)
{
	char *name = talloc_asprintf(reading->tmp, "%s%s",
		reading->form == MAILLOG_TRACKING ? "tracking.log\\" : "", reading->name);

	if (name && !reading->counted)
		name = talloc_asprintf_append(name, " from byte %llu,",
			(unsigned long long)reading->from);

	return name ? maillog_new(reading->tmp, reading->form, name, reading->lines) : NULL;
}

static int feed(struct reading *reading, struct maillog *log, struct error *err)
{
	struct looking *look = reading->look;
	uint8_t *piece = memory_array(reading->tmp, 1, MAIL_PIECE);
	unsigned pieces = 0;
	int ret = piece ? 0 : error_memory(err);

	reading->to = reading->from;
	while (ret == 0 && reading->to < reading->size) {
		uint64_t left = reading->size - reading->to;
		size_t got = 0;

		ret = look->server->ops->file_read(reading->file, reading->to, piece,
			left < MAIL_PIECE ? (size_t)left : MAIL_PIECE, &got, err);
		if (ret == 0 && got == 0)
			break;
		if (ret == 0 && maillog_feed(log, piece, got, log_entry, reading) != 0)
			ret = error_memory(err);
		if (ret == 0) {
			reading->to += got;
			reading->lines += mail_lines(piece, got);
		}
		if (ret == 0 && ++pieces % TELL_EVERY == 0)
			ret = mail_tell(&look->told, _("Reading what is new in the logs"), err);
	}
	return ret;
}

/* Where the next reading begins: what is in the middle of an entry now is read again, and its lines
 * are counted then. */
static int settle(struct reading *reading, size_t pending, struct error *err)
{
	struct log_end *end = reading->end;
	uint64_t stop = reading->to - (pending < reading->to ? pending : reading->to);
	uint64_t from = stop > MAIL_TAIL ? stop - MAIL_TAIL : 0;
	size_t len = (size_t)(reading->to - from), got = 0;
	uint8_t *bytes = memory_array(reading->tmp, 1, len);
	char *name = talloc_strdup(reading->look->watch, reading->name);
	int ret = bytes && name
		? reading->look->server->ops->file_read(reading->file, from, bytes, len, &got, err)
		: error_memory(err);

	if (ret != 0 || got != len) {
		talloc_free(name);
		return ret;
	}
	talloc_free(end->name);
	end->name = name;
	end->size = stop;
	end->tail_len = (size_t)(stop - from);
	memcpy(end->tail, bytes, end->tail_len);
	end->lines = reading->counted
		? reading->lines - mail_lines(bytes + end->tail_len, len - end->tail_len)
		: 0;
	return 0;
}

static int read_new(struct reading *reading, struct error *err)
{
	struct maillog *log;
	int ret = begin(reading, err);

	if (ret != 0)
		return ret;
	if (reading->from == reading->size && reading->end->name &&
		reading->end->size == reading->size)
		return 0;
	log = parser(reading);
	ret = log ? feed(reading, log, err) : error_memory(err);
	if (ret == 0)
		ret = settle(reading, maillog_pending(log), err);
	if (ret == 0 && reading->crowded)
		ret = missed(reading, N_("So much came to %s that the oldest of it is not kept."),
			err);
	return ret;
}

/* Of one log of a folder, entry NULL where there is none. */
static int log_look(struct reading *reading, struct error *err)
{
	struct looking *look = reading->look;
	char *path;
	int ret;

	reading->tmp = talloc_new(look->tmp);
	path = path_join(reading->tmp, reading->folder, reading->name);
	ret = path ? look->server->ops->file_open(look->server, reading->tmp, path, &reading->file,
			     &reading->size, err)
		   : error_memory(err);
	if (ret == 0)
		ret = read_new(reading, err);
	talloc_free(reading->tmp);
	if (ret == -TROUBLE_NOT_THERE)
		return mail_place(look, reading->place, PLACE_ABSENT, NULL, err);
	if (ret != 0 && !mail_ends(ret))
		return mail_place(look, reading->place, PLACE_TROUBLE, err, err);
	return ret ? ret : mail_place(look, reading->place, PLACE_SEEN, NULL, err);
}

/* ---- SENT.LOG and RECV.LOG ---- */

int mail_logs_look(struct looking *look, struct error *err)
{
	static const enum mail_place places[] = { PLACE_SENT_LOG, PLACE_RECV_LOG };
	static const enum maillog_form forms[] = { MAILLOG_SENT, MAILLOG_RECEIVED };
	struct mail_cursor *cursor = look->watch->cursor;
	struct log_end *ends[] = { &cursor->sent, &cursor->received };
	char *folder = talloc_asprintf(look->tmp, "%s\\LOG", look->watch->before->maildata);
	struct entry_list list;
	int listed = mail_list(look->server, look->tmp, folder, &list, err), ret = 0;
	struct error why = *err;

	if (mail_ends(listed))
		return listed;
	for (size_t i = 0; ret == 0 && i < ARRAY_SIZE(places); i++) {
		const struct entry *entry = mail_log_find(&list, forms[i]);

		if (listed < 0)
			ret = mail_place(look, places[i], PLACE_TROUBLE, &why, err);
		else if (!entry)
			ret = mail_place(look, places[i], PLACE_ABSENT, NULL, err);
		else
			ret = log_look(&(struct reading){ .look = look,
					       .form = forms[i],
					       .place = places[i],
					       .folder = folder,
					       .name = entry->name,
					       .end = ends[i] },
				err);
	}
	return ret;
}

/* ---- the tracking log: a file a day, by the day of GMT ---- */

struct day {
	uint32_t number;
	const struct entry *entry;
};

static int day_compare(const void *a, const void *b)
{
	uint32_t left = ((const struct day *)a)->number, right = ((const struct day *)b)->number;

	return left < right ? -1 : left > right;
}

/* The file that was read last, and those of later days, in their order. */
static int days_of(struct looking *look, const struct entry_list *list, struct day **days,
	size_t *count, struct error *err)
{
	uint32_t last = 0, day;

	if (look->watch->cursor->tracking.name)
		(void)maillog_tracking_name(look->watch->cursor->tracking.name, &last);
	*days = memory_array(look->tmp, sizeof **days, list->count);
	*count = 0;
	if (!*days)
		return error_memory(err);
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].meta.kind != ENTRY_FOLDER &&
			maillog_tracking_name(list->entries[i].name, &day) && day >= last)
			(*days)[(*count)++] = (struct day){ day, &list->entries[i] };
	if (*count > 1)
		qsort(*days, *count, sizeof **days, day_compare);
	return 0;
}

/* Bytes that are new in one of them. */
static uint64_t fresh(const struct log_end *end, const struct entry *entry)
{
	bool known = end->name && text_equal(end->name, entry->name);

	return known && entry->meta.size >= end->size ? entry->meta.size - end->size
						      : entry->meta.size;
}

/* In all of them too many, the oldest of which are passed over. */
static uint64_t too_many(const struct log_end *end, const struct day *days, size_t count)
{
	uint64_t all = 0;

	for (size_t i = 0; i < count; i++)
		all += fresh(end, days[i].entry);
	return all > MAIL_NEW_MOST ? all - MAIL_NEW_MOST : 0;
}

/* The day before that of the look before by this machine's clock: what is older and was not there
 * then was put there. */
static uint32_t day_oldest(const struct mail_before *before)
{
	const time_t at = (time_t)before->at - 24 * 60 * 60;
	struct tm tm;

	return gmtime_r(&at, &tm) && tm.tm_year > 0 && tm.tm_year < 1000
		? (uint32_t)((tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday)
		: 0;
}

static int day_read(struct looking *look, const char *folder, const struct entry *entry, bool old,
	uint64_t *skip, struct error *err)
{
	struct log_end *end = &look->watch->cursor->tracking;
	struct reading reading = { .look = look,
		.form = MAILLOG_TRACKING,
		.place = PLACE_TRACKING,
		.folder = folder,
		.name = entry->name,
		.end = end,
		.anew = old };
	uint64_t bytes = fresh(end, entry);
	int ret = old
		? missed(&reading,
			  N_("%s was not there before, and is of an earlier day: what is in it may be old."),
			  err)
		: 0;

	/* A new day begins a new file: that is no loss. */
	if (end->name && !text_equal(end->name, entry->name))
		*end = (struct log_end){ 0 };
	reading.skip = *skip < bytes ? *skip : bytes;
	*skip -= reading.skip;
	return ret ? ret : log_look(&reading, err);
}

static int days_read(struct looking *look, const char *folder, const struct day *days, size_t count,
	struct error *err)
{
	const struct log_end *end = &look->watch->cursor->tracking;
	size_t first = count > MAIL_DAYS_MOST ? count - MAIL_DAYS_MOST : 0;
	uint64_t skip = too_many(end, days + first, count - first);
	uint32_t oldest = end->name ? 0 : day_oldest(look->watch->before);
	int ret = 0;

	if (end->name && (first != 0 || !text_equal(end->name, days[0].entry->name)))
		ret = missed(&(struct reading){ .look = look,
				     .place = PLACE_TRACKING,
				     .name = end->name },
			N_("%s is gone from the tracking log's folder, and what came to it after it was last read with it."),
			err);
	for (size_t i = first; ret == 0 && i < count; i++) {
		ret = day_read(look, folder, days[i].entry, days[i].number < oldest, &skip, err);
		if (look->watch->seen.places[PLACE_TRACKING] == PLACE_TROUBLE)
			break;
	}
	return ret;
}

/* Nobody knows what of it is new: what comes from now on is. */
static int from_now_on(struct looking *look, const struct day *days, size_t count,
	struct error *err)
{
	struct log_end *end = &look->watch->cursor->tracking;
	struct error why = { 0 };

	look->watch->before->tracking_unread = false;
	if (count != 0) {
		end->name = talloc_strdup(look->watch, days[count - 1].entry->name);
		end->size = days[count - 1].entry->meta.size;
		if (!end->name)
			return error_memory(err);
	}
	error_set(&why, TROUBLE_NONE,
		_("The tracking log could not be read before: only what comes to it from now on counts."));
	return mail_place(look, PLACE_TRACKING, PLACE_PARTLY, &why, err);
}

/* Where the server says it is, not where the record does: elsewhere than before, all there is may
 * be old. */
static int tracking_find(struct looking *look, struct error *err)
{
	struct mail_watch *watch = look->watch;
	struct mail_cursor *cursor = watch->cursor;
	const char *was = watch->before->tracking_folder;
	int ret = mail_tracking_folder(watch, look->server, look->survey, &cursor->tracking_folder,
		err);

	if (ret == 0 && was && cursor->tracking_folder &&
		!path_equal(was, cursor->tracking_folder)) {
		cursor->tracking = (struct log_end){ 0 };
		watch->before->tracking_unread = true;
	}
	return ret;
}

static int tracking_list(struct looking *look, struct entry_list *list, struct error *err)
{
	struct mail_cursor *cursor = look->watch->cursor;
	int ret = 0;

	*list = (struct entry_list){ 0 };
	if (!cursor->tracking_folder)
		ret = tracking_find(look, err);
	return ret == 0 && cursor->tracking_folder
		? mail_list(look->server, look->tmp, cursor->tracking_folder, list, err)
		: ret;
}

int mail_tracking_look(struct looking *look, struct error *err)
{
	struct entry_list list;
	struct day *days;
	size_t count;
	int ret = tracking_list(look, &list, err);

	if (ret < 0 && !mail_ends(ret))
		return mail_place(look, PLACE_TRACKING, PLACE_TROUBLE, err, err);
	if (ret < 0)
		return ret;
	ret = days_of(look, &list, &days, &count, err);
	if (ret == 0 && look->watch->before->tracking_unread &&
		look->watch->cursor->tracking_folder)
		return from_now_on(look, days, count, err);
	if (ret == 0 && count == 0)
		return mail_place(look, PLACE_TRACKING, PLACE_ABSENT, NULL, err);
	return ret ? ret : days_read(look, look->watch->cursor->tracking_folder, days, count, err);
}
