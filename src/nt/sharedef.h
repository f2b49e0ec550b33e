/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The definition of a share as LanmanServer keeps it: one REG_MULTI_SZ value a share below
 * LanmanServer\Shares, strings FIELD=VALUE in no certain order (doc/domain.md 7; which fields NT
 * 4.0 writes was not found in a period source). A definition is never regenerated: one field
 * changes, or a sibling's fields are taken over.
 */
#ifndef NT_SHAREDEF_H
#define NT_SHAREDEF_H

#include "nt/regdata.h"

/* The value of a field ("Path", "Remark", "MaxUses"; any case), owned by mem; NULL if it is absent
 * or data is no REG_MULTI_SZ. */
char *sharedef_field(TALLOC_CTX *mem, const struct reg_data *data, const char *field);

/* The same definition with only the Path string changed; order, spelling of the field name and
 * ending stay. NULL if there is no Path. */
struct reg_data *sharedef_with_path(TALLOC_CTX *mem, const struct reg_data *data, const char *path);

/* A definition for share name made from a sibling's: its set and order of fields, our Path and
 * Remark, ShareName if the sibling has that field; MaxUses, Type, Permissions and what else there
 * is as the sibling has them. NULL if the sibling lacks Path. */
struct reg_data *sharedef_from_sibling(TALLOC_CTX *mem, const struct reg_data *sibling,
	const char *name, const char *path, const char *remark);

/* Whether folders can be reached by it: Type, where it stands, is 0 (a disk; Win32_Share), and
 * MaxUses lets anybody in. */
bool sharedef_usable(TALLOC_CTX *mem, const struct reg_data *data);

/* Whether data can be the descriptor of a share: REG_BINARY, self-relative, with an access list
 * that lies within it (MS-DTYP 2.4.6, 2.4.5). Who it names is not looked at. */
bool sharedef_security_ok(const struct reg_data *data);

/* The command that makes the share by hand: net share Maildat$=E:\... /remark:"..." , quoted where
 * needed (Q158864). */
char *sharedef_command(TALLOC_CTX *mem, const char *name, const char *path, const char *remark);

#endif
