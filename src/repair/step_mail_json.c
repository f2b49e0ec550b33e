/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stood there before, for the run folder and back. Nothing of it is taken on trust. */
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "nt/path.h"
#include "repair/step_mail.h"

enum { NAME_MOST = 64, BAG_NAME_MOST = 12, FORMAT = 1 };

/* ---- out ---- */

static json_t *coded(const char *text)
{
	char *percent = text ? text_percent(NULL, text) : NULL;
	json_t *json = percent ? json_string(percent) : json_null();

	talloc_free(percent);
	return json;
}

static json_t *end_json(const struct log_end *end)
{
	char *tail = end->name ? text_hex(NULL, end->tail, end->tail_len) : NULL;
	json_t *json = tail
		? json_pack("{s:o, s:I, s:I, s:s}", "name", coded(end->name), "size",
			  (json_int_t)end->size, "lines", (json_int_t)end->lines, "tail", tail)
		: json_null();

	talloc_free(tail);
	return json;
}

static json_t *queue_json(const struct mail_before *before)
{
	json_t *queue = json_array();

	for (size_t i = 0; i < before->queue_count; i++)
		json_array_append_new(queue, json_integer(before->queue[i]));
	return queue;
}

static json_t *bags_json(const struct mail_before *before)
{
	json_t *bags = json_array();

	for (size_t i = 0; i < before->bag_count; i++)
		json_array_append_new(bags,
			json_pack("{s:o, s:I, s:I}", "name", coded(before->bags[i].name), "size",
				(json_int_t)before->bags[i].size, "mtime",
				(json_int_t)before->bags[i].mtime));
	return bags;
}

json_t *mail_before_json(const struct mail_before *before)
{
	return json_pack("{s:i, s:I, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:b}",
		"format", FORMAT, "at", (json_int_t)before->at, "maildata", coded(before->maildata),
		"queue", queue_json(before), "queue_cut", before->queue_cut, "bags",
		bags_json(before), "sent", end_json(&before->sent), "received",
		end_json(&before->received), "tracking", end_json(&before->tracking),
		"tracking_folder", coded(before->tracking_folder), "tracking_unread",
		before->tracking_unread, "last_event", (json_int_t)before->last_event,
		"events_found", before->events_found);
}

/* ---- and back ---- */

static bool read_number(const json_t *json, const char *member, json_int_t most, json_int_t *number)
{
	const json_t *value = json_object_get(json, member);

	*number = json_integer_value(value);
	return json_is_integer(value) && *number >= 0 && *number <= most;
}

/* null is NULL. */
static bool read_text(TALLOC_CTX *mem, const json_t *json, const char *member, size_t most,
	char **text)
{
	const json_t *value = json_object_get(json, member);

	*text = json_is_string(value) ? text_unpercent(mem, json_string_value(value)) : NULL;
	return json_is_null(value) || (*text && strlen(*text) <= most);
}

/* A full path as this program writes them. */
static bool read_folder(TALLOC_CTX *mem, const json_t *json, const char *member, char **folder)
{
	char *normal;

	if (!read_text(mem, json, member, UINT16_MAX, folder))
		return false;
	normal = *folder ? path_normal(mem, *folder) : NULL;
	return !*folder || (normal && strcmp(normal, *folder) == 0);
}

/* The name of a file, not a way out of its folder. */
static bool read_end(TALLOC_CTX *mem, const json_t *json, const char *member, struct log_end *end)
{
	const json_t *value = json_object_get(json, member);
	const char *hex = json_string_value(json_object_get(value, "tail"));
	json_int_t size, lines;
	uint8_t *tail;

	if (json_is_null(value))
		return true;
	if (!read_text(mem, value, "name", NAME_MOST, &end->name) || !end->name ||
		!path_name_ok(end->name) || !read_number(value, "size", INT64_MAX, &size) ||
		!read_number(value, "lines", size, &lines) || !hex ||
		strlen(hex) > 2 * (size_t)MAIL_TAIL)
		return false;
	tail = text_unhex(mem, hex, &end->tail_len);
	if (!tail || (json_int_t)end->tail_len > size)
		return false;
	memcpy(end->tail, tail, end->tail_len);
	end->size = (uint64_t)size;
	end->lines = (uint64_t)lines;
	return true;
}

/* In order, each once: a look goes through them so. */
static bool read_queue(struct mail_before *before, const json_t *json)
{
	const json_t *queue = json_object_get(json, "queue");
	size_t count = json_array_size(queue);

	if (!json_is_array(queue) || count > MAIL_QUEUE_MOST)
		return false;
	before->queue = memory_array(before, sizeof *before->queue, count);
	for (size_t i = 0; before->queue && i < count; i++) {
		const json_t *value = json_array_get(queue, i);
		json_int_t number = json_integer_value(value);

		if (!json_is_integer(value) || number < 0 || number > UINT32_MAX ||
			(i > 0 && number <= before->queue[i - 1]))
			return false;
		before->queue[i] = (uint32_t)number;
		before->queue_count++;
	}
	return before->queue;
}

static bool read_bag(struct mail_before *before, const json_t *json, struct mail_bag *bag)
{
	const json_t *mtime = json_object_get(json, "mtime");
	json_int_t size;
	char *name;

	if (!read_text(before, json, "name", BAG_NAME_MOST, &name) || !name ||
		!read_number(json, "size", INT64_MAX, &size) || !json_is_integer(mtime))
		return false;
	strcpy(bag->name, name);
	bag->size = (uint64_t)size;
	bag->mtime = json_integer_value(mtime);
	return true;
}

static bool read_bags(struct mail_before *before, const json_t *json)
{
	const json_t *bags = json_object_get(json, "bags");
	size_t count = json_array_size(bags);

	if (!json_is_array(bags) || count > MAIL_BAGS_MOST)
		return false;
	before->bags = memory_array_zero(before, sizeof *before->bags, count);
	for (size_t i = 0; before->bags && i < count; i++) {
		if (!read_bag(before, json_array_get(bags, i), &before->bags[i]))
			return false;
		before->bag_count++;
	}
	return before->bags;
}

static bool read_all(struct mail_before *before, const json_t *json)
{
	json_int_t format, last, at;

	if (!read_number(json, "format", FORMAT, &format) || format != FORMAT ||
		!read_number(json, "at", INT64_MAX, &at) ||
		!read_number(json, "last_event", UINT32_MAX, &last) ||
		!read_folder(before, json, "maildata", &before->maildata) || !before->maildata ||
		!read_folder(before, json, "tracking_folder", &before->tracking_folder))
		return false;
	before->at = at;
	before->last_event = (uint32_t)last;
	before->queue_cut = json_is_true(json_object_get(json, "queue_cut"));
	before->tracking_unread = json_is_true(json_object_get(json, "tracking_unread"));
	before->events_found = json_is_true(json_object_get(json, "events_found"));
	return read_queue(before, json) && read_bags(before, json) &&
		read_end(before, json, "sent", &before->sent) &&
		read_end(before, json, "received", &before->received) &&
		read_end(before, json, "tracking", &before->tracking);
}

int mail_before_parse(TALLOC_CTX *mem, const json_t *json, struct mail_before **out,
	struct error *err)
{
	struct mail_before *before = talloc_zero(mem, struct mail_before);

	*out = before;
	if (!before)
		return error_memory(err);
	if (read_all(before, json))
		return 0;
	TALLOC_FREE(*out);
	return error_set(err, TROUBLE_RECORD_DAMAGED,
		_("The record of what stood in the postoffice before cannot be read."));
}
