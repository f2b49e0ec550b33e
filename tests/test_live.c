/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole repair of a running server, by a double: what is asked, recorded, put back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "run/engine_internal.h"
#include "run/rehearse.h"
#include "tests/finish_bench.h"
#include "tests/live_double.h"
#include "tests/support.h"

#define MSMI "MSExchangeMSMI"
#define SHARES "\\Services\\LanmanServer\\Shares"
#define OLD_PATH "C:\\exchsrvr\\CONNECT\\MSMCON\\MAILDATA"
#define ID "share/Maildat$"

/* Made by hand after [MS-DTYP] 2.4.6: owner and group Administrators, Everyone may read
 * (0x1200a9). */
static uint8_t descriptor[] = { 1, 0, 4, 0x80, 48, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 2,
	0, 28, 0, 1, 0, 0, 0, 0, 0, 20, 0, 0xa9, 0, 0x12, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1,
	2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2,
	0, 0 };
static const struct reg_data security = { REG_BINARY, descriptor, sizeof descriptor };

static struct live_double live;

static struct server *open_live(struct finish_bench *bench)
{
	struct server *server = live_open(bench, bench->dir, &live, &bench->err);

	if (!server)
		fail_msg("%s", bench->err.text);
	return server;
}

static int make(void **state)
{
	live = (struct live_double){ 0 };
	return finish_make(state);
}

static const struct survey *look(struct finish_bench *bench, struct server *server)
{
	const struct survey *survey;

	if (survey_make(bench, server, &bench->survey_options, &survey, &bench->err))
		fail_msg("%s", bench->err.text);
	return survey;
}

static const struct finding *share_row(const struct survey *survey)
{
	const struct finding *row = survey_finding(survey, ID);

	assert_non_null(row);
	return row;
}

/* Maildat$ as somebody else made it, path NULL: not at all. */
static void share_is(struct finish_bench *bench, const char *path, const struct reg_data *kept)
{
	struct server *disks = finish_open(bench, false);
	char *set = talloc_asprintf(bench, "SYSTEM\\%s" SHARES, look(bench, disks)->control_set);
	char *strings[] = { talloc_strdup(bench, "MaxUses=4294967295"),
		talloc_asprintf(bench, "Path=%s", path), talloc_strdup(bench, "Remark=by hand"),
		talloc_strdup(bench, "Type=0") };

	finish_value(bench, disks, set, "Maildat$",
		path ? regdata_from_strings(bench, strings, ARRAY_SIZE(strings)) : NULL);
	finish_value(bench, disks, talloc_asprintf(bench, "%s\\Security", set), "Maildat$", kept);
	talloc_free(disks);
}

static void share_now(struct finish_bench *bench, struct server *server, const char *path,
	const struct reg_data *kept)
{
	struct share *share;

	assert_int_equal(server->ops->share_get(server, bench, "Maildat$", &share, &bench->err), 0);
	assert_true(!share == !path);
	if (!share)
		return;
	assert_string_equal(share->path, path);
	assert_int_equal(share->security_len, kept ? kept->len : 0);
	if (kept)
		assert_memory_equal(share->security, kept->bytes, kept->len);
}

static void put_back(struct finish_bench *bench, struct server *server)
{
	char *text;

	if (engine_undo(bench, server, "last", &bench->options, &(struct undo_options){ 0 }, &text,
		    &bench->err))
		fail_msg("%s", bench->err.text);
}

/* ---- looking ---- */

/* But for the word live and the share, whose definition is the server's own affair, a look at the
 * running server says what one at its disks says. */
static void the_same_is_seen(void **state)
{
	struct finish_bench *bench = *state;
	const struct survey *off = look(bench, finish_open(bench, false)),
			    *on = look(bench, open_live(bench));

	assert_int_equal(on->finding_count, off->finding_count);
	assert_int_equal(on->open, off->open);
	assert_int_equal(on->changes_needed, off->changes_needed);
	assert_int_equal(on->notice_count, off->notice_count);
	assert_false(on->check_only);
	assert_true(on->letters_proved);
	assert_string_equal(on->letters_source, off->letters_source);
	for (size_t i = 0; i < on->notice_count; i++)
		assert_string_equal(on->notices[i].text, off->notices[i].text);
	for (size_t i = 0; i < on->finding_count; i++) {
		const struct finding *a = &off->findings[i], *b = &on->findings[i];

		assert_string_equal(a->id, b->id);
		assert_int_equal(a->state, b->state);
		if (a->kind == KIND_SERVICE)
			assert_true(strncmp(a->text, b->text, strlen(a->text)) == 0);
		else
			support_same_text(b->text, a->text);
	}
}

/* What another control set has is a remark, and a descriptor to be given; never a definition. */
static void no_definition(void **state)
{
	struct finish_bench *bench = *state;
	const struct finding *off = share_row(look(bench, finish_open(bench, false))),
			     *on = share_row(look(bench, open_live(bench)));

	assert_non_null(off->after.share.definition);
	assert_null(on->after.share.definition);
	support_same_text(on->after.share.remark, off->after.share.remark);
	assert_true(regdata_equal(on->after.share.security, off->after.share.security));
}

/* Permissions under its name wait for the next start of Windows: it is given them at once. */
static void permissions_left_are_given(void **state)
{
	struct finish_bench *bench = *state;
	const struct finding *row;
	struct server *server;

	share_is(bench, NULL, &security);
	server = open_live(bench);
	row = share_row(look(bench, server));
	assert_true(row->needed);
	assert_false(row->after.share.open_to_all);
	assert_true(regdata_equal(row->after.share.security, &security));
	talloc_free(finish_carried(bench, server));
	share_now(bench, server, row->after.share.path, &security);
	put_back(bench, server);
	share_now(bench, server, NULL, NULL);
}

static void wide_open_is_a_question(void **state)
{
	struct finish_bench *bench = *state;
	struct server *disks = finish_open(bench, false), *server;
	struct reg_key *root;
	const struct finding *row;

	assert_int_equal(disks->ops->reg_list(disks, bench, "SYSTEM", &root, &bench->err), 0);
	for (size_t i = 0; i < root->subkey_count; i++)
		if (strncmp(root->subkeys[i], "ControlSet", 10) == 0)
			finish_value(bench, disks,
				talloc_asprintf(bench, "SYSTEM\\%s" SHARES, root->subkeys[i]),
				"Maildat$", NULL);
	talloc_free(disks);
	share_is(bench, NULL, NULL);
	server = open_live(bench);
	row = share_row(look(bench, server));
	assert_true(row->can_change);
	assert_false(row->needed);
	assert_true(row->after.share.open_to_all);
	assert_non_null(strstr(row->text, "everyone on the network gets full access"));
}

/* ---- a share on the wrong path ---- */

static void users_are_shown_first(void **state)
{
	static const char *const users[] = { "anna from WS1", "b\x1b[31mob" };
	struct finish_bench *bench = *state;
	const struct finding *row;

	share_is(bench, OLD_PATH, &security);
	live.users = users;
	live.user_count = ARRAY_SIZE(users);
	row = share_row(look(bench, open_live(bench)));
	assert_int_equal(row->state, FINDING_WRONG);
	assert_non_null(strstr(row->text, "cut off when it is replaced: anna from WS1"));
	assert_null(strchr(row->text, '\x1b'));
}

static void replaced_and_back(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server;
	const struct finding *row;

	share_is(bench, OLD_PATH, &security);
	server = open_live(bench);
	row = share_row(look(bench, server));
	assert_true(regdata_equal(row->before.share.security, &security));
	assert_true(regdata_equal(row->after.share.security, &security));
	talloc_free(finish_carried(bench, server));
	share_now(bench, server, row->after.share.path, &security);
	put_back(bench, server);
	share_now(bench, server, OLD_PATH, &security);
}

/* It led to neither Msmcon: that only the record of this run tells, and still it comes back. */
static void from_elsewhere_and_back(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server;

	share_is(bench, "C:\\exchsrvr\\ADDRESS", &security);
	bench->survey_options.live = LIVE_SAID_RELOCATED;
	server = open_live(bench);
	talloc_free(finish_carried(bench, server));
	put_back(bench, server);
	share_now(bench, server, "C:\\exchsrvr\\ADDRESS", &security);
}

/* Somebody else gave it other permissions meanwhile: neither before nor after. */
static void other_permissions_are_seen(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server, *disks;
	struct engine *engine;
	uint8_t other[sizeof descriptor];
	struct reg_data data = { REG_BINARY, other, sizeof other };

	share_is(bench, OLD_PATH, &security);
	server = open_live(bench);
	engine = finish_begun(bench, server);
	assert_int_equal(engine_backup(engine, &bench->err), 0);
	memcpy(other, descriptor, sizeof other);
	other[32] = 0xff;
	disks = finish_open(bench, false);
	finish_value(bench, disks,
		talloc_asprintf(bench, "SYSTEM\\%s" SHARES "\\Security",
			look(bench, disks)->control_set),
		"Maildat$", &data);
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_MOVED);
	share_now(bench, server, OLD_PATH, &data);
}

static struct engine *cut_while_replaced(struct finish_bench *bench, struct server *server)
{
	struct engine *engine = finish_begun(bench, server);

	assert_int_equal(engine_backup(engine, &bench->err), 0);
	live.cut_replacing = true;
	assert_int_equal(engine_carry_out(engine, &bench->err), -TROUBLE_UNREACHABLE);
	return engine;
}

static void cut_and_resumed(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server;
	struct engine *engine;
	enum run_stage stage;
	char *wanted;

	share_is(bench, OLD_PATH, &security);
	server = open_live(bench);
	wanted = talloc_strdup(bench, share_row(look(bench, server))->after.share.path);
	talloc_free(cut_while_replaced(bench, server));
	server = open_live(bench);
	share_now(bench, server, NULL, NULL);
	if (engine_resume(bench, server, "last", &bench->options, NULL, &engine, &stage,
		    &bench->err))
		fail_msg("%s", bench->err.text);
	share_now(bench, server, wanted, &security);
}

static void cut_and_put_back(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server;

	share_is(bench, OLD_PATH, &security);
	server = open_live(bench);
	talloc_free(cut_while_replaced(bench, server));
	server = open_live(bench);
	put_back(bench, server);
	share_now(bench, server, OLD_PATH, &security);
}

/* ---- services ---- */

static struct runfolder *last_run(struct finish_bench *bench)
{
	struct runfolder *run;

	assert_int_equal(runfolder_open(bench, bench->runs, "last", false, &run, &bench->err), 0);
	return run;
}

static void all_start(struct finish_bench *bench, struct server *server)
{
	static const char *const names[] = { MSMI, FINISH_VANCOUVER, FINISH_LEGACY };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (server->ops->service_set(server, names[i], SERVICE_RUNNING, &bench->err))
			fail_msg("%s", bench->err.text);
}

static struct run_status *status_of(struct finish_bench *bench, struct server *server)
{
	struct run_status *status;

	if (run_status(bench, server, last_run(bench), &status, &bench->err))
		fail_msg("%s", bench->err.text);
	return status;
}

/* The connection is gone while they are stopped: that is said, by the trouble and at the next
 * start, and resuming starts them. */
static void down_is_said_first(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server;
	struct engine *engine;
	enum run_stage stage;

	share_is(bench, OLD_PATH, &security);
	server = open_live(bench);
	all_start(bench, server);
	engine = cut_while_replaced(bench, server);
	assert_true(engine_services_down(engine));
	assert_non_null(strstr(error_advice(&bench->err), MSMI));
	talloc_free(engine);
	server = open_live(bench);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_STOPPED);
	assert_non_null(strstr(status_of(bench, server)->services, MSMI));
	assert_int_equal(engine_resume(bench, server, "last", &bench->options, NULL, &engine,
				 &stage, &bench->err),
		0);
	assert_int_equal(finish_service(bench, server, MSMI), SERVICE_RUNNING);
	assert_int_equal(finish_service(bench, server, FINISH_LEGACY), SERVICE_RUNNING);
	talloc_free(engine);
	assert_null(status_of(bench, server)->services);
}

/* ---- the end ---- */

static void step_six(void **state)
{
	struct finish_bench *bench = *state;
	struct server *server = open_live(bench);
	struct engine *engine = finish_carried(bench, server);
	struct gates *gates;

	finish_attest(bench, engine);
	assert_int_equal(finish_gate(bench, engine, "mail-flow", &gates)->answer, GATE_WEAK);
	for (size_t i = 0; i < gates->count; i++)
		if (gates->gates[i].answer == GATE_NO)
			fail_msg("%s: %s", gates->gates[i].id, gates->gates[i].detail);
	if (engine_oldfolder(engine, &bench->survey_options, OLDFOLDER_ASIDE, NULL, true,
		    &bench->err))
		fail_msg("%s", bench->err.text);
	assert_false(finish_there(bench, FINISH_MSMCON "/BIN/Mt.exe"));
	assert_int_equal(finish_finish(bench, engine), 1);
	talloc_free(engine);
	put_back(bench, server);
	assert_true(finish_there(bench, FINISH_MSMCON "/BIN/Mt.exe"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, make, finish_free)
	const struct CMUnitTest tests[] = {
		CASE(the_same_is_seen),
		CASE(no_definition),
		CASE(permissions_left_are_given),
		CASE(wide_open_is_a_question),
		CASE(users_are_shown_first),
		CASE(replaced_and_back),
		CASE(from_elsewhere_and_back),
		CASE(other_permissions_are_seen),
		CASE(cut_and_resumed),
		CASE(cut_and_put_back),
		CASE(down_is_said_first),
		CASE(step_six),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
