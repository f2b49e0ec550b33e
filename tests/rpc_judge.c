/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Samba's tables of the four pipes read what we ask and what the samples answer. libndr-standard
 * has the tables, but no header says how a call's structure looks: it is a block of so many bytes.
 * What was read must be all there was, and be written again as the same bytes; an answer's values
 * are what Samba prints.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <talloc.h>
#include <tevent.h>
#include <core/ntstatus.h>
#include <util/data_blob.h>
#include <ndr.h>

#include "tests/rpc_samples.h"
#include "tests/support.h"

extern const struct ndr_interface_table ndr_table_winreg, ndr_table_srvsvc, ndr_table_svcctl,
	ndr_table_eventlog;

/* Reads all bytes into the call's block; an answer goes into the block of its request, which says
 * its level and sizes. */
static void pulled(TALLOC_CTX *mem, const struct ndr_interface_call *call, int way, void *block,
	DATA_BLOB *bytes)
{
	struct ndr_pull *pull = ndr_pull_init_blob(bytes, mem);

	pull->flags |= LIBNDR_FLAG_REF_ALLOC;
	assert_int_equal(call->ndr_pull(pull, way, block), NDR_ERR_SUCCESS);
	assert_int_equal(pull->offset, bytes->length);
}

static void pushed(TALLOC_CTX *mem, const struct ndr_interface_call *call, int way, void *block,
	const DATA_BLOB *bytes)
{
	struct ndr_push *push = ndr_push_init_ctx(mem);
	DATA_BLOB again;

	assert_int_equal(call->ndr_push(push, way, block), NDR_ERR_SUCCESS);
	again = ndr_push_blob(push);
	assert_int_equal(again.length, bytes->length);
	assert_memory_equal(again.data, bytes->data, bytes->length);
}

/* Lines "name: value" with one blank, each between two ends of a line. */
static char *printed(TALLOC_CTX *mem, const struct ndr_interface_call *call, void *block)
{
	char *text = ndr_print_function_string(mem, call->ndr_print, call->name, NDR_OUT, block);
	char *lines = talloc_strdup(mem, "\n");

	for (char *rest = text, *line; (line = strtok_r(rest, "\n", &rest));) {
		char *value = strstr(line, ": ");

		line += strspn(line, " ");
		if (value)
			lines = talloc_asprintf_append(lines, "%.*s%s\n", (int)strcspn(line, " "),
				line, value);
	}
	return lines;
}

static void prints(TALLOC_CTX *mem, const char *lines, const char *wanted)
{
	char *rows = talloc_strdup(mem, wanted);

	for (char *rest = rows, *row; (row = strtok_r(rest, "|", &rest));) {
		if (strstr(lines, talloc_asprintf(mem, "\n%s\n", row)))
			continue;
		print_error("No line \"%s\" in:%s", row, lines);
		fail();
	}
}

static void judge(TALLOC_CTX *mem, const struct ndr_interface_table *table,
	const struct rpc_sample *sample)
{
	const struct ndr_interface_call *call = &table->calls[sample->opnum];
	void *block = talloc_zero_size(mem, call->struct_size);
	struct ndr_writer writer;
	DATA_BLOB request, reply;

	talloc_set_name_const(block, call->name);
	ndr_begin(&writer, mem);
	sample->put(&writer);
	request.data = ndr_bytes(&writer, &request.length);
	pulled(mem, call, NDR_IN, block, &request);
	if (!sample->pushed_otherwise)
		pushed(mem, call, NDR_IN, block, &request);
	reply.data = rpc_row(mem, sample->reply, &reply.length);
	pulled(mem, call, NDR_OUT, block, &reply);
	pushed(mem, call, NDR_OUT, block, &reply);
	prints(mem, printed(mem, call, block), sample->printed);
}

static void judge_all(TALLOC_CTX *mem, const struct ndr_interface_table *table, enum rpc_pipe pipe)
{
	size_t count;
	const struct rpc_sample *samples = rpc_samples(pipe, &count);

	for (size_t i = 0; i < count; i++) {
		TALLOC_CTX *tmp = talloc_new(mem);
		print_message("# %s: %s\n", table->name, table->calls[samples[i].opnum].name);
		judge(tmp, table, &samples[i]);
		talloc_free(tmp);
	}
}

static void winreg(void **state)
{
	judge_all(*state, &ndr_table_winreg, RPC_WINREG);
}

static void srvsvc(void **state)
{
	judge_all(*state, &ndr_table_srvsvc, RPC_SRVSVC);
}

static void svcctl(void **state)
{
	judge_all(*state, &ndr_table_svcctl, RPC_SVCCTL);
}

static void eventlog(void **state)
{
	judge_all(*state, &ndr_table_eventlog, RPC_EVENTLOG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(winreg),
		cmocka_unit_test(srvsvc),
		cmocka_unit_test(svcctl),
		cmocka_unit_test(eventlog),
	};

	return cmocka_run_group_tests_name("rpc_judge", tests, support_memory_new,
		support_memory_free);
}
