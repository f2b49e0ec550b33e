/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/watched.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support.h"

/* The one server of a test: members are plain functions. */
static struct watched *of;

static int w_list(struct server *server, TALLOC_CTX *mem, const char *path, struct entry_list *list,
	struct error *err)
{
	int ret = of->real->list(server, mem, path, list, err);

	of->calls++;
	if (of->vanishes)
		(void)unlink(of->vanishes);
	return ret;
}

static int w_open(struct server *server, TALLOC_CTX *mem, const char *path,
	struct server_file **file, uint64_t *size, struct error *err)
{
	of->calls++;
	of->opened = talloc_asprintf_append(of->opened, "%s\n", path);
	return of->real->file_open(server, mem, path, file, size, err);
}

static int w_read(struct server_file *file, uint64_t off, void *buf, size_t len, size_t *got,
	struct error *err)
{
	of->calls++;
	return of->real->file_read(file, off, buf, len, got, err);
}

static int w_stat(struct server *server, TALLOC_CTX *mem, const char *path, bool *found,
	struct file_meta *meta, char **real, struct error *err)
{
	of->calls++;
	return of->real->file_stat(server, mem, path, found, meta, real, err);
}

static int w_reg_list(struct server *server, TALLOC_CTX *mem, const char *key,
	struct reg_key **found, struct error *err)
{
	of->calls++;
	return of->real->reg_list(server, mem, key, found, err);
}

static int w_share(struct server *server, TALLOC_CTX *mem, const char *name, struct share **share,
	struct error *err)
{
	of->calls++;
	return of->real->share_get(server, mem, name, share, err);
}

static int w_services(struct server *server, TALLOC_CTX *mem, struct service_list *list,
	struct error *err)
{
	(void)server, (void)mem, (void)err;
	of->calls++;
	*list = of->services;
	return 0;
}

static int w_events(struct server *server, const char *log, uint32_t after, server_event_fn *fn,
	void *arg, struct event_log *events, struct error *err)
{
	of->calls++;
	if (!of->told)
		return of->real->events(server, log, after, fn, arg, events, err);
	*events = of->events;
	return 0;
}

int watched_setup(void **state)
{
	*state = lab_new(NULL);
	return 0;
}

int watched_teardown(void **state)
{
	of = NULL;
	return talloc_free(*state);
}

struct watched *watched_begin(struct lab *lab)
{
	struct watched *watched = talloc_zero(lab, struct watched);

	watched->lab = lab;
	watched->survey = lab_survey(lab, NULL);
	watched->server = lab_open(lab);
	watched->real = watched->server->ops;
	watched->ops = *watched->real;
	watched->ops.list = w_list;
	watched->ops.file_open = w_open;
	watched->ops.file_read = w_read;
	watched->ops.file_stat = w_stat;
	watched->ops.reg_list = w_reg_list;
	watched->ops.share_get = w_share;
	watched->ops.service_list = w_services;
	watched->ops.events = w_events;
	watched->server->ops = &watched->ops;
	watched->opened = talloc_strdup(watched, "");
	watched->clock = 1000;
	of = watched;
	if (mail_before_take(watched, watched->server, watched->survey, NULL, NULL,
		    &watched->before, &watched->err))
		fail_msg("%s", watched->err.text);
	watched->watch = mail_watch_new(watched, watched->before);
	assert_non_null(watched->watch);
	return watched;
}

const struct mail_seen *watched_look(struct watched *watched)
{
	if (mail_look(watched->watch, watched->server, watched->survey, watched->clock, NULL, NULL,
		    &watched->err))
		fail_msg("%s", watched->err.text);
	return &watched->watch->seen;
}

void watched_write(struct watched *watched, const char *path, const char *text)
{
	support_write_text(lab_path(watched->lab, path), text);
}

void watched_append(struct watched *watched, const char *path, const char *text)
{
	int fd = open(lab_path(watched->lab, path), O_WRONLY | O_APPEND | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(close(fd), 0);
}

void watched_sparse(struct watched *watched, const char *path, uint64_t bytes, const char *text)
{
	int fd = open(lab_path(watched->lab, path), O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, text, strlen(text), (off_t)bytes), strlen(text));
	assert_int_equal(close(fd), 0);
}

void watched_remove(struct watched *watched, const char *path)
{
	support_remove(lab_path(watched->lab, path));
}

char *watched_said(struct watched *watched)
{
	static const char *const events[] = { "submitted", "out", "in", "queue", "sent", "received",
		"delivered", "reported", "other" };
	const struct mail_seen *seen = &watched->watch->seen;
	char *said = talloc_strdup(watched, "");

	for (size_t i = 0; i < seen->entry_count; i++)
		said = talloc_asprintf_append(said, "%s%s %s>%s; ",
			seen->entries[i]->unsure ? "?" : "", events[seen->entries[i]->event],
			seen->entries[i]->from, seen->entries[i]->to);
	for (int i = 0; i < MAIL_PLACES; i++)
		if (seen->places[i] == PLACE_PARTLY || seen->places[i] == PLACE_TROUBLE)
			said = talloc_asprintf_append(said, "%s %s; ",
				mail_place_name((enum mail_place)i),
				mail_place_state_name(seen->places[i]));
	return said;
}

const struct mail_fact *watched_fact(const struct watched *watched, const char *part)
{
	for (size_t i = 0; i < watched->watch->fact_count; i++)
		if (strstr(watched->watch->facts[i].text, part))
			return &watched->watch->facts[i];
	return NULL;
}
