/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/rpc_samples.h"

#include <string.h>

#include "base/bytes.h"
#include "base/text.h"

const struct ndr_handle rpc_handle = { { 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	15, 16 } };

const struct rpc_sample *rpc_samples(enum rpc_pipe pipe, size_t *count)
{
	const struct rpc_sample *const rows[] = { rpc_winreg, rpc_srvsvc, rpc_svcctl,
		rpc_eventlog };
	const size_t counts[] = { rpc_winreg_count, rpc_srvsvc_count, rpc_svcctl_count,
		rpc_eventlog_count };

	*count = counts[pipe];
	return rows[pipe];
}

uint8_t *rpc_row(TALLOC_CTX *mem, const char *row, size_t *len)
{
	uint8_t *bytes = talloc_array(mem, uint8_t, (unsigned int)(2 * strlen(row) + 1)), *exact;

	*len = 0;
	for (; *row; row++) {
		if (*row == ' ')
			continue;
		if (*row == '\'') {
			for (row++; *row != '\''; row++, *len += 2)
				put16(bytes + *len, (uint8_t)*row);
			continue;
		}
		bytes[(*len)++] = (uint8_t)(text_hex_digit(row[0]) << 4 | text_hex_digit(row[1]));
		row++;
	}
	exact = talloc_memdup(mem, bytes, *len);
	talloc_free(bytes);
	return exact;
}
