/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One look after another at what has come since; what cannot be looked at is said, not failed
 * over. */
#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "repair/step_mail_internal.h"

/* ---- the queue ---- */

/* What is in a and not in b, both sorted. Owned by the watch. */
static bool lacking(TALLOC_CTX *mem, const struct mail_queue *a, const struct mail_queue *b,
	uint32_t **out, size_t *count)
{
	size_t k = 0;

	talloc_free(*out);
	*count = 0;
	*out = memory_array(mem, sizeof **out, a->count);
	for (size_t i = 0; *out && i < a->count; i++) {
		while (k < b->count && b->numbers[k] < a->numbers[i])
			k++;
		if (k == b->count || b->numbers[k] != a->numbers[i])
			(*out)[(*count)++] = a->numbers[i];
	}
	return *out;
}

/* Since when fewer of them were there than ever. */
static void drains(struct looking *look)
{
	struct mail_cursor *cursor = look->watch->cursor;

	if (cursor->drain_since == 0 || look->watch->waiting < cursor->fewest) {
		cursor->fewest = look->watch->waiting;
		cursor->drain_since = look->monotonic;
	}
}

static int queue_compare(struct looking *look, const struct mail_queue *now, struct error *err)
{
	struct mail_watch *watch = look->watch;
	const struct mail_queue was = { .numbers = watch->before->queue,
		.count = watch->before->queue_count };
	struct mail_seen *seen = &watch->seen;
	struct error why = { 0 };

	if (!lacking(watch, &was, now, &seen->gone, &seen->gone_count) ||
		!lacking(watch, now, &was, &seen->come, &seen->come_count))
		return error_memory(err);
	seen->stood = was.numbers;
	seen->stood_count = was.count;
	watch->queue = now->count;
	watch->waiting = was.count - seen->gone_count;
	drains(look);
	if (!now->cut && !watch->before->queue_cut)
		return mail_place(look, PLACE_QUEUE, PLACE_SEEN, NULL, err);
	error_set(&why, TROUBLE_NONE,
		_("There are more than %d messages in the postoffice: not all of them are told apart."),
		MAIL_QUEUE_MOST);
	return mail_place(look, PLACE_QUEUE, PLACE_PARTLY, &why, err);
}

static int queue_look(struct looking *look, struct error *err)
{
	struct mail_queue now;
	int ret = mail_queue_list(look->tmp, look->server, look->watch->before->maildata,
		&look->told, &now, err);

	if (ret != 0)
		return mail_ends(ret) ? ret
				      : mail_place(look, PLACE_QUEUE, PLACE_TROUBLE, err, err);
	if (!now.found && look->watch->before->queue_count == 0)
		return mail_place(look, PLACE_QUEUE, PLACE_ABSENT, NULL, err);
	return queue_compare(look, &now, err);
}

/* ---- mailboxes of a practice server ---- */

/* Whose address it is; NULL: nobody's. */
static const struct mail_box *box_of(const struct mail_boxes *boxes, const char *address)
{
	for (size_t i = 0; i < boxes->count; i++)
		if (mail_address_same(address, boxes->boxes[i].address))
			return &boxes->boxes[i];
	return NULL;
}

struct arriving {
	TALLOC_CTX *mem, *tmp;
	struct server *server;
	struct mail_boxes boxes;
	bool *read; /* one a box */
	struct mail_arrival *arrivals;
	size_t count;
};

static int box_read(struct arriving *arriving, const char *address, struct error *err)
{
	const struct mail_box *box = box_of(&arriving->boxes, address);
	struct mail_letters letters = { 0 };
	int ret;

	if (!box || arriving->read[box - arriving->boxes.boxes])
		return 0;
	arriving->read[box - arriving->boxes.boxes] = true;
	ret = arriving->server->ops->mail_read(arriving->server, arriving->mem, box, &letters, err);
	for (size_t i = 0; ret == 0 && i < letters.count; i++) {
		const struct mail_letter *letter = &letters.letters[i];
		struct mail_arrival *added = memory_more(arriving->mem, &arriving->arrivals,
			arriving->count, sizeof *added);

		if (!added)
			return error_memory(err);
		*added = (struct mail_arrival){ .box = box->address,
			.from = letter->from,
			.subject = letter->subject,
			.report = letter->report,
			.sent = letter->sent };
		arriving->count++;
	}
	return ret;
}

static int boxes_read(struct arriving *arriving, const struct evidence_list *list,
	struct error *err)
{
	int ret = arriving->server->ops->mail_boxes(arriving->server, arriving->mem,
		&arriving->boxes, err);

	if (ret != 0)
		return ret;
	arriving->read =
		memory_array_zero(arriving->tmp, sizeof *arriving->read, arriving->boxes.count);
	ret = arriving->read ? 0 : error_memory(err);
	for (size_t i = 0; ret == 0 && i < list->count; i++) {
		const struct evidence *row = &list->rows[i];

		if (row->sent == 0 || !row->from || !row->to)
			continue;
		ret = box_read(arriving, row->from, err);
		if (ret == 0)
			ret = box_read(arriving, row->to, err);
	}
	return ret;
}

int mail_arrivals(TALLOC_CTX *mem, struct mail_watch *watch, struct server *server,
	const struct evidence_list *list, struct mail_arrival **arrivals, size_t *count,
	struct error *err)
{
	struct looking look = { .watch = watch };
	struct arriving arriving = { .mem = mem, .server = server };
	int ret;

	*arrivals = NULL;
	*count = 0;
	if (!(server->caps & SERVER_MAIL))
		return mail_place(&look, PLACE_MAILBOX, PLACE_ABSENT, NULL, err);
	arriving.tmp = talloc_new(mem);
	ret = boxes_read(&arriving, list, err);
	talloc_free(arriving.tmp);
	if (ret != 0)
		return mail_ends(ret) ? ret
				      : mail_place(&look, PLACE_MAILBOX, PLACE_TROUBLE, err, err);
	*arrivals = arriving.arrivals;
	*count = arriving.count;
	return mail_place(&look, PLACE_MAILBOX, PLACE_SEEN, NULL, err);
}

/* ---- a look ---- */

static int look_all(struct looking *look, struct error *err)
{
	int ret = queue_look(look, err);

	if (ret == 0)
		ret = mail_tell(&look->told, _("Reading what is new in the logs"), err);
	if (ret == 0)
		ret = mail_logs_look(look, err);
	if (ret == 0)
		ret = mail_tracking_look(look, err);
	if (ret == 0)
		ret = mail_tell(&look->told, _("Reading what is new in the event log"), err);
	if (ret == 0)
		ret = mail_events_look(look, err);
	return ret ? ret : mail_facts_make(look, err);
}

int mail_look(struct mail_watch *watch, struct server *server, const struct survey *survey,
	int64_t monotonic, int (*tell)(void *arg, const char *what), void *arg, struct error *err)
{
	struct looking look = { .tmp = talloc_new(watch),
		.watch = watch,
		.server = server,
		.survey = survey,
		.monotonic = monotonic < 1 ? 1 : monotonic,
		.told = { tell, arg } };
	int ret;

	if (!look.tmp)
		return error_memory(err);
	watch->seen.at = (int64_t)time(NULL);
	ret = look_all(&look, err);
	talloc_free(look.tmp);
	if (ret == 0) {
		watch->cursor->looked = watch->seen.at;
		watch->looks++;
	}
	return ret;
}
