/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

struct vector {
	const char *message;
	const char *hex;
};

/* The examples of FIPS 180-2 appendix B, and the empty message (NIST example values). */
static const struct vector vectors[] = {
	{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
};

static const char million_hex[] =
	"cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

static void known_messages(void **state)
{
	char hex[65];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		struct digest digest = digest_of(vectors[i].message, strlen(vectors[i].message));
		digest_text(&digest, hex);
		assert_string_equal(hex, vectors[i].hex);
	}
}

static void pieces_make_the_whole(void **state)
{
	struct digest_state running;
	uint8_t block[1000];
	char hex[65];
	struct digest digest;

	(void)state;
	digest_begin(&running);
	memset(block, 'a', sizeof block);
	for (size_t done = 0, step = 1; done < 1000000;
		done += step, step = step % sizeof block + 1) {
		if (step > 1000000 - done)
			step = 1000000 - done;
		digest_add(&running, block, step);
	}
	digest = digest_end(&running);
	digest_text(&digest, hex);
	assert_string_equal(hex, million_hex);
}

static void nothing_added_is_the_empty_message(void **state)
{
	struct digest_state running;
	struct digest whole = digest_of(NULL, 0), pieces;

	(void)state;
	digest_begin(&running);
	digest_add(&running, NULL, 0);
	pieces = digest_end(&running);
	assert_true(digest_equal(&whole, &pieces));
}

static void text_and_back(void **state)
{
	struct digest digest = digest_of("abc", 3), again;
	char hex[65];

	(void)state;
	digest_text(&digest, hex);
	assert_true(digest_parse(hex, &again));
	assert_true(digest_equal(&digest, &again));
	for (size_t i = 0; i < 32; i++) {
		again.bytes[i] ^= 1;
		assert_false(digest_equal(&digest, &again));
		again.bytes[i] ^= 1;
	}
	assert_true(digest_parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
		&again));
	assert_true(digest_equal(&digest, &again));
}

static void malformed_text_is_refused(void **state)
{
	struct digest digest;
	char hex[67];

	(void)state;
	memset(hex, '0', sizeof hex);
	hex[64] = '\0';
	assert_true(digest_parse(hex, &digest));
	for (size_t length = 0; length < 64; length++) {
		char cut[65];
		memcpy(cut, hex, length);
		cut[length] = '\0';
		assert_false(digest_parse(cut, &digest));
	}
	hex[64] = '0';
	hex[65] = '\0';
	assert_false(digest_parse(hex, &digest));
	hex[64] = '\0';
	hex[63] = 'g';
	assert_false(digest_parse(hex, &digest));
	hex[63] = '0';
	hex[0] = ' ';
	assert_false(digest_parse(hex, &digest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_messages),
		cmocka_unit_test(pieces_make_the_whole),
		cmocka_unit_test(nothing_added_is_the_empty_message),
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(malformed_text_is_refused),
	};

	return cmocka_run_group_tests_name("digest", tests, NULL, NULL);
}
