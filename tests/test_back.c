/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way back in and out of a walk: resumed at each page, Back after that, what is asked once and
 * what is kept, step 5. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "record/journal.h"
#include "run/resume.h"
#include "tests/support.h"
#include "tests/walker.h"
#include "ui/guide/journal.h"
#include "ui/reach.h"

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (; (text = strstr(text, word)) != NULL; text++)
		n++;
	return n;
}

static const struct action *action_of(const struct page *page, const char *id)
{
	for (size_t i = 0; i < page->action_count; i++)
		if (strcmp(page->actions[i].id, id) == 0)
			return &page->actions[i];
	return NULL;
}

static bool asks(const struct page *page, const char *question)
{
	return page->question && strcmp(page->question->id, question) == 0;
}

/* ---- resumed, and back ---- */

/* Leaves for good at the page of that name. */
static void leave_at(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (asks(page, "leave"))
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	else if (strcmp(page->id, walker->arg) != 0 || page->question)
		walker_right(walker, page, reply);
}

/* Resumes with the name that is proposed, then Back until there is no page before. */
static void resume_and_back(struct walker *walker, const struct page *page, struct reply *reply)
{
	char **been = walker->arg;

	if (strcmp(page->id, "unfinished") == 0) {
		const struct action *resume = action_of(page, "go-on");

		assert_string_equal(resume->ask->proposal, "jsmith");
		walker_press(reply, "go-on");
		reply->text = resume->ask->proposal;
		return;
	}
	if (asks(page, "leave"))
		*reply = (struct reply){ .kind = REPLY_ANSWER, .id = "leave", .answer = "leave" };
	if (page->question || (page->message && strstr(page->message, "no page before")))
		return;
	*been = talloc_asprintf_append(*been, "%s ", page->id);
	reply->kind = REPLY_BACK;
}

static void back_after_resume_leads_to_the_page_before(void **state)
{
	static const struct {
		const char *page, *way;
	} cases[] = {
		{ "copy", "copy backup ready diagnosis " },
		{ "registry", "registry copy backup ready diagnosis " },
		{ "carry", "carry share registry copy backup ready diagnosis " },
		{ "mail", "mail carry share registry copy backup ready diagnosis " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct walker *walker = walker_new(*state, false);
		char *been = talloc_strdup(walker, "");
		const char *page = cases[i].page;

		walker->arg = (void *)page;
		walker_walk(walker, leave_at);
		walker->resume = "";
		walker->arg = &been;
		walker_walk(walker, resume_and_back);
		assert_string_equal(been, cases[i].way);
		talloc_free(walker);
	}
}

/* Every place in which a name could be asked for. */
static void count_names(struct walker *walker, const struct page *page)
{
	size_t *asked = walker->arg;

	*asked += page->question && strstr(page->question->id, ".operator");
	for (size_t i = 0; i < page->action_count; i++)
		if (page->actions[i].ask && strstr(page->actions[i].ask->id, ".operator"))
			*asked += 1;
}

static void the_name_is_asked_once_in_a_walk(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t asked = 0;

	walker->seen = count_names;
	walker->arg = &asked;
	assert_int_equal(walker_walk(walker, walker_right), 1);
	assert_int_equal(asked, 1);
	/* Said on the command line, it is not asked at all. */
	asked = 0;
	walker->options.operator_name = "jsmith";
	assert_int_equal(walker_walk(walker, walker_right), 1);
	assert_int_equal(asked, 0);
}

/* A key that a box passed on, and nothing but blanks, are nobody's name: the page stays. */
static void no_name(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const char *const names[] = { "root\x1a", "\033[A", "a\tb", "   ", "j\x7f" };
	size_t *said = walker->arg;

	assert_string_equal(page->id, "diagnosis");
	if (*said == ARRAY_SIZE(names)) {
		reply->kind = REPLY_LEAVE;
		return;
	}
	walker_press(reply, "start");
	reply->text = names[(*said)++];
}

static void a_name_holds_no_control_characters(void **state)
{
	size_t said = 0;
	struct walker *walker = walker_new(*state, false);

	walker->arg = &said;
	assert_int_equal(walker_walk(walker, no_name), 2);
	assert_int_equal(said, 5);
}

/* ---- putting back ---- */

/* The Interchange, between two walks. */
static void interchange_set(struct walker *walker, const char *state)
{
	char *path = talloc_asprintf(walker, "%s/practice.json", walker->dir);
	json_t *practice = json_load_file(path, 0, NULL), *service;
	size_t i, set = 0;

	json_array_foreach (json_object_get(practice, "services"), i, service)
		if (!strcmp(json_string_value(json_object_get(service, "name")),
			    "MSExchangeMSMI")) {
			json_object_set_new(service, "state", json_string(state));
			set++;
		}
	assert_int_equal(set, 1);
	assert_int_equal(json_dump_file(practice, path, 0), 0);
	json_decref(practice);
}

static void undo_answers(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	if (asks(page, "unfinished.operator")) {
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->question->id,
			.text = page->question->proposal };
	} else if (strcmp(page->id, "undo") == 0) {
		assert_non_null(strstr(page->lead, "MSExchangeMSMI"));
		assert_non_null(strstr(page->lead, "stopped before anything is put back"));
		walker_press(reply, "undo");
		reply->answer = "undo";
	}
}

/* Nobody is asked, and nothing but the way back is offered. */
static void undone_answers(struct walker *walker, const struct page *page, struct reply *reply)
{
	(void)walker;
	assert_null(page->question);
	assert_null(action_of(page, "undo"));
	assert_null(action_of(page, "go-on"));
	if (strcmp(page->id, "undo") == 0) {
		assert_int_equal(page->action_count, 1);
		assert_string_equal(page->actions[0].label, "Back");
		assert_null(strstr(page->lead ? page->lead : "", "Services run"));
		walker_press(reply, "keep");
	} else {
		walker_press(reply, "quit");
	}
}

static void undo_is_shown_first_and_asks_who(void **state)
{
	struct walker *walker = walker_new(*state, false);

	walker_walk(walker, walker_right);
	interchange_set(walker, "running");
	walker->trace = talloc_strdup(walker, "");
	walker->options.undo = true;
	walker->resume = "last";
	assert_int_equal(walker_walk(walker, undo_answers), 2);
	assert_string_equal(walker->trace,
		"unfinished unfinished.operator\nundo undo=undo\ndiagnosis leave\n");
	walker->trace = talloc_strdup(walker, "");
	(void)walker_walk(walker, undone_answers);
	assert_string_equal(walker->trace, "undo keep\nunfinished quit\n");
}

/* ---- step 5 ---- */

struct forms {
	size_t forms, held, replies, sent;
};

/* What the form asks, and about which message. */
static void form_seen(const struct page *page)
{
	const struct question *form = page->question;

	assert_true(page->copied);
	assert_int_equal(form->field_count, 4);
	assert_string_equal(form->fields[0].value, "jsmith");
	assert_string_equal(form->fields[1].value, "");
	assert_string_equal(form->fields[2].value, "");
	assert_int_equal(form->fields[3].min_length, 0);
	for (size_t c = 0; c < 3; c++)
		assert_non_null(strstr(form->text, page->rows[page->cursor].cells[c]));
}

/* A key held down, then an honest form; then all others of its direction with one answer, and the
 * same of the other direction: the rows take turns. */
static void attest_all(struct walker *walker, const struct page *page, struct reply *reply)
{
	static const char *const held[] = { "jsmithyyyyyy", "yyyyyyyyyy", "yyyyyyyyyyyyyyyyyyyyyy",
		"" },
				 *const honest[] = { "jsmith", "Ann Miller",
					 "her inbox, 10:31, from jsmith", "" };
	struct forms *forms = walker->arg;

	/* Each is sent before anybody looks for it. */
	if (strcmp(page->id, "mail") != 0 || forms->sent++ < 8) {
		walker_right(walker, page, reply);
		if (strcmp(page->id, "pause") == 0)
			walker_press(reply, "mail");
		return;
	}
	forms->replies++;
	if (page->question) {
		form_seen(page);
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->question->id,
			.cursor = page->cursor,
			.fields = forms->held++ < 3 ? held : honest };
		forms->forms += forms->held > 3;
	} else if (forms->forms == 0) {
		if (forms->held > 0)
			assert_true(page->message_bad);
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->rows[0].decide->id,
			.answer = "arrived" };
	} else if (action_of(page, "rows")) {
		const struct question *rest = action_of(page, "rows")->ask;
		size_t first = forms->forms - 1;

		assert_true(rest->writes);
		for (size_t i = 0; i < page->row_count; i++)
			assert_int_equal(strstr(rest->text, page->rows[i].cells[2]) != NULL,
				i > first && i % 2 == first);
		walker_press(reply, "rows");
		reply->answer = "arrived";
	} else if (forms->forms == 1) {
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->rows[1].decide->id,
			.cursor = 1,
			.answer = "arrived" };
	} else {
		for (size_t i = 0; i < page->row_count; i++) {
			assert_int_equal(page->rows[i].tones[3], TONE_WARN);
			assert_string_equal(page->rows[i].decided, "seen");
		}
		walker_press(reply, "continue");
	}
}

static char *journal_of(struct walker *walker)
{
	struct run_summary *list;
	size_t n;
	char *path;

	assert_int_equal(runs_list(walker, walker->runs, &list, &n, NULL), 0);
	path = talloc_asprintf(walker, "%s/%s/%s", walker->runs, list[0].name, JOURNAL_FILE);
	return path;
}

static void one_form_and_one_answer_attest_a_direction(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct forms forms = { 0 };
	const char *journal;
	size_t len;

	walker->arg = &forms;
	assert_int_equal(walker_walk(walker, attest_all), 1);
	assert_int_equal(forms.forms, 2);
	/* Three that were refused, each direction with its form and its others, Continue. */
	assert_int_equal(forms.replies, 6 + 2 + 1 + 2 + 1 + 1);
	journal = (const char *)support_read(walker, journal_of(walker), &len);
	assert_int_equal(count(journal, "\"grade\":\"attested\""), 4);
	assert_int_equal(count(journal, "her inbox, 10:31"), 4);
	assert_null(strstr(journal, "yyyy"));
}

/* The box that takes a person's word says so, for one line and for the rest alike; and in the box
 * that deletes each label has one meaning. */
static void boxes_say_what_is_true(struct walker *walker, const struct page *page)
{
	size_t *seen = walker->arg;
	const struct question *ask = strcmp(page->id, "mail") == 0 ? page->question : NULL;
	const struct action *action = action_of(page, "rows");

	if (strcmp(page->id, "mail") == 0 && !ask && action)
		ask = action->ask;
	if (ask) {
		assert_non_null(strstr(ask->text, "Not running: MSExchangeMSMI"));
		assert_non_null(strstr(ask->text,
			strncmp(ask->id, "mail.sent", 9) == 0 ? "Nothing flows before they do"
							      : "Mail cannot have flowed now"));
		seen[0]++;
	}
	action = strcmp(page->id, "oldfolder") == 0 ? action_of(page, "aside") : NULL;
	if (action && action->ask) {
		assert_non_null(
			strstr(action->ask->text, "before: C:\\exchsrvr\\CONNECT\\MSMCON\n"));
		assert_non_null(strstr(action->ask->text,
			"after:  C:\\exchsrvr\\CONNECT\\MSMCON.q240208-"));
	}
	action = strcmp(page->id, "oldfolder") == 0 ? action_of(page, "delete") : NULL;
	if (!action || !action->ask)
		return;
	seen[1]++;
	assert_string_equal(action->ask->title, "Delete C:\\exchsrvr\\CONNECT\\MSMCON?");
	assert_non_null(strstr(action->ask->text, "Type the server's name to delete:"));
	assert_int_equal(action->ask->answer_count, 2);
	assert_string_equal(action->ask->answers[0].label, "Leave it");
	assert_true(action->ask->answers[0].safe);
	assert_string_equal(action->ask->answers[1].label, "Delete for good");
	for (size_t i = 0; i < page->action_count; i++)
		assert_string_not_equal(page->actions[i].label, "Leave it");
}

/* The first message did not arrive. */
static void deny_one(struct walker *walker, const struct page *page, struct reply *reply)
{
	if (strcmp(page->id, "mail") == 0 && !page->question &&
		strstr(walker->trace, "mail mail.sent:") && !strstr(walker->trace, "=failed"))
		*reply = (struct reply){ .kind = REPLY_ANSWER,
			.id = page->rows[0].decide->id,
			.answer = "failed" };
	else
		walker_right(walker, page, reply);
}

static void the_boxes_of_steps_5_and_6_say_what_is_true(void **state)
{
	struct walker *walker = walker_new(*state, false);
	size_t seen[2] = { 0 };

	interchange_set(walker, "stopped"); /* so that no mail can flow */
	walker->arg = seen;
	walker->seen = boxes_say_what_is_true;
	(void)walker_walk(walker, deny_one);
	assert_true(seen[0] > 4);
	/* What was seen at its end opens what deletes. */
	walker = walker_new(*state, false);
	walker->arg = seen;
	walker->seen = boxes_say_what_is_true;
	(void)walker_walk(walker, walker_mail_flows);
	assert_true(seen[1] > 0);
}

/* ---- a record of an earlier version ---- */

static void a_record_that_does_not_say_where_its_server_was_names_what_is_needed(void **state)
{
	struct walker *walker = walker_new(*state, true);
	struct options with;
	struct server *server;
	struct run_record *record;
	struct error err = { 0 };
	const char *run, *member, *end;
	char *path, *text, *line;
	size_t len;

	walker->arg = (void *)"copy";
	walker_walk(walker, leave_at);
	path = journal_of(walker);
	text = (char *)support_read(walker, path, &len);
	member = strstr(text, "\"disks\":");
	assert_non_null(member);
	end = strstr(member, "\",") + 2;
	assert_true(strchr(text, '\n') > end);
	/* The same line without that member, with its sum. */
	line = talloc_asprintf(walker, "%.*s%s", (int)(member - text), text, end);
	run = strstr(line, ",\"crc\":");
	line = talloc_asprintf(walker, "%.*s,\"crc\":\"%08x\"}%s", (int)(run - line), line,
		(unsigned)line_crc(line, (size_t)(run - line)), strchr(text, '\n'));
	support_write_text(path, line);
	if (run_record_read(walker, walker->runs, "last", &record, &err) != 0)
		fail_msg("%s", err.text);
	assert_false(record->known);
	assert_int_equal(record->stage, RUN_DECIDING);
	assert_false(record->mail_alone);
	assert_int_equal(reach_run(walker, &walker->options, record, &with, &server, &err),
		-TROUBLE_USAGE);
	assert_non_null(strstr(err.text, "of server MAIL1 needs the volumes of its server"));
	line = reach_run_command(walker, record, walker->runs, "resume");
	assert_non_null(strstr(line, "msmcfix --disks C=FOLDER,E=FOLDER --runs "));
	assert_non_null(strstr(line, talloc_asprintf(walker, " resume %s", record->name)));
	/* Named on the command line it is resumed as it always was. */
	walker->resume = record->name;
	walker->arg = &text;
	text = talloc_strdup(walker, "");
	assert_int_equal(walker_walk(walker, resume_and_back), 3);
}

static void journal_line(struct walker *walker, struct runfolder *run, const char *line)
{
	char *path = talloc_asprintf(walker, "%s/%s", runfolder_dir(run), JOURNAL_FILE);
	size_t len;
	char *bytes = (char *)support_read(walker, path, &len);

	support_write_text(path,
		talloc_asprintf(walker, "%s%s,\"crc\":\"%08x\"}\n", bytes, line,
			line_crc(line, strlen(line))));
}

static void the_journal_is_told_in_sentences(void **state)
{
	static const char *const lines[] = {
		"{\"n\":1,\"at\":\"1999-11-22T09:41:07Z\",\"what\":\"decision\",\"operator\":\"jsmith\",\"id\":\"registry/MSExchangeMSMI\\\\ImagePath\",\"decision\":\"change\"",
		"{\"n\":2,\"at\":\"1999-11-22T09:41:12Z\",\"what\":\"decision\",\"operator\":\"j\\u001b[2J\",\"id\":\"file/Bin\\\\async.exe\",\"decision\":\"keep\"",
		"{\"n\":3,\"at\":\"1999-11-22T09:42:00Z\",\"what\":\"done\",\"act\":2,\"step\":3",
		"{\"n\":4,\"at\":\"1999-11-23T00:00:01Z\",\"what\":\"tomorrow\",\"x\":1",
		"{\"n\":5,\"at\":\"nonsense\",\"what\":\"undo\",\"operator\":\"jdoe\",\"step\":2",
		"{\"n\":6,\"at\":\"1999-11-23T00:00:02Z\",\"what\":\"end\",\"result\":\"repaired\",\"exit\":0",
		"{\"n\":7,\"at\":\"1999-11-23T00:00:03Z\",\"what\":\"end\",\"result\":\"undone\",\"exit\":0",
		"{\"n\":8,\"at\":\"1999-11-23T00:00:04Z\",\"what\":\"end\",\"result\":\"later\",\"exit\":0",
	};
	struct walker *walker = walker_new(*state, false);
	struct runfolder *run;
	struct journal *journal;
	struct error err;
	const char *text;

	assert_int_equal(runfolder_create(walker, walker->runs, &run, &err), 0);
	support_write_text(talloc_asprintf(walker, "%s/%s", runfolder_dir(run), JOURNAL_FILE), "");
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		journal_line(walker, run, lines[i]);
	assert_int_equal(journal_open(walker, run, &journal, &err), 0);
	text = journal_sentences(walker, journal, "/runs/x/journal.jsonl");
	assert_non_null(strstr(text,
		"1999-11-22\n09:41:07Z  jsmith decided: change MSExchangeMSMI, ImagePath\n"));
	assert_non_null(strstr(text, "09:41:12Z  j\\x1b[2J decided: keep Bin\\async.exe\n"));
	assert_non_null(strstr(text, "09:42:00Z  step 3: written and read back\n"));
	assert_non_null(strstr(text, "1999-11-23\n00:00:01Z  tomorrow\n"));
	assert_non_null(strstr(text, "nonsense  jdoe has step 2 put back\n"));
	assert_non_null(strstr(text, "the end of steps 1 to 4: nothing is left to change\n"));
	assert_non_null(strstr(text, "the end: all that was changed is put back\n"));
	assert_non_null(strstr(text, "the end: later\n"));
	assert_null(strstr(text, "repaired"));
	assert_non_null(strstr(text, "/runs/x/journal.jsonl\n"));
	assert_null(strchr(text, '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(back_after_resume_leads_to_the_page_before),
		SUPPORT_TEST(the_name_is_asked_once_in_a_walk),
		SUPPORT_TEST(a_name_holds_no_control_characters),
		SUPPORT_TEST(undo_is_shown_first_and_asks_who),
		SUPPORT_TEST(one_form_and_one_answer_attest_a_direction),
		SUPPORT_TEST(the_boxes_of_steps_5_and_6_say_what_is_true),
		SUPPORT_TEST(a_record_that_does_not_say_where_its_server_was_names_what_is_needed),
		SUPPORT_TEST(the_journal_is_told_in_sentences),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
