/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "repair/stamps.h"

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"

enum { STAMP_LIMIT = 10000 };

json_t *stamps_json(const struct image_stamp *stamps, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++) {
		char hex[65], *path = text_percent(NULL, stamps[i].path);
		int failed;

		digest_text(&stamps[i].head, hex);
		failed = json_array_append_new(list,
			json_pack("{s:s, s:I, s:I, s:I, s:s}", "path", path, "size",
				(json_int_t)stamps[i].size, "mtime", (json_int_t)stamps[i].mtime,
				"inode", (json_int_t)stamps[i].inode, "sha256", hex));
		talloc_free(path);
		if (failed) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

static bool stamp_parse(TALLOC_CTX *mem, const json_t *json, struct image_stamp *stamp)
{
	const char *path = json_string_value(json_object_get(json, "path")),
		   *hex = json_string_value(json_object_get(json, "sha256"));

	*stamp = (struct image_stamp){
		.path = path ? text_unpercent(mem, path) : NULL,
		.size = (uint64_t)json_integer_value(json_object_get(json, "size")),
		.mtime = json_integer_value(json_object_get(json, "mtime")),
		.inode = (uint64_t)json_integer_value(json_object_get(json, "inode")),
	};
	return stamp->path && hex && digest_parse(hex, &stamp->head);
}

int stamps_parse(TALLOC_CTX *mem, const json_t *list, struct image_stamp **stamps, size_t *count,
	struct error *err)
{
	size_t most = json_array_size(list);
	bool proper = most <= STAMP_LIMIT;

	*count = 0;
	*stamps = memory_array(mem, sizeof **stamps, proper ? most : 0);
	if (!*stamps)
		return error_memory(err);
	for (; proper && *count < most; (*count)++)
		proper = stamp_parse(mem, json_array_get(list, *count), &(*stamps)[*count]);
	return proper ? 0
		      : error_set(err, TROUBLE_RECORD_DAMAGED,
				_("What is on record of the disk image cannot be read."));
}
