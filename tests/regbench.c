/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/regbench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support.h"

struct regbench *regbench(TALLOC_CTX *mem)
{
	struct regbench *b = talloc_zero(mem, struct regbench);

	b->disks = nt_disks(b);
	b->server = nt_open(b->disks);
	b->system = talloc_asprintf(b, "%s/SYSTEM", b->disks->config);
	b->alt = talloc_asprintf(b, "%s/SYSTEM.ALT", b->disks->config);
	b->before = support_read(b, b->system, &b->len);
	return b;
}

struct reg_edit regbench_edit(TALLOC_CTX *mem, const char *text)
{
	return (struct reg_edit){ KEY, "ImagePath", regdata_from_string(mem, REG_EXPAND_SZ, text) };
}

struct reg_stage *regbench_staged(struct regbench *b, const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;

	if (b->server->ops->reg_stage(b->server, b, edits, count, &stage, &b->err) != 0)
		fail_msg("%s", b->err.text);
	return stage;
}

int regbench_refused(struct regbench *b, const struct reg_edit *edits, size_t count)
{
	struct reg_stage *stage;

	return b->server->ops->reg_stage(b->server, b, edits, count, &stage, &b->err);
}

size_t regbench_switched(struct regbench *b, struct reg_stage *stage)
{
	size_t done;

	if (b->server->ops->reg_switch(stage, &done, &b->err) != 0)
		fail_msg("%s", b->err.text);
	return done;
}

void regbench_reads(struct regbench *b, const char *key, const char *text)
{
	char *now;

	assert_int_equal(server_reg_string(b->server, b, key, "ImagePath", &now, &b->err), 0);
	assert_string_equal(now, text);
}

bool regbench_unchanged(struct regbench *b, const char *path)
{
	size_t len;
	uint8_t *now = support_read(b, path, &len);

	return len == b->len && memcmp(now, b->before, len) == 0;
}

/* Nothing but the registry files themselves lies in the folder. */
void regbench_tidy(struct regbench *b, size_t files)
{
	struct entry_list list;

	assert_int_equal(b->server->ops->list(b->server, b, "C:\\WINNT\\system32\\config", &list,
				 &b->err),
		0);
	assert_int_equal(list.count, files);
}

size_t regbench_differing(struct regbench *b, const char *path, size_t *where)
{
	size_t len, count = 0;
	uint8_t *now = support_read(b, path, &len);

	assert_int_equal(len, b->len);
	for (size_t i = 0; i < len; i++) {
		if (now[i] != b->before[i]) {
			*where = i;
			count++;
		}
	}
	return count;
}

/* The length of the cell of Blob: the chain of cells is broken, which opening the file does not
 * see. */
void regbench_break(uint8_t *bytes, size_t len)
{
	uint8_t blob[64], *at;

	memset(blob, 0x55, sizeof blob);
	at = memmem(bytes, len, blob, sizeof blob);
	assert_non_null(at);
	at[-4] ^= 0x40;
}
