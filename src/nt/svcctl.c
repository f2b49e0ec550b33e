/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/svcctl.h"

#include "base/bytes.h"
#include "base/memory.h"

/* What is listed ([MS-SCMR] 3.1.4.15): SERVICE_WIN32_OWN_PROCESS and _SHARE_PROCESS;
 * SERVICE_ACTIVE, and with SERVICE_INACTIVE. */
enum { WIN32 = 0x30, RUNNING = 1, ANY_STATE = 3 };

void svcctl_put_open_manager(struct ndr_writer *writer, const char *server, uint32_t access)
{
	ndr_put_string_pointer(writer, server);
	ndr_put_pointer(writer, false); /* the database, of which there is one */
	ndr_put32(writer, access);
}

void svcctl_put_open_service(struct ndr_writer *writer, const struct ndr_handle *manager,
	const char *name, uint32_t access)
{
	ndr_put_handle(writer, manager);
	ndr_put_string(writer, name);
	ndr_put32(writer, access);
}

uint32_t svcctl_get_handle(struct ndr_reader *reader, struct ndr_handle *handle)
{
	ndr_get_handle(reader, handle);
	return ndr_get_result(reader);
}

void svcctl_put_control(struct ndr_writer *writer, const struct ndr_handle *service, uint32_t code)
{
	ndr_put_handle(writer, service);
	ndr_put32(writer, code);
}

/* SERVICE_STATUS, wherever it lies. */
static void read_status(struct ndr_reader *reader, struct svcctl_status *status)
{
	status->type = ndr_get32(reader);
	status->state = ndr_get32(reader);
	status->accepts = ndr_get32(reader);
	status->exit_code = ndr_get32(reader);
	status->own_exit_code = ndr_get32(reader);
	status->check_point = ndr_get32(reader);
	status->wait_hint_ms = ndr_get32(reader);
}

uint32_t svcctl_get_status(struct ndr_reader *reader, struct svcctl_status *status)
{
	read_status(reader, status);
	return ndr_get_result(reader);
}

void svcctl_put_start(struct ndr_writer *writer, const struct ndr_handle *service)
{
	ndr_put_handle(writer, service);
	ndr_put32(writer, 0);
	ndr_put_pointer(writer, false);
}

void svcctl_put_enum(struct ndr_writer *writer, const struct ndr_handle *manager, uint32_t room,
	uint32_t resume)
{
	ndr_put_handle(writer, manager);
	ndr_put32(writer, WIN32);
	ndr_put32(writer, ANY_STATE);
	ndr_put32(writer, room);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, resume);
}

void svcctl_put_dependents(struct ndr_writer *writer, const struct ndr_handle *service,
	uint32_t room)
{
	ndr_put_handle(writer, service);
	ndr_put32(writer, RUNNING);
	ndr_put32(writer, room);
}

/* The buffer of a list: so many ENUM_SERVICE_STATUSW, and the names they point to. Names that do
 * not lie over each other are together no longer than the rest of it: names_left. */
struct list {
	const uint8_t *bytes;
	size_t len, names_left;
};

/* The text at an offset in the buffer, where it must end; NULL if it does not. */
static char *list_text(struct ndr_reader *reader, TALLOC_CTX *mem, struct list *list, size_t offset)
{
	size_t end = offset;

	while (end + 2 <= list->len && get16(list->bytes + end) != 0)
		end += 2;
	if (end + 2 > list->len || end + 2 - offset > list->names_left) {
		reader->bad = true;
		return NULL;
	}
	list->names_left -= end + 2 - offset;
	return ndr_keep_text(reader, mem, list->bytes + offset, (end - offset) / 2);
}

/* One entry ([MS-SCMR] 2.2.11): two offsets and a status. */
static bool list_entry(struct ndr_reader *reader, struct list *list, const uint8_t *entry,
	size_t each, void *mem, struct svcctl_service *service)
{
	struct ndr_reader inner;

	ndr_read(&inner, entry, each);
	service->name = list_text(reader, mem, list, ndr_get32(&inner));
	if (service->name)
		service->shown = list_text(reader, mem, list, ndr_get32(&inner));
	read_status(&inner, &service->status);
	return service->name && service->shown;
}

/* Adds the entries of the buffer to the list; *count grows when all of them are sound. */
static uint32_t list_add(struct ndr_reader *reader, TALLOC_CTX *mem, struct list *list,
	size_t entries, struct svcctl_service **services, size_t *count)
{
	enum { EACH = 36 };

	if (entries > list->len / EACH)
		return ndr_refuse(reader);
	list->names_left = list->len - entries * EACH;
	for (size_t i = 0; i < entries; i++) {
		struct svcctl_service *service =
			memory_more(mem, services, *count + i, sizeof *service);

		reader->no_memory |= !service;
		if (!service ||
			!list_entry(reader, list, list->bytes + i * EACH, EACH, *services, service))
			return NDR_BAD;
	}
	*count += entries;
	return 0;
}

/* What enum and dependents answer alike, but for where to go on. */
static uint32_t get_list(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct svcctl_service **services, size_t *count, uint32_t *needed, uint32_t *resume)
{
	enum { MORE_DATA = 234 };
	struct list list = { 0 };
	uint32_t entries, code, added;

	list.bytes = ndr_get_array(reader, &list.len);
	*needed = ndr_get32(reader);
	entries = ndr_get32(reader);
	if (resume)
		*resume = ndr_get_pointer(reader) ? ndr_get32(reader) : 0;
	code = ndr_get_result(reader);
	if (code != 0 && code != MORE_DATA)
		return code;
	added = list_add(reader, mem, &list, entries, services, count);
	return added ? added : code;
}

uint32_t svcctl_get_enum(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct svcctl_service **services, size_t *count, uint32_t *needed, uint32_t *resume)
{
	return get_list(reader, mem, services, count, needed, resume);
}

uint32_t svcctl_get_dependents(struct ndr_reader *reader, TALLOC_CTX *mem,
	struct svcctl_service **services, size_t *count, uint32_t *needed)
{
	return get_list(reader, mem, services, count, needed, NULL);
}
