/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of event logs as learn.microsoft.com has them, and what is none. */
#include "nt/evtfile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "tests/evt_write.h"
#include "tests/support.h"

static const struct evt_sample sent = { .at = 910137600,
	.id = 0x40000990,
	.type = 4,
	.category = 5,
	.source = "MSExchangeMSMI",
	.computer = "EXCH1",
	.strings = { "0000030C", "EX/SITE/PROBE", "NET/PO/MMPROBE" } };

static char *said;

static int say(void *arg, const struct evt_record *record)
{
	int *left = arg;

	said = talloc_asprintf_append(said, " %u", (unsigned)record->number);
	return left && --*left == 0 ? -7 : 0;
}

/* The numbers of a walk, and behind a colon what it met: d(irty), w(rapped), b(roken). */
static const char *walked_after(TALLOC_CTX *mem, const uint8_t *bytes, size_t len, uint32_t after)
{
	/* Its own copy, so that a byte too far is seen. */
	uint8_t *copy = talloc_memdup(mem, bytes, len);
	struct evt_walk walk;

	said = talloc_strdup(mem, "");
	assert_int_equal(evt_walk(copy, len, after, say, NULL, &walk), 0);
	return talloc_asprintf(mem, "%s: %s%s%s%zu of %u-%u", said, walk.dirty ? "d" : "",
		walk.wrapped ? "w" : "", walk.damaged ? "b" : "", walk.count, (unsigned)walk.oldest,
		(unsigned)walk.newest);
}

static const char *walked(TALLOC_CTX *mem, const struct evt_log *log)
{
	return walked_after(mem, log->bytes, log->size, 0);
}

static struct evt_log *log_of(TALLOC_CTX *mem, size_t size, uint32_t first, int records)
{
	struct evt_log *log = evt_write_new(mem, size, first);

	while (records-- > 0)
		evt_write_add(log, &sent);
	evt_write_header(log, log->begin > log->end ? 2 : 0);
	return log;
}

/* ---- files ---- */

static void a_clean_file_is_read_in_order(void **state)
{
	struct evt_log *log = log_of(*state, 0x1000, 1, 3);

	assert_true(evt_is_file(log->bytes, log->size));
	assert_string_equal(walked(*state, log), " 1 2 3: 3 of 1-3");
	assert_string_equal(walked_after(*state, log->bytes, log->size, 2), " 3: 3 of 1-3");
	assert_string_equal(walked_after(*state, log->bytes, log->size, 3), ": 3 of 1-3");
	assert_string_equal(walked_after(*state, log->bytes, log->size, UINT32_MAX), ": 3 of 1-3");
	assert_string_equal(walked(*state, log_of(*state, 0x1000, 1, 0)), ": 0 of 0-0");
}

static void who_hears_enough_ends_it(void **state)
{
	struct evt_log *log = log_of(*state, 0x1000, 1, 3);
	struct evt_walk walk;
	int left = 2;

	said = talloc_strdup(*state, "");
	assert_int_equal(evt_walk(log->bytes, log->size, 0, say, &left, &walk), -7);
	assert_string_equal(said, " 1 2");
	assert_int_equal(walk.count, 3);
}

/* A service that runs writes the header of its beginning. */
static void a_dirty_file_is_searched(void **state)
{
	struct evt_log *log = evt_write_new(*state, 0x1000, 1);

	evt_write_header(log, 1);
	assert_string_equal(walked(*state, log), ": d0 of 0-0");
	for (int i = 0; i < 4; i++)
		evt_write_add(log, &sent);
	assert_string_equal(walked(*state, log), " 1 2 3 4: d4 of 1-4");
	put32(log->bytes + 16, 0xfffffff0);
	put32(log->bytes + 20, 0);
	assert_string_equal(walked(*state, log), " 1 2 3 4: d4 of 1-4");
}

/* Sizes that put the end of the file at every word of a record: across the fixed part none goes,
 * across all others it does. */
static void a_ring_goes_on_at_its_beginning(void **state)
{
	uint8_t bytes[EVT_WRITE_LONGEST];
	size_t len = evt_write_record(bytes, &sent), crossed = 0;

	for (size_t size = 48 + 6 * len; size <= 48 + 7 * len; size += 4) {
		for (int dirty = 0; dirty < 2; dirty++) {
			struct evt_log *log = log_of(*state, size, 96, 0);
			char *wanted;

			evt_write_header(log, 1);
			for (int i = 0; i < 12; i++)
				evt_write_add(log, &sent);
			if (!dirty)
				evt_write_header(log, 2);
			wanted = talloc_strdup(*state, "");
			for (uint32_t i = log->oldest; i < log->next; i++)
				wanted = talloc_asprintf_append(wanted, " %u", (unsigned)i);
			wanted = talloc_asprintf_append(wanted, ": %s%u of %u-107",
				dirty ? log->begin > log->end ? "dw" : "d" : "w",
				(unsigned)(log->next - log->oldest), (unsigned)log->oldest);
			assert_true(log->oldest > 96 && log->next - log->oldest >= 4);
			assert_string_equal(walked(*state, log), wanted);
			crossed += log->begin > log->end && get32(log->bytes + 52) != 0x654c664c;
		}
	}
	assert_true(crossed > 20);
}

/* The closing record may lie across the end, too. */
static void the_closing_record_goes_on_at_the_beginning(void **state)
{
	struct evt_log *log = log_of(*state, 0x1000, 1, 3);
	size_t end = log->end;

	for (size_t size = end + 4; size < end + 40; size += 4) {
		uint8_t *bytes = talloc_memdup(*state, log->bytes, size);
		struct evt_log cut = { .bytes = bytes, .size = size };
		size_t first = get32(bytes + 48);

		/* The oldest makes room for it. */
		memset(bytes + 48, 0, first);
		put32(bytes + 16, (uint32_t)(48 + first));
		put32(bytes + 28, 2);
		put32(log->bytes + end + 20, (uint32_t)(48 + first));
		put32(log->bytes + end + 32, 2);
		evt_write_ring(&cut, end, log->bytes + end, 40);
		assert_string_equal(walked(*state, &cut), " 2 3: 2 of 2-3");
		put32(bytes + 36, 1);
		assert_string_equal(walked(*state, &cut), " 2 3: d2 of 2-3");
	}
}

/* ---- a foreign reader ---- */

static int export_like(void *arg, const struct evt_record *record)
{
	char **text = arg;

	*text = talloc_asprintf_append(*text, "Event number : %u\n", (unsigned)record->number);
	*text = talloc_asprintf_append(*text, "Computer name : %s\n", record->computer);
	*text = talloc_asprintf_append(*text, "Source name : %s\n", record->source);
	*text = talloc_asprintf_append(*text, "Event category : %u\n", record->category);
	for (size_t i = 0; i < record->string_count; i++)
		*text = talloc_asprintf_append(*text, "String: %zu : %s\n", i + 1,
			record->strings[i]);
	return 0;
}

/* What libevt's evtexport prints of a file, as far as export_like says it, too. */
static const char *exported(TALLOC_CTX *mem, const struct evt_log *log)
{
	static const char *const names[] = { "Event number", "Computer name", "Source name",
		"Event category", "String: " };
	char *path = talloc_asprintf(mem, "%s/log.evt", support_folder(mem)), *output, *line;
	char *text = talloc_strdup(mem, ""), *rest;

	support_write(path, log->bytes, log->size);
	assert_int_equal(support_run(mem, (const char *const[]){ "evtexport", path, NULL }, NULL,
				 &output),
		0);
	for (line = strtok_r(output, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (strncmp(line, names[i], strlen(names[i])) == 0)
				text = talloc_asprintf_append(text, "%.*s : %s\n",
					(int)strcspn(line, "\t"), line, strrchr(line, ':') + 2);
	return text;
}

static void a_foreign_reader_agrees(void **state)
{
	static const struct {
		size_t size;
		int records, flags;
	} logs[] = { { 0x1000, 4, 0 }, { 0x1000, 4, 1 }, { 0x1000, 30, 2 }, { 0x1004, 41, 2 } };
	struct evt_sample sample = sent;
	struct evt_walk walk;

	if (!support_have("evtexport"))
		support_skip("no evtexport (libevt-utils)");
	sample.strings[1] = "M\xc3\xbcller";
	sample.sid = 28;
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		struct evt_log *log = evt_write_new(*state, logs[i].size, 1);
		char *ours = talloc_strdup(*state, "");

		for (int k = 0; k < logs[i].records; k++)
			evt_write_add(log, k % 3 ? &sent : &sample);
		evt_write_header(log, (uint32_t)logs[i].flags);
		assert_int_equal(evt_walk(log->bytes, log->size, 0, export_like, &ours, &walk), 0);
		assert_false(walk.damaged);
		assert_string_equal(ours, exported(*state, log));
	}
}

/* ---- damage ---- */

static void remains_do_not_count(void **state)
{
	struct evt_log *log = evt_write_new(*state, 0x1000, 5);
	struct evt_sample stale = sent;
	uint8_t bytes[EVT_WRITE_LONGEST];
	size_t len, at;

	for (int i = 0; i < 3; i++)
		evt_write_add(log, &sent);
	evt_write_header(log, 1);
	/* behind the closing record: of before, twice there, never written, without a number */
	at = log->end + 40;
	for (uint32_t i = 0; i < 5; i++) {
		stale.number = (const uint32_t[]){ 3, 6, 7, 8, 0 }[i];
		stale.source = "Stale";
		len = evt_write_record(bytes, &stale);
		at = evt_write_ring(log, at, bytes, len);
	}
	assert_string_equal(walked(*state, log), " 5 6 7: d3 of 5-7");
	/* A closing record that says nothing true leaves each of them once, and 6 and 7 are those
	 * before it. */
	put32(log->bytes + log->end + 24, 0);
	assert_string_equal(walked(*state, log), " 3 5 6 7 8: db5 of 3-8");
}

static int source_of_seven(void *arg, const struct evt_record *record)
{
	if (record->number == 7)
		*(char **)arg = talloc_strdup(NULL, record->source);
	return 0;
}

static void of_two_the_later_is_told(void **state)
{
	struct evt_log *log = evt_write_new(*state, 0x1000, 7);
	struct evt_sample stale = sent;
	uint8_t bytes[EVT_WRITE_LONGEST];
	struct evt_walk walk;
	char *source = NULL;

	evt_write_add(log, &sent);
	stale.number = 7;
	stale.source = "Stale";
	evt_write_ring(log, log->end + 40, bytes, evt_write_record(bytes, &stale));
	evt_write_header(log, 1);
	assert_int_equal(evt_walk(log->bytes, log->size, 0, source_of_seven, &source, &walk), 0);
	assert_string_equal(source, "MSExchangeMSMI");
	talloc_free(source);
}

static void damage_is_passed_over_and_told(void **state)
{
	struct evt_log *log = log_of(*state, 0x1000, 1, 5);
	size_t len = get32(log->bytes + 48);

	put32(log->bytes + 48 + 2 * len, (uint32_t)len + 4);
	assert_string_equal(walked(*state, log), " 1 2 4 5: b4 of 1-5");
	put32(log->bytes + 48 + len - 4, 4);
	assert_string_equal(walked(*state, log), " 2 4 5: b3 of 2-5");
	put32(log->bytes + 36, 1);
	assert_string_equal(walked(*state, log), " 2 4 5: db3 of 2-5");
	/* no closing record */
	log = log_of(*state, 0x1000, 1, 2);
	put32(log->bytes + log->end + 4, 0);
	assert_string_equal(walked(*state, log), " 1 2: b2 of 1-2");
	/* a header that leads nowhere */
	log = log_of(*state, 0x1000, 1, 2);
	put32(log->bytes + 20, 0x20000);
	assert_string_equal(walked(*state, log), " 1 2: b2 of 1-2");
}

static void a_file_that_ends_early(void **state)
{
	struct evt_log *log = log_of(*state, 0x400, 1, 4);
	size_t len = get32(log->bytes + 48), next = len + 48;

	for (size_t size = 0; size < log->end + 40; size++) {
		const char *text = walked_after(*state, log->bytes, size, 0);
		size_t whole = size < 48 ? 0 : (size - 48) / len;

		assert_string_equal(strchr(text, ':'),
			talloc_asprintf(*state, ": b%zu of %d-%zu", whole, whole > 0, whole));
	}
	assert_true(next < log->end);
	assert_string_equal(walked_after(*state, log->bytes, 48, 0), ": b0 of 0-0");
}

static void what_is_no_file_is_none(void **state)
{
	static const size_t fields[] = { 0, 4, 8, 12, 44 };
	struct evt_log *log = log_of(*state, 0x400, 1, 2);

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		log->bytes[fields[i]] ^= 3;
		assert_false(evt_is_file(log->bytes, log->size));
		assert_string_equal(walked(*state, log), ": b0 of 0-0");
		log->bytes[fields[i]] ^= 3;
	}
	assert_false(evt_is_file(log->bytes, 47));
	assert_false(evt_is_file((const uint8_t *)"MZ", 2));
}

/* Any byte of a wrapped file another one: it comes to an end, and no number comes twice. */
static void any_byte_may_be_another(void **state)
{
	struct evt_log *log = evt_write_new(*state, 1000, 1);

	for (int i = 0; i < 9; i++)
		evt_write_add(log, &sent);
	for (uint32_t flags = 2; flags <= 3; flags++) {
		evt_write_header(log, flags);
		for (size_t at = 0; at < log->size; at++) {
			TALLOC_CTX *tmp = talloc_new(*state);
			uint8_t was = log->bytes[at];

			log->bytes[at] ^= 0x84;
			(void)walked(tmp, log);
			log->bytes[at] = was;
			talloc_free(tmp);
		}
	}
}

/* Heads that claim much, as many as there is room for: every word looked at once. */
static void a_large_file_takes_no_age(void **state)
{
	enum { SIZE = 16 << 20 };
	struct evt_log *log = evt_write_new(*state, SIZE, 1);
	struct timespec began, ended;

	for (size_t at = 48; at + 8 <= SIZE; at += 8) {
		put32(log->bytes + at, 0x10000);
		put32(log->bytes + at + 4, 0x654c664c);
	}
	evt_write_header(log, 1);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
	(void)walked(*state, log);
	/* nothing but least records, all of one number */
	for (size_t at = 48; at + 56 <= SIZE; at += 56) {
		memset(log->bytes + at, 0, 56);
		put32(log->bytes + at, 56);
		put32(log->bytes + at + 4, 0x654c664c);
		put32(log->bytes + at + 8, 7);
		put32(log->bytes + at + 52, 56);
	}
	assert_string_equal(walked(*state, log), " 7: db1 of 7-7");
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	assert_true(ended.tv_sec - began.tv_sec < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		SUPPORT_TEST(a_clean_file_is_read_in_order),
		SUPPORT_TEST(who_hears_enough_ends_it),
		SUPPORT_TEST(a_dirty_file_is_searched),
		SUPPORT_TEST(a_ring_goes_on_at_its_beginning),
		SUPPORT_TEST(the_closing_record_goes_on_at_the_beginning),
		SUPPORT_TEST(a_foreign_reader_agrees),
		SUPPORT_TEST(remains_do_not_count),
		SUPPORT_TEST(of_two_the_later_is_told),
		SUPPORT_TEST(damage_is_passed_over_and_told),
		SUPPORT_TEST(a_file_that_ends_early),
		SUPPORT_TEST(what_is_no_file_is_none),
		SUPPORT_TEST(any_byte_may_be_another),
		SUPPORT_TEST(a_large_file_takes_no_age),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
