/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A self-relative security descriptor ([MS-DTYP] 2.4.6) for eyes: who may do what with a share. */
#ifndef NT_DESCRIPTOR_H
#define NT_DESCRIPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* Whether the bytes are one, whole: every offset and length inside, every ACL and SID of its
 * size. */
bool descriptor_ok(const uint8_t *bytes, size_t len);

/* Whether two that are whole mean the same: owner, group and who may do what, in the order of the
 * entries. Rights are compared as a file keeps them, without the mark of an entry that was
 * inherited: servers write both down in their own way. */
bool descriptor_same(const uint8_t *a, const uint8_t *b);

/* Its access list in words for a share, translated: "Everyone: full control; Administrators: full
 * control; denied to Guests: full control; S-1-5-21-1-2-3-1000: read". Well-known SIDs by name, the
 * others as S-1-...; no list at all: "no list: everyone has full control"; an empty one: "nobody".
 * bytes NULL: what Windows does without a descriptor. Bytes that are none: said so. Owned by mem;
 * NULL for want of memory. */
char *descriptor_share_text(TALLOC_CTX *mem, const uint8_t *bytes, size_t len);

#endif
