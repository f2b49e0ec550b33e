/* SPDX-License-Identifier: GPL-3.0-or-later */
/* svcctl as the played server answers it. */
#include <string.h>

#include "base/bytes.h"
#include "base/text.h"
#include "tests/fake_calls.h"
#include "tests/fake_link.h"

enum { NO_SERVICE = 1060, DEPENDENTS_RUN = 1051, RUNS_ALREADY = 1056, NOT_RUNNING = 1062 };
enum { STOPPED = 1, RUNNING = 4, MORE_DATA = 234 };

static struct fake_service *find(const char *name)
{
	for (size_t i = 0; i < fake.service_count; i++)
		if (text_equal(fake.services[i].name, name))
			return &fake.services[i];
	return NULL;
}

static void put_status(uint8_t *at, const struct svcctl_status *status)
{
	put32(at, status->type);
	put32(at + 4, status->state);
	put32(at + 8, status->accepts);
	put32(at + 12, status->exit_code);
	put32(at + 16, status->own_exit_code);
	put32(at + 20, status->check_point);
	put32(at + 24, status->wait_hint_ms);
}

/* Those from one on, at most so many, all or those that run and depend on a service. */
static void list(struct ndr_writer *reply, uint32_t from, uint32_t most, const char *depends)
{
	uint8_t bytes[4096] = { 0 };
	uint32_t count = 0, i;
	size_t names = sizeof bytes;
	bool more = false;

	for (i = from; i < fake.service_count; i++) {
		const struct fake_service *service = &fake.services[i];
		uint8_t *entry = bytes + 36 * count, *name;
		size_t len;

		if (depends &&
			(!service->depends || service->status.state != RUNNING ||
				!text_equal(service->depends, depends)))
			continue;
		more = most && count == most;
		if (more)
			break;
		name = text_to_utf16(fake.mem, service->name, &len);
		names -= len + 2;
		memcpy(bytes + names, name, len);
		put32(entry, (uint32_t)names);
		put32(entry + 4, (uint32_t)names + (uint32_t)len);
		put_status(entry + 8, &service->status);
		count++;
	}
	ndr_put_array(reply, bytes, sizeof bytes);
	ndr_put32(reply, more ? 100 : 0);
	ndr_put32(reply, count);
	if (!depends) {
		ndr_put_pointer(reply, true);
		ndr_put32(reply, more ? i : 0);
	}
	ndr_put32(reply, more ? MORE_DATA : 0);
}

static void status(struct fake_service *service, struct ndr_writer *reply)
{
	uint8_t bytes[28];
	size_t known = sizeof service->after_start / sizeof *service->after_start;

	if (service->asked && service->asked <= known && service->after_start[service->asked - 1])
		service->status.state = service->after_start[service->asked - 1];
	service->asked += service->asked != 0;
	put_status(bytes, &service->status);
	ndr_put_raw(reply, bytes, sizeof bytes);
	ndr_put32(reply, 0);
}

static void start(struct fake_service *service, struct ndr_writer *reply)
{
	uint32_t code = service->status.state != STOPPED ? RUNS_ALREADY : service->start_code;

	fake.sets++;
	if (code == 0) {
		service->status.state = RUNNING;
		service->asked = 1;
	}
	ndr_put32(reply, code);
}

static void stop(struct fake_service *service, struct ndr_writer *reply)
{
	uint8_t bytes[28] = { 0 };
	uint32_t code = service->status.state == STOPPED ? NOT_RUNNING : service->stop_code;

	fake.sets++;
	for (size_t i = 0; code == 0 && i < fake.service_count; i++)
		if (fake.services[i].depends && fake.services[i].status.state == RUNNING &&
			text_equal(fake.services[i].depends, service->name))
			code = DEPENDENTS_RUN;
	if (code == 0)
		service->status.state = STOPPED;
	ndr_put_raw(reply, bytes, sizeof bytes);
	ndr_put32(reply, code);
}

static void open_service(struct ndr_reader *request, struct ndr_writer *reply)
{
	const struct fake_service *service;

	(void)fake_get_handle(request);
	service = find(ndr_get_string(request, fake.mem));
	fake_put_handle(reply, service ? (uint32_t)(service - fake.services) : 0);
	ndr_put32(reply, service ? 0 : NO_SERVICE);
}

void fake_svcctl(uint32_t opnum, struct ndr_reader *request, struct ndr_writer *reply)
{
	struct fake_service *service;
	uint32_t resume;

	if (opnum == SVCCTL_OPEN_MANAGER) {
		fake_put_handle(reply, 0);
		ndr_put32(reply, 0);
		return;
	}
	if (opnum == SVCCTL_OPEN_SERVICE) {
		open_service(request, reply);
		return;
	}
	service = &fake.services[fake_get_handle(request) % FAKE_SERVICES];
	switch (opnum) {
	case SVCCTL_ENUM:
		for (int i = 0; i < 4; i++)
			(void)ndr_get32(request);
		resume = ndr_get32(request);
		list(reply, resume, fake.list_at_once, NULL);
		break;
	case SVCCTL_DEPENDENTS:
		list(reply, 0, 0, service->name);
		break;
	case SVCCTL_STATUS:
		status(service, reply);
		break;
	case SVCCTL_START:
		start(service, reply);
		break;
	case SVCCTL_CONTROL:
		stop(service, reply);
		break;
	default:
		fake_put_handle(reply, UINT32_MAX);
		ndr_put32(reply, 0);
	}
}
