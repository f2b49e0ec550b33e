/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the relocated postoffice and at the ends of its logs, by folder listings and the
 * text logs alone. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "repair/step_mail_internal.h"

/* Of every Exchange server that tracks messages (Q169770). */
#define TRACKING "tracking.log"

enum { MAI_FOLDERS = 16, MAI_DIGITS = 8 };

bool mail_ends(int ret)
{
	return ret == -TROUBLE_MEMORY || ret == -TROUBLE_UNREACHABLE || ret == -TROUBLE_STOPPED;
}

int mail_tell(const struct mail_told *told, const char *what, struct error *err)
{
	if (!told->tell || told->tell(told->arg, what) == 0)
		return 0;
	return error_set(err, TROUBLE_STOPPED, _("The look at mail flow was stopped."));
}

int mail_list(struct server *server, TALLOC_CTX *mem, const char *folder, struct entry_list *list,
	struct error *err)
{
	int ret = folder ? server->ops->list(server, mem, folder, list, err) : error_memory(err);

	if (ret == 0)
		return 1;
	*list = (struct entry_list){ 0 };
	return ret == -TROUBLE_NOT_THERE ? 0 : ret;
}

/* ---- messages: MAI\MA<last digit>\nnnnnnnn.MAI (Q87409) ---- */

static bool mai_number(const char *name, uint32_t *number)
{
	if (strspn(name, TEXT_HEX_DIGITS) != MAI_DIGITS || !text_equal(name + MAI_DIGITS, ".MAI"))
		return false;
	*number = (uint32_t)strtoul(name, NULL, 16);
	return true;
}

static int number_compare(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

/* A name is enough: nobody opens them. */
static int queue_add(TALLOC_CTX *mem, struct mail_queue *queue, const struct entry_list *list,
	struct error *err)
{
	for (size_t i = 0; i < list->count; i++) {
		uint32_t number, *added;

		if (list->entries[i].meta.kind == ENTRY_FOLDER ||
			!mai_number(list->entries[i].name, &number))
			continue;
		if (queue->count >= MAIL_QUEUE_MOST) {
			queue->cut = true;
			return 0;
		}
		added = memory_more(mem, &queue->numbers, queue->count, sizeof *queue->numbers);
		if (!added)
			return error_memory(err);
		*added = number;
		queue->count++;
	}
	return 0;
}

static void queue_sort(struct mail_queue *queue)
{
	size_t kept = 0;

	if (queue->count > 1)
		qsort(queue->numbers, queue->count, sizeof *queue->numbers, number_compare);
	for (size_t i = 0; i < queue->count; i++)
		if (i == 0 || queue->numbers[i] != queue->numbers[kept - 1])
			queue->numbers[kept++] = queue->numbers[i];
	queue->count = kept;
}

int mail_queue_list(TALLOC_CTX *mem, struct server *server, const char *maildata,
	const struct mail_told *told, struct mail_queue *queue, struct error *err)
{
	int ret = 0;

	*queue = (struct mail_queue){ 0 };
	for (unsigned i = 0; ret == 0 && i < MAI_FOLDERS; i++) {
		TALLOC_CTX *tmp = talloc_new(mem);
		struct entry_list list;

		ret = mail_list(server, tmp, talloc_asprintf(tmp, "%s\\MAI\\MA%X", maildata, i),
			&list, err);
		queue->found = queue->found || ret == 1;
		ret = ret < 0 ? ret : queue_add(mem, queue, &list, err);
		if (ret == 0)
			ret = mail_tell(told, _("Looking at the postoffice"), err);
		talloc_free(tmp);
	}
	queue_sort(queue);
	return ret;
}

/* ---- mailbags: names, sizes and times; nobody opens them either ---- */

static int bags_take(struct mail_before *before, struct server *server, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(before);
	struct entry_list list;
	int ret = mail_list(server, tmp, talloc_asprintf(tmp, "%s\\MBG", before->maildata), &list,
		err);

	for (size_t i = 0; ret == 1 && i < list.count && before->bag_count < MAIL_BAGS_MOST; i++) {
		const struct entry *entry = &list.entries[i];
		struct mail_bag *bag;

		if (entry->meta.kind != ENTRY_FILE || strlen(entry->name) >= sizeof bag->name ||
			!text_ends(entry->name, ".MBG"))
			continue;
		bag = memory_more(before, &before->bags, before->bag_count, sizeof *bag);
		if (!bag) {
			ret = error_memory(err);
			break;
		}
		strcpy(bag->name, entry->name);
		bag->size = entry->meta.size;
		bag->mtime = entry->meta.mtime;
		before->bag_count++;
	}
	talloc_free(tmp);
	return ret < 0 ? ret : 0;
}

/* ---- ends of logs ---- */

const struct entry *mail_log_find(const struct entry_list *list, enum maillog_form form)
{
	const struct entry *best = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct entry *entry = &list->entries[i];
		enum maillog_form found;

		if (entry->meta.kind != ENTRY_FOLDER && maillog_pcmta_name(entry->name, &found) &&
			found == form && (!best || entry->meta.mtime > best->meta.mtime))
			best = entry;
	}
	return best;
}

uint64_t mail_lines(const uint8_t *bytes, size_t len)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < len; i++)
		lines += bytes[i] == '\n';
	return lines;
}

/* Its last bytes, or all of a small one, whose lines are counted. */
static int end_read(struct server *server, const char *path, struct log_end *end, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct server_file *file;
	uint64_t size = 0, from;
	uint8_t *bytes = NULL;
	size_t got = 0;
	int ret = path ? server->ops->file_open(server, tmp, path, &file, &size, err)
		       : error_memory(err);

	from = size <= MAIL_COUNTED ? 0 : size - MAIL_TAIL;
	if (ret == 0) {
		bytes = memory_array(tmp, 1, (size_t)(size - from));
		ret = bytes ? server->ops->file_read(file, from, bytes, (size_t)(size - from), &got,
				      err)
			    : error_memory(err);
	}
	if (ret == 0) {
		end->size = from + got;
		end->lines = from == 0 ? mail_lines(bytes, got) : 0;
		end->tail_len = got < MAIL_TAIL ? got : MAIL_TAIL;
		memcpy(end->tail, bytes + got - end->tail_len, end->tail_len);
	}
	talloc_free(tmp);
	return ret;
}

/* Where a log ends. One that vanished since its folder was listed has no end; of one that cannot be
 * read the list tells it, and it is known again by its size alone. entry NULL: there is none. */
static int end_take(struct mail_before *before, struct server *server, const char *folder,
	const struct entry *entry, struct log_end *end, struct error *err)
{
	char *path = entry ? path_join(before, folder, entry->name) : NULL;
	int ret;

	if (!entry)
		return 0;
	end->size = entry->meta.size;
	ret = end_read(server, path, end, err);
	if (ret == -TROUBLE_NOT_THERE || mail_ends(ret))
		return mail_ends(ret) ? ret : 0;
	end->name = talloc_strdup(before, entry->name);
	return end->name ? 0 : error_memory(err);
}

static int pcmta_ends(struct mail_before *before, struct server *server, struct error *err)
{
	char *folder = talloc_asprintf(before, "%s\\LOG", before->maildata);
	struct entry_list list;
	int ret = mail_list(server, before, folder, &list, err);

	if (ret != 1)
		return mail_ends(ret) ? ret : 0;
	ret = end_take(before, server, folder, mail_log_find(&list, MAILLOG_SENT), &before->sent,
		err);
	return ret ? ret
		   : end_take(before, server, folder, mail_log_find(&list, MAILLOG_RECEIVED),
			     &before->received, err);
}

/* ---- the tracking log ---- */

int mail_tracking_folder(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	char **folder, struct error *err)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct share *share = NULL;
	bool found = false;
	int ret = server->ops->share_get(server, tmp, TRACKING, &share, err);

	*folder = share ? path_normal(mem, share->path) : NULL;
	if (ret == 0 && !*folder && survey->exchange_root)
		*folder = path_join(mem, survey->exchange_root, TRACKING);
	if (ret == 0 && *folder)
		ret = server->ops->file_stat(server, tmp, *folder, &found, NULL, NULL, err);
	if (!found)
		TALLOC_FREE(*folder);
	talloc_free(tmp);
	return ret == -TROUBLE_NOT_THERE ? 0 : ret;
}

/* The newest of them, by name. */
static const struct entry *newest_day(const struct entry_list *list)
{
	const struct entry *newest = NULL;
	uint32_t last = 0, day;

	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].meta.kind != ENTRY_FOLDER &&
			maillog_tracking_name(list->entries[i].name, &day) && day > last) {
			newest = &list->entries[i];
			last = day;
		}
	return newest;
}

/* Where it cannot be looked at, that is remembered: later nobody knows what is new in it. */
static int tracking_end(struct mail_before *before, struct server *server,
	const struct survey *survey, struct error *err)
{
	struct entry_list list = { 0 };
	int ret = mail_tracking_folder(before, server, survey, &before->tracking_folder, err);

	if (ret == 0 && before->tracking_folder)
		ret = mail_list(server, before, before->tracking_folder, &list, err);
	before->tracking_unread = ret < 0;
	if (ret < 0)
		return mail_ends(ret) ? ret : 0;
	return end_take(before, server, before->tracking_folder, newest_day(&list),
		&before->tracking, err);
}

/* ---- the event log: no record is above the last number there can be, so none is read ---- */

static int no_event(void *arg, const struct evt_record *record, struct error *err)
{
	(void)arg, (void)record, (void)err;
	return 0;
}

static int events_end(struct mail_before *before, struct server *server, struct error *err)
{
	struct event_log log = { 0 };
	int ret = server->ops->events(server, "Application", UINT32_MAX, no_event, NULL, &log, err);

	before->events_found = ret == 0 && log.found;
	before->last_event = before->events_found ? log.newest : 0;
	return mail_ends(ret) ? ret : 0;
}

/* ---- all of it ---- */

static int queue_take(struct mail_before *before, struct server *server,
	const struct mail_told *told, struct error *err)
{
	struct mail_queue queue;
	int ret = mail_queue_list(before, server, before->maildata, told, &queue, err);

	before->queue = queue.numbers;
	before->queue_count = queue.count;
	before->queue_cut = queue.cut;
	return ret;
}

/* The queue is what all stands on; of what else cannot be looked at a look says so. */
static int before_fill(struct mail_before *before, struct server *server,
	const struct survey *survey, const struct mail_told *told, struct error *err)
{
	int ret = queue_take(before, server, told, err);

	if (ret == 0)
		ret = bags_take(before, server, err);
	if (ret == 0)
		ret = mail_tell(told, _("Looking at where the logs end"), err);
	if (ret == 0)
		ret = pcmta_ends(before, server, err);
	if (ret == 0)
		ret = tracking_end(before, server, survey, err);
	if (ret == 0)
		ret = events_end(before, server, err);
	return ret;
}

int mail_before_take(TALLOC_CTX *mem, struct server *server, const struct survey *survey,
	int (*tell)(void *arg, const char *what), void *arg, struct mail_before **out,
	struct error *err)
{
	struct mail_before *before = talloc_zero(mem, struct mail_before);
	int ret;

	*out = NULL;
	if (!before)
		return error_memory(err);
	before->at = (int64_t)time(NULL);
	before->maildata = survey->relocated_msmcon
		? path_join(before, survey->relocated_msmcon, "Maildata")
		: NULL;
	ret = before->maildata
		? before_fill(before, server, survey, &(struct mail_told){ tell, arg }, err)
		: error_set(err, TROUBLE_NO_RELOCATED,
			  _("No relocated postoffice is known, so nobody can see what stands in it."));
	if (ret != 0)
		talloc_free(before);
	else
		*out = before;
	return ret;
}
