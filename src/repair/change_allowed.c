/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a change on record is one that this program makes, whoever wrote the record. */
#include <string.h>

#include "base/text.h"
#include "repair/change.h"

/* The entry of the article that a value below Services is; NULL if it is none of them. */
static const struct article_entry *entry_of(const char *below, const char *value)
{
	size_t count, len = strlen(below);
	const struct article_entry *rows = article_entries(&count);

	for (size_t i = 0; i < count; i++) {
		const char *key = rows[i].key, *hole = strstr(key, "%s");
		size_t front = hole ? (size_t)(hole - key) : strlen(key),
		       back = hole ? strlen(hole + 2) : 0;

		if (!text_equal(value, rows[i].value) || len < front + back ||
			!text_equal_n(below, key, front))
			continue;
		if (!hole && len == front)
			return &rows[i];
		/* The name of a PC MTA is one name. */
		if (hole && len > front + back && text_equal(below + len - back, hole + 2) &&
			!memchr(below + front, '\\', len - back - front))
			return &rows[i];
	}
	return NULL;
}

/* The id follows from key and name; it is not believed, but made again. */
static bool id_is(TALLOC_CTX *mem, const struct change *change, const char *below)
{
	char *coded =
		text_percent(mem, talloc_asprintf(mem, "%s\\%s", below, change->before.value.name));
	char *id = talloc_asprintf(mem, "registry/%s", coded ? coded : "");

	return id && !strcmp(id, change->id);
}

static bool value_fits(TALLOC_CTX *mem, const struct survey *survey, const struct change *change)
{
	const struct value_fact *before = &change->before.value, *after = &change->after.value;
	char *services = talloc_asprintf(mem, "SYSTEM\\%s\\Services\\", survey->control_set);
	const char *below = services && text_equal_n(before->key, services, strlen(services))
		? before->key + strlen(services)
		: NULL;
	const struct article_entry *entry = below ? entry_of(below, before->name) : NULL;
	struct finding finding = { .id = change->id,
		.kind = KIND_VALUE,
		.form = entry ? entry->form : PATH_PLAIN,
		.before = change->before };

	return entry && text_equal(before->key, after->key) &&
		text_equal(before->name, after->name) && id_is(mem, change, below) &&
		!plan_value_allowed(survey, &finding, after->data, NULL);
}

bool change_allowed(const struct survey *survey, const struct change *change)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	bool allowed = change->kind != KIND_VALUE || value_fits(tmp, survey, change);

	talloc_free(tmp);
	return allowed;
}
