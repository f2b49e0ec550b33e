/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every call: what is asked byte by byte, what an answer says, and answers that lie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "nt/eventlog.h"
#include "nt/srvsvc.h"
#include "nt/svcctl.h"
#include "nt/winreg.h"
#include "tests/rpc_samples.h"
#include "tests/support.h"

/* Once more with every sample. */
static void each_sample(TALLOC_CTX *mem,
	void (*check)(TALLOC_CTX *mem, const struct rpc_sample *sample))
{
	for (enum rpc_pipe pipe = 0; pipe < RPC_PIPES; pipe++) {
		size_t count;
		const struct rpc_sample *samples = rpc_samples(pipe, &count);

		for (size_t i = 0; i < count; i++) {
			TALLOC_CTX *tmp = talloc_new(mem);
			check(tmp, &samples[i]);
			talloc_free(tmp);
		}
	}
}

static void request_is(TALLOC_CTX *mem, const struct rpc_sample *sample)
{
	struct ndr_writer writer;
	size_t want_len, got_len;
	const uint8_t *want = rpc_row(mem, sample->request, &want_len), *got;

	ndr_begin(&writer, mem);
	sample->put(&writer);
	got = ndr_bytes(&writer, &got_len);
	assert_non_null(got);
	assert_int_equal(got_len, want_len);
	assert_memory_equal(got, want, want_len);
}

static void requests(void **state)
{
	each_sample(*state, request_is);
}

/* The bytes are copied, so that a sanitizer sees what is read behind them. */
static char *says(TALLOC_CTX *mem, const struct rpc_sample *sample, const uint8_t *bytes,
	size_t len, uint32_t *code)
{
	uint8_t *exact = len ? talloc_memdup(mem, bytes, len) : NULL;
	struct ndr_reader reader;
	char *text;

	ndr_read(&reader, exact, len);
	text = sample->get(mem, &reader);
	*code = (uint32_t)strtoul(text, NULL, 10);
	assert_true(*code != NDR_BAD || reader.bad);
	return text;
}

static void reply_says(TALLOC_CTX *mem, const struct rpc_sample *sample)
{
	uint32_t code;
	size_t len;
	const uint8_t *bytes = rpc_row(mem, sample->reply, &len);

	assert_string_equal(says(mem, sample, bytes, len, &code), sample->says);
}

static void replies(void **state)
{
	each_sample(*state, reply_says);
}

/* Shorter at every byte, or longer, is never an answer. */
static void reply_cut(TALLOC_CTX *mem, const struct rpc_sample *sample)
{
	uint32_t code;
	size_t len;
	uint8_t *bytes = rpc_row(mem, sample->reply, &len);

	for (size_t cut = 0; cut < len; cut++) {
		(void)says(mem, sample, bytes, cut, &code);
		assert_int_equal(code, NDR_BAD);
	}
	bytes = talloc_realloc(mem, bytes, uint8_t, (unsigned int)len + 1);
	bytes[len] = 0;
	(void)says(mem, sample, bytes, len + 1, &code);
	assert_int_equal(code, NDR_BAD);
}

static void replies_cut(void **state)
{
	each_sample(*state, reply_cut);
}

/* Each byte turned over and each number made huge: nothing is read outside, nothing is made of a
 * count that the bytes cannot hold. */
static void reply_bent(TALLOC_CTX *mem, const struct rpc_sample *sample)
{
	size_t len;
	uint8_t *bytes = rpc_row(mem, sample->reply, &len);

	for (size_t at = 0; at < len; at++) {
		TALLOC_CTX *tmp = talloc_new(mem);
		const size_t bent = at % 4 == 0 && at + 4 <= len ? 4 : 1;
		uint8_t *copy = talloc_memdup(tmp, bytes, len);
		uint32_t code;

		copy[at] ^= 0xff;
		(void)says(tmp, sample, copy, len, &code);
		memset(copy + at, 0xff, bent);
		(void)says(tmp, sample, copy, len, &code);
		assert_true(talloc_total_size(tmp) < 64 * (len + 64));
		talloc_free(tmp);
	}
}

static void replies_bent(void **state)
{
	each_sample(*state, reply_bent);
}

/* The first sample of a call, which has an answer that is good. */
static const struct rpc_sample *sample_of(enum rpc_pipe pipe, uint16_t opnum)
{
	size_t count, i = 0;
	const struct rpc_sample *samples = rpc_samples(pipe, &count);

	while (i < count && samples[i].opnum != opnum)
		i++;
	assert_true(i < count);
	return &samples[i];
}

#define SHARE_FIXED "00000000 ffffffff 00000000 0c000200 00000000 00000000 00000000 "
#define M_ROW "03000000 00000000 03000000 'M$' 0000 0000 "
#define PATH_ROW "02000000 00000000 02000000 'E' 0000 "
#define STATUS_ROW "10000000 03000000 05000000 00000000 00000000 00000000 00000000 "

/* Answers of the right shape with something in them that cannot be. */
static void lies(void **state)
{
	static const struct {
		enum rpc_pipe pipe;
		uint16_t opnum;
		const char *reply;
	} rows[] = {
		/* no name; an odd length; a length that is not the array's; an offset; more used
		 * than there is room for; an empty name; a separator in it */
		{ RPC_WINREG, WINREG_ENUM_KEY, "0000 1600 00000000 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0300 1600 00000200 0b000000 00000000 02000000 'ab' 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0200 1600 00000200 0b000000 00000000 02000000 'ab' 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0400 1600 00000200 0b000000 01000000 02000000 'ab' 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0400 1600 00000200 01000000 00000000 02000000 'ab' 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0200 1600 00000200 0b000000 00000000 01000000 0000 0000 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0600 1600 00000200 0b000000 00000000 03000000 'a\\b' 0000 00000000 00000000 00000000" },
		/* a million elements of nothing */
		{ RPC_WINREG, WINREG_ENUM_KEY,
			"0000 1600 00000200 ffffffff 00000000 ffffffff 00000000 00000000 00000000" },
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000200 01000000 04000200 40420f00 00000000 40420f00 08000200 40420f00 "
			"0c000200 40420f00 00000000" },
		/* no type; no size; no length; a length that is not the array's */
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000000 04000200 02000000 00000000 02000000 'a' 0000 08000200 02000000 "
			"0c000200 02000000 00000000" },
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000200 01000000 04000200 02000000 00000000 02000000 'a' 0000 00000000 "
			"0c000200 02000000 00000000" },
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000200 01000000 04000200 02000000 00000000 02000000 'a' 0000 08000200 02000000 "
			"00000000 00000000" },
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000200 01000000 04000200 04000000 00000000 02000000 'a' 0000 08000200 04000000 "
			"0c000200 04000000 00000000" },
		{ RPC_WINREG, WINREG_QUERY_VALUE,
			"00000200 01000000 00000000 08000200 02000000 0c000200 02000000 00000000" },
		/* nothing where a share should be; another level; no name; a string without its
		 * NUL; a descriptor of another length than said */
		{ RPC_SRVSVC, SRVSVC_SHARE_INFO, "f6010000 00000000 00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_INFO,
			"02000000 00000200 04000200 00000000 00000000 " SHARE_FIXED M_ROW PATH_ROW
			"00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_INFO,
			"f6010000 00000200 00000000 00000000 00000000 " SHARE_FIXED PATH_ROW
			"00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_INFO,
			"f6010000 00000200 04000200 00000000 00000000 " SHARE_FIXED
			"02000000 00000000 02000000 'M$' " PATH_ROW "00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_INFO,
			"f6010000 00000200 04000200 00000000 00000000 00000000 ffffffff 00000000 "
			"0c000200 00000000 05000000 10000200 " M_ROW PATH_ROW
			"04000000 01020304 00000000" },
		/* more shares than bytes; another number in the array; a share without a name */
		{ RPC_SRVSVC, SRVSVC_SHARE_ENUM,
			"01000000 01000000 00000200 40420f00 04000200 40420f00 00000000 00000000 00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_ENUM,
			"01000000 01000000 00000200 01000000 04000200 02000000 04000200 00000000 00000000 " M_ROW
			"00000000 00000000 00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_ENUM,
			"01000000 01000000 00000200 01000000 00000000 00000000 00000000 00000000" },
		{ RPC_SRVSVC, SRVSVC_SHARE_ENUM,
			"01000000 01000000 00000200 01000000 04000200 01000000 00000000 00000000 00000000 "
			"00000000 00000000 00000000" },
		{ RPC_SRVSVC, SRVSVC_FILE_SECURITY_GET, "00000000 00000000" },
		/* more services than the buffer holds; a name beyond it; one without an end in it;
		 * names that lie over each other */
		{ RPC_SVCCTL, SVCCTL_ENUM,
			"28000000 24000000 24000000 " STATUS_ROW
			"00000000 00000000 02000000 00000000 00000000" },
		{ RPC_SVCCTL, SVCCTL_ENUM,
			"28000000 28000000 24000000 " STATUS_ROW
			"00000000 00000000 01000000 00000000 00000000" },
		{ RPC_SVCCTL, SVCCTL_ENUM,
			"28000000 ffffffff 24000000 " STATUS_ROW
			"00000000 00000000 01000000 00000000 00000000" },
		{ RPC_SVCCTL, SVCCTL_ENUM,
			"28000000 24000000 24000000 " STATUS_ROW
			"'ab' 00000000 01000000 00000000 00000000" },
		{ RPC_SVCCTL, SVCCTL_ENUM,
			"48000000 24000000 24000000 " STATUS_ROW "'abcdefghijklmnopq' 0000 "
			"00000000 01000000 00000000 00000000" },
		/* more read than there is */
		{ RPC_EVENTLOG, EVENTLOG_READ, "04000000 01020304 05000000 00000000 00000000" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct rpc_sample *sample = sample_of(rows[i].pipe, rows[i].opnum);
		uint32_t code;
		size_t len;
		const uint8_t *bytes = rpc_row(*state, rows[i].reply, &len);

		(void)says(*state, sample, bytes, len, &code);
		if (code != NDR_BAD)
			print_error("row %zu is taken: %s\n", i, rows[i].reply);
		assert_int_equal(code, NDR_BAD);
	}
}

/* A value of the limit is taken, of a byte more not, read or written. */
static void the_largest_value(void **state)
{
	for (uint32_t len = WINREG_VALUE_LIMIT; len <= WINREG_VALUE_LIMIT + 4; len += 4) {
		struct ndr_writer writer;
		struct ndr_reader reader;
		struct reg_data data = { REG_BINARY, talloc_zero_size(*state, len), len };
		uint32_t needed, want = len > WINREG_VALUE_LIMIT ? NDR_BAD : 0;
		const uint8_t *reply;
		size_t size;

		ndr_begin(&writer, *state);
		ndr_put_pointer(&writer, true);
		ndr_put32(&writer, REG_BINARY);
		ndr_put_pointer(&writer, true);
		ndr_put32(&writer, len);
		ndr_put32(&writer, 0);
		ndr_put_array(&writer, data.bytes, len);
		for (int twice = 0; twice < 2; twice++) {
			ndr_put_pointer(&writer, true);
			ndr_put32(&writer, len);
		}
		ndr_put32(&writer, 0);
		reply = ndr_bytes(&writer, &size);
		ndr_read(&reader, reply, size);
		assert_int_equal(winreg_get_query_value(&reader, *state, &data, &needed), want);
		data = (struct reg_data){ REG_BINARY, talloc_zero_size(*state, len), len };
		ndr_begin(&writer, *state);
		winreg_put_set_value(&writer, &rpc_handle, "x", &data);
		assert_int_equal(!ndr_bytes(&writer, &size), want != 0);
	}
}

/* A hidden value's name holds a NUL, which stays; the one at its end is none of its own. */
static void a_name_with_a_nul(void **state)
{
	const struct rpc_sample *sample = sample_of(RPC_WINREG, WINREG_ENUM_VALUE);
	uint32_t code;
	size_t len;
	const uint8_t *bytes = rpc_row(*state,
		"0800 0a00 00000200 05000000 00000000 04000000 'a' 0000 'b' 0000 04000200 04000000 "
		"08000200 00000000 00000000 00000000 0c000200 00000000 10000200 00000000 00000000",
		&len);

	assert_string_equal(says(*state, sample, bytes, len, &code),
		"0 a\xc0\x80"
		"b 4 ");
}

/* A list in two parts grows, and keeps what it has when the second is no answer. */
static void services_in_parts(void **state)
{
	const struct rpc_sample *sample = sample_of(RPC_SVCCTL, SVCCTL_ENUM);
	struct svcctl_service *services = NULL;
	struct ndr_reader reader;
	uint32_t needed, resume;
	size_t len, count = 0;
	uint8_t *bytes = rpc_row(*state, sample->reply, &len);

	for (size_t i = 1; i <= 9; i++) {
		ndr_read(&reader, bytes, len);
		assert_int_equal(svcctl_get_enum(&reader, *state, &services, &count, &needed,
					 &resume),
			0);
		assert_int_equal(count, i);
	}
	ndr_read(&reader, bytes, len - 4);
	assert_int_equal(svcctl_get_enum(&reader, *state, &services, &count, &needed, &resume),
		NDR_BAD);
	assert_int_equal(count, 9);
	assert_string_equal(services[0].name, "Dx");
	assert_string_equal(services[8].shown, "Dirs");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(replies),
		cmocka_unit_test(replies_cut),
		cmocka_unit_test(replies_bent),
		cmocka_unit_test(lies),
		cmocka_unit_test(the_largest_value),
		cmocka_unit_test(a_name_with_a_nul),
		cmocka_unit_test(services_in_parts),
	};

	return cmocka_run_group_tests_name("rpc_calls", tests, support_memory_new,
		support_memory_free);
}
