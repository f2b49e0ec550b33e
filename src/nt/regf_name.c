/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as they lie in cells: Latin-1 or UTF-16LE, compared as NT does it, without a copy. */
#include "nt/regf_internal.h"

#include "base/i18n.h"
#include "base/text.h"

size_t regf_name_units(const struct regf_name *name)
{
	return name->latin1 ? name->len : name->len / 2;
}

static uint16_t name_unit(const struct regf_name *name, size_t i)
{
	return text_upcase(name->latin1 ? name->bytes[i] : get16(name->bytes + 2 * i));
}

int regf_name_compare(const struct regf_name *a, const struct regf_name *b)
{
	size_t la = regf_name_units(a), lb = regf_name_units(b), n = la < lb ? la : lb;
	for (size_t i = 0; i < n; i++) {
		int diff = name_unit(a, i) - name_unit(b, i);
		if (diff != 0)
			return diff;
	}
	return la < lb ? -1 : la > lb;
}

char *regf_name_text(TALLOC_CTX *mem, const struct regf_name *name)
{
	return name->latin1 ? text_from_latin1(mem, name->bytes, name->len)
			    : text_from_utf16(mem, name->bytes, name->len);
}

int regf_name_of(TALLOC_CTX *mem, const char *text, struct regf_name *name, struct error *err)
{
	*name = (struct regf_name){ 0 };
	name->bytes = text_to_utf16(mem, text, &name->len);
	if (!name->bytes)
		return error_set(err, TROUBLE_NAME,
			_("A name to look for in the registry is not valid text."));
	return 0;
}

int regf_name_stored(TALLOC_CTX *mem, const char *text, size_t most, struct regf_name *name,
	struct error *err)
{
	struct regf_name wide;
	int ret = regf_name_of(mem, text, &wide, err);
	if (ret != 0)
		return ret;
	size_t n = wide.len / 2, i = 0;
	if (n > most)
		return error_set(err, TROUBLE_NAME,
			_("A registry name of %zu characters is longer than Windows allows (%zu)."),
			n, most);
	while (i < n && wide.bytes[2 * i + 1] == 0)
		i++;
	*name = wide;
	/* NT leaves the flag off an empty name: there is nothing to save. */
	if (n == 0 || i < n)
		return 0;
	uint8_t *narrow = talloc_size(mem, n);
	if (!narrow)
		return error_memory(err);
	for (i = 0; i < n; i++)
		narrow[i] = wide.bytes[2 * i];
	*name = (struct regf_name){ narrow, n, true };
	return 0;
}

void regf_name_hint(const struct regf_name *name, uint8_t hint[4])
{
	size_t n = regf_name_units(name);
	for (size_t i = 0; i < 4; i++)
		hint[i] = 0;
	for (size_t i = 0; i < 4 && i < n; i++) {
		uint16_t unit = name->latin1 ? name->bytes[i] : get16(name->bytes + 2 * i);
		if (unit > 0xff) {
			hint[0] = 0;
			return;
		}
		hint[i] = (uint8_t)unit;
	}
}
