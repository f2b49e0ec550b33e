/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "nt/descriptor.h"

#include <string.h>

#include "base/bytes.h"
#include "base/i18n.h"
#include "base/memory.h"

/* Sizes of the fixed parts ([MS-DTYP] 2.4.2.2, 2.4.4.1, 2.4.5, 2.4.6); an entry with its mask. */
enum { HEADER = 20, ACL_HEADER = 8, ACE_HEADER = 4, ACE_SID = 8, SID_HEADER = 8, SID_PARTS = 15 };

enum { DACL_PRESENT = 0x0004, SELF_RELATIVE = 0x8000 };

enum { OFFSET_OWNER = 4, OFFSET_GROUP = 8, OFFSET_SACL = 12, OFFSET_DACL = 16 };

enum { ACE_ALLOWED = 0, ACE_DENIED = 1, ACE_ALARM = 3, ACE_INHERIT_ONLY = 8, ACE_INHERITED = 16 };

/* How long the SID is that begins here; 0 if none does that ends in time. */
static size_t sid_size(const uint8_t *sid, size_t left)
{
	size_t size;

	if (left < SID_HEADER || sid[0] != 1 || sid[1] > SID_PARTS)
		return 0;
	size = SID_HEADER + 4u * sid[1];
	return size <= left ? size : 0;
}

static bool sid_ok(const uint8_t *sid, size_t left)
{
	return sid_size(sid, left) > 0;
}

/* Allowing, denying and watching entries hold a mask and a SID; of others the size alone is known.
 */
static bool ace_ok(const uint8_t *ace, size_t left)
{
	size_t size;

	if (left < ACE_HEADER)
		return false;
	size = get16(ace + 2);
	if (size < ACE_HEADER || size > left)
		return false;
	return ace[0] > ACE_ALARM || (size > ACE_SID && sid_ok(ace + ACE_SID, size - ACE_SID));
}

static bool acl_ok(const uint8_t *acl, size_t left)
{
	size_t size, at = ACL_HEADER;

	if (left < ACL_HEADER || acl[0] < 2 || acl[0] > 4)
		return false;
	size = get16(acl + 2);
	if (size < ACL_HEADER || size > left)
		return false;
	for (size_t aces = get16(acl + 4); aces > 0; aces--) {
		if (!ace_ok(acl + at, size - at))
			return false;
		at += get16(acl + at + 2);
	}
	return true;
}

bool descriptor_ok(const uint8_t *bytes, size_t len)
{
	static const struct {
		size_t at;
		bool (*ok)(const uint8_t *part, size_t left);
	} parts[] = {
		{ OFFSET_OWNER, sid_ok },
		{ OFFSET_GROUP, sid_ok },
		{ OFFSET_SACL, acl_ok },
		{ OFFSET_DACL, acl_ok },
	};

	if (len < HEADER || bytes[0] != 1 || !(get16(bytes + 2) & SELF_RELATIVE))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const size_t offset = get32(bytes + parts[i].at);

		if (offset != 0 &&
			(offset < HEADER || offset > len ||
				!parts[i].ok(bytes + offset, len - offset)))
			return false;
	}
	return true;
}

/* Those that every server has ([MS-DTYP] 2.4.2.4): the authority, one or two parts. */
static const struct known_sid {
	uint64_t authority;
	size_t count;
	uint32_t parts[2];
	const char *name;
} known_sids[] = {
	{ 1, 1, { 0 }, N_("Everyone") },
	{ 3, 1, { 0 }, N_("Creator Owner") },
	{ 3, 1, { 1 }, N_("Creator Group") },
	{ 5, 1, { 2 }, N_("Network") },
	{ 5, 1, { 4 }, N_("Interactive") },
	{ 5, 1, { 7 }, N_("Anonymous Logon") },
	{ 5, 1, { 11 }, N_("Authenticated Users") },
	{ 5, 1, { 18 }, N_("SYSTEM") },
	{ 5, 2, { 32, 544 }, N_("Administrators") },
	{ 5, 2, { 32, 545 }, N_("Users") },
	{ 5, 2, { 32, 546 }, N_("Guests") },
	{ 5, 2, { 32, 547 }, N_("Power Users") },
	{ 5, 2, { 32, 548 }, N_("Account Operators") },
	{ 5, 2, { 32, 549 }, N_("Server Operators") },
	{ 5, 2, { 32, 550 }, N_("Print Operators") },
	{ 5, 2, { 32, 551 }, N_("Backup Operators") },
	{ 5, 2, { 32, 552 }, N_("Replicator") },
};

static uint32_t sid_part(const uint8_t *sid, size_t number)
{
	return get32(sid + SID_HEADER + 4 * number);
}

/* Big-endian, the only number here that is. */
static uint64_t sid_authority(const uint8_t *sid)
{
	uint64_t authority = 0;

	for (size_t i = 2; i < SID_HEADER; i++)
		authority = authority << 8 | sid[i];
	return authority;
}

static bool sid_is(const uint8_t *sid, const struct known_sid *known)
{
	bool is = sid[1] == known->count && sid_authority(sid) == known->authority;

	for (size_t i = 0; is && i < known->count; i++)
		is = sid_part(sid, i) == known->parts[i];
	return is;
}

/* S-1-..., an authority beyond 32 bits in hex ([MS-DTYP] 2.4.2.1); known ones by name. */
static char *sid_text(TALLOC_CTX *mem, const uint8_t *sid)
{
	const uint64_t authority = sid_authority(sid);
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(known_sids); i++)
		if (sid_is(sid, &known_sids[i]))
			return talloc_strdup(mem, _(known_sids[i].name));
	text = talloc_asprintf(mem, authority >> 32 ? "S-1-0x%012llX" : "S-1-%llu",
		(unsigned long long)authority);
	for (size_t i = 0; text && i < sid[1]; i++)
		text = talloc_asprintf_append(text, "-%u", sid_part(sid, i));
	return text;
}

/* A mask whose generic rights are those of a file (winnt.h: FILE_GENERIC_READ, _WRITE, _EXECUTE,
 * FILE_ALL_ACCESS), which a share knows too. */
static uint32_t mask_mapped(uint32_t mask)
{
	static const uint32_t generic[] = { 0x1f01ff, 0x1200a0, 0x120116, 0x120089 };

	for (size_t i = 0; i < ARRAY_SIZE(generic); i++)
		if (mask & 0x10000000u << i)
			mask |= generic[i];
	return mask & 0x0fffffff;
}

/* The three that the dialog of a share offers. */
static char *rights_text(TALLOC_CTX *mem, uint32_t mask)
{
	static const struct {
		uint32_t mask;
		const char *name;
	} offered[] = {
		{ 0x1f01ff, N_("full control") },
		{ 0x1301bf, N_("change") },
		{ 0x1200a9, N_("read") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(offered); i++)
		if (mask_mapped(mask) == offered[i].mask)
			return talloc_strdup(mem, _(offered[i].name));
	return talloc_asprintf(mem, _("special access (0x%08x)"), mask);
}

/* One entry in words, "" for one that is only for what lies below; NULL for want of memory. */
static char *ace_text(TALLOC_CTX *mem, const uint8_t *ace)
{
	char *who, *what;

	if (ace[1] & ACE_INHERIT_ONLY)
		return talloc_strdup(mem, "");
	if (ace[0] > ACE_DENIED)
		return talloc_asprintf(mem, _("an entry of type %u"), ace[0]);
	who = sid_text(mem, ace + ACE_SID);
	what = rights_text(mem, get32(ace + ACE_HEADER));
	if (!who || !what)
		return NULL;
	return talloc_asprintf(mem, ace[0] == ACE_ALLOWED ? _("%s: %s") : _("denied to %s: %s"),
		who, what);
}

static char *acl_text(TALLOC_CTX *mem, const uint8_t *acl)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	char *text = talloc_strdup(mem, "");
	size_t at = ACL_HEADER;

	for (size_t aces = get16(acl + 4); text && aces > 0; aces--) {
		const char *entry = tmp ? ace_text(tmp, acl + at) : NULL;

		text = entry ? talloc_asprintf_append_buffer(text, "%s%s",
				       *text && *entry ? "; " : "", entry)
			     : NULL;
		at += get16(acl + at + 2);
	}
	talloc_free(tmp);
	return text && !*text ? talloc_strdup(mem, _("nobody")) : text;
}

/* NULL: there is none, and everyone has full control. */
static const uint8_t *dacl_of(const uint8_t *bytes)
{
	const size_t at = get16(bytes + 2) & DACL_PRESENT ? get32(bytes + OFFSET_DACL) : 0;

	return at ? bytes + at : NULL;
}

char *descriptor_share_text(TALLOC_CTX *mem, const uint8_t *bytes, size_t len)
{
	const uint8_t *dacl;

	if (bytes && !descriptor_ok(bytes, len))
		return talloc_strdup(mem, _("not a security descriptor"));
	dacl = bytes ? dacl_of(bytes) : NULL;
	if (!dacl)
		return talloc_strdup(mem, _("no list: everyone has full control"));
	return acl_text(mem, dacl);
}

/* ---- compared ---- */

static bool sid_same(const uint8_t *a, const uint8_t *b, size_t at)
{
	const size_t one = get32(a + at), other = get32(b + at);

	if (one == 0 || other == 0)
		return one == other;
	return memcmp(a + one, b + other, SID_HEADER + 4u * a[one + 1]) == 0;
}

/* The size is a multiple of four wherever the SID ends. */
static bool ace_same(const uint8_t *a, const uint8_t *b)
{
	if (a[0] != b[0] || ((a[1] ^ b[1]) & ~ACE_INHERITED))
		return false;
	if (a[0] > ACE_ALARM)
		return get16(a + 2) == get16(b + 2) &&
			memcmp(a + ACE_HEADER, b + ACE_HEADER, get16(a + 2) - ACE_HEADER) == 0;
	return mask_mapped(get32(a + ACE_HEADER)) == mask_mapped(get32(b + ACE_HEADER)) &&
		a[ACE_SID + 1] == b[ACE_SID + 1] &&
		memcmp(a + ACE_SID, b + ACE_SID, SID_HEADER + 4u * a[ACE_SID + 1]) == 0;
}

bool descriptor_same(const uint8_t *a, const uint8_t *b)
{
	const uint8_t *one = dacl_of(a), *other = dacl_of(b);
	size_t at = ACL_HEADER, at_other = ACL_HEADER;

	if (!sid_same(a, b, OFFSET_OWNER) || !sid_same(a, b, OFFSET_GROUP) || !one != !other)
		return false;
	if (one && get16(one + 4) != get16(other + 4))
		return false;
	for (size_t aces = one ? get16(one + 4) : 0; aces > 0; aces--) {
		if (!ace_same(one + at, other + at_other))
			return false;
		at += get16(one + at + 2);
		at_other += get16(other + at_other + 2);
	}
	return true;
}
