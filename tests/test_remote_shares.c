/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A share of a running server made, led elsewhere, removed: as a whole, or not. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "server/remote.h"
#include "tests/fake_link.h"

#define MAIL "E:\\exchsrvr\\maildata"

static struct error err;

static struct reg_stage *staged(void **state, struct server *server, const char *path,
	const char *security)
{
	struct share after = { .name = talloc_strdup(*state, "Maildat$"),
		.path = talloc_strdup(*state, path ? path : ""),
		.remark = talloc_strdup(*state, "a remark"),
		.security = security ? (uint8_t *)talloc_strdup(*state, security) : NULL,
		.security_len = security ? strlen(security) : 0 };
	struct reg_stage *stage;

	assert_int_equal(server->ops->share_stage(server, *state, "maildat$", path ? &after : NULL,
				 security, &stage, &err),
		0);
	return stage;
}

static int switched(struct server *server, struct reg_stage *stage)
{
	size_t done;
	int ret = server->ops->reg_switch(stage, &done, &err);

	assert_int_equal(done, ret == 0);
	return ret;
}

static int led(void **state, const char *security)
{
	struct server *server = fake_opened(state, &err);

	return switched(server, staged(state, server, MAIL, security));
}

static void leads(const char *path, const char *security)
{
	const struct srvsvc_share *share = fake_share_find("Maildat$");

	assert_non_null(share);
	assert_string_equal(share->path, path);
	assert_string_equal(share->remark, "a remark");
	assert_int_equal(share->security_len, security ? strlen(security) : 0);
	if (security)
		assert_memory_equal(share->security, security, share->security_len);
}

static void none_is_none(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct share *share;

	assert_int_equal(server->ops->share_get(server, *state, "Maildat$", &share, &err), 0);
	assert_null(share);
}

static void it_is_made(void **state)
{
	assert_int_equal(led(state, NULL), 0);
	leads(MAIL, NULL);
}

/* With all that it had: spelling, remark, how many may use it, permissions. */
static void it_is_led_elsewhere(void **state)
{
	fake_share("Maildat$", "C:\\old", 0, "who may");
	assert_int_equal(led(state, NULL), 0);
	leads(MAIL, "who may");
	assert_int_equal(fake_share_find("Maildat$")->max_users, 12);
	assert_string_equal(fake_share_find("Maildat$")->name, "Maildat$");
}

static void its_permissions_alone_are_set(void **state)
{
	fake_share("Maildat$", MAIL, 0, "who may");
	fake.add_code = 5;
	assert_int_equal(led(state, "others may"), 0);
	leads(MAIL, "others may");
}

static void it_is_removed(void **state)
{
	struct server *server = fake_opened(state, &err);

	fake_share("Maildat$", "C:\\old", 0, NULL);
	assert_int_equal(switched(server, staged(state, server, NULL, NULL)), 0);
	assert_null(fake_share_find("Maildat$"));
}

static void the_old_one_is_put_back(void **state)
{
	fake_share("Maildat$", "C:\\old", 0, "who may");
	fake.add_code = 5;
	assert_int_equal(led(state, NULL), -TROUBLE_PERMISSION);
	assert_non_null(strstr(err.text, "back as it was"));
	leads("C:\\old", "who may");
}

static void what_somebody_changed_meanwhile_stays(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_stage *stage;

	fake_share("Maildat$", "C:\\old", 0, "who may");
	stage = staged(state, server, MAIL, NULL);
	fake_share_find("Maildat$")->security[0] = 'x';
	assert_int_equal(switched(server, stage), -TROUBLE_MOVED);
	leads("C:\\old", "xho may");
}

static void lost_at(void **state, uint16_t opnum, bool after)
{
	struct server *server = fake_opened(state, &err);
	struct reg_stage *stage;

	fake_share("Maildat$", "C:\\old", 0, "who may");
	stage = staged(state, server, MAIL, NULL);
	fake_breaks("srvsvc", opnum, 1, after);
	assert_int_equal(switched(server, stage), 0);
	assert_int_equal(fake.connects, 2);
	leads(MAIL, "who may");
}

static void a_lost_removal_is_looked_up(void **state)
{
	lost_at(state, SRVSVC_SHARE_DELETE, true);
}

static void a_removal_that_did_not_arrive_is_done_again(void **state)
{
	lost_at(state, SRVSVC_SHARE_DELETE, false);
}

static void a_lost_making_is_looked_up(void **state)
{
	lost_at(state, SRVSVC_SHARE_ADD, true);
}

static void a_making_that_did_not_arrive_is_done_again(void **state)
{
	lost_at(state, SRVSVC_SHARE_ADD, false);
}

static void what_cannot_be_looked_up_is_said(void **state)
{
	struct server *server = fake_opened(state, &err);
	struct reg_stage *stage;

	fake_share("Maildat$", "C:\\old", 0, "who may");
	stage = staged(state, server, MAIL, NULL);
	fake_breaks("srvsvc", SRVSVC_SHARE_ADD, 1, false);
	fake.break_stays = true;
	assert_int_equal(switched(server, stage), -TROUBLE_UNREACHABLE);
	assert_non_null(strstr(err.text, "is not known"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fake_set_up, fake_tear_down)
		TEST(none_is_none),
		TEST(it_is_made),
		TEST(it_is_led_elsewhere),
		TEST(its_permissions_alone_are_set),
		TEST(it_is_removed),
		TEST(the_old_one_is_put_back),
		TEST(what_somebody_changed_meanwhile_stays),
		TEST(a_lost_removal_is_looked_up),
		TEST(a_removal_that_did_not_arrive_is_done_again),
		TEST(a_lost_making_is_looked_up),
		TEST(a_making_that_did_not_arrive_is_done_again),
		TEST(what_cannot_be_looked_up_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
