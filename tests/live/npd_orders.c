/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "npd.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static struct {
	struct fault *faults;
	long at;         /* read so far */
	unsigned clears; /* "clear" was ordered so often */
} orders;

static const char *const kind_names[FAULT_KINDS] = { "", "error", "drop", "lose", "freeze", "delay",
	"garbage", "cut", "lie", "endless", "patch" };

bool order_number(const char *text, const char *name, uint32_t *number)
{
	const size_t len = strlen(name);

	if (strncmp(text, name, len) != 0 || text[len] != '=')
		return false;
	*number = (uint32_t)strtoul(text + len + 1, NULL, 0);
	return true;
}

static void action_read(struct fault *fault, const char *action)
{
	const char *colon = strchr(action, ':');

	for (int i = 1; i < FAULT_KINDS; i++) {
		if (order_number(action, kind_names[i], &fault->number) ||
			strcmp(action, kind_names[i]) == 0)
			fault->kind = (enum fault_kind)i;
	}
	if (colon) {
		fault->offset = fault->number;
		fault->number = (uint32_t)strtoul(colon + 1, NULL, 0);
	}
}

/* fault CALL SUBJECT ACTION [TIMES]; the first ordered is the first taken. */
static bool fault_order(char *const *fields, size_t count)
{
	struct fault *fault, **end = &orders.faults;

	if (count < 4 || strcmp(fields[0], "fault") != 0)
		return false;
	fault = talloc_zero(NULL, struct fault);
	fault->call = talloc_strdup(fault, fields[1]);
	fault->subject = talloc_strdup(fault, fields[2]);
	fault->times = count > 4 ? (unsigned)strtoul(fields[4], NULL, 10) : 1;
	action_read(fault, fields[3]);
	while (*end)
		end = &(*end)->next;
	*end = fault;
	return fault->kind != FAULT_NONE;
}

static bool clear_order(char *const *fields)
{
	if (strcmp(fields[0], "clear") != 0)
		return false;
	orders.clears++;
	while (orders.faults) {
		struct fault *fault = orders.faults;

		orders.faults = fault->next;
		talloc_free(fault);
	}
	return true;
}

static void order_obey(const char *dir, char *line)
{
	char *fields[16], *rest = line;
	size_t count = 0;

	line[strcspn(line, "\n")] = '\0';
	while (rest && count < ARRAY_SIZE(fields))
		fields[count++] = strsep(&rest, "\t");
	if (!clear_order(fields) && !fault_order(fields, count) && !shares_order(fields, count) &&
		!services_order(fields, count) && !events_order(fields, count) &&
		!registry_order(fields, count) && !files_order(dir, fields, count))
		fprintf(stderr, "npd: no such order: %s\n", fields[0]);
}

void orders_read(const char *dir)
{
	char path[256], *line = NULL;
	struct stat now;
	size_t room = 0;
	FILE *file;
	ssize_t len;

	snprintf(path, sizeof path, "%s/orders", dir);
	if (stat(path, &now) || now.st_size == orders.at)
		return;
	file = fopen(path, "re");
	if (!file)
		return;
	fseek(file, orders.at, SEEK_SET);
	while ((len = getline(&line, &room, file)) > 0 && line[len - 1] == '\n') {
		orders.at += len;
		order_obey(dir, line);
	}
	free(line);
	fclose(file);
}

static bool call_meant(const struct fault *fault, const char *call)
{
	const size_t len = strlen(fault->call);

	return strncmp(fault->call, call, len) == 0 && (call[len] == '\0' || call[len] == '.');
}

struct fault fault_take(const char *call, const char *subject)
{
	struct fault **at = &orders.faults, *fault, taken = { .kind = FAULT_NONE };

	while ((fault = *at)) {
		if (call_meant(fault, call) &&
			(strcmp(fault->subject, "*") == 0 || strcasestr(subject, fault->subject)))
			break;
		at = &fault->next;
	}
	if (!fault)
		return taken;
	taken = *fault;
	if (fault->times == 1) {
		*at = fault->next;
		talloc_free(fault);
	} else if (fault->times > 1) {
		fault->times--;
	}
	return taken;
}

bool fault_wait(const char *dir, int client)
{
	const unsigned before = orders.clears;
	bool cleared = false;
	struct pollfd gone = { .fd = client, .events = POLLRDHUP };

	while (!cleared) {
		if (poll(&gone, 1, 20) > 0)
			return false;
		pthread_mutex_lock(&npd_lock);
		orders_read(dir);
		cleared = orders.clears != before;
		pthread_mutex_unlock(&npd_lock);
	}
	return true;
}
