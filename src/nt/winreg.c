/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/winreg.h"

#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"

void winreg_put_open_hklm(struct ndr_writer *writer, uint32_t access)
{
	ndr_put_pointer(writer, false);
	ndr_put32(writer, access);
}

void winreg_put_open_key(struct ndr_writer *writer, const struct ndr_handle *root, const char *path,
	uint32_t access)
{
	ndr_put_handle(writer, root);
	ndr_put_counted(writer, path, true);
	ndr_put32(writer, 0);
	ndr_put32(writer, access);
}

uint32_t winreg_get_handle(struct ndr_reader *reader, struct ndr_handle *key)
{
	ndr_get_handle(reader, key);
	return ndr_get_result(reader);
}

/* A name as the server counts it: the units where they lie, without a final NUL; NULL if there are
 * none. Those inside stay: the name of a hidden value is not the name of the one it hides behind.
 */
static const uint8_t *get_name(struct ndr_reader *reader, size_t *units)
{
	const size_t used = ndr_get32(reader) & 0xffff; /* bytes; the room follows */
	const uint8_t *name = NULL;

	*units = 0;
	if (ndr_get_pointer(reader))
		name = ndr_get_varying(reader, 2, units);
	if (used != 2 * *units || *units > WINREG_NAME_LIMIT + 1)
		reader->bad = true;
	if (*units > 0 && get16(name + 2 * (*units - 1)) == 0)
		--*units;
	return reader->bad ? NULL : name;
}

void winreg_put_query_info(struct ndr_writer *writer, const struct ndr_handle *key)
{
	ndr_put_handle(writer, key);
	ndr_put_room(writer, 0);
}

uint32_t winreg_get_query_info(struct ndr_reader *reader, struct winreg_info *info)
{
	size_t class;

	(void)get_name(reader, &class);
	info->subkeys = ndr_get32(reader);
	info->longest_subkey = ndr_get32(reader);
	(void)ndr_get32(reader); /* the longest class */
	info->values = ndr_get32(reader);
	info->longest_name = ndr_get32(reader);
	info->largest_value = ndr_get32(reader);
	(void)ndr_get32(reader); /* the size of the descriptor */
	info->written = ndr_get32(reader);
	info->written |= (uint64_t)ndr_get32(reader) << 32;
	return ndr_get_result(reader);
}

/* Room for a name of so many characters, should they not be bytes, and its NUL. */
static void put_name_room(struct ndr_writer *writer, uint32_t longest)
{
	const uint32_t units = longest < WINREG_NAME_LIMIT ? longest : WINREG_NAME_LIMIT;

	ndr_put_room(writer, (uint16_t)(2 * (units + 1)));
}

void winreg_put_enum_key(struct ndr_writer *writer, const struct ndr_handle *key, uint32_t index,
	uint32_t name_room)
{
	ndr_put_handle(writer, key);
	ndr_put32(writer, index);
	put_name_room(writer, name_room);
	/* A class must be asked for, or smbd says ERROR_INVALID_PARAMETER; so must the time. */
	ndr_put_pointer(writer, true);
	ndr_put_room(writer, 0);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
	ndr_put32(writer, 0);
}

uint32_t winreg_get_enum_key(struct ndr_reader *reader, TALLOC_CTX *mem, char **name)
{
	size_t units, class;
	const uint8_t *found = get_name(reader, &units);
	uint32_t code;

	*name = NULL;
	if (ndr_get_pointer(reader))
		(void)get_name(reader, &class);
	if (ndr_get_pointer(reader)) {
		(void)ndr_get32(reader);
		(void)ndr_get32(reader);
	}
	code = ndr_get_result(reader);
	if (code != 0)
		return code;
	if (!found || units == 0)
		return ndr_refuse(reader);
	*name = ndr_keep_text(reader, mem, found, units);
	if (!*name)
		return NDR_BAD;
	return strchr(*name, '\\') ? ndr_refuse(reader) : 0;
}

/* What enum_value and query_value ask for in the end: the type, the data in so much room, the size
 * and how much of it is there. */
static void put_data_room(struct ndr_writer *writer, uint32_t room)
{
	const uint32_t most = room < WINREG_VALUE_LIMIT ? room : WINREG_VALUE_LIMIT;

	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, most);
	ndr_put32(writer, 0);
	ndr_put32(writer, 0);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, most);
	ndr_put_pointer(writer, true);
	ndr_put32(writer, 0);
}

/* Reads what put_data_room asked for and the result; *bytes lie in the reply, *needed is the size
 * the server named. */
static uint32_t get_data(struct ndr_reader *reader, const uint8_t **bytes, struct reg_data *data,
	uint32_t *needed)
{
	const bool typed = ndr_get_pointer(reader);
	bool sized, used;
	uint32_t length, code;

	*data = (struct reg_data){ .type = typed ? ndr_get32(reader) : 0 };
	*bytes = ndr_get_pointer(reader) ? ndr_get_varying(reader, 1, &data->len) : NULL;
	sized = ndr_get_pointer(reader);
	*needed = sized ? ndr_get32(reader) : 0;
	used = ndr_get_pointer(reader);
	length = used ? ndr_get32(reader) : 0;
	code = ndr_get_result(reader);
	if (code == 0 &&
		(!typed || !sized || !used || length != data->len || length > *needed ||
			length > WINREG_VALUE_LIMIT))
		return ndr_refuse(reader);
	return code;
}

/* data's bytes from where they lie to a copy; false for want of memory. */
static bool data_keep(struct ndr_reader *reader, TALLOC_CTX *mem, const uint8_t *bytes,
	struct reg_data *data)
{
	data->bytes = memory_array(mem, 1, data->len);
	reader->no_memory |= !data->bytes;
	if (data->bytes && data->len)
		memcpy(data->bytes, bytes, data->len);
	return data->bytes;
}

void winreg_put_enum_value(struct ndr_writer *writer, const struct ndr_handle *key, uint32_t index,
	uint32_t name_room, uint32_t data_room)
{
	ndr_put_handle(writer, key);
	ndr_put32(writer, index);
	put_name_room(writer, name_room);
	put_data_room(writer, data_room);
}

uint32_t winreg_get_enum_value(struct ndr_reader *reader, TALLOC_CTX *mem, struct reg_value *value,
	uint32_t *needed)
{
	size_t units;
	const uint8_t *name = get_name(reader, &units), *bytes;
	const uint32_t code = get_data(reader, &bytes, &value->data, needed);

	value->name = NULL;
	if (code != 0)
		return code;
	value->name = ndr_keep_text(reader, mem, name ? name : reader->bytes, units);
	return value->name && data_keep(reader, mem, bytes, &value->data) ? 0 : NDR_BAD;
}

void winreg_put_query_value(struct ndr_writer *writer, const struct ndr_handle *key,
	const char *name, uint32_t room)
{
	ndr_put_handle(writer, key);
	ndr_put_counted(writer, name, true);
	put_data_room(writer, room);
}

uint32_t winreg_get_query_value(struct ndr_reader *reader, TALLOC_CTX *mem, struct reg_data *data,
	uint32_t *needed)
{
	const uint8_t *bytes;
	const uint32_t code = get_data(reader, &bytes, data, needed);

	if (code != 0)
		return code;
	return data_keep(reader, mem, bytes, data) ? 0 : NDR_BAD;
}

void winreg_put_set_value(struct ndr_writer *writer, const struct ndr_handle *key, const char *name,
	const struct reg_data *data)
{
	writer->failed |= data->len > WINREG_VALUE_LIMIT;
	ndr_put_handle(writer, key);
	ndr_put_counted(writer, name, true);
	ndr_put32(writer, data->type);
	ndr_put_array(writer, data->bytes, data->len);
	ndr_put32(writer, (uint32_t)data->len);
}

void winreg_put_delete_value(struct ndr_writer *writer, const struct ndr_handle *key,
	const char *name)
{
	ndr_put_handle(writer, key);
	ndr_put_counted(writer, name, true);
}
