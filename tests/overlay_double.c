/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/overlay_double.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "record/runfolder.h"
#include "server/image.h"
#include "tests/cut_tree.h"
#include "tests/support.h"

struct overlay_double overlay_double;

static char *base_of(TALLOC_CTX *mem, const struct overlay *overlay)
{
	return talloc_asprintf(mem, "%s.base", overlay->files[0].path);
}

static int failing(enum trouble *trouble, struct error *err)
{
	int ret = *trouble ? error_set(err, *trouble, "the double was told to fail") : 0;

	*trouble = TROUBLE_NONE;
	return ret;
}

/* What is in a folder into another one, or (NULL) away. */
static void children(const char *folder, const char *to)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		char *from = talloc_asprintf(NULL, "%s/%s", folder, entry->d_name);

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) {
		} else if (!to) {
			support_remove(from);
		} else {
			assert_int_equal(rename(from,
						 talloc_asprintf(from, "%s/%s", to, entry->d_name)),
				0);
		}
		talloc_free(from);
	}
	closedir(dir);
}

/* The folders themselves stay: the server has them open. */
static void restore(const char *base)
{
	for (const char *drive = "CE"; *drive; drive++) {
		char *from = talloc_asprintf(NULL, "%s/%c", base, *drive),
		     *to = talloc_asprintf(from, "%s/%c", overlay_double.root, *drive);
		struct stat st;

		assert_int_equal(stat(from, &st), 0);
		children(to, NULL);
		children(from, to);
		assert_int_equal(utimensat(AT_FDCWD, to,
					 (struct timespec[2]){ st.st_atim, st.st_mtim }, 0),
			0);
		talloc_free(from);
	}
	support_remove(base);
}

static bool there(const char *path)
{
	return access(path, F_OK) == 0;
}

static int double_stamps(struct server *server, TALLOC_CTX *mem, struct image_stamp **stamps,
	size_t *count, struct error *err)
{
	int ret;

	(void)server;
	*stamps = talloc_zero(mem, struct image_stamp);
	*count = 1;
	ret = image_stamp_take(mem, overlay_double.image, *stamps, err);
	/* What is put back as it was counts as such. */
	(*stamps)->mtime = 0;
	return ret;
}

static int double_plan(struct server *server, TALLOC_CTX *mem, const char *name,
	struct overlay **overlay, struct error *err)
{
	(void)server;
	*overlay = talloc_zero(mem, struct overlay);
	(*overlay)->count = 1;
	(*overlay)->files = talloc_zero(*overlay, struct overlay_file);
	(*overlay)->files[0].path =
		talloc_asprintf(*overlay, "%s.q240208-%s.qcow2", overlay_double.image, name);
	return there((*overlay)->files[0].path) ? error_set(err, TROUBLE_MOVED, "it is there") : 0;
}

static int double_begin(struct server *server, const struct overlay *overlay, struct error *err)
{
	char *base = base_of(NULL, overlay);

	(void)server;
	overlay_double.begun++;
	support_write_text(overlay->files[0].path, "open");
	tree_clone(overlay_double.root, base);
	talloc_free(base);
	return failing(&overlay_double.fail_begin, err);
}

static int double_ours(struct server *server, const struct overlay *overlay, bool *ours,
	struct error *err)
{
	const struct overlay_file *file = &overlay->files[0];
	struct digest digest;
	uint64_t size;

	(void)server;
	if (file_digest(file->path, &digest, &size))
		return error_set(err, TROUBLE_NOT_THERE, "no overlay %s", file->path);
	*ours = size == file->size && digest_equal(&digest, &file->digest);
	return 0;
}

static int double_go_on(struct server *server, const struct overlay *overlay, struct error *err)
{
	bool ours;
	int ret = double_ours(server, overlay, &ours, err);

	if (ret || !ours)
		return ret ? ret : error_set(err, TROUBLE_MOVED, "not ours");
	ret = failing(&overlay_double.fail_go_on, err);
	overlay_double.gone_on += !ret;
	return ret;
}

static int double_close(struct server *server, struct overlay *overlay, struct error *err)
{
	struct overlay_file *file = &overlay->files[0];
	char text[32];

	(void)server;
	if (overlay_double.fail_close)
		return failing(&overlay_double.fail_close, err);
	(void)snprintf(text, sizeof text, "closed %d", ++overlay_double.closed);
	support_write_text(file->path, text);
	return file_digest(file->path, &file->digest, &file->size);
}

static int double_commit(struct server *server, const struct overlay *overlay, struct error *err)
{
	char *base = base_of(NULL, overlay), *text;
	bool cut = overlay_double.cut_commit;
	size_t len;

	(void)server;
	if (there(overlay->files[0].path)) {
		text = (char *)support_read(base, overlay_double.image, &len);
		support_write_text(overlay_double.image, talloc_asprintf(base, "%s+", text));
		support_remove(base);
		unlink(overlay->files[0].path);
	}
	talloc_free(base);
	overlay_double.cut_commit = false;
	overlay_double.committed++;
	return cut ? error_set(err, TROUBLE_IO, "cut") : 0;
}

static int double_drop(struct server *server, const struct overlay *overlay, struct error *err)
{
	char *base = base_of(NULL, overlay);
	bool cut = overlay_double.cut_drop;

	(void)server;
	if (there(base))
		restore(base);
	unlink(overlay->files[0].path);
	talloc_free(base);
	overlay_double.cut_drop = false;
	overlay_double.dropped++;
	return cut ? error_set(err, TROUBLE_IO, "cut") : 0;
}

static int double_set_aside(struct server *server, struct overlay *overlay, struct error *err)
{
	struct overlay_file *file = &overlay->files[0];
	char *base = base_of(NULL, overlay),
	     *torn = talloc_asprintf(overlay, "%s.torn", file->path);

	(void)server, (void)err;
	if (there(file->path))
		assert_int_equal(rename(file->path, torn), 0);
	file->path = torn;
	if (there(base))
		restore(base);
	talloc_free(base);
	return 0;
}

static const struct image_told *double_told(const struct server *server, size_t *count)
{
	static struct image_told told;

	(void)server;
	told = (struct image_told){ .path = overlay_double.image, .format = "RAW" };
	*count = 1;
	return &told;
}

static const struct overlay_ops double_ops = { double_told, double_stamps, double_plan,
	double_begin, double_go_on, double_close, double_ours, double_commit, double_drop,
	double_set_aside };

static int server_gone(struct server **held)
{
	overlay_double.server = NULL;
	(void)held;
	return 0;
}

struct server *overlay_double_open(struct finish_bench *bench)
{
	/* Beside the server's folder, from the root, as a record has it. */
	char *image = talloc_asprintf(bench, "%.*s/vm.raw",
		(int)(strrchr(bench->dir, '/') - bench->dir), bench->dir);
	struct server *server, **held;

	/* Nobody has two open. */
	talloc_free(overlay_double.server);
	server = finish_open(bench, false);
	held = talloc_zero(server, struct server *);
	talloc_set_destructor(held, server_gone);
	if (!there(image)) {
		support_write_text(image, "disk");
		overlay_double = (struct overlay_double){ .root = bench->dir };
	}
	overlay_double.image = image;
	overlay_double.server = server;
	server->overlay = &double_ops;
	server->reach = "image";
	server->reached = (struct server_reached){ .image = image };
	return server;
}

char *overlay_double_file(struct finish_bench *bench, const char *suffix)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	assert_true(count > 0);
	return talloc_asprintf(bench, "%s.q240208-%s%s.qcow2", overlay_double.image, list[0].name,
		suffix);
}

enum run_state overlay_double_state(struct finish_bench *bench, bool *waits)
{
	struct run_summary *list;
	size_t count;

	assert_int_equal(runs_list(bench, bench->runs, &list, &count, &bench->err), 0);
	*waits = list[0].overlay_waits;
	return list[0].state;
}

void overlay_double_must(struct finish_bench *bench, int ret)
{
	if (ret)
		fail_msg("%s", bench->err.text);
}
