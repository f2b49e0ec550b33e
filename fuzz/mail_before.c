/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of what mail stood in the postoffice before. */
#include "fuzz/fuzz.h"

#include "nt/path.h"
#include "repair/step_mail.h"

static void end_holds(const struct log_end *end)
{
	must(end->tail_len <= MAIL_TAIL && end->tail_len <= end->size, "a tail is within its log");
	must(!end->name || path_name_ok(end->name), "a log is a file of its folder");
}

static void before_holds(const struct mail_before *before)
{
	for (size_t i = 1; i < before->queue_count; i++)
		must(before->queue[i - 1] < before->queue[i], "the queue is sorted, each once");
	must(before->queue_count <= MAIL_QUEUE_MOST && before->bag_count <= MAIL_BAGS_MOST,
		"there are not too many");
	must(before->maildata != NULL, "it is of some postoffice");
	end_holds(&before->sent);
	end_holds(&before->received);
	end_holds(&before->tracking);
}

static void watched(TALLOC_CTX *mem, struct mail_before *before)
{
	struct mail_watch *watch = mail_watch_new(mem, before);
	struct mail_backlog backlog;

	must(watch != NULL, "it can be watched");
	backlog = mail_watch_backlog(watch);
	must_show(mail_backlog_text(mem, &backlog));
	must_show(mail_watch_text(mem, watch));
}

static void record(TALLOC_CTX *mem, const json_t *json)
{
	struct mail_before *first, *second;
	struct error err = { 0 };
	json_t *written, *again;

	if (mail_before_parse(mem, json, &first, &err) != 0) {
		must(first == NULL, "nothing comes of what cannot be read");
		must_show(err.text);
		return;
	}
	before_holds(first);
	written = mail_before_json(first);
	must(written && mail_before_parse(mem, written, &second, &err) == 0,
		"what was written can be read");
	again = mail_before_json(second);
	must(json_equal(written, again), "a record comes back as it was");
	json_decref(written);
	json_decref(again);
	watched(mem, first);
}

int fuzz_mail_before(const uint8_t *bytes, size_t len)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	json_t *json = json_loadb((const char *)bytes, len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);

	if (json)
		record(mem, json);
	json_decref(json);
	talloc_free(mem);
	return 0;
}
