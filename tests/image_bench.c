/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/image_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support.h"

#define SERVICE "SYSTEM\\ControlSet001\\Services\\MSExchangeMSMI"
#define TEXT "written into the overlay"

const char *bench_lab;

void bench_must(struct bench *b, int ret)
{
	if (ret != 0)
		fail_msg("%s (%s)", b->err.text, trouble_name(b->err.trouble));
}

void bench_wants(struct bench *b, int ret, enum trouble trouble, const char *word)
{
	if (ret != -(int)trouble || !strstr(b->err.text, word))
		fail_msg("wanted %s and '%s', got %d: %s", trouble_name(trouble), word, ret,
			b->err.text);
}

void bench_run(struct bench *b, const char *const *argv)
{
	char *output;

	if (support_run(b, argv, NULL, &output) != 0)
		fail_msg("%s: %s", argv[0], output);
}

char *bench_disk(struct bench *b, const char *name)
{
	char *to = talloc_asprintf(b, "%s/%s", b->folder, name),
	     *from = talloc_asprintf(b, "%s/%s", bench_lab, name);

	bench_run(b, (const char *const[]){ "cp", "--sparse=always", from, to, NULL });
	return to;
}

int bench_setup(void **state)
{
	struct bench *b = talloc_zero(NULL, struct bench);

	b->folder = support_folder(b);
	b->one = bench_disk(b, "one.raw");
	*state = b;
	return 0;
}

/* The server goes before its images do. */
int bench_teardown(void **state)
{
	struct bench *b = *state;

	TALLOC_FREE(b->server);
	talloc_free(b);
	return 0;
}

int bench_try(struct bench *b, const struct image_spec *spec)
{
	struct image *image;
	int ret;

	TALLOC_FREE(b->server);
	ret = image_open(b, spec, &image, &b->err);
	if (ret == 0 && (ret = image_server(b, image, &b->server, &b->err)) != 0)
		talloc_free(image);
	b->ops = ret == 0 ? b->server->overlay : NULL;
	return ret;
}

void bench_serve(struct bench *b, bool over)
{
	const struct overlay *all[] = { over ? b->overlay : NULL, NULL };

	bench_must(b,
		bench_try(b,
			&(struct image_spec){ .files = b->one,
				.letters = "C=1.1,E=1.2",
				.over = all }));
}

char *bench_sum(struct bench *b, const char *file)
{
	char *output;

	assert_int_equal(support_run(b, (const char *const[]){ "sha256sum", file, NULL }, NULL,
				 &output),
		0);
	return talloc_strndup(b, output, 64);
}

/* ---- what is written, and seen of it ---- */

void bench_add(struct bench *b, const char *path)
{
	const struct server_ops *ops = b->server->ops;
	struct stage_spec spec = { .target = path, .mtime = FILETIME_NONE };
	struct stage *stage;

	bench_must(b, ops->stage(b->server, b, &spec, &stage, &b->err));
	bench_must(b, ops->stage_write(stage, TEXT, strlen(TEXT), &b->err));
	bench_must(b, ops->stage_ready(stage, &b->err));
	bench_must(b, ops->sync(b->server, 'E', &b->err));
	bench_must(b, ops->stage_switch(stage, &b->err));
	talloc_free(stage);
	bench_must(b, ops->sync_folder(b->server, "E:\\", &b->err));
}

static void disable(struct bench *b)
{
	uint8_t four[] = { 4, 0, 0, 0 };
	struct reg_data data = { .type = REG_DWORD, .bytes = four, .len = sizeof four };
	struct reg_edit edit = { SERVICE, "Start", &data };
	struct reg_stage *stage;
	size_t done;

	bench_must(b, b->server->ops->reg_gate(b->server, &b->err));
	bench_must(b, b->server->ops->reg_stage(b->server, b, &edit, 1, &stage, &b->err));
	bench_must(b, b->server->ops->reg_switch(stage, &done, &b->err));
	assert_int_equal(done, 2);
	talloc_free(stage);
}

bool bench_has(struct bench *b, const char *path)
{
	enum entry_kind kind;

	bench_must(b, server_kind(b->server, path, &kind, &b->err));
	return kind == ENTRY_FILE;
}

static uint32_t start(struct bench *b)
{
	uint32_t number = 0;
	bool found;

	bench_must(b, server_reg_dword(b->server, SERVICE, "Start", &number, &found, &b->err));
	assert_true(found);
	return number;
}

void bench_begin(struct bench *b, const char *name)
{
	bench_must(b, b->ops->plan(b->server, b, name, &b->overlay, &b->err));
	bench_must(b, b->ops->begin(b->server, b->overlay, &b->err));
}

/* Begun, written to, closed. */
void bench_written(struct bench *b)
{
	bench_begin(b, BENCH_RUN);
	bench_add(b, BENCH_ADDED);
	disable(b);
	bench_must(b, b->ops->close(b->server, b->overlay, &b->err));
}

void bench_changed(struct bench *b)
{
	assert_true(bench_has(b, BENCH_ADDED));
	assert_int_equal(start(b), 4);
}

void bench_unchanged(struct bench *b)
{
	assert_false(bench_has(b, BENCH_ADDED));
	assert_int_not_equal(start(b), 4);
}
