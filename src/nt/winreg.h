/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The Windows Remote Registry protocol ([MS-RRP]) as pure functions: one that makes a call's
 * request, one that reads its reply. Opnums and structures by section 3.1.5.
 *
 * winreg_put_X writes the request into the writer. winreg_get_X reads the reply and returns the
 * Windows error code in it (0: done), or NDR_BAD if it is none. A request that is a handle alone is
 * ndr_put_handle, a reply that is a code alone ndr_get_result. Key names here are below the hive:
 * "SYSTEM\Select" of HKEY_LOCAL_MACHINE.
 */
#ifndef NT_WINREG_H
#define NT_WINREG_H

#include "nt/ndr.h"
#include "nt/regdata.h"

enum winreg_opnum {
	WINREG_OPEN_HKLM = 2,
	WINREG_CLOSE = 5,
	WINREG_DELETE_VALUE = 8,
	WINREG_ENUM_KEY = 9,
	WINREG_ENUM_VALUE = 10,
	WINREG_FLUSH = 11,
	WINREG_OPEN_KEY = 15,
	WINREG_QUERY_INFO = 16,
	WINREG_QUERY_VALUE = 17,
	WINREG_SET_VALUE = 22
};

/* Access masks ([MS-RRP] 2.2.3): reading alone, and what setting a value needs. */
enum { WINREG_READ = 0x20019, WINREG_SET = 0x2001f, WINREG_MAXIMUM = 0x02000000 };

/* The longest key name and value name in UTF-16 units, and the largest value ([MS-RRP] 3.1.1). */
enum { WINREG_NAME_LIMIT = 16384, WINREG_VALUE_LIMIT = 1 << 20 };

void winreg_put_open_hklm(struct ndr_writer *writer, uint32_t access);
void winreg_put_open_key(struct ndr_writer *writer, const struct ndr_handle *root, const char *path,
	uint32_t access);
/* Of open_hklm and open_key alike. */
uint32_t winreg_get_handle(struct ndr_reader *reader, struct ndr_handle *key);

struct winreg_info {
	uint32_t subkeys, values;
	/* Without a NUL; whether bytes or characters the specification leaves open. */
	uint32_t longest_subkey, longest_name;
	uint32_t largest_value; /* bytes */
	uint64_t written;       /* FILETIME of the last writing */
};
void winreg_put_query_info(struct ndr_writer *writer, const struct ndr_handle *key);
uint32_t winreg_get_query_info(struct ndr_reader *reader, struct winreg_info *info);

/* ERROR_NO_MORE_ITEMS (259) at the end. name_room, data_room: the longest name, the largest value
 * as winreg_info has them. */
void winreg_put_enum_key(struct ndr_writer *writer, const struct ndr_handle *key, uint32_t index,
	uint32_t name_room);
uint32_t winreg_get_enum_key(struct ndr_reader *reader, TALLOC_CTX *mem, char **name);
void winreg_put_enum_value(struct ndr_writer *writer, const struct ndr_handle *key, uint32_t index,
	uint32_t name_room, uint32_t data_room);
/* needed: with ERROR_MORE_DATA (234), the bytes it takes. value->data owned by mem. */
uint32_t winreg_get_enum_value(struct ndr_reader *reader, TALLOC_CTX *mem, struct reg_value *value,
	uint32_t *needed);

void winreg_put_query_value(struct ndr_writer *writer, const struct ndr_handle *key,
	const char *name, uint32_t room);
uint32_t winreg_get_query_value(struct ndr_reader *reader, TALLOC_CTX *mem, struct reg_data *data,
	uint32_t *needed);

/* More than WINREG_VALUE_LIMIT bytes: no request. */
void winreg_put_set_value(struct ndr_writer *writer, const struct ndr_handle *key, const char *name,
	const struct reg_data *data);
void winreg_put_delete_value(struct ndr_writer *writer, const struct ndr_handle *key,
	const char *name);

#endif
