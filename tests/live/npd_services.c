/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Service Control Manager as Windows plays it ([MS-SCMR] 3.1.4): services that take their time,
 * depend, fail. Order: service NAME FIELD=NUMBER..., fields
 *   state (1 stopped, 4 running), start (2 automatic ... 4 disabled), start-ms, stop-ms, hint-ms,
 *   fails (StartService answers it), exits (starts and ends with it),
 *   stop-fails (ControlService) */
#include "npd.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/bytes.h"
#include "base/text.h"

enum {
	SERVICES_LIMIT = 300,
	STOPPED = 1,
	START_PENDING = 2,
	STOP_PENDING = 3,
	RUNNING = 4,
	DEPENDENTS_RUN = 1051,
	ALREADY_RUNS = 1056,
	DISABLED = 1058,
	NO_SUCH_SERVICE = 1060,
	NOT_ACTIVE = 1062,
	STATUS_SIZE = 28,
	ENTRY_SIZE = STATUS_SIZE + 8
};

struct service {
	char *name, *shown;
	char **needs;
	size_t needed;
	uint32_t state, start, exit_code;
	uint32_t start_ms, stop_ms, hint_ms, fails, exits, stop_fails;
	uint64_t due; /* a pending state ends, ms of the clock */
};

static struct service services[SERVICES_LIMIT];
static size_t service_count;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Where it is by now. */
static void service_tick(struct service *service)
{
	if (now_ms() < service->due)
		return;
	if (service->state == START_PENDING) {
		service->state = service->exits ? STOPPED : RUNNING;
		service->exit_code = service->exits;
	} else if (service->state == STOP_PENDING) {
		service->state = STOPPED;
	}
}

static struct service *service_find(const char *name)
{
	for (size_t i = 0; name && i < service_count; i++) {
		service_tick(&services[i]);
		if (strcasecmp(name, services[i].name) == 0)
			return &services[i];
	}
	return NULL;
}

void services_add(const char *name, const char *shown, uint32_t start, bool runs,
	char *const *needs, size_t needed)
{
	struct service *service = &services[service_count];

	if (service_count == SERVICES_LIMIT)
		return;
	service_count++;
	service->name = talloc_strdup(NULL, name);
	service->shown = talloc_strdup(service->name, shown);
	service->start = start;
	service->state = runs ? RUNNING : STOPPED;
	service->needs = talloc_zero_array(service->name, char *, (unsigned)needed + 1);
	service->needed = needed;
	for (size_t i = 0; i < needed; i++)
		service->needs[i] = talloc_strdup(service->needs, needs[i]);
}

bool services_order(char *const *fields, size_t count)
{
	struct service *service = count > 1 ? service_find(fields[1]) : NULL;

	if (strcmp(fields[0], "service") != 0 || !service)
		return false;
	for (size_t i = 2; i < count; i++) {
		if (!order_number(fields[i], "state", &service->state) &&
			!order_number(fields[i], "start", &service->start) &&
			!order_number(fields[i], "start-ms", &service->start_ms) &&
			!order_number(fields[i], "stop-ms", &service->stop_ms) &&
			!order_number(fields[i], "hint-ms", &service->hint_ms) &&
			!order_number(fields[i], "fails", &service->fails) &&
			!order_number(fields[i], "exits", &service->exits) &&
			!order_number(fields[i], "stop-fails", &service->stop_fails))
			return false;
	}
	return true;
}

static bool depends(const struct service *service, const char *on)
{
	for (size_t i = 0; i < service->needed; i++) {
		if (strcasecmp(service->needs[i], on) == 0)
			return true;
	}
	return false;
}

/* Whether one that depends on it is not stopped: the next from *at on. */
static struct service *dependent_next(const struct service *on, size_t *at)
{
	while (*at < service_count) {
		struct service *service = &services[(*at)++];

		service_tick(service);
		if (service->state != STOPPED && depends(service, on->name))
			return service;
	}
	return NULL;
}

/* SERVICE_STATUS ([MS-SCMR] 2.2.47). */
static void status_fill(uint8_t *to, const struct service *service)
{
	const bool pending = service->state == START_PENDING || service->state == STOP_PENDING;
	const uint32_t numbers[] = { 0x10, service->state, service->state == RUNNING ? 1 : 0,
		service->exit_code, 0, pending ? 1 : 0, pending ? service->hint_ms : 0 };

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		put32(to + 4 * i, numbers[i]);
}

static void status_put(struct ndr_writer *reply, const struct service *service)
{
	uint8_t status[STATUS_SIZE] = { 0 };

	if (service)
		status_fill(status, service);
	ndr_put_raw(reply, status, sizeof status);
}

static uint32_t service_stop(struct service *service)
{
	size_t at = 0;

	if (service->stop_fails)
		return service->stop_fails;
	if (service->state == STOPPED)
		return NOT_ACTIVE;
	if (dependent_next(service, &at))
		return DEPENDENTS_RUN;
	service->state = STOP_PENDING;
	service->due = now_ms() + service->stop_ms;
	return 0;
}

static uint32_t service_start(struct service *service)
{
	if (service->start == 4)
		return DISABLED;
	if (service->state != STOPPED)
		return ALREADY_RUNS;
	if (service->fails)
		return service->fails;
	for (size_t i = 0; i < service->needed; i++) {
		struct service *needed = service_find(service->needs[i]);

		if (needed && needed->state == STOPPED)
			service_start(needed);
	}
	service->state = START_PENDING;
	service->exit_code = 0;
	service->due = now_ms() + service->start_ms;
	return 0;
}

/* A name behind the records of a list, which fill its room from the end. */
static uint32_t name_place(TALLOC_CTX *mem, uint8_t *room, size_t *end, const char *name)
{
	size_t len = 0;
	const uint8_t *wide = text_to_utf16(mem, name, &len);

	*end -= len + 2;
	memcpy(room + *end, wide, len);
	put16(room + *end + len, 0);
	return (uint32_t)*end;
}

static size_t entry_size(const struct service *service)
{
	return ENTRY_SIZE + 2 * (strlen(service->name) + 1) + 2 * (strlen(service->shown) + 1);
}

struct list {
	uint8_t *room;
	size_t fixed, end;
	uint32_t count, missing;
};

static void list_begin(TALLOC_CTX *mem, struct list *list, uint32_t room)
{
	room = room > 0x40000 ? 0x40000 : room;
	*list = (struct list){ .end = room };
	list->room = talloc_zero_array(mem, uint8_t, room + 1);
}

/* False: it does not fit. */
static bool list_add(TALLOC_CTX *mem, struct list *list, struct service *service)
{
	service_tick(service);
	if (list->missing || list->fixed + entry_size(service) > list->end) {
		list->missing += (uint32_t)entry_size(service);
		return false;
	}
	put32(list->room + list->fixed + 4,
		name_place(mem, list->room, &list->end, service->shown));
	put32(list->room + list->fixed, name_place(mem, list->room, &list->end, service->name));
	status_fill(list->room + list->fixed + 8, service);
	list->fixed += ENTRY_SIZE;
	list->count++;
	return true;
}

static void list_put(struct ndr_writer *reply, const struct list *list, size_t room)
{
	ndr_put_array(reply, list->room, room);
	ndr_put32(reply, list->missing);
	ndr_put32(reply, list->count);
}

static void services_list(struct ndr_reader *in, TALLOC_CTX *mem, struct ndr_writer *reply)
{
	const uint32_t type = ndr_get32(in), state = ndr_get32(in), room = ndr_get32(in);
	const uint32_t from = ndr_get_pointer(in) ? ndr_get32(in) : 0;
	uint32_t next = from;
	struct list list;

	(void)type, (void)state;
	list_begin(mem, &list, room);
	for (uint32_t i = from; i < service_count; i++) {
		if (list_add(mem, &list, &services[i]))
			next = i + 1;
	}
	list_put(reply, &list, talloc_get_size(list.room) - 1);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, list.missing ? next : 0);
	ndr_put32(reply, list.missing ? MORE_DATA : 0);
}

static void dependents_list(struct ndr_reader *in, TALLOC_CTX *mem, struct ndr_writer *reply,
	const struct service *service)
{
	const uint32_t state = ndr_get32(in), room = ndr_get32(in);
	struct service *dependent;
	struct list list;
	size_t at = 0;

	(void)state;
	list_begin(mem, &list, room);
	while ((dependent = dependent_next(service, &at)))
		list_add(mem, &list, dependent);
	list_put(reply, &list, talloc_get_size(list.room) - 1);
	ndr_put32(reply, list.missing ? MORE_DATA : 0);
}

/* QUERY_SERVICE_CONFIGW ([MS-SCMR] 2.2.15). */
static void config_put(struct ndr_writer *reply, const struct service *service)
{
	const char *const texts[] = { "", "", "", "LocalSystem", service->shown };

	ndr_put32(reply, 0x10);
	ndr_put32(reply, service->start);
	ndr_put32(reply, 1);
	ndr_put_pointer(reply, true);
	ndr_put_pointer(reply, true);
	ndr_put32(reply, 0);
	for (int i = 0; i < 3; i++)
		ndr_put_pointer(reply, true);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		ndr_put_string(reply, texts[i]);
	ndr_put32(reply, 512);
	ndr_put32(reply, 0);
}

/* A handle says what it is of: byte 4 a kind (1 manager, 2 service), 5 and 6 which service. */
static void handle_put(struct ndr_writer *reply, uint8_t kind, const struct service *service)
{
	struct ndr_handle handle = { .bytes = { [4] = kind } };

	put16(handle.bytes + 5, service ? (uint32_t)(service - services) : 0);
	ndr_put_handle(reply, &handle);
}

static struct service *handle_get(struct ndr_reader *in)
{
	struct ndr_handle handle;

	ndr_get_handle(in, &handle);
	if (handle.bytes[4] != 2 || get16(handle.bytes + 5) >= service_count)
		return NULL;
	service_tick(&services[get16(handle.bytes + 5)]);
	return &services[get16(handle.bytes + 5)];
}

static void service_open(struct ndr_reader *in, TALLOC_CTX *mem, struct ndr_writer *reply)
{
	const struct service *service;

	handle_get(in);
	service = service_find(ndr_get_string(in, mem));
	handle_put(reply, service ? 2 : 0, service);
	ndr_put32(reply, service ? 0 : NO_SUCH_SERVICE);
}

static bool service_answer(uint16_t opnum, struct ndr_reader *in, TALLOC_CTX *mem,
	struct ndr_writer *reply)
{
	struct service *service = handle_get(in);
	uint32_t code = service ? 0 : NO_SUCH_SERVICE;

	if (opnum == 1 && service && ndr_get32(in) == 1)
		code = service_stop(service);
	else if (opnum == 19 && service)
		code = service_start(service);
	else if (opnum == 13 && service)
		dependents_list(in, mem, reply, service);
	else if (opnum == 17 && service)
		config_put(reply, service);
	if (opnum == 13 || opnum == 17)
		return service;
	if (opnum == 1 || opnum == 6)
		status_put(reply, service);
	ndr_put32(reply, code);
	return true;
}

bool services_answer(struct talk *talk, const struct message *request, struct ndr_writer *reply)
{
	struct ndr_reader in;

	(void)talk;
	ndr_read(&in, request->stub, request->stub_len);
	switch (request->opnum) {
	case 15:
		handle_put(reply, 1, NULL);
		ndr_put32(reply, 0);
		return true;
	case 16:
		service_open(&in, reply->mem, reply);
		return true;
	case 0:
		handle_put(reply, 0, NULL);
		ndr_put32(reply, 0);
		return true;
	case 14:
		handle_get(&in);
		services_list(&in, reply->mem, reply);
		return true;
	case 1:
	case 6:
	case 13:
	case 17:
	case 19:
		return service_answer(request->opnum, &in, reply->mem, reply);
	default:
		return false;
	}
}

char *services_subject(TALLOC_CTX *mem, const struct message *request)
{
	struct service *service;
	struct ndr_reader in;

	ndr_read(&in, request->stub, request->stub_len);
	if (request->opnum == 15)
		return NULL;
	service = handle_get(&in);
	if (request->opnum == 16)
		return ndr_get_string(&in, mem);
	return service ? talloc_strdup(mem, service->name) : NULL;
}
