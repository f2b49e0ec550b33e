/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages and trees, to be compared. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "tests/support.h"
#include "tests/walker.h"

char *walker_tree(TALLOC_CTX *mem, const char *dir)
{
	const char *argv[] = { "sh", "-c",
		"cd \"$1\" && find . -printf '%y %p %s %T@\\n' | LC_ALL=C sort && "
		"find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum",
		"sh", dir, NULL };
	char *output = NULL;

	assert_int_equal(support_run(mem, argv, NULL, &output), 0);
	return output;
}

/* text with every place of from replaced by to. */
static char *replaced(TALLOC_CTX *mem, const char *text, const char *from, const char *to)
{
	char *out = talloc_strdup(mem, "");
	const char *at;

	while ((at = strstr(text, from)) != NULL) {
		out = talloc_asprintf_append_buffer(out, "%.*s%s", (int)(at - text), text, to);
		text = at + strlen(from);
	}
	return talloc_strdup_append_buffer(out, text);
}

/* Whether text looks like form: 9 stands for a digit, A for a capital or digit, anything else for
 * itself. */
static bool looks_like(const char *text, const char *shape)
{
	for (; *shape != '\0'; text++, shape++) {
		bool fits = *shape == '9' ? isdigit((unsigned char)*text) != 0
			: *shape == 'A'
			? isupper((unsigned char)*text) || isdigit((unsigned char)*text)
			: *text == *shape;

		if (!fits)
			return false;
	}
	return true;
}

char *walker_normal(TALLOC_CTX *mem, const struct walker *walker, const char *text)
{
	static const struct {
		const char *shape, *to;
	} shapes[] = {
		{ "99999999-999999", "19991122-093900" },
		{ "MSMC-AAAAAAAAAA", "MSMC-7K2QX9WDBN" },
		{ "9999-99-99T99:99:99Z", "1999-11-22T09:39:00Z" },
		{ " 99:99Z", " 09:39Z" },
		{ "99:99:99", "09:39:00" },
		{ "NET1/PO9/AAAAAAAAAA", "NET1/PO2/7K2QX9WDBN" },
	};
	char *out;

	if (text == NULL)
		return NULL;
	out = replaced(mem, replaced(mem, text, walker->runs, "/runs"), walker->dir, "/server");
	/* How long a message was looked for: this machine's affair. */
	for (int s = 1; s < 60; s++)
		out = replaced(mem, out, talloc_asprintf(mem, " within %d s", s), "");
	for (char *p = out; *p != '\0'; p++)
		for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
			if (looks_like(p, shapes[i].shape))
				memcpy(p, shapes[i].to, strlen(shapes[i].to));
	return out;
}

static void question_normal(TALLOC_CTX *mem, const struct walker *walker,
	const struct question *question)
{
	struct question *own = (struct question *)question;

	if (own == NULL)
		return;
	own->title = walker_normal(mem, walker, own->title);
	own->text = walker_normal(mem, walker, own->text);
}

/* Whether a test's folder lies in memory is this machine's affair. */
static void message_normal(struct page *page, const struct walker *walker)
{
	const char *kept = _(
		"The record of this run is kept in %s, on %s. It is gone when this machine is switched "
		"off; copy it to a lasting place.");
	const char *begin = talloc_asprintf(page, " %.*s", (int)strcspn(kept, "%"), kept);
	const char *memory = page->message != NULL ? strstr(page->message, begin) : NULL;

	if (memory != NULL) {
		page->message =
			talloc_strndup(page, page->message, (size_t)(memory - page->message));
		page->message_bad = false;
	}
	page->message = walker_normal(page, walker, page->message);
}

static const char *badge_normal(TALLOC_CTX *mem, const char *badge)
{
	static const struct {
		const char *shape, *to;
	} clocks[] = {
		{ "99:99Z", "09:39Z" },
		{ "99:99  ", "06:40  " },
		{ "EXAM 99:99", "EXAM 06:40" },
		{ "SERVICES DOWN 99:99", "SERVICES DOWN 00:04" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(clocks); i++)
		if (looks_like(badge, clocks[i].shape))
			return talloc_asprintf(mem, "%s%s", clocks[i].to,
				badge + strlen(clocks[i].to));
	return badge;
}

void walker_normalise(const struct walker *walker, struct page *page)
{
	page->badge = badge_normal(page, page->badge);
	page->counts = walker_normal(page, walker, page->counts);
	message_normal(page, walker);
	page->title = walker_normal(page, walker, page->title);
	page->lead = walker_normal(page, walker, page->lead);
	page->tail = walker_normal(page, walker, page->tail);
	page->coach = walker_normal(page, walker, page->coach);
	page->run = walker_normal(page, walker, page->run);
	question_normal(page, walker, page->question);
	for (size_t i = 0; i < page->row_count; i++) {
		struct row *row = (struct row *)&page->rows[i];

		for (size_t c = 0; c < page->column_count; c++)
			row->cells[c] = walker_normal(page, walker, row->cells[c]);
		for (size_t d = 0; d < row->detail_count; d++)
			((struct detail *)row->details)[d].text =
				walker_normal(page, walker, row->details[d].text);
	}
	for (size_t i = 0; i < page->action_count; i++)
		question_normal(page, walker, page->actions[i].ask);
}
