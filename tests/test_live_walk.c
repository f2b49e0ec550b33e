/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The walk over a running server, by a double: the same pages, and words that are true of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/live_double.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/reach.h"

static struct live_double live;
static struct walker *walking;

/* Instead of the one that reaches a server over the network (the linker's --wrap). */
int __wrap_reach_server(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err);
int __wrap_reach_server(TALLOC_CTX *mem, const struct options *options, struct server **server,
	struct error *err)
{
	(void)options;
	*server = live_open(mem, walking->dir, &live, err);
	return *server ? 0 : -(int)err->trouble;
}

/* ---- what every page says ---- */

/* Of a server that is off, and of its files. */
static const char *const untrue[] = { "registry file", "two readers", "SYSTEM.ALT", "olume",
	"mounted", "is off", "PRACTICE", "ON DISKS", "given as drive", "was not given",
	"when the server runs" };

static void say_true(const struct page *page, const char *text)
{
	for (size_t i = 0; text && i < ARRAY_SIZE(untrue); i++)
		if (strstr(text, untrue[i]))
			fail_msg("page %s says \"%s\": %s", page->id, untrue[i], text);
}

static void page_true(struct walker *walker, const struct page *page)
{
	const char *texts[] = { page->title, page->mode, page->lead, page->tail, page->why,
		page->help, page->message };

	(void)walker;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		say_true(page, texts[i]);
	for (size_t i = 0; i < page->action_count; i++) {
		say_true(page, page->actions[i].label);
		say_true(page, page->actions[i].hint);
	}
	for (size_t i = 0; i < page->row_count; i++) {
		for (size_t c = 0; c < page->column_count; c++)
			say_true(page, page->rows[i].cells[c]);
		for (size_t d = 0; d < page->rows[i].detail_count; d++)
			say_true(page, page->rows[i].details[d].text);
	}
}

static struct walker *walker_live(TALLOC_CTX *mem)
{
	walking = walker_new(mem, true);
	live = (struct live_double){ 0 };
	return walking;
}

static void services_start(const char *dir)
{
	static const char *const names[] = { "MSExchangeMSMI", "MTA to Vancouver PO",
		"Legacy Mail Connector" };
	struct error err;
	struct server *server = live_open(walking, dir, &live, &err);

	assert_non_null(server);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_int_equal(server->ops->service_set(server, names[i], SERVICE_RUNNING, &err),
			0);
	talloc_free(server);
}

/* ---- walks ---- */

/* Right through: no pause between carrying out and mail. */
static void to_the_report(void **state)
{
	struct walker *walker = walker_live(*state);

	walker->seen = page_true;
	assert_int_equal(walker_walk(walker, walker_right), 1);
	assert_string_equal(walker->last, "report");
	assert_null(strstr(walker->trace, "pause"));
	assert_non_null(strstr(walker->trace, "carry write"));
	assert_non_null(strstr(walker->trace, "mail mail.attest:"));
	assert_non_null(strstr(walker->trace, "oldfolder"));
}

static void put_back_from_the_walk(void **state)
{
	struct walker *walker = walker_live(*state);

	walker->seen = page_true;
	walker_walk(walker, walker_with_undo);
	assert_non_null(strstr(walker->trace, "undo"));
}

/* The title is red and counts while they are down. */
static void down_in_the_title(struct walker *walker, const struct job_state *state)
{
	bool *seen = walker->arg;

	(void)state;
	*seen |= walker->work_page && walker->work_page->alarm;
	if (*seen && walker->work_page->alarm)
		assert_non_null(strstr(walker->work_page->badge, "SERVICES DOWN"));
}

static void services_down_are_shown(void **state)
{
	struct walker *walker = walker_live(*state);
	bool seen = false;

	services_start(walker->dir);
	walker->working = down_in_the_title;
	walker->arg = &seen;
	walker_walk(walker, walker_right);
	assert_true(seen);
}

/* ---- a connection that breaks while the share is away ---- */

static bool said_first, breaks;

static void unfinished_says(struct walker *walker, const struct page *page)
{
	page_true(walker, page);
	if (strcmp(page->id, "unfinished") == 0 && page->lead)
		said_first |= strncmp(page->lead, "Services were stopped", 21) == 0;
}

/* Until it breaks, and then out. */
static void until_it_breaks(struct walker *walker, const struct page *page, struct reply *reply)
{
	bool leaves = page->question && strcmp(page->question->id, "leave") == 0;

	live.cut_replacing = breaks && !live.broken;
	if (leaves) {
		if (breaks)
			assert_non_null(strstr(page->question->text, "Services are stopped"));
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	} else if (live.broken) {
		*reply = (struct reply){ .kind = REPLY_LEAVE };
	} else {
		walker_right(walker, page, reply);
	}
}

static void resumes(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "unfinished") == 0 && !page->question) {
		walker_press(reply, "go-on");
		reply->text = "jdoe";
	} else if (page->question && strcmp(page->question->id, "unfinished.write") == 0)
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = "unfinished.write",
			.answer = "write" };
	else
		walker_right(walker, page, reply);
}

static void broken_and_resumed(void **state)
{
	struct walker *walker = walker_live(*state);

	services_start(walker->dir);
	breaks = true;
	walker_walk(walker, until_it_breaks);
	breaks = said_first = false;
	walker->seen = unfinished_says;
	walker->options.operator_name = "jsmith";
	walker_walk(walker, resumes);
	assert_true(said_first);
	assert_string_equal(walker->last, "report");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(to_the_report),
		SUPPORT_TEST(put_back_from_the_walk),
		SUPPORT_TEST(services_down_are_shown),
		SUPPORT_TEST(broken_and_resumed),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
