/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Security descriptors by [MS-DTYP] 2.4: what is one, and what its list says in words. */
#include "nt/descriptor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "tests/rpc_samples.h"
#include "tests/support.h"

/* Without owner and group, the list behind the header; an entry of 20 or 24 bytes each. */
#define HEADER "0100 0480 00000000 00000000 00000000 14000000 "
#define EVERYONE "0101 000000000001 00000000 "
#define ALIAS "0102 000000000005 20000000 "

/* In words, of bytes no longer than they are. */
static void rows_say(TALLOC_CTX *mem, const char *const (*rows)[2], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t len;
		const uint8_t *bytes = rpc_row(mem, rows[i][0], &len);

		assert_true(descriptor_ok(bytes, len));
		assert_string_equal(descriptor_share_text(mem, bytes, len), rows[i][1]);
	}
}

static void lists_in_words(void **state)
{
	static const char *const rows[][2] = {
		{ RPC_DESCRIPTOR, "Everyone: full control" },
		{ HEADER "0200 0800 0000 0000", "nobody" },
		/* no list, or one that does not count */
		{ "0100 0480 00000000 00000000 00000000 00000000",
			"no list: everyone has full control" },
		{ "0100 0080 00000000 00000000 00000000 14000000 0200 0800 0000 0000",
			"no list: everyone has full control" },
		/* denied before allowed; an account of a domain; owner and group behind the list */
		{ "0100 0480 68000000 78000000 00000000 14000000 "
		  "0200 5400 0300 0000 "
		  "0100 1800 ff011f00 " ALIAS "22020000 "
		  "0000 1800 ff011f00 " ALIAS "20020000 "
		  "0000 1c00 a9001200 0103 000000000005 15000000 01000000 e8030000 " ALIAS
		  "20020000 " ALIAS "20020000",
			"denied to Guests: full control; Administrators: full control; S-1-5-21-1-1000: read" },
		/* for what lies below alone, and of another type */
		{ HEADER "0200 3000 0200 0000 0008 1400 ff011f00 " EVERYONE
			 "1100 1400 01000000 " EVERYONE,
			"an entry of type 17" },
	};

	rows_say(*state, rows, ARRAY_SIZE(rows));
	assert_string_equal(descriptor_share_text(*state, NULL, 0),
		"no list: everyone has full control");
	assert_string_equal(descriptor_share_text(*state, (const uint8_t *)"?", 1),
		"not a security descriptor");
}

/* [MS-DTYP] 2.4.2.4; those that no server has by heart as S-1-... (2.4.2.1). */
static void who(void **state)
{
	static const char *const rows[][2] = {
		{ "0101 000000000001 00000000", "Everyone" },
		{ "0101 000000000003 00000000", "Creator Owner" },
		{ "0101 000000000003 01000000", "Creator Group" },
		{ "0101 000000000005 02000000", "Network" },
		{ "0101 000000000005 04000000", "Interactive" },
		{ "0101 000000000005 07000000", "Anonymous Logon" },
		{ "0101 000000000005 0b000000", "Authenticated Users" },
		{ "0101 000000000005 12000000", "SYSTEM" },
		{ ALIAS "20020000", "Administrators" },
		{ ALIAS "21020000", "Users" },
		{ ALIAS "22020000", "Guests" },
		{ ALIAS "23020000", "Power Users" },
		{ ALIAS "24020000", "Account Operators" },
		{ ALIAS "25020000", "Server Operators" },
		{ ALIAS "26020000", "Print Operators" },
		{ ALIAS "27020000", "Backup Operators" },
		{ ALIAS "28020000", "Replicator" },
		{ "0101 000000000001 01000000", "S-1-1-1" },
		{ "0102 000000000001 00000000 00000000", "S-1-1-0-0" },
		{ "0100 000000000005", "S-1-5" },
		{ "0101 0000ffffffff ffffffff", "S-1-4294967295-4294967295" },
		{ "0101 000100000005 12000000", "S-1-0x000100000005-18" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len;
		uint8_t *sid = rpc_row(*state, rows[i][0], &len);
		char *row = talloc_asprintf(*state,
			HEADER "0200 %02zx00 0100 0000 0000 %02zx00 ff011f00 %s", len + 16, len + 8,
			rows[i][0]);
		const char *full[1][2] = { { row,
			talloc_asprintf(*state, "%s: full control", rows[i][1]) } };

		rows_say(*state, (const char *const(*)[2])full, 1);
		talloc_free(sid);
	}
}

/* The three of the dialog, also in generic rights, as NT 4.0 may have kept them. */
static void what(void **state)
{
	static const char *const rows[][2] = {
		{ "ff011f00", "full control" },
		{ "00000010", "full control" },
		{ "ff011f10", "full control" },
		{ "bf011300", "change" },
		{ "000001e0", "change" },
		{ "a9001200", "read" },
		{ "000000a0", "read" },
		{ "00000080", "special access (0x80000000)" },
		{ "00000000", "special access (0x00000000)" },
		{ "ff011f01", "special access (0x011f01ff)" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *full[1][2] = {
			{ talloc_asprintf(*state,
				  HEADER "0200 1c00 0100 0000 0000 1400 %s " EVERYONE, rows[i][0]),
				talloc_asprintf(*state, "Everyone: %s", rows[i][1]) }
		};

		rows_say(*state, (const char *const(*)[2])full, 1);
	}
}

static void what_is_none(void **state)
{
	static const char *const rows[] = {
		"",
		/* another revision; absolute */
		"0200 0480 00000000 00000000 00000000 00000000",
		"0100 0400 00000000 00000000 00000000 00000000",
		/* parts that overlap the header, or lie outside */
		"0100 0480 13000000 00000000 00000000 00000000 " EVERYONE,
		"0100 0480 00000000 1d000000 00000000 00000000 " EVERYONE,
		"0100 0480 00000000 00000000 ffffffff 00000000 " EVERYONE,
		"0100 0480 00000000 00000000 00000000 20000000 " EVERYONE,
		/* a SID of another revision, of more parts than there may be, or are */
		"0100 0480 14000000 00000000 00000000 00000000 0201 000000000001 00000000",
		"0100 0480 14000000 00000000 00000000 00000000 0102 000000000001 00000000",
		"0100 0480 14000000 00000000 00000000 00000000 0110 000000000001 "
		"00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
		"00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000",
		/* a list of an unknown revision, smaller than its head, longer than the bytes */
		HEADER "0500 0800 0000 0000",
		HEADER "0100 0800 0000 0000",
		HEADER "0200 0700 0000 0000",
		HEADER "0200 0900 0000 0000",
		/* more entries than it holds; one of no size, longer than it, too small for its
		 * SID */
		HEADER "0200 1c00 0200 0000 0000 1400 ff011f00 " EVERYONE,
		HEADER "0200 1c00 0100 0000 0000 0000 ff011f00 " EVERYONE,
		HEADER "0200 1c00 0100 0000 0000 1500 ff011f00 " EVERYONE,
		HEADER "0200 1c00 0100 0000 0000 1000 ff011f00 " EVERYONE,
		HEADER "0200 1c00 0100 0000 0000 0800 ff011f00 " EVERYONE,
		HEADER "0200 1000 0100 0000 0500 0300 ff011f00",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len;
		const uint8_t *bytes = rpc_row(*state, rows[i], &len);

		assert_false(descriptor_ok(bytes, len));
		assert_string_equal(descriptor_share_text(*state, bytes, len),
			"not a security descriptor");
	}
}

/* Shorter by any byte it is none; longer it may be. */
static void cut_anywhere(void **state)
{
	size_t len;
	const uint8_t *bytes = rpc_row(*state, RPC_DESCRIPTOR, &len);

	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *exact = talloc_memdup(*state, bytes, cut);
		assert_false(descriptor_ok(exact, cut));
		talloc_free(exact);
	}
}

/* Two that say the same in other words, or do not. An account of Guests (222), of Administrators
 * (220). */
static void the_same_or_not(void **state)
{
#define OWNED(list) \
	"0100 0480 14000000 24000000 00000000 34000000 " ALIAS "20020000 " ALIAS "20020000 " list
#define ONE(entry) "0200 2000 0100 0000 " entry
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			/* the list first, then group, then owner; inherited; generic all */
			"0100 0484 44000000 34000000 00000000 14000000 " ONE(
				"0010 1800 00000010 " ALIAS "20020000 ") ALIAS "20020000 " ALIAS
									       "20020000",
			true },
		/* a list of more room than it needs */
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			OWNED("0200 2400 0100 0000 0000 1c00 ff011f00 " ALIAS "20020000 00000000"),
			true },
		/* another right, another account, denied, for what lies below too */
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			OWNED(ONE("0000 1800 bf011300 " ALIAS "20020000")), false },
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			OWNED(ONE("0000 1800 ff011f00 " ALIAS "22020000")), false },
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			OWNED(ONE("0100 1800 ff011f00 " ALIAS "20020000")), false },
		{ OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			OWNED(ONE("0003 1800 ff011f00 " ALIAS "20020000")), false },
		/* nobody is not everybody */
		{ OWNED("0200 0800 0000 0000"), OWNED(ONE("0000 1800 ff011f00 " ALIAS "20020000")),
			false },
		{ HEADER "0200 0800 0000 0000", "0100 0080 00000000 00000000 00000000 00000000",
			false },
		{ "0100 0480 00000000 00000000 00000000 00000000",
			"0100 0080 00000000 00000000 00000000 00000000", true },
		/* no owner is not one */
		{ HEADER "0200 0800 0000 0000", OWNED("0200 0800 0000 0000"), false },
		/* another owner, another group */
		{ OWNED("0200 0800 0000 0000"),
			"0100 0480 14000000 24000000 00000000 34000000 " ALIAS "22020000 " ALIAS
			"20020000 0200 0800 0000 0000",
			false },
		{ OWNED("0200 0800 0000 0000"),
			"0100 0480 14000000 24000000 00000000 34000000 " ALIAS "20020000 " ALIAS
			"22020000 0200 0800 0000 0000",
			false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		size_t len, b_len;
		const uint8_t *a = rpc_row(*state, rows[i].a, &len),
			      *b = rpc_row(*state, rows[i].b, &b_len);

		assert_true(descriptor_ok(a, len) && descriptor_ok(b, b_len));
		if (descriptor_same(a, b) != rows[i].same || descriptor_same(b, a) != rows[i].same)
			fail_msg("row %zu", i);
		assert_true(descriptor_same(a, a) && descriptor_same(b, b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_in_words),
		cmocka_unit_test(who),
		cmocka_unit_test(what),
		cmocka_unit_test(what_is_none),
		cmocka_unit_test(the_same_or_not),
		cmocka_unit_test(cut_anywhere),
	};

	return cmocka_run_group_tests_name("descriptor", tests, support_memory_new,
		support_memory_free);
}
