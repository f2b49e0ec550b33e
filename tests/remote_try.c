/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The remote backend by hand, on a server that is given:
 *
 *     remote_try HOST PORT USER PASSWORD-FILE nt4|modern WHAT...
 *
 * WHAT: who, hold (all services, timed), list KEY, walk KEY, set KEY VALUE TEXT, drop KEY VALUE,
 * share NAME, lead NAME PATH, unshare NAME, services, start NAME, stop NAME, events
 * AFTER, lock, survey, mail LOOKS (what stands in the postoffice, then so many looks).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "repair/step_mail.h"
#include "server/remote.h"

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int waiting(void *arg, const char *doing, unsigned seconds)
{
	(void)arg;
	if (seconds)
		fprintf(stderr, "%s, %u s\n", doing, seconds);
	return 0;
}

static int show(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	(void)err;
	++*(size_t *)arg;
	if (value)
		printf("  %s: %s, %zu bytes\n", value->name,
			regdata_type_name(NULL, value->data.type), value->data.len);
	else
		printf("%s\n", key);
	return 0;
}

static int count_only(void *arg, const char *key, const struct reg_value *value, struct error *err)
{
	(void)key, (void)value, (void)err;
	++*(size_t *)arg;
	return 0;
}

static int edit(struct server *server, const char *key, const char *value, const char *text,
	struct error *err)
{
	struct reg_data *data = text ? regdata_from_string(NULL, REG_EXPAND_SZ, text) : NULL;
	struct reg_edit one = { key, value, data };
	struct reg_stage *stage;
	size_t done = 0;
	int ret = server->ops->reg_stage(server, NULL, &one, 1, &stage, err);

	if (ret == 0)
		ret = server->ops->reg_switch(stage, &done, err);
	printf("done: %zu\n", done);
	return ret;
}

static int share_show(struct server *server, const char *name, struct error *err)
{
	struct share *share;
	int ret = server->ops->share_get(server, NULL, name, &share, err);

	if (ret || !share) {
		printf("%s\n", ret ? "?" : "none");
		return ret;
	}
	printf("%s = %s (%s), descriptor of %zu bytes\n", share->name, share->path, share->remark,
		share->security_len);
	for (size_t i = 0; i < share->user_count; i++)
		printf("  %s\n", share->users[i]);
	return 0;
}

static int share_lead(struct server *server, const char *name, const char *path, struct error *err)
{
	struct share after = { .name = (char *)name, .path = (char *)path, .remark = (char *)"" };
	struct reg_stage *stage;
	size_t done = 0;
	int ret = server->ops->share_stage(server, NULL, name, path ? &after : NULL, false, &stage,
		err);

	if (ret == 0)
		ret = server->ops->reg_switch(stage, &done, err);
	printf("done: %zu\n", done);
	return ret;
}

static int services(struct server *server, struct error *err)
{
	struct service_list list;
	int ret = server->ops->service_list(server, NULL, &list, err);

	for (size_t i = 0; i < list.count; i++)
		printf("%s: %d\n", list.services[i].name, (int)list.services[i].state);
	return ret;
}

static int event_show(void *arg, const struct evt_record *record, struct error *err)
{
	(void)arg, (void)err;
	printf("%u %u %u %s", (unsigned)record->number, record->id, record->type, record->source);
	for (size_t i = 0; i < record->string_count; i++)
		printf(" %s", record->strings[i]);
	putchar('\n');
	return 0;
}

static int events(struct server *server, uint32_t after, struct error *err)
{
	struct event_log log;
	int ret = server->ops->events(server, "Application", after, event_show, NULL, &log, err);

	printf("%u to %u%s\n", (unsigned)log.oldest, (unsigned)log.newest,
		log.partly ? ", partly" : "");
	return ret;
}

static int hold(struct server *server, struct error *err)
{
	double from = now_ms();
	size_t count = 0;
	int ret = server->ops->hold(server, err);

	printf("held: %.1f ms\n", now_ms() - from);
	from = now_ms();
	if (ret == 0)
		ret = server->ops->reg_walk(server, "SYSTEM\\ControlSet001\\Services", count_only,
			&count, err);
	printf("walked: %.1f ms, %zu keys and values\n", now_ms() - from, count);
	return ret;
}

static int survey(struct server *server, struct error *err)
{
	struct survey_options options = { .unrecorded = true };
	const struct survey *made;
	int ret = survey_make(NULL, server, &options, &made, err);

	for (size_t i = 0; ret == 0 && i < made->finding_count; i++)
		fprintf(stderr, "%s: %d %s\n", made->findings[i].id, (int)made->findings[i].state,
			made->findings[i].text);
	return ret;
}

static int mail(struct server *server, unsigned long looks, struct error *err)
{
	struct survey_options options = { .unrecorded = true };
	const struct survey *made;
	struct mail_before *before = NULL;
	struct mail_watch *watch = NULL;
	int ret = survey_make(NULL, server, &options, &made, err);

	if (ret == 0)
		ret = mail_before_take(NULL, server, made, NULL, NULL, &before, err);
	if (ret == 0)
		watch = mail_watch_new(NULL, before);
	for (unsigned long i = 0; watch && ret == 0 && i < looks; i++) {
		double from = now_ms();

		ret = mail_look(watch, server, made, 1000 + (int64_t)i, NULL, NULL, err);
		printf("looked: %.1f ms, %zu of %zu wait\n", now_ms() - from, watch->waiting,
			before->queue_count);
		(void)fflush(stdout);
	}
	for (int i = 0; watch && looks != 0 && i < MAIL_PLACES; i++)
		printf("%s %s: %s\n", mail_place_name((enum mail_place)i),
			mail_place_state_name(watch->seen.places[i]),
			watch->seen.why[i] ? watch->seen.why[i] : "");
	for (size_t i = 0; watch && i < watch->seen.entry_count; i++)
		printf("%s: %s to %s\n", watch->seen.entries[i]->where,
			watch->seen.entries[i]->from, watch->seen.entries[i]->to);
	talloc_free(watch);
	return ret;
}

static int who(struct server *server, struct error *err)
{
	const struct server_id *id = &server->id;
	char *letters;
	int ret = server->ops->drives(server, NULL, &letters, err);

	printf("%s, %s %s, %s, %u, %s, %s, drives %s\n", id->name, id->product_type, id->nt_version,
		id->product_id, (unsigned)id->install_date, id->nt_folder, remote_dialect(server),
		ret ? "?" : letters);
	return ret;
}

static int run(struct server *server, char **what, struct error *err)
{
	size_t count = 0;

	if (!strcmp(what[0], "who"))
		return who(server, err);
	if (!strcmp(what[0], "survey"))
		return survey(server, err);
	if (!strcmp(what[0], "hold"))
		return hold(server, err);
	if (!strcmp(what[0], "services"))
		return services(server, err);
	if (!strcmp(what[0], "lock"))
		return server->ops->lock(server, err);
	if (!what[1])
		return -1;
	if (!strcmp(what[0], "events"))
		return events(server, (uint32_t)strtoul(what[1], NULL, 10), err);
	if (!strcmp(what[0], "mail"))
		return mail(server, strtoul(what[1], NULL, 10), err);
	if (!strcmp(what[0], "walk"))
		return server->ops->reg_walk(server, what[1], show, &count, err);
	if (!strcmp(what[0], "share"))
		return share_show(server, what[1], err);
	if (!strcmp(what[0], "unshare"))
		return share_lead(server, what[1], NULL, err);
	if (!strcmp(what[0], "start"))
		return server->ops->service_set(server, what[1], SERVICE_RUNNING, err);
	if (!strcmp(what[0], "stop"))
		return server->ops->service_set(server, what[1], SERVICE_STOPPED, err);
	if (what[2] && !strcmp(what[0], "lead"))
		return share_lead(server, what[1], what[2], err);
	if (what[2] && !strcmp(what[0], "drop"))
		return edit(server, what[1], what[2], NULL, err);
	if (what[2] && what[3] && !strcmp(what[0], "set"))
		return edit(server, what[1], what[2], what[3], err);
	return -1;
}

int main(int argc, char **argv)
{
	struct remote_spec spec = { .waiting = waiting };
	struct error err = { .trouble = TROUBLE_NONE };
	struct server *server;
	char password[256] = "";
	double from = now_ms();
	FILE *file;
	int ret;

	if (argc < 7 || !(file = fopen(argv[4], "r")))
		return 64;
	if (fgets(password, sizeof password, file))
		password[strcspn(password, "\n")] = '\0';
	fclose(file);
	spec.host = argv[1];
	spec.port = (unsigned)strtoul(argv[2], NULL, 10);
	spec.user = argv[3];
	spec.password = password;
	spec.nt4 = !strcmp(argv[5], "nt4");
	ret = remote_open(NULL, &spec, &server, &err);
	if (ret == 0) {
		printf("open: %.1f ms\n", now_ms() - from);
		from = now_ms();
		ret = run(server, argv + 6, &err);
		printf("%s: %.1f ms\n", argv[6], now_ms() - from);
		talloc_free(server);
	}
	if (ret)
		fprintf(stderr, "%s (%s)\n%s\n", err.text, trouble_name(err.trouble),
			error_advice(&err));
	return ret ? trouble_exit(err.trouble) : 0;
}
