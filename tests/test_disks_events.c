/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log of a server that is off: which file it is, and what of it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/evt_write.h"
#include "tests/ntfolder.h"
#include "tests/support.h"

static const struct evt_sample sent = { .at = 910137600,
	.id = 0x40000990,
	.type = 4,
	.source = "MSExchangeMSMI",
	.computer = "VANMAIL",
	.strings = { "0000030C" } };

static struct error err;

static void log_write(const char *path, uint32_t first, int records, uint32_t flags)
{
	struct evt_log *log = evt_write_new(NULL, 0x800, first);

	while (records-- > 0)
		evt_write_add(log, &sent);
	evt_write_header(log, flags);
	support_write(path, log->bytes, log->size);
	talloc_free(log);
}

static int say(void *arg, const struct evt_record *record, struct error *why)
{
	char **said = arg;

	*said = talloc_asprintf_append(*said, " %u", (unsigned)record->number);
	return record->number == 666 ? error_set(why, TROUBLE_STOPPED, "Enough.") : 0;
}

/* The numbers, and what was told of the log. */
static const char *told(struct server *server, uint32_t after)
{
	struct event_log log;
	char *said = talloc_strdup(server, "");
	int ret = server->ops->events(server, "Application", after, say, &said, &log, &err);

	if (ret != 0)
		return talloc_asprintf_append(said, ": %s", err.text);
	return log.found ? talloc_asprintf_append(said, ": %u-%u%s", (unsigned)log.oldest,
				   (unsigned)log.newest, log.partly ? ", partly" : "")
			 : "none";
}

static char *in_config(struct nt_disks *d, const char *name)
{
	return talloc_asprintf(d, "%s/%s", d->config, name);
}

static void where_nothing_is_said_it_is_in_its_place(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);

	assert_string_equal(told(server, 0), "none");
	log_write(in_config(d, "appevent.EVT"), 5, 3, 0);
	assert_string_equal(told(server, 0), " 5 6 7: 5-7");
}

static void the_registry_says_where(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct nt_system spec = { .event_file = "%SystemRoot%\\system32\\config\\Other.evt" };
	struct server *server;

	log_write(in_config(d, "AppEvent.Evt"), 1, 1, 0);
	log_write(in_config(d, "Other.evt"), 5, 1, 0);
	nt_hive(d->winnt, "SYSTEM", &spec);
	server = nt_open(d);
	assert_string_equal(told(server, 0), " 5: 5-5");
	talloc_free(server);

	log_write(talloc_asprintf(d, "%s/App.log", d->e), 9, 1, 0);
	spec.event_file = "E:\\App.log";
	nt_hive(d->winnt, "SYSTEM", &spec);
	server = nt_open(d);
	assert_string_equal(told(server, 0), " 9: 9-9");
	talloc_free(server);

	/* what leads nowhere is not followed */
	spec.event_file = "..\\..\\x";
	nt_hive(d->winnt, "SYSTEM", &spec);
	assert_string_equal(told(nt_open(d), 0), " 1: 1-1");
}

static void only_what_is_newer_is_told(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);

	log_write(in_config(d, "AppEvent.Evt"), 5, 3, 0);
	assert_string_equal(told(server, 4), " 5 6 7: 5-7");
	assert_string_equal(told(server, 6), " 7: 5-7");
	assert_string_equal(told(server, 7), ": 5-7");
	/* the fourth was overwritten before it was read */
	assert_string_equal(told(server, 3), " 5 6 7: 5-7, partly");
	/* emptied, and begun anew */
	assert_string_equal(told(server, 8), " 5 6 7: 5-7, partly");
	log_write(in_config(d, "AppEvent.Evt"), 1, 0, 0);
	assert_string_equal(told(server, 7), ": 0-0, partly");
	assert_string_equal(told(server, 0), ": 0-0");
}

static void a_log_in_use_is_read_partly(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	log_write(in_config(d, "AppEvent.Evt"), 5, 3, 1);
	assert_string_equal(told(nt_open(d), 5), " 6 7: 5-7, partly");
}

static void who_hears_them_may_end_it(void **state)
{
	struct nt_disks *d = nt_disks(*state);

	log_write(in_config(d, "AppEvent.Evt"), 665, 3, 0);
	assert_string_equal(told(nt_open(d), 0), " 665 666: Enough.");
}

static void what_is_no_log_is_refused(void **state)
{
	struct nt_disks *d = nt_disks(*state);
	struct server *server = nt_open(d);
	char *path = in_config(d, "AppEvent.Evt");

	support_write_text(path, "Not a log.");
	assert_string_equal(told(server, 0),
		": C:\\WINNT\\system32\\config\\AppEvent.Evt is not an event log.");
	log_write(path, 5, 3, 0);
	assert_int_equal(truncate(path, (64 << 20) + 1), 0);
	assert_non_null(strstr(told(server, 0), "is larger than the 67108864 bytes"));
	support_remove(path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_non_null(strstr(told(server, 0), "AppEvent.Evt"));
	support_remove(path);
	support_mkdir(path);
	assert_non_null(strstr(told(server, 0), "AppEvent.Evt"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(where_nothing_is_said_it_is_in_its_place),
		SUPPORT_TEST(the_registry_says_where),
		SUPPORT_TEST(only_what_is_newer_is_told),
		SUPPORT_TEST(a_log_in_use_is_read_partly),
		SUPPORT_TEST(who_hears_them_may_end_it),
		SUPPORT_TEST(what_is_no_log_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
