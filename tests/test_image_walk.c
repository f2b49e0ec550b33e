/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A server inside disk images in the walk: how it is named, the letters that nobody knows, and the
 * end of what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/gallery.h"
#include "tests/image_double.h"
#include "tests/support.h"

/* What is said, one after the other, each on its page; a row by its place. */
struct said {
	const char *page, *action, *text, *answer;
	size_t row;
};

struct script {
	const struct said *said;
	size_t count, at;
	struct gallery *gallery;
	char *told; /* server, mode, title, message and lead of each page */
};

static struct walker *image_walker(TALLOC_CTX *mem, const char *image)
{
	struct walker *walker = walker_new(mem, false);

	image_double = (struct image_double){ .dir = walker->dir };
	walker->options.practice = false;
	walker->options.practice_case = NULL;
	walker->options.letters_confirmed = true;
	walker->options.image = image;
	return walker;
}

/* Says the next thing where it belongs; leaves when all is said. */
static void say_next(struct walker *walker, const struct page *page, struct reply *reply)
{
	struct script *script = walker->arg;
	const struct said *said = &script->said[script->at];

	script->told = talloc_asprintf_append(script->told, "%s|%s|%s|%s|%s%s\n", page->server,
		page->mode ? page->mode : "", page->title, page->message ? page->message : "",
		page->lead ? page->lead : "", page->tail ? page->tail : "");
	reply->final = true;
	if (script->at >= script->count)
		return;
	assert_string_equal(page->id, said->page);
	script->at++;
	if (said->action && strcmp(said->action, "put-back") == 0) {
		reply->kind = REPLY_UNDO;
	} else if (said->action) {
		walker_press(reply, said->action);
	} else {
		assert_non_null(page->question);
		reply->kind = REPLY_ANSWER;
		reply->id = page->question->id;
	}
	reply->text = said->text;
	reply->answer = said->answer;
	reply->cursor = said->row;
}

static struct script *script_walk(struct walker *walker, walker_answer *answer,
	const struct said *said, size_t count)
{
	struct script *script = talloc_zero(walker, struct script);

	script->said = said;
	script->count = count;
	script->told = talloc_strdup(script, "");
	script->gallery = gallery_new(script);
	walker->arg = script;
	walker_walk(walker, answer);
	assert_int_equal(script->at, count);
	assert_int_equal(script->gallery->wrong, 0);
	return script;
}
#define WALK(walker, said) script_walk(walker, say_next, said, ARRAY_SIZE(said))

static void told(const struct script *script, const char *text)
{
	if (!strstr(script->told, text))
		fail_msg("\"%s\" is not in:\n%s", text, script->told);
}

/* The pages that only an image has. */
static void golden(struct walker *walker, const struct page *page)
{
	const struct script *script = walker->arg;

	if (!page->question &&
		(strcmp(page->id, "letters") == 0 || strcmp(page->id, "ending") == 0))
		gallery_seen(script->gallery, walker, page);
}

/* ---- the way in ---- */

static void an_image_is_named_on_the_first_page(void **state)
{
	static const struct said said[] = {
		{ .page = "reach", .action = "image", .text = "/vm/used.qcow2" },
		{ .page = "reach", .text = "/vm/sys.vmdk,/vm/data.qcow2" },
	};
	struct walker *walker = image_walker(*state, NULL);
	struct script *script = WALK(walker, said);

	assert_string_equal(walker->last, "diagnosis");
	told(script, "A virtual machine has /vm/used.qcow2 open.");
	told(script, "MAIL1 (image)|IMAGE|");
	told(script, "the image changes only when you commit");
	assert_int_equal(image_double.opened, 1);
	assert_int_equal(image_double.closed, 1);
}

static void letters_are_asked_for_and_never_guessed(void **state)
{
	static const struct said said[] = {
		{ .page = "letters", .action = "continue" },
		{ .page = "letters", .action = "letter", .row = 0 },
		{ .page = "letters", .text = "5" },
		{ .page = "letters", .action = "letter", .row = 3 },
		{ .page = "letters", .action = "letter", .row = 0 },
		{ .page = "letters", .text = "c:" },
		{ .page = "letters", .action = "letter", .row = 1 },
		{ .page = "letters", .text = "C" },
		{ .page = "letters", .action = "letter", .row = 1 },
		{ .page = "letters", .text = "F" },
		{ .page = "letters", .action = "letter", .row = 1 },
		{ .page = "letters", .text = "-" },
		{ .page = "letters", .action = "letter", .row = 1 },
		{ .page = "letters", .text = "e" },
		{ .page = "letters", .action = "continue" },
	};
	struct walker *walker = image_walker(*state, "/vm/two.vmdk");
	struct script *script;

	walker->seen = golden;
	script = WALK(walker, said);
	assert_string_equal(walker->last, "diagnosis");
	told(script, "|Nobody knows which drive 1.1 is.");
	told(script, "|That is no drive letter.");
	told(script, "|Drive C: is partition 1.1 already.");
	told(script, "|Partition 2.3 cannot be opened here");
	assert_string_equal(image_double.letters, "C=1.1 E=2.1");
	assert_int_equal(image_double.opened, 1);
}

static void back_from_there_closes_the_image(void **state)
{
	static const struct said said[] = {
		{ .page = "letters", .action = "back" },
		{ .page = "reach", .action = "image", .text = "/vm/sys.vmdk" },
	};
	struct walker *walker = image_walker(*state, "/vm/two.vmdk");

	WALK(walker, said);
	assert_string_equal(walker->last, "diagnosis");
	assert_int_equal(image_double.opened, 2);
	assert_int_equal(image_double.closed, 2);
}

/* ---- the end ---- */

/* The right way as far as the end; there, and on what follows, what the script says. */
static void to_the_end(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "ending") == 0 || strcmp(page->id, "pause") == 0 ||
		strcmp(page->id, "undo") == 0 || strcmp(page->id, "report") == 0 ||
		strcmp(page->id, "unfinished") == 0)
		say_next(walker, page, reply);
	else
		walker_right(walker, page, reply);
}

#define END(walker, said) script_walk(walker, to_the_end, said, ARRAY_SIZE(said))

static void nothing_is_decided_by_leaving(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "read" },
		{ .page = "ending", .action = "commit" },
		{ .page = "ending", .action = "drop", .answer = "not-yet" },
		{ .page = "ending", .action = "later" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");
	struct script *script;

	walker->seen = golden;
	script = END(walker, said);
	assert_string_equal(walker->last, "ending");
	told(script, "Written into an overlay");
	told(script, "the image has not been changed by it");
	assert_int_equal(image_double.committed + image_double.dropped, 0);
}

static void it_is_committed_under_the_servers_name_alone(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "commit", .text = "MAIL2" },
		{ .page = "ending", .action = "commit", .text = "MAIL1" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");

	END(walker, said);
	assert_string_equal(walker->last, "pause");
	assert_int_equal(image_double.committed, 1);
}

static void kept_it_is_what_the_machine_is_started_from(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "keep" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");
	struct script *script = END(walker, said);

	assert_string_equal(walker->last, "pause");
	assert_null(strstr(script->told, "put the disks back"));
	told(script, "virtual machine");
	assert_int_equal(image_double.committed + image_double.dropped, 0);
}

static void thrown_away_it_never_was(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "drop", .answer = "drop" },
		{ .page = "report", .action = "quit" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");
	char *drive = talloc_asprintf(walker, "%s/E", walker->dir),
	     *before = walker_tree(walker, drive);

	END(walker, said);
	assert_int_equal(image_double.dropped, 1);
	assert_true(strcmp(walker_tree(walker, drive), before) == 0);
}

/* The undo of what was committed stands in an overlay of its own, and asks as the repair did. */
static void put_back_it_waits_for_its_end(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "commit", .text = "MAIL1" },
		{ .page = "pause", .action = "put-back" },
		{ .page = "undo", .action = "undo" },
		{ .page = "ending", .action = "drop", .answer = "drop" },
		{ .page = "unfinished", .action = "undo" },
		{ .page = "undo", .action = "undo" },
		{ .page = "ending", .action = "commit", .text = "MAIL1" },
		{ .page = "unfinished", .action = "quit" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");
	struct script *script = END(walker, said);

	told(script, "Put back in an overlay. What becomes of it?");
	told(script, "the repair stands as before");
	told(script, "what was put back stands");
	assert_int_equal(image_double.committed, 2);
	assert_int_equal(image_double.dropped, 1);
}

static void an_undo_that_is_left_waits_with_its_commands(void **state)
{
	static const struct said said[] = {
		{ .page = "ending", .action = "commit", .text = "MAIL1" },
		{ .page = "pause", .action = "put-back" },
		{ .page = "undo", .action = "undo" },
		{ .page = "ending", .action = "later" },
	};
	struct walker *walker = image_walker(*state, "/vm/sys.vmdk");

	END(walker, said);
	assert_string_equal(walker->last, "ending");
	assert_non_null(strstr(walker->left, " --yes --server MAIL1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(an_image_is_named_on_the_first_page),
		SUPPORT_TEST(letters_are_asked_for_and_never_guessed),
		SUPPORT_TEST(back_from_there_closes_the_image),
		SUPPORT_TEST(nothing_is_decided_by_leaving),
		SUPPORT_TEST(it_is_committed_under_the_servers_name_alone),
		SUPPORT_TEST(kept_it_is_what_the_machine_is_started_from),
		SUPPORT_TEST(thrown_away_it_never_was),
		SUPPORT_TEST(put_back_it_waits_for_its_end),
		SUPPORT_TEST(an_undo_that_is_left_waits_with_its_commands),
	};

	support_locale();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
