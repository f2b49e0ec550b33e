/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Practice servers: what follows from a seed, the postoffice's sizes and times, services. */
#include <fcntl.h>
#include <fts.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "nt/peversion.h"
#include "practice/parts.h"
#include "tests/players.h"
#include "tests/support.h"

#define DEFAULT_BIN "C/exchsrvr/CONNECT/MSMCON/BIN"
#define DEFAULT_MAILDATA "C/exchsrvr/CONNECT/MSMCON/MAILDATA"
#define RELOCATED_BIN "E/exchsrvr/connect/msmcon/bin"
#define RELOCATED_MAILDATA "E/exchsrvr/connect/msmcon/maildata"
#define DAY 86400
#define STANDARD(seed_) \
	{ \
		.scenario = "standard", .seed = seed_, .flags = PRACTICE_STANDARD \
	}

static char *built(TALLOC_CTX *mem, const char *scenario, uint64_t seed)
{
	struct practice_spec spec = { .scenario = scenario, .seed = seed };
	struct error err = { 0 };
	char *dir = support_folder(mem);

	assert_true(practice_scenario(scenario, &spec.flags));
	if (practice_build(dir, &spec, &err) < 0)
		fail_msg("%s", err.text);
	return dir;
}

static char *below(TALLOC_CTX *mem, const char *dir, const char *path)
{
	return talloc_asprintf(mem, "%s/%s", dir, path);
}

/* Names, modes, times and bytes of everything. */
static char *whole(TALLOC_CTX *mem, const char *dir)
{
	size_t len = 0;

	return talloc_asprintf(mem, "%s%s", player_tree(mem, dir),
		(char *)support_read(mem, below(mem, dir, PRACTICE_JSON), &len));
}

static void same_seed(void **state)
{
	const mode_t mask = umask(022);
	char *one = whole(*state, built(*state, "standard", 77));

	umask(077);
	assert_string_equal(one, whole(*state, built(*state, "standard", 77)));
	umask(mask);
	assert_string_not_equal(one, whole(*state, built(*state, "standard", 78)));
	assert_string_not_equal(one, whole(*state, built(*state, "healthy", 77)));
}

/* ---- Sizes (Q77926, Q149451, Q181951) ---- */

struct size_rule {
	const char *folder, *ends;
	off_t base, unit; /* unit 0: exactly base */
};

static const struct size_rule RULES[] = {
	{ "GLB", "MASTER.GLB", 176, 0 },
	{ "GLB", "CONTROL.GLB", 8, 0 },
	{ "GLB", "FLAG.GLB", 2, 0 },
	{ "GLB", "GLOBAL.GLB", 512, 0 },
	{ "GLB", "TID.GLB", 4, 0 },
	{ "GLB", "MODEM.GLB", 64, 0 },
	{ "GLB", "NETWORK.GLB", 0, 122 },
	{ "GLB", "ACCESS.GLB", 0, 586 },
	{ "GLB", "ACCESS2.GLB", 0, 69 },
	{ "GLB", "ACCESS3.GLB", 0, 512 },
	{ "GLB", "GROUP.GLB", 4, 51 },
	{ "GLB", "GRPMEM.GLB", 4, 128 },
	{ "GLB", "NETPO.GLB", 4, 43 },
	{ "GLB", "REQCONF.GLB", 512, 0 },
	{ "GLB", "SERVER.GLB", 0, 181 },
	{ "GLB", "RNETSEM.GLB", 4, 0 },
	{ "GRP", ".GRP", 0, 8 },
	{ "KEY", ".KEY", 560, 0 },
	{ "MBG", ".MBG", 0, 116 },
	{ "NME", ".NME", 0, 45 },
	{ "USR", ".USR", 0, 53 },
	{ "XTN", ".XTN", 0, 698 },
};

struct post_seen {
	unsigned matched[ARRAY_SIZE(RULES)];
	unsigned populate, letters, keys, bags, logs;
	time_t newest; /* of keys, mailbags, CONTROL.GLB and logs */
};

static bool ends_with(const char *text, const char *end)
{
	const size_t a = strlen(text), b = strlen(end);

	return a >= b && strcmp(text + a - b, end) == 0;
}

static void rules_check(struct post_seen *seen, const char *rel, const FTSENT *entry)
{
	const off_t size = entry->fts_statp->st_size;

	for (size_t i = 0; i < ARRAY_SIZE(RULES); i++) {
		const struct size_rule *rule = &RULES[i];
		const char *name = rel + strlen(rule->folder) + 1;

		if (strncmp(rel, rule->folder, strlen(rule->folder)) != 0 ||
			(rule->ends[0] == '.' ? !ends_with(name, rule->ends)
					      : strcmp(name, rule->ends) != 0))
			continue;
		seen->matched[i]++;
		assert_true(size >= rule->base);
		assert_true(
			rule->unit ? (size - rule->base) % rule->unit == 0 : size == rule->base);
		return;
	}
	if (strncmp(rel, "GLB/", 4) == 0)
		fail_msg("no rule for %s", rel);
}

static void post_compare(struct post_seen *seen, const char *rel, const FTSENT *entry)
{
	const bool file = entry->fts_info == FTS_F;
	const bool moves = strncmp(rel, "KEY/", 4) == 0 || strncmp(rel, "MBG/", 4) == 0 ||
		strncmp(rel, "LOG/", 4) == 0 || strcmp(rel, "GLB/CONTROL.GLB") == 0;

	if (!file) {
		char *populate = talloc_asprintf(NULL, "%s/POPULATE.MSM", entry->fts_path);
		struct stat st;

		assert_int_equal(stat(populate, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0444);
		talloc_free(populate);
		seen->populate++;
		return;
	}
	if (ends_with(rel, "/POPULATE.MSM"))
		return;
	assert_true(strncmp(rel, "P1/", 3) != 0);
	rules_check(seen, rel, entry);
	seen->letters += strncmp(rel, "MAI/MA", 6) == 0;
	seen->keys += ends_with(rel, ".KEY");
	seen->bags += ends_with(rel, ".MBG");
	seen->logs += strcmp(rel, "LOG/SENT.LOG") == 0 || strcmp(rel, "LOG/RECV.LOG") == 0;
	if (moves && entry->fts_statp->st_mtime > seen->newest)
		seen->newest = entry->fts_statp->st_mtime;
}

/* Every file and folder below dir/path. */
static struct post_seen post_read(TALLOC_CTX *mem, const char *dir, const char *path)
{
	struct post_seen seen = { 0 };
	char *roots[] = { below(mem, dir, path), NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

	assert_non_null(fts);
	for (FTSENT *entry; (entry = fts_read(fts)) != NULL;) {
		if (entry->fts_level == 0 || entry->fts_info == FTS_DP)
			continue;
		assert_true(entry->fts_info == FTS_D || entry->fts_info == FTS_F);
		post_compare(&seen, entry->fts_path + strlen(roots[0]) + 1, entry);
	}
	fts_close(fts);
	return seen;
}

/* What was moved when nothing waited holds no letter. */
static void post_check(const struct post_seen *seen, bool letters)
{
	for (size_t i = 0; i < ARRAY_SIZE(RULES); i++)
		if (seen->matched[i] == 0)
			fail_msg("no %s/%s", RULES[i].folder, RULES[i].ends);
	assert_int_equal(seen->populate, 14 + 16 + 16);
	assert_int_equal(seen->keys, seen->bags);
	assert_true(seen->keys >= 3 + 3);
	assert_true(letters == (seen->letters > 0));
	assert_int_equal(seen->logs, 2);
}

static time_t time_of(TALLOC_CTX *mem, const char *dir, const char *path)
{
	struct stat st;

	assert_int_equal(stat(below(mem, dir, path), &st), 0);
	return st.st_mtime;
}

static void postoffices(void **state)
{
	static const char *const absent[] = { "CAL", "FOLDERS", "INI", "MEM", "MMF",
		"GLB/PROCESS.GLB" };

	for (uint64_t seed = 1; seed <= 5; seed++) {
		char *dir = built(*state, "standard", seed);
		const struct post_seen live = post_read(*state, dir, RELOCATED_MAILDATA),
				       old = post_read(*state, dir, DEFAULT_MAILDATA);
		const time_t pack = time_of(*state, dir, "C/Exchange Server Setup.log");

		post_check(&live, true);
		post_check(&old, false);
		assert_true(live.newest < pack && live.newest > pack - 2 * 3600);
		assert_true(old.newest < pack - 30 * DAY);
		for (size_t i = 0; i < ARRAY_SIZE(absent); i++) {
			char *path = talloc_asprintf(*state, "%s/%s/%s", dir, RELOCATED_MAILDATA,
				absent[i]);

			assert_int_equal(access(path, F_OK), -1);
		}
		support_remove(dir);
	}
}

/* ---- The two Bin folders ---- */

static int version_of(TALLOC_CTX *mem, const char *dir, const char *folder, const char *name,
	struct pe_version *version)
{
	char *path = talloc_asprintf(mem, "%s/%s/%s", dir, folder, name);
	uint8_t *bytes;
	size_t len = 0;

	if (access(path, F_OK) < 0)
		return -1;
	bytes = support_read(mem, path, &len);
	assert_true(pe_version_read(bytes, len, version));
	return 0;
}

static void bin_folders(void **state)
{
	static const struct {
		const char *ours, *theirs;
		int compare; /* setup's file against the relocated one */
	} files[] = {
		{ "Mt.exe", "mt.exe", 1 },
		{ "Mtmsg.dll", "mtmsg.dll", 1 },
		{ "Mtperf.dll", "mtperf.dll", 1 },
		{ "Async.exe", "async.exe", -1 },
		{ "X25eicon.exe", "x25eicon.exe", 1 },
		{ "Xtnmsg.dll", "xtnmsg.dll", 1 },
		{ "Xtnperf.dll", "xtnperf.dll", 1 },
		{ "X25ntm9.dll", "x25ntm9.dll", 0 },
		{ "Address.dll", "address.dll", 1 },
	};
	char *dir = built(*state, "standard", 4);
	struct pe_version a, b;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		assert_int_equal(version_of(*state, dir, DEFAULT_BIN, files[i].ours, &a), 0);
		assert_int_equal(version_of(*state, dir, RELOCATED_BIN, files[i].theirs, &b), 0);
		assert_true((pe_version_compare(&a, &b) > 0) - (pe_version_compare(&a, &b) < 0) ==
			files[i].compare);
	}
	assert_int_equal(version_of(*state, dir, DEFAULT_BIN, "Conadmin.dll", &a), 0);
	assert_int_equal(version_of(*state, dir, RELOCATED_BIN, "conadmin.dll", &a), -1);
	assert_int_equal(version_of(*state, dir, DEFAULT_BIN, "X400omv1.dll", &a), -1);
	assert_int_equal(version_of(*state, dir, RELOCATED_BIN, "x400omv1.dll", &a), 0);
}

/* ---- Names ---- */

static void names(void **state)
{
	bool packs[2] = { false, false };

	for (uint64_t seed = 0; seed < 500; seed++) {
		const struct practice_spec spec = STANDARD(seed);
		struct practice_world world;
		struct error err;

		assert_int_equal(practice_world_make(*state, &spec, &world, &err), 0);
		for (size_t i = 0; i < PRACTICE_PCMTAS; i++) {
			const char *name = world.pcmta[i];

			/* Up to 30 letters and blanks. */
			assert_in_range(strlen(name), 1, 30);
			assert_int_equal(
				strspn(name,
					"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz "),
				strlen(name));
		}
		assert_string_not_equal(world.pcmta[0], world.pcmta[1]);
		assert_in_range(strlen(world.server), 1, 15);
		assert_true(world.right[0] < 11 && world.right[1] < 11 &&
			world.right[0] != world.right[1]);
		/* From 1998 to 2000, things in their order. */
		assert_true(world.times.nt > 883612800 && world.times.hive < 978307200);
		assert_true(world.times.nt < world.times.exchange &&
			world.times.exchange < world.times.moved);
		assert_true(world.times.moved < world.times.hotfix &&
			world.times.hotfix < world.times.last_mail);
		assert_true(world.times.last_mail < world.times.service_pack &&
			world.times.service_pack < world.times.hive);
		packs[world.release->build == 2448] = true;
	}
	assert_true(packs[0] && packs[1]);
}

/* ---- Refusals ---- */

static void refusals(void **state)
{
	const struct practice_spec spec = STANDARD(1);
	const struct practice_spec big = { .scenario = "standard",
		.seed = UINT64_C(1) << 63,
		.flags = 0 };
	char *dir = support_folder(*state);
	struct server *server;
	struct error err = { 0 };
	unsigned flags = 0;

	assert_int_equal(practice_build(dir, &big, &err), -TROUBLE_USAGE);
	assert_int_equal(practice_open(*state, dir, &server, &err), -TROUBLE_NOT_THERE);
	support_write_text(below(*state, dir, "note"), "mine\n");
	assert_int_equal(practice_build(dir, &spec, &err), -TROUBLE_USAGE);
	assert_int_equal(access(below(*state, dir, "C"), F_OK), -1);
	support_write_text(below(*state, dir, PRACTICE_JSON), "{\"format\": 2}\n");
	assert_int_equal(practice_open(*state, dir, &server, &err), -TROUBLE_RECORD_DAMAGED);
	assert_false(practice_scenario("none such", &flags));
	assert_true(practice_scenario("healthy", &flags));
}

/* ---- Opened ---- */

static const struct service *service_in(const struct service_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->services[i].name, name) == 0)
			return &list->services[i];
	return NULL;
}

static enum service_state state_of(TALLOC_CTX *mem, struct server *server, const char *name)
{
	struct service_list list;
	struct error err = { 0 };
	const struct service *service;

	if (server->ops->service_list(server, mem, &list, &err) < 0)
		fail_msg("%s", err.text);
	service = service_in(&list, name);
	assert_non_null(service);
	return service->state;
}

static struct server *opened(TALLOC_CTX *mem, const char *dir)
{
	struct server *server = NULL;
	struct error err = { 0 };

	if (practice_open(mem, dir, &server, &err) < 0)
		fail_msg("%s", err.text);
	return server;
}

static void opened_server(void **state)
{
	char *dir = built(*state, "standard", 1);
	struct server *server = opened(*state, dir);
	struct service_list list;
	struct error err = { 0 };
	const struct service *service;
	char *display;

	assert_int_equal(server->caps &
			(SERVER_WRITE | SERVER_SERVICES | SERVER_MAIL | SERVER_SIMULATED),
		SERVER_WRITE | SERVER_SERVICES | SERVER_MAIL | SERVER_SIMULATED);
	assert_string_equal(server->reach, "practice");
	assert_string_equal(server->id.name, "MAIL1");
	assert_string_equal(server->id.nt_folder, "C:\\WINNT");
	assert_string_equal(server->id.nt_version, "4.0");
	assert_int_equal(server->ops->reg_gate(server, &err), 0);
	assert_int_equal(server->ops->service_list(server, *state, &list, &err), 0);
	service = service_in(&list, "MSExchangeMSMI");
	assert_non_null(service);
	server_reg_string(server, *state, "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI",
		"DisplayName", &display, &err);
	assert_string_equal(display, "MS Mail Connector Interchange");
	assert_int_equal(service->start, 2);
	assert_int_equal(service->state, SERVICE_STOPPED);
	assert_non_null(service_in(&list, "MTA to Vancouver PO"));
	assert_null(service_in(&list, "Tcpip"));           /* a driver */
	assert_null(service_in(&list, "MSExchangePCMTA")); /* counters only */
	assert_int_equal(service_in(&list, "MSExchangeIS")->state, SERVICE_RUNNING);
}

static int set(struct server *server, const char *name, enum service_state state)
{
	struct error err;

	return server->ops->service_set(server, name, state, &err);
}

static void services(void **state)
{
	char *dir = built(*state, "standard", 1);
	struct server *server = opened(*state, dir);

	/* The store is needed by Free/Busy and by Internet mail: they first. */
	assert_int_equal(set(server, "MSExchangeIS", SERVICE_STOPPED), -TROUBLE_CANNOT);
	assert_int_equal(set(server, "MSExchangeFB", SERVICE_STOPPED), 0);
	assert_int_equal(set(server, "MSExchangeIMC", SERVICE_STOPPED), 0);
	assert_int_equal(set(server, "msexchangeis", SERVICE_STOPPED), 0);
	/* A start takes along what is needed, and lasts. */
	assert_int_equal(set(server, "MSExchangeFB", SERVICE_RUNNING), 0);
	server = opened(*state, dir);
	assert_int_equal(state_of(*state, server, "MSExchangeIS"), SERVICE_RUNNING);
	assert_int_equal(state_of(*state, server, "MSExchangeIMC"), SERVICE_STOPPED);
	assert_int_equal(set(server, "MSExchangeMSMI", SERVICE_RUNNING), 0);
	assert_int_equal(state_of(*state, server, "MSExchangeMSMI"), SERVICE_RUNNING);
	/* Disabled, unknown, and without its program. */
	assert_int_equal(set(server, "Dhcp", SERVICE_RUNNING), -TROUBLE_CANNOT);
	assert_int_equal(set(server, "No such service", SERVICE_RUNNING), -TROUBLE_NOT_THERE);
	assert_int_equal(unlink(below(*state, dir, "C/WINNT/system32/ups.exe")), 0);
	assert_int_equal(set(server, "UPS", SERVICE_RUNNING), -TROUBLE_CANNOT);
	assert_int_equal(state_of(*state, server, "UPS"), SERVICE_STOPPED);
}

/* Every program that a service names is there: letters and files belong together. */
static void programs(void **state)
{
	char *dir = built(*state, "healthy", 9);
	struct server *server = opened(*state, dir);
	struct service_list list;
	struct error err = { 0 };

	assert_int_equal(server->ops->service_list(server, *state, &list, &err), 0);
	assert_true(list.count > 30);
	for (size_t i = 0; i < list.count; i++) {
		if (list.services[i].state == SERVICE_RUNNING || list.services[i].start == 4)
			continue;
		if (server->ops->service_set(server, list.services[i].name, SERVICE_RUNNING, &err) <
			0)
			fail_msg("%s", err.text);
	}
	assert_int_equal(state_of(*state, server, "MSExchangeMSMI"), SERVICE_RUNNING);
}

/* A folder whose name has commas and backslashes in it. */
static void odd_folder(void **state)
{
	const struct practice_spec spec = STANDARD(2);
	char *dir = below(*state, support_folder(*state), "a,b\\,c");
	struct error err = { 0 };

	assert_int_equal(practice_build(dir, &spec, &err), 0);
	assert_non_null(opened(*state, dir));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(same_seed),
		SUPPORT_TEST(postoffices),
		SUPPORT_TEST(bin_folders),
		SUPPORT_TEST(names),
		SUPPORT_TEST(refusals),
		SUPPORT_TEST(opened_server),
		SUPPORT_TEST(services),
		SUPPORT_TEST(programs),
		SUPPORT_TEST(odd_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
